/* Sidecar. Spec: Istio's reference, "Sidecar": `egress.hosts` is what a proxy is told about; with
 * outboundTrafficPolicy REGISTRY_ONLY it refuses everything else. With the default, ALLOW_ANY, a
 * Sidecar closes nothing. */
#include "engine/reach/istio.h"

#include <stdio.h>

#include "engine/reach/service.h"

enum { TIER_SIDECAR = 4 };

static const as_value *get(const as_value *v, const char *name)
{
    return as_value_get(v, as_str_from(name));
}

static bool is_sidecar(const as_entity *entity)
{
    return as_str_is(as_k8s_entity_kind(entity), "Sidecar") &&
           as_str_is(as_k8s_entity_group(entity), "networking.istio.io");
}

/* "ns/host", where ns may be "*", "." (its own) or "~" (none), and host may begin with "*". */
static bool names_service(const as_entity *sidecar, as_str host, const as_service *service)
{
    size_t slash = as_str_find_char(host, '/');
    as_str space = as_str_slice(host, 0, slash == (size_t)-1 ? 0 : slash);
    as_str name = slash == (size_t)-1 ? host : as_str_from_index(host, slash + 1);
    if (as_str_is(space, "~")) {
        return false;
    }
    as_str meant = as_str_is(space, ".") ? as_k8s_entity_space(sidecar) : space;
    if (meant.n > 0 && !as_str_is(meant, "*") && !as_str_eq(meant, service->space)) {
        return false;
    }
    if (as_str_is(name, "*")) {
        return true;
    }
    char full[512];
    int n = snprintf(full, sizeof full, "%.*s.%.*s.svc.cluster.local", AS_STR_ARG(service->name),
            AS_STR_ARG(service->space));
    as_str text = {full, n > 0 && (size_t)n < sizeof full ? (size_t)n : 0};
    if (as_str_starts(name, "*")) {
        as_str suffix = as_str_from_index(name, 1);
        return text.n >= suffix.n && as_str_eq(as_str_from_index(text, text.n - suffix.n), suffix);
    }
    return as_str_eq(name, text);
}

static bool has_service_entry(const as_cluster *c)
{
    for (size_t i = 0; i < c->objects.n; i++) {
        if (as_str_is(as_k8s_entity_kind(c->objects.items[i]), "ServiceEntry")) {
            return true;
        }
    }
    return false;
}

static void add_service(as_cluster *c, as_service *service, as_pod_set *pods)
{
    const as_selection *selected = as_service_pods(c, service);
    const as_value *labels = as_value_get(service->spec, AS_STR("selector"));
    if (pods->reason.n == 0 && as_value_is_unknown(labels)) {
        pods->reason = as_value_doubt(labels);
    }
    for (size_t i = 0; i < selected->n; i++) {
        const as_selected *one = &selected->items[i];
        as_pod_set_add(pods, one->endpoint, one->truth);
        if (pods->reason.n == 0 && one->truth == AS_MAYBE) {
            pods->reason = as_value_doubt(c->endpoints.items[one->endpoint].labels);
        }
    }
}

static void read_hosts(as_cluster *c, const as_services *services, as_policy *policy)
{
    const as_value *listeners = as_value_path(policy->entity->raw, "spec.egress");
    bool unlisted = as_value_count(listeners) == 0; /* no egress section: everything is known */
    for (size_t l = 0; l < as_value_list_count(listeners) + unlisted; l++) {
        const as_value *hosts = get(as_value_index(listeners, l), "hosts");
        as_pod_set *pods = as_pod_set_new(c->arena, c->endpoints.n);
        for (size_t s = 0; s < services->n; s++) {
            bool named = unlisted;
            for (size_t h = 0; h < as_value_list_count(hosts); h++) {
                named |= names_service(policy->entity, as_value_str(as_value_index(hosts, h)),
                        &services->items[s]);
            }
            if (named) {
                add_service(c, &services->items[s], pods);
            }
        }
        const as_value *listener = as_value_index(listeners, l);
        as_policy_rule rule = {.action = AS_RULE_ALLOW,
                .pods = pods,
                .outside_perhaps = has_service_entry(c) ? c->anywhere : as_addresses_none(),
                .ports.fixed = c->universe,
                .unsure = as_value_doubt(hosts),
                .span = listener != NULL ? listener->span : policy->entity->head};
        AS_VEC_PUSH(c->arena, &policy->rules[AS_EGRESS], rule);
    }
}

static int specificity(as_cluster *c, const as_entity *sidecar, const as_endpoint *e)
{
    const as_value *labels = as_value_path(sidecar->raw, "spec.workloadSelector.labels");
    bool own = as_str_eq(as_k8s_entity_space(sidecar), e->space);
    if (as_value_count(labels) > 0) {
        as_selector selector = as_selector_from_map(c->arena, labels);
        return own && as_selector_match(&selector, e->labels) == AS_YES ? 3 : 0;
    }
    return own ? 2 : as_str_is(as_k8s_entity_space(sidecar), "istio-system") ? 1 : 0;
}

/* By endpoint, the Sidecar that counts for it; NULL: none. */
static const as_entity **sidecars_by_endpoint(as_cluster *c)
{
    const as_entity **best = AS_NEW_ARRAY(c->arena, const as_entity *, c->endpoints.n);
    int *level = AS_NEW_ARRAY(c->arena, int, c->endpoints.n);
    for (size_t i = 0; i < c->objects.n; i++) {
        for (size_t e = 0; is_sidecar(c->objects.items[i]) && e < c->endpoints.n; e++) {
            int own = specificity(c, c->objects.items[i], &c->endpoints.items[e]);
            if (own > level[e]) {
                level[e] = own;
                best[e] = c->objects.items[i];
            }
        }
    }
    return best;
}

void as_istio_read_sidecars(as_cluster *c)
{
    bool read = false;
    const as_entity **sidecars = sidecars_by_endpoint(c);
    as_services services = {0};
    for (size_t i = 0; i < c->objects.n; i++) {
        const as_entity *entity = c->objects.items[i];
        as_str mode = as_value_str(as_value_path(entity->raw, "spec.outboundTrafficPolicy.mode"));
        if (!is_sidecar(entity) || !as_str_is(mode, "REGISTRY_ONLY")) {
            continue;
        }
        as_pod_set *subject = as_pod_set_new(c->arena, c->endpoints.n);
        for (size_t e = 0; e < c->endpoints.n; e++) {
            const as_endpoint *endpoint = &c->endpoints.items[e];
            if (!endpoint->is_virtual && sidecars[e] == entity) {
                as_pod_set_add(subject, e, as_istio_in_mesh(c, endpoint));
            }
        }
        if (as_pod_set_is_empty(subject)) {
            continue;
        }
        if (!read) {
            services = as_services_read(c);
            read = true;
        }
        as_policy *policy = as_cluster_policy(
                c, as_cluster_tier(c, AS_LAYER_MESH, "sidecar", TIER_SIDECAR, true), entity);
        subject->reason = AS_STR("whether the workload is in the mesh is not known");
        policy->subject = subject;
        policy->governs[AS_EGRESS] = true;
        read_hosts(c, &services, policy);
    }
}
