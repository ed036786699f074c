/* One JSON value a line, for streams and log stores: {"type":"finding",…}, "diagnostic", and last
 * "summary" with the coverage. The members are those of the json format. */
#include "reporters/reporter.h"

#include "reporters/json_parts.h"

static as_json_out open_line(as_buf *buf, const char *type)
{
    as_json_out out = {.buf = buf};

    as_json_open(&out, NULL, '{');
    as_json_cstr(&out, "type", type);
    return out;
}

static void close_line(as_json_out *out)
{
    as_json_close(out, '}');
    as_buf_char(out->buf, '\n');
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *buf)
{
    as_json_out out;
    as_json_shared *shared = as_json_shared_new(buf->arena);

    (void)style;
    for (size_t i = 0; i < report->n_findings; i++) {
        if (report->findings[i].status == AS_PASS && !report->show_passed)
            continue;
        out = open_line(buf, "finding");
        as_json_finding_with(&out, report, &report->findings[i], shared);
        close_line(&out);
    }
    for (size_t i = 0; i < report->diags->list.n; i++) {
        out = open_line(buf, "diagnostic");
        as_json_diag(&out, report, &report->diags->list.items[i]);
        close_line(&out);
    }
    out = open_line(buf, "summary");
    as_json_head(&out, report);
    close_line(&out);
}

const as_reporter as_reporter_ndjson = {
        .name = "ndjson",
        .summary = "one JSON value a line: findings, diagnostics, summary",
        .extension = "ndjson",
        .write = write,
};
