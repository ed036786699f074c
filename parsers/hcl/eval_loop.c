/* `for` expressions and splats (hclsyntax/expression.go, ForExpr and SplatExpr). */
#include "parsers/hcl/evaluator.h"

#include "engine/base/map.h"

/* --- for -------------------------------------------------------------------------------------- */

typedef struct item_list {
    const as_value **items;
    size_t n, cap;
} item_list;

typedef struct keyed {
    as_span key_span;
    item_list values;
} keyed;

typedef struct loop_state {
    as_hcl_ctx *ctx;
    const as_hcl_expr *expr;
    const as_hcl_for *loop;
    as_nature nature; /* of the collection, the conditions and the keys */
    bool known;
    item_list items; /* of a tuple */
    as_map keys;     /* of an object: key → keyed */
} loop_state;

static void complain(loop_state *s, const as_hcl_expr *at, const char *summary, const char *detail)
{
    if (s->known)
        as_eval_error(s->ctx, at->span, summary, "%s", detail);
    s->known = false;
}

static void complain_type(
        loop_state *s, const as_hcl_expr *at, const char *summary, const as_convert_error *error)
{
    as_str detail = as_str_fmt(
            s->ctx->arena, "The result is unsuitable: %.*s.", AS_STR_ARG(error->message));
    complain(s, at, summary, as_str_cstr(s->ctx->arena, detail));
}

/* Whether the item is taken. */
static bool included(loop_state *s)
{
    const as_hcl_expr *condition = s->loop->condition;
    if (!condition)
        return true;
    const as_value *v = as_hcl_eval(s->ctx, condition);
    if (v->kind == AS_NULL) {
        complain(s, condition, "Invalid 'for' condition", "The 'if' clause must not be null.");
        return false;
    }
    as_nature_add(&s->nature, s->ctx->arena, v);
    as_convert_error error;
    const as_value *truth = as_convert(s->ctx->arena, v, &as_type_bool, &error);
    if (!truth) {
        complain_type(s, condition, "Invalid 'for' condition", &error);
        return false;
    }
    if (truth->kind == AS_UNKNOWN) {
        s->known = false;
        return false;
    }
    return truth->as.boolean;
}

static void add_keyed(loop_state *s, const as_value *key, const as_value *value)
{
    as_arena *arena = s->ctx->arena;
    keyed *entry = as_map_get(&s->keys, key->as.str);
    if (!entry) {
        entry = AS_NEW(arena, keyed);
        entry->key_span = key->span;
        as_map_put(arena, &s->keys, key->as.str, entry);
    } else if (!s->loop->group) {
        as_eval_error(s->ctx, s->loop->key->span, "Duplicate object key",
                "Two items give the key \"%.*s\". To group them, write an ellipsis (...) after "
                "the value.",
                AS_STR_ARG(key->as.str));
        return;
    }
    AS_VEC_PUSH(arena, &entry->values, value);
}

static void visit_item(loop_state *s)
{
    if (!included(s))
        return;
    as_arena *arena = s->ctx->arena;
    if (!s->loop->key) {
        const as_value *item = as_hcl_eval(s->ctx, s->loop->value);
        AS_VEC_PUSH(arena, &s->items, item);
        return;
    }
    const as_value *key = as_hcl_eval(s->ctx, s->loop->key);
    if (key->kind == AS_NULL) {
        complain(s, s->loop->key, "Invalid object key", "A key must not be null.");
        return;
    }
    as_nature_add(&s->nature, arena, key);
    as_convert_error error;
    const as_value *string =
            key->kind == AS_UNKNOWN ? key : as_convert(arena, key, &as_type_string, &error);
    if (!string) {
        complain_type(s, s->loop->key, "Invalid object key", &error);
    } else if (string->kind == AS_UNKNOWN) {
        s->known = false;
    } else {
        add_keyed(s, string, as_hcl_eval(s->ctx, s->loop->value));
    }
}

static const as_value *loop_result(loop_state *s)
{
    as_arena *arena = s->ctx->arena;
    as_span span = s->expr->span;
    if (!s->known)
        return as_nature_unknown(&s->nature, arena, span, NULL);
    const as_value *v;
    if (!s->loop->key) {
        v = as_hcl_tuple(arena, span, s->items.items, s->items.n);
    } else {
        as_member *members = AS_NEW_ARRAY(arena, as_member, s->keys.n);
        for (size_t i = 0; i < s->keys.n; i++) {
            const keyed *entry = s->keys.entries[i].value;
            members[i] = (as_member){s->keys.entries[i].key, entry->key_span,
                    s->loop->group ? as_hcl_tuple(arena, span, entry->values.items, entry->values.n)
                                   : entry->values.items[0]};
        }
        v = as_hcl_object(arena, span, members, s->keys.n);
    }
    return as_hcl_with_marks(arena, v, s->nature.marks);
}

