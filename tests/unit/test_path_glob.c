/* Patterns of paths against Go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/base/path_glob.h"
#include "tests/unit/table.h"

static void check_match(void *self, as_str input, bool is_error, as_str expected)
{
    size_t bar = as_str_rfind_char(input, '|');
    as_str pattern = as_str_slice(input, 0, bar), path = as_str_from_index(input, bar + 1);
    bool malformed = as_str_is(expected, "malformed");
    (void)self;
    (void)is_error;
    if (as_path_glob_match(pattern, path) != as_str_is(expected, "matches"))
        fail_msg("%.*s: expected %.*s", AS_STR_ARG(input), AS_STR_ARG(expected));
    if (malformed && as_path_glob_valid(pattern))
        fail_msg("%.*s is taken for a pattern", AS_STR_ARG(pattern));
    if (as_str_is(expected, "matches") && !as_path_glob_valid(pattern))
        fail_msg("%.*s is taken for none", AS_STR_ARG(pattern));
}

static void test_path_glob__as_go(void **state)
{
    as_arena *arena = as_arena_new(0);
    (void)state;
    assert_in_range(table_run(arena, "tests/tables/glob/go.test", check_match, arena), 50, 999);
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_path_glob__as_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
