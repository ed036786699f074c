/* What stands in subnets: one line a type says where it keeps its subnets, its security groups, and
 * whether it has a public address. Instances are in aws_instances.c. */
#include "engine/reach/aws_nodes.h"

typedef enum public_rule {
    NEVER,
    WHEN_TRUE,   /* the attribute, false by default */
    UNLESS_TRUE, /* of load balancers: `internal` */
} public_rule;

enum {
    FORWARDS = 1, /* a load balancer */
    OPTIONAL = 2, /* in a VPC only when it says so */
};

/* A place in Terraform, and in the API's answer. */
typedef struct place {
    const char *terraform, *live;
} place;

typedef struct node_type {
    place type, subnets, subnet_group, groups, port, is_public;
    public_rule rule;
    unsigned flags;
    int default_port;
} node_type;

#define NOTHING                                                                                    \
    {                                                                                              \
        NULL, NULL                                                                                 \
    }
#define VPC_GROUPS                                                                                 \
    {                                                                                              \
        "vpc_security_group_ids", "VpcSecurityGroups[].VpcSecurityGroupId"                         \
    }
#define DB_SUBNETS                                                                                 \
    {                                                                                              \
        NULL, "DBSubnetGroup.Subnets[].SubnetIdentifier"                                           \
    }
#define DB_GROUP                                                                                   \
    {                                                                                              \
        "db_subnet_group_name", "DBSubnetGroup"                                                    \
    }
#define CACHE_GROUPS                                                                               \
    {                                                                                              \
        "security_group_ids", "SecurityGroups[].SecurityGroupId"                                   \
    }
#define SEARCH_SUBNETS                                                                             \
    {                                                                                              \
        "vpc_options.subnet_ids", "VPCOptions.SubnetIds"                                           \
    }
#define SEARCH_GROUPS                                                                              \
    {                                                                                              \
        "vpc_options.security_group_ids", "VPCOptions.SecurityGroupIds"                            \
    }
#define PUBLIC                                                                                     \
    {                                                                                              \
        "publicly_accessible", "PubliclyAccessible"                                                \
    }
#define LB_SUBNETS                                                                                 \
    {                                                                                              \
        "subnets", "AvailabilityZones[].SubnetId"                                                  \
    }
#define INTERNAL                                                                                   \
    {                                                                                              \
        "internal", "Scheme"                                                                       \
    }

