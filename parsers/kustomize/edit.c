#include "parsers/kustomize/edit.h"

#include <stdlib.h>

#include "engine/base/num.h"

/* The kustomization under way, and what the Application says. */
typedef struct editing {
    as_kust *k;
    const as_kust_target *t;
    const as_value *file;
    const as_value *options;
} editing;

static const as_value *option(const editing *e, const char *name)
{
    return as_value_get(e->options, as_str_from(name));
}

static bool flag(const editing *e, const char *name)
{
    return as_value_bool_or(option(e, name), false);
}

static const as_value *field(const editing *e, const char *name)
{
    return as_value_get(e->file, as_str_from(name));
}

/* The same object with `value` under `key`. */
static const as_value *with(
        as_arena *arena, const as_value *object, const char *key, const as_value *value)
{
    as_object_builder b;
    bool is_there = false;

    as_object_begin(&b, arena);
    for (size_t i = 0; as_value_is(object, AS_OBJECT) && i < object->as.object->n; i++) {
        const as_member *m = &object->as.object->members[i];
        bool same = as_str_is(m->key, key);
        is_there |= same;
        as_object_add(&b, m->key, m->key_span, same ? value : m->value);
    }
    if (!is_there)
        as_object_add(&b, as_str_from(key), value->span, value);
    return as_object_end(&b, object == NULL ? value->span : object->span);
}

static void set(editing *e, const char *key, const as_value *value)
{
    e->file = with(e->k->arena, e->file, key, value);
}

/* Both lists, one after the other. */
static const as_value *joined(as_arena *arena, const as_value *a, const as_value *b)
{
    as_list_builder list;

    as_list_begin(&list, arena);
    for (size_t i = 0; i < as_value_count(a); i++)
        as_list_add(&list, as_value_index(a, i));
    for (size_t i = 0; i < as_value_count(b); i++)
        as_list_add(&list, as_value_index(b, i));
    return as_list_end(&list, b->span);
}

/* --- edit set nameprefix, namesuffix, namespace ------------------------------------------------- */

static void set_text(editing *e, const char *name)
{
    const as_value *text = option(e, name);

    if (as_value_str(text).n > 0)
        set(e, name, text);
}

/* --- edit set image, edit set replicas ----------------------------------------------------------- */

/* Entries with a name: those of the file that nothing replaces, and the new ones; sorted, as
 * kustomize writes them. */
typedef struct named {
    as_str name;
    const as_value *value;
} named;

typedef AS_VEC(named) named_list;

static int compare_named(const void *a, const void *b)
{
    return as_str_cmp(((const named *)a)->name, ((const named *)b)->name);
}

