#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "engine/base/buf.h"
#include "engine/base/vec.h"
#include "engine/store/db_internal.h"

enum { BUSY_MS = 30000, MAX_COLUMNS = 32 };

static bool failed(as_db *db, as_str *problem)
{
    sqlite3 *sqlite = db->connection;

    *problem = as_str_dup(db->arena, as_str_from(sqlite ? sqlite3_errmsg(sqlite) : "no memory"));
    return false;
}

static void close_sqlite(as_db *db)
{
    sqlite3_close_v2(db->connection);
    db->connection = NULL;
}

/* Nobody can write to the file, not even to its log, which is empty: a file that does not change.
 */
static bool is_on_read_only_medium(as_arena *arena, as_str where)
{
    struct statvfs medium;
    struct stat log;

    if (statvfs(as_str_cstr(arena, where), &medium) != 0 || (medium.f_flag & ST_RDONLY) == 0)
        return false;
    return stat(as_str_fmt(arena, "%.*s-wal", AS_STR_ARG(where)).p, &log) != 0 || log.st_size == 0;
}

static const char *unchanging_uri(as_arena *arena, as_str where)
{
    as_buf uri;

    as_buf_init(&uri, arena, 0);
    as_buf_cstr(&uri, "file:");
    for (size_t i = 0; i < where.n; i++)
        if (where.p[i] == '/')
            as_buf_char(&uri, '/');
        else
            as_buf_fmt(&uri, "%%%02x", (unsigned)(unsigned char)where.p[i]);
    as_buf_cstr(&uri, "?immutable=1");
    return as_buf_c(&uri);
}

/* WAL: readers do not wait for a writer, and a process that is killed leaves whole transactions
 * only. A reader of such a file has to write its index of the log (sqlite.org/wal.html, "Read-Only
 * Databases"), so it opens the file as a writer does, where it may, and gives up writing
 * afterwards. Where nobody may, it is said that the file does not change: no index is needed then.
 */
static bool open_sqlite(as_db *db, as_str where, bool to_read, as_str *problem)
{
    sqlite3 *sqlite = NULL;
    const char *path = as_str_cstr(db->arena, where);
    int more = SQLITE_OPEN_NOFOLLOW | (to_read ? 0 : SQLITE_OPEN_CREATE);
    int code = to_read && is_on_read_only_medium(db->arena, where)
                       ? sqlite3_open_v2(unchanging_uri(db->arena, where), &sqlite,
                                 SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | more, NULL)
                       : sqlite3_open_v2(path, &sqlite, SQLITE_OPEN_READWRITE | more, NULL);

    db->connection = sqlite;
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(sqlite, BUSY_MS);
    if (code == SQLITE_OK)
        code = sqlite3_exec(sqlite,
                to_read ? "PRAGMA query_only=ON;"
                        : "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA "
                          "foreign_keys=ON;",
                NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return true;
    failed(db, problem);
    *problem = as_str_fmt(db->arena, "%.*s: %.*s", AS_STR_ARG(where), AS_STR_ARG(*problem));
    close_sqlite(db);
    return false;
}

static bool bind(sqlite3_stmt *statement, as_db_params params)
{
    int code = SQLITE_OK;

    for (size_t i = 0; i < params.n && code == SQLITE_OK; i++) {
        const as_db_param *p = &params.items[i];
        int at = (int)i + 1;
        if (p->kind == AS_DB_INT)
            code = sqlite3_bind_int64(statement, at, p->integer);
        else if (p->kind == AS_DB_TEXT)
            code = sqlite3_bind_text64(statement, at, p->text.n > 0 ? p->text.p : "", p->text.n,
                    SQLITE_STATIC, SQLITE_UTF8);
        else
            code = sqlite3_bind_null(statement, at);
    }
    return code == SQLITE_OK;
}

static void give_row(sqlite3_stmt *statement, as_db_row *row, void *self)
{
    as_str columns[MAX_COLUMNS];
    int n = sqlite3_column_count(statement);

    for (int i = 0; i < n && i < MAX_COLUMNS; i++) {
        const unsigned char *text = sqlite3_column_text(statement, i);
        columns[i] = (as_str){(const char *)text, (size_t)sqlite3_column_bytes(statement, i)};
    }
    row(self, columns, (size_t)(n < MAX_COLUMNS ? n : MAX_COLUMNS));
}

static bool run_sqlite(as_db *db, const char *sql, as_db_params params, as_db_row *row, void *self,
        as_str *problem)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db->connection, sql, -1, &statement, NULL);

    if (code == SQLITE_OK && bind(statement, params)) {
        while ((code = sqlite3_step(statement)) == SQLITE_ROW)
            if (row)
                give_row(statement, row, self);
    }
    bool fine = code == SQLITE_DONE || failed(db, problem);
    sqlite3_finalize(statement);
    return fine;
}

const as_db_driver as_db_sqlite = {
        open_sqlite, run_sqlite, false, "BEGIN IMMEDIATE", "BEGIN", close_sqlite};
