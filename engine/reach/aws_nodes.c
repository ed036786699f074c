/* What stands in subnets: one line a type says where it keeps its subnets, its security groups, and
 * whether it has a public address. */
#include "engine/reach/aws_network.h"

typedef enum public_rule {
    NEVER,
    WHEN_TRUE,     /* the attribute, false by default */
    UNLESS_TRUE,   /* of load balancers: `internal` */
    LIKE_INSTANCE, /* the attribute, else what the subnet does, or an elastic address */
} public_rule;

typedef struct node_type {
    const char *type, *subnets, *subnet_group, *groups, *port;
    public_rule rule;
    const char *attribute;
    int default_port;
    bool forwards;
} node_type;

#define DB_GROUP "db_subnet_group_name"
#define DB_SGS "vpc_security_group_ids"

static const node_type TYPES[] = {
        {"aws_instance", "subnet_id", NULL, DB_SGS, NULL, LIKE_INSTANCE,
                "associate_public_ip_address", 0, false},
        {"aws_db_instance", NULL, DB_GROUP, DB_SGS, "port", WHEN_TRUE, "publicly_accessible", 0,
                false},
        {"aws_rds_cluster", NULL, DB_GROUP, DB_SGS, "port", NEVER, NULL, 0, false},
        {"aws_docdb_cluster", NULL, DB_GROUP, DB_SGS, "port", NEVER, NULL, 27017, false},
        {"aws_neptune_cluster", NULL, "neptune_subnet_group_name", DB_SGS, "port", NEVER, NULL,
                8182, false},
        {"aws_elasticache_cluster", NULL, "subnet_group_name", "security_group_ids", "port", NEVER,
                NULL, 0, false},
        {"aws_elasticache_replication_group", NULL, "subnet_group_name", "security_group_ids",
                "port", NEVER, NULL, 6379, false},
        {"aws_redshift_cluster", NULL, "cluster_subnet_group_name", DB_SGS, "port", WHEN_TRUE,
                "publicly_accessible", 5439, false},
        {"aws_dms_replication_instance", NULL, "replication_subnet_group_id", DB_SGS, NULL,
                WHEN_TRUE, "publicly_accessible", 0, false},
        {"aws_mq_broker", "subnet_ids", NULL, "security_groups", NULL, WHEN_TRUE,
                "publicly_accessible", 0, false},
        {"aws_opensearch_domain", "vpc_options.subnet_ids", NULL, "vpc_options.security_group_ids",
                NULL, NEVER, NULL, 443, false},
        {"aws_elasticsearch_domain", "vpc_options.subnet_ids", NULL,
                "vpc_options.security_group_ids", NULL, NEVER, NULL, 443, false},
        {"aws_lambda_function", "vpc_config.subnet_ids", NULL, "vpc_config.security_group_ids",
                NULL, NEVER, NULL, 0, false},
        {"aws_ecs_service", "network_configuration.subnets", NULL,
                "network_configuration.security_groups", NULL, WHEN_TRUE,
                "network_configuration.assign_public_ip", 0, false},
        {"aws_lb", "subnets", NULL, "security_groups", NULL, UNLESS_TRUE, "internal", 0, true},
        {"aws_alb", "subnets", NULL, "security_groups", NULL, UNLESS_TRUE, "internal", 0, true},
        {"aws_elb", "subnets", NULL, "security_groups", NULL, UNLESS_TRUE, "internal", 0, true},
};

enum { N_TYPES = sizeof TYPES / sizeof *TYPES };

/* "a.b" where a is a nested block: a list whose first element is meant. */
static const as_value *walk(const as_entity *entity, const char *path)
{
    const as_value *v = entity->raw;
    as_str rest = as_str_from(path), part;
    while (as_str_split(&rest, '.', &part)) {
        if (as_value_is(v, AS_LIST)) {
            v = as_value_index(v, 0);
        }
        if (as_value_is_unknown(v)) {
            return v;
        }
        v = as_value_get(v, part);
    }
    return v;
}

static void add_all(as_aws_network *n, const as_entity *from, const as_value *v, const char *prefix,
        as_indexes *out, as_str *missing)
{
    size_t n_found, n_kept = 0;
    size_t n_named = as_value_is(v, AS_LIST) ? as_value_count(v) : !as_value_is_null(v);
    const as_entity *const *found = as_graph_targets(n->graph, n->arena, from, v, &n_found);
    for (size_t i = 0; i < n_found; i++) {
        if (as_str_starts(found[i]->type, prefix) && n->by_entity[found[i]->id] > 0) {
            AS_VEC_PUSH(n->arena, out, n->by_entity[found[i]->id] - 1);
            n_kept++;
        }
    }
    if (n_kept < n_named && missing->n == 0) {
        *missing = as_aws_doubt(v, "what it names is not in the scan");
    }
}

