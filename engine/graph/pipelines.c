/* Jobs of workflows and pipelines, and what is declared elsewhere in the scan:
 *
 *   assumes   the cloud role or service account that a job takes by OIDC
 *   deploys   the environment of GitHub that it names
 *
 * A job names the identity by ARN or e-mail address, while the code that makes it knows its name
 * only, so names are compared, and accounts and projects where both sides tell them. */
#include "engine/graph/gitlab.h"
#include "engine/graph/internal.h"

typedef struct identity_kind {
    const char *action, *input; /* the step: `uses` without its version, and the input */
    const char *kind;           /* of the identity */
    const char *names[2];       /* its attributes that are the name */
} identity_kind;

static const identity_kind kinds[] = {
        {"aws-actions/configure-aws-credentials", "role-to-assume", "aws.iam.role",
                {"name", "RoleName"}},
        {"google-github-actions/auth", "service_account", "gcp.iam.service_account",
                {"account_id", "account_id"}},
};

enum { N_KINDS = sizeof kinds / sizeof *kinds };

/* What a step asks for, taken apart. */
typedef struct wanted {
    as_str name, account; /* account: number or project; empty when it is not told */
} wanted;

/* "arn:aws:iam::123456789012:role/ci/deploy", "deploy@project.iam.gserviceaccount.com", "deploy" */
static wanted take_apart(as_str text)
{
    wanted w = {.name = text};
    size_t at = as_str_find_char(text, '@');
    if (as_str_starts(text, "arn:")) {
        as_str rest = text, part;
        for (int i = 0; i < 5 && as_str_split(&rest, ':', &part); i++) {
            w.account = part;
        }
        w.name = as_str_from_index(text, as_str_rfind_char(text, '/') + 1);
    } else if (at != (size_t)-1) {
        as_str domain = as_str_from_index(text, at + 1);
        w.name = as_str_slice(text, 0, at);
        w.account = as_str_slice(domain, 0, as_str_find_char(domain, '.'));
    }
    return w;
}

static bool is_named(const as_entity *entity, const identity_kind *kind, as_str name)
{
    for (size_t i = 0; i < 2; i++) {
        if (as_str_eq(as_value_str(as_value_get(entity->raw, as_str_from(kind->names[i]))), name)) {
            return name.n > 0;
        }
    }
    return false;
}

static const as_entity *job_of(as_graph *graph, const as_entity *step)
{
    size_t n;
    as_str address = as_value_str(as_value_get(step->extra, AS_STR("job")));
    const as_entity *const *found =
            as_graph_by_address(graph, graph->arena, step->unit, address, &n);
    return n == 0 ? NULL : found[0];
}

static void link_identity(as_graph *graph, const as_entity *job, as_str text, as_span span,
        const identity_kind *kind, const as_map *by_name)
{
    wanted w = take_apart(text);
    const as_entity_list *list = as_map_get(by_name, w.name);
    for (size_t i = 0; job != NULL && list != NULL && i < list->n; i++) {
        const as_entity *identity = list->items[i];
        bool elsewhere = identity->account.n > 0 && w.account.n > 0 &&
                         !as_str_eq(identity->account, w.account);
        if (is_named(identity, kind, w.name) && !elsewhere) {
            as_graph_add_edge(graph, AS_EDGE_assumes, job, identity, span, AS_STR("oidc"));
        }
    }
}

static void index_identities(as_graph *graph, const identity_kind *kind, as_map *by_name)
{
    size_t n;
    const as_entity *const *all = as_graph_of_kind(graph, as_str_from(kind->kind), &n);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < 2; k++) {
            as_str name = as_value_str(as_value_get(all[i]->raw, as_str_from(kind->names[k])));
            if (name.n > 0 && (k == 0 || strcmp(kind->names[0], kind->names[1]) != 0)) {
                as_graph_index_put(graph, by_name, name, all[i]);
            }
        }
    }
}

static void link_step(
        as_graph *graph, const as_entity *step, const identity_kind *kind, const as_map *by_name)
{
    as_str uses = as_value_str(as_value_get(step->raw, AS_STR("uses")));
    as_str action = as_str_slice(uses, 0, as_str_find_char(uses, '@'));
    const as_value *input =
            as_value_get(as_value_get(step->raw, AS_STR("with")), as_str_from(kind->input));
    if (input != NULL && as_str_ieq(action, as_str_from(kind->action))) {
        link_identity(graph, job_of(graph, step), as_value_str(input), input->span, kind, by_name);
    }
}

/* The piece of a line that holds the mark, up to what ends a word; empty when there is none. */
static as_str word_around(as_str line, as_str mark)
{
    static const char begins[] = " \t\r\n\"'\\;&|()=/<>,`";
    static const char ends[] = " \t\r\n\"'\\;&|)<>`";
    size_t at = as_str_find(line, mark), begin = at, end = at;
    if (at == (size_t)-1) {
        return AS_STR("");
    }
    while (begin > 0 && !as_char_in(line.p[begin - 1], begins)) {
        begin--;
    }
    while (end < line.n && !as_char_in(line.p[end], ends)) {
        end++;
    }
    return as_str_slice(line, begin, end);
}

static bool has_any(as_str line, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (as_str_contains(line, *words)) {
            return true;
        }
    }
    return false;
}

/* A job of GitLab that gets tokens, and where its texts come from. */
typedef struct gitlab_job {
    as_graph *graph;
    const as_entity *job, *pipeline;
    const identity_kind *kind;
    const as_map *by_name;
} gitlab_job;

