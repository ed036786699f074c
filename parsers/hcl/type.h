/* The type system of Terraform (zclconf/go-cty): what a value is and what it can become.
 *
 * Types are immutable and compared by structure (as_type_equal). `type` of an as_value is set only
 * where the kind does not say it all:
 *     AS_BOOL, AS_INT, AS_FLOAT, AS_BIGNUM, AS_STRING   NULL: bool, number, string
 *     AS_LIST      list(T) or set(T); NULL: a tuple of its elements' types
 *     AS_OBJECT    map(T); NULL: an object of its members' types
 *     AS_NULL, AS_UNKNOWN   the type that it is null or unknown of; NULL: any
 * so a tree read from JSON or YAML is already a tree of tuples and objects (once its keys are
 * sorted: as_hcl_import in data.h), and literals cost no type. as_type_of gives the full type. */
#ifndef AS_HCL_TYPE_H
#define AS_HCL_TYPE_H

#include "engine/base/diag.h"
#include "parsers/hcl/ast.h"

typedef enum as_type_kind {
    AS_TYPE_ANY, /* cty.DynamicPseudoType: not known yet; in a constraint: whatever comes */
    AS_TYPE_BOOL,
    AS_TYPE_NUMBER,
    AS_TYPE_STRING,
    AS_TYPE_LIST,
    AS_TYPE_SET,
    AS_TYPE_MAP,
    AS_TYPE_TUPLE,
    AS_TYPE_OBJECT,
} as_type_kind;

typedef struct as_type_field {
    as_str name;
    const as_type *type;
    bool optional;
    const as_value *fallback; /* second argument of optional(), or NULL */
} as_type_field;

struct as_type {
    as_type_kind kind;
    bool has_any;           /* itself or anywhere inside */
    bool has_optional;      /* an object inside has optional attributes */
    const as_type *element; /* list, set, map */
    union {
        const as_type *const *items; /* tuple */
        const as_type_field *fields; /* object, sorted by name */
    } as;
    size_t n; /* of items or fields */
};

extern const as_type as_type_any, as_type_bool, as_type_number, as_type_string;
/* For static tables. */
extern const as_type as_type_list_any, as_type_list_string, as_type_list_number, as_type_set_any,
        as_type_set_string, as_type_map_any, as_type_map_string, as_type_empty_object,
        as_type_empty_tuple;

const as_type *as_type_list(as_arena *arena, const as_type *element);
const as_type *as_type_set(as_arena *arena, const as_type *element);
const as_type *as_type_map(as_arena *arena, const as_type *element);
const as_type *as_type_tuple(as_arena *arena, const as_type *const *items, size_t n); /* borrowed */
/* Sorts the borrowed fields in place. */
const as_type *as_type_object(as_arena *arena, as_type_field *fields, size_t n);

/* The whole type of a value; of NULL: any. Cheap for everything but big tuples and objects. */
const as_type *as_type_of(as_arena *arena, const as_value *v);
/* Only the outermost kind: free of charge. */
as_type_kind as_type_kind_of(const as_value *v);
/* Field of an object type, or NULL. */
const as_type_field *as_type_field_get(const as_type *type, as_str name);

bool as_type_equal(const as_type *a, const as_type *b);
static inline bool as_type_is_primitive(const as_type *t)
{
    return t->kind >= AS_TYPE_BOOL && t->kind <= AS_TYPE_STRING;
}
static inline bool as_type_is_collection(const as_type *t)
{
    return t->kind >= AS_TYPE_LIST && t->kind <= AS_TYPE_MAP;
}

/* Terraform's syntax: `object({a=number,"b c"=list(any)})`. */
void as_type_write(as_buf *buf, const as_type *type);
as_str as_type_text(as_arena *arena, const as_type *type);
/* "string", "list of number", "object", "dynamic": as in messages (cty FriendlyName). */
as_str as_type_friendly_name(as_arena *arena, const as_type *type);
/* The same for a wanted type ("any type" for any). */
as_str as_type_friendly_constraint(as_arena *arena, const as_type *type);
/* Why `got` does not conform to `want`: "string required, but have tuple" (cty
 * convert.MismatchMessage). */
as_str as_type_mismatch(as_arena *arena, const as_type *got, const as_type *want);

/* A type constraint as in `variable "x" { type = … }`; `any` and optional(T, default) are allowed.
 * Never NULL: any after errors. */
const as_type *as_type_parse(as_arena *arena, const as_hcl_expr *expr, as_diags *diags);
/* The text form, e.g. of a plan or a vector: NULL when it is no type. */
const as_type *as_type_parse_text(as_arena *arena, as_str text);
/* The default values of optional attributes put in, before conversion (hcl ext/typeexpr
 * Defaults.Apply). */
const as_value *as_type_apply_defaults(as_arena *arena, const as_type *type, const as_value *v);

/* --- conversion (cty/convert) ----------------------------------------------------------------- */

typedef struct as_convert_error {
    as_str message; /* "a number is required" */
    as_str path;    /* where inside the value: `.a[0]`, empty at the top */
} as_convert_error;

/* `v` as `want`, flags, references and trail kept. NULL with *error (may be NULL) when impossible.
 */
const as_value *as_convert(
        as_arena *arena, const as_value *v, const as_type *want, as_convert_error *error);
/* "a number is required", with the place in front when there is one: `attribute "a": …`. */
as_str as_convert_error_text(as_arena *arena, const as_convert_error *error);
/* The one type that all can become (convert.UnifyUnsafe when `unsafe`), or NULL. */
const as_type *as_type_unify(as_arena *arena, const as_type *const *types, size_t n, bool unsafe);

#endif
