/* Objects of Kubernetes: the manifest and what the cluster has, member by member, as both have one
 * shape.
 *
 * What an API server adds by itself is no difference (object_defaults.def), nor what it leaves out
 * because it is empty; lists are matched by what names their items, others are sets, save for
 * commands. Quantities count by their size. */
#include <stdlib.h>

#include "engine/drift/internal.h"
#include "parsers/kubernetes/quantity.h"
#include "parsers/kubernetes/terraform.h"

/* The way down to a value; written out only where something differs. */
typedef struct step {
    const struct step *up;
    as_str name;
    bool is_item; /* of a list: in brackets */
} step;

static const struct {
    const char *member, *value; /* NULL: the server chooses it */
} defaults[] = {
#define AS_DEFAULT(member, value) {member, value},
#define AS_ASSIGNED(member) {member, NULL},
#include "engine/drift/object_defaults.def"
};

enum { N_DEFAULTS = sizeof defaults / sizeof *defaults, LONGEST_SHOWN = 160 };

/* --- texts ---------------------------------------------------------------------------------------
 */

static void write_path(as_buf *buf, const step *at)
{
    if (at == NULL) {
        return;
    }
    write_path(buf, at->up);
    as_buf_fmt(buf,
            at->is_item      ? "[%.*s]"
            : at->up != NULL ? ".%.*s"
                             : "%.*s",
            AS_STR_ARG(at->name));
}

static as_str path_text(as_arena *arena, const step *at)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    write_path(&buf, at);
    return as_buf_view(&buf);
}

/* Whether the way ends so: "type", "strategy.type". */
static bool is_at(const step *at, const char *member)
{
    as_str path = as_str_from(member);
    size_t dot = as_str_rfind_char(path, '.');
    if (at == NULL || at->is_item || !as_str_eq(at->name, as_str_from_index(path, dot + 1))) {
        return false;
    }
    return dot == (size_t)-1 ||
           (at->up != NULL && as_str_eq(at->up->name, as_str_slice(path, 0, dot)));
}

static bool is_below(const step *at, const char *member)
{
    for (; at != NULL; at = at->up) {
        if (as_str_is(at->name, member)) {
            return true;
        }
    }
    return false;
}

static bool is_empty(const as_value *v)
{
    return as_value_is_null(v) || (v->kind == AS_BOOL && !v->as.boolean) ||
           (v->kind == AS_STRING && v->as.str.n == 0) ||
           (v->kind == AS_LIST && v->as.list.n == 0) ||
           (v->kind == AS_OBJECT && v->as.object->n == 0);
}

/* What holds an unknown says nothing, and what was taken out before it was written neither. */
static bool is_hidden(const as_value *v)
{
    return as_value_is_unknown(v) || as_value_bool_or(as_value_get(v, AS_STR("redacted")), false);
}

static bool is_default(as_arena *arena, const step *at, const as_value *v)
{
    as_str text = AS_STR("");
    bool known = false;
    for (size_t i = 0; i < N_DEFAULTS; i++) {
        if (!is_at(at, defaults[i].member)) {
            continue;
        }
        if (defaults[i].value == NULL) {
            return true;
        }
        text = known ? text : as_drift_text(arena, v);
        known = true;
        if (as_str_is(text, defaults[i].value)) {
            return true;
        }
    }
    return false;
}

/* False and not set are two things where not set means true. */
static bool means_true_unset(const step *at)
{
    return is_at(at, "allowPrivilegeEscalation") || is_at(at, "automountServiceAccountToken");
}

/* Whether an API server may have written it by itself, or have left it out. */
static bool is_added(as_arena *arena, const step *at, const as_value *v)
{
    if (is_default(arena, at, v)) {
        return true;
    }
    if (as_value_is(v, AS_OBJECT) && v->as.object->n > 0) {
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            if (!is_added(arena, &(step){at, m->key, false}, m->value)) {
                return false;
            }
        }
        return true;
    }
    return is_empty(v) && !(v != NULL && v->kind == AS_BOOL && means_true_unset(at));
}

