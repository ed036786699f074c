#include "engine/rules/finding.h"

static const char *const severities[] = {
        [AS_SEVERITY_NONE] = "none",
        [AS_SEVERITY_INFO] = "info",
        [AS_SEVERITY_LOW] = "low",
        [AS_SEVERITY_MEDIUM] = "medium",
        [AS_SEVERITY_HIGH] = "high",
        [AS_SEVERITY_CRITICAL] = "critical",
};

const char *as_severity_name(as_severity severity)
{
    return severities[severity];
}

bool as_severity_parse(as_str text, as_severity *out)
{
    for (size_t i = 0; i < sizeof severities / sizeof *severities; i++) {
        if (as_str_is(text, severities[i])) {
            *out = (as_severity)i;
            return true;
        }
    }
    return false;
}

const char *as_status_name(as_status status)
{
    static const char *const names[] = {
            [AS_FAIL] = "fail",
            [AS_PASS] = "pass",
            [AS_UNSURE] = "unknown",
            [AS_SUPPRESSED] = "suppressed",
    };

    return names[status];
}

bool as_date_valid(as_str date)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year, month, day;

    if (date.n != 10 || date.p[4] != '-' || date.p[7] != '-' ||
            !as_str_to_int(as_str_slice(date, 0, 4), &year) ||
            !as_str_to_int(as_str_slice(date, 5, 7), &month) ||
            !as_str_to_int(as_str_slice(date, 8, 10), &day) || month < 1 || month > 12)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}
