/* Load balancers: the ports that they listen on, and to which nodes they hand connections on. A
 * network load balancer with instances as targets keeps the client's address, so that the target's
 * groups must let clients in, or the balancer's group ("Client IP preservation"). */
#include "engine/reach/aws_nodes.h"

typedef struct target {
    uint32_t node;
    const as_entity *by; /* what says so */
    const as_ports *ports;
} target;

/* A target group. */
typedef struct group {
    const as_entity *entity;
    AS_VEC(target) targets;
    bool keeps_source;
} group;

typedef struct reader {
    as_aws_network *n;
    group *groups; /* by entity id */
} reader;

#define TARGET_GROUP "aws.elb.target_group"

static const as_entity *const *of_type(const reader *r, const char *type, size_t *n)
{
    return as_graph_of_type(r->n->r.graph, as_str_from(type), n);
}

static const as_ports *one_port(const reader *r, unsigned protocol, const as_value *v)
{
    int64_t port;
    if (!as_cloud_number(v, &port) || port < 0 || port > 65535) {
        return as_value_is_unknown(v) ? as_ports_protocol(r->n->r.space.ports, protocol)
                                      : as_ports_none(r->n->r.space.ports);
    }
    return as_ports_range(r->n->r.space.ports, protocol, (uint32_t)port, (uint32_t)port);
}

/* By the protocol of a listener or target group. */
static const as_ports *ports_of(const reader *r, const as_value *protocol, const as_value *port)
{
    as_str text = as_value_str(protocol);
    as_port_space *space = r->n->r.space.ports;
    const as_ports *udp = one_port(r, AS_PROTOCOL_UDP, port);
    const as_ports *tcp = one_port(r, AS_PROTOCOL_TCP, port);
    return as_str_is(text, "UDP") || as_str_is(text, "QUIC") ? udp
           : as_str_is(text, "TCP_UDP")                      ? as_ports_union(space, udp, tcp)
                                                             : tcp;
}

static uint32_t node_of(const reader *r, const as_entity *from, const as_value *v)
{
    size_t n;
    const as_entity *const *found = as_graph_targets(r->n->r.graph, r->n->r.arena, from, v, &n);
    for (size_t i = 0; i < n; i++) {
        if (r->n->node_of[found[i]->id] > 0) {
            return r->n->node_of[found[i]->id] - 1;
        }
    }
    return UINT32_MAX;
}

/* --- target groups ---------------------------------------------------------------------------- */

static void add_target(reader *r, const as_entity *from, const as_value *group_id, uint32_t node,
        const as_value *port)
{
    size_t n;
    const as_entity *const *found =
            as_graph_targets(r->n->r.graph, r->n->r.arena, from, group_id, &n);
    for (size_t i = 0; node != UINT32_MAX && i < n; i++) {
        if (!as_str_is(found[i]->kind, TARGET_GROUP)) {
            continue;
        }
        const as_value *own = as_cloud_get(&r->n->r, found[i], "port", "Port");
        const as_value *protocol = as_cloud_get(&r->n->r, found[i], "protocol", "Protocol");
        target t = {.node = node,
                .by = from,
                .ports = ports_of(r, protocol, port != NULL ? port : own)};
        AS_VEC_PUSH(r->n->r.arena, &r->groups[found[i]->id].targets, t);
    }
}

static void read_groups(reader *r)
{
    size_t n;
    const as_entity *const *all = as_graph_of_kind(r->n->r.graph, AS_STR(TARGET_GROUP), &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *e = all[i];
        as_str type = as_value_str(as_cloud_get(&r->n->r, e, "target_type", "TargetType"));
        as_str protocol = as_value_str(as_cloud_get(&r->n->r, e, "protocol", "Protocol"));
        bool instances = type.n == 0 || as_str_is(type, "instance");
        bool layer4 = as_str_is(protocol, "TCP") || as_str_is(protocol, "TLS") ||
                      as_str_contains(protocol, "UDP");
        bool udp = as_str_contains(protocol, "UDP");
        const as_value *kept = as_cloud_get(&r->n->r, e, "preserve_client_ip", NULL);
        group *g = &r->groups[e->id];
        g->entity = e;
        g->keeps_source = layer4 && (as_cloud_truth(kept, as_truth_of(instances || udp)) != AS_NO);
        const as_value *health = as_cloud_get(&r->n->r, e, NULL, "TargetHealthDescriptions");
        for (size_t h = 0; h < as_cloud_n(health); h++) {
            const as_value *one = as_cloud_item(health, h);
            const as_value *id = as_cloud_at(&r->n->r, e, one, NULL, "Target.Id");
            target t = {.node = node_of(r, e, id),
                    .by = e,
                    .ports = ports_of(r, as_cloud_get(&r->n->r, e, NULL, "Protocol"),
                            as_cloud_at(&r->n->r, e, one, NULL, "Target.Port"))};
            if (t.node != UINT32_MAX) {
                AS_VEC_PUSH(r->n->r.arena, &g->targets, t);
            }
        }
    }
}

