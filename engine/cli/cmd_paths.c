/* assay paths [PATH] */
#include "engine/cli/scanning.h"

#include "engine/base/limits.h"
#include "engine/paths/attack.h"
#include "engine/paths/write.h"
#include "reporters/terminal.h"

typedef struct settings {
    as_scanning scanning;
    as_str_list from;
    as_str to;
    int format, limit;
    bool direct;
} settings;

static const char *const formats[] = {"text", "json", "dot", "mermaid", NULL};
static const as_attack_format writers[] = {
        as_attack_write_text, as_attack_write_json, as_attack_write_dot, as_attack_write_mermaid};

typedef AS_VEC(uint32_t) ids;

/* The nodes that the texts of --from name. False after saying which one is none. */
static bool find_starts(as_cli *cli, as_attack *attack, const settings *s, ids *starts)
{
    for (size_t i = 0; i < s->from.n; i++) {
        size_t n;
        const uint32_t *found = as_attack_find(attack, cli->arena, s->from.items[i], &n);
        if (n == 0) {
            as_cli_error(cli, "nothing that an attacker may hold is called '%.*s'",
                    AS_STR_ARG(s->from.items[i]));
            return false;
        }
        for (size_t k = 0; k < n; k++) {
            AS_VEC_PUSH(cli->arena, starts, found[k]);
        }
    }
    return true;
}

/* What --to asks for: goals by their names, or one node. */
static bool find_goals(as_cli *cli, as_attack *attack, as_str to, as_attack_question *question)
{
    static const struct {
        const char *name;
        unsigned goals;
    } names[] = {{"", AS_GOAL_ANY}, {"any", AS_GOAL_ANY}, {"data", AS_GOAL_DATA},
            {"secrets", AS_GOAL_SECRET}, {"admin", AS_GOAL_ADMIN},
            {"environments", AS_GOAL_ENVIRONMENT}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (as_str_is(to, names[i].name)) {
            question->goals = names[i].goals;
            return true;
        }
    }
    size_t n;
    const uint32_t *found = as_attack_find(attack, cli->arena, to, &n);
    if (n != 1) {
        as_cli_error(cli,
                n == 0 ? "nothing that could be reached is called '%.*s'"
                       : "several things are called '%.*s': use the address",
                AS_STR_ARG(to));
        return false;
    }
    question->target = found[0];
    return true;
}

static void free_attack(void *object)
{
    as_attack_free(object);
}

static as_exit exit_of(const as_attack_paths *paths, const as_report *report)
{
    if (paths->n > 0 && paths->items[0].certain) {
        return AS_EXIT_FINDINGS;
    }
    return paths->n > 0 || paths->incomplete || report->diags->n_errors > 0 ? AS_EXIT_PARTIAL
                                                                            : AS_EXIT_OK;
}

static as_exit run(as_cli *cli)
{
    settings *s = cli->settings;
    const as_config *config = NULL;
    ids starts = {0};
    if (cli->args.n > 1) {
        return as_cli_usage_error(cli, "one PATH is expected");
    }
    s->scanning.graph_only = true;
    const as_report *report = as_scanning_run(cli, &s->scanning, &config);
    if (report == NULL) {
        return AS_EXIT_ERROR;
    }
    if (!s->scanning.quiet) {
        as_cli_print_diags(cli, report->sources, report->diags);
    }
    as_attack *attack = as_attack_new(report->graph, config);
    if (attack == NULL) {
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    }
    as_arena_defer(cli->arena, free_attack, attack);
    as_attack_question question = {
            .direct = s->direct, .limit = s->limit > 0 ? (size_t)s->limit : 0};
    if (!find_starts(cli, attack, s, &starts) || !find_goals(cli, attack, s->to, &question)) {
        return AS_EXIT_ERROR;
    }
    question.starts = starts.items;
    question.n_starts = starts.n;
    as_attack_paths paths = as_attack_search(attack, cli->arena, &question);
    as_attack_cuts cuts = as_attack_cut_of(attack, cli->arena, &question, &paths);
    as_buf out;
    as_buf_init(&out, cli->arena, AS_MAX_UNIT_BYTES);
    writers[s->format](&out, report->sources, &paths, &cuts);
    as_str text = as_buf_view(&out);
    if (s->format == 0) {
        text = as_terminal_lines(cli->arena, text);
    }
    as_exit printed = as_cli_print(cli, text);
    return printed == AS_EXIT_OK ? exit_of(&paths, report) : printed;
}

static const as_option options[] = {
        AS_OPTION_LIST(settings, from, 0, "from", "NODE",
                "where the attacker stands (default: internet); environment:NAME for all that runs "
                "there"),
        AS_OPTION_TEXT(settings, to, 0, "to", "GOAL",
                "data, secrets, admin, environments, any (the default), or one thing by its "
                "address"),
        AS_OPTION_FLAG(settings, direct, 0, "direct",
                "without moving from one workload to another inside the network"),
        AS_OPTION_INT(settings, limit, 0, "limit", "N", "at most so many paths"),
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats,
                "text (the default), json, dot or mermaid"),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet", "no diagnostics on stderr"),
        AS_OPTION_TEXT(settings, scanning.config, 0, "config", "FILE",
                "the configuration (default: the nearest .assay.yaml)"),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay paths infra/",
                "what can be reached from the internet, and which change stops most of it?"},
        {"assay paths --from aws_iam_user.ci infra/", "what if the keys of a user leak?"},
        {"assay paths --from environment:dev --to environments .", "does dev lead to production?"},
        {"assay paths --to aws_s3_bucket.trades infra/", "how is one bucket reached?"},
        {"assay paths --format mermaid infra/", "a picture"}, {NULL, NULL}};

const as_command as_command_paths = {
        .name = "paths",
        .summary = "how an attacker gets from the internet to what matters",
        .usage = "[OPTION…] [PATH]",
        .description =
                "Joins networks, identities and pipelines of what is declared below PATH (default: "
                "the current folder): exposures, connections, roles of workloads and pods, trust, "
                "ways to more rights, grants, mounted secrets. For each goal that is reached the "
                "shortest path is shown: certain ones first, then by what is lost and by length.\n"
                "\n"
                "An Ingress that asks callers who they are (auth-url, auth-type) is no way in.\n\n"
                "Goals: data of classification confidential or regulated (as tags tell it), "
                "secrets, administration of an account, project or cluster, and production where "
                "the path comes from another environment.\n"
                "\n"
                "A path is certain when the platform allows every step whatever is not known; "
                "others are listed as unknown, with the reason. The changes at the end are "
                "places of the code that would break paths: `closes` counts the goals "
                "that nothing leads to any more without them.\n"
                "\n"
                "Exit codes: 0 no path, 1 a certain path, 3 unknown paths only, or input that "
                "could "
                "not be read, 2 usage or I/O error.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
