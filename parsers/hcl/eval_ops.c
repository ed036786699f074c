/* Operators and conditionals (hclsyntax/expression_ops.go, ConditionalExpr). */
#include "parsers/hcl/evaluator.h"

#include <assert.h>

/* --- operators -------------------------------------------------------------------------------- */

typedef struct operands {
    const as_value *left, *right;
    as_nature nature;
    as_span span;
} operands;

/* Errors of the evaluation go to `diags`, that of the conversion to ctx->diags: it is told first.
 */
static const as_value *operand(as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_type *type,
        const char *side, as_diags *diags)
{
    as_diags *outer = ctx->diags;
    as_diags_init(diags, ctx->arena);
    ctx->diags = diags;
    const as_value *v = as_hcl_eval(ctx, expr);
    ctx->diags = outer;
    as_convert_error error;
    const as_value *converted = as_convert(ctx->arena, v, type, &error);
    if (!converted)
        as_eval_error(ctx, expr->span, "Invalid operand", "Unsuitable value for %s operand: %.*s.",
                side, AS_STR_ARG(error.message));
    return converted;
}

static const as_value *bool_result(as_hcl_ctx *ctx, const operands *o, bool b)
{
    return as_nature_apply(&o->nature, ctx->arena, as_value_bool(ctx->arena, o->span, b));
}

static const as_value *unknown_bool(as_hcl_ctx *ctx, const operands *o)
{
    return as_hcl_refine_not_null(
            ctx->arena, as_nature_unknown(&o->nature, ctx->arena, o->span, &as_type_bool));
}

static const as_value *operation_failed(as_hcl_ctx *ctx, const as_hcl_expr *expr, const char *why)
{
    as_eval_error(ctx, expr->span, "Operation failed", "Error during operation: %s.", why);
    return as_eval_failed(
            ctx, expr->span, expr->as.binary.op >= AS_HCL_ADD ? &as_type_number : &as_type_bool);
}

/* To the operators null is not true, and so false where that decides (hclsyntax calls False() on
 * it). */
static bool is_bool(const as_value *v, bool b)
{
    return v->kind == AS_NULL ? !b : v->kind == AS_BOOL && v->as.boolean == b;
}

/* `&&` and `||`: one operand can decide alone, whatever became of the other. */
static const as_value *eval_logical(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    bool decisive = expr->as.binary.op == AS_HCL_OR;
    as_diags left_diags, right_diags;
    size_t errors = ctx->diags->n_errors;
    operands o = {.span = expr->span};
    o.left = operand(ctx, expr->as.binary.left, &as_type_bool, "left", &left_diags);
    o.right = operand(ctx, expr->as.binary.right, &as_type_bool, "right", &right_diags);
    if (o.left && o.right) {
        as_nature_add(&o.nature, ctx->arena, o.left);
        as_nature_add(&o.nature, ctx->arena, o.right);
        bool left_ok = left_diags.n_errors == 0, right_ok = right_diags.n_errors == 0;
        if (left_ok && is_bool(o.left, decisive))
            return bool_result(ctx, &o, decisive);
        if (right_ok && is_bool(o.right, decisive))
            return bool_result(ctx, &o, decisive);
        bool both_unknown = o.left->kind == AS_UNKNOWN && o.right->kind == AS_UNKNOWN;
        if (left_ok && both_unknown)
            return unknown_bool(ctx, &o); /* whatever is wrong with the right one */
        if (left_ok && right_ok && (o.left->kind == AS_UNKNOWN || o.right->kind == AS_UNKNOWN))
            return unknown_bool(ctx, &o);
        if (left_ok && right_ok && o.left->kind != AS_NULL && o.right->kind != AS_NULL)
            return bool_result(ctx, &o, !decisive);
    }
    as_diags_append(ctx->diags, &left_diags);
    as_diags_append(ctx->diags, &right_diags);
    if (!as_hcl_ok(ctx, errors))
        return as_eval_failed(ctx, expr->span, &as_type_bool);
    return operation_failed(ctx, expr, "argument must not be null");
}

