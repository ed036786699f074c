#include "engine/reach/aws_filter.h"

#include "engine/reach/aws_nodes.h"
#include "engine/reach/aws_ways.h"

typedef struct judging {
    const as_aws_network *n;
    as_port_space *space;
    bool explains;
    as_cloud_answer out;
} judging;

/* One end: an interface in one subnet, or addresses outside. */
typedef struct end {
    const as_aws_node *node;     /* NULL: outside */
    const as_aws_interface *own; /* NULL: outside */
    const as_aws_subnet *subnet; /* NULL: not known, or outside */
    as_addresses where;
    bool any;              /* outside: as many addresses as anybody may have one of are enough */
    bool relayed;          /* outside: through a load balancer */
    bool linked;           /* outside: by an endpoint in another VPC */
    as_packets sure, most; /* outside: what is still on its way, by addresses outside */
} end;

/* Texts are made only when somebody is to read them. */
#define SAY(j, ...) ((j)->explains ? as_str_fmt((j)->n->r.arena, __VA_ARGS__) : AS_STR_NONE)

static const as_ports *nothing(const judging *j)
{
    return as_ports_none(j->space);
}

static void doubt(judging *j, as_str reason)
{
    if (j->out.reason.n == 0) {
        j->out.reason = reason;
    }
}

static void step(judging *j, as_span span, as_str unsure, as_str text)
{
    if (j->explains) {
        AS_VEC_PUSH(j->n->r.arena, &j->out.steps, (as_cloud_step){text, span, unsure, false});
    }
}

static as_str ports_text(const judging *j, const as_ports *ports)
{
    as_buf buf;
    as_buf_init(&buf, j->n->r.arena, 0);
    as_ports_write(&buf, ports, j->n->r.universe);
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
        j->out.reason = AS_STR_NONE;
        step(j, span, AS_STR(""), blocker);
        return false;
    }
    return true;
}

/* A stage that is about the way, not about ports. */
static bool pass_truth(judging *j, as_truth truth, as_span span, as_str unsure, as_str blocker)
{
    const as_ports *all = j->n->r.universe;
    as_port_bounds stage = {truth == AS_YES ? all : nothing(j), truth == AS_NO ? nothing(j) : all};
    return pass(j, stage, span, unsure, blocker);
}

/* What a stage lets through of a peer's packets. Of the outside, addresses and ports are narrowed
 * together from stage to stage; of a node every address that it may have must pass. */
static as_port_bounds narrow(judging *j, end *peer, as_packets sure, as_packets most)
{
    const as_packet_space *s = &j->n->r.space;
    if (peer->own != NULL) {
        return (as_port_bounds){
                as_packets_at_all(s, sure, peer->where), as_packets_at_any(s, most, peer->where)};
    }
    peer->sure = as_packets_intersect(s, peer->sure, sure);
    peer->most = as_packets_intersect(s, peer->most, most);
    if (!peer->any) {
        return (as_port_bounds){as_packets_at_all(s, peer->sure, peer->where),
                as_packets_at_any(s, peer->most, peer->where)};
    }
    return (as_port_bounds){as_packets_at_wide(s, peer->sure, peer->where),
            as_packets_at_wide(s, peer->most, peer->where)};
}

/* --- security groups -------------------------------------------------------------------------- */

static const as_aws_group_set *set_of(const judging *j, const as_aws_interface *own)
{
    return &j->n->sets.items[own->groups];
}

static bool is_member(const as_aws_group_set *set, const as_indexes *groups)
{
    for (size_t i = 0; i < groups->n; i++) {
        for (size_t g = 0; g < set->groups.n; g++) {
            if (set->groups.items[g] == groups->items[i]) {
                return true;
            }
        }
    }
    return false;
}

/* How a rule speaks of the other end, for people: the judgement is made on sets. */
static as_truth concerns(
        const judging *j, const as_aws_group_rule *rule, const end *peer, bool shares_groups)
{
    as_truth truth = AS_NO;
    if (peer->own != NULL && shares_groups && is_member(set_of(j, peer->own), &rule->groups)) {
        return AS_YES;
    }
    if (rule->unsure.n > 0) {
        return AS_MAYBE;
    }
    if (as_addresses_overlap(peer->where, rule->addresses)) {
        truth = (peer->any && peer->own == NULL) ||
                                as_addresses_subset(peer->where, rule->addresses)
                        ? AS_YES
                        : AS_MAYBE;
    }
    bool unknown = peer->own != NULL && peer->own->no_groups.n > 0 && rule->groups.n > 0;
    return truth == AS_NO && unknown ? AS_MAYBE : truth;
}

