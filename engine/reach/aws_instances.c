/* Instances, Auto Scaling groups and single interfaces: what has security groups, subnets and
 * addresses by interface. */
#include "engine/reach/aws_nodes.h"

typedef AS_VEC(const as_entity *) entity_list;

typedef struct reader {
    as_aws_network *n;
    bool *elastic;      /* by entity id: it has an elastic address */
    bool *attached;     /* interfaces that belong to an instance */
    entity_list *extra; /* interfaces of an instance that are attached by a resource */
    entity_list *sgs;   /* attachments of security groups to an instance or interface */
} reader;

static const as_entity *const *of_type(const reader *r, const char *type, size_t *n)
{
    return as_graph_of_type(r->n->r.graph, as_str_from(type), n);
}

#define ENI "aws.ec2.network_interface"
#define INSTANCE "aws.ec2.instance"

/* --- what lies beside ------------------------------------------------------------------------- */

static void mark(reader *r, const as_entity *from, const as_value *v, const char *kind, bool *flags)
{
    const as_entity *to = as_cloud_target(&r->n->r, from, v, kind);
    if (to != NULL) {
        flags[to->id] = true;
    }
}

static void read_elastic(reader *r)
{
    static const struct {
        const char *type, *instance, *interface, *live_instance, *live_interface;
    } kinds[] = {{"aws_eip", "instance", "network_interface", NULL, NULL},
            {"aws_eip_association", "instance_id", "network_interface_id", NULL, NULL},
            {"aws:ec2:elastic-ip", NULL, NULL, "InstanceId", "NetworkInterfaceId"}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t n;
        const as_entity *const *all = of_type(r, kinds[k].type, &n);
        for (size_t i = 0; i < n; i++) {
            const as_value *v =
                    as_cloud_get(&r->n->r, all[i], kinds[k].instance, kinds[k].live_instance);
            const as_value *eni =
                    as_cloud_get(&r->n->r, all[i], kinds[k].interface, kinds[k].live_interface);
            mark(r, all[i], v, INSTANCE, r->elastic);
            mark(r, all[i], eni, ENI, r->elastic);
            mark(r, all[i], eni, INSTANCE, r->elastic); /* its primary_network_interface_id */
        }
    }
}

static void attach(reader *r, const as_entity *instance, const as_entity *eni)
{
    if (instance != NULL && eni != NULL && !r->attached[eni->id]) {
        r->attached[eni->id] = true;
        AS_VEC_PUSH(r->n->r.arena, &r->extra[instance->id], eni);
    }
}

static void read_attachments(reader *r)
{
    size_t n;
    const as_entity *const *all = of_type(r, "aws_network_interface_attachment", &n);
    for (size_t i = 0; i < n; i++) {
        const as_value *to = as_cloud_get(&r->n->r, all[i], "instance_id", NULL);
        const as_value *eni = as_cloud_get(&r->n->r, all[i], "network_interface_id", NULL);
        attach(r, as_cloud_target(&r->n->r, all[i], to, INSTANCE),
                as_cloud_target(&r->n->r, all[i], eni, ENI));
    }
    all = of_type(r, "aws_network_interface", &n);
    for (size_t i = 0; i < n; i++) {
        const as_value *to = as_cloud_get(&r->n->r, all[i], "attachment[].instance", NULL);
        attach(r, as_cloud_target(&r->n->r, all[i], to, INSTANCE), all[i]);
    }
    all = of_type(r, "aws_instance", &n);
    for (size_t i = 0; i < n; i++) {
        size_t count;
        const as_value *ids =
                as_cloud_get(&r->n->r, all[i], "network_interface[].network_interface_id", NULL);
        const as_entity *const *found =
                as_graph_targets(r->n->r.graph, r->n->r.arena, all[i], ids, &count);
        for (size_t k = 0; k < count; k++) {
            attach(r, all[i], as_str_is(found[k]->kind, ENI) ? found[k] : NULL);
        }
    }
    all = of_type(r, "aws_network_interface_sg_attachment", &n);
    for (size_t i = 0; i < n; i++) {
        const as_value *to = as_cloud_get(&r->n->r, all[i], "network_interface_id", NULL);
        const as_entity *owner = as_cloud_target(&r->n->r, all[i], to, INSTANCE);
        owner = owner != NULL ? owner : as_cloud_target(&r->n->r, all[i], to, ENI);
        if (owner != NULL) {
            AS_VEC_PUSH(r->n->r.arena, &r->sgs[owner->id], all[i]);
        }
    }
}

