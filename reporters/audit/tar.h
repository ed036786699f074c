/* The archives that bundles are: ustar (POSIX.1-2017, pax, "ustar Interchange Format"), regular
 * files with short names. */
#ifndef AS_REPORTERS_AUDIT_TAR_H
#define AS_REPORTERS_AUDIT_TAR_H

#include "reporters/audit/bundle.h"

as_str as_tar_write(as_arena *arena, const as_bundle_files *files, int64_t when);
/* Borrows from `text`. False for what as_tar_write does not write. */
bool as_tar_read(as_arena *arena, as_str text, as_bundle_files *files) AS_MUST_CHECK;

#endif
