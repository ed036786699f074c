/* Security groups. Of a new group Terraform takes away the rule with which AWS lets everything out
 * (reference of aws_security_group), so that what is declared is all there is. */
#include "engine/reach/aws_network.h"

/* The names of one rule's parts in each way of writing it. */
typedef struct spelling {
    const char *v4, *v6, *groups, *protocol, *from, *to;
} spelling;

static const spelling INLINE = {
        "cidr_blocks", "ipv6_cidr_blocks", "security_groups", "protocol", "from_port", "to_port"};
static const spelling RULE = {"cidr_blocks", "ipv6_cidr_blocks", "source_security_group_id",
        "protocol", "from_port", "to_port"};
static const spelling SINGLE = {"cidr_ipv4", "cidr_ipv6", "referenced_security_group_id",
        "ip_protocol", "from_port", "to_port"};

static const as_value *get(const as_value *v, const char *name)
{
    return as_value_get(v, as_str_from(name));
}

static bool is_group(const as_entity *entity)
{
    return as_aws_is(entity, "aws_security_group") ||
           as_aws_is(entity, "aws_default_security_group");
}

static void add_groups(
        as_aws_network *network, const as_entity *from, const as_value *v, as_aws_group_rule *rule)
{
    size_t n, n_named = as_value_is(v, AS_LIST) ? as_value_count(v) : !as_value_is_null(v);
    const as_entity *const *found = as_graph_targets(network->graph, network->arena, from, v, &n);
    size_t n_found = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_group(found[i])) {
            AS_VEC_PUSH(network->arena, &rule->groups, network->by_entity[found[i]->id] - 1);
            n_found++;
        }
    }
    if (n_found < n_named && rule->unsure.n == 0) {
        rule->unsure = as_aws_doubt(v, "a security group that a rule names is not in the scan");
    }
}

static as_aws_group_rule read_rule(as_aws_network *network, const as_entity *entity,
        const as_value *v, const spelling *names, uint32_t own)
{
    as_aws_group_rule rule = {.entity = entity, .span = v->span};
    rule.ports = as_aws_ports(
            network, get(v, names->protocol), get(v, names->from), get(v, names->to), &rule.unsure);
    as_aws_add_cidrs(network, get(v, names->v4), &rule.addresses, &rule.unsure);
    as_aws_add_cidrs(network, get(v, names->v6), &rule.addresses, &rule.unsure);
    add_groups(network, entity, get(v, names->groups), &rule);
    if (as_value_bool_or(get(v, "self"), false)) {
        AS_VEC_PUSH(network->arena, &rule.groups, own);
    }
    if (as_value_count(get(v, "prefix_list_ids")) > 0 ||
            !as_value_is_null(get(v, "prefix_list_id"))) {
        rule.unsure = AS_STR("the networks of a prefix list are not in the scan");
    }
    return rule;
}

static void read_inline(as_aws_network *network, const as_entity *entity, uint32_t own)
{
    static const char *const blocks[] = {"ingress", "egress"};
    for (size_t way = 0; way < AS_AWS_N_WAYS; way++) {
        const as_value *rules = as_aws_get(entity, blocks[way]);
        if (as_value_is_unknown(rules)) {
            as_aws_group_rule rule = {.entity = entity,
                    .span = rules->span,
                    .ports = network->universe,
                    .unsure = as_aws_doubt(rules, "the rules are not known")};
            AS_VEC_PUSH(network->arena, &network->groups.items[own].rules[way], rule);
        }
        for (size_t i = 0; as_value_is(rules, AS_LIST) && i < as_value_list_count(rules); i++) {
            const as_value *v = as_value_index(rules, i);
            as_aws_group_rule rule = read_rule(network, entity, v, &INLINE, own);
            AS_VEC_PUSH(network->arena, &network->groups.items[own].rules[way], rule);
        }
    }
}

/* A rule that is a resource of its own. One for a group that is not known may be for any group. */
static void read_separate(as_aws_network *network, const as_entity *entity)
{
    bool in = as_aws_is(entity, "aws_vpc_security_group_ingress_rule");
    bool out = as_aws_is(entity, "aws_vpc_security_group_egress_rule");
    bool old = as_aws_is(entity, "aws_security_group_rule");
    if (!in && !out && !old) {
        return;
    }
    as_str type = as_value_str(as_aws_get(entity, "type"));
    const as_value *owner = as_aws_get(entity, "security_group_id");
    size_t way = in || (old && as_str_is(type, "ingress")) ? AS_AWS_IN : AS_AWS_OUT, n;
    const as_entity *const *found =
            as_graph_targets(network->graph, network->arena, entity, owner, &n);
    for (size_t i = 0; i < n; i++) {
        if (is_group(found[i])) {
            uint32_t own = network->by_entity[found[i]->id] - 1;
            as_aws_group_rule rule =
                    read_rule(network, entity, entity->raw, old ? &RULE : &SINGLE, own);
            rule.span = entity->head;
            AS_VEC_PUSH(network->arena, &network->groups.items[own].rules[way], rule);
        }
    }
}

void as_aws_read_groups(as_aws_network *network)
{
    for (uint32_t id = 1; id <= as_graph_count(network->graph); id++) {
        const as_entity *entity = as_graph_get(network->graph, id);
        if (is_group(entity)) {
            AS_VEC_PUSH(network->arena, &network->groups, (as_aws_group){.entity = entity});
            network->by_entity[id] = (uint32_t)network->groups.n;
        }
    }
    for (uint32_t i = 0; i < network->groups.n; i++) {
        read_inline(network, network->groups.items[i].entity, i);
    }
    for (uint32_t id = 1; id <= as_graph_count(network->graph); id++) {
        read_separate(network, as_graph_get(network->graph, id));
    }
}
