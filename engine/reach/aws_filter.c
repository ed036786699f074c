#include "engine/reach/aws_filter.h"

typedef struct judging {
    as_aws_network *n;
    as_port_space *space;
    const as_ports *asked; /* never NULL */
    as_cloud_answer out;
} judging;

static as_port_bounds none(const judging *j)
{
    const as_ports *empty = as_ports_none(j->space);
    return (as_port_bounds){empty, empty};
}

static void doubt(judging *j, as_str reason)
{
    if (j->out.reason.n == 0) {
        j->out.reason = reason;
    }
}

static void step(judging *j, as_span span, as_str unsure, as_str text)
{
    AS_VEC_PUSH(j->n->arena, &j->out.steps, (as_cloud_step){text, span, unsure});
}

static as_str ports_text(judging *j, const as_ports *ports)
{
    as_buf buf;
    as_buf_init(&buf, j->n->arena, 0);
    as_ports_write(&buf, ports, j->n->universe);
    return as_buf_view(&buf);
}

/* Keeps what a stage lets through; says so when that is the end. */
static bool pass(judging *j, as_port_bounds stage, as_span span, as_str unsure, as_str blocker)
{
    const as_ports *sure = as_ports_intersect(j->space, j->out.ports.sure, stage.sure);
    const as_ports *most = as_ports_intersect(j->space, j->out.ports.most, stage.most);
    if (sure != j->out.ports.sure && stage.sure != stage.most) {
        doubt(j, unsure);
    }
    j->out.ports = (as_port_bounds){sure, most};
    if (as_ports_is_empty(most)) {
        j->out.steps.n = 0;
        step(j, span, AS_STR(""), blocker);
        return false;
    }
    return true;
}

/* --- security groups -------------------------------------------------------------------------- */

static bool member(const as_aws_node *node, const as_indexes *groups)
{
    for (size_t i = 0; i < groups->n; i++) {
        for (size_t g = 0; g < node->groups.n; g++) {
            if (node->groups.items[g] == groups->items[i]) {
                return true;
            }
        }
    }
    return false;
}

/* The addresses that a node may have. */
static as_addresses addresses_of(const as_aws_network *n, const as_aws_node *node)
{
    if (node->addresses.n > 0) {
        return node->addresses;
    }
    as_addresses all = as_addresses_none();
    for (size_t i = 0; i < node->subnets.n; i++) {
        all = as_addresses_union(n->arena, all, n->subnets.items[node->subnets.items[i]].addresses);
    }
    return node->no_subnets.n > 0 ? as_addresses_all_v4() : all;
}

/* How a rule speaks of the other side: a node, or (NULL) some address of `where`. */
static as_truth concerns(const judging *j, const as_aws_group_rule *rule, const as_aws_node *peer,
        as_addresses where)
{
    as_truth truth = AS_NO;
    (void)j;
    if (peer != NULL && member(peer, &rule->groups)) {
        truth = AS_YES;
    } else if (peer != NULL) {
        truth = where.n > 0 && as_addresses_subset(where, rule->addresses) ? AS_YES
                : as_addresses_overlap(where, rule->addresses)             ? AS_MAYBE
                                                                           : AS_NO;
        if (truth == AS_NO && peer->no_groups.n > 0 && rule->groups.n > 0) {
            truth = AS_MAYBE;
        }
    } else if (as_addresses_overlap(where, rule->addresses)) {
        truth = AS_YES; /* somebody on the internet is enough */
    }
    return rule->unsure.n > 0 ? (truth == AS_NO ? AS_MAYBE : as_truth_and(truth, AS_MAYBE)) : truth;
}

static as_str group_name(const as_aws_group *group)
{
    return group->entity == NULL ? AS_STR("the default security group of the VPC")
                                 : group->entity->address;
}

