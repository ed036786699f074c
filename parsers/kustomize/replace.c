/* Replacements: one field copied into others. */
#include "engine/base/regex.h"
#include "parsers/kustomize/build.h"
#include "parsers/yaml/resolve.h"

typedef AS_VEC(as_ktree *) nodes;

/* A path on its way through a target; `create` is the kind of the leaf, or AS_CREATE_NOTHING. */
typedef struct matcher {
    as_kust *k;
    as_texts path;
    int create;
    as_span span;
    nodes found;
} matcher;

static bool match_at(matcher *m, as_ktree *n, size_t at);

static bool refuse(as_kust *k, as_span span, const char *what, as_str arg)
{
    return as_kust_fail(k, "kustomize-replacement", span, "%s%.*s", what, AS_STR_ARG(arg));
}

/* --- parts of paths ----------------------------------------------------------------------------
 */

static bool is_index(as_str part)
{
    for (size_t i = 0; i < part.n; i++)
        if (part.p[i] < '0' || part.p[i] > '9')
            return false;
    return part.n > 0 && part.n < 10;
}

static bool is_element(as_str part)
{
    return as_str_starts(part, "[") && as_str_ends(part, "]");
}

/* "[name=value]"; without a name the elements are scalars. */
static bool split_element(const matcher *m, as_str part, as_str *name, as_str *value)
{
    as_str inner = as_str_slice(part, 1, part.n - 1);
    size_t equals = as_str_find_char(inner, '=');

    if (equals == (size_t)-1)
        return refuse(m->k, m->span,
                "list path element must contain fieldName=fieldValue for element to match: ", part);
    *name = as_str_slice(inner, 0, equals);
    *value = as_str_from_index(inner, equals + 1);
    return true;
}

/* The kind that a missing node must have for the next part of the path. */
static as_ktree *make_for(const matcher *m, size_t at)
{
    as_str next;

    if (at == m->path.n) {
        if (m->create == AS_KTREE_MAP)
            return as_ktree_map(m->k->arena, m->span);
        if (m->create == AS_KTREE_LIST)
            return as_ktree_list(m->k->arena, m->span);
        return as_ktree_scalar(m->k->arena, m->span, AS_NULL, AS_STR(""));
    }
    next = m->path.items[at];
    return is_index(next) || is_element(next) ? as_ktree_list(m->k->arena, m->span)
                                              : as_ktree_map(m->k->arena, m->span);
}

/* --- walking -----------------------------------------------------------------------------------
 */

static bool match_index(matcher *m, as_ktree *n, size_t at)
{
    int64_t index = 0;

    if (!as_str_to_int(m->path.items[at], &index) || !as_ktree_is(n, AS_KTREE_LIST))
        return refuse(m->k, m->span, "wrong node kind: a list is expected at ", m->path.items[at]);
    if ((size_t)index == n->items.n && m->create != AS_CREATE_NOTHING)
        as_ktree_insert(m->k->arena, n, n->items.n, make_for(m, at + 1));
    if ((size_t)index >= n->items.n)
        return as_kust_fail(m->k, "kustomize-replacement", m->span,
                "index %lld specified but only %zu elements found", (long long)index, n->items.n);
    return match_at(m, n->items.items[index], at + 1);
}

static bool match_elements(matcher *m, as_ktree *n, size_t at, const as_regex *re, as_str name)
{
    for (size_t i = 0; i < n->items.n; i++) {
        as_ktree *item = n->items.items[i];
        const as_ktree *field = name.n ? as_ktree_get(item, name) : item;
        if (!field || as_regex_test(re, as_str_trim(as_ktree_text(field))) != AS_REGEX_MATCH)
            continue;
        if (!name.n)
            AS_VEC_PUSH(m->k->arena, &m->found, item);
        else if (!match_at(m, item, at + 1))
            return false;
    }
    return true;
}

static bool match_element(matcher *m, as_ktree *n, size_t at)
{
    size_t before = m->found.n;
    as_regex_error error;
    const as_regex *re;
    as_str name = {0}, value = {0};
    as_ktree *item;

    if (!split_element(m, m->path.items[at], &name, &value))
        return false;
    if (!as_ktree_is(n, AS_KTREE_LIST))
        return refuse(m->k, m->span, "wrong node kind: a list is expected at ", m->path.items[at]);
    re = as_regex_compile(m->k->arena, value, &error);
    if (!re)
        return refuse(m->k, m->span, "", as_regex_error_text(m->k->arena, &error));
    if (!match_elements(m, n, at, re, name))
        return false;
    if (m->found.n > before || m->create == AS_CREATE_NOTHING)
        return true;
    item = as_ktree_string(m->k->arena, m->span, value);
    if (name.n) {
        as_ktree *map = as_ktree_map(m->k->arena, m->span);
        as_ktree_set(m->k->arena, map, name, m->span, item);
        item = map;
    }
    as_ktree_insert(m->k->arena, n, n->items.n, item);
    return match_elements(m, n, at, re, name);
}

