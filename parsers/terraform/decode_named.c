/* variable, output and locals blocks. Terraform: internal/configs/named_values.go. */
#include "parsers/hcl/eval.h"
#include "parsers/terraform/config.h"

/* --- variables -------------------------------------------------------------------------------- */

static void check_reserved(as_tf_decoder *d, as_str name, as_span span)
{
    bool reserved = false;
    for (const as_hcl_attribute_schema *a = as_tf_call_schema.attributes; a->name; a++)
        reserved = reserved || as_str_is(name, a->name);
    for (const as_hcl_block_schema *b = as_tf_call_schema.blocks; b->type; b++)
        reserved = reserved || as_str_is(name, b->type);
    if (reserved)
        as_tf_error(d->diags, span, "Invalid variable name",
                "\"%.*s\" has a meaning of its own in module calls.", AS_STR_ARG(name));
}

/* "string", "list" and "map" in quotes are of Terraform 0.11. */
static const as_type *quoted_type(as_tf_decoder *d, const as_hcl_expr *expr, as_str text)
{
    static const struct {
        const char *text, *more;
        const as_type *type;
    } legacy[] = {
            {"string", ".", &as_type_string},
            {"list", ", or write list(string).", &as_type_list_any},
            {"map", ", or write map(string).", &as_type_map_any},
    };
    for (size_t i = 0; i < sizeof legacy / sizeof *legacy; i++)
        if (as_str_is(text, legacy[i].text)) {
            as_tf_error(d->diags, expr->span, "Invalid quoted type constraints",
                    "Types stand without quotes since Terraform 0.12: take them off \"%s\"%s",
                    legacy[i].text, legacy[i].more);
            return legacy[i].type;
        }
    as_tf_error(d->diags, expr->span, "Invalid legacy variable type hint",
            "Types stand without quotes.");
    return &as_type_any;
}

static const as_type *decode_type(as_tf_decoder *d, const as_hcl_expr *expr)
{
    as_str text;
    if (!expr->from_json && as_hcl_expr_string(expr, &text))
        return quoted_type(d, expr, text);
    as_str keyword = as_hcl_expr_keyword(expr);
    if (as_str_is(keyword, "list"))
        return &as_type_list_any;
    if (as_str_is(keyword, "map"))
        return &as_type_map_any;
    return as_type_parse(d->kept, expr, d->diags);
}

static void decode_default(
        as_tf_decoder *d, as_tf_variable_config *v, const as_hcl_attribute *attribute)
{
    as_hcl_ctx ctx = {.arena = d->kept, .diags = d->diags, .no_functions = true};
    const as_value *value = as_hcl_eval(&ctx, attribute->expr);
    v->default_expr = attribute->expr;
    v->default_span = attribute->span;
    if (v->type) {
        if (!as_value_is_null(value))
            value = as_type_apply_defaults(d->kept, v->type, value);
        as_convert_error error;
        const as_value *converted = as_convert(d->kept, value, v->type, &error);
        if (!converted) {
            as_tf_error(d->diags, attribute->expr->span, "Invalid default value for variable",
                    "It does not fit the type: %.*s.",
                    AS_STR_ARG(as_convert_error_text(d->arena, &error)));
            converted = as_hcl_unknown(d->kept, attribute->expr->span, &as_type_any,
                    AS_STR("the default value is not valid"));
        }
        value = converted;
    }
    if (!v->nullable && as_value_is_null(value))
        as_tf_error(d->diags, attribute->expr->span, "Invalid default value for variable",
                "It is null, and nullable = false.");
    v->default_value = as_value_with_flags(d->kept, value, AS_DEFAULTED);
}

typedef struct self_reference {
    as_str name;
    bool found;
} self_reference;

static void note_self(void *self, const as_hcl_traversal *traversal, as_span span)
{
    self_reference *r = self;
    (void)span;
    if (traversal->n > 1 && as_str_is(traversal->steps[0].name, "var") &&
            !traversal->steps[1].is_index && as_str_eq(traversal->steps[1].name, r->name))
        r->found = true;
}

static void decode_validation(as_tf_decoder *d, as_tf_variable_config *v, const as_hcl_block *block)
{
    as_tf_condition c = as_tf_decode_condition(d, block);
    AS_VEC_PUSH(d->arena, &v->validations, c);
    if (!c.condition || c.condition->kind == AS_HCL_BAD)
        return;
    self_reference r = {.name = v->name};
    as_hcl_expr_references(c.condition, note_self, &r);
    if (!r.found)
        as_tf_error(d->diags, c.condition->span, "Invalid variable validation condition",
                "The validation of \"%.*s\" does not look at var.%.*s.", AS_STR_ARG(v->name),
                AS_STR_ARG(v->name));
}

