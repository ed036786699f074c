#include "parsers/gotmpl/strconv.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/unicode.h"
#include "engine/base/utf8.h"

/* --- quoting ----------------------------------------------------------------------------------- */

static const struct {
    char plain, letter;
} escapes[] = {{'\a', 'a'}, {'\b', 'b'}, {'\f', 'f'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'},
        {'\v', 'v'}, {'\\', '\\'}};

static void quote_rune(as_buf *buf, uint32_t rune, char quote, bool ascii_only)
{
    if (rune == (unsigned char)quote) {
        as_buf_char(buf, '\\');
        as_buf_char(buf, quote);
        return;
    }
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (rune == (unsigned char)escapes[i].plain) {
            as_buf_char(buf, '\\');
            as_buf_char(buf, escapes[i].letter);
            return;
        }
    }
    if (as_rune_is_print(rune) && (rune < 0x80 || !ascii_only))
        as_buf_rune(buf, rune);
    else if (rune < 0x20 || rune == 0x7f)
        as_buf_fmt(buf, "\\x%02x", rune);
    else if (rune < 0x10000)
        as_buf_fmt(buf, "\\u%04x", rune);
    else
        as_buf_fmt(buf, "\\U%08x", rune);
}

void as_go_quote(as_buf *buf, as_str s, char quote, bool ascii_only)
{
    as_buf_char(buf, quote);
    size_t i = 0;
    while (i < s.n) {
        size_t run = i;
        while (run < s.n && s.p[run] >= 0x20 && s.p[run] < 0x7f && s.p[run] != quote &&
                s.p[run] != '\\')
            run++;
        as_buf_add(buf, s.p + i, run - i);
        if ((i = run) >= s.n)
            break;
        if (as_utf8_width(s, i) == 0)
            as_buf_fmt(buf, "\\x%02x", (unsigned char)s.p[i++]);
        else
            quote_rune(buf, as_utf8_next(s, &i), quote, ascii_only);
    }
    as_buf_char(buf, quote);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

static bool take_digits(as_str s, size_t *i, int n, int base, uint32_t *out)
{
    *out = 0;
    for (; n > 0; n--) {
        if (*i >= s.n || digit_of(s.p[*i]) >= base)
            return false;
        *out = *out * (uint32_t)base + (uint32_t)digit_of(s.p[(*i)++]);
    }
    return true;
}

/* After the backslash. A byte escape sets *is_byte. strconv.UnquoteChar. */
static bool unescape(as_str s, size_t *i, char quote, uint32_t *rune, bool *is_byte)
{
    *is_byte = false;
    if (*i >= s.n)
        return false;
    char c = s.p[(*i)++];
    for (size_t k = 0; k < sizeof escapes / sizeof *escapes; k++) {
        if (c == escapes[k].letter) {
            *rune = (unsigned char)escapes[k].plain;
            return true;
        }
    }
    switch (c) {
    case 'x':
        *is_byte = true;
        return take_digits(s, i, 2, 16, rune);
    case 'u':
    case 'U':
        return take_digits(s, i, c == 'u' ? 4 : 8, 16, rune) && *rune <= 0x10ffff &&
               !(*rune >= 0xd800 && *rune < 0xe000);
    case '\'':
    case '"':
        *rune = (unsigned char)c;
        return c == quote;
    default:
        (*i)--;
        *is_byte = true;
        return take_digits(s, i, 3, 8, rune) && *rune <= 255;
    }
}

bool as_go_unquote(as_arena *arena, as_str literal, as_str *out)
{
    if (literal.n < 2 || literal.p[0] != literal.p[literal.n - 1])
        return false;
    char quote = literal.p[0];
    as_str s = as_str_slice(literal, 1, literal.n - 1);
    if (quote == '`' || as_str_find_char(s, '\\') == (size_t)-1) {
        if (quote != '`' && as_str_find_char(s, quote) != (size_t)-1)
            return false;
        *out = quote == '`' && as_str_find_char(s, '\r') != (size_t)-1
                       ? as_str_replace(arena, s, AS_STR("\r"), AS_STR(""))
                       : s;
        return true;
    }
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < s.n;) {
        uint32_t rune;
        bool is_byte;
        if (s.p[i] == quote)
            return false;
        if (s.p[i] != '\\') {
            as_buf_char(&buf, s.p[i++]);
            continue;
        }
        i++;
        if (!unescape(s, &i, quote, &rune, &is_byte))
            return false;
        if (is_byte)
            as_buf_char(&buf, (char)(unsigned char)rune);
        else
            as_buf_rune(&buf, rune);
    }
    *out = as_buf_view(&buf);
    return true;
}

bool as_go_unquote_rune(as_arena *arena, as_str literal, uint32_t *out)
{
    (void)arena;
    bool is_byte;
    size_t i = 1;
    if (literal.n < 3 || literal.p[1] == '\'')
        return false;
    if (literal.p[1] == '\\') {
        i = 2;
        if (!unescape(literal, &i, '\'', out, &is_byte))
            return false;
    } else {
        *out = as_utf8_next(literal, &i);
    }
    return i == literal.n - 1;
}