/* Evaluates the item with its names bound. */
static void run_item(loop_state *s, const as_value *key, const as_value *value)
{
    as_hcl_frame frames[2] = {
            {s->ctx->frames, s->loop->key_name, key}, {NULL, s->loop->value_name, value}};
    const as_hcl_frame *outer = s->ctx->frames;
    frames[1].outer = s->loop->key_name.n > 0 ? &frames[0] : outer;
    s->ctx->frames = &frames[1];
    visit_item(s);
    s->ctx->frames = outer;
}

/* The condition is tried once with nothing known, so that one that can never do is an error even
 * for an empty collection. False after an error. */
static bool condition_can_do(loop_state *s)
{
    as_hcl_ctx *ctx = s->ctx;
    const as_hcl_expr *condition = s->loop->condition;
    if (!condition)
        return true;
    size_t errors = ctx->diags->n_errors;
    const as_value *any = as_hcl_unknown(ctx->arena, condition->span, NULL, AS_STR("any item"));
    as_hcl_frame key = {ctx->frames, s->loop->key_name, any};
    as_hcl_frame value = {&key, s->loop->value_name, any};
    const as_hcl_frame *outer = ctx->frames;
    ctx->frames = &value;
    const as_value *v = as_hcl_eval(ctx, condition);
    ctx->frames = outer;
    as_convert_error error;
    if (v->kind == AS_NULL)
        complain(s, condition, "Condition is null", "The 'if' clause must not be null.");
    else if (!as_convert(ctx->arena, v, &as_type_bool, &error))
        complain_type(s, condition, "Invalid 'for' condition", &error);
    s->nature.marks |= as_hcl_marks(v);
    return as_hcl_ok(ctx, errors);
}

const as_value *as_eval_for(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    const as_hcl_for *loop = expr->as.loop;
    size_t errors = ctx->diags->n_errors;
    const as_value *collection = as_hcl_eval(ctx, loop->collection);
    if (!as_hcl_ok(ctx, errors))
        return as_eval_failed(ctx, expr->span, NULL);
    if (collection->kind == AS_NULL) {
        as_eval_error(ctx, loop->collection->span, "Iteration over null value",
                "A null value cannot be used as the collection in a 'for' expression.");
        return as_eval_failed(ctx, expr->span, NULL);
    }
    loop_state s = {.ctx = ctx, .expr = expr, .loop = loop, .known = true};
    as_nature_add(&s.nature, ctx->arena, collection);
    as_type_kind kind = as_type_kind_of(collection);
    if (kind >= AS_TYPE_BOOL && kind <= AS_TYPE_STRING) {
        const as_type *type = as_type_of(ctx->arena, collection);
        as_eval_error(ctx, loop->collection->span, "Iteration over non-iterable value",
                "A value of type %.*s cannot be used as the collection in a 'for' expression.",
                AS_STR_ARG(as_type_friendly_name(ctx->arena, type)));
        return as_eval_failed(ctx, expr->span, NULL);
    }
    if (kind != AS_TYPE_ANY && !condition_can_do(&s))
        return as_eval_failed(ctx, expr->span, NULL);
    if (collection->kind == AS_UNKNOWN)
        return as_nature_unknown(&s.nature, ctx->arena, expr->span, NULL);
    size_t n = as_hcl_count(collection);
    for (size_t i = 0; i < n; i++) {
        const as_value *key = as_hcl_key_at(ctx->arena, collection, i);
        run_item(&s, key, as_hcl_item_at(collection, i));
    }
    if (!as_hcl_ok(ctx, errors))
        return as_eval_failed(ctx, expr->span, NULL);
    return loop_result(&s);
}

/* --- splat ------------------------------------------------------------------------------------ */

static const as_value *eval_each(as_hcl_ctx *ctx, const as_hcl_expr *each, const as_value *item)
{
    const as_value *outer = ctx->splat_item;
    ctx->splat_item = item;
    const as_value *v = as_hcl_eval(ctx, each);
    ctx->splat_item = outer;
    return v;
}

/* The type that `each` gives for an element of a type. */
static const as_type *each_type(as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_type *element)
{
    const as_value *item = as_hcl_unknown(
            ctx->arena, expr->as.splat.marker, element, AS_STR("not known before apply"));
    return as_type_of(ctx->arena, eval_each(ctx, expr->as.splat.each, item));
}

static const as_type *splat_type(as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_type *from)
{
    if (from->kind != AS_TYPE_TUPLE)
        return as_type_list(ctx->arena, each_type(ctx, expr, from->element));
    const as_type **items = AS_NEW_ARRAY(ctx->arena, const as_type *, from->n);
    for (size_t i = 0; i < from->n; i++)
        items[i] = each_type(ctx, expr, from->as.items[i]);
    return as_type_tuple(ctx->arena, items, from->n);
}

