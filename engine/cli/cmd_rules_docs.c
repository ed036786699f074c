/* assay rules docs DIR: a page a rule and an index. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/base/file.h"
#include "engine/cli/cmd_rules.h"
#include "reporters/rule_page.h"

typedef struct settings {
    as_str_list dirs;
    bool check;
} settings;

/* Whether the file says just that already. */
static bool stands(as_cli *cli, as_sources *sources, as_str path, as_str text)
{
    as_diags ignored;

    as_diags_init(&ignored, cli->arena);
    const as_source *there =
            as_file_read(cli->arena, sources, as_str_cstr(cli->arena, path), AS_STR(""), &ignored);
    return there && as_str_eq(there->text, text);
}

/* Writes the page unless it is there already; with --check says so instead. */
static as_exit put(as_cli *cli, as_sources *sources, as_str name, as_str text)
{
    const settings *s = cli->settings;
    as_str path = as_str_fmt(
            cli->arena, "%.*s/%.*s.md", AS_STR_ARG(cli->args.items[0]), AS_STR_ARG(name));

    if (stands(cli, sources, path, text))
        return AS_EXIT_OK;
    if (s->check) {
        (void)as_cli_error(cli,
                "%.*s is out of step with the rules; write it anew with: "
                "assay rules docs %.*s",
                AS_STR_ARG(path), AS_STR_ARG(cli->args.items[0]));
        return AS_EXIT_FINDINGS;
    }
    as_str problem = as_file_write(cli->arena, path, text);
    return problem.n == 0 ? AS_EXIT_OK : as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    as_ruleset_options options = {
            .builtin = true, .dirs = {s->dirs.items, s->dirs.n}, .examples = true};
    as_exit worst = AS_EXIT_OK;
    as_diags diags;
    as_buf buf;

    if (cli->args.n != 1)
        return as_cli_usage_error(cli, "the folder to write to is expected");
    if (!s->check && mkdir(as_str_cstr(cli->arena, cli->args.items[0]), 0777) != 0 &&
            errno != EEXIST)
        return as_cli_error(cli, "%.*s: %s", AS_STR_ARG(cli->args.items[0]), strerror(errno));
    as_diags_init(&diags, cli->arena);
    as_sources *sources = as_cli_sources(cli);
    as_frameworks frameworks = as_frameworks_load(cli->arena, sources, &diags);
    as_ruleset *set = as_ruleset_load(cli->arena, &options, &diags);
    as_cli_print_diags(cli, sources, &diags);
    for (size_t i = 0; i < set->rules.n && worst != AS_EXIT_ERROR; i++) {
        as_buf_init(&buf, cli->arena, 0);
        as_rule_page(&buf, &set->rules.items[i], &frameworks);
        as_exit result = put(cli, sources, set->rules.items[i].rule.id, as_buf_view(&buf));
        worst = result > worst ? result : worst;
    }
    as_buf_init(&buf, cli->arena, 0);
    as_rule_index(&buf, set);
    as_exit result = put(cli, sources, AS_STR("README"), as_buf_view(&buf));
    worst = result > worst ? result : worst;
    return diags.n_errors > 0 && worst == AS_EXIT_OK ? AS_EXIT_PARTIAL : worst;
}

static const as_option options[] = {
        AS_OPTION_FLAG(settings, check, 0, "check", "write nothing; 1 when a page is out of step"),
        AS_OPTION_LIST(settings, dirs, 0, "rules", "DIR", "further rules"),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay rules docs docs/rules", "a page a rule, and README.md as their index"},
        {"assay rules docs --check docs/rules", "in CI: are they in step?"}, {NULL, NULL}};

const as_command as_command_rules_docs = {
        .name = "docs",
        .summary = "write the reference of the rules as Markdown",
        .usage = "[OPTION…] DIR",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
