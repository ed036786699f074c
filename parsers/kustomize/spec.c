/* Field specs: paths on which transformers act, their defaults and their extension. */
#include "engine/base/limits.h"
#include "parsers/kustomize/build.h"

/* --- paths -------------------------------------------------------------------------------------
 */

as_texts as_kust_path(as_arena *arena, as_str path, char separator)
{
    as_texts out = {0};
    as_str part;
    bool joins = false;

    if (path.n > 1 && path.p[0] == separator)
        path = as_str_from_index(path, 1);
    if (!path.n)
        AS_VEC_PUSH(arena, &out, path);
    for (bool more = path.n > 0; more;) {
        size_t end = as_str_find_char(path, separator);
        more = end != (size_t)-1;
        part = as_str_slice(path, 0, end);
        path = as_str_from_index(path, more ? end + 1 : path.n);
        if (joins) {
            as_str *last = &out.items[out.n - 1];
            *last = as_str_fmt(arena, "%.*s%c%.*s", AS_STR_ARG(as_str_slice(*last, 0, last->n - 1)),
                    separator, AS_STR_ARG(part));
        } else {
            AS_VEC_PUSH(arena, &out, part);
        }
        joins = as_str_ends(out.items[out.n - 1], "\\");
    }
    return out;
}

static as_str trim_brackets(as_str s)
{
    while (s.n && as_char_in(s.p[0], "[]"))
        s = as_str_from_index(s, 1);
    while (s.n && as_char_in(s.p[s.n - 1], "[]"))
        s.n--;
    return s;
}

as_texts as_kust_path_smart(as_arena *arena, as_str path, char separator)
{
    as_texts parts = as_kust_path(arena, path, separator), out = {0};

    for (size_t i = 0; i < parts.n; i++) {
        as_str part = parts.items[i];
        bool opens = as_str_starts(part, "[") && !as_str_ends(part, "]");
        while (opens && i + 1 < parts.n) {
            i++;
            part = as_str_fmt(
                    arena, "%.*s%c%.*s", AS_STR_ARG(part), separator, AS_STR_ARG(parts.items[i]));
            if (as_str_ends(parts.items[i], "]"))
                break;
        }
        if (opens && as_str_find_char(part, '=') == (size_t)-1)
            part = trim_brackets(part);
        AS_VEC_PUSH(arena, &out, part);
    }
    return out;
}

/* --- applying ----------------------------------------------------------------------------------
 */

typedef struct applied {
    as_kust *k;
    const as_field_spec *spec;
    as_texts path;
    int create_kind;
    as_kind create_type;
    as_field_setter set;
    void *self;
    as_span span;
} applied;

static bool apply_at(const applied *a, as_ktree *n, size_t at);

static void make_field(const applied *a, as_ktree *map, as_str key, bool is_last)
{
    as_ktree_kind kind = is_last ? (as_ktree_kind)a->create_kind : AS_KTREE_MAP;
    as_ktree *n = kind == AS_KTREE_MAP
                          ? as_ktree_map(a->k->arena, map->span)
                          : as_ktree_scalar(a->k->arena, map->span, a->create_type, AS_STR(""));

    as_ktree_set(a->k->arena, map, key, map->span, n);
}

static bool apply_map(const applied *a, as_ktree *map, size_t at)
{
    as_str key = a->path.items[at];
    bool is_list = as_str_ends(key, "[]"), is_last = at + 1 == a->path.n;
    bool creates = a->spec->create && a->create_kind != AS_CREATE_NOTHING && !is_list;
    as_ktree *field;

    if (is_list)
        key.n -= 2;
    if (!key.n)
        return as_kust_fail(
                a->k, "kustomize-field-spec", a->span, "cannot set or create an empty field name");
    field = as_ktree_get(map, key);
    if (creates && as_ktree_is_null(field))
        make_field(a, map, key, is_last);
    field = as_ktree_get(map, key);
    return !field || apply_at(a, field, at + 1);
}

