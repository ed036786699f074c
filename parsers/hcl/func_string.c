/* Functions on text: go-cty cty/function/stdlib/string.go, Terraform internal/lang/funcs/string.go.
 * Characters are grapheme clusters where Terraform counts them. */
#include <stdlib.h>

#include "engine/base/grapheme.h"
#include "engine/base/limits.h"
#include "engine/base/unicode.h"
#include "engine/base/utf8.h"
#include "parsers/hcl/func.h"
#include "parsers/hcl/func_number.h"

/* --- case ----------------------------------------------------------------------------------------- */

typedef uint32_t map_fn(uint32_t rune);

static const as_value *mapped(as_hcl_call *call, map_fn *map)
{
    as_str s = as_fn_arg_str(call, 0);
    as_buf out;
    as_buf_init(&out, call->arena, 0);
    for (size_t i = 0; i < s.n;) {
        as_buf_rune(&out, map(as_utf8_next(s, &i)));
    }
    return as_fn_string(call, as_buf_view(&out));
}

static const as_value *fn_upper(as_hcl_call *call)
{
    return mapped(call, as_rune_upper);
}

static const as_value *fn_lower(as_hcl_call *call)
{
    return mapped(call, as_rune_lower);
}

/* What ends a word for Go's strings.Title. */
static bool is_separator(uint32_t rune)
{
    if (rune < 0x80) {
        return !((rune >= '0' && rune <= '9') || (rune >= 'a' && rune <= 'z') ||
                 (rune >= 'A' && rune <= 'Z') || rune == '_');
    }
    return as_rune_is_space(rune);
}

static const as_value *fn_title(as_hcl_call *call)
{
    as_str s = as_fn_arg_str(call, 0);
    uint32_t previous = ' ';
    as_buf out;
    as_buf_init(&out, call->arena, 0);
    for (size_t i = 0; i < s.n;) {
        uint32_t rune = as_utf8_next(s, &i);
        as_buf_rune(&out, is_separator(previous) ? as_rune_title(rune) : rune);
        previous = rune;
    }
    return as_fn_string(call, as_buf_view(&out));
}

/* --- characters ----------------------------------------------------------------------------------- */

static const as_value *fn_strrev(as_hcl_call *call)
{
    as_str s = as_fn_arg_str(call, 0);
    char *out = AS_NEW_ARRAY(call->arena, char, s.n);
    as_arena_spend(call->arena, s.n * 2);
    for (size_t i = 0; i < s.n;) {
        size_t n = as_grapheme_width(s, i);
        memcpy(out + s.n - i - n, s.p + i, n);
        i += n;
    }
    return as_fn_string(call, (as_str){out, s.n});
}

/* The text behind the first n characters. */
static as_str skip(as_str s, int64_t n)
{
    size_t i = 0;
    for (; n > 0 && i < s.n; n--) {
        i += as_grapheme_width(s, i);
    }
    return as_str_from_index(s, i);
}

static const as_value *fn_substr(as_hcl_call *call)
{
    as_str s = as_fn_arg_str(call, 0);
    int64_t offset, length;
    if (!as_fn_int_of(call, 1, &offset) || !as_fn_int_of(call, 2, &length)) {
        return NULL;
    }
    if (offset < 0) {
        offset += (int64_t)as_grapheme_count(s);
    } else if (length == 0) {
        return as_fn_string(call, AS_STR(""));
    }
    s = skip(s, offset);
    if (length > 0) {
        s = as_str_slice(s, 0, s.n - skip(s, length).n);
    }
    /* A zero length after a negative offset means the rest: go-cty counts up to a length that it
     * has passed already. */
    return as_fn_string(call, s);
}

/* --- ends ------------------------------------------------------------------------------------------- */

/* A set of characters, sorted. */
typedef struct rune_set {
    uint32_t *runes;
    size_t n;
} rune_set;

