#include "parsers/live/command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/buf.h"

extern char **environ;

enum { MOST = 1 << 20, TIMEOUT_S = 60 };

static char **strings(as_arena *arena, as_strs list, char *const *before)
{
    size_t n = 0;

    while (before && before[n])
        n++;
    char **all = AS_NEW_ARRAY(arena, char *, n + list.n + 1);
    size_t kept = 0;
    for (size_t i = 0; i < list.n; i++)
        all[kept++] = as_str_cstr(arena, list.items[i]);
    for (size_t i = 0; i < n; i++) { /* of equal names the first counts: those that are added */
        size_t name = strcspn(before[i], "=") + 1;
        bool replaced = false;
        for (size_t k = 0; k < list.n; k++)
            replaced |= list.items[k].n >= name && memcmp(list.items[k].p, before[i], name) == 0;
        if (!replaced)
            all[kept++] = before[i];
    }
    return all;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Everything until the other end is closed. False when it takes too long or is too much. */
static bool read_all(int fd, int64_t until, as_buf *out, const char **why)
{
    char piece[4096];

    for (;;) {
        int64_t left = until - now_ms();
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = left > 0 ? poll(&wait, 1, (int)left) : 0;
        if (ready == 0) {
            *why = "takes too long";
            return false;
        }
        ssize_t n = ready < 0 ? -1 : read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        if (out->n + (size_t)n > MOST) {
            *why = "prints too much";
            return false;
        }
        as_buf_add(out, piece, (size_t)n);
    }
}

bool as_command_line_run(as_arena *arena, const as_command_line *line, as_str *out, as_str *problem)
{
    char **argv = strings(arena, line->argv, NULL);
    char **env = strings(arena, line->environ, environ);
    int64_t until = now_ms() + 1000 * (int64_t)(line->timeout_s > 0 ? line->timeout_s : TIMEOUT_S);
    posix_spawn_file_actions_t actions;
    const char *why = "cannot be read";
    int ends[2], status = 0;
    pid_t child;
    as_buf text;

    as_buf_init(&text, arena, MOST + 1);
    if (line->argv.n == 0 || pipe(ends) != 0) {
        *problem = AS_STR("no program can be run");
        return false;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    int failed = posix_spawnp(&child, argv[0], &actions, NULL, argv, env);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    bool fine = failed == 0 && read_all(ends[0], until, &text, &why);
    close(ends[0]);
    if (failed == 0) {
        if (!fine)
            kill(child, SIGKILL);
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            continue;
    }
    if (failed != 0)
        *problem = as_str_fmt(arena, "%s: %s", argv[0], strerror(failed));
    else if (!fine)
        *problem = as_str_fmt(arena, "%s %s", argv[0], why);
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        *problem = as_str_fmt(arena, "%s failed", argv[0]);
    *out = as_buf_view(&text);
    return fine && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
