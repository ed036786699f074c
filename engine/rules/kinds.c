#include "engine/rules/kinds.h"

#include "engine/base/glob.h"
#include "engine/base/vec.h"
#include "engine/schema/schema.h"

static const char tagged[] = "tagged ";

static bool is_pattern(as_str kind)
{
    return as_str_contains(kind, "*") || as_str_starts(kind, tagged);
}

static bool has(const as_str *items, size_t n, as_str item)
{
    for (size_t i = 0; i < n; i++)
        if (as_str_eq(items[i], item))
            return true;
    return false;
}

as_strs as_kinds_expand(as_arena *arena, as_strs kinds)
{
    AS_VEC(as_str) all = {0};
    size_t n_schemas, n_patterns = 0;
    const as_entity_schema *schemas = as_schema_all(&n_schemas);

    for (size_t i = 0; i < kinds.n; i++)
        n_patterns += is_pattern(kinds.items[i]);
    if (n_patterns == 0)
        return kinds;
    for (size_t i = 0; i < kinds.n; i++) {
        as_str kind = kinds.items[i];
        bool with_tags = as_str_starts(kind, tagged);
        as_str pattern = with_tags ? as_str_from_index(kind, strlen(tagged)) : kind;
        if (!is_pattern(kind)) {
            if (!has(all.items, all.n, kind))
                AS_VEC_PUSH(arena, &all, kind);
            continue;
        }
        size_t n_before = all.n; /* the schema has each kind once */
        for (size_t k = 0; k < n_schemas; k++)
            if ((!with_tags || schemas[k].tags.n > 0) && as_glob_match(pattern, schemas[k].kind) &&
                    !has(all.items, n_before, schemas[k].kind))
                AS_VEC_PUSH(arena, &all, schemas[k].kind);
    }
    return (as_strs){all.items, all.n};
}
