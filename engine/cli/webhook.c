#include "engine/cli/webhook.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "engine/cli/version.h"
#include "parsers/live/http.h"
#include "reporters/common.h"
#include "reporters/json_parts.h"

enum { MOST_IN_CHAT = 20 };

static size_t count(const as_history_change *change, as_severity least)
{
    size_t n = 0;

    for (size_t i = 0; i < change->n_fresh; i++)
        n += change->fresh[i]->severity >= least;
    return n;
}

/* Slack's own characters stand as entities in its texts. */
static void chat_text(as_buf *out, as_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '&')
            as_buf_cstr(out, "&amp;");
        else if (text.p[i] == '<')
            as_buf_cstr(out, "&lt;");
        else if (text.p[i] == '>')
            as_buf_cstr(out, "&gt;");
        else
            as_buf_char(out, text.p[i]);
    }
}

static void write_finding(as_buf *text, const as_report *report, const as_finding *f)
{
    as_place place = as_finding_place(report, f);

    as_buf_fmt(text, "\n• *%s* %.*s ", as_severity_name(f->severity), AS_STR_ARG(f->rule->id));
    chat_text(text, f->message);
    as_buf_cstr(text, " (");
    chat_text(text, place.path);
    as_buf_fmt(text, ":%u)", place.begin.line);
}

/* The gravest first, as only so many are shown. */
static void write_chat(as_buf *out, const as_report *report, const as_history_change *change,
        as_severity least, size_t n)
{
    as_buf text;
    size_t shown = 0;

    as_buf_init(&text, out->arena, 0);
    as_buf_fmt(&text, "assay: %zu new finding%s in ", n, n == 1 ? "" : "s");
    chat_text(&text, change->run.scope);
    for (int severity = AS_SEVERITY_CRITICAL; severity >= (int)least; severity--) {
        for (size_t i = 0; i < change->n_fresh && shown < MOST_IN_CHAT; i++) {
            if ((int)change->fresh[i]->severity != severity)
                continue;
            write_finding(&text, report, change->fresh[i]);
            shown++;
        }
    }
    if (shown < n)
        as_buf_fmt(&text, "\n… and %zu more", n - shown);
    as_json_out json = {.buf = out};
    as_json_open(&json, NULL, '{');
    as_json_str(&json, "text", as_buf_view(&text));
    as_json_close(&json, '}');
}

static void write_generic(
        as_buf *out, const as_report *report, const as_history_change *change, as_severity least)
{
    as_json_out json = {.buf = out};

    as_json_open(&json, NULL, '{');
    as_json_size(&json, "schema_version", 1);
    as_json_str(&json, "scope", change->run.scope);
    as_json_size(&json, "run", (size_t)change->run.id);
    as_json_str(&json, "started", change->run.started);
    as_json_size(&json, "new", (size_t)change->run.n_new);
    as_json_size(&json, "fixed", (size_t)change->run.n_fixed);
    as_json_size(&json, "reopened", (size_t)change->run.n_reopened);
    as_json_open(&json, "findings", '[');
    for (size_t i = 0; i < change->n_fresh; i++) {
        if (change->fresh[i]->severity < least)
            continue;
        as_json_open(&json, NULL, '{');
        as_json_finding(&json, report, change->fresh[i]);
        as_json_close(&json, '}');
    }
    as_json_close(&json, ']');
    as_json_close(&json, '}');
}

static as_str signature(as_arena *arena, as_str secret, as_str body)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    as_buf out;

    as_buf_init(&out, arena, 0);
    as_buf_cstr(&out, "X-Assay-Signature: sha256=");
    if (HMAC(EVP_sha256(), secret.p, (int)secret.n, (const unsigned char *)body.p, body.n, sum, &n))
        for (unsigned i = 0; i < n; i++)
            as_buf_fmt(&out, "%02x", sum[i]);
    return as_buf_view(&out);
}

bool as_webhook_post(as_arena *arena, as_str url, as_webhook_form form, as_str secret,
        as_severity least, const as_report *report, const as_history_change *change,
        as_str *problem)
{
    as_http_options options = {.user_agent = "assay/" AS_VERSION};
    size_t n = count(change, least);
    as_str headers[2] = {AS_STR("Content-Type: application/json")};
    as_buf body;

    if (n == 0)
        return true;
    as_buf_init(&body, arena, 0);
    if (form == AS_WEBHOOK_SLACK)
        write_chat(&body, report, change, least, n);
    else
        write_generic(&body, report, change, least);
    if (secret.n > 0)
        headers[1] = signature(arena, secret, as_buf_view(&body));
    as_http *http = as_http_new(arena, &options, problem);
    if (!http)
        return false;
    as_http_request request = {.method = "POST",
            .url = url,
            .body = as_buf_view(&body),
            .headers = {headers, secret.n > 0 ? 2 : 1}};
    as_http_answer answer = as_http_fetch(http, arena, &request, 0);
    if (answer.status >= 200 && answer.status < 300)
        return true;
    *problem = answer.status == 0 ? answer.error
                                  : as_str_fmt(arena, "the answer was HTTP %d", answer.status);
    return false;
}
