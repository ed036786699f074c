#include "engine/reach/filter.h"

#include "engine/reach/udn.h"

#include <stdlib.h>
#include <string.h>

/* A policy that selects an endpoint, perhaps. */
typedef struct applied {
    const as_policy *policy;
    as_truth truth;
} applied;

/* The policies on the endpoints of one class, in one direction. */
typedef struct plan {
    bool made;
    applied *items;   /* in the order of tiers */
    size_t *tier_end; /* by tier: where its policies end */
} plan;

struct as_filter {
    bool assumes_host; /* policies hold for pods with hostNetwork */
    const as_cluster *cluster;
    as_arena *arena;
    uint32_t *classes; /* by endpoint */
    uint32_t *example; /* by class: one of its endpoints */
    size_t n_classes;
    plan *plans[AS_N_DIRECTIONS]; /* by class */
    as_port_bounds **known;       /* by class of the sender, then of the receiver; rows as needed */
};

/* --- classes ---------------------------------------------------------------------------------- */

/* Endpoints that no policy tells apart are of one class. */
typedef struct partition {
    as_arena *arena;
    uint32_t *classes; /* by endpoint */
    size_t n_endpoints, n_classes;
    uint32_t *sizes;                  /* by class: its endpoints */
    uint32_t *counts[2], *renamed[2]; /* by class, for yes and perhaps; all 0 between splits */
    uint32_t *touched;                /* classes of which some are in the set */
    uint32_t *names;                  /* for split: by class and colour */
    size_t n_names;
} partition;

static void begin_partition(partition *p, as_arena *arena, size_t n)
{
    p->arena = arena;
    p->n_endpoints = n;
    p->n_classes = 1;
    p->sizes = AS_NEW_ARRAY(arena, uint32_t, n + 1);
    p->sizes[0] = (uint32_t)n;
    p->touched = AS_NEW_ARRAY(arena, uint32_t, n + 1);
    for (size_t t = 0; t < 2; t++) {
        p->counts[t] = AS_NEW_ARRAY(arena, uint32_t, n + 1);
        p->renamed[t] = AS_NEW_ARRAY(arena, uint32_t, n + 1);
    }
}

/* Splits the classes by a colour of each endpoint: `colour` < n_colours. */
static void split(partition *p, const uint32_t *colours, uint32_t n_colours)
{
    size_t needed = p->n_classes * n_colours, n = 0;
    if (needed > p->n_names) {
        p->n_names = 2 * needed;
        p->names = AS_NEW_ARRAY(p->arena, uint32_t, p->n_names);
    } else {
        memset(p->names, 0, needed * sizeof *p->names);
    }
    memset(p->sizes, 0, p->n_endpoints * sizeof *p->sizes);
    for (size_t i = 0; i < p->n_endpoints; i++) {
        uint32_t *name = &p->names[p->classes[i] * n_colours + colours[i]];
        if (*name == 0) {
            *name = (uint32_t)++n;
        }
        p->classes[i] = *name - 1;
        p->sizes[*name - 1]++;
    }
    p->n_classes = n;
}

/* The class that those of `c` go to who are in the set (t: 0 surely, 1 perhaps). Who are all that
 * there are stay; where nobody stays else, those who are surely in it do. */
static uint32_t rename_class(partition *p, uint32_t c, size_t t)
{
    if (p->renamed[t][c] == 0) {
        uint32_t here = p->counts[t][c], all = p->counts[0][c] + p->counts[1][c];
        bool stays = here == p->sizes[c] || (t == 0 && all == p->sizes[c]);
        p->renamed[t][c] = stays ? c + 1 : (uint32_t)++p->n_classes;
    }
    return p->renamed[t][c] - 1;
}

