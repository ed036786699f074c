#include "parsers/helm/manifest.h"

#include <stdlib.h>

#include "engine/base/utf8.h"
#include "parsers/helm/decode.h"

/* --- splitting -------------------------------------------------------------------------------- */

/* unicode.IsSpace */
static bool is_space(uint32_t rune)
{
    return rune == ' ' || (rune >= '\t' && rune <= '\r') || rune == 0x85 || rune == 0xA0 ||
           rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 ||
           rune == 0x2029 || rune == 0x202F || rune == 0x205F || rune == 0x3000;
}

static size_t skip_space(as_str text, size_t at, size_t end)
{
    while (at < end) {
        size_t next = at;
        if (!is_space(as_utf8_next(text, &next))) {
            break;
        }
        at = next;
    }
    return at;
}

static bool is_separator(as_str text, size_t at)
{
    return text.n - at >= 3 && memcmp(text.p + at, "---", 3) == 0;
}

void as_helm_manifest_split(as_arena *arena, as_str text, as_helm_parts *out)
{
    size_t begin = skip_space(text, 0, text.n), at = begin;
    while (begin < text.n) {
        /* `at` is the start of a line: that of the document, or one after a line feed. */
        while (at < text.n && !is_separator(text, at)) {
            const char *feed = memchr(text.p + at, '\n', text.n - at);
            at = feed ? (size_t)(feed - text.p) + 1 : text.n;
        }
        size_t first = skip_space(text, begin, at);
        if (first < at) {
            AS_VEC_PUSH(arena, out, (as_helm_part){first, at});
        }
        if (at >= text.n) {
            return;
        }
        at += 3;
        while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\t')) {
            at++;
        }
        begin = at;
        /* What follows the dashes on the same line belongs to the document, and is no line start.
         */
        const char *feed = memchr(text.p + at, '\n', text.n - at);
        at = feed ? (size_t)(feed - text.p) + 1 : text.n;
    }
}

/* --- heads ------------------------------------------------------------------------------------ */

static const char *const NOT_TEXT = "error unmarshaling JSON: while decoding JSON: json: cannot "
                                    "unmarshal into Go struct field SimpleHead of type string";
static const char *const NOT_OBJECT = "error unmarshaling JSON: while decoding JSON: json: cannot "
                                      "unmarshal into Go value of type util.SimpleHead";

static const char *read_annotations(
        as_arena *arena, const as_value *annotations, as_helm_manifest *out)
{
    if (as_value_is_null(annotations)) {
        return NULL;
    }
    if (!as_value_is(annotations, AS_OBJECT)) {
        return NOT_OBJECT;
    }
    for (size_t i = 0; i < annotations->as.object->n; i++) {
        const as_member *m = &annotations->as.object->members[i];
        if (as_value_is(m->value, AS_OBJECT) || as_value_is(m->value, AS_LIST)) {
            return NOT_TEXT;
        }
        if (as_str_is(m->key, "helm.sh/hook") &&
                as_helm_field_text(arena, annotations, "helm.sh/hook", &out->hook) &&
                out->hook.n == 0) {
            out->hook = AS_STR(" "); /* an empty annotation makes an unknown hook */
        }
    }
    return NULL;
}

const char *as_helm_manifest_head(as_arena *arena, const as_value *doc, as_helm_manifest *out)
{
    if (as_value_is_null(doc)) {
        return NULL;
    }
    if (!as_value_is(doc, AS_OBJECT)) {
        return NOT_OBJECT;
    }
    if (!as_helm_field_text(arena, doc, "apiVersion", &out->api_version) ||
            !as_helm_field_text(arena, doc, "kind", &out->kind)) {
        return NOT_TEXT;
    }
    const as_value *metadata = as_helm_field(doc, "metadata");
    if (as_value_is_null(metadata)) {
        return NULL;
    }
    if (!as_value_is(metadata, AS_OBJECT)) {
        return NOT_OBJECT;
    }
    if (!as_helm_field_text(arena, metadata, "name", &out->name)) {
        return NOT_TEXT;
    }
    return read_annotations(arena, as_helm_field(metadata, "annotations"), out);
}

bool as_helm_hook_known(as_str events, bool *is_test)
{
    static const char *const EVENTS[] = {"pre-install", "post-install", "pre-delete", "post-delete",
            "pre-upgrade", "post-upgrade", "pre-rollback", "post-rollback", "test", "test-success"};
    enum { N_EVENTS = sizeof EVENTS / sizeof *EVENTS, FIRST_TEST = N_EVENTS - 2 };
    as_str event, rest = events;
    *is_test = false;
    while (as_str_split(&rest, ',', &event)) {
        size_t i = 0;
        event = as_str_trim(event);
        while (i < N_EVENTS && !as_str_ieq(event, as_str_from(EVENTS[i]))) {
            i++;
        }
        if (i == N_EVENTS) {
            return false;
        }
        *is_test |= i >= FIRST_TEST;
    }
    return true;
}

/* --- order ------------------------------------------------------------------------------------ */

static const char *const INSTALL_ORDER[] = {
        "PriorityClass",
        "Namespace",
        "NetworkPolicy",
        "ResourceQuota",
        "LimitRange",
        "PodSecurityPolicy",
        "PodDisruptionBudget",
        "ServiceAccount",
        "Secret",
        "SecretList",
        "ConfigMap",
        "StorageClass",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "CustomResourceDefinition",
        "ClusterRole",
        "ClusterRoleList",
        "ClusterRoleBinding",
        "ClusterRoleBindingList",
        "Role",
        "RoleList",
        "RoleBinding",
        "RoleBindingList",
        "Service",
        "DaemonSet",
        "Pod",
        "ReplicationController",
        "ReplicaSet",
        "Deployment",
        "HorizontalPodAutoscaler",
        "StatefulSet",
        "Job",
        "CronJob",
        "IngressClass",
        "Ingress",
        "APIService",
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
};
enum { N_KINDS = sizeof INSTALL_ORDER / sizeof *INSTALL_ORDER };

typedef struct ranked {
    size_t rank, index;
    as_str kind;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->rank != y->rank) {
        return x->rank < y->rank ? -1 : 1;
    }
    int d = x->rank == N_KINDS ? as_str_cmp(x->kind, y->kind) : 0;
    return d ? d : x->index < y->index ? -1 : 1;
}

/* Moves items[order[i].index] to items[i] for each i, along the cycles of the permutation. */
static void arrange(as_helm_manifest *items, ranked *order, size_t n)
{
    for (size_t start = 0; start < n; start++) {
        if (order[start].index == start) {
            continue;
        }
        as_helm_manifest first = items[start];
        size_t at = start;
        while (order[at].index != start) {
            size_t next = order[at].index;
            items[at] = items[next];
            order[at].index = at;
            at = next;
        }
        items[at] = first;
        order[at].index = at;
    }
}

void as_helm_manifests_sort(as_arena *arena, as_helm_manifests *manifests)
{
    ranked *order = AS_NEW_ARRAY(arena, ranked, manifests->n);
    for (size_t i = 0; i < manifests->n; i++) {
        size_t rank = 0;
        while (rank < N_KINDS && !as_str_is(manifests->items[i].kind, INSTALL_ORDER[rank])) {
            rank++;
        }
        order[i] = (ranked){rank, i, manifests->items[i].kind};
    }
    if (manifests->n > 1) {
        qsort(order, manifests->n, sizeof *order, compare_ranked);
    }
    arrange(manifests->items, order, manifests->n);
}
