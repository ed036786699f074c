/* Roles of AWS that service accounts of Kubernetes assume with their tokens (IRSA). */
#ifndef AS_IAM_WEB_IDENTITY_H
#define AS_IAM_WEB_IDENTITY_H

#include "engine/iam/account.h"

/* Whether the role's trust policy lets service account `space`/`name` in, as a token of any issuer
 * of clusters that it names: EKS User Guide, "IAM roles for service accounts". `role` has a trust
 * policy. */
as_iam_verdict as_iam_trusts_service_account(as_arena *arena, const as_iam_account *account,
        const as_iam_principal *role, as_str space, as_str name);

#endif
