/* VPC firewall rules, and firewall policies of networks, regions, folders and organisations. */
#include <stdlib.h>

#include "engine/reach/gcp_hierarchy.h"

#define POLICY "gcp.compute.firewall_policy"

static int compare_rules(const void *a, const void *b)
{
    const as_gcp_rule *x = a, *y = b;
    if (x->priority != y->priority) {
        return x->priority < y->priority ? -1 : 1;
    }
    if (x->action != y->action) { /* deny first */
        return (y->action == AS_GCP_DENY) - (x->action == AS_GCP_DENY);
    }
    return x->span.begin < y->span.begin ? -1 : x->span.begin > y->span.begin;
}

static void sort_rules(as_gcp_list *list)
{
    if (list->rules.n > 1) {
        qsort(list->rules.items, list->rules.n, sizeof *list->rules.items, compare_rules);
    }
}

static const as_ports *read_layer4(as_gcp_network *n, const as_entity *e, const as_value *list,
        const char *protocol, const char *live, as_str *unsure)
{
    const as_ports *all = as_ports_none(n->r.space.ports);
    for (size_t i = 0; i < as_cloud_n(list); i++) {
        const as_value *item = as_cloud_item(list, i);
        if (as_value_is_unknown(item)) {
            *unsure = as_value_reason(item);
            return n->r.universe;
        }
        all = as_ports_union(n->r.space.ports, all,
                as_gcp_ports(n, as_cloud_at(&n->r, e, item, protocol, live),
                        as_cloud_at(&n->r, e, item, "ports", "ports"), unsure));
    }
    return all;
}

/* --- VPC firewall rules ----------------------------------------------------------------------- */

static void read_sides(as_gcp_network *n, const as_entity *e, as_gcp_rule *rule)
{
    as_cloud_add_cidrs(&n->r,
            rule->egress ? as_cloud_get(&n->r, e, "destination_ranges", "destinationRanges")
                         : as_cloud_get(&n->r, e, "source_ranges", "sourceRanges"),
            &rule->addresses, &rule->unsure);
    as_gcp_add_names(
            n, as_cloud_get(&n->r, e, "source_tags", "sourceTags"), &rule->tags, &rule->unsure);
    as_gcp_add_names(n, as_cloud_get(&n->r, e, "source_service_accounts", "sourceServiceAccounts"),
            &rule->accounts, &rule->unsure);
    as_gcp_add_names(n, as_cloud_get(&n->r, e, "target_tags", "targetTags"), &rule->target_tags,
            &rule->unsure);
    as_gcp_add_names(n, as_cloud_get(&n->r, e, "target_service_accounts", "targetServiceAccounts"),
            &rule->target_accounts, &rule->unsure);
    if (rule->addresses.n == 0 && rule->tags.n == 0 && rule->accounts.n == 0 &&
            rule->unsure.n == 0) { /* without sources a rule is for everybody */
        rule->addresses = as_addresses_all();
    }
}

/* Puts a rule into its list. A rule of which it is not known when it is asked, which way it is for
 * or what it decides may come first, count both ways and allow: a rule that only perhaps holds
 * opens nothing for certain, and what it may deny is no longer certain after it. */
static void add_rule(as_gcp_network *n, as_gcp_list *list, as_gcp_rule rule,
        const as_value *priority, const as_value *direction, const as_value *disabled)
{
    const as_value *asked[] = {priority, direction, disabled};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        rule.unsure = as_value_is_unknown(asked[i]) ? as_value_reason(asked[i]) : rule.unsure;
    }
    if (as_value_is_unknown(priority)) {
        rule.priority = -1;
    }
    AS_VEC_PUSH(n->r.arena, &list->rules, rule);
    if (as_value_is_unknown(direction)) {
        rule.egress = !rule.egress;
        AS_VEC_PUSH(n->r.arena, &list->rules, rule);
    }
}