/* What a splat with errors in its elements gives: of its type, the errors not told again. */
static const as_value *splat_failed(
        as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_value *source)
{
    as_diags *outer = ctx->diags, ignored;
    as_diags_init(&ignored, ctx->arena);
    ctx->diags = &ignored;
    const as_type *type = splat_type(ctx, expr, as_type_of(ctx->arena, source));
    ctx->diags = outer;
    return as_eval_failed(ctx, expr->span, type);
}

static const as_value *splat_unknown(
        as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_value *source)
{
    as_nature nature = {0};
    as_nature_add(&nature, ctx->arena, source);
    const as_type *from = source->type, *type = splat_type(ctx, expr, from);
    const as_value *v = as_nature_unknown(&nature, ctx->arena, expr->span, type);
    as_hcl_refinement r = {.not_null = true, .max_length = -1};
    if (from->kind != AS_TYPE_TUPLE)
        as_hcl_length_range(source, &r.min_length, &r.max_length);
    return as_hcl_refine(ctx->arena, v, r);
}

static const as_value *splat_list(as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_value *source,
        const as_value **items, size_t n)
{
    if (n == 0)
        return as_hcl_list(
                ctx->arena, expr->span, each_type(ctx, expr, source->type->element), items, n);
    const as_type *element = as_type_of(ctx->arena, items[0]);
    for (size_t i = 1; i < n; i++) {
        if (!as_type_equal(element, as_type_of(ctx->arena, items[i]))) {
            as_eval_error(ctx, expr->as.splat.each->span, "Invalid nested splat expressions",
                    "The elements differ in type and make no list; a 'for' expression gives a "
                    "tuple of them.");
            return as_eval_failed(ctx, expr->span, NULL);
        }
    }
    return as_hcl_list(ctx->arena, expr->span, element, items, n);
}

static const as_value *splat_known(as_hcl_ctx *ctx, const as_hcl_expr *expr, const as_value *source)
{
    size_t n = source->as.list.n, errors = ctx->diags->n_errors;
    const as_value **items = AS_NEW_ARRAY(ctx->arena, const as_value *, n);
    for (size_t i = 0; i < n; i++)
        items[i] = eval_each(ctx, expr->as.splat.each, source->as.list.items[i]);
    if (!as_hcl_ok(ctx, errors))
        return splat_failed(ctx, expr, source);
    const as_value *v = source->type ? splat_list(ctx, expr, source, items, n)
                                     : as_hcl_tuple(ctx->arena, expr->span, items, n);
    return as_hcl_with_marks(ctx->arena, v, as_hcl_marks(source));
}

const as_value *as_eval_splat(as_hcl_ctx *ctx, const as_hcl_expr *expr)
{
    size_t errors = ctx->diags->n_errors;
    const as_value *source = as_hcl_eval(ctx, expr->as.splat.source);
    if (!as_hcl_ok(ctx, errors))
        return as_eval_failed(ctx, expr->span, NULL);
    as_type_kind kind = as_type_kind_of(source);
    bool sequence = kind == AS_TYPE_TUPLE || kind == AS_TYPE_LIST || kind == AS_TYPE_SET;
    if (source->kind == AS_NULL && sequence) {
        as_eval_error(ctx, expr->as.splat.source->span, "Splat of null value",
                "Splat expressions (with the * symbol) cannot be applied to null sequences.");
        return as_eval_failed(ctx, expr->span, NULL);
    }
    if (source->kind == AS_NULL)
        return as_hcl_with_marks(
                ctx->arena, as_hcl_tuple(ctx->arena, expr->span, NULL, 0), as_hcl_marks(source));
    as_nature nature = {0};
    as_nature_add(&nature, ctx->arena, source);
    if (kind == AS_TYPE_ANY)
        return as_nature_unknown(&nature, ctx->arena, expr->span, NULL);
    if (sequence)
        return source->kind == AS_UNKNOWN ? splat_unknown(ctx, expr, source)
                                          : splat_known(ctx, expr, source);
    /* A single value counts as a sequence of one, or of none when it is null. */
    const as_value **one = AS_NEW(ctx->arena, const as_value *);
    *one = source;
    const as_value *tuple = as_hcl_tuple(ctx->arena, source->span, one, 1);
    tuple = as_hcl_with_marks(ctx->arena, tuple, as_hcl_marks(source));
    const as_value *v = splat_known(ctx, expr, tuple);
    if (!as_hcl_not_null(source))
        return as_nature_unknown(&nature, ctx->arena, expr->span, NULL);
    return v;
}
