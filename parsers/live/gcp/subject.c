#include "parsers/live/gcp/subject.h"

#include <stdlib.h>
#include <time.h>

#include "engine/base/buf.h"
#include "engine/base/file.h"
#include "parsers/json/json.h"
#include "parsers/live/aws/sign.h"

static as_str text_at(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

static as_str environment(const char *name)
{
    return as_str_from(getenv(name));
}

bool as_gcp_safe_url(as_str url)
{
    static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]",
            "http://169.254.", "http://[fd00:ec2::254]", "http://metadata.google.internal"};

    if (as_str_starts(url, "https://"))
        return true;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t n = strlen(hosts[i]);
        if (as_str_starts(url, hosts[i]) &&
                (url.n == n || url.p[n] == '/' || url.p[n] == ':' || hosts[i][n - 1] == '.') &&
                as_str_find_char(as_str_slice(url, 0, 7 + 64), '@') == (size_t)-1)
            return true;
    }
    return false;
}

static const as_value *parse(const as_gcp_subject_source *s, as_str text)
{
    as_diags ignored;

    as_diags_init(&ignored, s->arena);
    return as_json_parse_text(s->arena, text, AS_SPAN_NONE, &ignored);
}

/* The token in a text: all of it, or a member of the JSON that it is. */
static bool token_in(const as_gcp_subject_source *s, as_str text, as_str *token, as_str *problem)
{
    const as_value *format = as_value_get(s->source, AS_STR("format"));

    if (as_str_is(text_at(format, "type"), "json"))
        *token = text_at(
                parse(s, text), as_str_cstr(s->arena, text_at(format, "subject_token_field_name")));
    else
        *token = as_str_trim(text);
    if (token->n == 0)
        *problem = AS_STR("the source of the outside token holds none");
    return token->n > 0;
}

static bool from_file(const as_gcp_subject_source *s, as_str path, as_str *token, as_str *problem)
{
    as_sources *sources = as_sources_new();
    as_str text = AS_STR("");
    as_diags ignored;

    as_diags_init(&ignored, s->arena);
    const as_source *source = sources ? as_file_read(s->arena, sources, as_str_cstr(s->arena, path),
                                                AS_STR(""), &ignored)
                                      : NULL;
    if (source)
        text = as_str_dup(s->arena, source->text);
    as_sources_free(sources);
    if (!source)
        *problem = as_str_fmt(s->arena, "%.*s cannot be read", AS_STR_ARG(path));
    return source && token_in(s, text, token, problem);
}

static bool fetch(const as_gcp_subject_source *s, const char *method, as_str url, as_strs headers,
        as_str *body, as_str *problem)
{
    as_http_request request = {.method = method,
            .url = url,
            .headers = headers,
            .tls = s->tls,
            .timeout_ms = 5000,
            .proxy = as_str_starts(url, "http://") ? AS_STR("-") : AS_STR("")};

    if (!as_gcp_safe_url(url)) {
        *problem = as_str_fmt(s->arena, "%.*s is no https address", AS_STR_ARG(url));
        return false;
    }
    as_http_answer answer = as_http_fetch(s->http, s->arena, &request, 3);
    *body = answer.body;
    if (answer.status != 200)
        *problem = as_str_fmt(s->arena, "%.*s: %s%.*s", AS_STR_ARG(url),
                answer.status == 0 ? "" : "HTTP ",
                AS_STR_ARG(answer.status == 0 ? answer.error
                                              : as_str_fmt(s->arena, "%d", answer.status)));
    return answer.status == 200;
}

static bool from_url(const as_gcp_subject_source *s, as_str url, as_str *token, as_str *problem)
{
    const as_value *all = as_value_get(s->source, AS_STR("headers"));
    size_t n = as_value_count(all);
    as_str *headers = AS_NEW_ARRAY(s->arena, as_str, n), body;

    for (size_t i = 0; i < n; i++) {
        const as_member *m = &all->as.object->members[i];
        headers[i] = as_str_fmt(
                s->arena, "%.*s: %.*s", AS_STR_ARG(m->key), AS_STR_ARG(as_value_str(m->value)));
    }
    return fetch(s, "GET", url, (as_strs){headers, n}, &body, problem) &&
           token_in(s, body, token, problem);
}

/* --- AWS: a signed GetCallerIdentity, which Google sends on to STS ---------------------------- */

typedef struct aws {
    as_aws_keys keys;
    as_str region, session; /* the header with the IMDSv2 session; empty: none */
} aws;

static as_strs session_header(const aws *a)
{
    return (as_strs){&a->session, a->session.n > 0 ? 1 : 0};
}

static bool open_session(const as_gcp_subject_source *s, aws *a, as_str *problem)
{
    as_str url = text_at(s->source, "imdsv2_session_token_url"), token;
    as_str header = AS_STR("X-aws-ec2-metadata-token-ttl-seconds: 300");

    if (url.n == 0 || a->session.n > 0)
        return true;
    if (!fetch(s, "PUT", url, (as_strs){&header, 1}, &token, problem))
        return false;
    a->session =
            as_str_fmt(s->arena, "X-aws-ec2-metadata-token: %.*s", AS_STR_ARG(as_str_trim(token)));
    return true;
}