static as_str group_name(const as_aws_group *group)
{
    return group->entity == NULL ? AS_STR("the default security group of the VPC")
           : as_cloud_is(group->entity, "aws_eks_cluster")
                   ? AS_STR("the security group of the cluster")
                   : group->entity->address;
}

static void explain_groups(judging *j, const end *own, int way, const end *peer, bool shares)
{
    const as_aws_group_set *set = set_of(j, own->own);
    for (size_t g = 0; g < set->groups.n; g++) {
        const as_aws_group *group = &j->n->groups.items[set->groups.items[g]];
        for (size_t r = 0; r < group->rules[way].n; r++) {
            const as_aws_group_rule *rule = &group->rules[way].items[r];
            as_truth truth = concerns(j, rule, peer, shares);
            const as_ports *hit = as_ports_intersect(j->space, rule->ports, j->out.ports.most);
            if (truth == AS_NO || as_ports_is_empty(hit)) {
                continue;
            }
            as_str unsure = truth == AS_YES      ? AS_STR("")
                            : rule->unsure.n > 0 ? rule->unsure
                                                 : AS_STR("it covers a part of the other side's "
                                                          "addresses");
            step(j, rule->span, unsure,
                    SAY(j, "%.*s lets %s %.*s", AS_STR_ARG(group_name(group)),
                            way == AS_AWS_IN ? "in" : "out", AS_STR_ARG(ports_text(j, hit))));
        }
    }
}

/* The first reason for which a rule counts only perhaps. */
static as_str unsure_rule(const judging *j, const as_aws_group_set *set, int way)
{
    for (size_t g = 0; g < set->groups.n; g++) {
        const as_aws_group *group = &j->n->groups.items[set->groups.items[g]];
        for (size_t r = 0; r < group->rules[way].n; r++) {
            if (group->rules[way].items[r].unsure.n > 0) {
                return group->rules[way].items[r].unsure;
            }
        }
    }
    return AS_STR("a rule covers a part of the other side's addresses");
}

static bool through_groups(judging *j, const end *own, int way, end *peer, bool shares)
{
    const as_aws_interface *f = own->own;
    if (f->no_filter || (peer->linked && f->no_link_filter)) {
        return true;
    }
    const as_aws_group_set *set = set_of(j, f);
    const as_ports *by_name = nothing(j);
    as_packets most = f->no_groups.n > 0 ? as_packets_all(&j->n->r.space) : set->most[way];
    as_port_bounds all = narrow(j, peer, set->sure[way], most);
    for (size_t i = 0; peer->own != NULL && i < set->named[way].n; i++) {
        const as_aws_group_rule *rule = set->named[way].items[i];
        bool member = shares && is_member(set_of(j, peer->own), &rule->groups);
        if (member || peer->own->no_groups.n > 0) {
            all.most = as_ports_union(j->space, all.most, rule->ports);
        }
        if (member) {
            all.sure = as_ports_union(j->space, all.sure, rule->ports);
            by_name = as_ports_union(j->space, by_name, rule->ports);
        }
    }
    as_str unsure = f->no_groups;
    if (unsure.n > 0 && peer->own != NULL) {
        all.most = j->n->r.universe;
    } else if (unsure.n == 0 && all.sure != all.most) {
        unsure = unsure_rule(j, set, way);
    }
    if (j->explains) {
        explain_groups(j, own, way, peer, shares);
    }
    const as_aws_group *first =
            set->groups.n > 0 ? &j->n->groups.items[set->groups.items[0]] : NULL;
    as_span span =
            first != NULL && first->entity != NULL ? first->entity->head : own->node->entity->head;
    if (way == AS_AWS_IN) {
        const as_ports *open = as_ports_intersect(j->space, j->out.ports.sure, all.sure);
        j->out.named = as_ports_subset(j->space, open, by_name);
    }
    return pass(j, all, span, unsure,
            SAY(j, "no rule of the security groups of %.*s lets it %s%s",
                    AS_STR_ARG(own->node->entity->address), way == AS_AWS_IN ? "in" : "out",
                    as_packets_is_empty(peer->most) ? "" : " but for some networks"));
}

