#include "engine/iam/policy.h"

#include "engine/base/limits.h"
#include "engine/base/num.h"
#include "engine/base/vec.h"
#include "parsers/json/json.h"

enum {
    MAX_DECODE = 4, /* text in text: a document that is quoted again and again */
    MAX_TEXT_DEPTH = 64,
};

typedef AS_VEC(as_str) str_vec;

/* --- texts ---------------------------------------------------------------------------------------
 */

static as_str number_text(as_arena *arena, const as_value *v)
{
    if (v->kind == AS_INT) {
        return as_str_fmt(arena, "%lld", (long long)v->as.integer);
    }
    if (v->kind == AS_BIGNUM) {
        return v->as.str;
    }
    char text[64];
    size_t n = as_double_write(v->as.number, text, sizeof text);
    return as_str_dup(arena, (as_str){text, n});
}

static as_str unknown_text(
        as_arena *arena, const as_value *v, const as_iam_resolver *resolver, int depth)
{
    const as_value *pieces = v->meta == NULL ? NULL : v->meta->pieces;
    const as_ref *ref = as_value_refs(v);
    if (pieces == NULL) {
        /* One reference and nothing done to it: that attribute. */
        as_str text = resolver != NULL && ref != NULL && ref->next == NULL
                              ? resolver->refer(resolver->self, arena, ref)
                              : AS_STR("");
        return text.n > 0 ? text : AS_STR(AS_HOLE);
    }
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < as_value_count(pieces); i++) {
        const as_value *piece = as_value_index(pieces, i);
        as_buf_str(&buf, piece->kind == AS_STRING ? piece->as.str
                         : depth > MAX_TEXT_DEPTH
                                 ? AS_STR(AS_HOLE)
                                 : unknown_text(arena, piece, resolver, depth + 1));
    }
    return as_buf_view(&buf);
}

as_str as_iam_text(as_arena *arena, const as_value *v, const as_iam_resolver *resolver)
{
    if (v == NULL) {
        return AS_STR("");
    }
    switch ((as_kind)v->kind) {
    case AS_STRING:
        return v->as.str;
    case AS_BOOL:
        return v->as.boolean ? AS_STR("true") : AS_STR("false");
    case AS_INT:
    case AS_FLOAT:
    case AS_BIGNUM:
        return number_text(arena, v);
    case AS_UNKNOWN:
        return unknown_text(arena, v, resolver, 0);
    default:
        return AS_STR("");
    }
}

/* --- documents -----------------------------------------------------------------------------------
 */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* RFC 3986 percent-encoding, as the IAM API gives documents; other text comes back as it is. */
static as_str url_decode(as_arena *arena, as_str s)
{
    if (!as_str_starts(s, "%7B") && !as_str_starts(s, "%7b") && !as_str_starts(s, "%0A")) {
        return s;
    }
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < s.n; i++) {
        int high = s.p[i] == '%' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
        int low = high < 0 ? -1 : hex_digit(s.p[i + 2]);
        as_buf_char(&buf, low < 0 ? s.p[i] : (char)(high * 16 + low));
        i += low < 0 ? 0 : 2;
    }
    return as_buf_view(&buf);
}

/* The tree in a document; NULL with *problem when there is none. */
static const as_value *document_tree(
        as_arena *arena, const as_value *v, const as_iam_resolver *resolver, as_str *problem)
{
    for (int i = 0; i < MAX_DECODE; i++) {
        if (as_value_is_null(v)) {
            *problem = AS_STR("the policy is empty");
            return NULL;
        }
        if (v->kind == AS_OBJECT || v->kind == AS_LIST) {
            return v;
        }
        if (v->meta != NULL && v->meta->decoded != NULL) {
            v = v->meta->decoded;
            continue;
        }
        bool partial = v->kind == AS_UNKNOWN && v->meta != NULL && v->meta->pieces != NULL;
        if (v->kind == AS_UNKNOWN && !partial) {
            as_str why = as_value_reason(v);
            *problem = why.n > 0 ? why : AS_STR("the policy is not known");
            return NULL;
        }
        as_diags diags;
        as_diags_init(&diags, arena);
        as_str text = url_decode(arena, as_iam_text(arena, v, resolver));
        const as_value *tree = as_json_parse_text(arena, text, v->span, &diags);
        if (tree == NULL || diags.n_errors > 0) {
            *problem = partial ? as_value_reason(v) : AS_STR("the policy is not valid JSON");
            *problem = problem->n > 0 ? *problem : AS_STR("the policy is not known");
            return NULL;
        }
        v = tree;
    }
    *problem = AS_STR("the policy is text in text in text");
    return NULL;
}

/* --- statements ----------------------------------------------------------------------------------
 */

typedef struct parser {
    as_arena *arena;
    const as_iam_resolver *resolver;
    as_iam_statement *statement;
} parser;

