#include "engine/reach/gcp_network.h"

#include <stdlib.h>

#include "engine/reach/cluster.h"

static const as_value *get(const as_value *v, const char *name)
{
    return as_value_get(v, as_str_from(name));
}

static bool is(const as_entity *entity, const char *type)
{
    return as_str_is(entity->type, type);
}

static const as_entity *target(
        const as_gcp_network *n, const as_entity *from, const as_value *v, const char *type)
{
    size_t n_found;
    const as_entity *const *found = as_graph_targets(n->graph, n->arena, from, v, &n_found);
    for (size_t i = 0; i < n_found; i++) {
        if (is(found[i], type)) {
            return found[i];
        }
    }
    return NULL;
}

static as_str doubt(const as_value *v, const char *otherwise)
{
    as_str reason = as_value_doubt(v);
    return reason.n > 0 ? reason : as_str_from(otherwise);
}

/* --- parts of rules --------------------------------------------------------------------------- */

static void add_names(as_gcp_network *n, const as_value *v, as_gcp_names *out, as_str *unsure)
{
    for (size_t i = 0; as_value_is(v, AS_LIST) && i < as_value_list_count(v); i++) {
        add_names(n, as_value_index(v, i), out, unsure);
    }
    if (as_value_is(v, AS_STRING)) {
        AS_VEC_PUSH(n->arena, out, v->as.str);
    } else if (as_value_is_unknown(v)) {
        const as_ref *ref = as_value_refs(v);
        if (ref != NULL && ref->next == NULL) {
            AS_VEC_PUSH(n->arena, out, as_str_fmt(n->arena, "@%.*s", AS_STR_ARG(ref->address)));
        } else {
            *unsure = doubt(v, "a tag or account is not known");
        }
    }
}

static void add_ranges(as_gcp_network *n, const as_value *v, as_addresses *out, as_str *unsure)
{
    for (size_t i = 0; i < as_value_list_count(v); i++) {
        const as_value *item = as_value_index(v, i);
        as_cidr cidr;
        if (as_value_is(item, AS_STRING) && as_cidr_parse(item->as.str, &cidr)) {
            *out = as_addresses_union(n->arena, *out, as_addresses_cidr(n->arena, &cidr));
        } else {
            *unsure = doubt(item, "a range of a rule cannot be read");
        }
    }
    if (as_value_is_unknown(v)) {
        *unsure = as_value_doubt(v);
    }
}

/* "80" or "8000-9000" */
static bool read_range(as_str text, int64_t *low, int64_t *high)
{
    size_t dash = as_str_find_char(text, '-');
    if (!as_str_to_int(as_str_slice(text, 0, dash == (size_t)-1 ? text.n : dash), low)) {
        return false;
    }
    *high = *low;
    return dash == (size_t)-1 || as_str_to_int(as_str_from_index(text, dash + 1), high);
}

static const as_ports *read_protocol(
        as_gcp_network *n, const as_value *protocol, const as_value *ports, as_str *unsure)
{
    as_port_space *space = n->space.ports;
    as_str text = as_value_str(protocol);
    unsigned number;
    if (as_str_ieq(text, AS_STR("all"))) {
        return n->universe;
    }
    if (as_str_ieq(text, AS_STR("ipip"))) {
        number = 4;
    } else if (!as_protocol_parse(text, &number)) {
        *unsure = doubt(protocol, "the protocol of a rule cannot be read");
        return n->universe;
    }
    if (as_value_count(ports) == 0) {
        if (as_value_is_unknown(ports)) {
            *unsure = as_value_doubt(ports);
        }
        return as_ports_protocol(space, number);
    }
    const as_ports *all = as_ports_none(space);
    for (size_t i = 0; i < as_value_list_count(ports); i++) {
        const as_value *item = as_value_index(ports, i);
        int64_t low = as_value_int_or(item, -1), high = low;
        if (as_value_is(item, AS_STRING) && !read_range(item->as.str, &low, &high)) {
            low = -1;
        }
        if (low < 0 || high < low || high > 65535) {
            *unsure = doubt(item, "a port of a rule cannot be read");
        } else {
            all = as_ports_union(
                    space, all, as_ports_range(space, number, (uint32_t)low, (uint32_t)high));
        }
    }
    return unsure->n > 0 ? as_ports_protocol(space, number) : all;
}

static const as_ports *read_layer4(
        as_gcp_network *n, const as_value *list, const char *protocol, as_str *unsure)
{
    const as_ports *all = as_ports_none(n->space.ports);
    for (size_t i = 0; i < as_value_list_count(list); i++) {
        const as_value *item = as_value_index(list, i);
        all = as_ports_union(n->space.ports, all,
                read_protocol(n, get(item, protocol), get(item, "ports"), unsure));
    }
    return all;
}

