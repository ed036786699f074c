/* Dictionaries: sprig's dict.go, with the merging of dario.cat/mergo 1.0.1. */
#include "parsers/gotmpl/internal.h"

#include "engine/base/limits.h"

static bool give(as_go_map *map, as_go *out)
{
    *out = as_go_map_value(&as_go_dict, map);
    return true;
}

AS_GO_FUNC(f_dict)
{
    as_go_map *map = as_go_map_new(t, n / 2 + 1);
    for (size_t i = 0; i < n; i += 2) {
        as_go key = as_go_strval(t, &a[i]);
        as_go_map_set(t, map, as_go_str(&key), i + 1 < n ? a[i + 1] : as_go_from_str(AS_STR("")));
    }
    return give(map, out);
}

AS_GO_FUNC(f_get)
{
    (void)n;
    const as_go *v = as_go_map_get(t, a[0].as.map, as_go_str(&a[1]));
    *out = v ? *v : as_go_from_str(AS_STR(""));
    return true;
}

AS_GO_FUNC(f_set)
{
    (void)n;
    if (!a[0].as.map)
        return as_go_fail(t, "assignment to entry in nil map");
    as_go_map_set(t, a[0].as.map, as_go_str(&a[1]), a[2]);
    *out = a[0];
    return true;
}

AS_GO_FUNC(f_unset)
{
    (void)n;
    as_go_map_unset(t, a[0].as.map, as_go_str(&a[1]));
    *out = a[0];
    return true;
}

AS_GO_FUNC(f_has_key)
{
    (void)n;
    *out = as_go_from_bool(as_go_map_get(t, a[0].as.map, as_go_str(&a[1])) != NULL);
    return true;
}

AS_GO_FUNC(f_pluck)
{
    as_go_list *list = as_go_list_new(t, n);
    for (size_t i = 1; i < n; i++) {
        const as_go *v = as_go_map_get(t, a[i].as.map, as_go_str(&a[0]));
        if (v)
            as_go_list_add(t, list, *v);
    }
    *out = as_go_list_value(&as_go_slice, list);
    return true;
}

/* Go gives keys and values in random order; here it is that of the keys. */
AS_GO_FUNC(f_keys)
{
    as_go_list *list = as_go_list_new(t, 0);
    for (size_t i = 0; i < n; i++) {
        const uint32_t *sorted = as_go_map_sorted(t, a[i].as.map);
        for (size_t k = 0; k < as_go_map_count(t, a[i].as.map); k++)
            as_go_list_add(t, list, as_go_from_str(as_go_map_key_at(t, a[i].as.map, sorted[k])));
    }
    *out = as_go_list_value(&as_go_strings, list);
    return true;
}

AS_GO_FUNC(f_values)
{
    n = as_go_map_count(t, a[0].as.map);
    as_go_list *list = as_go_list_new(t, n);
    const uint32_t *sorted = as_go_map_sorted(t, a[0].as.map);
    for (size_t k = 0; k < n; k++)
        as_go_list_add(t, list, *as_go_map_at(t, a[0].as.map, sorted[k]));
    *out = as_go_list_value(&as_go_slice, list);
    return true;
}

AS_GO_FUNC(f_pick)
{
    as_go_map *map = as_go_map_new(t, n);
    for (size_t i = 1; i < n; i++) {
        const as_go *v = as_go_map_get(t, a[0].as.map, as_go_str(&a[i]));
        if (v)
            as_go_map_set(t, map, as_go_str(&a[i]), *v);
    }
    return give(map, out);
}

AS_GO_FUNC(f_omit)
{
    size_t count = as_go_map_count(t, a[0].as.map);
    as_go_map *map = as_go_map_new(t, count);
    for (size_t k = 0; k < count; k++) {
        as_str key = as_go_map_key_at(t, a[0].as.map, k);
        bool omitted = false;
        for (size_t i = 1; i < n; i++)
            omitted |= as_str_eq(key, as_go_str(&a[i]));
        if (!omitted)
            as_go_map_set(t, map, key, *as_go_map_at(t, a[0].as.map, k));
    }
    return give(map, out);
}

/* --- merging ----------------------------------------------------------------------------------------- */

static bool merge_maps(as_gotmpl *t, as_go_map *to, as_go_map *from, bool overwrite, int depth);

/* mergo's isEmptyValue: like emptiness in sprig, but structs are never empty. */
static bool is_empty(as_gotmpl *t, const as_go *v)
{
    return as_go_kind_of(v) != AS_GO_STRUCT && as_go_empty(t, v);
}

static bool merge_member(
        as_gotmpl *t, as_go_map *to, as_str key, as_go v, bool overwrite, int depth)
{
    const as_go *old = as_go_map_get(t, to, key);
    if (!v.type) {
        if (overwrite)
            as_go_map_set(t, to, key, v);
        return true;
    }
    if (old && as_go_is_map(old) && as_go_is_map(&v)) {
        as_go_map *inner = old->as.map;
        if (inner && !merge_maps(t, inner, v.as.map, overwrite, depth + 1))
            return false;
        old = as_go_map_get(t, to, key);
        if (!is_empty(t, old))
            return true;
    }
    if (as_go_is_list(&v) && overwrite) {
        as_go_map_set(t, to, key, v);
        return true;
    }
    if (overwrite || !old || is_empty(t, old))
        as_go_map_set(t, to, key, v);
    return true;
}

