/* Links of the network: exposures and connections of clusters and clouds. */
#include "engine/paths/internal.h"

/* --- clusters ------------------------------------------------------------------------------------
 */

/* Ranges of a few addresses are somebody's, not the internet. */
static bool is_for_everybody(as_arena *arena, as_addresses sources)
{
    as_addresses open = as_addresses_intersect(arena, sources, as_addresses_internet_v4(arena));
    as_address n = 0;
    for (size_t i = 0; i < open.n; i++) {
        n += open.ranges[i].last - open.ranges[i].first + 1;
    }
    return n >= (as_address)1 << 24;
}

static as_str ports_text(as_arena *arena, const as_cluster *cluster, const as_ports *ports)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    as_ports_write(&buf, ports, cluster->universe);
    return as_buf_view(&buf);
}

/* An Ingress that asks callers who they are lets nobody in from nowhere. */
static bool authenticates(const as_entity *by)
{
    static const char *const names[] = {"nginx.ingress.kubernetes.io/auth-url",
            "nginx.ingress.kubernetes.io/auth-type", "nginx.ingress.kubernetes.io/auth-tls-secret",
            "alb.ingress.kubernetes.io/auth-type", "haproxy.org/auth-type",
            "haproxy-ingress.github.io/auth-url"};
    const as_value *annotations = as_value_path(by->raw, "metadata.annotations");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        as_str value = as_value_str(as_value_get(annotations, as_str_from(names[i])));
        if (value.n > 0 && !as_str_is(value, "none")) {
            return true;
        }
    }
    return false;
}

static void add_exposure(as_attack *attack, const as_cluster *cluster, const as_exposure *e)
{
    const as_endpoint *endpoint = &cluster->endpoints.items[e->endpoint];
    if (e->internal || endpoint->entity == NULL || as_ports_is_empty(e->open.most) ||
            !is_for_everybody(attack->arena, e->sources) || authenticates(e->by)) {
        return;
    }
    bool certain = !as_ports_is_empty(e->open.sure);
    as_str ports = ports_text(attack->arena, cluster, certain ? e->open.sure : e->open.most);
    attack_vertex *to = attack_add(attack, AS_ATTACK_WORKLOAD, endpoint->entity);
    as_attack_link link = {.from = attack->internet,
            .to = to->node.id,
            .hop = AS_HOP_exposes,
            .certain = certain,
            .note = as_str_fmt(attack->arena, "%.*s leads to %.*s", AS_STR_ARG(e->by->address),
                    AS_STR_ARG(ports)),
            .reason = e->unsure,
            .span = e->by->head};
    attack_link(attack, link, false);
}

/* Whether other workloads have something to connect to: a Service leads there. */
static bool is_behind_service(const as_attack *attack, const as_endpoint *endpoint)
{
    size_t n = 0;
    const as_edge *const *edges =
            endpoint->entity == NULL ? NULL
                                     : as_graph_edges_to(attack->graph, endpoint->entity->id, &n);
    for (size_t i = 0; i < n; i++) {
        if (edges[i]->type == AS_EDGE_selects &&
                as_str_is(as_graph_get(attack->graph, edges[i]->from)->kind, "k8s.service")) {
            return true;
        }
    }
    return false;
}

static attack_vertex *transit(
        as_attack *attack, const char *world, size_t place, uint32_t class, bool out)
{
    as_str key = as_str_fmt(attack->arena, "transit %s %zu %u %d", world, place, class, out);
    attack_vertex *v =
            attack_add_named(attack, AS_ATTACK_TRANSIT, key, AS_STR("the network"), AS_STR(""));
    v->place = place;
    v->at = class;
    return v;
}

/* From what a class of endpoints sends to what others let in. */
static void expand_class(as_attack *attack, attack_vertex *vertex)
{
    attack_cluster c = attack->clusters.items[vertex->place];
    for (uint32_t to = 0; to < as_filter_n_classes(c.filter); to++) {
        if (c.in[to] == 0 || c.any_of_class[to] == 0) {
            continue;
        }
        as_port_bounds open = as_filter_connection(
                c.filter, c.any_of_class[vertex->at] - 1, c.any_of_class[to] - 1, NULL);
        if (as_ports_is_empty(open.most)) {
            continue;
        }
        bool certain = !as_ports_is_empty(open.sure);
        as_attack_link link = {.from = vertex->node.id,
                .to = c.in[to],
                .hop = AS_HOP_reach,
                .lateral = true,
                .certain = certain,
                .note = ports_text(attack->arena, c.cluster, certain ? open.sure : open.most),
                .reason =
                        certain ? AS_STR("") : AS_STR("a policy on the way is not known in full")};
        attack_link(attack, link, true);
    }
}

