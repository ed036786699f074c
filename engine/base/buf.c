#include "engine/base/buf.h"

#include <stdio.h>

#include "engine/base/limits.h"
#include "engine/base/utf8.h"

void as_buf_init(as_buf *buf, as_arena *arena, size_t max_bytes)
{
    *buf = (as_buf){.arena = arena, .max = max_bytes == 0 ? AS_MAX_TEXT_BYTES : max_bytes};
}

static void grow(as_buf *buf, size_t n)
{
    if (buf->sink != NULL && buf->n > 0) {
        buf->sink(buf->self, as_buf_view(buf));
        buf->n = 0;
    }
    if (n > buf->max - buf->n) {
        as_arena_unwind(buf->arena, AS_CAUSE_CEILING);
    }
    size_t need = buf->n + n + 1;
    if (need > buf->cap) {
        size_t cap = buf->cap < 64 ? 64 : buf->cap * 2;
        cap = cap < need ? need : cap;
        buf->p = as_arena_grow(buf->arena, buf->p, buf->cap, cap);
        buf->cap = cap;
    }
}

/* Room for n more bytes and a NUL: below the ceiling, or what is there has room for them. */
static inline char *reserve(as_buf *buf, size_t n)
{
    if (n >= buf->cap - buf->n || n > buf->max - buf->n) {
        grow(buf, n);
    }
    return buf->p + buf->n;
}

void as_buf_init_sink(
        as_buf *buf, as_arena *arena, void (*sink)(void *self, as_str text), void *self)
{
    enum { HELD = 1 << 18 };
    as_buf_init(buf, arena, 0);
    grow(buf, HELD);
    buf->sink = sink;
    buf->self = self;
}

void as_buf_flush(as_buf *buf)
{
    if (buf->sink != NULL && buf->n > 0) {
        buf->sink(buf->self, as_buf_view(buf));
        buf->n = 0;
    }
}

void as_buf_add(as_buf *buf, const void *bytes, size_t n)
{
    char *to = reserve(buf, n);
    if (n > 0) {
        memcpy(to, bytes, n);
        buf->n += n;
    }
}

void as_buf_str(as_buf *buf, as_str s)
{
    as_buf_add(buf, s.p, s.n);
}

void as_buf_cstr(as_buf *buf, const char *s)
{
    as_buf_add(buf, s, strlen(s));
}

void as_buf_char(as_buf *buf, char c)
{
    *reserve(buf, 1) = c;
    buf->n++;
}

void as_buf_repeat(as_buf *buf, char c, size_t n)
{
    memset(reserve(buf, n), c, n);
    buf->n += n;
}

void as_buf_vfmt(as_buf *buf, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    size_t room = buf->cap - buf->n, left = buf->max - buf->n;
    int n = vsnprintf(room == 0 ? NULL : buf->p + buf->n, room, fmt, again);
    va_end(again);
    if (n > 0 && ((size_t)n >= room || (size_t)n > left)) {
        char *to = reserve(buf, (size_t)n);
        (void)vsnprintf(to, (size_t)n + 1, fmt, args);
    }
    buf->n += n > 0 ? (size_t)n : 0;
}

void as_buf_fmt(as_buf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    as_buf_vfmt(buf, fmt, args);
    va_end(args);
}

void as_buf_size(as_buf *buf, size_t n)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    as_buf_add(buf, digits + at, sizeof digits - at);
}

void as_buf_rune(as_buf *buf, uint32_t rune)
{
    if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) {
        rune = 0xfffd;
    }
    char out[4];
    size_t n = 0;
    if (rune < 0x80) {
        out[n++] = (char)rune;
    } else if (rune < 0x800) {
        out[n++] = (char)(0xc0 | (rune >> 6));
        out[n++] = (char)(0x80 | (rune & 0x3f));
    } else if (rune < 0x10000) {
        out[n++] = (char)(0xe0 | (rune >> 12));
        out[n++] = (char)(0x80 | ((rune >> 6) & 0x3f));
        out[n++] = (char)(0x80 | (rune & 0x3f));
    } else {
        out[n++] = (char)(0xf0 | (rune >> 18));
        out[n++] = (char)(0x80 | ((rune >> 12) & 0x3f));
        out[n++] = (char)(0x80 | ((rune >> 6) & 0x3f));
        out[n++] = (char)(0x80 | (rune & 0x3f));
    }
    as_buf_add(buf, out, n);
}

/* Whether none of eight bytes is a control, a quote, a backslash or beyond ASCII: a byte is below
 * 0x20 when taking that from it borrows into its top bit, and equal to another when the difference
 * is 0. */
static bool is_plain(const char *p)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t v;
    memcpy(&v, p, sizeof v);
    uint64_t quote = v ^ (ones * '"'), slash = v ^ (ones * '\\');
    return (((v - ones * 0x20) | (quote - ones) | (slash - ones) | v) & tops) == 0;
}

void as_buf_json_string(as_buf *buf, as_str s)
{
    static const char short_escape[] = {['\b'] = 'b',
            ['\t'] = 't',
            ['\n'] = 'n',
            ['\f'] = 'f',
            ['\r'] = 'r',
            ['"'] = '"',
            ['\\'] = '\\'};
    as_buf_char(buf, '"');
    size_t done = 0;
    for (size_t i = 0; i < s.n;) {
        while (i + 8 <= s.n && is_plain(s.p + i)) {
            i += 8;
        }
        if (i == s.n) {
            break;
        }
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
            i++;
            continue;
        }
        size_t width = c < 0x80 ? 0 : as_utf8_width(s, i);
        if (width > 0) {
            i += width;
            continue;
        }
        as_buf_add(buf, s.p + done, i - done);
        if (c < sizeof short_escape && short_escape[c] != 0) {
            as_buf_char(buf, '\\');
            as_buf_char(buf, short_escape[c]);
        } else if (c < 0x20) {
            as_buf_fmt(buf, "\\u%04x", c);
        } else {
            as_buf_rune(buf, 0xfffd);
        }
        done = ++i;
    }
    as_buf_str(buf, as_str_from_index(s, done));
    as_buf_char(buf, '"');
}

as_str as_buf_view(const as_buf *buf)
{
    return buf->p == NULL ? AS_STR("") : (as_str){buf->p, buf->n};
}

char *as_buf_c(as_buf *buf)
{
    *reserve(buf, 0) = '\0';
    return buf->p;
}
