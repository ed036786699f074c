#include "engine/reach/gcp_filter.h"

#include "engine/reach/gcp_network.h"

typedef struct judging {
    as_gcp_network *n;
    const as_packet_space *space;
    as_cloud_answer out;
} judging;

static bool share(const as_gcp_names *a, const as_gcp_names *b)
{
    for (size_t i = 0; i < a->n; i++) {
        for (size_t k = 0; k < b->n; k++) {
            if (as_str_eq(a->items[i], b->items[k])) {
                return true;
            }
        }
    }
    return false;
}

/* Whether a rule is for an instance. */
static as_truth targets(const as_gcp_rule *rule, const as_gcp_node *node)
{
    if (rule->target_tags.n == 0 && rule->target_accounts.n == 0) {
        return AS_YES;
    }
    bool hit = share(&rule->target_tags, &node->tags) ||
               share(&rule->target_accounts, &node->accounts);
    return hit ? AS_YES : node->unsure.n > 0 ? AS_MAYBE : AS_NO;
}

/* The addresses among `where` that a rule speaks of; tags and accounts mean instances of its own
 * network. */
static as_addresses speaks_of(const judging *j, const as_gcp_rule *rule, const as_gcp_node *own,
        const as_gcp_node *peer, as_addresses where)
{
    as_addresses out = as_addresses_intersect(j->n->arena, rule->addresses, where);
    if (peer != NULL && peer->vpc == own->vpc &&
            (share(&rule->tags, &peer->tags) || share(&rule->accounts, &peer->accounts))) {
        return where;
    }
    return out;
}

/* What passes in one direction, and what is left for the next list. */
typedef struct flow {
    as_packets allowed_sure, allowed_most, left_sure, left_most;
} flow;

/* For people: what a rule decides of the ports that are asked for. */
static void note(judging *j, const as_gcp_rule *rule, const as_gcp_node *own,
        const as_gcp_node *peer, as_truth truth, const as_ports *decided)
{
    as_buf buf;
    const as_ports *ports = as_ports_intersect(j->space->ports, decided, j->out.ports.most);
    if (as_ports_is_empty(ports)) {
        return;
    }
    as_buf_init(&buf, j->n->arena, 0);
    as_ports_write(&buf, ports, j->n->universe);
    as_str text = as_str_fmt(j->n->arena, "%.*s %s %s %.*s", AS_STR_ARG(rule->entity->address),
            rule->action == AS_GCP_ALLOW  ? "lets"
            : rule->action == AS_GCP_DENY ? "denies"
                                          : "hands on",
            rule->egress ? "out" : "in", AS_STR_ARG(as_buf_view(&buf)));
    as_str unsure = truth == AS_YES      ? AS_STR("")
                    : rule->unsure.n > 0 ? rule->unsure
                    : own->unsure.n > 0  ? own->unsure
                    : peer != NULL       ? peer->unsure
                                         : AS_STR("");
    AS_VEC_PUSH(j->n->arena, &j->out.steps, (as_cloud_step){text, rule->span, unsure});
}

static void apply(judging *j, flow *f, const as_gcp_rule *rule, const as_gcp_node *own,
        const as_gcp_node *peer, as_addresses where)
{
    const as_packet_space *s = j->space;
    as_truth truth = targets(rule, own);
    as_addresses hit = speaks_of(j, rule, own, peer, where);
    if (rule->unsure.n > 0) {
        hit = where;
        truth = as_truth_and(truth, AS_MAYBE);
    } else if (peer != NULL && peer->unsure.n > 0 && (rule->tags.n > 0 || rule->accounts.n > 0)) {
        truth = as_truth_and(truth, AS_MAYBE);
        hit = where;
    }
    if (truth == AS_NO || hit.n == 0) {
        return;
    }
    as_packets most = as_packets_of(s, hit, rule->ports);
    as_packets sure = truth == AS_YES ? most : as_packets_none();
    as_packets now_most = as_packets_intersect(s, most, f->left_most);
    if (as_packets_is_empty(now_most)) {
        return;
    }
    if (rule->action == AS_GCP_ALLOW) {
        f->allowed_sure =
                as_packets_union(s, f->allowed_sure, as_packets_intersect(s, sure, f->left_sure));
        f->allowed_most = as_packets_union(s, f->allowed_most, now_most);
    }
    note(j, rule, own, peer, truth, as_packets_at_any(s, now_most, where));
    if (rule->action != AS_GCP_NEXT) {
        f->left_sure = as_packets_subtract(s, f->left_sure, most);
        f->left_most = as_packets_subtract(s, f->left_most, sure);
    }
}

