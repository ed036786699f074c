/* Documents as the protocol sees them: URIs, positions, changes (3.17, "Text Documents"). */
#include <limits.h>
#include <stdlib.h>

#include "engine/lsp/internal.h"

/* --- positions -----------------------------------------------------------------------------------
 */

static size_t sequence_length(unsigned char c)
{
    return c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
}

as_lsp_position as_lsp_position_of(const as_lsp *lsp, as_str text, size_t offset)
{
    as_lsp_position at = {0};
    size_t line = 0;
    offset = offset < text.n ? offset : text.n;
    for (size_t i = 0; i < offset; i++) {
        if (text.p[i] == '\n') {
            at.line++;
            line = i + 1;
        }
    }
    if (lsp->utf8) {
        at.character = offset - line;
        return at;
    }
    for (size_t i = line; i < offset;) {
        size_t n = sequence_length((unsigned char)text.p[i]);
        at.character += n == 4 ? 2 : 1;
        i += n;
    }
    return at;
}

size_t as_lsp_offset_of(const as_lsp *lsp, as_str text, as_lsp_position position)
{
    size_t i = 0;
    for (size_t line = 0; line < position.line; line++) {
        while (i < text.n && text.p[i] != '\n') {
            i++;
        }
        if (i == text.n) {
            return i;
        }
        i++;
    }
    for (size_t units = 0; units < position.character && i < text.n && text.p[i] != '\n';) {
        size_t n = sequence_length((unsigned char)text.p[i]);
        n = n < text.n - i ? n : text.n - i;
        units += lsp->utf8 ? n : n == 4 ? 2 : 1;
        i += n;
    }
    return i;
}

bool as_lsp_read_position(const as_value *v, as_lsp_position *out)
{
    int64_t line = as_value_int_or(as_value_get(v, AS_STR("line")), -1);
    int64_t character = as_value_int_or(as_value_get(v, AS_STR("character")), -1);
    if (line < 0 || character < 0 || line > INT32_MAX || character > INT32_MAX) {
        return false;
    }
    *out = (as_lsp_position){(size_t)line, (size_t)character};
    return true;
}

static void write_position(as_json_out *out, const char *key, as_lsp_position at)
{
    as_json_open(out, key, '{');
    as_json_size(out, "line", at.line);
    as_json_size(out, "character", at.character);
    as_json_close(out, '}');
}

void as_lsp_write_range(
        const as_lsp *lsp, as_json_out *out, const char *key, as_str text, size_t begin, size_t end)
{
    as_json_open(out, key, '{');
    write_position(out, "start", as_lsp_position_of(lsp, text, begin));
    write_position(out, "end", as_lsp_position_of(lsp, text, end));
    as_json_close(out, '}');
}

/* --- URIs (RFC 8089) -------------------------------------------------------------------------- */

static int hex_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool as_lsp_path_of_uri(as_arena *arena, as_str uri, as_str *path)
{
    if (!as_str_starts(uri, "file://")) {
        return false;
    }
    as_str rest = as_str_from_index(uri, 7);
    size_t slash = as_str_find_char(rest, '/'); /* behind an authority, "localhost" */
    if (slash == (size_t)-1) {
        return false;
    }
    rest = as_str_from_index(rest, slash);
    as_buf out;
    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < rest.n; i++) {
        bool coded = rest.p[i] == '%' && i + 2 < rest.n && hex_of(rest.p[i + 1]) >= 0 &&
                     hex_of(rest.p[i + 2]) >= 0;
        char c = coded ? (char)(hex_of(rest.p[i + 1]) * 16 + hex_of(rest.p[i + 2])) : rest.p[i];
        i += coded ? 2 : 0;
        if (c == '\0') {
            return false;
        }
        as_buf_char(&out, c);
    }
    as_str full = as_buf_view(&out), dir = as_path_dir(full);
    char real[PATH_MAX];
    if (realpath(dir.n == 0 ? "/" : as_str_cstr(arena, dir), real) == NULL) {
        return false;
    }
    as_str base = as_path_base(full);
    *path = as_str_fmt(arena, "%s/%.*s", real[1] == '\0' ? "" : real, AS_STR_ARG(base));
    return base.n > 0;
}

as_str as_lsp_uri_of_path(as_arena *arena, as_str path)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    as_buf_cstr(&out, "file://");
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     as_char_in((char)c, "/-._~");
        if (plain) {
            as_buf_char(&out, (char)c);
        } else {
            as_buf_fmt(&out, "%%%02X", c);
        }
    }
    return as_buf_view(&out);
}

/* --- changes ---------------------------------------------------------------------------------- */

bool as_lsp_change_text(
        const as_lsp *lsp, as_arena *arena, as_str text, const as_value *changes, as_str *out)
{
    for (size_t i = 0; i < as_value_list_count(changes); i++) {
        const as_value *change = as_value_index(changes, i);
        const as_value *insert = as_value_get(change, AS_STR("text"));
        const as_value *range = as_value_get(change, AS_STR("range"));
        if (!as_value_is(insert, AS_STRING)) {
            return false;
        }
        if (as_value_is_null(range)) {
            text = insert->as.str;
            continue;
        }
        as_lsp_position from, to;
        if (!as_lsp_read_position(as_value_get(range, AS_STR("start")), &from) ||
                !as_lsp_read_position(as_value_get(range, AS_STR("end")), &to)) {
            return false;
        }
        size_t begin = as_lsp_offset_of(lsp, text, from), end = as_lsp_offset_of(lsp, text, to);
        if (end < begin) {
            return false;
        }
        as_str head = as_str_join(arena, as_str_slice(text, 0, begin), insert->as.str);
        text = as_str_join(arena, head, as_str_from_index(text, end));
    }
    *out = text;
    return as_value_is(changes, AS_LIST);
}
