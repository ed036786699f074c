/* AuthorizationPolicy. Spec: Istio's reference, "Authorization Policy".
 *
 * At a workload CUSTOM comes first, then DENY, then ALLOW; when an ALLOW policy selects it, only
 * what one of them matches passes. Conditions above ports (methods, paths, hosts) let some requests
 * through or not, which leaves the connection itself open: such a rule allows, and never denies, a
 * port. */
#include "engine/reach/istio.h"

#define ROOT_NAMESPACE "istio-system"

enum { TIER_AUTHENTICATION = 0, TIER_CUSTOM = 1, TIER_DENY = 2, TIER_ALLOW = 3 };

typedef struct reader {
    as_cluster *cluster;
    as_policy *policy;
    const as_entity *entity;
    as_rule_action action;
} reader;

static const as_value *get(const as_value *v, const char *name)
{
    return as_value_get(v, as_str_from(name));
}

/* --- who is in the mesh ----------------------------------------------------------------------- */

as_truth as_istio_in_mesh(const as_cluster *cluster, const as_endpoint *e)
{
    const as_namespace *ns = &cluster->namespaces.items[e->in_namespace];
    as_str inject = as_value_str(get(e->labels, "sidecar.istio.io/inject"));
    as_str mode = as_value_str(get(e->labels, "istio.io/dataplane-mode"));
    as_str injection = as_value_str(get(ns->labels, "istio-injection"));
    if (e->is_virtual) {
        return AS_MAYBE;
    }
    if (e->host_network || as_str_is(inject, "false") || as_str_is(mode, "none")) {
        return AS_NO;
    }
    if (as_str_is(inject, "true") || as_str_is(injection, "enabled") ||
            as_str_is(mode, "ambient") || get(ns->labels, "istio.io/rev") != NULL ||
            as_str_is(as_value_str(get(ns->labels, "istio.io/dataplane-mode")), "ambient")) {
        return AS_YES;
    }
    if (as_str_is(injection, "disabled")) {
        return AS_NO;
    }
    /* A namespace outside the scan is taken to be in the mesh: somebody wrote policies for it. One
     * that is declared without a label is, if the injector takes all namespaces. */
    return ns->entity == NULL && !ns->complete ? AS_YES : AS_MAYBE;
}

/* --- sources ---------------------------------------------------------------------------------- */

static as_truth matches_any(const as_value *patterns, as_str text)
{
    as_truth truth = AS_NO;
    for (size_t i = 0; i < as_value_list_count(patterns); i++) {
        const as_value *item = as_value_index(patterns, i);
        as_str pattern = as_value_str(item);
        bool suffix = pattern.n > 0 && pattern.p[0] == '*';
        bool prefix = pattern.n > 0 && pattern.p[pattern.n - 1] == '*';
        as_str rest = as_str_slice(pattern, suffix, pattern.n - (prefix && pattern.n > 1));
        bool yes = as_str_is(pattern, "*") ? text.n > 0
                   : suffix                ? text.n >= rest.n &&
                                      as_str_eq(as_str_from_index(text, text.n - rest.n), rest)
                   : prefix ? as_str_eq(as_str_slice(text, 0, rest.n), rest)
                            : as_str_eq(pattern, text);
        truth = as_truth_or(truth, as_value_is_unknown(item) ? AS_MAYBE : yes ? AS_YES : AS_NO);
    }
    return as_value_is_unknown(patterns) ? AS_MAYBE : truth;
}

/* What a field of a source says about an endpoint: its principal, its namespace, its account. */
typedef enum identity_field { PRINCIPAL, NAMESPACE, ACCOUNT } identity_field;

