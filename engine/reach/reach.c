#include "engine/reach/reach.h"

#include <pthread.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/reach/answer.h"
#include "engine/reach/cloud.h"
#include "engine/reach/pods.h"

typedef struct judged {
    as_cluster *cluster;
    as_filter *filter;
    as_exposures exposures;
    uint32_t *by_entity; /* 1 + endpoint, by entity id */
} judged;

struct as_reach {
    pthread_mutex_t lock;
    const as_graph *graph;
    as_arena *arena;
    as_diags diags; /* `assay reach` shows these; a scan does not repeat them for every rule */
    judged *clusters;
    size_t n;
    as_cloud clouds[AS_N_CLOUDS];
    size_t n_clouds;
    const as_ports **open[AS_N_CLOUDS]; /* by node: see port_bound */
    const as_reach_answer **exposed;    /* by entity id: what the internet reaches on some port */
    bool ready;                         /* it was made, and is whole */
    bool made;
};

as_reach *as_reach_new(const as_graph *graph)
{
    as_reach *reach = calloc(1, sizeof *reach);
    if (reach == NULL) {
        return NULL;
    }
    reach->arena = as_arena_new(AS_MAX_UNIT_BYTES);
    if (reach->arena == NULL || pthread_mutex_init(&reach->lock, NULL) != 0) {
        as_arena_free(reach->arena);
        free(reach);
        return NULL;
    }
    reach->graph = graph;
    return reach;
}

void as_reach_free(as_reach *reach)
{
    if (reach != NULL) {
        (void)pthread_mutex_destroy(&reach->lock);
        as_arena_free(reach->arena);
        free(reach);
    }
}

static void judge(as_reach *reach, judged *j, as_cluster *cluster)
{
    j->cluster = cluster;
    j->filter = as_filter_new(cluster);
    j->exposures = as_exposures_read(cluster, j->filter);
    j->by_entity = AS_NEW_ARRAY(reach->arena, uint32_t, as_graph_count(reach->graph) + 1);
    for (size_t i = 0; i < cluster->endpoints.n; i++) {
        if (cluster->endpoints.items[i].entity != NULL) {
            j->by_entity[cluster->endpoints.items[i].entity->id] = (uint32_t)i + 1;
        }
    }
    for (size_t i = 0; i < cluster->replicas.n; i++) {
        const as_replica *replica = &cluster->replicas.items[i];
        j->by_entity[replica->entity->id] = replica->endpoint + 1;
    }
}

/* Under the lock and a guard. */
static void make(as_reach *reach)
{
    if (reach->made) {
        return;
    }
    reach->made = true; /* also when it fails: it would fail again */
    as_diags_init(&reach->diags, reach->arena);
    as_clusters clusters = as_clusters_read(reach->arena, reach->graph, &reach->diags);
    judged *all = AS_NEW_ARRAY(reach->arena, judged, clusters.n);
    for (size_t i = 0; i < clusters.n; i++) {
        judge(reach, &all[i], clusters.items[i]);
    }
    reach->n_clouds = as_clouds_read(reach->arena, reach->graph, reach->clouds);
    for (size_t i = 0; i < reach->n_clouds; i++) {
        reach->open[i] = AS_NEW_ARRAY(reach->arena, const as_ports *, reach->clouds[i].n);
    }
    reach->exposed =
            AS_NEW_ARRAY(reach->arena, const as_reach_answer *, as_graph_count(reach->graph) + 1);
    reach->clusters = all;
    reach->n = clusters.n;
    reach->ready = true;
}

static as_endpoint_place place_of(const judged *j, as_reach_side side)
{
    if (side.entity == NULL) {
        return as_place_find(j->cluster, side.text);
    }
    uint32_t at = j->by_entity[side.entity->id];
    if (at == 0) {
        return (as_endpoint_place){.kind = AS_PLACE_NOWHERE};
    }
    return (as_endpoint_place){.kind = AS_PLACE_ENDPOINT,
            .endpoint = at - 1,
            .title = j->cluster->endpoints.items[at - 1].title};
}

