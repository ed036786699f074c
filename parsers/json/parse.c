/* A recursive-descent parser of RFC 8259. */
#include "parsers/json/json.h"

#include "engine/base/limits.h"
#include "engine/base/utf8.h"

typedef struct reader {
    as_arena *arena;
    as_diags *diags;
    const char *start, *p, *end;
    as_span fixed; /* with file 0: places are offsets in the source `file` */
    uint32_t file;
    bool is_embedded;
    as_json_stacks *stacks; /* of the open objects and arrays */
} reader;

static as_span span_from(const reader *r, const char *begin)
{
    return r->is_embedded
                   ? r->fixed
                   : (as_span){r->file, (uint32_t)(begin - r->start), (uint32_t)(r->p - r->start)};
}

static const as_value *fail(reader *r, const char *what)
{
    as_span at = r->is_embedded ? r->fixed
                                : (as_span){r->file, (uint32_t)(r->p - r->start),
                                          (uint32_t)(r->p - r->start)};

    if (r->is_embedded)
        as_diags_add(r->diags, AS_DIAG_ERROR, "json-syntax", at, "%s, at offset %zu of the text",
                what, (size_t)(r->p - r->start));
    else
        as_diags_add(r->diags, AS_DIAG_ERROR, "json-syntax", at, "%s", what);
    return NULL;
}

static void skip_space(reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
        r->p++;
}

static bool take(reader *r, char c)
{
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

/* --- strings ---------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool take_hex4(reader *r, uint32_t *out)
{
    uint32_t v = 0;

    if (r->end - r->p < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        int d = hex_digit(r->p[i]);
        if (d < 0)
            return false;
        v = v << 4 | (uint32_t)d;
    }
    r->p += 4;
    *out = v;
    return true;
}

/* After "\u". A lone surrogate becomes U+FFFD (RFC 8259 §8.2 leaves it open; so does Go). */
static bool take_rune(reader *r, uint32_t *out)
{
    uint32_t low;

    if (!take_hex4(r, out))
        return false;
    if (*out >= 0xD800 && *out < 0xDC00 && r->end - r->p >= 6 && r->p[0] == '\\' &&
            r->p[1] == 'u') {
        const char *back = r->p;
        r->p += 2;
        if (!take_hex4(r, &low))
            return false;
        if (low >= 0xDC00 && low < 0xE000)
            *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
        else
            r->p = back;
    }
    return true;
}

static bool take_escape(reader *r, as_buf *buf)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = r->p < r->end ? *r->p : '\0';
    const char *found = c ? strchr(from, c) : NULL;
    uint32_t rune;

    if (found) {
        r->p++;
        as_buf_char(buf, to[found - from]);
        return true;
    }
    if (c != 'u')
        return false;
    r->p++;
    if (!take_rune(r, &rune))
        return false;
    as_buf_rune(buf, rune);
    return true;
}

/* With the escapes undone; r->p is at the first backslash and `from` at the string's content. */
static bool take_escaped(reader *r, const char *from, as_str *out)
{
    as_buf buf;

    as_buf_init(&buf, r->arena, AS_MAX_FILE_BYTES);
    as_buf_add(&buf, from, (size_t)(r->p - from));
    while (r->p < r->end && *r->p != '"') {
        from = r->p;
        while (r->p < r->end && *r->p != '"' && *r->p != '\\' && (unsigned char)*r->p >= 0x20)
            r->p++;
        as_buf_add(&buf, from, (size_t)(r->p - from));
        if (r->p < r->end && (unsigned char)*r->p < 0x20) {
            fail(r, "control character in a string");
            return false;
        }
        if (take(r, '\\') && !take_escape(r, &buf)) {
            fail(r, "invalid escape sequence in a string");
            return false;
        }
    }
    *out = as_buf_view(&buf);
    return true;
}

/* The opening quote is taken. */
static bool take_string(reader *r, as_str *out)
{
    const char *from = r->p;

    while (r->p < r->end && *r->p != '"' && *r->p != '\\' && (unsigned char)*r->p >= 0x20)
        r->p++;
    *out = (as_str){from, (size_t)(r->p - from)};
    if (r->p < r->end && *r->p == '\\' && !take_escaped(r, from, out))
        return false;
    if (r->p < r->end && (unsigned char)*r->p < 0x20) {
        fail(r, "control character in a string");
        return false;
    }
    if (take(r, '"'))
        return true;
    fail(r, "unterminated string");
    return false;
}

/* --- values ----------------------------------------------------------------------------------- */

static const as_value *parse_value(reader *r, unsigned depth);

static const as_value *parse_number(reader *r)
{
    const char *from = r->p;
    const as_value *out;

    while (r->p < r->end && (*r->p == '-' || *r->p == '+' || *r->p == '.' || *r->p == 'e' ||
                                    *r->p == 'E' || (*r->p >= '0' && *r->p <= '9')))
        r->p++;
    /* No leading zeros (RFC 8259 §6). */
    const char *digits = from + (*from == '-');
    bool padded = r->p - digits > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
    if (!padded && as_value_number(r->arena, span_from(r, from),
                           (as_str){from, (size_t)(r->p - from)}, &out))
        return out;
    r->p = from;
    return fail(r, "invalid number");
}

