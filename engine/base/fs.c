#include "engine/base/fs.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "engine/base/disk.h"
#include "engine/base/limits.h"
#include "engine/base/map.h"
#include "engine/base/witness.h"

typedef struct mount {
    as_str path, shown;
    as_disk *disk;
} mount;

struct as_fs {
    const as_fs_ops *ops;
    void *self;
    as_sources *sources;
    atomic_bool starved;
    pthread_mutex_t lock; /* guards what follows */
    as_arena *arena;      /* texts and cache */
    as_map read;          /* path → const as_source */
    as_map put;           /* path → as_str, of as_fs_put; not changed once reading has begun */
    as_str prefix;
    AS_VEC(struct mount) mounts;
};

/* No folder of a project is called so. */
static const char mount_prefix[] = ":mount:";

/* --- any file system ---------------------------------------------------------------------------
 */

as_fs *as_fs_open_ops(const as_fs_ops *ops, void *self, as_sources *sources)
{
    as_fs *fs = calloc(1, sizeof *fs);
    if (fs == NULL || (fs->arena = as_arena_new(0)) == NULL) {
        free(fs);
        return NULL;
    }
    fs->ops = ops;
    fs->self = self;
    fs->sources = sources;
    pthread_mutex_init(&fs->lock, NULL);
    return fs;
}

as_fs *as_fs_open_dir(const char *root, as_sources *sources)
{
    as_disk *d = as_disk_open(root);
    if (d == NULL) {
        return NULL;
    }
    as_fs *fs = as_fs_open_ops(&as_disk_ops, d, sources);
    if (fs == NULL) {
        as_disk_ops.free(d);
    }
    return fs;
}

void as_fs_free(as_fs *fs)
{
    if (fs == NULL) {
        return;
    }
    if (fs->ops->free != NULL) {
        fs->ops->free(fs->self);
    }
    for (size_t i = 0; i < fs->mounts.n; i++) {
        as_disk_ops.free(fs->mounts.items[i].disk);
    }
    pthread_mutex_destroy(&fs->lock);
    as_arena_free(fs->arena);
    free(fs);
}

void as_fs_put(as_fs *fs, as_str path, as_str text)
{
    as_str *kept = AS_NEW(fs->arena, as_str);
    *kept = text;
    as_map_put(fs->arena, &fs->put, as_str_dup(fs->arena, path), kept);
}

bool as_fs_mount(as_fs *fs, const char *dir, as_str shown, as_str *path)
{
    as_disk *d = as_disk_open(dir);
    if (d == NULL) {
        return false;
    }
    const as_disk *own = fs->ops == &as_disk_ops ? fs->self : NULL;
    as_str below;
    if (own != NULL && as_disk_below(own, d, &below)) {
        *path = as_str_dup(fs->arena, below);
        as_disk_ops.free(d);
        return true;
    }
    *path = as_str_fmt(fs->arena, "%s%zu", mount_prefix, fs->mounts.n);
    AS_VEC_PUSH(fs->arena, &fs->mounts, (mount){*path, as_str_dup(fs->arena, shown), d});
    return true;
}

/* Who answers for a path, and what it is to them. */
typedef struct provider {
    const as_fs_ops *ops;
    void *self;
    as_str path;
    const mount *mount; /* or NULL */
} provider;

static provider provider_of(const as_fs *fs, as_str path)
{
    for (size_t i = 0; i < fs->mounts.n && as_str_starts(path, mount_prefix); i++) {
        const mount *m = &fs->mounts.items[i];
        if (as_str_eq(as_str_slice(path, 0, as_str_find_char(path, '/')), m->path)) {
            return (provider){&as_disk_ops, m->disk, as_str_from_index(path, m->path.n + 1), m};
        }
    }
    return (provider){fs->ops, fs->self, path, NULL};
}

static as_str shown_path(as_fs *fs, as_str path)
{
    provider from = provider_of(fs, path);
    return as_str_join(fs->arena, from.mount == NULL ? fs->prefix : from.mount->shown, from.path);
}

static as_witness *witness_of(const as_fs *fs)
{
    return fs->sources == NULL ? NULL : as_sources_witness(fs->sources);
}

/* What the provider has, unless something stands in its place. */
static as_fs_error read_bytes(as_fs *fs, as_arena *arena, as_str path, as_str *text)
{
    const as_str *put = fs->put.n == 0 ? NULL : as_map_get(&fs->put, path);
    if (put != NULL) {
        *text = *put;
        return AS_FS_OK;
    }
    provider from = provider_of(fs, path);
    as_fs_error error = from.ops->read(from.self, arena, from.path, text);
    if (from.ops == &as_disk_ops) {
        as_witness_read(witness_of(fs), as_disk_root(from.self), from.path, error, *text);
    }
    return error;
}

void as_fs_set_display_prefix(as_fs *fs, as_str prefix)
{
    fs->prefix = as_str_dup(fs->arena, prefix);
}

static as_fs_error read_locked(as_fs *fs, as_str path, const as_source **out)
{
    *out = as_map_get(&fs->read, path);
    if (*out != NULL) {
        return AS_FS_OK;
    }
    as_str text;
    as_fs_error error = read_bytes(fs, fs->arena, path, &text);
    if (error != AS_FS_OK) {
        return error;
    }
    const as_source *source = as_sources_add(fs->sources, shown_path(fs, path), text, false);
    if (source == NULL) {
        return text.n > AS_MAX_FILE_BYTES ? AS_FS_TOO_BIG : AS_FS_MEMORY;
    }
    union {
        const as_source *in;
        void *out;
    } kept = {.in = source};
    as_map_put(fs->arena, &fs->read, as_str_dup(fs->arena, path), kept.out);
    *out = source;
    return AS_FS_OK;
}

