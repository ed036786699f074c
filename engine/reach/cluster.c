/* What runs in a cluster, and the helpers that readers of policies share. */
#include "engine/reach/cluster.h"

#include <stdlib.h>

#include "engine/reach/calico.h"
#include "engine/reach/declared.h"
#include "engine/reach/istio.h"
#include "engine/reach/labels.h"
#include "engine/reach/udn.h"
#include "engine/schema/schema.h"
#include "parsers/kubernetes/kubernetes.h"

/* --- names ----------------------------------------------------------------------------------- */

as_str as_k8s_entity_kind(const as_entity *entity)
{
    size_t slash = as_str_rfind_char(entity->type, '/');
    return slash == (size_t)-1 ? entity->type : as_str_from_index(entity->type, slash + 1);
}

/* "apps/v1/Deployment" → "apps"; of the core group "v1/Pod" → "". */
as_str as_k8s_entity_group(const as_entity *entity)
{
    size_t first = as_str_find_char(entity->type, '/');
    size_t last = as_str_rfind_char(entity->type, '/');
    return first == last ? AS_STR("") : as_str_slice(entity->type, 0, first);
}

as_str as_k8s_entity_space(const as_entity *entity)
{
    /* The space of a resource of Terraform is its module. */
    as_str space = as_k8s_is_declared(entity) ? as_k8s_declared_space(entity) : entity->space;
    return space.n > 0 ? space : AS_STR("default");
}

as_str as_endpoint_title(as_arena *arena, as_str space, as_str name, as_str kind)
{
    return as_str_fmt(
            arena, "%.*s/%.*s[%.*s]", AS_STR_ARG(space), AS_STR_ARG(name), AS_STR_ARG(kind));
}

as_str as_value_doubt(const as_value *v)
{
    if (v == NULL) {
        return AS_STR("");
    }
    if (v->kind == AS_UNKNOWN) {
        as_str reason = as_value_reason(v);
        return reason.n > 0 ? reason : AS_STR("a value is not known");
    }
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++) {
        as_str reason = as_value_doubt(v->as.list.items[i]);
        if (reason.n > 0) {
            return reason;
        }
    }
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++) {
        as_str reason = as_value_doubt(v->as.object->members[i].value);
        if (reason.n > 0) {
            return reason;
        }
    }
    return AS_STR("");
}

void as_cluster_problem(
        as_cluster *cluster, const as_entity *entity, const as_value *at, const char *fmt, ...)
{
    va_list args;
    as_buf buf;
    as_buf_init(&buf, cluster->arena, 0);
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    as_str kind = as_k8s_entity_kind(entity);
    as_diags_add(cluster->diags, AS_DIAG_WARNING, "reach-policy",
            at != NULL && at->span.file != 0 ? at->span : entity->head, "%.*s %.*s: %s",
            AS_STR_ARG(kind), AS_STR_ARG(entity->name), as_buf_c(&buf));
}

/* --- namespaces ------------------------------------------------------------------------------- */

#define NAME_LABEL "kubernetes.io/metadata.name"

/* The API server sets this label on every namespace (since 1.22), whatever the manifest says. */
static const as_value *with_name_label(as_arena *arena, const as_value *labels, as_str name)
{
    as_object_builder b;
    as_object_begin(&b, arena);
    for (size_t i = 0; labels != NULL && labels->kind == AS_OBJECT && i < labels->as.object->n;
            i++) {
        const as_member *m = &labels->as.object->members[i];
        as_object_add(&b, m->key, m->key_span, m->value);
    }
    as_object_add(&b, AS_STR(NAME_LABEL), AS_SPAN_NONE, as_value_string(arena, AS_SPAN_NONE, name));
    return as_object_end(&b, AS_SPAN_NONE);
}

static bool is_made_by_the_system(as_str name)
{
    return as_str_is(name, "default") || as_str_is(name, "kube-system") ||
           as_str_is(name, "kube-public") || as_str_is(name, "kube-node-lease");
}

