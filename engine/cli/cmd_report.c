/* assay report [PATH…]: the auditor's report of a scan. */
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/cli/bundle.h"
#include "engine/cli/history_option.h"
#include "engine/cli/known_rules.h"
#include "engine/cli/scanning.h"
#include "engine/cli/report_paths.h"
#include "engine/store/history.h"
#include "reporters/audit/audit.h"
#include "parsers/json/json.h"
#include "reporters/audit/formats.h"
#include "reporters/audit/result.h"
#include "reporters/html/html.h"

enum { MAX_RUNS = 100 }; /* of the trend */

static const struct {
    const char *name;
    void (*write)(as_buf *buf, const as_audit *audit);
} writers[] = {{"html", as_html_write}, {"pdf", as_pdf_write}, {"oscal", as_oscal_write},
        {"markdown", as_audit_markdown_write}};

static const char *const formats[] = {"html", "pdf", "oscal", "markdown", NULL};

typedef struct settings {
    as_scanning scanning;
    as_str history, scope, title, output;
    int format;
    as_bundle_settings bundle;
} settings;

/* Runs oldest first; false after saying why they cannot be had. Without --history a default file
 * that is there is asked, and none is made. */
static bool read_runs(as_cli *cli, as_history_runs *runs)
{
    const settings *s = cli->settings;
    as_str where = as_history_where(cli, s->history), problem = AS_STR("");

    if (s->history.n == 0 && access(as_str_cstr(cli->arena, where), R_OK) != 0)
        return true;
    as_history *history = as_history_open_to_ask(cli->arena, where, &problem);
    if (!history ||
            !as_history_list(history, as_history_scope(cli, s->scope), MAX_RUNS, runs, &problem)) {
        as_cli_error(cli, "the history: %.*s", AS_STR_ARG(problem));
        return false;
    }
    for (size_t i = 0; i < runs->n / 2; i++) {
        as_history_run run = runs->items[i];
        runs->items[i] = runs->items[runs->n - 1 - i];
        runs->items[runs->n - 1 - i] = run;
    }
    return true;
}

/* "NIST-800-53r5:SC-28" is a control of "NIST-800-53r5". */
static as_strs framework_ids(as_cli *cli)
{
    const settings *s = cli->settings;
    as_str *ids = AS_NEW_ARRAY(cli->arena, as_str, s->scanning.frameworks.n);

    for (size_t i = 0; i < s->scanning.frameworks.n; i++)
        ids[i] = as_str_slice(s->scanning.frameworks.items[i], 0,
                as_str_find_char(s->scanning.frameworks.items[i], ':'));
    return (as_strs){ids, s->scanning.frameworks.n};
}

static void free_sources(void *object)
{
    as_sources_free(object);
}

static bool may_be_result(const as_cli *cli)
{
    struct stat info;

    return cli->args.n == 1 && as_str_ends(cli->args.items[0], ".json") &&
           stat(cli->args.items[0].p, &info) == 0 && S_ISREG(info.st_mode);
}

/* The report of an earlier run, when that is what the only argument is; else NULL. A plan is JSON
 * too. */
static const as_report *read_result(as_cli *cli)
{
    as_sources *sources;
    as_diags diags;

    if (!may_be_result(cli) || !(sources = as_sources_new()))
        return NULL;
    as_arena_defer(cli->arena, free_sources, sources);
    as_diags_init(&diags, cli->arena);
    const as_source *source =
            as_file_read(cli->arena, sources, cli->args.items[0].p, AS_STR(""), &diags);
    const as_value *root = source ? as_json_parse(cli->arena, source, &diags) : NULL;
    if (!as_result_is(root))
        return NULL;
    as_known_rules known = as_known_rules_load(cli, (as_strs){0}, (as_strs){0}, (as_strs){0});
    return as_result_read(cli->arena, sources, root, known.items, known.n);
}

