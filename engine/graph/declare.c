/* Code and the live thing that it made: `declares` edges from resources of Terraform
 * (configuration, plan, state) to what an account holds.
 *
 * Both sides are of one kind. An ARN or an id decides; a name does where one thing alone has it,
 * after region and account are compared as far as both sides tell them. What configuration does not know, a state of the same scan
 * remembers under the same address. */
#include "engine/graph/internal.h"
#include "engine/schema/schema.h"

typedef struct declaring {
    as_graph *graph;
    as_map live;       /* kind and name → as_entity_list */
    as_map remembered; /* address → what a state joins it to */
} declaring;

static bool is_code(const as_entity *e)
{
    return e->schema != NULL && e->origin <= AS_ORIGIN_STATE;
}

static bool is_cloud(const as_entity *e)
{
    return e->schema != NULL && e->origin == AS_ORIGIN_LIVE &&
           as_str_find_char(e->type, '/') == (size_t)-1;
}

static as_str key_of(const declaring *d, const as_entity *e, as_str name)
{
    return as_str_fmt(d->graph->arena, "%.*s\t%.*s", AS_STR_ARG(e->kind), AS_STR_ARG(name));
}

static as_str attribute(const declaring *d, const as_entity *e, as_str path)
{
    return as_value_str(as_place_walk(d->graph->arena, e->raw, path).value);
}

static void index_name(declaring *d, const as_entity *e, as_str name)
{
    if (name.n == 0) {
        return;
    }
    as_str key = key_of(d, e, name);
    const as_entity_list *known = as_map_get(&d->live, key);
    if (known == NULL || known->items[known->n - 1] != e) {
        as_graph_index_put(d->graph, &d->live, key, e);
    }
}

static void index_live(declaring *d, const as_entity *e)
{
    index_name(d, e, e->address);
    index_name(d, e, e->name);
    for (size_t i = 0; i < e->schema->ids.n; i++) {
        index_name(d, e, attribute(d, e, e->schema->ids.items[i]));
    }
}

/* What either side does not tell does not tell them apart. */
static bool same_place(const as_entity *a, const as_entity *b)
{
    bool region = a->region.n == 0 || b->region.n == 0 || as_str_eq(a->region, b->region);
    bool account = a->account.n == 0 || b->account.n == 0 || as_str_eq(a->account, b->account);
    return region && account;
}

/* The one live thing of that name, or NULL. */
static const as_entity *named(declaring *d, const as_entity *code, as_str name)
{
    const as_entity_list *list = name.n == 0 ? NULL : as_map_get(&d->live, key_of(d, code, name));
    const as_entity *found = NULL;
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        if (same_place(code, list->items[i])) {
            if (found != NULL) {
                return NULL;
            }
            found = list->items[i];
        }
    }
    return found;
}

typedef struct memory {
    const as_entity *live;
    bool several;
} memory;

static void remember(declaring *d, const as_entity *state, const as_entity *live)
{
    memory *known = as_map_get(&d->remembered, state->address);
    if (known == NULL) {
        known = AS_NEW(d->graph->arena, memory);
        *known = (memory){.live = live};
        as_map_put(d->graph->arena, &d->remembered, state->address, known);
    }
    known->several = known->several || known->live != live;
}

static const as_entity *recall(const declaring *d, const as_entity *code)
{
    const memory *known = as_map_get(&d->remembered, code->address);
    return known == NULL || known->several || code->origin == AS_ORIGIN_STATE ||
                           known->live->schema != code->schema
                   ? NULL
                   : known->live;
}

static void declare(declaring *d, const as_entity *code)
{
    static const char *const sure[] = {"arn", "id"};
    as_str path = AS_STR("");
    const as_entity *live = NULL;
    for (size_t i = 0; i < sizeof sure / sizeof *sure && live == NULL; i++) {
        path = as_str_from(sure[i]);
        live = named(d, code, attribute(d, code, path));
    }
    for (size_t i = 0; i < code->schema->ids.n && live == NULL; i++) {
        path = code->schema->ids.items[i];
        live = named(d, code, attribute(d, code, path));
    }
    if (live != NULL) {
        const as_value *by = as_place_walk(d->graph->arena, code->raw, path).value;
        as_graph_add_edge(d->graph, AS_EDGE_declares, code, live, by->span, path);
        if (code->origin == AS_ORIGIN_STATE) {
            remember(d, code, live);
        }
    } else if ((live = recall(d, code)) != NULL) {
        as_graph_add_edge(d->graph, AS_EDGE_declares, code, live, code->head, AS_STR(""));
    }
}

void as_graph_link_declarations(as_graph *graph)
{
    declaring d = {.graph = graph};
    size_t n = graph->entities.n, n_live = 0, n_code = 0;
    for (size_t i = 0; i < n; i++) {
        n_live += is_cloud(graph->entities.items[i]);
        n_code += is_code(graph->entities.items[i]);
    }
    if (n_live == 0 || n_code == 0) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (is_cloud(graph->entities.items[i])) {
            index_live(&d, graph->entities.items[i]);
        }
    }
    for (int states = 1; states >= 0; states--) {
        for (size_t i = 0; i < n; i++) {
            const as_entity *e = graph->entities.items[i];
            if (is_code(e) && (e->origin == AS_ORIGIN_STATE) == (states == 1)) {
                declare(&d, e);
            }
        }
    }
}
