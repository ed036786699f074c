/* The secrets that a scan has found: which values hold one, and how they are written in the files.
 * For what shows values or lines of files that no finding is about. */
#ifndef AS_SCAN_PLANTED_H
#define AS_SCAN_PLANTED_H

#include "engine/scan/report.h"

typedef struct as_planted as_planted;

/* Lives in `arena`; the report must outlive it. */
as_planted *as_planted_new(as_arena *arena, const as_report *report);
/* Whether a text, or the literal that it came from, is or holds a secret. For as_json_style.hides:
 * `self` is an as_planted. */
bool as_planted_hides(void *self, const as_value *v);
/* What stands at the secrets' places, line by line, copied into `arena`. */
as_strs as_planted_written(as_arena *arena, const as_report *report);

#endif