static as_fs_error noted(as_fs *fs, as_fs_error error)
{
    if (error == AS_FS_MEMORY) {
        atomic_store(&fs->starved, true);
    }
    return error;
}

bool as_fs_starved(const as_fs *fs)
{
    return atomic_load(&fs->starved);
}

as_fs_error as_fs_read(as_fs *fs, as_str path, const as_source **out)
{
    volatile as_fs_error error = AS_FS_TOO_BIG;
    as_guard guard;
    *out = NULL;
    pthread_mutex_lock(&fs->lock);
    if (AS_GUARD_ENTER(&guard, fs->arena)) {
        error = read_locked(fs, path, out);
        as_guard_leave(&guard);
    } else {
        error = as_fs_error_of(&guard);
    }
    pthread_mutex_unlock(&fs->lock);
    return noted(fs, error);
}

const as_source *as_fs_known(as_fs *fs, as_str path)
{
    pthread_mutex_lock(&fs->lock);
    const as_source *known = as_map_get(&fs->read, path);
    pthread_mutex_unlock(&fs->lock);
    return known;
}

as_fs_error as_fs_peek(as_fs *fs, as_arena *arena, as_str path, as_str *text)
{
    pthread_mutex_lock(&fs->lock);
    const as_source *source = as_map_get(&fs->read, path);
    if (source != NULL) {
        *text = source->text;
    }
    pthread_mutex_unlock(&fs->lock);
    if (source != NULL) {
        return AS_FS_OK;
    }
    if (provider_of(fs, path).ops == &as_disk_ops) {
        return noted(fs, read_bytes(fs, arena, path, text));
    }
    /* Other providers are called by one thread at a time. */
    volatile as_fs_error error = AS_FS_TOO_BIG;
    as_guard guard;
    pthread_mutex_lock(&fs->lock);
    if (AS_GUARD_ENTER(&guard, arena)) {
        error = read_bytes(fs, arena, path, text);
        as_guard_leave(&guard);
    } else {
        error = as_fs_error_of(&guard);
    }
    pthread_mutex_unlock(&fs->lock);
    return noted(fs, error);
}

static int compare_entries(const void *a, const void *b)
{
    return as_str_cmp(((const as_fs_entry *)a)->name, ((const as_fs_entry *)b)->name);
}

as_fs_error as_fs_error_of(const as_guard *guard)
{
    return guard->cause == AS_CAUSE_MEMORY ? AS_FS_MEMORY : AS_FS_TOO_BIG;
}

void as_fs_sort(as_fs_entries *entries)
{
    if (entries->n > 1) {
        qsort(entries->items, entries->n, sizeof *entries->items, compare_entries);
    }
}

/* Files that were put there in the folder; what the provider has too gets its new size. */
static void list_put(as_fs *fs, as_arena *arena, as_str dir, as_fs_entries *out)
{
    size_t n = out->n;
    for (size_t i = 0; i < fs->put.n; i++) {
        const as_str *text = fs->put.entries[i].value;
        as_str path = fs->put.entries[i].key, name = as_path_base(path);
        if (!as_str_eq(as_path_dir(path), dir)) {
            continue;
        }
        size_t k = 0;
        while (k < n && !as_str_eq(out->items[k].name, name)) {
            k++;
        }
        if (k < n) {
            out->items[k].size = text->n;
        } else {
            AS_VEC_PUSH(
                    arena, out, (as_fs_entry){.name = name, .kind = AS_FS_FILE, .size = text->n});
        }
    }
    if (out->n > n) {
        as_fs_sort(out);
    }
}

as_fs_error as_fs_list(as_fs *fs, as_arena *arena, as_str dir, as_fs_entries *out)
{
    *out = (as_fs_entries){0};
    provider from = provider_of(fs, dir);
    as_fs_error error = from.ops->list(from.self, arena, from.path, out);
    if (from.ops == &as_disk_ops) {
        as_witness_list(witness_of(fs), as_disk_root(from.self), from.path, error, out);
    }
    if (error == AS_FS_OK && fs->put.n > 0) {
        list_put(fs, arena, dir, out);
    }
    return noted(fs, error);
}

as_fs_kind as_fs_stat(as_fs *fs, as_str path)
{
    uint64_t size;
    if (fs->put.n > 0 && as_map_has(&fs->put, path)) {
        return AS_FS_FILE;
    }
    provider from = provider_of(fs, path);
    as_fs_kind kind = from.ops->stat(from.self, from.path, &size);
    if (from.ops == &as_disk_ops) {
        as_witness_stat(witness_of(fs), as_disk_root(from.self), from.path, kind);
    }
    return kind;
}

const char *as_fs_error_text(as_fs_error error)
{
    static const char *const texts[] = {
            [AS_FS_OK] = "no error",
            [AS_FS_MISSING] = "no such file or folder",
            [AS_FS_DENIED] = "permission denied",
            [AS_FS_OUTSIDE] = "it lies outside the scanned folder",
            [AS_FS_TOO_BIG] = "it is larger than the limit",
            [AS_FS_NOT_FILE] = "it is not a regular file",
            [AS_FS_IO] = "input/output error",
            [AS_FS_MEMORY] = "out of memory",
    };
    return texts[error];
}

const char *as_fs_root(const as_fs *fs)
{
    return fs->ops == &as_disk_ops ? as_disk_root(fs->self) : "";
}

as_sources *as_fs_sources(as_fs *fs)
{
    return fs->sources;
}
