#include "engine/base/clock.h"

#include <stdlib.h>
#include <time.h>

int64_t as_clock_now(void)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds;

    if (!fixed || !as_str_to_int(as_str_from(fixed), &seconds))
        seconds = (int64_t)time(NULL);
    return seconds;
}

as_str as_clock_time(as_arena *arena, int64_t seconds)
{
    time_t t = (time_t)seconds;
    char text[32] = "";
    struct tm parts;

    if (gmtime_r(&t, &parts))
        (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return as_str_dup(arena, as_str_from(text));
}

as_str as_clock_day(as_arena *arena, int64_t seconds)
{
    return as_str_slice(as_clock_time(arena, seconds), 0, 10);
}

/* Days since 1970 of a day of the Gregorian calendar; years begin in March, so that leap days come
 * last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t in_era = year - era * 400;
    int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

static bool digits(as_str text, size_t at, size_t n, int64_t *out)
{
    *out = 0;
    for (size_t i = at; i < at + n; i++) {
        if (i >= text.n || text.p[i] < '0' || text.p[i] > '9')
            return false;
        *out = *out * 10 + (text.p[i] - '0');
    }
    return true;
}

bool as_clock_parse(as_str time, int64_t *seconds)
{
    int64_t year, month, day, hour, minute, second;
    bool fine = time.n == 20 && digits(time, 0, 4, &year) && digits(time, 5, 2, &month) &&
                digits(time, 8, 2, &day) && digits(time, 11, 2, &hour) &&
                digits(time, 14, 2, &minute) && digits(time, 17, 2, &second) && time.p[4] == '-' &&
                time.p[7] == '-' && time.p[10] == 'T' && time.p[13] == ':' && time.p[16] == ':' &&
                time.p[19] == 'Z' && month >= 1 && month <= 12 && day >= 1;

    if (fine)
        *seconds = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    return fine;
}
