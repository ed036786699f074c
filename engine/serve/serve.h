/* A web server that shows a history, and changes nothing (`assay serve`): pages, a JSON API,
 * metrics.
 *
 * Everything that it is asked is hostile, and so is every text that it shows. Paths are looked up
 * in a table and never lead to a file; the database is opened so that nothing can be written; texts
 * go to the browser as JSON, and into the page as text. Each request has an arena of its own with a
 * ceiling. */
#ifndef AS_SERVE_SERVE_H
#define AS_SERVE_SERVE_H

#include "engine/rules/finding.h"
#include "engine/scan/report.h"

typedef struct as_serve_options {
    as_str history;              /* a file or postgresql://… */
    as_str address;              /* of IPv4 or IPv6: where to listen */
    uint16_t port;               /* 0: any that is free */
    as_str token;                /* empty: whoever reaches the server may read */
    as_strs hosts;               /* names by which it is called, besides localhost and addresses */
    const as_rule *const *rules; /* whose texts are shown, sorted by id */
    size_t n_rules;
    const as_report *report; /* evidence of findings; NULL: none */
    as_str page;             /* an HTML report of it, and the policy that it needs; empty: none */
    as_str page_policy;
} as_serve_options;

enum { AS_SERVE_LEAST_TOKEN = 16 }; /* characters */

/* Whether the address is of this machine alone; *valid: whether it is one at all. */
bool as_serve_is_loopback(as_str address, bool *valid);

/* Serves until SIGINT or SIGTERM; requests that are being answered then are answered. `ready` is
 * called with the port once connections are taken. False with *problem in `arena`. */
bool as_serve(as_arena *arena, const as_serve_options *options,
        void (*ready)(void *self, uint16_t port), void *self, as_str *problem) AS_MUST_CHECK;

#endif
