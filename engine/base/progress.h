/* How far a scan has come: written by its threads, read by one that tells a person. */
#ifndef AS_BASE_PROGRESS_H
#define AS_BASE_PROGRESS_H

#include <stdatomic.h>
#include <stddef.h>

typedef enum as_phase { AS_PHASE_LOOKING, AS_PHASE_READING, AS_PHASE_JUDGING } as_phase;

typedef struct as_progress {
    atomic_int phase;
    atomic_size_t done, total; /* of the phase: targets, then portions of resources */
} as_progress;

/* All accept NULL. */
static inline void as_progress_begin(as_progress *p, as_phase phase, size_t total)
{
    if (p != NULL) {
        atomic_store(&p->done, 0);
        atomic_store(&p->total, total);
        atomic_store(&p->phase, (int)phase);
    }
}

static inline void as_progress_step(as_progress *p)
{
    if (p != NULL) {
        atomic_fetch_add(&p->done, 1);
    }
}

#endif
