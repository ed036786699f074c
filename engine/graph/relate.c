#include "engine/graph/relate.h"

#include "engine/base/limits.h"
#include "parsers/kubernetes/selector.h"

/* --- indexes -----------------------------------------------------------------------------------
 */

/* Labels of the pods of a workload, of other objects their own. */
static const as_value *labels_of(const as_graph *graph, const as_entity *entity)
{
    const as_field *template = as_schema_field(entity->schema, AS_STR("template"));
    if (template != NULL) {
        as_reading r = as_field_read(graph, graph->arena, entity, template);
        return as_value_get(r.value, AS_STR("labels"));
    }
    return as_value_path(entity->raw, "metadata.labels");
}

static as_str space_key(as_arena *arena, const as_unit *unit, as_str kind, as_str space)
{
    return as_str_fmt(arena, "%u %.*s %.*s", unit->id, AS_STR_ARG(kind), AS_STR_ARG(space));
}

static as_str label_key(as_arena *arena, as_str space, as_str key, as_str value)
{
    return as_str_fmt(
            arena, "%.*s %.*s=%.*s", AS_STR_ARG(space), AS_STR_ARG(key), AS_STR_ARG(value));
}

static void put(as_arena *arena, as_map *map, as_str key, const as_entity *entity)
{
    as_entity_list *list = as_map_get(map, key);
    if (list == NULL) {
        list = AS_NEW(arena, as_entity_list);
        as_map_put(arena, map, key, list);
    }
    AS_VEC_PUSH(arena, list, entity);
}

static void index_entity(as_relations *r, const as_entity *entity)
{
    as_arena *arena = r->graph->arena;
    as_str space = space_key(arena, entity->unit, entity->kind, entity->space);
    put(arena, &r->by_space, space, entity);
    const as_value *labels = labels_of(r->graph, entity);
    r->labels[entity->id] = labels;
    for (size_t i = 0; as_value_is(labels, AS_OBJECT) && i < labels->as.object->n; i++) {
        const as_member *m = &labels->as.object->members[i];
        if (m->value->kind == AS_STRING) {
            put(arena, &r->by_label, label_key(arena, space, m->key, m->value->as.str), entity);
        }
    }
}

/* The kinds that schemas select by label. */
static void index_all(as_relations *r)
{
    static const char *const kinds[] = {"k8s.workload", "k8s.service", "k8s.namespace"};
    r->indexed = true;
    r->labels = AS_NEW_ARRAY(r->graph->arena, const as_value *, as_graph_count(r->graph) + 1);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t n;
        const as_entity *const *items = as_graph_of_kind(r->graph, as_str_from(kinds[k]), &n);
        for (size_t i = 0; i < n; i++) {
            index_entity(r, items[i]);
        }
    }
}

/* Where names without a namespace are looked up. A custom object that writes none lies in that of
 * the request, which kubectl calls default. */
static as_str space_of(const as_entity *from)
{
    return from->space.n > 0 ? from->space : AS_STR("default");
}

/* --- the ways of naming ------------------------------------------------------------------------
 */

static void add(const as_graph *graph, as_entity_list *found, const as_entity *entity)
{
    for (size_t i = 0; i < found->n; i++) {
        if (found->items[i] == entity) {
            return;
        }
    }
    AS_VEC_PUSH(graph->arena, found, entity);
}

/* Whether the last part of the type is the kind: "rbac.authorization.k8s.io/v1/ClusterRole". */
static bool is_of_kind(const as_entity *entity, as_str kind)
{
    return kind.n == 0 ||
           (entity->type.n > kind.n && entity->type.p[entity->type.n - kind.n - 1] == '/' &&
                   as_str_eq(as_str_from_index(entity->type, entity->type.n - kind.n), kind));
}

/* By name in the namespace, or among what has none. */
static void add_at(as_relations *r, const as_entity *from, const as_edge_rule *rule, as_str space,
        as_str name, as_str object_kind, as_entity_list *found)
{
    const as_str spaces[] = {space, AS_STR("")};
    for (size_t k = 0; name.n > 0 && k < rule->to.n; k++) {
        for (size_t s = 0; s < sizeof spaces / sizeof *spaces; s++) {
            size_t n;
            const as_entity *const *items =
                    as_graph_at(r->graph, r->graph->arena, rule->to.items[k], spaces[s], name, &n);
            for (size_t i = 0, same = 0; i < n && same < AS_MAX_SAME_NAME; i++) {
                if (items[i]->unit == from->unit && items[i] != from &&
                        is_of_kind(items[i], object_kind)) {
                    add(r->graph, found, items[i]);
                    same++;
                }
            }
        }
    }
}

