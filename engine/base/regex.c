#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "engine/base/limits.h"
#include "engine/base/regex.h"
#include "engine/base/utf8.h"

struct as_regex {
    as_arena *arena;
    as_regex_names names;
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    as_regex_group *groups;
};

enum { OBJECTS_BYTES = 1024 }; /* what PCRE2 takes for a match, about */

static void regex_release(void *object)
{
    as_regex *re = object;
    pcre2_match_context_free(re->limits);
    pcre2_match_data_free(re->data);
    pcre2_code_free(re->code);
}

const as_regex *as_regex_compile(as_arena *arena, as_str pattern, as_regex_error *error)
{
    as_regex *re = AS_NEW(arena, as_regex);
    as_buf text;
    as_buf_init(&text, arena, 0);
    re->arena = arena;
    re->names.arena = arena;
    if (!as_regex_translate(pattern, &text, &re->names, error)) {
        return NULL;
    }
    re->groups = AS_NEW_ARRAY(arena, as_regex_group, re->names.n);
    as_arena_defer(arena, regex_release, re);
    int code;
    PCRE2_SIZE at;
    as_str view = as_buf_view(&text);
    re->code = pcre2_compile((PCRE2_SPTR)(view.n ? view.p : ""), view.n,
            PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
    if (!re->code) {
        bool unknown_property = code == PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY ||
                                code == PCRE2_ERROR_MALFORMED_UNICODE_PROPERTY;
        *error = (as_regex_error){
                unknown_property ? "invalid character class range" : "expression too large",
                pattern};
        return NULL;
    }
    re->data = pcre2_match_data_create((uint32_t)re->names.n, NULL);
    re->limits = pcre2_match_context_create(NULL);
    if (!re->data || !re->limits) {
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    }
    size_t size = 0;
    (void)pcre2_pattern_info(re->code, PCRE2_INFO_SIZE, &size);
    as_arena_charge(arena, size + OBJECTS_BYTES);
    as_arena_spend(arena, (pattern.n + size) / 2);
    pcre2_set_heap_limit(re->limits, AS_PCRE2_HEAP_KIB);
    return re;
}

as_str as_regex_error_text(as_arena *arena, const as_regex_error *error)
{
    return as_str_fmt(
            arena, "error parsing regexp: %s: `%.*s`", error->code, AS_STR_ARG(error->expr));
}

as_str as_regex_quote(as_arena *arena, as_str literal)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < literal.n; i++) {
        if (as_char_in(literal.p[i], "\\.+*?()|[]{}^$")) {
            as_buf_char(&out, '\\');
        }
        as_buf_char(&out, literal.p[i]);
    }
    return as_buf_view(&out);
}

size_t as_regex_groups(const as_regex *re)
{
    return re->names.n - 1;
}

as_str as_regex_group_name(const as_regex *re, size_t group)
{
    return re->names.items[group];
}

void as_regex_scan_begin(as_regex_scan *scan, const as_regex *re, as_str text)
{
    *scan = (as_regex_scan){
            .re = re, .text = text, .groups = re->groups, .last_end = AS_REGEX_UNSET};
}

/* PCRE2 does not say how long it has looked. So it looks for a short while first; only patterns
 * that backtrack get the whole limit, and that is counted. */
static int match(const as_regex_scan *scan)
{
    static const uint32_t limits[] = {
            AS_PCRE2_MATCH_LIMIT / 100, AS_PCRE2_MATCH_LIMIT / 10, AS_PCRE2_MATCH_LIMIT};
    enum { N_LIMITS = sizeof limits / sizeof *limits, BYTES_PER_STEP = 16, STEPS_PER_MATCH = 8 };
    const as_regex *re = scan->re;
    int rc = PCRE2_ERROR_MATCHLIMIT;

    for (size_t i = 0; i < N_LIMITS && rc == PCRE2_ERROR_MATCHLIMIT; i++) {
        pcre2_set_match_limit(re->limits, limits[i]);
        rc = pcre2_match(re->code, (PCRE2_SPTR)(scan->text.n ? scan->text.p : ""), scan->text.n,
                scan->at, 0, re->data, re->limits);
        if (rc == PCRE2_ERROR_MATCHLIMIT || i > 0)
            as_arena_spend(re->arena, limits[i]);
    }
    size_t end = rc < 0 ? scan->text.n : pcre2_get_ovector_pointer(re->data)[1];
    as_arena_spend(
            re->arena, STEPS_PER_MATCH + (end > scan->at ? end - scan->at : 0) / BYTES_PER_STEP);
    return rc;
}