as_namespace *as_cluster_namespace(as_cluster *cluster, as_str name)
{
    size_t at = (size_t)(uintptr_t)as_map_get(&cluster->namespace_index, name);
    if (at == 0) {
        as_namespace ns = {.name = name,
                .labels = with_name_label(cluster->arena, NULL, name),
                .complete = is_made_by_the_system(name)};
        AS_VEC_PUSH(cluster->arena, &cluster->namespaces, ns);
        at = cluster->namespaces.n;
        as_map_put(cluster->arena, &cluster->namespace_index, name, (void *)(uintptr_t)at);
    }
    return &cluster->namespaces.items[at - 1];
}

static void read_namespace(as_cluster *cluster, const as_entity *entity)
{
    as_namespace *ns = as_cluster_namespace(cluster, entity->name);
    const as_value *labels = as_value_path(entity->raw, "metadata.labels");
    ns->entity = entity;
    ns->complete = !as_value_is_unknown(labels);
    ns->labels = with_name_label(cluster->arena, labels, entity->name);
}

as_str as_namespace_doubt(as_arena *arena, const as_namespace *ns)
{
    return as_str_fmt(arena, AS_NAMESPACE_DOUBT "%.*s are not in the scan", AS_STR_ARG(ns->name));
}

as_truth as_namespace_match(const as_namespace *ns, const as_selector *selector)
{
    as_truth truth = as_selector_match(selector, ns->labels);
    if (ns->complete || selector->nothing) {
        return truth;
    }
    bool others = false;
    for (size_t i = 0; i < selector->requirements.n; i++) {
        as_selector one = {.unknown = selector->unknown};
        one.requirements.items = &selector->requirements.items[i];
        one.requirements.n = 1;
        if (!as_str_is(selector->requirements.items[i].key, NAME_LABEL)) {
            others = true;
        } else if (as_selector_match(&one, ns->labels) == AS_NO) {
            return AS_NO;
        }
    }
    return others ? AS_MAYBE : truth;
}

/* --- endpoints -------------------------------------------------------------------------------- */

static const as_value *template_of(const as_entity *entity)
{
    as_str group = as_k8s_entity_group(entity), kind = as_k8s_entity_kind(entity);
    const as_k8s_kind *known = as_k8s_kind_find(group, kind);
    if (known != NULL) {
        return known->pod_template == NULL      ? NULL
               : known->pod_template[0] == '\0' ? entity->raw
                                                : as_value_path(entity->raw, known->pod_template);
    }
    bool custom = as_str_is(kind, "DeploymentConfig") || as_str_is(kind, "Rollout") ||
                  as_str_is(kind, "VirtualMachine");
    return custom ? as_value_path(entity->raw, "spec.template") : NULL;
}

/* The reference to the controller that made an object; NULL: none. A mirror pod's is its node. */
static const as_value *controller_of(const as_entity *entity)
{
    const as_value *owners = as_value_path(entity->raw, "metadata.ownerReferences");
    for (size_t i = 0; i < as_value_list_count(owners); i++) {
        const as_value *owner = as_value_index(owners, i);
        if (as_value_bool_or(as_value_get(owner, AS_STR("controller")), false) &&
                !as_str_is(as_value_str(as_value_get(owner, AS_STR("kind"))), "Node")) {
            return owner;
        }
    }
    return NULL;
}

static as_addresses running_addresses(as_cluster *cluster, const as_entity *entity)
{
    const as_value *ips = as_value_path(entity->raw, "status.podIPs");
    as_addresses all = as_addresses_none();
    for (size_t i = 0; i < as_value_list_count(ips); i++) {
        as_cidr cidr;
        if (as_cidr_parse(as_value_str(as_value_path(as_value_index(ips, i), "ip")), &cidr)) {
            all = as_addresses_union(cluster->arena, all, as_addresses_cidr(cluster->arena, &cidr));
        }
    }
    return all;
}

static uint32_t add_endpoint(as_cluster *cluster, as_endpoint endpoint)
{
    as_namespace *ns = as_cluster_namespace(cluster, endpoint.space);
    endpoint.in_namespace = (uint32_t)(ns - cluster->namespaces.items);
    endpoint.index = (uint32_t)cluster->endpoints.n;
    AS_VEC_PUSH(cluster->arena, &ns->endpoints, endpoint.index);
    AS_VEC_PUSH(cluster->arena, &cluster->endpoints, endpoint);
    return endpoint.index;
}

