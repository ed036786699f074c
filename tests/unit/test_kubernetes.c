/* Objects, quantities and label selectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "parsers/json/json.h"
#include "parsers/kubernetes/kubernetes.h"
#include "parsers/kubernetes/quantity.h"
#include "parsers/kubernetes/selector.h"
#include "tests/unit/table.h"

typedef struct fixture {
    as_arena *arena;
    as_sources *sources;
    as_diags diags;
} fixture;

static int setup(void **state)
{
    static fixture f;
    f.arena = as_arena_new(0);
    f.sources = as_sources_new();
    as_diags_init(&f.diags, f.arena);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    as_arena_free(f->arena);
    as_sources_free(f->sources);
    return 0;
}

static void check_quantity(void *self, as_str input, bool is_error, as_str expected)
{
    fixture *f = self;
    double got = 0;
    bool good = as_quantity_parse(input, &got);
    double want = strtod(as_str_cstr(f->arena, expected), NULL);
    if (good == is_error || (good && fabs(got - want) > fabs(want) * 1e-15)) {
        fail_msg("%.*s: expected %.*s, got %.17g", AS_STR_ARG(input), AS_STR_ARG(expected), got);
    }
}

static void test_quantity__table(void **state)
{
    fixture *f = *state;
    assert_in_range(table_run(f->arena, "tests/tables/quantity/quantities.test", check_quantity, f),
            25, 999);
}

static void check_selector(void *self, as_str input, bool is_error, as_str expected)
{
    fixture *f = self;
    size_t bar = as_str_find_char(input, '|');
    const as_value *labels = as_json_parse_text(
            f->arena, as_str_from_index(input, bar + 1), AS_SPAN_NONE, &f->diags);
    as_selector selector;
    bool good = as_selector_from_text(f->arena, as_str_slice(input, 0, bar), &selector);
    bool matches = good && as_selector_match(&selector, labels) == AS_YES;
    if (good == is_error || (good && matches != as_str_is(expected, "yes"))) {
        fail_msg("%.*s: expected %.*s", AS_STR_ARG(input), AS_STR_ARG(expected));
    }
}

static void test_selector__table(void **state)
{
    fixture *f = *state;
    assert_in_range(table_run(f->arena, "tests/tables/selector/selectors.test", check_selector, f),
            20, 999);
}

static as_truth match(fixture *f, const char *selector, const char *labels)
{
    const as_value *s =
            as_json_parse_text(f->arena, as_str_from(selector), AS_SPAN_NONE, &f->diags);
    as_selector compiled = as_selector_from_value(f->arena, s);
    return as_selector_match(
            &compiled, as_json_parse_text(f->arena, as_str_from(labels), AS_SPAN_NONE, &f->diags));
}

/* LabelSelectorAsSelector: null selects nothing, {} everything. */
static void test_selector__of_objects(void **state)
{
    fixture *f = *state;
    assert_int_equal(match(f, "null", "{}"), AS_NO);
    assert_int_equal(match(f, "{}", "{}"), AS_YES);
    assert_int_equal(
            match(f, "{\"matchLabels\":{\"a\":\"b\"}}", "{\"a\":\"b\",\"c\":\"d\"}"), AS_YES);
    assert_int_equal(match(f,
                             "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"NotIn\","
                             "\"values\":[\"b\"]}]}",
                             "{}"),
            AS_YES);
    assert_int_equal(
            match(f, "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Exists\"}]}", "{}"),
            AS_NO);
    assert_int_equal(
            match(f, "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\"}]}", "{}"), AS_NO);
    as_selector map = as_selector_from_map(f->arena, NULL);
    assert_int_equal(as_selector_match(&map, NULL), AS_NO);
}

static as_k8s_objects parse(fixture *f, const char *text)
{
    as_k8s_objects out = {0};
    (void)as_k8s_parse(f->arena,
            as_sources_add(f->sources, AS_STR("m.yaml"), as_str_from(text), true), &f->diags, &out);
    return out;
}

static void test_kubernetes__lists_are_flattened(void **state)
{
    fixture *f = *state;
    as_k8s_objects o = parse(f,
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: "
            "p}}\n"
            "- apiVersion: v1\n  kind: ConfigMapList\n  items:\n  - metadata: {name: c}\n---\n"
            "just: text\n---\napiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: "
            "i}\n");
    assert_int_equal(o.n, 3);
    assert_true(as_str_is(o.items[1].kind, "ConfigMap"));
    assert_true(as_str_is(o.items[2].builtin->group, "networking.k8s.io"));
    assert_true(as_str_is(o.items[2].group, "extensions"));
}

static void test_kubernetes__pod_templates(void **state)
{
    fixture *f = *state;
    as_k8s_objects o =
            parse(f, "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\n"
                     "spec: {jobTemplate: {spec: {template: {spec: {x: 1}}}}}\n---\n"
                     "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {x: 2}\n---\n"
                     "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n");
    assert_int_equal(
            as_value_int_or(as_value_path(as_k8s_pod_template(&o.items[0]), "spec.x"), 0), 1);
    assert_int_equal(
            as_value_int_or(as_value_path(as_k8s_pod_template(&o.items[1]), "spec.x"), 0), 2);
    assert_null(as_k8s_pod_template(&o.items[2]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(test_quantity__table, setup, teardown),
            cmocka_unit_test_setup_teardown(test_selector__table, setup, teardown),
            cmocka_unit_test_setup_teardown(test_selector__of_objects, setup, teardown),
            cmocka_unit_test_setup_teardown(test_kubernetes__lists_are_flattened, setup, teardown),
            cmocka_unit_test_setup_teardown(test_kubernetes__pod_templates, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