static bool match_every(matcher *m, as_ktree *n, size_t at)
{
    if (!as_ktree_is(n, AS_KTREE_LIST))
        return refuse(m->k, m->span, "wrong node kind: a list is expected at ", m->path.items[at]);
    for (size_t i = 0; i < n->items.n; i++)
        if (!match_at(m, n->items.items[i], at + 1))
            return false;
    return true;
}

static bool match_field(matcher *m, as_ktree *n, size_t at)
{
    as_ktree *field;

    if (as_ktree_is_null(n))
        return true;
    if (!as_ktree_is(n, AS_KTREE_MAP))
        return refuse(m->k, m->span, "wrong node kind: a map is expected at ", m->path.items[at]);
    field = as_ktree_get(n, m->path.items[at]);
    if (!field && m->create != AS_CREATE_NOTHING) {
        field = make_for(m, at + 1);
        as_ktree_set(m->k->arena, n, m->path.items[at], m->span, field);
    }
    return !field || match_at(m, field, at + 1);
}

static bool match_at(matcher *m, as_ktree *n, size_t at)
{
    if (at == m->path.n) {
        AS_VEC_PUSH(m->k->arena, &m->found, n);
        return true;
    }
    if (is_index(m->path.items[at]))
        return match_index(m, n, at);
    if (is_element(m->path.items[at]))
        return match_element(m, n, at);
    if (as_str_is(m->path.items[at], "*"))
        return match_every(m, n, at);
    return match_field(m, n, at);
}

/* --- the source --------------------------------------------------------------------------------
 */

/* By the present or any former identity. */
static bool is_selected(const as_res *r, as_res_id selector)
{
    as_res_id id = as_res_current(r);

    id.cluster_scoped = false;
    if (as_res_id_selected(id, selector))
        return true;
    for (size_t i = 0; i < r->previous.n; i++) {
        as_res_id old = r->previous.items[i];
        old.gvk.group = id.gvk.group;
        old.gvk.version = id.gvk.version;
        if (as_res_id_selected(old, selector))
            return true;
    }
    return false;
}

static as_res *source_resource(as_kust *k, const as_value *source, const as_res_list *rs)
{
    as_res_id selector = as_res_id_of_selector(source);
    as_res *found = NULL;

    for (size_t i = 0; i < rs->list.n; i++) {
        if (!is_selected(rs->list.items[i], selector))
            continue;
        if (found) {
            refuse(k, source->span, "multiple matches for selector ",
                    as_res_id_text(k->arena, selector));
            return NULL;
        }
        found = rs->list.items[i];
    }
    if (!found)
        refuse(k, source->span, "nothing selected by ", as_res_id_text(k->arena, selector));
    return found;
}

/* As the path of a source: elements are matched exactly, the first one counts. */
static as_ktree *lookup(const matcher *m, as_ktree *n)
{
    for (size_t i = 0; n && i < m->path.n; i++) {
        as_str part = m->path.items[i], name = {0}, value = {0};
        int64_t index = 0;
        as_ktree *next = NULL;
        if (is_index(part) && as_ktree_is(n, AS_KTREE_LIST)) {
            if (as_str_to_int(part, &index) && (size_t)index < n->items.n)
                next = n->items.items[index];
        } else if (as_str_is(part, "-") && as_ktree_is(n, AS_KTREE_LIST)) {
            next = n->items.n ? n->items.items[n->items.n - 1] : NULL;
        } else if (is_element(part) && split_element(m, part, &name, &value)) {
            for (size_t j = 0; j < n->items.n && !next; j++) {
                as_ktree *item = n->items.items[j];
                as_str text = as_ktree_text(name.n ? as_ktree_get(item, name) : item);
                next = as_str_eq(text, value) ? item : NULL;
            }
        } else {
            next = as_ktree_get(n, part);
        }
        n = next;
    }
    return n;
}

/* The index-th part between delimiters. */
static bool refine(as_kust *k, const as_value *options, as_ktree **value)
{
    as_str delimiter = as_value_str(as_value_get(options, AS_STR("delimiter"))), rest, part;
    int64_t index = as_value_int_or(as_value_get(options, AS_STR("index")), 0), i = 0;

    if (!delimiter.n)
        return true;
    if ((*value)->kind != AS_KTREE_SCALAR)
        return refuse(k, options->span, "delimiter option can only be used with scalar nodes",
                AS_STR_NONE);
    rest = (*value)->text;
    for (bool more = true; more; i++) {
        size_t at = as_str_find(rest, delimiter);
        more = at != (size_t)-1;
        part = as_str_slice(rest, 0, at);
        rest = as_str_from_index(rest, more ? at + delimiter.n : rest.n);
        if (i == index) {
            *value = as_ktree_copy(k->arena, *value);
            (*value)->text = part;
            return true;
        }
    }
    return as_kust_fail(k, "kustomize-replacement", options->span,
            "options.index %lld is out of bounds for value %.*s", (long long)index,
            AS_STR_ARG((*value)->text));
}

