/* Identities, resources and lists of them. */
#include "parsers/kustomize/build.h"

#include "parsers/json/json.h"

/* --- identities --------------------------------------------------------------------------------
 */

/* The kinds that are certainly cluster-scoped to kustomize: those of Kubernetes 1.21. */
static const struct {
    const char *api_version, *kind;
} cluster_scoped[] = {
        {"admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"},
        {"admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"},
        {"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration"},
        {"admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration"},
        {"apiextensions.k8s.io/v1", "CustomResourceDefinition"},
        {"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition"},
        {"apiregistration.k8s.io/v1", "APIService"},
        {"apiregistration.k8s.io/v1beta1", "APIService"},
        {"certificates.k8s.io/v1", "CertificateSigningRequest"},
        {"certificates.k8s.io/v1beta1", "CertificateSigningRequest"},
        {"flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema"},
        {"flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration"},
        {"networking.k8s.io/v1", "IngressClass"},
        {"networking.k8s.io/v1beta1", "IngressClass"},
        {"node.k8s.io/v1", "RuntimeClass"},
        {"node.k8s.io/v1beta1", "RuntimeClass"},
        {"policy/v1beta1", "PodSecurityPolicy"},
        {"rbac.authorization.k8s.io/v1", "ClusterRole"},
        {"rbac.authorization.k8s.io/v1", "ClusterRoleBinding"},
        {"rbac.authorization.k8s.io/v1beta1", "ClusterRole"},
        {"rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding"},
        {"scheduling.k8s.io/v1", "PriorityClass"},
        {"scheduling.k8s.io/v1beta1", "PriorityClass"},
        {"storage.k8s.io/v1", "CSIDriver"},
        {"storage.k8s.io/v1", "CSINode"},
        {"storage.k8s.io/v1", "StorageClass"},
        {"storage.k8s.io/v1", "VolumeAttachment"},
        {"storage.k8s.io/v1beta1", "CSIDriver"},
        {"storage.k8s.io/v1beta1", "CSINode"},
        {"storage.k8s.io/v1beta1", "StorageClass"},
        {"storage.k8s.io/v1beta1", "VolumeAttachment"},
        {"v1", "ComponentStatus"},
        {"v1", "Namespace"},
        {"v1", "Node"},
        {"v1", "PersistentVolume"},
};

static const char no_namespace[] = "_non_namespaceable_";

static bool api_version_is(as_gvk gvk, const char *text)
{
    as_str s = as_str_from(text);

    if (!gvk.group.n)
        return as_str_eq(gvk.version, s);
    return s.n == gvk.group.n + 1 + gvk.version.n && s.p[gvk.group.n] == '/' &&
           memcmp(s.p, gvk.group.p, gvk.group.n) == 0 &&
           as_str_eq(as_str_from_index(s, gvk.group.n + 1), gvk.version);
}

bool as_gvk_is_cluster_scoped(as_gvk gvk)
{
    for (size_t i = 0; i < sizeof cluster_scoped / sizeof cluster_scoped[0]; i++)
        if (as_str_is(gvk.kind, cluster_scoped[i].kind) &&
                api_version_is(gvk, cluster_scoped[i].api_version))
            return true;
    return false;
}

bool as_gvk_selected(as_gvk gvk, as_gvk selector)
{
    return (!selector.group.n || as_str_eq(gvk.group, selector.group)) &&
           (!selector.version.n || as_str_eq(gvk.version, selector.version)) &&
           (!selector.kind.n || as_str_eq(gvk.kind, selector.kind));
}

bool as_gvk_equal(as_gvk a, as_gvk b)
{
    return as_str_eq(a.group, b.group) && as_str_eq(a.version, b.version) &&
           as_str_eq(a.kind, b.kind);
}

static as_str or_word(as_str s, const char *word)
{
    return s.n ? s : as_str_from(word);
}

as_str as_gvk_text(as_arena *arena, as_gvk gvk)
{
    return as_str_fmt(arena, "%.*s.%.*s.%.*s", AS_STR_ARG(or_word(gvk.kind, "[noKind]")),
            AS_STR_ARG(or_word(gvk.version, "[noVer]")), AS_STR_ARG(or_word(gvk.group, "[noGrp]")));
}

as_str as_res_id_text(as_arena *arena, as_res_id id)
{
    return as_str_fmt(arena, "%.*s/%.*s.%.*s", AS_STR_ARG(as_gvk_text(arena, id.gvk)),
            AS_STR_ARG(or_word(id.name, "[noName]")), AS_STR_ARG(or_word(id.namespace, "[noNs]")));
}

