/* Facts as bytes, from one process of a scan to another: numbers, texts, places and values.
 *
 * What a pointer leads to is written where it is first met and by number afterwards, so that what
 * is shared stays shared. Numbers are given when a thing is complete: nothing can lead to itself.
 * The reader takes hostile bytes: it never reads past the end, nests at most AS_WIRE_DEPTH deep,
 * makes room for no more than the bytes that are left can hold, counts what shared values stand
 * for, and answers zeroes once something is wrong (`bad`). */
#ifndef AS_SHARD_WIRE_H
#define AS_SHARD_WIRE_H

#include "engine/base/map.h"
#include "engine/base/vec.h"
#include "engine/graph/graph.h"

enum { AS_WIRE_DEPTH = 2000 };
#define AS_WIRE_NODES ((uint64_t)1 << 24) /* that one value may stand for, when nothing is shared  \
                                           */

typedef struct as_wire_out {
    as_arena *arena;
    as_buf buf;
    as_map texts, values, refs, trails, calls; /* bytes or pointer → its number */
    AS_VEC(uint32_t) files; /* ids of the sources that places are in, in order of their numbers */
    as_map file_numbers;
} as_wire_out;

void as_wire_begin(as_wire_out *out, as_arena *arena);
void as_wire_size(as_wire_out *out, uint64_t n);
void as_wire_text(as_wire_out *out, as_str text);      /* of which others are equal */
void as_wire_long_text(as_wire_out *out, as_str text); /* of which none is */
void as_wire_double(as_wire_out *out, double d);
void as_wire_span(as_wire_out *out, as_span span);
void as_wire_value(as_wire_out *out, const as_value *v); /* NULL too */
void as_wire_calls(as_wire_out *out, const as_call *calls);
/* The number of a source, which is then in `files`. */
uint32_t as_wire_file(as_wire_out *out, uint32_t id);

/* What a reader of a value goes through, however much of it is shared. */
typedef struct as_wire_extent {
    uint64_t nodes;
    uint32_t depth;
} as_wire_extent;

typedef struct as_wire_in {
    as_arena *arena;
    const char *p, *end; /* borrowed: texts point into it */
    bool bad;
    size_t owed; /* elements of lists around this place that are still to come: a byte each at least
                  */
    AS_VEC(as_str) texts;
    AS_VEC(const as_value *) values;
    AS_VEC(as_wire_extent) extents; /* of `values` */
    as_wire_extent last;            /* of the value that was read last */
    AS_VEC(const as_ref *) refs;
    AS_VEC(const as_trail *) trails;
    AS_VEC(const as_call *) calls;
    const as_source *const *files; /* by number - 1 */
    size_t n_files;
    int depth;
} as_wire_in;

uint64_t as_wire_get_size(as_wire_in *in);
/* How many things follow: never more than bytes are left. */
size_t as_wire_get_count(as_wire_in *in);
bool as_wire_get_bool(as_wire_in *in);
as_str as_wire_get_text(as_wire_in *in);
as_str as_wire_get_long_text(as_wire_in *in);
double as_wire_get_double(as_wire_in *in);
/* Within the text of its source. */
as_span as_wire_get_span(as_wire_in *in);
const as_source *as_wire_get_file(as_wire_in *in); /* NULL: none */
const as_value *as_wire_get_value(as_wire_in *in);
const as_call *as_wire_get_calls(as_wire_in *in);
as_strs as_wire_get_texts(as_wire_in *in);
void as_wire_texts(as_wire_out *out, as_strs texts);

#endif
