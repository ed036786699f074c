/* TOML 1.0 as github.com/BurntSushi/toml 1.6 writes and reads it. */
#include <math.h>

#include "engine/base/limits.h"
#include "parsers/gotmpl/gotime.h"
#include "parsers/gotmpl/json.h"
#include "parsers/gotmpl/strconv.h"

static const as_go_type tables = {
        .kind = AS_GO_SLICE, .name = "[]map[string]interface {}", .elem = &as_go_dict};

/* --- writing (encode.go) ---------------------------------------------------------------------------------- */

typedef struct path {
    as_str key;
    const struct path *outer;
    size_t depth; /* keys on the way here */
} path;

typedef struct writer {
    as_gotmpl *t;
    as_buf *buf;
} writer;

static bool write_table(writer *w, const path *outer, const as_go *v);
static bool write_element(writer *w, const as_go *v, size_t depth);

static void write_quoted(as_buf *buf, as_str s)
{
    as_buf_char(buf, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        const char *at = c ? strchr("\bb\tt\nn\ff\rr\"\"\\\\", c) : NULL;
        if (c == '"' || c == '\\' || (at && c < 0x20)) {
            as_buf_char(buf, '\\');
            as_buf_char(buf, at[c == '"' || c == '\\' ? 0 : 1]);
        } else if (c < 0x20 || c == 0x7f) {
            as_buf_fmt(buf, "\\u%04x", c);
        } else {
            as_buf_char(buf, (char)c);
        }
    }
    as_buf_char(buf, '"');
}

static bool is_bare(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '-';
}

static void write_key(as_buf *buf, as_str key)
{
    bool bare = key.n > 0;
    for (size_t i = 0; i < key.n; i++)
        bare = bare && is_bare(key.p[i]);
    if (bare)
        as_buf_str(buf, key);
    else
        write_quoted(buf, key);
}

static void write_path(as_buf *buf, const path *at)
{
    if (at->outer) {
        write_path(buf, at->outer);
        as_buf_char(buf, '.');
    }
    write_key(buf, at->key);
}

static void new_line(writer *w)
{
    if (w->buf->n > 0)
        as_buf_char(w->buf, '\n');
}

static void indent(writer *w, const path *at)
{
    as_buf_repeat(w->buf, ' ', 2 * (at->depth - 1));
}

static bool is_nil(const as_go *v)
{
    as_go_kind kind = as_go_kind_of(v);
    return kind == AS_GO_INVALID ||
           ((kind == AS_GO_MAP || kind == AS_GO_PTR ||
                    (kind == AS_GO_SLICE && v->type->elem != &as_go_uint8)) &&
                   !v->as.p);
}

static bool is_table(const as_go *v)
{
    return !is_nil(v) && !v->type->plain && (as_go_is_map(v) || v->type->has_members);
}

/* Not empty, and nothing but tables. */
static bool is_table_list(as_gotmpl *t, const as_go *v)
{
    size_t n;
    if (!as_go_is_list(v) || v->type->elem == &as_go_uint8 || is_nil(v))
        return false;
    as_go_length(t, v, &n);
    for (size_t i = 0; i < n; i++)
        if (!is_table(as_go_list_at(t, v->as.list, i)))
            return false;
    return n > 0;
}

/* What gets a header of its own. */
static bool is_sub_table(as_gotmpl *t, const as_go *v)
{
    return is_table(v) || is_table_list(t, v);
}

static void write_float(as_buf *buf, double d)
{
    if (isnan(d) || isinf(d)) {
        as_buf_cstr(buf, isnan(d) ? "nan" : d < 0 ? "-inf" : "inf");
        return;
    }
    size_t begin = buf->n;
    as_go_format_float(buf, d, 'g', -1, 64);
    for (size_t i = begin; i < buf->n; i++)
        if (buf->p[i] == '.' || buf->p[i] == 'e')
            return;
    as_buf_cstr(buf, ".0");
}

/* Members of a table: what fits on a line first, then the tables in it; by name each. */
static bool write_inline_table(writer *w, const as_go *v, size_t depth)
{
    size_t n = as_go_map_count(w->t, v->as.map), written = 0;
    const uint32_t *sorted = as_go_map_sorted(w->t, v->as.map);
    as_buf_char(w->buf, '{');
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n; i++) {
            const as_go *item = as_go_map_at(w->t, v->as.map, sorted[i]);
            if (is_nil(item) || is_sub_table(w->t, item) != (pass == 1))
                continue;
            if (written++ > 0)
                as_buf_cstr(w->buf, ", ");
            write_key(w->buf, as_go_map_key_at(w->t, v->as.map, sorted[i]));
            as_buf_cstr(w->buf, " = ");
            if (!write_element(w, item, depth + 1))
                return false;
        }
    }
    as_buf_char(w->buf, '}');
    return true;
}

