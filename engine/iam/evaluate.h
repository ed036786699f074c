/* The decision: IAM User Guide, "Policy evaluation logic" and its sub-pages ("… for requests within
 * a single account", "Cross-account policy evaluation logic", "The difference between explicit and
 * implicit denies", "Permissions boundaries for IAM entities", "How SCPs/RCPs work").
 *
 * Three-valued: allowed only when every way of what is not known would allow, denied only when
 * every way would deny. */
#ifndef AS_IAM_EVALUATE_H
#define AS_IAM_EVALUATE_H

#include "engine/iam/condition.h"

typedef struct as_iam_policies {
    const as_iam_policy *const *items;
    size_t n;
} as_iam_policies;

/* What a resource policy stands for: where identity policies alone are not enough. */
typedef enum as_iam_resource_kind {
    AS_IAM_RESOURCE_PLAIN,
    AS_IAM_RESOURCE_TRUST, /* a role's trust policy */
    AS_IAM_RESOURCE_KMS,   /* a key policy: without it no identity policy counts */
} as_iam_resource_kind;

typedef struct as_iam_inputs {
    as_iam_policies identity;      /* inline, attached, of the groups */
    const as_iam_policy *boundary; /* NULL: none */
    const as_iam_policy *session;  /* NULL: none */
    const as_iam_policy *resource; /* NULL: none */
    const as_iam_policy *endpoint; /* of the VPC endpoint that the request takes; NULL: none */
    as_iam_resource_kind resource_kind;
    /* From the root of the organization down to the account: each level must allow. */
    const as_iam_policies *scp;
    size_t n_scp;
    const as_iam_policies *rcp;
    size_t n_rcp;
} as_iam_inputs;

typedef enum as_iam_decision {
    AS_IAM_ALLOWED,
    AS_IAM_DENIED_IMPLICITLY,
    AS_IAM_DENIED_EXPLICITLY,
    AS_IAM_UNKNOWN,
} as_iam_decision;

/* The kind of policy that stood in the way, or that allowed. */
typedef enum as_iam_layer {
    AS_IAM_LAYER_IDENTITY,
    AS_IAM_LAYER_RESOURCE,
    AS_IAM_LAYER_BOUNDARY,
    AS_IAM_LAYER_SESSION,
    AS_IAM_LAYER_SCP,
    AS_IAM_LAYER_RCP,
    AS_IAM_LAYER_ENDPOINT,
    AS_IAM_N_LAYERS
} as_iam_layer;

const char *as_iam_layer_name(as_iam_layer layer); /* "identity policies", … */

typedef struct as_iam_verdict {
    as_iam_decision decision;
    as_iam_layer layer; /* that decided: denied, or lacked an allow, or is unknown */
    /* The statement that allowed, denied, or could not be judged; NULL when none did. */
    const as_iam_statement *statement;
    as_str reason; /* of unknown: what is not known */
} as_iam_verdict;

as_iam_verdict as_iam_evaluate(
        as_arena *arena, const as_iam_request *request, const as_iam_inputs *inputs);

/* What a set of identity-like policies (no principals) says of a request. */
typedef struct as_iam_outcome {
    as_truth allow, deny;
    const as_iam_statement *allowed_by, *denied_by; /* the first; of maybe too */
    const as_iam_policy *unknown;                   /* a policy that is not known */
} as_iam_outcome;

as_iam_outcome as_iam_outcome_of(
        as_arena *arena, const as_iam_request *request, as_iam_policies policies);
/* Of a request that lets the caller choose: whether one of the Denies holds on all that the Allow
 * allows. */
as_truth as_iam_denies_choice(as_arena *arena, const as_iam_request *request,
        const as_iam_statement *allow, const as_iam_statement *const *deny, size_t n_deny);
/* Whether the statement speaks of the action at all. */
as_truth as_iam_statement_takes(const as_iam_statement *statement, as_str action);
/* Whether its resources and conditions fit, whatever the action. */
as_truth as_iam_statement_applies(
        as_arena *arena, const as_iam_statement *statement, const as_iam_request *request);
as_truth as_iam_statement_matches(
        as_arena *arena, const as_iam_statement *statement, const as_iam_request *request);

#endif