/* Groups that are attached by resources of their own come on top. */
static void add_attached_groups(reader *r, const as_entity *owner, as_aws_interface *f)
{
    const entity_list *list = &r->sgs[owner->id];
    as_indexes all = {0}, had = r->n->sets.items[f->groups].groups;
    for (size_t i = 0; list->n > 0 && i < had.n; i++) {
        AS_VEC_PUSH(r->n->r.arena, &all, had.items[i]);
    }
    for (size_t i = 0; i < list->n; i++) {
        as_aws_add_named(r->n, list->items[i],
                as_cloud_get(&r->n->r, list->items[i], "security_group_id", NULL),
                "aws.ec2.security_group", &all, &f->no_groups);
    }
    if (list->n > 0) {
        f->groups = as_aws_group_set_of(r->n, all);
    }
}

/* --- interfaces ------------------------------------------------------------------------------- */

static as_truth by_subnets(const as_aws_network *n, const as_aws_interface *f, bool v6)
{
    as_truth all = f->no_subnets.n > 0 ? AS_MAYBE : AS_NO;
    for (size_t i = 0; i < f->subnets.n; i++) {
        const as_aws_subnet *s = &n->subnets.items[f->subnets.items[i]];
        all = as_truth_or(all, v6 ? s->v6_ips : s->public_ips);
    }
    return all;
}

static void settle_public(reader *r, const as_entity *owner, const as_value *asked, as_truth public,
        as_aws_interface *f)
{
    f->is_public = r->elastic[owner->id] ? AS_YES : public;
    if (f->is_public == AS_MAYBE) {
        f->public_reason = as_cloud_doubt(asked, "whether it has a public address is not known");
    }
}

/* An interface that is a resource, or one of an answer about interfaces. */
static as_aws_interface read_eni(reader *r, const as_entity *e)
{
    as_aws_network *n = r->n;
    as_aws_interface f = {0};
    as_str ignored = AS_STR_NONE;
    as_aws_add_named(n, e, as_cloud_get(&n->r, e, "subnet_id", "SubnetId"), "aws.vpc.subnet",
            &f.subnets, &f.no_subnets);
    as_aws_settle_subnets(n, e, &f);
    as_aws_set_groups(n, e, as_cloud_get(&n->r, e, "security_groups", "Groups[].GroupId"), &f);
    as_cloud_add_cidrs(&n->r,
            as_cloud_get(&n->r, e, "private_ips", "PrivateIpAddresses[].PrivateIpAddress"),
            &f.addresses, &ignored);
    const as_value *address = as_cloud_get(&n->r, e, NULL, "Association.PublicIp");
    f.has_v6 = as_truth_of(as_cloud_n(as_cloud_get(
                                   &n->r, e, "ipv6_addresses", "Ipv6Addresses[].Ipv6Address")) > 0);
    settle_public(r, e, NULL, as_truth_of(address != NULL), &f);
    add_attached_groups(r, e, &f);
    return f;
}

/* What an instance leaves to its launch template. */
static const as_value *or_template(const reader *r, const as_entity *e, const as_entity *template,
        const char *own, const char *of_template, const as_entity **from)
{
    const as_value *v = as_cloud_get(&r->n->r, e, own, NULL);
    *from = e;
    if (as_cloud_n(v) == 0 && template != NULL) {
        v = as_cloud_get(&r->n->r, template, of_template, NULL);
        *from = template;
    }
    return v;
}

