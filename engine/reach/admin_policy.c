/* policy.networking.k8s.io: AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1), and
 * ClusterNetworkPolicy (v1alpha2), which joins both. Spec: network-policy-api, the API reference.
 *
 * Rules come in the order of priorities and, within a policy, as they are written; the first that
 * matches decides. Pass hands the connection on to NetworkPolicies; what no rule matches goes on
 * too. Nothing is isolated by being selected. */
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

static const as_value *get(const as_value *v, const char *name)
{
    return as_value_get(v, as_str_from(name));
}

/* --- ports ------------------------------------------------------------------------------------ */

static void add_range(reader *r, const as_value *at, unsigned protocol, const as_value *first,
        const as_value *last, as_port_match *out)
{
    as_port_space *space = r->cluster->space.ports;
    int64_t low = as_value_int_or(first, 0), high = as_value_int_or(last, 0);
    if (as_value_is_unknown(first) || as_value_is_unknown(last)) {
        out->perhaps = as_ports_union(space, out->perhaps, as_ports_protocol(space, protocol));
    } else if (low < 1 || high < low || high > 65535) {
        invalid(r, at, "ports are 1 to 65535, and the end of a range is not below its start");
    } else {
        out->fixed = as_ports_union(
                space, out->fixed, as_ports_range(space, protocol, (uint32_t)low, (uint32_t)high));
    }
}

static bool read_protocol(reader *r, const as_value *v, unsigned *protocol)
{
    *protocol = AS_PROTOCOL_TCP;
    if (as_value_is_null(v) || as_protocol_parse(as_value_str(v), protocol)) {
        return true;
    }
    invalid(r, v, "the protocol is none of TCP, UDP and SCTP");
    return false;
}

/* AdminNetworkPolicyPort: exactly one of portNumber, portRange and namedPort. */
static void add_port(reader *r, const as_value *port, as_port_match *out)
{
    const as_value *number = get(port, "portNumber"), *range = get(port, "portRange");
    const as_value *name = get(port, "namedPort");
    unsigned protocol;
    if (!as_value_is_null(number) + !as_value_is_null(range) + !as_value_is_null(name) != 1) {
        invalid(r, port, "a port has exactly one of portNumber, portRange and namedPort");
    } else if (!as_value_is_null(number) && read_protocol(r, get(number, "protocol"), &protocol)) {
        add_range(r, number, protocol, get(number, "port"), get(number, "port"), out);
    } else if (!as_value_is_null(range) && read_protocol(r, get(range, "protocol"), &protocol)) {
        add_range(r, range, protocol, get(range, "start"), get(range, "end"), out);
    } else if (as_value_is(name, AS_STRING)) {
        AS_VEC_PUSH(r->cluster->arena, &out->named, (as_named_port){name->as.str, -1});
    }
}

/* v1alpha2: { tcp: { destinationPort: { number | range } } }, { destinationNamedPort: … }. */
static void add_protocol(reader *r, const as_value *item, as_port_match *out)
{
    static const struct {
        const char *field;
        unsigned protocol;
    } protocols[] = {
            {"tcp", AS_PROTOCOL_TCP}, {"udp", AS_PROTOCOL_UDP}, {"sctp", AS_PROTOCOL_SCTP}};
    as_port_space *space = r->cluster->space.ports;
    const as_value *name = get(item, "destinationNamedPort");
    if (as_value_is(name, AS_STRING)) {
        AS_VEC_PUSH(r->cluster->arena, &out->named, (as_named_port){name->as.str, -1});
    }
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        const as_member *m = as_value_member(item, as_str_from(protocols[i].field));
        if (m == NULL) {
            continue;
        }
        const as_value *port = get(m->value, "destinationPort");
        const as_value *number = get(port, "number"), *range = get(port, "range");
        if (!as_value_is_null(number)) {
            add_range(r, number, protocols[i].protocol, number, number, out);
        } else if (!as_value_is_null(range)) {
            add_range(r, range, protocols[i].protocol, get(range, "start"), get(range, "end"), out);
        } else {
            out->fixed = as_ports_union(
                    space, out->fixed, as_ports_protocol(space, protocols[i].protocol));
        }
    }
}

