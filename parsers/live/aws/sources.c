/* Keys that services hand out: STS, SSO, containers, instances. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "parsers/json/json.h"
#include "parsers/live/aws/answer.h"
#include "parsers/live/aws/endpoint.h"
#include "parsers/live/aws/session.h"

enum { INSTANCE_TIMEOUT_MS = 1000, METADATA_TTL = 21600 };

static as_str environment(const char *name)
{
    return as_str_from(getenv(name));
}

static bool problem_is(as_str *problem, as_str text)
{
    *problem = text;
    return false;
}

const as_value *as_aws_json(as_arena *arena, as_str text)
{
    as_diags ignored;

    as_diags_init(&ignored, arena);
    return as_json_parse_text(arena, text, AS_SPAN_NONE, &ignored);
}

bool as_aws_time(as_str text, int64_t *seconds)
{
    char z[24];

    if (text.n < 20)
        return false;
    /* The hours beside UTC, which some write. */
    as_str zone = as_str_from_index(text, 19);
    size_t sign = 0;
    while (sign < zone.n && zone.p[sign] != '+' && zone.p[sign] != '-')
        sign++;
    memcpy(z, text.p, 19);
    z[19] = 'Z';
    if (!as_clock_parse((as_str){z, 20}, seconds))
        return false;
    int64_t hours, minutes;
    if (zone.n >= sign + 6 && as_str_to_int(as_str_slice(zone, sign + 1, sign + 3), &hours) &&
            as_str_to_int(as_str_slice(zone, sign + 4, sign + 6), &minutes))
        *seconds -= (zone.p[sign] == '-' ? -60 : 60) * (hours * 60 + minutes);
    return true;
}

as_http_answer as_aws_session_ask(
        as_aws_session *s, as_arena *arena, as_http_request *request, int max_tries)
{
    request->tls = s->tls;
    return as_http_fetch(s->http, arena, request, max_tries);
}

bool as_aws_keys_of(
        as_aws_session *s, const as_value *v, const char *const names[4], as_aws_fetched *out)
{
    as_str parts[3];

    for (size_t i = 0; i < 3; i++)
        parts[i] = as_str_dup(s->arena, as_value_str(as_value_get(v, as_str_from(names[i]))));
    if (parts[0].n == 0 || parts[1].n == 0)
        return false;
    out->keys = (as_aws_keys){parts[0], parts[1], parts[2]};
    const as_value *end = as_value_get(v, as_str_from(names[3]));
    out->expires = 0;
    if (as_value_is(end, AS_STRING)) {
        if (!as_aws_time(end->as.str, &out->expires))
            out->expires = 0;
    } else if (as_value_is_number(end)) {
        out->expires = (int64_t)(as_value_to_double(end) / 1000);
    }
    return true;
}

/* --- STS -------------------------------------------------------------------------------------- */

static bool ask_sts(as_aws_session *s, const char *operation, const as_value *params,
        const as_aws_keys *keys, as_aws_fetched *out, as_str *problem)
{
    static const char *const names[4] = {
            "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"};
    const as_aws_operation *op = as_aws_operation_find(s->tables, as_str_from(operation));
    as_str base = as_aws_endpoint(
            s->arena, op, s->region, s->options.endpoint_url, AS_STR(""), AS_STR(""));
    as_aws_page page = {0};
    as_aws_request request = as_aws_request_make(s->arena, op, base, params, &page);
    as_http_request http = as_aws_request_signed(
            s->arena, op, &request, keys, s->region, as_aws_date(s->arena, 0));

    as_http_answer got = as_aws_session_ask(s, s->arena, &http, 3);
    as_aws_answer answer = as_aws_answer_read(s->arena, op, &got);
    if (as_aws_keys_of(s, as_value_get(answer.body, AS_STR("Credentials")), names, out))
        return true;
    return problem_is(
            problem, as_str_fmt(s->arena, "the role %.*s cannot be assumed: %.*s%s%.*s",
                             AS_STR_ARG(s->role_arn), AS_STR_ARG(answer.code),
                             answer.message.n > 0 ? ": " : "", AS_STR_ARG(answer.message)));
}

