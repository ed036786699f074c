/* Dates and durations: sprig's date.go and Helm's duration functions. The clock is an option. */
#include "parsers/gotmpl/gotime.h"

#include <math.h>
#include <stdlib.h>

#include "parsers/gotmpl/strconv.h"

enum { NANOS = 1000000000 };

/* --- time.Time and time.Duration -------------------------------------------------------------- */

static as_go_instant instant_of(const as_go *v)
{
    const as_go_instant *i = v->as.p;
    return i ? *i : (as_go_instant){.seconds = AS_GO_ZERO_TIME, .zone = AS_STR("UTC")};
}

static as_go from_duration(int64_t nanos);

static as_str formatted(as_gotmpl *t, as_go_instant instant, const char *layout)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    as_go_time_format(&buf, instant, as_str_from(layout));
    return as_buf_view(&buf);
}

static as_str time_text(as_gotmpl *t, const as_go *v)
{
    return formatted(t, instant_of(v), "2006-01-02 15:04:05.999999999 -0700 MST");
}

static as_go time_plain(as_gotmpl *t, const as_go *v)
{
    return as_go_from_str(formatted(t, instant_of(v), "2006-01-02T15:04:05.999999999Z07:00"));
}

static as_str duration_text(as_gotmpl *t, const as_go *v)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    as_go_duration_write(&buf, v->as.i);
    return as_buf_view(&buf);
}

AS_GO_FUNC(m_format)
{
    (void)n;
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    as_go_time_format(&buf, instant_of(a), as_go_str(&a[1]));
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}

AS_GO_FUNC(m_unix)
{
    (void)t;
    (void)n;
    *out = as_go_from_int64(instant_of(a).seconds);
    return true;
}

AS_GO_FUNC(m_unix_nano)
{
    (void)t;
    (void)n;
    as_go_instant i = instant_of(a);
    *out = as_go_from_int64((int64_t)((uint64_t)i.seconds * NANOS + (uint64_t)i.nanos));
    return true;
}

AS_GO_FUNC(m_year)
{
    (void)t;
    (void)n;
    *out = as_go_from_int(as_go_time_civil(instant_of(a)).year);
    return true;
}

/* time.Month and time.Weekday: numbers that print as names. */
static as_str month_text(as_gotmpl *t, const as_go *v)
{
    (void)t;
    return as_str_from(as_go_months[(v->as.i - 1) % 12]);
}

static as_str weekday_text(as_gotmpl *t, const as_go *v)
{
    (void)t;
    return as_str_from(as_go_weekdays[v->as.i % 7]);
}

static as_go number_plain(as_gotmpl *t, const as_go *v)
{
    (void)t;
    return as_go_from_int(v->as.i);
}

AS_GO_FUNC(m_name)
{
    (void)n;
    *out = as_go_from_str(a->type->string(t, a));
    return true;
}

static const as_go_func name_methods[] = {
        {"String", "", m_name, 0},
        {0},
};

static const as_go_type month_type = {.kind = AS_GO_INT,
        .name = "time.Month",
        .methods = name_methods,
        .string = month_text,
        .plain = number_plain};
static const as_go_type weekday_type = {.kind = AS_GO_INT,
        .name = "time.Weekday",
        .methods = name_methods,
        .string = weekday_text,
        .plain = number_plain};

AS_GO_FUNC(m_month)
{
    (void)t;
    (void)n;
    *out = (as_go){.type = &month_type, .as.i = as_go_time_civil(instant_of(a)).month};
    return true;
}

AS_GO_FUNC(m_weekday)
{
    (void)t;
    (void)n;
    *out = (as_go){.type = &weekday_type, .as.i = as_go_time_civil(instant_of(a)).weekday};
    return true;
}

AS_GO_FUNC(m_nanosecond)
{
    (void)t;
    (void)n;
    *out = as_go_from_int(instant_of(a).nanos);
    return true;
}

AS_GO_FUNC(m_unix_milli)
{
    (void)t;
    (void)n;
    as_go_instant i = instant_of(a);
    *out = as_go_from_int64((int64_t)((uint64_t)i.seconds * 1000 + (uint64_t)(i.nanos / 1000000)));
    return true;
}

