#include "parsers/live/collect.h"

#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "parsers/json/json.h"

enum { MAX_PAGES = 100000, MAX_RESTARTS = 2 };

typedef struct running {
    as_collect *collect;
    as_paged call;
    as_str token;
    unsigned page, restarts;
    bool whole;
} running;

static bool prepare(void *self, as_arena *arena, as_http_request *out, as_str *problem)
{
    running *r = self;

    if (r->collect->problem.n > 0) {
        *problem = r->collect->problem;
        return false;
    }
    return r->call.request(&r->call, arena, r->token, r->whole, out, problem);
}

/* An answer that was cut off on its way looks fine but for its end. */
static as_http_verdict judge(void *self, const as_http_answer *answer)
{
    running *r = self;
    as_str body = as_str_trim(answer->body);

    if (answer->status == 200 &&
            (body.n == 0 || (body.p[body.n - 1] != '}' && body.p[body.n - 1] != ']')))
        return AS_HTTP_RETRY;
    return r->call.judge ? r->call.judge(&r->call, answer) : as_http_judge(answer);
}

static void submit(running *r);

static void end(running *r, as_str error)
{
    if (r->call.done)
        r->call.done(&r->call, error);
}

static void record(running *r, as_arena *arena, const as_snapshot_answer *answer)
{
    as_str problem = AS_STR("");

    (void)arena;
    if (r->collect->problem.n == 0 &&
            !as_snapshot_add(r->collect->snapshot, r->call.part, answer, &problem))
        r->collect->problem = as_str_dup(r->collect->arena, problem);
    r->collect->n_missing += answer->error.n > 0;
}

static as_page_verdict verdict_of(running *r, as_arena *arena, const as_http_answer *answer,
        const as_value *body, as_str *error)
{
    if (answer->status == 0) {
        *error = answer->error.n > 0 ? answer->error : AS_STR("no answer");
        return AS_PAGE_REFUSED;
    }
    if (r->call.verdict)
        return r->call.verdict(&r->call, arena, answer, body, error);
    if (answer->status == 200)
        return AS_PAGE_FINE;
    *error = as_str_fmt(arena, "HTTP %d", answer->status);
    return AS_PAGE_REFUSED;
}

/* One answer, in an arena that dies with it. */
static void settle(running *r, as_arena *arena, const as_http_answer *answer)
{
    as_snapshot_answer line = {.op = r->call.op,
            .params = r->call.params,
            .page = r->page,
            .time = as_clock_time(arena, as_clock_now()),
            .status = answer->status,
            .last = true};
    as_str error = AS_STR(""), next = AS_STR("");
    as_diags ignored;

    as_diags_init(&ignored, arena);
    const as_value *body = as_json_parse_text(arena, answer->body, AS_SPAN_NONE, &ignored);
    as_page_verdict verdict = verdict_of(r, arena, answer, body, &error);
    if (verdict == AS_PAGE_FINE && !as_value_is(body, AS_OBJECT)) {
        verdict = AS_PAGE_REFUSED;
        error = AS_STR("the answer is no JSON object");
    }
    if (verdict == AS_PAGE_RESTART && r->restarts < MAX_RESTARTS) {
        r->restarts++;
        r->page = 0;
        r->token = AS_STR("");
        r->whole = true;
        submit(r);
        return;
    }
    if (verdict == AS_PAGE_FINE) {
        next = r->call.next ? r->call.next(&r->call, body) : AS_STR("");
        body = r->call.clean ? r->call.clean(&r->call, arena, body) : body;
        if (next.n > 0 && (as_str_eq(next, r->token) || r->page >= MAX_PAGES)) {
            error = AS_STR("the pages go round in circles");
            next = AS_STR("");
        }
        line.body = body;
        line.last = next.n == 0;
    } else if (verdict == AS_PAGE_ABSENT) {
        error = AS_STR("");
    } else if (verdict == AS_PAGE_RESTART) {
        error = AS_STR("the list changes faster than it can be read");
    }
    line.error = error;
    record(r, arena, &line);
    if (verdict == AS_PAGE_FINE && r->call.page)
        r->call.page(&r->call, body);
    if (line.last || r->collect->problem.n > 0) {
        end(r, error);
        return;
    }
    r->page++;
    r->token = as_str_dup(r->collect->arena, next);
    submit(r);
}

static void done(void *self, const as_http_answer *answer)
{
    running *r = self;
    as_arena *arena = as_arena_new(AS_MAX_UNIT_BYTES);
    const as_str too_large = AS_STR("the answer is too large");
    as_guard guard;

    if (arena && AS_GUARD_ENTER(&guard, arena)) {
        settle(r, arena, answer);
        as_guard_leave(&guard);
    } else {
        r->collect->n_missing++;
        end(r, too_large);
    }
    as_arena_free(arena);
}

static void submit(running *r)
{
    as_http_call call = {.self = r,
            .prepare = prepare,
            .judge = judge,
            .done = done,
            .scope = r->call.scope,
            .rate = r->call.rate};

    as_http_submit(r->collect->http, &call);
}

/* False when the earlier run has no answer, or was refused one: then it is asked (again). */
static bool recall(running *r)
{
    as_arena *arena = as_arena_new(AS_MAX_UNIT_BYTES);
    const as_snapshot_answer *pages = NULL;
    volatile bool found = false;
    as_guard guard;

    if (arena && AS_GUARD_ENTER(&guard, arena)) {
        size_t n = as_snapshot_recall(
                r->collect->snapshot, arena, r->call.part, r->call.op, r->call.params, &pages);
        found = n > 0 && pages[n - 1].error.n == 0;
        for (size_t i = 0; found && i < n; i++)
            if (r->call.page && pages[i].body)
                r->call.page(&r->call, pages[i].body);
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    return found;
}

void as_collect_submit(as_collect *collect, const as_paged *call)
{
    running *r = AS_NEW(collect->arena, running);

    *r = (running){.collect = collect, .call = *call, .token = AS_STR("")};
    collect->n_calls++;
    if (recall(r)) {
        collect->n_recalled++;
        end(r, AS_STR(""));
        return;
    }
    submit(r);
}

const as_value *as_collect_param(as_arena *arena, const char *name, as_str text)
{
    as_object_builder b;

    as_object_begin(&b, arena);
    as_object_add(&b, as_str_from(name), AS_SPAN_NONE,
            as_value_string(arena, AS_SPAN_NONE, as_str_dup(arena, text)));
    return as_object_end(&b, AS_SPAN_NONE);
}

as_str as_collect_step(as_arena *arena, as_str name)
{
    static const char fine[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    char *out = as_str_cstr(arena, name);

    for (size_t i = 0; i < name.n; i++)
        if (!as_char_in(out[i], fine) || (i == 0 && out[i] == '.'))
            out[i] = '-';
    return name.n > 0 ? (as_str){out, name.n} : AS_STR("unnamed");
}
