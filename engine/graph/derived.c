#include "engine/graph/derived.h"

#include <pthread.h>

#include "engine/graph/internal.h"

enum { MAX_DERIVED = 16 };

struct as_derivations {
    pthread_mutex_t lock; /* recursive */
    struct {
        as_derive make;
        const void *made;
        as_arena *arena;
    } items[MAX_DERIVED];
    size_t n;
};

static void release(void *object)
{
    struct as_derivations *d = object;
    for (size_t i = 0; i < d->n; i++) {
        as_arena_free(d->items[i].arena);
    }
    pthread_mutex_destroy(&d->lock);
}

struct as_derivations *as_derivations_new(as_arena *arena)
{
    struct as_derivations *d = AS_NEW(arena, struct as_derivations);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&d->lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
    as_arena_defer(arena, release, d);
    return d;
}

static const void *make_guarded(as_arena *arena, const as_graph *graph, as_derive make)
{
    as_guard guard;
    const void *volatile made = NULL;
    if (arena != NULL && AS_GUARD_ENTER(&guard, arena)) {
        made = make(arena, graph);
        as_guard_leave(&guard);
    }
    return made;
}

const void *as_graph_derived(const as_graph *graph, as_derive make)
{
    struct as_derivations *d = graph->derivations;
    const void *found = NULL;
    bool known = false;
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < d->n && !known; i++) {
        known = d->items[i].make == make;
        found = known ? d->items[i].made : NULL;
    }
    if (!known) {
        as_arena *arena = as_arena_new(0);
        found = make_guarded(arena, graph, make);
        if (d->n < MAX_DERIVED) {
            d->items[d->n].make = make;
            d->items[d->n].made = found;
            d->items[d->n++].arena = arena;
        } else { /* more kinds of derived things than there are engines: a mistake of ours */
            as_arena_free(arena);
            found = NULL;
        }
    }
    pthread_mutex_unlock(&d->lock);
    return found;
}
