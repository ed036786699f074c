#include "engine/ways/ways.h"

#include <stdlib.h>

enum {
    MAX_STEPS = 64, /* of one way; longer ones are not told */
    MAX_SHARED = 8, /* edges without a method in a row */
    UNREACHED = UINT32_MAX,
};

typedef AS_VEC(uint32_t) numbers;

/* How a node gets on: the edge to take, and one more to another node, for one may lead through
 * whoever asks. */
typedef struct reach {
    uint32_t steps; /* to the goal; UNREACHED: not known to lead there */
    uint32_t next[2];
    bool certain;
} reach;

struct as_ways {
    as_arena *arena;
    AS_VEC(as_way_node) nodes;
    AS_VEC(as_way_edge) edges;
    AS_VEC(as_way_doubt) doubts;
    uint32_t *out_start, *out, *in_start, *in; /* edges by node, in order of addition */
    reach *reached;                            /* to any goal */
    reach *to_clouds; /* to goals of clouds; NULL: nothing leaves those of clusters */
};

as_ways *as_ways_new(as_arena *arena)
{
    as_ways *ways = AS_NEW(arena, as_ways);
    ways->arena = arena;
    return ways;
}

uint32_t as_ways_add(as_ways *ways, const as_way_node *node)
{
    AS_VEC_PUSH(ways->arena, &ways->nodes, *node);
    return (uint32_t)ways->nodes.n;
}

const as_way_node *as_ways_node(const as_ways *ways, uint32_t number)
{
    return number == 0 || number > ways->nodes.n ? NULL : &ways->nodes.items[number - 1];
}

size_t as_ways_count(const as_ways *ways)
{
    return ways->nodes.n;
}

void as_ways_join(as_ways *ways, const as_way_edge *edge)
{
    if (edge->from != edge->to && edge->from != 0 && edge->to != 0) {
        AS_VEC_PUSH(ways->arena, &ways->edges, *edge);
    }
}

uint32_t as_ways_add_hub(as_ways *ways, as_world world)
{
    return as_ways_add(ways, &(as_way_node){.kind = AS_WAY_HUB, .world = world});
}

void as_ways_join_plain(as_ways *ways, uint32_t from, uint32_t to, bool certain, as_str caveat)
{
    as_ways_join(
            ways, &(as_way_edge){.from = from, .to = to, .certain = certain, .caveat = caveat});
}

void as_ways_add_doubt(as_ways *ways, const as_way_doubt *doubt)
{
    AS_VEC_PUSH(ways->arena, &ways->doubts, *doubt);
}

const as_way_doubt *as_ways_doubts(const as_ways *ways, size_t *n)
{
    *n = ways->doubts.n;
    return ways->doubts.items;
}

/* --- the search ----------------------------------------------------------------------------------
 */

/* Counting sort of the edges by one end. */
static void index_edges(as_ways *w, bool by_target, uint32_t **start, uint32_t **list)
{
    size_t n = w->nodes.n;
    *start = AS_NEW_ARRAY(w->arena, uint32_t, n + 2);
    *list = AS_NEW_ARRAY(w->arena, uint32_t, w->edges.n);
    for (size_t i = 0; i < w->edges.n; i++) {
        const as_way_edge *e = &w->edges.items[i];
        (*start)[(by_target ? e->to : e->from) + 1]++;
    }
    for (size_t i = 1; i < n + 2; i++) {
        (*start)[i] += (*start)[i - 1];
    }
    uint32_t *at = AS_NEW_ARRAY(w->arena, uint32_t, n + 2);
    memcpy(at, *start, (n + 2) * sizeof *at);
    for (size_t i = 0; i < w->edges.n; i++) {
        const as_way_edge *e = &w->edges.items[i];
        (*list)[at[by_target ? e->to : e->from]++] = (uint32_t)i;
    }
}

/* What a search looks for. */
typedef struct search {
    as_ways *w;
    reach *reached;
    bool clouds; /* goals of clouds alone */
} search;

static bool is_end(const as_way_node *node, bool clouds)
{
    return node->kind == AS_WAY_GOAL && (!clouds || node->world != AS_WORLD_KUBERNETES);
}

/* One layer of nodes that are equally far from a goal: `layer` grows by what edges without a method
 * add, `next` by one step. */
static void spread(const search *s, numbers *layer, numbers *next, uint32_t steps, bool certain)
{
    as_ways *w = s->w;
    for (size_t i = 0; i < layer->n; i++) {
        uint32_t node = layer->items[i];
        for (uint32_t k = w->in_start[node]; k < w->in_start[node + 1]; k++) {
            uint32_t index = w->in[k];
            const as_way_edge *e = &w->edges.items[index];
            reach *r = &s->reached[e->from];
            if ((certain && !e->certain) || is_end(&w->nodes.items[e->from - 1], s->clouds)) {
                continue;
            }
            uint32_t far = steps + (e->method.n > 0);
            if (r->steps == UNREACHED) {
                *r = (reach){far, {index + 1, 0}, certain};
                if (e->method.n > 0) {
                    AS_VEC_PUSH(w->arena, next, e->from);
                } else {
                    AS_VEC_PUSH(w->arena, layer, e->from);
                }
            } else if (r->next[1] == 0 && r->next[0] != 0 &&
                       w->edges.items[r->next[0] - 1].to != e->to) {
                r->next[1] = index + 1;
            }
        }
    }
}

