/* What collectors of JSON APIs have in common: paged calls whose answers go into a snapshot, with
 * what a call was refused recorded as its answer. Calls that an earlier run finished are taken from
 * the snapshot and not asked again. */
#ifndef AS_LIVE_COLLECT_H
#define AS_LIVE_COLLECT_H

#include "parsers/live/http.h"
#include "parsers/live/snapshot.h"

typedef struct as_collect {
    as_arena *arena; /* of the whole run: names and counters, never answers */
    as_http *http;
    as_snapshot *snapshot;
    as_str started; /* the time that answers carry */
    size_t n_calls, n_recalled, n_missing;
    as_str problem; /* the snapshot cannot be written: nothing more is asked */
} as_collect;

typedef enum as_page_verdict {
    AS_PAGE_FINE,
    AS_PAGE_ABSENT,  /* there is nothing of the kind: recorded as fine, without a body */
    AS_PAGE_RESTART, /* the list has changed below us: from the first page, without limits */
    AS_PAGE_REFUSED, /* *error says why: recorded, and told as missing */
} as_page_verdict;

typedef struct as_paged as_paged;

/* Lives until `done`; made in the arena of the collection. */
struct as_paged {
    void *self;
    as_str part, op; /* as in snapshots: "k8s/prod/apps_v1", "k8s:list apps/v1/deployments" */
    const as_value *params; /* NULL: none */
    as_str scope;
    double rate;
    /* The request for the page after `token` ("": the first; `whole`: without a limit). Made anew
     * for each try. False with *problem. */
    bool (*request)(const as_paged *call, as_arena *arena, as_str token, bool whole,
            as_http_request *out, as_str *problem);
    /* NULL: by status. Called for what is not 200, and for it with the parsed body (may be NULL).
     */
    as_page_verdict (*verdict)(const as_paged *call, as_arena *arena, const as_http_answer *answer,
            const as_value *body, as_str *error);
    as_http_verdict (*judge)(
            const as_paged *call, const as_http_answer *answer); /* NULL: by status */
    as_str (*next)(
            const as_paged *call, const as_value *body); /* token; NULL or "": the last page */
    /* What is recorded of the body: without noise and secrets. NULL: all of it. */
    const as_value *(*clean)(const as_paged *call, as_arena *arena, const as_value *body);
    /* Told of each page that is fine, as it was recorded; may submit further calls. May be NULL. */
    void (*page)(const as_paged *call, const as_value *body);
    /* After the last page, with what went wrong or "". May be NULL. */
    void (*done)(const as_paged *call, as_str error);
};

/* The call is copied. */
void as_collect_submit(as_collect *collect, const as_paged *call);

/* An object with one member that is a text; for params. */
const as_value *as_collect_param(as_arena *arena, const char *name, as_str text);

/* A name as one step of a part's name: letters, digits, '.', '_' and '-'. */
as_str as_collect_step(as_arena *arena, as_str name);

#endif