static void add_text(as_object_builder *b, const char *name, as_str text)
{
    if (text.n > 0)
        as_object_add(
                b, as_str_from(name), AS_SPAN_NONE, as_value_string(b->arena, AS_SPAN_NONE, text));
}

static void add_common(as_object_builder *b, const as_aws_session *s)
{
    add_text(b, "RoleArn", s->role_arn);
    add_text(b, "RoleSessionName", s->role_name.n > 0 ? s->role_name : AS_STR("assay"));
    if (s->duration > 0)
        as_object_add(b, AS_STR("DurationSeconds"), AS_SPAN_NONE,
                as_value_int(b->arena, AS_SPAN_NONE, s->duration));
}

bool as_aws_fetch_role(as_aws_session *s, as_aws_fetched *out, as_str *problem)
{
    as_aws_keys keys;
    as_object_builder b;

    if (!as_aws_session_keys(s->base, &keys, problem))
        return false;
    as_object_begin(&b, s->arena);
    add_common(&b, s);
    add_text(&b, "ExternalId", s->external_id);
    if (s->mfa_serial.n > 0) {
        if (s->options.mfa_code.n == 0)
            return problem_is(problem, as_str_fmt(s->arena,
                                               "the role %.*s asks for a code of the device %.*s: "
                                               "--mfa-code CODE",
                                               AS_STR_ARG(s->role_arn), AS_STR_ARG(s->mfa_serial)));
        add_text(&b, "SerialNumber", s->mfa_serial);
        add_text(&b, "TokenCode", s->options.mfa_code);
    }
    return ask_sts(s, "sts:AssumeRole", as_object_end(&b, AS_SPAN_NONE), &keys, out, problem);
}

bool as_aws_fetch_web_identity(as_aws_session *s, as_aws_fetched *out, as_str *problem)
{
    as_object_builder b;
    as_str token;

    if (!as_aws_file(s->arena, s->token_file, &token))
        return problem_is(
                problem, as_str_fmt(s->arena, "the web identity token %.*s cannot be read",
                                 AS_STR_ARG(s->token_file)));
    as_object_begin(&b, s->arena);
    add_common(&b, s);
    add_text(&b, "WebIdentityToken", as_str_trim(token));
    return ask_sts(s, "sts:AssumeRoleWithWebIdentity", as_object_end(&b, AS_SPAN_NONE), NULL, out,
            problem);
}

/* --- SSO -------------------------------------------------------------------------------------- */

typedef struct sso {
    as_str region, session, start_url, cache_path;
    const as_value *cache;
} sso;

static as_str sha1_hex(as_arena *arena, as_str text)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    as_buf out;

    as_buf_init(&out, arena, 0);
    if (EVP_Digest(text.p, text.n, sum, &n, EVP_sha1(), NULL) == 1)
        for (unsigned i = 0; i < n; i++)
            as_buf_fmt(&out, "%02x", sum[i]);
    return as_buf_view(&out);
}

static as_str sso_host(as_aws_session *s, const char *variable, const char *prefix, as_str region)
{
    as_str own = environment(variable);

    if (own.n == 0)
        own = s->options.endpoint_url;
    return own.n > 0 ? own
                     : as_str_fmt(s->arena, "https://%s.%.*s.amazonaws.com%s", prefix,
                               AS_STR_ARG(region), as_str_starts(region, "cn-") ? ".cn" : "");
}

