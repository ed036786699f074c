/* What is worked out of a resource's values: unknown paths, references. */
#include <stdlib.h>

#include "engine/base/limits.h"
#include "parsers/terraform/tree.h"

static void unknown_paths(as_arena *arena, const as_value *v, as_str path, as_tf_dirs *out)
{
    if (v->kind == AS_UNKNOWN)
        AS_VEC_PUSH(arena, out, path);
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++)
        if (as_value_has_unknown(v->as.list.items[i]))
            unknown_paths(arena, v->as.list.items[i],
                    as_str_fmt(arena, "%.*s[%zu]", AS_STR_ARG(path), i), out);
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        if (as_value_has_unknown(m->value))
            unknown_paths(arena, m->value,
                    as_str_fmt(arena, "%.*s%s%.*s", AS_STR_ARG(path), path.n ? "." : "",
                            AS_STR_ARG(m->key)),
                    out);
    }
}

const as_str *as_tf_resource_unknown(as_arena *arena, const as_tf_resource *resource, size_t *n)
{
    as_tf_dirs paths = {0};
    unknown_paths(arena, resource->values, AS_STR(""), &paths);
    unknown_paths(arena, resource->computed, AS_STR(""), &paths);
    if (paths.n)
        qsort(paths.items, paths.n, sizeof *paths.items, as_str_compare_qsort);
    *n = paths.n;
    return paths.items;
}

static void collect(as_tf_ref_set *set, const as_value *v, unsigned depth)
{
    if (depth > AS_MAX_DEPTH)
        return;
    for (const as_ref *r = as_value_refs(v); r; r = r->next) {
        as_str key =
                as_str_fmt(set->arena, "%.*s %.*s", AS_STR_ARG(r->address), AS_STR_ARG(r->path));
        if (as_map_has(&set->seen, key))
            continue;
        as_ref *copy = AS_NEW(set->arena, as_ref);
        *copy = *r;
        copy->next = NULL;
        as_map_put(set->arena, &set->seen, key, copy);
        if (set->last)
            set->last->next = copy;
        else
            set->first = copy;
        set->last = copy;
    }
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++)
        collect(set, v->as.list.items[i], depth + 1);
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++)
        collect(set, v->as.object->members[i].value, depth + 1);
}

void as_tf_collect_refs(as_tf_ref_set *set, const as_value *v)
{
    collect(set, v, 0);
}
