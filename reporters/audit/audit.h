/* What an auditor asks of a scan: control by control, what is proven, what fails, what is excused,
 * what is not known, and how that is spread over environments and runs. The formats html, pdf,
 * oscal and markdown of `assay report` write it out; nothing is judged there. */
#ifndef AS_REPORTERS_AUDIT_AUDIT_H
#define AS_REPORTERS_AUDIT_AUDIT_H

#include "engine/paths/attack.h"
#include "engine/rules/framework.h"
#include "engine/scan/report.h"
#include "engine/store/history.h"

typedef struct as_audit_counts {
    size_t n[4]; /* by as_status */
} as_audit_counts;

typedef enum as_control_state {
    AS_CONTROL_FAILED,   /* a check fails */
    AS_CONTROL_UNKNOWN,  /* none fails, but not all could be decided */
    AS_CONTROL_ACCEPTED, /* all pass or are excused by a suppression */
    AS_CONTROL_PASSED,   /* all pass, and there is one */
    AS_CONTROL_MANUAL,   /* no check; the framework says what to prove by hand */
    AS_CONTROL_NOTHING,  /* no check: nothing in the scan that the control is about, or no rule */
    AS_N_CONTROL_STATES
} as_control_state;

const char *as_control_state_name(as_control_state state); /* "failed", "unknown", "accepted", … */

typedef struct as_audit_control {
    const as_control *control;
    as_control_state state;
    as_audit_counts counts;
    const uint32_t *rules; /* indexes into as_audit.rules */
    size_t n_rules;
} as_audit_control;

typedef struct as_audit_framework {
    const as_framework *framework;
    const as_audit_control *controls; /* one for each of the framework, in its order */
    size_t by_state[AS_N_CONTROL_STATES];
    as_audit_counts total;                 /* of checks; each counts once */
    const as_audit_counts *by_environment; /* as as_audit.environments */
} as_audit_framework;

typedef struct as_audit {
    const as_report *report;
    as_str title;     /* what was scanned */
    as_str generated; /* "2026-01-31T00:00:00Z"; empty: not told, so that the same input gives the
                         same bytes */
    const as_rule *const *rules; /* those of the report and of its findings, sorted by id */
    size_t n_rules;
    const uint32_t *rule_of;        /* by finding: index into rules */
    as_strs environments;           /* sorted; "" is what belongs to none */
    const uint32_t *environment_of; /* by finding */
    as_audit_counts total, *by_environment;
    const as_audit_framework *frameworks;
    size_t n_frameworks;
    const as_history_run *runs; /* oldest first; of the scope that was scanned */
    size_t n_runs;
    const as_attack_paths *attack_paths; /* from the internet; NULL: not searched for */
} as_audit;

typedef struct as_audit_options {
    as_str title, generated;
    as_strs frameworks; /* ids, without regard to case; none: every framework of which something was
                           checked */
    const as_history_run *runs;
    size_t n_runs;
    const as_attack_paths *attack_paths;
} as_audit_options;

/* Lives in `arena` and borrows from the report. What is wrong with the frameworks is in diags. */
as_audit *as_audit_of(
        as_arena *arena, const as_report *report, const as_audit_options *options, as_diags *diags);

/* Share of what passes or is excused in what was judged, in percent, rounded down so that 100 means
 * all; -1 when nothing was judged. Of controls, and of checks. What is not known counts against it.
 */
int as_audit_control_score(const as_audit_framework *framework);
int as_audit_score(const as_audit_counts *counts);

/* Whether a finding belongs to the control. */
bool as_audit_control_has(const as_audit_control *control, uint32_t rule);

#endif
