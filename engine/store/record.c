/* One run into the history: what it found against what was open. */
#include "engine/base/map.h"
#include "engine/cli/version.h"
#include "engine/store/history_internal.h"

/* What the history knows of a fingerprint. */
typedef struct known {
    as_str fingerprint, rule, address,
            shown; /* shown: what may change while it stays the same finding */
    bool open, seen;
} known;

typedef struct recording {
    as_history *history;
    const as_report *report;
    as_str scope;
    as_history_times times;
    as_history_change *out;
    as_str *problem;
    as_map known;     /* fingerprint → known */
    as_map undecided; /* "RULE address" */
    as_map seen_here; /* fingerprints of this run */
    as_map addresses; /* of the graph, once somebody asks */
    bool complete;    /* all that was meant to be looked at was */
    AS_VEC(const as_finding *) fresh;
} recording;

static bool run_sql(recording *r, const char *sql, as_db_params params)
{
    return as_db_run(r->history->db, sql, params, NULL, NULL, r->problem);
}

static as_str address_of(const as_finding *f)
{
    return f->entity ? f->entity->address : AS_STR("");
}

static as_str pair_key(recording *r, as_str rule, as_str address)
{
    return as_str_fmt(r->history->arena, "%.*s %.*s", AS_STR_ARG(rule), AS_STR_ARG(address));
}

/* What a finding shows that no fingerprint holds: lines move, words and severities change with
 * versions. */
typedef struct shown {
    as_str severity, title, path, message, environment, account;
    int64_t line;
} shown;

static shown shown_of(const recording *r, const as_finding *f)
{
    const as_source *source = as_sources_get(r->report->sources, f->span.file);
    as_position at = as_sources_position(r->report->sources, f->span.file, f->span.begin);

    return (shown){.severity = as_str_from(as_severity_name(f->severity)),
            .title = f->rule->title,
            .path = source ? source->path : AS_STR(""),
            .message = f->message,
            .environment = f->entity && f->entity->unit ? f->entity->unit->environment : AS_STR(""),
            .account = f->entity ? f->entity->account : AS_STR(""),
            .line = at.line};
}

static as_str shown_key(recording *r, const shown *s)
{
    return as_str_fmt(r->history->arena, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%lld",
            AS_STR_ARG(s->severity), AS_STR_ARG(s->title), AS_STR_ARG(s->path),
            AS_STR_ARG(s->message), AS_STR_ARG(s->environment), AS_STR_ARG(s->account),
            (long long)s->line);
}

/* --- what was there --------------------------------------------------------------------------- */

static void take_known(void *self, const as_str *c, size_t n)
{
    recording *r = self;
    as_arena *arena = r->history->arena;
    known *k = AS_NEW(arena, known);

    (void)n;
    *k = (known){.fingerprint = as_str_dup(arena, c[0]),
            .rule = as_str_dup(arena, c[1]),
            .address = as_str_dup(arena, c[2]),
            .open = c[3].p == NULL};
    shown was = {c[4], c[5], c[6], c[7], c[8], c[9], as_history_number(c[10])};
    k->shown = shown_key(r, &was);
    as_map_put(arena, &r->known, k->fingerprint, k);
}

static void take_text(void *self, const as_str *c, size_t n)
{
    recording *r = self;

    (void)n;
    r->out->previous = as_str_dup(r->history->arena, c[0]);
}

static bool read_known(recording *r)
{
    return as_db_lock(r->history->db, "runs", r->problem) &&
           as_db_number(r->history->db, "SELECT coalesce(max(id), 0) + 1 FROM runs", AS_DB_NONE,
                   &r->out->run.id, r->problem) &&
           as_db_run(r->history->db,
                   "SELECT started FROM runs WHERE scope = ? ORDER BY id DESC LIMIT 1",
                   AS_DB_PARAMS(AS_DB_T(r->scope)), take_text, r, r->problem) &&
           as_db_run(r->history->db,
                   "SELECT fingerprint, rule, address, fixed_run, severity, title, path, message, "
                   "environment, account, line FROM findings WHERE scope = ?",
                   AS_DB_PARAMS(AS_DB_T(r->scope)), take_known, r, r->problem);
}

