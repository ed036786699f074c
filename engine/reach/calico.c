/* projectcalico.org: NetworkPolicy, GlobalNetworkPolicy, Tier and the network sets that they
 * select. Spec: Calico's resource reference, by the names of the resources.
 *
 * A tier that has a policy for an endpoint decides: its policies come by their order, their rules
 * as written, the first that matches counts, Pass goes to the next tier, and what no rule matches
 * is denied. Without any policy an endpoint's profile lets everything through, as Kubernetes wants
 * it. */
#include "engine/reach/calico.h"

#include <math.h>

#include "engine/reach/calico_selector.h"
#include "engine/reach/tiers.h"

typedef struct reader {
    as_cluster *cluster;
    as_policy *policy;
    const as_entity *entity;
    as_str space; /* of a NetworkPolicy; empty: global */
    bool broken;  /* something in it is not valid */
} reader;

/* One side of a rule. */
typedef struct side {
    as_pod_set *pods; /* NULL: every endpoint */
    as_addresses outside;
    as_str unsure;
    const as_value *ports, *not_ports;
} side;

static const as_value *get(const as_value *v, const char *name)
{
    return as_value_get(v, as_str_from(name));
}

static bool is_calico(const as_entity *entity)
{
    as_str group = as_k8s_entity_group(entity);
    return as_str_is(group, "projectcalico.org") || as_str_is(group, "crd.projectcalico.org");
}

static void invalid(reader *r, const as_value *at, const char *what)
{
    as_cluster_problem(r->cluster, r->entity, at, "%s", what);
    r->broken = true;
}

/* --- labels ----------------------------------------------------------------------------------- */

static as_truth value_label(const as_value *labels, as_str key, as_str *value)
{
    const as_value *v = as_value_get(labels, key);
    if (as_value_is_unknown(labels) || as_value_is_unknown(v)) {
        return AS_MAYBE;
    }
    *value = as_value_str(v);
    return v == NULL ? AS_NO : AS_YES;
}

static as_truth namespace_label(const as_label_source *self, as_str key, as_str *value)
{
    const as_namespace *ns = self->object;
    if (as_str_is(key, "projectcalico.org/name")) {
        *value = ns->name;
        return AS_YES;
    }
    as_truth truth = value_label(ns->labels, key, value);
    return truth == AS_NO && !ns->complete ? AS_MAYBE : truth;
}

/* A pod's own labels, and what Calico adds to them (libcalico-go, converter of pods). */
static as_truth pod_label(const as_label_source *self, as_str key, as_str *value)
{
    const as_endpoint *e = self->object;
    const as_cluster *cluster = self->context;
    if (as_str_is(key, "projectcalico.org/namespace")) {
        *value = e->space;
        return AS_YES;
    }
    if (as_str_is(key, "projectcalico.org/orchestrator")) {
        *value = AS_STR("k8s");
        return AS_YES;
    }
    if (as_str_is(key, "projectcalico.org/serviceaccount")) {
        *value = e->account.n > 0 ? e->account : AS_STR("default");
        return AS_YES;
    }
    if (as_str_starts(key, "pcns.")) {
        as_label_source ns = {.object = &cluster->namespaces.items[e->in_namespace]};
        return namespace_label(&ns, as_str_from_index(key, 5), value);
    }
    if (as_str_starts(key, "pcsa.")) {
        return AS_MAYBE;
    }
    return value_label(e->labels, key, value);
}

static as_truth set_label(const as_label_source *self, as_str key, as_str *value)
{
    const as_entity *set = self->object;
    if (as_str_is(key, "projectcalico.org/namespace") && set->space.n > 0) {
        *value = set->space;
        return AS_YES;
    }
    return value_label(as_value_path(set->raw, "metadata.labels"), key, value);
}

/* --- selecting -------------------------------------------------------------------------------- */

/* A selector of the policy, parsed; NULL when there is none or it is broken. */
static const as_calico_selector *parse(reader *r, const as_value *text)
{
    const char *problem = NULL;
    if (!as_value_is(text, AS_STRING)) {
        return NULL;
    }
    const as_calico_selector *s =
            as_calico_selector_parse(r->cluster->arena, text->as.str, &problem);
    if (s == NULL) {
        as_cluster_problem(r->cluster, r->entity, text, "the selector cannot be read: %s", problem);
        r->broken = true;
    }
    return s;
}

