#include "engine/serve/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/rand.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "engine/base/clock.h"
#include "engine/base/utf8.h"
#include "engine/rules/embedded.h"
#include "engine/serve/internal.h"
#include "reporters/html/html.h"
#include "reporters/json_out.h"

#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "                \
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

static const char *const common_headers[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
        {"Cache-Control", "no-store"},
};

/* What is known of a request from its first line on. */
typedef struct request {
    size_t url_bytes;
    bool begun, too_long;
    size_t n;
    char body[AS_SERVE_BODY_BYTES];
} request;

/* --- asking the request ----------------------------------------------------------------------- */

static bool is_text(as_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
            return false;
    return as_utf8_valid(s);
}

bool as_serve_param(const as_serve_call *call, const char *name, as_str *out)
{
    const char *value = NULL;
    size_t n = 0;

    *out = AS_STR("");
    if (call->server->mhd->MHD_lookup_connection_value_n(call->connection, MHD_GET_ARGUMENT_KIND,
                name, strlen(name), &value, &n) == MHD_YES &&
            value)
        *out = as_str_trim((as_str){value, n});
    return is_text(*out);
}

as_str as_serve_header(const as_serve_call *call, const char *name)
{
    const char *value = NULL;
    size_t n = 0;

    if (call->server->mhd->MHD_lookup_connection_value_n(
                call->connection, MHD_HEADER_KIND, name, strlen(name), &value, &n) != MHD_YES ||
            !value)
        return AS_STR("");
    return as_str_trim((as_str){value, n});
}

/* --- pages ------------------------------------------------------------------------------------ */

static as_str web_file(const char *name)
{
    return as_embedded_text(as_serve_files, as_serve_files_n, name);
}

/* The looks and the helpers of the HTML report, and what is this server's own. */
static void put_together(as_arena *arena, as_server *server)
{
    as_buf style, script;

    as_buf_init(&style, arena, 0);
    as_buf_str(&style, as_html_part("style.css"));
    as_buf_str(&style, web_file("/serve.css"));
    as_buf_init(&script, arena, 0);
    as_buf_cstr(&script, "\"use strict\";\n");
    as_buf_str(&script, as_html_part("base.js"));
    for (size_t i = 0; i < as_serve_files_n; i++)
        if (as_str_ends(as_serve_files[i].path, ".js"))
            as_buf_str(&script, as_serve_files[i].text);
    server->style = as_buf_view(&style);
    server->script = as_buf_view(&script);
    server->app = web_file("/app.html");
    server->login = web_file("/login.html");
}

void as_serve_fail(as_serve_call *call, unsigned status, const char *words)
{
    call->status = status;
    as_buf_init(&call->out, call->arena, 0);
    if (as_str_starts(call->path, "/api/")) {
        as_json_out out = {.buf = &call->out};
        as_json_open(&out, NULL, '{');
        as_json_cstr(&out, "error", words);
        as_json_close(&out, '}');
        call->type = "application/json";
    } else {
        as_buf_cstr(&call->out, words);
        as_buf_char(&call->out, '\n');
        call->type = "text/plain; charset=utf-8";
    }
}