/* Writes the cache as the AWS CLI does, so that it goes on with the same refresh token. */
static void keep_token(as_aws_session *s, sso *o, const as_value *answer)
{
    static const char *const renewed[] = {"accessToken", "refreshToken"};
    int64_t seconds = as_value_int_or(as_value_get(answer, AS_STR("expiresIn")), 0);
    as_object_builder b;
    as_buf text;

    as_object_begin(&b, s->arena);
    const as_object *kept = as_value_is(o->cache, AS_OBJECT) ? o->cache->as.object : NULL;
    for (size_t i = 0; kept && i < kept->n; i++) {
        const as_member *m = &kept->members[i];
        as_object_add(&b, m->key, AS_SPAN_NONE, m->value);
    }
    for (size_t i = 0; i < 2; i++) {
        const as_value *v = as_value_get(answer, as_str_from(renewed[i]));
        if (as_value_is(v, AS_STRING))
            as_object_add(&b, as_str_from(renewed[i]), AS_SPAN_NONE, v);
    }
    add_text(&b, "expiresAt", as_clock_time(s->arena, (int64_t)time(NULL) + seconds));
    o->cache = as_object_end(&b, AS_SPAN_NONE);
    as_buf_init(&text, s->arena, 0);
    as_value_write_json(&text, o->cache, (as_json_style){.show_sensitive = true});
    mode_t mask = umask(0077);
    as_str failed = as_file_write(s->arena, o->cache_path, as_buf_view(&text));
    (void)umask(mask);
    if (failed.n == 0) /* otherwise the token is still good for this run */
        (void)chmod(as_str_cstr(s->arena, o->cache_path), 0600);
}

static bool refresh_token(as_aws_session *s, sso *o)
{
    static const char *const kept[] = {"clientId", "clientSecret", "refreshToken"};
    as_str url = as_str_fmt(s->arena, "%.*s/token",
            AS_STR_ARG(sso_host(s, "AWS_ENDPOINT_URL_SSO_OIDC", "oidc", o->region)));
    as_str headers[] = {AS_STR("Content-Type: application/json")};
    as_object_builder b;
    as_buf body;

    as_object_begin(&b, s->arena);
    for (size_t i = 0; i < 3; i++) {
        as_str text = as_value_str(as_value_get(o->cache, as_str_from(kept[i])));
        if (text.n == 0)
            return false;
        add_text(&b, kept[i], text);
    }
    add_text(&b, "grantType", AS_STR("refresh_token"));
    as_buf_init(&body, s->arena, 0);
    as_value_write_json(
            &body, as_object_end(&b, AS_SPAN_NONE), (as_json_style){.show_sensitive = true});
    as_http_request request = {
            .method = "POST", .url = url, .headers = {headers, 1}, .body = as_buf_view(&body)};
    as_http_answer got = as_aws_session_ask(s, s->arena, &request, 3);
    const as_value *answer = got.status == 200 ? as_aws_json(s->arena, got.body) : NULL;
    if (as_value_str(as_value_get(answer, AS_STR("accessToken"))).n == 0)
        return false;
    keep_token(s, o, answer);
    return true;
}

/* The cached token, renewed when it has expired. */
static bool sso_token(as_aws_session *s, sso *o, as_str *token, as_str *problem)
{
    as_str text, key = o->session.n > 0 ? o->session : o->start_url;
    int64_t end = 0, now = (int64_t)time(NULL);

    o->cache_path = as_aws_home_path(s->arena,
            as_str_fmt(s->arena, ".aws/sso/cache/%.*s.json", AS_STR_ARG(sha1_hex(s->arena, key)))
                    .p);
    o->cache = as_aws_file(s->arena, o->cache_path, &text) ? as_aws_json(s->arena, text) : NULL;
    *token = as_value_str(as_value_get(o->cache, AS_STR("accessToken")));
    as_str until = as_value_str(as_value_get(o->cache, AS_STR("expiresAt")));
    if (token->n > 0 && (!as_aws_time(until, &end) || end <= now + 60)) {
        if (!refresh_token(s, o))
            *token = AS_STR("");
        else
            *token = as_value_str(as_value_get(o->cache, AS_STR("accessToken")));
    }
    return token->n > 0 ||
           problem_is(problem, AS_STR("the SSO token has expired or is not there: aws sso login"));
}

