/* Transformers that act on field specs: namespace, prefix and suffix, labels, replicas, images. */
#include "engine/base/limits.h"
#include "engine/base/regex.h"
#include "parsers/kustomize/build.h"

/* What a setter needs; each uses its part. */
typedef struct setting {
    as_kust *k;
    as_str text;
    as_kind type;
    as_span from;
    const char *note;
    bool only_empty, is_suffix;
    const as_member *member;
} setting;

static bool wrong_kind(as_kust *k, const as_ktree *n, const char *wanted)
{
    return as_kust_fail(
            k, "kustomize-field-spec", n->span, "wrong node kind: expected a %s", wanted);
}

static bool set_scalar(void *self, as_ktree *field)
{
    const setting *s = self;

    if (!as_ktree_is(field, AS_KTREE_SCALAR))
        return wrong_kind(s->k, field, "scalar");
    if (s->only_empty && field->text.n && field->type != AS_NULL)
        return true;
    as_ktree_set_text(s->k->arena, field, s->text, s->from, s->note);
    field->type = s->type;
    return true;
}

/* --- namespace ---------------------------------------------------------------------------------
 */

static bool is_role_binding(as_str kind)
{
    return as_str_is(kind, "RoleBinding") || as_str_is(kind, "ClusterRoleBinding");
}

static bool is_chosen_subject(const as_ktree *subject, as_str mode)
{
    if (as_str_is(mode, "allServiceAccounts"))
        return as_str_is(as_ktree_text(as_ktree_get(subject, AS_STR("kind"))), "ServiceAccount");
    return as_str_is(as_ktree_text(as_ktree_get(subject, AS_STR("name"))), "default");
}

static bool set_subjects(as_kust *k, as_res *r, setting *s, as_str mode)
{
    as_ktree *subjects = as_ktree_get(r->node, AS_STR("subjects"));

    if (as_str_is(mode, "none") || as_ktree_is_null(subjects))
        return true;
    if (!as_ktree_is(subjects, AS_KTREE_LIST))
        return wrong_kind(k, subjects, "list");
    for (size_t i = 0; i < subjects->items.n; i++) {
        as_ktree *subject = subjects->items.items[i];
        if (!is_chosen_subject(subject, mode))
            continue;
        if (!as_ktree_get(subject, AS_STR("namespace")))
            as_ktree_set(k->arena, subject, AS_STR("namespace"), subject->span,
                    as_ktree_string(k->arena, s->from, AS_STR("")));
        if (!set_scalar(s, as_ktree_get(subject, AS_STR("namespace"))))
            return false;
    }
    return true;
}

/* metadata.namespace and the subjects of bindings have rules of their own. */
static bool applies(const as_field_spec *spec, const as_res *r)
{
    as_str api_version = as_ktree_text(as_ktree_get(r->node, AS_STR("apiVersion")));

    if (as_str_is(spec->path, "metadata/namespace"))
        return false;
    if (as_str_is(spec->path, "metadata/name") && !as_str_is(api_version, "v1"))
        return false;
    return !(is_role_binding(as_res_kind(r)) && is_role_binding(spec->gvk.kind) &&
             as_str_is(spec->path, "subjects/namespace"));
}

static bool set_namespace(
        as_kust *k, as_res *r, setting *s, const as_field_specs *specs, as_str mode)
{
    static const as_field_spec own = {{{0}, {0}, {0}}, AS_STR_INIT("metadata/namespace"), true};

    if (!as_gvk_is_cluster_scoped(as_res_gvk(r)) &&
            !as_spec_apply(k, r, &own, AS_KTREE_SCALAR, AS_STRING, set_scalar, s))
        return false;
    if (is_role_binding(as_res_kind(r)) && !set_subjects(k, r, s, mode))
        return false;
    for (size_t i = 0; i < specs->n; i++)
        if (applies(&specs->items[i], r) &&
                !as_spec_apply(k, r, &specs->items[i], AS_KTREE_SCALAR, AS_STRING, set_scalar, s))
            return false;
    return true;
}

bool as_transform_namespace(as_kust *k, const as_value *namespace, const as_field_specs *specs,
        bool unset_only, as_str subjects, as_res_list *rs)
{
    setting s = {.k = k,
            .text = as_value_str(namespace),
            .type = AS_STRING,
            .note = "namespace",
            .only_empty = unset_only};
    as_res_census census;

    if (!s.text.n)
        return true;
    s.from = namespace->span;
    as_res_census_take(&census, k, rs);
    for (size_t i = 0; i < rs->list.n; i++) {
        as_res *r = rs->list.items[i];
        if (!r->node)
            continue;
        as_res_census_add(&census, as_res_current(r), -1);
        as_res_store_previous(k, r);
        if (!set_namespace(k, r, &s, specs, subjects))
            return false;
        if (as_res_census_add(&census, as_res_current(r), 1) != 1)
            return as_kust_fail(k, "kustomize-namespace", namespace->span,
                    "namespace transformation produces ID conflict: %.*s",
                    AS_STR_ARG(as_res_id_text(k->arena, as_res_current(r))));
    }
    return true;
}

