/* Files that exist only in memory: examples of rules, texts from stdin. */
#ifndef AS_BASE_FS_MEMORY_H
#define AS_BASE_FS_MEMORY_H

#include "engine/base/fs.h"

typedef struct as_memory_file {
    as_str path, text;
} as_memory_file;

/* Borrows the files, which need no order. NULL when memory is gone. */
as_fs *as_fs_open_memory(const as_memory_file *files, size_t n, as_sources *sources);

#endif
