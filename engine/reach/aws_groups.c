/* Security groups and prefix lists. Of a new group Terraform takes away the rule with which AWS
 * lets everything out (reference of aws_security_group), so that what is declared is all there is.
 */
#include <stdlib.h>

#include "engine/reach/aws_network.h"

/* Where one rule's parts are in each way of writing it. */
typedef struct spelling {
    const char *v4, *v6, *groups, *prefixes, *protocol, *from, *to;
} spelling;

static const spelling INLINE = {"cidr_blocks", "ipv6_cidr_blocks", "security_groups",
        "prefix_list_ids", "protocol", "from_port", "to_port"};
static const spelling RULE = {"cidr_blocks", "ipv6_cidr_blocks", "source_security_group_id",
        "prefix_list_ids", "protocol", "from_port", "to_port"};
static const spelling SINGLE = {"cidr_ipv4", "cidr_ipv6", "referenced_security_group_id",
        "prefix_list_id", "ip_protocol", "from_port", "to_port"};
static const spelling LIVE = {"IpRanges[].CidrIp", "Ipv6Ranges[].CidrIpv6",
        "UserIdGroupPairs[].GroupId", "PrefixListIds[].PrefixListId", "IpProtocol", "FromPort",
        "ToPort"};

#define GROUP_KIND "aws.ec2.security_group"

/* --- prefix lists ----------------------------------------------------------------------------- */

static void read_prefix_lists(as_aws_network *n)
{
    size_t count;
    const as_entity *const *lists =
            as_graph_of_kind(n->r.graph, AS_STR("aws.vpc.prefix_list"), &count);
    for (size_t i = 0; i < count; i++) {
        as_aws_prefixes *p = AS_NEW(n->r.arena, as_aws_prefixes);
        const as_value *entries = as_cloud_get(&n->r, lists[i], "entry", "Entries");
        for (size_t e = 0; e < as_cloud_n(entries); e++) {
            const as_value *cidr =
                    as_cloud_at(&n->r, lists[i], as_cloud_item(entries, e), "cidr", "Cidr");
            as_cloud_add_cidrs(&n->r, cidr, &p->addresses, &p->unsure);
        }
        if (as_value_is_unknown(entries)) {
            p->unsure = as_value_reason(entries);
        }
        as_map_put(n->r.arena, &n->prefix_lists, lists[i]->address, p);
    }
    const as_entity *const *entries =
            as_graph_of_type(n->r.graph, AS_STR("aws_ec2_managed_prefix_list_entry"), &count);
    for (size_t i = 0; i < count; i++) {
        const as_entity *list = as_cloud_target(&n->r, entries[i],
                as_cloud_get(&n->r, entries[i], "prefix_list_id", NULL), "aws.vpc.prefix_list");
        as_aws_prefixes *p = list != NULL ? as_map_get(&n->prefix_lists, list->address) : NULL;
        if (p != NULL) {
            as_cloud_add_cidrs(&n->r, as_cloud_get(&n->r, entries[i], "cidr", NULL), &p->addresses,
                    &p->unsure);
        }
    }
}

/* Lists of AWS's own ("com.amazonaws.…": S3, CloudFront) hold addresses of AWS, which nothing that
 * is judged here has, and which are no world. */
static bool is_of_aws(const as_aws_network *n, const as_entity *from, const as_value *id)
{
    size_t count;
    const as_entity *const *found = as_graph_targets(n->r.graph, n->r.arena, from, id, &count);
    for (size_t i = 0; i < count; i++) {
        as_str name = as_value_str(as_value_get(found[i]->raw, AS_STR("name")));
        if (as_str_starts(name, "com.amazonaws.")) {
            return true;
        }
    }
    return as_cloud_refers_to(id, "aws_prefix_list") || as_cloud_refers_to(id, "aws_vpc_endpoint");
}

void as_aws_add_prefixes(const as_aws_network *n, const as_entity *from, const as_value *v,
        as_addresses *out, as_str *unsure)
{
    for (size_t i = 0; i < as_cloud_n(v); i++) {
        const as_value *id = as_cloud_item(v, i);
        if ((as_value_is(id, AS_STRING) && id->as.str.n == 0) || is_of_aws(n, from, id)) {
            continue;
        }
        const as_entity *list = as_cloud_target(&n->r, from, id, "aws.vpc.prefix_list");
        const as_aws_prefixes *p =
                list != NULL ? as_map_get(&n->prefix_lists, list->address) : NULL;
        if (p == NULL || p->unsure.n > 0) {
            *unsure = p != NULL ? p->unsure
                                : AS_STR("the networks of a prefix list are not in the scan");
        }
        if (p != NULL) {
            *out = as_addresses_union(n->r.arena, *out, p->addresses);
        }
    }
}

/* A cluster of EKS stands for the group that is made with it. */
static bool is_group(const as_entity *e)
{
    return as_str_is(e->kind, GROUP_KIND) || as_cloud_is(e, "aws_eks_cluster");
}

/* --- rules ------------------------------------------------------------------------------------ */

/* A group that is not in the scan has no members there: a rule that names it lets in nothing that
 * is judged here. */
