/* assay drift PATH… --live SNAPSHOT|aws|gcp|k8s */
#include "engine/cli/audit_collect.h"
#include "engine/cli/drift_listing.h"
#include "engine/cli/reporting.h"

typedef struct settings {
    as_scanning scanning;
    as_reporting reporting;
    as_str_list live;
    bool all, no_tags;
} settings;

/* "aws", "gcp --project p": what `assay collect` is to ask; anything else is a path. */
static bool is_question(as_str live)
{
    as_str word, rest = live;

    (void)as_str_split(&rest, ' ', &word);
    return as_str_is(word, "aws") || as_str_is(word, "gcp") || as_str_is(word, "k8s");
}

/* Accounts and clusters are asked into a folder that goes with the run. */
static bool add_live(as_cli *cli, const settings *s)
{
    as_str_list questions = {0};
    as_str dir;

    for (size_t i = 0; i < s->live.n; i++) {
        if (is_question(s->live.items[i]))
            AS_VEC_PUSH(cli->arena, &questions, s->live.items[i]);
        else
            AS_VEC_PUSH(cli->arena, &cli->args, s->live.items[i]);
    }
    if (questions.n == 0)
        return true;
    if (!as_audit_collect(cli, questions, AS_STR(""), s->scanning.quiet, &dir))
        return false;
    AS_VEC_PUSH(cli->arena, &cli->args, dir);
    return true;
}

/* Every difference counts, or with --fail-on those at or above a severity. */
static bool fails(const settings *s, const as_report *report)
{
    as_severity least;

    if (s->reporting.fail_on == AS_FAIL_ON_UNSET ||
            !as_severity_parse(as_str_from(as_reporting_severities[s->reporting.fail_on]), &least))
        least = AS_SEVERITY_INFO;
    for (int severity = AS_SEVERITY_INFO; severity <= AS_SEVERITY_CRITICAL; severity++)
        if (least != AS_SEVERITY_NONE && severity >= (int)least &&
                report->summary.failed_by_severity[severity] > 0)
            return true;
    return false;
}

static as_exit verdict(const settings *s, const as_report *report)
{
    bool partial = report->diags->n_errors > 0;

    if (fails(s, report) && !(s->reporting.strict && partial))
        return AS_EXIT_FINDINGS;
    return partial ? AS_EXIT_PARTIAL : AS_EXIT_OK;
}

static as_exit compare(as_cli *cli, settings *s)
{
    const as_config *config = NULL;
    as_drift_listing l = {.cli = cli};

    if (!add_live(cli, s))
        return AS_EXIT_ERROR;
    s->scanning.show_passed = true; /* to tell which rules the code keeps */
    l.report = as_scanning_run(cli, &s->scanning, &config);
    if (!l.report)
        return AS_EXIT_ERROR;
    as_drift_listing_gather(&l, s->all, s->no_tags);
    s->reporting.own_form = as_drift_write_form;
    s->reporting.self = &l;

    const as_report *report = as_drift_report(&l);
    bool text = strcmp(as_reporting_formats[s->reporting.format], "text") == 0;
    if (text && !s->scanning.quiet)
        as_cli_print_diags(cli, report->sources, report->diags);
    as_exit result = as_reporting_write(cli, &s->reporting, s->scanning.quiet, report);
    return result != AS_EXIT_OK ? result : verdict(s, report);
}

static as_exit run(as_cli *cli)
{
    settings *s = cli->settings;

    if (s->live.n == 0)
        return as_cli_usage_error(
                cli, "--live SNAPSHOT|aws|gcp|k8s says what the code is compared with");
    if (!as_reporting_valid(cli, &s->reporting))
        return AS_EXIT_ERROR;
    if (cli->args.n == 0)
        AS_VEC_PUSH(cli->arena, &cli->args, AS_STR("."));
    return compare(cli, s);
}

static const as_option options[] = {
        AS_OPTION_LIST(settings, live, 0, "live", "PATH|'aws|gcp|k8s …'",
                "what accounts hold: a snapshot, a file of live resources, or what 'assay collect' "
                "with "
                "these arguments collects now"),
        AS_OPTION_FLAG(settings, all, 0, "all",
                "what is unmanaged: also of kinds that the code does not make"),
        AS_OPTION_FLAG(settings, no_tags, 0, "no-tags", "differences of tags alone do not count"),
        AS_REPORTING_FORM_OPTIONS(settings),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet", "no diagnostics on stderr"),
        AS_OPTION_GROUP("Exit code"),
        AS_OPTION_ENUM(settings, reporting.fail_on, 0, "fail-on", "SEVERITY",
                as_reporting_severities,
                "least severity of a difference that gives 1 (default: info, any)"),
        AS_OPTION_FLAG(settings, reporting.strict, 0, "strict",
                "3 (input that could not be read) wins over 1"),
        AS_SCANNING_RULE_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_TEXT(settings, scanning.release, 0, "release-name", "NAME",
                "what the release of a chart is called in the cluster"),
        AS_OPTION_TEXT(settings, scanning.namespace, 'n', "namespace", "NAME",
                "the namespace of the release"),
        AS_OPTION_END,
};

static const settings defaults = {.reporting = AS_REPORTING_DEFAULTS};

static const as_example examples[] = {
        {"assay drift infra/ --live snap/", "what somebody changed beside the code"},
        {"assay drift terraform.tfstate --live snap/ --format markdown", "for an issue"},
        {"assay drift infra/ --live snap/ -o sarif=drift.sarif --fail-on high",
                "in CI: every difference in code scanning, fail when one breaks a rule of weight"},
        {"assay drift charts/api --live 'k8s --context prod' --release-name api -n trading",
                "a chart and the cluster where it is installed, asked now"},
        {NULL, NULL}};

const as_command as_command_drift = {
        .name = "drift",
        .summary = "compare code with what is live",
        .usage = "[OPTION…] --live SNAPSHOT|aws|gcp|k8s [PATH…]",
        .description =
                "Configuration, plans and states are joined with what accounts hold by ARN, id or "
                "name, manifests and charts with what clusters hold by kind, namespace and name. "
                "What breaks a rule that the code keeps comes first.\n"
                "\n"
                "Text, Markdown and JSON show both sides; in all other formats differences are "
                "findings of DRIFT-001 (changed), DRIFT-002 (unmanaged) and DRIFT-003 (gone), at "
                "the place in code, as severe as the worst rule that is broken.\n"
                "\n"
                "Exit codes: 0 no difference at or above --fail-on; 1 differences; 2 usage, "
                "configuration or I/O error; 3 some input could not be read and nothing differs.",
        .options = options,
        .settings_size = sizeof(settings),
        .defaults = &defaults,
        .examples = examples,
        .run = run,
};
