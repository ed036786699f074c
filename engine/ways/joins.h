/* Where one world leads to another: tokens of service accounts, access to clusters, nodes. Private
 * to worlds.c. */
#ifndef AS_WAYS_JOINS_H
#define AS_WAYS_JOINS_H

#include "engine/ways/worlds.h"

typedef struct as_joining {
    as_arena *arena;
    as_ways *ways;
    const as_worlds *worlds;
    const as_rbac_nodes *clusters; /* as worlds->clusters */
    const as_gcp_nodes *clouds;    /* as worlds->clouds */
} as_joining;

/* IAM roles for service accounts, Pod Identity, access entries, aws-auth, nodes of EKS. */
void as_ways_join_aws(as_joining *j);
/* Workload Identity, permissions on clusters and nodes of GKE. */
void as_ways_join_gcp(as_joining *j);
/* The one cluster whose objects the unit declares, or -1. */
int as_ways_cluster_of(const as_joining *j, const as_unit *unit);

#endif