/* Costs what is in the set, not what is in the cluster. */
static void split_by_set(partition *p, const as_pod_set *set)
{
    size_t n_touched = 0;
    if (set == NULL) {
        return;
    }
    for (size_t i = as_pod_set_next(set, 0); i < p->n_endpoints; i = as_pod_set_next(set, i + 1)) {
        uint32_t c = p->classes[i];
        if (p->counts[0][c] + p->counts[1][c] == 0) {
            p->touched[n_touched++] = c;
        }
        p->counts[as_pod_set_get(set, i) == AS_MAYBE][c]++;
    }
    for (size_t i = as_pod_set_next(set, 0); i < p->n_endpoints; i = as_pod_set_next(set, i + 1)) {
        p->classes[i] = rename_class(p, p->classes[i], as_pod_set_get(set, i) == AS_MAYBE);
    }
    for (size_t k = 0; k < n_touched; k++) {
        uint32_t c = p->touched[k];
        for (size_t t = 0; t < 2; t++) {
            if (p->renamed[t][c] > 0 && p->renamed[t][c] - 1 != c) {
                p->sizes[p->renamed[t][c] - 1] = p->counts[t][c];
                p->sizes[c] -= p->counts[t][c];
            }
            p->counts[t][c] = p->renamed[t][c] = 0;
        }
    }
}

/* By what the names of ports in a rule stand for. */
static void split_by_names(
        const as_cluster *cluster, partition *p, const as_port_match *match, uint32_t *colours)
{
    as_arena *arena = p->arena;
    for (size_t m = 0; m < match->named.n; m++) {
        as_map seen = {0};
        for (size_t i = 0; i < p->n_endpoints; i++) {
            as_port_bounds at = as_endpoint_named_port(cluster, &cluster->endpoints.items[i],
                    match->named.items[m].name, match->named.items[m].protocol);
            as_str key = as_str_fmt(arena, "%u %u", at.sure->id, at.most->id);
            size_t colour = (size_t)(uintptr_t)as_map_get(&seen, key);
            if (colour == 0) {
                colour = seen.n + 1;
                as_map_put(arena, &seen, key, (void *)(uintptr_t)colour);
            }
            colours[i] = (uint32_t)colour - 1;
        }
        split(p, colours, (uint32_t)seen.n);
    }
}

static void split_by_policy(
        const as_cluster *cluster, partition *p, const as_policy *policy, uint32_t *colours)
{
    split_by_set(p, policy->subject);
    for (size_t d = 0; d < AS_N_DIRECTIONS; d++) {
        for (size_t r = 0; r < policy->rules[d].n; r++) {
            const as_policy_rule *rule = &policy->rules[d].items[r];
            split_by_set(p, rule->pods == cluster->everyone ? NULL : rule->pods);
            split_by_set(p, rule->self);
            split_by_names(cluster, p, &rule->ports, colours);
        }
    }
}

/* Namespaces of different primary networks are different. */
static void split_by_network(const as_cluster *c, partition *p, uint32_t *colours)
{
    bool any = false;
    for (size_t i = 0; i < p->n_endpoints; i++) {
        colours[i] = c->endpoints.items[i].in_namespace;
        any |= c->namespaces.items[colours[i]].network.n > 0;
    }
    if (any) {
        split(p, colours, (uint32_t)c->namespaces.n);
    }
}

static void make_classes(as_filter *f)
{
    const as_cluster *c = f->cluster;
    partition p = {0};
    as_arena *scratch = as_arena_new(0);
    if (scratch == NULL) {
        as_arena_unwind(f->arena, AS_CAUSE_MEMORY);
    }
    as_guard guard;
    if (!AS_GUARD_ENTER(&guard, scratch)) {
        as_cause cause = guard.cause;
        as_arena_free(scratch);
        as_arena_unwind(f->arena, cause);
    }
    p.classes = AS_NEW_ARRAY(f->arena, uint32_t, c->endpoints.n);
    begin_partition(&p, scratch, c->endpoints.n);
    uint32_t *colours = AS_NEW_ARRAY(scratch, uint32_t, c->endpoints.n);
    for (size_t i = 0; i < c->endpoints.n; i++) {
        colours[i] = c->endpoints.items[i].host_network;
    }
    split(&p, colours, 2);
    split_by_network(c, &p, colours);
    for (size_t t = 0; t < c->tiers.n; t++) {
        for (size_t i = 0; i < c->tiers.items[t]->policies.n; i++) {
            split_by_policy(c, &p, c->tiers.items[t]->policies.items[i], colours);
        }
    }
    memset(colours, 0, c->endpoints.n * sizeof *colours);
    split(&p, colours, 1); /* numbered in the order of their first endpoints */
    as_guard_leave(&guard);
    as_arena_free(scratch);
    f->classes = p.classes;
    f->n_classes = p.n_classes;
    f->example = AS_NEW_ARRAY(f->arena, uint32_t, p.n_classes);
    for (size_t i = c->endpoints.n; i-- > 0;) {
        f->example[p.classes[i]] = (uint32_t)i;
    }
}

