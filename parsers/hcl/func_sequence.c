/* Functions on lists, tuples and sets in their order: go-cty cty/function/stdlib/collection.go and
 * sequence.go, Terraform internal/lang/funcs/collection.go. Sets in their own right are in
 * func_set.c. */
#include "engine/base/map.h"
#include "parsers/hcl/func.h"
#include "parsers/hcl/func_number.h"
#include "parsers/hcl/func_json.h"

#define N(v) ((v)->as.list.n)
#define ITEM(v, i) ((v)->as.list.items[i])

static bool is_sequence(as_type_kind kind)
{
    return kind == AS_TYPE_LIST || kind == AS_TYPE_SET || kind == AS_TYPE_TUPLE;
}

static const as_value *list_of(
        as_hcl_call *call, const as_type *list, const as_value *const *items, size_t n)
{
    return as_hcl_list(call->arena, call->span, list->element, items, n);
}

/* --- truth ---------------------------------------------------------------------------------------- */

static const as_value *fn_alltrue(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    for (size_t i = 0; i < N(list); i++) {
        const as_value *item = ITEM(list, i);
        if (!as_hcl_is_known(item)) {
            return as_fn_unknown(call, &as_type_bool);
        }
        if (item->kind == AS_NULL || !item->as.boolean) {
            return as_fn_bool(call, false);
        }
    }
    return as_fn_bool(call, true);
}

static const as_value *fn_anytrue(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    bool unknown = false;
    for (size_t i = 0; i < N(list); i++) {
        const as_value *item = ITEM(list, i);
        unknown = unknown || !as_hcl_is_known(item);
        if (item->kind == AS_BOOL && item->as.boolean) {
            return as_fn_bool(call, true);
        }
    }
    return unknown ? as_fn_unknown(call, &as_type_bool) : as_fn_bool(call, false);
}

/* --- searching ------------------------------------------------------------------------------------ */

static const as_value *fn_contains(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    if (!is_sequence(as_type_kind_of(list))) {
        return as_fn_fail(call, "argument must be list, tuple, or set");
    }
    bool unknown = false;
    for (size_t i = 0; i < N(list); i++) {
        as_hcl_truth equal = as_hcl_equal(call->arena, call->args[1], ITEM(list, i));
        if (equal == AS_HCL_TRUE) {
            return as_fn_bool(call, true);
        }
        unknown = unknown || equal == AS_HCL_MAYBE;
    }
    return unknown ? as_fn_unknown(call, &as_type_bool) : as_fn_bool(call, false);
}

static const as_value *fn_index(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    as_type_kind kind = as_type_kind_of(list);
    if (kind != AS_TYPE_LIST && kind != AS_TYPE_TUPLE) {
        return as_fn_fail(call, "argument must be a list or tuple");
    }
    if (N(list) == 0) {
        return as_fn_fail(call, "cannot search an empty list");
    }
    for (size_t i = 0; i < N(list); i++) {
        as_hcl_truth equal = as_hcl_equal(call->arena, ITEM(list, i), call->args[1]);
        if (equal == AS_HCL_MAYBE) {
            return as_fn_unknown(call, &as_type_number);
        }
        if (equal == AS_HCL_TRUE) {
            return as_fn_int(call, (int64_t)i);
        }
    }
    return as_fn_fail(call, "item not found");
}

static const as_type *common_list(as_hcl_call *call)
{
    const as_type *types[] = {
            as_type_of(call->arena, call->args[1]), as_type_of(call->arena, call->args[2])};
    return as_type_unify(call->arena, types, 2, true);
}

static const as_type *type_matchkeys(as_hcl_call *call)
{
    if (!common_list(call)) {
        return as_fn_fail(call, "keys and searchset must be of the same type");
    }
    return as_type_of(call->arena, call->args[0]);
}

