/* Go's package time: instants, layouts ("2006-01-02"), durations, zones. The local zone is UTC. */
#ifndef AS_GOTMPL_GOTIME_H
#define AS_GOTMPL_GOTIME_H

#include "parsers/gotmpl/internal.h"

typedef struct as_go_instant {
    int64_t seconds; /* since 1970, UTC */
    int32_t nanos;
    int32_t offset; /* of its zone, in seconds */
    as_str zone;    /* abbreviation; empty: none is known */
} as_go_instant;

typedef struct as_go_civil {
    int64_t year;
    int month, day, hour, minute, second; /* month and day from 1 */
    int weekday, yearday;                 /* Sunday is 0; 1 January is 1 */
} as_go_civil;

#define AS_GO_ZERO_TIME (-62135596800) /* 0001-01-01T00:00:00Z */

extern const char *const as_go_months[12], *const as_go_weekdays[7];

as_go as_go_time_value(as_gotmpl *t, as_go_instant instant);
as_go_civil as_go_time_civil(as_go_instant instant);
int64_t as_go_days(int64_t year, int month, int day); /* since 1970-01-01 */

void as_go_time_format(as_buf *buf, as_go_instant instant, as_str layout);
/* time.ParseInLocation(layout, text, time.Local). False with t->failure. */
bool as_go_time_parse(as_gotmpl *t, as_str layout, as_str text, as_go_instant *out);

/* Nanoseconds. False with t->failure. */
bool as_go_duration_parse(as_gotmpl *t, as_str text, int64_t *out);
void as_go_duration_write(as_buf *buf, int64_t nanos);

/* The instant in the zone "Europe/Berlin" of the system's zone database; false when it is unknown.
 */
bool as_go_time_in_zone(as_gotmpl *t, as_str zone, as_go_instant *instant);

#endif
