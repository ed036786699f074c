#include "parsers/helm/dependencies.h"

#include "engine/base/limits.h"
#include "engine/base/semver.h"
#include "parsers/helm/coalesce.h"

typedef struct processor {
    as_arena *arena;
    as_diags *diags;
} processor;

static bool refuse(processor *p, const as_helm_chart *chart, as_str why)
{
    as_diags_add(p->diags, AS_DIAG_ERROR, "helm-dependencies", chart->span,
            "chart dependencies processing failed: %.*s", AS_STR_ARG(why));
    return false;
}

static void warn(processor *p, as_span span, const char *what, as_str which, as_str chart)
{
    as_diags_add(p->diags, AS_DIAG_WARNING, "helm-dependencies", span, "%s: %.*s (chart %.*s)",
            what, AS_STR_ARG(which), AS_STR_ARG(chart));
}

/* A version outside of any range, or a range that cannot be read, is not compatible. */
static bool compatible(as_arena *arena, as_str range, as_str version)
{
    as_semver v;
    bool satisfied;
    as_str error;
    return as_semver_parse(version, &v) == NULL &&
           as_semver_satisfies(arena, range, &v, &satisfied, &error) && satisfied;
}

/* --- enabling --------------------------------------------------------------------------------- */

/* A second copy of the tree: each alias changes its own. Default values are copied too, so that a
 * template that changes them in place changes one chart's only. */
static const as_value *values_copy(as_arena *arena, const as_value *v)
{
    if (as_value_is(v, AS_OBJECT)) {
        as_object_builder b;
        as_object_begin(&b, arena);
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            as_object_add(&b, m->key, m->key_span, values_copy(arena, m->value));
        }
        return as_value_copy(arena, as_object_end(&b, v->span));
    }
    if (as_value_is(v, AS_LIST)) {
        as_list_builder b;
        as_list_begin(&b, arena);
        for (size_t i = 0; i < v->as.list.n; i++) {
            as_list_add(&b, values_copy(arena, v->as.list.items[i]));
        }
        return as_value_copy(arena, as_list_end(&b, v->span));
    }
    return v;
}

static as_helm_chart *chart_copy(as_arena *arena, const as_helm_chart *chart, as_helm_chart *parent)
{
    as_helm_chart *copy = AS_NEW(arena, as_helm_chart);
    *copy = *chart;
    copy->parent = parent;
    copy->values = values_copy(arena, chart->values);
    copy->dependencies = (as_helm_dependencies){0};
    for (size_t i = 0; i < chart->dependencies.n; i++) {
        AS_VEC_PUSH(arena, &copy->dependencies, chart->dependencies.items[i]);
    }
    copy->subcharts = (as_helm_charts){0};
    for (size_t i = 0; i < chart->subcharts.n; i++) {
        AS_VEC_PUSH(arena, &copy->subcharts, chart_copy(arena, chart->subcharts.items[i], copy));
    }
    return copy;
}

/* The subcharts in use: first those that no dependency names, then one for each dependency. */
static void resolve_aliases(processor *p, as_helm_chart *chart)
{
    as_helm_charts out = {0}, all = chart->subcharts;
    as_helm_dependencies *deps = &chart->dependencies;
    for (size_t i = 0; i < all.n; i++) {
        bool named = false;
        for (size_t k = 0; k < deps->n && !named; k++) {
            named = as_str_eq(all.items[i]->name, deps->items[k].name) &&
                    compatible(p->arena, deps->items[k].version, all.items[i]->version);
        }
        if (!named) {
            AS_VEC_PUSH(p->arena, &out, all.items[i]);
        }
    }
    as_map used = {0};
    for (size_t k = 0; k < deps->n; k++) {
        as_helm_dependency *dep = &deps->items[k];
        for (size_t i = 0; i < all.n; i++) {
            if (!as_str_eq(all.items[i]->name, dep->name) ||
                    !compatible(p->arena, dep->version, all.items[i]->version)) {
                continue;
            }
            as_str address = as_str_fmt(p->arena, "%zu", i);
            as_helm_chart *sub = all.items[i];
            if (dep->alias.n || as_map_has(&used, address)) {
                sub = chart_copy(p->arena, sub, chart);
                sub->name = dep->alias.n ? dep->alias : sub->name;
            }
            as_map_put(p->arena, &used, address, sub);
            AS_VEC_PUSH(p->arena, &out, sub);
            break;
        }
        dep->name = dep->alias.n ? dep->alias : dep->name;
        dep->enabled = true;
    }
    chart->subcharts = out;
}

static void apply_tags(processor *p, as_helm_chart *chart, as_helm_table *values)
{
    as_helm_node *node = as_helm_table_get(values, AS_STR("tags"));
    as_helm_table *tags = node ? as_helm_node_table(p->arena, node) : NULL;
    for (size_t i = 0; tags && i < chart->dependencies.n; i++) {
        as_helm_dependency *dep = &chart->dependencies.items[i];
        bool on = false, off = false;
        for (size_t k = 0; k < dep->tags.n; k++) {
            const as_helm_node *tag = as_helm_table_get(tags, dep->tags.items[k]);
            if (tag && as_value_is(tag->value, AS_BOOL)) {
                *(tag->value->as.boolean ? &on : &off) = true;
            } else if (tag) {
                warn(p, dep->raw->span, "returned non-bool value for tag", dep->tags.items[k],
                        dep->name);
            }
        }
        dep->enabled = on || !off;
    }
}

