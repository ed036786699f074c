/* See policy_document.h. A policy is kept as a list of statement objects with IAM's own member
 * names in the order in which the provider's structs marshal. */
#include "parsers/terraform/policy_document.h"

#include <stdlib.h>

#include "engine/base/map.h"
#include "parsers/json/json.h"

typedef AS_VEC(const as_value *) values;

typedef struct policy {
    as_arena *arena;
    as_span span;
    const as_value *version, *id;
    values statements;
    const char *error;
} policy;

static as_str sid_of(const as_value *statement)
{
    return as_value_str(as_value_get(statement, AS_STR("Sid")));
}

/* --- lists of strings ------------------------------------------------------------------------- */

static int descending(const void *a, const void *b)
{
    const as_value *x = *(const as_value *const *)a, *y = *(const as_value *const *)b;
    /* Unknown elements keep together at the end. */
    if (x->kind != AS_STRING || y->kind != AS_STRING)
        return (x->kind != AS_STRING) - (y->kind != AS_STRING);
    return as_str_cmp(y->as.str, x->as.str);
}

/* "&{aws:username}" stands for "${aws:username}", which HCL would take for its own. */
static const as_value *with_policy_variables(policy *p, const as_value *v)
{
    if (!v || v->kind != AS_STRING || !as_str_contains(v->as.str, "&{"))
        return v;
    as_value *copy = as_value_copy(p->arena, v);
    copy->as.str = as_str_replace(p->arena, v->as.str, AS_STR("&{"), AS_STR("${"));
    return copy;
}

/* The elements of a list or set of strings, without repeats when `is_set`. */
static void collect(policy *p, const as_value *list, bool is_set, values *out)
{
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *v = with_policy_variables(p, as_value_index(list, i));
        if (as_value_is_null(v))
            continue;
        bool repeated = false;
        for (size_t k = 0; is_set && !repeated && k < out->n && out->n < 1024; k++)
            repeated = as_value_equal(out->items[k], v);
        if (!repeated)
            AS_VEC_PUSH(p->arena, out, v);
    }
}

static const as_value *one_or_sorted(policy *p, values *list, as_span span)
{
    if (list->n == 1)
        return list->items[0];
    qsort(list->items, list->n, sizeof *list->items, descending);
    return as_value_list(p->arena, span, list->items, list->n);
}

/* policyDecodeConfigStringList; NULL when there is nothing. */
static const as_value *decode_strings(policy *p, const as_value *list)
{
    if (as_value_is_unknown(list))
        return list;
    values out = {0};
    collect(p, list, true, &out);
    return out.n ? one_or_sorted(p, &out, list->span) : NULL;
}

/* --- maps with sorted keys -------------------------------------------------------------------- */

typedef struct keyed {
    as_str key;
    values items;
    as_span span;
} keyed;

typedef AS_VEC(keyed) keyed_list;

static keyed *keyed_get(policy *p, keyed_list *list, as_str key, as_span span)
{
    for (size_t i = 0; i < list->n; i++)
        if (as_str_eq(list->items[i].key, key))
            return &list->items[i];
    AS_VEC_PUSH(p->arena, list, (keyed){.key = key, .span = span});
    return &list->items[list->n - 1];
}

static int by_key(const void *a, const void *b)
{
    return as_str_cmp(((const keyed *)a)->key, ((const keyed *)b)->key);
}

static const as_value *keyed_object(policy *p, keyed_list *list, as_span span)
{
    if (list->n)
        qsort(list->items, list->n, sizeof *list->items, by_key);
    as_object_builder b;
    as_object_begin(&b, p->arena);
    for (size_t i = 0; i < list->n; i++) {
        keyed *k = &list->items[i];
        const as_value *v = k->items.n == 1
                                    ? k->items.items[0]
                                    : as_value_list(p->arena, k->span, k->items.items, k->items.n);
        as_object_add(&b, k->key, k->span, v);
    }
    return as_object_end(&b, span);
}

/* --- parts of a statement --------------------------------------------------------------------- */

static bool is_star(const as_value *v)
{
    return as_str_is(as_value_str(v), "*");
}

