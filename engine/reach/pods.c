#include "engine/reach/pods.h"

#include "engine/base/glob.h"

typedef struct asking {
    const as_pods *from;
    const as_cloud *cloud;
    as_cloud_answer out;
} asking;

static bool is_group(const as_entity *e)
{
    static const char *const types[] = {"aws_eks_node_group", "aws:eks:nodegroup",
            "google_container_node_pool", "gcp:container:nodepool"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (as_str_is(e->type, types[i])) {
            return true;
        }
    }
    return false;
}

static bool is_fargate(const as_entity *e)
{
    return as_str_is(e->kind, "aws.eks.fargate_profile");
}

static bool is_group_policy(const as_entity *e)
{
    return as_str_is(as_k8s_entity_kind(e), "SecurityGroupPolicy") &&
           as_str_is(as_k8s_entity_group(e), "vpcresources.k8s.aws");
}

bool as_pods_is_cluster(const as_entity *e)
{
    return as_str_is(e->kind, "aws.eks.cluster") || as_str_is(e->kind, "gcp.container.cluster");
}

bool as_pods_is_host(const as_entity *e)
{
    return is_group(e) || is_fargate(e);
}

/* Sets are interned in their space. */
static const as_ports *ports_in(as_port_space *space, const as_ports *ports)
{
    const as_ports *all = as_ports_none(space);
    for (size_t i = 0; i < ports->n; i++) {
        uint32_t first = ports->ranges[i].first, last = ports->ranges[i].last;
        if (first == 0 && last >= ((uint32_t)AS_N_PROTOCOLS << 16) - 1) {
            return as_ports_all(space);
        }
        for (uint32_t p = first >> 16; p <= last >> 16; p++) {
            uint32_t low = p == first >> 16 ? first & 0xffff : 0;
            uint32_t high = p == last >> 16 ? last & 0xffff : 0xffff;
            all = as_ports_union(space, all, as_ports_range(space, p, low, high));
        }
    }
    return all;
}

/* What the cluster's policies say, as steps of the whole. */
static void add_policies(asking *a, const as_answer *answer)
{
    for (size_t i = 0; i < answer->steps.n; i++) {
        const as_step *step = &answer->steps.items[i];
        const as_entity *policy = step->policy->entity;
        const char *does = step->rule == NULL              ? "selects it"
                           : step->action == AS_RULE_ALLOW ? "lets it out"
                           : step->action == AS_RULE_DENY  ? "denies it"
                                                           : "hands it on";
        as_cloud_step one = {
                as_str_fmt(a->cloud->arena, "%.*s %s", AS_STR_ARG(policy->address), does),
                policy->head, step->unsure, step->action == AS_RULE_DENY};
        AS_VEC_PUSH(a->cloud->arena, &a->out.steps, one);
    }
}

/* The policies for what leaves; false when they stop all of it. */
static bool leave_cluster(asking *a, as_addresses where)
{
    const as_cluster *cluster = a->from->cluster;
    as_port_space *space = a->cloud->space;
    as_endpoint_place from = {.kind = AS_PLACE_ENDPOINT, .endpoint = a->from->endpoint};
    as_endpoint_place to = {.kind = AS_PLACE_ADDRESSES, .addresses = where};
    as_answer answer = as_answer_find(cluster, a->from->filter, a->from->exposures, &from, &to,
            ports_in(cluster->space.ports, a->out.ports.most));
    add_policies(a, &answer);
    const as_ports *sure = ports_in(space, answer.ports.sure);
    a->out.ports.sure = as_ports_intersect(space, a->out.ports.sure, sure);
    a->out.ports.most =
            as_ports_intersect(space, a->out.ports.most, ports_in(space, answer.ports.most));
    if (a->out.ports.sure != a->out.ports.most) {
        a->out.reason = answer.reason;
    }
    return !as_ports_is_empty(a->out.ports.most);
}

/* --- where pods run ----------------------------------------------------------------------------
 */