static const as_value *fn_matchkeys(as_hcl_call *call)
{
    const as_value *values = call->args[0];
    const as_type *common = common_list(call);
    if (N(values) != N(call->args[1])) {
        return as_fn_fail(call, "length of keys and values should be equal");
    }
    const as_value *keys = as_fn_convert(call, 1, call->args[1], common);
    const as_value *wanted = keys ? as_fn_convert(call, 2, call->args[2], common) : NULL;
    if (!wanted) {
        return NULL;
    }
    if (N(wanted) == 0) {
        return list_of(call, call->type, NULL, 0);
    }
    if (!as_hcl_is_wholly_known(call->arena, values) ||
            !as_hcl_is_wholly_known(call->arena, keys)) {
        return as_fn_unknown(call, call->type);
    }
    as_list_builder out;
    as_list_begin(&out, call->arena);
    for (size_t i = 0; i < N(keys); i++) {
        for (size_t j = 0; j < N(wanted); j++) {
            as_hcl_truth equal = as_hcl_equal(call->arena, ITEM(keys, i), ITEM(wanted, j));
            if (equal == AS_HCL_MAYBE) { /* as Terraform has it, not an unknown */
                return list_of(call, call->type, NULL, 0);
            }
            if (equal == AS_HCL_TRUE) {
                as_list_add(&out, ITEM(values, i));
                break;
            }
        }
    }
    return list_of(call, call->type, as_list_items(&out), out.n);
}

/* --- taking parts --------------------------------------------------------------------------------- */

static int64_t modulo(int64_t i, size_t n)
{
    int64_t m = i % (int64_t)n;
    return m < 0 ? m + (int64_t)n : m;
}

static const as_type *type_element(as_hcl_call *call)
{
    const as_type *list = as_type_of(call->arena, call->args[0]);
    int64_t i;
    if (list->kind == AS_TYPE_LIST) {
        return list->element;
    }
    if (list->kind != AS_TYPE_TUPLE) {
        return as_fn_fail(call, "cannot read elements from %.*s",
                AS_STR_ARG(as_type_friendly_name(call->arena, list)));
    }
    if (!as_hcl_is_known(call->args[1])) {
        return &as_type_any;
    }
    if (!as_fn_int_of(call, 1, &i)) {
        return NULL;
    }
    if (list->n == 0) {
        return as_fn_fail(call, "cannot use element function with an empty list");
    }
    return list->as.items[modulo(i, list->n)];
}

static const as_value *fn_element(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    int64_t i;
    if (!as_fn_int_of(call, 1, &i)) {
        return NULL;
    }
    if (N(list) == 0) {
        return as_fn_fail(call, "cannot use element function with an empty list");
    }
    return as_hcl_with_marks(call->arena, ITEM(list, modulo(i, N(list))), as_hcl_marks(list));
}

static const as_type *type_one(as_hcl_call *call)
{
    const as_type *list = as_type_of(call->arena, call->args[0]);
    if (list->kind == AS_TYPE_LIST || list->kind == AS_TYPE_SET) {
        return list->element;
    }
    if (list->kind == AS_TYPE_TUPLE && list->n <= 1) {
        return list->n == 0 ? &as_type_any : list->as.items[0];
    }
    return as_fn_fail_arg(
            call, 0, "must be a list, set, or tuple value with either zero or one elements");
}

static const as_value *fn_one(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    if (N(list) == 0) {
        return as_fn_null(call, call->type);
    }
    int64_t min, max;
    as_hcl_length_range(list, &min, &max);
    if (min != max) { /* a set whose unknown elements may be the same one */
        return as_fn_unknown(call, call->type);
    }
    if (N(list) == 1) {
        return ITEM(list, 0);
    }
    return as_fn_fail_arg(
            call, 0, "must be a list, set, or tuple value with either zero or one elements");
}

