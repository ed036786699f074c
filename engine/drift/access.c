/* What grants access by lists of its own: rules of security groups, policies of identities; and
 * what services make for themselves. */
#include "engine/drift/internal.h"

/* --- security groups -----------------------------------------------------------------------------
 */

typedef struct ruling {
    as_comparing *c;
    as_texts texts;
    bool unknown;
    as_span span;
} ruling;

static const as_value *at(ruling *r, const as_value *v, const char *path)
{
    const as_value *found = as_place_walk(r->c->arena, v, as_str_from(path)).value;
    if (found != NULL && as_value_has_unknown(found)) {
        r->unknown = true;
        return NULL;
    }
    return found;
}

/* "tcp 22", "tcp 1000-2000", "all" */
static as_str traffic(ruling *r, const as_value *protocol, const as_value *from, const as_value *to)
{
    static const struct {
        const char *number, *word;
    } names[] = {{"-1", "all"}, {"6", "tcp"}, {"17", "udp"}, {"1", "icmp"}, {"58", "icmpv6"}};
    as_arena *arena = r->c->arena;
    as_str word = as_str_lower(arena, as_drift_text(arena, protocol));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        word = as_str_is(word, names[i].number) ? as_str_from(names[i].word) : word;
    }
    as_str low = as_drift_text(arena, from), high = as_drift_text(arena, to);
    if (as_str_is(word, "all") || low.n == 0) {
        return word;
    }
    return as_str_eq(low, high) ? as_str_fmt(arena, "%.*s %.*s", AS_STR_ARG(word), AS_STR_ARG(low))
                                : as_str_fmt(arena, "%.*s %.*s-%.*s", AS_STR_ARG(word),
                                          AS_STR_ARG(low), AS_STR_ARG(high));
}

static void add_peers(ruling *r, as_str ports, const as_value *peers)
{
    bool is_list = as_value_is(peers, AS_LIST);
    size_t n = is_list ? as_value_count(peers) : !as_value_is_null(peers);
    for (size_t i = 0; i < n; i++) {
        as_str peer = as_drift_text(r->c->arena, is_list ? as_value_index(peers, i) : peers);
        if (peer.n > 0) {
            AS_VEC_PUSH(r->c->arena, &r->texts,
                    as_str_fmt(r->c->arena, "%.*s %.*s", AS_STR_ARG(ports), AS_STR_ARG(peer)));
        }
    }
}

static void add_live(ruling *r, const char *list)
{
    static const char *const peers[] = {"IpRanges[].CidrIp", "Ipv6Ranges[].CidrIpv6",
            "UserIdGroupPairs[].GroupId", "PrefixListIds[].PrefixListId"};
    const as_value *rules = at(r, r->c->live->raw, list);
    for (size_t i = 0; i < as_value_count(rules); i++) {
        const as_value *rule = as_value_index(rules, i);
        as_str ports = traffic(
                r, at(r, rule, "IpProtocol"), at(r, rule, "FromPort"), at(r, rule, "ToPort"));
        for (size_t k = 0; k < sizeof peers / sizeof *peers; k++) {
            add_peers(r, ports, at(r, rule, peers[k]));
        }
    }
    r->unknown = r->unknown || rules == NULL;
    r->span = rules != NULL ? rules->span : AS_SPAN_NONE;
}

/* A group that code names by reference is called as the account calls it. */
static void add_group(ruling *r, as_str ports, const as_entity *from, const as_value *v)
{
    const as_graph *graph = r->c->graph;
    size_t n, n_edges;
    if (as_value_is(v, AS_LIST)) {
        for (size_t i = 0; i < as_value_count(v); i++) {
            add_group(r, ports, from, as_value_index(v, i));
        }
        return;
    }
    if (!as_value_is_unknown(v)) {
        add_peers(r, ports, v);
        return;
    }
    const as_entity *const *targets = as_graph_targets(graph, r->c->arena, from, v, &n);
    for (size_t i = 0; i < n; i++) {
        const as_edge *const *edges = as_graph_edges_from(graph, targets[i]->id, &n_edges);
        for (size_t k = 0; k < n_edges; k++) {
            if (edges[k]->type == AS_EDGE_declares) {
                const as_entity *there = as_graph_get(graph, edges[k]->to);
                add_peers(r, ports, as_value_get(there->raw, AS_STR("GroupId")));
                return;
            }
        }
    }
    r->unknown = true;
}

