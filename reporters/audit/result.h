/* The report of an earlier run, from its JSON form (`assay scan --format json --show-passed`,
 * schema_version 1): for `assay report RESULT.json`. What that form does not hold is not there:
 * texts of files, the graph, columns. */
#ifndef AS_REPORTERS_AUDIT_RESULT_H
#define AS_REPORTERS_AUDIT_RESULT_H

#include "engine/scan/report.h"
#include "engine/value/value.h"

/* Whether the value is such a report. */
bool as_result_is(const as_value *root);
/* Lives in `arena`; `known` are rules whose descriptions are taken (by id). Files are added to
 * `sources`. */
const as_report *as_result_read(as_arena *arena, as_sources *sources, const as_value *root,
        const as_rule *const *known, size_t n_known);

#endif
