/* assay explain RULE | FINGERPRINT [PATH…] */
#include "engine/cli/known_rules.h"
#include "engine/cli/scanning.h"
#include "reporters/reporter.h"
#include "reporters/rule_text.h"

enum { LEAST_FINGERPRINT = 8 }; /* characters that tell findings apart, as git's short hashes */

typedef struct settings {
    as_scanning scanning;
} settings;

static bool is_fingerprint(as_str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!as_char_in(text.p[i], "0123456789abcdef"))
            return false;
    return text.n >= LEAST_FINGERPRINT && text.n <= 64;
}

static as_exit explain_rule(as_cli *cli, as_str id)
{
    const settings *s = cli->settings;
    as_strs dirs = {s->scanning.rule_dirs.items, s->scanning.rule_dirs.n};
    as_known_rules rules = as_known_rules_load(cli, dirs, (as_strs){&id, 1}, (as_strs){0});
    as_buf buf;

    if (rules.n == 0)
        return as_known_rules_check(cli, dirs, (as_rule_folders){0}, NULL, (as_strs){&id, 1})
                       ? AS_EXIT_OK
                       : AS_EXIT_ERROR;
    as_buf_init(&buf, cli->arena, 0);
    for (size_t i = 0; i < rules.n; i++)
        as_rule_text(&buf, rules.items[i], cli->color_out);
    return as_cli_print(cli, as_buf_view(&buf));
}

/* Scans, and shows the findings whose fingerprint begins so, each followed by its rule. */
static as_exit explain_finding(as_cli *cli, as_str fingerprint)
{
    const settings *s = cli->settings;
    const as_config *config = NULL;
    const as_report *report = as_scanning_run(cli, &s->scanning, &config);
    as_reporter_style style = {
            .color = cli->color_out, .width = as_terminal_width(), .verbose = true, .quiet = true};
    as_diags none;
    as_buf buf;

    if (!report)
        return AS_EXIT_ERROR;
    as_diags_init(&none, cli->arena);
    as_buf_init(&buf, cli->arena, 0);
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *finding = &report->findings[i];
        if (!as_str_starts(as_str_from(finding->fingerprint), fingerprint.p))
            continue;
        as_report one = *report;
        one.findings = finding;
        one.n_findings = 1;
        one.diags = &none;
        as_reporter_find(AS_STR("text"))->write(&one, &style, &buf);
        as_rule_text(&buf, finding->rule, cli->color_out);
    }
    if (buf.n == 0)
        return as_cli_error(
                cli, "no finding here has the fingerprint '%.*s'", AS_STR_ARG(fingerprint));
    return as_cli_print(cli, as_buf_view(&buf));
}

static as_exit run(as_cli *cli)
{
    if (cli->args.n == 0)
        return as_cli_usage_error(cli, "a rule or the fingerprint of a finding is expected");
    as_str what = cli->args.items[0];
    cli->args.items++;
    cli->args.n--;
    if (is_fingerprint(what))
        return explain_finding(cli, what);
    if (cli->args.n > 0)
        return as_cli_usage_error(cli, "a rule is explained without a path");
    return explain_rule(cli, what);
}

static const as_option options[] = {
        AS_SCANNING_RULE_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay explain AWS-S3-001", "a rule: what it checks, why, and what to do"},
        {"assay explain CKV_AWS_20", "the same, by another tool's id"},
        {"assay explain 3f9a0c21 infra/", "a finding: its evidence and its rule"}, {NULL, NULL}};

const as_command as_command_explain = {
        .name = "explain",
        .summary = "explain a rule or a finding",
        .usage = "[OPTION…] RULE\n[OPTION…] FINGERPRINT [PATH…]",
        .description =
                "The fingerprint of a finding stands in the JSON and SARIF reports; its first "
                "eight characters are enough.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
