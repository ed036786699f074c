/* Dates: go-cty cty/function/stdlib/datetime.go, Terraform internal/lang/funcs/datetime.go. What
 * the clock says is unknown, as it is while Terraform plans. */
#include "parsers/hcl/func.h"
#include "parsers/hcl/timestamp.h"

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July",
        "August", "September", "October", "November", "December"};
static const char *const weekdays[] = {
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

/* --- formatdate ----------------------------------------------------------------------------------- */

typedef struct date_writer {
    as_hcl_call *call;
    as_buf *out;
    as_time time;
    as_civil civil;
} date_writer;

static bool invalid(date_writer *w, as_str verb, const char *why)
{
    as_fn_fail_arg(w->call, 0, "invalid date format verb \"%.*s\"%s", AS_STR_ARG(verb), why);
    return false;
}

/* A number in one or two digits. */
static bool put_number(date_writer *w, as_str verb, int n, const char *why)
{
    if (verb.n > 2) {
        return invalid(w, verb, why);
    }
    as_buf_fmt(w->out, verb.n == 2 ? "%02d" : "%d", n);
    return true;
}

static bool put_year(date_writer *w, as_str verb)
{
    if (verb.n == 2) {
        as_buf_fmt(w->out, "%02d", (int)(w->civil.year % 100));
    } else if (verb.n == 4) {
        as_buf_fmt(w->out, "%04lld", (long long)w->civil.year);
    } else {
        return invalid(w, verb, ": year must either be \"YY\" or \"YYYY\"");
    }
    return true;
}

static bool put_zone(date_writer *w, as_str verb)
{
    switch (verb.n) {
    case 1:
        as_time_write_offset(w->out, w->time, ":", true);
        return true;
    case 3:
        if (w->time.offset == 0) {
            as_buf_cstr(w->out, "UTC");
            return true;
        }
        as_time_write_offset(w->out, w->time, "", false);
        return true;
    case 4:
        as_time_write_offset(w->out, w->time, "", false);
        return true;
    case 5:
        as_time_write_offset(w->out, w->time, ":", false);
        return true;
    default:
        return invalid(w, verb, ": timezone must be Z, ZZZZ, or ZZZZZ");
    }
}

static bool put_verb(date_writer *w, as_str verb)
{
    const as_civil *c = &w->civil;
    switch (verb.p[0]) {
    case 'Y':
        return put_year(w, verb);
    case 'M':
        if (verb.n == 3 || verb.n == 4) {
            as_buf_fmt(w->out, verb.n == 3 ? "%.3s" : "%s", months[c->month - 1]);
            return true;
        }
        return put_number(w, verb, c->month, ": month must be \"M\", \"MM\", \"MMM\", or \"MMMM\"");
    case 'D':
        return put_number(w, verb, c->day, ": day of month must either be \"D\" or \"DD\"");
    case 'E':
        if (verb.n == 3 || verb.n == 4) {
            as_buf_fmt(w->out, verb.n == 3 ? "%.3s" : "%s", weekdays[c->weekday]);
            return true;
        }
        return invalid(w, verb, ": day of week must either be \"EEE\" or \"EEEE\"");
    case 'h':
        return put_number(w, verb, c->hour, ": 24-hour must either be \"h\" or \"hh\"");
    case 'H':
        return put_number(w, verb, c->hour % 12 == 0 ? 12 : c->hour % 12,
                ": 12-hour must either be \"H\" or \"HH\"");
    case 'A':
    case 'a':
        if (verb.n != 2) {
            return invalid(w, verb, ": must be \"AA\" or \"aa\"");
        }
        as_buf_cstr(w->out,
                verb.p[0] == 'A' ? (c->hour < 12 ? "AM" : "PM") : (c->hour < 12 ? "am" : "pm"));
        return true;
    case 'm':
        return put_number(w, verb, c->minute, ": minute must either be \"m\" or \"mm\"");
    case 's':
        return put_number(w, verb, c->second, ": second must either be \"s\" or \"ss\"");
    case 'Z':
        return put_zone(w, verb);
    default:
        return invalid(w, verb, "");
    }
}

/* 'text with ''quotes'''; false when it does not end. The offset behind it is in *i. */
static bool put_quoted(date_writer *w, as_str format, size_t *i)
{
    size_t at = *i + 1;
    if (at < format.n && format.p[at] == '\'') { /* '' alone is a quote */
        as_buf_char(w->out, '\'');
        *i = at + 1;
        return true;
    }
    for (; at < format.n; at++) {
        if (format.p[at] == '\'') {
            if (at + 1 >= format.n || format.p[at + 1] != '\'') {
                *i = at + 1;
                return true;
            }
            at++;
        }
        as_buf_char(w->out, format.p[at]);
    }
    as_fn_fail_arg(w->call, 0, "unterminated literal '");
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const as_value *fn_formatdate(as_hcl_call *call)
{
    as_str format = as_fn_arg_str(call, 0), error;
    as_buf out;
    date_writer w = {.call = call, .out = &out};
    if (!as_time_parse(call->arena, as_fn_arg_str(call, 1), false, &w.time, &error)) {
        return as_fn_fail_arg(call, 1, "%.*s", AS_STR_ARG(error));
    }
    w.civil = as_time_civil(w.time);
    as_buf_init(&out, call->arena, 0);
    for (size_t i = 0; i < format.n;) {
        char c = format.p[i];
        if (c == '\'') {
            if (!put_quoted(&w, format, &i)) {
                return NULL;
            }
        } else if (is_letter(c)) {
            size_t end = i;
            while (end < format.n && format.p[end] == c) {
                end++;
            }
            if (!put_verb(&w, as_str_slice(format, i, end))) {
                return NULL;
            }
            i = end;
        } else {
            as_buf_char(&out, c);
            i++;
        }
    }
    return as_fn_string(call, as_buf_view(&out));
}

/* --- the others ------------------------------------------------------------------------------------- */

static const as_value *fn_timeadd(as_hcl_call *call)
{
    as_time t;
    int64_t duration;
    as_str error;
    if (!as_time_parse(call->arena, as_fn_arg_str(call, 0), false, &t, &error) ||
            !as_duration_parse(call->arena, as_fn_arg_str(call, 1), &duration, &error)) {
        return as_fn_fail(call, "%.*s", AS_STR_ARG(error));
    }
    return as_fn_string(call, as_time_text(call->arena, as_time_add(t, duration)));
}

static const as_value *fn_timecmp(as_hcl_call *call)
{
    as_time times[2];
    as_str error;
    for (size_t i = 0; i < 2; i++) {
        if (!as_time_parse(call->arena, as_fn_arg_str(call, i), true, &times[i], &error)) {
            return as_fn_fail_arg(call, i, "%.*s", AS_STR_ARG(error));
        }
    }
    return as_fn_int(call, as_time_cmp(times[0], times[1]));
}

static const as_value *fn_clock(as_hcl_call *call)
{
    return as_hcl_unknown(
            call->arena, call->span, &as_type_string, AS_STR("the time of the run is not known"));
}

#define STRING &as_type_string

static const as_hcl_function functions[] = {
        {.name = "formatdate",
                .impl = fn_formatdate,
                .result = STRING,
                .not_null = true,
                .params = {{"format", STRING, 0}, {"time", STRING, 0}}},
        {.name = "plantimestamp", .impl = fn_clock, .result = STRING},
        {.name = "timeadd",
                .impl = fn_timeadd,
                .result = STRING,
                .params = {{"timestamp", STRING, 0}, {"duration", STRING, 0}}},
        {.name = "timecmp",
                .impl = fn_timecmp,
                .result = &as_type_number,
                .not_null = true,
                .params = {{"timestamp_a", STRING, 0}, {"timestamp_b", STRING, 0}}},
        {.name = "timestamp", .impl = fn_clock, .result = STRING, .not_null = true, .impure = true},
        {0},
};
const as_hcl_family as_hcl_family_date = {"date", functions};
