/* Evaluation of expressions (hclsyntax/expression.go, expression_ops.go, expression_template.go).
 *
 * Marks, references and the reason of the first unknown flow from the operands into each result. */
#include "parsers/hcl/evaluator.h"

#include "engine/base/limits.h"
#include "engine/base/normalize.h"

#define MAX_EVAL_DEPTH (4 * AS_MAX_DEPTH)

/* --- results ---------------------------------------------------------------------------------- */

void as_eval_error(as_hcl_ctx *ctx, as_span span, const char *summary, const char *detail, ...)
{
    as_diags_add(ctx->diags, AS_DIAG_ERROR, "hcl-eval", span, "%s", summary);
    va_list args;
    va_start(args, detail);
    as_buf text;
    as_buf_init(&text, ctx->arena, 0);
    as_buf_vfmt(&text, detail, args);
    va_end(args);
    as_diags_detail(ctx->diags, "%s", as_buf_c(&text));
}

const as_value *as_eval_failed(as_hcl_ctx *ctx, as_span span, const as_type *type)
{
    return as_hcl_unknown(ctx->arena, span, type, AS_STR("the expression has an error"));
}

void as_nature_add(as_nature *nature, as_arena *arena, const as_value *v)
{
    nature->marks |= as_hcl_marks(v);
    if (!v->meta)
        return;
    if (v->meta->refs)
        nature->refs =
                nature->refs ? as_refs_union(arena, nature->refs, v->meta->refs) : v->meta->refs;
    if (v->kind == AS_UNKNOWN && nature->reason.n == 0)
        nature->reason = v->meta->reason;
    if (!nature->trail)
        nature->trail = v->meta->trail;
}

const as_value *as_nature_apply(const as_nature *nature, as_arena *arena, const as_value *v)
{
    if (nature->refs)
        v = as_value_with_refs(arena, v,
                as_value_refs(v) ? as_refs_union(arena, as_value_refs(v), nature->refs)
                                 : nature->refs);
    return as_hcl_with_marks(arena, v, nature->marks);
}

const as_value *as_nature_unknown(
        const as_nature *nature, as_arena *arena, as_span span, const as_type *type)
{
    as_str reason = nature->reason.n > 0 ? nature->reason : AS_STR("not known before apply");
    return as_nature_apply(nature, arena, as_hcl_unknown(arena, span, type, reason));
}

/* --- traversals ------------------------------------------------------------------------------- */

/* The references of a container, one step further. */
static const as_ref *extend_refs(as_arena *arena, const as_ref *refs, as_str step, as_span span)
{
    if (!refs)
        return NULL;
    as_ref *ref = AS_NEW(arena, as_ref);
    *ref = *refs;
    ref->span = span;
    bool index = step.n > 0 && step.p[0] == '[';
    ref->path = refs->path.n == 0 ? step
                                  : as_str_fmt(arena, "%.*s%s%.*s", AS_STR_ARG(refs->path),
                                            index ? "" : ".", AS_STR_ARG(step));
    ref->next = extend_refs(arena, refs->next, step, span);
    return ref;
}

/* An element reached from `from`: marks of the container stay on it, and its references lead on
 * unless it has its own. */
static const as_value *reached(
        as_hcl_ctx *ctx, const as_value *from, const as_value *v, as_str step, as_span span)
{
    if (as_value_refs(from) && !as_value_refs(v))
        v = as_value_with_refs(
                ctx->arena, v, extend_refs(ctx->arena, as_value_refs(from), step, span));
    return as_hcl_with_marks(ctx->arena, v, as_hcl_marks(from));
}

/* An element of something unknown. */
static const as_value *reached_unknown(
        as_hcl_ctx *ctx, const as_value *from, const as_type *type, as_str step, as_span span)
{
    const as_value *v = as_hcl_unknown(ctx->arena, span, type, as_value_reason(from));
    if (from->meta && from->meta->trail) {
        as_value *copy = as_value_copy(ctx->arena, v);
        as_meta *meta = AS_NEW(ctx->arena, as_meta);
        *meta = *v->meta;
        meta->trail = from->meta->trail;
        copy->meta = meta;
        v = copy;
    }
    return reached(ctx, from, v, step, span);
}

