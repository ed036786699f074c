/* What a command wrote, to be written again. */
#ifndef AS_CLI_TRANSCRIPT_H
#define AS_CLI_TRANSCRIPT_H

#include "engine/base/buf.h"
#include "engine/base/vec.h"

typedef struct as_transcript_file {
    as_str path, text;
} as_transcript_file;

typedef struct as_transcript {
    as_arena *arena;
    as_buf out, err;
    AS_VEC(as_transcript_file) files;
    size_t left; /* bytes that it may still grow */
    bool full;   /* not all is there */
} as_transcript;

void as_transcript_init(as_transcript *t, as_arena *arena, size_t max_bytes);
/* The others take NULL for a transcript. */
void as_transcript_add(as_transcript *t, int fd, as_str text); /* of stdout or stderr */
void as_transcript_add_file(as_transcript *t, as_str path, as_str text);

#endif