/* goto_next takes packets out of the list, not out of the whole. */
static void apply_list(judging *j, flow *f, const as_gcp_list *list, bool egress,
        const as_gcp_node *own, const as_gcp_node *peer, as_addresses where)
{
    const as_packet_space *s = j->space;
    as_packets next_sure = as_packets_none(), next_most = as_packets_none();
    for (size_t i = 0; i < list->rules.n; i++) {
        const as_gcp_rule *rule = &list->rules.items[i];
        if (rule->egress != egress) {
            continue;
        }
        if (rule->action == AS_GCP_NEXT && rule->unsure.n == 0 && targets(rule, own) == AS_YES) {
            as_packets hit = as_packets_of(s, speaks_of(j, rule, own, peer, where), rule->ports);
            next_sure = as_packets_union(s, next_sure, as_packets_intersect(s, hit, f->left_sure));
            next_most = as_packets_union(s, next_most, as_packets_intersect(s, hit, f->left_most));
            f->left_sure = as_packets_subtract(s, f->left_sure, hit);
            f->left_most = as_packets_subtract(s, f->left_most, hit);
        } else {
            apply(j, f, rule, own, peer, where);
        }
    }
    f->left_sure = as_packets_union(s, f->left_sure, next_sure);
    f->left_most = as_packets_union(s, f->left_most, next_most);
}

/* Narrows the answer by one direction. False, and the blocker as the only step, when nothing is
 * left. From the internet one address is enough; of a subnetwork's addresses all must pass. */
static bool through(judging *j, const as_gcp_node *own, bool egress, const as_gcp_node *peer,
        as_addresses where)
{
    const as_packet_space *s = j->space;
    flow f = {.left_sure = as_packets_all(s), .left_most = as_packets_all(s)};
    if (own->vpc == 0) {
        j->out.ports.sure = as_ports_none(s->ports);
        j->out.reason = j->out.reason.n > 0 ? j->out.reason : own->no_vpc;
        return true;
    }
    const as_gcp_vpc *vpc = &j->n->vpcs.items[own->vpc - 1];
    for (size_t i = 0; i < vpc->lists.n; i++) {
        apply_list(j, &f, vpc->lists.items[i], egress, own, peer, where);
    }
    if (egress) { /* the implied rules */
        f.allowed_sure = as_packets_union(s, f.allowed_sure, f.left_sure);
        f.allowed_most = as_packets_union(s, f.allowed_most, f.left_most);
    }
    const as_ports *sure = peer == NULL ? as_packets_at_any(s, f.allowed_sure, where)
                                        : as_packets_at_all(s, f.allowed_sure, where);
    const as_ports *most = as_packets_at_any(s, f.allowed_most, where);
    j->out.ports.sure = as_ports_intersect(s->ports, j->out.ports.sure, sure);
    j->out.ports.most = as_ports_intersect(s->ports, j->out.ports.most, most);
    if (as_ports_is_empty(j->out.ports.most)) {
        as_cloud_steps kept = {0};
        for (size_t i = 0; i < j->out.steps.n; i++) {
            if (as_str_contains(j->out.steps.items[i].text, " denies ")) {
                AS_VEC_PUSH(j->n->arena, &kept, j->out.steps.items[i]);
            }
        }
        if (kept.n == 0) {
            AS_VEC_PUSH(j->n->arena, &kept,
                    (as_cloud_step){
                            as_str_fmt(j->n->arena, "no firewall rule of %.*s lets it %s",
                                    AS_STR_ARG(vpc->entity->address), egress ? "out" : "in"),
                            vpc->entity->head, AS_STR("")});
        }
        j->out.steps = kept;
        return false;
    }
    for (size_t i = 0; j->out.reason.n == 0 && i < j->out.steps.n; i++) {
        j->out.reason = j->out.steps.items[i].unsure;
    }
    if (j->out.reason.n == 0 && j->out.ports.sure != j->out.ports.most) {
        j->out.reason = peer != NULL && peer->no_addresses.n > 0
                                ? peer->no_addresses
                                : AS_STR("a rule covers a part of the other side's subnetwork");
    }
    return true;
}

