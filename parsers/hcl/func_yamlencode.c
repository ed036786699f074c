/* yamlencode: go-cty-yaml encode.go. Its emitter is libyaml's of 2014, whose layout this one keeps:
 * strings in double quotes or as literal blocks, sequences not indented below their key, lines
 * folded behind column 80. */
#include "engine/base/utf8.h"
#include "parsers/hcl/func.h"

enum { INDENT = 2, BEST_WIDTH = 80, MAX_SIMPLE_KEY = 128 };

typedef struct emitter {
    as_buf *out;
    int indent; /* -1: the document */
    size_t column;
    bool whitespace; /* what was written last is white space, */
    bool indention;  /* or the beginning of a line and indicators */
} emitter;

static void put(emitter *e, as_str s)
{
    as_buf_str(e->out, s);
    e->column += as_utf8_count(s);
}

static void put_break(emitter *e)
{
    as_buf_char(e->out, '\n');
    e->column = 0;
}

static void write_indicator(
        emitter *e, const char *text, bool need_space, bool is_space, bool is_indention)
{
    if (need_space && !e->whitespace) {
        put(e, AS_STR(" "));
    }
    put(e, as_str_from(text));
    e->whitespace = is_space;
    e->indention = e->indention && is_indention;
}

static void write_indent(emitter *e)
{
    size_t indent = e->indent > 0 ? (size_t)e->indent : 0;
    if (!e->indention || e->column > indent || (e->column == indent && !e->whitespace)) {
        put_break(e);
    }
    if (e->column < indent) {
        as_buf_repeat(e->out, ' ', indent - e->column);
        e->column = indent;
    }
    e->whitespace = true;
    e->indention = true;
}

/* --- scalars ---------------------------------------------------------------------------------------- */

static bool is_break(uint32_t rune)
{
    return rune == '\r' || rune == '\n' || rune == 0x85 || rune == 0x2028 || rune == 0x2029;
}

static bool is_printable(uint32_t rune)
{
    return rune == '\n' || (rune >= 0x20 && rune <= 0x7E) || (rune >= 0xA0 && rune < 0xD800) ||
           (rune >= 0xE000 && rune <= 0xFFFD && rune != 0xFEFF);
}

/* Whether a literal block shows the text as it is, and whether it has line breaks. */
static void analyze(as_str s, bool *block_allowed, bool *multiline)
{
    bool before_space = false;
    *block_allowed = s.n > 0 && s.p[s.n - 1] != ' ';
    *multiline = false;
    for (size_t i = 0; i < s.n;) {
        uint32_t rune = as_utf8_next(s, &i);
        if (!is_printable(rune) || (is_break(rune) && before_space)) {
            *block_allowed = false;
        }
        *multiline = *multiline || is_break(rune);
        before_space = rune == ' ';
    }
}

static void write_escape(emitter *e, uint32_t rune)
{
    static const struct {
        uint32_t rune;
        const char *text;
    } escapes[] = {{0, "\\0"}, {7, "\\a"}, {8, "\\b"}, {9, "\\t"}, {10, "\\n"}, {11, "\\v"},
            {12, "\\f"}, {13, "\\r"}, {27, "\\e"}, {'"', "\\\""}, {'\\', "\\\\"}, {0x85, "\\N"},
            {0xA0, "\\_"}, {0x2028, "\\L"}, {0x2029, "\\P"}};
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (rune == escapes[i].rune) {
            put(e, as_str_from(escapes[i].text));
            return;
        }
    }
    size_t before = e->out->n;
    as_buf_fmt(e->out, "\\%c%0*X",
            rune <= 0xFF     ? 'x'
            : rune <= 0xFFFF ? 'u'
                             : 'U',
            rune <= 0xFF     ? 2
            : rune <= 0xFFFF ? 4
                             : 8,
            (unsigned)rune);
    e->column += e->out->n - before;
}

static void write_quoted(emitter *e, as_str s, bool may_fold)
{
    bool spaces = false;
    write_indicator(e, "\"", true, false, false);
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        uint32_t rune = as_utf8_next(s, &i);
        bool fold = rune == ' ' && may_fold && !spaces && e->column > BEST_WIDTH && at > 0 &&
                    at + 1 < s.n;
        if (!is_printable(rune) || is_break(rune) || rune == '"' || rune == '\\') {
            write_escape(e, rune);
        } else if (fold) {
            write_indent(e);
            put(e, s.p[i] == ' ' ? AS_STR("\\") : AS_STR(""));
        } else {
            put(e, as_str_slice(s, at, i));
        }
        spaces = rune == ' ';
    }
    write_indicator(e, "\"", false, false, false);
    e->whitespace = false;
    e->indention = false;
}

/* What the last characters of a literal block need after its bar: nothing for one line break at the
 * end, "-" for none,
 * "+" for more. */
static const char *chomping(as_str s)
{
    uint32_t last = 0, previous = 0;
    bool has_previous = false;
    for (size_t i = 0; i < s.n;) {
        has_previous = i > 0;
        previous = last;
        last = as_utf8_next(s, &i);
    }
    return !is_break(last) ? "-" : !has_previous || is_break(previous) ? "+" : "";
}