static const as_value *raw_at(as_comparing *c, const as_value *v, const char *path)
{
    return as_place_walk(c->arena, v, as_str_from(path)).value;
}

/* A block `ingress`, or a resource that is one rule. */
static void add_code(ruling *r, const as_entity *from, const as_value *rule, bool modern)
{
    as_str ports = traffic(r, at(r, rule, modern ? "ip_protocol" : "protocol"),
            at(r, rule, "from_port"), at(r, rule, "to_port"));
    add_peers(r, ports, at(r, rule, modern ? "cidr_ipv4" : "cidr_blocks"));
    add_peers(r, ports, at(r, rule, modern ? "cidr_ipv6" : "ipv6_cidr_blocks"));
    add_peers(r, ports, at(r, rule, modern ? "prefix_list_id" : "prefix_list_ids"));
    add_group(r, ports, from,
            raw_at(r->c, rule, modern ? "referenced_security_group_id" : "security_groups"));
    add_group(r, ports, from, raw_at(r->c, rule, "source_security_group_id"));
    if (as_value_bool_or(at(r, rule, "self"), false)) {
        add_peers(r, ports, as_value_get(r->c->live->raw, AS_STR("GroupId")));
    }
}

/* "ingress" or "egress" of a resource that is one rule. */
static bool is_direction(ruling *r, const as_entity *rule, const char *direction)
{
    if (as_str_is(rule->type, "aws_security_group_rule")) {
        return as_str_is(as_value_str(at(r, rule->raw, "type")), direction);
    }
    return as_str_contains(rule->type, direction);
}

static size_t add_all_code(ruling *r, const char *direction)
{
    const as_entity *code = r->c->code;
    const as_value *blocks = at(r, code->raw, direction);
    size_t n, n_rules = as_value_count(blocks);
    bool unsure = false;
    for (size_t i = 0; i < as_value_count(blocks); i++) {
        add_code(r, code, as_value_index(blocks, i), false);
    }
    const as_entity *const *rules =
            as_graph_satellites(r->c->graph, code, AS_STR("rule"), &n, &unsure);
    for (size_t i = 0; i < n; i++) {
        if (is_direction(r, rules[i], direction)) {
            add_code(r, rules[i], rules[i]->raw,
                    !as_str_is(rules[i]->type, "aws_security_group_rule"));
            n_rules++;
        }
    }
    r->unknown = r->unknown || unsure;
    r->span = blocks != NULL ? blocks->span : code->head;
    return n_rules;
}

void as_drift_compare_groups(as_comparing *c)
{
    static const char *const directions[][2] = {
            {"ingress", "IpPermissions"}, {"egress", "IpPermissionsEgress"}};
    if (!as_str_is(c->live->type, "aws:ec2:security-group")) {
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        ruling code = {.c = c}, live = {.c = c};
        size_t n = add_all_code(&code, directions[i][0]);
        add_live(&live, directions[i][1]);
        /* Code that says nothing about what leaves the group leaves it as it is. */
        bool silent = n == 0 && i == 1;
        if (!code.unknown && !live.unknown && !silent) {
            as_drift_compare_sets(
                    c, directions[i][0], &code.texts, &live.texts, code.span, live.span);
        }
    }
}

/* --- policies of identities ----------------------------------------------------------------------
 */

static as_str last_name(as_str text)
{
    return as_str_from_index(text, as_str_rfind_char(text, '/') + 1);
}

