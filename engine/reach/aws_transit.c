/* Transit gateways. A VPC's attachment is associated with one route table of the gateway, which
 * sends packets on by the longest prefix, at the same one static routes before propagated ones
 * ("How transit gateways work", "Route evaluation order"). */
#include <stdlib.h>

#include "engine/reach/aws_network.h"

typedef enum attachment_kind {
    TO_VPC,
    TO_PEER, /* another transit gateway */
    TO_SITE, /* a VPN or Direct Connect */
    TO_OTHER,
} attachment_kind;

typedef struct attachment {
    const as_entity *entity;
    attachment_kind kind;
    as_str gateway;         /* its key */
    as_str other;           /* of a peering: the key of the other gateway */
    uint32_t vpc;           /* UINT32_MAX: not known, or none */
    const as_entity *table; /* by an association; NULL: the default one, or none */
    bool declared;          /* the gateway is: what its tables do not say is not so */
    bool associates, propagates;
    as_truth up; /* of a peering: whether the other side agreed */
    as_truth shares_groups;
} attachment;

enum { DROPPED = UINT32_MAX, LOST = UINT32_MAX - 1 }; /* instead of an attachment */

typedef struct hop {
    as_addresses addresses;
    int prefix;
    bool propagated;
    uint32_t attachment; /* or DROPPED; LOST: it is not in the scan */
    const char *key;     /* orders the same */
} hop;

typedef struct table {
    AS_VEC(hop) hops;
    as_str unsure;
    bool learns; /* routes of a VPN or of Direct Connect come by themselves */
} table;

struct as_aws_transit {
    AS_VEC(attachment) attachments;
    as_map tables; /* address of a table, or of a gateway for its default one → table */
};

enum { MAX_GATEWAYS_IN_A_ROW = 4 };

#define GATEWAY "aws.tgw.gateway"
#define TABLE "aws.tgw.route_table"
#define ATTACHMENT "aws.tgw.vpc_attachment"
#define PEERING "aws.tgw.peering"

static as_str gateway_key(const as_aws_network *n, const as_entity *from, const as_value *v)
{
    const as_entity *gateway = as_cloud_target(&n->r, from, v, GATEWAY);
    return gateway != NULL ? gateway->address : as_cloud_key(v);
}

static const as_entity *const *of_type(const as_aws_network *n, const char *type, size_t *count)
{
    return as_graph_of_type(n->r.graph, as_str_from(type), count);
}

/* The gateway whose table it is. */
static as_str owner_of_table(const as_aws_network *n, const as_entity *from, const as_value *v)
{
    const as_entity *named = as_cloud_target(&n->r, from, v, TABLE);
    return named == NULL
                   ? gateway_key(n, from, v)
                   : gateway_key(n, named,
                             as_cloud_get(&n->r, named, "transit_gateway_id", "TransitGatewayId"));
}

/* A peering is an attachment of both gateways: that of `gateway` is meant. LOST: it names none of
 * the scan. */
static uint32_t attachment_of(
        const as_aws_network *n, const as_entity *from, const as_value *v, as_str gateway)
{
    size_t count;
    const as_entity *const *found = as_graph_targets(n->r.graph, n->r.arena, from, v, &count);
    uint32_t any = LOST;
    for (size_t k = 0; k < count; k++) {
        const as_entity *entity = found[k];
        if (as_cloud_is(entity, "aws_ec2_transit_gateway_peering_attachment_accepter")) {
            entity = as_cloud_target(&n->r, entity,
                    as_cloud_get(&n->r, entity, "transit_gateway_attachment_id", NULL), PEERING);
        }
        for (uint32_t i = 0; entity != NULL && i < n->transit->attachments.n; i++) {
            const attachment *a = &n->transit->attachments.items[i];
            if (a->entity == entity && as_str_eq(a->gateway, gateway)) {
                return i;
            }
            any = a->entity == entity && a->kind != TO_PEER ? i : any;
        }
    }
    return any;
}