as_str as_res_id_effective_namespace(as_res_id id)
{
    if (id.cluster_scoped)
        return as_str_from(no_namespace);
    return or_word(id.namespace, "default");
}

static bool same_namespace(as_res_id a, as_res_id b)
{
    return as_str_eq(as_res_id_effective_namespace(a), as_res_id_effective_namespace(b));
}

bool as_res_id_selected(as_res_id id, as_res_id selector)
{
    return (!selector.name.n || as_str_eq(selector.name, id.name)) &&
           (!selector.namespace.n || same_namespace(selector, id)) &&
           as_gvk_selected(id.gvk, selector.gvk);
}

/* --- one resource ------------------------------------------------------------------------------
 */

as_res *as_res_new(as_kust *k, as_ktree *node, as_span span)
{
    as_res *r = AS_NEW(k->arena, as_res);

    r->node = node;
    r->span = span;
    return r;
}

as_gvk as_res_gvk(const as_res *r)
{
    as_str api_version = as_ktree_text(as_ktree_get(r->node, AS_STR("apiVersion")));
    size_t slash = as_str_find_char(api_version, '/');
    as_gvk gvk = {.kind = as_res_kind(r), .version = api_version};

    if (slash != (size_t)-1) {
        gvk.group = as_str_slice(api_version, 0, slash);
        gvk.version = as_str_from_index(api_version, slash + 1);
    }
    return gvk;
}

as_str as_res_kind(const as_res *r)
{
    return as_ktree_text(as_ktree_get(r->node, AS_STR("kind")));
}

as_str as_res_name(const as_res *r)
{
    return as_ktree_text(as_ktree_path(r->node, "metadata/name"));
}

as_str as_res_namespace(const as_res *r)
{
    return as_ktree_text(as_ktree_path(r->node, "metadata/namespace"));
}

as_ktree *as_res_annotations(const as_res *r)
{
    return as_ktree_path(r->node, "metadata/annotations");
}

as_ktree *as_res_labels(const as_res *r)
{
    return as_ktree_path(r->node, "metadata/labels");
}

as_res_id as_res_current(const as_res *r)
{
    as_gvk gvk = as_res_gvk(r);

    return (as_res_id){gvk, as_res_name(r), as_res_namespace(r), as_gvk_is_cluster_scoped(gvk)};
}

as_res_id as_res_original(const as_res *r)
{
    as_res_id id;

    if (!r->previous.n)
        return as_res_current(r);
    id = r->previous.items[0];
    id.gvk.group = as_res_gvk(r).group;
    id.gvk.version = as_res_gvk(r).version;
    return id;
}

/* What is kept is the effective namespace: a former identity equals a present one by that. */
void as_res_store_previous(as_kust *k, as_res *r)
{
    as_res_id id = as_res_current(r);

    id.namespace = as_res_id_effective_namespace(id);
    id.cluster_scoped = false;
    AS_VEC_PUSH(k->arena, &r->previous, id);
    r->has_notes = true;
}

void as_res_set_name(as_kust *k, as_res *r, as_str name, as_span from, const char *note)
{
    as_ktree *metadata = as_ktree_child_map(k->arena, r->node, "metadata", r->span);
    as_ktree *old = as_ktree_get(metadata, AS_STR("name"));

    if (as_ktree_is(old, AS_KTREE_SCALAR)) {
        as_ktree_set_text(k->arena, old, name, from, note);
        old->type = AS_STRING;
    } else {
        as_ktree_set(k->arena, metadata, AS_STR("name"), r->span,
                as_ktree_string(k->arena, from.file ? from : r->span, name));
    }
}

/* --- lists -------------------------------------------------------------------------------------
 */

/* Equal for identities that are. */
static as_str id_key(as_arena *arena, as_res_id id)
{
    id.namespace = as_res_id_effective_namespace(id);
    return as_res_id_text(arena, id);
}

void as_res_census_take(as_res_census *census, as_kust *k, const as_res_list *list)
{
    *census = (as_res_census){.k = k};
    for (size_t i = 0; i < list->list.n; i++)
        if (list->list.items[i]->node)
            as_res_census_add(census, as_res_current(list->list.items[i]), 1);
}

size_t as_res_census_add(as_res_census *census, as_res_id id, int change)
{
    as_str key = id_key(census->k->arena, id);
    size_t *n = as_map_get(&census->counts, key);

    if (!n) {
        n = AS_NEW(census->k->arena, size_t);
        as_map_put(census->k->arena, &census->counts, key, n);
    }
    if (change > 0)
        (*n)++;
    else if (change < 0 && *n)
        (*n)--;
    return *n;
}

