/* The one place that talks to other machines: `assay policy fetch`. */
#include "engine/git/internal.h"

#include <unistd.h>

#include "engine/base/file.h"

bool as_git_is_address(as_str git)
{
    for (size_t i = 0; i + 2 < git.n; i++)
        if (git.p[i] == ':' && git.p[i + 1] == '/' && git.p[i + 2] == '/')
            return true;
    return as_str_starts(git, "git@");
}

static bool has_commit(as_arena *arena, as_str dir, as_str commit)
{
    as_str ignored = AS_STR("");
    as_git *git = as_git_open(arena, as_str_cstr(arena, dir), &ignored);

    return git && as_git_revision(git, commit, &ignored) != NULL;
}

static as_str words(as_arena *arena, const as_git_library *lib)
{
    const git_error *error = lib->git_error_last();

    return as_str_dup(arena, as_str_from(error && error->message ? error->message : "failed"));
}

static bool update(
        as_arena *arena, const as_git_library *lib, as_str address, as_str dir, as_str *problem)
{
    git_repository *repository = NULL;
    git_remote *remote = NULL;
    git_clone_options options;
    int error = 0;

    if (access(as_str_cstr(arena, dir), F_OK) != 0) {
        error = lib->git_clone_options_init(&options, GIT_CLONE_OPTIONS_VERSION);
        options.bare = 1;
        if (error == 0)
            error = lib->git_clone(
                    &repository, as_str_cstr(arena, address), as_str_cstr(arena, dir), &options);
    } else {
        error = lib->git_repository_open_ext(&repository, as_str_cstr(arena, dir), 0, NULL);
        if (error == 0)
            error = lib->git_remote_lookup(&remote, repository, "origin");
        if (error == 0)
            error = lib->git_remote_fetch(remote, NULL, NULL, NULL);
    }
    if (error != 0)
        *problem = words(arena, lib);
    lib->git_remote_free(remote);
    lib->git_repository_free(repository);
    return error == 0;
}

bool as_git_fetch(as_arena *arena, as_str address, as_str dir, as_str commit, as_str *problem)
{
    const as_git_library *lib = as_git_library_get();

    if (!lib) {
        *problem = AS_STR("libgit2 is not installed");
        return false;
    }
    if (has_commit(arena, dir, commit))
        return true;
    as_file_make_parents(arena, dir);
    if (!update(arena, lib, address, dir, problem))
        return false;
    if (has_commit(arena, dir, commit))
        return true;
    *problem = as_str_fmt(arena, "it has no commit %.*s", AS_STR_ARG(commit));
    return false;
}
