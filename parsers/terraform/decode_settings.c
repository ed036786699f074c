/* terraform and provider blocks. Terraform: internal/configs/parser_config.go, backend.go,
 * cloud.go, provider.go, provider_requirements.go. */
#include "parsers/hcl/eval.h"
#include "parsers/terraform/config.h"

/* --- versions --------------------------------------------------------------------------------- */

void as_tf_decode_required_version(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    static const as_hcl_attribute_schema attributes[] = {{"required_version", false}, {0}};
    static const as_hcl_schema schema = {attributes, NULL};
    as_hcl_content content = as_tf_content(d, block->body, &schema, true);
    const as_hcl_attribute *a = as_hcl_content_attribute(&content, "required_version");
    if (!a)
        return;
    const as_value *v = as_tf_decode_static(d, a, &as_type_string);
    if (as_value_is_null(v) || as_value_is_unknown(v))
        return;
    as_tf_check_version(d, as_value_str(v), a->expr->span);
    AS_VEC_PUSH(
            d->arena, &file->required_versions, (as_tf_required_version){as_value_str(v), a->span});
}

/* --- required_providers ----------------------------------------------------------------------- */

static bool static_text(as_tf_decoder *d, const as_hcl_expr *expr, const char *summary,
        const char *detail, as_str *out)
{
    as_hcl_ctx ctx = {.arena = d->kept, .no_functions = true};
    as_diags ignored;
    as_diags_init(&ignored, d->arena);
    ctx.diags = &ignored;
    const as_value *v = as_hcl_eval(&ctx, expr);
    if (ignored.n_errors || v->kind != AS_STRING) {
        as_tf_error(d->diags, expr->span, summary, "%s", detail);
        return false;
    }
    *out = v->as.str;
    return true;
}

/* An object with source, version and configuration_aliases; false after an error. */
static bool decode_requirement_object(
        as_tf_decoder *d, const as_hcl_expr *expr, as_tf_required_provider *out)
{
    for (size_t i = 0; i < expr->as.object.n; i++) {
        const as_hcl_object_item *item = &expr->as.object.items[i];
        as_str key = item->keyword;
        if (!key.n)
            as_hcl_expr_string(item->key, &key);
        if (as_str_is(key, "version")) {
            if (static_text(d, item->value, "Invalid version constraint", "A version is a string.",
                        &out->constraint))
                as_tf_check_version(d, out->constraint, item->value->span);
        } else if (as_str_is(key, "source")) {
            static_text(d, item->value, "Invalid source", "A source is a string.", &out->source);
        } else if (!as_str_is(key, "configuration_aliases")) {
            as_tf_error(d->diags, item->key->span, "Invalid required_providers object",
                    "An entry has version, source and configuration_aliases; all else belongs "
                    "into a \"provider\" block.");
            return false;
        }
    }
    return true;
}

static void decode_required_providers(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    AS_VEC_PUSH(d->arena, &file->required_providers_blocks, block->header_span);
    as_hcl_content content = as_hcl_body_attributes(d->arena, block->body, d->diags);
    for (size_t i = 0; i < content.n_attributes; i++) {
        const as_hcl_attribute *a = &content.attributes[i];
        const as_hcl_expr *expr = as_hcl_expr_unwrap(a->expr);
        as_tf_required_provider p = {.name = a->name, .span = a->span};
        if (as_hcl_expr_string(expr, &p.constraint)) {
            as_tf_check_version(d, p.constraint, expr->span);
        } else if (!as_tf_check_provider_name(d, a->name, expr->span)) {
            continue;
        } else if (expr->kind != AS_HCL_OBJECT) {
            as_tf_error(d->diags, expr->span, "Invalid required_providers object",
                    "An entry is a version or an object.");
            continue;
        } else if (!decode_requirement_object(d, expr, &p)) {
            continue;
        }
        AS_VEC_PUSH(d->arena, &file->required_providers, p);
    }
}

/* --- terraform -------------------------------------------------------------------------------- */

