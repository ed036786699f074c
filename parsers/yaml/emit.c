/* The writer. It lays the tree out directly; what is written where follows emitterc.go and
 * encode.go of go.yaml.in/yaml v2.4 and v3.0. */
#include "parsers/yaml/emit.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/base64.h"
#include "engine/base/limits.h"
#include "engine/base/unicode.h"
#include "engine/base/utf8.h"
#include "parsers/yaml/resolve.h"

const as_yaml_style as_yaml_style_kubernetes = {
        .flavour = AS_YAML_GO_V2,
        .key_order = AS_YAML_KEYS_GO_V2,
        .indent = 2,
        .width = 80,
};
const as_yaml_style as_yaml_style_v3 = {
        .flavour = AS_YAML_GO_V3,
        .key_order = AS_YAML_KEYS_GO_V3,
        .sequences = AS_YAML_SEQUENCES_WIDE,
        .numbers = AS_YAML_NUMBERS_GO,
        .indent = 2,
};
const as_yaml_style as_yaml_style_terraform = {
        .flavour = AS_YAML_GO_V2,
        .key_order = AS_YAML_KEYS_BYTEWISE,
        .numbers = AS_YAML_NUMBERS_DECIMAL,
        .indent = 2,
        .width = 80,
        .quote_strings = true,
        .close_open_ends = true,
};

enum { MAX_SIMPLE_KEY = 128 }; /* longer keys take the "? key" form */

typedef enum scalar_style { PLAIN, SINGLE_QUOTED, DOUBLE_QUOTED, LITERAL } scalar_style;

typedef struct emitter {
    as_buf *buf;
    const as_yaml_style *style;
    unsigned column;            /* in characters */
    bool wants_space;           /* a blank goes before the next token of this line */
    bool plain_root;            /* the whole document is a plain scalar */
    const as_yaml_marks *marks; /* may be NULL */
} emitter;

/* Where a node stands. */
typedef enum context { IN_ROOT, IN_SEQUENCE, IN_MAPPING, IN_COMPLEX_MAPPING, IN_KEY } context;

static void emit_node(emitter *e, const as_value *v, context in, int indent, unsigned depth);

/* --- lowest level ----------------------------------------------------------------------------- */

static void put(emitter *e, char c)
{
    as_buf_char(e->buf, c);
    e->column++;
}

static void put_break(emitter *e)
{
    as_buf_char(e->buf, '\n');
    e->column = 0;
}

/* An indicator or the first byte of a scalar, set apart from what stands before it. */
static void put_space(emitter *e)
{
    if (e->wants_space)
        put(e, ' ');
    e->wants_space = false;
}

static void put_indent(emitter *e, int indent)
{
    if (e->column)
        put_break(e);
    while ((int)e->column < indent)
        put(e, ' ');
    e->wants_space = false;
}

static size_t rune_width(as_str s, size_t at)
{
    size_t n = as_utf8_width(s, at);

    return n ? n : 1;
}

static void put_rune(emitter *e, as_str s, size_t *at)
{
    size_t n = rune_width(s, *at);

    as_buf_add(e->buf, s.p + *at, n);
    e->column++;
    *at += n;
}

static bool is_space(as_str s, size_t at)
{
    return at < s.n && s.p[at] == ' ';
}

/* Bytes of the line break at s.p[at]: LF, CR, NEL, LS or PS; 0 when there is none. */
static size_t break_width(as_str s, size_t at)
{
    as_str rest = as_str_from_index(s, at);

    if (as_str_starts(rest, "\n") || as_str_starts(rest, "\r"))
        return 1;
    if (as_str_starts(rest, "\xC2\x85"))
        return 2;
    return as_str_starts(rest, "\xE2\x80\xA8") || as_str_starts(rest, "\xE2\x80\xA9") ? 3 : 0;
}

static bool is_blank(as_str s, size_t at)
{
    return at < s.n && (s.p[at] == ' ' || s.p[at] == '\t');
}

