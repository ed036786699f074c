/* PrivateLink: an interface endpoint of one VPC leads to the network load balancer of a service
 * that another VPC offers; no route is needed ("Share your services through AWS PrivateLink").
 * Clients see the endpoint's groups, and the load balancer's groups see the clients' addresses,
 * unless that is switched off ("Update the security groups for your Network Load Balancer"). */
#include "engine/reach/aws_nodes.h"

#define SERVICE "aws.vpc.endpoint_service"

static bool accepted_here(const as_aws_network *n, const as_entity *endpoint)
{
    size_t count;
    const as_entity *const *all =
            as_graph_of_type(n->r.graph, AS_STR("aws_vpc_endpoint_connection_accepter"), &count);
    for (size_t i = 0; i < count; i++) {
        const as_value *of = as_cloud_get(&n->r, all[i], "vpc_endpoint_id", NULL);
        if (as_cloud_target(&n->r, all[i], of, "aws.vpc.endpoint") == endpoint) {
            return true;
        }
    }
    return as_cloud_truth(as_cloud_get(&n->r, endpoint, "auto_accept", NULL), AS_NO) == AS_YES;
}

/* Why the connection of an endpoint is there only perhaps. */
static as_str doubt_of(const as_aws_network *n, const as_entity *endpoint, const as_entity *service)
{
    as_str state = as_value_str(as_cloud_get(&n->r, endpoint, "state", "State"));
    const as_value *asks =
            as_cloud_get(&n->r, service, "acceptance_required", "AcceptanceRequired");
    if (as_str_ieq(state, AS_STR("available")) || as_cloud_truth(asks, AS_NO) == AS_NO ||
            (state.n == 0 && accepted_here(n, endpoint))) {
        return AS_STR_NONE;
    }
    return AS_STR("whether the owner of the service accepted the endpoint is not known");
}

static void link_to(as_aws_network *n, uint32_t endpoint, const as_entity *service)
{
    size_t count;
    const as_entity *e = n->nodes.items[endpoint].entity;
    const as_entity *const *found = as_graph_targets(n->r.graph, n->r.arena, service,
            as_cloud_get(&n->r, service, "network_load_balancer_arns", "NetworkLoadBalancerArns"),
            &count);
    for (size_t i = 0; i < count; i++) {
        uint32_t balancer = n->node_of[found[i]->id];
        if (balancer == 0) {
            continue;
        }
        const as_ports *ports = n->nodes.items[balancer - 1].listens;
        as_cloud_forward f = {.balancer = endpoint,
                .node = balancer - 1,
                .by = service,
                .front = ports,
                .back = ports,
                .links = true,
                .unsure = doubt_of(n, e, service)};
        n->nodes.items[endpoint].listens =
                as_ports_union(n->r.space.ports, n->nodes.items[endpoint].listens, ports);
        AS_VEC_PUSH(n->r.arena, &n->forwards, f);
    }
}

void as_aws_read_links(as_aws_network *n)
{
    for (uint32_t i = 0; i < n->nodes.n; i++) {
        const as_entity *e = n->nodes.items[i].entity;
        const as_entity *service =
                as_str_is(e->kind, "aws.vpc.endpoint")
                        ? as_cloud_target(&n->r, e,
                                  as_cloud_get(&n->r, e, "service_name", "ServiceName"), SERVICE)
                        : NULL;
        if (service != NULL) {
            n->nodes.items[i].listens = as_ports_none(n->r.space.ports);
            link_to(n, i, service);
        }
    }
}
