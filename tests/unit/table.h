/* Tables of tests: two lines a case, the input and behind it "= expected" or "! error"; empty lines
 * and
 * "#" comments apart. `\n`, `\t`, `\r` and `\\` stand for those characters in both. */
#ifndef AS_TESTS_UNIT_TABLE_H
#define AS_TESTS_UNIT_TABLE_H

#include <stdio.h>

#include "engine/base/buf.h"

typedef void (*table_case)(void *self, as_str input, bool is_error, as_str expected);

static inline as_str table_unescape(as_arena *arena, as_str line)
{
    static const char from[] = "ntr\\", to[] = "\n\t\r\\";
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < line.n; i++) {
        const char *found =
                line.p[i] == '\\' && i + 1 < line.n ? strchr(from, line.p[i + 1]) : NULL;
        as_buf_char(&buf, found ? to[found - from] : line.p[i]);
        i += found != NULL;
    }
    return as_buf_view(&buf);
}

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

/* The number of cases; 0 when there is no such file. */
static inline size_t table_run(as_arena *arena, const char *path, table_case run, void *self)
{
    as_str rest = table_read(arena, path), line, input = AS_STR_NONE;
    size_t n = 0;
    while (as_str_split(&rest, '\n', &line)) {
        bool answers =
                as_str_starts(line, "= ") || as_str_starts(line, "! ") || as_str_is(line, "=");
        if (answers && input.p) {
            run(self, table_unescape(arena, input), line.p[0] == '!',
                    table_unescape(arena, as_str_from_index(line, 2)));
            input = AS_STR_NONE;
            n++;
        } else if (line.n && line.p[0] != '#') {
            input = line;
        }
    }
    return n;
}

#endif
