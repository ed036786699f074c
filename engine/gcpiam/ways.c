#include "engine/gcpiam/ways.h"

#include "engine/iam/names.h"

/* Nodes of a project, folder or organization. */
typedef struct place {
    uint32_t admin;   /* the goal */
    uint32_t account; /* any service account there */
    uint32_t running; /* accounts that instances there run as */
    uint32_t common;  /* the account that builds and deployments run as */
} place;

typedef struct building {
    as_ways *ways;
    as_arena *arena;
    const as_gcp_world *world;
    as_gcp_nodes nodes;
    place *places; /* by index of the resource; of other resources empty */
} building;

/* --- nodes ---------------------------------------------------------------------------------------
 */

/* What a folder or organization gives, everything below it gives too. */
static void join_below(building *b, const as_gcp_resource *above, const as_gcp_resource *below,
        bool certain, as_str caveat)
{
    const place *from = &b->places[above->index], *to = &b->places[below->index];
    as_ways_join_plain(b->ways, from->account, to->account, certain, caveat);
    as_ways_join_plain(b->ways, from->running, to->running, certain, caveat);
    as_ways_join_plain(b->ways, b->nodes.clusters[above->index], b->nodes.clusters[below->index],
            certain, caveat);
    as_ways_join_plain(
            b->ways, b->nodes.pods[above->index], b->nodes.pods[below->index], certain, caveat);
}

static void add_places(building *b)
{
    size_t n = b->world->resources.n;
    const as_gcp_resource *organization = NULL;
    size_t n_organizations = 0;
    for (size_t i = 0; i < n; i++) {
        const as_gcp_resource *r = b->world->resources.items[i];
        if (r->level == AS_GCP_RESOURCE) {
            continue;
        }
        as_way_node goal = {.kind = AS_WAY_GOAL,
                .world = AS_WORLD_GCP,
                .entity = r->entity,
                .self = r,
                .name = as_str_fmt(b->arena, "owner of %.*s", AS_STR_ARG(r->shown))};
        b->places[i] = (place){as_ways_add(b->ways, &goal), as_ways_add_hub(b->ways, AS_WORLD_GCP),
                as_ways_add_hub(b->ways, AS_WORLD_GCP), as_ways_add_hub(b->ways, AS_WORLD_GCP)};
        b->nodes.clusters[i] = as_ways_add_hub(b->ways, AS_WORLD_GCP);
        b->nodes.pods[i] = as_ways_add_hub(b->ways, AS_WORLD_GCP);
        n_organizations += r->level == AS_GCP_ORGANIZATION;
        organization = r->level == AS_GCP_ORGANIZATION ? r : organization;
    }
    for (size_t i = 0; i < n; i++) {
        const as_gcp_resource *r = b->world->resources.items[i];
        if (r->level == AS_GCP_RESOURCE || r->level == AS_GCP_ORGANIZATION) {
            continue;
        }
        if (r->parent != NULL) {
            join_below(b, r->parent, r, true, AS_STR(""));
        } else if (n_organizations == 1) {
            join_below(b, organization, r, false,
                    as_str_fmt(b->arena, "%.*s is part of %.*s", AS_STR_ARG(r->shown),
                            AS_STR_ARG(organization->shown)));
        }
    }
}

static void add_member(building *b, const as_gcp_member *m)
{
    as_way_node node = {.kind = AS_WAY_IDENTITY,
            .world = AS_WORLD_GCP,
            .name = m->shown,
            .id = as_iam_shown(b->arena, m->text),
            .entity = m->entity,
            .span = m->span,
            .self = m};
    uint32_t number = as_ways_add(b->ways, &node);
    const as_gcp_grant *by;
    b->nodes.members[m->index] = number;
    if (as_gcp_is_owner(m, &by)) {
        as_ways_join_plain(b->ways, number, b->places[by->on->index].admin, true, AS_STR(""));
    }
    if (m->account != NULL && m->account->parent != NULL) {
        as_ways_join_plain(
                b->ways, b->places[m->account->parent->index].account, number, true, AS_STR(""));
    }
    if (b->world->gap.n > 0) {
        as_ways_add_doubt(
                b->ways, &(as_way_doubt){number, AS_STR("its bindings"), b->world->gap, m->span});
    }
    for (size_t i = 0; i < m->own.n; i++) {
        const as_gcp_grant *g = m->own.items[i];
        if (g->role->doubt.n > 0) {
            as_ways_add_doubt(
                    b->ways, &(as_way_doubt){number, g->role->name, g->role->doubt, g->span});
        }
    }
}

