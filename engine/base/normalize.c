#include "engine/base/buf.h"
#include "engine/base/normalize.h"
#include "engine/base/utf8.h"
#include "engine/base/vec.h"

typedef struct decomposition {
    uint32_t rune, first, second; /* second 0: a singleton */
} decomposition;

typedef struct combining {
    uint32_t first, last;
    uint8_t class;
} combining;

#include "engine/base/normalize.inc"

/* Hangul syllables are arithmetic: Unicode 3.12. */
enum { S_BASE = 0xAC00, L_BASE = 0x1100, V_BASE = 0x1161, T_BASE = 0x11A7 };
enum { L_COUNT = 19, V_COUNT = 21, T_COUNT = 28, S_COUNT = L_COUNT * V_COUNT * T_COUNT };

#define N_DECOMPOSITIONS (sizeof decompositions / sizeof *decompositions)
#define N_CLASSES (sizeof classes / sizeof *classes)

typedef struct mark {
    uint32_t rune; /* or an ill-formed byte, plus ILL_FORMED */
    uint8_t class;
} mark;
#define ILL_FORMED 0x80000000u

typedef struct marks {
    mark *items;
    size_t n, cap;
    size_t run; /* combining marks at the end */
} marks;
enum { MAX_MARKS = 30, JOINER = 0x34F }; /* U+034F COMBINING GRAPHEME JOINER */

static const decomposition *decomposition_of(uint32_t rune)
{
    size_t low = 0, high = N_DECOMPOSITIONS;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (decompositions[middle].rune < rune) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < N_DECOMPOSITIONS && decompositions[low].rune == rune ? &decompositions[low] : NULL;
}

static uint8_t class_of(uint32_t rune)
{
    size_t low = 0, high = N_CLASSES;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (classes[middle].last < rune) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < N_CLASSES && rune >= classes[low].first ? classes[low].class : 0;
}

/* Every combining sequence sorted by class, stably, as it grows (the Canonical Ordering Algorithm).
 * No sequence is longer than 30 marks: then a joiner stands in between (the Stream-Safe Text
 * Process, which Go's norm package applies too). */
static void push(as_arena *arena, marks *out, uint32_t rune)
{
    uint8_t class = rune & ILL_FORMED ? 0 : class_of(rune);
    out->run = class > 0 ? out->run + 1 : 0;
    if (out->run > MAX_MARKS) {
        out->run = 1;
        AS_VEC_PUSH(arena, out, (mark){JOINER, 0});
    }
    AS_VEC_PUSH(arena, out, (mark){rune, class});
    for (size_t i = out->n - 1; class > 0 && i > 0 && out->items[i - 1].class > class; i--) {
        mark swap = out->items[i - 1];
        out->items[i - 1] = out->items[i];
        out->items[i] = swap;
    }
}

/* At most four deep: the data has no longer chains. */
static void decompose(as_arena *arena, marks *out, uint32_t rune)
{
    if (rune >= S_BASE && rune < S_BASE + S_COUNT) {
        uint32_t s = rune - S_BASE;
        push(arena, out, L_BASE + s / (V_COUNT * T_COUNT));
        push(arena, out, V_BASE + s % (V_COUNT * T_COUNT) / T_COUNT);
        if (s % T_COUNT > 0) {
            push(arena, out, T_BASE + s % T_COUNT);
        }
        return;
    }
    const decomposition *d = rune < 0xC0 ? NULL : decomposition_of(rune);
    if (!d) {
        push(arena, out, rune);
        return;
    }
    decompose(arena, out, d->first);
    if (d->second) {
        push(arena, out, d->second);
    }
}

/* The primary composite of two, or 0. */
static uint32_t compose(uint32_t a, uint32_t b)
{
    if (a >= L_BASE && a < L_BASE + L_COUNT && b >= V_BASE && b < V_BASE + V_COUNT) {
        return S_BASE + ((a - L_BASE) * V_COUNT + (b - V_BASE)) * T_COUNT;
    }
    if (a >= S_BASE && a < S_BASE + S_COUNT && (a - S_BASE) % T_COUNT == 0 && b > T_BASE &&
            b < T_BASE + T_COUNT) {
        return a + (b - T_BASE);
    }
    size_t low = 0, high = sizeof composites / sizeof *composites;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const decomposition *d = &decompositions[composites[middle]];
        if (d->second == b && d->first == a) {
            return d->rune;
        }
        if (d->second < b || (d->second == b && d->first < a)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

static void compose_all(marks *m)
{
    size_t starter = (size_t)-1, n = 0;
    uint8_t last_class = 0;
    for (size_t i = 0; i < m->n; i++) {
        mark c = m->items[i];
        bool adjacent = starter != (size_t)-1 && n == starter + 1;
        bool blocked = !adjacent && last_class >= c.class;
        uint32_t composite = 0;
        if (starter != (size_t)-1 && !blocked && !(c.rune & ILL_FORMED)) {
            composite = compose(m->items[starter].rune, c.rune);
        }
        if (composite) {
            m->items[starter].rune = composite;
            continue;
        }
        if (c.class == 0) {
            starter = n;
        }
        last_class = c.class;
        m->items[n++] = c;
    }
    m->n = n;
}

as_str as_str_nfc(as_arena *arena, as_str s)
{
    size_t i = 0;
    while (i < s.n && (unsigned char)s.p[i] < 0xCC) { /* nothing below U+0300 combines */
        i++;
    }
    if (i == s.n) {
        return s;
    }
    marks m = {0};
    for (i = 0; i < s.n;) {
        size_t width = as_utf8_width(s, i);
        if (width == 0) {
            push(arena, &m, ILL_FORMED | (unsigned char)s.p[i++]);
        } else {
            decompose(arena, &m, as_utf8_next(s, &i));
        }
    }
    compose_all(&m);
    as_buf out;
    as_buf_init(&out, arena, s.n * 4 + 16);
    for (i = 0; i < m.n; i++) {
        if (m.items[i].rune & ILL_FORMED) {
            as_buf_char(&out, (char)(m.items[i].rune & 0xFF));
        } else {
            as_buf_rune(&out, m.items[i].rune);
        }
    }
    as_str view = as_buf_view(&out);
    return as_str_eq(view, s) ? s : view;
}
