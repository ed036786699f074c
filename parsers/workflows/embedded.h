/* The expressions inside the values of a workflow, as a list of objects that rules read:
 *
 *     { at = "run", text = "github.event.issue.title", whole = false,
 *       reads = { … }, flows = { … }, calls = { … } }
 *
 * `at` is the path of the value, `whole` says that the value is this expression and nothing else,
 * `reads` and `flows` hold contexts (as_expression_read; "github.event.**" for what toJSON
 * carries). Each text has the place of the expression in the file. An expression that cannot be
 * read has `invalid` instead, and is a diagnostic. */
#ifndef AS_WORKFLOWS_EMBEDDED_H
#define AS_WORKFLOWS_EMBEDDED_H

#include "engine/base/diag.h"
#include "engine/value/value.h"

typedef struct as_embedded {
    as_arena *arena;
    const as_source *source;
    as_diags *diags;
    as_list_builder list;
} as_embedded;

void as_embedded_begin(as_embedded *e, as_arena *arena, const as_source *source, as_diags *diags);
/* All expressions in the texts below `v`; the whole text when `is_condition` (an `if:`). */
void as_embedded_add(as_embedded *e, as_str at, const as_value *v, bool is_condition);
/* Those of an object's members, but not of the members named in `except` (NULL-terminated). */
void as_embedded_add_members(as_embedded *e, const as_value *object, const char *const *except);
const as_value *as_embedded_end(as_embedded *e);

#endif
