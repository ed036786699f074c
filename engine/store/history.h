/* What earlier runs found: which findings are new, fixed or reopened, how old they are, and how the
 * figures go.
 *
 * A scope is what is scanned again and again (a repository, an account). Its open findings are rows
 * that a run updates in one transaction, so that a run that is killed leaves the history as it was,
 * and runs at the same time come one after another. */
#ifndef AS_STORE_HISTORY_H
#define AS_STORE_HISTORY_H

#include "engine/scan/report.h"
#include "engine/store/db.h"

typedef struct as_history {
    as_arena *arena; /* of what is read */
    as_db *db;
} as_history;

/* A file (SQLite) or postgresql://…; tables are made or migrated. NULL with *problem. */
as_history *as_history_open(as_arena *arena, as_str where, as_str *problem);
/* One that is there and of this version, and in which nothing can be changed. NULL with *problem.
 */
as_history *as_history_open_to_read(as_arena *arena, as_str where, as_str *problem);
/* To be read: it is made, or brought to this version, only where that is needed, so that one on a
 * read-only medium can be asked. NULL with *problem. */
as_history *as_history_open_to_ask(as_arena *arena, as_str where, as_str *problem);
/* The same connection, with what is read in another arena: for what reads often and keeps nothing.
 */
as_history as_history_into(const as_history *history, as_arena *arena);

typedef struct as_history_run {
    int64_t id;
    as_str scope, started, finished, tool; /* times as "2026-01-31T00:00:00Z" */
    int64_t by_status[4];                  /* as_status */
    int64_t by_severity[6];                /* as_severity, of what failed */
    int64_t n_errors, n_new, n_fixed, n_reopened;
} as_history_run;

typedef AS_VEC(as_history_run) as_history_runs;

typedef struct as_history_change {
    as_history_run run;             /* as recorded */
    const as_finding *const *fresh; /* new or reopened, in the report's order */
    size_t n_fresh;
    as_str previous; /* when the run before it began; empty: it is the first */
} as_history_change;

typedef struct as_history_times {
    as_str started, finished;
} as_history_times;

/* Records a run. A finding that is gone counts as fixed unless its rule could not be decided on the
 * resource this time, or the resource was not seen and something could not be read. */
bool as_history_record(as_history *history, const as_report *report, as_str scope,
        as_history_times times, as_history_change *out, as_str *problem) AS_MUST_CHECK;

/* Latest first; an empty scope means all. */
bool as_history_list(as_history *history, as_str scope, size_t most, as_history_runs *out,
        as_str *problem) AS_MUST_CHECK;

typedef struct as_history_finding {
    as_str scope, fingerprint, rule, severity, title, address, path, message;
    int64_t line, reopened;
    as_str first_seen, last_seen, fixed_at; /* fixed_at is empty while it is open */
    as_str environment, account;            /* where known */
    bool is_new; /* open, and first seen by the latest run of its scope */
} as_history_finding;

typedef AS_VEC(as_history_finding) as_history_findings;

typedef enum as_history_which {
    AS_HISTORY_OPEN,
    AS_HISTORY_FIXED,
    AS_HISTORY_ALL
} as_history_which;

/* Oldest first. */
bool as_history_find(as_history *history, as_str scope, as_history_which which,
        as_history_findings *out, as_str *problem) AS_MUST_CHECK;

/* What a run changed: event ("new", "fixed", "reopened") and finding. */
typedef struct as_history_event {
    as_str event;
    as_history_finding finding;
} as_history_event;

typedef AS_VEC(as_history_event) as_history_events;

bool as_history_events_of(
        as_history *history, int64_t run, as_history_events *out, as_str *problem) AS_MUST_CHECK;

/* Forgets runs that began before `day` and findings that were fixed before it; the latest run of
 * each scope and what is open stay. */
bool as_history_prune(
        as_history *history, as_str before, int64_t *n_runs, as_str *problem) AS_MUST_CHECK;

#endif
