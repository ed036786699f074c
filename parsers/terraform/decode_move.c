/* moved, removed and import blocks. Terraform: internal/configs/moved.go, removed.go, import.go. */
#include "parsers/terraform/config.h"

/* The address as text, empty after a diagnostic. */
static as_str address(as_tf_decoder *d, const as_hcl_attribute *attribute, as_hcl_traversal *t)
{
    if (!attribute)
        return AS_STR_NONE;
    if (!as_hcl_expr_traversal(d->arena, attribute->expr, t)) {
        as_tf_error(d->diags, attribute->expr->span, "Invalid expression",
                "Only a plain reference may stand here: names and constant keys.");
        return AS_STR_NONE;
    }
    return as_hcl_traversal_text(d->kept, t);
}

/* An address of a module, such as module.a.module.b["x"]: nothing but module steps. */
static bool is_module(const as_hcl_traversal *t)
{
    size_t i = 0;
    while (i + 1 < t->n && !t->steps[i].is_index && as_str_is(t->steps[i].name, "module")) {
        i += 2;
        if (i < t->n && t->steps[i].is_index)
            i++;
    }
    return i == t->n;
}

as_tf_move_config *as_tf_decode_moved(as_tf_decoder *d, const as_hcl_block *block)
{
    static const as_hcl_attribute_schema attributes[] = {{"from", true}, {"to", true}, {0}};
    static const as_hcl_schema schema = {attributes, NULL};
    as_tf_move_config *m = AS_NEW(d->arena, as_tf_move_config);
    m->kind = "moved";
    m->span = block->header_span;
    as_hcl_content content = as_tf_content(d, block->body, &schema, false);
    as_hcl_traversal from, to;
    m->from = address(d, as_hcl_content_attribute(&content, "from"), &from);
    m->to = address(d, as_hcl_content_attribute(&content, "to"), &to);
    if (m->from.n && m->to.n && is_module(&from) != is_module(&to))
        as_tf_error(d->diags, block->header_span, "Invalid \"moved\" addresses",
                "A resource becomes a resource, a module a module.");
    return m;
}

as_tf_move_config *as_tf_decode_removed(as_tf_decoder *d, const as_hcl_block *block)
{
    static const as_hcl_attribute_schema attributes[] = {{"from", true}, {0}};
    static const as_hcl_block_schema blocks[] = {
            {"lifecycle", {0}}, {"connection", {0}}, {"provisioner", {"type"}}, {0}};
    static const as_hcl_schema schema = {attributes, blocks};
    static const as_hcl_attribute_schema lifecycle_attributes[] = {{"destroy", false}, {0}};
    static const as_hcl_schema lifecycle = {lifecycle_attributes, NULL};
    as_tf_move_config *m = AS_NEW(d->arena, as_tf_move_config);
    m->kind = "removed";
    m->span = block->header_span;
    as_hcl_content content = as_tf_content(d, block->body, &schema, false);
    as_hcl_traversal from = {0};
    m->from = address(d, as_hcl_content_attribute(&content, "from"), &from);
    bool module = m->from.n && is_module(&from);
    for (size_t i = 0; i < content.n_blocks; i++) {
        const as_hcl_block *b = &content.blocks[i];
        if (as_str_is(b->type, "lifecycle")) {
            as_hcl_content inner = as_tf_content(d, b->body, &lifecycle, false);
            bool set;
            as_tf_decode_bool(d, as_hcl_content_attribute(&inner, "destroy"), true, &set);
        } else if (as_str_is(b->type, "connection")) {
            if (module)
                as_tf_error(d->diags, b->header_span, "Invalid connection block",
                        "Only what was a managed resource has a connection.");
        } else if (module) {
            as_tf_error(d->diags, b->header_span, "Invalid provisioner block",
                    "Only what was a managed resource has provisioners.");
        } else {
            as_tf_provisioner_config p;
            if (as_tf_decode_provisioner(d, b, &p) && !p.on_destroy)
                as_tf_error(d->diags, b->header_span, "Invalid provisioner block",
                        "Here only provisioners with \"when = destroy\" make sense.");
        }
    }
    return m;
}

/* import's `to` may have an index that is not constant: what comes before is enough. */
static const as_hcl_expr *without_indexes(const as_hcl_expr *expr)
{
    expr = as_hcl_expr_unwrap(expr);
    while (expr->kind == AS_HCL_INDEX || expr->kind == AS_HCL_RELATIVE)
        expr = as_hcl_expr_unwrap(
                expr->kind == AS_HCL_INDEX ? expr->as.index.collection : expr->as.relative.source);
    return expr;
}

as_tf_move_config *as_tf_decode_import(as_tf_decoder *d, const as_hcl_block *block)
{
    static const as_hcl_attribute_schema attributes[] = {{"provider", false}, {"for_each", false},
            {"id", false}, {"to", true}, {"identity", false}, {0}};
    static const as_hcl_schema schema = {attributes, NULL};
    as_tf_move_config *m = AS_NEW(d->arena, as_tf_move_config);
    m->kind = "import";
    m->span = block->header_span;
    as_hcl_content content = as_tf_content(d, block->body, &schema, false);
    const as_hcl_attribute *id = as_hcl_content_attribute(&content, "id");
    const as_hcl_attribute *identity = as_hcl_content_attribute(&content, "identity");
    const as_hcl_attribute *to = as_hcl_content_attribute(&content, "to");
    if (to) {
        as_hcl_attribute plain = *to;
        plain.expr = without_indexes(to->expr);
        as_hcl_traversal t = {0};
        m->to = address(d, &plain, &t);
        if (m->to.n && as_str_is(t.steps[0].name, "data"))
            as_tf_error(d->diags, to->span, "Invalid import address",
                    "Data sources cannot be imported.");
    }
    const as_hcl_attribute *provider = as_hcl_content_attribute(&content, "provider");
    as_tf_provider_ref ignored;
    if (provider)
        as_tf_decode_provider_ref(d, provider->expr, "provider", &ignored);
    m->id = id ? id->expr : NULL;
    if (!id && !identity)
        as_tf_error(d->diags, block->header_span, "Invalid import block",
                "Give \"id\" or \"identity\".");
    if (id && identity)
        as_tf_error(d->diags, block->header_span, "Invalid import block",
                "Give either \"id\" or \"identity\".");
    return m;
}
