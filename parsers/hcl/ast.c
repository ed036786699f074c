/* Nodes of syntax trees, and questions about them that need no evaluation. */
#include "parsers/hcl/ast.h"

#include <stddef.h>
#include <string.h>

#include "engine/base/limits.h"
#include "parsers/hcl/parse.h"

#define MAX_TREE_DEPTH (4 * AS_MAX_DEPTH)

/* Most nodes need far less than the largest, so each gets what its kind uses. */
#define NODE_BYTES(member) (offsetof(as_hcl_expr, as) + sizeof(((as_hcl_expr *)0)->as.member))

static const uint8_t node_bytes[] = {
        [AS_HCL_LITERAL] = NODE_BYTES(literal),
        [AS_HCL_TEMPLATE] = NODE_BYTES(list),
        [AS_HCL_TEMPLATE_WRAP] = NODE_BYTES(inner),
        [AS_HCL_TEMPLATE_JOIN] = NODE_BYTES(inner),
        [AS_HCL_TRAVERSAL] = NODE_BYTES(traversal),
        [AS_HCL_RELATIVE] = NODE_BYTES(relative),
        [AS_HCL_CALL] = NODE_BYTES(call),
        [AS_HCL_CONDITIONAL] = NODE_BYTES(conditional),
        [AS_HCL_INDEX] = NODE_BYTES(index),
        [AS_HCL_TUPLE] = NODE_BYTES(list),
        [AS_HCL_OBJECT] = NODE_BYTES(object),
        [AS_HCL_FOR] = NODE_BYTES(loop),
        [AS_HCL_SPLAT] = NODE_BYTES(splat),
        [AS_HCL_SPLAT_ITEM] = NODE_BYTES(literal),
        [AS_HCL_BINARY] = NODE_BYTES(binary),
        [AS_HCL_UNARY] = NODE_BYTES(unary),
        [AS_HCL_PAREN] = NODE_BYTES(inner),
        [AS_HCL_BAD] = NODE_BYTES(literal),
};

as_hcl_expr *as_hcl_expr_new(as_arena *arena, as_hcl_kind kind, as_span span)
{
    as_hcl_expr *expr = as_arena_alloc(arena, node_bytes[kind]);
    expr->kind = (uint8_t)kind;
    expr->span = span;
    return expr;
}

as_hcl_expr *as_hcl_expr_copy(as_arena *arena, const as_hcl_expr *expr)
{
    as_hcl_expr *copy = as_arena_alloc(arena, node_bytes[expr->kind]);
    memcpy(copy, expr, node_bytes[expr->kind]);
    return copy;
}

const as_hcl_attribute *as_hcl_body_attribute(const as_hcl_body *body, as_str name)
{
    for (size_t i = 0; body && i < body->n_attributes; i++)
        if (as_str_eq(body->attributes[i].name, name))
            return &body->attributes[i];
    return NULL;
}

const as_hcl_expr *as_hcl_expr_unwrap(const as_hcl_expr *expr)
{
    while (expr->kind == AS_HCL_PAREN)
        expr = expr->as.inner;
    return expr;
}

bool as_hcl_expr_string(const as_hcl_expr *expr, as_str *out)
{
    if (expr->kind == AS_HCL_TEMPLATE && expr->as.list.n == 1)
        expr = expr->as.list.items[0];
    if (expr->kind != AS_HCL_LITERAL || expr->as.literal->kind != AS_STRING)
        return false;
    *out = expr->as.literal->as.str;
    return true;
}

const as_hcl_expr *as_hcl_expr_native(as_arena *arena, const as_hcl_expr *expr)
{
    as_str text;
    if (!expr->from_json || !as_hcl_expr_string(expr, &text))
        return expr;
    as_diags ignored;
    as_diags_init(&ignored, arena);
    const as_hcl_expr *parsed = as_hcl_parse_expr_text(arena, text, expr->span, &ignored);
    return ignored.n_errors == 0 ? parsed : expr;
}

/* null.x, where names are meant: as traversals go, null, true and false are names like others. HCL:
 * LiteralValueExpr.AsTraversal. */
static bool from_word(as_arena *arena, const as_hcl_expr *expr, as_hcl_traversal *out)
{
    const as_hcl_expr *source = expr->as.relative.source;
    const as_hcl_traversal *rest = &expr->as.relative.steps;
    if (source->kind != AS_HCL_LITERAL || source->as.literal->kind == AS_STRING)
        return false;
    as_str word = as_hcl_expr_keyword(source);
    if (!word.n)
        return false;
    as_hcl_step *steps = AS_NEW_ARRAY(arena, as_hcl_step, rest->n + 1);
    steps[0] = (as_hcl_step){.name = word, .span = source->span};
    memcpy(steps + 1, rest->steps, rest->n * sizeof *steps);
    *out = (as_hcl_traversal){steps, rest->n + 1};
    return true;
}

bool as_hcl_expr_traversal(as_arena *arena, const as_hcl_expr *expr, as_hcl_traversal *out)
{
    expr = as_hcl_expr_native(arena, expr);
    if (expr->kind == AS_HCL_RELATIVE)
        return from_word(arena, expr, out);
    if (expr->kind != AS_HCL_TRAVERSAL)
        return false;
    *out = expr->as.traversal;
    return true;
}