static void read_targets(reader *r)
{
    static const struct {
        const char *type, *group, *target, *port;
    } ties[] = {
            {"aws_lb_target_group_attachment", "target_group_arn", "target_id", "port"},
            {"aws_alb_target_group_attachment", "target_group_arn", "target_id", "port"},
            {"aws_autoscaling_attachment", "lb_target_group_arn", "autoscaling_group_name", NULL},
            {"aws_autoscaling_attachment", "alb_target_group_arn", "autoscaling_group_name", NULL},
    };
    size_t n;
    for (size_t t = 0; t < sizeof ties / sizeof *ties; t++) {
        const as_entity *const *all = of_type(r, ties[t].type, &n);
        for (size_t i = 0; i < n; i++) {
            const as_value *to = as_cloud_get(&r->n->r, all[i], ties[t].target, NULL);
            add_target(r, all[i], as_cloud_get(&r->n->r, all[i], ties[t].group, NULL),
                    node_of(r, all[i], to), as_cloud_get(&r->n->r, all[i], ties[t].port, NULL));
        }
    }
    for (uint32_t i = 0; i < r->n->nodes.n; i++) {
        const as_entity *e = r->n->nodes.items[i].entity;
        if (as_cloud_is(e, "aws_autoscaling_group")) {
            add_target(r, e, as_cloud_get(&r->n->r, e, "target_group_arns", NULL), i, NULL);
        } else if (as_cloud_is(e, "aws_ecs_service") || as_cloud_is(e, "aws:ecs:service")) {
            const as_value *blocks = as_cloud_get(&r->n->r, e, "load_balancer", "loadBalancers");
            for (size_t b = 0; b < as_cloud_n(blocks); b++) {
                const as_value *one = as_cloud_item(blocks, b);
                add_target(r, e,
                        as_cloud_at(&r->n->r, e, one, "target_group_arn", "targetGroupArn"), i,
                        as_cloud_at(&r->n->r, e, one, "container_port", "containerPort"));
            }
        }
    }
}

/* --- listeners -------------------------------------------------------------------------------- */

static void forward_to(reader *r, uint32_t balancer, const as_ports *front, const as_entity *from,
        const as_value *ids)
{
    size_t n;
    const as_entity *const *found = as_graph_targets(r->n->r.graph, r->n->r.arena, from, ids, &n);
    for (size_t i = 0; i < n; i++) {
        const group *g = &r->groups[found[i]->id];
        for (size_t t = 0; g->entity != NULL && t < g->targets.n; t++) {
            as_cloud_forward f = {.balancer = balancer,
                    .node = g->targets.items[t].node,
                    .by = g->targets.items[t].by,
                    .front = front,
                    .back = g->targets.items[t].ports,
                    .keeps_source = g->keeps_source};
            if (f.node != balancer) {
                AS_VEC_PUSH(r->n->r.arena, &r->n->forwards, f);
            }
        }
    }
}

static void forward_actions(reader *r, uint32_t balancer, const as_ports *front, const as_entity *e,
        const char *action, const char *live)
{
    as_arena *arena = r->n->r.arena;
    const char *plain = as_str_cstr(arena, as_str_fmt(arena, "%s[].target_group_arn", action));
    const char *live_plain = as_str_cstr(arena, as_str_fmt(arena, "%s[].TargetGroupArn", live));
    const char *many =
            as_str_cstr(arena, as_str_fmt(arena, "%s[].forward[].target_group[].arn", action));
    const char *live_many = as_str_cstr(
            arena, as_str_fmt(arena, "%s[].ForwardConfig.TargetGroups[].TargetGroupArn", live));
    const as_value *ids = as_cloud_get(&r->n->r, e, plain, live_plain);
    if (ids == NULL) {
        ids = as_cloud_get(&r->n->r, e, many, live_many);
    }
    forward_to(r, balancer, front, e, ids);
}