as_filter *as_filter_new(const as_cluster *cluster)
{
    as_filter *f = AS_NEW(cluster->arena, as_filter);
    f->cluster = cluster;
    f->arena = cluster->arena;
    make_classes(f);
    for (size_t d = 0; d < AS_N_DIRECTIONS; d++) {
        f->plans[d] = AS_NEW_ARRAY(f->arena, plan, f->n_classes);
    }
    f->known = AS_NEW_ARRAY(f->arena, as_port_bounds *, f->n_classes);
    return f;
}

as_filter *as_filter_for_lists(as_filter *filter)
{
    for (size_t i = 0; i < filter->cluster->endpoints.n; i++) {
        if (filter->cluster->endpoints.items[i].host_network) {
            as_filter *other = as_filter_new(filter->cluster);
            other->assumes_host = true;
            return other;
        }
    }
    return filter;
}

size_t as_filter_n_classes(const as_filter *filter)
{
    return filter->n_classes;
}

uint32_t as_filter_class(const as_filter *filter, uint32_t endpoint)
{
    return filter->classes[endpoint];
}

/* --- the policies on an endpoint ----------------------------------------------------------------
 */

static const plan *plan_for(as_filter *f, as_direction direction, uint32_t subject)
{
    const as_cluster *c = f->cluster;
    plan *p = &f->plans[direction][f->classes[subject]];
    if (p->made) {
        return p;
    }
    AS_VEC(applied) list = {0};
    p->tier_end = AS_NEW_ARRAY(f->arena, size_t, c->tiers.n);
    for (size_t t = 0; t < c->tiers.n; t++) {
        const as_tier *tier = c->tiers.items[t];
        for (size_t i = 0; i < tier->policies.n; i++) {
            const as_policy *policy = tier->policies.items[i];
            as_truth truth = as_pod_set_get(policy->subject, subject);
            if (policy->governs[direction] && truth != AS_NO) {
                AS_VEC_PUSH(f->arena, &list, (applied){policy, truth});
            }
        }
        p->tier_end[t] = list.n;
    }
    p->items = list.items;
    p->made = true;
    return p;
}

/* --- judging ---------------------------------------------------------------------------------- */

/* The other side: an endpoint, or an address outside. */
typedef struct other_side {
    const as_endpoint *endpoint; /* NULL: an address */
    as_address address;
} other_side;

/* How to take what is open about the policies on the subject. */
typedef enum world {
    WORLD_ONE,  /* nothing is open, or bounds must do */
    WORLD_WITH, /* every policy that perhaps applies does */
    WORLD_WITHOUT,
} world;

typedef struct judging {
    as_filter *filter;
    as_port_space *space;
    as_direction direction;
    const as_endpoint *subject;
    other_side peer;
    world world;
    as_port_bounds remaining, passed, allowed;
    as_steps *steps;
} judging;

/* Whether it is open that policies hold for an endpoint. */
static bool is_host(const judging *j, const as_endpoint *endpoint)
{
    return endpoint->host_network && !j->filter->assumes_host;
}

static as_truth match_peer(const judging *j, const as_policy_rule *rule)
{
    as_truth truth;
    if (j->peer.endpoint != NULL) {
        truth = rule->pods == NULL ? AS_NO : as_pod_set_get(rule->pods, j->peer.endpoint->index);
        if (is_host(j, j->peer.endpoint) && truth == AS_YES &&
                rule->pods != j->filter->cluster->everyone) {
            truth = AS_MAYBE;
        }
    } else {
        truth = as_addresses_contain(rule->outside, j->peer.address)           ? AS_YES
                : as_addresses_contain(rule->outside_perhaps, j->peer.address) ? AS_MAYBE
                                                                               : AS_NO;
    }
    if (rule->self != NULL) {
        truth = as_truth_and(truth, as_pod_set_get(rule->self, j->subject->index));
    }
    return rule->unsure.n > 0 ? as_truth_and(truth, AS_MAYBE) : truth;
}

