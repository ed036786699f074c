#include "engine/reach/cloud.h"

#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/reach/aws_filter.h"
#include "engine/reach/gcp_filter.h"
#include "engine/reach/pods.h"

enum { MAX_BALANCERS_IN_A_ROW = 3 };

size_t as_clouds_read(as_arena *arena, const as_graph *graph, as_cloud *out)
{
    size_t n = 0;
    out[n] = as_aws_cloud(as_aws_network_read(arena, graph));
    n += out[n].n > 0;
    out[n] = as_gcp_cloud(as_gcp_network_read(arena, graph));
    n += out[n].n > 0;
    return n;
}

/* --- sides ------------------------------------------------------------------------------------ */

uint32_t as_cloud_node_of(const as_cloud *cloud, const as_entity *entity)
{
    return cloud->node_of[entity->id] == 0 ? UINT32_MAX : cloud->node_of[entity->id] - 1;
}

as_cloud_side as_cloud_side_node(uint32_t node)
{
    return (as_cloud_side){.is_node = true, .node = node};
}

as_cloud_side as_cloud_side_internet(const as_cloud *cloud)
{
    return (as_cloud_side){.where = cloud->internet, .any = true};
}

bool as_cloud_side_parse(const as_cloud *cloud, as_str text, as_cloud_side *out)
{
    as_cidr cidr;
    if (as_str_is(text, "internet")) {
        *out = as_cloud_side_internet(cloud);
        return true;
    }
    if (!as_cidr_parse(text, &cidr)) {
        return false;
    }
    *out = (as_cloud_side){.where = as_addresses_cidr(cloud->arena, &cidr)};
    return true;
}

/* --- questions -------------------------------------------------------------------------------- */

as_truth as_cloud_verdict(
        const as_cloud *cloud, const as_cloud_answer *answer, const as_ports *asked)
{
    const as_ports *sure = answer->ports.sure, *most = answer->ports.most;
    if (asked != NULL && !as_ports_is_empty(sure) && !as_ports_subset(cloud->space, asked, sure)) {
        return AS_MAYBE;
    }
    return !as_ports_is_empty(sure) ? AS_YES : !as_ports_is_empty(most) ? AS_MAYBE : AS_NO;
}

static as_cloud_answer ask_deep(const as_cloud *cloud, const as_cloud_side *from,
        const as_cloud_side *to, const as_ports *asked, int depth, bool explains);

/* What comes out behind a load balancer, of what comes in as `front`. */
static as_cloud_answer behind(const as_cloud *cloud, const as_cloud_forward *f,
        const as_cloud_side *from, const as_cloud_side *to, const as_cloud_answer *front,
        const as_ports *wanted, bool explains)
{
    as_cloud_side balancer = as_cloud_side_node(f->balancer);
    if (f->links) { /* the service's groups see the client's address */
        as_cloud_side client = *from;
        client.linked = true;
        return cloud->ask(cloud->network, &client, to, wanted, explains);
    }
    as_cloud_answer back = cloud->ask(cloud->network, &balancer, to, wanted, explains);
    if (f->keeps_source && !front->linked) { /* the client's address is what the node sees */
        as_cloud_side seen = *from;
        seen.relayed = true;
        as_cloud_answer kept = cloud->ask(cloud->network, &seen, to, wanted, explains);
        back = as_ports_is_empty(back.ports.sure) && !as_ports_is_empty(kept.ports.most) ? kept
                                                                                         : back;
    }
    return back;
}