static void add_groups(
        as_aws_network *n, const as_entity *from, const as_value *v, as_aws_group_rule *rule)
{
    size_t count;
    const as_entity *const *found = as_graph_targets(n->r.graph, n->r.arena, from, v, &count);
    for (size_t i = 0; i < count; i++) {
        if (is_group(found[i])) {
            AS_VEC_PUSH(n->r.arena, &rule->groups, n->by_entity[found[i]->id] - 1);
        }
    }
}

static const as_value *part(const as_aws_network *n, const as_value *v, const char *path)
{
    const as_value *found = as_place_walk(n->r.arena, v, as_str_from(path)).value;
    return as_value_is_null(found) ? NULL : found;
}

static as_aws_group_rule read_rule(as_aws_network *n, const as_entity *entity, const as_value *v,
        const spelling *names, uint32_t own)
{
    as_aws_group_rule rule = {.entity = entity, .span = v->span};
    if (as_value_is_unknown(v)) {
        rule.ports = n->r.universe;
        rule.unsure = as_cloud_doubt(v, "a rule is not known");
        return rule;
    }
    rule.ports = as_aws_ports(&n->r, part(n, v, names->protocol), part(n, v, names->from),
            part(n, v, names->to), &rule.unsure);
    as_cloud_add_cidrs(&n->r, part(n, v, names->v4), &rule.addresses, &rule.unsure);
    as_cloud_add_cidrs(&n->r, part(n, v, names->v6), &rule.addresses, &rule.unsure);
    as_aws_add_prefixes(n, entity, part(n, v, names->prefixes), &rule.addresses, &rule.unsure);
    add_groups(n, entity, part(n, v, names->groups), &rule);
    if (as_value_bool_or(part(n, v, "self"), false)) {
        AS_VEC_PUSH(n->r.arena, &rule.groups, own);
    }
    return rule;
}

static void read_inline(as_aws_network *n, const as_entity *entity, uint32_t own)
{
    static const char *const blocks[] = {"ingress", "egress"};
    static const char *const lives[] = {"IpPermissions", "IpPermissionsEgress"};
    bool live = as_cloud_is_live(entity);
    for (size_t way = 0; way < AS_AWS_N_WAYS; way++) {
        const as_value *rules = as_cloud_get(&n->r, entity, blocks[way], lives[way]);
        for (size_t i = 0; i < as_cloud_n(rules); i++) {
            as_aws_group_rule rule =
                    read_rule(n, entity, as_cloud_item(rules, i), live ? &LIVE : &INLINE, own);
            AS_VEC_PUSH(n->r.arena, &n->groups.items[own].rules[way], rule);
        }
    }
}

/* A rule that is a resource of its own. */
static void read_separate(as_aws_network *n, const as_entity *entity)
{
    bool in = as_cloud_is(entity, "aws_vpc_security_group_ingress_rule");
    bool old = as_cloud_is(entity, "aws_security_group_rule");
    as_str type = as_value_str(as_cloud_get(&n->r, entity, "type", NULL));
    const as_value *owner = as_cloud_get(&n->r, entity, "security_group_id", NULL);
    size_t way = in || (old && as_str_is(type, "ingress")) ? AS_AWS_IN : AS_AWS_OUT, count;
    const as_entity *const *found = as_graph_targets(n->r.graph, n->r.arena, entity, owner, &count);
    for (size_t i = 0; i < count; i++) {
        if (is_group(found[i])) {
            uint32_t own = n->by_entity[found[i]->id] - 1;
            as_aws_group_rule rule = read_rule(n, entity, entity->raw, old ? &RULE : &SINGLE, own);
            rule.span = entity->head;
            AS_VEC_PUSH(n->r.arena, &n->groups.items[own].rules[way], rule);
        }
    }
}

/* What a group has as AWS makes it: its members reach one another, and go anywhere. */
static void add_first_rules(as_aws_network *n, as_aws_group *group, uint32_t own)
{
    as_aws_group_rule in = {.ports = n->r.universe}, out = {.ports = n->r.universe};
    AS_VEC_PUSH(n->r.arena, &in.groups, own);
    out.addresses = as_addresses_all();
    if (group->entity != NULL) {
        in.span = out.span = group->entity->head;
    }
    AS_VEC_PUSH(n->r.arena, &group->rules[AS_AWS_IN], in);
    AS_VEC_PUSH(n->r.arena, &group->rules[AS_AWS_OUT], out);
}

/* "Amazon EKS creates a security group for the cluster"; its nodes are in it. */
static void add_cluster_groups(as_aws_network *n)
{
    size_t count;
    const as_entity *const *clusters =
            as_graph_of_type(n->r.graph, AS_STR("aws_eks_cluster"), &count);
    for (size_t i = 0; i < count; i++) {
        as_aws_group made = {.entity = clusters[i]};
        add_first_rules(n, &made, (uint32_t)n->groups.n);
        AS_VEC_PUSH(n->r.arena, &n->groups, made);
        n->by_entity[clusters[i]->id] = (uint32_t)n->groups.n;
    }
}

