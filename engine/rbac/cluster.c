#include "engine/rbac/cluster.h"

#include <stdlib.h>

#include "engine/graph/derived.h"
#include "engine/rbac/gather.h"
#include "engine/rbac/tables.h"
#include "engine/schema/schema.h"

#define ACCOUNT_PREFIX "system:serviceaccount:"

/* --- subjects ------------------------------------------------------------------------------------
 */

static as_rbac_subject *subject_of(
        as_rbac_gathering *g, as_rbac_kind kind, as_str space, as_str name, as_span span)
{
    as_arena *arena = g->arena;
    as_str shown = kind == AS_RBAC_ACCOUNT
                           ? as_str_fmt(arena, "ServiceAccount/%.*s/%.*s", AS_STR_ARG(space),
                                     AS_STR_ARG(name))
                           : as_str_fmt(arena, "%s/%.*s", kind == AS_RBAC_USER ? "User" : "Group",
                                     AS_STR_ARG(name));
    as_rbac_subject *s = as_map_get(&g->cluster->by_name, shown);
    if (s != NULL) {
        return s;
    }
    s = AS_NEW(arena, as_rbac_subject);
    *s = (as_rbac_subject){.kind = kind,
            .index = (uint32_t)g->cluster->subjects.n,
            .space = space,
            .name = name,
            .shown = shown,
            .user = name,
            .span = span,
            .system = true};
    as_map_put(arena, &g->cluster->by_name, shown, s);
    if (kind == AS_RBAC_ACCOUNT) {
        s->user =
                as_str_fmt(arena, ACCOUNT_PREFIX "%.*s:%.*s", AS_STR_ARG(space), AS_STR_ARG(name));
        as_map_put(arena, &g->cluster->by_name, s->user, s);
    }
    AS_VEC_PUSH(arena, &g->cluster->subjects, s);
    return s;
}

static void add_space(as_rbac_gathering *g, as_map *seen, as_str space)
{
    if (space.n > 0 && !as_map_has(seen, space)) {
        as_map_put(g->arena, seen, space, g);
        AS_VEC_PUSH(g->arena, &g->cluster->spaces, space);
    }
}

/* --- bindings ------------------------------------------------------------------------------------
 */

static const as_value *walk(as_rbac_gathering *g, const as_value *v, const char *path)
{
    return as_place_walk(g->arena, v, as_str_from(path)).value;
}

static void bind(as_rbac_gathering *g, as_rbac_grant *grant, const as_value *subject, as_str home)
{
    const as_value *name = as_value_get(subject, AS_STR("name"));
    const as_value *space = as_value_get(subject, AS_STR("namespace"));
    as_str kind = as_value_str(as_value_get(subject, AS_STR("kind")));
    if (as_value_is_unknown(subject) || as_value_is_unknown(name) || as_value_is_unknown(space)) {
        AS_VEC_PUSH(g->arena, &g->cluster->doubtful, grant);
        return;
    }
    as_str text = as_value_str(name), where = as_value_str(space);
    if (text.n == 0) {
        return;
    }
    as_rbac_subject *s;
    as_str rest = text, ns;
    if (as_str_is(kind, "ServiceAccount")) {
        s = subject_of(g, AS_RBAC_ACCOUNT, where.n > 0 ? where : home, text, subject->span);
    } else if (as_str_is(kind, "User") && as_str_starts(text, ACCOUNT_PREFIX)) {
        rest = as_str_from_index(text, sizeof ACCOUNT_PREFIX - 1);
        if (!as_str_split(&rest, ':', &ns)) {
            return;
        }
        s = subject_of(g, AS_RBAC_ACCOUNT, ns, rest, subject->span);
    } else if (as_str_is(kind, "User") || as_str_is(kind, "Group")) {
        s = subject_of(g, as_str_is(kind, "User") ? AS_RBAC_USER : AS_RBAC_GROUP, AS_STR(""), text,
                subject->span);
    } else {
        return;
    }
    AS_VEC_PUSH(g->arena, &s->own, grant);
    s->system = s->system && grant->system;
}

