#include "engine/reach/pods.h"

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

static bool is_managed_cluster(const as_entity *e)
{
    return as_str_is(e->kind, "aws.eks.cluster") || as_str_is(e->kind, "gcp.container.cluster");
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

/* The groups of nodes, any of which a pod may run on: certain by all of them, perhaps by one. */
static void leave_nodes(asking *a, const as_cloud_side *to)
{
    const as_cloud *cloud = a->cloud;
    as_port_bounds all = {cloud->universe, as_ports_none(cloud->space)};
    as_cloud_steps steps = {0};
    size_t n = 0;
    for (uint32_t i = 0; i < cloud->n; i++) {
        if (!is_group(cloud->nodes[i])) {
            continue;
        }
        as_cloud_side node = as_cloud_side_node(i);
        as_cloud_answer one = as_cloud_ask(cloud, &node, to, a->out.ports.most);
        all.sure = as_ports_intersect(cloud->space, all.sure, one.ports.sure);
        all.most = as_ports_union(cloud->space, all.most, one.ports.most);
        a->out.named = (n == 0 || a->out.named) && one.named;
        a->out.reason = a->out.reason.n > 0 ? a->out.reason : one.reason;
        if (n++ == 0 || !as_ports_is_empty(one.ports.most)) {
            steps = one.steps;
        }
    }
    if (n == 0) {
        all = (as_port_bounds){as_ports_none(cloud->space), cloud->universe};
        a->out.reason = AS_STR("the nodes that pods run on are not in the scan");
    }
    a->out.ports.sure = as_ports_intersect(cloud->space, a->out.ports.sure, all.sure);
    a->out.ports.most = as_ports_intersect(cloud->space, a->out.ports.most, all.most);
    if (as_ports_is_empty(a->out.ports.most)) {
        a->out.steps.n = 0;
    }
    for (size_t i = 0; i < steps.n; i++) {
        AS_VEC_PUSH(cloud->arena, &a->out.steps, steps.items[i]);
    }
    if (a->out.reason.n == 0 && a->out.ports.sure != a->out.ports.most) {
        a->out.reason = AS_STR("it depends on the node");
    }
}

as_cloud_answer as_pods_ask(const as_pods *from, const as_cloud *clouds, size_t n_clouds,
        const as_cloud *cloud, const as_cloud_side *to, const as_ports *asked)
{
    asking a = {.from = from, .cloud = cloud};
    size_t n_managed = 0, n_here = 0;
    a.out.ports.sure = a.out.ports.most = asked != NULL ? asked : cloud->universe;
    for (size_t c = 0; c < n_clouds; c++) {
        for (size_t i = 0; i < clouds[c].n; i++) {
            bool managed = is_managed_cluster(clouds[c].nodes[i]);
            n_managed += managed;
            n_here += managed && &clouds[c] == cloud;
        }
    }
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
