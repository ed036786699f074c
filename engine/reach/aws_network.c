#include "engine/reach/aws_network.h"

#include "engine/reach/cluster.h"

bool as_aws_is(const as_entity *entity, const char *type)
{
    return as_str_is(entity->type, type);
}

const as_value *as_aws_get(const as_entity *entity, const char *path)
{
    return as_value_path(entity->raw, path);
}

as_str as_aws_doubt(const as_value *v, const char *otherwise)
{
    as_str reason = as_value_doubt(v);
    return reason.n > 0 ? reason : as_str_from(otherwise);
}

const as_entity *as_aws_target(
        const as_aws_network *network, const as_entity *from, const as_value *v, const char *type)
{
    size_t n;
    const as_entity *const *found = as_graph_targets(network->graph, network->arena, from, v, &n);
    for (size_t i = 0; i < n; i++) {
        if (as_str_starts(found[i]->type, type)) {
            return found[i];
        }
    }
    return NULL;
}

static void add_cidr(
        const as_aws_network *network, const as_value *v, as_addresses *out, as_str *unsure)
{
    as_cidr cidr;
    if (as_value_is(v, AS_STRING) && v->as.str.n == 0) {
        return;
    }
    if (as_value_is(v, AS_STRING) && as_cidr_parse(v->as.str, &cidr)) {
        *out = as_addresses_union(network->arena, *out, as_addresses_cidr(network->arena, &cidr));
    } else {
        *unsure = as_aws_doubt(v, "a network of a rule cannot be read");
    }
}

void as_aws_add_cidrs(
        const as_aws_network *network, const as_value *v, as_addresses *out, as_str *unsure)
{
    if (as_value_is_null(v)) {
        return;
    }
    if (!as_value_is(v, AS_LIST)) {
        add_cidr(network, v, out, unsure);
        return;
    }
    for (size_t i = 0; i < as_value_list_count(v); i++) {
        add_cidr(network, as_value_index(v, i), out, unsure);
    }
}

static bool read_number(const as_value *v, int64_t *out)
{
    *out = as_value_int_or(v, -1);
    return as_value_is_number(v) || (as_value_is(v, AS_STRING) && as_str_to_int(v->as.str, out));
}

const as_ports *as_aws_ports(const as_aws_network *network, const as_value *protocol,
        const as_value *from, const as_value *to, as_str *unsure)
{
    as_port_space *space = network->space.ports;
    unsigned number = 0;
    int64_t n = -1, low = 0, high = 0;
    if (as_value_is_unknown(protocol) || as_value_is_unknown(from) || as_value_is_unknown(to)) {
        *unsure = as_value_is_unknown(protocol) ? as_value_doubt(protocol)
                  : as_value_is_unknown(from)   ? as_value_doubt(from)
                                                : as_value_doubt(to);
        return network->universe;
    }
    as_str text = as_value_str(protocol);
    if ((read_number(protocol, &n) && n == -1) || as_str_is(text, "all")) {
        return network->universe;
    }
    if (n >= 0 && n < AS_N_PROTOCOLS) {
        number = (unsigned)n;
    } else if (!as_protocol_parse(text, &number)) {
        *unsure = AS_STR("the protocol of a rule cannot be read");
        return network->universe;
    }
    bool has_from = read_number(from, &low), has_to = read_number(to, &high);
    if (number == AS_PROTOCOL_ICMP || number == AS_PROTOCOL_ICMPV6) {
        return !has_from || low < 0 || low > 255
                       ? as_ports_protocol(space, number)
                       : as_ports_icmp(space, number == AS_PROTOCOL_ICMPV6, (unsigned)low,
                                 has_to && high >= 0 && high <= 255 ? (int)high : -1);
    }
    if (!has_from && !has_to) {
        return as_ports_protocol(space, number);
    }
    if (low < 0 || high > 65535 || high < low) {
        return as_ports_none(space);
    }
    return as_ports_range(space, number, (uint32_t)low, (uint32_t)high);
}

uint32_t as_aws_node_of(const as_aws_network *network, const as_entity *entity)
{
    for (uint32_t i = 0; i < network->nodes.n; i++) {
        if (network->nodes.items[i].entity == entity) {
            return i;
        }
    }
    return UINT32_MAX;
}

as_aws_network *as_aws_network_read(as_arena *arena, const as_graph *graph)
{
    as_aws_network *network = AS_NEW(arena, as_aws_network);
    network->arena = arena;
    network->space = as_packet_space_new(arena);
    network->graph = graph;
    network->universe = as_ports_all(network->space.ports);
    network->by_entity = AS_NEW_ARRAY(arena, uint32_t, as_graph_count(graph) + 1);
    as_aws_read_groups(network);
    as_aws_read_subnets(network);
    as_aws_read_nodes(network);
    as_aws_read_forwards(network);
    return network;
}
