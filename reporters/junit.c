/* JUnit's XML, as Jenkins, GitLab and Azure Pipelines read it: a test suite a file, a test case a
 * verdict. Failures fail, what is unknown or suppressed is skipped. Valid by junit-10.xsd of
 * Jenkins' xunit plugin, which knows files of suites alone and no lines: they stand in the texts.
 */
#include "reporters/reporter.h"

#include "engine/base/utf8.h"
#include "reporters/common.h"

/* Characters that XML 1.0 cannot hold (§2.2) become U+FFFD. */
static void add(as_buf *out, as_str text)
{
    for (size_t at = 0; at < text.n;) {
        uint32_t rune = as_utf8_next(text, &at);
        if (rune == '<')
            as_buf_cstr(out, "&lt;");
        else if (rune == '>')
            as_buf_cstr(out, "&gt;");
        else if (rune == '&')
            as_buf_cstr(out, "&amp;");
        else if (rune == '"')
            as_buf_cstr(out, "&quot;");
        else if (rune == '\n' || rune == '\r' || rune == '\t')
            as_buf_fmt(out, "&#%u;", rune);
        else if (rune < 0x20 || rune == 0xfffe || rune == 0xffff)
            as_buf_rune(out, 0xfffd);
        else
            as_buf_rune(out, rune);
    }
}

static void attribute(as_buf *out, const char *name, as_str text)
{
    as_buf_fmt(out, " %s=\"", name);
    add(out, text);
    as_buf_char(out, '"');
}

static bool shown(const as_report *report, const as_finding *finding)
{
    return finding->status != AS_PASS || report->show_passed;
}

static void write_case(as_buf *out, const as_report *report, const as_finding *f)
{
    as_place place = as_finding_place(report, f);

    as_buf_cstr(out, "    <testcase");
    attribute(out, "classname", f->rule->id);
    attribute(out, "name",
            as_str_fmt(out->arena, "%.*s: %.*s", AS_STR_ARG(f->rule->title),
                    AS_STR_ARG(as_finding_address(f))));
    if (f->status == AS_PASS) {
        as_buf_cstr(out, "/>\n");
        return;
    }
    as_buf_cstr(out, ">\n      ");
    if (f->status == AS_FAIL) {
        as_buf_cstr(out, "<failure");
        attribute(out, "type", as_str_from(as_severity_name(f->severity)));
        attribute(out, "message", f->message);
        as_buf_char(out, '>');
        add(out, as_str_fmt(out->arena, "%.*s:%u: %.*s", AS_STR_ARG(place.path), place.begin.line,
                         AS_STR_ARG(f->rule->remediation)));
        as_buf_cstr(out, "</failure>\n");
    } else {
        as_buf_cstr(out, "<skipped");
        attribute(out, "message",
                as_str_fmt(out->arena, "%s: %.*s", as_status_name(f->status),
                        AS_STR_ARG(f->suppression ? f->suppression->reason : f->message)));
        as_buf_cstr(out, "/>\n");
    }
    as_buf_cstr(out, "    </testcase>\n");
}

/* The findings from `from` on that lie in one file; returns the index behind them. */
static size_t write_suite(as_buf *out, const as_report *report, size_t from)
{
    as_str path = as_finding_place(report, &report->findings[from]).path;
    size_t to = from, tests = 0, failures = 0, skipped = 0;

    for (; to < report->n_findings; to++) {
        const as_finding *f = &report->findings[to];
        if (!as_str_eq(as_finding_place(report, f).path, path))
            break;
        tests += shown(report, f);
        failures += f->status == AS_FAIL;
        skipped += f->status == AS_UNSURE || f->status == AS_SUPPRESSED;
    }
    if (tests == 0)
        return to;
    as_buf_cstr(out, "  <testsuite");
    attribute(out, "name", path);
    attribute(out, "file", path);
    as_buf_fmt(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", tests,
            failures, skipped);
    for (size_t i = from; i < to; i++)
        if (shown(report, &report->findings[i]))
            write_case(out, report, &report->findings[i]);
    as_buf_cstr(out, "  </testsuite>\n");
    return to;
}

static void write_diags(as_buf *out, const as_report *report)
{
    if (report->diags->list.n == 0)
        return;
    as_buf_fmt(out,
            "  <testsuite name=\"diagnostics\" tests=\"%zu\" failures=\"0\" errors=\"%zu\" "
            "skipped=\"%zu\">\n",
            report->diags->list.n, report->diags->n_errors,
            report->diags->list.n - report->diags->n_errors);
    for (size_t i = 0; i < report->diags->list.n; i++) {
        const as_diag *diag = &report->diags->list.items[i];
        as_place place = as_diag_place(report, diag);
        as_buf_cstr(out, "    <testcase");
        attribute(out, "classname", as_str_from(diag->code));
        attribute(out, "name", place.path);
        as_buf_fmt(out, ">\n      <%s", diag->severity == AS_DIAG_ERROR ? "error" : "skipped");
        attribute(out, "message",
                place.begin.line == 0 ? diag->summary
                                      : as_str_fmt(out->arena, "line %u: %.*s", place.begin.line,
                                                AS_STR_ARG(diag->summary)));
        as_buf_cstr(out, "/>\n    </testcase>\n");
    }
    as_buf_cstr(out, "  </testsuite>\n");
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *out)
{
    (void)style;
    as_buf_cstr(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay\">\n");
    for (size_t i = 0; i < report->n_findings;)
        i = write_suite(out, report, i);
    write_diags(out, report);
    as_buf_cstr(out, "</testsuites>\n");
}

const as_reporter as_reporter_junit = {
        .name = "junit",
        .summary = "test results for CI servers",
        .extension = "xml",
        .write = write,
};
