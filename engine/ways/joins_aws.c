/* EKS: EKS User Guide, "IAM roles for service accounts", "EKS Pod Identity", "Grant IAM users
 * access to Kubernetes with access entries", "… with a ConfigMap". */
#include "engine/base/glob.h"
#include "engine/iam/escalate.h"
#include "engine/iam/web_identity.h"
#include "engine/rbac/gather.h"
#include "engine/schema/schema.h"
#include "engine/ways/joins.h"
#include "parsers/yaml/yaml.h"

/* Between a principal of AWS and a node of another world. */
typedef struct link {
    const as_iam_account *account;
    const as_iam_principal *principal;
    bool leaves;      /* from AWS to the node; else from the node */
    as_way_edge edge; /* with the node at its end; the principal's number is filled in later */
} link;

typedef struct aws {
    as_joining *j;
    AS_VEC(link) links;
} aws;

static const as_value *walk(aws *a, const as_value *v, const char *path)
{
    return as_place_walk(a->j->arena, v, as_str_from(path)).value;
}

/* The principal that a value refers to, or whose ARN it is: maybe, where an account is not known.
 */
static const as_iam_principal *principal_of(aws *a, const as_entity *from, const as_value *v,
        const as_iam_account **account, as_truth *same)
{
    size_t n = 0;
    const as_entity *const *targets =
            as_graph_targets(a->j->worlds->graph, a->j->arena, from, v, &n);
    *same = AS_YES;
    for (size_t i = 0; i < n; i++) {
        const as_iam_principal *p =
                as_iam_principal_of(a->j->worlds->accounts, targets[i], account);
        if (p != NULL) {
            return p;
        }
    }
    as_str text = as_value_str(v);
    if (!as_iam_is_arn(text)) {
        return NULL;
    }
    const as_iam_principal *p = as_iam_principal_find(a->j->worlds->accounts, text, account);
    *same = p == NULL ? AS_NO : as_iam_equal(p->arn, text, false);
    return p;
}

static void add_link(aws *a, const as_iam_account *account, const as_iam_principal *p, bool leaves,
        as_way_edge edge)
{
    link l = {account, p, leaves, edge};
    AS_VEC_PUSH(a->j->arena, &a->links, l);
}

static as_str other_account(as_truth same)
{
    return same == AS_YES ? AS_STR("") : AS_STR("the role is of the account that is named");
}

/* --- into AWS ------------------------------------------------------------------------------------
 */

static void join_account(aws *a, uint32_t node, const as_rbac_subject *s)
{
    const as_value *notes = walk(a, s->entity->raw, "metadata.annotations");
    const as_value *arn = as_value_get(notes, AS_STR("eks.amazonaws.com/role-arn"));
    const as_iam_account *account;
    as_truth same;
    const as_iam_principal *role =
            as_value_is_null(arn) ? NULL : principal_of(a, s->entity, arn, &account, &same);
    if (role == NULL || role->trust == NULL) {
        return;
    }
    as_iam_verdict v = as_iam_trusts_service_account(a->j->arena, account, role, s->space, s->name);
    if (v.decision != AS_IAM_ALLOWED && v.decision != AS_IAM_UNKNOWN) {
        return;
    }
    bool certain = v.decision == AS_IAM_ALLOWED && same == AS_YES;
    as_str caveat = v.decision == AS_IAM_ALLOWED ? other_account(same)
                                                 : as_iam_shown(a->j->arena, v.reason);
    add_link(a, account, role, false,
            (as_way_edge){.from = node,
                    .method = AS_STR("sts:AssumeRoleWithWebIdentity"),
                    .action = AS_STR("sts:AssumeRoleWithWebIdentity"),
                    .resource = as_iam_shown(a->j->arena, role->arn),
                    .span = arn->span,
                    .certain = certain,
                    .caveat = caveat});
}

static void join_pod_identity(aws *a)
{
    size_t n;
    const as_entity *const *found =
            as_graph_of_type(a->j->worlds->graph, AS_STR("aws_eks_pod_identity_association"), &n);
    for (size_t i = 0; i < n; i++) {
        const as_iam_account *account;
        as_truth same;
        const as_entity *e = found[i];
        const as_iam_principal *role =
                principal_of(a, e, as_value_get(e->raw, AS_STR("role_arn")), &account, &same);
        as_str shown = as_str_fmt(a->j->arena, "ServiceAccount/%.*s/%.*s",
                AS_STR_ARG(as_value_str(as_value_get(e->raw, AS_STR("namespace")))),
                AS_STR_ARG(as_value_str(as_value_get(e->raw, AS_STR("service_account")))));
        for (size_t c = 0; role != NULL && c < a->j->worlds->clusters->list.n; c++) {
            const as_rbac_cluster *cluster = a->j->worlds->clusters->list.items[c];
            const as_rbac_subject *s = as_rbac_subject_called(cluster, shown);
            bool own = cluster->unit == e->unit;
            if (s == NULL || s->system) {
                continue;
            }
            add_link(a, account, role, false,
                    (as_way_edge){.from = a->j->clusters[c].subjects[s->index],
                            .method = AS_STR("eks-auth:AssumeRoleForPodIdentity"),
                            .action = AS_STR("eks-auth:AssumeRoleForPodIdentity"),
                            .resource = as_iam_shown(a->j->arena, role->arn),
                            .span = e->head,
                            .certain = own && same == AS_YES,
                            .caveat = own ? other_account(same)
                                          : AS_STR("the objects are those of this cluster")});
        }
    }
}

