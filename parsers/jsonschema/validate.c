#include "parsers/jsonschema/internal.h"

#include <assert.h>

#include "engine/base/limits.h"

/* --- errors ----------------------------------------------------------------------------------- */

static void write_pointer(as_buf *out, const as_at *at)
{
    if (!at) {
        return;
    }
    write_pointer(out, at->outer);
    as_buf_char(out, '/');
    if (!at->key.p) {
        as_buf_fmt(out, "%zu", at->index);
        return;
    }
    for (size_t i = 0; i < at->key.n; i++) {
        char c = at->key.p[i];
        if (c == '~' || c == '/') {
            as_buf_cstr(out, c == '~' ? "~0" : "~1");
        } else {
            as_buf_char(out, c);
        }
    }
}

static as_str format(as_arena *arena, const char *fmt, va_list args) AS_PRINTF(2, 0);

static as_str format(as_arena *arena, const char *fmt, va_list args)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    as_buf_vfmt(&buf, fmt, args);
    return as_buf_view(&buf);
}

bool as_schema_fail(as_validator *v, const as_subject *s, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    as_str message = format(v->arena, fmt, args);
    va_end(args);
    as_buf pointer;
    as_buf_init(&pointer, v->arena, 0);
    write_pointer(&pointer, s->at);
    as_jsonschema_error error = {as_buf_view(&pointer), message, v->indent, s->instance, s->schema};
    AS_VEC_PUSH(v->arena, &v->out->errors, error);
    return false;
}

bool as_schema_problem(as_validator *v, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    if (v->out->problem.n == 0) {
        v->out->problem = format(v->arena, fmt, args);
    }
    va_end(args);
    return false;
}

as_str as_jsonschema_text(as_arena *arena, const as_jsonschema_result *result)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < result->errors.n; i++) {
        const as_jsonschema_error *e = &result->errors.items[i];
        as_buf_repeat(&out, ' ', 2 * e->depth);
        as_buf_fmt(&out, "- at '%.*s': %.*s\n", AS_STR_ARG(e->pointer), AS_STR_ARG(e->message));
    }
    return as_buf_view(&out);
}

/* --- applicators in place ----------------------------------------------------------------------
 */

static const as_value *keyword(const as_subject *s, const char *name)
{
    return as_value_get(s->schema, as_str_from(name));
}

static as_seen fresh_seen(as_validator *v, const as_subject *s)
{
    as_seen seen = {NULL, 0};
    if (v->tracks && s->seen) {
        seen.n = s->seen->n;
        seen.parts = AS_NEW_ARRAY(v->arena, bool, seen.n);
    }
    return seen;
}

static void add_seen(const as_subject *s, const as_seen *seen)
{
    for (size_t i = 0; s->seen && i < seen->n; i++) {
        assert(s->seen->parts != NULL && seen->parts != NULL);
        s->seen->parts[i] |= seen->parts[i];
    }
}

/* The subschema at the same place; what it has seen counts only when it holds. */
static bool eval_here(as_validator *v, const as_subject *s, const as_value *schema)
{
    as_seen seen = fresh_seen(v, s);
    as_subject sub = *s;
    sub.schema = schema;
    sub.seen = seen.parts ? &seen : NULL;
    bool good = as_schema_eval(v, sub);
    if (good) {
        add_seen(s, &seen);
    }
    return good;
}

/* The same without a trace in the errors. */
static bool holds(as_validator *v, const as_subject *s, const as_value *schema)
{
    size_t before = v->out->errors.n;
    bool good = eval_here(v, s, schema);
    v->out->errors.n = before;
    return good;
}

bool as_schema_fail_over(as_validator *v, const as_subject *s, size_t first, as_str message)
{
    (void)as_schema_fail(v, s, "%.*s", AS_STR_ARG(message));
    as_jsonschema_error *items = v->out->errors.items, last = items[v->out->errors.n - 1];
    memmove(items + first + 1, items + first, (v->out->errors.n - 1 - first) * sizeof *items);
    items[first] = last;
    return false;
}

static bool eval_all_of(as_validator *v, const as_subject *s)
{
    const as_value *all = keyword(s, "allOf");
    size_t first = v->out->errors.n;
    bool good = true;
    v->indent++;
    for (size_t i = 0; i < as_value_count(all); i++) {
        good &= eval_here(v, s, as_value_index(all, i));
    }
    v->indent--;
    return good || as_schema_fail_over(v, s, first, AS_STR("'allOf' failed"));
}

static bool eval_any_of(as_validator *v, const as_subject *s)
{
    const as_value *any = keyword(s, "anyOf");
    size_t first = v->out->errors.n;
    bool good = as_value_count(any) == 0;
    v->indent++;
    for (size_t i = 0; i < as_value_count(any) && (!good || v->tracks); i++) {
        good |= eval_here(v, s, as_value_index(any, i));
    }
    v->indent--;
    if (!good) {
        return as_schema_fail_over(v, s, first, AS_STR("'anyOf' failed"));
    }
    v->out->errors.n = first;
    return true;
}