as_str as_hcl_expr_keyword(const as_hcl_expr *expr)
{
    as_str text;
    if (expr->from_json && as_hcl_expr_string(expr, &text))
        return text;
    if (expr->kind == AS_HCL_TRAVERSAL && expr->as.traversal.n == 1)
        return expr->as.traversal.steps[0].name;
    if (expr->kind == AS_HCL_LITERAL && expr->as.literal->kind == AS_NULL)
        return AS_STR("null");
    if (expr->kind == AS_HCL_LITERAL && expr->as.literal->kind == AS_BOOL)
        return expr->as.literal->as.boolean ? AS_STR("true") : AS_STR("false");
    return AS_STR_NONE;
}

bool as_hcl_expr_list(const as_hcl_expr *expr, as_hcl_exprs *out)
{
    if (expr->kind != AS_HCL_TUPLE)
        return false;
    *out = expr->as.list;
    return true;
}

/* --- walking ---------------------------------------------------------------------------------- */

typedef struct bound_name {
    const struct bound_name *outer;
    as_str name;
} bound_name;

typedef struct walker {
    as_hcl_walk_fn *node;
    as_hcl_visit_fn *reference;
    void *self;
    unsigned depth;
} walker;

static void walk(walker *w, const as_hcl_expr *expr, const bound_name *bound);

static void walk_all(walker *w, as_hcl_exprs list, const bound_name *bound)
{
    for (size_t i = 0; i < list.n; i++)
        walk(w, list.items[i], bound);
}

static void walk_for(walker *w, const as_hcl_for *loop, const bound_name *outer)
{
    bound_name key = {outer, loop->key_name}, value = {&key, loop->value_name};
    walk(w, loop->collection, outer);
    if (loop->key)
        walk(w, loop->key, &value);
    walk(w, loop->value, &value);
    if (loop->condition)
        walk(w, loop->condition, &value);
}

static void walk_reference(walker *w, const as_hcl_expr *expr, const bound_name *bound)
{
    if (!w->reference)
        return;
    for (; bound; bound = bound->outer)
        if (as_str_eq(bound->name, expr->as.traversal.steps[0].name))
            return;
    w->reference(w->self, &expr->as.traversal, expr->span);
}

static void walk_children(walker *w, const as_hcl_expr *expr, const bound_name *bound)
{
    switch ((as_hcl_kind)expr->kind) {
    case AS_HCL_LITERAL:
    case AS_HCL_SPLAT_ITEM:
    case AS_HCL_BAD:
        break;
    case AS_HCL_TEMPLATE:
    case AS_HCL_TUPLE:
        walk_all(w, expr->as.list, bound);
        break;
    case AS_HCL_TEMPLATE_WRAP:
    case AS_HCL_TEMPLATE_JOIN:
    case AS_HCL_PAREN:
        walk(w, expr->as.inner, bound);
        break;
    case AS_HCL_TRAVERSAL:
        walk_reference(w, expr, bound);
        break;
    case AS_HCL_RELATIVE:
        walk(w, expr->as.relative.source, bound);
        break;
    case AS_HCL_CALL:
        walk_all(w, expr->as.call.args, bound);
        break;
    case AS_HCL_CONDITIONAL:
        walk(w, expr->as.conditional.condition, bound);
        walk(w, expr->as.conditional.yes, bound);
        walk(w, expr->as.conditional.no, bound);
        break;
    case AS_HCL_INDEX:
        walk(w, expr->as.index.collection, bound);
        walk(w, expr->as.index.key, bound);
        break;
    case AS_HCL_OBJECT:
        for (size_t i = 0; i < expr->as.object.n; i++) {
            if (expr->as.object.items[i].keyword.n == 0)
                walk(w, expr->as.object.items[i].key, bound);
            walk(w, expr->as.object.items[i].value, bound);
        }
        break;
    case AS_HCL_FOR:
        walk_for(w, expr->as.loop, bound);
        break;
    case AS_HCL_SPLAT:
        walk(w, expr->as.splat.source, bound);
        walk(w, expr->as.splat.each, bound);
        break;
    case AS_HCL_BINARY:
        walk(w, expr->as.binary.left, bound);
        walk(w, expr->as.binary.right, bound);
        break;
    case AS_HCL_UNARY:
        walk(w, expr->as.unary.operand, bound);
        break;
    }
}

static void walk(walker *w, const as_hcl_expr *expr, const bound_name *bound)
{
    if (w->depth >= MAX_TREE_DEPTH) /* evaluation stops there too, with a diagnostic */
        return;
    w->depth++;
    if (w->node)
        w->node(w->self, expr);
    walk_children(w, expr, bound);
    w->depth--;
}

void as_hcl_expr_references(const as_hcl_expr *expr, as_hcl_visit_fn *visit, void *self)
{
    walker w = {.reference = visit, .self = self};
    walk(&w, expr, NULL);
}

void as_hcl_expr_walk(const as_hcl_expr *expr, as_hcl_walk_fn *visit, void *self)
{
    walker w = {.node = visit, .self = self};
    walk(&w, expr, NULL);
}

as_str as_hcl_traversal_text(as_arena *arena, const as_hcl_traversal *traversal)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < traversal->n; i++) {
        const as_hcl_step *step = &traversal->steps[i];
        if (!step->is_index) {
            as_buf_fmt(&out, "%s%.*s", i == 0 ? "" : ".", AS_STR_ARG(step->name));
        } else {
            as_buf_char(&out, '[');
            as_value_write_json(&out, step->key, (as_json_style){0});
            as_buf_char(&out, ']');
        }
    }
    return as_buf_view(&out);
}