static void set_problem(parser *p, const char *why)
{
    if (p->statement->problem.n == 0) {
        p->statement->problem = as_str_from(why);
    }
}

/* One text or a list of texts. */
static as_strs read_texts(parser *p, const as_value *v, bool *open)
{
    str_vec found = {0};
    bool list = v->kind == AS_LIST;
    size_t n = list ? v->as.list.n : 1;
    for (size_t i = 0; i < n; i++) {
        const as_value *item = list ? v->as.list.items[i] : v;
        if (item->kind == AS_LIST || item->kind == AS_OBJECT || as_value_is_null(item)) {
            set_problem(p, "a text is expected, or a list of texts");
            continue;
        }
        as_str text = as_iam_text(p->arena, item, p->resolver);
        /* An unknown where a list may stand could be any number of texts. */
        *open = *open || (item->kind == AS_UNKNOWN && as_str_is(text, AS_HOLE));
        AS_VEC_PUSH(p->arena, &found, text);
    }
    return (as_strs){found.items, found.n};
}

static as_iam_principal_type principal_type(as_str name)
{
    static const struct {
        const char *name;
        as_iam_principal_type type;
    } types[] = {{"AWS", AS_IAM_PRINCIPAL_AWS}, {"Service", AS_IAM_PRINCIPAL_SERVICE},
            {"Federated", AS_IAM_PRINCIPAL_FEDERATED},
            {"CanonicalUser", AS_IAM_PRINCIPAL_CANONICAL}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (as_str_is(name, types[i].name)) {
            return types[i].type;
        }
    }
    return AS_IAM_PRINCIPAL_OTHER;
}

static void read_principals(parser *p, const as_value *v)
{
    AS_VEC(as_iam_principal_item) found = {0};
    as_iam_statement *s = p->statement;
    if (v->kind == AS_UNKNOWN) {
        s->open_principals = true;
    } else if (v->kind == AS_STRING && as_str_is(v->as.str, "*")) {
        AS_VEC_PUSH(p->arena, &found, (as_iam_principal_item){AS_IAM_PRINCIPAL_ANY, AS_STR("*")});
    } else if (v->kind != AS_OBJECT) {
        set_problem(p, "Principal must be \"*\" or an object");
    }
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_iam_principal_type type = principal_type(m->key);
        if (type == AS_IAM_PRINCIPAL_OTHER) {
            set_problem(p, "the type of principal is not known");
        }
        as_strs texts = read_texts(p, m->value, &s->open_principals);
        for (size_t k = 0; k < texts.n; k++) {
            bool any = type == AS_IAM_PRINCIPAL_AWS && as_str_is(texts.items[k], "*");
            AS_VEC_PUSH(p->arena, &found,
                    (as_iam_principal_item){any ? AS_IAM_PRINCIPAL_ANY : type, texts.items[k]});
        }
    }
    s->principals = found.items;
    s->n_principals = found.n;
}

static const char *const operator_names[] = {
#define AS_IAM_OPERATOR(name, negated, kind) #name,
#include "engine/iam/operators.def"
};

static void read_operator(as_iam_condition *c, as_str written)
{
    as_str name = written;
    c->written = written;
    if (as_str_starts(name, "ForAnyValue:")) {
        c->quantifier = AS_IAM_ANY_VALUE;
    } else if (as_str_starts(name, "ForAllValues:")) {
        c->quantifier = AS_IAM_ALL_VALUES;
    }
    if (c->quantifier != AS_IAM_SINGLE) {
        name = as_str_from_index(name, as_str_find_char(name, ':') + 1);
    }
    if (as_str_ends(name, "IfExists")) {
        c->if_exists = true;
        name = as_str_slice(name, 0, name.n - (sizeof "IfExists" - 1));
    }
    for (int i = 0; i < AS_IAM_N_OPERATORS && !c->known; i++) {
        if (as_str_ieq(name, as_str_from(operator_names[i]))) {
            c->op = (as_iam_operator)i;
            c->known = !(i == AS_IAM_OP_Null && c->if_exists);
        }
    }
}

static void read_conditions(parser *p, const as_value *v)
{
    AS_VEC(as_iam_condition) found = {0};
    if (v->kind != AS_OBJECT) {
        set_problem(p, v->kind == AS_UNKNOWN ? "the conditions are not known"
                                             : "Condition must be an object");
        return;
    }
    for (size_t i = 0; i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        if (m->value->kind != AS_OBJECT) {
            set_problem(p, "a condition is not known or not an object");
            continue;
        }
        for (size_t k = 0; k < m->value->as.object->n; k++) {
            const as_member *key = &m->value->as.object->members[k];
            as_iam_condition c = {.key = as_str_lower(p->arena, key->key)};
            read_operator(&c, m->key);
            if (!c.known) {
                set_problem(
                        p, as_str_cstr(p->arena,
                                   as_str_fmt(p->arena, "the condition operator %.*s is not known",
                                           AS_STR_ARG(m->key))));
            }
            c.values = read_texts(p, key->value, &c.open);
            AS_VEC_PUSH(p->arena, &found, c);
        }
    }
    p->statement->conditions = found.items;
    p->statement->n_conditions = found.n;
}

