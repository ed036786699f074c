/* Unified diffs, line by line (POSIX diff -u, as patch and git apply read them). */
#ifndef AS_FIX_DIFF_H
#define AS_FIX_DIFF_H

#include "engine/base/buf.h"

/* Appends the difference under "--- a/PATH" and "+++ b/PATH"; nothing when there is none. */
void as_diff_write(as_buf *out, as_str path, as_str before, as_str after);

#endif
