/* assay scan [PATH…] */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/limits.h"
#include "engine/cli/scanning.h"
#include "reporters/reporter.h"

enum { PROGRESS_AUTO, PROGRESS_NEVER };
enum { FAIL_ON_UNSET = -1 };

typedef struct settings {
    as_scanning scanning;
    int format, fail_on, progress;
    as_str_list outputs;
    bool verbose, strict, fail_on_unknown;
} settings;

static const char *const formats[] = {
#define AS_REPORTER(name) #name,
#include "reporters/reporters.def"
        NULL};

static const char *const severities[] = {
        "critical", "high", "medium", "low", "info", "none", NULL};
static const char *const progress[] = {"auto", "never", NULL};

/* --- writing ------------------------------------------------------------------------------------ */

static as_reporter_style style_of(const settings *s, bool color)
{
    return (as_reporter_style){
            .color = color,
            .width = as_terminal_width(),
            .verbose = s->verbose,
            .quiet = s->scanning.quiet,
    };
}

static as_str written(as_cli *cli, const as_report *report, const as_reporter *reporter)
{
    as_reporter_style style = style_of(cli->settings, false);
    as_buf buf;

    as_buf_init(&buf, cli->arena, AS_MAX_UNIT_BYTES);
    reporter->write(report, &style, &buf);
    return as_buf_view(&buf);
}

/* The first error stands; what follows it is dropped. */
static void print_piece(void *self, as_str text)
{
    int *problem = self;

    if (*problem == 0 && !as_fd_write(STDOUT_FILENO, text))
        *problem = errno;
}

static as_exit print_report(as_cli *cli, const as_report *report, const as_reporter *reporter)
{
    as_reporter_style style = style_of(cli->settings, cli->color_out);
    int problem = 0;
    as_buf buf;

    as_buf_init_sink(&buf, cli->arena, print_piece, &problem);
    reporter->write(report, &style, &buf);
    as_buf_flush(&buf);
    if (problem == 0)
        return AS_EXIT_OK;
    return as_cli_error(cli, "cannot write the output: %s", strerror(problem));
}

/* "sarif=out.sarif"; before the scan, so that a typing error costs no scan. */
static bool parse_output(as_cli *cli, as_str output, const as_reporter **reporter, as_str *file)
{
    size_t equals = as_str_find_char(output, '=');

    if (equals == (size_t)-1 || equals + 1 == output.n) {
        as_cli_usage_error(cli, "--output '%.*s': FORMAT=FILE is expected", AS_STR_ARG(output));
        return false;
    }
    as_str name = as_str_slice(output, 0, equals);
    *file = as_str_from_index(output, equals + 1);
    *reporter = as_reporter_find(name);
    if (*reporter)
        return true;

    as_str_list names = {0};
    for (size_t i = 0; formats[i]; i++)
        AS_VEC_PUSH(cli->arena, &names, as_str_from(formats[i]));
    as_str near = as_did_you_mean(name, names.items, names.n);
    as_cli_usage_error(cli, "--output: there is no format '%.*s'%s%.*s%s", AS_STR_ARG(name),
            near.n > 0 ? "; did you mean '" : "", AS_STR_ARG(near), near.n > 0 ? "'?" : "");
    return false;
}

static bool outputs_valid(as_cli *cli)
{
    const settings *s = cli->settings;
    const as_reporter *reporter;
    as_str file;

    for (size_t i = 0; i < s->outputs.n; i++)
        if (!parse_output(cli, s->outputs.items[i], &reporter, &file))
            return false;
    return true;
}

static bool write_outputs(as_cli *cli, const as_report *report)
{
    const settings *s = cli->settings;

    for (size_t i = 0; i < s->outputs.n; i++) {
        const as_reporter *reporter;
        as_str file, problem;
        if (!parse_output(cli, s->outputs.items[i], &reporter, &file))
            return false;
        problem = as_file_write(cli->arena, file, written(cli, report, reporter));
        if (problem.n > 0) {
            as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
            return false;
        }
    }
    return true;
}

/* The text report holds the diagnostics; beside a machine form people see them here. */
static void write_messages(as_cli *cli, const as_report *report, const as_reporter *reporter)
{
    const settings *s = cli->settings;

    if (s->scanning.quiet || as_str_is(AS_STR("text"), reporter->name))
        return;
    as_cli_print_diags(cli, report->sources, report->diags);
    if (isatty(STDERR_FILENO) == 1 || report->diags->n_errors > 0)
        fprintf(stderr, "assay: %zu failed, %zu unknown, %zu errors\n",
                report->summary.by_status[AS_FAIL], report->summary.by_status[AS_UNSURE],
                report->diags->n_errors);
}

/* --- judging ------------------------------------------------------------------------------------ */

