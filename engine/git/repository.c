#include "engine/git/internal.h"

#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/vec.h"

static void free_git(void *object)
{
    as_git *git = object;

    git->lib->git_odb_free(git->odb);
    git->lib->git_repository_free(git->repository);
}

/* libgit2's own words; they name what is missing. */
static as_str last_error(as_git *git, const char *fallback)
{
    const git_error *error = git->lib->git_error_last();

    return as_str_dup(git->arena, as_str_from(error && error->message ? error->message : fallback));
}

as_git *as_git_open(as_arena *arena, const char *path, as_str *problem)
{
    const as_git_library *lib = as_git_library_get();
    as_git *git = AS_NEW(arena, as_git);

    *git = (as_git){.lib = lib, .arena = arena};
    if (!lib) {
        *problem = AS_STR("libgit2 is not installed");
        return NULL;
    }
    if (lib->git_repository_open_ext(&git->repository, path, 0, NULL) != 0) {
        *problem = last_error(git, "this is no git repository");
        return NULL;
    }
    if (lib->git_repository_odb(&git->odb, git->repository) != 0) {
        *problem = last_error(git, "the objects of the repository cannot be read");
        lib->git_repository_free(git->repository);
        return NULL;
    }
    as_arena_defer(arena, free_git, git);
    const char *workdir = lib->git_repository_workdir(git->repository);
    as_str dir = as_str_from(workdir ? workdir : "");
    while (dir.n > 1 && as_str_ends(dir, "/"))
        dir.n--;
    git->workdir = as_str_dup(arena, dir);
    return git;
}

as_str as_git_workdir(const as_git *git)
{
    return git->workdir;
}

as_strs as_git_remotes(as_arena *arena, const as_git *git)
{
    git_strarray names = {0};
    AS_VEC(as_str) addresses = {0};

    if (git->lib->git_remote_list(&names, git->repository) != 0)
        return (as_strs){0};
    for (size_t i = 0; i < names.count; i++) {
        git_remote *remote = NULL;
        if (git->lib->git_remote_lookup(&remote, git->repository, names.strings[i]) != 0)
            continue;
        const char *url = git->lib->git_remote_url(remote);
        if (url)
            AS_VEC_PUSH(arena, &addresses, as_str_dup(arena, as_str_from(url)));
        git->lib->git_remote_free(remote);
    }
    git->lib->git_strarray_dispose(&names);
    return (as_strs){addresses.items, addresses.n};
}

/* --- snapshots ----------------------------------------------------------------------------------
 */

typedef AS_VEC(as_git_entry) entry_list;

typedef struct walking {
    as_git *git;
    entry_list entries;
    as_cause cause;
} walking;

static int compare_entries(const void *a, const void *b)
{
    return as_str_cmp(((const as_git_entry *)a)->path, ((const as_git_entry *)b)->path);
}

static const as_git_snapshot *finish(as_git *git, entry_list *entries, as_str name)
{
    as_git_snapshot *snapshot = AS_NEW(git->arena, as_git_snapshot);

    if (entries->n > 1)
        qsort(entries->items, entries->n, sizeof *entries->items, compare_entries);
    *snapshot = (as_git_snapshot){git, entries->items, entries->n, name};
    return snapshot;
}

static void add_entry(
        as_git *git, entry_list *entries, as_str path, const git_oid *oid, uint32_t mode)
{
    as_git_entry entry = {.path = path, .mode = mode};

    memcpy(entry.oid, oid->id, sizeof entry.oid);
    AS_VEC_PUSH(git->arena, entries, entry);
}

/* An arena that is full must not unwind through libgit2's frames. */
static int take_tree_entry(const char *root, const git_tree_entry *entry, void *payload)
{
    walking *w = payload;
    const as_git_library *lib = w->git->lib;
    git_filemode_t mode = lib->git_tree_entry_filemode(entry);
    as_guard guard;

    if (mode == GIT_FILEMODE_TREE)
        return 0;
    if (w->entries.n >= AS_MAX_FILES)
        return -1;
    if (!AS_GUARD_ENTER(&guard, w->git->arena)) {
        w->cause = guard.cause;
        return -1;
    }
    as_str path = as_str_fmt(w->git->arena, "%s%s", root, lib->git_tree_entry_name(entry));
    add_entry(w->git, &w->entries, path, lib->git_tree_entry_id(entry), (uint32_t)mode);
    as_guard_leave(&guard);
    return 0;
}