static bool apply_at(const applied *a, as_ktree *n, size_t at)
{
    if (at == a->path.n)
        return a->set(a->self, n);
    if (as_ktree_is_null(n))
        return true;
    if (n->kind == AS_KTREE_MAP)
        return apply_map(a, n, at);
    if (n->kind == AS_KTREE_SCALAR)
        return as_kust_fail(a->k, "kustomize-field-spec", n->span,
                "considering field '%.*s': expected sequence or mapping node",
                AS_STR_ARG(a->spec->path));
    for (size_t i = 0; i < n->items.n; i++)
        if (!apply_at(a, n->items.items[i], at))
            return false;
    return true;
}

bool as_spec_apply(as_kust *k, as_res *r, const as_field_spec *spec, int create_kind,
        as_kind create_type, as_field_setter set, void *self)
{
    applied a = {k, spec, as_kust_path(k->arena, spec->path, '/'), create_kind, create_type, set,
            self, r->span};

    if (!r->node || !as_gvk_selected(as_res_gvk(r), spec->gvk))
        return true;
    return apply_at(&a, r->node, 0);
}

/* --- merging lists of specs --------------------------------------------------------------------
 */

bool as_specs_merge_one(as_kust *k, as_field_specs *specs, as_field_spec spec)
{
    for (size_t i = 0; i < specs->n; i++) {
        as_field_spec *old = &specs->items[i];
        if (!as_gvk_selected(old->gvk, spec.gvk) || !as_str_eq(old->path, spec.path))
            continue;
        return old->create == spec.create ||
               as_kust_fail(k, "kustomize-field-spec", AS_SPAN_NONE, "conflicting fieldspecs: %.*s",
                       AS_STR_ARG(spec.path));
    }
    AS_VEC_PUSH(k->arena, specs, spec);
    return true;
}

bool as_specs_merge(as_kust *k, as_field_specs *specs, const as_field_specs *more)
{
    for (size_t i = 0; i < more->n; i++)
        if (!as_specs_merge_one(k, specs, more->items[i]))
            return false;
    return true;
}

static bool merge_names(as_kust *k, as_name_references *names, const as_name_reference *more)
{
    as_name_reference fresh = {.gvk = more->gvk};

    for (size_t i = 0; i < names->n; i++)
        if (as_gvk_equal(names->items[i].gvk, more->gvk))
            return as_specs_merge(k, &names->items[i].referrers, &more->referrers);
    if (!as_specs_merge(k, &fresh.referrers, &more->referrers))
        return false;
    AS_VEC_PUSH(k->arena, names, fresh);
    return true;
}

/* By kind: what comes first decides whether a later, wider spec counts as known already. */
static void sort_specs(as_kust *k, as_field_specs *specs)
{
    for (size_t i = 1; i < specs->n; i++) {
        as_field_spec spec = specs->items[i];
        size_t at = i;
        for (; at > 0 && as_gvk_compare(k, specs->items[at - 1].gvk, spec.gvk) > 0; at--)
            specs->items[at] = specs->items[at - 1];
        specs->items[at] = spec;
    }
}

static void sort_names(as_kust *k, as_name_references *names)
{
    for (size_t i = 1; i < names->n; i++) {
        as_name_reference name = names->items[i];
        size_t at = i;
        for (; at > 0 && as_gvk_compare(k, names->items[at - 1].gvk, name.gvk) > 0; at--)
            names->items[at] = names->items[at - 1];
        names->items[at] = name;
    }
}

bool as_config_merge(as_kust *k, as_kust_config *config, const as_kust_config *more)
{
    for (size_t i = 0; i < AS_SPECS_N; i++) {
        if (!as_specs_merge(k, &config->specs[i], &more->specs[i]))
            return false;
        sort_specs(k, &config->specs[i]);
    }
    for (size_t i = 0; i < more->names.n; i++)
        if (!merge_names(k, &config->names, &more->names.items[i]))
            return false;
    sort_names(k, &config->names);
    return true;
}

/* --- defaults ----------------------------------------------------------------------------------
 */

