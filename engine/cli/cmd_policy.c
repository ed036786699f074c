/* assay policy fetch | list: the shared policies that the configuration extends. */
#include <string.h>

#include "engine/cli/command.h"
#include "engine/git/git.h"
#include "engine/rules/config.h"

typedef struct settings {
    as_str config;
} settings;

/* NULL when it cannot be read, which has been said. Errors about policies that are not there yet
 * are what `fetch` is for. */
static const as_config *read_config(as_cli *cli)
{
    const settings *s = cli->settings;
    as_sources *sources = as_cli_sources(cli);
    const as_config *config;
    as_diags all, errors;

    as_diags_init(&all, cli->arena);
    as_diags_init(&errors, cli->arena);
    config = s->config.n > 0 ? as_config_read(cli->arena, sources, s->config.p, AS_STR(""), &all)
                             : as_config_find(cli->arena, sources, ".", &all);
    for (size_t i = 0; i < all.list.n; i++)
        if (all.list.items[i].severity == AS_DIAG_ERROR &&
                strcmp(all.list.items[i].code, AS_CONFIG_NO_POLICY) != 0) {
            AS_VEC_PUSH(cli->arena, &errors.list, all.list.items[i]);
            errors.n_errors++;
        }
    as_cli_print_diags(cli, sources, &errors);
    return errors.n_errors > 0 ? NULL : config;
}

static as_exit run_list(as_cli *cli)
{
    const as_config *config = read_config(cli);
    as_buf buf;

    if (!config)
        return AS_EXIT_ERROR;
    as_buf_init(&buf, cli->arena, 0);
    for (size_t i = 0; i < config->n_extends; i++) {
        const as_config_extend *e = &config->extends[i];
        if (e->git.n > 0)
            as_buf_fmt(&buf, "%.*s %.*s %.*s\n", AS_STR_ARG(e->commit), AS_STR_ARG(e->git),
                    AS_STR_ARG(e->dir));
        else
            as_buf_fmt(&buf, "%.*s\n", AS_STR_ARG(e->path));
    }
    return as_cli_print(cli, as_buf_view(&buf));
}

static as_exit run_fetch(as_cli *cli)
{
    const as_config *config = read_config(cli);
    as_str problem = AS_STR("");

    if (!config)
        return AS_EXIT_ERROR;
    for (size_t i = 0; i < config->n_extends; i++) {
        const as_config_extend *e = &config->extends[i];
        as_str cache = as_policy_cache(cli->arena, e->git);
        if (!as_git_is_address(e->git))
            continue;
        if (!as_git_fetch(cli->arena, e->git, cache, e->commit, &problem))
            return as_cli_error(cli, "%.*s: %.*s", AS_STR_ARG(e->git), AS_STR_ARG(problem));
        as_exit printed = as_cli_print(cli,
                as_str_fmt(cli->arena, "%.*s %.*s\n", AS_STR_ARG(e->commit), AS_STR_ARG(e->git)));
        if (printed != AS_EXIT_OK)
            return printed;
    }
    return AS_EXIT_OK;
}

static const as_option options[] = {
        AS_OPTION_TEXT(settings, config, 0, "config", "FILE",
                "the configuration (default: the nearest .assay.yaml)"),
        AS_OPTION_END,
};

static const as_example fetch_examples[] = {
        {"assay policy fetch && assay scan", "in CI: scans themselves never use the network"},
        {NULL, NULL}};

static const as_command list = {
        .name = "list",
        .summary = "list the policies that the configuration extends",
        .usage = "[OPTION…]",
        .options = options,
        .settings_size = sizeof(settings),
        .run = run_list,
};

static const as_command fetch = {
        .name = "fetch",
        .summary = "fetch them at their commits into the cache",
        .usage = "[OPTION…]",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = fetch_examples,
        .run = run_fetch,
};

static const as_command *const subcommands[] = {&list, &fetch, NULL};

const as_command as_command_policy = {
        .name = "policy",
        .summary = "fetch shared policies that the configuration extends",
        .usage = "",
        .subcommands = subcommands,
};