static void add_policy(ruling *r, const as_entity *from, const as_value *v)
{
    size_t n;
    if (as_value_is(v, AS_STRING)) {
        AS_VEC_PUSH(r->c->arena, &r->texts, last_name(v->as.str));
        return;
    }
    const as_entity *const *targets = as_graph_targets(r->c->graph, r->c->arena, from, v, &n);
    as_str name = n == 1 ? as_value_str(as_value_get(targets[0]->raw, AS_STR("name"))) : AS_STR("");
    if (name.n > 0) {
        AS_VEC_PUSH(r->c->arena, &r->texts, name);
    } else {
        r->unknown = true;
    }
}

void as_drift_compare_attachments(as_comparing *c)
{
    size_t n;
    bool unsure = false;
    ruling code = {.c = c, .span = c->code->head}, live = {.c = c};
    const as_value *attached = as_value_get(c->live->raw, AS_STR("AttachedManagedPolicies"));
    if (!as_value_is(attached, AS_LIST) || (!as_str_is(c->live->kind, "aws.iam.role") &&
                                                   !as_str_is(c->live->kind, "aws.iam.user"))) {
        return;
    }
    const as_entity *const *attachments =
            as_graph_satellites(c->graph, c->code, AS_STR("attachment"), &n, &unsure);
    for (size_t i = 0; i < n; i++) {
        add_policy(&code, attachments[i], as_value_get(attachments[i]->raw, AS_STR("policy_arn")));
    }
    const as_value *own = raw_at(c, c->code->raw, "managed_policy_arns");
    for (size_t i = 0; i < as_value_count(own); i++) {
        add_policy(&code, c->code, as_value_index(own, i));
    }
    /* aws_iam_policy_attachment names many holders; whose they are is not told here. */
    size_t n_shared;
    (void)as_graph_of_type(c->graph, AS_STR("aws_iam_policy_attachment"), &n_shared);
    for (size_t i = 0; i < as_value_count(attached); i++) {
        add_policy(&live, c->live, as_value_get(as_value_index(attached, i), AS_STR("PolicyArn")));
    }
    if (!code.unknown && !live.unknown && !unsure && n_shared == 0 && !as_value_is_unknown(own)) {
        as_drift_compare_sets(
                c, "attached_policies", &code.texts, &live.texts, code.span, attached->span);
    }
}

/* --- what services make --------------------------------------------------------------------------
 */

bool as_drift_is_made_by_service(const as_entity *live)
{
    if (as_drift_is_object(live)) {
        return as_drift_is_made_by_cluster(live);
    }
    if (as_drift_is_made_by_google(live)) {
        return true;
    }
    static const struct {
        const char *kind, *path, *begins; /* the attribute is true, or begins so */
    } made[] = {
            {"aws.vpc", "IsDefault", NULL},
            {"aws.vpc.subnet", "DefaultForAz", NULL},
            {"aws.vpc.network_acl", "IsDefault", NULL},
            {"aws.vpc.route_table", "Associations[0].Main", NULL},
            {"aws.ec2.security_group", "GroupName", "default"},
            {"aws.ec2.volume", "Attachments[0].DeleteOnTermination", NULL},
            {"aws.kms.key", "KeyManager", "AWS"},
            {"aws.kms.alias", "AliasName", "alias/aws/"},
            {"aws.iam.role", "Path", "/aws-service-role/"},
            {"aws.iam.role", "Path", "/aws-reserved/"},
            {"aws.rds.parameter_group", "DBParameterGroupName", "default."},
            {"aws.route53.record", "Type", "SOA"},
            {"aws.route53.record", "Type", "NS"},
    };
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        const as_value *v = as_value_path(live->raw, made[i].path);
        if (as_str_is(live->kind, made[i].kind) &&
                (made[i].begins == NULL ? as_value_bool_or(v, false)
                                        : as_str_starts(as_value_str(v), made[i].begins))) {
            return true;
        }
    }
    /* Stacks, groups and clusters write their own tags on what they made. */
    const as_value *tags = as_value_get(live->raw, AS_STR("tags"));
    return as_value_get(tags, AS_STR("aws:cloudformation:stack-name")) != NULL ||
           as_value_get(tags, AS_STR("aws:autoscaling:groupName")) != NULL ||
           as_value_get(tags, AS_STR("aws:eks:cluster-name")) != NULL;
}
