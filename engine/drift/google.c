/* What is particular to Google Cloud: members of bindings, firewall rules, and what services make.
 */
#include "engine/drift/internal.h"

/* --- bindings ------------------------------------------------------------------------------------
 */

/* Accounts of Google's own services, which get their roles when an API is enabled.
 * https://cloud.google.com/iam/docs/service-agents */
static bool is_agent(as_str member)
{
    static const char *const hosts[] = {"@cloudservices.gserviceaccount.com",
            "@container-engine-robot.iam.gserviceaccount.com",
            "@compute-system.iam.gserviceaccount.com", "@containerregistry.iam.gserviceaccount.com",
            "@cloudcomposer-accounts.iam.gserviceaccount.com",
            "@dataflow-service-producer-prod.iam.gserviceaccount.com",
            "@dataproc-accounts.iam.gserviceaccount.com",
            "@gcf-admin-robot.iam.gserviceaccount.com",
            "@serverless-robot-prod.iam.gserviceaccount.com",
            "@cloud-filer.iam.gserviceaccount.com", "@cloud-redis.iam.gserviceaccount.com",
            "@cloudbuild.gserviceaccount.com", "@firebase-rules.iam.gserviceaccount.com",
            "@service-networking.iam.gserviceaccount.com"};
    if (!as_str_starts(member, "serviceAccount:")) {
        return false;
    }
    if (as_str_contains(member, "@gcp-sa-") || as_str_contains(member, "@gs-project-accounts.")) {
        return true;
    }
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        if (as_str_ends(member, hosts[i])) {
            return true;
        }
    }
    return false;
}

/* "user:Kim@example.com": mail addresses have no case. */
static as_str member_text(as_arena *arena, as_str member)
{
    bool mail = as_str_contains(member, "@") && !as_str_contains(member, "principal");
    return !mail ? member : as_str_lower(arena, member);
}

typedef struct gathering {
    as_comparing *c;
    as_texts texts;
    bool unknown;
    as_span span;
} gathering;

/* "serviceAccount:${google_service_account.app.email}": as the account that was made is called. */
static void add_unknown(gathering *g, const as_entity *code, const as_value *v)
{
    const as_graph *graph = g->c->graph;
    size_t n, n_edges;
    const as_entity *const *targets = as_graph_targets(graph, g->c->arena, code, v, &n);
    for (size_t i = 0; n == 1 && i < n; i++) {
        const as_edge *const *edges = as_graph_edges_from(graph, targets[i]->id, &n_edges);
        for (size_t k = 0; k < n_edges; k++) {
            as_str email = as_value_str(
                    as_value_get(as_graph_get(graph, edges[k]->to)->raw, AS_STR("email")));
            if (edges[k]->type == AS_EDGE_declares && email.n > 0) {
                as_str text = as_str_fmt(g->c->arena, "serviceAccount:%.*s", AS_STR_ARG(email));
                AS_VEC_PUSH(g->c->arena, &g->texts, member_text(g->c->arena, text));
                return;
            }
        }
    }
    g->unknown = true;
}

static void add_members(gathering *g, const as_entity *from, const as_value *v)
{
    for (size_t i = 0; as_value_is(v, AS_LIST) && i < v->as.list.n; i++) {
        add_members(g, from, v->as.list.items[i]);
    }
    if (as_value_is(v, AS_STRING)) {
        AS_VEC_PUSH(g->c->arena, &g->texts, member_text(g->c->arena, v->as.str));
        g->span = v->span;
    } else if (as_value_is_unknown(v)) {
        add_unknown(g, from, v);
    }
}

/* The bindings of a document that is a data source, or of JSON. */
static const as_value *policy_of(
        gathering *g, const as_entity *code, const char **list, const as_entity **holder)
{
    const as_value *data = as_value_get(code->raw, AS_STR("policy_data"));
    size_t n;
    const as_entity *const *targets = as_graph_targets(g->c->graph, g->c->arena, code, data, &n);
    *holder = code;
    *list = "bindings";
    for (size_t i = 0; i < n; i++) {
        if (as_str_is(targets[i]->kind, "gcp.iam.policy_document")) {
            *list = "binding";
            *holder = targets[i];
            return targets[i]->raw;
        }
    }
    return data != NULL && data->meta != NULL ? data->meta->decoded : NULL;
}

static void add_policy(gathering *g, const as_entity *code, as_str role)
{
    const char *list;
    const as_entity *holder;
    const as_value *policy = policy_of(g, code, &list, &holder);
    const as_value *bindings = as_value_get(policy, as_str_from(list));
    if (bindings == NULL || as_value_is_unknown(bindings)) {
        g->unknown = true;
    }
    for (size_t i = 0; i < as_value_count(bindings); i++) {
        const as_value *b = as_value_index(bindings, i);
        if (as_str_eq(as_value_str(as_value_get(b, AS_STR("role"))), role)) {
            add_members(g, holder, as_value_get(b, AS_STR("members")));
        }
    }
}

static void drop_agents(as_texts *texts)
{
    size_t kept = 0;
    for (size_t i = 0; i < texts->n; i++) {
        if (!is_agent(texts->items[i])) {
            texts->items[kept++] = texts->items[i];
        }
    }
    texts->n = kept;
}

static bool is_binding(const as_entity *e)
{
    return as_str_starts(e->type, "google_") && as_str_ends(e->type, "_iam_binding");
}

