#include "engine/reach/gcp_filter.h"

#include <assert.h>

#include "engine/reach/gcp_network.h"

typedef struct judging {
    as_gcp_network *n;
    const as_packet_space *space;
    bool explains;
    as_cloud_answer out;
} judging;

/* One end: an interface, or addresses outside. */
typedef struct end {
    const as_gcp_node *node; /* NULL: outside */
    const as_gcp_interface *own;
    as_addresses where;
    bool any, relayed;
} end;

#define SAY(j, ...) ((j)->explains ? as_str_fmt((j)->n->r.arena, __VA_ARGS__) : AS_STR_NONE)

static const as_ports *nothing(const judging *j)
{
    return as_ports_none(j->space->ports);
}

static void step(judging *j, as_span span, as_str unsure, bool denies, as_str text)
{
    if (j->explains) {
        AS_VEC_PUSH(j->n->r.arena, &j->out.steps, (as_cloud_step){text, span, unsure, denies});
    }
}

static void doubt(judging *j, as_str reason)
{
    if (j->out.reason.n == 0) {
        j->out.reason = reason;
    }
}

static void block(judging *j, as_span span, as_str text)
{
    j->out.ports.sure = j->out.ports.most = nothing(j);
    j->out.steps.n = 0;
    j->out.reason = AS_STR_NONE;
    step(j, span, AS_STR(""), true, text);
}

/* False when it ends here. */
static bool pass_truth(judging *j, as_truth truth, const as_entity *at, as_str unsure, as_str text)
{
    if (truth == AS_NO) {
        block(j, at->head, text);
        return false;
    }
    if (truth == AS_MAYBE) {
        j->out.ports.sure = nothing(j);
        doubt(j, unsure);
    }
    return !as_ports_is_empty(j->out.ports.most);
}

/* --- one rule --------------------------------------------------------------------------------- */

/* Tags and accounts mean instances of the rule's own network; secure tags those of peered networks
 * too ("Secure tags for firewalls", "Specifications"). */
static bool speaks_by_mark(const as_gcp_rule *rule, const end *own, const end *peer)
{
    bool same = peer->node != NULL && (rule->secure || peer->own->vpc == own->own->vpc);
    return same && (as_gcp_share(&rule->tags, as_gcp_tags(rule, peer->node)) ||
                           as_gcp_share(&rule->accounts, &peer->node->accounts));
}

/* The addresses among the peer's that a rule speaks of. */
static as_addresses speaks_of(
        const judging *j, const as_gcp_rule *rule, const end *own, const end *peer)
{
    if (speaks_by_mark(rule, own, peer)) {
        return peer->where;
    }
    return as_addresses_intersect(j->n->r.arena, rule->addresses, peer->where);
}

/* What passes in one direction, and what is left for the next list. */
typedef struct flow {
    as_packets allowed_sure, allowed_most, left_sure, left_most;
    const as_ports *by_mark; /* what rules let in by the sender's tags or accounts */
} flow;

/* For people: what a rule decides of the ports that are asked for. */
static void note(judging *j, const as_gcp_rule *rule, const end *own, const end *peer,
        as_truth truth, const as_ports *decided)
{
    as_buf buf;
    const as_ports *ports = as_ports_intersect(j->space->ports, decided, j->out.ports.most);
    if (as_ports_is_empty(ports)) {
        return;
    }
    as_str unsure = truth == AS_YES                        ? AS_STR("")
                    : rule->unsure.n > 0                   ? rule->unsure
                    : as_gcp_unsure(rule, own->node).n > 0 ? as_gcp_unsure(rule, own->node)
                    : peer->node != NULL                   ? as_gcp_unsure(rule, peer->node)
                                                           : AS_STR("");
    if (truth != AS_YES) {
        doubt(j, unsure);
    }
    if (!j->explains) {
        return;
    }
    as_buf_init(&buf, j->n->r.arena, 0);
    as_ports_write(&buf, ports, j->n->r.universe);
    step(j, rule->span, unsure, rule->action == AS_GCP_DENY,
            as_str_fmt(j->n->r.arena, "%.*s %s %s %.*s", AS_STR_ARG(rule->name),
                    rule->action == AS_GCP_ALLOW  ? "lets"
                    : rule->action == AS_GCP_DENY ? "denies"
                                                  : "hands on",
                    rule->egress ? "out" : "in", AS_STR_ARG(as_buf_view(&buf))));
}

