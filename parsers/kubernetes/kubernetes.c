/* Objects and the table of built-in kinds. */
#include "parsers/kubernetes/kubernetes.h"

#include "engine/base/limits.h"
#include "parsers/json/json.h"

static const as_k8s_kind kinds[] = {
#define AS_K8S_KIND(group, versions, kind, plural, namespaced, pod)                                \
    {AS_STR_INIT(group), AS_STR_INIT(versions), AS_STR_INIT(kind), AS_STR_INIT(plural),            \
            namespaced, pod},
#include "parsers/kubernetes/kinds.def"
#undef AS_K8S_KIND
};

static const struct {
    const char *from, *kind, *to;
} moved[] = {
#define AS_K8S_MOVED(from, kind, to) {from, kind, to},
#include "parsers/kubernetes/moved.def"
#undef AS_K8S_MOVED
};

enum { N_KINDS = sizeof kinds / sizeof kinds[0], N_MOVED = sizeof moved / sizeof moved[0] };

const as_k8s_kind *as_k8s_kinds(size_t *n)
{
    *n = N_KINDS;
    return kinds;
}

const as_k8s_kind *as_k8s_kind_find(as_str group, as_str kind)
{
    for (size_t i = 0; i < N_MOVED; i++)
        if (as_str_is(group, moved[i].from) && as_str_is(kind, moved[i].kind))
            group = as_str_from(moved[i].to);
    for (size_t i = 0; i < N_KINDS; i++)
        if (as_str_eq(kinds[i].kind, kind) && as_str_eq(kinds[i].group, group))
            return &kinds[i];
    return NULL;
}

const as_k8s_kind *as_k8s_kind_by_plural(as_str group, as_str plural)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (as_str_eq(kinds[i].plural, plural) && as_str_eq(kinds[i].group, group))
            return &kinds[i];
    return NULL;
}

void as_k8s_split_api_version(as_str api_version, as_str *group, as_str *version)
{
    size_t slash = as_str_find_char(api_version, '/');

    *group = slash == (size_t)-1 ? AS_STR("") : as_str_slice(api_version, 0, slash);
    *version = slash == (size_t)-1 ? api_version : as_str_from_index(api_version, slash + 1);
}

/* "List", and typed lists such as "ConfigMapList": by their items, as kubectl decides. */
static bool is_list(as_str kind, const as_value *v)
{
    return as_str_ends(kind, "List") && as_value_is(as_value_get(v, AS_STR("items")), AS_LIST);
}

/* Files that components read themselves have kinds too, but are no objects and need no name. */
static bool is_file(as_str group)
{
    return as_str_ends(group, "config.k8s.io") || as_str_is(group, "kubeadm.k8s.io") ||
           as_str_is(group, "audit.k8s.io");
}

static void add_list(as_arena *arena, as_str group_version, as_str list_kind, const as_value *list,
        as_diags *diags, as_k8s_objects *out, unsigned depth);

static void add_object(as_arena *arena, const as_value *v, as_span span, as_diags *diags,
        as_k8s_objects *out, unsigned depth)
{
    const as_value *metadata = as_value_get(v, AS_STR("metadata"));
    as_str api_version = as_value_str(as_value_get(v, AS_STR("apiVersion")));
    as_k8s_object o = {.kind = as_value_str(as_value_get(v, AS_STR("kind"))), .value = v};

    if (!api_version.n || !o.kind.n)
        return;
    if (is_list(o.kind, v)) {
        add_list(arena, api_version, o.kind, v, diags, out, depth + 1);
        return;
    }
    o.span = span;
    as_k8s_split_api_version(api_version, &o.group, &o.version);
    o.builtin = as_k8s_kind_find(o.group, o.kind);
    o.namespace = as_value_str(as_value_get(metadata, AS_STR("namespace")));
    o.name = as_value_str(as_value_get(metadata, AS_STR("name")));
    if (!o.name.n)
        o.name = as_value_str(as_value_get(metadata, AS_STR("generateName")));
    if (!o.name.n && !is_file(o.group) &&
            !as_value_is_unknown(as_value_get(metadata, AS_STR("name"))))
        as_diags_add(diags, AS_DIAG_WARNING, "kubernetes-name", v->span,
                "%.*s has no metadata.name", AS_STR_ARG(o.kind));
    AS_VEC_PUSH(arena, out, o);
}

/* An item of a typed list takes its kind from the list's, as the API server's answers leave both
 * out. */
static const as_value *typed_item(
        as_arena *arena, as_str api_version, as_str list_kind, const as_value *item)
{
    as_object_builder b;

    if (as_str_is(list_kind, "List") || as_value_get(item, AS_STR("kind")) ||
            !as_value_is(item, AS_OBJECT))
        return item;
    as_object_begin(&b, arena);
    as_object_add(
            &b, AS_STR("apiVersion"), item->span, as_value_string(arena, item->span, api_version));
    as_object_add(&b, AS_STR("kind"), item->span,
            as_value_string(arena, item->span, as_str_slice(list_kind, 0, list_kind.n - 4)));
    for (size_t i = 0; i < item->as.object->n; i++) {
        const as_member *m = &item->as.object->members[i];
        as_object_add(&b, m->key, m->key_span, m->value);
    }
    return as_object_end(&b, item->span);
}

static void add_list(as_arena *arena, as_str group_version, as_str list_kind, const as_value *list,
        as_diags *diags, as_k8s_objects *out, unsigned depth)
{
    const as_value *items = as_value_get(list, AS_STR("items"));

    if (depth > AS_MAX_DEPTH)
        return;
    for (size_t i = 0; i < as_value_count(items); i++) {
        const as_value *item = as_value_index(items, i);
        add_object(arena, typed_item(arena, group_version, list_kind, item), item->span, diags, out,
                depth);
    }
}

void as_k8s_add(as_arena *arena, const as_value *document, as_span span, as_diags *diags,
        as_k8s_objects *out)
{
    add_object(arena, document, span, diags, out, 1);
}

static bool looks_like_json(const as_source *source)
{
    as_str text = as_str_trim(source->text);

    return as_str_ends(source->path, ".json") && text.n && text.p[0] == '{';
}

bool as_k8s_parse(as_arena *arena, const as_source *source, as_diags *diags, as_k8s_objects *out)
{
    as_yaml_docs docs = {0};
    bool good;

    if (looks_like_json(source)) {
        const as_value *v = as_json_parse(arena, source, diags);
        if (v)
            as_k8s_add(arena, v, v->span, diags, out);
        return v != NULL;
    }
    good = as_yaml_parse(arena, source, (as_yaml_options){.flavour = AS_YAML_GO_V2}, diags, &docs);
    for (size_t i = 0; i < docs.n; i++)
        as_k8s_add(arena, docs.items[i].value, docs.items[i].span, diags, out);
    return good;
}

const as_value *as_k8s_pod_template(const as_k8s_object *object)
{
    const char *path = object->builtin ? object->builtin->pod_template : NULL;

    return !path ? NULL : *path ? as_value_path(object->value, path) : object->value;
}
