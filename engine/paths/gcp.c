/* Identities of Google Cloud: what runs as which service account, which data it may read, and what
 * bindings open to everybody. */
#include "engine/gcpiam/names.h"
#include "engine/iam/names.h"
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
        const as_gcp_member *member, const as_entity *store, size_t use, as_str doubt)
{
    const as_gcp_resource *resource = as_gcp_resource_find(world, store->address);
    if (resource == NULL) {
        return;
    }
    as_gcp_verdict v =
            as_gcp_decide(attack->arena, member, as_str_from(uses[use].permission), resource);
    if (v.truth == AS_NO) {
        return;
    }
    as_attack_link link = {.from = from,
            .to = attack_add(attack, uses[use].node, store)->node.id,
            .hop = AS_HOP_grant,
            .certain = v.truth == AS_YES && doubt.n == 0,
            .note = v.grant != NULL ? v.grant->role->name : as_str_from(uses[use].permission),
            .reason = v.truth == AS_YES ? doubt : as_iam_shown(attack->arena, v.reason),
            .span = v.grant != NULL ? v.grant->span : store->head};
    attack_link(attack, link, v.grant == NULL);
}

/* `doubt`: why the member may not be who is meant; empty: it is. */
static void ask_stores(as_attack *attack, uint32_t from, const as_gcp_world *world,
        const as_gcp_member *member, as_str doubt)
{
    for (size_t k = 0; k < N_USES; k++) {
        size_t n = 0;
        const as_entity *const *all =
                as_graph_of_kind(attack->graph, as_str_from(uses[k].kind), &n);
        for (size_t i = 0; i < n; i++) {
            if (all[i]->unit == world->unit &&
                    attack_may_ask(attack, "pairs of identities and data")) {
                ask_store(attack, from, world, member, all[i], k, doubt);
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
    ask_stores(attack, vertex->node.id, world, member, AS_STR(""));
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

/* --- service accounts of GKE --------------------------------------------------------------------
 */

static bool is_annotated(const as_entity *account)
{
    return !as_value_is_null(as_value_get(as_value_path(account->raw, "metadata.annotations"),
            AS_STR("iam.gke.io/gcp-service-account")));
}

/* Whom a member may act as: by the policies of accounts, or of what they are in. */
static void link_accounts(as_attack *attack, uint32_t from, const as_gcp_world *world,
        const as_gcp_member *member, as_str doubt)
{
    for (size_t i = 0; i < world->members.n; i++) {
        const as_gcp_member *to = world->members.items[i];
        if (to->entity == NULL || to->account == NULL ||
                !attack_may_ask(attack, "pairs of identities")) {
            continue;
        }
        as_gcp_verdict v = as_gcp_decide(
                attack->arena, member, AS_STR("iam.serviceAccounts.getAccessToken"), to->account);
        if (v.truth == AS_NO) {
            continue;
        }
        as_attack_link link = {.from = from,
                .to = attack_add(attack, AS_ATTACK_IDENTITY, to->entity)->node.id,
                .hop = AS_HOP_assume,
                .certain = v.truth == AS_YES && doubt.n == 0,
                .note = AS_STR("workload identity"),
                .reason = v.truth == AS_YES ? doubt : as_iam_shown(attack->arena, v.reason),
                .span = v.grant != NULL ? v.grant->span : to->span};
        attack_link(attack, link, v.grant == NULL);
    }
}

void attack_expand_gke(as_attack *attack, attack_vertex *vertex)
{
    const as_entity *account = vertex->node.entity;
    const as_gcp_worlds *worlds = worlds_shared(attack->graph);
    as_str own_space = as_k8s_entity_space(account);
    for (size_t w = 0; worlds != NULL && w < worlds->list.n; w++) {
        const as_gcp_world *world = worlds->list.items[w];
        for (size_t i = 0; i < world->members.n; i++) {
            as_str space, name;
            if (!as_gcp_reads_account(world->members.items[i]->text, &space, &name) ||
                    !as_str_eq(space, own_space) || !as_str_eq(name, account->name)) {
                continue;
            }
            bool ours = account->unit == world->unit || is_annotated(account);
            as_str doubt = ours ? AS_STR("") : AS_STR("the cluster is of that pool");
            link_accounts(attack, vertex->node.id, world, world->members.items[i], doubt);
            ask_stores(attack, vertex->node.id, world, world->members.items[i], doubt);
        }
    }
}

/* Members that stand for everybody. */
static void read_everybody(as_attack *attack, const as_gcp_world *world)
{
    static const char *const names[] = {"allUsers", "allAuthenticatedUsers"};
    for (size_t i = 0; i < 2; i++) {
        const as_gcp_member *member = as_gcp_member_find(world, as_str_from(names[i]));
        if (member != NULL) {
            ask_stores(attack, attack->internet, world, member, AS_STR(""));
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