static int compare_runes(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static rune_set rune_set_of(as_arena *arena, as_str s)
{
    rune_set set = {AS_NEW_ARRAY(arena, uint32_t, s.n), 0};
    for (size_t i = 0; i < s.n;) {
        set.runes[set.n++] = as_utf8_next(s, &i);
    }
    if (set.n > 0) {
        qsort(set.runes, set.n, sizeof *set.runes, compare_runes);
    }
    return set;
}

/* White space when set is NULL. */
static bool in_set(const rune_set *set, uint32_t rune)
{
    if (!set) {
        return as_rune_is_space(rune);
    }
    return set->n > 0 && bsearch(&rune, set->runes, set->n, sizeof rune, compare_runes) != NULL;
}

static as_str trimmed(as_str s, const rune_set *set)
{
    while (s.n > 0) {
        size_t i = 0;
        if (!in_set(set, as_utf8_next(s, &i))) {
            break;
        }
        s = as_str_from_index(s, i);
    }
    while (s.n > 0) {
        size_t begin = s.n - 1, i;
        while (begin > 0 && s.n - begin < 4 && ((unsigned char)s.p[begin] & 0xC0) == 0x80) {
            begin--;
        }
        i = begin;
        if (!in_set(set, as_utf8_next(s, &i)) || i != s.n) {
            break;
        }
        s.n = begin;
    }
    return s;
}

static const as_value *fn_trim(as_hcl_call *call)
{
    rune_set set = rune_set_of(call->arena, as_fn_arg_str(call, 1));
    return as_fn_string(call, trimmed(as_fn_arg_str(call, 0), &set));
}

static const as_value *fn_trimspace(as_hcl_call *call)
{
    return as_fn_string(call, trimmed(as_fn_arg_str(call, 0), NULL));
}

static bool has_prefix(as_str s, as_str prefix)
{
    return s.n >= prefix.n && as_str_eq(as_str_slice(s, 0, prefix.n), prefix);
}

static bool has_suffix(as_str s, as_str suffix)
{
    return s.n >= suffix.n && as_str_eq(as_str_from_index(s, s.n - suffix.n), suffix);
}

static const as_value *fn_trimprefix(as_hcl_call *call)
{
    as_str s = as_fn_arg_str(call, 0), prefix = as_fn_arg_str(call, 1);
    return as_fn_string(call, has_prefix(s, prefix) ? as_str_from_index(s, prefix.n) : s);
}

static const as_value *fn_trimsuffix(as_hcl_call *call)
{
    as_str s = as_fn_arg_str(call, 0), suffix = as_fn_arg_str(call, 1);
    return as_fn_string(call, has_suffix(s, suffix) ? as_str_slice(s, 0, s.n - suffix.n) : s);
}

static const as_value *fn_chomp(as_hcl_call *call)
{
    as_str s = as_fn_arg_str(call, 0);
    while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r')) {
        s.n--;
    }
    return as_fn_string(call, s);
}

/* Of an unknown text the prefix may be known. */
static const as_value *fn_startswith(as_hcl_call *call)
{
    as_str prefix = as_fn_arg_str(call, 1);
    const as_value *text = call->args[0];
    if (as_hcl_is_known(text)) {
        return as_fn_bool(call, has_prefix(as_value_str(text), prefix));
    }
    const as_hcl_refinement *known = as_hcl_refinement_of(text);
    as_str begin = known ? known->prefix : AS_STR_NONE;
    if (prefix.n == 0 || (begin.n > 0 && has_prefix(begin, prefix))) {
        return as_fn_bool(call, true);
    }
    if (begin.n > 0 && begin.n >= prefix.n) {
        return as_fn_bool(call, false);
    }
    return as_fn_unknown(call, &as_type_bool);
}

static const as_value *fn_endswith(as_hcl_call *call)
{
    return as_fn_bool(call, has_suffix(as_fn_arg_str(call, 0), as_fn_arg_str(call, 1)));
}

static const as_value *fn_strcontains(as_hcl_call *call)
{
    as_str part = as_fn_arg_str(call, 1);
    bool found = part.n == 0 || as_str_find(as_fn_arg_str(call, 0), part) != (size_t)-1;
    return as_fn_bool(call, found);
}

/* --- lines and lists -------------------------------------------------------------------------------- */