/* A member of an open object that only its provider knows. */
static const as_value *undecided(as_hcl_ctx *ctx, const as_value *v, as_str name, as_span span)
{
    const as_value *out = reached(ctx, v,
            as_hcl_unknown(ctx->arena, span, NULL, AS_STR("known after apply")), name, span);
    const as_ref *ref = as_value_refs(out);
    if (!ref)
        return out;
    as_value *copy = as_value_copy(ctx->arena, out);
    as_meta *meta = AS_NEW(ctx->arena, as_meta);
    *meta = *out->meta;
    meta->reason = as_str_fmt(ctx->arena, "%.*s.%.*s is known after apply",
            AS_STR_ARG(ref->address), AS_STR_ARG(ref->path));
    copy->meta = meta;
    return copy;
}

static const as_value *no_attribute(as_hcl_ctx *ctx, as_span span, const as_value *v)
{
    static const char summary[] = "Unsupported attribute";
    const as_type *type = v->type;
    as_type_kind kind = as_type_kind_of(v);
    bool sequence = kind == AS_TYPE_LIST || kind == AS_TYPE_SET;
    if (sequence && type->element->kind == AS_TYPE_OBJECT)
        as_eval_error(ctx, span, summary,
                "A %s of objects has no attributes itself; its elements do.",
                kind == AS_TYPE_LIST ? "list" : "set");
    else if (kind >= AS_TYPE_BOOL && kind <= AS_TYPE_STRING)
        as_eval_error(ctx, span, summary, "A %.*s has no attributes.",
                AS_STR_ARG(as_type_friendly_name(ctx->arena, as_type_of(ctx->arena, v))));
    else
        as_eval_error(ctx, span, summary, "This value does not have any attributes.");
    return as_eval_failed(ctx, span, NULL);
}

const as_value *as_hcl_get_attribute(as_hcl_ctx *ctx, const as_value *v, as_str name, as_span span)
{
    as_type_kind kind = as_type_kind_of(v);
    if (v->kind == AS_NULL) {
        as_eval_error(ctx, span, "Attempt to get attribute from null value",
                "This value is null, so it does not have any attributes.");
        return as_eval_failed(ctx, span, NULL);
    }
    if (v->kind == AS_UNKNOWN && kind == AS_TYPE_ANY)
        return reached_unknown(ctx, v, NULL, name, span);
    if (kind != AS_TYPE_OBJECT && kind != AS_TYPE_MAP)
        return no_attribute(ctx, span, v);
    if (v->kind == AS_UNKNOWN && kind == AS_TYPE_MAP)
        return reached_unknown(ctx, v, v->type->element, name, span);
    if (v->kind == AS_UNKNOWN) {
        const as_type_field *field = as_type_field_get(v->type, name);
        if (field)
            return reached_unknown(ctx, v, field->type, name, span);
    } else {
        const as_value *member = as_value_get(v, name);
        if (member)
            return reached(ctx, v, member, name, span);
    }
    if (v->flags & AS_OPEN)
        return undecided(ctx, v, name, span);
    if (kind == AS_TYPE_MAP)
        as_eval_error(ctx, span, "Missing map element",
                "This map does not have an element with the key \"%.*s\".", AS_STR_ARG(name));
    else
        as_eval_error(ctx, span, "Unsupported attribute",
                "This object does not have an attribute named \"%.*s\".", AS_STR_ARG(name));
    return as_eval_failed(ctx, span, NULL);
}

static const as_value *invalid_index(as_hcl_ctx *ctx, as_span span, const char *why)
{
    as_eval_error(ctx, span, "Invalid index",
            "The given key does not identify an element in this collection value%s%s.",
            why[0] ? ": " : "", why);
    return as_eval_failed(ctx, span, NULL);
}

static as_str index_step(as_hcl_ctx *ctx, const as_value *key)
{
    as_buf out;
    as_buf_init(&out, ctx->arena, 0);
    as_buf_char(&out, '[');
    if (key->kind == AS_STRING)
        as_buf_json_string(&out, key->as.str);
    else
        as_buf_str(&out, as_num_text(ctx->arena, key));
    as_buf_char(&out, ']');
    return as_buf_view(&out);
}

/* `step` is only wanted where there are references. */
static as_str ref_step(as_hcl_ctx *ctx, const as_value *v, const as_value *key)
{
    return as_value_refs(v) && key->kind != AS_UNKNOWN ? index_step(ctx, key) : AS_STR("[*]");
}

