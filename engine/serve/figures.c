/* What is open, by scope, account, environment and rule, over the whole history: the only answers
 * that read all of it. They change when a run is recorded and not otherwise, so they are kept until
 * there is a later run. */
#include <stdlib.h>

#include "engine/serve/internal.h"

enum { N_KEYS = AS_HISTORY_RULE + 1 };

/* Figures as they were after a run; freed by the last who looks at them. */
struct as_serve_figures {
    as_arena *arena;
    as_history_groups groups;
    int64_t run;
    unsigned n_users; /* under the lock of the cache */
};

static void let_go(as_serve_figures *figures)
{
    if (figures && --figures->n_users == 0)
        as_arena_free(figures->arena);
}

/* Those after that run, to be looked at; NULL when there are none. */
static as_serve_figures *take_kept(as_serve_cache *cache, as_history_key key, int64_t run)
{
    pthread_mutex_lock(&cache->lock);
    as_serve_figures *figures = cache->kept[key];
    if (figures && figures->run == run)
        figures->n_users++;
    else
        figures = NULL;
    pthread_mutex_unlock(&cache->lock);
    return figures;
}

static void keep(as_serve_cache *cache, as_history_key key, as_serve_figures *figures)
{
    pthread_mutex_lock(&cache->lock);
    if (!cache->kept[key] || cache->kept[key]->run < figures->run) {
        let_go(cache->kept[key]);
        cache->kept[key] = figures;
        figures->n_users++;
    }
    pthread_mutex_unlock(&cache->lock);
}

/* In an arena of their own. NULL without memory or when the database does not answer. */
static as_serve_figures *count(const as_serve_call *call, as_history_key key, int64_t run)
{
    as_arena *arena = as_arena_new(AS_SERVE_REQUEST_BYTES);
    as_serve_figures *volatile figures = NULL;
    as_guard guard;

    if (arena && AS_GUARD_ENTER(&guard, arena)) {
        as_history history = as_history_into(call->history, arena);
        as_str problem = AS_STR("");
        as_serve_figures *made = AS_NEW(arena, as_serve_figures);
        *made = (as_serve_figures){.arena = arena, .run = run, .n_users = 1};
        if (as_history_count_by(&history, key, AS_STR(""), &made->groups, &problem))
            figures = made;
        as_guard_leave(&guard);
    }
    if (!figures)
        as_arena_free(arena);
    return figures;
}

const as_history_groups *as_serve_figures_of(as_serve_call *call, as_history_key key)
{
    as_serve_cache *cache = &call->server->cache;
    as_str problem = AS_STR("");
    int64_t run;

    if (call->figures[key])
        return &call->figures[key]->groups;
    if (!as_db_number(call->history->db, "SELECT max(id) FROM runs", AS_DB_NONE, &run, &problem))
        return NULL;
    as_serve_figures *figures = take_kept(cache, key, run);
    if (!figures) {
        pthread_mutex_lock(&cache->counting);
        figures = take_kept(cache, key, run);
        if (!figures && (figures = count(call, key, run)) != NULL)
            keep(cache, key, figures);
        pthread_mutex_unlock(&cache->counting);
    }
    if (!figures)
        return NULL;
    call->figures[key] = figures;
    return &figures->groups;
}

void as_serve_figures_release(as_serve_call *call)
{
    pthread_mutex_lock(&call->server->cache.lock);
    for (size_t i = 0; i < N_KEYS; i++) {
        let_go(call->figures[i]);
        call->figures[i] = NULL;
    }
    pthread_mutex_unlock(&call->server->cache.lock);
}

void as_serve_cache_free(as_serve_cache *cache)
{
    for (size_t i = 0; i < N_KEYS; i++)
        let_go(cache->kept[i]);
}