static bool write_list(writer *w, const as_go *v, size_t depth)
{
    size_t n;
    as_go_length(w->t, v, &n);
    as_buf_char(w->buf, '[');
    for (size_t i = 0; i < n; i++) {
        as_go item = as_go_element(w->t, v, i);
        if (i > 0)
            as_buf_cstr(w->buf, ", ");
        if (!item.type)
            return as_go_fail(w->t, "toml: cannot encode array with nil element");
        if (!write_element(w, &item, depth + 1))
            return false;
    }
    as_buf_char(w->buf, ']');
    return true;
}

static bool write_element(writer *w, const as_go *v, size_t depth)
{
    if (depth > AS_MAX_DEPTH)
        return as_go_limit(w->t, "toml: nested too deeply");
    if (v->type == &as_go_time) {
        as_go text = v->type->plain(w->t, v);
        as_buf_str(w->buf, as_go_str(&text));
        return true;
    }
    if (v->type->plain) {
        write_quoted(w->buf, as_go_text(w->t, v));
        return true;
    }
    switch (v->type->kind) {
    case AS_GO_STRING:
        write_quoted(w->buf, as_go_str(v));
        return true;
    case AS_GO_FLOAT32:
    case AS_GO_FLOAT64:
        write_float(w->buf, v->as.f);
        return true;
    case AS_GO_SLICE:
        return write_list(w, v, depth);
    case AS_GO_MAP:
    case AS_GO_PTR:
    case AS_GO_STRUCT:
        return write_inline_table(w, v, depth);
    default:
        as_go_write(w->t, w->buf, v);
        return true;
    }
}

static bool write_line(writer *w, const path *at, const as_go *v)
{
    indent(w, at);
    write_key(w->buf, at->key);
    as_buf_cstr(w->buf, " = ");
    if (!write_element(w, v, at->depth))
        return false;
    as_buf_char(w->buf, '\n');
    return true;
}

static bool write_table_list(writer *w, const path *at, const as_go *v)
{
    size_t n;
    as_go_length(w->t, v, &n);
    for (size_t i = 0; i < n; i++) {
        new_line(w);
        indent(w, at);
        as_buf_cstr(w->buf, "[[");
        write_path(w->buf, at);
        as_buf_cstr(w->buf, "]]\n");
        if (!write_table(w, at, as_go_list_at(w->t, v->as.list, i)))
            return false;
    }
    return true;
}

static bool write_member(writer *w, const path *at, const as_go *v)
{
    if (is_table_list(w->t, v))
        return write_table_list(w, at, v);
    if (!is_table(v))
        return write_line(w, at, v);
    if (at->depth == 1)
        new_line(w);
    indent(w, at);
    as_buf_char(w->buf, '[');
    write_path(w->buf, at);
    as_buf_cstr(w->buf, "]\n");
    return write_table(w, at, v);
}

static bool write_table(writer *w, const path *outer, const as_go *v)
{
    size_t n = as_go_map_count(w->t, v->as.map), depth = outer ? outer->depth + 1 : 1;
    if (depth > AS_MAX_DEPTH)
        return as_go_limit(w->t, "toml: nested too deeply");
    const uint32_t *sorted = as_go_map_sorted(w->t, v->as.map);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n; i++) {
            const as_go *item = as_go_map_at(w->t, v->as.map, sorted[i]);
            path at = {as_go_map_key_at(w->t, v->as.map, sorted[i]), outer, depth};
            if (is_nil(item) || is_sub_table(w->t, item) != (pass == 1))
                continue;
            if (!write_member(w, &at, item))
                return false;
        }
    }
    return true;
}

bool as_go_toml_write(as_gotmpl *t, as_buf *buf, const as_go *v)
{
    writer w = {t, buf};
    if (is_table(v))
        return write_table(&w, NULL, v);
    if (as_go_is_map(v))
        return true;
    if (!v->type)
        return as_go_fail(t, "toml: cannot encode a nil value");
    return write_element(&w, v, 0);
}

/* --- reading ------------------------------------------------------------------------------------------------ */

typedef struct reader {
    as_gotmpl *t;
    as_str s;
    size_t i;
    as_str last_key;
    int depth;
} reader;

static bool read_value(reader *r, as_go *out);

