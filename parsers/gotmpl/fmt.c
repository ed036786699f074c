/* Go's package fmt: Sprint, Sprintln, Sprintf and every verb for every kind of value
 * (src/fmt/print.go, format.go). */
#include "parsers/gotmpl/internal.h"

#include <math.h>
#include <stdio.h>

#include "engine/base/limits.h"
#include "engine/base/unicode.h"
#include "engine/base/utf8.h"
#include "parsers/gotmpl/strconv.h"

enum { MAX_WIDTH = 1000000 }; /* fmt's own bound on width and precision */

typedef struct printer {
    as_gotmpl *t;
    as_buf *out;
    bool has_width, has_precision, minus, plus, sharp, space, zero;
    bool plus_v, sharp_v;
    bool erroring; /* within %!v(…): no String methods */
    int width, precision;
} printer;

static void print_value(printer *p, const as_go *v, uint32_t verb, int depth);

/* --- padding --------------------------------------------------------------------------------------- */

static void pad(printer *p, as_str s)
{
    size_t runes = p->has_width ? as_utf8_count(s) : 0;
    size_t fill = p->has_width && (size_t)p->width > runes ? (size_t)p->width - runes : 0;
    if (!p->minus)
        as_buf_repeat(p->out, p->zero ? '0' : ' ', fill);
    as_buf_str(p->out, s);
    if (p->minus)
        as_buf_repeat(p->out, ' ', fill);
}

static as_buf scratch(printer *p)
{
    as_buf buf;
    as_buf_init(&buf, p->t->arena, p->t->options.max_bytes);
    return buf;
}

/* --- %!verb(type=value) ---------------------------------------------------------------------------- */

static void bad_verb(printer *p, uint32_t verb, const as_go *v, int depth)
{
    as_buf_cstr(p->out, "%!");
    as_buf_rune(p->out, verb);
    as_buf_char(p->out, '(');
    if (!v || !v->type) {
        as_buf_cstr(p->out, "<nil>");
    } else {
        as_buf_cstr(p->out, v->type->name);
        as_buf_char(p->out, '=');
        printer plain = {.t = p->t,
                .out = p->out,
                .erroring = true,
                .has_width = p->has_width,
                .width = p->width,
                .minus = p->minus,
                .plus = p->plus,
                .sharp = p->sharp,
                .space = p->space,
                .zero = p->zero,
                .has_precision = p->has_precision,
                .precision = p->precision};
        as_go bare = *v;
        print_value(&plain, &bare, 'v', depth);
    }
    as_buf_char(p->out, ')');
}

/* --- integers ---------------------------------------------------------------------------------------- */

static void integer(printer *p, uint64_t u, bool negative, int base, uint32_t verb, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEFX" : "0123456789abcdefx";
    char small[80];
    as_buf big;
    int precision = 0;
    if (p->has_precision) {
        precision = p->precision;
        if (precision == 0 && u == 0) {
            bool zero = p->zero;
            p->zero = false;
            if (p->has_width)
                as_buf_repeat(p->out, ' ', (size_t)p->width);
            p->zero = zero;
            return;
        }
    } else if (p->zero && !p->minus && p->has_width) {
        precision = p->width - (negative || p->plus || p->space);
    }
    size_t i = sizeof small;
    do {
        small[--i] = digits[u % (unsigned)base];
        u /= (unsigned)base;
    } while (u);
    big = scratch(p);
    if (negative)
        as_buf_char(&big, '-');
    else if (p->plus)
        as_buf_char(&big, '+');
    else if (p->space)
        as_buf_char(&big, ' ');
    size_t n = sizeof small - i;
    if (verb == 'O')
        as_buf_cstr(&big, "0o");
    if (p->sharp) {
        if (base == 2)
            as_buf_cstr(&big, "0b");
        else if (base == 8 && small[i] != '0' && precision <= (int)n)
            as_buf_char(&big, '0');
        else if (base == 16)
            as_buf_cstr(&big, upper ? "0X" : "0x");
    }
    if (precision > (int)n)
        as_buf_repeat(&big, '0', (size_t)precision - n);
    as_buf_add(&big, small + i, n);
    bool zero = p->zero;
    p->zero = false;
    pad(p, as_buf_view(&big));
    p->zero = zero;
}

