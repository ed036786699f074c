#include "parsers/kustomize/tree.h"

#include "parsers/yaml/resolve.h"

/* --- from and to values ------------------------------------------------------------------------
 */

static as_ktree *new_node(as_arena *arena, as_ktree_kind kind, as_span span)
{
    as_ktree *n = AS_NEW(arena, as_ktree);

    n->kind = kind;
    n->span = span;
    return n;
}

/* A number's text is what stands in the file (1.50, 0o17), where that can be told. */
static as_str scalar_text(as_arena *arena, as_sources *sources, const as_value *v)
{
    const as_source *source = as_sources_get(sources, v->span.file);
    as_yaml_scalar s;
    as_buf buf;

    if (v->kind == AS_STRING)
        return v->as.str;
    if (source && v->span.end <= source->text.n && v->span.end - v->span.begin < 64) {
        as_str text = as_str_slice(source->text, v->span.begin, v->span.end);
        s = as_yaml_resolve(arena, text, AS_YAML_GO_V3);
        if ((v->kind == AS_INT && s.kind == AS_YAML_INT && s.integer == v->as.integer) ||
                (v->kind == AS_FLOAT && s.kind == AS_YAML_FLOAT))
            return text;
    }
    as_buf_init(&buf, arena, 0);
    as_value_write_json(&buf, v, (as_json_style){.show_sensitive = true});
    return as_buf_view(&buf);
}

as_ktree *as_ktree_from_value(as_arena *arena, as_sources *sources, const as_value *v)
{
    as_ktree *n = new_node(arena,
            v->kind == AS_LIST     ? AS_KTREE_LIST
            : v->kind == AS_OBJECT ? AS_KTREE_MAP
                                   : AS_KTREE_SCALAR,
            v->span);

    n->flags = v->flags;
    n->meta = v->meta;
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++)
        AS_VEC_PUSH(arena, &n->items, as_ktree_from_value(arena, sources, v->as.list.items[i]));
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_ktree_field f = {m->key, m->key_span, as_ktree_from_value(arena, sources, m->value)};
        AS_VEC_PUSH(arena, &n->fields, f);
    }
    if (n->kind == AS_KTREE_SCALAR) {
        n->type = v->kind == AS_BIGNUM ? AS_INT : (as_kind)v->kind;
        n->text = scalar_text(arena, sources, v);
    }
    return n;
}

static const as_value *scalar_value(as_arena *arena, const as_ktree *n)
{
    as_yaml_scalar s = as_yaml_resolve(arena, n->text, AS_YAML_GO_V3);

    switch (n->type) {
    case AS_NULL:
        return as_value_null(arena, n->span);
    case AS_BOOL:
        return as_value_bool(arena, n->span, as_str_is(n->text, "true") || s.boolean);
    case AS_INT:
        if (s.kind == AS_YAML_INT)
            return as_value_int(arena, n->span, s.integer);
        if (s.kind == AS_YAML_UINT)
            return as_value_bignum(arena, n->span, n->text);
        break;
    case AS_FLOAT:
        if (s.kind == AS_YAML_FLOAT)
            return as_value_float(arena, n->span, s.number);
        if (s.kind == AS_YAML_INT)
            return as_value_float(arena, n->span, (double)s.integer);
        break;
    case AS_UNKNOWN:
        return as_value_unknown(arena, n->span, n->meta ? n->meta->reason : AS_STR_NONE, NULL);
    default:
        break;
    }
    return as_value_string(arena, n->span, n->text);
}

static const as_value *collection_value(as_arena *arena, const as_ktree *n)
{
    const as_value **items;
    as_member *members;

    if (n->kind == AS_KTREE_LIST) {
        items = AS_NEW_ARRAY(arena, const as_value *, n->items.n);
        for (size_t i = 0; i < n->items.n; i++)
            items[i] = as_ktree_to_value(arena, n->items.items[i]);
        return as_value_list(arena, n->span, items, n->items.n);
    }
    members = AS_NEW_ARRAY(arena, as_member, n->fields.n);
    for (size_t i = 0; i < n->fields.n; i++) {
        const as_ktree_field *f = &n->fields.items[i];
        members[i] = (as_member){f->key, f->key_span, as_ktree_to_value(arena, f->value)};
    }
    return as_value_object(arena, n->span, members, n->fields.n);
}

const as_value *as_ktree_to_value(as_arena *arena, const as_ktree *n)
{
    const as_value *v =
            n->kind == AS_KTREE_SCALAR ? scalar_value(arena, n) : collection_value(arena, n);
    as_value *copy;

    if (!n->meta && !n->flags)
        return v;
    copy = as_value_copy(arena, v);
    copy->flags = n->flags;
    copy->meta = n->meta;
    return copy;
}

as_ktree *as_ktree_copy(as_arena *arena, const as_ktree *n)
{
    as_ktree *out = AS_NEW(arena, as_ktree);

    *out = *n;
    memset(&out->items, 0, sizeof out->items);
    memset(&out->fields, 0, sizeof out->fields);
    for (size_t i = 0; i < n->items.n; i++)
        AS_VEC_PUSH(arena, &out->items, as_ktree_copy(arena, n->items.items[i]));
    for (size_t i = 0; i < n->fields.n; i++) {
        as_ktree_field f = n->fields.items[i];
        f.value = as_ktree_copy(arena, f.value);
        AS_VEC_PUSH(arena, &out->fields, f);
    }
    return out;
}

/* --- making ----------------------------------------------------------------------------------- */

as_ktree *as_ktree_map(as_arena *arena, as_span span)
{
    return new_node(arena, AS_KTREE_MAP, span);
}