/* --- network ACLs ----------------------------------------------------------------------------- */

/* The ports at which answers arrive (the user guide, "Ephemeral ports": it depends on the client,
 * and 1024-65535 covers all). */
static const as_ports *ephemeral(const judging *j, unsigned protocol)
{
    return as_ports_range(j->space, protocol, 1024, 65535);
}

/* What gets answers of TCP and UDP, which go to ports of the sender's choice. */
static as_packets answerable(const judging *j, as_packets back)
{
    static const unsigned protocols[] = {AS_PROTOCOL_TCP, AS_PROTOCOL_UDP};
    const as_packet_space *s = &j->n->r.space;
    as_packets kept = back;
    for (size_t i = 0; i < 2; i++) {
        const as_ports *whole = as_ports_protocol(j->space, protocols[i]);
        as_packets all = as_packets_of(s, as_addresses_all(), whole);
        as_addresses answered = as_packets_addresses(s, back, whole);
        kept = as_packets_union(
                s, as_packets_subtract(s, kept, all), as_packets_of(s, answered, whole));
    }
    return kept;
}

/* The same where the sender does not choose: all of the ephemeral ports must be open. */
static as_port_bounds answered(const judging *j, as_port_bounds back)
{
    static const unsigned protocols[] = {AS_PROTOCOL_TCP, AS_PROTOCOL_UDP};
    as_port_bounds kept = back;
    for (size_t i = 0; i < 2; i++) {
        const as_ports *whole = as_ports_protocol(j->space, protocols[i]);
        const as_ports *answers = ephemeral(j, protocols[i]);
        const as_ports *some = as_ports_intersect(j->space, answers, back.most);
        kept.sure = as_ports_subtract(j->space, kept.sure, whole);
        kept.most = as_ports_subtract(j->space, kept.most, whole);
        if (as_ports_subset(j->space, answers, back.sure)) {
            kept.sure = as_ports_union(j->space, kept.sure, whole);
        }
        if (!as_ports_is_empty(some)) {
            kept.most = as_ports_union(j->space, kept.most, whole);
        }
    }
    return kept;
}

static as_port_bounds answers_of(judging *j, const as_aws_acl *acl, int way, end *peer)
{
    const as_packet_space *s = &j->n->r.space;
    if (peer->any) {
        return narrow(j, peer, answerable(j, acl->sure[way]), answerable(j, acl->most[way]));
    }
    return answered(j, (as_port_bounds){as_packets_at_all(s, acl->sure[way], peer->where),
                               as_packets_at_any(s, acl->most[way], peer->where)});
}

static bool through_acl(judging *j, const as_aws_subnet *subnet, int way, end *peer)
{
    const as_aws_acl *acl = subnet->acl;
    if (acl->entity == NULL || peer->where.n == 0) {
        return true;
    }
    as_str name = acl->entity->address;
    as_str unsure =
            acl->unsure.n > 0 ? acl->unsure : AS_STR("a network ACL covers a part of the way");
    if (!pass(j, narrow(j, peer, acl->sure[way], acl->most[way]), acl->entity->head, unsure,
                SAY(j, "%.*s does not let it %s", AS_STR_ARG(name),
                        way == AS_AWS_IN ? "in" : "out"))) {
        return false;
    }
    return pass(j, answers_of(j, acl, 1 - way, peer), acl->entity->head,
            AS_STR("a network ACL lets some answers through only"),
            SAY(j, "%.*s does not let the answers %s", AS_STR_ARG(name),
                    way == AS_AWS_IN ? "out" : "in"));
}

/* --- ways ------------------------------------------------------------------------------------- */

static as_span subnet_span(const as_aws_subnet *subnet, const end *own)
{
    return subnet->table->entity != NULL ? subnet->table->entity->head
           : subnet->entity != NULL      ? subnet->entity->head
                                         : own->node->entity->head;
}

static as_str subnet_name(const as_aws_subnet *subnet)
{
    return subnet->entity != NULL ? subnet->entity->address : AS_STR("the default VPC");
}

static as_truth covered(const as_aws_way *way, as_addresses where)
{
    return way->sure.n == 0 && way->maybe.n == 0  ? AS_NO
           : as_addresses_equal(way->sure, where) ? AS_YES
                                                  : AS_MAYBE;
}

