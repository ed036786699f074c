/* Arithmetic: sprig's numeric.go. Integers wrap as Go's do; the …f functions calculate in decimals
 * (github.com/shopspring/decimal), 16 digits after the point in divisions. */
#include "parsers/gotmpl/internal.h"

#include <gmp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "parsers/gotmpl/strconv.h"

static bool give(int64_t i, as_go *out)
{
    *out = as_go_from_int64(i);
    return true;
}

static int64_t wrapped(uint64_t u)
{
    return (int64_t)u;
}

AS_GO_FUNC(f_add)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (uint64_t)as_go_cast_int(t, &a[i]);
    return give(wrapped(sum), out);
}

AS_GO_FUNC(f_add1)
{
    (void)n;
    return give(wrapped((uint64_t)as_go_cast_int(t, &a[0]) + 1), out);
}

AS_GO_FUNC(f_sub)
{
    (void)n;
    uint64_t x = (uint64_t)as_go_cast_int(t, &a[0]), y = (uint64_t)as_go_cast_int(t, &a[1]);
    return give(wrapped(x - y), out);
}

AS_GO_FUNC(f_mul)
{
    uint64_t product = (uint64_t)as_go_cast_int(t, &a[0]);
    for (size_t i = 1; i < n; i++)
        product *= (uint64_t)as_go_cast_int(t, &a[i]);
    return give(wrapped(product), out);
}

AS_GO_FUNC(f_div)
{
    (void)n;
    int64_t x = as_go_cast_int(t, &a[0]), y = as_go_cast_int(t, &a[1]);
    if (y == 0)
        return as_go_fail(t, "runtime error: integer divide by zero");
    return give(y == -1 ? wrapped(0 - (uint64_t)x) : x / y, out);
}

AS_GO_FUNC(f_mod)
{
    (void)n;
    int64_t x = as_go_cast_int(t, &a[0]), y = as_go_cast_int(t, &a[1]);
    if (y == 0)
        return as_go_fail(t, "runtime error: integer divide by zero");
    return give(y == -1 ? 0 : x % y, out);
}

AS_GO_FUNC(f_max)
{
    int64_t best = as_go_cast_int(t, &a[0]);
    for (size_t i = 1; i < n; i++) {
        int64_t x = as_go_cast_int(t, &a[i]);
        best = x > best ? x : best;
    }
    return give(best, out);
}

AS_GO_FUNC(f_min)
{
    int64_t best = as_go_cast_int(t, &a[0]);
    for (size_t i = 1; i < n; i++) {
        int64_t x = as_go_cast_int(t, &a[i]);
        best = x < best ? x : best;
    }
    return give(best, out);
}

AS_GO_FUNC(f_maxf)
{
    double best = as_go_cast_float(t, &a[0]);
    for (size_t i = 1; i < n; i++) {
        double x = as_go_cast_float(t, &a[i]);
        best = isnan(x) || isnan(best) ? NAN : x > best ? x : best;
    }
    *out = as_go_from_float(best);
    return true;
}

AS_GO_FUNC(f_minf)
{
    double best = as_go_cast_float(t, &a[0]);
    for (size_t i = 1; i < n; i++) {
        double x = as_go_cast_float(t, &a[i]);
        best = isnan(x) || isnan(best) ? NAN : x < best ? x : best;
    }
    *out = as_go_from_float(best);
    return true;
}

AS_GO_FUNC(f_floor)
{
    (void)n;
    *out = as_go_from_float(floor(as_go_cast_float(t, &a[0])));
    return true;
}

AS_GO_FUNC(f_ceil)
{
    (void)n;
    *out = as_go_from_float(ceil(as_go_cast_float(t, &a[0])));
    return true;
}

AS_GO_FUNC(f_round)
{
    double on = n > 2 ? a[2].as.f : 0.5;
    double power = pow(10, (double)a[1].as.i), digit = power * as_go_cast_float(t, &a[0]), whole;
    double fraction = modf(digit, &whole);
    *out = as_go_from_float((fraction >= on ? ceil(digit) : floor(digit)) / power);
    return true;
}

/* --- decimals ------------------------------------------------------------------------------------------ */