/* Whether the namespaces that a rule or policy means include this one. */
static as_truth in_scope(const reader *r, const as_calico_selector *spaces, const as_namespace *ns)
{
    if (spaces == NULL) {
        return r->space.n == 0 || as_str_eq(r->space, ns->name) ? AS_YES : AS_NO;
    }
    as_label_source labels = {.get = namespace_label, .object = ns};
    return as_calico_selector_match(spaces, &labels);
}

static as_pod_set *select_pods(
        reader *r, const as_calico_selector *spaces, const as_calico_selector *pods)
{
    as_cluster *c = r->cluster;
    as_pod_set *out = as_pod_set_new(c->arena, c->endpoints.n);
    for (size_t n = 0; n < c->namespaces.n; n++) {
        const as_namespace *ns = &c->namespaces.items[n];
        as_truth scope = ns->endpoints.n == 0 ? AS_NO : in_scope(r, spaces, ns);
        for (size_t i = 0; scope != AS_NO && i < ns->endpoints.n; i++) {
            uint32_t index = ns->endpoints.items[i];
            as_label_source labels = {
                    .get = pod_label, .object = &c->endpoints.items[index], .context = c};
            as_truth truth = pods == NULL ? AS_YES : as_calico_selector_match(pods, &labels);
            as_pod_set_add(out, index, as_truth_and(scope, truth));
        }
    }
    out->reason = AS_STR("labels that a selector of the policy asks for are not in the scan");
    return out;
}

/* The networks of sets whose labels match; those that perhaps match make the side unsure. */
static as_addresses select_sets(reader *r, const as_calico_selector *spaces,
        const as_calico_selector *selector, as_str *unsure)
{
    as_cluster *c = r->cluster;
    as_addresses all = as_addresses_none();
    for (size_t i = 0; i < c->objects.n; i++) {
        const as_entity *set = c->objects.items[i];
        as_str kind = as_k8s_entity_kind(set);
        bool global = as_str_is(kind, "GlobalNetworkSet");
        if (!is_calico(set) || (!global && !as_str_is(kind, "NetworkSet"))) {
            continue;
        }
        as_label_source labels = {.get = set_label, .object = set, .is_global = global};
        as_label_source nowhere = {.get = set_label, .object = set, .is_global = true};
        as_truth truth = selector == NULL ? AS_YES : as_calico_selector_match(selector, &labels);
        if (!global) {
            truth = as_truth_and(
                    truth, in_scope(r, spaces, as_cluster_namespace(c, as_k8s_entity_space(set))));
        } else if (spaces != NULL) {
            truth = as_truth_and(truth, as_calico_selector_match(spaces, &nowhere));
        } else if (r->space.n > 0) {
            truth = AS_NO; /* a namespaced rule without global() means its namespace */
        }
        if (truth == AS_MAYBE) {
            *unsure = AS_STR("the labels of a network set are not known");
        }
        const as_value *nets = as_value_path(set->raw, "spec.nets");
        for (size_t n = 0; truth == AS_YES && n < as_value_list_count(nets); n++) {
            as_addresses one;
            if (as_cluster_read_cidr(c, as_value_index(nets, n), &one)) {
                all = as_addresses_union(c->arena, all, one);
            } else {
                as_cluster_problem(c, set, as_value_index(nets, n), "this is no network");
                *unsure = AS_STR("a network of a set is not known");
            }
        }
    }
    return all;
}

static as_pod_set *select_accounts(reader *r, const as_value *accounts)
{
    as_cluster *c = r->cluster;
    as_pod_set *out = as_pod_set_new(c->arena, c->endpoints.n);
    const as_value *names = get(accounts, "names");
    bool by_labels = as_value_str(get(accounts, "selector")).n > 0;
    out->reason = AS_STR("the labels of service accounts are not judged");
    for (size_t i = 0; i < c->endpoints.n; i++) {
        const as_endpoint *e = &c->endpoints.items[i];
        as_str account = e->account.n > 0 ? e->account : AS_STR("default");
        bool named = as_value_count(names) == 0;
        for (size_t n = 0; n < as_value_list_count(names); n++) {
            named |= as_str_eq(as_value_str(as_value_index(names, n)), account);
        }
        if (named && !e->is_virtual) {
            as_pod_set_add(out, i, by_labels ? AS_MAYBE : AS_YES);
        }
    }
    return out;
}