/* Root on a node has the credentials that its metadata service gives. */
static void join_nodes(aws *a)
{
    size_t n;
    const as_entity *const *found =
            as_graph_of_kind(a->j->worlds->graph, AS_STR("aws.eks.node_group"), &n);
    for (size_t i = 0; i < n; i++) {
        const as_iam_account *account;
        as_truth same;
        const as_value *arn = as_value_get(found[i]->raw, AS_STR("node_role_arn"));
        arn = arn != NULL ? arn : as_value_get(found[i]->raw, AS_STR("nodeRole"));
        int c = as_ways_cluster_of(a->j, found[i]->unit);
        const as_iam_principal *role =
                c < 0 ? NULL : principal_of(a, found[i], arn, &account, &same);
        if (role != NULL) {
            add_link(a, account, role, false,
                    (as_way_edge){.from = a->j->clusters[c].node,
                            .caveat = as_str_fmt(a->j->arena, "the node is of %.*s",
                                    AS_STR_ARG(found[i]->address))});
        }
    }
}

/* --- out of AWS ----------------------------------------------------------------------------------
 */

static void link_name(aws *a, const as_iam_account *account, const as_iam_principal *p, int c,
        as_str shown, as_span span, as_str caveat)
{
    const as_rbac_cluster *cluster = a->j->worlds->clusters->list.items[c];
    const as_rbac_subject *s = as_rbac_subject_called(cluster, shown);
    if (s != NULL) {
        add_link(a, account, p, true,
                (as_way_edge){.to = a->j->clusters[c].subjects[s->index],
                        .method = AS_STR("eks:AccessKubernetesApi"),
                        .action = AS_STR("eks:AccessKubernetesApi"),
                        .resource = s->shown,
                        .span = span,
                        .certain = caveat.n == 0,
                        .caveat = caveat});
    }
}

static void link_groups(aws *a, const as_iam_account *account, const as_iam_principal *p, int c,
        const as_value *entry, const char *groups, const char *user, as_str caveat)
{
    const as_value *list = as_value_get(entry, as_str_from(groups));
    for (size_t i = 0; i < as_value_count(list); i++) {
        as_str name = as_value_str(as_value_index(list, i));
        link_name(a, account, p, c, as_str_join(a->j->arena, AS_STR("Group/"), name), entry->span,
                caveat);
    }
    as_str name = as_value_str(as_value_get(entry, as_str_from(user)));
    if (name.n > 0) {
        link_name(a, account, p, c, as_str_join(a->j->arena, AS_STR("User/"), name), entry->span,
                caveat);
    }
}

static void join_entries(aws *a)
{
    size_t n;
    const as_entity *const *found =
            as_graph_of_kind(a->j->worlds->graph, AS_STR("aws.eks.access_entry"), &n);
    for (size_t i = 0; i < n; i++) {
        const as_iam_account *account;
        as_truth same;
        bool live = found[i]->origin == AS_ORIGIN_LIVE;
        const as_value *arn = as_value_get(
                found[i]->raw, live ? AS_STR("principalArn") : AS_STR("principal_arn"));
        int c = as_ways_cluster_of(a->j, found[i]->unit);
        const as_iam_principal *p = c < 0 ? NULL : principal_of(a, found[i], arn, &account, &same);
        if (p != NULL) {
            link_groups(a, account, p, c, found[i]->raw,
                    live ? "kubernetesGroups" : "kubernetes_groups",
                    live ? "username" : "user_name", other_account(same));
        }
    }
}

/* What an association of an access policy gives. */
typedef struct given {
    bool admin, edit; /* everything; what makes pods and so becomes accounts */
    bool whole;       /* in the whole cluster; else in `spaces` */
    const as_value *spaces;
    as_str caveat;
} given;

