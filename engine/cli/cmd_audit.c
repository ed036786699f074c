/* assay audit [PATH…]: collect where asked to, scan, record into the history, tell what is new. */
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/cli/audit_collect.h"
#include "engine/cli/gate.h"
#include "engine/cli/history_option.h"
#include "engine/cli/reporting.h"
#include "engine/cli/webhook.h"
#include "reporters/prometheus.h"
#include "reporters/reporter.h"

static const char *const forms[] = {"slack", "json", NULL};

typedef struct settings {
    as_scanning scanning;
    as_reporting reporting;
    as_str history, scope, metrics, keep;
    as_str_list webhooks, collect;
    int webhook_form, webhook_severity;
    bool new_only;
} settings;

/* Folders above the default file are made; above a file that was named they are not. */
static as_str history_of(as_cli *cli, as_str named)
{
    as_str path = as_history_where(cli, named);

    if (named.n == 0)
        as_file_make_parents(cli->arena, path);
    return path;
}

static void write_ages(as_cli *cli, as_buf *out, as_history *history, as_str scope, int64_t now)
{
    static const char *const names[] = {"info", "low", "medium", "high", "critical"};
    int64_t oldest[5] = {0};
    as_history_findings open = {0};
    as_str problem = AS_STR("");

    if (!as_history_find(history, scope, AS_HISTORY_OPEN, &open, &problem)) {
        as_cli_error(cli, "the history: %.*s", AS_STR_ARG(problem));
        return;
    }
    for (size_t i = 0; i < open.n; i++) {
        as_severity severity;
        int64_t seen;
        if (as_severity_parse(open.items[i].severity, &severity) && severity > AS_SEVERITY_NONE &&
                as_clock_parse(open.items[i].first_seen, &seen) &&
                now - seen > oldest[severity - AS_SEVERITY_INFO])
            oldest[severity - AS_SEVERITY_INFO] = now - seen;
    }
    as_metric_begin(out, "assay_oldest_finding_seconds", "gauge",
            "Age of the oldest open finding, by severity.");
    for (size_t i = 0; i < 5; i++) {
        as_metric_label label = {"severity", as_str_from(names[i])};
        as_metric_sample(out, "assay_oldest_finding_seconds", &label, 1, (double)oldest[i]);
    }
}

static void metric(as_buf *out, const char *name, const char *help, int64_t value)
{
    as_metric_begin(out, name, "gauge", help);
    as_metric_sample(out, name, NULL, 0, (double)value);
}

static bool write_metrics(as_cli *cli, as_history *history, const as_report *report,
        const as_history_change *change, int64_t started, int64_t finished)
{
    const settings *s = cli->settings;
    as_reporter_style style = {0};
    as_buf out;

    if (s->metrics.n == 0)
        return true;
    as_buf_init(&out, cli->arena, 0);
    as_reporter_find(AS_STR("prometheus"))->write(report, &style, &out);
    metric(&out, "assay_new", "Findings that the run before did not have.", change->run.n_new);
    metric(&out, "assay_fixed", "Findings that are gone since the run before.",
            change->run.n_fixed);
    metric(&out, "assay_reopened", "Findings that came back.", change->run.n_reopened);
    metric(&out, "assay_run_timestamp_seconds", "When the latest run began.", started);
    metric(&out, "assay_run_duration_seconds", "How long it took.", finished - started);
    write_ages(cli, &out, history, change->run.scope, finished);
    as_str problem = as_file_write(cli->arena, s->metrics, as_buf_view(&out));
    if (problem.n > 0)
        as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
    return problem.n == 0;
}

/* A text that is secret: as it stands, or after '@' the file that holds it, so that no list of
 * processes shows it. */
static bool secret_text(as_cli *cli, as_str given, as_str *out)
{
    as_sources *sources;
    as_diags diags;

    *out = given;
    if (!as_str_starts(given, "@"))
        return true;
    sources = as_sources_new();
    as_diags_init(&diags, cli->arena);
    const as_source *source =
            sources ? as_file_read(cli->arena, sources, given.p + 1, AS_STR(""), &diags) : NULL;
    if (source)
        *out = as_str_dup(cli->arena, as_str_trim(source->text));
    as_cli_print_diags(cli, sources, &diags);
    as_sources_free(sources);
    return source != NULL;
}

