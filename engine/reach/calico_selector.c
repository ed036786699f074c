#include "engine/reach/calico_selector.h"

#include "engine/reach/pod_set.h"

typedef enum node_kind {
    NODE_ALL,
    NODE_GLOBAL,
    NODE_AND,
    NODE_OR,
    NODE_NOT,
    NODE_HAS,
    NODE_EQUAL,
    NODE_NOT_EQUAL,
    NODE_IN,
    NODE_NOT_IN,
    NODE_CONTAINS,
    NODE_STARTS,
    NODE_ENDS,
} node_kind;

struct as_calico_selector {
    node_kind kind;
    const as_calico_selector *left, *right;
    as_str key;
    AS_VEC(as_str) values;
};

typedef as_calico_selector node;

typedef struct parser {
    as_arena *arena;
    as_str rest;
    const char *problem;
    unsigned depth, n_terms;
} parser;

static const node *parse_or(parser *p);

static void skip_blanks(parser *p)
{
    while (p->rest.n > 0 && (p->rest.p[0] == ' ' || p->rest.p[0] == '\t' || p->rest.p[0] == '\n' ||
                                    p->rest.p[0] == '\r')) {
        p->rest = as_str_from_index(p->rest, 1);
    }
}

static bool take(parser *p, const char *token)
{
    skip_blanks(p);
    if (!as_str_starts(p->rest, token)) {
        return false;
    }
    p->rest = as_str_from_index(p->rest, strlen(token));
    return true;
}

static bool is_label_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '/' || c == '-' || c == '_';
}

/* A word that is not the beginning of a longer one: "in" but not "internal". */
static bool take_word(parser *p, const char *word)
{
    skip_blanks(p);
    size_t n = strlen(word);
    if (!as_str_starts(p->rest, word) || (p->rest.n > n && is_label_char(p->rest.p[n]))) {
        return false;
    }
    p->rest = as_str_from_index(p->rest, n);
    return true;
}

static as_str take_label(parser *p)
{
    skip_blanks(p);
    size_t n = 0;
    while (n < p->rest.n && is_label_char(p->rest.p[n])) {
        n++;
    }
    as_str label = as_str_slice(p->rest, 0, n);
    p->rest = as_str_from_index(p->rest, n);
    if (n == 0 && p->problem == NULL) {
        p->problem = "a label is expected";
    }
    return label;
}

static as_str take_text(parser *p)
{
    skip_blanks(p);
    char quote = p->rest.n > 0 ? p->rest.p[0] : '\0';
    if (quote != '\'' && quote != '"') {
        p->problem = p->problem == NULL ? "a quoted text is expected" : p->problem;
        return AS_STR("");
    }
    p->rest = as_str_from_index(p->rest, 1);
    size_t end = as_str_find_char(p->rest, quote);
    if (end == (size_t)-1) {
        p->problem = p->problem == NULL ? "a text does not end" : p->problem;
        return AS_STR("");
    }
    as_str text = as_str_slice(p->rest, 0, end);
    p->rest = as_str_from_index(p->rest, end + 1);
    return text;
}

static node *make(parser *p, node_kind kind)
{
    node *n = AS_NEW(p->arena, node);
    n->kind = kind;
    return n;
}

static void take_set(parser *p, node *n)
{
    if (!take(p, "{")) {
        p->problem = p->problem == NULL ? "a set in braces is expected" : p->problem;
        return;
    }
    if (take(p, "}")) {
        return;
    }
    do {
        AS_VEC_PUSH(p->arena, &n->values, take_text(p));
    } while (p->problem == NULL && take(p, ","));
    if (p->problem == NULL && !take(p, "}")) {
        p->problem = "a set does not end";
    }
}

/* label OP value. */
static const node *parse_comparison(parser *p)
{
    as_str key = take_label(p);
    node *n = make(p, NODE_ALL);
    n->key = key;
    if (take(p, "==")) {
        n->kind = NODE_EQUAL;
    } else if (take(p, "!=")) {
        n->kind = NODE_NOT_EQUAL;
    } else if (take_word(p, "not")) {
        n->kind = NODE_NOT_IN;
        if (!take_word(p, "in")) {
            p->problem = "'in' is expected after 'not'";
        }
    } else if (take_word(p, "in")) {
        n->kind = NODE_IN;
    } else if (take_word(p, "contains")) {
        n->kind = NODE_CONTAINS;
    } else if (take_word(p, "starts") && take_word(p, "with")) {
        n->kind = NODE_STARTS;
    } else if (take_word(p, "ends") && take_word(p, "with")) {
        n->kind = NODE_ENDS;
    } else if (p->problem == NULL) {
        p->problem = "an operator is expected";
    }
    if (p->problem == NULL && (n->kind == NODE_IN || n->kind == NODE_NOT_IN)) {
        take_set(p, n);
    } else if (p->problem == NULL) {
        AS_VEC_PUSH(p->arena, &n->values, take_text(p));
    }
    return n;
}