static void read_binding(as_rbac_gathering *g, const as_entity *e)
{
    as_arena *arena = g->arena;
    bool cluster = as_rbac_is_cluster_kind(e), terraform = as_str_starts(e->type, "kubernetes_");
    as_str home = as_rbac_space_of(arena, e), name = as_rbac_name_of(arena, e);
    const char *ref = terraform ? "role_ref" : "roleRef";
    const as_value *role = walk(g, e->raw, ref);
    role = as_value_is(role, AS_LIST) ? as_value_index(role, 0) : role; /* a block */
    const as_value *role_name = as_value_get(role, AS_STR("name"));
    as_rbac_grant *grant = AS_NEW(arena, as_rbac_grant);
    grant->binding = e;
    grant->span = e->head;
    grant->space = cluster ? AS_STR("") : home;
    grant->shown = cluster ? as_str_fmt(arena, "ClusterRoleBinding/%.*s", AS_STR_ARG(name))
                           : as_str_fmt(arena, "RoleBinding/%.*s/%.*s", AS_STR_ARG(home),
                                     AS_STR_ARG(name));
    const as_value *labels = walk(g, e->raw, "metadata.labels");
    grant->system = as_value_get(labels, AS_STR("kubernetes.io/bootstrapping")) != NULL;
    if (as_value_is_unknown(walk(g, e->raw, "metadata.namespace")) && !cluster) {
        grant->doubt = AS_STR("the namespace of the binding is not known");
    }
    if (as_value_is_unknown(role) || as_value_is_unknown(role_name)) {
        as_rbac_role *unknown = AS_NEW(arena, as_rbac_role);
        *unknown = (as_rbac_role){.shown = AS_STR("a role"),
                .doubt = as_str_fmt(
                        arena, "the role of %.*s is not known", AS_STR_ARG(grant->shown))};
        grant->role = unknown;
    } else if (as_value_str(role_name).n == 0) {
        return;
    } else {
        as_str kind = as_value_str(as_value_get(role, AS_STR("kind")));
        bool of_cluster = as_str_is(kind, "ClusterRole") || cluster;
        as_str shown = of_cluster ? as_str_fmt(arena, "ClusterRole/%.*s",
                                            AS_STR_ARG(as_value_str(role_name)))
                                  : as_str_fmt(arena, "Role/%.*s/%.*s", AS_STR_ARG(home),
                                            AS_STR_ARG(as_value_str(role_name)));
        grant->role = as_rbac_gather_role(g, shown);
    }
    const as_value *subjects = as_value_get(e->raw, AS_STR("subjects"));
    subjects = subjects != NULL ? subjects : as_value_get(e->raw, AS_STR("subject"));
    if (as_value_is_unknown(subjects)) {
        AS_VEC_PUSH(arena, &g->cluster->doubtful, grant);
    }
    for (size_t i = 0; i < as_value_count(subjects); i++) {
        bind(g, grant, as_value_index(subjects, i), home);
    }
}

static void bind_builtins(as_rbac_gathering *g)
{
    for (size_t i = 0; i < as_rbac_n_builtin_bindings; i++) {
        const as_rbac_builtin_binding *b = &as_rbac_builtin_bindings[i];
        as_rbac_grant *grant = AS_NEW(g->arena, as_rbac_grant);
        *grant = (as_rbac_grant){
                .shown = as_str_fmt(g->arena, "ClusterRoleBinding/%.*s", AS_STR_ARG(b->role)),
                .span = AS_SPAN_NONE,
                .system = true};
        grant->role = as_rbac_gather_role(
                g, as_str_fmt(g->arena, "ClusterRole/%.*s", AS_STR_ARG(b->role)));
        as_str name = b->subject, space = AS_STR("");
        as_rbac_kind kind = as_str_is(b->kind, "User")    ? AS_RBAC_USER
                            : as_str_is(b->kind, "Group") ? AS_RBAC_GROUP
                                                          : AS_RBAC_ACCOUNT;
        if (kind == AS_RBAC_ACCOUNT) {
            as_str_split(&name, '/', &space);
        }
        AS_VEC_PUSH(g->arena, &subject_of(g, kind, space, name, AS_SPAN_NONE)->own, grant);
    }
}

/* --- what the groups add -------------------------------------------------------------------------
 */

static void add_group(as_rbac_gathering *g, as_rbac_subject *s, as_str group)
{
    as_str shown = as_str_fmt(g->arena, "Group/%.*s", AS_STR_ARG(group));
    const as_rbac_subject *of = as_map_get(&g->cluster->by_name, shown);
    for (size_t i = 0; of != NULL && of != s && i < of->own.n; i++) {
        AS_VEC_PUSH(g->arena, &s->all, of->own.items[i]);
    }
}

/* Kubernetes, "Authenticating", and "Using RBAC": groups that the API server adds. */
static void add_groups(as_rbac_gathering *g, as_rbac_subject *s)
{
    for (size_t i = 0; i < s->own.n; i++) {
        AS_VEC_PUSH(g->arena, &s->all, s->own.items[i]);
    }
    bool outside =
            as_str_is(s->name, "system:anonymous") || as_str_is(s->name, "system:unauthenticated");
    if (s->kind == AS_RBAC_ACCOUNT) {
        add_group(g, s, AS_STR("system:serviceaccounts"));
        add_group(g, s, as_str_fmt(g->arena, "system:serviceaccounts:%.*s", AS_STR_ARG(s->space)));
    } else if (s->kind == AS_RBAC_GROUP && as_str_starts(s->name, "system:serviceaccounts:")) {
        add_group(g, s, AS_STR("system:serviceaccounts"));
    }
    add_group(g, s, outside ? AS_STR("system:unauthenticated") : AS_STR("system:authenticated"));
}