AS_GO_FUNC(m_time_string)
{
    (void)n;
    *out = as_go_from_str(time_text(t, a));
    return true;
}

static int order(as_go_instant a, as_go_instant b)
{
    return a.seconds != b.seconds ? (a.seconds > b.seconds) - (a.seconds < b.seconds)
                                  : (a.nanos > b.nanos) - (a.nanos < b.nanos);
}

AS_GO_FUNC(m_before)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(order(instant_of(a), instant_of(a + 1)) < 0);
    return true;
}

AS_GO_FUNC(m_after)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(order(instant_of(a), instant_of(a + 1)) > 0);
    return true;
}

AS_GO_FUNC(m_same)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(order(instant_of(a), instant_of(a + 1)) == 0);
    return true;
}

/* What does not fit is as far away as a duration goes. */
AS_GO_FUNC(m_sub)
{
    (void)t;
    (void)n;
    as_go_instant x = instant_of(a), y = instant_of(a + 1);
    int64_t seconds, nanos;
    if (__builtin_sub_overflow(x.seconds, y.seconds, &seconds) ||
            __builtin_mul_overflow(seconds, (int64_t)NANOS, &nanos) ||
            __builtin_add_overflow(nanos, (int64_t)(x.nanos - y.nanos), &nanos))
        nanos = order(x, y) < 0 ? INT64_MIN : INT64_MAX;
    *out = from_duration(nanos);
    return true;
}

AS_GO_FUNC(m_day)
{
    (void)t;
    (void)n;
    *out = as_go_from_int(as_go_time_civil(instant_of(a)).day);
    return true;
}

AS_GO_FUNC(m_hour)
{
    (void)t;
    (void)n;
    *out = as_go_from_int(as_go_time_civil(instant_of(a)).hour);
    return true;
}

AS_GO_FUNC(m_minute)
{
    (void)t;
    (void)n;
    *out = as_go_from_int(as_go_time_civil(instant_of(a)).minute);
    return true;
}

AS_GO_FUNC(m_second)
{
    (void)t;
    (void)n;
    *out = as_go_from_int(as_go_time_civil(instant_of(a)).second);
    return true;
}

AS_GO_FUNC(m_year_day)
{
    (void)t;
    (void)n;
    *out = as_go_from_int(as_go_time_civil(instant_of(a)).yearday);
    return true;
}

AS_GO_FUNC(m_is_zero)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(instant_of(a).seconds == AS_GO_ZERO_TIME);
    return true;
}

AS_GO_FUNC(m_utc)
{
    (void)n;
    as_go_instant i = instant_of(a);
    i.offset = 0;
    i.zone = AS_STR("UTC");
    *out = as_go_time_value(t, i);
    return true;
}

static as_go_instant plus(as_go_instant i, int64_t nanos)
{
    i.seconds = (int64_t)((uint64_t)i.seconds + (uint64_t)(nanos / NANOS));
    i.nanos += (int32_t)(nanos % NANOS);
    if (i.nanos < 0) {
        i.nanos += NANOS;
        i.seconds--;
    } else if (i.nanos >= NANOS) {
        i.nanos -= NANOS;
        i.seconds++;
    }
    return i;
}

AS_GO_FUNC(m_add)
{
    (void)n;
    *out = as_go_time_value(t, plus(instant_of(a), a[1].as.i));
    return true;
}

AS_GO_FUNC(m_add_date)
{
    (void)n;
    as_go_instant i = instant_of(a);
    as_go_civil c = as_go_time_civil(i);
    int64_t month = c.month - 1 + a[2].as.i, year = c.year + a[1].as.i;
    if (llabs(a[1].as.i) > 1000000 || llabs(a[2].as.i) > 1000000 || llabs(a[3].as.i) > 100000000)
        return as_go_limit(t, "the date is too far away");
    year += month / 12;
    month %= 12;
    if (month < 0) {
        month += 12;
        year--;
    }
    int64_t days = as_go_days(year, (int)month + 1, 1) + c.day - 1 + a[3].as.i;
    i.seconds = days * 86400 + c.hour * 3600 + c.minute * 60 + c.second - i.offset;
    *out = as_go_time_value(t, i);
    return true;
}

