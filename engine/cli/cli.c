/* Finds the command, fills its settings, runs it. */
#include "engine/cli/command.h"
#include "engine/cli/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define AS_COMMAND(name) extern const as_command as_command_##name;
#include "engine/cli/commands.def"
#undef AS_COMMAND
#define AS_COMMAND(name) &as_command_##name,
const as_command *const as_commands[] = {
#include "engine/cli/commands.def"
        NULL};

enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
static const char *const when[] = {"auto", "always", "never", NULL};

typedef struct common {
    int color;
} common;

const as_option as_common_options[] = {
        AS_OPTION_ENUM(common, color, 0, "color", "WHEN", when, "use colours"), AS_OPTION_END};

const as_command *as_command_find(const as_command *const *commands, as_str name)
{
    for (size_t i = 0; commands[i]; i++)
        if (as_str_is(name, commands[i]->name))
            return commands[i];
    return NULL;
}

/* NO_COLOR: https://no-color.org */
static bool use_color(int choice, int fd)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (choice != COLOR_AUTO)
        return choice == COLOR_ALWAYS;
    if (no_color && *no_color)
        return false;
    return isatty(fd) == 1 && !(term && strcmp(term, "dumb") == 0);
}

static as_exit print_help(as_cli *cli)
{
    as_buf buf;

    as_buf_init(&buf, cli->arena, 0);
    as_help_write(&buf, cli->command, cli->path);
    return as_cli_print(cli, as_buf_view(&buf));
}

static as_exit no_such_command(as_cli *cli, const as_command *const *commands, as_str name)
{
    as_str_list names = {0};

    for (size_t i = 0; commands[i]; i++)
        if (!commands[i]->hidden)
            AS_VEC_PUSH(cli->arena, &names, as_str_from(commands[i]->name));
    as_str near = as_did_you_mean(name, names.items, names.n);
    if (near.n > 0)
        return as_cli_usage_error(cli, "there is no command '%.*s'; did you mean '%.*s'?",
                AS_STR_ARG(name), AS_STR_ARG(near));
    return as_cli_usage_error(cli, "there is no command '%.*s'", AS_STR_ARG(name));
}

/* Goes down to the subcommand that argv names; false when that failed, with *result set. */
static bool choose(as_cli *cli, int *argc, char ***argv, as_exit *result)
{
    const as_command *const *commands = as_commands;

    while (commands) {
        if (*argc == 0 || strcmp(**argv, "--help") == 0 || strcmp(**argv, "-h") == 0) {
            bool asked = *argc > 0;
            *result = asked ? print_help(cli) : as_cli_usage_error(cli, "a command is expected");
            return false;
        }
        as_str name = as_str_from(**argv);
        if (as_str_starts(name, "-")) {
            *result = as_cli_usage_error(cli, "unknown option '%.*s'", AS_STR_ARG(name));
            return false;
        }
        const as_command *command = as_command_find(commands, name);
        if (!command) {
            *result = no_such_command(cli, commands, name);
            return false;
        }
        cli->path = cli->command ? as_str_fmt(cli->arena, "%s %s", cli->path, command->name).p
                                 : command->name;
        cli->command = command;
        commands = command->subcommands;
        --*argc;
        ++*argv;
    }
    return true;
}

static as_exit run_command(as_cli *cli, int argc, char **argv)
{
    const as_command *command = cli->command;
    common shared = {COLOR_AUTO};
    as_options_parser parser = {
            .arena = cli->arena,
            .options = command->options,
            .common = as_common_options,
            .common_settings = &shared,
    };

    cli->settings = as_arena_alloc(cli->arena, command->settings_size);
    if (command->defaults)
        memcpy(cli->settings, command->defaults, command->settings_size);
    parser.settings = cli->settings;

    as_options_result result = as_options_parse(&parser, argc, argv);
    cli->color_out = use_color(shared.color, STDOUT_FILENO);
    cli->color_err = use_color(shared.color, STDERR_FILENO);
    if (result == AS_OPTIONS_HELP)
        return print_help(cli);
    if (result == AS_OPTIONS_ERROR)
        return as_cli_usage_error(cli, "%.*s", AS_STR_ARG(parser.problem));
    cli->args = parser.args;
    return command->run(cli);
}

static as_exit print_version(as_cli *cli, int argc, char **argv)
{
    if (argc > 1 && (strcmp(argv[1], "--verbose") == 0 || strcmp(argv[1], "-v") == 0))
        return as_command_find(as_commands, AS_STR("version"))->run(cli);
    return as_cli_print(cli, AS_STR("assay " AS_VERSION "\n"));
}

as_exit as_cli_main(as_arena *arena, int argc, char **argv)
{
    as_cli cli = {.arena = arena, .path = "", .argc = argc, .argv = argv};
    as_exit result = AS_EXIT_OK;

    argc = argc > 0 ? argc - 1 : 0;
    argv++;
    if (argc > 0 && (strcmp(argv[0], "--version") == 0 || strcmp(argv[0], "-V") == 0))
        return print_version(&cli, argc, argv);
    if (argc > 1 && strcmp(argv[1], "--version") == 0 && strcmp(argv[0], "--verbose") == 0)
        return as_command_find(as_commands, AS_STR("version"))->run(&cli);
    if (!choose(&cli, &argc, &argv, &result))
        return result;
    return run_command(&cli, argc, argv);
}