static const as_value *make_principals(policy *p, const as_value *blocks)
{
    if (as_value_is_unknown(blocks))
        return blocks;
    if (as_value_count(blocks) == 0)
        return NULL;
    keyed_list types = {0};
    for (size_t i = 0; i < as_value_count(blocks); i++) {
        const as_value *block = as_value_index(blocks, i);
        const as_value *type = as_value_get(block, AS_STR("type"));
        const as_value *ids = as_value_get(block, AS_STR("identifiers"));
        if (as_value_is_unknown(block) || as_value_is_unknown(type))
            return as_value_unknown(p->arena, blocks->span, as_value_reason(type), NULL);
        keyed *k = keyed_get(p, &types, as_value_str(type), block->span);
        if (as_value_is_unknown(ids)) {
            AS_VEC_PUSH(p->arena, &k->items, ids);
            continue;
        }
        values list = {0};
        collect(p, ids, true, &list);
        if (list.n)
            qsort(list.items, list.n, sizeof *list.items, descending);
        for (size_t j = 0; j < list.n; j++)
            AS_VEC_PUSH(p->arena, &k->items, list.items[j]);
    }
    /* Only { "*": "*" } is written as "*": for roles it differs from { "AWS": "*" }. */
    if (types.n == 1 && as_str_is(types.items[0].key, "*") && types.items[0].items.n == 1 &&
            is_star(types.items[0].items.items[0]))
        return types.items[0].items.items[0];
    return keyed_object(p, &types, blocks->span);
}

static const as_value *make_conditions(policy *p, const as_value *blocks)
{
    if (as_value_is_unknown(blocks))
        return blocks;
    if (as_value_count(blocks) == 0)
        return NULL;
    typedef struct test {
        as_str name;
        keyed_list variables;
    } test;
    AS_VEC(test) tests = {0};
    for (size_t i = 0; i < as_value_count(blocks); i++) {
        const as_value *block = as_value_index(blocks, i);
        const as_value *name = as_value_get(block, AS_STR("test"));
        const as_value *variable = as_value_get(block, AS_STR("variable"));
        const as_value *list = as_value_get(block, AS_STR("values"));
        if (as_value_is_unknown(block) || as_value_is_unknown(name) ||
                as_value_is_unknown(variable))
            return as_value_unknown(p->arena, blocks->span, as_value_reason(name), NULL);
        test *t = NULL;
        for (size_t k = 0; k < tests.n; k++)
            if (as_str_eq(tests.items[k].name, as_value_str(name)))
                t = &tests.items[k];
        if (!t) {
            AS_VEC_PUSH(p->arena, &tests, (test){.name = as_value_str(name)});
            t = &tests.items[tests.n - 1];
        }
        keyed *k = keyed_get(p, &t->variables, as_value_str(variable), block->span);
        if (as_value_is_unknown(list))
            AS_VEC_PUSH(p->arena, &k->items, list);
        else
            collect(p, list, false, &k->items);
    }
    keyed_list out = {0};
    for (size_t i = 0; i < tests.n; i++) {
        keyed *k = keyed_get(p, &out, tests.items[i].name, blocks->span);
        AS_VEC_PUSH(p->arena, &k->items, keyed_object(p, &tests.items[i].variables, blocks->span));
    }
    return keyed_object(p, &out, blocks->span);
}

/* --- statements ------------------------------------------------------------------------------- */

static const as_value *make_statement(policy *p, const as_value *block)
{
    static const struct {
        as_str argument, member;
    } lists[] = {
            {AS_STR_INIT("actions"), AS_STR_INIT("Action")},
            {AS_STR_INIT("not_actions"), AS_STR_INIT("NotAction")},
            {AS_STR_INIT("resources"), AS_STR_INIT("Resource")},
            {AS_STR_INIT("not_resources"), AS_STR_INIT("NotResource")},
    };
    as_object_builder b;
    as_object_begin(&b, p->arena);
    const as_value *sid = as_value_get(block, AS_STR("sid"));
    if (as_value_is_unknown(sid) || as_value_str(sid).n)
        as_object_add(&b, AS_STR("Sid"), sid->span, sid);
    const as_value *effect = as_value_get(block, AS_STR("effect"));
    if (as_value_is_null(effect))
        effect = as_value_with_flags(
                p->arena, as_value_string(p->arena, block->span, AS_STR("Allow")), AS_DEFAULTED);
    as_object_add(&b, AS_STR("Effect"), effect->span, effect);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const as_value *v = decode_strings(p, as_value_get(block, lists[i].argument));
        if (!as_value_is_null(v))
            as_object_add(&b, lists[i].member, v->span, v);
    }
    const as_value *v = make_principals(p, as_value_get(block, AS_STR("principals")));
    if (v)
        as_object_add(&b, AS_STR("Principal"), v->span, v);
    v = make_principals(p, as_value_get(block, AS_STR("not_principals")));
    if (v)
        as_object_add(&b, AS_STR("NotPrincipal"), v->span, v);
    v = make_conditions(p, as_value_get(block, AS_STR("condition")));
    if (v)
        as_object_add(&b, AS_STR("Condition"), v->span, v);
    return as_object_end(&b, block->span);
}

