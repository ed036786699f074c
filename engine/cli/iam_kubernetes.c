/* assay iam: what subjects of Kubernetes may do. */
#include "engine/cli/iam_asking.h"

static const char *const decisions[] = {"denied", "allowed", "unknown"};

typedef struct question {
    as_rbac_request request;
    int where;
    as_str space;
    as_str action, resource; /* as they were asked */
} question;

/* RESOURCE is NAMESPACE, NAMESPACE/NAME, /NAME of what has no namespace, or "*" for everywhere. */
static bool read_question(as_iam_asking *a, as_str action, as_str resource, question *q)
{
    bool unsure;
    *q = (question){.where = AS_RBAC_ANYWHERE, .action = action, .resource = resource};
    if (!as_rbac_request_parse(action, &q->request, &unsure)) {
        as_cli_error(a->cli, "'%.*s' is no action: VERB:RESOURCE is expected", AS_STR_ARG(action));
        return false;
    }
    if (unsure) {
        as_cli_error(a->cli, "the API group of %.*s is not known: write VERB:RESOURCE.GROUP",
                AS_STR_ARG(q->request.resource));
        return false;
    }
    if (as_str_is(resource, "*")) {
        q->where = AS_RBAC_EVERYWHERE;
        q->request.any_name = false;
    } else if (resource.n > 0) {
        as_str name = resource;
        q->where = resource.p[0] == '/' ? AS_RBAC_EVERYWHERE : AS_RBAC_IN;
        as_str_split(&name, '/', &q->space);
        q->request.name = name;
        q->request.any_name = false;
    }
    return true;
}

static void write_why(as_iam_asking *a, as_rbac_verdict v)
{
    as_buf_cstr(&a->out, decisions[v.truth]);
    if (v.truth == AS_NO)
        as_buf_cstr(&a->out, ": no rule allows it");
    if (v.truth == AS_MAYBE)
        as_buf_fmt(&a->out, ": %.*s", AS_STR_ARG(v.reason));
    if (v.grant) {
        as_buf_fmt(&a->out, "%s %.*s of %.*s", v.truth == AS_YES ? " by" : ";",
                AS_STR_ARG(v.grant->shown), AS_STR_ARG(v.grant->role->shown));
        as_iam_asking_place(a, v.grant->span);
    }
    as_buf_char(&a->out, '\n');
}

static void json_verdict(as_iam_asking *a, as_rbac_verdict v)
{
    as_json_cstr(&a->json, "decision", decisions[v.truth]);
    as_json_str_if(&a->json, "reason", v.reason);
    if (v.grant) {
        as_json_str(&a->json, "binding", v.grant->shown);
        as_json_str(&a->json, "role", v.grant->role->shown);
        as_iam_asking_json_place(a, "evidence", v.grant->span);
    }
}

static const as_rbac_subject *find(
        const as_iam_asking *a, as_str name, const as_rbac_cluster **cluster)
{
    const as_rbac_clusters *clusters = a->worlds->clusters;
    for (size_t i = 0; i < clusters->list.n; i++) {
        const as_rbac_subject *s = as_rbac_subject_find(clusters->list.items[i], name);
        if (s) {
            *cluster = clusters->list.items[i];
            return s;
        }
    }
    return NULL;
}

/* A name that only Kubernetes can have. */
static bool is_subject(as_str name)
{
    return as_str_starts(name, "system:") || as_str_starts(name, "ServiceAccount/") ||
           as_str_starts(name, "User/") || as_str_starts(name, "Group/");
}

static const as_rbac_subject *look_up(
        as_iam_asking *a, as_str name, const as_rbac_cluster **cluster, bool *handled)
{
    const as_rbac_subject *s = find(a, name, cluster);
    *handled = s != NULL || is_subject(name);
    if (*handled && !s)
        as_cli_error(a->cli, "no subject of a cluster is called '%.*s'", AS_STR_ARG(name));
    return s;
}

