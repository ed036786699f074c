/* assay help [COMMAND…] */
#include "engine/cli/command.h"

static as_exit run(as_cli *cli)
{
    const as_command *command = NULL;
    const as_command *const *commands = as_commands;
    as_buf path, buf;

    as_buf_init(&path, cli->arena, 0);
    for (size_t i = 0; i < cli->args.n; i++) {
        command = commands ? as_command_find(commands, cli->args.items[i]) : NULL;
        if (!command)
            return as_cli_usage_error(
                    cli, "there is no command '%.*s'", AS_STR_ARG(cli->args.items[i]));
        as_buf_fmt(&path, "%s%s", i > 0 ? " " : "", command->name);
        commands = command->subcommands;
    }
    as_buf_init(&buf, cli->arena, 0);
    as_help_write(&buf, command, as_buf_c(&path));
    return as_cli_print(cli, as_buf_view(&buf));
}

static const as_example examples[] = {
        {"assay help scan", "options and examples of a command"}, {NULL, NULL}};

const as_command as_command_help = {
        .name = "help",
        .summary = "show the commands, or the options and examples of one",
        .usage = "[COMMAND…]",
        .examples = examples,
        .run = run,
};
