/* What the token of a service account may do in its cluster, as engine/rbac decides: be its
 * administrator, read its secrets. And where administration of a cluster leads: to every account
 * that a pod there can run as, and to what its nodes run as. */
#include "engine/paths/internal.h"
#include "engine/ways/worlds.h"

/* --- administration ------------------------------------------------------------------------------
 */

/* Identities that nodes of a kind run as in the cloud. */
static void link_nodes(as_attack *attack, attack_vertex *admin, const char *kind)
{
    size_t n, n_edges;
    const as_entity *const *all = as_graph_of_kind(attack->graph, as_str_from(kind), &n);
    for (size_t i = 0; i < n; i++) {
        const as_edge *const *edges = as_graph_edges_from(attack->graph, all[i]->id, &n_edges);
        for (size_t k = 0; k < n_edges; k++) {
            const as_entity *to = as_graph_get(attack->graph, edges[k]->to);
            bool identity = as_str_is(to->kind, "aws.iam.role") ||
                            as_str_is(to->kind, "gcp.iam.service_account");
            if (edges[k]->type != AS_EDGE_runs_as || !identity) {
                continue;
            }
            attack_link(attack,
                    (as_attack_link){.from = admin->node.id,
                            .to = attack_add(attack, AS_ATTACK_IDENTITY, to)->node.id,
                            .hop = AS_HOP_escalate,
                            .note = AS_STR("root on a node"),
                            .reason = as_str_fmt(attack->arena, "the node is of %.*s",
                                    AS_STR_ARG(all[i]->address)),
                            .span = edges[k]->span},
                    false);
        }
    }
}

static void expand_admin(as_attack *attack, attack_vertex *vertex)
{
    size_t n;
    const as_entity *const *all = as_graph_of_kind(attack->graph, AS_STR("k8s.serviceaccount"), &n);
    for (size_t i = 0; i < n; i++) {
        if (attack_in_cluster(attack, all[i], vertex->place)) {
            attack_link(attack,
                    (as_attack_link){.from = vertex->node.id,
                            .to = attack_add(attack, AS_ATTACK_IDENTITY, all[i])->node.id,
                            .hop = AS_HOP_escalate,
                            .certain = true,
                            .note = AS_STR("create:pods"),
                            .span = all[i]->head},
                    true);
        }
    }
    link_nodes(attack, vertex, "aws.eks.node_group");
    link_nodes(attack, vertex, "gcp.container.node_pool");
    link_nodes(attack, vertex, "gcp.container.cluster");
}

uint32_t attack_cluster_admin(as_attack *attack, size_t cluster, as_str environment)
{
    as_str name = attack->clusters.items[cluster - 1].cluster->name;
    attack_vertex *v = attack_add_named(attack, AS_ATTACK_ADMIN,
            as_str_fmt(attack->arena, "admin k8s %zu", cluster),
            attack_title(attack, "administration of the cluster", name), environment);
    v->place = cluster;
    attack_expand_with(attack, v, expand_admin);
    return v->node.id;
}

/* --- tokens --------------------------------------------------------------------------------------
 */

/* The grants of a subject that are made in the cluster of the vertex. */
static as_rbac_grants grants_in(as_attack *attack, const as_rbac_subject *subject, size_t cluster)
{
    as_rbac_grants mine = {0};
    for (size_t i = 0; i < subject->all.n; i++) {
        const as_entity *binding = subject->all.items[i]->binding;
        if (binding == NULL || attack_in_cluster(attack, binding, cluster)) {
            AS_VEC_PUSH(attack->arena, &mine, subject->all.items[i]);
        }
    }
    return mine;
}

static as_attack_link link_by(as_attack *attack, uint32_t from, const as_rbac_grant *by)
{
    return (as_attack_link){.from = from,
            .hop = AS_HOP_grant,
            .certain = true,
            .note = as_str_fmt(attack->arena, "by %.*s",
                    AS_STR_ARG(by->binding != NULL ? by->binding->address : by->shown)),
            .span = by->span};
}

/* Any verb that shows what is in them. */
static as_rbac_verdict may_read(const as_rbac_grants *grants, int where, as_str space, as_str name)
{
    static const char *const verbs[] = {"get", "list", "watch"};
    as_rbac_verdict best = {.truth = AS_NO};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs && best.truth != AS_YES; i++) {
        as_rbac_request r = {.verb = as_str_from(verbs[i]),
                .resource = AS_STR("secrets"),
                .name = i == 0 ? name : AS_STR(""),
                .any_name = i == 0 && name.n == 0};
        as_rbac_verdict v = as_rbac_decide(grants, &r, where, space);
        best = v.truth == AS_YES || (v.truth == AS_MAYBE && best.truth == AS_NO) ? v : best;
    }
    return best;
}

static void link_secrets(as_attack *attack, attack_vertex *vertex, const as_rbac_grants *grants)
{
    size_t n;
    const as_entity *const *secrets = as_graph_of_kind(attack->graph, AS_STR("k8s.secret"), &n);
    if (may_read(grants, AS_RBAC_ANYWHERE, AS_STR(""), AS_STR("")).truth == AS_NO) {
        return;
    }
    as_rbac_verdict all = may_read(grants, AS_RBAC_EVERYWHERE, AS_STR(""), AS_STR(""));
    for (size_t i = 0; i < n; i++) {
        if (!attack_in_cluster(attack, secrets[i], vertex->place)) {
            continue;
        }
        as_rbac_verdict v = all;
        if (all.truth != AS_YES || all.rule->names.n > 0) {
            if (!attack_may_ask(attack, "pairs of service accounts and secrets")) {
                return;
            }
            v = may_read(grants, AS_RBAC_IN, as_k8s_entity_space(secrets[i]), secrets[i]->name);
        }
        if (v.truth == AS_NO || v.grant == NULL) {
            continue;
        }
        as_attack_link link = link_by(attack, vertex->node.id, v.grant);
        link.to = attack_add(attack, AS_ATTACK_SECRET, secrets[i])->node.id;
        link.certain = v.truth == AS_YES;
        link.reason = v.reason;
        attack_link(attack, link, false);
    }
}

void attack_expand_token(as_attack *attack, attack_vertex *vertex)
{
    const as_rbac_clusters *clusters = as_rbac_clusters_shared(attack->graph);
    for (size_t i = 0; clusters != NULL && i < clusters->list.n; i++) {
        const as_rbac_subject *subject =
                as_rbac_subject_called(clusters->list.items[i], vertex->subject);
        const as_rbac_grant *by;
        if (subject == NULL) {
            continue;
        }
        as_rbac_grants mine = grants_in(attack, subject, vertex->place);
        if (as_rbac_is_admin(&mine, &by)) {
            as_attack_link link = link_by(attack, vertex->node.id, by);
            link.to = attack_cluster_admin(attack, vertex->place,
                    attack_environment(clusters->list.items[i]->unit->environment));
            attack_link(attack, link, false);
        }
        link_secrets(attack, vertex, &mine);
    }
}
