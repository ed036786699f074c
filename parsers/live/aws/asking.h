/* The calls of one group of accounts: steps of the plan become calls, answers are recorded and lead
 * to further calls, until nothing is left to ask. */
#ifndef AS_LIVE_AWS_ASKING_H
#define AS_LIVE_AWS_ASKING_H

#include "engine/secrets/secrets.h"
#include "parsers/live/aws/collect.h"
#include "parsers/live/aws/credentials.h"
#include "parsers/live/snapshot.h"

typedef struct as_aws_account {
    as_str id;
    as_aws_session *session;
    as_str home; /* the region of what is asked once */
    as_strs regions;
    as_str warning; /* for people; may be empty */
} as_aws_account;

typedef struct as_aws_asking {
    as_arena *arena; /* dies with the group */
    const as_aws_tables *tables;
    const as_aws_collect_options *options;
    as_snapshot *snapshot;
    as_http *http;
    as_http_tls *tls; /* NULL: the system's trust */
    int64_t started, clock_offset;
    as_secret_finder *finder;
    as_map asked; /* part, operation, parameters: what leads there twice is asked once */
    size_t n_answers, n_recalled, n_missing;
    as_map missing; /* error code → as_aws_missing */
    as_str problem; /* the snapshot cannot be written */
} as_aws_asking;

typedef struct as_aws_missing {
    size_t n;
    as_str operation, message; /* of the first */
} as_aws_missing;

/* Submits what is asked from the beginning; as_http_run does the rest. */
void as_aws_ask_account(as_aws_asking *asking, const as_aws_account *account);

#endif