static as_audit *audit_of(
        as_cli *cli, const as_report *report, const as_config *config, const as_history_runs *runs)
{
    const settings *s = cli->settings;
    as_audit_options options = {.title = s->title,
            .generated = as_clock_time(cli->arena, as_clock_now()),
            .frameworks = framework_ids(cli),
            .runs = runs->items,
            .n_runs = runs->n,
            .attack_paths = report->graph ? as_report_paths(cli, report, config) : NULL};
    as_diags diags;

    if (options.title.n == 0)
        options.title = report->root.n > 0 && !as_str_is(report->root, ".")
                                ? report->root
                                : as_history_scope(cli, s->scope);
    as_diags_init(&diags, cli->arena);
    as_audit *audit = as_audit_of(cli->arena, report, &options, &diags);
    as_cli_print_diags(cli, report->sources, &diags);
    return audit;
}

static as_exit write_report(as_cli *cli, const as_audit *audit)
{
    const settings *s = cli->settings;
    as_buf buf;

    as_buf_init(&buf, cli->arena, (size_t)1 << 31);
    writers[s->format].write(&buf, audit);
    if (s->output.n == 0 || as_str_is(s->output, "-"))
        return as_cli_print(cli, as_buf_view(&buf));
    as_str problem = as_file_write(cli->arena, s->output, as_buf_view(&buf));
    return problem.n == 0 ? AS_EXIT_OK : as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
}

static as_exit run(as_cli *cli)
{
    settings *s = cli->settings;
    const as_config *config = NULL;
    as_history_runs runs = {0};

    if (!as_bundle_valid(cli, &s->bundle))
        return AS_EXIT_ERROR;
    if (s->bundle.verify.n > 0)
        return as_bundle_check_file(cli, &s->bundle);
    if (!read_runs(cli, &runs))
        return AS_EXIT_ERROR;
    const as_report *report = read_result(cli);
    if (!report) {
        s->scanning.show_passed = true;
        report = as_scanning_run(cli, &s->scanning, &config);
        if (!report)
            return AS_EXIT_ERROR;
        as_cli_print_diags(cli, report->sources, report->diags);
    }
    const as_audit *audit = audit_of(cli, report, config, &runs);
    if (s->scanning.frameworks.n > 0 && audit->n_frameworks == 0)
        return as_cli_usage_error(
                cli, "--framework: no framework has that id (assay rules frameworks)");
    as_exit written = s->bundle.bundle.n > 0 ? as_bundle_make(cli, &s->bundle, audit)
                                             : write_report(cli, audit);
    return written == AS_EXIT_OK && report->diags->n_errors > 0 ? AS_EXIT_PARTIAL : written;
}

static const as_option options[] = {
        AS_OPTION_GROUP("Report"),
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats,
                "form of the report (default: html)"),
        AS_OPTION_TEXT(settings, output, 'o', "output", "FILE",
                "write it there, whole or not at all (default: stdout)"),
        AS_OPTION_TEXT(settings, title, 0, "title", "TEXT", "its title (default: what is scanned)"),
        AS_BUNDLE_OPTIONS(settings),
        AS_OPTION_GROUP("History"),
        AS_HISTORY_OPTION(settings),
        AS_OPTION_TEXT(settings, scope, 0, "scope", "NAME",
                "what the history calls this (default: the full path)"),
        AS_SCANNING_RULE_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const settings defaults = {0};

static const as_example examples[] = {
        {"assay report -o report.html infra/", "everything that was checked, as one page"},
        {"assay report --framework CIS-AWS-3.0 --history history.sqlite -o cis.html snapshot/",
                "one framework, with the trend of the nightly audits"},
        {"assay report --format pdf -o report.pdf result.json",
                "of an earlier assay scan --format json --show-passed, without texts of files"},
        {"assay report --bundle evidence.tar --sign-key key.pem --sign-cert cert.pem snapshot/",
                "what an auditor keeps: every file named, the list signed"},
        {"assay report --verify evidence.tar --trust cert.pem", "years later: it is what it was"},
        {NULL, NULL}};

const as_command as_command_report = {
        .name = "report",
        .summary = "the auditor's report: control by control, with evidence",
        .usage = "[OPTION…] [PATH…]\n[OPTION…] RESULT.json",
        .description = "Scans, or takes the JSON of an earlier scan, and writes what was checked "
                       "for each control of the frameworks: "
                       "what is met, what is "
                       "not, what is excepted until when, and what could not be decided.\n"
                       "\n"
                       "With --verify: exit code 1 when a bundle is not what it was.",
        .options = options,
        .settings_size = sizeof(settings),
        .defaults = &defaults,
        .examples = examples,
        .run = run,
};
