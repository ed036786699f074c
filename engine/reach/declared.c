/* Spec: hashicorp/terraform-provider-kubernetes, kubernetes/structure*.go: which block becomes
 * which field. Names are those of the API in snake case; repeated blocks are in the singular there,
 * a block that may occur once is an object of the API. */
#include "engine/reach/declared.h"

#include "engine/base/limits.h"
#include "engine/base/vec.h"

typedef struct declared_type {
    const char *terraform; /* without "_v1" and the like */
    const char *type;
} declared_type;

static const declared_type TYPES[] = {
        {"kubernetes_namespace", "v1/Namespace"},
        {"kubernetes_pod", "v1/Pod"},
        {"kubernetes_service", "v1/Service"},
        {"kubernetes_service_account", "v1/ServiceAccount"},
        {"kubernetes_replication_controller", "v1/ReplicationController"},
        {"kubernetes_deployment", "apps/v1/Deployment"},
        {"kubernetes_stateful_set", "apps/v1/StatefulSet"},
        {"kubernetes_daemonset", "apps/v1/DaemonSet"},
        {"kubernetes_daemon_set", "apps/v1/DaemonSet"},
        {"kubernetes_job", "batch/v1/Job"},
        {"kubernetes_cron_job", "batch/v1/CronJob"},
        {"kubernetes_ingress", "networking.k8s.io/v1/Ingress"},
        {"kubernetes_ingress_class", "networking.k8s.io/v1/IngressClass"},
        {"kubernetes_network_policy", "networking.k8s.io/v1/NetworkPolicy"},
};

/* Repeated blocks and the lists that they are; `within`: only inside that block, NULL: anywhere. */
typedef struct repeated {
    const char *within, *block, *field;
} repeated;

static const repeated LISTS[] = {
        {NULL, "ingress", "ingress"},
        {NULL, "egress", "egress"},
        {NULL, "from", "from"},
        {NULL, "to", "to"},
        {NULL, "ports", "ports"},
        {"spec", "port", "ports"},
        {"container", "port", "ports"},
        {"init_container", "port", "ports"},
        {NULL, "container", "containers"},
        {NULL, "init_container", "initContainers"},
        {NULL, "volume", "volumes"},
        {NULL, "volume_mount", "volumeMounts"},
        {NULL, "env", "env"},
        {NULL, "env_from", "envFrom"},
        {NULL, "rule", "rules"},
        {"http", "path", "paths"},
        {NULL, "tls", "tls"},
        {NULL, "match_expressions", "matchExpressions"},
        {NULL, "toleration", "tolerations"},
        {NULL, "image_pull_secrets", "imagePullSecrets"},
        {NULL, "host_aliases", "hostAliases"},
        {NULL, "items", "items"},
        {NULL, "sources", "sources"},
};

/* Maps whose keys are the user's. */
static const char *const MAPS[] = {"labels", "annotations", "match_labels", "selector",
        "node_selector", "limits", "requests", "parameters"};

/* Names that are not the API's in snake case alone. */
static const char *const NAMES[][2] = {{"cluster_ip", "clusterIP"}, {"cluster_ips", "clusterIPs"},
        {"external_ips", "externalIPs"}, {"load_balancer_ip", "loadBalancerIP"},
        {"host_pid", "hostPID"}, {"host_ipc", "hostIPC"}};

/* Numbers that the provider takes as text, too. */
static const char *const PORTS[] = {"port", "end_port", "target_port", "service_port", "node_port",
        "container_port", "host_port", "number"};

enum { N_TYPES = sizeof TYPES / sizeof *TYPES };

#define HAS(list, key) has(list, sizeof(list) / sizeof *(list), key)

static bool has(const char *const *list, size_t n, as_str key)
{
    for (size_t i = 0; i < n; i++) {
        if (as_str_is(key, list[i])) {
            return true;
        }
    }
    return false;
}

static const char *type_of(const as_entity *entity)
{
    as_str type = entity->type;
    size_t v = as_str_rfind_char(type, '_');
    if (v != (size_t)-1 && v + 2 < type.n && type.p[v + 1] == 'v' && type.p[v + 2] >= '1' &&
            type.p[v + 2] <= '9') {
        type = as_str_slice(type, 0, v);
    }
    for (size_t i = 0; i < N_TYPES; i++) {
        if (as_str_is(type, TYPES[i].terraform)) {
            return TYPES[i].type;
        }
    }
    return NULL;
}

bool as_k8s_is_declared(const as_entity *entity)
{
    return as_str_starts(entity->type, "kubernetes_") && type_of(entity) != NULL;
}