/* --- one text for what means the same ------------------------------------------------------------
 */

static void write_canonical(as_arena *arena, as_buf *buf, const step *at, const as_value *v);

static int compare_texts(const void *a, const void *b)
{
    return as_str_cmp(*(const as_str *)a, *(const as_str *)b);
}

static void write_sorted(as_buf *buf, as_texts *texts)
{
    if (texts->n > 1) {
        qsort(texts->items, texts->n, sizeof *texts->items, compare_texts);
    }
    for (size_t i = 0; i < texts->n; i++) {
        as_buf_cstr(buf, i > 0 ? ", " : "");
        as_buf_str(buf, texts->items[i]);
    }
}

static as_str canonical(as_arena *arena, const step *at, const as_value *v)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    write_canonical(arena, &buf, at, v);
    return as_buf_view(&buf);
}

static void write_canonical(as_arena *arena, as_buf *buf, const step *at, const as_value *v)
{
    as_texts texts = {0};
    double size;
    if (as_value_is(v, AS_OBJECT)) {
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            step below = {at, m->key, false};
            if (!is_added(arena, &below, m->value)) {
                as_str text = canonical(arena, &below, m->value);
                AS_VEC_PUSH(arena, &texts,
                        as_str_fmt(arena, "%.*s: %.*s", AS_STR_ARG(m->key), AS_STR_ARG(text)));
            }
        }
        as_buf_char(buf, '{');
        write_sorted(buf, &texts);
        as_buf_char(buf, '}');
    } else if (as_value_is(v, AS_LIST)) {
        for (size_t i = 0; i < v->as.list.n; i++) {
            AS_VEC_PUSH(arena, &texts, canonical(arena, at, v->as.list.items[i]));
        }
        as_buf_char(buf, '[');
        write_sorted(buf, &texts);
        as_buf_char(buf, ']');
    } else if (is_below(at, "resources") && as_quantity_of(v, &size)) {
        as_buf_fmt(buf, "%.17g", size);
    } else if (as_value_is(v, AS_STRING) && v->as.str.n == 0) {
        as_buf_cstr(buf, "\"\""); /* the core group in roles */
    } else {
        as_buf_str(buf, as_drift_text(arena, v));
    }
}

/* Not within a character of several bytes. */
static as_str shortened(as_arena *arena, as_str text)
{
    size_t n = LONGEST_SHOWN;
    if (text.n <= n) {
        return text;
    }
    while (n > 0 && ((unsigned char)text.p[n] & 0xC0) == 0x80) {
        n--;
    }
    return as_str_fmt(arena, "%.*s…", (int)n, text.p);
}

static as_str shown(as_arena *arena, const step *at, const as_value *v)
{
    as_str text = as_value_is(v, AS_OBJECT) || as_value_is(v, AS_LIST) ? canonical(arena, at, v)
                                                                       : as_drift_text(arena, v);
    return shortened(arena, text);
}

/* --- differences ---------------------------------------------------------------------------------
 */

static void compare(as_comparing *c, const step *at, const as_value *code, const as_value *live);

static void differ(as_comparing *c, const step *at, const as_value *code, const as_value *live)
{
    as_drift_add(c, path_text(c->arena, at), code == NULL ? AS_STR("") : shown(c->arena, at, code),
            live == NULL ? AS_STR("") : shown(c->arena, at, live),
            code == NULL ? AS_SPAN_NONE : code->span, live == NULL ? AS_SPAN_NONE : live->span);
}

/* Into objects, so that what is said is what was added. */
static void only_live(as_comparing *c, const step *at, const as_value *live)
{
    if (is_hidden(live) || is_added(c->arena, at, live)) {
        return;
    }
    if (!as_value_is(live, AS_OBJECT)) {
        differ(c, at, NULL, live);
        return;
    }
    for (size_t i = 0; i < live->as.object->n; i++) {
        const as_member *m = &live->as.object->members[i];
        only_live(c, &(step){at, m->key, false}, m->value);
    }
}

