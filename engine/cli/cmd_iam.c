/* assay iam can | who-can | effective | escalate */
#include "engine/cli/iam_asking.h"
#include "engine/iam/effective.h"
#include "engine/iam/escalate.h"
#include "engine/iam/outsiders.h"

enum { FORMAT_TEXT, FORMAT_JSON };
static const char *const formats[] = {"text", "json", NULL};

typedef as_iam_settings settings;
typedef as_iam_asking asking;

#define ANSWER_OPTIONS                                                                             \
    AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats, "form (default: text)"),    \
            AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet", "no diagnostics on stderr"),    \
            AS_OPTION_TEXT(settings, scanning.config, 0, "config", "FILE",                         \
                    "the configuration (default: the nearest .assay.yaml)"),                       \
            AS_SCANNING_INPUT_OPTIONS(settings), AS_OPTION_END

/* --- the run -------------------------------------------------------------------------------------
 */

/* Takes the words off the front of the arguments; what is left is paths. */
static as_str next_word(as_cli *cli)
{
    as_str word = cli->args.items[0];
    cli->args.items++;
    cli->args.n--;
    return word;
}

static as_str shown(asking *a, as_str text)
{
    return as_iam_shown(a->cli->arena, text);
}

/* --- verdicts ------------------------------------------------------------------------------------
 */

static const char *const decisions[] = {"allowed", "denied", "denied", "unknown"};

static as_exit exit_of(as_iam_decision decision)
{
    return decision == AS_IAM_ALLOWED   ? AS_EXIT_OK
           : decision == AS_IAM_UNKNOWN ? AS_EXIT_PARTIAL
                                        : AS_EXIT_FINDINGS;
}

static void write_why(asking *a, as_iam_verdict v)
{
    const char *layer = as_iam_layer_name(v.layer);
    switch (v.decision) {
    case AS_IAM_ALLOWED:
        as_buf_fmt(&a->out, "allowed by %s", layer);
        break;
    case AS_IAM_DENIED_EXPLICITLY:
        as_buf_fmt(&a->out, "denied by %s", layer);
        break;
    case AS_IAM_DENIED_IMPLICITLY:
        as_buf_fmt(&a->out, "denied: no Allow in %s", layer);
        break;
    case AS_IAM_UNKNOWN:
        as_buf_fmt(&a->out, "unknown: %s: %.*s", layer, AS_STR_ARG(shown(a, v.reason)));
        break;
    }
    if (v.statement) {
        as_buf_fmt(&a->out, ": %.*s", AS_STR_ARG(shown(a, v.statement->policy->name)));
        as_iam_asking_place(
                a, v.statement->span.file ? v.statement->span : v.statement->policy->span);
    }
    as_buf_char(&a->out, '\n');
}

static void json_verdict(asking *a, as_iam_verdict v)
{
    as_json_cstr(&a->json, "decision", decisions[v.decision]);
    as_json_bool(&a->json, "explicit", v.decision == AS_IAM_DENIED_EXPLICITLY);
    as_json_cstr(&a->json, "by", as_iam_layer_name(v.layer));
    as_json_str_if(&a->json, "reason", shown(a, v.reason));
    if (v.statement) {
        as_json_str(&a->json, "policy", shown(a, v.statement->policy->name));
        as_iam_asking_json_place(a, "evidence", v.statement->span);
    }
}

static const as_iam_principal *find(asking *a, as_str text, const as_iam_account **account)
{
    const as_iam_principal *p = as_iam_principal_find(a->accounts, text, account);
    if (!p)
        as_cli_error(a->cli, "no user, role or group is called '%.*s'", AS_STR_ARG(text));
    return p;
}

/* A word is a resource when it is "*", an ARN, or the address of something; a path exists on disk,
 * so the last word is one unless there are more. */
static as_str optional_resource(as_cli *cli)
{
    if (cli->args.n == 0)
        return AS_STR("");
    as_str word = cli->args.items[0];
    return cli->args.n > 1 || as_iam_is_arn(word) || as_str_is(word, "*") ? next_word(cli)
                                                                          : AS_STR("");
}

static bool is_action(as_cli *cli, as_str word)
{
    if (as_str_find_char(word, ':') != (size_t)-1 || as_iam_google_is_permission(word))
        return true;
    as_cli_usage_error(cli,
            "'%.*s' is no action: SERVICE:NAME (AWS), VERB:RESOURCE (Kubernetes) or "
            "SERVICE.RESOURCE.VERB (Google Cloud) is expected",
            AS_STR_ARG(word));
    return false;
}