static const node_type TYPES[] = {
        {{"aws_db_instance", "aws:rds:db"}, DB_SUBNETS, {"db_subnet_group_name", NULL}, VPC_GROUPS,
                {"port", "Endpoint.Port"}, PUBLIC, WHEN_TRUE, 0, 0},
        {{"aws_rds_cluster", "aws:rds:cluster"}, NOTHING, DB_GROUP, VPC_GROUPS, {"port", "Port"},
                NOTHING, NEVER, 0, 0},
        {{"aws_db_proxy", NULL}, {"vpc_subnet_ids", NULL}, NOTHING, VPC_GROUPS, NOTHING, NOTHING,
                NEVER, 0, 0},
        {{"aws_docdb_cluster", "aws:docdb:cluster"}, NOTHING, DB_GROUP, VPC_GROUPS,
                {"port", "Port"}, NOTHING, NEVER, 0, 27017},
        {{"aws_neptune_cluster", NULL}, NOTHING, {"neptune_subnet_group_name", NULL}, VPC_GROUPS,
                {"port", NULL}, NOTHING, NEVER, 0, 8182},
        {{"aws_elasticache_cluster", "aws:elasticache:cluster"}, NOTHING,
                {"subnet_group_name", "CacheSubnetGroupName"}, CACHE_GROUPS, {"port", NULL},
                NOTHING, NEVER, 0, 0},
        {{"aws_elasticache_replication_group", NULL}, NOTHING, {"subnet_group_name", NULL},
                CACHE_GROUPS, {"port", NULL}, NOTHING, NEVER, 0, 6379},
        {{"aws_elasticache_serverless_cache", "aws:elasticache:serverlesscache"},
                {"subnet_ids", "SubnetIds"}, NOTHING, {"security_group_ids", "SecurityGroupIds"},
                NOTHING, NOTHING, NEVER, 0, 0},
        {{"aws_memorydb_cluster", NULL}, NOTHING, {"subnet_group_name", NULL}, CACHE_GROUPS,
                {"port", NULL}, NOTHING, NEVER, 0, 6379},
        {{"aws_dax_cluster", "aws:dax:cache"}, NOTHING, {"subnet_group_name", "SubnetGroup"},
                {"security_group_ids", "SecurityGroups[].SecurityGroupIdentifier"}, NOTHING,
                NOTHING, NEVER, 0, 0},
        {{"aws_redshift_cluster", "aws:redshift:cluster"}, NOTHING,
                {"cluster_subnet_group_name", "ClusterSubnetGroupName"}, VPC_GROUPS,
                {"port", "Endpoint.Port"}, PUBLIC, WHEN_TRUE, 0, 5439},
        {{"aws_redshiftserverless_workgroup", NULL}, {"subnet_ids", NULL}, NOTHING,
                {"security_group_ids", NULL}, {"port", NULL}, PUBLIC, WHEN_TRUE, 0, 5439},
        {{"aws_dms_replication_instance", NULL}, NOTHING, {"replication_subnet_group_id", NULL},
                VPC_GROUPS, NOTHING, PUBLIC, WHEN_TRUE, 0, 0},
        {{"aws_mq_broker", "aws:mq:broker"}, {"subnet_ids", "SubnetIds"}, NOTHING,
                {"security_groups", "SecurityGroups"}, NOTHING, PUBLIC, WHEN_TRUE, 0, 0},
        {{"aws_msk_cluster", "aws:kafka:cluster"},
                {"broker_node_group_info.client_subnets", "BrokerNodeGroupInfo.ClientSubnets"},
                NOTHING,
                {"broker_node_group_info.security_groups", "BrokerNodeGroupInfo.SecurityGroups"},
                NOTHING,
                {"broker_node_group_info.connectivity_info.public_access.type",
                        "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type"},
                WHEN_TRUE, 0, 0},
        {{"aws_opensearch_domain", "aws:es:domain"}, SEARCH_SUBNETS, NOTHING, SEARCH_GROUPS,
                NOTHING, NOTHING, NEVER, OPTIONAL, 443},
        {{"aws_elasticsearch_domain", NULL}, SEARCH_SUBNETS, NOTHING, SEARCH_GROUPS, NOTHING,
                NOTHING, NEVER, OPTIONAL, 443},
        {{"aws_lambda_function", "aws:lambda:function"},
                {"vpc_config.subnet_ids", "VpcConfig.SubnetIds"}, NOTHING,
                {"vpc_config.security_group_ids", "VpcConfig.SecurityGroupIds"}, NOTHING, NOTHING,
                NEVER, OPTIONAL, 0},
        {{"aws_ecs_service", "aws:ecs:service"},
                {"network_configuration.subnets",
                        "networkConfiguration.awsvpcConfiguration.subnets"},
                NOTHING,
                {"network_configuration.security_groups",
                        "networkConfiguration.awsvpcConfiguration.securityGroups"},
                NOTHING,
                {"network_configuration.assign_public_ip",
                        "networkConfiguration.awsvpcConfiguration.assignPublicIp"},
                WHEN_TRUE, OPTIONAL, 0},
        {{"aws_efs_mount_target", "aws:elasticfilesystem:mount-target"}, {"subnet_id", "SubnetId"},
                NOTHING, {"security_groups", "SecurityGroups"}, NOTHING, NOTHING, NEVER, 0, 2049},
        {{"aws_vpc_endpoint", "aws:ec2:vpc-endpoint"}, {"subnet_ids", "SubnetIds"}, NOTHING,
                {"security_group_ids", "Groups[].GroupId"}, NOTHING, NOTHING, NEVER, OPTIONAL, 443},
        {{"aws_eks_cluster", "aws:eks:cluster"},
                {"vpc_config.subnet_ids", "resourcesVpcConfig.subnetIds"}, NOTHING,
                {"vpc_config.security_group_ids", "resourcesVpcConfig.securityGroupIds"}, NOTHING,
                NOTHING, NEVER, 0, 443},
        {{"aws_eks_node_group", "aws:eks:nodegroup"}, {"subnet_ids", "subnets"}, NOTHING, NOTHING,
                NOTHING, NOTHING, NEVER, 0, 0},
        {{"aws_eks_fargate_profile", "aws:eks:fargateprofile"}, {"subnet_ids", "subnets"}, NOTHING,
                NOTHING, NOTHING, NOTHING, NEVER, 0, 0},
        {{"aws_lb", "aws:elasticloadbalancing:loadbalancer"}, LB_SUBNETS, NOTHING,
                {"security_groups", "SecurityGroups"}, NOTHING, INTERNAL, UNLESS_TRUE, FORWARDS, 0},
        {{"aws_alb", NULL}, LB_SUBNETS, NOTHING, {"security_groups", NULL}, NOTHING, INTERNAL,
                UNLESS_TRUE, FORWARDS, 0},
        {{"aws_elb", "aws:elasticloadbalancing:classic"}, {"subnets", "Subnets"}, NOTHING,
                {"security_groups", "SecurityGroups"}, NOTHING, INTERNAL, UNLESS_TRUE, FORWARDS, 0},
};

