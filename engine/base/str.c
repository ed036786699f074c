#define _GNU_SOURCE /* memmem: skips by the length of the needle */

#include "engine/base/str.h"

#include <stdarg.h>
#include <stdio.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/num.h"

static const size_t NOT_FOUND = (size_t)-1;

as_str as_str_from(const char *c_string)
{
    return c_string == NULL ? AS_STR_NONE : (as_str){c_string, strlen(c_string)};
}

bool as_str_eq(as_str a, as_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool as_str_is(as_str a, const char *c_string)
{
    return as_str_eq(a, as_str_from(c_string));
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static unsigned char upper(char c)
{
    return (unsigned char)(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
}

bool as_str_ieq(as_str a, as_str b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i])) {
            return false;
        }
    }
    return true;
}

int as_str_cmp(as_str a, as_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

int as_str_compare_qsort(const void *a, const void *b)
{
    return as_str_cmp(*(const as_str *)a, *(const as_str *)b);
}

bool as_str_starts(as_str s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.n >= n && (n == 0 || memcmp(s.p, prefix, n) == 0);
}

bool as_str_ends(as_str s, const char *suffix)
{
    size_t n = strlen(suffix);
    return s.n >= n && (n == 0 || memcmp(s.p + (s.n - n), suffix, n) == 0);
}

uint64_t as_str_hash(as_str s)
{
    /* FNV-1a over 8-byte words with a final mix: keys are short and not chosen to collide in a way
     * that costs more than the input's own size, since every map is bounded by its input. */
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ s.n;
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        uint64_t word;
        memcpy(&word, s.p + i, 8);
        h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 29;
    }
    for (; i < s.n; i++) {
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
    }
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    return h ^ (h >> 32);
}

/* memmem prepares tables that pay only where there are many places to look at. */
enum { FEW_PLACES = 256 };

static size_t find_at_few(as_str s, as_str needle)
{
    size_t last = s.n - needle.n;
    for (size_t at = 0; at <= last; at++) {
        const char *hit = memchr(s.p + at, needle.p[0], last - at + 1);
        if (hit == NULL) {
            return NOT_FOUND;
        }
        at = (size_t)(hit - s.p);
        if (memcmp(hit, needle.p, needle.n) == 0) {
            return at;
        }
    }
    return NOT_FOUND;
}

size_t as_str_find(as_str s, as_str needle)
{
    if (needle.n == 0) {
        return 0;
    }
    if (s.p == NULL || s.n < needle.n) {
        return NOT_FOUND;
    }
    if (s.n - needle.n < FEW_PLACES) {
        return find_at_few(s, needle);
    }
    const char *hit = memmem(s.p, s.n, needle.p, needle.n);
    return hit == NULL ? NOT_FOUND : (size_t)(hit - s.p);
}

size_t as_str_find_char(as_str s, char c)
{
    const char *hit = s.p == NULL ? NULL : memchr(s.p, c, s.n);
    return hit == NULL ? NOT_FOUND : (size_t)(hit - s.p);
}

size_t as_str_rfind_char(as_str s, char c)
{
    for (size_t i = s.n; i > 0; i--) {
        if (s.p[i - 1] == c) {
            return i - 1;
        }
    }
    return NOT_FOUND;
}

bool as_str_contains(as_str s, const char *needle)
{
    return as_str_find(s, as_str_from(needle)) != NOT_FOUND;
}

as_str as_str_slice(as_str s, size_t from, size_t to)
{
    to = to > s.n ? s.n : to;
    from = from > to ? to : from;
    return (as_str){s.p == NULL ? NULL : s.p + from, to - from};
}

