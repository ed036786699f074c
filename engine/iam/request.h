/* What is asked: who wants to do what to which resource, and what is known of the circumstances. */
#ifndef AS_IAM_REQUEST_H
#define AS_IAM_REQUEST_H

#include "engine/iam/policy.h"

/* A condition key of the request. */
typedef struct as_iam_key {
    as_str name; /* in lower case: "aws:principaltag/team" */
    as_truth present;
    bool at_least;  /* the value is a lower bound: of a time that has not come yet */
    as_strs values; /* when present */
} as_iam_key;

typedef struct as_iam_context {
    const as_iam_key *keys;
    size_t n;
    as_truth others;                   /* what keys that are not listed are: absent, or not known */
    const struct as_iam_context *next; /* asked before `others` counts; may be NULL */
} as_iam_context;

/* The key, or a made-up one that says what holds of those not listed. Borrowed or static. */
const as_iam_key *as_iam_context_find(const as_iam_context *context, as_str name);

/* Whether the caller sets the key as it likes. */
bool as_iam_key_is_chosen(as_str name);

typedef enum as_iam_identity_type {
    AS_IAM_USER,
    AS_IAM_ROLE, /* a session of a role */
    AS_IAM_ROOT,
    AS_IAM_FEDERATED,
    AS_IAM_SERVICE,
    AS_IAM_ANONYMOUS,
} as_iam_identity_type;

typedef struct as_iam_identity {
    as_iam_identity_type type;
    as_str arn;  /* of the user; of the session, empty when its name is not fixed; of the provider;
                    name of the service */
    as_str role; /* ARN of the role of a session */
    as_str account; /* twelve digits, or text with a mark */
} as_iam_identity;

typedef struct as_iam_request {
    as_iam_identity who;
    as_str action;           /* "s3:GetObject" */
    as_str resource;         /* an ARN, or "*" for actions without resources */
    as_str resource_account; /* to which it belongs */
    /* The holes of `resource` are the caller's to choose: is there a resource for which it is
     * allowed? */
    bool choose;
    /* Keys that the caller sets (region, tags of the request …) are set so that it succeeds. */
    bool caller_chooses;
    as_iam_context context;
} as_iam_request;

#endif
