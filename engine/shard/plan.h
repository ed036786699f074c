/* Who does what, where several processes share a scan. Every one of them comes to the same plan by
 * itself. */
#ifndef AS_SHARD_PLAN_H
#define AS_SHARD_PLAN_H

#include "engine/base/arena.h"

enum { AS_MAX_SHARDS = 10000 };

/* Which of how many: 3/16 is {3, 16}. */
typedef struct as_shard {
    uint32_t index, count; /* from 1; count 0: there are none */
} as_shard;

/* "3/16"; false for what is no such thing. */
bool as_shard_parse(as_str text, as_shard *out) AS_MUST_CHECK;

typedef struct as_shard_part {
    uint64_t size;
    uint32_t shard; /* result: from 1 */
} as_shard_part;

/* The largest first, each to whom has least so far; of equals the earlier part and the lower number
 * first. No shard gets more than 4/3 of what the best plan gives the fullest one (Graham 1969). */
void as_shard_plan(as_arena *arena, as_shard_part *parts, size_t n, uint32_t count);

#endif