/* The two indices where they are known, checked against a length (-1: unknown). */
static bool slice_bounds(as_hcl_call *call, int64_t length, int64_t *from, int64_t *to, bool *known)
{
    bool from_known = as_hcl_is_known(call->args[1]), to_known = as_hcl_is_known(call->args[2]);
    *known = from_known && to_known;
    *from = *to = 0;
    if (from_known) {
        if (!as_fn_arg_int(call, 1, from)) {
            return false;
        }
        if (*from < 0) {
            as_fn_fail_arg(call, 1, "start index must not be less than zero");
            return false;
        }
        if (length >= 0 && *from > length) {
            as_fn_fail_arg(call, 1, "start index must not be greater than the length of the list");
            return false;
        }
    }
    if (to_known) {
        if (!as_fn_arg_int(call, 2, to)) {
            return false;
        }
        if (*to < 0) {
            as_fn_fail_arg(call, 2, "end index must not be less than zero");
            return false;
        }
        if (length >= 0 && *to > length) {
            as_fn_fail_arg(call, 2, "end index must not be greater than the length of the list");
            return false;
        }
    }
    if (*known && *from > *to) {
        as_fn_fail_arg(call, 1, "start index must not be greater than end index");
        return false;
    }
    return true;
}

static const as_type *type_slice(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    const as_type *type = as_type_of(call->arena, list);
    int64_t from, to, length;
    bool known;
    if (type->kind == AS_TYPE_SET) {
        return as_fn_fail_arg(call, 0,
                "cannot slice a set, because its elements do not have indices; explicitly convert "
                "to a list if the ordering of the result is not important");
    }
    if (type->kind != AS_TYPE_LIST && type->kind != AS_TYPE_TUPLE) {
        return as_fn_fail_arg(call, 0, "must be a list or tuple value");
    }
    length = type->kind == AS_TYPE_TUPLE ? (int64_t)type->n
             : as_hcl_is_known(list)     ? (int64_t)N(list)
                                         : -1;
    if (!slice_bounds(call, length, &from, &to, &known)) {
        return NULL;
    }
    if (type->kind == AS_TYPE_LIST) {
        return type;
    }
    return known ? as_type_tuple(call->arena, type->as.items + from, (size_t)(to - from))
                 : &as_type_any;
}

static const as_value *same_kind(
        as_hcl_call *call, const as_value *const *items, size_t n, unsigned marks)
{
    const as_value *v = call->type->kind == AS_TYPE_TUPLE
                                ? as_hcl_tuple(call->arena, call->span, items, n)
                                : list_of(call, call->type, items, n);
    return as_hcl_with_marks(call->arena, v, marks);
}

static const as_value *fn_slice(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    int64_t from, to;
    bool known;
    if (!slice_bounds(call, (int64_t)N(list), &from, &to, &known)) {
        return NULL;
    }
    return same_kind(
            call, N(list) ? &ITEM(list, from) : NULL, (size_t)(to - from), as_hcl_marks(list));
}

static const as_type *type_reverse(as_hcl_call *call)
{
    const as_type *type = as_type_of(call->arena, call->args[0]);
    if (type->kind == AS_TYPE_TUPLE) {
        const as_type **items = AS_NEW_ARRAY(call->arena, const as_type *, type->n);
        for (size_t i = 0; i < type->n; i++) {
            items[type->n - i - 1] = type->as.items[i];
        }
        return as_type_tuple(call->arena, items, type->n);
    }
    if (type->kind == AS_TYPE_LIST || type->kind == AS_TYPE_SET) {
        return as_type_list(call->arena, type->element);
    }
    return as_fn_fail_arg(call, 0, "can only reverse list or tuple values, not %.*s",
            AS_STR_ARG(as_type_friendly_name(call->arena, type)));
}

static const as_value *fn_reverse(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    const as_value **items = AS_NEW_ARRAY(call->arena, const as_value *, N(list));
    for (size_t i = 0; i < N(list); i++) {
        items[N(list) - i - 1] = ITEM(list, i);
    }
    return same_kind(call, items, N(list), as_hcl_marks(list));
}