/* Whether a Fargate profile takes the pod ("Define which Pods use AWS Fargate when launched"). */
static as_truth runs_on_fargate(const asking *a, const as_entity *profile)
{
    const as_endpoint *pod = &a->from->cluster->endpoints.items[a->from->endpoint];
    bool live = profile->origin == AS_ORIGIN_LIVE;
    const as_value *list =
            as_value_get(profile->raw, live ? AS_STR("selectors") : AS_STR("selector"));
    as_truth all = as_value_is_unknown(list) ? AS_MAYBE : AS_NO;
    size_t n = as_value_is(list, AS_OBJECT) ? 1 : as_value_list_count(list);
    for (size_t i = 0; i < n; i++) {
        const as_value *one = as_value_is(list, AS_OBJECT) ? list : as_value_index(list, i);
        const as_value *space = as_value_get(one, AS_STR("namespace"));
        const as_value *labels = as_value_get(one, AS_STR("labels"));
        as_truth truth = as_value_is_unknown(one) || as_value_is_unknown(space)
                                 ? AS_MAYBE
                                 : as_truth_of(as_glob_match(as_value_str(space), pod->space));
        if (as_value_is_unknown(labels)) {
            truth = as_truth_and(truth, AS_MAYBE);
        } else if (as_value_count(labels) > 0) {
            as_selector selector = as_selector_from_map(a->cloud->arena, labels);
            truth = as_truth_and(truth, as_selector_match(&selector, pod->labels));
        }
        all = as_truth_or(all, truth);
    }
    return all;
}

/* --- groups of pods ------------------------------------------------------------------------------
 */

static const as_value *labels_of_account(const as_cluster *cluster, const as_endpoint *pod)
{
    for (size_t i = 0; i < cluster->objects.n; i++) {
        const as_entity *e = cluster->objects.items[i];
        as_str name = as_value_str(as_value_path(e->raw, "metadata.name"));
        if (as_str_is(e->kind, "k8s.serviceaccount") && as_str_eq(name, pod->account) &&
                as_str_eq(as_k8s_entity_space(e), pod->space)) {
            return as_value_path(e->raw, "metadata.labels");
        }
    }
    return NULL;
}

/* Both selectors must match where both are there. */
static as_truth selects(const asking *a, const as_entity *policy, const as_endpoint *pod)
{
    const as_value *by_pod = as_value_path(policy->raw, "spec.podSelector");
    const as_value *by_account = as_value_path(policy->raw, "spec.serviceAccountSelector");
    as_truth truth = as_truth_of(!as_value_is_null(by_pod) || !as_value_is_null(by_account));
    if (!as_str_eq(as_k8s_entity_space(policy), pod->space)) {
        return AS_NO;
    }
    if (!as_value_is_null(by_pod)) {
        as_selector selector = as_selector_from_value(a->cloud->arena, by_pod);
        truth = as_truth_and(truth, as_selector_match(&selector, pod->labels));
    }
    if (!as_value_is_null(by_account)) {
        as_selector selector = as_selector_from_value(a->cloud->arena, by_account);
        truth = as_truth_and(
                truth, as_selector_match(&selector, labels_of_account(a->from->cluster, pod)));
    }
    return truth;
}

/* Security groups of the pod's own, which it has instead of its node's ("Assign security groups to
 * individual Pods", in the mode `strict`, which is the default). Returns whether there are some. */
static as_truth own_groups(asking *a, as_cloud_side *side)
{
    const as_cluster *cluster = a->from->cluster;
    const as_endpoint *pod = &cluster->endpoints.items[a->from->endpoint];
    AS_VEC(const as_value *) names = {0};
    const as_entity *by = NULL;
    as_truth all = AS_NO;
    for (size_t i = 0; a->cloud->group != NULL && i < cluster->objects.n; i++) {
        const as_entity *e = cluster->objects.items[i];
        if (!is_group_policy(e) || pod->host_network) {
            continue;
        }
        as_truth truth = selects(a, e, pod);
        const as_value *ids = as_value_path(e->raw, "spec.securityGroups.groupIds");
        if (truth != AS_NO) {
            by = e;
            all = as_truth_or(all, truth);
            AS_VEC_PUSH(a->cloud->arena, &names, ids);
            if (as_value_list_count(ids) == 0) {
                side->no_groups = AS_STR("the security groups of a pod are not known");
            }
        }
    }
    if (by != NULL) {
        as_cloud_step step = {as_str_fmt(a->cloud->arena, "%.*s gives it security groups",
                                      AS_STR_ARG(by->address)),
                by->head, AS_STR(""), false};
        AS_VEC_PUSH(a->cloud->arena, &a->out.steps, step);
        side->groups =
                a->cloud->group(a->cloud->network, by, names.items, names.n, &side->no_groups);
    }
    return all;
}

/* --- the way out --------------------------------------------------------------------------------
 */

typedef struct leaving {
    as_port_bounds all;
    as_cloud_steps steps;
    size_t n;
} leaving;

static void leave_by(asking *a, leaving *l, const as_cloud_side *node, const as_cloud_side *to)
{
    const as_cloud *cloud = a->cloud;
    as_cloud_answer one = as_cloud_ask(cloud, node, to, a->out.ports.most);
    l->all.sure = as_ports_intersect(cloud->space, l->all.sure, one.ports.sure);
    l->all.most = as_ports_union(cloud->space, l->all.most, one.ports.most);
    a->out.named = (l->n == 0 || a->out.named) && one.named;
    a->out.reason = a->out.reason.n > 0 ? a->out.reason : one.reason;
    if (l->n++ == 0 || !as_ports_is_empty(one.ports.most)) {
        l->steps = one.steps;
    }
}

