/* assay scan [PATH…] */
#include "engine/base/clock.h"
#include "engine/cli/cache.h"
#include "engine/cli/gate.h"
#include "engine/cli/shards.h"

typedef struct settings {
    as_scanning scanning;
    as_reporting reporting;
    as_str shard, result;
} settings;

static as_exit scan(as_cli *cli, settings *s)
{
    const as_config *config = NULL;

    s->scanning.gate = true;
    /* People read what to set; programs want to know where. */
    s->scanning.locate_fixes = s->reporting.format != 0 || s->reporting.outputs.n > 0;
    if (s->shard.n == 0 && s->result.n > 0)
        return as_cli_usage_error(
                cli, "--result is for --shard; reports go to --output FORMAT=FILE");
    as_reporting_teller teller;
    s->scanning.progress = as_reporting_begin(&s->reporting, s->scanning.quiet, &teller);
    if (s->shard.n > 0) {
        as_exit done = as_shards_scan(cli, &s->scanning, s->shard, s->result);
        as_reporting_end(&teller, s->scanning.progress);
        return done;
    }
    const as_report *report = as_scanning_run(cli, &s->scanning, &config);
    as_reporting_end(&teller, s->scanning.progress);
    if (!report)
        return AS_EXIT_ERROR;
    as_exit written = as_reporting_write(cli, &s->reporting, s->scanning.quiet, report);
    if (written != AS_EXIT_OK)
        return written;
    return as_gate_decides(&s->reporting, config)
                   ? as_gate_verdict(cli, &s->reporting, &s->scanning, config, report)
                   : as_reporting_verdict(&s->reporting, config, report);
}

static as_cache *cache_of(as_cli *cli, const settings *s)
{
    if (s->scanning.no_cache || s->shard.n > 0 || as_reporting_is_dated(&s->reporting) ||
            !as_scanning_is_repeatable(cli, &s->scanning))
        return NULL;
    return as_cache_open(cli, as_clock_day(cli->arena, as_clock_now()));
}

static as_exit run(as_cli *cli)
{
    settings *s = cli->settings;
    as_exit code;

    if (!as_reporting_valid(cli, &s->reporting))
        return AS_EXIT_ERROR;
    as_cache *cache = cache_of(cli, s);
    if (!cache)
        return scan(cli, s);
    if (as_cache_replay(cache, &code))
        return code;
    s->scanning.witness = as_cache_watch(cache);
    code = scan(cli, s);
    as_cache_store(cache, code);
    return code;
}

static const as_option options[] = {
        AS_REPORTING_OUTPUT_OPTIONS(settings),
        AS_OPTION_FLAG(
                settings, scanning.show_passed, 0, "show-passed", "report passed checks too"),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet",
                "only what fails and what could not be read"),
        AS_REPORTING_EXIT_OPTIONS(settings),
        AS_OPTION_TEXT(settings, scanning.baseline, 0, "baseline", "FILE",
                "findings listed there do not count (assay baseline)"),
        AS_SCANNING_GIT_OPTIONS(settings),
        AS_SCANNING_RULE_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_FLAG(settings, scanning.no_cache, 0, "no-cache",
                "scan anew, even when nothing has changed since the last time"),
        AS_OPTION_GROUP("Several machines"),
        AS_OPTION_TEXT(settings, shard, 0, "shard", "I/N",
                "do the I-th of N parts; assay merge makes one report of all (auto/N, auto: by the "
                "job)"),
        AS_OPTION_TEXT(settings, result, 0, "result", "FILE",
                "where the result of the part is written (default: stdout)"),
        AS_OPTION_END,
};

static const settings defaults = {.reporting = AS_REPORTING_DEFAULTS};

static const as_example examples[] = {{"assay scan infra/", "check a folder"},
        {"assay scan --output sarif=assay.sarif --fail-on high",
                "in CI: text in the log, SARIF for the upload, fail from high on"},
        {"assay scan --var-file prod.tfvars --rule 'AWS-S3-*' infra/",
                "one environment, some rules"},
        {"assay scan --staged", "as a pre-commit hook: what is about to be committed"},
        {"assay scan --diff main...", "in a pull request: what it brings"},
        {"assay scan --shard 3/16 --result 3.assay repos/*", "one of sixteen parts"},
        {"assay scan --format json --show-passed . > report.json", "everything, for programs"},
        {NULL, NULL}};

const as_command as_command_scan = {
        .name = "scan",
        .summary = "check files and folders against the rules",
        .usage = "[OPTION…] [PATH…]",
        .description =
                "Reads Terraform, Helm charts, Kustomize trees, Kubernetes manifests and workflows "
                "below each PATH (default: the current folder), and reports what the rules find. "
                "The "
                "PATH '-' is one document on stdin.\n"
                "\n"
                "Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 usage, configuration "
                "or I/O error; 3 some input could not be read or evaluated and nothing failed.",
        .options = options,
        .settings_size = sizeof(settings),
        .defaults = &defaults,
        .examples = examples,
        .run = run,
};
