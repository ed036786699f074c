/* Bindings of Google Cloud in code and in what was collected: one live binding holds all members
 * that have a role on a resource under a condition, many resources of Terraform may each add to it.
 *
 * They have no name of their own. Resource, role and condition say which one is meant; the resource
 * by its name, or by the live thing that the code it refers to has made. */
#include "engine/graph/internal.h"
#include "engine/schema/schema.h"

typedef struct granting {
    as_graph *graph;
    const as_entity **made; /* by id of code: the live thing that it declares */
    as_map live;            /* kind → as_entity_list of bindings */
} granting;

static bool is_live_binding(const as_entity *e)
{
    return e->schema != NULL && e->origin == AS_ORIGIN_LIVE && as_str_starts(e->type, "google_") &&
           as_str_ends(e->type, "_iam_binding");
}

static bool is_code_binding(const as_entity *e)
{
    return e->schema != NULL && e->origin <= AS_ORIGIN_STATE && as_str_starts(e->type, "google_") &&
           (as_str_ends(e->type, "_iam_member") || as_str_ends(e->type, "_iam_binding") ||
                   as_str_ends(e->type, "_iam_policy"));
}

static as_str last_step(as_str path)
{
    return as_str_from_index(path, as_str_rfind_char(path, '/') + 1);
}

/* "bucket": the attribute of a live binding that names what it is on. */
static const as_member *owner_of(const as_entity *live)
{
    for (size_t i = 0; i < live->raw->as.object->n; i++) {
        const as_member *m = &live->raw->as.object->members[i];
        if (!as_str_is(m->key, "role") && !as_str_is(m->key, "members") &&
                !as_str_is(m->key, "condition")) {
            return m;
        }
    }
    return NULL;
}

/* "//storage.googleapis.com/files" before "#roles/…" */
static bool is_on(const as_entity *binding, as_str resource)
{
    return resource.n > 0 && binding->address.n > resource.n &&
           binding->address.p[resource.n] == '#' &&
           as_str_eq(as_str_slice(binding->address, 0, resource.n), resource);
}

static bool same_owner(granting *g, const as_entity *code, const as_entity *live)
{
    const as_member *owner = owner_of(live);
    const as_value *v = owner == NULL ? NULL : as_value_get(code->raw, owner->key);
    size_t n;
    if (owner == NULL) {
        return false;
    }
    if (v == NULL || v->kind == AS_NULL) {
        return as_str_is(owner->key, "project") &&
               as_str_eq(code->account, as_value_str(owner->value));
    }
    const as_entity *const *targets = as_graph_targets(g->graph, g->graph->arena, code, v, &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *made = g->made[targets[i]->id];
        if (made != NULL && is_on(live, made->address)) {
            return true;
        }
    }
    as_str name = as_value_str(v), there = as_value_str(owner->value);
    bool whole = as_str_contains(name, "/") && as_str_contains(there, "/");
    bool elsewhere =
            code->account.n > 0 && live->account.n > 0 && !as_str_eq(code->account, live->account);
    return name.n > 0 && (whole ? as_str_ieq(name, there)
                                : as_str_ieq(last_step(name), last_step(there)) &&
                                                 (!elsewhere || as_str_is(owner->key, "bucket") ||
                                                         as_str_is(owner->key, "project")));
}

static as_str text_of(granting *g, const as_entity *e, const char *path)
{
    return as_value_str(as_place_walk(g->graph->arena, e->raw, as_str_from(path)).value);
}

static bool same_grant(granting *g, const as_entity *code, const as_entity *live)
{
    if (as_str_ends(code->type, "_iam_policy")) {
        return same_owner(g, code, live);
    }
    as_str role = text_of(g, code, "role");
    return role.n > 0 && as_str_eq(role, text_of(g, live, "role")) &&
           as_str_eq(text_of(g, code, "condition.expression"),
                   text_of(g, live, "condition.expression")) &&
           same_owner(g, code, live);
}

void as_graph_link_grants(as_graph *graph)
{
    granting g = {.graph = graph};
    size_t n = graph->entities.n, n_live = 0;
    for (size_t i = 0; i < n; i++) {
        const as_entity *e = graph->entities.items[i];
        if (is_live_binding(e)) {
            as_graph_index_put(graph, &g.live, e->kind, e);
            n_live++;
        }
    }
    if (n_live == 0) {
        return;
    }
    g.made = AS_NEW_ARRAY(graph->arena, const as_entity *, n + 1);
    for (size_t i = 0; i < graph->edges.n; i++) {
        const as_edge *edge = &graph->edges.items[i];
        if (edge->type == AS_EDGE_declares) {
            g.made[edge->from] = graph->entities.items[edge->to - 1];
        }
    }
    for (size_t i = 0; i < n; i++) {
        const as_entity *code = graph->entities.items[i];
        const as_entity_list *list = is_code_binding(code) ? as_map_get(&g.live, code->kind) : NULL;
        for (size_t k = 0; list != NULL && k < list->n; k++) {
            if (same_grant(&g, code, list->items[k])) {
                as_graph_add_edge(
                        graph, AS_EDGE_declares, code, list->items[k], code->head, AS_STR("role"));
            }
        }
    }
}