/* The groups of nodes, any of which a pod may run on: certain by all of them, perhaps by one. */
static void leave_nodes(asking *a, const as_cloud_side *to)
{
    const as_cloud *cloud = a->cloud;
    leaving l = {.all = {cloud->universe, as_ports_none(cloud->space)}};
    as_cloud_side pod = {.is_node = true, .regrouped = true};
    as_truth regrouped = own_groups(a, &pod), on_fargate = AS_NO;
    for (size_t h = 0; h < cloud->n_hosts; h++) {
        const as_entity *host = cloud->nodes[cloud->hosts[h]];
        on_fargate =
                is_fargate(host) ? as_truth_or(on_fargate, runs_on_fargate(a, host)) : on_fargate;
    }
    for (size_t h = 0; h < cloud->n_hosts; h++) {
        uint32_t i = cloud->hosts[h];
        as_truth here = is_fargate(cloud->nodes[i]) ? runs_on_fargate(a, cloud->nodes[i])
                                                    : as_truth_not(on_fargate);
        as_cloud_side node = as_cloud_side_node(i);
        pod.node = i;
        if (here != AS_NO && regrouped != AS_NO) {
            leave_by(a, &l, &pod, to);
        }
        if (here != AS_NO && regrouped != AS_YES) {
            leave_by(a, &l, &node, to);
        }
    }
    if (l.n == 0) {
        l.all = (as_port_bounds){as_ports_none(cloud->space), cloud->universe};
        a->out.reason = AS_STR("the nodes that pods run on are not in the scan");
    }
    a->out.ports.sure = as_ports_intersect(cloud->space, a->out.ports.sure, l.all.sure);
    a->out.ports.most = as_ports_intersect(cloud->space, a->out.ports.most, l.all.most);
    if (as_ports_is_empty(a->out.ports.most)) {
        a->out.steps.n = 0;
    }
    for (size_t i = 0; i < l.steps.n; i++) {
        AS_VEC_PUSH(cloud->arena, &a->out.steps, l.steps.items[i]);
    }
    if (a->out.reason.n == 0 && a->out.ports.sure != a->out.ports.most) {
        a->out.reason = AS_STR("it depends on the node");
    }
}

/* Managed clusters of all clouds, and of one. */
static size_t count_managed(
        const as_cloud *clouds, size_t n_clouds, const as_cloud *cloud, size_t *n_here)
{
    size_t n = 0;
    *n_here = 0;
    for (size_t c = 0; c < n_clouds; c++) {
        n += clouds[c].n_clusters;
        *n_here += &clouds[c] == cloud ? cloud->n_clusters : 0;
    }
    return n;
}

bool as_pods_run_in(const as_cloud *clouds, size_t n_clouds, const as_cloud *cloud)
{
    size_t n_here, n = count_managed(clouds, n_clouds, cloud, &n_here);
    return n == 1 && n_here == 1;
}

bool as_pods_differ(const as_cluster *cluster, const as_cloud *cloud)
{
    bool differ = false;
    for (size_t i = 0; i < cluster->objects.n && !differ; i++) {
        differ = is_group_policy(cluster->objects.items[i]);
    }
    for (size_t i = 0; i < cloud->n_hosts && !differ; i++) {
        differ = is_fargate(cloud->nodes[cloud->hosts[i]]);
    }
    return differ;
}

as_cloud_answer as_pods_ask(const as_pods *from, const as_cloud *clouds, size_t n_clouds,
        const as_cloud *cloud, const as_cloud_side *to, const as_ports *asked)
{
    asking a = {.from = from, .cloud = cloud};
    size_t n_here, n_managed = count_managed(clouds, n_clouds, cloud, &n_here);
    a.out.ports.sure = a.out.ports.most = asked != NULL ? asked : cloud->universe;
    if (n_managed != 1 || n_here != 1) {
        a.out.ports.sure = as_ports_none(cloud->space);
        a.out.reason =
                n_managed == 0  ? AS_STR("the cluster that the pods run in is not in the scan")
                : n_managed > 1 ? AS_STR("which of several clusters the pods run in is not known")
                                : AS_STR("the pods run in another cloud");
        return a.out;
    }
    as_addresses where = to->is_node ? cloud->addresses(cloud->network, to->node) : to->where;
    if (leave_cluster(&a, where)) {
        leave_nodes(&a, to);
    }
    return a.out;
}
