#include "engine/store/read.h"

#include <stdlib.h>

#include "engine/base/map.h"
#include "engine/base/vec.h"
#include "engine/store/history_internal.h"

enum { MAX_PARAMS = 32, MAX_WORDS = 5 };

/* A statement as it is put together. What comes from outside goes into parameters, never into the
 * text. */
typedef struct statement {
    as_arena *arena;
    as_buf sql;
    as_db_param params[MAX_PARAMS];
    size_t n;
} statement;

static void begin(statement *s, as_arena *arena, const char *sql)
{
    *s = (statement){.arena = arena};
    as_buf_init(&s->sql, arena, 0);
    as_buf_cstr(&s->sql, sql);
}

static void add(statement *s, const char *sql, as_db_param param)
{
    as_buf_cstr(&s->sql, sql);
    if (s->n < MAX_PARAMS)
        s->params[s->n++] = param;
}

static bool run(as_history *history, statement *s, as_db_row *row, void *self, as_str *problem)
{
    return as_db_run(
            history->db, as_buf_c(&s->sql), (as_db_params){s->params, s->n}, row, self, problem);
}

/* --- findings --------------------------------------------------------------------------------- */

/* A word as a pattern of LIKE with the escape character '!'. */
static as_str like(as_arena *arena, as_str word)
{
    as_buf out;

    as_buf_init(&out, arena, 0);
    as_buf_char(&out, '%');
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '%' || word.p[i] == '_' || word.p[i] == '!')
            as_buf_char(&out, '!');
        as_buf_char(&out, word.p[i]);
    }
    as_buf_char(&out, '%');
    return as_buf_view(&out);
}

static void add_words(statement *s, as_str text)
{
    static const char *const columns[] = {"rule", "title", "address", "path", "message"};
    as_str word, rest = as_str_lower(s->arena, text);

    for (size_t n = 0; n < MAX_WORDS && as_str_split(&rest, ' ', &word);) {
        if (word.n == 0)
            continue;
        n++;
        /* A word holds no blank, so that it is found within one column only. */
        as_buf_cstr(&s->sql, " AND lower(");
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
            as_buf_fmt(&s->sql, "%sf.%s", i > 0 ? " || ' ' || " : "", columns[i]);
        add(s, ") LIKE ? ESCAPE '!'", AS_DB_T(like(s->arena, word)));
    }
}

static void add_filter(statement *s, const as_history_filter *f)
{
    static const char *const states[] = {
            [AS_HISTORY_IS_ANY] = "",
            [AS_HISTORY_IS_OPEN] = " AND f.fixed_run IS NULL",
            [AS_HISTORY_IS_NEW] = (" AND " AS_IS_NEW),
            [AS_HISTORY_IS_FIXED] = " AND f.fixed_run IS NOT NULL",
            [AS_HISTORY_IS_REOPENED] = " AND f.fixed_run IS NULL AND f.reopened > 0",
    };
    const struct {
        as_str value;
        const char *sql;
    } equal[] = {{f->scope, " AND f.scope = ?"}, {f->fingerprint, " AND f.fingerprint = ?"},
            {f->rule, " AND f.rule = ?"}, {f->environment, " AND f.environment = ?"},
            {f->account, " AND f.account = ?"}, {f->first_from, " AND f.first_seen >= ?"},
            {f->first_to, " AND f.first_seen < ?"}};

    for (size_t i = 0; i < sizeof equal / sizeof *equal; i++)
        if (equal[i].value.n > 0)
            add(s, equal[i].sql, AS_DB_T(equal[i].value));
    as_buf_cstr(&s->sql, states[f->state]);
    if (f->severities != 0) {
        as_buf_cstr(&s->sql, " AND f.severity IN (''");
        for (unsigned i = AS_SEVERITY_INFO; i <= AS_SEVERITY_CRITICAL; i++)
            if (f->severities & 1u << i)
                add(s, ", ?", AS_DB_T(as_str_from(as_severity_name((as_severity)i))));
        as_buf_cstr(&s->sql, ")");
    }
    add_words(s, f->text);
}

typedef struct listing {
    as_arena *arena;
    as_history_findings *findings;
    as_history_runs *runs;
    as_history_groups *groups;
    as_history_turns *turns;
    as_history_events *events;
    as_map by_name;
} listing;

static void take_finding(void *self, const as_str *c, size_t n)
{
    listing *l = self;

    (void)n;
    AS_VEC_PUSH(l->arena, l->findings, as_history_finding_of(l->arena, c));
}