static const as_value *parse_word(reader *r)
{
    static const as_str words[] = {AS_STR_INIT("true"), AS_STR_INIT("false"), AS_STR_INIT("null")};
    as_str rest = {r->p, (size_t)(r->end - r->p)};
    const char *from = r->p;

    for (size_t i = 0; i < 3; i++) {
        if (!as_str_starts(rest, words[i].p))
            continue;
        r->p += words[i].n;
        return i == 2 ? as_value_null(r->arena, span_from(r, from))
                      : as_value_bool(r->arena, span_from(r, from), i == 0);
    }
    return fail(r, rest.n ? "a value is expected" : "unexpected end of the input");
}

static const as_value *parse_list(reader *r, unsigned depth)
{
    const char *from = r->p++;
    size_t base = r->stacks->items.n, n;
    const as_value **items;

    skip_space(r);
    while (!take(r, ']')) {
        if (r->stacks->items.n > base && !take(r, ','))
            return fail(r, "',' or ']' is expected");
        const as_value *item = parse_value(r, depth + 1);
        if (!item)
            return NULL;
        AS_VEC_PUSH(r->stacks->arena, &r->stacks->items, item);
        skip_space(r);
    }
    n = r->stacks->items.n - base;
    items = AS_NEW_ARRAY(r->arena, const as_value *, n);
    if (n)
        memcpy(items, r->stacks->items.items + base, n * sizeof *items);
    r->stacks->items.n = base;
    return as_value_list(r->arena, span_from(r, from), items, n);
}

static bool parse_member(reader *r, unsigned depth)
{
    as_member m;
    const char *from;

    skip_space(r);
    from = r->p;
    if (!take(r, '"')) {
        fail(r, "a key in double quotes is expected");
        return false;
    }
    if (!take_string(r, &m.key))
        return false;
    m.key_span = span_from(r, from);
    skip_space(r);
    if (!take(r, ':')) {
        fail(r, "':' is expected after a key");
        return false;
    }
    m.value = parse_value(r, depth + 1);
    if (m.value)
        AS_VEC_PUSH(r->stacks->arena, &r->stacks->members, m);
    return m.value != NULL;
}

static const as_value *parse_object(reader *r, unsigned depth)
{
    const char *from = r->p++;
    size_t base = r->stacks->members.n, n;
    as_member *members;

    skip_space(r);
    while (!take(r, '}')) {
        if (r->stacks->members.n > base && !take(r, ','))
            return fail(r, "',' or '}' is expected");
        if (!parse_member(r, depth))
            return NULL;
        skip_space(r);
    }
    n = r->stacks->members.n - base;
    members = AS_NEW_ARRAY(r->arena, as_member, n);
    if (n)
        memcpy(members, r->stacks->members.items + base, n * sizeof *members);
    r->stacks->members.n = base;
    return as_value_object(r->arena, span_from(r, from), members, n);
}

static const as_value *parse_value(reader *r, unsigned depth)
{
    const char *from;
    as_str text;

    if (depth > AS_MAX_DEPTH)
        return fail(r, "nested too deep");
    skip_space(r);
    from = r->p;
    switch (r->p < r->end ? *r->p : '\0') {
    case '{':
        return parse_object(r, depth);
    case '[':
        return parse_list(r, depth);
    case '"':
        r->p++;
        return take_string(r, &text) ? as_value_string(r->arena, span_from(r, from), text) : NULL;
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return parse_number(r);
    default:
        return parse_word(r);
    }
}

static const as_value *parse_all(reader *r)
{
    const as_value *v;

    if (r->end - r->p >= 3 && memcmp(r->p, "\xEF\xBB\xBF", 3) == 0)
        r->p += 3;
    v = parse_value(r, 1);
    skip_space(r);
    return v && r->p < r->end ? fail(r, "text after the value") : v;
}

const as_value *as_json_parse_line(as_arena *arena, as_json_stacks *stacks, const as_source *source,
        size_t begin, size_t end, as_diags *diags)
{
    reader r = {.arena = arena,
            .stacks = stacks,
            .diags = diags,
            .file = source->id,
            .start = source->text.p};

    stacks->members.n = stacks->items.n = 0; /* of a text that was broken */
    r.p = r.start + begin;
    r.end = r.start + end;
    return parse_all(&r);
}

/* Most texts have no more open at any time. */
enum { FEW = 32 };

const as_value *as_json_parse_range(
        as_arena *arena, const as_source *source, size_t begin, size_t end, as_diags *diags)
{
    as_member members[FEW];
    const as_value *items[FEW];
    as_json_stacks stacks = {arena, {members, 0, FEW}, {items, 0, FEW}};

    return as_json_parse_line(arena, &stacks, source, begin, end, diags);
}

const as_value *as_json_parse(as_arena *arena, const as_source *source, as_diags *diags)
{
    return as_json_parse_range(arena, source, 0, source->text.n, diags);
}

const as_value *as_json_parse_text(as_arena *arena, as_str text, as_span at, as_diags *diags)
{
    as_member members[FEW];
    const as_value *items[FEW];
    as_json_stacks stacks = {arena, {members, 0, FEW}, {items, 0, FEW}};
    reader r = {
            .arena = arena, .stacks = &stacks, .diags = diags, .fixed = at, .is_embedded = true};

    r.start = r.p = text.p;
    r.end = text.p + text.n;
    return parse_all(&r);
}
