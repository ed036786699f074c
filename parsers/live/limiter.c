#include "parsers/live/limiter.h"

#include <math.h>

static const double fall = 0.7, scale = 0.4, slowest = 0.5, fastest = 200;

void as_limiter_init(as_limiter *limiter, double rate, double now)
{
    *limiter = (as_limiter){
            .rate = rate, .tokens = fmax(1, rate), .filled = now, .peak = rate, .since = now};
}

static void fill(as_limiter *limiter, double now)
{
    limiter->tokens =
            fmin(limiter->tokens + (now - limiter->filled) * limiter->rate, fmax(1, limiter->rate));
    limiter->filled = now;
}

double as_limiter_take(as_limiter *limiter, double now)
{
    if (now < limiter->closed_until)
        return limiter->closed_until - now;
    fill(limiter, now);
    if (limiter->tokens < 1)
        return (1 - limiter->tokens) / limiter->rate;
    limiter->tokens -= 1;
    return 0;
}

void as_limiter_good(as_limiter *limiter, double now)
{
    /* Back at the old peak after `back` seconds, slowly around it, then faster and faster. */
    bool throttled_before = limiter->rate < limiter->peak;
    double back = throttled_before ? cbrt(limiter->peak * (1 - fall) / scale) : 0;
    double t = now - limiter->since - back;
    double rate = scale * t * t * t + limiter->peak;

    fill(limiter, now);
    if (rate > limiter->rate)
        limiter->rate = fmin(rate, fastest);
}

void as_limiter_throttled(as_limiter *limiter, double now, double retry_after)
{
    fill(limiter, now);
    limiter->peak = limiter->rate;
    limiter->since = now;
    limiter->rate = fmax(limiter->rate * fall, slowest);
    limiter->tokens = fmin(limiter->tokens, 1);
    if (now + retry_after > limiter->closed_until)
        limiter->closed_until = now + retry_after;
}