static void take_number(void *self, const as_str *c, size_t n)
{
    (void)n;
    *(int64_t *)self = as_history_number(c[0]);
}

bool as_history_search(as_history *history, const as_history_filter *f, as_history_findings *out,
        int64_t *total, as_str *problem)
{
    static const char *const orders[] = {
            [AS_HISTORY_BY_SEVERITY] =
                    " ORDER BY CASE f.severity WHEN 'critical' THEN 1 WHEN 'high' THEN 2 WHEN "
                    "'medium' THEN 3 WHEN 'low' THEN 4 ELSE 5 END, f.first_seen, f.rule, f.scope, "
                    "f.fingerprint",
            [AS_HISTORY_BY_AGE] = " ORDER BY f.first_seen, f.rule, f.scope, f.fingerprint",
            [AS_HISTORY_BY_RULE] = " ORDER BY f.rule, f.first_seen, f.scope, f.fingerprint",
    };
    listing l = {.arena = history->arena, .findings = out};
    statement s;

    begin(&s, history->arena, "SELECT count(*) FROM findings f WHERE 1 = 1");
    add_filter(&s, f);
    if (!run(history, &s, take_number, total, problem))
        return false;
    if (f->most == 0)
        return true;
    begin(&s, history->arena, "SELECT " AS_FINDING_COLUMNS " FROM findings f WHERE 1 = 1");
    add_filter(&s, f);
    as_buf_cstr(&s.sql, orders[f->order]);
    add(&s, " LIMIT ?", AS_DB_I(f->most));
    add(&s, " OFFSET ?", AS_DB_I(f->offset));
    return run(history, &s, take_finding, &l, problem);
}

/* --- figures ---------------------------------------------------------------------------------- */

static void take_group(void *self, const as_str *c, size_t n)
{
    listing *l = self;
    as_severity severity;
    size_t *at = as_map_get(&l->by_name, c[0]);

    (void)n;
    if (!at) {
        as_history_group group = {.name = as_str_dup(l->arena, c[0])};
        at = AS_NEW(l->arena, size_t);
        *at = l->groups->n;
        as_map_put(l->arena, &l->by_name, group.name, at);
        AS_VEC_PUSH(l->arena, l->groups, group);
    }
    as_history_group *group = &l->groups->items[*at];
    int64_t count = as_history_number(c[2]);
    if (as_severity_parse(c[1], &severity))
        group->by_severity[severity] += count;
    group->total += count;
    if (group->oldest.n == 0 || as_str_cmp(c[3], group->oldest) < 0)
        group->oldest = as_str_dup(l->arena, c[3]);
}

static int by_name(const void *a, const void *b)
{
    return as_str_cmp(((const as_history_group *)a)->name, ((const as_history_group *)b)->name);
}

bool as_history_count_by(as_history *history, as_history_key key, as_str scope,
        as_history_groups *out, as_str *problem)
{
#define COUNT_BY(column)                                                                           \
    "SELECT f." column ", f.severity, count(*), min(f.first_seen) FROM findings f WHERE "          \
    "f.fixed_run IS NULL AND (CAST(? AS TEXT) = '' OR f.scope = ?) GROUP BY f." column             \
    ", f.severity ORDER BY f." column
    static const char *const statements[] = {
            [AS_HISTORY_SCOPE] = COUNT_BY("scope"),
            [AS_HISTORY_ACCOUNT] = COUNT_BY("account"),
            [AS_HISTORY_ENVIRONMENT] = COUNT_BY("environment"),
            [AS_HISTORY_RULE] = COUNT_BY("rule"),
    };
    listing l = {.arena = history->arena, .groups = out};

    if (!as_db_run(history->db, statements[key], AS_DB_PARAMS(AS_DB_T(scope), AS_DB_T(scope)),
                take_group, &l, problem))
        return false;
    if (out->n > 1) /* bytewise: a database may sort by the rules of a language */
        qsort(out->items, out->n, sizeof *out->items, by_name);
    return true;
}

/* --- runs ------------------------------------------------------------------------------------- */

static void take_run(void *self, const as_str *c, size_t n)
{
    listing *l = self;

    (void)n;
    AS_VEC_PUSH(l->arena, l->runs, as_history_run_of(l->arena, c));
}

bool as_history_latest(as_history *history, as_history_runs *out, as_str *problem)
{
    listing l = {.arena = history->arena, .runs = out};

    return as_db_run(history->db,
            "SELECT " AS_RUN_COLUMNS " FROM runs r WHERE r.id IN (SELECT max(id) FROM runs GROUP "
            "BY scope) ORDER BY r.scope",
            AS_DB_NONE, take_run, &l, problem);
}

