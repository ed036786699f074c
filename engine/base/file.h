/* Files that the caller names himself (options, results): anywhere, links followed. What a scan
 * finds is read through fs.h instead. */
#ifndef AS_BASE_FILE_H
#define AS_BASE_FILE_H

#include "engine/base/diag.h"

/* The file's bytes; "-" is stdin. False with errno set when it cannot be read, EFBIG when it
 * exceeds AS_MAX_FILE_BYTES. */
bool as_file_peek(as_arena *arena, const char *path, as_str *text) AS_MUST_CHECK;
/* Whether something is there; the witness of `sources` notes it. */
bool as_file_exists(as_sources *sources, const char *path);
/* The file's bytes as a source that is shown as `shown` ("": the path as given); "-" is stdin.
 * NULL, with an error in diags (code "file-read"), when it cannot be read or exceeds
 * AS_MAX_FILE_BYTES. */
const as_source *as_file_read(
        as_arena *arena, as_sources *sources, const char *path, as_str shown, as_diags *diags);

/* The same of a file that somebody else has named, as a configuration in the scanned tree does: no
 * stdin, and no pipe or device, which could go on for ever. */
const as_source *as_file_read_found(
        as_arena *arena, as_sources *sources, const char *path, as_str shown, as_diags *diags);

/* Writes the file whole or not at all: a temporary file beside it, synced and renamed. "" or what
 * went wrong, in `arena`. What is no regular file (/dev/stdout, a pipe) is written to directly. */
as_str as_file_write(as_arena *arena, as_str path, as_str text) AS_MUST_CHECK;

/* Makes the folders above `path` that are missing (0700); what fails shows when the file is opened.
 */
void as_file_make_parents(as_arena *arena, as_str path);

/* All of the text to a descriptor; false with errno set. */
bool as_fd_write(int fd, as_str text);

#endif
