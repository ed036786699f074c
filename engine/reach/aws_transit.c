/* Transit gateways. A VPC's attachment is associated with one route table of the gateway, which
 * sends packets on by the longest prefix, at the same one static routes before propagated ones
 * ("How transit gateways work", "Route evaluation order"). */
#include <stdlib.h>

#include "engine/reach/aws_network.h"

typedef struct attachment {
    const as_entity *entity;
    as_str gateway;         /* its key */
    uint32_t vpc;           /* UINT32_MAX: not known */
    const as_entity *table; /* by an association; NULL: the default one, or none */
    bool associates, propagates;
    as_truth shares_groups;
} attachment;

typedef struct hop {
    as_addresses addresses;
    int prefix;
    bool propagated;
    uint32_t attachment; /* UINT32_MAX: to something else, or dropped */
    const char *key;     /* orders the same */
} hop;

typedef struct table {
    AS_VEC(hop) hops;
    as_str unsure;
} table;

struct as_aws_transit {
    AS_VEC(attachment) attachments;
    as_map tables; /* address of a table, or of a gateway for its default one → table */
};

#define GATEWAY "aws.tgw.gateway"
#define TABLE "aws.tgw.route_table"
#define ATTACHMENT "aws.tgw.vpc_attachment"

static as_str gateway_key(const as_aws_network *n, const as_entity *from, const as_value *v)
{
    const as_entity *gateway = as_cloud_target(&n->r, from, v, GATEWAY);
    return gateway != NULL ? gateway->address : as_cloud_key(v);
}

static uint32_t attachment_of(const as_aws_network *n, const as_entity *from, const as_value *v)
{
    const as_entity *entity = as_cloud_target(&n->r, from, v, ATTACHMENT);
    for (uint32_t i = 0; entity != NULL && i < n->transit->attachments.n; i++) {
        if (n->transit->attachments.items[i].entity == entity) {
            return i;
        }
    }
    return UINT32_MAX;
}

static const as_entity *const *of_type(const as_aws_network *n, const char *type, size_t *count)
{
    return as_graph_of_type(n->r.graph, as_str_from(type), count);
}

/* The table that a value names: one of its own, or the gateway whose default table is meant. */
static table *table_named(as_aws_network *n, const as_entity *from, const as_value *v)
{
    const as_entity *owner = as_cloud_target(&n->r, from, v, TABLE);
    owner = owner != NULL ? owner : as_cloud_target(&n->r, from, v, GATEWAY);
    if (owner == NULL) {
        return NULL;
    }
    table *t = as_map_get(&n->transit->tables, owner->address);
    if (t == NULL) {
        t = AS_NEW(n->r.arena, table);
        as_map_put(n->r.arena, &n->transit->tables, owner->address, t);
    }
    return t;
}

/* --- reading ---------------------------------------------------------------------------------- */

static as_truth enabled(const as_value *v, as_truth fallback)
{
    return as_value_is(v, AS_STRING) ? as_truth_of(as_str_is(v->as.str, "enable"))
                                     : as_cloud_truth(v, fallback);
}