static bool one_way(
        judging *j, const end *from, const end *to, bool *shares, const as_aws_subnet **missing)
{
    as_aws_way way = as_aws_same_vpc(from->subnet, to->subnet)
                             ? as_aws_way_local(j->n, from->subnet, to->where)
                             : as_aws_way_to_vpc(j->n, from->subnet, to->subnet, to->where);
    as_truth truth = covered(&way, to->where);
    *shares &= way.shares_groups;
    *missing = from->subnet;
    if (!pass_truth(j, truth, subnet_span(from->subnet, from),
                way.unsure.n > 0 ? way.unsure
                                 : AS_STR("a route covers a part of the other side's subnet"),
                SAY(j, "no route leads from %.*s to %.*s", AS_STR_ARG(subnet_name(from->subnet)),
                        AS_STR_ARG(subnet_name(to->subnet))))) {
        return false;
    }
    if (way.by != NULL) {
        step(j, way.by->span, truth == AS_YES ? AS_STR("") : way.unsure,
                SAY(j, "%.*s has a route to %.*s", AS_STR_ARG(subnet_name(from->subnet)),
                        AS_STR_ARG(subnet_name(to->subnet))));
    }
    return true;
}

/* The part of the outside with which a subnet's routes exchange packets. */
static bool to_outside(judging *j, const end *own, end *peer, bool out)
{
    as_aws_way way = as_aws_way_outside(j->n, own->subnet, own->own, peer->where, out);
    as_addresses all = as_addresses_union(j->n->r.arena, way.sure, way.maybe);
    bool internet = as_addresses_overlap(peer->where, j->n->internet);
    as_truth truth = covered(&way, peer->where);
    if (peer->any) {
        truth = as_addresses_are_wide(way.sure) ? AS_YES
                : as_addresses_are_wide(all)    ? AS_MAYBE
                                                : AS_NO;
    }
    if (!pass_truth(j, truth, subnet_span(own->subnet, own),
                way.unsure.n > 0 ? way.unsure : AS_STR("routes serve a part of the addresses"),
                !internet ? SAY(j, "no route of %.*s leads there",
                                    AS_STR_ARG(subnet_name(own->subnet)))
                : out     ? SAY(j, "no route of %.*s leads to the internet",
                                    AS_STR_ARG(subnet_name(own->subnet)))
                          : SAY(j, "no route of %.*s leads to an internet gateway",
                                    AS_STR_ARG(subnet_name(own->subnet))))) {
        return false;
    }
    if (way.by != NULL && internet) {
        step(j, way.by->span.file != 0 ? way.by->span : own->node->entity->head,
                truth == AS_YES ? AS_STR("") : way.unsure,
                SAY(j, "%.*s has a route to the internet%s", AS_STR_ARG(subnet_name(own->subnet)),
                        way.by->gateway == AS_AWS_INTERNET ? " gateway" : ""));
    }
    const as_packet_space *s = &j->n->r.space;
    peer->where = peer->any ? all : peer->where;
    peer->sure = as_packets_intersect(s, peer->sure, as_packets_of(s, way.sure, j->n->r.universe));
    peer->most = as_packets_intersect(s, peer->most, as_packets_of(s, all, j->n->r.universe));
    return true;
}

/* --- pairs of ends ------------------------------------------------------------------------------
 */

static void judge_nodes(judging *j, end *from, end *to)
{
    bool shares = true, known = from->subnet != NULL && to->subnet != NULL;
    const as_aws_subnet *missing;
    if (known && (!one_way(j, from, to, &shares, &missing) ||
                         (!as_aws_same_vpc(from->subnet, to->subnet) &&
                                 !one_way(j, to, from, &shares, &missing)))) {
        return;
    }
    bool across = known && from->subnet != to->subnet; /* they "do not apply within a subnet" */
    if (through_groups(j, from, AS_AWS_OUT, to, shares) &&
            (!across || through_acl(j, from->subnet, AS_AWS_OUT, to)) &&
            (!across || through_acl(j, to->subnet, AS_AWS_IN, from)) &&
            through_groups(j, to, AS_AWS_IN, from, shares) && !known) {
        as_str reason = from->subnet == NULL ? from->own->no_subnets : to->own->no_subnets;
        (void)pass_truth(j, AS_MAYBE, to->node->entity->head, reason, AS_STR(""));
    }
}

