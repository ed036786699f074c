/* The files under a folder, in sorted order, without what nobody wants scanned. */
#ifndef AS_DETECT_WALK_H
#define AS_DETECT_WALK_H

#include "engine/base/fs.h"

typedef struct as_walk_options {
    as_str exclude;     /* further patterns in the form of an ignore file, one a line … */
    as_str exclude_dir; /* … that lies in this folder */
    bool no_ignores;    /* .gitignore and .assayignore have no say */
} as_walk_options;

typedef struct as_walk_file {
    as_str path; /* relative to the root of the as_fs */
    uint64_t size;
} as_walk_file;

typedef struct as_walk_skip {
    as_str path;     /* folders end in "/" */
    const char *why; /* "ignored by .gitignore", "not a regular file", … */
} as_walk_skip;

typedef struct as_walk {
    AS_VEC(as_walk_file) files; /* sorted by path, bytewise by component */
    AS_VEC(as_walk_skip) skips; /* for the coverage ledger; not what lies inside skipped folders */
} as_walk;

/* Lists `dir` ("" is the root) and everything below, depth first. Never entered: .git, .terraform,
 * node_modules, caches of tools, Go's vendor, what ignore files name (those of the folders above
 * `dir` count too), and symbolic links: their targets are read where they lie. Folders that cannot
 * be read are diagnostics, and so is reaching AS_MAX_FILES or AS_MAX_DEPTH. */
void as_walk_run(as_arena *arena, as_fs *fs, as_str dir, as_walk_options options, as_diags *diags,
        as_walk *out);

#endif
