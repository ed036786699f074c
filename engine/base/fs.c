#define _GNU_SOURCE /* O_PATH, syscall */

#include "engine/base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef SYS_openat2
#include <linux/openat2.h>
#endif

#include "engine/base/limits.h"
#include "engine/base/map.h"

typedef struct mount {
    as_str path, shown;
    struct disk *disk;
} mount;

struct as_fs {
    const as_fs_ops *ops;
    void *self;
    as_sources *sources;
    pthread_mutex_t lock; /* guards what follows */
    as_arena *arena;      /* texts and cache */
    as_map read;          /* path → const as_source */
    as_map put;           /* path → as_str, of as_fs_put; not changed once reading has begun */
    as_str prefix;
    AS_VEC(struct mount) mounts;
};

/* --- a folder on disk --------------------------------------------------------------------------
 */

typedef struct disk {
    char root[PATH_MAX]; /* absolute, resolved */
    size_t n_root;
    int fd; /* of the root */
} disk;

static as_fs_error error_of(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return AS_FS_MISSING;
    case EACCES:
    case EPERM:
        return AS_FS_DENIED;
    case ELOOP:
        return AS_FS_OUTSIDE;
    case EISDIR:
        return AS_FS_NOT_FILE;
    case ENOMEM:
        return AS_FS_MEMORY;
    default:
        return AS_FS_IO;
    }
}

/* root/path as a string; false where it is too long or holds a NUL. */
static bool join_root(const disk *d, as_str path, char out[PATH_MAX])
{
    if (d->n_root + 1 + path.n + 1 > PATH_MAX || memchr(path.p ? path.p : "", 0, path.n)) {
        return false;
    }
    memcpy(out, d->root, d->n_root);
    out[d->n_root] = '/';
    if (path.p != NULL) {
        memcpy(out + d->n_root + 1, path.p, path.n);
    }
    out[d->n_root + 1 + path.n] = '\0';
    return true;
}

static as_fs_error error_of_guard(const as_guard *guard)
{
    return guard->cause == AS_CAUSE_MEMORY ? AS_FS_MEMORY : AS_FS_TOO_BIG;
}

/* The real path of root/path, checked to lie below the root; links are resolved first, so that one
 * that leads outside is refused wherever in the path it stands. */
static as_fs_error resolve(const disk *d, as_str path, char out[PATH_MAX])
{
    char joined[PATH_MAX];
    if (!join_root(d, path, joined)) {
        return AS_FS_MISSING;
    }
    if (realpath(joined, out) == NULL) {
        return error_of(errno);
    }
    bool below = strncmp(out, d->root, d->n_root) == 0 &&
                 (out[d->n_root] == '/' || out[d->n_root] == '\0' || d->n_root == 1);
    return below ? AS_FS_OK : AS_FS_OUTSIDE;
}

/* The file descriptor of root/path. The kernel (openat2(2), 5.6 and later) sees to it that the way
 * stays below the root; where it cannot tell, as with links to absolute paths, or is not there, the
 * way is resolved here. O_NONBLOCK: a FIFO must not hang the scan before fstat tells what it is. */
static as_fs_error open_below(const disk *d, as_str path, int flags, int *fd)
{
    char real[PATH_MAX];
    flags |= O_CLOEXEC | ((flags & O_PATH) != 0 ? 0 : O_NONBLOCK);
#ifdef SYS_openat2
    if (!join_root(d, path, real)) {
        return AS_FS_MISSING;
    }
    struct open_how how = {
            .flags = (unsigned)flags, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    const char *below = real + d->n_root + 1;
    *fd = (int)syscall(SYS_openat2, d->fd, *below == '\0' ? "." : below, &how, sizeof how);
    if (*fd >= 0) {
        return AS_FS_OK;
    }
    if (errno == ENOENT) {
        return AS_FS_MISSING;
    }
#endif
    as_fs_error error = resolve(d, path, real);
    if (error != AS_FS_OK) {
        return error;
    }
    *fd = open(real, flags | O_RDONLY | O_NOFOLLOW);
    return *fd < 0 ? error_of(errno) : AS_FS_OK;
}

static as_fs_error read_all(int fd, as_arena *arena, as_str *text)
{
    struct stat info;
    if (fstat(fd, &info) != 0) {
        return error_of(errno);
    }
    if (!S_ISREG(info.st_mode)) {
        return AS_FS_NOT_FILE;
    }
    if ((uintmax_t)info.st_size > AS_MAX_FILE_BYTES) {
        return AS_FS_TOO_BIG;
    }
    /* A file that grows or shrinks meanwhile is read as far as its size was when it was opened. */
    size_t size = (size_t)info.st_size, n = 0;
    char *p = as_arena_alloc(arena, size + 1);
    while (n < size) {
        ssize_t got = read(fd, p + n, size - n);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return error_of(errno);
        }
        if (got == 0) {
            break;
        }
        n += (size_t)got;
    }
    *text = (as_str){p, n};
    return AS_FS_OK;
}