static const as_value *index_sequence(
        as_hcl_ctx *ctx, const as_value *v, const as_value *key, as_span span)
{
    bool tuple = as_type_kind_of(v) == AS_TYPE_TUPLE;
    if (key->kind == AS_UNKNOWN || (v->kind == AS_UNKNOWN && !tuple)) {
        const as_value *base = v->kind == AS_UNKNOWN ? v : key;
        const as_value *element =
                reached_unknown(ctx, base, tuple ? NULL : v->type->element, AS_STR("[*]"), span);
        return reached(ctx, v, element, AS_STR("[*]"), span);
    }
    int64_t i;
    size_t n = v->kind == AS_UNKNOWN ? v->type->n : v->as.list.n;
    if (as_num_to_int(key, &i) && i >= 0 && (uint64_t)i < n) {
        as_str step = ref_step(ctx, v, key);
        if (v->kind == AS_UNKNOWN)
            return reached_unknown(ctx, v, v->type->as.items[i], step, span);
        return reached(ctx, v, v->as.list.items[i], step, span);
    }
    if (!as_num_is_whole(key))
        return invalid_index(ctx, span,
                "indexing a sequence requires a whole number, but the given index has a "
                "fractional part");
    if (as_num_sign(key) < 0)
        return invalid_index(ctx, span, "a negative number is not a valid index for a sequence");
    return invalid_index(ctx, span,
            n == 0 ? "the collection has no elements"
                   : "the given index is greater than or equal to the length of the collection");
}

static const as_value *index_keyed(
        as_hcl_ctx *ctx, const as_value *v, const as_value *key, as_span span, bool by_number)
{
    bool map = as_type_kind_of(v) == AS_TYPE_MAP;
    if (key->kind == AS_UNKNOWN || (v->kind == AS_UNKNOWN && map)) {
        const as_value *base = v->kind == AS_UNKNOWN ? v : key;
        const as_value *element =
                reached_unknown(ctx, base, map ? v->type->element : NULL, AS_STR("[*]"), span);
        return reached(ctx, v, element, AS_STR("[*]"), span);
    }
    as_str step = ref_step(ctx, v, key);
    if (v->kind == AS_UNKNOWN) {
        const as_type_field *field = as_type_field_get(v->type, key->as.str);
        if (field)
            return reached_unknown(ctx, v, field->type, step, span);
    } else {
        const as_value *member = as_value_get(v, key->as.str);
        if (member)
            return reached(ctx, v, member, step, span);
    }
    if ((v->flags & AS_OPEN) && !by_number)
        return undecided(ctx, v, key->as.str, span);
    return invalid_index(
            ctx, span, by_number && !map ? "attributes of an object have names, not numbers" : "");
}

const as_value *as_hcl_get_index(
        as_hcl_ctx *ctx, const as_value *v, const as_value *key, as_span span)
{
    as_type_kind kind = as_type_kind_of(v);
    if (v->kind == AS_NULL) {
        as_eval_error(ctx, span, "Attempt to index null value",
                "This value is null, so it does not have any indices.");
        return as_eval_failed(ctx, span, NULL);
    }
    if (key->kind == AS_NULL) {
        as_eval_error(ctx, span, "Invalid index", "Can't use a null value as an indexing key.");
        return as_eval_failed(ctx, span, NULL);
    }
    if (kind == AS_TYPE_ANY || (key->kind == AS_UNKNOWN && as_type_kind_of(key) == AS_TYPE_ANY))
        return reached(ctx, v,
                reached_unknown(ctx, kind == AS_TYPE_ANY ? v : key, NULL, AS_STR("[*]"), span),
                AS_STR("[*]"), span);
    if (kind < AS_TYPE_LIST || kind == AS_TYPE_SET) {
        as_eval_error(ctx, span, "Invalid index",
                kind == AS_TYPE_SET ? "Elements of a set have no index or key."
                                    : "This value does not have any indices.");
        return as_eval_failed(ctx, span, NULL);
    }
    bool sequence = kind == AS_TYPE_LIST || kind == AS_TYPE_TUPLE;
    as_convert_error error;
    bool by_number = as_type_kind_of(key) == AS_TYPE_NUMBER;
    const as_value *converted =
            as_convert(ctx->arena, key, sequence ? &as_type_number : &as_type_string, &error);
    if (!converted)
        return invalid_index(ctx, span, as_str_cstr(ctx->arena, error.message));
    const as_value *element = sequence ? index_sequence(ctx, v, converted, span)
                                       : index_keyed(ctx, v, converted, span, by_number);
    return as_hcl_with_marks(ctx->arena, element, as_hcl_marks(key));
}