/* --- networks --------------------------------------------------------------------------------- */

static as_addresses read_nets(
        reader *r, const as_value *nets, as_direction direction, as_str *unsure)
{
    as_addresses all = as_addresses_none();
    for (size_t i = 0; i < as_value_list_count(nets); i++) {
        const as_value *item = as_value_index(nets, i);
        as_addresses one;
        if (as_value_is_unknown(item)) {
            *unsure = as_value_doubt(item);
        } else if (as_cluster_read_cidr(r->cluster, item, &one)) {
            all = as_addresses_union(r->cluster->arena, all, one);
            as_cluster_note_block(r->cluster, direction, one);
        } else {
            invalid(r, item, "this is no network");
        }
    }
    if (as_value_is_unknown(nets)) {
        *unsure = as_value_doubt(nets);
    }
    return all;
}

/* Which endpoints have their address in a set: known of running pods, and where the set is all of
 * IPv4 or lies outside of private networks, which pods have theirs in. */
static as_pod_set *pods_within(reader *r, as_addresses nets)
{
    static const char *const private_nets[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
            "100.64.0.0/10", "fc00::/7", "2000::/3"};
    as_cluster *c = r->cluster;
    as_pod_set *out = as_pod_set_new(c->arena, c->endpoints.n);
    bool all = as_addresses_subset(as_addresses_all_v4(), nets), may = false;
    for (size_t i = 0; i < sizeof private_nets / sizeof *private_nets; i++) {
        as_cidr cidr;
        may |= as_cidr_parse(as_str_from(private_nets[i]), &cidr) &&
               as_addresses_overlap(nets, as_addresses_cidr(c->arena, &cidr));
    }
    out->reason = AS_STR("the addresses of pods are not in the scan");
    for (size_t i = 0; i < c->endpoints.n; i++) {
        as_addresses own = c->endpoints.items[i].addresses;
        as_truth truth = all                               ? AS_YES
                         : own.n == 0                      ? (may ? AS_MAYBE : AS_NO)
                         : as_addresses_subset(own, nets)  ? AS_YES
                         : as_addresses_overlap(own, nets) ? AS_MAYBE
                                                           : AS_NO;
        as_pod_set_add(out, i, truth);
    }
    return out;
}

/* --- rules ------------------------------------------------------------------------------------ */

static void keep(as_cluster *c, side *s, const as_pod_set *set)
{
    if (s->pods == NULL) {
        s->pods = as_pod_set_all(c->arena, c->endpoints.n);
    }
    as_pod_set_keep(s->pods, set);
}

static void restrict_by_selectors(reader *r, const as_value *v, side *s)
{
    const as_value *selector = get(v, "selector"), *spaces = get(v, "namespaceSelector");
    const as_value *accounts = get(v, "serviceAccounts");
    if (as_value_str(selector).n > 0 || as_value_str(spaces).n > 0) {
        const as_calico_selector *pods = parse(r, selector), *where = parse(r, spaces);
        keep(r->cluster, s, select_pods(r, where, pods));
        s->outside = select_sets(r, where, pods, &s->unsure);
    }
    if (!as_value_is_null(accounts)) {
        keep(r->cluster, s, select_accounts(r, accounts));
        s->outside = as_addresses_none();
    }
    if (!as_value_is_null(get(v, "services"))) {
        s->unsure = AS_STR("rules by service are not judged");
    }
    as_str doubt = as_value_doubt(selector);
    doubt = doubt.n > 0 ? doubt : as_value_doubt(spaces);
    s->unsure = doubt.n > 0 ? doubt : s->unsure;
}

