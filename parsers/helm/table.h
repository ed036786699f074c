/* Chart values while they are being merged: trees that change in place.
 *
 * Helm merges values in Go maps, and its results depend on which maps are shared (a table of
 * `global` two levels down is the same map in a chart and its subcharts). So a table is a mutable
 * object, referred to by pointer; what nobody has changed yet stays the immutable as_value. */
#ifndef AS_HELM_TABLE_H
#define AS_HELM_TABLE_H

#include "engine/base/map.h"
#include "engine/base/vec.h"
#include "engine/value/value.h"

typedef struct as_helm_table as_helm_table;
typedef struct as_helm_list as_helm_list;

/* A value: frozen, or opened for change. Exactly one pointer is set. */
typedef struct as_helm_node {
    const as_value *value;
    as_helm_table *table;
    as_helm_list *list;
    as_span key_span;
} as_helm_node;

struct as_helm_table {
    as_map map; /* key → as_helm_node *; NULL marks a deleted key */
    size_t n;   /* keys that are there */
    as_span span;
};

struct as_helm_list {
    AS_VEC(as_helm_node) items;
    as_span span;
};

as_helm_table *as_helm_table_new(as_arena *arena);
/* One level of an object; NULL or another kind gives an empty table. */
as_helm_table *as_helm_table_from(as_arena *arena, const as_value *object);
as_helm_node *as_helm_table_get(const as_helm_table *table, as_str key); /* NULL when absent */
/* The key's node, made (as null) when absent. */
as_helm_node *as_helm_table_slot(as_arena *arena, as_helm_table *table, as_str key);
void as_helm_table_delete(as_arena *arena, as_helm_table *table, as_str key);

bool as_helm_node_is_null(const as_helm_node *node);
bool as_helm_node_is_table(const as_helm_node *node);
/* The node's table, opened if it was frozen; NULL when it is none. */
as_helm_table *as_helm_node_table(as_arena *arena, as_helm_node *node);
/* The node's list, opened; NULL when it is none. */
as_helm_list *as_helm_node_list(as_arena *arena, as_helm_node *node);
void as_helm_node_set(as_helm_node *node, const as_value *value);
void as_helm_node_set_table(as_helm_node *node, as_helm_table *table);

/* Immutable again. A table that is referred to twice gives the same as_value twice. */
const as_value *as_helm_table_freeze(as_arena *arena, const as_helm_table *table);

#endif