bool as_aws_fetch_sso(as_aws_session *s, as_aws_fetched *out, as_str *problem)
{
    static const char *const names[4] = {
            "accessKeyId", "secretAccessKey", "sessionToken", "expiration"};
    sso o = {.session = as_aws_setting(s->profile, "sso_session")};
    const as_map *from =
            o.session.n > 0 ? as_map_get(&s->profiles->sessions, o.session) : s->profile;
    as_str token;

    o.region = as_aws_setting(from, "sso_region");
    o.start_url = as_aws_setting(from, "sso_start_url");
    if (o.region.n == 0)
        return problem_is(problem, AS_STR("the profile's sso_session has no sso_region"));
    if (!sso_token(s, &o, &token, problem))
        return false;
    as_str account = as_aws_encode(s->arena, as_aws_setting(s->profile, "sso_account_id"), false);
    as_str role = as_aws_encode(s->arena, as_aws_setting(s->profile, "sso_role_name"), false);
    as_str url = as_str_fmt(s->arena, "%.*s/federation/credentials?account_id=%.*s&role_name=%.*s",
            AS_STR_ARG(sso_host(s, "AWS_ENDPOINT_URL_SSO", "portal.sso", o.region)),
            AS_STR_ARG(account), AS_STR_ARG(role));
    as_str header = as_str_fmt(s->arena, "x-amz-sso_bearer_token: %.*s", AS_STR_ARG(token));
    as_http_request request = {.method = "GET", .url = url, .headers = {&header, 1}};
    as_http_answer got = as_aws_session_ask(s, s->arena, &request, 3);
    const as_value *answer = got.status == 200 ? as_aws_json(s->arena, got.body) : NULL;
    if (as_aws_keys_of(s, as_value_get(answer, AS_STR("roleCredentials")), names, out))
        return true;
    return problem_is(problem, as_str_fmt(s->arena,
                                       "SSO gives no credentials for the profile (HTTP %d): aws "
                                       "sso login, or ask for the role",
                                       got.status));
}

/* --- containers ------------------------------------------------------------------------------- */

/* Plain HTTP only to the machine itself and to the agents' fixed addresses. */
static bool is_near(as_str url)
{
    static const char *const hosts[] = {"http://127.", "http://localhost:", "http://localhost/",
            "http://[::1]", "http://169.254.170.2/",
            "http://169.254.170.2:", "http://169.254.170.23/",
            "http://169.254.170.23:", "http://[fd00:ec2::23]"};

    if (as_str_starts(url, "https://"))
        return true;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        if (!as_str_starts(url, hosts[i]))
            continue;
        if (i > 0)
            return true;
        /* 127.x.y.z and no name that begins like it */
        as_str host = as_str_from_index(url, strlen("http://"));
        size_t end = 0;
        while (end < host.n && ((host.p[end] >= '0' && host.p[end] <= '9') || host.p[end] == '.'))
            end++;
        return end == host.n || host.p[end] == ':' || host.p[end] == '/';
    }
    return false;
}

static bool container_token(as_aws_session *s, as_str *header, as_str *problem)
{
    as_str path = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    as_str token = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN");

    if (path.n > 0 && !as_aws_file(s->arena, path, &token))
        return problem_is(problem,
                as_str_fmt(s->arena, "the token file %.*s cannot be read", AS_STR_ARG(path)));
    token = as_str_trim(token);
    if (token.n > 0)
        *header = as_str_fmt(s->arena, "Authorization: %.*s", AS_STR_ARG(token));
    return true;
}

