#include "engine/base/limits.h"
#include "engine/reach/exposure.h"

typedef struct reader {
    as_cluster *cluster;
    as_filter *filter;
    as_services services;
    as_addresses public_addresses;
    as_exposures out;
} reader;

const char *as_exposure_kind_name(as_exposure_kind kind)
{
    static const char *const names[] = {
            "Ingress", "Gateway", "LoadBalancer", "NodePort", "ExternalIP", "HostPort"};
    return names[kind];
}

static const as_value *get(const as_value *v, const char *name)
{
    return as_value_get(v, as_str_from(name));
}

/* --- what the policies let through --------------------------------------------------------------
 */

/* What some address among the sources may reach: for certain, and perhaps. */
static as_port_bounds open_to(reader *r, const as_exposure *e)
{
    as_port_space *space = r->cluster->space.ports;
    as_port_bounds all = {as_ports_none(space), as_ports_none(space)};
    as_address_list borders = as_filter_borders(r->filter, AS_INGRESS, e->endpoint);
    as_addresses sources = e->internal ? e->sources
                                       : as_addresses_intersect(r->cluster->arena, e->sources,
                                                 r->public_addresses);
    for (size_t i = 0; i < borders.n; i++) {
        as_address last = i + 1 < borders.n ? borders.items[i + 1] - 1 : AS_ADDRESS_MAX;
        as_address_range range = {borders.items[i], last};
        if (as_addresses_overlap(sources, (as_addresses){&range, 1})) {
            as_port_bounds at =
                    as_filter_outside(r->filter, AS_INGRESS, e->endpoint, borders.items[i], NULL);
            all.sure = as_ports_union(space, all.sure, at.sure);
            all.most = as_ports_union(space, all.most, at.most);
        }
    }
    return all;
}

static void add(reader *r, as_exposure e, uint32_t through)
{
    as_port_space *space = r->cluster->space.ports;
    if (as_ports_is_empty(e.offered.most)) {
        return;
    }
    if (r->out.n >= AS_MAX_EXPOSURES) {
        as_arena_unwind(r->cluster->arena, AS_CAUSE_BUDGET);
    }
    as_port_bounds at = through != UINT32_MAX
                                ? as_filter_connection(r->filter, through, e.endpoint, NULL)
                                : open_to(r, &e);
    e.open.sure = as_ports_intersect(space, e.offered.sure, at.sure);
    e.open.most = as_ports_intersect(space, e.offered.most, at.most);
    if (e.open.sure != e.open.most) {
        e.unsure = AS_STR("a selector, port or policy on the way is not known");
    }
    AS_VEC_PUSH(r->cluster->arena, &r->out, e);
}

/* All endpoints behind a service. */
static void add_service(reader *r, const as_entity *by, as_service *service, as_service_port port,
        as_exposure e, int protocol, uint32_t through)
{
    const as_selection *pods = as_service_pods(r->cluster, service);
    for (size_t n = 0; n < pods->n; n++) {
        uint32_t i = pods->items[n].endpoint;
        if (r->cluster->endpoints.items[i].is_virtual) {
            continue;
        }
        e.by = by;
        e.endpoint = i;
        e.offered = as_service_targets(
                r->cluster, service, port, &r->cluster->endpoints.items[i], protocol);
        if (pods->items[n].truth == AS_MAYBE) {
            e.offered.sure = as_ports_none(r->cluster->space.ports);
        }
        add(r, e, through);
    }
}

/* --- Ingress and Route --------------------------------------------------------------------------
 */

static void add_backend(reader *r, const as_entity *by, as_str space, as_str name,
        as_service_port port, as_exposure_kind kind)
{
    as_service *service = as_service_find(r->cluster, &r->services, space, name);
    as_exposure e = {.kind = kind, .sources = r->cluster->anywhere};
    if (service != NULL) {
        add_service(r, by, service, port, e, AS_PROTOCOL_TCP,
                kind == AS_EXPOSURE_GATEWAY ? r->cluster->gateway : r->cluster->ingress_controller);
    }
}

