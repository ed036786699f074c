/* Whether a scan may pass, by the policy of the configuration:
 *
 *     gate:
 *       fail_on: high                      # findings from this severity on fail …
 *       categories: {secrets: low, cost: none}       # … but for these categories, which have their
 * own budget: .assay-budget.json         # … and but for severities that have a budget baseline:
 * .assay-baseline.json     # what is listed there does not count; budgets count it fail_on_unknown:
 * true
 *
 * A budget is how many findings of a severity there may be: {"budget_version": 1, "failed":
 * {"high": 12}}. It is written by `assay baseline --budget FILE`, which never raises it; `scan
 * --diff REV` fails when it was raised since REV. */
#ifndef AS_SCAN_GATE_H
#define AS_SCAN_GATE_H

#include "engine/rules/config.h"
#include "engine/scan/report.h"

typedef struct as_budget {
    bool has[6]; /* by as_severity */
    size_t most[6];
} as_budget;

/* False with an error in diags. */
bool as_budget_parse(
        as_arena *arena, const as_source *source, as_budget *out, as_diags *diags) AS_MUST_CHECK;
void as_budget_write(as_buf *out, const as_budget *budget);
/* What there is, also what a baseline lists; of the gate's categories nothing: they have their own
 * severity. */
as_budget as_budget_of(const as_report *report, const as_gate *gate);
/* The lesser of each; a severity that only one has is that of the one. True when `now` is within
 * `old`. */
bool as_budget_shrink(const as_budget *old, const as_budget *now, as_budget *out);

typedef AS_VEC(as_str) as_gate_lines;

typedef struct as_gate_result {
    as_gate_lines reasons; /* why it fails; none: it does not */
    as_gate_lines hints;   /* "the budget of high may shrink from 12 to 9" */
} as_gate_result;

/* `least` is the severity where the gate has none; `budget` and `before` (that of an earlier
 * revision) may be NULL. */
as_gate_result as_gate_judge(as_arena *arena, const as_gate *gate, as_severity least,
        const as_budget *budget, const as_budget *before, const as_report *report);

#endif
