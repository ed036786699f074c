/* Places of fixes, for reports and editors. */
#ifndef AS_FIX_LOCATE_H
#define AS_FIX_LOCATE_H

#include "engine/scan/report.h"

/* Gives the fixes of what fails their places and texts, as far as they can be had; nothing is
 * proven. The texts live as long as `arena`. */
void as_fix_locate(
        as_arena *arena, const as_report *report, as_finding *items, size_t n, int jobs);

#endif
