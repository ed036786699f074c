/* Kinds of policy that nothing here reads. They may close what the others open, so that nothing is
 * certain about the pods that they may select: those of their namespace, or all. */
#include "engine/reach/cluster.h"

void as_read_unjudged(as_cluster *cluster, const as_entity *entity)
{
    as_str kind = as_k8s_entity_kind(entity);
    as_tier *tier = as_cluster_tier(cluster, AS_LAYER_POLICY, "not judged", -1, true);
    as_policy *policy = as_cluster_policy(cluster, tier, entity);
    bool everywhere = as_str_starts(kind, "Cluster") || as_str_contains(kind, "Clusterwide");
    policy->governs[AS_INGRESS] = policy->governs[AS_EGRESS] = true;
    policy->subject = everywhere
                              ? cluster->everyone
                              : as_cluster_select(cluster, as_k8s_entity_space(entity), NULL, NULL);
    as_policy_doubt(cluster, policy,
            as_str_fmt(cluster->arena, "policies of kind %.*s are not judged", AS_STR_ARG(kind)));
    as_cluster_problem(cluster, entity, NULL, "policies of this kind are not judged");
}

void as_read_declared(as_cluster *cluster)
{
    static const char *const types[] = {
            "kubernetes_network_policy", "kubernetes_network_policy_v1"};
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        size_t n;
        const as_entity *const *all = as_graph_of_type(cluster->graph, as_str_from(types[t]), &n);
        for (size_t i = 0; cluster->endpoints.n > 0 && i < n; i++) {
            as_tier *tier = as_cluster_tier(cluster, AS_LAYER_POLICY, "not judged", -1, true);
            as_policy *policy = as_cluster_policy(cluster, tier, all[i]);
            const as_value *meta = as_value_get(all[i]->raw, AS_STR("metadata"));
            meta = as_value_is(meta, AS_LIST) ? as_value_index(meta, 0) : meta;
            const as_value *space = as_value_get(meta, AS_STR("namespace"));
            as_str name = as_value_is_null(space) ? AS_STR("default") : as_value_str(space);
            policy->governs[AS_INGRESS] = policy->governs[AS_EGRESS] = true;
            policy->subject =
                    name.n == 0 ? cluster->everyone : as_cluster_select(cluster, name, NULL, NULL);
            as_policy_doubt(cluster, policy,
                    AS_STR("a policy that Terraform declares in its own form is not judged"));
        }
    }
}
