/* A walk over target and patch at once. `dest` and `src` are what kyaml calls dest and origin;
 * where a subtree is new, both are the same node: that clears the nulls and directives inside it.
 */
#include "parsers/kustomize/merge.h"

#include <assert.h>

#include "engine/base/limits.h"
#include "parsers/kustomize/schema.h"

typedef AS_VEC(as_str) texts;

/* The keys of a merged list, and one element's values for them. */
typedef struct element_key {
    as_str keys[AS_KUST_SCHEMA_MAX_KEYS];
    as_str values[AS_KUST_SCHEMA_MAX_KEYS];
    size_t n_keys, n_values;
} element_key;

typedef AS_VEC(element_key) element_keys;

typedef enum directive { MERGE, REPLACE, DELETE, INVALID } directive;

static bool walk(const as_merge *m, as_ktree *dest, as_ktree *src, as_kust_schema schema,
        unsigned depth, as_ktree **out);

static bool refuse(const as_merge *m, as_span span, const char *what, as_str arg)
{
    as_diags_add(m->diags, AS_DIAG_ERROR, "kustomize-patch", span, "%s%.*s", what, AS_STR_ARG(arg));
    return false;
}

/* --- directives ------------------------------------------------------------------------------- */

static directive directive_of(as_str name)
{
    static const char *const names[] = {"merge", "replace", "delete"};

    for (int i = 0; i < 3; i++)
        if (as_str_is(name, names[i]))
            return (directive)i;
    return INVALID;
}

/* Finds, and takes out, {"$patch": …} of a map, or the element of a list that holds nothing else.
 */
static bool take_directive(const as_merge *m, as_ktree *src, directive *out)
{
    static const as_str key = AS_STR_INIT("$patch");
    as_ktree *found = NULL;

    *out = MERGE;
    if (as_ktree_is(src, AS_KTREE_MAP)) {
        found = as_ktree_get(src, key);
        if (found)
            as_ktree_remove(src, key);
    }
    size_t n_items = src && src->kind == AS_KTREE_LIST ? src->items.n : 0;
    for (size_t i = 0; !found && i < n_items; i++) {
        assert(src->items.items != NULL);
        as_ktree *item = src->items.items[i];
        if (!as_ktree_get(item, key))
            continue;
        if (item->fields.n > 1)
            return true;
        found = as_ktree_get(item, key);
        as_ktree_delete(src, i);
    }
    if (!found)
        return true;
    *out = directive_of(as_ktree_text(found));
    return *out != INVALID ||
           refuse(m, found->span, "unknown patch strategy ", as_ktree_text(found));
}

/* --- maps ------------------------------------------------------------------------------------- */

static as_ktree *persistent_null(as_arena *arena, const as_ktree *n)
{
    as_ktree *out = as_ktree_copy(arena, n);

    out->keep_null = true;
    return out;
}

/* Which node the result grows on; NULL clears. */
static bool choose_map(const as_merge *m, as_ktree *dest, as_ktree *src, as_ktree **out)
{
    directive d;

    *out = NULL;
    if (as_ktree_is_null(dest)) {
        if (!src && dest) {
            *out = persistent_null(m->arena, dest);
            return true;
        }
        if (as_ktree_is_null(src)) {
            *out = src;
            return true;
        }
        if (!take_directive(m, src, &d))
            return false;
        *out = d == DELETE ? NULL : src;
        return true;
    }
    if (src && as_ktree_is_null(src))
        return true;
    if (!take_directive(m, src, &d))
        return false;
    *out = d == DELETE ? NULL : d == REPLACE ? src : dest;
    return true;
}

static void collect_keys(const as_merge *m, const as_ktree *n, texts *out)
{
    for (size_t i = 0; n && i < n->fields.n; i++)
        AS_VEC_PUSH(m->arena, out, n->fields.items[i].key);
}

static as_span key_span(const as_ktree *n, as_str key)
{
    for (size_t i = 0; n && i < n->fields.n; i++)
        if (as_str_eq(n->fields.items[i].key, key))
            return n->fields.items[i].key_span;
    return AS_SPAN_NONE;
}

