/* Reading principals and what is attached to them from the graph. Private to account.c. */
#ifndef AS_IAM_GATHER_H
#define AS_IAM_GATHER_H

#include "engine/iam/account.h"

typedef struct as_iam_gathering {
    as_arena *arena;
    as_iam_accounts *accounts;
    as_iam_account *account;
    as_map by_entity; /* principals by the id of their entity */
    as_map by_name;   /* "user/name" → as_iam_principal */
} as_iam_gathering;

/* Users, roles, groups and managed policies of a unit. */
void as_iam_gather_principals(as_iam_gathering *g, const as_entity *const *entities, size_t n);
/* Inline policies, attachments, memberships, boundaries. */
void as_iam_gather_grants(as_iam_gathering *g, const as_entity *const *entities, size_t n);
/* Workloads and resources with policies. */
void as_iam_gather_resources(as_iam_gathering *g, const as_entity *const *entities, size_t n);
/* Service control policies of the account, from the answers of AWS Organizations. */
void as_iam_gather_scp(as_iam_gathering *g);
/* The role, user or group that a value refers to or names. */
as_iam_principal *as_iam_gather_find(
        as_iam_gathering *g, const as_entity *from, const as_value *v, as_iam_kind kind);
/* The managed policy with the ARN; unknown when nobody declares it. */
const as_iam_policy *as_iam_gather_policy(as_iam_gathering *g, as_str arn, as_span span);

#endif
