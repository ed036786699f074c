/* A cluster's subjects and their ways to more rights, as nodes and edges of engine/ways, by the
 * methods of rules/data/escalation_kubernetes.lua. */
#ifndef AS_RBAC_WAYS_H
#define AS_RBAC_WAYS_H

#include "engine/rbac/cluster.h"
#include "engine/ways/ways.h"

typedef struct as_rbac_nodes {
    const as_rbac_cluster *cluster;
    uint32_t admin;       /* the goal */
    uint32_t node;        /* whoever is root on a node of the cluster */
    uint32_t any_account; /* any service account */
    uint32_t *subjects;   /* by index of the subject: who has its token, or is it */
} as_rbac_nodes;

as_rbac_nodes as_rbac_ways_add(as_ways *ways, as_arena *arena, const as_rbac_cluster *cluster);

#endif
