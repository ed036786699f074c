/* Three-valued logic (Kleene's strong one): maybe means that something needed is not known. */
#ifndef AS_BASE_TRUTH_H
#define AS_BASE_TRUTH_H

#include <stdbool.h>

typedef enum as_truth { AS_NO, AS_YES, AS_MAYBE } as_truth;

static inline as_truth as_truth_of(bool b)
{
    return b ? AS_YES : AS_NO;
}

static inline as_truth as_truth_not(as_truth a)
{
    return a == AS_MAYBE ? AS_MAYBE : a == AS_YES ? AS_NO : AS_YES;
}

static inline as_truth as_truth_and(as_truth a, as_truth b)
{
    return a == AS_NO || b == AS_NO ? AS_NO : a == AS_YES && b == AS_YES ? AS_YES : AS_MAYBE;
}

static inline as_truth as_truth_or(as_truth a, as_truth b)
{
    return a == AS_YES || b == AS_YES ? AS_YES : a == AS_NO && b == AS_NO ? AS_NO : AS_MAYBE;
}

#endif