/* IAMPolicyDoc.Merge: a statement replaces the one with the same Sid, at its place. */
static void merge_statement(policy *p, const as_value *statement)
{
    as_str sid = sid_of(statement);
    for (size_t i = 0; sid.n && i < p->statements.n; i++)
        if (as_str_eq(sid_of(p->statements.items[i]), sid)) {
            p->statements.items[i] = statement;
            return;
        }
    AS_VEC_PUSH(p->arena, &p->statements, statement);
}

static void merge_header(policy *p, const as_value *version, const as_value *id)
{
    if (as_value_str(version).n &&
            (!p->version || as_str_cmp(as_value_str(version), as_value_str(p->version)) > 0))
        p->version = version;
    if (as_value_is_unknown(id) || as_value_str(id).n)
        p->id = id;
}

/* --- documents given as JSON ------------------------------------------------------------------ */

static const as_value *normal_strings(policy *p, const as_value *v)
{
    if (!v || v->kind != AS_LIST)
        return v; /* Action and the like are kept as they stand */
    values out = {0};
    collect(p, v, false, &out);
    return as_value_list(p->arena, v->span, out.items, out.n);
}

static const as_value *normal_principals(policy *p, const as_value *v)
{
    if (!v || v->kind != AS_OBJECT)
        return v;
    keyed_list types = {0};
    for (size_t i = 0; i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        keyed *k = keyed_get(p, &types, m->key, m->key_span);
        if (m->value->kind == AS_LIST) {
            collect(p, m->value, false, &k->items);
            if (k->items.n)
                qsort(k->items.items, k->items.n, sizeof *k->items.items, descending);
        } else {
            AS_VEC_PUSH(p->arena, &k->items, m->value);
        }
    }
    if (types.n == 1 && as_str_is(types.items[0].key, "*") && types.items[0].items.n == 1 &&
            is_star(types.items[0].items.items[0]))
        return types.items[0].items.items[0];
    /* Unlike in a statement block a list of one stays a list. */
    if (types.n)
        qsort(types.items, types.n, sizeof *types.items, by_key);
    as_object_builder b;
    as_object_begin(&b, p->arena);
    for (size_t i = 0; i < types.n; i++) {
        const keyed *k = &types.items[i];
        const as_value *given = as_value_get(v, k->key);
        as_object_add(&b, k->key, k->span,
                given->kind == AS_LIST
                        ? as_value_list(p->arena, given->span, k->items.items, k->items.n)
                        : given);
    }
    return as_object_end(&b, v->span);
}

static const as_value *normal_conditions(policy *p, const as_value *v)
{
    if (!v || v->kind != AS_OBJECT)
        return v;
    keyed_list tests = {0};
    for (size_t i = 0; i < v->as.object->n; i++) {
        const as_member *test = &v->as.object->members[i];
        keyed_list variables = {0};
        for (size_t j = 0; test->value->kind == AS_OBJECT && j < test->value->as.object->n; j++) {
            const as_member *m = &test->value->as.object->members[j];
            keyed *k = keyed_get(p, &variables, m->key, m->key_span);
            const as_value *item = m->value;
            if (item->kind == AS_LIST)
                collect(p, item, false, &k->items);
            else if (item->kind == AS_BOOL)
                AS_VEC_PUSH(p->arena, &k->items,
                        as_value_string(p->arena, item->span,
                                item->as.boolean ? AS_STR("true") : AS_STR("false")));
            else
                AS_VEC_PUSH(p->arena, &k->items, item);
        }
        keyed *k = keyed_get(p, &tests, test->key, test->key_span);
        AS_VEC_PUSH(p->arena, &k->items, keyed_object(p, &variables, test->value->span));
    }
    return keyed_object(p, &tests, v->span);
}

static const as_value *normal_statement(policy *p, const as_value *v)
{
    static const struct {
        as_str member;
        const as_value *(*normal)(policy *, const as_value *);
    } members[] = {
            {AS_STR_INIT("Sid"), normal_strings},
            {AS_STR_INIT("Effect"), normal_strings},
            {AS_STR_INIT("Action"), normal_strings},
            {AS_STR_INIT("NotAction"), normal_strings},
            {AS_STR_INIT("Resource"), normal_strings},
            {AS_STR_INIT("NotResource"), normal_strings},
            {AS_STR_INIT("Principal"), normal_principals},
            {AS_STR_INIT("NotPrincipal"), normal_principals},
            {AS_STR_INIT("Condition"), normal_conditions},
    };
    as_object_builder b;
    as_object_begin(&b, p->arena);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const as_value *m = members[i].normal(p, as_value_get(v, members[i].member));
        if (!as_value_is_null(m) && !(m->kind == AS_STRING && m->as.str.n == 0))
            as_object_add(&b, members[i].member, m->span, m);
    }
    return as_object_end(&b, v->span);
}

