#include "parsers/live/aws/asking.h"

#include <time.h>

#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "parsers/json/json.h"
#include "parsers/live/aws/answer.h"
#include "parsers/live/aws/endpoint.h"
#include "parsers/live/aws/plan.h"
#include "parsers/live/aws/redact_paths.h"

enum {
    MAX_STEPS = 32,    /* one answer leads to the next */
    MAX_PAGES = 10000, /* of one call */
    PATIENT_TRIES = 10,
};

typedef struct call {
    as_aws_asking *asking;
    const as_aws_account *account;
    const as_aws_step *step;
    const as_value *params, *sent; /* with and without what begins with @ */
    as_str region, host, part;
    as_aws_page page;
    unsigned n_page, depth;
    bool renewed, corrected, moved; /* what is done once: keys, clock, region of the bucket */
    bool no_keys;
    int64_t clock_offset; /* by which the try was signed */
    as_str access_key;    /* with which it was */
} call;

static const as_aws_operation *operation_of(const call *c)
{
    return c->step->operation;
}

/* --- requests --------------------------------------------------------------------------------- */

static bool prepare(void *self, as_arena *arena, as_http_request *out, as_str *problem)
{
    call *c = self;
    const as_aws_asking *a = c->asking;
    as_aws_keys keys;

    if (a->problem.n > 0) {
        *problem = a->problem;
        return false;
    }
    c->no_keys = !as_aws_session_keys(c->account->session, &keys, problem);
    if (c->no_keys)
        return false;
    as_str base = as_aws_endpoint(
            arena, operation_of(c), c->region, a->options->endpoint_url, c->host, c->account->id);
    as_aws_request request = as_aws_request_make(arena, operation_of(c), base, c->params, &c->page);
    c->clock_offset = a->clock_offset;
    c->access_key = keys.access_key;
    *out = as_aws_request_signed(arena, operation_of(c), &request, &keys, c->region,
            as_aws_date(arena, c->clock_offset));
    out->tls = a->tls;
    return true;
}

/* A bucket in another region says in which: the header, or <Region> beside the error. */
static bool follow_bucket(call *c, const as_http_answer *answer, as_str code)
{
    as_str region = as_http_header(answer, "x-amz-bucket-region");

    if (c->moved || !as_str_is(operation_of(c)->service, "s3") ||
            !(answer->status == 301 || answer->status == 307 ||
                    as_str_is(code, "AuthorizationHeaderMalformed") ||
                    as_str_is(code, "IllegalLocationConstraintException")))
        return false;
    if (region.n == 0) {
        size_t from = as_str_find(answer->body, AS_STR("<Region>"));
        as_str rest = from == (size_t)-1
                              ? AS_STR("")
                              : as_str_from_index(answer->body, from + strlen("<Region>"));
        region = as_str_slice(rest, 0, as_str_find_char(rest, '<'));
    }
    for (size_t i = 0; i < region.n; i++)
        if (!((region.p[i] >= 'a' && region.p[i] <= 'z') || region.p[i] == '-' ||
                    (region.p[i] >= '0' && region.p[i] <= '9')))
            return false;
    if (region.n == 0 || region.n > 32 || as_str_eq(region, c->region))
        return false;
    c->region = as_str_dup(c->asking->arena, region);
    c->moved = true;
    return true;
}

static as_http_verdict judge_error(call *c, const as_http_answer *answer, as_str code)
{
    int64_t offset;

    if (as_aws_is_throttling(code, answer->status))
        return AS_HTTP_THROTTLED;
    if (as_aws_is_early(c->step, code) || follow_bucket(c, answer, code))
        return AS_HTTP_RETRY;
    if (!c->corrected &&
            as_aws_is_skewed(code, answer, (int64_t)time(NULL) + c->clock_offset, &offset)) {
        c->asking->clock_offset = c->clock_offset + offset;
        c->corrected = true;
        return AS_HTTP_RETRY;
    }
    if (!c->renewed && as_aws_is_expired(code) &&
            as_aws_session_expire(c->account->session, c->access_key)) {
        c->renewed = true;
        return AS_HTTP_RETRY;
    }
    return as_http_judge(answer);
}

