/* `assay collect aws`: what accounts answer, into a snapshot. Which operations are asked stands in
 * rules/data/aws_plan.tsv. Reads only; errors of single calls are answers too. */
#ifndef AS_LIVE_AWS_COLLECT_H
#define AS_LIVE_AWS_COLLECT_H

#include "engine/base/arena.h"

typedef struct as_aws_collect_options {
    as_str out;
    as_str profile, endpoint_url, mfa_code; /* may be empty */
    as_str ca_pem;                          /* may be empty: the system's */
    as_str role_name, external_id;          /* assumed in other accounts */
    as_strs regions;                        /* none: those that the account has switched on */
    as_strs accounts, excluded, units;      /* ids; units (ou-…) with all below */
    as_strs services;                       /* none: all */
    bool organization;                      /* every active account of it */
    bool may_execute;                       /* credential_process */
    bool resume;
    int64_t max_age_s; /* of answers that are resumed; 0: any */
    as_str seal_to_pem;
    const bool volatile *stop; /* set by a signal */
    void (*progress)(void *self, size_t done, size_t waiting, size_t throttled);
    void (*warn)(void *self, as_str text); /* an account or region that is left out */
    void *self;
} as_aws_collect_options;

typedef struct as_aws_collected {
    size_t n_accounts, n_refused_accounts; /* whose role could not be assumed */
    size_t n_answers, n_recalled, n_missing;
    as_str summary; /* of what is missing: "AccessDenied 12 (iam:ListUsers …), …" */
    bool stopped;   /* the journal is there, the manifest is not */
} as_aws_collected;

/* False with *problem: no credentials, no folder, nobody to ask. Texts live in `arena`. */
bool as_aws_collect(as_arena *arena, const as_aws_collect_options *options, as_aws_collected *out,
        as_str *problem) AS_MUST_CHECK;

#endif
