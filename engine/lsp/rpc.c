#include "engine/lsp/rpc.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "parsers/json/json.h"

enum { MAX_HEADER = 4096, MAX_QUEUE = 4096 };
static const size_t MAX_BODY = (size_t)64 << 20;

struct as_rpc {
    int in, out;
    bool ended;
    char *p; /* bytes that were read and not yet taken */
    size_t n, cap;
    size_t skip; /* of a body that is too long */
    as_rpc_message queue[MAX_QUEUE];
    size_t first, n_queue;
};

as_rpc *as_rpc_new(int in, int out)
{
    as_rpc *rpc = calloc(1, sizeof *rpc);
    if (rpc != NULL) {
        rpc->in = in;
        rpc->out = out;
    }
    return rpc;
}

void as_rpc_free(as_rpc *rpc)
{
    if (rpc == NULL) {
        return;
    }
    while (rpc->n_queue > 0) {
        as_rpc_done(&rpc->queue[rpc->first]);
        rpc->first = (rpc->first + 1) % MAX_QUEUE;
        rpc->n_queue--;
    }
    free(rpc->p);
    free(rpc);
}

bool as_rpc_ended(const as_rpc *rpc)
{
    return rpc->ended && rpc->n_queue == 0;
}

void as_rpc_done(as_rpc_message *message)
{
    as_arena_free(message->arena);
    *message = (as_rpc_message){0};
}

/* --- reading -------------------------------------------------------------------------------------
 */

/* More bytes, when there are some; waits for them when `wait`. */
static bool fill(as_rpc *rpc, bool wait)
{
    struct pollfd waiting = {.fd = rpc->in, .events = POLLIN};
    if (rpc->ended || (!wait && poll(&waiting, 1, 0) <= 0)) {
        return false;
    }
    if (rpc->n == rpc->cap) {
        size_t cap = rpc->cap == 0 ? 65536 : rpc->cap * 2;
        char *grown = realloc(rpc->p, cap);
        if (grown == NULL) {
            rpc->ended = true;
            return false;
        }
        rpc->p = grown;
        rpc->cap = cap;
    }
    ssize_t got;
    do {
        got = read(rpc->in, rpc->p + rpc->n, rpc->cap - rpc->n);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) {
        rpc->ended = true;
        return false;
    }
    rpc->n += (size_t)got;
    size_t gone = rpc->skip < rpc->n ? rpc->skip : rpc->n;
    if (gone > 0) {
        memmove(rpc->p, rpc->p + gone, rpc->n - gone);
        rpc->n -= gone;
        rpc->skip -= gone;
    }
    return true;
}

static void take(as_rpc *rpc, size_t n)
{
    if (n > 0) {
        memmove(rpc->p, rpc->p + n, rpc->n - n);
        rpc->n -= n;
    }
}

/* The Content-Length of the headers; false when they have none. */
static bool content_length(as_str headers, size_t *length)
{
    as_str line;
    while (as_str_split(&headers, '\n', &line)) {
        size_t colon = as_str_find_char(line, ':');
        int64_t value;
        if (colon != (size_t)-1 &&
                as_str_ieq(as_str_trim(as_str_slice(line, 0, colon)), AS_STR("Content-Length")) &&
                as_str_to_int(as_str_trim(as_str_from_index(line, colon + 1)), &value) &&
                value >= 0) {
            *length = (size_t)value;
            return true;
        }
    }
    return false;
}

static bool same_id(const as_value *a, const as_value *b)
{
    return a != NULL && b != NULL && as_value_equal(a, b);
}

static void cancel(as_rpc *rpc, const as_value *id)
{
    for (size_t i = 0; i < rpc->n_queue; i++) {
        as_rpc_message *queued = &rpc->queue[(rpc->first + i) % MAX_QUEUE];
        queued->cancelled = queued->cancelled || same_id(queued->id, id);
    }
}

/* Whether the message is in the queue; else it was dealt with, or its sender told what is wrong
 * with it. */
static bool enqueue(as_rpc *rpc, as_arena *arena, as_str body)
{
    as_diags diags;
    as_diags_init(&diags, arena);
    const as_value *v = as_json_parse_text(arena, body, AS_SPAN_NONE, &diags);
    if (v == NULL) {
        as_rpc_send_error(rpc, arena, NULL, AS_RPC_PARSE_ERROR, AS_STR("the message is no JSON"));
        return false;
    }
    as_rpc_message message = {.arena = arena,
            .method = as_value_str(as_value_get(v, AS_STR("method"))),
            .id = as_value_get(v, AS_STR("id")),
            .params = as_value_get(v, AS_STR("params"))};
    if (message.id != NULL && message.id->kind != AS_STRING && message.id->kind != AS_INT) {
        message.id = NULL;
    }
    bool answer = v->kind == AS_OBJECT && message.method.n == 0 &&
                  (as_value_member(v, AS_STR("result")) != NULL ||
                          as_value_member(v, AS_STR("error")) != NULL);
    if (message.method.n == 0 && !answer) {
        as_rpc_send_error(rpc, arena, message.id, AS_RPC_INVALID_REQUEST,
                AS_STR("the message has no method"));
    }
    if (as_str_is(message.method, "$/cancelRequest")) {
        cancel(rpc, as_value_get(message.params, AS_STR("id")));
    } else if (message.method.n > 0 && rpc->n_queue < MAX_QUEUE) {
        rpc->queue[(rpc->first + rpc->n_queue++) % MAX_QUEUE] = message;
        return true;
    }
    return false;
}

