/* networking.k8s.io/v1 NetworkPolicy. Spec: the API reference, "NetworkPolicy v1", and
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/.
 *
 * Policies are additive and only allow; a pod that any of them selects for a direction is isolated
 * in it. As Calico puts it they all have order 1000 in the tier "default", whose order is
 * 1,000,000. */
#include "engine/reach/cluster.h"
#include "engine/reach/tiers.h"

typedef struct reader {
    as_cluster *cluster;
    as_policy *policy;
    const as_entity *entity;
} reader;

static void invalid(reader *r, const as_value *at, const char *what)
{
    as_cluster_problem(r->cluster, r->entity, at, "%s; the API server refuses this", what);
    as_policy_doubt(r->cluster, r->policy, AS_STR("the policy is not valid"));
}

/* --- ports ------------------------------------------------------------------------------------ */

/* Numbers from … to of a protocol; what is out of range is refused. */
static void add_numbers(reader *r, const as_value *port, unsigned protocol, as_port_match *out)
{
    const as_value *end = as_value_get(port, AS_STR("endPort"));
    const as_value *first = as_value_get(port, AS_STR("port"));
    as_port_space *space = r->cluster->space.ports;
    int64_t low = as_value_int_or(first, 0);
    int64_t high = as_value_is_null(end) ? low : as_value_int_or(end, 0);
    if (as_value_is_unknown(end)) { /* at least the first one */
        out->perhaps = as_ports_union(
                space, out->perhaps, as_ports_range(space, protocol, (uint32_t)low, 65535));
        high = low;
    }
    if (low < 1 || low > 65535 || high < low || high > 65535) {
        invalid(r, port, "ports are 1 to 65535, and endPort is not below port");
        return;
    }
    out->fixed = as_ports_union(
            space, out->fixed, as_ports_range(space, protocol, (uint32_t)low, (uint32_t)high));
}

static void add_port(reader *r, const as_value *port, as_port_match *out)
{
    as_port_space *space = r->cluster->space.ports;
    const as_value *number = as_value_get(port, AS_STR("port"));
    const as_value *its_protocol = as_value_get(port, AS_STR("protocol"));
    unsigned protocol = AS_PROTOCOL_TCP; /* the default */
    if (as_value_is_unknown(port) || as_value_is_unknown(its_protocol)) {
        out->perhaps = r->cluster->universe;
    } else if (!as_value_is_null(its_protocol) &&
               !as_protocol_parse(as_value_str(its_protocol), &protocol)) {
        invalid(r, its_protocol, "the protocol is none of TCP, UDP and SCTP");
    } else if (as_value_is_null(number)) {
        out->fixed = as_ports_union(space, out->fixed, as_ports_protocol(space, protocol));
    } else if (as_value_is_unknown(number)) {
        out->perhaps = as_ports_union(space, out->perhaps, as_ports_protocol(space, protocol));
    } else if (!as_value_is(number, AS_STRING)) {
        add_numbers(r, port, protocol, out);
    } else if (!as_value_is_null(as_value_get(port, AS_STR("endPort")))) {
        invalid(r, number, "endPort needs a number as port");
    } else {
        AS_VEC_PUSH(r->cluster->arena, &out->named, (as_named_port){number->as.str, (int)protocol});
    }
}

static as_port_match read_ports(reader *r, const as_value *ports)
{
    as_port_space *space = r->cluster->space.ports;
    as_port_match out = {.fixed = as_ports_none(space), .perhaps = as_ports_none(space)};
    if (as_value_is_unknown(ports)) {
        out.perhaps = r->cluster->universe;
    } else if (as_value_count(ports) == 0) { /* empty or missing: every port */
        out.fixed = r->cluster->universe;
    }
    for (size_t i = 0; i < as_value_list_count(ports); i++) {
        add_port(r, as_value_index(ports, i), &out);
    }
    return out;
}

/* --- peers ------------------------------------------------------------------------------------ */

