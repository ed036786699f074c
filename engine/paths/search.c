/* Shortest paths: breadth first, with links that do not count (0-1 search). Nodes are visited in
 * the order in which they are found and links in the order in which they were made, so that of
 * several shortest paths it is always the same one. */
#include "engine/paths/search.h"

#include <stdlib.h>

static bool takes(const attack_search *s, const as_attack_link *link)
{
    return (link->certain || !s->certain_only) && !(s->direct && link->lateral) &&
           (link->change == NULL || s->removed == NULL || link->change->id >= s->n_removed ||
                   !s->removed[link->change->id]);
}

typedef attack_ids ids;

static void grow(const attack_search *s)
{
    attack_board *board = s->board;
    size_t n = s->attack->nodes.n + 1;
    if (n > board->n) { /* nodes may be made while links are worked out */
        size_t room = n + n / 2;
        attack_mark *marks = AS_NEW_ARRAY(s->attack->arena, attack_mark, room);
        for (size_t i = 0; i < room; i++) {
            marks[i] = i < board->n ? board->marks[i] : (attack_mark){.distance = UINT32_MAX};
        }
        board->marks = marks;
        board->n = room;
    }
}

static bool reach(
        const attack_search *s, uint32_t node, uint32_t distance, const as_attack_link *via)
{
    attack_mark *mark = &s->board->marks[node];
    if (mark->distance <= distance) {
        return false;
    }
    if (mark->distance == UINT32_MAX) {
        AS_VEC_PUSH(s->attack->arena, &s->board->visited, node);
    }
    mark->distance = distance;
    mark->via = via;
    return true;
}

static void visit(attack_search *s, ids *now, ids *next, uint32_t from)
{
    attack_vertex *v = attack_vertex_of(s->attack, from);
    attack_open(s->attack, v);
    grow(s);
    uint32_t distance = s->board->marks[from].distance;
    for (size_t i = 0; i < v->out.n; i++) {
        const as_attack_link *link = v->out.items[i];
        s->n_visits++;
        if (takes(s, link) && reach(s, link->to, distance + (link->free ? 0 : 1), link)) {
            AS_VEC_PUSH(s->arena, link->free ? now : next, link->to);
        }
    }
}

attack_board *attack_board_of(as_attack *attack, attack_board **kept)
{
    if (*kept == NULL) {
        *kept = AS_NEW(attack->arena, attack_board);
    }
    return *kept;
}

static void wipe(attack_board *board)
{
    for (size_t i = 0; i < board->visited.n; i++) {
        board->marks[board->visited.items[i]] = (attack_mark){.distance = UINT32_MAX};
    }
    board->visited.n = 0;
    board->turned = NULL;
    board->round = 0;
}