static table *table_at(as_aws_network *n, as_str owner)
{
    table *t = as_map_get(&n->transit->tables, owner);
    if (t == NULL) {
        t = AS_NEW(n->r.arena, table);
        as_map_put(n->r.arena, &n->transit->tables, owner, t);
    }
    return t;
}

/* The table that a value names: one of its own, or the gateway whose default table is meant. */
static table *table_named(as_aws_network *n, const as_entity *from, const as_value *v)
{
    const as_entity *owner = as_cloud_target(&n->r, from, v, TABLE);
    owner = owner != NULL ? owner : as_cloud_target(&n->r, from, v, GATEWAY);
    return owner == NULL ? NULL : table_at(n, owner->address);
}

/* --- reading ---------------------------------------------------------------------------------- */

static as_truth enabled(const as_value *v, as_truth fallback)
{
    return as_value_is(v, AS_STRING) ? as_truth_of(as_str_is(v->as.str, "enable"))
                                     : as_cloud_truth(v, fallback);
}

static void add_attachment(as_aws_network *n, attachment a, const as_value *id)
{
    const as_entity *e = a.entity;
    const as_entity *gateway = as_cloud_target(&n->r, e, id, GATEWAY);
    a.gateway = gateway_key(n, e, id);
    a.declared = gateway != NULL;
    a.table = as_cloud_target(&n->r, e,
            as_cloud_get(&n->r, e, NULL, "Association.TransitGatewayRouteTableId"), TABLE);
    a.associates = as_cloud_truth(as_cloud_get(&n->r, e,
                                          "transit_gateway_default_route_table_association", NULL),
                           AS_YES) == AS_YES;
    a.propagates = as_cloud_truth(as_cloud_get(&n->r, e,
                                          "transit_gateway_default_route_table_propagation", NULL),
                           AS_YES) == AS_YES;
    if (gateway != NULL) {
        a.associates &= enabled(as_cloud_get(&n->r, gateway, "default_route_table_association",
                                        "Options.DefaultRouteTableAssociation"),
                                AS_YES) == AS_YES;
        a.propagates &= enabled(as_cloud_get(&n->r, gateway, "default_route_table_propagation",
                                        "Options.DefaultRouteTablePropagation"),
                                AS_YES) == AS_YES;
        a.shares_groups = as_truth_and(
                enabled(as_cloud_get(&n->r, gateway, "security_group_referencing_support",
                                "Options.SecurityGroupReferencingSupport"),
                        AS_NO),
                enabled(as_cloud_get(&n->r, e, "security_group_referencing_support", NULL),
                        AS_YES));
    }
    AS_VEC_PUSH(n->r.arena, &n->transit->attachments, a);
}

/* Answers list attachments of every kind. */
static void read_attached(as_aws_network *n)
{
    size_t count;
    const as_entity *const *all = as_graph_of_kind(n->r.graph, AS_STR(ATTACHMENT), &count);
    for (size_t i = 0; i < count; i++) {
        const as_value *at = as_cloud_get(&n->r, all[i], "vpc_id", "ResourceId");
        as_str kind = as_value_str(as_cloud_get(&n->r, all[i], NULL, "ResourceType"));
        as_str state = as_value_str(as_cloud_get(&n->r, all[i], NULL, "State"));
        attachment a = {.entity = all[i],
                .kind = kind.n == 0 || as_str_is(kind, "vpc") ? TO_VPC
                        : as_str_is(kind, "peering")          ? TO_PEER
                        : as_str_is(kind, "vpn") || as_str_starts(kind, "direct-connect")
                                ? TO_SITE
                                : TO_OTHER,
                .vpc = as_aws_index(n, all[i], at, "aws.vpc"),
                .up = state.n == 0 || as_str_is(state, "available") ? AS_YES : AS_MAYBE};
        if (a.kind == TO_PEER) {
            a.other = gateway_key(n, all[i], at);
        }
        add_attachment(n, a, as_cloud_get(&n->r, all[i], "transit_gateway_id", "TransitGatewayId"));
    }
}

