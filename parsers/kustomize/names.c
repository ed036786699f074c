/* References by name: after prefixes, suffixes and hashes, fields that name another object follow
 * it. */
#include "parsers/kustomize/build.h"

typedef struct referral {
    as_kust *k;
    as_res *referrer;
    const as_field_spec *spec;
    as_gvk target; /* what kind of thing is named */
    const as_res_list *all;
    const as_map *by_name; /* as_res_list of those that had a name */
} referral;

typedef bool (*sieve)(const referral *f, const as_res *r, const void *arg);

static as_res_list sift(const referral *f, const as_res_list *list, sieve accepts, const void *arg)
{
    as_res_list out = {.list = {0}};

    for (size_t i = 0; i < list->list.n; i++)
        if (accepts(f, list->list.items[i], arg))
            AS_VEC_PUSH(f->k->arena, &out.list, list->list.items[i]);
    return out;
}

/* --- which candidates fit ----------------------------------------------------------------------
 */

static bool had_kind(const referral *f, const as_res *r, const void *selector)
{
    as_gvk gvk = as_res_gvk(r);

    (void)f;
    for (size_t i = 0; i < r->previous.n; i++) {
        gvk.kind = r->previous.items[i].gvk.kind;
        if (as_gvk_selected(gvk, *(const as_gvk *)selector))
            return true;
    }
    return false;
}

/* A roleRef says itself which kind it means. */
static bool fits_role_ref(const referral *f, const as_res *r, const void *arg)
{
    const as_ktree *ref = as_ktree_get(f->referrer->node, AS_STR("roleRef"));
    const as_ktree *group = as_ktree_get(ref, AS_STR("apiGroup")),
                   *kind = as_ktree_get(ref, AS_STR("kind"));
    as_gvk gvk = {.group = as_ktree_text(group), .kind = as_ktree_text(kind)};

    (void)arg;
    if (!as_str_ends(f->spec->path, "roleRef/name") || !group || !kind)
        return true;
    return had_kind(f, r, &gvk);
}

static bool same_namespace(as_res_id a, as_res_id b)
{
    return as_str_eq(as_res_id_effective_namespace(a), as_res_id_effective_namespace(b));
}

static bool is_reachable(const referral *f, const as_res *r, const void *arg)
{
    as_res_id referrer = as_res_current(f->referrer), id = as_res_current(r);

    (void)arg;
    return referrer.cluster_scoped || id.cluster_scoped ||
           as_str_is(as_res_kind(r), "ServiceAccount") || same_namespace(referrer, id);
}

/* One list ends like the other. */
static bool same_ending(const as_texts *a, const as_texts *b)
{
    const as_texts *shorter = a->n <= b->n ? a : b, *longer = a->n <= b->n ? b : a;

    if (!shorter->n)
        return !longer->n;
    for (size_t i = 1; i <= shorter->n; i++)
        if (!as_str_eq(shorter->items[shorter->n - i], longer->items[longer->n - i]))
            return false;
    return true;
}

static bool same_affixes(const referral *f, const as_res *r, const void *allow_empty)
{
    const as_texts *lists[2][2] = {
            {&r->prefixes, &f->referrer->prefixes}, {&r->suffixes, &f->referrer->suffixes}};

    for (size_t i = 0; i < 2; i++) {
        bool either_empty = !lists[i][0]->n || !lists[i][1]->n;
        if (!(*(const bool *)allow_empty && either_empty) && !same_ending(lists[i][0], lists[i][1]))
            return false;
    }
    return true;
}

static bool are_same(const as_res_list *list, bool with_namespace)
{
    const as_res *first = list->list.items[0];

    for (size_t i = 1; i < list->list.n; i++) {
        const as_res *r = list->list.items[i];
        if (!as_str_eq(as_res_name(r), as_res_name(first)) ||
                (with_namespace && !as_str_eq(as_res_namespace(r), as_res_namespace(first))))
            return false;
    }
    return true;
}