static const as_value *eval_equality(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    size_t errors = ctx->diags->n_errors;
    operands o = {.span = expr->span};
    o.left = as_hcl_eval(ctx, expr->as.binary.left);
    o.right = as_hcl_eval(ctx, expr->as.binary.right);
    if (!as_hcl_ok(ctx, errors))
        return as_eval_failed(ctx, expr->span, &as_type_bool);
    as_nature_add(&o.nature, ctx->arena, o.left);
    as_nature_add(&o.nature, ctx->arena, o.right);
    o.nature.marks |=
            as_hcl_marks_deep(ctx->arena, o.left) | as_hcl_marks_deep(ctx->arena, o.right);
    as_hcl_truth truth = as_hcl_equal(ctx->arena, o.left, o.right);
    if (truth == AS_HCL_MAYBE)
        return unknown_bool(ctx, &o);
    return bool_result(ctx, &o, (truth == AS_HCL_TRUE) == (expr->as.binary.op == AS_HCL_EQ));
}

static const as_value *compute(as_hcl_ctx *ctx, as_hcl_op op, const operands *o)
{
    const as_value *a = o->left, *b = o->right;
    int order;
    switch (op) {
    case AS_HCL_ADD:
        return as_num_add(ctx->arena, o->span, a, b);
    case AS_HCL_SUB:
        return as_num_sub(ctx->arena, o->span, a, b);
    case AS_HCL_MUL:
        return as_num_mul(ctx->arena, o->span, a, b);
    case AS_HCL_DIV:
        return as_num_div(ctx->arena, o->span, a, b);
    case AS_HCL_MOD:
        return as_num_mod(ctx->arena, o->span, a, b);
    default:
        order = as_num_cmp(a, b);
        return as_value_bool(ctx->arena, o->span,
                op == AS_HCL_GT   ? order > 0
                : op == AS_HCL_GE ? order >= 0
                : op == AS_HCL_LT ? order < 0
                                  : order <= 0);
    }
}

/* Bounds of a number, known or refined. */
static bool number_bounds(const as_value *v, const as_value **min, const as_value **max)
{
    const as_hcl_refinement *r = as_hcl_refinement_of(v);
    *min = v->kind == AS_UNKNOWN ? (r ? r->min : NULL) : v;
    *max = v->kind == AS_UNKNOWN ? (r ? r->max : NULL) : v;
    return *min || *max;
}

/* A comparison that the bounds of an unknown number decide: 1 true, 0 false, -1 open. Equal bounds
 * decide nothing, as in cty. */
static int compare_bounds(as_hcl_op op, const as_value *left, const as_value *right)
{
    if (op == AS_HCL_LT || op == AS_HCL_LE) {
        const as_value *swap = left;
        left = right;
        right = swap;
    }
    const as_value *a, *b, *c, *d;
    if (!number_bounds(left, &a, &b) || !number_bounds(right, &c, &d))
        return -1;
    if (a && d && as_num_cmp(a, d) > 0)
        return 1;
    if (b && c && as_num_cmp(b, c) < 0)
        return 0;
    return -1;
}

static const as_value *eval_numeric(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    as_hcl_op op = expr->as.binary.op;
    const as_type *type = op >= AS_HCL_ADD ? &as_type_number : &as_type_bool;
    size_t errors = ctx->diags->n_errors;
    operands o = {.span = expr->span};
    as_diags left_diags, right_diags;
    o.left = operand(ctx, expr->as.binary.left, &as_type_number, "left", &left_diags);
    o.right = operand(ctx, expr->as.binary.right, &as_type_number, "right", &right_diags);
    as_diags_append(ctx->diags, &left_diags);
    as_diags_append(ctx->diags, &right_diags);
    if (!as_hcl_ok(ctx, errors))
        return as_eval_failed(ctx, expr->span, type);
    if (o.left->kind == AS_NULL || o.right->kind == AS_NULL)
        return operation_failed(ctx, expr, "argument must not be null");
    as_nature_add(&o.nature, ctx->arena, o.left);
    as_nature_add(&o.nature, ctx->arena, o.right);
    if (o.left->kind == AS_UNKNOWN || o.right->kind == AS_UNKNOWN) {
        int decided = op < AS_HCL_ADD ? compare_bounds(op, o.left, o.right) : -1;
        if (decided >= 0)
            return bool_result(ctx, &o, decided == 1);
        return as_hcl_refine_not_null(
                ctx->arena, as_nature_unknown(&o.nature, ctx->arena, expr->span, type));
    }
    const as_value *result = compute(ctx, op, &o);
    if (!result)
        return operation_failed(ctx, expr,
                op == AS_HCL_MOD ? "infinity has no remainder"
                                 : "can't divide zero by zero or infinity by infinity");
    return as_nature_apply(&o.nature, ctx->arena, result);
}

