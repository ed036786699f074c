#include "engine/shard/plan.h"

#include <stdlib.h>

bool as_shard_parse(as_str text, as_shard *out)
{
    size_t slash = as_str_find_char(text, '/');
    int64_t index, count;

    if (slash == (size_t)-1 || !as_str_to_int(as_str_slice(text, 0, slash), &index) ||
            !as_str_to_int(as_str_from_index(text, slash + 1), &count) || count < 1 ||
            count > AS_MAX_SHARDS || index < 1 || index > count)
        return false;
    *out = (as_shard){(uint32_t)index, (uint32_t)count};
    return true;
}

static int compare(const void *a, const void *b)
{
    const as_shard_part *x = *(as_shard_part *const *)a, *y = *(as_shard_part *const *)b;

    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x > y) - (x < y);
}

/* The shards as a heap by load and number. */
typedef struct bin {
    uint64_t load;
    uint32_t shard;
} bin;

static bool before(const bin *a, const bin *b)
{
    return a->load != b->load ? a->load < b->load : a->shard < b->shard;
}

static void sink(bin *heap, size_t n)
{
    for (size_t at = 0;;) {
        size_t least = at, left = 2 * at + 1;
        for (size_t child = left; child < n && child < left + 2; child++)
            if (before(&heap[child], &heap[least]))
                least = child;
        if (least == at)
            return;
        bin moved = heap[at];
        heap[at] = heap[least];
        heap[least] = moved;
        at = least;
    }
}

void as_shard_plan(as_arena *arena, as_shard_part *parts, size_t n, uint32_t count)
{
    as_shard_part **order = AS_NEW_ARRAY(arena, as_shard_part *, n);
    bin *heap = AS_NEW_ARRAY(arena, bin, count);

    for (uint32_t i = 0; i < count; i++) /* equal loads in ascending order are a heap */
        heap[i].shard = i + 1;
    for (size_t i = 0; i < n; i++)
        order[i] = &parts[i];
    if (n > 1)
        qsort(order, n, sizeof *order, compare);
    for (size_t i = 0; i < n; i++) {
        order[i]->shard = heap[0].shard;
        heap[0].load += order[i]->size;
        sink(heap, count);
    }
}