/* Endpoints by title, each the number of the last one of that title + 1. */
static void read_endpoint(as_cluster *cluster, as_map *known, const as_entity *entity)
{
    const as_value *template = template_of(entity);
    /* The pod of a virtual machine (KubeVirt) only wraps it. */
    if (template == NULL || (as_str_starts(entity->name, "virt-launcher-") &&
                                    as_str_is(as_k8s_entity_kind(entity), "Pod"))) {
        return;
    }
    const as_value *pod = as_value_get(template, AS_STR("spec"));
    const as_value *owner = controller_of(entity);
    as_endpoint e = {.name = entity->name,
            .kind = as_k8s_entity_kind(entity),
            .space = as_k8s_entity_space(entity),
            .entity = as_graph_get(cluster->graph, entity->id),
            .labels = as_value_path(template, "metadata.labels"),
            .pod = pod,
            .addresses = running_addresses(cluster, entity),
            .account = as_value_str(as_value_get(pod, AS_STR("serviceAccountName"))),
            .host_network = as_value_bool_or(as_value_get(pod, AS_STR("hostNetwork")), false)};
    if (owner != NULL) {
        as_str kind = as_value_str(as_value_get(owner, AS_STR("kind")));
        as_str name = as_value_str(as_value_get(owner, AS_STR("name")));
        e.kind = kind.n > 0 ? kind : e.kind;
        e.name = name.n > 0 ? name : e.name;
    }
    const as_namespace *ns = as_cluster_namespace(cluster, e.space);
    as_str shown = ns->network_is_own && !ns->network_unsure
                           ? as_str_join(cluster->arena, e.space, AS_STR("[udn]"))
                           : e.space;
    e.title = as_endpoint_title(cluster->arena, shown, e.name, e.kind);
    size_t before = (size_t)(uintptr_t)as_map_get(known, e.title);
    if (before > 0) { /* another pod of the same owner */
        const as_endpoint *twin = &cluster->endpoints.items[before - 1];
        if (twin->labels == e.labels || as_value_equal(twin->labels, e.labels)) {
            AS_VEC_PUSH(cluster->arena, &cluster->replicas, (as_replica){e.entity, twin->index});
            return;
        }
    }
    uint32_t index = add_endpoint(cluster, e);
    as_map_put(cluster->arena, known, e.title, (void *)(uintptr_t)(index + 1));
}

/* A pod outside the scan, without labels, in a namespace of its own. */
static uint32_t add_virtual(as_cluster *cluster, const char *title, as_str space)
{
    as_endpoint e = {.name = as_str_from(title),
            .kind = AS_STR("Pod"),
            .space = space,
            .title = as_str_from(title),
            .is_virtual = true};
    return add_endpoint(cluster, e);
}

/* --- selecting -------------------------------------------------------------------------------- */

void as_cluster_select_in(as_cluster *cluster, const as_namespace *ns, const as_selector *selector,
        as_truth outer, as_pod_set *out)
{
    as_selection found = as_labels_select(cluster, ns, selector);
    for (size_t i = 0; i < found.n; i++) {
        const as_endpoint *endpoint = &cluster->endpoints.items[found.items[i].endpoint];
        as_truth truth = as_truth_and(outer, found.items[i].truth);
        as_pod_set_add(out, endpoint->index, truth);
        if (truth == AS_MAYBE && out->reason.n == 0) {
            out->reason = outer == AS_MAYBE ? as_namespace_doubt(cluster->arena, ns)
                                            : as_value_doubt(endpoint->labels);
        }
    }
}