static int compare_grants(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t) * (const as_rbac_grant *const *)a;
    uintptr_t y = (uintptr_t) * (const as_rbac_grant *const *)b;
    return x == y ? 0 : x < y ? -1 : 1;
}

/* Subjects with the same grants get the same number; addresses make the key and stay inside. */
static void number_sets(as_rbac_gathering *g)
{
    as_map sets = {0};
    for (size_t i = 0; i < g->cluster->subjects.n; i++) {
        as_rbac_subject *s = g->cluster->subjects.items[i];
        const as_rbac_grant **key = AS_NEW_ARRAY(g->arena, const as_rbac_grant *, s->all.n);
        if (s->all.n > 0) {
            memcpy(key, s->all.items, s->all.n * sizeof *key);
            qsort(key, s->all.n, sizeof *key, compare_grants);
        }
        as_str text = {(const char *)key, s->all.n * sizeof *key};
        as_rbac_subject *first = as_map_get(&sets, text);
        s->set = first != NULL ? first->set : g->cluster->n_sets++;
        if (first == NULL) {
            as_map_put(g->arena, &sets, text, s);
        }
    }
}

/* --- pods ----------------------------------------------------------------------------------------
 */

static as_str account_name(const as_value *pod, bool *known)
{
    static const char *const names[] = {
            "serviceAccountName", "service_account_name", "serviceAccount"};
    *known = !as_value_is_unknown(pod);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const as_value *v = as_value_get(pod, as_str_from(names[i]));
        if (as_value_is_unknown(v)) {
            *known = false;
        } else if (as_value_str(v).n > 0) {
            return as_value_str(v);
        }
    }
    return AS_STR("default");
}

static bool mounts_token(as_rbac_gathering *g, const as_value *pod, const as_rbac_subject *account)
{
    static const char *const names[] = {
            "automountServiceAccountToken", "automount_service_account_token"};
    for (size_t i = 0; i < 2; i++) {
        const as_value *own = as_value_get(pod, as_str_from(names[i]));
        if (as_value_is(own, AS_BOOL)) {
            return own->as.boolean;
        }
    }
    for (size_t i = 0; i < 2 && account->entity != NULL; i++) {
        const as_value *v = walk(g, account->entity->raw, names[i]);
        if (as_value_is(v, AS_BOOL)) {
            return v->as.boolean;
        }
    }
    return true;
}

static void read_pods(as_rbac_gathering *g, const as_entity *e)
{
    const as_field *field = as_schema_field(e->schema, AS_STR("pod"));
    const as_value *pod =
            field == NULL ? NULL : as_field_read(g->cluster->graph, g->arena, e, field).value;
    if (as_value_is_null(pod)) {
        return;
    }
    bool known;
    as_str name = account_name(pod, &known);
    as_rbac_pods p = {.entity = e, .space = as_rbac_space_of(g->arena, e)};
    p.on_every_node =
            as_str_ends(e->type, "/DaemonSet") || as_str_starts(e->type, "kubernetes_daemon");
    if (known) {
        p.account = subject_of(g, AS_RBAC_ACCOUNT, p.space, name, e->head);
        p.account->system = false;
        p.token = mounts_token(g, pod, p.account);
    }
    AS_VEC_PUSH(g->arena, &g->cluster->pods, p);
}

/* --- the cluster ---------------------------------------------------------------------------------
 */

static bool is_kind(const as_entity *e, const char *kind)
{
    return as_str_is(e->kind, kind);
}