static void unicode(printer *p, uint64_t u)
{
    as_buf buf = scratch(p);
    as_buf_fmt(&buf, "U+%0*llX", p->has_precision && p->precision > 4 ? p->precision : 4,
            (unsigned long long)u);
    if (p->sharp && u <= 0x10ffff && as_rune_is_print((uint32_t)u)) {
        as_buf_cstr(&buf, " '");
        as_buf_rune(&buf, (uint32_t)u);
        as_buf_char(&buf, '\'');
    }
    bool zero = p->zero;
    p->zero = false;
    pad(p, as_buf_view(&buf));
    p->zero = zero;
}

static void rune_verb(printer *p, uint64_t u, uint32_t verb)
{
    uint32_t rune = u > 0x10ffff ? 0xfffd : (uint32_t)u;
    as_buf one = scratch(p);
    as_buf_rune(&one, rune);
    if (verb == 'q') {
        as_buf quoted = scratch(p);
        as_go_quote(&quoted, as_buf_view(&one), '\'', p->plus);
        one = quoted;
    }
    pad(p, as_buf_view(&one));
}

static void print_integer(printer *p, const as_go *v, bool is_signed, uint32_t verb, int depth)
{
    bool negative = is_signed && v->as.i < 0;
    uint64_t u = negative ? 0 - (uint64_t)v->as.i : v->as.u;
    switch (verb) {
    case 'v':
        if (p->sharp_v && !is_signed) {
            p->sharp = true;
            integer(p, u, negative, 16, verb, false);
            p->sharp = false;
            break;
        }
        integer(p, u, negative, 10, verb, false);
        break;
    case 'd':
        integer(p, u, negative, 10, verb, false);
        break;
    case 'b':
        integer(p, u, negative, 2, verb, false);
        break;
    case 'o':
    case 'O':
        integer(p, u, negative, 8, verb, false);
        break;
    case 'x':
    case 'X':
        integer(p, u, negative, 16, verb, verb == 'X');
        break;
    case 'c':
    case 'q':
        rune_verb(p, v->as.u, verb);
        break;
    case 'U':
        unicode(p, v->as.u);
        break;
    default:
        bad_verb(p, verb, v, depth);
    }
}

/* --- floats --------------------------------------------------------------------------------------------- */

/* %#g and friends keep the point, and zeros up to the precision. */
static as_str sharpen(printer *p, as_str num, uint32_t verb, int precision)
{
    int digits = 0;
    if (verb == 'v' || verb == 'g' || verb == 'G')
        digits = precision < 0 ? 6 : precision;
    as_buf buf = scratch(p);
    size_t tail = num.n;
    bool point = false, nonzero = false;
    for (size_t i = 1; i < num.n; i++) {
        if (num.p[i] == '.') {
            point = true;
        } else if (num.p[i] == 'e' || num.p[i] == 'E') {
            tail = i;
            break;
        } else {
            nonzero |= num.p[i] != '0';
            digits -= nonzero;
        }
    }
    as_buf_add(&buf, num.p, tail);
    if (!point) {
        if (tail == 2 && num.p[1] == '0')
            digits--;
        as_buf_char(&buf, '.');
    }
    if (digits > 0)
        as_buf_repeat(&buf, '0', (size_t)digits);
    as_buf_add(&buf, num.p + tail, num.n - tail);
    return as_buf_view(&buf);
}

/* %x: 0x1.8p+00; %b: the mantissa and the power of two. */
static void bits_of_float(printer *p, double d, uint32_t verb)
{
    char text[1200];
    as_buf buf = scratch(p);
    if (isnan(d) || isinf(d)) {
        pad(p, isnan(d) ? AS_STR("NaN") : d > 0 ? AS_STR("+Inf") : AS_STR("-Inf"));
        return;
    }
    if (verb == 'b') {
        int exp;
        double mantissa = frexp(d, &exp);
        as_buf_fmt(&buf, "%.0fp%+d", ldexp(mantissa, 53), d == 0 ? -1074 : exp - 53);
        pad(p, as_buf_view(&buf));
        return;
    }
    int precision = p->precision > 1000 ? 1000 : p->precision;
    if (p->has_precision)
        snprintf(text, sizeof text, verb == 'x' ? "%.*a" : "%.*A", precision, d);
    else
        snprintf(text, sizeof text, verb == 'x' ? "%a" : "%A", d);
    char *e = strchr(text, verb == 'x' ? 'p' : 'P');
    if ((p->plus || p->space) && text[0] != '-')
        as_buf_char(&buf, p->plus ? '+' : ' ');
    as_buf_add(&buf, text, (size_t)(e + 2 - text));
    if (e[3] == '\0')
        as_buf_char(&buf, '0');
    as_buf_cstr(&buf, e + 2);
    pad(p, as_buf_view(&buf));
}