/* $ASSAY_WEBHOOK_SECRET, or what the file holds that $ASSAY_WEBHOOK_SECRET_FILE names. */
static as_str signing_secret(as_cli *cli)
{
    as_str text = as_str_from(getenv("ASSAY_WEBHOOK_SECRET"));
    as_str file = as_str_from(getenv("ASSAY_WEBHOOK_SECRET_FILE"));

    if (text.n == 0 && file.n > 0 && access(file.p, F_OK) == 0)
        (void)!secret_text(cli, as_str_fmt(cli->arena, "@%.*s", AS_STR_ARG(file)), &text);
    return text;
}

static bool post(as_cli *cli, const as_report *report, const as_history_change *change)
{
    const settings *s = cli->settings;
    as_str secret = signing_secret(cli), url;
    as_severity least = AS_SEVERITY_HIGH;
    bool fine = true;

    (void)!as_severity_parse(as_str_from(as_reporting_severities[s->webhook_severity]), &least);
    for (size_t i = 0; i < s->webhooks.n; i++) {
        as_str problem = AS_STR("");
        if (!secret_text(cli, s->webhooks.items[i], &url)) {
            fine = false;
            continue;
        }
        if (as_webhook_post(cli->arena, url, (as_webhook_form)s->webhook_form, secret, least,
                    report, change, &problem))
            continue;
        /* Never the address: it often holds a token. */
        as_cli_error(cli, "webhook %zu: %.*s", i + 1, AS_STR_ARG(problem));
        fine = false;
    }
    return fine;
}

static as_exit new_verdict(const settings *s, const as_config *config, const as_report *report,
        const as_history_change *change)
{
    as_severity least = as_reporting_threshold(&s->reporting, config);

    for (size_t i = 0; i < change->n_fresh; i++)
        if (least != AS_SEVERITY_NONE && change->fresh[i]->severity >= least)
            return AS_EXIT_FINDINGS;
    return report->diags->n_errors > 0 ? AS_EXIT_PARTIAL : AS_EXIT_OK;
}

/* Puts what is collected among what is scanned. The folder is another each time, so that the
 * history goes by what was asked for. */
static bool collect(as_cli *cli)
{
    settings *s = cli->settings;
    as_str dir, name = AS_STR("");

    if (s->collect.n == 0) {
        if (s->keep.n > 0)
            as_cli_usage_error(cli, "--keep is for what --collect collects");
        return s->keep.n == 0;
    }
    if (!as_audit_collect(cli, s->collect, s->keep, s->scanning.quiet, &dir))
        return false;
    for (size_t i = 0; i < s->collect.n; i++)
        name = as_str_fmt(cli->arena, "%.*s%s%.*s", AS_STR_ARG(name), i > 0 ? ", " : "",
                AS_STR_ARG(s->collect.items[i]));
    s->scope = s->scope.n > 0 ? s->scope : name;
    s->scanning.config_here = cli->args.n == 0;
    AS_VEC_PUSH(cli->arena, &cli->args, dir);
    return true;
}

