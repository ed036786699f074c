/* VPCs, subnets, and what decides about a subnet's traffic: its route table and its network ACL. */
#include "engine/reach/aws_network.h"

#include <assert.h>

#define VPC "aws.vpc"
#define SUBNET "aws.vpc.subnet"
#define TABLE "aws.vpc.route_table"
#define ACL "aws.vpc.network_acl"

typedef AS_VEC(const as_entity *) entity_list;

/* What belongs to what, by entity id; each resource is looked at once. */
typedef struct reader {
    as_aws_network *n;
    entity_list *parts;         /* routes of a table, rules of an ACL */
    const as_entity **tables;   /* of a subnet, by an association */
    const as_entity **acls;     /* of a subnet */
    as_str *lost;               /* an association whose table or ACL is not in the scan */
    as_aws_table **made_tables; /* by entity id */
    const as_aws_acl **made_acls;
    as_aws_acl *open;
    as_aws_table *bare;
} reader;

static const as_entity *const *of_type(const reader *r, const char *type, size_t *n)
{
    return as_graph_of_type(r->n->r.graph, as_str_from(type), n);
}

static const as_entity *const *of_kind(const reader *r, const char *kind, size_t *n)
{
    return as_graph_of_kind(r->n->r.graph, as_str_from(kind), n);
}

/* --- who belongs to whom -----------------------------------------------------------------------
 */

static void collect_parts(reader *r, const char *type, const char *attribute, const char *kind)
{
    size_t n;
    const as_entity *const *all = of_type(r, type, &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *owner = as_cloud_target(
                &r->n->r, all[i], as_cloud_get(&r->n->r, all[i], attribute, NULL), kind);
        if (owner != NULL) {
            AS_VEC_PUSH(r->n->r.arena, &r->parts[owner->id], all[i]);
        }
    }
}

/* Resources that tie a subnet to a table or an ACL. */
static void collect_ties(reader *r, const char *type, const char *attribute, const char *kind,
        const as_entity **by_subnet)
{
    size_t n;
    const as_entity *const *all = of_type(r, type, &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *subnet = as_cloud_target(
                &r->n->r, all[i], as_cloud_get(&r->n->r, all[i], "subnet_id", NULL), SUBNET);
        const as_value *to = as_cloud_get(&r->n->r, all[i], attribute, NULL);
        if (subnet == NULL) {
            continue;
        }
        by_subnet[subnet->id] = as_cloud_target(&r->n->r, all[i], to, kind);
        if (by_subnet[subnet->id] == NULL && by_subnet == r->tables) {
            r->lost[subnet->id] =
                    as_cloud_doubt(to, "the route table of a subnet is not in the scan");
        }
    }
}

/* Tables and ACLs that name their subnets themselves. */
static void collect_lists(reader *r, const char *kind, const char *terraform, const char *live,
        const as_entity **by_subnet)
{
    size_t n, n_found;
    const as_entity *const *all = of_kind(r, kind, &n);
    for (size_t i = 0; i < n; i++) {
        const as_value *ids = as_cloud_get(&r->n->r, all[i], terraform, live);
        const as_entity *const *found =
                as_graph_targets(r->n->r.graph, r->n->r.arena, all[i], ids, &n_found);
        for (size_t s = 0; s < n_found; s++) {
            if (as_str_is(found[s]->kind, SUBNET) && by_subnet[found[s]->id] == NULL) {
                by_subnet[found[s]->id] = all[i];
            }
        }
    }
}

static as_aws_table *table_of(reader *r, const as_entity *entity)
{
    as_aws_table **made = &r->made_tables[entity->id];
    if (*made == NULL) {
        const entity_list *routes = &r->parts[entity->id];
        *made = as_aws_table_new(r->n, entity, routes->items, routes->n);
    }
    return *made;
}

static const as_aws_acl *acl_of(reader *r, const as_entity *entity)
{
    const as_aws_acl **made = &r->made_acls[entity->id];
    if (*made == NULL) {
        const entity_list *rules = &r->parts[entity->id];
        *made = as_aws_acl_new(r->n, entity, rules->items, rules->n);
    }
    return *made;
}

