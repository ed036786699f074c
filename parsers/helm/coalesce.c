#include "parsers/helm/coalesce.h"

#include "engine/base/limits.h"

static const as_str GLOBAL = AS_STR_INIT("global");

/* A table without the members that are null, at any depth. */
static as_helm_table *without_nulls(as_arena *arena, const as_helm_table *table)
{
    as_helm_table *out = as_helm_table_new(arena);
    out->span = table->span;
    for (size_t i = 0; i < table->map.n; i++) {
        as_helm_node *node = table->map.entries[i].value;
        if (!node || as_helm_node_is_null(node))
            continue;
        as_helm_node *copy = as_helm_table_slot(arena, out, table->map.entries[i].key);
        *copy = *node;
        if (as_helm_node_is_table(node))
            as_helm_node_set_table(copy, without_nulls(arena, as_helm_node_table(arena, copy)));
    }
    return out;
}

void as_helm_coalesce_tables(
        as_arena *arena, as_helm_table *dst, as_helm_table *src, bool keep_nulls)
{
    for (size_t i = 0; i < src->map.n; i++) {
        as_str key = src->map.entries[i].key;
        as_helm_node *from = src->map.entries[i].value;
        if (!from)
            continue;
        as_helm_node *to = as_helm_table_get(dst, key);
        if (!to) {
            as_helm_node_table(arena, from);
            *as_helm_table_slot(arena, dst, key) = *from;
        } else if (as_helm_node_is_null(to)) {
            /* The user's null takes a default away; a null over nothing stays. */
            if (!keep_nulls && !as_helm_node_is_null(from))
                as_helm_table_delete(arena, dst, key);
            as_helm_node_set(from, as_value_null(arena, AS_SPAN_NONE));
        } else if (as_helm_node_is_table(to) && as_helm_node_is_table(from)) {
            as_helm_coalesce_tables(arena, as_helm_node_table(arena, to),
                    as_helm_node_table(arena, from), keep_nulls);
        }
    }
    for (size_t i = 0; i < dst->map.n; i++) {
        as_str key = dst->map.entries[i].key;
        as_helm_node *to = dst->map.entries[i].value;
        if (to && as_helm_node_is_null(to) && !as_helm_table_get(src, key)) {
            (void)as_helm_table_slot(arena, src, key);
        }
    }
}

static bool names_subchart(const as_helm_chart *chart, as_str key)
{
    for (size_t i = 0; i < chart->subcharts.n; i++)
        if (as_str_eq(chart->subcharts.items[i]->name, key))
            return true;
    return false;
}

/* The chart's own values beneath `values`. */
static void coalesce_own(
        as_arena *arena, const as_helm_chart *chart, as_helm_table *values, bool keep_nulls)
{
    as_helm_table *own = as_helm_table_from(arena, chart->values);
    for (size_t i = 0; i < own->map.n; i++) {
        as_str key = own->map.entries[i].key;
        as_helm_node *from = own->map.entries[i].value;
        as_helm_node *to = as_helm_table_get(values, key);
        if (!to) {
            if (!keep_nulls && as_helm_node_is_null(from))
                continue;
            if (!keep_nulls && as_helm_node_is_table(from))
                as_helm_node_set_table(from, without_nulls(arena, as_helm_node_table(arena, from)));
            *as_helm_table_slot(arena, values, key) = *from;
        } else if (as_helm_node_is_null(to)) {
            if (!keep_nulls)
                as_helm_table_delete(arena, values, key);
        } else if (as_helm_node_is_table(to) && as_helm_node_is_table(from)) {
            /* Nulls for a subchart are kept until the subchart itself is coalesced. */
            bool keep = keep_nulls || names_subchart(chart, key);
            as_helm_table *src = as_helm_node_table(arena, from);
            as_helm_coalesce_tables(arena, as_helm_node_table(arena, to),
                    keep ? src : without_nulls(arena, src), keep);
        }
    }
}

/* A new table with the same nodes: what lies below is shared, as after Go's maps.Copy. */
static as_helm_table *shallow_copy(as_arena *arena, as_helm_table *table)
{
    as_helm_table *copy = as_helm_table_new(arena);
    copy->span = table->span;
    for (size_t i = 0; i < table->map.n; i++) {
        as_helm_node *node = table->map.entries[i].value;
        if (!node)
            continue;
        as_helm_node_table(arena, node);
        *as_helm_table_slot(arena, copy, table->map.entries[i].key) = *node;
    }
    return copy;
}