/* What a load balancer hands on of what it gets from `from`. */
static as_cloud_answer through(const as_cloud *cloud, const as_cloud_forward *f,
        const as_cloud_side *from, const as_cloud_side *to, const as_ports *asked, int depth,
        bool explains)
{
    as_cloud_side balancer = as_cloud_side_node(f->balancer);
    const as_ports *wanted =
            asked == NULL ? f->back : as_ports_intersect(cloud->space, asked, f->back);
    as_cloud_answer none = {.ports = {as_ports_none(cloud->space), as_ports_none(cloud->space)}};
    if (as_ports_is_empty(wanted) || (from->is_node && from->node == f->balancer)) {
        return none;
    }
    as_cloud_answer front = ask_deep(cloud, from, &balancer, f->front, depth + 1, explains);
    if (as_ports_is_empty(front.ports.most)) {
        return none;
    }
    as_cloud_answer back = behind(cloud, f, from, to, &front, wanted, explains);
    as_cloud_answer out = back;
    out.by = cloud->nodes[f->balancer];
    out.named = front.named && back.named;
    out.linked = f->links || front.linked;
    if (as_ports_is_empty(front.ports.sure) || f->unsure.n > 0) {
        out.ports.sure = as_ports_none(cloud->space);
        out.reason = as_ports_is_empty(front.ports.sure) ? front.reason : f->unsure;
    }
    out.steps = (as_cloud_steps){0};
    as_cloud_step leads = {as_str_fmt(cloud->arena, "%.*s leads to it",
                                   AS_STR_ARG(cloud->nodes[f->balancer]->address)),
            f->by->head, f->unsure, false};
    AS_VEC_PUSH(cloud->arena, &out.steps, leads);
    for (size_t i = 0; i < front.steps.n; i++) {
        AS_VEC_PUSH(cloud->arena, &out.steps, front.steps.items[i]);
    }
    for (size_t i = 0; i < back.steps.n; i++) {
        AS_VEC_PUSH(cloud->arena, &out.steps, back.steps.items[i]);
    }
    return out;
}

static as_cloud_answer ask_deep(const as_cloud *cloud, const as_cloud_side *from,
        const as_cloud_side *to, const as_ports *asked, int depth, bool explains)
{
    as_cloud_answer out = cloud->ask(cloud->network, from, to, asked, explains);
    if (!to->is_node || depth >= MAX_BALANCERS_IN_A_ROW) {
        return out;
    }
    for (uint32_t i = cloud->forwards_of[to->node]; i > 0; i = cloud->next_forward[i - 1]) {
        as_cloud_answer one =
                through(cloud, &cloud->forwards[i - 1], from, to, asked, depth, explains);
        bool better =
                as_ports_is_empty(out.ports.sure) &&
                (!as_ports_is_empty(one.ports.sure) ||
                        (as_ports_is_empty(out.ports.most) && !as_ports_is_empty(one.ports.most)));
        as_port_bounds joined = {as_ports_union(cloud->space, out.ports.sure, one.ports.sure),
                as_ports_union(cloud->space, out.ports.most, one.ports.most)};
        out = better ? one : out;
        out.ports = joined;
    }
    return out;
}

as_cloud_answer as_cloud_ask(const as_cloud *cloud, const as_cloud_side *from,
        const as_cloud_side *to, const as_ports *asked)
{
    return ask_deep(cloud, from, to, asked, 0, true);
}

void as_cloud_finish(as_cloud *cloud)
{
    cloud->internet = as_addresses_internet(cloud->arena);
    cloud->forwards_of = AS_NEW_ARRAY(cloud->arena, uint32_t, cloud->n);
    cloud->next_forward = AS_NEW_ARRAY(cloud->arena, uint32_t, cloud->n_forwards);
    for (size_t i = cloud->n_forwards; i > 0; i--) { /* so that chains are in order */
        uint32_t node = cloud->forwards[i - 1].node;
        cloud->next_forward[i - 1] = cloud->forwards_of[node];
        cloud->forwards_of[node] = (uint32_t)i;
    }
    uint32_t *hosts = AS_NEW_ARRAY(cloud->arena, uint32_t, cloud->n);
    for (uint32_t i = 0; i < cloud->n; i++) {
        cloud->n_clusters += as_pods_is_cluster(cloud->nodes[i]);
        if (as_pods_is_host(cloud->nodes[i])) {
            hosts[cloud->n_hosts++] = i;
        }
    }
    cloud->hosts = hosts;
}