static void write_literal(emitter *e, as_str s)
{
    size_t i = 0;
    uint32_t first = as_utf8_next(s, &i);
    bool at_line_start = true;
    write_indicator(e, "|", true, false, false);
    if (first == ' ' || is_break(first)) {
        write_indicator(e, "2", false, false, false);
    }
    write_indicator(e, chomping(s), false, false, false);
    put_break(e);
    e->indention = true;
    e->whitespace = true;
    for (i = 0; i < s.n;) {
        size_t at = i;
        uint32_t rune = as_utf8_next(s, &i);
        if (is_break(rune)) {
            as_buf_str(e->out, as_str_slice(s, at, i));
            e->column = 0;
            e->indention = true;
            at_line_start = true;
            continue;
        }
        if (at_line_start) {
            write_indent(e);
        }
        put(e, as_str_slice(s, at, i));
        e->indention = false;
        at_line_start = false;
    }
}

static void write_string(emitter *e, as_str s, bool simple_key)
{
    bool block_allowed, multiline;
    int indent = e->indent;
    analyze(s, &block_allowed, &multiline);
    e->indent = indent < 0 ? INDENT : indent + INDENT;
    if (as_str_find_char(s, '\n') != (size_t)-1 && block_allowed && !simple_key) {
        write_literal(e, s);
    } else {
        write_quoted(e, s, !simple_key);
    }
    e->indent = indent;
}

static void write_plain(emitter *e, as_str s)
{
    write_indicator(e, "", true, false, false);
    put(e, s);
}

/* --- collections ------------------------------------------------------------------------------------ */

static void write_node(emitter *e, const as_value *v, bool in_mapping);

static void write_sequence(emitter *e, const as_value *v, bool in_mapping)
{
    int indent = e->indent;
    bool indentless = in_mapping && !e->indention;
    if (v->as.list.n == 0) {
        write_indicator(e, "[", true, true, false);
        write_indicator(e, "]", false, false, false);
        return;
    }
    e->indent = indent < 0 ? 0 : indentless ? indent : indent + INDENT;
    for (size_t i = 0; i < v->as.list.n; i++) {
        write_indent(e);
        write_indicator(e, "-", true, false, true);
        write_node(e, v->as.list.items[i], false);
    }
    e->indent = indent;
}

static void write_mapping(emitter *e, const as_value *v)
{
    int indent = e->indent;
    if (v->as.object->n == 0) {
        write_indicator(e, "{", true, true, false);
        write_indicator(e, "}", false, false, false);
        return;
    }
    e->indent = indent < 0 ? 0 : indent + INDENT;
    for (size_t i = 0; i < v->as.object->n; i++) {
        const as_member *member = &v->as.object->members[i];
        bool block_allowed, multiline;
        analyze(member->key, &block_allowed, &multiline);
        bool simple = !multiline && member->key.n <= MAX_SIMPLE_KEY;
        write_indent(e);
        if (!simple) {
            write_indicator(e, "?", true, false, true);
        }
        write_string(e, member->key, simple);
        if (!simple) {
            write_indent(e);
        }
        write_indicator(e, ":", !simple, false, !simple);
        write_node(e, member->value, true);
    }
    e->indent = indent;
}

/* Values nest at most AS_MAX_DEPTH: what makes them is bounded. */
static void write_node(emitter *e, const as_value *v, bool in_mapping)
{
    switch (v->kind) {
    case AS_STRING:
        write_string(e, v->as.str, false);
        return;
    case AS_BOOL:
        write_plain(e, v->as.boolean ? AS_STR("true") : AS_STR("false"));
        return;
    case AS_LIST:
        write_sequence(e, v, in_mapping);
        return;
    case AS_OBJECT:
        write_mapping(e, v);
        return;
    case AS_INT:
    case AS_FLOAT:
    case AS_BIGNUM:
        write_plain(e, as_num_text(e->out->arena, v));
        return;
    default:
        write_plain(e, AS_STR("null"));
    }
}

static const as_value *fn_yamlencode(as_hcl_call *call)
{
    const as_value *v = call->args[0];
    if (!as_hcl_is_wholly_known(call->arena, v)) {
        return as_fn_unknown(call, &as_type_string);
    }
    as_buf out;
    emitter e = {.out = &out, .indent = -1, .whitespace = true, .indention = true};
    as_buf_init(&out, call->arena, 0);
    write_node(&e, v, false);
    write_indent(&e);
    bool plain = v->kind != AS_STRING && v->kind != AS_LIST && v->kind != AS_OBJECT;
    if (plain) { /* a bare word at the top might go on */
        as_buf_cstr(&out, "...\n");
    }
    return as_fn_string(call, as_buf_view(&out));
}

static const as_hcl_function functions[] = {
        {.name = "yamlencode",
                .impl = fn_yamlencode,
                .result = &as_type_string,
                .params = {{"value", &as_type_any, AS_PARAM_NULL | AS_PARAM_DYNAMIC}}},
        {0},
};
const as_hcl_family as_hcl_family_yamlencode = {"yamlencode", functions};
