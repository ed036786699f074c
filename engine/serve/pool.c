#include "engine/serve/internal.h"

/* A connection is made in an arena of its own, which ends with it. */
as_history *as_serve_pool_take(as_serve_pool *pool, as_str *problem)
{
    as_history *volatile history = NULL;
    as_arena *arena;
    as_guard guard;

    pthread_mutex_lock(&pool->lock);
    if (pool->n_idle > 0)
        history = pool->idle[--pool->n_idle];
    pthread_mutex_unlock(&pool->lock);
    if (history)
        return history;
    *problem = AS_STR("the history cannot be read");
    arena = as_arena_new(0);
    if (!arena)
        return NULL;
    if (AS_GUARD_ENTER(&guard, arena)) {
        as_str detail = AS_STR("");
        history = as_history_open_to_read(arena, pool->where, &detail);
        as_guard_leave(&guard);
    }
    if (!history)
        as_arena_free(arena);
    return history;
}

void as_serve_pool_give(as_serve_pool *pool, as_history *history, bool sound)
{
    bool kept = false;

    if (!history)
        return;
    pthread_mutex_lock(&pool->lock);
    if (sound && pool->n_idle < AS_SERVE_THREADS) {
        pool->idle[pool->n_idle++] = history;
        kept = true;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!kept)
        as_arena_free(history->arena);
}

void as_serve_pool_close(as_serve_pool *pool)
{
    while (pool->n_idle > 0)
        as_arena_free(pool->idle[--pool->n_idle]->arena);
}