static void close_fd(void *object)
{
    close(*(int *)object);
}

static as_fs_error disk_read(void *self, as_arena *arena, as_str path, as_str *text)
{
    int fd;
    as_fs_error error = open_below(self, path, O_RDONLY, &fd);
    if (error != AS_FS_OK) {
        return error;
    }
    as_guard guard;
    if (!AS_GUARD_ENTER(&guard, arena)) {
        close_fd(&fd);
        return error_of_guard(&guard);
    }
    error = read_all(fd, arena, text);
    as_guard_leave(&guard);
    close_fd(&fd);
    return error;
}

static as_fs_kind kind_of(mode_t mode)
{
    return S_ISREG(mode) ? AS_FS_FILE : S_ISDIR(mode) ? AS_FS_DIR : AS_FS_OTHER;
}

static as_fs_kind disk_stat(void *self, as_str path, uint64_t *size)
{
    struct stat info;
    int fd;
    if (open_below(self, path, O_PATH, &fd) != AS_FS_OK) {
        return AS_FS_NONE;
    }
    bool known = fstat(fd, &info) == 0;
    close_fd(&fd);
    if (!known) {
        return AS_FS_NONE;
    }
    *size = (uint64_t)info.st_size;
    return kind_of(info.st_mode);
}

static int compare_entries(const void *a, const void *b)
{
    return as_str_cmp(((const as_fs_entry *)a)->name, ((const as_fs_entry *)b)->name);
}