AS_GO_FUNC(m_duration_string)
{
    (void)n;
    *out = as_go_from_str(duration_text(t, a));
    return true;
}

static double in_units(int64_t nanos, int64_t unit)
{
    int64_t whole = nanos / unit;
    return (double)whole + (double)(nanos % unit) / (double)unit;
}

AS_GO_FUNC(m_duration_seconds)
{
    (void)t;
    (void)n;
    *out = as_go_from_float(in_units(a[0].as.i, 1000000000));
    return true;
}

AS_GO_FUNC(m_duration_minutes)
{
    (void)t;
    (void)n;
    *out = as_go_from_float(in_units(a[0].as.i, 60000000000));
    return true;
}

AS_GO_FUNC(m_duration_hours)
{
    (void)t;
    (void)n;
    *out = as_go_from_float(in_units(a[0].as.i, 3600000000000));
    return true;
}

static const as_go_func time_methods[] = {
        {"Format", "s", m_format, 0},
        {"Unix", "", m_unix, 0},
        {"UnixNano", "", m_unix_nano, 0},
        {"Year", "", m_year, 0},
        {"Day", "", m_day, 0},
        {"Hour", "", m_hour, 0},
        {"Minute", "", m_minute, 0},
        {"Second", "", m_second, 0},
        {"YearDay", "", m_year_day, 0},
        {"IsZero", "", m_is_zero, 0},
        {"UTC", "", m_utc, 0},
        {"Local", "", m_utc, 0},
        {"Add", "d", m_add, 0},
        {"AddDate", "iii", m_add_date, 0},
        {"Month", "", m_month, 0},
        {"Weekday", "", m_weekday, 0},
        {"Nanosecond", "", m_nanosecond, 0},
        {"UnixMilli", "", m_unix_milli, 0},
        {"String", "", m_time_string, 0},
        {"Before", "t", m_before, 0},
        {"After", "t", m_after, 0},
        {"Equal", "t", m_same, 0},
        {"Sub", "t", m_sub, 0},
        {0},
};

AS_GO_FUNC(m_duration_milliseconds)
{
    (void)t;
    (void)n;
    *out = as_go_from_int64(a[0].as.i / 1000000);
    return true;
}

static const as_go_func duration_methods[] = {
        {"Milliseconds", "", m_duration_milliseconds, 0},
        {"String", "", m_duration_string, 0},
        {"Seconds", "", m_duration_seconds, 0},
        {"Minutes", "", m_duration_minutes, 0},
        {"Hours", "", m_duration_hours, 0},
        {0},
};

const as_go_type as_go_time = {.kind = AS_GO_STRUCT,
        .name = "time.Time",
        .methods = time_methods,
        .string = time_text,
        .plain = time_plain};

static as_go duration_plain(as_gotmpl *t, const as_go *v)
{
    (void)t;
    return as_go_from_int64(v->as.i);
}

const as_go_type as_go_duration = {.kind = AS_GO_INT64,
        .name = "time.Duration",
        .methods = duration_methods,
        .string = duration_text,
        .plain = duration_plain};

as_go as_go_time_value(as_gotmpl *t, as_go_instant instant)
{
    as_go_instant *kept = AS_NEW(t->arena, as_go_instant);
    *kept = instant;
    return (as_go){.type = &as_go_time, .as.p = kept};
}

static as_go from_duration(int64_t nanos)
{
    return (as_go){.type = &as_go_duration, .as.i = nanos};
}

/* --- dates ------------------------------------------------------------------------------------ */

static as_go_instant clock_of(const as_gotmpl *t)
{
    return (as_go_instant){.seconds = t->options.now, .zone = AS_STR("UTC")};
}

/* What date functions take for a date; anything else is now. */
static as_go_instant date_of(as_gotmpl *t, const as_go *v)
{
    if (v->type == &as_go_time)
        return instant_of(v);
    if (v->type == &as_go_int64 || v->type == &as_go_int || v->type == &as_go_int32)
        return (as_go_instant){.seconds = v->as.i, .zone = AS_STR("UTC")};
    return clock_of(t);
}