/* --- fewer ------------------------------------------------------------------------------------------ */

static const as_type *type_coalescelist(as_hcl_call *call)
{
    const as_type *first = NULL;
    bool mixed = false;
    if (call->n == 0) {
        return as_fn_fail(call, "at least one argument is required");
    }
    for (size_t i = 0; i < call->n; i++) {
        if (!as_hcl_is_known(call->args[i])) {
            return &as_type_any;
        }
        const as_type *type = as_type_of(call->arena, call->args[i]);
        if (type->kind != AS_TYPE_LIST && type->kind != AS_TYPE_TUPLE) {
            return as_fn_fail(call, "coalescelist arguments must be lists or tuples");
        }
        mixed = mixed || (first && !as_type_equal(first, type));
        first = first ? first : type;
    }
    return mixed ? &as_type_any : first;
}

static const as_value *fn_coalescelist(as_hcl_call *call)
{
    for (size_t i = 0; i < call->n; i++) {
        if (!as_hcl_is_known(call->args[i])) {
            return as_fn_unknown(call, call->type);
        }
        if (call->args[i]->kind == AS_LIST && N(call->args[i]) > 0) {
            return call->args[i];
        }
    }
    return as_fn_fail(call, "no non-null arguments");
}

static const as_value *fn_compact(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    if (!as_hcl_is_wholly_known(call->arena, list)) {
        return as_fn_unknown(call, &as_type_list_string);
    }
    as_list_builder out;
    as_list_begin(&out, call->arena);
    for (size_t i = 0; i < N(list); i++) {
        if (ITEM(list, i)->kind == AS_STRING && as_value_str(ITEM(list, i)).n > 0) {
            as_list_add(&out, ITEM(list, i));
        }
    }
    return list_of(call, &as_type_list_string, as_list_items(&out), out.n);
}

static const as_type *type_as_first(as_hcl_call *call)
{
    return as_type_of(call->arena, call->args[0]);
}

static bool among(as_hcl_call *call, const as_list_builder *seen, const as_value *v)
{
    for (size_t i = 0; i < seen->n; i++) {
        if (as_hcl_equal(call->arena, as_list_so_far(seen)[i], v) == AS_HCL_TRUE) {
            return true;
        }
    }
    return false;
}

/* Values of one type are equal when their JSON is. */
static const as_value *fn_distinct(as_hcl_call *call)
{
    const as_value *list = call->args[0];
    if (!as_hcl_is_wholly_known(call->arena, list)) {
        return as_fn_unknown(call, call->type);
    }
    as_map seen = {0};
    as_list_builder out;
    as_list_begin(&out, call->arena);
    for (size_t i = 0; i < N(list); i++) {
        as_buf json;
        const char *error;
        const as_value *item = ITEM(list, i);
        as_buf_init(&json, call->arena, 0);
        if (!as_hcl_json_write(&json, item, &error)) {
            if (!among(call, &out, item)) {
                as_list_add(&out, ITEM(list, i));
            }
        } else if (!as_map_put(call->arena, &seen, as_buf_view(&json), &seen)) {
            as_list_add(&out, ITEM(list, i));
        }
    }
    return list_of(call, call->type, as_list_items(&out), out.n);
}

/* --- more ----------------------------------------------------------------------------------------- */

static const as_type *type_chunklist(as_hcl_call *call)
{
    return as_type_list(call->arena, as_type_of(call->arena, call->args[0]));
}