static void give(as_serve_call *call, const char *type, as_str text)
{
    call->type = type;
    as_buf_str(&call->out, text);
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The value of token=… in a form as browsers send it (application/x-www-form-urlencoded). */
static as_str form_token(as_arena *arena, as_str body)
{
    as_str field;
    as_buf out;

    as_buf_init(&out, arena, 0);
    while (as_str_split(&body, '&', &field)) {
        if (!as_str_starts(field, "token="))
            continue;
        field = as_str_from_index(field, strlen("token="));
        for (size_t i = 0; i < field.n; i++) {
            char c = field.p[i] == '+' ? ' ' : field.p[i];
            if (c == '%' && i + 2 < field.n && hex(field.p[i + 1]) >= 0 &&
                    hex(field.p[i + 2]) >= 0) {
                c = (char)(hex(field.p[i + 1]) * 16 + hex(field.p[i + 2]));
                i += 2;
            }
            as_buf_char(&out, c);
        }
        break;
    }
    return as_str_trim(as_buf_view(&out));
}

static void redirect(as_serve_call *call, const char *where)
{
    as_serve_fail(call, MHD_HTTP_SEE_OTHER, "see there");
    call->location = as_str_from(where);
}

/* The form, sent: a session, or the form once more. */
static void log_in(as_serve_call *call)
{
    as_server *server = call->server;
    as_str site = as_serve_header(call, "Sec-Fetch-Site");
    int64_t expiry = as_clock_now() + AS_SERVE_SESSION_SECONDS;

    if (site.n > 0 && !as_str_is(site, "same-origin") && !as_str_is(site, "none")) {
        as_serve_fail(call, MHD_HTTP_FORBIDDEN, "the form is sent from its own page only");
        return;
    }
    if (server->guard.token.n == 0) {
        redirect(call, "/");
        return;
    }
    if (!as_serve_token_is(&server->guard, form_token(call->arena, call->body))) {
        atomic_fetch_add(&server->n_refused, 1);
        call->status = MHD_HTTP_FORBIDDEN;
        give(call, "text/html; charset=utf-8", web_file("/refused.html"));
        return;
    }
    as_str session = as_serve_session(call->arena, &server->guard, expiry);
    redirect(call, "/");
    call->cookie = as_str_fmt(call->arena,
            "assay_session=%.*s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict",
            AS_STR_ARG(session), (int)AS_SERVE_SESSION_SECONDS);
}

/* What whoever is let in may see. */
static void answer_page(as_serve_call *call)
{
    const as_serve_options *options = call->server->options;

    if (as_str_is(call->path, "/")) {
        give(call, "text/html; charset=utf-8", call->server->app);
    } else if (as_str_is(call->path, "/app.js")) {
        give(call, "text/javascript; charset=utf-8", call->server->script);
    } else if (as_str_is(call->path, "/report") && options->page.n > 0) {
        give(call, "text/html; charset=utf-8", options->page);
        call->policy = as_str_fmt(
                call->arena, "%.*s; frame-ancestors 'none'", AS_STR_ARG(options->page_policy));
    } else if (as_str_is(call->path, "/metrics")) {
        as_serve_metrics(call);
    } else if (!as_serve_api(call)) {
        as_serve_fail(call, MHD_HTTP_NOT_FOUND, "there is nothing here");
    }
}

/* The database is asked by the API and the metrics. */
static void answer_with_history(as_serve_call *call)
{
    as_str problem = AS_STR("");
    bool asked = as_str_starts(call->path, "/api/") || as_str_is(call->path, "/metrics");
    as_history *connection = asked ? as_serve_pool_take(&call->server->pool, &problem) : NULL;
    as_history view;
    as_guard guard;
    volatile bool sound = false;

    if (asked && !connection) {
        as_serve_fail(call, MHD_HTTP_SERVICE_UNAVAILABLE, problem.p);
        return;
    }
    if (AS_GUARD_ENTER(&guard, call->arena)) {
        if (connection) {
            view = as_history_into(connection, call->arena);
            call->history = &view;
        }
        if (!connection || as_db_begin_read(connection->db, &problem))
            answer_page(call);
        else
            as_serve_fail(call, MHD_HTTP_SERVICE_UNAVAILABLE, "the history cannot be read");
        sound = call->status != MHD_HTTP_SERVICE_UNAVAILABLE &&
                (!connection || as_db_commit(connection->db, &problem));
        as_guard_leave(&guard);
    } else {
        call->status = MHD_HTTP_INSUFFICIENT_STORAGE; /* written where there is room again */
    }
    as_serve_figures_release(call);
    call->history = NULL;
    as_serve_pool_give(&call->server->pool, connection, sound);
}

static void answer_get(as_serve_call *call)
{
    as_server *server = call->server;

    if (as_str_is(call->path, "/healthz")) {
        give(call, "text/plain; charset=utf-8", AS_STR("ok\n"));
    } else if (as_str_is(call->path, "/style.css")) {
        give(call, "text/css; charset=utf-8", server->style);
    } else if (as_str_is(call->path, "/login")) {
        give(call, "text/html; charset=utf-8", server->login);
    } else if (as_serve_admitted(&server->guard, call, as_clock_now())) {
        answer_with_history(call);
    } else {
        atomic_fetch_add(&server->n_refused, 1);
        if (as_str_is(call->path, "/"))
            redirect(call, "/login");
        else
            as_serve_fail(call, MHD_HTTP_UNAUTHORIZED, "a token is needed");
    }
}

/* --- answering -------------------------------------------------------------------------------- */

static void free_arena(void *arena)
{
    as_arena_free(arena);
}

/* Hands the answer over; its arena ends when it has been sent. */
static enum MHD_Result send_answer(as_serve_call *call)
{
    const as_mhd_library *mhd = call->server->mhd;
    static const char busy[] = "there is no memory for the answer\n";
    bool full = call->status == MHD_HTTP_INSUFFICIENT_STORAGE;
    struct MHD_Response *response;
    enum MHD_Result result = MHD_NO;

    if (full) {
        as_arena_free(call->arena);
        call->arena = NULL;
        response = mhd->MHD_create_response_from_buffer(
                sizeof busy - 1, (void *)(uintptr_t)busy, MHD_RESPMEM_PERSISTENT);
        call->type = "text/plain; charset=utf-8";
    } else {
        response = mhd->MHD_create_response_from_buffer_with_free_callback_cls(call->out.n,
                call->out.n > 0 ? call->out.p : (void *)(uintptr_t) "", free_arena, call->arena);
    }
    if (!response) {
        as_arena_free(call->arena);
        return MHD_NO;
    }
    if (call->status >= 500)
        atomic_fetch_add(&call->server->n_errors, 1);
    for (size_t i = 0; i < sizeof common_headers / sizeof *common_headers; i++)
        mhd->MHD_add_response_header(response, common_headers[i][0], common_headers[i][1]);
    mhd->MHD_add_response_header(response, "Content-Security-Policy",
            !full && call->policy.n > 0 ? call->policy.p : POLICY);
    mhd->MHD_add_response_header(response, "Content-Type", call->type);
    if (!full && call->location.n > 0)
        mhd->MHD_add_response_header(response, "Location", call->location.p);
    if (!full && call->cookie.n > 0)
        mhd->MHD_add_response_header(response, "Set-Cookie", call->cookie.p);
    if (call->status == MHD_HTTP_UNAUTHORIZED)
        mhd->MHD_add_response_header(response, "WWW-Authenticate", "Bearer");
    if (call->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        mhd->MHD_add_response_header(response, "Allow", "GET, HEAD");
    result = mhd->MHD_queue_response(
            call->connection, full ? MHD_HTTP_SERVICE_UNAVAILABLE : call->status, response);
    mhd->MHD_destroy_response(response);
    return result;
}

static void decide(as_serve_call *call, const request *r, const char *method)
{
    bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    bool logs_in = strcmp(method, "POST") == 0 && as_str_is(call->path, "/login");
    as_str host = as_serve_header(call, "Host");

    if (r->url_bytes > AS_SERVE_URL_BYTES)
        as_serve_fail(call, MHD_HTTP_URI_TOO_LONG, "the address is too long");
    else if (!reads && !logs_in)
        as_serve_fail(call, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD");
    else if (r->too_long)
        as_serve_fail(call, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too long");
    else if (!as_serve_host_known(&call->server->guard, host))
        as_serve_fail(call, MHD_HTTP_MISDIRECTED_REQUEST,
                "this server is not called so (assay serve --host NAME)");
    else if (logs_in)
        log_in(call);
    else
        answer_get(call);
}

static enum MHD_Result respond(as_server *server, struct MHD_Connection *connection,
        const char *url, const char *method, const request *r)
{
    as_arena *arena = as_arena_new(AS_SERVE_REQUEST_BYTES);
    as_serve_call call = {.server = server,
            .connection = connection,
            .arena = arena,
            .path = as_str_from(url),
            .status = MHD_HTTP_OK,
            .type = "text/plain; charset=utf-8",
            .body = {r->body, r->n}};
    as_guard guard;

    if (!arena)
        return MHD_NO;
    atomic_fetch_add(&server->n_requests, 1);
    if (!AS_GUARD_ENTER(&guard, arena)) {
        as_arena_free(arena);
        return MHD_NO;
    }
    as_buf_init(&call.out, arena, 0);
    decide(&call, r, method);
    as_guard_leave(&guard);
    return send_answer(&call);
}

/* Called when the head of a request is there, for each piece of its body, and at its end. */
static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *url,
        const char *method, const char *version, const char *data, size_t *n_data, void **state)
{
    request *r = *state;

    (void)version;
    if (!r)
        return MHD_NO;
    if (!r->begun) {
        r->begun = true;
        return MHD_YES;
    }
    if (*n_data > 0) {
        r->too_long = r->too_long || *n_data > sizeof r->body - r->n;
        if (!r->too_long) {
            memcpy(r->body + r->n, data, *n_data);
            r->n += *n_data;
        }
        *n_data = 0;
        return MHD_YES;
    }
    return respond(self, connection, url, method, r);
}

static void *on_first_line(void *self, const char *uri, struct MHD_Connection *connection)
{
    as_server *server = self;
    request *r = calloc(1, sizeof *r);

    (void)connection;
    if (r) {
        r->url_bytes = strlen(uri);
        atomic_fetch_add(&server->n_active, 1);
    }
    return r;
}

static void on_end(void *self, struct MHD_Connection *connection, void **state,
        enum MHD_RequestTerminationCode code)
{
    as_server *server = self;

    (void)connection, (void)code;
    if (*state)
        atomic_fetch_sub(&server->n_active, 1);
    free(*state);
    *state = NULL;
}

/* --- the life of a server --------------------------------------------------------------------- */

static bool socket_address(
        const as_serve_options *options, struct sockaddr_storage *out, unsigned *flags)
{
    char text[INET6_ADDRSTRLEN];
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(options->port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(options->port)};

    if (options->address.n >= sizeof text)
        return false;
    memcpy(text, options->address.p, options->address.n);
    text[options->address.n] = '\0';
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        memcpy(out, &four, sizeof four);
        return true;
    }
    if (inet_pton(AF_INET6, text, &six.sin6_addr) != 1)
        return false;
    *flags |= MHD_USE_IPv6;
    memcpy(out, &six, sizeof six);
    return true;
}

static bool start(as_server *server, as_arena *arena, as_str *problem)
{
    struct sockaddr_storage address;
    unsigned flags = MHD_USE_AUTO_INTERNAL_THREAD | MHD_USE_ITC;

    if (!socket_address(server->options, &address, &flags)) {
        *problem = AS_STR("that is no address of IPv4 or IPv6");
        return false;
    }
    errno = 0;
    server->daemon = server->mhd->MHD_start_daemon(flags, server->options->port, NULL, NULL,
            on_request, server, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_THREAD_POOL_SIZE,
            (unsigned)AS_SERVE_THREADS, MHD_OPTION_CONNECTION_LIMIT, (unsigned)AS_SERVE_CONNECTIONS,
            MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)AS_SERVE_MOST_OF_ONE,
            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)AS_SERVE_IDLE_SECONDS,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)AS_SERVE_HEAD_BYTES,
            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_first_line, server,
            MHD_OPTION_NOTIFY_COMPLETED, on_end, server, MHD_OPTION_END);
    if (!server->daemon)
        *problem = as_str_fmt(arena, "%s", errno ? strerror(errno) : "the server cannot start");
    return server->daemon != NULL;
}