static bool through_groups(
        judging *j, const as_aws_node *own, int way, const as_aws_node *peer, as_addresses where)
{
    as_port_bounds all = none(j);
    as_str unsure = own->no_groups;
    as_span first = own->entity->head;
    for (size_t g = 0; g < own->groups.n; g++) {
        const as_aws_group *group = &j->n->groups.items[own->groups.items[g]];
        first = group->entity != NULL ? group->entity->head : first;
        for (size_t r = 0; r < group->rules[way].n; r++) {
            const as_aws_group_rule *rule = &group->rules[way].items[r];
            as_truth truth = concerns(j, rule, peer, where);
            const as_ports *hit = as_ports_intersect(j->space, rule->ports, j->out.ports.most);
            if (truth == AS_NO || as_ports_is_empty(hit)) {
                continue;
            }
            all.most = as_ports_union(j->space, all.most, hit);
            if (truth == AS_YES) {
                all.sure = as_ports_union(j->space, all.sure, hit);
            } else if (unsure.n == 0) {
                unsure = rule->unsure.n > 0
                                 ? rule->unsure
                                 : AS_STR("a rule covers a part of the other side's subnet");
            }
            step(j, rule->span, truth == AS_YES ? AS_STR("") : unsure,
                    as_str_fmt(j->n->arena, "%.*s lets %s %.*s", AS_STR_ARG(group_name(group)),
                            way == AS_AWS_IN ? "in" : "out", AS_STR_ARG(ports_text(j, hit))));
        }
    }
    /* A network load balancer without groups filters nothing. */
    if (own->groups.n == 0 && own->no_groups.n == 0) {
        all = (as_port_bounds){j->n->universe, j->n->universe};
    }
    if (own->no_groups.n > 0) {
        all.most = j->n->universe;
    }
    return pass(j, all, first, unsure,
            as_str_fmt(j->n->arena, "no rule of the security groups of %.*s lets it %s",
                    AS_STR_ARG(own->title), way == AS_AWS_IN ? "in" : "out"));
}

/* --- network ACLs ----------------------------------------------------------------------------- */

/* The ports at which answers arrive (the user guide, "Ephemeral ports": it depends on the client,
 * and 1024-65535 covers all). */
static const as_ports *ephemeral(judging *j)
{
    const as_ports *all = as_ports_range(j->space, AS_PROTOCOL_TCP, 1024, 65535);
    return as_ports_union(j->space, all, as_ports_range(j->space, AS_PROTOCOL_UDP, 1024, 65535));
}

/* What an ACL lets through to or from addresses: at all of them for certain, at any perhaps. From
 * the internet one address is enough. */
static as_port_bounds acl_at(
        judging *j, const as_aws_acl *acl, int way, as_addresses where, bool any)
{
    const as_packet_space *space = &j->n->space;
    if (where.n == 0) {
        return none(j);
    }
    return (as_port_bounds){any ? as_packets_at_any(space, acl->sure[way], where)
                                : as_packets_at_all(space, acl->sure[way], where),
            as_packets_at_any(space, acl->most[way], where)};
}

static bool through_acl(
        judging *j, const as_aws_subnet *subnet, int way, as_addresses where, bool any)
{
    const as_aws_acl *acl = subnet->acl;
    if (acl->entity == NULL) {
        return true;
    }
    as_str name = acl->entity->address, unsure = AS_STR("a network ACL covers a part of the way");
    as_port_bounds there = acl_at(j, acl, way, where, any);
    if (!pass(j, there, acl->entity->head, unsure,
                as_str_fmt(j->n->arena, "%.*s does not let it %s", AS_STR_ARG(name),
                        way == AS_AWS_IN ? "in" : "out"))) {
        return false;
    }
    const as_ports *answers = ephemeral(j);
    as_port_bounds back = acl_at(j, acl, 1 - way, where, any);
    bool all = as_ports_subset(j->space, answers, back.sure);
    bool some = !as_ports_is_empty(as_ports_intersect(j->space, answers, back.most));
    as_port_bounds kept = {all ? j->n->universe : as_ports_none(j->space),
            some ? j->n->universe : as_ports_none(j->space)};
    return pass(j, kept, acl->entity->head, AS_STR("a network ACL lets some answers through only"),
            as_str_fmt(j->n->arena, "%.*s does not let the answers %s", AS_STR_ARG(name),
                    way == AS_AWS_IN ? "out" : "in"));
}

/* --- routes ----------------------------------------------------------------------------------- */

/* The part of `where` that a table sends to a gateway, longest prefix first. */
static as_addresses sent_to(judging *j, const as_aws_table *table, as_addresses where,
        as_aws_gateway gateway, const as_aws_route **by)
{
    as_addresses left = where, out = as_addresses_none();
    for (size_t i = 0; i < table->routes.n; i++) {
        const as_aws_route *route = &table->routes.items[i];
        if (route->gateway == gateway) {
            as_addresses hit = as_addresses_intersect(j->n->arena, left, route->addresses);
            *by = hit.n > 0 && *by == NULL ? route : *by;
            out = as_addresses_union(j->n->arena, out, hit);
        }
        left = as_addresses_subtract(j->n->arena, left, route->addresses);
    }
    return out;
}