static void add_block(
        reader *r, const as_value *block, as_direction direction, as_policy_rule *rule)
{
    as_arena *arena = r->cluster->arena;
    const as_value *cidr = as_value_get(block, AS_STR("cidr"));
    const as_value *except = as_value_get(block, AS_STR("except"));
    as_addresses all, hole;
    if (as_value_is_unknown(block) || as_value_is_unknown(cidr)) {
        rule->outside_perhaps = as_addresses_all();
        return;
    }
    if (!as_cluster_read_cidr(r->cluster, cidr, &all)) {
        invalid(r, cidr, "the cidr of an ipBlock is not an address range");
        return;
    }
    as_addresses sure = all;
    if (as_value_is_unknown(except)) {
        sure = as_addresses_none();
    }
    for (size_t i = 0; i < as_value_list_count(except); i++) {
        const as_value *item = as_value_index(except, i);
        if (as_value_is_unknown(item)) {
            sure = as_addresses_none();
        } else if (!as_cluster_read_cidr(r->cluster, item, &hole) ||
                   !as_addresses_subset(hole, all)) {
            invalid(r, item, "an exception is not an address range within the cidr");
        } else {
            sure = as_addresses_subtract(arena, sure, hole);
            all = as_addresses_subtract(arena, all, hole);
        }
    }
    as_cluster_note_block(r->cluster, direction, all);
    rule->outside = as_addresses_union(arena, rule->outside, sure);
    rule->outside_perhaps = as_addresses_union(arena, rule->outside_perhaps, all);
}

static void add_peer(reader *r, const as_value *peer, as_direction direction, as_policy_rule *rule,
        as_pod_set *pods)
{
    const as_value *block = as_value_get(peer, AS_STR("ipBlock"));
    const as_value *spaces = as_value_get(peer, AS_STR("namespaceSelector"));
    const as_value *selector = as_value_get(peer, AS_STR("podSelector"));
    if (as_value_is_unknown(peer)) {
        as_pod_set *any = as_pod_set_all(r->cluster->arena, r->cluster->endpoints.n);
        as_pod_set_doubt(any, as_value_doubt(peer));
        as_pod_set_add_all(pods, any);
        rule->outside_perhaps = as_addresses_all();
    } else if (!as_value_is_null(block)) {
        if (!as_value_is_null(spaces) || !as_value_is_null(selector)) {
            invalid(r, peer, "a peer has an ipBlock or selectors, not both");
        }
        add_block(r, block, direction, rule);
    } else if (as_value_is_null(spaces) && as_value_is_null(selector)) {
        invalid(r, peer, "a peer is empty");
    } else {
        as_pod_set_add_all(pods, as_cluster_select(r->cluster, r->entity->space, spaces, selector));
    }
}

static void read_rule(reader *r, const as_value *value, as_direction direction)
{
    const char *field = direction == AS_INGRESS ? "from" : "to";
    const as_value *peers = as_value_get(value, as_str_from(field));
    as_policy_rule rule = {.action = AS_RULE_ALLOW, .span = value->span};
    rule.ports = read_ports(r, as_value_get(value, AS_STR("ports")));
    rule.unsure = as_value_is_unknown(value)   ? as_value_doubt(value)
                  : as_value_is_unknown(peers) ? as_value_doubt(peers)
                                               : AS_STR("");
    if (as_value_count(peers) == 0) { /* empty or missing: everybody */
        rule.pods = r->cluster->everyone;
        rule.outside = r->cluster->anywhere;
    } else {
        as_pod_set *pods = as_pod_set_new(r->cluster->arena, r->cluster->endpoints.n);
        for (size_t i = 0; i < as_value_list_count(peers); i++) {
            add_peer(r, as_value_index(peers, i), direction, &rule, pods);
        }
        rule.pods = pods;
    }
    AS_VEC_PUSH(r->cluster->arena, &r->policy->rules[direction], rule);
}

/* --- the policy ------------------------------------------------------------------------------- */

/* policyTypes, or what is there: "Ingress will always be set, and Egress will be set if the policy
 * contains an egress section". */
