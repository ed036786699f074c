/* Whom the policy of a resource lets in that is no principal of its account: other accounts and
 * their principals, services, identity providers, everyone. */
#ifndef AS_IAM_OUTSIDERS_H
#define AS_IAM_OUTSIDERS_H

#include "engine/iam/account.h"

typedef struct as_iam_outsider {
    as_str name; /* an ARN, an account, a service, "*" */
    as_iam_verdict
            verdict; /* allowed or unknown; of another account as if that one allowed it too */
} as_iam_outsider;

typedef struct as_iam_outsiders {
    const as_iam_outsider *items; /* in the order of the policy */
    size_t n;
} as_iam_outsiders;

/* `resource` as of as_iam_can; without a declared resource there is nobody. */
as_iam_outsiders as_iam_outsiders_of(
        as_arena *arena, const as_iam_account *account, as_str action, as_str resource);

#endif