static bool walk_map(const as_merge *m, as_ktree *dest, as_ktree *src, as_kust_schema schema,
        unsigned depth, as_ktree **out)
{
    texts names = {0};

    if (!choose_map(m, dest, src, out))
        return false;
    dest = *out;
    if (!as_ktree_is(dest, AS_KTREE_MAP))
        return true;
    collect_keys(m, dest, &names);
    for (size_t i = 0; src != dest && src && i < src->fields.n; i++)
        if (!as_ktree_get(dest, src->fields.items[i].key))
            AS_VEC_PUSH(m->arena, &names, src->fields.items[i].key);
    for (size_t i = 0; i < names.n; i++) {
        as_str key = names.items[i];
        as_ktree *value = NULL, *old = as_ktree_get(dest, key);
        if (!walk(m, old, as_ktree_get(src, key), as_kust_schema_field(m->document, schema, key),
                    depth + 1, &value))
            return false;
        if (!value || (as_ktree_is_null(value) && !value->keep_null))
            as_ktree_remove(dest, key);
        else if (value != old)
            as_ktree_set(m->arena, dest, key, key_span(src, key), value);
    }
    return true;
}

/* --- merged lists ----------------------------------------------------------------------------- */

static as_str field_text(const as_ktree *item, as_str key)
{
    return as_ktree_text(as_ktree_get(item, key));
}

/* kyaml's ElementSetter: an empty value matches whatever the field holds. */
static bool setter_matches(const as_ktree *item, const element_key *k)
{
    bool found = k->n_values > 0;

    for (size_t i = 0; i < k->n_keys && found && i < k->n_values; i++) {
        const as_ktree *field = as_ktree_get(item, k->keys[i]);
        found = field && (!k->values[i].n || as_str_eq(as_ktree_text(field), k->values[i]));
    }
    return found;
}

/* Replaces the elements that match, or appends; a NULL element removes them. Without values nothing
 * matches and nothing is kept (kyaml's behaviour for elements that lack the key). */
static void set_element(as_arena *arena, as_ktree *list, as_ktree *element, const element_key *k)
{
    size_t n = list->items.n;
    bool found = false;

    list->items.n = 0;
    for (size_t i = 0; i < n; i++) {
        as_ktree *item = list->items.items[i];
        if (as_ktree_is_null(item) || (item->kind == AS_KTREE_MAP && !item->fields.n))
            continue;
        if (item->kind == AS_KTREE_MAP && !setter_matches(item, k)) {
            if (k->n_values)
                list->items.items[list->items.n++] = item;
            continue;
        }
        if (item->kind != AS_KTREE_MAP) {
            list->items.items[list->items.n++] = item;
            continue;
        }
        found = true;
        if (element)
            list->items.items[list->items.n++] = element;
    }
    if (element && !found)
        AS_VEC_PUSH(arena, &list->items, element);
}

/* kyaml's ElementMatcher: the field must be there, with the very value. */
static as_ktree *find_element(const as_ktree *list, const element_key *k)
{
    size_t n_items = list && list->kind == AS_KTREE_LIST ? list->items.n : 0;
    for (size_t i = 0; i < n_items; i++) {
        assert(list->items.items != NULL);
        const as_ktree *item = list->items.items[i];
        bool same = item->kind == AS_KTREE_MAP && k->n_keys == k->n_values;
        assert(k->n_keys == 0 || k->values != NULL);
        for (size_t j = 0; same && j < k->n_keys; j++) {
            const as_ktree *field = as_ktree_get(item, k->keys[j]);
            same = field && as_str_eq(as_ktree_text(field), k->values[j]);
        }
        if (same)
            return list->items.items[i];
    }
    return NULL;
}

static bool same_values(const element_key *a, const element_key *b)
{
    for (size_t i = 0; i < a->n_values; i++)
        if (!as_str_eq(a->values[i], b->values[i]))
            return false;
    return a->n_values == b->n_values;
}

static void collect_values(
        as_arena *arena, const as_ktree *list, const element_key *keys, element_keys *out)
{
    for (size_t i = 0; as_ktree_is(list, AS_KTREE_LIST) && i < list->items.n; i++) {
        element_key k = *keys;
        bool seen = false;
        k.n_values = k.n_keys;
        for (size_t j = 0; j < k.n_keys; j++)
            k.values[j] = field_text(list->items.items[i], k.keys[j]);
        for (size_t j = 0; j < out->n && !seen; j++)
            seen = same_values(&out->items[j], &k);
        if (!seen)
            AS_VEC_PUSH(arena, out, k);
    }
}

