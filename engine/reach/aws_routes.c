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
        route.addresses = as_addresses_range(n->r.arena, all.ranges[i].first, all.ranges[i].last);
        route.prefix = as_address_range_prefix(all.ranges[i]);
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
    if (x->learned != y->learned) { /* "static routes take priority over propagated routes" */
        return x->learned ? 1 : -1;
    }
    return x->span.begin < y->span.begin ? -1 : x->span.begin > y->span.begin;
}

static void sort(as_aws_table *table)
{
    if (table->routes.n > 1) {
        qsort(table->routes.items, table->routes.n, sizeof *table->routes.items, compare_routes);
    }
}

/* Routes of a VPN connection without BGP are written down ("Static and dynamic routing"). */
static void learn_static(as_aws_network *n, as_aws_table *table, const as_entity *connection)
{
    size_t count;
    const as_entity *const *all =
            as_graph_of_type(n->r.graph, AS_STR("aws_vpn_connection_route"), &count);
    for (size_t i = 0; i < count; i++) {
        const as_value *of = as_cloud_get(&n->r, all[i], "vpn_connection_id", NULL);
        const as_value *to = as_cloud_get(&n->r, all[i], "destination_cidr_block", NULL);
        as_cidr cidr;
        if (as_cloud_target(&n->r, all[i], of, "aws.vpn.connection") != connection) {
            continue;
        }
        if (!as_value_is(to, AS_STRING) || !as_cidr_parse(to->as.str, &cidr)) {
            table->unsure = as_cloud_doubt(to, "a route of a VPN connection is not known");
            continue;
        }
        as_aws_route route = {.from = all[i],
                .id = of,
                .gateway = AS_AWS_VPN,
                .learned = true,
                .addresses = as_addresses_cidr(n->r.arena, &cidr),
                .prefix = cidr.prefix,
                .span = all[i]->head};
        AS_VEC_PUSH(n->r.arena, &table->routes, route);
    }
}

void as_aws_table_learn(
        as_aws_network *n, as_aws_table *table, const as_entity *from, const as_value *gateway)
{
    const as_entity *vgw = as_cloud_target(&n->r, from, gateway, "aws.vpn.gateway");
    size_t count, n_static = 0;
    bool all_static = vgw != NULL;
    const as_entity *const *all =
            as_graph_of_type(n->r.graph, AS_STR("aws_vpn_connection"), &count);
    for (size_t i = 0; vgw != NULL && i < count; i++) {
        const as_value *of = as_cloud_get(&n->r, all[i], "vpn_gateway_id", NULL);
        if (as_cloud_target(&n->r, all[i], of, "aws.vpn.gateway") == vgw) {
            all_static &= as_value_bool_or(
                    as_cloud_get(&n->r, all[i], "static_routes_only", NULL), false);
            learn_static(n, table, all[i]);
            n_static++;
        }
    }
    all = as_graph_of_kind(n->r.graph, AS_STR("aws.dx.gateway_association"), &count);
    for (size_t i = 0; vgw != NULL && i < count; i++) {
        const as_value *of = as_cloud_get(&n->r, all[i], "associated_gateway_id", NULL);
        all_static &= as_cloud_target(&n->r, all[i], of, "aws.vpn.gateway") != vgw;
    }
    table->learns |= !all_static || n_static == 0;
    sort(table);
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
    const as_value *told =
            as_cloud_get(&n->r, entity, "propagating_vgws", "PropagatingVgws[].GatewayId");
    for (size_t i = 0; i < as_cloud_n(told); i++) {
        as_aws_table_learn(n, table, entity, as_cloud_item(told, i));
    }
    if (table->routes.n > MAX_ROUTES) {
        table->unsure = AS_STR("a route table has more routes than AWS allows");
        table->routes.n = 0;
    }
    sort(table);
    return table;
}