static bool bad(reader *r, const char *what)
{
    size_t line = 1;
    for (size_t k = 0; k < r->i && k < r->s.n; k++)
        line += r->s.p[k] == '\n';
    if (r->last_key.n == 0)
        return as_go_fail(r->t, "toml: line %zu: %s", line, what);
    return as_go_fail(
            r->t, "toml: line %zu (last key \"%.*s\"): %s", line, AS_STR_ARG(r->last_key), what);
}

static bool bad_char(reader *r, const char *what)
{
    as_buf buf;
    as_buf_init(&buf, r->t->arena, 0);
    as_buf_cstr(&buf, what);
    if (r->i < r->s.n)
        as_go_quote(&buf, as_str_slice(r->s, r->i, r->i + 1), '\'', false);
    else
        as_buf_cstr(&buf, "'\\x00'");
    as_buf_cstr(&buf, " instead");
    return bad(r, as_buf_c(&buf));
}

static char now(const reader *r)
{
    return r->i < r->s.n ? r->s.p[r->i] : '\0';
}

static bool at(const reader *r, const char *text)
{
    return as_str_starts(as_str_from_index(r->s, r->i), text);
}

static void blanks(reader *r)
{
    while (now(r) == ' ' || now(r) == '\t')
        r->i++;
}

static void comment(reader *r)
{
    if (now(r) == '#')
        while (r->i < r->s.n && r->s.p[r->i] != '\n')
            r->i++;
}

/* Blanks, comments and line ends. */
static void space(reader *r)
{
    for (;;) {
        blanks(r);
        comment(r);
        if (now(r) == '\n' || (now(r) == '\r' && at(r, "\r\n")))
            r->i++;
        else
            return;
    }
}

static bool end_of_line(reader *r)
{
    blanks(r);
    comment(r);
    if (r->i >= r->s.n || now(r) == '\n' || at(r, "\r\n"))
        return true;
    return bad(r, "expected a top-level item to end with a newline, comment, or EOF");
}

static bool hex_rune(reader *r, int digits, uint32_t *out)
{
    *out = 0;
    for (int k = 0; k < digits; k++, r->i++) {
        char c = now(r), low = (char)(c | 32);
        if (c >= '0' && c <= '9')
            *out = *out * 16 + (uint32_t)(c - '0');
        else if (low >= 'a' && low <= 'f')
            *out = *out * 16 + (uint32_t)(low - 'a' + 10);
        else
            return bad(r, "expected hexadecimal digits in escape");
    }
    return true;
}

static bool escape(reader *r, as_buf *buf, bool multi)
{
    static const char from[] = "btnfre\"\\", to[] = "\b\t\n\f\r\x1b\"\\";
    char c = now(r);
    const char *known = c ? strchr(from, c) : NULL;
    uint32_t rune;
    r->i++;
    if (known) {
        as_buf_char(buf, to[known - from]);
        return true;
    }
    if (c == 'u' || c == 'U' || c == 'x') {
        if (!hex_rune(r, c == 'x' ? 2 : c == 'u' ? 4 : 8, &rune))
            return false;
        as_buf_rune(buf, rune);
        return true;
    }
    if (multi && (c == '\n' || c == ' ' || c == '\t' || c == '\r')) {
        while (now(r) == ' ' || now(r) == '\t' || now(r) == '\n' || now(r) == '\r')
            r->i++;
        return true;
    }
    return bad(r, "invalid escape character");
}

/* A string of one line or several, with escapes or without. */
static bool read_string(reader *r, as_str *out)
{
    char quote = now(r);
    const char *three = quote == '"' ? "\"\"\"" : "'''";
    bool multi = at(r, three);
    as_buf buf;
    as_buf_init(&buf, r->t->arena, r->t->options.max_bytes);
    r->i += multi ? 3 : 1;
    if (multi && at(r, "\r\n"))
        r->i += 2;
    else if (multi && now(r) == '\n')
        r->i++;
    for (;;) {
        if (r->i >= r->s.n)
            return bad(r, quote == '"' ? "unexpected EOF; expected '\"'"
                                       : "unexpected EOF; expected \"'\"");
        char c = now(r);
        if (!multi && c == '\n')
            return bad(r, "strings cannot contain newlines");
        if (multi && at(r, three)) {
            r->i += 3;
            for (int k = 0; k < 2 && now(r) == quote; k++, r->i++)
                as_buf_char(&buf, quote);
            break;
        }
        r->i++;
        if (!multi && c == quote)
            break;
        if (c == '\\' && quote == '"') {
            if (!escape(r, &buf, multi))
                return false;
        } else {
            as_buf_char(&buf, c);
        }
    }
    *out = as_buf_view(&buf);
    return true;
}

