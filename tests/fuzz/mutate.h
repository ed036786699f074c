/* Random changes to an input: bytes, numbers, lines, and pieces of other inputs. */
#ifndef AS_TESTS_FUZZ_MUTATE_H
#define AS_TESTS_FUZZ_MUTATE_H

#include "engine/base/str.h"

typedef struct as_random {
    uint64_t state;
} as_random;

uint32_t as_random_next(as_random *random, uint32_t below); /* 0 when below is 0 */

/* Changes data[0 … size) in place, to at most `max` bytes; the new size. Pieces come from `other`.
 */
size_t as_mutate(as_random *random, char *data, size_t size, size_t max, as_str other);

#endif
