#include "parsers/kubernetes/selector.h"

static void require(as_arena *arena, as_selector *s, as_str key, as_selector_op op,
        const as_str *values, size_t n_values)
{
    as_requirement r = {key, op, values, n_values};

    AS_VEC_PUSH(arena, &s->requirements, r);
}

/* --- from values ------------------------------------------------------------------------------ */

/* Labels are text; a number or boolean there is refused by the API server, and matches nothing. */
static void require_labels(as_arena *arena, as_selector *s, const as_value *labels)
{
    for (size_t i = 0; i < as_value_count(labels) && as_value_is(labels, AS_OBJECT); i++) {
        const as_member *m = &labels->as.object->members[i];
        if (m->value->kind == AS_STRING)
            require(arena, s, m->key, AS_SELECTOR_IN, &m->value->as.str, 1);
        else if (m->value->kind == AS_UNKNOWN)
            s->unknown = true;
        else
            s->nothing = true;
    }
}

static void require_expression(as_arena *arena, as_selector *s, const as_value *e)
{
    static const struct {
        const char *name;
        as_selector_op op;
        bool has_values;
    } operators[] = {{"In", AS_SELECTOR_IN, true}, {"NotIn", AS_SELECTOR_NOT_IN, true},
            {"Exists", AS_SELECTOR_EXISTS, false}, {"DoesNotExist", AS_SELECTOR_NOT_EXISTS, false}};
    const as_value *op = as_value_get(e, AS_STR("operator")), *key = as_value_get(e, AS_STR("key"));
    const as_value *list = as_value_get(e, AS_STR("values"));
    size_t n = as_value_count(list);
    as_str *values = AS_NEW_ARRAY(arena, as_str, n);

    if (as_value_has_unknown(e)) {
        s->unknown = true;
        return;
    }
    for (size_t i = 0; i < n; i++)
        values[i] = as_value_str(as_value_index(list, i));
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
        if (as_str_is(as_value_str(op), operators[i].name) && operators[i].has_values == (n > 0)) {
            require(arena, s, as_value_str(key), operators[i].op, values, n);
            return;
        }
    s->nothing = true;
}

as_selector as_selector_from_value(as_arena *arena, const as_value *selector)
{
    const as_value *expressions = as_value_get(selector, AS_STR("matchExpressions"));
    as_selector s = {
            .nothing = as_value_is_null(selector), .unknown = as_value_is_unknown(selector)};

    s.unknown = s.unknown || as_value_is_unknown(as_value_get(selector, AS_STR("matchLabels"))) ||
                as_value_is_unknown(expressions);
    require_labels(arena, &s, as_value_get(selector, AS_STR("matchLabels")));
    for (size_t i = 0; i < as_value_count(expressions); i++)
        require_expression(arena, &s, as_value_index(expressions, i));
    return s;
}

as_selector as_selector_from_map(as_arena *arena, const as_value *labels)
{
    as_selector s = {.unknown = as_value_is_unknown(labels)};

    s.nothing = !s.unknown && as_value_count(labels) == 0;
    require_labels(arena, &s, labels);
    return s;
}

/* --- from text -------------------------------------------------------------------------------- */

static void skip_blanks(as_str *s)
{
    while (s->n && as_char_in(s->p[0], " \t\r\n"))
        *s = as_str_from_index(*s, 1);
}

static bool take(as_str *s, const char *token)
{
    skip_blanks(s);
    if (!as_str_starts(*s, token))
        return false;
    *s = as_str_from_index(*s, strlen(token));
    return true;
}

/* Up to white space or an operator; may be empty. */
static as_str take_word(as_str *s)
{
    size_t n = 0;
    as_str word;

    skip_blanks(s);
    while (n < s->n && !as_char_in(s->p[n], " \t\r\n=!<>(),"))
        n++;
    word = as_str_slice(*s, 0, n);
    *s = as_str_from_index(*s, n);
    return word;
}