static void print_float(printer *p, const as_go *v, uint32_t verb, int depth)
{
    int precision = -1;
    char fmt = (char)verb;
    switch (verb) {
    case 'v':
        fmt = 'g';
        break;
    case 'g':
    case 'G':
        break;
    case 'e':
    case 'E':
    case 'f':
        precision = 6;
        break;
    case 'F':
        fmt = 'f';
        precision = 6;
        break;
    case 'b':
    case 'x':
    case 'X':
        bits_of_float(p, v->as.f, verb);
        return;
    default:
        bad_verb(p, verb, v, depth);
        return;
    }
    if (p->has_precision)
        precision = p->precision;
    as_buf num = scratch(p);
    as_buf_char(&num, '+');
    as_go_format_float(&num, v->as.f, fmt, precision, v->type->kind == AS_GO_FLOAT32 ? 32 : 64);
    as_str s = as_buf_view(&num);
    if (s.n > 1 && (s.p[1] == '-' || s.p[1] == '+'))
        s = as_str_from_index(s, 1);
    bool special = s.n > 1 && (s.p[1] == 'I' || s.p[1] == 'N');
    bool zero = p->zero;
    if (special) {
        p->zero = false;
        pad(p, s.p[1] == 'N' && !p->space && !p->plus ? as_str_from_index(s, 1) : s);
        p->zero = zero;
        return;
    }
    if (p->sharp && !p->sharp_v) {
        s = sharpen(p, s, verb, precision);
    }
    if (p->plus || s.p[0] != '+') {
        if (p->zero && !p->minus && p->has_width && (size_t)p->width > s.n) {
            as_buf_char(p->out, s.p[0]);
            as_buf_repeat(p->out, '0', (size_t)p->width - s.n);
            as_buf_str(p->out, as_str_from_index(s, 1));
        } else {
            pad(p, s);
        }
    } else {
        if (p->space) {
            as_buf spaced = scratch(p);
            as_buf_char(&spaced, ' ');
            as_buf_str(&spaced, as_str_from_index(s, 1));
            pad(p, as_buf_view(&spaced));
        } else {
            pad(p, as_str_from_index(s, 1));
        }
    }
    p->zero = zero;
}

/* --- strings ---------------------------------------------------------------------------------------------- */

static as_str truncated(const printer *p, as_str s)
{
    return p->has_precision ? as_go_runes_prefix(s, (size_t)p->precision) : s;
}

static void hex_string(printer *p, as_str s, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    if (p->has_precision && (size_t)p->precision < s.n)
        s = as_str_slice(s, 0, (size_t)p->precision);
    as_buf buf = scratch(p);
    for (size_t i = 0; i < s.n; i++) {
        if (p->space && i > 0)
            as_buf_char(&buf, ' ');
        if (p->sharp && (p->space || i == 0))
            as_buf_cstr(&buf, upper ? "0X" : "0x");
        as_buf_char(&buf, digits[(unsigned char)s.p[i] >> 4]);
        as_buf_char(&buf, digits[(unsigned char)s.p[i] & 15]);
    }
    pad(p, as_buf_view(&buf));
}

static bool can_backquote(as_str s)
{
    if (!as_utf8_valid(s))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == '`' || s.p[i] == 0x7f)
            return false;
    return true;
}

static void quoted_string(printer *p, as_str s)
{
    s = truncated(p, s);
    as_buf buf = scratch(p);
    if (p->sharp && can_backquote(s)) {
        as_buf_char(&buf, '`');
        as_buf_str(&buf, s);
        as_buf_char(&buf, '`');
    } else {
        as_go_quote(&buf, s, '"', p->plus);
    }
    pad(p, as_buf_view(&buf));
}

static void print_string(printer *p, as_str s, const as_go *v, uint32_t verb, int depth)
{
    switch (verb) {
    case 'v':
        if (p->sharp_v) {
            quoted_string(p, s);
            break;
        }
        pad(p, truncated(p, s));
        break;
    case 's':
        pad(p, truncated(p, s));
        break;
    case 'x':
    case 'X':
        hex_string(p, s, verb == 'X');
        break;
    case 'q':
        quoted_string(p, s);
        break;
    default:
        bad_verb(p, verb, v, depth);
    }
}

/* --- containers ---------------------------------------------------------------------------------------------- */