const as_value *as_hcl_walk(
        as_hcl_ctx *ctx, const as_value *v, const as_hcl_traversal *traversal, size_t first)
{
    for (size_t i = first; i < traversal->n; i++) {
        const as_hcl_step *step = &traversal->steps[i];
        size_t errors = ctx->diags->n_errors;
        v = step->is_index ? as_hcl_get_index(ctx, v, step->key, step->span)
                           : as_hcl_get_attribute(ctx, v, step->name, step->span);
        if (!as_hcl_ok(ctx, errors))
            break;
    }
    return v;
}

static const as_value *unknown_name(as_hcl_ctx *ctx, const as_hcl_step *root)
{
    if (!ctx->resolve && !ctx->frames)
        as_eval_error(ctx, root->span, "Variables not allowed", "Variables may not be used here.");
    else
        as_eval_error(ctx, root->span, "Unknown variable", "There is no variable named \"%.*s\".",
                AS_STR_ARG(root->name));
    return as_eval_failed(ctx, root->span, NULL);
}

static const as_value *eval_traversal(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    const as_hcl_traversal *traversal = &expr->as.traversal;
    const as_hcl_step *root = &traversal->steps[0];
    for (const as_hcl_frame *frame = ctx->frames; frame; frame = frame->outer)
        if (as_str_eq(frame->name, root->name))
            return as_hcl_walk(ctx, frame->value, traversal, 1);
    size_t used = 1, errors = ctx->diags->n_errors;
    const as_value *v = NULL;
    if (ctx->resolve)
        v = ctx->resolve(ctx->host, ctx, traversal, expr->span, &used);
    if (!v)
        return as_hcl_ok(ctx, errors) ? unknown_name(ctx, root)
                                      : as_eval_failed(ctx, expr->span, NULL);
    return as_hcl_walk(ctx, v, traversal, used);
}

/* --- templates -------------------------------------------------------------------------------- */

#define KNOWN_PREFIX_BYTES 128

static void bad_part(as_hcl_ctx *ctx, as_span span, const char *why)
{
    as_eval_error(ctx, span, "Invalid template interpolation value", "%s", why);
}

/* The text of one part. False when it has none: an error, or unknown (then *known is cleared). */
static bool part_text(as_hcl_ctx *ctx, const as_value *v, as_span span, as_str *text, bool *known)
{
    if (v->kind == AS_NULL) {
        bad_part(ctx, span, "The expression result is null, which no string can include.");
        return false;
    }
    if (v->kind == AS_UNKNOWN) {
        *known = false;
        return false;
    }
    as_convert_error error;
    const as_value *string = as_convert(ctx->arena, v, &as_type_string, &error);
    if (!string) {
        as_eval_error(ctx, span, "Invalid template interpolation value",
                "Cannot include the given value in a string template: %.*s.",
                AS_STR_ARG(error.message));
        return false;
    }
    *text = string->as.str;
    return true;
}

static const as_value *eval_template(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    enum { BYTES_PER_STEP = 4 };
    as_hcl_exprs parts = expr->as.list;
    if (parts.n == 1 && parts.items[0]->kind == AS_HCL_LITERAL &&
            parts.items[0]->as.literal->kind == AS_STRING)
        return parts.items[0]->as.literal;
    as_buf out;
    as_buf_init(&out, ctx->arena, 0);
    as_nature nature = {0};
    bool known = true;
    size_t errors = ctx->diags->n_errors;
    const as_value **pieces = AS_NEW_ARRAY(ctx->arena, const as_value *, parts.n);
    for (size_t i = 0; i < parts.n; i++) {
        const as_value *v = as_hcl_eval(ctx, parts.items[i]);
        as_str text;
        as_nature_add(&nature, ctx->arena, v);
        pieces[i] = v;
        if (!part_text(ctx, v, parts.items[i]->span, &text, &known))
            continue;
        pieces[i] = as_value_string(ctx->arena, v->span, text);
        if (known)
            as_buf_str(&out, text);
    }
    if (known && as_hcl_ok(ctx, errors)) {
        as_arena_spend(ctx->arena, out.n / BYTES_PER_STEP);
        as_str text = as_str_nfc(ctx->arena, as_buf_view(&out));
        const as_value *v = as_value_string(ctx->arena, expr->span, text);
        return as_nature_apply(&nature, ctx->arena, v);
    }
    const as_value *v = as_nature_unknown(&nature, ctx->arena, expr->span, &as_type_string);
    as_hcl_refinement refinement = {.not_null = true, .max_length = -1};
    if (as_hcl_ok(ctx, errors))
        refinement.prefix = as_str_slice(as_buf_view(&out), 0, KNOWN_PREFIX_BYTES);
    v = as_hcl_refine(ctx->arena, v, refinement);
    return as_hcl_ok(ctx, errors) ? as_value_with_pieces(ctx->arena, v,
                                            as_value_list(ctx->arena, expr->span, pieces, parts.n))
                                  : v;
}

