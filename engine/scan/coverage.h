/* The ledger: what became of every file and resource. */
#ifndef AS_SCAN_COVERAGE_H
#define AS_SCAN_COVERAGE_H

#include "engine/scan/load.h"

/* Fills report->coverage from what was found, loaded and looked through for secrets, and the
 * reasons of unknown verdicts from the report's findings. */
void as_coverage_take(as_arena *arena, const as_inventory *inventories, const as_loading *loadings,
        size_t n_roots, const as_coverage_row *secrets, as_report *report);

#endif
