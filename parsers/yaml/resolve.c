/* Resolution of plain scalars. The tables follow resolve.go of go.yaml.in/yaml v2.4 and v3.0, and
 * YAML 1.2.2 §10.3.2 for the core schema. */
#include "parsers/yaml/resolve.h"

#include <math.h>

#include "engine/base/num.h"

enum { IN_V2 = 1, IN_ALL = 7 };

static const struct {
    const char *text;
    unsigned flavours;
    as_yaml_scalar_kind kind;
    int sign; /* of a bool: truth; of a float: -1, 1 infinite, 0 NaN */
} words[] = {
        {"", IN_ALL, AS_YAML_NULL, 0},
        {"~", IN_ALL, AS_YAML_NULL, 0},
        {"null", IN_ALL, AS_YAML_NULL, 0},
        {"Null", IN_ALL, AS_YAML_NULL, 0},
        {"NULL", IN_ALL, AS_YAML_NULL, 0},
        {"true", IN_ALL, AS_YAML_BOOL, 1},
        {"True", IN_ALL, AS_YAML_BOOL, 1},
        {"TRUE", IN_ALL, AS_YAML_BOOL, 1},
        {"false", IN_ALL, AS_YAML_BOOL, 0},
        {"False", IN_ALL, AS_YAML_BOOL, 0},
        {"FALSE", IN_ALL, AS_YAML_BOOL, 0},
        {"y", IN_V2, AS_YAML_BOOL, 1},
        {"Y", IN_V2, AS_YAML_BOOL, 1},
        {"yes", IN_V2, AS_YAML_BOOL, 1},
        {"Yes", IN_V2, AS_YAML_BOOL, 1},
        {"YES", IN_V2, AS_YAML_BOOL, 1},
        {"on", IN_V2, AS_YAML_BOOL, 1},
        {"On", IN_V2, AS_YAML_BOOL, 1},
        {"ON", IN_V2, AS_YAML_BOOL, 1},
        {"n", IN_V2, AS_YAML_BOOL, 0},
        {"N", IN_V2, AS_YAML_BOOL, 0},
        {"no", IN_V2, AS_YAML_BOOL, 0},
        {"No", IN_V2, AS_YAML_BOOL, 0},
        {"NO", IN_V2, AS_YAML_BOOL, 0},
        {"off", IN_V2, AS_YAML_BOOL, 0},
        {"Off", IN_V2, AS_YAML_BOOL, 0},
        {"OFF", IN_V2, AS_YAML_BOOL, 0},
        {".nan", IN_ALL, AS_YAML_FLOAT, 0},
        {".NaN", IN_ALL, AS_YAML_FLOAT, 0},
        {".NAN", IN_ALL, AS_YAML_FLOAT, 0},
        {".inf", IN_ALL, AS_YAML_FLOAT, 1},
        {".Inf", IN_ALL, AS_YAML_FLOAT, 1},
        {".INF", IN_ALL, AS_YAML_FLOAT, 1},
        {"+.inf", IN_ALL, AS_YAML_FLOAT, 1},
        {"+.Inf", IN_ALL, AS_YAML_FLOAT, 1},
        {"+.INF", IN_ALL, AS_YAML_FLOAT, 1},
        {"-.inf", IN_ALL, AS_YAML_FLOAT, -1},
        {"-.Inf", IN_ALL, AS_YAML_FLOAT, -1},
        {"-.INF", IN_ALL, AS_YAML_FLOAT, -1},
        {"<<", IN_ALL, AS_YAML_MERGE, 0},
};

static bool resolve_word(as_str text, as_yaml_flavour flavour, as_yaml_scalar *out)
{
    if (text.n > 5)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!(words[i].flavours & 1u << flavour) || !as_str_is(text, words[i].text))
            continue;
        out->kind = words[i].kind;
        out->boolean = words[i].sign > 0;
        out->number = words[i].sign ? words[i].sign * (double)INFINITY : (double)NAN;
        return true;
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int digit_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 99;
}

static bool parse_digits(as_str s, unsigned base, uint64_t *out)
{
    uint64_t v = 0;

    for (size_t i = 0; i < s.n; i++) {
        unsigned d = (unsigned)digit_value(s.p[i]);
        if (d >= base || v > (UINT64_MAX - d) / base)
            return false;
        v = v * base + d;
    }
    *out = v;
    return s.n > 0;
}