static const as_value *eval_join(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    const as_value *tuple = as_hcl_eval(ctx, expr->as.inner);
    as_nature nature = {0};
    as_nature_add(&nature, ctx->arena, tuple);
    if (tuple->kind != AS_LIST)
        return as_nature_unknown(&nature, ctx->arena, expr->span, &as_type_string);
    as_buf out;
    as_buf_init(&out, ctx->arena, 0);
    bool known = true;
    for (size_t i = 0; i < tuple->as.list.n; i++) {
        as_str text;
        as_nature_add(&nature, ctx->arena, tuple->as.list.items[i]);
        if (part_text(ctx, tuple->as.list.items[i], expr->span, &text, &known))
            as_buf_str(&out, text);
    }
    if (!known)
        return as_nature_unknown(&nature, ctx->arena, expr->span, &as_type_string);
    return as_nature_apply(
            &nature, ctx->arena, as_value_string(ctx->arena, expr->span, as_buf_view(&out)));
}

/* --- tuples and objects ----------------------------------------------------------------------- */

static const as_value *eval_tuple(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    size_t n = expr->as.list.n;
    const as_value **items = AS_NEW_ARRAY(ctx->arena, const as_value *, n);
    for (size_t i = 0; i < n; i++)
        items[i] = as_hcl_eval(ctx, expr->as.list.items[i]);
    return as_hcl_tuple(ctx->arena, expr->span, items, n);
}

/* The key of one item; NULL after an error. */
static const as_value *eval_key(as_hcl_ctx *ctx, const as_hcl_object_item *item)
{
    if (item->keyword.n > 0)
        return as_value_string(ctx->arena, item->key->span, item->keyword);
    if (item->key->kind == AS_HCL_TRAVERSAL && item->key->as.traversal.n > 1) {
        as_eval_error(ctx, item->key->span, "Ambiguous attribute key",
                "Write a reference in parentheses, or a name with periods in quotes.");
        return NULL;
    }
    size_t errors = ctx->diags->n_errors;
    const as_value *key = as_hcl_eval(ctx, item->key);
    return as_hcl_ok(ctx, errors) ? key : NULL;
}

/* The key as a string; NULL when it is none, or unknown. */
static const as_value *key_string(
        as_hcl_ctx *ctx, const as_hcl_object_item *item, const as_value *key, as_nature *nature)
{
    if (key->kind == AS_NULL) {
        as_eval_error(
                ctx, item->value->span, "Null value as key", "Can't use a null value as a key.");
        return NULL;
    }
    as_nature_add(nature, ctx->arena, key);
    as_convert_error error;
    const as_value *string = as_convert(ctx->arena, key, &as_type_string, &error);
    if (!string)
        as_eval_error(ctx, item->key->span, "Incorrect key type",
                "Can't use this value as a key: %.*s.", AS_STR_ARG(error.message));
    return string && string->kind == AS_STRING ? string : NULL;
}

static const as_value *eval_object(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    size_t n = expr->as.object.n;
    as_member *members = AS_NEW_ARRAY(ctx->arena, as_member, n);
    bool known = true;
    as_nature nature = {0};
    for (size_t i = 0; i < n; i++) {
        const as_hcl_object_item *item = &expr->as.object.items[i];
        const as_value *key = eval_key(ctx, item);
        const as_value *value = as_hcl_eval(ctx, item->value);
        if (key)
            key = key_string(ctx, item, key, &nature);
        known = known && key;
        if (key)
            members[i] = (as_member){key->as.str, item->key->span, value};
    }
    if (!known)
        return as_nature_unknown(&nature, ctx->arena, expr->span, NULL);
    const as_value *object = as_hcl_object(ctx->arena, expr->span, members, n);
    return as_hcl_with_marks(ctx->arena, object, nature.marks);
}

