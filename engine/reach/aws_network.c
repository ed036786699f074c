#include "engine/reach/aws_network.h"

#include "engine/reach/aws_filter.h"

uint32_t as_aws_index(
        const as_aws_network *n, const as_entity *from, const as_value *v, const char *kind)
{
    const as_entity *found = as_cloud_target(&n->r, from, v, kind);
    return found == NULL || n->by_entity[found->id] == 0 ? UINT32_MAX : n->by_entity[found->id] - 1;
}

static const as_ports *icmp_ports(
        const as_cloud_reader *r, unsigned number, const as_value *from, const as_value *to)
{
    int64_t type, code;
    as_port_space *space = r->space.ports;
    if (!as_cloud_number(from, &type) || type < 0 || type > 255) {
        return as_ports_protocol(space, number);
    }
    bool has_code = as_cloud_number(to, &code) && code >= 0 && code <= 255;
    return as_ports_icmp(
            space, number == AS_PROTOCOL_ICMPV6, (unsigned)type, has_code ? (int)code : -1);
}

const as_ports *as_aws_ports(const as_cloud_reader *r, const as_value *protocol,
        const as_value *from, const as_value *to, as_str *unsure)
{
    as_port_space *space = r->space.ports;
    const as_value *parts[] = {protocol, from, to};
    unsigned number = 0;
    int64_t n = -1, low = 0, high = 0;
    for (size_t i = 0; i < 3; i++) {
        if (as_value_is_unknown(parts[i])) {
            *unsure = as_value_reason(parts[i]);
            return r->universe;
        }
    }
    as_str text = as_value_str(protocol);
    if ((as_cloud_number(protocol, &n) && n == -1) || as_str_is(text, "all")) {
        return r->universe;
    }
    if (n >= 0 && n < AS_N_PROTOCOLS) {
        number = (unsigned)n;
    } else if (!as_protocol_parse(text, &number)) {
        *unsure = AS_STR("the protocol of a rule cannot be read");
        return r->universe;
    }
    if (number == AS_PROTOCOL_ICMP || number == AS_PROTOCOL_ICMPV6) {
        return icmp_ports(r, number, from, to);
    }
    bool has_from = as_cloud_number(from, &low), has_to = as_cloud_number(to, &high);
    if ((!has_from && !has_to) || low == -1) {
        return as_ports_protocol(space, number);
    }
    if (low < 0 || high > 65535 || high < low) {
        return as_ports_none(space);
    }
    return as_ports_range(space, number, (uint32_t)low, (uint32_t)high);
}

as_aws_network *as_aws_network_read(as_arena *arena, const as_graph *graph)
{
    as_aws_network *n = AS_NEW(arena, as_aws_network);
    n->r = as_cloud_reader_new(arena, graph);
    n->by_entity = AS_NEW_ARRAY(arena, uint32_t, as_graph_count(graph) + 1);
    n->node_of = AS_NEW_ARRAY(arena, uint32_t, as_graph_count(graph) + 1);
    n->internet = as_addresses_internet(arena);
    as_aws_read_groups(n);
    as_aws_read_subnets(n);
    as_aws_read_transit(n);
    as_aws_read_nodes(n);
    as_aws_read_balancers(n);
    as_aws_read_links(n);
    as_aws_class_nodes(n);
    return n;
}
