/* What pods hold: the secrets that are mounted, their service account, its rights in the cluster by
 * RBAC and its identity in a cloud. */
#include "engine/iam/web_identity.h"
#include "engine/paths/internal.h"

#include "engine/schema/schema.h"

/* A member under the name that Kubernetes gives it, or the provider of Terraform; of a block with
 * one element the element. */
static const as_value *member(const as_value *v, const char *name, const char *terraform)
{
    const as_value *found = as_value_get(v, as_str_from(name));
    found = found == NULL ? as_value_get(v, as_str_from(terraform)) : found;
    return found;
}

static const as_value *block(const as_value *v, const char *name, const char *terraform)
{
    const as_value *found = member(v, name, terraform);
    return as_value_is(found, AS_LIST) && found->as.list.n == 1 ? found->as.list.items[0] : found;
}

static const as_value *annotation(const as_entity *entity, const char *name)
{
    const as_value *metadata = block(entity->raw, "metadata", "metadata");
    return as_value_get(as_value_get(metadata, AS_STR("annotations")), as_str_from(name));
}

static const as_value *pod_of(as_attack *attack, const as_entity *workload)
{
    const as_field *field =
            workload->schema == NULL ? NULL : as_schema_field(workload->schema, AS_STR("pod"));
    const as_value *pod =
            field == NULL ? NULL
                          : as_field_read(attack->graph, attack->arena, workload, field).value;
    return as_value_is(pod, AS_LIST) ? as_value_index(pod, 0) : pod;
}

/* The accounts of that name, whatever form declares them. */
static const attack_account *accounts_at(as_attack *attack, as_str space, as_str name)
{
    return as_map_get(&attack->service_accounts,
            as_str_fmt(attack->arena, "%.*s/%.*s", AS_STR_ARG(space), AS_STR_ARG(name)));
}

static void index_account(as_attack *attack, const as_entity *entity)
{
    as_str name =
            as_value_str(as_value_get(block(entity->raw, "metadata", "metadata"), AS_STR("name")));
    as_str key = as_str_fmt(
            attack->arena, "%.*s/%.*s", AS_STR_ARG(as_k8s_entity_space(entity)), AS_STR_ARG(name));
    attack_account *account = AS_NEW(attack->arena, attack_account);
    *account = (attack_account){entity, NULL};
    attack_account *before = as_map_get(&attack->service_accounts, key);
    if (before == NULL) {
        as_map_put(attack->arena, &attack->service_accounts, key, account);
        return;
    }
    account->next = before->next; /* the first one stays the first */
    before->next = account;
}

/* --- cloud identities ----------------------------------------------------------------------------
 */

/* The account of the ARN may be another one than that of the role with the same name. */
static bool is_role(const attack_role *role, as_str arn)
{
    return as_iam_match(role->principal->arn, arn, false) != AS_NO;
}

static void link_role(as_attack *attack, attack_vertex *account, const attack_role *role,
        as_str space, as_str name, as_span span)
{
    as_iam_verdict v = as_iam_trusts_service_account(
            attack->arena, role->account, role->principal, space, name);
    if (v.decision != AS_IAM_ALLOWED && v.decision != AS_IAM_UNKNOWN) {
        return;
    }
    as_attack_link link = {.from = account->node.id,
            .to = attack->by_entity[role->principal->entity->id],
            .hop = AS_HOP_assume,
            .certain = v.decision == AS_IAM_ALLOWED,
            .note = AS_STR("sts:AssumeRoleWithWebIdentity"),
            .reason = as_iam_shown(attack->arena, v.reason),
            .span = span};
    attack_link(attack, link, false);
}

static void link_irsa(as_attack *attack, attack_vertex *account, const as_entity *entity)
{
    const as_value *arn = annotation(entity, "eks.amazonaws.com/role-arn");
    as_str text = as_value_str(arn);
    size_t n = 0;
    if (as_value_is_null(arn)) {
        return;
    }
    as_str space = as_k8s_entity_space(entity);
    as_str name =
            as_value_str(as_value_get(block(entity->raw, "metadata", "metadata"), AS_STR("name")));
    const as_entity *const *targets =
            as_graph_targets(attack->graph, attack->arena, entity, arn, &n);
    as_str role_name = as_str_from_index(text, as_str_rfind_char(text, '/') + 1);
    bool found = false;
    for (size_t i = 0; i < attack->roles.n; i++) {
        for (attack_role *role = attack->roles.entries[i].value; role != NULL; role = role->next) {
            bool targeted = false;
            for (size_t t = 0; t < n; t++) {
                targeted = targeted || targets[t] == role->principal->entity;
            }
            bool named = as_str_eq(role->principal->name, role_name) && is_role(role, text);
            if ((targeted || named) && role->principal->trust != NULL) {
                link_role(attack, account, role, space, name, arn->span);
                found = true;
            }
        }
    }
    if (!found) {
        attack_doubt(attack, "the role of %.*s is not declared in the scan, or not known: %.*s",
                AS_STR_ARG(entity->address), AS_STR_ARG(text.n > 0 ? text : as_value_reason(arn)));
    }
}