static side read_side(reader *r, const as_value *v, as_direction direction)
{
    as_arena *arena = r->cluster->arena;
    side s = {.outside = r->cluster->anywhere,
            .ports = get(v, "ports"),
            .not_ports = get(v, "notPorts")};
    const as_value *nets = get(v, "nets"), *not_nets = get(v, "notNets");
    const as_calico_selector *except = parse(r, get(v, "notSelector"));
    restrict_by_selectors(r, v, &s);
    if (!as_value_is_null(nets)) {
        as_addresses some = read_nets(r, nets, direction, &s.unsure);
        keep(r->cluster, &s, pods_within(r, some));
        s.outside = as_addresses_intersect(arena, s.outside, some);
    }
    if (!as_value_is_null(not_nets)) {
        as_addresses some = read_nets(r, not_nets, direction, &s.unsure);
        as_pod_set *without = as_pod_set_all(arena, r->cluster->endpoints.n);
        as_pod_set_remove(without, pods_within(r, some));
        keep(r->cluster, &s, without);
        s.outside = as_addresses_subtract(arena, s.outside, some);
    }
    if (except != NULL) { /* in all namespaces, also of a policy that is in one (NotSrcSelector) */
        as_pod_set *without = as_pod_set_all(arena, r->cluster->endpoints.n);
        as_str space = r->space;
        r->space = AS_STR("");
        as_pod_set_remove(without, select_pods(r, NULL, except));
        keep(r->cluster, &s, without);
        s.outside =
                as_addresses_subtract(arena, s.outside, select_sets(r, NULL, except, &s.unsure));
        r->space = space;
    }
    return s;
}

/* "80", "80:90" or a name, of one protocol. */
static void add_port(reader *r, const as_value *v, unsigned protocol, as_port_match *out)
{
    as_port_space *space = r->cluster->space.ports;
    int64_t low = as_value_int_or(v, -1), high = low;
    if (as_value_is(v, AS_STRING)) {
        size_t colon = as_str_find_char(v->as.str, ':');
        bool range = colon != (size_t)-1;
        if (!as_str_to_int(as_str_slice(v->as.str, 0, range ? colon : v->as.str.n), &low) ||
                (range && !as_str_to_int(as_str_from_index(v->as.str, colon + 1), &high))) {
            AS_VEC_PUSH(r->cluster->arena, &out->named, (as_named_port){v->as.str, (int)protocol});
            return;
        }
        high = range ? high : low;
    }
    if (as_value_is_unknown(v)) {
        out->perhaps = as_ports_union(space, out->perhaps, as_ports_protocol(space, protocol));
    } else if (low < 0 || high < low || high > 65535) {
        invalid(r, v, "this is neither a port nor a range of ports");
    } else {
        out->fixed = as_ports_union(
                space, out->fixed, as_ports_range(space, protocol, (uint32_t)low, (uint32_t)high));
    }
}

static const as_ports *read_protocol(reader *r, const as_value *v, unsigned *protocol)
{
    int64_t number = as_value_int_or(v, -1);
    *protocol = AS_N_PROTOCOLS;
    if (as_value_is_null(v)) {
        return r->cluster->universe;
    }
    if (number >= 0 && number < AS_N_PROTOCOLS) {
        *protocol = (unsigned)number;
    } else if (!as_protocol_parse(as_value_str(v), protocol)) {
        invalid(r, v, "this is no protocol");
        return as_ports_none(r->cluster->space.ports);
    }
    return as_ports_protocol(r->cluster->space.ports, *protocol);
}

static const as_ports *read_icmp(reader *r, const as_value *icmp, unsigned protocol)
{
    int64_t type = as_value_int_or(get(icmp, "type"), -1);
    int64_t code = as_value_int_or(get(icmp, "code"), -1);
    bool v6 = protocol == AS_PROTOCOL_ICMPV6;
    return type < 0 || type > 255 ? as_ports_protocol(r->cluster->space.ports, protocol)
                                  : as_ports_icmp(r->cluster->space.ports, v6, (unsigned)type,
                                            code > 255 ? -1 : (int)code);
}

/* The protocol and the destination's ports. */
static as_port_match read_ports(reader *r, const as_value *rule, const side *destination)
{
    as_port_space *space = r->cluster->space.ports;
    unsigned protocol, other;
    const as_ports *all = read_protocol(r, get(rule, "protocol"), &protocol);
    as_port_match out = {.fixed = as_ports_none(space), .perhaps = as_ports_none(space)};
    if (!as_value_is_null(get(rule, "notProtocol"))) {
        all = as_ports_subtract(space, all, read_protocol(r, get(rule, "notProtocol"), &other));
    }
    if (!as_value_is_null(get(rule, "icmp"))) {
        all = read_icmp(r, get(rule, "icmp"), protocol);
    }
    if (!as_value_is_null(get(rule, "notICMP"))) {
        all = as_ports_subtract(space, all, read_icmp(r, get(rule, "notICMP"), protocol));
    }
    if (as_value_is_unknown(get(rule, "protocol"))) {
        out.perhaps = r->cluster->universe;
        return out;
    }
    if (as_value_is_null(destination->ports)) {
        out.fixed = all;
    }
    for (size_t i = 0; i < as_value_list_count(destination->ports); i++) {
        add_port(r, as_value_index(destination->ports, i), protocol, &out);
    }
    as_port_match except = {.fixed = as_ports_none(space), .perhaps = as_ports_none(space)};
    for (size_t i = 0; i < as_value_list_count(destination->not_ports); i++) {
        add_port(r, as_value_index(destination->not_ports, i), protocol, &except);
    }
    out.perhaps = as_ports_union(
            space, out.perhaps, as_ports_intersect(space, out.fixed, except.perhaps));
    out.fixed = as_ports_subtract(
            space, as_ports_subtract(space, out.fixed, except.fixed), except.perhaps);
    if (except.named.n > 0) {
        out.perhaps = as_ports_union(space, out.perhaps, out.fixed);
        out.fixed = as_ports_none(space);
    }
    return out;
}