as_exit as_iam_kubernetes_can(
        as_iam_asking *a, as_str principal, as_str action, as_str resource, bool *handled)
{
    const as_rbac_cluster *cluster;
    question q;
    *handled = as_rbac_is_action(action);
    if (!*handled)
        return AS_EXIT_OK;
    bool ours;
    const as_rbac_subject *s = look_up(a, principal, &cluster, &ours);
    if (!s && !ours)
        as_cli_error(a->cli, "no subject of a cluster is called '%.*s'", AS_STR_ARG(principal));
    if (!s || !read_question(a, action, resource, &q))
        return AS_EXIT_ERROR;
    as_rbac_verdict v = as_rbac_decide(&s->all, &q.request, q.where, q.space);
    if (v.truth == AS_NO && cluster->gap.n > 0)
        v = (as_rbac_verdict){.truth = AS_MAYBE, .reason = cluster->gap};
    if (as_iam_asking_is_json(a)) {
        as_json_open(&a->json, NULL, '{');
        as_json_str(&a->json, "principal", s->shown);
        as_json_str(&a->json, "action", action);
        as_json_str(&a->json, "resource", resource);
        json_verdict(a, v);
        as_json_close(&a->json, '}');
    } else {
        write_why(a, v);
    }
    return as_iam_asking_finish(a, as_iam_asking_exit(v.truth));
}

static void write_who(as_iam_asking *a, as_str name, as_rbac_verdict v)
{
    if (as_iam_asking_is_json(a)) {
        as_json_open(&a->json, NULL, '{');
        as_json_str(&a->json, "principal", name);
        json_verdict(a, v);
        as_json_close(&a->json, '}');
    } else {
        as_buf_fmt(&a->out, "%.*s: ", AS_STR_ARG(name));
        write_why(a, v);
    }
}

/* Bindings of which a subject is not known may allow it to somebody else. */
static void write_doubtful(as_iam_asking *a, const as_rbac_cluster *cluster, const question *q)
{
    for (size_t i = 0; i < cluster->doubtful.n; i++) {
        const as_rbac_grant *one = cluster->doubtful.items[i];
        as_rbac_grants grants = {.items = &one, .n = 1, .cap = 1};
        as_rbac_verdict v = as_rbac_decide(&grants, &q->request, q->where, q->space);
        if (v.truth != AS_NO) {
            v.reason = v.truth == AS_YES ? AS_STR("one of its subjects is not known") : v.reason;
            v.truth = AS_MAYBE;
            write_who(a, AS_STR("somebody"), v);
        }
    }
}

bool as_iam_kubernetes_who_can(as_iam_asking *a, as_str action, as_str resource)
{
    question q;
    if (!read_question(a, action, resource, &q))
        return false;
    for (size_t i = 0; i < a->worlds->clusters->list.n; i++) {
        const as_rbac_cluster *cluster = a->worlds->clusters->list.items[i];
        for (size_t k = 0; k < cluster->subjects.n; k++) {
            const as_rbac_subject *s = cluster->subjects.items[k];
            as_rbac_verdict v = as_rbac_decide(&s->all, &q.request, q.where, q.space);
            if (v.truth != AS_NO && !s->system)
                write_who(a, s->shown, v);
        }
        write_doubtful(a, cluster, &q);
    }
    return true;
}

/* --- effective -----------------------------------------------------------------------------------
 */

static void write_words(as_iam_asking *a, as_strs words)
{
    for (size_t i = 0; i < words.n; i++)
        as_buf_fmt(&a->out, "%s%.*s", i > 0 ? "," : "", AS_STR_ARG(words.items[i]));
}