static bool take_set(as_arena *arena, as_str *s, as_selector *out, as_str key, as_selector_op op)
{
    AS_VEC(as_str) values = {0};

    if (!take(s, "("))
        return false;
    do
        AS_VEC_PUSH(arena, &values, take_word(s));
    while (take(s, ","));
    require(arena, out, key, op, values.items, values.n);
    return take(s, ")");
}

static bool take_requirement(as_arena *arena, as_str *s, as_selector *out)
{
    static const struct {
        const char *token;
        as_selector_op op;
    } operators[] = {{"==", AS_SELECTOR_IN}, {"=", AS_SELECTOR_IN}, {"!=", AS_SELECTOR_NOT_IN},
            {">", AS_SELECTOR_GREATER}, {"<", AS_SELECTOR_LESS}};
    bool negated = take(s, "!");
    as_str key = take_word(s), rest;

    if (!key.n)
        return false;
    skip_blanks(s);
    if (negated || !s->n || s->p[0] == ',') {
        require(arena, out, key, negated ? AS_SELECTOR_NOT_EXISTS : AS_SELECTOR_EXISTS, NULL, 0);
        return true;
    }
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
        if (take(s, operators[i].token)) {
            as_str *value = AS_NEW(arena, as_str);
            *value = take_word(s);
            require(arena, out, key, operators[i].op, value, 1);
            return true;
        }
    rest = take_word(s);
    if (as_str_is(rest, "in"))
        return take_set(arena, s, out, key, AS_SELECTOR_IN);
    return as_str_is(rest, "notin") && take_set(arena, s, out, key, AS_SELECTOR_NOT_IN);
}

bool as_selector_from_text(as_arena *arena, as_str text, as_selector *out)
{
    *out = (as_selector){0};
    skip_blanks(&text);
    if (!text.n)
        return true;
    do
        if (!take_requirement(arena, &text, out))
            return false;
    while (take(&text, ","));
    skip_blanks(&text);
    return text.n == 0;
}

/* --- matching --------------------------------------------------------------------------------- */

static bool is_one_of(const as_requirement *r, as_str value)
{
    for (size_t i = 0; i < r->n_values; i++)
        if (as_str_eq(r->values[i], value))
            return true;
    return false;
}

static as_truth match_requirement(const as_requirement *r, const as_value *labels)
{
    const as_value *label = as_value_get(labels, r->key);
    int64_t have, want;

    switch (r->op) {
    case AS_SELECTOR_EXISTS:
    case AS_SELECTOR_NOT_EXISTS:
        return (label != NULL) == (r->op == AS_SELECTOR_EXISTS) ? AS_YES : AS_NO;
    case AS_SELECTOR_IN:
    case AS_SELECTOR_NOT_IN:
        if (as_value_is_unknown(label))
            return AS_MAYBE;
        return (as_value_is(label, AS_STRING) && is_one_of(r, label->as.str)) ==
                               (r->op == AS_SELECTOR_IN)
                       ? AS_YES
                       : AS_NO;
    default:
        if (as_value_is_unknown(label))
            return AS_MAYBE;
        if (!as_str_to_int(as_value_str(label), &have) || !as_str_to_int(r->values[0], &want))
            return AS_NO;
        return (r->op == AS_SELECTOR_GREATER ? have > want : have < want) ? AS_YES : AS_NO;
    }
}

as_truth as_selector_match(const as_selector *selector, const as_value *labels)
{
    as_truth truth = selector->unknown || as_value_is_unknown(labels) ? AS_MAYBE : AS_YES;

    if (selector->nothing)
        return AS_NO;
    for (size_t i = 0; i < selector->requirements.n; i++) {
        as_truth t = as_value_is_unknown(labels)
                             ? AS_MAYBE
                             : match_requirement(&selector->requirements.items[i], labels);
        if (t == AS_NO)
            return AS_NO;
        if (t == AS_MAYBE)
            truth = AS_MAYBE;
    }
    return truth;
}