static as_str path_or_name(const as_value *path)
{
    return as_value_str(path).n ? as_value_str(path) : AS_STR("metadata.name");
}

static as_ktree *source_value(as_kust *k, const as_value *replacement, const as_res_list *rs)
{
    const as_value *source = as_value_get(replacement, AS_STR("source"));
    const as_value *given = as_value_get(replacement, AS_STR("sourceValue"));
    matcher m = {.k = k, .span = replacement->span};
    as_ktree *value;
    as_res *r;

    if (given && source) {
        refuse(k, given->span, "value and resource selectors are mutually exclusive", AS_STR_NONE);
        return NULL;
    }
    if (given)
        return as_ktree_string(k->arena, given->span, as_value_str(given));
    r = source_resource(k, source, rs);
    if (!r)
        return NULL;
    m.path = as_kust_path_smart(
            k->arena, path_or_name(as_value_get(source, AS_STR("fieldPath"))), '.');
    value = lookup(&m, r->node);
    if (as_ktree_is_empty(value)) {
        refuse(k, source->span, "the fieldPath is missing for the replacement source: ",
                path_or_name(as_value_get(source, AS_STR("fieldPath"))));
        return NULL;
    }
    return refine(k, as_value_get(source, AS_STR("options")), &value) ? value : NULL;
}

/* --- the targets -------------------------------------------------------------------------------
 */

/* The value put into its place among the target's parts: before, behind, or instead of one. */
static as_str join_at(as_arena *arena, as_str old, as_str delimiter, int64_t index, as_str value)
{
    as_buf buf;
    int64_t i = 0;

    as_buf_init(&buf, arena, 0);
    if (index < 0) {
        as_buf_str(&buf, value);
        as_buf_str(&buf, delimiter);
        as_buf_str(&buf, old);
        return as_buf_view(&buf);
    }
    for (bool more = true; more; i++) {
        size_t at = as_str_find(old, delimiter);
        more = at != (size_t)-1;
        if (i)
            as_buf_str(&buf, delimiter);
        as_buf_str(&buf, i == index ? value : as_str_slice(old, 0, at));
        old = as_str_from_index(old, more ? at + delimiter.n : old.n);
    }
    if (index >= i) {
        as_buf_str(&buf, delimiter);
        as_buf_str(&buf, value);
    }
    return as_buf_view(&buf);
}

/* A scalar keeps its type; one that was just made takes what the text looks like. */
static void set_scalar(as_kust *k, as_ktree *target, const as_ktree *value, as_str text)
{
    bool is_new = target->type == AS_NULL;

    as_ktree_set_text(k->arena, target, text, value->span, "replacement");
    if (!is_new)
        return;
    switch (as_yaml_resolve(k->arena, text, AS_YAML_GO_V3).kind) {
    case AS_YAML_INT:
    case AS_YAML_UINT:
        target->type = AS_INT;
        break;
    case AS_YAML_FLOAT:
        target->type = AS_FLOAT;
        break;
    case AS_YAML_BOOL:
        target->type = AS_BOOL;
        break;
    case AS_YAML_NULL:
        target->type = AS_NULL;
        break;
    default:
        target->type = AS_STRING;
        break;
    }
}

static bool set_field(as_kust *k, const as_value *options, as_ktree *target, const as_ktree *value)
{
    as_str delimiter = as_value_str(as_value_get(options, AS_STR("delimiter")));
    int64_t index = as_value_int_or(as_value_get(options, AS_STR("index")), 0);
    as_str text = as_ktree_text(value);

    if (delimiter.n && target->kind != AS_KTREE_SCALAR)
        return refuse(k, options->span, "delimiter option can only be used with scalar nodes",
                AS_STR_NONE);
    if (delimiter.n)
        text = join_at(k->arena, target->text, delimiter, index, text);
    if (target->kind == AS_KTREE_SCALAR && value->kind == AS_KTREE_SCALAR)
        set_scalar(k, target, value, text);
    else if (target->kind == AS_KTREE_SCALAR)
        set_scalar(k, target, value, AS_STR(""));
    else
        as_ktree_assign(target, as_ktree_copy(k->arena, value));
    return true;
}