static bool take_call(parser *p, const char *name)
{
    as_str before = p->rest;
    if (take_word(p, name) && take(p, "(")) {
        return true;
    }
    p->rest = before;
    return false;
}

static void expect_close(parser *p)
{
    if (p->problem == NULL && !take(p, ")")) {
        p->problem = "')' is expected";
    }
}

static const node *parse_operand(parser *p)
{
    node *n;
    if (take(p, "!")) {
        n = make(p, NODE_NOT);
        if (++p->depth > AS_CALICO_MAX_DEPTH) {
            p->problem = "it is nested too deep";
            return n;
        }
        n->left = parse_operand(p);
        p->depth--;
        return n;
    }
    if (take(p, "(")) {
        const node *inner = parse_or(p);
        expect_close(p);
        return inner;
    }
    bool all = take_call(p, "all");
    if (all || take_call(p, "global")) {
        n = make(p, all ? NODE_ALL : NODE_GLOBAL);
        expect_close(p);
        return n;
    }
    if (take_call(p, "has")) {
        n = make(p, NODE_HAS);
        n->key = take_label(p);
        expect_close(p);
        return n;
    }
    return parse_comparison(p);
}

static const node *parse_chain(
        parser *p, const char *operator, node_kind kind, const node *(*parse)(parser *))
{
    const node *left = parse(p);
    while (p->problem == NULL && take(p, operator)) {
        node *n = make(p, kind);
        n->left = left;
        n->right = parse(p);
        left = n;
        if (++p->n_terms > AS_CALICO_MAX_TERMS && p->problem == NULL) {
            p->problem = "it has too many terms"; /* matching goes as deep as a chain is long */
        }
    }
    return left;
}

static const node *parse_and(parser *p)
{
    return parse_chain(p, "&&", NODE_AND, parse_operand);
}

static const node *parse_or(parser *p)
{
    if (++p->depth > AS_CALICO_MAX_DEPTH) {
        p->problem = "it is nested too deep";
        return make(p, NODE_ALL);
    }
    const node *n = parse_chain(p, "||", NODE_OR, parse_and);
    p->depth--;
    return n;
}

const as_calico_selector *as_calico_selector_parse(
        as_arena *arena, as_str text, const char **problem)
{
    parser p = {.arena = arena, .rest = as_str_trim(text)};
    if (p.rest.n == 0) {
        return make(&p, NODE_ALL);
    }
    const node *n = parse_or(&p);
    skip_blanks(&p);
    if (p.problem == NULL && p.rest.n > 0) {
        p.problem = "something is left over at its end";
    }
    *problem = p.problem;
    return p.problem == NULL ? n : NULL;
}

/* --- matching --------------------------------------------------------------------------------- */

static bool compare(const node *n, as_str value)
{
    if (n->kind == NODE_IN || n->kind == NODE_NOT_IN) {
        for (size_t i = 0; i < n->values.n; i++) {
            if (as_str_eq(n->values.items[i], value)) {
                return true;
            }
        }
        return false;
    }
    as_str wanted = n->values.items[0];
    switch (n->kind) {
    case NODE_CONTAINS:
        return as_str_find(value, wanted) != (size_t)-1;
    case NODE_STARTS:
        return as_str_eq(as_str_slice(value, 0, wanted.n), wanted);
    case NODE_ENDS:
        return value.n >= wanted.n &&
               as_str_eq(as_str_from_index(value, value.n - wanted.n), wanted);
    default:
        return as_str_eq(value, wanted);
    }
}

as_truth as_calico_selector_match(const as_calico_selector *n, const as_label_source *labels)
{
    as_str value = AS_STR_NONE;
    as_truth there;
    switch (n->kind) {
    case NODE_ALL:
        return AS_YES;
    case NODE_GLOBAL:
        return labels->is_global ? AS_YES : AS_NO;
    case NODE_AND:
        return as_truth_and(as_calico_selector_match(n->left, labels),
                as_calico_selector_match(n->right, labels));
    case NODE_OR:
        return as_truth_or(as_calico_selector_match(n->left, labels),
                as_calico_selector_match(n->right, labels));
    case NODE_NOT:
        return as_truth_not(as_calico_selector_match(n->left, labels));
    case NODE_HAS:
        return labels->get(labels, n->key, &value);
    default:
        there = labels->get(labels, n->key, &value);
        if (there == AS_MAYBE) {
            return AS_MAYBE;
        }
        bool matches = there == AS_YES && compare(n, value);
        bool negative = n->kind == NODE_NOT_EQUAL || n->kind == NODE_NOT_IN;
        return matches != negative ? AS_YES : AS_NO;
    }
}
