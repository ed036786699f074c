#include "parsers/live/aws/collect.h"

#include <stdlib.h>

#include "engine/base/clock.h"
#include "engine/base/map.h"
#include "engine/base/vec.h"
#include "engine/cli/version.h"
#include "parsers/live/aws/accounts.h"
#include "parsers/live/aws/answer.h"
#include "parsers/live/aws/asking.h"

/* Accounts that are asked at the same time: what is known of a group's calls goes when it is done.
 */
enum { GROUP = 8 };

typedef struct collecting {
    as_arena *arena;
    const as_aws_collect_options *options;
    const as_aws_tables *tables;
    as_aws_session *base;
    as_snapshot *snapshot;
    as_aws_accounts accounts;
    as_map missing; /* error code → as_aws_missing, of all groups */
    int64_t started;
    as_aws_collected *out;
} collecting;

static void warn(collecting *c, as_str text)
{
    if (c->options->warn)
        c->options->warn(c->options->self, text);
}

/* --- one group -------------------------------------------------------------------------------- */

static void add_missing(collecting *c, const as_aws_asking *group)
{
    for (size_t i = 0; i < group->missing.n; i++) {
        const as_map_entry *entry = &group->missing.entries[i];
        const as_aws_missing *from = entry->value;
        as_aws_missing *to = as_map_get(&c->missing, entry->key);
        if (!to) {
            to = AS_NEW(c->arena, as_aws_missing);
            to->operation = from->operation;
            to->message = as_str_dup(c->arena, from->message);
            as_map_put(c->arena, &c->missing, as_str_dup(c->arena, entry->key), to);
        }
        to->n += from->n;
    }
    c->out->n_answers += group->n_answers;
    c->out->n_recalled += group->n_recalled;
    c->out->n_missing += group->n_missing;
}

/* Regions are found here, so that one group's requests at a time are on their way. */
static bool ask_group(
        collecting *c, as_arena *arena, as_aws_account *accounts, size_t n, as_str *problem)
{
    as_http_options http = {.stop = c->options->stop,
            .progress = c->options->progress,
            .self = c->options->self,
            .user_agent = "assay/" AS_VERSION};
    as_aws_asking asking = {.arena = arena,
            .tables = c->tables,
            .options = c->options,
            .snapshot = c->snapshot,
            .started = c->started,
            .finder = as_secret_finder_new(arena)};
    as_http_tls tls = {.ca_pem = c->options->ca_pem};
    as_str failed = AS_STR("");

    asking.http = as_http_new(arena, &http, &failed);
    asking.tls = tls.ca_pem.n > 0 ? &tls : NULL;
    for (size_t i = 0; asking.http && i < n; i++) {
        as_aws_find_regions(&accounts[i], arena, c->tables, c->options, c->base);
        if (accounts[i].warning.n > 0)
            warn(c, accounts[i].warning);
        as_aws_ask_account(&asking, &accounts[i]);
    }
    if (asking.http && !as_http_run(asking.http))
        c->out->stopped = true;
    add_missing(c, &asking);
    if (asking.problem.n > 0)
        failed = asking.problem;
    *problem = as_str_dup(c->arena, failed);
    return failed.n == 0;
}

static bool ask_apart(collecting *c, as_aws_account *accounts, size_t n, as_str *problem)
{
    as_arena *arena = as_arena_new(0);
    volatile bool fine = false;
    as_guard guard;

    if (arena && AS_GUARD_ENTER(&guard, arena)) {
        fine = ask_group(c, arena, accounts, n, problem);
        as_guard_leave(&guard);
    } else {
        *problem = AS_STR("there is no memory for the answers");
    }
    as_arena_free(arena);
    return fine;
}

/* --- what is told ----------------------------------------------------------------------------- */

static int compare_missing(const void *a, const void *b)
{
    const as_aws_missing *x = ((const as_map_entry *)a)->value;
    const as_aws_missing *y = ((const as_map_entry *)b)->value;

    return (x->n < y->n) - (x->n > y->n);
}