static void add_firewall(as_gcp_network *n, as_gcp_list *list, const as_entity *e)
{
    const as_value *disabled = as_cloud_get(&n->r, e, "disabled", "disabled");
    const as_value *direction = as_cloud_get(&n->r, e, "direction", "direction");
    const as_value *priority = as_cloud_get(&n->r, e, "priority", "priority");
    as_gcp_rule rule = {.entity = e, .name = e->address, .span = e->head};
    if (as_value_bool_or(disabled, false)) {
        return;
    }
    rule.egress = as_str_is(as_value_str(direction), "EGRESS");
    rule.priority = as_value_int_or(priority, 1000);
    read_sides(n, e, &rule);
    const as_value *blocks[] = {
            as_cloud_get(&n->r, e, "allow", "allowed"), as_cloud_get(&n->r, e, "deny", "denied")};
    for (size_t i = 0; i < 2; i++) {
        if (as_cloud_n(blocks[i]) == 0) {
            continue;
        }
        rule.action = i == 0 ? AS_GCP_ALLOW : AS_GCP_DENY;
        rule.ports = read_layer4(n, e, blocks[i], "protocol", "IPProtocol", &rule.unsure);
        add_rule(n, list, rule, priority, direction, disabled);
    }
}

/* "Pre-populated rules in the default network"; that they are still there is not known. */
static void add_default_rules(as_gcp_network *n, as_gcp_list *list)
{
    as_port_space *space = n->r.space.ports;
    const as_ports *every[] = {as_ports_range(space, AS_PROTOCOL_TCP, 22, 22),
            as_ports_range(space, AS_PROTOCOL_TCP, 3389, 3389),
            as_ports_protocol(space, AS_PROTOCOL_ICMP), n->r.universe};
    static const char *const names[] = {"default-allow-ssh", "default-allow-rdp",
            "default-allow-icmp", "default-allow-internal"};
    for (size_t i = 0; i < 4; i++) {
        as_cidr cidr;
        as_gcp_rule rule = {.name = as_str_from(names[i]),
                .priority = 65534,
                .ports = every[i],
                .addresses = as_addresses_all_v4(),
                .unsure = AS_STR_INIT("whether the default network still has the rules that it is "
                                      "made with is not known")};
        if (i == 3 && as_cidr_parse(AS_STR("10.128.0.0/9"), &cidr)) {
            rule.addresses = as_addresses_cidr(n->r.arena, &cidr);
        }
        AS_VEC_PUSH(n->r.arena, &list->rules, rule);
    }
}

/* --- firewall policies ------------------------------------------------------------------------ */

static as_gcp_action action_of(as_str text)
{
    return as_str_is(text, "allow")      ? AS_GCP_ALLOW
           : as_str_starts(text, "deny") ? AS_GCP_DENY
                                         : AS_GCP_NEXT;
}

/* Conditions beyond addresses that no code says the answer to. */
static void read_beyond(as_gcp_network *n, const as_entity *e, const as_value *v,
        const as_value *match, as_gcp_rule *rule)
{
    static const char *const beyond[][3] = {
            {"src_fqdns", "srcFqdns", "which addresses a name of DNS stands for is not known"},
            {"dest_fqdns", "destFqdns", "which addresses a name of DNS stands for is not known"},
            {"src_region_codes", "srcRegionCodes", "which addresses a country has is not known"},
            {"dest_region_codes", "destRegionCodes", "which addresses a country has is not known"},
            {"src_threat_intelligences", "srcThreatIntelligences",
                    "which addresses a list of Google's has is not known"},
            {"dest_threat_intelligences", "destThreatIntelligences",
                    "which addresses a list of Google's has is not known"},
            {"src_network_scope", "srcNetworkScope", "the rule is for some networks only"},
            {"dest_network_scope", "destNetworkScope", "the rule is for some networks only"},
            {"src_network_context", "srcNetworkContext", "the rule is for some networks only"},
            {"dest_network_context", "destNetworkContext", "the rule is for some networks only"},
            {"src_networks", "srcNetworks", "the rule is for some networks only"}};
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        if (as_cloud_n(as_cloud_at(&n->r, e, match, beyond[i][0], beyond[i][1])) > 0) {
            rule->unsure = as_str_from(beyond[i][2]);
        }
    }
    if (as_cloud_n(as_cloud_at(&n->r, e, v, "target_resources", "targetResources")) > 0) {
        rule->unsure = AS_STR("the rule is for some networks only");
    }
}

