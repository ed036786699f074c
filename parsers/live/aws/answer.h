/* Answers of AWS: bodies as values, error codes, and what to do about them. */
#ifndef AS_LIVE_AWS_ANSWER_H
#define AS_LIVE_AWS_ANSWER_H

#include "parsers/live/aws/request.h"

typedef struct as_aws_answer {
    const as_value *body; /* NULL after an error */
    as_str code;          /* "AccessDenied"; empty: none. "HTTP 404" when the service gave none,
                             "NoAnswer", "UnreadableAnswer" */
    as_str message;       /* for people; never kept */
    as_str request_id;
} as_aws_answer;

/* Everything lives in `arena`. */
as_aws_answer as_aws_answer_read(
        as_arena *arena, const as_aws_operation *operation, const as_http_answer *answer);

/* The next page, from the answer of this one: false at the end. *loop: the answer leads to itself.
 */
bool as_aws_next_page(as_arena *arena, const as_aws_operation *operation, const as_value *body,
        const as_aws_page *page, as_aws_page *next, bool *loop);

/* "Slow down", by code or status. */
bool as_aws_is_throttling(as_str code, int status);
/* The keys are too old. */
bool as_aws_is_expired(as_str code);
/* The signature's time may be wrong; *offset are the seconds by which the server's clock is ahead.
 * False for other errors, and when the clocks agree within four minutes. */
bool as_aws_is_skewed(as_str code, const as_http_answer *answer, int64_t now, int64_t *offset);
/* "Sat, 31 Jan 2026 00:00:00 GMT" (RFC 9110 §5.6.7). */
bool as_aws_http_date(as_str text, int64_t *seconds) AS_MUST_CHECK;

#endif
