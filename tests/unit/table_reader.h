/* Reading tests/tables: a file as lines, without comments. For unit tests only. */
#ifndef AS_TESTS_TABLE_READER_H
#define AS_TESTS_TABLE_READER_H

#include <stdio.h>

#include "engine/base/buf.h"

/* The whole file; the tests run in the project's root. */
static inline as_str table_read(as_arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    as_buf buf;
    char chunk[4096];
    size_t n;
    as_buf_init(&buf, arena, 0);
    while (file && (n = fread(chunk, 1, sizeof chunk, file)) > 0) {
        as_buf_add(&buf, chunk, n);
    }
    if (file) {
        fclose(file);
    }
    return as_buf_view(&buf);
}

/* The next line that is no comment; false at the end. */
static inline bool table_line(as_str *rest, as_str *line)
{
    do {
        if (!as_str_split(rest, '\n', line)) {
            return false;
        }
    } while (as_str_starts(*line, "#"));
    return true;
}

#endif