/* regexp.(*Regexp).allMatches */
bool as_regex_next(as_regex_scan *scan)
{
    const as_regex *re = scan->re;
    while (scan->at <= scan->text.n) {
        int rc = match(scan);
        if (rc < 0) {
            scan->status = rc == PCRE2_ERROR_NOMATCH ? AS_REGEX_NO_MATCH : AS_REGEX_LIMIT;
            scan->at = scan->text.n + 1;
            return false;
        }
        const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(re->data);
        for (size_t i = 0; i < re->names.n; i++) {
            bool set = i < (size_t)rc && ovector[2 * i] != PCRE2_UNSET;
            scan->groups[i].begin = set ? ovector[2 * i] : AS_REGEX_UNSET;
            scan->groups[i].end = set ? ovector[2 * i + 1] : AS_REGEX_UNSET;
        }
        size_t begin = scan->groups[0].begin, end = scan->groups[0].end;
        bool empty_after_match = end == begin && begin == scan->last_end;
        if (end > scan->at) {
            scan->at = end;
        } else { /* an empty match here: go on behind the next character */
            size_t width = scan->at < scan->text.n ? as_utf8_width(scan->text, scan->at) : 1;
            scan->at += width ? width : 1;
        }
        scan->last_end = end;
        if (!empty_after_match) {
            scan->status = AS_REGEX_MATCH;
            return true;
        }
    }
    scan->status = AS_REGEX_NO_MATCH;
    return false;
}

as_regex_status as_regex_test(const as_regex *re, as_str text)
{
    as_regex_scan scan;
    as_regex_scan_begin(&scan, re, text);
    as_regex_next(&scan);
    return scan.status;
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The name after a '$': `name`, `1` or `{name}`; its length with braces, or 0 when it is none. */
static size_t reference(as_str s, as_str *name)
{
    bool brace = s.n > 0 && s.p[0] == '{';
    size_t i = brace;
    while (i < s.n && is_word(s.p[i])) {
        i++;
    }
    *name = as_str_slice(s, brace, i);
    if (name->n == 0 || (brace && (i >= s.n || s.p[i] != '}'))) {
        return 0;
    }
    return i + brace;
}

/* regexp.(*Regexp).expand: names that no group has are empty. */
void as_regex_expand(
        const as_regex *re, as_str text, const as_regex_group *groups, as_str with, as_buf *out)
{
    while (with.n > 0) {
        size_t dollar = as_str_find_char(with, '$');
        if (dollar == (size_t)-1) {
            break;
        }
        as_buf_str(out, as_str_slice(with, 0, dollar));
        with = as_str_from_index(with, dollar + 1);
        if (as_str_starts(with, "$")) {
            as_buf_char(out, '$');
            with = as_str_from_index(with, 1);
            continue;
        }
        as_str name;
        size_t n = reference(with, &name);
        if (n == 0) {
            as_buf_char(out, '$');
            continue;
        }
        with = as_str_from_index(with, n);
        int64_t number;
        size_t group = re->names.n;
        if (as_str_to_int(name, &number)) {
            bool leading_zero = name.n > 1 && name.p[0] == '0';
            group = leading_zero || number < 0 ? group : (size_t)number;
        } else {
            for (group = 1; group < re->names.n && !as_str_eq(re->names.items[group], name);) {
                group++;
            }
        }
        if (group < re->names.n && groups[group].begin != AS_REGEX_UNSET) {
            as_buf_str(out, as_str_slice(text, groups[group].begin, groups[group].end));
        }
    }
    as_buf_str(out, with);
}

as_regex_status as_regex_replace(
        const as_regex *re, as_str text, as_str with, bool literal, as_buf *out)
{
    as_regex_scan scan;
    size_t copied = 0;
    bool any = false;
    as_regex_scan_begin(&scan, re, text);
    while (as_regex_next(&scan)) {
        any = true;
        as_buf_str(out, as_str_slice(text, copied, scan.groups[0].begin));
        if (literal) {
            as_buf_str(out, with);
        } else {
            as_regex_expand(re, text, scan.groups, with, out);
        }
        copied = scan.groups[0].end;
    }
    as_buf_str(out, as_str_from_index(text, copied));
    return scan.status == AS_REGEX_LIMIT ? AS_REGEX_LIMIT
           : any                         ? AS_REGEX_MATCH
                                         : AS_REGEX_NO_MATCH;
}
