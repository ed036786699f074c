/* Joining what parsers found: names, references, satellites, edges.
 *
 *   1. names: what each entity is called elsewhere (schema's id attributes) is indexed;
 *   2. references: every value that refers to another resource becomes an edge;
 *   3. satellites: resources that configure another one are bound to it; those whose owner is not
 *      known are remembered, so that absence is not taken for proven;
 *   4. the schema's typed edges;
 *   5. edges are grouped by their ends. */
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/graph/relate.h"
#include "engine/schema/schema.h"

typedef struct linker {
    as_graph *graph;
    as_map owners; /* satellite type → owner_list */
} linker;

typedef struct owner {
    const as_entity_schema *schema;
    uint32_t satellite;
} owner;
typedef AS_VEC(owner) owner_list;

/* Google names one thing by its path ("projects/p/global/networks/n"), by that path at one of its
 * hosts
 * ("https://www.googleapis.com/compute/v1/projects/…"), and with the service before it ("//…"): the
 * path is the name. https://cloud.google.com/apis/design/resource_names */
static as_str bare_name(as_str name)
{
    if (!as_str_starts(name, "https://") && !as_str_starts(name, "//")) {
        return name;
    }
    size_t path = as_str_find(name, AS_STR("/projects/"));
    bool google = as_str_contains(name, "googleapis.com/") && path < name.n;
    return google ? as_str_from_index(name, path + 1) : name;
}

/* An estate may hold many accounts whose things have the same names; an ARN is one thing
 * everywhere. */
static as_str name_key(as_arena *arena, const as_entity *from, as_str name)
{
    bool own = from->origin == AS_ORIGIN_LIVE && !as_str_starts(name, "arn:");
    return as_graph_key(arena, from->unit, bare_name(name), own ? from->account : AS_STR(""));
}

static void index_names(as_graph *graph, const as_entity *entity)
{
    /* What an account holds is named by its ARN, whatever members its answer has. */
    if (entity->origin == AS_ORIGIN_LIVE && as_str_starts(entity->address, "arn:")) {
        as_graph_index_put(
                graph, &graph->by_name, name_key(graph->arena, entity, entity->address), entity);
    }
    for (size_t i = 0; entity->schema != NULL && i < entity->schema->ids.n; i++) {
        char path[128];
        as_str id = entity->schema->ids.items[i];
        if (id.n >= sizeof path) {
            continue;
        }
        memcpy(path, id.p, id.n);
        path[id.n] = '\0';
        as_str name = as_value_str(as_value_path(entity->raw, path));
        if (name.n > 0) {
            as_graph_index_put(
                    graph, &graph->by_name, name_key(graph->arena, entity, name), entity);
        }
    }
}

/* --- values to entities ------------------------------------------------------------------------
 */

static bool holds(const as_entity_list *list, const as_entity *entity)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i] == entity) {
            return true;
        }
    }
    return false;
}

static void add_all(as_arena *arena, as_entity_list *found, const as_entity *const *items, size_t n,
        const as_entity *self)
{
    for (size_t i = 0; i < n; i++) {
        if (items[i] != self && !holds(found, items[i])) {
            AS_VEC_PUSH(arena, found, items[i]);
        }
    }
}

static void add_referred(const as_graph *graph, as_arena *arena, const as_entity *from,
        const as_ref *ref, as_entity_list *found)
{
    size_t n;
    const as_entity *const *items = as_graph_by_address(graph, arena, from->unit, ref->address, &n);
    if (n == 0) {
        /* Indexed by something unknown, or one instance stands for all. */
        items = as_graph_by_address(
                graph, arena, from->unit, as_graph_base_address(ref->address), &n);
    }
    add_all(arena, found, items, n, from);
}

static void add_named(const as_graph *graph, as_arena *arena, const as_entity *from, as_str name,
        as_entity_list *found)
{
    const as_entity_list *list = as_map_get(&graph->by_name, name_key(arena, from, name));
    if (list != NULL) {
        add_all(arena, found, list->items, list->n, from);
    }
}