static as_truth match_identity(
        reader *r, const as_endpoint *e, const as_value *patterns, identity_field field)
{
    as_str account = e->account.n > 0 ? e->account : AS_STR("default");
    as_str text = e->space;
    if (e->is_virtual) {
        return AS_MAYBE;
    }
    if (field == PRINCIPAL) {
        text = as_str_fmt(r->cluster->arena, "cluster.local/ns/%.*s/sa/%.*s", AS_STR_ARG(e->space),
                AS_STR_ARG(account));
    } else if (field == ACCOUNT) {
        text = as_str_fmt(
                r->cluster->arena, "%.*s/%.*s", AS_STR_ARG(e->space), AS_STR_ARG(account));
        as_str policy_space = as_k8s_entity_space(r->entity);
        if (as_str_eq(policy_space, e->space) && matches_any(patterns, account) == AS_YES) {
            return as_istio_in_mesh(r->cluster, e);
        }
    }
    return as_truth_and(as_istio_in_mesh(r->cluster, e), matches_any(patterns, text));
}

static void keep_identity(reader *r, const as_value *source, const char *name, identity_field field,
        bool negative, as_policy_rule *rule, as_pod_set *pods)
{
    const as_value *patterns = get(source, name);
    if (as_value_is_null(patterns)) {
        return;
    }
    as_pod_set *set = as_pod_set_new(r->cluster->arena, r->cluster->endpoints.n);
    set->reason = AS_STR("whether the peer is in the mesh, and who it is there, is not known");
    for (size_t i = 0; i < r->cluster->endpoints.n; i++) {
        as_truth truth = match_identity(r, &r->cluster->endpoints.items[i], patterns, field);
        as_pod_set_add(set, i, negative ? as_truth_not(truth) : truth);
    }
    as_pod_set_keep(pods, set);
    if (!negative) {
        rule->outside = as_addresses_none(); /* nobody outside has an identity */
    }
}

static void keep_blocks(reader *r, const as_value *source, const char *name, bool negative,
        as_policy_rule *rule, as_pod_set *pods)
{
    const as_value *blocks = get(source, name);
    as_arena *arena = r->cluster->arena;
    as_addresses all = as_addresses_none();
    if (as_value_is_null(blocks)) {
        return;
    }
    for (size_t i = 0; i < as_value_list_count(blocks); i++) {
        as_addresses one;
        if (as_cluster_read_cidr(r->cluster, as_value_index(blocks, i), &one)) {
            all = as_addresses_union(arena, all, one);
            as_cluster_note_block(r->cluster, AS_INGRESS, one);
        } else if (!as_value_is_unknown(as_value_index(blocks, i))) {
            as_cluster_problem(
                    r->cluster, r->entity, as_value_index(blocks, i), "this is no network");
        }
    }
    as_str doubt = as_value_doubt(blocks);
    rule->unsure = doubt.n > 0 ? doubt : rule->unsure;
    rule->outside = negative ? as_addresses_subtract(arena, rule->outside, all)
                             : as_addresses_intersect(arena, rule->outside, all);
    if (!as_addresses_subset(as_addresses_all_v4(), all)) {
        as_pod_set_doubt(pods, AS_STR("the addresses of pods are not in the scan"));
    }
}

static bool has_any(const as_value *v, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (!as_value_is_null(get(v, names[i]))) {
            return true;
        }
    }
    return false;
}

static void read_source(reader *r, const as_value *source, as_policy_rule *rule)
{
    static const char *const beyond[] = {"requestPrincipals", "notRequestPrincipals",
            "remoteIpBlocks", "notRemoteIpBlocks", NULL};
    as_pod_set *pods = as_pod_set_all(r->cluster->arena, r->cluster->endpoints.n);
    rule->outside = r->cluster->anywhere;
    keep_identity(r, source, "principals", PRINCIPAL, false, rule, pods);
    keep_identity(r, source, "notPrincipals", PRINCIPAL, true, rule, pods);
    keep_identity(r, source, "namespaces", NAMESPACE, false, rule, pods);
    keep_identity(r, source, "notNamespaces", NAMESPACE, true, rule, pods);
    keep_identity(r, source, "serviceAccounts", ACCOUNT, false, rule, pods);
    keep_identity(r, source, "notServiceAccounts", ACCOUNT, true, rule, pods);
    keep_blocks(r, source, "ipBlocks", false, rule, pods);
    keep_blocks(r, source, "notIpBlocks", true, rule, pods);
    if (has_any(source, beyond)) {
        rule->unsure = AS_STR("the rule asks for a token or a forwarded address");
    }
    rule->pods = pods;
}

