/* Keywords for the members of objects (Core §10.3.2, §11.3; Validation §6.5). */
#include "parsers/jsonschema/internal.h"

static const as_value *keyword(const as_subject *s, const char *name)
{
    return as_value_get(s->schema, as_str_from(name));
}

static const as_member *member_at(const as_value *object, size_t i)
{
    return &object->as.object->members[i];
}

static bool eval_member(as_validator *v, const as_subject *s, const as_value *schema, size_t i)
{
    const as_member *m = member_at(s->instance, i);
    as_at at = {s->at, m->key, 0};
    as_subject sub = {schema, m->value, s->resource, &at, NULL};
    if (s->seen && i < s->seen->n) {
        s->seen->parts[i] = true;
    }
    return as_schema_eval(v, sub);
}

static void quote_list(as_buf *out, as_str name)
{
    as_buf_fmt(out, "%s'%.*s'", out->n ? ", " : "", AS_STR_ARG(name));
}

static bool check_required(as_validator *v, const as_subject *s)
{
    const as_value *required = keyword(s, "required");
    as_buf missing;
    size_t n = 0;
    as_buf_init(&missing, v->arena, 0);
    for (size_t i = 0; as_value_is(required, AS_LIST) && i < as_value_count(required); i++) {
        as_str name = as_value_str(as_value_index(required, i));
        if (!as_value_get(s->instance, name)) {
            quote_list(&missing, name);
            n++;
        }
    }
    return n == 0 || as_schema_fail(v, s, "missing propert%s %.*s", n == 1 ? "y" : "ies",
                             AS_STR_ARG(as_buf_view(&missing)));
}

/* properties, patternProperties, then additionalProperties for what neither named. */
static bool check_members(as_validator *v, const as_subject *s)
{
    const as_value *properties = keyword(s, "properties");
    const as_value *patterns = keyword(s, "patternProperties");
    const as_value *additional = keyword(s, "additionalProperties");
    bool good = true;
    as_buf unexpected;
    as_buf_init(&unexpected, v->arena, 0);
    size_t n_unexpected = 0;
    for (size_t i = 0; i < as_value_count(s->instance); i++) {
        as_str key = member_at(s->instance, i)->key;
        const as_value *own = as_value_get(properties, key);
        bool named = own != NULL;
        good &= !own || eval_member(v, s, own, i);
        for (size_t k = 0; as_value_is(patterns, AS_OBJECT) && k < as_value_count(patterns); k++) {
            bool matches;
            if (!as_schema_matches(v, member_at(patterns, k)->key, key, &matches)) {
                return false;
            }
            if (matches) {
                named = true;
                good &= eval_member(v, s, member_at(patterns, k)->value, i);
            }
        }
        if (named || !additional) {
            continue;
        }
        if (as_value_is(additional, AS_BOOL) && !additional->as.boolean) {
            quote_list(&unexpected, key);
            n_unexpected++;
        } else {
            good &= eval_member(v, s, additional, i);
        }
    }
    return n_unexpected == 0 ? good
                             : as_schema_fail(v, s, "additional properties %.*s not allowed",
                                       AS_STR_ARG(as_buf_view(&unexpected)));
}

static bool check_names(as_validator *v, const as_subject *s)
{
    const as_value *names = keyword(s, "propertyNames");
    bool good = true;
    for (size_t i = 0; names && v->draft >= DRAFT_6 && i < as_value_count(s->instance); i++) {
        const as_member *m = member_at(s->instance, i);
        as_subject sub = {
                names, as_value_string(v->arena, m->key_span, m->key), s->resource, s->at, NULL};
        size_t first = v->out->errors.n;
        v->indent++;
        bool holds = as_schema_eval(v, sub);
        v->indent--;
        if (!holds) {
            good = as_schema_fail_over(v, s, first,
                    as_str_fmt(v->arena, "invalid propertyName '%.*s'", AS_STR_ARG(m->key)));
        }
    }
    return good;
}

/* What else must be there, or hold, when a member is present. */
static bool check_dependencies(as_validator *v, const as_subject *s, const char *name)
{
    const as_value *all = keyword(s, name);
    bool good = true;
    for (size_t i = 0; as_value_is(all, AS_OBJECT) && i < as_value_count(all); i++) {
        const as_member *m = member_at(all, i);
        if (!as_value_get(s->instance, m->key)) {
            continue;
        }
        if (!as_value_is(m->value, AS_LIST)) {
            as_subject sub = *s;
            sub.schema = m->value;
            good &= as_schema_eval(v, sub);
            continue;
        }
        as_buf missing;
        as_buf_init(&missing, v->arena, 0);
        for (size_t k = 0; k < as_value_count(m->value); k++) {
            as_str wanted = as_value_str(as_value_index(m->value, k));
            if (!as_value_get(s->instance, wanted)) {
                quote_list(&missing, wanted);
            }
        }
        if (missing.n) {
            good = as_schema_fail(v, s, "properties %.*s required, if '%.*s' exists",
                    AS_STR_ARG(as_buf_view(&missing)), AS_STR_ARG(m->key));
        }
    }
    return good;
}

bool as_schema_object(as_validator *v, const as_subject *s)
{
    bool good = check_required(v, s);
    good &= check_members(v, s);
    good &= check_names(v, s);
    good &= check_dependencies(v, s, "dependencies");
    if (v->draft >= DRAFT_2019) {
        good &= check_dependencies(v, s, "dependentRequired");
        good &= check_dependencies(v, s, "dependentSchemas");
        const as_value *rest = keyword(s, "unevaluatedProperties");
        for (size_t i = 0; rest && s->seen && i < s->seen->n; i++) {
            good &= s->seen->parts[i] || eval_member(v, s, rest, i);
        }
    }
    return good;
}