as_str as_go_runes_prefix(as_str s, size_t n)
{
    size_t i = 0;
    while (n-- > 0 && i < s.n)
        as_utf8_next(s, &i);
    return as_str_slice(s, 0, i);
}

/* --- numbers from text ------------------------------------------------------------------------- */

/* Underscores only between digits, or between prefix and digit (strconv.underscoreOK). */
static bool underscores_good(as_str s)
{
    char last = '^';
    size_t i = 0;
    if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
        i = 1;
    bool hex = false;
    if (s.n >= i + 2 && s.p[i] == '0' && as_char_in(s.p[i + 1] | 32, "box")) {
        hex = (s.p[i + 1] | 32) == 'x';
        i += 2;
        last = '0';
    }
    for (; i < s.n; i++) {
        char c = s.p[i];
        if ((c >= '0' && c <= '9') || (hex && digit_of(c) < 16)) {
            last = '0';
        } else if (c == '_') {
            if (last != '0')
                return false;
            last = '_';
        } else {
            if (last == '_')
                return false;
            last = '!';
        }
    }
    return last != '_';
}

as_go_parsed as_go_parse_uint(as_str s, int base, int bits, uint64_t *out)
{
    *out = 0;
    if (s.n == 0)
        return AS_GO_BAD_SYNTAX;
    as_str whole = s;
    bool by_prefix = base == 0;
    if (by_prefix) {
        base = 10;
        if (s.p[0] == '0') {
            char c = s.n >= 3 ? (char)(s.p[1] | 32) : '\0';
            base = c == 'b' ? 2 : c == 'o' ? 8 : c == 'x' ? 16 : 8;
            s = as_str_from_index(s, c == 'b' || c == 'o' || c == 'x' ? 2 : 1);
        }
    }
    uint64_t max = bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
    bool underscores = false, over = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '_' && by_prefix) {
            underscores = true;
            continue;
        }
        int d = digit_of(s.p[i]);
        if (d >= base)
            return AS_GO_BAD_SYNTAX;
        uint64_t next;
        over |= __builtin_mul_overflow(*out, (uint64_t)base, &next) ||
                __builtin_add_overflow(next, (uint64_t)d, &next) || next > max;
        *out = next;
    }
    if (underscores && !underscores_good(whole))
        return AS_GO_BAD_SYNTAX;
    if (over)
        *out = max;
    return over ? AS_GO_OUT_OF_RANGE : AS_GO_PARSED;
}

as_go_parsed as_go_parse_int(as_str s, int base, int bits, int64_t *out)
{
    *out = 0;
    bool negative = s.n > 0 && s.p[0] == '-';
    if (negative || (s.n > 0 && s.p[0] == '+'))
        s = as_str_from_index(s, 1);
    uint64_t u;
    as_go_parsed parsed = as_go_parse_uint(s, base, 64, &u);
    if (parsed == AS_GO_BAD_SYNTAX)
        return parsed;
    uint64_t cut = (uint64_t)1 << (bits - 1);
    if (parsed == AS_GO_OUT_OF_RANGE || (negative ? u > cut : u >= cut)) {
        *out = negative ? (int64_t)(0 - cut) : (int64_t)(cut - 1);
        return AS_GO_OUT_OF_RANGE;
    }
    *out = negative ? (int64_t)(0 - u) : (int64_t)u;
    return AS_GO_PARSED;
}

static bool float_word(as_str s, double *out)
{
    double sign = 1;
    if (s.n > 0 && (s.p[0] == '+' || s.p[0] == '-')) {
        sign = s.p[0] == '-' ? -1 : 1;
        s = as_str_from_index(s, 1);
    }
    if (as_str_ieq(s, AS_STR("inf")) || as_str_ieq(s, AS_STR("infinity")))
        *out = sign * INFINITY;
    else if (as_str_ieq(s, AS_STR("nan")))
        *out = NAN;
    else
        return false;
    return true;
}

as_go_parsed as_go_parse_float(as_str s, double *out)
{
    *out = 0;
    if (float_word(s, out))
        return AS_GO_PARSED;
    char digits[512];
    size_t n = 0;
    bool hex = false, digit = false, underscores = false, exponent = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i], low = (char)(c | 32);
        if (c == '_') {
            underscores = true;
            continue;
        }
        if (low == 'x' && n > 0 && digits[n - 1] == '0' && n <= 2)
            hex = true;
        else if ((c >= '0' && c <= '9') || (hex && !exponent && digit_of(c) < 16))
            digit = true;
        else if (low == (hex ? 'p' : 'e') && digit && !exponent)
            exponent = true;
        else if (c != '.' && c != '+' && c != '-')
            return AS_GO_BAD_SYNTAX;
        if (n + 1 >= sizeof digits)
            return AS_GO_BAD_SYNTAX;
        digits[n++] = c;
    }
    digits[n] = '\0';
    if (!digit || (hex && !exponent) || (underscores && !underscores_good(s)))
        return AS_GO_BAD_SYNTAX;
    char *end;
    errno = 0;
    *out = strtod(digits, &end);
    if (*end != '\0' || end == digits)
        return AS_GO_BAD_SYNTAX;
    return isinf(*out) ? AS_GO_OUT_OF_RANGE : AS_GO_PARSED;
}