/* --- rules ------------------------------------------------------------------------------------ */

/* Ports of an operation are numbers as texts; all of them are TCP. */
static const as_ports *read_ports(reader *r, const as_value *ports, const as_ports *otherwise)
{
    as_port_space *space = r->cluster->space.ports;
    const as_ports *all = as_ports_none(space);
    for (size_t i = 0; i < as_value_list_count(ports); i++) {
        const as_value *item = as_value_index(ports, i);
        int64_t n = as_value_int_or(item, 0);
        if (!as_value_is_number(item) && !as_str_to_int(as_value_str(item), &n)) {
            n = 0;
        }
        if (n >= 1 && n <= 65535) {
            all = as_ports_union(
                    space, all, as_ports_range(space, AS_PROTOCOL_TCP, (uint32_t)n, (uint32_t)n));
        }
    }
    return as_value_is_null(ports) ? otherwise : all;
}

static void add_rule(
        reader *r, const as_value *v, const as_value *source, const as_value *operation)
{
    static const char *const above[] = {
            "hosts", "notHosts", "methods", "notMethods", "paths", "notPaths", NULL};
    as_port_space *space = r->cluster->space.ports;
    as_policy_rule rule = {.action = r->action, .span = v->span};
    read_source(r, source, &rule);
    const as_ports *fixed = read_ports(r, get(operation, "ports"), r->cluster->universe);
    rule.ports.fixed = as_ports_subtract(
            space, fixed, read_ports(r, get(operation, "notPorts"), as_ports_none(space)));
    if (has_any(operation, above)) {
        if (r->action != AS_RULE_ALLOW) {
            return;
        }
        rule.note = AS_STR("for some requests only");
    }
    as_str doubt = as_value_doubt(operation);
    doubt = doubt.n > 0 ? doubt : as_value_doubt(source);
    rule.unsure = doubt.n > 0 ? doubt : rule.unsure;
    if (as_value_count(get(v, "when")) > 0) {
        rule.unsure = AS_STR("the rule has conditions");
    }
    if (as_str_is(as_value_str(as_value_path(r->entity->raw, "spec.action")), "CUSTOM")) {
        rule.unsure = AS_STR("an external authorizer decides");
    }
    AS_VEC_PUSH(r->cluster->arena, &r->policy->rules[AS_INGRESS], rule);
}

static bool is_list_or_none(const as_value *v)
{
    return as_value_is_null(v) || as_value_is_unknown(v) || as_value_is(v, AS_LIST);
}

static void read_rule(reader *r, const as_value *v)
{
    const as_value *from = get(v, "from"), *to = get(v, "to");
    if (!is_list_or_none(from) || !is_list_or_none(to)) {
        as_cluster_problem(r->cluster, r->entity, v, "from and to are lists");
        as_policy_doubt(r->cluster, r->policy, AS_STR("the policy is not valid"));
    }
    size_t n_from = as_value_list_count(from), n_to = as_value_list_count(to);
    for (size_t f = 0; f < (n_from > 0 ? n_from : 1); f++) {
        for (size_t t = 0; t < (n_to > 0 ? n_to : 1); t++) {
            add_rule(r, v, n_from > 0 ? get(as_value_index(from, f), "source") : NULL,
                    n_to > 0 ? get(as_value_index(to, t), "operation") : NULL);
        }
    }
}

/* Endpoints that a policy or setting is about: by its selector, in its namespace, or in all of them
 * when that is the root namespace. Policies hold where there is a proxy. */
