/* One file: its blocks, each given to its decoder. Terraform: internal/configs/parser_config.go. */
#include "parsers/terraform/config.h"

typedef void decode_fn(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file);

static void on_terraform(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    as_tf_decode_terraform(d, block, file);
}

static void on_required_providers(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    (void)file;
    as_tf_error(d->diags, block->type_span, "Invalid required_providers block",
            "It belongs into a \"terraform\" block.");
}

static void on_provider(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    as_tf_provider_config *p = as_tf_decode_provider(d, block);
    if (p)
        AS_VEC_PUSH(d->arena, &file->providers, p);
}

static void on_variable(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    AS_VEC_PUSH(d->arena, &file->variables, as_tf_decode_variable(d, block));
}

static void on_locals(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    as_tf_decode_locals(d, block, file);
}

static void on_output(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    AS_VEC_PUSH(d->arena, &file->outputs, as_tf_decode_output(d, block));
}

static void on_module(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    AS_VEC_PUSH(d->arena, &file->calls, as_tf_decode_call(d, block));
}

static void on_resource(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    AS_VEC_PUSH(d->arena, &file->resources, as_tf_decode_resource(d, block, AS_TF_MANAGED, false));
}

static void on_data(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    AS_VEC_PUSH(d->arena, &file->resources, as_tf_decode_resource(d, block, AS_TF_DATA, false));
}

static void on_ephemeral(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    AS_VEC_PUSH(
            d->arena, &file->resources, as_tf_decode_resource(d, block, AS_TF_EPHEMERAL, false));
}

static void on_moved(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    AS_VEC_PUSH(d->arena, &file->moves, as_tf_decode_moved(d, block));
}

static void on_removed(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    AS_VEC_PUSH(d->arena, &file->moves, as_tf_decode_removed(d, block));
}

static void on_import(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    AS_VEC_PUSH(d->arena, &file->moves, as_tf_decode_import(d, block));
}

static void on_action(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    (void)d; /* actions run at apply time and describe no infrastructure */
    (void)block;
    (void)file;
}

static void on_language(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    (void)d; /* OpenTofu: which programs understand this; it describes no infrastructure */
    (void)block;
    (void)file;
}

static void on_check(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    static const as_hcl_block_schema blocks[] = {{"data", {"type", "name"}}, {"assert", {0}}, {0}};
    static const as_hcl_schema schema = {NULL, blocks};
    as_tf_check_config *check = AS_NEW(d->arena, as_tf_check_config);
    check->name = block->labels[0].text;
    check->span = block->header_span;
    AS_VEC_PUSH(d->arena, &file->checks, check);
    if (d->override) {
        as_tf_error(d->diags, block->header_span, "Can't override check blocks",
                "An override file may not hold \"check\".");
        return;
    }
    as_hcl_content content = as_tf_content(d, block->body, &schema, false);
    as_tf_check_identifier(d, check->name, block->labels[0].span, "Invalid check block name");
    for (size_t i = 0; i < content.n_blocks; i++) {
        const as_hcl_block *b = &content.blocks[i];
        size_t before = d->diags->n_errors;
        if (as_str_is(b->type, "assert")) {
            as_tf_condition c = as_tf_decode_condition(d, b);
            if (d->diags->n_errors == before)
                AS_VEC_PUSH(d->arena, &check->asserts, c);
        } else if (check->data) {
            as_tf_error(d->diags, b->header_span, "Multiple data resource blocks",
                    "One is enough; the first is at %.*s.",
                    AS_STR_ARG(as_tf_place(d->arena, d->sources, check->data->header_span)));
        } else {
            as_tf_resource_config *r = as_tf_decode_resource(d, b, AS_TF_DATA, true);
            r->container = check;
            check->data = r;
        }
    }
    if (!check->asserts.n)
        as_tf_error(d->diags, block->header_span, "Zero assert blocks",
                "Without \"assert\" there is nothing to check.");
}

static const as_hcl_block_schema blocks[] = {{"terraform", {0}}, {"required_providers", {0}},
        {"provider", {"name"}}, {"variable", {"name"}}, {"locals", {0}}, {"output", {"name"}},
        {"module", {"name"}}, {"resource", {"type", "name"}}, {"data", {"type", "name"}},
        {"ephemeral", {"type", "name"}}, {"action", {"type", "name"}}, {"moved", {0}},
        {"removed", {0}}, {"import", {0}}, {"check", {"name"}}, {"language", {0}}, {0}};
/* In the order of `blocks`. */
static decode_fn *const decoders[] = {on_terraform, on_required_providers, on_provider, on_variable,
        on_locals, on_output, on_module, on_resource, on_data, on_ephemeral, on_action, on_moved,
        on_removed, on_import, on_check, on_language};

as_tf_file *as_tf_decode_file(as_tf_decoder *d, const as_hcl_body *body, const as_source *source)
{
    static const as_hcl_schema schema = {NULL, blocks};
    as_tf_file *file = AS_NEW(d->arena, as_tf_file);
    file->source = source;
    /* required_version is looked for first, whatever else is wrong (sniffCoreVersionRequirements).
     */
    as_diags ignored;
    as_diags_init(&ignored, d->arena);
    as_hcl_content early = as_hcl_body_content(d->arena, body, &schema, true, &ignored);
    for (size_t i = 0; i < early.n_blocks; i++)
        if (as_str_is(early.blocks[i].type, "terraform"))
            as_tf_decode_required_version(d, &early.blocks[i], file);
    as_hcl_content content = as_tf_content(d, body, &schema, false);
    for (size_t i = 0; i < content.n_blocks; i++)
        for (size_t k = 0; blocks[k].type; k++)
            if (as_str_is(content.blocks[i].type, blocks[k].type))
                decoders[k](d, &content.blocks[i], file);
    return file;
}