/* --- the default VPC ---------------------------------------------------------------------------
 */

/* "Default VPCs": a /16 172.31.0.0/16, public subnets, a main route table with an internet gateway,
 * the default network ACL and security group. */
static const as_aws_table *default_table(as_aws_network *n)
{
    as_aws_table *table = AS_NEW(n->r.arena, as_aws_table);
    as_aws_route route = {.gateway = AS_AWS_INTERNET, .addresses = as_addresses_all_v4()};
    AS_VEC_PUSH(n->r.arena, &table->routes, route);
    return table;
}

static as_addresses default_addresses(const as_aws_network *n)
{
    as_cidr cidr;
    return as_cidr_parse(AS_STR("172.31.0.0/16"), &cidr) ? as_addresses_cidr(n->r.arena, &cidr)
                                                         : as_addresses_none();
}

/* --- VPCs ------------------------------------------------------------------------------------- */

static as_aws_vpc *vpc_named(reader *r, const as_entity *from, const as_value *v)
{
    uint32_t i = as_aws_index(r->n, from, v, VPC);
    return i == UINT32_MAX ? NULL : &r->n->vpcs.items[i];
}

/* The VPC of a "default" resource: it names the VPC, or the VPC's attribute. */
static as_aws_vpc *vpc_of_default(reader *r, const as_entity *e, const char *attribute)
{
    as_aws_vpc *vpc = vpc_named(r, e, as_cloud_get(&r->n->r, e, "vpc_id", "VpcId"));
    return vpc != NULL ? vpc : vpc_named(r, e, as_cloud_get(&r->n->r, e, attribute, NULL));
}

static void read_main_tables(reader *r)
{
    size_t n;
    const as_entity *const *all = of_type(r, "aws_default_route_table", &n);
    for (size_t i = 0; i < n; i++) {
        as_aws_vpc *vpc = vpc_of_default(r, all[i], "default_route_table_id");
        if (vpc != NULL) {
            vpc->main = table_of(r, all[i]);
        }
    }
    all = of_type(r, "aws_main_route_table_association", &n);
    for (size_t i = 0; i < n; i++) {
        as_aws_vpc *vpc = vpc_named(r, all[i], as_cloud_get(&r->n->r, all[i], "vpc_id", NULL));
        const as_entity *table = as_cloud_target(
                &r->n->r, all[i], as_cloud_get(&r->n->r, all[i], "route_table_id", NULL), TABLE);
        if (vpc != NULL && table != NULL) {
            vpc->main = table_of(r, table);
        }
    }
    all = of_kind(r, TABLE, &n);
    for (size_t i = 0; i < n; i++) {
        const as_value *main = as_cloud_get(&r->n->r, all[i], NULL, "Associations[].Main");
        for (size_t m = 0; m < as_cloud_n(main); m++) {
            as_aws_vpc *vpc = as_value_bool_or(as_cloud_item(main, m), false)
                                      ? vpc_of_default(r, all[i], NULL)
                                      : NULL;
            if (vpc != NULL) {
                vpc->main = table_of(r, all[i]);
            }
        }
    }
}

static void read_main_acls(reader *r)
{
    size_t n;
    const as_entity *const *all = of_kind(r, ACL, &n);
    for (size_t i = 0; i < n; i++) {
        bool is_default =
                as_cloud_is(all[i], "aws_default_network_acl") ||
                as_value_bool_or(as_cloud_get(&r->n->r, all[i], NULL, "IsDefault"), false);
        as_aws_vpc *vpc = is_default ? vpc_of_default(r, all[i], "default_network_acl_id") : NULL;
        if (vpc != NULL) {
            vpc->acl = acl_of(r, all[i]);
        }
    }
}

