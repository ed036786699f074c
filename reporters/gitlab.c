/* GitLab's Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/ (a subset of the
 * Code Climate specification). */
#include "reporters/reporter.h"

#include "reporters/common.h"
#include "reporters/json_out.h"

static void write_location(as_json_out *out, as_place place)
{
    as_json_open(out, "location", '{');
    as_json_str(out, "path", place.path);
    as_json_open(out, "lines", '{');
    as_json_size(out, "begin", place.begin.line > 0 ? place.begin.line : 1);
    if (place.end.line > place.begin.line)
        as_json_size(out, "end", place.end.line);
    as_json_close(out, '}');
    as_json_close(out, '}');
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *buf)
{
    static const char *const severities[] = {
            [AS_SEVERITY_NONE] = "info",
            [AS_SEVERITY_INFO] = "info",
            [AS_SEVERITY_LOW] = "minor",
            [AS_SEVERITY_MEDIUM] = "major",
            [AS_SEVERITY_HIGH] = "critical",
            [AS_SEVERITY_CRITICAL] = "blocker",
    };
    as_json_out out = {.buf = buf, .indent = 2};
    as_map seen = {0};

    (void)style;
    as_json_open(&out, NULL, '[');
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if (f->status != AS_FAIL)
            continue;
        as_json_open(&out, NULL, '{');
        as_json_str(&out, "description",
                as_str_fmt(buf->arena, "%.*s: %.*s", AS_STR_ARG(f->rule->title),
                        AS_STR_ARG(f->message)));
        as_json_str(&out, "check_name", f->rule->id);
        as_json_str(&out, "fingerprint", as_unique_fingerprint(buf->arena, &seen, f));
        as_json_cstr(&out, "severity", severities[f->severity]);
        write_location(&out, as_finding_place(report, f));
        as_json_close(&out, '}');
    }
    as_json_close(&out, ']');
    as_buf_char(buf, '\n');
}

const as_reporter as_reporter_gitlab = {
        .name = "gitlab",
        .summary = "GitLab's Code Quality report",
        .extension = "json",
        .write = write,
};