static int compare_rules(const void *a, const void *b)
{
    const as_gcp_rule *x = a, *y = b;
    if (x->priority != y->priority) {
        return x->priority < y->priority ? -1 : 1;
    }
    return (y->action == AS_GCP_DENY) - (x->action == AS_GCP_DENY);
}

static void sort_rules(as_gcp_list *list)
{
    if (list->rules.n > 1) {
        qsort(list->rules.items, list->rules.n, sizeof *list->rules.items, compare_rules);
    }
}

/* --- VPC firewall rules ----------------------------------------------------------------------- */

/* google_compute_firewall: an ingress rule without sources is for everybody. */
static void add_firewall(as_gcp_network *n, as_gcp_list *list, const as_entity *e)
{
    const as_value *raw = e->raw, *direction = get(raw, "direction");
    const as_value *allow = get(raw, "allow"), *deny = get(raw, "deny");
    const as_value *disabled = get(raw, "disabled"), *priority = get(raw, "priority");
    as_gcp_rule rule = {.entity = e, .span = e->head};
    if (as_value_bool_or(disabled, false)) {
        return;
    }
    rule.egress = as_str_is(as_value_str(direction), "EGRESS");
    rule.priority = as_value_int_or(priority, 1000);
    add_ranges(n, get(raw, rule.egress ? "destination_ranges" : "source_ranges"), &rule.addresses,
            &rule.unsure);
    add_names(n, get(raw, "source_tags"), &rule.tags, &rule.unsure);
    add_names(n, get(raw, "source_service_accounts"), &rule.accounts, &rule.unsure);
    add_names(n, get(raw, "target_tags"), &rule.target_tags, &rule.unsure);
    add_names(n, get(raw, "target_service_accounts"), &rule.target_accounts, &rule.unsure);
    if (rule.addresses.n == 0 && rule.tags.n == 0 && rule.accounts.n == 0 && rule.unsure.n == 0) {
        rule.addresses = as_addresses_all();
    }
    static const char *const fields[] = {"disabled", "direction", "priority"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (as_value_is_unknown(get(raw, fields[i]))) {
            rule.unsure = as_value_doubt(get(raw, fields[i]));
        }
    }
    const as_value *blocks[] = {allow, deny};
    for (size_t i = 0; i < 2; i++) {
        if (as_value_count(blocks[i]) > 0 || as_value_is_unknown(blocks[i])) {
            rule.action = i == 0 ? AS_GCP_ALLOW : AS_GCP_DENY;
            rule.ports = as_value_is_unknown(blocks[i])
                                 ? n->universe
                                 : read_layer4(n, blocks[i], "protocol", &rule.unsure);
            if (as_value_is_unknown(blocks[i])) {
                rule.unsure = as_value_doubt(blocks[i]);
            }
            AS_VEC_PUSH(n->arena, &list->rules, rule);
        }
    }
}

/* --- firewall policies ------------------------------------------------------------------------ */

/* A rule of a network or hierarchical policy. */
static void add_policy_rule(as_gcp_network *n, as_gcp_list *list, const as_entity *e)
{
    const as_value *raw = e->raw, *match = get(raw, "match");
    as_str action = as_value_str(get(raw, "action"));
    as_gcp_rule rule = {.entity = e, .span = e->head};
    if (as_value_is(match, AS_LIST)) {
        match = as_value_index(match, 0);
    }
    if (as_value_bool_or(get(raw, "disabled"), false)) {
        return;
    }
    rule.action = as_str_is(action, "allow")  ? AS_GCP_ALLOW
                  : as_str_is(action, "deny") ? AS_GCP_DENY
                                              : AS_GCP_NEXT;
    rule.egress = as_str_is(as_value_str(get(raw, "direction")), "EGRESS");
    rule.priority = as_value_int_or(get(raw, "priority"), INT32_MAX);
    add_ranges(n, get(match, rule.egress ? "dest_ip_ranges" : "src_ip_ranges"), &rule.addresses,
            &rule.unsure);
    add_names(n, get(raw, "target_service_accounts"), &rule.target_accounts, &rule.unsure);
    rule.ports = read_layer4(n, get(match, "layer4_configs"), "ip_protocol", &rule.unsure);
    static const char *const beyond[] = {"src_secure_tags", "src_address_groups",
            "dest_address_groups", "src_fqdns", "dest_fqdns", "src_region_codes",
            "dest_region_codes", "src_threat_intelligences", "dest_threat_intelligences"};
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        if (as_value_count(get(match, beyond[i])) > 0) {
            rule.unsure = AS_STR("the rule matches more than addresses");
        }
    }
    if (as_value_count(get(raw, "target_secure_tags")) > 0 ||
            as_value_count(get(raw, "target_resources")) > 0 ||
            as_str_is(action, "apply_security_profile_group")) {
        rule.unsure = AS_STR("the rule is for some resources or inspections only");
    }
    if (rule.addresses.n == 0 && rule.unsure.n == 0) {
        rule.addresses = as_addresses_all();
    }
    AS_VEC_PUSH(n->arena, &list->rules, rule);
}

