/* Regular expressions: sprig's regex.go on Go's regexp. The plain forms panic where the must forms
 * give an error: both end the template with the same words, except regexMatch, which answers false.
 */
#include "parsers/gotmpl/internal.h"

#include "engine/base/regex.h"

/* Each pattern is compiled once a set. NULL with t->failure; `quoted` is MustCompile's wording. */
static const as_regex *compiled(as_gotmpl *t, const as_go *pattern, bool must_compile)
{
    as_str text = as_go_str(pattern);
    as_regex *re = as_map_get(&t->regexes, text);
    if (re)
        return re;
    as_regex_error error;
    const as_regex *made = as_regex_compile(t->arena, text, &error);
    if (made) {
        as_map_put(t->arena, &t->regexes, as_str_dup(t->arena, text), (void *)(uintptr_t)made);
        return made;
    }
    as_str why = as_regex_error_text(t->arena, &error);
    if (!must_compile)
        (void)as_go_fail(t, "%.*s", AS_STR_ARG(why));
    else
        (void)as_go_fail(t, "regexp: Compile(`%.*s`): %.*s", AS_STR_ARG(text), AS_STR_ARG(why));
    return NULL;
}

static bool too_hard(as_gotmpl *t, const as_go *pattern)
{
    return as_go_limit(
            t, "matching the pattern %.*s takes too long", AS_STR_ARG(as_go_str(pattern)));
}

static bool match(as_gotmpl *t, const as_go *a, const as_regex *re, as_go *out)
{
    as_regex_status status = as_regex_test(re, as_go_str(&a[1]));
    if (status == AS_REGEX_LIMIT)
        return too_hard(t, &a[0]);
    *out = as_go_from_bool(status == AS_REGEX_MATCH);
    return true;
}

AS_GO_FUNC(f_match)
{
    (void)n;
    const as_regex *re = compiled(t, &a[0], false);
    if (re)
        return match(t, a, re, out);
    t->failure = NULL;
    *out = as_go_from_bool(false);
    return true;
}

AS_GO_FUNC(f_must_match)
{
    (void)n;
    const as_regex *re = compiled(t, &a[0], false);
    return re && match(t, a, re, out);
}

static as_go part(as_gotmpl *t, const as_go *s, size_t from, size_t to)
{
    as_text *text = as_text_borrow(t);
    as_text_part(text, s, from, to, AS_SPAN_NONE);
    as_go v = as_text_end(text);
    as_text_return(text);
    return v;
}

static bool find(as_gotmpl *t, const as_go *a, bool must, as_go *out)
{
    const as_regex *re = compiled(t, &a[0], !must);
    if (!re)
        return false;
    as_regex_scan scan;
    as_regex_scan_begin(&scan, re, as_go_str(&a[1]));
    *out = as_go_from_str(AS_STR(""));
    if (as_regex_next(&scan))
        *out = part(t, &a[1], scan.groups[0].begin, scan.groups[0].end);
    return scan.status != AS_REGEX_LIMIT || too_hard(t, &a[0]);
}

AS_GO_FUNC(f_find)
{
    (void)n;
    return find(t, a, false, out);
}

AS_GO_FUNC(f_must_find)
{
    (void)n;
    return find(t, a, true, out);
}

static bool find_all(as_gotmpl *t, const as_go *a, bool must, as_go *out)
{
    const as_regex *re = compiled(t, &a[0], !must);
    if (!re)
        return false;
    as_regex_scan scan;
    as_regex_scan_begin(&scan, re, as_go_str(&a[1]));
    int64_t max = a[2].as.i;
    as_go_list *list = NULL; /* none found: a nil slice */
    for (int64_t i = 0; (max < 0 || i < max) && as_regex_next(&scan); i++) {
        list = list ? list : as_go_list_new(t, 0);
        as_go_list_add(t, list, part(t, &a[1], scan.groups[0].begin, scan.groups[0].end));
    }
    *out = as_go_list_value(&as_go_strings, list);
    return scan.status != AS_REGEX_LIMIT || too_hard(t, &a[0]);
}

AS_GO_FUNC(f_find_all)
{
    (void)n;
    return find_all(t, a, false, out);
}

