/* Everything that a reporter may show of a scan. Sorted and final; nothing here changes any more.
 */
#ifndef AS_SCAN_REPORT_H
#define AS_SCAN_REPORT_H

#include "engine/rules/finding.h"

/* One line of the coverage ledger: what became of a kind of input. */
typedef struct as_coverage_row {
    as_str parser; /* "terraform", "kubernetes", … */
    size_t found;  /* files recognised */
    size_t parsed; /* without error */
    size_t skipped;
    size_t units; /* root modules, charts, … evaluated or rendered */
    size_t entities;
} as_coverage_row;

typedef struct as_skip {
    as_str path;
    as_str why; /* "binary", "ignored by .gitignore", "not a regular file" */
} as_skip;

/* Unknown verdicts grouped by what was missing: "var.cidr has no value" × 12. */
typedef struct as_missing_input {
    as_str reason;
    size_t n;
} as_missing_input;

typedef struct as_coverage {
    const as_coverage_row *rows;
    size_t n_rows;
    const as_skip *skips;
    size_t n_skips;
    const as_missing_input *missing;
    size_t n_missing;
    size_t n_files, n_entities, n_edges, n_rules_loaded, n_checks;
    as_strs types_without_rules; /* resource types that no schema knows */
} as_coverage;

typedef struct as_summary {
    size_t by_status[4];          /* as_status */
    size_t failed_by_severity[6]; /* as_severity */
} as_summary;

typedef struct as_report {
    as_sources *sources;
    const as_graph *graph;
    const as_finding *findings; /* sorted by path, line, rule, address */
    size_t n_findings;
    const as_rule *const *rules; /* all that were loaded, sorted by id */
    size_t n_rules;
    const as_diags *diags; /* sorted by path and place */
    as_coverage coverage;
    as_summary summary;
    as_str root;        /* display name of what was scanned */
    as_str path_prefix; /* from where the caller stands to the root of the display paths: text for
                           people shows paths with it */
    as_str here;        /* from that root to where the caller stands: "infra/"; else empty */
    as_str baseline;    /* what findings were compared with: a file, "revision main"; empty: with
                           nothing */
    bool show_passed;
    struct as_scrubber
            *scrubber; /* takes the secrets that were found out of a text; NULL: there are none */
} as_report;

#endif
