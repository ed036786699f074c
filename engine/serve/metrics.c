/* /metrics: figures of the latest runs, in the text format of Prometheus. */
#include "engine/base/clock.h"
#include "engine/serve/internal.h"
#include "reporters/prometheus.h"

static void open_findings(as_buf *out, const as_history_groups *scopes)
{
    as_metric_begin(out, "assay_open_findings", "gauge", "Open findings, by scope and severity.");
    for (size_t i = 0; i < scopes->n; i++) {
        for (int s = AS_SEVERITY_INFO; s <= AS_SEVERITY_CRITICAL; s++) {
            const as_metric_label labels[] = {{"scope", scopes->items[i].name},
                    {"severity", as_str_from(as_severity_name((as_severity)s))}};
            as_metric_sample(
                    out, "assay_open_findings", labels, 2, (double)scopes->items[i].by_severity[s]);
        }
    }
}

static void oldest(as_buf *out, const as_history_groups *scopes, int64_t now)
{
    as_metric_begin(out, "assay_oldest_open_finding_seconds", "gauge",
            "Age of the oldest open finding of a scope.");
    for (size_t i = 0; i < scopes->n; i++) {
        const as_metric_label label = {"scope", scopes->items[i].name};
        int64_t seen;
        if (as_clock_parse(scopes->items[i].oldest, &seen))
            as_metric_sample(
                    out, "assay_oldest_open_finding_seconds", &label, 1, (double)(now - seen));
    }
}

typedef double run_figure(const as_history_run *run);

static double run_new(const as_history_run *run)
{
    return (double)run->n_new;
}

static double run_fixed(const as_history_run *run)
{
    return (double)run->n_fixed;
}

static double run_reopened(const as_history_run *run)
{
    return (double)run->n_reopened;
}

static double run_unknown(const as_history_run *run)
{
    return (double)run->by_status[AS_UNSURE];
}

static double run_errors(const as_history_run *run)
{
    return (double)run->n_errors;
}

static double run_time(const as_history_run *run)
{
    int64_t seconds;

    return as_clock_parse(run->started, &seconds) ? (double)seconds : 0;
}

static const struct {
    const char *name, *help;
    run_figure *figure;
} of_runs[] = {
        {"assay_run_new", "Findings that the latest run of a scope found first.", run_new},
        {"assay_run_fixed", "Findings that were gone in the latest run of a scope.", run_fixed},
        {"assay_run_reopened", "Findings that came back in the latest run of a scope.",
                run_reopened},
        {"assay_run_unknown", "What the latest run of a scope could not decide.", run_unknown},
        {"assay_run_errors", "What the latest run of a scope could not read.", run_errors},
        {"assay_run_timestamp_seconds", "When the latest run of a scope began.", run_time},
};

static void own(as_buf *out, const char *name, const char *help, unsigned long long value)
{
    as_metric_begin(out, name, "counter", help);
    as_metric_sample(out, name, NULL, 0, (double)value);
}

void as_serve_metrics(as_serve_call *call)
{
    const as_history_groups *scopes = as_serve_figures_of(call, AS_HISTORY_SCOPE);
    as_history_runs latest = {0};
    as_str problem = AS_STR("");
    as_buf *out = &call->out;

    if (!scopes || !as_history_latest(call->history, &latest, &problem)) {
        as_serve_fail(call, MHD_HTTP_SERVICE_UNAVAILABLE, "the history cannot be read");
        return;
    }
    open_findings(out, scopes);
    oldest(out, scopes, as_clock_now());
    for (size_t k = 0; k < sizeof of_runs / sizeof *of_runs; k++) {
        as_metric_begin(out, of_runs[k].name, "gauge", of_runs[k].help);
        for (size_t i = 0; i < latest.n; i++) {
            const as_metric_label label = {"scope", latest.items[i].scope};
            as_metric_sample(out, of_runs[k].name, &label, 1, of_runs[k].figure(&latest.items[i]));
        }
    }
    own(out, "assay_serve_requests_total", "Requests to this server.",
            atomic_load(&call->server->n_requests));
    own(out, "assay_serve_errors_total", "Requests that this server could not answer.",
            atomic_load(&call->server->n_errors));
    own(out, "assay_serve_refused_total", "Requests without a right to an answer.",
            atomic_load(&call->server->n_refused));
    call->type = "text/plain; version=0.0.4; charset=utf-8";
}