static bool same_scalar(as_comparing *c, const step *at, const as_value *code, const as_value *live)
{
    double a, b;
    bool sized = is_below(at, "resources") || is_below(at, "hard") || is_below(at, "capacity") ||
                 is_at(at, "sizeLimit");
    if (sized && as_quantity_of(code, &a) && as_quantity_of(live, &b)) {
        return !(a < b) && !(b < a);
    }
    return as_str_eq(as_drift_text(c->arena, code), as_drift_text(c->arena, live));
}

/* --- lists ---------------------------------------------------------------------------------------
 */

static as_str key_of(as_arena *arena, const as_value *item, const char *key)
{
    return as_drift_text(arena, as_value_get(item, as_str_from(key)));
}

static bool names_all(as_arena *arena, const as_value *list, const char *key)
{
    as_map seen = {0};
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *item = as_value_index(list, i);
        as_str name = as_value_is(item, AS_OBJECT) ? key_of(arena, item, key) : AS_STR("");
        if (name.n == 0 || as_map_has(&seen, name)) {
            return false;
        }
        as_map_put(arena, &seen, name, &seen);
    }
    return true;
}

/* The member that tells the items of both lists apart; NULL: none does. */
static const char *naming(as_arena *arena, const as_value *code, const as_value *live)
{
    static const char *const keys[] = {
            "name", "mountPath", "containerPort", "port", "devicePath", "ip", "type"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (names_all(arena, code, keys[i]) && names_all(arena, live, keys[i])) {
            return keys[i];
        }
    }
    return NULL;
}

static const as_value *item_named(
        as_arena *arena, const as_value *list, const char *key, as_str name)
{
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *item = as_value_index(list, i);
        if (as_str_eq(key_of(arena, item, key), name)) {
            return item;
        }
    }
    return NULL;
}

static void compare_named(as_comparing *c, const step *at, const char *key, const as_value *code,
        const as_value *live)
{
    for (size_t i = 0; i < as_value_count(code); i++) {
        const as_value *item = as_value_index(code, i);
        as_str name = key_of(c->arena, item, key);
        const as_value *other = item_named(c->arena, live, key, name);
        compare(c, &(step){at, name, true}, item, other);
    }
    for (size_t i = 0; i < as_value_count(live); i++) {
        const as_value *item = as_value_index(live, i);
        as_str name = key_of(c->arena, item, key);
        if (item_named(c->arena, code, key, name) == NULL) {
            differ(c, &(step){at, name, true}, NULL, item);
        }
    }
}

/* What one of the lists alone has. */
static as_texts only_in(as_arena *arena, const as_texts *from, const as_texts *what)
{
    as_texts rest = {0};
    for (size_t i = 0; i < from->n; i++) {
        bool found = false;
        for (size_t k = 0; k < what->n && !found; k++) {
            found = as_str_eq(from->items[i], what->items[k]);
        }
        if (!found) {
            AS_VEC_PUSH(arena, &rest, from->items[i]);
        }
    }
    return rest;
}

static as_texts texts_of(as_arena *arena, const step *at, const as_value *list)
{
    as_texts texts = {0};
    for (size_t i = 0; i < as_value_count(list); i++) {
        AS_VEC_PUSH(arena, &texts, canonical(arena, at, as_value_index(list, i)));
    }
    return texts;
}

static as_str joined(as_arena *arena, as_texts *texts)
{
    as_texts_sort(texts);
    return shortened(arena, as_texts_join(arena, texts));
}