static void print_nil(printer *p, uint32_t verb, int depth)
{
    if (verb == 'v' && p->sharp_v && depth > 0)
        as_buf_cstr(p->out, "interface {}(nil)");
    else if (depth > 0)
        as_buf_cstr(p->out, "<nil>");
    else if (verb == 'v')
        pad(p, AS_STR("<nil>"));
    else
        bad_verb(p, verb, NULL, depth);
}

static void print_bytes(printer *p, const as_go *v, uint32_t verb, int depth)
{
    as_str s = as_go_str(v);
    if (verb != 'v' && verb != 'd') {
        print_string(p, s, v, verb, depth);
        return;
    }
    as_buf_cstr(p->out, p->sharp_v ? "[]byte{" : "[");
    for (size_t i = 0; i < s.n; i++) {
        as_go byte = {.type = &as_go_uint8, .as.u = (unsigned char)s.p[i]};
        if (i > 0)
            as_buf_cstr(p->out, p->sharp_v ? ", " : " ");
        print_integer(p, &byte, false, 'v', depth);
    }
    as_buf_char(p->out, p->sharp_v ? '}' : ']');
}

static void print_list(printer *p, const as_go *v, uint32_t verb, int depth)
{
    size_t n = as_go_list_count(p->t, v->as.list);
    if (p->sharp_v) {
        as_buf_cstr(p->out, v->type->name);
        if (!v->as.list) {
            as_buf_cstr(p->out, "(nil)");
            return;
        }
    }
    as_buf_char(p->out, p->sharp_v ? '{' : '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            as_buf_cstr(p->out, p->sharp_v ? ", " : " ");
        print_value(p, as_go_list_at(p->t, v->as.list, i), verb, depth + 1);
    }
    as_buf_char(p->out, p->sharp_v ? '}' : ']');
}

static void print_map(printer *p, const as_go *v, uint32_t verb, int depth)
{
    size_t n = as_go_map_count(p->t, v->as.map);
    if (p->sharp_v) {
        as_buf_cstr(p->out, v->type->name);
        if (!v->as.map) {
            as_buf_cstr(p->out, "(nil)");
            return;
        }
        as_buf_char(p->out, '{');
    } else {
        as_buf_cstr(p->out, "map[");
    }
    const uint32_t *sorted = as_go_map_sorted(p->t, v->as.map);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            as_buf_cstr(p->out, p->sharp_v ? ", " : " ");
        as_go key = as_go_from_str(as_go_map_key_at(p->t, v->as.map, sorted[i]));
        print_value(p, &key, verb, depth + 1);
        as_buf_char(p->out, ':');
        print_value(p, as_go_map_at(p->t, v->as.map, sorted[i]), verb, depth + 1);
    }
    as_buf_char(p->out, p->sharp_v ? '}' : ']');
}

static void print_struct(printer *p, const as_go *v, uint32_t verb, int depth)
{
    if (!v->type->has_members) {
        as_buf_cstr(p->out, "{}");
        return;
    }
    if (v->type->kind == AS_GO_PTR)
        as_buf_char(p->out, '&');
    if (p->sharp_v)
        as_buf_cstr(p->out, v->type->name + (v->type->kind == AS_GO_PTR));
    as_buf_char(p->out, '{');
    size_t n = as_go_map_count(p->t, v->as.map);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            as_buf_cstr(p->out, p->sharp_v ? ", " : " ");
        if (p->plus_v || p->sharp_v) {
            as_buf_str(p->out, as_go_map_key_at(p->t, v->as.map, i));
            as_buf_char(p->out, ':');
        }
        print_value(p, as_go_map_at(p->t, v->as.map, i), verb, depth + 1);
    }
    as_buf_char(p->out, '}');
}

