#include "engine/base/radix.h"

#include <string.h>

enum { DIGIT_BITS = 11, N_BUCKETS = 1 << DIGIT_BITS };

static size_t digit(uint64_t key, unsigned shift)
{
    return (size_t)(key >> shift) & (N_BUCKETS - 1);
}

/* From the least digit on, each pass keeping the order of the one before; digits that all have in
 * common take none. */
void as_radix_sort(as_keyed *items, as_keyed *scratch, size_t n)
{
    uint64_t differ = 0;
    as_keyed *from = items, *to = scratch;
    for (size_t i = 1; i < n; i++) {
        differ |= items[i].key ^ items[0].key;
    }
    for (unsigned shift = 0; shift < 64 && differ >> shift != 0; shift += DIGIT_BITS) {
        size_t begin[N_BUCKETS + 1] = {0};
        if (digit(differ, shift) == 0) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            begin[digit(from[i].key, shift) + 1]++;
        }
        for (size_t b = 1; b < N_BUCKETS; b++) {
            begin[b] += begin[b - 1];
        }
        for (size_t i = 0; i < n; i++) {
            to[begin[digit(from[i].key, shift)]++] = from[i];
        }
        as_keyed *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != items && n > 0) {
        memcpy(items, from, n * sizeof *items);
    }
}
