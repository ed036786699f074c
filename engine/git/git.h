/* Git repositories, read only: the files of a revision or of the index as a file system, and what
 * changed between two of them.
 *
 * libgit2 is loaded when a repository is opened and not before: with all that it brings along it
 * would cost a small scan more than the scan itself. No hook, filter or configured command is ever
 * run, contents are those of the objects, and only as_git_fetch uses the network. */
#ifndef AS_GIT_GIT_H
#define AS_GIT_GIT_H

#include "engine/base/fs.h"

typedef struct as_git as_git;

/* The repository at or above `path` (work trees, linked work trees, submodules, shallow and bare
 * ones). NULL, with *problem in `arena`, when there is none or libgit2 is not installed. Freed with
 * the arena. */
as_git *as_git_open(as_arena *arena, const char *path, as_str *problem);
/* Absolute, without a slash at its end; "" of a bare repository. */
as_str as_git_workdir(const as_git *git);

/* The addresses of its remotes, as its configuration has them. */
as_strs as_git_remotes(as_arena *arena, const as_git *git);

typedef struct as_git_entry {
    as_str path;
    unsigned char oid[20];
    uint32_t mode;
} as_git_entry;

/* What a revision or the index holds; sorted by path. */
typedef struct as_git_snapshot {
    as_git *git;
    const as_git_entry *entries;
    size_t n;
    as_str name; /* "index", or the full id of the commit */
} as_git_snapshot;

/* `rev` as git rev-parse takes it: "HEAD~2", "main", "v1.2", an id; "main...": where HEAD left
 * main, their merge base. NULL with *problem. */
const as_git_snapshot *as_git_revision(as_git *git, as_str rev, as_str *problem);
const as_git_snapshot *as_git_index(as_git *git, as_str *problem);
/* A snapshot without any file: what stands before the first commit. */
const as_git_snapshot *as_git_nothing(as_git *git);

/* The snapshot as a file system. Symbolic links inside it are followed, submodules are of kind
 * OTHER. NULL when memory is gone. */
as_fs *as_git_fs(const as_git_snapshot *snapshot, as_sources *sources);

/* Paths that are new or differ in `to`; those that are gone are not among them. Renamed files count
 * when their content differs from what it was. */
as_strs as_git_changed(as_arena *arena, const as_git_snapshot *from, const as_git_snapshot *to);

/* Whether it is the address of a repository elsewhere ("https://…", "file://…", "git@…") and no
 * path. */
bool as_git_is_address(as_str git);
/* Makes or updates the bare clone `dir` of `address`, unless it has the commit already. Uses the
 * network: for commands that say so, never for a scan. */
bool as_git_fetch(as_arena *arena, as_str address, as_str dir, as_str commit, as_str *problem);

#endif
