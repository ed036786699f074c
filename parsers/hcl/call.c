/* Calling functions: what cty's function.Function and hcl's FunctionCallExpr do around every body.
 */
#include "engine/base/normalize.h"
#include "parsers/hcl/evaluator.h"
#include "parsers/hcl/func.h"

/* --- for bodies ------------------------------------------------------------------------------- */

static void AS_PRINTF(3, 0) set_error(as_hcl_call *call, int arg, const char *fmt, va_list args)
{
    as_buf text;
    as_buf_init(&text, call->arena, 0);
    as_buf_vfmt(&text, fmt, args);
    call->error = as_buf_view(&text);
    call->error_arg = arg;
}

void *as_fn_fail(as_hcl_call *call, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    set_error(call, -1, fmt, args);
    va_end(args);
    return NULL;
}

void *as_fn_fail_arg(as_hcl_call *call, size_t arg, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    set_error(call, (int)arg, fmt, args);
    va_end(args);
    return NULL;
}

bool as_fn_arg_int(as_hcl_call *call, size_t i, int64_t *out)
{
    if (as_num_to_int(call->args[i], out))
        return true;
    as_fn_fail_arg(call, i,
            as_num_is_whole(call->args[i]) ? "the number is too large"
                                           : "value must be a whole number");
    return false;
}

const as_value *as_fn_string(as_hcl_call *call, as_str s)
{
    enum { BYTES_PER_STEP = 4 };
    as_arena_spend(call->arena, s.n / BYTES_PER_STEP);
    return as_value_string(call->arena, call->span, as_str_nfc(call->arena, s));
}

const as_value *as_fn_bool(as_hcl_call *call, bool b)
{
    return as_value_bool(call->arena, call->span, b);
}

const as_value *as_fn_int(as_hcl_call *call, int64_t i)
{
    return as_value_int(call->arena, call->span, i);
}

const as_value *as_fn_strings(as_hcl_call *call, const as_str *items, size_t n)
{
    const as_value **values = AS_NEW_ARRAY(call->arena, const as_value *, n);
    for (size_t i = 0; i < n; i++)
        values[i] = as_fn_string(call, items[i]);
    return as_hcl_list(call->arena, call->span, &as_type_string, values, n);
}

/* The reason of something unknown in v. */
static as_str find_reason(const as_value *v)
{
    if (v->kind == AS_UNKNOWN)
        return as_value_reason(v);
    as_str reason = AS_STR_NONE;
    for (size_t i = 0; i < as_hcl_count(v) && reason.n == 0; i++)
        reason = find_reason(as_hcl_item_at(v, i));
    return reason;
}

const as_value *as_fn_unknown(as_hcl_call *call, const as_type *type)
{
    as_str reason = AS_STR_NONE;
    for (size_t i = 0; i < call->n && reason.n == 0; i++)
        reason = find_reason(call->args[i]);
    if (reason.n == 0)
        reason = AS_STR("not known before apply");
    return as_hcl_unknown(call->arena, call->span, type, reason);
}

const as_value *as_fn_null(as_hcl_call *call, const as_type *type)
{
    return as_hcl_null(call->arena, call->span, type);
}

const as_value *as_fn_convert(as_hcl_call *call, size_t arg, const as_value *v, const as_type *type)
{
    as_convert_error error;
    const as_value *converted = as_convert(call->arena, v, type, &error);
    if (!converted)
        as_fn_fail_arg(call, arg, "%.*s", AS_STR_ARG(error.message));
    return converted;
}

/* --- calling (cty/function/function.go) ------------------------------------------------------- */

static size_t n_params(const as_hcl_function *f)
{
    size_t n = 0;
    while (n < sizeof f->params / sizeof *f->params && f->params[n].name)
        n++;
    return n;
}

static const as_hcl_param *param_of(const as_hcl_function *f, size_t i)
{
    return i < n_params(f) ? &f->params[i] : f->rest.name ? &f->rest : NULL;
}

typedef struct call_state {
    bool unknown;   /* an argument is */
    bool type_open; /* an argument is of type any: no telling what results */
    unsigned marks; /* taken off the arguments */
} call_state;