static as_span table_span(const as_aws_subnet *subnet)
{
    return subnet->table->entity != NULL ? subnet->table->entity->head : subnet->entity->head;
}

/* --- from the internet ------------------------------------------------------------------------ */

static void into_subnet(judging *j, const as_aws_node *to, const as_aws_subnet *subnet)
{
    const as_aws_route *by = NULL;
    as_addresses sources =
            sent_to(j, subnet->table, as_addresses_internet_v4(j->n->arena), AS_AWS_INTERNET, &by);
    if (sources.n == 0) {
        bool open = subnet->table->unsure.n > 0;
        as_port_bounds stage = {
                as_ports_none(j->space), open ? j->n->universe : as_ports_none(j->space)};
        if (!pass(j, stage, table_span(subnet), subnet->table->unsure,
                    as_str_fmt(j->n->arena, "no route of %.*s leads to an internet gateway",
                            AS_STR_ARG(subnet->entity->address)))) {
            return;
        }
        sources = as_addresses_internet_v4(j->n->arena);
    }
    if (by != NULL) {
        step(j, by->span, AS_STR(""),
                as_str_fmt(j->n->arena, "%.*s has a route to the internet gateway",
                        AS_STR_ARG(subnet->entity->address)));
    }
    (void)(through_acl(j, subnet, AS_AWS_IN, sources, true) &&
            through_groups(j, to, AS_AWS_IN, NULL, sources));
}

static judging start(as_aws_network *n, const as_ports *asked)
{
    judging j = {.n = n, .space = n->space.ports, .asked = asked != NULL ? asked : n->universe};
    j.out.ports = (as_port_bounds){j.asked, j.asked};
    return j;
}

static bool in_known_subnets(judging *j, const as_aws_node *node)
{
    as_port_bounds stage = {as_ports_none(j->space), j->n->universe};
    if (node->no_subnets.n > 0) {
        (void)pass(j, stage, node->entity->head, node->no_subnets, AS_STR(""));
        doubt(j, node->no_subnets);
        return node->subnets.n > 0;
    }
    return true;
}

/* Joins the answers of the subnets that a node may be in: certain in all of them, perhaps in any.
 */
static void join(judging *j, const judging *one, bool first)
{
    if (first) {
        j->out = one->out;
        return;
    }
    j->out.ports.sure = as_ports_intersect(j->space, j->out.ports.sure, one->out.ports.sure);
    if (as_ports_is_empty(j->out.ports.most) && !as_ports_is_empty(one->out.ports.most)) {
        j->out.steps = one->out.steps;
    }
    j->out.ports.most = as_ports_union(j->space, j->out.ports.most, one->out.ports.most);
    doubt(j, one->out.reason);
    if (j->out.reason.n == 0 && j->out.ports.sure != j->out.ports.most) {
        j->out.reason = AS_STR("it depends on the subnet");
    }
}

static as_cloud_answer directly(as_aws_network *network, uint32_t to, const as_ports *asked)
{
    judging j = start(network, asked);
    const as_aws_node *node = &network->nodes.items[to];
    as_port_bounds address = {node->is_public == AS_YES ? network->universe : none(&j).sure,
            node->is_public == AS_NO ? none(&j).sure : network->universe};
    as_port_bounds listening = {node->listens, node->listens};
    if (!pass(&j, address, node->entity->head, node->public_reason,
                as_str_fmt(
                        network->arena, "%.*s has no public address", AS_STR_ARG(node->title))) ||
            !pass(&j, listening, node->entity->head, AS_STR(""),
                    as_str_fmt(network->arena, "%.*s does not listen on that port",
                            AS_STR_ARG(node->title)))) {
        return j.out;
    }
    if (!in_known_subnets(&j, node)) {
        (void)through_groups(&j, node, AS_AWS_IN, NULL, as_addresses_internet_v4(network->arena));
        return j.out;
    }
    judging all = j;
    for (size_t i = 0; i < node->subnets.n; i++) {
        judging one = j;
        one.out.steps = (as_cloud_steps){0};
        into_subnet(&one, node, &network->subnets.items[node->subnets.items[i]]);
        join(&all, &one, i == 0);
    }
    return all.out;
}

/* --- between nodes ---------------------------------------------------------------------------- */

/* Whether a subnet's routes lead to another VPC, by a peering or transit gateway that has it too.
 */
