/* Conditions of a statement against the circumstances of a request. IAM User Guide, "IAM JSON
 * policy elements: Condition", "Condition operators", "Set operators for multi-valued context
 * keys", and "Policy variables". */
#ifndef AS_IAM_CONDITION_H
#define AS_IAM_CONDITION_H

#include "engine/iam/request.h"

as_truth as_iam_condition_holds(as_arena *arena, const as_iam_condition *condition, bool variables,
        const as_iam_context *context);

/* The text with ${…} replaced: a pattern in which what a variable held is literal. *found: no when
 * a variable has no value and no default (the text then matches nothing). Without '$' the text
 * itself. */
as_str as_iam_expand(as_arena *arena, as_str text, const as_iam_context *context, as_truth *found);

#endif
