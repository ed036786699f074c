/* Parameters of Applications: how they are put together, and the functions that their Go templates
 * have. */
#include "parsers/argocd/internal.h"

#include <assert.h>

#include "engine/base/limits.h"

/* --- putting together ----------------------------------------------------------------------------- */

const as_value *as_argocd_join(as_arena *arena, const as_value *under, const as_value *over)
{
    const as_value *both[] = {under, over};
    as_object_builder b;
    as_object_begin(&b, arena);
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; as_value_is(both[k], AS_OBJECT) && i < both[k]->as.object->n; i++) {
            const as_member *m = &both[k]->as.object->members[i];
            as_object_add(&b, m->key, m->key_span, m->value);
        }
    }
    return as_object_end(&b, under ? under->span : AS_SPAN_NONE);
}

/* What mergo takes for not set. */
static bool is_zero(const as_value *v)
{
    switch (v == NULL ? AS_NULL : (as_kind)v->kind) {
    case AS_NULL:
        return true;
    case AS_BOOL:
        return !v->as.boolean;
    case AS_STRING:
        return v->as.str.n == 0;
    case AS_INT:
        return v->as.integer == 0;
    case AS_LIST:
    case AS_OBJECT:
        return as_value_count(v) == 0;
    default:
        return false;
    }
}

static const as_value *overlay(
        as_arena *arena, const as_value *under, const as_value *over, size_t depth)
{
    if (is_zero(over)) {
        return under == NULL ? over : under;
    }
    if (!as_value_is(under, AS_OBJECT) || !as_value_is(over, AS_OBJECT) || depth > AS_MAX_DEPTH) {
        return over;
    }
    as_object_builder b;
    as_object_begin(&b, arena);
    for (size_t i = 0; i < under->as.object->n; i++) {
        const as_member *m = &under->as.object->members[i];
        const as_value *new = as_value_get(over, m->key);
        as_object_add(&b, m->key, m->key_span,
                new == NULL ? m->value : overlay(arena, m->value, new, depth + 1));
    }
    for (size_t i = 0; i < over->as.object->n; i++) {
        const as_member *m = &over->as.object->members[i];
        if (as_value_get(under, m->key) == NULL) {
            as_object_add(&b, m->key, m->key_span, m->value);
        }
    }
    return as_object_end(&b, under->span);
}

const as_value *as_argocd_overlay(as_arena *arena, const as_value *under, const as_value *over)
{
    return overlay(arena, under, over, 0);
}

/* `$patch: delete` and `$patch: replace` in a map. Lists have no merge keys in an Application: a
 * list is replaced. */
static const as_value *patch(
        as_arena *arena, const as_value *target, const as_value *change, size_t depth)
{
    if (!as_value_is(change, AS_OBJECT) || depth > AS_MAX_DEPTH) {
        return change;
    }
    as_str directive = as_value_str(as_value_get(change, AS_STR("$patch")));
    bool anew = as_str_is(directive, "replace") || !as_value_is(target, AS_OBJECT);
    as_object_builder b;
    as_object_begin(&b, arena);
    assert(anew || target != NULL);
    for (size_t i = 0; !anew && i < target->as.object->n; i++) {
        const as_member *m = &target->as.object->members[i];
        if (as_value_get(change, m->key) == NULL) {
            as_object_add(&b, m->key, m->key_span, m->value);
        }
    }
    for (size_t i = 0; i < change->as.object->n; i++) {
        const as_member *m = &change->as.object->members[i];
        as_str told = as_value_str(as_value_get(m->value, AS_STR("$patch")));
        if (as_value_is_null(m->value) || as_str_is(told, "delete") || as_str_starts(m->key, "$")) {
            continue;
        }
        const as_value *old = anew ? NULL : as_value_get(target, m->key);
        as_object_add(&b, m->key, m->key_span, patch(arena, old, m->value, depth + 1));
    }
    return as_object_end(&b, anew ? change->span : target->span);
}

const as_value *as_argocd_patch(as_arena *arena, const as_value *target, const as_value *change)
{
    return patch(arena, target, change, 0);
}

/* --- names ------------------------------------------------------------------------------------------ */

as_str as_argocd_normalized(as_arena *arena, as_str name)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    as_str lower = as_str_lower(arena, name);
    for (size_t i = 0; i < lower.n && out.n < 253; i++) {
        unsigned char c = (unsigned char)lower.p[i];
        bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
        if (allowed || c < 0x80 || c >= 0xc0) { /* one dash for a character of several bytes */
            as_buf_char(&out, allowed ? (char)c : '-');
        }
    }
    as_str text = as_buf_view(&out);
    while (text.n > 0 && (text.p[0] == '-' || text.p[0] == '.')) {
        text = as_str_from_index(text, 1);
    }
    while (text.n > 0 && (text.p[text.n - 1] == '-' || text.p[text.n - 1] == '.')) {
        text.n--;
    }
    return text;
}

static bool f_normalize(as_gotmpl *t, const as_go *a, size_t n, as_go *out)
{
    (void)n;
    *out = as_go_from_str(as_argocd_normalized(as_gotmpl_arena(t), as_go_str(&a[0])));
    return true;
}

/* A slug is cut at a dash, so that whole words stay (gosimple/slug). */
static as_str cut(as_str slug, size_t most)
{
    if (slug.n <= most) {
        return slug;
    }
    for (size_t i = most + 1; i > 0; i--) {
        if (slug.p[i - 1] == '-') {
            return as_str_slice(slug, 0, i - 1);
        }
    }
    return as_str_slice(slug, 0, most);
}

/* slugify [SIZE [SMART]] NAME */
static bool f_slugify(as_gotmpl *t, const as_go *a, size_t n, as_go *out)
{
    as_arena *arena = as_gotmpl_arena(t);
    size_t most = 50;
    bool smart = true;
    if (n > 1 && a[0].type != NULL && a[0].type->kind == AS_GO_INT) {
        most = a[0].as.i < 0 ? 0 : (size_t)a[0].as.i;
    }
    if (n > 2 && a[1].type != NULL && a[1].type->kind == AS_GO_BOOL) {
        smart = a[1].as.boolean;
    }
    if (n == 0 || a[n - 1].type == NULL || a[n - 1].type->kind != AS_GO_STRING) {
        *out = as_go_from_str(AS_STR(""));
        return true;
    }
    as_str name = as_argocd_normalized(arena, as_go_str(&a[n - 1]));
    as_buf slug;
    as_buf_init(&slug, arena, 0);
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i] == '.' ? '-' : name.p[i];
        if (c != '-' || (slug.n > 0 && slug.p[slug.n - 1] != '-')) {
            as_buf_char(&slug, c);
        }
    }
    as_str text = as_buf_view(&slug);
    *out = as_go_from_str(smart && most > 0 ? cut(text, most) : text);
    return true;
}

const as_go_func as_argocd_functions[] = {
        {"normalize", "s", f_normalize, 0}, {"slugify", "*a", f_slugify, 0}, {NULL, NULL, NULL, 0}};
