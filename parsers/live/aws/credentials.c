#include "parsers/live/aws/credentials.h"

#include <stdlib.h>
#include <time.h>

#include "parsers/live/aws/session.h"

enum {
    MARGIN = 300,  /* seconds before the end at which new keys are fetched */
    MAX_CHAIN = 8, /* source_profile of source_profile … */
};

static as_str environment(const char *name)
{
    return as_str_from(getenv(name));
}

as_str as_aws_date(as_arena *arena, int64_t offset)
{
    time_t now = time(NULL) + (time_t)offset;
    struct tm utc;
    char text[32];

    if (!gmtime_r(&now, &utc) || strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc) == 0)
        return AS_STR("19700101T000000Z");
    return as_str_dup(arena, as_str_from(text));
}

static bool problem_is(as_str *problem, as_str text)
{
    *problem = text;
    return false;
}

/* --- profiles --------------------------------------------------------------------------------- */

static bool from_profile(as_aws_session *s, as_str name, int depth, as_str *problem);

static as_aws_session *derived(const as_aws_session *s)
{
    as_aws_session *base = AS_NEW(s->arena, as_aws_session);

    *base = (as_aws_session){.arena = s->arena,
            .tables = s->tables,
            .options = s->options,
            .http = s->http,
            .tls = s->tls,
            .profiles = s->profiles,
            .region = s->region};
    return base;
}

static bool static_keys(as_aws_session *s, as_str access, as_str secret, as_str token)
{
    if (access.n == 0 || secret.n == 0)
        return false;
    s->source = AS_AWS_STATIC;
    s->fetched = true;
    s->keys = (as_aws_keys){access, secret, token};
    return true;
}

static bool from_environment(as_aws_session *s)
{
    return static_keys(s, environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"),
            environment("AWS_SESSION_TOKEN"));
}

static bool from_container(as_aws_session *s)
{
    s->source = AS_AWS_CONTAINER;
    return environment("AWS_CONTAINER_CREDENTIALS_FULL_URI").n > 0 ||
           environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").n > 0;
}

static bool credential_source(as_aws_session *base, as_str source, as_str *problem)
{
    if (as_str_is(source, "Environment"))
        return from_environment(base) ||
               problem_is(
                       problem, AS_STR("credential_source is Environment, and there are no keys"));
    if (as_str_is(source, "EcsContainer"))
        return from_container(base) ||
               problem_is(problem,
                       AS_STR("credential_source is EcsContainer, and this is no container of it"));
    base->source = AS_AWS_INSTANCE;
    return as_str_is(source, "Ec2InstanceMetadata") ||
           problem_is(
                   problem, as_str_fmt(base->arena, "the credential_source \"%.*s\" is not known",
                                    AS_STR_ARG(source)));
}

/* role_arn with what it is assumed by. */
static bool role_of_profile(
        as_aws_session *s, const as_map *profile, as_str name, int depth, as_str *problem)
{
    as_str source = as_aws_setting(profile, "source_profile");
    as_str other = as_aws_setting(profile, "credential_source");

    s->role_arn = as_aws_setting(profile, "role_arn");
    s->role_name = as_aws_setting(profile, "role_session_name");
    s->external_id = as_aws_setting(profile, "external_id");
    s->mfa_serial = as_aws_setting(profile, "mfa_serial");
    s->token_file = as_aws_setting(profile, "web_identity_token_file");
    if (!as_str_to_int(as_aws_setting(profile, "duration_seconds"), &s->duration))
        s->duration = 0;
    if (s->token_file.n > 0) {
        s->source = AS_AWS_WEB_IDENTITY;
        return true;
    }
    s->source = AS_AWS_ASSUME_ROLE;
    s->base = derived(s);
    if (other.n > 0)
        return credential_source(s->base, other, problem);
    if (as_str_eq(source, name)) /* its own keys */
        return static_keys(s->base, as_aws_setting(profile, "aws_access_key_id"),
                       as_aws_setting(profile, "aws_secret_access_key"),
                       as_aws_setting(profile, "aws_session_token")) ||
               problem_is(problem, as_str_fmt(s->arena,
                                           "the profile \"%.*s\" is its own source_profile and "
                                           "has no keys",
                                           AS_STR_ARG(name)));
    if (source.n > 0)
        return from_profile(s->base, source, depth + 1, problem);
    return problem_is(
            problem, as_str_fmt(s->arena,
                             "the profile \"%.*s\" has a role_arn, and neither source_profile nor "
                             "credential_source",
                             AS_STR_ARG(name)));
}

/* False without a problem: the profile says nothing of keys. */
static bool from_profile(as_aws_session *s, as_str name, int depth, as_str *problem)
{
    const as_map *profile = as_map_get(&s->profiles->profiles, name);

    if (!profile)
        return problem_is(
                problem, as_str_fmt(s->arena, "there is no profile \"%.*s\"", AS_STR_ARG(name)));
    if (depth > MAX_CHAIN)
        return problem_is(problem, AS_STR("source_profile leads in a circle"));
    if (as_aws_setting(profile, "role_arn").n > 0)
        return role_of_profile(s, profile, name, depth, problem);
    s->profile = profile;
    if (as_aws_setting(profile, "sso_account_id").n > 0) {
        s->source = AS_AWS_SSO;
        return true;
    }
    if (static_keys(s, as_aws_setting(profile, "aws_access_key_id"),
                as_aws_setting(profile, "aws_secret_access_key"),
                as_aws_setting(profile, "aws_session_token")))
        return true;
    s->source = AS_AWS_PROCESS;
    if (as_aws_setting(profile, "credential_process").n == 0)
        return false;
    return s->options.may_execute ||
           problem_is(
                   problem, as_str_fmt(s->arena,
                                    "the profile \"%.*s\" runs a credential_process, and --no-exec "
                                    "forbids it",
                                    AS_STR_ARG(name)));
}