/* With several keys, values that differ only where one is empty are one element (a port without a
 * protocol, and with it). */
static bool unify(element_key *a, element_key *b)
{
    bool common = false;

    for (size_t i = 0; i < a->n_values; i++) {
        common = common || as_str_eq(a->values[i], b->values[i]);
        if (!as_str_eq(a->values[i], b->values[i]) && a->values[i].n && b->values[i].n)
            return false;
    }
    for (size_t i = 0; common && i < a->n_values; i++)
        a->values[i] = b->values[i] = a->values[i].n ? a->values[i] : b->values[i];
    return common;
}

static void unify_all(element_keys *list)
{
    for (size_t i = 0; i < list->n; i++)
        for (size_t j = 0; j < list->n; j++) {
            element_key a = list->items[i], b = list->items[j];
            if (unify(&a, &b)) {
                list->items[i] = a;
                list->items[j] = b;
            }
        }
}

/* Leaves out the keys that no element of `among` has a value for, unless that is all of them. */
static element_key valid_key(const element_key *k, const element_key *among, size_t n)
{
    bool used[AS_KUST_SCHEMA_MAX_KEYS] = {false}, any = false;
    element_key out = {.n_keys = 0};

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < among[i].n_values; j++)
            if (among[i].values[j].n)
                used[j] = any = true;
    if (!any)
        return *k;
    for (size_t j = 0; j < k->n_keys; j++) {
        if (!used[j])
            continue;
        out.keys[out.n_keys++] = k->keys[j];
        out.values[out.n_values++] = k->values[j];
    }
    return out;
}

/* Puts every element of `src` in its place in `dst`. */
static void append_elements(
        as_arena *arena, as_ktree *dst, const as_ktree *src, const element_key *keys)
{
    for (size_t i = 0; i < src->items.n; i++) {
        as_ktree *item = src->items.items[i];
        element_key k = *keys;
        k.n_values = 0;
        for (size_t j = 0; j < k.n_keys; j++) {
            const as_ktree *field = as_ktree_get(item, k.keys[j]);
            if (field)
                k.values[k.n_values++] = as_ktree_text(field);
            else
                AS_VEC_PUSH(arena, &dst->items, item);
        }
        if (k.n_keys > 1)
            set_element(arena, dst, NULL, &k);
        set_element(arena, dst, item, &k);
    }
}

static bool walk_element(const as_merge *m, as_ktree *dest, const as_ktree *src, as_ktree *added,
        const element_key *k, as_kust_schema items, unsigned depth)
{
    element_key exact = valid_key(k, k, 1);
    as_ktree *value;

    if (!walk(m, find_element(dest, &exact), find_element(src, &exact), items, depth + 1, &value))
        return false;
    if (as_ktree_is_null(value) || (value->kind == AS_KTREE_MAP && !value->fields.n)) {
        set_element(m->arena, dest, NULL, k);
        return true;
    }
    for (size_t j = 0; j < k->n_keys; j++)
        if (!as_ktree_get(value, k->keys[j]) && k->values[j].n)
            as_ktree_set(m->arena, value, k->keys[j], value->span,
                    as_ktree_string(m->arena, value->span, k->values[j]));
    set_element(m->arena, added, value, k);
    return true;
}

static bool walk_elements(const as_merge *m, as_ktree *dest, as_ktree *src, const element_key *keys,
        as_kust_schema items, unsigned depth, as_ktree **out)
{
    as_ktree *added = as_ktree_list(m->arena, dest->span);
    element_keys list = {0};
    element_key k = *keys;

    collect_values(m->arena, src, keys, &list);
    collect_values(m->arena, dest, keys, &list);
    if (keys->n_keys > 1)
        unify_all(&list);
    for (size_t i = 0; i < list.n; i++) {
        k = valid_key(&list.items[i], list.items, list.n);
        if (!walk_element(m, dest, src, added, &k, items, depth))
            return false;
    }
    if (list.n) {
        append_elements(m->arena, added, dest, &k);
        as_ktree_assign(dest, added);
    }
    *out = dest;
    return true;
}