static bool read_action(reader *r, const as_value *v, as_rule_action *action)
{
    as_str text = as_value_str(v);
    if (as_str_is(text, "Log")) {
        return false; /* goes on with the next rule */
    }
    *action = as_str_is(text, "Deny")                              ? AS_RULE_DENY
              : as_str_is(text, "Pass") || as_str_is(text, "Next") ? AS_RULE_PASS
                                                                   : AS_RULE_ALLOW;
    if (*action == AS_RULE_ALLOW && !as_str_is(text, "Allow")) {
        invalid(r, v, "the action is none of Allow, Deny, Log and Pass");
        return false;
    }
    return true;
}

static void read_rule(reader *r, const as_value *v, as_direction direction)
{
    as_policy_rule rule = {.span = v->span};
    if (!read_action(r, get(v, "action"), &rule.action)) {
        return;
    }
    side source = read_side(r, get(v, "source"), AS_INGRESS);
    side destination = read_side(r, get(v, "destination"), AS_EGRESS);
    const side *peer = direction == AS_INGRESS ? &source : &destination;
    const side *self = direction == AS_INGRESS ? &destination : &source;
    rule.pods = peer->pods != NULL ? peer->pods : r->cluster->everyone;
    rule.self = self->pods;
    rule.outside = peer->outside;
    rule.ports = read_ports(r, v, &destination);
    rule.unsure = peer->unsure.n > 0 ? peer->unsure : self->unsure;
    int64_t version = as_value_int_or(get(v, "ipVersion"), 0);
    if (version == 4 || version == 6) {
        as_addresses family =
                version == 4 ? as_addresses_all_v4() : as_addresses_all_v6(r->cluster->arena);
        rule.outside = as_addresses_intersect(r->cluster->arena, rule.outside, family);
        if (version == 6) { /* what family pods speak to each other is not in the scan */
            rule.unsure = AS_STR("the rule is for IPv6 only");
        }
    }
    if (as_value_count(source.ports) > 0 || as_value_count(source.not_ports) > 0) {
        rule.unsure = AS_STR("the rule is for some source ports only");
    }
    if (!as_value_is_null(get(v, "http"))) {
        rule.note = AS_STR("for some HTTP requests only");
    }
    AS_VEC_PUSH(r->cluster->arena, &r->policy->rules[direction], rule);
}

/* --- policies --------------------------------------------------------------------------------- */

static as_tier *tier_of(as_cluster *cluster, const as_entity *entity)
{
    as_str name = as_value_str(as_value_path(entity->raw, "spec.tier"));
    if (name.n == 0 || as_str_is(name, "default")) {
        return as_cluster_tier(cluster, AS_LAYER_POLICY, "default", AS_TIER_ORDER_DEFAULT, true);
    }
    double order = INFINITY;
    bool isolates = true;
    for (size_t i = 0; i < cluster->objects.n; i++) {
        const as_entity *tier = cluster->objects.items[i];
        if (is_calico(tier) && as_str_is(as_k8s_entity_kind(tier), "Tier") &&
                as_str_eq(tier->name, name)) {
            const as_value *number = as_value_path(tier->raw, "spec.order");
            as_str action = as_value_str(as_value_path(tier->raw, "spec.defaultAction"));
            order = as_value_is_number(number) ? as_value_to_double(number) : INFINITY;
            isolates = !as_str_is(action, "Pass");
        }
    }
    return as_cluster_tier(
            cluster, AS_LAYER_POLICY, as_str_cstr(cluster->arena, name), order, isolates);
}

