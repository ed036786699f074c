/* Kubernetes RBAC: rules, by tables. tests/tables/rbac/README.md tells the format. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/rbac/rule.h"
#include "engine/ways/ways.h"
#include "parsers/json/json.h"
#include "tests/unit/table.h"

typedef struct tally {
    size_t n, n_wrong;
} tally;

/* The same tree, a null in a list being a text that is not known. */
static const as_value *with_unknowns(as_arena *arena, const as_value *v)
{
    as_object_builder object;
    as_object_begin(&object, arena);
    for (size_t i = 0; i < as_value_count(v); i++) {
        const as_member *m = &v->as.object->members[i];
        as_list_builder list;
        as_list_begin(&list, arena);
        for (size_t k = 0; k < as_value_count(m->value); k++) {
            const as_value *item = as_value_index(m->value, k);
            as_list_add(&list, as_value_is_null(item) ? as_value_unknown(arena, AS_SPAN_NONE,
                                                                AS_STR("not known"), NULL)
                                                      : item);
        }
        as_object_add(&object, m->key, m->key_span, as_list_end(&list, m->value->span));
    }
    return as_object_end(&object, v->span);
}

static void decide(void *self, as_str input, bool is_error, as_str expected)
{
    static const char *const words[] = {"no", "yes", "maybe"};
    tally *t = self;
    as_arena *arena = as_arena_new(0);
    as_diags diags;
    as_diags_init(&diags, arena);
    const as_value *v = as_json_parse_text(arena, input, AS_SPAN_NONE, &diags);
    (void)is_error;
    assert_non_null(v);
    as_rbac_rule rule =
            as_rbac_rule_read(arena, with_unknowns(arena, as_value_get(v, AS_STR("rule"))));
    as_rbac_request request;
    bool unsure;
    assert_true(as_rbac_request_parse(
            as_value_str(as_value_get(v, AS_STR("action"))), &request, &unsure));
    as_str name = as_value_str(as_value_get(v, AS_STR("name")));
    request.any_name = as_str_is(name, "*");
    request.name = request.any_name ? AS_STR("") : name;
    as_truth truth = as_rbac_rule_allows(&rule, &request);
    t->n++;
    if (!as_str_is(expected, words[truth])) {
        t->n_wrong++;
        print_error("got %s: %.*s\n", words[truth], AS_STR_ARG(input));
    }
    as_arena_free(arena);
}

static void test_rbac__rules(void **state)
{
    tally t = {0};
    as_arena *arena = as_arena_new(0);
    (void)state;
    assert_true(table_run(arena, "tests/tables/rbac/rules.test", decide, &t) > 0);
    assert_int_equal(t.n_wrong, 0);
    as_arena_free(arena);
}

static void test_rbac__actions(void **state)
{
    as_rbac_request r;
    bool unsure;
    (void)state;
    assert_false(as_rbac_request_parse(AS_STR("s3:GetObject"), &r, &unsure));
    assert_false(as_rbac_request_parse(AS_STR("get:"), &r, &unsure));
    assert_false(as_rbac_request_parse(AS_STR("pods"), &r, &unsure));
    assert_true(as_rbac_request_parse(AS_STR("get:widgets"), &r, &unsure));
    assert_true(unsure);
    assert_true(as_rbac_request_parse(AS_STR("update:deployments.apps/scale"), &r, &unsure));
    assert_false(unsure);
    assert_true(as_str_is(r.resource, "deployments") && as_str_is(r.group, "apps"));
    assert_true(as_str_is(r.subresource, "scale"));
}

/* --- ways ----------------------------------------------------------------------------------------
 */

static uint32_t node(as_ways *ways, as_way_kind kind, const char *name)
{
    return as_ways_add(ways, &(as_way_node){.kind = kind, .name = as_str_from(name)});
}

static void join(as_ways *ways, uint32_t from, uint32_t to, const char *method, bool certain)
{
    as_ways_join(ways,
            &(as_way_edge){
                    .from = from, .to = to, .method = as_str_from(method), .certain = certain});
}

/* a ⇄ b; b may reach the goal; c can become anybody, itself included. */
static void test_rbac__ways(void **state)
{
    as_arena *arena = as_arena_new(0);
    as_ways *w = as_ways_new(arena);
    uint32_t goal = node(w, AS_WAY_GOAL, "goal"), hub = node(w, AS_WAY_HUB, "");
    uint32_t a = node(w, AS_WAY_IDENTITY, "a"), b = node(w, AS_WAY_IDENTITY, "b");
    uint32_t c = node(w, AS_WAY_IDENTITY, "c"), d = node(w, AS_WAY_IDENTITY, "d");
    (void)state;
    join(w, a, b, "x", true);
    join(w, b, a, "y", true);
    join(w, b, goal, "z", false);
    join(w, c, hub, "h", true);
    join(w, hub, c, "", true);
    join(w, hub, b, "", true);
    join(w, c, goal, "maybe", false);
    join(w, d, d, "self", true);
    as_ways_search(w);
    bool certain;
    size_t n;
    assert_true(as_ways_leads(w, a, &certain));
    assert_false(certain);
    assert_false(as_ways_leads(w, d, &certain));
    assert_false(as_ways_is_goal(w, a));
    const as_way *of = as_ways_of(w, arena, a, &n);
    assert_int_equal(n, 1);
    assert_int_equal(of[0].n_steps, 2);
    assert_true(of[0].steps[0].to == as_ways_node(w, b) && !of[0].certain);
    (void)as_ways_of(w, arena, b, &n); /* by a it would only come back */
    assert_int_equal(n, 1);
    of = as_ways_of(w, arena, c, &n);
    assert_int_equal(n, 2);
    assert_true(as_str_is(of[0].method, "h") && of[0].steps[0].to == as_ways_node(w, b));
    assert_int_equal(of[0].n_steps, 2);
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rbac__rules),
            cmocka_unit_test(test_rbac__actions), cmocka_unit_test(test_rbac__ways)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
