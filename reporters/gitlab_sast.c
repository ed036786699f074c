/* GitLab's SAST report, schema 15.0.7: findings in the security tab and in merge requests
 * (https://docs.gitlab.com/development/integrations/secure/#report; the schemas lie in
 * gitlab-org/security-products/security-report-schemas). Vulnerabilities are followed over time by
 * the first identifier and by `tracking`, which here is the fingerprint: it stays when lines move.
 */
#include "reporters/reporter.h"

#include "engine/base/clock.h"
#include "engine/base/utf8.h"
#include "engine/cli/version.h"
#include "reporters/common.h"
#include "reporters/json_out.h"

#define SCHEMA "15.0.7"

enum { MAX_NAME = 255, MAX_SOLUTION = 7000, MAX_MESSAGES = 100 };

static as_str cut(as_str text, size_t most)
{
    size_t at = 0;

    for (size_t n = 0; n < most && at < text.n; n++)
        (void)as_utf8_next(text, &at);
    return as_str_slice(text, 0, at);
}

static void write_tool(as_json_out *out, const char *key)
{
    as_json_open(out, key, '{');
    as_json_cstr(out, "id", "assay");
    as_json_cstr(out, "name", "assay");
    as_json_cstr(out, "url", AS_INFORMATION_URI);
    as_json_cstr(out, "version", AS_VERSION);
    as_json_open(out, "vendor", '{');
    as_json_cstr(out, "name", "assay");
    as_json_close(out, '}');
    as_json_close(out, '}');
}

static void write_messages(as_json_out *out, const as_report *report)
{
    static const char *const levels[] = {
            [AS_DIAG_NOTE] = "info", [AS_DIAG_WARNING] = "warn", [AS_DIAG_ERROR] = "warn"};

    as_json_open(out, "messages", '[');
    for (size_t i = 0; i < report->diags->list.n && i < MAX_MESSAGES; i++) {
        const as_diag *diag = &report->diags->list.items[i];
        as_place place = as_diag_place(report, diag);
        as_json_open(out, NULL, '{');
        as_json_cstr(out, "level", levels[diag->severity]);
        as_json_str(out, "value",
                as_str_fmt(out->buf->arena, "%.*s:%u: %.*s", AS_STR_ARG(place.path),
                        place.begin.line, AS_STR_ARG(diag->summary)));
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
}

/* The time is that of the report: a scan takes less than a second of it. */
static void write_scan(as_json_out *out, const as_report *report)
{
    as_str now = as_str_slice(as_clock_time(out->buf->arena, as_clock_now()), 0, 19);

    as_json_open(out, "scan", '{');
    write_tool(out, "analyzer");
    write_tool(out, "scanner");
    as_json_cstr(out, "type", "sast");
    as_json_cstr(out, "status", "success");
    as_json_str(out, "start_time", now);
    as_json_str(out, "end_time", now);
    write_messages(out, report);
    as_json_close(out, '}');
}

static void write_identifier(as_json_out *out, const char *type, as_str value, as_str url)
{
    as_json_open(out, NULL, '{');
    as_json_cstr(out, "type", type);
    as_json_str(out, "name", value);
    as_json_str(out, "value", value);
    if (as_str_starts(url, "http"))
        as_json_str(out, "url", url);
    as_json_close(out, '}');
}

static void write_identifiers(as_json_out *out, const as_finding *f)
{
    as_str url = f->rule->references.n > 0 ? f->rule->references.items[0] : AS_STR("");

    as_json_open(out, "identifiers", '[');
    write_identifier(out, "assay_rule", f->rule->id, url);
    for (size_t i = 0; i < f->aliases.n; i++)
        write_identifier(out, "assay_alias", f->aliases.items[i], AS_STR(""));
    as_json_close(out, ']');
}

static void write_location(as_json_out *out, as_place place, const as_finding *f)
{
    as_json_open(out, "location", '{');
    as_json_str(out, "file", place.path);
    as_json_size(out, "start_line", place.begin.line > 0 ? place.begin.line : 1);
    as_json_size(out, "end_line", place.end.line > 0 ? place.end.line : 1);
    as_json_str_if(out, "class", as_finding_address(f));
    as_json_close(out, '}');
}

static void write_tracking(as_json_out *out, as_place place, as_str unique)
{
    as_json_open(out, "tracking", '{');
    as_json_cstr(out, "type", "source");
    as_json_open(out, "items", '[');
    as_json_open(out, NULL, '{');
    as_json_str(out, "file", place.path);
    as_json_size(out, "start_line", place.begin.line > 0 ? place.begin.line : 1);
    as_json_size(out, "end_line", place.end.line > 0 ? place.end.line : 1);
    as_json_open(out, "signatures", '[');
    as_json_open(out, NULL, '{');
    as_json_cstr(out, "algorithm", "scope_offset");
    as_json_str(out, "value", unique);
    as_json_close(out, '}');
    as_json_close(out, ']');
    as_json_close(out, '}');
    as_json_close(out, ']');
    as_json_close(out, '}');
}

static void write_vulnerability(
        as_json_out *out, const as_report *report, const as_finding *f, as_str unique)
{
    static const char *const severities[] = {
            [AS_SEVERITY_NONE] = "Unknown",
            [AS_SEVERITY_INFO] = "Info",
            [AS_SEVERITY_LOW] = "Low",
            [AS_SEVERITY_MEDIUM] = "Medium",
            [AS_SEVERITY_HIGH] = "High",
            [AS_SEVERITY_CRITICAL] = "Critical",
    };
    as_place place = as_finding_place(report, f);

    as_json_open(out, NULL, '{');
    as_json_str(out, "id", unique);
    as_json_str(out, "name", cut(f->rule->title, MAX_NAME));
    as_json_str(out, "description",
            as_str_fmt(out->buf->arena, "%.*s\n\n%.*s", AS_STR_ARG(f->message),
                    AS_STR_ARG(f->rule->description)));
    as_json_cstr(out, "severity", severities[f->severity]);
    if (f->rule->remediation.n > 0)
        as_json_str(out, "solution", cut(f->rule->remediation, MAX_SOLUTION));
    write_identifiers(out, f);
    as_json_open(out, "links", '[');
    for (size_t i = 0; i < f->rule->references.n; i++) {
        if (!as_str_starts(f->rule->references.items[i], "http"))
            continue;
        as_json_open(out, NULL, '{');
        as_json_str(out, "url", f->rule->references.items[i]);
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
    write_location(out, place, f);
    if (place.path.n > 0)
        write_tracking(out, place, unique);
    as_json_close(out, '}');
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *buf)
{
    as_json_out out = {.buf = buf, .indent = 2};
    as_map seen = {0};

    (void)style;
    as_json_open(&out, NULL, '{');
    as_json_cstr(&out, "schema",
            "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v" SCHEMA
            "/dist/sast-report-format.json");
    as_json_cstr(&out, "version", SCHEMA);
    write_scan(&out, report);
    as_json_open(&out, "vulnerabilities", '[');
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if (f->status == AS_FAIL)
            write_vulnerability(&out, report, f, as_unique_fingerprint(buf->arena, &seen, f));
    }
    as_json_close(&out, ']');
    as_json_close(&out, '}');
    as_buf_char(buf, '\n');
}

const as_reporter as_reporter_gitlab_sast = {
        .name = "gitlab-sast",
        .summary = "GitLab's SAST report",
        .extension = "json",
        .write = write,
        .dated = true,
};
