#include "engine/graph/gitlab.h"

enum { MAX_NESTED = 4, MAX_REPLACED = 200, MAX_EXPANDED = 1 << 16 };

const as_entity *as_gitlab_pipeline_of(const as_graph *graph, as_arena *arena, const as_entity *job)
{
    size_t n;
    as_str address = as_value_str(as_value_get(job->extra, AS_STR("workflow")));
    const as_entity *const *found = as_graph_by_address(graph, arena, job->unit, address, &n);
    return n == 0 ? NULL : found[0];
}

typedef struct expanding {
    const as_value *own, *global;
    as_buf out;
    size_t n_replaced;
} expanding;

/* A variable is a text, or an object whose `value` is one. */
static const as_value *variable(const expanding *e, as_str name)
{
    const as_value *v = as_value_get(e->own, name);
    v = v == NULL ? as_value_get(e->global, name) : v;
    return as_value_is(v, AS_OBJECT) ? as_value_get(v, AS_STR("value")) : v;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The name behind a "$", and the length of all; an empty name: it is none. */
static as_str name_at(as_str text, size_t at, size_t *length)
{
    bool braced = at + 1 < text.n && text.p[at + 1] == '{';
    size_t begin = at + 1 + braced, end = begin;
    while (end < text.n && is_word(text.p[end])) {
        end++;
    }
    bool closed = !braced || (end < text.n && text.p[end] == '}');
    *length = end + braced - at;
    return closed ? as_str_slice(text, begin, end) : AS_STR("");
}

static void expand(expanding *e, as_str text, int depth)
{
    for (size_t i = 0; i < text.n && e->out.n < MAX_EXPANDED; i++) {
        size_t length = 1;
        as_str name = text.p[i] == '$' ? name_at(text, i, &length) : AS_STR("");
        const as_value *v = name.n == 0 ? NULL : variable(e, name);
        if (!as_value_is(v, AS_STRING) || depth >= MAX_NESTED || e->n_replaced >= MAX_REPLACED) {
            as_buf_char(&e->out, text.p[i]);
            continue;
        }
        e->n_replaced++;
        expand(e, as_value_str(v), depth + 1);
        i += length - 1;
    }
}

as_str as_gitlab_text(as_arena *arena, const as_entity *pipeline, const as_entity *job, as_str text)
{
    expanding e = {.own = as_value_get(job->raw, AS_STR("variables")),
            .global = pipeline == NULL ? NULL : as_value_get(pipeline->raw, AS_STR("variables"))};
    if (as_str_find_char(text, '$') == (size_t)-1 || (e.own == NULL && e.global == NULL)) {
        return text;
    }
    as_buf_init(&e.out, arena, 0);
    expand(&e, text, 0);
    return as_buf_view(&e.out);
}