static void read_types(reader *r, const as_value *spec)
{
    const as_value *types = as_value_get(spec, AS_STR("policyTypes"));
    const as_value *egress = as_value_get(spec, AS_STR("egress"));
    if (as_value_count(types) == 0) {
        r->policy->governs[AS_INGRESS] = true;
        r->policy->governs[AS_EGRESS] = as_value_is_unknown(egress) || as_value_count(egress) > 0;
    }
    for (size_t i = 0; i < as_value_list_count(types); i++) {
        as_str type = as_value_str(as_value_index(types, i));
        r->policy->governs[AS_INGRESS] |= as_str_is(type, "Ingress");
        r->policy->governs[AS_EGRESS] |= as_str_is(type, "Egress");
        if (!as_str_is(type, "Ingress") && !as_str_is(type, "Egress") &&
                !as_value_is_unknown(as_value_index(types, i))) {
            invalid(r, as_value_index(types, i), "a policy type is neither Ingress nor Egress");
        }
    }
}

static void read_direction(reader *r, const as_value *spec, as_direction direction)
{
    const as_value *rules =
            as_value_get(spec, as_str_from(direction == AS_INGRESS ? "ingress" : "egress"));
    if (as_value_is_unknown(rules)) {
        as_policy_rule rule = {.action = AS_RULE_ALLOW,
                .pods = r->cluster->everyone,
                .outside = r->cluster->anywhere,
                .ports.fixed = r->cluster->universe,
                .unsure = as_value_doubt(rules),
                .span = rules->span};
        AS_VEC_PUSH(r->cluster->arena, &r->policy->rules[direction], rule);
    }
    for (size_t i = 0; i < as_value_list_count(rules); i++) {
        read_rule(r, as_value_index(rules, i), direction);
    }
}

/* What has another shape than the API gives it is refused whole. */
static void check_shape(reader *r, const as_value *holder, const char *field, as_kind kind)
{
    const as_value *v = as_value_get(holder, as_str_from(field));
    if (!as_value_is_null(v) && !as_value_is_unknown(v) && !as_value_is(v, kind)) {
        invalid(r, v, kind == AS_LIST ? "a list is expected" : "an object is expected");
    }
}

static void check_shapes(reader *r, const as_value *spec)
{
    static const char *const lists[] = {"ingress", "egress", "policyTypes"};
    check_shape(r, r->entity->raw, "spec", AS_OBJECT);
    check_shape(r, spec, "podSelector", AS_OBJECT);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        check_shape(r, spec, lists[i], AS_LIST);
    }
    for (size_t i = 0; i < 2; i++) {
        const as_value *rules = as_value_get(spec, as_str_from(lists[i]));
        for (size_t k = 0; k < as_value_list_count(rules); k++) {
            const as_value *rule = as_value_index(rules, k);
            check_shape(r, rule, i == 0 ? "from" : "to", AS_LIST);
            check_shape(r, rule, "ports", AS_LIST);
        }
    }
}

void as_read_network_policy(as_cluster *cluster, const as_entity *entity)
{
    const as_value *spec = as_value_get(entity->raw, AS_STR("spec"));
    as_tier *tier =
            as_cluster_tier(cluster, AS_LAYER_POLICY, "default", AS_TIER_ORDER_DEFAULT, true);
    as_policy *policy = as_cluster_policy(cluster, tier, entity);
    reader r = {cluster, policy, entity};
    const as_value *selector = as_value_get(spec, AS_STR("podSelector"));
    policy->order = AS_NETWORK_POLICY_ORDER;
    policy->subject = as_cluster_select(cluster, entity->space, NULL, selector);
    read_types(&r, spec);
    as_str doubt = as_value_doubt(as_value_get(spec, AS_STR("policyTypes")));
    if (as_value_is_unknown(spec) || doubt.n > 0) {
        policy->governs[AS_INGRESS] = policy->governs[AS_EGRESS] = true;
        as_policy_doubt(cluster, policy, doubt.n > 0 ? doubt : as_value_doubt(spec));
    }
    read_direction(&r, spec, AS_INGRESS);
    read_direction(&r, spec, AS_EGRESS);
    check_shapes(&r, spec);
}
