/* Work on several threads: fn(self, i) for each i below n, each exactly once, in no fixed order.
 * The caller's thread takes part; a thread that cannot be had is done without. */
#ifndef AS_BASE_POOL_H
#define AS_BASE_POOL_H

#include <stddef.h>

void as_pool_run(int jobs, size_t n, void (*fn)(void *self, size_t i), void *self);
/* The number of processors that this process may use, at least 1. */
int as_pool_processors(void);

#endif
