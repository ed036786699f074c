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

/* All ways, searched, and which nodes there are. */
typedef struct as_found_ways {
    const as_worlds *worlds;
    const as_ways *ways;
    const as_rbac_nodes *clusters; /* as worlds->clusters */
    const as_gcp_nodes *clouds;    /* as worlds->clouds */
} as_found_ways;

/* Lives in `arena`. */
const as_found_ways *as_worlds_search(as_arena *arena, const as_worlds *worlds);
/* The same, made once for a scan; NULL when memory ran out. Thread-safe. */
const as_found_ways *as_worlds_shared(const as_graph *graph);
/* The node of an entity (a service account, a role …); 0: none. */
uint32_t as_worlds_node_of(const as_graph *graph, const as_entity *entity);
/* Identities whose grants an entity (a binding) makes: their nodes, in order. */
const uint32_t *as_worlds_granted_by(const as_graph *graph, const as_entity *binding, size_t *n);

#endif
