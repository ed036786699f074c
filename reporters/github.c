/* Workflow commands of GitHub Actions: findings and diagnostics become annotations of the change.
 * Form: "Workflow commands for GitHub Actions"; escapes as in actions/toolkit, core/src/command.ts.
 */
#include "reporters/reporter.h"

#include "reporters/common.h"

/* In a property ':' and ',' are escaped too. */
static void add(as_buf *out, as_str text, bool property)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
            as_buf_fmt(out, "%%%02X", (unsigned)c);
        else
            as_buf_char(out, c);
    }
}

static void add_command(as_buf *out, const char *command, as_place place, as_str title)
{
    as_buf_fmt(out, "::%s ", command);
    if (place.path.n > 0) {
        as_buf_cstr(out, "file=");
        add(out, place.path, true);
        as_buf_char(out, ',');
    }
    if (place.begin.line > 0) {
        as_buf_fmt(out, "line=%u,", place.begin.line);
        if (place.end.line > place.begin.line)
            as_buf_fmt(out, "endLine=%u,", place.end.line);
        else
            as_buf_fmt(out, "col=%u,endColumn=%u,", place.begin.column, place.end.column);
    }
    as_buf_cstr(out, "title=");
    add(out, title, true);
    as_buf_cstr(out, "::");
}

static void write_finding(
        as_buf *out, const as_report *report, const as_finding *f, const char *command)
{
    add_command(out, command, as_finding_place(report, f),
            as_str_fmt(
                    out->arena, "%.*s %.*s", AS_STR_ARG(f->rule->id), AS_STR_ARG(f->rule->title)));
    add(out, f->message, false);
    if (f->entity) {
        as_buf_cstr(out, " (");
        add(out, f->entity->address, false);
        as_buf_char(out, ')');
    }
    as_buf_char(out, '\n');
}

/* The worst first: a step shows ten annotations of a kind. */
static void write(const as_report *report, const as_reporter_style *style, as_buf *out)
{
    static const char *const commands[] = {
            [AS_SEVERITY_NONE] = "notice",
            [AS_SEVERITY_INFO] = "notice",
            [AS_SEVERITY_LOW] = "notice",
            [AS_SEVERITY_MEDIUM] = "warning",
            [AS_SEVERITY_HIGH] = "error",
            [AS_SEVERITY_CRITICAL] = "error",
    };
    static const char *const diag_commands[] = {
            [AS_DIAG_NOTE] = "notice", [AS_DIAG_WARNING] = "warning", [AS_DIAG_ERROR] = "error"};

    (void)style;
    for (int severity = AS_SEVERITY_CRITICAL; severity >= AS_SEVERITY_NONE; severity--)
        for (size_t i = 0; i < report->n_findings; i++)
            if (report->findings[i].status == AS_FAIL &&
                    (int)report->findings[i].severity == severity)
                write_finding(out, report, &report->findings[i], commands[severity]);
    for (size_t i = 0; i < report->diags->list.n; i++) {
        const as_diag *diag = &report->diags->list.items[i];
        add_command(out, diag_commands[diag->severity], as_diag_place(report, diag),
                as_str_from(diag->code));
        add(out, diag->summary, false);
        as_buf_char(out, '\n');
    }
}

const as_reporter as_reporter_github = {
        .name = "github",
        .summary = "annotations in GitHub Actions",
        .extension = "txt",
        .write = write,
};
