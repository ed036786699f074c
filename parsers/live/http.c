#include "parsers/live/http.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "engine/base/buf.h"
#include "engine/base/map.h"
#include "parsers/live/curl.h"
#include "parsers/live/limiter.h"

enum {
    MAX_TRANSFERS = 32,
    MAX_PER_SCOPE = 4,
    MAX_TRIES = 5,
    CONNECT_TIMEOUT_MS = 10000,
    TIMEOUT_MS = 60000,
    SLOW_BYTES = 16, /* a second, for SLOW_SECONDS: a server that drips is given up */
    SLOW_SECONDS = 20,
    MAX_HEADERS = 256,
    MAX_RETRY_AFTER = 60,
};

static const double default_rate = 10, first_backoff = 0.1, longest_backoff = 20;

typedef struct job job;

typedef struct scope {
    as_limiter limiter;
    int in_flight;
    job *first, *last; /* waiting, in the order of submission */
    job *paused;       /* retries that must wait for a while */
    bool listed;       /* among the scopes that have something to do */
} scope;

/* A call from its submission until it is done. */
struct job {
    as_http_call call;
    scope *scope;
    int tries;
    double not_before;
    as_arena *arena; /* of the current try */
    CURL *easy;
    struct curl_slist *headers, *connect_to;
    as_buf body;
    AS_VEC(as_str) answer_headers;
    bool too_big;
    job *next;
};

struct as_http {
    as_arena *arena;
    const as_curl_library *curl;
    as_http_options options;
    CURLM *multi;
    as_map scopes;
    AS_VEC(scope *) busy; /* those with calls that wait, in no order */
    size_t turn;          /* where among them to go on, so that none is left behind */
    job *spare;           /* done, to be used again */
    size_t n_waiting, n_done, n_throttled;
    int in_flight;
    uint64_t random;
};

static double clock_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* xorshift64*: only spreads retries in time. */
static double random_unit(as_http *http)
{
    http->random ^= http->random >> 12;
    http->random ^= http->random << 25;
    http->random ^= http->random >> 27;
    return (double)(http->random * 2685821657736338717ULL >> 11) / 9007199254740992.0;
}

/* --- answers ---------------------------------------------------------------------------------- */

as_str as_http_header(const as_http_answer *answer, const char *name)
{
    size_t n = strlen(name);

    for (size_t i = answer->headers.n; i > 0; i--) {
        as_str line = answer->headers.items[i - 1];
        if (line.n > n && line.p[n] == ':' && strncasecmp(line.p, name, n) == 0)
            return as_str_trim(as_str_from_index(line, n + 1));
    }
    return AS_STR("");
}

as_http_verdict as_http_judge(const as_http_answer *answer)
{
    if (answer->status == 429 || answer->status == 503)
        return AS_HTTP_THROTTLED;
    if (answer->status == 0 || answer->status == 500 || answer->status == 502 ||
            answer->status == 504)
        return AS_HTTP_RETRY;
    return AS_HTTP_DONE;
}

/* Seconds or a date (RFC 9110 §10.2.3); dates are taken as one second. */
static double retry_after(const as_http_answer *answer)
{
    as_str text = as_http_header(answer, "Retry-After");
    int64_t seconds;

    if (text.n == 0)
        return 0;
    if (!as_str_to_int(text, &seconds) || seconds < 0)
        return 1;
    return (double)(seconds > MAX_RETRY_AFTER ? MAX_RETRY_AFTER : seconds);
}

/* --- libcurl's callbacks: an arena that is full must not unwind through its frames ------------ */

static size_t take_body(char *bytes, size_t size, size_t n, void *self)
{
    job *j = self;
    as_guard guard;

    if (!AS_GUARD_ENTER(&guard, j->arena)) {
        j->too_big = true;
        return 0;
    }
    as_buf_add(&j->body, bytes, size * n);
    as_guard_leave(&guard);
    return size * n;
}

