/* JSON-RPC 2.0 over a pair of descriptors, framed as the Language Server Protocol does it (3.17,
 * "Base Protocol"): headers, a blank line, a body of Content-Length bytes. What is not of that form
 * is skipped; what cannot be parsed is answered with an error; the next message is read all the
 * same. */
#ifndef AS_LSP_RPC_H
#define AS_LSP_RPC_H

#include "engine/value/value.h"
#include "reporters/json_out.h"

enum {
    AS_RPC_PARSE_ERROR = -32700,
    AS_RPC_INVALID_REQUEST = -32600,
    AS_RPC_NO_METHOD = -32601,
    AS_RPC_INVALID_PARAMS = -32602,
    AS_RPC_INTERNAL = -32603,
    AS_RPC_NOT_INITIALIZED = -32002,
    AS_RPC_CANCELLED = -32800,
};

typedef struct as_rpc as_rpc;

typedef struct as_rpc_message {
    as_arena *arena; /* of this message: freed by as_rpc_done */
    as_str method;
    const as_value *id;     /* NULL: a notification */
    const as_value *params; /* NULL: none */
    bool cancelled;
} as_rpc_message;

/* NULL when memory is gone. */
as_rpc *as_rpc_new(int in, int out);
void as_rpc_free(as_rpc *rpc);
/* The next message; waits for it when `wait`. False: nothing is there, or the input has ended
 * (as_rpc_ended). Cancellations are seen to as soon as they have arrived, before what they cancel
 * is handed out. */
bool as_rpc_next(as_rpc *rpc, bool wait, as_rpc_message *out);
bool as_rpc_ended(const as_rpc *rpc);
void as_rpc_done(as_rpc_message *message);

/* A message: begin, write its "result" (or "params") with `json`, send. */
typedef struct as_rpc_reply {
    as_buf buf;
    as_json_out json;
} as_rpc_reply;
void as_rpc_begin_result(as_rpc_reply *reply, const as_rpc_message *to);
void as_rpc_begin_notification(as_rpc_reply *reply, as_arena *arena, const char *method);
void as_rpc_send(as_rpc *rpc, as_rpc_reply *reply);
void as_rpc_send_error(as_rpc *rpc, as_arena *arena, const as_value *id, int code, as_str message);

#endif
