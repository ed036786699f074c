/* Whether two values mean the same. */
#include "engine/drift/internal.h"

void as_drift_add(as_comparing *c, as_str field, as_str code, as_str live, as_span code_span,
        as_span live_span)
{
    AS_VEC_PUSH(c->arena, &c->changes,
            (as_drift_change){.field = field,
                    .code = code,
                    .live = live,
                    .code_span = code_span,
                    .live_span = live_span});
}

static void add_texts(as_arena *arena, const as_value *v, as_texts *out)
{
    as_buf buf;
    if (as_value_is(v, AS_LIST)) {
        for (size_t i = 0; i < as_value_count(v); i++) {
            const as_value *item = as_value_index(v, i);
            if (!as_value_is(item, AS_LIST)) {
                add_texts(arena, item, out);
            }
        }
        return;
    }
    if (as_value_is_null(v)) {
        return;
    }
    if (v->flags & AS_SENSITIVE) {
        AS_VEC_PUSH(arena, out, AS_STR("(sensitive)"));
        return;
    }
    if (v->kind == AS_STRING) {
        AS_VEC_PUSH(arena, out, v->as.str);
        return;
    }
    as_buf_init(&buf, arena, 0);
    as_value_write_json(&buf, v, (as_json_style){0});
    AS_VEC_PUSH(arena, out, as_buf_view(&buf));
}

as_str as_drift_text(as_arena *arena, const as_value *v)
{
    as_texts texts = {0};
    add_texts(arena, v, &texts);
    as_texts_sort(&texts);
    return as_texts_join(arena, &texts);
}

/* --- scalars -------------------------------------------------------------------------------------
 */

static bool ends_name(as_str arn, as_str name)
{
    bool longer = as_str_starts(arn, "arn:") && arn.n > name.n && name.n > 0;
    as_str end = as_str_from_index(arn, longer ? arn.n - name.n : 0);
    char before = longer ? arn.p[arn.n - name.n - 1] : 0;
    return longer && as_str_eq(end, name) && (before == '/' || before == ':');
}

/* "main" or "projects/p/global/networks/main" stand for
 * "https://www.googleapis.com/compute/v1/projects/p/global/networks/main". */
static bool ends_path(as_str path, as_str name)
{
    bool google = (as_str_starts(path, "https://") && as_str_contains(path, "googleapis.com/")) ||
                  as_str_starts(path, "projects/") || as_str_starts(path, "//");
    bool longer = google && path.n > name.n && name.n > 0;
    return longer && path.p[path.n - name.n - 1] == '/' &&
           as_str_eq(as_str_from_index(path, path.n - name.n), name);
}

/* Of two addresses of one thing that of its project; without the version of a key. */
static as_str in_project(as_str text)
{
    bool link = as_str_starts(text, "https://") && as_str_contains(text, "googleapis.com/");
    size_t at = link ? as_str_find(text, AS_STR("/projects/")) : (size_t)-1;
    text = at == (size_t)-1 ? text : as_str_from_index(text, at + 1);
    size_t version = as_str_find(text, AS_STR("/cryptoKeyVersions/"));
    return version == (size_t)-1 ? text : as_str_slice(text, 0, version);
}

static as_str without_dot(as_str name)
{
    return as_str_ends(name, ".") ? as_str_slice(name, 0, name.n - 1) : name;
}

/* An id is its ARN; "16" is met by "16.4"; an alias may stand for any key. */
static bool same_text(as_str code, as_str live)
{
    bool alias = as_str_starts(code, "alias/") || as_str_contains(code, ":alias/");
    bool version = code.n > 0 && live.n > code.n && code.p[0] >= '0' && code.p[0] <= '9' &&
                   live.p[code.n] == '.' && as_str_eq(as_str_slice(live, 0, code.n), code);
    as_str a = in_project(code), b = in_project(live);
    return as_str_ieq(without_dot(a), without_dot(b)) || ends_name(code, live) ||
           ends_name(live, code) || ends_path(b, a) || ends_path(a, b) || alias || version;
}

static bool is_empty(const as_value *v)
{
    return as_value_is_null(v) || (v->kind == AS_BOOL && !v->as.boolean) ||
           (v->kind == AS_STRING && v->as.str.n == 0) ||
           (v->kind == AS_LIST && v->as.list.n == 0) || (v->kind == AS_INT && v->as.integer == 0);
}

static bool same_scalar(as_arena *arena, const as_value *code, const as_value *live)
{
    if (is_empty(code) && is_empty(live)) {
        return true;
    }
    return !as_value_is_null(live) &&
           same_text(as_drift_text(arena, code), as_drift_text(arena, live));
}

/* --- lists ---------------------------------------------------------------------------------------
 */

static bool is_scalar(const as_value *v)
{
    return v != NULL && v->kind != AS_OBJECT && v->kind != AS_LIST && v->kind != AS_UNKNOWN;
}

static bool are_scalars(const as_value *v)
{
    for (size_t i = 0; i < as_value_count(v); i++) {
        if (!is_scalar(as_value_index(v, i))) {
            return false;
        }
    }
    return true;
}

static as_texts without(as_arena *arena, const as_texts *from, const as_texts *what, bool is_code)
{
    as_texts rest = {0};
    for (size_t i = 0; i < from->n; i++) {
        bool found = false;
        for (size_t k = 0; k < what->n && !found; k++) {
            found = is_code ? same_text(from->items[i], what->items[k])
                            : same_text(what->items[k], from->items[i]);
        }
        if (!found) {
            AS_VEC_PUSH(arena, &rest, from->items[i]);
        }
    }
    return rest;
}

void as_drift_compare_sets(as_comparing *c, const char *field, as_texts *code, as_texts *live,
        as_span code_span, as_span live_span)
{
    as_texts_sort(code);
    as_texts_sort(live);
    as_texts only_code = without(c->arena, code, live, true);
    as_texts only_live = without(c->arena, live, code, false);
    if (only_code.n > 0 || only_live.n > 0) {
        as_drift_add(c, as_str_from(field), as_texts_join(c->arena, &only_code),
                as_texts_join(c->arena, &only_live), code_span, live_span);
    }
}

/* --- all -----------------------------------------------------------------------------------------
 */

void as_drift_compare_values(
        as_comparing *c, as_str field, const as_reading *code, const as_reading *live)
{
    const as_value *a = code->value, *b = live->value;
    const char *name = as_str_cstr(c->arena, field);
    as_span span = code->defaulted ? AS_SPAN_NONE : a->span;
    as_span live_span = b != NULL && !live->defaulted ? b->span : AS_SPAN_NONE;
    as_texts left = {0}, right = {0};
    if (as_drift_policy(c->arena, a, &left)) {
        if (b == NULL || as_drift_policy(c->arena, b, &right)) {
            as_drift_compare_sets(c, name, &left, &right, span, live_span);
        }
        return;
    }
    if (as_value_is(a, AS_LIST)) {
        if (are_scalars(a) && (b == NULL || (as_value_is(b, AS_LIST) && are_scalars(b)))) {
            add_texts(c->arena, a, &left);
            add_texts(c->arena, b, &right);
            as_drift_compare_sets(c, name, &left, &right, span, live_span);
        }
        return;
    }
    if (is_scalar(a) && (b == NULL || is_scalar(b)) && !same_scalar(c->arena, a, b)) {
        as_drift_add(
                c, field, as_drift_text(c->arena, a), as_drift_text(c->arena, b), span, live_span);
    }
}