static size_t take_header(char *bytes, size_t size, size_t n, void *self)
{
    job *j = self;
    as_str line = as_str_trim((as_str){bytes, size * n});
    as_guard guard;

    if (!AS_GUARD_ENTER(&guard, j->arena))
        return 0;
    if (as_str_starts(line, "HTTP/"))
        j->answer_headers.n = 0; /* of an earlier, interim answer */
    else if (line.n > 0 && j->answer_headers.n < MAX_HEADERS)
        AS_VEC_PUSH(j->arena, &j->answer_headers, as_str_dup(j->arena, line));
    as_guard_leave(&guard);
    return size * n;
}

/* --- one transfer ----------------------------------------------------------------------------- */

static void set_blob(as_http *http, job *j, CURLoption option, as_str pem)
{
    struct curl_blob blob = {(void *)(uintptr_t)pem.p, pem.n, CURL_BLOB_COPY};

    if (pem.n > 0)
        http->curl->curl_easy_setopt(j->easy, option, &blob);
}

static void set_tls(as_http *http, job *j, const as_http_tls *tls)
{
    if (!tls)
        return;
    set_blob(http, j, CURLOPT_CAINFO_BLOB, tls->ca_pem);
    set_blob(http, j, CURLOPT_SSLCERT_BLOB, tls->cert_pem);
    set_blob(http, j, CURLOPT_SSLKEY_BLOB, tls->key_pem);
    if (tls->insecure) {
        http->curl->curl_easy_setopt(j->easy, CURLOPT_SSL_VERIFYPEER, 0L);
        http->curl->curl_easy_setopt(j->easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
}

/* A certificate for another name than the URL's: the name is put into the URL, and led to the host
 * that the URL had (CURLOPT_CONNECT_TO), so that it is verified and sent as SNI. */
static as_str set_server_name(as_http *http, job *j, const as_http_request *request)
{
    as_str url = request->url;
    size_t scheme = as_str_find(url, AS_STR("://"));

    if (!request->tls || request->tls->server_name.n == 0 || scheme == (size_t)-1)
        return url;
    as_str rest = as_str_from_index(url, scheme + 3);
    size_t slash = as_str_find_char(rest, '/');
    as_str host = as_str_slice(rest, 0, slash);
    size_t colon = as_str_rfind_char(host, ':');
    bool has_port = colon != (size_t)-1 && as_str_find_char(host, ']') + 1 <= colon + 1;
    as_str name = as_str_slice(host, 0, has_port ? colon : host.n);
    as_str port = has_port ? as_str_from_index(host, colon + 1) : AS_STR("443");
    j->connect_to = http->curl->curl_slist_append(
            NULL, as_str_fmt(j->arena, "%.*s:%.*s:%.*s:%.*s", AS_STR_ARG(request->tls->server_name),
                          AS_STR_ARG(port), AS_STR_ARG(name), AS_STR_ARG(port))
                          .p);
    http->curl->curl_easy_setopt(j->easy, CURLOPT_CONNECT_TO, j->connect_to);
    return as_str_fmt(j->arena, "https://%.*s:%.*s%.*s", AS_STR_ARG(request->tls->server_name),
            AS_STR_ARG(port), AS_STR_ARG(as_str_from_index(rest, slash > rest.n ? rest.n : slash)));
}

static void set_headers(as_http *http, job *j, const as_http_request *request)
{
    const as_curl_library *curl = http->curl;

    for (size_t i = 0; i < request->headers.n; i++)
        j->headers = curl->curl_slist_append(
                j->headers, as_str_cstr(j->arena, request->headers.items[i]));
    j->headers = curl->curl_slist_append(j->headers, "Expect:");
    curl->curl_easy_setopt(j->easy, CURLOPT_HTTPHEADER, j->headers);
}

static bool set_up(as_http *http, job *j, const as_http_request *request)
{
    const as_curl_library *curl = http->curl;

    j->easy = curl->curl_easy_init();
    if (!j->easy)
        return false;
    as_str url = set_server_name(http, j, request);
    curl->curl_easy_setopt(j->easy, CURLOPT_URL, as_str_cstr(j->arena, url));
    curl->curl_easy_setopt(j->easy, CURLOPT_PATH_AS_IS, 1L); /* what was signed is sent */
    curl->curl_easy_setopt(j->easy, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->body.n > 0 || strcmp(request->method, "POST") == 0 ||
            strcmp(request->method, "PUT") == 0) {
        curl->curl_easy_setopt(j->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.n);
        curl->curl_easy_setopt(
                j->easy, CURLOPT_POSTFIELDS, request->body.n > 0 ? request->body.p : "");
    }
    set_headers(http, j, request);
    set_tls(http, j, request->tls);
    if (request->proxy.n > 0)
        curl->curl_easy_setopt(j->easy, CURLOPT_PROXY,
                as_str_is(request->proxy, "-") ? "" : as_str_cstr(j->arena, request->proxy));
    curl->curl_easy_setopt(j->easy, CURLOPT_USERAGENT, http->options.user_agent);
    curl->curl_easy_setopt(j->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl->curl_easy_setopt(j->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl->curl_easy_setopt(j->easy, CURLOPT_ACCEPT_ENCODING, "");
    curl->curl_easy_setopt(j->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl->curl_easy_setopt(j->easy, CURLOPT_NOSIGNAL, 1L);
    curl->curl_easy_setopt(j->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl->curl_easy_setopt(j->easy, CURLOPT_TIMEOUT_MS,
            request->timeout_ms > 0 ? request->timeout_ms : (long)TIMEOUT_MS);
    curl->curl_easy_setopt(j->easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
    curl->curl_easy_setopt(j->easy, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS);
    curl->curl_easy_setopt(j->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl->curl_easy_setopt(j->easy, CURLOPT_WRITEDATA, j);
    curl->curl_easy_setopt(j->easy, CURLOPT_HEADERFUNCTION, take_header);
    curl->curl_easy_setopt(j->easy, CURLOPT_HEADERDATA, j);
    curl->curl_easy_setopt(j->easy, CURLOPT_PRIVATE, j);
    return true;
}

static void tear_down(as_http *http, job *j)
{
    if (j->easy)
        http->curl->curl_easy_cleanup(j->easy);
    http->curl->curl_slist_free_all(j->headers);
    http->curl->curl_slist_free_all(j->connect_to);
    as_arena_free(j->arena);
    j->easy = NULL;
    j->headers = j->connect_to = NULL;
    j->arena = NULL;
}

static void wait_again(as_http *http, job *j)
{
    scope *s = j->scope;

    j->next = NULL;
    if (j->not_before > 0) {
        j->next = s->paused;
        s->paused = j;
    } else if (s->last) {
        s->last->next = j;
        s->last = j;
    } else {
        s->first = s->last = j;
    }
    http->n_waiting++;
    if (!s->listed)
        AS_VEC_PUSH(http->arena, &http->busy, s);
    s->listed = true;
}

static void finish(as_http *http, job *j, as_http_answer *answer)
{
    answer->tries = j->tries;
    answer->headers = (as_strs){j->answer_headers.items, j->answer_headers.n};
    j->call.done(j->call.self, answer);
    http->n_done++;
    tear_down(http, j);
    j->next = http->spare;
    http->spare = j;
}

/* The end of a try: done, or once more after a pause. */
static void settle(as_http *http, job *j, CURLcode code)
{
    as_http_answer answer = {.body = as_buf_view(&j->body),
            .headers = {j->answer_headers.items, j->answer_headers.n}};
    double now = clock_now();
    long status = 0;

    j->scope->in_flight--;
    if (code == CURLE_OK)
        http->curl->curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status);
    else
        answer.error = j->too_big ? AS_STR("the answer is larger than the limit")
                                  : as_str_from(http->curl->curl_easy_strerror(code));
    answer.status = (int)status;
    as_http_verdict verdict = j->call.judge && status != 0 ? j->call.judge(j->call.self, &answer)
                                                           : as_http_judge(&answer);
    if (j->too_big || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_UNSUPPORTED_PROTOCOL)
        verdict = AS_HTTP_DONE; /* will not get better */
    double pause = retry_after(&answer);
    if (verdict == AS_HTTP_THROTTLED) {
        as_limiter_throttled(&j->scope->limiter, now, pause);
        http->n_throttled++;
    } else if (status >= 200 && status < 500) {
        as_limiter_good(&j->scope->limiter, now);
    }
    int max_tries = j->call.max_tries > 0 ? j->call.max_tries : MAX_TRIES;
    if (verdict == AS_HTTP_DONE || j->tries >= max_tries) {
        finish(http, j, &answer);
        return;
    }
    double backoff = fmin(longest_backoff, first_backoff * pow(2, j->tries));
    j->not_before = now + fmax(pause, backoff * random_unit(http));
    tear_down(http, j);
    wait_again(http, j);
}

/* False when the request could not even be made; the call is done then. */
static void begin(as_http *http, job *j)
{
    as_http_request request = {.method = "GET"};
    as_http_answer failed = {.error = AS_STR("the request could not be made")};
    size_t limit = http->options.max_answer_bytes;

    j->tries++;
    j->too_big = false;
    memset(&j->answer_headers, 0, sizeof j->answer_headers);
    j->arena = as_arena_new(limit * 3 + (1u << 20)); /* a growing body is copied */
    if (!j->arena)
        as_arena_unwind(http->arena, AS_CAUSE_MEMORY);
    as_buf_init(&j->body, j->arena, limit);
    if (j->call.prepare(j->call.self, j->arena, &request, &failed.error) &&
            set_up(http, j, &request) &&
            http->curl->curl_multi_add_handle(http->multi, j->easy) == CURLM_OK) {
        http->in_flight++;
        j->scope->in_flight++;
        return;
    }
    finish(http, j, &failed);
}

/* --- the loop --------------------------------------------------------------------------------- */

/* The call of the scope that is to be begun: a retry whose pause is over, else the first that
 * waits. NULL with the seconds after which to look again in *pause. */
static job *take_waiting(scope *s, double now, double *pause)
{
    job **at = &s->paused, *found;

    *pause = 1;
    for (; *at && (*at)->not_before > now; at = &(*at)->next)
        *pause = fmin(*pause, (*at)->not_before - now);
    if (!*at && !s->first)
        return NULL;
    double wait = as_limiter_take(&s->limiter, now);
    if (wait > 0) {
        *pause = fmin(*pause, wait);
        return NULL;
    }
    if (*at) {
        found = *at;
        *at = found->next;
        return found;
    }
    found = s->first;
    s->first = found->next;
    if (!s->first)
        s->last = NULL;
    return found;
}

/* Begins what may begin, each scope in its turn; gives the seconds after which to look again. */
static double begin_some(as_http *http)
{
    double now = clock_now(), wait = 1, pause;
    size_t idle = 0; /* scopes in a row that had nothing to begin */

    while (http->busy.n > 0 && idle < http->busy.n &&
            http->in_flight < http->options.max_transfers) {
        size_t at = http->turn++ % http->busy.n;
        scope *s = http->busy.items[at];
        if (!s->first && !s->paused) {
            s->listed = false;
            http->busy.items[at] = http->busy.items[--http->busy.n];
            continue;
        }
        job *j = s->in_flight < http->options.max_per_scope ? take_waiting(s, now, &pause) : NULL;
        if (!j) {
            wait = s->in_flight < http->options.max_per_scope ? fmin(wait, pause) : wait;
            idle++;
            continue;
        }
        idle = 0;
        http->n_waiting--;
        begin(http, j); /* `done` may add calls and scopes */
    }
    return wait;
}

static void take_finished(as_http *http)
{
    CURLMsg *message;
    int left;

    while ((message = http->curl->curl_multi_info_read(http->multi, &left))) {
        char *private = NULL;
        CURLcode code = message->data.result;
        CURL *easy = message->easy_handle;
        if (message->msg != CURLMSG_DONE)
            continue;
        http->curl->curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
        http->curl->curl_multi_remove_handle(http->multi, easy);
        http->in_flight--;
        settle(http, (job *)(void *)private, code);
    }
}

static bool stopped(const as_http *http)
{
    return http->options.stop && *http->options.stop;
}

bool as_http_run(as_http *http)
{
    while (http->in_flight > 0 || (http->n_waiting > 0 && !stopped(http))) {
        double wait = stopped(http) ? 1 : begin_some(http);
        int running;
        http->curl->curl_multi_perform(http->multi, &running);
        take_finished(http);
        if (http->options.progress)
            http->options.progress(http->options.self, http->n_done,
                    http->n_waiting + (size_t)http->in_flight, http->n_throttled);
        if (http->in_flight > 0 || http->n_waiting > 0)
            http->curl->curl_multi_poll(
                    http->multi, NULL, 0, (int)fmin(250, ceil(wait * 1000)), NULL);
    }
    return http->n_waiting == 0;
}

/* --- making and asking ------------------------------------------------------------------------ */

static void free_http(void *object)
{
    as_http *http = object;

    http->curl->curl_multi_cleanup(http->multi);
}

as_http *as_http_new(as_arena *arena, const as_http_options *options, as_str *problem)
{
    const as_curl_library *curl = as_curl_library_get();
    as_http *http = AS_NEW(arena, as_http);

    *http = (as_http){.arena = arena, .curl = curl, .options = *options};
    if (curl)
        http->multi = curl->curl_multi_init();
    if (!http->multi) {
        *problem = AS_STR("libcurl is not installed");
        return NULL;
    }
    curl->curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    as_arena_defer(arena, free_http, http);
    as_http_options *o = &http->options;
    o->max_transfers = o->max_transfers > 0 ? o->max_transfers : MAX_TRANSFERS;
    o->max_per_scope = o->max_per_scope > 0 ? o->max_per_scope : MAX_PER_SCOPE;
    o->max_answer_bytes = o->max_answer_bytes > 0 ? o->max_answer_bytes : (size_t)64 << 20;
    o->user_agent = o->user_agent ? o->user_agent : "assay";
    http->random = (uint64_t)(clock_now() * 1e9) | 1;
    return http;
}

static scope *scope_of(as_http *http, as_str name, double rate)
{
    scope *found = as_map_get(&http->scopes, name);

    if (!found) {
        found = AS_NEW(http->arena, scope);
        as_limiter_init(&found->limiter, rate > 0 ? rate : default_rate, clock_now());
        as_map_put(http->arena, &http->scopes, as_str_dup(http->arena, name), found);
    }
    return found;
}

void as_http_submit(as_http *http, const as_http_call *call)
{
    job *j = http->spare;

    if (j)
        http->spare = j->next;
    else
        j = AS_NEW(http->arena, job);
    *j = (job){.call = *call, .scope = scope_of(http, call->scope, call->rate)};
    wait_again(http, j);
}

/* What as_http_fetch waits for. */
typedef struct fetching {
    as_arena *arena;
    const as_http_request *request;
    as_http_answer answer;
} fetching;

static bool prepare_fetch(void *self, as_arena *arena, as_http_request *out, as_str *problem)
{
    (void)arena;
    (void)problem;
    *out = *((fetching *)self)->request;
    return true;
}

static void take_fetched(void *self, const as_http_answer *answer)
{
    fetching *f = self;
    as_str *headers = AS_NEW_ARRAY(f->arena, as_str, answer->headers.n);

    for (size_t i = 0; i < answer->headers.n; i++)
        headers[i] = as_str_dup(f->arena, answer->headers.items[i]);
    f->answer = *answer;
    f->answer.body = as_str_dup(f->arena, answer->body);
    f->answer.error = as_str_dup(f->arena, answer->error);
    f->answer.headers = (as_strs){headers, answer->headers.n};
}

as_http_answer as_http_fetch(
        as_http *http, as_arena *arena, const as_http_request *request, int max_tries)
{
    fetching f = {.arena = arena,
            .request = request,
            .answer = {.error = AS_STR("the program was stopped")}};
    as_http_call call = {.self = &f,
            .prepare = prepare_fetch,
            .done = take_fetched,
            .scope = AS_STR("fetch"),
            .rate = 50,
            .max_tries = max_tries};

    as_http_submit(http, &call);
    (void)as_http_run(http);
    return f.answer;
}