static void read_subnets_of(
        as_aws_network *n, const as_entity *entity, const node_type *type, as_aws_node *node)
{
    const as_entity *holder = entity;
    const as_value *v = type->subnets == NULL ? NULL : walk(entity, type->subnets);
    if (type->subnet_group != NULL) {
        const as_value *name = walk(entity, type->subnet_group);
        size_t n_found;
        const as_entity *const *found =
                as_graph_targets(n->graph, n->arena, entity, name, &n_found);
        for (size_t i = 0; i < n_found; i++) {
            if (as_str_contains(found[i]->type, "subnet_group")) {
                holder = found[i];
                v = walk(holder, "subnet_ids");
            }
        }
        if (v == NULL && !as_value_is_null(name)) {
            node->no_subnets = as_aws_doubt(name, "its subnet group is not in the scan");
        }
    }
    add_all(n, holder, v, "aws_", &node->subnets, &node->no_subnets);
    const as_value *mappings = type->forwards ? walk(entity, "subnet_mapping") : NULL;
    for (size_t i = 0; i < as_value_list_count(mappings); i++) {
        add_all(n, entity, as_value_path(as_value_index(mappings, i), "subnet_id"), "aws_",
                &node->subnets, &node->no_subnets);
    }
    if (node->subnets.n == 0 && node->no_subnets.n == 0) {
        node->no_subnets = AS_STR("it is in the default VPC, which is not in the scan");
    }
}

/* The group that a VPC gives to what names none: its members reach one another, and go anywhere. */
static uint32_t default_group(as_aws_network *n, const as_aws_node *node)
{
    uint32_t vpc = node->subnets.n > 0 ? n->subnets.items[node->subnets.items[0]].vpc : 0;
    for (uint32_t i = 0; vpc > 0 && i < n->groups.n; i++) {
        const as_entity *group = n->groups.items[i].entity;
        if (group != NULL && as_aws_is(group, "aws_default_security_group")) {
            const as_entity *its = as_aws_target(n, group, as_aws_get(group, "vpc_id"), "aws_vpc");
            if (its == n->vpcs.items[vpc - 1].entity) {
                return i;
            }
        }
    }
    if (vpc == 0) {
        return UINT32_MAX;
    }
    as_aws_group made = {0};
    uint32_t own = (uint32_t)n->groups.n;
    as_aws_group_rule in = {.ports = n->universe}, out = {.ports = n->universe};
    AS_VEC_PUSH(n->arena, &in.groups, own);
    out.addresses = as_addresses_all();
    AS_VEC_PUSH(n->arena, &made.rules[AS_AWS_IN], in);
    AS_VEC_PUSH(n->arena, &made.rules[AS_AWS_OUT], out);
    AS_VEC_PUSH(n->arena, &n->groups, made);
    return own;
}

static bool has_elastic_address(const as_aws_network *n, const as_entity *entity)
{
    for (uint32_t id = 1; id <= as_graph_count(n->graph); id++) {
        const as_entity *e = as_graph_get(n->graph, id);
        bool eip = as_aws_is(e, "aws_eip"), link = as_aws_is(e, "aws_eip_association");
        if ((eip || link) && as_aws_target(n, e, as_aws_get(e, eip ? "instance" : "instance_id"),
                                     "aws_instance") == entity) {
            return true;
        }
    }
    return false;
}

static as_truth truth_of(const as_value *v, as_truth fallback)
{
    return as_value_is_unknown(v)       ? AS_MAYBE
           : as_value_is_null(v)        ? fallback
           : as_value_bool_or(v, false) ? AS_YES
                                        : AS_NO;
}

static void read_public(
        as_aws_network *n, const as_entity *entity, const node_type *type, as_aws_node *node)
{
    const as_value *v = type->attribute == NULL ? NULL : walk(entity, type->attribute);
    as_truth by_subnets = node->no_subnets.n > 0 ? AS_MAYBE : AS_NO;
    switch (type->rule) {
    case WHEN_TRUE:
        node->is_public = truth_of(v, AS_NO);
        break;
    case UNLESS_TRUE:
        node->is_public = as_truth_not(truth_of(v, AS_NO));
        break;
    case LIKE_INSTANCE:
        for (size_t i = 0; i < node->subnets.n; i++) {
            by_subnets =
                    as_truth_or(by_subnets, n->subnets.items[node->subnets.items[i]].public_ips);
        }
        node->is_public = truth_of(v, by_subnets);
        if (node->is_public != AS_YES && has_elastic_address(n, entity)) {
            node->is_public = AS_YES;
        }
        break;
    default:
        node->is_public = AS_NO;
    }
    node->public_reason = as_value_is_unknown(v) ? as_value_reason(v) : AS_STR("");
    if (node->is_public == AS_MAYBE && node->public_reason.n == 0) {
        node->public_reason = AS_STR("whether it has a public address is not known");
    }
}