/* yamlprivateh.go counts no tab and nothing beyond the basic plane as printable. */
static bool is_printable(as_str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];

    if (c < 0x80)
        return c == '\n' || (c >= 0x20 && c < 0x7F);
    uint32_t rune = as_utf8_next(s, &at);
    return rune >= 0xA0 && rune <= 0xFFFD && rune != 0xFEFF;
}

/* --- which style a string takes ---------------------------------------------------------------- */

typedef struct analysis {
    bool multiline, plain, single_quoted, block; /* the last three: whether allowed */
} analysis;

/* Characters that mean something at the start, or anywhere. */
static bool is_indicator(as_str s, size_t at, bool after_white)
{
    size_t next = at + rune_width(s, at);
    bool before_white = next >= s.n || is_blank(s, next);
    char c = s.p[at];

    if (at == 0)
        return as_char_in(c, "#,[]{}&*!|>'\"%@`") || (as_char_in(c, "?:-") && before_white);
    return (c == ':' && before_white) || (c == '#' && after_white);
}

static analysis analyse(const emitter *e, as_str s)
{
    analysis a = {.plain = true, .single_quoted = true, .block = s.n > 0};
    bool after_white = true, after_space = false, after_break = false;

    if (as_str_starts(s, "---") || as_str_starts(s, "..."))
        a.plain = false;
    for (size_t at = 0, n; at < s.n; at += n) {
        bool breaks = break_width(s, at) > 0, space = is_space(s, at), last;
        n = rune_width(s, at);
        last = at + n == s.n;
        if (s.p[at] == '\0' || is_indicator(s, at, after_white))
            a.plain = false;
        if (s.p[at] == '\t' && e->style->flavour == AS_YAML_GO_V3)
            a.plain = a.single_quoted = false;
        else if (!is_printable(s, at))
            a.plain = a.single_quoted = a.block = false;
        if (breaks) {
            a.multiline = true;
            a.plain = false;
            if (after_space)
                a.single_quoted = a.block = false;
        }
        if (space && (at == 0 || last))
            a.plain = false;
        if (space && last)
            a.block = false;
        if (space && after_break)
            a.plain = a.single_quoted = false;
        after_space = space;
        after_break = breaks;
        after_white = breaks || is_blank(s, at);
    }
    return a;
}

/* YAML 1.1's sexagesimal numbers, which Go does not read but quotes:
 * [-+]?d[d_]*(:[0-5]?d)+(.[d_]*)? */