static void read_effect(parser *p, const as_value *v)
{
    if (as_str_is(as_value_str(v), "Allow")) {
        p->statement->allow = true;
    } else if (!as_str_is(as_value_str(v), "Deny")) {
        p->statement->either = true;
        set_problem(
                p, as_value_is_unknown(v) ? "Effect is not known" : "Effect must be Allow or Deny");
    }
}

static void read_member(parser *p, const as_member *m)
{
    as_iam_statement *s = p->statement;
    if (as_str_is(m->key, "Sid")) {
        s->sid = as_value_str(m->value);
    } else if (as_str_is(m->key, "Action") || as_str_is(m->key, "NotAction")) {
        s->not_action = m->key.n > 6;
        s->actions = read_texts(p, m->value, &s->open_actions);
    } else if (as_str_is(m->key, "Resource") || as_str_is(m->key, "NotResource")) {
        s->has_resource = true;
        s->not_resource = m->key.n > 8;
        s->resources = read_texts(p, m->value, &s->open_resources);
    } else if (as_str_is(m->key, "Principal") || as_str_is(m->key, "NotPrincipal")) {
        s->has_principal = true;
        s->not_principal = m->key.n > 9;
        read_principals(p, m->value);
    } else if (as_str_is(m->key, "Condition")) {
        read_conditions(p, m->value);
    } else if (!as_str_is(m->key, "Effect")) {
        set_problem(p, "the statement has an element that the policy language does not know");
    }
}

static void read_statement(parser *p, const as_value *v)
{
    as_iam_statement *s = p->statement;
    s->span = v->span;
    if (v->kind != AS_OBJECT) {
        s->either = true;
        set_problem(p, v->kind == AS_UNKNOWN ? "the statement is not known"
                                             : "a statement must be an object");
        return;
    }
    read_effect(p, as_value_get(v, AS_STR("Effect")));
    for (size_t i = 0; i < v->as.object->n; i++) {
        read_member(p, &v->as.object->members[i]);
    }
    if (s->actions.n == 0) {
        set_problem(p, "the statement has no Action");
    }
}

static bool has_variable(as_strs texts)
{
    for (size_t i = 0; i < texts.n; i++) {
        if (as_str_contains(texts.items[i], "${")) {
            return true;
        }
    }
    return false;
}

/* Whether there is anything to replace in it. */
static bool uses_variables(const as_iam_statement *s)
{
    bool uses = has_variable(s->resources);
    for (size_t i = 0; i < s->n_conditions && !uses; i++) {
        uses = has_variable(s->conditions[i].values);
    }
    return uses;
}

const as_iam_policy *as_iam_policy_unknown(as_arena *arena, as_str name, as_span span, as_str why)
{
    as_iam_policy *policy = AS_NEW(arena, as_iam_policy);
    *policy = (as_iam_policy){.name = name,
            .span = span,
            .problem = why.n > 0 ? why : AS_STR("the policy is not known")};
    return policy;
}

const as_iam_policy *as_iam_policy_parse(
        as_arena *arena, const as_value *document, as_str name, const as_iam_resolver *resolver)
{
    as_iam_policy *policy = AS_NEW(arena, as_iam_policy);
    policy->name = name;
    policy->span = document == NULL ? AS_SPAN_NONE : document->span;
    const as_value *tree = document_tree(arena, document, resolver, &policy->problem);
    if (tree == NULL) {
        return policy;
    }
    policy->variables =
            as_str_is(as_value_str(as_value_get(tree, AS_STR("Version"))), "2012-10-17");
    const as_value *list = as_value_get(tree, AS_STR("Statement"));
    if (list == NULL || (list->kind != AS_LIST && list->kind != AS_OBJECT)) {
        policy->problem = as_value_is_unknown(list) ? AS_STR("the statements are not known")
                                                    : AS_STR("the policy has no Statement");
        return policy;
    }
    size_t n = list->kind == AS_LIST ? list->as.list.n : 1;
    as_iam_statement *statements = AS_NEW_ARRAY(arena, as_iam_statement, n);
    for (size_t i = 0; i < n; i++) {
        statements[i].policy = policy;
        parser p = {arena, resolver, &statements[i]};
        read_statement(&p, list->kind == AS_LIST ? list->as.list.items[i] : list);
        statements[i].variables = policy->variables && uses_variables(&statements[i]);
    }
    policy->statements = statements;
    policy->n_statements = n;
    return policy;
}