static int find_commit(as_git *git, as_str rev, git_object **commit)
{
    const as_git_library *lib = git->lib;
    git_object *found = NULL;
    int error = lib->git_revparse_single(&found, git->repository, as_str_cstr(git->arena, rev));

    if (error == 0)
        error = lib->git_object_peel(commit, found, GIT_OBJECT_COMMIT);
    lib->git_object_free(found);
    return error;
}

/* Where HEAD left the revision. */
static int find_merge_base(as_git *git, as_str rev, git_object **commit)
{
    const as_git_library *lib = git->lib;
    git_object *theirs = NULL, *ours = NULL;
    git_oid base;
    int error = find_commit(git, rev, &theirs);

    if (error == 0)
        error = find_commit(git, AS_STR("HEAD"), &ours);
    if (error == 0)
        error = lib->git_merge_base(
                &base, git->repository, lib->git_object_id(ours), lib->git_object_id(theirs));
    if (error == 0)
        error = lib->git_object_lookup(commit, git->repository, &base, GIT_OBJECT_COMMIT);
    lib->git_object_free(theirs);
    lib->git_object_free(ours);
    return error;
}

const as_git_snapshot *as_git_revision(as_git *git, as_str rev, as_str *problem)
{
    const as_git_library *lib = git->lib;
    git_object *commit = NULL, *tree = NULL;
    walking w = {.git = git};
    char id[GIT_OID_HEXSZ + 1] = "";
    int error = as_str_ends(rev, "...")
                        ? find_merge_base(git, as_str_slice(rev, 0, rev.n - 3), &commit)
                        : find_commit(git, rev, &commit);

    if (error == 0)
        error = lib->git_object_peel(&tree, commit, GIT_OBJECT_TREE);
    if (error == 0)
        error = lib->git_tree_walk((const git_tree *)tree, GIT_TREEWALK_PRE, take_tree_entry, &w);
    if (error == 0)
        lib->git_oid_tostr(id, sizeof id, lib->git_object_id(commit));
    else
        *problem = as_str_fmt(git->arena, "%.*s: %.*s", AS_STR_ARG(rev),
                AS_STR_ARG(last_error(git, "there is no such revision")));
    lib->git_object_free(tree);
    lib->git_object_free(commit);
    if (w.cause != AS_CAUSE_NONE)
        as_arena_unwind(git->arena, w.cause);
    return error == 0 ? finish(git, &w.entries, as_str_dup(git->arena, as_str_from(id))) : NULL;
}

const as_git_snapshot *as_git_index(as_git *git, as_str *problem)
{
    const as_git_library *lib = git->lib;
    git_index *index = NULL;
    entry_list entries = {0};

    if (lib->git_repository_index(&index, git->repository) != 0) {
        *problem = last_error(git, "the index cannot be read");
        return NULL;
    }
    size_t n = lib->git_index_entrycount(index);
    for (size_t i = 0; i < n; i++) {
        const git_index_entry *entry = lib->git_index_get_byindex(index, i);
        /* Of a path in conflict the version of the own side (stage 2) stands for it. */
        int stage = GIT_INDEX_ENTRY_STAGE(entry);
        if (stage == 0 || stage == 2)
            add_entry(git, &entries, as_str_dup(git->arena, as_str_from(entry->path)), &entry->id,
                    entry->mode);
    }
    lib->git_index_free(index);
    return finish(git, &entries, AS_STR("index"));
}

const as_git_snapshot *as_git_nothing(as_git *git)
{
    entry_list none = {0};

    return finish(git, &none, AS_STR("nothing"));
}

as_strs as_git_changed(as_arena *arena, const as_git_snapshot *from, const as_git_snapshot *to)
{
    AS_VEC(as_str) changed = {0};

    for (size_t a = 0, b = 0; b < to->n; b++) {
        while (a < from->n && as_str_cmp(from->entries[a].path, to->entries[b].path) < 0)
            a++;
        bool same =
                a < from->n && as_str_eq(from->entries[a].path, to->entries[b].path) &&
                memcmp(from->entries[a].oid, to->entries[b].oid, sizeof from->entries[a].oid) == 0;
        if (!same)
            AS_VEC_PUSH(arena, &changed, to->entries[b].path);
    }
    return (as_strs){changed.items, changed.n};
}