static as_truth leads_to(judging *j, const as_aws_subnet *from, const as_aws_subnet *to)
{
    const as_aws_route *by = NULL;
    if (from->table->unsure.n > 0 || to->vpc == 0 || from->vpc == 0) {
        return AS_MAYBE;
    }
    const as_entity *there = j->n->vpcs.items[to->vpc - 1].entity;
    as_addresses sent = sent_to(j, from->table, to->addresses, AS_AWS_PEERING, &by);
    if (by != NULL && by->target != NULL) {
        const as_entity *a =
                as_aws_target(j->n, by->target, as_aws_get(by->target, "vpc_id"), "aws_vpc");
        const as_entity *b =
                as_aws_target(j->n, by->target, as_aws_get(by->target, "peer_vpc_id"), "aws_vpc");
        return a != there && b != there                  ? AS_NO
               : as_addresses_equal(sent, to->addresses) ? AS_YES
                                                         : AS_MAYBE;
    }
    by = NULL;
    sent = sent_to(j, from->table, to->addresses, AS_AWS_TRANSIT, &by);
    (void)sent;
    return by != NULL ? AS_MAYBE : AS_NO; /* the transit gateway has tables of its own */
}

static bool through_routes(judging *j, const as_aws_subnet *from, const as_aws_subnet *to)
{
    if (from->vpc != 0 && from->vpc == to->vpc) {
        return true; /* the local route is in every table */
    }
    as_truth there = leads_to(j, from, to), back = leads_to(j, to, from);
    as_truth both = as_truth_and(there, back);
    const as_aws_subnet *missing = there == AS_NO ? from : to;
    as_port_bounds stage = {both == AS_YES ? j->n->universe : as_ports_none(j->space),
            both == AS_NO ? as_ports_none(j->space) : j->n->universe};
    return pass(j, stage, table_span(missing),
            AS_STR("whether routes lead from one VPC to the other is not known"),
            as_str_fmt(j->n->arena, "no route leads from %.*s to %.*s",
                    AS_STR_ARG(missing->entity->address),
                    AS_STR_ARG((missing == from ? to : from)->entity->address)));
}

static void between_subnets(judging *j, const as_aws_node *from, const as_aws_node *to,
        const as_aws_subnet *a, const as_aws_subnet *b)
{
    as_addresses at_a = from->addresses.n > 0 ? from->addresses : a->addresses;
    as_addresses at_b = to->addresses.n > 0 ? to->addresses : b->addresses;
    bool across = a != b; /* "network ACLs do not apply within a subnet" */
    (void)(through_routes(j, a, b) && through_groups(j, from, AS_AWS_OUT, to, at_b) &&
            (!across || through_acl(j, a, AS_AWS_OUT, at_b, false)) &&
            (!across || through_acl(j, b, AS_AWS_IN, at_a, false)) &&
            through_groups(j, to, AS_AWS_IN, from, at_a));
}

static as_cloud_answer between(void *self, uint32_t from, uint32_t to, const as_ports *asked)
{
    as_aws_network *network = self;
    judging j = start(network, asked);
    const as_aws_node *a = &network->nodes.items[from], *b = &network->nodes.items[to];
    as_port_bounds listening = {b->listens, b->listens};
    if (!pass(&j, listening, b->entity->head, AS_STR(""),
                as_str_fmt(network->arena, "%.*s does not listen on that port",
                        AS_STR_ARG(b->title)))) {
        return j.out;
    }
    bool known_a = in_known_subnets(&j, a), known_b = in_known_subnets(&j, b);
    if (!known_a || !known_b) {
        (void)(through_groups(&j, a, AS_AWS_OUT, b, addresses_of(network, b)) &&
                through_groups(&j, b, AS_AWS_IN, a, addresses_of(network, a)));
        return j.out;
    }
    judging all = j;
    for (size_t x = 0; x < a->subnets.n; x++) {
        for (size_t y = 0; y < b->subnets.n; y++) {
            judging one = j;
            one.out.steps = (as_cloud_steps){0};
            between_subnets(&one, a, b, &network->subnets.items[a->subnets.items[x]],
                    &network->subnets.items[b->subnets.items[y]]);
            join(&all, &one, x == 0 && y == 0);
        }
    }
    return all.out;
}

/* --- to the internet -------------------------------------------------------------------------- */

