/* Open addressing over 32-bit slots, half full at most; entries in one array. */
#include "engine/base/map.h"

#include "engine/base/vec.h"

static size_t find_slot(const as_map *map, as_str key, uint64_t hash)
{
    size_t mask = map->n_slots - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        uint32_t slot = map->slots[i];
        if (slot == 0) {
            return i;
        }
        const as_map_entry *entry = &map->entries[slot - 1];
        if (entry->hash == hash && as_str_eq(entry->key, key)) {
            return i;
        }
    }
}

static void rehash(as_arena *arena, as_map *map)
{
    map->n_slots = map->n_slots == 0 ? 16 : map->n_slots * 2;
    map->slots = AS_NEW_ARRAY(arena, uint32_t, map->n_slots);
    for (size_t i = 0; i < map->n; i++) {
        const as_map_entry *entry = &map->entries[i];
        map->slots[find_slot(map, entry->key, entry->hash)] = (uint32_t)(i + 1);
    }
}

void *as_map_put(as_arena *arena, as_map *map, as_str key, void *value)
{
    if ((map->n + 1) * 2 > map->n_slots) {
        rehash(arena, map);
    }
    uint64_t hash = as_str_hash(key);
    size_t slot = find_slot(map, key, hash);
    if (map->slots[slot] != 0) {
        as_map_entry *entry = &map->entries[map->slots[slot] - 1];
        void *old = entry->value;
        entry->value = value;
        return old;
    }
    if (map->n == map->cap) {
        map->entries = as_vec_grow(arena, map->entries, &map->cap, sizeof *map->entries);
    }
    map->entries[map->n++] = (as_map_entry){key, value, hash};
    map->slots[slot] = (uint32_t)map->n;
    return NULL;
}

static const as_map_entry *find(const as_map *map, as_str key)
{
    if (map->n == 0) {
        return NULL;
    }
    uint32_t slot = map->slots[find_slot(map, key, as_str_hash(key))];
    return slot == 0 ? NULL : &map->entries[slot - 1];
}

void *as_map_get(const as_map *map, as_str key)
{
    const as_map_entry *entry = find(map, key);
    return entry == NULL ? NULL : entry->value;
}

bool as_map_has(const as_map *map, as_str key)
{
    return find(map, key) != NULL;
}