/* "If types is omitted": by the rules that are there, Ingress when there are none. */
static void read_types(as_policy *policy, const as_value *spec)
{
    const as_value *types = get(spec, "types");
    bool egress = as_value_count(get(spec, "egress")) > 0;
    if (as_value_count(types) == 0) {
        policy->governs[AS_EGRESS] = egress;
        policy->governs[AS_INGRESS] = !egress || as_value_count(get(spec, "ingress")) > 0;
    }
    for (size_t i = 0; i < as_value_list_count(types); i++) {
        as_str type = as_value_str(as_value_index(types, i));
        policy->governs[AS_INGRESS] |= as_str_is(type, "Ingress");
        policy->governs[AS_EGRESS] |= as_str_is(type, "Egress");
    }
}

void as_read_calico_policy(as_cluster *cluster, const as_entity *entity)
{
    const as_value *spec = get(entity->raw, "spec");
    if (as_value_bool_or(get(spec, "doNotTrack"), false) ||
            as_value_bool_or(get(spec, "preDNAT"), false)) {
        return; /* these hold for host endpoints alone */
    }
    as_policy *policy = as_cluster_policy(cluster, tier_of(cluster, entity), entity);
    bool global = as_str_is(as_k8s_entity_kind(entity), "GlobalNetworkPolicy");
    reader r = {cluster, policy, entity, global ? AS_STR("") : as_k8s_entity_space(entity), false};
    const as_value *order = get(spec, "order");
    policy->order = as_value_is_number(order) ? as_value_to_double(order) : INFINITY;
    const as_calico_selector *spaces = global ? parse(&r, get(spec, "namespaceSelector")) : NULL;
    as_pod_set *subject = select_pods(&r, spaces, parse(&r, get(spec, "selector")));
    if (as_value_str(get(spec, "serviceAccountSelector")).n > 0) {
        as_pod_set_doubt(subject, AS_STR("the labels of service accounts are not judged"));
    }
    policy->subject = subject;
    as_str doubt = as_value_doubt(get(spec, "selector"));
    doubt = doubt.n > 0 ? doubt : as_value_doubt(order);
    doubt = doubt.n > 0 ? doubt : as_value_doubt(get(spec, "types"));
    read_types(policy, spec);
    for (as_direction d = AS_INGRESS; d <= AS_EGRESS; d++) {
        const as_value *rules = get(spec, d == AS_INGRESS ? "ingress" : "egress");
        for (size_t i = 0; i < as_value_list_count(rules); i++) {
            read_rule(&r, as_value_index(rules, i), d);
        }
        if (as_value_is_unknown(rules)) {
            policy->governs[d] = true;
            doubt = as_value_doubt(rules);
        }
    }
    if (r.broken || doubt.n > 0) {
        as_policy_doubt(cluster, policy, r.broken ? AS_STR("the policy is not valid") : doubt);
    }
}

const as_ports *as_calico_protocols(as_cluster *cluster)
{
    as_port_space *space = cluster->space.ports;
    const as_ports *all = as_ports_none(space);
    static const char *const paths[] = {"spec.ingress", "spec.egress"};
    for (size_t i = 0; i < cluster->objects.n; i++) {
        const as_entity *entity = cluster->objects.items[i];
        for (size_t p = 0; is_calico(entity) && p < 2; p++) {
            const as_value *rules = as_value_path(entity->raw, paths[p]);
            for (size_t r = 0; r < as_value_list_count(rules); r++) {
                const as_value *rule = as_value_index(rules, r);
                const as_value *v = get(rule, "protocol");
                unsigned protocol;
                v = v != NULL ? v : get(rule, "notProtocol");
                int64_t number = as_value_int_or(v, -1);
                if (number >= 0 && number < AS_N_PROTOCOLS) {
                    protocol = (unsigned)number;
                } else if (!as_protocol_parse(as_value_str(v), &protocol)) {
                    continue;
                }
                if (protocol != AS_PROTOCOL_TCP && protocol != AS_PROTOCOL_UDP &&
                        protocol != AS_PROTOCOL_SCTP) {
                    all = as_ports_union(space, all, as_ports_protocol(space, protocol));
                }
            }
        }
    }
    return all;
}
