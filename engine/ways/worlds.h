/* Identities of all worlds and the ways between them: clusters, clouds, and what joins them.
 *
 * The models are read at once; the ways are searched when they are asked for. */
#ifndef AS_WAYS_WORLDS_H
#define AS_WAYS_WORLDS_H

#include "engine/gcpiam/ways.h"
#include "engine/iam/account.h"
#include "engine/rbac/ways.h"

typedef struct as_worlds {
    const as_graph *graph;
    const as_rbac_clusters *clusters;
    const as_gcp_worlds *clouds;
    const as_iam_accounts *accounts;
} as_worlds;

/* `accounts` are those of the graph. */
const as_worlds *as_worlds_of(
        as_arena *arena, const as_graph *graph, const as_iam_accounts *accounts);

/* All ways, searched. Lives in `arena`. */
const as_ways *as_worlds_ways(as_arena *arena, const as_worlds *worlds);
/* The same, made once for a scan; NULL when memory ran out. Thread-safe. */
const as_ways *as_worlds_ways_shared(const as_graph *graph);
/* The node of an entity (a service account, a role …); 0: none. */
uint32_t as_worlds_node_of(const as_graph *graph, const as_entity *entity);

#endif