static void add(as_port_space *space, as_port_bounds *to, as_port_bounds ports)
{
    to->sure = as_ports_union(space, to->sure, ports.sure);
    to->most = as_ports_union(space, to->most, ports.most);
}

#define HOST_NETWORK_DOUBT                                                                         \
    AS_STR("whether policies hold for pods with hostNetwork is up to the network plugin")

static as_str doubt_of(const judging *j, const as_policy *policy, const as_policy_rule *rule)
{
    if (as_pod_set_get(policy->subject, j->subject->index) == AS_MAYBE) {
        return policy->subject->reason;
    }
    if (is_host(j, j->subject)) {
        return HOST_NETWORK_DOUBT;
    }
    if (rule == NULL) {
        return AS_STR("");
    }
    if (rule->unsure.n > 0) {
        return rule->unsure;
    }
    if (j->peer.endpoint != NULL && is_host(j, j->peer.endpoint)) {
        return HOST_NETWORK_DOUBT;
    }
    if (j->peer.endpoint != NULL && rule->pods != NULL &&
            as_pod_set_get(rule->pods, j->peer.endpoint->index) == AS_MAYBE) {
        const as_cluster *c = j->filter->cluster;
        const as_namespace *ns = &c->namespaces.items[j->peer.endpoint->in_namespace];
        /* A set keeps the first reason that was found; that of this peer says more. */
        return as_str_starts(rule->pods->reason, AS_NAMESPACE_DOUBT) && !ns->complete
                       ? as_namespace_doubt(c->arena, ns)
                       : rule->pods->reason;
    }
    if (rule->self != NULL && as_pod_set_get(rule->self, j->subject->index) == AS_MAYBE) {
        return rule->self->reason;
    }
    return j->peer.endpoint == NULL ? AS_STR("the addresses of the rule are not all known")
                                    : AS_STR("the ports of the rule are not all known");
}

static void note(judging *j, const as_policy *policy, const as_policy_rule *rule,
        as_rule_action action, as_port_bounds hit, bool certain)
{
    if (j->steps != NULL) {
        as_step step = {.direction = j->direction,
                .policy = policy,
                .rule = rule,
                .action = action,
                .ports = hit,
                .unsure = certain ? AS_STR("") : doubt_of(j, policy, rule)};
        if (!certain && step.unsure.n == 0) {
            step.unsure = AS_STR("it is not known whether it applies");
        }
        AS_VEC_PUSH(j->filter->arena, j->steps, step);
    }
}

static void apply_rule(
        judging *j, const as_policy *policy, as_truth selected, const as_policy_rule *rule)
{
    as_truth truth = as_truth_and(selected, match_peer(j, rule));
    if (truth == AS_NO) {
        return;
    }
    const as_endpoint *destination = j->direction == AS_INGRESS ? j->subject : j->peer.endpoint;
    as_port_bounds ports = as_port_match_at(j->filter->cluster, &rule->ports, destination);
    if (truth == AS_MAYBE) {
        ports.sure = as_ports_none(j->space);
    }
    as_port_bounds hit = {as_ports_intersect(j->space, ports.sure, j->remaining.sure),
            as_ports_intersect(j->space, ports.most, j->remaining.most)};
    if (as_ports_is_empty(hit.most)) {
        return;
    }
    bool certain = hit.sure == hit.most && !is_host(j, j->subject) &&
                   as_pod_set_get(policy->subject, j->subject->index) == AS_YES;
    note(j, policy, rule, rule->action, hit, certain);
    if (rule->action == AS_RULE_ALLOW) {
        add(j->space, &j->allowed, hit);
    } else if (rule->action == AS_RULE_PASS) {
        add(j->space, &j->passed, hit);
    }
    j->remaining.sure = as_ports_subtract(j->space, j->remaining.sure, ports.most);
    j->remaining.most = as_ports_subtract(j->space, j->remaining.most, ports.sure);
}

