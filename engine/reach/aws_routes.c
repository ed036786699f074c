/* Route tables of VPCs: "we use the most specific route that matches the traffic". */
#include <stdlib.h>

#include "engine/reach/aws_network.h"

/* Attributes that name a gateway, and what it then is, by the form of its id or by its type. */
static const struct {
    const char *terraform, *live;
    as_aws_gateway gateway;
} FIELDS[] = {
        {"nat_gateway_id", "NatGatewayId", AS_AWS_NAT},
        {"egress_only_gateway_id", "EgressOnlyInternetGatewayId", AS_AWS_EGRESS_ONLY},
        {"vpc_peering_connection_id", "VpcPeeringConnectionId", AS_AWS_PEERING},
        {"transit_gateway_id", "TransitGatewayId", AS_AWS_TRANSIT},
        {"vpc_endpoint_id", NULL, AS_AWS_APPLIANCE},
        {"network_interface_id", "NetworkInterfaceId", AS_AWS_APPLIANCE},
        {"instance_id", "InstanceId", AS_AWS_APPLIANCE},
        {"local_gateway_id", "LocalGatewayId", AS_AWS_UNKNOWN_GATEWAY},
        {"carrier_gateway_id", "CarrierGatewayId", AS_AWS_UNKNOWN_GATEWAY},
        {"core_network_arn", "CoreNetworkArn", AS_AWS_UNKNOWN_GATEWAY},
};

static const struct {
    const char *prefix, *type;
    as_aws_gateway gateway;
} GATEWAYS[] = {
        {"local", "-", AS_AWS_LOCAL},
        {"igw-", "aws_internet_gateway", AS_AWS_INTERNET},
        {"vgw-", "aws_vpn_gateway", AS_AWS_VPN},
        {"vpce-", "aws_vpc_endpoint", AS_AWS_APPLIANCE},
        {"nat-", "aws_nat_gateway", AS_AWS_NAT},
        {"eigw-", "aws_egress_only_internet_gateway", AS_AWS_EGRESS_ONLY},
        {"tgw-", "aws_ec2_transit_gateway", AS_AWS_TRANSIT},
        {"pcx-", "aws_vpc_peering_connection", AS_AWS_PEERING},
};

static as_aws_gateway by_form(const as_value *id)
{
    for (size_t i = 0; i < sizeof GATEWAYS / sizeof *GATEWAYS; i++) {
        if (as_str_starts(as_value_str(id), GATEWAYS[i].prefix) ||
                as_cloud_refers_to(id, GATEWAYS[i].type)) {
            return GATEWAYS[i].gateway;
        }
    }
    return AS_AWS_UNKNOWN_GATEWAY;
}

static bool is_set(const as_value *v)
{
    return !as_value_is_null(v) && !(as_value_is(v, AS_STRING) && v->as.str.n == 0);
}

static void find_gateway(as_aws_network *n, as_aws_route *route, const as_value *v)
{
    const as_value *id = as_cloud_at(&n->r, route->from, v, "gateway_id", "GatewayId");
    size_t count;
    route->gateway = AS_AWS_UNKNOWN_GATEWAY;
    if (is_set(id)) {
        route->gateway = by_form(id);
    }
    for (size_t i = 0; !is_set(id) && i < sizeof FIELDS / sizeof *FIELDS; i++) {
        id = as_cloud_at(&n->r, route->from, v, FIELDS[i].terraform, FIELDS[i].live);
        route->gateway = is_set(id) ? FIELDS[i].gateway : route->gateway;
    }
    const as_entity *const *found =
            as_graph_targets(n->r.graph, n->r.arena, route->from, id, &count);
    route->id = id;
    route->target = count > 0 ? found[0] : NULL;
    as_str state = as_value_str(as_cloud_at(&n->r, route->from, v, NULL, "State"));
    if (as_str_is(state, "blackhole")) {
        route->gateway = AS_AWS_BLACKHOLE;
    }
}