static void compare_members(as_comparing *c)
{
    const as_value *members = as_value_get(c->live->raw, AS_STR("members"));
    as_str role = as_value_str(as_value_get(c->live->raw, AS_STR("role")));
    gathering code = {.c = c, .span = c->code->head}, live = {.c = c};
    for (size_t i = 0; i < c->n_codes; i++) {
        const as_entity *e = c->codes[i];
        if (as_str_ends(e->type, "_iam_policy")) {
            add_policy(&code, e, role);
        } else {
            add_members(&code, e, as_value_get(e->raw, AS_STR("member")));
            add_members(&code, e, as_value_get(e->raw, AS_STR("members")));
        }
    }
    add_members(&live, c->live, members);
    drop_agents(&code.texts);
    drop_agents(&live.texts);
    if (code.unknown || live.unknown || members == NULL) {
        c->doubt = AS_STR("who has the role in code is not known");
        return;
    }
    as_drift_compare_sets(c, "members", &code.texts, &live.texts, code.span, members->span);
}

/* --- firewall rules ------------------------------------------------------------------------------
 */

/* "tcp 22", "all" */
static void add_traffic(gathering *g, const as_value *rules, const char *protocol)
{
    static const struct {
        const char *number, *word;
    } names[] = {{"6", "tcp"}, {"17", "udp"}, {"1", "icmp"}};
    as_arena *arena = g->c->arena;
    for (size_t i = 0; i < as_value_count(rules); i++) {
        const as_value *rule = as_value_index(rules, i);
        const as_value *ports = as_value_get(rule, AS_STR("ports"));
        as_str word = as_str_lower(
                arena, as_drift_text(arena, as_value_get(rule, as_str_from(protocol))));
        if (as_value_has_unknown(rule)) {
            g->unknown = true;
            continue;
        }
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            word = as_str_is(word, names[k].number) ? as_str_from(names[k].word) : word;
        }
        if (as_value_count(ports) == 0) {
            AS_VEC_PUSH(arena, &g->texts, word);
        }
        for (size_t k = 0; k < as_value_count(ports); k++) {
            as_str port = as_drift_text(arena, as_value_index(ports, k));
            AS_VEC_PUSH(arena, &g->texts,
                    as_str_fmt(arena, "%.*s %.*s", AS_STR_ARG(word), AS_STR_ARG(port)));
        }
    }
    g->span = rules != NULL ? rules->span : g->span;
}

static void compare_firewall(as_comparing *c)
{
    static const char *const both[][2] = {{"allow", "allowed"}, {"deny", "denied"}};
    for (size_t i = 0; i < 2; i++) {
        gathering code = {.c = c, .span = c->code->head}, live = {.c = c};
        const as_value *rules = as_value_get(c->code->raw, as_str_from(both[i][0]));
        code.unknown = as_value_is_unknown(rules);
        add_traffic(&code, rules, "protocol");
        add_traffic(&live, as_value_get(c->live->raw, as_str_from(both[i][1])), "IPProtocol");
        if (!code.unknown && !live.unknown) {
            as_drift_compare_sets(c, both[i][0], &code.texts, &live.texts, code.span, live.span);
        }
    }
}

void as_drift_compare_google(as_comparing *c)
{
    if (is_binding(c->live)) {
        compare_members(c);
    } else if (as_str_is(c->live->type, "gcp:compute:firewall")) {
        compare_firewall(c);
    }
}

/* --- what services make --------------------------------------------------------------------------
 */

static bool all_agents(const as_value *members)
{
    for (size_t i = 0; i < as_value_count(members); i++) {
        if (!is_agent(as_value_str(as_value_index(members, i)))) {
            return false;
        }
    }
    return true;
}

bool as_drift_is_made_by_google(const as_entity *live)
{
    static const struct {
        const char *kind, *path, *begins, *ends; /* NULL: any */
    } made[] = {
            {"gcp.compute.network", "description", "Default network for the project", NULL},
            {"gcp.compute.subnetwork", "network", NULL, "/networks/default"},
            {"gcp.compute.route", "name", "default-route-", NULL},
            {"gcp.compute.route", "name", "peering-route-", NULL},
            {"gcp.compute.firewall", "name", "default-allow-", NULL},
            {"gcp.compute.firewall", "name", "gke-", NULL},
            {"gcp.compute.firewall", "name", "k8s-", NULL},
            {"gcp.compute.instance", "name", "gke-", NULL},
            {"gcp.iam.service_account", "email", NULL, "@developer.gserviceaccount.com"},
            {"gcp.iam.service_account", "email", NULL, "@appspot.gserviceaccount.com"},
            {"gcp.iam.service_account_key", "keyType", "SYSTEM_MANAGED", NULL},
            {"gcp.storage.bucket", "name", "gcf-", NULL},
            {"gcp.storage.bucket", "name", NULL, ".appspot.com"},
            {"gcp.storage.bucket", "name", NULL, "_cloudbuild"},
            {"gcp.storage.bucket", "name", NULL, ".artifacts"},
    };
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        as_str text = as_value_str(as_value_path(live->raw, made[i].path));
        if (as_str_is(live->kind, made[i].kind) && text.n > 0 &&
                (made[i].begins == NULL || as_str_starts(text, made[i].begins)) &&
                (made[i].ends == NULL || as_str_ends(text, made[i].ends))) {
            return true;
        }
    }
    const as_value *labels = as_value_get(live->raw, AS_STR("labels"));
    return as_value_get(labels, AS_STR("goog-gke-node")) != NULL ||
           as_value_get(labels, AS_STR("goog-managed-by")) != NULL ||
           (is_binding(live) && all_agents(as_value_get(live->raw, AS_STR("members"))));
}
