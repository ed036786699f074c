/* Conversions and marks: Terraform internal/lang/funcs/conversion.go, sensitive.go and
 * collection.go (coalesce); the assumptions are OpenTofu's (internal/lang/funcs/assume.go). */
#include "parsers/hcl/func.h"

/* --- tostring and the like ------------------------------------------------------------------------ */

static const as_type *type_to(as_hcl_call *call, const as_type *want)
{
    const as_value *v = call->args[0];
    const as_type *got = as_type_of(call->arena, v);
    /* Whether any value of the type could become the wanted one is tried on an unknown. */
    const as_value *any = as_hcl_unknown(call->arena, call->span, got, AS_STR_NONE);
    if (!as_convert(call->arena, any, want, NULL)) {
        return as_fn_fail_arg(call, 0, "cannot convert %.*s to %.*s",
                AS_STR_ARG(as_type_friendly_name(call->arena, got)),
                AS_STR_ARG(as_type_friendly_constraint(call->arena, want)));
    }
    return want;
}

static const as_value *convert_to(as_hcl_call *call, const as_type *want)
{
    const as_value *v = call->args[0];
    if (!as_hcl_is_known(v)) {
        return as_hcl_with_marks(call->arena, as_fn_unknown(call, want), as_hcl_marks(v));
    }
    const as_value *converted = as_convert(call->arena, v, want, NULL);
    if (converted) {
        return converted;
    }
    const as_type *got = as_type_of(call->arena, v);
    as_str to = as_type_friendly_constraint(call->arena, want);
    if (as_hcl_marks_deep(call->arena, v) & AS_SENSITIVE) {
        return as_fn_fail_arg(call, 0, "cannot convert this sensitive %.*s to %.*s",
                AS_STR_ARG(as_type_friendly_name(call->arena, got)), AS_STR_ARG(to));
    }
    if (v->kind == AS_STRING && want->kind == AS_TYPE_BOOL) {
        return as_fn_fail_arg(call, 0,
                "cannot convert \"%.*s\" to bool; only the strings \"true\" or \"false\" are "
                "allowed",
                AS_STR_ARG(as_value_str(v)));
    }
    if (v->kind == AS_STRING && want->kind == AS_TYPE_NUMBER) {
        return as_fn_fail_arg(call, 0,
                "cannot convert \"%.*s\" to number; given string must be a decimal representation "
                "of a number",
                AS_STR_ARG(as_value_str(v)));
    }
    return as_fn_fail_arg(call, 0, "cannot convert %.*s to %.*s",
            AS_STR_ARG(as_type_friendly_name(call->arena, got)), AS_STR_ARG(to));
}

#define CONVERSION(name, want)                                                                     \
    static const as_type *type_##name(as_hcl_call *call)                                           \
    {                                                                                              \
        return type_to(call, want);                                                                \
    }                                                                                              \
    static const as_value *fn_##name(as_hcl_call *call)                                            \
    {                                                                                              \
        return convert_to(call, want);                                                             \
    }

CONVERSION(tostring, &as_type_string)
CONVERSION(tonumber, &as_type_number)
CONVERSION(tobool, &as_type_bool)
CONVERSION(tolist, &as_type_list_any)
CONVERSION(toset, &as_type_set_any)
CONVERSION(tomap, &as_type_map_any)

/* convert(value, type): the second argument is a type constraint, not a value. */
static const as_value *lazy_convert(as_hcl_call *call, const as_hcl_expr *const *args, size_t n)
{
    as_hcl_ctx *ctx = call->ctx;
    size_t errors = ctx->diags->n_errors;
    if (n != 2) {
        return as_fn_fail(call, "two arguments are required, %zu given", n);
    }
    const as_value *v = as_hcl_eval(ctx, args[0]);
    const as_type *type = as_type_parse(call->arena, args[1], ctx->diags);
    if (!as_hcl_ok(ctx, errors)) {
        return as_hcl_unknown(call->arena, call->span, NULL, as_value_reason(v));
    }
    as_convert_error error;
    const as_value *converted = as_convert(call->arena, v, type, &error);
    if (!converted) {
        return as_fn_fail_arg(
                call, 0, "%.*s", AS_STR_ARG(as_convert_error_text(call->arena, &error)));
    }
    return as_type_apply_defaults(call->arena, type, converted);
}

/* --- coalesce ----------------------------------------------------------------------------------------- */

static const as_type *type_coalesce(as_hcl_call *call)
{
    const as_type **types = AS_NEW_ARRAY(call->arena, const as_type *, call->n);
    for (size_t i = 0; i < call->n; i++) {
        types[i] = as_type_of(call->arena, call->args[i]);
    }
    const as_type *common = call->n > 0 ? as_type_unify(call->arena, types, call->n, true) : NULL;
    return common ? common : as_fn_fail(call, "all arguments must have the same type");
}