as_pod_set *as_cluster_select(as_cluster *cluster, as_str own, const as_value *namespace_selector,
        const as_value *pod_selector)
{
    as_pod_set *out = as_pod_set_new(cluster->arena, cluster->endpoints.n);
    as_selector pods = {0};
    if (!as_value_is_null(pod_selector)) {
        pods = as_selector_from_value(cluster->arena, pod_selector);
    }
    if (as_value_is_null(namespace_selector)) {
        as_cluster_select_in(cluster, as_cluster_namespace(cluster, own), &pods, AS_YES, out);
    } else {
        as_selector spaces = as_selector_from_value(cluster->arena, namespace_selector);
        for (size_t i = 0; i < cluster->namespaces.n; i++) {
            const as_namespace *ns = &cluster->namespaces.items[i];
            as_truth truth = as_namespace_match(ns, &spaces);
            if (truth != AS_NO && ns->endpoints.n > 0) {
                as_cluster_select_in(cluster, ns, &pods, truth, out);
            }
        }
    }
    as_str doubt = as_value_doubt(namespace_selector);
    doubt = doubt.n > 0 ? doubt : as_value_doubt(pod_selector);
    if (doubt.n > 0) {
        out->reason = doubt;
    }
    return out;
}

/* --- ports ------------------------------------------------------------------------------------ */

static void match_container(const as_cluster *cluster, const as_value *container, as_str name,
        int protocol, as_port_bounds *out)
{
    const as_value *ports = as_value_get(container, AS_STR("ports"));
    as_port_space *space = cluster->space.ports;
    for (size_t i = 0; i < as_value_list_count(ports); i++) {
        const as_value *port = as_value_index(ports, i);
        const as_value *its_name = as_value_get(port, AS_STR("name"));
        as_str text = as_value_str(as_value_get(port, AS_STR("protocol")));
        unsigned its = AS_PROTOCOL_TCP;
        int64_t number = as_value_int_or(as_value_get(port, AS_STR("containerPort")), 0);
        if ((text.n > 0 && !as_protocol_parse(text, &its)) ||
                (protocol >= 0 && its != (unsigned)protocol)) {
            continue;
        }
        bool unknown = as_value_is_unknown(its_name) ||
                       as_value_is_unknown(as_value_get(port, AS_STR("containerPort")));
        if (!unknown &&
                (!as_str_eq(as_value_str(its_name), name) || number < 1 || number > 65535)) {
            continue;
        }
        const as_ports *one =
                unknown ? as_ports_protocol(space, its)
                        : as_ports_range(space, its, (uint32_t)number, (uint32_t)number);
        out->most = as_ports_union(space, out->most, one);
        if (!unknown) {
            out->sure = as_ports_union(space, out->sure, one);
        }
    }
}

as_port_bounds as_endpoint_named_port(
        const as_cluster *cluster, const as_endpoint *endpoint, as_str name, int protocol)
{
    const as_ports *none = as_ports_none(cluster->space.ports);
    as_port_bounds out = {none, none};
    const as_value *containers = as_value_get(endpoint->pod, AS_STR("containers"));
    for (size_t i = 0; i < as_value_list_count(containers); i++) {
        match_container(cluster, as_value_index(containers, i), name, protocol, &out);
    }
    containers = as_value_get(endpoint->pod, AS_STR("initContainers")); /* KEP-753: sidecars */
    for (size_t i = 0; i < as_value_list_count(containers); i++) {
        const as_value *c = as_value_index(containers, i);
        if (as_str_is(as_value_str(as_value_get(c, AS_STR("restartPolicy"))), "Always")) {
            match_container(cluster, c, name, protocol, &out);
        }
    }
    return out;
}

as_port_bounds as_port_match_at(
        const as_cluster *cluster, const as_port_match *match, const as_endpoint *destination)
{
    as_port_space *space = cluster->space.ports;
    as_port_bounds out = {match->fixed, match->fixed};
    if (match->perhaps != NULL) {
        out.most = as_ports_union(space, out.most, match->perhaps);
    }
    for (size_t i = 0; destination != NULL && i < match->named.n; i++) {
        const as_named_port *port = &match->named.items[i];
        as_port_bounds at =
                as_endpoint_named_port(cluster, destination, port->name, port->protocol);
        out.sure = as_ports_union(space, out.sure, at.sure);
        out.most = as_ports_union(space, out.most, at.most);
    }
    return out;
}

bool as_cluster_read_cidr(as_cluster *cluster, const as_value *text, as_addresses *out)
{
    as_cidr cidr;
    if (!as_value_is(text, AS_STRING) || !as_cidr_parse(text->as.str, &cidr)) {
        return false;
    }
    *out = as_addresses_cidr(cluster->arena, &cidr);
    return true;
}

