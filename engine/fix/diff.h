/* Unified diffs, line by line (POSIX diff -u, as patch and git apply read them). */
#ifndef AS_FIX_DIFF_H
#define AS_FIX_DIFF_H

#include "engine/base/buf.h"

/* How a line, a slice of one of the texts, is shown. */
typedef struct as_diff_shown {
    void (*write)(void *self, as_buf *out, as_str line);
    void *self;
} as_diff_shown;

/* Appends the difference under "--- a/PATH" and "+++ b/PATH"; nothing when there is none. `shown`
 * NULL: lines as they are. */
void as_diff_write(
        as_buf *out, as_str path, as_str before, as_str after, const as_diff_shown *shown);

#endif