static void add_running(building *b)
{
    for (size_t i = 0; i < b->world->running.n; i++) {
        const as_gcp_running *r = &b->world->running.items[i];
        as_way_edge e = {.from = b->places[r->project->index].running,
                .to = b->nodes.members[r->account->index],
                .certain = true,
                .workload = r->entity};
        if (as_str_starts(r->entity->type, "google_compute_instance")) {
            as_ways_join(b->ways, &e);
        }
    }
    /* Builds and deployments run as accounts that were Editor of their project from the start. */
    for (size_t i = 0; i < b->world->resources.n; i++) {
        if (b->world->resources.items[i]->level == AS_GCP_PROJECT) {
            as_ways_join_plain(b->ways, b->places[i].common, b->places[i].account, false,
                    AS_STR("what runs it is still Editor of the project"));
        }
    }
}

/* --- methods -------------------------------------------------------------------------------------
 */

typedef struct answer {
    as_truth truth;
    as_str caveat;
    const as_gcp_grant *by;
} answer;

/* Whether the member has all that the method needs; `account` NULL: on all accounts of
 * the project.
 */
static answer ask(building *b, const as_gcp_member *member, const as_gcp_method *m,
        const as_gcp_resource *project, const as_gcp_resource *account)
{
    answer all = {.truth = AS_YES};
    for (size_t i = 0; i < m->n_needs && all.truth != AS_NO; i++) {
        const as_gcp_resource *on = m->needs[i].on_account && account != NULL ? account : project;
        as_gcp_verdict v = {.truth = AS_NO};
        if (on != NULL) {
            v = as_gcp_decide(b->arena, member, m->needs[i].permission, on);
        }
        /* Roles that are not known are doubts; they would be ways by every method. */
        bool open = v.truth == AS_MAYBE && v.grant != NULL && v.grant->role->doubt.n > 0;
        v.truth = open ? AS_NO : v.truth;
        all.truth = as_truth_and(all.truth, v.truth);
        all.caveat = v.truth == AS_MAYBE ? as_iam_shown(b->arena, v.reason) : all.caveat;
        /* What is said of the account tells more than what is said of the project. */
        all.by = all.by == NULL || m->needs[i].on_account ? v.grant : all.by;
    }
    if (all.truth != AS_NO && m->assumes.n > 0) {
        all.caveat = all.caveat.n == 0 ? m->assumes
                                       : as_str_fmt(b->arena, "%.*s, and %.*s",
                                                 AS_STR_ARG(m->assumes), AS_STR_ARG(all.caveat));
        all.truth = AS_MAYBE;
    }
    return all;
}

static void join_step(building *b, uint32_t from, uint32_t to, const as_gcp_method *m,
        const answer *a, const as_gcp_resource *on)
{
    as_ways_join(b->ways, &(as_way_edge){.from = from,
                                  .to = to,
                                  .method = m->id,
                                  .action = m->needs[m->n_needs - 1].permission,
                                  .resource = on->shown,
                                  .span = a->by != NULL ? a->by->span : AS_SPAN_NONE,
                                  .certain = a->truth == AS_YES,
                                  .caveat = a->caveat});
}

/* The custom role that the member has and may change: of the project, or of the organization. */
static void join_role(building *b, uint32_t from, const as_gcp_member *member,
        const as_gcp_method *m, const answer *a, const as_gcp_resource *on)
{
    for (size_t i = 0; i < member->all.n; i++) {
        const as_gcp_grant *g = member->all.items[i];
        if (g->role->custom == NULL || g->on->level == AS_GCP_RESOURCE) {
            continue;
        }
        bool of_project = as_str_starts(g->role->custom->type, "google_project") ||
                          as_str_contains(g->role->custom->address, "/projects/");
        if (of_project == (on->level == AS_GCP_PROJECT)) {
            join_step(b, from, b->places[g->on->index].admin, m, a, on);
        }
    }
}

/* Of the place itself, or of those of the level below it. */
static void join_admin(building *b, uint32_t from, const as_gcp_method *m, const answer *a,
        const as_gcp_resource *on)
{
    if (on->level == m->level) {
        join_step(b, from, b->places[on->index].admin, m, a, on);
        return;
    }
    for (size_t i = 0; on->level > m->level && i < b->world->resources.n; i++) {
        const as_gcp_resource *r = b->world->resources.items[i], *above = r;
        if (r->level != m->level) {
            continue;
        }
        while (above != NULL && above != on) {
            above = above->parent;
        }
        if (above == on) {
            join_step(b, from, b->places[i].admin, m, a, on);
        }
    }
}

