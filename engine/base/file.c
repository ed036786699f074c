#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/witness.h"

bool as_fd_write(int fd, as_str text)
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

/* Once: what closed it early leaves -1. */
static void close_fd(void *object)
{
    int *fd = object;

    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Reads to the end; false with errno set, EFBIG when there is too much. */
static bool read_all(int fd, as_buf *buf)
{
    char block[65536];

    for (;;) {
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        if ((size_t)n > AS_MAX_FILE_BYTES - buf->n) {
            errno = EFBIG;
            return false;
        }
        as_buf_add(buf, block, (size_t)n);
    }
}

/* False with errno set, EINVAL when it is no file. */
static bool is_regular(int fd)
{
    struct stat st;

    errno = EINVAL;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static bool read_path(as_arena *arena, const char *path, bool found, as_str *text)
{
    bool is_stdin = !found && strcmp(path, "-") == 0;
    int *fd = AS_NEW(arena, int);
    as_buf buf;

    /* O_NONBLOCK: a FIFO must not hold the scan up before it is known for one. */
    *fd = is_stdin ? dup(STDIN_FILENO)
                   : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (found ? O_NONBLOCK : 0));
    bool done = *fd >= 0;
    if (done) {
        as_arena_defer(arena, close_fd, fd);
        as_buf_init(&buf, arena, AS_MAX_FILE_BYTES);
        done = (!found || is_regular(*fd)) && read_all(*fd, &buf);
        int problem = errno;
        close_fd(fd);
        errno = problem;
    }
    if (done)
        *text = as_buf_view(&buf);
    return done;
}

static const as_source *read_source(as_arena *arena, as_sources *sources, const char *path,
        as_str shown, bool found, as_diags *diags)
{
    bool is_stdin = !found && strcmp(path, "-") == 0;
    as_witness *witness = as_sources_witness(sources);
    as_str text;
    bool done = read_path(arena, path, found, &text);
    int problem = errno;

    as_witness_file(witness, path, done ? &text : NULL);
    if (is_stdin)
        as_witness_spoil(witness);
    if (done) {
        if (shown.n == 0)
            shown = is_stdin ? AS_STR("<stdin>") : as_str_from(path);
        const as_source *source = as_sources_add(sources, shown, text, true);
        if (source)
            return source;
        problem = ENOMEM;
    }
    as_diags_add_path(diags, AS_DIAG_ERROR, "file-read", as_str_from(path), "cannot read it: %s",
            strerror(problem));
    return NULL;
}

bool as_file_peek(as_arena *arena, const char *path, as_str *text)
{
    return read_path(arena, path, true, text);
}

bool as_file_exists(as_sources *sources, const char *path)
{
    as_witness_exists(as_sources_witness(sources), path);
    return access(path, F_OK) == 0;
}

const as_source *as_file_read(
        as_arena *arena, as_sources *sources, const char *path, as_str shown, as_diags *diags)
{
    return read_source(arena, sources, path, shown, false, diags);
}

const as_source *as_file_read_found(
        as_arena *arena, as_sources *sources, const char *path, as_str shown, as_diags *diags)
{
    return read_source(arena, sources, path, shown, true, diags);
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

    bool done = as_fd_write(fd, text) &&
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

void as_file_make_parents(as_arena *arena, as_str path)
{
    for (size_t i = 1; i < path.n; i++)
        if (path.p[i] == '/')
            (void)mkdir(as_str_cstr(arena, as_str_slice(path, 0, i)), 0700);
}