static void add_targets(const as_graph *graph, as_arena *arena, const as_entity *from,
        const as_value *v, as_entity_list *found, int depth)
{
    if (v == NULL || depth > AS_MAX_DEPTH) {
        return;
    }
    for (const as_ref *ref = as_value_refs(v); ref != NULL; ref = ref->next) {
        add_referred(graph, arena, from, ref, found);
    }
    if (v->kind == AS_STRING) {
        add_named(graph, arena, from, v->as.str, found);
    }
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++) {
        add_targets(graph, arena, from, v->as.list.items[i], found, depth + 1);
    }
}

const as_entity *const *as_graph_targets(
        const as_graph *graph, as_arena *arena, const as_entity *from, const as_value *v, size_t *n)
{
    as_entity_list found = {0};
    add_targets(graph, arena, from, v, &found, 0);
    *n = found.n;
    return found.items;
}

/* --- references --------------------------------------------------------------------------------
 */

static void link_references(as_graph *graph, as_edge_type type, const as_entity *from,
        const as_value *v, as_str label, int depth)
{
    if (v == NULL || depth > AS_MAX_DEPTH) {
        return;
    }
    for (const as_ref *ref = as_value_refs(v); ref != NULL; ref = ref->next) {
        as_entity_list found = {0};
        add_referred(graph, graph->arena, from, ref, &found);
        for (size_t i = 0; i < found.n; i++) {
            as_graph_add_edge(graph, type, from, found.items[i], v->span, label);
        }
    }
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++) {
        link_references(graph, type, from, v->as.list.items[i], label, depth + 1);
    }
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        link_references(graph, type, from, m->value, depth == 0 ? m->key : label, depth + 1);
    }
}

/* --- satellites --------------------------------------------------------------------------------
 */

static void collect_owners(linker *link)
{
    size_t n_kinds;
    const as_entity_schema *kinds = as_schema_all(&n_kinds);
    as_arena *arena = link->graph->arena;
    for (size_t k = 0; k < n_kinds; k++) {
        for (uint32_t s = 0; s < kinds[k].n_satellites; s++) {
            const as_satellite *satellite = &kinds[k].satellites[s];
            for (size_t t = 0; t < satellite->types.n; t++) {
                owner_list *list = as_map_get(&link->owners, satellite->types.items[t]);
                if (list == NULL) {
                    list = AS_NEW(arena, owner_list);
                    as_map_put(arena, &link->owners, satellite->types.items[t], list);
                }
                AS_VEC_PUSH(arena, list, (owner){&kinds[k], s});
            }
        }
    }
}

/* Whether the entity is one thing in the scan, so that what refers to it belongs to nothing else. A
 * data source may stand for any resource of the scan, a variable or an output for anything. */
static bool is_settled(const as_entity *entity)
{
    bool part = as_str_starts(entity->kind, "terraform.") &&
                !as_str_is(entity->kind, "terraform.resource");
    return !part && !as_str_starts(entity->type, "data.");
}

static void bind_satellite(linker *link, const as_entity *entity)
{
    as_graph *graph = link->graph;
    const owner_list *owners = as_map_get(&link->owners, entity->type);
    for (size_t i = 0; owners != NULL && i < owners->n; i++) {
        const owner *o = &owners->items[i];
        as_reading by =
                as_place_walk(graph->arena, entity->raw, o->schema->satellites[o->satellite].by);
        as_entity_list found = {0};
        add_targets(graph, graph->arena, entity, by.value, &found, 0);
        bool bound = false;
        for (size_t f = 0; f < found.n; f++) {
            if (found.items[f]->schema == o->schema) {
                AS_VEC_PUSH(graph->arena, &graph->bindings,
                        (as_binding){found.items[f]->id, o->satellite, entity});
            }
            bound = bound || is_settled(found.items[f]);
        }
        if (!bound && as_value_is_unknown(by.value)) {
            union {
                const as_entity *in;
                void *out;
            } mark = {.in = entity};
            as_map_put(graph->arena, &graph->unsure,
                    as_graph_key(graph->arena, entity->unit, entity->type, AS_STR("")), mark.out);
        }
    }
}

static int compare_bindings(const void *a, const void *b)
{
    const as_binding *x = a, *y = b;
    if (x->owner != y->owner) {
        return x->owner < y->owner ? -1 : 1;
    }
    if (x->satellite != y->satellite) {
        return x->satellite < y->satellite ? -1 : 1;
    }
    return (x->entity->id > y->entity->id) - (x->entity->id < y->entity->id);
}