enum { N_TYPES = sizeof TYPES / sizeof *TYPES };

static bool is_type(const node_type *type, const char *terraform)
{
    return strcmp(type->type.terraform, terraform) == 0;
}

static const as_value *get(const as_aws_network *n, const as_entity *e, place p)
{
    return as_cloud_get(&n->r, e, p.terraform, p.live);
}

/* --- subnets and groups ------------------------------------------------------------------------
 */

void as_aws_add_named(as_aws_network *n, const as_entity *from, const as_value *v, const char *kind,
        as_indexes *out, as_str *missing)
{
    for (size_t i = 0; i < as_cloud_n(v); i++) {
        const as_value *item = as_cloud_item(v, i);
        size_t count, kept = 0;
        const as_entity *const *found =
                as_graph_targets(n->r.graph, n->r.arena, from, item, &count);
        for (size_t k = 0; k < count; k++) {
            if (as_str_is(found[k]->kind, kind) && n->by_entity[found[k]->id] > 0) {
                AS_VEC_PUSH(n->r.arena, out, n->by_entity[found[k]->id] - 1);
                kept++;
            }
        }
        if (kept == 0 && missing->n == 0) {
            *missing = as_cloud_doubt(item, "what it names is not in the scan");
        }
    }
}

void as_aws_settle_subnets(as_aws_network *n, const as_entity *entity, as_aws_interface *interface)
{
    if (interface->subnets.n > 0 || interface->no_subnets.n > 0) {
        return;
    }
    if (as_cloud_is_live(entity)) {
        interface->no_subnets = AS_STR("its subnets are not in the scan");
        return;
    }
    AS_VEC_PUSH(n->r.arena, &interface->subnets, as_aws_default_subnet(n, entity->unit));
}

void as_aws_set_groups(
        as_aws_network *n, const as_entity *from, const as_value *v, as_aws_interface *interface)
{
    as_indexes groups = {0};
    size_t count;
    const as_entity *const *found = as_graph_targets(n->r.graph, n->r.arena, from, v, &count);
    as_aws_add_named(n, from, v, "aws.ec2.security_group", &groups, &interface->no_groups);
    for (size_t i = 0; i < count; i++) { /* the group that EKS makes for a cluster */
        if (as_cloud_is(found[i], "aws_eks_cluster")) {
            AS_VEC_PUSH(n->r.arena, &groups, n->by_entity[found[i]->id] - 1);
            interface->no_groups = AS_STR_NONE;
        }
    }
    if (as_cloud_n(v) == 0 && interface->no_groups.n == 0) {
        uint32_t vpc =
                interface->subnets.n > 0 ? n->subnets.items[interface->subnets.items[0]].vpc : 0;
        if (vpc == 0) {
            interface->no_groups =
                    AS_STR("it has the default security group, which is not in the scan");
        } else {
            AS_VEC_PUSH(n->r.arena, &groups, as_aws_default_group(n, vpc - 1));
        }
    }
    interface->groups = as_aws_group_set_of(n, groups);
}

