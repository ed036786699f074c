/* Which load balancer leads to what: listeners and their rules name target groups, which instances
 * are attached to; services of ECS and classic load balancers name theirs directly. */
#include "engine/reach/aws_network.h"

typedef struct reader {
    as_aws_network *network;
    AS_VEC(const as_entity *) listeners, rules;
} reader;

static const as_entity *group_of(reader *r, const as_entity *from, const as_value *v)
{
    const as_entity *group = as_aws_target(r->network, from, v, "aws_lb_target_group");
    return group != NULL ? group : as_aws_target(r->network, from, v, "aws_alb_target_group");
}

/* Whether one of a block's actions forwards to the group: directly or by weights. */
static bool forwards_to(reader *r, const as_entity *e, const char *actions, const as_entity *group)
{
    const as_value *list = as_aws_get(e, actions);
    for (size_t i = 0; i < as_value_list_count(list); i++) {
        const as_value *action = as_value_index(list, i);
        if (group_of(r, e, as_value_path(action, "target_group_arn")) == group) {
            return true;
        }
        const as_value *weighted = as_value_path(action, "forward[0].target_group");
        for (size_t w = 0; w < as_value_list_count(weighted); w++) {
            if (group_of(r, e, as_value_path(as_value_index(weighted, w), "arn")) == group) {
                return true;
            }
        }
    }
    return false;
}

static uint32_t balancer_of(reader *r, const as_entity *listener)
{
    const as_entity *lb =
            as_aws_target(r->network, listener, as_aws_get(listener, "load_balancer_arn"), "aws_");
    return lb == NULL ? UINT32_MAX : as_aws_node_of(r->network, lb);
}

static void add(reader *r, uint32_t lb, uint32_t node, const as_value *port, as_span span)
{
    as_aws_network *n = r->network;
    int64_t number = as_value_int_or(port, 0);
    if (as_value_is(port, AS_STRING)) {
        (void)!as_str_to_int(port->as.str, &number);
    }
    if (lb == UINT32_MAX || node == UINT32_MAX) {
        return;
    }
    as_aws_forward forward = {.balancer = lb,
            .ports = number >= 1 && number <= 65535
                             ? as_ports_range(n->space.ports, AS_PROTOCOL_TCP, (uint32_t)number,
                                       (uint32_t)number)
                             : n->universe,
            .span = span};
    AS_VEC_PUSH(n->arena, &n->nodes.items[node].forwards_from, forward);
}

/* Everything that forwards to a target group leads to the node. */
static void add_group(
        reader *r, const as_entity *group, uint32_t node, const as_value *port, as_span span)
{
    for (size_t i = 0; i < r->listeners.n; i++) {
        const as_entity *listener = r->listeners.items[i];
        if (forwards_to(r, listener, "default_action", group)) {
            add(r, balancer_of(r, listener), node, port, span);
        }
    }
    for (size_t i = 0; i < r->rules.n; i++) {
        const as_entity *rule = r->rules.items[i];
        const as_entity *listener = as_aws_target(
                r->network, rule, as_aws_get(rule, "listener_arn"), "aws_lb_listener");
        if (listener != NULL && forwards_to(r, rule, "action", group)) {
            add(r, balancer_of(r, listener), node, port, span);
        }
    }
}

static void read_attachment(reader *r, const as_entity *e)
{
    const as_entity *group = group_of(r, e, as_aws_get(e, "target_group_arn"));
    const as_entity *target = as_aws_target(r->network, e, as_aws_get(e, "target_id"), "aws_");
    const as_value *port = as_aws_get(e, "port");
    if (group != NULL && target != NULL) {
        add_group(r, group, as_aws_node_of(r->network, target),
                as_value_is_null(port) ? as_aws_get(group, "port") : port, e->head);
    }
}

static void read_service(reader *r, const as_entity *e)
{
    const as_value *list = as_aws_get(e, "load_balancer");
    for (size_t i = 0; i < as_value_list_count(list); i++) {
        const as_value *v = as_value_index(list, i);
        const as_entity *group = group_of(r, e, as_value_path(v, "target_group_arn"));
        if (group != NULL) {
            add_group(r, group, as_aws_node_of(r->network, e), as_value_path(v, "container_port"),
                    v->span);
        }
    }
}

static void read_classic(reader *r, const as_entity *e)
{
    const as_value *listeners = as_aws_get(e, "listener");
    size_t n;
    const as_entity *const *found = as_graph_targets(
            r->network->graph, r->network->arena, e, as_aws_get(e, "instances"), &n);
    for (size_t i = 0; i < n; i++) {
        uint32_t node = as_aws_node_of(r->network, found[i]);
        for (size_t l = 0; l < as_value_list_count(listeners); l++) {
            const as_value *v = as_value_index(listeners, l);
            add(r, as_aws_node_of(r->network, e), node, as_value_path(v, "instance_port"), v->span);
        }
    }
}

void as_aws_read_forwards(as_aws_network *network)
{
    reader r = {.network = network};
    for (uint32_t id = 1; id <= as_graph_count(network->graph); id++) {
        const as_entity *e = as_graph_get(network->graph, id);
        if (as_aws_is(e, "aws_lb_listener") || as_aws_is(e, "aws_alb_listener")) {
            AS_VEC_PUSH(network->arena, &r.listeners, e);
        } else if (as_aws_is(e, "aws_lb_listener_rule") || as_aws_is(e, "aws_alb_listener_rule")) {
            AS_VEC_PUSH(network->arena, &r.rules, e);
        }
    }
    for (uint32_t id = 1; id <= as_graph_count(network->graph); id++) {
        const as_entity *e = as_graph_get(network->graph, id);
        if (as_aws_is(e, "aws_lb_target_group_attachment") ||
                as_aws_is(e, "aws_alb_target_group_attachment")) {
            read_attachment(&r, e);
        } else if (as_aws_is(e, "aws_ecs_service")) {
            read_service(&r, e);
        } else if (as_aws_is(e, "aws_elb")) {
            read_classic(&r, e);
        }
    }
}