static as_port_match read_ports(reader *r, const as_value *rule)
{
    as_port_space *space = r->cluster->space.ports;
    as_port_match out = {.fixed = as_ports_none(space), .perhaps = as_ports_none(space)};
    const as_value *ports = get(rule, "ports"), *protocols = get(rule, "protocols");
    if (as_value_is_unknown(ports) || as_value_is_unknown(protocols)) {
        out.perhaps = r->cluster->universe;
    } else if (as_value_count(ports) + as_value_count(protocols) == 0) {
        out.fixed = r->cluster->universe;
    }
    for (size_t i = 0; i < as_value_list_count(ports); i++) {
        add_port(r, as_value_index(ports, i), &out);
    }
    for (size_t i = 0; i < as_value_list_count(protocols); i++) {
        add_protocol(r, as_value_index(protocols, i), &out);
    }
    return out;
}

/* --- peers ------------------------------------------------------------------------------------ */

/* { namespaces: LabelSelector } or { pods: { namespaceSelector, podSelector } }: of a subject and
 * of a peer alike. NULL when it is neither. */
static const as_pod_set *read_pods(reader *r, const as_value *v)
{
    const as_value *spaces = get(v, "namespaces"), *pods = get(v, "pods");
    if (!as_value_is_null(spaces)) {
        return as_cluster_select(r->cluster, AS_STR(""), spaces, NULL);
    }
    if (!as_value_is_null(pods)) {
        const as_value *selector = get(pods, "namespaceSelector");
        if (as_value_is_null(selector)) { /* required; read as what its Go type makes of it: {} */
            as_cluster_problem(r->cluster, r->entity, pods,
                    "pods need a namespaceSelector; all namespaces are taken");
            selector = as_object_end(&(as_object_builder){.arena = r->cluster->arena}, pods->span);
        }
        return as_cluster_select(r->cluster, AS_STR(""), selector, get(pods, "podSelector"));
    }
    return NULL;
}

static void add_networks(reader *r, const as_value *networks, as_policy_rule *rule)
{
    as_arena *arena = r->cluster->arena;
    for (size_t i = 0; i < as_value_list_count(networks); i++) {
        const as_value *item = as_value_index(networks, i);
        as_addresses one;
        if (as_value_is_unknown(item)) {
            rule->outside_perhaps = as_addresses_all();
        } else if (!as_cluster_read_cidr(r->cluster, item, &one)) {
            invalid(r, item, "a network is not an address range");
        } else {
            rule->outside = as_addresses_union(arena, rule->outside, one);
            as_cluster_note_block(r->cluster, AS_EGRESS, one);
        }
    }
}

static void add_peer(reader *r, const as_value *peer, as_policy_rule *rule, as_pod_set *pods)
{
    static const char *const fields[] = {"namespaces", "pods", "nodes", "networks", "domainNames"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        n += !as_value_is_null(get(peer, fields[i]));
    }
    if (n != 1) {
        invalid(r, peer, "a peer has exactly one of its fields");
        return;
    }
    const as_pod_set *some = read_pods(r, peer);
    if (some != NULL) {
        as_pod_set_add_all(pods, some);
    }
    add_networks(r, get(peer, "networks"), rule);
    if (as_value_is_unknown(get(peer, "networks")) ||
            as_value_count(get(peer, "domainNames")) > 0) {
        rule->outside_perhaps = as_addresses_all(); /* addresses of names are not in the scan */
    }
}

static bool read_action(reader *r, const as_value *v, as_rule_action *action)
{
    as_str text = as_value_str(v);
    *action = as_str_is(text, "Deny")   ? AS_RULE_DENY
              : as_str_is(text, "Pass") ? AS_RULE_PASS
                                        : AS_RULE_ALLOW;
    if (*action == AS_RULE_ALLOW && !as_str_is(text, "Allow") && !as_str_is(text, "Accept")) {
        invalid(r, v, "the action is none of Allow, Accept, Deny and Pass");
        return false;
    }
    return true;
}