static void read_subnets_of(
        as_aws_network *n, const as_entity *e, const node_type *type, as_aws_interface *interface)
{
    const as_value *v = get(n, e, type->subnets);
    const as_value *name = get(n, e, type->subnet_group);
    const as_entity *holder = e;
    if (v == NULL && name != NULL) {
        holder = as_cloud_target(&n->r, e, name, "aws.vpc.subnet_group");
        v = holder == NULL
                    ? NULL
                    : as_cloud_get(&n->r, holder, "subnet_ids", "Subnets[].SubnetIdentifier");
        if (v == NULL) {
            interface->no_subnets = as_cloud_doubt(name, "its subnet group is not in the scan");
        }
    }
    as_aws_add_named(n, holder, v, "aws.vpc.subnet", &interface->subnets, &interface->no_subnets);
    const as_value *mappings = as_cloud_get(&n->r, e, "subnet_mapping[].subnet_id", NULL);
    if ((type->flags & FORWARDS) != 0) {
        as_aws_add_named(
                n, e, mappings, "aws.vpc.subnet", &interface->subnets, &interface->no_subnets);
    }
    as_str zone = as_value_str(as_cloud_get(&n->r, e, "availability_zone", "AvailabilityZone"));
    for (size_t i = 0; zone.n > 0 && i < interface->subnets.n; i++) {
        uint32_t subnet = interface->subnets.items[i];
        if (as_str_eq(n->subnets.items[subnet].zone, zone)) {
            interface->subnets = (as_indexes){0};
            AS_VEC_PUSH(n->r.arena, &interface->subnets, subnet);
        }
    }
    as_aws_settle_subnets(n, e, interface);
}

/* --- public or not -----------------------------------------------------------------------------
 */

/* true, or one of the words that the APIs have for it. */
static as_truth is_on(const as_value *v, as_truth fallback)
{
    as_str text = as_value_str(v);
    if (text.n > 0) {
        return as_truth_of(as_str_is(text, "ENABLED") || as_str_is(text, "internal") ||
                           as_str_is(text, "SERVICE_PROVIDED_EIPS") || as_str_is(text, "true"));
    }
    return as_cloud_truth(v, fallback);
}

static void read_public(
        as_aws_network *n, const as_entity *e, const node_type *type, as_aws_interface *interface)
{
    const as_value *v = get(n, e, type->is_public);
    interface->is_public = type->rule == WHEN_TRUE     ? is_on(v, AS_NO)
                           : type->rule == UNLESS_TRUE ? as_truth_not(is_on(v, AS_NO))
                                                       : AS_NO;
    as_str stack = as_value_str(as_cloud_get(&n->r, e, "ip_address_type", "IpAddressType"));
    if ((type->flags & FORWARDS) != 0 && as_str_starts(stack, "dualstack")) {
        interface->has_v6 = interface->is_public;
    }
    if (interface->is_public == AS_MAYBE) {
        interface->public_reason =
                as_cloud_doubt(v, "whether it has a public address is not known");
    }
}