static void read_listeners(reader *r)
{
    size_t n;
    const as_entity *const *all = as_graph_of_kind(r->n->r.graph, AS_STR("aws.elb.listener"), &n);
    const as_ports **fronts =
            AS_NEW_ARRAY(r->n->r.arena, const as_ports *, as_graph_count(r->n->r.graph) + 1);
    uint32_t *owners = AS_NEW_ARRAY(r->n->r.arena, uint32_t, as_graph_count(r->n->r.graph) + 1);
    for (size_t i = 0; i < n; i++) {
        const as_entity *e = all[i];
        uint32_t balancer =
                node_of(r, e, as_cloud_get(&r->n->r, e, "load_balancer_arn", "LoadBalancerArn"));
        if (balancer == UINT32_MAX) {
            continue;
        }
        const as_ports *front = ports_of(r, as_cloud_get(&r->n->r, e, "protocol", "Protocol"),
                as_cloud_get(&r->n->r, e, "port", "Port"));
        as_aws_node *node = &r->n->nodes.items[balancer];
        node->listens = as_ports_union(r->n->r.space.ports, node->listens, front);
        fronts[e->id] = front;
        owners[e->id] = balancer;
        forward_actions(r, balancer, front, e, "default_action", "DefaultActions");
    }
    static const char *const rules[] = {"aws_lb_listener_rule", "aws_alb_listener_rule"};
    for (size_t t = 0; t < sizeof rules / sizeof *rules; t++) {
        all = of_type(r, rules[t], &n);
        for (size_t i = 0; i < n; i++) {
            const as_entity *listener = as_cloud_target(&r->n->r, all[i],
                    as_cloud_get(&r->n->r, all[i], "listener_arn", NULL), "aws.elb.listener");
            if (listener != NULL && fronts[listener->id] != NULL) {
                forward_actions(
                        r, owners[listener->id], fronts[listener->id], all[i], "action", "Actions");
            }
        }
    }
}

/* --- classic ---------------------------------------------------------------------------------- */

static void add_classic(reader *r, uint32_t balancer, uint32_t node, const as_entity *by)
{
    const as_entity *e = r->n->nodes.items[balancer].entity;
    const as_value *list = as_cloud_get(&r->n->r, e, "listener", "ListenerDescriptions");
    for (size_t i = 0; i < as_cloud_n(list); i++) {
        const as_value *one = as_cloud_item(list, i);
        const as_value *port =
                as_cloud_at(&r->n->r, e, one, "lb_port", "Listener.LoadBalancerPort");
        as_cloud_forward f = {.balancer = balancer,
                .node = node,
                .by = by,
                .front = one_port(r, AS_PROTOCOL_TCP, port),
                .back = one_port(r, AS_PROTOCOL_TCP,
                        as_cloud_at(&r->n->r, e, one, "instance_port", "Listener.InstancePort"))};
        as_aws_node *lb = &r->n->nodes.items[balancer];
        lb->listens = as_ports_union(r->n->r.space.ports, lb->listens, f.front);
        if (node != UINT32_MAX) {
            AS_VEC_PUSH(r->n->r.arena, &r->n->forwards, f);
        }
    }
}

static void add_named(reader *r, uint32_t balancer, const as_entity *from, const as_value *ids)
{
    size_t n;
    const as_entity *const *found = as_graph_targets(r->n->r.graph, r->n->r.arena, from, ids, &n);
    for (size_t i = 0; i < n; i++) {
        if (r->n->node_of[found[i]->id] > 0) {
            add_classic(r, balancer, r->n->node_of[found[i]->id] - 1, from);
        }
    }
}

static void read_classic(reader *r)
{
    size_t n;
    for (uint32_t i = 0; i < r->n->nodes.n; i++) {
        const as_entity *e = r->n->nodes.items[i].entity;
        if (as_str_is(e->kind, "aws.elb.classic")) {
            add_classic(r, i, UINT32_MAX, e);
            add_named(r, i, e, as_cloud_get(&r->n->r, e, "instances", "Instances[].InstanceId"));
        } else if (as_cloud_is(e, "aws_autoscaling_group")) {
            const as_value *names = as_cloud_get(&r->n->r, e, "load_balancers", NULL);
            uint32_t lb = node_of(r, e, names);
            if (lb != UINT32_MAX) {
                add_classic(r, lb, i, e);
            }
        }
    }
    const as_entity *const *all = of_type(r, "aws_elb_attachment", &n);
    for (size_t i = 0; i < n; i++) {
        uint32_t lb = node_of(r, all[i], as_cloud_get(&r->n->r, all[i], "elb", NULL));
        if (lb != UINT32_MAX) {
            add_named(r, lb, all[i], as_cloud_get(&r->n->r, all[i], "instance", NULL));
        }
    }
}

void as_aws_read_balancers(as_aws_network *n)
{
    reader r = {.n = n, .groups = AS_NEW_ARRAY(n->r.arena, group, as_graph_count(n->r.graph) + 1)};
    read_groups(&r);
    read_targets(&r);
    read_listeners(&r);
    read_classic(&r);
}
