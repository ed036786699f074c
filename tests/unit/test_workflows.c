/* Expressions of workflows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/workflows/expression.h"
#include "tests/unit/table.h"

static as_str summary_of(as_arena *arena, const as_expression *x)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < x->reads.n; i++) {
        const as_expression_read *read = &x->reads.items[i];
        as_buf_fmt(&buf, "%s%s%.*s%s", buf.n > 0 ? " " : "", read->flows ? "*" : "",
                AS_STR_ARG(read->path), read->flows && read->whole ? ".**" : "");
    }
    for (size_t i = 0; i < x->calls.n; i++) {
        as_buf_fmt(&buf, "%s%.*s()", buf.n > 0 ? " " : "", AS_STR_ARG(x->calls.items[i]));
    }
    return as_buf_view(&buf);
}

static void check_expression(void *self, as_str input, bool is_error, as_str expected)
{
    as_arena *arena = self;
    as_expression x;
    bool good = as_expression_parse(arena, input, &x);
    as_str got = good ? summary_of(arena, &x) : as_str_from(x.error);
    if (good == is_error || !as_str_eq(as_str_trim(got), as_str_trim(expected))) {
        fail_msg("%.*s: expected %.*s, got %.*s", AS_STR_ARG(input), AS_STR_ARG(expected),
                AS_STR_ARG(got));
    }
}

static void test_expression__table(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    assert_in_range(
            table_run(arena, "tests/tables/workflows/expression.test", check_expression, arena), 25,
            999);
    as_arena_free(arena);
}

static void test_expression__end_is_not_inside_a_text(void **state)
{
    (void)state;
    assert_int_equal(as_expression_end(AS_STR(" format('}}') }} }}"), 0), 14);
    assert_true(as_expression_end(AS_STR(" 'open }}"), 0) == (size_t)-1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_expression__table),
            cmocka_unit_test(test_expression__end_is_not_inside_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
