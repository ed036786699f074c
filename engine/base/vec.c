#include "engine/base/vec.h"

#include "engine/base/num.h"

void *as_vec_grow(as_arena *arena, void *items, size_t *cap, size_t size)
{
    size_t first = size > 64 ? 2 : size > 16 ? 4 : 8; /* many lists are short */
    size_t wanted = *cap == 0 ? first : *cap * 2;
    size_t n_bytes;
    if (wanted < *cap || !as_size_mul(wanted, size, &n_bytes)) {
        as_arena_unwind(arena, AS_CAUSE_CEILING);
    }
    void *grown = as_arena_grow(arena, items, *cap * size, n_bytes);
    *cap = wanted;
    return grown;
}
