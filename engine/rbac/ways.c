#include "engine/rbac/ways.h"

#include "engine/rbac/gather.h"
#include "engine/rbac/tables.h"
#include "engine/schema/schema.h"

typedef struct place {
    as_str space;     /* empty: all */
    uint32_t account; /* any service account there */
    uint32_t api;     /* the same, towards the API server only */
    uint32_t running; /* accounts that pods there run as */
    bool guarded;     /* Pod Security refuses pods that take their node */
} place;

typedef struct building {
    as_ways *ways;
    as_arena *arena;
    const as_rbac_cluster *cluster;
    as_rbac_nodes nodes;
    uint32_t anyone, user;
    uint32_t *api; /* by index of the subject: who may do what it may in the cluster */
    place all;
    AS_VEC(place) places; /* in order of the cluster's namespaces */
    as_map by_space;      /* → index into places, plus one */
    as_map tokens;        /* "namespace/secret" → as_rbac_subject whose token it holds */
} building;

static place *place_of(building *b, as_str space)
{
    size_t index = (size_t)(uintptr_t)as_map_get(&b->by_space, space);
    return index == 0 ? NULL : &b->places.items[index - 1];
}

/* --- nodes ---------------------------------------------------------------------------------------
 */

static void add_places(building *b)
{
    b->all = (place){.account = as_ways_add_hub(b->ways, AS_WORLD_KUBERNETES),
            .api = as_ways_add_hub(b->ways, AS_WORLD_KUBERNETES),
            .running = as_ways_add_hub(b->ways, AS_WORLD_KUBERNETES)};
    b->nodes.any_account = b->all.account;
    for (size_t i = 0; i < b->cluster->spaces.n; i++) {
        place p = {.space = b->cluster->spaces.items[i],
                .account = as_ways_add_hub(b->ways, AS_WORLD_KUBERNETES),
                .api = as_ways_add_hub(b->ways, AS_WORLD_KUBERNETES),
                .running = as_ways_add_hub(b->ways, AS_WORLD_KUBERNETES)};
        AS_VEC_PUSH(b->arena, &b->places, p);
        as_map_put(b->arena, &b->by_space, p.space, (void *)(uintptr_t)b->places.n);
        as_ways_join_plain(b->ways, b->all.account, p.account, true, AS_STR(""));
        as_ways_join_plain(b->ways, b->all.api, p.api, true, AS_STR(""));
    }
}

/* An account is two: who speaks to the API server as it, and who has a token of it as well, which
 * clouds take too. */
static void add_account(building *b, const as_rbac_subject *s, as_way_node node)
{
    const place *p = place_of(b, s->space);
    as_str caveat = s->system ? AS_STR("the controllers have accounts of their own, as by default")
                              : AS_STR("");
    node.kind = AS_WAY_HELPER;
    b->api[s->index] = as_ways_add(b->ways, &node);
    as_ways_join_plain(b->ways, b->nodes.subjects[s->index], b->api[s->index], true, AS_STR(""));
    as_ways_join_plain(b->ways, p->account, b->nodes.subjects[s->index], !s->system, caveat);
    as_ways_join_plain(b->ways, p->api, b->api[s->index], !s->system, caveat);
}

