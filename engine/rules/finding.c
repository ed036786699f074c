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