static int compare_ids(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* A few are sorted, many are found by going through all nodes. */
static void sort_visited(attack_board *board)
{
    enum { FEW = 16 };
    ids *visited = &board->visited;
    if (visited->n < board->n / FEW) {
        if (visited->n > 1) {
            qsort(visited->items, visited->n, sizeof *visited->items, compare_ids);
        }
        return;
    }
    size_t n = 0;
    for (uint32_t id = 1; id < board->n; id++) {
        if (board->marks[id].distance != UINT32_MAX) {
            visited->items[n++] = id;
        }
    }
}

void attack_search_run(attack_search *s, const uint32_t *starts, size_t n_starts)
{
    ids *levels = s->levels;
    wipe(s->board);
    grow(s);
    levels[0].n = 0;
    for (size_t i = 0; i < n_starts; i++) {
        if (starts[i] != 0 && starts[i] < s->board->n && reach(s, starts[i], 0, NULL)) {
            AS_VEC_PUSH(s->arena, &levels[0], starts[i]);
        }
    }
    for (size_t level = 0; levels[level % 2].n > 0; level++) {
        ids *now = &levels[level % 2], *next = &levels[(level + 1) % 2];
        next->n = 0;
        for (size_t i = 0; i < now->n; i++) {
            /* Else it was found on a shorter way since. */
            if (s->board->marks[now->items[i]].distance == level) {
                visit(s, now, next, now->items[i]);
            }
        }
        now->n = 0;
    }
    sort_visited(s->board);
}

/* --- goals ---------------------------------------------------------------------------------------
 */

int attack_goal_weight(const as_attack_node *node, unsigned goal)
{
    if (goal == AS_GOAL_DATA) {
        return as_str_is(node->classification, "regulated") ? 4 : 3;
    }
    return goal == AS_GOAL_ADMIN ? 4 : goal == AS_GOAL_ENVIRONMENT ? 3 : 2;
}

/* Whether a link leads from another environment to production. */
static bool crosses(const attack_search *s, const as_attack_link *link)
{
    const as_attack_node *from = &attack_vertex_of(s->attack, link->from)->node;
    const as_attack_node *to = &attack_vertex_of(s->attack, link->to)->node;
    return attack_is_lower(from) && attack_is_production(to) && to->kind != AS_ATTACK_TRANSIT;
}

static void add_goal(attack_search *s, uint32_t node, unsigned goal, const as_attack_link *last)
{
    s->board->marks[node].goals |= goal;
    AS_VEC_PUSH(s->arena, &s->found, (attack_goal){node, goal, last});
}

/* Production that is reached from elsewhere: each node once, over the link that is nearest. */
static void find_crossings(attack_search *s)
{
    const attack_board *board = s->board;
    const as_attack_link **best = AS_NEW_ARRAY(s->arena, const as_attack_link *, board->n);
    for (size_t k = 0; k < board->visited.n; k++) {
        uint32_t id = board->visited.items[k];
        const attack_vertex *v = attack_vertex_of(s->attack, id);
        for (size_t i = 0; i < v->out.n; i++) {
            const as_attack_link *link = v->out.items[i];
            if (takes(s, link) && crosses(s, link) &&
                    (best[link->to] == NULL ||
                            board->marks[id].distance <
                                    board->marks[best[link->to]->from].distance)) {
                best[link->to] = link;
            }
        }
    }
    for (size_t k = 0; k < board->visited.n; k++) {
        uint32_t id = board->visited.items[k];
        if (best[id] != NULL) {
            add_goal(s, id, AS_GOAL_ENVIRONMENT, best[id]);
        }
    }
}

void attack_search_goals(attack_search *s, const as_attack_question *q)
{
    const attack_board *board = s->board;
    s->found.n = 0;
    if (q->goals == 0) {
        const attack_mark *mark = &board->marks[q->target < board->n ? q->target : 0];
        if (mark->distance != UINT32_MAX && mark->distance > 0) {
            unsigned own = attack_vertex_of(s->attack, q->target)->node.goals;
            add_goal(s, q->target, own & (~own + 1u), mark->via);
        }
        return;
    }
    for (size_t i = 0; i < board->visited.n; i++) {
        uint32_t id = board->visited.items[i];
        unsigned goals = attack_vertex_of(s->attack, id)->node.goals & q->goals;
        for (unsigned goal = 1; goal <= AS_GOAL_ADMIN; goal *= 2) {
            if ((goals & goal) != 0 && board->marks[id].distance > 0) {
                add_goal(s, id, goal, board->marks[id].via);
            }
        }
    }
    if ((q->goals & AS_GOAL_ENVIRONMENT) != 0) {
        find_crossings(s);
    }
}

/* --- paths ---------------------------------------------------------------------------------------
 */

/* The links of a way, last first; transit nodes are joined with what stands around them. */
static void write_steps(
        attack_search *s, as_arena *arena, const attack_goal *goal, as_attack_path *path)
{
    AS_VEC(as_attack_step) steps = {0};
    const as_attack_link *link = goal->last;
    while (link != NULL) {
        as_attack_step step = {.to = &attack_vertex_of(s->attack, link->to)->node, .link = link};
        step.from = &attack_vertex_of(s->attack, link->from)->node;
        while (step.from->kind == AS_ATTACK_TRANSIT) {
            link = s->board->marks[step.from->id].via;
            step.link = step.link->free ? link : step.link;
            step.from = &attack_vertex_of(s->attack, link->from)->node;
        }
        AS_VEC_PUSH(arena, &steps, step);
        if (!step.link->certain) {
            path->certain = false;
            path->reason = step.link->reason.n > 0 ? step.link->reason : path->reason;
        }
        link = s->board->marks[link->from].via;
    }
    for (size_t i = 0; i < steps.n / 2; i++) {
        as_attack_step other = steps.items[i];
        steps.items[i] = steps.items[steps.n - 1 - i];
        steps.items[steps.n - 1 - i] = other;
    }
    path->steps = steps.items;
    path->n_steps = steps.n;
}

static as_attack_path path_of(attack_search *s, as_arena *arena, const attack_goal *goal)
{
    as_attack_path path = {.target = &attack_vertex_of(s->attack, goal->node)->node,
            .goal = goal->goal,
            .certain = true};
    path.weight = attack_goal_weight(path.target, goal->goal);
    write_steps(s, arena, goal, &path);
    path.start = path.n_steps > 0 ? path.steps[0].from : path.target;
    if (!path.certain && path.reason.n == 0) {
        path.reason = AS_STR("a step on the way is not known");
    }
    return path;
}

static int compare_paths(const void *a, const void *b)
{
    const as_attack_path *x = a, *y = b;
    if (x->certain != y->certain) {
        return x->certain ? -1 : 1;
    }
    if (x->weight != y->weight) {
        return x->weight > y->weight ? -1 : 1;
    }
    if (x->n_steps != y->n_steps) {
        return x->n_steps < y->n_steps ? -1 : 1;
    }
    if (x->target->id != y->target->id) {
        return x->target->id < y->target->id ? -1 : 1;
    }
    return x->goal < y->goal ? -1 : x->goal > y->goal;
}

static bool has_goal(const attack_search *s, const attack_goal *goal)
{
    if (goal->node >= s->board->n) {
        return false;
    }
    const attack_mark *mark = &s->board->marks[goal->node];
    return goal->goal == 0 ? mark->distance != UINT32_MAX && mark->distance > 0
                           : (mark->goals & goal->goal) != 0;
}

/* --- ways in -------------------------------------------------------------------------------------
 */

/* Calls for each link that the search took: counted first, as there may be a million. */
static size_t walk_links(attack_search *s, const as_attack_link **out)
{
    size_t n = 0;
    for (size_t k = 0; k < s->board->visited.n; k++) {
        const attack_vertex *v = attack_vertex_of(s->attack, s->board->visited.items[k]);
        for (size_t i = 0; i < v->out.n; i++) {
            if (takes(s, v->out.items[i])) {
                if (out != NULL) {
                    out[n] = v->out.items[i];
                }
                n++;
            }
        }
    }
    return n;
}

/* Of everything that was found; in `arena`, which lives as long as the marks. */
static const attack_turned *turn_round(attack_search *s, as_arena *arena)
{
    if (s->board->turned != NULL) {
        return s->board->turned;
    }
    attack_turned *r = AS_NEW(arena, attack_turned);
    r->n = walk_links(s, NULL);
    r->links = AS_NEW_ARRAY(arena, const as_attack_link *, r->n);
    r->next = AS_NEW_ARRAY(arena, uint32_t, r->n + 1);
    (void)walk_links(s, r->links);
    for (size_t i = 0; i < r->n; i++) {
        attack_mark *to = &s->board->marks[r->links[i]->to];
        r->next[i] = to->first;
        to->first = (uint32_t)i + 1;
    }
    s->board->turned = r;
    return r;
}

/* First steps from the starts from which the node is reached. */
static size_t count_ways_in(attack_search *s, const attack_turned *r, ids *queue, uint32_t target)
{
    attack_mark *marks = s->board->marks;
    uint32_t round = ++s->board->round;
    size_t n = 0;
    queue->n = 0;
    AS_VEC_PUSH(s->arena, queue, target);
    marks[target].seen = round;
    for (size_t i = 0; i < queue->n; i++) {
        bool first = false;
        for (uint32_t l = marks[queue->items[i]].first; l != 0; l = r->next[l - 1]) {
            uint32_t from = r->links[l - 1]->from;
            s->n_visits++;
            if (marks[from].distance == 0) {
                first = true;
            } else if (marks[from].seen != round) {
                marks[from].seen = round;
                AS_VEC_PUSH(s->arena, queue, from);
            }
        }
        n += first;
    }
    return n;
}

static void count_all_ways_in(attack_search *s, as_arena *of_board, as_attack_path *paths, size_t n)
{
    enum { MAX_VISITS = 20000000 };
    if (n == 0) {
        return;
    }
    const attack_turned *r = turn_round(s, of_board);
    ids queue = {0};
    s->n_visits = 0;
    for (size_t i = 0; i < n; i++) {
        paths[i].ways_in =
                s->n_visits > MAX_VISITS ? 1 : count_ways_in(s, r, &queue, paths[i].target->id);
    }
}

typedef struct asked {
    const as_attack_question *question;
    as_attack_paths paths;
} asked;

static as_strs copy_doubts(as_attack *attack, as_arena *arena)
{
    as_str *doubts = AS_NEW_ARRAY(arena, as_str, attack->doubts.n);
    for (size_t i = 0; i < attack->doubts.n; i++) {
        doubts[i] = attack->doubts.items[i];
    }
    return (as_strs){doubts, attack->doubts.n};
}

/* Where the internet leads to, searched once: questions about one node then cost what lies on its
 * ways. */
static attack_outside *outside_of(attack_search *proven, attack_search *all, attack_outside **kept)
{
    as_attack *attack = all->attack;
    if (*kept == NULL) {
        attack_outside *outside = AS_NEW(attack->arena, attack_outside);
        proven->board = &outside->proven;
        all->board = &outside->all;
        attack_search_run(all, &attack->internet, 1);
        attack_search_run(proven, &attack->internet, 1);
        *kept = outside;
    }
    return *kept;
}

/* What a search marks and counts lies in `scratch`, the paths in `arena`. */
static void search_with(as_attack *attack, as_arena *arena, as_arena *scratch, asked *a)
{
    const as_attack_question *q = a->question;
    AS_VEC(as_attack_path) paths = {0};
    bool outside = q->goals == 0 &&
                   (q->n_starts == 0 || (q->n_starts == 1 && q->starts[0] == attack->internet));
    attack_search all = {.attack = attack, .arena = scratch, .direct = q->direct}, proven = all;
    proven.certain_only = true;
    if (outside) {
        attack_outside *kept = outside_of(&proven, &all, &attack->outside[q->direct]);
        proven.board = &kept->proven;
        all.board = &kept->all;
    } else {
        const uint32_t *starts = q->n_starts > 0 ? q->starts : &attack->internet;
        size_t n_starts = q->n_starts > 0 ? q->n_starts : 1;
        proven.board = attack_board_of(attack, &attack->boards[0]);
        all.board = attack_board_of(attack, &attack->boards[1]);
        attack_search_run(&proven, starts, n_starts);
        attack_search_run(&all, starts, n_starts);
    }
    attack_search_goals(&proven, q);
    attack_search_goals(&all, q);
    for (size_t i = 0; i < proven.found.n; i++) {
        AS_VEC_PUSH(arena, &paths, path_of(&proven, arena, &proven.found.items[i]));
    }
    for (size_t i = 0; i < all.found.n; i++) {
        if (!has_goal(&proven, &all.found.items[i])) {
            AS_VEC_PUSH(arena, &paths, path_of(&all, arena, &all.found.items[i]));
        }
    }
    count_all_ways_in(&all, outside ? attack->arena : scratch, paths.items, paths.n);
    if (paths.n > 0) {
        qsort(paths.items, paths.n, sizeof *paths.items, compare_paths);
    }
    size_t limit = q->limit > 0 ? q->limit : AS_ATTACK_MAX_PATHS;
    a->paths = (as_attack_paths){.items = paths.items, .n = paths.n};
    a->paths.n_dropped = paths.n > limit ? paths.n - limit : 0;
    a->paths.n -= a->paths.n_dropped;
    a->paths.incomplete = attack->cut_short;
    a->paths.doubts = copy_doubts(attack, arena);
}

typedef struct searching {
    as_attack *attack;
    as_arena *arena;
    asked *asked;
} searching;

static void search_scratch(void *self, as_arena *scratch)
{
    searching *s = self;
    search_with(s->attack, s->arena, scratch, s->asked);
}

/* A large account has a million links: what one question needs is gone before the next. */
static void search(as_attack *attack, as_arena *arena, void *self)
{
    searching s = {attack, arena, self};
    as_arena_with_scratch(arena, search_scratch, &s);
}

as_attack_paths as_attack_search(
        as_attack *attack, as_arena *arena, const as_attack_question *question)
{
    static const as_str gone[] = {
            AS_STR_INIT("there is too much to look for paths: memory ran out")};
    asked a = {.question = question};
    if (!attack_run(attack, arena, search, &a)) {
        return (as_attack_paths){.incomplete = true, .doubts = {gone, 1}};
    }
    return a.paths;
}