bool as_history_runs_page(as_history *history, as_str scope, size_t offset, size_t most,
        as_history_runs *out, int64_t *total, as_str *problem)
{
    listing l = {.arena = history->arena, .runs = out};

    return as_db_number(history->db,
                   "SELECT count(*) FROM runs r WHERE CAST(? AS TEXT) = '' OR r.scope = ?",
                   AS_DB_PARAMS(AS_DB_T(scope), AS_DB_T(scope)), total, problem) &&
           as_db_run(history->db,
                   "SELECT " AS_RUN_COLUMNS " FROM runs r WHERE CAST(? AS TEXT) = '' OR r.scope = "
                   "? ORDER BY r.id DESC LIMIT ? OFFSET ?",
                   AS_DB_PARAMS(AS_DB_T(scope), AS_DB_T(scope), AS_DB_I(most), AS_DB_I(offset)),
                   take_run, &l, problem);
}

bool as_history_run_by_id(as_history *history, int64_t id, as_history_run *out, as_str *problem)
{
    as_history_runs runs = {0};
    listing l = {.arena = history->arena, .runs = &runs};

    if (!as_db_run(history->db, "SELECT " AS_RUN_COLUMNS " FROM runs r WHERE r.id = ?",
                AS_DB_PARAMS(AS_DB_I(id)), take_run, &l, problem))
        return false;
    if (runs.n > 0)
        *out = runs.items[0];
    return true;
}

bool as_history_trend(
        as_history *history, as_str scope, size_t most, as_history_runs *out, as_str *problem)
{
    as_history_runs late = {0};
    listing l = {.arena = history->arena, .runs = out};

    if (!as_history_list(history, scope, most, &late, problem))
        return false;
    if (late.n == most && most > 0 && scope.n == 0 &&
            !as_db_run(history->db,
                    "SELECT " AS_RUN_COLUMNS " FROM runs r WHERE r.id IN (SELECT max(id) FROM runs "
                    "WHERE id < ? GROUP BY scope) ORDER BY r.id",
                    AS_DB_PARAMS(AS_DB_I(late.items[late.n - 1].id)), take_run, &l, problem))
        return false;
    for (size_t i = late.n; i > 0; i--)
        AS_VEC_PUSH(history->arena, out, late.items[i - 1]);
    return true;
}

static void take_event(void *self, const as_str *c, size_t n)
{
    listing *l = self;

    (void)n;
    AS_VEC_PUSH(l->arena, l->events,
            ((as_history_event){
                    as_str_dup(l->arena, c[0]), as_history_finding_of(l->arena, c + 1)}));
}

bool as_history_events_page(as_history *history, int64_t run_id, size_t offset, size_t most,
        as_history_events *out, int64_t *total, as_str *problem)
{
    listing l = {.arena = history->arena, .events = out};

    return as_db_number(history->db, "SELECT count(*) FROM events WHERE run = ?",
                   AS_DB_PARAMS(AS_DB_I(run_id)), total, problem) &&
           as_db_run(history->db,
                   "SELECT e.event, " AS_FINDING_COLUMNS " FROM events e JOIN findings f ON "
                   "f.scope = e.scope AND f.fingerprint = e.fingerprint WHERE e.run = ? ORDER BY "
                   "e.event, f.rule, f.address, f.fingerprint LIMIT ? OFFSET ?",
                   AS_DB_PARAMS(AS_DB_I(run_id), AS_DB_I(most), AS_DB_I(offset)), take_event, &l,
                   problem);
}

static void take_turn(void *self, const as_str *c, size_t n)
{
    listing *l = self;

    (void)n;
    AS_VEC_PUSH(l->arena, l->turns,
            ((as_history_turn){as_history_number(c[0]), as_str_dup(l->arena, c[1]),
                    as_str_dup(l->arena, c[2])}));
}

bool as_history_turns_of(as_history *history, as_str scope, as_str fingerprint,
        as_history_turns *out, as_str *problem)
{
    listing l = {.arena = history->arena, .turns = out};

    return as_db_run(history->db,
            "SELECT e.run, e.event, r.started FROM events e JOIN runs r ON r.id = e.run WHERE "
            "e.scope = ? AND e.fingerprint = ? ORDER BY e.run",
            AS_DB_PARAMS(AS_DB_T(scope), AS_DB_T(fingerprint)), take_turn, &l, problem);
}