static void write_rule(as_iam_asking *a, const as_rbac_rule *rule)
{
    as_buf_cstr(&a->out, "    ");
    write_words(a, rule->verbs);
    as_buf_char(&a->out, ' ');
    write_words(a, rule->resources.n > 0 ? rule->resources : rule->urls);
    if (rule->groups.n > 1 || (rule->groups.n == 1 && rule->groups.items[0].n > 0)) {
        as_buf_cstr(&a->out, " of ");
        write_words(a, rule->groups);
    }
    if (rule->names.n > 0) {
        as_buf_cstr(&a->out, " named ");
        write_words(a, rule->names);
    }
    if (rule->doubt.n > 0)
        as_buf_fmt(&a->out, " (not known in full: %.*s)", AS_STR_ARG(rule->doubt));
    as_buf_char(&a->out, '\n');
}

static void json_words(as_iam_asking *a, const char *key, as_strs words)
{
    if (words.n > 0)
        as_json_strs(&a->json, key, words.items, words.n);
}

static void json_grant(as_iam_asking *a, const as_rbac_grant *g)
{
    as_json_open(&a->json, NULL, '{');
    as_json_str(&a->json, "namespace", g->space.n > 0 ? g->space : AS_STR("*"));
    as_json_str(&a->json, "binding", g->shown);
    as_json_str(&a->json, "role", g->role->shown);
    as_iam_asking_json_place(a, "evidence", g->span);
    as_json_open(&a->json, "rules", '[');
    for (size_t i = 0; i < g->role->n_rules; i++) {
        const as_rbac_rule *r = &g->role->rules[i];
        as_json_open(&a->json, NULL, '{');
        as_json_strs(&a->json, "verbs", r->verbs.items, r->verbs.n);
        json_words(a, "groups", r->groups);
        json_words(a, "resources", r->resources);
        json_words(a, "names", r->names);
        json_words(a, "urls", r->urls);
        as_json_str_if(&a->json, "unknown", r->doubt);
        as_json_close(&a->json, '}');
    }
    as_json_close(&a->json, ']');
    as_json_str_if(&a->json, "unknown", g->role->doubt);
    as_json_close(&a->json, '}');
}

static void write_grant(as_iam_asking *a, const as_rbac_grant *g)
{
    if (g->space.n > 0)
        as_buf_fmt(&a->out, "  in namespace %.*s", AS_STR_ARG(g->space));
    else
        as_buf_cstr(&a->out, "  in the whole cluster");
    as_buf_fmt(&a->out, " by %.*s of %.*s", AS_STR_ARG(g->shown), AS_STR_ARG(g->role->shown));
    as_iam_asking_place(a, g->span);
    as_buf_cstr(&a->out, ":\n");
    for (size_t i = 0; i < g->role->n_rules; i++)
        write_rule(a, &g->role->rules[i]);
    if (g->role->doubt.n > 0)
        as_buf_fmt(&a->out, "    unknown: %.*s\n", AS_STR_ARG(g->role->doubt));
}

as_exit as_iam_kubernetes_effective(as_iam_asking *a, as_str principal, bool *handled)
{
    const as_rbac_cluster *cluster;
    const as_rbac_subject *s = look_up(a, principal, &cluster, handled);
    if (!*handled || !s)
        return AS_EXIT_ERROR;
    bool open = false;
    if (as_iam_asking_is_json(a)) {
        as_json_open(&a->json, NULL, '{');
        as_json_str(&a->json, "principal", s->shown);
        as_json_open(&a->json, "grants", '[');
    } else {
        as_buf_fmt(&a->out, "%.*s\n", AS_STR_ARG(s->shown));
    }
    for (size_t i = 0; i < s->all.n; i++) {
        const as_rbac_grant *g = s->all.items[i];
        open = open || g->role->doubt.n > 0 || g->doubt.n > 0;
        if (as_iam_asking_is_json(a))
            json_grant(a, g);
        else
            write_grant(a, g);
    }
    if (as_iam_asking_is_json(a)) {
        as_json_close(&a->json, ']');
        as_json_close(&a->json, '}');
    }
    return as_iam_asking_finish(a, open ? AS_EXIT_PARTIAL : AS_EXIT_OK);
}