static bool is_base60(as_str s)
{
    size_t i = s.n && (s.p[0] == '+' || s.p[0] == '-'), groups = 0;

    if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
        return false;
    while (i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_'))
        i++;
    for (; i < s.n && s.p[i] == ':'; groups++) {
        size_t from = ++i;
        while (i < s.n && i < from + 2 && s.p[i] >= '0' && s.p[i] <= '9')
            i++;
        if (i == from || (i == from + 2 && s.p[from] > '5'))
            return false;
    }
    if (i < s.n && s.p[i] == '.')
        for (i++; i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_');)
            i++;
    return groups && i == s.n;
}

static bool is_text_when_plain(const emitter *e, as_str s)
{
    /* v3 quotes what v2 would read as a boolean. */
    as_yaml_scalar_kind kind = as_yaml_resolve(e->buf->arena, s, e->style->flavour).kind;

    return (kind == AS_YAML_STRING || kind == AS_YAML_MERGE) &&
           as_yaml_resolve(e->buf->arena, s, AS_YAML_GO_V2).kind != AS_YAML_BOOL && !is_base60(s);
}

static scalar_style choose_style(const emitter *e, as_str s, const analysis *a, bool is_key)
{
    scalar_style style = as_str_find_char(s, '\n') != (size_t)-1 ? LITERAL
                         : e->style->quote_strings               ? DOUBLE_QUOTED
                         : is_text_when_plain(e, s)              ? PLAIN
                                                                 : DOUBLE_QUOTED;

    if (is_key && a->multiline)
        return DOUBLE_QUOTED;
    if (style == PLAIN && !a->plain)
        style = SINGLE_QUOTED;
    if (style == SINGLE_QUOTED && !a->single_quoted)
        style = DOUBLE_QUOTED;
    if (style == LITERAL && (!a->block || is_key))
        style = DOUBLE_QUOTED;
    return style;
}

/* --- strings ---------------------------------------------------------------------------------- */

/* Whether a blank here may become a line break. */
static bool folds(const emitter *e, bool after_space)
{
    return e->style->width && !after_space && e->column > e->style->width;
}

/* Plain and single-quoted text: blanks may fold, line breaks (LS and PS: others never come here)
 * stand for themselves. */
static void emit_flow_text(emitter *e, as_str s, bool quoted, bool may_fold, int indent)
{
    bool after_space = false, after_break = false;

    for (size_t at = 0; at < s.n;) {
        size_t line_break = break_width(s, at);
        if (is_space(s, at)) {
            bool inner = !quoted || (at > 0 && at + 1 < s.n);
            if (may_fold && inner && folds(e, after_space) && !is_space(s, at + 1)) {
                put_indent(e, indent);
                at++;
            } else {
                put_rune(e, s, &at);
            }
            after_space = true;
            continue;
        }
        if (line_break) {
            put_rune(e, s, &at);
            e->column = 0;
            after_break = true;
            continue;
        }
        if (after_break)
            put_indent(e, indent);
        if (quoted && s.p[at] == '\'')
            put(e, '\'');
        put_rune(e, s, &at);
        after_space = after_break = false;
    }
}

static void emit_escape(emitter *e, uint32_t rune)
{
    static const struct {
        uint32_t rune;
        char letter;
    } short_forms[] = {{0, '0'}, {7, 'a'}, {8, 'b'}, {9, 't'}, {10, 'n'}, {11, 'v'}, {12, 'f'},
            {13, 'r'}, {0x1B, 'e'}, {'"', '"'}, {'\\', '\\'}, {0x85, 'N'}, {0xA0, '_'},
            {0x2028, 'L'}, {0x2029, 'P'}};
    size_t before = e->buf->n;

    as_buf_char(e->buf, '\\');
    for (size_t i = 0; i < sizeof short_forms / sizeof short_forms[0]; i++)
        if (short_forms[i].rune == rune) {
            as_buf_char(e->buf, short_forms[i].letter);
            e->column += 2;
            return;
        }
    if (rune <= 0xFF)
        as_buf_fmt(e->buf, "x%02X", (unsigned)rune);
    else if (rune <= 0xFFFF)
        as_buf_fmt(e->buf, "u%04X", (unsigned)rune);
    else
        as_buf_fmt(e->buf, "U%08X", (unsigned)rune);
    e->column += (unsigned)(e->buf->n - before);
}

static void emit_double_quoted(emitter *e, as_str s, bool may_fold, int indent)
{
    bool after_space = false;

    put(e, '"');
    for (size_t at = 0; at < s.n;) {
        if (!is_printable(s, at) || break_width(s, at) || s.p[at] == '"' || s.p[at] == '\\') {
            emit_escape(e, as_utf8_next(s, &at));
            after_space = false;
        } else if (is_space(s, at)) {
            if (may_fold && at > 0 && at + 1 < s.n && folds(e, after_space)) {
                put_indent(e, indent);
                if (is_space(s, at + 1))
                    put(e, '\\');
                at++;
            } else {
                put_rune(e, s, &at);
            }
            after_space = true;
        } else {
            put_rune(e, s, &at);
            after_space = false;
        }
    }
    put(e, '"');
}

/* Bytes of the line break that s[0..n) ends with. */
static size_t last_break(as_str s, size_t n)
{
    for (size_t width = 1; width <= 3 && width <= n; width++)
        if (break_width((as_str){s.p, n}, n - width) == width)
            return width;
    return 0;
}

static void emit_literal(emitter *e, as_str s, int indent)
{
    size_t last = last_break(s, s.n);
    bool at_start = true;

    put(e, '|');
    if (is_space(s, 0) || break_width(s, 0))
        put(e, (char)('0' + e->style->indent));
    if (!last)
        put(e, '-');
    else if (last == s.n || last_break(s, s.n - last))
        put(e, '+');
    put_break(e);
    for (size_t at = 0; at < s.n;) {
        if (break_width(s, at)) {
            if (s.p[at] == '\n')
                put_break(e);
            else
                put_rune(e, s, &at);
            at += s.p[at] == '\n';
            e->column = 0;
            at_start = true;
            continue;
        }
        if (at_start)
            put_indent(e, indent);
        at_start = false;
        put_rune(e, s, &at);
    }
}

as_str as_yaml_base64_lines(as_arena *arena, as_str s)
{
    as_str digits = as_base64_encode(arena, s);
    as_buf buf;

    if (digits.n < 70)
        return digits;
    as_buf_init(&buf, arena, 0);
    for (size_t at = 0; at < digits.n; at += 70) {
        as_buf_str(&buf, as_str_slice(digits, at, at + 70));
        as_buf_char(&buf, '\n');
    }
    return as_buf_view(&buf);
}

static void emit_string(emitter *e, as_str s, context in, int indent)
{
    bool is_binary = !as_utf8_valid(s), may_fold = in != IN_KEY;
    scalar_style style;
    analysis a;

    put_space(e);
    if (is_binary) {
        s = as_yaml_base64_lines(e->buf->arena, s);
        as_buf_cstr(e->buf, "!!binary ");
        e->column += 9;
    }
    a = analyse(e, s);
    style = choose_style(e, s, &a, in == IN_KEY);
    if (is_binary && style == DOUBLE_QUOTED && a.plain)
        style = PLAIN;
    switch (style) {
    case PLAIN:
        e->plain_root = in == IN_ROOT;
        emit_flow_text(e, s, false, may_fold, indent);
        break;
    case SINGLE_QUOTED:
        put(e, '\'');
        emit_flow_text(e, s, true, may_fold, indent);
        put(e, '\'');
        break;
    case DOUBLE_QUOTED:
        emit_double_quoted(e, s, may_fold, indent);
        break;
    case LITERAL:
        emit_literal(e, s, indent);
        break;
    }
}

/* --- other scalars ----------------------------------------------------------------------------- */

static as_str number_text(const emitter *e, const as_value *v)
{
    as_arena *arena = e->buf->arena;
    double d = as_value_to_double(v);
    as_yaml_scalar s;

    if (v->kind == AS_INT)
        return as_str_fmt(arena, "%lld", (long long)v->as.integer);
    if (v->kind == AS_BIGNUM) {
        if (e->style->numbers == AS_YAML_NUMBERS_DECIMAL)
            return v->as.str;
        s = as_yaml_resolve(arena, v->as.str, AS_YAML_GO_V2);
        return s.kind == AS_YAML_UINT ? v->as.str : as_yaml_float_text(arena, d);
    }
    if (e->style->numbers == AS_YAML_NUMBERS_DECIMAL)
        return as_yaml_decimal_text(arena, d);
    if (e->style->numbers == AS_YAML_NUMBERS_GO || !isfinite(d) || d != floor(d) ||
            d < -9223372036854775808.0 || d >= 18446744073709551616.0)
        return as_yaml_float_text(arena, d);
    return d == 0 ? AS_STR("0") : as_yaml_decimal_text(arena, d);
}

static void emit_scalar(emitter *e, const as_value *v, context in, int indent)
{
    as_str text = AS_STR("null");

    if (v && v->kind == AS_STRING) {
        emit_string(e, v->as.str, in, indent);
        return;
    }
    if (v && v->kind == AS_BOOL)
        text = v->as.boolean ? AS_STR("true") : AS_STR("false");
    else if (as_value_is_number(v))
        text = number_text(e, v);
    put_space(e);
    e->plain_root = in == IN_ROOT;
    as_buf_str(e->buf, text);
    e->column += (unsigned)text.n;
}

/* --- key order --------------------------------------------------------------------------------- */

static bool is_digit(uint32_t rune)
{
    return rune >= '0' && rune <= '9';
}

/* Whether the digits right before `at` hold one that is not 0: then zeros that follow count. */
static bool in_number(as_str s, size_t at)
{
    while (at > 0 && is_digit((unsigned char)s.p[at - 1]))
        if (s.p[--at] != '0')
            return true;
    return false;
}

static uint64_t number_at(as_str s, size_t at, uint64_t value, size_t *n_digits)
{
    size_t from = at;

    while (at < s.n && is_digit((unsigned char)s.p[at]))
        value = value * 10 + (uint64_t)(s.p[at++] - '0');
    *n_digits = at - from;
    return value;
}

/* The first difference decides: letters by code point, a letter after anything else (in v3, before
 * it when digits precede), numbers by value. */
static int compare_natural(as_str a, as_str b, bool v3)
{
    size_t i = 0, k = 0;
    bool after_digit = false;

    while (i < a.n && k < b.n) {
        size_t ai = i, bk = k, an_digits, bn_digits;
        uint32_t ar = as_utf8_next(a, &i), br = as_utf8_next(b, &k);
        if (ar == br) {
            after_digit = is_digit(ar);
            continue;
        }
        bool al = as_rune_is_letter(ar), bl = as_rune_is_letter(br);
        if (al && bl)
            return ar < br ? -1 : 1;
        if (al || bl)
            return (v3 && after_digit ? al : bl) ? -1 : 1;
        uint64_t start = (ar == '0' || br == '0') && in_number(a, ai) ? 1 : 0;
        uint64_t an = number_at(a, ai, start, &an_digits), bn = number_at(b, bk, start, &bn_digits);
        if (an != bn) /* Go's int64, which wraps */
            return (int64_t)an < (int64_t)bn ? -1 : 1;
        if (an_digits != bn_digits)
            return an_digits < bn_digits ? -1 : 1;
        return ar < br ? -1 : 1;
    }
    return i < a.n ? 1 : k < b.n ? -1 : 0;
}

static int by_v2(const void *a, const void *b)
{
    return compare_natural(((const as_member *)a)->key, ((const as_member *)b)->key, false);
}

static int by_v3(const void *a, const void *b)
{
    return compare_natural(((const as_member *)a)->key, ((const as_member *)b)->key, true);
}

static int by_bytes(const void *a, const void *b)
{
    return as_str_cmp(((const as_member *)a)->key, ((const as_member *)b)->key);
}

static const as_member *sorted(const emitter *e, const as_object *object)
{
    static int (*const order[])(const void *, const void *) = {
            [AS_YAML_KEYS_AS_IS] = NULL,
            [AS_YAML_KEYS_GO_V2] = by_v2,
            [AS_YAML_KEYS_GO_V3] = by_v3,
            [AS_YAML_KEYS_BYTEWISE] = by_bytes,
    };
    as_member *members;

    if (!order[e->style->key_order])
        return object->members;
    members = AS_NEW_ARRAY(e->buf->arena, as_member, object->n);
    memcpy(members, object->members, object->n * sizeof *members);
    qsort(members, object->n, sizeof *members, order[e->style->key_order]);
    return members;
}

/* --- collections ------------------------------------------------------------------------------- */

/* The indentation of what is inside a node that stands at `indent`. v3 aligns to multiples of its
 * step, except behind "- ". */
static int inner_indent(const emitter *e, context in, int indent)
{
    int step = (int)e->style->indent;

    if (indent < 0)
        return 0;
    if (e->style->flavour != AS_YAML_GO_V3)
        return indent + step;
    return in == IN_SEQUENCE ? indent + 2 : step * ((indent + step) / step);
}

static void emit_key(emitter *e, as_str key, int indent)
{
    as_value text = {.kind = AS_STRING, .as.str = key};

    emit_scalar(e, &text, IN_KEY, indent);
}

static void emit_mapping(emitter *e, const as_value *v, context in, int indent, unsigned depth)
{
    const as_member *members = sorted(e, v->as.object);
    int inner = inner_indent(e, in, indent);

    for (size_t i = 0; i < v->as.object->n; i++) {
        as_str key = members[i].key;
        /* The first key stands behind "- ". */
        if (i || (in != IN_SEQUENCE && in != IN_COMPLEX_MAPPING))
            put_indent(e, inner);
        else
            put_space(e);
        if (key.n <= MAX_SIMPLE_KEY && !analyse(e, key).multiline) {
            emit_key(e, key, inner);
            put(e, ':');
            e->wants_space = true;
            emit_node(e, members[i].value, IN_MAPPING, inner, depth);
            continue;
        }
        as_value text = {.kind = AS_STRING, .as.str = key};
        put(e, '?');
        e->wants_space = true;
        emit_node(e, &text, IN_COMPLEX_MAPPING, inner, depth);
        put_indent(e, inner);
        put(e, ':');
        e->wants_space = true;
        emit_node(e, members[i].value, IN_COMPLEX_MAPPING, inner, depth);
    }
}

static void emit_sequence(emitter *e, const as_value *v, context in, int indent, unsigned depth)
{
    bool at_parent = in == IN_MAPPING && e->style->sequences == AS_YAML_SEQUENCES_AT_PARENT;
    int inner = inner_indent(e, in, indent);

    if (at_parent)
        inner = e->style->flavour == AS_YAML_GO_V3 ? inner - 2 : indent;
    for (size_t i = 0; i < v->as.list.n; i++) {
        if (i || (in != IN_SEQUENCE && in != IN_COMPLEX_MAPPING))
            put_indent(e, inner);
        else
            put_space(e);
        put(e, '-');
        e->wants_space = true;
        emit_node(e, v->as.list.items[i], IN_SEQUENCE, inner, depth);
    }
}

static void emit_node(emitter *e, const as_value *v, context in, int indent, unsigned depth)
{
    bool is_list = as_value_is(v, AS_LIST), is_object = as_value_is(v, AS_OBJECT);

    if (depth > 4 * AS_MAX_DEPTH)
        as_arena_unwind(e->buf->arena, AS_CAUSE_BUDGET);
    if ((is_list || is_object) && !as_value_count(v)) {
        put_space(e);
        as_buf_cstr(e->buf, is_list ? "[]" : "{}");
        e->column += 2;
    } else if (is_list) {
        emit_sequence(e, v, in, indent, depth + 1);
    } else if (is_object) {
        emit_mapping(e, v, in, indent, depth + 1);
    } else {
        size_t begin = e->buf->n;
        emit_scalar(e, v, in, indent < 0 ? (int)e->style->indent : inner_indent(e, in, indent));
        if (e->marks)
            e->marks->scalar(e->marks->self, v, begin, e->buf->n);
    }
}

void as_yaml_write(as_buf *buf, const as_value *v, const as_yaml_style *style)
{
    as_yaml_write_marked(buf, v, style, NULL);
}

void as_yaml_write_marked(
        as_buf *buf, const as_value *v, const as_yaml_style *style, const as_yaml_marks *marks)
{
    emitter e = {.buf = buf, .style = style, .marks = marks};

    emit_node(&e, v, IN_ROOT, -1, 0);
    if (e.column)
        put_break(&e);
    if (style->close_open_ends && e.plain_root)
        as_buf_cstr(buf, "...\n");
}