static bool select_referral(const referral *f, as_str old_name, const as_res_list *candidates,
        bool with_namespace, as_res **out)
{
    static const bool yes = true, no = false;
    as_res_list list = sift(f, candidates, had_kind, &f->target);

    *out = NULL;
    list = sift(f, &list, fits_role_ref, NULL);
    list = sift(f, &list, is_reachable, NULL);
    if (list.list.n > 1) {
        list = sift(f, &list, same_affixes, &yes);
        if (list.list.n > 1)
            list = sift(f, &list, same_affixes, &no);
    }
    if (!list.list.n)
        return true;
    if (list.list.n > 1 && !are_same(&list, with_namespace))
        return as_kust_fail(f->k, "kustomize-name-reference", f->referrer->span,
                "found multiple possible referrals for '%.*s' in %.*s of %.*s",
                AS_STR_ARG(old_name), AS_STR_ARG(f->spec->path),
                AS_STR_ARG(as_res_id_text(f->k->arena, as_res_current(f->referrer))));
    *out = list.list.items[0];
    return true;
}

/* --- candidates --------------------------------------------------------------------------------
 */

static bool names_service_account_in(const as_res *binding, as_str namespace)
{
    const as_ktree *subjects = as_ktree_get(binding->node, AS_STR("subjects"));

    if (!as_str_is(as_res_kind(binding), "RoleBinding"))
        return false;
    for (size_t i = 0; as_ktree_is(subjects, AS_KTREE_LIST) && i < subjects->items.n; i++) {
        const as_ktree *s = subjects->items.items[i];
        if (as_str_is(as_ktree_text(as_ktree_get(s, AS_STR("kind"))), "ServiceAccount") &&
                as_ktree_get(s, AS_STR("namespace")) &&
                as_str_eq(as_ktree_text(as_ktree_get(s, AS_STR("namespace"))), namespace))
            return true;
    }
    return false;
}

static bool could_mean(const referral *f, const as_res *r)
{
    as_res_id id = as_res_current(f->referrer), other = as_res_current(r);

    return id.cluster_scoped || other.cluster_scoped || same_namespace(id, other) ||
           names_service_account_in(f->referrer, as_res_namespace(r));
}

static as_res_list candidates_named(const referral *f, as_str name)
{
    const as_res_list *list = as_map_get(f->by_name, name);
    as_res_list out = {.list = {0}};

    for (size_t i = 0; list && i < list->list.n; i++)
        if (could_mean(f, list->list.items[i]))
            AS_VEC_PUSH(f->k->arena, &out.list, list->list.items[i]);
    return out;
}

/* By each name that a resource had. */
static as_map index_names(as_kust *k, const as_res_list *all)
{
    as_map index = {0};

    for (size_t i = 0; i < all->list.n; i++) {
        as_res *r = all->list.items[i];
        for (size_t j = 0; j < r->previous.n; j++) {
            as_str name = r->previous.items[j].name;
            as_res_list *list = as_map_get(&index, name);
            if (!list) {
                list = AS_NEW(k->arena, as_res_list);
                as_map_put(k->arena, &index, name, list);
            }
            if (!list->list.n || list->list.items[list->list.n - 1] != r)
                AS_VEC_PUSH(k->arena, &list->list, r);
        }
    }
    return index;
}

/* --- rewriting ---------------------------------------------------------------------------------
 */

static as_span name_span(const as_res *r)
{
    const as_ktree *name = as_ktree_path(r->node, "metadata/name");

    return name ? name->span : r->span;
}

static bool rename_scalar(const referral *f, as_ktree *field)
{
    as_res_list candidates = candidates_named(f, field->text);
    as_res *r;

    if (!select_referral(f, field->text, &candidates, false, &r))
        return false;
    if (r)
        as_ktree_set_text(f->k->arena, field, as_res_name(r), name_span(r), "name reference");
    return true;
}

static bool was_in(const referral *f, const as_res *r, const void *namespace)
{
    (void)f;
    return as_str_eq(as_res_id_effective_namespace(as_res_original(r)), *(const as_str *)namespace);
}

static bool is_in(const referral *f, const as_res *r, const void *namespace)
{
    (void)f;
    return as_str_eq(as_res_id_effective_namespace(as_res_current(r)), *(const as_str *)namespace);
}

/* The namespace is an original one, if anything that could be meant was in it; else a present one.
 */
static as_res_list in_namespace(const referral *f, const as_res_list *candidates, as_str namespace)
{
    as_res_list by_original = sift(f, candidates, was_in, &namespace);
    as_res_list by_current = sift(f, candidates, is_in, &namespace);

    if (by_original.list.n || !by_current.list.n)
        return by_original;
    for (size_t i = 0; i < f->all->list.n; i++)
        if (was_in(f, f->all->list.items[i], &namespace) && could_mean(f, f->all->list.items[i]))
            return by_original;
    return by_current;
}

