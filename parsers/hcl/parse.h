/* From text to syntax tree. Errors are diagnostics at the places, and in the words, that people
 * know from Terraform; a bad item costs that item and the rest of the file is still parsed. Nesting
 * is bounded by AS_MAX_DEPTH. */
#ifndef AS_HCL_PARSE_H
#define AS_HCL_PARSE_H

#include "engine/base/diag.h"
#include "parsers/hcl/ast.h"

/* A file in native syntax. Never NULL: after errors the body is partial. */
const as_hcl_body *as_hcl_parse(as_arena *arena, const as_source *source, as_diags *diags);
/* The same, with the literals and names in an arena of their own: values refer to them, not to the
 * tree, which may go before they do. */
const as_hcl_body *as_hcl_parse_apart(
        as_arena *tree, as_arena *kept, const as_source *source, as_diags *diags);
/* A part of a file: whole blocks and attributes. Places are those of the file. Never NULL. */
const as_hcl_body *as_hcl_parse_part(
        as_arena *arena, const as_source *source, as_span part, as_diags *diags);
/* A file in JSON syntax (.tf.json, .tfvars.json). Never NULL. */
const as_hcl_body *as_hcl_parse_json(as_arena *arena, const as_source *source, as_diags *diags);

/* The whole source as one expression. Never NULL (AS_HCL_BAD after errors). */
const as_hcl_expr *as_hcl_parse_expr(as_arena *arena, const as_source *source, as_diags *diags);
/* The whole source as a template, as templatefile reads it. Never NULL. */
const as_hcl_expr *as_hcl_parse_template(as_arena *arena, const as_source *source, as_diags *diags);
/* The same of a text that is not a file: every span becomes `place`. The tree points into the text.
 */
const as_hcl_expr *as_hcl_parse_expr_text(
        as_arena *arena, as_str text, as_span place, as_diags *diags);
const as_hcl_expr *as_hcl_parse_template_text(
        as_arena *arena, as_str text, as_span place, as_diags *diags);

/* --- reading a body through a schema ---------------------------------------------------------- */

typedef struct as_hcl_attribute_schema {
    const char *name; /* NULL ends the list */
    bool required;
} as_hcl_attribute_schema;

typedef struct as_hcl_block_schema {
    const char *type;      /* NULL ends the list */
    const char *labels[3]; /* names of the labels, for messages */
} as_hcl_block_schema;

typedef struct as_hcl_schema {
    const as_hcl_attribute_schema *attributes; /* NULL: none */
    const as_hcl_block_schema *blocks;
} as_hcl_schema;

typedef struct as_hcl_content {
    const as_hcl_attribute *attributes;
    size_t n_attributes;
    const as_hcl_block *blocks;
    size_t n_blocks;
    as_span end; /* as as_hcl_body.end */
} as_hcl_content;

/* The items that the schema names, in source order. `diags` gets missing required arguments and
 * wrong numbers of labels and, unless `partial`, whatever the schema does not name: "Unsupported
 * argument", "Unsupported block type". Works for both syntaxes. */
as_hcl_content as_hcl_body_content(as_arena *arena, const as_hcl_body *body,
        const as_hcl_schema *schema, bool partial, as_diags *diags);
const as_hcl_attribute *as_hcl_content_attribute(const as_hcl_content *content, const char *name);

/* Everything as attributes ("locals", tfvars). Blocks are errors in native syntax. */
as_hcl_content as_hcl_body_attributes(as_arena *arena, const as_hcl_body *body, as_diags *diags);

/* A JSON value as an expression: strings are templates. */
const as_hcl_expr *as_hcl_json_expr(as_arena *arena, const as_value *json, as_diags *diags);

#endif
