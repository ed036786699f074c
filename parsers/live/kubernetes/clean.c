/* What goes into a snapshot of a list: objects without bookkeeping and without secrets. */
#include "engine/secrets/secrets.h"
#include "parsers/live/kubernetes/collect.h"
#include "parsers/live/redact.h"

typedef struct cleaning {
    as_arena *arena;
    as_redactor *redactor;
} cleaning;

static const as_value *copy_without(as_arena *arena, const as_value *v, const char *const *names)
{
    as_object_builder b;

    if (!as_value_is(v, AS_OBJECT))
        return v;
    as_object_begin(&b, arena);
    for (size_t i = 0; i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        bool dropped = false;
        for (size_t k = 0; names[k]; k++)
            dropped |= as_str_is(m->key, names[k]);
        if (!dropped)
            as_object_add(&b, m->key, m->key_span, m->value);
    }
    return as_object_end(&b, v->span);
}

/* The object with some members replaced. */
static const as_value *with(
        as_arena *arena, const as_value *v, const char *name, const as_value *value)
{
    as_object_builder b;

    as_object_begin(&b, arena);
    for (size_t i = 0; i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_object_add(&b, m->key, m->key_span, as_str_is(m->key, name) ? value : m->value);
    }
    return as_object_end(&b, v->span);
}

static const as_value *clean_metadata(as_arena *arena, const as_value *metadata)
{
    static const char *const own[] = {"managedFields", NULL};
    static const char *const notes[] = {"kubectl.kubernetes.io/last-applied-configuration", NULL};
    const as_value *annotations = as_value_get(metadata, AS_STR("annotations"));

    metadata = copy_without(arena, metadata, own);
    return as_value_is(annotations, AS_OBJECT)
                   ? with(arena, metadata, "annotations", copy_without(arena, annotations, notes))
                   : metadata;
}

/* A Secret without what it holds, whatever the server answered. */
static const as_value *clean_item(cleaning *c, const as_value *item, bool secret)
{
    static const char *const held[] = {"data", "stringData", NULL};
    const as_value *metadata = as_value_get(item, AS_STR("metadata"));

    if (!as_value_is(item, AS_OBJECT))
        return item;
    if (secret)
        item = copy_without(c->arena, item, held);
    if (as_value_is(metadata, AS_OBJECT))
        item = with(c->arena, item, "metadata", clean_metadata(c->arena, metadata));
    return as_redactor_clean(c->redactor, c->arena, item);
}

const as_value *as_kube_clean(as_arena *arena, const as_value *list)
{
    cleaning c = {arena, as_redactor_new(arena)};
    const as_value *items = as_value_get(list, AS_STR("items"));
    as_str kind = as_value_str(as_value_get(list, AS_STR("kind")));
    as_list_builder all;

    if (!as_value_is(items, AS_LIST))
        return list;
    as_list_begin(&all, arena);
    for (size_t i = 0; i < as_value_count(items); i++)
        as_list_add(&all, clean_item(&c, as_value_index(items, i), as_str_is(kind, "SecretList")));
    return with(arena, list, "items", as_list_end(&all, items->span));
}