static const as_value *fn_coalesce(as_hcl_call *call)
{
    for (size_t i = 0; i < call->n; i++) {
        const as_value *v = as_convert(call->arena, call->args[i], call->type, NULL);
        if (!v || !as_hcl_is_known(v)) {
            return as_fn_unknown(call, call->type);
        }
        bool empty = v->kind == AS_STRING && as_value_str(v).n == 0;
        if (v->kind != AS_NULL && !empty) {
            return v;
        }
    }
    return as_fn_fail(call, "no non-null, non-empty-string arguments");
}

/* --- marks ---------------------------------------------------------------------------------------- */

static const as_type *type_as_first(as_hcl_call *call)
{
    return as_type_of(call->arena, call->args[0]);
}

static const as_value *fn_sensitive(as_hcl_call *call)
{
    return as_hcl_with_marks(call->arena, call->args[0], AS_SENSITIVE);
}

static const as_value *fn_nonsensitive(as_hcl_call *call)
{
    const as_value *v = call->args[0];
    unsigned rest = as_hcl_marks(v) & ~(unsigned)AS_SENSITIVE;
    return as_hcl_with_marks(call->arena, as_hcl_unmark(call->arena, v), rest);
}

static const as_value *fn_issensitive(as_hcl_call *call)
{
    const as_value *v = call->args[0];
    if (as_hcl_marks(v) & AS_SENSITIVE) {
        return as_fn_bool(call, true);
    }
    return as_hcl_is_known(v) ? as_fn_bool(call, false) : as_fn_unknown(call, &as_type_bool);
}

/* Ephemeral values inside become null, unknown ones stay unknown. */
static const as_value *without_ephemeral(as_hcl_call *call, const as_value *v)
{
    as_arena *arena = call->arena;
    if (!(as_hcl_marks_deep(call->arena, v) & AS_EPHEMERAL)) {
        return v;
    }
    unsigned marks = as_hcl_marks(v);
    if (marks & AS_EPHEMERAL) {
        const as_type *type = as_type_of(arena, v);
        const as_value *gone = as_hcl_is_known(v)
                                       ? as_hcl_null(arena, v->span, type)
                                       : as_hcl_unknown(arena, v->span, type, as_value_reason(v));
        return as_hcl_with_marks(arena, gone, marks & ~(unsigned)AS_EPHEMERAL);
    }
    as_value *copy = as_value_copy(arena, v);
    if (v->kind == AS_LIST) {
        const as_value **items = AS_NEW_ARRAY(arena, const as_value *, v->as.list.n);
        for (size_t i = 0; i < v->as.list.n; i++) {
            items[i] = without_ephemeral(call, v->as.list.items[i]);
        }
        copy->as.list.items = items;
    } else if (v->kind == AS_OBJECT) {
        as_object *object = AS_NEW(arena, as_object);
        as_member *members = AS_NEW_ARRAY(arena, as_member, v->as.object->n);
        *object = *v->as.object;
        for (size_t i = 0; i < object->n; i++) {
            members[i] = object->members[i];
            members[i].value = without_ephemeral(call, members[i].value);
        }
        object->members = members;
        copy->as.object = object;
    }
    return copy;
}

static const as_value *fn_ephemeralasnull(as_hcl_call *call)
{
    return without_ephemeral(call, call->args[0]);
}

/* --- assumptions: what the author knows of the unknown ------------------------------------------------ */

static const as_type *type_second(as_hcl_call *call)
{
    return as_type_of(call->arena, call->args[1]);
}

static const as_value *fn_assumeequal(as_hcl_call *call)
{
    const as_value *expected = call->args[1];
    const as_value *actual = as_convert(call->arena, call->args[0], call->type, NULL);
    if (!actual) {
        return as_fn_fail_arg(call, 0, "actual value type does not match assumed value type");
    }
    if (as_hcl_equal(call->arena, actual, expected) == AS_HCL_FALSE) {
        return as_fn_fail_arg(call, 0, "actual value does not match the assumed value");
    }
    return expected;
}

static const as_value *fn_assumenotnull(as_hcl_call *call)
{
    return as_hcl_refine_not_null(call->arena, call->args[0]);
}

static const as_value *fn_assumestringprefix(as_hcl_call *call)
{
    const as_value *v = call->args[0];
    as_str prefix = as_fn_arg_str(call, 1), text = as_value_str(v);
    if (!as_hcl_is_known(v)) {
        return as_hcl_refine(call->arena, v,
                (as_hcl_refinement){.not_null = true, .prefix = prefix, .max_length = -1});
    }
    if (text.n < prefix.n || !as_str_eq(as_str_slice(text, 0, prefix.n), prefix)) {
        return as_fn_fail_arg(
                call, 0, "string does not have the assumed prefix \"%.*s\"", AS_STR_ARG(prefix));
    }
    return v;
}

/* at_least, at_most: which bounds the assumed length gives. */
static const as_value *assume_length(as_hcl_call *call, bool at_least, bool at_most)
{
    const as_value *v = call->args[0];
    int64_t length, min, max;
    if (!as_fn_arg_int(call, 1, &length)) {
        return NULL;
    }
    as_hcl_length_range(v, &min, &max);
    if ((at_least && max >= 0 && max < length) || (at_most && min > length)) {
        return as_fn_fail_arg(call, 0, "the length does not match the assumption");
    }
    if (as_hcl_is_known(v)) {
        return v;
    }
    return as_hcl_refine(call->arena, v,
            (as_hcl_refinement){.not_null = true,
                    .min_length = at_least ? length : 0,
                    .max_length = at_most ? length : -1});
}