#define MIXED "mixed_instances_policy.launch_template.launch_template_specification"

static const as_entity *template_of(const reader *r, const as_entity *e)
{
    static const char *const paths[] = {"launch_template.id", "launch_template.name",
            "launch_configuration", MIXED ".launch_template_id"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        size_t n;
        const as_value *v = as_cloud_get(&r->n->r, e, paths[i], NULL);
        const as_entity *const *found = as_graph_targets(r->n->r.graph, r->n->r.arena, e, v, &n);
        for (size_t k = 0; k < n; k++) {
            if (as_cloud_is(found[k], "aws_launch_template") ||
                    as_cloud_is(found[k], "aws_launch_configuration")) {
                return found[k];
            }
        }
    }
    return NULL;
}

static as_aws_interface read_primary(reader *r, const as_entity *e)
{
    as_aws_network *n = r->n;
    const as_entity *template = template_of(r, e), *from;
    bool old = template != NULL && as_cloud_is(template, "aws_launch_configuration");
    bool group = as_cloud_is(e, "aws_autoscaling_group");
    as_aws_interface f = {0};
    as_str ignored = AS_STR_NONE;
    const as_value *v = or_template(r, e, template, group ? "vpc_zone_identifier" : "subnet_id",
            "network_interfaces.subnet_id", &from);
    as_aws_add_named(n, from, v, "aws.vpc.subnet", &f.subnets, &f.no_subnets);
    as_aws_settle_subnets(n, e, &f);
    v = or_template(r, e, template, "vpc_security_group_ids",
            old ? "security_groups" : "network_interfaces.security_groups", &from);
    v = v != NULL ? v
                  : or_template(r, e, template, "security_groups", "vpc_security_group_ids", &from);
    as_aws_set_groups(n, from, v, &f);
    as_cloud_add_cidrs(&n->r, as_cloud_get(&n->r, e, "private_ip", NULL), &f.addresses, &ignored);
    v = or_template(r, e, template, "associate_public_ip_address",
            old ? "associate_public_ip_address" : "network_interfaces.associate_public_ip_address",
            &from);
    as_str address = as_value_str(as_cloud_get(&n->r, e, "public_ip", NULL));
    as_truth is_public = address.n > 0 ? AS_YES : as_cloud_truth(v, by_subnets(n, &f, false));
    settle_public(r, e, v, is_public, &f);
    bool has_v6 = as_cloud_n(as_cloud_get(&n->r, e, "ipv6_addresses", NULL)) > 0 ||
                  as_value_int_or(as_cloud_get(&n->r, e, "ipv6_address_count", NULL), 0) > 0;
    f.has_v6 = has_v6 ? AS_YES : by_subnets(n, &f, true);
    add_attached_groups(r, e, &f);
    return f;
}

/* One interface in the answer about an instance. */
static as_aws_interface read_answer(reader *r, const as_entity *e, const as_value *v)
{
    as_aws_network *n = r->n;
    as_aws_interface f = {0};
    as_str ignored = AS_STR_NONE;
    bool own = v != e->raw;
    as_aws_add_named(n, e, as_cloud_at(&n->r, e, v, NULL, "SubnetId"), "aws.vpc.subnet", &f.subnets,
            &f.no_subnets);
    as_aws_settle_subnets(n, e, &f);
    as_aws_set_groups(n, e,
            as_cloud_at(&n->r, e, v, NULL, own ? "Groups[].GroupId" : "SecurityGroups[].GroupId"),
            &f);
    as_cloud_add_cidrs(
            &n->r, as_cloud_at(&n->r, e, v, NULL, "PrivateIpAddress"), &f.addresses, &ignored);
    as_str address = as_value_str(
            as_cloud_at(&n->r, e, v, NULL, own ? "Association.PublicIp" : "PublicIpAddress"));
    as_str outer = as_value_str(as_cloud_get(&n->r, e, NULL, "PublicIpAddress"));
    settle_public(r, e, NULL, as_truth_of(address.n > 0 || outer.n > 0), &f);
    f.has_v6 = as_truth_of(
            as_cloud_n(as_cloud_at(&n->r, e, v, NULL, "Ipv6Addresses[].Ipv6Address")) > 0);
    return f;
}

