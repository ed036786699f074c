/* Texts that values point into, and places in them.
 *
 * A span is a pair of byte offsets in a numbered source: small enough to sit in every value. Lines
 * and columns are derived only when something is printed. Sources are added from several threads;
 * an id, once given, is valid until the registry is freed. */
#ifndef AS_BASE_SOURCE_H
#define AS_BASE_SOURCE_H

#include "engine/base/arena.h"

typedef struct as_span {
    uint32_t file; /* id of a source; 0: no place */
    uint32_t begin, end;
} as_span;

#define AS_SPAN_NONE ((as_span){0, 0, 0})

typedef struct as_source {
    uint32_t id;
    as_str path; /* as shown to people: relative to the scan's root, '/' as separator; for a member
                    of an archive "chart.tgz!templates/x.yaml" */
    as_str text; /* the bytes as read; a UTF-8 byte order mark is kept: parsers skip it */
    bool absent; /* the text is not there, its lines are: of a file that another run has read */
} as_source;

typedef struct as_position {
    uint32_t line, column; /* from 1; columns count code points */
} as_position;

typedef struct as_sources as_sources;

as_sources *as_sources_new(void);
void as_sources_free(as_sources *sources);
/* Path and text are copied when `copy`, else borrowed until the registry is freed. NULL when the
 * text exceeds AS_MAX_FILE_BYTES or memory runs out. */
const as_source *as_sources_add(as_sources *sources, as_str path, as_str text, bool copy);
/* A file that is not here: spans in it give lines, and nothing of its text is known. `lines` is as
 * many line ends, and borrowed. */
const as_source *as_sources_add_absent(as_sources *sources, as_str path, as_str lines);
const as_source *as_sources_get(const as_sources *sources, uint32_t id); /* NULL for 0 */
uint32_t as_sources_count(as_sources *sources);                          /* the id of the latest */
as_position as_sources_position(as_sources *sources, uint32_t id, uint32_t offset);
/* The text of line `line` (from 1) without its end. */
as_str as_sources_line(as_sources *sources, uint32_t id, uint32_t line);

/* Who notes what is read from disk into these sources; NULL: nobody. Set before anything is read.
 */
struct as_witness;
void as_sources_set_witness(as_sources *sources, struct as_witness *witness);
struct as_witness *as_sources_witness(const as_sources *sources);

/* Bytes that no output may show: a secret's. Not while other threads read them. */
void as_sources_hide(as_sources *sources, as_span span);
/* Those of a source, in the order in which they were given; NULL when there are none. */
const as_span *as_sources_hidden(const as_sources *sources, uint32_t id, size_t *n);

/* From the start of a to the end of b (of the same file; else a). */
as_span as_span_join(as_span a, as_span b);

#endif
