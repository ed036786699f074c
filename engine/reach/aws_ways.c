#include "engine/reach/aws_ways.h"

bool as_aws_same_vpc(const as_aws_subnet *a, const as_aws_subnet *b)
{
    if (a->vpc != 0 || b->vpc != 0) {
        return a->vpc == b->vpc;
    }
    return a->vpc_key.n > 0 && as_str_eq(a->vpc_key, b->vpc_key);
}

static void add(const as_aws_network *n, as_aws_way *way, as_addresses hit, as_truth truth,
        const as_aws_route *route, as_str unsure)
{
    if (truth == AS_NO || hit.n == 0) {
        return;
    }
    as_addresses *to = truth == AS_YES ? &way->sure : &way->maybe;
    *to = as_addresses_union(n->r.arena, *to, hit);
    way->by = way->by == NULL ? route : way->by;
    if (truth == AS_MAYBE && way->unsure.n == 0) {
        way->unsure = unsure;
    }
}

static void carry(
        const as_aws_network *n, as_aws_way *way, const as_aws_route *route, as_aws_carried carried)
{
    add(n, way, carried.sure, AS_YES, route, AS_STR_NONE);
    add(n, way, carried.maybe, AS_MAYBE, route, carried.unsure);
}

/* --- between VPCs ------------------------------------------------------------------------------
 */

/* The peering that a route goes into, also when it names the accepting side. */
static const as_entity *peering_of(const as_aws_network *n, const as_aws_route *route)
{
    const as_entity *found = as_cloud_target(&n->r, route->from, route->id, "aws.vpc.peering");
    if (found == NULL && route->target != NULL &&
            as_cloud_is(route->target, "aws_vpc_peering_connection_accepter")) {
        found = as_cloud_target(&n->r, route->target,
                as_cloud_get(&n->r, route->target, "vpc_peering_connection_id", NULL),
                "aws.vpc.peering");
    }
    return found;
}

static as_truth peering_leads(const as_aws_network *n, const as_aws_route *route, uint32_t to)
{
    const as_entity *peering = peering_of(n, route);
    if (peering == NULL) {
        return AS_MAYBE;
    }
    uint32_t a = as_aws_index(n, peering,
            as_cloud_get(&n->r, peering, "vpc_id", "RequesterVpcInfo.VpcId"), "aws.vpc");
    uint32_t b = as_aws_index(n, peering,
            as_cloud_get(&n->r, peering, "peer_vpc_id", "AccepterVpcInfo.VpcId"), "aws.vpc");
    as_str state = as_value_str(as_cloud_get(&n->r, peering, "accept_status", "Status.Code"));
    bool down = state.n > 0 && !as_str_is(state, "active");
    return a != to && b != to ? AS_NO : down ? AS_MAYBE : AS_YES;
}

as_aws_way as_aws_way_to_vpc(const as_aws_network *n, const as_aws_subnet *from,
        const as_aws_subnet *to, as_addresses where)
{
    as_aws_way way = {.shares_groups = true};
    as_addresses left = where;
    as_str unsure = AS_STR("whether routes lead from one VPC to the other is not known");
    if (from->vpc == 0 || to->vpc == 0) {
        way.maybe = where;
        way.unsure = unsure;
        return way;
    }
    for (size_t i = 0; i < from->table->routes.n && left.n > 0; i++) {
        const as_aws_route *route = &from->table->routes.items[i];
        as_addresses hit = as_addresses_intersect(n->r.arena, left, route->addresses);
        as_truth truth = AS_NO;
        if (hit.n == 0) {
            continue;
        }
        left = as_addresses_subtract(n->r.arena, left, route->addresses);
        switch (route->gateway) {
        case AS_AWS_PEERING:
            truth = peering_leads(n, route, to->vpc - 1);
            break;
        case AS_AWS_TRANSIT:
            carry(n, &way, route,
                    as_aws_transit_carries(n, route, from->vpc - 1, to->vpc - 1, hit));
            way.shares_groups = as_aws_transit_shares_groups(n, route);
            break;
        case AS_AWS_APPLIANCE:
        case AS_AWS_UNKNOWN_GATEWAY:
            truth = AS_MAYBE;
            break;
        default:
            break;
        }
        add(n, &way, hit, truth, route, unsure);
    }
    if (from->table->unsure.n > 0) {
        add(n, &way, left, AS_MAYBE, NULL, from->table->unsure);
    }
    return way;
}

as_aws_way as_aws_way_local(const as_aws_network *n, const as_aws_subnet *from, as_addresses where)
{
    as_aws_way way = {.sure = where, .shares_groups = true};
    for (size_t i = 0; from->vpc > 0 && i < from->table->routes.n; i++) {
        const as_aws_route *route = &from->table->routes.items[i];
        const as_aws_vpc *vpc = &n->vpcs.items[from->vpc - 1];
        if (route->gateway != AS_AWS_APPLIANCE ||
                !as_addresses_subset(route->addresses, vpc->addresses)) {
            continue;
        }
        as_addresses hit = as_addresses_intersect(n->r.arena, where, route->addresses);
        add(n, &way, hit, AS_MAYBE, route, AS_STR("a route sends it through an appliance"));
        way.sure = as_addresses_subtract(n->r.arena, way.sure, hit);
    }
    return way;
}

