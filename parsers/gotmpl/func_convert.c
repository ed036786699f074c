/* Conversions, defaults and types: sprig's numeric.go, defaults.go and reflect.go; numbers from
 * text as github.com/spf13/cast reads them. */
#include "parsers/gotmpl/internal.h"

#include <math.h>

#include "parsers/gotmpl/strconv.h"

/* "12.000" is 12 (cast's trimZeroDecimal). */
static as_str trim_zero_decimal(as_str s)
{
    bool zero = false;
    for (size_t i = s.n; i > 0; i--) {
        if (s.p[i - 1] == '.' && zero)
            return as_str_slice(s, 0, i - 1);
        if (s.p[i - 1] == '0')
            zero = true;
        else if (s.p[i - 1] != '.')
            return s;
    }
    return s;
}

/* Out of range: as the processor answers on amd64. */
static int64_t float_to_int(double f)
{
    return f >= -9223372036854775808.0 && f < 9223372036854775808.0 ? (int64_t)f : INT64_MIN;
}

int64_t as_go_cast_int(as_gotmpl *t, const as_go *v)
{
    (void)t;
    int64_t i;
    if (v->type && v->type != &as_go_bool && v->type != &as_go_string && v->type->methods)
        return 0; /* named types such as time.Duration */
    switch (as_go_kind_of(v)) {
    case AS_GO_BOOL:
        return v->as.boolean;
    case AS_GO_FLOAT32:
    case AS_GO_FLOAT64:
        return float_to_int(v->as.f);
    case AS_GO_STRING:
        return as_go_parse_int(trim_zero_decimal(as_go_str(v)), 0, 64, &i) == AS_GO_PARSED ? i : 0;
    default:
        return as_go_kind_of(v) >= AS_GO_INT && as_go_kind_of(v) <= AS_GO_UINT64 ? v->as.i : 0;
    }
}

double as_go_cast_float(as_gotmpl *t, const as_go *v)
{
    (void)t;
    double f;
    as_go_kind kind = as_go_kind_of(v);
    if (kind == AS_GO_BOOL)
        return v->as.boolean;
    if (kind == AS_GO_FLOAT32 || kind == AS_GO_FLOAT64)
        return v->as.f;
    if (kind == AS_GO_STRING)
        return as_go_parse_float(as_go_str(v), &f) == AS_GO_PARSED ? f : 0;
    if (v->type && v->type->methods)
        return 0;
    if (kind >= AS_GO_INT && kind <= AS_GO_INT64)
        return (double)v->as.i;
    return kind >= AS_GO_UINT && kind <= AS_GO_UINT64 ? (double)v->as.u : 0;
}

AS_GO_FUNC(f_int)
{
    (void)n;
    *out = as_go_from_int(as_go_cast_int(t, &a[0]));
    return true;
}

AS_GO_FUNC(f_int64)
{
    (void)n;
    *out = as_go_from_int64(as_go_cast_int(t, &a[0]));
    return true;
}

AS_GO_FUNC(f_float64)
{
    (void)n;
    *out = as_go_from_float(as_go_cast_float(t, &a[0]));
    return true;
}

AS_GO_FUNC(f_atoi)
{
    (void)t;
    (void)n;
    int64_t i;
    as_go_parsed parsed = as_go_parse_int(as_go_str(&a[0]), 10, 64, &i);
    *out = as_go_from_int(parsed == AS_GO_BAD_SYNTAX ? 0 : i);
    return true;
}

/* The digits are octal. */
AS_GO_FUNC(f_to_decimal)
{
    (void)n;
    int64_t i;
    as_go_parsed parsed = as_go_parse_int(as_go_text(t, &a[0]), 8, 64, &i);
    *out = as_go_from_int64(parsed == AS_GO_PARSED ? i : 0);
    return true;
}

/* --- defaults -------------------------------------------------------------------------------------------- */

bool as_go_empty(as_gotmpl *t, const as_go *v)
{
    return !as_go_truth(t, v);
}

AS_GO_FUNC(f_default)
{
    *out = n < 2 || as_go_empty(t, &a[1]) ? a[0] : a[1];
    return true;
}

AS_GO_FUNC(f_empty)
{
    (void)n;
    *out = as_go_from_bool(as_go_empty(t, &a[0]));
    return true;
}

AS_GO_FUNC(f_coalesce)
{
    for (size_t i = 0; i < n; i++) {
        if (!as_go_empty(t, &a[i])) {
            *out = a[i];
            break;
        }
    }
    return true;
}

AS_GO_FUNC(f_all)
{
    *out = as_go_from_bool(true);
    for (size_t i = 0; i < n; i++)
        out->as.boolean = out->as.boolean && !as_go_empty(t, &a[i]);
    return true;
}

AS_GO_FUNC(f_any)
{
    *out = as_go_from_bool(false);
    for (size_t i = 0; i < n; i++)
        out->as.boolean = out->as.boolean || !as_go_empty(t, &a[i]);
    return true;
}

AS_GO_FUNC(f_ternary)
{
    (void)t;
    (void)n;
    *out = a[a[2].as.boolean ? 0 : 1];
    return true;
}

/* --- types ------------------------------------------------------------------------------------------------ */

AS_GO_FUNC(f_type_of)
{
    (void)t;
    (void)n;
    *out = as_go_from_str(as_str_from(as_go_type_text(&a[0])));
    return true;
}

AS_GO_FUNC(f_type_is)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(as_str_is(as_go_str(&a[0]), as_go_type_text(&a[1])));
    return true;
}

AS_GO_FUNC(f_type_is_like)
{
    (void)t;
    (void)n;
    as_str target = as_go_str(&a[0]);
    const char *type = as_go_type_text(&a[1]);
    *out = as_go_from_bool(
            as_str_is(target, type) || (type[0] == '*' && as_str_is(target, type + 1)));
    return true;
}

AS_GO_FUNC(f_kind_of)
{
    (void)t;
    (void)n;
    *out = as_go_from_str(as_str_from(as_go_kind_text(as_go_kind_of(&a[0]))));
    return true;
}

AS_GO_FUNC(f_kind_is)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(as_str_is(as_go_str(&a[0]), as_go_kind_text(as_go_kind_of(&a[1]))));
    return true;
}

AS_GO_FUNC(f_deep_equal)
{
    (void)n;
    *out = as_go_from_bool(as_go_deep_equal(t, &a[0], &a[1], 0));
    return true;
}

const as_go_func as_funcs_convert[] = {
        {"int", "a", f_int, 0},
        {"int64", "a", f_int64, 0},
        {"float64", "a", f_float64, 0},
        {"atoi", "s", f_atoi, 0},
        {"toDecimal", "a", f_to_decimal, 0},
        {"default", "a*a", f_default, AS_FUNC_NEW},
        {"empty", "a", f_empty, 0},
        {"coalesce", "*a", f_coalesce, AS_FUNC_NEW},
        {"all", "*a", f_all, 0},
        {"any", "*a", f_any, 0},
        {"ternary", "aab", f_ternary, AS_FUNC_NEW},
        {"typeOf", "a", f_type_of, AS_FUNC_NEW},
        {"typeIs", "sa", f_type_is, AS_FUNC_NEW},
        {"typeIsLike", "sa", f_type_is_like, AS_FUNC_NEW},
        {"kindOf", "a", f_kind_of, AS_FUNC_NEW},
        {"kindIs", "sa", f_kind_is, AS_FUNC_NEW},
        {"deepEqual", "aa", f_deep_equal, AS_FUNC_NEW},
        {0},
};
