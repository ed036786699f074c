/* Service and resource control policies of an organisation's accounts.
 *
 * The API tells them in pieces: which policies a root, a unit or an account has, what is below
 * what, and what a policy says. Put together they are one more answer for each account:
 *
 *     op "organizations:PoliciesOfAccount", params {"AccountId"}, body {"ParentId", "Policies":
 * [{"Id", "Name", "Content", "TargetId"}]}
 *     op "organizations:ResourcePoliciesOfAccount", the same of policies for resources
 *
 * with an error where a piece is missing, so that nobody takes half of the policies for all of
 * them. */
#ifndef AS_LIVE_AWS_ORGANIZATION_H
#define AS_LIVE_AWS_ORGANIZATION_H

#include "parsers/live/assemble.h"

/* Of the answers of one account's global part; values live in `arena`. */
void as_aws_organization_take(as_live_estate *estate, as_arena *arena, const as_live_scope *scope,
        const as_snapshot_answer *answers, size_t n);

#endif
