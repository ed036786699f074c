/* The syntax tree of HCL: bodies, attributes, blocks and expressions, in the arena of the parse.
 *
 * The tree is immutable and carries no values but literals; evaluation lives in eval.h. Native
 * syntax and JSON syntax give the same expression nodes. Spans are byte offsets in the source.
 * Spec: hashicorp/hcl hclsyntax/spec.md, json/spec.md. */
#ifndef AS_HCL_AST_H
#define AS_HCL_AST_H

#include "engine/base/source.h"
#include "engine/value/value.h"

typedef struct as_hcl_expr as_hcl_expr;
typedef struct as_hcl_body as_hcl_body;

/* --- structure -------------------------------------------------------------------------------- */

typedef struct as_hcl_attribute {
    as_str name;
    as_span span; /* name to the end of the expression */
    as_span name_span;
    const as_hcl_expr *expr;
} as_hcl_attribute;

typedef struct as_hcl_label {
    as_str text;
    as_span span; /* quotes included */
} as_hcl_label;

typedef struct as_hcl_block {
    as_str type;
    as_span type_span;
    const as_hcl_label *labels;
    size_t n_labels;
    as_span header_span; /* type to the last label: where Terraform points for the block */
    as_span span;        /* type to the closing brace */
    as_span open, close; /* the braces; in JSON the object's first and last byte */
    const as_hcl_body *body;
} as_hcl_block;

/* In the order of the source. A body of JSON syntax has no items of its own: which properties are
 * attributes and which are blocks is the schema's business (as_hcl_body_content in parse.h). */
struct as_hcl_body {
    as_span span;
    as_span end; /* empty span where a missing item would stand: "Missing required argument" */
    const as_hcl_attribute *attributes;
    size_t n_attributes;
    const as_hcl_block *blocks;
    size_t n_blocks;
    const as_value *json; /* JSON syntax: an object, or a list of objects taken together */
    const as_source *source;
};

/* NULL when absent. */
const as_hcl_attribute *as_hcl_body_attribute(const as_hcl_body *body, as_str name);

/* --- expressions ------------------------------------------------------------------------------ */

typedef enum as_hcl_kind {
    AS_HCL_LITERAL,       /* number, bool, null; plain text, quoted or in a template: as.literal */
    AS_HCL_TEMPLATE,      /* parts joined to a string: as.list */
    AS_HCL_TEMPLATE_WRAP, /* "${x}" alone, which keeps x's type: as.inner */
    AS_HCL_TEMPLATE_JOIN, /* %{ for }: a tuple of strings, joined: as.inner */
    AS_HCL_TRAVERSAL,     /* a.b[0].c from a root name, constant keys: as.traversal */
    AS_HCL_RELATIVE,      /* (expr).b[0]: as.relative */
    AS_HCL_CALL,          /* f(a, b...): as.call */
    AS_HCL_CONDITIONAL,   /* as.conditional */
    AS_HCL_INDEX,         /* c[k], k not constant: as.index */
    AS_HCL_TUPLE,         /* as.list */
    AS_HCL_OBJECT,        /* as.object */
    AS_HCL_FOR,           /* as.loop */
    AS_HCL_SPLAT,         /* as.splat */
    AS_HCL_SPLAT_ITEM,    /* stands for the element inside a splat's `each` */
    AS_HCL_BINARY,        /* as.binary */
    AS_HCL_UNARY,         /* as.unary */
    AS_HCL_PAREN,         /* as.inner */
    AS_HCL_BAD,           /* could not be parsed; a diagnostic has been given */
} as_hcl_kind;

typedef enum as_hcl_op {
    AS_HCL_OR,
    AS_HCL_AND,
    AS_HCL_EQ,
    AS_HCL_NE,
    AS_HCL_GT,
    AS_HCL_GE,
    AS_HCL_LT,
    AS_HCL_LE,
    AS_HCL_ADD,
    AS_HCL_SUB,
    AS_HCL_MUL,
    AS_HCL_DIV,
    AS_HCL_MOD,
    AS_HCL_NOT, /* unary */
    AS_HCL_NEG,
} as_hcl_op;

/* `.name`, `[key]` with a constant key, or the root. */
typedef struct as_hcl_step {
    as_span span; /* with the dot or the brackets */
    bool is_index;
    as_str name;         /* root or attribute name */
    const as_value *key; /* index: a string or a number */
} as_hcl_step;

