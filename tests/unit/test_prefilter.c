/* Every occurrence once, by its end and then longer words first, wherever it begins: against a
 * search word by word. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "engine/secrets/prefilter.h"

enum { N_WORDS = 8, MAX_TEXT = 40, MAX_HITS = 1000, ROUNDS = 4000 };

typedef struct hits {
    struct {
        uint16_t id;
        size_t begin, end;
    } items[MAX_HITS];
    size_t n;
} hits;

static void note(void *self, uint16_t id, size_t begin, size_t end)
{
    hits *h = self;
    if (h->n < MAX_HITS) {
        h->items[h->n].id = id;
        h->items[h->n].begin = begin;
        h->items[h->n++].end = end;
    }
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool is_at(as_str word, as_str text, size_t begin)
{
    if (begin + word.n > text.n)
        return false;
    for (size_t i = 0; i < word.n; i++)
        if (lower(text.p[begin + i]) != word.p[i])
            return false;
    return true;
}

static void by_word(const as_prefilter_word *words, as_str text, hits *out)
{
    for (size_t end = 2; end <= text.n; end++)
        for (size_t length = MAX_TEXT; length >= 2; length--)
            for (size_t w = N_WORDS; w-- > 0;)
                if (words[w].text.n == length && length <= end &&
                        is_at(words[w].text, text, end - length))
                    note(out, words[w].id, end - length, end);
}

static uint32_t draw(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % below;
}

static void test_prefilter__finds_what_a_search_word_by_word_finds(void **state)
{
    static const char alphabet[] = "abcABx-";
    uint32_t random = 7;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        as_arena *arena = as_arena_new(0);
        char spelt[N_WORDS][6], text[MAX_TEXT];
        as_prefilter_word words[N_WORDS];
        hits expected = {.n = 0}, found = {.n = 0};
        size_t n = draw(&random, MAX_TEXT);

        for (size_t w = 0; w < N_WORDS; w++) {
            size_t length = 3 + draw(&random, 3);
            for (size_t i = 0; i < length; i++)
                spelt[w][i] = alphabet[draw(&random, 3)];
            words[w] = (as_prefilter_word){{spelt[w], length}, (uint16_t)(w + 1)};
        }
        for (size_t i = 0; i < n; i++)
            text[i] = alphabet[draw(&random, sizeof alphabet - 1)];
        by_word(words, (as_str){text, n}, &expected);
        as_prefilter_run(as_prefilter_new(arena, words, N_WORDS), (as_str){text, n}, note, &found);
        assert_int_equal(found.n, expected.n);
        assert_memory_equal(found.items, expected.items, found.n * sizeof *found.items);
        as_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_prefilter__finds_what_a_search_word_by_word_finds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
