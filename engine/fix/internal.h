/* Between the planner and the writers of the syntaxes. */
#ifndef AS_FIX_INTERNAL_H
#define AS_FIX_INTERNAL_H

#include "engine/fix/plan.h"
#include "parsers/hcl/ast.h"

/* A value to be set below a part of a file: names, and the value as JSON. */
typedef struct as_leaf {
    const as_str *names;
    size_t n;
    as_str json;
} as_leaf;

typedef AS_VEC(as_leaf) as_leaves;

typedef struct as_target {
    const as_value *holder; /* the innermost object on the way that is there */
    as_span span;           /* its place */
    as_span around;         /* of the entity, in which the place may lie */
    bool is_root;           /* HCL: the span is that of the resource's block */
    as_leaves leaves;
} as_target;

/* All return why it cannot be done, or "". Places are bytes in `source`. */
as_str as_hcl_insert(
        as_planner *p, const as_source *source, const as_target *target, as_edits *edits);
/* A literal in place of the expression at `span` (of an attribute of the holder); `value` is what
 * it evaluates to. */
as_str as_hcl_replace(as_planner *p, const as_source *source, const as_target *target, as_str name,
        const as_value *value, as_str json, as_edits *edits);
as_str as_yaml_insert(
        as_planner *p, const as_source *source, const as_target *target, as_edits *edits);
as_str as_yaml_replace(as_planner *p, const as_source *source, const as_target *target, as_str name,
        const as_value *value, as_str json, as_edits *edits);
/* A literal in place of the one that a value came from, by its trail: a default, a line of a values
 * file. */
as_str as_origin_replace(as_planner *p, const as_value *value, as_str json, as_edits *edits);

/* What stands at `at`, parsed: the part `around` it alone where that is small, else the file. */
const as_hcl_body *as_planner_body(
        as_planner *planner, const as_source *source, as_span at, as_span around);
bool as_is_hcl(const as_source *source);
/* The block of the body in which the byte lies; NULL: none. */
const as_hcl_block *as_hcl_block_around(const as_hcl_body *body, size_t at);
/* A JSON scalar or list as an expression of HCL, and as YAML (like what stood there). */
as_str as_hcl_literal(as_arena *arena, as_str json);
as_str as_yaml_literal(as_arena *arena, as_str json, as_str before);
/* New blocks with the leaves, `indent` blanks in; the text of several lines, each with its end. */
void as_hcl_render(
        as_buf *out, const as_leaves *leaves, size_t depth, size_t indent, bool in_object);
/* Blanks before the line's first character. */
size_t as_line_indent(as_str text, size_t at);
size_t as_line_begin(as_str text, size_t at);
size_t as_line_end(as_str text, size_t at); /* before its "\n" or "\r\n" */
size_t as_next_line(as_str text, size_t at);

#endif