as_str as_str_from_index(as_str s, size_t from)
{
    return as_str_slice(s, from, s.n);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

as_str as_str_trim(as_str s)
{
    while (s.n > 0 && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_space(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

bool as_str_split(as_str *rest, char sep, as_str *part)
{
    if (rest->p == NULL) {
        return false;
    }
    size_t at = as_str_find_char(*rest, sep);
    if (at == NOT_FOUND) {
        *part = *rest;
        *rest = AS_STR_NONE;
    } else {
        *part = as_str_slice(*rest, 0, at);
        *rest = (as_str){rest->p + at + 1, rest->n - at - 1};
    }
    return true;
}

bool as_str_bisect(as_str lines, as_str key, as_str *rest)
{
    size_t low = 0, high = lines.n; /* both where a line begins */
    while (low < high) {
        size_t start = low + (high - low) / 2;
        while (start > low && lines.p[start - 1] != '\n') {
            start--;
        }
        as_str line = as_str_from_index(lines, start), first = {0};
        size_t end = as_str_find_char(line, '\n');
        line.n = end == (size_t)-1 ? line.n : end;
        size_t next = start + line.n + 1;
        as_str_split(&line, '\t', &first);
        int order = as_str_cmp(key, first);
        if (order == 0) {
            *rest = line;
            return true;
        }
        if (order < 0) {
            high = start;
        } else {
            low = next;
        }
    }
    return false;
}

char *as_str_cstr(as_arena *arena, as_str s)
{
    char *p = as_arena_alloc(arena, s.n + 1);
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    return p;
}

as_str as_str_dup(as_arena *arena, as_str s)
{
    return (as_str){as_str_cstr(arena, s), s.n};
}

as_str as_str_fmt(as_arena *arena, const char *fmt, ...)
{
    char local[256]; /* most texts fit, and take no more of the arena than they need */
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(local, sizeof local, fmt, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof local) {
        return as_str_dup(arena, (as_str){local, (size_t)n});
    }
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    return as_buf_view(&buf);
}

as_str as_str_join(as_arena *arena, as_str a, as_str b)
{
    char *p = as_arena_alloc(arena, a.n + b.n + 1);
    if (a.n > 0) {
        memcpy(p, a.p, a.n);
    }
    if (b.n > 0) {
        memcpy(p + a.n, b.p, b.n);
    }
    return (as_str){p, a.n + b.n};
}

static as_str map_bytes(as_arena *arena, as_str s, unsigned char (*fn)(char))
{
    char *p = as_arena_alloc(arena, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        p[i] = (char)fn(s.p[i]);
    }
    return (as_str){p, s.n};
}

as_str as_str_lower(as_arena *arena, as_str s)
{
    return map_bytes(arena, s, lower);
}

as_str as_str_upper(as_arena *arena, as_str s)
{
    return map_bytes(arena, s, upper);
}

as_str as_str_replace(as_arena *arena, as_str s, as_str from, as_str to)
{
    size_t at = from.n == 0 ? NOT_FOUND : as_str_find(s, from);
    if (at == NOT_FOUND) {
        return s;
    }
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    do {
        as_buf_add(&buf, s.p, at);
        as_buf_str(&buf, to);
        s = as_str_from_index(s, at + from.n);
    } while ((at = as_str_find(s, from)) != NOT_FOUND);
    as_buf_str(&buf, s);
    return as_buf_view(&buf);
}

bool as_str_to_int(as_str s, int64_t *out)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    size_t i = negative || (s.n > 0 && s.p[0] == '+') ? 1 : 0;
    if (i == s.n) {
        return false;
    }
    int64_t value = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
        int64_t digit = s.p[i] - '0';
        if (!as_int_mul(value, 10, &value) || !as_int_sub(value, digit, &value)) {
            return false; /* counted downwards, so that INT64_MIN fits */
        }
    }
    return negative ? (*out = value, true) : as_int_sub(0, value, out);
}

size_t as_str_distance(as_str a, as_str b, size_t limit)
{
    enum { MAX = 64 };
    size_t gap = a.n > b.n ? a.n - b.n : b.n - a.n;
    if (a.n >= MAX || b.n >= MAX || gap > limit) {
        return limit + 1;
    }
    size_t row[MAX + 1];
    for (size_t j = 0; j <= b.n; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t best = diagonal + (a.p[i - 1] != b.p[j - 1]);
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b.n] > limit ? limit + 1 : row[b.n];
}