static given given_by(aws *a, const as_entity *e)
{
    const as_value *policy = as_value_get(e->raw, AS_STR("policy_arn"));
    const as_value *scope = walk(a, e->raw, "access_scope.type");
    as_str name = as_value_str(policy);
    given g = {.whole = !as_str_is(as_value_str(scope), "namespace"),
            .spaces = walk(a, e->raw, "access_scope.namespaces")};
    bool all = as_str_ends(name, "/AmazonEKSClusterAdminPolicy");
    g.admin = all && g.whole;
    g.edit = (all && !g.whole) || as_str_ends(name, "/AmazonEKSAdminPolicy") ||
             as_str_ends(name, "/AmazonEKSEditPolicy");
    if (as_value_is_unknown(scope)) {
        g.caveat = AS_STR("the policy holds in the whole cluster");
    }
    if (as_value_is_unknown(policy)) {
        g.admin = true;
        g.caveat = AS_STR("the policy is that of the cluster's administrator");
    }
    return g;
}

static as_truth is_in(const as_value *spaces, as_str space)
{
    as_truth any = as_value_is_unknown(spaces) ? AS_MAYBE : AS_NO;
    for (size_t i = 0; i < as_value_count(spaces); i++) {
        const as_value *one = as_value_index(spaces, i);
        any = as_truth_or(any, as_value_is_unknown(one)
                                       ? AS_MAYBE
                                       : as_truth_of(as_glob_match(as_value_str(one), space)));
    }
    return any;
}

/* Every account of the namespaces, whose pods can be made. */
static void link_spaces(aws *a, const as_iam_account *account, const as_iam_principal *p, int c,
        const given *g, as_way_edge edge)
{
    const as_rbac_cluster *cluster = a->j->worlds->clusters->list.items[c];
    for (size_t i = 0; i < cluster->subjects.n; i++) {
        const as_rbac_subject *s = cluster->subjects.items[i];
        as_truth there = s->kind == AS_RBAC_ACCOUNT ? is_in(g->spaces, s->space) : AS_NO;
        if (there == AS_NO) {
            continue;
        }
        as_way_edge one = edge;
        one.to = a->j->clusters[c].subjects[s->index];
        if (there == AS_MAYBE) {
            one.certain = false;
            one.caveat = AS_STR("the policy holds in that namespace");
        }
        add_link(a, account, p, true, one);
    }
}

/* Access policies: only that of the cluster's administrator is everything; "admin" and "edit" of a
 * namespace, or all, become any account there ("Access policy permissions"). */
static void join_access_policies(aws *a)
{
    size_t n;
    const as_entity *const *found =
            as_graph_of_kind(a->j->worlds->graph, AS_STR("aws.eks.access_policy"), &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *e = found[i];
        const as_iam_account *account;
        as_truth same;
        int c = as_ways_cluster_of(a->j, e->unit);
        given g = given_by(a, e);
        const as_iam_principal *p =
                c < 0 || (!g.admin && !g.edit)
                        ? NULL
                        : principal_of(a, e, as_value_get(e->raw, AS_STR("principal_arn")),
                                  &account, &same);
        if (p == NULL) {
            continue;
        }
        as_way_edge edge = {.to = g.admin ? a->j->clusters[c].admin : a->j->clusters[c].any_account,
                .method = AS_STR("eks:AccessKubernetesApi"),
                .action = AS_STR("eks:AccessKubernetesApi"),
                .resource = as_value_str(as_value_get(e->raw, AS_STR("policy_arn"))),
                .span = e->head,
                .certain = same == AS_YES && g.caveat.n == 0,
                .caveat = g.caveat.n > 0 ? g.caveat : other_account(same)};
        if (g.whole || g.admin) {
            add_link(a, account, p, true, edge);
        } else {
            link_spaces(a, account, p, c, &g, edge);
        }
    }
}

static const as_value *yaml_of(aws *a, const as_value *v)
{
    if (v == NULL) {
        return NULL;
    }
    if (v->meta != NULL && v->meta->decoded != NULL) {
        return v->meta->decoded;
    }
    if (as_value_str(v).n == 0) {
        return NULL;
    }
    as_source source = {.id = 0, .path = AS_STR("aws-auth"), .text = as_value_str(v)};
    as_diags diags;
    as_diags_init(&diags, a->j->arena);
    const as_value *tree = as_yaml_parse_one(a->j->arena, &source, (as_yaml_options){0}, &diags);
    return tree == NULL ? NULL : as_value_at(a->j->arena, tree, v->span);
}

