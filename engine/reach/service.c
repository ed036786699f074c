/* Spec: the API reference, "Service v1"; a target port that is missing is the port itself, and one
 * that is a name is looked up in each pod (k8s.io/kubernetes pkg/api/v1/pod FindPort). */
#include "engine/reach/service.h"

static as_str key_of(as_arena *arena, as_str space, as_str name)
{
    return as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(space), AS_STR_ARG(name));
}

as_services as_services_read(as_cluster *cluster)
{
    AS_VEC(as_service) list = {0};
    for (size_t i = 0; i < cluster->objects.n; i++) {
        const as_entity *entity = cluster->objects.items[i];
        if (!as_str_is(as_k8s_entity_kind(entity), "Service") ||
                as_k8s_entity_group(entity).n > 0) {
            continue;
        }
        as_service s = {.entity = entity,
                .name = entity->name,
                .space = as_k8s_entity_space(entity),
                .spec = as_value_get(entity->raw, AS_STR("spec"))};
        (void)as_cluster_namespace(cluster, s.space);
        AS_VEC_PUSH(cluster->arena, &list, s);
    }
    as_services out = {list.items, list.n, {0}};
    for (size_t i = 0; i < out.n; i++) {
        as_map_put(cluster->arena, &out.by_name,
                key_of(cluster->arena, out.items[i].space, out.items[i].name), &out.items[i]);
    }
    return out;
}

as_service *as_service_find(
        const as_cluster *cluster, const as_services *services, as_str space, as_str name)
{
    return as_map_get(&services->by_name, key_of(cluster->arena, space, name));
}

const as_selection *as_service_pods(as_cluster *cluster, as_service *service)
{
    if (!service->selected) {
        const as_value *labels = as_value_get(service->spec, AS_STR("selector"));
        as_selector selector = as_selector_from_map(cluster->arena, labels);
        service->pods =
                as_labels_select(cluster, as_cluster_namespace(cluster, service->space), &selector);
        service->selected = true;
    }
    return &service->pods;
}

static void widen(as_port_space *space, as_port_bounds *out, const as_ports *ports, bool sure)
{
    out->most = as_ports_union(space, out->most, ports);
    if (sure) {
        out->sure = as_ports_union(space, out->sure, ports);
    }
}

/* Whether an entry of spec.ports is the one that is meant. */
static as_truth is_meant(const as_value *entry, as_service_port port)
{
    const as_value *name = as_value_get(entry, AS_STR("name"));
    const as_value *number = as_value_get(entry, AS_STR("port"));
    const as_value *target = as_value_get(entry, AS_STR("targetPort"));
    if (port.unknown) {
        return AS_MAYBE;
    }
    if (port.name.n == 0 && port.number == 0) {
        return AS_YES;
    }
    if (port.name.n > 0 &&
            (as_str_eq(as_value_str(name), port.name) ||
                    (port.by_target && as_str_eq(as_value_str(target), port.name)))) {
        return AS_YES;
    }
    if (port.number > 0 && (as_value_int_or(number, 0) == port.number ||
                                   (port.by_target && as_value_int_or(target, 0) == port.number))) {
        return AS_YES;
    }
    bool unknown = as_value_is_unknown(name) || as_value_is_unknown(number) ||
                   (port.by_target && as_value_is_unknown(target));
    return unknown ? AS_MAYBE : AS_NO;
}

static void add_target(const as_cluster *cluster, const as_value *entry, unsigned protocol,
        const as_endpoint *endpoint, bool sure, as_port_bounds *out)
{
    as_port_space *space = cluster->space.ports;
    const as_value *target = as_value_get(entry, AS_STR("targetPort"));
    if (as_value_is(target, AS_STRING)) {
        as_port_bounds at =
                as_endpoint_named_port(cluster, endpoint, target->as.str, (int)protocol);
        widen(space, out, at.most, false);
        widen(space, out, at.sure, sure);
        return;
    }
    const as_value *number = as_value_int_or(target, 0) != 0 || as_value_is_unknown(target)
                                     ? target
                                     : as_value_get(entry, AS_STR("port"));
    int64_t n = as_value_int_or(number, 0);
    if (as_value_is_unknown(number)) {
        widen(space, out, as_ports_protocol(space, protocol), false);
    } else if (n >= 1 && n <= 65535) {
        widen(space, out, as_ports_range(space, protocol, (uint32_t)n, (uint32_t)n), sure);
    }
}

as_port_bounds as_service_targets(const as_cluster *cluster, const as_service *service,
        as_service_port port, const as_endpoint *endpoint, int protocol)
{
    const as_ports *none = as_ports_none(cluster->space.ports);
    as_port_bounds out = {none, none};
    const as_value *ports = as_value_get(service->spec, AS_STR("ports"));
    for (size_t i = 0; i < as_value_list_count(ports); i++) {
        const as_value *entry = as_value_index(ports, i);
        const as_value *text = as_value_get(entry, AS_STR("protocol"));
        unsigned its = AS_PROTOCOL_TCP;
        as_truth meant = is_meant(entry, port);
        if (as_value_is(text, AS_STRING) && !as_protocol_parse(text->as.str, &its)) {
            continue;
        }
        if (meant != AS_NO && (protocol < 0 || its == (unsigned)protocol)) {
            add_target(cluster, entry, its, endpoint, meant == AS_YES && !as_value_is_unknown(text),
                    &out);
        }
    }
    if (as_value_is_unknown(ports)) {
        out.most = cluster->universe;
    }
    return out;
}
