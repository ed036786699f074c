/* `dynamic` blocks (hcl ext/dynblock): one block for each element of for_each, its content
 * evaluated with the iterator bound to {key, value}. */
#include "parsers/hcl/evaluator.h"
#include "parsers/hcl/parse.h"

static const as_hcl_attribute_schema spec_attributes[] = {
        {"for_each", true}, {"iterator", false}, {"labels", false}, {NULL, false}};
static const as_hcl_block_schema spec_blocks[] = {{.type = "content"}, {.type = NULL}};
static const as_hcl_schema spec_schema = {spec_attributes, spec_blocks};

typedef struct expansion {
    as_hcl_ctx *ctx;
    const as_hcl_block *block; /* the dynamic one */
    as_str type, iterator;
    as_span type_span;
    const as_hcl_body *content;
    const as_value *for_each;
    as_hcl_exprs labels;
    as_hcl_block_instances *out;
} expansion;

static const as_hcl_frame *bind(expansion *e, const as_value *key, const as_value *value)
{
    as_arena *arena = e->ctx->arena;
    as_member *members = AS_NEW_ARRAY(arena, as_member, 2);
    members[0] = (as_member){AS_STR("key"), key->span, key};
    members[1] = (as_member){AS_STR("value"), value->span, value};
    as_hcl_frame *frame = AS_NEW(arena, as_hcl_frame);
    *frame = (as_hcl_frame){
            e->ctx->frames, e->iterator, as_hcl_object(arena, value->span, members, 2)};
    return frame;
}

/* False after an error. */
static bool make_labels(expansion *e, as_hcl_block *block)
{
    as_hcl_label *labels = AS_NEW_ARRAY(e->ctx->arena, as_hcl_label, e->labels.n);
    for (size_t i = 0; i < e->labels.n; i++) {
        const as_value *v = as_hcl_eval_as(e->ctx, e->labels.items[i], &as_type_string);
        if (v->kind != AS_STRING)
            return false;
        labels[i] = (as_hcl_label){v->as.str, e->labels.items[i]->span};
    }
    block->labels = labels;
    block->n_labels = e->labels.n;
    return true;
}

static void add_instance(expansion *e, const as_hcl_frame *frame, bool unknown)
{
    as_hcl_block *block = AS_NEW(e->ctx->arena, as_hcl_block);
    *block = *e->block;
    block->type = e->type;
    block->type_span = e->type_span;
    block->body = e->content;
    block->labels = NULL;
    block->n_labels = 0;
    const as_hcl_frame *outer = e->ctx->frames;
    e->ctx->frames = frame;
    bool ok = make_labels(e, block);
    e->ctx->frames = outer;
    if (!ok)
        return;
    as_hcl_block_instance instance = {block, frame, unknown, e->for_each};
    AS_VEC_PUSH(e->ctx->arena, e->out, instance);
}

/* What for_each gives, in e->for_each; false after an error. */
static bool eval_for_each(expansion *e, const as_hcl_expr *expr)
{
    static const char summary[] = "Invalid dynamic for_each value";
    size_t errors = e->ctx->diags->n_errors;
    e->for_each = as_hcl_eval(e->ctx, expr);
    if (!as_hcl_ok(e->ctx, errors))
        return false;
    as_type_kind kind = as_type_kind_of(e->for_each);
    if (e->for_each->kind == AS_NULL) {
        as_eval_error(e->ctx, expr->span, summary, "Cannot use a null value in for_each.");
        return false;
    }
    if (kind >= AS_TYPE_BOOL && kind <= AS_TYPE_STRING) {
        as_eval_error(e->ctx, expr->span, summary, "for_each takes a collection, not a %.*s.",
                AS_STR_ARG(as_type_friendly_name(
                        e->ctx->arena, as_type_of(e->ctx->arena, e->for_each))));
        return false;
    }
    return true;
}

/* iterator, labels and content; false after an error. */
static bool read_spec(expansion *e, const as_hcl_content *spec)
{
    const as_hcl_attribute *iterator = as_hcl_content_attribute(spec, "iterator");
    const as_hcl_attribute *labels = as_hcl_content_attribute(spec, "labels");
    e->iterator = e->type;
    if (iterator) {
        e->iterator = as_hcl_expr_keyword(iterator->expr);
        if (e->iterator.n == 0) {
            as_eval_error(e->ctx, iterator->expr->span, "Invalid dynamic iterator name",
                    "The iterator is a single name.");
            return false;
        }
    }
    if (labels && !as_hcl_expr_list(labels->expr, &e->labels)) {
        as_eval_error(e->ctx, labels->expr->span, "Invalid dynamic block labels",
                "The labels are a list.");
        return false;
    }
    if (spec->n_blocks != 1) {
        as_eval_error(e->ctx, spec->n_blocks ? spec->blocks[1].header_span : spec->end,
                spec->n_blocks ? "Extraneous dynamic content block"
                               : "Missing dynamic content block",
                "A dynamic block has one nested block of type \"content\".");
        return false;
    }
    e->content = spec->blocks[0].body;
    return true;
}

static void expand(as_hcl_ctx *ctx, const as_hcl_block *block, as_hcl_block_instances *out)
{
    expansion e = {.ctx = ctx, .block = block, .out = out};
    if (block->n_labels != 1) {
        as_eval_error(ctx, block->n_labels ? block->labels[1].span : block->open,
                block->n_labels ? "Extraneous label for dynamic" : "Missing type for dynamic",
                "A dynamic block has one label, the type of the blocks that it makes.");
        return;
    }
    e.type = block->labels[0].text;
    e.type_span = block->labels[0].span;
    size_t errors = ctx->diags->n_errors;
    as_hcl_content spec =
            as_hcl_body_content(ctx->arena, block->body, &spec_schema, false, ctx->diags);
    if (!as_hcl_ok(ctx, errors) || !read_spec(&e, &spec) ||
            !eval_for_each(&e, as_hcl_content_attribute(&spec, "for_each")->expr))
        return;
    if (e.for_each->kind == AS_UNKNOWN) {
        const as_value *unknown =
                as_hcl_unknown(ctx->arena, e.for_each->span, NULL, as_value_reason(e.for_each));
        add_instance(&e, bind(&e, unknown, unknown), true);
        return;
    }
    unsigned marks = as_hcl_marks(e.for_each);
    for (size_t i = 0; i < as_hcl_count(e.for_each); i++) {
        const as_value *key = as_hcl_key_at(ctx->arena, e.for_each, i);
        const as_value *value = as_hcl_item_at(e.for_each, i);
        add_instance(&e,
                bind(&e, as_hcl_with_marks(ctx->arena, key, marks),
                        as_hcl_with_marks(ctx->arena, value, marks)),
                false);
    }
}

void as_hcl_expand_blocks(as_hcl_ctx *ctx, const as_hcl_body *body, as_hcl_block_instances *out)
{
    for (size_t i = 0; i < body->n_blocks; i++) {
        const as_hcl_block *block = &body->blocks[i];
        if (as_str_is(block->type, "dynamic")) {
            expand(ctx, block, out);
        } else {
            as_hcl_block_instance instance = {block, ctx->frames, false, NULL};
            AS_VEC_PUSH(ctx->arena, out, instance);
        }
    }
}