void as_res_list_changed(as_res_list *list)
{
    list->ids = (as_map){0};
    list->n_ids = 0;
}

bool as_res_append(as_kust *k, as_res_list *list, as_res *r)
{
    as_res_id id = as_res_current(r);
    as_str key = id_key(k->arena, id);

    for (; list->n_ids < list->list.n; list->n_ids++) {
        as_res *old = list->list.items[list->n_ids];
        if (old->node)
            as_map_put(k->arena, &list->ids, id_key(k->arena, as_res_current(old)), old);
    }
    if (as_map_has(&list->ids, key))
        return as_kust_fail(k, "kustomize-duplicate", r->span,
                "may not add resource with an already registered id: %.*s",
                AS_STR_ARG(as_res_id_text(k->arena, id)));
    AS_VEC_PUSH(k->arena, &list->list, r);
    return true;
}

bool as_res_append_all(as_kust *k, as_res_list *list, const as_res_list *more)
{
    for (size_t i = 0; i < more->list.n; i++)
        if (!as_res_append(k, list, more->list.items[i]))
            return false;
    return true;
}

void as_res_drop_deleted(as_res_list *list)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->list.n; i++)
        if (list->list.items[i]->node && !as_ktree_is_empty(list->list.items[i]->node))
            list->list.items[kept++] = list->list.items[i];
    if (kept < list->list.n)
        as_res_list_changed(list);
    list->list.n = kept;
}

bool as_res_has_id(const as_res *r, as_res_id id, bool any_namespace)
{
    as_res_id own = as_res_current(r);
    as_gvk gvk = own.gvk;

    if (!r->node)
        return false;
    for (size_t i = 0; i <= r->previous.n; i++) {
        if (as_str_eq(own.name, id.name) && as_gvk_equal(own.gvk, id.gvk) &&
                (any_namespace || same_namespace(own, id)))
            return true;
        if (i == r->previous.n)
            break;
        own = r->previous.items[i];
        own.gvk.group = gvk.group;
        own.gvk.version = gvk.version;
    }
    return false;
}

as_res *as_res_find(as_kust *k, const as_res_list *list, as_res_id id, as_span span)
{
    as_res *found = NULL;
    size_t n = 0;

    for (size_t i = 0; i < list->list.n; i++)
        if (as_res_has_id(list->list.items[i], id, false)) {
            found = list->list.items[i];
            n++;
        }
    if (n == 1)
        return found;
    as_kust_fail(k, "kustomize-patch-target", span,
            "%s matches for Id %.*s; failed to find unique target for patch %.*s",
            n ? "multiple" : "no", AS_STR_ARG(as_res_id_text(k->arena, id)),
            AS_STR_ARG(as_res_id_text(k->arena, id)));
    return NULL;
}

/* --- absorbing generated ones ------------------------------------------------------------------
 */

/* Entries of `from` that `to` lacks. */
static void fill_map(as_kust *k, as_ktree *owner, const char *field, const as_ktree *from)
{
    as_ktree *to;

    if (!as_ktree_is(from, AS_KTREE_MAP) || !from->fields.n)
        return;
    to = as_ktree_child_map(k->arena, owner, field, from->span);
    for (size_t i = 0; i < from->fields.n; i++)
        if (!as_ktree_get(to, from->fields.items[i].key))
            as_ktree_set(k->arena, to, from->fields.items[i].key, from->fields.items[i].key_span,
                    as_ktree_copy(k->arena, from->fields.items[i].value));
}

static void copy_metadata(as_kust *k, as_res *r, const as_res *old)
{
    as_ktree *metadata = as_ktree_child_map(k->arena, r->node, "metadata", r->span);
    as_str namespace = as_res_namespace(old);

    fill_map(k, metadata, "labels", as_res_labels(old));
    fill_map(k, metadata, "annotations", as_res_annotations(old));
    as_res_set_name(k, r, as_res_name(old), AS_SPAN_NONE, "");
    as_ktree_set(k->arena, metadata, AS_STR("namespace"), old->span,
            namespace.n ? as_ktree_string(k->arena, old->span, namespace) : NULL);
    r->previous.items = old->previous.items;
    r->previous.n = r->previous.cap = old->previous.n;
    r->prefixes = old->prefixes;
    r->suffixes = old->suffixes;
    r->var_names = old->var_names;
    r->behavior = old->behavior;
    r->needs_hash = r->needs_hash && old->needs_hash;
    r->has_notes = r->has_notes || old->has_notes;
}