static void read_vpcs(reader *r)
{
    as_aws_network *n = r->n;
    size_t count;
    const as_entity *const *all = of_kind(r, VPC, &count);
    for (size_t i = 0; i < count; i++) {
        bool is_default = as_cloud_is(all[i], "aws_default_vpc");
        as_aws_vpc vpc = {.entity = all[i],
                .main = is_default ? default_table(n) : r->bare,
                .acl = r->open,
                .addresses = is_default ? default_addresses(n) : as_addresses_none()};
        as_cloud_add_cidrs(&n->r, as_cloud_get(&n->r, all[i], "cidr_block", "CidrBlock"),
                &vpc.addresses, &vpc.unsure);
        as_cloud_add_cidrs(&n->r,
                as_cloud_get(&n->r, all[i], NULL, "CidrBlockAssociationSet[].CidrBlock"),
                &vpc.addresses, &vpc.unsure);
        AS_VEC_PUSH(n->r.arena, &n->vpcs, vpc);
        n->by_entity[all[i]->id] = (uint32_t)n->vpcs.n;
    }
    all = of_type(r, "aws_vpc_ipv4_cidr_block_association", &count);
    for (size_t i = 0; i < count; i++) {
        as_aws_vpc *vpc = vpc_named(r, all[i], as_cloud_get(&n->r, all[i], "vpc_id", NULL));
        if (vpc != NULL) {
            as_cloud_add_cidrs(&n->r, as_cloud_get(&n->r, all[i], "cidr_block", NULL),
                    &vpc->addresses, &vpc->unsure);
        }
    }
    assert(n->vpcs.n == 0 || n->vpcs.items != NULL);
    for (size_t i = 0; i < n->vpcs.n; i++) {
        as_aws_vpc *vpc = &n->vpcs.items[i];
        if (vpc->addresses.n == 0 && vpc->unsure.n == 0) {
            vpc->unsure = AS_STR("the addresses of a VPC are not known");
        }
    }
}

/* --- subnets ---------------------------------------------------------------------------------- */

static void read_decisions(reader *r, as_aws_subnet *s)
{
    uint32_t id = s->entity->id;
    const as_aws_vpc *vpc = s->vpc > 0 ? &r->n->vpcs.items[s->vpc - 1] : NULL;
    if (r->tables[id] != NULL) {
        s->table = table_of(r, r->tables[id]);
    } else if (r->lost[id].n > 0 || vpc == NULL) {
        as_aws_table *unknown = AS_NEW(r->n->r.arena, as_aws_table);
        unknown->unsure = r->lost[id].n > 0 ? r->lost[id]
                                            : AS_STR("the main route table of the subnet's VPC is "
                                                     "not in the scan");
        s->table = unknown;
    } else {
        s->table = vpc->main;
    }
    s->acl = r->acls[id] != NULL ? acl_of(r, r->acls[id]) : vpc != NULL ? vpc->acl : r->open;
}

static void read_subnet(reader *r, const as_entity *e)
{
    as_aws_network *n = r->n;
    const as_value *vpc = as_cloud_get(&n->r, e, "vpc_id", "VpcId");
    const as_value *v6 = as_cloud_get(
            &n->r, e, "ipv6_cidr_block", "Ipv6CidrBlockAssociationSet[].Ipv6CidrBlock");
    as_aws_subnet s = {.entity = e, .vpc_key = as_cloud_key(vpc)};
    s.vpc = as_aws_index(n, e, vpc, VPC) + 1; /* UINT32_MAX becomes 0 */
    s.zone = as_value_str(as_cloud_get(&n->r, e, "availability_zone", "AvailabilityZone"));
    as_cloud_add_cidrs(
            &n->r, as_cloud_get(&n->r, e, "cidr_block", "CidrBlock"), &s.addresses, &s.unsure);
    if (s.addresses.n == 0) { /* somewhere in the VPC */
        s.unsure = s.unsure.n > 0 ? s.unsure : AS_STR("the addresses of a subnet are not known");
        s.addresses = s.vpc > 0 ? n->vpcs.items[s.vpc - 1].addresses : as_addresses_none();
        s.addresses = s.addresses.n > 0 ? s.addresses : as_addresses_all();
    }
    if (as_cloud_n(v6) > 0) {
        as_str ignored = AS_STR_NONE; /* which network of its VPC's it is */
        as_cloud_add_cidrs(&n->r, v6, &s.addresses, &ignored);
        s.v6_ips = as_cloud_truth(as_cloud_get(&n->r, e, "assign_ipv6_address_on_creation",
                                          "AssignIpv6AddressOnCreation"),
                AS_NO);
    }
    s.public_ips =
            as_cloud_truth(as_cloud_get(&n->r, e, "map_public_ip_on_launch", "MapPublicIpOnLaunch"),
                    as_truth_of(as_cloud_is(e, "aws_default_subnet")));
    read_decisions(r, &s);
    AS_VEC_PUSH(n->r.arena, &n->subnets, s);
    n->by_entity[e->id] = (uint32_t)n->subnets.n;
}

