/* RFC 6902 operations, with the messages and the leniencies of evanphx/json-patch v4. */
#include "engine/base/limits.h"
#include "parsers/kustomize/build.h"

typedef struct pointer {
    as_texts parts; /* unescaped; none: the whole document */
    as_str text;
} pointer;

typedef struct operation {
    as_kust *k;
    const as_value *value; /* the operation itself */
    as_str op;
    pointer path, from;
} operation;

static bool refuse(const operation *o, const char *what, as_str text)
{
    return as_kust_fail(o->k, "kustomize-json-patch", o->value->span,
            "%.*s operation does not apply: %s%.*s", AS_STR_ARG(o->op), what, AS_STR_ARG(text));
}

/* RFC 6901 §4. */
static pointer parse_pointer(as_kust *k, as_str text)
{
    pointer out = {.text = text};
    as_str rest = as_str_from_index(text, as_str_starts(text, "/")), part;

    if (as_str_is(text, "/")) {
        AS_VEC_PUSH(k->arena, &out.parts, AS_STR(""));
        return out;
    }
    while (as_str_split(&rest, '/', &part)) {
        part = as_str_replace(k->arena, part, AS_STR("~1"), AS_STR("/"));
        part = as_str_replace(k->arena, part, AS_STR("~0"), AS_STR("~"));
        AS_VEC_PUSH(k->arena, &out.parts, part);
    }
    if (as_str_ends(text, "/"))
        AS_VEC_PUSH(k->arena, &out.parts, AS_STR(""));
    return out;
}

/* An index into a list of n; n itself where `append` allows it. Negative ones count from the end.
 */
static bool list_index(as_str part, size_t n, bool append, size_t *out)
{
    int64_t i;

    if (append && as_str_is(part, "-")) {
        *out = n;
        return true;
    }
    if (!as_str_to_int(part, &i))
        return false;
    if (i < 0)
        i += (int64_t)n + append;
    if (i < 0 || (size_t)i >= n + append)
        return false;
    *out = (size_t)i;
    return true;
}

static as_ktree *child(as_ktree *n, as_str part)
{
    size_t i;

    if (as_ktree_is(n, AS_KTREE_LIST))
        return list_index(part, n->items.n, false, &i) ? n->items.items[i] : NULL;
    return as_ktree_get(n, part);
}

/* The container that the last part names something in. */
static as_ktree *parent_of(as_ktree *root, const pointer *p)
{
    for (size_t i = 0; root && i + 1 < p->parts.n; i++)
        root = child(root, p->parts.items[i]);
    return root && root->kind != AS_KTREE_SCALAR ? root : NULL;
}

static as_str last_part(const pointer *p)
{
    return p->parts.items[p->parts.n - 1];
}

static as_ktree *find(as_ktree *root, const pointer *p)
{
    as_ktree *parent;

    if (!p->parts.n)
        return root;
    parent = parent_of(root, p);
    return parent ? child(parent, last_part(p)) : NULL;
}

static as_ktree *new_value(const operation *o)
{
    const as_value *v = as_value_get(o->value, AS_STR("value"));
    as_ktree *n = v ? as_ktree_from_value(o->k->arena, o->k->sources, v)
                    : as_ktree_scalar(o->k->arena, o->value->span, AS_NULL, AS_STR(""));

    n->keep_null = true;
    return n;
}

static bool add(const operation *o, as_ktree **root, const pointer *at, as_ktree *value)
{
    as_ktree *parent;
    size_t i;

    if (!at->parts.n) {
        *root = value;
        return true;
    }
    parent = parent_of(*root, at);
    if (!parent)
        return refuse(o, "doc is missing path: ", at->text);
    if (parent->kind == AS_KTREE_MAP) {
        as_ktree_set(o->k->arena, parent, last_part(at), o->value->span, value);
        return true;
    }
    if (!list_index(last_part(at), parent->items.n, true, &i))
        return refuse(o, "Unable to access invalid index: ", last_part(at));
    as_ktree_insert(o->k->arena, parent, i, value);
    return true;
}