static void merge_json(policy *p, const as_value *text)
{
    if (as_value_is_null(text))
        return;
    if (text->kind != AS_STRING) { /* unknown: some statements that nobody can see yet */
        AS_VEC_PUSH(p->arena, &p->statements,
                as_value_unknown(p->arena, text->span, as_value_reason(text), as_value_refs(text)));
        return;
    }
    as_diags ignored;
    as_diags_init(&ignored, p->arena);
    const as_value *doc = as_json_parse_text(p->arena, text->as.str, text->span, &ignored);
    if (ignored.n_errors || !doc || doc->kind != AS_OBJECT) {
        p->error = "a source or override policy document is not a JSON object";
        return;
    }
    merge_header(p, as_value_get(doc, AS_STR("Version")), as_value_get(doc, AS_STR("Id")));
    const as_value *statements = as_value_get(doc, AS_STR("Statement"));
    if (statements && statements->kind == AS_OBJECT) {
        merge_statement(p, normal_statement(p, statements));
        return;
    }
    for (size_t i = 0; i < as_value_count(statements); i++)
        merge_statement(p, normal_statement(p, as_value_index(statements, i)));
}

static void merge_json_list(policy *p, const as_value *list)
{
    if (as_value_is_unknown(list)) {
        merge_json(p, list);
        return;
    }
    for (size_t i = 0; i < as_value_count(list); i++)
        merge_json(p, as_value_index(list, i));
}

/* --- result ----------------------------------------------------------------------------------- */

static const as_ref *refs_within(policy *p, const as_value *v, const as_ref *refs)
{
    refs = as_refs_union(p->arena, refs, as_value_refs(v));
    if (v->kind == AS_LIST)
        for (size_t i = 0; i < v->as.list.n; i++)
            refs = refs_within(p, v->as.list.items[i], refs);
    if (v->kind == AS_OBJECT)
        for (size_t i = 0; i < v->as.object->n; i++)
            refs = refs_within(p, v->as.object->members[i].value, refs);
    return refs;
}

static const as_value *write(policy *p, const as_value *document, int indent, const as_ref *refs)
{
    if (as_value_has_unknown(document)) {
        const as_value *unknown = as_value_unknown(
                p->arena, p->span, AS_STR("parts of the policy are known after apply"), refs);
        return as_value_with_decoded(p->arena, unknown, document);
    }
    as_buf buf;
    as_buf_init(&buf, p->arena, 0);
    as_value_write_json(&buf, document,
            (as_json_style){.indent = indent, .show_sensitive = true, .escape_html = true});
    return as_value_with_refs(
            p->arena, as_value_string(p->arena, p->span, as_buf_view(&buf)), refs);
}

as_tf_policy_document as_tf_policy_document_make(
        as_arena *arena, const as_value *config, as_span span)
{
    policy p = {.arena = arena, .span = span};
    merge_json_list(&p, as_value_get(config, AS_STR("source_policy_documents")));
    const as_value *version = as_value_get(config, AS_STR("version"));
    if (as_value_is_null(version))
        version = as_value_string(arena, span, AS_STR("2012-10-17"));
    merge_header(&p, version, as_value_get(config, AS_STR("policy_id")));
    const as_value *statements = as_value_get(config, AS_STR("statement"));
    if (as_value_is_unknown(statements))
        AS_VEC_PUSH(arena, &p.statements, statements);
    for (size_t i = 0; i < as_value_count(statements); i++) {
        const as_value *block = as_value_index(statements, i);
        merge_statement(&p, as_value_is_unknown(block) ? block : make_statement(&p, block));
    }
    merge_json_list(&p, as_value_get(config, AS_STR("override_policy_documents")));

    as_object_builder b;
    as_object_begin(&b, arena);
    if (p.version)
        as_object_add(&b, AS_STR("Version"), p.version->span, p.version);
    if (p.id)
        as_object_add(&b, AS_STR("Id"), p.id->span, p.id);
    if (p.statements.n)
        as_object_add(&b, AS_STR("Statement"), span,
                as_value_list(arena, span, p.statements.items, p.statements.n));
    as_tf_policy_document out = {.document = as_object_end(&b, span), .error = p.error};
    const as_ref *refs = refs_within(&p, out.document, NULL);
    out.json = write(&p, out.document, 2, refs);
    out.minified_json = write(&p, out.document, 0, refs);
    return out;
}
