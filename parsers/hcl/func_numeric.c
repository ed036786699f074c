/* Functions on numbers: zclconf/go-cty cty/function/stdlib/number.go, hashicorp/terraform
 * internal/lang/funcs/number.go. */
#include <math.h>

#include "engine/base/num.h"
#include "parsers/hcl/func.h"
#include "parsers/hcl/func_number.h"

static const as_value *fn_abs(as_hcl_call *call)
{
    const as_value *n = call->args[0];
    int sign = as_num_sign(n);
    return sign == 0 ? as_fn_int(call, 0) : sign < 0 ? as_num_neg(call->arena, call->span, n) : n;
}

typedef int round_fn(mpfr_ptr out, mpfr_srcptr in);

static const as_value *rounded(as_hcl_call *call, round_fn *round)
{
    const as_value *n = call->args[0];
    if (n->kind == AS_INT || as_num_is_whole(n)) {
        return n;
    }
    as_num_scratch scratch;
    mpfr_ptr x = as_num_scratch_init(&scratch);
    as_num_get(n, x);
    round(x, x);
    if (mpfr_zero_p(x)) { /* never -0 */
        return as_fn_int(call, 0);
    }
    return as_num_make(call->arena, call->span, x);
}

static int round_up(mpfr_ptr out, mpfr_srcptr in)
{
    return mpfr_ceil(out, in);
}

static int round_down(mpfr_ptr out, mpfr_srcptr in)
{
    return mpfr_floor(out, in);
}

static const as_value *fn_ceil(as_hcl_call *call)
{
    return rounded(call, round_up);
}

static const as_value *fn_floor(as_hcl_call *call)
{
    return rounded(call, round_down);
}

/* What Go computes in float64. */
static const as_value *from_double(as_hcl_call *call, double d)
{
    if (isnan(d)) {
        return as_fn_fail(call, "result is not a number");
    }
    return as_num_from_double(call->arena, call->span, d);
}

static const as_value *fn_log(as_hcl_call *call)
{
    double n = as_num_to_double(call->args[0]), base = as_num_to_double(call->args[1]);
    return from_double(call, log(n) / log(base));
}

/* Go's math.Pow multiplies its way to a whole power, and so errs in other last digits than libm. */
static double go_pow(double x, double y)
{
    double whole, ans = 1;
    int exponent = 0, shift;
    if (modf(fabs(y), &whole) != 0 || whole >= 0x1p31 || x == 0 || !isfinite(x) || y == 0) {
        return pow(x, y);
    }
    double square = frexp(x, &shift);
    for (int64_t i = (int64_t)whole; i != 0; i >>= 1) {
        if (shift < -(1 << 12) || shift > 1 << 12) {
            exponent += shift;
            break;
        }
        if (i & 1) {
            ans *= square;
            exponent += shift;
        }
        square *= square;
        shift *= 2;
        if (square < .5) {
            square += square;
            shift--;
        }
    }
    return y < 0 ? ldexp(1 / ans, -exponent) : ldexp(ans, exponent);
}

static const as_value *fn_pow(as_hcl_call *call)
{
    double n = as_num_to_double(call->args[0]), power = as_num_to_double(call->args[1]);
    return from_double(call, go_pow(n, power));
}

static const as_value *fn_signum(as_hcl_call *call)
{
    int64_t n;
    return as_fn_int_of(call, 0, &n) ? as_fn_int(call, (n > 0) - (n < 0)) : NULL;
}

/* sign -1: the least, 1: the greatest. */
static const as_value *extreme(as_hcl_call *call, int sign)
{
    if (call->n == 0) {
        return as_fn_fail(call, "must pass at least one number");
    }
    const as_value *best = call->args[0];
    for (size_t i = 1; i < call->n; i++) {
        if (as_num_cmp(call->args[i], best) * sign > 0) {
            best = call->args[i];
        }
    }
    return best;
}

static const as_value *fn_max(as_hcl_call *call)
{
    return extreme(call, 1);
}

static const as_value *fn_min(as_hcl_call *call)
{
    return extreme(call, -1);
}

/* --- parseint ------------------------------------------------------------------------------------- */