static as_exit run(as_cli *cli)
{
    settings *s = cli->settings;
    const as_config *config = NULL;
    as_history_change change;
    as_str problem = AS_STR("");
    int64_t started = as_clock_now();

    s->scanning.gate = true;
    if (!as_reporting_valid(cli, &s->reporting))
        return AS_EXIT_ERROR;
    as_history *history = as_history_open(cli->arena, history_of(cli, s->history), &problem);
    if (!history)
        return as_cli_error(cli, "the history: %.*s", AS_STR_ARG(problem));
    if (!collect(cli))
        return AS_EXIT_ERROR;
    const as_report *report = as_scanning_run(cli, &s->scanning, &config);
    if (!report)
        return AS_EXIT_ERROR;
    int64_t finished = as_clock_now();
    as_history_times times = {
            as_clock_time(cli->arena, started), as_clock_time(cli->arena, finished)};
    if (!as_history_record(
                history, report, as_history_scope(cli, s->scope), times, &change, &problem))
        return as_cli_error(cli, "the history: %.*s", AS_STR_ARG(problem));
    bool told = write_metrics(cli, history, report, &change, started, finished);
    told = post(cli, report, &change) && told;
    as_exit written = as_reporting_write(cli, &s->reporting, s->scanning.quiet, report);
    as_str line = as_str_fmt(cli->arena, "assay: %d new, %d fixed, %d reopened, %zu open\n",
            (int)change.run.n_new, (int)change.run.n_fixed, (int)change.run.n_reopened,
            report->summary.by_status[AS_FAIL]);
    (void)as_fd_write(STDERR_FILENO, line);
    if (written != AS_EXIT_OK || !told)
        return AS_EXIT_ERROR;
    if (s->new_only)
        return new_verdict(s, config, report, &change);
    return as_gate_decides(&s->reporting, config)
                   ? as_gate_verdict(cli, &s->reporting, &s->scanning, config, report)
                   : as_reporting_verdict(&s->reporting, config, report);
}

static const as_option options[] = {
        AS_OPTION_GROUP("Collecting"),
        AS_OPTION_LIST(settings, collect, 0, "collect", "'aws|gcp|k8s …'",
                "first run 'assay collect' with these arguments, and scan what it collected"),
        AS_OPTION_TEXT(settings, keep, 0, "keep", "DIR",
                "keep the snapshots there, in a folder for each run (default: they are removed)"),
        AS_OPTION_GROUP("History"),
        AS_HISTORY_OPTION(settings),
        AS_OPTION_TEXT(settings, scope, 0, "scope", "NAME",
                "what the history calls this (default: the full path)"),
        AS_OPTION_FLAG(settings, new_only, 0, "new-only",
                "only what is new or reopened gives exit code 1"),
        AS_OPTION_GROUP("Telling"),
        AS_OPTION_TEXT(settings, metrics, 0, "metrics", "FILE", "metrics for Prometheus"),
        AS_OPTION_LIST(settings, webhooks, 0, "webhook", "URL",
                "post new findings there (@FILE: to the address in it), signed with "
                "$ASSAY_WEBHOOK_SECRET or the "
                "content of $ASSAY_WEBHOOK_SECRET_FILE when there is one"),
        AS_OPTION_ENUM(settings, webhook_form, 0, "webhook-form", "FORM", forms,
                "slack or json (default: slack)"),
        AS_OPTION_ENUM(settings, webhook_severity, 0, "webhook-severity", "SEVERITY",
                as_reporting_severities, "the least that is posted (default: high)"),
        AS_REPORTING_OUTPUT_OPTIONS(settings),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet",
                "only what fails and what could not be read"),
        AS_REPORTING_EXIT_OPTIONS(settings),
        AS_SCANNING_RULE_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const settings defaults = {.reporting = AS_REPORTING_DEFAULTS, .webhook_severity = 1};

static const as_example examples[] = {{"assay audit --history history.sqlite --metrics "
                                       "/var/lib/node_exporter/assay.prom snapshot/",
                                              "the nightly run over a snapshot"},
        {"assay audit --collect 'aws --org --role-name audit' --collect 'k8s --context prod'",
                "accounts and a cluster, asked now"},
        {"assay audit --history postgresql://audit@db/assay --new-only --webhook \"$URL\" infra/",
                "a shared history; a chat hears of what is new"},
        {NULL, NULL}};

const as_command as_command_audit = {
        .name = "audit",
        .summary = "scan, record into the history, tell what is new",
        .usage = "[OPTION…] [PATH…]",
        .description =
                "A run is recorded whole or not at all; runs at the same time come one after "
                "another. What could not be decided this time does not count as fixed.",
        .options = options,
        .settings_size = sizeof(settings),
        .defaults = &defaults,
        .examples = examples,
        .run = run,
};
