#include "parsers/live/decode.h"

#include "engine/base/base64.h"
#include "engine/base/limits.h"
#include "engine/base/vec.h"

/* --- tables --------------------------------------------------------------------------------------
 */

typedef AS_VEC(as_str) fields;

/* Takes a field off the text; false at the end of its line. */
static bool next_field(as_arena *arena, as_str *text, as_str *field)
{
    size_t n = 0;
    if (as_str_starts(*text, "\"")) {
        as_buf buf;
        as_buf_init(&buf, arena, 0);
        for (n = 1; n < text->n; n++) {
            bool quote = text->p[n] == '"';
            if (quote && (n + 1 == text->n || text->p[n + 1] != '"')) {
                n++;
                break;
            }
            n += quote;
            as_buf_char(&buf, text->p[n]);
        }
        *field = as_buf_view(&buf);
    } else {
        while (n < text->n && text->p[n] != ',' && text->p[n] != '\n') {
            n++;
        }
        *field = as_str_trim(as_str_slice(*text, 0, n));
    }
    *text = as_str_from_index(*text, n);
    bool more = as_str_starts(*text, ",");
    while (!more && text->n > 0 && text->p[0] != '\n') {
        *text = as_str_from_index(*text, 1);
    }
    *text = as_str_from_index(*text, 1);
    return more;
}

static fields next_line(as_arena *arena, as_str *text)
{
    fields line = {0};
    as_str field;
    bool more = text->n > 0;
    while (more) {
        more = next_field(arena, text, &field);
        AS_VEC_PUSH(arena, &line, field);
    }
    return line;
}

const as_value *as_live_csv(as_arena *arena, const as_value *v)
{
    as_str text;
    size_t at;
    if (!as_value_is(v, AS_STRING)) {
        return NULL;
    }
    if (!as_base64_decode(arena, v->as.str, &text, &at)) {
        text = v->as.str; /* some print it decoded */
    }
    fields head = next_line(arena, &text);
    as_list_builder rows;
    as_list_begin(&rows, arena);
    while (text.n > 0) {
        fields line = next_line(arena, &text);
        as_object_builder row;
        as_object_begin(&row, arena);
        for (size_t i = 0; i < line.n && i < head.n; i++) {
            as_object_add(
                    &row, head.items[i], v->span, as_value_string(arena, v->span, line.items[i]));
        }
        as_list_add(&rows, as_object_end(&row, v->span));
    }
    return as_list_end(&rows, v->span);
}

/* --- documents -----------------------------------------------------------------------------------
 */

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

static as_str url_decoded(as_arena *arena, as_str text)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < text.n; i++) {
        int high = text.p[i] == '%' && i + 2 < text.n ? hex(text.p[i + 1]) : -1;
        int low = high >= 0 ? hex(text.p[i + 2]) : -1;
        if (low >= 0) {
            as_buf_char(&buf, (char)(high * 16 + low));
            i += 2;
        } else {
            as_buf_char(&buf, text.p[i]);
        }
    }
    return as_buf_view(&buf);
}

static const as_value *documents(as_arena *arena, const as_value *v, int depth)
{
    if (v == NULL || depth > AS_MAX_DEPTH) {
        return v;
    }
    if (v->kind == AS_STRING && as_str_starts(v->as.str, "%7B")) {
        return as_value_string(arena, v->span, url_decoded(arena, v->as.str));
    }
    if (v->kind == AS_LIST) {
        const as_value **items = AS_NEW_ARRAY(arena, const as_value *, v->as.list.n);
        for (size_t i = 0; i < v->as.list.n; i++) {
            items[i] = documents(arena, v->as.list.items[i], depth + 1);
        }
        return as_value_list(arena, v->span, items, v->as.list.n);
    }
    if (v->kind == AS_OBJECT) {
        as_object_builder b;
        as_object_begin(&b, arena);
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            as_object_add(&b, m->key, m->key_span, documents(arena, m->value, depth + 1));
        }
        return as_object_end(&b, v->span);
    }
    return v;
}

const as_value *as_live_documents(as_arena *arena, const as_value *v)
{
    return documents(arena, v, 0);
}
