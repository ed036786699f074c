#include "parsers/live/kubernetes/kubeconfig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/base64.h"
#include "engine/base/file.h"
#include "engine/base/fs.h"
#include "parsers/yaml/yaml.h"

typedef struct config_file {
    as_str path;
    const as_value *root;
} config_file;

typedef struct reading {
    as_arena *arena;
    as_sources *sources;
    as_diags *diags;
    AS_VEC(config_file) files;
} reading;

static as_str text_at(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

static bool fail(reading *r, as_str what, as_str why)
{
    as_diags_add_path(r->diags, AS_DIAG_ERROR, "kubeconfig", what, "%.*s", AS_STR_ARG(why));
    return false;
}

static as_str environment(const char *name)
{
    return as_str_from(getenv(name));
}

/* --- files ---------------------------------------------------------------------------------------
 */

static bool add_file(reading *r, as_str path, bool must_exist)
{
    const char *c_path = as_str_cstr(r->arena, path);

    if (!must_exist && access(c_path, F_OK) != 0)
        return true; /* as kubectl does with what $KUBECONFIG lists */
    const as_source *source = as_file_read(r->arena, r->sources, c_path, AS_STR(""), r->diags);
    if (!source)
        return false;
    const as_value *root = as_yaml_parse_one(r->arena, source, (as_yaml_options){0}, r->diags);
    if (!root)
        return false;
    AS_VEC_PUSH(r->arena, &r->files, ((config_file){as_str_dup(r->arena, path), root}));
    return true;
}

static bool read_files(reading *r, const as_kube_choice *choice)
{
    as_str list = environment("KUBECONFIG"), path;

    if (choice->kubeconfig.n > 0)
        return add_file(r, choice->kubeconfig, true);
    if (list.n > 0) {
        while (as_str_split(&list, ':', &path))
            if (path.n > 0 && !add_file(r, path, false))
                return false;
        return true;
    }
    as_str home = environment("HOME");
    return home.n == 0 ||
           add_file(r, as_str_fmt(r->arena, "%.*s/.kube/config", AS_STR_ARG(home)), false);
}

/* The entry of that name in the first file that has one: whoever sets a name first wins, whole. */
static const as_value *entry(
        const reading *r, const char *list, const char *member, as_str name, as_str *dir)
{
    for (size_t i = 0; i < r->files.n; i++) {
        const as_value *all = as_value_get(r->files.items[i].root, as_str_from(list));
        for (size_t k = 0; k < as_value_count(all); k++) {
            const as_value *item = as_value_index(all, k);
            if (as_str_eq(text_at(item, "name"), name)) {
                *dir = as_path_dir(r->files.items[i].path);
                return as_value_get(item, as_str_from(member));
            }
        }
    }
    return NULL;
}

static as_str beside(as_arena *arena, as_str dir, as_str path)
{
    if (path.n == 0 || path.p[0] == '/' || dir.n == 0)
        return path;
    return as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(dir), AS_STR_ARG(path));
}

/* KEY-data in Base64, else the file that KEY names. */
static bool take_pem(reading *r, const as_value *v, const char *key, as_str dir, as_str *out)
{
    as_str data = text_at(v, as_str_fmt(r->arena, "%s-data", key).p), path = text_at(v, key);

    if (data.n > 0)
        return as_base64_decode(r->arena, data, out, NULL) ||
               fail(r, as_str_from(key), AS_STR("this is no Base64"));
    if (path.n == 0)
        return true;
    const as_source *source = as_file_read(r->arena, r->sources,
            as_str_cstr(r->arena, beside(r->arena, dir, path)), AS_STR(""), r->diags);
    if (source)
        *out = source->text;
    return source != NULL;
}

/* --- cluster and user ----------------------------------------------------------------------------
 */

static bool take_cluster(reading *r, const as_value *cluster, as_str dir, as_kube_connection *out)
{
    out->server = text_at(cluster, "server");
    while (as_str_ends(out->server, "/"))
        out->server = as_str_slice(out->server, 0, out->server.n - 1);
    if (!as_str_starts(out->server, "https://") && !as_str_starts(out->server, "http://"))
        return fail(r, out->cluster, AS_STR("this cluster has no server with an http(s) address"));
    out->tls.server_name = text_at(cluster, "tls-server-name");
    out->proxy = text_at(cluster, "proxy-url");
    out->tls.insecure =
            as_value_bool_or(as_value_get(cluster, AS_STR("insecure-skip-tls-verify")), false);
    const as_value *extensions = as_value_get(cluster, AS_STR("extensions"));
    for (size_t i = 0; i < as_value_count(extensions); i++)
        if (as_str_is(text_at(as_value_index(extensions, i), "name"),
                    "client.authentication.k8s.io/exec"))
            out->exec_config = as_value_get(as_value_index(extensions, i), AS_STR("extension"));
    if (out->tls.insecure)
        as_diags_add_path(r->diags, AS_DIAG_WARNING, "kubeconfig-insecure", out->cluster,
                "the certificate of this cluster is not verified (insecure-skip-tls-verify)");
    return take_pem(r, cluster, "certificate-authority", dir, &out->tls.ca_pem);
}

static as_strs texts_of(as_arena *arena, const as_value *list)
{
    size_t n = as_value_count(list);
    as_str *items = AS_NEW_ARRAY(arena, as_str, n);

    for (size_t i = 0; i < n; i++)
        items[i] = as_value_str(as_value_index(list, i));
    return (as_strs){items, n};
}