typedef struct as_hcl_traversal {
    const as_hcl_step *steps; /* absolute: the first is the root name */
    size_t n;
} as_hcl_traversal;

typedef struct as_hcl_object_item {
    const as_hcl_expr *key;
    as_str keyword; /* the bare word of `name = …` (a literal key), else empty */
    const as_hcl_expr *value;
} as_hcl_object_item;

typedef struct as_hcl_exprs {
    const as_hcl_expr *const *items;
    size_t n;
} as_hcl_exprs;

typedef struct as_hcl_for {
    as_str key_name; /* empty when only the value is named */
    as_str value_name;
    const as_hcl_expr *collection;
    const as_hcl_expr *key; /* NULL: a tuple results */
    const as_hcl_expr *value;
    const as_hcl_expr *condition; /* or NULL */
    bool group;                   /* … */
    as_span open, close;
} as_hcl_for;

/* Allocated only as far as the kind's member reaches: made and copied by the two functions below.
 */
struct as_hcl_expr {
    uint8_t kind;   /* as_hcl_kind */
    bool from_json; /* of JSON syntax: keywords and traversals are written as strings */
    as_span span;
    union {
        const as_value *literal;
        as_hcl_exprs list;
        const as_hcl_expr *inner;
        as_hcl_traversal traversal;
        struct {
            const as_hcl_expr *source;
            as_hcl_traversal steps;
        } relative;
        struct {
            as_str name; /* "provider::aws::arn_parse" for namespaced ones */
            as_span name_span;
            as_span open, close; /* the parentheses */
            as_hcl_exprs args;
            bool expand; /* the last argument ends in … */
        } call;
        struct {
            const as_hcl_expr *condition, *yes, *no;
        } conditional;
        struct {
            const as_hcl_expr *collection, *key;
            as_span open, brackets;
        } index;
        struct {
            const as_hcl_object_item *items;
            size_t n;
            as_span open;
        } object;
        as_hcl_for *loop;
        struct {
            const as_hcl_expr *source;
            const as_hcl_expr *each; /* refers to the element through AS_HCL_SPLAT_ITEM */
            as_span marker;
        } splat;
        struct {
            as_hcl_op op;
            const as_hcl_expr *left, *right;
        } binary;
        struct {
            as_hcl_op op;
            as_span op_span;
            const as_hcl_expr *operand;
        } unary;
    } as;
};

as_hcl_expr *as_hcl_expr_new(as_arena *arena, as_hcl_kind kind, as_span span);
as_hcl_expr *as_hcl_expr_copy(as_arena *arena, const as_hcl_expr *expr);

/* --- static analysis: what an expression says without being evaluated ------------------------- */

/* Parentheses taken off. */
const as_hcl_expr *as_hcl_expr_unwrap(const as_hcl_expr *expr);
/* JSON syntax writes references and types as strings: such a string parsed as native syntax.
 * Everything else, and what does not parse, as it is. */
const as_hcl_expr *as_hcl_expr_native(as_arena *arena, const as_hcl_expr *expr);
/* `a.b[0]` (in JSON also the string "a.b[0]") as a traversal; false when it is anything else. */
bool as_hcl_expr_traversal(as_arena *arena, const as_hcl_expr *expr, as_hcl_traversal *out);
/* A single bare word (`string`, `all`), in JSON a string; empty otherwise. */
as_str as_hcl_expr_keyword(const as_hcl_expr *expr);
/* The text of a template without interpolations; false otherwise. */
bool as_hcl_expr_string(const as_hcl_expr *expr, as_str *out);
/* `[a, b]`; false otherwise. */
bool as_hcl_expr_list(const as_hcl_expr *expr, as_hcl_exprs *out);

/* Calls visit for every absolute traversal in the expression, depth first, except those that start
 * at a name bound within it (`for`). */
typedef void as_hcl_visit_fn(void *self, const as_hcl_traversal *traversal, as_span span);
void as_hcl_expr_references(const as_hcl_expr *expr, as_hcl_visit_fn *visit, void *self);
/* Every expression node, parents first. */
typedef void as_hcl_walk_fn(void *self, const as_hcl_expr *expr);
void as_hcl_expr_walk(const as_hcl_expr *expr, as_hcl_walk_fn *visit, void *self);

/* "aws_x.y[0].id", for messages and addresses. */
as_str as_hcl_traversal_text(as_arena *arena, const as_hcl_traversal *traversal);

#endif
