/* What a token that GitHub gives a job says of it, as far as the workflow tells, and whether roles
 * of AWS and accounts of Google Cloud let such a token in.
 *
 * GitHub, "OpenID Connect reference", "Example subject claims". No workflow tells in which
 * repository it is: that which the other side names is taken to be it, as the workflow names the
 * other side. Private to engine/paths. */
#ifndef AS_PATHS_CLAIMS_H
#define AS_PATHS_CLAIMS_H

#include "engine/paths/internal.h"

/* Of one event that starts the job. */
typedef struct attack_claims {
    as_str event;
    as_str tails[2];    /* of the subject: behind "repo:OWNER/NAME:"; empty: none */
    bool any_ref;       /* the subject names a branch or tag, which may be any */
    as_str ref;         /* "refs/heads/main"; empty: not known */
    as_str environment; /* empty: none, or not known */
    bool unknown;       /* the environment depends on what is not known */
} attack_claims;

typedef AS_VEC(attack_claims) attack_claims_list;

attack_claims_list attack_claims_of(as_attack *attack, const as_entity *job);

typedef struct attack_trusted {
    as_truth truth;
    as_str reason; /* of maybe */
} attack_trusted;

attack_trusted attack_role_trusts(
        as_attack *attack, const attack_role *role, const attack_claims_list *claims);
/* `account`: a service account of Google Cloud. */
attack_trusted attack_account_trusts(
        as_attack *attack, const as_entity *account, const attack_claims_list *claims);

#endif