/* The number names a port of the Service; ingress-nginx takes a target port for it too
 * (internal/ingress/controller, serviceEndpoints), and so does this.
 * networking.k8s.io/v1: { service: { name, port: { name | number } } }; before: serviceName and
 * servicePort. */
static void read_backend(reader *r, const as_entity *ingress, const as_value *backend)
{
    const as_value *service = get(backend, "service");
    const as_value *port = get(service, "port");
    const as_value *number = get(port, "number"), *name = get(port, "name");
    as_str target = as_value_str(get(service, "name"));
    if (service == NULL) {
        target = as_value_str(get(backend, "serviceName"));
        number = name = get(backend, "servicePort");
    }
    as_service_port meant = {.name = as_value_str(name),
            .number = as_value_int_or(number, 0),
            .by_target = true,
            .unknown = as_value_is_unknown(number) || as_value_is_unknown(name) ||
                       as_value_is_unknown(port)};
    if (target.n > 0) {
        add_backend(r, ingress, as_k8s_entity_space(ingress), target, meant, AS_EXPOSURE_INGRESS);
    }
}

static void read_ingress(reader *r, const as_entity *ingress)
{
    const as_value *spec = get(ingress->raw, "spec");
    const as_value *fallback = get(spec, "defaultBackend");
    const as_value *rules = get(spec, "rules");
    read_backend(r, ingress, fallback != NULL ? fallback : get(spec, "backend"));
    for (size_t i = 0; i < as_value_list_count(rules); i++) {
        const as_value *paths = as_value_path(as_value_index(rules, i), "http.paths");
        for (size_t p = 0; p < as_value_list_count(paths); p++) {
            read_backend(r, ingress, get(as_value_index(paths, p), "backend"));
        }
    }
}

/* route.openshift.io/v1: `port.targetPort` is a port of the endpoints, by name or number; without
 * it every port of the service may be chosen. */
static void read_route(reader *r, const as_entity *route)
{
    const as_value *spec = get(route->raw, "spec");
    const as_value *target = as_value_path(spec, "port.targetPort");
    as_service_port port = {.name = as_value_str(target),
            .number = as_value_int_or(target, 0),
            .by_target = true,
            .unknown = as_value_is_unknown(target)};
    const as_value *more = get(spec, "alternateBackends");
    for (size_t i = 0; i <= as_value_count(more); i++) {
        const as_value *to = i == 0 ? get(spec, "to") : as_value_index(more, i - 1);
        as_str kind = as_value_str(get(to, "kind"));
        if (kind.n == 0 || as_str_is(kind, "Service")) {
            add_backend(r, route, as_k8s_entity_space(route), as_value_str(get(to, "name")), port,
                    AS_EXPOSURE_INGRESS);
        }
    }
}

/* --- Gateway API ------------------------------------------------------------------------------ */

static bool is_gateway_route(as_str kind)
{
    static const char *const kinds[] = {
            "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (as_str_is(kind, kinds[i])) {
            return true;
        }
    }
    return false;
}

/* Whether a route hangs on a Gateway rather than, as in a mesh (GAMMA), on a Service. */
static bool has_gateway(const as_entity *route)
{
    const as_value *parents = as_value_path(route->raw, "spec.parentRefs");
    for (size_t i = 0; i < as_value_list_count(parents); i++) {
        as_str kind = as_value_str(get(as_value_index(parents, i), "kind"));
        if (kind.n == 0 || as_str_is(kind, "Gateway") || as_str_is(kind, "ListenerSet")) {
            return true;
        }
    }
    return as_value_is_unknown(parents);
}