static bool format_in(as_gotmpl *t, as_str layout, const as_go *date, as_str zone, as_go *out)
{
    as_go_instant i = date_of(t, date);
    if (!as_go_time_in_zone(t, zone, &i)) {
        i.offset = 0;
        i.zone = AS_STR("UTC");
    }
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    as_go_time_format(&buf, i, layout);
    *out = as_go_from_str(as_buf_view(&buf));
    if (date->type != &as_go_time && as_go_kind_of(date) != AS_GO_INT64)
        out->flags |= AS_GO_GENERATED;
    return true;
}

AS_GO_FUNC(f_now)
{
    (void)a;
    (void)n;
    *out = as_go_time_value(t, clock_of(t));
    return true;
}

AS_GO_FUNC(f_date)
{
    (void)n;
    return format_in(t, as_go_str(&a[0]), &a[1], AS_STR("Local"), out);
}

AS_GO_FUNC(f_date_in_zone)
{
    (void)n;
    return format_in(t, as_go_str(&a[0]), &a[1], as_go_str(&a[2]), out);
}

AS_GO_FUNC(f_html_date)
{
    (void)n;
    return format_in(t, AS_STR("2006-01-02"), &a[0], AS_STR("Local"), out);
}

AS_GO_FUNC(f_html_date_in_zone)
{
    (void)n;
    return format_in(t, AS_STR("2006-01-02"), &a[0], as_go_str(&a[1]), out);
}

AS_GO_FUNC(f_must_date_modify)
{
    (void)n;
    int64_t nanos;
    if (!as_go_duration_parse(t, as_go_str(&a[0]), &nanos))
        return false;
    *out = as_go_time_value(t, plus(instant_of(&a[1]), nanos));
    return true;
}

AS_GO_FUNC(f_date_modify)
{
    if (f_must_date_modify(t, a, n, out))
        return true;
    t->failure = NULL;
    *out = a[1];
    return true;
}

AS_GO_FUNC(f_must_to_date)
{
    (void)n;
    as_go_instant i;
    if (!as_go_time_parse(t, as_go_str(&a[0]), as_go_str(&a[1]), &i))
        return false;
    *out = as_go_time_value(t, i);
    return true;
}

AS_GO_FUNC(f_to_date)
{
    if (f_must_to_date(t, a, n, out))
        return true;
    t->failure = NULL;
    *out = (as_go){.type = &as_go_time};
    return true;
}

AS_GO_FUNC(f_unix_epoch)
{
    (void)n;
    *out = as_go_from_str(as_str_fmt(t->arena, "%lld", (long long)instant_of(a).seconds));
    return true;
}

static bool give_duration_text(as_gotmpl *t, int64_t nanos, as_go *out)
{
    as_go d = from_duration(nanos);
    *out = as_go_from_str(duration_text(t, &d));
    return true;
}

static int64_t saturated(int64_t seconds)
{
    return seconds > INT64_MAX / NANOS   ? INT64_MAX
           : seconds < INT64_MIN / NANOS ? INT64_MIN
                                         : seconds * NANOS;
}

AS_GO_FUNC(f_ago)
{
    (void)n;
    as_go_instant now = clock_of(t), then = date_of(t, &a[0]);
    int64_t seconds = now.seconds - then.seconds;
    if (then.nanos >= NANOS / 2)
        seconds--;
    return give_duration_text(t, saturated(seconds), out);
}

AS_GO_FUNC(f_duration)
{
    (void)n;
    int64_t seconds = 0;
    if (a[0].type == &as_go_string)
        as_go_parse_int(as_go_str(&a[0]), 10, 64, &seconds);
    else if (a[0].type == &as_go_int64)
        seconds = a[0].as.i;
    return give_duration_text(t, (int64_t)((uint64_t)seconds * NANOS), out);
}