static void judge_outside(judging *j, const end *own, const end *outside, bool out)
{
    const as_packet_space *s = &j->n->r.space;
    end peer = *outside;
    peer.sure = peer.most = as_packets_of(s, peer.where, j->n->r.universe);
    if (own->subnet != NULL && !peer.relayed && !peer.linked && !to_outside(j, own, &peer, out)) {
        return;
    }
    int way = out ? AS_AWS_OUT : AS_AWS_IN;
    if (peer.linked) { /* it comes to the load balancer by no subnet's way */
        (void)through_groups(j, own, way, &peer, false);
        return;
    }
    bool open = out ? through_groups(j, own, way, &peer, false) &&
                                (own->subnet == NULL || through_acl(j, own->subnet, way, &peer))
                    : (own->subnet == NULL || through_acl(j, own->subnet, way, &peer)) &&
                                through_groups(j, own, way, &peer, false);
    if (open && own->subnet == NULL) {
        (void)pass_truth(j, AS_MAYBE, own->node->entity->head, own->own->no_subnets, AS_STR(""));
    }
}

/* A public address, where the other side is the internet. */
static bool has_address(judging *j, const end *own, const end *peer)
{
    const as_aws_interface *f = own->own;
    as_truth truth = as_truth_or(f->is_public, f->has_v6);
    if (!as_addresses_subset(peer->where, j->n->internet)) {
        return true;
    }
    return pass_truth(j, truth, own->node->entity->head, f->public_reason,
            SAY(j, "%.*s has no public address", AS_STR_ARG(own->node->entity->address)));
}

/* --- joining alternatives -----------------------------------------------------------------------
 */

/* Of the subnets that an interface may be in: certain in all of them, perhaps in any. */
static void join(judging *all, const judging *one)
{
    all->out.ports.sure = as_ports_intersect(all->space, all->out.ports.sure, one->out.ports.sure);
    if (as_ports_is_empty(all->out.ports.most) && !as_ports_is_empty(one->out.ports.most)) {
        all->out.steps = one->out.steps;
    }
    all->out.ports.most = as_ports_union(all->space, all->out.ports.most, one->out.ports.most);
    doubt(all, one->out.reason);
    if (all->out.reason.n == 0 && all->out.ports.sure != all->out.ports.most) {
        all->out.reason = AS_STR("it depends on the subnet");
    }
}

/* Of interfaces, and of balancers' subnets: one is enough. */
static void either(judging *all, const judging *one)
{
    bool better = as_ports_is_empty(all->out.ports.sure) &&
                  (!as_ports_is_empty(one->out.ports.sure) ||
                          (as_ports_is_empty(all->out.ports.most) &&
                                  !as_ports_is_empty(one->out.ports.most)));
    if (better) {
        all->out.steps = one->out.steps;
        all->out.reason = one->out.reason;
    }
    all->out.ports.sure = as_ports_union(all->space, all->out.ports.sure, one->out.ports.sure);
    all->out.ports.most = as_ports_union(all->space, all->out.ports.most, one->out.ports.most);
}

static end end_at(
        const as_aws_network *n, const as_aws_node *node, const as_aws_interface *f, size_t subnet)
{
    end e = {.node = node, .own = f};
    if (f->no_subnets.n > 0) { /* some may be known; not which */
        e.where = f->addresses.n > 0 ? f->addresses : as_addresses_all_v4();
        return e;
    }
    e.subnet = &n->subnets.items[f->subnets.items[subnet]];
    e.where = f->addresses.n > 0 ? f->addresses : e.subnet->addresses;
    return e;
}

static size_t n_places(const as_aws_interface *f)
{
    return f->no_subnets.n > 0 ? 1 : f->subnets.n;
}

/* --- one interface, every place ------------------------------------------------------------------
 */

static judging judge_interfaces(const judging *start, const as_aws_node *from,
        const as_aws_interface *a, const as_aws_node *to, const as_aws_interface *b)
{
    judging all = *start;
    bool first = true;
    for (size_t x = 0; x < n_places(a); x++) {
        for (size_t y = 0; y < n_places(b); y++) {
            judging one = *start;
            end from_end = end_at(start->n, from, a, x), to_end = end_at(start->n, to, b, y);
            one.out.steps = (as_cloud_steps){0};
            judge_nodes(&one, &from_end, &to_end);
            if (first) {
                all = one;
            } else if (to->forwards && x == 0) {
                either(&all, &one);
            } else {
                join(&all, &one);
            }
            first = false;
        }
    }
    return all;
}