static void compare_lists(
        as_comparing *c, const step *at, const as_value *code, const as_value *live)
{
    const char *key = naming(c->arena, code, live);
    bool ordered = is_at(at, "command") || is_at(at, "args");
    if (as_value_has_unknown(code) && (key == NULL || ordered)) {
        c->doubt = AS_STR("a list of the manifest is not known whole");
        return;
    }
    if (key != NULL && !ordered) {
        compare_named(c, at, key, code, live);
        return;
    }
    as_texts left = texts_of(c->arena, at, code), right = texts_of(c->arena, at, live);
    if (ordered) {
        if (!as_texts_equal(&left, &right)) {
            differ(c, at, code, live);
        }
        return;
    }
    as_texts only_code = only_in(c->arena, &left, &right);
    as_texts only_there = only_in(c->arena, &right, &left);
    if (only_code.n > 0 || only_there.n > 0) {
        as_drift_add(c, path_text(c->arena, at), joined(c->arena, &only_code),
                joined(c->arena, &only_there), code->span, live->span);
    }
}

/* Zero is what an API server leaves out where it means nothing, and Terraform has its own defaults,
 * which what was made otherwise lacks. */
static bool is_unset_for_server(const as_value *code)
{
    return (code->kind == AS_INT && code->as.integer == 0) || (code->flags & AS_DEFAULTED) != 0;
}

static void compare(as_comparing *c, const step *at, const as_value *code, const as_value *live)
{
    if (is_hidden(code) || is_hidden(live)) {
        c->doubt = AS_STR("what was left out or is not known is not compared");
        return;
    }
    if (as_value_is_null(code)) {
        if (live != NULL) {
            only_live(c, at, live);
        }
        return;
    }
    if (as_value_is_null(live)) {
        if (!is_unset_for_server(code) && !is_added(c->arena, at, code)) {
            differ(c, at, code, NULL);
        }
        return;
    }
    if (code->kind == AS_OBJECT && live->kind == AS_OBJECT) {
        for (size_t i = 0; i < code->as.object->n; i++) {
            const as_member *m = &code->as.object->members[i];
            compare(c, &(step){at, m->key, false}, m->value, as_value_get(live, m->key));
        }
        for (size_t i = 0; i < live->as.object->n; i++) {
            const as_member *m = &live->as.object->members[i];
            if (as_value_get(code, m->key) == NULL) {
                only_live(c, &(step){at, m->key, false}, m->value);
            }
        }
    } else if (code->kind == AS_LIST && live->kind == AS_LIST) {
        compare_lists(c, at, code, live);
    } else if (!same_scalar(c, at, code, live)) {
        differ(c, at, code, live);
    }
}

/* --- metadata ------------------------------------------------------------------------------------
 */

/* Labels that say what may run in a namespace or how it is reached are no mere tags. */
static bool decides(as_str label)
{
    return as_str_starts(label, "pod-security.kubernetes.io/") || as_str_starts(label, "istio") ||
           as_str_contains(label, "istio.io/");
}

static bool is_bookkeeping(as_str key)
{
    static const char *const begins[] = {"kubernetes.io/metadata.name", "pod-template-hash",
            "controller-revision-hash", "controller-uid", "job-name", "batch.kubernetes.io/",
            "app.kubernetes.io/managed-by", "helm.sh/chart", "meta.helm.sh/",
            "objectset.rio.cattle.io/", "argocd.argoproj.io/", "app.kubernetes.io/instance",
            "kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/",
            "statefulset.kubernetes.io/"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (as_str_starts(key, begins[i])) {
            return true;
        }
    }
    return false;
}

