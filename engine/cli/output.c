/* What commands write: stdout, and messages on stderr. */
#include "engine/cli/command.h"
#include "engine/base/file.h"
#include "engine/cli/transcript.h"
#include "reporters/terminal.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool as_cli_write(const as_cli *cli, int fd, as_str text)
{
    as_transcript_add(cli->transcript, fd, text);
    return as_fd_write(fd, text);
}

as_exit as_cli_print(as_cli *cli, as_str text)
{
    if (as_cli_write(cli, STDOUT_FILENO, text))
        return AS_EXIT_OK;
    return as_cli_error(cli, "cannot write the output: %s", strerror(errno));
}

static void AS_PRINTF(2, 0) message(const as_cli *cli, const char *fmt, va_list args)
{
    as_buf text, out;

    as_buf_init(&text, cli->arena, 0);
    as_buf_vfmt(&text, fmt, args);
    as_buf_init(&out, cli->arena, 0);
    as_buf_cstr(&out, "assay: ");
    as_terminal_text(&out, as_buf_view(&text));
    as_buf_char(&out, '\n');
    (void)as_cli_write(cli, STDERR_FILENO, as_buf_view(&out)); /* nowhere left to complain */
}

void as_cli_note(const as_cli *cli, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    message(cli, fmt, args);
    va_end(args);
}

as_exit as_cli_error(const as_cli *cli, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    message(cli, fmt, args);
    va_end(args);
    return AS_EXIT_ERROR;
}

as_exit as_cli_usage_error(const as_cli *cli, const char *fmt, ...)
{
    as_str hint =
            as_str_fmt(cli->arena, "Try 'assay %s%s--help'.\n", cli->path, *cli->path ? " " : "");
    va_list args;

    va_start(args, fmt);
    message(cli, fmt, args);
    va_end(args);
    (void)as_cli_write(cli, STDERR_FILENO, hint);
    return AS_EXIT_ERROR;
}

static void free_sources(void *object)
{
    as_sources_free(object);
}

as_sources *as_cli_sources(const as_cli *cli)
{
    as_sources *sources = as_sources_new();

    if (!sources)
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    as_arena_defer(cli->arena, free_sources, sources);
    return sources;
}

void as_cli_print_diags(const as_cli *cli, as_sources *sources, const as_diags *diags)
{
    as_buf buf;
    as_terminal terminal = {.color = cli->color_err, .sources = sources};

    as_buf_init(&buf, cli->arena, 0);
    for (size_t i = 0; i < diags->list.n; i++)
        as_terminal_diag(&buf, &terminal, &diags->list.items[i]);
    (void)as_cli_write(cli, STDERR_FILENO, as_buf_view(&buf));
}

int as_terminal_width(void)
{
    struct winsize size;

    if (!isatty(STDOUT_FILENO))
        return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}
