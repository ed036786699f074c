#include "engine/store/history.h"

#include "engine/cli/version.h"
#include "engine/store/history_internal.h"

/* Each entry takes the tables from the version before it; they are never changed, only added to. */
static const char *const migrations[][8] = {
        {"CREATE TABLE runs (id BIGINT PRIMARY KEY, scope TEXT NOT NULL, started TEXT NOT NULL, "
         "finished TEXT NOT NULL, tool TEXT NOT NULL, n_fail BIGINT, n_pass BIGINT, n_unknown "
         "BIGINT, "
         "n_suppressed BIGINT, n_info BIGINT, n_low BIGINT, n_medium BIGINT, n_high BIGINT, "
         "n_critical BIGINT, n_errors BIGINT, n_new BIGINT, n_fixed BIGINT, n_reopened BIGINT)",
                "CREATE INDEX runs_by_scope ON runs (scope, id)",
                "CREATE TABLE findings (scope TEXT NOT NULL, fingerprint TEXT NOT NULL, rule TEXT "
                "NOT NULL, "
                "severity TEXT NOT NULL, title TEXT NOT NULL, address TEXT NOT NULL, path TEXT NOT "
                "NULL, "
                "line BIGINT, message TEXT NOT NULL, first_run BIGINT, first_seen TEXT, last_run "
                "BIGINT, "
                "last_seen TEXT, fixed_run BIGINT, fixed_at TEXT, reopened BIGINT, "
                "PRIMARY KEY (scope, fingerprint))",
                "CREATE TABLE events (run BIGINT NOT NULL, scope TEXT NOT NULL, fingerprint TEXT "
                "NOT NULL, "
                "event TEXT NOT NULL)",
                "CREATE INDEX events_by_run ON events (run)", NULL},
        {"ALTER TABLE findings ADD COLUMN environment TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE findings ADD COLUMN account TEXT NOT NULL DEFAULT ''",
                "CREATE INDEX events_by_finding ON events (scope, fingerprint)",
                "CREATE INDEX findings_by_rule ON findings (rule)", NULL},
};

enum { N_MIGRATIONS = sizeof migrations / sizeof *migrations };

static bool migrate(as_history *history, as_str *problem)
{
    as_db *db = history->db;
    int64_t version;

    if (!as_db_lock_schema(db, problem) ||
            !as_db_run(db, "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)",
                    AS_DB_NONE, NULL, NULL, problem) ||
            !as_db_number(
                    db, "SELECT max(version) FROM schema_version", AS_DB_NONE, &version, problem))
        return false;
    if (version > N_MIGRATIONS) {
        *problem = as_str_fmt(history->arena,
                "the history is of version %d, which this program does not know", (int)version);
        return false;
    }
    for (int64_t v = version; v < N_MIGRATIONS; v++) {
        for (size_t i = 0; migrations[v][i]; i++)
            if (!as_db_run(db, migrations[v][i], AS_DB_NONE, NULL, NULL, problem))
                return false;
        if (!as_db_run(db, "INSERT INTO schema_version (version) VALUES (?)",
                    AS_DB_PARAMS(AS_DB_I(v + 1)), NULL, NULL, problem))
            return false;
    }
    return true;
}

as_history *as_history_open(as_arena *arena, as_str where, as_str *problem)
{
    as_history *history = AS_NEW(arena, as_history);

    *history = (as_history){.arena = arena, .db = as_db_open(arena, where, problem)};
    if (!history->db || !as_db_begin(history->db, problem))
        return NULL;
    /* Two that come first at the same time: the second finds the tables made. */
    if (migrate(history, problem) && as_db_commit(history->db, problem))
        return history;
    as_db_rollback(history->db);
    return NULL;
}

as_history *as_history_open_to_read(as_arena *arena, as_str where, as_str *problem)
{
    as_history *history = AS_NEW(arena, as_history);
    int64_t version;

    *history = (as_history){.arena = arena, .db = as_db_open_to_read(arena, where, problem)};
    if (!history->db || !as_db_number(history->db, "SELECT max(version) FROM schema_version",
                                AS_DB_NONE, &version, problem))
        return NULL;
    if (version == N_MIGRATIONS)
        return history;
    *problem = version > N_MIGRATIONS
                       ? as_str_fmt(arena,
                                 "the history is of version %d, which this program does not know",
                                 (int)version)
                       : AS_STR("the history is of an earlier version: `assay history runs` brings "
                                "it to this one");
    return NULL;
}

as_history *as_history_open_to_ask(as_arena *arena, as_str where, as_str *problem)
{
    as_history *history = as_history_open_to_read(arena, where, problem);

    return history ? history : as_history_open(arena, where, problem);
}

as_history as_history_into(const as_history *history, as_arena *arena)
{
    return (as_history){.arena = arena, .db = history->db};
}

/* --- reading ---------------------------------------------------------------------------------- */

typedef struct listing {
    as_arena *arena;
    as_history_runs *runs;
    as_history_findings *findings;
    as_history_events *events;
} listing;

int64_t as_history_number(as_str column)
{
    int64_t n;

    return column.n > 0 && as_str_to_int(column, &n) ? n : 0;
}

as_history_run as_history_run_of(as_arena *arena, const as_str *c)
{
    as_history_run run = {.id = as_history_number(c[0]),
            .scope = as_str_dup(arena, c[1]),
            .started = as_str_dup(arena, c[2]),
            .finished = as_str_dup(arena, c[3]),
            .tool = as_str_dup(arena, c[4])};

    for (size_t i = 0; i < 4; i++)
        run.by_status[i] = as_history_number(c[5 + i]);
    for (size_t i = 1; i < 6; i++)
        run.by_severity[i] = as_history_number(c[8 + i]);
    run.n_errors = as_history_number(c[14]);
    run.n_new = as_history_number(c[15]);
    run.n_fixed = as_history_number(c[16]);
    run.n_reopened = as_history_number(c[17]);
    return run;
}