static const as_value *fn_chunklist(as_hcl_call *call)
{
    const as_value *list = as_hcl_unmark(call->arena, call->args[0]);
    const as_type *chunk = call->type->element;
    unsigned marks = as_hcl_marks(call->args[0]) | as_hcl_marks(call->args[1]);
    int64_t size;
    if (!as_fn_int_of(call, 1, &size)) {
        return NULL;
    }
    if (size < 0) {
        return as_fn_fail(call, "the size argument must be positive");
    }
    as_list_builder out;
    as_list_begin(&out, call->arena);
    if (size == 0 && N(list) > 0) {
        as_list_add(&out, list);
    }
    for (size_t i = 0; size > 0 && i < N(list); i += (size_t)size) {
        size_t left = N(list) - i, n = (uint64_t)size < left ? (size_t)size : left;
        as_list_add(&out, list_of(call, chunk, &ITEM(list, i), n));
        if (n == left) {
            break;
        }
    }
    return as_hcl_with_marks(
            call->arena, list_of(call, call->type, as_list_items(&out), out.n), marks);
}

/* list(T) when all are lists whose types unite, else NULL. */
static const as_type *common_list_type(as_hcl_call *call)
{
    const as_type **types = AS_NEW_ARRAY(call->arena, const as_type *, call->n);
    for (size_t i = 0; i < call->n; i++) {
        types[i] = as_type_of(call->arena, call->args[i]);
        if (types[i]->kind != AS_TYPE_LIST) {
            return NULL;
        }
    }
    return as_type_unify(call->arena, types, call->n, true);
}

static const as_type *type_concat(as_hcl_call *call)
{
    AS_VEC(const as_type *) items = {0};
    if (call->n == 0) {
        return as_fn_fail(call, "at least one argument is required");
    }
    const as_type *common = common_list_type(call);
    if (common) {
        return common;
    }
    for (size_t i = 0; i < call->n; i++) {
        const as_type *type = as_type_of(call->arena, call->args[i]);
        if (type->kind == AS_TYPE_LIST && !as_hcl_is_known(call->args[i])) {
            return &as_type_any;
        }
        if (type->kind != AS_TYPE_LIST && type->kind != AS_TYPE_TUPLE) {
            return as_fn_fail_arg(call, i, "all arguments must be lists or tuples; got %.*s",
                    AS_STR_ARG(as_type_friendly_name(call->arena, type)));
        }
        size_t n = type->kind == AS_TYPE_TUPLE ? type->n : N(call->args[i]);
        for (size_t j = 0; j < n; j++) {
            const as_type *item = type->kind == AS_TYPE_TUPLE ? type->as.items[j] : type->element;
            AS_VEC_PUSH(call->arena, &items, item);
        }
    }
    return as_type_tuple(call->arena, items.items, items.n);
}

static const as_value *fn_concat(as_hcl_call *call)
{
    unsigned marks = 0;
    as_list_builder out;
    as_list_begin(&out, call->arena);
    for (size_t i = 0; i < call->n; i++) {
        const as_value *list = call->args[i];
        if (call->type->kind == AS_TYPE_LIST) {
            list = as_fn_convert(call, i, list, call->type);
            if (!list) {
                return NULL;
            }
        }
        marks |= as_hcl_marks(list);
        for (size_t j = 0; j < N(list); j++) {
            as_list_add(&out, ITEM(list, j));
        }
    }
    return same_kind(call, as_list_items(&out), out.n, marks);
}

/* --- flatten -------------------------------------------------------------------------------------- */

typedef struct flattened {
    as_list_builder items;
    unsigned marks;
    bool known; /* the number of items is */
} flattened;

static void flatten_into(flattened *out, const as_value *list)
{
    int64_t min, max;
    out->marks |= as_hcl_marks(list);
    as_hcl_length_range(list, &min, &max);
    if (min != max) {
        out->known = false;
        return;
    }
    for (size_t i = 0; i < N(list); i++) {
        const as_value *item = ITEM(list, i);
        as_type_kind kind = as_type_kind_of(item);
        bool sequence = item->kind != AS_NULL && is_sequence(kind);
        if (!as_hcl_is_known(item) && (sequence || kind == AS_TYPE_ANY)) {
            out->marks |= sequence ? as_hcl_marks(item) : 0;
            out->known = false;
        } else if (sequence) {
            flatten_into(out, item);
        } else {
            as_list_add(&out->items, item);
        }
    }
}