static void link_free(as_attack *attack, uint32_t from, uint32_t to)
{
    as_attack_link link = {.from = from,
            .to = to,
            .hop = AS_HOP_reach,
            .lateral = true,
            .free = true,
            .certain = true};
    attack_link(attack, link, true);
}

static void add_endpoint(as_attack *attack, size_t place, uint32_t i)
{
    attack_cluster *c = &attack->clusters.items[place];
    const as_endpoint *endpoint = &c->cluster->endpoints.items[i];
    uint32_t class = as_filter_class(c->filter, i);
    if (endpoint->entity == NULL || endpoint->is_virtual) {
        return;
    }
    attack_vertex *v = attack_add(attack, AS_ATTACK_WORKLOAD, endpoint->entity);
    if (c->out[class] == 0) {
        attack_vertex *out = transit(attack, "cluster", place, class, true);
        c->out[class] = out->node.id;
        attack_expand_with(attack, out, expand_class);
    }
    link_free(attack, v->node.id, c->out[class]);
    if (is_behind_service(attack, endpoint)) {
        c->in[class] = transit(attack, "cluster", place, class, false)->node.id;
        link_free(attack, c->in[class], v->node.id);
    }
}

bool attack_in_cluster(const as_attack *attack, const as_entity *entity, size_t cluster)
{
    uint32_t of = attack->cluster_of[entity->id];
    return of == cluster || of == IN_EVERY_CLUSTER;
}

void attack_read_clusters(as_attack *attack)
{
    as_clusters clusters = as_clusters_read(attack->arena, attack->graph, &attack->diags);
    attack->cluster_of = AS_NEW_ARRAY(attack->arena, uint32_t, as_graph_count(attack->graph) + 1);
    for (size_t i = 0; i < clusters.n; i++) {
        for (size_t o = 0; o < clusters.items[i]->objects.n; o++) {
            uint32_t *of = &attack->cluster_of[clusters.items[i]->objects.items[o]->id];
            *of = *of == 0 ? (uint32_t)i + 1 : IN_EVERY_CLUSTER;
        }
        attack_cluster c = {.cluster = clusters.items[i]};
        c.filter = as_filter_new(c.cluster);
        size_t n = as_filter_n_classes(c.filter);
        c.out = AS_NEW_ARRAY(attack->arena, uint32_t, n + 1);
        c.in = AS_NEW_ARRAY(attack->arena, uint32_t, n + 1);
        c.any_of_class = AS_NEW_ARRAY(attack->arena, uint32_t, n + 1);
        for (uint32_t e = 0; e < c.cluster->endpoints.n; e++) {
            uint32_t *any = &c.any_of_class[as_filter_class(c.filter, e)];
            *any = *any == 0 ? e + 1 : *any;
        }
        c.exposures = as_exposures_read(c.cluster, c.filter);
        AS_VEC_PUSH(attack->arena, &attack->clusters, c);
        for (size_t e = 0; e < c.exposures.n; e++) {
            add_exposure(attack, c.cluster, &c.exposures.items[e]);
        }
        for (uint32_t e = 0; e < c.cluster->endpoints.n; e++) {
            add_endpoint(attack, i, e);
        }
    }
}

/* --- clouds --------------------------------------------------------------------------------------
 */

static const struct {
    const char *part; /* of the type */
    as_attack_kind kind;
} node_kinds[] = {{"_lb", AS_ATTACK_ENTRY}, {"_alb", AS_ATTACK_ENTRY}, {"_elb", AS_ATTACK_ENTRY},
        {"forwarding_rule", AS_ATTACK_ENTRY}, {"aws_db_", AS_ATTACK_STORE},
        {"aws_rds_", AS_ATTACK_STORE}, {"aws_docdb_", AS_ATTACK_STORE},
        {"aws_neptune_", AS_ATTACK_STORE}, {"aws_elasticache_", AS_ATTACK_STORE},
        {"aws_redshift_", AS_ATTACK_STORE}, {"aws_opensearch_", AS_ATTACK_STORE},
        {"aws_elasticsearch_", AS_ATTACK_STORE}, {"_sql_", AS_ATTACK_STORE}};

static as_attack_kind kind_of_node(const as_entity *entity)
{
    for (size_t i = 0; i < sizeof node_kinds / sizeof *node_kinds; i++) {
        bool suffix = node_kinds[i].part[0] == '_' && node_kinds[i].kind == AS_ATTACK_ENTRY;
        if (suffix ? as_str_ends(entity->type, node_kinds[i].part)
                   : as_str_contains(entity->type, node_kinds[i].part)) {
            return node_kinds[i].kind;
        }
    }
    return AS_ATTACK_WORKLOAD;
}

