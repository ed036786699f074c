#include "engine/cli/transcript.h"

#include <unistd.h>

void as_transcript_init(as_transcript *t, as_arena *arena, size_t max_bytes)
{
    *t = (as_transcript){.arena = arena, .left = max_bytes};
    as_buf_init(&t->out, arena, 0);
    as_buf_init(&t->err, arena, 0);
}

static bool has_room(as_transcript *t, size_t n)
{
    if (t == NULL || t->full)
        return false;
    t->full = n > t->left;
    t->left -= t->full ? 0 : n;
    return !t->full;
}

void as_transcript_add(as_transcript *t, int fd, as_str text)
{
    if (has_room(t, text.n))
        as_buf_str(fd == STDERR_FILENO ? &t->err : &t->out, text);
}

void as_transcript_add_file(as_transcript *t, as_str path, as_str text)
{
    if (has_room(t, path.n + text.n))
        AS_VEC_PUSH(t->arena, &t->files, (as_transcript_file){path, text});
}