static as_str summary_of(collecting *c)
{
    as_buf out;

    as_buf_init(&out, c->arena, 0);
    if (c->missing.n > 1)
        qsort(c->missing.entries, c->missing.n, sizeof *c->missing.entries, compare_missing);
    for (size_t i = 0; i < c->missing.n; i++) {
        const as_aws_missing *m = c->missing.entries[i].value;
        as_buf_fmt(&out, "%s%.*s %zu (%.*s", i > 0 ? "; " : "",
                AS_STR_ARG(c->missing.entries[i].key), m->n, AS_STR_ARG(m->operation));
        as_buf_fmt(&out, "%s%.*s)", m->message.n > 0 ? ": " : "",
                AS_STR_ARG(as_str_slice(m->message, 0, 200)));
    }
    return as_buf_view(&out);
}

static const as_value *about(collecting *c)
{
    as_object_builder b;
    as_list_builder scopes;

    as_list_begin(&scopes, c->arena);
    for (size_t i = 0; i < c->accounts.n; i++)
        as_list_add(&scopes,
                as_value_string(c->arena, AS_SPAN_NONE,
                        as_str_fmt(c->arena, "aws/%.*s", AS_STR_ARG(c->accounts.items[i].id))));
    as_object_begin(&b, c->arena);
    as_object_add(&b, AS_STR("scopes"), AS_SPAN_NONE, as_list_end(&scopes, AS_SPAN_NONE));
    as_object_add(&b, AS_STR("started"), AS_SPAN_NONE,
            as_value_string(c->arena, AS_SPAN_NONE, as_clock_time(c->arena, c->started)));
    as_object_add(&b, AS_STR("finished"), AS_SPAN_NONE,
            as_value_string(c->arena, AS_SPAN_NONE, as_clock_time(c->arena, as_clock_now())));
    return as_object_end(&b, AS_SPAN_NONE);
}

/* --- the run ---------------------------------------------------------------------------------- */

static bool open_session(collecting *c, as_str *problem)
{
    const as_aws_collect_options *o = c->options;
    as_aws_chain_options chain = {.profile = o->profile,
            .endpoint_url = o->endpoint_url,
            .mfa_code = o->mfa_code,
            .may_execute = o->may_execute,
            .ca_pem = o->ca_pem};
    as_aws_keys keys;

    c->base = as_aws_session_new(c->arena, c->tables, &chain, problem);
    return c->base && as_aws_session_keys(c->base, &keys, problem);
}

bool as_aws_collect(as_arena *arena, const as_aws_collect_options *options, as_aws_collected *out,
        as_str *problem)
{
    collecting c = {.arena = arena,
            .options = options,
            .tables = as_aws_tables_load(arena),
            .started = as_clock_now(),
            .out = out};
    as_snapshot_options snapshot = {.resume = options->resume, .seal_to_pem = options->seal_to_pem};

    *out = (as_aws_collected){0};
    if (!open_session(&c, problem) ||
            !as_aws_accounts_find(arena, c.tables, options, c.base, &c.accounts, problem))
        return false;
    for (size_t i = 0; i < c.accounts.n_refused; i++)
        warn(&c, c.accounts.refused[i]);
    out->n_accounts = c.accounts.n;
    out->n_refused_accounts = c.accounts.n_refused;
    c.snapshot = as_snapshot_create(arena, options->out, &snapshot, problem);
    if (!c.snapshot)
        return false;
    for (size_t i = 0; i < c.accounts.n && !out->stopped; i += GROUP) {
        size_t n = c.accounts.n - i < GROUP ? c.accounts.n - i : GROUP;
        if (!ask_apart(&c, &c.accounts.items[i], n, problem))
            return false;
    }
    out->summary = summary_of(&c);
    return out->stopped || as_snapshot_finish(c.snapshot, about(&c), problem);
}
