#include "engine/reach/answer.h"

#include "engine/reach/udn.h"
#include "engine/schema/schema.h"

/* --- places ----------------------------------------------------------------------------------- */

static bool is_called(as_arena *arena, const as_endpoint *e, as_str text)
{
    if (as_str_eq(e->title, text) || as_str_eq(e->name, text) ||
            as_str_eq(as_endpoint_title(arena, e->space, e->name, e->kind), text)) {
        return true;
    }
    as_str qualified = as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(e->space), AS_STR_ARG(e->name));
    as_str address = as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(e->kind), AS_STR_ARG(qualified));
    return as_str_eq(qualified, text) || as_str_ieq(address, text);
}

as_endpoint_place as_place_find(const as_cluster *cluster, as_str text)
{
    as_endpoint_place place = {.title = text};
    as_cidr cidr;
    if (as_str_is(text, "internet")) {
        place.kind = AS_PLACE_INTERNET;
        return place;
    }
    if (as_cidr_parse(text, &cidr)) {
        place.kind = AS_PLACE_ADDRESSES;
        place.addresses = as_addresses_cidr(cluster->arena, &cidr);
        return place;
    }
    for (size_t i = 0; i < cluster->endpoints.n; i++) {
        const as_endpoint *e = &cluster->endpoints.items[i];
        if (!is_called(cluster->arena, e, text)) {
            continue;
        }
        place.ambiguous = place.kind == AS_PLACE_ENDPOINT;
        if (place.ambiguous) {
            return place;
        }
        place.kind = AS_PLACE_ENDPOINT;
        place.endpoint = (uint32_t)i;
        place.title = e->title;
    }
    return place;
}

/* "udp/53" → the protocol and "53"; false: it is none. */
static bool split_protocol(as_str text, unsigned *protocol, bool *given, as_str *port)
{
    size_t slash = as_str_find_char(text, '/');
    *given = slash != (size_t)-1;
    *protocol = AS_PROTOCOL_TCP;
    *port = *given ? as_str_from_index(text, slash + 1) : text;
    return !*given || as_protocol_parse(as_str_slice(text, 0, slash), protocol);
}

const as_ports *as_place_ports_by_number(as_port_space *space, as_str text)
{
    unsigned protocol;
    bool given;
    as_str port;
    int64_t number;
    if (!split_protocol(text, &protocol, &given, &port) || !as_str_to_int(port, &number) ||
            number < 1 || number > 65535) {
        return NULL;
    }
    return as_ports_range(space, protocol, (uint32_t)number, (uint32_t)number);
}

const as_ports *as_place_ports(const as_cluster *cluster, const as_endpoint_place *to, as_str text)
{
    unsigned protocol;
    bool given;
    as_str port;
    int64_t number;
    if (!split_protocol(text, &protocol, &given, &port)) {
        return NULL;
    }
    if (as_str_to_int(port, &number) || to->kind != AS_PLACE_ENDPOINT) {
        return as_place_ports_by_number(cluster->space.ports, text);
    }
    as_port_bounds named = as_endpoint_named_port(
            cluster, &cluster->endpoints.items[to->endpoint], port, given ? (int)protocol : -1);
    return as_ports_is_empty(named.sure) ? NULL : named.sure;
}

/* --- answers ---------------------------------------------------------------------------------- */

static as_truth verdict_of(as_port_space *space, as_port_bounds ports, const as_ports *asked)
{
    if (asked == NULL) { /* some port is enough */
        return !as_ports_is_empty(ports.sure)   ? AS_YES
               : !as_ports_is_empty(ports.most) ? AS_MAYBE
                                                : AS_NO;
    }
    return as_ports_subset(space, asked, ports.sure)   ? AS_YES
           : as_ports_is_empty(ports.most)             ? AS_NO
           : as_ports_subset(space, asked, ports.most) ? AS_MAYBE
                                                       : AS_NO;
}

static void narrow(as_port_space *space, as_port_bounds *ports, const as_ports *asked)
{
    if (asked != NULL) {
        ports->sure = as_ports_intersect(space, ports->sure, asked);
        ports->most = as_ports_intersect(space, ports->most, asked);
    }
}

/* Steps that decide nothing that was asked for are left out. */
static void keep_relevant(as_port_space *space, as_steps *steps, const as_ports *asked)
{
    size_t kept = 0;
    for (size_t i = 0; i < steps->n; i++) {
        as_step step = steps->items[i];
        narrow(space, &step.ports, asked);
        if (!as_ports_is_empty(step.ports.most)) {
            steps->items[kept++] = step;
        }
    }
    steps->n = kept;
}

/* Ports that hold for every address of a set, with the steps of the first range at which the fewest
 * are allowed. */
static as_port_bounds outside_bounds(const as_cluster *cluster, as_filter *filter,
        as_direction direction, uint32_t subject, as_addresses where, as_steps *steps)
{
    as_port_space *space = cluster->space.ports;
    as_port_bounds all = {cluster->universe, cluster->universe};
    as_address_list borders = as_filter_borders(filter, direction, subject);
    as_address worst = where.ranges[0].first;
    for (size_t i = 0; i < borders.n; i++) {
        as_address last = i + 1 < borders.n ? borders.items[i + 1] - 1 : AS_ADDRESS_MAX;
        as_address_range range = {borders.items[i], last};
        if (!as_addresses_overlap(where, (as_addresses){&range, 1})) {
            continue;
        }
        as_port_bounds at = as_filter_outside(filter, direction, subject, borders.items[i], NULL);
        as_port_bounds less = {as_ports_intersect(space, all.sure, at.sure),
                as_ports_intersect(space, all.most, at.most)};
        if (less.sure != all.sure || less.most != all.most) {
            worst = borders.items[i];
        }
        all = less;
    }
    (void)as_filter_outside(filter, direction, subject, worst, steps);
    return all;
}

