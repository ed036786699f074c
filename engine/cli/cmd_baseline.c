/* assay baseline [PATH…]: what fails today, so that tomorrow only what is new fails. */
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/cli/scanning.h"
#include "engine/scan/gate.h"

typedef struct settings {
    as_scanning scanning;
    as_str file, budget;
} settings;

/* Never above what the file says already: AS_EXIT_FINDINGS when there is more than that. */
static as_exit write_budget(
        as_cli *cli, const as_report *report, const as_config *config, as_str file)
{
    as_budget now = as_budget_of(report, &config->gate), old = now, least;
    bool is_there = access(as_str_cstr(cli->arena, file), F_OK) == 0, fine = true;
    as_diags diags;
    as_buf buf;

    as_diags_init(&diags, cli->arena);
    if (is_there) {
        const as_source *source = as_file_read(
                cli->arena, report->sources, as_str_cstr(cli->arena, file), AS_STR(""), &diags);
        fine = source && as_budget_parse(cli->arena, source, &old, &diags);
        as_cli_print_diags(cli, report->sources, &diags);
    }
    if (!fine)
        return AS_EXIT_ERROR;
    bool within = as_budget_shrink(&old, &now, &least);
    as_buf_init(&buf, cli->arena, 0);
    as_budget_write(&buf, &least);
    as_str problem = as_file_write(cli->arena, file, as_buf_view(&buf));
    if (problem.n > 0)
        return as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
    if (!within)
        as_cli_error(cli, "there is more than the budget allows; it is not raised");
    return within ? AS_EXIT_OK : AS_EXIT_FINDINGS;
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    const as_config *config = NULL;
    as_buf buf;

    const as_report *report = as_scanning_run(cli, &s->scanning, &config);
    if (!report)
        return AS_EXIT_ERROR;
    as_cli_print_diags(cli, report->sources, report->diags);
    if (s->budget.n > 0) {
        as_exit budget = write_budget(cli, report, config, s->budget);
        if (budget != AS_EXIT_OK || s->file.n == 0)
            return budget;
    }
    as_buf_init(&buf, cli->arena, 0);
    as_baseline_write(&buf, report->findings, report->n_findings);
    as_exit result = report->diags->n_errors > 0 ? AS_EXIT_PARTIAL : AS_EXIT_OK;
    if (s->file.n == 0)
        return as_cli_print(cli, as_buf_view(&buf)) == AS_EXIT_OK ? result : AS_EXIT_ERROR;
    as_str problem = as_file_write(cli->arena, s->file, as_buf_view(&buf));
    return problem.n == 0 ? result : as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
}

static const as_option options[] = {
        AS_OPTION_TEXT(
                settings, file, 'o', "output", "FILE", "where to write it (default: stdout)"),
        AS_OPTION_TEXT(settings, budget, 0, "budget", "FILE",
                "write how many findings there are (a budget of the gate), never more than it "
                "says"),
        AS_SCANNING_RULE_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay baseline -o .assay-baseline.json .", "accept what is there"},
        {"assay scan --baseline .assay-baseline.json .", "fail on what is new"},
        {"assay baseline --budget .assay-budget.json .", "lower the budget to what is left"},
        {NULL, NULL}};

const as_command as_command_baseline = {
        .name = "baseline",
        .summary = "write down today's findings, for scan --baseline",
        .usage = "[OPTION…] [PATH…]",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