static as_exit run_can(as_cli *cli)
{
    asking a;
    const as_iam_account *account = NULL;
    if (cli->args.n < 2)
        return as_cli_usage_error(cli, "a principal and an action are expected");
    as_str name = next_word(cli), action = next_word(cli), resource = optional_resource(cli);
    if (!is_action(cli, action) || !as_iam_asking_start(&a, cli))
        return AS_EXIT_ERROR;
    bool handled;
    as_exit answer = as_iam_kubernetes_can(&a, name, action, resource, &handled);
    if (!handled)
        answer = as_iam_google_can(&a, name, action, resource, &handled);
    if (handled)
        return answer;
    const as_iam_principal *p = find(&a, name, &account);
    if (!p)
        return AS_EXIT_ERROR;
    as_iam_verdict v = as_iam_can(cli->arena, account, p, action, resource);
    if (!as_iam_asking_is_json(&a)) {
        write_why(&a, v);
        return as_iam_asking_finish(&a, exit_of(v.decision));
    }
    as_json_open(&a.json, NULL, '{');
    as_json_str(&a.json, "principal", as_iam_principal_name(p));
    as_json_str(&a.json, "action", action);
    as_json_str(&a.json, "resource", resource.n > 0 ? resource : AS_STR("*"));
    json_verdict(&a, v);
    as_json_close(&a.json, '}');
    return as_iam_asking_finish(&a, exit_of(v.decision));
}

/* --- who-can -------------------------------------------------------------------------------------
 */

static void write_one_who(asking *a, const as_iam_principal *p, as_iam_verdict v)
{
    if (as_iam_asking_is_json(a)) {
        as_json_open(&a->json, NULL, '{');
        as_json_str(&a->json, "principal", as_iam_principal_name(p));
        json_verdict(a, v);
        as_json_close(&a->json, '}');
    } else {
        as_buf_fmt(&a->out, "%.*s: ", AS_STR_ARG(as_iam_principal_name(p)));
        write_why(a, v);
    }
}

/* Those whom the resource's own policy lets in from outside: other accounts (as far as it is for
 * this one to say), services, everyone. */
static void write_outsiders(
        asking *a, const as_iam_account *account, as_str action, as_str resource)
{
    as_iam_outsiders all = as_iam_outsiders_of(a->cli->arena, account, action, resource);
    for (size_t i = 0; i < all.n; i++) {
        const as_iam_outsider *o = &all.items[i];
        if (as_iam_asking_is_json(a)) {
            as_json_open(&a->json, NULL, '{');
            as_json_str(&a->json, "principal", shown(a, o->name));
            json_verdict(a, o->verdict);
            as_json_close(&a->json, '}');
        } else {
            as_buf_fmt(&a->out, "%.*s: ", AS_STR_ARG(shown(a, o->name)));
            write_why(a, o->verdict);
        }
    }
}

static as_exit run_who_can(as_cli *cli)
{
    asking a;
    if (cli->args.n < 1)
        return as_cli_usage_error(cli, "an action is expected");
    as_str action = next_word(cli), resource = optional_resource(cli);
    if (!is_action(cli, action) || !as_iam_asking_start(&a, cli))
        return AS_EXIT_ERROR;
    if (as_iam_asking_is_json(&a)) {
        as_json_open(&a.json, NULL, '{');
        as_json_str(&a.json, "action", action);
        as_json_str(&a.json, "resource", resource.n > 0 ? resource : AS_STR("*"));
        as_json_open(&a.json, "principals", '[');
    }
    bool kubernetes = as_rbac_is_action(action), google = as_iam_google_is_permission(action);
    if (google)
        as_iam_google_who_can(&a, action, resource);
    if (kubernetes && !as_iam_kubernetes_who_can(&a, action, resource))
        return AS_EXIT_ERROR;
    for (size_t i = 0; !kubernetes && !google && i < a.accounts->list.n; i++) {
        const as_iam_account *account = a.accounts->list.items[i];
        for (size_t k = 0; k < account->principals.n; k++) {
            const as_iam_principal *p = account->principals.items[k];
            if (p->kind == AS_IAM_KIND_GROUP)
                continue;
            as_iam_verdict v = as_iam_can(cli->arena, account, p, action, resource);
            if (v.decision == AS_IAM_ALLOWED || v.decision == AS_IAM_UNKNOWN)
                write_one_who(&a, p, v);
        }
        write_outsiders(&a, account, action, resource);
    }
    if (as_iam_asking_is_json(&a)) {
        as_json_close(&a.json, ']');
        as_json_close(&a.json, '}');
    }
    return as_iam_asking_finish(&a, AS_EXIT_OK);
}

