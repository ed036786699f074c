#include "engine/fix/locate.h"

#include "engine/fix/plan.h"

void as_fix_locate(as_arena *arena, const as_report *report, as_finding *findings, size_t n)
{
    as_planner planner = {.arena = arena, .sources = report->sources, .graph = report->graph};
    for (size_t i = 0; i < n; i++) {
        as_finding *f = &findings[i];
        if (f->status != AS_FAIL || f->n_fixes == 0 || f->entity == NULL) {
            continue;
        }
        as_plan plan;
        as_plan_make(&planner, f, &plan);
        if (plan.edits.n == 0) {
            continue;
        }
        as_fix *list = AS_NEW_ARRAY(arena, as_fix, plan.edits.n);
        for (size_t k = 0; k < plan.edits.n; k++) {
            list[k] = f->fixes[k < f->n_fixes ? k : f->n_fixes - 1];
            list[k].span = plan.edits.items[k].span;
            list[k].insert = plan.edits.items[k].text;
            list[k].joined = k > 0;
        }
        f->fixes = list;
        f->n_fixes = plan.edits.n;
    }
}