/* --- the chain -------------------------------------------------------------------------------- */

static bool resolve(as_aws_session *s, as_str *problem)
{
    as_str profile = s->options.profile;
    bool named = profile.n > 0;

    if (!named && from_environment(s))
        return true;
    if (!named) {
        profile = environment("AWS_PROFILE");
        named = profile.n > 0;
        profile = named ? profile : AS_STR("default");
    }
    *problem = AS_STR("");
    if (named || as_map_get(&s->profiles->profiles, profile)) {
        if (from_profile(s, profile, 0, problem))
            return true;
        if (named && problem->n == 0)
            *problem = as_str_fmt(
                    s->arena, "the profile \"%.*s\" holds no credentials", AS_STR_ARG(profile));
        if (problem->n > 0)
            return false;
    }
    s->token_file = environment("AWS_WEB_IDENTITY_TOKEN_FILE");
    s->role_arn = environment("AWS_ROLE_ARN");
    s->role_name = environment("AWS_ROLE_SESSION_NAME");
    s->source = AS_AWS_WEB_IDENTITY;
    if (s->token_file.n > 0 && s->role_arn.n > 0)
        return true;
    if (from_container(s))
        return true;
    s->source = AS_AWS_INSTANCE;
    return !as_str_ieq(environment("AWS_EC2_METADATA_DISABLED"), AS_STR("true")) ||
           problem_is(
                   problem, AS_STR("there are no credentials: neither in the environment, nor in "
                                   "a profile, nor of a container"));
}

static as_str region_of(as_aws_session *s)
{
    as_str profile = s->options.profile.n > 0 ? s->options.profile : environment("AWS_PROFILE");
    as_str candidates[4] = {s->options.region, environment("AWS_REGION"),
            environment("AWS_DEFAULT_REGION"),
            as_aws_setting(
                    as_map_get(&s->profiles->profiles, profile.n > 0 ? profile : AS_STR("default")),
                    "region")};

    for (size_t i = 0; i < 4; i++)
        if (candidates[i].n > 0)
            return candidates[i];
    return AS_STR("");
}

as_aws_session *as_aws_session_new(as_arena *arena, const as_aws_tables *tables,
        const as_aws_chain_options *options, as_str *problem)
{
    as_aws_session *s = AS_NEW(arena, as_aws_session);
    as_http_options http = {.max_answer_bytes = 1 << 20};

    *s = (as_aws_session){.arena = arena, .tables = tables, .options = *options};
    s->http = as_http_new(arena, &http, problem);
    if (!s->http)
        return NULL;
    if (options->ca_pem.n > 0) {
        as_http_tls *tls = AS_NEW(arena, as_http_tls);
        tls->ca_pem = options->ca_pem;
        s->tls = tls;
    }
    s->profiles = as_aws_profiles_read(arena);
    s->region = region_of(s);
    if (!resolve(s, problem))
        return NULL;
    if (s->region.n == 0 && s->source == AS_AWS_INSTANCE)
        s->region = as_aws_instance_region(s);
    if (s->region.n == 0)
        s->region = AS_STR("us-east-1");
    if (s->base)
        s->base->region = s->region;
    return s;
}

as_aws_session *as_aws_session_assume(
        as_arena *arena, as_aws_session *base, as_str role_arn, as_str external_id)
{
    as_aws_session *s = derived(base);

    s->arena = arena;
    s->source = AS_AWS_ASSUME_ROLE;
    s->base = base;
    s->role_arn = as_str_dup(arena, role_arn);
    s->external_id = external_id;
    return s;
}

/* --- keys ------------------------------------------------------------------------------------- */

typedef bool fetch_fn(as_aws_session *s, as_aws_fetched *out, as_str *problem);

static fetch_fn *fetcher(as_aws_source source)
{
    switch (source) {
    case AS_AWS_ASSUME_ROLE:
        return as_aws_fetch_role;
    case AS_AWS_WEB_IDENTITY:
        return as_aws_fetch_web_identity;
    case AS_AWS_SSO:
        return as_aws_fetch_sso;
    case AS_AWS_PROCESS:
        return as_aws_fetch_process;
    case AS_AWS_CONTAINER:
        return as_aws_fetch_container;
    case AS_AWS_INSTANCE:
        return as_aws_fetch_instance;
    case AS_AWS_STATIC:
        break;
    }
    return NULL;
}

bool as_aws_session_keys(as_aws_session *s, as_aws_keys *out, as_str *problem)
{
    int64_t now = (int64_t)time(NULL);
    fetch_fn *fetch = fetcher(s->source);
    as_aws_fetched fetched = {0};

    if (fetch && (!s->fetched || (s->expires > 0 && s->expires - now < MARGIN))) {
        if (fetch(s, &fetched, problem)) {
            s->keys = fetched.keys;
            s->expires = fetched.expires;
            s->fetched = true;
        } else if (!s->fetched || s->expires <= now) {
            return false;
        }
    }
    *out = s->keys;
    return true;
}

bool as_aws_session_expire(as_aws_session *s, as_str access_key)
{
    if (s->source == AS_AWS_STATIC)
        return false;
    if (as_str_eq(s->keys.access_key, access_key))
        s->fetched = false;
    return true;
}

as_str as_aws_session_region(const as_aws_session *s)
{
    return s->region;
}
