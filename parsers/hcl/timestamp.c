#include "parsers/hcl/timestamp.h"

enum { NANO = 1000000000, DAY = 86400 };

/* --- calendar --------------------------------------------------------------------------------- */

/* Years begin in March, so that the leap day is the last of its year; 400 years have 146097 days.
 */
int64_t as_days_from_civil(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

as_civil as_time_civil(as_time t)
{
    int64_t local = t.seconds + t.offset, days = floor_div(local, DAY);
    int64_t rest = local - days * DAY, z = days + 719468;
    int64_t era = floor_div(z, 146097), day_of_era = z - era * 146097;
    int64_t year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    as_civil c = {
            .year = year_of_era + era * 400 + (month >= 10),
            .month = (int)(month < 10 ? month + 3 : month - 9),
            .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
            .hour = (int)(rest / 3600),
            .minute = (int)(rest / 60 % 60),
            .second = (int)(rest % 60),
            .weekday = (int)((days % 7 + 11) % 7), /* 1970-01-01 was a Thursday */
    };
    return c;
}

static int days_in(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

/* --- RFC 3339 --------------------------------------------------------------------------------- */

/* Digits of exactly this many characters. */
static bool number(as_str *rest, size_t n, int *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (i >= rest->n || rest->p[i] < '0' || rest->p[i] > '9') {
            return false;
        }
        *out = *out * 10 + (rest->p[i] - '0');
    }
    *rest = as_str_from_index(*rest, n);
    return true;
}

static as_str cannot_use(as_arena *arena, as_str value, const char *what)
{
    static const char prefix[] = "not a valid RFC3339 timestamp: ";
    if (value.n == 0) {
        return as_str_fmt(arena, "%send of string before %s", prefix, what);
    }
    if (strcmp(what, "hour") == 0 && as_str_contains(value, ":")) {
        return as_str_fmt(arena, "%shour must be between 0 and 23 inclusive", prefix);
    }
    return as_str_fmt(arena, "%scannot use \"%.*s\" as %s", prefix, AS_STR_ARG(value), what);
}

static as_str expected(as_arena *arena, as_str value, char c)
{
    static const char prefix[] = "not a valid RFC3339 timestamp: ";
    if (c == 'T') {
        return as_str_fmt(arena, "%smissing required time introducer 'T'", prefix);
    }
    if (value.n == 0) {
        return as_str_fmt(arena, "%send of string where \"%c\" is expected", prefix, c);
    }
    return as_str_fmt(
            arena, "%sfound \"%.*s\" where \"%c\" is expected", prefix, AS_STR_ARG(value), c);
}

/* ".5": nanoseconds; further digits are dropped. */
static int32_t fraction(as_str *rest, bool comma)
{
    int32_t n = 0, scale = NANO;
    bool begins = as_str_starts(*rest, ".") || (comma && as_str_starts(*rest, ","));
    if (!begins || rest->n < 2 || rest->p[1] < '0' || rest->p[1] > '9') {
        return 0;
    }
    size_t i = 1;
    for (; i < rest->n && rest->p[i] >= '0' && rest->p[i] <= '9'; i++) {
        if (scale > 1) {
            scale /= 10;
            n += (rest->p[i] - '0') * scale;
        }
    }
    *rest = as_str_from_index(*rest, i);
    return n;
}

static bool zone(as_str rest, bool lenient, int32_t *offset)
{
    int hours, minutes, max_hours = lenient ? 24 : 23, max_minutes = lenient ? 60 : 59;
    *offset = 0;
    if (as_str_is(rest, "Z")) {
        return true;
    }
    if (rest.n != 6 || (rest.p[0] != '+' && rest.p[0] != '-') || rest.p[3] != ':') {
        return false;
    }
    as_str h = as_str_slice(rest, 1, 3), m = as_str_slice(rest, 4, 6);
    if (!number(&h, 2, &hours) || !number(&m, 2, &minutes) || hours > max_hours ||
            minutes > max_minutes) {
        return false;
    }
    *offset = (hours * 60 + minutes) * 60 * (rest.p[0] == '-' ? -1 : 1);
    return true;
}

bool as_time_parse(as_arena *arena, as_str text, bool lenient, as_time *out, as_str *error)
{
    static const struct {
        const char *name;
        size_t digits;
        int min, max;
        char after;
    } parts[] = {
            {"year", 4, 0, 9999, '-'},
            {"month", 2, 1, 12, '-'},
            {"day of month", 2, 1, 31, 'T'},
            {"hour", 2, 0, 23, ':'},
            {"minute", 2, 0, 59, ':'},
            {"second", 2, 0, 59, 0},
    };
    int n[6];
    as_str rest = text;
    for (size_t i = 0; i < 6; i++) {
        as_str before = rest;
        bool short_hour = lenient && i == 3 && rest.n > 1 && rest.p[1] == ':';
        if (!number(&rest, short_hour ? 1 : parts[i].digits, &n[i])) {
            *error = cannot_use(arena, before, parts[i].name);
            return false;
        }
        if (n[i] < parts[i].min || n[i] > parts[i].max) {
            *error = cannot_use(arena, rest, parts[i].name);
            return false;
        }
        if (parts[i].after && (rest.n == 0 || rest.p[0] != parts[i].after)) {
            *error = expected(arena, rest, parts[i].after);
            return false;
        }
        rest = as_str_from_index(rest, parts[i].after != 0);
    }
    out->nanoseconds = fraction(&rest, lenient);
    if (!zone(rest, lenient, &out->offset)) {
        *error = cannot_use(arena, rest, "UTC offset");
        return false;
    }
    if (n[2] > days_in(n[0], n[1])) {
        *error = AS_STR("not a valid RFC3339 timestamp: day out of range");
        return false;
    }
    out->seconds = as_days_from_civil(n[0], n[1], n[2]) * DAY + n[3] * 3600 + n[4] * 60 + n[5] -
                   out->offset;
    return true;
}

void as_time_write_offset(as_buf *out, as_time t, const char *separator, bool z)
{
    int minutes = (t.offset < 0 ? -t.offset : t.offset) / 60;
    if (z && t.offset == 0) {
        as_buf_char(out, 'Z');
        return;
    }
    as_buf_fmt(
            out, "%c%02d%s%02d", t.offset < 0 ? '-' : '+', minutes / 60, separator, minutes % 60);
}

as_str as_time_text(as_arena *arena, as_time t)
{
    as_civil c = as_time_civil(t);
    as_buf out;
    as_buf_init(&out, arena, 0);
    as_buf_fmt(&out, "%s%04lld-%02d-%02dT%02d:%02d:%02d", c.year < 0 ? "-" : "",
            (long long)(c.year < 0 ? -c.year : c.year), c.month, c.day, c.hour, c.minute, c.second);
    as_time_write_offset(&out, t, ":", true);
    return as_buf_view(&out);
}

int as_time_cmp(as_time a, as_time b)
{
    if (a.seconds != b.seconds) {
        return a.seconds < b.seconds ? -1 : 1;
    }
    return (a.nanoseconds > b.nanoseconds) - (a.nanoseconds < b.nanoseconds);
}

as_time as_time_add(as_time t, int64_t nanoseconds)
{
    int64_t nano = t.nanoseconds + nanoseconds % NANO;
    t.seconds += nanoseconds / NANO + floor_div(nano, NANO);
    t.nanoseconds = (int32_t)(nano - floor_div(nano, NANO) * NANO);
    return t;
}

/* --- durations -------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    uint64_t nanoseconds;
} units[] = {
        {"ns", 1},
        {"us", 1000},
        {"\xc2\xb5s", 1000},
        {"\xce\xbcs", 1000},
        {"ms", 1000000},
        {"s", NANO},
        {"m", UINT64_C(60) * NANO},
        {"h", UINT64_C(3600) * NANO},
};
static const uint64_t most = UINT64_C(1) << 63;

static bool is_digit(as_str s, size_t i)
{
    return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

/* One number with its unit off the front of *rest. False with *error; empty: "invalid duration". */
static bool duration_part(as_arena *arena, as_str text, as_str *rest, uint64_t *out, as_str *error)
{
    uint64_t whole = 0, part = 0, unit = 0;
    double scale = 1;
    size_t i = 0, n_digits = 0;
    for (; is_digit(*rest, i); i++, n_digits++) {
        if (whole > most / 10 || (whole = whole * 10 + (uint64_t)(rest->p[i] - '0')) > most) {
            return false;
        }
    }
    if (i < rest->n && rest->p[i] == '.') {
        for (i++; is_digit(*rest, i); i++, n_digits++) {
            if (part < most / 10 - 1) { /* more digits change nothing */
                part = part * 10 + (uint64_t)(rest->p[i] - '0');
                scale *= 10;
            }
        }
    }
    if (n_digits == 0) {
        return false;
    }
    *rest = as_str_from_index(*rest, i);
    for (i = 0; i < rest->n && rest->p[i] != '.' && !is_digit(*rest, i);) {
        i++;
    }
    as_str name = as_str_slice(*rest, 0, i);
    *rest = as_str_from_index(*rest, i);
    if (name.n == 0) {
        *error = as_str_fmt(arena, "time: missing unit in duration \"%.*s\"", AS_STR_ARG(text));
        return false;
    }
    for (i = 0; i < sizeof units / sizeof *units; i++) {
        unit = as_str_is(name, units[i].name) ? units[i].nanoseconds : unit;
    }
    if (unit == 0) {
        *error = as_str_fmt(arena, "time: unknown unit \"%.*s\" in duration \"%.*s\"",
                AS_STR_ARG(name), AS_STR_ARG(text));
        return false;
    }
    if (whole > most / unit) {
        return false;
    }
    *out = whole * unit + (uint64_t)((double)part * ((double)unit / scale));
    return *out <= most;
}

/* time.ParseDuration */
bool as_duration_parse(as_arena *arena, as_str text, int64_t *out, as_str *error)
{
    as_str rest = text;
    uint64_t sum = 0, part;
    *error = as_str_fmt(arena, "time: invalid duration \"%.*s\"", AS_STR_ARG(text));
    bool negative = as_str_starts(rest, "-");
    if (negative || as_str_starts(rest, "+")) {
        rest = as_str_from_index(rest, 1);
    }
    *out = 0;
    if (as_str_is(rest, "0")) {
        return true;
    }
    if (rest.n == 0) {
        return false;
    }
    while (rest.n > 0) {
        if (!duration_part(arena, text, &rest, &part, error)) {
            return false;
        }
        sum += part;
        if (sum > most) {
            return false;
        }
    }
    if (!negative && sum == most) {
        return false;
    }
    *out = negative ? (int64_t)(0 - sum) : (int64_t)sum;
    return true;
}