static void add_subject(building *b, const as_rbac_subject *s)
{
    as_way_node node = {.kind = s->system ? AS_WAY_HELPER : AS_WAY_IDENTITY,
            .world = AS_WORLD_KUBERNETES,
            .name = s->shown,
            .id = s->user,
            .entity = s->entity,
            .span = s->span,
            .self = s};
    uint32_t number = as_ways_add(b->ways, &node);
    const as_rbac_grant *by;
    b->nodes.subjects[s->index] = b->api[s->index] = number;
    if (s->kind == AS_RBAC_ACCOUNT) {
        add_account(b, s, node);
    } else if (!as_str_is(s->name, "system:masters")) {
        as_ways_join_plain(b->ways, b->anyone, number, true, AS_STR(""));
        if (s->kind == AS_RBAC_USER) {
            as_ways_join_plain(b->ways, b->user, number, true, AS_STR(""));
        }
    }
    if (as_rbac_is_admin(&s->all, &by)) {
        as_ways_join(b->ways, &(as_way_edge){.from = b->api[s->index],
                                      .to = b->nodes.admin,
                                      .span = by->span,
                                      .certain = true});
    }
    if (b->cluster->gap.n > 0 && !s->system) {
        as_ways_add_doubt(
                b->ways, &(as_way_doubt){number, AS_STR("its bindings"), b->cluster->gap, s->span});
    }
    for (size_t i = 0; i < s->all.n; i++) {
        const as_rbac_grant *g = s->all.items[i];
        as_str reason = g->doubt.n > 0 ? g->doubt : g->role->doubt;
        for (size_t k = 0; reason.n == 0 && k < g->role->n_rules; k++) {
            reason = g->role->rules[k].doubt;
        }
        if (reason.n > 0) {
            as_ways_add_doubt(b->ways, &(as_way_doubt){number, g->shown, reason, g->span});
        }
    }
}

static void add_pods(building *b)
{
    for (size_t i = 0; i < b->cluster->pods.n; i++) {
        const as_rbac_pods *p = &b->cluster->pods.items[i];
        if (p->account == NULL || !p->token) {
            continue;
        }
        as_way_edge e = {.to = b->nodes.subjects[p->account->index],
                .workload = p->entity,
                .certain = true,
                .from = place_of(b, p->space)->running};
        as_ways_join(b->ways, &e);
        e.from = b->all.running;
        as_ways_join(b->ways, &e);
        e.from = b->nodes.node;
        e.certain = p->on_every_node;
        e.caveat = e.certain ? AS_STR("") : AS_STR("a pod of it runs on that node");
        as_ways_join(b->ways, &e);
    }
}

static as_str label_of(building *b, const as_entity *e, as_str name)
{
    const as_value *labels = as_place_walk(b->arena, e->raw, AS_STR("metadata.labels")).value;
    return as_value_str(as_value_get(labels, name));
}

/* Of the same cluster: a snapshot may hold several. */
static bool is_own(const building *b, const as_entity *e)
{
    return e->unit == b->cluster->unit &&
           (e->origin != AS_ORIGIN_LIVE || as_str_eq(e->account, b->cluster->account));
}

/* Pod Security admission: "baseline" and "restricted" refuse host paths, host namespaces and
 * privileged containers (Kubernetes, "Pod Security Standards"). */
static void read_objects(building *b)
{
    size_t n;
    const as_entity *const *found =
            as_graph_of_kind(b->cluster->graph, AS_STR("k8s.namespace"), &n);
    for (size_t i = 0; i < n; i++) {
        place *p = is_own(b, found[i]) ? place_of(b, as_rbac_name_of(b->arena, found[i])) : NULL;
        as_str level = label_of(b, found[i], AS_STR("pod-security.kubernetes.io/enforce"));
        if (p != NULL) {
            p->guarded = as_str_is(level, "baseline") || as_str_is(level, "restricted");
        }
    }
    found = as_graph_of_kind(b->cluster->graph, AS_STR("k8s.secret"), &n);
    for (size_t i = 0; i < n; i++) {
        const as_value *names =
                as_place_walk(b->arena, found[i]->raw, AS_STR("metadata.annotations")).value;
        as_str account =
                as_value_str(as_value_get(names, AS_STR("kubernetes.io/service-account.name")));
        as_str type = as_value_str(as_value_get(found[i]->raw, AS_STR("type")));
        as_str space = as_rbac_space_of(b->arena, found[i]);
        const as_rbac_subject *s =
                as_rbac_subject_called(b->cluster, as_str_fmt(b->arena, "ServiceAccount/%.*s/%.*s",
                                                           AS_STR_ARG(space), AS_STR_ARG(account)));
        if (is_own(b, found[i]) && s != NULL &&
                as_str_is(type, "kubernetes.io/service-account-token")) {
            as_str key = as_str_fmt(b->arena, "%.*s/%.*s", AS_STR_ARG(space),
                    AS_STR_ARG(as_rbac_name_of(b->arena, found[i])));
            as_map_put(b->arena, &b->tokens, key, &b->api[s->index]);
        }
    }
}

