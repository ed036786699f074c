/* Replacements in a text. What is left alone keeps every byte. */
#ifndef AS_FIX_EDIT_H
#define AS_FIX_EDIT_H

#include "engine/base/source.h"
#include "engine/base/vec.h"

typedef struct as_edit {
    as_span span; /* what goes; empty: text is inserted there */
    as_str text;
} as_edit;

typedef AS_VEC(as_edit) as_edits;

bool as_edit_same(const as_edit *a, const as_edit *b);
/* Whether the two cannot be made together: they overlap, or insert at one place. */
bool as_edit_clash(const as_edit *a, const as_edit *b);
/* The source's text with those of the edits that are in it; edits of other sources are passed over.
 * They may repeat, but not clash. */
as_str as_edits_apply(as_arena *arena, const as_source *source, const as_edit *edits, size_t n);

#endif