static bool eval_one_of(as_validator *v, const as_subject *s)
{
    const as_value *one = keyword(s, "oneOf");
    size_t first = v->out->errors.n, matched[2] = {0, 0}, n_matched = 0;
    if (as_value_count(one) == 0) {
        return true;
    }
    v->indent++;
    for (size_t i = 0; i < as_value_count(one) && n_matched < 2; i++) {
        if (eval_here(v, s, as_value_index(one, i))) {
            matched[n_matched++] = i;
        }
    }
    v->indent--;
    if (n_matched == 0) {
        return as_schema_fail_over(v, s, first, AS_STR("'oneOf' failed, none matched"));
    }
    v->out->errors.n = first;
    return n_matched == 1 || as_schema_fail(v, s, "'oneOf' failed, subschemas %zu, %zu matched",
                                     matched[0], matched[1]);
}

static bool eval_conditionals(as_validator *v, const as_subject *s)
{
    const as_value *not = keyword(s, "not"), *condition = keyword(s, "if");
    bool good = true;
    if (not &&holds(v, s, not )) {
        good = as_schema_fail(v, s, "'not' failed");
    }
    if (condition && v->draft >= DRAFT_7) {
        const as_value *then = keyword(s, holds(v, s, condition) ? "then" : "else");
        good &= !then || eval_here(v, s, then);
    }
    return good;
}

static bool eval_ref(as_validator *v, const as_subject *s, const as_value *ref)
{
    const as_resource *resource;
    bool elsewhere = false;
    as_str text = as_value_str(ref);
    const as_value *target = as_schema_resolve(v, s->resource, text, &resource, &elsewhere);
    if (!target) {
        if (elsewhere && !as_map_put(v->arena, &v->elsewhere, text, v)) {
            AS_VEC_PUSH(v->arena, &v->out->elsewhere, text);
        }
        return elsewhere;
    }
    as_subject sub = *s;
    sub.resource = resource;
    as_seen seen = fresh_seen(v, s);
    sub.seen = seen.parts ? &seen : NULL;
    sub.schema = target;
    bool good = as_schema_eval(v, sub);
    if (good) {
        add_seen(s, &seen);
    }
    return good;
}

/* --- evaluation ---------------------------------------------------------------------------------
 */

static bool eval_object_schema(as_validator *v, const as_subject *s)
{
    const as_value *ref = keyword(s, "$ref");
    bool good = true;
    if (ref) {
        good = eval_ref(v, s, ref);
        if (v->draft <= DRAFT_7) {
            return good; /* its siblings do not count */
        }
    }
    const as_value *dynamic = keyword(s, v->draft == DRAFT_2019 ? "$recursiveRef" : "$dynamicRef");
    if (dynamic && v->draft >= DRAFT_2019) {
        good &= eval_ref(v, s, dynamic);
    }
    good &= as_schema_assert(v, s);
    good &= eval_all_of(v, s);
    good &= eval_any_of(v, s);
    good &= eval_one_of(v, s);
    good &= eval_conditionals(v, s);
    if (as_value_is(s->instance, AS_LIST)) {
        good &= as_schema_array(v, s);
    } else if (as_value_is(s->instance, AS_OBJECT)) {
        good &= as_schema_object(v, s);
    }
    return good;
}

bool as_schema_eval(as_validator *v, as_subject s)
{
    if (v->out->problem.n) {
        return false;
    }
    if (++v->steps > AS_MAX_STEPS / 100 || v->depth > AS_MAX_DEPTH) {
        return as_schema_problem(v, "the schema refers to itself without end, or is too large");
    }
    if (as_value_is_unknown(s.instance)) {
        return true;
    }
    if (as_value_is(s.schema, AS_BOOL)) {
        return s.schema->as.boolean || as_schema_fail(v, &s, "false schema");
    }
    if (!as_value_is(s.schema, AS_OBJECT)) {
        return as_schema_problem(v, "a schema is an object or a boolean");
    }
    const as_value *id = keyword(&s, v->draft == DRAFT_4 ? "id" : "$id");
    if (as_value_is(id, AS_STRING) && s.schema != s.resource->root) {
        const as_resource *own =
                as_map_get(&v->resources, as_schema_uri(v->arena, s.resource->uri, id->as.str));
        s.resource = own && own->root == s.schema ? own : s.resource;
    }
    as_seen own = {NULL, 0};
    if (v->tracks && !s.seen) {
        own.n = as_value_count(s.instance);
        own.parts = AS_NEW_ARRAY(v->arena, bool, own.n);
        s.seen = &own;
    }
    v->depth++;
    bool good = eval_object_schema(v, &s);
    v->depth--;
    return good;
}

static as_draft draft_of(const as_value *schema)
{
    static const struct {
        const char *mark;
        as_draft draft;
    } DRAFTS[] = {
            {"draft-04", DRAFT_4},
            {"draft-06", DRAFT_6},
            {"draft-07", DRAFT_7},
            {"draft/2019-09", DRAFT_2019},
    };
    as_str text = as_value_str(as_value_get(schema, AS_STR("$schema")));
    for (size_t i = 0; i < sizeof DRAFTS / sizeof *DRAFTS; i++) {
        if (as_str_contains(text, DRAFTS[i].mark)) {
            return DRAFTS[i].draft;
        }
    }
    return DRAFT_2020;
}

bool as_jsonschema_validate(as_arena *arena, const as_value *schema, const as_value *instance,
        as_jsonschema_result *out)
{
    *out = (as_jsonschema_result){0};
    as_validator v = {.arena = arena, .out = out, .draft = draft_of(schema)};
    const as_resource *root = as_schema_prepare(&v, schema);
    if (!root) {
        return false;
    }
    as_subject s = {.schema = schema, .instance = instance, .resource = root};
    return as_schema_eval(&v, s) && out->problem.n == 0;
}