static judging judge_interface_outside(const judging *start, const as_aws_node *node,
        const as_aws_interface *f, const end *outside, bool out)
{
    judging all = *start;
    for (size_t i = 0; i < n_places(f); i++) {
        judging one = *start;
        end own = end_at(start->n, node, f, i);
        one.out.steps = (as_cloud_steps){0};
        if (out || outside->relayed || outside->linked || has_address(&one, &own, outside)) {
            judge_outside(&one, &own, outside, out);
        }
        if (i == 0) {
            all = one;
        } else if (node->forwards) {
            either(&all, &one);
        } else {
            join(&all, &one);
        }
    }
    return all;
}

/* A public endpoint of its own, with a list of networks. */
static judging judge_endpoint(const judging *start, const as_aws_node *node, const end *outside)
{
    judging j = *start;
    as_addresses hit = as_addresses_intersect(j.n->r.arena, outside->where, node->allowed);
    as_truth truth = outside->any ? as_truth_of(as_addresses_are_wide(hit))
                     : hit.n == 0 ? AS_NO
                     : as_addresses_equal(hit, outside->where) ? AS_YES
                                                               : AS_MAYBE;
    truth = node->allowed_unsure.n > 0 ? as_truth_or(truth == AS_YES ? AS_MAYBE : truth, AS_MAYBE)
                                       : truth;
    j.out.steps = (as_cloud_steps){0};
    (void)(pass_truth(&j, truth, node->entity->head,
            node->allowed_unsure.n > 0
                    ? node->allowed_unsure
                    : AS_STR("the list of networks covers a part of the addresses"),
            SAY(&j, "the list of networks of %.*s does not hold it",
                    AS_STR_ARG(node->entity->address))));
    if (truth != AS_NO) {
        step(&j, node->entity->head, node->allowed_unsure,
                SAY(&j, "%.*s has a public endpoint", AS_STR_ARG(node->entity->address)));
    }
    return j;
}

/* --- questions ----------------------------------------------------------------------------------
 */

static bool listens(judging *j, const as_aws_node *node)
{
    as_port_bounds stage = {node->listens, node->listens};
    return pass(j, stage, node->entity->head, AS_STR(""),
            SAY(j, "%.*s does not listen on that port", AS_STR_ARG(node->entity->address)));
}

static void add_answer(judging *all, const judging *one, bool *first)
{
    if (*first) {
        *all = *one;
        *first = false;
    } else {
        either(all, one);
    }
}

static as_cloud_answer ask_outside(
        judging *j, const as_aws_node *node, const as_cloud_side *side, bool out)
{
    judging all = *j;
    bool first = true;
    end outside = {.where = side->where,
            .any = side->any,
            .relayed = side->relayed,
            .linked = side->linked};
    for (size_t i = 0; i < node->interfaces.n; i++) {
        judging one = judge_interface_outside(j, node, &node->interfaces.items[i], &outside, out);
        add_answer(&all, &one, &first);
    }
    if (node->has_allowed && !out) {
        judging one = judge_endpoint(j, node, &outside);
        add_answer(&all, &one, &first);
    }
    if (first) {
        (void)pass_truth(&all, AS_NO, node->entity->head, AS_STR(""),
                SAY(&all, "%.*s has no interface", AS_STR_ARG(node->entity->address)));
    }
    return all.out;
}

static as_addresses addresses_of(void *network, uint32_t node)
{
    as_aws_network *n = network;
    const as_aws_node *own = &n->nodes.items[node];
    as_addresses all = as_addresses_none();
    for (size_t i = 0; i < own->interfaces.n; i++) {
        for (size_t k = 0; k < n_places(&own->interfaces.items[i]); k++) {
            end one = end_at(n, own, &own->interfaces.items[i], k);
            all = as_addresses_union(n->r.arena, all, one.where);
        }
    }
    return as_cloud_v4(n->r.arena, all);
}

