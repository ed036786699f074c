#include "engine/ways/worlds.h"

#include "engine/graph/derived.h"
#include "engine/iam/view.h"
#include "engine/ways/joins.h"

const as_worlds *as_worlds_of(
        as_arena *arena, const as_graph *graph, const as_iam_accounts *accounts)
{
    as_worlds *worlds = AS_NEW(arena, as_worlds);
    worlds->graph = graph;
    worlds->clusters = as_rbac_clusters_of(arena, graph);
    worlds->clouds = as_gcp_worlds_of(arena, graph);
    worlds->accounts = accounts;
    return worlds;
}

int as_ways_cluster_of(const as_joining *j, const as_unit *unit)
{
    for (size_t i = 0; i < j->worlds->clusters->list.n; i++) {
        if (j->worlds->clusters->list.items[i]->unit == unit) {
            return (int)i;
        }
    }
    return -1;
}

const as_ways *as_worlds_ways(as_arena *arena, const as_worlds *worlds)
{
    as_ways *ways = as_ways_new(arena);
    size_t n_clusters = worlds->clusters->list.n, n_clouds = worlds->clouds->list.n;
    as_rbac_nodes *clusters = AS_NEW_ARRAY(arena, as_rbac_nodes, n_clusters);
    as_gcp_nodes *clouds = AS_NEW_ARRAY(arena, as_gcp_nodes, n_clouds);
    for (size_t i = 0; i < n_clusters; i++) {
        clusters[i] = as_rbac_ways_add(ways, arena, worlds->clusters->list.items[i]);
    }
    for (size_t i = 0; i < n_clouds; i++) {
        clouds[i] = as_gcp_ways_add(ways, arena, worlds->clouds->list.items[i]);
    }
    as_joining joining = {arena, ways, worlds, clusters, clouds};
    if (worlds->accounts != NULL) {
        as_ways_join_aws(&joining);
    }
    as_ways_join_gcp(&joining);
    as_ways_search(ways);
    return ways;
}

static const void *make_ways(as_arena *arena, const as_graph *graph)
{
    const as_iam_accounts *accounts = as_iam_accounts_shared(graph);
    return as_worlds_ways(arena, as_worlds_of(arena, graph, accounts));
}

const as_ways *as_worlds_ways_shared(const as_graph *graph)
{
    return as_graph_derived(graph, make_ways);
}

/* --- nodes by entity -----------------------------------------------------------------------------
 */

typedef struct node_index {
    uint32_t *by_id; /* by the id of the entity */
    size_t n;
} node_index;

static const void *make_index(as_arena *arena, const as_graph *graph)
{
    const as_ways *ways = as_worlds_ways_shared(graph);
    node_index *index = AS_NEW(arena, node_index);
    index->n = as_graph_count(graph) + 1;
    index->by_id = AS_NEW_ARRAY(arena, uint32_t, index->n);
    for (uint32_t i = 1; ways != NULL && i <= as_ways_count(ways); i++) {
        const as_way_node *node = as_ways_node(ways, i);
        bool identity = node->kind == AS_WAY_IDENTITY || node->kind == AS_WAY_HELPER;
        if (identity && node->entity != NULL && node->entity->id < index->n &&
                index->by_id[node->entity->id] == 0) {
            index->by_id[node->entity->id] = i;
        }
    }
    return index;
}

uint32_t as_worlds_node_of(const as_graph *graph, const as_entity *entity)
{
    const node_index *index = as_graph_derived(graph, make_index);
    return index == NULL || entity->id >= index->n ? 0 : index->by_id[entity->id];
}