static as_http_verdict judge(void *self, const as_http_answer *answer)
{
    call *c = self;
    as_http_verdict verdict = as_http_judge(answer);

    if (answer->status >= 200 && answer->status < 300)
        return verdict;
    as_arena *scratch = as_arena_new(AS_MAX_UNIT_BYTES);
    as_guard guard;
    if (scratch && AS_GUARD_ENTER(&guard, scratch)) {
        as_aws_answer read = as_aws_answer_read(scratch, operation_of(c), answer);
        verdict = judge_error(c, answer, read.code);
        as_guard_leave(&guard);
    }
    as_arena_free(scratch);
    return verdict;
}

/* --- what is kept ----------------------------------------------------------------------------- */

/* A service that is not in the region has no host there, and nothing in it. */
static bool is_elsewhere(const call *c, const as_http_answer *answer)
{
    const as_aws_operation *op = operation_of(c);
    bool known = as_str_contains(op->regions, ",us-east-1,") || op->regions.n > 2;

    if (answer->status != 0 || !as_str_contains(answer->error, "resolve host") || !known)
        return false;
    as_arena *scratch = as_arena_new(0);
    bool there = scratch && as_str_contains(op->regions,
                                    as_str_fmt(scratch, ",%.*s,", AS_STR_ARG(c->region)).p);
    as_arena_free(scratch);
    return !there;
}

static void count_missing(as_aws_asking *a, const as_aws_operation *op, as_str code, as_str message)
{
    as_aws_missing *m = as_map_get(&a->missing, code);

    if (!m) {
        m = AS_NEW(a->arena, as_aws_missing);
        m->operation = op->id;
        m->message = as_str_dup(a->arena, message);
        as_map_put(a->arena, &a->missing, as_str_dup(a->arena, code), m);
    }
    m->n++;
    a->n_missing++;
}

static void keep(call *c, const as_snapshot_answer *answer, as_str message)
{
    as_aws_asking *a = c->asking;
    as_str problem = AS_STR("");

    a->n_answers++;
    if (answer->error.n > 0 && !answer->absent)
        count_missing(a, operation_of(c), answer->error, message);
    if (a->problem.n == 0 && !as_snapshot_add(a->snapshot, c->part, answer, &problem))
        a->problem = as_str_dup(a->arena, problem);
}

/* --- further calls ---------------------------------------------------------------------------- */

static void submit(call *c);
static void begin(as_aws_asking *a, call *pattern);
static void follow(const call *c, const as_value *body);

/* The value in an arena that lives longer. */
static const as_value *keep_value(as_arena *arena, const as_value *v)
{
    as_diags ignored;
    as_buf text;

    as_diags_init(&ignored, arena);
    as_buf_init(&text, arena, 0);
    as_value_write_json(&text, v, (as_json_style){.show_sensitive = true});
    return as_json_parse_text(arena, as_buf_view(&text), AS_SPAN_NONE, &ignored);
}

static as_str text_at(const as_value *params, const char *name)
{
    return as_value_str(as_value_get(params, as_str_from(name)));
}

typedef struct following {
    const call *from;
    const as_aws_step *step;
} following;

static as_str region_after(const call *from, const as_aws_step *step)
{
    if (as_str_eq(from->step->operation->service, step->operation->service))
        return from->region;
    return as_str_contains(from->part, "/global/")
                   ? as_aws_home_region(step->operation, from->account->home)
                   : from->region;
}

static as_str part_of(as_aws_asking *a, as_str account, as_str region, as_str service)
{
    return as_str_fmt(a->arena, "aws/%.*s/%.*s/%.*s", AS_STR_ARG(account), AS_STR_ARG(region),
            AS_STR_ARG(service));
}