/* --- prefix and suffix -------------------------------------------------------------------------
 */

static bool set_affix(void *self, as_ktree *field)
{
    const setting *s = self;
    as_str old = as_ktree_text(field);

    if (!as_ktree_is(field, AS_KTREE_SCALAR))
        return wrong_kind(s->k, field, "scalar");
    as_ktree_set_text(s->k->arena, field,
            as_str_join(s->k->arena, s->is_suffix ? old : s->text, s->is_suffix ? s->text : old),
            s->from, s->note);
    field->type = AS_STRING;
    return true;
}

/* Names that others know, and must not change. */
static bool keeps_name(const as_res *r)
{
    as_gvk gvk = as_res_original(r).gvk;

    return as_str_is(gvk.kind, "CustomResourceDefinition") || as_str_is(gvk.kind, "Namespace") ||
           (as_str_is(gvk.kind, "APIService") && as_str_is(gvk.group, "apiregistration.k8s.io"));
}

static bool affix_one(as_kust *k, as_res *r, setting *s, const as_field_spec *spec)
{
    if (!as_gvk_selected(as_res_original(r).gvk, spec->gvk))
        return true;
    if (as_str_is(spec->path, "metadata/name") && s->text.n) {
        AS_VEC_PUSH(k->arena, s->is_suffix ? &r->suffixes : &r->prefixes, s->text);
        as_res_store_previous(k, r);
    }
    return as_spec_apply(k, r, spec, AS_KTREE_SCALAR, AS_STRING, set_affix, s);
}

bool as_transform_prefix(as_kust *k, const as_value *text, const as_field_specs *specs,
        bool is_suffix, as_res_list *rs)
{
    setting s = {.k = k,
            .text = as_value_str(text),
            .from = text ? text->span : AS_SPAN_NONE,
            .note = is_suffix ? "nameSuffix" : "namePrefix",
            .is_suffix = is_suffix};

    for (size_t i = 0; i < rs->list.n; i++)
        for (size_t j = 0; j < specs->n && !keeps_name(rs->list.items[i]); j++)
            if (!affix_one(k, rs->list.items[i], &s, &specs->items[j]))
                return false;
    return true;
}

/* --- labels and annotations --------------------------------------------------------------------
 */

static bool set_entry(void *self, as_ktree *field)
{
    const setting *s = self;
    as_ktree *old = as_ktree_get(field, s->member->key);

    if (!as_ktree_is(field, AS_KTREE_MAP))
        return wrong_kind(s->k, field, "map");
    if (as_ktree_is(old, AS_KTREE_SCALAR)) {
        as_ktree_set_text(s->k->arena, old, s->text, s->from, s->note);
        old->type = AS_STRING;
        return true;
    }
    as_ktree_set(s->k->arena, field, s->member->key, s->member->key_span,
            as_ktree_string(s->k->arena, s->from, s->text));
    return true;
}

/* Labels are text: numbers and booleans are refused when the kustomization is read. */
bool as_transform_labels(
        as_kust *k, const as_value *pairs, const as_field_specs *specs, as_res_list *rs)
{
    for (size_t i = 0; as_value_is(pairs, AS_OBJECT) && i < pairs->as.object->n; i++) {
        const as_member *m = &pairs->as.object->members[i];
        setting s = {.k = k,
                .text = as_value_str(m->value),
                .from = m->value->span,
                .note = "label or annotation of the kustomization",
                .member = m};
        for (size_t j = 0; j < rs->list.n; j++)
            for (size_t f = 0; f < specs->n; f++)
                if (!as_spec_apply(k, rs->list.items[j], &specs->items[f], AS_KTREE_MAP, AS_NULL,
                            set_entry, &s))
                    return false;
    }
    return true;
}

/* --- replicas ----------------------------------------------------------------------------------
 */