/* Lists of addresses that are kept apart ("Address groups for firewall policies"). */
static void add_address_groups(
        as_gcp_network *n, const as_entity *from, const as_value *names, as_gcp_rule *rule)
{
    for (size_t i = 0; i < as_cloud_n(names); i++) {
        const as_value *item = as_cloud_item(names, i);
        const as_entity *group =
                as_cloud_target(&n->r, from, item, "gcp.networksecurity.address_group");
        const as_value *items = group == NULL ? NULL : as_cloud_get(&n->r, group, "items", "items");
        if (items == NULL) {
            rule->unsure = as_cloud_doubt(item, "an address group is not in the scan");
        } else {
            as_cloud_add_cidrs(&n->r, items, &rule->addresses, &rule->unsure);
        }
    }
}

/* Blocks {name}, or in policies of organisations the names alone. */
static void add_secure_tags(as_gcp_network *n, const as_entity *e, const as_value *v,
        const char *terraform, const char *live, as_gcp_rule *rule, as_gcp_names *out)
{
    const as_value *list = as_cloud_at(&n->r, e, v, terraform, live);
    for (size_t i = 0; i < as_cloud_n(list); i++) {
        const as_value *item = as_cloud_item(list, i);
        as_gcp_add_names(n,
                as_value_is(item, AS_OBJECT) ? as_value_get(item, AS_STR("name")) : item, out,
                &rule->unsure);
    }
}

static void read_policy_sides(as_gcp_network *n, const as_entity *e, const as_value *v,
        const as_value *match, as_gcp_rule *rule)
{
    as_cloud_add_cidrs(&n->r,
            rule->egress ? as_cloud_at(&n->r, e, match, "dest_ip_ranges", "destIpRanges")
                         : as_cloud_at(&n->r, e, match, "src_ip_ranges", "srcIpRanges"),
            &rule->addresses, &rule->unsure);
    add_address_groups(n, e,
            rule->egress ? as_cloud_at(&n->r, e, match, "dest_address_groups", "destAddressGroups")
                         : as_cloud_at(&n->r, e, match, "src_address_groups", "srcAddressGroups"),
            rule);
    add_secure_tags(n, e, match, "src_secure_tags", "srcSecureTags", rule, &rule->tags);
    add_secure_tags(n, e, v, "target_secure_tags", "targetSecureTags", rule, &rule->target_tags);
    as_gcp_add_names(n,
            as_cloud_at(&n->r, e, v, "target_service_accounts", "targetServiceAccounts"),
            &rule->target_accounts, &rule->unsure);
    rule->secure = rule->tags.n > 0 || rule->target_tags.n > 0;
    read_beyond(n, e, v, match, rule);
    if (rule->addresses.n == 0 && rule->tags.n == 0 && rule->unsure.n == 0) {
        rule->addresses = as_addresses_all();
    }
}

static void add_policy_rule(
        as_gcp_network *n, as_gcp_list *list, const as_entity *e, const as_value *v, bool own)
{
    const as_value *match = as_cloud_item(as_cloud_at(&n->r, e, v, "match", "match"), 0);
    const as_value *action = as_cloud_at(&n->r, e, v, "action", "action");
    const as_value *disabled = as_cloud_at(&n->r, e, v, "disabled", "disabled");
    const as_value *direction = as_cloud_at(&n->r, e, v, "direction", "direction");
    const as_value *priority = as_cloud_at(&n->r, e, v, "priority", "priority");
    as_gcp_rule rule = {.entity = e, .name = e->address, .span = own ? e->head : v->span};
    if (as_value_bool_or(disabled, false)) {
        return;
    }
    rule.action = action_of(as_value_str(action));
    rule.egress = as_str_is(as_value_str(direction), "EGRESS");
    rule.priority = as_value_int_or(priority, INT32_MAX);
    rule.ports = read_layer4(n, e,
            own || as_cloud_is_live(e)
                    ? as_cloud_at(&n->r, e, match, "layer4_configs", "layer4Configs")
                    : as_cloud_at(&n->r, e, match, "layer4_config", NULL),
            "ip_protocol", "ipProtocol", &rule.unsure);
    read_policy_sides(n, e, v, match, &rule);
    if (as_str_is(as_value_str(action), "apply_security_profile_group")) {
        rule.action = AS_GCP_ALLOW;
        rule.unsure = AS_STR("what an inspection lets through is not known");
    } else if (as_value_is_unknown(action)) {
        rule.action = AS_GCP_ALLOW;
        rule.unsure = as_value_reason(action);
    } else if (as_value_is_unknown(match)) {
        rule.unsure = as_value_reason(match);
        rule.ports = n->r.universe;
    }
    add_rule(n, list, rule, priority, direction, disabled);
}