/* The instances of a cluster say whether it is public, and (live) where it is. */
static void join_instances(as_aws_network *n, const as_entity *cluster, as_aws_interface *interface)
{
    size_t count;
    const as_entity *const *all = as_graph_of_type(n->r.graph,
            as_cloud_is_live(cluster) ? AS_STR("aws:rds:db") : AS_STR("aws_rds_cluster_instance"),
            &count);
    for (size_t i = 0; i < count; i++) {
        const as_value *owner =
                as_cloud_get(&n->r, all[i], "cluster_identifier", "DBClusterIdentifier");
        if (as_cloud_target(&n->r, all[i], owner, "aws.rds.cluster") != cluster) {
            continue;
        }
        const as_value *is_public =
                as_cloud_get(&n->r, all[i], "publicly_accessible", "PubliclyAccessible");
        interface->is_public = as_truth_or(interface->is_public, as_cloud_truth(is_public, AS_NO));
        if (interface->is_public == AS_MAYBE) {
            interface->public_reason = as_cloud_doubt(is_public, "");
        }
        as_aws_add_named(n, all[i],
                as_cloud_get(&n->r, all[i], NULL, "DBSubnetGroup.Subnets[].SubnetIdentifier"),
                "aws.vpc.subnet", &interface->subnets, &interface->no_subnets);
        interface->no_subnets = interface->subnets.n > 0 ? AS_STR_NONE : interface->no_subnets;
    }
}

/* --- ports ------------------------------------------------------------------------------------ */

/* The port that an engine has unless it is told otherwise. */
static int64_t port_of_engine(as_str engine)
{
    static const struct {
        const char *engine;
        int port;
    } ports[] = {{"postgres", 5432}, {"mysql", 3306}, {"mariadb", 3306}, {"aurora", 3306},
            {"oracle", 1521}, {"sqlserver", 1433}, {"redis", 6379}, {"valkey", 6379},
            {"memcached", 11211}, {"docdb", 27017}};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        if (as_str_contains(engine, ports[i].engine)) {
            return ports[i].port;
        }
    }
    return 0;
}

static const as_ports *listens(as_aws_network *n, const as_entity *e, const node_type *type)
{
    const as_value *v = get(n, e, type->port);
    int64_t port = 0;
    if (as_value_is_unknown(v)) {
        return n->r.universe;
    }
    if ((type->flags & FORWARDS) != 0) {
        return as_ports_none(n->r.space.ports); /* its listeners follow */
    }
    if (!as_cloud_number(v, &port) || port < 1) {
        as_str engine = as_value_str(as_cloud_get(&n->r, e, "engine", "Engine"));
        port = type->default_port > 0 ? type->default_port : port_of_engine(engine);
    }
    return port < 1 || port > 65535 ? n->r.universe
                                    : as_ports_range(n->r.space.ports, AS_PROTOCOL_TCP,
                                              (uint32_t)port, (uint32_t)port);
}

/* --- nodes ------------------------------------------------------------------------------------ */

static void add_indexes(as_buf *key, const as_indexes *list)
{
    for (size_t i = 0; i < list->n; i++) {
        as_buf_fmt(key, "%u,", list->items[i]);
    }
}

/* Nodes that no rule tells apart are of one class. */
static uint32_t class_of(as_aws_network *n, const as_aws_node *node, const as_indexes *forwards)
{
    as_buf key;
    as_buf_init(&key, n->r.arena, 0);
    as_buf_fmt(&key, "u%u p%u f%d", node->entity->unit->id, node->listens->id, node->forwards);
    if (node->has_allowed) {
        as_buf_fmt(&key, " a%u", node->entity->id);
    }
    for (size_t i = 0; i < node->interfaces.n; i++) {
        const as_aws_interface *f = &node->interfaces.items[i];
        as_buf_fmt(&key, ";g%u n%d q%d v%d m%zu,%zu s", f->groups, f->no_filter, (int)f->is_public,
                (int)f->has_v6, f->no_subnets.n, f->no_groups.n);
        add_indexes(&key, &f->subnets);
        for (size_t r = 0; r < f->addresses.n; r++) {
            as_address_range_write(&key, f->addresses.ranges[r]);
        }
    }
    for (size_t i = 0; i < forwards->n; i++) { /* who hands on to it, and what */
        const as_cloud_forward *f = &n->forwards.items[forwards->items[i]];
        as_buf_fmt(&key, " b%u %u %u %d%d%zu", f->balancer, f->front->id, f->back->id,
                f->keeps_source, f->links, f->unsure.n);
    }
    uint32_t *class = as_map_get(&n->classes, as_buf_view(&key));
    if (class == NULL) {
        class = AS_NEW(n->r.arena, uint32_t);
        *class = n->n_classes++;
        as_map_put(n->r.arena, &n->classes, as_buf_view(&key), class);
    }
    return *class;
}

