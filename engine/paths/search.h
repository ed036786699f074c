/* A search over the graph of an attack. Private to engine/paths. */
#ifndef AS_PATHS_SEARCH_H
#define AS_PATHS_SEARCH_H

#include "engine/paths/internal.h"

typedef struct attack_goal {
    uint32_t node;
    unsigned goal;
    const as_attack_link *last; /* over which it is reached */
} attack_goal;

typedef AS_VEC(uint32_t) attack_ids;

typedef struct attack_search {
    as_attack *attack;
    as_arena *arena;
    bool certain_only, direct;
    const bool *removed; /* by id of a change; NULL: none */
    size_t n_removed;
    size_t n; /* of the arrays below, by node id */
    uint32_t *distance;
    const as_attack_link **via;
    size_t n_visits; /* of links */
    attack_ids levels[2];
    AS_VEC(attack_goal) found;
} attack_search;

/* Makes the arrays long enough for every node. */
void attack_search_grow(attack_search *search);
void attack_search_run(attack_search *search, const uint32_t *starts, size_t n_starts);
/* The goals of the question that were reached. */
void attack_search_goals(attack_search *search, const as_attack_question *question);
int attack_goal_weight(const as_attack_node *node, unsigned goal);

/* Runs `work` under the lock, with an arena that lives as long as `arena`. False when memory ran
 * out: what work has written by then does not count. */
bool attack_run(as_attack *attack, as_arena *arena,
        void (*work)(as_attack *attack, as_arena *scratch, void *self), void *self);

#endif