static as_gcp_list *policy_list(as_gcp_network *n, const as_entity *policy)
{
    static const char *const types[] = {"google_compute_firewall_policy_rule",
            "google_compute_network_firewall_policy_rule",
            "google_compute_region_network_firewall_policy_rule"};
    as_gcp_list *list = AS_NEW(n->r.arena, as_gcp_list);
    size_t count;
    list->name = policy->address;
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        const as_entity *const *all = as_graph_of_type(n->r.graph, as_str_from(types[t]), &count);
        for (size_t i = 0; i < count; i++) {
            if (as_cloud_target(&n->r, all[i], as_cloud_get(&n->r, all[i], "firewall_policy", NULL),
                        POLICY) == policy) {
                add_policy_rule(n, list, all[i], all[i]->raw, true);
            }
        }
    }
    const as_value *inlined = as_cloud_get(&n->r, policy, "rule", "rules");
    for (size_t i = 0; i < as_cloud_n(inlined); i++) {
        add_policy_rule(n, list, policy, as_cloud_item(inlined, i), false);
    }
    sort_rules(list);
    return list;
}

static void make_unsure(as_gcp_list *list)
{
    for (size_t i = 0; i < list->rules.n; i++) {
        if (list->rules.items[i].unsure.n == 0) {
            list->rules.items[i].unsure =
                    AS_STR("whether the network lies below the policy's folder or organisation is "
                           "not known");
        }
    }
}

/* Lists of hierarchical policies, each at its height. */
typedef struct placed_list {
    as_gcp_list *list;
    int height;
} placed_list;

typedef AS_VEC(placed_list) placed_lists;

/* Hierarchical policies hold for what lies below their folder or organisation. That of the
 * organisation is evaluated first, then those of the folders, from the top ("Firewall policies",
 * "Rule evaluation order"). */
static void place_list(as_gcp_network *n, uint32_t vpc, const as_entity *from,
        const as_value *target, const as_entity *policy, placed_lists *out)
{
    as_gcp_below below = as_gcp_lies_below(n, &n->vpcs.items[vpc], from, target);
    if (below.truth == AS_NO) {
        return;
    }
    placed_list placed = {policy_list(n, policy), below.height};
    if (below.truth == AS_MAYBE) {
        make_unsure(placed.list);
    }
    AS_VEC_PUSH(n->r.arena, out, placed);
    for (size_t i = out->n - 1; i > 0 && out->items[i - 1].height < placed.height; i--) {
        out->items[i] = out->items[i - 1];
        out->items[i - 1] = placed;
    }
}

static void add_associated(
        as_gcp_network *n, uint32_t vpc, const char *association, placed_lists *hierarchical)
{
    size_t count;
    const as_entity *const *all = as_graph_of_type(n->r.graph, as_str_from(association), &count);
    for (size_t i = 0; i < count; i++) {
        const as_value *at = as_cloud_get(&n->r, all[i], "attachment_target", NULL);
        if (all[i]->unit != n->vpcs.items[vpc].unit ||
                (hierarchical == NULL && as_gcp_vpc_of(n, all[i], at) != vpc + 1)) {
            continue;
        }
        const as_entity *policy = as_cloud_target(
                &n->r, all[i], as_cloud_get(&n->r, all[i], "firewall_policy", NULL), POLICY);
        if (policy != NULL && hierarchical != NULL) {
            place_list(n, vpc, all[i], at, policy, hierarchical);
        } else if (policy != NULL) {
            AS_VEC_PUSH(n->r.arena, &n->vpcs.items[vpc].lists, policy_list(n, policy));
        }
    }
}