static void finish_bindings(as_graph *graph)
{
    size_t n = graph->bindings.n;
    if (n == 0) {
        return;
    }
    qsort(graph->bindings.items, n, sizeof *graph->bindings.items, compare_bindings);
    graph->bound = AS_NEW_ARRAY(graph->arena, const as_entity *, n);
    for (size_t i = 0; i < n; i++) {
        const as_binding *b = &graph->bindings.items[i];
        graph->bound[i] = b->entity;
        as_graph_add_edge(graph, AS_EDGE_attached_to, b->entity,
                graph->entities.items[b->owner - 1], b->entity->head, AS_STR(""));
    }
}

/* --- typed edges -------------------------------------------------------------------------------
 */

/* Of Kubernetes objects the kinds at the other end are given; other sources name by value alone. */
static as_entity_list edge_targets(as_relations *relations, as_graph *graph,
        const as_entity *entity, const as_edge_rule *rule, const as_value *v)
{
    as_entity_list found = {0};
    if (rule->to.n > 0 && !as_str_is(as_schema_source(entity), "tf")) {
        as_relations_find(relations, entity, rule, v, &found);
    } else if (rule->match == AS_MATCH_NAME) {
        add_targets(graph, graph->arena, entity, v, &found, 0);
    }
    return found;
}

static void link_schema_edges(as_relations *relations, as_graph *graph, const as_entity *entity)
{
    for (size_t i = 0; entity->schema != NULL && i < entity->schema->n_edges; i++) {
        const as_edge_rule *rule = &entity->schema->edges[i];
        as_reading reading =
                as_field_find(graph, graph->arena, entity, rule->sources, rule->n_sources);
        as_entity_list found = edge_targets(relations, graph, entity, rule, reading.value);
        for (size_t f = 0; f < found.n; f++) {
            const as_entity *from = rule->reverse ? found.items[f] : entity;
            const as_entity *to = rule->reverse ? entity : found.items[f];
            as_graph_add_edge(graph, rule->type, from, to, reading.value->span, AS_STR(""));
        }
    }
}

/* Groups pointers to edges by one end, keeping their order (counting sort). */
static void group_edges(as_graph *graph, bool by_from, const as_edge ***out, uint32_t **out_start)
{
    size_t n = graph->entities.n;
    uint32_t *start = AS_NEW_ARRAY(graph->arena, uint32_t, n + 2);
    const as_edge **grouped = AS_NEW_ARRAY(graph->arena, const as_edge *, graph->edges.n);
    for (size_t i = 0; i < graph->edges.n; i++) {
        const as_edge *e = &graph->edges.items[i];
        start[(by_from ? e->from : e->to) + 1]++;
    }
    for (size_t i = 1; i < n + 2; i++) {
        start[i] += start[i - 1];
    }
    /* start[id] is now where the edges of `id` begin; filling moves it to where they end, which is
     * where those of id + 1 begin: afterwards start[id - 1] … start[id] is the range of id. */
    for (size_t i = 0; i < graph->edges.n; i++) {
        const as_edge *e = &graph->edges.items[i];
        grouped[start[by_from ? e->from : e->to]++] = e;
    }
    *out = grouped;
    *out_start = start;
}

void as_graph_link(as_graph *graph)
{
    linker link = {.graph = graph};
    collect_owners(&link);
    for (size_t i = 0; i < graph->entities.n; i++) {
        index_names(graph, graph->entities.items[i]);
    }
    for (size_t i = 0; i < graph->entities.n; i++) {
        const as_entity *entity = graph->entities.items[i];
        link_references(graph, AS_EDGE_references, entity, entity->raw, AS_STR(""), 0);
        link_references(graph, AS_EDGE_depends_on, entity,
                as_value_get(entity->extra, AS_STR("depends_on")), AS_STR(""), 1);
        bind_satellite(&link, entity);
    }
    finish_bindings(graph);
    as_relations relations = {.graph = graph};
    for (size_t i = 0; i < graph->entities.n; i++) {
        link_schema_edges(&relations, graph, graph->entities.items[i]);
    }
    graph->is_cut = relations.is_cut;
    as_graph_link_pipelines(graph);
    as_graph_link_declarations(graph);
    group_edges(graph, true, &graph->from, &graph->from_start);
    group_edges(graph, false, &graph->to, &graph->to_start);
}