static const as_value *fn_assumelength(as_hcl_call *call)
{
    return assume_length(call, true, true);
}

static const as_value *fn_assumelengthmax(as_hcl_call *call)
{
    return assume_length(call, false, true);
}

static const as_value *fn_assumelengthmin(as_hcl_call *call)
{
    return assume_length(call, true, false);
}

/* --- what Terraform no longer has ------------------------------------------------------------------- */

static const as_type *type_gone(as_hcl_call *call)
{
    bool list = call->function->name[0] == 'l';
    return as_fn_fail(call,
            "the \"%s\" function was deprecated in Terraform v0.12 and is no longer available; use "
            "%s syntax to write a literal %s",
            call->function->name, list ? "tolist([ ... ])" : "tomap({ ... })",
            call->function->name);
}

static const as_value *fn_gone(as_hcl_call *call)
{
    type_gone(call);
    return NULL;
}

#define EVERYTHING                                                                                 \
    &as_type_any, AS_PARAM_NULL | AS_PARAM_UNKNOWN | AS_PARAM_DYNAMIC | AS_PARAM_MARKED
#define TO(function)                                                                               \
    {                                                                                              \
        .name = #function, .impl = fn_##function, .type = type_##function, .params = {             \
            {"v", EVERYTHING}                                                                      \
        }                                                                                          \
    }
#define ASSUME(text, body, of)                                                                     \
    {                                                                                              \
        .name = (text), .impl = (body), .type = type_as_first, .params = {                         \
            {"value", of, AS_PARAM_UNKNOWN},                                                       \
            {"length", &as_type_number, 0}                                                         \
        }                                                                                          \
    }

static const as_hcl_function functions[] = {
        TO(tobool),
        TO(tolist),
        TO(tomap),
        TO(tonumber),
        TO(toset),
        TO(tostring),
        {.name = "assumeequal",
                .impl = fn_assumeequal,
                .type = type_second,
                .params = {{"actual_value", EVERYTHING}, {"expected_value", EVERYTHING}}},
        ASSUME("assumelistlength", fn_assumelength, &as_type_list_any),
        ASSUME("assumelistlengthmax", fn_assumelengthmax, &as_type_list_any),
        ASSUME("assumelistlengthmin", fn_assumelengthmin, &as_type_list_any),
        ASSUME("assumemaplength", fn_assumelength, &as_type_map_any),
        ASSUME("assumemaplengthmax", fn_assumelengthmax, &as_type_map_any),
        ASSUME("assumemaplengthmin", fn_assumelengthmin, &as_type_map_any),
        ASSUME("assumesetlength", fn_assumelength, &as_type_set_any),
        ASSUME("assumesetlengthmax", fn_assumelengthmax, &as_type_set_any),
        ASSUME("assumesetlengthmin", fn_assumelengthmin, &as_type_set_any),
        {.name = "assumenotnull",
                .impl = fn_assumenotnull,
                .type = type_as_first,
                .not_null = true,
                .params = {{"value", &as_type_any, AS_PARAM_UNKNOWN}}},
        {.name = "assumestringprefix",
                .impl = fn_assumestringprefix,
                .result = &as_type_string,
                .not_null = true,
                .params = {{"value", &as_type_string, AS_PARAM_UNKNOWN},
                        {"prefix", &as_type_string, 0}}},
        {.name = "coalesce",
                .impl = fn_coalesce,
                .type = type_coalesce,
                .not_null = true,
                .rest = {"vals", &as_type_any,
                        AS_PARAM_NULL | AS_PARAM_UNKNOWN | AS_PARAM_DYNAMIC}},
        {.name = "convert",
                .lazy = lazy_convert,
                .params = {{"value", &as_type_any, 0}, {"type", &as_type_any, 0}}},
        {.name = "ephemeralasnull",
                .impl = fn_ephemeralasnull,
                .type = type_as_first,
                .params = {{"value", EVERYTHING}}},
        {.name = "issensitive",
                .impl = fn_issensitive,
                .result = &as_type_bool,
                .params = {{"value", EVERYTHING}}},
        {.name = "list", .impl = fn_gone, .type = type_gone, .rest = {"vals", EVERYTHING}},
        {.name = "map", .impl = fn_gone, .type = type_gone, .rest = {"vals", EVERYTHING}},
        {.name = "nonsensitive",
                .impl = fn_nonsensitive,
                .type = type_as_first,
                .params = {{"value", EVERYTHING}}},
        {.name = "sensitive",
                .impl = fn_sensitive,
                .type = type_as_first,
                .params = {{"value", EVERYTHING}}},
        {0},
};
const as_hcl_family as_hcl_family_convert = {"convert", functions};
