/* Keywords that look at the value itself: type, enum, numbers, texts (Validation §6). */
#include "parsers/jsonschema/internal.h"

#include <math.h>

#include "engine/base/num.h"
#include "engine/base/regex.h"
#include "engine/base/utf8.h"

static const as_value *keyword(const as_subject *s, const char *name)
{
    return as_value_get(s->schema, as_str_from(name));
}

static bool is_integer(const as_value *v)
{
    return v->kind == AS_INT || v->kind == AS_BIGNUM ||
           (v->kind == AS_FLOAT && floor(v->as.number) == v->as.number);
}

static const char *type_name(const as_value *v)
{
    switch ((as_kind)v->kind) {
    case AS_NULL:
        return "null";
    case AS_BOOL:
        return "boolean";
    case AS_STRING:
        return "string";
    case AS_LIST:
        return "array";
    case AS_OBJECT:
        return "object";
    default:
        return "number";
    }
}

static bool has_type(const as_value *v, as_str type)
{
    return as_str_is(type, type_name(v)) ||
           (as_str_is(type, "integer") && as_value_is_number(v) && is_integer(v));
}

static bool names(const as_value *types, const char *type)
{
    for (size_t i = 0; i < as_value_count(types); i++) {
        if (as_str_is(as_value_str(as_value_index(types, i)), type)) {
            return true;
        }
    }
    return false;
}

static bool check_type(as_validator *v, const as_subject *s)
{
    const as_value *type = keyword(s, "type");
    as_buf wanted;
    if (!type) {
        return true;
    }
    if (as_value_is(type, AS_STRING)) {
        return has_type(s->instance, type->as.str) ||
               as_schema_fail(
                       v, s, "got %s, want %.*s", type_name(s->instance), AS_STR_ARG(type->as.str));
    }
    /* Messages name the types in this order, whatever the schema's. */
    static const char *const ORDER[] = {
            "null", "boolean", "number", "integer", "string", "array", "object"};
    as_buf_init(&wanted, v->arena, 0);
    for (size_t k = 0; k < sizeof ORDER / sizeof *ORDER; k++) {
        if (!names(type, ORDER[k])) {
            continue;
        }
        if (has_type(s->instance, as_str_from(ORDER[k]))) {
            return true;
        }
        as_buf_fmt(&wanted, "%s%s", wanted.n ? " or " : "", ORDER[k]);
    }
    return as_schema_fail(
            v, s, "got %s, want %.*s", type_name(s->instance), AS_STR_ARG(as_buf_view(&wanted)));
}

/* A plain value as messages show it. */
static void show(as_buf *out, const as_value *v)
{
    if (as_value_is(v, AS_STRING)) {
        as_buf_fmt(out, "'%.*s'", AS_STR_ARG(v->as.str));
    } else if (as_value_is_null(v)) {
        as_buf_cstr(out, "<nil>");
    } else {
        as_value_write_json(out, v, (as_json_style){0});
    }
}

static bool is_plain(const as_value *v)
{
    return !as_value_is(v, AS_LIST) && !as_value_is(v, AS_OBJECT);
}

static bool all_plain(const as_value *list)
{
    for (size_t i = 0; i < as_value_count(list); i++) {
        if (!is_plain(as_value_index(list, i))) {
            return false;
        }
    }
    return true;
}

static bool check_enum(as_validator *v, const as_subject *s)
{
    const as_value *all = keyword(s, "enum"), *one = keyword(s, "const");
    bool good = true;
    as_buf text;
    as_buf_init(&text, v->arena, 0);
    if (one && v->draft >= DRAFT_6 && !as_value_equal(one, s->instance)) {
        show(&text, one);
        good = is_plain(one)
                       ? as_schema_fail(v, s, "value must be %.*s", AS_STR_ARG(as_buf_view(&text)))
                       : as_schema_fail(v, s, "'const' failed");
    }
    if (!all) {
        return good;
    }
    as_buf_init(&text, v->arena, 0);
    for (size_t i = 0; i < as_value_count(all); i++) {
        if (as_value_equal(as_value_index(all, i), s->instance)) {
            return good;
        }
        as_buf_cstr(&text, i ? ", " : "");
        show(&text, as_value_index(all, i));
    }
    if (!all_plain(all)) {
        return as_schema_fail(v, s, "'enum' failed");
    }
    return as_schema_fail(v, s,
            as_value_count(all) == 1 ? "value must be %.*s" : "value must be one of %.*s",
            AS_STR_ARG(as_buf_view(&text)));
}

/* --- numbers ---------------------------------------------------------------------------------- */

