/* GitHub-flavoured Markdown for comments on changes and for job summaries. */
#include "reporters/reporter.h"

#include "reporters/common.h"
#include "reporters/markdown_text.h"

/* A comment on GitHub may have 65,536 characters. */
enum { MAX_TABLE = 48000, MAX_GAPS = 20 };

static void add_place(as_buf *out, as_place place)
{
    if (place.path.n == 0)
        return;
    as_markdown_code(out, place.begin.line > 0 ? as_str_fmt(out->arena, "%.*s:%u",
                                                         AS_STR_ARG(place.path), place.begin.line)
                                               : place.path);
}

static void write_summary(as_buf *out, const as_report *report)
{
    const as_summary *summary = &report->summary;

    as_buf_cstr(out, "| critical | high | medium | low | info | suppressed | unknown | passed |\n"
                     "|---:|---:|---:|---:|---:|---:|---:|---:|\n|");
    for (int s = AS_SEVERITY_CRITICAL; s >= AS_SEVERITY_INFO; s--)
        as_buf_fmt(out, " %zu |", summary->failed_by_severity[s]);
    as_buf_fmt(out, " %zu | %zu | %zu |\n", summary->by_status[AS_SUPPRESSED],
            summary->by_status[AS_UNSURE], summary->by_status[AS_PASS]);
}

static void write_finding(as_buf *out, const as_report *report, const as_finding *f)
{
    as_buf_fmt(out, "| %s | ", as_severity_name(f->severity));
    as_markdown_text(out, f->rule->id);
    as_buf_cstr(out, "<br>");
    as_markdown_text(out, f->rule->title);
    as_buf_cstr(out, " | ");
    as_markdown_code(out, as_finding_address(f));
    as_buf_cstr(out, " | ");
    add_place(out, as_finding_place(report, f));
    as_buf_cstr(out, " | ");
    as_markdown_text(out, f->message);
    as_buf_cstr(out, " |\n");
}

/* Severities from the worst down, within one the report's order; what does not fit is counted. */
static void write_findings(as_buf *out, const as_report *report)
{
    size_t begin = out->n, left = 0;

    if (report->summary.by_status[AS_FAIL] == 0)
        return;
    as_buf_cstr(out, "\n| severity | rule | resource | place | what is wrong |\n"
                     "|---|---|---|---|---|\n");
    for (int severity = AS_SEVERITY_CRITICAL; severity >= AS_SEVERITY_NONE; severity--) {
        for (size_t i = 0; i < report->n_findings; i++) {
            const as_finding *f = &report->findings[i];
            if (f->status != AS_FAIL || (int)f->severity != severity)
                continue;
            if (out->n - begin > MAX_TABLE)
                left++;
            else
                write_finding(out, report, f);
        }
    }
    if (left > 0) {
        as_buf_cstr(out, "\nand ");
        as_buf_count(out, left, "more finding");
        as_buf_cstr(out, " that a comment has no room for\n");
    }
}

static void write_gaps(as_buf *out, const as_report *report)
{
    const as_coverage *coverage = &report->coverage;

    if (coverage->n_missing > 0) {
        as_buf_cstr(out, "\n### Could not be decided\n\n");
        for (size_t i = 0; i < coverage->n_missing && i < MAX_GAPS; i++) {
            as_buf_cstr(out, "- ");
            as_buf_count(out, coverage->missing[i].n, "check");
            as_buf_cstr(out, ": ");
            as_markdown_text(out, coverage->missing[i].reason);
            as_buf_char(out, '\n');
        }
        if (coverage->n_missing > MAX_GAPS) {
            as_buf_cstr(out, "- and ");
            as_buf_count(out, coverage->n_missing - MAX_GAPS, "more reason");
            as_buf_char(out, '\n');
        }
    }
    if (report->diags->list.n > 0) {
        as_buf_cstr(out, "\n### Diagnostics\n\n");
        for (size_t i = 0; i < report->diags->list.n && i < MAX_GAPS; i++) {
            const as_diag *diag = &report->diags->list.items[i];
            as_buf_fmt(out, "- %s: ", as_diag_severity_name(diag->severity));
            add_place(out, as_diag_place(report, diag));
            as_buf_char(out, ' ');
            as_markdown_text(out, diag->summary);
            as_buf_fmt(out, " (%s)\n", diag->code);
        }
        if (report->diags->list.n > MAX_GAPS)
            as_buf_fmt(out, "- and %zu more\n", report->diags->list.n - MAX_GAPS);
    }
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *out)
{
    size_t failed = report->summary.by_status[AS_FAIL];

    (void)style;
    as_buf_cstr(out, "## assay: ");
    if (failed == 0)
        as_buf_cstr(out, report->baseline.n > 0 ? "nothing new" : "nothing found");
    else
        as_buf_count(out, failed, report->baseline.n > 0 ? "new finding" : "finding");
    as_buf_cstr(out, "\n\n");
    if (report->baseline.n > 0) {
        size_t known = 0;
        for (size_t i = 0; i < report->n_findings; i++)
            known += as_finding_is_known(&report->findings[i]);
        as_buf_cstr(out, "Compared with ");
        as_markdown_code(out, report->baseline);
        as_buf_fmt(out, "; known and still there: %zu.\n\n", known);
    }
    write_summary(out, report);
    write_findings(out, report);
    write_gaps(out, report);
    as_buf_cstr(out, "\nChecked ");
    as_buf_count(out, report->coverage.n_files, "file");
    as_buf_cstr(out, " and ");
    as_buf_count(out, report->coverage.n_entities, "resource");
    as_buf_cstr(out, " with ");
    as_buf_count(out, report->coverage.n_rules_loaded, "rule");
    as_buf_cstr(out, "; ");
    as_buf_count(out, report->coverage.n_skips, "file");
    as_buf_cstr(out, " skipped.\n");
}

const as_reporter as_reporter_markdown = {
        .name = "markdown",
        .summary = "tables for a comment or a job summary",
        .extension = "md",
        .write = write,
};