/* A backend in another namespace needs a ReferenceGrant there. */
static bool is_granted(reader *r, const as_entity *route, as_str space)
{
    if (as_str_eq(space, as_k8s_entity_space(route))) {
        return true;
    }
    for (size_t i = 0; i < r->cluster->objects.n; i++) {
        const as_entity *grant = r->cluster->objects.items[i];
        if (!as_str_is(as_k8s_entity_kind(grant), "ReferenceGrant") ||
                !as_str_eq(as_k8s_entity_space(grant), space)) {
            continue;
        }
        const as_value *from = as_value_path(grant->raw, "spec.from");
        for (size_t f = 0; f < as_value_list_count(from); f++) {
            const as_value *item = as_value_index(from, f);
            if (as_str_eq(as_value_str(get(item, "kind")), as_k8s_entity_kind(route)) &&
                    as_str_eq(as_value_str(get(item, "namespace")), as_k8s_entity_space(route))) {
                return true;
            }
        }
    }
    return false;
}

static void read_gateway_route(reader *r, const as_entity *route)
{
    const as_value *rules = as_value_path(route->raw, "spec.rules");
    if (!has_gateway(route)) {
        return;
    }
    for (size_t i = 0; i < as_value_list_count(rules); i++) {
        const as_value *backends = get(as_value_index(rules, i), "backendRefs");
        for (size_t b = 0; b < as_value_list_count(backends); b++) {
            const as_value *backend = as_value_index(backends, b);
            as_str kind = as_value_str(get(backend, "kind"));
            as_str space = as_value_str(get(backend, "namespace"));
            const as_value *port = get(backend, "port"), *weight = get(backend, "weight");
            as_service_port meant = {
                    .number = as_value_int_or(port, 0), .unknown = as_value_is_unknown(port)};
            space = space.n > 0 ? space : as_k8s_entity_space(route);
            if ((kind.n == 0 || as_str_is(kind, "Service")) && as_value_int_or(weight, 1) != 0 &&
                    is_granted(r, route, space)) {
                add_backend(r, route, space, as_value_str(get(backend, "name")), meant,
                        AS_EXPOSURE_GATEWAY);
            }
        }
    }
}

/* --- Services --------------------------------------------------------------------------------- */

/* The annotations by which a provider keeps a load balancer inside its network. */
static bool is_internal(const as_entity *service)
{
    static const struct {
        const char *name, *value;
    } marks[] = {
            {"service.beta.kubernetes.io/aws-load-balancer-internal", "true"},
            {"service.beta.kubernetes.io/aws-load-balancer-internal", "0.0.0.0/0"},
            {"service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"},
            {"service.beta.kubernetes.io/azure-load-balancer-internal", "true"},
            {"networking.gke.io/load-balancer-type", "Internal"},
            {"cloud.google.com/load-balancer-type", "Internal"},
            {"service.beta.kubernetes.io/oci-load-balancer-internal", "true"},
            {"service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", "private"},
            {"service.beta.kubernetes.io/openstack-internal-load-balancer", "true"},
    };
    const as_value *annotations = as_value_path(service->raw, "metadata.annotations");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const as_value *v = as_value_get(annotations, as_str_from(marks[i].name));
        if (as_str_ieq(as_value_str(v), as_str_from(marks[i].value)) ||
                (as_value_is(v, AS_BOOL) && as_value_bool_or(v, false))) {
            return true;
        }
    }
    return false;
}

static as_addresses source_ranges(reader *r, const as_service *service)
{
    const as_value *ranges = get(service->spec, "loadBalancerSourceRanges");
    as_addresses all = as_addresses_none();
    for (size_t i = 0; i < as_value_list_count(ranges); i++) {
        as_addresses one;
        if (as_cluster_read_cidr(r->cluster, as_value_index(ranges, i), &one)) {
            all = as_addresses_union(r->cluster->arena, all, one);
        } else {
            as_cluster_problem(r->cluster, service->entity, as_value_index(ranges, i),
                    "a source range is not an address range; anybody is taken for a source");
            return r->cluster->anywhere;
        }
    }
    return as_value_count(ranges) == 0 ? r->cluster->anywhere : all;
}