/* Annotations that only the cluster has are notes of controllers. */
static void compare_labels(as_comparing *c, const step *at, const as_value *code,
        const as_value *live, bool both_ways, bool template)
{
    for (size_t i = 0; as_value_is(code, AS_OBJECT) && i < code->as.object->n; i++) {
        const as_member *m = &code->as.object->members[i];
        size_t before = c->changes.n;
        const as_value *there = as_value_get(live, m->key);
        if (is_bookkeeping(m->key) || as_str_starts(m->key, "kubectl.kubernetes.io/")) {
            continue;
        }
        compare(c, &(step){at, m->key, true}, m->value, there);
        for (size_t k = before; k < c->changes.n; k++) {
            c->changes.items[k].is_tag = !template && !decides(m->key);
        }
    }
    for (size_t i = 0; both_ways && as_value_is(live, AS_OBJECT) && i < live->as.object->n; i++) {
        const as_member *m = &live->as.object->members[i];
        if (as_value_get(code, m->key) == NULL && !is_bookkeeping(m->key) && !is_hidden(m->value)) {
            differ(c, &(step){at, m->key, true}, NULL, m->value);
            c->changes.items[c->changes.n - 1].is_tag = !template && !decides(m->key);
        }
    }
}

static void compare_metadata(
        as_comparing *c, const step *up, const as_value *code, const as_value *live, bool template)
{
    static const char *const members[] = {"labels", "annotations"};
    step metadata = {up, AS_STR("metadata"), false};
    for (size_t i = 0; i < 2; i++) {
        as_str name = as_str_from(members[i]);
        compare_labels(c, &(step){&metadata, name, false}, as_value_get(code, name),
                as_value_get(live, name), i == 0, template);
    }
}

/* --- one object ----------------------------------------------------------------------------------
 */

/* Members below which others write: the number of replicas that an autoscaler chooses, rules that
 * are gathered from other roles, what Secrets hold. */
static bool is_left_to_others(as_comparing *c, const as_value *code, as_str member)
{
    static const char *const never[] = {"apiVersion", "kind", "metadata", "status", "stringData"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        if (as_str_is(member, never[i])) {
            return true;
        }
    }
    return (as_str_is(member, "data") && as_str_is(c->live->kind, "k8s.secret")) ||
           (as_str_is(member, "rules") && as_value_get(code, AS_STR("aggregationRule")) != NULL);
}

static bool is_autoscaled(as_comparing *c)
{
    size_t n;
    const as_entity *both[] = {c->live, c->code};
    for (size_t k = 0; k < 2; k++) {
        const as_edge *const *edges = as_graph_edges_to(c->graph, both[k]->id, &n);
        for (size_t i = 0; i < n; i++) {
            const as_entity *from = as_graph_get(c->graph, edges[i]->from);
            if (as_str_is(from->kind, "k8s.horizontalpodautoscaler")) {
                return true;
            }
        }
    }
    return false;
}

/* The template's metadata is compared as metadata is; the rest of the specification as it stands.
 */
static void compare_spec(
        as_comparing *c, const step *at, const as_value *code, const as_value *live, bool scaled)
{
    for (size_t i = 0; i < code->as.object->n; i++) {
        const as_member *m = &code->as.object->members[i];
        const as_value *there = as_value_get(live, m->key);
        step below = {at, m->key, false};
        bool nested = as_str_is(m->key, "template") || as_str_is(m->key, "jobTemplate");
        if (as_str_is(m->key, "replicas") && scaled) {
            continue;
        }
        if (nested && as_value_is(m->value, AS_OBJECT) && as_value_is(there, AS_OBJECT)) {
            const as_value *spec = as_value_get(m->value, AS_STR("spec"));
            compare_metadata(c, &below, as_value_get(m->value, AS_STR("metadata")),
                    as_value_get(there, AS_STR("metadata")), true);
            if (as_value_is(spec, AS_OBJECT)) {
                compare_spec(c, &(step){&below, AS_STR("spec"), false}, spec,
                        as_value_get(there, AS_STR("spec")), false);
            }
        } else {
            compare(c, &below, m->value, there);
        }
    }
    for (size_t i = 0; as_value_is(live, AS_OBJECT) && i < live->as.object->n; i++) {
        const as_member *m = &live->as.object->members[i];
        bool scale = as_str_is(m->key, "replicas") && scaled;
        /* Of a Job's pods the selector is the server's. */
        bool own = as_str_is(m->key, "selector") && as_str_ends(c->live->type, "/Job");
        if (as_value_get(code, m->key) == NULL && !scale && !own) {
            only_live(c, &(step){at, m->key, false}, m->value);
        }
    }
}