static bool merge_maps(as_gotmpl *t, as_go_map *to, as_go_map *from, bool overwrite, int depth)
{
    if (to == from)
        return true;
    if (depth > AS_MAX_DEPTH)
        return as_go_limit(t, "maps are nested too deeply to be merged");
    size_t n = as_go_map_count(t, from);
    if (!as_gotmpl_step(t, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!merge_member(t, to, as_go_map_key_at(t, from, i), *as_go_map_at(t, from, i), overwrite,
                    depth))
            return false;
    return true;
}

static bool merge_all(as_gotmpl *t, const as_go *a, size_t n, bool overwrite, as_go *out)
{
    as_go to = a[0];
    if (!to.as.map)
        to.as.map = as_go_map_new(t, 0);
    for (size_t i = 1; i < n; i++)
        if (!merge_maps(t, to.as.map, a[i].as.map, overwrite, 0))
            return false;
    *out = to;
    return true;
}

AS_GO_FUNC(f_merge)
{
    return merge_all(t, a, n, false, out);
}

AS_GO_FUNC(f_merge_overwrite)
{
    return merge_all(t, a, n, true, out);
}

/* --- copies and ways --------------------------------------------------------------------------------- */

static bool deep_copy(as_gotmpl *t, as_go *v, int depth)
{
    size_t n;
    if (depth > AS_MAX_DEPTH)
        return as_go_limit(t, "values are nested too deeply to be copied");
    if (as_go_is_map(v) && v->as.map) {
        n = as_go_map_count(t, v->as.map);
        as_go_map *map = as_go_map_new(t, n);
        for (size_t i = 0; i < n; i++) {
            as_go item = *as_go_map_at(t, v->as.map, i);
            if (!deep_copy(t, &item, depth + 1))
                return false;
            as_go_map_set(t, map, as_go_map_key_at(t, v->as.map, i), item);
        }
        v->as.map = map;
        return as_gotmpl_step(t, n);
    }
    if (as_go_is_list(v) && v->type->elem != &as_go_uint8 && v->as.list) {
        n = as_go_list_count(t, v->as.list);
        as_go_list *list = as_go_list_new(t, n);
        for (size_t i = 0; i < n; i++) {
            as_go item = *as_go_list_at(t, v->as.list, i);
            if (!deep_copy(t, &item, depth + 1))
                return false;
            as_go_list_add(t, list, item);
        }
        v->as.list = list;
        return as_gotmpl_step(t, n);
    }
    return true;
}

AS_GO_FUNC(f_deep_copy)
{
    (void)n;
    *out = a[0];
    return deep_copy(t, out, 0);
}

/* A type assertion of Go: only that very type, not common.Values. */
static bool need_type(as_gotmpl *t, const as_go *v, const as_go_type *type)
{
    if (v->type == type)
        return true;
    return as_go_fail(t, "interface conversion: interface {} is %s, not %s",
            v->type ? v->type->name : "nil", type->name);
}

AS_GO_FUNC(f_dig)
{
    if (n < 3)
        return as_go_fail(t, "dig needs at least three arguments");
    as_go at = a[n - 1];
    if (!need_type(t, &at, &as_go_dict))
        return false;
    for (size_t i = 0; i + 2 < n; i++)
        if (!need_type(t, &a[i], &as_go_string))
            return false;
    for (size_t i = 0; i + 2 < n; i++) {
        if (!need_type(t, &at, &as_go_dict))
            return false;
        const as_go *member = as_go_map_get(t, at.as.map, as_go_str(&a[i]));
        if (!member) {
            *out = a[n - 2];
            return true;
        }
        at = *member;
    }
    *out = at;
    return true;
}

const as_go_func as_funcs_dict[] = {
        {"dict", "*a", f_dict, 0},
        {"get", "ms", f_get, AS_FUNC_NEW},
        {"set", "msa", f_set, 0},
        {"unset", "ms", f_unset, 0},
        {"hasKey", "ms", f_has_key, 0},
        {"pluck", "s*m", f_pluck, 0},
        {"keys", "*m", f_keys, 0},
        {"values", "m", f_values, 0},
        {"pick", "m*s", f_pick, 0},
        {"omit", "m*s", f_omit, 0},
        {"merge", "m*m", f_merge, 0},
        {"mustMerge", "m*m", f_merge, 0},
        {"mergeOverwrite", "m*m", f_merge_overwrite, 0},
        {"mustMergeOverwrite", "m*m", f_merge_overwrite, 0},
        {"deepCopy", "a", f_deep_copy, 0},
        {"mustDeepCopy", "a", f_deep_copy, 0},
        {"dig", "*a", f_dig, AS_FUNC_NEW},
        {0},
};
