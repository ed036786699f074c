/* Edits and differences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/fix/diff.h"
#include "engine/fix/edit.h"

static as_str applied(as_arena *arena, as_str text, const as_edit *edits, size_t n)
{
    as_sources *sources = as_sources_new();
    const as_source *source = as_sources_add(sources, AS_STR("a"), text, true);
    as_str out = as_edits_apply(arena, source, edits, n);
    as_sources_free(sources);
    return out;
}

static void assert_str(as_str got, const char *wanted)
{
    assert_int_equal(got.n, strlen(wanted));
    assert_memory_equal(got.p, wanted, got.n);
}

static void test_fix__edits_in_any_order(void **state)
{
    as_arena *arena = as_arena_new(0);
    const as_edit edits[] = {{{1, 4, 4}, AS_STR_INIT("X")}, {{1, 0, 2}, AS_STR_INIT("")},
            {{1, 4, 4}, AS_STR_INIT("X")}, {{2, 0, 1}, AS_STR_INIT("other file")}};
    (void)state;
    assert_str(applied(arena, AS_STR("abcdef"), edits, 4), "cdXef");
    assert_str(applied(arena, AS_STR("abcdef"), edits, 0), "abcdef");
    as_arena_free(arena);
}

static void test_fix__edits_that_clash(void **state)
{
    const as_edit a = {{1, 2, 5}, AS_STR_INIT("x")}, inside = {{1, 4, 4}, AS_STR_INIT("y")},
                  behind = {{1, 5, 5}, AS_STR_INIT("y")},
                  same_place = {{1, 2, 2}, AS_STR_INIT("y")},
                  elsewhere = {{2, 2, 5}, AS_STR_INIT("y")};
    (void)state;
    assert_true(as_edit_clash(&a, &inside));
    assert_true(as_edit_clash(&a, &same_place));
    assert_false(as_edit_clash(&a, &behind));
    assert_false(as_edit_clash(&a, &elsewhere));
    assert_false(as_edit_clash(&a, &a));
}

static as_str diff(as_arena *arena, const char *before, const char *after)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    as_diff_write(&out, AS_STR("f"), as_str_from(before), as_str_from(after), NULL);
    return as_buf_view(&out);
}

static void test_fix__diff(void **state)
{
    as_arena *arena = as_arena_new(0);
    (void)state;
    assert_str(diff(arena, "a\n", "a\n"), "");
    assert_str(diff(arena, "a\nb\nc\n", "a\nB\nc\n"),
            "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
    assert_str(diff(arena, "", "a\n"), "--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n");
    assert_str(diff(arena, "a\n", ""), "--- a/f\n+++ b/f\n@@ -1 +0,0 @@\n-a\n");
    assert_str(diff(arena, "a", "a\nb"), "--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n-a\n\\ No newline at "
                                         "end of file\n+a\n+b\n\\ No newline at end of file\n");
    as_arena_free(arena);
}

static void test_fix__diff_of_distant_changes(void **state)
{
    as_arena *arena = as_arena_new(0);
    (void)state;
    /* Six lines between: one hunk; seven: two (as diff -u does with three lines of context). */
    assert_str(diff(arena, "a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n"),
            "--- a/f\n+++ b/f\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
    assert_str(diff(arena, "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n"),
            "--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n "
            "7\n-b\n+B\n");
    as_arena_free(arena);
}

/* Whatever the texts: the lines of a hunk, put together, are both of them. */
static void test_fix__diff_is_a_patch(void **state)
{
    uint32_t seed = 1;
    (void)state;
    for (int round = 0; round < 400; round++) {
        as_arena *arena = as_arena_new(0);
        as_buf a, b, a_again, b_again, out;
        as_buf_init(&a, arena, 0);
        as_buf_init(&b, arena, 0);
        as_buf_init(&a_again, arena, 0);
        as_buf_init(&b_again, arena, 0);
        as_buf_init(&out, arena, 0);
        for (int i = 0; i < 12; i++) {
            seed = seed * 1103515245u + 12345u;
            uint32_t kind = (seed >> 16) % 5;
            if (kind != 0)
                as_buf_fmt(&a, "%c\n", (char)('a' + (seed >> 20) % 3));
            if (kind != 1)
                as_buf_fmt(&b, "%c\n", (char)('a' + (kind == 2 ? seed >> 24 : seed >> 20) % 3));
        }
        as_diff_write(&out, AS_STR("f"), as_buf_view(&a), as_buf_view(&b), NULL);
        as_str rest = as_buf_view(&out), line;
        size_t n_hunks = 0;
        while (as_str_split(&rest, '\n', &line)) {
            if (as_str_starts(line, "--- ") || as_str_starts(line, "+++ ") || line.n == 0)
                continue;
            n_hunks += as_str_starts(line, "@@");
            as_str text = as_str_fmt(arena, "%.*s\n", AS_STR_ARG(as_str_from_index(line, 1)));
            if (line.p[0] == ' ' || line.p[0] == '-')
                as_buf_str(&a_again, text);
            if (line.p[0] == ' ' || line.p[0] == '+')
                as_buf_str(&b_again, text);
        }
        if (n_hunks == 1) { /* what is left out at both ends is the same in both */
            assert_true(as_str_find(as_buf_view(&a), as_buf_view(&a_again)) != (size_t)-1);
            assert_true(as_str_find(as_buf_view(&b), as_buf_view(&b_again)) != (size_t)-1);
            assert_int_equal(a.n - a_again.n, b.n - b_again.n);
        }
        as_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_fix__edits_in_any_order),
            cmocka_unit_test(test_fix__edits_that_clash),
            cmocka_unit_test(test_fix__diff),
            cmocka_unit_test(test_fix__diff_of_distant_changes),
            cmocka_unit_test(test_fix__diff_is_a_patch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