void as_aws_add_node(as_aws_network *n, as_aws_node node)
{
    n->node_of[node.entity->id] = (uint32_t)n->nodes.n + 1;
    AS_VEC_PUSH(n->r.arena, &n->nodes, node);
}

void as_aws_class_nodes(as_aws_network *n)
{
    as_indexes *forwards = AS_NEW_ARRAY(n->r.arena, as_indexes, n->nodes.n);
    for (uint32_t i = 0; i < n->forwards.n; i++) {
        AS_VEC_PUSH(n->r.arena, &forwards[n->forwards.items[i].node], i);
    }
    for (size_t i = 0; i < n->nodes.n; i++) {
        n->nodes.items[i].class = class_of(n, &n->nodes.items[i], &forwards[i]);
    }
}

/* The endpoint of a cluster's API: a public one, outside of the VPC with a list of its own, and
 * interfaces within ("Cluster API server endpoint"). */
static void read_eks_endpoint(as_aws_network *n, as_aws_node *node)
{
    const as_entity *e = node->entity;
    as_aws_interface *inside = &node->interfaces.items[0];
    const as_value *is_public = as_cloud_get(&n->r, e, "vpc_config.endpoint_public_access",
            "resourcesVpcConfig.endpointPublicAccess");
    const as_value *cidrs = as_cloud_get(
            &n->r, e, "vpc_config.public_access_cidrs", "resourcesVpcConfig.publicAccessCidrs");
    as_truth on = as_cloud_truth(is_public, AS_YES);
    if (on != AS_NO) {
        node->has_allowed = true;
        node->allowed = cidrs == NULL ? as_addresses_all_v4() : as_addresses_none();
        as_cloud_add_cidrs(&n->r, cidrs, &node->allowed, &node->allowed_unsure);
        if (on == AS_MAYBE) {
            node->allowed_unsure = as_cloud_doubt(is_public, "");
        }
    }
    const as_value *is_private = as_cloud_get(&n->r, e, "vpc_config.endpoint_private_access",
            "resourcesVpcConfig.endpointPrivateAccess");
    if (as_cloud_truth(is_private, AS_NO) == AS_NO) {
        node->interfaces.n = 0;
        return;
    }
    if (as_cloud_is_live(e)) {
        as_indexes groups = n->sets.items[inside->groups].groups, all = {0};
        for (size_t i = 0; i < groups.n; i++) {
            AS_VEC_PUSH(n->r.arena, &all, groups.items[i]);
        }
        as_aws_add_named(n, e,
                as_cloud_get(&n->r, e, NULL, "resourcesVpcConfig.clusterSecurityGroupId"),
                "aws.ec2.security_group", &all, &inside->no_groups);
        inside->groups = as_aws_group_set_of(n, all);
    } else {
        as_indexes all = {0}, named = n->sets.items[inside->groups].groups;
        for (size_t i = 0; i < named.n; i++) {
            AS_VEC_PUSH(n->r.arena, &all, named.items[i]);
        }
        AS_VEC_PUSH(n->r.arena, &all, n->by_entity[e->id] - 1);
        inside->groups = as_aws_group_set_of(n, all);
    }
}