void as_tf_decode_terraform(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    static const as_hcl_attribute_schema attributes[] = {
            {"required_version", false}, {"experiments", false}, {"language", false}, {0}};
    static const as_hcl_block_schema blocks[] = {{"backend", {"type"}}, {"cloud", {0}},
            {"required_providers", {0}}, {"state_store", {"type"}}, {"provider_meta", {"provider"}},
            {"encryption", {0}}, {0}};
    static const as_hcl_schema schema = {attributes, blocks};
    as_hcl_content content = as_tf_content(d, block->body, &schema, false);
    for (size_t i = 0; i < content.n_blocks; i++) {
        const as_hcl_block *b = &content.blocks[i];
        if (as_str_is(b->type, "required_providers")) {
            decode_required_providers(d, b, file);
        } else if (as_str_is(b->type, "backend") || as_str_is(b->type, "cloud")) {
            static const as_hcl_schema nothing;
            bool cloud = as_str_is(b->type, "cloud");
            as_tf_backend_config *backend = AS_NEW(d->arena, as_tf_backend_config);
            backend->type = cloud ? b->type : b->labels[0].text;
            backend->span = b->header_span;
            backend->config = as_tf_body_rest(d, b->body, &nothing);
            if (cloud)
                AS_VEC_PUSH(d->arena, &file->clouds, backend);
            else
                AS_VEC_PUSH(d->arena, &file->backends, backend);
        } else if (as_str_is(b->type, "state_store")) {
            as_tf_error(d->diags, b->type_span, "Unsupported block type",
                    "There is no block \"state_store\" here.");
        }
    }
}

/* --- provider --------------------------------------------------------------------------------- */

as_tf_provider_config *as_tf_decode_provider(as_tf_decoder *d, const as_hcl_block *block)
{
    /* for_each is OpenTofu's. */
    static const as_hcl_attribute_schema attributes[] = {{"alias", false}, {"version", false},
            {"count", false}, {"depends_on", false}, {"for_each", false}, {"source", false}, {0}};
    static const as_hcl_block_schema blocks[] = {
            {"_", {0}}, {"lifecycle", {0}}, {"locals", {0}}, {0}};
    static const as_hcl_schema schema = {attributes, blocks};
    static const char *const reserved[] = {"count", "depends_on", "source"};
    as_hcl_content content = as_tf_content(d, block->body, &schema, true);
    as_str name = block->labels[0].text;
    if (!as_tf_check_provider_name(d, name, block->header_span))
        return NULL;
    as_tf_provider_config *p = AS_NEW(d->arena, as_tf_provider_config);
    p->name = name;
    p->span = block->header_span;
    p->config = as_tf_body_rest(d, block->body, &schema);
    const as_hcl_attribute *alias = as_hcl_content_attribute(&content, "alias");
    if (alias) {
        p->alias = as_tf_decode_text(d, alias);
        if (!as_tf_is_identifier(p->alias))
            as_tf_error(d->diags, alias->expr->span, "Invalid provider configuration alias",
                    "An alias is a name: letters, digits, \"_\" and \"-\".");
    }
    const as_hcl_attribute *for_each = as_hcl_content_attribute(&content, "for_each");
    p->for_each = for_each ? for_each->expr : NULL;
    const as_hcl_attribute *version = as_hcl_content_attribute(&content, "version");
    if (version) {
        as_diags_add(d->diags, AS_DIAG_WARNING, "terraform-deprecated", version->expr->span,
                "Version constraints inside provider configuration blocks are deprecated");
        as_diags_detail(d->diags, "Since Terraform 0.13 versions of providers belong into "
                                  "required_providers.");
        as_str text = as_tf_decode_text(d, version);
        if (text.n)
            as_tf_check_version(d, text, version->expr->span);
    }
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        const as_hcl_attribute *a = as_hcl_content_attribute(&content, reserved[i]);
        if (a)
            as_tf_error(d->diags, a->name_span, "Reserved argument name in provider block",
                    "Terraform keeps the name \"%s\" for itself.", reserved[i]);
    }
    for (size_t i = 0; i < content.n_blocks; i++) {
        const as_hcl_block *b = &content.blocks[i];
        if (as_str_is(b->type, "_"))
            p->config = as_tf_body_join(d->arena, p->config, b->body);
        else
            as_tf_error(d->diags, b->type_span, "Reserved block type name in provider block",
                    "Terraform keeps the name \"%.*s\" for itself.", AS_STR_ARG(b->type));
    }
    return p;
}
