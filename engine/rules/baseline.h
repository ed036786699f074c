/* The baseline: findings that were there when checking began. They are suppressed as often as the
 * file counts them, so that only what is new fails. */
#ifndef AS_RULES_BASELINE_H
#define AS_RULES_BASELINE_H

#include "engine/base/map.h"
#include "engine/rules/finding.h"

typedef struct as_baseline {
    as_str file;
    as_map counts; /* fingerprint → size_t * */
    as_map units;  /* names of the units that they were found in; empty in older files */
} as_baseline;

/* NULL when the file cannot be read or is none (in diags). */
const as_baseline *as_baseline_read(
        as_arena *arena, as_sources *sources, const char *file, as_diags *diags);
/* The same of a file that was read. */
const as_baseline *as_baseline_parse(as_arena *arena, const as_source *source, as_diags *diags);
/* What fails in another scan as a baseline: of a change only what it brings counts. `findings` and
 * `name` outlive it. */
const as_baseline *as_baseline_of(
        as_arena *arena, as_str name, const as_finding *findings, size_t n);
/* The failed findings as a baseline, sorted by fingerprint. */
void as_baseline_write(as_buf *out, const as_finding *findings, size_t n);

#endif
