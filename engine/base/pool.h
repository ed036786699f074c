/* Work on several threads: fn(self, i) for each i below n, each exactly once, in no fixed order.
 * The caller's thread takes part; a thread that cannot be had is done without. */
#ifndef AS_BASE_POOL_H
#define AS_BASE_POOL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

void as_pool_run(int jobs, size_t n, void (*fn)(void *self, size_t i), void *self);
/* The number of processors that this process may use, at least 1. */
int as_pool_processors(void);

/* Work beside the caller's, on a thread of its own; where none can be had as_task_end does it. */
typedef struct as_task {
    void (*fn)(void *self);
    void *self;
    pthread_t thread;
    bool started, ended;
} as_task;

void as_task_begin(as_task *task, void (*fn)(void *self), void *self);
/* Returns when it is done; a second time at once. */
void as_task_end(as_task *task);

#endif
