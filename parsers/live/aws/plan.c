#include "parsers/live/aws/plan.h"

#include "engine/base/limits.h"

bool as_aws_step_wanted(const as_aws_step *step, as_strs services)
{
    const as_aws_operation *op = step->operation;

    for (size_t i = 0; i < services.n; i++)
        if (as_str_eq(services.items[i], op->service) || as_str_eq(services.items[i], op->signing))
            return true;
    return services.n == 0;
}

/* --- items ------------------------------------------------------------------------------------ */

static void visit(const as_value *v, as_str path, as_aws_item_fn *fn, void *self, int depth)
{
    if (as_value_is_null(v) || depth > AS_MAX_CALL_DEPTH)
        return;
    if (as_str_starts(path, "[]")) {
        path = as_str_from_index(path, 2);
        for (size_t i = 0; as_value_is(v, AS_LIST) && i < as_value_count(v); i++)
            visit(as_value_index(v, i), path, fn, self, depth + 1);
        return;
    }
    if (as_str_starts(path, "."))
        path = as_str_from_index(path, 1);
    if (path.n == 0) {
        fn(self, v);
        return;
    }
    size_t end = 0;
    while (end < path.n && path.p[end] != '.' && path.p[end] != '[')
        end++;
    visit(as_value_get(v, as_str_slice(path, 0, end)), as_str_from_index(path, end), fn, self,
            depth + 1);
}

void as_aws_items(const as_value *body, as_str path, as_aws_item_fn *fn, void *self)
{
    visit(body, path, fn, self, 0);
}

static void take_first(void *self, const as_value *item)
{
    const as_value **found = self;

    *found = *found ? *found : item;
}

/* "$" or "$.A.B" of the item. */
static const as_value *member_at(const as_value *item, as_str path)
{
    const as_value *found = NULL;

    visit(item, as_str_from_index(path, 1), take_first, &found, 0);
    return found;
}

/* --- conditions ------------------------------------------------------------------------------- */

static as_str scalar_text(const as_value *v)
{
    if (as_value_is(v, AS_BOOL))
        return v->as.boolean ? AS_STR("true") : AS_STR("false");
    return as_value_str(v);
}

static bool among(as_str value, as_str alternatives)
{
    as_str one;

    while (alternatives.n > 0 && as_str_split(&alternatives, ',', &one))
        if (as_str_eq(one, value))
            return true;
    return false;
}

static bool begins_with(as_str text, as_str prefix)
{
    return text.n >= prefix.n && as_str_eq(as_str_slice(text, 0, prefix.n), prefix);
}

static bool holds(as_str condition, const as_value *item)
{
    size_t op = 0;

    while (op < condition.n && condition.p[op] != '=' && condition.p[op] != '!')
        op++;
    as_str value = scalar_text(member_at(item, as_str_slice(condition, 0, op)));
    as_str rest = as_str_from_index(condition, op);
    if (as_str_starts(rest, "!^"))
        return !begins_with(value, as_str_from_index(rest, 2));
    if (as_str_starts(rest, "!="))
        return !among(value, as_str_from_index(rest, 2));
    return among(value, as_str_from_index(rest, 1));
}

bool as_aws_when(as_str when, const as_value *item)
{
    as_str condition;

    while (when.n > 0 && as_str_split(&when, '&', &condition))
        if (!holds(condition, item))
            return false;
    return true;
}

/* --- parameters ------------------------------------------------------------------------------- */

typedef struct filling {
    as_arena *arena;
    const as_value *item, *before;
    as_str account;
    bool missing;
} filling;

static const as_value *fill(filling *f, const as_value *pattern);

static const as_value *fill_text(filling *f, const as_value *pattern)
{
    as_str text = pattern->as.str;
    const as_value *found = pattern;

    bool last = as_str_ends(text, "|last");
    if (last)
        text = as_str_slice(text, 0, text.n - strlen("|last"));
    if (as_str_is(text, "$") || as_str_starts(text, "$."))
        found = member_at(f->item, text);
    else if (as_str_starts(text, "^"))
        found = as_value_get(f->before, as_str_from_index(text, 1));
    else if (as_str_is(text, "@account"))
        found = as_value_string(f->arena, pattern->span, f->account);
    if (as_value_is_null(found) || (as_value_is(found, AS_STRING) && found->as.str.n == 0))
        f->missing = true;
    if (last && as_value_is(found, AS_STRING))
        found = as_value_string(f->arena, pattern->span,
                as_str_from_index(found->as.str, as_str_rfind_char(found->as.str, '/') + 1));
    return found;
}

