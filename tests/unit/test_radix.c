/* Sorting by numbers (engine/base/radix.h), beside a sort that compares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/base/radix.h"

enum { N = 5000 };

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 11 | *seed << 53;
}

/* By key, then by the place that each had. */
static int compare(const void *a, const void *b)
{
    const as_keyed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

static void check(size_t n, uint64_t mask)
{
    as_keyed *items = calloc(N, sizeof *items), *wanted = calloc(N, sizeof *wanted);
    as_keyed *scratch = calloc(N, sizeof *scratch);
    uint64_t seed = n + mask;

    assert_true(items != NULL && wanted != NULL && scratch != NULL);
    for (size_t i = 0; i < n; i++)
        items[i] = wanted[i] = (as_keyed){next(&seed) & mask, (uint32_t)i};
    qsort(wanted, n, sizeof *wanted, compare);
    as_radix_sort(items, scratch, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(items[i].key == wanted[i].key);
        assert_int_equal(items[i].item, wanted[i].item);
    }
    free(items);
    free(wanted);
    free(scratch);
}

static void test_radix__sorts_and_keeps_the_order_of_equals(void **state)
{
    (void)state;
    /* One digit, none in common, only high ones, apart from each other, equal all. */
    static const uint64_t masks[] = {
            0xff, UINT64_MAX, 0xffff000000000000u, 0xf0000000000000ffu, 0x7ff, 0x800, 1, 0};
    static const size_t sizes[] = {0, 1, 2, 3, 17, 1000, N};

    for (size_t m = 0; m < sizeof masks / sizeof *masks; m++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            check(sizes[s], masks[m]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_radix__sorts_and_keeps_the_order_of_equals),
    };
    return cmocka_run_group_tests_name("radix", tests, NULL, NULL);
}