static as_pod_set *select_workloads(as_cluster *c, const as_entity *entity, const as_value *labels)
{
    as_pod_set *out = as_pod_set_new(c->arena, c->endpoints.n);
    as_str space = as_k8s_entity_space(entity);
    as_selector selector = {0};
    if (!as_value_is_null(labels)) {
        selector = as_selector_from_map(c->arena, labels);
    }
    for (size_t i = 0; i < c->endpoints.n; i++) {
        const as_endpoint *e = &c->endpoints.items[i];
        if (e->is_virtual || (!as_str_is(space, ROOT_NAMESPACE) && !as_str_eq(space, e->space))) {
            continue;
        }
        as_pod_set_add(out, i,
                as_truth_and(as_selector_match(&selector, e->labels), as_istio_in_mesh(c, e)));
    }
    out->reason = AS_STR("whether the workload is in the mesh is not known");
    return out;
}

void as_read_authorization_policy(as_cluster *cluster, const as_entity *entity)
{
    const as_value *spec = get(entity->raw, "spec");
    as_str action = as_value_str(get(spec, "action"));
    bool custom = as_str_is(action, "CUSTOM"), deny = as_str_is(action, "DENY");
    if (as_str_is(action, "AUDIT") || as_value_count(get(spec, "targetRefs")) > 0 ||
            !as_value_is_null(get(spec, "targetRef"))) {
        return; /* AUDIT decides nothing; what targets a gateway is about no workload */
    }
    as_tier *tier = custom ? as_cluster_tier(cluster, AS_LAYER_MESH, "custom", TIER_CUSTOM, false)
                    : deny ? as_cluster_tier(cluster, AS_LAYER_MESH, "deny", TIER_DENY, false)
                           : as_cluster_tier(cluster, AS_LAYER_MESH, "allow", TIER_ALLOW, true);
    as_policy *policy = as_cluster_policy(cluster, tier, entity);
    reader r = {cluster, policy, entity, custom || deny ? AS_RULE_DENY : AS_RULE_ALLOW};
    const as_value *rules = get(spec, "rules");
    policy->governs[AS_INGRESS] = true;
    policy->subject =
            select_workloads(cluster, entity, as_value_path(spec, "selector.matchLabels"));
    for (size_t i = 0; i < as_value_list_count(rules); i++) {
        read_rule(&r, as_value_index(rules, i));
    }
    as_str doubt = as_value_doubt(get(spec, "selector"));
    doubt = doubt.n > 0 ? doubt : as_value_doubt(get(spec, "action"));
    if (doubt.n > 0 || as_value_is_unknown(rules)) {
        as_policy_doubt(cluster, policy, doubt.n > 0 ? doubt : as_value_doubt(rules));
    }
}

/* --- PeerAuthentication ----------------------------------------------------------------------- */

/* How specific a setting is for an endpoint: 3 by selector, 2 for the namespace, 1 for the mesh;
 * 0: not about it. */
static int specificity(
        const as_cluster *c, const as_entity *entity, const as_value *labels, const as_endpoint *e)
{
    as_str space = as_k8s_entity_space(entity);
    if (as_value_count(labels) > 0) {
        as_selector selector = as_selector_from_map(c->arena, labels);
        return as_str_eq(space, e->space) && as_selector_match(&selector, e->labels) == AS_YES ? 3
                                                                                               : 0;
    }
    return as_str_eq(space, e->space) ? 2 : as_str_is(space, ROOT_NAMESPACE) ? 1 : 0;
}

static bool is_peer_authentication(const as_entity *entity)
{
    return as_str_is(as_k8s_entity_kind(entity), "PeerAuthentication") &&
           as_str_is(as_k8s_entity_group(entity), "security.istio.io");
}

/* The ports at which plain text is refused: all, without those that portLevelMtls opens. */
static const as_ports *strict_ports(as_cluster *c, const as_value *spec, bool strict)
{
    as_port_space *space = c->space.ports;
    const as_value *levels = get(spec, "portLevelMtls");
    const as_ports *all = strict ? as_ports_protocol(space, AS_PROTOCOL_TCP) : as_ports_none(space);
    for (size_t i = 0; levels != NULL && levels->kind == AS_OBJECT && i < levels->as.object->n;
            i++) {
        const as_member *m = &levels->as.object->members[i];
        as_str mode = as_value_str(get(m->value, "mode"));
        int64_t n;
        if (!as_str_to_int(m->key, &n) || n < 1 || n > 65535) {
            continue;
        }
        const as_ports *one = as_ports_range(space, AS_PROTOCOL_TCP, (uint32_t)n, (uint32_t)n);
        if (as_str_is(mode, "STRICT")) {
            all = as_ports_union(space, all, one);
        } else if (as_str_is(mode, "PERMISSIVE") || as_str_is(mode, "DISABLE")) {
            all = as_ports_subtract(space, all, one);
        }
    }
    return all;
}

