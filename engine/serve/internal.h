/* Shared by the files that make up the server. */
#ifndef AS_SERVE_INTERNAL_H
#define AS_SERVE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "engine/base/buf.h"
#include "engine/serve/library.h"
#include "engine/serve/serve.h"
#include "engine/store/read.h"

enum {
    AS_SERVE_THREADS = 4,
    AS_SERVE_CONNECTIONS = 128,
    AS_SERVE_MOST_OF_ONE = 64,  /* connections from one address */
    AS_SERVE_IDLE_SECONDS = 15, /* after which a connection that says nothing is closed */
    AS_SERVE_URL_BYTES = 2048,
    AS_SERVE_HEAD_BYTES = 32 << 10, /* of a request, with its headers */
    AS_SERVE_BODY_BYTES = 1024,     /* of the login form, the only body that is read */
    AS_SERVE_PAGE = 50,             /* entries of a page of the API, if not asked otherwise */
    AS_SERVE_MOST_PER_PAGE = 500,
    AS_SERVE_TREND = 1000, /* runs of a trend */
    AS_SERVE_SESSION_SECONDS = 12 * 60 * 60,
};
#define AS_SERVE_REQUEST_BYTES ((size_t)64 << 20) /* memory of one request */

/* Connections to the database that nobody uses just now; one that failed is closed. */
typedef struct as_serve_pool {
    pthread_mutex_t lock;
    as_str where;
    as_history *idle[AS_SERVE_THREADS];
    size_t n_idle;
} as_serve_pool;

as_history *as_serve_pool_take(
        as_serve_pool *pool, as_str *problem); /* *problem in static memory */
void as_serve_pool_give(as_serve_pool *pool, as_history *history, bool sound);
void as_serve_pool_close(as_serve_pool *pool);

/* Figures over the whole history, kept until the next run: engine/serve/figures.c. */
typedef struct as_serve_figures as_serve_figures;

typedef struct as_serve_cache {
    pthread_mutex_t counting; /* held while somebody counts: the others wait for what he finds */
    pthread_mutex_t lock;
    as_serve_figures *kept[AS_HISTORY_RULE + 1]; /* by as_history_key */
} as_serve_cache;

/* Who may come in. */
typedef struct as_serve_guard {
    as_str token;
    as_strs hosts;
    unsigned char key[32]; /* of this process: sessions end with it */
} as_serve_guard;

typedef struct as_server {
    const as_serve_options *options;
    const as_mhd_library *mhd;
    struct MHD_Daemon *daemon;
    as_serve_guard guard;
    as_serve_pool pool;
    as_serve_cache cache;
    as_str style, script, app, login; /* the pages, put together once */
    atomic_uint n_active;
    atomic_ullong n_requests, n_errors, n_refused;
    pthread_mutex_t report_lock; /* lines of a report's sources are numbered when first asked for */
} as_server;

/* One request while it is answered; lives in `arena`. */
typedef struct as_serve_call {
    as_server *server;
    struct MHD_Connection *connection;
    as_arena *arena;
    as_history *history; /* of the API: a connection to the database, results in `arena` */
    as_serve_figures *figures[AS_HISTORY_RULE + 1]; /* that are looked at */
    as_str path;
    as_str body; /* of the login form */
    /* the answer */
    unsigned status;
    const char *type;
    as_str policy;   /* Content-Security-Policy; empty: that of the pages */
    as_str location; /* of a redirection */
    as_str cookie;   /* to set */
    as_buf out;
} as_serve_call;

/* A parameter of the address, empty when it is not there. False when it is no text: ill-formed
 * UTF-8, or with control characters. */
bool as_serve_param(const as_serve_call *call, const char *name, as_str *out) AS_MUST_CHECK;
as_str as_serve_header(const as_serve_call *call, const char *name);

/* Whether the Host header names this server: an address, localhost or one of `hosts`, with any
 * port. A page of somebody else's that made its own name lead to this machine (DNS rebinding) sends
 * its own name. */
bool as_serve_host_known(const as_serve_guard *guard, as_str host);
/* Whether the call shows the token or a session made of it. */
bool as_serve_admitted(const as_serve_guard *guard, const as_serve_call *call, int64_t now);
bool as_serve_token_is(const as_serve_guard *guard, as_str given);
/* "EXPIRY.SIGNATURE" */
as_str as_serve_session(as_arena *arena, const as_serve_guard *guard, int64_t expiry);

/* What is open, by what `key` says, sorted by name; borrowed until the call is answered. NULL when
 * the database does not answer. */
const as_history_groups *as_serve_figures_of(as_serve_call *call, as_history_key key);
void as_serve_figures_release(as_serve_call *call);
void as_serve_cache_free(as_serve_cache *cache);

/* Each writes an answer into the call. */
void as_serve_fail(as_serve_call *call, unsigned status, const char *words);
void as_serve_login(as_serve_call *call);
/* /api/…: false when there is no such path. Without a database: 503. */
bool as_serve_api(as_serve_call *call);
void as_serve_metrics(as_serve_call *call);

#endif