static const as_value *metadata_of(const as_entity *entity)
{
    const as_value *meta = as_value_get(entity->raw, AS_STR("metadata"));
    return as_value_is(meta, AS_LIST) ? as_value_index(meta, 0) : meta;
}

as_str as_k8s_declared_space(const as_entity *entity)
{
    return as_value_str(as_value_get(metadata_of(entity), AS_STR("namespace")));
}

/* --- the content --------------------------------------------------------------------------------
 */

static as_str in_camel_case(as_arena *arena, as_str key)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (as_str_is(key, NAMES[i][0])) {
            return as_str_from(NAMES[i][1]);
        }
    }
    as_buf out;
    as_buf_init(&out, arena, 0);
    bool up = false;
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        if (c == '_' && i > 0) {
            up = true;
            continue;
        }
        as_buf_char(&out, up && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
        up = false;
    }
    return as_buf_view(&out);
}

static const repeated *list_of(as_str within, as_str block)
{
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++) {
        if (as_str_is(block, LISTS[i].block) &&
                (LISTS[i].within == NULL || as_str_is(within, LISTS[i].within))) {
            return &LISTS[i];
        }
    }
    return NULL;
}

static const as_value *convert(as_arena *arena, as_str key, const as_value *v, int depth);

static bool has_objects(const as_value *v)
{
    return as_value_is(v, AS_LIST) && v->as.list.n > 0 &&
           (as_value_is(v->as.list.items[0], AS_OBJECT) ||
                   as_value_is(v->as.list.items[0], AS_NULL));
}

static const as_value *number_of(as_arena *arena, const as_value *v)
{
    const as_value *number;
    as_str text = as_value_str(v);
    bool digits = text.n > 0 && text.n < 6;
    for (size_t i = 0; i < text.n; i++) {
        digits = digits && text.p[i] >= '0' && text.p[i] <= '9';
    }
    return digits && as_value_number(arena, v->span, text, &number) ? number : v;
}

static void add_member(as_object_builder *b, as_str within, const as_member *m, int depth)
{
    const repeated *list = list_of(within, m->key);
    const as_value *v = m->value;
    bool map = HAS(MAPS, m->key) && as_value_is(v, AS_OBJECT);
    as_str name = list != NULL ? as_str_from(list->field) : in_camel_case(b->arena, m->key);
    if (as_value_is(v, AS_NULL) || (list == NULL && as_value_is(v, AS_LIST) && v->as.list.n == 0)) {
        return; /* a block that is not there; an empty list of scalars says no more */
    }
    if (map || as_value_is_unknown(v)) {
        as_object_add(b, name, m->key_span, v);
    } else if (list != NULL && as_value_is(v, AS_LIST)) {
        as_list_builder items;
        as_list_begin(&items, b->arena);
        for (size_t i = 0; i < v->as.list.n; i++) {
            as_list_add(&items, convert(b->arena, m->key, v->as.list.items[i], depth + 1));
        }
        as_object_add(b, name, m->key_span, as_list_end(&items, v->span));
    } else if (has_objects(v) && v->as.list.n == 1) {
        as_object_add(
                b, name, m->key_span, convert(b->arena, m->key, v->as.list.items[0], depth + 1));
    } else if (HAS(PORTS, m->key) && as_value_is(v, AS_STRING)) {
        as_object_add(b, name, m->key_span, number_of(b->arena, v));
    } else {
        as_object_add(b, name, m->key_span, convert(b->arena, m->key, v, depth + 1));
    }
}

/* What a block holds; one that says nothing is an empty object. */
static const as_value *convert(as_arena *arena, as_str key, const as_value *v, int depth)
{
    as_object_builder b;
    if (depth > AS_MAX_CALL_DEPTH || !(as_value_is(v, AS_OBJECT) || as_value_is(v, AS_NULL))) {
        return v;
    }
    as_object_begin(&b, arena);
    for (size_t i = 0; as_value_is(v, AS_OBJECT) && i < v->as.object->n; i++) {
        add_member(&b, key, &v->as.object->members[i], depth);
    }
    return as_object_end(&b, v == NULL ? AS_SPAN_NONE : v->span);
}

const as_entity *as_k8s_declared(as_arena *arena, const as_entity *entity)
{
    const char *type = as_str_starts(entity->type, "kubernetes_") ? type_of(entity) : NULL;
    if (type == NULL) {
        return NULL;
    }
    as_str name = as_value_str(as_value_get(metadata_of(entity), AS_STR("name")));
    as_entity *object = AS_NEW(arena, as_entity);
    *object = *entity;
    object->schema = NULL;
    object->type = as_str_from(type);
    object->name = name.n > 0 ? name : entity->address;
    object->space = as_k8s_declared_space(entity);
    object->raw = convert(arena, AS_STR(""), entity->raw, 0);
    return object;
}
