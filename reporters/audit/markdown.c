/* The auditor's report as GitHub-flavoured Markdown: for a wiki, an issue, a pull request. */
#include "engine/cli/version.h"
#include "reporters/audit/formats.h"
#include "reporters/common.h"
#include "reporters/markdown_text.h"

enum { LISTED_BY_CONTROL = 5 };

static void cell(as_buf *out, as_str text)
{
    as_buf_cstr(out, " ");
    as_markdown_text(out, text);
    as_buf_cstr(out, " |");
}

static void percent(as_buf *out, int score)
{
    if (score < 0)
        as_buf_cstr(out, " - |");
    else
        as_buf_fmt(out, " %d %% |", score);
}

static void write_head(as_buf *out, const as_audit *audit)
{
    as_buf_cstr(out, "# Compliance report: ");
    as_markdown_text(out, audit->title);
    as_buf_cstr(out, "\n\nassay " AS_VERSION);
    if (audit->generated.n > 0)
        as_buf_fmt(out, ", %.*s", AS_STR_ARG(audit->generated));
    as_buf_cstr(out, ". ");
    as_buf_count(out, audit->report->coverage.n_entities, "resource");
    as_buf_cstr(out, " in ");
    as_buf_count(out, audit->report->coverage.n_files, "file");
    as_buf_cstr(out, ", ");
    as_buf_count(out, audit->report->coverage.n_checks, "check");
    as_buf_cstr(out,
            ".\n\n| critical | high | medium | low | info | not decided | excepted | passed |\n"
            "|---:|---:|---:|---:|---:|---:|---:|---:|\n|");
    for (int s = AS_SEVERITY_CRITICAL; s >= AS_SEVERITY_INFO; s--)
        as_buf_fmt(out, " %zu |", audit->report->summary.failed_by_severity[s]);
    as_buf_fmt(out, " %zu | %zu | %zu |\n", audit->total.n[AS_UNSURE],
            audit->total.n[AS_SUPPRESSED], audit->total.n[AS_PASS]);
}

static void write_scores(as_buf *out, const as_audit *audit)
{
    as_buf_cstr(out,
            "\n## Frameworks\n\n| framework | controls met | met | failed | unknown | by hand |");
    for (size_t e = 0; e < audit->environments.n; e++)
        cell(out, audit->environments.items[e].n > 0 ? audit->environments.items[e]
                                                     : AS_STR("(no environment)"));
    as_buf_cstr(out, "\n|---|---:|---:|---:|---:|---:|");
    for (size_t e = 0; e < audit->environments.n; e++)
        as_buf_cstr(out, "---:|");
    as_buf_char(out, '\n');
    for (size_t i = 0; i < audit->n_frameworks; i++) {
        const as_audit_framework *f = &audit->frameworks[i];
        as_buf_char(out, '|');
        cell(out, as_str_fmt(out->arena, "%.*s %.*s", AS_STR_ARG(f->framework->name),
                          AS_STR_ARG(f->framework->version)));
        percent(out, as_audit_control_score(f));
        as_buf_fmt(out, " %zu | %zu | %zu | %zu |",
                f->by_state[AS_CONTROL_PASSED] + f->by_state[AS_CONTROL_ACCEPTED],
                f->by_state[AS_CONTROL_FAILED], f->by_state[AS_CONTROL_UNKNOWN],
                f->by_state[AS_CONTROL_MANUAL]);
        for (size_t e = 0; e < audit->environments.n; e++)
            percent(out, as_audit_score(&f->by_environment[e]));
        as_buf_char(out, '\n');
    }
}