/* Takes one message off the bytes; false when it is not all there. */
static bool take_frame(as_rpc *rpc)
{
    as_str bytes = {rpc->p, rpc->n};
    size_t end = as_str_find(bytes, AS_STR("\r\n\r\n")), length;
    if (end == (size_t)-1) {
        if (rpc->n > MAX_HEADER) { /* no message begins there */
            take(rpc, rpc->n - 3);
        }
        return false;
    }
    if (!content_length(as_str_slice(bytes, 0, end), &length)) {
        take(rpc, end + 4);
        return true;
    }
    if (length > MAX_BODY) {
        rpc->skip = length;
        take(rpc, end + 4);
        size_t gone = rpc->skip < rpc->n ? rpc->skip : rpc->n;
        take(rpc, gone);
        rpc->skip -= gone;
        return true;
    }
    if (rpc->n - end - 4 < length) {
        return false;
    }
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    volatile bool kept = false;
    if (arena != NULL && AS_GUARD_ENTER(&guard, arena)) {
        kept = enqueue(
                rpc, arena, as_str_dup(arena, as_str_slice(bytes, end + 4, end + 4 + length)));
        as_guard_leave(&guard);
    }
    take(rpc, end + 4 + length);
    if (!kept) {
        as_arena_free(arena);
    }
    return true;
}

bool as_rpc_next(as_rpc *rpc, bool wait, as_rpc_message *out)
{
    for (;;) {
        while (take_frame(rpc) || fill(rpc, false)) {
        }
        if (rpc->n_queue > 0) {
            *out = rpc->queue[rpc->first];
            rpc->first = (rpc->first + 1) % MAX_QUEUE;
            rpc->n_queue--;
            return true;
        }
        if (!wait || rpc->ended || !fill(rpc, true)) {
            return false;
        }
    }
}

/* --- writing -------------------------------------------------------------------------------------
 */

static void begin(as_rpc_reply *reply, as_arena *arena)
{
    as_buf_init(&reply->buf, arena, 0);
    reply->json = (as_json_out){.buf = &reply->buf};
    as_json_open(&reply->json, NULL, '{');
    as_json_cstr(&reply->json, "jsonrpc", "2.0");
}

static void write_id(as_json_out *json, const as_value *id)
{
    if (id == NULL) {
        as_json_null(json, "id");
    } else if (id->kind == AS_STRING) {
        as_json_str(json, "id", id->as.str);
    } else {
        as_buf_fmt(json->buf, ",\"id\":%lld", (long long)id->as.integer);
        json->comma = true;
    }
}

void as_rpc_begin_result(as_rpc_reply *reply, const as_rpc_message *to)
{
    begin(reply, to->arena);
    write_id(&reply->json, to->id);
}

void as_rpc_begin_notification(as_rpc_reply *reply, as_arena *arena, const char *method)
{
    begin(reply, arena);
    as_json_cstr(&reply->json, "method", method);
}

void as_rpc_send(as_rpc *rpc, as_rpc_reply *reply)
{
    as_json_close(&reply->json, '}');
    as_str body = as_buf_view(&reply->buf);
    as_buf head;
    as_buf_init(&head, reply->buf.arena, 0);
    as_buf_fmt(&head, "Content-Length: %zu\r\n\r\n", body.n);
    if (!as_fd_write(rpc->out, as_buf_view(&head)) || !as_fd_write(rpc->out, body)) {
        rpc->ended = true; /* nobody listens any more */
    }
}

void as_rpc_send_error(as_rpc *rpc, as_arena *arena, const as_value *id, int code, as_str message)
{
    as_rpc_reply reply;
    begin(&reply, arena);
    write_id(&reply.json, id);
    as_json_open(&reply.json, "error", '{');
    as_buf_fmt(reply.json.buf, "\"code\":%d", code);
    reply.json.comma = true;
    as_json_str(&reply.json, "message", message);
    as_json_close(&reply.json, '}');
    as_rpc_send(rpc, &reply);
}
