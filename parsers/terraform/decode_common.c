/* Pieces that several kinds of blocks share. See config.h. */
#include "parsers/terraform/config.h"

#include <stdarg.h>

#include "engine/base/limits.h"
#include "parsers/hcl/eval.h"
#include "parsers/terraform/version.h"

void as_tf_error(as_diags *diags, as_span span, const char *summary, const char *detail_fmt, ...)
{
    va_list args;
    va_start(args, detail_fmt);
    as_buf buf;
    as_buf_init(&buf, diags->arena, 0);
    as_buf_vfmt(&buf, detail_fmt, args);
    va_end(args);
    as_diags_add(diags, AS_DIAG_ERROR, "terraform-config", span, "%s", summary);
    as_diags_detail(diags, "%s", as_buf_c(&buf));
}

as_str as_tf_place(as_arena *arena, as_sources *sources, as_span span)
{
    const as_source *source = as_sources_get(sources, span.file);
    if (!source)
        return AS_STR("another file");
    as_position a = as_sources_position(sources, span.file, span.begin);
    as_position b = as_sources_position(sources, span.file, span.end);
    if (a.line == b.line)
        return as_str_fmt(arena, "%.*s:%u,%u-%u", AS_STR_ARG(as_path_base(source->path)), a.line,
                a.column, b.column);
    return as_str_fmt(arena, "%.*s:%u,%u-%u,%u", AS_STR_ARG(as_path_base(source->path)), a.line,
            a.column, b.line, b.column);
}

/* --- names ------------------------------------------------------------------------------------ */

/* UAX #31 identifiers plus "-" (hclsyntax.ValidIdentifier); beyond ASCII the letters are not
 * checked one by one. */
bool as_tf_is_identifier(as_str name)
{
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
        bool later = (c >= '0' && c <= '9') || c == '-';
        if (!letter && !(later && i > 0))
            return false;
    }
    return name.n > 0;
}

void as_tf_check_identifier(as_tf_decoder *d, as_str name, as_span span, const char *summary)
{
    if (!as_tf_is_identifier(name))
        as_tf_error(d->diags, span, summary,
                "Names consist of letters, digits, \"_\" and \"-\", and begin with a letter or "
                "\"_\".");
}

bool as_tf_check_provider_name(as_tf_decoder *d, as_str name, as_span span)
{
    as_str lower = as_str_lower(d->arena, name);
    if (!as_str_eq(lower, name)) {
        as_tf_error(d->diags, span, "Invalid provider local name",
                "\"%.*s\" has to be written \"%.*s\".", AS_STR_ARG(name), AS_STR_ARG(lower));
        return false;
    }
    bool good = name.n && name.p[0] != '-' && name.p[name.n - 1] != '-';
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c >= 0x80);
    }
    if (!good)
        as_tf_error(d->diags, span, "Invalid provider local name",
                "\"%.*s\" may hold letters and digits, and dashes between them.", AS_STR_ARG(name));
    return good;
}

void as_tf_check_version(as_tf_decoder *d, as_str text, as_span span)
{
    as_tf_constraints constraints;
    if (!as_tf_constraints_parse(d->arena, text, &constraints))
        as_tf_error(d->diags, span, "Invalid version constraint",
                "A constraint looks like \"~> 1.2\" or \">= 1.0, < 2.0\".");
}

/* --- arguments -------------------------------------------------------------------------------- */

/* In an override file nothing is required (schemaForOverrides). */
as_hcl_content as_tf_content(
        as_tf_decoder *d, const as_hcl_body *body, const as_hcl_schema *schema, bool partial)
{
    if (!d->override || !schema->attributes)
        return as_hcl_body_content(d->arena, body, schema, partial, d->diags);
    size_t n = 0;
    while (schema->attributes[n].name)
        n++;
    as_hcl_attribute_schema *attributes = AS_NEW_ARRAY(d->arena, as_hcl_attribute_schema, n + 1);
    for (size_t i = 0; i < n; i++)
        attributes[i].name = schema->attributes[i].name;
    as_hcl_schema *optional = AS_NEW(d->arena, as_hcl_schema);
    *optional = (as_hcl_schema){attributes, schema->blocks};
    return as_hcl_body_content(d->arena, body, optional, partial, d->diags);
}

