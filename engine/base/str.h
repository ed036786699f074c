/* Text as pointer and length. Borrowed unless a function says otherwise; never NUL-terminated by
 * contract (see as_str_cstr for library borders). All functions are locale-free and byte-wise. */
#ifndef AS_BASE_STR_H
#define AS_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct as_arena as_arena;

typedef struct as_str {
    const char *p;
    size_t n;
} as_str;

/* A borrowed array of texts. */
typedef struct as_strs {
    const as_str *items;
    size_t n;
} as_strs;

#define AS_STR(literal) ((as_str){("" literal), sizeof("" literal) - 1})
#define AS_STR_INIT(literal)                                                                       \
    {                                                                                              \
        ("" literal), sizeof("" literal) - 1                                                       \
    } /* for static tables */
#define AS_STR_NONE ((as_str){NULL, 0})
/* For printf: printf("%.*s", AS_STR_ARG(s)). */
#define AS_STR_ARG(s) (int)((s).n > 1 << 20 ? 1 << 20 : (s).n), ((s).p ? (s).p : "")

#if defined(__GNUC__)
#define AS_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define AS_MUST_CHECK __attribute__((warn_unused_result))
#define AS_NORETURN __attribute__((noreturn))
#define AS_NEVER_NULL __attribute__((returns_nonnull))
#else
#define AS_PRINTF(fmt, first)
#define AS_MUST_CHECK
#define AS_NORETURN
#define AS_NEVER_NULL
#endif

as_str as_str_from(const char *c_string); /* NULL gives the empty string */

bool as_str_eq(as_str a, as_str b);
bool as_str_is(as_str a, const char *c_string);
bool as_str_ieq(as_str a, as_str b); /* ASCII case-insensitive */
int as_str_cmp(as_str a, as_str b);  /* bytewise; a prefix sorts first */
bool as_str_starts(as_str s, const char *prefix);
bool as_str_ends(as_str s, const char *suffix);
uint64_t as_str_hash(as_str s);

/* Index of the first / last occurrence, or (size_t)-1. */
size_t as_str_find(as_str s, as_str needle);
size_t as_str_find_char(as_str s, char c);
size_t as_str_rfind_char(as_str s, char c);
bool as_str_contains(as_str s, const char *needle);

/* Whether the character is one of those of `set`. NUL never is: strchr would find it at the end. */
static inline bool as_char_in(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* Sub-ranges; out-of-range bounds are clamped. */
as_str as_str_slice(as_str s, size_t from, size_t to);
as_str as_str_from_index(as_str s, size_t from);
as_str as_str_trim(as_str s); /* ASCII white space on both ends */

/* Takes the part up to `sep` off the front of *rest; false when nothing was left.
 *   as_str part, rest = s; while (as_str_split(&rest, ',', &part)) ...                         */
bool as_str_split(as_str *rest, char sep, as_str *part);

/* Looks `key` up in lines that are sorted by their first field, which a tab ends; *rest is what
 * follows the tab. False: no line begins with it. */
bool as_str_bisect(as_str lines, as_str key, as_str *rest);

/* Copies in the arena; the result is also followed by a NUL. */
as_str as_str_dup(as_arena *arena, as_str s);
AS_NEVER_NULL char *as_str_cstr(as_arena *arena, as_str s);
as_str as_str_fmt(as_arena *arena, const char *fmt, ...) AS_PRINTF(2, 3);
as_str as_str_join(as_arena *arena, as_str a, as_str b);
as_str as_str_lower(as_arena *arena, as_str s);
as_str as_str_upper(as_arena *arena, as_str s);
/* Every `from` becomes `to`. */
as_str as_str_replace(as_arena *arena, as_str s, as_str from, as_str to);

/* Whole-string decimal integer; false when it is anything else or does not fit. */
bool as_str_to_int(as_str s, int64_t *out) AS_MUST_CHECK;

/* Levenshtein distance, at most `limit` + 1: for did-you-mean. */
size_t as_str_distance(as_str a, as_str b, size_t limit);

/* qsort comparator over an array of as_str. */
int as_str_compare_qsort(const void *a, const void *b);

#endif