static bool take_out(const operation *o, as_ktree *root, const pointer *at)
{
    as_ktree *parent = at->parts.n ? parent_of(root, at) : NULL;
    size_t i;

    if (!parent)
        return refuse(o, "doc is missing path: ", at->text);
    if (parent->kind == AS_KTREE_MAP) {
        if (!as_ktree_get(parent, last_part(at)))
            return refuse(o, "Unable to remove nonexistent key: ", last_part(at));
        as_ktree_remove(parent, last_part(at));
        return true;
    }
    if (!list_index(last_part(at), parent->items.n, false, &i))
        return refuse(o, "Unable to access invalid index: ", last_part(at));
    as_ktree_delete(parent, i);
    return true;
}

static bool replace(const operation *o, as_ktree **root)
{
    as_ktree *parent;
    size_t i;

    if (!o->path.parts.n) {
        *root = new_value(o);
        return true;
    }
    parent = parent_of(*root, &o->path);
    if (!parent)
        return refuse(o, "doc is missing path: ", o->path.text);
    if (parent->kind == AS_KTREE_MAP) /* also what is not there: partialDoc.get knows no error */
        as_ktree_set(o->k->arena, parent, last_part(&o->path), o->value->span, new_value(o));
    else if (list_index(last_part(&o->path), parent->items.n, false, &i))
        parent->items.items[i] = new_value(o);
    else
        return refuse(o, "doc is missing key: ", o->path.text);
    return true;
}

static bool move_or_copy(const operation *o, as_ktree **root, bool is_move)
{
    as_ktree *value = find(*root, &o->from);

    if (!value && !is_move && as_ktree_is(parent_of(*root, &o->from), AS_KTREE_MAP)) {
        value = as_ktree_scalar(o->k->arena, o->value->span, AS_NULL, AS_STR("")); /* as above */
        value->keep_null = true;
    }
    if (!value)
        return refuse(o, "doc is missing from path: ", o->from.text);
    if (is_move && !take_out(o, *root, &o->from))
        return false;
    return add(o, root, &o->path, as_ktree_copy(o->k->arena, value));
}

static bool test(const operation *o, as_ktree *root)
{
    as_ktree *found = find(root, &o->path), *wanted = new_value(o);

    if (o->path.parts.n && !parent_of(root, &o->path))
        return refuse(o, "doc is missing path: ", o->path.text);
    if (as_ktree_equal(found, wanted))
        return true;
    return as_kust_fail(o->k, "kustomize-json-patch", o->value->span,
            "testing value %.*s failed: test failed", AS_STR_ARG(o->path.text));
}

static bool apply_one(const operation *o, as_ktree **root)
{
    if (as_str_is(o->op, "add"))
        return add(o, root, &o->path, new_value(o));
    if (as_str_is(o->op, "remove"))
        return take_out(o, *root, &o->path);
    if (as_str_is(o->op, "replace"))
        return replace(o, root);
    if (as_str_is(o->op, "move") || as_str_is(o->op, "copy"))
        return move_or_copy(o, root, as_str_is(o->op, "move"));
    if (as_str_is(o->op, "test"))
        return test(o, *root);
    return as_kust_fail(o->k, "kustomize-json-patch", o->value->span, "Unexpected kind: %.*s",
            AS_STR_ARG(o->op));
}

bool as_json_patch_apply(as_kust *k, const as_value *operations, as_ktree **root)
{
    for (size_t i = 0; i < as_value_count(operations); i++) {
        const as_value *v = as_value_index(operations, i);
        const as_value *path = as_value_get(v, AS_STR("path"));
        operation o = {.k = k, .value = v, .op = as_value_str(as_value_get(v, AS_STR("op")))};
        o.path = parse_pointer(k, as_value_str(path));
        o.from = parse_pointer(k, as_value_str(as_value_get(v, AS_STR("from"))));
        if (!as_value_is(path, AS_STRING))
            return refuse(&o, "it has no path", AS_STR_NONE);
        if (!apply_one(&o, root))
            return false;
    }
    return true;
}
