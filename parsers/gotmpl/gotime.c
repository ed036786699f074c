/* Instants and layouts (src/time/format.go) and durations (src/time/time.go). */
#include "parsers/gotmpl/gotime.h"

#include "parsers/gotmpl/strconv.h"

const char *const as_go_months[12] = {"January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December"};
const char *const as_go_weekdays[7] = {
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

/* --- the calendar ------------------------------------------------------------------------------------- */

/* Days from civil: eras of 400 years, years beginning in March. */
int64_t as_go_days(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400, doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

as_go_civil as_go_time_civil(as_go_instant t)
{
    int64_t s;
    if (__builtin_add_overflow(t.seconds, (int64_t)t.offset, &s))
        s = t.seconds;
    int64_t day = s / 86400, rest = s % 86400;
    if (rest < 0) {
        rest += 86400;
        day--;
    }
    int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    as_go_civil c;
    c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
    c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
    c.year = yoe + era * 400 + (c.month <= 2);
    c.hour = (int)(rest / 3600);
    c.minute = (int)(rest / 60 % 60);
    c.second = (int)(rest % 60);
    c.weekday = (int)(((day + 4) % 7 + 7) % 7);
    c.yearday = (int)(day - as_go_days(c.year, 1, 1)) + 1;
    return c;
}

/* --- layouts ------------------------------------------------------------------------------------------- */

typedef enum std {
    STD_NONE,
    LONG_MONTH,
    MONTH,
    NUM_MONTH,
    ZERO_MONTH,
    LONG_WEEKDAY,
    WEEKDAY,
    DAY,
    UNDER_DAY,
    ZERO_DAY,
    UNDER_YEARDAY,
    ZERO_YEARDAY,
    HOUR,
    HOUR12,
    ZERO_HOUR12,
    MINUTE,
    ZERO_MINUTE,
    SECOND,
    ZERO_SECOND,
    LONG_YEAR,
    YEAR,
    UPPER_PM,
    LOWER_PM,
    ZONE_NAME,
    ISO_ZONE,    /* Z0700 */
    ISO_SECONDS, /* Z070000 */
    ISO_SHORT,   /* Z07 */
    ISO_COLON,   /* Z07:00 */
    ISO_COLON_SECONDS,
    NUM_ZONE,    /* -0700 */
    NUM_SECONDS, /* -070000 */
    NUM_SHORT,   /* -07 */
    NUM_COLON,   /* -07:00 */
    NUM_COLON_SECONDS,
    FRACTION_0,
    FRACTION_9,
} std;

static const struct {
    const char *text;
    std std;
} chunks[] = {/* of two that fit, the first is taken */
        {"January", LONG_MONTH}, {"Jan", MONTH}, {"Monday", LONG_WEEKDAY}, {"Mon", WEEKDAY},
        {"MST", ZONE_NAME}, {"002", ZERO_YEARDAY}, {"01", ZERO_MONTH}, {"02", ZERO_DAY},
        {"03", ZERO_HOUR12}, {"04", ZERO_MINUTE}, {"05", ZERO_SECOND}, {"06", YEAR}, {"15", HOUR},
        {"1", NUM_MONTH}, {"2006", LONG_YEAR}, {"2", DAY}, {"_2006", STD_NONE},
        {"__2", UNDER_YEARDAY}, {"_2", UNDER_DAY}, {"3", HOUR12}, {"4", MINUTE}, {"5", SECOND},
        {"PM", UPPER_PM}, {"pm", LOWER_PM}, {"-07:00:00", NUM_COLON_SECONDS},
        {"-070000", NUM_SECONDS}, {"-07:00", NUM_COLON}, {"-0700", NUM_ZONE}, {"-07", NUM_SHORT},
        {"Z07:00:00", ISO_COLON_SECONDS}, {"Z070000", ISO_SECONDS}, {"Z07:00", ISO_COLON},
        {"Z0700", ISO_ZONE}, {"Z07", ISO_SHORT}};

typedef struct chunk {
    as_str prefix, text, suffix; /* of the layout */
    std std;
    int digits;     /* of a fraction */
    char separator; /* '.' or ',' before it */
} chunk;

static bool fraction_at(as_str layout, size_t i, chunk *c)
{
    char first = layout.p[i];
    if ((first != '.' && first != ',') || i + 1 >= layout.n)
        return false;
    char digit = layout.p[i + 1];
    if (digit != '0' && digit != '9')
        return false;
    size_t j = i + 1;
    while (j < layout.n && layout.p[j] == digit)
        j++;
    if (j < layout.n && layout.p[j] >= '0' && layout.p[j] <= '9')
        return false;
    c->std = digit == '0' ? FRACTION_0 : FRACTION_9;
    c->digits = (int)(j - i - 1);
    c->separator = first;
    c->text = as_str_slice(layout, i, j);
    return true;
}

static chunk next_chunk(as_str layout)
{
    chunk c = {.prefix = layout};
    for (size_t i = 0; i < layout.n; i++) {
        bool found = fraction_at(layout, i, &c);
        for (size_t k = 0; !found && k < sizeof chunks / sizeof *chunks; k++) {
            if (chunks[k].text[0] != layout.p[i] ||
                    !as_str_starts(as_str_from_index(layout, i), chunks[k].text))
                continue;
            size_t n = strlen(chunks[k].text);
            if (chunks[k].std == STD_NONE) { /* _2006 is a blank and a year */
                c.std = LONG_YEAR;
                c.text = as_str_slice(layout, i + 1, i + n);
                i++;
                found = true;
                break;
            }
            char after = i + 3 < layout.n ? layout.p[i + 3] : '\0';
            if (chunks[k].std == MONTH && after >= 'a' && after <= 'z')
                break; /* "Jane" is no month */
            if (chunks[k].std == WEEKDAY && after >= 'a' && after <= 'z')
                break;
            c.std = chunks[k].std;
            c.text = as_str_slice(layout, i, i + n);
            found = true;
        }
        if (found) {
            c.prefix = as_str_slice(layout, 0, i);
            c.suffix = as_str_from_index(layout, i + c.text.n);
            return c;
        }
    }
    return c;
}

static void write_zone(as_buf *buf, std s, as_go_instant t)
{
    if (s >= ISO_ZONE && s <= ISO_COLON_SECONDS && t.offset == 0) {
        as_buf_char(buf, 'Z');
        return;
    }
    int offset = t.offset < 0 ? -t.offset : t.offset, minutes = offset / 60;
    as_buf_char(buf, t.offset < 0 ? '-' : '+');
    as_buf_fmt(buf, "%02d", minutes / 60);
    if (s == ISO_COLON || s == NUM_COLON || s == ISO_COLON_SECONDS || s == NUM_COLON_SECONDS)
        as_buf_char(buf, ':');
    if (s != NUM_SHORT && s != ISO_SHORT)
        as_buf_fmt(buf, "%02d", minutes % 60);
    if (s == ISO_COLON_SECONDS || s == NUM_COLON_SECONDS)
        as_buf_char(buf, ':');
    if (s == ISO_SECONDS || s == NUM_SECONDS || s == ISO_COLON_SECONDS || s == NUM_COLON_SECONDS)
        as_buf_fmt(buf, "%02d", offset % 60);
}

static void write_fraction(as_buf *buf, const chunk *c, int32_t nanos)
{
    char digits[16];
    int value = nanos, n = c->digits > 9 ? 9 : c->digits;
    for (int i = 8; i >= 0; i--, value /= 10)
        digits[i] = (char)('0' + value % 10);
    if (c->std == FRACTION_9) {
        while (n > 0 && digits[n - 1] == '0')
            n--;
        if (n == 0)
            return;
    }
    as_buf_char(buf, c->separator);
    as_buf_add(buf, digits, (size_t)n);
}

static void write_chunk(as_buf *buf, const chunk *c, as_go_instant t, const as_go_civil *at)
{
    int hour12 = at->hour % 12 == 0 ? 12 : at->hour % 12;
    switch (c->std) {
    case LONG_YEAR:
        as_buf_fmt(buf, at->year < 0 ? "-%04lld" : "%04lld",
                (long long)(at->year < 0 ? -at->year : at->year));
        break;
    case YEAR:
        as_buf_fmt(buf, "%02d", (int)((at->year < 0 ? -at->year : at->year) % 100));
        break;
    case LONG_MONTH:
        as_buf_cstr(buf, as_go_months[at->month - 1]);
        break;
    case MONTH:
        as_buf_add(buf, as_go_months[at->month - 1], 3);
        break;
    case NUM_MONTH:
        as_buf_fmt(buf, "%d", at->month);
        break;
    case ZERO_MONTH:
        as_buf_fmt(buf, "%02d", at->month);
        break;
    case LONG_WEEKDAY:
        as_buf_cstr(buf, as_go_weekdays[at->weekday]);
        break;
    case WEEKDAY:
        as_buf_add(buf, as_go_weekdays[at->weekday], 3);
        break;
    case DAY:
        as_buf_fmt(buf, "%d", at->day);
        break;
    case UNDER_DAY:
        as_buf_fmt(buf, "%2d", at->day);
        break;
    case ZERO_DAY:
        as_buf_fmt(buf, "%02d", at->day);
        break;
    case UNDER_YEARDAY:
        as_buf_fmt(buf, "%3d", at->yearday);
        break;
    case ZERO_YEARDAY:
        as_buf_fmt(buf, "%03d", at->yearday);
        break;
    case HOUR:
        as_buf_fmt(buf, "%02d", at->hour);
        break;
    case HOUR12:
        as_buf_fmt(buf, "%d", hour12);
        break;
    case ZERO_HOUR12:
        as_buf_fmt(buf, "%02d", hour12);
        break;
    case MINUTE:
        as_buf_fmt(buf, "%d", at->minute);
        break;
    case ZERO_MINUTE:
        as_buf_fmt(buf, "%02d", at->minute);
        break;
    case SECOND:
        as_buf_fmt(buf, "%d", at->second);
        break;
    case ZERO_SECOND:
        as_buf_fmt(buf, "%02d", at->second);
        break;
    case UPPER_PM:
        as_buf_cstr(buf, at->hour >= 12 ? "PM" : "AM");
        break;
    case LOWER_PM:
        as_buf_cstr(buf, at->hour >= 12 ? "pm" : "am");
        break;
    case ZONE_NAME:
        if (t.zone.n > 0) {
            as_buf_str(buf, t.zone);
        } else {
            int minutes = (t.offset < 0 ? -t.offset : t.offset) / 60;
            as_buf_fmt(buf, "%c%02d%02d", t.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
        }
        break;
    case FRACTION_0:
    case FRACTION_9:
        write_fraction(buf, c, t.nanos);
        break;
    case STD_NONE:
        break;
    default:
        write_zone(buf, c->std, t);
    }
}

void as_go_time_format(as_buf *buf, as_go_instant t, as_str layout)
{
    as_go_civil at = as_go_time_civil(t);
    while (layout.n > 0) {
        chunk c = next_chunk(layout);
        as_buf_str(buf, c.prefix);
        if (c.std == STD_NONE)
            break;
        write_chunk(buf, &c, t, &at);
        layout = c.suffix;
    }
}

/* --- parsing -------------------------------------------------------------------------------------------- */

typedef struct parsed {
    int64_t year;
    int month, day, yearday, hour, minute, second, nanos;
    bool pm, am, has_offset;
    int offset, shown_offset; /* the latter of a name such as GMT+3, which moves nothing */
    as_str zone;
} parsed;

static bool take_number(as_str *v, size_t min, size_t max, int *out)
{
    size_t n = 0;
    *out = 0;
    while (n < max && n < v->n && v->p[n] >= '0' && v->p[n] <= '9')
        *out = *out * 10 + (v->p[n++] - '0');
    if (n < min)
        return false;
    *v = as_str_from_index(*v, n);
    return true;
}

static bool take_name(as_str *v, const char *const *names, int n_names, bool is_short, int *out)
{
    for (int i = 0; i < n_names; i++) {
        size_t n = is_short ? 3 : strlen(names[i]);
        if (v->n >= n && as_str_ieq(as_str_slice(*v, 0, n), (as_str){names[i], n})) {
            *v = as_str_from_index(*v, n);
            *out = i;
            return true;
        }
    }
    return false;
}

static bool take_offset(as_str *v, std s, parsed *p)
{
    if (s >= ISO_ZONE && s <= ISO_COLON_SECONDS && v->n > 0 && v->p[0] == 'Z') {
        *v = as_str_from_index(*v, 1);
        p->has_offset = true;
        p->offset = 0;
        p->zone = AS_STR("UTC");
        return true;
    }
    if (v->n < 3 || (v->p[0] != '+' && v->p[0] != '-'))
        return false;
    int sign = v->p[0] == '-' ? -1 : 1, hours, minutes = 0, seconds = 0;
    as_str rest = as_str_from_index(*v, 1);
    bool colon =
            s == ISO_COLON || s == NUM_COLON || s == ISO_COLON_SECONDS || s == NUM_COLON_SECONDS;
    bool with_seconds = s == ISO_SECONDS || s == NUM_SECONDS || s == ISO_COLON_SECONDS ||
                        s == NUM_COLON_SECONDS;
    if (!take_number(&rest, 2, 2, &hours))
        return false;
    for (int k = 0; k < (s == NUM_SHORT || s == ISO_SHORT ? 0 : with_seconds ? 2 : 1); k++) {
        if (colon) {
            if (rest.n == 0 || rest.p[0] != ':')
                return false;
            rest = as_str_from_index(rest, 1);
        }
        if (!take_number(&rest, 2, 2, k == 0 ? &minutes : &seconds))
            return false;
    }
    if (hours > 24 || minutes > 59 || seconds > 59)
        return false;
    *v = rest;
    p->has_offset = true;
    p->offset = sign * (hours * 3600 + minutes * 60 + seconds);
    p->zone = AS_STR_NONE;
    return true;
}

/* "+3", "-12" at `from`: where it ends; `from` when there is none. */
static size_t signed_hours(as_str v, size_t from, int *hours)
{
    size_t i = from + 1;
    *hours = 0;
    if (from >= v.n || (v.p[from] != '+' && v.p[from] != '-'))
        return from;
    for (; i < v.n && v.p[i] >= '0' && v.p[i] <= '9' && *hours < 100; i++)
        *hours = *hours * 10 + (v.p[i] - '0');
    if (i == from + 1 || *hours > 23)
        return from;
    *hours *= v.p[from] == '-' ? -1 : 1;
    return i;
}

/* The length of a name that is none but three to five capitals; 0: there is none. Go:
 * parseTimeZone. */
static size_t capitals(as_str v)
{
    size_t n = 0;
    while (n < v.n && n < 6 && v.p[n] >= 'A' && v.p[n] <= 'Z')
        n++;
    bool good = n == 3 || (n == 4 && (v.p[3] == 'T' || as_str_starts(v, "WITA"))) ||
                (n == 5 && v.p[4] == 'T');
    return good ? n : 0;
}

static bool take_zone_name(as_str *v, parsed *p)
{
    int hours = 0;
    size_t n;
    if (as_str_starts(*v, "ChST") || as_str_starts(*v, "MeST"))
        n = 4;
    else if (as_str_starts(*v, "GMT"))
        n = signed_hours(*v, 3, &hours);
    else if (v->n >= 3 && (v->p[0] == '+' || v->p[0] == '-'))
        n = signed_hours(*v, 0, &(int){0});
    else
        n = capitals(*v);
    if (n == 0)
        return false;
    p->zone = as_str_slice(*v, 0, n);
    p->shown_offset = hours * 3600;
    *v = as_str_from_index(*v, n);
    return true;
}

static bool take_fraction(as_str *v, size_t min, size_t max, int *nanos)
{
    if (v->n < 1 || (v->p[0] != '.' && v->p[0] != ','))
        return false;
    size_t n = 0;
    int value = 0;
    for (; n < max && n + 1 < v->n && v->p[n + 1] >= '0' && v->p[n + 1] <= '9'; n++)
        if (n < 9)
            value = value * 10 + (v->p[n + 1] - '0');
    if (n < min)
        return false;
    for (size_t k = n; k < 9; k++)
        value *= 10;
    *nanos = value;
    *v = as_str_from_index(*v, n + 1);
    return true;
}

static bool in_range(int value, int low, int high, const char **range, const char *name)
{
    if (value >= low && value <= high)
        return true;
    *range = name;
    return false;
}

static void skip_blanks(as_str *v)
{
    while (v->n > 0 && v->p[0] == ' ')
        *v = as_str_from_index(*v, 1);
}

/* One element of the layout off the front of *v. *range names what was out of range. */
static bool take(as_str *v, const chunk *c, parsed *p, const char **range)
{
    int value;
    switch (c->std) {
    case LONG_YEAR:
        if (!take_number(v, 4, 4, &value))
            return false;
        p->year = value;
        return true;
    case YEAR:
        if (!take_number(v, 2, 2, &value))
            return false;
        p->year = value >= 69 ? 1900 + value : 2000 + value;
        return true;
    case LONG_MONTH:
    case MONTH:
        if (!take_name(v, as_go_months, 12, c->std == MONTH, &value))
            return false;
        p->month = value + 1;
        return true;
    case NUM_MONTH:
    case ZERO_MONTH:
        return take_number(v, c->std == ZERO_MONTH ? 2 : 1, 2, &p->month) &&
               in_range(p->month, 1, 12, range, "month");
    case LONG_WEEKDAY:
    case WEEKDAY:
        return take_name(v, as_go_weekdays, 7, c->std == WEEKDAY, &value);
    case UNDER_DAY:
        if (v->n > 0 && v->p[0] == ' ')
            *v = as_str_from_index(*v, 1);
        return take_number(v, 1, 2, &p->day);
    case DAY:
    case ZERO_DAY:
        return take_number(v, c->std == ZERO_DAY ? 2 : 1, 2, &p->day);
    case UNDER_YEARDAY:
        skip_blanks(v);
        return take_number(v, 1, 3, &p->yearday);
    case ZERO_YEARDAY:
        return take_number(v, 3, 3, &p->yearday);
    case HOUR:
        return take_number(v, 1, 2, &p->hour) && in_range(p->hour, 0, 23, range, "hour");
    case HOUR12:
    case ZERO_HOUR12:
        return take_number(v, c->std == ZERO_HOUR12 ? 2 : 1, 2, &p->hour) &&
               in_range(p->hour, 0, 12, range, "hour");
    case MINUTE:
    case ZERO_MINUTE:
        return take_number(v, c->std == ZERO_MINUTE ? 2 : 1, 2, &p->minute) &&
               in_range(p->minute, 0, 59, range, "minute");
    case SECOND:
    case ZERO_SECOND:
        if (!take_number(v, c->std == ZERO_SECOND ? 2 : 1, 2, &p->second) ||
                !in_range(p->second, 0, 59, range, "second"))
            return false;
        if (v->n >= 2 && (v->p[0] == '.' || v->p[0] == ',') && v->p[1] >= '0' && v->p[1] <= '9' &&
                next_chunk(c->suffix).std != FRACTION_0 && next_chunk(c->suffix).std != FRACTION_9)
            take_fraction(v, 1, SIZE_MAX, &p->nanos);
        return true;
    case UPPER_PM:
    case LOWER_PM:
        if (v->n < 2)
            return false;
        p->pm = as_str_starts(*v, c->std == UPPER_PM ? "PM" : "pm");
        p->am = as_str_starts(*v, c->std == UPPER_PM ? "AM" : "am");
        *v = as_str_from_index(*v, 2);
        return p->pm || p->am;
    case ZONE_NAME:
        return take_zone_name(v, p);
    case FRACTION_0:
        return take_fraction(v, (size_t)c->digits, (size_t)c->digits, &p->nanos);
    case FRACTION_9:
        if (v->n > 1 && (v->p[0] == '.' || v->p[0] == ',') && v->p[1] >= '0' && v->p[1] <= '9')
            take_fraction(v, 0, SIZE_MAX, &p->nanos);
        return true;
    default:
        return take_offset(v, c->std, p);
    }
}

static as_str quoted(as_gotmpl *t, as_str s)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    as_go_quote(&buf, s, '"', false);
    return as_buf_view(&buf);
}

static bool cannot(as_gotmpl *t, as_str layout, as_str text, as_str rest, as_str element)
{
    as_str q = quoted(t, text), l = quoted(t, layout), r = quoted(t, rest), e = quoted(t, element);
    return as_go_fail(t, "parsing time %.*s as %.*s: cannot parse %.*s as %.*s", AS_STR_ARG(q),
            AS_STR_ARG(l), AS_STR_ARG(r), AS_STR_ARG(e));
}

static bool out_of_range(as_gotmpl *t, as_str text, const char *what)
{
    as_str q = quoted(t, text);
    return as_go_fail(t, "parsing time %.*s: %s out of range", AS_STR_ARG(q), what);
}

static int days_in(int64_t year, int month)
{
    return (int)(month == 12 ? 31 : as_go_days(year, month + 1, 1) - as_go_days(year, month, 1));
}

static bool finish(as_gotmpl *t, as_str text, parsed *p, as_go_instant *out)
{
    if (p->pm && p->hour < 12)
        p->hour += 12;
    else if (p->am && p->hour == 12)
        p->hour = 0;
    if (p->yearday > 0) {
        as_go_instant first = {.seconds = (as_go_days(p->year, 1, 1) + p->yearday - 1) * 86400};
        as_go_civil c = as_go_time_civil(first);
        if (c.year != p->year)
            return out_of_range(t, text, "day-of-year");
        p->month = c.month;
        p->day = c.day;
    }
    if (p->month == 0)
        p->month = 1;
    if (p->day < 0)
        p->day = 1;
    if (p->day < 1 || p->day > days_in(p->year, p->month))
        return out_of_range(t, text, "day");
    *out = (as_go_instant){.nanos = p->nanos, .offset = p->offset, .zone = p->zone};
    out->seconds = as_go_days(p->year, p->month, p->day) * 86400 + p->hour * 3600 + p->minute * 60 +
                   p->second - p->offset;
    if (!p->has_offset)
        out->offset = p->shown_offset;
    if (!p->has_offset && p->zone.n == 0)
        out->zone = AS_STR("UTC");
    return true;
}

bool as_go_time_parse(as_gotmpl *t, as_str layout, as_str text, as_go_instant *out)
{
    parsed p = {.day = -1};
    as_str rest = text, whole = layout;
    for (;;) {
        chunk c = next_chunk(layout);
        as_str prefix = c.prefix, before = rest;
        while (prefix.n > 0) { /* blanks match any number of blanks */
            if (prefix.p[0] == ' ') {
                if (rest.n > 0 && rest.p[0] != ' ')
                    return cannot(t, whole, text, before, c.prefix);
                skip_blanks(&prefix);
                skip_blanks(&rest);
                continue;
            }
            if (rest.n == 0 || rest.p[0] != prefix.p[0])
                return cannot(t, whole, text, before, c.prefix);
            prefix = as_str_from_index(prefix, 1);
            rest = as_str_from_index(rest, 1);
        }
        if (c.std == STD_NONE)
            break;
        const char *range = NULL;
        as_str held = rest;
        if (!take(&rest, &c, &p, &range))
            return range ? out_of_range(t, text, range) : cannot(t, whole, text, held, c.text);
        layout = c.suffix;
    }
    if (rest.n > 0) {
        as_str q = quoted(t, text), r = quoted(t, rest);
        return as_go_fail(t, "parsing time %.*s: extra text: %.*s", AS_STR_ARG(q), AS_STR_ARG(r));
    }
    return finish(t, text, &p, out);
}

/* --- durations ------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    uint64_t nanos;
} units[] = {{"ns", 1}, {"us", 1000}, {"\xc2\xb5s", 1000}, {"\xce\xbcs", 1000}, {"ms", 1000000},
        {"s", 1000000000}, {"m", 60000000000}, {"h", 3600000000000}};

static bool bad_duration(as_gotmpl *t, const char *what, as_str unit, as_str text)
{
    as_str q = quoted(t, text), u = quoted(t, unit);
    if (unit.n > 0)
        return as_go_fail(t, "time: %s %.*s in duration %.*s", what, AS_STR_ARG(u), AS_STR_ARG(q));
    return as_go_fail(t, "time: %s duration %.*s", what, AS_STR_ARG(q));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "1.5h" off the front, in nanoseconds. */
static bool take_unit(as_gotmpl *t, as_str *s, as_str text, uint64_t *out)
{
    uint64_t value = 0, fraction = 0;
    double scale = 1;
    size_t i = 0, digits = 0;
    bool fraction_full = false;
    for (; i < s->n && is_digit(s->p[i]); i++, digits++)
        if (value > (uint64_t)1 << 60)
            return bad_duration(t, "invalid", AS_STR_NONE, text);
        else
            value = value * 10 + (uint64_t)(s->p[i] - '0');
    if (i < s->n && s->p[i] == '.') {
        for (i++; i < s->n && is_digit(s->p[i]); i++, digits++) {
            if (fraction_full || fraction > ((uint64_t)1 << 63) / 10 - 1) {
                fraction_full = true;
                continue;
            }
            fraction = fraction * 10 + (uint64_t)(s->p[i] - '0');
            scale *= 10;
        }
    }
    if (digits == 0)
        return bad_duration(t, "invalid", AS_STR_NONE, text);
    size_t from = i;
    while (i < s->n && s->p[i] != '.' && !is_digit(s->p[i]))
        i++;
    as_str unit = as_str_slice(*s, from, i);
    if (unit.n == 0)
        return bad_duration(t, "missing unit in", AS_STR_NONE, text);
    uint64_t nanos = 0;
    for (size_t k = 0; k < sizeof units / sizeof *units; k++)
        if (as_str_is(unit, units[k].name))
            nanos = units[k].nanos;
    if (nanos == 0)
        return bad_duration(t, "unknown unit", unit, text);
    if (value > ((uint64_t)1 << 63) / nanos)
        return bad_duration(t, "invalid", AS_STR_NONE, text);
    *out = value * nanos + (uint64_t)((double)fraction * ((double)nanos / scale));
    *s = as_str_from_index(*s, i);
    return true;
}

bool as_go_duration_parse(as_gotmpl *t, as_str text, int64_t *out)
{
    as_str s = text;
    bool negative = s.n > 0 && s.p[0] == '-';
    if (negative || (s.n > 0 && s.p[0] == '+'))
        s = as_str_from_index(s, 1);
    *out = 0;
    if (as_str_is(s, "0"))
        return true;
    if (s.n == 0)
        return bad_duration(t, "invalid", AS_STR_NONE, text);
    uint64_t sum = 0;
    while (s.n > 0) {
        uint64_t part = 0;
        if (!take_unit(t, &s, text, &part))
            return false;
        sum += part;
        if (sum > (uint64_t)1 << 63)
            return bad_duration(t, "invalid", AS_STR_NONE, text);
    }
    if (!negative && sum > INT64_MAX)
        return bad_duration(t, "invalid", AS_STR_NONE, text);
    *out = negative ? (int64_t)(0 - sum) : (int64_t)sum;
    return true;
}

static void write_decimal(as_buf *buf, uint64_t value, unsigned digits)
{
    uint64_t power = 1;
    for (unsigned i = 0; i < digits; i++)
        power *= 10;
    as_buf_fmt(buf, "%llu", (unsigned long long)(value / power));
    uint64_t rest = value % power;
    if (rest == 0)
        return;
    as_buf_char(buf, '.');
    while (rest > 0) {
        power /= 10;
        as_buf_char(buf, (char)('0' + rest / power));
        rest %= power;
    }
}

void as_go_duration_write(as_buf *buf, int64_t nanos)
{
    uint64_t u = nanos < 0 ? 0 - (uint64_t)nanos : (uint64_t)nanos;
    if (u == 0) {
        as_buf_cstr(buf, "0s");
        return;
    }
    if (nanos < 0)
        as_buf_char(buf, '-');
    if (u < 1000000000) {
        unsigned digits = u < 1000 ? 0 : u < 1000000 ? 3 : 6;
        write_decimal(buf, u, digits);
        as_buf_cstr(buf, digits == 0 ? "ns" : digits == 3 ? "\xc2\xb5s" : "ms");
        return;
    }
    uint64_t minutes = u / 60000000000, hours = minutes / 60;
    if (hours > 0)
        as_buf_fmt(buf, "%lluh", (unsigned long long)hours);
    if (minutes > 0)
        as_buf_fmt(buf, "%llum", (unsigned long long)(minutes % 60));
    write_decimal(buf, u % 60000000000, 9);
    as_buf_char(buf, 's');
}