static bool find_region(const as_gcp_subject_source *s, aws *a, as_str *problem)
{
    as_str zone;

    a->region = environment("AWS_REGION");
    a->region = a->region.n > 0 ? a->region : environment("AWS_DEFAULT_REGION");
    if (a->region.n > 0)
        return true;
    if (!open_session(s, a, problem) ||
            !fetch(s, "GET", text_at(s->source, "region_url"), session_header(a), &zone, problem))
        return false;
    zone = as_str_trim(zone);
    a->region = as_str_slice(zone, 0, zone.n > 0 ? zone.n - 1 : 0); /* "eu-west-1b" */
    return true;
}

static bool find_keys(const as_gcp_subject_source *s, aws *a, as_str *problem)
{
    as_str url = text_at(s->source, "url"), role, body;

    a->keys = (as_aws_keys){environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"),
            environment("AWS_SESSION_TOKEN")};
    if (a->keys.access_key.n > 0 && a->keys.secret_key.n > 0)
        return true;
    if (!open_session(s, a, problem) || !fetch(s, "GET", url, session_header(a), &role, problem))
        return false;
    url = as_str_fmt(s->arena, "%.*s/%.*s", AS_STR_ARG(url), AS_STR_ARG(as_str_trim(role)));
    if (!fetch(s, "GET", url, session_header(a), &body, problem))
        return false;
    const as_value *v = parse(s, body);
    a->keys = (as_aws_keys){
            text_at(v, "AccessKeyId"), text_at(v, "SecretAccessKey"), text_at(v, "Token")};
    if (a->keys.access_key.n == 0)
        *problem = AS_STR("the metadata of AWS hold no keys");
    return a->keys.access_key.n > 0;
}

static void add_header(as_buf *out, const char *name, as_str value)
{
    as_buf_cstr(out, ",{\"key\":");
    as_buf_json_string(out, as_str_from(name));
    as_buf_cstr(out, ",\"value\":");
    as_buf_json_string(out, value);
    as_buf_char(out, '}');
}

static bool from_aws(const as_gcp_subject_source *s, as_str *token, as_str *problem)
{
    as_str url = text_at(s->source, "regional_cred_verification_url");
    as_aws_header target = {AS_STR("x-goog-cloud-target-resource"), s->audience};
    time_t now = time(NULL);
    char date[24];
    struct tm t;
    aws a = {0};
    as_buf out;

    if (!find_region(s, &a, problem) || !find_keys(s, &a, problem))
        return false;
    url = as_str_replace(s->arena, url, AS_STR("{region}"), a.region);
    gmtime_r(&now, &t);
    (void)strftime(date, sizeof date, "%Y%m%dT%H%M%SZ", &t);
    as_aws_signing request = {.method = "POST",
            .url = url,
            .service = AS_STR("sts"),
            .region = a.region,
            .headers = &target,
            .n_headers = 1,
            .date = as_str_from(date)};
    as_aws_signed got = as_aws_sign(s->arena, &request, &a.keys);
    as_buf_init(&out, s->arena, 0);
    as_buf_cstr(&out, "{\"url\":");
    as_buf_json_string(&out, url);
    as_buf_cstr(&out, ",\"method\":\"POST\",\"headers\":[{\"key\":\"host\",\"value\":");
    size_t scheme = as_str_find(url, AS_STR("://"));
    as_str host = as_str_from_index(url, scheme == (size_t)-1 ? url.n : scheme + 3);
    as_buf_json_string(&out, as_str_slice(host, 0, strcspn(as_str_cstr(s->arena, host), "/?")));
    as_buf_char(&out, '}');
    for (size_t i = 0; i < got.n_headers; i++)
        if (!as_str_ieq(got.headers[i].name, AS_STR("host")))
            add_header(&out, as_str_cstr(s->arena, as_str_lower(s->arena, got.headers[i].name)),
                    got.headers[i].value);
    add_header(&out, "x-goog-cloud-target-resource", s->audience);
    as_buf_cstr(&out, "]}");
    *token = as_aws_encode(s->arena, as_buf_view(&out), true);
    return true;
}

bool as_gcp_subject_token(const as_gcp_subject_source *s, as_str *token, as_str *problem)
{
    as_str file = text_at(s->source, "file"), url = text_at(s->source, "url");

    if (as_str_starts(text_at(s->source, "environment_id"), "aws"))
        return from_aws(s, token, problem);
    if (file.n > 0)
        return from_file(s, file, token, problem);
    if (url.n > 0)
        return from_url(s, url, token, problem);
    *problem = AS_STR("the source of the outside token is none of file, url and aws");
    return false;
}