/* Only links need their way resolved: what else lies in a folder inside the root is inside too. */
static as_fs_entry entry_of(void *self, as_arena *arena, as_str dir, as_str name, int fd)
{
    as_fs_entry entry = {.name = as_str_dup(arena, name), .kind = AS_FS_OTHER};
    struct stat info;
    as_str full;
    if (fstatat(fd, entry.name.p, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return entry;
    }
    entry.is_link = S_ISLNK(info.st_mode);
    if (!entry.is_link) {
        entry.kind = kind_of(info.st_mode);
        entry.size = (uint64_t)info.st_size;
    } else if (as_path_join(arena, dir, entry.name, &full)) {
        entry.kind = disk_stat(self, full, &entry.size);
    }
    if (entry.kind == AS_FS_NONE) {
        entry.kind = AS_FS_OTHER;
    }
    return entry;
}

static as_fs_error disk_list(void *self, as_arena *arena, as_str path, as_fs_entries *out)
{
    int fd;
    as_fs_error error = open_below(self, path, O_RDONLY, &fd);
    if (error != AS_FS_OK) {
        return error;
    }
    DIR *dir = fdopendir(fd);
    if (dir == NULL) {
        error = errno == ENOTDIR ? AS_FS_NOT_FILE : error_of(errno);
        close_fd(&fd);
        return error;
    }
    as_guard guard;
    if (!AS_GUARD_ENTER(&guard, arena)) {
        closedir(dir);
        return error_of_guard(&guard);
    }
    const struct dirent *found;
    while ((found = readdir(dir)) != NULL) {
        as_str name = as_str_from(found->d_name);
        if (as_str_is(name, ".") || as_str_is(name, "..")) {
            continue;
        }
        AS_VEC_PUSH(arena, out, entry_of(self, arena, path, name, dirfd(dir)));
    }
    as_guard_leave(&guard);
    closedir(dir);
    if (out->n > 1) {
        qsort(out->items, out->n, sizeof *out->items, compare_entries);
    }
    return AS_FS_OK;
}

/* No folder of a project is called so. */
static const char mount_prefix[] = ":mount:";

static void free_disk(void *self)
{
    disk *d = self;
    close_fd(&d->fd);
    free(d);
}

static const as_fs_ops disk_ops = {disk_read, disk_list, disk_stat, free_disk};

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

static disk *open_disk(const char *root)
{
    disk *d = calloc(1, sizeof *d);
    if (d == NULL || realpath(root, d->root) == NULL ||
            (d->fd = open(d->root, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0) {
        free(d);
        return NULL;
    }
    d->n_root = strlen(d->root);
    return d;
}

as_fs *as_fs_open_dir(const char *root, as_sources *sources)
{
    disk *d = open_disk(root);
    if (d == NULL) {
        return NULL;
    }
    as_fs *fs = as_fs_open_ops(&disk_ops, d, sources);
    if (fs == NULL) {
        free_disk(d);
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
        free_disk(fs->mounts.items[i].disk);
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
    disk *d = open_disk(dir);
    if (d == NULL) {
        return false;
    }
    const disk *own = fs->ops == &disk_ops ? fs->self : NULL;
    if (own != NULL && strncmp(d->root, own->root, own->n_root) == 0 &&
            (d->root[own->n_root] == '/' || d->root[own->n_root] == '\0')) {
        const char *below = d->root + own->n_root;
        *path = as_str_dup(fs->arena, as_str_from(below + (*below == '/')));
        free_disk(d);
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
            return (provider){&disk_ops, m->disk, as_str_from_index(path, m->path.n + 1), m};
        }
    }
    return (provider){fs->ops, fs->self, path, NULL};
}

static as_str shown_path(as_fs *fs, as_str path)
{
    provider from = provider_of(fs, path);
    return as_str_join(fs->arena, from.mount == NULL ? fs->prefix : from.mount->shown, from.path);
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
    return from.ops->read(from.self, arena, from.path, text);
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
        return AS_FS_TOO_BIG;
    }
    union {
        const as_source *in;
        void *out;
    } kept = {.in = source};
    as_map_put(fs->arena, &fs->read, as_str_dup(fs->arena, path), kept.out);
    *out = source;
    return AS_FS_OK;
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
        error = error_of_guard(&guard);
    }
    pthread_mutex_unlock(&fs->lock);
    return error;
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
    if (provider_of(fs, path).ops == &disk_ops) {
        return read_bytes(fs, arena, path, text);
    }
    /* Other providers are called by one thread at a time. */
    volatile as_fs_error error = AS_FS_TOO_BIG;
    as_guard guard;
    pthread_mutex_lock(&fs->lock);
    if (AS_GUARD_ENTER(&guard, arena)) {
        error = read_bytes(fs, arena, path, text);
        as_guard_leave(&guard);
    } else {
        error = error_of_guard(&guard);
    }
    pthread_mutex_unlock(&fs->lock);
    return error;
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
        qsort(out->items, out->n, sizeof *out->items, compare_entries);
    }
}

as_fs_error as_fs_list(as_fs *fs, as_arena *arena, as_str dir, as_fs_entries *out)
{
    *out = (as_fs_entries){0};
    provider from = provider_of(fs, dir);
    as_fs_error error = from.ops->list(from.self, arena, from.path, out);
    if (error == AS_FS_OK && fs->put.n > 0) {
        list_put(fs, arena, dir, out);
    }
    return error;
}

as_fs_kind as_fs_stat(as_fs *fs, as_str path)
{
    uint64_t size;
    if (fs->put.n > 0 && as_map_has(&fs->put, path)) {
        return AS_FS_FILE;
    }
    provider from = provider_of(fs, path);
    return from.ops->stat(from.self, from.path, &size);
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
    return fs->ops == &disk_ops ? ((const disk *)fs->self)->root : "";
}

as_sources *as_fs_sources(as_fs *fs)
{
    return fs->sources;
}
