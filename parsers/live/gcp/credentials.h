/* Google's application default credentials (https://google.aip.dev/auth/4110): an access token from
 * the environment, from a file by its `type`, or from the metadata server. */
#ifndef AS_LIVE_GCP_CREDENTIALS_H
#define AS_LIVE_GCP_CREDENTIALS_H

#include "engine/base/arena.h"
#include "engine/value/value.h"
#include "parsers/live/http.h"

typedef struct as_gcp_credentials as_gcp_credentials;

typedef struct as_gcp_credentials_options {
    as_str file;  /* empty: $GOOGLE_APPLICATION_CREDENTIALS, then gcloud's own file */
    bool no_exec; /* no program is run for a token (none of the supported types runs one) */
    const char *user_agent;
    const as_http_tls *tls; /* of another trust than the system's; may be NULL */
} as_gcp_credentials_options;

/* Reads what there is; no token is asked for yet. NULL with *problem. Lives in `arena`. */
as_gcp_credentials *as_gcp_credentials_find(
        as_arena *arena, const as_gcp_credentials_options *options, as_str *problem);

/* A token that is good for some minutes more. False with *problem, which holds no secret. */
bool as_gcp_credentials_token(as_gcp_credentials *credentials, as_arena *arena, as_str *token,
        as_str *problem) AS_MUST_CHECK;
/* The token was refused: the next one is asked for anew. False when there is no other to be had. */
bool as_gcp_credentials_reject(as_gcp_credentials *credentials);

/* Who pays for the calls (x-goog-user-project); empty: nobody is named. */
as_str as_gcp_credentials_quota_project(const as_gcp_credentials *credentials);
/* The project that the credentials or the environment name; may be empty. */
as_str as_gcp_credentials_project(const as_gcp_credentials *credentials);

/* A signed JWT for a service account (RFC 7519, RS256): the assertion of RFC 7523. False with
 * *problem when the key is none. `now` is in seconds. */
bool as_gcp_jwt(as_arena *arena, const as_value *account, as_str scope, int64_t now, as_str *jwt,
        as_str *problem) AS_MUST_CHECK;

#endif