static const as_value *fn_indent(as_hcl_call *call)
{
    as_str s = as_fn_arg_str(call, 1);
    int64_t spaces;
    if (!as_fn_int_of(call, 0, &spaces)) {
        return NULL;
    }
    if (spaces < 0) {
        return as_fn_fail(call, "panic in function implementation: strings: negative Repeat count");
    }
    if ((uint64_t)spaces > AS_MAX_TEXT_BYTES) {
        return as_fn_fail_arg(call, 0, "an indentation of more than %zu spaces is not supported",
                AS_MAX_TEXT_BYTES);
    }
    as_buf out;
    as_buf_init(&out, call->arena, 0);
    for (size_t i = 0; i < s.n; i++) {
        as_buf_char(&out, s.p[i]);
        if (s.p[i] == '\n') {
            as_buf_repeat(&out, ' ', (size_t)spaces);
        }
    }
    return as_fn_string(call, as_buf_view(&out));
}

/* What is known of the text all the same, where the list is and only elements are not. */
static const as_value *join_partly(as_hcl_call *call, as_str separator)
{
    const as_value *unknown = as_fn_unknown(call, &as_type_string);
    as_list_builder pieces;
    as_list_begin(&pieces, call->arena);
    for (size_t i = 1; i < call->n; i++) {
        const as_value *list = call->args[i];
        if (list->kind != AS_LIST) {
            return unknown;
        }
        for (size_t j = 0; j < list->as.list.n; j++) {
            const as_value *item = list->as.list.items[j];
            if (item->kind != AS_STRING && item->kind != AS_UNKNOWN) {
                return unknown;
            }
            if (pieces.n > 0) {
                as_list_add(&pieces, as_value_string(call->arena, call->span, separator));
            }
            as_list_add(&pieces, item);
        }
    }
    return as_value_with_pieces(call->arena, unknown, as_list_end(&pieces, call->span));
}

static const as_value *fn_join(as_hcl_call *call)
{
    as_str separator = as_fn_arg_str(call, 0);
    if (call->n < 2) {
        return as_fn_fail(call, "at least one list is required");
    }
    for (size_t i = 1; i < call->n; i++) {
        if (!as_hcl_is_wholly_known(call->arena, call->args[i])) {
            return join_partly(call, separator);
        }
    }
    as_buf out;
    bool first = true;
    as_buf_init(&out, call->arena, 0);
    for (size_t i = 1; i < call->n; i++) {
        const as_value *list = call->args[i];
        for (size_t j = 0; j < list->as.list.n; j++, first = false) {
            const as_value *item = list->as.list.items[j];
            if (item->kind == AS_NULL && call->n > 2) {
                return as_fn_fail_arg(call, i,
                        "element %zu of list %zu is null; cannot concatenate null values", j, i);
            }
            if (item->kind == AS_NULL) {
                return as_fn_fail_arg(
                        call, i, "element %zu is null; cannot concatenate null values", j);
            }
            if (!first) {
                as_buf_str(&out, separator);
            }
            as_buf_str(&out, as_value_str(item));
        }
    }
    return as_fn_string(call, as_buf_view(&out));
}

static const as_value *fn_split(as_hcl_call *call)
{
    as_str separator = as_fn_arg_str(call, 0), rest = as_fn_arg_str(call, 1);
    AS_VEC(as_str) parts = {0};
    if (separator.n == 0) { /* into code points; nothing gives nothing */
        for (size_t i = 0, begin = 0; i < rest.n; begin = i) {
            as_utf8_next(rest, &i);
            AS_VEC_PUSH(call->arena, &parts, as_str_slice(rest, begin, i));
        }
        return as_fn_strings(call, parts.items, parts.n);
    }
    for (size_t at; (at = as_str_find(rest, separator)) != (size_t)-1;) {
        AS_VEC_PUSH(call->arena, &parts, as_str_slice(rest, 0, at));
        rest = as_str_from_index(rest, at + separator.n);
    }
    AS_VEC_PUSH(call->arena, &parts, rest);
    return as_fn_strings(call, parts.items, parts.n);
}