/* --- effective -----------------------------------------------------------------------------------
 */

static void write_effective(asking *a, const as_iam_principal *p, as_iam_effective e)
{
    as_buf_fmt(&a->out, "%.*s: %zu actions of %zu services\n", AS_STR_ARG(as_iam_principal_name(p)),
            e.n_actions, e.n_services);
    for (size_t i = 0; i < e.n_services; i++) {
        const as_iam_service_grants *s = &e.services[i];
        as_buf_fmt(&a->out, "  %.*s:", AS_STR_ARG(s->service));
        for (size_t k = 0; k < AS_IAM_N_LEVELS; k++) {
            if (s->levels[k].n > 0)
                as_buf_fmt(&a->out, " %s %zu of %zu%s", as_iam_level_name(as_iam_levels[k]),
                        s->levels[k].n, s->levels[k].of,
                        s->levels[k].everywhere ? " on everything" : "");
        }
        as_buf_cstr(&a->out, "\n");
    }
    for (size_t i = 0; i < e.unknown.n; i++)
        as_buf_fmt(&a->out, "  unknown: %.*s\n", AS_STR_ARG(shown(a, e.unknown.items[i])));
}

static void json_effective(asking *a, const as_iam_principal *p, as_iam_effective e)
{
    as_json_open(&a->json, NULL, '{');
    as_json_str(&a->json, "principal", as_iam_principal_name(p));
    as_json_size(&a->json, "actions", e.n_actions);
    as_json_open(&a->json, "services", '[');
    for (size_t i = 0; i < e.n_services; i++) {
        const as_iam_service_grants *s = &e.services[i];
        as_json_open(&a->json, NULL, '{');
        as_json_str(&a->json, "service", s->service);
        as_json_open(&a->json, "levels", '[');
        for (size_t k = 0; k < AS_IAM_N_LEVELS; k++) {
            if (s->levels[k].n == 0)
                continue;
            as_json_open(&a->json, NULL, '{');
            as_json_cstr(&a->json, "level", as_iam_level_name(as_iam_levels[k]));
            as_json_size(&a->json, "granted", s->levels[k].n);
            as_json_size(&a->json, "of", s->levels[k].of);
            as_json_bool(&a->json, "on_everything", s->levels[k].everywhere);
            as_json_strs(&a->json, "actions", s->levels[k].names.items, s->levels[k].names.n);
            as_json_close(&a->json, '}');
        }
        as_json_close(&a->json, ']');
        as_json_close(&a->json, '}');
    }
    as_json_close(&a->json, ']');
    as_json_strs(&a->json, "unknown", e.unknown.items, e.unknown.n);
    as_json_close(&a->json, '}');
}

static as_exit run_effective(as_cli *cli)
{
    asking a;
    const as_iam_account *account = NULL;
    if (cli->args.n < 1)
        return as_cli_usage_error(cli, "a principal is expected");
    as_str name = next_word(cli);
    if (!as_iam_asking_start(&a, cli))
        return AS_EXIT_ERROR;
    bool handled;
    as_exit answer = as_iam_kubernetes_effective(&a, name, &handled);
    if (!handled)
        answer = as_iam_google_effective(&a, name, &handled);
    if (handled)
        return answer;
    const as_iam_principal *p = find(&a, name, &account);
    if (!p)
        return AS_EXIT_ERROR;
    as_iam_effective e = as_iam_effective_of(cli->arena, account, p);
    if (as_iam_asking_is_json(&a))
        json_effective(&a, p, e);
    else
        write_effective(&a, p, e);
    return as_iam_asking_finish(&a, e.unknown.n > 0 ? AS_EXIT_PARTIAL : AS_EXIT_OK);
}

/* --- escalate ------------------------------------------------------------------------------------
 */

static void json_step(asking *a, const as_iam_step *step)
{
    as_json_open(&a->json, NULL, '{');
    as_json_str(&a->json, "from", as_iam_principal_name(step->from));
    as_json_str(&a->json, "to", step->to_name);
    as_json_str(&a->json, "action", step->method->needs[step->method->n_needs - 1].action);
    as_json_str(&a->json, "method", step->method->id);
    as_json_str(&a->json, "resource", shown(a, step->resource));
    if (step->workload)
        as_json_str(&a->json, "workload", step->workload->address);
    as_json_bool(&a->json, "certain", step->certain);
    as_json_str_if(&a->json, "provided_that", shown(a, step->caveat));
    as_iam_asking_json_place(a, "evidence", step->by ? step->by->span : step->from->entity->head);
    as_json_close(&a->json, '}');
}

