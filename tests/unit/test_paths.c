/* Searches and cuts over small graphs, against everything that brute force finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/paths/search.h"

enum { MAX_NODES = 9, MAX_LINKS = 20, MAX_PLACES = 7, N_GRAPHS = 3000 };

typedef struct small {
    as_attack *attack;
    as_graph *graph;
    uint32_t n_nodes; /* the first is the start */
    size_t n_links;
    as_attack_link links[MAX_LINKS];
    uint32_t places[MAX_LINKS]; /* 0: nothing can be changed */
} small;

static uint32_t random_below(uint64_t *state, uint32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % n;
}

static void make_nodes(small *g, as_arena *arena, uint64_t *state)
{
    static const as_attack_kind kinds[] = {AS_ATTACK_WORKLOAD, AS_ATTACK_IDENTITY, AS_ATTACK_STORE};
    g->n_nodes = 3 + random_below(state, MAX_NODES - 2);
    for (uint32_t i = 0; i < g->n_nodes; i++) {
        as_str name = as_str_fmt(arena, "n%u", i);
        attack_vertex *v = attack_add_named(
                g->attack, i == 0 ? AS_ATTACK_INTERNET : kinds[i % 3], name, name, AS_STR(""));
        assert_int_equal(v->node.id, i + 1);
        v->node.goals = i > 0 && random_below(state, 3) == 0 ? AS_GOAL_SECRET : 0;
    }
    g->attack->internet = 1;
}

static void make_links(small *g, uint64_t *state)
{
    g->n_links = 1 + random_below(state, MAX_LINKS);
    for (size_t i = 0; i < g->n_links; i++) {
        as_attack_link *link = &g->links[i];
        *link = (as_attack_link){.from = 1 + random_below(state, g->n_nodes),
                .to = 2 + random_below(state, g->n_nodes - 1),
                .hop = AS_HOP_reach,
                .lateral = random_below(state, 4) == 0,
                .certain = random_below(state, 4) != 0};
        g->places[i] = random_below(state, MAX_PLACES);
        link->span = g->places[i] == 0 ? AS_SPAN_NONE : (as_span){1, g->places[i], g->places[i]};
        attack_link(g->attack, *link, false);
    }
}

static small make(as_arena *arena, uint64_t *state)
{
    small g = {.graph = as_graph_new(arena)};
    as_graph_link(g.graph);
    g.attack = as_attack_new(g.graph, NULL);
    assert_non_null(g.attack);
    g.attack->made = g.attack->ready = true;
    g.attack->by_entity = AS_NEW_ARRAY(g.attack->arena, uint32_t, 1);
    make_nodes(&g, arena, state);
    make_links(&g, state);
    return g;
}

/* --- brute force ---------------------------------------------------------------------------------
 */

typedef struct brute {
    const small *g;
    bool certain_only, direct;
    uint32_t removed; /* a place; 0: none */
    bool on_way[MAX_NODES + 2];
    unsigned shortest[MAX_NODES + 2]; /* 0: not reached */
} brute;

/* Every simple path. */
static void walk(brute *b, uint32_t at, unsigned length)
{
    if (length > 0 && (b->shortest[at] == 0 || length < b->shortest[at])) {
        b->shortest[at] = length;
    }
    b->on_way[at] = true;
    for (size_t i = 0; i < b->g->n_links; i++) {
        const as_attack_link *link = &b->g->links[i];
        bool taken = link->from == at && !b->on_way[link->to] &&
                     (link->certain || !b->certain_only) && !(b->direct && link->lateral) &&
                     (b->removed == 0 || b->g->places[i] != b->removed);
        if (taken) {
            walk(b, link->to, length + 1);
        }
    }
    b->on_way[at] = false;
}

static brute walk_all(const small *g, bool certain_only, bool direct, uint32_t removed)
{
    brute b = {.g = g, .certain_only = certain_only, .direct = direct, .removed = removed};
    walk(&b, 1, 0);
    return b;
}

static size_t n_goals(const small *g, const brute *b)
{
    size_t n = 0;
    for (uint32_t id = 1; id <= g->n_nodes; id++) {
        n += attack_vertex_of(g->attack, id)->node.goals != 0 && b->shortest[id] != 0;
    }
    return n;
}

/* --- comparisons ---------------------------------------------------------------------------------
 */