/* The base that a prefix announces; *rest is what follows it. Go's base 0 also takes 0b and a bare
 * 0; the core schema knows 0o and 0x, in lower case and without a sign. */
static unsigned take_prefix(as_str s, bool core, as_str *rest)
{
    char c = s.n > 1 && s.p[0] == '0' ? s.p[1] : '\0';

    *rest = as_str_from_index(s, 2);
    if (c == 'x' || (c == 'X' && !core))
        return 16;
    if (c == 'o' || (c == 'O' && !core))
        return 8;
    if ((c == 'b' || c == 'B') && !core)
        return 2;
    *rest = s;
    if (c && !core) {
        *rest = as_str_from_index(s, 1);
        return 8;
    }
    return 10;
}

static bool resolve_int(as_str s, bool core, as_yaml_scalar *out)
{
    bool negative = s.n && s.p[0] == '-', plus = s.n && s.p[0] == '+';
    as_str rest = negative || plus ? as_str_from_index(s, 1) : s;
    unsigned base = take_prefix(rest, core, &rest);
    uint64_t v;

    if (core && base != 10 && (negative || plus))
        return false;
    if (!parse_digits(rest, base, &v))
        return false;
    if (negative ? v <= (uint64_t)INT64_MAX + 1 : v <= INT64_MAX) {
        out->kind = AS_YAML_INT;
        out->integer = negative ? (int64_t)(~v + 1) : (int64_t)v;
        return true;
    }
    if (negative || plus) /* strconv.ParseUint takes no sign */
        return false;
    out->kind = AS_YAML_UINT;
    out->natural = v;
    return true;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? brought into JSON's form for as_double_parse.
 */
static bool resolve_float(as_arena *arena, as_str s, as_yaml_scalar *out)
{
    char *json = as_arena_alloc(arena, s.n + 4);
    size_t i = 0, n = 0, whole, fraction = 0;
    double d;

    if (i < s.n && (s.p[i] == '-' || s.p[i] == '+')) {
        if (s.p[i++] == '-')
            json[n++] = '-';
    }
    whole = i;
    while (i < s.n && is_digit(s.p[i]))
        i++;
    while (whole + 1 < i && s.p[whole] == '0')
        whole++;
    bool has_whole = i > whole;
    memcpy(json + n, s.p + whole, i - whole);
    n += i - whole;
    if (!has_whole)
        json[n++] = '0';
    if (i < s.n && s.p[i] == '.') {
        size_t dot = i++;
        while (i < s.n && is_digit(s.p[i]))
            i++;
        fraction = i - dot - 1;
        if (fraction) {
            memcpy(json + n, s.p + dot, i - dot);
            n += i - dot;
        }
    }
    if (!has_whole && !fraction)
        return false;
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        size_t e = i++;
        if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
            i++;
        size_t digits = i;
        while (i < s.n && is_digit(s.p[i]))
            i++;
        if (i == digits)
            return false;
        memcpy(json + n, s.p + e, i - e);
        n += i - e;
    }
    if (i != s.n || !as_double_parse((as_str){json, n}, &d) || !isfinite(d))
        return false;
    out->kind = AS_YAML_FLOAT;
    out->number = d;
    return true;
}

/* --- timestamps ------------------------------------------------------------------------------- */

typedef struct moment {
    int year, month, day, hour, minute, second;
    as_str fraction; /* digits */
    bool has_time;
    as_str zone; /* "Z", "+01:00" or empty */
} moment;

/* Between min and max digits. */
static bool take_number(as_str *s, size_t min, size_t max, int *out)
{
    size_t n = 0;
    int v = 0;

    while (n < s->n && n < max && is_digit(s->p[n]))
        v = v * 10 + (s->p[n++] - '0');
    if (n < min)
        return false;
    *s = as_str_from_index(*s, n);
    *out = v;
    return true;
}

