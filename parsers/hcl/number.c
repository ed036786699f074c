/* Numbers: decimal text in and out, and arithmetic with a fast path for integers.
 *
 * A decimal of at most 153 digits survives the way into a 512-bit mantissa and back as the shortest
 * text (floor(511 · log10 2) = 153), so most texts are kept as they are and MPFR is not asked at
 * all. */
#include "parsers/hcl/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/num.h"

enum {
    MAX_EXPONENT = 20000, /* of ten: beyond it a number is refused rather than written out */
    SAFE_DIGITS = 153,
    FLOAT_DIGITS = 15, /* decimals that a double tells apart */
    MPFR_DIGITS = 158, /* enough to read any 512-bit number back */
};

/* ±0.digits × 10^point, without zeros at either end of the digits. No digits: zero. */
typedef struct decimal {
    bool negative;
    const char *digits;
    size_t n;
    long point;
} decimal;

/* --- text to decimal -------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The exponent behind `e`; false when malformed or too large to matter. */
static bool parse_exponent(as_str s, long *out)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
        s = as_str_from_index(s, 1);
    if (s.n == 0)
        return false;
    long value = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i]))
            return false;
        if (value <= 100L * MAX_EXPONENT)
            value = value * 10 + (s.p[i] - '0');
    }
    *out = negative ? -value : value;
    return true;
}

/* `buffer` holds at least s.n bytes and receives the digits. */
static bool parse_decimal(as_str s, char *buffer, decimal *out)
{
    *out = (decimal){.digits = buffer};
    size_t i = 0;
    if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
        out->negative = s.p[i++] == '-';
    bool any = false, fraction = false;
    long dropped = 0; /* zeros in front of the first digit of a fraction */
    size_t whole = 0;
    for (; i < s.n && (is_digit(s.p[i]) || (s.p[i] == '.' && !fraction)); i++) {
        if (s.p[i] == '.') {
            fraction = true;
            continue;
        }
        any = true;
        if (out->n == 0 && s.p[i] == '0') {
            dropped += fraction;
            continue;
        }
        buffer[out->n++] = s.p[i];
        whole += !fraction;
    }
    long exponent = 0;
    if (!any)
        return false;
    if (i < s.n) {
        if ((s.p[i] | 32) != 'e' || !parse_exponent(as_str_from_index(s, i + 1), &exponent))
            return false;
    }
    while (out->n > 0 && buffer[out->n - 1] == '0')
        out->n--;
    out->point = (whole > 0 ? (long)whole : -dropped) + exponent;
    return true;
}

/* --- decimal to text and value ---------------------------------------------------------------- */

static as_str decimal_text(as_arena *arena, const decimal *d)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    if (d->negative)
        as_buf_char(&out, '-');
    size_t whole = d->point > 0 ? (size_t)d->point : 0;
    if (whole == 0)
        as_buf_char(&out, '0');
    as_buf_add(&out, d->digits, d->n < whole ? d->n : whole);
    if (whole > d->n)
        as_buf_repeat(&out, '0', whole - d->n);
    if (d->n > whole) {
        as_buf_char(&out, '.');
        if (d->point < 0)
            as_buf_repeat(&out, '0', (size_t)-d->point);
        as_buf_add(&out, d->digits + whole, d->n - whole);
    }
    return as_buf_view(&out);
}

static const as_value *small_value(as_arena *arena, as_span span, const decimal *d)
{
    char text[64];
    size_t n = 0;
    int64_t integer;
    if (d->negative)
        text[n++] = '-';
    if (d->point >= (long)d->n && d->point <= 19) {
        memcpy(text + n, d->digits, d->n);
        memset(text + n + d->n, '0', (size_t)d->point - d->n);
        n += (size_t)d->point;
        if (as_str_to_int((as_str){text, n}, &integer))
            return as_value_int(arena, span, integer);
        return NULL;
    }
    if (d->n > FLOAT_DIGITS || d->point > FLOAT_DIGITS || d->point < -280)
        return NULL;
    n += (size_t)snprintf(text + n, sizeof text - n, "0.%.*se%ld", (int)d->n, d->digits, d->point);
    double number;
    return as_double_parse((as_str){text, n}, &number) ? as_value_float(arena, span, number) : NULL;
}