as_tf_variable_config *as_tf_decode_variable(as_tf_decoder *d, const as_hcl_block *block)
{
    static const as_hcl_attribute_schema attributes[] = {{"description", false}, {"default", false},
            {"type", false}, {"sensitive", false}, {"ephemeral", false}, {"nullable", false},
            {"deprecated", false}, {"const", false}, {0}};
    static const as_hcl_block_schema blocks[] = {{"validation", {0}}, {0}};
    static const as_hcl_schema schema = {attributes, blocks};
    as_tf_variable_config *v = AS_NEW(d->arena, as_tf_variable_config);
    v->name = block->labels[0].text;
    v->span = block->header_span;
    v->type = d->override ? NULL : &as_type_any;
    as_hcl_content content = as_tf_content(d, block->body, &schema, false);
    as_tf_check_identifier(d, v->name, block->labels[0].span, "Invalid variable name");
    check_reserved(d, v->name, block->labels[0].span);

    v->description = as_tf_decode_text(d, as_hcl_content_attribute(&content, "description"));
    const as_hcl_attribute *type = as_hcl_content_attribute(&content, "type");
    if (type) {
        v->type = decode_type(d, type->expr);
        v->type_span = type->expr->span;
    }
    v->sensitive = as_tf_decode_bool(
            d, as_hcl_content_attribute(&content, "sensitive"), false, &v->sensitive_set);
    v->ephemeral = as_tf_decode_bool(
            d, as_hcl_content_attribute(&content, "ephemeral"), false, &v->ephemeral_set);
    v->nullable = as_tf_decode_bool(
            d, as_hcl_content_attribute(&content, "nullable"), true, &v->nullable_set);
    const as_hcl_attribute *fallback = as_hcl_content_attribute(&content, "default");
    if (fallback)
        decode_default(d, v, fallback);
    as_tf_decode_text(d, as_hcl_content_attribute(&content, "deprecated"));
    for (size_t i = 0; i < content.n_blocks; i++)
        decode_validation(d, v, &content.blocks[i]);
    return v;
}

/* --- outputs ---------------------------------------------------------------------------------- */

as_tf_output_config *as_tf_decode_output(as_tf_decoder *d, const as_hcl_block *block)
{
    static const as_hcl_attribute_schema attributes[] = {{"description", false}, {"value", true},
            {"depends_on", false}, {"sensitive", false}, {"ephemeral", false},
            {"deprecated", false}, {"type", false}, {0}};
    static const as_hcl_block_schema blocks[] = {
            {"precondition", {0}}, {"postcondition", {0}}, {0}};
    static const as_hcl_schema schema = {attributes, blocks};
    as_tf_output_config *o = AS_NEW(d->arena, as_tf_output_config);
    o->name = block->labels[0].text;
    o->span = block->header_span;
    as_hcl_content content = as_tf_content(d, block->body, &schema, false);
    as_tf_check_identifier(d, o->name, block->labels[0].span, "Invalid output name");
    o->description = as_tf_decode_text(d, as_hcl_content_attribute(&content, "description"));
    const as_hcl_attribute *value = as_hcl_content_attribute(&content, "value");
    o->expr = value ? value->expr : NULL;
    const as_hcl_attribute *type = as_hcl_content_attribute(&content, "type");
    if (type)
        o->type = as_type_parse(d->kept, type->expr, d->diags);
    o->sensitive = as_tf_decode_bool(
            d, as_hcl_content_attribute(&content, "sensitive"), false, &o->sensitive_set);
    o->ephemeral = as_tf_decode_bool(
            d, as_hcl_content_attribute(&content, "ephemeral"), false, &o->ephemeral_set);
    as_tf_decode_text(d, as_hcl_content_attribute(&content, "deprecated"));
    as_tf_decode_depends_on(d, as_hcl_content_attribute(&content, "depends_on"), &o->depends_on);
    for (size_t i = 0; i < content.n_blocks; i++) {
        const as_hcl_block *b = &content.blocks[i];
        if (as_str_is(b->type, "precondition"))
            AS_VEC_PUSH(d->arena, &o->conditions, as_tf_decode_condition(d, b));
        else
            as_tf_error(d->diags, b->type_span, "Postconditions are not allowed",
                    "Outputs have preconditions only.");
    }
    return o;
}

/* --- locals ----------------------------------------------------------------------------------- */

void as_tf_decode_locals(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file)
{
    as_hcl_content content = as_hcl_body_attributes(d->arena, block->body, d->diags);
    for (size_t i = 0; i < content.n_attributes; i++) {
        const as_hcl_attribute *a = &content.attributes[i];
        as_tf_check_identifier(d, a->name, a->name_span, "Invalid local value name");
        as_tf_local_config *local = AS_NEW(d->arena, as_tf_local_config);
        *local = (as_tf_local_config){.name = a->name, .span = a->span, .expr = a->expr};
        AS_VEC_PUSH(d->arena, &file->locals, local);
    }
}