static bool is_accepted(const as_aws_network *n, const as_entity *peering)
{
    size_t count;
    const as_entity *const *all =
            of_type(n, "aws_ec2_transit_gateway_peering_attachment_accepter", &count);
    for (size_t i = 0; i < count; i++) {
        const as_value *of = as_cloud_get(&n->r, all[i], "transit_gateway_attachment_id", NULL);
        if (as_cloud_target(&n->r, all[i], of, PEERING) == peering) {
            return true;
        }
    }
    return false;
}

static void read_peerings(as_aws_network *n)
{
    size_t count;
    const as_entity *const *all = of_type(n, "aws_ec2_transit_gateway_peering_attachment", &count);
    for (size_t i = 0; i < count; i++) {
        const as_value *ids[] = {as_cloud_get(&n->r, all[i], "transit_gateway_id", NULL),
                as_cloud_get(&n->r, all[i], "peer_transit_gateway_id", NULL)};
        for (size_t side = 0; side < 2; side++) {
            attachment a = {.entity = all[i],
                    .kind = TO_PEER,
                    .vpc = UINT32_MAX,
                    .other = gateway_key(n, all[i], ids[1 - side]),
                    .up = is_accepted(n, all[i]) ? AS_YES : AS_MAYBE};
            add_attachment(n, a, ids[side]);
        }
    }
}

static void read_sites(as_aws_network *n)
{
    static const char *const types[][2] = {{"aws_vpn_connection", "transit_gateway_id"},
            {"aws_dx_gateway_association", "associated_gateway_id"}};
    size_t count;
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        const as_entity *const *all = of_type(n, types[t][0], &count);
        for (size_t i = 0; i < count; i++) {
            const as_value *id = as_cloud_get(&n->r, all[i], types[t][1], NULL);
            attachment a = {.entity = all[i], .kind = TO_SITE, .vpc = UINT32_MAX, .up = AS_YES};
            if (id != NULL && (t == 0 || as_cloud_target(&n->r, all[i], id, GATEWAY) != NULL)) {
                add_attachment(n, a, id);
            }
        }
    }
}

static void add_hop(as_aws_network *n, table *t, const as_entity *from, const as_value *destination,
        uint32_t to)
{
    as_cidr cidr;
    if (as_value_is(destination, AS_STRING) && as_cidr_parse(destination->as.str, &cidr)) {
        hop h = {.addresses = as_addresses_cidr(n->r.arena, &cidr),
                .prefix = cidr.prefix,
                .attachment = to,
                .key = as_str_cstr(n->r.arena, from->address)};
        AS_VEC_PUSH(n->r.arena, &t->hops, h);
    } else {
        t->unsure = as_cloud_doubt(destination, "a route of a transit gateway is not known");
    }
}

/* A route for each network of a prefix list. */
static void add_listed(as_aws_network *n, table *t, const as_entity *from, uint32_t to)
{
    as_addresses all = as_addresses_none();
    as_str unsure = AS_STR_NONE;
    as_aws_add_prefixes(n, from, as_cloud_get(&n->r, from, "prefix_list_id", NULL), &all, &unsure);
    t->unsure = unsure.n > 0 ? unsure : t->unsure;
    for (size_t i = 0; i < all.n; i++) {
        hop h = {.addresses =
                         as_addresses_range(n->r.arena, all.ranges[i].first, all.ranges[i].last),
                .prefix = as_address_range_prefix(all.ranges[i]),
                .attachment = to,
                .key = as_str_cstr(n->r.arena, from->address)};
        AS_VEC_PUSH(n->r.arena, &t->hops, h);
    }
}