/* value × 10^exp. GMP's memory is freed before anything can unwind. */
typedef struct decimal {
    mpz_t value;
    long exp;
} decimal;

enum { DIVISION_DIGITS = 16 };

static void decimal_from(decimal *d, const char *text)
{
    char digits[64];
    size_t n = 0;
    long point = 0;
    bool after = false;
    const char *p = text;
    for (; *p && *p != 'e' && n + 1 < sizeof digits; p++) {
        if (*p == '.') {
            after = true;
            continue;
        }
        digits[n++] = *p;
        point += after;
    }
    digits[n] = '\0';
    d->exp = (*p == 'e' ? strtol(p + 1, NULL, 10) : 0) - point;
    mpz_init_set_str(d->value, digits, 10);
}

static void scale_up(mpz_t v, long by)
{
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, 10, (unsigned long)by);
    mpz_mul(v, v, power);
    mpz_clear(power);
}

/* Half away from zero at DIVISION_DIGITS digits after the point. */
static void divide(decimal *x, decimal *y)
{
    long shift = x->exp - y->exp + DIVISION_DIGITS;
    if (shift >= 0)
        scale_up(x->value, shift);
    else
        scale_up(y->value, -shift);
    int sign = mpz_sgn(x->value) * mpz_sgn(y->value);
    mpz_t rest;
    mpz_init(rest);
    mpz_tdiv_qr(x->value, rest, x->value, y->value);
    mpz_mul_2exp(rest, rest, 1);
    if (mpz_cmpabs(rest, y->value) >= 0) {
        if (sign < 0)
            mpz_sub_ui(x->value, x->value, 1);
        else
            mpz_add_ui(x->value, x->value, 1);
    }
    mpz_clear(rest);
    x->exp = -DIVISION_DIGITS;
}

static void apply(decimal *x, decimal *y, char op)
{
    if (op == '*') {
        mpz_mul(x->value, x->value, y->value);
        x->exp += y->exp;
    } else if (op == '/') {
        divide(x, y);
    } else {
        if (x->exp > y->exp) {
            scale_up(x->value, x->exp - y->exp);
            x->exp = y->exp;
        } else {
            scale_up(y->value, y->exp - x->exp);
        }
        (op == '+' ? mpz_add : mpz_sub)(x->value, x->value, y->value);
    }
}

static double decimal_to_double(const decimal *d)
{
    size_t room = mpz_sizeinbase(d->value, 10) + 40;
    char *text = malloc(room);
    if (!text)
        return NAN;
    mpz_get_str(text, 10, d->value);
    size_t n = strlen(text);
    snprintf(text + n, room - n, "e%ld", d->exp);
    double result = strtod(text, NULL);
    free(text);
    return result;
}

static bool finite_text(as_gotmpl *t, double d, char **text)
{
    if (isnan(d) || isinf(d))
        return as_go_fail(t, "Cannot create a Decimal from %s",
                isnan(d) ? "NaN"
                : d > 0  ? "+Inf"
                         : "-Inf");
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    as_go_format_float(&buf, d, 'e', -1, 64);
    *text = as_buf_c(&buf);
    return true;
}

static bool calculate(as_gotmpl *t, double first, const as_go *rest, size_t n, char op, as_go *out)
{
    char **texts = AS_NEW_ARRAY(t->arena, char *, n + 1);
    if (!finite_text(t, first, &texts[0]))
        return false;
    for (size_t i = 0; i < n; i++) {
        double d = as_go_cast_float(t, &rest[i]);
        if (op == '/' && d == 0)
            return as_go_fail(t, "decimal division by 0");
        if (!finite_text(t, d, &texts[i + 1]))
            return false;
    }
    if (!as_gotmpl_step(t, n * n))
        return false;
    decimal x;
    decimal_from(&x, texts[0]);
    for (size_t i = 1; i <= n; i++) {
        decimal y;
        decimal_from(&y, texts[i]);
        apply(&x, &y, op);
        mpz_clear(y.value);
    }
    *out = as_go_from_float(decimal_to_double(&x));
    mpz_clear(x.value);
    return true;
}

AS_GO_FUNC(f_addf)
{
    return calculate(t, 0, a, n, '+', out);
}