/* Of a list with unknown elements the length is known, though no longer which is which. */
static const as_value *unknown_sorted(as_hcl_call *call, const as_value *list)
{
    if (!as_hcl_is_known(list)) {
        const as_value *unknown = as_fn_unknown(call, &as_type_list_string);
        as_hcl_refinement known = {.not_null = true};
        as_hcl_length_range(list, &known.min_length, &known.max_length);
        return as_hcl_refine(call->arena, unknown, known);
    }
    size_t n = list->as.list.n;
    const as_value **items = AS_NEW_ARRAY(call->arena, const as_value *, n);
    for (size_t i = 0; i < n; i++) {
        items[i] = as_fn_unknown(call, &as_type_string);
    }
    return as_hcl_list(call->arena, call->span, &as_type_string, items, n);
}

static const as_value *fn_sort(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    if (!as_hcl_is_wholly_known(call->arena, list)) {
        return unknown_sorted(call, list);
    }
    size_t n = list->as.list.n;
    as_str *items = AS_NEW_ARRAY(call->arena, as_str, n);
    for (size_t i = 0; i < n; i++) {
        if (list->as.list.items[i]->kind == AS_NULL) {
            return as_fn_fail(
                    call, "given list element %zu is null; a null string cannot be sorted", i);
        }
        items[i] = as_value_str(list->as.list.items[i]);
    }
    if (n > 0) {
        qsort(items, n, sizeof *items, as_str_compare_qsort);
    }
    return as_fn_strings(call, items, n);
}

#define STRING &as_type_string
#define NUMBER &as_type_number

static const as_hcl_function functions[] = {
        {.name = "chomp",
                .impl = fn_chomp,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, 0}}},
        {.name = "endswith",
                .impl = fn_endswith,
                .result = &as_type_bool,
                .not_null = true,
                .params = {{"str", STRING, 0}, {"suffix", STRING, 0}}},
        {.name = "indent",
                .impl = fn_indent,
                .result = STRING,
                .not_null = true,
                .params = {{"spaces", NUMBER, 0}, {"str", STRING, 0}}},
        {.name = "join",
                .impl = fn_join,
                .result = STRING,
                .not_null = true,
                .params = {{"separator", STRING, 0}},
                .rest = {"lists", &as_type_list_string, 0}},
        {.name = "lower",
                .impl = fn_lower,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, AS_PARAM_DYNAMIC}}},
        {.name = "sort",
                .impl = fn_sort,
                .result = &as_type_list_string,
                .not_null = true,
                .params = {{"list", &as_type_list_string, AS_PARAM_UNKNOWN}}},
        {.name = "split",
                .impl = fn_split,
                .result = &as_type_list_string,
                .not_null = true,
                .params = {{"separator", STRING, 0}, {"str", STRING, 0}}},
        {.name = "startswith",
                .impl = fn_startswith,
                .result = &as_type_bool,
                .not_null = true,
                .params = {{"str", STRING, AS_PARAM_UNKNOWN}, {"prefix", STRING, 0}}},
        {.name = "strcontains",
                .impl = fn_strcontains,
                .result = &as_type_bool,
                .params = {{"str", STRING, 0}, {"substr", STRING, 0}}},
        {.name = "strrev",
                .impl = fn_strrev,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, AS_PARAM_DYNAMIC}}},
        {.name = "substr",
                .impl = fn_substr,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, AS_PARAM_DYNAMIC}, {"offset", NUMBER, AS_PARAM_DYNAMIC},
                        {"length", NUMBER, AS_PARAM_DYNAMIC}}},
        {.name = "title",
                .impl = fn_title,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, 0}}},
        {.name = "trim",
                .impl = fn_trim,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, 0}, {"cutset", STRING, 0}}},
        {.name = "trimprefix",
                .impl = fn_trimprefix,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, 0}, {"prefix", STRING, 0}}},
        {.name = "trimspace",
                .impl = fn_trimspace,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, 0}}},
        {.name = "trimsuffix",
                .impl = fn_trimsuffix,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, 0}, {"suffix", STRING, 0}}},
        {.name = "upper",
                .impl = fn_upper,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, AS_PARAM_DYNAMIC}}},
        {0},
};
const as_hcl_family as_hcl_family_string = {"string", functions};
