#include "reporters/json_out.h"

static void begin(as_json_out *out, const char *key)
{
    static const char margin[] =
            ",\n                                                                ";
    size_t spaces = (size_t)out->indent * (size_t)out->depth;
    if (out->depth == 0 || out->indent == 0) {
        as_buf_add(out->buf, margin, out->comma ? 1 : 0);
    } else if (spaces <= sizeof margin - 3) {
        as_buf_add(out->buf, margin + (out->comma ? 0 : 1), spaces + (out->comma ? 2 : 1));
    } else {
        as_buf_add(out->buf, margin + (out->comma ? 0 : 1), out->comma ? 2 : 1);
        as_buf_repeat(out->buf, ' ', spaces);
    }
    out->comma = true;
    if (key) {
        as_buf_char(out->buf, '"'); /* our keys need no escapes */
        as_buf_cstr(out->buf, key);
        as_buf_add(out->buf, "\": ", out->indent > 0 ? 3 : 2);
    }
}

void as_json_open(as_json_out *out, const char *key, char bracket)
{
    begin(out, key);
    as_buf_char(out->buf, bracket);
    out->depth++;
    out->comma = false;
}

void as_json_close(as_json_out *out, char bracket)
{
    out->depth--;
    if (out->comma && out->indent > 0) {
        as_buf_char(out->buf, '\n');
        as_buf_repeat(out->buf, ' ', (size_t)out->indent * (size_t)out->depth);
    }
    as_buf_char(out->buf, bracket);
    out->comma = true;
}

void as_json_str(as_json_out *out, const char *key, as_str text)
{
    begin(out, key);
    as_buf_json_string(out->buf, text);
}

void as_json_cstr(as_json_out *out, const char *key, const char *text)
{
    as_json_str(out, key, as_str_from(text));
}

void as_json_size(as_json_out *out, const char *key, size_t n)
{
    begin(out, key);
    as_buf_size(out->buf, n);
}

void as_json_bool(as_json_out *out, const char *key, bool b)
{
    begin(out, key);
    as_buf_cstr(out->buf, b ? "true" : "false");
}

void as_json_null(as_json_out *out, const char *key)
{
    begin(out, key);
    as_buf_cstr(out->buf, "null");
}

void as_json_strs(as_json_out *out, const char *key, const as_str *items, size_t n)
{
    as_json_open(out, key, '[');
    for (size_t i = 0; i < n; i++)
        as_json_str(out, NULL, items[i]);
    as_json_close(out, ']');
}

void as_json_str_if(as_json_out *out, const char *key, as_str text)
{
    if (text.n > 0)
        as_json_str(out, key, text);
}
