/* Functions that expressions can call.
 *
 * A function is a row in its family's table (func_string.c, func_collection.c, …); the table of
 * tables is as_hcl_families in func.c. The caller in call.c does what is the same for all, as cty's
 * function.Function does: counts arguments, converts them to the parameters' types, refuses nulls,
 * answers with an unknown when an argument is unknown, takes marks off and puts them on the result,
 * unites the references. So a body normally sees known, non-null values of the declared types:
 *
 *     static const as_value *fn_upper(as_hcl_call *call)
 *     {
 *         return as_fn_string(call, as_str_upper(call->arena, as_fn_arg_str(call, 0)));
 *     }
 *     static const as_hcl_function functions[] = {
 *         {.name = "upper", .impl = fn_upper, .result = &as_type_string, .not_null = true,
 *          .params = {{"str", &as_type_string, 0}}},
 *         {.name = "max", .impl = fn_max, .result = &as_type_number, .not_null = true,
 *          .rest = {"numbers", &as_type_number, 0}},
 *         {0}};
 *     const as_hcl_family as_hcl_family_string = {"string", functions};
 *
 * Names and parameter names are Terraform's: they occur in messages. */
#ifndef AS_HCL_FUNC_H
#define AS_HCL_FUNC_H

#include "engine/base/fs.h"
#include "parsers/hcl/data.h"
#include "parsers/hcl/eval.h"

/* Parameter flags; without them the caller handles the case. */
enum {
    AS_PARAM_NULL = 1u << 0,    /* nulls are passed to the body */
    AS_PARAM_UNKNOWN = 1u << 1, /* unknowns (outermost) too */
    AS_PARAM_DYNAMIC =
            1u << 2,           /* values of type any (unknown, or null) too: cty AllowDynamicType */
    AS_PARAM_MARKED = 1u << 3, /* marks stay on, here and deep inside: the body looks after them */
};

typedef struct as_hcl_param {
    const char *name;
    const as_type *type; /* &as_type_any: as it is */
    unsigned flags;
} as_hcl_param;

typedef struct as_hcl_function as_hcl_function;

/* One call under way. The body reads args, returns the result, or as_fn_fail / as_fn_fail_arg. */
typedef struct as_hcl_call {
    as_arena *arena;
    as_hcl_ctx *ctx;
    const as_hcl_function *function;
    const as_value *const *args;
    size_t n;
    const as_type *type; /* what function->type (or ->result) said */
    as_span span;        /* of the whole call: give it to what you make */
    as_str error;        /* set by as_fn_fail */
    int error_arg;       /* -1: the call as a whole */
} as_hcl_call;

typedef const as_value *as_hcl_impl_fn(as_hcl_call *call);
typedef const as_type *as_hcl_type_fn(as_hcl_call *call);
/* Gets expressions instead of values (try, can, …): evaluates what it wants through call->ctx. */
typedef const as_value *as_hcl_lazy_fn(as_hcl_call *call, const as_hcl_expr *const *args, size_t n);

struct as_hcl_function {
    const char *name;
    as_hcl_impl_fn *impl;
    as_hcl_lazy_fn *lazy; /* instead of impl */
    /* The result's type from the arguments, some of which may be unknown (and then of any flag);
     * NULL after as_fn_fail. When NULL, `result` is the type (NULL: any). An unknown argument gives
     * an unknown of this type. */
    as_hcl_type_fn *type;
    const as_type *result;
    as_hcl_param params[5]; /* up to the first without a name */
    as_hcl_param rest;      /* name NULL: not variadic */
    bool not_null;          /* the result is never null, also while unknown (RefineNotNull) */
    bool impure;            /* timestamp(), uuid(): unknown while planning */
};

typedef struct as_hcl_family {
    const char *name;
    const as_hcl_function *functions; /* ends with a row without a name */
} as_hcl_family;

extern const as_hcl_family *const as_hcl_families[]; /* NULL at the end */

/* By name, "core::upper" included; NULL when there is none. */
const as_hcl_function *as_hcl_function_find(as_str name);
/* The name most like it, or NULL: "Did you mean …?" */
const char *as_hcl_function_suggest(as_str name);
/* Calls with values that are already there. NULL with call->error when it fails. */
const as_value *as_hcl_function_call(as_hcl_call *call);

/* --- for bodies ------------------------------------------------------------------------------- */

/* Both return NULL: return as_fn_fail(call, "…"). Message: Call to function "f" failed: …. /
 * Invalid value for "param" parameter: …. */
void *as_fn_fail(as_hcl_call *call, const char *fmt, ...) AS_PRINTF(2, 3);
void *as_fn_fail_arg(as_hcl_call *call, size_t arg, const char *fmt, ...) AS_PRINTF(3, 4);

static inline as_str as_fn_arg_str(const as_hcl_call *call, size_t i)
{
    return as_value_str(call->args[i]);
}
static inline bool as_fn_arg_bool(const as_hcl_call *call, size_t i)
{
    return call->args[i]->as.boolean;
}
/* Whole numbers that fit an int64; false after as_fn_fail_arg ("a whole number is required", …). */
bool as_fn_arg_int(as_hcl_call *call, size_t i, int64_t *out) AS_MUST_CHECK;

const as_value *as_fn_string(as_hcl_call *call, as_str s); /* NFC-normalised as cty.StringVal */
const as_value *as_fn_bool(as_hcl_call *call, bool b);
const as_value *as_fn_int(as_hcl_call *call, int64_t i);
const as_value *as_fn_strings(as_hcl_call *call, const as_str *items, size_t n); /* list(string) */
const as_value *as_fn_unknown(
        as_hcl_call *call, const as_type *type); /* reason of the first unknown argument */
const as_value *as_fn_null(as_hcl_call *call, const as_type *type);
/* as_convert with the failure turned into that argument's error. */
const as_value *as_fn_convert(
        as_hcl_call *call, size_t arg, const as_value *v, const as_type *type) AS_MUST_CHECK;

#endif
