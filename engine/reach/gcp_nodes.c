/* What stands in networks of Google Cloud: machines and groups of them, nodes and control planes of
 * GKE, and managed stores, which are reached through a private connection or a public address with
 * a list of networks. */
#include "engine/reach/gcp_network.h"

static const as_entity *const *of_type(const as_gcp_network *n, const char *type, size_t *count)
{
    return as_graph_of_type(n->r.graph, as_str_from(type), count);
}

static as_str last_part(as_str name)
{
    size_t slash = as_str_rfind_char(name, '/');
    return slash == (size_t)-1 ? name : as_str_from_index(name, slash + 1);
}

/* --- interfaces ------------------------------------------------------------------------------- */

static void set_subnet(
        as_gcp_network *n, const as_entity *from, const as_value *v, as_gcp_interface *f)
{
    f->subnet = as_cloud_target(&n->r, from, v, "gcp.compute.subnetwork");
    if (f->subnet == NULL) {
        return;
    }
    as_str unsure = AS_STR_NONE;
    as_addresses range = as_addresses_none();
    as_cloud_add_cidrs(
            &n->r, as_cloud_get(&n->r, f->subnet, "ip_cidr_range", "ipCidrRange"), &range, &unsure);
    f->addresses = unsure.n == 0 ? range : f->addresses;
    f->region = last_part(as_value_str(as_cloud_get(&n->r, f->subnet, "region", "region")));
    if (f->vpc == 0) {
        f->vpc = as_gcp_vpc_of(n, f->subnet, as_cloud_get(&n->r, f->subnet, "network", "network"));
    }
}

static void settle(as_gcp_network *n, const as_value *network, as_gcp_interface *f)
{
    as_cidr cidr;
    if (f->vpc == 0) {
        f->no_vpc = as_cloud_doubt(network, "its network is not in the scan");
    }
    if (f->addresses.n > 0) {
        return;
    }
    bool automatic = f->vpc > 0 && n->vpcs.items[f->vpc - 1].entity == NULL &&
                     as_str_is(n->vpcs.items[f->vpc - 1].key, "default");
    if (automatic && as_cidr_parse(AS_STR("10.128.0.0/9"), &cidr)) { /* of networks in auto mode */
        f->addresses = as_addresses_cidr(n->r.arena, &cidr);
        return;
    }
    f->no_addresses = AS_STR("the range of its subnetwork is not known");
    f->addresses = as_addresses_all_v4();
}

static as_gcp_interface read_interface(as_gcp_network *n, const as_entity *e, const as_value *nic)
{
    as_gcp_interface f = {0};
    as_str ignored = AS_STR_NONE;
    const as_value *network = as_cloud_at(&n->r, e, nic, "network", "network");
    const as_value *subnet = as_cloud_at(&n->r, e, nic, "subnetwork", "subnetwork");
    f.vpc = as_gcp_vpc_of(n, e, network);
    set_subnet(n, e, subnet, &f);
    as_addresses own = as_addresses_none();
    as_cloud_add_cidrs(
            &n->r, as_cloud_at(&n->r, e, nic, "network_ip", "networkIP"), &own, &ignored);
    f.addresses = own.n > 0 ? own : f.addresses;
    const as_value *access = as_cloud_at(&n->r, e, nic, "access_config", "accessConfigs");
    f.is_public = as_value_is_unknown(access) ? AS_MAYBE : as_truth_of(as_cloud_n(access) > 0);
    const as_value *v6 = as_cloud_at(&n->r, e, nic, "ipv6_access_config", "ipv6AccessConfigs");
    f.has_v6 = as_value_is_unknown(v6) ? AS_MAYBE : as_truth_of(as_cloud_n(v6) > 0);
    settle(n, network != NULL ? network : subnet, &f);
    return f;
}

static void read_interfaces(as_gcp_network *n, const as_value *nics, as_gcp_node *node)
{
    for (size_t i = 0; i < as_cloud_n(nics); i++) {
        AS_VEC_PUSH(n->r.arena, &node->interfaces,
                read_interface(n, node->entity, as_cloud_item(nics, i)));
    }
}

/* --- machines --------------------------------------------------------------------------------- */