as_ktree *as_ktree_list(as_arena *arena, as_span span)
{
    return new_node(arena, AS_KTREE_LIST, span);
}

as_ktree *as_ktree_scalar(as_arena *arena, as_span span, as_kind type, as_str text)
{
    as_ktree *n = new_node(arena, AS_KTREE_SCALAR, span);

    n->type = type;
    n->text = text;
    return n;
}

as_ktree *as_ktree_string(as_arena *arena, as_span span, as_str text)
{
    return as_ktree_scalar(arena, span, AS_STRING, text);
}

/* --- reading ---------------------------------------------------------------------------------- */

bool as_ktree_is_null(const as_ktree *n)
{
    return !n || (n->kind == AS_KTREE_SCALAR && n->type == AS_NULL);
}

bool as_ktree_is_empty(const as_ktree *n)
{
    return as_ktree_is_null(n) || (n->kind == AS_KTREE_MAP && !n->fields.n) ||
           (n->kind == AS_KTREE_LIST && !n->items.n) || (n->kind == AS_KTREE_SCALAR && !n->text.n);
}

as_ktree *as_ktree_get(const as_ktree *map, as_str key)
{
    if (!as_ktree_is(map, AS_KTREE_MAP))
        return NULL;
    for (size_t i = 0; i < map->fields.n; i++)
        if (as_str_eq(map->fields.items[i].key, key))
            return map->fields.items[i].value;
    return NULL;
}

as_ktree *as_ktree_path(const as_ktree *n, const char *path)
{
    as_str rest = as_str_from(path), part;
    as_ktree *found = NULL;

    while (as_str_split(&rest, '/', &part)) {
        found = as_ktree_get(n, part);
        n = found;
    }
    return found;
}

as_str as_ktree_text(const as_ktree *n)
{
    return as_ktree_is(n, AS_KTREE_SCALAR) ? n->text : AS_STR_NONE;
}

/* --- changing --------------------------------------------------------------------------------- */

void as_ktree_remove(as_ktree *map, as_str key)
{
    size_t kept = 0;

    for (size_t i = 0; i < map->fields.n; i++)
        if (!as_str_eq(map->fields.items[i].key, key))
            map->fields.items[kept++] = map->fields.items[i];
    map->fields.n = kept;
}

void as_ktree_set(as_arena *arena, as_ktree *map, as_str key, as_span key_span, as_ktree *value)
{
    enum { FIELDS_PER_STEP = 8 };
    as_ktree_field f = {key, key_span, value};

    if (!value) {
        as_ktree_remove(map, key);
        return;
    }
    as_arena_spend(arena, 1 + map->fields.n / FIELDS_PER_STEP);
    for (size_t i = 0; i < map->fields.n; i++)
        if (as_str_eq(map->fields.items[i].key, key)) {
            map->fields.items[i].value = value;
            return;
        }
    AS_VEC_PUSH(arena, &map->fields, f);
}

as_ktree *as_ktree_child_map(as_arena *arena, as_ktree *map, const char *key, as_span span)
{
    as_ktree *child = as_ktree_get(map, as_str_from(key));

    if (!as_ktree_is(child, AS_KTREE_MAP)) {
        child = as_ktree_map(arena, span);
        as_ktree_set(arena, map, as_str_from(key), span, child);
    }
    return child;
}

void as_ktree_insert(as_arena *arena, as_ktree *list, size_t at, as_ktree *item)
{
    AS_VEC_PUSH(arena, &list->items, item);
    for (size_t i = list->items.n - 1; i > at; i--)
        list->items.items[i] = list->items.items[i - 1];
    list->items.items[at] = item;
}

void as_ktree_delete(as_ktree *list, size_t at)
{
    for (size_t i = at + 1; i < list->items.n; i++)
        list->items.items[i - 1] = list->items.items[i];
    list->items.n--;
}

void as_ktree_assign(as_ktree *n, const as_ktree *other)
{
    *n = *other;
}

void as_ktree_set_text(as_arena *arena, as_ktree *n, as_str text, as_span from, const char *note)
{
    as_meta *meta;
    as_trail *step;

    if (as_str_eq(n->text, text) && n->type != AS_NULL)
        return;
    n->text = text;
    if (!from.file)
        return;
    meta = AS_NEW(arena, as_meta);
    step = AS_NEW(arena, as_trail);
    if (n->meta)
        *meta = *n->meta;
    *step = (as_trail){from, as_str_from(note), meta->trail};
    meta->trail = step;
    n->meta = meta;
}

/* --- comparing -------------------------------------------------------------------------------- */

static bool same_scalar(const as_ktree *a, const as_ktree *b)
{
    bool numbers = (a->type == AS_INT || a->type == AS_FLOAT) &&
                   (b->type == AS_INT || b->type == AS_FLOAT);

    return (a->type == b->type || numbers) && (a->type == AS_NULL || as_str_eq(a->text, b->text));
}

bool as_ktree_equal(const as_ktree *a, const as_ktree *b)
{
    if (as_ktree_is_null(a) || as_ktree_is_null(b))
        return as_ktree_is_null(a) && as_ktree_is_null(b);
    if (a->kind != b->kind || a->items.n != b->items.n || a->fields.n != b->fields.n)
        return false;
    if (a->kind == AS_KTREE_SCALAR)
        return same_scalar(a, b);
    for (size_t i = 0; i < a->items.n; i++)
        if (!as_ktree_equal(a->items.items[i], b->items.items[i]))
            return false;
    for (size_t i = 0; i < a->fields.n; i++) {
        const as_ktree *other = as_ktree_get(b, a->fields.items[i].key);
        if (!other || !as_ktree_equal(a->fields.items[i].value, other))
            return false;
    }
    return true;
}