/* Why what leads to an endpoint of a live cluster is not all known; empty: it is. */
static as_str unseen_exposures(const as_cluster *cluster, uint32_t to)
{
    static const char *const types[] = {"v1/Service", "networking.k8s.io/v1/Ingress",
            "route.openshift.io/v1/Route", "gateway.networking.k8s.io/v1/HTTPRoute",
            "networking.istio.io/v1/VirtualService"};
    const as_entity *entity = cluster->endpoints.items[to].entity;
    as_str reason = AS_STR("");
    for (size_t i = 0; entity != NULL && reason.n == 0 && i < sizeof types / sizeof *types; i++) {
        const as_entity_schema *schema = as_schema_of_type(as_str_from(types[i]));
        if (schema != NULL) {
            reason = as_graph_gap(cluster->graph, entity->unit, schema->kind);
        }
    }
    return reason;
}

/* Returns the ports that are offered at all, of those asked for. */
static const as_ports *through_exposures(const as_cluster *cluster, as_filter *filter,
        const as_exposures *exposures, uint32_t to, const as_ports *asked, as_answer *out)
{
    as_port_space *space = cluster->space.ports;
    const as_ports *offered = as_ports_none(space);
    const as_ports *on_nodes = as_ports_none(space);
    for (uint32_t i = exposures->first[to]; i > 0; i = exposures->next[i - 1]) {
        as_exposure e = exposures->items[i - 1];
        narrow(space, &e.offered, asked);
        narrow(space, &e.open, asked);
        if (as_ports_is_empty(e.offered.most)) {
            continue;
        }
        if (e.internal) {
            /* Where the nodes are is not told by a cluster's objects: nodes with public addresses
             * let everybody in. */
            if (e.kind == AS_EXPOSURE_NODE_PORT || e.kind == AS_EXPOSURE_HOST_PORT) {
                on_nodes = as_ports_union(space, on_nodes, e.open.most);
                offered = as_ports_union(space, offered, e.offered.most);
            }
            continue;
        }
        offered = as_ports_union(space, offered, e.offered.most);
        AS_VEC_PUSH(cluster->arena, &out->ways, e);
        out->ports.sure = as_ports_union(space, out->ports.sure, e.open.sure);
        out->ports.most = as_ports_union(space, out->ports.most, e.open.most);
        if (e.kind == AS_EXPOSURE_INGRESS || e.kind == AS_EXPOSURE_GATEWAY) {
            uint32_t from =
                    e.kind == AS_EXPOSURE_INGRESS ? cluster->ingress_controller : cluster->gateway;
            (void)as_filter_pair(filter, AS_INGRESS, to, from, &out->steps);
        } else {
            (void)outside_bounds(
                    cluster, filter, AS_INGRESS, to, as_addresses_all_v4(), &out->steps);
        }
    }
    as_str unseen = unseen_exposures(cluster, to);
    if (unseen.n > 0) {
        out->ports.most = asked;
        out->reason = unseen;
        return asked;
    }
    if (!as_ports_is_empty(as_ports_subtract(space, on_nodes, out->ports.sure))) {
        out->ports.most = as_ports_union(space, out->ports.most, on_nodes);
        out->reason =
                AS_STR("it is open at the addresses of nodes, and whether the internet reaches "
                       "those is not known");
    } else if (as_ports_is_empty(offered)) {
        out->reason = AS_STR("no Ingress, Gateway, LoadBalancer or external address leads to it");
    }
    return offered;
}

as_answer as_answer_find(const as_cluster *cluster, as_filter *filter,
        const as_exposures *exposures, const as_endpoint_place *from, const as_endpoint_place *to,
        const as_ports *asked)
{
    as_port_space *space = cluster->space.ports;
    const as_ports *relevant = asked;
    as_answer out = {.ports = {as_ports_none(space), as_ports_none(space)}};
    if (from->kind == AS_PLACE_INTERNET) {
        relevant = through_exposures(cluster, filter, exposures, to->endpoint, asked, &out);
    } else if (from->kind == AS_PLACE_ADDRESSES) {
        out.ports = outside_bounds(
                cluster, filter, AS_INGRESS, to->endpoint, from->addresses, &out.steps);
    } else if (to->kind == AS_PLACE_ENDPOINT && from->endpoint == to->endpoint) {
        out.ports = (as_port_bounds){cluster->universe, cluster->universe};
        out.reason = AS_STR("a pod always reaches itself");
    } else if (to->kind == AS_PLACE_ENDPOINT) {
        out.ports = as_filter_connection(filter, from->endpoint, to->endpoint, &out.steps);
        as_truth joined = as_udn_joins(cluster, &cluster->endpoints.items[from->endpoint],
                &cluster->endpoints.items[to->endpoint]);
        if (joined != AS_YES) {
            out.reason = joined == AS_NO ? AS_STR("they are in different primary networks")
                                         : AS_STR(AS_UDN_DOUBT);
        }
    } else {
        as_addresses where = to->kind == AS_PLACE_INTERNET ? as_addresses_all_v4() : to->addresses;
        out.ports = outside_bounds(cluster, filter, AS_EGRESS, from->endpoint, where, &out.steps);
    }
    narrow(space, &out.ports, asked);
    keep_relevant(space, &out.steps, relevant);
    out.verdict = verdict_of(space, out.ports, asked);
    for (size_t i = 0; out.verdict == AS_MAYBE && out.reason.n == 0 && i < out.steps.n; i++) {
        out.reason = out.steps.items[i].unsure;
    }
    return out;
}