/* Nodes of a managed node group have the cluster's group, or those of their launch template. */
static void read_node_group(as_aws_network *n, const as_entity *e, as_aws_interface *interface)
{
    size_t count;
    const as_value *id = as_cloud_get(&n->r, e, "launch_template.id", "launchTemplate.id");
    id = id != NULL ? id : as_cloud_get(&n->r, e, "launch_template.name", NULL);
    const as_entity *const *found = as_graph_targets(n->r.graph, n->r.arena, e, id, &count);
    const as_value *own = NULL;
    for (size_t i = 0; i < count && own == NULL; i++) {
        own = as_cloud_get(
                &n->r, found[i], "vpc_security_group_ids", "LaunchTemplateData.SecurityGroupIds");
        own = own != NULL ? own
                          : as_cloud_get(&n->r, found[i], "network_interfaces.security_groups",
                                    "LaunchTemplateData.NetworkInterfaces.Groups");
        if (own != NULL) {
            as_aws_set_groups(n, found[i], own, interface);
        }
    }
    if (own != NULL) {
        return;
    }
    const as_entity *cluster = as_cloud_target(
            &n->r, e, as_cloud_get(&n->r, e, "cluster_name", "clusterName"), "aws.eks.cluster");
    as_indexes all = {0};
    if (cluster == NULL) {
        interface->no_groups = AS_STR("the security group of its cluster is not in the scan");
    } else if (as_cloud_is_live(cluster)) {
        as_aws_add_named(n, cluster,
                as_cloud_get(&n->r, cluster, NULL, "resourcesVpcConfig.clusterSecurityGroupId"),
                "aws.ec2.security_group", &all, &interface->no_groups);
    } else {
        AS_VEC_PUSH(n->r.arena, &all, n->by_entity[cluster->id] - 1);
    }
    interface->groups = as_aws_group_set_of(n, all);
}

static bool is_apart(as_aws_network *n, const as_entity *e, const node_type *type)
{
    bool in_vpc = get(n, e, type->subnets) != NULL || (type->flags & OPTIONAL) == 0;
    as_str kind = as_value_str(as_cloud_get(&n->r, e, "vpc_endpoint_type", "VpcEndpointType"));
    return !in_vpc || as_str_is(kind, "GatewayLoadBalancer");
}

static void read_node(as_aws_network *n, const as_entity *e, const node_type *type)
{
    as_aws_node node = {.entity = e, .forwards = (type->flags & FORWARDS) != 0};
    as_aws_interface interface = {0};
    if (is_apart(n, e, type)) {
        return;
    }
    read_subnets_of(n, e, type, &interface);
    const as_value *groups = get(n, e, type->groups);
    as_str layer = as_value_str(as_cloud_get(&n->r, e, "load_balancer_type", "Type"));
    if (is_type(type, "aws_eks_node_group") || is_type(type, "aws_eks_fargate_profile")) {
        read_node_group(n, e, &interface);
    } else if (as_str_is(layer, "network") && as_cloud_n(groups) == 0) {
        interface.no_filter = true;
    } else {
        as_aws_set_groups(n, e, groups, &interface);
    }
    interface.no_link_filter =
            as_str_is(as_value_str(as_cloud_get(&n->r, e,
                              "enforce_security_group_inbound_rules_on_private_link_traffic",
                              "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")),
                    "off");
    read_public(n, e, type, &interface);
    if (is_type(type, "aws_rds_cluster")) {
        join_instances(n, e, &interface);
    }
    node.listens = listens(n, e, type);
    AS_VEC_PUSH(n->r.arena, &node.interfaces, interface);
    if (is_type(type, "aws_eks_cluster")) {
        read_eks_endpoint(n, &node);
    }
    as_aws_add_node(n, node);
}

void as_aws_read_nodes(as_aws_network *n)
{
    as_aws_read_instances(n);
    for (size_t t = 0; t < N_TYPES; t++) {
        const char *types[] = {TYPES[t].type.terraform, TYPES[t].type.live};
        for (size_t s = 0; s < 2; s++) {
            size_t count;
            const as_entity *const *all =
                    as_graph_of_type(n->r.graph, as_str_from(types[s]), &count);
            for (size_t i = 0; types[s] != NULL && i < count; i++) {
                read_node(n, all[i], &TYPES[t]);
            }
        }
    }
}
