/* The order of the output: legacy (by kind, then name) or as loaded. */
#include <stdlib.h>

#include "parsers/kustomize/build.h"

static const char *const default_first[] = {"Namespace", "ResourceQuota", "StorageClass",
        "CustomResourceDefinition", "ServiceAccount", "PodSecurityPolicy", "Role", "ClusterRole",
        "RoleBinding", "ClusterRoleBinding", "ConfigMap", "Secret", "Endpoints", "Service",
        "LimitRange", "PriorityClass", "PersistentVolume", "PersistentVolumeClaim", "Deployment",
        "StatefulSet", "CronJob", "PodDisruptionBudget"};
static const char *const default_last[] = {
        "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"};

typedef struct sort_key {
    int rank; /* negative for kinds that come first, positive for those that come last */
    as_gvk gvk;
    as_str type, id; /* ties are broken by these texts */
    as_res *res;
} sort_key;

static as_str or_word(as_str s, const char *word)
{
    return s.n ? s : as_str_from(word);
}

static int compare(const void *a, const void *b)
{
    const sort_key *x = a, *y = b;
    int by_type = as_str_cmp(x->type, y->type);

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (by_type) /* among kinds Namespace, the core one comes first */
        return as_str_is(x->gvk.kind, "Namespace") && as_str_is(y->gvk.kind, "Namespace") &&
                               (!x->gvk.group.n || !y->gvk.group.n)
                       ? -by_type
                       : by_type;
    return as_str_cmp(x->id, y->id);
}

static as_str sort_text(as_arena *arena, as_gvk gvk)
{
    return as_str_fmt(arena, "%.*s_%.*s_%.*s", AS_STR_ARG(or_word(gvk.group, "~G")),
            AS_STR_ARG(or_word(gvk.version, "~V")), AS_STR_ARG(or_word(gvk.kind, "~K")));
}

static as_texts names_of(as_kust *k, const as_value *list, const char *const *defaults, size_t n)
{
    as_texts out = {0};

    for (size_t i = 0; list && i < as_value_count(list); i++)
        AS_VEC_PUSH(k->arena, &out, as_value_str(as_value_index(list, i)));
    for (size_t i = 0; !list && i < n; i++)
        AS_VEC_PUSH(k->arena, &out, as_str_from(defaults[i]));
    return out;
}

static int rank_of(const as_texts *first, const as_texts *last, as_str kind)
{
    int rank = 0;

    for (size_t i = 0; i < first->n; i++)
        if (as_str_eq(first->items[i], kind))
            rank = (int)i - (int)first->n;
    for (size_t i = 0; i < last->n; i++)
        if (as_str_eq(last->items[i], kind))
            rank = (int)i + 1;
    return rank;
}

static int default_rank(as_str kind)
{
    enum { N_FIRST = sizeof default_first / sizeof *default_first };
    int rank = 0;

    for (int i = 0; i < N_FIRST; i++)
        if (as_str_is(kind, default_first[i]))
            rank = i - N_FIRST;
    for (int i = 0; i < (int)(sizeof default_last / sizeof *default_last); i++)
        if (as_str_is(kind, default_last[i]))
            rank = i + 1;
    return rank;
}

/* The default order of kinds, then group, version and kind as text. */
int as_gvk_compare(as_kust *k, as_gvk a, as_gvk b)
{
    int rank_a = default_rank(a.kind), rank_b = default_rank(b.kind);

    if (rank_a != rank_b)
        return rank_a < rank_b ? -1 : 1;
    return as_str_cmp(sort_text(k->arena, a), sort_text(k->arena, b));
}

static void sort_legacy(as_kust *k, const as_value *options, as_res_list *rs)
{
    static const as_str none = AS_STR_INIT("");
    const as_value *given_first = as_value_get(options, AS_STR("orderFirst"));
    const as_value *given_last = as_value_get(options, AS_STR("orderLast"));
    as_texts first = {0}, last = {0};
    sort_key *keys = AS_NEW_ARRAY(k->arena, sort_key, rs->list.n);

    /* With options of its own, a list that is not given is empty. */
    if (!options || given_first)
        first = names_of(
                k, given_first, default_first, sizeof default_first / sizeof *default_first);
    if (!options || given_last)
        last = names_of(k, given_last, default_last, sizeof default_last / sizeof *default_last);
    for (size_t i = 0; i < rs->list.n; i++) {
        as_res_id id = as_res_current(rs->list.items[i]);
        keys[i] = (sort_key){
                rank_of(&first, &last, id.gvk.kind), id.gvk, none, none, rs->list.items[i]};
        keys[i].type = sort_text(k->arena, id.gvk);
        keys[i].id = as_str_fmt(k->arena, "%.*s|%.*s|%.*s",
                AS_STR_ARG(as_gvk_text(k->arena, id.gvk)), AS_STR_ARG(or_word(id.namespace, "~X")),
                AS_STR_ARG(or_word(id.name, "~N")));
    }
    if (rs->list.n)
        qsort(keys, rs->list.n, sizeof *keys, compare);
    for (size_t i = 0; i < rs->list.n; i++)
        rs->list.items[i] = keys[i].res;
}

bool as_transform_sort(as_kust *k, const as_value *options, as_res_list *rs)
{
    as_str order = as_value_str(as_value_get(options, AS_STR("order")));
    const as_value *legacy = as_value_get(options, AS_STR("legacySortOptions"));

    if (options && !as_str_is(order, "fifo") && !as_str_is(order, "legacy"))
        return as_kust_fail(k, "kustomize-sort", options->span,
                "the field 'sortOptions.order' must be one of [fifo, legacy]");
    if (options && as_str_is(order, "fifo") && legacy)
        return as_kust_fail(k, "kustomize-sort", legacy->span,
                "the field 'sortOptions.legacySortOptions' is set but the selected sort order is "
                "'fifo', not 'legacy'");
    if (!options || as_str_is(order, "legacy"))
        sort_legacy(k, legacy, rs);
    return true;
}