static void apply(judging *j, flow *f, const as_gcp_rule *rule, const end *own, const end *peer)
{
    const as_packet_space *s = j->space;
    as_truth truth = as_gcp_targets(rule, own->node);
    as_addresses hit = speaks_of(j, rule, own, peer);
    bool by_mark = rule->tags.n > 0 || rule->accounts.n > 0;
    if (rule->unsure.n > 0 && rule->entity != NULL) {
        hit = peer->where;
        truth = as_truth_and(truth, AS_MAYBE);
    } else if (rule->unsure.n > 0) {
        truth = as_truth_and(truth, AS_MAYBE);
    } else if (peer->node != NULL && by_mark && !speaks_by_mark(rule, own, peer) &&
               as_gcp_unsure(rule, peer->node).n > 0) {
        truth = as_truth_and(truth, AS_MAYBE);
        hit = peer->where;
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
    if (rule->action == AS_GCP_ALLOW && by_mark && truth == AS_YES) {
        f->by_mark = as_ports_union(s->ports, f->by_mark, rule->ports);
    }
    if (rule->action == AS_GCP_ALLOW) {
        f->allowed_sure =
                as_packets_union(s, f->allowed_sure, as_packets_intersect(s, sure, f->left_sure));
        f->allowed_most = as_packets_union(s, f->allowed_most, now_most);
    }
    note(j, rule, own, peer, truth, as_packets_at_any(s, now_most, peer->where));
    if (rule->action != AS_GCP_NEXT) {
        f->left_sure = as_packets_subtract(s, f->left_sure, most);
        f->left_most = as_packets_subtract(s, f->left_most, sure);
    }
}

/* goto_next takes packets out of the list, not out of the whole. */
static void apply_list(
        judging *j, flow *f, const as_gcp_rules *list, const end *own, const end *peer)
{
    const as_packet_space *s = j->space;
    as_packets next_sure = as_packets_none(), next_most = as_packets_none();
    for (size_t i = 0; i < list->rules.n; i++) {
        const as_gcp_rule *rule = list->rules.items[i];
        if (rule->action == AS_GCP_NEXT) {
            bool certain = rule->unsure.n == 0 && as_gcp_targets(rule, own->node) == AS_YES;
            as_packets hit = as_packets_of(
                    s, certain ? speaks_of(j, rule, own, peer) : peer->where, rule->ports);
            if (as_gcp_targets(rule, own->node) == AS_NO) {
                continue;
            }
            next_sure = as_packets_union(s, next_sure, as_packets_intersect(s, hit, f->left_sure));
            next_most = as_packets_union(s, next_most, as_packets_intersect(s, hit, f->left_most));
            f->left_sure = as_packets_subtract(s, f->left_sure, hit);
            f->left_most = certain ? as_packets_subtract(s, f->left_most, hit) : f->left_most;
        } else {
            apply(j, f, rule, own, peer);
        }
    }
    f->left_sure = as_packets_union(s, f->left_sure, next_sure);
    f->left_most = as_packets_union(s, f->left_most, next_most);
}

/* --- one direction ---------------------------------------------------------------------------- */

/* The denying steps, or that nothing allows. */
static void explain_end(judging *j, const as_gcp_vpc *vpc, const end *own, bool egress)
{
    as_cloud_steps kept = {0};
    as_cloud_steps had = j->out.steps;
    for (size_t i = 0; i < had.n; i++) {
        if (had.items[i].denies) {
            AS_VEC_PUSH(j->n->r.arena, &kept, had.items[i]);
        }
    }
    j->out.steps = kept;
    j->out.reason = AS_STR_NONE;
    if (kept.n == 0) {
        const as_entity *at = vpc->entity != NULL ? vpc->entity : own->node->entity;
        step(j, at->head, AS_STR(""), true,
                SAY(j, "no firewall rule of %.*s lets it %s",
                        AS_STR_ARG(vpc->entity != NULL ? vpc->entity->address : vpc->key),
                        egress ? "out" : "in"));
    }
}

/* Narrows the answer by one direction. False when nothing is left. From the internet one address is
 * enough; of a subnetwork's addresses all must pass. */
static bool through(judging *j, const end *own, bool egress, const end *peer)
{
    const as_packet_space *s = j->space;
    flow f = {
            .left_sure = as_packets_all(s), .left_most = as_packets_all(s), .by_mark = nothing(j)};
    if (own->node->kind != AS_GCP_MACHINE) {
        return true;
    }
    if (own->own->vpc == 0) {
        return pass_truth(j, AS_MAYBE, own->node->entity, own->own->no_vpc, AS_STR(""));
    }
    const as_gcp_vpc *vpc = &j->n->vpcs.items[own->own->vpc - 1];
    const as_gcp_rules *rules = own->node->rules[egress][own->own - own->node->interfaces.items];
    as_str before = j->out.reason;
    for (size_t i = 0; i < vpc->lists.n; i++) {
        apply_list(j, &f, &rules[i], own, peer);
    }
    if (egress) { /* the implied rules */
        f.allowed_sure = as_packets_union(s, f.allowed_sure, f.left_sure);
        f.allowed_most = as_packets_union(s, f.allowed_most, f.left_most);
    }
    const as_ports *sure = peer->any ? as_packets_at_wide(s, f.allowed_sure, peer->where)
                                     : as_packets_at_all(s, f.allowed_sure, peer->where);
    const as_ports *most = peer->any ? as_packets_at_wide(s, f.allowed_most, peer->where)
                                     : as_packets_at_any(s, f.allowed_most, peer->where);
    j->out.ports.sure = as_ports_intersect(s->ports, j->out.ports.sure, sure);
    j->out.ports.most = as_ports_intersect(s->ports, j->out.ports.most, most);
    j->out.named = !egress && as_ports_subset(s->ports, j->out.ports.sure, f.by_mark);
    if (as_ports_is_empty(j->out.ports.most)) {
        explain_end(j, vpc, own, egress);
        return false;
    }
    if (j->out.ports.sure == j->out.ports.most) {
        j->out.reason = before;
    } else if (j->out.reason.n == 0) {
        j->out.reason = peer->own != NULL && peer->own->no_addresses.n > 0
                                ? peer->own->no_addresses
                                : AS_STR("a rule covers a part of the other side's addresses");
    }
    return true;
}

/* --- routes ----------------------------------------------------------------------------------- */

/* Whether packets to the internet leave by the default internet gateway. */
static as_truth internet_route(const judging *j, const end *own)
{
    if (own->own->vpc == 0) {
        return AS_MAYBE;
    }
    assert(j->n->vpcs.items != NULL);
    const as_gcp_vpc *vpc = &j->n->vpcs.items[own->own->vpc - 1];
    int64_t best = vpc->has_default_route ? 1000 : INT64_MAX;
    as_truth truth = as_truth_of(vpc->has_default_route);
    for (size_t i = 0; i < vpc->routes.n; i++) {
        const as_gcp_route *route = &vpc->routes.items[i];
        bool mine = route->tags.n == 0 || as_gcp_share(&route->tags, &own->node->tags);
        if (!mine || !as_addresses_overlap(route->addresses, j->n->internet)) {
            continue;
        }
        if (route->prefix > 0) { /* for a part of it */
            truth = truth == AS_NO && route->internet ? AS_YES : truth;
        } else if (route->priority < best || (route->priority == best && route->internet)) {
            best = route->priority;
            truth = route->internet ? AS_YES : AS_MAYBE;
        }
    }
    return truth;
}

static bool has_nat(const judging *j, const as_gcp_interface *f)
{
    const as_gcp_vpc *vpc = f->vpc > 0 ? &j->n->vpcs.items[f->vpc - 1] : NULL;
    for (size_t i = 0; vpc != NULL && i < vpc->nats.n; i++) {
        const as_gcp_nat *nat = &vpc->nats.items[i];
        bool here = nat->region.n == 0 || f->region.n == 0 || as_str_eq(nat->region, f->region);
        if (here && nat->all) {
            return true;
        }
        for (size_t k = 0; here && f->subnet != NULL && k < nat->names.n; k++) {
            as_str name = nat->names.items[k];
            as_str own = as_value_str(as_value_get(f->subnet->raw, AS_STR("name")));
            if (as_str_contains(name, as_str_cstr(j->n->r.arena, f->subnet->address)) ||
                    (own.n > 0 && as_str_ends(name, as_str_cstr(j->n->r.arena, own)))) {
                return true;
            }
        }
    }
    return false;
}

static bool are_joined(const judging *j, const end *a, const end *b)
{
    if (a->own->vpc == b->own->vpc || a->own->vpc == 0 || b->own->vpc == 0) {
        return true;
    }
    const as_gcp_vpc *vpc = &j->n->vpcs.items[a->own->vpc - 1];
    bool service = a->node->kind == AS_GCP_SERVICE || b->node->kind == AS_GCP_SERVICE;
    for (size_t i = 0; !service && i < vpc->peers.n; i++) { /* peerings do not chain */
        if (vpc->peers.items[i] == b->own->vpc) {
            return true;
        }
    }
    return false;
}

/* --- pairs of ends ------------------------------------------------------------------------------
 */

static void judge_nodes(judging *j, const end *from, const end *to)
{
    if (from->node->passes) { /* what it hands on has the clients' addresses */
        block(j, from->node->entity->head,
                SAY(j, "%.*s opens no connections of its own",
                        AS_STR_ARG(from->node->entity->address)));
        return;
    }
    if (from->node->kind == AS_GCP_BALANCER) { /* proxies come from Google's ranges */
        end proxy = {.where = j->n->front_ends, .relayed = true};
        (void)through(j, to, false, &proxy);
        return;
    }
    if (to->node->kind == AS_GCP_BALANCER && to->own->is_public != AS_NO) {
        end outside = {.where = j->n->internet, .any = true};
        (void)through(j, from, true, &outside);
        return;
    }
    if (!are_joined(j, from, to)) {
        block(j, to->node->entity->head,
                SAY(j, "%.*s is in another network, and no peering joins them",
                        AS_STR_ARG(to->node->entity->address)));
        return;
    }
    if (from->own->vpc == 0 || to->own->vpc == 0) {
        (void)pass_truth(j, AS_MAYBE, to->node->entity,
                from->own->vpc == 0 ? from->own->no_vpc : to->own->no_vpc, AS_STR(""));
    }
    (void)(through(j, from, true, to) && through(j, to, false, from));
}

static void judge_in(judging *j, const end *own, const end *outside)
{
    const as_gcp_interface *f = own->own;
    end peer = *outside;
    as_addresses internet = as_addresses_intersect(j->n->r.arena, outside->where, j->n->internet);
    bool is_internet =
            internet.n > 0 && (outside->any || as_addresses_equal(internet, outside->where));
    if (is_internet && !outside->relayed) {
        as_truth v4 = f->is_public, v6 = f->has_v6;
        if (!pass_truth(j, as_truth_or(v4, v6), own->node->entity,
                    AS_STR("whether it has an external address is not known"),
                    SAY(j, "%.*s has no external address",
                            AS_STR_ARG(own->node->entity->address)))) {
            return;
        }
        peer.where = v6 == AS_NO   ? as_cloud_v4(j->n->r.arena, peer.where)
                     : v4 == AS_NO ? as_cloud_v6(j->n->r.arena, peer.where)
                                   : peer.where;
        const as_gcp_vpc *vpc = f->vpc > 0 ? &j->n->vpcs.items[f->vpc - 1] : NULL;
        const as_entity *at = vpc != NULL && vpc->entity != NULL ? vpc->entity : own->node->entity;
        if (own->node->kind == AS_GCP_MACHINE &&
                !pass_truth(j, internet_route(j, own), at,
                        AS_STR("another route may be first on the way to the internet"),
                        SAY(j, "%.*s has no route to the internet gateway",
                                AS_STR_ARG(at->address)))) {
            return;
        }
    }
    if (own->node->kind == AS_GCP_SERVICE && !is_internet) {
        (void)pass_truth(j, AS_MAYBE, own->node->entity,
                AS_STR("whether these addresses are in the network that it is joined to is not "
                       "known"),
                AS_STR(""));
        return;
    }
    (void)through(j, own, false, &peer);
}

static void judge_out(judging *j, const end *own, const end *outside)
{
    const as_gcp_interface *f = own->own;
    bool internet = as_addresses_overlap(outside->where, j->n->internet);
    if (internet) {
        as_truth address = as_truth_or(as_truth_or(f->is_public, f->has_v6),
                f->vpc == 0 ? AS_MAYBE : as_truth_of(has_nat(j, f)));
        if (!pass_truth(j, address, own->node->entity,
                    AS_STR("whether it has an external address is not known"),
                    SAY(j, "%.*s has no external address, and its network no Cloud NAT",
                            AS_STR_ARG(own->node->entity->address))) ||
                !pass_truth(j, internet_route(j, own), own->node->entity,
                        AS_STR("another route may be first on the way to the internet"),
                        SAY(j, "the network of %.*s has no route to the internet gateway",
                                AS_STR_ARG(own->node->entity->address)))) {
            return;
        }
    }
    (void)through(j, own, true, outside);
}

/* A public endpoint with a list of networks. */
static judging judge_endpoint(const judging *start, const as_gcp_node *node, const end *outside)
{
    judging j = *start;
    as_addresses hit = as_addresses_intersect(j.n->r.arena, outside->where, node->allowed);
    as_truth truth = outside->any ? as_truth_of(as_addresses_are_wide(hit))
                     : hit.n == 0 ? AS_NO
                     : as_addresses_equal(hit, outside->where) ? AS_YES
                                                               : AS_MAYBE;
    truth = node->allowed_unsure.n > 0 ? AS_MAYBE : truth;
    j.out.steps = (as_cloud_steps){0};
    if (pass_truth(&j, truth, node->entity,
                node->allowed_unsure.n > 0 ? node->allowed_unsure
                                           : AS_STR("the list of networks covers a part of it"),
                SAY(&j, "the list of networks of %.*s does not hold it",
                        AS_STR_ARG(node->entity->address)))) {
        step(&j, node->entity->head, node->allowed_unsure, false,
                SAY(&j, "%.*s has a public endpoint, whose list of networks holds it",
                        AS_STR_ARG(node->entity->address)));
    }
    return j;
}

/* --- questions ----------------------------------------------------------------------------------
 */

/* One interface, or endpoint, is enough. */
static void either(judging *all, const judging *one, bool *first)
{
    bool better = *first || (as_ports_is_empty(all->out.ports.sure) &&
                                    (!as_ports_is_empty(one->out.ports.sure) ||
                                            (as_ports_is_empty(all->out.ports.most) &&
                                                    !as_ports_is_empty(one->out.ports.most))));
    as_port_bounds ports =
            *first ? one->out.ports
                   : (as_port_bounds){as_ports_union(all->space->ports, all->out.ports.sure,
                                              one->out.ports.sure),
                             as_ports_union(
                                     all->space->ports, all->out.ports.most, one->out.ports.most)};
    if (better) {
        *all = *one;
    }
    all->out.ports = ports;
    *first = false;
}

static end end_of(const as_gcp_node *node, const as_gcp_interface *f)
{
    return (end){.node = node, .own = f, .where = f->addresses};
}

static as_cloud_answer ask_outside(
        const judging *start, const as_gcp_node *node, const end *outside, bool out)
{
    judging all = *start;
    bool first = true;
    for (size_t i = 0; i < node->interfaces.n; i++) {
        judging one = *start;
        end own = end_of(node, &node->interfaces.items[i]);
        one.out.steps = (as_cloud_steps){0};
        (out ? judge_out : judge_in)(&one, &own, outside);
        either(&all, &one, &first);
    }
    if (node->has_allowed && !out) {
        judging one = judge_endpoint(start, node, outside);
        either(&all, &one, &first);
    }
    if (first) {
        block(&all, node->entity->head,
                SAY(&all, "%.*s has no external address", AS_STR_ARG(node->entity->address)));
    }
    return all.out;
}

static as_cloud_answer ask(void *network, const as_cloud_side *from, const as_cloud_side *to,
        const as_ports *asked, bool explains)
{
    as_gcp_network *n = network;
    judging j = {.n = n, .space = &n->r.space, .explains = explains};
    j.out.ports.sure = j.out.ports.most = asked != NULL ? asked : n->r.universe;
    if (!to->is_node) {
        end outside = {.where = to->where, .any = to->any};
        return ask_outside(&j, &n->nodes.items[from->node], &outside, true);
    }
    const as_gcp_node *b = &n->nodes.items[to->node];
    const as_ports *heard = as_ports_intersect(j.space->ports, j.out.ports.most, b->listens);
    j.out.ports = (as_port_bounds){heard, heard};
    if (as_ports_is_empty(heard)) {
        block(&j, b->entity->head,
                SAY(&j, "%.*s does not listen on that port", AS_STR_ARG(b->entity->address)));
        return j.out;
    }
    if (!from->is_node) {
        end outside = {.where = from->where, .any = from->any, .relayed = from->relayed};
        return ask_outside(&j, b, &outside, false);
    }
    const as_gcp_node *a = &n->nodes.items[from->node];
    judging all = j;
    bool first = true;
    for (size_t x = 0; x < a->interfaces.n; x++) {
        for (size_t y = 0; y < b->interfaces.n; y++) {
            judging one = j;
            end one_from = end_of(a, &a->interfaces.items[x]);
            end one_to = end_of(b, &b->interfaces.items[y]);
            one.out.steps = (as_cloud_steps){0};
            judge_nodes(&one, &one_from, &one_to);
            either(&all, &one, &first);
        }
    }
    if (first) {
        block(&all, b->entity->head,
                SAY(&all, "%.*s is in no network of the scan", AS_STR_ARG(b->entity->address)));
    }
    return all.out;
}

static const as_entity *vpc_of(const as_gcp_network *n, const as_gcp_node *node)
{
    uint32_t vpc = node->interfaces.n > 0 ? node->interfaces.items[0].vpc : 0;
    return vpc == 0 || node->kind == AS_GCP_BALANCER ? NULL : n->vpcs.items[vpc - 1].entity;
}

static as_addresses addresses_of(void *network, uint32_t node)
{
    as_gcp_network *n = network;
    as_addresses all = as_addresses_none();
    for (size_t i = 0; i < n->nodes.items[node].interfaces.n; i++) {
        all = as_addresses_union(
                n->r.arena, all, n->nodes.items[node].interfaces.items[i].addresses);
    }
    return as_cloud_v4(n->r.arena, all);
}

static as_arena *use_arena(void *network, as_arena *arena)
{
    as_gcp_network *n = network;
    as_arena *before = n->r.arena;
    n->r.arena = n->r.space.arena = arena;
    return before;
}

as_cloud as_gcp_cloud(as_gcp_network *n)
{
    as_cloud cloud = {.name = "Google Cloud",
            .arena = n->r.arena,
            .space = n->r.space.ports,
            .universe = n->r.universe,
            .network = n,
            .nodes = AS_NEW_ARRAY(n->r.arena, const as_entity *, n->nodes.n),
            .networks = AS_NEW_ARRAY(n->r.arena, const as_entity *, n->nodes.n),
            .n = n->nodes.n,
            .n_classes = n->n_classes,
            .node_of = n->node_of,
            .forwards = n->forwards.items,
            .n_forwards = n->forwards.n,
            .ask = ask,
            .addresses = addresses_of,
            .use_arena = use_arena};
    uint32_t *classes = AS_NEW_ARRAY(n->r.arena, uint32_t, n->nodes.n);
    for (size_t i = 0; i < n->nodes.n; i++) {
        cloud.nodes[i] = n->nodes.items[i].entity;
        cloud.networks[i] = vpc_of(n, &n->nodes.items[i]);
        classes[i] = n->nodes.items[i].class;
    }
    cloud.classes = classes;
    as_cloud_finish(&cloud);
    return cloud;
}