static bool take_char(as_str *s, char c)
{
    if (!s->n || s->p[0] != c)
        return false;
    *s = as_str_from_index(*s, 1);
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

static bool take_zone(as_str *s, as_str *zone)
{
    int hour, minute;

    *zone = *s;
    if (!take_char(s, 'Z')) {
        if (!take_char(s, '+') && !take_char(s, '-'))
            return false;
        if (!take_number(s, 2, 2, &hour) || !take_char(s, ':') || !take_number(s, 2, 2, &minute) ||
                hour > 24 || minute > 60)
            return false;
    }
    *zone = as_str_slice(*zone, 0, zone->n - s->n);
    return true;
}

/* The four layouts of resolve.go: 2006-1-2, with [Tt]15:4:5 and a zone, or with a blank and none.
 */
static bool parse_moment(as_str s, moment *out)
{
    char separator;

    *out = (moment){.zone = AS_STR_NONE};
    if (!take_number(&s, 4, 4, &out->year) || !take_char(&s, '-') ||
            !take_number(&s, 1, 2, &out->month) || !take_char(&s, '-') ||
            !take_number(&s, 1, 2, &out->day))
        return false;
    if (out->month < 1 || out->month > 12 || out->day < 1 ||
            out->day > days_in_month(out->year, out->month))
        return false;
    if (!s.n)
        return true;
    separator = s.p[0];
    if (!take_char(&s, 'T') && !take_char(&s, 't') && !take_char(&s, ' '))
        return false;
    out->has_time = true;
    if (!take_number(&s, 1, 2, &out->hour) || !take_char(&s, ':') ||
            !take_number(&s, 1, 2, &out->minute) || !take_char(&s, ':') ||
            !take_number(&s, 1, 2, &out->second))
        return false;
    if (out->hour > 23 || out->minute > 59 || out->second > 59)
        return false;
    if (s.n && (s.p[0] == '.' || s.p[0] == ',')) {
        size_t n = 1;
        while (n < s.n && is_digit(s.p[n]))
            n++;
        if (n == 1)
            return false;
        out->fraction = as_str_slice(s, 1, n < 10 ? n : 10);
        s = as_str_from_index(s, n);
    }
    if (separator != ' ' && !take_zone(&s, &out->zone))
        return false;
    return s.n == 0;
}

as_str as_yaml_timestamp_text(as_arena *arena, as_str text)
{
    moment m;
    as_str fraction;

    if (!parse_moment(text, &m))
        return text;
    fraction = m.fraction;
    while (fraction.n && fraction.p[fraction.n - 1] == '0')
        fraction.n--;
    as_str zone = !m.zone.n || as_str_is(m.zone, "+00:00") ? AS_STR("Z") : m.zone;
    return as_str_fmt(arena, "%04d-%02d-%02dT%02d:%02d:%02d%s%.*s%.*s", m.year, m.month, m.day,
            m.hour, m.minute, m.second, fraction.n ? "." : "", AS_STR_ARG(fraction),
            AS_STR_ARG(zone));
}

/* --- all together ----------------------------------------------------------------------------- */

static as_str without_underscores(as_arena *arena, as_str s)
{
    char *p;
    size_t n = 0;

    if (as_str_find_char(s, '_') == (size_t)-1)
        return s;
    p = as_arena_alloc(arena, s.n);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '_')
            p[n++] = s.p[i];
    return (as_str){p, n};
}

as_yaml_scalar as_yaml_resolve(as_arena *arena, as_str text, as_yaml_flavour flavour)
{
    as_yaml_scalar out = {.kind = AS_YAML_STRING};
    char c = text.n ? text.p[0] : '~';
    moment m;

    if (!is_digit(c) && !as_char_in(c, "+-.yYnNtTfFoO~<"))
        return out;
    if (c == '\0' || resolve_word(text, flavour, &out))
        return out;
    if (flavour == AS_YAML_CORE) {
        if (is_digit(c) || c == '+' || c == '-' || c == '.')
            (void)(resolve_int(text, true, &out) || resolve_float(arena, text, &out));
        return out;
    }
    if (c == '.') {
        (void)resolve_float(arena, text, &out);
        return out;
    }
    if (!is_digit(c) && c != '+' && c != '-')
        return out;
    if (text.n > 7 && text.p[4] == '-' && parse_moment(text, &m)) {
        out.kind = AS_YAML_TIMESTAMP;
        return out;
    }
    as_str plain = without_underscores(arena, text);
    (void)(resolve_int(plain, false, &out) || resolve_float(arena, plain, &out));
    return out;
}