static as_gcp_list *policy_list(as_gcp_network *n, const as_entity *policy)
{
    as_gcp_list *list = AS_NEW(n->arena, as_gcp_list);
    list->name = policy->address;
    for (uint32_t id = 1; id <= as_graph_count(n->graph); id++) {
        const as_entity *e = as_graph_get(n->graph, id);
        if ((is(e, "google_compute_network_firewall_policy_rule") ||
                    is(e, "google_compute_firewall_policy_rule")) &&
                target(n, e, get(e->raw, "firewall_policy"), as_str_cstr(n->arena, policy->type)) ==
                        policy) {
            add_policy_rule(n, list, e);
        }
    }
    sort_rules(list);
    return list;
}

/* Hierarchical policies hold for what lies below their folder or organisation, which a scan of
 * Terraform does not always know: what is associated anywhere is taken to hold. */
static void add_policies(as_gcp_network *n, as_gcp_vpc *vpc, bool hierarchical)
{
    const char *association = hierarchical ? "google_compute_firewall_policy_association"
                                           : "google_compute_network_firewall_policy_association";
    const char *type = hierarchical ? "google_compute_firewall_policy"
                                    : "google_compute_network_firewall_policy";
    for (uint32_t id = 1; id <= as_graph_count(n->graph); id++) {
        const as_entity *e = as_graph_get(n->graph, id);
        if (!is(e, association) || e->unit != vpc->entity->unit) {
            continue;
        }
        const as_entity *policy = target(n, e, get(e->raw, "firewall_policy"), type);
        bool here = hierarchical || target(n, e, get(e->raw, "attachment_target"),
                                            "google_compute_network") == vpc->entity;
        if (policy != NULL && here) {
            as_gcp_list *list = policy_list(n, policy);
            for (size_t i = 0; hierarchical && i < list->rules.n; i++) {
                if (list->rules.items[i].unsure.n == 0) {
                    list->rules.items[i].unsure =
                            AS_STR("whether the network lies below the policy's folder or "
                                   "organisation is not known");
                }
            }
            AS_VEC_PUSH(n->arena, &vpc->lists, list);
        }
    }
}

static void read_lists(as_gcp_network *n, as_gcp_vpc *vpc)
{
    as_gcp_list *classic = AS_NEW(n->arena, as_gcp_list);
    classic->name = AS_STR("VPC firewall rules");
    for (uint32_t id = 1; id <= as_graph_count(n->graph); id++) {
        const as_entity *e = as_graph_get(n->graph, id);
        if (is(e, "google_compute_firewall") &&
                target(n, e, get(e->raw, "network"), "google_compute_network") == vpc->entity) {
            add_firewall(n, classic, e);
        }
    }
    sort_rules(classic);
    as_str order = as_value_str(get(vpc->entity->raw, "network_firewall_policy_enforcement_order"));
    bool before = as_str_is(order, "BEFORE_CLASSIC_FIREWALL");
    add_policies(n, vpc, true);
    if (before) {
        add_policies(n, vpc, false);
    }
    AS_VEC_PUSH(n->arena, &vpc->lists, classic);
    if (!before) {
        add_policies(n, vpc, false);
    }
}

/* --- networks and nodes ----------------------------------------------------------------------- */

static uint32_t vpc_of(const as_gcp_network *n, const as_entity *entity)
{
    for (uint32_t i = 0; entity != NULL && i < n->vpcs.n; i++) {
        if (n->vpcs.items[i].entity == entity) {
            return i + 1;
        }
    }
    return 0;
}

/* A peering works when both sides have declared it. */
static void read_peerings(as_gcp_network *n)
{
    AS_VEC(uint32_t) half = {0}; /* pairs */
    for (uint32_t id = 1; id <= as_graph_count(n->graph); id++) {
        const as_entity *e = as_graph_get(n->graph, id);
        if (!is(e, "google_compute_network_peering")) {
            continue;
        }
        uint32_t a = vpc_of(n, target(n, e, get(e->raw, "network"), "google_compute_network"));
        uint32_t b = vpc_of(n, target(n, e, get(e->raw, "peer_network"), "google_compute_network"));
        for (size_t i = 0; a > 0 && b > 0 && i + 1 < half.n; i += 2) {
            if (half.items[i] == b && half.items[i + 1] == a) {
                AS_VEC_PUSH(n->arena, &n->vpcs.items[a - 1].peers, b);
                AS_VEC_PUSH(n->arena, &n->vpcs.items[b - 1].peers, a);
            }
        }
        AS_VEC_PUSH(n->arena, &half, a);
        AS_VEC_PUSH(n->arena, &half, b);
    }
}

