/* Many HTTP calls at once, politely: a ceiling of transfers, a rate for each scope, retries with
 * full jitter, `Retry-After` honoured, slow and oversized answers cut off. One thread and one event
 * loop (libcurl's multi interface, HTTP/2 where the server has it); TLS is always verified,
 * redirects are never followed. */
#ifndef AS_LIVE_HTTP_H
#define AS_LIVE_HTTP_H

#include "engine/base/arena.h"
#include "engine/base/vec.h"

/* Of another trust than the system's. Texts may be empty; files are PEM. */
typedef struct as_http_tls {
    as_str ca_pem, cert_pem, key_pem;
    as_str server_name; /* expected in the certificate, in place of the URL's host */
    bool insecure;      /* the caller has warned */
} as_http_tls;

typedef struct as_http_request {
    const char *method;
    as_str url;
    as_strs headers; /* "Name: value" */
    as_str body;
    as_str proxy;    /* "": as the environment says; "-": none */
    long timeout_ms; /* 0: 60 s */
    const as_http_tls *tls;
} as_http_request;

typedef struct as_http_answer {
    int status; /* 0: none came, and `error` says why */
    as_str body;
    as_strs headers; /* "Name: value" as received */
    as_str error;
    int tries;
} as_http_answer;

/* The value of a header, "" when it is not there. */
as_str as_http_header(const as_http_answer *answer, const char *name);

typedef enum as_http_verdict {
    AS_HTTP_DONE,      /* an answer, good or bad, that more tries would not change */
    AS_HTTP_RETRY,     /* the server's fault, or the network's */
    AS_HTTP_THROTTLED, /* slow down, then retry */
} as_http_verdict;

/* By status and transport alone: 429 and 503 are throttling, other 5xx and broken transfers are
 * retried. */
as_http_verdict as_http_judge(const as_http_answer *answer);

typedef struct as_http_call {
    void *self;
    /* Makes the request, anew for every try, so that signatures and tokens are fresh; what it needs
     * lies in `arena`. False: it cannot be made, and `*problem` says why. */
    bool (*prepare)(void *self, as_arena *arena, as_http_request *out, as_str *problem);
    as_http_verdict (*judge)(void *self, const as_http_answer *answer); /* NULL: as_http_judge */
    void (*done)(void *self, const as_http_answer *answer); /* once; may submit further calls */
    as_str scope;  /* what shares a rate: "aws/123456789012/eu-west-1/ec2" */
    double rate;   /* calls a second to begin with; 0: 10 */
    int max_tries; /* 0: 5 */
} as_http_call;

typedef struct as_http as_http;

typedef struct as_http_options {
    int max_transfers;       /* 0: 32 */
    int max_per_scope;       /* 0: 4 */
    size_t max_answer_bytes; /* 0: 64 MiB */
    const char *user_agent;
    const bool volatile *stop; /* set by a signal: nothing more is begun; may be NULL */
    /* Called a few times a second while it runs; may be NULL. */
    void (*progress)(void *self, size_t done, size_t waiting, size_t throttled);
    void *self;
} as_http_options;

/* NULL, with *problem, when libcurl is not installed. Freed with the arena. */
as_http *as_http_new(as_arena *arena, const as_http_options *options, as_str *problem);

/* The call's texts are copied; `self` is not. */
void as_http_submit(as_http *http, const as_http_call *call);
/* Until every call is done. False when it was stopped; calls that were not begun are then not
 * `done`. */
bool as_http_run(as_http *http);
/* One request at once, with the same retries; not from inside a call. Lives in `arena`. */
as_http_answer as_http_fetch(
        as_http *http, as_arena *arena, const as_http_request *request, int max_tries);

#endif