void as_cluster_note_block(as_cluster *cluster, as_direction direction, as_addresses block)
{
    for (size_t i = 0; i < block.n; i++) {
        AS_VEC_PUSH(cluster->arena, &cluster->blocks[direction], block.ranges[i]);
    }
}

/* --- policies --------------------------------------------------------------------------------- */

as_tier *as_cluster_tier(
        as_cluster *cluster, as_layer layer, const char *name, double order, bool isolates)
{
    for (size_t i = 0; i < cluster->tiers.n; i++) {
        as_tier *tier = cluster->tiers.items[i];
        if (tier->layer == layer && as_str_is(tier->name, name)) {
            return tier;
        }
    }
    as_tier *tier = AS_NEW(cluster->arena, as_tier);
    *tier = (as_tier){.name = as_str_dup(cluster->arena, as_str_from(name)),
            .layer = layer,
            .order = order,
            .isolates = isolates};
    AS_VEC_PUSH(cluster->arena, &cluster->tiers, tier);
    return tier;
}

as_policy *as_cluster_policy(as_cluster *cluster, as_tier *tier, const as_entity *entity)
{
    as_policy *policy = AS_NEW(cluster->arena, as_policy);
    as_str kind = as_k8s_entity_kind(entity);
    policy->entity = entity;
    policy->title = entity->space.n > 0
                            ? as_str_fmt(cluster->arena, "%.*s %.*s/%.*s", AS_STR_ARG(kind),
                                      AS_STR_ARG(entity->space), AS_STR_ARG(entity->name))
                            : as_str_fmt(cluster->arena, "%.*s %.*s", AS_STR_ARG(kind),
                                      AS_STR_ARG(entity->name));
    policy->subject = as_pod_set_new(cluster->arena, cluster->endpoints.n);
    AS_VEC_PUSH(cluster->arena, &tier->policies, policy);
    return policy;
}

void as_policy_doubt(as_cluster *cluster, as_policy *policy, as_str reason)
{
    as_pod_set *subject = as_pod_set_new(cluster->arena, cluster->endpoints.n);
    as_pod_set_add_all(subject, policy->subject);
    as_pod_set_doubt(subject, reason);
    subject->reason = reason;
    policy->subject = subject;
}

static const as_policy_reader READERS[] = {
#define AS_POLICY_READER(group, kind, reader) {group, kind, as_read_##reader},
#include "engine/reach/readers.def"
};

static void read_policies(as_cluster *cluster)
{
    for (size_t i = 0; i < cluster->objects.n; i++) {
        const as_entity *entity = cluster->objects.items[i];
        as_str kind = as_k8s_entity_kind(entity), group = as_k8s_entity_group(entity);
        for (size_t r = 0; r < sizeof READERS / sizeof *READERS; r++) {
            if (as_str_is(kind, READERS[r].kind) && as_str_is(group, READERS[r].group)) {
                READERS[r].read(cluster, entity);
                break;
            }
        }
    }
}

/* Policies of a live cluster that could not be listed may close what the others open, wherever they
 * are. `entity` is any object of that cluster. */
static void read_gap(as_cluster *cluster, const as_entity *entity, const as_policy_reader *reader)
{
    as_str type = as_str_fmt(cluster->arena, "%s/v1/%s", reader->group, reader->kind);
    const as_entity_schema *schema = as_schema_of_type(type);
    as_str reason =
            schema == NULL ? AS_STR("") : as_graph_gap(cluster->graph, entity->unit, schema->kind);
    if (reason.n == 0) {
        return;
    }
    as_tier *tier = as_cluster_tier(cluster, AS_LAYER_POLICY, "not judged", -1, true);
    as_policy *policy = as_cluster_policy(cluster, tier, entity);
    policy->title = reason;
    policy->governs[AS_INGRESS] = policy->governs[AS_EGRESS] = true;
    policy->subject = cluster->everyone;
    as_policy_doubt(cluster, policy, reason);
}