as_history_finding as_history_finding_of(as_arena *arena, const as_str *c)
{
    return (as_history_finding){.scope = as_str_dup(arena, c[0]),
            .fingerprint = as_str_dup(arena, c[1]),
            .rule = as_str_dup(arena, c[2]),
            .severity = as_str_dup(arena, c[3]),
            .title = as_str_dup(arena, c[4]),
            .address = as_str_dup(arena, c[5]),
            .path = as_str_dup(arena, c[6]),
            .message = as_str_dup(arena, c[7]),
            .line = as_history_number(c[8]),
            .reopened = as_history_number(c[9]),
            .first_seen = as_str_dup(arena, c[10]),
            .last_seen = as_str_dup(arena, c[11]),
            .fixed_at = c[12].p ? as_str_dup(arena, c[12]) : AS_STR(""),
            .environment = as_str_dup(arena, c[13]),
            .account = as_str_dup(arena, c[14]),
            .is_new = as_history_number(c[15]) == 1};
}

static void take_run(void *self, const as_str *c, size_t n)
{
    listing *l = self;

    (void)n;
    AS_VEC_PUSH(l->arena, l->runs, as_history_run_of(l->arena, c));
}

bool as_history_list(
        as_history *history, as_str scope, size_t most, as_history_runs *out, as_str *problem)
{
    listing l = {.arena = history->arena, .runs = out};

    return as_db_run(history->db,
            "SELECT " AS_RUN_COLUMNS " FROM runs r "
            "WHERE CAST(? AS TEXT) = '' OR r.scope = ? ORDER BY r.id DESC LIMIT ?",
            AS_DB_PARAMS(AS_DB_T(scope), AS_DB_T(scope), AS_DB_I(most)), take_run, &l, problem);
}

static void take_finding(void *self, const as_str *c, size_t n)
{
    listing *l = self;

    (void)n;
    AS_VEC_PUSH(l->arena, l->findings, as_history_finding_of(l->arena, c));
}

bool as_history_find(as_history *history, as_str scope, as_history_which which,
        as_history_findings *out, as_str *problem)
{
    static const char *const statements[] = {
            [AS_HISTORY_OPEN] =
                    "SELECT " AS_FINDING_COLUMNS " FROM findings f WHERE (CAST(? AS TEXT) = '' "
                    "OR f.scope = ?) AND f.fixed_run IS NULL "
                    "ORDER BY f.first_seen, f.rule, f.address, f.fingerprint",
            [AS_HISTORY_FIXED] =
                    "SELECT " AS_FINDING_COLUMNS " FROM findings f WHERE (CAST(? AS TEXT) = '' "
                    "OR f.scope = ?) AND f.fixed_run IS NOT NULL "
                    "ORDER BY f.first_seen, f.rule, f.address, f.fingerprint",
            [AS_HISTORY_ALL] =
                    "SELECT " AS_FINDING_COLUMNS " FROM findings f WHERE (CAST(? AS TEXT) = '' "
                    "OR f.scope = ?) ORDER BY f.first_seen, f.rule, f.address, f.fingerprint",
    };
    listing l = {.arena = history->arena, .findings = out};

    return as_db_run(history->db, statements[which], AS_DB_PARAMS(AS_DB_T(scope), AS_DB_T(scope)),
            take_finding, &l, problem);
}

static void take_event(void *self, const as_str *c, size_t n)
{
    listing *l = self;

    (void)n;
    AS_VEC_PUSH(l->arena, l->events,
            ((as_history_event){
                    as_str_dup(l->arena, c[0]), as_history_finding_of(l->arena, c + 1)}));
}

bool as_history_events_of(as_history *history, int64_t run, as_history_events *out, as_str *problem)
{
    listing l = {.arena = history->arena, .events = out};

    return as_db_run(history->db,
            "SELECT e.event, " AS_FINDING_COLUMNS
            " FROM events e JOIN findings f ON f.scope = e.scope "
            "AND f.fingerprint = e.fingerprint WHERE e.run = ? ORDER BY e.event, f.rule, "
            "f.address, "
            "f.fingerprint",
            AS_DB_PARAMS(AS_DB_I(run)), take_event, &l, problem);
}

/* --- forgetting ------------------------------------------------------------------------------- */

bool as_history_prune(as_history *history, as_str before, int64_t *n_runs, as_str *problem)
{
    static const char *const statements[] = {
            "DELETE FROM events WHERE run IN (SELECT id FROM runs WHERE started < ? AND id NOT IN "
            "(SELECT max(id) FROM runs GROUP BY scope))",
            "DELETE FROM findings WHERE fixed_run IS NOT NULL AND fixed_at < ?",
            "DELETE FROM runs WHERE started < ? AND id NOT IN (SELECT max(id) FROM runs GROUP BY "
            "scope)",
    };
    as_db *db = history->db;

    if (!as_db_begin(db, problem))
        return false;
    bool fine = as_db_number(db,
            "SELECT count(*) FROM runs WHERE started < ? AND id NOT IN (SELECT max(id) FROM runs "
            "GROUP BY "
            "scope)",
            AS_DB_PARAMS(AS_DB_T(before)), n_runs, problem);
    for (size_t i = 0; fine && i < sizeof statements / sizeof *statements; i++)
        fine = as_db_run(db, statements[i], AS_DB_PARAMS(AS_DB_T(before)), NULL, NULL, problem);
    if (fine && as_db_commit(db, problem))
        return true;
    as_db_rollback(db);
    return false;
}