static void json_path(asking *a, const as_iam_path *path)
{
    as_json_open(&a->json, NULL, '{');
    as_json_str(&a->json, "principal", as_iam_principal_name(path->principal));
    as_json_str(&a->json, "arn", shown(a, path->principal->arn));
    as_json_str(&a->json, "method", path->method->id);
    as_json_bool(&a->json, "certain", path->certain);
    as_json_open(&a->json, "steps", '[');
    for (size_t i = 0; i < path->n_steps; i++)
        json_step(a, &path->steps[i]);
    as_json_close(&a->json, ']');
    as_json_close(&a->json, '}');
}

static void write_path(asking *a, const as_iam_path *path)
{
    as_buf_fmt(&a->out, "%.*s  %.*s%s\n", AS_STR_ARG(as_iam_principal_name(path->principal)),
            AS_STR_ARG(path->method->id), path->certain ? "" : "  (possible)");
    for (size_t i = 0; i < path->n_steps; i++) {
        const as_iam_step *step = &path->steps[i];
        as_buf_fmt(&a->out, "  %.*s → %.*s: %.*s on %.*s",
                AS_STR_ARG(as_iam_principal_name(step->from)), AS_STR_ARG(step->to_name),
                AS_STR_ARG(step->method->id), AS_STR_ARG(shown(a, step->resource)));
        as_iam_asking_place(a, step->by ? step->by->span : step->from->entity->head);
        if (step->caveat.n > 0)
            as_buf_fmt(&a->out, ", provided that %.*s", AS_STR_ARG(shown(a, step->caveat)));
        as_buf_char(&a->out, '\n');
    }
}

static void write_doubt(asking *a, const as_iam_doubt *doubt)
{
    if (as_iam_asking_is_json(a)) {
        as_json_open(&a->json, NULL, '{');
        as_json_str(&a->json, "principal", as_iam_principal_name(doubt->principal));
        as_json_str(&a->json, "policy", shown(a, doubt->policy));
        as_json_str(&a->json, "reason", shown(a, doubt->reason));
        as_iam_asking_json_place(a, "evidence", doubt->span);
        as_json_close(&a->json, '}');
    } else {
        as_buf_fmt(&a->out, "%.*s  unknown\n  %.*s: %.*s",
                AS_STR_ARG(as_iam_principal_name(doubt->principal)),
                AS_STR_ARG(shown(a, doubt->policy)), AS_STR_ARG(shown(a, doubt->reason)));
        as_iam_asking_place(a, doubt->span);
        as_buf_char(&a->out, '\n');
    }
}

static as_exit run_escalate(as_cli *cli)
{
    asking a;
    size_t n = 0, n_doubts = 0;
    bool only_certain = ((const settings *)cli->settings)->certain;
    if (!as_iam_asking_start(&a, cli))
        return AS_EXIT_ERROR;
    if (as_iam_asking_is_json(&a)) {
        as_json_open(&a.json, NULL, '{');
        as_json_open(&a.json, "paths", '[');
    }
    size_t n_accounts = a.accounts->list.n;
    as_iam_paths *all = AS_NEW_ARRAY(cli->arena, as_iam_paths, n_accounts);
    for (size_t i = 0; i < n_accounts; i++) {
        all[i] = as_iam_escalations(cli->arena, a.accounts->list.items[i]);
        for (size_t k = 0; k < all[i].n; k++) {
            if (only_certain && !all[i].items[k].certain)
                continue;
            n++;
            if (as_iam_asking_is_json(&a))
                json_path(&a, &all[i].items[k]);
            else
                write_path(&a, &all[i].items[k]);
        }
    }
    n += as_iam_ways_write(&a);
    if (as_iam_asking_is_json(&a)) {
        as_json_close(&a.json, ']');
        as_json_open(&a.json, "unknown", '[');
    }
    for (size_t i = 0; i < n_accounts; i++) {
        for (size_t k = 0; k < all[i].n_doubts; k++, n_doubts++)
            write_doubt(&a, &all[i].doubts[k]);
    }
    n_doubts += as_iam_ways_write_doubts(&a);
    if (as_iam_asking_is_json(&a)) {
        as_json_close(&a.json, ']');
        as_json_close(&a.json, '}');
    } else if (n == 0) {
        as_buf_cstr(&a.out, "no way to more rights was found\n");
    }
    return as_iam_asking_finish(&a, n > 0          ? AS_EXIT_FINDINGS
                                    : n_doubts > 0 ? AS_EXIT_PARTIAL
                                                   : AS_EXIT_OK);
}

/* --- the commands --------------------------------------------------------------------------------
 */

