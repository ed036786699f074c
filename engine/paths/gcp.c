/* Identities of Google Cloud: what runs as which service account, which data it may read, and what
 * bindings open to everybody. */
#include "engine/paths/internal.h"

#include "engine/ways/worlds.h"

/* What counts as having the data of a resource. */
static const struct {
    const char *kind;
    as_attack_kind node;
    const char *permission;
} uses[] = {
        {"gcp.storage.bucket", AS_ATTACK_STORE, "storage.objects.get"},
        {"gcp.secret", AS_ATTACK_SECRET, "secretmanager.versions.access"},
};

enum { N_USES = sizeof uses / sizeof *uses };

static const as_gcp_world *world_of(const as_gcp_worlds *worlds, const as_unit *unit)
{
    for (size_t i = 0; worlds != NULL && i < worlds->list.n; i++) {
        if (worlds->list.items[i]->unit == unit) {
            return worlds->list.items[i];
        }
    }
    return NULL;
}

static const as_gcp_worlds *worlds_shared(const as_graph *graph)
{
    const as_found_ways *found = as_worlds_shared(graph);
    return found == NULL ? NULL : found->worlds->clouds;
}

/* Whether a member may read a store: by its own policy or that of the project. */
static void ask_store(as_attack *attack, uint32_t from, const as_gcp_world *world,
        const as_gcp_member *member, const as_entity *store, size_t use)
{
    const as_gcp_resource *resource = as_gcp_resource_find(world, store->address);
    if (resource == NULL) {
        return;
    }
    as_gcp_verdict v = as_gcp_decide(
            attack->arena, world, member, as_str_from(uses[use].permission), resource);
    if (v.truth == AS_NO) {
        return;
    }
    as_attack_link link = {.from = from,
            .to = attack_add(attack, uses[use].node, store)->node.id,
            .hop = AS_HOP_grant,
            .certain = v.truth == AS_YES,
            .note = v.grant != NULL ? v.grant->role->name : as_str_from(uses[use].permission),
            .reason = v.truth == AS_YES ? AS_STR("") : as_iam_shown(attack->arena, v.reason),
            .span = v.grant != NULL ? v.grant->span : store->head};
    attack_link(attack, link, v.grant == NULL);
}

static void ask_stores(
        as_attack *attack, uint32_t from, const as_gcp_world *world, const as_gcp_member *member)
{
    for (size_t k = 0; k < N_USES; k++) {
        size_t n = 0;
        const as_entity *const *all =
                as_graph_of_kind(attack->graph, as_str_from(uses[k].kind), &n);
        for (size_t i = 0; i < n; i++) {
            if (all[i]->unit == world->unit &&
                    attack_may_ask(attack, "pairs of identities and data")) {
                ask_store(attack, from, world, member, all[i], k);
            }
        }
    }
}

static void expand_account(as_attack *attack, attack_vertex *vertex)
{
    const as_gcp_world *world = world_of(worlds_shared(attack->graph), vertex->node.entity->unit);
    const as_gcp_member *member =
            world == NULL ? NULL : as_gcp_member_find(world, vertex->node.entity->address);
    const as_gcp_grant *by = NULL;
    if (member == NULL) {
        return;
    }
    ask_stores(attack, vertex->node.id, world, member);
    if (as_gcp_is_owner(member, &by)) {
        as_str title = as_str_fmt(attack->arena, "owner of %.*s", AS_STR_ARG(by->on->shown));
        attack_vertex *admin = attack_add_named(attack, AS_ATTACK_ADMIN,
                as_str_fmt(attack->arena, "admin %.*s", AS_STR_ARG(title)), title,
                vertex->node.environment);
        as_attack_link link = {.from = vertex->node.id,
                .to = admin->node.id,
                .hop = AS_HOP_grant,
                .certain = true,
                .note = by->role->name,
                .span = by->span};
        attack_link(attack, link, false);
    }
}

/* What runs as a service account. */
static void read_account(as_attack *attack, const as_entity *account)
{
    attack_vertex *v = attack_add(attack, AS_ATTACK_IDENTITY, account);
    size_t n = 0;
    const as_edge *const *edges = as_graph_edges_to(attack->graph, account->id, &n);
    for (size_t i = 0; i < n; i++) {
        if (edges[i]->type == AS_EDGE_runs_as) {
            const as_entity *from = as_graph_get(attack->graph, edges[i]->from);
            as_attack_link link = {.from = attack_add(attack, AS_ATTACK_WORKLOAD, from)->node.id,
                    .to = v->node.id,
                    .hop = AS_HOP_runs_as,
                    .certain = true,
                    .note = AS_STR("its service account"),
                    .span = edges[i]->span};
            attack_link(attack, link, false);
        }
    }
    attack_expand_with(attack, v, expand_account);
    attack_add_ways(attack, v, account, AS_STR(""));
}

/* Members that stand for everybody. */
static void read_everybody(as_attack *attack, const as_gcp_world *world)
{
    static const char *const names[] = {"allUsers", "allAuthenticatedUsers"};
    for (size_t i = 0; i < 2; i++) {
        const as_gcp_member *member = as_gcp_member_find(world, as_str_from(names[i]));
        if (member != NULL) {
            ask_stores(attack, attack->internet, world, member);
        }
    }
}

void attack_read_gcp(as_attack *attack)
{
    size_t n = 0;
    const as_entity *const *accounts =
            as_graph_of_kind(attack->graph, AS_STR("gcp.iam.service_account"), &n);
    for (size_t i = 0; i < n; i++) {
        read_account(attack, accounts[i]);
    }
    for (size_t k = 0; k < N_USES; k++) {
        const as_entity *const *all =
                as_graph_of_kind(attack->graph, as_str_from(uses[k].kind), &n);
        for (size_t i = 0; i < n; i++) {
            (void)attack_add(attack, uses[k].node, all[i]);
        }
    }
    const as_gcp_worlds *worlds = worlds_shared(attack->graph);
    for (size_t i = 0; worlds != NULL && i < worlds->list.n; i++) {
        read_everybody(attack, worlds->list.items[i]);
    }
}
