/* Where files come from: a folder on disk today; the git index or a revision through the same
 * calls (`--staged`, `--rev`). Every path is relative to the root, '/'-separated, without "." and
 * ".." after normalisation. What lies outside the root, symlinks included, is refused. */
#ifndef AS_BASE_FS_H
#define AS_BASE_FS_H

#include "engine/base/diag.h"

typedef enum as_fs_kind { AS_FS_NONE, AS_FS_FILE, AS_FS_DIR, AS_FS_OTHER } as_fs_kind;

typedef enum as_fs_error {
    AS_FS_OK,
    AS_FS_MISSING,
    AS_FS_DENIED,  /* permissions */
    AS_FS_OUTSIDE, /* the path or a symlink leaves the root */
    AS_FS_TOO_BIG,
    AS_FS_NOT_FILE, /* a folder, FIFO, device, … */
    AS_FS_IO,
    AS_FS_MEMORY, /* there is none left */
} as_fs_error;

typedef struct as_fs_entry {
    as_str name;     /* last component */
    as_fs_kind kind; /* of what a symbolic link leads to; OTHER when it leads outside or nowhere */
    bool is_link;
    uint64_t size;
} as_fs_entry;

typedef AS_VEC(as_fs_entry) as_fs_entries;

typedef struct as_fs as_fs;

/* A folder on disk; `root` must exist. NULL otherwise. Freed by as_fs_free. */
as_fs *as_fs_open_dir(const char *root, as_sources *sources);
void as_fs_free(as_fs *fs);

/* Extends or replaces the disk: a provider is asked first when it knows the path. */
typedef struct as_fs_ops {
    as_fs_error (*read)(void *self, as_arena *arena, as_str path, as_str *text);
    as_fs_error (*list)(void *self, as_arena *arena, as_str dir, as_fs_entries *out);
    as_fs_kind (*stat)(void *self, as_str path, uint64_t *size);
    void (*free)(void *self);
} as_fs_ops;
as_fs *as_fs_open_ops(const as_fs_ops *ops, void *self, as_sources *sources);

/* The file's bytes, registered as a source under its display path. Reading a path twice gives the
 * same source. Thread-safe. */
as_fs_error as_fs_read(as_fs *fs, as_str path, const as_source **out) AS_MUST_CHECK;
/* The same bytes in the caller's arena, without becoming a source: for files that are looked
 * through once. Those of a source that was read already are borrowed from it. Thread-safe. */
as_fs_error as_fs_peek(as_fs *fs, as_arena *arena, as_str path, as_str *text) AS_MUST_CHECK;
/* The source of a path that was read already; NULL: it was not. */
const as_source *as_fs_known(as_fs *fs, as_str path);
/* Entries of a folder, sorted by name bytewise. "" is the root. */
as_fs_error as_fs_list(as_fs *fs, as_arena *arena, as_str dir, as_fs_entries *out) AS_MUST_CHECK;
as_fs_kind as_fs_stat(as_fs *fs, as_str path);
as_fs_error as_fs_error_of(const as_guard *guard); /* that a provider met */
void as_fs_sort(as_fs_entries *entries);           /* as as_fs_list gives them; for providers */
/* Whether something was answered with AS_FS_MEMORY: who asked may have gone on without it. */
bool as_fs_starved(const as_fs *fs);
const char *as_fs_error_text(as_fs_error error);
const char *as_fs_root(const as_fs *fs); /* absolute, or "" when not on disk */
as_sources *as_fs_sources(as_fs *fs);
/* Puts a text in place of a file, or adds one: before anything of it is read. Both are borrowed
 * until the file system is freed. */
void as_fs_put(as_fs *fs, as_str path, as_str text);
/* How the files of a folder on disk are reached through `fs`: *path is where it lies below the
 * root, or, when it lies elsewhere, a place of its own, whose files are shown with `shown` in
 * front. False: there is no such folder. Not while other threads read. */
bool as_fs_mount(as_fs *fs, const char *dir, as_str shown, as_str *path) AS_MUST_CHECK;
/* Paths are shown with this in front ("" at first; "infra/" when the scan began below the root). */
void as_fs_set_display_prefix(as_fs *fs, as_str prefix);

/* Lexical: joins dir and rel, resolves "." and ".."; false when it would leave the root. An
 * absolute rel is refused. */
bool as_path_join(as_arena *arena, as_str dir, as_str rel, as_str *out) AS_MUST_CHECK;
/* The way from one absolute folder to another, with a slash at its end: "../" for each folder of
 * `from` that is not above `to`, then the rest of `to`; "" when they are one. */
as_str as_path_relative(as_arena *arena, as_str from, as_str to);
/* A path below a folder as one below where `prefix` begins: "infra/" and "../a" are "a". */
as_str as_path_prefixed(as_arena *arena, as_str prefix, as_str path);
as_str as_path_dir(as_str path);  /* "" when there is none */
as_str as_path_base(as_str path); /* last component */
as_str as_path_ext(as_str path);  /* with the dot; "" when there is none */

#endif