/* Routes that a VPN gateway tells a table. */
static void read_propagation(reader *r)
{
    size_t n;
    const as_entity *const *all = of_type(r, "aws_vpn_gateway_route_propagation", &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *table = as_cloud_target(
                &r->n->r, all[i], as_cloud_get(&r->n->r, all[i], "route_table_id", NULL), TABLE);
        if (table != NULL) {
            as_aws_table_learn(r->n, table_of(r, table), all[i],
                    as_cloud_get(&r->n->r, all[i], "vpn_gateway_id", NULL));
        }
    }
}

void as_aws_read_subnets(as_aws_network *n)
{
    size_t count, max = as_graph_count(n->r.graph) + 1;
    as_arena *arena = n->r.arena;
    reader r = {.n = n,
            .parts = AS_NEW_ARRAY(arena, entity_list, max),
            .tables = AS_NEW_ARRAY(arena, const as_entity *, max),
            .acls = AS_NEW_ARRAY(arena, const as_entity *, max),
            .lost = AS_NEW_ARRAY(arena, as_str, max),
            .made_tables = AS_NEW_ARRAY(arena, as_aws_table *, max),
            .made_acls = AS_NEW_ARRAY(arena, const as_aws_acl *, max),
            .open = as_aws_acl_open(n),
            .bare = AS_NEW(arena, as_aws_table)};
    collect_parts(&r, "aws_route", "route_table_id", TABLE);
    collect_parts(&r, "aws_network_acl_rule", "network_acl_id", ACL);
    read_propagation(&r);
    collect_ties(&r, "aws_route_table_association", "route_table_id", TABLE, r.tables);
    collect_ties(&r, "aws_network_acl_association", "network_acl_id", ACL, r.acls);
    collect_lists(&r, TABLE, NULL, "Associations[].SubnetId", r.tables);
    collect_lists(&r, ACL, "subnet_ids", "Associations[].SubnetId", r.acls);
    read_vpcs(&r);
    read_main_tables(&r);
    read_main_acls(&r);
    const as_entity *const *subnets = of_kind(&r, SUBNET, &count);
    for (size_t i = 0; i < count; i++) {
        read_subnet(&r, subnets[i]);
    }
}

uint32_t as_aws_default_subnet(as_aws_network *n, const as_unit *unit)
{
    for (uint32_t i = 0; i < n->subnets.n; i++) {
        if (n->subnets.items[i].entity == NULL && n->subnets.items[i].unit == unit) {
            return i;
        }
    }
    uint32_t vpc = UINT32_MAX;
    for (uint32_t i = 0; i < n->vpcs.n; i++) {
        const as_entity *e = n->vpcs.items[i].entity;
        if (e != NULL && e->unit == unit && as_cloud_is(e, "aws_default_vpc")) {
            vpc = i;
        }
    }
    as_aws_subnet made = {
            .unit = unit, .public_ips = AS_YES, .v6_ips = AS_NO, .addresses = default_addresses(n)};
    if (vpc == UINT32_MAX) {
        as_aws_vpc own = {
                .addresses = made.addresses, .main = default_table(n), .acl = as_aws_acl_open(n)};
        vpc = (uint32_t)n->vpcs.n;
        AS_VEC_PUSH(n->r.arena, &n->vpcs, own);
    }
    made.vpc = vpc + 1;
    made.table = n->vpcs.items[vpc].main;
    made.acl = n->vpcs.items[vpc].acl;
    AS_VEC_PUSH(n->r.arena, &n->subnets, made);
    return (uint32_t)n->subnets.n - 1;
}
