#include "engine/reach/pod_set.h"

static size_t words(size_t n)
{
    return (n + 63) / 64;
}

as_pod_set *as_pod_set_new(as_arena *arena, size_t n)
{
    as_pod_set *set = AS_NEW(arena, as_pod_set);
    set->n = n;
    set->yes = AS_NEW_ARRAY(arena, uint64_t, words(n));
    set->maybe = AS_NEW_ARRAY(arena, uint64_t, words(n));
    return set;
}

as_pod_set *as_pod_set_all(as_arena *arena, size_t n)
{
    as_pod_set *set = as_pod_set_new(arena, n);
    for (size_t i = 0; i < n; i++) {
        as_pod_set_add(set, i, AS_YES);
    }
    return set;
}

void as_pod_set_add(as_pod_set *set, size_t i, as_truth truth)
{
    uint64_t bit = (uint64_t)1 << (i % 64);
    if (truth == AS_YES) {
        set->yes[i / 64] |= bit;
        set->maybe[i / 64] &= ~bit;
    } else if (truth == AS_MAYBE && (set->yes[i / 64] & bit) == 0) {
        set->maybe[i / 64] |= bit;
    }
}

as_truth as_pod_set_get(const as_pod_set *set, size_t i)
{
    uint64_t bit = (uint64_t)1 << (i % 64);
    return (set->yes[i / 64] & bit) != 0     ? AS_YES
           : (set->maybe[i / 64] & bit) != 0 ? AS_MAYBE
                                             : AS_NO;
}

static void take_reason(as_pod_set *set, const as_pod_set *other)
{
    if (set->reason.n == 0) {
        set->reason = other->reason;
    }
}

void as_pod_set_add_all(as_pod_set *set, const as_pod_set *other)
{
    for (size_t w = 0; w < words(set->n); w++) {
        set->yes[w] |= other->yes[w];
        set->maybe[w] = (set->maybe[w] | other->maybe[w]) & ~set->yes[w];
    }
    take_reason(set, other);
}

void as_pod_set_keep(as_pod_set *set, const as_pod_set *other)
{
    for (size_t w = 0; w < words(set->n); w++) {
        uint64_t most = (set->yes[w] | set->maybe[w]) & (other->yes[w] | other->maybe[w]);
        set->yes[w] &= other->yes[w];
        set->maybe[w] = most & ~set->yes[w];
    }
    take_reason(set, other);
}

void as_pod_set_remove(as_pod_set *set, const as_pod_set *other)
{
    for (size_t w = 0; w < words(set->n); w++) {
        uint64_t most = (set->yes[w] | set->maybe[w]) & ~other->yes[w];
        set->yes[w] &= ~(other->yes[w] | other->maybe[w]);
        set->maybe[w] = most & ~set->yes[w];
    }
    take_reason(set, other);
}

void as_pod_set_doubt(as_pod_set *set, as_str reason)
{
    for (size_t w = 0; w < words(set->n); w++) {
        set->maybe[w] |= set->yes[w];
        set->yes[w] = 0;
    }
    if (set->reason.n == 0) {
        set->reason = reason;
    }
}

bool as_pod_set_is_empty(const as_pod_set *set)
{
    for (size_t w = 0; w < words(set->n); w++) {
        if ((set->yes[w] | set->maybe[w]) != 0) {
            return false;
        }
    }
    return true;
}
