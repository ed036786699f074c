/* The expectations are what Go 1.26's regexp package answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "engine/base/regex.h"

/* All matches as "[begin,end][group 1]…" with a space between matches, or the error. */
static as_str matches(as_arena *arena, const char *pattern, const char *text)
{
    as_regex_error error;
    as_buf out;
    const as_regex *re = as_regex_compile(arena, as_str_from(pattern), &error);
    if (!re) {
        return as_regex_error_text(arena, &error);
    }
    as_buf_init(&out, arena, 0);
    as_regex_scan scan;
    as_regex_scan_begin(&scan, re, as_str_from(text));
    while (as_regex_next(&scan)) {
        if (out.n > 0) {
            as_buf_char(&out, ' ');
        }
        for (size_t i = 0; i <= as_regex_groups(re); i++) {
            if (scan.groups[i].begin == AS_REGEX_UNSET) {
                as_buf_cstr(&out, "[-]");
            } else {
                as_buf_fmt(&out, "[%zu,%zu]", scan.groups[i].begin, scan.groups[i].end);
            }
        }
    }
    if (scan.status == AS_REGEX_LIMIT) {
        as_buf_cstr(&out, " limit");
    }
    return as_buf_view(&out);
}

static const struct {
    const char *pattern, *text, *expected;
} table[] = {
        {"a*", "aabb", "[0,2] [3,3] [4,4]"},
        {"(a)(b)?", "ab a", "[0,2][0,1][1,2] [3,4][3,4][-]"},
        {"a$", "a\nba\n", ""},
        {"(?m)^a$", "a\nba\na", "[0,1] [5,6]"},
        {"(?m)^", "a\n", "[0,0] [2,2]"},
        {"\\s+", "a \v b", "[1,2] [3,4]"},
        {"[[:^alpha:]]+", "ab1-c", "[2,4]"},
        {"\\p{Greek}+", "\xce\xb1\xce\xb2 a", "[0,4]"},
        {"(?i)k", "K\xe2\x84\xaa", "[0,1] [1,4]"},
        {"x{,2}", "x{,2}", "[0,5]"},
        {"^*", "a", "[0,0] [1,1]"},
        {"\\Qa.b\\E+", "a.bb axb", "[0,4]"},
        {"a**", "", "error parsing regexp: invalid nested repetition operator: `**`"},
        {"a*+", "", "error parsing regexp: invalid nested repetition operator: `*+`"},
        {"|*", "", "error parsing regexp: missing argument to repetition operator: `*`"},
        {"(?=a)", "", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"},
        {"(?<!a)", "", "error parsing regexp: invalid named capture: `(?<!a)`"},
        {"(a)\\1", "", "error parsing regexp: invalid escape sequence: `\\1`"},
        {"(", "", "error parsing regexp: missing closing ): `(`"},
        {"a)", "", "error parsing regexp: unexpected ): `a)`"},
        {"[a", "", "error parsing regexp: missing closing ]: `[a`"},
        {"[z-a]", "", "error parsing regexp: invalid character class range: `z-a`"},
        {"a{1001}", "", "error parsing regexp: invalid repeat count: `{1001}`"},
        {"\\", "", "error parsing regexp: trailing backslash at end of expression: ``"},
        {"\xff", "", "error parsing regexp: invalid UTF-8: `\xff`"},
        {"(x+x+)+[yz]", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", " limit"},
};

static void test_regex__matches(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        as_str got = matches(arena, table[i].pattern, table[i].text);
        if (!as_str_is(got, table[i].expected)) {
            print_error(
                    "%s on \"%s\": got %.*s\n", table[i].pattern, table[i].text, AS_STR_ARG(got));
        }
        assert_true(as_str_is(got, table[i].expected));
    }
    as_arena_free(arena);
}

static void test_regex__replace(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_regex_error error;
    as_buf out;
    const as_regex *re = as_regex_compile(arena, AS_STR("(?P<first>\\w+) (\\w+)"), &error);
    as_buf_init(&out, arena, 0);
    as_regex_replace(re, AS_STR("john smith!"), AS_STR("$2 ${first} $first_ $$1$9"), false, &out);
    assert_true(as_str_is(as_buf_view(&out), "smith john  $1!"));
    as_buf_init(&out, arena, 0);
    as_regex_replace(re, AS_STR("john smith!"), AS_STR("$1"), true, &out);
    assert_true(as_str_is(as_buf_view(&out), "$1!"));
    assert_true(as_str_is(as_regex_quote(arena, AS_STR("a.b*")), "a\\.b\\*"));
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_regex__matches),
            cmocka_unit_test(test_regex__replace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
