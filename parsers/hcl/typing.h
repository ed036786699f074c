/* Private to unify.c and convert.c: the questions that conversion asks of types. */
#ifndef AS_HCL_TYPING_H
#define AS_HCL_TYPING_H

#include "parsers/hcl/type.h"

/* Whether a conversion exists; a value may still refuse an unsafe one ("abc" to number). */
bool as_typing_converts(as_arena *arena, const as_type *from, const as_type *to, bool unsafe);
/* `want`, or, where that is any, the one type of the parts of a tuple or object; NULL: none. */
const as_type *as_typing_element(
        as_arena *arena, const as_type *from, const as_type *want, bool unsafe);

#endif
