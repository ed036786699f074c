#include "engine/ways/worlds.h"

#include "engine/graph/derived.h"

const as_worlds *as_worlds_of(as_arena *arena, const as_graph *graph)
{
    as_worlds *worlds = AS_NEW(arena, as_worlds);
    worlds->graph = graph;
    worlds->clusters = as_rbac_clusters_of(arena, graph);
    worlds->clouds = as_gcp_worlds_of(arena, graph);
    return worlds;
}

const as_ways *as_worlds_ways(as_arena *arena, const as_worlds *worlds)
{
    as_ways *ways = as_ways_new(arena);
    for (size_t i = 0; i < worlds->clusters->list.n; i++) {
        (void)as_rbac_ways_add(ways, arena, worlds->clusters->list.items[i]);
    }
    for (size_t i = 0; i < worlds->clouds->list.n; i++) {
        (void)as_gcp_ways_add(ways, arena, worlds->clouds->list.items[i]);
    }
    as_ways_search(ways);
    return ways;
}

static const void *make_ways(as_arena *arena, const as_graph *graph)
{
    return as_worlds_ways(arena, as_worlds_of(arena, graph));
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
