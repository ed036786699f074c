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
