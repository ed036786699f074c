/* assay help [COMMAND…] */
#include "engine/base/file.h"
#include "engine/cli/command.h"

typedef struct settings {
    bool man, markdown;
    as_str man_dir;
} settings;

/* assay.1, assay-scan.1, assay-rules-list.1, … */
static as_exit write_pages(as_cli *cli, as_str dir, const as_command *command,
        const as_command *const *below, as_str path)
{
    as_buf page;

    as_buf_init(&page, cli->arena, 0);
    as_man_write(&page, command, as_str_cstr(cli->arena, path));
    as_str name = as_str_replace(cli->arena, path, AS_STR(" "), AS_STR("-"));
    as_str file = as_str_fmt(cli->arena, "%.*s/assay%s%.*s.1", AS_STR_ARG(dir),
            name.n > 0 ? "-" : "", AS_STR_ARG(name));
    as_str problem = as_file_write(cli->arena, file, as_buf_view(&page));
    if (problem.n > 0)
        return as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
    for (size_t i = 0; below && below[i]; i++) {
        as_str longer =
                path.n == 0 ? as_str_from(below[i]->name)
                            : as_str_fmt(cli->arena, "%.*s %s", AS_STR_ARG(path), below[i]->name);
        if (!below[i]->hidden &&
                write_pages(cli, dir, below[i], below[i]->subcommands, longer) != AS_EXIT_OK)
            return AS_EXIT_ERROR;
    }
    return AS_EXIT_OK;
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    const as_command *command = NULL;
    const as_command *const *commands = as_commands;
    as_buf path, buf;

    if (s->man_dir.n > 0)
        return write_pages(cli, s->man_dir, NULL, as_commands, AS_STR(""));
    if (s->markdown) {
        as_buf_init(&buf, cli->arena, 0);
        as_markdown_write(&buf);
        return as_cli_print(cli, as_buf_view(&buf));
    }
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
    if (s->man)
        as_man_write(&buf, command, as_buf_c(&path));
    else
        as_help_write(&buf, command, as_buf_c(&path));
    return as_cli_print(cli, as_buf_view(&buf));
}

static const as_option options[] = {
        AS_OPTION_FLAG(settings, man, 0, "man", "as a manual page, for man(1)"),
        AS_OPTION_FLAG(settings, markdown, 0, "markdown", "all commands as one page of Markdown"),
        AS_OPTION_TEXT(settings, man_dir, 0, "man-dir", "DIR",
                "write the manual pages of all commands there"),
        AS_OPTION_END};

static const as_example examples[] = {{"assay help scan", "options and examples of a command"},
        {"assay help --man scan | man -l -", "the same as a manual page"}, {NULL, NULL}};

const as_command as_command_help = {
        .name = "help",
        .summary = "show the commands, or the options and examples of one",
        .usage = "[OPTION…] [COMMAND…]",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