/* --- lists ------------------------------------------------------------------------------------ */

typedef struct lister {
    const as_cloud *cloud;
    AS_VEC(as_connection) list;
    uint32_t *first, *next; /* members of classes: 1 + node */
    bool full;
} lister;

static void add(lister *l, as_str from, as_str to, const as_cloud_answer *answer)
{
    if (l->list.n >= AS_MAX_CONNECTIONS) {
        l->full = true;
        return;
    }
    as_connection c = {.from = from,
            .to = to,
            .ports = answer->ports,
            .reason = answer->ports.sure == answer->ports.most ? AS_STR("") : answer->reason};
    AS_VEC_PUSH(l->cloud->arena, &l->list, c);
}

static void group_classes(lister *l)
{
    const as_cloud *cloud = l->cloud;
    l->first = AS_NEW_ARRAY(cloud->arena, uint32_t, cloud->n_classes);
    l->next = AS_NEW_ARRAY(cloud->arena, uint32_t, cloud->n);
    for (size_t i = cloud->n; i > 0; i--) {
        l->next[i - 1] = l->first[cloud->classes[i - 1]];
        l->first[cloud->classes[i - 1]] = (uint32_t)i;
    }
}

/* Members of a class are judged by one of them. */
static void list_outside(
        lister *l, const as_cloud_side *outside, as_str name, bool out, as_str from)
{
    const as_cloud *cloud = l->cloud;
    for (size_t c = 0; c < cloud->n_classes; c++) {
        if (l->first[c] == 0) {
            continue;
        }
        as_cloud_side own = as_cloud_side_node(l->first[c] - 1);
        as_cloud_answer answer =
                cloud->ask(cloud->network, out ? &own : outside, out ? outside : &own, NULL, false);
        for (uint32_t i = l->first[c]; i > 0 && !as_ports_is_empty(answer.ports.most);
                i = l->next[i - 1]) {
            as_str address = cloud->nodes[i - 1]->address;
            if (from.n == 0 || !out || as_str_eq(address, from)) {
                add(l, out ? address : name, out ? name : address, &answer);
            }
        }
    }
}

static void list_pairs(lister *l, uint32_t a, uint32_t b, as_str from)
{
    const as_cloud *cloud = l->cloud;
    as_cloud_side x = as_cloud_side_node(a - 1), y = as_cloud_side_node(b - 1);
    bool same = cloud->classes[a - 1] == cloud->classes[b - 1];
    if (cloud->nodes[a - 1]->unit != cloud->nodes[b - 1]->unit || (same && l->next[a - 1] == 0)) {
        return;
    }
    as_cloud_answer answer = cloud->ask(cloud->network, &x, &y, NULL, false);
    if (as_ports_is_empty(answer.ports.most)) {
        return;
    }
    for (uint32_t i = a; i > 0; i = l->next[i - 1]) {
        if (from.n > 0 && !as_str_eq(cloud->nodes[i - 1]->address, from)) {
            continue;
        }
        for (uint32_t k = b; k > 0; k = l->next[k - 1]) {
            if (i != k) {
                add(l, cloud->nodes[i - 1]->address, cloud->nodes[k - 1]->address, &answer);
            }
        }
    }
}

/* What one class may open. The sets that judging takes are thrown away after each: answers keep
 * ports and reasons, which are not among them. */
