/* AWS Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html). The signer of
 * libcurl gets several requests wrong (unsorted queries, `?policy`, encoded paths of other services
 * than S3). */
#ifndef AS_LIVE_AWS_SIGN_H
#define AS_LIVE_AWS_SIGN_H

#include "engine/base/arena.h"

typedef struct as_aws_keys {
    as_str access_key, secret_key;
    as_str session_token; /* may be empty */
} as_aws_keys;

typedef struct as_aws_header {
    as_str name, value;
} as_aws_header;

typedef struct as_aws_signing {
    const char *method;
    as_str url; /* "https://host[:port]/path?query"; path and query percent-encoded once */
    as_str service, region;
    const as_aws_header *headers; /* to be signed too; host and x-amz-date are added */
    size_t n_headers;
    as_str body;
    as_str date; /* "20260901T123045Z" */
    bool is_s3;  /* the path is encoded once, and x-amz-content-sha256 is sent */
} as_aws_signing;

typedef struct as_aws_signed {
    as_str canonical_request, string_to_sign; /* for people who look for a difference */
    as_str authorization;
    const as_aws_header *headers; /* to send beside those given: Authorization, X-Amz-Date … */
    size_t n_headers;
} as_aws_signed;

/* Everything lives in `arena`. */
as_aws_signed as_aws_sign(as_arena *arena, const as_aws_signing *request, const as_aws_keys *keys);

/* The URL with its signature in the query ("presigned"), valid for `seconds`; headers other than
 * host that are given are signed and must be sent. */
as_str as_aws_presign(
        as_arena *arena, const as_aws_signing *request, const as_aws_keys *keys, unsigned seconds);

/* Percent-encodes all but unreserved characters (RFC 3986 §2.3), and '/' unless `slash`. */
as_str as_aws_encode(as_arena *arena, as_str text, bool slash);

#endif
