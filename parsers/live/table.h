/* What the answers of a provider's API mean, as data: rules/data/live_aws.tsv describes the
 * language.
 *
 * A row says that the items of an answer are resources, or that an answer belongs to a resource
 * that another one gave. */
#ifndef AS_LIVE_TABLE_H
#define AS_LIVE_TABLE_H

#include "engine/base/map.h"
#include "engine/base/vec.h"
#include "engine/value/value.h"

typedef struct as_live_made {
    as_str member;
    as_str from; /* a template, or a path */
} as_live_made;

typedef enum as_live_test {
    AS_LIVE_EQ,
    AS_LIVE_NE,
    AS_LIVE_STARTS,
    AS_LIVE_STARTS_NOT
} as_live_test;

typedef struct as_live_row {
    uint32_t index; /* in the table */
    bool is_join;
    as_str op, type; /* "*": of any type, found by its id */
    as_str path;     /* ITEMS, or FROM */
    as_str id, name;
    as_str key, owner, into;
    AS_VEC(as_str) absent;
    as_str region; /* a path in the resource */
    bool has_when;
    as_live_test test;
    as_str left, right;
    AS_VEC(as_live_made) sets, lifts;
    bool tags, csv, as_map, optional, expect;
} as_live_row;

typedef struct as_live_rows {
    const as_live_row **items;
    size_t n, cap;
} as_live_rows;

typedef struct as_live_table {
    AS_VEC(as_live_row) rows;
    as_map by_op;   /* operation → as_live_rows */
    as_map by_type; /* type → as_live_rows: what is joined to it */
} as_live_table;

/* Lives in `arena`; texts are borrowed. Lines that are no rows are left out. */
const as_live_table *as_live_table_read(as_arena *arena, as_str text);
/* Of AWS, as built in. */
const as_live_table *as_live_table_aws(as_arena *arena);
/* The rows of an operation, or of what is joined to a type; none: n is 0. */
as_live_rows as_live_rows_of(const as_map *by, as_str key);

/* --- paths and templates ---------------------------------------------------------------------- */

typedef struct as_live_scope {
    as_str account, region, partition;
} as_live_scope;

/* What a template reads. */
typedef struct as_live_context {
    const as_live_scope *scope;
    const as_value *item, *parent, *params;
} as_live_context;

/* False, with *out empty, when a piece is missing. */
bool as_live_text(as_arena *arena, as_str text, const as_live_context *context, as_str *out);
/* "A.B", "A?Flag.B" and "A?Name=word.B": the first element of the list A for which Flag is true or
 * Name is word.
 * "." is `from` itself; NULL when the way ends. */
const as_value *as_live_walk(const as_value *from, as_str path);

typedef void (*as_live_each_fn)(void *self, const as_value *item, const as_value *parent);
/* Calls `each` for what the path leads to; "[]" stands for all elements. What follows the last "[]"
 * is *rest. */
void as_live_each(
        const as_value *from, as_str path, as_live_each_fn each, void *self, as_str *rest);

#endif
