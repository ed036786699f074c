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

/* What a search knows of a node. */
typedef struct attack_mark {
    const as_attack_link *via;
    uint32_t distance; /* UINT32_MAX: not reached */
    unsigned goals;    /* that were found there */
    uint32_t first;    /* 1 + the first of the links that lead there, while ways in are counted */
    uint32_t seen;     /* the goal for which it was last counted */
} attack_mark;

/* Links by the node to which they lead: attack_mark.first begins a list. */
typedef struct attack_turned {
    uint32_t *next; /* 1 + index into links */
    const as_attack_link **links;
    size_t n;
} attack_turned;

/* Marks by node id. They are wiped where a search was, so that a question costs what it reaches and
 * not what there is. */
typedef struct attack_board {
    attack_mark *marks;
    size_t n;
    attack_ids visited;    /* in order of ids once the search is over */
    attack_turned *turned; /* the links that the search took; NULL: not asked for yet */
    uint32_t round;        /* of counting ways in */
} attack_board;

/* What the internet leads to, which every exposed workload asks for. */
typedef struct attack_outside {
    attack_board proven, all;
} attack_outside;

typedef struct attack_search {
    as_attack *attack;
    as_arena *arena;
    bool certain_only, direct;
    const bool *removed; /* by id of a change; NULL: none */
    size_t n_removed;
    attack_board *board;
    size_t n_visits; /* of links */
    attack_ids levels[2];
    AS_VEC(attack_goal) found;
} attack_search;

/* The board of that number, which outlives the search. */
attack_board *attack_board_of(as_attack *attack, attack_board **kept);
/* Forgets what the board held before. */
void attack_search_run(attack_search *search, const uint32_t *starts, size_t n_starts);
/* The goals of the question that were reached. */
void attack_search_goals(attack_search *search, const as_attack_question *question);
int attack_goal_weight(const as_attack_node *node, unsigned goal);

/* Runs `work` under the lock. False when the memory of the object ran out; unwinds `arena` when
 * that one did. */
bool attack_run(as_attack *attack, as_arena *arena,
        void (*work)(as_attack *attack, as_arena *arena, void *self), void *self);

#endif
