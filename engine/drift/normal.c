#include "engine/drift/normal.h"

#include <stdlib.h>

#include "parsers/json/json.h"

/* --- texts ---------------------------------------------------------------------------------------
 */

static int compare_texts(const void *a, const void *b)
{
    return as_str_cmp(*(const as_str *)a, *(const as_str *)b);
}

void as_texts_sort(as_texts *texts)
{
    size_t kept = 0;
    if (texts->n > 1) {
        qsort(texts->items, texts->n, sizeof *texts->items, compare_texts);
    }
    for (size_t i = 0; i < texts->n; i++) {
        if (kept == 0 || !as_str_eq(texts->items[kept - 1], texts->items[i])) {
            texts->items[kept++] = texts->items[i];
        }
    }
    texts->n = kept;
}

bool as_texts_equal(const as_texts *a, const as_texts *b)
{
    for (size_t i = 0; a->n == b->n && i < a->n; i++) {
        if (!as_str_eq(a->items[i], b->items[i])) {
            return false;
        }
    }
    return a->n == b->n;
}

as_str as_texts_join(as_arena *arena, const as_texts *texts)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < texts->n; i++) {
        as_buf_cstr(&buf, i > 0 ? ", " : "");
        as_buf_str(&buf, texts->items[i]);
    }
    return as_buf_view(&buf);
}

/* --- policies ------------------------------------------------------------------------------------
 */

static as_str scalar(as_arena *arena, const as_value *v)
{
    if (as_value_is(v, AS_STRING)) {
        return v->as.str;
    }
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    as_value_write_json(&buf, v, (as_json_style){0});
    return as_buf_view(&buf);
}

/* "123456789012" as a principal means arn:aws:iam::123456789012:root. */
static as_str principal(as_arena *arena, as_str text)
{
    bool digits = text.n == 12;
    for (size_t i = 0; digits && i < text.n; i++) {
        digits = text.p[i] >= '0' && text.p[i] <= '9';
    }
    return digits ? as_str_fmt(arena, "arn:aws:iam::%.*s:root", AS_STR_ARG(text)) : text;
}

typedef enum reading { PLAIN, ACTION, PRINCIPAL } reading;

/* One text or a list of them, sorted. Actions have no case. */
static as_str sorted(as_arena *arena, const as_value *v, reading how)
{
    as_texts all = {0};
    size_t n = as_value_is(v, AS_LIST) ? as_value_count(v) : 1;
    for (size_t i = 0; i < n; i++) {
        as_str text = scalar(arena, as_value_is(v, AS_LIST) ? as_value_index(v, i) : v);
        text = how == ACTION      ? as_str_lower(arena, text)
               : how == PRINCIPAL ? principal(arena, text)
                                  : text;
        AS_VEC_PUSH(arena, &all, text);
    }
    as_texts_sort(&all);
    return as_texts_join(arena, &all);
}

static as_str principals(as_arena *arena, const as_value *v)
{
    if (!as_value_is(v, AS_OBJECT)) {
        return as_str_fmt(arena, "AWS=%.*s", AS_STR_ARG(sorted(arena, v, PRINCIPAL)));
    }
    as_texts all = {0};
    for (size_t i = 0; i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_str list = sorted(arena, m->value, PRINCIPAL);
        AS_VEC_PUSH(
                arena, &all, as_str_fmt(arena, "%.*s=%.*s", AS_STR_ARG(m->key), AS_STR_ARG(list)));
    }
    as_texts_sort(&all);
    return as_texts_join(arena, &all);
}

static as_str conditions(as_arena *arena, const as_value *v)
{
    as_texts all = {0};
    for (size_t i = 0; as_value_is(v, AS_OBJECT) && i < v->as.object->n; i++) {
        const as_member *test = &v->as.object->members[i];
        for (size_t k = 0; as_value_is(test->value, AS_OBJECT) && k < test->value->as.object->n;
                k++) {
            const as_member *m = &test->value->as.object->members[k];
            as_str key = as_str_lower(arena, m->key), list = sorted(arena, m->value, PLAIN);
            AS_VEC_PUSH(arena, &all,
                    as_str_fmt(arena, "%.*s %.*s=%.*s", AS_STR_ARG(test->key), AS_STR_ARG(key),
                            AS_STR_ARG(list)));
        }
    }
    as_texts_sort(&all);
    return as_texts_join(arena, &all);
}

static as_str statement(as_arena *arena, const as_value *s)
{
    static const struct {
        const char *name;
        as_str (*write)(as_arena *arena, const as_value *v);
        reading how;
    } parts[] = {{"Principal", principals, PLAIN}, {"NotPrincipal", principals, PLAIN},
            {"Action", NULL, ACTION}, {"NotAction", NULL, ACTION}, {"Resource", NULL, PLAIN},
            {"NotResource", NULL, PLAIN}, {"Condition", conditions, PLAIN}};
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    as_buf_str(&buf, as_value_str(as_value_get(s, AS_STR("Effect"))));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const as_value *v = as_value_get(s, as_str_from(parts[i].name));
        if (as_value_is_null(v)) {
            continue;
        }
        as_str text =
                parts[i].write != NULL ? parts[i].write(arena, v) : sorted(arena, v, parts[i].how);
        if (text.n > 0) {
            as_buf_fmt(&buf, " %s(%.*s)", parts[i].name, AS_STR_ARG(text));
        }
    }
    return as_buf_view(&buf);
}

bool as_drift_policy(as_arena *arena, const as_value *v, as_texts *out)
{
    *out = (as_texts){0};
    if (as_value_is(v, AS_STRING)) {
        as_diags ignored;
        as_diags_init(&ignored, arena);
        v = as_json_parse_text(arena, v->as.str, v->span, &ignored);
    }
    const as_value *list = as_value_get(v, AS_STR("Statement"));
    if (as_value_is_null(list) || as_value_has_unknown(v)) {
        return false;
    }
    size_t n = as_value_is(list, AS_LIST) ? as_value_count(list) : 1;
    for (size_t i = 0; i < n; i++) {
        as_str text = statement(arena, as_value_is(list, AS_LIST) ? as_value_index(list, i) : list);
        AS_VEC_PUSH(arena, out, text);
    }
    as_texts_sort(out);
    return true;
}