/* Checks and strips the arguments; false after an error. */
static bool prepare_args(as_hcl_call *call, const as_value **args, call_state *state)
{
    for (size_t i = 0; i < call->n; i++) {
        const as_hcl_param *param = param_of(call->function, i);
        const as_value *v = call->args[i];
        args[i] = v;
        if (v->kind == AS_NULL && !(param->flags & AS_PARAM_NULL)) {
            as_fn_fail_arg(call, i, "argument must not be null");
            return false;
        }
        if (!(param->flags & AS_PARAM_DYNAMIC) && as_type_kind_of(v) == AS_TYPE_ANY)
            state->type_open = true;
        if (v->kind == AS_UNKNOWN && !(param->flags & AS_PARAM_UNKNOWN))
            state->unknown = true;
        if (param->flags & AS_PARAM_MARKED)
            continue;
        unsigned marks = as_hcl_marks_deep(call->arena, v);
        state->marks |= marks;
        if (marks)
            args[i] = as_hcl_unmark_deep(call->arena, v);
    }
    return true;
}

/* References of everything in v that has some, as far as a glance goes. */
static void collect_refs(as_nature *nature, as_arena *arena, const as_value *v, unsigned depth)
{
    enum { GLANCE_DEPTH = 3, GLANCE_ITEMS = 32 };
    if (as_value_refs(v))
        nature->refs = nature->refs ? as_refs_union(arena, nature->refs, as_value_refs(v))
                                    : as_value_refs(v);
    if (depth >= GLANCE_DEPTH)
        return;
    for (size_t i = 0; i < as_hcl_count(v) && i < GLANCE_ITEMS; i++)
        collect_refs(nature, arena, as_hcl_item_at(v, i), depth + 1);
}

static const as_value *finish(as_hcl_call *call, const as_value *v, const call_state *state)
{
    as_nature nature = {.marks = state->marks};
    bool single = v->kind != AS_LIST && v->kind != AS_OBJECT;
    for (size_t i = 0; i < call->n && single; i++)
        collect_refs(&nature, call->arena, call->args[i], 0);
    if (call->function->not_null)
        v = as_hcl_refine_not_null(call->arena, v);
    bool computed = v->kind == AS_UNKNOWN && nature.refs && !as_value_refs(v);
    if (computed && (!v->meta || (!v->meta->pieces && !v->meta->decoded))) {
        const as_value *hole = as_value_unknown(call->arena, v->span, as_value_reason(v), NULL);
        const as_value **piece = AS_NEW(call->arena, const as_value *);
        *piece = hole;
        v = as_value_with_pieces(call->arena, v, as_value_list(call->arena, v->span, piece, 1));
    }
    if (nature.refs && as_value_refs(v))
        nature.refs = as_refs_union(call->arena, as_value_refs(v), nature.refs);
    return as_nature_apply(&nature, call->arena, v);
}

/* A text that grows too big costs the call, not the whole evaluation. */
static const as_value *run_body(as_hcl_call *call)
{
    enum { BYTES_PER_STEP = 2, STEPS_PER_CALL = 20 };
    as_guard guard;
    as_arena_spend(call->arena, STEPS_PER_CALL);
    for (size_t i = 0; i < call->n; i++)
        if (call->args[i]->kind == AS_STRING)
            as_arena_spend(call->arena, call->args[i]->as.str.n / BYTES_PER_STEP);
    if (AS_GUARD_ENTER(&guard, call->arena)) {
        const as_value *v = call->function->impl(call);
        as_guard_leave(&guard);
        return v;
    }
    if (guard.cause != AS_CAUSE_CEILING)
        as_arena_unwind(call->arena, guard.cause);
    return as_fn_fail(call, "the result is too big");
}

const as_value *as_hcl_function_call(as_hcl_call *call)
{
    const as_hcl_function *f = call->function;
    const as_value *const *given = call->args;
    const as_value **args = AS_NEW_ARRAY(call->arena, const as_value *, call->n);
    call_state state = {0};
    call->error = AS_STR_NONE;
    call->error_arg = -1;
    if (!prepare_args(call, args, &state))
        return NULL;
    call->args = args;
    call->type = f->result ? f->result : &as_type_any;
    if (state.type_open)
        call->type = &as_type_any;
    else if (f->type)
        call->type = f->type(call);
    const as_value *v = NULL;
    if (call->type)
        v = state.unknown || state.type_open ? as_fn_unknown(call, call->type) : run_body(call);
    call->args = given;
    if (!v && call->error.n == 0)
        as_fn_fail(call, "internal error");
    return v ? finish(call, v, &state) : NULL;
}

/* --- call expressions ------------------------------------------------------------------------- */