/* The last rule on the way that has a place: what lets the connection in. */
static as_span place_of(const as_cloud_answer *answer, as_span otherwise)
{
    for (size_t i = answer->steps.n; i > 0; i--) {
        if (answer->steps.items[i - 1].span.file != 0) {
            return answer->steps.items[i - 1].span;
        }
    }
    return otherwise;
}

static void add_answer(as_attack *attack, const as_cloud *cloud, const as_cloud_answer *answer,
        as_attack_link link)
{
    as_truth verdict = as_cloud_verdict(cloud, answer, NULL);
    if (verdict == AS_NO) {
        return;
    }
    as_buf buf;
    as_buf_init(&buf, attack->arena, 0);
    as_ports_write(
            &buf, verdict == AS_YES ? answer->ports.sure : answer->ports.most, cloud->universe);
    link.certain = verdict == AS_YES;
    link.note = as_buf_view(&buf);
    link.reason = verdict == AS_YES ? AS_STR("") : as_str_dup(attack->arena, answer->reason);
    link.span = place_of(answer, link.span);
    attack_link(attack, link, false);
}

/* Functions have interfaces to send from, and nothing listens there; load balancers lead to what is
 * exposed through them, which is said of that. */
static bool is_served(const as_entity *node)
{
    return !as_str_contains(node->type, "lambda") && kind_of_node(node) != AS_ATTACK_ENTRY;
}

static attack_classes members_of(as_attack *attack, const as_cloud *cloud)
{
    attack_classes m = {.one = AS_NEW_ARRAY(attack->arena, uint32_t, cloud->n_classes + 1),
            .other = AS_NEW_ARRAY(attack->arena, uint32_t, cloud->n_classes + 1),
            .in = AS_NEW_ARRAY(attack->arena, uint32_t, cloud->n_classes + 1)};
    for (uint32_t i = 0; i < cloud->n; i++) {
        uint32_t class = cloud->classes[i];
        uint32_t *slot = m.one[class] == 0 ? &m.one[class] : &m.other[class];
        *slot = *slot == 0 ? i + 1 : *slot;
    }
    return m;
}

static void expand_cloud_class(as_attack *attack, attack_vertex *vertex)
{
    const as_cloud *cloud = &attack->clouds[vertex->place];
    const attack_classes *m = &attack->cloud_classes[vertex->place];
    uint32_t from = m->one[vertex->at];
    for (uint32_t class = 0; class < cloud->n_classes; class ++) {
        uint32_t to = class == vertex->at ? m->other[class] : m->one[class];
        if (to == 0 || m->in[class] == 0 ||
                cloud->nodes[to - 1]->unit != cloud->nodes[from - 1]->unit) {
            continue;
        }
        if (!attack_may_ask(attack, "pairs of machines in networks of clouds")) {
            return;
        }
        as_cloud_side a = as_cloud_side_node(from - 1), b = as_cloud_side_node(to - 1);
        as_cloud_answer answer = as_cloud_ask(cloud, &a, &b, NULL);
        as_attack_link link = {.from = vertex->node.id,
                .to = m->in[class],
                .hop = AS_HOP_reach,
                .lateral = true,
                .span = cloud->nodes[to - 1]->head};
        add_answer(attack, cloud, &answer, link);
    }
}

static void add_node(as_attack *attack, size_t c, uint32_t i, attack_classes *m)
{
    const as_cloud *cloud = &attack->clouds[c];
    uint32_t class = cloud->classes[i];
    attack_vertex *v = attack_add(attack, kind_of_node(cloud->nodes[i]), cloud->nodes[i]);
    if (v->node.kind == AS_ATTACK_WORKLOAD) {
        attack_vertex *out = transit(attack, "cloud", c, class, true);
        attack_expand_with(attack, out, expand_cloud_class);
        link_free(attack, v->node.id, out->node.id);
    }
    if (is_served(cloud->nodes[i])) {
        m->in[class] = transit(attack, "cloud", c, class, false)->node.id;
        link_free(attack, m->in[class], v->node.id);
    }
}

/* --- from pods into the network of a cloud ------------------------------------------------------
 */