static bool compare(as_validator *v, const as_subject *s, const char *name, int sign, bool strict,
        const char *shown)
{
    const as_value *limit = keyword(s, name);
    if (!as_value_is_number(limit)) {
        return true;
    }
    char got[40] = "", want[40] = "";
    double x = as_value_to_double(s->instance), y = as_value_to_double(limit);
    if (strict ? (sign > 0 ? x > y : x < y) : (sign > 0 ? x >= y : x <= y)) {
        return true;
    }
    int n = (int)as_double_write(x, got, sizeof got),
        m = (int)as_double_write(y, want, sizeof want);
    return as_schema_fail(v, s, "%s: got %.*s, want %.*s", shown, n, got, m, want);
}

static bool check_number(as_validator *v, const as_subject *s)
{
    /* Draft 4: exclusiveMinimum is a flag beside minimum. */
    bool strict_min = as_value_bool_or(keyword(s, "exclusiveMinimum"), false);
    bool strict_max = as_value_bool_or(keyword(s, "exclusiveMaximum"), false);
    bool good =
            compare(v, s, "minimum", 1, strict_min, strict_min ? "exclusiveMinimum" : "minimum");
    good &= compare(v, s, "maximum", -1, strict_max, strict_max ? "exclusiveMaximum" : "maximum");
    good &= compare(v, s, "exclusiveMinimum", 1, true, "exclusiveMinimum");
    good &= compare(v, s, "exclusiveMaximum", -1, true, "exclusiveMaximum");
    double unit = as_value_to_double(keyword(s, "multipleOf"));
    if (unit > 0) {
        double x = as_value_to_double(s->instance), ratio = x / unit;
        /* 4.02 is a multiple of 0.01, whatever the last bit of a double says. */
        if (fabs(ratio - round(ratio)) > 1e-9 * fmax(1.0, fabs(ratio))) {
            good = as_schema_fail(v, s, "multipleOf: got %.15g, want %.15g", x, unit);
        }
    }
    return good;
}

/* --- texts -------------------------------------------------------------------------------------
 */

bool as_schema_matches(as_validator *v, as_str pattern, as_str text, bool *matches)
{
    union {
        const as_regex *in;
        void *out;
    } re = {.out = as_map_get(&v->patterns, pattern)};
    *matches = false;
    if (!re.in) {
        as_regex_error error;
        re.in = as_regex_compile(v->arena, pattern, &error);
        if (!re.in) {
            return as_schema_problem(v, "'%.*s' is not valid regex: %.*s", AS_STR_ARG(pattern),
                    AS_STR_ARG(as_regex_error_text(v->arena, &error)));
        }
        as_map_put(v->arena, &v->patterns, pattern, re.out);
    }
    as_regex_status status = as_regex_test(re.in, text);
    if (status == AS_REGEX_LIMIT) {
        return as_schema_problem(
                v, "matching the pattern '%.*s' takes too long", AS_STR_ARG(pattern));
    }
    *matches = status == AS_REGEX_MATCH;
    return true;
}

static bool check_count(
        as_validator *v, const as_subject *s, const char *name, int sign, size_t count)
{
    const as_value *limit = keyword(s, name);
    if (!as_value_is_number(limit)) {
        return true;
    }
    double wanted = as_value_to_double(limit);
    bool good = sign > 0 ? (double)count >= wanted : (double)count <= wanted;
    return good || as_schema_fail(v, s, "%s: got %zu, want %.0f", name, count, wanted);
}

static bool check_text(as_validator *v, const as_subject *s)
{
    as_str text = s->instance->as.str;
    size_t count = as_utf8_count(text);
    bool good = check_count(v, s, "minLength", 1, count);
    good &= check_count(v, s, "maxLength", -1, count);
    const as_value *pattern = keyword(s, "pattern"), *format = keyword(s, "format");
    bool matches;
    if (pattern) {
        if (!as_schema_matches(v, pattern->as.str, text, &matches)) {
            return false;
        }
        if (!matches) {
            good = as_schema_fail(v, s, "'%.*s' does not match pattern '%.*s'", AS_STR_ARG(text),
                    AS_STR_ARG(pattern->as.str));
        }
    }
    if (as_value_is(format, AS_STRING) && v->draft <= DRAFT_7) {
        const char *why = as_schema_format(format->as.str, text);
        if (why) {
            good = as_schema_fail(v, s, "'%.*s' is not valid %.*s: %s", AS_STR_ARG(text),
                    AS_STR_ARG(format->as.str), why);
        }
    }
    return good;
}

bool as_schema_assert(as_validator *v, const as_subject *s)
{
    bool good = check_type(v, s);
    good &= check_enum(v, s);
    size_t count = as_value_count(s->instance);
    switch ((as_kind)s->instance->kind) {
    case AS_STRING:
        return good & check_text(v, s);
    case AS_LIST:
        good &= check_count(v, s, "minItems", 1, count);
        return good & check_count(v, s, "maxItems", -1, count);
    case AS_OBJECT:
        good &= check_count(v, s, "minProperties", 1, count);
        return good & check_count(v, s, "maxProperties", -1, count);
    default:
        return as_value_is_number(s->instance) ? good & check_number(v, s) : good;
    }
}
