/* Making, comparing and taking apart values as HCL understands them (see type.h for how a type
 * hangs on a value).
 *
 * Invariants of every HCL value: members of maps and objects are sorted by key (bytewise), elements
 * of sets are unique and in cty's order, elements of list(T), set(T) and map(T) have exactly type
 * T. The makers here keep them; as_hcl_import brings in trees from elsewhere. */
#ifndef AS_HCL_DATA_H
#define AS_HCL_DATA_H

#include "parsers/hcl/number.h"
#include "parsers/hcl/type.h"

/* Null / unknown of a type (NULL: any). */
const as_value *as_hcl_null(as_arena *arena, as_span span, const as_type *type);
const as_value *as_hcl_unknown(as_arena *arena, as_span span, const as_type *type, as_str reason);

/* Items are borrowed and must already have type `element`; elements may be 0. */
const as_value *as_hcl_list(as_arena *arena, as_span span, const as_type *element,
        const as_value *const *items, size_t n);
/* Sorts and removes repeats (items is left alone); flags of elements move to the set. */
const as_value *as_hcl_set(as_arena *arena, as_span span, const as_type *element,
        const as_value *const *items, size_t n);
const as_value *as_hcl_tuple(as_arena *arena, as_span span, const as_value *const *items, size_t n);
/* Members are borrowed and sorted in place; of equal keys the last wins. */
const as_value *as_hcl_map(
        as_arena *arena, as_span span, const as_type *element, as_member *members, size_t n);
const as_value *as_hcl_object(as_arena *arena, as_span span, as_member *members, size_t n);

/* A tree of JSON or YAML with its keys sorted, all the way down. Shares what is in order already.
 */
const as_value *as_hcl_import(as_arena *arena, const as_value *v);

/* --- asking ----------------------------------------------------------------------------------- */

static inline bool as_hcl_is_known(const as_value *v)
{
    return v->kind != AS_UNKNOWN;
}
/* Known and nothing unknown inside. */
bool as_hcl_is_wholly_known(as_arena *arena, const as_value *v); /* the arena counts the work */
/* AS_SENSITIVE and AS_EPHEMERAL of this node / of this and all below. */
unsigned as_hcl_marks(const as_value *v);
unsigned as_hcl_marks_deep(as_arena *arena, const as_value *v); /* the arena counts the work */
const as_value *as_hcl_with_marks(as_arena *arena, const as_value *v, unsigned marks);
const as_value *as_hcl_unmark(as_arena *arena, const as_value *v); /* this node only */
const as_value *as_hcl_unmark_deep(
        as_arena *arena, const as_value *v); /* shares what is unmarked */

/* cty's Equals: AS_HCL_MAYBE when it hangs on something unknown. Types must be equal for equality.
 */
typedef enum as_hcl_truth { AS_HCL_FALSE, AS_HCL_TRUE, AS_HCL_MAYBE } as_hcl_truth;
as_hcl_truth as_hcl_equal(as_arena *arena, const as_value *a, const as_value *b);
/* Order of elements in a set of that type: <0, 0 (the same element), >0. */
int as_hcl_set_order(as_arena *arena, const as_type *element, const as_value *a, const as_value *b);

/* Iterating what can be iterated: key (string for maps and objects, number for lists and tuples,
 * the element itself for sets) and value. */
bool as_hcl_can_iterate(const as_value *v); /* known, not null, and a collection, tuple or object */
size_t as_hcl_count(const as_value *v);
const as_value *as_hcl_key_at(as_arena *arena, const as_value *v, size_t i);
const as_value *as_hcl_item_at(const as_value *v, size_t i);

/* --- what is known of the unknown (cty refinements) ------------------------------------------- */

typedef struct as_hcl_refinement {
    bool not_null;
    as_str prefix;             /* of strings */
    const as_value *min, *max; /* of numbers; NULL: none */
    bool min_exclusive, max_exclusive;
    int64_t min_length, max_length; /* of collections; max < 0: none */
} as_hcl_refinement;

const as_hcl_refinement *as_hcl_refinement_of(const as_value *v); /* NULL when there is none */
/* What cannot be otherwise becomes known: a number between equal bounds, a list of known length. */
const as_value *as_hcl_refine(as_arena *arena, const as_value *v, as_hcl_refinement refinement);
const as_value *as_hcl_refine_not_null(as_arena *arena, const as_value *v);
/* True when v is certainly not null. */
bool as_hcl_not_null(const as_value *v);
/* Bounds on the length of a collection, known or not; max < 0: no bound. */
void as_hcl_length_range(const as_value *v, int64_t *min, int64_t *max);

#endif