/* What is learned of a VPC are its networks, of another site whatever it tells. */
static void add_propagation(as_aws_network *n, table *t, uint32_t index)
{
    const attachment *a = index < LOST ? &n->transit->attachments.items[index] : NULL;
    if (a != NULL && a->kind == TO_SITE) {
        const as_value *fixed = as_cloud_get(&n->r, a->entity, "static_routes_only", NULL);
        t->learns |= !as_value_bool_or(fixed, false);
        return;
    }
    if (a != NULL && a->kind == TO_PEER) { /* peerings tell nothing */
        return;
    }
    if (a == NULL || a->vpc == UINT32_MAX || n->vpcs.items[a->vpc].unsure.n > 0) {
        t->unsure = AS_STR("what a transit gateway learns from an attachment is not known");
        return;
    }
    as_addresses all = n->vpcs.items[a->vpc].addresses;
    for (size_t i = 0; i < all.n; i++) {
        hop h = {.addresses =
                         as_addresses_range(n->r.arena, all.ranges[i].first, all.ranges[i].last),
                .prefix = as_address_range_prefix(all.ranges[i]),
                .propagated = true,
                .attachment = index,
                .key = as_str_cstr(n->r.arena, a->entity->address)};
        AS_VEC_PUSH(n->r.arena, &t->hops, h);
    }
}

/* The attachment that a resource is about, and the table that it names. */
static table *read_tie(as_aws_network *n, const as_entity *e, const char *id, uint32_t *at)
{
    const as_value *named = as_cloud_get(&n->r, e, id, NULL);
    *at = attachment_of(n, e, as_cloud_get(&n->r, e, "transit_gateway_attachment_id", NULL),
            owner_of_table(n, e, named));
    return table_named(n, e, named);
}

static void read_resources(as_aws_network *n)
{
    size_t count;
    uint32_t a;
    const as_entity *const *all =
            of_type(n, "aws_ec2_transit_gateway_route_table_association", &count);
    for (size_t i = 0; i < count; i++) {
        (void)read_tie(n, all[i], "transit_gateway_route_table_id", &a);
        if (a != LOST) {
            n->transit->attachments.items[a].table = as_cloud_target(&n->r, all[i],
                    as_cloud_get(&n->r, all[i], "transit_gateway_route_table_id", NULL), TABLE);
        }
    }
    all = of_type(n, "aws_ec2_transit_gateway_route", &count);
    for (size_t i = 0; i < count; i++) {
        table *t = read_tie(n, all[i], "transit_gateway_route_table_id", &a);
        const as_value *dropped = as_cloud_get(&n->r, all[i], "blackhole", NULL);
        if (t != NULL) {
            add_hop(n, t, all[i], as_cloud_get(&n->r, all[i], "destination_cidr_block", NULL),
                    as_value_bool_or(dropped, false) ? DROPPED : a);
        }
    }
    all = of_type(n, "aws_ec2_transit_gateway_prefix_list_reference", &count);
    for (size_t i = 0; i < count; i++) {
        table *t = read_tie(n, all[i], "transit_gateway_route_table_id", &a);
        if (t != NULL) {
            add_listed(n, t, all[i],
                    as_value_bool_or(as_cloud_get(&n->r, all[i], "blackhole", NULL), false)
                            ? DROPPED
                            : a);
        }
    }
    all = of_type(n, "aws_ec2_transit_gateway_route_table_propagation", &count);
    for (size_t i = 0; i < count; i++) {
        table *t = read_tie(n, all[i], "transit_gateway_route_table_id", &a);
        if (t != NULL) {
            add_propagation(n, t, a);
        }
    }
}

static void read_answers(as_aws_network *n)
{
    size_t count;
    const as_entity *const *all = of_type(n, "aws:ec2:transit-gateway-route-table", &count);
    for (size_t i = 0; i < count; i++) {
        table *t = AS_NEW(n->r.arena, table);
        const as_value *routes = as_cloud_get(&n->r, all[i], NULL, "Routes");
        as_str owner =
                gateway_key(n, all[i], as_cloud_get(&n->r, all[i], NULL, "TransitGatewayId"));
        as_map_put(n->r.arena, &n->transit->tables, all[i]->address, t);
        if (!as_value_is(routes, AS_LIST)) {
            t->unsure = AS_STR("the routes of a transit gateway are not in the scan");
        }
        for (size_t k = 0; k < as_cloud_n(routes); k++) {
            const as_value *v = as_cloud_item(routes, k);
            as_str state = as_value_str(as_cloud_at(&n->r, all[i], v, NULL, "State"));
            uint32_t to = attachment_of(n, all[i],
                    as_cloud_at(&n->r, all[i], v, NULL,
                            "TransitGatewayAttachments[].TransitGatewayAttachmentId"),
                    owner);
            add_hop(n, t, all[i], as_cloud_at(&n->r, all[i], v, NULL, "DestinationCidrBlock"),
                    as_str_is(state, "blackhole") ? DROPPED : to);
        }
    }
}