/* --- methods -------------------------------------------------------------------------------------
 */

typedef struct answer {
    as_truth truth;
    as_str caveat;
    as_rbac_verdict last;
    const as_rbac_rule *limited; /* it holds for the objects that this rule names */
} answer;

static answer ask_need(building *b, const as_rbac_grants *grants, const as_rbac_need *need,
        int where, as_str space)
{
    answer a = {.truth = AS_NO};
    if (need->space.n > 0) { /* of one object in a namespace of its own */
        if (where == AS_RBAC_IN && !as_str_eq(space, need->space)) {
            return a;
        }
        where = AS_RBAC_IN;
        space = need->space;
    }
    for (size_t i = 0; i < need->verbs.n && a.truth != AS_YES; i++) {
        as_rbac_request r = {.verb = need->verbs.items[i],
                .group = need->group,
                .resource = need->resource,
                .subresource = need->subresource,
                .name = need->name};
        as_rbac_verdict v = as_rbac_decide(grants, &r, where, space);
        const as_rbac_rule *limited = NULL;
        if (v.truth != AS_YES && need->name.n == 0) {
            r.any_name = true;
            as_rbac_verdict named = as_rbac_decide(grants, &r, where, space);
            if (named.truth == AS_YES) {
                v = named;
                limited = named.rule;
            }
        }
        /* What is not known is told as a doubt; it would be a way by every method. */
        bool open = v.truth == AS_MAYBE && (v.rule == NULL || v.rule->doubt.n > 0);
        if (v.truth == AS_YES || (v.truth == AS_MAYBE && !open && a.truth == AS_NO)) {
            a = (answer){v.truth, v.reason, v, limited};
        }
    }
    if (a.limited != NULL) {
        a.truth = AS_MAYBE;
        a.caveat = as_str_fmt(b->arena, "%.*s is the one", AS_STR_ARG(a.limited->names.items[0]));
    }
    return a;
}

static answer ask(
        building *b, const as_rbac_grants *grants, const as_rbac_method *m, int where, as_str space)
{
    answer all = {.truth = AS_YES};
    for (size_t i = 0; i < m->n_needs && all.truth != AS_NO; i++) {
        answer one = ask_need(b, grants, &m->needs[i], where, space);
        all.truth = as_truth_and(all.truth, one.truth);
        all.last = one.last;
        all.limited = one.limited != NULL ? one.limited : all.limited;
        if (one.truth == AS_MAYBE) {
            all.caveat = one.caveat;
        }
    }
    if (all.truth != AS_NO && m->assumes.n > 0) {
        all.caveat = all.caveat.n == 0 ? m->assumes
                                       : as_str_fmt(b->arena, "%.*s, and %.*s",
                                                 AS_STR_ARG(m->assumes), AS_STR_ARG(all.caveat));
        all.truth = AS_MAYBE;
    }
    return all;
}

static as_way_edge edge_of(
        building *b, uint32_t from, const as_rbac_method *m, const answer *a, const place *p)
{
    as_str place_text = m->cluster ? AS_STR("the cluster")
                        : p->space.n > 0
                                ? as_str_fmt(b->arena, "namespace %.*s", AS_STR_ARG(p->space))
                                : AS_STR("all namespaces");
    const as_rbac_need *need = &m->needs[m->n_needs - 1];
    return (as_way_edge){.from = from,
            .method = m->id,
            .action = need->action,
            .resource = place_text,
            .span = a->last.grant != NULL ? a->last.grant->span : AS_SPAN_NONE,
            .certain = a->truth == AS_YES,
            .caveat = a->caveat};
}