/* From the goals over certain edges; then from all that was reached, in order of distance, over
 * all. */
static void run(const search *s, bool certain)
{
    as_ways *w = s->w;
    AS_VEC(numbers) layers = {0};
    for (uint32_t i = 1; i <= w->nodes.n; i++) {
        bool end = is_end(&w->nodes.items[i - 1], s->clouds);
        if (!end && s->reached[i].steps == UNREACHED) {
            continue;
        }
        if (end) {
            s->reached[i] = (reach){0, {0, 0}, true};
        }
        while (layers.n <= s->reached[i].steps) {
            AS_VEC_PUSH(w->arena, &layers, (numbers){0});
        }
        AS_VEC_PUSH(w->arena, &layers.items[s->reached[i].steps], i);
    }
    for (size_t d = 0; d < layers.n; d++) {
        numbers layer = layers.items[d], next = {0};
        if (d + 1 < layers.n) {
            next = layers.items[d + 1];
        }
        spread(s, &layer, &next, (uint32_t)d, certain);
        if (d + 1 < layers.n) {
            layers.items[d + 1] = next;
        } else if (next.n > 0) {
            AS_VEC_PUSH(w->arena, &layers, next);
        }
    }
}

static reach *search_for(as_ways *w, bool clouds)
{
    search s = {w, AS_NEW_ARRAY(w->arena, reach, w->nodes.n + 1), clouds};
    for (size_t i = 0; i <= w->nodes.n; i++) {
        s.reached[i] = (reach){UNREACHED, {0, 0}, false};
    }
    run(&s, true);
    run(&s, false);
    return s.reached;
}

void as_ways_search(as_ways *w)
{
    bool leaves = false;
    index_edges(w, false, &w->out_start, &w->out);
    index_edges(w, true, &w->in_start, &w->in);
    w->reached = search_for(w, false);
    for (size_t i = 0; i < w->edges.n && !leaves; i++) {
        leaves = w->nodes.items[w->edges.items[i].from - 1].kind == AS_WAY_GOAL;
    }
    w->to_clouds = leaves ? search_for(w, true) : NULL;
}

bool as_ways_leads(const as_ways *ways, uint32_t number, bool *certain)
{
    *certain = ways->reached[number].certain;
    return ways->reached[number].steps != UNREACHED;
}

bool as_ways_is_goal(const as_ways *ways, uint32_t number)
{
    return ways->reached[number].steps == 0 && ways->reached[number].certain;
}

const as_way_node *as_ways_through(const as_ways *ways, uint32_t number)
{
    for (int i = 0; i < MAX_SHARED; i++) {
        const as_way_node *node = as_ways_node(ways, number);
        if (node->kind != AS_WAY_HUB) {
            return node;
        }
        if (ways->reached[number].steps == UNREACHED || ways->reached[number].next[0] == 0) {
            return NULL;
        }
        number = ways->edges.items[ways->reached[number].next[0] - 1].to;
    }
    return NULL;
}

/* --- telling the ways ----------------------------------------------------------------------------
 */

typedef struct telling {
    const as_ways *w;
    const reach *reached;
    bool clouds;
    as_arena *arena;
    as_way_step steps[MAX_STEPS];
    size_t n;
    bool certain;
    uint32_t who;
    as_span granted; /* what the edges without a method before a step say of it */
} telling;

static as_str both_caveats(as_arena *arena, as_str a, as_str b)
{
    return a.n == 0   ? b
           : b.n == 0 ? a
                      : as_str_fmt(arena, "%.*s, and %.*s", AS_STR_ARG(a), AS_STR_ARG(b));
}

static bool is_same(const as_way_node *a, const as_way_node *b)
{
    return a == b || (a->self != NULL && a->self == b->self && a->kind != AS_WAY_GOAL &&
                             b->kind != AS_WAY_GOAL);
}

static bool was_there(const telling *t, uint32_t number)
{
    const as_way_node *node = as_ways_node(t->w, number);
    bool found = is_same(as_ways_node(t->w, t->who), node);
    for (size_t i = 0; i < t->n && !found; i++) {
        found = t->steps[i].to == node;
    }
    return found;
}