static int compare_hops(const void *a, const void *b)
{
    const hop *x = a, *y = b;
    if (x->prefix != y->prefix) {
        return y->prefix - x->prefix;
    }
    if (x->propagated != y->propagated) {
        return x->propagated ? 1 : -1;
    }
    return strcmp(x->key, y->key);
}

void as_aws_read_transit(as_aws_network *n)
{
    n->transit = AS_NEW(n->r.arena, as_aws_transit);
    read_attached(n);
    read_peerings(n);
    read_sites(n);
    read_resources(n);
    read_answers(n);
    for (uint32_t i = 0; i < n->transit->attachments.n; i++) {
        const attachment *a = &n->transit->attachments.items[i];
        bool told = as_cloud_is_live(a->entity); /* then the routes are */
        table *t = a->propagates && a->declared && !told ? table_at(n, a->gateway) : NULL;
        if (t != NULL) {
            add_propagation(n, t, i);
        }
    }
    for (size_t i = 0; i < n->transit->tables.n; i++) {
        table *t = n->transit->tables.entries[i].value;
        if (t->hops.n > 1) {
            qsort(t->hops.items, t->hops.n, sizeof *t->hops.items, compare_hops);
        }
    }
}

/* --- judging ---------------------------------------------------------------------------------- */

/* Packets on their way from gateway to gateway. */
typedef struct journey {
    const as_aws_network *n;
    uint32_t from; /* a VPC */
    uint32_t vpc;  /* where they are to go; OUTSIDE: to addresses, wherever they are */
    as_aws_carried out;
} journey;

enum { OUTSIDE = UINT32_MAX };

static void arrive(journey *j, as_addresses where, as_truth truth, as_str unsure)
{
    as_addresses *to = truth == AS_YES ? &j->out.sure : &j->out.maybe;
    if (truth == AS_NO || where.n == 0) {
        return;
    }
    *to = as_addresses_union(j->n->r.arena, *to, where);
    if (truth == AS_MAYBE && j->out.unsure.n == 0) {
        j->out.unsure = unsure;
    }
}

static void travel(
        journey *j, const attachment *in, as_addresses where, as_truth so_far, int depth);

/* Whether a VPC of which only an address was asked for can have its packets carried here. */
static as_truth leads_back(const journey *j, const attachment *other, int depth)
{
    const as_aws_vpc *own = &j->n->vpcs.items[j->from];
    journey back = {.n = j->n, .from = other->vpc, .vpc = j->from};
    if (other->vpc == UINT32_MAX || own->unsure.n > 0) {
        return AS_MAYBE;
    }
    travel(&back, other, own->addresses, AS_YES, depth);
    return back.out.sure.n == 0 && back.out.maybe.n == 0 ? AS_NO : AS_MAYBE;
}

