#include "engine/scan/roots.h"

#include "engine/base/buf.h"
#include "engine/base/file.h"
#include "engine/base/witness.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder at or above `path` that holds ".git" (a folder, or a file in worktrees and
 * submodules). */
static bool find_git_root(as_sources *sources, as_str path, char out[PATH_MAX])
{
    char probe[PATH_MAX];
    for (as_str dir = path; dir.n > 0; dir = as_path_dir(dir)) {
        if (dir.n + sizeof "/.git" > sizeof probe) {
            continue;
        }
        memcpy(probe, dir.p, dir.n);
        memcpy(probe + dir.n, "/.git", sizeof "/.git");
        if (as_file_exists(sources, probe)) {
            memcpy(out, dir.p, dir.n);
            out[dir.n] = '\0';
            return true;
        }
    }
    return false;
}

static void free_fs(void *object)
{
    as_fs_free(object);
}

static as_root *root_at(
        as_arena *arena, const char *dir, bool is_git, as_sources *sources, as_roots *roots)
{
    for (size_t i = 0; i < roots->list.n; i++) {
        if (as_str_is(roots->list.items[i].dir, dir)) {
            return &roots->list.items[i];
        }
    }
    as_fs *fs = as_fs_open_dir(dir, sources);
    if (fs == NULL) {
        return NULL;
    }
    as_arena_defer(arena, free_fs, fs);
    AS_VEC_PUSH(arena, &roots->list,
            (as_root){.fs = fs, .dir = as_str_dup(arena, as_str_from(dir)), .is_git = is_git});
    return &roots->list.items[roots->list.n - 1];
}

static void open_path(
        as_arena *arena, as_str path, as_sources *sources, as_diags *diags, as_roots *roots)
{
    char real[PATH_MAX], dir[PATH_MAX];
    struct stat info;
    as_witness_way(as_sources_witness(sources), as_str_cstr(arena, path));
    as_witness_exists(as_sources_witness(sources), as_str_cstr(arena, path));
    if (realpath(as_str_cstr(arena, path), real) == NULL || stat(real, &info) != 0) {
        as_diags_add_path(diags, AS_DIAG_ERROR, "path", path, "%s",
                errno == EACCES ? "permission denied" : "no such file or folder");
        return;
    }
    bool folder = S_ISDIR(info.st_mode);
    as_str full = as_str_from(real);
    as_str start = folder ? full : as_path_dir(full);
    bool is_git = find_git_root(sources, start, dir);
    if (!is_git) {
        memcpy(dir, start.n == 0 ? "/" : real, start.n == 0 ? 1 : start.n);
        dir[start.n == 0 ? 1 : start.n] = '\0';
    }
    as_root *root = root_at(arena, dir, is_git, sources, roots);
    if (root == NULL) {
        as_diags_add_path(diags, AS_DIAG_ERROR, "path", path, "it cannot be opened");
        return;
    }
    size_t n = root->dir.n == 1 ? 1 : root->dir.n + 1;
    as_str inside = as_str_dup(arena, as_str_from_index(full, n));
    if (folder) {
        AS_VEC_PUSH(arena, &root->folders, inside);
    } else {
        AS_VEC_PUSH(arena, &root->files, inside);
    }
}

/* From the root of the work tree to where the caller stands and back; nothing in a bare repository.
 */
static void place_caller(as_arena *arena, as_str workdir, as_roots *out)
{
    char cwd[PATH_MAX];
    if (workdir.n == 0 || getcwd(cwd, sizeof cwd) == NULL) {
        return;
    }
    out->prefix = as_path_relative(arena, as_str_from(cwd), workdir);
    out->here = as_path_relative(arena, workdir, as_str_from(cwd));
    if (as_str_starts(out->here, "../")) {
        out->here = AS_STR("");
    }
}

