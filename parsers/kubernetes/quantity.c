#include "parsers/kubernetes/quantity.h"

#include <math.h>

#include "engine/base/num.h"

static const struct {
    const char *suffix;
    double factor;
} suffixes[] = {
        {"", 1},
        {"n", 1e-9},
        {"u", 1e-6},
        {"m", 1e-3},
        {"k", 1e3},
        {"M", 1e6},
        {"G", 1e9},
        {"T", 1e12},
        {"P", 1e15},
        {"E", 1e18},
        {"Ki", 0x1p10},
        {"Mi", 0x1p20},
        {"Gi", 0x1p30},
        {"Ti", 0x1p40},
        {"Pi", 0x1p50},
        {"Ei", 0x1p60},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* [0-9]*[.]?[0-9]* with a digit in it, in the form that as_double_parse takes; bytes read, 0: none.
 */
static size_t take_decimal(as_str s, char *json, size_t cap, size_t *n_json)
{
    size_t i = 0, n = 0, n_digits = 0;

    while (i + 1 < s.n && s.p[i] == '0' && is_digit(s.p[i + 1]))
        i++, n_digits++;
    if (i < s.n && s.p[i] == '.')
        json[n++] = '0';
    for (; i < s.n && is_digit(s.p[i]) && n < cap; i++, n_digits++)
        json[n++] = s.p[i];
    if (i < s.n && s.p[i] == '.') {
        size_t dot = n;
        json[n++] = '.';
        for (i++; i < s.n && is_digit(s.p[i]) && n < cap; i++, n_digits++)
            json[n++] = s.p[i];
        if (n == dot + 1)
            n = dot;
    }
    *n_json = n;
    return n_digits ? i : 0;
}

bool as_quantity_parse(as_str text, double *out)
{
    bool negative = text.n && text.p[0] == '-';
    as_str s = negative || (text.n && text.p[0] == '+') ? as_str_from_index(text, 1) : text;
    char json[64];
    size_t n_json, n = take_decimal(s, json, sizeof json - 2, &n_json);
    int64_t exponent;

    if (!n || !as_double_parse((as_str){json, n_json}, out))
        return false;
    s = as_str_from_index(s, n);
    if (negative)
        *out = -*out;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (as_str_is(s, suffixes[i].suffix)) {
            /* Division keeps "100m" the double nearest to 0.1. */
            *out = suffixes[i].factor < 1 ? *out / round(1 / suffixes[i].factor)
                                          : *out * suffixes[i].factor;
            return true;
        }
    if (s.p[0] != 'e' && s.p[0] != 'E')
        return false;
    s = as_str_from_index(s, s.n > 1 && s.p[1] == '+' ? 2 : 1);
    if (!as_str_to_int(s, &exponent) || exponent < -30 || exponent > 30)
        return false;
    *out = exponent < 0 ? *out / pow(10, (double)-exponent) : *out * pow(10, (double)exponent);
    return true;
}

bool as_quantity_of(const as_value *value, double *out)
{
    if (as_value_is(value, AS_STRING))
        return as_quantity_parse(value->as.str, out);
    if (!as_value_is_number(value))
        return false;
    *out = as_value_to_double(value);
    return true;
}
