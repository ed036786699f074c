#include "parsers/live/kubernetes/auth.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/base64.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "parsers/json/json.h"
#include "parsers/live/aws/credentials.h"
#include "parsers/live/command.h"
#include "parsers/live/gcp/credentials.h"

enum {
    REREAD_S = 60,    /* a token file is renewed by the kubelet well before its token ends */
    EARLY_S = 60,     /* tokens are renewed that long before their end */
    EKS_LIFE_S = 840, /* EKS takes a presigned URL for 15 minutes */
    PRESIGNED_S = 60,
};

typedef enum source {
    SOURCE_NONE, /* a certificate, or nothing at all */
    SOURCE_TOKEN,
    SOURCE_FILE,
    SOURCE_BASIC,
    SOURCE_EXEC,
    SOURCE_EKS,
    SOURCE_GKE,
} source;

struct as_kube_auth {
    as_arena *arena;
    as_kube_connection *connection;
    as_kube_auth_options options;
    source source;
    as_str token;
    int64_t good_until; /* 0: there is none; -1: it does not end */
    as_gcp_credentials *google;
    as_aws_session *aws; /* of the role, where the arguments name one */
};

/* --- the word after an option, in a plug-in's arguments ------------------------------------------
 */

static as_str option_of(as_strs args, const char *name, const char *letter)
{
    size_t n = strlen(name);

    for (size_t i = 0; i < args.n; i++) {
        as_str arg = args.items[i];
        if ((as_str_is(arg, name) || (letter && as_str_is(arg, letter))) && i + 1 < args.n)
            return args.items[i + 1];
        if (as_str_starts(arg, name) && arg.n > n && arg.p[n] == '=')
            return as_str_from_index(arg, n + 1);
    }
    return AS_STR("");
}

static as_str base_of(as_str path)
{
    size_t slash = as_str_rfind_char(path, '/');

    return slash == (size_t)-1 ? path : as_str_from_index(path, slash + 1);
}

static as_str environment(const as_kube_exec *exec, const char *name)
{
    size_t n = strlen(name);

    for (size_t i = 0; i < exec->environ.n; i++)
        if (as_str_starts(exec->environ.items[i], name) && exec->environ.items[i].p[n] == '=')
            return as_str_from_index(exec->environ.items[i], n + 1);
    return as_str_from(getenv(name));
}

/* --- which way -----------------------------------------------------------------------------------
 */

static bool in_path(as_arena *arena, as_str command)
{
    as_str list = as_str_from(getenv("PATH")), dir;

    if (as_str_find_char(command, '/') != (size_t)-1)
        return access(as_str_cstr(arena, command), X_OK) == 0;
    while (as_str_split(&list, ':', &dir)) {
        as_str path = as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(dir), AS_STR_ARG(command));
        if (access(path.p, X_OK) == 0)
            return true;
    }
    return false;
}

/* Of a plug-in that is well known what it does is done here where it must not run or is not there.
 */
static source known_plugin(const as_kube_exec *exec)
{
    as_str name = base_of(exec->command);

    if (as_str_is(name, "aws-iam-authenticator"))
        return SOURCE_EKS;
    if (as_str_is(name, "aws") && exec->args.n > 1 && option_of(exec->args, "eks", NULL).n > 0)
        return SOURCE_EKS;
    if (as_str_is(name, "gke-gcloud-auth-plugin"))
        return SOURCE_GKE;
    return SOURCE_NONE;
}

static source choose(as_arena *arena, const as_kube_connection *c, bool no_exec)
{
    if (c->token_file.n > 0)
        return SOURCE_FILE; /* wins over `token`, as with kubectl */
    if (c->token.n > 0)
        return SOURCE_TOKEN;
    if (c->username.n > 0)
        return SOURCE_BASIC;
    if (c->exec.command.n == 0)
        return SOURCE_NONE;
    source native = known_plugin(&c->exec);
    if (native != SOURCE_NONE && (no_exec || !in_path(arena, c->exec.command)))
        return native;
    return SOURCE_EXEC;
}

as_kube_auth *as_kube_auth_new(
        as_arena *arena, as_kube_connection *connection, const as_kube_auth_options *options)
{
    as_kube_auth *auth = AS_NEW(arena, as_kube_auth);

    *auth = (as_kube_auth){.arena = arena,
            .connection = connection,
            .options = *options,
            .source = choose(arena, connection, options->no_exec)};
    return auth;
}