/* Whether a policy applies to the subject, in this world. */
static as_truth applies(const judging *j, as_truth selected)
{
    bool open = selected == AS_MAYBE || is_host(j, j->subject);
    return !open                       ? selected
           : j->world == WORLD_WITH    ? AS_YES
           : j->world == WORLD_WITHOUT ? AS_NO
                                       : AS_MAYBE;
}

/* The end of a tier: what is left is denied by isolation, or goes on. */
static void end_tier(judging *j, const as_tier *tier, const applied *items, size_t n)
{
    as_truth selected = AS_NO;
    for (size_t i = 0; i < n; i++) {
        selected = as_truth_or(selected, applies(j, items[i].truth));
    }
    if (!tier->isolates || selected == AS_NO) {
        add(j->space, &j->remaining, j->passed);
    } else {
        as_port_bounds left = j->remaining;
        if (!as_ports_is_empty(left.most)) {
            as_port_bounds denied = {
                    selected == AS_YES ? left.sure : as_ports_none(j->space), left.most};
            for (size_t i = 0; i < n; i++) {
                note(j, items[i].policy, NULL, AS_RULE_DENY, denied,
                        items[i].truth == AS_YES && !is_host(j, j->subject));
            }
        }
        j->remaining = j->passed;
        if (selected == AS_MAYBE) {
            j->remaining.most = as_ports_union(j->space, j->remaining.most, left.most);
        }
    }
    j->passed = (as_port_bounds){as_ports_none(j->space), as_ports_none(j->space)};
}

static as_port_bounds judge_layer(judging *j, const plan *p, as_layer layer)
{
    const as_cluster *c = j->filter->cluster;
    const as_ports *none = as_ports_none(j->space);
    j->remaining = (as_port_bounds){c->universe, c->universe};
    j->passed = j->allowed = (as_port_bounds){none, none};
    for (size_t t = 0; t < c->tiers.n; t++) {
        size_t begin = t == 0 ? 0 : p->tier_end[t - 1], end = p->tier_end[t];
        if (c->tiers.items[t]->layer != layer || begin == end) {
            continue;
        }
        for (size_t i = begin; i < end; i++) {
            const as_policy *policy = p->items[i].policy;
            const as_policy_rules *rules = &policy->rules[j->direction];
            for (size_t r = 0; r < rules->n && !as_ports_is_empty(j->remaining.most); r++) {
                apply_rule(j, policy, applies(j, p->items[i].truth), &rules->items[r]);
            }
        }
        end_tier(j, c->tiers.items[t], p->items + begin, end - begin);
    }
    add(j->space, &j->allowed, j->remaining);
    return j->allowed;
}

/* Bounds are coarse where policies only perhaps apply: a packet that one of them allows may pass
 * for certain, because without it nothing would hold it up. When all that is open is one question
 * (one policy, or hostNetwork), both answers are tried, which is exact. */
static bool has_two_worlds(const judging *j, const plan *p, size_t n)
{
    size_t n_open = 0;
    for (size_t i = 0; i < n; i++) {
        n_open += p->items[i].truth == AS_MAYBE;
    }
    return n > 0 && (is_host(j, j->subject) ? n_open == 0 : n_open == 1);
}

static as_port_bounds judge_world(judging *j, const plan *p)
{
    as_port_bounds out = {j->filter->cluster->universe, j->filter->cluster->universe};
    for (as_layer layer = AS_LAYER_POLICY; (int)layer < AS_N_LAYERS; layer++) {
        as_port_bounds through = judge_layer(j, p, layer);
        out.sure = as_ports_intersect(j->space, out.sure, through.sure);
        out.most = as_ports_intersect(j->space, out.most, through.most);
    }
    return out;
}