static as_rbac_cluster *read_cluster(as_arena *arena, const as_graph *graph, const as_unit *unit,
        const as_entity *const *entities, size_t n)
{
    as_rbac_gathering g = {.arena = arena, .cluster = AS_NEW(arena, as_rbac_cluster)};
    as_map seen = {0};
    *g.cluster = (as_rbac_cluster){.graph = graph, .unit = unit, .account = entities[0]->account};
    g.cluster->gap = as_graph_gap(graph, unit, AS_STR("k8s.rolebinding"));
    as_str roles = as_graph_gap(graph, unit, AS_STR("k8s.role"));
    g.cluster->gap = g.cluster->gap.n > 0 ? g.cluster->gap : roles;
    as_rbac_gather_roles(&g, entities, n);
    for (size_t i = 0; i < n; i++) {
        if (is_kind(entities[i], "k8s.serviceaccount")) {
            as_str space = as_rbac_space_of(arena, entities[i]);
            as_rbac_subject *s = subject_of(&g, AS_RBAC_ACCOUNT, space,
                    as_rbac_name_of(arena, entities[i]), entities[i]->head);
            s->entity = entities[i];
            as_map_put(arena, &g.cluster->by_name, entities[i]->address, s);
            s->system = false;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (is_kind(entities[i], "k8s.rolebinding")) {
            read_binding(&g, entities[i]);
        } else if (is_kind(entities[i], "k8s.workload")) {
            read_pods(&g, entities[i]);
        } else if (is_kind(entities[i], "k8s.namespace")) {
            add_space(&g, &seen, as_rbac_name_of(arena, entities[i]));
        }
    }
    bind_builtins(&g);
    for (size_t i = 0; i < g.cluster->subjects.n; i++) {
        as_rbac_subject *s = g.cluster->subjects.items[i];
        add_groups(&g, s);
        add_space(&g, &seen, s->space);
        for (size_t k = 0; k < s->own.n; k++) {
            add_space(&g, &seen, s->own.items[k]->space);
        }
    }
    for (size_t i = 0; i < g.cluster->pods.n; i++) {
        add_space(&g, &seen, g.cluster->pods.items[i].space);
    }
    number_sets(&g);
    return g.cluster;
}

const as_rbac_clusters *as_rbac_clusters_of(as_arena *arena, const as_graph *graph)
{
    static const char *const kinds[] = {
            "k8s.role", "k8s.rolebinding", "k8s.serviceaccount", "k8s.workload", "k8s.namespace"};
    as_rbac_clusters *clusters = AS_NEW(arena, as_rbac_clusters);
    typedef AS_VEC(const as_entity *) entity_list;
    AS_VEC(entity_list *) lists = {0};
    as_map by_cluster = {0};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t n;
        const as_entity *const *found = as_graph_of_kind(graph, as_str_from(kinds[k]), &n);
        for (size_t i = 0; i < n; i++) {
            const as_entity *e = found[i];
            if (e->unit == NULL) {
                continue;
            }
            bool live = e->origin == AS_ORIGIN_LIVE;
            as_str key = as_str_fmt(
                    arena, "%u %.*s", e->unit->id, AS_STR_ARG(live ? e->account : AS_STR("")));
            entity_list *list = as_map_get(&by_cluster, key);
            if (list == NULL) {
                list = AS_NEW(arena, entity_list);
                as_map_put(arena, &by_cluster, key, list);
                AS_VEC_PUSH(arena, &lists, list);
            }
            AS_VEC_PUSH(arena, list, e);
        }
    }
    for (size_t u = 0; u < lists.n; u++) {
        entity_list *list = lists.items[u];
        AS_VEC_PUSH(arena, &clusters->list,
                read_cluster(arena, graph, list->items[0]->unit, list->items, list->n));
    }
    return clusters;
}

static const void *make_clusters(as_arena *arena, const as_graph *graph)
{
    return as_rbac_clusters_of(arena, graph);
}

const as_rbac_clusters *as_rbac_clusters_shared(const as_graph *graph)
{
    return as_graph_derived(graph, make_clusters);
}

const as_rbac_subject *as_rbac_subject_called(const as_rbac_cluster *cluster, as_str shown)
{
    return as_map_get(&cluster->by_name, shown);
}

const as_rbac_subject *as_rbac_subject_find(const as_rbac_cluster *cluster, as_str text)
{
    const as_rbac_subject *found = as_map_get(&cluster->by_name, text);
    for (size_t i = 0; found == NULL && i < cluster->subjects.n; i++) {
        const as_rbac_subject *s = cluster->subjects.items[i];
        found = s->kind == AS_RBAC_USER && as_str_eq(s->name, text) ? s : NULL;
    }
    return found;
}

const as_rbac_subject *as_rbac_subject_of(
        const as_rbac_clusters *clusters, const as_entity *entity, const as_rbac_cluster **cluster)
{
    for (size_t i = 0; i < clusters->list.n; i++) {
        const as_rbac_cluster *c = clusters->list.items[i];
        const as_rbac_subject *s =
                c->unit == entity->unit && (entity->origin != AS_ORIGIN_LIVE ||
                                                   as_str_eq(c->account, entity->account))
                        ? as_map_get(&c->by_name, entity->address)
                        : NULL;
        if (s != NULL && s->entity == entity) {
            *cluster = c;
            return s;
        }
    }
    return NULL;
}
