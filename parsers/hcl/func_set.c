/* Set operations: go-cty cty/function/stdlib/set.go, and setproduct of collection.go. */
#include <assert.h>

#include "engine/base/limits.h"
#include "engine/base/num.h"
#include "engine/base/vec.h"
#include "parsers/hcl/func.h"

/* set(T) for the T that all can become; empty sets of nothing in particular have no say. */
static const as_type *type_set_operation(as_hcl_call *call)
{
    const as_type **elements = AS_NEW_ARRAY(call->arena, const as_type *, call->n);
    size_t n = 0;
    for (size_t i = 0; i < call->n; i++) {
        const as_value *set = call->args[i];
        const as_type *type = as_type_of(call->arena, set);
        const as_type *element = type->kind == AS_TYPE_SET ? type->element : &as_type_any;
        bool empty = set->kind == AS_LIST && set->as.list.n == 0;
        if (!(empty && element->kind == AS_TYPE_ANY)) {
            elements[n++] = element;
        }
    }
    if (n == 0) {
        return &as_type_set_any;
    }
    const as_type *common = as_type_unify(call->arena, elements, n, true);
    return common ? as_type_set(call->arena, common)
                  : as_fn_fail(call, "given sets must all have compatible element types");
}

typedef enum operation { UNION, INTERSECTION, DIFFERENCE } operation;

/* Both are sorted: one walk along the two. */
static const as_value *combine(
        as_hcl_call *call, operation op, const as_value *a, const as_value *b)
{
    const as_type *element = call->type->element;
    as_list_builder out;
    size_t i = 0, j = 0;
    as_list_begin(&out, call->arena);
    while (i < a->as.list.n || j < b->as.list.n) {
        int order = i == a->as.list.n   ? 1
                    : j == b->as.list.n ? -1
                                        : as_hcl_set_order(call->arena, element,
                                                  a->as.list.items[i], b->as.list.items[j]);
        bool keep = op == UNION || (op == INTERSECTION ? order == 0 : order < 0);
        if (keep) {
            as_list_add(&out, order <= 0 ? a->as.list.items[i] : b->as.list.items[j]);
        }
        i += order <= 0;
        j += order >= 0;
    }
    return as_hcl_set(call->arena, call->span, element, as_list_items(&out), out.n);
}

static const as_value *operate(as_hcl_call *call, operation op)
{
    const as_value *result = NULL;
    for (size_t i = 0; i < call->n; i++) {
        const as_value *set = as_fn_convert(call, i, call->args[i], call->type);
        if (!set) {
            return NULL;
        }
        if (op != UNION && !as_hcl_is_wholly_known(call->arena, set)) {
            return as_fn_unknown(call, call->type);
        }
        result = result ? combine(call, op, result, set) : set;
    }
    return result;
}

static const as_value *fn_setunion(as_hcl_call *call)
{
    return operate(call, UNION);
}

static const as_value *fn_setintersection(as_hcl_call *call)
{
    return operate(call, INTERSECTION);
}

static const as_value *fn_setsubtract(as_hcl_call *call)
{
    return operate(call, DIFFERENCE);
}

/* --- setproduct ----------------------------------------------------------------------------------- */

/* The type of the arguments' elements; NULL after a failure. */
static const as_type *element_type(as_hcl_call *call, size_t i)
{
    const as_type *type = as_type_of(call->arena, call->args[i]);
    if (type->kind == AS_TYPE_SET || type->kind == AS_TYPE_LIST) {
        return type->element;
    }
    if (type->kind != AS_TYPE_TUPLE) {
        return as_fn_fail_arg(call, i, "a set or a list is required");
    }
    if (type->n == 0) {
        return &as_type_any;
    }
    const as_type *common = as_type_unify(call->arena, type->as.items, type->n, true);
    return common ? common : as_fn_fail_arg(call, i, "all elements must be of the same type");
}

static const as_type *type_setproduct(as_hcl_call *call)
{
    const as_type **elements = AS_NEW_ARRAY(call->arena, const as_type *, call->n);
    bool lists = true;
    if (call->n < 2) {
        return as_fn_fail(call, "at least two arguments are required");
    }
    for (size_t i = 0; i < call->n; i++) {
        elements[i] = element_type(call, i);
        if (!elements[i]) {
            return NULL;
        }
        lists = lists && as_type_kind_of(call->args[i]) != AS_TYPE_SET;
    }
    const as_type *tuple = as_type_tuple(call->arena, elements, call->n);
    return lists ? as_type_list(call->arena, tuple) : as_type_set(call->arena, tuple);
}

