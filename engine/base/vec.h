/* Typed growing arrays in an arena: typedef AS_VEC(as_thing) as_things; zero-initialised is empty.
 */
#ifndef AS_BASE_VEC_H
#define AS_BASE_VEC_H

#include "engine/base/arena.h"

#define AS_VEC(T)                                                                                  \
    struct {                                                                                       \
        T *items;                                                                                  \
        size_t n, cap;                                                                             \
    }

/* Appends a copy of `...` (one expression; commas inside braces are fine). */
#define AS_VEC_PUSH(arena, vec, ...)                                                               \
    ((vec)->n == (vec)->cap ? (void)((vec)->items = as_vec_grow((arena), (vec)->items,             \
                                             &(vec)->cap, sizeof *(vec)->items))                   \
                            : (void)0,                                                             \
            (vec)->items[(vec)->n++] = (__VA_ARGS__))

/* Doubles *cap; the caller's pointer is replaced. */
void *as_vec_grow(as_arena *arena, void *items, size_t *cap, size_t size) AS_NEVER_NULL;

#endif
