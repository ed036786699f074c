#include "engine/graph/graph.h"

#include <stdio.h>

#include "engine/graph/internal.h"
#include "engine/schema/schema.h"

static const as_entity *const NO_ENTITIES[1] = {NULL};
static const as_edge *const NO_EDGES[1] = {NULL};

const char *as_origin_name(as_origin origin)
{
    static const char *const names[AS_N_ORIGINS] = {
            [AS_ORIGIN_TERRAFORM] = "terraform",
            [AS_ORIGIN_PLAN] = "plan",
            [AS_ORIGIN_STATE] = "state",
            [AS_ORIGIN_HELM] = "helm",
            [AS_ORIGIN_KUSTOMIZE] = "kustomize",
            [AS_ORIGIN_MANIFEST] = "manifest",
            [AS_ORIGIN_LIVE] = "live",
            [AS_ORIGIN_WORKFLOW] = "workflow",
            [AS_ORIGIN_FILE] = "file",
    };
    return names[origin];
}

const char *as_edge_name(as_edge_type type)
{
    static const char *const names[] = {
#define AS_EDGE(name) #name,
#include "engine/graph/edges.def"
    };
    return names[type];
}

as_graph *as_graph_new(as_arena *arena)
{
    as_graph *graph = AS_NEW(arena, as_graph);
    graph->arena = arena;
    graph->derivations = as_derivations_new(arena);
    return graph;
}

enum { KEY_PARTS = 3, MAX_TYPE_KEY = 300 };

static size_t key_size(const as_str parts[KEY_PARTS])
{
    return parts[0].n + parts[1].n + parts[2].n + KEY_PARTS;
}

/* By hand: there are several lookups for each entity. */
static as_str write_key(char *out, const as_str parts[KEY_PARTS])
{
    char *at = out;
    for (size_t i = 0; i < KEY_PARTS; i++) {
        if (parts[i].n > 0) {
            memcpy(at, parts[i].p, parts[i].n);
        }
        at += parts[i].n;
        *at++ = '|';
    }
    return (as_str){out, (size_t)(at - out)};
}

static as_str key_of(as_arena *arena, as_str a, as_str b, as_str c)
{
    const as_str parts[KEY_PARTS] = {a, b, c};
    return write_key(as_arena_alloc(arena, key_size(parts)), parts);
}

as_str as_graph_key(as_arena *arena, const as_unit *unit, as_str a, as_str b)
{
    uint32_t id = unit == NULL ? 0 : unit->id;
    return key_of(arena, (as_str){(const char *)&id, sizeof id}, a, b);
}

void as_graph_index_put(as_graph *graph, as_map *map, as_str key, const as_entity *entity)
{
    struct { /* most keys are of one entity: its place comes with the list */
        as_entity_list list;
        const as_entity *first;
    } * fresh;
    as_entity_list *list = as_map_get(map, key);
    if (list == NULL) {
        fresh = as_arena_alloc(graph->arena, sizeof *fresh);
        list = &fresh->list;
        list->items = &fresh->first;
        list->cap = 1;
        as_map_put(graph->arena, map, key, list);
    }
    AS_VEC_PUSH(graph->arena, list, entity);
}

as_str as_graph_base_address(as_str address)
{
    if (!as_str_ends(address, "]")) {
        return address;
    }
    /* An index key may hold brackets and dots itself: aws_x.y["a[0].b"]. */
    bool quoted = false;
    for (size_t i = address.n - 1; i > 0; i--) {
        char c = address.p[i - 1];
        if (c == '"' && (i < 2 || address.p[i - 2] != '\\')) {
            quoted = !quoted;
        } else if (c == '[' && !quoted) {
            return as_str_slice(address, 0, i - 1);
        }
    }
    return address;
}

as_entity *as_graph_add(as_graph *graph, const as_resource *resource)
{
    as_entity *entity = AS_NEW(graph->arena, as_entity);
    *entity = *resource;
    AS_VEC_PUSH(graph->arena, &graph->entities, entity);
    entity->id = (uint32_t)graph->entities.n;
    entity->schema = as_schema_of_type(entity->type);
    if (entity->schema != NULL) {
        entity->kind = entity->schema->kind;
    } else if (entity->kind.n == 0) {
        bool manifest = as_str_find_char(entity->type, '/') != (size_t)-1;
        entity->kind = manifest ? AS_STR("k8s.object") : AS_STR("terraform.resource");
    }
    as_graph_index_put(graph, &graph->by_kind, entity->kind, entity);
    as_graph_index_put(graph, &graph->by_type, entity->type, entity);
    as_graph_index_put(graph, &graph->by_place,
            key_of(graph->arena, entity->kind, entity->space, entity->name), entity);
    as_str address = as_graph_key(graph->arena, entity->unit, entity->address, AS_STR(""));
    as_graph_index_put(graph, &graph->by_address, address, entity);
    as_str base = as_graph_base_address(entity->address);
    if (base.n != entity->address.n) {
        as_graph_index_put(graph, &graph->by_address,
                as_graph_key(graph->arena, entity->unit, base, AS_STR("")), entity);
    }
    return entity;
}