static named *find_named(named_list *list, as_str name)
{
    for (size_t i = 0; i < list->n; i++)
        if (as_str_eq(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

/* Of two with one name the later one counts. */
static void put_named(editing *e, named_list *list, as_str name, const as_value *value)
{
    named *there = find_named(list, name);

    if (there != NULL)
        there->value = value;
    else
        AS_VEC_PUSH(e->k->arena, list, (named){name, value});
}

static void set_named(editing *e, const char *key, named_list *list, as_span span)
{
    as_list_builder b;

    if (list->n > 1)
        qsort(list->items, list->n, sizeof *list->items, compare_named);
    as_list_begin(&b, e->k->arena);
    for (size_t i = 0; i < list->n; i++)
        as_list_add(&b, list->items[i].value);
    set(e, key, as_list_end(&b, span));
}

static void add_text(as_object_builder *b, const char *key, as_span span, as_str text)
{
    if (text.n > 0)
        as_object_add(b, as_str_from(key), span, as_value_string(b->arena, span, text));
}

/* NAME=NEW:TAG@DIGEST, any part of the right side may be missing; `*` keeps what the file says. */
static bool parse_image(editing *e, const as_value *argument, const named_list *old, named *out)
{
    as_str text = as_value_str(argument), name = AS_STR(""), right = text;
    size_t equals = as_str_find_char(text, '=');
    as_object_builder b;

    if (equals != (size_t)-1) {
        name = as_str_slice(text, 0, equals);
        right = as_str_from_index(text, equals + 1);
    }
    as_kust_image image = as_kust_split_image(right);
    as_str parts[3] = {name.n > 0 ? image.name : AS_STR(""), image.tag, image.digest};
    static const char *const keys[3] = {"newName", "newTag", "digest"};
    if (text.n == 0 || as_str_eq(image.name, text))
        return as_kust_fail(e->k, "kustomize-edit", argument->span, "invalid format of image: %.*s",
                AS_STR_ARG(text));
    out->name = name.n > 0 ? name : image.name;
    as_object_begin(&b, e->k->arena);
    add_text(&b, "name", argument->span, out->name);
    for (size_t i = 0; i < 3; i++) {
        if (as_str_is(parts[i], "*")) {
            const named *there = find_named(&(named_list){old->items, old->n, old->n}, out->name);
            const as_value *kept =
                    there == NULL ? NULL : as_value_get(there->value, as_str_from(keys[i]));
            parts[i] = as_value_str(kept);
        }
        add_text(&b, keys[i], argument->span, parts[i]);
    }
    out->value = as_object_end(&b, argument->span);
    return true;
}

static named_list entries_of(editing *e, const char *key)
{
    const as_value *entries = field(e, key);
    named_list list = {0};

    for (size_t i = 0; i < as_value_count(entries); i++) {
        const as_value *entry = as_value_index(entries, i);
        put_named(e, &list, as_value_str(as_value_get(entry, AS_STR("name"))), entry);
    }
    return list;
}

static bool edit_images(editing *e)
{
    const as_value *images = option(e, "images");
    named_list old = entries_of(e, "images"), all = entries_of(e, "images");

    if (as_value_count(images) == 0)
        return true;
    for (size_t i = 0; i < as_value_count(images); i++) {
        named image = {0};
        if (!parse_image(e, as_value_index(images, i), &old, &image))
            return false;
        put_named(e, &all, image.name, image.value);
    }
    set_named(e, "images", &all, images->span);
    return true;
}

/* The count is a number, or a text that holds one (intstr). */
static bool edit_replicas(editing *e)
{
    const as_value *replicas = option(e, "replicas");
    named_list all = entries_of(e, "replicas");

    for (size_t i = 0; i < as_value_count(replicas); i++) {
        const as_value *r = as_value_index(replicas, i), *count = as_value_get(r, AS_STR("count"));
        as_str name = as_value_str(as_value_get(r, AS_STR("name")));
        int64_t n = as_value_int_or(count, 0);
        as_object_builder b;
        if (as_value_is(count, AS_STRING) && !as_str_to_int(count->as.str, &n))
            return as_kust_fail(e->k, "kustomize-edit", count->span,
                    "expected integer value for count, received: %.*s", AS_STR_ARG(count->as.str));
        as_object_begin(&b, e->k->arena);
        add_text(&b, "name", r->span, name);
        as_object_add(&b, AS_STR("count"), r->span,
                as_value_int(e->k->arena, count == NULL ? r->span : count->span, n));
        put_named(e, &all, name, as_object_end(&b, r->span));
    }
    if (as_value_count(replicas) > 0)
        set_named(e, "replicas", &all, replicas->span);
    return true;
}

/* --- edit add label, edit add annotation --------------------------------------------------------- */

/* The pairs in `map`; one that is there already is refused unless forced. */
static const as_value *add_pairs(
        editing *e, const as_value *map, const as_value *pairs, bool force, const char *what)
{
    as_arena *arena = e->k->arena;

    for (size_t i = 0; i < pairs->as.object->n; i++) {
        const as_member *m = &pairs->as.object->members[i];
        if (as_value_get(map, m->key) != NULL && !force) {
            as_kust_fail(e->k, "kustomize-edit", m->key_span,
                    "%s %.*s already in kustomization file. Use --force to override.", what,
                    AS_STR_ARG(m->key));
            return NULL;
        }
        map = with(arena, map, as_str_cstr(arena, m->key), m->value);
    }
    return map;
}

static bool edit_map(editing *e, const char *key, bool force, const char *what)
{
    const as_value *pairs = option(e, key), *map;

    if (!as_value_is(pairs, AS_OBJECT) || as_value_count(pairs) == 0)
        return true;
    map = add_pairs(e, field(e, key), pairs, force, what);
    if (map != NULL)
        set(e, key, map);
    return map != NULL;
}

/* Labels without selectors go into the first entry of `labels` of that sort, or into a new one. */
static bool edit_labels(editing *e)
{
    as_arena *arena = e->k->arena;
    const as_value *pairs = option(e, "commonLabels"), *labels = field(e, "labels"), *map;
    bool templates = flag(e, "labelIncludeTemplates"), force = flag(e, "forceCommonLabels");
    size_t n = as_value_count(labels), at = 0;
    as_list_builder b;

    if (!as_value_is(pairs, AS_OBJECT) || as_value_count(pairs) == 0)
        return true;
    if (!flag(e, "labelWithoutSelector")) {
        if (templates)
            return as_kust_fail(e->k, "kustomize-edit", e->options->span,
                    "--without-selector flag must be specified for --include-templates to work");
        return edit_map(e, "commonLabels", force, "label");
    }
    while (at < n) {
        const as_value *label = as_value_index(labels, at);
        if (!as_value_bool_or(as_value_get(label, AS_STR("includeSelectors")), false) &&
                as_value_bool_or(as_value_get(label, AS_STR("includeTemplates")), false) ==
                        templates)
            break;
        at++;
    }
    const as_value *label = as_value_index(labels, at);
    map = add_pairs(e, as_value_get(label, AS_STR("pairs")), pairs, force, "label");
    if (map == NULL)
        return false;
    label = with(arena, label, "pairs", map);
    if (templates)
        label = with(arena, label, "includeTemplates", as_value_bool(arena, pairs->span, true));
    as_list_begin(&b, arena);
    for (size_t i = 0; i < n; i++)
        as_list_add(&b, i == at ? label : as_value_index(labels, i));
    if (at == n)
        as_list_add(&b, label);
    set(e, "labels", as_list_end(&b, pairs->span));
    return true;
}

/* --- patches and components ---------------------------------------------------------------------- */

static void edit_patches(editing *e)
{
    const as_value *patches = option(e, "patches");

    if (as_value_count(patches) > 0)
        set(e, "patches", joined(e->k->arena, field(e, "patches"), patches));
}

static bool names(const as_value *list, as_str text)
{
    for (size_t i = 0; i < as_value_count(list); i++)
        if (as_str_eq(as_value_str(as_value_index(list, i)), text))
            return true;
    return false;
}

static void edit_components(editing *e)
{
    const as_value *components = option(e, "components");
    bool ignore_missing = flag(e, "ignoreMissingComponents");
    as_list_builder b;

    if (as_value_count(components) == 0)
        return;
    as_list_begin(&b, e->k->arena);
    for (size_t i = 0; i < as_value_count(components); i++) {
        const as_value *component = as_value_index(components, i);
        as_str path = as_value_str(component), full;
        bool is_missing = !as_path_join(e->k->arena, e->t->dir, path, &full) ||
                          as_fs_stat(e->k->fs, full) == AS_FS_NONE;
        if ((!is_missing || !ignore_missing) && !names(field(e, "components"), path))
            as_list_add(&b, component);
    }
    set(e, "components",
            joined(e->k->arena, field(e, "components"), as_list_end(&b, components->span)));
}

const as_value *as_kust_edit(as_kust *k, const as_kust_target *t, const as_value *options)
{
    editing e = {.k = k, .t = t, .file = t->value, .options = options};

    set_text(&e, "namePrefix");
    set_text(&e, "nameSuffix");
    if (!edit_images(&e) || !edit_replicas(&e) || !edit_labels(&e) ||
            !edit_map(&e, "commonAnnotations", flag(&e, "forceCommonAnnotations"), "annotation"))
        return NULL;
    set_text(&e, "namespace");
    edit_patches(&e);
    edit_components(&e);
    return e.file;
}