/* --- tokens --------------------------------------------------------------------------------------
 */

static bool read_file(as_kube_auth *auth, as_str *problem)
{
    const as_kube_connection *c = auth->connection;
    as_sources *sources = as_sources_new();
    as_diags ignored;

    as_diags_init(&ignored, auth->arena);
    const as_source *text =
            sources ? as_file_read(auth->arena, sources, as_str_cstr(auth->arena, c->token_file),
                              AS_STR(""), &ignored)
                    : NULL;
    auth->token = text ? as_str_dup(auth->arena, as_str_trim(text->text)) : AS_STR("");
    auth->good_until = as_clock_now() + REREAD_S;
    as_sources_free(sources);
    if (auth->token.n == 0 && c->token.n > 0)
        auth->token = c->token;
    if (auth->token.n == 0)
        *problem = as_str_fmt(auth->arena, "%.*s holds no token", AS_STR_ARG(c->token_file));
    return auth->token.n > 0;
}

/* https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
static as_str exec_info(as_kube_auth *auth)
{
    const as_kube_connection *c = auth->connection;
    as_buf out;

    as_buf_init(&out, auth->arena, 0);
    as_buf_cstr(&out, "KUBERNETES_EXEC_INFO={\"kind\":\"ExecCredential\",\"apiVersion\":");
    as_buf_json_string(&out, c->exec.api_version);
    as_buf_cstr(&out, ",\"spec\":{\"interactive\":false");
    if (c->exec.cluster_info) {
        as_buf_cstr(&out, ",\"cluster\":{\"server\":");
        as_buf_json_string(&out, c->server);
        if (c->tls.ca_pem.n > 0) {
            as_buf_cstr(&out, ",\"certificate-authority-data\":");
            as_buf_json_string(&out, as_base64_encode(auth->arena, c->tls.ca_pem));
        }
        if (c->tls.server_name.n > 0) {
            as_buf_cstr(&out, ",\"tls-server-name\":");
            as_buf_json_string(&out, c->tls.server_name);
        }
        if (c->tls.insecure)
            as_buf_cstr(&out, ",\"insecure-skip-tls-verify\":true");
        if (c->exec_config) {
            as_buf_cstr(&out, ",\"config\":");
            as_value_write_json(&out, c->exec_config, (as_json_style){.show_sensitive = true});
        }
        as_buf_char(&out, '}');
    }
    as_buf_cstr(&out, "}}");
    return as_buf_view(&out);
}

static bool take_credential(as_kube_auth *auth, as_str text, as_str *problem)
{
    as_kube_connection *c = auth->connection;
    as_diags ignored;
    int64_t end;

    as_diags_init(&ignored, auth->arena);
    const as_value *all = as_json_parse_text(auth->arena, text, AS_SPAN_NONE, &ignored);
    const as_value *status = as_value_get(all, AS_STR("status"));
    auth->token = as_value_str(as_value_get(status, AS_STR("token")));
    as_str cert = as_value_str(as_value_get(status, AS_STR("clientCertificateData")));
    as_str key = as_value_str(as_value_get(status, AS_STR("clientKeyData")));
    if (cert.n > 0 && key.n > 0) {
        c->tls.cert_pem = cert;
        c->tls.key_pem = key;
    }
    bool ends =
            as_clock_parse(as_value_str(as_value_get(status, AS_STR("expirationTimestamp"))), &end);
    auth->good_until = ends ? end - EARLY_S : -1;
    if (auth->token.n == 0 && cert.n == 0)
        *problem = as_str_fmt(
                auth->arena, "%.*s handed out no credentials", AS_STR_ARG(c->exec.command));
    return auth->token.n > 0 || cert.n > 0;
}

static bool run_plugin(as_kube_auth *auth, as_str *problem)
{
    const as_kube_exec *exec = &auth->connection->exec;
    as_arena *arena = auth->arena;
    as_str *argv = AS_NEW_ARRAY(arena, as_str, exec->args.n + 1), out;
    as_str *env = AS_NEW_ARRAY(arena, as_str, exec->environ.n + 1);

    if (auth->options.no_exec) {
        *problem = as_str_fmt(arena, "the kubeconfig wants to run %.*s, which --no-exec forbids",
                AS_STR_ARG(exec->command));
        return false;
    }
    argv[0] = exec->command;
    env[0] = exec_info(auth);
    for (size_t i = 0; i < exec->args.n; i++)
        argv[i + 1] = exec->args.items[i];
    for (size_t i = 0; i < exec->environ.n; i++)
        env[i + 1] = exec->environ.items[i];
    as_command_line line = {{argv, exec->args.n + 1}, {env, exec->environ.n + 1}, 0};
    if (!as_command_line_run(arena, &line, &out, problem)) {
        if (exec->hint.n > 0)
            *problem =
                    as_str_fmt(arena, "%.*s (%.*s)", AS_STR_ARG(*problem), AS_STR_ARG(exec->hint));
        return false;
    }
    return take_credential(auth, out, problem);
}

/* --- EKS and GKE without their plug-ins ----------------------------------------------------------
 */

