/* What the files of the search share. */
#ifndef AS_IAM_ESCALATE_INTERNAL_H
#define AS_IAM_ESCALATE_INTERNAL_H

#include "engine/iam/escalate.h"

/* The statements of a set of policies that speak of one action. */
typedef struct as_iam_slice {
    bool made;
    const as_iam_statement **allow, **deny;
    size_t n_allow, n_deny;
    bool unlimited; /* on every resource, without a condition and without a Deny */
    bool unknown;   /* a policy of the set is not known: it may deny */
} as_iam_slice;

typedef struct as_iam_answer {
    as_truth truth;
    const as_iam_statement *by;
    as_str caveat; /* of maybe */
} as_iam_answer;

typedef struct as_iam_search {
    as_arena *arena;
    const as_iam_account *account;
    as_strs actions;                 /* of all methods */
    uint32_t *need_action;           /* of each need, in order: index into actions */
    const size_t *first_need;        /* of each method: index into need_action */
    as_iam_slice *slices;            /* set × action */
    as_iam_slice **limits;           /* by set, the same of the boundary; NULL: not asked yet */
    const as_iam_principal **of_set; /* one principal of each set */
} as_iam_search;

void as_iam_search_init(as_iam_search *s, as_arena *arena, const as_iam_account *account);
uint32_t as_iam_search_action(const as_iam_search *s, size_t method, size_t need);

/* Whether the principal may do an action of the table on a resource. `key` may be "". With `choose`
 * the holes of the resource are the caller's. */
as_iam_answer as_iam_search_may(as_iam_search *s, const as_iam_principal *p, uint32_t action,
        as_str resource, bool choose, as_str key, as_str value);
/* Whether anything allows the action at all. */
bool as_iam_search_grants(as_iam_search *s, const as_iam_principal *p, uint32_t action);
/* The statements that allow the action, conditions aside. */
const as_iam_statement *const *as_iam_search_allowing(
        as_iam_search *s, const as_iam_principal *p, uint32_t action, size_t *n);
/* Whether the principal is administrator; without its boundary when `unbound`. */
as_truth as_iam_search_is_admin(as_iam_search *s, const as_iam_principal *p, bool unbound);

/* Whether one of the policies allows everything on everything; *unknown is set when one is not
 * known. */
bool as_iam_allows_all(as_iam_policies policies, bool *unknown);

/* All needs of a method: on `target` where they say so. */
as_iam_answer as_iam_search_needs(
        as_iam_search *s, const as_iam_principal *p, size_t method, as_str target);
/* Those that do not speak of the target. */
as_iam_answer as_iam_search_rest(as_iam_search *s, const as_iam_principal *p, size_t method);

/* Whether the role trusts the principal (and the principal may assume it), or a service. */
as_iam_answer as_iam_search_assumes(
        as_iam_search *s, const as_iam_principal *p, const as_iam_principal *role);
as_truth as_iam_search_trusts_service(
        as_iam_search *s, const as_iam_principal *role, as_str service);

as_iam_answer as_iam_answer_and(as_iam_answer a, as_iam_answer b);

#endif
