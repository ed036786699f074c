#include "engine/base/pool.h"

#include <stdatomic.h>
#include <unistd.h>

enum { MAX_THREADS = 64 };

typedef struct pool {
    void (*fn)(void *self, size_t i);
    void *self;
    size_t n;
    atomic_size_t next;
} pool;

static void *work(void *object)
{
    pool *p = object;
    for (;;) {
        size_t i = atomic_fetch_add(&p->next, 1);
        if (i >= p->n) {
            return NULL;
        }
        p->fn(p->self, i);
    }
}

/* The default of 8 MiB may be less elsewhere; deep input recurses on these stacks. */
static bool start(pthread_t *thread, void *(*fn)(void *), void *self)
{
    pthread_attr_t attributes;
    bool sized = pthread_attr_init(&attributes) == 0 &&
                 pthread_attr_setstacksize(&attributes, (size_t)16 << 20) == 0;
    bool started = pthread_create(thread, sized ? &attributes : NULL, fn, self) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

void as_pool_run(int jobs, size_t n, void (*fn)(void *self, size_t i), void *self)
{
    pool p = {.fn = fn, .self = self, .n = n};
    pthread_t threads[MAX_THREADS];
    size_t wanted = jobs < 1 ? 1 : (size_t)jobs, started = 0;
    wanted = wanted > n ? n : wanted > MAX_THREADS ? MAX_THREADS : wanted;
    while (started + 1 < wanted && start(&threads[started], work, &p)) {
        started++;
    }
    work(&p);
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void *run_task(void *object)
{
    as_task *task = object;
    task->fn(task->self);
    return NULL;
}

void as_task_begin(as_task *task, void (*fn)(void *self), void *self)
{
    *task = (as_task){.fn = fn, .self = self};
    task->started = start(&task->thread, run_task, task);
}

void as_task_end(as_task *task)
{
    if (task->ended) {
        return;
    }
    task->ended = true;
    if (task->started) {
        pthread_join(task->thread, NULL);
    } else {
        task->fn(task->self);
    }
}

int as_pool_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (int)n;
}