static void read_gaps(as_cluster *cluster)
{
    const as_unit *unit = NULL;
    for (size_t i = 0; i < cluster->objects.n; i++) {
        const as_entity *entity = cluster->objects.items[i];
        if (entity->unit == unit || entity->origin != AS_ORIGIN_LIVE) {
            continue;
        }
        unit = entity->unit;
        for (size_t r = 0; r < sizeof READERS / sizeof *READERS; r++) {
            read_gap(cluster, entity, &READERS[r]);
        }
    }
}

static int compare_tiers(const void *a, const void *b)
{
    const as_tier *x = *(as_tier *const *)a, *y = *(as_tier *const *)b;
    if (x->layer != y->layer) {
        return x->layer < y->layer ? -1 : 1;
    }
    return x->order != y->order ? (x->order < y->order ? -1 : 1) : as_str_cmp(x->name, y->name);
}

static int compare_policies(const void *a, const void *b)
{
    const as_policy *x = *(as_policy *const *)a, *y = *(as_policy *const *)b;
    return x->order != y->order ? (x->order < y->order ? -1 : 1) : as_str_cmp(x->title, y->title);
}

static void sort_policies(as_cluster *cluster)
{
    if (cluster->tiers.n > 1) {
        qsort(cluster->tiers.items, cluster->tiers.n, sizeof(as_tier *), compare_tiers);
    }
    for (size_t i = 0; i < cluster->tiers.n; i++) {
        as_tier *tier = cluster->tiers.items[i];
        if (tier->policies.n > 1) {
            qsort(tier->policies.items, tier->policies.n, sizeof(as_policy *), compare_policies);
        }
    }
}

static const as_ports *ordinary_ports(as_port_space *space)
{
    const as_ports *all = as_ports_range(space, AS_PROTOCOL_TCP, 1, 65535);
    all = as_ports_union(space, all, as_ports_range(space, AS_PROTOCOL_UDP, 1, 65535));
    return as_ports_union(space, all, as_ports_range(space, AS_PROTOCOL_SCTP, 1, 65535));
}

/* What the objects of a cluster, already collected, say. */
static void read_cluster(as_cluster *cluster)
{
    as_map titles = {0};
    for (size_t i = 0; i < cluster->objects.n; i++) {
        if (as_str_is(as_k8s_entity_kind(cluster->objects.items[i]), "Namespace")) {
            read_namespace(cluster, cluster->objects.items[i]);
        }
    }
    for (size_t i = 0; i < cluster->objects.n; i++) {
        if (template_of(cluster->objects.items[i]) != NULL) {
            (void)as_cluster_namespace(cluster, as_k8s_entity_space(cluster->objects.items[i]));
        }
    }
    as_udn_read(cluster);
    for (size_t i = 0; i < cluster->objects.n; i++) {
        read_endpoint(cluster, &titles, cluster->objects.items[i]);
    }
    cluster->ingress_controller =
            add_virtual(cluster, "{ingress-controller}", AS_STR("{ingress-controller}"));
    cluster->gateway = add_virtual(cluster, "{gateway}", AS_STR("{gateway}"));
    as_cluster_namespace(cluster, AS_STR("{ingress-controller}"))->complete = true;
    as_cluster_namespace(cluster, AS_STR("{gateway}"))->complete = true;
    cluster->everyone = as_pod_set_all(cluster->arena, cluster->endpoints.n);
    cluster->anywhere = as_addresses_all();
    cluster->universe = as_ports_union(cluster->space.ports, ordinary_ports(cluster->space.ports),
            as_calico_protocols(cluster));
    read_policies(cluster);
    read_gaps(cluster);
    as_istio_read_peer_authentications(cluster);
    as_istio_read_sidecars(cluster);
    sort_policies(cluster);
}

/* --- which objects make up a cluster ---------------------------------------------------------- */

/* Types of Kubernetes have a group or version: so have objects in Terraform's kubernetes_manifest.
 */
static bool is_kubernetes(const as_entity *entity)
{
    return entity->origin == AS_ORIGIN_MANIFEST || entity->origin == AS_ORIGIN_HELM ||
           entity->origin == AS_ORIGIN_KUSTOMIZE || as_str_contains(entity->type, "/");
}