/* Of rules for named objects: the accounts that they name, or whose tokens the Secrets hold. */
static void join_named(
        building *b, as_way_edge e, const as_rbac_method *m, const answer *a, const place *p)
{
    bool secrets = as_str_is(m->needs[0].resource, "secrets");
    for (size_t i = 0; i < a->limited->names.n; i++) {
        as_str name = a->limited->names.items[i];
        for (size_t k = 0; k < b->places.n; k++) {
            as_str space = b->places.items[k].space;
            if (p->space.n > 0 && !as_str_eq(p->space, space)) {
                continue;
            }
            const uint32_t *number = NULL;
            if (secrets) {
                number = as_map_get(&b->tokens,
                        as_str_fmt(b->arena, "%.*s/%.*s", AS_STR_ARG(space), AS_STR_ARG(name)));
            } else {
                const as_rbac_subject *s = as_rbac_subject_called(
                        b->cluster, as_str_fmt(b->arena, "ServiceAccount/%.*s/%.*s",
                                            AS_STR_ARG(space), AS_STR_ARG(name)));
                number = s == NULL ? NULL
                         : m->api  ? &b->api[s->index]
                                   : &b->nodes.subjects[s->index];
            }
            if (number != NULL) {
                e.to = *number;
                e.certain = true;
                e.caveat = AS_STR("");
                as_ways_join(b->ways, &e);
            }
        }
    }
}

static void join_users(building *b, as_way_edge e, const answer *a)
{
    for (size_t i = 0; i < a->limited->names.n; i++) {
        const as_rbac_subject *s = as_rbac_subject_called(b->cluster,
                as_str_fmt(b->arena, "User/%.*s", AS_STR_ARG(a->limited->names.items[i])));
        if (s != NULL) {
            e.to = b->nodes.subjects[s->index];
            e.certain = true;
            e.caveat = AS_STR("");
            as_ways_join(b->ways, &e);
        }
    }
}

/* Pods that are named: those whose controller's name the pod's begins with. */
static void join_named_pods(building *b, as_way_edge e, const answer *a, const place *p)
{
    for (size_t i = 0; i < b->cluster->pods.n; i++) {
        const as_rbac_pods *pods = &b->cluster->pods.items[i];
        as_str owner = as_rbac_name_of(b->arena, pods->entity);
        if (pods->account == NULL || !pods->token ||
                (p->space.n > 0 && !as_str_eq(p->space, pods->space))) {
            continue;
        }
        for (size_t k = 0; k < a->limited->names.n; k++) {
            as_str name = a->limited->names.items[k];
            bool own = name.n > owner.n && name.p[owner.n] == '-' &&
                       as_str_eq(as_str_slice(name, 0, owner.n), owner);
            if (own || as_str_eq(name, owner)) {
                e.to = b->nodes.subjects[pods->account->index];
                e.workload = pods->entity;
                as_ways_join(b->ways, &e);
            }
        }
    }
}

/* Secrets that are known to hold tokens need no assumption. */
static void join_tokens(building *b, as_way_edge e, const place *p)
{
    for (size_t i = 0; i < b->tokens.n; i++) {
        as_str rest = b->tokens.entries[i].key, space;
        if (as_str_split(&rest, '/', &space) && (p->space.n == 0 || as_str_eq(space, p->space))) {
            e.to = *(const uint32_t *)b->tokens.entries[i].value;
            e.certain = true;
            e.caveat = AS_STR("");
            as_ways_join(b->ways, &e);
        }
    }
}

static void join_node(building *b, as_way_edge e, const place *p)
{
    if (p->guarded) {
        return;
    }
    e.certain = false;
    e.caveat = AS_STR("nothing refuses a pod that takes its node");
    e.to = b->nodes.node;
    as_ways_join(b->ways, &e);
}

