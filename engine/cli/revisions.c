#include "engine/cli/revisions.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Absolute and without "." and ".."; links on the way are resolved as far as it exists. */
static bool absolute(as_arena *arena, as_str path, as_str *out)
{
    char real[PATH_MAX], cwd[PATH_MAX];

    if (realpath(as_str_cstr(arena, path), real)) {
        *out = as_str_dup(arena, as_str_from(real));
        return true;
    }
    if (as_str_starts(path, "/") || !getcwd(cwd, sizeof cwd))
        return false;
    as_str joined;
    if (!as_path_join(
                arena, as_str_dup(arena, as_str_from_index(as_str_from(cwd), 1)), path, &joined))
        return false;
    *out = as_str_fmt(arena, "/%.*s", AS_STR_ARG(joined));
    return true;
}

static bool is_folder(as_str path)
{
    struct stat info;

    return stat(path.p, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The path in the work tree; in a bare repository, which is named by its own folder, all of it. */
static bool inside(as_cli *cli, const as_git *git, as_str path, as_str *out)
{
    as_str workdir = as_git_workdir(git), full;

    if (workdir.n == 0) {
        *out = is_folder(path) ? AS_STR("") : path;
        return true;
    }
    if (absolute(cli->arena, path, &full) && as_str_eq(as_str_slice(full, 0, workdir.n), workdir) &&
            (full.n == workdir.n || workdir.n == 1 || full.p[workdir.n] == '/')) {
        *out = full.n == workdir.n ? AS_STR("")
                                   : as_str_from_index(full, workdir.n == 1 ? 1 : workdir.n + 1);
        return true;
    }
    as_cli_error(
            cli, "%.*s lies outside of the repository %.*s", AS_STR_ARG(path), AS_STR_ARG(workdir));
    return false;
}

bool as_repository_open(as_cli *cli, as_strs args, as_repository *out)
{
    as_str start = args.n > 0 ? args.items[0] : AS_STR("."), problem = AS_STR("");
    const char *from = access(start.p, F_OK) == 0 ? start.p : ".";
    as_str *paths = AS_NEW_ARRAY(cli->arena, as_str, args.n + 1);

    *out = (as_repository){.git = as_git_open(cli->arena, from, &problem)};
    if (!out->git) {
        as_cli_error(cli, "%s: %.*s", from, AS_STR_ARG(problem));
        return false;
    }
    for (size_t i = 0; i < args.n; i++)
        if (!inside(cli, out->git, args.items[i], &paths[i]))
            return false;
    if (args.n == 0 && !inside(cli, out->git, AS_STR("."), &paths[0]))
        return false;
    out->paths = (as_strs){paths, args.n > 0 ? args.n : 1};
    out->dir = out->paths.n == 1 ? paths[0] : AS_STR("");
    return true;
}

const as_git_snapshot *as_repository_snapshot(
        as_cli *cli, const as_repository *repository, as_str rev)
{
    as_str problem = AS_STR("");
    const as_git_snapshot *snapshot = rev.n == 0 ? as_git_index(repository->git, &problem)
                                                 : as_git_revision(repository->git, rev, &problem);

    if (!snapshot)
        as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
    return snapshot;
}

as_strs as_repository_staged(
        as_cli *cli, const as_repository *repository, const as_git_snapshot *index)
{
    as_str problem;
    const as_git_snapshot *head = as_git_revision(repository->git, AS_STR("HEAD"), &problem);

    return as_git_changed(cli->arena, head ? head : as_git_nothing(repository->git), index);
}