as_str as_kube_eks_token(
        as_arena *arena, as_str cluster, as_str region, as_str date, const struct as_aws_keys *keys)
{
    as_aws_header header = {AS_STR("x-k8s-aws-id"), cluster};
    const char *suffix = as_str_starts(region, "cn-") ? ".cn" : "";
    as_aws_signing request = {.method = "GET",
            .url = as_str_fmt(arena,
                    "https://sts.%.*s.amazonaws.com%s/?Action=GetCallerIdentity&Version=2011-06-15",
                    AS_STR_ARG(region), suffix),
            .service = AS_STR("sts"),
            .region = region,
            .headers = &header,
            .n_headers = 1,
            .date = date};
    as_str url = as_aws_presign(arena, &request, keys, PRESIGNED_S);
    as_str text = as_base64_encode(arena, url);
    char *safe = as_str_cstr(arena, text);

    for (size_t i = 0; i < text.n; i++)
        safe[i] = safe[i] == '+' ? '-' : safe[i] == '/' ? '_' : safe[i];
    while (text.n > 0 && safe[text.n - 1] == '=')
        text.n--;
    return as_str_fmt(arena, "k8s-aws-v1.%.*s", (int)text.n, safe);
}

/* "https://ID.gr7.eu-west-1.eks.amazonaws.com" → "eu-west-1" */
static as_str region_of_server(as_str server)
{
    size_t eks = as_str_find(server, AS_STR(".eks.amazonaws.com"));
    size_t dot = eks == (size_t)-1 ? eks : as_str_rfind_char(as_str_slice(server, 0, eks), '.');

    return dot == (size_t)-1 ? AS_STR("") : as_str_slice(server, dot + 1, eks);
}

static as_str signing_date(as_arena *arena)
{
    time_t now = time(NULL);
    struct tm t;
    char text[24];

    gmtime_r(&now, &t);
    (void)strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &t);
    return as_str_dup(arena, as_str_from(text));
}

/* The whole chain of AWS, with the profile and the role that the plug-in is told. */
static as_aws_session *aws_session(as_kube_auth *auth, as_str region, as_str *problem)
{
    const as_kube_exec *exec = &auth->connection->exec;
    as_str role = option_of(exec->args, "--role-arn", "-r");
    as_aws_chain_options options = {.profile = option_of(exec->args, "--profile", NULL),
            .region = region,
            .may_execute = !auth->options.no_exec};

    if (options.profile.n == 0)
        options.profile = environment(exec, "AWS_PROFILE");
    as_aws_session *base =
            as_aws_session_new(auth->arena, as_aws_tables_load(auth->arena), &options, problem);
    return base && role.n > 0 ? as_aws_session_assume(auth->arena, base, role, AS_STR("")) : base;
}

/* Keys that the kubeconfig itself sets, else those of the chain. */
static bool eks_keys(as_kube_auth *auth, as_str region, as_aws_keys *keys, as_str *problem)
{
    const as_kube_exec *exec = &auth->connection->exec;

    *keys = (as_aws_keys){environment(exec, "AWS_ACCESS_KEY_ID"),
            environment(exec, "AWS_SECRET_ACCESS_KEY"), environment(exec, "AWS_SESSION_TOKEN")};
    if (keys->access_key.n > 0 && keys->secret_key.n > 0 &&
            option_of(exec->args, "--role-arn", "-r").n == 0 &&
            option_of(exec->args, "--profile", NULL).n == 0)
        return true;
    if (!auth->aws)
        auth->aws = aws_session(auth, region, problem);
    return auth->aws && as_aws_session_keys(auth->aws, keys, problem);
}