static const as_value *fill_list(filling *f, const as_value *pattern)
{
    as_list_builder b;

    as_list_begin(&b, f->arena);
    for (size_t i = 0; i < as_value_count(pattern); i++)
        as_list_add(&b, fill(f, as_value_index(pattern, i)));
    return as_list_end(&b, pattern->span);
}

/* Members with @ lead somewhere else when they are there, and are left out when not. */
static const as_value *fill_object(filling *f, const as_value *pattern)
{
    as_object_builder b;

    as_object_begin(&b, f->arena);
    for (size_t i = 0; i < as_value_count(pattern); i++) {
        const as_member *m = &pattern->as.object->members[i];
        bool missing_before = f->missing;
        const as_value *value = fill(f, m->value);
        if (as_str_starts(m->key, "@") && f->missing) {
            f->missing = missing_before;
            continue;
        }
        as_object_add(&b, m->key, m->key_span, value);
    }
    return as_object_end(&b, pattern->span);
}

static const as_value *fill(filling *f, const as_value *pattern)
{
    if (as_value_is(pattern, AS_STRING))
        return fill_text(f, pattern);
    if (as_value_is(pattern, AS_LIST))
        return fill_list(f, pattern);
    return as_value_is(pattern, AS_OBJECT) ? fill_object(f, pattern) : pattern;
}

const as_value *as_aws_params(as_arena *arena, const as_value *pattern, const as_value *item,
        const as_value *before, as_str account)
{
    filling f = {arena, item, before, account, false};
    as_object_builder b;

    if (!pattern) {
        as_object_begin(&b, arena);
        return as_object_end(&b, AS_SPAN_NONE);
    }
    const as_value *params = fill(&f, pattern);
    return f.missing ? NULL : params;
}

const as_value *as_aws_params_sent(as_arena *arena, const as_value *params)
{
    as_object_builder b;

    as_object_begin(&b, arena);
    for (size_t i = 0; i < as_value_count(params); i++) {
        const as_member *m = &params->as.object->members[i];
        if (!as_str_starts(m->key, "@"))
            as_object_add(&b, m->key, m->key_span, m->value);
    }
    return as_object_end(&b, params->span);
}

/* --- errors that are answers ------------------------------------------------------------------ */

/* CODE or CODE~TEXT, where _ stands in TEXT for a blank. */
static bool matches(as_str word, as_str code, as_str message)
{
    size_t tilde = as_str_find_char(word, '~');
    as_str text = tilde == (size_t)-1 ? AS_STR("") : as_str_from_index(word, tilde + 1);

    if (!as_str_eq(as_str_slice(word, 0, tilde), code) || text.n > message.n)
        return false;
    for (size_t i = 0; i + text.n <= message.n; i++) {
        size_t k = 0;
        while (k < text.n &&
                (text.p[k] == message.p[i + k] || (text.p[k] == '_' && message.p[i + k] == ' ')))
            k++;
        if (k == text.n)
            return true;
    }
    return false;
}

bool as_aws_is_absent(const as_aws_step *step, as_str code, as_str message)
{
    as_str rest = step->absent, word;

    while (rest.n > 0 && as_str_split(&rest, ' ', &word))
        if (!as_str_starts(word, "retry:") && matches(word, code, message))
            return true;
    return false;
}

bool as_aws_is_early(const as_aws_step *step, as_str code)
{
    as_str rest = step->absent, word;

    while (rest.n > 0 && as_str_split(&rest, ' ', &word))
        if (as_str_starts(word, "retry:") &&
                as_str_eq(as_str_from_index(word, strlen("retry:")), code))
            return true;
    return false;
}
