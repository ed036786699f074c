/* Inside of credentials.h: a session, and the ways to fetch keys. Each gives keys that live in the
 * session's arena and the second at which they expire (0: never); false with *problem. */
#ifndef AS_LIVE_AWS_SESSION_H
#define AS_LIVE_AWS_SESSION_H

#include "parsers/live/aws/credentials.h"
#include "parsers/live/aws/profile.h"

typedef enum as_aws_source {
    AS_AWS_STATIC,
    AS_AWS_ASSUME_ROLE,
    AS_AWS_WEB_IDENTITY,
    AS_AWS_SSO,
    AS_AWS_PROCESS,
    AS_AWS_CONTAINER,
    AS_AWS_INSTANCE,
} as_aws_source;

struct as_aws_session {
    as_arena *arena;
    const as_aws_tables *tables;
    as_aws_chain_options options;
    as_http *http; /* shared with the sessions made from this one */
    const as_http_tls *tls;
    as_aws_profiles *profiles;
    as_aws_source source;
    as_aws_keys keys;
    int64_t expires;
    bool fetched;
    as_str region;
    /* of roles */
    as_aws_session *base;
    as_str role_arn, role_name, external_id, mfa_serial, token_file;
    int64_t duration;      /* seconds; 0: as STS likes */
    const as_map *profile; /* of SSO and processes */
    as_str instance_token;
};

typedef struct as_aws_fetched {
    as_aws_keys keys;
    int64_t expires;
} as_aws_fetched;

bool as_aws_fetch_role(as_aws_session *s, as_aws_fetched *out, as_str *problem);
bool as_aws_fetch_web_identity(as_aws_session *s, as_aws_fetched *out, as_str *problem);
bool as_aws_fetch_sso(as_aws_session *s, as_aws_fetched *out, as_str *problem);
bool as_aws_fetch_process(as_aws_session *s, as_aws_fetched *out, as_str *problem);
bool as_aws_fetch_container(as_aws_session *s, as_aws_fetched *out, as_str *problem);
bool as_aws_fetch_instance(as_aws_session *s, as_aws_fetched *out, as_str *problem);
/* The instance's region; "" when there is no metadata service. */
as_str as_aws_instance_region(as_aws_session *s);

/* One request, outside of the collection. */
as_http_answer as_aws_session_ask(
        as_aws_session *s, as_arena *arena, as_http_request *request, int max_tries);
/* Keys of JSON by the names of its members; expiration in ISO 8601 or in milliseconds. */
bool as_aws_keys_of(
        as_aws_session *s, const as_value *v, const char *const names[4], as_aws_fetched *out);
const as_value *as_aws_json(as_arena *arena, as_str text);
/* Seconds of "2026-01-31T00:00:00Z", also with a fraction or "+00:00"; false for others. */
bool as_aws_time(as_str text, int64_t *seconds) AS_MUST_CHECK;

#endif
