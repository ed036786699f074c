/* try and can, which get expressions: hcl ext/tryfunc. */
#include "parsers/hcl/func.h"

/* Evaluates with the errors going to *diags. */
static const as_value *attempt(as_hcl_call *call, const as_hcl_expr *expr, as_diags *diags)
{
    as_hcl_ctx ctx = *call->ctx;
    as_diags_init(diags, call->arena);
    ctx.diags = diags;
    ctx.depth++;
    return as_hcl_eval(&ctx, expr);
}

/* An unknown keeps what v refers to and why it, or something in it, is not known. */
static const as_value *undecided(as_hcl_call *call, const as_value *v, const as_type *type)
{
    call->args = &v;
    call->n = 1;
    const as_value *unknown = as_fn_unknown(call, type);
    return as_value_with_refs(call->arena, unknown, as_value_refs(v));
}

static const as_value *lazy_try(as_hcl_call *call, const as_hcl_expr *const *args, size_t n)
{
    as_buf why;
    as_buf_init(&why, call->arena, 0);
    for (size_t i = 0; i < n; i++) {
        as_diags diags;
        const as_value *v = attempt(call, args[i], &diags);
        if (diags.n_errors == 0) {
            /* What is not wholly known may still turn out to be an error. */
            return as_hcl_is_wholly_known(call->arena, v) ? v : undecided(call, v, &as_type_any);
        }
        for (size_t k = 0; k < diags.list.n && why.n < 4096; k++) {
            as_buf_fmt(&why, "\n- %.*s", AS_STR_ARG(diags.list.items[k].summary));
        }
    }
    if (n == 0) {
        return as_fn_fail(call, "at least one argument is required");
    }
    return as_fn_fail(call,
            "no expression succeeded:%.*s\n\nAt least one expression must produce a successful "
            "result",
            AS_STR_ARG(as_buf_view(&why)));
}

static const as_value *lazy_can(as_hcl_call *call, const as_hcl_expr *const *args, size_t n)
{
    as_diags diags;
    if (n != 1) {
        return as_fn_fail(call, "one argument is required, %zu given", n);
    }
    const as_value *v = attempt(call, args[0], &diags);
    if (diags.n_errors > 0 || as_hcl_is_wholly_known(call->arena, v)) {
        return as_fn_bool(call, diags.n_errors == 0);
    }
    return undecided(call, v, &as_type_bool);
}

static const as_hcl_function functions[] = {
        {.name = "can", .lazy = lazy_can, .params = {{"expression", &as_type_any, 0}}},
        {.name = "try", .lazy = lazy_try, .rest = {"expressions", &as_type_any, 0}},
        {0},
};
const as_hcl_family as_hcl_family_try = {"try", functions};