/* The value of a decimal that is exact at 512 bits. */
static const as_value *decimal_value(as_arena *arena, as_span span, const decimal *d)
{
    if (d->n == 0)
        return d->negative ? as_value_float(arena, span, -0.0) : as_value_int(arena, span, 0);
    const as_value *small = small_value(arena, span, d);
    return small ? small : as_value_bignum(arena, span, decimal_text(arena, d));
}

/* --- MPFR ------------------------------------------------------------------------------------- */

static void set_text(mpfr_t out, as_str text)
{
    char small[256];
    char *copy = text.n < sizeof small ? small : malloc(text.n + 1);
    if (!copy) {
        mpfr_set_nan(out);
        return;
    }
    memcpy(copy, text.p, text.n);
    copy[text.n] = 0;
    mpfr_set_str(out, copy, 10, MPFR_RNDN);
    if (copy != small)
        free(copy);
}

_Static_assert(sizeof(long) >= sizeof(int64_t), "mpfr_set_si takes a long");

void as_num_get(const as_value *n, mpfr_t out)
{
    char text[64];
    switch (n->kind) {
    case AS_INT:
        mpfr_set_si(out, (long)n->as.integer, MPFR_RNDN);
        break;
    case AS_FLOAT:
        if (isinf(n->as.number) || n->as.number == 0)
            mpfr_set_d(out, n->as.number, MPFR_RNDN);
        else
            set_text(out, (as_str){text, as_double_write(n->as.number, text, sizeof text)});
        break;
    case AS_BIGNUM:
        set_text(out, n->as.str);
        break;
    default:
        mpfr_set_zero(out, 1);
        break;
    }
}

/* n digits of x, without the zeros at the end. */
static void get_digits(mpfr_t x, size_t n, char *buffer, decimal *out)
{
    mpfr_exp_t exponent;
    mpfr_get_str(buffer, &exponent, 10, n, x, MPFR_RNDN);
    *out = (decimal){.negative = buffer[0] == '-', .point = (long)exponent};
    out->digits = buffer + out->negative;
    out->n = strlen(out->digits);
    while (out->n > 0 && out->digits[out->n - 1] == '0')
        out->n--;
}

static bool reads_back(mpfr_t x, size_t n, char *buffer)
{
    decimal d;
    char text[MPFR_DIGITS + 48];
    get_digits(x, n, buffer, &d);
    snprintf(text, sizeof text, "%s0.%.*se%ld", d.negative ? "-" : "", (int)d.n, d.digits, d.point);
    mpfr_t again;
    mpfr_init2(again, AS_NUM_PRECISION);
    mpfr_set_str(again, text, 10, MPFR_RNDN);
    bool same = mpfr_equal_p(x, again);
    mpfr_clear(again);
    return same;
}

/* The fewest digits that read back as x: more digits are never worse, so halving finds them. */
static void shortest_digits(mpfr_t x, char *buffer, decimal *out)
{
    size_t low = 2, high = MPFR_DIGITS;
    if (reads_back(x, FLOAT_DIGITS + 2, buffer))
        high = FLOAT_DIGITS + 2;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (reads_back(x, middle, buffer))
            high = middle;
        else
            low = middle + 1;
    }
    get_digits(x, high, buffer, out);
}

static const as_value *make(as_arena *arena, as_span span, mpfr_t x, bool clear)
{
    char buffer[MPFR_DIGITS + 8];
    decimal d = {0};
    bool infinite = mpfr_inf_p(x) != 0, zero = mpfr_zero_p(x) != 0, nan = mpfr_nan_p(x) != 0;
    bool negative = mpfr_signbit(x) != 0;
    if (!infinite && !zero && !nan)
        shortest_digits(x, buffer, &d);
    d.negative = negative;
    if (clear)
        mpfr_clear(x);
    if (nan)
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    if (infinite || d.point > MAX_EXPONENT)
        return as_value_float(arena, span, negative ? -INFINITY : INFINITY);
    if (d.point < -MAX_EXPONENT)
        d.n = 0;
    return decimal_value(arena, span, &d);
}

const as_value *as_num_make(as_arena *arena, as_span span, mpfr_t x)
{
    return make(arena, span, x, false);
}

