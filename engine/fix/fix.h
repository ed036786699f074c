/* Fixing: plans are made for what fails, tried together in memory, and proven by evaluating again.
 * A fix is kept when its finding is gone, no other finding and no problem came, and no resource has
 * changed but in the attributes that were meant. Where a trial fails, halves of it are tried, down
 * to the fix that is at fault. Nothing is written here. */
#ifndef AS_FIX_FIX_H
#define AS_FIX_FIX_H

#include "engine/fix/plan.h"
#include "engine/scan/scan.h"

typedef struct as_fixed_file {
    as_str path;     /* as shown */
    as_str absolute; /* resolved */
    as_str before, after;
} as_fixed_file;

typedef struct as_fix_outcome {
    as_str rule, address, path, title;
    as_position at;
    as_str problem; /* why it was dropped; empty: it was made */
    as_str key;     /* as_fix_key */
    bool settled;
} as_fix_outcome;

typedef struct as_fix_result {
    AS_VEC(as_fixed_file) files;     /* that changed, by path */
    AS_VEC(as_fix_outcome) outcomes; /* of every finding that fails, in the order of the report */
    size_t n_made, n_dropped; /* dropped: there was a fix, and it could not be made or proven */
    size_t n_scans;
    size_t n_errors; /* of the first scan: what it could not read or evaluate has no findings to fix
                      */
    as_strs secrets; /* that the files hold, as written there */
} as_fix_result;

/* Results live in `arena`. `fingerprint` narrows it to one finding; empty: all. */
void as_fix_run(
        as_arena *arena, const as_scan_options *options, as_str fingerprint, as_fix_result *out);

/* What a finding is about: rule, case, unit and resource, but not the place in it, which edits may
 * move. */
as_str as_fix_key(as_arena *arena, const as_finding *finding);

/* What stands in the way of a change from `before` to `after` in which only what the plans mean may
 * differ; empty: nothing. */
as_str as_fix_objection(as_arena *arena, const as_report *before, const as_report *after,
        const as_plan *const *plans, size_t n);

#endif