/* {name, namespace}: subjects of bindings, services of webhooks. */
static bool rename_map(const referral *f, as_ktree *field)
{
    as_ktree *name = as_ktree_get(field, AS_STR("name"));
    as_ktree *namespace = as_ktree_get(field, AS_STR("namespace"));
    as_res_list candidates = candidates_named(f, as_ktree_text(name));
    as_res *r;

    if (!name)
        return as_kust_fail(f->k, "kustomize-name-reference", field->span,
                "path config error; no 'name' field in node");
    if (namespace)
        candidates = in_namespace(f, &candidates, as_ktree_text(namespace));
    if (!select_referral(f, as_ktree_text(name), &candidates, true, &r))
        return false;
    if (!r || (as_str_eq(as_res_name(r), as_ktree_text(name)) && !as_res_namespace(r).n))
        return true;
    as_ktree_set_text(f->k->arena, name, as_res_name(r), name_span(r), "name reference");
    if (!as_res_namespace(r).n)
        return true;
    if (as_ktree_is(namespace, AS_KTREE_SCALAR))
        as_ktree_set_text(
                f->k->arena, namespace, as_res_namespace(r), name_span(r), "name reference");
    else
        as_ktree_set(f->k->arena, field, AS_STR("namespace"), field->span,
                as_ktree_string(f->k->arena, name_span(r), as_res_namespace(r)));
    return true;
}

static bool rename_field(void *self, as_ktree *field)
{
    const referral *f = self;

    if (as_ktree_is_null(field))
        return true;
    if (field->kind == AS_KTREE_SCALAR)
        return rename_scalar(f, field);
    if (field->kind == AS_KTREE_MAP)
        return rename_map(f, field);
    for (size_t i = 0; i < field->items.n; i++) {
        as_ktree *item = field->items.items[i];
        if (item->kind == AS_KTREE_SCALAR ? !rename_scalar(f, item)
                                          : item->kind == AS_KTREE_MAP && !rename_map(f, item))
            return false;
    }
    return true;
}

/* A null namespace of an account is refused. */
static bool check_subjects(as_kust *k, const as_res *r)
{
    const as_ktree *subjects = as_ktree_get(r->node, AS_STR("subjects"));

    if (!as_str_is(as_res_kind(r), "RoleBinding") || !as_ktree_is(subjects, AS_KTREE_LIST))
        return true;
    for (size_t i = 0; i < subjects->items.n; i++) {
        const as_ktree *s = subjects->items.items[i];
        const as_ktree *namespace = as_ktree_get(s, AS_STR("namespace"));
        if (as_str_is(as_ktree_text(as_ktree_get(s, AS_STR("kind"))), "ServiceAccount") &&
                namespace && as_ktree_is_null(namespace))
            return as_kust_fail(k, "kustomize-name-reference", s->span,
                    "Invalid Input: namespace is blank for resource \"%.*s\"",
                    AS_STR_ARG(as_res_id_text(k->arena, as_res_current(r))));
    }
    return true;
}

static bool fix_one(as_kust *k, as_accumulator *a, const as_map *by_name, as_res *r)
{
    referral f = {.k = k, .referrer = r, .all = &a->resources, .by_name = by_name};
    as_gvk original = as_res_original(r).gvk;

    if (!check_subjects(k, r))
        return false;
    for (size_t i = 0; i < a->config.names.n; i++) {
        const as_name_reference *n = &a->config.names.items[i];
        f.target = n->gvk;
        for (size_t j = 0; j < n->referrers.n; j++) {
            as_field_spec spec = n->referrers.items[j];
            if (!as_gvk_selected(original, spec.gvk))
                continue;
            spec.gvk = (as_gvk){{0}, {0}, {0}};
            spec.create = false;
            f.spec = &spec;
            if (!as_spec_apply(k, r, &spec, AS_CREATE_NOTHING, AS_NULL, rename_field, &f))
                return false;
        }
    }
    return true;
}

bool as_kust_fix_names(as_kust *k, as_accumulator *a)
{
    as_map by_name = index_names(k, &a->resources);

    for (size_t i = 0; i < a->resources.list.n; i++)
        if (!fix_one(k, a, &by_name, a->resources.list.items[i]))
            return false;
    return true;
}