static void go_on(journey *j, const attachment *to, as_addresses where, as_truth so_far, int depth)
{
    as_str site =
            AS_STR("whether a transit gateway's way to another site leads there is not known");
    switch (to->kind) {
    case TO_PEER:
        for (size_t i = 0; depth < MAX_GATEWAYS_IN_A_ROW && i < j->n->transit->attachments.n; i++) {
            const attachment *a = &j->n->transit->attachments.items[i];
            if (a->kind == TO_PEER && as_str_eq(a->gateway, to->other) &&
                    as_str_eq(a->other, to->gateway)) {
                travel(j, a, where, as_truth_and(so_far, as_truth_and(a->up, to->up)), depth + 1);
                return;
            }
        }
        arrive(j, where, AS_MAYBE, AS_STR("the other side of a peering is not in the scan"));
        break;
    case TO_SITE: /* a site does not send back what is in a VPC */
        arrive(j, where, j->vpc == OUTSIDE ? so_far : AS_NO, site);
        break;
    case TO_VPC:
        if (j->vpc != OUTSIDE) {
            arrive(j, where, to->vpc == j->vpc ? so_far : AS_NO,
                    AS_STR("whether a peering of transit gateways was accepted is not known"));
        } else {
            arrive(j, where, leads_back(j, to, depth),
                    AS_STR("whether the routes of another VPC lead here is not known"));
        }
        break;
    default:
        arrive(j, where, AS_MAYBE, AS_STR("where a transit gateway sends it is not known"));
    }
}

/* The table that decides what becomes of packets that come by an attachment. NULL: none. */
static const table *table_for(const as_aws_network *n, const attachment *a)
{
    return a->table != NULL ? as_map_get(&n->transit->tables, a->table->address)
           : a->associates  ? as_map_get(&n->transit->tables, a->gateway)
                            : NULL;
}

static void travel(journey *j, const attachment *in, as_addresses where, as_truth so_far, int depth)
{
    const table *t = table_for(j->n, in);
    as_addresses left = where;
    if (t == NULL) {
        arrive(j, where, in->declared || in->table != NULL ? AS_NO : AS_MAYBE,
                AS_STR("the tables of a transit gateway are not in the scan"));
        return;
    }
    for (size_t i = 0; i < t->hops.n && left.n > 0; i++) {
        const hop *h = &t->hops.items[i];
        as_addresses hit = as_addresses_intersect(j->n->r.arena, left, h->addresses);
        if (hit.n == 0) {
            continue;
        }
        left = as_addresses_subtract(j->n->r.arena, left, h->addresses);
        if (h->attachment == LOST) {
            arrive(j, hit, AS_MAYBE,
                    AS_STR("an attachment of a transit gateway is not in the scan"));
        } else if (h->attachment != DROPPED) {
            go_on(j, &j->n->transit->attachments.items[h->attachment], hit, so_far, depth);
        }
    }
    if (t->unsure.n > 0) {
        arrive(j, left, AS_MAYBE, t->unsure);
    } else if (t->learns && j->vpc == OUTSIDE) {
        arrive(j, left, AS_MAYBE, AS_STR("which routes another site tells is not known"));
    }
}

as_aws_carried as_aws_transit_carries(const as_aws_network *n, const as_aws_route *route,
        uint32_t from_vpc, uint32_t to_vpc, as_addresses where)
{
    as_str gateway = gateway_key(n, route->from, route->id);
    const as_entity *entity = as_cloud_target(&n->r, route->from, route->id, GATEWAY);
    journey j = {.n = n, .from = from_vpc, .vpc = to_vpc};
    const attachment *in = NULL;
    for (size_t i = 0; in == NULL && i < n->transit->attachments.n; i++) {
        const attachment *a = &n->transit->attachments.items[i];
        in = a->kind == TO_VPC && a->vpc == from_vpc && as_str_eq(a->gateway, gateway) ? a : NULL;
    }
    if (in != NULL) {
        travel(&j, in, where, AS_YES, 0);
    } else {
        arrive(&j, where, entity != NULL ? AS_NO : AS_MAYBE,
                AS_STR("the tables of a transit gateway are not in the scan"));
    }
    return j.out;
}

bool as_aws_transit_shares_groups(const as_aws_network *n, const as_aws_route *route)
{
    as_str gateway = gateway_key(n, route->from, route->id);
    for (size_t i = 0; i < n->transit->attachments.n; i++) {
        const attachment *a = &n->transit->attachments.items[i];
        if (as_str_eq(a->gateway, gateway) && a->shares_groups == AS_YES) {
            return true;
        }
    }
    return false;
}
