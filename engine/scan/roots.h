/* What is scanned: the paths of the command line, as folders that nothing may leave. */
#ifndef AS_SCAN_ROOTS_H
#define AS_SCAN_ROOTS_H

#include "engine/base/fs_memory.h"
#include "engine/git/git.h"

typedef struct as_root {
    as_fs *fs;  /* at the git work tree's root where there is one, else at the path itself */
    as_str dir; /* absolute */
    bool is_git;
    AS_VEC(as_str) folders; /* to be walked, in the fs; "" is all of it */
    AS_VEC(as_str) files;   /* named one by one: only findings in them are wanted */
} as_root;

typedef struct as_roots {
    AS_VEC(as_root) list;
    as_str here;   /* from the (only) root to the working directory below it: "infra/" */
    as_str prefix; /* from the working directory to the (only) root: "", "../", "infra/" */
} as_roots;

/* Opens what `paths` name ("." when there are none); what does not exist is a diagnostic with code
 * "path". The file systems are freed with the arena. */
void as_roots_open(
        as_arena *arena, as_strs paths, as_sources *sources, as_diags *diags, as_roots *out);

/* Puts texts in place of files, by absolute and resolved path, in the roots that they lie below. */
void as_roots_cover(as_roots *roots, const as_memory_file *files, size_t n);

/* The same for a snapshot of git: `paths` are those in it ("" or none: all). With `changed` only
 * those of its files that lie below the paths are wanted, each by itself. */
void as_roots_open_snapshot(as_arena *arena, const as_git_snapshot *snapshot, as_strs paths,
        const as_strs *changed, as_sources *sources, as_diags *diags, as_roots *out);

/* The same for one document in memory, as if it lay alone in a folder. */
void as_roots_open_document(
        as_arena *arena, const as_memory_file *document, as_sources *sources, as_roots *out);

#endif
