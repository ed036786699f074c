/* /api/…: the history as JSON. Lists come in pages: "items", "total", "page", "per_page". */
#include "engine/base/clock.h"
#include "engine/base/utf8.h"
#include "engine/serve/internal.h"
#include "reporters/audit/excerpt.h"
#include "reporters/common.h"
#include "reporters/json_parts.h"

enum { DAY = 24 * 60 * 60, MOST_PAGES = 1000000 };

typedef struct page {
    size_t number, size;
} page;

/* --- parameters ------------------------------------------------------------------------------- */

static bool bad(as_serve_call *call, const char *words)
{
    as_serve_fail(call, MHD_HTTP_BAD_REQUEST, words);
    return false;
}

static bool text_param(as_serve_call *call, const char *name, as_str *out)
{
    return as_serve_param(call, name, out) || bad(call, "a parameter is no text");
}

/* A whole number from `least` to `most`; `otherwise` when it is not given. */
static bool number_param(as_serve_call *call, const char *name, int64_t otherwise, int64_t least,
        int64_t most, int64_t *out)
{
    as_str text;

    *out = otherwise;
    if (!text_param(call, name, &text))
        return false;
    return text.n == 0 || (as_str_to_int(text, out) && *out >= least && *out <= most) ||
           bad(call, "a parameter is no number, or out of range");
}

static bool page_params(as_serve_call *call, page *out)
{
    int64_t number, size;

    if (!number_param(call, "page", 1, 1, MOST_PAGES, &number) ||
            !number_param(call, "per_page", AS_SERVE_PAGE, 1, AS_SERVE_MOST_PER_PAGE, &size))
        return false;
    *out = (page){(size_t)number, (size_t)size};
    return true;
}

/* Index in a NULL-terminated list; the first when it is not given. */
static bool choice_param(
        as_serve_call *call, const char *name, const char *const *choices, unsigned *out)
{
    as_str text;

    *out = 0;
    if (!text_param(call, name, &text))
        return false;
    for (unsigned i = 0; text.n > 0 && choices[i]; i++) {
        if (as_str_is(text, choices[i])) {
            *out = i;
            return true;
        }
    }
    return text.n == 0 || bad(call, "a parameter is none of its choices");
}

static bool severity_param(as_serve_call *call, unsigned *out)
{
    as_str text, word;
    as_severity severity;

    *out = 0;
    if (!text_param(call, "severity", &text))
        return false;
    while (text.n > 0 && as_str_split(&text, ',', &word)) {
        if (!as_severity_parse(word, &severity) || severity == AS_SEVERITY_NONE)
            return bad(call, "severity: critical, high, medium, low or info, divided by commas");
        *out |= 1u << severity;
    }
    return true;
}

/* Ages in days as times: at least so old was first seen before, at most so old was not. */
static bool age_params(as_serve_call *call, as_history_filter *f)
{
    int64_t least, most, now = as_clock_now();

    if (!number_param(call, "min_age", 0, 0, 100000, &least) ||
            !number_param(call, "max_age", -1, 0, 100000, &most))
        return false;
    if (least > 0)
        f->first_to = as_clock_time(call->arena, now - least * DAY + 1);
    if (most >= 0)
        f->first_from = as_clock_time(call->arena, now - (most + 1) * DAY + 1);
    return true;
}

static bool filter_params(as_serve_call *call, as_history_filter *f)
{
    static const char *const states[] = {"any", "open", "new", "fixed", "reopened", NULL};
    static const char *const orders[] = {"severity", "age", "rule", NULL};
    unsigned state, order;

    if (!text_param(call, "scope", &f->scope) || !text_param(call, "rule", &f->rule) ||
            !text_param(call, "environment", &f->environment) ||
            !text_param(call, "account", &f->account) || !text_param(call, "text", &f->text) ||
            !severity_param(call, &f->severities) || !choice_param(call, "state", states, &state) ||
            !choice_param(call, "order", orders, &order) || !age_params(call, f))
        return false;
    f->state = (as_history_state)state;
    f->order = (as_history_order)order;
    return true;
}

/* --- answers ---------------------------------------------------------------------------------- */

static void unreadable(as_serve_call *call)
{
    as_serve_fail(call, MHD_HTTP_SERVICE_UNAVAILABLE, "the history cannot be read");
}

static void write_page(as_json_out *out, const page *p, int64_t total)
{
    as_json_size(out, "total", (size_t)total);
    as_json_size(out, "page", p->number);
    as_json_size(out, "per_page", p->size);
}

