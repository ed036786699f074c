/* Growing in an arena (engine/base/arena.h): among others, as the latest, and with pages of its
 * own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/base/arena.h"
#include "engine/base/limits.h"
#include "engine/base/vec.h"

static void fill(unsigned char *bytes, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        bytes[i] = (unsigned char)(i * 31 + i / 251);
}

static void check(const unsigned char *bytes, size_t written, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(bytes[i], i < written ? (unsigned char)(i * 31 + i / 251) : 0);
}

/* Two lists that grow in turn, so that neither is the latest, up to 8 MiB. */
static void test_arena__grown_lists_keep_what_they_hold(void **state)
{
    as_arena *arena = *state;
    unsigned char *lists[2] = {NULL, NULL};
    size_t n = 0;

    for (size_t wanted = 48; wanted < (8u << 20); wanted *= 2) {
        for (size_t k = 0; k < 2; k++) {
            lists[k] = as_arena_grow(arena, lists[k], n, wanted);
            check(lists[k], n, wanted);
            fill(lists[k], n, wanted);
        }
        n = wanted;
    }
    check(lists[0], n, n);
    check(lists[1], n, n);
}

/* A list of 64 MiB, doubled on its way, takes little more than that. */
static void test_arena__a_large_list_leaves_nothing_behind(void **state)
{
    as_arena *arena = *state;
    AS_VEC(uint64_t) list = {0};

    for (uint64_t i = 0; i < (8u << 20); i++)
        AS_VEC_PUSH(arena, &list, i * i);
    for (uint64_t i = 0; i < list.n; i++)
        assert_true(list.items[i] == i * i);
    assert_true(as_arena_used(arena) < (70u << 20));
}

static void test_arena__the_ceiling_holds_for_what_grows(void **state)
{
    as_arena *arena = as_arena_new(4 << 20);
    as_guard guard;
    volatile size_t reached = 0;
    (void)state;

    assert_non_null(arena);
    if (AS_GUARD_ENTER(&guard, arena)) {
        void *list = NULL;
        for (size_t n = 1 << 10;; n *= 2) {
            list = as_arena_grow(arena, list, n / 2, n);
            reached = n;
        }
    }
    assert_int_equal(guard.cause, AS_CAUSE_CEILING);
    assert_true(reached >= (1 << 20) && reached < (4 << 20));
    as_arena_free(arena);
}

/* What is held elsewhere counts as bytes, and what is done as work, in a part of it too. */
static void spend_some(void *self, as_arena *scratch)
{
    (void)self;
    as_arena_spend(scratch, AS_MAX_WORK / 2);
}

static void test_arena__the_ceiling_holds_for_what_is_counted(void **state)
{
    as_arena *arena = as_arena_new(4 << 20), *unlimited = as_arena_new(0);
    as_guard guard;
    volatile size_t n = 0;
    (void)state;

    assert_non_null(arena);
    assert_non_null(unlimited);
    if (AS_GUARD_ENTER(&guard, arena))
        for (;; n++)
            as_arena_charge(arena, 1 << 20);
    assert_int_equal(guard.cause, AS_CAUSE_CEILING);
    assert_true(n >= 3 && n <= 4);
    n = 0;
    if (AS_GUARD_ENTER(&guard, arena))
        for (;; n++)
            as_arena_with_scratch(arena, spend_some, NULL);
    assert_int_equal(guard.cause, AS_CAUSE_BUDGET);
    assert_int_equal(n, 2);
    for (int i = 0; i < 8; i++)
        as_arena_spend(unlimited, AS_MAX_WORK);
    as_arena_free(arena);
    as_arena_free(unlimited);
}

static int set_up(void **state)
{
    *state = as_arena_new(0);
    return *state == NULL;
}

static int tear_down(void **state)
{
    as_arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(
                    test_arena__grown_lists_keep_what_they_hold, set_up, tear_down),
            cmocka_unit_test_setup_teardown(
                    test_arena__a_large_list_leaves_nothing_behind, set_up, tear_down),
            cmocka_unit_test(test_arena__the_ceiling_holds_for_what_grows),
            cmocka_unit_test(test_arena__the_ceiling_holds_for_what_is_counted),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