static void read_marks(as_gcp_network *n, const as_entity *e, const char *live, as_gcp_node *node)
{
    bool template = live != NULL;
    as_gcp_add_names(n,
            as_cloud_get(&n->r, e, "tags", template ? "properties.tags.items" : "tags.items"),
            &node->tags, &node->unsure);
    as_gcp_add_names(n,
            as_cloud_get(&n->r, e, "service_account[].email",
                    template ? "properties.serviceAccounts[].email" : "serviceAccounts[].email"),
            &node->accounts, &node->unsure);
}

static void read_machine(as_gcp_network *n, const as_entity *e)
{
    as_gcp_node node = {.entity = e, .listens = n->r.universe};
    as_str state = as_value_str(as_cloud_get(&n->r, e, NULL, "status"));
    if (as_str_is(state, "TERMINATED") || as_str_is(state, "STOPPED")) {
        return;
    }
    read_interfaces(n, as_cloud_get(&n->r, e, "network_interface", "networkInterfaces"), &node);
    read_marks(n, e, NULL, &node);
    if (node.interfaces.n > 0) {
        as_gcp_add_node(n, node);
    }
}

/* A managed group: machines made from a template. */
static void read_group(as_gcp_network *n, const as_entity *e)
{
    as_gcp_node node = {.entity = e, .listens = n->r.universe};
    const as_value *ids = as_cloud_get(&n->r, e, "version[].instance_template", NULL);
    const as_entity *template = as_cloud_target(&n->r, e, ids, "gcp.compute.instance");
    if (template == NULL) {
        return;
    }
    node.entity = template; /* whose attributes name things */
    read_interfaces(n, as_cloud_get(&n->r, template, "network_interface", NULL), &node);
    read_marks(n, template, NULL, &node);
    node.entity = e;
    if (node.interfaces.n > 0) {
        as_gcp_add_node(n, node);
    }
}

/* --- secure tags ------------------------------------------------------------------------------ */

/* A map of keys to values. */
static bool add_tag_map(as_gcp_network *n, const as_value *map, as_gcp_node *node)
{
    if (as_value_is_unknown(map)) {
        node->no_secure_tags = as_value_reason(map);
        return true;
    }
    for (size_t i = 0; as_value_is(map, AS_OBJECT) && i < as_value_count(map); i++) {
        as_gcp_add_names(
                n, map->as.object->members[i].value, &node->secure_tags, &node->no_secure_tags);
    }
    return as_value_is(map, AS_OBJECT) && as_value_count(map) > 0;
}

static bool read_bound_tags(as_gcp_network *n)
{
    size_t count;
    const as_entity *const *all =
            as_graph_of_type(n->r.graph, AS_STR("google_tags_location_tag_binding"), &count);
    for (size_t i = 0; i < count; i++) {
        const as_entity *at = as_cloud_target(
                &n->r, all[i], as_cloud_get(&n->r, all[i], "parent", NULL), "gcp.compute.instance");
        if (at != NULL && n->node_of[at->id] > 0) {
            as_gcp_node *node = &n->nodes.items[n->node_of[at->id] - 1];
            as_gcp_add_names(n, as_cloud_get(&n->r, all[i], "tag_value", NULL), &node->secure_tags,
                    &node->no_secure_tags);
        }
    }
    return count > 0;
}

/* Tags may be bound by anybody at any time; code that binds some is taken to bind all. */
void as_gcp_read_secure_tags(as_gcp_network *n)
{
    static const char *const places[] = {"params.resource_manager_tags", "resource_manager_tags",
            "node_config.resource_manager_tags"};
    bool binds = read_bound_tags(n);
    for (size_t i = 0; i < n->nodes.n; i++) {
        as_gcp_node *node = &n->nodes.items[i];
        for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
            const as_value *map = as_cloud_get(&n->r, node->entity, places[p], NULL);
            binds |= add_tag_map(n, map, node);
        }
    }
    for (size_t i = 0; !binds && i < n->nodes.n; i++) {
        n->nodes.items[i].no_secure_tags =
                AS_STR("whether a secure tag is bound to the instance is not known");
    }
}

/* --- GKE -------------------------------------------------------------------------------------- */

