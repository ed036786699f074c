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
    int found = -1;
    for (size_t i = 0; i < j->worlds->clusters->list.n; i++) {
        if (j->worlds->clusters->list.items[i]->unit == unit) {
            if (found >= 0) {
                return -1;
            }
            found = (int)i;
        }
    }
    return found;
}

/* Whoever administers a cluster makes pods of any account and on any node: where clouds know
 * these, it gets on there ("Privilege escalation via pod creation"). */
static void join_admins(const as_joining *j)
{
    bool clouds = j->worlds->clouds->list.n > 0 ||
                  (j->worlds->accounts != NULL && j->worlds->accounts->list.n > 0);
    for (size_t c = 0; clouds && c < j->worlds->clusters->list.n; c++) {
        const as_rbac_nodes *nodes = &j->clusters[c];
        as_way_edge e = {.from = nodes->admin,
                .to = nodes->any_account,
                .method = AS_STR("create:pods"),
                .action = AS_STR("create pods"),
                .resource = AS_STR("all namespaces"),
                .certain = true};
        as_ways_join(j->ways, &e);
        e.to = nodes->node;
        as_ways_join(j->ways, &e);
    }
}

const as_found_ways *as_worlds_search(as_arena *arena, const as_worlds *worlds)
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
    join_admins(&joining);
    as_ways_search(ways);
    as_found_ways *found = AS_NEW(arena, as_found_ways);
    *found = (as_found_ways){worlds, ways, clusters, clouds};
    return found;
}

static const void *make_ways(as_arena *arena, const as_graph *graph)
{
    const as_iam_accounts *accounts = as_iam_accounts_shared(graph);
    return as_worlds_search(arena, as_worlds_of(arena, graph, accounts));
}

const as_found_ways *as_worlds_shared(const as_graph *graph)
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
    const as_found_ways *found = as_worlds_shared(graph);
    const as_ways *ways = found == NULL ? NULL : found->ways;
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

/* --- nodes by binding ----------------------------------------------------------------------------
 */

typedef AS_VEC(uint32_t) numbers;

typedef struct granted_index {
    numbers *by_id; /* by the id of the binding */
    size_t n;
} granted_index;

static void note_granted(
        as_arena *arena, granted_index *index, const as_entity *binding, uint32_t number)
{
    numbers *list = binding == NULL || binding->id >= index->n ? NULL : &index->by_id[binding->id];
    if (list != NULL && (list->n == 0 || list->items[list->n - 1] != number)) {
        AS_VEC_PUSH(arena, list, number);
    }
}

static const void *make_granted(as_arena *arena, const as_graph *graph)
{
    const as_found_ways *found = as_worlds_shared(graph);
    granted_index *index = AS_NEW(arena, granted_index);
    index->n = as_graph_count(graph) + 1;
    index->by_id = AS_NEW_ARRAY(arena, numbers, index->n);
    for (size_t c = 0; found != NULL && c < found->worlds->clusters->list.n; c++) {
        const as_rbac_cluster *cluster = found->clusters[c].cluster;
        for (size_t i = 0; i < cluster->subjects.n; i++) {
            const as_rbac_subject *s = cluster->subjects.items[i];
            for (size_t k = 0; k < s->own.n; k++) {
                note_granted(
                        arena, index, s->own.items[k]->binding, found->clusters[c].subjects[i]);
            }
        }
    }
    for (size_t w = 0; found != NULL && w < found->worlds->clouds->list.n; w++) {
        const as_gcp_world *world = found->clouds[w].world;
        for (size_t i = 0; i < world->members.n; i++) {
            const as_gcp_member *m = world->members.items[i];
            for (size_t k = 0; k < m->own.n; k++) {
                note_granted(arena, index, m->own.items[k]->binding, found->clouds[w].members[i]);
            }
        }
    }
    return index;
}

const uint32_t *as_worlds_granted_by(const as_graph *graph, const as_entity *binding, size_t *n)
{
    const granted_index *index = as_graph_derived(graph, make_granted);
    bool none = index == NULL || binding->id >= index->n;
    *n = none ? 0 : index->by_id[binding->id].n;
    return none ? NULL : index->by_id[binding->id].items;
}
