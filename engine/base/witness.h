/* What a run has seen of the disk: each answer as the hash of what it was. A run depends on nothing
 * else of it, so that as long as all of these hold it would come to the same result. Every function
 * takes NULL for a witness: then nothing is noted. Threads may note at the same time. */
#ifndef AS_BASE_WITNESS_H
#define AS_BASE_WITNESS_H

#include "engine/base/buf.h"
#include "engine/base/fs.h"

typedef struct as_witness as_witness;

/* In `arena`, which nobody else may use while notes are taken. */
as_witness *as_witness_new(as_arena *arena);

/* What a folder answered: the path is relative to `root`. */
void as_witness_read(as_witness *w, const char *root, as_str path, as_fs_error error, as_str text);
void as_witness_list(as_witness *w, const char *root, as_str path, as_fs_error error,
        const as_fs_entries *entries);
void as_witness_stat(as_witness *w, const char *root, as_str path, as_fs_kind kind);
/* What a path of its own answered: its bytes (NULL: it cannot be read), whether it is there, and
 * its way with all links resolved. */
void as_witness_file(as_witness *w, const char *path, const as_str *text);
void as_witness_exists(as_witness *w, const char *path);
void as_witness_way(as_witness *w, const char *path);
/* Something was seen that cannot be noted: the run may come to something else next time. */
void as_witness_spoil(as_witness *w);

/* Appends the notes to `out`; false when they were spoilt, or the same question had two answers. */
bool as_witness_write(as_witness *w, as_buf *out) AS_MUST_CHECK;
/* Whether each of the notes with which `text` begins still holds: the disk is asked again. They are
 * taken off it. False for what is no text of notes. */
bool as_witness_holds(as_str *text) AS_MUST_CHECK;

#endif
