/* A folder on disk as a provider of files: what lies outside of it, through links too, is refused.
 */
#ifndef AS_BASE_DISK_H
#define AS_BASE_DISK_H

#include "engine/base/fs.h"

typedef struct as_disk as_disk;

/* NULL when there is no such folder. Freed by as_disk_ops.free. */
as_disk *as_disk_open(const char *root);
const char *as_disk_root(const as_disk *disk); /* absolute, links resolved */
/* Whether the root of `other` is that of `disk` or lies below it: *path is where, borrowed from it.
 */
bool as_disk_below(const as_disk *disk, const as_disk *other, as_str *path);

/* `self` is an as_disk. Threads may call them at the same time. */
extern const as_fs_ops as_disk_ops;

#endif