/* The answers of several clusters: yes when one says yes. */
static void merge(as_reach_answer *out, const judged *j, const as_answer *one, bool first)
{
    out->verdict = first ? one->verdict : as_truth_or(out->verdict, one->verdict);
    if (one->verdict == AS_MAYBE && out->reason.n == 0) {
        out->reason = one->reason;
    }
    if (one->verdict != AS_NO && out->ports.n == 0) {
        as_buf buf;
        as_buf_init(&buf, j->cluster->arena, 0);
        as_ports_write(&buf, one->verdict == AS_YES ? one->ports.sure : one->ports.most,
                j->cluster->universe);
        out->ports = as_buf_view(&buf);
    }
    for (size_t i = 0; i < one->steps.n; i++) {
        const as_step *step = &one->steps.items[i];
        out->named |= step->rule != NULL && step->action == AS_RULE_ALLOW &&
                      step->direction == AS_INGRESS;
    }
    for (size_t i = 0; out->by == NULL && i < one->ways.n; i++) {
        if (!as_ports_is_empty(one->ways.items[i].open.most)) {
            out->by = one->ways.items[i].by;
        }
    }
}

static bool side_of(const as_cloud *cloud, as_reach_side side, as_cloud_side *out)
{
    if (side.entity == NULL && as_cloud_side_parse(cloud, side.text, out)) {
        return true;
    }
    uint32_t node = side.entity == NULL ? UINT32_MAX : as_cloud_node_of(cloud, side.entity);
    for (uint32_t i = 0; side.entity == NULL && i < cloud->n; i++) {
        node = as_str_eq(cloud->nodes[i]->address, side.text) ? i : node;
    }
    *out = as_cloud_side_node(node);
    return node != UINT32_MAX;
}

/* An answer of a cloud in the form of all. */
static void tell(const as_cloud *cloud, const as_cloud_answer *answer, as_truth verdict,
        as_reach_answer *out)
{
    as_buf buf;
    as_buf_init(&buf, cloud->arena, 0);
    as_ports_write(&buf,
            as_ports_is_empty(answer->ports.sure) ? answer->ports.most : answer->ports.sure,
            cloud->universe);
    *out = (as_reach_answer){.verdict = verdict,
            .reason = answer->reason,
            .ports = as_buf_view(&buf),
            .named = answer->named};
    if (verdict == AS_YES) {
        as_reach_step *steps = AS_NEW_ARRAY(cloud->arena, as_reach_step, answer->steps.n);
        for (size_t i = 0; i < answer->steps.n; i++) {
            steps[i] = (as_reach_step){answer->steps.items[i].text, answer->steps.items[i].span};
        }
        out->steps = steps;
        out->n_steps = answer->steps.n;
    }
}

/* Where the ports are noted that the internet may reach of a node: rules ask for any port, then for
 * one after the other. NULL: nobody notes them. */
static const as_ports **port_bound(
        as_reach *reach, const as_cloud *cloud, const as_cloud_side *from, const as_cloud_side *to)
{
    return from->any && !from->is_node && to->is_node
                   ? &reach->open[cloud - reach->clouds][to->node]
                   : NULL;
}

/* In a cloud: ports are numbers there. False when it does not have both sides. */
static bool ask_cloud(as_reach *reach, const as_cloud *cloud, as_reach_side from, as_reach_side to,
        as_str port, as_reach_answer *out)
{
    const as_ports *asked = NULL;
    as_cloud_side a, b;
    if (!side_of(cloud, from, &a) || !side_of(cloud, to, &b) || (!a.is_node && !b.is_node)) {
        return false;
    }
    *out = (as_reach_answer){.verdict = AS_MAYBE, .reason = AS_STR("the port is no number")};
    if (port.n > 0 && (asked = as_place_ports_by_number(cloud->space, port)) == NULL) {
        return true;
    }
    const as_ports **most = port_bound(reach, cloud, &a, &b);
    if (asked != NULL && most != NULL && *most != NULL &&
            as_ports_is_empty(as_ports_intersect(cloud->space, *most, asked))) {
        *out = (as_reach_answer){.verdict = AS_NO};
        return true;
    }
    as_cloud_answer answer = as_cloud_ask(cloud, &a, &b, asked);
    if (asked == NULL && most != NULL) {
        *most = answer.ports.most;
    }
    tell(cloud, &answer, as_cloud_verdict(cloud, &answer, asked), out);
    if (out->verdict == AS_YES && !a.is_node) {
        out->by = answer.by != NULL ? answer.by : cloud->nodes[b.node];
    }
    return true;
}

