#include "parsers/gotmpl/json.h"

#include <assert.h>
#include <math.h>

#include "engine/base/base64.h"
#include "engine/base/limits.h"
#include "engine/base/num.h"
#include "engine/base/utf8.h"
#include "parsers/gotmpl/strconv.h"

/* --- writing ------------------------------------------------------------------------------------------ */

typedef struct writer {
    as_gotmpl *t;
    as_buf *buf;
    as_go_json_style style;
} writer;

static bool write_value(writer *w, const as_go *v, int depth);

static void write_string(writer *w, as_str s)
{
    as_buf *buf = w->buf;
    as_buf_char(buf, '"');
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x80) {
            if (as_utf8_width(s, i) == 0) {
                as_buf_cstr(buf, "\\ufffd");
                i++;
                continue;
            }
            uint32_t rune = as_utf8_next(s, &i);
            if (rune == 0x2028 || rune == 0x2029)
                as_buf_fmt(buf, "\\u%04x", rune);
            else
                as_buf_rune(buf, rune);
            continue;
        }
        i++;
        const char *at = strchr("\"\"\\\\\bb\ff\nn\rr\tt", c);
        if (c && (c == '"' || c == '\\' || (c < 0x20 && at))) {
            as_buf_char(buf, '\\');
            as_buf_char(buf, c == '"' || c == '\\' ? (char)c : at[1]);
        } else if (c < 0x20 || (w->style.escape_html && (c == '<' || c == '>' || c == '&'))) {
            as_buf_fmt(buf, "\\u%04x", c);
        } else {
            as_buf_char(buf, (char)c);
        }
    }
    as_buf_char(buf, '"');
}

static void line(writer *w, int depth)
{
    if (!w->style.indent)
        return;
    as_buf_char(w->buf, '\n');
    as_buf_repeat(w->buf, ' ', 2 * (size_t)depth);
}

static bool write_map(writer *w, const as_go *v, int depth)
{
    bool sorted = v->type->kind == AS_GO_MAP;
    if (!v->as.map) {
        as_buf_cstr(w->buf, "null");
        return true;
    }
    size_t n = as_go_map_count(w->t, v->as.map);
    const uint32_t *order = sorted ? as_go_map_sorted(w->t, v->as.map) : NULL;
    as_buf_char(w->buf, '{');
    for (size_t i = 0; i < n; i++) {
        size_t at = order ? order[i] : i;
        if (i > 0)
            as_buf_char(w->buf, ',');
        line(w, depth + 1);
        write_string(w, as_go_map_key_at(w->t, v->as.map, at));
        as_buf_cstr(w->buf, w->style.indent ? ": " : ":");
        if (!write_value(w, as_go_map_at(w->t, v->as.map, at), depth + 1))
            return false;
    }
    if (n > 0)
        line(w, depth);
    as_buf_char(w->buf, '}');
    return true;
}

static bool write_list(writer *w, const as_go *v, int depth)
{
    if (!v->as.list) {
        as_buf_cstr(w->buf, "null");
        return true;
    }
    size_t n = as_go_list_count(w->t, v->as.list);
    as_buf_char(w->buf, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            as_buf_char(w->buf, ',');
        line(w, depth + 1);
        if (!write_value(w, as_go_list_at(w->t, v->as.list, i), depth + 1))
            return false;
    }
    if (n > 0)
        line(w, depth);
    as_buf_char(w->buf, ']');
    return true;
}

static bool write_float(writer *w, double d)
{
    if (isnan(d) || isinf(d))
        return as_go_fail(w->t, "json: unsupported value: %s",
                isnan(d) ? "NaN"
                : d > 0  ? "+Inf"
                         : "-Inf");
    char text[64];
    as_buf_add(w->buf, text, as_double_write(d, text, sizeof text));
    return true;
}

static bool write_value(writer *w, const as_go *v, int depth)
{
    if (depth > AS_MAX_DEPTH)
        return as_go_fail(w->t, "json: unsupported value: encountered a cycle");
    if (v->type && v->type->plain) {
        as_go plain = v->type->plain(w->t, v);
        return write_value(w, &plain, depth + 1);
    }
    switch (as_go_kind_of(v)) {
    case AS_GO_INVALID:
        as_buf_cstr(w->buf, "null");
        return true;
    case AS_GO_BOOL:
        as_buf_cstr(w->buf, v->as.boolean ? "true" : "false");
        return true;
    case AS_GO_FLOAT32:
    case AS_GO_FLOAT64:
        return write_float(w, v->as.f);
    case AS_GO_STRING:
        write_string(w, as_go_str(v));
        return true;
    case AS_GO_MAP:
        return write_map(w, v, depth);
    case AS_GO_PTR:
    case AS_GO_STRUCT:
        assert(v->type != NULL);
        if (v->type->has_members)
            return write_map(w, v, depth);
        as_buf_cstr(w->buf, "{}");
        return true;
    case AS_GO_SLICE:
        assert(v->type != NULL);
        if (v->type->elem != &as_go_uint8)
            return write_list(w, v, depth);
        as_buf_char(w->buf, '"');
        as_buf_str(w->buf, as_base64_encode(w->t->arena, as_go_str(v)));
        as_buf_char(w->buf, '"');
        return true;
    case AS_GO_UINT:
    case AS_GO_UINT8:
    case AS_GO_UINT16:
    case AS_GO_UINT32:
    case AS_GO_UINT64:
        as_buf_fmt(w->buf, "%llu", (unsigned long long)v->as.u);
        return true;
    case AS_GO_FUNC:
    case AS_GO_INTERFACE:
        assert(v->type != NULL);
        return as_go_fail(w->t, "json: unsupported type: %s", v->type->name);
    default:
        as_buf_fmt(w->buf, "%lld", (long long)v->as.i);
        return true;
    }
}

