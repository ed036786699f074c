/* VPCs, subnets, and what decides about a subnet's traffic: its route table and its network ACL. */
#include <stdlib.h>

#include "engine/reach/aws_network.h"

static const as_value *get(const as_value *v, const char *name)
{
    return as_value_get(v, as_str_from(name));
}

/* Which resources of a type exist: for look-ups per subnet. */
typedef struct entity_list {
    AS_VEC(const as_entity *) items;
} entity_list;

typedef struct reader {
    as_aws_network *network;
    entity_list associations, acl_associations, tables, acls, routes, acl_rules, main_tables;
    as_map made_tables, made_acls; /* address → as_aws_table, as_aws_acl */
    const as_aws_acl *open_acl;
    const as_aws_table *bare_table;
} reader;

/* --- network ACLs ----------------------------------------------------------------------------- */

static void add_entry(
        reader *r, as_aws_acl *acl, const as_value *v, bool inline_, bool egress, as_span span)
{
    as_aws_network *n = r->network;
    as_aws_entry e = {.egress = egress, .span = span};
    const as_value *number = get(v, inline_ ? "rule_no" : "rule_number");
    const as_value *action = get(v, inline_ ? "action" : "rule_action");
    const as_value *protocol = get(v, "protocol");
    bool icmp = as_value_int_or(protocol, 0) == 1 || as_str_is(as_value_str(protocol), "icmp") ||
                as_str_is(as_value_str(protocol), "1");
    e.number = as_value_int_or(number, 32767);
    if (as_value_is(number, AS_STRING)) {
        (void)!as_str_to_int(number->as.str, &e.number);
    }
    e.allows = as_str_ieq(as_value_str(action), AS_STR("allow"));
    e.ports = as_aws_ports(n, protocol, get(v, icmp ? "icmp_type" : "from_port"),
            get(v, icmp ? "icmp_code" : "to_port"), &e.unsure);
    as_aws_add_cidrs(n, get(v, "cidr_block"), &e.addresses, &e.unsure);
    as_aws_add_cidrs(n, get(v, "ipv6_cidr_block"), &e.addresses, &e.unsure);
    if (e.unsure.n > 0) {
        e.addresses = as_addresses_all();
    }
    if (as_value_is_unknown(number) || as_value_is_unknown(action)) {
        e.unsure = as_aws_doubt(as_value_is_unknown(number) ? number : action, "");
    }
    AS_VEC_PUSH(n->arena, &acl->entries, e);
}

