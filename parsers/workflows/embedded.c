#include "parsers/workflows/embedded.h"

#include "engine/base/limits.h"
#include "parsers/workflows/expression.h"

void as_embedded_begin(as_embedded *e, as_arena *arena, const as_source *source, as_diags *diags)
{
    *e = (as_embedded){.arena = arena, .source = source, .diags = diags};
    as_list_begin(&e->list, arena);
}

const as_value *as_embedded_end(as_embedded *e)
{
    return as_list_end(&e->list, AS_SPAN_NONE);
}

static void add_text(as_object_builder *object, const char *key, as_span span, as_str text)
{
    as_object_add(object, as_str_from(key), span, as_value_string(object->arena, span, text));
}

/* Block scalars lose their indentation and quoted ones their escapes, so offsets in a value are not
 * those of the file; but the nth "${{" here is the nth there. */
typedef struct cursor {
    as_span whole; /* of the value; what is answered when the place is lost */
    as_str text;   /* its bytes in the file; empty when it comes from elsewhere */
    size_t at;
} cursor;

static cursor cursor_at(const as_embedded *e, const as_value *v)
{
    bool here = v->span.file == e->source->id && v->span.end <= e->source->text.n;
    return (cursor){.whole = v->span,
            .text = here ? as_str_slice(e->source->text, v->span.begin, v->span.end) : AS_STR("")};
}

/* The place of the next expression. */
static as_span next_place(cursor *c)
{
    size_t next = as_str_find(as_str_from_index(c->text, c->at), AS_STR("${{"));
    size_t end = next == (size_t)-1 ? next : as_expression_end(c->text, c->at + next + 3);
    if (end == (size_t)-1) {
        c->text = AS_STR("");
        return c->whole;
    }
    as_span place = {c->whole.file, c->whole.begin + (uint32_t)(c->at + next),
            c->whole.begin + (uint32_t)end + 2};
    c->at = end + 2;
    return place;
}

static const as_value *paths(as_arena *arena, const as_expression *x, as_span span, bool flowing)
{
    as_list_builder list;
    as_list_begin(&list, arena);
    for (size_t i = 0; i < x->reads.n; i++) {
        const as_expression_read *read = &x->reads.items[i];
        if (!flowing || read->flows) {
            as_str path = flowing && read->whole ? as_str_join(arena, read->path, AS_STR(".**"))
                                                 : read->path;
            as_list_add(&list, as_value_string(arena, span, path));
        }
    }
    return as_list_end(&list, span);
}

static void add_expression(as_embedded *e, as_str at, as_str text, as_span span, bool whole)
{
    as_expression x;
    as_object_builder object;
    as_object_begin(&object, e->arena);
    add_text(&object, "at", span, at);
    add_text(&object, "text", span, as_str_trim(text));
    as_object_add(&object, AS_STR("whole"), span, as_value_bool(e->arena, span, whole));
    if (as_expression_parse(e->arena, text, &x)) {
        as_list_builder calls;
        as_list_begin(&calls, e->arena);
        for (size_t i = 0; i < x.calls.n; i++) {
            as_list_add(&calls, as_value_string(e->arena, span, x.calls.items[i]));
        }
        as_object_add(&object, AS_STR("reads"), span, paths(e->arena, &x, span, false));
        as_object_add(&object, AS_STR("flows"), span, paths(e->arena, &x, span, true));
        as_object_add(&object, AS_STR("calls"), span, as_list_end(&calls, span));
    } else {
        as_object_add(&object, AS_STR("invalid"), span, as_value_bool(e->arena, span, true));
        as_diags_add(e->diags, AS_DIAG_ERROR, "workflow-expression", span,
                "invalid expression '%.*s': %s", AS_STR_ARG(as_str_slice(as_str_trim(text), 0, 80)),
                x.error);
    }
    as_list_add(&e->list, as_object_end(&object, span));
}

static void add_string(as_embedded *e, as_str at, const as_value *v, bool is_condition)
{
    as_str text = v->as.str;
    size_t from = 0;
    if (is_condition && !as_str_contains(text, "${{")) {
        add_expression(e, at, text, v->span, true);
        return;
    }
    cursor places = cursor_at(e, v);
    for (;;) {
        size_t next = as_str_find(as_str_from_index(text, from), AS_STR("${{"));
        if (next == (size_t)-1) {
            return;
        }
        size_t begin = from + next;
        size_t end = as_expression_end(text, begin + 3);
        if (end == (size_t)-1) {
            as_diags_add(e->diags, AS_DIAG_ERROR, "workflow-expression", v->span,
                    "an expression is not closed by '}}'");
            return;
        }
        bool whole = from == 0 && as_str_trim(as_str_slice(text, 0, begin)).n == 0 &&
                     as_str_trim(as_str_from_index(text, end + 2)).n == 0;
        add_expression(e, at, as_str_slice(text, begin + 3, end), next_place(&places), whole);
        from = end + 2;
    }
}

static void add_value(as_embedded *e, as_str at, const as_value *v, bool is_condition, int depth)
{
    if (v == NULL || depth > AS_MAX_DEPTH) {
        return;
    }
    if (v->kind == AS_STRING) {
        add_string(e, at, v, is_condition);
    }
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++) {
        add_value(e, at, v->as.list.items[i], false, depth + 1);
    }
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_str path = as_str_fmt(e->arena, "%.*s.%.*s", AS_STR_ARG(at), AS_STR_ARG(m->key));
        add_value(e, path, m->value, false, depth + 1);
    }
}

void as_embedded_add(as_embedded *e, as_str at, const as_value *v, bool is_condition)
{
    add_value(e, at, v, is_condition, 0);
}

static bool is_named(as_str key, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (as_str_is(key, *names)) {
            return true;
        }
    }
    return false;
}

void as_embedded_add_members(as_embedded *e, const as_value *object, const char *const *except)
{
    for (size_t i = 0; as_value_is(object, AS_OBJECT) && i < object->as.object->n; i++) {
        const as_member *m = &object->as.object->members[i];
        if (!is_named(m->key, except)) {
            as_embedded_add(e, m->key, m->value, as_str_is(m->key, "if"));
        }
    }
}