static void join_aws_auth(aws *a)
{
    static const char *const lists[][2] = {{"mapRoles", "rolearn"}, {"mapUsers", "userarn"}};
    size_t n;
    const as_entity *const *found =
            as_graph_of_kind(a->j->worlds->graph, AS_STR("k8s.configmap"), &n);
    for (size_t i = 0; i < n; i++) {
        int c = as_ways_cluster_of(a->j, found[i]->unit);
        if (c < 0 || !as_str_is(as_rbac_name_of(a->j->arena, found[i]), "aws-auth")) {
            continue;
        }
        const as_value *data = as_value_get(found[i]->raw, AS_STR("data"));
        for (size_t l = 0; l < 2; l++) {
            const as_value *list = yaml_of(a, as_value_get(data, as_str_from(lists[l][0])));
            for (size_t k = 0; k < as_value_count(list); k++) {
                const as_iam_account *account;
                as_truth same;
                const as_value *entry =
                        as_value_at(a->j->arena, as_value_index(list, k), found[i]->head);
                const as_value *arn = as_value_get(entry, as_str_from(lists[l][1]));
                const as_iam_principal *p = principal_of(a, found[i], arn, &account, &same);
                if (p != NULL) {
                    link_groups(a, account, p, c, entry, "groups", "username", other_account(same));
                }
            }
        }
    }
}

/* --- principals and their own ways ---------------------------------------------------------------
 */

static void add_steps(aws *a, as_iam_paths paths, const uint32_t *numbers, uint32_t goal)
{
    as_arena *arena = a->j->arena;
    as_map seen = {0};
    for (size_t i = 0; i < paths.n; i++) {
        for (size_t k = 0; k < paths.items[i].n_steps; k++) {
            const as_iam_step *s = &paths.items[i].steps[k];
            uint32_t to = s->to != NULL ? numbers[s->to->index] : goal;
            as_str key = as_str_fmt(
                    arena, "%u %u %.*s", numbers[s->from->index], to, AS_STR_ARG(s->method->id));
            if (as_map_has(&seen, key)) {
                continue;
            }
            as_map_put(arena, &seen, key, a);
            as_ways_join(
                    a->j->ways, &(as_way_edge){.from = numbers[s->from->index],
                                        .to = to,
                                        .method = s->method->id,
                                        .action = s->method->needs[s->method->n_needs - 1].action,
                                        .resource = as_iam_shown(arena, s->resource),
                                        .span = s->by != NULL ? s->by->span : s->from->entity->head,
                                        .workload = s->workload,
                                        .certain = s->certain,
                                        .caveat = as_iam_shown(arena, s->caveat)});
        }
    }
}

static void add_account(aws *a, const as_iam_account *account)
{
    as_joining *j = a->j;
    size_t n = account->principals.n;
    bool *also = AS_NEW_ARRAY(j->arena, bool, n), leaves = false;
    uint32_t *numbers = AS_NEW_ARRAY(j->arena, uint32_t, n);
    as_iam_paths paths = as_iam_escalations(j->arena, account);
    uint32_t goal = as_ways_add(j->ways,
            &(as_way_node){
                    .kind = AS_WAY_GOAL, .world = AS_WORLD_AWS, .name = AS_STR("administrator")});
    for (size_t i = 0; i < n; i++) {
        const as_iam_principal *p = account->principals.items[i];
        numbers[i] = as_ways_add(j->ways, &(as_way_node){.kind = AS_WAY_IDENTITY,
                                                  .world = AS_WORLD_AWS,
                                                  .name = as_iam_principal_name(p),
                                                  .id = as_iam_shown(j->arena, p->arn),
                                                  .entity = p->entity,
                                                  .span = p->entity->head,
                                                  .self = p});
        if (paths.admins[i]) {
            as_ways_join(j->ways, &(as_way_edge){.from = numbers[i], .to = goal, .certain = true});
        }
    }
    add_steps(a, paths, numbers, goal);
    for (size_t i = 0; i < a->links.n; i++) {
        link *l = &a->links.items[i];
        if (l->account != account) {
            continue;
        }
        *(l->leaves ? &l->edge.from : &l->edge.to) = numbers[l->principal->index];
        as_ways_join(j->ways, &l->edge);
        also[l->principal->index] = also[l->principal->index] || l->leaves;
        leaves = leaves || l->leaves;
    }
    if (leaves) {
        add_steps(a, as_iam_escalations_to(j->arena, account, also), numbers, goal);
    }
}

void as_ways_join_aws(as_joining *j)
{
    aws a = {.j = j};
    for (size_t c = 0; c < j->worlds->clusters->list.n; c++) {
        const as_rbac_cluster *cluster = j->worlds->clusters->list.items[c];
        for (size_t i = 0; i < cluster->subjects.n; i++) {
            if (cluster->subjects.items[i]->entity != NULL) {
                join_account(&a, j->clusters[c].subjects[i], cluster->subjects.items[i]);
            }
        }
    }
    join_pod_identity(&a);
    join_nodes(&a);
    join_entries(&a);
    join_access_policies(&a);
    join_aws_auth(&a);
    for (size_t i = 0; i < j->worlds->accounts->list.n; i++) {
        const as_iam_account *account = j->worlds->accounts->list.items[i];
        bool linked = false;
        for (size_t k = 0; k < a.links.n && !linked; k++) {
            linked = a.links.items[k].account == account;
        }
        if (linked) {
            add_account(&a, account);
        }
    }
}
