/* Where workload identity federation has its outside token from: a file, an address, or AWS
 * (https://google.aip.dev/auth/4117). */
#ifndef AS_LIVE_GCP_SUBJECT_H
#define AS_LIVE_GCP_SUBJECT_H

#include "engine/value/value.h"
#include "parsers/live/http.h"

typedef struct as_gcp_subject_source {
    as_arena *arena;
    as_http *http;
    const as_http_tls *tls;
    const as_value *source; /* credential_source of the file */
    as_str audience;
} as_gcp_subject_source;

bool as_gcp_subject_token(
        const as_gcp_subject_source *source, as_str *token, as_str *problem) AS_MUST_CHECK;

/* Whether secrets may go there: https, or http to this machine and to link-local addresses of
 * metadata servers. */
bool as_gcp_safe_url(as_str url);

#endif