static bool has_name(const as_res *r, as_str name, as_gvk selector)
{
    as_gvk gvk = as_res_gvk(r);

    if (as_str_eq(as_res_name(r), name) && as_gvk_selected(gvk, selector))
        return true;
    for (size_t i = 0; i < r->previous.n; i++) {
        gvk.kind = r->previous.items[i].gvk.kind;
        if (as_str_eq(r->previous.items[i].name, name) && as_gvk_selected(gvk, selector))
            return true;
    }
    return false;
}

bool as_transform_replicas(
        as_kust *k, const as_value *replica, const as_field_specs *specs, as_res_list *rs)
{
    as_str name = as_value_str(as_value_get(replica, AS_STR("name")));
    const as_value *count = as_value_get(replica, AS_STR("count"));
    setting s = {.k = k,
            .type = AS_INT,
            .note = "replicas",
            .text = as_str_fmt(k->arena, "%lld", (long long)as_value_int_or(count, 0)),
            .from = count ? count->span : replica->span};
    bool found = false;

    for (size_t f = 0; f < specs->n; f++)
        for (size_t i = 0; i < rs->list.n; i++) {
            if (!has_name(rs->list.items[i], name, specs->items[f].gvk))
                continue;
            found = true;
            if (!as_spec_apply(k, rs->list.items[i], &specs->items[f], AS_KTREE_SCALAR, AS_INT,
                        set_scalar, &s))
                return false;
        }
    return found || as_kust_fail(k, "kustomize-replicas", replica->span,
                            "resource with name %.*s does not match a config with the kinds that "
                            "have replicas",
                            AS_STR_ARG(name));
}

/* --- images ------------------------------------------------------------------------------------
 */

typedef struct image_setting {
    as_kust *k;
    const as_regex *pattern;
    as_str new_name, new_tag, digest, tag_suffix;
    as_span from;
} image_setting;

as_kust_image as_kust_split_image(as_str text)
{
    size_t slash = as_str_find_char(text, '/');
    size_t from = slash == (size_t)-1 ? 0 : slash;
    as_str rest = as_str_from_index(text, from);
    size_t at = as_str_find_char(rest, '@'), colon = as_str_find_char(rest, ':');
    as_kust_image out = {.name = text};

    if (at != (size_t)-1)
        out.digest = as_str_from_index(rest, at + 1);
    if (colon != (size_t)-1 && colon < at)
        out.tag = as_str_slice(rest, colon + 1, at);
    else
        colon = at;
    if (colon != (size_t)-1)
        out.name = as_str_slice(text, 0, from + colon);
    return out;
}

static bool set_image(void *self, as_ktree *field)
{
    const image_setting *s = self;
    as_arena *arena = s->k->arena;
    as_str name;
    as_kust_image i;

    if (!as_ktree_is(field, AS_KTREE_SCALAR))
        return wrong_kind(s->k, field, "scalar");
    if (as_regex_test(s->pattern, field->text) != AS_REGEX_MATCH)
        return true;
    i = as_kust_split_image(field->text);
    if (s->new_name.n)
        i.name = s->new_name;
    if (s->new_tag.n || s->digest.n) {
        i.tag = s->new_tag;
        i.digest = s->digest;
    } else if (s->tag_suffix.n) {
        i.tag = as_str_join(arena, i.tag, s->tag_suffix);
        i.digest = AS_STR_NONE;
    }
    name = i.name;
    if (i.tag.n)
        name = as_str_fmt(arena, "%.*s:%.*s", AS_STR_ARG(name), AS_STR_ARG(i.tag));
    if (i.digest.n)
        name = as_str_fmt(arena, "%.*s@%.*s", AS_STR_ARG(name), AS_STR_ARG(i.digest));
    as_ktree_set_text(arena, field, name, s->from, "images");
    field->type = AS_STRING;
    return true;
}

/* `containers` and `initContainers` anywhere in the object. */
static bool set_containers(image_setting *s, as_ktree *n, unsigned depth)
{
    if (depth > AS_MAX_DEPTH)
        return true;
    for (size_t i = 0; i < n->items.n; i++)
        if (!set_containers(s, n->items.items[i], depth + 1))
            return false;
    for (size_t i = 0; i < n->fields.n; i++) {
        as_str key = n->fields.items[i].key;
        as_ktree *value = n->fields.items[i].value;
        bool are_containers = as_str_is(key, "containers") || as_str_is(key, "initContainers");
        if (!set_containers(s, value, depth + 1))
            return false;
        for (size_t j = 0; are_containers && j < value->items.n; j++) {
            as_ktree *field = as_ktree_get(value->items.items[j], AS_STR("image"));
            if (!as_ktree_is_null(field) && !set_image(s, field))
                return false;
        }
    }
    return true;
}

