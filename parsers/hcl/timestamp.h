/* Points in time and durations as Go's package time has them (the proleptic Gregorian calendar, no
 * leap seconds). */
#ifndef AS_HCL_TIMESTAMP_H
#define AS_HCL_TIMESTAMP_H

#include "engine/base/buf.h"

typedef struct as_time {
    int64_t seconds; /* since 1970-01-01T00:00:00Z */
    int32_t nanoseconds;
    int32_t offset; /* of the place from UTC, in seconds */
} as_time;

typedef struct as_civil {
    int64_t year;
    int month, day; /* from 1 */
    int hour, minute, second;
    int weekday; /* 0: Sunday */
} as_civil;

/* RFC 3339. False with *error, which says what is wrong in the words of go-cty. `lenient`: as Go's
 * time.Parse reads it, which takes an hour of one digit and a comma before the fraction. */
bool as_time_parse(
        as_arena *arena, as_str text, bool lenient, as_time *out, as_str *error) AS_MUST_CHECK;
as_str as_time_text(as_arena *arena, as_time t);
as_civil as_time_civil(as_time t); /* at its own offset */
int as_time_cmp(as_time a, as_time b);
/* "1h30m", "-1.5h", "500ms": nanoseconds. False with *error in the words of Go. */
bool as_duration_parse(as_arena *arena, as_str text, int64_t *out, as_str *error) AS_MUST_CHECK;
as_time as_time_add(as_time t, int64_t nanoseconds);
/* "+02:00" or "+0200"; "Z" for UTC when `z`. */
void as_time_write_offset(as_buf *out, as_time t, const char *separator, bool z);
/* Days since 1970-01-01 of a date. */
int64_t as_days_from_civil(int64_t year, int month, int day);

#endif
