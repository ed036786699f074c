/* Findings are taken slice by slice, by several threads. Planning takes more memory than what comes
 * of it, so it is given back: that of plans with each slice, that of parsed files when they are
 * many. */
#include "engine/fix/locate.h"

#include <stdatomic.h>

#include "engine/base/pool.h"
#include "engine/fix/plan.h"

enum {
    SLICE = 64,
    FEW = 64, /* findings below which a second thread costs more than it gives */
    MAX_PARSED_BYTES = 16 << 20,
};

typedef struct findings {
    const as_report *report;
    as_finding *items;
    size_t n;
    atomic_size_t next;
} findings;

typedef struct worker {
    findings *all;
    as_arena *arena; /* of the fixes */
    as_planner planner;
    as_cause cause;
} worker;

static void locate_one(worker *w, as_finding *f)
{
    as_plan plan;
    as_plan_make(&w->planner, f, &plan);
    if (plan.edits.n == 0) {
        return;
    }
    as_fix *list = AS_NEW_ARRAY(w->arena, as_fix, plan.edits.n);
    for (size_t k = 0; k < plan.edits.n; k++) {
        list[k] = f->fixes[k < f->n_fixes ? k : f->n_fixes - 1];
        list[k].span = plan.edits.items[k].span;
        list[k].insert = as_str_dup(w->arena, plan.edits.items[k].text);
        list[k].joined = k > 0;
    }
    f->fixes = list;
    f->n_fixes = (uint32_t)plan.edits.n;
}

static void locate_slice(void *self, as_arena *scratch)
{
    worker *w = self;
    size_t from = atomic_fetch_add(&w->all->next, SLICE);
    w->planner.arena = scratch;
    for (size_t i = from; i < w->all->n && i < from + SLICE; i++) {
        as_finding *f = &w->all->items[i];
        if (f->status == AS_FAIL && f->n_fixes > 0 && f->entity != NULL) {
            locate_one(w, f);
        }
    }
}

static bool is_done(const worker *w)
{
    return atomic_load(&w->all->next) >= w->all->n;
}

/* Findings come file by file: what was parsed before is seldom asked for again. */
static void locate_some(void *self, as_arena *scratch)
{
    worker *w = self;
    w->planner = (as_planner){
            .sources = w->all->report->sources, .graph = w->all->report->graph, .parsed = scratch};
    while (!is_done(w) && (w->planner.bodies.n < 2 || as_arena_used(scratch) < MAX_PARSED_BYTES)) {
        as_arena_with_scratch(w->arena, locate_slice, w);
    }
}

static void work(void *self, size_t i)
{
    worker *w = (worker *)self + i;
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, w->arena)) {
        while (!is_done(w)) {
            as_arena_with_scratch(w->arena, locate_some, w);
        }
        as_guard_leave(&guard);
    } else {
        w->cause = guard.cause;
    }
}

void as_fix_locate(as_arena *arena, const as_report *report, as_finding *items, size_t n, int jobs)
{
    findings all = {.report = report, .items = items, .n = n};
    size_t n_workers = jobs < 1 || n < FEW ? 1 : (size_t)jobs;
    worker *workers = AS_NEW_ARRAY(arena, worker, n_workers);
    for (size_t i = 0; i < n_workers; i++) {
        workers[i] = (worker){.all = &all, .arena = as_arena_own(arena, 0)};
    }
    as_pool_run(jobs, n_workers, work, workers);
    for (size_t i = 0; i < n_workers; i++) {
        if (workers[i].cause != AS_CAUSE_NONE) {
            as_arena_unwind(arena, workers[i].cause);
        }
    }
}
