/* Private to the evaluator: what eval.c, eval_ops.c, eval_loop.c and call.c share. */
#ifndef AS_HCL_EVALUATOR_H
#define AS_HCL_EVALUATOR_H

#include "parsers/hcl/data.h"
#include "parsers/hcl/eval.h"

void as_eval_error(as_hcl_ctx *ctx, as_span span, const char *summary, const char *detail, ...)
        AS_PRINTF(4, 5);
/* What an expression with an error gives. type NULL: any. */
const as_value *as_eval_failed(as_hcl_ctx *ctx, as_span span, const as_type *type);

/* What operands pass on to a result besides their data. */
typedef struct as_nature {
    unsigned marks;
    const as_ref *refs;
    as_str reason; /* of the first unknown */
    const as_trail *trail;
} as_nature;

void as_nature_add(as_nature *nature, as_arena *arena, const as_value *v);
const as_value *as_nature_apply(const as_nature *nature, as_arena *arena, const as_value *v);
const as_value *as_nature_unknown(
        const as_nature *nature, as_arena *arena, as_span span, const as_type *type);

const as_value *as_eval_binary(as_hcl_ctx *ctx, const as_hcl_expr *expr);
const as_value *as_eval_unary(as_hcl_ctx *ctx, const as_hcl_expr *expr);
const as_value *as_eval_conditional(as_hcl_ctx *ctx, const as_hcl_expr *expr);
const as_value *as_eval_for(as_hcl_ctx *ctx, const as_hcl_expr *expr);
const as_value *as_eval_splat(as_hcl_ctx *ctx, const as_hcl_expr *expr);
const as_value *as_eval_call(as_hcl_ctx *ctx, const as_hcl_expr *expr);

#endif
