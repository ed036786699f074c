/* JSON (RFC 8259) to values, with exact spans for every value and key.
 *
 * Strict: no comments, trailing commas or bare words; one value, then white space. Numbers keep
 * what they say: 64-bit integers and doubles exactly, longer integers as text. Of equal keys the
 * last wins. A byte order mark in front is skipped. */
#ifndef AS_JSON_JSON_H
#define AS_JSON_JSON_H

#include "engine/base/diag.h"
#include "engine/base/vec.h"
#include "engine/value/value.h"

/* The source's value, in the arena; strings without escapes point into the source. NULL after an
 * error, which is then in diags with code "json-syntax". */
const as_value *as_json_parse(as_arena *arena, const as_source *source, as_diags *diags);

/* The same for the bytes [begin, end) of the source: a line of NDJSON. */
const as_value *as_json_parse_range(
        as_arena *arena, const as_source *source, size_t begin, size_t end, as_diags *diags);

/* What the parser has open, for many texts one after the other: all zero at first, then handed to
 * each call. Lies in `arena`, which is not that of the values; so what they leave behind is gone
 * with it. */
typedef struct as_json_stacks {
    as_arena *arena;
    AS_VEC(as_member) members;
    AS_VEC(const as_value *) items;
} as_json_stacks;
const as_value *as_json_parse_line(as_arena *arena, as_json_stacks *stacks, const as_source *source,
        size_t begin, size_t end, as_diags *diags);

/* JSON that stands in another value (a policy document in a string): `at` is the span of every
 * value in it and of errors, whose text says where in `text` they are. */
const as_value *as_json_parse_text(as_arena *arena, as_str text, as_span at, as_diags *diags);

#endif