const as_value *as_eval_binary(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    switch (expr->as.binary.op) {
    case AS_HCL_OR:
    case AS_HCL_AND:
        return eval_logical(ctx, expr);
    case AS_HCL_EQ:
    case AS_HCL_NE:
        return eval_equality(ctx, expr);
    default:
        return eval_numeric(ctx, expr);
    }
}

const as_value *as_eval_unary(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    bool logical = expr->as.unary.op == AS_HCL_NOT;
    const as_type *type = logical ? &as_type_bool : &as_type_number;
    size_t errors = ctx->diags->n_errors;
    as_convert_error error;
    const as_value *given = as_hcl_eval(ctx, expr->as.unary.operand);
    const as_value *v = as_convert(ctx->arena, given, type, &error);
    if (!v)
        as_eval_error(ctx, expr->as.unary.operand->span, "Invalid operand",
                "Unsuitable value for unary operand: %.*s.", AS_STR_ARG(error.message));
    if (!as_hcl_ok(ctx, errors))
        return as_eval_failed(ctx, expr->span, type);
    assert(v != NULL); /* an error was counted otherwise */
    if (v->kind == AS_NULL) {
        as_eval_error(ctx, expr->span, "Operation failed",
                "Error during operation: argument must not be null.");
        return as_eval_failed(ctx, expr->span, type);
    }
    as_nature nature = {0};
    as_nature_add(&nature, ctx->arena, v);
    if (v->kind == AS_UNKNOWN)
        return as_hcl_refine_not_null(
                ctx->arena, as_nature_unknown(&nature, ctx->arena, expr->span, type));
    const as_value *result = logical ? as_value_bool(ctx->arena, expr->span, !v->as.boolean)
                                     : as_num_neg(ctx->arena, expr->span, v);
    return as_nature_apply(&nature, ctx->arena, result);
}

/* --- conditionals ----------------------------------------------------------------------------- */

typedef struct branches {
    const as_value *yes, *no;
    const as_type *yes_type, *no_type, *type; /* NULL: the two do not fit */
} branches;

static bool is_untyped_null(const as_value *v)
{
    return v->kind == AS_NULL && !v->type && as_hcl_marks(v) == 0;
}

static bool same_primitive(const as_value *a, const as_value *b)
{
    as_type_kind kind = as_type_kind_of(a);
    return kind == as_type_kind_of(b) && kind >= AS_TYPE_BOOL && kind <= AS_TYPE_STRING;
}

static bool is_open(const as_value *v)
{
    if (v->flags & AS_OPEN)
        return true;
    for (size_t i = 0; i < as_hcl_count(v); i++)
        if (is_open(as_hcl_item_at(v, i)))
            return true;
    return false;
}

static void unify_branches(as_hcl_ctx *ctx, branches *b)
{
    b->yes_type = as_type_of(ctx->arena, b->yes);
    b->no_type = as_type_of(ctx->arena, b->no);
    if (is_untyped_null(b->yes)) {
        b->type = b->no_type;
    } else if (is_untyped_null(b->no)) {
        b->type = b->yes_type;
    } else if (b->yes_type->kind == AS_TYPE_ANY || b->no_type->kind == AS_TYPE_ANY) {
        b->type = &as_type_any;
    } else if (same_primitive(b->yes, b->no)) {
        b->type = b->yes_type;
    } else {
        const as_type *both[] = {b->yes_type, b->no_type};
        b->type = as_type_unify(ctx->arena, both, 2, true);
        /* What the providers add may make them fit after all. */
        if (!b->type && (is_open(b->yes) || is_open(b->no)))
            b->type = &as_type_any;
    }
}

