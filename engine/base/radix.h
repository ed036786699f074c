/* Sorting by numbers: in time that grows with what is sorted, however long the lists are. */
#ifndef AS_BASE_RADIX_H
#define AS_BASE_RADIX_H

#include <stddef.h>
#include <stdint.h>

typedef struct as_keyed {
    uint64_t key;
    uint32_t item;
} as_keyed;

/* Ascending by key; what has the same key stays in its order. `scratch` has room for n as well. */
void as_radix_sort(as_keyed *items, as_keyed *scratch, size_t n);

#endif