/* Peers without a proxy of the mesh, who speak plain text. */
static as_pod_set *plain_peers(as_cluster *c)
{
    as_pod_set *out = as_pod_set_new(c->arena, c->endpoints.n);
    out->reason = AS_STR("whether the peer is in the mesh is not known");
    for (size_t i = 0; i < c->endpoints.n; i++) {
        as_pod_set_add(out, i, as_truth_not(as_istio_in_mesh(c, &c->endpoints.items[i])));
    }
    return out;
}

static bool inherits(const as_entity *setting)
{
    as_str mode = as_value_str(as_value_path(setting->raw, "spec.mtls.mode"));
    return (mode.n == 0 || as_str_is(mode, "UNSET")) &&
           as_value_is_null(as_value_path(setting->raw, "spec.portLevelMtls"));
}

/* By endpoint, the setting that counts for it; NULL: none. */
static const as_entity **settings_by_endpoint(const as_cluster *c)
{
    const as_entity **best = AS_NEW_ARRAY(c->arena, const as_entity *, c->endpoints.n);
    int *level = AS_NEW_ARRAY(c->arena, int, c->endpoints.n);
    for (size_t i = 0; i < c->objects.n; i++) {
        const as_entity *entity = c->objects.items[i];
        if (!is_peer_authentication(entity) || inherits(entity)) {
            continue;
        }
        const as_value *labels = as_value_path(entity->raw, "spec.selector.matchLabels");
        for (size_t e = 0; e < c->endpoints.n; e++) {
            int own = specificity(c, entity, labels, &c->endpoints.items[e]);
            if (own > level[e]) {
                level[e] = own;
                best[e] = entity;
            }
        }
    }
    return best;
}

void as_istio_read_peer_authentications(as_cluster *c)
{
    const as_pod_set *plain = NULL;
    const as_entity **settings = settings_by_endpoint(c);
    for (size_t i = 0; i < c->objects.n; i++) {
        const as_entity *entity = c->objects.items[i];
        if (!is_peer_authentication(entity)) {
            continue;
        }
        const as_value *spec = get(entity->raw, "spec");
        as_str mode = as_value_str(as_value_path(spec, "mtls.mode"));
        const as_ports *ports = strict_ports(c, spec, as_str_is(mode, "STRICT"));
        as_pod_set *subject = as_pod_set_new(c->arena, c->endpoints.n);
        for (size_t e = 0; e < c->endpoints.n; e++) {
            const as_endpoint *endpoint = &c->endpoints.items[e];
            if (!endpoint->is_virtual && !as_ports_is_empty(ports) && settings[e] == entity) {
                as_pod_set_add(subject, e, as_istio_in_mesh(c, endpoint));
            }
        }
        if (as_pod_set_is_empty(subject)) {
            continue;
        }
        plain = plain != NULL ? plain : plain_peers(c);
        as_policy *policy = as_cluster_policy(c,
                as_cluster_tier(
                        c, AS_LAYER_MESH, "peer authentication", TIER_AUTHENTICATION, false),
                entity);
        as_policy_rule rule = {.action = AS_RULE_DENY,
                .pods = plain,
                .outside = c->anywhere,
                .ports.fixed = ports,
                .note = AS_STR("for peers without mutual TLS"),
                .span = entity->head};
        subject->reason = AS_STR("whether the workload is in the mesh is not known");
        policy->subject = subject;
        policy->governs[AS_INGRESS] = true;
        AS_VEC_PUSH(c->arena, &policy->rules[AS_INGRESS], rule);
    }
}