static as_str describe_mismatch(as_arena *arena, const as_type *yes, const as_type *no);

static as_str describe_fields(as_arena *arena, const as_type *yes, const as_type *no)
{
    for (size_t i = 0; i < yes->n; i++) {
        const as_type_field *a = &yes->as.fields[i], *b = as_type_field_get(no, a->name);
        if (!b)
            return as_str_fmt(arena,
                    "The 'true' value has an attribute \"%.*s\" that the 'false' value lacks",
                    AS_STR_ARG(a->name));
        if (!as_type_equal(a->type, b->type))
            return as_str_fmt(arena, "Type mismatch for object attribute \"%.*s\": %.*s",
                    AS_STR_ARG(a->name), AS_STR_ARG(describe_mismatch(arena, a->type, b->type)));
    }
    for (size_t i = 0; i < no->n; i++)
        if (!as_type_field_get(yes, no->as.fields[i].name))
            return as_str_fmt(arena,
                    "The 'false' value has an attribute \"%.*s\" that the 'true' value lacks",
                    AS_STR_ARG(no->as.fields[i].name));
    return AS_STR_NONE;
}

static as_str describe_items(as_arena *arena, const as_type *yes, const as_type *no)
{
    if (yes->n != no->n)
        return as_str_fmt(arena,
                "The 'true' tuple has length %zu, but the 'false' tuple has length %zu", yes->n,
                no->n);
    for (size_t i = 0; i < yes->n; i++)
        if (!as_type_equal(yes->as.items[i], no->as.items[i]))
            return as_str_fmt(arena, "Type mismatch for tuple element %zu: %.*s", i,
                    AS_STR_ARG(describe_mismatch(arena, yes->as.items[i], no->as.items[i])));
    return AS_STR_NONE;
}

static as_str describe_mismatch(as_arena *arena, const as_type *yes, const as_type *no)
{
    as_str found = AS_STR_NONE;
    if (yes->kind == no->kind && yes->kind == AS_TYPE_OBJECT)
        found = describe_fields(arena, yes, no);
    else if (yes->kind == no->kind && yes->kind == AS_TYPE_TUPLE)
        found = describe_items(arena, yes, no);
    if (found.n > 0)
        return found;
    as_str a = as_type_friendly_name(arena, yes), b = as_type_friendly_name(arena, no);
    if (as_str_eq(a, b))
        return AS_STR("Something nested deeply in the two is not compatible");
    return as_str_fmt(arena, "The 'true' value is %.*s, but the 'false' value is %.*s",
            AS_STR_ARG(a), AS_STR_ARG(b));
}

/* What either branch allows stays allowed when the condition is unknown. */
static const as_value *undecided(
        as_hcl_ctx *ctx, const as_hcl_expr *expr, const branches *b, const as_nature *nature)
{
    if (b->yes->kind == AS_NULL && b->no->kind == AS_NULL)
        return as_nature_apply(nature, ctx->arena, as_hcl_null(ctx->arena, expr->span, b->type));
    const as_value *v = as_nature_unknown(nature, ctx->arena, expr->span, b->type);
    as_hcl_refinement r = {
            .not_null = as_hcl_not_null(b->yes) && as_hcl_not_null(b->no), .max_length = -1};
    const as_value *yes_min, *yes_max, *no_min, *no_max;
    if (b->yes_type->kind == AS_TYPE_NUMBER && b->no_type->kind == AS_TYPE_NUMBER &&
            b->yes->kind != AS_NULL && b->no->kind != AS_NULL &&
            number_bounds(b->yes, &yes_min, &yes_max) && number_bounds(b->no, &no_min, &no_max)) {
        if (yes_min && no_min)
            r.min = as_num_cmp(yes_min, no_min) < 0 ? yes_min : no_min;
        if (yes_max && no_max)
            r.max = as_num_cmp(yes_max, no_max) > 0 ? yes_max : no_max;
    }
    if (as_type_is_collection(b->yes_type) && as_type_equal(b->yes_type, b->no_type)) {
        int64_t yes_least, yes_most, no_least, no_most;
        as_hcl_length_range(b->yes, &yes_least, &yes_most);
        as_hcl_length_range(b->no, &no_least, &no_most);
        r.min_length = yes_least < no_least ? yes_least : no_least;
        r.max_length = yes_most < 0 || no_most < 0 ? -1 : yes_most > no_most ? yes_most : no_most;
    }
    if (r.not_null || r.min || r.max || r.min_length > 0 || r.max_length >= 0)
        v = as_hcl_refine(ctx->arena, v, r);
    return v;
}

