#include "engine/base/fs_memory.h"

#include <stdlib.h>

typedef struct memory {
    const as_memory_file *files;
    size_t n;
} memory;

static as_fs_error memory_read(void *self, as_arena *arena, as_str path, as_str *text)
{
    const memory *m = self;
    (void)arena;
    for (size_t i = 0; i < m->n; i++) {
        if (as_str_eq(m->files[i].path, path)) {
            *text = m->files[i].text;
            return AS_FS_OK;
        }
    }
    return AS_FS_MISSING;
}

/* The part of `path` that names an entry of `dir`; false when it does not lie below. */
static bool entry_of(as_str dir, as_str path, as_fs_entry *out)
{
    if (dir.n > 0) {
        if (path.n <= dir.n || path.p[dir.n] != '/' ||
                !as_str_eq(as_str_slice(path, 0, dir.n), dir)) {
            return false;
        }
        path = as_str_from_index(path, dir.n + 1);
    }
    size_t slash = as_str_find_char(path, '/');
    out->name = as_str_slice(path, 0, slash);
    out->kind = slash == (size_t)-1 ? AS_FS_FILE : AS_FS_DIR;
    return true;
}

static as_fs_error memory_list(void *self, as_arena *arena, as_str dir, as_fs_entries *out)
{
    const memory *m = self;
    for (size_t i = 0; i < m->n; i++) {
        as_fs_entry entry = {.size = m->files[i].text.n};
        bool known = !entry_of(dir, m->files[i].path, &entry);
        for (size_t e = 0; !known && e < out->n; e++) {
            known = as_str_eq(out->items[e].name, entry.name);
        }
        if (!known) {
            AS_VEC_PUSH(arena, out, entry);
        }
    }
    as_fs_sort(out);
    return out->n == 0 && dir.n > 0 ? AS_FS_MISSING : AS_FS_OK;
}

static as_fs_kind memory_stat(void *self, as_str path, uint64_t *size)
{
    const memory *m = self;
    as_fs_entry below;
    for (size_t i = 0; i < m->n; i++) {
        if (as_str_eq(m->files[i].path, path)) {
            *size = m->files[i].text.n;
            return AS_FS_FILE;
        }
        if (entry_of(path, m->files[i].path, &below)) {
            return AS_FS_DIR;
        }
    }
    return AS_FS_NONE;
}

static const as_fs_ops memory_ops = {memory_read, memory_list, memory_stat, free};

as_fs *as_fs_open_memory(const as_memory_file *files, size_t n, as_sources *sources)
{
    memory *m = calloc(1, sizeof *m);
    if (m == NULL) {
        return NULL;
    }
    *m = (memory){files, n};
    as_fs *fs = as_fs_open_ops(&memory_ops, m, sources);
    if (fs == NULL) {
        free(m);
    }
    return fs;
}