bool as_transform_image(
        as_kust *k, const as_value *image_value, const as_field_specs *specs, as_res_list *rs)
{
    as_str name = as_value_str(as_value_get(image_value, AS_STR("name")));
    as_regex_error error;
    image_setting s = {
            .k = k,
            .new_name = as_value_str(as_value_get(image_value, AS_STR("newName"))),
            .new_tag = as_value_str(as_value_get(image_value, AS_STR("newTag"))),
            .digest = as_value_str(as_value_get(image_value, AS_STR("digest"))),
            .tag_suffix = as_value_str(as_value_get(image_value, AS_STR("tagSuffix"))),
            .from = image_value->span,
    };

    s.pattern = as_regex_compile(k->arena,
            as_str_fmt(k->arena, "^%.*s(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$",
                    AS_STR_ARG(name)),
            &error);
    if (!s.pattern)
        return as_kust_fail(k, "kustomize-images", image_value->span, "%.*s",
                AS_STR_ARG(as_regex_error_text(k->arena, &error)));
    for (size_t i = 0; i < rs->list.n; i++) {
        as_res *r = rs->list.items[i];
        if (!r->node || as_str_is(as_res_kind(r), "CustomResourceDefinition"))
            continue;
        if (!set_containers(&s, r->node, 1))
            return false;
        for (size_t f = 0; f < specs->n; f++)
            if (!as_spec_apply(k, r, &specs->items[f], AS_CREATE_NOTHING, AS_NULL, set_image, &s))
                return false;
    }
    return true;
}

/* --- values into paths -------------------------------------------------------------------------
 */

/* "/a/b/c" with the value as its part at `position`, counted from 0. */
static as_str insert_part(as_arena *arena, as_str path, int64_t position, as_str value)
{
    as_str rest = path, part;
    int64_t i = 0;
    as_buf buf;

    as_buf_init(&buf, arena, 0);
    if (as_str_starts(path, "/"))
        as_buf_char(&buf, '/');
    for (bool placed = false; !placed || rest.n; i++) {
        if (i)
            as_buf_char(&buf, '/');
        while (as_str_starts(rest, "/"))
            rest = as_str_from_index(rest, 1);
        if (!placed && (i == position || !rest.n)) {
            as_buf_str(&buf, value);
            placed = true;
        } else if (as_str_split(&rest, '/', &part)) {
            as_buf_str(&buf, part);
        }
    }
    return as_buf_view(&buf);
}

typedef struct value_setting {
    setting s;
    int64_t position;
} value_setting;

static bool set_value(void *self, as_ktree *field)
{
    value_setting *v = self;
    as_str whole = v->s.text;
    bool good;

    if (v->position > 0 && as_ktree_is(field, AS_KTREE_SCALAR))
        v->s.text = insert_part(v->s.k->arena, field->text, v->position - 1, whole);
    good = set_scalar(&v->s, field);
    v->s.text = whole;
    return good;
}

static bool add_value(as_kust *k, const as_value *target, as_str value, as_res_list *rs)
{
    const as_value *selector = as_value_get(target, AS_STR("selector"));
    as_str path = as_value_str(as_value_get(target, AS_STR("fieldPath")));
    as_field_spec spec = {.path = path, .create = true};
    as_res_list selected = {.list = {0}};
    value_setting v = {{.k = k,
                               .text = value,
                               .type = AS_STRING,
                               .from = target->span,
                               .note = "ValueAddTransformer"},
            as_value_int_or(as_value_get(target, AS_STR("filePathPosition")), 0)};

    if (!path.n)
        return as_kust_fail(k, "kustomize-plugin", target->span, "fieldPath cannot be empty");
    if (selector && !as_res_select(k, rs, selector, &selected))
        return false;
    if (!selector)
        selected = *rs;
    for (size_t i = 0; i < selected.list.n; i++)
        if (!as_spec_apply(
                    k, selected.list.items[i], &spec, AS_KTREE_SCALAR, AS_STRING, set_value, &v))
            return false;
    return true;
}

bool as_transform_value_add(
        as_kust *k, const as_kust_target *t, const as_value *args, as_res_list *rs)
{
    const as_value *targets = as_value_get(args, AS_STR("targets"));
    as_str value = as_str_trim(as_value_str(as_value_get(args, AS_STR("value"))));

    value = value.n ? value : as_path_base(t->dir);
    if (!as_value_count(targets))
        return as_kust_fail(k, "kustomize-plugin", args->span, "must specify at least one target");
    for (size_t i = 0; i < as_value_count(targets); i++)
        if (!add_value(k, as_value_index(targets, i), value, rs))
            return false;
    return true;
}
