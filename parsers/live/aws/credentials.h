/* Keys of AWS, in the order in which the SDKs look for them
 * (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html): environment,
 * profile (static keys, role_arn, web identity, SSO, credential_process), web identity of the
 * environment, container, instance metadata. They are fetched when first needed and again five
 * minutes before they expire; no text that is printed or kept ever holds one. */
#ifndef AS_LIVE_AWS_CREDENTIALS_H
#define AS_LIVE_AWS_CREDENTIALS_H

#include "parsers/live/aws/sign.h"
#include "parsers/live/aws/tables.h"
#include "parsers/live/http.h"

typedef struct as_aws_chain_options {
    as_str profile;      /* empty: AWS_PROFILE, else "default" */
    as_str region;       /* empty: of the environment or the profile, else us-east-1 */
    as_str endpoint_url; /* for STS and SSO too; may be empty */
    as_str mfa_code;     /* may be empty */
    bool may_execute;    /* credential_process */
    as_str ca_pem;       /* may be empty: the system's */
} as_aws_chain_options;

/* A source of keys. Belongs to one thread; its requests are made one at a time, beside those of the
 * collection. */
typedef struct as_aws_session as_aws_session;

as_aws_session *as_aws_session_new(as_arena *arena, const as_aws_tables *tables,
        const as_aws_chain_options *options, as_str *problem);
/* Another role, with the keys of `base`. */
as_aws_session *as_aws_session_assume(
        as_arena *arena, as_aws_session *base, as_str role_arn, as_str external_id);

/* Valid keys; they live as long as the session. False with *problem, which says what to do and
 * holds no secret. */
bool as_aws_session_keys(as_aws_session *session, as_aws_keys *out, as_str *problem) AS_MUST_CHECK;
/* A service has refused these keys as expired: the next call fetches new ones, unless that was done
 * already. False when there is nowhere to fetch them from. */
bool as_aws_session_expire(as_aws_session *session, as_str access_key);
as_str as_aws_session_region(const as_aws_session *session);

/* "20260131T000000Z", now, by a clock that is `offset` seconds ahead of ours. */
as_str as_aws_date(as_arena *arena, int64_t offset);

#endif
