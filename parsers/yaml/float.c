/* Doubles as Go prints them: the shortest digits, laid out in 'g' or 'f' form (strconv/ftoa.go). */
#include <math.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/num.h"
#include "parsers/yaml/resolve.h"

typedef struct decimal {
    bool negative;
    char digits[40];
    size_t n;
    int exponent; /* of the first digit */
} decimal;

/* Out of ECMAScript's notation, which as_double_write gives. */
static decimal decompose(double d)
{
    decimal out = {.negative = signbit(d) != 0};
    char text[40];
    size_t n = as_double_write(d, text, sizeof text), zeros = 0;
    int point = -1, exponent = 0;

    for (size_t i = 0; i < n; i++) {
        if (text[i] == 'e' || text[i] == 'E') {
            bool negative = i + 1 < n && text[i + 1] == '-';
            for (size_t k = i + 1; k < n; k++)
                if (text[k] >= '0' && text[k] <= '9')
                    exponent = exponent * 10 + (text[k] - '0');
            exponent = negative ? -exponent : exponent;
            break;
        }
        if (text[i] == '.')
            point = (int)(zeros + out.n);
        else if (text[i] == '0' && out.n == 0)
            zeros++;
        else if (text[i] >= '0' && text[i] <= '9')
            out.digits[out.n++] = text[i];
    }
    if (point < 0)
        point = (int)(zeros + out.n);
    if (out.n == 0)
        out.digits[out.n++] = '0';
    while (out.n > 1 && out.digits[out.n - 1] == '0')
        out.n--;
    out.exponent = out.digits[0] == '0' ? 0 : exponent + point - (int)zeros - 1;
    return out;
}

static as_str special_text(double d)
{
    return isnan(d) ? AS_STR(".nan") : d > 0 ? AS_STR(".inf") : AS_STR("-.inf");
}

static void write_plain(as_buf *buf, const decimal *d)
{
    if (d->exponent < 0) {
        as_buf_cstr(buf, "0.");
        as_buf_repeat(buf, '0', (size_t)(-d->exponent - 1));
        as_buf_add(buf, d->digits, d->n);
        return;
    }
    size_t whole = (size_t)d->exponent + 1;
    as_buf_add(buf, d->digits, d->n < whole ? d->n : whole);
    if (d->n < whole)
        as_buf_repeat(buf, '0', whole - d->n);
    if (d->n > whole) {
        as_buf_char(buf, '.');
        as_buf_add(buf, d->digits + whole, d->n - whole);
    }
}

static as_str float_text(as_arena *arena, double v, bool decimal_only)
{
    as_buf buf;
    decimal d;

    if (!isfinite(v))
        return special_text(v);
    d = decompose(v);
    as_buf_init(&buf, arena, 0);
    if (d.negative)
        as_buf_char(&buf, '-');
    /* For the shortest digits %e is chosen below 10^-4 and from 10^6 on. */
    if (decimal_only || (d.exponent >= -4 && d.exponent < 6)) {
        write_plain(&buf, &d);
        return as_buf_view(&buf);
    }
    as_buf_char(&buf, d.digits[0]);
    if (d.n > 1) {
        as_buf_char(&buf, '.');
        as_buf_add(&buf, d.digits + 1, d.n - 1);
    }
    as_buf_fmt(&buf, "e%c%02d", d.exponent < 0 ? '-' : '+', abs(d.exponent));
    return as_buf_view(&buf);
}

as_str as_yaml_float_text(as_arena *arena, double d)
{
    return float_text(arena, d, false);
}

as_str as_yaml_decimal_text(as_arena *arena, double d)
{
    return float_text(arena, d, true);
}
