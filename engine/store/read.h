/* Questions to the history that a page or a program asks: findings by what they are, figures by
 * group, trends. */
#ifndef AS_STORE_READ_H
#define AS_STORE_READ_H

#include "engine/store/history.h"

typedef enum as_history_state {
    AS_HISTORY_IS_ANY,
    AS_HISTORY_IS_OPEN,
    AS_HISTORY_IS_NEW, /* open, and first seen by the latest run of its scope */
    AS_HISTORY_IS_FIXED,
    AS_HISTORY_IS_REOPENED, /* open, and was fixed before */
} as_history_state;

typedef enum as_history_order {
    AS_HISTORY_BY_SEVERITY,
    AS_HISTORY_BY_AGE,
    AS_HISTORY_BY_RULE
} as_history_order;

/* What does not say anything narrows nothing. */
typedef struct as_history_filter {
    as_str scope, fingerprint, rule, environment, account;
    as_str text; /* each of its words occurs in rule, title, address, path or message; case does not
                    count */
    unsigned severities; /* 1u << as_severity each; 0: all */
    as_history_state state;
    as_str first_from, first_to; /* first seen not before, and before: "2026-01-31T00:00:00Z" */
    as_history_order order;      /* the gravest, the oldest, the first rule comes first */
    size_t offset, most;         /* most 0: only the total */
} as_history_filter;

/* The findings from `offset` on, at most `most` of them, and how many there are in all. */
bool as_history_search(as_history *history, const as_history_filter *filter,
        as_history_findings *out, int64_t *total, as_str *problem) AS_MUST_CHECK;

typedef enum as_history_key {
    AS_HISTORY_SCOPE,
    AS_HISTORY_ACCOUNT,
    AS_HISTORY_ENVIRONMENT,
    AS_HISTORY_RULE
} as_history_key;

typedef struct as_history_group {
    as_str name;
    int64_t by_severity[6]; /* as_severity */
    int64_t total;
    as_str oldest; /* the first time that one of them was seen */
} as_history_group;

typedef AS_VEC(as_history_group) as_history_groups;

/* What is open, counted by what `key` says; of one scope, or of all when it is empty. Sorted by
 * name. */
bool as_history_count_by(as_history *history, as_history_key key, as_str scope,
        as_history_groups *out, as_str *problem) AS_MUST_CHECK;

/* The latest run of each scope, sorted by scope. */
bool as_history_latest(as_history *history, as_history_runs *out, as_str *problem) AS_MUST_CHECK;

/* Runs from `offset` on, latest first, and how many there are in all; an empty scope means all. */
bool as_history_runs_page(as_history *history, as_str scope, size_t offset, size_t most,
        as_history_runs *out, int64_t *total, as_str *problem) AS_MUST_CHECK;

/* *out stays as it is when there is no such run. */
bool as_history_run_by_id(
        as_history *history, int64_t id, as_history_run *out, as_str *problem) AS_MUST_CHECK;

/* The latest `most` runs, oldest first, and before them the last earlier run of each scope, so that
 * a sum over scopes is right from the first point on. */
bool as_history_trend(as_history *history, as_str scope, size_t most, as_history_runs *out,
        as_str *problem) AS_MUST_CHECK;

/* What a run changed, from `offset` on, and how much that is in all. */
bool as_history_events_page(as_history *history, int64_t run, size_t offset, size_t most,
        as_history_events *out, int64_t *total, as_str *problem) AS_MUST_CHECK;

typedef struct as_history_turn {
    int64_t run;
    as_str event, at; /* "new", "fixed", "reopened" */
} as_history_turn;

typedef AS_VEC(as_history_turn) as_history_turns;

/* What became of one finding, oldest first. */
bool as_history_turns_of(as_history *history, as_str scope, as_str fingerprint,
        as_history_turns *out, as_str *problem) AS_MUST_CHECK;

#endif
