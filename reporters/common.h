/* What several formats need to know of a report. */
#ifndef AS_REPORTERS_COMMON_H
#define AS_REPORTERS_COMMON_H

#include "engine/base/map.h"
#include "engine/scan/report.h"

/* A span as people and formats name it. Lines and columns count from 1, columns in code points; the
 * end is the position behind the last character. Without a place all is empty and 0. */
typedef struct as_place {
    as_str path;
    as_position begin, end;
} as_place;

as_place as_place_of(const as_report *report, as_span span);
/* Where a finding is shown: its span, else its entity's head, else its entity. */
as_span as_finding_span(const as_finding *finding);
as_place as_finding_place(const as_report *report, const as_finding *finding);
as_place as_diag_place(const as_report *report, const as_diag *diag);

/* "aws_s3_bucket.logs"; "" for a finding about no entity. */
as_str as_finding_address(const as_finding *finding);

/* The finding's fingerprint, with ":2", ":3", … behind repeated ones: formats that take it for a
 * key. `seen` starts empty and belongs to one run over the findings. */
as_str as_unique_fingerprint(as_arena *arena, as_map *seen, const as_finding *finding);

/* Whether it is suppressed because it was there before. */
bool as_finding_is_known(const as_finding *finding);

const char *as_diag_severity_name(as_diag_severity severity); /* "note", "warning", "error" */

as_str as_strs_join(as_arena *arena, as_strs strs, const char *separator);

/* "12 files", "1 file": for words whose plural is regular. */
void as_buf_count(as_buf *buf, size_t n, const char *word);

#endif
