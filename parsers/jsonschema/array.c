/* Keywords for the items of arrays (Core §10.3.1, §11.2; Validation §6.4). */
#include "parsers/jsonschema/internal.h"

static const as_value *keyword(const as_subject *s, const char *name)
{
    return as_value_get(s->schema, as_str_from(name));
}

static bool eval_item(as_validator *v, const as_subject *s, const as_value *schema, size_t i)
{
    as_at at = {s->at, AS_STR_NONE, i};
    as_subject sub = {schema, as_value_index(s->instance, i), s->resource, &at, NULL};
    bool good = as_schema_eval(v, sub);
    if (good && s->seen && i < s->seen->n) {
        s->seen->parts[i] = true;
    }
    return good;
}

/* Items from `first` on against one schema. */
static bool eval_rest(as_validator *v, const as_subject *s, const as_value *schema, size_t first)
{
    size_t n = as_value_count(s->instance);
    bool good = true;
    bool refused = as_value_is(schema, AS_BOOL) && !schema->as.boolean;
    if (refused && v->draft < DRAFT_2020 && first < n) {
        return as_schema_fail(v, s, "last %zu additionalItem(s) not allowed", n - first);
    }
    for (size_t i = first; i < n; i++) {
        good &= eval_item(v, s, schema, i);
    }
    return good;
}

/* 2020-12: prefixItems and items; before: items as a list, and additionalItems. */
static bool check_items(as_validator *v, const as_subject *s)
{
    const as_value *items = keyword(s, "items"), *rest = items;
    const as_value *prefix = v->draft == DRAFT_2020 ? keyword(s, "prefixItems") : NULL;
    size_t n_prefix = 0;
    bool good = true;
    if (v->draft < DRAFT_2020 && as_value_is(items, AS_LIST)) {
        prefix = items;
        rest = keyword(s, "additionalItems");
    }
    for (; n_prefix < as_value_count(prefix) && n_prefix < as_value_count(s->instance);
            n_prefix++) {
        good &= eval_item(v, s, as_value_index(prefix, n_prefix), n_prefix);
    }
    return rest ? good & eval_rest(v, s, rest, n_prefix) : good;
}

static bool check_contains(as_validator *v, const as_subject *s)
{
    const as_value *contains = keyword(s, "contains");
    if (!contains || v->draft < DRAFT_6) {
        return true;
    }
    int64_t least = 1, most = -1, found = 0;
    if (v->draft >= DRAFT_2019) {
        least = as_value_int_or(keyword(s, "minContains"), 1);
        most = as_value_int_or(keyword(s, "maxContains"), -1);
    }
    size_t before = v->out->errors.n;
    as_buf where;
    as_buf_init(&where, v->arena, 0);
    for (size_t i = 0; i < as_value_count(s->instance); i++) {
        if (eval_item(v, s, contains, i)) {
            as_buf_fmt(&where, " %zu", i);
            found++;
        }
    }
    v->out->errors.n = before;
    if (found == 0 && least == 1) {
        return as_schema_fail(v, s, "no items match contains schema");
    }
    if (found < least || (most >= 0 && found > most)) {
        bool few = found < least;
        return as_schema_fail(v, s,
                "%s %lld items required to match contains schema, but matched %lld items at%.*s",
                few ? "min" : "max", (long long)(few ? least : most), (long long)found,
                AS_STR_ARG(as_buf_view(&where)));
    }
    return true;
}

/* Equal values write the same JSON once keys are sorted and whole numbers are alike. */
static bool check_unique(as_validator *v, const as_subject *s)
{
    if (!as_value_bool_or(keyword(s, "uniqueItems"), false)) {
        return true;
    }
    as_map seen = {0};
    for (size_t i = 0; i < as_value_count(s->instance); i++) {
        as_buf text;
        as_buf_init(&text, v->arena, 0);
        as_value_write_json(&text, as_value_index(s->instance, i),
                (as_json_style){.sort_keys = true, .show_sensitive = true});
        const as_at *other = as_map_get(&seen, as_buf_view(&text));
        if (other) {
            return as_schema_fail(v, s, "items at %zu and %zu are equal", other->index, i);
        }
        as_at *place = AS_NEW(v->arena, as_at);
        place->index = i;
        as_map_put(v->arena, &seen, as_buf_view(&text), place);
    }
    return true;
}

bool as_schema_array(as_validator *v, const as_subject *s)
{
    bool good = check_items(v, s);
    good &= check_contains(v, s);
    good &= check_unique(v, s);
    const as_value *rest = keyword(s, "unevaluatedItems");
    if (rest && v->draft >= DRAFT_2019 && s->seen) {
        for (size_t i = 0; i < s->seen->n; i++) {
            good &= s->seen->parts[i] || eval_item(v, s, rest, i);
        }
    }
    return good;
}
