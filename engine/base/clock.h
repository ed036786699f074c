/* The time of day, for what is recorded. SOURCE_DATE_EPOCH stands in for the clock where results
 * must be reproducible (https://reproducible-builds.org/specs/source-date-epoch/). */
#ifndef AS_BASE_CLOCK_H
#define AS_BASE_CLOCK_H

#include "engine/base/arena.h"

/* Seconds since 1970. */
int64_t as_clock_now(void);
/* "2026-01-31T00:00:00Z" and "2026-01-31", in UTC. */
as_str as_clock_time(as_arena *arena, int64_t seconds);
as_str as_clock_day(as_arena *arena, int64_t seconds);
/* Seconds of a time in that form; false for others. */
bool as_clock_parse(as_str time, int64_t *seconds) AS_MUST_CHECK;

#endif