static const as_value *unknown_function(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    static const char summary[] = "Call to unknown function";
    as_str name = expr->as.call.name;
    if (as_str_starts(name, "provider::")) {
        as_str reason =
                as_str_fmt(ctx->arena, "%.*s is a function of a provider", AS_STR_ARG(name));
        return as_hcl_unknown(ctx->arena, expr->span, NULL, reason);
    }
    if (as_str_contains(name, "::")) {
        as_eval_error(ctx, expr->as.call.name_span, summary, "There is no function named \"%.*s\".",
                AS_STR_ARG(name));
        return as_eval_failed(ctx, expr->span, NULL);
    }
    const char *near = as_hcl_function_suggest(name);
    as_eval_error(ctx, expr->as.call.name_span, summary,
            "There is no function named \"%.*s\".%s%s%s", AS_STR_ARG(name),
            near ? " Did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return as_eval_failed(ctx, expr->span, NULL);
}

typedef struct arg_list {
    const as_hcl_expr **exprs; /* where each value was written */
    const as_value **values;
    size_t n;
} arg_list;

/* The values of `list...`. Returns NULL when it can be spread, else the call's result. */
static const as_value *expand_last(
        as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_value **spread)
{
    static const char summary[] = "Invalid expanding argument value";
    const as_hcl_expr *last = expr->as.call.args.items[expr->as.call.args.n - 1];
    size_t errors = ctx->diags->n_errors;
    const as_value *v = as_hcl_eval(ctx, last);
    if (!as_hcl_ok(ctx, errors))
        return as_eval_failed(ctx, expr->span, NULL);
    as_type_kind kind = as_type_kind_of(v);
    bool sequence = kind == AS_TYPE_TUPLE || kind == AS_TYPE_LIST || kind == AS_TYPE_SET;
    if (kind != AS_TYPE_ANY && !sequence) {
        as_eval_error(ctx, last->span, summary,
                "Only a tuple, list or set can be expanded with \"...\".");
        return as_eval_failed(ctx, expr->span, NULL);
    }
    if (v->kind == AS_NULL) {
        as_eval_error(ctx, last->span, summary, "Null cannot be expanded with \"...\".");
        return as_eval_failed(ctx, expr->span, NULL);
    }
    if (v->kind == AS_UNKNOWN) {
        as_nature nature = {0};
        as_nature_add(&nature, ctx->arena, v);
        return as_nature_unknown(&nature, ctx->arena, expr->span, NULL);
    }
    *spread = v;
    return NULL;
}

/* Where an argument is pointed at: Terraform shows its first characters, and of a quoted text not
 * the quote (hclsyntax StartRange). */
static as_span start_of(const as_hcl_expr *expr)
{
    for (;;) {
        switch ((as_hcl_kind)expr->kind) {
        case AS_HCL_PAREN:
            expr = expr->as.inner;
            break;
        case AS_HCL_BINARY:
            expr = expr->as.binary.left;
            break;
        case AS_HCL_CONDITIONAL:
            expr = expr->as.conditional.condition;
            break;
        case AS_HCL_TEMPLATE:
            if (expr->as.list.n == 0)
                return expr->span;
            expr = expr->as.list.items[0];
            break;
        case AS_HCL_LITERAL:
            if (expr->as.literal->kind == AS_STRING && !expr->from_json &&
                    expr->span.end - expr->span.begin >= 2 && expr->as.literal->as.str.n > 0)
                return (as_span){expr->span.file, expr->span.begin + 1, expr->span.end - 1};
            return expr->span;
        case AS_HCL_INDEX:
            return expr->as.index.open;
        case AS_HCL_SPLAT:
            return expr->as.splat.marker;
        default:
            return expr->span;
        }
    }
}

/* False after a diagnostic. */
static bool check_count(
        as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_hcl_function *f, const arg_list *args)
{
    size_t want = n_params(f);
    as_str name = expr->as.call.name;
    if (args->n < want) {
        as_eval_error(ctx, expr->as.call.close, "Not enough function arguments",
                "Function \"%.*s\" expects%s %zu argument(s). Missing value for \"%s\".",
                AS_STR_ARG(name), f->rest.name ? " at least" : "", want, f->params[args->n].name);
        return false;
    }
    if (args->n > want && !f->rest.name) {
        as_eval_error(ctx, start_of(args->exprs[want]), "Too many function arguments",
                "Function \"%.*s\" expects only %zu argument(s).", AS_STR_ARG(name), want);
        return false;
    }
    return true;
}

static void bad_argument(as_hcl_ctx *ctx, as_span span, const as_hcl_param *param, as_str why)
{
    as_eval_error(ctx, span, "Invalid function argument",
            "Invalid value for \"%s\" parameter: %.*s.", param->name, AS_STR_ARG(why));
}

static void report(
        as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_hcl_call *call, const arg_list *args)
{
    const as_hcl_param *param =
            call->error_arg >= 0 ? param_of(call->function, (size_t)call->error_arg) : NULL;
    if (param && (size_t)call->error_arg < args->n)
        bad_argument(ctx, start_of(args->exprs[call->error_arg]), param, call->error);
    else if (param)
        bad_argument(ctx, expr->span, param, call->error);
    else
        as_eval_error(ctx, as_span_join(expr->as.call.name_span, expr->as.call.open),
                "Error in function call", "Call to function \"%.*s\" failed: %.*s.",
                AS_STR_ARG(expr->as.call.name), AS_STR_ARG(call->error));
}

/* Evaluates and converts what is not a value yet. */
static void evaluate_args(as_hcl_ctx *ctx, const as_hcl_function *f, arg_list *args)
{
    for (size_t i = 0; i < args->n; i++) {
        const as_hcl_param *param = param_of(f, i);
        size_t errors = ctx->diags->n_errors;
        const as_value *v = args->values[i] ? args->values[i] : as_hcl_eval(ctx, args->exprs[i]);
        args->values[i] = v;
        if (!as_hcl_ok(ctx, errors))
            continue;
        as_convert_error error;
        const as_value *converted = as_convert(ctx->arena, v, param->type, &error);
        if (converted)
            args->values[i] = converted;
        else
            bad_argument(ctx, start_of(args->exprs[i]), param, error.message);
    }
}

static arg_list collect_args(as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_value *spread)
{
    as_hcl_exprs written = expr->as.call.args;
    size_t n_plain = written.n - (spread ? 1 : 0), n_spread = spread ? as_hcl_count(spread) : 0;
    arg_list args = {.n = n_plain + n_spread};
    args.exprs = AS_NEW_ARRAY(ctx->arena, const as_hcl_expr *, args.n);
    args.values = AS_NEW_ARRAY(ctx->arena, const as_value *, args.n);
    for (size_t i = 0; i < n_plain; i++)
        args.exprs[i] = written.items[i];
    for (size_t i = 0; i < n_spread; i++) {
        args.exprs[n_plain + i] = written.items[n_plain];
        args.values[n_plain + i] =
                as_hcl_with_marks(ctx->arena, as_hcl_item_at(spread, i), as_hcl_marks(spread));
    }
    return args;
}

/* try() and its like get the expressions; spread values come as literals. */
static const as_value *call_lazy(as_hcl_ctx *ctx, as_hcl_call *call, arg_list *args)
{
    for (size_t i = 0; i < args->n; i++) {
        if (!args->values[i])
            continue;
        as_hcl_expr *literal = as_hcl_expr_new(ctx->arena, AS_HCL_LITERAL, args->exprs[i]->span);
        literal->as.literal = args->values[i];
        args->exprs[i] = literal;
    }
    return call->function->lazy(call, args->exprs, args->n);
}

const as_value *as_eval_call(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    if (ctx->no_functions) {
        as_eval_error(
                ctx, expr->span, "Function calls not allowed", "Functions may not be called here.");
        return as_eval_failed(ctx, expr->span, NULL);
    }
    const as_hcl_function *f = as_hcl_function_find(expr->as.call.name);
    if (!f)
        return unknown_function(ctx, expr);
    const as_value *spread = NULL;
    if (expr->as.call.expand) {
        const as_value *result = expand_last(ctx, expr, &spread);
        if (result)
            return result;
    }
    arg_list args = collect_args(ctx, expr, spread);
    if (!check_count(ctx, expr, f, &args))
        return as_eval_failed(ctx, expr->span, NULL);
    as_hcl_call call = {.arena = ctx->arena,
            .ctx = ctx,
            .function = f,
            .args = args.values,
            .n = args.n,
            .span = expr->span,
            .error_arg = -1};
    const as_value *v;
    if (f->lazy) {
        v = call_lazy(ctx, &call, &args);
    } else {
        size_t errors = ctx->diags->n_errors;
        evaluate_args(ctx, f, &args);
        if (!as_hcl_ok(ctx, errors))
            return as_eval_failed(ctx, expr->span, NULL);
        v = as_hcl_function_call(&call);
    }
    if (v)
        return v;
    report(ctx, expr, &call, &args);
    return as_eval_failed(ctx, expr->span, NULL);
}