static as_gcp_interface cluster_interface(as_gcp_network *n, const as_entity *cluster)
{
    as_gcp_interface f = {0};
    const as_value *network = as_cloud_get(&n->r, cluster, "network", "networkConfig.network");
    const as_value *subnet = as_cloud_get(&n->r, cluster, "subnetwork", "networkConfig.subnetwork");
    as_value by_default = {.kind = AS_STRING, .as.str = AS_STR_INIT("default")};
    f.vpc = as_gcp_vpc_of(n, cluster, network == NULL && subnet == NULL ? &by_default : network);
    set_subnet(n, cluster, subnet, &f);
    settle(n, network, &f);
    return f;
}

static as_truth private_nodes(as_gcp_network *n, const as_entity *cluster)
{
    return as_cloud_truth(
            as_cloud_get(&n->r, cluster, "private_cluster_config.enable_private_nodes",
                    "privateClusterConfig.enablePrivateNodes"),
            AS_NO);
}

static void read_pool(as_gcp_network *n, const as_entity *e)
{
    as_gcp_node node = {.entity = e, .listens = n->r.universe};
    const as_entity *cluster = as_cloud_target(
            &n->r, e, as_cloud_get(&n->r, e, "cluster", NULL), "gcp.container.cluster");
    if (cluster == NULL) {
        return;
    }
    as_gcp_interface f = cluster_interface(n, cluster);
    const as_value *own = as_cloud_get(&n->r, e, "network_config.enable_private_nodes", NULL);
    f.is_public =
            as_truth_not(own != NULL ? as_cloud_truth(own, AS_NO) : private_nodes(n, cluster));
    AS_VEC_PUSH(n->r.arena, &node.interfaces, f);
    as_gcp_add_names(n, as_cloud_get(&n->r, e, "node_config.tags", NULL), &node.tags, &node.unsure);
    as_gcp_add_names(n, as_cloud_get(&n->r, e, "node_config.service_account", NULL), &node.accounts,
            &node.unsure);
    as_gcp_add_node(n, node);
}

/* The control plane: a public endpoint that a list of networks may close. */
static void read_cluster(as_gcp_network *n, const as_entity *e)
{
    as_gcp_node node = {.entity = e, .kind = AS_GCP_SERVICE};
    const as_value *closed =
            as_cloud_get(&n->r, e, "private_cluster_config.enable_private_endpoint",
                    "privateClusterConfig.enablePrivateEndpoint");
    const as_value *list = as_cloud_get(
            &n->r, e, "master_authorized_networks_config", "masterAuthorizedNetworksConfig");
    bool listed = as_cloud_is_live(e)
                          ? as_value_bool_or(as_cloud_get(&n->r, e, NULL,
                                                     "masterAuthorizedNetworksConfig.enabled"),
                                    false)
                          : as_cloud_n(list) > 0;
    as_truth open = as_truth_not(as_cloud_truth(closed, AS_NO));
    node.listens = as_ports_range(n->r.space.ports, AS_PROTOCOL_TCP, 443, 443);
    node.has_allowed = open != AS_NO;
    node.allowed = listed ? as_addresses_none() : as_addresses_all_v4();
    if (listed) {
        as_cloud_add_cidrs(&n->r,
                as_cloud_get(&n->r, e, "master_authorized_networks_config.cidr_blocks[].cidr_block",
                        "masterAuthorizedNetworksConfig.cidrBlocks[].cidrBlock"),
                &node.allowed, &node.allowed_unsure);
    }
    if (open == AS_MAYBE) {
        node.allowed_unsure = as_cloud_doubt(closed, "");
    }
    AS_VEC_PUSH(n->r.arena, &node.interfaces, cluster_interface(n, e));
    as_gcp_add_node(n, node);
}

/* --- managed stores --------------------------------------------------------------------------- */

static void add_store(as_gcp_network *n, as_gcp_node *node, const as_value *network, int port)
{
    as_gcp_interface f = {.vpc = as_gcp_vpc_of(n, node->entity, network)};
    node->kind = AS_GCP_SERVICE;
    node->listens =
            as_ports_range(n->r.space.ports, AS_PROTOCOL_TCP, (uint32_t)port, (uint32_t)port);
    if (f.vpc > 0) {
        f.addresses = as_addresses_all_v4(); /* the range of the connection: any of it */
        f.no_addresses = AS_STR("the range of the private connection is not known");
        AS_VEC_PUSH(n->r.arena, &node->interfaces, f);
    }
    as_gcp_add_node(n, *node);
}