const as_value *as_tf_decode_static(
        as_tf_decoder *d, const as_hcl_attribute *attribute, const as_type *want)
{
    if (!attribute)
        return NULL;
    as_hcl_ctx ctx = {.arena = d->kept, .diags = d->diags, .no_functions = true};
    size_t before = d->diags->n_errors;
    const as_value *v = as_hcl_eval(&ctx, attribute->expr);
    /* Strings are blamed behind their quote, as everything is that gohcl decodes. */
    as_span span = attribute->expr->span;
    as_str text;
    if (!attribute->expr->from_json && as_hcl_expr_string(attribute->expr, &text))
        span.begin++;
    if (!as_hcl_ok(&ctx, before)) {
        as_tf_error(d->diags, span, "Unsuitable value type", "Its value must be known at once.");
        return NULL;
    }
    if (as_value_is_null(v))
        return v;
    as_convert_error error;
    const as_value *converted = as_convert(d->kept, v, want, &error);
    if (!converted)
        as_tf_error(d->diags, span, "Unsuitable value type", "Unsuitable value: %.*s",
                AS_STR_ARG(as_convert_error_text(d->arena, &error)));
    return converted;
}

as_str as_tf_decode_text(as_tf_decoder *d, const as_hcl_attribute *attribute)
{
    return as_value_str(as_tf_decode_static(d, attribute, &as_type_string));
}

bool as_tf_decode_bool(
        as_tf_decoder *d, const as_hcl_attribute *attribute, bool fallback, bool *set)
{
    const as_value *v = as_tf_decode_static(d, attribute, &as_type_bool);
    *set = attribute != NULL;
    return as_value_bool_or(v, fallback);
}

void as_tf_decode_repetition(as_tf_decoder *d, const as_hcl_content *content,
        const as_hcl_expr **count, const as_hcl_expr **for_each)
{
    const as_hcl_attribute *c = as_hcl_content_attribute(content, "count");
    const as_hcl_attribute *f = as_hcl_content_attribute(content, "for_each");
    *count = c ? c->expr : NULL;
    *for_each = f ? f->expr : NULL;
    if (c && f)
        as_tf_error(d->diags, f->name_span, "Invalid combination of \"count\" and \"for_each\"",
                "Use one of them: both say how many instances there are.");
}

const as_hcl_expr *as_tf_decode_enabled(
        as_tf_decoder *d, const as_hcl_attribute *attribute, bool repeated)
{
    if (repeated)
        as_tf_error(d->diags, attribute->name_span,
                "Invalid combination of \"enabled\" with \"count\" or \"for_each\"",
                "Use one of them: all say how many instances there are.");
    return attribute->expr;
}

static void warn_quoted(as_tf_decoder *d, as_span span, bool keyword)
{
    as_diags_add(d->diags, AS_DIAG_WARNING, "terraform-deprecated", span,
            keyword ? "Quoted keywords are deprecated" : "Quoted references are deprecated");
    as_diags_detail(d->diags,
            "Since Terraform 0.12 %s stand without quotes; take them off this "
            "%s.",
            keyword ? "keywords" : "references", keyword ? "keyword" : "reference");
}

bool as_tf_decode_reference(as_tf_decoder *d, const as_hcl_expr *expr, as_hcl_traversal *out)
{
    as_str text;
    if (as_hcl_expr_traversal(d->arena, expr, out))
        return true;
    if (expr->from_json || !as_hcl_expr_string(expr, &text))
        return false;
    as_diags ignored;
    as_diags_init(&ignored, d->arena);
    const as_hcl_expr *inner = as_hcl_parse_expr_text(d->arena, text, expr->span, &ignored);
    if (ignored.n_errors || !as_hcl_expr_traversal(d->arena, inner, out))
        return false;
    warn_quoted(d, expr->span, false);
    return true;
}

as_str as_tf_decode_keyword(as_tf_decoder *d, const as_hcl_expr *expr)
{
    as_str word = as_hcl_expr_keyword(expr);
    if (!word.n && !expr->from_json && as_hcl_expr_string(expr, &word))
        warn_quoted(d, expr->span, true);
    return word;
}

void as_tf_decode_depends_on(
        as_tf_decoder *d, const as_hcl_attribute *attribute, as_tf_depends_list *out)
{
    if (!attribute)
        return;
    as_hcl_exprs list;
    if (!as_hcl_expr_list(attribute->expr, &list)) {
        as_tf_error(d->diags, attribute->expr->span, "Invalid expression",
                "A plain list [a, b] is needed.");
        return;
    }
    for (size_t i = 0; i < list.n; i++) {
        as_hcl_traversal traversal;
        if (!as_tf_decode_reference(d, list.items[i], &traversal))
            as_tf_error(d->diags, list.items[i]->span, "Invalid expression",
                    "Only a plain reference may stand here: names and constant keys.");
        else if (as_str_is(traversal.steps[0].name, "action"))
            as_tf_error(d->diags, list.items[i]->span, "Invalid depends_on Action Reference",
                    "Actions cannot be waited for; name a resource or data source.");
        else
            AS_VEC_PUSH(d->arena, out, (as_tf_depends){traversal, list.items[i]->span});
    }
}