AS_GO_FUNC(f_add1f)
{
    (void)n;
    as_go one = as_go_from_int(1);
    return calculate(t, as_go_cast_float(t, &a[0]), &one, 1, '+', out);
}

AS_GO_FUNC(f_subf)
{
    return calculate(t, as_go_cast_float(t, &a[0]), a + 1, n - 1, '-', out);
}

AS_GO_FUNC(f_mulf)
{
    return calculate(t, as_go_cast_float(t, &a[0]), a + 1, n - 1, '*', out);
}

AS_GO_FUNC(f_divf)
{
    return calculate(t, as_go_cast_float(t, &a[0]), a + 1, n - 1, '/', out);
}

/* --- sequences -------------------------------------------------------------------------------------------- */

/* start, start+step, … before stop; NULL with t->failure when there are too many. */
static as_go_list *steps(as_gotmpl *t, int64_t start, int64_t stop, int64_t step)
{
    as_go_list *list = as_go_list_new(t, 0);
    if (stop < start ? step >= 0 : step <= 0)
        return list;
    uint64_t distance =
            stop < start ? (uint64_t)start - (uint64_t)stop : (uint64_t)stop - (uint64_t)start;
    uint64_t width = step < 0 ? 0 - (uint64_t)step : (uint64_t)step;
    uint64_t count = distance == 0 ? 0 : (distance - 1) / width + 1;
    if (count > 10000000) {
        as_go_limit(t, "a list of %llu numbers is too long", (unsigned long long)count);
        return NULL;
    }
    if (!as_gotmpl_step(t, count))
        return NULL;
    for (uint64_t i = 0; i < count; i++)
        as_go_list_add(t, list, as_go_from_int(wrapped((uint64_t)start + i * (uint64_t)step)));
    return list;
}

static bool give_ints(as_go_list *list, as_go *out)
{
    *out = as_go_list_value(&as_go_ints, list);
    return list != NULL;
}

AS_GO_FUNC(f_until)
{
    (void)n;
    return give_ints(steps(t, 0, a[0].as.i, a[0].as.i < 0 ? -1 : 1), out);
}

AS_GO_FUNC(f_until_step)
{
    (void)n;
    return give_ints(steps(t, a[0].as.i, a[1].as.i, a[2].as.i), out);
}

AS_GO_FUNC(f_seq)
{
    *out = as_go_from_str(AS_STR(""));
    if (n == 0 || n > 3)
        return true;
    int64_t start = n == 1 ? 1 : a[0].as.i, end = a[n - 1].as.i;
    int64_t way = end < start ? -1 : 1, step = n == 3 ? a[1].as.i : way;
    if (n == 3 && end < start && step > 0)
        return true;
    as_go_list *list = steps(t, start, wrapped((uint64_t)end + (uint64_t)way), step);
    if (!list)
        return false;
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    for (size_t i = 0; i < as_go_list_count(t, list); i++)
        as_buf_fmt(&buf, i > 0 ? " %lld" : "%lld", (long long)as_go_list_at(t, list, i)->as.i);
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}

const as_go_func as_funcs_math[] = {
        {"add", "*a", f_add, 0},
        {"add1", "a", f_add1, 0},
        {"sub", "aa", f_sub, 0},
        {"mul", "a*a", f_mul, 0},
        {"div", "aa", f_div, 0},
        {"mod", "aa", f_mod, 0},
        {"max", "a*a", f_max, 0},
        {"biggest", "a*a", f_max, 0},
        {"min", "a*a", f_min, 0},
        {"maxf", "a*a", f_maxf, 0},
        {"minf", "a*a", f_minf, 0},
        {"floor", "a", f_floor, 0},
        {"ceil", "a", f_ceil, 0},
        {"round", "ai*f", f_round, 0},
        {"addf", "*a", f_addf, 0},
        {"add1f", "a", f_add1f, 0},
        {"subf", "a*a", f_subf, 0},
        {"mulf", "a*a", f_mulf, 0},
        {"divf", "a*a", f_divf, 0},
        {"until", "i", f_until, 0},
        {"untilStep", "iii", f_until_step, 0},
        {"seq", "*i", f_seq, 0},
        {0},
};
