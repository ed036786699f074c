#include "engine/diff/diff.h"

static int order_of(const as_fact *a, const as_fact *b)
{
    if (a->section != b->section) {
        return a->section < b->section ? -1 : 1;
    }
    return as_str_cmp(a->key, b->key);
}

as_diff as_diff_compare(as_arena *arena, const as_facts *before, const as_facts *after)
{
    as_diff diff = {0};
    size_t b = 0, a = 0;
    while (b < before->n || a < after->n) {
        int order = b == before->n  ? 1
                    : a == after->n ? -1
                                    : order_of(&before->items[b], &after->items[a]);
        if (order == 0) {
            const as_fact *old = &before->items[b++], *new = &after->items[a++];
            if (old->unsure && !new->unsure) {
                AS_VEC_PUSH(arena, &diff.opened, *new);
            } else if (!old->unsure && new->unsure) {
                AS_VEC_PUSH(arena, &diff.closed, *old);
            }
        } else if (order < 0) {
            AS_VEC_PUSH(arena, &diff.closed, before->items[b++]);
        } else {
            AS_VEC_PUSH(arena, &diff.opened, after->items[a++]);
        }
    }
    return diff;
}
