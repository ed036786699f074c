#include "engine/reach/pod_set.h"

#include <string.h>

static size_t words(size_t n)
{
    return (n + 63) / 64;
}

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t max(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Room for the words from `begin` to before `end`. What grows to the end is doubled, so that adding
 * one after the other costs no more than what there is in the end. */
static void cover(as_pod_set *set, size_t begin, size_t end)
{
    if (set->n_words > 0 && begin >= set->first && end <= set->first + set->n_words) {
        return;
    }
    size_t first = set->n_words > 0 ? min(begin, set->first) : begin;
    size_t last = set->n_words > 0 ? max(end, set->first + set->n_words) : end;
    if (set->n_words > 0) {
        last = min(max(last, first + 2 * set->n_words), words(set->n));
    }
    uint64_t *yes = AS_NEW_ARRAY(set->arena, uint64_t, last - first);
    uint64_t *maybe = AS_NEW_ARRAY(set->arena, uint64_t, last - first);
    if (set->n_words > 0) {
        memcpy(yes + (set->first - first), set->yes, set->n_words * sizeof *yes);
        memcpy(maybe + (set->first - first), set->maybe, set->n_words * sizeof *maybe);
    }
    set->yes = yes;
    set->maybe = maybe;
    set->first = first;
    set->n_words = last - first;
}

as_pod_set *as_pod_set_new(as_arena *arena, size_t n)
{
    as_pod_set *set = AS_NEW(arena, as_pod_set);
    set->arena = arena;
    set->n = n;
    return set;
}

as_pod_set *as_pod_set_all(as_arena *arena, size_t n)
{
    as_pod_set *set = as_pod_set_new(arena, n);
    cover(set, 0, words(n));
    for (size_t i = 0; i < n; i++) {
        as_pod_set_add(set, i, AS_YES);
    }
    return set;
}

void as_pod_set_add(as_pod_set *set, size_t i, as_truth truth)
{
    uint64_t bit = (uint64_t)1 << (i % 64);
    if (truth == AS_NO) {
        return;
    }
    cover(set, i / 64, i / 64 + 1);
    size_t w = i / 64 - set->first;
    if (truth == AS_YES) {
        set->yes[w] |= bit;
        set->maybe[w] &= ~bit;
    } else if ((set->yes[w] & bit) == 0) {
        set->maybe[w] |= bit;
    }
}

/* What a set has in a word, also where it has none. */
static uint64_t yes_at(const as_pod_set *set, size_t w)
{
    return w >= set->first && w - set->first < set->n_words ? set->yes[w - set->first] : 0;
}

static uint64_t maybe_at(const as_pod_set *set, size_t w)
{
    return w >= set->first && w - set->first < set->n_words ? set->maybe[w - set->first] : 0;
}

as_truth as_pod_set_get(const as_pod_set *set, size_t i)
{
    uint64_t bit = (uint64_t)1 << (i % 64);
    return (yes_at(set, i / 64) & bit) != 0     ? AS_YES
           : (maybe_at(set, i / 64) & bit) != 0 ? AS_MAYBE
                                                : AS_NO;
}

size_t as_pod_set_next(const as_pod_set *set, size_t i)
{
    if (i < set->first * 64) {
        i = set->first * 64;
    }
    for (size_t w = i / 64; w - set->first < set->n_words; w++, i = w * 64) {
        uint64_t rest = (yes_at(set, w) | maybe_at(set, w)) >> (i % 64);
        if (rest != 0) {
            return i + (size_t)__builtin_ctzll(rest);
        }
    }
    return set->n;
}

static void take_reason(as_pod_set *set, const as_pod_set *other)
{
    if (set->reason.n == 0) {
        set->reason = other->reason;
    }
}

void as_pod_set_add_all(as_pod_set *set, const as_pod_set *other)
{
    if (other->n_words > 0) {
        cover(set, other->first, other->first + other->n_words);
    }
    for (size_t w = 0; w < other->n_words; w++) {
        size_t own = other->first + w - set->first;
        set->yes[own] |= other->yes[w];
        set->maybe[own] = (set->maybe[own] | other->maybe[w]) & ~set->yes[own];
    }
    take_reason(set, other);
}

void as_pod_set_keep(as_pod_set *set, const as_pod_set *other)
{
    for (size_t w = 0; w < set->n_words; w++) {
        uint64_t yes = yes_at(other, set->first + w), maybe = maybe_at(other, set->first + w);
        uint64_t most = (set->yes[w] | set->maybe[w]) & (yes | maybe);
        set->yes[w] &= yes;
        set->maybe[w] = most & ~set->yes[w];
    }
    take_reason(set, other);
}

void as_pod_set_remove(as_pod_set *set, const as_pod_set *other)
{
    for (size_t w = 0; w < set->n_words; w++) {
        uint64_t yes = yes_at(other, set->first + w), maybe = maybe_at(other, set->first + w);
        uint64_t most = (set->yes[w] | set->maybe[w]) & ~yes;
        set->yes[w] &= ~(yes | maybe);
        set->maybe[w] = most & ~set->yes[w];
    }
    take_reason(set, other);
}

void as_pod_set_doubt(as_pod_set *set, as_str reason)
{
    for (size_t w = 0; w < set->n_words; w++) {
        set->maybe[w] |= set->yes[w];
        set->yes[w] = 0;
    }
    if (set->reason.n == 0) {
        set->reason = reason;
    }
}

bool as_pod_set_is_empty(const as_pod_set *set)
{
    for (size_t w = 0; w < set->n_words; w++) {
        if ((set->yes[w] | set->maybe[w]) != 0) {
            return false;
        }
    }
    return true;
}
