#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/library.h"
#include "engine/store/db_internal.h"

enum { MAX_PARAMS = 32, MAX_COLUMNS = 32 };

#define PQ_FUNCTIONS(F)                                                                            \
    F(PQconnectdb)                                                                                 \
    F(PQsetNoticeProcessor)                                                                        \
    F(PQstatus)                                                                                    \
    F(PQerrorMessage)                                                                              \
    F(PQexecParams)                                                                                \
    F(PQresultStatus)                                                                              \
    F(PQntuples)                                                                                   \
    F(PQnfields)                                                                                   \
    F(PQgetisnull)                                                                                 \
    F(PQgetvalue)                                                                                  \
    F(PQgetlength)                                                                                 \
    F(PQclear)                                                                                     \
    F(PQfinish)

static struct {
    PQ_FUNCTIONS(AS_LIBRARY_MEMBER)
} pq;

#define SLOT(name) {#name, &pq.name},
static const as_library_slot slots[] = {PQ_FUNCTIONS(SLOT)};
#undef SLOT

static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
    loaded = as_library_load("libpq.so.5", slots, sizeof slots / sizeof *slots);
}

static void close_postgres(as_db *db)
{
    pq.PQfinish(db->connection);
    db->connection = NULL;
}

/* The server's words; never the URL, which may hold a password. */
static bool failed(as_db *db, as_str *problem)
{
    *problem = as_str_dup(db->arena, as_str_trim(as_str_from(pq.PQerrorMessage(db->connection))));
    return false;
}

/* "?" as "$1", "$2" … */
static const char *numbered(as_arena *arena, const char *sql)
{
    as_buf out;
    int n = 0;

    as_buf_init(&out, arena, 0);
    for (; *sql; sql++) {
        if (*sql == '?')
            as_buf_fmt(&out, "$%d", ++n);
        else
            as_buf_char(&out, *sql);
    }
    return as_buf_c(&out);
}

static void give_rows(const PGresult *result, as_db_row *row, void *self)
{
    as_str columns[MAX_COLUMNS];
    int n = pq.PQnfields(result) < MAX_COLUMNS ? pq.PQnfields(result) : MAX_COLUMNS;

    for (int r = 0; r < pq.PQntuples(result); r++) {
        for (int i = 0; i < n; i++) {
            bool null = pq.PQgetisnull(result, r, i) != 0;
            columns[i] = null ? AS_STR_NONE
                              : (as_str){pq.PQgetvalue(result, r, i),
                                        (size_t)pq.PQgetlength(result, r, i)};
        }
        row(self, columns, (size_t)n);
    }
}

static bool run_postgres(as_db *db, const char *sql, as_db_params params, as_db_row *row,
        void *self, as_str *problem)
{
    const char *values[MAX_PARAMS];
    as_arena *scratch = as_arena_new(0);
    as_guard guard;

    if (!scratch || params.n > MAX_PARAMS || !AS_GUARD_ENTER(&guard, scratch)) {
        as_arena_free(scratch);
        *problem = AS_STR("there is no memory for the statement");
        return false;
    }
    for (size_t i = 0; i < params.n; i++) {
        const as_db_param *p = &params.items[i];
        values[i] = p->kind == AS_DB_NULL  ? NULL
                    : p->kind == AS_DB_INT ? as_str_fmt(scratch, "%lld", (long long)p->integer).p
                                           : as_str_cstr(scratch, p->text);
    }
    const char *text = numbered(scratch, sql);
    as_guard_leave(&guard);
    PGresult *result =
            pq.PQexecParams(db->connection, text, (int)params.n, NULL, values, NULL, NULL, 0);
    ExecStatusType status = pq.PQresultStatus(result);
    bool fine = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || failed(db, problem);
    if (fine && row)
        give_rows(result, row, self);
    pq.PQclear(result);
    as_arena_free(scratch);
    return fine;
}

/* What the server remarks besides its answers is nobody's. */
static void ignore_notice(void *self, const char *message)
{
    (void)self, (void)message;
}

static bool open_postgres(as_db *db, as_str where, bool to_read, as_str *problem)
{
    pthread_once(&once, load);
    if (!loaded) {
        *problem = AS_STR("libpq is not installed");
        return false;
    }
    db->connection = pq.PQconnectdb(as_str_cstr(db->arena, where));
    pq.PQsetNoticeProcessor(db->connection, ignore_notice, NULL);
    if (pq.PQstatus(db->connection) == CONNECTION_OK &&
            (!to_read || run_postgres(db, "SET default_transaction_read_only = on", AS_DB_NONE,
                                 NULL, NULL, problem)))
        return true;
    failed(db, problem);
    close_postgres(db);
    return false;
}

const as_db_driver as_db_postgres = {open_postgres, run_postgres, true, "BEGIN",
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", close_postgres};