enum { MAX_DIGITS = 10000 }; /* far more than a 512-bit mantissa holds */

static int digit_value(char c, int64_t base)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'Z') { /* above base 36, upper case follows lower case */
        return c - 'A' + (base <= 36 ? 10 : 36);
    }
    return 99;
}

static const as_type *type_parseint(as_hcl_call *call)
{
    if (as_type_kind_of(call->args[0]) != AS_TYPE_STRING) {
        const as_type *got = as_type_of(call->arena, call->args[0]);
        return as_fn_fail_arg(call, 0, "first argument must be a string, not %.*s",
                AS_STR_ARG(as_type_friendly_name(call->arena, got)));
    }
    return &as_type_number;
}

static const as_value *fn_parseint(as_hcl_call *call)
{
    as_str text = as_fn_arg_str(call, 0), digits = text;
    int64_t base;
    if (!as_fn_arg_int(call, 1, &base)) {
        return NULL;
    }
    if (base < 2 || base > 62) {
        return as_fn_fail_arg(call, 1, "base must be a whole number between 2 and 62 inclusive");
    }
    bool negative = as_str_starts(text, "-");
    if (negative || as_str_starts(text, "+")) {
        digits = as_str_from_index(text, 1);
    }
    bool valid = digits.n > 0;
    for (size_t i = 0; valid && i < digits.n; i++) {
        valid = digit_value(digits.p[i], base) < base;
    }
    if (!valid) {
        return as_fn_fail_arg(
                call, 0, "cannot parse \"%.*s\" as a base %d integer", AS_STR_ARG(text), (int)base);
    }
    if (digits.n > MAX_DIGITS) {
        return as_fn_fail_arg(call, 0, "a number of %zu digits is too long", digits.n);
    }
    as_num_scratch scratch;
    mpfr_ptr x = as_num_scratch_init(&scratch);
    mpfr_set_zero(x, 1);
    for (size_t i = 0; i < digits.n; i++) {
        mpfr_mul_si(x, x, (long)base, MPFR_RNDN);
        mpfr_add_si(x, x, digit_value(digits.p[i], base), MPFR_RNDN);
    }
    if (negative) {
        mpfr_neg(x, x, MPFR_RNDN);
    }
    return as_num_make(call->arena, call->span, x);
}

static const as_hcl_function functions[] = {
        {.name = "abs",
                .impl = fn_abs,
                .result = &as_type_number,
                .not_null = true,
                .params = {{"num", &as_type_number, AS_PARAM_DYNAMIC}}},
        {.name = "ceil",
                .impl = fn_ceil,
                .result = &as_type_number,
                .not_null = true,
                .params = {{"num", &as_type_number, 0}}},
        {.name = "floor",
                .impl = fn_floor,
                .result = &as_type_number,
                .not_null = true,
                .params = {{"num", &as_type_number, 0}}},
        {.name = "log",
                .impl = fn_log,
                .result = &as_type_number,
                .not_null = true,
                .params = {{"num", &as_type_number, 0}, {"base", &as_type_number, 0}}},
        {.name = "max",
                .impl = fn_max,
                .result = &as_type_number,
                .not_null = true,
                .rest = {"numbers", &as_type_number, AS_PARAM_DYNAMIC}},
        {.name = "min",
                .impl = fn_min,
                .result = &as_type_number,
                .not_null = true,
                .rest = {"numbers", &as_type_number, AS_PARAM_DYNAMIC}},
        {.name = "parseint",
                .impl = fn_parseint,
                .type = type_parseint,
                .not_null = true,
                .params = {{"number", &as_type_any, 0}, {"base", &as_type_number, 0}}},
        {.name = "pow",
                .impl = fn_pow,
                .result = &as_type_number,
                .not_null = true,
                .params = {{"num", &as_type_number, 0}, {"power", &as_type_number, 0}}},
        {.name = "signum",
                .impl = fn_signum,
                .result = &as_type_number,
                .not_null = true,
                .params = {{"num", &as_type_number, 0}}},
        {0},
};
const as_hcl_family as_hcl_family_numeric = {"numeric", functions};
