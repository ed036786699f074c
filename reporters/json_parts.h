/* The parts of the JSON report (schema_version 1), one by one: the json format joins them in one
 * document, ndjson writes them line by line. */
#ifndef AS_REPORTERS_JSON_PARTS_H
#define AS_REPORTERS_JSON_PARTS_H

#include "engine/scan/report.h"
#include "reporters/json_out.h"

/* Each writes the members of an object that the caller opens and closes. */
void as_json_head(as_json_out *out, const as_report *report); /* version, tool, summary, coverage */
void as_json_diag(as_json_out *out, const as_report *report, const as_diag *diag);
void as_json_finding(as_json_out *out, const as_report *report, const as_finding *finding);

/* What many findings have in common, written once and added as it stands. All of them are written
 * at the same depth. */
typedef struct as_json_shared as_json_shared;
as_json_shared *as_json_shared_new(as_arena *arena);
void as_json_finding_with(as_json_out *out, const as_report *report, const as_finding *finding,
        as_json_shared *shared);

#endif
