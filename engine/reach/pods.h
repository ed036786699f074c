/* Pods in the network of a cloud. What a pod sends leaves by its node's interfaces: on EKS under
 * the node's security groups, on GKE under rules for the node's tags and service account. So both
 * must let a connection out: the policies of the cluster, and the cloud for a group of nodes.
 *
 * Which nodes pods run on is known where the scan has one managed cluster; else it is not. */
#ifndef AS_REACH_PODS_H
#define AS_REACH_PODS_H

#include "engine/reach/answer.h"
#include "engine/reach/cloud.h"

/* A cluster that is judged. */
typedef struct as_pods {
    const as_cluster *cluster;
    as_filter *filter;
    const as_exposures *exposures;
    uint32_t endpoint; /* that sends */
} as_pods;

/* Whether it is a cluster that a provider manages, and whether pods run on it: a group of nodes, or
 * a Fargate profile. */
bool as_pods_is_cluster(const as_entity *entity);
bool as_pods_is_host(const as_entity *entity);
/* Whether pods are known to run in that cloud: the scan has one managed cluster, and it is there.
 */
bool as_pods_run_in(const as_cloud *clouds, size_t n_clouds, const as_cloud *cloud);
/* Whether pods of one network policy may differ there: by security groups of their own, or by where
 * they run. */
bool as_pods_differ(const as_cluster *cluster, const as_cloud *cloud);
/* From a pod to a node of a cloud, or (`to` not a node) to addresses by that cloud. `asked` is of
 * the cloud's space; NULL: every port. */
as_cloud_answer as_pods_ask(const as_pods *from, const as_cloud *clouds, size_t n_clouds,
        const as_cloud *cloud, const as_cloud_side *to, const as_ports *asked);

#endif
