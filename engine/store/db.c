#include "engine/store/db_internal.h"

static void close_db(void *object)
{
    as_db *db = object;

    db->driver->close(db);
}

static as_db *open_db(as_arena *arena, as_str where, bool to_read, as_str *problem)
{
    as_db *db = AS_NEW(arena, as_db);
    bool is_url = as_str_starts(where, "postgresql://") || as_str_starts(where, "postgres://");

    *db = (as_db){arena, is_url ? &as_db_postgres : &as_db_sqlite, NULL};
    if (!db->driver->open(db, where, to_read, problem))
        return NULL;
    as_arena_defer(arena, close_db, db);
    return db;
}

as_db *as_db_open(as_arena *arena, as_str where, as_str *problem)
{
    return open_db(arena, where, false, problem);
}

as_db *as_db_open_to_read(as_arena *arena, as_str where, as_str *problem)
{
    return open_db(arena, where, true, problem);
}

bool as_db_run(as_db *db, const char *sql, as_db_params params, as_db_row *row, void *self,
        as_str *problem)
{
    return db->driver->run(db, sql, params, row, self, problem);
}

static void take_number(void *self, const as_str *columns, size_t n)
{
    if (n > 0 && !as_str_to_int(columns[0], self))
        *(int64_t *)self = 0;
}

bool as_db_number(as_db *db, const char *sql, as_db_params params, int64_t *out, as_str *problem)
{
    *out = 0;
    return as_db_run(db, sql, params, take_number, out, problem);
}

bool as_db_begin(as_db *db, as_str *problem)
{
    return as_db_run(db, db->driver->begin, AS_DB_NONE, NULL, NULL, problem);
}

bool as_db_begin_read(as_db *db, as_str *problem)
{
    return as_db_run(db, db->driver->begin_read, AS_DB_NONE, NULL, NULL, problem);
}

bool as_db_lock(as_db *db, const char *table, as_str *problem)
{
    if (!db->driver->locks)
        return true;
    as_str sql = as_str_fmt(db->arena, "LOCK TABLE %s IN EXCLUSIVE MODE", table);
    return as_db_run(db, sql.p, AS_DB_NONE, NULL, NULL, problem);
}

/* Of two CREATE TABLE IF NOT EXISTS at the same time PostgreSQL lets one fail: the catalogue has no
 * such thing yet that could be locked. The number is "assay" in ASCII. */
bool as_db_lock_schema(as_db *db, as_str *problem)
{
    return !db->driver->locks || as_db_run(db, "SELECT pg_advisory_xact_lock(418548769145)",
                                         AS_DB_NONE, NULL, NULL, problem);
}

bool as_db_commit(as_db *db, as_str *problem)
{
    return as_db_run(db, "COMMIT", AS_DB_NONE, NULL, NULL, problem);
}

void as_db_rollback(as_db *db)
{
    as_str ignored = AS_STR("");

    (void)!as_db_run(db, "ROLLBACK", AS_DB_NONE, NULL, NULL, &ignored);
}
