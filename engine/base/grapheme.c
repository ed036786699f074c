#include "engine/base/grapheme.h"
#include "engine/base/utf8.h"

typedef enum class {
    OTHER,
    CR,
    LF,
    CONTROL,
    EXTEND,
    ZWJ,
    SPACING,
    PREPEND,
    REGIONAL,
    PICTOGRAPH,
    L,
    V,
    T,
    LV,
    LVT,
    END, /* of the text */
} class;

typedef struct range {
    uint32_t first, last;
    class class;
} range;

#include "engine/base/grapheme.inc"

static class class_of(uint32_t rune)
{
    if (rune >= 0xAC00 && rune <= 0xD7A3) { /* Hangul syllables: Unicode 3.12 */
        return (rune - 0xAC00) % 28 == 0 ? LV : LVT;
    }
    size_t low = 0, high = sizeof ranges / sizeof *ranges;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rune > ranges[middle].last) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < sizeof ranges / sizeof *ranges && rune >= ranges[low].first;
    return found ? ranges[low].class : OTHER;
}

/* The class at `at`, and where the next character begins. */
static class look(as_str s, size_t at, size_t *next)
{
    if (at >= s.n) {
        return END;
    }
    *next = at;
    return class_of(as_utf8_next(s, next));
}

static bool hangul_joins(class a, class b)
{
    switch (a) {
    case L:
        return b == L || b == V || b == LV || b == LVT;
    case LV:
    case V:
        return b == V || b == T;
    case LVT:
    case T:
        return b == T;
    default:
        return false;
    }
}

/* Marks that extend what stands before; a joiner also ties a pictograph on when `glue`. */
static size_t extension(as_str s, size_t at, bool glue)
{
    size_t next;
    for (;;) {
        class c = look(s, at, &next);
        if (c != EXTEND && c != SPACING && c != ZWJ) {
            return at;
        }
        at = next;
        if (c == ZWJ && glue && look(s, at, &next) == PICTOGRAPH) {
            at = next;
        }
    }
}

size_t as_grapheme_width(as_str s, size_t at)
{
    size_t begin = at, next;
    class c = look(s, at, &next);
    if (c == END) {
        return 0;
    }
    if (c == CR || c == LF || c == CONTROL) {
        bool crlf = c == CR && next < s.n && s.p[next] == '\n';
        return next - begin + crlf;
    }
    while (c == PREPEND) {
        at = next;
        c = look(s, at, &next);
    }
    if (c == END || c == CR || c == LF || c == CONTROL) {
        return at - begin;
    }
    at = next;
    for (class d; hangul_joins(c, d = look(s, at, &next)); c = d) {
        at = next;
    }
    if (c == REGIONAL && look(s, at, &next) == REGIONAL) {
        at = next;
    }
    bool glue = c == PICTOGRAPH || c == REGIONAL || (c >= L && c <= LVT);
    return extension(s, at, glue) - begin;
}

size_t as_grapheme_count(as_str s)
{
    size_t n = 0;
    for (size_t at = 0; at < s.n; n++) {
        bool plain = (unsigned char)s.p[at] < 0x80 && s.p[at] != '\r' &&
                     (at + 1 == s.n || (unsigned char)s.p[at + 1] < 0x80);
        at += plain ? 1 : as_grapheme_width(s, at);
    }
    return n;
}