static void link_pod(as_attack *attack, attack_vertex *from, size_t place, uint32_t endpoint)
{
    const attack_cluster *c = &attack->clusters.items[place];
    const as_pods pods = {c->cluster, c->filter, &c->exposures, endpoint};
    for (size_t k = 0; k < attack->n_clouds; k++) {
        const as_cloud *cloud = &attack->clouds[k];
        const attack_classes *m = &attack->cloud_classes[k];
        if (!as_pods_run_in(attack->clouds, attack->n_clouds, cloud)) {
            continue;
        }
        for (uint32_t class = 0; class < cloud->n_classes; class ++) {
            if (m->one[class] == 0 || m->in[class] == 0) {
                continue;
            }
            if (!attack_may_ask(attack, "pairs of pods and machines of clouds")) {
                return;
            }
            as_cloud_side to = as_cloud_side_node(m->one[class] - 1);
            as_cloud_answer answer =
                    as_pods_ask(&pods, attack->clouds, attack->n_clouds, cloud, &to, NULL);
            as_attack_link link = {.from = from->node.id,
                    .to = m->in[class],
                    .hop = AS_HOP_reach,
                    .lateral = true,
                    .span = cloud->nodes[m->one[class] - 1]->head};
            add_answer(attack, cloud, &answer, link);
        }
    }
}

/* Pods of one class are answered alike, unless some have groups of their own or nodes of another
 * kind. */
static void expand_class_to_clouds(as_attack *attack, attack_vertex *vertex)
{
    const attack_cluster *c = &attack->clusters.items[vertex->place];
    if (c->any_of_class[vertex->at] > 0) {
        link_pod(attack, vertex, vertex->place, c->any_of_class[vertex->at] - 1);
    }
}

static void expand_pod_to_clouds(as_attack *attack, attack_vertex *vertex)
{
    for (size_t place = 0; place < attack->clusters.n; place++) {
        const as_cluster *cluster = attack->clusters.items[place].cluster;
        for (uint32_t e = 0; e < cluster->endpoints.n; e++) {
            if (cluster->endpoints.items[e].entity == vertex->node.entity) {
                link_pod(attack, vertex, place, e);
            }
        }
    }
}

static void join_pods(as_attack *attack, size_t place)
{
    const attack_cluster *c = &attack->clusters.items[place];
    for (size_t k = 0; k < attack->n_clouds; k++) {
        if (!as_pods_run_in(attack->clouds, attack->n_clouds, &attack->clouds[k])) {
            continue;
        }
        bool differ = as_pods_differ(c->cluster, &attack->clouds[k]);
        for (uint32_t e = 0; e < c->cluster->endpoints.n; e++) {
            const as_endpoint *endpoint = &c->cluster->endpoints.items[e];
            uint32_t out = c->out[as_filter_class(c->filter, e)];
            if (endpoint->entity == NULL || endpoint->is_virtual || out == 0) {
                continue;
            }
            if (differ) {
                attack_expand_with(attack, attack_add(attack, AS_ATTACK_WORKLOAD, endpoint->entity),
                        expand_pod_to_clouds);
            } else {
                attack_expand_with(attack, attack_vertex_of(attack, out), expand_class_to_clouds);
            }
        }
    }
}

typedef struct exposing {
    as_attack *attack;
    as_cloud *cloud;
    uint32_t next;
} exposing;

/* From the internet to some of the nodes. What asking takes is gone afterwards; of what memory
 * stops nothing is asked again. */
static void expose_some(void *self, as_arena *scratch)
{
    enum { SOME = 256 };
    exposing *e = self;
    as_attack *attack = e->attack;
    as_cloud *cloud = e->cloud;
    as_cloud_side internet = as_cloud_side_internet(cloud);
    as_arena *own = cloud->use_arena(cloud->network, scratch);
    cloud->arena = scratch;
    for (size_t i = 0; i < SOME && e->next < cloud->n; i++, e->next++) {
        as_cloud_side node = as_cloud_side_node(e->next);
        as_cloud_answer answer = as_cloud_ask(cloud, &internet, &node, NULL);
        as_attack_link link = {.from = attack->internet,
                .to = attack->by_entity[cloud->nodes[e->next]->id],
                .hop = AS_HOP_exposes,
                .span = cloud->nodes[e->next]->head};
        add_answer(attack, cloud, &answer, link);
    }
    cloud->arena = own;
    (void)cloud->use_arena(cloud->network, own);
}

void attack_read_clouds(as_attack *attack)
{
    attack->n_clouds = as_clouds_read(attack->arena, attack->graph, attack->clouds);
    attack->cloud_classes = AS_NEW_ARRAY(attack->arena, attack_classes, attack->n_clouds + 1);
    for (size_t c = 0; c < attack->n_clouds; c++) {
        const as_cloud *cloud = &attack->clouds[c];
        attack->cloud_classes[c] = members_of(attack, cloud);
        for (uint32_t i = 0; i < cloud->n; i++) {
            add_node(attack, c, i, &attack->cloud_classes[c]);
        }
        exposing e = {attack, &attack->clouds[c], 0};
        while (e.next < cloud->n) {
            as_arena_with_scratch(attack->arena, expose_some, &e);
        }
    }
    for (size_t c = 0; c < attack->clusters.n; c++) {
        join_pods(attack, c);
    }
}
