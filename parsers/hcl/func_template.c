/* templatefile and templatestring: Terraform internal/lang/funcs/filesystem.go and string.go. */
#include "parsers/hcl/func_file.h"
#include "parsers/hcl/ident.h"
#include "parsers/hcl/parse.h"

/* What a template may not call. */
static const char *const template_functions[] = {"templatefile", "templatestring", NULL};
static const char *const file_functions[] = {"file", "filebase64", "filebase64sha256",
        "filebase64sha512", "fileexists", "filemd5", "fileset", "filesha1", "filesha256",
        "filesha512", "templatefile", NULL};

typedef struct template
{
    as_hcl_call *call;
    const as_value *vars; /* unmarked, a map or an object */
    bool may_read_files;
    bool failed;
}
template;

static bool among(as_str name, const char *const *names)
{
    for (size_t i = 0; names[i]; i++) {
        if (as_str_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

static void check_call(void *self, const as_hcl_expr *expr)
{
    template *t = self;
    if (expr->kind != AS_HCL_CALL || t->failed) {
        return;
    }
    as_str name = expr->as.call.name;
    name = as_str_starts(name, "core::") ? as_str_from_index(name, 6) : name;
    if (among(name, template_functions)) {
        t->failed = true;
        as_fn_fail(t->call, "cannot recursively call %.*s from inside another template function",
                AS_STR_ARG(name));
    } else if (!t->may_read_files && among(name, file_functions)) {
        t->failed = true;
        as_fn_fail(t->call,
                "cannot use filesystem access functions like %.*s in templatestring templates; "
                "consider passing the function result as a template variable instead",
                AS_STR_ARG(name));
    }
}

static as_sources *sources_of(const as_hcl_call *call)
{
    return call->ctx->fs ? as_fs_sources(call->ctx->fs) : NULL;
}

static void check_reference(void *self, const as_hcl_traversal *traversal, as_span span)
{
    template *t = self;
    as_str root = traversal->steps[0].name;
    if (t->failed || as_value_member(t->vars, root)) {
        return;
    }
    t->failed = true;
    as_sources *sources = t->may_read_files ? sources_of(t->call) : NULL;
    const as_source *source = sources ? as_sources_get(sources, span.file) : NULL;
    as_position at =
            source ? as_sources_position(sources, span.file, span.begin) : (as_position){1, 1};
    as_fn_fail_arg(t->call, 1, "vars map does not contain key \"%.*s\", referenced at %.*s:%u,%u",
            AS_STR_ARG(root),
            AS_STR_ARG(source ? source->path : AS_STR("<templatestring argument>")),
            (unsigned)at.line, (unsigned)at.column);
}

static const as_value *resolve(
        void *self, as_hcl_ctx *ctx, const as_hcl_traversal *traversal, as_span span, size_t *used)
{
    const template *t = self;
    (void)ctx;
    (void)span;
    *used = 1;
    return as_value_get(t->vars, traversal->steps[0].name);
}

/* The first error of diags as the call's. */
static const as_value *fail_with(as_hcl_call *call, const as_diags *diags, const char *prefix)
{
    for (size_t i = 0; i < diags->list.n; i++) {
        const as_diag *d = &diags->list.items[i];
        if (d->severity == AS_DIAG_ERROR) {
            return as_fn_fail(call, "%s%.*s%s%.*s", prefix, AS_STR_ARG(d->summary),
                    d->detail.n > 0 ? "; " : "", AS_STR_ARG(d->detail));
        }
    }
    return as_fn_fail(call, "%sthe template cannot be rendered", prefix);
}

static bool check_vars(template *t)
{
    as_type_kind kind = as_type_kind_of(t->vars);
    if ((kind != AS_TYPE_MAP && kind != AS_TYPE_OBJECT) || t->vars->kind != AS_OBJECT) {
        as_fn_fail_arg(t->call, 1, "invalid vars value: must be a map");
        return false;
    }
    for (size_t i = 0; i < t->vars->as.object->n; i++) {
        as_str name = t->vars->as.object->members[i].key;
        if (!as_ident_valid(name)) {
            as_fn_fail_arg(t->call, 1,
                    "invalid template variable name \"%.*s\": must start with a letter, followed "
                    "by "
                    "zero or more letters, digits, and underscores",
                    AS_STR_ARG(name));
            return false;
        }
    }
    return true;
}

/* The template with its variables: a string, or what a lone interpolation gives. NULL after a
 * failure. */
static const as_value *render(template *t, const as_hcl_expr *expr)
{
    as_hcl_call *call = t->call;
    as_diags diags;
    if (!check_vars(t)) {
        return NULL;
    }
    as_hcl_expr_references(expr, check_reference, t);
    as_hcl_expr_walk(expr, check_call, t);
    if (t->failed) {
        return NULL;
    }
    as_diags_init(&diags, call->arena);
    as_hcl_ctx ctx = *call->ctx;
    ctx.diags = &diags;
    ctx.resolve = resolve;
    ctx.host = t;
    ctx.frames = NULL;
    ctx.splat_item = NULL;
    ctx.depth++;
    const as_value *v = as_hcl_eval(&ctx, expr);
    if (diags.n_errors > 0) {
        return fail_with(call, &diags, "");
    }
    if (v->kind == AS_NULL) {
        return as_fn_fail(call,
                "Template result is null; The result of the template is null, which is not a valid "
                "result for a templatestring call.");
    }
    return as_value_at(call->arena, v, call->span);
}

/* --- templatefile ------------------------------------------------------------------------------------- */

static const as_value *fn_templatefile(as_hcl_call *call)
{
    enum { RENDER_STEPS = 500, STEPS_PER_BYTE = 4 }; /* it is read and parsed each time */
    unsigned marks = as_hcl_marks(call->args[0]) | as_hcl_marks_deep(call->arena, call->args[1]);
    const as_value *unknown;
    if (!as_hcl_is_known(call->args[0]) || !as_hcl_is_known(call->args[1])) {
        return as_hcl_with_marks(call->arena, as_fn_unknown(call, &as_type_any), marks);
    }
    const as_source *source = as_fn_file_source(call, 0, &unknown);
    if (!source) {
        return unknown ? as_hcl_with_marks(call->arena, unknown, marks) : NULL;
    }
    as_diags diags;
    as_diags_init(&diags, call->arena);
    as_arena_spend(call->arena, RENDER_STEPS + source->text.n * STEPS_PER_BYTE);
    const as_hcl_expr *expr = as_hcl_parse_template(call->arena, source, &diags);
    if (diags.n_errors > 0) {
        return fail_with(call, &diags, "");
    }
    template t = {.call = call,
            .vars = as_hcl_unmark_deep(call->arena, call->args[1]),
            .may_read_files = true};
    const as_value *v = render(&t, expr);
    return v ? as_hcl_with_marks(call->arena, v, marks) : NULL;
}

/* --- templatestring ----------------------------------------------------------------------------------- */

/* A reference to something elsewhere, which no literal and no template is. */
static bool is_reference(const as_hcl_expr *expr)
{
    switch (expr->kind) {
    case AS_HCL_TRAVERSAL:
        return true;
    case AS_HCL_RELATIVE:
        return is_reference(expr->as.relative.source);
    case AS_HCL_INDEX:
        return is_reference(expr->as.index.collection);
    case AS_HCL_SPLAT:
        return is_reference(expr->as.splat.source);
    default:
        return false;
    }
}

static const char *why_no_reference(const as_hcl_expr *expr)
{
    switch (expr->kind) {
    case AS_HCL_TEMPLATE_WRAP:
        return "templatestring is only for rendering templates retrieved dynamically from "
               "elsewhere; "
               "to treat the inner expression as template syntax, write the reference expression "
               "directly without any template interpolation syntax";
    case AS_HCL_LITERAL:
        return "templatestring is only for rendering templates retrieved dynamically from "
               "elsewhere, "
               "and so does not support providing a literal template; consider using a template "
               "string expression instead";
    case AS_HCL_TEMPLATE:
        return "templatestring is only for rendering templates retrieved dynamically from "
               "elsewhere; "
               "to render an inline template, consider using a plain template string expression";
    default:
        return "must be a direct reference to a single string from elsewhere, containing valid "
               "Terraform template syntax";
    }
}

static const as_value *render_text(as_hcl_call *call, const as_value *text, const as_value *vars)
{
    as_diags diags;
    as_diags_init(&diags, call->arena);
    const as_hcl_expr *expr =
            as_hcl_parse_template_text(call->arena, as_value_str(text), call->span, &diags);
    if (diags.n_errors > 0) {
        fail_with(call, &diags, "invalid template: ");
        call->error_arg = 0;
        return NULL;
    }
    template t = {.call = call, .vars = as_hcl_unmark_deep(call->arena, vars)};
    const as_value *v = render(&t, expr);
    if (!v) {
        return NULL;
    }
    const as_value *string = as_convert(call->arena, v, &as_type_string, NULL);
    return string ? string : as_fn_fail(call, "invalid template result: a string is required");
}

static const as_value *lazy_templatestring(
        as_hcl_call *call, const as_hcl_expr *const *args, size_t n)
{
    as_hcl_ctx *ctx = call->ctx;
    size_t errors = ctx->diags->n_errors;
    if (n != 2) {
        return as_fn_fail(call, "two arguments are required, %zu given", n);
    }
    if (!is_reference(args[0])) {
        return as_fn_fail_arg(
                call, 0, "invalid template expression: %s", why_no_reference(args[0]));
    }
    const as_value *values[] = {as_hcl_eval(ctx, args[0]), as_hcl_eval(ctx, args[1])};
    if (!as_hcl_ok(ctx, errors)) {
        return as_hcl_unknown(call->arena, call->span, &as_type_string,
                AS_STR("the template's arguments have errors"));
    }
    unsigned marks = as_hcl_marks(values[0]) | as_hcl_marks_deep(call->arena, values[1]);
    call->args = values;
    call->n = 2;
    const as_value *v;
    if (values[1]->kind == AS_NULL) {
        return as_fn_fail_arg(call, 1, "argument must not be null");
    }
    if (!as_hcl_is_known(values[1]) && as_type_kind_of(values[1]) == AS_TYPE_ANY) {
        v = as_fn_unknown(call, &as_type_any);
    } else if (!as_hcl_is_known(values[0]) || !as_hcl_is_known(values[1])) {
        v = as_hcl_refine_not_null(call->arena, as_fn_unknown(call, &as_type_string));
    } else if (values[0]->kind != AS_STRING) {
        return as_fn_fail_arg(call, 0, "invalid template value: a string is required");
    } else {
        v = render_text(call, values[0], values[1]);
    }
    return v ? as_hcl_with_marks(call->arena, v, marks) : NULL;
}

static const as_hcl_function functions[] = {
        {.name = "templatefile",
                .impl = fn_templatefile,
                .params = {{"path", &as_type_string, AS_PARAM_MARKED | AS_PARAM_UNKNOWN},
                        {"vars", &as_type_any, AS_PARAM_MARKED | AS_PARAM_UNKNOWN}}},
        {.name = "templatestring",
                .lazy = lazy_templatestring,
                .params = {{"template", &as_type_string, 0}, {"vars", &as_type_any, 0}}},
        {0},
};
const as_hcl_family as_hcl_family_template = {"template", functions};