static void pause_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&time, NULL);
}

/* No more connections; what is being answered is, for three seconds at most. */
static void stop(as_server *server)
{
    server->mhd->MHD_quiesce_daemon(server->daemon);
    for (int i = 0; i < 150 && atomic_load(&server->n_active) > 0; i++)
        pause_ms(20);
    server->mhd->MHD_stop_daemon(server->daemon);
}

/* Of the threads that are made from now on too. */
static void block_signals(sigset_t *ends)
{
    sigset_t all;

    sigemptyset(ends);
    sigaddset(ends, SIGINT);
    sigaddset(ends, SIGTERM);
    all = *ends;
    sigaddset(&all, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
}

bool as_serve(as_arena *arena, const as_serve_options *options,
        void (*ready)(void *self, uint16_t port), void *self, as_str *problem)
{
    as_server *server = AS_NEW(arena, as_server);
    sigset_t ends;
    int signal_number;

    *server = (as_server){.options = options,
            .mhd = as_mhd_library_get(),
            .guard = {.token = options->token, .hosts = options->hosts},
            .pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .where = options->history},
            .cache = {.counting = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER},
            .report_lock = PTHREAD_MUTEX_INITIALIZER};
    if (!server->mhd) {
        *problem = AS_STR("libmicrohttpd (0.9.73 or later) is not installed");
        return false;
    }
    if (RAND_bytes(server->guard.key, sizeof server->guard.key) != 1) {
        *problem = AS_STR("there are no random numbers");
        return false;
    }
    put_together(arena, server);
    block_signals(&ends);
    if (!start(server, arena, problem))
        return false;
    const union MHD_DaemonInfo *bound =
            server->mhd->MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    ready(self, bound ? bound->port : options->port);
    sigwait(&ends, &signal_number);
    stop(server);
    as_serve_cache_free(&server->cache);
    as_serve_pool_close(&server->pool);
    return true;
}