/* A node whose interfaces have other groups: those of a pod. */
static const as_aws_node *regrouped(const as_aws_network *n, const as_cloud_side *side)
{
    const as_aws_node *node = &n->nodes.items[side->node];
    if (!side->regrouped) {
        return node;
    }
    as_aws_node *copy = AS_NEW(n->r.arena, as_aws_node);
    *copy = (as_aws_node){.entity = node->entity, .listens = node->listens, .class = node->class};
    for (size_t i = 0; i < node->interfaces.n; i++) {
        as_aws_interface own = node->interfaces.items[i];
        own.groups = side->groups;
        own.no_groups = side->no_groups;
        AS_VEC_PUSH(n->r.arena, &copy->interfaces, own);
    }
    return copy;
}

static uint32_t group(void *network, const as_entity *from, const as_value *const *names,
        size_t n_names, as_str *missing)
{
    as_aws_network *n = network;
    as_indexes groups = {0};
    for (size_t i = 0; i < n_names; i++) {
        as_aws_add_named(n, from, names[i], "aws.ec2.security_group", &groups, missing);
    }
    return as_aws_group_set_of(n, groups);
}

static as_cloud_answer ask(void *network, const as_cloud_side *from, const as_cloud_side *to,
        const as_ports *asked, bool explains)
{
    as_aws_network *n = network;
    judging j = {.n = n, .space = n->r.space.ports, .explains = explains};
    const as_ports *ports = asked != NULL ? asked : n->r.universe;
    j.out.ports = (as_port_bounds){ports, ports};
    if (!to->is_node) {
        return ask_outside(&j, regrouped(n, from), to, true);
    }
    const as_aws_node *b = &n->nodes.items[to->node];
    if (!listens(&j, b)) {
        return j.out;
    }
    if (from->linked) {
        as_cloud_side client = *from;
        client.where = from->is_node ? addresses_of(network, from->node) : from->where;
        return ask_outside(&j, b, &client, false);
    }
    if (!from->is_node) {
        return ask_outside(&j, b, from, false);
    }
    const as_aws_node *a = regrouped(n, from);
    judging all = j;
    bool first = true;
    for (size_t x = 0; x < a->interfaces.n; x++) {
        for (size_t y = 0; y < b->interfaces.n; y++) {
            judging one =
                    judge_interfaces(&j, a, &a->interfaces.items[x], b, &b->interfaces.items[y]);
            add_answer(&all, &one, &first);
        }
    }
    if (first) {
        (void)pass_truth(&all, AS_NO, b->entity->head, AS_STR(""),
                SAY(&all, "%.*s has no interface in a VPC", AS_STR_ARG(b->entity->address)));
    }
    return all.out;
}

/* The VPC of a node's first interface. */
static const as_entity *vpc_of(const as_aws_network *n, const as_aws_node *node)
{
    if (node->interfaces.n == 0 || node->interfaces.items[0].subnets.n == 0) {
        return NULL;
    }
    uint32_t vpc = n->subnets.items[node->interfaces.items[0].subnets.items[0]].vpc;
    return vpc == 0 ? NULL : n->vpcs.items[vpc - 1].entity;
}

static as_arena *use_arena(void *network, as_arena *arena)
{
    as_aws_network *n = network;
    as_arena *before = n->r.arena;
    n->r.arena = n->r.space.arena = arena;
    return before;
}

as_cloud as_aws_cloud(as_aws_network *n)
{
    as_cloud cloud = {.name = "AWS",
            .arena = n->r.arena,
            .space = n->r.space.ports,
            .universe = n->r.universe,
            .network = n,
            .n = n->nodes.n,
            .n_classes = n->n_classes,
            .node_of = n->node_of,
            .forwards = n->forwards.items,
            .n_forwards = n->forwards.n,
            .ask = ask,
            .addresses = addresses_of,
            .group = group,
            .use_arena = use_arena};
    uint32_t *classes = AS_NEW_ARRAY(n->r.arena, uint32_t, n->nodes.n);
    cloud.nodes = AS_NEW_ARRAY(n->r.arena, const as_entity *, n->nodes.n);
    cloud.networks = AS_NEW_ARRAY(n->r.arena, const as_entity *, n->nodes.n);
    for (size_t i = 0; i < n->nodes.n; i++) {
        cloud.nodes[i] = n->nodes.items[i].entity;
        cloud.networks[i] = vpc_of(n, &n->nodes.items[i]);
        classes[i] = n->nodes.items[i].class;
    }
    cloud.classes = classes;
    as_cloud_finish(&cloud);
    return cloud;
}