/* --- the rest --------------------------------------------------------------------------------- */

static const as_value *eval_index(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    size_t errors = ctx->diags->n_errors;
    const as_value *collection = as_hcl_eval(ctx, expr->as.index.collection);
    const as_value *key = as_hcl_eval(ctx, expr->as.index.key);
    if (!as_hcl_ok(ctx, errors))
        return as_eval_failed(ctx, expr->span, NULL);
    return as_hcl_get_index(ctx, collection, key, expr->as.index.brackets);
}

static const as_value *eval_relative(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    size_t errors = ctx->diags->n_errors;
    const as_value *source = as_hcl_eval(ctx, expr->as.relative.source);
    if (!as_hcl_ok(ctx, errors))
        return as_eval_failed(ctx, expr->span, NULL);
    return as_hcl_walk(ctx, source, &expr->as.relative.steps, 0);
}

static const as_value *eval_splat_item(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    return ctx->splat_item ? ctx->splat_item : as_eval_failed(ctx, expr->span, NULL);
}

static const as_value *dispatch(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    switch ((as_hcl_kind)expr->kind) {
    case AS_HCL_LITERAL:
        return expr->as.literal;
    case AS_HCL_TEMPLATE:
        return eval_template(ctx, expr);
    case AS_HCL_TEMPLATE_WRAP:
    case AS_HCL_PAREN:
        return as_hcl_eval(ctx, expr->as.inner);
    case AS_HCL_TEMPLATE_JOIN:
        return eval_join(ctx, expr);
    case AS_HCL_TRAVERSAL:
        return eval_traversal(ctx, expr);
    case AS_HCL_RELATIVE:
        return eval_relative(ctx, expr);
    case AS_HCL_CALL:
        return as_eval_call(ctx, expr);
    case AS_HCL_CONDITIONAL:
        return as_eval_conditional(ctx, expr);
    case AS_HCL_INDEX:
        return eval_index(ctx, expr);
    case AS_HCL_TUPLE:
        return eval_tuple(ctx, expr);
    case AS_HCL_OBJECT:
        return eval_object(ctx, expr);
    case AS_HCL_FOR:
        return as_eval_for(ctx, expr);
    case AS_HCL_SPLAT:
        return as_eval_splat(ctx, expr);
    case AS_HCL_SPLAT_ITEM:
        return eval_splat_item(ctx, expr);
    case AS_HCL_BINARY:
        return as_eval_binary(ctx, expr);
    case AS_HCL_UNARY:
        return as_eval_unary(ctx, expr);
    case AS_HCL_BAD:
        break;
    }
    return as_hcl_unknown(
            ctx->arena, expr->span, NULL, AS_STR("the expression has a syntax error"));
}

const as_value *as_hcl_eval(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    if (ctx->steps) {
        if (*ctx->steps == 0)
            as_arena_unwind(ctx->arena, AS_CAUSE_BUDGET);
        --*ctx->steps;
    }
    if (ctx->depth >= MAX_EVAL_DEPTH) {
        as_eval_error(ctx, expr->span, "Expression nested too deep",
                "At most %d levels are evaluated.", MAX_EVAL_DEPTH);
        return as_eval_failed(ctx, expr->span, NULL);
    }
    ctx->depth++;
    const as_value *v = dispatch(ctx, expr);
    ctx->depth--;
    if (v->span.file == expr->span.file && v->span.begin == expr->span.begin &&
            v->span.end == expr->span.end)
        return v;
    return as_value_at(ctx->arena, v, expr->span);
}

const as_value *as_hcl_eval_as(as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_type *want)
{
    size_t errors = ctx->diags->n_errors;
    const as_value *v = as_hcl_eval(ctx, expr);
    if (!as_hcl_ok(ctx, errors))
        return as_eval_failed(ctx, expr->span, want);
    as_convert_error error;
    const as_value *converted = as_convert(ctx->arena, v, want, &error);
    if (converted)
        return converted;
    as_str why = as_convert_error_text(ctx->arena, &error);
    as_eval_error(
            ctx, expr->span, "Incorrect value type", "Unsuitable value: %.*s.", AS_STR_ARG(why));
    return as_eval_failed(ctx, expr->span, want);
}
