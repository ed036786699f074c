/* Network ACLs: "Rules are evaluated starting with the lowest numbered rule"; at the end everything
 * is denied. They remember nothing. */
#include <stdlib.h>

#include "engine/reach/aws_network.h"

/* Where the parts of an entry are. */
typedef struct spelling {
    const char *number, *action, *from, *to, *type, *code, *v4, *v6, *protocol;
} spelling;

static const spelling INLINE = {"rule_no", "action", "from_port", "to_port", "icmp_type",
        "icmp_code", "cidr_block", "ipv6_cidr_block", "protocol"};
static const spelling RULE = {"rule_number", "rule_action", "from_port", "to_port", "icmp_type",
        "icmp_code", "cidr_block", "ipv6_cidr_block", "protocol"};
static const spelling LIVE = {"RuleNumber", "RuleAction", "PortRange.From", "PortRange.To",
        "IcmpTypeCode.Type", "IcmpTypeCode.Code", "CidrBlock", "Ipv6CidrBlock", "Protocol"};

enum {
    LAST_NUMBER = 32767, /* the rule "*" */
    MAX_ENTRIES = 512,   /* AWS allows 40 a way */
};

static const as_value *part(const as_aws_network *n, const as_value *v, const char *path)
{
    const as_value *found = as_place_walk(n->r.arena, v, as_str_from(path)).value;
    return as_value_is_null(found) ? NULL : found;
}

static void add_entry(as_aws_network *n, as_aws_acl *acl, const as_value *v, const spelling *names,
        bool egress, as_span span)
{
    as_aws_entry e = {.egress = egress, .span = span};
    const as_value *number = part(n, v, names->number), *action = part(n, v, names->action);
    const as_value *protocol = part(n, v, names->protocol);
    as_str text = as_value_str(protocol);
    int64_t p = -1;
    bool icmp = (as_cloud_number(protocol, &p) && (p == 1 || p == 58)) || as_str_is(text, "icmp") ||
                as_str_is(text, "icmpv6");
    if (as_value_is_unknown(v)) {
        acl->unsure = as_value_reason(v);
        return;
    }
    if (!as_cloud_number(number, &e.number)) {
        e.number = LAST_NUMBER;
    }
    e.allows = as_str_ieq(as_value_str(action), AS_STR("allow"));
    e.ports = as_aws_ports(&n->r, protocol, part(n, v, icmp ? names->type : names->from),
            part(n, v, icmp ? names->code : names->to), &e.unsure);
    as_cloud_add_cidrs(&n->r, part(n, v, names->v4), &e.addresses, &e.unsure);
    as_cloud_add_cidrs(&n->r, part(n, v, names->v6), &e.addresses, &e.unsure);
    if (e.unsure.n > 0) {
        e.addresses = as_addresses_all();
    }
    if (as_value_is_unknown(number) || as_value_is_unknown(action)) {
        e.unsure = as_cloud_doubt(as_value_is_unknown(number) ? number : action, "");
    }
    AS_VEC_PUSH(n->r.arena, &acl->entries, e);
}

static int compare_entries(const void *a, const void *b)
{
    const as_aws_entry *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void filter_way(const as_packet_space *space, as_aws_acl *acl, int way)
{
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

static void filter_entries(as_aws_network *n, as_aws_acl *acl)
{
    if (acl->entries.n > MAX_ENTRIES) {
        acl->unsure = AS_STR("a network ACL has more entries than AWS allows");
        acl->entries.n = 0;
    }
    if (acl->entries.n > 1) {
        qsort(acl->entries.items, acl->entries.n, sizeof *acl->entries.items, compare_entries);
    }
    for (int way = 0; way < AS_AWS_N_WAYS; way++) {
        filter_way(&n->r.space, acl, way);
        if (acl->unsure.n > 0) {
            acl->sure[way] = as_packets_none();
            acl->most[way] = as_packets_all(&n->r.space);
        }
    }
}

const as_aws_acl *as_aws_acl_new(
        as_aws_network *n, const as_entity *entity, const as_entity *const *rules, size_t n_rules)
{
    static const char *const blocks[] = {"ingress", "egress"};
    as_aws_acl *acl = AS_NEW(n->r.arena, as_aws_acl);
    acl->entity = entity;
    for (size_t way = 0; way < AS_AWS_N_WAYS; way++) {
        const as_value *list = as_cloud_get(&n->r, entity, blocks[way], NULL);
        for (size_t i = 0; i < as_cloud_n(list); i++) {
            const as_value *v = as_cloud_item(list, i);
            add_entry(n, acl, v, &INLINE, way == AS_AWS_OUT, v->span);
        }
    }
    const as_value *live = as_cloud_get(&n->r, entity, NULL, "Entries");
    for (size_t i = 0; i < as_cloud_n(live); i++) {
        const as_value *v = as_cloud_item(live, i);
        bool egress = as_value_bool_or(as_value_get(v, AS_STR("Egress")), false);
        add_entry(n, acl, v, &LIVE, egress, v->span);
    }
    for (size_t i = 0; i < n_rules; i++) {
        bool egress = as_value_bool_or(as_cloud_get(&n->r, rules[i], "egress", NULL), false);
        add_entry(n, acl, rules[i]->raw, &RULE, egress, rules[i]->head);
    }
    filter_entries(n, acl);
    return acl;
}

as_aws_acl *as_aws_acl_open(as_aws_network *n)
{
    as_aws_acl *open = AS_NEW(n->r.arena, as_aws_acl);
    for (int way = 0; way < AS_AWS_N_WAYS; way++) {
        open->sure[way] = open->most[way] = as_packets_all(&n->r.space);
    }
    return open;
}
