#include "engine/rules/kinds.h"

#include "engine/base/glob.h"
#include "engine/base/vec.h"
#include "engine/schema/schema.h"

static const char tagged[] = "tagged ";

static bool is_pattern(as_str kind)
{
    return as_str_contains(kind, "*") || as_str_starts(kind, tagged);
}

static bool matches(as_str kind, const as_entity_schema *schema)
{
    bool with_tags = as_str_starts(kind, tagged);
    as_str pattern = with_tags ? as_str_from_index(kind, strlen(tagged)) : kind;
    return (!with_tags || schema->tags.n > 0) && as_glob_match(pattern, schema->kind);
}

/* Whether one of the first n gives the kind; the schema has each kind once. */
static bool is_given(const as_str *kinds, size_t n, const as_entity_schema *schema)
{
    for (size_t i = 0; i < n; i++)
        if (matches(kinds[i], schema))
            return true;
    return false;
}

static bool is_named(const as_str *kinds, size_t n, as_str kind)
{
    const as_entity_schema *schema = as_schema_of_kind(kind);
    for (size_t i = 0; i < n; i++)
        if (as_str_eq(kinds[i], kind) || (schema != NULL && matches(kinds[i], schema)))
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
        if (!is_pattern(kind)) {
            if (!is_named(kinds.items, i, kind))
                AS_VEC_PUSH(arena, &all, kind);
            continue;
        }
        for (size_t k = 0; k < n_schemas; k++)
            if (matches(kind, &schemas[k]) && !is_given(kinds.items, i, &schemas[k]))
                AS_VEC_PUSH(arena, &all, schemas[k].kind);
    }
    return (as_strs){all.items, all.n};
}