/* --- the world outside --------------------------------------------------------------------------
 */

/* A NAT gateway leads out when its own subnet has an internet gateway. */
static as_truth nat_leads(const as_aws_network *n, const as_aws_route *route)
{
    const as_entity *nat = as_cloud_target(&n->r, route->from, route->id, "aws.vpc.nat_gateway");
    if (nat == NULL) {
        return AS_YES; /* what it is for */
    }
    as_str type = as_value_str(as_cloud_get(&n->r, nat, "connectivity_type", "ConnectivityType"));
    uint32_t at = as_aws_index(
            n, nat, as_cloud_get(&n->r, nat, "subnet_id", "SubnetId"), "aws.vpc.subnet");
    if (as_str_is(type, "private")) {
        return AS_NO;
    }
    if (at == UINT32_MAX) {
        return AS_YES;
    }
    const as_aws_table *table = n->subnets.items[at].table;
    for (size_t i = 0; i < table->routes.n; i++) {
        if (table->routes.items[i].gateway == AS_AWS_INTERNET) {
            return AS_YES;
        }
    }
    return table->unsure.n > 0 ? AS_MAYBE : AS_NO;
}

/* Whether a gateway serves what is outside, of one family of addresses. */
static as_truth serves(const as_aws_network *n, const as_aws_route *route,
        const as_aws_interface *own, bool v6, bool is_public, bool out, as_str *unsure)
{
    switch (route->gateway) {
    case AS_AWS_INTERNET:
        *unsure =
                v6 ? AS_STR("whether it has an address of IPv6 is not known") : own->public_reason;
        return !is_public ? AS_NO : v6 ? own->has_v6 : own->is_public;
    case AS_AWS_NAT:
        *unsure = AS_STR("where the NAT gateway stands is not known");
        return out && is_public ? nat_leads(n, route) : AS_NO;
    case AS_AWS_EGRESS_ONLY:
        return out && is_public && v6 ? own->has_v6 : AS_NO;
    case AS_AWS_VPN:
    case AS_AWS_PEERING:
        return is_public ? AS_NO : AS_YES;
    case AS_AWS_TRANSIT:
        *unsure = AS_STR("where the transit gateway sends it is not known");
        return out || !is_public ? AS_MAYBE : AS_NO;
    case AS_AWS_APPLIANCE:
        *unsure = AS_STR("a route leads through an appliance or a firewall");
        return AS_MAYBE;
    case AS_AWS_UNKNOWN_GATEWAY:
        *unsure = as_cloud_doubt(route->id, "what a route leads to is not known");
        return AS_MAYBE;
    default:
        return AS_NO;
    }
}

static void serve_part(const as_aws_network *n, as_aws_way *way, const as_aws_subnet *subnet,
        const as_aws_interface *own, as_addresses left, bool v6, bool is_public, bool out)
{
    for (size_t i = 0; i < subnet->table->routes.n && left.n > 0; i++) {
        const as_aws_route *route = &subnet->table->routes.items[i];
        as_addresses hit = as_addresses_intersect(n->r.arena, left, route->addresses);
        as_str unsure = AS_STR_NONE;
        if (hit.n == 0) {
            continue;
        }
        left = as_addresses_subtract(n->r.arena, left, route->addresses);
        if (route->gateway == AS_AWS_TRANSIT && !is_public && subnet->vpc > 0) {
            carry(n, way, route,
                    as_aws_transit_carries(n, route, subnet->vpc - 1, UINT32_MAX, hit));
        } else {
            add(n, way, hit, serves(n, route, own, v6, is_public, out, &unsure), route, unsure);
        }
    }
    if (subnet->table->unsure.n > 0) {
        add(n, way, left, AS_MAYBE, NULL, subnet->table->unsure);
    } else if (subnet->table->learns && !is_public) {
        add(n, way, left, AS_MAYBE, NULL, AS_STR("which routes a VPN tells is not known"));
    }
}

as_aws_way as_aws_way_outside(const as_aws_network *n, const as_aws_subnet *subnet,
        const as_aws_interface *own, as_addresses where, bool out)
{
    as_aws_way way = {.shares_groups = false};
    as_arena *arena = n->r.arena;
    as_addresses inside = as_addresses_none();
    if (subnet->vpc > 0) {
        inside = n->vpcs.items[subnet->vpc - 1].addresses;
        as_addresses hit = as_addresses_intersect(arena, where, inside);
        add(n, &way, hit, AS_YES, NULL, AS_STR(""));
    }
    as_addresses rest = as_addresses_subtract(arena, where, inside);
    as_addresses internet = as_addresses_intersect(arena, rest, n->internet);
    as_addresses private = as_addresses_subtract(arena, rest, n->internet);
    serve_part(n, &way, subnet, own, as_cloud_v4(arena, internet), false, true, out);
    serve_part(n, &way, subnet, own, as_cloud_v6(arena, internet), true, true, out);
    serve_part(n, &way, subnet, own, private, false, false, out);
    return way;
}