static bool read_key(reader *r, as_str *out)
{
    if (now(r) == '"' || now(r) == '\'')
        return read_string(r, out);
    size_t from = r->i;
    while (r->i < r->s.n && is_bare(r->s.p[r->i]))
        r->i++;
    *out = as_str_slice(r->s, from, r->i);
    return out->n > 0 || bad(r, "bare keys cannot be empty");
}

static as_go new_table(reader *r)
{
    return as_go_map_value(&as_go_dict, as_go_map_new(r->t, 0));
}

/* The table under `key`, made when it is not there; the last of a list of tables. */
static bool enter(reader *r, as_go_map **table, as_str key)
{
    const as_go *old = as_go_map_get(r->t, *table, key);
    if (!old) {
        as_go made = new_table(r);
        as_go_map_set(r->t, *table, key, made);
        *table = made.as.map;
        return true;
    }
    if (old->type == &tables) {
        size_t n = as_go_list_count(r->t, old->as.list);
        *table = as_go_list_at(r->t, old->as.list, n - 1)->as.map;
        return true;
    }
    if (!as_go_is_map(old))
        return bad(r, "Key has already been defined.");
    *table = old->as.map;
    return true;
}

/* a.b.c: enters a and b; *key is c. */
static bool dotted_key(reader *r, as_go_map **table, as_str *key)
{
    if (!read_key(r, key))
        return false;
    r->last_key = *key;
    for (blanks(r); now(r) == '.'; blanks(r)) {
        r->i++;
        blanks(r);
        if (!enter(r, table, *key) || !read_key(r, key))
            return false;
        r->last_key =
                as_str_fmt(r->t->arena, "%.*s.%.*s", AS_STR_ARG(r->last_key), AS_STR_ARG(*key));
    }
    return true;
}

static bool read_pair(reader *r, as_go_map *table)
{
    as_str key = {0};
    as_go value = AS_GO_NIL;
    if (!dotted_key(r, &table, &key))
        return false;
    if (now(r) != '=') {
        r->last_key = AS_STR_NONE;
        return r->i >= r->s.n ? bad(r, "unexpected EOF; expected key separator '='")
                              : bad_char(r, "expected '.' or '=', but got ");
    }
    r->i++;
    blanks(r);
    if (as_go_map_get(r->t, table, key)) {
        as_str message = as_str_fmt(
                r->t->arena, "Key '%.*s' has already been defined.", AS_STR_ARG(r->last_key));
        return bad(r, as_str_cstr(r->t->arena, message));
    }
    if (!read_value(r, &value))
        return false;
    as_go_map_set(r->t, table, key, value);
    return true;
}

static bool read_list(reader *r, as_go *out)
{
    as_go_list *list = as_go_list_new(r->t, 0);
    *out = as_go_list_value(&as_go_slice, list);
    r->i++;
    for (;;) {
        as_go item = AS_GO_NIL;
        space(r);
        if (now(r) == ']')
            break;
        if (!read_value(r, &item))
            return false;
        as_go_list_add(r->t, list, item);
        space(r);
        if (now(r) == ',')
            r->i++;
        else if (now(r) != ']')
            return bad(r, "expected a comma (',') or array terminator (']')");
    }
    r->i++;
    return true;
}