static const struct {
    as_spec_list list;
    as_field_spec spec;
} builtin_specs[] = {
#define AS_FIELD_SPEC(list, group, version, kind, path, create)                                    \
    {AS_SPECS_##list, {{AS_STR_INIT(group), AS_STR_INIT(version), AS_STR_INIT(kind)},              \
                              AS_STR_INIT(path), create}},
#define AS_NAME_TARGET(group, version, kind)
#define AS_NAME_REFERRER(group, version, kind, path)
#include "parsers/kustomize/specs.def"
#undef AS_FIELD_SPEC
#undef AS_NAME_TARGET
#undef AS_NAME_REFERRER
};

static const struct {
    bool is_target; /* else a referrer of the target before it */
    as_field_spec spec;
} builtin_names[] = {
#define AS_FIELD_SPEC(list, group, version, kind, path, create)
#define AS_NAME_TARGET(group, version, kind)                                                       \
    {true, {{AS_STR_INIT(group), AS_STR_INIT(version), AS_STR_INIT(kind)}, {NULL, 0}, false}},
#define AS_NAME_REFERRER(group, version, kind, path)                                               \
    {false, {{AS_STR_INIT(group), AS_STR_INIT(version), AS_STR_INIT(kind)}, AS_STR_INIT(path),     \
                    false}},
#include "parsers/kustomize/specs.def"
#undef AS_FIELD_SPEC
#undef AS_NAME_TARGET
#undef AS_NAME_REFERRER
};

bool as_config_add_builtin(as_kust *k, as_kust_config *config)
{
    as_kust_config defaults = {.names = {0}};

    for (size_t i = 0; i < sizeof builtin_specs / sizeof builtin_specs[0]; i++)
        AS_VEC_PUSH(k->arena, &defaults.specs[builtin_specs[i].list], builtin_specs[i].spec);
    for (size_t i = 0; i < sizeof builtin_names / sizeof builtin_names[0]; i++) {
        as_name_reference target = {.gvk = builtin_names[i].spec.gvk};
        if (builtin_names[i].is_target)
            AS_VEC_PUSH(k->arena, &defaults.names, target);
        else
            AS_VEC_PUSH(k->arena, &defaults.names.items[defaults.names.n - 1].referrers,
                    builtin_names[i].spec);
    }
    return as_config_merge(k, config, &defaults);
}

/* --- from files --------------------------------------------------------------------------------
 */

static as_gvk gvk_of(const as_value *v)
{
    return (as_gvk){as_value_str(as_value_get(v, AS_STR("group"))),
            as_value_str(as_value_get(v, AS_STR("version"))),
            as_value_str(as_value_get(v, AS_STR("kind")))};
}

as_field_specs as_specs_of(as_kust *k, const as_value *list)
{
    as_field_specs out = {0};

    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *v = as_value_index(list, i);
        as_field_spec spec = {gvk_of(v), as_value_str(as_value_get(v, AS_STR("path"))),
                as_value_bool_or(as_value_get(v, AS_STR("create")), false)};
        AS_VEC_PUSH(k->arena, &out, spec);
    }
    return out;
}

bool as_config_add_file(as_kust *k, as_kust_config *config, const as_value *file)
{
    static const char *const sections[AS_SPECS_N] = {
            [AS_SPECS_NAME_PREFIX] = "namePrefix",
            [AS_SPECS_NAME_SUFFIX] = "nameSuffix",
            [AS_SPECS_NAMESPACE] = "namespace",
            [AS_SPECS_LABELS] = "labels",
            [AS_SPECS_COMMON_LABELS] = "commonLabels",
            [AS_SPECS_TEMPLATE_LABELS] = "templateLabels",
            [AS_SPECS_COMMON_ANNOTATIONS] = "commonAnnotations",
            [AS_SPECS_IMAGES] = "images",
            [AS_SPECS_REPLICAS] = "replicas",
            [AS_SPECS_VAR_REFERENCE] = "varReference",
    };
    const as_value *names = as_value_get(file, AS_STR("nameReference"));
    as_kust_config more = {.names = {0}};

    for (size_t i = 0; i < AS_SPECS_N; i++)
        more.specs[i] = as_specs_of(k, as_value_get(file, as_str_from(sections[i])));
    for (size_t i = 0; i < as_value_count(names); i++) {
        const as_value *v = as_value_index(names, i);
        as_name_reference n = {gvk_of(v), as_specs_of(k, as_value_get(v, AS_STR("fieldSpecs")))};
        AS_VEC_PUSH(k->arena, &more.names, n);
    }
    return as_config_merge(k, config, &more);
}