static void write_failures(as_buf *out, const as_audit *audit, const as_audit_control *control)
{
    size_t listed = 0;

    for (size_t i = 0; i < audit->report->n_findings && listed < LISTED_BY_CONTROL; i++) {
        const as_finding *f = &audit->report->findings[i];
        if (f->status != AS_FAIL || !as_audit_control_has(control, audit->rule_of[i]))
            continue;
        as_place place = as_finding_place(audit->report, f);
        as_buf_cstr(out, listed++ > 0 ? "<br>" : " ");
        as_markdown_text(out, f->rule->id);
        as_buf_cstr(out, ": ");
        as_markdown_text(out, f->message);
        as_buf_char(out, ' ');
        as_markdown_code(
                out, as_str_fmt(out->arena, "%.*s:%u", AS_STR_ARG(place.path), place.begin.line));
    }
    if (control->counts.n[AS_FAIL] > listed)
        as_buf_fmt(out, "<br>and %zu more", control->counts.n[AS_FAIL] - listed);
    if (control->control->manual.n > 0) {
        as_buf_cstr(out, listed > 0 ? "<br>by hand: " : " by hand: ");
        as_markdown_text(out, control->control->manual);
    }
    as_buf_cstr(out, " |\n");
}

/* Controls of which nothing is in scope are left out. */
static void write_framework(as_buf *out, const as_audit *audit, const as_audit_framework *f)
{
    as_buf_cstr(out, "\n## ");
    as_markdown_text(out, f->framework->name);
    as_buf_char(out, ' ');
    as_markdown_text(out, f->framework->version);
    as_buf_cstr(out, "\n\n| control | state | failed | passed | unknown | excepted | "
                     "|\n|---|---|---:|---:|---:|---:|---|\n");
    for (size_t i = 0; i < f->framework->n_controls; i++) {
        const as_audit_control *control = &f->controls[i];
        if (control->state == AS_CONTROL_NOTHING)
            continue;
        as_buf_char(out, '|');
        cell(out, as_str_fmt(out->arena, "%.*s %.*s", AS_STR_ARG(control->control->id),
                          AS_STR_ARG(control->control->title)));
        as_buf_fmt(out, " %s | %zu | %zu | %zu | %zu |", as_control_state_name(control->state),
                control->counts.n[AS_FAIL], control->counts.n[AS_PASS],
                control->counts.n[AS_UNSURE], control->counts.n[AS_SUPPRESSED]);
        write_failures(out, audit, control);
    }
}

static void write_exceptions(as_buf *out, const as_audit *audit)
{
    if (audit->total.n[AS_SUPPRESSED] == 0)
        return;
    as_buf_cstr(out, "\n## Exceptions\n\n| ends | owner | rule | reason | resource "
                     "|\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < audit->report->n_findings; i++) {
        const as_finding *f = &audit->report->findings[i];
        const as_suppression *s = f->suppression;
        if (f->status != AS_SUPPRESSED || !s)
            continue;
        as_buf_char(out, '|');
        cell(out, s->until.n > 0 ? s->until : AS_STR("never"));
        cell(out, s->owner.n > 0 ? s->owner : AS_STR("nobody"));
        cell(out, f->rule->id);
        cell(out, s->reason.n > 0 ? s->reason : AS_STR("none given"));
        as_buf_char(out, ' ');
        as_markdown_code(out, as_finding_address(f));
        as_buf_cstr(out, " |\n");
    }
}

static void write_unknown(as_buf *out, const as_audit *audit)
{
    const as_coverage *coverage = &audit->report->coverage;

    if (coverage->n_missing == 0)
        return;
    as_buf_cstr(out, "\n## What could not be decided\n\n");
    for (size_t i = 0; i < coverage->n_missing; i++) {
        as_buf_cstr(out, "- ");
        as_buf_count(out, coverage->missing[i].n, "check");
        as_buf_cstr(out, ": ");
        as_markdown_text(out, coverage->missing[i].reason);
        as_buf_char(out, '\n');
    }
}

void as_audit_markdown_write(as_buf *buf, const as_audit *audit)
{
    write_head(buf, audit);
    write_scores(buf, audit);
    for (size_t i = 0; i < audit->n_frameworks; i++)
        write_framework(buf, audit, &audit->frameworks[i]);
    write_exceptions(buf, audit);
    write_unknown(buf, audit);
}
