/* How fast one scope (an account, region and service) may be asked: a token bucket whose rate grows
 * along a cubic curve while answers are good and falls when the other side says "slow down", as the
 * AWS SDKs' adaptive retry mode does. Times are seconds on one monotonic clock. */
#ifndef AS_LIVE_LIMITER_H
#define AS_LIVE_LIMITER_H

#include <stdbool.h>

typedef struct as_limiter {
    double rate;   /* calls a second */
    double tokens; /* at most one second's worth */
    double filled; /* when tokens was right */
    double peak;   /* the rate at which it was throttled last, at first the one it began with */
    double since;  /* when that was */
    double closed_until; /* Retry-After */
} as_limiter;

void as_limiter_init(as_limiter *limiter, double rate, double now);
/* Takes a token, or says how many seconds to wait for one. */
double as_limiter_take(as_limiter *limiter, double now);
void as_limiter_good(as_limiter *limiter, double now);
/* `retry_after` seconds nobody is let through. */
void as_limiter_throttled(as_limiter *limiter, double now, double retry_after);

#endif
