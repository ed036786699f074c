/* Strategic merge of one object into another. Private to parsers/kustomize. */
#ifndef AS_KUSTOMIZE_MERGE_H
#define AS_KUSTOMIZE_MERGE_H

#include "engine/base/diag.h"
#include "parsers/kustomize/tree.h"

typedef struct as_merge {
    as_arena *arena;
    const as_value *document; /* custom OpenAPI, or NULL */
    as_diags *diags;
    as_span from; /* the patch's place, for the trails of what it sets */
} as_merge;

/* Merges `patch`, which is used up, into `target`, which is changed in place; NULL when the patch
 * deletes it. False: refused, the reason is in diags. The walk, with its order of list items and
 * the directive $patch, is that of kyaml's merge2 (yaml/walk). */
bool as_merge_apply(const as_merge *merge, as_ktree *target, as_ktree *patch, as_ktree **out);

#endif