static const as_value *collect(
        as_hcl_call *call, const as_value *const *items, size_t n, unsigned marks)
{
    const as_type *tuple = call->type->element;
    const as_value *v = call->type->kind == AS_TYPE_LIST
                                ? as_hcl_list(call->arena, call->span, tuple, items, n)
                                : as_hcl_set(call->arena, call->span, tuple, items, n);
    return as_hcl_with_marks(call->arena, v, marks);
}

/* Of arguments whose lengths are not all known: bounds on the length, while they are useful. */
static const as_value *unknown_product(as_hcl_call *call, unsigned marks)
{
    enum { MAX_ARGUMENT = 1024, MAX_PRODUCT = 2048 }; /* as in go-cty */
    const as_value *v = as_fn_unknown(call, call->type);
    int64_t product = 1;
    bool bounded = true;
    for (size_t i = 0; i < call->n && bounded; i++) {
        const as_type *type = as_type_of(call->arena, call->args[i]);
        int64_t min, max = (int64_t)type->n;
        if (type->kind != AS_TYPE_TUPLE) {
            as_hcl_length_range(call->args[i], &min, &max);
        }
        bounded = max >= 0 && max <= MAX_ARGUMENT;
        product *= bounded ? max : 1;
        bounded = bounded && product <= MAX_PRODUCT;
    }
    if (bounded && product == 0) {
        return collect(call, NULL, 0, marks);
    }
    if (bounded) {
        v = as_hcl_refine(call->arena, v,
                (as_hcl_refinement){.not_null = true, .min_length = 1, .max_length = product});
    }
    return as_hcl_with_marks(call->arena, v, marks);
}

static const as_value *fn_setproduct(as_hcl_call *call)
{
    unsigned marks = 0;
    size_t total = 1;
    bool unknown = false, too_many = false, empty = false;
    for (size_t i = 0; i < call->n; i++) {
        const as_value *arg = call->args[i];
        int64_t min = 0, max = -1;
        marks |= as_hcl_marks(arg);
        if (as_hcl_is_known(arg)) {
            as_hcl_length_range(arg, &min, &max);
        }
        if (min != max) {
            unknown = true;
        } else if (!as_size_mul(total, arg->as.list.n, &total) || total > AS_MAX_INSTANCES) {
            too_many = true;
            total = AS_MAX_INSTANCES;
        }
        empty = empty || max == 0;
    }
    if (unknown) {
        return unknown_product(call, marks);
    }
    if (empty) {
        return collect(call, NULL, 0, marks);
    }
    if (too_many) {
        return as_fn_fail(call, "the product has more than %zu elements", AS_MAX_INSTANCES);
    }
    /* The arguments' elements, converted once. */
    const as_value ***columns = AS_NEW_ARRAY(call->arena, const as_value **, call->n);
    for (size_t i = 0; i < call->n; i++) {
        const as_value *arg = call->args[i];
        columns[i] = AS_NEW_ARRAY(call->arena, const as_value *, arg->as.list.n);
        for (size_t j = 0; j < arg->as.list.n; j++) {
            columns[i][j] =
                    as_fn_convert(call, i, arg->as.list.items[j], call->type->element->as.items[i]);
            if (!columns[i][j]) {
                return NULL;
            }
        }
    }
    const as_value **rows = AS_NEW_ARRAY(call->arena, const as_value *, total);
    for (size_t row = 0; row < total; row++) {
        const as_value **items = AS_NEW_ARRAY(call->arena, const as_value *, call->n);
        size_t rest = row;
        for (size_t i = call->n; i-- > 0;) { /* the last argument turns fastest */
            size_t n = call->args[i]->as.list.n;
            assert(n > 0); /* else there is no row */
            items[i] = columns[i][rest % n];
            rest /= n;
        }
        rows[row] = as_hcl_tuple(call->arena, call->span, items, call->n);
    }
    return collect(call, rows, total, marks);
}

#define SETS &as_type_set_any, AS_PARAM_DYNAMIC

static const as_hcl_function functions[] = {
        {.name = "setintersection",
                .impl = fn_setintersection,
                .type = type_set_operation,
                .not_null = true,
                .params = {{"first_set", SETS}},
                .rest = {"other_sets", SETS}},
        {.name = "setproduct",
                .impl = fn_setproduct,
                .type = type_setproduct,
                .not_null = true,
                .rest = {"sets", &as_type_any, AS_PARAM_UNKNOWN | AS_PARAM_MARKED}},
        {.name = "setsubtract",
                .impl = fn_setsubtract,
                .type = type_set_operation,
                .not_null = true,
                .params = {{"a", SETS}, {"b", SETS}}},
        {.name = "setunion",
                .impl = fn_setunion,
                .type = type_set_operation,
                .not_null = true,
                .params = {{"first_set", SETS}},
                .rest = {"other_sets", SETS}},
        {0},
};
const as_hcl_family as_hcl_family_set = {"set", functions};