static bool make_eks(as_kube_auth *auth, as_str *problem)
{
    const as_kube_exec *exec = &auth->connection->exec;
    as_aws_keys keys;
    as_str cluster = option_of(exec->args, "--cluster-name", NULL);
    as_str region = option_of(exec->args, "--region", NULL);

    cluster = cluster.n > 0 ? cluster : option_of(exec->args, "--cluster-id", "-i");
    cluster = cluster.n > 0 ? cluster : option_of(exec->args, "--name", NULL);
    region = region.n > 0 ? region : region_of_server(auth->connection->server);
    region = region.n > 0 ? region : environment(exec, "AWS_REGION");
    region = region.n > 0 ? region : environment(exec, "AWS_DEFAULT_REGION");
    if (cluster.n == 0 || region.n == 0)
        *problem = AS_STR("the kubeconfig names no EKS cluster or region");
    else if (eks_keys(auth, region, &keys, problem))
        auth->token =
                as_kube_eks_token(auth->arena, cluster, region, signing_date(auth->arena), &keys);
    if (problem->n > 0)
        return false;
    auth->good_until = as_clock_now() + EKS_LIFE_S - EARLY_S;
    return true;
}

static bool make_gke(as_kube_auth *auth, as_str *problem)
{
    if (!auth->google) {
        as_gcp_credentials_options options = {
                .no_exec = auth->options.no_exec, .user_agent = auth->options.user_agent};
        auth->google = as_gcp_credentials_find(auth->arena, &options, problem);
    }
    return auth->google &&
           as_gcp_credentials_token(auth->google, auth->arena, &auth->token, problem) &&
           (auth->good_until = as_clock_now() + REREAD_S) > 0; /* it keeps the token itself */
}

static bool renew(as_kube_auth *auth, as_str *problem)
{
    *problem = AS_STR("");
    switch (auth->source) {
    case SOURCE_FILE:
        return read_file(auth, problem);
    case SOURCE_EXEC:
        return run_plugin(auth, problem);
    case SOURCE_EKS:
        return make_eks(auth, problem);
    case SOURCE_GKE:
        return make_gke(auth, problem);
    case SOURCE_TOKEN:
        auth->token = auth->connection->token;
        auth->good_until = -1;
        return true;
    case SOURCE_NONE:
    case SOURCE_BASIC:
        auth->good_until = -1;
        return true;
    }
    return true;
}

/* --- headers -------------------------------------------------------------------------------------
 */

bool as_kube_auth_headers(as_kube_auth *auth, as_arena *arena, as_strs *headers, as_str *problem)
{
    const as_kube_connection *c = auth->connection;
    as_str *lines = AS_NEW_ARRAY(arena, as_str, 2 + c->as_groups.n);
    size_t n = 0;

    if ((auth->good_until == 0 || (auth->good_until > 0 && as_clock_now() >= auth->good_until)) &&
            !renew(auth, problem))
        return false;
    if (auth->token.n > 0) {
        lines[n++] = as_str_fmt(arena, "Authorization: Bearer %.*s", AS_STR_ARG(auth->token));
    } else if (auth->source == SOURCE_BASIC) {
        as_str pair =
                as_str_fmt(arena, "%.*s:%.*s", AS_STR_ARG(c->username), AS_STR_ARG(c->password));
        lines[n++] = as_str_fmt(
                arena, "Authorization: Basic %.*s", AS_STR_ARG(as_base64_encode(arena, pair)));
    }
    if (c->as_user.n > 0)
        lines[n++] = as_str_fmt(arena, "Impersonate-User: %.*s", AS_STR_ARG(c->as_user));
    for (size_t i = 0; c->as_user.n > 0 && i < c->as_groups.n; i++)
        lines[n++] =
                as_str_fmt(arena, "Impersonate-Group: %.*s", AS_STR_ARG(c->as_groups.items[i]));
    for (size_t i = 0; i < n; i++) {
        if (as_str_find_char(lines[i], '\n') != (size_t)-1 ||
                as_str_find_char(lines[i], '\r') != (size_t)-1) {
            *problem = AS_STR("the credentials hold a line break");
            return false;
        }
    }
    *headers = (as_strs){lines, n};
    return true;
}

bool as_kube_auth_reject(as_kube_auth *auth)
{
    if (auth->source == SOURCE_NONE || auth->source == SOURCE_TOKEN || auth->source == SOURCE_BASIC)
        return false;
    if (auth->google)
        as_gcp_credentials_reject(auth->google);
    auth->good_until = 0;
    return true;
}
