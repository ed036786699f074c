/* How steps of the plan (rules/data/aws_plan.tsv) meet answers: which items lead to which calls. */
#ifndef AS_LIVE_AWS_PLAN_H
#define AS_LIVE_AWS_PLAN_H

#include "parsers/live/aws/tables.h"

/* Whether the step is of one of the services; of none: always. */
bool as_aws_step_wanted(const as_aws_step *step, as_strs services);

/* Calls fn for each item at the path ("Reservations[].Instances[]", "" for the body itself). */
typedef void as_aws_item_fn(void *self, const as_value *item);
void as_aws_items(const as_value *body, as_str path, as_aws_item_fn *fn, void *self);

/* Whether the conditions of the step hold for the item. */
bool as_aws_when(as_str when, const as_value *item);

/* The parameters of the step for an item (may be NULL) and the earlier call's parameters (may be
 * NULL), with the members "@limit", "@host" and "@region" where they are known. NULL when a
 * parameter has no value: there is nothing to ask. Texts are borrowed from what is given. */
const as_value *as_aws_params(as_arena *arena, const as_value *pattern, const as_value *item,
        const as_value *before, as_str account);
/* The same without the members that begin with @. */
const as_value *as_aws_params_sent(as_arena *arena, const as_value *params);

/* Whether the code is one of the step's absent codes ("NoSuchEntity Code~text retry:Code"). */
bool as_aws_is_absent(const as_aws_step *step, as_str code, as_str message);
/* Whether the answer is not ready yet. */
bool as_aws_is_early(const as_aws_step *step, as_str code);

#endif
