/* OVN-Kubernetes' user-defined networks: k8s.ovn.org UserDefinedNetwork (of a namespace) and
 * ClusterUserDefinedNetwork (of the namespaces that a selector finds). Spec: the OVN-Kubernetes
 * documentation, "User Defined Networks": as the primary network of a namespace, which its label
 * k8s.ovn.org/primary-user-defined-network must ask for, it takes the place of the pod network, and
 * pods of different primary networks cannot reach one another. Policies hold within it. */
#include "engine/reach/udn.h"

#define LABEL "k8s.ovn.org/primary-user-defined-network"

static bool is_primary(const as_value *network)
{
    static const char *const paths[] = {"layer2.role", "layer3.role"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (as_str_is(as_value_str(as_value_path(network, paths[i])), "Primary")) {
            return true;
        }
    }
    return false;
}

static void assign(as_namespace *ns, as_str network, bool own)
{
    bool asks = as_value_get(ns->labels, AS_STR(LABEL)) != NULL;
    if (asks || !ns->complete) {
        ns->network = network;
        ns->network_is_own = own;
        ns->network_unsure = !asks; /* the label may be there, outside the scan */
    }
}

void as_udn_read(as_cluster *cluster)
{
    for (size_t i = 0; i < cluster->objects.n; i++) {
        const as_entity *e = cluster->objects.items[i];
        as_str kind = as_k8s_entity_kind(e);
        if (!as_str_is(as_k8s_entity_group(e), "k8s.ovn.org")) {
            continue;
        }
        const as_value *spec = as_value_get(e->raw, AS_STR("spec"));
        if (as_str_is(kind, "UserDefinedNetwork") && is_primary(spec)) {
            as_namespace *ns = as_cluster_namespace(cluster, as_k8s_entity_space(e));
            assign(ns,
                    as_str_fmt(cluster->arena, "UserDefinedNetwork %.*s/%.*s", AS_STR_ARG(ns->name),
                            AS_STR_ARG(e->name)),
                    true);
        } else if (as_str_is(kind, "ClusterUserDefinedNetwork") &&
                   is_primary(as_value_get(spec, AS_STR("network")))) {
            as_selector selector = as_selector_from_value(
                    cluster->arena, as_value_get(spec, AS_STR("namespaceSelector")));
            as_str name = as_str_fmt(
                    cluster->arena, "ClusterUserDefinedNetwork %.*s", AS_STR_ARG(e->name));
            for (size_t n = 0; n < cluster->namespaces.n; n++) {
                as_namespace *ns = &cluster->namespaces.items[n];
                as_truth truth = as_namespace_match(ns, &selector);
                if (truth != AS_NO) {
                    assign(ns, name, false);
                    ns->network_unsure |= truth == AS_MAYBE;
                }
            }
        }
    }
}

as_truth as_udn_joins(const as_cluster *cluster, const as_endpoint *a, const as_endpoint *b)
{
    const as_namespace *x = &cluster->namespaces.items[a->in_namespace];
    const as_namespace *y = &cluster->namespaces.items[b->in_namespace];
    if (a->is_virtual || b->is_virtual || x == y || as_str_eq(x->network, y->network)) {
        return x->network_unsure != y->network_unsure && x != y && !a->is_virtual && !b->is_virtual
                       ? AS_MAYBE
                       : AS_YES;
    }
    return x->network_unsure || y->network_unsure ? AS_MAYBE : AS_NO;
}