AS_GO_FUNC(f_duration_round)
{
    (void)n;
    static const struct {
        uint64_t seconds;
        const char *unit;
    } steps[] = {{31536000, "y"}, {2592000, "mo"}, {86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}};
    int64_t d = 0;
    if (a[0].type == &as_go_string) {
        if (!as_go_duration_parse(t, as_go_str(&a[0]), &d)) {
            t->failure = NULL;
            d = 0;
        }
    } else if (a[0].type == &as_go_int64) {
        d = a[0].as.i;
    } else if (a[0].type == &as_go_time) {
        d = saturated(t->options.now - instant_of(a).seconds);
    }
    uint64_t u = d < 0 ? 0 - (uint64_t)d : (uint64_t)d;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        uint64_t nanos = steps[i].seconds * NANOS;
        if (u > nanos) {
            *out = as_go_from_str(
                    as_str_fmt(t->arena, "%llu%s", (unsigned long long)(u / nanos), steps[i].unit));
            return true;
        }
    }
    *out = as_go_from_str(AS_STR("0s"));
    return true;
}

/* --- Helm's durations (asDuration) ------------------------------------------------------------ */

static bool from_seconds(as_gotmpl *t, double seconds, int64_t *nanos)
{
    as_buf shown;
    as_buf_init(&shown, t->arena, 0);
    as_go_float_text(&shown, seconds, 64);
    if (isnan(seconds) || isinf(seconds))
        return as_go_fail(t, "invalid duration seconds: %s", as_buf_c(&shown));
    if (fabs(seconds) > 9223372036.854775807)
        return as_go_fail(t, "duration seconds overflow: %s", as_buf_c(&shown));
    double exact = seconds * 1e9;
    *nanos = exact >= 9223372036854775807.0 ? INT64_MAX : (int64_t)exact;
    return true;
}

static bool as_duration(as_gotmpl *t, const as_go *v, int64_t *nanos)
{
    as_go_kind kind = as_go_kind_of(v);
    double seconds;
    if (v->type == &as_go_duration) {
        *nanos = v->as.i;
        return true;
    }
    if (!v->type)
        return as_go_fail(t, "invalid duration");
    if (v->type == &as_go_string) {
        as_str s = as_str_trim(as_go_str(v));
        if (s.n == 0)
            return as_go_fail(t, "empty duration");
        if (as_go_duration_parse(t, s, nanos))
            return true;
        if (as_go_parse_float(s, &seconds) == AS_GO_PARSED)
            return from_seconds(t, seconds, nanos);
        as_buf quoted;
        as_buf_init(&quoted, t->arena, 0);
        as_go_quote(&quoted, as_go_str(v), '"', false);
        return as_go_fail(t, "could not parse duration %s", as_buf_c(&quoted));
    }
    if (kind >= AS_GO_INT && kind <= AS_GO_UINT64) {
        if (v->as.i > INT64_MAX / NANOS || v->as.i < INT64_MIN / NANOS)
            return as_go_fail(t, "duration seconds overflow: %lld", (long long)v->as.i);
        *nanos = v->as.i * NANOS;
        return true;
    }
    if (kind == AS_GO_FLOAT32 || kind == AS_GO_FLOAT64)
        return from_seconds(t, v->as.f, nanos);
    return as_go_fail(t, "unsupported duration type %s", v->type->name);
}

/* 0 for what is no duration. */
static int64_t duration_or_zero(as_gotmpl *t, const as_go *v)
{
    int64_t nanos = 0;
    if (as_duration(t, v, &nanos))
        return nanos;
    t->failure = NULL;
    return 0;
}

AS_GO_FUNC(f_must_to_duration)
{
    (void)n;
    int64_t nanos;
    if (!as_duration(t, &a[0], &nanos))
        return false;
    *out = from_duration(nanos);
    return true;
}

AS_GO_FUNC(f_seconds)
{
    (void)n;
    *out = as_go_from_float(in_units(duration_or_zero(t, a), 1000000000));
    return true;
}

AS_GO_FUNC(f_milliseconds)
{
    (void)n;
    *out = as_go_from_int64(duration_or_zero(t, a) / 1000000);
    return true;
}