/* From a pod to something in a cloud. */
static bool ask_pods(
        as_reach *reach, as_reach_side from, as_reach_side to, as_str port, as_reach_answer *out)
{
    for (size_t i = 0; reach->ready && i < reach->n; i++) {
        const judged *j = &reach->clusters[i];
        as_endpoint_place a = place_of(j, from);
        for (size_t c = 0; a.kind == AS_PLACE_ENDPOINT && c < reach->n_clouds; c++) {
            const as_cloud *cloud = &reach->clouds[c];
            const as_ports *asked =
                    port.n > 0 ? as_place_ports_by_number(cloud->space, port) : NULL;
            as_pods pods = {j->cluster, j->filter, &j->exposures, a.endpoint};
            as_cloud_side b;
            if (!side_of(cloud, to, &b) || !b.is_node || (port.n > 0 && asked == NULL)) {
                continue;
            }
            as_cloud_answer answer =
                    as_pods_ask(&pods, reach->clouds, reach->n_clouds, cloud, &b, asked);
            tell(cloud, &answer, as_cloud_verdict(cloud, &answer, asked), out);
            return true;
        }
    }
    return false;
}

static as_reach_answer ask(as_reach *reach, as_reach_side from, as_reach_side to, as_str port)
{
    as_reach_answer out = {.verdict = AS_MAYBE,
            .reason = AS_STR("one of the sides is no workload that was found")};
    bool first = true;
    for (size_t i = 0; reach->ready && i < reach->n_clouds; i++) {
        if (ask_cloud(reach, &reach->clouds[i], from, to, port, &out)) {
            return out;
        }
    }
    for (size_t i = 0; i < reach->n; i++) {
        const judged *j = &reach->clusters[i];
        as_endpoint_place a = place_of(j, from), b = place_of(j, to);
        const as_ports *asked = NULL;
        if (a.kind == AS_PLACE_NOWHERE || b.kind == AS_PLACE_NOWHERE ||
                (a.kind != AS_PLACE_ENDPOINT && b.kind != AS_PLACE_ENDPOINT)) {
            continue;
        }
        if (port.n > 0 && (asked = as_place_ports(j->cluster, &b, port)) == NULL) {
            asked = as_ports_none(j->cluster->space.ports); /* it has no port of that name */
        }
        as_answer one = {.verdict = AS_NO};
        if (asked == NULL || !as_ports_is_empty(asked)) {
            one = as_answer_find(j->cluster, j->filter, &j->exposures, &a, &b, asked);
        } else {
            one.ports.sure = one.ports.most = asked;
        }
        if (first) {
            out.reason = AS_STR_NONE;
        }
        merge(&out, j, &one, first);
        first = false;
    }
    if (first) {
        (void)ask_pods(reach, from, to, port, &out);
    }
    return out;
}

static as_reach_answer joined(as_reach *reach, const as_entity *from, const as_entity *to)
{
    as_reach_answer out = {.verdict = AS_MAYBE,
            .reason = AS_STR("nothing that is in the scan stands in one of the networks")};
    for (size_t i = 0; reach->ready && i < reach->n_clouds; i++) {
        const as_cloud *cloud = &reach->clouds[i];
        as_cloud_join join = as_cloud_joined(cloud, from, to);
        if (join.asked) {
            tell(cloud, &join.answer, join.verdict, &out);
            out.from = cloud->nodes[join.from];
            out.to = cloud->nodes[join.to];
            return out;
        }
    }
    return out;
}

/* One question; `from` and `to` of networks, or sides. */
typedef struct question {
    bool joins;
    const as_entity *networks[2];
    as_reach_side sides[2];
    as_str port;
} question;

