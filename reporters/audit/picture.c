#include "reporters/audit/picture.h"

#include <stdlib.h>

#include "engine/base/vec.h"

typedef struct candidate {
    as_picture_node node;
    uint32_t id;
    int weight; /* how much it is wanted */
} candidate;

/* What only stands around resources says nothing of what reaches what. */
static bool is_drawn(const as_entity *entity)
{
    if (as_str_starts(entity->kind, "terraform."))
        return as_str_is(entity->kind, "terraform.resource");
    return !as_str_starts(entity->kind, "secret.");
}

static void count_failures(const as_report *report, candidate *by_id)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if (f->status != AS_FAIL || !f->entity || f->entity->id == 0)
            continue;
        as_picture_node *node = &by_id[f->entity->id].node;
        node->n_failed++;
        if (f->severity > node->worst)
            node->worst = f->severity;
    }
}

static int weight_of(const as_graph *graph, const candidate *by_id, uint32_t id)
{
    size_t n_from, n_to;
    const as_edge *const *from = as_graph_edges_from(graph, id, &n_from);
    const as_edge *const *to = as_graph_edges_to(graph, id, &n_to);
    int worst = (int)by_id[id].node.worst * 2;

    if (n_from + n_to == 0)
        return 0;
    for (size_t i = 0; i < n_from && i < 100; i++)
        if ((int)by_id[from[i]->to].node.worst * 2 - 1 > worst)
            worst = (int)by_id[from[i]->to].node.worst * 2 - 1;
    for (size_t i = 0; i < n_to && i < 100; i++)
        if ((int)by_id[to[i]->from].node.worst * 2 - 1 > worst)
            worst = (int)by_id[to[i]->from].node.worst * 2 - 1;
    return worst + 1;
}

static int by_weight(const void *a, const void *b)
{
    const candidate *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static int by_graph(const void *a, const void *b)
{
    const candidate *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

as_picture as_picture_of(as_arena *arena, const as_report *report)
{
    const as_graph *graph = report->graph;
    as_picture picture = {0};
    size_t n = graph ? as_graph_count(graph) : 0, n_chosen = 0;

    if (n == 0)
        return picture;
    candidate *by_id = AS_NEW_ARRAY(arena, candidate, n + 1);
    candidate *chosen = AS_NEW_ARRAY(arena, candidate, n);
    uint32_t *place = AS_NEW_ARRAY(arena, uint32_t, n + 1); /* 1 + index of the node */
    count_failures(report, by_id);
    for (uint32_t id = 1; id <= n; id++) {
        by_id[id].node.entity = as_graph_get(graph, id);
        by_id[id].id = id;
        by_id[id].weight = is_drawn(by_id[id].node.entity) ? weight_of(graph, by_id, id) : 0;
        if (by_id[id].weight > 0)
            chosen[n_chosen++] = by_id[id];
    }
    if (n_chosen > AS_PICTURE_NODES) {
        qsort(chosen, n_chosen, sizeof *chosen, by_weight);
        picture.n_left_out = n_chosen - AS_PICTURE_NODES;
        n_chosen = AS_PICTURE_NODES;
        qsort(chosen, n_chosen, sizeof *chosen, by_graph);
    }
    as_picture_node *nodes = AS_NEW_ARRAY(arena, as_picture_node, n_chosen);
    for (size_t i = 0; i < n_chosen; i++) {
        nodes[i] = chosen[i].node;
        place[chosen[i].id] = (uint32_t)i + 1;
    }
    AS_VEC(as_picture_link) links = {0};
    for (size_t i = 0; i < n_chosen; i++) {
        size_t n_edges;
        const as_edge *const *edges = as_graph_edges_from(graph, chosen[i].id, &n_edges);
        for (size_t k = 0; k < n_edges && links.n < AS_PICTURE_LINKS; k++)
            if (place[edges[k]->to] > 0)
                AS_VEC_PUSH(arena, &links,
                        (as_picture_link){(uint32_t)i, place[edges[k]->to] - 1, edges[k]->type,
                                edges[k]->label});
    }
    picture.nodes = nodes;
    picture.n_nodes = n_chosen;
    picture.links = links.items;
    picture.n_links = links.n;
    return picture;
}