/* Units by their place in memory: their ids are not dense (what secrets are found in has ids from
 * the other end). */
static as_str unit_key(const as_entity *e)
{
    return (as_str){(const char *)&e->unit, sizeof e->unit};
}

/* The objects of all clusters, in the order of the graph: those that Terraform declares in its own
 * form as manifests would have them. */
typedef AS_VEC(const as_entity *) object_list;

static object_list objects_of(as_arena *arena, const as_graph *graph)
{
    object_list all = {0};
    for (uint32_t id = 1; id <= as_graph_count(graph); id++) {
        const as_entity *e = as_graph_get(graph, id);
        const as_entity *object = is_kubernetes(e) ? e : as_k8s_declared(arena, e);
        if (object != NULL) {
            AS_VEC_PUSH(arena, &all, object);
        }
    }
    return all;
}

/* The units that have an object that another unit has too. */
static as_map find_clashes(as_arena *arena, const object_list *objects)
{
    as_map clashes = {0}, owners = {0}; /* owners: group and address → the first entity */
    for (size_t i = 0; i < objects->n; i++) {
        const as_entity *e = objects->items[i];
        as_str kind = as_k8s_entity_kind(e);
        if (e->unit == NULL || e->name.n == 0 || as_str_is(kind, "Namespace")) {
            continue;
        }
        as_str key = as_str_fmt(arena, "%.*s %.*s/%.*s/%.*s", AS_STR_ARG(as_k8s_entity_group(e)),
                AS_STR_ARG(kind), AS_STR_ARG(e->space), AS_STR_ARG(e->name));
        const as_entity *owner = as_map_get(&owners, key);
        if (owner == NULL) {
            as_map_put(arena, &owners, key, (void *)(uintptr_t)e);
        } else if (owner->unit != e->unit) {
            as_map_put(arena, &clashes, unit_key(owner), (void *)(uintptr_t)owner);
            as_map_put(arena, &clashes, unit_key(e), (void *)(uintptr_t)e);
        }
    }
    return clashes;
}

static as_cluster *new_cluster(as_arena *arena, const as_graph *graph, as_diags *diags, as_str name)
{
    as_cluster *cluster = AS_NEW(arena, as_cluster);
    cluster->arena = arena;
    cluster->space = as_packet_space_new(arena);
    cluster->graph = graph;
    cluster->diags = diags;
    cluster->name = name;
    return cluster;
}

as_clusters as_clusters_read(as_arena *arena, const as_graph *graph, as_diags *diags)
{
    AS_VEC(as_cluster *) all = {0};
    as_map by_name = {0};
    object_list objects = objects_of(arena, graph);
    as_map clashes = find_clashes(arena, &objects);
    for (size_t o = 0; o < objects.n; o++) {
        const as_entity *e = objects.items[o];
        if (e->unit == NULL || !as_map_has(&clashes, unit_key(e))) {
            continue;
        }
        as_str name = e->unit->environment.n > 0 ? e->unit->environment : e->unit->name;
        if (!as_map_has(&by_name, name)) {
            as_cluster *cluster = new_cluster(arena, graph, diags, name);
            as_map_put(arena, &by_name, name, cluster);
            AS_VEC_PUSH(arena, &all, cluster);
        }
    }
    if (all.n == 0) {
        AS_VEC_PUSH(arena, &all, new_cluster(arena, graph, diags, AS_STR("")));
    }
    for (size_t o = 0; o < objects.n; o++) {
        const as_entity *e = objects.items[o];
        as_cluster *own = NULL;
        if (e->unit != NULL && as_map_has(&clashes, unit_key(e))) {
            own = as_map_get(
                    &by_name, e->unit->environment.n > 0 ? e->unit->environment : e->unit->name);
        }
        for (size_t i = 0; i < all.n; i++) {
            if (own == NULL || own == all.items[i]) {
                AS_VEC_PUSH(arena, &all.items[i]->objects, e);
            }
        }
    }
    for (size_t i = 0; i < all.n; i++) {
        read_cluster(all.items[i]);
    }
    return (as_clusters){all.items, all.n};
}
