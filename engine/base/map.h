/* Hash map from text to pointer, in an arena. Keys are borrowed. Iteration is in order of
 * insertion, so what is derived from it is deterministic. */
#ifndef AS_BASE_MAP_H
#define AS_BASE_MAP_H

#include "engine/base/arena.h"

typedef struct as_map_entry {
    as_str key;
    void *value;
    uint64_t hash;
} as_map_entry;

typedef struct as_map {
    as_map_entry *entries; /* n of them, in order of insertion */
    size_t n, cap;
    uint32_t *slots; /* 1 + index into entries; 0 is free */
    size_t n_slots;
} as_map; /* zero-initialised is empty */

/* Replaces the value of an existing key; returns the old value or NULL. */
void *as_map_put(as_arena *arena, as_map *map, as_str key, void *value);
void *as_map_get(const as_map *map, as_str key); /* NULL when absent */
bool as_map_has(const as_map *map, as_str key);

#endif
