/* assay collect k8s: the objects of a cluster. */
#include "engine/cli/collecting.h"
#include "engine/cli/version.h"
#include "parsers/live/kubernetes/collect.h"

typedef struct settings {
    as_collecting collecting;
    as_str kubeconfig, context, name;
    bool all_groups, secrets;
} settings;

/* EKS calls its clusters by ARN: "arn:aws:eks:eu-west-1:111122223333:cluster/prod". */
static as_str cluster_name(as_cli *cli, const as_kube_connection *connection)
{
    const settings *s = cli->settings;
    as_str name = s->name.n > 0 ? s->name : connection->cluster;
    size_t slash = as_str_rfind_char(name, '/');

    if (as_str_starts(name, "arn:") && slash != (size_t)-1)
        name = as_str_from_index(name, slash + 1);
    return as_collect_step(cli->arena, name);
}

static const as_value *text(as_cli *cli, as_str s)
{
    return as_value_string(cli->arena, AS_SPAN_NONE, s);
}

static const as_value *scopes_of(as_cli *cli, const as_kube_collection *c)
{
    as_object_builder b;
    as_list_builder all;

    as_object_begin(&b, cli->arena);
    as_object_add(&b, AS_STR("cluster"), AS_SPAN_NONE, text(cli, c->name));
    as_object_add(&b, AS_STR("context"), AS_SPAN_NONE, text(cli, c->connection->context));
    as_object_add(&b, AS_STR("server"), AS_SPAN_NONE, text(cli, c->connection->server));
    as_list_begin(&all, cli->arena);
    as_list_add(&all, as_object_end(&b, AS_SPAN_NONE));
    return as_list_end(&all, AS_SPAN_NONE);
}

static bool connect(as_cli *cli, as_sources *sources, as_kube_connection *connection)
{
    const settings *s = cli->settings;
    as_kube_choice choice = {s->kubeconfig, s->context};
    const as_http_tls *trust;
    as_diags diags;

    as_diags_init(&diags, cli->arena);
    bool fine = as_kube_connect(cli->arena, sources, &choice, connection, &diags);
    as_cli_print_diags(cli, sources, &diags);
    if (!fine || !as_collecting_trust(cli, &s->collecting, &trust))
        return false;
    if (trust)
        connection->tls.ca_pem = trust->ca_pem;
    return true;
}

static void free_sources(void *object)
{
    as_sources_free(object);
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    as_kube_connection *connection = AS_NEW(cli->arena, as_kube_connection);

    if (s->collecting.print_policy)
        return as_cli_print(cli, as_kube_role(cli->arena, s->secrets));
    if (as_collecting_is_done(cli, &s->collecting))
        return AS_EXIT_OK;
    as_sources *sources = as_sources_new();
    if (!sources)
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    as_arena_defer(cli->arena, free_sources, sources);
    if (!connect(cli, sources, connection))
        return AS_EXIT_ERROR;
    as_kube_collection c = {.collect = as_collecting_begin(cli, &s->collecting),
            .connection = connection,
            .name = cluster_name(cli, connection),
            .all_groups = s->all_groups,
            .secrets = s->secrets};
    if (!c.collect)
        return AS_EXIT_ERROR;
    as_kube_auth_options auth = {
            .no_exec = s->collecting.no_exec, .user_agent = "assay/" AS_VERSION};
    c.auth = as_kube_auth_new(cli->arena, connection, &auth);
    as_kube_collect(&c);
    return as_collecting_end(cli, &s->collecting, c.collect, scopes_of(cli, &c), c.problem);
}

static const as_option options[] = {
        AS_OPTION_GROUP("Cluster"),
        AS_OPTION_TEXT(settings, kubeconfig, 0, "kubeconfig", "FILE",
                "(default: $KUBECONFIG, ~/.kube/config, the pod's service account)"),
        AS_OPTION_TEXT(settings, context, 0, "context", "NAME", "(default: the current one)"),
        AS_OPTION_TEXT(settings, name, 0, "cluster-name", "NAME",
                "what the snapshot calls the cluster (default: as the kubeconfig does)"),
        AS_OPTION_FLAG(settings, all_groups, 0, "all-groups",
                "objects of every API group, not only of those that rules judge"),
        AS_OPTION_FLAG(settings, secrets, 0, "secrets",
                "names and labels of Secrets too, never what they hold"),
        AS_COLLECTING_OPTIONS(settings),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay collect k8s --context prod --out snapshot/", "the cluster of a context"},
        {"assay collect k8s --print-policy | kubectl apply -f -", "the role that it needs"},
        {NULL, NULL}};

const as_command as_command_collect_k8s = {
        .name = "k8s",
        .summary = "the objects of a Kubernetes cluster",
        .usage = "[OPTION…] --out DIR",
        .description = "Lists what the cluster serves, page by page, and changes nothing. What is "
                       "refused is written "
                       "down as such, and what depends on it stays unknown. Values that look like "
                       "secrets are "
                       "replaced before they reach the disk.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