void as_aws_read_groups(as_aws_network *n)
{
    static const char *const types[] = {"aws_security_group_rule",
            "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"};
    size_t count;
    const as_entity *const *groups = as_graph_of_kind(n->r.graph, AS_STR(GROUP_KIND), &count);
    read_prefix_lists(n);
    for (size_t i = 0; i < count; i++) {
        AS_VEC_PUSH(n->r.arena, &n->groups, (as_aws_group){.entity = groups[i]});
        n->by_entity[groups[i]->id] = (uint32_t)n->groups.n;
    }
    add_cluster_groups(n);
    for (uint32_t i = 0; i < count; i++) {
        read_inline(n, n->groups.items[i].entity, i);
    }
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        const as_entity *const *rules = as_graph_of_type(n->r.graph, as_str_from(types[t]), &count);
        for (size_t i = 0; i < count; i++) {
            read_separate(n, rules[i]);
        }
    }
}

/* The group that a VPC gives to what names none: its members reach one another, and go anywhere. */
uint32_t as_aws_default_group(as_aws_network *n, uint32_t vpc)
{
    as_aws_vpc *owner = &n->vpcs.items[vpc];
    for (uint32_t i = 0; owner->default_group == 0 && i < n->groups.n; i++) {
        const as_entity *e = n->groups.items[i].entity;
        if (e == NULL || owner->entity == NULL) {
            continue;
        }
        bool is_default = as_cloud_is(e, "aws_default_security_group") ||
                          (as_cloud_is_live(e) &&
                                  as_str_is(as_value_str(as_cloud_get(&n->r, e, NULL, "GroupName")),
                                          "default"));
        if (is_default &&
                as_aws_index(n, e, as_cloud_get(&n->r, e, "vpc_id", "VpcId"), "aws.vpc") == vpc) {
            owner->default_group = i + 1;
        }
    }
    if (owner->default_group == 0) {
        as_aws_group made = {0};
        add_first_rules(n, &made, (uint32_t)n->groups.n);
        AS_VEC_PUSH(n->r.arena, &n->groups, made);
        owner->default_group = (uint32_t)n->groups.n;
    }
    return owner->default_group - 1;
}

/* --- sets of groups --------------------------------------------------------------------------- */

static int compare_indexes(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

typedef AS_VEC(as_packets) packets_list;

/* In pairs, and pairs of these: a group may have thousands of rules. */
static as_packets join_all(const as_packet_space *s, packets_list *all)
{
    for (size_t n = all->n; n > 1; n = (n + 1) / 2) {
        for (size_t i = 0; i < (n + 1) / 2; i++) {
            as_packets one = all->items[2 * i];
            all->items[i] = 2 * i + 1 < n ? as_packets_union(s, one, all->items[2 * i + 1]) : one;
        }
    }
    return all->n > 0 ? all->items[0] : as_packets_none();
}

/* What the rules of a way let through by networks. */
static void join_rules(as_aws_network *n, as_aws_group_set *set, int way)
{
    const as_packet_space *s = &n->r.space;
    packets_list sure = {0}, most = {0};
    for (size_t g = 0; g < set->groups.n; g++) {
        const as_aws_group *group = &n->groups.items[set->groups.items[g]];
        for (size_t r = 0; r < group->rules[way].n; r++) {
            const as_aws_group_rule *rule = &group->rules[way].items[r];
            as_packets known = as_packets_of(s, rule->addresses, rule->ports);
            as_packets open =
                    rule->unsure.n == 0 ? known : as_packets_of(s, as_addresses_all(), rule->ports);
            if (rule->groups.n > 0) {
                AS_VEC_PUSH(n->r.arena, &set->named[way], rule);
            }
            if (rule->unsure.n == 0) {
                AS_VEC_PUSH(n->r.arena, &sure, known);
            }
            AS_VEC_PUSH(n->r.arena, &most, open);
        }
    }
    set->sure[way] = join_all(s, &sure);
    set->most[way] = sure.n == most.n ? set->sure[way] : join_all(s, &most);
}

uint32_t as_aws_group_set_of(as_aws_network *n, as_indexes groups)
{
    as_buf key;
    as_aws_group_set set = {0};
    as_buf_init(&key, n->r.arena, 0);
    if (groups.n > 1) {
        qsort(groups.items, groups.n, sizeof *groups.items, compare_indexes);
    }
    for (size_t i = 0; i < groups.n; i++) {
        if (i == 0 || groups.items[i] != groups.items[i - 1]) {
            AS_VEC_PUSH(n->r.arena, &set.groups, groups.items[i]);
            as_buf_fmt(&key, "%u ", groups.items[i]);
        }
    }
    uint32_t *known = as_map_get(&n->sets_by_key, as_buf_view(&key));
    if (known != NULL) {
        return *known;
    }
    for (int way = 0; way < AS_AWS_N_WAYS; way++) {
        join_rules(n, &set, way);
    }
    known = AS_NEW(n->r.arena, uint32_t);
    *known = (uint32_t)n->sets.n;
    AS_VEC_PUSH(n->r.arena, &n->sets, set);
    as_map_put(n->r.arena, &n->sets_by_key, as_buf_view(&key), known);
    return *known;
}