static const as_type *type_flatten(as_hcl_call *call)
{
    if (!as_hcl_is_wholly_known(call->arena, call->args[0])) {
        return &as_type_any;
    }
    if (!is_sequence(as_type_kind_of(call->args[0]))) {
        return as_fn_fail(call, "can only flatten lists, sets and tuples");
    }
    return &as_type_any; /* a tuple, known once it is made */
}

static const as_value *fn_flatten(as_hcl_call *call)
{
    flattened out = {.known = true};
    if (!is_sequence(as_type_kind_of(call->args[0]))) {
        return as_fn_fail(call, "can only flatten lists, sets and tuples");
    }
    as_list_begin(&out.items, call->arena);
    flatten_into(&out, call->args[0]);
    const as_value *v = out.known ? as_hcl_tuple(call->arena, call->span, as_list_items(&out.items),
                                            out.items.n)
                                  : as_fn_unknown(call, &as_type_any);
    return as_hcl_with_marks(call->arena, v, out.marks);
}

/* --- numbers -------------------------------------------------------------------------------------- */

enum { MAX_RANGE = 1024 }; /* Terraform's own limit */

static const as_value *fn_range(as_hcl_call *call)
{
    if (call->n < 1 || call->n > 3) {
        return as_fn_fail(call, "must have one, two, or three arguments");
    }
    const as_value *start = call->n == 1 ? as_fn_int(call, 0) : call->args[0];
    const as_value *end = call->n == 1 ? call->args[0] : call->args[1];
    bool down = as_num_cmp(end, start) < 0;
    const as_value *step = call->n == 3 ? call->args[2] : as_fn_int(call, down ? -1 : 1);
    /* A step of zero is let through by go-cty and ends at the limit. */
    down = as_num_sign(step) < 0;
    if (down && as_num_cmp(end, start) > 0) {
        return as_fn_fail_arg(call, 1, "end must be less than start when step is negative");
    }
    if (!down && as_num_cmp(end, start) < 0) {
        return as_fn_fail_arg(call, 1, "end must be greater than start when step is positive");
    }
    as_list_builder out;
    as_list_begin(&out, call->arena);
    for (const as_value *n = start;; n = as_num_add(call->arena, call->span, n, step)) {
        int order = n ? as_num_cmp(n, end) : 0;
        if (down ? order <= 0 : order >= 0) {
            break;
        }
        if (out.n >= MAX_RANGE) {
            return as_fn_fail(call,
                    "more than %d values were generated; either decrease the difference between "
                    "start and end or use a smaller step",
                    MAX_RANGE);
        }
        as_list_add(&out, n);
    }
    return list_of(call, &as_type_list_number, as_list_items(&out), out.n);
}

static const as_value *fn_sum(as_hcl_call *call)
{
    const as_value *list = call->args[0], *sum = NULL;
    if (!as_hcl_can_iterate(list)) {
        return as_fn_fail_arg(call, 0, "cannot sum noniterable");
    }
    if (as_hcl_count(list) == 0) {
        return as_fn_fail_arg(call, 0, "cannot sum an empty list");
    }
    if (!is_sequence(as_type_kind_of(list))) {
        const as_type *got = as_type_of(call->arena, list);
        return as_fn_fail_arg(call, 0, "argument must be list, set, or tuple. Received %.*s",
                AS_STR_ARG(as_type_friendly_name(call->arena, got)));
    }
    if (!as_hcl_is_wholly_known(call->arena, list)) {
        return as_fn_unknown(call, &as_type_number);
    }
    for (size_t i = 0; i < N(list); i++) {
        const as_value *n = ITEM(list, i);
        n = n->kind == AS_NULL ? NULL : as_convert(call->arena, n, &as_type_number, NULL);
        if (!n) {
            return as_fn_fail_arg(call, 0, "argument must be list, set, or tuple of number values");
        }
        sum = sum ? as_num_add(call->arena, call->span, sum, n) : n;
        if (!sum) {
            return as_fn_fail(call, "can't compute sum of opposing infinities");
        }
    }
    return sum;
}

