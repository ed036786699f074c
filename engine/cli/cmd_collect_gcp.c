/* assay collect gcp: projects, folders and organisations of Google Cloud. */
#include "engine/cli/collecting.h"
#include "engine/cli/version.h"
#include "parsers/live/gcp/collect.h"

typedef struct settings {
    as_collecting collecting;
    as_str_list projects, folders, organizations;
    as_str credentials, endpoint;
    bool no_inventory;
} settings;

typedef AS_VEC(as_str) scope_list;

/* "a,b" and several options are the same. */
static void add_scopes(as_cli *cli, scope_list *out, const char *prefix, as_str_list ids)
{
    for (size_t i = 0; i < ids.n; i++) {
        as_str rest = ids.items[i], id;
        while (as_str_split(&rest, ',', &id))
            if (id.n > 0)
                AS_VEC_PUSH(cli->arena, out,
                        as_str_starts(id, prefix)
                                ? id
                                : as_str_fmt(cli->arena, "%s%.*s", prefix, AS_STR_ARG(id)));
    }
}

/* Ids stand in addresses: nothing in them may lead elsewhere. */
static bool is_id(as_str scope)
{
    static const char fine[] = "abcdefghijklmnopqrstuvwxyz0123456789-.:/";

    for (size_t i = 0; i < scope.n; i++)
        if (!as_char_in(scope.p[i], fine))
            return false;
    return !as_str_contains(scope, "..") &&
           as_str_find_char(scope, '/') == as_str_rfind_char(scope, '/');
}

static bool choose_scopes(as_cli *cli, as_gcp_collection *c)
{
    const settings *s = cli->settings;
    as_str project = as_gcp_credentials_project(c->credentials);
    scope_list all = {0};

    add_scopes(cli, &all, "projects/", s->projects);
    add_scopes(cli, &all, "folders/", s->folders);
    add_scopes(cli, &all, "organizations/", s->organizations);
    if (all.n == 0 && project.n > 0)
        AS_VEC_PUSH(cli->arena, &all, as_str_fmt(cli->arena, "projects/%.*s", AS_STR_ARG(project)));
    if (all.n == 0) {
        as_cli_usage_error(cli, "name what to collect: --projects, --folders or --org");
        return false;
    }
    for (size_t i = 0; i < all.n; i++) {
        if (is_id(all.items[i]))
            continue;
        as_cli_usage_error(cli, "'%.*s' is no id", AS_STR_ARG(all.items[i]));
        return false;
    }
    c->scopes = (as_strs){all.items, all.n};
    return true;
}

static const as_value *scopes_of(as_cli *cli, const as_gcp_collection *c)
{
    as_list_builder all;

    as_list_begin(&all, cli->arena);
    for (size_t i = 0; i < c->scopes.n; i++)
        as_list_add(&all, as_value_string(cli->arena, AS_SPAN_NONE, c->scopes.items[i]));
    return as_list_end(&all, AS_SPAN_NONE);
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    as_gcp_collection c = {.endpoint = s->endpoint, .no_inventory = s->no_inventory};
    as_str problem = AS_STR("");

    if (s->collecting.print_policy)
        return as_cli_print(cli, as_gcp_role(cli->arena));
    if (as_collecting_is_done(cli, &s->collecting))
        return AS_EXIT_OK;
    if (!as_collecting_trust(cli, &s->collecting, &c.tls))
        return AS_EXIT_ERROR;
    as_gcp_credentials_options credentials = {.file = s->credentials,
            .no_exec = s->collecting.no_exec,
            .user_agent = "assay/" AS_VERSION,
            .tls = c.tls};
    c.credentials = as_gcp_credentials_find(cli->arena, &credentials, &problem);
    if (!c.credentials)
        return as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
    if (!choose_scopes(cli, &c))
        return AS_EXIT_ERROR;
    c.collect = as_collecting_begin(cli, &s->collecting);
    if (!c.collect)
        return AS_EXIT_ERROR;
    as_gcp_collect(&c);
    return as_collecting_end(cli, &s->collecting, c.collect, scopes_of(cli, &c), c.problem);
}

static const as_option options[] = {
        AS_OPTION_GROUP("Scope"),
        AS_OPTION_LIST(settings, projects, 0, "projects", "ID",
                "projects (default: that of the credentials or the environment)"),
        AS_OPTION_LIST(settings, folders, 0, "folders", "ID", "folders and all that is in them"),
        AS_OPTION_LIST(
                settings, organizations, 0, "org", "ID", "organisations and all that is in them"),
        AS_OPTION_TEXT(settings, credentials, 0, "credentials", "FILE",
                "(default: application default credentials)"),
        AS_OPTION_FLAG(settings, no_inventory, 0, "no-asset-inventory",
                "ask each service instead of Cloud Asset Inventory"),
        AS_OPTION_TEXT(settings, endpoint, 0, "gcp-endpoint-url", "URL",
                "ask URL/HOST/PATH in place of https://HOST/PATH"),
        AS_COLLECTING_OPTIONS(settings),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay collect gcp --projects web-prod --out snapshot/", "one project"},
        {"assay collect gcp --org 123456789012 --out snapshot/", "a whole organisation"},
        {NULL, NULL}};

const as_command as_command_collect_gcp = {
        .name = "gcp",
        .summary = "projects, folders and organisations of Google Cloud",
        .usage = "[OPTION…] --out DIR",
        .description = "Cloud Asset Inventory tells of all resources and IAM policies in a few "
                       "calls; where it is off "
                       "or refused, each service is asked. Nothing is changed. Credentials are "
                       "found as Google's own "
                       "libraries find them.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
