/* What resources are called: their ARNs, from what is written, with marks for what only AWS will
 * give.
 *
 * The account of a configuration is a mark of its unit, unless an ARN or the provider tells it; so
 * "this account" equals itself, and may or may not be a number that stands in a policy. */
#ifndef AS_IAM_NAMES_H
#define AS_IAM_NAMES_H

#include "engine/graph/graph.h"
#include "engine/iam/policy.h"

typedef struct as_iam_names {
    as_arena *arena;
    const as_graph *graph;
    const as_unit *unit;
    as_str account;           /* twelve digits, or a mark */
    int *depth;               /* of references within references */
    as_iam_resolver resolver; /* as_iam_names_init points it at this struct */
} as_iam_names;

void as_iam_names_init(as_iam_names *names, as_arena *arena, const as_graph *graph,
        const as_unit *unit, as_str account);

/* Text of an attribute ("name", "tags.team"; alternatives "name|RoleName"); "" when it is absent.
 */
as_str as_iam_attribute(const as_iam_names *names, const as_entity *entity, as_str path);
const as_value *as_iam_attribute_value(as_arena *arena, const as_entity *entity, as_str path);
/* The ARN of an entity; "" of kinds that the table does not know. */
as_str as_iam_arn_of(const as_iam_names *names, const as_entity *entity);
/* By a template such as "arn:aws:s3:::$bucket": '@' the account, '?' the region, or a piece that is
 * not known, '$a|b' an attribute, '%a%' a path. */
as_str as_iam_arn_fill(const as_iam_names *names, const as_entity *entity, as_str template);
/* For people: marks and holes as "…". */
as_str as_iam_shown(as_arena *arena, as_str text);

#endif
