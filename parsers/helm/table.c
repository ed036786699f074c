#include "parsers/helm/table.h"

as_helm_table *as_helm_table_new(as_arena *arena)
{
    return AS_NEW(arena, as_helm_table);
}

as_helm_node *as_helm_table_get(const as_helm_table *table, as_str key)
{
    return as_map_get(&table->map, key);
}

as_helm_node *as_helm_table_slot(as_arena *arena, as_helm_table *table, as_str key)
{
    as_helm_node *node = as_map_get(&table->map, key);
    if (!node) {
        node = AS_NEW(arena, as_helm_node);
        node->value = as_value_null(arena, AS_SPAN_NONE);
        as_map_put(arena, &table->map, key, node);
        table->n++;
    }
    return node;
}

void as_helm_table_delete(as_arena *arena, as_helm_table *table, as_str key)
{
    if (as_map_get(&table->map, key)) {
        as_map_put(arena, &table->map, key, NULL);
        table->n--;
    }
}

as_helm_table *as_helm_table_from(as_arena *arena, const as_value *object)
{
    as_helm_table *table = as_helm_table_new(arena);
    if (!as_value_is(object, AS_OBJECT))
        return table;
    table->span = object->span;
    const as_object *o = object->as.object;
    as_helm_node *nodes = AS_NEW_ARRAY(arena, as_helm_node, o->n);
    for (size_t i = 0; i < o->n; i++) {
        nodes[i] = (as_helm_node){.value = o->members[i].value, .key_span = o->members[i].key_span};
        as_map_put(arena, &table->map, o->members[i].key, &nodes[i]);
    }
    table->n = o->n;
    return table;
}

bool as_helm_node_is_null(const as_helm_node *node)
{
    return !node->table && !node->list && as_value_is_null(node->value);
}

bool as_helm_node_is_table(const as_helm_node *node)
{
    return node->table || as_value_is(node->value, AS_OBJECT);
}

as_helm_table *as_helm_node_table(as_arena *arena, as_helm_node *node)
{
    if (!node->table && as_value_is(node->value, AS_OBJECT))
        as_helm_node_set_table(node, as_helm_table_from(arena, node->value));
    return node->table;
}

as_helm_list *as_helm_node_list(as_arena *arena, as_helm_node *node)
{
    if (!node->list && as_value_is(node->value, AS_LIST)) {
        node->list = AS_NEW(arena, as_helm_list);
        node->list->span = node->value->span;
        for (size_t i = 0; i < node->value->as.list.n; i++)
            AS_VEC_PUSH(arena, &node->list->items,
                    (as_helm_node){.value = node->value->as.list.items[i]});
        node->value = NULL;
    }
    return node->list;
}

void as_helm_node_set(as_helm_node *node, const as_value *value)
{
    node->value = value;
    node->table = NULL;
    node->list = NULL;
}

void as_helm_node_set_table(as_helm_node *node, as_helm_table *table)
{
    node->value = NULL;
    node->table = table;
    node->list = NULL;
}

/* --- freezing --------------------------------------------------------------------------------- */

/* Tables already frozen in this run, by address. Chart values are at most AS_MAX_DEPTH deep: the
 * YAML parser and the set parser bound them, and merging never deepens. */
typedef struct freezer {
    as_arena *arena;
    as_map done;
} freezer;

static const as_value *freeze_node(freezer *f, const as_helm_node *node);

static const as_value *freeze_table(freezer *f, const as_helm_table *table)
{
    as_str address = as_str_dup(f->arena, (as_str){(const char *)&table, sizeof table});
    void *known = as_map_get(&f->done, address);
    if (known)
        return known;
    as_object_builder b;
    as_object_begin(&b, f->arena);
    for (size_t i = 0; i < table->map.n; i++) {
        const as_helm_node *node = table->map.entries[i].value;
        if (node)
            as_object_add(&b, table->map.entries[i].key, node->key_span, freeze_node(f, node));
    }
    const as_value *v = as_object_end(&b, table->span);
    as_map_put(f->arena, &f->done, address, as_value_copy(f->arena, v));
    return as_map_get(&f->done, address);
}

static const as_value *freeze_node(freezer *f, const as_helm_node *node)
{
    if (node->table)
        return freeze_table(f, node->table);
    if (!node->list)
        return node->value;
    as_list_builder b;
    as_list_begin(&b, f->arena);
    for (size_t i = 0; i < node->list->items.n; i++)
        as_list_add(&b, freeze_node(f, &node->list->items.items[i]));
    return as_list_end(&b, node->list->span);
}

const as_value *as_helm_table_freeze(as_arena *arena, const as_helm_table *table)
{
    freezer f = {.arena = arena};
    return freeze_table(&f, table);
}
