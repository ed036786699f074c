#define _GNU_SOURCE /* O_PATH, syscall */

#include "engine/base/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef SYS_openat2
#include <linux/openat2.h>
#endif

#include "engine/base/limits.h"

struct as_disk {
    char root[PATH_MAX]; /* absolute, resolved */
    size_t n_root;
    int fd; /* of the root */
};

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
static bool join_root(const as_disk *d, as_str path, char out[PATH_MAX])
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

/* The real path of root/path, checked to lie below the root; links are resolved first, so that one
 * that leads outside is refused wherever in the path it stands. */
static as_fs_error resolve(const as_disk *d, as_str path, char out[PATH_MAX])
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
static as_fs_error open_below(const as_disk *d, as_str path, int flags, int *fd)
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
        return as_fs_error_of(&guard);
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
        return as_fs_error_of(&guard);
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
    as_fs_sort(out);
    return AS_FS_OK;
}

static void free_disk(void *self)
{
    as_disk *d = self;
    close_fd(&d->fd);
    free(d);
}

const as_fs_ops as_disk_ops = {disk_read, disk_list, disk_stat, free_disk};

as_disk *as_disk_open(const char *root)
{
    as_disk *d = calloc(1, sizeof *d);
    if (d == NULL || realpath(root, d->root) == NULL ||
            (d->fd = open(d->root, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0) {
        free(d);
        return NULL;
    }
    d->n_root = strlen(d->root);
    return d;
}

const char *as_disk_root(const as_disk *disk)
{
    return disk->root;
}

bool as_disk_below(const as_disk *disk, const as_disk *other, as_str *path)
{
    const char *below = other->root + disk->n_root;
    if (strncmp(other->root, disk->root, disk->n_root) != 0 || (*below != '/' && *below != '\0')) {
        return false;
    }
    *path = as_str_from(below + (*below == '/'));
    return true;
}
