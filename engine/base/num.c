#include "engine/base/num.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool as_size_add(size_t a, size_t b, size_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

bool as_size_mul(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

bool as_int_add(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

bool as_int_sub(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_sub_overflow(a, b, out);
}

bool as_int_mul(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

static size_t skip_digits(as_str s, size_t i)
{
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') {
        i++;
    }
    return i;
}

bool as_double_parse(as_str s, double *out)
{
    size_t i = s.n > 0 && s.p[0] == '-' ? 1 : 0;
    size_t digits = i;
    i = skip_digits(s, i);
    if (i == digits) {
        return false;
    }
    if (i < s.n && s.p[i] == '.') {
        size_t from = ++i;
        i = skip_digits(s, i);
        if (i == from) {
            return false;
        }
    }
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        i++;
        i += i < s.n && (s.p[i] == '+' || s.p[i] == '-');
        size_t from = i;
        i = skip_digits(s, i);
        if (i == from) {
            return false;
        }
    }
    if (i != s.n) {
        return false;
    }
    /* strtod wants a NUL; the program never calls setlocale, so the point is a point. Digits past
     * the 400th cannot change a double except by a half-way case no input needs. */
    char text[512];
    if (s.n >= sizeof text) {
        return false;
    }
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    *out = strtod(text, NULL);
    return isfinite(*out);
}

/* The shortest %e text that reads back as d: 15 to 17 digits always suffice (IEEE 754). */
static void shortest(double d, char *text, size_t cap)
{
    for (int precision = 0; precision <= 16; precision++) {
        precision = precision == 1 ? 14 : precision; /* 1 digit, then 15, 16, 17 */
        (void)snprintf(text, cap, "%.*e", precision, d);
        if (strtod(text, NULL) == d) {
            return;
        }
    }
}

size_t as_double_write(double d, char *out, size_t cap)
{
    if (!isfinite(d)) {
        return (size_t)snprintf(out, cap, "%s",
                isnan(d) ? "NaN"
                : d > 0  ? "Infinity"
                         : "-Infinity");
    }
    if (d == 0) {
        return (size_t)snprintf(out, cap, "%s", signbit(d) ? "-0" : "0");
    }
    char text[40], digits[24] = "0";
    shortest(d, text, sizeof text);
    size_t n = 0;
    const char *p = text + (text[0] == '-');
    for (; *p != 'e'; p++) {
        if (*p != '.') {
            digits[n++] = *p;
        }
    }
    int exponent = (int)strtol(p + 1, NULL, 10);
    while (n > 1 && digits[n - 1] == '0') {
        n--;
    }
    const char *sign = d < 0 ? "-" : "";
    int count = (int)n;
    if (exponent < -6 || exponent >= 21) {
        return (size_t)snprintf(out, cap, "%s%c%s%.*se%+d", sign, digits[0], n > 1 ? "." : "",
                count - 1, digits + 1, exponent);
    }
    if (exponent < 0) {
        return (size_t)snprintf(
                out, cap, "%s0.%.*s%.*s", sign, -exponent - 1, "0000000", count, digits);
    }
    if (exponent >= count - 1) {
        return (size_t)snprintf(out, cap, "%s%.*s%.*s", sign, count, digits, exponent - count + 1,
                "000000000000000000000");
    }
    return (size_t)snprintf(out, cap, "%s%.*s.%.*s", sign, exponent + 1, digits,
            count - exponent - 1, digits + exponent + 1);
}