const as_value *as_num_make_clear(as_arena *arena, as_span span, mpfr_t x)
{
    return make(arena, span, x, true);
}

/* --- text ------------------------------------------------------------------------------------- */

static const as_value *parse_infinity(as_arena *arena, as_span span, as_str text)
{
    bool negative = text.n > 0 && text.p[0] == '-';
    if (text.n > 0 && (text.p[0] == '-' || text.p[0] == '+'))
        text = as_str_from_index(text, 1);
    if (!as_str_is(text, "Inf") && !as_str_is(text, "inf"))
        return NULL;
    return as_value_float(arena, span, negative ? -INFINITY : INFINITY);
}

const as_value *as_num_parse(as_arena *arena, as_span span, as_str text)
{
    int64_t integer;
    if (text.n <= 18 && as_str_to_int(text, &integer) && integer != 0)
        return as_value_int(arena, span, integer);
    char small[64];
    char *buffer = text.n <= sizeof small ? small : as_arena_alloc(arena, text.n);
    decimal d;
    if (!parse_decimal(text, buffer, &d))
        return parse_infinity(arena, span, text);
    if (d.n > 0 && (d.point > MAX_EXPONENT || d.point < -MAX_EXPONENT))
        return NULL;
    if (d.n <= SAFE_DIGITS)
        return decimal_value(arena, span, &d);
    mpfr_t x;
    mpfr_init2(x, AS_NUM_PRECISION);
    set_text(x, text);
    return as_num_make_clear(arena, span, x);
}

as_str as_num_text(as_arena *arena, const as_value *n)
{
    char text[64], buffer[64];
    decimal d;
    switch (n->kind) {
    case AS_INT:
        return as_str_fmt(arena, "%lld", (long long)n->as.integer);
    case AS_BIGNUM:
        return n->as.str;
    case AS_FLOAT:
        if (isinf(n->as.number))
            return n->as.number < 0 ? AS_STR("-Inf") : AS_STR("+Inf");
        if (n->as.number == 0)
            return signbit(n->as.number) ? AS_STR("-0") : AS_STR("0");
        if (parse_decimal(
                    (as_str){text, as_double_write(n->as.number, text, sizeof text)}, buffer, &d))
            return decimal_text(arena, &d);
        return AS_STR("0");
    default:
        return AS_STR("");
    }
}

/* --- asking ----------------------------------------------------------------------------------- */

bool as_num_is_whole(const as_value *n)
{
    if (n->kind == AS_FLOAT)
        return !isinf(n->as.number) && n->as.number == floor(n->as.number);
    return n->kind == AS_INT || !memchr(n->as.str.p, '.', n->as.str.n);
}

bool as_num_to_int(const as_value *n, int64_t *out)
{
    if (n->kind == AS_INT) {
        *out = n->as.integer;
        return true;
    }
    if (n->kind != AS_FLOAT || !as_num_is_whole(n) || fabs(n->as.number) >= 9.2e18)
        return false; /* whole AS_BIGNUMs are beyond 64 bits */
    *out = (int64_t)n->as.number;
    return true;
}

double as_num_to_double(const as_value *n)
{
    return as_value_to_double(n);
}

int as_num_sign(const as_value *n)
{
    switch (n->kind) {
    case AS_INT:
        return (n->as.integer > 0) - (n->as.integer < 0);
    case AS_FLOAT:
        return (n->as.number > 0) - (n->as.number < 0);
    default:
        return n->as.str.n > 0 && n->as.str.p[0] == '-' ? -1 : 1;
    }
}

int as_num_cmp(const as_value *a, const as_value *b)
{
    if (a->kind == AS_INT && b->kind == AS_INT)
        return (a->as.integer > b->as.integer) - (a->as.integer < b->as.integer);
    if (a->kind == AS_FLOAT && b->kind == AS_FLOAT)
        return (a->as.number > b->as.number) - (a->as.number < b->as.number);
    mpfr_t x, y;
    mpfr_inits2(AS_NUM_PRECISION, x, y, (mpfr_ptr)NULL);
    as_num_get(a, x);
    as_num_get(b, y);
    int order = mpfr_cmp(x, y);
    mpfr_clears(x, y, (mpfr_ptr)NULL);
    return order;
}

