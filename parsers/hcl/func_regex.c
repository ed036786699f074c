/* regex, regexall, replace: go-cty cty/function/stdlib/regexp.go, Terraform
 * internal/lang/funcs/string.go. */
#include "engine/base/regex.h"
#include "engine/base/utf8.h"
#include "parsers/hcl/func.h"

static const char limit_message[] = "the pattern takes too many steps on this text";

static const as_regex *compiled(as_hcl_call *call)
{
    as_regex_error error;
    const as_regex *re = as_regex_compile(call->arena, as_fn_arg_str(call, 0), &error);
    if (!re) {
        as_fn_fail_arg(
                call, 0, "invalid regexp pattern: %s in %.*s", error.code, AS_STR_ARG(error.expr));
    }
    return re;
}

/* One match: a string; a tuple of the unnamed groups; an object of the named ones. NULL after a
 * failure. */
static const as_type *match_type(as_hcl_call *call, const as_regex *re)
{
    size_t n = as_regex_groups(re), named = 0;
    const as_type **items = AS_NEW_ARRAY(call->arena, const as_type *, n);
    as_type_field *fields = AS_NEW_ARRAY(call->arena, as_type_field, n);
    for (size_t i = 0; i < n; i++) {
        as_str name = as_regex_group_name(re, i + 1);
        bool repeated = name.n == 0;
        items[i] = &as_type_string;
        for (size_t j = 0; j < named && !repeated; j++) {
            repeated = as_str_eq(fields[j].name, name);
        }
        if (!repeated) {
            fields[named++] = (as_type_field){.name = name, .type = &as_type_string};
        }
    }
    bool unnamed = false;
    for (size_t i = 0; i < n; i++) {
        unnamed = unnamed || as_regex_group_name(re, i + 1).n == 0;
    }
    if (named > 0 && unnamed) {
        return as_fn_fail_arg(call, 0,
                "invalid regexp pattern: cannot mix both named and unnamed capture groups");
    }
    return n == 0  ? &as_type_string
           : named ? as_type_object(call->arena, fields, named)
                   : as_type_tuple(call->arena, items, n);
}

static const as_value *group_value(as_hcl_call *call, as_str text, as_regex_group g)
{
    if (g.begin == AS_REGEX_UNSET) {
        return as_fn_null(call, &as_type_string);
    }
    return as_fn_string(call, as_str_slice(text, g.begin, g.end));
}

static const as_value *match_value(
        as_hcl_call *call, const as_regex_scan *scan, const as_type *type)
{
    size_t n = as_regex_groups(scan->re);
    if (type->kind == AS_TYPE_STRING) {
        return group_value(call, scan->text, scan->groups[0]);
    }
    if (type->kind == AS_TYPE_TUPLE) {
        const as_value **items = AS_NEW_ARRAY(call->arena, const as_value *, n);
        for (size_t i = 0; i < n; i++) {
            items[i] = group_value(call, scan->text, scan->groups[i + 1]);
        }
        return as_hcl_tuple(call->arena, call->span, items, n);
    }
    as_member *members = AS_NEW_ARRAY(call->arena, as_member, n);
    for (size_t i = 0; i < n; i++) {
        members[i].key = as_regex_group_name(scan->re, i + 1);
        members[i].value = group_value(call, scan->text, scan->groups[i + 1]);
    }
    return as_hcl_object(call->arena, call->span, members, n);
}

static const as_type *type_regex(as_hcl_call *call)
{
    if (!as_hcl_is_known(call->args[0])) {
        return &as_type_any;
    }
    const as_regex *re = compiled(call);
    return re ? match_type(call, re) : NULL;
}

static const as_value *fn_regex(as_hcl_call *call)
{
    const as_regex *re = compiled(call);
    if (!re) {
        return NULL;
    }
    as_regex_scan scan;
    as_regex_scan_begin(&scan, re, as_fn_arg_str(call, 1));
    if (!as_regex_next(&scan)) {
        return as_fn_fail(call, "%s",
                scan.status == AS_REGEX_LIMIT
                        ? limit_message
                        : "pattern did not match any part of the given string");
    }
    return match_value(call, &scan, call->type);
}

static const as_type *type_regexall(as_hcl_call *call)
{
    const as_type *element = type_regex(call);
    return element ? as_type_list(call->arena, element) : NULL;
}

static const as_value *fn_regexall(as_hcl_call *call)
{
    const as_regex *re = compiled(call);
    if (!re) {
        return NULL;
    }
    const as_type *element = call->type->element;
    AS_VEC(const as_value *) matches = {0};
    as_regex_scan scan;
    as_regex_scan_begin(&scan, re, as_fn_arg_str(call, 1));
    while (as_regex_next(&scan)) {
        AS_VEC_PUSH(call->arena, &matches, match_value(call, &scan, element));
    }
    if (scan.status == AS_REGEX_LIMIT) {
        return as_fn_fail(call, "%s", limit_message);
    }
    return as_hcl_list(call->arena, call->span, element, matches.items, matches.n);
}

/* strings.ReplaceAll: nothing matches before every character and at the end. */
static void replace_plain(as_buf *out, as_str s, as_str from, as_str to)
{
    if (from.n == 0) {
        as_buf_str(out, to);
        for (size_t i = 0, begin = 0; i < s.n; begin = i) {
            as_utf8_next(s, &i);
            as_buf_str(out, as_str_slice(s, begin, i));
            as_buf_str(out, to);
        }
        return;
    }
    for (size_t at; (at = as_str_find(s, from)) != (size_t)-1;) {
        as_buf_str(out, as_str_slice(s, 0, at));
        as_buf_str(out, to);
        s = as_str_from_index(s, at + from.n);
    }
    as_buf_str(out, s);
}

/* A pattern between slashes is a regular expression. */
static const as_value *fn_replace(as_hcl_call *call)
{
    as_str s = as_fn_arg_str(call, 0), from = as_fn_arg_str(call, 1), to = as_fn_arg_str(call, 2);
    as_buf out;
    as_buf_init(&out, call->arena, 0);
    if (from.n > 1 && from.p[0] == '/' && from.p[from.n - 1] == '/') {
        as_regex_error error;
        const as_regex *re =
                as_regex_compile(call->arena, as_str_slice(from, 1, from.n - 1), &error);
        if (!re) {
            return as_fn_fail(call, "%.*s", AS_STR_ARG(as_regex_error_text(call->arena, &error)));
        }
        if (as_regex_replace(re, s, to, false, &out) == AS_REGEX_LIMIT) {
            return as_fn_fail(call, "%s", limit_message);
        }
    } else {
        replace_plain(&out, s, from, to);
    }
    return as_fn_string(call, as_buf_view(&out));
}

static const as_hcl_function functions[] = {
        {.name = "regex",
                .impl = fn_regex,
                .type = type_regex,
                .not_null = true,
                .params = {{"pattern", &as_type_string, 0}, {"string", &as_type_string, 0}}},
        {.name = "regexall",
                .impl = fn_regexall,
                .type = type_regexall,
                .not_null = true,
                .params = {{"pattern", &as_type_string, 0}, {"string", &as_type_string, 0}}},
        {.name = "replace",
                .impl = fn_replace,
                .result = &as_type_string,
                .not_null = true,
                .params = {{"str", &as_type_string, 0}, {"substr", &as_type_string, 0},
                        {"replace", &as_type_string, 0}}},
        {0},
};
const as_hcl_family as_hcl_family_regex = {"regex", functions};