/* The condition as a bool; NULL after an error. */
static const as_value *eval_condition(as_hcl_ctx *ctx, const as_hcl_expr *condition)
{
    size_t errors = ctx->diags->n_errors;
    const as_value *v = as_hcl_eval(ctx, condition);
    if (!as_hcl_ok(ctx, errors))
        return NULL;
    if (v->kind == AS_NULL) {
        as_eval_error(ctx, condition->span, "Null condition",
                "The condition is null; it must be true or false.");
        return NULL;
    }
    if (v->kind == AS_UNKNOWN)
        return v;
    v = as_convert(ctx->arena, v, &as_type_bool, NULL);
    if (!v)
        as_eval_error(ctx, condition->span, "Incorrect condition type",
                "The condition expression must be of type bool.");
    return v;
}

/* Both branches are evaluated for their types; only the chosen one's errors count. */
const as_value *as_eval_conditional(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    const as_hcl_expr *yes = expr->as.conditional.yes, *no = expr->as.conditional.no;
    as_diags *outer = ctx->diags, yes_diags, no_diags;
    as_diags_init(&yes_diags, ctx->arena);
    as_diags_init(&no_diags, ctx->arena);
    branches b;
    ctx->diags = &yes_diags;
    b.yes = as_hcl_eval(ctx, yes);
    ctx->diags = &no_diags;
    b.no = as_hcl_eval(ctx, no);
    ctx->diags = outer;
    unify_branches(ctx, &b);
    if (!b.type) {
        as_str why = describe_mismatch(ctx->arena, b.yes_type, b.no_type);
        as_eval_error(ctx, as_span_join(yes->span, no->span),
                "Inconsistent conditional result types", "The two results differ in type. %.*s.",
                AS_STR_ARG(why));
        return as_eval_failed(ctx, expr->span, NULL);
    }
    const as_value *condition = eval_condition(ctx, expr->as.conditional.condition);
    if (!condition)
        return as_eval_failed(ctx, expr->span, b.type);
    as_nature nature = {0};
    if (condition->kind == AS_UNKNOWN) {
        as_nature_add(&nature, ctx->arena, condition);
        as_nature_add(&nature, ctx->arena, b.yes);
        as_nature_add(&nature, ctx->arena, b.no);
        return undecided(ctx, expr, &b, &nature);
    }
    bool chosen = condition->as.boolean;
    as_diags_append(outer, chosen ? &yes_diags : &no_diags);
    as_convert_error error;
    const as_value *v = as_convert(ctx->arena, chosen ? b.yes : b.no, b.type, &error);
    if (!v) {
        as_eval_error(ctx, chosen ? yes->span : no->span, "Inconsistent conditional result types",
                "The %s result value has the wrong type: %.*s.", chosen ? "true" : "false",
                AS_STR_ARG(error.message));
        return as_eval_failed(ctx, expr->span, b.type);
    }
    unsigned marks = as_hcl_marks(condition) | as_hcl_marks(b.yes) | as_hcl_marks(b.no);
    return as_hcl_with_marks(ctx->arena, v, marks);
}