static void check_path(const small *g, const as_attack_path *path, const brute *b)
{
    uint32_t at = 1;
    assert_int_equal(path->n_steps, b->shortest[path->target->id]);
    for (size_t i = 0; i < path->n_steps; i++) {
        assert_int_equal(path->steps[i].from->id, at);
        at = path->steps[i].to->id;
        assert_true(path->steps[i].link->certain || !path->certain);
    }
    assert_int_equal(at, path->target->id);
    (void)g;
}

static void check_cuts(const small *g, const as_attack_cuts *cuts, size_t reached, bool direct)
{
    size_t best = 0, found = cuts->n > 0 ? cuts->items[0].closes : 0;
    assert_true(cuts->complete);
    for (uint32_t place = 1; place < MAX_PLACES; place++) {
        brute b = walk_all(g, false, direct, place);
        size_t closes = reached - n_goals(g, &b);
        best = closes > best ? closes : best;
    }
    assert_int_equal(found, best);
    for (size_t i = 0; i < cuts->n; i++) {
        brute b = walk_all(g, false, direct, cuts->items[i].change->span.begin);
        assert_int_equal(cuts->items[i].closes, reached - n_goals(g, &b));
        assert_true(i == 0 || cuts->items[i].closes <= cuts->items[i - 1].closes);
    }
}

static void check(as_arena *arena, const small *g, bool direct)
{
    as_attack_question question = {.goals = AS_GOAL_ANY, .direct = direct};
    as_attack_paths paths = as_attack_search(g->attack, arena, &question);
    as_attack_cuts cuts = as_attack_cut_of(g->attack, arena, &question, &paths);
    brute proven = walk_all(g, true, direct, 0), all = walk_all(g, false, direct, 0);
    size_t n_certain = 0;
    assert_int_equal(paths.n, n_goals(g, &all));
    for (size_t i = 0; i < paths.n; i++) {
        check_path(g, &paths.items[i], paths.items[i].certain ? &proven : &all);
        assert_true(paths.items[i].certain == (proven.shortest[paths.items[i].target->id] != 0));
        n_certain += paths.items[i].certain;
    }
    assert_int_equal(n_certain, n_goals(g, &proven));
    check_cuts(g, &cuts, paths.n, direct);
}

static void test_paths__brute_force(void **state)
{
    uint64_t seed = 42;
    (void)state;
    for (int i = 0; i < N_GRAPHS; i++) {
        as_arena *arena = as_arena_new(0);
        small g = make(arena, &seed);
        check(arena, &g, false);
        check(arena, &g, true);
        as_attack_free(g.attack);
        as_arena_free(arena);
    }
}

/* What is common to workloads before the network is no station of a path. */
static void test_paths__transit_is_not_shown(void **state)
{
    as_arena *arena = as_arena_new(0);
    as_graph *graph = as_graph_new(arena);
    as_graph_link(graph);
    as_attack *attack = as_attack_new(graph, NULL);
    attack->made = attack->ready = true;
    attack->by_entity = AS_NEW_ARRAY(attack->arena, uint32_t, 1);
    static const as_attack_kind kinds[] = {AS_ATTACK_INTERNET, AS_ATTACK_WORKLOAD,
            AS_ATTACK_TRANSIT, AS_ATTACK_TRANSIT, AS_ATTACK_WORKLOAD, AS_ATTACK_SECRET};
    for (uint32_t i = 0; i < 6; i++) {
        as_str name = as_str_fmt(arena, "n%u", i);
        attack_vertex *v = attack_add_named(attack, kinds[i], name, name, AS_STR(""));
        v->node.goals = kinds[i] == AS_ATTACK_SECRET ? AS_GOAL_SECRET : 0;
        bool inner = i == 2 || i == 4;
        if (i > 0) {
            attack_link(attack,
                    (as_attack_link){.from = i, .to = i + 1, .free = inner, .certain = i != 3},
                    true);
        }
    }
    attack->internet = 1;
    as_attack_question question = {.goals = AS_GOAL_SECRET};
    as_attack_paths paths = as_attack_search(attack, arena, &question);
    assert_int_equal(paths.n, 1);
    assert_int_equal(paths.items[0].n_steps, 3);
    assert_false(paths.items[0].certain); /* the link between the transit nodes is not */
    for (size_t i = 0; i < 3; i++) {
        assert_int_not_equal(paths.items[0].steps[i].from->kind, AS_ATTACK_TRANSIT);
        assert_int_not_equal(paths.items[0].steps[i].to->kind, AS_ATTACK_TRANSIT);
    }
    as_attack_free(attack);
    as_arena_free(arena);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_paths__brute_force),
            cmocka_unit_test(test_paths__transit_is_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