static as_severity threshold(const settings *s, const as_config *config)
{
    as_severity severity;

    if (s->fail_on != FAIL_ON_UNSET &&
            as_severity_parse(as_str_from(severities[s->fail_on]), &severity))
        return severity;
    return config->has_fail_on ? config->fail_on : AS_SEVERITY_LOW;
}

static as_exit verdict(const settings *s, const as_config *config, const as_report *report)
{
    as_severity least = threshold(s, config);
    bool failed = s->fail_on_unknown && report->summary.by_status[AS_UNSURE] > 0;
    bool partial = report->diags->n_errors > 0;

    for (int severity = AS_SEVERITY_INFO; severity <= AS_SEVERITY_CRITICAL; severity++)
        if (least != AS_SEVERITY_NONE && severity >= (int)least)
            failed |= report->summary.failed_by_severity[severity] > 0;
    if (failed && !(s->strict && partial))
        return AS_EXIT_FINDINGS;
    return partial ? AS_EXIT_PARTIAL : AS_EXIT_OK;
}

/* A line that is there while the scan runs and nobody but a person sees. */
static void show_progress(const settings *s, bool on)
{
    if (s->progress == PROGRESS_NEVER || s->scanning.quiet || isatty(STDERR_FILENO) != 1)
        return;
    fputs(on ? "assay: scanning…" : "\r\033[K", stderr);
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    const as_reporter *reporter = as_reporters[s->format];
    const as_config *config = NULL;

    if (!outputs_valid(cli))
        return AS_EXIT_ERROR;
    show_progress(s, true);
    const as_report *report = as_scanning_run(cli, &s->scanning, &config);
    show_progress(s, false);
    if (!report)
        return AS_EXIT_ERROR;
    if (!write_outputs(cli, report))
        return AS_EXIT_ERROR;
    write_messages(cli, report, reporter);
    as_exit printed = print_report(cli, report, reporter);
    return printed == AS_EXIT_OK ? verdict(s, config, report) : printed;
}

static const as_option options[] = {
        AS_OPTION_GROUP("Output"),
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats,
                "form of the report on stdout (default: text)"),
        AS_OPTION_LIST(settings, outputs, 'o', "output", "FORMAT=FILE",
                "write a report to a file as well, whole or not at all"),
        AS_OPTION_FLAG(settings, scanning.show_passed, 0, "show-passed", "report passed checks too"),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet",
                "only what fails and what could not be read"),
        AS_OPTION_FLAG(settings, verbose, 'v', "verbose",
                "also what is unknown or suppressed, and all of the coverage"),
        AS_OPTION_ENUM(settings, progress, 0, "progress", "WHEN", progress,
                "say on a terminal that the scan is running"),
        AS_OPTION_GROUP("Exit code"),
        AS_OPTION_ENUM(settings, fail_on, 0, "fail-on", "SEVERITY", severities,
                "least severity of a finding that gives 1 (default: low)"),
        AS_OPTION_FLAG(settings, fail_on_unknown, 0, "fail-on-unknown",
                "checks that cannot be decided give 1 too"),
        AS_OPTION_FLAG(settings, strict, 0, "strict",
                "3 (input that could not be read) wins over 1"),
        AS_OPTION_TEXT(settings, scanning.baseline, 0, "baseline", "FILE",
                "findings listed there do not count (assay baseline)"),
        AS_SCANNING_GIT_OPTIONS(settings),
        AS_SCANNING_RULE_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const settings defaults = {.fail_on = FAIL_ON_UNSET};

static const as_example examples[] = {
        {"assay scan infra/", "check a folder"},
        {"assay scan --output sarif=assay.sarif --fail-on high",
                "in CI: text in the log, SARIF for the upload, fail from high on"},
        {"assay scan --var-file prod.tfvars --rule 'AWS-S3-*' infra/",
                "one environment, some rules"},
        {"assay scan --staged", "as a pre-commit hook: what is about to be committed"},
        {"assay scan --diff main...", "in a pull request: what it brings"},
        {"assay scan --format json --show-passed . > report.json", "everything, for programs"},
        {NULL, NULL}};

const as_command as_command_scan = {
        .name = "scan",
        .summary = "check files and folders against the rules",
        .usage = "[OPTION…] [PATH…]",
        .description =
                "Reads Terraform, Helm charts, Kustomize trees, Kubernetes manifests and workflows "
                "below each PATH (default: the current folder), and reports what the rules find.\n"
                "\n"
                "Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 usage, configuration "
                "or I/O error; 3 some input could not be read or evaluated and nothing failed.",
        .options = options,
        .settings_size = sizeof(settings),
        .defaults = &defaults,
        .examples = examples,
        .run = run,
};
