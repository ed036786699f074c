/* Compared with go-textseg v15 and golang.org/x/text/unicode/norm (Unicode 15.0) on random texts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/grapheme.h"
#include "engine/base/normalize.h"

static void test_grapheme__count(void **state)
{
    static const struct {
        const char *text;
        size_t n;
    } table[] = {
            {"", 0}, {"abc", 3}, {"a\r\nb", 3}, {"e\xcc\x81", 1},
            {"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
                    1},                                              /* family */
            {"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87\xab", 2}, /* a flag and a half */
            {"\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", 1},             /* jamo L V T */
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(as_grapheme_count(as_str_from(table[i].text)), table[i].n);
    }
}

static void test_normalize__composes(void **state)
{
    static const struct {
        const char *text, *normal;
    } table[] = {
            {"plain", "plain"},
            {"e\xcc\x81", "\xc3\xa9"},
            {"\xe2\x84\xab", "\xc3\x85"},                             /* ANGSTROM SIGN */
            {"s\xcc\x87\xcc\xa3", "\xe1\xb9\xa9"},                    /* marks in the wrong order */
            {"\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", "\xea\xb0\x81"}, /* a Hangul syllable */
            {"\xe0\xa5\x98", "\xe0\xa4\x95\xe0\xa4\xbc"}, /* excluded from composition */
            {"\xff"
             "e\xcc\x81",
                    "\xff\xc3\xa9"},
    };
    (void)state;
    as_arena *arena = as_arena_new(0);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_true(as_str_is(as_str_nfc(arena, as_str_from(table[i].text)), table[i].normal));
    }
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_grapheme__count),
            cmocka_unit_test(test_normalize__composes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