static as_port_bounds judge(
        as_filter *f, as_direction direction, uint32_t subject, other_side peer, as_steps *steps)
{
    const plan *p = plan_for(f, direction, subject);
    judging j = {.filter = f,
            .space = f->cluster->space.ports,
            .direction = direction,
            .subject = &f->cluster->endpoints.items[subject],
            .peer = peer,
            .steps = steps};
    size_t n = f->cluster->tiers.n == 0 ? 0 : p->tier_end[f->cluster->tiers.n - 1];
    if (!has_two_worlds(&j, p, n)) {
        return judge_world(&j, p);
    }
    j.world = WORLD_WITH;
    as_port_bounds with = judge_world(&j, p);
    j.world = WORLD_WITHOUT;
    j.steps = NULL;
    as_port_bounds without = judge_world(&j, p);
    return (as_port_bounds){as_ports_intersect(j.space, with.sure, without.sure),
            as_ports_union(j.space, with.most, without.most)};
}

as_port_bounds as_filter_pair(
        as_filter *filter, as_direction direction, uint32_t subject, uint32_t peer, as_steps *steps)
{
    other_side other = {.endpoint = &filter->cluster->endpoints.items[peer]};
    return judge(filter, direction, subject, other, steps);
}

as_port_bounds as_filter_outside(as_filter *filter, as_direction direction, uint32_t subject,
        as_address address, as_steps *steps)
{
    return judge(filter, direction, subject, (other_side){.address = address}, steps);
}

as_port_bounds as_filter_connection(as_filter *filter, uint32_t from, uint32_t to, as_steps *steps)
{
    as_port_space *space = filter->cluster->space.ports;
    uint32_t row = filter->classes[from], column = filter->classes[to];
    if (filter->known[row] == NULL) {
        filter->known[row] = AS_NEW_ARRAY(filter->arena, as_port_bounds, filter->n_classes);
    }
    as_port_bounds *known = &filter->known[row][column];
    if (steps == NULL && known->most != NULL) {
        return *known;
    }
    const as_cluster *c = filter->cluster;
    as_truth joined = as_udn_joins(c, &c->endpoints.items[from], &c->endpoints.items[to]);
    if (joined == AS_NO) {
        *known = (as_port_bounds){as_ports_none(space), as_ports_none(space)};
        return *known;
    }
    as_port_bounds out = as_filter_pair(filter, AS_EGRESS, from, to, steps);
    if (steps != NULL || !as_ports_is_empty(out.most)) {
        as_port_bounds in = as_filter_pair(filter, AS_INGRESS, to, from, steps);
        out.sure = as_ports_intersect(space, out.sure, in.sure);
        out.most = as_ports_intersect(space, out.most, in.most);
    }
    if (joined == AS_MAYBE) {
        out.sure = as_ports_none(space);
    }
    *known = out;
    return out;
}

/* --- the outside ------------------------------------------------------------------------------ */

static int compare_addresses(const void *a, const void *b)
{
    const as_address *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

typedef AS_VEC(as_address) address_vec;

static void add_borders(as_arena *arena, address_vec *out, as_addresses set)
{
    for (size_t i = 0; i < set.n; i++) {
        AS_VEC_PUSH(arena, out, set.ranges[i].first);
        if (set.ranges[i].last != AS_ADDRESS_MAX) {
            AS_VEC_PUSH(arena, out, set.ranges[i].last + 1);
        }
    }
}

as_address_list as_filter_borders(as_filter *filter, as_direction direction, uint32_t subject)
{
    const plan *p = plan_for(filter, direction, subject);
    const as_cluster *c = filter->cluster;
    address_vec all = {0};
    AS_VEC_PUSH(filter->arena, &all, (as_address)0);
    add_borders(filter->arena, &all, as_addresses_all_v4());
    size_t n = c->tiers.n == 0 ? 0 : p->tier_end[c->tiers.n - 1];
    for (size_t i = 0; i < n; i++) {
        const as_policy_rules *rules = &p->items[i].policy->rules[direction];
        for (size_t r = 0; r < rules->n; r++) {
            add_borders(filter->arena, &all, rules->items[r].outside);
            add_borders(filter->arena, &all, rules->items[r].outside_perhaps);
        }
    }
    qsort(all.items, all.n, sizeof *all.items, compare_addresses);
    size_t kept = 1;
    for (size_t i = 1; i < all.n; i++) {
        if (all.items[i] != all.items[kept - 1]) {
            all.items[kept++] = all.items[i];
        }
    }
    return (as_address_list){all.items, kept};
}
