/* A tree that can be changed in place: values are immutable, kustomize edits. Private to
 * parsers/kustomize.
 *
 * A scalar has its text and its type apart, as YAML nodes have value and tag: a field that is
 * replaced keeps its type, and an image is text whatever it looks like. */
#ifndef AS_KUSTOMIZE_TREE_H
#define AS_KUSTOMIZE_TREE_H

#include "engine/base/source.h"
#include "engine/base/vec.h"
#include "engine/value/value.h"

typedef enum as_ktree_kind { AS_KTREE_SCALAR, AS_KTREE_LIST, AS_KTREE_MAP } as_ktree_kind;

typedef struct as_ktree as_ktree;

typedef struct as_ktree_field {
    as_str key;
    as_span key_span;
    as_ktree *value;
} as_ktree_field;

struct as_ktree {
    as_ktree_kind kind;
    as_kind type; /* of a scalar: AS_NULL, AS_BOOL, AS_INT, AS_FLOAT or AS_STRING */
    bool keep_null;
    uint8_t flags;
    as_str text; /* of a scalar */
    as_span span;
    const as_meta *meta;
    AS_VEC(as_ktree *) items;
    AS_VEC(as_ktree_field) fields;
};

as_ktree *as_ktree_from_value(as_arena *arena, as_sources *sources, const as_value *v);
const as_value *as_ktree_to_value(as_arena *arena, const as_ktree *n);
as_ktree *as_ktree_copy(as_arena *arena, const as_ktree *n);

as_ktree *as_ktree_map(as_arena *arena, as_span span);
as_ktree *as_ktree_list(as_arena *arena, as_span span);
as_ktree *as_ktree_string(as_arena *arena, as_span span, as_str text);
as_ktree *as_ktree_scalar(as_arena *arena, as_span span, as_kind type, as_str text);

static inline bool as_ktree_is(const as_ktree *n, as_ktree_kind kind) /* false for NULL */
{
    return n != NULL && n->kind == kind;
}
bool as_ktree_is_null(const as_ktree *n);  /* NULL, or a null scalar */
bool as_ktree_is_empty(const as_ktree *n); /* null, an empty map or list, or the empty string */

as_ktree *as_ktree_get(const as_ktree *map, as_str key);      /* NULL when absent or no map */
as_ktree *as_ktree_path(const as_ktree *n, const char *path); /* "metadata/name" */
as_str as_ktree_text(const as_ktree *n);                      /* of a scalar; else empty */
/* Sets or appends; a NULL value removes. */
void as_ktree_set(as_arena *arena, as_ktree *map, as_str key, as_span key_span, as_ktree *value);
void as_ktree_remove(as_ktree *map, as_str key);
/* The map under `key`, made when it is absent or null. */
as_ktree *as_ktree_child_map(as_arena *arena, as_ktree *map, const char *key, as_span span);
void as_ktree_insert(as_arena *arena, as_ktree *list, size_t at, as_ktree *item);
void as_ktree_delete(as_ktree *list, size_t at);

/* Becomes `other` (shallow), as when a whole subtree is replaced. */
void as_ktree_assign(as_ktree *n, const as_ktree *other);
/* The scalar takes this text, and remembers where from. */
void as_ktree_set_text(as_arena *arena, as_ktree *n, as_str text, as_span from, const char *note);

/* Data equal, order of keys aside. */
bool as_ktree_equal(const as_ktree *a, const as_ktree *b);

#endif