static bool absorb(as_kust *k, as_res_list *list, as_res *r)
{
    as_res_id id = as_res_current(r);
    as_behavior behavior = r->behavior;
    size_t n = 0, at = 0;
    as_res *old;

    for (size_t i = 0; i < list->list.n; i++)
        if (as_res_has_id(list->list.items[i], id, false)) {
            at = i;
            n++;
        }
    if (n > 1)
        return as_kust_fail(k, "kustomize-generator", r->span,
                "found multiple objects that could accept merge of %.*s",
                AS_STR_ARG(as_res_id_text(k->arena, id)));
    if (n == 0 && (behavior == AS_BEHAVIOR_MERGE || behavior == AS_BEHAVIOR_REPLACE))
        return as_kust_fail(k, "kustomize-generator", r->span,
                "id %.*s does not exist; cannot merge or replace",
                AS_STR_ARG(as_res_id_text(k->arena, id)));
    if (n == 0)
        return as_res_append(k, list, r);
    if (behavior != AS_BEHAVIOR_MERGE && behavior != AS_BEHAVIOR_REPLACE)
        return as_kust_fail(k, "kustomize-generator", r->span,
                "id %.*s exists; behavior must be merge or replace",
                AS_STR_ARG(as_res_id_text(k->arena, id)));
    old = list->list.items[at];
    copy_metadata(k, r, old);
    if (behavior == AS_BEHAVIOR_MERGE) {
        fill_map(k, r->node, "data", as_ktree_get(old->node, AS_STR("data")));
        fill_map(k, r->node, "binaryData", as_ktree_get(old->node, AS_STR("binaryData")));
        r->origin = old->origin;
    }
    list->list.items[at] = r;
    as_res_list_changed(list);
    return true;
}

bool as_res_absorb_all(as_kust *k, as_res_list *list, const as_res_list *more)
{
    for (size_t i = 0; i < more->list.n; i++)
        if (!absorb(k, list, more->list.items[i]))
            return false;
    return true;
}

/* --- parsing -----------------------------------------------------------------------------------
 */

static bool check_object(as_kust *k, const as_res *r)
{
    if (!as_ktree_is(r->node, AS_KTREE_MAP))
        return as_kust_fail(k, "kustomize-resource", r->span, "an object is expected");
    if (!as_res_kind(r).n)
        return as_kust_fail(k, "kustomize-resource", r->span, "missing kind in object");
    if (!as_str_ends(as_res_kind(r), "List") && !as_res_name(r).n)
        return as_kust_fail(k, "kustomize-resource", r->span, "missing metadata.name in object");
    return true;
}

static void add_list_items(as_kust *k, const as_res *list, as_res_list *queue)
{
    const as_ktree *items = as_ktree_get(list->node, AS_STR("items"));

    for (size_t i = 0; as_ktree_is(items, AS_KTREE_LIST) && i < items->items.n; i++) {
        as_ktree *item = items->items.items[i];
        if (!as_ktree_is_empty(item))
            AS_VEC_PUSH(k->arena, &queue->list, as_res_new(k, item, item->span));
    }
}

/* Documents, with the items of lists behind all of them, as kustomize queues them. */
bool as_res_from_docs(as_kust *k, const as_yaml_docs *docs, as_res_list *out)
{
    as_res_list queue = {.list = {0}};

    for (size_t i = 0; i < docs->n; i++) {
        as_ktree *n = as_ktree_from_value(k->arena, k->sources, docs->items[i].value);
        if (!as_ktree_is_empty(n))
            AS_VEC_PUSH(k->arena, &queue.list, as_res_new(k, n, docs->items[i].span));
    }
    for (size_t i = 0; i < queue.list.n; i++) {
        as_res *r = queue.list.items[i];
        const as_ktree *items = as_ktree_get(r->node, AS_STR("items"));
        if (!check_object(k, r))
            return false;
        if (!as_str_ends(as_res_kind(r), "List") || !items)
            AS_VEC_PUSH(k->arena, &out->list, r);
        else
            add_list_items(k, r, &queue);
    }
    return true;
}

bool as_res_parse(as_kust *k, const as_source *source, bool quiet, as_res_list *out)
{
    as_diags *diags = k->diags, scratch;
    as_yaml_docs docs = {0};
    bool good;

    if (quiet) {
        as_diags_init(&scratch, k->arena);
        k->diags = &scratch;
    }
    good = as_yaml_parse(k->arena, source, (as_yaml_options){.flavour = AS_YAML_GO_V3}, k->diags,
                   &docs) &&
           as_res_from_docs(k, &docs, out);
    k->diags = diags;
    return good;
}