static void print_value(printer *p, const as_go *v, uint32_t verb, int depth)
{
    if (depth > AS_MAX_DEPTH) {
        as_buf_cstr(p->out, "...");
        return;
    }
    if (!v->type) {
        print_nil(p, verb, depth);
        return;
    }
    if (v->type->string && !p->sharp_v && !p->erroring &&
            as_char_in((char)(verb < 0x80 ? verb : 1), "vsxXq")) {
        print_string(p, v->type->string(p->t, v), v, verb, depth);
        return;
    }
    switch (v->type->kind) {
    case AS_GO_BOOL:
        if (verb == 't' || verb == 'v')
            pad(p, v->as.boolean ? AS_STR("true") : AS_STR("false"));
        else
            bad_verb(p, verb, v, depth);
        break;
    case AS_GO_INT:
    case AS_GO_INT8:
    case AS_GO_INT16:
    case AS_GO_INT32:
    case AS_GO_INT64:
        print_integer(p, v, true, verb, depth);
        break;
    case AS_GO_UINT:
    case AS_GO_UINT8:
    case AS_GO_UINT16:
    case AS_GO_UINT32:
    case AS_GO_UINT64:
        print_integer(p, v, false, verb, depth);
        break;
    case AS_GO_FLOAT32:
    case AS_GO_FLOAT64:
        print_float(p, v, verb, depth);
        break;
    case AS_GO_STRING:
        print_string(p, as_go_str(v), v, verb, depth);
        break;
    case AS_GO_SLICE:
        if (v->type->elem == &as_go_uint8)
            print_bytes(p, v, verb, depth);
        else
            print_list(p, v, verb, depth);
        break;
    case AS_GO_MAP:
        print_map(p, v, verb, depth);
        break;
    case AS_GO_PTR:
    case AS_GO_STRUCT:
        print_struct(p, v, verb, depth);
        break;
    case AS_GO_FUNC:
    case AS_GO_INTERFACE:
    case AS_GO_INVALID:
        pad(p, AS_STR("<invalid reflect.Value>"));
        break;
    }
}

/* --- Sprintf ---------------------------------------------------------------------------------------------------- */

typedef struct format {
    as_str s;
    size_t i;
    const as_go *args;
    size_t n, arg;
    bool reordered, good_index;
} format;

/* Digits at f->i: a number up to MAX_WIDTH. */
static bool number(format *f, int *out)
{
    size_t from = f->i;
    *out = 0;
    while (f->i < f->s.n && f->s.p[f->i] >= '0' && f->s.p[f->i] <= '9') {
        if (*out > MAX_WIDTH) { /* as fmt: nothing after it is looked at */
            *out = 0;
            f->i = f->s.n;
            return false;
        }
        *out = *out * 10 + (f->s.p[f->i++] - '0');
    }
    return f->i > from;
}

/* "[3]": true when one was there. */
static bool arg_number(format *f)
{
    if (f->i >= f->s.n || f->s.p[f->i] != '[')
        return false;
    f->reordered = true;
    size_t close = as_str_find_char(as_str_from_index(f->s, f->i), ']');
    if (close == (size_t)-1) {
        f->good_index = false;
        f->i++;
        return false;
    }
    size_t end = f->i + close;
    int k = 0;
    f->i++;
    bool is_number = number(f, &k) && f->i == end;
    f->i = end + 1;
    if (!is_number || k < 1 || (size_t)k > f->n) {
        f->good_index = false;
        return is_number;
    }
    f->arg = (size_t)k - 1;
    return true;
}

static bool int_arg(format *f, int *out)
{
    if (f->arg >= f->n)
        return false;
    const as_go *v = &f->args[f->arg++];
    as_go_kind kind = as_go_kind_of(v);
    if (kind < AS_GO_INT || kind > AS_GO_UINT64 || v->as.i > MAX_WIDTH || v->as.i < -MAX_WIDTH)
        return false;
    *out = (int)v->as.i;
    return true;
}

static void flags(printer *p, format *f)
{
    for (; f->i < f->s.n; f->i++) {
        switch (f->s.p[f->i]) {
        case '#':
            p->sharp = true;
            break;
        case '0':
            p->zero = true;
            break;
        case '+':
            p->plus = true;
            break;
        case '-':
            p->minus = true;
            break;
        case ' ':
            p->space = true;
            break;
        default:
            return;
        }
    }
}

static void width_and_precision(printer *p, format *f, bool after_index)
{
    if (f->i < f->s.n && f->s.p[f->i] == '*') {
        f->i++;
        p->has_width = int_arg(f, &p->width);
        if (!p->has_width)
            as_buf_cstr(p->out, "%!(BADWIDTH)");
        if (p->width < 0) {
            p->width = -p->width;
            p->minus = true;
            p->zero = false;
        }
        after_index = false;
    } else {
        p->has_width = number(f, &p->width);
        if (after_index && p->has_width)
            f->good_index = false;
    }
    if (f->i + 1 <= f->s.n && f->i < f->s.n && f->s.p[f->i] == '.') {
        f->i++;
        if (after_index)
            f->good_index = false;
        after_index = arg_number(f);
        if (f->i < f->s.n && f->s.p[f->i] == '*') {
            f->i++;
            p->has_precision = int_arg(f, &p->precision);
            if (p->has_precision && p->precision < 0) {
                p->precision = 0;
                p->has_precision = false;
            }
            if (!p->has_precision)
                as_buf_cstr(p->out, "%!(BADPREC)");
            after_index = false;
        } else {
            p->has_precision = number(f, &p->precision);
            if (!p->has_precision) {
                p->precision = 0;
                p->has_precision = true;
            }
        }
    }
    if (!after_index)
        arg_number(f);
}

