/* What a principal may do, action by action: the view for least privilege. */
#ifndef AS_IAM_EFFECTIVE_H
#define AS_IAM_EFFECTIVE_H

#include "engine/iam/account.h"

enum { AS_IAM_N_LEVELS = 5 };
extern const char as_iam_levels[AS_IAM_N_LEVELS]; /* 'P', 'W', 'T', 'R', 'L' */

typedef struct as_iam_level_grants {
    size_t n, of;    /* granted, of so many */
    bool everywhere; /* one of them on every resource */
    as_strs names;   /* "PutObject" */
} as_iam_level_grants;

typedef struct as_iam_service_grants {
    as_str service;
    as_iam_level_grants levels[AS_IAM_N_LEVELS];
} as_iam_service_grants;

typedef struct as_iam_effective {
    const as_iam_service_grants *services; /* with at least one action, by name */
    size_t n_services, n_actions;
    as_strs unknown; /* why there may be more or fewer */
} as_iam_effective;

/* Actions that the identity policies and the boundary allow, or may allow, on some resource. */
as_iam_effective as_iam_effective_of(
        as_arena *arena, const as_iam_account *account, const as_iam_principal *principal);

#endif