/* --- arithmetic ------------------------------------------------------------------------------- */

typedef int binary_fn(mpfr_t, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

static const as_value *exact(
        as_arena *arena, as_span span, const as_value *a, const as_value *b, binary_fn *apply)
{
    mpfr_t x, y;
    mpfr_inits2(AS_NUM_PRECISION, x, y, (mpfr_ptr)NULL);
    as_num_get(a, x);
    as_num_get(b, y);
    apply(x, x, y, MPFR_RNDN);
    mpfr_clear(y);
    if (mpfr_nan_p(x)) {
        mpfr_clear(x);
        return NULL;
    }
    return as_num_make_clear(arena, span, x);
}

static bool both_int(const as_value *a, const as_value *b)
{
    return a->kind == AS_INT && b->kind == AS_INT;
}

const as_value *as_num_add(as_arena *arena, as_span span, const as_value *a, const as_value *b)
{
    int64_t sum;
    if (both_int(a, b) && as_int_add(a->as.integer, b->as.integer, &sum))
        return as_value_int(arena, span, sum);
    return exact(arena, span, a, b, mpfr_add);
}

const as_value *as_num_sub(as_arena *arena, as_span span, const as_value *a, const as_value *b)
{
    int64_t difference;
    if (both_int(a, b) && as_int_sub(a->as.integer, b->as.integer, &difference))
        return as_value_int(arena, span, difference);
    return exact(arena, span, a, b, mpfr_sub);
}

const as_value *as_num_mul(as_arena *arena, as_span span, const as_value *a, const as_value *b)
{
    int64_t product;
    if (both_int(a, b) && as_int_mul(a->as.integer, b->as.integer, &product))
        return as_value_int(arena, span, product);
    return exact(arena, span, a, b, mpfr_mul);
}

const as_value *as_num_div(as_arena *arena, as_span span, const as_value *a, const as_value *b)
{
    if (both_int(a, b) && b->as.integer != 0 && b->as.integer != -1 &&
            a->as.integer % b->as.integer == 0)
        return as_value_int(arena, span, a->as.integer / b->as.integer);
    return exact(arena, span, a, b, mpfr_div);
}

/* a - b · trunc(a / b), with the quotient rounded to 512 bits first, as cty does it. */
static int remainder_of(mpfr_t out, mpfr_srcptr a, mpfr_srcptr b, mpfr_rnd_t rounding)
{
    mpfr_t quotient;
    mpfr_init2(quotient, AS_NUM_PRECISION);
    mpfr_div(quotient, a, b, rounding);
    mpfr_trunc(quotient, quotient);
    mpfr_mul(quotient, quotient, b, rounding);
    int inexact = mpfr_sub(out, a, quotient, rounding);
    mpfr_clear(quotient);
    return inexact;
}

const as_value *as_num_mod(as_arena *arena, as_span span, const as_value *a, const as_value *b)
{
    if (as_num_sign(b) == 0)
        return as_value_at(arena, a, span);
    if (both_int(a, b) && b->as.integer != -1)
        return as_value_int(arena, span, a->as.integer % b->as.integer);
    if ((a->kind == AS_FLOAT && isinf(a->as.number)) ||
            (b->kind == AS_FLOAT && isinf(b->as.number)))
        return NULL;
    return exact(arena, span, a, b, remainder_of);
}

const as_value *as_num_neg(as_arena *arena, as_span span, const as_value *a)
{
    if (a->kind == AS_INT && a->as.integer == 0)
        return as_value_float(arena, span, -0.0);
    if (a->kind == AS_INT && a->as.integer != INT64_MIN)
        return as_value_int(arena, span, -a->as.integer);
    if (a->kind == AS_FLOAT)
        return a->as.number == 0 && signbit(a->as.number)
                       ? as_value_int(arena, span, 0)
                       : as_value_float(arena, span, -a->as.number);
    mpfr_t x;
    mpfr_init2(x, AS_NUM_PRECISION);
    as_num_get(a, x);
    mpfr_neg(x, x, MPFR_RNDN);
    return as_num_make_clear(arena, span, x);
}