AS_GO_FUNC(f_microseconds)
{
    (void)n;
    *out = as_go_from_int64(duration_or_zero(t, a) / 1000);
    return true;
}

AS_GO_FUNC(f_nanoseconds)
{
    (void)n;
    *out = as_go_from_int64(duration_or_zero(t, a));
    return true;
}

AS_GO_FUNC(f_minutes)
{
    (void)n;
    *out = as_go_from_float(in_units(duration_or_zero(t, a), 60000000000));
    return true;
}

AS_GO_FUNC(f_hours)
{
    (void)n;
    *out = as_go_from_float(in_units(duration_or_zero(t, a), 3600000000000));
    return true;
}

AS_GO_FUNC(f_days)
{
    (void)n;
    *out = as_go_from_float(in_units(duration_or_zero(t, a), 3600000000000) / 24);
    return true;
}

AS_GO_FUNC(f_weeks)
{
    (void)n;
    *out = as_go_from_float(in_units(duration_or_zero(t, a), 3600000000000) / 24 / 7);
    return true;
}

/* time.Duration.Round: half away from zero; a result out of range stays at the end of the range. */
static int64_t rounded(int64_t d, int64_t m)
{
    if (m <= 0)
        return d;
    int64_t r = d % m, result;
    if (d < 0) {
        r = -r;
        if ((uint64_t)r + (uint64_t)r < (uint64_t)m)
            return d + r;
        return __builtin_sub_overflow(d, m - r, &result) ? INT64_MIN : result;
    }
    if ((uint64_t)r + (uint64_t)r < (uint64_t)m)
        return d - r;
    return __builtin_add_overflow(d, m - r, &result) ? INT64_MAX : result;
}

static bool to_multiple(as_gotmpl *t, const as_go *a, bool truncates, as_go *out)
{
    int64_t d, m;
    *out = from_duration(0);
    if (!as_duration(t, &a[0], &d)) {
        t->failure = NULL;
        return true;
    }
    *out = from_duration(d);
    if (!as_duration(t, &a[1], &m)) {
        t->failure = NULL;
        return true;
    }
    *out = from_duration(!truncates ? rounded(d, m) : m <= 0 ? d : d - d % m);
    return true;
}

AS_GO_FUNC(f_round_to)
{
    (void)n;
    return to_multiple(t, a, false, out);
}

AS_GO_FUNC(f_truncate_to)
{
    (void)n;
    return to_multiple(t, a, true, out);
}

const as_go_func as_funcs_date[] = {
        {"now", "", f_now, AS_FUNC_RANDOM},
        {"ago", "a", f_ago, AS_FUNC_RANDOM},
        {"date", "sa", f_date, 0},
        {"dateInZone", "sas", f_date_in_zone, 0},
        {"date_in_zone", "sas", f_date_in_zone, 0},
        {"htmlDate", "a", f_html_date, 0},
        {"htmlDateInZone", "as", f_html_date_in_zone, 0},
        {"dateModify", "st", f_date_modify, 0},
        {"date_modify", "st", f_date_modify, 0},
        {"mustDateModify", "st", f_must_date_modify, 0},
        {"must_date_modify", "st", f_must_date_modify, 0},
        {"toDate", "ss", f_to_date, 0},
        {"mustToDate", "ss", f_must_to_date, 0},
        {"unixEpoch", "t", f_unix_epoch, 0},
        {"duration", "a", f_duration, 0},
        {"durationRound", "a", f_duration_round, 0},
        {"mustToDuration", "a", f_must_to_duration, 0},
        {"durationSeconds", "a", f_seconds, 0},
        {"durationMilliseconds", "a", f_milliseconds, 0},
        {"durationMicroseconds", "a", f_microseconds, 0},
        {"durationNanoseconds", "a", f_nanoseconds, 0},
        {"durationMinutes", "a", f_minutes, 0},
        {"durationHours", "a", f_hours, 0},
        {"durationDays", "a", f_days, 0},
        {"durationWeeks", "a", f_weeks, 0},
        {"durationRoundTo", "aa", f_round_to, 0},
        {"durationTruncateTo", "aa", f_truncate_to, 0},
        {0},
};