/* Out by the internet gateway with a public address, or by a NAT gateway with its. */
static void out_of_subnet(judging *j, const as_aws_node *from, const as_aws_subnet *subnet)
{
    const as_aws_route *by = NULL;
    as_addresses all = as_addresses_internet_v4(j->n->arena);
    as_addresses to = sent_to(j, subnet->table, all, AS_AWS_NAT, &by);
    as_truth sure = AS_YES;
    if (to.n == 0 && from->is_public != AS_NO) {
        to = sent_to(j, subnet->table, all, AS_AWS_INTERNET, &by);
        sure = from->is_public;
    }
    if (to.n == 0 && subnet->table->unsure.n > 0) {
        to = all;
        sure = AS_MAYBE;
    }
    as_port_bounds stage = {sure == AS_YES && to.n > 0 ? j->n->universe : none(j).sure,
            to.n > 0 ? j->n->universe : none(j).sure};
    if (!pass(j, stage, table_span(subnet),
                subnet->table->unsure.n > 0 ? subnet->table->unsure : from->public_reason,
                as_str_fmt(j->n->arena, "%.*s has no way to the internet",
                        AS_STR_ARG(subnet->entity->address)))) {
        return;
    }
    if (by != NULL) {
        step(j, by->span, AS_STR(""),
                as_str_fmt(j->n->arena, "%.*s has a route to the internet",
                        AS_STR_ARG(subnet->entity->address)));
    }
    (void)(through_groups(j, from, AS_AWS_OUT, NULL, to) &&
            through_acl(j, subnet, AS_AWS_OUT, to, true));
}

static as_cloud_answer to_internet(void *self, uint32_t from, const as_ports *asked)
{
    as_aws_network *network = self;
    judging j = start(network, asked);
    const as_aws_node *node = &network->nodes.items[from];
    if (!in_known_subnets(&j, node)) {
        (void)through_groups(&j, node, AS_AWS_OUT, NULL, as_addresses_internet_v4(network->arena));
        return j.out;
    }
    judging all = j;
    for (size_t i = 0; i < node->subnets.n; i++) {
        judging one = j;
        one.out.steps = (as_cloud_steps){0};
        out_of_subnet(&one, node, &network->subnets.items[node->subnets.items[i]]);
        join(&all, &one, i == 0);
    }
    return all.out;
}

/* --- through load balancers ------------------------------------------------------------------- */

static void add_way(as_aws_network *network, const as_aws_forward *forward, uint32_t to,
        const as_ports *asked, as_cloud_answer *out)
{
    as_port_space *space = network->space.ports;
    const as_ports *ports =
            as_ports_intersect(space, forward->ports, asked != NULL ? asked : network->universe);
    if (as_ports_is_empty(ports)) {
        return;
    }
    as_cloud_answer front = directly(network, forward->balancer, NULL);
    as_cloud_answer back = between(network, forward->balancer, to, ports);
    if (as_ports_is_empty(front.ports.most) || as_ports_is_empty(back.ports.most)) {
        return;
    }
    bool sure = !as_ports_is_empty(front.ports.sure);
    if (as_ports_is_empty(out->ports.most)) {
        out->steps.n = 0; /* what blocks the direct way does not matter */
    }
    as_cloud_step step = {as_str_fmt(network->arena, "%.*s leads to it",
                                  AS_STR_ARG(network->nodes.items[forward->balancer].title)),
            forward->span, sure ? AS_STR("") : front.reason};
    AS_VEC_PUSH(network->arena, &out->steps, step);
    for (size_t i = 0; i < front.steps.n; i++) {
        AS_VEC_PUSH(network->arena, &out->steps, front.steps.items[i]);
    }
    for (size_t i = 0; i < back.steps.n; i++) {
        AS_VEC_PUSH(network->arena, &out->steps, back.steps.items[i]);
    }
    if (sure) {
        out->ports.sure = as_ports_union(space, out->ports.sure, back.ports.sure);
    }
    out->ports.most = as_ports_union(space, out->ports.most, back.ports.most);
    if (out->reason.n == 0) {
        out->reason = front.reason.n > 0 ? front.reason : back.reason;
    }
}

static as_cloud_answer from_internet(void *self, uint32_t to, const as_ports *asked)
{
    as_aws_network *network = self;
    as_cloud_answer out = directly(network, to, asked);
    const as_aws_node *node = &network->nodes.items[to];
    for (size_t i = 0; i < node->forwards_from.n; i++) {
        add_way(network, &node->forwards_from.items[i], to, asked, &out);
    }
    return out;
}

as_cloud as_aws_cloud(as_aws_network *network)
{
    as_cloud cloud = {.name = "AWS",
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