static bool lies_below(as_str path, as_strs dirs)
{
    for (size_t i = 0; i < dirs.n; i++) {
        as_str dir = dirs.items[i];
        if (dir.n == 0 || as_str_eq(path, dir) ||
                (path.n > dir.n && path.p[dir.n] == '/' &&
                        as_str_eq(as_str_slice(path, 0, dir.n), dir))) {
            return true;
        }
    }
    return dirs.n == 0;
}

void as_roots_open_snapshot(as_arena *arena, const as_git_snapshot *snapshot, as_strs paths,
        const as_strs *changed, as_sources *sources, as_diags *diags, as_roots *out)
{
    static const as_str all = AS_STR_INIT("");
    *out = (as_roots){0};
    as_root root = {.fs = as_git_fs(snapshot, sources),
            .dir = as_git_workdir(snapshot->git),
            .is_git = true};
    if (root.fs == NULL) {
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    }
    as_arena_defer(arena, free_fs, root.fs);
    if (paths.n == 0) {
        paths = (as_strs){&all, 1};
    }
    for (size_t i = 0; i < paths.n && changed == NULL; i++) {
        as_fs_kind kind = as_fs_stat(root.fs, paths.items[i]);
        if (kind == AS_FS_DIR) {
            AS_VEC_PUSH(arena, &root.folders, paths.items[i]);
        } else if (kind == AS_FS_FILE) {
            AS_VEC_PUSH(arena, &root.files, paths.items[i]);
        } else {
            as_diags_add_path(diags, AS_DIAG_ERROR, "path", paths.items[i],
                    "there is no such file or folder in %.*s", AS_STR_ARG(snapshot->name));
        }
    }
    for (size_t i = 0; changed != NULL && i < changed->n; i++) {
        if (lies_below(changed->items[i], paths)) {
            AS_VEC_PUSH(arena, &root.files, changed->items[i]);
        }
    }
    AS_VEC_PUSH(arena, &out->list, root);
    place_caller(arena, root.dir, out);
}

void as_roots_open_document(
        as_arena *arena, const as_memory_file *document, as_sources *sources, as_roots *out)
{
    *out = (as_roots){0};
    as_root root = {.fs = as_fs_open_memory(document, 1, sources), .dir = AS_STR("")};
    if (root.fs == NULL) {
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    }
    as_arena_defer(arena, free_fs, root.fs);
    AS_VEC_PUSH(arena, &root.folders, AS_STR(""));
    AS_VEC_PUSH(arena, &out->list, root);
}

void as_roots_open(
        as_arena *arena, as_strs paths, as_sources *sources, as_diags *diags, as_roots *out)
{
    *out = (as_roots){0};
    for (size_t i = 0; i < paths.n; i++) {
        open_path(arena, paths.items[i], sources, diags, out);
    }
    if (paths.n == 0) {
        open_path(arena, AS_STR("."), sources, diags, out);
    }
    char cwd[PATH_MAX];
    if (getcwd(cwd, sizeof cwd) == NULL) {
        return;
    }
    as_str here = as_str_from(cwd);
    if (out->list.n == 1) {
        out->prefix = as_path_relative(arena, here, out->list.items[0].dir);
        out->here = as_path_relative(arena, out->list.items[0].dir, here);
        if (as_str_starts(out->here, "../"))
            out->here = AS_STR("");
        return;
    }
    for (size_t i = 0; i < out->list.n; i++) { /* several roots: told apart by where they lie */
        as_fs_set_display_prefix(
                out->list.items[i].fs, as_path_relative(arena, here, out->list.items[i].dir));
    }
}

void as_roots_cover(as_roots *roots, const as_memory_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t r = 0; r < roots->list.n; r++) {
            as_root *root = &roots->list.items[r];
            size_t skip = root->dir.n == 1 ? 1 : root->dir.n + 1; /* "/" itself */
            bool below = files[i].path.n > skip && files[i].path.p[skip - 1] == '/' &&
                         as_str_eq(as_str_slice(files[i].path, 0, root->dir.n), root->dir);
            if (below) {
                as_fs_put(root->fs, as_str_from_index(files[i].path, skip), files[i].text);
            }
        }
    }
}
