/* assay completion SHELL */
#include "engine/cli/command.h"

static as_exit run(as_cli *cli)
{
    as_buf buf;

    if (cli->args.n != 1)
        return as_cli_usage_error(cli, "one shell is expected: bash, zsh or fish");
    as_buf_init(&buf, cli->arena, 0);
    if (!as_completion_write(&buf, cli->args.items[0]))
        return as_cli_usage_error(cli, "no completion for '%.*s': the shells are bash, zsh, fish",
                AS_STR_ARG(cli->args.items[0]));
    return as_cli_print(cli, as_buf_view(&buf));
}

static const as_example examples[] = {
        {"assay completion bash > ~/.local/share/bash-completion/completions/assay",
                "completion for bash"},
        {"assay completion fish > ~/.config/fish/completions/assay.fish", "completion for fish"},
        {NULL, NULL}};

const as_command as_command_completion = {
        .name = "completion",
        .summary = "print a completion script for bash, zsh or fish",
        .usage = "bash|zsh|fish",
        .examples = examples,
        .run = run,
};
