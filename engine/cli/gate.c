#include "engine/cli/gate.h"

#include "engine/base/fs.h"
#include "engine/cli/revisions.h"
#include "engine/scan/gate.h"

bool as_gate_decides(const as_reporting *reporting, const as_config *config)
{
    return config->gate.set && reporting->fail_on == AS_FAIL_ON_UNSET;
}

static bool parse(as_cli *cli, const as_report *report, const as_source *source, as_budget *budget)
{
    as_diags diags;

    as_diags_init(&diags, cli->arena);
    bool fine = as_budget_parse(cli->arena, source, budget, &diags);
    as_cli_print_diags(cli, report->sources, &diags);
    return fine;
}

/* Where the budget lies in the repository. */
static as_str in_repository(as_cli *cli, const as_config *config)
{
    return as_str_fmt(
            cli->arena, "%.*s%.*s", AS_STR_ARG(config->prefix), AS_STR_ARG(config->gate.budget));
}

static void free_fs(void *object)
{
    as_fs_free(object);
}

/* The budget of the revision that a change starts from; *found is false where it had none. False
 * after saying what is wrong. */
static bool read_before(as_cli *cli, const as_scanning *scanning, const as_config *config,
        const as_report *report, as_budget *before, bool *found)
{
    as_repository repository = {0};
    const as_source *source;
    as_strs args = {cli->args.items, cli->args.n};

    *found = false;
    if (scanning->diff.n == 0)
        return true;
    if (!as_repository_open(cli, args, &repository))
        return false;
    const as_git_snapshot *snapshot = as_repository_snapshot(cli, &repository, scanning->diff);
    if (!snapshot)
        return false;
    as_fs *fs = as_git_fs(snapshot, report->sources);
    if (!fs)
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    as_arena_defer(cli->arena, free_fs, fs);
    if (as_fs_read(fs, in_repository(cli, config), &source) != AS_FS_OK)
        return true;
    *found = true;
    return parse(cli, report, source, before);
}

static void say(const as_cli *cli, const as_gate_lines *lines)
{
    for (size_t i = 0; i < lines->n; i++)
        as_cli_note(cli, "gate: %.*s", AS_STR_ARG(lines->items[i]));
}

as_exit as_gate_verdict(as_cli *cli, const as_reporting *reporting, const as_scanning *scanning,
        const as_config *config, const as_report *report)
{
    const as_gate *gate = &config->gate;
    as_budget budget, before;
    bool has_before = false, partial = report->diags->n_errors > 0;

    if (gate->budget.n > 0 && !gate->budget_source)
        return as_cli_error(cli,
                "the budget %.*s of the gate is not there; write it with: assay baseline --budget "
                "%.*s",
                AS_STR_ARG(gate->budget), AS_STR_ARG(gate->budget));
    if (gate->budget.n > 0 &&
            (!parse(cli, report, gate->budget_source, &budget) ||
                    !read_before(cli, scanning, config, report, &before, &has_before)))
        return AS_EXIT_ERROR;
    as_gate_result result =
            as_gate_judge(cli->arena, gate, as_reporting_threshold(reporting, config),
                    gate->budget.n > 0 ? &budget : NULL, has_before ? &before : NULL, report);
    if (reporting->fail_on_unknown && !gate->fail_on_unknown &&
            report->summary.by_status[AS_UNSURE] > 0)
        AS_VEC_PUSH(cli->arena, &result.reasons, AS_STR("not every check could be decided"));
    say(cli, &result.reasons);
    if (!scanning->quiet)
        say(cli, &result.hints);
    if (result.reasons.n > 0 && !(reporting->strict && partial))
        return AS_EXIT_FINDINGS;
    return partial ? AS_EXIT_PARTIAL : AS_EXIT_OK;
}
