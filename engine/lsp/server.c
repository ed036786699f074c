#include "engine/lsp/lsp.h"

#include <stdlib.h>

#include "engine/lsp/internal.h"

/* --- life ------------------------------------------------------------------------------------- */

static bool offers_utf8(const as_value *params)
{
    const as_value *offered = as_value_path(params, "capabilities.general.positionEncodings");
    for (size_t i = 0; i < as_value_list_count(offered); i++) {
        if (as_str_is(as_value_str(as_value_index(offered, i)), "utf-8")) {
            return true;
        }
    }
    return false;
}

static void initialize(as_lsp *lsp, const as_rpc_message *m, as_json_out *out)
{
    static const as_str kinds[] = {AS_STR_INIT("quickfix")};
    lsp->initialized = true;
    lsp->utf8 = offers_utf8(m->params);
    as_json_open(out, "result", '{');
    as_json_open(out, "capabilities", '{');
    as_json_cstr(out, "positionEncoding", lsp->utf8 ? "utf-8" : "utf-16");
    as_json_open(out, "textDocumentSync", '{');
    as_json_bool(out, "openClose", true);
    as_json_size(out, "change", 2);
    as_json_bool(out, "save", true);
    as_json_close(out, '}');
    as_json_bool(out, "hoverProvider", true);
    as_json_bool(out, "definitionProvider", true);
    as_json_open(out, "codeActionProvider", '{');
    as_json_strs(out, "codeActionKinds", kinds, 1);
    as_json_close(out, '}');
    as_json_close(out, '}');
    as_json_open(out, "serverInfo", '{');
    as_json_cstr(out, "name", "assay");
    as_json_close(out, '}');
    as_json_close(out, '}');
}

/* --- documents -------------------------------------------------------------------------------- */

static as_str uri_of(const as_value *params)
{
    return as_value_str(as_value_path(params, "textDocument.uri"));
}

static int64_t version_of(const as_value *params)
{
    return as_value_int_or(as_value_path(params, "textDocument.version"), -1);
}

/* The document in an arena of its own. */
static void store(as_lsp_doc *doc, as_str uri, as_str path, as_str text, int64_t version)
{
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    if (arena == NULL) {
        return;
    }
    if (!AS_GUARD_ENTER(&guard, arena)) {
        as_arena_free(arena);
        return;
    }
    as_lsp_doc made = {.arena = arena,
            .uri = as_str_dup(arena, uri),
            .path = as_str_dup(arena, path),
            .text = as_str_dup(arena, text),
            .version = version,
            .dirty = true};
    as_guard_leave(&guard);
    as_arena_free(doc->arena);
    *doc = made;
}

static void did_open(as_lsp *lsp, const as_rpc_message *m)
{
    as_str uri = uri_of(m->params), path;
    as_str text = as_value_str(as_value_path(m->params, "textDocument.text"));
    as_lsp_doc *doc = as_lsp_doc_of(lsp, uri);
    if (!as_lsp_path_of_uri(m->arena, uri, &path) || (doc == NULL && lsp->n_docs == AS_LSP_DOCS)) {
        return;
    }
    if (doc == NULL) {
        doc = &lsp->docs[lsp->n_docs++];
        *doc = (as_lsp_doc){0};
    }
    store(doc, uri, path, text, version_of(m->params));
    if (doc->arena == NULL) {
        lsp->n_docs--;
    }
}

static void did_change(as_lsp *lsp, const as_rpc_message *m)
{
    as_lsp_doc *doc = as_lsp_doc_of(lsp, uri_of(m->params));
    as_str text;
    if (doc != NULL && as_lsp_change_text(lsp, m->arena, doc->text,
                               as_value_get(m->params, AS_STR("contentChanges")), &text)) {
        store(doc, as_str_dup(m->arena, doc->uri), as_str_dup(m->arena, doc->path), text,
                version_of(m->params));
    }
}

static void clear(as_lsp *lsp, const as_rpc_message *m, as_str uri)
{
    as_rpc_reply reply;
    as_rpc_begin_notification(&reply, m->arena, "textDocument/publishDiagnostics");
    as_json_open(&reply.json, "params", '{');
    as_json_str(&reply.json, "uri", uri);
    as_json_open(&reply.json, "diagnostics", '[');
    as_json_close(&reply.json, ']');
    as_json_close(&reply.json, '}');
    as_rpc_send(lsp->rpc, &reply);
}

static void did_close(as_lsp *lsp, const as_rpc_message *m)
{
    as_lsp_doc *doc = as_lsp_doc_of(lsp, uri_of(m->params));
    if (doc != NULL) {
        as_lsp_forget(lsp, doc);
        clear(lsp, m, uri_of(m->params));
    }
}

/* Something on disk is different: all open documents are looked at again. */
static void all_dirty(as_lsp *lsp)
{
    for (size_t i = 0; i < lsp->n_docs; i++) {
        lsp->docs[i].dirty = true;
    }
}

static void notified(as_lsp *lsp, const as_rpc_message *m)
{
    if (as_str_is(m->method, "exit")) {
        lsp->exited = true;
    } else if (!lsp->initialized) {
        return;
    } else if (as_str_is(m->method, "textDocument/didOpen")) {
        did_open(lsp, m);
    } else if (as_str_is(m->method, "textDocument/didChange")) {
        did_change(lsp, m);
    } else if (as_str_is(m->method, "textDocument/didClose")) {
        did_close(lsp, m);
    } else if (as_str_is(m->method, "textDocument/didSave") ||
               as_str_is(m->method, "workspace/didChangeWatchedFiles")) {
        all_dirty(lsp);
    }
}