static void write_severities(as_json_out *out, const int64_t *by_severity)
{
    for (int s = AS_SEVERITY_CRITICAL; s >= AS_SEVERITY_INFO; s--)
        as_json_size(out, as_severity_name((as_severity)s), (size_t)by_severity[s]);
}

static void write_run(as_json_out *out, const as_history_run *run)
{
    as_json_size(out, "id", (size_t)run->id);
    as_json_str(out, "scope", run->scope);
    as_json_str(out, "started", run->started);
    as_json_str(out, "finished", run->finished);
    as_json_str(out, "tool", run->tool);
    for (int status = AS_FAIL; status <= AS_SUPPRESSED; status++)
        as_json_size(out, as_status_name((as_status)status), (size_t)run->by_status[status]);
    as_json_open(out, "severities", '{');
    write_severities(out, run->by_severity);
    as_json_close(out, '}');
    as_json_size(out, "errors", (size_t)run->n_errors);
    as_json_size(out, "new", (size_t)run->n_new);
    as_json_size(out, "fixed", (size_t)run->n_fixed);
    as_json_size(out, "reopened", (size_t)run->n_reopened);
}

static void write_runs(as_json_out *out, const char *key, const as_history_runs *runs)
{
    as_json_open(out, key, '[');
    for (size_t i = 0; i < runs->n; i++) {
        as_json_open(out, NULL, '{');
        write_run(out, &runs->items[i]);
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
}

static const char *state_of(const as_history_finding *f)
{
    return f->fixed_at.n > 0 ? "fixed" : f->is_new ? "new" : f->reopened > 0 ? "reopened" : "open";
}

static void write_finding(as_json_out *out, const as_history_finding *f, int64_t now)
{
    int64_t first, last = now;

    as_json_str(out, "scope", f->scope);
    as_json_str(out, "fingerprint", f->fingerprint);
    as_json_str(out, "rule", f->rule);
    as_json_str(out, "severity", f->severity);
    as_json_cstr(out, "state", state_of(f));
    as_json_str(out, "title", f->title);
    as_json_str(out, "address", f->address);
    as_json_str(out, "path", f->path);
    as_json_size(out, "line", (size_t)f->line);
    as_json_str(out, "message", f->message);
    as_json_str(out, "environment", f->environment);
    as_json_str(out, "account", f->account);
    as_json_str(out, "first_seen", f->first_seen);
    as_json_str(out, "last_seen", f->last_seen);
    as_json_str_if(out, "fixed_at", f->fixed_at);
    if (f->fixed_at.n > 0 && !as_clock_parse(f->fixed_at, &last))
        last = now;
    if (as_clock_parse(f->first_seen, &first))
        as_json_size(out, "age_days", last > first ? (size_t)((last - first) / DAY) : 0);
    as_json_size(out, "reopened", (size_t)f->reopened);
}

static void write_groups(as_json_out *out, const char *key, const as_history_groups *groups)
{
    as_json_open(out, key, '[');
    for (size_t i = 0; i < groups->n && i < AS_SERVE_MOST_PER_PAGE; i++) {
        const as_history_group *group = &groups->items[i];
        as_json_open(out, NULL, '{');
        as_json_str(out, "name", group->name);
        as_json_size(out, "open", (size_t)group->total);
        as_json_open(out, "severities", '{');
        write_severities(out, group->by_severity);
        as_json_close(out, '}');
        as_json_str(out, "oldest", group->oldest);
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
}

/* --- overview --------------------------------------------------------------------------------- */

static const as_history_group *group_named(const as_history_groups *groups, as_str name)
{
    for (size_t low = 0, high = groups->n; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = as_str_cmp(groups->items[middle].name, name);
        if (order == 0)
            return &groups->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void write_scopes(
        as_json_out *out, const page *p, const as_history_runs *runs, const as_history_groups *open)
{
    static const int64_t none[6];
    size_t from = (p->number - 1) * p->size;

    as_json_open(out, "items", '[');
    for (size_t i = from; i < runs->n && i < from + p->size; i++) {
        const as_history_group *group = group_named(open, runs->items[i].scope);
        as_json_open(out, NULL, '{');
        as_json_str(out, "scope", runs->items[i].scope);
        as_json_size(out, "open", group ? (size_t)group->total : 0);
        as_json_open(out, "severities", '{');
        write_severities(out, group ? group->by_severity : none);
        as_json_close(out, '}');
        as_json_str(out, "oldest", group ? group->oldest : AS_STR(""));
        as_json_open(out, "latest", '{');
        write_run(out, &runs->items[i]);
        as_json_close(out, '}');
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
}

static as_history_runs runs_with(as_arena *arena, const as_history_runs *all, as_str text)
{
    as_history_runs some = {0};
    as_str needle = as_str_lower(arena, text);

    for (size_t i = 0; i < all->n; i++)
        if (text.n == 0 ||
                as_str_find(as_str_lower(arena, all->items[i].scope), needle) != (size_t)-1)
            AS_VEC_PUSH(arena, &some, all->items[i]);
    return some;
}

static void overview(as_serve_call *call)
{
    as_history_runs latest = {0};
    const as_history_groups *scopes, *accounts;
    as_str text, problem = AS_STR("");
    int64_t totals[6] = {0}, n_new = 0, n_fixed = 0, n_reopened = 0, unknown = 0;
    page p;

    if (!page_params(call, &p) || !text_param(call, "text", &text))
        return;
    if (!as_history_latest(call->history, &latest, &problem) ||
            !(scopes = as_serve_figures_of(call, AS_HISTORY_SCOPE)) ||
            !(accounts = as_serve_figures_of(call, AS_HISTORY_ACCOUNT))) {
        unreadable(call);
        return;
    }
    for (size_t i = 0; i < scopes->n; i++)
        for (int s = 0; s < 6; s++)
            totals[s] += scopes->items[i].by_severity[s];
    for (size_t i = 0; i < latest.n; i++) {
        n_new += latest.items[i].n_new;
        n_fixed += latest.items[i].n_fixed;
        n_reopened += latest.items[i].n_reopened;
        unknown += latest.items[i].by_status[AS_UNSURE];
    }
    as_history_runs shown = runs_with(call->arena, &latest, text);
    as_json_out out = {.buf = &call->out};
    as_json_open(&out, NULL, '{');
    as_json_open(&out, "severities", '{');
    write_severities(&out, totals);
    as_json_close(&out, '}');
    as_json_size(&out, "new", (size_t)n_new);
    as_json_size(&out, "fixed", (size_t)n_fixed);
    as_json_size(&out, "reopened", (size_t)n_reopened);
    as_json_size(&out, "unknown", (size_t)unknown);
    as_json_bool(&out, "report", call->server->options->page.n > 0);
    write_groups(&out, "accounts", accounts);
    write_scopes(&out, &p, &shown, scopes);
    write_page(&out, &p, (int64_t)shown.n);
    as_json_close(&out, '}');
}

/* What the filters offer. */
static void facets(as_serve_call *call)
{
    static const struct {
        const char *key;
        as_history_key by;
    } lists[] = {{"scopes", AS_HISTORY_SCOPE}, {"accounts", AS_HISTORY_ACCOUNT},
            {"environments", AS_HISTORY_ENVIRONMENT}, {"rules", AS_HISTORY_RULE}};
    as_str scope, problem = AS_STR("");

    if (!text_param(call, "scope", &scope))
        return;
    as_json_out out = {.buf = &call->out};
    as_json_open(&out, NULL, '{');
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        bool all = scope.n == 0 || lists[i].by == AS_HISTORY_SCOPE;
        as_history_groups of_scope = {0};
        const as_history_groups *groups = all ? as_serve_figures_of(call, lists[i].by) : &of_scope;
        if (!groups || (!all && !as_history_count_by(
                                        call->history, lists[i].by, scope, &of_scope, &problem))) {
            unreadable(call);
            return;
        }
        write_groups(&out, lists[i].key, groups);
    }
    as_json_close(&out, '}');
}

/* --- findings --------------------------------------------------------------------------------- */

static void findings(as_serve_call *call)
{
    as_history_filter filter = {0};
    as_history_findings list = {0};
    as_str problem = AS_STR("");
    int64_t total = 0, now = as_clock_now();
    page p;

    if (!page_params(call, &p) || !filter_params(call, &filter))
        return;
    filter.offset = (p.number - 1) * p.size;
    filter.most = p.size;
    if (!as_history_search(call->history, &filter, &list, &total, &problem)) {
        unreadable(call);
        return;
    }
    as_json_out out = {.buf = &call->out};
    as_json_open(&out, NULL, '{');
    as_json_open(&out, "items", '[');
    for (size_t i = 0; i < list.n; i++) {
        as_json_open(&out, NULL, '{');
        write_finding(&out, &list.items[i], now);
        as_json_close(&out, '}');
    }
    as_json_close(&out, ']');
    write_page(&out, &p, total);
    as_json_close(&out, '}');
}

static const as_rule *rule_named(const as_serve_call *call, as_str id)
{
    const as_serve_options *options = call->server->options;

    for (size_t i = 0; i < options->n_rules; i++)
        if (as_str_eq(options->rules[i]->id, id))
            return options->rules[i];
    return NULL;
}

static void write_rule(as_json_out *out, const as_rule *rule)
{
    as_json_str(out, "id", rule->id);
    as_json_str(out, "title", rule->title);
    as_json_cstr(out, "severity", as_severity_name(rule->severity));
    as_json_str(out, "category", rule->category);
    as_json_str(out, "description", rule->description);
    as_json_str(out, "remediation", rule->remediation);
    as_json_strs(out, "references", rule->references.items, rule->references.n);
    as_json_strs(out, "frameworks", rule->frameworks.items, rule->frameworks.n);
    as_json_open(out, "aliases", '[');
    for (size_t i = 0; i < rule->n_aliases; i++)
        as_json_str(out, NULL, rule->aliases[i].id);
    as_json_close(out, ']');
}

static void write_excerpt(as_serve_call *call, as_json_out *out, const as_finding *f)
{
    as_excerpt excerpt;
    bool secret = as_str_is(f->rule->category, "secrets");

    as_excerpt_of(call->arena, call->server->options->report, as_finding_span(f), secret, &excerpt);
    as_json_open(out, "excerpt", '[');
    for (size_t i = 0; i < excerpt.n; i++) {
        as_json_open(out, NULL, '[');
        as_json_size(out, NULL, excerpt.lines[i].number);
        as_json_size(out, NULL, excerpt.lines[i].marked);
        as_json_str(out, NULL, excerpt.lines[i].text);
        as_json_close(out, ']');
    }
    as_json_close(out, ']');
}

static const as_finding *same_in_report(const as_report *report, as_str fingerprint)
{
    for (size_t i = 0; report && i < report->n_findings; i++)
        if (as_str_is(fingerprint, report->findings[i].fingerprint))
            return &report->findings[i];
    return NULL;
}

/* What the report of --result says of a finding: excerpt, evidence, fixes. Its sources number their
 * lines when they are first asked, so one thread asks at a time. */
static void write_evidence(as_serve_call *call, as_json_out *out, const as_finding *found)
{
    as_server *server = call->server;
    as_guard guard;

    pthread_mutex_lock(&server->report_lock);
    if (!AS_GUARD_ENTER(&guard, call->arena)) {
        pthread_mutex_unlock(&server->report_lock);
        as_arena_unwind(call->arena, guard.cause);
    }
    as_json_open(out, "evidence", '{');
    as_json_finding(out, server->options->report, found);
    write_excerpt(call, out, found);
    as_json_close(out, '}');
    as_guard_leave(&guard);
    pthread_mutex_unlock(&server->report_lock);
}

static void finding(as_serve_call *call)
{
    as_history_filter filter = {.most = 1};
    as_history_findings list = {0};
    as_history_turns turns = {0};
    as_str problem = AS_STR("");
    int64_t total;

    if (!text_param(call, "scope", &filter.scope) ||
            !text_param(call, "fingerprint", &filter.fingerprint))
        return;
    if (filter.fingerprint.n == 0) {
        bad(call, "fingerprint: which?");
        return;
    }
    if (!as_history_search(call->history, &filter, &list, &total, &problem) ||
            (list.n > 0 && !as_history_turns_of(call->history, list.items[0].scope,
                                   filter.fingerprint, &turns, &problem))) {
        unreadable(call);
        return;
    }
    if (list.n == 0) {
        as_serve_fail(call, MHD_HTTP_NOT_FOUND, "there is no such finding");
        return;
    }
    const as_rule *rule = rule_named(call, list.items[0].rule);
    as_json_out out = {.buf = &call->out};
    as_json_open(&out, NULL, '{');
    write_finding(&out, &list.items[0], as_clock_now());
    as_json_open(&out, "events", '[');
    for (size_t i = 0; i < turns.n; i++) {
        as_json_open(&out, NULL, '{');
        as_json_size(&out, "run", (size_t)turns.items[i].run);
        as_json_str(&out, "event", turns.items[i].event);
        as_json_str(&out, "at", turns.items[i].at);
        as_json_close(&out, '}');
    }
    as_json_close(&out, ']');
    if (rule) {
        as_json_open(&out, "about", '{');
        write_rule(&out, rule);
        as_json_close(&out, '}');
    }
    const as_finding *same = same_in_report(call->server->options->report, filter.fingerprint);
    if (same)
        write_evidence(call, &out, same);
    as_json_close(&out, '}');
}

static void rule(as_serve_call *call)
{
    as_str id;

    if (!text_param(call, "id", &id))
        return;
    const as_rule *found = rule_named(call, id);
    if (!found) {
        as_serve_fail(call, MHD_HTTP_NOT_FOUND, "there is no such rule");
        return;
    }
    as_json_out out = {.buf = &call->out};
    as_json_open(&out, NULL, '{');
    write_rule(&out, found);
    as_json_close(&out, '}');
}

/* --- runs ------------------------------------------------------------------------------------- */

static void runs(as_serve_call *call)
{
    as_history_runs list = {0};
    as_str scope, problem = AS_STR("");
    int64_t total;
    page p;

    if (!page_params(call, &p) || !text_param(call, "scope", &scope))
        return;
    if (!as_history_runs_page(
                call->history, scope, (p.number - 1) * p.size, p.size, &list, &total, &problem)) {
        unreadable(call);
        return;
    }
    as_json_out out = {.buf = &call->out};
    as_json_open(&out, NULL, '{');
    write_runs(&out, "items", &list);
    write_page(&out, &p, total);
    as_json_close(&out, '}');
}

static void run(as_serve_call *call)
{
    as_history_run found = {.id = 0};
    as_history_events events = {0};
    as_str problem = AS_STR("");
    int64_t id, total, now = as_clock_now();
    page p;

    if (!page_params(call, &p) || !number_param(call, "id", 0, 1, INT64_MAX, &id))
        return;
    if (!as_history_run_by_id(call->history, id, &found, &problem) ||
            !as_history_events_page(call->history, id, (p.number - 1) * p.size, p.size, &events,
                    &total, &problem)) {
        unreadable(call);
        return;
    }
    if (found.id == 0) {
        as_serve_fail(call, MHD_HTTP_NOT_FOUND, "there is no such run");
        return;
    }
    as_json_out out = {.buf = &call->out};
    as_json_open(&out, NULL, '{');
    as_json_open(&out, "run", '{');
    write_run(&out, &found);
    as_json_close(&out, '}');
    as_json_open(&out, "items", '[');
    for (size_t i = 0; i < events.n; i++) {
        as_json_open(&out, NULL, '{');
        as_json_str(&out, "event", events.items[i].event);
        write_finding(&out, &events.items[i].finding, now);
        as_json_close(&out, '}');
    }
    as_json_close(&out, ']');
    write_page(&out, &p, total);
    as_json_close(&out, '}');
}

static void trend(as_serve_call *call)
{
    as_history_runs list = {0};
    as_str scope, problem = AS_STR("");
    int64_t most;

    if (!text_param(call, "scope", &scope) ||
            !number_param(call, "most", 200, 1, AS_SERVE_TREND, &most))
        return;
    if (!as_history_trend(call->history, scope, (size_t)most, &list, &problem)) {
        unreadable(call);
        return;
    }
    as_json_out out = {.buf = &call->out};
    as_json_open(&out, NULL, '{');
    write_runs(&out, "items", &list);
    as_json_close(&out, '}');
}

/* --- the table -------------------------------------------------------------------------------- */

#define PAGING " page per_page "

static const struct {
    const char *path;
    void (*answer)(as_serve_call *call);
    const char *params; /* each between blanks */
} routes[] = {
        {"/api/overview", overview, PAGING "text "},
        {"/api/facets", facets, " scope "},
        {"/api/findings", findings,
                PAGING "scope rule environment account text severity state order min_age max_age "},
        {"/api/finding", finding, " scope fingerprint "},
        {"/api/rule", rule, " id "},
        {"/api/runs", runs, PAGING "scope "},
        {"/api/run", run, PAGING "id "},
        {"/api/trend", trend, " scope most "},
};

/* A parameter that nobody knows narrows nothing; better that its sender hears of it. */
static enum MHD_Result check_param(void *self, enum MHD_ValueKind kind, const char *key, size_t n,
        const char *value, size_t n_value)
{
    const char **params = self;
    char word[24];

    (void)kind, (void)value, (void)n_value;
    if (!key || n == 0 || n + 3 > sizeof word || memchr(key, '\0', n) || memchr(key, ' ', n)) {
        *params = NULL;
        return MHD_NO;
    }
    word[0] = ' ';
    memcpy(word + 1, key, n);
    memcpy(word + 1 + n, " ", 2);
    if (!strstr(*params, word))
        *params = NULL;
    return *params ? MHD_YES : MHD_NO;
}

bool as_serve_api(as_serve_call *call)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        const char *params = routes[i].params;
        if (!as_str_is(call->path, routes[i].path))
            continue;
        call->server->mhd->MHD_get_connection_values_n(
                call->connection, MHD_GET_ARGUMENT_KIND, check_param, &params);
        call->type = "application/json";
        if (!params)
            bad(call, "a parameter is not known here");
        else
            routes[i].answer(call);
        return true;
    }
    return false;
}
