/* Planning takes more memory than what comes of it, so it is given back: that of plans every few
 * findings, that of parsed files at the end. */
#include "engine/fix/locate.h"

#include "engine/fix/plan.h"

enum { BATCH = 256 };

typedef struct locating {
    as_arena *arena;
    as_planner planner;
    as_finding *findings;
    size_t n;
} locating;

static void locate_one(const locating *l, as_planner *planner, as_finding *f)
{
    as_plan plan;
    as_plan_make(planner, f, &plan);
    if (plan.edits.n == 0) {
        return;
    }
    as_fix *list = AS_NEW_ARRAY(l->arena, as_fix, plan.edits.n);
    for (size_t k = 0; k < plan.edits.n; k++) {
        list[k] = f->fixes[k < f->n_fixes ? k : f->n_fixes - 1];
        list[k].span = plan.edits.items[k].span;
        list[k].insert = as_str_dup(l->arena, plan.edits.items[k].text);
        list[k].joined = k > 0;
    }
    f->fixes = list;
    f->n_fixes = plan.edits.n;
}

static void locate_batch(void *self, as_arena *scratch)
{
    locating *l = self;
    l->planner.arena = scratch;
    for (size_t done = 0; l->n > 0 && done < BATCH; l->n--, l->findings++) {
        as_finding *f = l->findings;
        if (f->status == AS_FAIL && f->n_fixes > 0 && f->entity != NULL) {
            locate_one(l, &l->planner, f);
            done++;
        }
    }
}

static void locate_all(void *self, as_arena *scratch)
{
    locating *l = self;
    l->planner.parsed = scratch;
    while (l->n > 0) {
        as_arena_with_scratch(l->arena, locate_batch, l);
    }
}

void as_fix_locate(as_arena *arena, const as_report *report, as_finding *findings, size_t n)
{
    locating l = {.arena = arena,
            .planner = {.sources = report->sources, .graph = report->graph},
            .findings = findings,
            .n = n};
    as_arena_with_scratch(arena, locate_all, &l);
}
