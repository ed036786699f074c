/* A growing byte buffer in an arena, born with a ceiling: passing it unwinds with
 * AS_CAUSE_CEILING, so that no input can blow up an output. */
#ifndef AS_BASE_BUF_H
#define AS_BASE_BUF_H

#include <stdarg.h>

#include "engine/base/arena.h"

typedef struct as_buf {
    as_arena *arena;
    char *p;
    size_t n, cap, max;
    void (*sink)(void *self, as_str text);
    void *self;
} as_buf;

/* max_bytes 0: AS_MAX_TEXT_BYTES. */
void as_buf_init(as_buf *buf, as_arena *arena, size_t max_bytes);
/* A buffer whose content goes to `sink` piece by piece, so that it may be longer than memory:
 * nobody reads it back, and the last piece goes with as_buf_flush. */
void as_buf_init_sink(
        as_buf *buf, as_arena *arena, void (*sink)(void *self, as_str text), void *self);
void as_buf_flush(as_buf *buf);
void as_buf_add(as_buf *buf, const void *bytes, size_t n);
void as_buf_str(as_buf *buf, as_str s);
void as_buf_cstr(as_buf *buf, const char *s);
void as_buf_char(as_buf *buf, char c);
void as_buf_repeat(as_buf *buf, char c, size_t n);
void as_buf_size(as_buf *buf, size_t n); /* in decimal */
void as_buf_fmt(as_buf *buf, const char *fmt, ...) AS_PRINTF(2, 3);
void as_buf_vfmt(as_buf *buf, const char *fmt, va_list args) AS_PRINTF(2, 0);
/* A code point as UTF-8; surrogates and out-of-range become U+FFFD. */
void as_buf_rune(as_buf *buf, uint32_t rune);
/* "…" with JSON escapes (RFC 8259 §7); invalid UTF-8 becomes U+FFFD. */
void as_buf_json_string(as_buf *buf, as_str s);
/* The content so far: stays valid, and unchanged by later additions only up to its length. */
as_str as_buf_view(const as_buf *buf);
/* The same, followed by a NUL that is not counted. */
char *as_buf_c(as_buf *buf);

#endif