AS_GO_FUNC(f_must_find_all)
{
    (void)n;
    return find_all(t, a, true, out);
}

static bool replace(as_gotmpl *t, const as_go *a, bool literal, bool must, as_go *out)
{
    const as_regex *re = compiled(t, &a[0], !must);
    if (!re)
        return false;
    as_regex_scan scan;
    as_str s = as_go_str(&a[1]);
    as_regex_scan_begin(&scan, re, s);
    as_text *text = as_text_borrow(t);
    size_t from = 0;
    while (as_regex_next(&scan)) {
        as_text_part(text, &a[1], from, scan.groups[0].begin, AS_SPAN_NONE);
        if (literal)
            as_text_whole(text, &a[2]);
        else
            as_regex_expand(re, s, scan.groups, as_go_str(&a[2]), &text->buf);
        from = scan.groups[0].end;
    }
    as_text_part(text, &a[1], from, s.n, AS_SPAN_NONE);
    *out = as_text_end(text);
    as_text_return(text);
    return scan.status != AS_REGEX_LIMIT || too_hard(t, &a[0]);
}

AS_GO_FUNC(f_replace)
{
    (void)n;
    return replace(t, a, false, false, out);
}

AS_GO_FUNC(f_must_replace)
{
    (void)n;
    return replace(t, a, false, true, out);
}

AS_GO_FUNC(f_replace_literal)
{
    (void)n;
    return replace(t, a, true, false, out);
}

AS_GO_FUNC(f_must_replace_literal)
{
    (void)n;
    return replace(t, a, true, true, out);
}

/* regexp.Split: n < 0 all parts, n == 0 none, else at most n. */
static bool split(as_gotmpl *t, const as_go *a, bool must, as_go *out)
{
    const as_regex *re = compiled(t, &a[0], !must);
    if (!re)
        return false;
    as_str s = as_go_str(&a[1]);
    int64_t max = a[2].as.i;
    *out = as_go_list_value(&as_go_strings, NULL);
    if (max == 0)
        return true;
    as_go_list *list = as_go_list_new(t, 0);
    out->as.list = list;
    if (a[0].n > 0 && s.n == 0) {
        as_go_list_add(t, list, as_go_from_str(AS_STR("")));
        return true;
    }
    as_regex_scan scan;
    as_regex_scan_begin(&scan, re, s);
    size_t from = 0, end = 0;
    while ((max < 0 || (int64_t)as_go_list_count(t, list) != max - 1) && as_regex_next(&scan)) {
        end = scan.groups[0].begin;
        if (scan.groups[0].end != 0)
            as_go_list_add(t, list, part(t, &a[1], from, end));
        from = scan.groups[0].end;
    }
    if (end != s.n)
        as_go_list_add(t, list, part(t, &a[1], from, s.n));
    return scan.status != AS_REGEX_LIMIT || too_hard(t, &a[0]);
}

AS_GO_FUNC(f_split)
{
    (void)n;
    return split(t, a, false, out);
}

AS_GO_FUNC(f_must_split)
{
    (void)n;
    return split(t, a, true, out);
}

AS_GO_FUNC(f_quote_meta)
{
    (void)n;
    *out = as_go_from_str(as_regex_quote(t->arena, as_go_str(&a[0])));
    return true;
}

const as_go_func as_funcs_regex[] = {
        {"regexMatch", "ss", f_match, 0},
        {"mustRegexMatch", "ss", f_must_match, 0},
        {"regexFind", "ss", f_find, 0},
        {"mustRegexFind", "ss", f_must_find, 0},
        {"regexFindAll", "ssi", f_find_all, 0},
        {"mustRegexFindAll", "ssi", f_must_find_all, 0},
        {"regexReplaceAll", "sss", f_replace, 0},
        {"mustRegexReplaceAll", "sss", f_must_replace, 0},
        {"regexReplaceAllLiteral", "sss", f_replace_literal, 0},
        {"mustRegexReplaceAllLiteral", "sss", f_must_replace_literal, 0},
        {"regexSplit", "ssi", f_split, 0},
        {"mustRegexSplit", "ssi", f_must_split, 0},
        {"regexQuoteMeta", "s", f_quote_meta, 0},
        {0},
};