static void join_method(
        building *b, uint32_t from, const as_rbac_method *m, const answer *a, const place *p)
{
    as_way_edge e = edge_of(b, from, m, a, p);
    switch (m->gives) {
    case AS_RBAC_GIVES_ADMIN:
        e.to = b->nodes.admin;
        break;
    case AS_RBAC_GIVES_ACCOUNT: {
        as_str resource = m->needs[0].resource;
        bool secrets = as_str_is(resource, "secrets");
        if (a->limited != NULL && (secrets || as_str_is(resource, "serviceaccounts"))) {
            join_named(b, e, m, a, p);
            return;
        }
        if (secrets && m->n_needs == 1) {
            join_tokens(b, e, p);
        }
        e.to = m->api ? p->api : p->account;
        break;
    }
    case AS_RBAC_GIVES_RUNNING:
        if (a->limited != NULL) {
            join_named_pods(b, e, a, p);
            return;
        }
        e.to = p->running;
        break;
    case AS_RBAC_GIVES_NODE:
        join_node(b, e, p);
        return;
    case AS_RBAC_GIVES_ANYONE:
        e.to = b->anyone;
        break;
    case AS_RBAC_GIVES_USER:
        if (a->limited != NULL) {
            join_users(b, e, a);
            return;
        }
        e.to = b->user;
        break;
    }
    as_ways_join(b->ways, &e);
}

/* What subjects of one set can do, from the hub that they share. */
static void add_set(building *b, uint32_t hub, const as_rbac_grants *grants)
{
    for (size_t i = 0; i < as_rbac_n_methods; i++) {
        const as_rbac_method *m = &as_rbac_methods[i];
        answer a = ask(b, grants, m, AS_RBAC_EVERYWHERE, AS_STR(""));
        if (a.truth != AS_NO) {
            join_method(b, hub, m, &a, &b->all);
        }
        if (m->cluster || (a.truth == AS_YES && a.limited == NULL)) {
            continue;
        }
        as_map seen = {0};
        for (size_t k = 0; k < grants->n; k++) {
            place *p = place_of(b, grants->items[k]->space);
            if (p == NULL || as_map_has(&seen, p->space)) {
                continue;
            }
            as_map_put(b->arena, &seen, p->space, p);
            answer here = ask(b, grants, m, AS_RBAC_IN, p->space);
            if (here.truth == AS_YES || (here.truth == AS_MAYBE && a.truth == AS_NO)) {
                join_method(b, hub, m, &here, p);
            }
        }
    }
}

as_rbac_nodes as_rbac_ways_add(as_ways *ways, as_arena *arena, const as_rbac_cluster *cluster)
{
    building b = {.ways = ways, .arena = arena, .cluster = cluster};
    b.nodes.cluster = cluster;
    b.nodes.subjects = AS_NEW_ARRAY(arena, uint32_t, cluster->subjects.n);
    b.api = AS_NEW_ARRAY(arena, uint32_t, cluster->subjects.n);
    b.nodes.admin = as_ways_add(ways, &(as_way_node){.kind = AS_WAY_GOAL,
                                              .world = AS_WORLD_KUBERNETES,
                                              .name = AS_STR("cluster administrator")});
    b.nodes.node = as_ways_add_hub(b.ways, AS_WORLD_KUBERNETES);
    b.anyone = as_ways_add_hub(b.ways, AS_WORLD_KUBERNETES);
    b.user = as_ways_add_hub(b.ways, AS_WORLD_KUBERNETES);
    add_places(&b);
    for (size_t i = 0; i < cluster->subjects.n; i++) {
        add_subject(&b, cluster->subjects.items[i]);
    }
    for (size_t i = 0; i < cluster->doubtful.n; i++) {
        const as_rbac_grant *g = cluster->doubtful.items[i];
        as_ways_add_doubt(ways,
                &(as_way_doubt){0, g->shown, AS_STR("one of its subjects is not known"), g->span});
    }
    add_pods(&b);
    read_objects(&b);
    uint32_t *hubs = AS_NEW_ARRAY(arena, uint32_t, cluster->n_sets);
    for (size_t i = 0; i < cluster->subjects.n; i++) {
        const as_rbac_subject *s = cluster->subjects.items[i];
        const as_rbac_grant *by;
        if (s->all.n == 0 || as_rbac_is_admin(&s->all, &by)) {
            continue;
        }
        if (hubs[s->set] == 0) {
            hubs[s->set] = as_ways_add_hub(b.ways, AS_WORLD_KUBERNETES);
            add_set(&b, hubs[s->set], &s->all);
        }
        as_ways_join_plain(b.ways, b.api[s->index], hubs[s->set], true, AS_STR(""));
    }
    return b.nodes;
}