/* --- what is there now ------------------------------------------------------------------------ */

static bool add_event(recording *r, as_str fingerprint, const char *event)
{
    return run_sql(r, "INSERT INTO events (run, scope, fingerprint, event) VALUES (?, ?, ?, ?)",
            AS_DB_PARAMS(AS_DB_I(r->out->run.id), AS_DB_T(r->scope), AS_DB_T(fingerprint),
                    AS_DB_T(as_str_from(event))));
}

static bool insert(recording *r, const as_finding *f, as_str fingerprint)
{
    shown s = shown_of(r, f);

    r->out->run.n_new++;
    return run_sql(r,
                   "INSERT INTO findings (scope, fingerprint, rule, severity, title, address, "
                   "path, line, message, environment, account, first_run, first_seen, last_run, "
                   "last_seen, fixed_run, fixed_at, reopened) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, 0)",
                   AS_DB_PARAMS(AS_DB_T(r->scope), AS_DB_T(fingerprint), AS_DB_T(f->rule->id),
                           AS_DB_T(s.severity), AS_DB_T(s.title), AS_DB_T(address_of(f)),
                           AS_DB_T(s.path), AS_DB_I(s.line), AS_DB_T(s.message),
                           AS_DB_T(s.environment), AS_DB_T(s.account), AS_DB_I(r->out->run.id),
                           AS_DB_T(r->times.started), AS_DB_I(r->out->run.id),
                           AS_DB_T(r->times.started))) &&
           add_event(r, fingerprint, "new");
}

/* A finding that was known is shown as it stands now. */
static bool refresh(recording *r, const as_finding *f, const known *k)
{
    shown s = shown_of(r, f);

    if (as_str_eq(shown_key(r, &s), k->shown))
        return true;
    return run_sql(r,
            "UPDATE findings SET severity = ?, title = ?, path = ?, line = ?, message = ?, "
            "environment = ?, account = ? WHERE scope = ? AND fingerprint = ?",
            AS_DB_PARAMS(AS_DB_T(s.severity), AS_DB_T(s.title), AS_DB_T(s.path), AS_DB_I(s.line),
                    AS_DB_T(s.message), AS_DB_T(s.environment), AS_DB_T(s.account),
                    AS_DB_T(r->scope), AS_DB_T(k->fingerprint)));
}

static bool reopen(recording *r, as_str fingerprint)
{
    r->out->run.n_reopened++;
    return run_sql(r,
                   "UPDATE findings SET fixed_run = NULL, fixed_at = NULL, reopened = reopened + 1 "
                   "WHERE scope = ? AND fingerprint = ?",
                   AS_DB_PARAMS(AS_DB_T(r->scope), AS_DB_T(fingerprint))) &&
           add_event(r, fingerprint, "reopened");
}

static bool take_failure(recording *r, const as_finding *f)
{
    as_str fingerprint = as_str_from(f->fingerprint);
    known *k = as_map_get(&r->known, fingerprint);

    if (as_map_has(&r->seen_here, fingerprint))
        return true; /* twice in one report */
    as_map_put(r->history->arena, &r->seen_here, fingerprint, r);
    if (k)
        k->seen = true;
    if (k && !refresh(r, f, k))
        return false;
    if (k && k->open)
        return true;
    AS_VEC_PUSH(r->history->arena, &r->fresh, f);
    return k ? reopen(r, fingerprint) : insert(r, f, fingerprint);
}

static bool take_findings(recording *r)
{
    for (size_t i = 0; i < r->report->n_findings; i++) {
        const as_finding *f = &r->report->findings[i];
        if (f->status == AS_UNSURE)
            as_map_put(
                    r->history->arena, &r->undecided, pair_key(r, f->rule->id, address_of(f)), r);
        if (f->status == AS_FAIL && !take_failure(r, f))
            return false;
    }
    return true;
}

/* --- what is gone ----------------------------------------------------------------------------- */

static bool in_graph(recording *r, as_str address)
{
    const as_graph *graph = r->report->graph;

    for (uint32_t id = 1; r->addresses.n == 0 && id <= as_graph_count(graph); id++)
        as_map_put(r->history->arena, &r->addresses, as_graph_get(graph, id)->address, r);
    return as_map_has(&r->addresses, address);
}