/* {kind, name, namespace}, as in roleRef, subjects, parentRefs, scaleTargetRef. */
static void add_reference(as_relations *r, const as_entity *from, const as_edge_rule *rule,
        const as_value *v, as_entity_list *found)
{
    as_str space = as_value_str(as_value_get(v, AS_STR("namespace")));
    add_at(r, from, rule, space.n > 0 ? space : space_of(from),
            as_value_str(as_value_get(v, AS_STR("name"))),
            as_value_str(as_value_get(v, AS_STR("kind"))), found);
}

/* "web" of the own namespace, "shop/web" of another. */
static void add_name(as_relations *r, const as_entity *from, const as_edge_rule *rule, as_str name,
        as_entity_list *found)
{
    size_t slash = as_str_find_char(name, '/');
    bool alone = slash == (size_t)-1;
    add_at(r, from, rule, alone ? space_of(from) : as_str_slice(name, 0, slash),
            alone ? name : as_str_from_index(name, slash + 1), AS_STR(""), found);
}

/* "web", "web.shop", "web.shop.svc.cluster.local"; hosts outside the cluster find nothing. */
static void add_host(as_relations *r, const as_entity *from, const as_edge_rule *rule, as_str host,
        as_entity_list *found)
{
    size_t dot = as_str_find_char(host, '.');
    if (dot == (size_t)-1) {
        add_at(r, from, rule, space_of(from), host, AS_STR(""), found);
        return;
    }
    as_str rest = as_str_from_index(host, dot + 1);
    size_t next = as_str_find_char(rest, '.');
    if (next != (size_t)-1 && !as_str_starts(as_str_from_index(rest, next + 1), "svc")) {
        return;
    }
    add_at(r, from, rule, next == (size_t)-1 ? rest : as_str_slice(rest, 0, next),
            as_str_slice(host, 0, dot), AS_STR(""), found);
}

/* Those whose labels the selector takes; the shortest list that must hold them all is gone through.
 */
static void add_selected(as_relations *r, const as_entity *from, const as_edge_rule *rule,
        const as_value *v, as_entity_list *found)
{
    as_arena *arena = r->graph->arena;
    as_selector selector = rule->match == AS_MATCH_LABELS ? as_selector_from_map(arena, v)
                                                          : as_selector_from_value(arena, v);
    if (selector.nothing || selector.unknown) {
        return;
    }
    if (!r->indexed) {
        index_all(r);
    }
    for (size_t k = 0; k < rule->to.n; k++) {
        as_str space = space_key(arena, from->unit, rule->to.items[k], space_of(from));
        const as_entity_list *list = as_map_get(&r->by_space, space);
        for (size_t i = 0; i < selector.requirements.n; i++) {
            const as_requirement *q = &selector.requirements.items[i];
            if (q->op == AS_SELECTOR_IN && q->n_values == 1) {
                const as_entity_list *some =
                        as_map_get(&r->by_label, label_key(arena, space, q->key, q->values[0]));
                list = some == NULL || (list != NULL && some->n < list->n) ? some : list;
            }
        }
        for (size_t i = 0; list != NULL && i < list->n; i++) {
            const as_entity *entity = list->items[i];
            if (entity == from || as_selector_match(&selector, r->labels[entity->id]) != AS_YES) {
                continue;
            }
            if (r->n_selected == AS_MAX_SELECTIONS) {
                r->is_cut = true;
                return;
            }
            AS_VEC_PUSH(arena, found, entity); /* each is in the list once */
            r->n_selected++;
        }
    }
}

static void find(as_relations *r, const as_entity *from, const as_edge_rule *rule,
        const as_value *v, as_entity_list *found, int depth)
{
    if (v == NULL || depth > AS_MAX_DEPTH) {
        return;
    }
    if (v->kind == AS_LIST) {
        for (size_t i = 0; i < v->as.list.n; i++) {
            find(r, from, rule, v->as.list.items[i], found, depth + 1);
        }
        return;
    }
    switch (rule->match) {
    case AS_MATCH_NAME:
        add_name(r, from, rule, as_value_str(v), found);
        break;
    case AS_MATCH_REFERENCE:
        add_reference(r, from, rule, v, found);
        break;
    case AS_MATCH_HOST:
        add_host(r, from, rule, as_value_str(v), found);
        break;
    case AS_MATCH_LABELS:
    case AS_MATCH_SELECTOR:
        add_selected(r, from, rule, v, found);
        break;
    }
}

void as_relations_find(as_relations *relations, const as_entity *from, const as_edge_rule *rule,
        const as_value *v, as_entity_list *found)
{
    find(relations, from, rule, v, found, 0);
}
