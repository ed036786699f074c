/* Writes JSON as it goes: commas, indentation and escapes (RFC 8259) are seen to here. Keys are
 * NULL inside arrays. */
#ifndef AS_REPORTERS_JSON_OUT_H
#define AS_REPORTERS_JSON_OUT_H

#include "engine/base/buf.h"

typedef struct as_json_out {
    as_buf *buf;
    int indent; /* per level; 0: everything on one line */
    int depth;
    bool comma; /* something precedes in this object or array */
} as_json_out;

void as_json_open(as_json_out *out, const char *key, char bracket); /* '{' or '[' */
void as_json_close(as_json_out *out, char bracket);                 /* '}' or ']' */
void as_json_str(as_json_out *out, const char *key, as_str text);
void as_json_cstr(as_json_out *out, const char *key, const char *text);
void as_json_size(as_json_out *out, const char *key, size_t n);
void as_json_bool(as_json_out *out, const char *key, bool b);
void as_json_null(as_json_out *out, const char *key);
void as_json_strs(as_json_out *out, const char *key, const as_str *items, size_t n);
/* Only when the text is not empty. */
void as_json_str_if(as_json_out *out, const char *key, as_str text);

#endif