/* EKS Pod Identity: an association names the namespace, the account and the role. */
static void link_pod_identity(as_attack *attack)
{
    size_t n = 0;
    const as_entity *const *all =
            as_graph_of_type(attack->graph, AS_STR("aws_eks_pod_identity_association"), &n);
    for (size_t i = 0; i < n; i++) {
        as_str space = as_value_str(as_value_get(all[i]->raw, AS_STR("namespace")));
        as_str name = as_value_str(as_value_get(all[i]->raw, AS_STR("service_account")));
        const as_value *arn = as_value_get(all[i]->raw, AS_STR("role_arn"));
        size_t n_roles = 0;
        const as_entity *const *roles =
                as_graph_targets(attack->graph, attack->arena, all[i], arn, &n_roles);
        const attack_account *a = accounts_at(attack, space, name);
        for (; a != NULL; a = a->next) {
            for (size_t r = 0; r < n_roles; r++) {
                if (!as_str_is(roles[r]->kind, "aws.iam.role")) {
                    continue;
                }
                attack_link(attack,
                        (as_attack_link){
                                .from = attack_add(attack, AS_ATTACK_IDENTITY, a->entity)->node.id,
                                .to = attack_add(attack, AS_ATTACK_IDENTITY, roles[r])->node.id,
                                .hop = AS_HOP_assume,
                                .certain = true,
                                .note = AS_STR("EKS Pod Identity"),
                                .span = all[i]->head},
                        false);
            }
        }
    }
}

/* --- accounts of pods ----------------------------------------------------------------------------
 */

static attack_vertex *token_of(as_attack *attack, size_t cluster, as_str space, as_str name)
{
    as_str key = as_str_fmt(
            attack->arena, "token %zu %.*s/%.*s", cluster, AS_STR_ARG(space), AS_STR_ARG(name));
    as_str title = as_str_fmt(attack->arena, "the API token of ServiceAccount/%.*s/%.*s",
            AS_STR_ARG(space), AS_STR_ARG(name));
    attack_vertex *v = attack_add_named(attack, AS_ATTACK_IDENTITY, key, title, AS_STR(""));
    v->place = cluster;
    return v;
}

static void link_mounts(as_attack *attack, attack_vertex *pod)
{
    size_t n = 0;
    const as_edge *const *edges = as_graph_edges_from(attack->graph, pod->node.entity->id, &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *to = as_graph_get(attack->graph, edges[i]->to);
        bool used = edges[i]->type == AS_EDGE_mounts || edges[i]->type == AS_EDGE_references;
        if (used && as_str_is(to->kind, "k8s.secret")) {
            attack_link(attack,
                    (as_attack_link){.from = pod->node.id,
                            .to = attack_add(attack, AS_ATTACK_SECRET, to)->node.id,
                            .hop = AS_HOP_mount,
                            .certain = true,
                            .note = AS_STR("in the pod"),
                            .span = edges[i]->span},
                    false);
        }
    }
}

static void run_as(
        as_attack *attack, attack_vertex *pod, uint32_t to, const char *note, as_span span)
{
    attack_link(attack,
            (as_attack_link){.from = pod->node.id,
                    .to = to,
                    .hop = AS_HOP_runs_as,
                    .certain = true,
                    .note = as_str_from(note),
                    .span = span},
            false);
}

/* The identity that a cloud knows the account by, and its token for the API server, which a pod may
 * refuse (Kubernetes, "Configure Service Accounts for Pods"). */
static void link_account(as_attack *attack, attack_vertex *pod, size_t cluster)
{
    const as_entity *workload = pod->node.entity, *declared = NULL;
    const as_value *spec = pod_of(attack, workload);
    const as_value *named = member(spec, "serviceAccountName", "service_account_name");
    const as_value *automount =
            member(spec, "automountServiceAccountToken", "automount_service_account_token");
    as_span span = named != NULL ? named->span : workload->head;
    as_str space = as_k8s_entity_space(workload);
    as_str name = as_value_str(named).n > 0 ? as_value_str(named) : AS_STR("default");
    if (as_value_is_unknown(named)) {
        attack_doubt(attack, "the service account of %.*s is not known: %.*s",
                AS_STR_ARG(workload->address), AS_STR_ARG(as_value_reason(named)));
        return;
    }
    for (const attack_account *a = accounts_at(attack, space, name); a != NULL; a = a->next) {
        if (attack_in_cluster(attack, a->entity, cluster) || a->entity->unit == workload->unit) {
            declared = declared == NULL ? a->entity : declared;
            attack_vertex *account = attack_add(attack, AS_ATTACK_IDENTITY, a->entity);
            run_as(attack, pod, account->node.id, "its service account", span);
        }
    }
    if (as_value_is_null(automount) && declared != NULL) {
        automount = member(
                declared->raw, "automountServiceAccountToken", "automount_service_account_token");
    }
    if (as_value_bool_or(automount, true) && spec != NULL) {
        attack_vertex *token = token_of(attack, cluster, space, name);
        as_str subject = as_str_fmt(attack->arena, "system:serviceaccount:%.*s:%.*s",
                AS_STR_ARG(space), AS_STR_ARG(name));
        attack_add_ways(attack, token, declared, subject);
        attack_expand_with(attack, token, attack_expand_token);
        run_as(attack, pod, token->node.id, "its token is mounted", span);
    }
}

void attack_read_pods(as_attack *attack)
{
    size_t n = 0;
    const as_entity *const *accounts =
            as_graph_of_kind(attack->graph, AS_STR("k8s.serviceaccount"), &n);
    for (size_t i = 0; i < n; i++) {
        attack_vertex *v = attack_add(attack, AS_ATTACK_IDENTITY, accounts[i]);
        index_account(attack, accounts[i]);
        link_irsa(attack, v, accounts[i]);
        attack_expand_with(attack, v, attack_expand_gke);
    }
    link_pod_identity(attack);
    for (size_t c = 0; c < attack->clusters.n; c++) {
        const as_cluster *cluster = attack->clusters.items[c].cluster;
        for (size_t e = 0; e < cluster->endpoints.n; e++) {
            const as_entity *entity = cluster->endpoints.items[e].entity;
            if (entity != NULL && !cluster->endpoints.items[e].is_virtual) {
                attack_vertex *v = attack_add(attack, AS_ATTACK_WORKLOAD, entity);
                link_mounts(attack, v);
                link_account(attack, v, c + 1);
            }
        }
    }
}
