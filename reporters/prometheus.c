#include "reporters/prometheus.h"

#include "reporters/reporter.h"

void as_metric_begin(as_buf *out, const char *name, const char *type, const char *help)
{
    as_buf_fmt(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Within a label's value a backslash, a quote and a line end are escaped. */
static void write_value(as_buf *out, as_str value)
{
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] == '\\' || value.p[i] == '"')
            as_buf_char(out, '\\');
        if (value.p[i] == '\n')
            as_buf_cstr(out, "\\n");
        else
            as_buf_char(out, value.p[i]);
    }
}

void as_metric_sample(
        as_buf *out, const char *name, const as_metric_label *labels, size_t n_labels, double value)
{
    as_buf_cstr(out, name);
    for (size_t i = 0; i < n_labels; i++) {
        as_buf_fmt(out, "%s%s=\"", i == 0 ? "{" : ",", labels[i].name);
        write_value(out, labels[i].value);
        as_buf_char(out, '"');
    }
    as_buf_fmt(out, "%s %.15g\n", n_labels > 0 ? "}" : "", value);
}

static void one(as_buf *out, const char *name, const char *help, size_t value)
{
    as_metric_begin(out, name, "gauge", help);
    as_metric_sample(out, name, NULL, 0, (double)value);
}

static void write_prometheus(const as_report *report, const as_reporter_style *style, as_buf *out)
{
    (void)style;
    as_metric_begin(out, "assay_failed", "gauge", "Findings that fail, by severity.");
    for (int severity = AS_SEVERITY_CRITICAL; severity >= AS_SEVERITY_INFO; severity--) {
        as_metric_label label = {"severity", as_str_from(as_severity_name((as_severity)severity))};
        as_metric_sample(out, "assay_failed", &label, 1,
                (double)report->summary.failed_by_severity[severity]);
    }
    as_metric_begin(out, "assay_checks", "gauge", "Verdicts, by status.");
    for (int status = AS_FAIL; status <= AS_SUPPRESSED; status++) {
        as_metric_label label = {"status", as_str_from(as_status_name((as_status)status))};
        as_metric_sample(out, "assay_checks", &label, 1, (double)report->summary.by_status[status]);
    }
    one(out, "assay_errors", "Inputs that could not be read or evaluated.",
            report->diags->n_errors);
    one(out, "assay_files", "Files that were seen.", report->coverage.n_files);
    one(out, "assay_entities", "Resources in the fact graph.", report->coverage.n_entities);
    one(out, "assay_rules", "Rules that were loaded.", report->coverage.n_rules_loaded);
}

const as_reporter as_reporter_prometheus = {
        .name = "prometheus",
        .summary = "metrics for Prometheus' textfile collector",
        .extension = "prom",
        .write = write_prometheus,
};