/* The identity that a text takes with a token: by the call, by a profile or variable of AWS's
 * tools, or in a credential configuration of Google's. Other mentions of identities are none. */
static void link_text(const gitlab_job *g, as_str text, as_span span)
{
    static const char *const aws[] = {"assume-role-with-web-identity", "AssumeRoleWithWebIdentity",
            "role_arn", "AWS_ROLE_ARN", NULL};
    static const char *const gcp[] = {"create-cred-config", "service_account_impersonation_url",
            ":generateAccessToken", "--impersonate-service-account",
            "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT", NULL};
    bool is_aws = as_str_is(as_str_from(g->kind->kind), "aws.iam.role");
    text = as_gitlab_text(g->graph->arena, g->pipeline, g->job, text);
    if (has_any(text, is_aws ? aws : gcp)) {
        as_str word =
                word_around(text, is_aws ? AS_STR("arn:aws") : AS_STR(".iam.gserviceaccount.com"));
        if (is_aws) {
            word = as_str_contains(word, ":role/") ? word : AS_STR("");
        } else { /* "…/serviceAccounts/NAME@PROJECT.iam.gserviceaccount.com:generateAccessToken" */
            size_t end = as_str_find(word, AS_STR(".com"));
            word = as_str_slice(word, 0, end == (size_t)-1 ? word.n : end + strlen(".com"));
        }
        if (word.n > 0) {
            link_identity(g->graph, g->job, word, span, g->kind, g->by_name);
        }
    }
}

/* docs.gitlab.com/ci/cloud_services: a job with `id_tokens` changes its token itself, in a script
 * or by variables that the tools of the cloud read. */
static void link_script(
        as_graph *graph, const as_entity *script, const identity_kind *kind, const as_map *by_name)
{
    gitlab_job g = {graph, job_of(graph, script), NULL, kind, by_name};
    const as_value *lines = as_value_get(script->raw, AS_STR("run"));
    if (g.job == NULL || as_value_is_null(as_value_get(g.job->raw, AS_STR("id_tokens")))) {
        return;
    }
    g.pipeline = as_gitlab_pipeline_of(graph, graph->arena, g.job);
    for (size_t i = 0; i < as_value_count(lines); i++) {
        const as_value *line = as_value_index(lines, i);
        link_text(&g, as_value_str(line), line->span);
    }
}

/* AWS_ROLE_ARN and its like, which no script need name. */
static void link_variables(
        as_graph *graph, const as_entity *job, const identity_kind *kind, const as_map *by_name)
{
    static const char *const names[] = {
            "AWS_ROLE_ARN", "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT"};
    gitlab_job g = {graph, job, NULL, kind, by_name};
    if (as_value_is_null(as_value_get(job->raw, AS_STR("id_tokens")))) {
        return;
    }
    g.pipeline = as_gitlab_pipeline_of(graph, graph->arena, job);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        as_str name = as_str_from(names[i]);
        const as_value *v = as_value_get(as_value_get(job->raw, AS_STR("variables")), name);
        if (v == NULL && g.pipeline != NULL) {
            v = as_value_get(as_value_get(g.pipeline->raw, AS_STR("variables")), name);
        }
        if (v != NULL) {
            as_str text = as_str_fmt(graph->arena, "%s ${%s}", names[i], names[i]);
            link_text(&g, text, v->span);
        }
    }
}

static void link_environments(as_graph *graph)
{
    size_t n_jobs, n;
    const as_entity *const *jobs = as_graph_of_type(graph, AS_STR("github.job"), &n_jobs);
    const as_entity *const *all = as_graph_of_kind(graph, AS_STR("github.environment"), &n);
    as_map by_name = {0};
    for (size_t i = 0; i < n; i++) {
        as_str name = as_value_str(as_value_get(all[i]->raw, AS_STR("environment")));
        if (name.n > 0) {
            as_graph_index_put(graph, &by_name, name, all[i]);
        }
    }
    for (size_t j = 0; j < n_jobs && by_name.n > 0; j++) {
        const as_value *named = as_value_get(jobs[j]->raw, AS_STR("environment"));
        named = as_value_is(named, AS_OBJECT) ? as_value_get(named, AS_STR("name")) : named;
        const as_entity_list *list = as_map_get(&by_name, as_value_str(named));
        for (size_t i = 0; list != NULL && i < list->n; i++) {
            as_graph_add_edge(
                    graph, AS_EDGE_deploys, jobs[j], list->items[i], named->span, AS_STR(""));
        }
    }
}

void as_graph_link_pipelines(as_graph *graph)
{
    size_t n_steps, n_scripts, n_jobs;
    const as_entity *const *steps = as_graph_of_type(graph, AS_STR("github.step"), &n_steps);
    const as_entity *const *scripts = as_graph_of_type(graph, AS_STR("gitlab.script"), &n_scripts);
    const as_entity *const *jobs = as_graph_of_type(graph, AS_STR("gitlab.job"), &n_jobs);
    for (size_t k = 0; k < N_KINDS && n_steps + n_jobs > 0; k++) {
        as_map by_name = {0};
        index_identities(graph, &kinds[k], &by_name);
        for (size_t i = 0; i < n_steps && by_name.n > 0; i++) {
            link_step(graph, steps[i], &kinds[k], &by_name);
        }
        for (size_t i = 0; i < n_scripts && by_name.n > 0; i++) {
            link_script(graph, scripts[i], &kinds[k], &by_name);
        }
        for (size_t i = 0; i < n_jobs && by_name.n > 0; i++) {
            link_variables(graph, jobs[i], &kinds[k], &by_name);
        }
    }
    link_environments(graph);
}