static void read_rule(reader *r, const as_value *value, as_direction direction)
{
    const as_value *peers = get(value, direction == AS_INGRESS ? "from" : "to");
    as_policy_rule rule = {.span = value->span, .name = as_value_str(get(value, "name"))};
    if (!read_action(r, get(value, "action"), &rule.action)) {
        return;
    }
    if (as_value_count(peers) == 0 && !as_value_is_unknown(peers)) {
        invalid(r, value, "a rule needs at least one peer");
        return;
    }
    as_pod_set *pods = as_pod_set_new(r->cluster->arena, r->cluster->endpoints.n);
    for (size_t i = 0; i < as_value_list_count(peers); i++) {
        add_peer(r, as_value_index(peers, i), &rule, pods);
    }
    rule.pods = pods;
    if (as_value_is_unknown(peers)) {
        rule.pods = r->cluster->everyone;
        rule.outside = r->cluster->anywhere;
        rule.unsure = as_value_doubt(peers);
    }
    rule.ports = read_ports(r, value);
    AS_VEC_PUSH(r->cluster->arena, &r->policy->rules[direction], rule);
}

/* --- the policy ------------------------------------------------------------------------------- */

static as_tier *tier_of(as_cluster *cluster, const as_entity *entity)
{
    as_str kind = as_k8s_entity_kind(entity);
    as_str tier = as_value_str(as_value_path(entity->raw, "spec.tier"));
    bool baseline = as_str_is(kind, "BaselineAdminNetworkPolicy") || as_str_is(tier, "Baseline");
    return baseline
                   ? as_cluster_tier(
                             cluster, AS_LAYER_POLICY, "baseline", AS_TIER_ORDER_BASELINE, false)
                   : as_cluster_tier(cluster, AS_LAYER_POLICY, "admin", AS_TIER_ORDER_ADMIN, false);
}

static void read_priority(reader *r, const as_value *spec)
{
    if (as_str_is(as_k8s_entity_kind(r->entity), "BaselineAdminNetworkPolicy")) {
        return; /* there is one only */
    }
    const as_value *priority = get(spec, "priority");
    int64_t number = as_value_int_or(priority, -1);
    r->policy->order = (double)number;
    if (number < 0 || number > 1000) {
        invalid(r, priority != NULL ? priority : spec, "the priority is 0 to 1000");
    }
}

void as_read_admin_policy(as_cluster *cluster, const as_entity *entity)
{
    const as_value *spec = as_value_get(entity->raw, AS_STR("spec"));
    as_policy *policy = as_cluster_policy(cluster, tier_of(cluster, entity), entity);
    reader r = {cluster, policy, entity};
    const as_value *subject = get(spec, "subject");
    const as_pod_set *pods = read_pods(&r, subject);
    if (as_value_is_unknown(subject)) {
        policy->subject = cluster->everyone;
        as_policy_doubt(cluster, policy, as_value_doubt(subject));
    } else if (pods == NULL || (!as_value_is_null(get(subject, "namespaces")) &&
                                       !as_value_is_null(get(subject, "pods")))) {
        invalid(&r, subject != NULL ? subject : spec, "a subject has exactly one of its fields");
    } else {
        policy->subject = pods;
    }
    read_priority(&r, spec);
    policy->governs[AS_INGRESS] = policy->governs[AS_EGRESS] = true;
    for (as_direction d = AS_INGRESS; d <= AS_EGRESS; d++) {
        const as_value *rules = get(spec, d == AS_INGRESS ? "ingress" : "egress");
        for (size_t i = 0; i < as_value_list_count(rules); i++) {
            read_rule(&r, as_value_index(rules, i), d);
        }
        if (as_value_is_unknown(rules)) {
            as_policy_rule rule = {.action = AS_RULE_DENY,
                    .pods = cluster->everyone,
                    .outside = cluster->anywhere,
                    .ports.fixed = cluster->universe,
                    .unsure = as_value_doubt(rules),
                    .span = rules->span};
            AS_VEC_PUSH(cluster->arena, &policy->rules[d], rule);
        }
    }
}
