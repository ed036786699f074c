/* Regular expressions with the syntax and the results of RE2, as Go's regexp package has them.
 *
 * Terraform, Helm's functions and Istio all speak RE2. The pattern is checked and rewritten for
 * PCRE2: what RE2 lacks (backreferences, lookaround, possessive quantifiers, …) is refused with
 * Go's words, and what the two read differently (`$`, `\s`, `\pN`, POSIX classes) is written out.
 * PCRE2 backtracks where RE2 does not, so each match is bounded by AS_PCRE2_MATCH_LIMIT and
 * AS_PCRE2_HEAP_KIB. Syntax: https://pkg.go.dev/regexp/syntax */
#ifndef AS_BASE_REGEX_H
#define AS_BASE_REGEX_H

#include "engine/base/buf.h"

typedef struct as_regex as_regex;

typedef struct as_regex_error {
    const char *code; /* "missing closing )" */
    as_str expr;      /* the offending part */
} as_regex_error;

/* NULL with *error (in Go's words) when the pattern is no RE2 pattern. Freed with the arena. A
 * compiled expression may be used by one thread at a time. */
const as_regex *as_regex_compile(as_arena *arena, as_str pattern, as_regex_error *error);
/* "error parsing regexp: missing closing ): `(`", as Go prints it. */
as_str as_regex_error_text(as_arena *arena, const as_regex_error *error);
/* The text of a literal as a pattern (regexp.QuoteMeta). */
as_str as_regex_quote(as_arena *arena, as_str literal);

/* Groups are numbered from 1; names are empty for plain parentheses. */
size_t as_regex_groups(const as_regex *re);
as_str as_regex_group_name(const as_regex *re, size_t group);

typedef enum as_regex_status {
    AS_REGEX_NO_MATCH,
    AS_REGEX_MATCH,
    AS_REGEX_LIMIT, /* a ceiling was met: whether it matches is unknown */
} as_regex_status;

/* Byte offsets; both AS_REGEX_UNSET when the group took no part. */
#define AS_REGEX_UNSET ((size_t)-1)
typedef struct as_regex_group {
    size_t begin, end;
} as_regex_group;

/* The matches of a text from left to right, as Go's FindAll gives them: an empty match right after
 * another match is skipped. as_regex_scan scan; as_regex_scan_begin(&scan, re, text); while
 * (as_regex_next(&scan)) ... scan.groups[0] is the whole match, scan.groups[1] the first group if
 * (scan.status == AS_REGEX_LIMIT) ...                                                            */
typedef struct as_regex_scan {
    const as_regex *re;
    as_str text;
    as_regex_group *groups; /* as_regex_groups + 1; overwritten by the next match */
    as_regex_status status;
    size_t at, last_end; /* private */
} as_regex_scan;
void as_regex_scan_begin(as_regex_scan *scan, const as_regex *re, as_str text);
bool as_regex_next(as_regex_scan *scan);

as_regex_status as_regex_test(const as_regex *re, as_str text);
/* Appends the text with every match replaced. In `with`, $1, ${1} and ${name} stand for groups, $$
 * for $, unless `literal`. AS_REGEX_LIMIT leaves *out unfinished. */
as_regex_status as_regex_replace(
        const as_regex *re, as_str text, as_str with, bool literal, as_buf *out);
/* Appends `with`, its $ references filled from a match. */
void as_regex_expand(
        const as_regex *re, as_str text, const as_regex_group *groups, as_str with, as_buf *out);

/* For regex.c: the pattern in PCRE2's syntax. */
typedef struct as_regex_names {
    as_arena *arena;
    as_str *items; /* [0] is unused */
    size_t n, cap;
} as_regex_names;
bool as_regex_translate(as_str pattern, as_buf *out, as_regex_names *names, as_regex_error *error);

#endif