bool as_go_json_write(as_gotmpl *t, as_buf *buf, const as_go *v, as_go_json_style style)
{
    writer w = {t, buf, style};
    return write_value(&w, v, 0);
}

/* --- reading (encoding/json/scanner.go) ------------------------------------------------------------------ */

typedef struct reader {
    as_gotmpl *t;
    as_str s;
    size_t i;
} reader;

static bool read_value(reader *r, const char *where, as_go *out, int depth);

static bool ended(reader *r)
{
    return as_go_fail(r->t, "unexpected end of JSON input");
}

/* Go's scanner is shown a blank at the end: within a word or number that is a bad character. */
static bool bad(reader *r, const char *where)
{
    bool at_end = r->i >= r->s.n;
    if (at_end && strncmp(where, "in ", 3) != 0 && strncmp(where, "after decimal", 13) != 0)
        return ended(r);
    unsigned char c = at_end ? ' ' : (unsigned char)r->s.p[r->i];
    as_buf buf;
    as_buf_init(&buf, r->t->arena, 0);
    if (c == '\'')
        as_buf_cstr(&buf, "'\\''");
    else if (c == '"')
        as_buf_cstr(&buf, "'\"'");
    else if (c >= 0x80) { /* the byte as a code point */
        as_buf one;
        as_buf_init(&one, r->t->arena, 0);
        as_buf_rune(&one, c);
        as_go_quote(&buf, as_buf_view(&one), '\'', false);
    } else {
        as_go_quote(&buf, (as_str){(const char *)&c, 1}, '\'', false);
    }
    return as_go_fail(r->t, "invalid character %s %s", as_buf_c(&buf), where);
}

static void blanks(reader *r)
{
    while (r->i < r->s.n && as_char_in(r->s.p[r->i], " \t\r\n"))
        r->i++;
}

static bool word(reader *r, const char *text)
{
    for (size_t k = 1; text[k]; k++) {
        r->i++;
        if (r->i >= r->s.n || r->s.p[r->i] != text[k]) {
            char where[64];
            as_str all = as_str_fmt(r->t->arena, "in literal %s (expecting '%c')", text, text[k]);
            memcpy(where, all.p, all.n < 63 ? all.n : 63);
            where[all.n < 63 ? all.n : 63] = '\0';
            return bad(r, where);
        }
    }
    r->i++;
    return true;
}

static bool is_digit(const reader *r)
{
    return r->i < r->s.n && r->s.p[r->i] >= '0' && r->s.p[r->i] <= '9';
}

static bool digits(reader *r, const char *where)
{
    if (!is_digit(r))
        return bad(r, where);
    while (is_digit(r))
        r->i++;
    return true;
}

static bool read_number(reader *r, as_go *out)
{
    size_t from = r->i;
    if (r->s.p[r->i] == '-')
        r->i++;
    if (r->i < r->s.n && r->s.p[r->i] == '0')
        r->i++;
    else if (!digits(r, "in numeric literal"))
        return false;
    if (r->i < r->s.n && r->s.p[r->i] == '.') {
        r->i++;
        if (!digits(r, "after decimal point in numeric literal"))
            return false;
    }
    if (r->i < r->s.n && (r->s.p[r->i] | 32) == 'e') {
        r->i++;
        if (r->i < r->s.n && (r->s.p[r->i] == '+' || r->s.p[r->i] == '-'))
            r->i++;
        if (!digits(r, "in exponent of numeric literal"))
            return false;
    }
    double d;
    as_str text = as_str_slice(r->s, from, r->i);
    if (as_go_parse_float(text, &d) != AS_GO_PARSED)
        return as_go_fail(r->t, "json: cannot unmarshal number %.*s into Go value of type float64",
                AS_STR_ARG(text));
    *out = as_go_from_float(d);
    return true;
}

static bool read_hex(reader *r, uint32_t *rune)
{
    *rune = 0;
    for (int k = 0; k < 4; k++, r->i++) {
        if (r->i >= r->s.n)
            return bad(r, "in \\u hexadecimal character escape");
        char c = r->s.p[r->i], low = (char)(c | 32);
        if (c >= '0' && c <= '9')
            *rune = *rune * 16 + (uint32_t)(c - '0');
        else if (low >= 'a' && low <= 'f')
            *rune = *rune * 16 + (uint32_t)(low - 'a' + 10);
        else
            return bad(r, "in \\u hexadecimal character escape");
    }
    return true;
}