/* Takes the edge: a step, or what is added to the step so far. */
static bool take(telling *t, const as_way_edge *e)
{
    const as_way_node *to = as_ways_node(t->w, e->to);
    t->certain = t->certain && e->certain;
    if (e->method.n > 0) {
        if (t->n == MAX_STEPS) {
            return false;
        }
        t->steps[t->n] = (as_way_step){
                .from = t->n == 0 ? as_ways_node(t->w, t->who) : t->steps[t->n - 1].to,
                .to = to,
                .method = e->method,
                .action = e->action,
                .resource = e->resource,
                .span = e->span.file != 0 ? e->span : t->granted,
                .workload = e->workload,
                .certain = e->certain,
                .caveat = e->caveat};
        t->granted = AS_SPAN_NONE;
        t->n++;
        return true;
    }
    as_way_step *step = t->n == 0 ? NULL : &t->steps[t->n - 1];
    t->granted = e->span.file != 0 ? e->span : t->granted;
    if (step != NULL) {
        step->certain = step->certain && e->certain;
        step->caveat = both_caveats(t->arena, step->caveat, e->caveat);
        step->workload = step->workload != NULL ? step->workload : e->workload;
        if (step->to->kind == AS_WAY_HUB) {
            step->to = to;
        }
    }
    return true;
}

/* On from `number` to a goal, by the best edges, past whoever asks. */
static bool follow(telling *t, uint32_t number)
{
    size_t n_shared = 0;
    while (!is_end(as_ways_node(t->w, number), t->clouds)) {
        const reach *r = &t->reached[number];
        const as_way_edge *e = NULL;
        for (size_t i = 0; i < 2 && e == NULL; i++) {
            const as_way_edge *choice = r->next[i] == 0 ? NULL : &t->w->edges.items[r->next[i] - 1];
            e = choice == NULL || was_there(t, choice->to) ? NULL : choice;
        }
        n_shared = e != NULL && e->method.n == 0 ? n_shared + 1 : 0;
        if (e == NULL || n_shared > MAX_SHARED || !take(t, e)) {
            return false;
        }
        number = e->to;
    }
    return true;
}

typedef AS_VEC(as_way) way_list;

static void keep(as_arena *arena, way_list *list, const telling *t)
{
    as_str method = t->steps[0].method;
    as_way *same = NULL;
    for (size_t i = 0; i < list->n && same == NULL; i++) {
        same = as_str_eq(list->items[i].method, method) ? &list->items[i] : NULL;
    }
    if (same != NULL && (same->certain > t->certain ||
                                (same->certain == t->certain && same->n_steps <= t->n))) {
        return;
    }
    as_way_step *steps = AS_NEW_ARRAY(arena, as_way_step, t->n);
    memcpy(steps, t->steps, t->n * sizeof *steps);
    as_way way = {as_ways_node(t->w, t->who), method, t->certain, steps, t->n};
    if (same != NULL) {
        *same = way;
    } else {
        AS_VEC_PUSH(arena, list, way);
    }
}

/* Every first step of whoever asks: those of nodes that it reaches without a step are its own. */
static void begin(
        telling *t, way_list *list, uint32_t number, int depth, bool certain, as_span granted)
{
    const as_ways *w = t->w;
    for (uint32_t k = w->out_start[number]; k < w->out_start[number + 1]; k++) {
        const as_way_edge *e = &w->edges.items[w->out[k]];
        if (e->method.n == 0) {
            if (depth < MAX_SHARED) {
                begin(t, list, e->to, depth + 1, certain && e->certain,
                        e->span.file != 0 ? e->span : granted);
            }
            continue;
        }
        bool back = is_same(as_ways_node(w, e->to), as_ways_node(w, t->who));
        if (t->reached[e->to].steps == UNREACHED || back) {
            continue;
        }
        t->n = 0;
        t->certain = certain;
        t->granted = granted;
        if (take(t, e) && follow(t, e->to)) {
            keep(t->arena, list, t);
        }
    }
}

static int compare_ways(const void *a, const void *b)
{
    return as_str_cmp(((const as_way *)a)->method, ((const as_way *)b)->method);
}

static const as_way *ways_of(const as_ways *ways, const reach *reached, bool clouds,
        as_arena *arena, uint32_t number, size_t *n_ways)
{
    way_list list = {0};
    *n_ways = 0;
    if (reached[number].steps != 0 || !reached[number].certain) {
        telling *t = AS_NEW(arena, telling);
        *t = (telling){.w = ways, .reached = reached, .clouds = clouds, .arena = arena};
        t->who = number;
        begin(t, &list, number, 0, true, AS_SPAN_NONE);
        if (list.n > 1) {
            qsort(list.items, list.n, sizeof *list.items, compare_ways);
        }
        *n_ways = list.n;
    }
    return list.items;
}

const as_way *as_ways_of(const as_ways *ways, as_arena *arena, uint32_t number, size_t *n_ways)
{
    return ways_of(ways, ways->reached, false, arena, number, n_ways);
}

const as_way *as_ways_to_clouds(
        const as_ways *ways, as_arena *arena, uint32_t number, size_t *n_ways)
{
    *n_ways = 0;
    return ways->to_clouds == NULL ? NULL
                                   : ways_of(ways, ways->to_clouds, true, arena, number, n_ways);
}