static void type_verb(printer *p, const as_go *v)
{
    print_string(p, as_str_from(as_go_type_text(v)), v, 's', 0);
}

static void verb_of(printer *p, format *f, as_text *out)
{
    if (f->i >= f->s.n) {
        as_buf_cstr(p->out, "%!(NOVERB)");
        return;
    }
    uint32_t verb = as_utf8_next(f->s, &f->i);
    if (verb == '%') {
        as_buf_char(p->out, '%');
        return;
    }
    if (!f->good_index || f->arg >= f->n) {
        as_buf_cstr(p->out, "%!");
        as_buf_rune(p->out, verb);
        as_buf_cstr(p->out, f->good_index ? "(MISSING)" : "(BADINDEX)");
        return;
    }
    const as_go *v = &f->args[f->arg++];
    size_t begin = p->out->n;
    if (verb == 'v') {
        p->sharp_v = p->sharp;
        p->plus_v = p->plus;
        p->sharp = p->plus = false;
    }
    if (verb == 'T')
        type_verb(p, v);
    else if (verb == 'w' || (verb == 'p' && v->type))
        bad_verb(p, verb, v, 0);
    else
        print_value(p, v, verb, 0);
    as_text_mark(out, begin, v);
}

void as_go_printf(as_gotmpl *t, as_text *out, as_str s, const as_go *args, size_t n)
{
    format f = {.s = s, .args = args, .n = n};
    while (f.i < s.n) {
        size_t percent = as_str_find_char(as_str_from_index(s, f.i), '%');
        size_t literal = percent == (size_t)-1 ? s.n - f.i : percent;
        as_buf_add(&out->buf, s.p + f.i, literal);
        f.i += literal;
        if (f.i >= s.n)
            break;
        f.i++;
        printer p = {.t = t, .out = &out->buf};
        f.good_index = true;
        flags(&p, &f);
        if (p.minus)
            p.zero = false;
        bool after_index = arg_number(&f);
        width_and_precision(&p, &f, after_index);
        verb_of(&p, &f, out);
    }
    if (f.reordered || f.arg >= n)
        return;
    as_buf_cstr(&out->buf, "%!(EXTRA ");
    for (size_t i = f.arg; i < n; i++) {
        printer p = {.t = t, .out = &out->buf};
        if (i > f.arg)
            as_buf_cstr(&out->buf, ", ");
        if (!args[i].type) {
            as_buf_cstr(&out->buf, "<nil>");
        } else {
            as_buf_cstr(&out->buf, args[i].type->name);
            as_buf_char(&out->buf, '=');
            print_value(&p, &args[i], 'v', 0);
        }
    }
    as_buf_char(&out->buf, ')');
}

/* --- Sprint ---------------------------------------------------------------------------------------------------- */

static void add_value(as_gotmpl *t, as_text *out, const as_go *v)
{
    if (v->type == &as_go_string) {
        as_text_whole(out, v);
        return;
    }
    size_t begin = out->buf.n;
    as_go_write(t, &out->buf, v);
    as_text_mark(out, begin, v);
}

void as_go_print(as_gotmpl *t, as_text *out, const as_go *args, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && !as_go_is_string(&args[i]) && !as_go_is_string(&args[i - 1]))
            as_text_cstr(out, " ");
        add_value(t, out, &args[i]);
    }
}

void as_go_println(as_gotmpl *t, as_text *out, const as_go *args, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            as_text_cstr(out, " ");
        add_value(t, out, &args[i]);
    }
    as_text_cstr(out, "\n");
}

void as_go_write(as_gotmpl *t, as_buf *out, const as_go *v)
{
    printer p = {.t = t, .out = out};
    print_value(&p, v, 'v', 0);
}

as_str as_go_text(as_gotmpl *t, const as_go *v)
{
    if (as_go_is_string(v) && !v->type->string)
        return as_go_str(v);
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    as_go_write(t, &buf, v);
    return as_buf_view(&buf);
}

as_go as_go_strval(as_gotmpl *t, const as_go *v)
{
    if (v->type == &as_go_string)
        return *v;
    as_go s = as_go_from_str(v->type == &as_go_bytes ? as_go_str(v) : as_go_text(t, v));
    return as_go_inherit(s, v);
}
