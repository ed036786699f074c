#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/num.h"
#include "engine/value/value.h"

typedef struct writer {
    as_buf *buf;
    as_json_style style;
} writer;

static void write_node(const writer *w, const as_value *v, int depth);

static void new_line(const writer *w, int depth)
{
    if (w->style.indent > 0) {
        as_buf_char(w->buf, '\n');
        as_buf_repeat(w->buf, ' ', (size_t)w->style.indent * (size_t)depth);
    }
}

static void write_string(const writer *w, as_str s)
{
    if (!w->style.escape_html) {
        as_buf_json_string(w->buf, s);
        return;
    }
    /* What Go's encoding/json escapes so that the text may stand in HTML. */
    as_buf plain;
    as_buf_init(&plain, w->buf->arena, 0);
    as_buf_json_string(&plain, s);
    as_str text = as_buf_view(&plain);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool separator = c == '\xe2' && i + 2 < text.n && text.p[i + 1] == '\x80' &&
                         (text.p[i + 2] == '\xa8' || text.p[i + 2] == '\xa9');
        if (c == '<' || c == '>' || c == '&') {
            as_buf_fmt(w->buf, "\\u%04x", (unsigned)c);
        } else if (separator) { /* U+2028, U+2029 */
            as_buf_cstr(w->buf, text.p[i + 2] == '\xa8' ? "\\u2028" : "\\u2029");
            i += 2;
        } else {
            as_buf_char(w->buf, c);
        }
    }
}

static void write_list(const writer *w, const as_value *v, int depth)
{
    as_buf_char(w->buf, '[');
    for (size_t i = 0; i < v->as.list.n; i++) {
        if (i > 0) {
            as_buf_char(w->buf, ',');
        }
        new_line(w, depth + 1);
        write_node(w, v->as.list.items[i], depth + 1);
    }
    if (v->as.list.n > 0) {
        new_line(w, depth);
    }
    as_buf_char(w->buf, ']');
}

static int compare_members(const void *a, const void *b)
{
    return as_str_cmp((*(const as_member *const *)a)->key, (*(const as_member *const *)b)->key);
}

static void write_object(const writer *w, const as_value *v, int depth)
{
    const as_object *o = v->as.object;
    const as_member **order = AS_NEW_ARRAY(w->buf->arena, const as_member *, o->n);
    for (size_t i = 0; i < o->n; i++) {
        order[i] = &o->members[i];
    }
    if (w->style.sort_keys && o->n > 1) {
        qsort(order, o->n, sizeof *order, compare_members);
    }
    as_buf_char(w->buf, '{');
    for (size_t i = 0; i < o->n; i++) {
        if (i > 0) {
            as_buf_char(w->buf, ',');
        }
        new_line(w, depth + 1);
        write_string(w, order[i]->key);
        as_buf_cstr(w->buf, w->style.indent > 0 ? ": " : ":");
        write_node(w, order[i]->value, depth + 1);
    }
    if (o->n > 0) {
        new_line(w, depth);
    }
    as_buf_char(w->buf, '}');
}

static void write_node(const writer *w, const as_value *v, int depth)
{
    if (v == NULL || depth > AS_MAX_DEPTH) {
        as_buf_cstr(w->buf, "null");
        return;
    }
    bool hidden =
            (v->flags & AS_SENSITIVE) != 0 && !w->style.show_sensitive && !as_value_is_null(v);
    if (!hidden && v->kind == AS_STRING && w->style.hides != NULL) {
        hidden = w->style.hides(w->style.hides_self, v);
    }
    if (hidden) {
        as_buf_cstr(w->buf, "\"(sensitive)\"");
        return;
    }
    char number[40];
    switch ((as_kind)v->kind) {
    case AS_NULL:
    case AS_UNKNOWN:
        as_buf_cstr(w->buf, "null");
        break;
    case AS_BOOL:
        as_buf_cstr(w->buf, v->as.boolean ? "true" : "false");
        break;
    case AS_INT:
        as_buf_fmt(w->buf, "%lld", (long long)v->as.integer);
        break;
    case AS_FLOAT:
        as_buf_add(w->buf, number, as_double_write(v->as.number, number, sizeof number));
        break;
    case AS_BIGNUM:
        as_buf_str(w->buf, v->as.str);
        break;
    case AS_STRING:
        write_string(w, v->as.str);
        break;
    case AS_LIST:
        write_list(w, v, depth);
        break;
    case AS_OBJECT:
        write_object(w, v, depth);
        break;
    }
}

void as_value_write_json(as_buf *buf, const as_value *v, as_json_style style)
{
    write_node(&(writer){buf, style}, v, 0);
}