/* The first path of a condition that holds a boolean decides. */
static void apply_conditions(
        processor *p, as_helm_chart *chart, as_helm_table *values, as_str prefix)
{
    for (size_t i = 0; i < chart->dependencies.n; i++) {
        as_helm_dependency *dep = &chart->dependencies.items[i];
        as_str path, rest = as_str_trim(dep->condition);
        while (as_str_split(&rest, ',', &path)) {
            if (path.n == 0) {
                continue;
            }
            as_helm_node *node =
                    as_helm_table_path(p->arena, values, as_str_join(p->arena, prefix, path));
            if (!node || as_helm_node_is_table(node)) {
                continue;
            }
            if (as_value_is(node->value, AS_BOOL)) {
                dep->enabled = node->value->as.boolean;
                break;
            }
            warn(p, dep->raw->span, "returned non-bool value for condition", path, dep->name);
        }
    }
}

static bool is_disabled(const as_helm_dependencies *deps, as_str name)
{
    for (size_t i = 0; i < deps->n; i++) {
        if (!deps->items[i].enabled && as_str_eq(deps->items[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* Paths of conditions start at the root: `prefix` is the way to this chart ("sub.subsub."). */
static bool process_enabled(
        processor *p, as_helm_chart *chart, const as_value *values, as_str prefix, size_t depth)
{
    if (!chart->has_dependencies || depth > AS_MAX_CALL_DEPTH) {
        return true;
    }
    resolve_aliases(p, chart);
    as_str error;
    as_helm_table *table = as_helm_table_from(p->arena, values);
    if (!as_helm_coalesce(p->arena, chart, table, false, &error)) {
        return refuse(p, chart, error);
    }
    apply_tags(p, chart, table);
    apply_conditions(p, chart, table, prefix);

    as_helm_charts kept = {0};
    for (size_t i = 0; i < chart->subcharts.n; i++) {
        if (!is_disabled(&chart->dependencies, chart->subcharts.items[i]->name)) {
            AS_VEC_PUSH(p->arena, &kept, chart->subcharts.items[i]);
        }
    }
    as_helm_dependencies kept_deps = {0};
    for (size_t i = 0; i < chart->dependencies.n; i++) {
        if (!is_disabled(&chart->dependencies, chart->dependencies.items[i].name)) {
            AS_VEC_PUSH(p->arena, &kept_deps, chart->dependencies.items[i]);
        }
    }
    chart->subcharts = kept;
    chart->dependencies = kept_deps;
    chart->has_dependencies = kept_deps.n > 0;
    const as_value *merged = as_helm_table_freeze(p->arena, table);
    for (size_t i = 0; i < kept.n; i++) {
        as_str below = as_str_fmt(
                p->arena, "%.*s%.*s.", AS_STR_ARG(prefix), AS_STR_ARG(kept.items[i]->name));
        if (!process_enabled(p, kept.items[i], merged, below, depth + 1)) {
            return false;
        }
    }
    return true;
}

/* --- import-values ---------------------------------------------------------------------------- */

/* The table below the dotted path `parent`; "." is the root. */
static as_helm_table *wrap(as_arena *arena, as_helm_table *table, as_str parent)
{
    if (as_str_is(parent, ".")) {
        return table;
    }
    for (;;) {
        size_t dot = as_str_rfind_char(parent, '.');
        as_helm_table *outer = as_helm_table_new(arena);
        as_str key = dot == (size_t)-1 ? parent : as_str_from_index(parent, dot + 1);
        as_helm_node_set_table(as_helm_table_slot(arena, outer, key), table);
        table = outer;
        if (dot == (size_t)-1) {
            return table;
        }
        parent = as_str_slice(parent, 0, dot);
    }
}

static bool import_values(processor *p, as_helm_chart *chart, size_t depth)
{
    if (depth > AS_MAX_CALL_DEPTH) {
        return true;
    }
    for (size_t i = 0; i < chart->subcharts.n; i++) {
        if (!import_values(p, chart->subcharts.items[i], depth + 1)) {
            return false;
        }
    }
    if (!chart->has_dependencies) {
        return true;
    }
    as_str error;
    as_helm_table *values = as_helm_table_new(p->arena);
    as_helm_table *imported = as_helm_table_new(p->arena);
    if (!as_helm_coalesce(p->arena, chart, values, true, &error)) {
        return refuse(p, chart, error);
    }
    for (size_t i = 0; i < chart->dependencies.n; i++) {
        const as_helm_dependency *dep = &chart->dependencies.items[i];
        for (size_t k = 0; k < dep->imports.n; k++) {
            const as_helm_import *import = &dep->imports.items[k];
            as_str path = as_str_fmt(
                    p->arena, "%.*s.%.*s", AS_STR_ARG(dep->name), AS_STR_ARG(import->child));
            as_helm_node *node = as_helm_table_path(p->arena, values, path);
            as_helm_table *table = node ? as_helm_node_table(p->arena, node) : NULL;
            if (!table) {
                warn(p, dep->raw->span, "import-values: missing table", path, chart->name);
                continue;
            }
            as_helm_coalesce_tables(
                    p->arena, imported, wrap(p->arena, table, import->parent), true);
        }
    }
    /* The imported tables are those of `values` itself until here. */
    const as_value *apart = values_copy(p->arena, as_helm_table_freeze(p->arena, values));
    values = as_helm_table_from(p->arena, apart);
    as_helm_coalesce_tables(p->arena, values, imported, true);
    chart->values = values_copy(p->arena, as_helm_table_freeze(p->arena, values));
    return true;
}

bool as_helm_dependencies_process(
        as_arena *arena, as_helm_chart *chart, const as_value *values, as_diags *diags)
{
    processor p = {arena, diags};
    return process_enabled(&p, chart, values, AS_STR(""), 0) && import_values(&p, chart, 0);
}
