/* A snapshot as a file system. Its table is flat and sorted by path, so that the files of a folder
 * stand together; only reading a file asks libgit2, and as_fs_read holds a lock then. */
#include "engine/git/internal.h"

#include <stdlib.h>

#include "engine/base/limits.h"

enum { MAX_LINKS = 16 };

static int order(const as_git_entry *entry, as_str path)
{
    return as_str_cmp(entry->path, path);
}

/* The first entry that is not before `path`. */
static size_t lower_bound(const as_git_snapshot *s, as_str path)
{
    size_t low = 0, high = s->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (order(&s->entries[middle], path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const as_git_entry *find(const as_git_snapshot *s, as_str path)
{
    size_t at = lower_bound(s, path);

    return at < s->n && as_str_eq(s->entries[at].path, path) ? &s->entries[at] : NULL;
}

static bool below(as_str dir, as_str path)
{
    return dir.n == 0 ||
           (path.n > dir.n && path.p[dir.n] == '/' && as_str_eq(as_str_slice(path, 0, dir.n), dir));
}

/* '.' and '-' sort before '/', so the files of "a" may stand behind "a.txt". */
static size_t first_below(const as_git_snapshot *s, as_arena *arena, as_str dir)
{
    return dir.n == 0 ? 0 : lower_bound(s, as_str_fmt(arena, "%.*s/", AS_STR_ARG(dir)));
}

static as_fs_error read_blob(
        const as_git_snapshot *s, const as_git_entry *entry, as_arena *arena, as_str *text)
{
    const as_git_library *lib = s->git->lib;
    git_odb_object *object = NULL;
    git_object_t type;
    git_oid oid;
    size_t size;

    memcpy(oid.id, entry->oid, sizeof oid.id);
    if (lib->git_odb_read_header(&size, &type, s->git->odb, &oid) != 0)
        return AS_FS_MISSING; /* a partial clone lacks it */
    if (type != GIT_OBJECT_BLOB)
        return AS_FS_NOT_FILE;
    if (size > AS_MAX_FILE_BYTES)
        return AS_FS_TOO_BIG;
    if (lib->git_odb_read(&object, s->git->odb, &oid) != 0)
        return AS_FS_IO;
    const as_str content = {lib->git_odb_object_data(object), size};
    as_guard guard;
    as_fs_error error = AS_FS_TOO_BIG;
    if (AS_GUARD_ENTER(&guard, arena)) {
        *text = as_str_dup(arena, content);
        error = AS_FS_OK;
        as_guard_leave(&guard);
    }
    lib->git_odb_object_free(object);
    return error;
}

typedef struct resolved {
    as_fs_kind kind;
    const as_git_entry *entry; /* of a file */
    as_str path;               /* with links resolved */
} resolved;

/* What `path` is once every link on its way is followed; a link that leaves the tree leads nowhere.
 */
static resolved resolve(const as_git_snapshot *s, as_arena *arena, as_str path, int links)
{
    if (path.n == 0)
        return (resolved){AS_FS_DIR, NULL, path};
    const as_git_entry *entry = find(s, path);
    if (entry && entry->mode == GIT_FILEMODE_LINK) {
        as_str target, joined;
        if (links >= MAX_LINKS || read_blob(s, entry, arena, &target) != AS_FS_OK ||
                !as_path_join(arena, as_path_dir(path), target, &joined))
            return (resolved){AS_FS_OTHER, NULL, path};
        return resolve(s, arena, joined, links + 1);
    }
    if (entry && entry->mode == GIT_FILEMODE_COMMIT)
        return (resolved){AS_FS_OTHER, NULL, path};
    if (entry)
        return (resolved){AS_FS_FILE, entry, path};
    size_t at = first_below(s, arena, path);
    if (at < s->n && below(path, s->entries[at].path))
        return (resolved){AS_FS_DIR, NULL, path};
    /* A folder on the way may be a link. */
    resolved parent = resolve(s, arena, as_path_dir(path), links);
    if (parent.kind != AS_FS_DIR || as_str_eq(parent.path, as_path_dir(path)) || links >= MAX_LINKS)
        return (resolved){AS_FS_NONE, NULL, path};
    as_str there = parent.path.n == 0 ? as_path_base(path)
                                      : as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(parent.path),
                                                AS_STR_ARG(as_path_base(path)));
    return resolve(s, arena, there, links + 1);
}

static as_fs_error snapshot_read(void *self, as_arena *arena, as_str path, as_str *text)
{
    const as_git_snapshot *s = self;
    resolved r = resolve(s, arena, path, 0);

    if (r.kind == AS_FS_FILE)
        return read_blob(s, r.entry, arena, text);
    return r.kind == AS_FS_NONE ? AS_FS_MISSING : AS_FS_NOT_FILE;
}

static int compare_names(const void *a, const void *b)
{
    return as_str_cmp(((const as_fs_entry *)a)->name, ((const as_fs_entry *)b)->name);
}

static as_fs_error snapshot_list(void *self, as_arena *arena, as_str dir, as_fs_entries *out)
{
    const as_git_snapshot *s = self;
    resolved r = resolve(s, arena, dir, 0);

    if (r.kind != AS_FS_DIR)
        return r.kind == AS_FS_NONE ? AS_FS_MISSING : AS_FS_NOT_FILE;
    for (size_t i = first_below(s, arena, r.path); i < s->n; i++) {
        const as_git_entry *found = &s->entries[i];
        if (!below(r.path, found->path))
            break;
        as_str rest = as_str_from_index(found->path, r.path.n > 0 ? r.path.n + 1 : 0);
        size_t slash = as_str_find_char(rest, '/');
        as_fs_entry entry = {.name = as_str_slice(rest, 0, slash), .kind = AS_FS_DIR};
        if (slash == (size_t)-1) {
            entry.is_link = found->mode == GIT_FILEMODE_LINK;
            entry.kind = resolve(s, arena, found->path, 0).kind;
            entry.kind = entry.kind == AS_FS_NONE ? AS_FS_OTHER : entry.kind;
        }
        if (out->n == 0 || !as_str_eq(out->items[out->n - 1].name, entry.name))
            AS_VEC_PUSH(arena, out, entry);
    }
    if (out->n > 1)
        qsort(out->items, out->n, sizeof *out->items, compare_names);
    return AS_FS_OK;
}

static as_fs_kind snapshot_stat(void *self, as_str path, uint64_t *size)
{
    const as_git_snapshot *s = self;
    as_arena *arena = as_arena_new(0); /* the snapshot's own is shared by threads */

    *size = 0;
    if (!arena)
        return AS_FS_NONE;
    as_guard guard;
    as_fs_kind kind = AS_FS_NONE;
    if (AS_GUARD_ENTER(&guard, arena)) {
        kind = resolve(s, arena, path, 0).kind;
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    return kind;
}

static const as_fs_ops snapshot_ops = {snapshot_read, snapshot_list, snapshot_stat, NULL};

as_fs *as_git_fs(const as_git_snapshot *snapshot, as_sources *sources)
{
    union {
        const as_git_snapshot *in;
        void *out;
    } self = {.in = snapshot};

    return as_fs_open_ops(&snapshot_ops, self.out, sources);
}