static void push(as_aws_network *n, as_aws_table *table, as_aws_route route, as_addresses all)
{
    for (size_t i = 0; i < all.n; i++) {
        as_address size = all.ranges[i].last - all.ranges[i].first;
        int host = 0;
        while (host < 128 && (size >> host) != 0) {
            host++;
        }
        bool v4 = as_address_is_v4(all.ranges[i].first);
        route.addresses = as_addresses_range(n->r.arena, all.ranges[i].first, all.ranges[i].last);
        route.prefix = (v4 ? 32 : 128) - host;
        AS_VEC_PUSH(n->r.arena, &table->routes, route);
    }
}

/* The names of destinations differ between blocks and resources; both are looked for. */
static void add_route(as_aws_network *n, as_aws_table *table, const as_entity *from,
        const as_value *v, bool own, as_span span)
{
    const as_value *cidrs[] = {
            as_cloud_at(&n->r, from, v, own ? "destination_cidr_block" : "cidr_block",
                    "DestinationCidrBlock"),
            as_cloud_at(&n->r, from, v, own ? "destination_ipv6_cidr_block" : "ipv6_cidr_block",
                    "DestinationIpv6CidrBlock")};
    const as_value *prefixes =
            as_cloud_at(&n->r, from, v, "destination_prefix_list_id", "DestinationPrefixListId");
    as_aws_route route = {.from = from, .span = span};
    if (as_value_is_unknown(v)) {
        table->unsure = as_value_reason(v);
        return;
    }
    find_gateway(n, &route, v);
    for (size_t i = 0; i < 2; i++) {
        as_cidr cidr;
        if (as_value_is_unknown(cidrs[i])) {
            table->unsure = as_value_reason(cidrs[i]);
        } else if (as_value_is(cidrs[i], AS_STRING) && as_cidr_parse(cidrs[i]->as.str, &cidr)) {
            route.addresses = as_addresses_cidr(n->r.arena, &cidr);
            route.prefix = cidr.prefix;
            AS_VEC_PUSH(n->r.arena, &table->routes, route);
        }
    }
    /* Lists of AWS's own name services behind gateway endpoints, which are nothing else's way. */
    as_addresses listed = as_addresses_none();
    as_str unsure = AS_STR_NONE;
    if (is_set(prefixes)) {
        as_aws_add_prefixes(n, from, prefixes, &listed, &unsure);
        push(n, table, route, listed);
        bool ours = as_cloud_target(&n->r, from, prefixes, "aws.vpc.prefix_list") != NULL;
        table->unsure = ours && unsure.n > 0 ? unsure : table->unsure;
    }
}

static int compare_routes(const void *a, const void *b)
{
    const as_aws_route *x = a, *y = b;
    if (x->prefix != y->prefix) {
        return y->prefix - x->prefix;
    }
    return x->span.begin < y->span.begin ? -1 : x->span.begin > y->span.begin;
}

enum { MAX_ROUTES = 1000 }; /* as AWS allows; a route costs every question */

as_aws_table *as_aws_table_new(
        as_aws_network *n, const as_entity *entity, const as_entity *const *routes, size_t n_routes)
{
    as_aws_table *table = AS_NEW(n->r.arena, as_aws_table);
    table->entity = entity;
    const as_value *list = as_cloud_get(&n->r, entity, "route", "Routes");
    if (as_value_is_unknown(list)) {
        table->unsure = as_value_reason(list);
    }
    for (size_t i = 0; as_value_is(list, AS_LIST) && i < as_value_count(list); i++) {
        const as_value *v = as_value_index(list, i);
        add_route(n, table, entity, v, false, v->span);
    }
    for (size_t i = 0; i < n_routes; i++) {
        add_route(n, table, routes[i], routes[i]->raw, true, routes[i]->head);
    }
    table->learns =
            as_cloud_n(as_cloud_get(&n->r, entity, "propagating_vgws", "PropagatingVgws")) > 0;
    if (table->routes.n > MAX_ROUTES) {
        table->unsure = AS_STR("a route table has more routes than AWS allows");
        table->routes.n = 0;
    }
    if (table->routes.n > 1) {
        qsort(table->routes.items, table->routes.n, sizeof *table->routes.items, compare_routes);
    }
    return table;
}