static bool has_scalar(const as_ktree *list, as_str text)
{
    for (size_t i = 0; i < list->items.n; i++)
        if (as_str_eq(as_ktree_text(list->items.items[i]), text))
            return true;
    return false;
}

/* A merged list of scalars (finalizers): the patch's first, each once. */
static void walk_scalars(const as_merge *m, as_ktree *dest, const as_ktree *src)
{
    as_ktree *added = as_ktree_list(m->arena, dest->span);
    const as_ktree *sources[] = {src, dest};

    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; sources[k] && i < sources[k]->items.n; i++)
            if (!has_scalar(added, as_ktree_text(sources[k]->items.items[i])))
                AS_VEC_PUSH(m->arena, &added->items, sources[k]->items.items[i]);
    as_ktree_assign(dest, added);
}

static bool walk_list(const as_merge *m, as_ktree *dest, as_ktree *src, as_kust_schema schema,
        unsigned depth, as_ktree **out)
{
    element_key keys = {.n_keys = 0};
    directive d;

    if (!as_kust_schema_merges(schema, keys.keys, &keys.n_keys)) {
        *out = src ? src : dest;
        return true;
    }
    *out = dest;
    if (as_ktree_is_null(dest)) {
        *out = src;
    } else if (src && as_ktree_is_null(src)) {
        *out = NULL;
        return true;
    } else {
        if (!take_directive(m, src, &d))
            return false;
        *out = d == DELETE ? NULL : d == REPLACE ? src : dest;
    }
    if (!*out)
        return true;
    if (keys.n_keys)
        return walk_elements(
                m, *out, src, &keys, as_kust_schema_items(m->document, schema), depth, out);
    walk_scalars(m, *out, src);
    return true;
}

/* --- the walk --------------------------------------------------------------------------------- */

static void add_step(const as_merge *m, as_ktree *n)
{
    as_meta *meta;
    as_trail *step;

    if (!m->from.file || !n)
        return;
    meta = AS_NEW(m->arena, as_meta);
    step = AS_NEW(m->arena, as_trail);
    if (n->meta)
        *meta = *n->meta;
    *step = (as_trail){m->from, AS_STR("patch"), meta->trail};
    meta->trail = step;
    n->meta = meta;
}

static as_kust_schema schema_of(
        const as_merge *m, as_kust_schema schema, const as_ktree *dest, const as_ktree *src)
{
    const as_ktree *sources[] = {dest, src};

    for (size_t i = 0; !as_kust_schema_is_known(schema) && i < 2; i++) {
        as_str kind = field_text(sources[i], AS_STR("kind"));
        as_str api_version = field_text(sources[i], AS_STR("apiVersion"));
        if (kind.n && api_version.n)
            schema = as_kust_schema_root(m->document, api_version, kind);
    }
    return schema;
}

static bool walk(const as_merge *m, as_ktree *dest, as_ktree *src, as_kust_schema schema,
        unsigned depth, as_ktree **out)
{
    const as_ktree *first = !as_ktree_is_null(dest) ? dest : !as_ktree_is_null(src) ? src : NULL;

    if (depth > AS_MAX_DEPTH)
        return refuse(m, m->from, "nested too deep", AS_STR_NONE);
    if (!as_ktree_is_null(dest) && !as_ktree_is_null(src) && dest->kind != src->kind)
        return refuse(
                m, src->span, "wrong node kind: the target holds something else here", AS_STR_NONE);
    schema = schema_of(m, schema, dest, src);
    if (!first || first->kind == AS_KTREE_MAP)
        return walk_map(m, dest, src, schema, depth, out);
    if (first->kind == AS_KTREE_LIST)
        return walk_list(m, dest, src, schema, depth, out);
    *out = src ? src : dest;
    if (src && src != dest)
        add_step(m, src);
    return true;
}

bool as_merge_apply(const as_merge *merge, as_ktree *target, as_ktree *patch, as_ktree **out)
{
    return walk(merge, target, patch, AS_KUST_SCHEMA_UNKNOWN, 1, out);
}