bool as_aws_fetch_container(as_aws_session *s, as_aws_fetched *out, as_str *problem)
{
    static const char *const names[4] = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"};
    as_str relative = environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    as_str url = environment("AWS_CONTAINER_CREDENTIALS_FULL_URI"), header = AS_STR("");

    if (relative.n > 0)
        url = as_str_fmt(s->arena, "http://169.254.170.2%.*s", AS_STR_ARG(relative));
    if (!is_near(url))
        return problem_is(problem, AS_STR("the container's credentials are offered over plain HTTP "
                                          "by another host: refused"));
    if (!container_token(s, &header, problem))
        return false;
    as_http_request request = {.method = "GET",
            .url = url,
            .headers = {&header, header.n > 0},
            .proxy = AS_STR("-"),
            .timeout_ms = 5000};
    as_http_answer got = as_aws_session_ask(s, s->arena, &request, 3);
    if (got.status == 200 && as_aws_keys_of(s, as_aws_json(s->arena, got.body), names, out))
        return true;
    return problem_is(problem,
            as_str_fmt(s->arena, "the container gives no credentials (HTTP %d)", got.status));
}

/* --- instances -------------------------------------------------------------------------------- */

static as_str instance_url(as_aws_session *s, const char *path)
{
    as_str base = environment("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    bool v6 = as_str_ieq(environment("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"), AS_STR("ipv6"));

    if (base.n == 0)
        base = v6 ? AS_STR("http://[fd00:ec2::254]") : AS_STR("http://169.254.169.254");
    if (as_str_ends(base, "/"))
        base = as_str_slice(base, 0, base.n - 1);
    return as_str_fmt(s->arena, "%.*s%s", AS_STR_ARG(base), path);
}

/* IMDSv2: a token first
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html).
 */
static bool ask_instance(as_aws_session *s, const char *path, as_str *text)
{
    as_str ttl = as_str_fmt(s->arena, "X-aws-ec2-metadata-token-ttl-seconds: %d", METADATA_TTL);
    as_http_request put = {.method = "PUT",
            .url = instance_url(s, "/latest/api/token"),
            .headers = {&ttl, 1},
            .proxy = AS_STR("-"),
            .timeout_ms = INSTANCE_TIMEOUT_MS};

    as_http_answer got = as_aws_session_ask(s, s->arena, &put, 2);
    if (got.status != 200)
        return false;
    as_str header = as_str_fmt(
            s->arena, "X-aws-ec2-metadata-token: %.*s", AS_STR_ARG(as_str_trim(got.body)));
    as_http_request get = {.method = "GET",
            .url = instance_url(s, path),
            .headers = {&header, 1},
            .proxy = AS_STR("-"),
            .timeout_ms = INSTANCE_TIMEOUT_MS};
    got = as_aws_session_ask(s, s->arena, &get, 2);
    *text = as_str_trim(got.body);
    return got.status == 200 && text->n > 0;
}

as_str as_aws_instance_region(as_aws_session *s)
{
    as_str region;

    return ask_instance(s, "/latest/meta-data/placement/region", &region) ? region : AS_STR("");
}

bool as_aws_fetch_instance(as_aws_session *s, as_aws_fetched *out, as_str *problem)
{
    static const char *const names[4] = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"};
    static const char base[] = "/latest/meta-data/iam/security-credentials/";
    as_str role, text;

    if (!ask_instance(s, base, &role))
        return problem_is(problem, AS_STR("there are no credentials: neither in the environment, "
                                          "nor in a profile, nor of "
                                          "a container, nor of an instance"));
    role = as_str_slice(role, 0, as_str_find_char(role, '\n'));
    role = as_aws_encode(s->arena, role, false);
    if (ask_instance(s, as_str_fmt(s->arena, "%s%.*s", base, AS_STR_ARG(role)).p, &text) &&
            as_aws_keys_of(s, as_aws_json(s->arena, text), names, out))
        return true;
    return problem_is(problem, as_str_fmt(s->arena, "the instance's role %.*s gives no credentials",
                                       AS_STR_ARG(role)));
}
