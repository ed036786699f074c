/* assay baseline [PATH…]: what fails today, so that tomorrow only what is new fails. */
#include "engine/base/file.h"
#include "engine/cli/scanning.h"

typedef struct settings {
    as_scanning scanning;
    as_str file;
} settings;

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    const as_config *config = NULL;
    as_buf buf;

    const as_report *report = as_scanning_run(cli, &s->scanning, &config);
    if (!report)
        return AS_EXIT_ERROR;
    as_cli_print_diags(cli, report->sources, report->diags);
    as_buf_init(&buf, cli->arena, 0);
    as_baseline_write(&buf, report->findings, report->n_findings);
    as_exit result = report->diags->n_errors > 0 ? AS_EXIT_PARTIAL : AS_EXIT_OK;
    if (s->file.n == 0)
        return as_cli_print(cli, as_buf_view(&buf)) == AS_EXIT_OK ? result : AS_EXIT_ERROR;
    as_str problem = as_file_write(cli->arena, s->file, as_buf_view(&buf));
    return problem.n == 0 ? result : as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
}

static const as_option options[] = {
        AS_OPTION_TEXT(settings, file, 'o', "output", "FILE", "where to write it (default: stdout)"),
        AS_SCANNING_RULE_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay baseline -o .assay-baseline.json .", "accept what is there"},
        {"assay scan --baseline .assay-baseline.json .", "fail on what is new"},
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