/* As a manifest, whatever form code has. The first Ingress of Terraform is of an API that is gone.
 */
static const as_value *manifest_of(as_comparing *c)
{
    const as_k8s_kind *kind =
            c->code->origin <= AS_ORIGIN_STATE ? as_k8s_terraform_kind(c->code->type) : NULL;
    if (kind == NULL) {
        return c->code->raw;
    }
    return as_str_is(c->code->type, "kubernetes_ingress")
                   ? NULL
                   : as_k8s_terraform_manifest(c->arena, kind, c->code->raw);
}

void as_drift_compare_objects(as_comparing *c)
{
    const as_value *code = manifest_of(c), *live = c->live->raw;
    bool scaled = is_autoscaled(c);
    if (code == NULL) {
        c->doubt = AS_STR("an Ingress of a former API is not compared");
        return;
    }
    for (size_t i = 0; as_value_is(code, AS_OBJECT) && i < code->as.object->n; i++) {
        const as_member *m = &code->as.object->members[i];
        const as_value *there = as_value_get(live, m->key);
        step at = {NULL, m->key, false};
        if (is_left_to_others(c, code, m->key)) {
            continue;
        }
        if (as_str_is(m->key, "spec") && as_value_is(m->value, AS_OBJECT) &&
                as_value_is(there, AS_OBJECT)) {
            compare_spec(c, &at, m->value, there, scaled);
        } else {
            compare(c, &at, m->value, there);
        }
    }
    for (size_t i = 0; as_value_is(live, AS_OBJECT) && i < live->as.object->n; i++) {
        const as_member *m = &live->as.object->members[i];
        if (as_value_get(code, m->key) == NULL && !is_left_to_others(c, code, m->key)) {
            only_live(c, &(step){NULL, m->key, false}, m->value);
        }
    }
    compare_metadata(c, NULL, as_value_get(code, AS_STR("metadata")),
            as_value_get(live, AS_STR("metadata")), false);
}

/* --- what clusters make --------------------------------------------------------------------------
 */

static bool is_system_space(as_str space)
{
    return as_str_starts(space, "kube-") || as_str_starts(space, "gke-") ||
           as_str_is(space, "gmp-system") || as_str_is(space, "gmp-public") ||
           as_str_is(space, "amazon-guardduty");
}

bool as_drift_is_made_by_cluster(const as_entity *live)
{
    static const struct {
        const char *kind, *begins;
    } made[] = {{"k8s.configmap", "kube-root-ca.crt"}, {"k8s.configmap", "istio-ca-root-cert"},
            {"k8s.secret", "sh.helm.release.v1."}, {"k8s.role", "system:"},
            {"k8s.rolebinding", "system:"}};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        if (as_str_is(live->kind, made[i].kind) && as_str_starts(live->name, made[i].begins)) {
            return true;
        }
    }
    if ((as_str_is(live->kind, "k8s.serviceaccount") && as_str_is(live->name, "default")) ||
            as_str_is(live->address, "Service/default/kubernetes") ||
            (as_str_is(live->kind, "k8s.secret") &&
                    as_str_is(as_value_str(as_value_get(live->raw, AS_STR("type"))),
                            "kubernetes.io/service-account-token"))) {
        return true;
    }
    const as_value *labels = as_value_path(live->raw, "metadata.labels");
    return is_system_space(live->space) ||
           as_value_count(as_value_path(live->raw, "metadata.ownerReferences")) > 0 ||
           as_value_get(labels, AS_STR("kubernetes.io/bootstrapping")) != NULL;
}