#define ANY &as_type_any
#define NUMBER &as_type_number
#define LIST_ANY &as_type_list_any
#define LIST_STRING &as_type_list_string

static const as_type list_bool = {.kind = AS_TYPE_LIST, .element = &as_type_bool};

static const as_hcl_function functions[] = {
        {.name = "alltrue",
                .impl = fn_alltrue,
                .result = &as_type_bool,
                .not_null = true,
                .params = {{"list", &list_bool, 0}}},
        {.name = "anytrue",
                .impl = fn_anytrue,
                .result = &as_type_bool,
                .not_null = true,
                .params = {{"list", &list_bool, 0}}},
        {.name = "chunklist",
                .impl = fn_chunklist,
                .type = type_chunklist,
                .not_null = true,
                .params = {{"list", LIST_ANY, AS_PARAM_MARKED}, {"size", NUMBER, AS_PARAM_MARKED}}},
        {.name = "coalescelist",
                .impl = fn_coalescelist,
                .type = type_coalescelist,
                .not_null = true,
                .rest = {"vals", ANY, AS_PARAM_NULL | AS_PARAM_UNKNOWN | AS_PARAM_DYNAMIC}},
        {.name = "compact",
                .impl = fn_compact,
                .result = LIST_STRING,
                .not_null = true,
                .params = {{"list", LIST_STRING, 0}}},
        {.name = "concat",
                .impl = fn_concat,
                .type = type_concat,
                .not_null = true,
                .rest = {"seqs", ANY, AS_PARAM_MARKED}},
        {.name = "contains",
                .impl = fn_contains,
                .result = &as_type_bool,
                .not_null = true,
                .params = {{"list", ANY, 0}, {"value", ANY, AS_PARAM_NULL}}},
        {.name = "distinct",
                .impl = fn_distinct,
                .type = type_as_first,
                .not_null = true,
                .params = {{"list", LIST_ANY, 0}}},
        {.name = "element",
                .impl = fn_element,
                .type = type_element,
                .params = {{"list", ANY, AS_PARAM_MARKED}, {"index", NUMBER, 0}}},
        {.name = "flatten",
                .impl = fn_flatten,
                .type = type_flatten,
                .not_null = true,
                .params = {{"list", ANY, AS_PARAM_MARKED}}},
        {.name = "index",
                .impl = fn_index,
                .result = NUMBER,
                .not_null = true,
                .params = {{"list", ANY, 0}, {"value", ANY, 0}}},
        {.name = "matchkeys",
                .impl = fn_matchkeys,
                .type = type_matchkeys,
                .not_null = true,
                .params = {{"values", LIST_ANY, 0}, {"keys", LIST_ANY, 0},
                        {"searchset", LIST_ANY, 0}}},
        {.name = "one", .impl = fn_one, .type = type_one, .params = {{"list", ANY, 0}}},
        {.name = "range",
                .impl = fn_range,
                .result = &as_type_list_number,
                .not_null = true,
                .rest = {"params", NUMBER, 0}},
        {.name = "reverse",
                .impl = fn_reverse,
                .type = type_reverse,
                .not_null = true,
                .params = {{"list", ANY, AS_PARAM_MARKED}}},
        {.name = "slice",
                .impl = fn_slice,
                .type = type_slice,
                .not_null = true,
                .params = {{"list", ANY, AS_PARAM_MARKED}, {"start_index", NUMBER, 0},
                        {"end_index", NUMBER, 0}}},
        {.name = "sum",
                .impl = fn_sum,
                .result = NUMBER,
                .not_null = true,
                .params = {{"list", ANY, 0}}},
        {0},
};
const as_hcl_family as_hcl_family_sequence = {"sequence", functions};