void as_graph_add_edge(as_graph *graph, as_edge_type type, const as_entity *from,
        const as_entity *to, as_span span, as_str label)
{
    AS_VEC_PUSH(graph->arena, &graph->edges, (as_edge){type, from->id, to->id, span, label});
}

size_t as_graph_count(const as_graph *graph)
{
    return graph->entities.n;
}

const as_entity *as_graph_get(const as_graph *graph, uint32_t id)
{
    return id == 0 || id > graph->entities.n ? NULL : graph->entities.items[id - 1];
}

static const as_entity *const *listed(const as_map *map, as_str key, size_t *n)
{
    const as_entity_list *list = as_map_get(map, key);
    *n = list == NULL ? 0 : list->n;
    return list == NULL ? NO_ENTITIES : list->items;
}

const as_entity *const *as_graph_of_kind(const as_graph *graph, as_str kind, size_t *n)
{
    return listed(&graph->by_kind, kind, n);
}

const as_entity *const *as_graph_of_type(const as_graph *graph, as_str type, size_t *n)
{
    return listed(&graph->by_type, type, n);
}

const as_entity *const *as_graph_at(
        const as_graph *graph, as_arena *arena, as_str kind, as_str space, as_str name, size_t *n)
{
    return listed(&graph->by_place, key_of(arena, kind, space, name), n);
}

const as_entity *const *as_graph_by_address(
        const as_graph *graph, as_arena *arena, const as_unit *unit, as_str address, size_t *n)
{
    return listed(&graph->by_address, as_graph_key(arena, unit, address, AS_STR("")), n);
}

static const as_edge *const *edges_of(
        const as_edge *const *edges, const uint32_t *start, uint32_t id, size_t *n)
{
    if (start == NULL || id == 0) {
        *n = 0;
        return NO_EDGES;
    }
    *n = start[id] - start[id - 1];
    return edges + start[id - 1];
}

const as_edge *const *as_graph_edges_from(const as_graph *graph, uint32_t id, size_t *n)
{
    return edges_of(graph->from, graph->from_start, id, n);
}

const as_edge *const *as_graph_edges_to(const as_graph *graph, uint32_t id, size_t *n)
{
    return edges_of(graph->to, graph->to_start, id, n);
}

bool as_graph_is_cut(const as_graph *graph)
{
    return graph->is_cut;
}

size_t as_graph_n_edges(const as_graph *graph)
{
    return graph->edges.n;
}

/* Index of the first binding at or after (owner, satellite). */
static size_t first_binding(const as_graph *graph, uint32_t owner, uint32_t satellite)
{
    size_t low = 0, high = graph->bindings.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const as_binding *b = &graph->bindings.items[middle];
        if (b->owner < owner || (b->owner == owner && b->satellite < satellite)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const as_entity *const *as_graph_satellites(
        const as_graph *graph, const as_entity *owner, as_str name, size_t *n, bool *unsure)
{
    *n = 0;
    for (uint32_t i = 0; owner->schema != NULL && i < owner->schema->n_satellites; i++) {
        const as_satellite *satellite = &owner->schema->satellites[i];
        if (!as_str_eq(satellite->name, name)) {
            continue;
        }
        size_t at = first_binding(graph, owner->id, i);
        *n = first_binding(graph, owner->id, i + 1) - at;
        for (size_t t = 0; unsure != NULL && *n == 0 && t < satellite->types.n; t++) {
            char key[MAX_TYPE_KEY]; /* the types of the schema are short */
            uint32_t id = owner->unit == NULL ? 0 : owner->unit->id;
            const as_str parts[KEY_PARTS] = {
                    {(const char *)&id, sizeof id}, satellite->types.items[t], AS_STR("")};
            *unsure = *unsure || (key_size(parts) <= sizeof key &&
                                         as_map_has(&graph->unsure, write_key(key, parts)));
        }
        return graph->bound == NULL ? NO_ENTITIES : graph->bound + at;
    }
    return NO_ENTITIES;
}