/* Whether all that was meant to be looked at was: what nobody saw may still be there. */
static bool all_was_seen(const as_report *report)
{
    static const char *const missing[] = {"snapshot-missing", "live-missing", "snapshot-part"};

    for (size_t i = 0; i < report->diags->list.n; i++)
        for (size_t k = 0; k < sizeof missing / sizeof *missing; k++)
            if (strcmp(report->diags->list.items[i].code, missing[k]) == 0)
                return false;
    return report->diags->n_errors == 0;
}

static bool is_fixed(recording *r, const known *k)
{
    if (as_map_has(&r->undecided, pair_key(r, k->rule, k->address)))
        return false;
    return r->complete || in_graph(r, k->address);
}

static bool mark_fixed(recording *r)
{
    for (size_t i = 0; i < r->known.n; i++) {
        const known *k = r->known.entries[i].value;
        if (!k->open || k->seen || !is_fixed(r, k))
            continue;
        r->out->run.n_fixed++;
        if (!run_sql(r,
                    "UPDATE findings SET fixed_run = ?, fixed_at = ? WHERE scope = ? AND "
                    "fingerprint = ?",
                    AS_DB_PARAMS(AS_DB_I(r->out->run.id), AS_DB_T(r->times.started),
                            AS_DB_T(r->scope), AS_DB_T(k->fingerprint))) ||
                !add_event(r, k->fingerprint, "fixed"))
            return false;
    }
    return run_sql(r,
            "UPDATE findings SET last_run = ?, last_seen = ? WHERE scope = ? AND fixed_run IS NULL",
            AS_DB_PARAMS(AS_DB_I(r->out->run.id), AS_DB_T(r->times.started), AS_DB_T(r->scope)));
}

static bool write_run(recording *r)
{
    as_history_run *run = &r->out->run;
    const as_summary *summary = &r->report->summary;

    run->scope = r->scope;
    run->started = r->times.started;
    run->finished = r->times.finished;
    run->tool = AS_STR("assay " AS_VERSION);
    for (size_t i = 0; i < 4; i++)
        run->by_status[i] = (int64_t)summary->by_status[i];
    for (size_t i = 0; i < 6; i++)
        run->by_severity[i] = (int64_t)summary->failed_by_severity[i];
    run->n_errors = (int64_t)r->report->diags->n_errors;
    return run_sql(r,
            "INSERT INTO runs (id, scope, started, finished, tool, n_fail, n_pass, n_unknown, "
            "n_suppressed, n_info, n_low, n_medium, n_high, n_critical, n_errors, n_new, n_fixed, "
            "n_reopened) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            AS_DB_PARAMS(AS_DB_I(run->id), AS_DB_T(run->scope), AS_DB_T(run->started),
                    AS_DB_T(run->finished), AS_DB_T(run->tool), AS_DB_I(run->by_status[AS_FAIL]),
                    AS_DB_I(run->by_status[AS_PASS]), AS_DB_I(run->by_status[AS_UNSURE]),
                    AS_DB_I(run->by_status[AS_SUPPRESSED]), AS_DB_I(run->by_severity[1]),
                    AS_DB_I(run->by_severity[2]), AS_DB_I(run->by_severity[3]),
                    AS_DB_I(run->by_severity[4]), AS_DB_I(run->by_severity[5]),
                    AS_DB_I(run->n_errors), AS_DB_I(run->n_new), AS_DB_I(run->n_fixed),
                    AS_DB_I(run->n_reopened)));
}

bool as_history_record(as_history *history, const as_report *report, as_str scope,
        as_history_times times, as_history_change *out, as_str *problem)
{
    recording r = {.history = history,
            .report = report,
            .scope = scope,
            .times = times,
            .out = out,
            .problem = problem,
            .complete = all_was_seen(report)};

    *out = (as_history_change){0};
    if (!as_db_begin(history->db, problem))
        return false;
    if (read_known(&r) && take_findings(&r) && mark_fixed(&r) && write_run(&r) &&
            as_db_commit(history->db, problem)) {
        out->fresh = r.fresh.items;
        out->n_fresh = r.fresh.n;
        return true;
    }
    as_db_rollback(history->db);
    return false;
}