static void join_method(building *b, uint32_t from, const as_gcp_member *member,
        const as_gcp_method *m, const answer *a, const as_gcp_resource *on)
{
    const place *p = &b->places[on->index];
    switch (m->gives) {
    case AS_GCP_GIVES_ACCOUNT:
        join_step(b, from, p->account, m, a, on);
        break;
    case AS_GCP_GIVES_RUNNING:
        join_step(b, from, p->running, m, a, on);
        break;
    case AS_GCP_GIVES_ADMIN:
        join_admin(b, from, m, a, on);
        break;
    case AS_GCP_GIVES_DEFAULT:
        join_step(b, from, p->common, m, a, on);
        break;
    case AS_GCP_GIVES_ROLE:
        join_role(b, from, member, m, a, on);
        break;
    case AS_GCP_GIVES_CLUSTER:
        join_step(b, from, b->nodes.clusters[on->index], m, a, on);
        break;
    case AS_GCP_GIVES_PODS:
        join_step(b, from, b->nodes.pods[on->index], m, a, on);
        break;
    }
}

/* Of one service account, on whose own policy something is granted. */
static void join_account(
        building *b, uint32_t from, const as_gcp_member *member, const as_gcp_resource *account)
{
    as_str key = account->key, type;
    as_str_split(&key, '|', &type);
    const as_gcp_member *as =
            as_gcp_member_find(b->world, as_str_join(b->arena, AS_STR("serviceAccount:"), key));
    for (size_t i = 0; as != NULL && i < as_gcp_n_methods; i++) {
        const as_gcp_method *m = &as_gcp_methods[i];
        if (m->gives != AS_GCP_GIVES_ACCOUNT) {
            continue;
        }
        answer a = ask(b, member, m, account->parent, account);
        if (a.truth != AS_NO) {
            join_step(b, from, b->nodes.members[as->index], m, &a, account);
        }
    }
}

static void add_set(building *b, uint32_t hub, const as_gcp_member *member)
{
    as_map seen = {0};
    for (size_t i = 0; i < member->all.n; i++) {
        const as_gcp_resource *on = member->all.items[i]->on;
        if (as_map_has(&seen, on->key)) {
            continue;
        }
        as_map_put(b->arena, &seen, on->key, b);
        if (as_str_starts(on->key, "google_service_account|")) {
            join_account(b, hub, member, on);
        }
        for (size_t k = 0; on->level != AS_GCP_RESOURCE && k < as_gcp_n_methods; k++) {
            answer a = ask(b, member, &as_gcp_methods[k], on, NULL);
            if (a.truth != AS_NO) {
                join_method(b, hub, member, &as_gcp_methods[k], &a, on);
            }
        }
    }
}

as_gcp_nodes as_gcp_ways_add(as_ways *ways, as_arena *arena, const as_gcp_world *world)
{
    building b = {.ways = ways, .arena = arena, .world = world};
    size_t n = world->resources.n;
    b.nodes.world = world;
    b.nodes.members = AS_NEW_ARRAY(arena, uint32_t, world->members.n);
    b.nodes.clusters = AS_NEW_ARRAY(arena, uint32_t, n);
    b.nodes.pods = AS_NEW_ARRAY(arena, uint32_t, n);
    b.places = AS_NEW_ARRAY(arena, place, n);
    add_places(&b);
    for (size_t i = 0; i < world->members.n; i++) {
        add_member(&b, world->members.items[i]);
    }
    add_running(&b);
    uint32_t *hubs = AS_NEW_ARRAY(arena, uint32_t, world->n_sets);
    for (size_t i = 0; i < world->members.n; i++) {
        const as_gcp_member *m = world->members.items[i];
        const as_gcp_grant *by;
        if (m->all.n == 0 || as_gcp_is_owner(m, &by)) {
            continue;
        }
        if (hubs[m->set] == 0) {
            hubs[m->set] = as_ways_add_hub(b.ways, AS_WORLD_GCP);
            add_set(&b, hubs[m->set], m);
        }
        as_ways_join_plain(b.ways, b.nodes.members[m->index], hubs[m->set], true, AS_STR(""));
    }
    return b.nodes;
}
