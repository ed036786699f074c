/* assay diff REV [REV] [PATH] */
#include "engine/cli/scanning.h"

#include <unistd.h>

#include "engine/base/limits.h"
#include "engine/diff/diff.h"
#include "engine/paths/attack.h"
#include "reporters/terminal.h"

typedef struct settings {
    as_scanning scanning;
    int format;
    bool exit_code;
} settings;

static const char *const formats[] = {"text", "markdown", "json", NULL};
static const as_diff_format writers[] = {
        as_diff_write_text, as_diff_write_markdown, as_diff_write_json};

static void free_attack(void *object)
{
    as_attack_free(object);
}

/* One side: a revision, or with "" the work tree. False after saying why not. */
static bool take(as_cli *cli, as_str rev, as_diff_side *side)
{
    settings *s = cli->settings;
    const as_config *config = NULL;
    s->scanning.rev = rev;
    side->name = rev.n > 0 ? rev : AS_STR("the work tree");
    side->report = as_scanning_run(cli, &s->scanning, &config);
    if (side->report == NULL) {
        return false;
    }
    side->attack = as_attack_new(side->report->graph, config);
    if (side->attack == NULL) {
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    }
    as_arena_defer(cli->arena, free_attack, side->attack);
    if (!s->scanning.quiet) {
        as_cli_print_diags(cli, side->report->sources, side->report->diags);
    }
    return true;
}

/* REV [REV] [PATH]: the second word is a path where there is one of that name. */
static bool read_words(as_cli *cli, as_str *from, as_str *to)
{
    size_t n = cli->args.n;
    if (n < 1 || n > 3) {
        as_cli_usage_error(cli, "REV [REV] [PATH] are expected");
        return false;
    }
    bool path_second = n == 2 && access(cli->args.items[1].p, F_OK) == 0;
    size_t n_revs = n == 1 || path_second ? 1 : 2;
    *from = cli->args.items[0];
    *to = n_revs == 2 ? cli->args.items[1] : AS_STR("");
    cli->args.items += n_revs;
    cli->args.n -= n_revs;
    return true;
}

static as_exit run(as_cli *cli)
{
    settings *s = cli->settings;
    as_diff_side before, after;
    as_str from, to;
    if (!read_words(cli, &from, &to)) {
        return AS_EXIT_ERROR;
    }
    as_str_list args = cli->args;
    if (!take(cli, from, &before)) {
        return AS_EXIT_ERROR;
    }
    cli->args = args;
    if (!take(cli, to, &after)) {
        return AS_EXIT_ERROR;
    }
    as_diff diff = as_diff_of(cli->arena, &before, &after);
    as_buf out;
    as_buf_init(&out, cli->arena, AS_MAX_UNIT_BYTES);
    writers[s->format](&out, &diff);
    as_str text = as_buf_view(&out);
    if (s->format == 0) {
        text = as_terminal_lines(cli->arena, text);
    }
    as_exit printed = as_cli_print(cli, text);
    bool broken = before.report->diags->n_errors + after.report->diags->n_errors > 0;
    return printed != AS_EXIT_OK               ? printed
           : s->exit_code && diff.opened.n > 0 ? AS_EXIT_FINDINGS
           : broken                            ? AS_EXIT_PARTIAL
                                               : AS_EXIT_OK;
}

static const as_option options[] = {
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats,
                "text (the default), markdown for a pull request, or json"),
        AS_OPTION_FLAG(settings, exit_code, 0, "exit-code", "exit 1 when something is opened"),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet", "no diagnostics on stderr"),
        AS_SCANNING_RULE_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay diff main", "what the work tree opens and closes beside main"},
        {"assay diff main... --format markdown", "for a pull request: beside where HEAD left main"},
        {"assay diff v1.4 v1.5 infra/", "between two releases"},
        {"assay diff --exit-code origin/main", "fail a build that opens something"}, {NULL, NULL}};

const as_command as_command_diff = {
        .name = "diff",
        .summary = "what a change opens and closes",
        .usage = "[OPTION…] REV [REV] [PATH]",
        .description =
                "Scans two states of a git repository and compares what holds in each: findings, "
                "what principals of AWS and subjects of Kubernetes may do, connections, exposures, "
                "and attack paths from the internet. Without the second REV the work tree is the "
                "second state. REV... is where HEAD left REV.\n"
                "\n"
                "What moved without a change of meaning is not listed. Something that held "
                "perhaps and holds for certain now counts as opened.\n"
                "\n"
                "Exit codes: 0, or with --exit-code 1 when something is opened; 3 some input could "
                "not be read; 2 usage or I/O error.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
