/* Evaluating expressions to values, with Terraform's semantics of null, unknown, marks and types.
 *
 * The host (the module evaluator) answers for root names through as_hcl_resolve_fn, lazily; names
 * bound by `for` and by dynamic blocks are frames on top. Whatever happens, evaluation gives a
 * value: after an error, which is in ctx->diags, an unknown of type any with the error as its
 * reason.
 *
 * References and trails: a value keeps its own through traversal, conditionals and templates;
 * operations unite the references of their operands. Stepping from a value with a reference and an
 * empty or shorter path extends the path: `aws_s3_bucket.b` → `.bucket` → reference b, "bucket". */
#ifndef AS_HCL_EVAL_H
#define AS_HCL_EVAL_H

#include "engine/base/diag.h"
#include "engine/base/fs.h"
#include "parsers/hcl/ast.h"
#include "parsers/hcl/type.h"

typedef struct as_hcl_ctx as_hcl_ctx;

/* Finds what an absolute traversal begins with. Sets *used to the number of steps (≥ 1, the root
 * name included) that the returned value stands for; the evaluator walks the rest. NULL: there is
 * no such name; the resolver may have given a diagnostic itself, else "Unknown variable" is. */
typedef const as_value *as_hcl_resolve_fn(
        void *self, as_hcl_ctx *ctx, const as_hcl_traversal *traversal, as_span span, size_t *used);

/* A name bound by the language itself; the innermost wins, and all win over the resolver. */
typedef struct as_hcl_frame {
    const struct as_hcl_frame *outer;
    as_str name;
    const as_value *value;
} as_hcl_frame;

struct as_hcl_ctx {
    as_arena *arena; /* results live here */
    as_diags *diags;
    uint64_t *steps; /* counts down; at 0 the arena unwinds with AS_CAUSE_BUDGET. NULL: unlimited */
    unsigned depth;  /* nesting of evaluation, for AS_MAX_DEPTH; starts at 0 */
    as_hcl_resolve_fn *resolve; /* NULL: no names */
    void *host;                 /* resolve's self */
    const as_hcl_frame *frames;
    /* For functions: where files are read (NULL: file functions give unknown), the folder that
     * relative paths start from, and whether what changes from run to run may be computed. */
    as_fs *fs;
    as_str base_dir;   /* in fs */
    bool no_functions; /* static contexts: "Function calls not allowed" */
    /* The element that AS_HCL_SPLAT_ITEM stands for; private. */
    const as_value *splat_item;
};

/* Never NULL. The value's span is the expression's, so that findings point at the use; its trail
 * and references tell where it came from. */
const as_value *as_hcl_eval(as_hcl_ctx *ctx, const as_hcl_expr *expr);
/* The same, converted: "Inappropriate value for attribute", on failure an unknown of the type. */
const as_value *as_hcl_eval_as(as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_type *want);
/* True when the evaluation gave no new error. `before` is ctx->diags->n_errors from before. */
static inline bool as_hcl_ok(const as_hcl_ctx *ctx, size_t before)
{
    return ctx->diags->n_errors == before;
}

/* One step of a traversal on a value, with diagnostics at `span`: "Unsupported attribute", "Invalid
 * index". */
const as_value *as_hcl_get_attribute(as_hcl_ctx *ctx, const as_value *v, as_str name, as_span span);
const as_value *as_hcl_get_index(
        as_hcl_ctx *ctx, const as_value *v, const as_value *key, as_span span);
/* The steps from `first` on. */
const as_value *as_hcl_walk(
        as_hcl_ctx *ctx, const as_value *v, const as_hcl_traversal *traversal, size_t first);

/* A name is bound by a frame of the caller, pushed before and popped after:
 *
 *     as_hcl_frame frame = {ctx->frames, name, value};
 *     ctx->frames = &frame;
 *     ...
 *     ctx->frames = frame.outer;
 */

/* --- blocks ----------------------------------------------------------------------------------- */

/* The blocks of a body with `dynamic` expanded (hcl ext/dynblock): each comes with the frame that
 * binds its iterator (frames outlive the call: they are in the arena). A for_each that is unknown
 * gives one block with unknown_iterator set, bound to unknown values. */
typedef struct as_hcl_block_instance {
    const as_hcl_block *block; /* for a dynamic one: type, labels and body of its content */
    const as_hcl_frame *frames;
    bool unknown_iterator;
    const as_value *for_each; /* of the dynamic block; NULL for a static one */
} as_hcl_block_instance;

typedef AS_VEC(as_hcl_block_instance) as_hcl_block_instances;
void as_hcl_expand_blocks(as_hcl_ctx *ctx, const as_hcl_body *body, as_hcl_block_instances *out);

#endif
