/* One small face for SQLite (a file) and PostgreSQL (a URL), as much as the history needs of them:
 * statements with text and integer parameters, rows of text, transactions. SQL is the common
 * subset; parameters are written "?". libpq is loaded when a URL asks for it. */
#ifndef AS_STORE_DB_H
#define AS_STORE_DB_H

#include "engine/base/arena.h"

typedef struct as_db as_db;

/* `where`: the path of a file, or postgresql://… NULL with *problem. Closed with the arena. */
as_db *as_db_open(as_arena *arena, as_str where, as_str *problem);
/* The same for a database that is there, in which statements can change nothing. */
as_db *as_db_open_to_read(as_arena *arena, as_str where, as_str *problem);

typedef struct as_db_param {
    enum { AS_DB_NULL, AS_DB_INT, AS_DB_TEXT } kind;
    int64_t integer;
    as_str text;
} as_db_param;

#define AS_DB_I(n) ((as_db_param){AS_DB_INT, (int64_t)(n), {0}})
#define AS_DB_T(s) ((as_db_param){AS_DB_TEXT, 0, (s)})

typedef struct as_db_params {
    const as_db_param *items;
    size_t n;
} as_db_params;

#define AS_DB_PARAMS(...)                                                                          \
    ((as_db_params){(const as_db_param[]){__VA_ARGS__},                                            \
            sizeof((const as_db_param[]){__VA_ARGS__}) / sizeof(as_db_param)})
#define AS_DB_NONE ((as_db_params){NULL, 0})

/* Columns as text; SQL's NULL has p == NULL. They live until the call returns. */
typedef void as_db_row(void *self, const as_str *columns, size_t n);

/* Runs one statement; `row` may be NULL. False with *problem in the arena of `db`. */
bool as_db_run(as_db *db, const char *sql, as_db_params params, as_db_row *row, void *self,
        as_str *problem) AS_MUST_CHECK;
/* The first column of the first row as a number; 0 when there is none. */
bool as_db_number(as_db *db, const char *sql, as_db_params params, int64_t *out,
        as_str *problem) AS_MUST_CHECK;

/* A transaction that writes. */
bool as_db_begin(as_db *db, as_str *problem) AS_MUST_CHECK;
/* A transaction that reads: all that is asked until its end is of one moment. */
bool as_db_begin_read(as_db *db, as_str *problem) AS_MUST_CHECK;
/* Within it: keeps other writers of the table away until its end. */
bool as_db_lock(as_db *db, const char *table, as_str *problem) AS_MUST_CHECK;
/* The same for the making of tables. */
bool as_db_lock_schema(as_db *db, as_str *problem) AS_MUST_CHECK;
bool as_db_commit(as_db *db, as_str *problem) AS_MUST_CHECK;
void as_db_rollback(as_db *db);

#endif