static const as_option options[] = {ANSWER_OPTIONS};

static const as_option escalate_options[] = {
        AS_OPTION_FLAG(settings, certain, 0, "certain", "only paths that hang on nothing else"),
        ANSWER_OPTIONS};

static const as_example can_examples[] = {
        {"assay iam can aws_iam_user.deploy s3:GetObject arn:aws:s3:::data/key infra/",
                "may the user read the object?"},
        {"assay iam can role/app kms:Decrypt aws_kms_key.data infra/", "of a declared resource"},
        {"assay iam can role/app s3:DeleteBucket infra/", "on any resource at all?"},
        {"assay iam can User/jane create:pods/exec shop manifests/", "in a namespace of a cluster"},
        {"assay iam can user:jane@example.com storage.objects.get projects/shop infra/",
                "in Google Cloud"},
        {NULL, NULL}};

static const as_command can = {
        .name = "can",
        .summary = "may a principal do an action",
        .usage = "[OPTION…] PRINCIPAL ACTION [RESOURCE] PATH",
        .description =
                "AWS: PRINCIPAL is the address, ARN or name of a user or role; RESOURCE an ARN or "
                "the "
                "address of a declared resource; without it the question is whether there is any.\n"
                "Kubernetes: PRINCIPAL is User/NAME, Group/NAME, ServiceAccount/NAMESPACE/NAME or "
                "system:serviceaccount:NAMESPACE:NAME; ACTION is "
                "VERB:RESOURCE[.GROUP][/SUBRESOURCE] or "
                "VERB:/PATH; RESOURCE is NAMESPACE, NAMESPACE/NAME, /NAME of what has no "
                "namespace, or "
                "'*' for everywhere.\n"
                "Google Cloud: PRINCIPAL is a member (user:…, serviceAccount:…, principalSet://…) "
                "or the "
                "address of a service account; ACTION a permission; RESOURCE the address or name "
                "of what "
                "has a policy (projects/shop).\n"
                "\n"
                "Exit codes: 0 allowed, 1 denied, 3 unknown, 2 usage or I/O error.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = can_examples,
        .run = run_can,
};

static const as_example who_can_examples[] = {
        {"assay iam who-can s3:GetObject arn:aws:s3:::data/key infra/",
                "everybody who may read it"},
        {NULL, NULL}};

static const as_command who_can = {
        .name = "who-can",
        .summary = "which principals may do an action",
        .usage = "[OPTION…] ACTION [RESOURCE] PATH",
        .description = "Users and roles for which the answer is allowed or unknown, and whom the "
                       "policy of the "
                       "resource lets in from outside.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = who_can_examples,
        .run = run_who_can,
};

static const as_example effective_examples[] = {
        {"assay iam effective aws_iam_role.ci infra/",
                "what the role may do, by service and access level"},
        {NULL, NULL}};

static const as_command effective = {
        .name = "effective",
        .summary = "what a principal may do, action by action",
        .usage = "[OPTION…] PRINCIPAL PATH",
        .description = "Every action of AWS that identity policies and boundary allow on some "
                       "resource, by "
                       "service and access level, with how much of the service that is.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = effective_examples,
        .run = run_effective,
};

static const as_example escalate_examples[] = {
        {"assay iam escalate infra/", "who can become administrator, and how"},
        {"assay iam escalate --certain --format json infra/", "only what is certain, for programs"},
        {NULL, NULL}};

static const as_command escalate = {
        .name = "escalate",
        .summary = "find ways to more rights",
        .usage = "[OPTION…] [PATH…]",
        .description =
                "Who can become administrator of an account, a cluster, a project, a folder or an "
                "organization, by the methods that are published (rules/data/escalation*.lua), "
                "chained, also from one world to another: one path for each principal and first "
                "step. Where a path ends at the administrator of a cluster, and pods there have "
                "identities of a cloud, another one goes on to the administrator of that cloud. "
                "A path is "
                "possible, not certain, when it hangs on a condition, on a value that is not "
                "known, "
                "or on something that the configuration does not declare.\n"
                "\n"
                "Exit codes: 0 none found, 1 some found, 2 usage or I/O error, 3 some policy or "
                "input is "
                "not known and nothing was found.",
        .options = escalate_options,
        .settings_size = sizeof(settings),
        .examples = escalate_examples,
        .run = run_escalate,
};

static const as_command *const subcommands[] = {&can, &who_can, &effective, &escalate, NULL};

const as_command as_command_iam = {
        .name = "iam",
        .summary = "what identities may do, and become",
        .usage = "",
        .subcommands = subcommands,
};