/* --- nodes ------------------------------------------------------------------------------------ */

static void read_instance(reader *r, const as_entity *e)
{
    as_aws_network *n = r->n;
    as_aws_node node = {.entity = e, .listens = n->r.universe};
    const entity_list *enis = &r->extra[e->id];
    as_str state = as_value_str(as_cloud_get(&n->r, e, NULL, "State.Name"));
    bool has_primary = as_cloud_n(as_cloud_get(&n->r, e, "network_interface", NULL)) == 0;
    if (as_str_is(state, "terminated") || as_str_is(state, "shutting-down")) {
        return;
    }
    if (!as_cloud_is_live(e) && has_primary) {
        AS_VEC_PUSH(n->r.arena, &node.interfaces, read_primary(r, e));
    }
    const as_value *answers = as_cloud_get(&n->r, e, NULL, "NetworkInterfaces");
    for (size_t i = 0; i < as_cloud_n(answers); i++) {
        AS_VEC_PUSH(n->r.arena, &node.interfaces, read_answer(r, e, as_cloud_item(answers, i)));
    }
    if (as_cloud_is_live(e) && node.interfaces.n == 0) {
        AS_VEC_PUSH(n->r.arena, &node.interfaces, read_answer(r, e, e->raw));
    }
    for (size_t i = 0; i < enis->n; i++) {
        AS_VEC_PUSH(n->r.arena, &node.interfaces, read_eni(r, enis->items[i]));
    }
    if (node.interfaces.n == 0) { /* its interfaces are not in the scan */
        as_aws_interface f = {.no_subnets = AS_STR("its interfaces are not in the scan")};
        f.no_groups = f.no_subnets;
        f.public_reason = f.no_subnets;
        f.is_public = AS_MAYBE;
        AS_VEC_PUSH(n->r.arena, &node.interfaces, f);
    }
    as_aws_add_node(n, node);
}

static void read_lone_eni(reader *r, const as_entity *e)
{
    bool managed = as_value_bool_or(as_cloud_get(&r->n->r, e, NULL, "RequesterManaged"), false) ||
                   as_cloud_get(&r->n->r, e, NULL, "Attachment") != NULL;
    if (r->attached[e->id] || managed) {
        return;
    }
    as_aws_node node = {.entity = e, .listens = r->n->r.universe};
    AS_VEC_PUSH(r->n->r.arena, &node.interfaces, read_eni(r, e));
    as_aws_add_node(r->n, node);
}

void as_aws_read_instances(as_aws_network *n)
{
    static const char *const types[] = {"aws_instance", "aws_spot_instance_request",
            "aws_autoscaling_group", "aws:ec2:instance"};
    size_t max = as_graph_count(n->r.graph) + 1, count;
    as_arena *arena = n->r.arena;
    reader r = {.n = n,
            .elastic = AS_NEW_ARRAY(arena, bool, max),
            .attached = AS_NEW_ARRAY(arena, bool, max),
            .extra = AS_NEW_ARRAY(arena, entity_list, max),
            .sgs = AS_NEW_ARRAY(arena, entity_list, max)};
    (void)as_aws_group_set_of(n, (as_indexes){0}); /* the set 0 has no groups */
    read_elastic(&r);
    read_attachments(&r);
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        const as_entity *const *all = of_type(&r, types[t], &count);
        for (size_t i = 0; i < count; i++) {
            read_instance(&r, all[i]);
        }
    }
    const as_entity *const *enis = as_graph_of_kind(n->r.graph, AS_STR(ENI), &count);
    for (size_t i = 0; i < count; i++) {
        read_lone_eni(&r, enis[i]);
    }
}