bool as_tf_decode_provider_ref(
        as_tf_decoder *d, const as_hcl_expr *expr, const char *argument, as_tf_provider_ref *out)
{
    as_hcl_traversal t;
    as_str text;
    expr = as_hcl_expr_unwrap(expr);
    if (expr->kind == AS_HCL_INDEX) /* OpenTofu: aws.by_region[each.key] */
        expr = expr->as.index.collection;
    bool good = as_tf_decode_reference(d, expr, &t);
    if (good && t.n == 3 && t.steps[2].is_index) /* OpenTofu: aws.by_region["eu"] */
        t.n = 2;
    if (!good || t.n > 2) {
        if (!expr->from_json && as_hcl_expr_string(expr, &text))
            as_tf_error(d->diags, expr->span, "Invalid provider configuration reference",
                    "It stands without quotes.");
        else
            as_tf_error(d->diags, expr->span, "Invalid provider configuration reference",
                    "%s takes NAME or NAME.ALIAS.", argument);
        return false;
    }
    if (!as_tf_check_provider_name(d, t.steps[0].name, t.steps[0].span))
        return false;
    *out = (as_tf_provider_ref){.name = t.steps[0].name, .span = expr->span};
    if (t.n == 2 && t.steps[1].is_index) {
        as_tf_error(d->diags, t.steps[1].span, "Invalid provider configuration reference",
                "Only NAME or NAME.ALIAS may stand here.");
        return false;
    }
    if (t.n == 2)
        out->alias = t.steps[1].name;
    return true;
}

/* --- conditions ------------------------------------------------------------------------------- */

static void note_reference(void *self, const as_hcl_traversal *traversal, as_span span)
{
    (void)traversal;
    (void)span;
    *(bool *)self = true;
}

as_tf_condition as_tf_decode_condition(as_tf_decoder *d, const as_hcl_block *block)
{
    static const as_hcl_attribute_schema attributes[] = {
            {"condition", true}, {"error_message", true}, {0}};
    static const as_hcl_schema schema = {attributes, NULL};
    as_tf_condition out = {.span = block->header_span};
    if (d->override) {
        char *summary = as_str_cstr(d->arena,
                as_str_fmt(d->arena, "Can't override %.*s blocks", AS_STR_ARG(block->type)));
        as_tf_error(d->diags, block->header_span, summary,
                "An override file may not hold \"%.*s\".", AS_STR_ARG(block->type));
        return out;
    }
    as_hcl_content content = as_tf_content(d, block->body, &schema, false);
    const as_hcl_attribute *condition = as_hcl_content_attribute(&content, "condition");
    const as_hcl_attribute *message = as_hcl_content_attribute(&content, "error_message");
    out.condition = condition ? condition->expr : NULL;
    out.message = message ? message->expr : NULL;
    bool refers = !condition || condition->expr->kind == AS_HCL_BAD;
    if (condition)
        as_hcl_expr_references(condition->expr, note_reference, &refers);
    if (!refers) {
        char *summary = as_str_cstr(
                d->arena, as_str_fmt(d->arena, "Invalid %.*s expression", AS_STR_ARG(block->type)));
        as_tf_error(d->diags, condition->expr->span, summary,
                "The condition refers to nothing, so it would always say the same.");
    }
    return out;
}

/* --- bodies ----------------------------------------------------------------------------------- */

static bool schema_has_attribute(const as_hcl_schema *schema, as_str name)
{
    for (const as_hcl_attribute_schema *a = schema->attributes; a && a->name; a++)
        if (as_str_is(name, a->name))
            return true;
    return false;
}

static bool schema_has_block(const as_hcl_schema *schema, as_str type)
{
    for (const as_hcl_block_schema *b = schema->blocks; b && b->type; b++)
        if (as_str_is(type, b->type))
            return true;
    return false;
}

static bool names_any(const as_hcl_content *content, const as_hcl_schema *schema)
{
    for (size_t i = 0; i < content->n_attributes; i++)
        if (schema_has_attribute(schema, content->attributes[i].name))
            return true;
    for (size_t i = 0; i < content->n_blocks; i++)
        if (schema_has_block(schema, content->blocks[i].type))
            return true;
    return false;
}

/* In JSON syntax every property but "dynamic" is taken as an attribute: nothing here tells which
 * are blocks. The evaluation of resources turns objects into blocks where it knows better. */