static void take_exec(reading *r, const as_value *exec, as_str dir, as_kube_exec *out)
{
    const as_value *env = as_value_get(exec, AS_STR("env"));
    size_t n = as_value_count(env);
    as_str *assignments = AS_NEW_ARRAY(r->arena, as_str, n);

    for (size_t i = 0; i < n; i++) {
        const as_value *pair = as_value_index(env, i);
        assignments[i] = as_str_fmt(r->arena, "%.*s=%.*s", AS_STR_ARG(text_at(pair, "name")),
                AS_STR_ARG(text_at(pair, "value")));
    }
    out->command = text_at(exec, "command");
    if (as_str_find_char(out->command, '/') != (size_t)-1)
        out->command = beside(r->arena, dir, out->command);
    out->args = texts_of(r->arena, as_value_get(exec, AS_STR("args")));
    out->environ = (as_strs){assignments, n};
    out->api_version = text_at(exec, "apiVersion");
    out->hint = text_at(exec, "installHint");
    out->cluster_info = as_value_bool_or(as_value_get(exec, AS_STR("provideClusterInfo")), false);
}

static bool take_user(reading *r, const as_value *user, as_str dir, as_kube_connection *out)
{
    out->token = text_at(user, "token");
    out->token_file = beside(r->arena, dir, text_at(user, "tokenFile"));
    out->username = text_at(user, "username");
    out->password = text_at(user, "password");
    out->as_user = text_at(user, "as");
    out->as_groups = texts_of(r->arena, as_value_get(user, AS_STR("as-groups")));
    take_exec(r, as_value_get(user, AS_STR("exec")), dir, &out->exec);
    if (as_value_get(user, AS_STR("auth-provider")))
        return fail(r, out->context,
                AS_STR("auth-provider is not supported (Kubernetes 1.26 took it away): use an exec "
                       "plug-in"));
    return take_pem(r, user, "client-certificate", dir, &out->tls.cert_pem) &&
           take_pem(r, user, "client-key", dir, &out->tls.key_pem);
}

static as_str current_context(const reading *r)
{
    for (size_t i = 0; i < r->files.n; i++) {
        as_str name = text_at(r->files.items[i].root, "current-context");
        if (name.n > 0)
            return name;
    }
    return AS_STR("");
}

/* --- a pod's own account -------------------------------------------------------------------------
 */

static bool in_cluster(reading *r, as_kube_connection *out)
{
    as_str host = environment("KUBERNETES_SERVICE_HOST");
    as_str port = environment("KUBERNETES_SERVICE_PORT");
    as_str dir = environment("ASSAY_SERVICE_ACCOUNT_DIR");

    dir = dir.n > 0 ? dir : AS_STR("/var/run/secrets/kubernetes.io/serviceaccount");
    if (host.n == 0)
        return fail(r, AS_STR("kubeconfig"),
                AS_STR("there is none, and this is no pod: name one with --kubeconfig"));
    bool v6 = as_str_find_char(host, ':') != (size_t)-1;
    *out = (as_kube_connection){.context = AS_STR("in-cluster"),
            .cluster = AS_STR("in-cluster"),
            .server = as_str_fmt(r->arena, "https://%s%.*s%s:%.*s", v6 ? "[" : "", AS_STR_ARG(host),
                    v6 ? "]" : "", AS_STR_ARG(port.n > 0 ? port : AS_STR("443"))),
            .proxy = AS_STR("-"),
            .token_file = as_str_fmt(r->arena, "%.*s/token", AS_STR_ARG(dir))};
    const as_source *ca = as_file_read(r->arena, r->sources,
            as_str_fmt(r->arena, "%.*s/ca.crt", AS_STR_ARG(dir)).p, AS_STR(""), r->diags);
    if (ca)
        out->tls.ca_pem = ca->text;
    return ca != NULL;
}

bool as_kube_connect(as_arena *arena, as_sources *sources, const as_kube_choice *choice,
        as_kube_connection *out, as_diags *diags)
{
    reading r = {.arena = arena, .sources = sources, .diags = diags};
    as_str dir = AS_STR("");

    *out = (as_kube_connection){0};
    if (!read_files(&r, choice))
        return false;
    out->context = choice->context.n > 0 ? choice->context : current_context(&r);
    if (r.files.n == 0 ||
            (out->context.n == 0 && choice->kubeconfig.n == 0 && getenv("KUBERNETES_SERVICE_HOST")))
        return in_cluster(&r, out);
    if (out->context.n == 0)
        return fail(&r, r.files.items[0].path,
                AS_STR("there is no current context: name one with --context"));
    const as_value *context = entry(&r, "contexts", "context", out->context, &dir);
    if (!context)
        return fail(&r, out->context, AS_STR("there is no context of this name"));
    out->cluster = text_at(context, "cluster");
    const as_value *cluster = entry(&r, "clusters", "cluster", out->cluster, &dir);
    if (!cluster)
        return fail(&r, out->context, AS_STR("the cluster of this context is not there"));
    if (!take_cluster(&r, cluster, dir, out))
        return false;
    as_str name = text_at(context, "user");
    const as_value *user = name.n > 0 ? entry(&r, "users", "user", name, &dir) : NULL;
    if (name.n > 0 && !user)
        return fail(&r, out->context, AS_STR("the user of this context is not there"));
    return take_user(&r, user, dir, out);
}