static bool read_escape(reader *r, as_buf *buf)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (r->i >= r->s.n)
        return bad(r, "in string escape code");
    char c = r->s.p[r->i];
    const char *at = c ? strchr(from, c) : NULL;
    if (at) {
        r->i++;
        as_buf_char(buf, to[at - from]);
        return true;
    }
    if (c != 'u')
        return bad(r, "in string escape code");
    r->i++;
    uint32_t rune, low;
    if (!read_hex(r, &rune))
        return false;
    if (rune >= 0xd800 && rune < 0xdc00 && r->i + 1 < r->s.n && r->s.p[r->i] == '\\' &&
            r->s.p[r->i + 1] == 'u') {
        size_t mark = r->i;
        r->i += 2;
        if (!read_hex(r, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000)
            rune = 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00);
        else
            r->i = mark;
    }
    as_buf_rune(buf, rune);
    return true;
}

static bool read_string(reader *r, as_str *out)
{
    as_buf buf;
    as_buf_init(&buf, r->t->arena, r->t->options.max_bytes);
    r->i++;
    for (;;) {
        if (r->i >= r->s.n)
            return ended(r);
        unsigned char c = (unsigned char)r->s.p[r->i];
        if (c == '"') {
            r->i++;
            *out = as_buf_view(&buf);
            return true;
        }
        if (c < 0x20)
            return bad(r, "in string literal");
        if (c == '\\') {
            r->i++;
            if (!read_escape(r, &buf))
                return false;
        } else {
            as_buf_rune(&buf, as_utf8_next(r->s, &r->i));
        }
    }
}

static bool read_list(reader *r, as_go *out, int depth)
{
    as_go_list *list = as_go_list_new(r->t, 0);
    *out = as_go_list_value(&as_go_slice, list);
    r->i++;
    blanks(r);
    if (r->i < r->s.n && r->s.p[r->i] == ']') {
        r->i++;
        return true;
    }
    for (;;) {
        as_go item = AS_GO_NIL;
        if (!read_value(r, "looking for beginning of value", &item, depth + 1))
            return false;
        as_go_list_add(r->t, list, item);
        blanks(r);
        if (r->i < r->s.n && r->s.p[r->i] == ',') {
            r->i++;
            continue;
        }
        if (r->i >= r->s.n || r->s.p[r->i] != ']')
            return bad(r, "after array element");
        r->i++;
        return true;
    }
}

static bool read_map(reader *r, as_go *out, int depth)
{
    as_go_map *map = as_go_map_new(r->t, 0);
    *out = as_go_map_value(&as_go_dict, map);
    r->i++;
    blanks(r);
    if (r->i < r->s.n && r->s.p[r->i] == '}') {
        r->i++;
        return true;
    }
    for (;;) {
        as_str key = AS_STR_NONE;
        as_go item = AS_GO_NIL;
        blanks(r);
        if (r->i >= r->s.n || r->s.p[r->i] != '"')
            return bad(r, "looking for beginning of object key string");
        if (!read_string(r, &key))
            return false;
        blanks(r);
        if (r->i >= r->s.n || r->s.p[r->i] != ':')
            return bad(r, "after object key");
        r->i++;
        if (!read_value(r, "looking for beginning of value", &item, depth + 1))
            return false;
        as_go_map_set(r->t, map, key, item);
        blanks(r);
        if (r->i < r->s.n && r->s.p[r->i] == ',') {
            r->i++;
            continue;
        }
        if (r->i >= r->s.n || r->s.p[r->i] != '}')
            return bad(r, "after object key:value pair");
        r->i++;
        return true;
    }
}

static bool read_value(reader *r, const char *where, as_go *out, int depth)
{
    as_str s = {0};
    blanks(r);
    if (depth > AS_MAX_DEPTH)
        return as_go_fail(r->t, "exceeded max depth");
    if (r->i >= r->s.n)
        return ended(r);
    *out = AS_GO_NIL;
    switch (r->s.p[r->i]) {
    case '{':
        return read_map(r, out, depth);
    case '[':
        return read_list(r, out, depth);
    case '"':
        if (!read_string(r, &s))
            return false;
        *out = as_go_from_str(s);
        return true;
    case 't':
        *out = as_go_from_bool(true);
        return word(r, "true");
    case 'f':
        *out = as_go_from_bool(false);
        return word(r, "false");
    case 'n':
        return word(r, "null");
    default:
        if (r->s.p[r->i] == '-' || is_digit(r))
            return read_number(r, out);
        return bad(r, where);
    }
}

bool as_go_json_read(as_gotmpl *t, as_str text, as_go *out)
{
    reader r = {t, text, 0};
    if (!read_value(&r, "looking for beginning of value", out, 0))
        return false;
    blanks(&r);
    return r.i == text.n || bad(&r, "after top-level value");
}

const char *as_go_json_kind(const as_go *v)
{
    switch (as_go_kind_of(v)) {
    case AS_GO_BOOL:
        return "bool";
    case AS_GO_STRING:
        return "string";
    case AS_GO_SLICE:
        return "array";
    case AS_GO_MAP:
        return "object";
    default:
        return "number";
    }
}
