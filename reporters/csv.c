/* Comma-separated values (RFC 4180) for spreadsheets. A field that a spreadsheet would take for a
 * formula gets an apostrophe in front (OWASP, "CSV Injection"). */
#include "reporters/reporter.h"

#include "reporters/common.h"

static void field(as_buf *out, as_str text, char after)
{
    bool formula = text.n > 0 && as_char_in(text.p[0], "=+-@\t\r\n");
    bool quoted = formula;

    for (size_t i = 0; i < text.n && !quoted; i++)
        quoted = as_char_in(text.p[i], ",\"\r\n");
    if (!quoted) {
        as_buf_str(out, text);
    } else {
        as_buf_cstr(out, formula ? "\"'" : "\"");
        for (size_t i = 0; i < text.n; i++) {
            if (text.p[i] == '"')
                as_buf_char(out, '"');
            if (text.p[i] != '\0')
                as_buf_char(out, text.p[i]);
        }
        as_buf_char(out, '"');
    }
    if (after == '\n')
        as_buf_char(out, '\r');
    as_buf_char(out, after);
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *out)
{
    (void)style;
    as_buf_cstr(out, "status,severity,rule,title,category,resource,type,origin,path,line,message,"
                     "aliases,frameworks,suppression,fingerprint\r\n");
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if (f->status == AS_PASS && !report->show_passed)
            continue;
        as_place place = as_finding_place(report, f);
        field(out, as_str_from(as_status_name(f->status)), ',');
        field(out, as_str_from(as_severity_name(f->severity)), ',');
        field(out, f->rule->id, ',');
        field(out, f->rule->title, ',');
        field(out, f->rule->category, ',');
        field(out, as_finding_address(f), ',');
        field(out, f->entity ? f->entity->type : AS_STR(""), ',');
        field(out, as_str_from(f->entity ? as_origin_name(f->entity->origin) : ""), ',');
        field(out, place.path, ',');
        as_buf_fmt(out, "%u,", place.begin.line);
        field(out, f->message, ',');
        field(out, as_strs_join(out->arena, f->aliases, " "), ',');
        field(out, as_strs_join(out->arena, f->rule->frameworks, " "), ',');
        field(out, f->suppression ? f->suppression->reason : AS_STR(""), ',');
        field(out, as_str_from(f->fingerprint), '\n');
    }
}

const as_reporter as_reporter_csv = {
        .name = "csv",
        .summary = "a table for spreadsheets",
        .extension = "csv",
        .write = write,
};