static void follow_item(void *self, const as_value *item)
{
    const following *f = self;
    const call *from = f->from;
    call next = {.asking = from->asking,
            .account = from->account,
            .step = f->step,
            .depth = from->depth + 1,
            .region = region_after(from, f->step)};

    if (!as_aws_when(f->step->when, item))
        return;
    as_arena *scratch = as_arena_new(0);
    as_guard guard;
    if (scratch && AS_GUARD_ENTER(&guard, scratch)) {
        const as_value *params =
                as_aws_params(scratch, f->step->params, item, from->params, from->account->id);
        if (params)
            next.params = keep_value(from->asking->arena, params);
        as_guard_leave(&guard);
    }
    as_arena_free(scratch);
    /* "aws/ACCOUNT/REGION/service": the same, with the step's service */
    next.part = as_str_fmt(from->asking->arena, "%.*s%.*s",
            AS_STR_ARG(as_str_slice(from->part, 0, as_str_rfind_char(from->part, '/') + 1)),
            AS_STR_ARG(f->step->operation->service));
    if (next.params)
        begin(from->asking, &next);
}

static void follow(const call *c, const as_value *body)
{
    const as_aws_tables *tables = c->asking->tables;

    for (size_t i = 0; i < tables->n_steps && c->depth < MAX_STEPS; i++) {
        const as_aws_step *step = &tables->steps[i];
        following f = {c, step};
        if (!as_str_eq(step->after, operation_of(c)->id) ||
                !as_aws_step_wanted(step, c->asking->options->services))
            continue;
        if (step->items.n == 0 && c->n_page == 0)
            follow_item(&f, body);
        else if (step->items.n > 0)
            as_aws_items(body, step->items, follow_item, &f);
    }
}

/* --- answers ---------------------------------------------------------------------------------- */

/* Records the page; true when another is to be asked for. */
static bool settle_page(call *c, as_arena *arena, as_snapshot_answer *line, const as_value *body)
{
    as_aws_page next;
    bool loop;

    bool more = as_aws_next_page(c->asking->arena, operation_of(c), body, &c->page, &next, &loop);
    if (loop || (more && c->n_page + 1 >= MAX_PAGES)) {
        line->error = AS_STR("PaginationLoop");
        more = false;
    }
    line->last = !more;
    line->body = as_aws_redact_paths(arena, c->asking->finder, body, c->step->redact);
    keep(c, line, AS_STR(""));
    c->page = next;
    return more;
}

static void settle(call *c, as_arena *arena, const as_http_answer *answer)
{
    as_aws_answer read = as_aws_answer_read(arena, operation_of(c), answer);
    as_snapshot_answer line = {.op = operation_of(c)->id,
            .params = c->sent,
            .page = c->n_page,
            .time = as_clock_time(arena, as_clock_now()),
            .status = answer->status,
            .request_id = read.request_id,
            .error = read.code,
            .last = true};

    if (read.code.n > 0) {
        bool elsewhere = is_elsewhere(c, answer);
        if (elsewhere)
            line.error = AS_STR("UnsupportedRegion");
        if (c->no_keys)
            line.error = AS_STR("NoCredentials");
        line.absent = elsewhere || as_aws_is_absent(c->step, read.code, read.message);
        keep(c, &line, read.message);
        return;
    }
    bool more = settle_page(c, arena, &line, read.body);
    follow(c, read.body);
    if (more) {
        c->n_page++;
        submit(c);
    }
}

static void settle_failure(call *c, const char *code)
{
    as_arena *arena = c->asking->arena;
    as_snapshot_answer line = {.op = operation_of(c)->id,
            .params = c->sent,
            .page = c->n_page,
            .time = as_clock_time(arena, as_clock_now()),
            .error = as_str_from(code),
            .last = true};

    keep(c, &line, AS_STR(""));
}

static void done(void *self, const as_http_answer *answer)
{
    call *c = self;
    as_arena *arena = as_arena_new(AS_MAX_UNIT_BYTES);
    as_guard guard;

    if (arena && AS_GUARD_ENTER(&guard, arena)) {
        settle(c, arena, answer);
        as_guard_leave(&guard);
    } else {
        settle_failure(c, "AnswerTooLarge");
    }
    as_arena_free(arena);
}

/* --- calls ------------------------------------------------------------------------------------ */

/* Calls a second to begin with: the tight ones of
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html and of experience.
 */
static double rate_of(const as_aws_operation *op)
{
    static const struct {
        const char *service;
        double rate;
    } tight[] = {{"route53", 4}, {"organizations", 2}, {"iam", 5}};

    for (size_t i = 0; i < sizeof tight / sizeof *tight; i++)
        if (as_str_is(op->service, tight[i].service))
            return tight[i].rate;
    return 0;
}

