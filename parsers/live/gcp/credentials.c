#include "parsers/live/gcp/credentials.h"

#include <stdlib.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "parsers/json/json.h"
#include "parsers/live/aws/sign.h"
#include "parsers/live/gcp/subject.h"

/* Cloud Asset Inventory, IAM and Secret Manager take no narrower one (the scopes that their
 * references list); what may be read is decided by roles. */
static const char scope[] = "https://www.googleapis.com/auth/cloud-platform";
static const char token_server[] = "https://oauth2.googleapis.com/token";

enum { EARLY_S = 300, MAX_CHAIN = 4 };

struct as_gcp_credentials {
    as_arena *arena;
    as_gcp_credentials_options options;
    as_http *http;        /* of its own: tokens are asked for while others run */
    const as_value *file; /* NULL: a token from the environment, or the metadata server */
    as_str fixed;
    as_str token;
    int64_t good_until;
};

static as_str text_at(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

static as_str environment(const char *name)
{
    return as_str_from(getenv(name));
}

/* --- asking --------------------------------------------------------------------------------------
 */

static void field(as_buf *form, const char *name, as_str value)
{
    as_buf_fmt(form, "%s%s=", form->n > 0 ? "&" : "", name);
    as_buf_str(form, as_aws_encode(form->arena, value, true));
}

/* Google's own error, without what was sent. */
static as_str refusal(as_arena *arena, const as_http_answer *answer, const as_value *body)
{
    const as_value *error = as_value_get(body, AS_STR("error"));
    as_str code = as_value_str(error);
    as_str text = text_at(body, "error_description");

    if (answer->status == 0)
        return answer->error;
    if (as_value_is(error, AS_OBJECT)) {
        code = text_at(error, "status");
        text = text_at(error, "message");
    }
    return as_str_fmt(arena, "HTTP %d%s%.*s%s%.*s", answer->status, code.n > 0 ? ", " : "",
            AS_STR_ARG(code), text.n > 0 ? ": " : "", AS_STR_ARG(text));
}

static const as_value *ask(as_gcp_credentials *c, as_arena *arena, const char *what,
        as_http_request *request, as_str *problem)
{
    as_diags ignored;

    if (!as_gcp_safe_url(request->url)) {
        *problem =
                as_str_fmt(arena, "%s: %.*s is no https address", what, AS_STR_ARG(request->url));
        return NULL;
    }
    request->tls = c->options.tls;
    as_http_answer answer = as_http_fetch(c->http, arena, request, 0);
    as_diags_init(&ignored, arena);
    const as_value *body = as_json_parse_text(arena, answer.body, AS_SPAN_NONE, &ignored);
    if (answer.status == 200 && as_value_is(body, AS_OBJECT))
        return body;
    *problem = as_str_fmt(arena, "%s: %.*s", what, AS_STR_ARG(refusal(arena, &answer, body)));
    return NULL;
}

static const as_value *post_form(as_gcp_credentials *c, as_arena *arena, const char *what,
        as_str url, as_str form, as_str *problem)
{
    as_str header = AS_STR("Content-Type: application/x-www-form-urlencoded");
    as_http_request request = {.method = "POST", .url = url, .headers = {&header, 1}, .body = form};

    return ask(c, arena, what, &request, problem);
}

/* A token and until when it is good. */
typedef struct grant {
    as_str token;
    int64_t until;
} grant;

static bool granted(
        as_arena *arena, const as_value *body, const char *what, grant *out, as_str *problem)
{
    as_str token = text_at(body, "access_token"), camel = text_at(body, "accessToken");
    int64_t until;

    if (!body)
        return false;
    out->token = token.n > 0 ? token : camel;
    out->until = as_clock_parse(text_at(body, "expireTime"), &until)
                         ? until
                         : as_clock_now() +
                                   as_value_int_or(as_value_get(body, AS_STR("expires_in")), 3600);
    if (out->token.n == 0)
        *problem = as_str_fmt(arena, "%s: the answer holds no token", what);
    return out->token.n > 0;
}

/* --- the types of files --------------------------------------------------------------------------
 */

static bool from_file(as_gcp_credentials *c, as_arena *arena, const as_value *file, int depth,
        grant *out, as_str *problem);

static bool from_service_account(
        as_gcp_credentials *c, as_arena *arena, const as_value *file, grant *out, as_str *problem)
{
    as_str jwt;
    as_buf form;

    if (!as_gcp_jwt(arena, file, as_str_from(scope), as_clock_now(), &jwt, problem))
        return false;
    as_buf_init(&form, arena, 0);
    field(&form, "grant_type", AS_STR("urn:ietf:params:oauth:grant-type:jwt-bearer"));
    field(&form, "assertion", jwt);
    const as_value *body = post_form(c, arena, "the service account's key",
            text_at(file, "token_uri"), as_buf_view(&form), problem);
    return granted(arena, body, "the service account's key", out, problem);
}

static bool from_user(
        as_gcp_credentials *c, as_arena *arena, const as_value *file, grant *out, as_str *problem)
{
    as_str url = text_at(file, "token_uri");
    as_buf form;

    as_buf_init(&form, arena, 0);
    field(&form, "grant_type", AS_STR("refresh_token"));
    field(&form, "client_id", text_at(file, "client_id"));
    field(&form, "client_secret", text_at(file, "client_secret"));
    field(&form, "refresh_token", text_at(file, "refresh_token"));
    const as_value *body = post_form(c, arena, "the user's refresh token",
            url.n > 0 ? url : as_str_from(token_server), as_buf_view(&form), problem);
    return granted(arena, body, "the user's refresh token", out, problem);
}

/* https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 */
static bool impersonate(as_gcp_credentials *c, as_arena *arena, as_str url,
        const as_value *delegates, as_str token, grant *out, as_str *problem)
{
    static const char what[] = "impersonation of the service account";
    as_str headers[2] = {AS_STR("Content-Type: application/json"),
            as_str_fmt(arena, "Authorization: Bearer %.*s", AS_STR_ARG(token))};
    as_buf body;

    as_buf_init(&body, arena, 0);
    as_buf_fmt(&body, "{\"scope\":[\"%s\"],\"lifetime\":\"3600s\"", scope);
    if (as_value_is(delegates, AS_LIST)) {
        as_buf_cstr(&body, ",\"delegates\":");
        as_value_write_json(&body, delegates, (as_json_style){0});
    }
    as_buf_char(&body, '}');
    as_http_request request = {
            .method = "POST", .url = url, .headers = {headers, 2}, .body = as_buf_view(&body)};
    return granted(arena, ask(c, arena, what, &request, problem), what, out, problem);
}

/* https://google.aip.dev/auth/4117 */
static bool from_external(
        as_gcp_credentials *c, as_arena *arena, const as_value *file, grant *out, as_str *problem)
{
    static const char what[] = "the exchange of the outside token";
    as_str url = text_at(file, "token_url"), subject;
    as_str service_account = text_at(file, "service_account_impersonation_url");
    as_gcp_subject_source source = {.arena = arena,
            .http = c->http,
            .tls = c->options.tls,
            .source = as_value_get(file, AS_STR("credential_source")),
            .audience = text_at(file, "audience")};
    as_buf form;

    if (!as_gcp_subject_token(&source, &subject, problem))
        return false;
    as_buf_init(&form, arena, 0);
    field(&form, "grant_type", AS_STR("urn:ietf:params:oauth:grant-type:token-exchange"));
    field(&form, "audience", source.audience);
    field(&form, "scope", as_str_from(scope));
    field(&form, "requested_token_type", AS_STR("urn:ietf:params:oauth:token-type:access_token"));
    field(&form, "subject_token", subject);
    field(&form, "subject_token_type", text_at(file, "subject_token_type"));
    const as_value *body = post_form(c, arena, what,
            url.n > 0 ? url : AS_STR("https://sts.googleapis.com/v1/token"), as_buf_view(&form),
            problem);
    if (!granted(arena, body, what, out, problem))
        return false;
    return service_account.n == 0 ||
           impersonate(c, arena, service_account, NULL, out->token, out, problem);
}

static bool from_impersonated(as_gcp_credentials *c, as_arena *arena, const as_value *file,
        int depth, grant *out, as_str *problem)
{
    return from_file(c, arena, as_value_get(file, AS_STR("source_credentials")), depth + 1, out,
                   problem) &&
           impersonate(c, arena, text_at(file, "service_account_impersonation_url"),
                   as_value_get(file, AS_STR("delegates")), out->token, out, problem);
}

static bool from_file(as_gcp_credentials *c, as_arena *arena, const as_value *file, int depth,
        grant *out, as_str *problem)
{
    as_str type = text_at(file, "type");

    if (depth > MAX_CHAIN) {
        *problem = AS_STR("too many credentials stand in for each other");
        return false;
    }
    if (as_str_is(type, "service_account"))
        return from_service_account(c, arena, file, out, problem);
    if (as_str_is(type, "authorized_user"))
        return from_user(c, arena, file, out, problem);
    if (as_str_is(type, "external_account"))
        return from_external(c, arena, file, out, problem);
    if (as_str_is(type, "impersonated_service_account"))
        return from_impersonated(c, arena, file, depth, out, problem);
    *problem =
            as_str_fmt(arena, "credentials of the type '%.*s' are not supported", AS_STR_ARG(type));
    return false;
}

/* https://cloud.google.com/compute/docs/metadata/overview; plain HTTP by design, on the link-local
 * network. */
static bool from_metadata(as_gcp_credentials *c, as_arena *arena, grant *out, as_str *problem)
{
    static const char what[] = "the metadata server";
    as_str host = environment("GCE_METADATA_HOST"), header = AS_STR("Metadata-Flavor: Google");
    as_diags ignored;

    host = host.n > 0 ? host : AS_STR("metadata.google.internal");
    as_http_request request = {.method = "GET",
            .url = as_str_fmt(arena,
                    "http://%.*s/computeMetadata/v1/instance/service-accounts/default/token",
                    AS_STR_ARG(host)),
            .headers = {&header, 1},
            .proxy = AS_STR("-"),
            .timeout_ms = 3000};
    as_http_answer answer = as_http_fetch(c->http, arena, &request, 2);
    if (answer.status == 0) {
        *problem =
                AS_STR("there are no Google credentials: run `gcloud auth application-default "
                       "login`, or set "
                       "GOOGLE_APPLICATION_CREDENTIALS (there is no metadata server here either)");
        return false;
    }
    if (answer.status != 200 || !as_str_is(as_http_header(&answer, "Metadata-Flavor"), "Google")) {
        *problem = as_str_fmt(arena, "%s: HTTP %d", what, answer.status);
        return false;
    }
    as_diags_init(&ignored, arena);
    return granted(arena, as_json_parse_text(arena, answer.body, AS_SPAN_NONE, &ignored), what, out,
            problem);
}

/* --- the chain -----------------------------------------------------------------------------------
 */

static bool read_file(as_gcp_credentials *c, as_str path, as_str *problem)
{
    as_sources *sources = as_sources_new();
    as_diags diags;

    as_diags_init(&diags, c->arena);
    const as_source *source = sources ? as_file_read(c->arena, sources, as_str_cstr(c->arena, path),
                                                AS_STR(""), &diags)
                                      : NULL;
    if (source)
        c->file = as_json_parse_text(
                c->arena, as_str_dup(c->arena, source->text), AS_SPAN_NONE, &diags);
    as_sources_free(sources);
    if (!as_value_is(c->file, AS_OBJECT)) {
        *problem = as_str_fmt(c->arena, "%.*s: these are no credentials", AS_STR_ARG(path));
        return false;
    }
    return true;
}

static as_str gcloud_file(as_arena *arena)
{
    as_str dir = environment("CLOUDSDK_CONFIG"), home = environment("HOME");

    if (dir.n == 0)
        dir = as_str_fmt(arena, "%.*s/.config/gcloud", AS_STR_ARG(home));
    return as_str_fmt(arena, "%.*s/application_default_credentials.json", AS_STR_ARG(dir));
}

as_gcp_credentials *as_gcp_credentials_find(
        as_arena *arena, const as_gcp_credentials_options *options, as_str *problem)
{
    as_gcp_credentials *c = AS_NEW(arena, as_gcp_credentials);
    as_http_options http = {.user_agent = options->user_agent};
    as_str path =
            options->file.n > 0 ? options->file : environment("GOOGLE_APPLICATION_CREDENTIALS");

    *c = (as_gcp_credentials){.arena = arena, .options = *options};
    c->http = as_http_new(arena, &http, problem);
    if (!c->http)
        return NULL;
    if (options->file.n == 0)
        c->fixed = environment("CLOUDSDK_AUTH_ACCESS_TOKEN");
    if (c->fixed.n > 0)
        return c;
    if (path.n > 0)
        return read_file(c, path, problem) ? c : NULL;
    path = gcloud_file(arena);
    if (access(as_str_cstr(arena, path), F_OK) == 0 && !read_file(c, path, problem))
        return NULL;
    return c;
}

bool as_gcp_credentials_token(
        as_gcp_credentials *c, as_arena *arena, as_str *token, as_str *problem)
{
    grant got = {0};

    if (c->fixed.n > 0) {
        *token = c->fixed;
        return true;
    }
    if (c->good_until == 0 || as_clock_now() >= c->good_until) {
        bool fine = c->file ? from_file(c, arena, c->file, 0, &got, problem)
                            : from_metadata(c, arena, &got, problem);
        if (!fine)
            return false;
        if (as_str_find_char(got.token, '\n') != (size_t)-1 ||
                as_str_find_char(got.token, '\r') != (size_t)-1) {
            *problem = AS_STR("the token holds a line break");
            return false;
        }
        c->token = as_str_dup(c->arena, got.token);
        int64_t left = got.until - as_clock_now();
        c->good_until = got.until - (left > 2 * EARLY_S ? EARLY_S : left / 4);
    }
    *token = c->token;
    return true;
}

bool as_gcp_credentials_reject(as_gcp_credentials *c)
{
    c->good_until = 0;
    return c->fixed.n == 0;
}

as_str as_gcp_credentials_quota_project(const as_gcp_credentials *c)
{
    as_str named = environment("GOOGLE_CLOUD_QUOTA_PROJECT");

    return named.n > 0 ? named : text_at(c->file, "quota_project_id");
}

as_str as_gcp_credentials_project(const as_gcp_credentials *c)
{
    static const char *const names[] = {
            "GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT", "GCLOUD_PROJECT"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (environment(names[i]).n > 0)
            return environment(names[i]);
    as_str project = text_at(c->file, "project_id");
    return project.n > 0 ? project : text_at(c->file, "quota_project_id");
}