/* --- numbers to text --------------------------------------------------------------------------- */

/* The digits of |d| and its decimal exponent: 0.d1d2d3… × 10^exp. */
typedef struct decimal {
    char digits[1100];
    int n, exp;
} decimal;

static void round_to(decimal *out, double d, int n_digits)
{
    char text[1200];
    if (n_digits > 1000)
        n_digits = 1000;
    snprintf(text, sizeof text, "%.*e", n_digits - 1, d);
    char *e = strchr(text, 'e');
    out->exp = (int)strtol(e + 1, NULL, 10) + 1;
    out->n = 0;
    for (char *p = text; p < e; p++)
        if (*p != '.')
            out->digits[out->n++] = *p;
    while (out->n > 1 && out->digits[out->n - 1] == '0')
        out->n--;
}

static void shortest(decimal *out, double d, int bits)
{
    if (d == 0) {
        out->digits[0] = '0';
        out->n = 1;
        out->exp = 1;
        return;
    }
    char text[40];
    int from = bits == 32 ? 6 : 15, to = bits == 32 ? 9 : 17;
    for (int n = from; n <= to; n++) {
        snprintf(text, sizeof text, "%.*e", n - 1, d);
        double back = bits == 32 ? (double)strtof(text, NULL) : strtod(text, NULL);
        if (back == d || n == to) {
            round_to(out, d, n);
            return;
        }
    }
}

static void write_exponent(as_buf *buf, int exp, char letter)
{
    as_buf_fmt(buf, "%c%c%02d", letter, exp < 0 ? '-' : '+', exp < 0 ? -exp : exp);
}

static void write_e(as_buf *buf, const decimal *d, int precision, char letter, bool zero)
{
    as_buf_char(buf, d->digits[0]);
    if (precision > 0)
        as_buf_char(buf, '.');
    for (int i = 1; i <= precision; i++)
        as_buf_char(buf, i < d->n ? d->digits[i] : '0');
    write_exponent(buf, zero ? 0 : d->exp - 1, letter);
}

static void write_f(as_buf *buf, const decimal *d, int precision)
{
    if (d->exp <= 0)
        as_buf_char(buf, '0');
    for (int i = 0; i < d->exp; i++)
        as_buf_char(buf, i < d->n ? d->digits[i] : '0');
    if (precision > 0)
        as_buf_char(buf, '.');
    for (int i = 0; i < precision; i++) {
        int at = d->exp + i;
        as_buf_char(buf, at >= 0 && at < d->n ? d->digits[at] : '0');
    }
}

static bool write_special(as_buf *buf, double d)
{
    if (isnan(d))
        as_buf_cstr(buf, "NaN");
    else if (isinf(d))
        as_buf_cstr(buf, d > 0 ? "+Inf" : "-Inf");
    else
        return false;
    return true;
}

static void write_g(as_buf *buf, const decimal *dec, double d, char fmt, int precision, int from)
{
    int exp = dec->exp - 1;
    if (d == 0)
        exp = 0;
    if (exp < -4 || exp >= from) {
        int n = precision > 0 && precision < dec->n ? precision : dec->n;
        write_e(buf, dec, n - 1, fmt == 'g' ? 'e' : 'E', d == 0);
    } else {
        write_f(buf, dec, dec->n > dec->exp ? dec->n - dec->exp : 0);
    }
}

void as_go_format_float(as_buf *buf, double d, char fmt, int precision, int bits)
{
    if (write_special(buf, d))
        return;
    if (signbit(d))
        as_buf_char(buf, '-');
    double a = fabs(d);
    decimal dec = {0};
    if (precision > 1000)
        precision = 1000;
    if (fmt == 'f' && precision >= 0) {
        as_buf_fmt(buf, "%.*f", precision, a);
        return;
    }
    if (precision < 0) {
        shortest(&dec, a, bits);
        if (fmt == 'e' || fmt == 'E')
            write_e(buf, &dec, dec.n - 1, fmt, a == 0);
        else if (fmt == 'f')
            write_f(buf, &dec, dec.n > dec.exp ? dec.n - dec.exp : 0);
        else
            write_g(buf, &dec, a, fmt, -1, 6);
        return;
    }
    if (fmt == 'e' || fmt == 'E') {
        round_to(&dec, a, precision + 1);
        write_e(buf, &dec, precision, fmt, a == 0);
        return;
    }
    if (precision == 0)
        precision = 1;
    round_to(&dec, a, precision);
    int from = precision;
    if (from > dec.n && dec.n >= dec.exp)
        from = dec.n;
    write_g(buf, &dec, a, fmt, precision, from);
}

void as_go_float_text(as_buf *buf, double d, int bits)
{
    as_go_format_float(buf, d, 'g', -1, bits);
}