static void submit(call *c)
{
    const as_aws_operation *op = operation_of(c);
    as_http_call http = {.self = c,
            .prepare = prepare,
            .judge = judge,
            .done = done,
            .scope = as_str_fmt(c->asking->arena, "aws/%.*s/%.*s/%.*s", AS_STR_ARG(c->account->id),
                    AS_STR_ARG(c->region), AS_STR_ARG(op->signing)),
            .rate = rate_of(op),
            .max_tries = as_str_contains(c->step->absent, "retry:") ? PATIENT_TRIES : 0};

    as_http_submit(c->asking->http, &http);
}

static bool is_fresh(const as_aws_asking *a, const as_snapshot_answer *page)
{
    int64_t then;

    return a->options->max_age_s == 0 ||
           (as_clock_parse(page->time, &then) && a->started - then <= a->options->max_age_s);
}

/* The answers of an earlier run lead to further calls as new ones do. False when there are none,
 * when they are too old, or were errors: those are asked again. */
static bool recall(call *c)
{
    as_arena *arena = as_arena_new(AS_MAX_UNIT_BYTES);
    const as_snapshot_answer *pages = NULL;
    volatile bool found = false;
    as_guard guard;

    if (arena && AS_GUARD_ENTER(&guard, arena)) {
        size_t n = as_snapshot_recall(
                c->asking->snapshot, arena, c->part, operation_of(c)->id, c->sent, &pages);
        found = n > 0 && (pages[n - 1].error.n == 0 || pages[n - 1].absent) &&
                is_fresh(c->asking, &pages[0]);
        for (size_t i = 0; found && i < n; i++) {
            c->n_page = (unsigned)i;
            if (pages[i].body)
                follow(c, pages[i].body);
        }
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    c->asking->n_recalled += found;
    c->n_page = 0;
    return found;
}

static bool is_new(as_aws_asking *a, const call *c)
{
    as_buf key;

    as_buf_init(&key, a->arena, 0);
    as_buf_fmt(&key, "%.*s %.*s ", AS_STR_ARG(c->part), AS_STR_ARG(operation_of(c)->id));
    as_value_write_json(&key, c->sent, (as_json_style){.sort_keys = true, .show_sensitive = true});
    if (as_map_has(&a->asked, as_buf_view(&key)))
        return false;
    as_map_put(a->arena, &a->asked, as_buf_view(&key), a);
    return true;
}

static void begin(as_aws_asking *a, call *pattern)
{
    pattern->sent = as_aws_params_sent(a->arena, pattern->params);
    if (!is_new(a, pattern))
        return;
    call *c = AS_NEW(a->arena, call);
    *c = *pattern;
    as_str region = text_at(c->params, "@region");
    c->region = region.n > 0 ? region : c->region;
    c->host = text_at(c->params, "@host");
    c->page.limit = as_value_int_or(as_value_get(c->params, AS_STR("@limit")), 0);
    if (!recall(c))
        submit(c);
}

static void begin_step(as_aws_asking *a, const as_aws_account *account, const as_aws_step *step,
        as_str region, as_str named)
{
    call c = {.asking = a,
            .account = account,
            .step = step,
            .region = region,
            .params = as_aws_params(a->arena, step->params, NULL, NULL, account->id),
            .part = part_of(a, account->id, named, step->operation->service)};

    begin(a, &c);
}

void as_aws_ask_account(as_aws_asking *a, const as_aws_account *account)
{
    for (size_t i = 0; i < a->tables->n_steps; i++) {
        const as_aws_step *step = &a->tables->steps[i];
        if (step->after.n > 0 || !as_aws_step_wanted(step, a->options->services))
            continue;
        if (step->scope == AS_AWS_REGION) {
            for (size_t k = 0; k < account->regions.n; k++)
                begin_step(a, account, step, account->regions.items[k], account->regions.items[k]);
        } else {
            begin_step(a, account, step, as_aws_home_region(step->operation, account->home),
                    AS_STR("global"));
        }
    }
}
