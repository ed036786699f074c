/* Values in a form in which equal meaning is equal text. */
#ifndef AS_DRIFT_NORMAL_H
#define AS_DRIFT_NORMAL_H

#include "engine/base/vec.h"
#include "engine/value/value.h"

typedef AS_VEC(as_str) as_texts;

void as_texts_sort(as_texts *texts);
bool as_texts_equal(const as_texts *a, const as_texts *b); /* of sorted ones */
as_str as_texts_join(as_arena *arena, const as_texts *texts);

/* Policy documents of AWS: JSON text or tree. Statements, lists and conditions are sorted, one text
 * is a list of one, an account is its root. False for what is no policy or holds something unknown.
 * One line a statement.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
bool as_drift_policy(as_arena *arena, const as_value *v, as_texts *out);

#endif
