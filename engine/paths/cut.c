/* Which one change closes most: every change that lies on a path is taken away in turn, and what is
 * still reached is counted. What closes a goal must lie on each of its paths, so on the one that is
 * listed too: no other change has to be tried. */
#include "engine/paths/search.h"

#include <stdlib.h>

typedef struct cutting {
    const as_attack_question *question;
    const as_attack_paths *paths;
    as_attack_cuts cuts;
} cutting;

static size_t n_reached(attack_search *s, const as_attack_question *q, const bool *removed)
{
    const uint32_t *starts = q->n_starts > 0 ? q->starts : &s->attack->internet;
    s->removed = removed;
    attack_search_run(s, starts, q->n_starts > 0 ? q->n_starts : 1);
    attack_search_goals(s, q);
    s->n_visits++;
    return s->found.n;
}

static int compare_cuts(const void *a, const void *b)
{
    const as_attack_cut *x = a, *y = b;
    if (x->closes != y->closes) {
        return x->closes > y->closes ? -1 : 1;
    }
    if (x->uses != y->uses) {
        return x->uses > y->uses ? -1 : 1;
    }
    return x->change->id < y->change->id ? -1 : 1;
}

static void cut(as_attack *attack, as_arena *arena, void *self)
{
    cutting *c = self;
    AS_VEC(as_attack_cut) cuts = {0};
    attack_search search = {.attack = attack, .arena = arena, .direct = c->question->direct};
    search.board = attack_board_of(attack, &attack->boards[0]);
    size_t before = n_reached(&search, c->question, NULL);
    size_t n = attack->n_changes + 1;
    search.n_removed = n;
    uint32_t *index = AS_NEW_ARRAY(arena, uint32_t, n), *last = AS_NEW_ARRAY(arena, uint32_t, n);
    bool *removed = AS_NEW_ARRAY(arena, bool, n);
    for (size_t p = 0; p < c->paths->n; p++) {
        for (size_t s = 0; s < c->paths->items[p].n_steps; s++) {
            const as_attack_change *change = c->paths->items[p].steps[s].link->change;
            if (change == NULL || last[change->id] == p + 1) {
                continue;
            }
            last[change->id] = (uint32_t)p + 1;
            if (index[change->id] == 0) {
                AS_VEC_PUSH(arena, &cuts, (as_attack_cut){.change = change});
                index[change->id] = (uint32_t)cuts.n;
            }
            cuts.items[index[change->id] - 1].uses++;
        }
    }
    c->cuts.complete = true;
    for (size_t i = 0; i < cuts.n; i++) {
        if (search.n_visits > MAX_CUT_VISITS) {
            c->cuts.complete = false;
            break;
        }
        removed[cuts.items[i].change->id] = true;
        cuts.items[i].closes = before - n_reached(&search, c->question, removed);
        removed[cuts.items[i].change->id] = false;
    }
    if (cuts.n > 0) {
        qsort(cuts.items, cuts.n, sizeof *cuts.items, compare_cuts);
    }
    c->cuts.items = cuts.items;
    c->cuts.n = cuts.n;
}

as_attack_cuts as_attack_cut_of(as_attack *attack, as_arena *arena,
        const as_attack_question *question, const as_attack_paths *paths)
{
    cutting c = {.question = question, .paths = paths};
    if (!attack_run(attack, arena, cut, &c)) {
        return (as_attack_cuts){0};
    }
    return c.cuts;
}