static void list_row(lister *l, uint32_t a, as_str from)
{
    const as_cloud *cloud = l->cloud;
    as_arena *scratch = as_arena_new(AS_MAX_UNIT_BYTES);
    as_guard guard;
    if (scratch == NULL) {
        as_arena_unwind(cloud->arena, AS_CAUSE_MEMORY);
    }
    as_arena *before = cloud->use_arena(cloud->network, scratch);
    bool whole = AS_GUARD_ENTER(&guard, scratch);
    if (whole) {
        for (size_t b = 0; b < cloud->n_classes; b++) {
            if (l->first[b] > 0) {
                list_pairs(l, a, l->first[b], from);
            }
        }
        as_guard_leave(&guard);
    }
    (void)cloud->use_arena(cloud->network, before);
    as_arena_free(scratch);
    if (l->full || guard.cause != AS_CAUSE_NONE) {
        as_arena_unwind(cloud->arena, l->full ? AS_CAUSE_BUDGET : guard.cause);
    }
}

/* Whether a class has a member of that address. */
static bool has_member(const lister *l, size_t class, as_str address)
{
    for (uint32_t i = l->first[class]; i > 0; i = l->next[i - 1]) {
        if (as_str_eq(l->cloud->nodes[i - 1]->address, address)) {
            return true;
        }
    }
    return false;
}

as_connections as_cloud_connections(const as_cloud *cloud, as_str from)
{
    lister l = {.cloud = cloud};
    as_cloud_side side, internet = as_cloud_side_internet(cloud);
    bool outside = from.n > 0 && as_cloud_side_parse(cloud, from, &side);
    group_classes(&l);
    if (outside || from.n == 0) {
        list_outside(
                &l, outside ? &side : &internet, outside ? from : AS_STR("internet"), false, from);
    }
    if (!outside) {
        list_outside(&l, &internet, AS_STR("internet"), true, from);
    }
    for (size_t a = 0; !outside && a < cloud->n_classes; a++) {
        if (l.first[a] == 0 || (from.n > 0 && !has_member(&l, a, from))) {
            continue;
        }
        list_row(&l, l.first[a], from);
    }
    as_connections_sort(l.list.items, l.list.n);
    return (as_connections){l.list.items, l.list.n};
}

as_cloud_join as_cloud_joined(
        const as_cloud *cloud, const as_entity *from_network, const as_entity *to_network)
{
    lister l = {.cloud = cloud};
    const as_ports *nothing = as_ports_none(cloud->space);
    as_cloud_join out = {.verdict = AS_NO, .answer = {.ports = {nothing, nothing}}};
    group_classes(&l);
    for (size_t a = 0; a < cloud->n_classes; a++) {
        uint32_t x = l.first[a];
        for (size_t b = 0; x > 0 && cloud->networks[x - 1] == from_network && b < cloud->n_classes;
                b++) {
            uint32_t y = l.first[b];
            if (y == 0 || cloud->networks[y - 1] != to_network) {
                continue;
            }
            as_cloud_side from = as_cloud_side_node(x - 1), to = as_cloud_side_node(y - 1);
            as_cloud_answer answer = cloud->ask(cloud->network, &from, &to, NULL, false);
            as_truth verdict = as_cloud_verdict(cloud, &answer, NULL);
            bool better = verdict == AS_YES || (verdict == AS_MAYBE && out.verdict == AS_NO);
            out.asked = true;
            if (better) {
                out.verdict = verdict;
                out.from = x - 1;
                out.to = y - 1;
                out.answer = cloud->ask(cloud->network, &from, &to, NULL, true);
            }
            if (verdict == AS_YES) {
                return out;
            }
        }
    }
    return out;
}

as_cloud_exposures as_cloud_exposures_list(const as_cloud *cloud)
{
    as_cloud_exposures all = {0};
    as_cloud_side internet = as_cloud_side_internet(cloud);
    for (size_t i = 0; i < cloud->n_forwards; i++) {
        as_cloud_side to = as_cloud_side_node(cloud->forwards[i].node);
        as_cloud_answer answer =
                through(cloud, &cloud->forwards[i], &internet, &to, NULL, 0, false);
        if (!as_ports_is_empty(answer.ports.most)) {
            AS_VEC_PUSH(cloud->arena, &all, (as_cloud_exposure){&cloud->forwards[i], answer.ports});
        }
    }
    return all;
}