static int compare_entries(const void *a, const void *b)
{
    const as_aws_entry *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* "Rules are evaluated starting with the lowest numbered rule"; at the end everything is denied. */
static void filter_entries(reader *r, as_aws_acl *acl)
{
    const as_packet_space *space = &r->network->space;
    if (acl->entries.n > 1) {
        qsort(acl->entries.items, acl->entries.n, sizeof *acl->entries.items, compare_entries);
    }
    for (int way = 0; way < AS_AWS_N_WAYS; way++) {
        as_packets left_sure = as_packets_all(space), left_most = left_sure;
        for (size_t i = 0; i < acl->entries.n; i++) {
            const as_aws_entry *e = &acl->entries.items[i];
            if (e->egress != (way == AS_AWS_OUT)) {
                continue;
            }
            as_packets most = as_packets_of(space, e->addresses, e->ports);
            as_packets sure = e->unsure.n > 0 ? as_packets_none() : most;
            if (e->allows) {
                acl->sure[way] = as_packets_union(
                        space, acl->sure[way], as_packets_intersect(space, left_sure, sure));
            }
            if (e->allows || e->unsure.n > 0) {
                acl->most[way] = as_packets_union(
                        space, acl->most[way], as_packets_intersect(space, left_most, most));
            }
            left_sure = as_packets_subtract(space, left_sure, most);
            left_most = as_packets_subtract(space, left_most, sure);
        }
    }
}

static const as_aws_acl *acl_of(reader *r, const as_entity *entity)
{
    as_aws_acl *acl = as_map_get(&r->made_acls, entity->address);
    if (acl != NULL) {
        return acl;
    }
    acl = AS_NEW(r->network->arena, as_aws_acl);
    acl->entity = entity;
    as_map_put(r->network->arena, &r->made_acls, entity->address, acl);
    static const char *const blocks[] = {"ingress", "egress"};
    for (size_t way = 0; way < AS_AWS_N_WAYS; way++) {
        const as_value *list = as_aws_get(entity, blocks[way]);
        for (size_t i = 0; as_value_is(list, AS_LIST) && i < as_value_list_count(list); i++) {
            const as_value *v = as_value_index(list, i);
            add_entry(r, acl, v, true, way == AS_AWS_OUT, v->span);
        }
    }
    for (size_t i = 0; i < r->acl_rules.items.n; i++) {
        const as_entity *rule = r->acl_rules.items.items[i];
        if (as_aws_target(r->network, rule, as_aws_get(rule, "network_acl_id"), "aws_") == entity) {
            add_entry(r, acl, rule->raw, false, as_value_bool_or(as_aws_get(rule, "egress"), false),
                    rule->head);
        }
    }
    filter_entries(r, acl);
    return acl;
}

static const as_aws_acl *find_acl(reader *r, const as_entity *subnet)
{
    for (size_t i = 0; i < r->acl_associations.items.n; i++) {
        const as_entity *a = r->acl_associations.items.items[i];
        if (as_aws_target(r->network, a, as_aws_get(a, "subnet_id"), "aws_subnet") == subnet) {
            const as_entity *acl = as_aws_target(
                    r->network, a, as_aws_get(a, "network_acl_id"), "aws_network_acl");
            return acl != NULL ? acl_of(r, acl) : r->open_acl;
        }
    }
    for (size_t i = 0; i < r->acls.items.n; i++) {
        const as_entity *acl = r->acls.items.items[i];
        size_t n;
        const as_entity *const *found = as_graph_targets(
                r->network->graph, r->network->arena, acl, as_aws_get(acl, "subnet_ids"), &n);
        for (size_t s = 0; s < n; s++) {
            if (found[s] == subnet) {
                return acl_of(r, acl);
            }
        }
    }
    return r->open_acl;
}

/* --- routes ----------------------------------------------------------------------------------- */

static as_aws_gateway gateway_of(
        reader *r, const as_entity *from, const as_value *v, const as_entity **target)
{
    static const struct {
        const char *field, *type;
        as_aws_gateway gateway;
    } fields[] = {
            {"gateway_id", "aws_internet_gateway", AS_AWS_INTERNET},
            {"gateway_id", "aws_vpn_gateway", AS_AWS_VPN},
            {"nat_gateway_id", "aws_nat_gateway", AS_AWS_NAT},
            {"egress_only_gateway_id", "aws_egress_only_internet_gateway", AS_AWS_EGRESS_ONLY},
            {"vpc_peering_connection_id", "aws_vpc_peering_connection", AS_AWS_PEERING},
            {"transit_gateway_id", "aws_ec2_transit_gateway", AS_AWS_TRANSIT},
            {"vpc_endpoint_id", "aws_vpc_endpoint", AS_AWS_ENDPOINT},
            {"network_interface_id", "aws_network_interface", AS_AWS_INTERFACE},
            {"instance_id", "aws_instance", AS_AWS_INTERFACE},
            {"carrier_gateway_id", "aws_ec2_carrier_gateway", AS_AWS_UNKNOWN_GATEWAY},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const as_value *id = get(v, fields[i].field);
        if (as_value_is_null(id) || (as_value_is(id, AS_STRING) && id->as.str.n == 0)) {
            continue;
        }
        *target = as_aws_target(r->network, from, id, fields[i].type);
        as_str text = as_value_str(id);
        if (*target != NULL || strcmp(fields[i].field, "gateway_id") != 0) {
            return fields[i].gateway;
        }
        if (as_str_is(text, "local")) {
            return AS_AWS_LOCAL;
        }
        if (as_str_starts(text, "igw-")) {
            return AS_AWS_INTERNET;
        }
        if (as_str_starts(text, "vgw-")) {
            return AS_AWS_VPN;
        }
    }
    return AS_AWS_UNKNOWN_GATEWAY;
}

static void add_route(reader *r, as_aws_table *table, const as_entity *from, const as_value *v,
        const char *const cidrs[2], as_span span)
{
    for (size_t i = 0; i < 2; i++) {
        const as_value *text = get(v, cidrs[i]);
        as_cidr cidr;
        if (as_value_is_unknown(text)) {
            table->unsure = as_aws_doubt(text, "");
        } else if (as_value_is(text, AS_STRING) && as_cidr_parse(text->as.str, &cidr)) {
            as_aws_route route = {.addresses = as_addresses_cidr(r->network->arena, &cidr),
                    .prefix = cidr.prefix,
                    .span = span};
            route.gateway = gateway_of(r, from, v, &route.target);
            AS_VEC_PUSH(r->network->arena, &table->routes, route);
        }
    }
}

static int compare_routes(const void *a, const void *b)
{
    const as_aws_route *x = a, *y = b;
    return y->prefix - x->prefix;
}

static const as_aws_table *table_of(reader *r, const as_entity *entity)
{
    static const char *const inline_cidrs[2] = {"cidr_block", "ipv6_cidr_block"};
    static const char *const cidrs[2] = {"destination_cidr_block", "destination_ipv6_cidr_block"};
    as_aws_table *table = as_map_get(&r->made_tables, entity->address);
    if (table != NULL) {
        return table;
    }
    table = AS_NEW(r->network->arena, as_aws_table);
    table->entity = entity;
    as_map_put(r->network->arena, &r->made_tables, entity->address, table);
    const as_value *list = as_aws_get(entity, "route");
    if (as_value_is_unknown(list)) {
        table->unsure = as_aws_doubt(list, "");
    }
    for (size_t i = 0; as_value_is(list, AS_LIST) && i < as_value_list_count(list); i++) {
        const as_value *v = as_value_index(list, i);
        add_route(r, table, entity, v, inline_cidrs, v->span);
    }
    for (size_t i = 0; i < r->routes.items.n; i++) {
        const as_entity *route = r->routes.items.items[i];
        if (as_aws_target(r->network, route, as_aws_get(route, "route_table_id"), "aws_") ==
                entity) {
            add_route(r, table, route, route->raw, cidrs, route->head);
        }
    }
    if (table->routes.n > 1) {
        qsort(table->routes.items, table->routes.n, sizeof *table->routes.items, compare_routes);
    }
    return table;
}

static const as_aws_table *find_table(reader *r, const as_entity *subnet, const as_entity *vpc)
{
    for (size_t i = 0; i < r->associations.items.n; i++) {
        const as_entity *a = r->associations.items.items[i];
        if (as_aws_target(r->network, a, as_aws_get(a, "subnet_id"), "aws_subnet") != subnet) {
            continue;
        }
        const as_entity *table =
                as_aws_target(r->network, a, as_aws_get(a, "route_table_id"), "aws_");
        if (table != NULL) {
            return table_of(r, table);
        }
        as_aws_table *unknown = AS_NEW(r->network->arena, as_aws_table);
        unknown->unsure = AS_STR("the route table of a subnet is not in the scan");
        return unknown;
    }
    for (size_t i = 0; vpc != NULL && i < r->main_tables.items.n; i++) {
        const as_entity *m = r->main_tables.items.items[i];
        bool is_default = as_aws_is(m, "aws_default_route_table");
        const as_value *id = as_aws_get(m, is_default ? "default_route_table_id" : "vpc_id");
        if (as_aws_target(r->network, m, id, "aws_vpc") == vpc) {
            const as_entity *table =
                    is_default ? m
                               : as_aws_target(r->network, m, as_aws_get(m, "route_table_id"),
                                         "aws_route_table");
            return table != NULL ? table_of(r, table) : r->bare_table;
        }
    }
    return r->bare_table;
}

/* --- subnets ---------------------------------------------------------------------------------- */

static void collect(reader *r)
{
    const struct {
        const char *type;
        entity_list *list;
    } wanted[] = {{"aws_route_table_association", &r->associations},
            {"aws_network_acl_association", &r->acl_associations}, {"aws_network_acl", &r->acls},
            {"aws_default_network_acl", &r->acls}, {"aws_route", &r->routes},
            {"aws_network_acl_rule", &r->acl_rules},
            {"aws_main_route_table_association", &r->main_tables},
            {"aws_default_route_table", &r->main_tables}};
    for (uint32_t id = 1; id <= as_graph_count(r->network->graph); id++) {
        const as_entity *e = as_graph_get(r->network->graph, id);
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
            if (as_aws_is(e, wanted[i].type)) {
                AS_VEC_PUSH(r->network->arena, &wanted[i].list->items, e);
            }
        }
    }
}

