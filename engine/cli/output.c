/* What commands write: stdout, messages on stderr, and files whole or not at all. */
#include "engine/cli/command.h"
#include "reporters/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, as_str text)
{
    while (text.n > 0) {
        ssize_t n = write(fd, text.p, text.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text = as_str_from_index(text, (size_t)n);
    }
    return true;
}

as_exit as_cli_print(as_cli *cli, as_str text)
{
    if (write_all(STDOUT_FILENO, text))
        return AS_EXIT_OK;
    return as_cli_error(cli, "cannot write the output: %s", strerror(errno));
}

static void message(const as_cli *cli, const char *fmt, va_list args)
{
    as_buf text, out;

    as_buf_init(&text, cli->arena, 0);
    as_buf_vfmt(&text, fmt, args);
    as_buf_init(&out, cli->arena, 0);
    as_buf_cstr(&out, "assay: ");
    as_terminal_text(&out, as_buf_view(&text));
    as_buf_char(&out, '\n');
    (void)write_all(STDERR_FILENO, as_buf_view(&out)); /* nowhere left to complain */
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
    as_str hint = as_str_fmt(cli->arena, "Try 'assay %s%s--help'.\n", cli->path,
            *cli->path ? " " : "");
    va_list args;

    va_start(args, fmt);
    message(cli, fmt, args);
    va_end(args);
    (void)write_all(STDERR_FILENO, hint);
    return AS_EXIT_ERROR;
}

void as_cli_print_diags(const as_cli *cli, as_sources *sources, const as_diags *diags)
{
    as_buf buf;
    as_terminal terminal = {.color = cli->color_err, .sources = sources};

    as_buf_init(&buf, cli->arena, 0);
    for (size_t i = 0; i < diags->list.n; i++)
        as_terminal_diag(&buf, &terminal, &diags->list.items[i]);
    (void)write_all(STDERR_FILENO, as_buf_view(&buf));
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

/* Permissions of the file that is replaced, else what a new file gets. */
static mode_t mode_for(const char *path)
{
    struct stat st;
    mode_t mask = umask(0);

    umask(mask);
    return stat(path, &st) == 0 ? st.st_mode & 0777 : 0666 & ~mask;
}

as_str as_file_write(as_arena *arena, as_str path, as_str text)
{
    char *name = as_str_cstr(arena, path);
    struct stat st;

    /* What is no regular file (/dev/stdout, a pipe) cannot be replaced, only written to. */
    bool special = stat(name, &st) == 0 && !S_ISREG(st.st_mode);
    char *temporary = special ? NULL : as_str_cstr(arena, as_str_fmt(arena, "%s.XXXXXX", name));
    int fd = special ? open(name, O_WRONLY | O_CLOEXEC | O_NOCTTY) : mkstemp(temporary);
    if (fd < 0)
        return as_str_fmt(arena, "cannot create %s: %s", name, strerror(errno));

    bool done = write_all(fd, text) &&
            (special || (fchmod(fd, mode_for(name)) == 0 && fsync(fd) == 0));
    int problem = errno;
    if (close(fd) != 0 && done) {
        problem = errno;
        done = false;
    }
    if (done && !special && rename(temporary, name) != 0) {
        problem = errno;
        done = false;
    }
    if (done)
        return AS_STR_NONE;
    if (!special)
        unlink(temporary);
    return as_str_fmt(arena, "cannot write %s: %s", name, strerror(problem));
}