/* --- requests --------------------------------------------------------------------------------- */

typedef enum asked {
    ASKED_OTHER,
    ASKED_INITIALIZE,
    ASKED_SHUTDOWN,
    ASKED_HOVER,
    ASKED_DEFINITION,
    ASKED_ACTIONS
} asked;

static asked what_is_asked(as_str method)
{
    static const struct {
        const char *method;
        asked what;
    } methods[] = {{"initialize", ASKED_INITIALIZE}, {"shutdown", ASKED_SHUTDOWN},
            {"textDocument/hover", ASKED_HOVER}, {"textDocument/definition", ASKED_DEFINITION},
            {"textDocument/codeAction", ASKED_ACTIONS}};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (as_str_is(method, methods[i].method)) {
            return methods[i].what;
        }
    }
    return ASKED_OTHER;
}

/* The place that the request is about; false when it names no open document or no position in it.
 */
static bool find_place(as_lsp *lsp, const as_rpc_message *m, asked what, as_lsp_doc **doc,
        size_t *begin, size_t *end)
{
    as_lsp_position from, to;
    *doc = as_lsp_doc_of(lsp, uri_of(m->params));
    bool range = what == ASKED_ACTIONS;
    const as_value *a = as_value_path(m->params, range ? "range.start" : "position");
    const as_value *b = as_value_path(m->params, range ? "range.end" : "position");
    if (*doc == NULL || !as_lsp_read_position(a, &from) || !as_lsp_read_position(b, &to)) {
        return false;
    }
    *begin = as_lsp_offset_of(lsp, (*doc)->text, from);
    *end = as_lsp_offset_of(lsp, (*doc)->text, to);
    return true;
}

static void answer(as_lsp *lsp, const as_rpc_message *m)
{
    asked what = what_is_asked(m->method);
    int code = m->cancelled                                    ? AS_RPC_CANCELLED
               : lsp->shutdown                                 ? AS_RPC_INVALID_REQUEST
               : !lsp->initialized && what != ASKED_INITIALIZE ? AS_RPC_NOT_INITIALIZED
               : lsp->initialized && what == ASKED_INITIALIZE  ? AS_RPC_INVALID_REQUEST
               : what == ASKED_OTHER                           ? AS_RPC_NO_METHOD
                                                               : 0;
    as_lsp_doc *doc = NULL;
    size_t begin = 0, end = 0;
    bool placed = what == ASKED_HOVER || what == ASKED_DEFINITION || what == ASKED_ACTIONS;
    if (code == 0 && placed && !find_place(lsp, m, what, &doc, &begin, &end)) {
        code = AS_RPC_INVALID_PARAMS;
    }
    if (code != 0) {
        const char *why = code == AS_RPC_CANCELLED         ? "the request was cancelled"
                          : code == AS_RPC_NO_METHOD       ? "there is no such method"
                          : code == AS_RPC_NOT_INITIALIZED ? "the server waits for 'initialize'"
                          : code == AS_RPC_INVALID_PARAMS
                                  ? "the document is not open, or there is no such place in it"
                                  : "this is not the time for it";
        as_rpc_send_error(lsp->rpc, m->arena, m->id, code, as_str_from(why));
        return;
    }
    as_rpc_reply reply;
    as_rpc_begin_result(&reply, m);
    switch (what) {
    case ASKED_INITIALIZE:
        initialize(lsp, m, &reply.json);
        break;
    case ASKED_HOVER:
        as_lsp_hover(lsp, m, &reply.json, doc, begin);
        break;
    case ASKED_DEFINITION:
        as_lsp_definition(lsp, m, &reply.json, doc, begin);
        break;
    case ASKED_ACTIONS:
        as_lsp_actions(lsp, m, &reply.json, doc, begin, end);
        break;
    case ASKED_SHUTDOWN:
    case ASKED_OTHER:
        lsp->shutdown = true;
        as_json_null(&reply.json, "result");
        break;
    }
    as_rpc_send(lsp->rpc, &reply);
}

static void handle(as_lsp *lsp, const as_rpc_message *m)
{
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, m->arena)) {
        if (m->id == NULL) {
            notified(lsp, m);
        } else {
            answer(lsp, m);
        }
        as_guard_leave(&guard);
        return;
    }
    if (m->id != NULL && AS_GUARD_ENTER(&guard, m->arena)) {
        as_rpc_send_error(lsp->rpc, m->arena, m->id, AS_RPC_INTERNAL,
                as_str_from(as_cause_text(guard.cause)));
        as_guard_leave(&guard);
    }
}

static bool is_dirty(const as_lsp *lsp)
{
    for (size_t i = 0; i < lsp->n_docs; i++) {
        if (lsp->docs[i].dirty) {
            return true;
        }
    }
    return false;
}

int as_lsp_serve(int in, int out)
{
    as_lsp *lsp = calloc(1, sizeof *lsp);
    as_rpc *rpc = as_rpc_new(in, out);
    as_rpc_message message;
    if (lsp == NULL || rpc == NULL) {
        free(lsp);
        as_rpc_free(rpc);
        return 1;
    }
    lsp->rpc = rpc;
    while (!lsp->exited && !as_rpc_ended(rpc)) {
        /* What was typed meanwhile comes first: only the latest text is analysed. */
        if (as_rpc_next(rpc, !is_dirty(lsp), &message)) {
            handle(lsp, &message);
            as_rpc_done(&message);
        } else if (is_dirty(lsp)) {
            as_lsp_refresh(lsp);
        }
    }
    int code = lsp->exited && lsp->shutdown ? 0 : 1;
    as_lsp_release(lsp);
    as_rpc_free(rpc);
    free(lsp);
    return code;
}