static judging start(as_gcp_network *n, const as_ports *asked)
{
    judging j = {.n = n, .space = &n->space};
    j.out.ports.sure = j.out.ports.most = asked != NULL ? asked : n->universe;
    return j;
}

static as_cloud_answer blocked(judging *j, const as_entity *at, const char *text)
{
    j->out.ports.sure = j->out.ports.most = as_ports_none(j->space->ports);
    j->out.steps.n = 0;
    as_cloud_step step = {as_str_fmt(j->n->arena, "%.*s %s", AS_STR_ARG(at->address), text),
            at->head, AS_STR("")};
    AS_VEC_PUSH(j->n->arena, &j->out.steps, step);
    return j->out;
}

static as_cloud_answer from_internet(void *network, uint32_t to, const as_ports *asked)
{
    as_gcp_network *n = network;
    const as_gcp_node *node = &n->nodes.items[to];
    judging j = start(n, asked);
    if (node->is_public == AS_NO) {
        return blocked(&j, node->entity, "has no external address");
    }
    if (node->vpc > 0 && !n->vpcs.items[node->vpc - 1].has_default_route) {
        return blocked(
                &j, n->vpcs.items[node->vpc - 1].entity, "has no route to the internet gateway");
    }
    as_addresses all = as_addresses_internet_v4(n->arena);
    if (node->is_public == AS_MAYBE) {
        j.out.ports.sure = as_ports_none(j.space->ports);
        j.out.reason = AS_STR("whether it has an external address is not known");
    }
    (void)through(&j, node, false, NULL, all);
    return j.out;
}

static as_cloud_answer to_internet(void *network, uint32_t from, const as_ports *asked)
{
    as_gcp_network *n = network;
    const as_gcp_node *node = &n->nodes.items[from];
    const as_gcp_vpc *vpc = node->vpc > 0 ? &n->vpcs.items[node->vpc - 1] : NULL;
    judging j = start(n, asked);
    if (node->is_public == AS_NO && vpc != NULL && !vpc->has_nat) {
        return blocked(&j, node->entity, "has no external address, and its network no Cloud NAT");
    }
    if (vpc != NULL && !vpc->has_default_route) {
        return blocked(&j, vpc->entity, "has no route to the internet gateway");
    }
    if (node->is_public == AS_MAYBE || (node->is_public == AS_NO && vpc == NULL)) {
        j.out.ports.sure = as_ports_none(j.space->ports);
        j.out.reason = AS_STR("whether it has a way to the internet is not known");
    }
    (void)through(&j, node, true, NULL, as_addresses_internet_v4(n->arena));
    return j.out;
}

static bool are_joined(const as_gcp_network *n, const as_gcp_node *a, const as_gcp_node *b)
{
    if (a->vpc == b->vpc || a->vpc == 0 || b->vpc == 0) {
        return true;
    }
    const as_gcp_vpc *vpc = &n->vpcs.items[a->vpc - 1];
    for (size_t i = 0; i < vpc->peers.n; i++) {
        if (vpc->peers.items[i] == b->vpc) {
            return true;
        }
    }
    return false;
}

static as_cloud_answer between(void *network, uint32_t from, uint32_t to, const as_ports *asked)
{
    as_gcp_network *n = network;
    const as_gcp_node *a = &n->nodes.items[from], *b = &n->nodes.items[to];
    judging j = start(n, asked);
    if (!are_joined(n, a, b)) {
        return blocked(&j, b->entity, "is in another network, and no peering joins them");
    }
    (void)(through(&j, a, true, b, b->addresses) && through(&j, b, false, a, a->addresses));
    return j.out;
}

as_cloud as_gcp_cloud(as_gcp_network *network)
{
    as_cloud cloud = {.name = "Google Cloud",
            .arena = network->arena,
            .space = network->space.ports,
            .universe = network->universe,
            .network = network,
            .nodes = AS_NEW_ARRAY(network->arena, const as_entity *, network->nodes.n),
            .n = network->nodes.n,
            .from_internet = from_internet,
            .to_internet = to_internet,
            .between = between};
    for (size_t i = 0; i < network->nodes.n; i++) {
        cloud.nodes[i] = network->nodes.items[i].entity;
    }
    return cloud;
}
