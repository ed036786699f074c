/* module blocks. Terraform: internal/configs/module_call.go. */
#include "parsers/terraform/loader.h"

static const as_hcl_attribute_schema attributes[] = {{"source", true}, {"version", false},
        {"count", false}, {"for_each", false}, {"depends_on", false}, {"providers", false},
        {"ignore_nested_deprecations", false}, {0}};
static const as_hcl_block_schema blocks[] = {
        {"_", {0}}, {"lifecycle", {0}}, {"locals", {0}}, {"provider", {"type"}}, {0}};
const as_hcl_schema as_tf_call_schema = {attributes, blocks};

static void decode_providers(
        as_tf_decoder *d, as_tf_call_config *call, const as_hcl_attribute *attribute)
{
    const as_hcl_expr *expr = as_hcl_expr_unwrap(attribute->expr);
    if (expr->kind != AS_HCL_OBJECT) {
        as_tf_error(
                d->diags, expr->span, "Invalid expression", "A plain object {a = b} is needed.");
        return;
    }
    for (size_t i = 0; i < expr->as.object.n; i++) {
        const as_hcl_object_item *item = &expr->as.object.items[i];
        as_tf_passed_provider p = {0};
        bool good = true;
        if (item->keyword.n)
            p.child = (as_tf_provider_ref){.name = item->keyword, .span = item->key->span};
        else
            good = as_tf_decode_provider_ref(d, item->key, "providers", &p.child);
        good = as_tf_decode_provider_ref(d, item->value, "providers", &p.parent) && good;
        for (size_t k = 0; good && k < call->providers.n; k++) {
            const as_tf_provider_ref *other = &call->providers.items[k].child;
            if (as_str_eq(other->name, p.child.name) && as_str_eq(other->alias, p.child.alias)) {
                as_tf_error(d->diags, item->value->span, "Duplicate provider address",
                        "%.*s%s%.*s is given twice; first at %.*s.", AS_STR_ARG(p.child.name),
                        p.child.alias.n ? "." : "", AS_STR_ARG(p.child.alias),
                        AS_STR_ARG(as_tf_place(d->arena, d->sources, other->span)));
                good = false;
            }
        }
        if (good)
            AS_VEC_PUSH(d->arena, &call->providers, p);
    }
}

/* OpenTofu: whether the module is there. */
static void decode_lifecycle(as_tf_decoder *d, as_tf_call_config *call, const as_hcl_block *block)
{
    static const as_hcl_attribute_schema lifecycle[] = {{"enabled", false}, {0}};
    static const as_hcl_schema schema = {lifecycle, NULL};
    as_hcl_content content = as_tf_content(d, block->body, &schema, false);
    const as_hcl_attribute *a = as_hcl_content_attribute(&content, "enabled");
    if (a)
        call->enabled = as_tf_decode_enabled(d, a, call->count || call->for_each);
}

as_tf_call_config *as_tf_decode_call(as_tf_decoder *d, const as_hcl_block *block)
{
    as_tf_call_config *call = AS_NEW(d->arena, as_tf_call_config);
    call->name = block->labels[0].text;
    call->span = block->header_span;
    as_hcl_content content = as_tf_content(d, block->body, &as_tf_call_schema, true);
    call->config = as_tf_body_rest(d, block->body, &as_tf_call_schema);
    as_tf_check_identifier(d, call->name, block->labels[0].span, "Invalid module instance name");
    const as_hcl_attribute *source = as_hcl_content_attribute(&content, "source");
    const as_hcl_attribute *version = as_hcl_content_attribute(&content, "version");
    call->source_expr = source ? source->expr : NULL;
    call->version_expr = version ? version->expr : NULL;
    if (source)
        as_hcl_expr_string(source->expr, &call->source);
    if (version && as_hcl_expr_string(version->expr, &call->version)) {
        if (source && as_tf_source_is_local(call->source)) /* OpenTofu takes local.x, when null */
            as_tf_error(d->diags, source->expr->span, "Invalid registry module source address",
                    "Only modules of a registry have a version, and this is a path.");
        as_tf_check_version(d, call->version, version->expr->span);
    }
    as_tf_decode_repetition(d, &content, &call->count, &call->for_each);
    as_tf_decode_depends_on(d, as_hcl_content_attribute(&content, "depends_on"), &call->depends_on);
    const as_hcl_attribute *providers = as_hcl_content_attribute(&content, "providers");
    if (providers)
        decode_providers(d, call, providers);
    const as_hcl_block *escape = NULL;
    for (size_t i = 0; i < content.n_blocks; i++) {
        const as_hcl_block *b = &content.blocks[i];
        if (as_str_is(b->type, "_") && !escape) {
            escape = b;
            call->config = as_tf_body_join(d->arena, call->config, b->body);
        } else if (escape && as_str_is(b->type, "_")) {
            as_tf_error(d->diags, b->header_span, "Duplicate escaping block",
                    "A module call may have one block \"_\"; the first is at %.*s.",
                    AS_STR_ARG(as_tf_place(d->arena, d->sources, escape->header_span)));
        } else if (as_str_is(b->type, "lifecycle")) {
            decode_lifecycle(d, call, b);
        } else {
            as_tf_error(d->diags, b->type_span, "Reserved block type name in module block",
                    "Terraform keeps the name \"%.*s\" for itself.", AS_STR_ARG(b->type));
        }
    }
    return call;
}