static bool copy_into(as_kust *k, as_res *r, const as_ktree *value, const as_value *target,
        as_str path, as_span span)
{
    const as_value *options = as_value_get(target, AS_STR("options"));
    bool creates = as_value_bool_or(as_value_get(options, AS_STR("create")), false);
    matcher m = {.k = k, .span = span, .create = creates ? (int)value->kind : AS_CREATE_NOTHING};

    m.path = as_kust_path_smart(k->arena, path, '.');
    if (!match_at(&m, r->node, 0))
        return false;
    if (!m.found.n)
        return as_kust_fail(k, "kustomize-replacement", span,
                "unable to find %sfield \"%.*s\" in replacement target",
                creates ? "or create " : "", AS_STR_ARG(path));
    for (size_t i = 0; i < m.found.n; i++)
        if (!set_field(k, options, m.found.items[i], value))
            return false;
    return true;
}

static bool is_empty_id(as_res_id id)
{
    return !id.gvk.group.n && !id.gvk.version.n && !id.gvk.kind.n && !id.name.n && !id.namespace.n;
}

/* *out: whether the target's select takes the resource and none of its rejects does. */
static bool is_target(as_kust *k, const as_res *r, const as_value *target, bool *out)
{
    const as_value *select = as_value_get(target, AS_STR("select"));
    const as_value *rejects = as_value_get(target, AS_STR("reject"));
    bool rejected;

    if (!as_res_matches_labels(k, r, select, out))
        return false;
    *out = *out && is_selected(r, as_res_id_of_selector(select));
    for (size_t i = 0; *out && i < as_value_count(rejects); i++) {
        const as_value *reject = as_value_index(rejects, i);
        as_res_id id = as_res_id_of_selector(reject);
        if (!is_empty_id(id) && is_selected(r, id))
            *out = false;
        if (!as_value_get(reject, AS_STR("labelSelector")) &&
                !as_value_get(reject, AS_STR("annotationSelector")))
            continue;
        if (!as_res_matches_labels(k, r, reject, &rejected))
            return false;
        *out = *out && !rejected;
    }
    return true;
}

static bool apply_target(as_kust *k, const as_ktree *value, const as_value *target, as_res_list *rs)
{
    const as_value *paths = as_value_get(target, AS_STR("fieldPaths"));

    if (!as_value_get(target, AS_STR("select")))
        return refuse(k, target->span, "target must specify resources to select", AS_STR_NONE);
    for (size_t i = 0; i < rs->list.n; i++) {
        bool wanted;
        if (!is_target(k, rs->list.items[i], target, &wanted))
            return false;
        for (size_t j = 0; wanted && j < (as_value_count(paths) ? as_value_count(paths) : 1); j++) {
            const as_value *path = as_value_index(paths, j);
            if (!copy_into(k, rs->list.items[i], value, target, path_or_name(path),
                        path ? path->span : target->span))
                return false;
        }
    }
    return true;
}

static bool apply(as_kust *k, const as_value *replacement, as_res_list *rs)
{
    const as_value *targets = as_value_get(replacement, AS_STR("targets"));
    as_ktree *value;

    if ((!as_value_get(replacement, AS_STR("source")) &&
                !as_value_get(replacement, AS_STR("sourceValue"))) ||
            as_value_is_null(targets))
        return refuse(k, replacement->span,
                "replacements must specify a source and at least one target", AS_STR_NONE);
    value = source_value(k, replacement, rs);
    if (!value)
        return false;
    for (size_t i = 0; i < as_value_count(targets); i++)
        if (!apply_target(k, value, as_value_index(targets, i), rs))
            return false;
    return true;
}

static bool apply_file(as_kust *k, const as_kust_target *t, const as_value *path, as_res_list *rs)
{
    const as_source *source;
    const as_value *v;

    if (!as_kust_read(k, t, as_value_str(path), path->span, &source))
        return false;
    v = as_kust_parse(k, source);
    if (as_value_is(v, AS_OBJECT))
        return apply(k, v, rs);
    if (!as_value_is(v, AS_LIST))
        return v && refuse(k, v->span,
                            "unsupported replacement type encountered within replacement path",
                            AS_STR_NONE);
    for (size_t i = 0; i < v->as.list.n; i++)
        if (!apply(k, v->as.list.items[i], rs))
            return false;
    return true;
}

bool as_transform_replacements(
        as_kust *k, const as_kust_target *t, const as_value *replacements, as_res_list *rs)
{
    for (size_t i = 0; i < as_value_count(replacements); i++) {
        const as_value *r = as_value_index(replacements, i);
        const as_value *path = as_value_get(r, AS_STR("path"));
        if (path && (as_value_get(r, AS_STR("source")) || as_value_get(r, AS_STR("targets"))))
            return refuse(
                    k, r->span, "cannot specify both path and inline replacement", AS_STR_NONE);
        if (path ? !apply_file(k, t, path, rs) : !apply(k, r, rs))
            return false;
    }
    return true;
}
