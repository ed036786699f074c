/* What a token that GitHub or GitLab gives a job says of it, as far as the workflow tells, and
 * whether roles of AWS and accounts of Google Cloud let such a token in.
 *
 * GitHub, "OpenID Connect reference", "Example subject claims"; GitLab, "OpenID Connect (OIDC)
 * authentication using ID tokens", "Token payload". No workflow tells in which repository it is:
 * that which the other side names is taken to be it, as the workflow names the other side. Private
 * to engine/paths. */
#ifndef AS_PATHS_CLAIMS_H
#define AS_PATHS_CLAIMS_H

#include "engine/paths/internal.h"

/* Who gives tokens, and how they call things. */
typedef struct attack_forge {
    as_str name;
    as_str issuer;  /* its public host */
    as_str host;    /* in the names of its hosts */
    as_str prefix;  /* of subjects, before the project */
    as_str project; /* claims of Google's conditions */
    as_str owner;
    bool owner_is_all;   /* everything before the project's own name, not the first part alone */
    bool asks_by_action; /* actions ask for the audience that the cloud takes; else the job tells */
} attack_forge;

/* Of one event that starts the job. */
typedef struct attack_claims {
    as_str event;
    as_str tails[2];    /* of the subject: behind "repo:OWNER/NAME:"; empty: none */
    as_str any_of;      /* it may also name every branch or tag that begins so; empty: no other */
    as_str some;        /* one of these */
    as_str ref;         /* "refs/heads/main"; empty: not known */
    as_str environment; /* empty: none, or not known */
    as_str unknown;     /* why the token may say other things; empty: it does not */
} attack_claims;

typedef struct attack_claims_list {
    const attack_forge *forge;
    attack_claims *items;
    size_t n, cap;
    as_strs audiences; /* that the job tells; none: not known */
} attack_claims_list;

/* `job` is one of GitHub or GitLab. */
attack_claims_list attack_claims_of(as_attack *attack, const as_entity *job);
void attack_claims_of_gitlab(as_attack *attack, const as_entity *job, attack_claims_list *all);

typedef struct attack_trusted {
    as_truth truth;
    as_str reason; /* of maybe */
} attack_trusted;

/* Takes the answer when it is better than what there was. */
void attack_weigh(attack_trusted *best, as_truth truth, as_str reason);
attack_trusted attack_role_trusts(
        as_attack *attack, const attack_role *role, const attack_claims_list *claims);
/* `account`: a service account of Google Cloud. */
attack_trusted attack_account_trusts(
        as_attack *attack, const as_entity *account, const attack_claims_list *claims);

#endif