/* A cluster's instances say whether it is public. */
static void read_cluster_instances(as_aws_network *n)
{
    for (uint32_t id = 1; id <= as_graph_count(n->graph); id++) {
        const as_entity *e = as_graph_get(n->graph, id);
        if (!as_aws_is(e, "aws_rds_cluster_instance")) {
            continue;
        }
        const as_entity *cluster =
                as_aws_target(n, e, as_aws_get(e, "cluster_identifier"), "aws_rds_cluster");
        uint32_t node = cluster == NULL ? UINT32_MAX : as_aws_node_of(n, cluster);
        if (node != UINT32_MAX) {
            n->nodes.items[node].is_public = as_truth_or(n->nodes.items[node].is_public,
                    truth_of(as_aws_get(e, "publicly_accessible"), AS_NO));
        }
    }
}

/* The ports that a load balancer listens on. */
static const as_ports *listeners_of(as_aws_network *n, const as_entity *lb)
{
    as_port_space *space = n->space.ports;
    const as_ports *all = as_ports_none(space);
    const as_value *classic = as_aws_get(lb, "listener");
    for (size_t i = 0; i < as_value_list_count(classic); i++) {
        int64_t port = as_value_int_or(as_value_path(as_value_index(classic, i), "lb_port"), 0);
        all = as_ports_union(
                space, all, as_ports_range(space, AS_PROTOCOL_TCP, (uint32_t)port, (uint32_t)port));
    }
    for (uint32_t id = 1; id <= as_graph_count(n->graph); id++) {
        const as_entity *e = as_graph_get(n->graph, id);
        if (!as_aws_is(e, "aws_lb_listener") && !as_aws_is(e, "aws_alb_listener")) {
            continue;
        }
        if (as_aws_target(n, e, as_aws_get(e, "load_balancer_arn"), "aws_") != lb) {
            continue;
        }
        as_str protocol = as_value_str(as_aws_get(e, "protocol"));
        bool udp = as_str_is(protocol, "UDP") || as_str_is(protocol, "TCP_UDP");
        bool tcp = !as_str_is(protocol, "UDP");
        const as_value *v = as_aws_get(e, "port");
        int64_t port = as_value_int_or(v, -1);
        if (as_value_is(v, AS_STRING)) {
            (void)!as_str_to_int(v->as.str, &port);
        }
        for (int u = 0; u < 2 && port >= 1 && port <= 65535; u++) {
            if (u == 0 ? tcp : udp) {
                all = as_ports_union(space, all,
                        as_ports_range(space, u == 0 ? AS_PROTOCOL_TCP : AS_PROTOCOL_UDP,
                                (uint32_t)port, (uint32_t)port));
            }
        }
        if (as_value_is_unknown(v)) {
            all = n->universe;
        }
    }
    return all;
}

static const as_ports *listens(as_aws_network *n, const as_entity *entity, const node_type *type)
{
    if (type->forwards) {
        return listeners_of(n, entity);
    }
    int64_t port = type->port == NULL ? 0 : as_value_int_or(as_aws_get(entity, type->port), 0);
    port = port > 0 ? port : type->default_port;
    return port < 1 || port > 65535 ? n->universe
                                    : as_ports_range(n->space.ports, AS_PROTOCOL_TCP,
                                              (uint32_t)port, (uint32_t)port);
}

static void read_node(as_aws_network *n, const as_entity *entity, const node_type *type)
{
    as_aws_node node = {.entity = entity, .title = entity->address, .forwards = type->forwards};
    const as_value *groups = walk(entity, type->groups);
    bool in_vpc = strchr(type->groups, '.') == NULL || groups != NULL;
    if (!in_vpc) { /* a function or domain outside of VPCs has no interfaces in them */
        return;
    }
    read_subnets_of(n, entity, type, &node);
    add_all(n, entity, groups, "aws_", &node.groups, &node.no_groups);
    if (as_value_count(groups) == 0 && node.no_groups.n == 0 &&
            !as_str_is(as_value_str(as_aws_get(entity, "load_balancer_type")), "network")) {
        uint32_t group = default_group(n, &node);
        if (group == UINT32_MAX) {
            node.no_groups = AS_STR("it has the default security group, which is not in the scan");
        } else {
            AS_VEC_PUSH(n->arena, &node.groups, group);
        }
    }
    as_str ignored = AS_STR_NONE;
    as_aws_add_cidrs(n, as_aws_get(entity, "private_ip"), &node.addresses, &ignored);
    read_public(n, entity, type, &node);
    node.listens = listens(n, entity, type);
    AS_VEC_PUSH(n->arena, &n->nodes, node);
}

void as_aws_read_nodes(as_aws_network *network)
{
    for (uint32_t id = 1; id <= as_graph_count(network->graph); id++) {
        const as_entity *entity = as_graph_get(network->graph, id);
        for (size_t t = 0; t < N_TYPES; t++) {
            if (as_aws_is(entity, TYPES[t].type)) {
                read_node(network, entity, &TYPES[t]);
            }
        }
    }
    read_cluster_instances(network);
}
