/* Requests of AWS's protocols: parameters in the API's names (as the AWS CLI and the SDKs have
 * them) become the bytes of query, ec2, json 1.0/1.1, rest-xml and rest-json
 * (https://smithy.io/2.0/aws/protocols/). */
#ifndef AS_LIVE_AWS_REQUEST_H
#define AS_LIVE_AWS_REQUEST_H

#include "parsers/live/aws/sign.h"
#include "parsers/live/aws/tables.h"
#include "parsers/live/http.h"

typedef struct as_aws_page {
    as_str tokens[AS_AWS_MAX_TOKENS]; /* as the last answer gave them; empty on the first page */
    int64_t limit;                    /* 0: as the service likes */
} as_aws_page;

/* The request without its signature: method, URL, Content-Type and the like, body. `base` is the
 * service's endpoint; buckets of S3 stand in the path. In `arena`. */
typedef struct as_aws_request {
    const char *method;
    as_str url, body;
    as_aws_header *headers;
    size_t n_headers;
} as_aws_request;

as_aws_request as_aws_request_make(as_arena *arena, const as_aws_operation *operation, as_str base,
        const as_value *params, const as_aws_page *page);

/* The whole request: signed, or as it is when `keys` is NULL. `date` as in as_aws_signing. */
as_http_request as_aws_request_signed(as_arena *arena, const as_aws_operation *operation,
        const as_aws_request *request, const as_aws_keys *keys, as_str region, as_str date);

#endif