/* --- from the schemas of `crds` ----------------------------------------------------------------
 */

typedef struct crd_walk {
    as_kust *k;
    const as_value *definitions;
    as_kust_config *config;
    as_gvk gvk;
} crd_walk;

static void add_marked(const crd_walk *w, const as_value *property, as_str path)
{
    static const struct {
        const char *mark;
        as_spec_list list;
    } marks[] = {{"x-kubernetes-annotation", AS_SPECS_COMMON_ANNOTATIONS},
            {"x-kubernetes-label-selector", AS_SPECS_COMMON_LABELS},
            {"x-kubernetes-identity", AS_SPECS_NAME_PREFIX}};
    const as_value *version = as_value_get(property, AS_STR("x-kubernetes-object-ref-api-version"));
    const as_value *kind = as_value_get(property, AS_STR("x-kubernetes-object-ref-kind"));
    as_str key = as_value_str(as_value_get(property, AS_STR("x-kubernetes-object-ref-name-key")));
    as_field_spec spec = {w->gvk, path, false};
    as_name_reference name = {
            .gvk = {.version = as_value_str(version), .kind = as_value_str(kind)}};

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (as_value_get(property, as_str_from(marks[i].mark)))
            AS_VEC_PUSH(w->k->arena, &w->config->specs[marks[i].list], spec);
    if (!version || !kind)
        return;
    spec.path = as_str_fmt(
            w->k->arena, "%.*s/%.*s", AS_STR_ARG(path), AS_STR_ARG(key.n ? key : AS_STR("name")));
    AS_VEC_PUSH(w->k->arena, &name.referrers, spec);
    AS_VEC_PUSH(w->k->arena, &w->config->names, name);
}

static void walk_definition(const crd_walk *w, as_str type, as_str path, unsigned depth)
{
    const as_value *definition = as_value_get(w->definitions, type);
    const as_value *properties = as_value_path(definition, "Schema.properties");

    if (!properties)
        properties = as_value_get(definition, AS_STR("properties"));
    for (size_t i = 0;
            as_value_is(properties, AS_OBJECT) && depth < 32 && i < properties->as.object->n; i++) {
        const as_member *m = &properties->as.object->members[i];
        as_str below =
                path.n ? as_str_fmt(w->k->arena, "%.*s/%.*s", AS_STR_ARG(path), AS_STR_ARG(m->key))
                       : m->key;
        as_str ref = as_value_str(as_value_get(m->value, AS_STR("$ref")));
        add_marked(w, m->value, below);
        if (ref.n)
            walk_definition(w, ref, below, depth + 1);
    }
}

bool as_config_add_crds(as_kust *k, as_kust_config *config, const as_value *definitions)
{
    as_kust_config more = {.names = {0}};

    for (size_t i = 0; as_value_is(definitions, AS_OBJECT) && i < definitions->as.object->n; i++) {
        as_str name = definitions->as.object->members[i].key;
        const as_value *d = definitions->as.object->members[i].value;
        const as_value *properties = as_value_path(d, "Schema.properties");
        size_t dot = as_str_rfind_char(name, '.');
        crd_walk w = {k, definitions, &more,
                {.kind = dot == (size_t)-1 ? name : as_str_from_index(name, dot + 1)}};
        if (as_value_get(properties, AS_STR("kind")) &&
                as_value_get(properties, AS_STR("apiVersion")) &&
                as_value_get(properties, AS_STR("metadata")))
            walk_definition(&w, name, AS_STR(""), 0);
    }
    return as_config_merge(k, config, &more);
}