static bool read_inline_table(reader *r, as_go *out)
{
    *out = new_table(r);
    r->i++;
    for (;;) {
        space(r);
        if (now(r) == '}')
            break;
        if (!read_pair(r, out->as.map))
            return false;
        space(r);
        if (now(r) == ',')
            r->i++;
        else if (now(r) != '}')
            return bad(r, "expected a comma or an inline table terminator '}'");
    }
    r->i++;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A date, a time, or both: time.Time. */
static bool read_date(reader *r, as_str word, as_go *out)
{
    static const char *const layouts[] = {"2006-01-02T15:04:05.999999999Z07:00",
            "2006-01-02T15:04:05.999999999", "2006-01-02", "15:04:05.999999999"};
    char *text = as_str_cstr(r->t->arena, word);
    if (word.n > 10 && (text[10] == ' ' || text[10] == 't'))
        text[10] = 'T';
    for (size_t k = 0; k < sizeof layouts / sizeof *layouts; k++) {
        as_go_instant instant;
        if (as_go_time_parse(r->t, as_str_from(layouts[k]), as_str_from(text), &instant)) {
            *out = as_go_time_value(r->t, instant);
            return true;
        }
    }
    return bad(r, "invalid datetime");
}

static as_str without_underscores(reader *r, as_str s)
{
    return as_str_find_char(s, '_') == (size_t)-1
                   ? s
                   : as_str_replace(r->t->arena, s, AS_STR("_"), AS_STR(""));
}

static bool read_word(reader *r, as_go *out)
{
    size_t from = r->i;
    while (r->i < r->s.n && (is_bare(now(r)) || as_char_in(now(r), "+.:")))
        r->i++;
    as_str word = as_str_slice(r->s, from, r->i);
    if (word.n == 10 && word.p[4] == '-' && now(r) == ' ' && r->i + 3 < r->s.n &&
            is_digit(r->s.p[r->i + 1]) && r->s.p[r->i + 3] == ':') {
        r->i++;
        while (r->i < r->s.n && (is_bare(now(r)) || as_char_in(now(r), "+.:")))
            r->i++;
        word = as_str_slice(r->s, from, r->i);
    }
    int64_t i;
    double d;
    if (as_str_is(word, "true") || as_str_is(word, "false")) {
        *out = as_go_from_bool(word.p[0] == 't');
        return true;
    }
    if ((word.n >= 8 && is_digit(word.p[0]) &&
                (word.p[2] == ':' || (word.n >= 10 && word.p[4] == '-'))))
        return read_date(r, word, out);
    as_str digits = without_underscores(r, word);
    bool prefixed = digits.n > 2 && digits.p[0] == '0' && as_char_in(digits.p[1], "xob");
    if (as_go_parse_int(digits, prefixed ? 0 : 10, 64, &i) == AS_GO_PARSED) {
        *out = as_go_from_int64(i);
        return true;
    }
    bool special = as_str_ends(word, "inf") || as_str_ends(word, "nan");
    if (word.n > 0 && (special || is_digit(word.p[0]) || word.p[0] == '+' || word.p[0] == '-') &&
            as_go_parse_float(digits, &d) == AS_GO_PARSED) {
        *out = as_go_from_float(d);
        return true;
    }
    r->i = from;
    if (r->i >= r->s.n)
        return bad(r, "unexpected EOF; expected value");
    as_buf quoted;
    as_buf_init(&quoted, r->t->arena, 0);
    as_go_quote(&quoted, word.n ? word : as_str_slice(r->s, from, from + 1), word.n ? '"' : '\'',
            false);
    as_str message =
            as_str_fmt(r->t->arena, "expected value but found %s instead", as_buf_c(&quoted));
    return bad(r, as_str_cstr(r->t->arena, message));
}

static bool read_value(reader *r, as_go *out)
{
    as_str s = {0};
    bool good;
    if (++r->depth > AS_MAX_DEPTH)
        return bad(r, "nested too deeply");
    switch (now(r)) {
    case '"':
    case '\'':
        good = read_string(r, &s);
        if (good)
            *out = as_go_from_str(s);
        break;
    case '[':
        good = read_list(r, out);
        break;
    case '{':
        good = read_inline_table(r, out);
        break;
    default:
        good = read_word(r, out);
    }
    r->depth--;
    return good;
}

/* [a.b] or [[a.b]]: *table becomes the one that the following lines fill. */
static bool read_header(reader *r, as_go_map *root, as_go_map **table)
{
    bool many = at(r, "[[");
    as_str key = {0};
    r->i += many ? 2 : 1;
    blanks(r);
    *table = root;
    if (!dotted_key(r, table, &key))
        return false;
    if (!at(r, many ? "]]" : "]")) {
        r->last_key = AS_STR_NONE;
        return bad_char(r, many ? "expected end of table array name delimiter ']', but got "
                                : "expected '.' or ']' to end table name, but got ");
    }
    r->i += many ? 2 : 1;
    if (!many)
        return enter(r, table, key);
    const as_go *old = as_go_map_get(r->t, *table, key);
    if (old && old->type != &tables)
        return bad(r, "Key was already created and cannot be used as an array.");
    as_go list = old ? *old : as_go_list_value(&tables, as_go_list_new(r->t, 0));
    as_go made = new_table(r);
    as_go_list_add(r->t, list.as.list, made);
    if (!old)
        as_go_map_set(r->t, *table, key, list);
    *table = made.as.map;
    return true;
}

bool as_go_toml_read(as_gotmpl *t, as_str text, as_go *out)
{
    reader r = {.t = t, .s = text};
    *out = new_table(&r);
    as_go_map *table = out->as.map;
    for (;;) {
        space(&r);
        if (r.i >= text.n)
            return true;
        bool good = now(&r) == '[' ? read_header(&r, out->as.map, &table) : read_pair(&r, table);
        if (!good || !end_of_line(&r))
            return false;
    }
}