static void read_interface(as_gcp_network *n, const as_value *nic, as_gcp_node *node)
{
    const as_value *network = get(nic, "network"), *subnetwork = get(nic, "subnetwork");
    const as_entity *subnet = target(n, node->entity, subnetwork, "google_compute_subnetwork");
    const as_entity *vpc = target(n, node->entity, network, "google_compute_network");
    as_str ignored = AS_STR_NONE;
    if (subnet != NULL) {
        const as_value *range = get(subnet->raw, "ip_cidr_range");
        as_cidr cidr;
        if (as_value_is(range, AS_STRING) && as_cidr_parse(range->as.str, &cidr)) {
            node->addresses = as_addresses_cidr(n->arena, &cidr);
        }
        vpc = vpc != NULL
                      ? vpc
                      : target(n, subnet, get(subnet->raw, "network"), "google_compute_network");
    }
    const as_value *own = get(nic, "network_ip");
    as_cidr one;
    if (as_value_is(own, AS_STRING) && as_cidr_parse(own->as.str, &one)) {
        node->addresses = as_addresses_cidr(n->arena, &one);
    }
    (void)ignored;
    node->vpc = vpc_of(n, vpc);
    if (node->vpc == 0) {
        node->no_vpc = doubt(network, "its network is not in the scan");
    }
    if (node->addresses.n == 0) {
        node->no_addresses = AS_STR("the range of its subnetwork is not known");
        node->addresses = as_addresses_all_v4();
    }
    const as_value *access = get(nic, "access_config");
    node->is_public = as_value_is_unknown(access)  ? AS_MAYBE
                      : as_value_count(access) > 0 ? AS_YES
                                                   : AS_NO;
}

static void read_instance(as_gcp_network *n, const as_entity *e)
{
    as_gcp_node node = {.entity = e};
    const as_value *nics = get(e->raw, "network_interface");
    const as_value *account = get(e->raw, "service_account");
    read_interface(n, as_value_is(nics, AS_LIST) ? as_value_index(nics, 0) : nics, &node);
    add_names(n, get(e->raw, "tags"), &node.tags, &node.unsure);
    if (as_value_is_unknown(get(e->raw, "tags"))) {
        node.unsure = as_value_doubt(get(e->raw, "tags"));
    }
    account = as_value_is(account, AS_LIST) ? as_value_index(account, 0) : account;
    add_names(n, get(account, "email"), &node.accounts, &node.unsure);
    AS_VEC_PUSH(n->arena, &n->nodes, node);
}

as_gcp_network *as_gcp_network_read(as_arena *arena, const as_graph *graph)
{
    as_gcp_network *n = AS_NEW(arena, as_gcp_network);
    n->arena = arena;
    n->space = as_packet_space_new(arena);
    n->graph = graph;
    n->universe = as_ports_all(n->space.ports);
    for (uint32_t id = 1; id <= as_graph_count(graph); id++) {
        const as_entity *e = as_graph_get(graph, id);
        if (is(e, "google_compute_network")) {
            as_gcp_vpc vpc = {.entity = e,
                    .has_default_route = !as_value_bool_or(
                            get(e->raw, "delete_default_routes_on_create"), false)};
            AS_VEC_PUSH(arena, &n->vpcs, vpc);
        }
    }
    for (size_t i = 0; i < n->vpcs.n; i++) {
        read_lists(n, &n->vpcs.items[i]);
    }
    for (uint32_t id = 1; id <= as_graph_count(graph); id++) {
        const as_entity *e = as_graph_get(graph, id);
        if (is(e, "google_compute_route") &&
                as_str_is(as_value_str(get(e->raw, "next_hop_gateway")),
                        "default-internet-gateway")) {
            uint32_t vpc =
                    vpc_of(n, target(n, e, get(e->raw, "network"), "google_compute_network"));
            if (vpc > 0) {
                n->vpcs.items[vpc - 1].has_default_route = true;
            }
        } else if (is(e, "google_compute_router_nat")) {
            const as_entity *router = target(n, e, get(e->raw, "router"), "google_compute_router");
            uint32_t vpc = router == NULL ? 0
                                          : vpc_of(n, target(n, router, get(router->raw, "network"),
                                                              "google_compute_network"));
            if (vpc > 0) {
                n->vpcs.items[vpc - 1].has_nat = true;
            }
        } else if (is(e, "google_compute_instance")) {
            read_instance(n, e);
        }
    }
    read_peerings(n);
    return n;
}