/* Hands the globals of `from` down to `to`; those of `from` win. */
static void coalesce_globals(as_arena *arena, as_helm_table *to, as_helm_table *from)
{
    as_helm_node *to_node = as_helm_table_get(to, GLOBAL);
    as_helm_node *from_node = as_helm_table_get(from, GLOBAL);
    if ((to_node && !as_helm_node_is_table(to_node)) ||
            (from_node && !as_helm_node_is_table(from_node)))
        return;
    as_helm_table *dst = to_node ? as_helm_node_table(arena, to_node) : as_helm_table_new(arena);
    as_helm_table *src =
            from_node ? as_helm_node_table(arena, from_node) : as_helm_table_new(arena);
    for (size_t i = 0; i < src->map.n; i++) {
        as_str key = src->map.entries[i].key;
        as_helm_node *node = src->map.entries[i].value;
        if (!node)
            continue;
        as_helm_node *old = as_helm_table_get(dst, key);
        if (as_helm_node_is_table(node)) {
            as_helm_table *copy = shallow_copy(arena, as_helm_node_table(arena, node));
            if (old && !as_helm_node_is_table(old))
                continue;
            if (old)
                as_helm_coalesce_tables(arena, copy, as_helm_node_table(arena, old), true);
            as_helm_node *slot = as_helm_table_slot(arena, dst, key);
            slot->key_span = node->key_span;
            as_helm_node_set_table(slot, copy);
        } else if (!old || !as_helm_node_is_table(old)) {
            *as_helm_table_slot(arena, dst, key) = *node;
        }
    }
    as_helm_node_set_table(as_helm_table_slot(arena, to, GLOBAL), dst);
}

bool as_helm_coalesce(as_arena *arena, const as_helm_chart *chart, as_helm_table *values,
        bool keep_nulls, as_str *error)
{
    coalesce_own(arena, chart, values, keep_nulls);
    for (size_t i = 0; i < chart->subcharts.n; i++) {
        const as_helm_chart *sub = chart->subcharts.items[i];
        as_helm_node *node = as_helm_table_get(values, sub->name);
        if (!node) {
            node = as_helm_table_slot(arena, values, sub->name);
            as_helm_node_set_table(node, as_helm_table_new(arena));
        } else if (!as_helm_node_is_table(node)) {
            *error = as_str_fmt(arena,
                    "type mismatch on %.*s: the values of a subchart must be "
                    "a table",
                    AS_STR_ARG(sub->name));
            return false;
        }
        as_helm_table *sub_values = as_helm_node_table(arena, node);
        coalesce_globals(arena, sub_values, values);
        if (!as_helm_coalesce(arena, sub, sub_values, keep_nulls, error))
            return false;
    }
    return true;
}

const as_value *as_helm_merge_maps(as_arena *arena, const as_value *a, const as_value *b)
{
    if (!as_value_is(a, AS_OBJECT) || as_value_count(a) == 0)
        return b;
    if (!as_value_is(b, AS_OBJECT) || as_value_count(b) == 0)
        return a;
    as_object_builder out;
    as_object_begin(&out, arena);
    for (size_t i = 0; i < a->as.object->n; i++) {
        as_member m = a->as.object->members[i];
        const as_member *over = as_value_member(b, m.key);
        if (over) {
            m.key_span = over->key_span;
            m.value = as_value_is(m.value, AS_OBJECT) && as_value_is(over->value, AS_OBJECT)
                              ? as_helm_merge_maps(arena, m.value, over->value)
                              : over->value;
        }
        as_object_add(&out, m.key, m.key_span, m.value);
    }
    for (size_t i = 0; i < b->as.object->n; i++) {
        const as_member *m = &b->as.object->members[i];
        if (!as_value_member(a, m->key))
            as_object_add(&out, m->key, m->key_span, m->value);
    }
    return as_object_end(&out, a->span);
}

as_helm_node *as_helm_table_path(as_arena *arena, as_helm_table *table, as_str path)
{
    as_helm_node *node = NULL;
    as_str part;
    size_t depth = 0;
    while (as_str_split(&path, '.', &part)) {
        if (node)
            table = as_helm_node_table(arena, node);
        node = table && depth++ < AS_MAX_DEPTH ? as_helm_table_get(table, part) : NULL;
        if (!node)
            return NULL;
    }
    return node;
}
