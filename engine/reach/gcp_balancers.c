/* Load balancers: a forwarding rule leads over a proxy and a URL map to backend services, and these
 * to groups of machines. Proxies come from Google's own ranges; passthrough load balancers leave
 * the client's address as it is ("Cloud Load Balancing overview"). */
#include "engine/reach/gcp_network.h"

enum { MAX_DEPTH = 8 };

typedef struct walk {
    as_gcp_network *n;
    uint32_t balancer;
    const as_ports *front;
    bool passes;
    uint32_t *seen; /* by entity id: 1 + the last balancer that came by */
} walk;

/* Where each kind of thing on the way names the next. */
static const struct {
    const char *terraform, *live;
} NEXT[] = {
        {"target", "target"},
        {"backend_service", "backendService"},
        {"url_map", "urlMap"},
        {"default_service", "defaultService"},
        {"service", "service"},
        {"path_matcher[].default_service", "pathMatchers[].defaultService"},
        {"path_matcher[].path_rule[].service", "pathMatchers[].pathRules[].service"},
        {"path_matcher[].route_rules[].service", "pathMatchers[].routeRules[].service"},
};

static const as_ports *number(const walk *w, const as_value *v)
{
    int64_t port;
    if (!as_cloud_number(v, &port) || port < 1 || port > 65535) {
        return w->n->r.universe;
    }
    return as_ports_range(w->n->r.space.ports, AS_PROTOCOL_TCP, (uint32_t)port, (uint32_t)port);
}

/* The port of a group that a backend service means by its port_name. */
static const as_ports *named_port(const walk *w, const as_entity *service, const as_entity *group)
{
    as_str name = as_value_str(as_cloud_get(&w->n->r, service, "port_name", "portName"));
    const as_value *ports = as_cloud_get(&w->n->r, group, "named_port", "namedPorts");
    name = name.n > 0 ? name : AS_STR("http");
    for (size_t i = 0; i < as_cloud_n(ports); i++) {
        const as_value *one = as_cloud_item(ports, i);
        if (as_str_eq(as_value_str(as_value_get(one, AS_STR("name"))), name)) {
            return number(w, as_value_get(one, AS_STR("port")));
        }
    }
    return w->n->r.universe;
}

static void add_forward(const walk *w, uint32_t node, const as_entity *by, const as_ports *back)
{
    as_cloud_forward f = {.balancer = w->balancer,
            .node = node,
            .by = by,
            .front = w->front,
            .back = w->passes ? w->front : back,
            .keeps_source = w->passes};
    AS_VEC_PUSH(w->n->r.arena, &w->n->forwards, f);
}

/* Machines of a group, or of a target pool. */
static void add_members(const walk *w, const as_entity *group, const as_ports *back)
{
    size_t count;
    const as_value *ids = as_cloud_get(&w->n->r, group, "instances", "instances");
    const as_entity *const *found =
            as_graph_targets(w->n->r.graph, w->n->r.arena, group, ids, &count);
    if (w->n->node_of[group->id] > 0) {
        add_forward(w, w->n->node_of[group->id] - 1, group, back);
    }
    for (size_t i = 0; i < count; i++) {
        if (w->n->node_of[found[i]->id] > 0) {
            add_forward(w, w->n->node_of[found[i]->id] - 1, group, back);
        }
    }
}

static void follow(const walk *w, const as_entity *e, int depth)
{
    size_t count;
    if (w->seen[e->id] == w->balancer + 1) {
        return;
    }
    w->seen[e->id] = w->balancer + 1;
    const as_value *groups = as_cloud_get(&w->n->r, e, "backend[].group", "backends[].group");
    const as_entity *const *found =
            as_graph_targets(w->n->r.graph, w->n->r.arena, e, groups, &count);
    for (size_t i = 0; i < count; i++) {
        add_members(w, found[i], named_port(w, e, found[i]));
    }
    if (as_str_starts(e->type, "google_compute_target_pool")) {
        add_members(w, e, w->front);
    }
    for (size_t i = 0; i < sizeof NEXT / sizeof *NEXT && depth < MAX_DEPTH; i++) {
        const as_value *v = as_cloud_get(&w->n->r, e, NEXT[i].terraform, NEXT[i].live);
        const as_entity *const *next = as_graph_targets(w->n->r.graph, w->n->r.arena, e, v, &count);
        for (size_t k = 0; k < count; k++) {
            follow(w, next[k], depth + 1);
        }
    }
}

static const as_ports *front_of(as_gcp_network *n, const as_entity *e)
{
    as_str protocol = as_value_str(as_cloud_get(&n->r, e, "ip_protocol", "IPProtocol"));
    as_value tcp = {.kind = AS_STRING, .as.str = AS_STR_INIT("tcp")};
    as_value own = {.kind = AS_STRING, .as.str = as_str_lower(n->r.arena, protocol)};
    const as_value *ports = as_cloud_get(&n->r, e, "port_range", "portRange");
    const as_value *list = as_cloud_get(&n->r, e, "ports", "ports");
    as_str ignored = AS_STR_NONE;
    bool l3 = as_str_is(protocol, "L3_DEFAULT");
    ports = as_cloud_n(list) > 0 ? list : ports;
    return l3 ? n->r.universe : as_gcp_ports(n, protocol.n > 0 ? &own : &tcp, ports, &ignored);
}

/* Whether what a forwarding rule names is a proxy, and not the machines' own service. */
static bool is_proxy(as_gcp_network *n, const as_entity *e)
{
    size_t count;
    const as_value *v = as_cloud_get(&n->r, e, "target", "target");
    const as_entity *const *found = as_graph_targets(n->r.graph, n->r.arena, e, v, &count);
    return count > 0 ? as_str_contains(found[0]->type, "proxy")
                     : as_str_contains(as_cloud_key(v), "roxy") ||
                               as_str_contains(as_cloud_key(v), "roxies");
}

void as_gcp_read_balancers(as_gcp_network *n)
{
    size_t count;
    const as_entity *const *all =
            as_graph_of_kind(n->r.graph, AS_STR("gcp.lb.forwarding_rule"), &count);
    uint32_t *seen = AS_NEW_ARRAY(n->r.arena, uint32_t, as_graph_count(n->r.graph) + 1);
    for (size_t i = 0; i < count; i++) {
        const as_value *v =
                as_cloud_get(&n->r, all[i], "load_balancing_scheme", "loadBalancingScheme");
        as_str scheme = as_value_str(v);
        as_gcp_node node = {.entity = all[i],
                .kind = AS_GCP_BALANCER,
                .listens = front_of(n, all[i]),
                .passes = !is_proxy(n, all[i])};
        as_gcp_interface f = {.is_public = as_value_is_unknown(v) ? AS_MAYBE
                                                                  : as_truth_of(!as_str_starts(
                                                                            scheme, "INTERNAL"))};
        f.has_v6 = f.is_public;
        f.addresses = n->front_ends;
        f.vpc = as_gcp_vpc_of(n, all[i], as_cloud_get(&n->r, all[i], "network", "network"));
        AS_VEC_PUSH(n->r.arena, &node.interfaces, f);
        as_gcp_add_node(n, node);
        walk w = {.n = n,
                .balancer = (uint32_t)n->nodes.n - 1,
                .front = node.listens,
                .passes = node.passes,
                .seen = seen};
        follow(&w, all[i], 0);
    }
}