static void read_vpcs(reader *r)
{
    as_aws_network *n = r->network;
    for (uint32_t id = 1; id <= as_graph_count(n->graph); id++) {
        const as_entity *e = as_graph_get(n->graph, id);
        if (as_aws_is(e, "aws_vpc") || as_aws_is(e, "aws_default_vpc")) {
            as_aws_vpc vpc = {.entity = e};
            as_aws_add_cidrs(n, as_aws_get(e, "cidr_block"), &vpc.addresses, &vpc.unsure);
            if (vpc.addresses.n == 0 && vpc.unsure.n == 0) {
                vpc.unsure = AS_STR("the addresses of a VPC are not known");
            }
            AS_VEC_PUSH(n->arena, &n->vpcs, vpc);
            n->by_entity[id] = (uint32_t)n->vpcs.n;
        }
    }
}

static void read_subnet(reader *r, const as_entity *e)
{
    as_aws_network *n = r->network;
    const as_value *map = as_aws_get(e, "map_public_ip_on_launch");
    const as_entity *vpc = as_aws_target(n, e, as_aws_get(e, "vpc_id"), "aws_");
    as_aws_subnet s = {.entity = e};
    if (vpc != NULL && (as_aws_is(vpc, "aws_vpc") || as_aws_is(vpc, "aws_default_vpc"))) {
        s.vpc = n->by_entity[vpc->id];
    }
    as_aws_add_cidrs(n, as_aws_get(e, "cidr_block"), &s.addresses, &s.unsure);
    if (s.addresses.n == 0) { /* somewhere in the VPC */
        s.unsure = s.unsure.n > 0 ? s.unsure : AS_STR("the addresses of a subnet are not known");
        s.addresses = s.vpc > 0 ? n->vpcs.items[s.vpc - 1].addresses : as_addresses_all();
    }
    bool by_default = as_aws_is(e, "aws_default_subnet");
    s.public_ips = as_value_is_unknown(map)            ? AS_MAYBE
                   : as_value_bool_or(map, by_default) ? AS_YES
                                                       : AS_NO;
    s.table = find_table(r, e, vpc);
    s.acl = find_acl(r, e);
    AS_VEC_PUSH(n->arena, &n->subnets, s);
    n->by_entity[e->id] = (uint32_t)n->subnets.n;
}

void as_aws_read_subnets(as_aws_network *network)
{
    reader r = {.network = network};
    as_aws_acl *open = AS_NEW(network->arena, as_aws_acl);
    for (int way = 0; way < AS_AWS_N_WAYS; way++) {
        open->sure[way] = open->most[way] = as_packets_all(&network->space);
    }
    r.open_acl = open;
    r.bare_table = AS_NEW(network->arena, as_aws_table);
    collect(&r);
    read_vpcs(&r);
    for (uint32_t id = 1; id <= as_graph_count(network->graph); id++) {
        const as_entity *e = as_graph_get(network->graph, id);
        if (as_aws_is(e, "aws_subnet") || as_aws_is(e, "aws_default_subnet")) {
            read_subnet(&r, e);
        }
    }
}
