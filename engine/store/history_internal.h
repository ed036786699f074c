/* Shared by the files that make up the history. */
#ifndef AS_STORE_HISTORY_INTERNAL_H
#define AS_STORE_HISTORY_INTERNAL_H

#include "engine/store/history.h"

/* What a statement selects so that as_history_run_of and as_history_finding_of can read it; tables
 * "runs r" and "findings f". */
#define AS_RUN_COLUMNS                                                                             \
    "r.id, r.scope, r.started, r.finished, r.tool, r.n_fail, r.n_pass, r.n_unknown, "              \
    "r.n_suppressed, r.n_info, r.n_low, r.n_medium, r.n_high, r.n_critical, r.n_errors, r.n_new, " \
    "r.n_fixed, r.n_reopened"
#define AS_FINDING_COLUMNS                                                                         \
    "f.scope, f.fingerprint, f.rule, f.severity, f.title, f.address, f.path, f.message, f.line, "  \
    "f.reopened, f.first_seen, f.last_seen, f.fixed_at, f.environment, f.account, "                \
    "CASE WHEN " AS_IS_NEW " THEN 1 ELSE 0 END"
#define AS_IS_NEW                                                                                  \
    "f.fixed_run IS NULL AND f.first_run = (SELECT max(l.id) FROM runs l WHERE l.scope = f.scope)"

int64_t as_history_number(as_str column);
as_history_run as_history_run_of(as_arena *arena, const as_str *columns);
as_history_finding as_history_finding_of(as_arena *arena, const as_str *columns);

#endif