/* Cloud SQL: without a list of networks its public address lets nobody in. */
static void read_sql(as_gcp_network *n, const as_entity *e)
{
    as_gcp_node node = {.entity = e};
    const as_value *on = as_cloud_get(&n->r, e, "settings.ip_configuration.ipv4_enabled",
            "settings.ipConfiguration.ipv4Enabled");
    const as_value *networks =
            as_cloud_get(&n->r, e, "settings.ip_configuration.authorized_networks[].value",
                    "settings.ipConfiguration.authorizedNetworks[].value");
    const as_value *block =
            as_cloud_get(&n->r, e, "settings.ip_configuration.authorized_networks", NULL);
    as_str engine = as_value_str(as_cloud_get(&n->r, e, "database_version", "databaseVersion"));
    as_truth open = as_cloud_truth(on, AS_YES);
    if (open != AS_NO) {
        node.has_allowed = true;
        as_cloud_add_cidrs(&n->r, networks, &node.allowed, &node.allowed_unsure);
        if (as_value_is_unknown(block) || as_value_is_unknown(networks)) {
            node.allowed_unsure = as_cloud_doubt(as_value_is_unknown(block) ? block : networks, "");
        }
        if (open == AS_MAYBE && node.allowed.n > 0) {
            node.allowed_unsure = as_cloud_doubt(on, "");
        }
    }
    add_store(n, &node,
            as_cloud_get(&n->r, e, "settings.ip_configuration.private_network",
                    "settings.ipConfiguration.privateNetwork"),
            as_str_starts(engine, "MYSQL")       ? 3306
            : as_str_starts(engine, "SQLSERVER") ? 1433
                                                 : 5432);
}

static const struct {
    const char *type, *live, *network, *live_network;
    int port;
} STORES[] = {
        {"google_redis_instance", "gcp:redis:instance", "authorized_network", "authorizedNetwork",
                6379},
        {"google_memcache_instance", NULL, "authorized_network", NULL, 11211},
        {"google_alloydb_cluster", NULL, "network_config.network", NULL, 5432},
        {"google_filestore_instance", "gcp:file:instance", "networks.network", "networks.network",
                2049},
};

static void read_stores(as_gcp_network *n)
{
    as_value by_default = {.kind = AS_STRING, .as.str = AS_STR_INIT("default")};
    for (size_t t = 0; t < sizeof STORES / sizeof *STORES; t++) {
        const char *types[] = {STORES[t].type, STORES[t].live};
        for (size_t s = 0; s < 2; s++) {
            size_t count;
            const as_entity *const *all = of_type(n, types[s], &count);
            for (size_t i = 0; types[s] != NULL && i < count; i++) {
                as_gcp_node node = {.entity = all[i]};
                const as_value *v =
                        as_cloud_get(&n->r, all[i], STORES[t].network, STORES[t].live_network);
                add_store(n, &node, v != NULL ? v : &by_default, STORES[t].port);
            }
        }
    }
}

/* --- all ---------------------------------------------------------------------------------------
 */

typedef void (*reading)(as_gcp_network *n, const as_entity *e);

void as_gcp_read_nodes(as_gcp_network *n)
{
    static const struct {
        const char *type;
        reading read;
    } kinds[] = {
            {"google_compute_instance", read_machine},
            {"google_compute_instance_from_template", read_machine},
            {"gcp:compute:instance", read_machine},
            {"google_compute_instance_group_manager", read_group},
            {"google_compute_region_instance_group_manager", read_group},
            {"google_container_cluster", read_cluster},
            {"gcp:container:cluster", read_cluster},
            {"google_container_node_pool", read_pool},
            {"google_sql_database_instance", read_sql},
            {"gcp:sqladmin:instance", read_sql},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t count;
        const as_entity *const *all = of_type(n, kinds[k].type, &count);
        for (size_t i = 0; i < count; i++) {
            kinds[k].read(n, all[i]);
        }
    }
    read_stores(n);
}