static void read_attachments(as_aws_network *n)
{
    size_t count;
    const as_entity *const *all = as_graph_of_kind(n->r.graph, AS_STR(ATTACHMENT), &count);
    for (size_t i = 0; i < count; i++) {
        const as_entity *e = all[i];
        const as_value *id = as_cloud_get(&n->r, e, "transit_gateway_id", "TransitGatewayId");
        const as_entity *gateway = as_cloud_target(&n->r, e, id, GATEWAY);
        attachment a = {.entity = e, .gateway = gateway_key(n, e, id)};
        a.vpc = as_aws_index(n, e, as_cloud_get(&n->r, e, "vpc_id", "ResourceId"), "aws.vpc");
        a.table = as_cloud_target(&n->r, e,
                as_cloud_get(&n->r, e, NULL, "Association.TransitGatewayRouteTableId"), TABLE);
        a.associates =
                as_cloud_truth(as_cloud_get(&n->r, e,
                                       "transit_gateway_default_route_table_association", NULL),
                        AS_YES) == AS_YES;
        a.propagates =
                as_cloud_truth(as_cloud_get(&n->r, e,
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

static void add_propagation(as_aws_network *n, table *t, uint32_t index)
{
    const attachment *a = &n->transit->attachments.items[index];
    if (a->vpc == UINT32_MAX || n->vpcs.items[a->vpc].unsure.n > 0) {
        t->unsure = AS_STR("what a transit gateway learns from an attachment is not known");
        return;
    }
    as_addresses all = n->vpcs.items[a->vpc].addresses;
    for (size_t i = 0; i < all.n; i++) {
        as_address size = all.ranges[i].last - all.ranges[i].first;
        int host = 0;
        while (host < 128 && (size >> host) != 0) {
            host++;
        }
        hop h = {.addresses =
                         as_addresses_range(n->r.arena, all.ranges[i].first, all.ranges[i].last),
                .prefix = (as_address_is_v4(all.ranges[i].first) ? 32 : 128) - host,
                .propagated = true,
                .attachment = index,
                .key = as_str_cstr(n->r.arena, a->entity->address)};
        AS_VEC_PUSH(n->r.arena, &t->hops, h);
    }
}

static void read_resources(as_aws_network *n)
{
    size_t count;
    const as_entity *const *all =
            of_type(n, "aws_ec2_transit_gateway_route_table_association", &count);
    for (size_t i = 0; i < count; i++) {
        uint32_t a = attachment_of(
                n, all[i], as_cloud_get(&n->r, all[i], "transit_gateway_attachment_id", NULL));
        if (a != UINT32_MAX) {
            n->transit->attachments.items[a].table = as_cloud_target(&n->r, all[i],
                    as_cloud_get(&n->r, all[i], "transit_gateway_route_table_id", NULL), TABLE);
        }
    }
    all = of_type(n, "aws_ec2_transit_gateway_route", &count);
    for (size_t i = 0; i < count; i++) {
        table *t = table_named(
                n, all[i], as_cloud_get(&n->r, all[i], "transit_gateway_route_table_id", NULL));
        bool dropped = as_value_bool_or(as_cloud_get(&n->r, all[i], "blackhole", NULL), false);
        uint32_t to = attachment_of(
                n, all[i], as_cloud_get(&n->r, all[i], "transit_gateway_attachment_id", NULL));
        if (t != NULL) {
            add_hop(n, t, all[i], as_cloud_get(&n->r, all[i], "destination_cidr_block", NULL),
                    dropped ? UINT32_MAX : to);
        }
    }
    all = of_type(n, "aws_ec2_transit_gateway_route_table_propagation", &count);
    for (size_t i = 0; i < count; i++) {
        table *t = table_named(
                n, all[i], as_cloud_get(&n->r, all[i], "transit_gateway_route_table_id", NULL));
        uint32_t a = attachment_of(
                n, all[i], as_cloud_get(&n->r, all[i], "transit_gateway_attachment_id", NULL));
        if (t != NULL && a != UINT32_MAX) {
            add_propagation(n, t, a);
        } else if (t != NULL) {
            t->unsure = AS_STR("what a transit gateway learns from an attachment is not known");
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
        as_map_put(n->r.arena, &n->transit->tables, all[i]->address, t);
        if (!as_value_is(routes, AS_LIST)) {
            t->unsure = AS_STR("the routes of a transit gateway are not in the scan");
        }
        for (size_t k = 0; k < as_cloud_n(routes); k++) {
            const as_value *v = as_cloud_item(routes, k);
            uint32_t to = attachment_of(n, all[i],
                    as_cloud_at(&n->r, all[i], v, NULL,
                            "TransitGatewayAttachments[].TransitGatewayAttachmentId"));
            add_hop(n, t, all[i], as_cloud_at(&n->r, all[i], v, NULL, "DestinationCidrBlock"), to);
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
    read_attachments(n);
    read_resources(n);
    read_answers(n);
    for (uint32_t i = 0; i < n->transit->attachments.n; i++) {
        const attachment *a = &n->transit->attachments.items[i];
        const as_value *id = as_cloud_get(&n->r, a->entity, "transit_gateway_id", NULL);
        table *t = a->propagates && id != NULL ? table_named(n, a->entity, id) : NULL;
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

static const attachment *attachment_at(
        const as_aws_network *n, as_str gateway, uint32_t vpc, uint32_t *index)
{
    for (uint32_t i = 0; i < n->transit->attachments.n; i++) {
        const attachment *a = &n->transit->attachments.items[i];
        if (a->vpc == vpc && as_str_eq(a->gateway, gateway)) {
            *index = i;
            return a;
        }
    }
    return NULL;
}

static as_truth look_up(const as_aws_network *n, const table *t, uint32_t to, as_addresses where)
{
    as_addresses left = where, sent = as_addresses_none();
    for (size_t i = 0; i < t->hops.n; i++) {
        const hop *h = &t->hops.items[i];
        if (h->attachment == to) {
            sent = as_addresses_union(
                    n->r.arena, sent, as_addresses_intersect(n->r.arena, left, h->addresses));
        }
        left = as_addresses_subtract(n->r.arena, left, h->addresses);
    }
    return sent.n == 0 ? AS_NO : as_addresses_equal(sent, where) ? AS_YES : AS_MAYBE;
}

as_truth as_aws_transit_leads(const as_aws_network *n, const as_aws_route *route, uint32_t from_vpc,
        uint32_t to_vpc, as_addresses where, as_str *unsure)
{
    as_str gateway = gateway_key(n, route->from, route->id);
    const as_entity *entity = as_cloud_target(&n->r, route->from, route->id, GATEWAY);
    uint32_t a_index, b_index;
    const attachment *a = attachment_at(n, gateway, from_vpc, &a_index);
    const attachment *b = attachment_at(n, gateway, to_vpc, &b_index);
    *unsure = AS_STR("the tables of a transit gateway are not in the scan");
    if (a == NULL || b == NULL) {
        return entity != NULL ? AS_NO : AS_MAYBE;
    }
    as_str owner = a->table != NULL ? a->table->address : gateway;
    if (a->table == NULL && !a->associates) {
        return entity != NULL ? AS_NO : AS_MAYBE;
    }
    const table *t = as_map_get(&n->transit->tables, owner);
    if (t == NULL) {
        return entity != NULL || a->table != NULL ? AS_NO : AS_MAYBE;
    }
    as_truth truth = look_up(n, t, b_index, where);
    if (truth == AS_MAYBE) {
        *unsure = AS_STR("a transit gateway carries a part of the other side's subnet only");
    }
    if (truth == AS_NO && t->unsure.n > 0) {
        *unsure = t->unsure;
        return AS_MAYBE;
    }
    return truth;
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