static as_hcl_content everything(as_tf_decoder *d, const as_hcl_body *body)
{
    static const as_hcl_block_schema blocks[] = {{"dynamic", {"type"}}, {0}};
    static const as_hcl_schema schema = {NULL, blocks};
    if (!body->json)
        return (as_hcl_content){
                body->attributes, body->n_attributes, body->blocks, body->n_blocks, body->end};
    as_hcl_content dynamic = as_hcl_body_content(d->arena, body, &schema, true, d->diags);
    as_hcl_content rest = as_hcl_body_attributes(d->arena, body, d->diags);
    rest.blocks = dynamic.blocks;
    rest.n_blocks = dynamic.n_blocks;
    return rest;
}

const as_hcl_body *as_tf_body_rest(
        as_tf_decoder *d, const as_hcl_body *body, const as_hcl_schema *schema)
{
    as_hcl_content all = everything(d, body);
    if (!names_any(&all, schema) && !body->json)
        return body;
    as_hcl_attribute *attributes = AS_NEW_ARRAY(d->arena, as_hcl_attribute, all.n_attributes);
    as_hcl_block *blocks = AS_NEW_ARRAY(d->arena, as_hcl_block, all.n_blocks);
    as_hcl_body *rest = AS_NEW(d->arena, as_hcl_body);
    *rest = (as_hcl_body){.span = body->span,
            .end = body->end,
            .source = body->source,
            .attributes = attributes,
            .blocks = blocks};
    for (size_t i = 0; i < all.n_attributes; i++) {
        const as_hcl_attribute *a = &all.attributes[i];
        bool meta = schema_has_attribute(schema, a->name) ||
                    (body->json &&
                            (schema_has_block(schema, a->name) || as_str_is(a->name, "dynamic")));
        if (!meta)
            attributes[rest->n_attributes++] = *a;
    }
    for (size_t i = 0; i < all.n_blocks; i++)
        if (!schema_has_block(schema, all.blocks[i].type))
            blocks[rest->n_blocks++] = all.blocks[i];
    return rest;
}

const as_hcl_body *as_tf_body_join(as_arena *arena, const as_hcl_body *a, const as_hcl_body *b)
{
    as_hcl_attribute *attributes =
            AS_NEW_ARRAY(arena, as_hcl_attribute, a->n_attributes + b->n_attributes);
    as_hcl_block *blocks = AS_NEW_ARRAY(arena, as_hcl_block, a->n_blocks + b->n_blocks);
    as_hcl_body *out = AS_NEW(arena, as_hcl_body);
    *out = *a;
    out->attributes = attributes;
    out->blocks = blocks;
    if (a->n_attributes)
        memcpy(attributes, a->attributes, a->n_attributes * sizeof *attributes);
    if (b->n_attributes)
        memcpy(attributes + a->n_attributes, b->attributes, b->n_attributes * sizeof *attributes);
    if (a->n_blocks)
        memcpy(blocks, a->blocks, a->n_blocks * sizeof *blocks);
    if (b->n_blocks)
        memcpy(blocks + a->n_blocks, b->blocks, b->n_blocks * sizeof *blocks);
    out->n_attributes += b->n_attributes;
    out->n_blocks += b->n_blocks;
    return out;
}

/* The type of block that a block contributes: dynamic "ingress" contributes ingress. */
static as_str block_kind(const as_hcl_block *block)
{
    return as_str_is(block->type, "dynamic") && block->n_labels ? block->labels[0].text
                                                                : block->type;
}

const as_hcl_body *as_tf_body_override(
        as_arena *arena, const as_hcl_body *base, const as_hcl_body *override)
{
    as_hcl_attribute *attributes = AS_NEW_ARRAY(arena, as_hcl_attribute, base->n_attributes);
    as_hcl_block *blocks = AS_NEW_ARRAY(arena, as_hcl_block, base->n_blocks);
    as_hcl_body kept = *base;
    kept.attributes = attributes;
    kept.blocks = blocks;
    kept.n_attributes = kept.n_blocks = 0;
    as_map overridden = {0};
    for (size_t i = 0; i < override->n_blocks; i++)
        as_map_put(arena, &overridden, block_kind(&override->blocks[i]), attributes);
    as_map names = {0};
    for (size_t i = 0; i < override->n_attributes; i++)
        as_map_put(arena, &names, override->attributes[i].name, attributes);
    for (size_t i = 0; i < base->n_attributes; i++)
        if (!as_map_has(&names, base->attributes[i].name))
            attributes[kept.n_attributes++] = base->attributes[i];
    for (size_t i = 0; i < base->n_blocks; i++)
        if (!as_map_has(&overridden, block_kind(&base->blocks[i])))
            blocks[kept.n_blocks++] = base->blocks[i];
    return as_tf_body_join(arena, &kept, override);
}