/* The sets and texts of a question are made in an arena that goes with it. */
static void copy(as_arena *arena, as_reach_answer *answer)
{
    as_reach_step *steps = AS_NEW_ARRAY(arena, as_reach_step, answer->n_steps);
    for (size_t i = 0; i < answer->n_steps; i++) {
        steps[i] = (as_reach_step){as_str_dup(arena, answer->steps[i].text), answer->steps[i].span};
    }
    answer->steps = steps;
    answer->reason = as_str_dup(arena, answer->reason);
    answer->ports = as_str_dup(arena, answer->ports);
}

static void use_arena(as_reach *reach, as_arena *arena)
{
    for (size_t i = 0; i < reach->n_clouds; i++) {
        as_cloud *cloud = &reach->clouds[i];
        cloud->arena = arena;
        (void)cloud->use_arena(cloud->network, arena);
    }
}

/* Under the lock. Leaves `out` as it is when memory runs out. */
static void answer(as_reach *reach, as_arena *scratch, const question *q, as_reach_answer *out)
{
    as_guard whole, own;
    if (AS_GUARD_ENTER(&whole, reach->arena)) {
        make(reach);
        use_arena(reach, scratch);
        if (AS_GUARD_ENTER(&own, scratch)) {
            *out = q->joins ? joined(reach, q->networks[0], q->networks[1])
                            : ask(reach, q->sides[0], q->sides[1], q->port);
            as_guard_leave(&own);
        }
        as_guard_leave(&whole);
    }
    use_arena(reach, reach->arena);
}

/* Where the answer is kept to the one question that several rules ask of the same thing; NULL: it
 * is another. */
static const as_reach_answer **place_of_answer(as_reach *reach, const question *q)
{
    bool exposure = !q->joins && q->sides[0].entity == NULL && q->sides[1].entity != NULL &&
                    q->port.n == 0 && as_str_is(q->sides[0].text, "internet");
    return exposure && reach->ready ? &reach->exposed[q->sides[1].entity->id] : NULL;
}

/* Under the lock. Without memory it is not kept. */
static void keep(as_reach *reach, const question *q, const as_reach_answer *answer)
{
    as_guard guard;
    const as_reach_answer **place = place_of_answer(reach, q);
    if (place == NULL) {
        return;
    }
    if (AS_GUARD_ENTER(&guard, reach->arena)) {
        as_reach_answer *kept = AS_NEW(reach->arena, as_reach_answer);
        *kept = *answer;
        copy(reach->arena, kept);
        *place = kept;
        as_guard_leave(&guard);
    }
}

static bool is_kept(as_reach *reach, const question *q, as_reach_answer *out)
{
    (void)pthread_mutex_lock(&reach->lock);
    const as_reach_answer **place = place_of_answer(reach, q);
    const as_reach_answer *kept = place == NULL ? NULL : *place;
    (void)pthread_mutex_unlock(&reach->lock);
    if (kept != NULL) {
        *out = *kept;
    }
    return kept != NULL;
}

static as_reach_answer guarded(as_reach *reach, as_arena *arena, const question *q)
{
    as_guard guard;
    as_reach_answer given = {
            .verdict = AS_MAYBE, .reason = AS_STR_INIT("the network is too large to be judged")};
    if (is_kept(reach, q, &given)) {
        copy(arena, &given); /* it may live longer than what answers */
        return given;
    }
    as_arena *scratch = as_arena_new(AS_MAX_UNIT_BYTES);
    if (scratch == NULL) {
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    }
    (void)pthread_mutex_lock(&reach->lock);
    answer(reach, scratch, q, &given);
    keep(reach, q, &given);
    (void)pthread_mutex_unlock(&reach->lock);
    bool kept = AS_GUARD_ENTER(&guard, arena);
    if (kept) {
        copy(arena, &given);
        as_guard_leave(&guard);
    }
    as_arena_free(scratch);
    if (!kept) {
        as_arena_unwind(arena, guard.cause);
    }
    return given;
}

as_reach_answer as_reach_ask(
        as_reach *reach, as_arena *arena, as_reach_side from, as_reach_side to, as_str port)
{
    question q = {.sides = {from, to}, .port = port};
    return guarded(reach, arena, &q);
}

as_reach_answer as_reach_joined(as_reach *reach, as_arena *arena, const as_entity *from_network,
        const as_entity *to_network)
{
    question q = {.joins = true, .networks = {from_network, to_network}};
    return guarded(reach, arena, &q);
}