static void read_service(reader *r, as_service *service)
{
    as_str type = as_value_str(get(service->spec, "type"));
    as_exposure e = {.sources = r->cluster->anywhere};
    as_service_port every = {0};
    if (as_str_is(type, "LoadBalancer")) {
        e.kind = AS_EXPOSURE_LOAD_BALANCER;
        e.internal = is_internal(service->entity);
        e.sources = source_ranges(r, service);
    } else if (as_str_is(type, "NodePort")) {
        e.kind = AS_EXPOSURE_NODE_PORT;
        e.internal = true; /* at the addresses of nodes, wherever these are */
    } else if (as_value_count(get(service->spec, "externalIPs")) > 0) {
        e.kind = AS_EXPOSURE_EXTERNAL_IP;
    } else {
        return;
    }
    add_service(r, service->entity, service, every, e, -1, UINT32_MAX);
}

/* --- ports of the host ------------------------------------------------------------------------ */

static void read_host_ports(reader *r, const as_endpoint *endpoint)
{
    const as_value *containers = get(endpoint->pod, "containers");
    as_port_space *space = r->cluster->space.ports;
    as_exposure e = {.kind = AS_EXPOSURE_HOST_PORT,
            .by = endpoint->entity,
            .endpoint = endpoint->index,
            .internal = true,
            .sources = r->cluster->anywhere,
            .offered = {as_ports_none(space), as_ports_none(space)}};
    for (size_t c = 0; c < as_value_list_count(containers); c++) {
        const as_value *ports = get(as_value_index(containers, c), "ports");
        for (size_t i = 0; i < as_value_list_count(ports); i++) {
            const as_value *port = as_value_index(ports, i);
            int64_t n = as_value_int_or(get(port, "containerPort"), 0);
            as_str text = as_value_str(get(port, "protocol"));
            unsigned protocol = AS_PROTOCOL_TCP;
            bool on_host = endpoint->host_network || as_value_int_or(get(port, "hostPort"), 0) > 0;
            if (on_host && n >= 1 && n <= 65535 &&
                    (text.n == 0 || as_protocol_parse(text, &protocol))) {
                e.offered.sure = as_ports_union(space, e.offered.sure,
                        as_ports_range(space, protocol, (uint32_t)n, (uint32_t)n));
                e.offered.most = e.offered.sure;
            }
        }
    }
    add(r, e, UINT32_MAX);
}

static void index_endpoints(as_exposures *all, const as_cluster *cluster)
{
    all->first = AS_NEW_ARRAY(cluster->arena, uint32_t, cluster->endpoints.n);
    all->next = AS_NEW_ARRAY(cluster->arena, uint32_t, all->n);
    for (size_t i = all->n; i > 0; i--) { /* so that chains are in order */
        uint32_t endpoint = all->items[i - 1].endpoint;
        all->next[i - 1] = all->first[endpoint];
        all->first[endpoint] = (uint32_t)i;
    }
}

as_exposures as_exposures_read(as_cluster *cluster, as_filter *filter)
{
    reader r = {.cluster = cluster,
            .filter = filter,
            .services = as_services_read(cluster),
            .public_addresses = as_addresses_internet(cluster->arena)};
    for (size_t i = 0; i < cluster->objects.n; i++) {
        const as_entity *entity = cluster->objects.items[i];
        as_str kind = as_k8s_entity_kind(entity), group = as_k8s_entity_group(entity);
        if (as_str_is(kind, "Ingress") && as_str_is(group, "networking.k8s.io")) {
            read_ingress(&r, entity);
        } else if (as_str_is(kind, "Route") &&
                   (as_str_is(group, "route.openshift.io") || group.n == 0)) {
            read_route(&r, entity);
        } else if (is_gateway_route(kind) && as_str_is(group, "gateway.networking.k8s.io")) {
            read_gateway_route(&r, entity);
        }
    }
    for (size_t i = 0; i < r.services.n; i++) {
        read_service(&r, &r.services.items[i]);
    }
    for (size_t i = 0; i < cluster->endpoints.n; i++) {
        if (!cluster->endpoints.items[i].is_virtual) {
            read_host_ports(&r, &cluster->endpoints.items[i]);
        }
    }
    index_endpoints(&r.out, cluster);
    return r.out;
}
