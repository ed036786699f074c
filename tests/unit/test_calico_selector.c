/* tests/tables/reach/calico_selector.test, and how deep selectors may be nested. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "engine/reach/calico_selector.h"
#include "tests/unit/table.h"

/* "a=1,b=?" */
static as_truth get_label(const as_label_source *self, as_str key, as_str *value)
{
    as_str rest = *(const as_str *)self->object, part;
    while (as_str_split(&rest, ',', &part)) {
        size_t equals = as_str_find_char(part, '=');
        if (as_str_eq(as_str_slice(part, 0, equals), key)) {
            *value = as_str_from_index(part, equals + 1);
            return as_str_is(*value, "?") ? AS_MAYBE : AS_YES;
        }
    }
    return AS_NO;
}

static void run_case(void *self, as_str input, bool is_error, as_str expected)
{
    as_arena *arena = self;
    const char *problem = NULL;
    size_t bar = as_str_find_char(input, '|');
    as_str labels = as_str_trim(as_str_slice(input, 0, bar));
    const as_calico_selector *selector =
            as_calico_selector_parse(arena, as_str_from_index(input, bar + 1), &problem);
    const char *got = problem;
    if (selector != NULL) {
        as_label_source source = {.get = get_label, .object = &labels};
        as_truth truth = as_calico_selector_match(selector, &source);
        got = truth == AS_YES ? "yes" : truth == AS_NO ? "no" : "perhaps";
    }
    if (is_error != (selector == NULL) || !as_str_is(expected, got)) {
        fail_msg("%.*s: %s", AS_STR_ARG(input), got);
    }
}

static void test_calico_selector__table(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    as_guard_push(&guard, arena);
    assert_true(table_run(arena, "tests/tables/reach/calico_selector.test", run_case, arena) > 40);
    as_guard_leave(&guard);
    as_arena_free(arena);
}

static void test_calico_selector__depth(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    const char *problem = NULL;
    as_guard_push(&guard, arena);
    char deep[100000];
    memset(deep, '(', sizeof deep);
    assert_null(as_calico_selector_parse(arena, (as_str){deep, sizeof deep}, &problem));
    assert_string_equal(problem, "it is nested too deep");
    memset(deep, '!', sizeof deep);
    assert_null(as_calico_selector_parse(arena, (as_str){deep, sizeof deep}, &problem));
    as_guard_leave(&guard);
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_calico_selector__table),
            cmocka_unit_test(test_calico_selector__depth),
    };
    return cmocka_run_group_tests_name("calico_selector", tests, NULL, NULL);
}