/* Policies in answers say themselves what they are associated with. */
static void add_live(as_gcp_network *n, uint32_t vpc, placed_lists *hierarchical)
{
    size_t count;
    const as_entity *const *all =
            as_graph_of_type(n->r.graph, AS_STR("gcp:compute:firewallpolicy"), &count);
    for (size_t i = 0; i < count; i++) {
        const as_value *at = as_cloud_get(&n->r, all[i], NULL, "associations[].attachmentTarget");
        for (size_t k = 0; k < as_cloud_n(at); k++) {
            const as_value *one = as_cloud_item(at, k);
            bool network = as_str_contains(as_value_str(one), "/networks/");
            if (network == (hierarchical != NULL) ||
                    (network && as_gcp_vpc_of(n, all[i], one) != vpc + 1)) {
                continue;
            }
            if (hierarchical != NULL) {
                place_list(n, vpc, all[i], one, all[i], hierarchical);
            } else {
                AS_VEC_PUSH(n->r.arena, &n->vpcs.items[vpc].lists, policy_list(n, all[i]));
            }
        }
    }
}

static void add_hierarchical_policies(as_gcp_network *n, uint32_t vpc)
{
    placed_lists lists = {0};
    add_associated(n, vpc, "google_compute_firewall_policy_association", &lists);
    add_live(n, vpc, &lists);
    for (size_t i = 0; i < lists.n; i++) {
        AS_VEC_PUSH(n->r.arena, &n->vpcs.items[vpc].lists, lists.items[i].list);
    }
}

static void add_network_policies(as_gcp_network *n, uint32_t vpc)
{
    add_associated(n, vpc, "google_compute_network_firewall_policy_association", NULL);
    add_associated(n, vpc, "google_compute_region_network_firewall_policy_association", NULL);
    add_live(n, vpc, NULL);
}

void as_gcp_read_rules(as_gcp_network *n)
{
    size_t count;
    const as_entity *const *all =
            as_graph_of_kind(n->r.graph, AS_STR("gcp.compute.firewall"), &count);
    for (size_t i = 0; i < count; i++) { /* so that networks known by name only are there */
        (void)as_gcp_vpc_of(n, all[i], as_cloud_get(&n->r, all[i], "network", "network"));
    }
    as_gcp_list **classics = AS_NEW_ARRAY(n->r.arena, as_gcp_list *, n->vpcs.n);
    for (uint32_t v = 0; v < n->vpcs.n; v++) {
        classics[v] = AS_NEW(n->r.arena, as_gcp_list);
        classics[v]->name = AS_STR("VPC firewall rules");
        if (n->vpcs.items[v].entity == NULL && as_str_is(n->vpcs.items[v].key, "default")) {
            add_default_rules(n, classics[v]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t vpc = as_gcp_vpc_of(n, all[i], as_cloud_get(&n->r, all[i], "network", "network"));
        if (vpc > 0) {
            add_firewall(n, classics[vpc - 1], all[i]);
        }
    }
    size_t n_vpcs = n->vpcs.n;
    for (uint32_t v = 0; v < n_vpcs; v++) {
        const as_entity *e = n->vpcs.items[v].entity;
        as_str order = e == NULL ? AS_STR("")
                                 : as_value_str(as_cloud_get(&n->r, e,
                                           "network_firewall_policy_enforcement_order",
                                           "networkFirewallPolicyEnforcementOrder"));
        bool before = as_str_is(order, "BEFORE_CLASSIC_FIREWALL");
        sort_rules(classics[v]);
        add_hierarchical_policies(n, v);
        if (before) {
            add_network_policies(n, v);
        }
        AS_VEC_PUSH(n->r.arena, &n->vpcs.items[v].lists, classics[v]);
        if (!before) {
            add_network_policies(n, v);
        }
    }
}
