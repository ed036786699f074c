#include "parsers/helm/trace.h"

/* Where a value stands in the values: found by address, the path is written out when asked for. */
typedef struct entry {
    const as_value *value;
    const struct entry *outer;
    as_str key; /* of an object's member; else empty and `index` counts */
    size_t index;
} entry;

struct as_helm_trace {
    as_arena *arena;
    entry **slots; /* open addressing by the address of the value */
    size_t n_slots, n_entries;
    const uint32_t *default_files;
    size_t n_default_files;
    const as_value *values;
    const as_gotmpl_text *text;
    as_span fallback;
    size_t cursor;     /* the segment looked up last */
    as_arena *scratch; /* while a tree is traced */
};

/* --- values by address ------------------------------------------------------------------------ */

static size_t slot_of(const as_helm_trace *trace, const as_value *v)
{
    uint64_t h = (uint64_t)(uintptr_t)v * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(h >> 32) & (trace->n_slots - 1);
    while (trace->slots[i] && trace->slots[i]->value != v) {
        i = (i + 1) & (trace->n_slots - 1);
    }
    return i;
}

static size_t count_nodes(const as_value *v)
{
    size_t n = 1;
    for (size_t i = 0; as_value_is(v, AS_OBJECT) && i < v->as.object->n; i++) {
        n += count_nodes(v->as.object->members[i].value);
    }
    for (size_t i = 0; as_value_is(v, AS_LIST) && i < v->as.list.n; i++) {
        n += count_nodes(v->as.list.items[i]);
    }
    return n;
}

static void add_entries(
        as_helm_trace *trace, const as_value *v, const entry *outer, as_str key, size_t index)
{
    size_t slot = slot_of(trace, v);
    if (trace->slots[slot]) {
        return; /* globals are in several charts: the first place, the root's, is theirs */
    }
    entry *e = AS_NEW(trace->arena, entry);
    *e = (entry){v, outer, key, index};
    trace->slots[slot] = e;
    for (size_t i = 0; as_value_is(v, AS_OBJECT) && i < v->as.object->n; i++) {
        add_entries(trace, v->as.object->members[i].value, e, v->as.object->members[i].key, 0);
    }
    for (size_t i = 0; as_value_is(v, AS_LIST) && i < v->as.list.n; i++) {
        add_entries(trace, v->as.list.items[i], e, AS_STR_NONE, i);
    }
}

/* Made when the first value is looked up: many charts are rendered for their text alone. */
static const entry *find_entry(as_helm_trace *trace, const as_value *v)
{
    if (!trace->slots) {
        size_t n = 2 * count_nodes(trace->values);
        trace->n_slots = 64;
        while (trace->n_slots < n) {
            trace->n_slots *= 2;
        }
        trace->slots = AS_NEW_ARRAY(trace->arena, entry *, trace->n_slots);
        add_entries(trace, trace->values, NULL, AS_STR_NONE, 0);
    }
    return trace->slots[slot_of(trace, v)];
}

static void write_path(as_buf *out, const entry *e)
{
    if (!e->outer) {
        return;
    }
    write_path(out, e->outer);
    if (e->key.p) {
        as_buf_fmt(out, "%s%.*s", e->outer->outer ? "." : "", AS_STR_ARG(e->key));
    } else {
        as_buf_fmt(out, "[%zu]", e->index);
    }
}

static bool is_default(const as_helm_trace *trace, as_span span)
{
    for (size_t i = 0; i < trace->n_default_files; i++) {
        if (trace->default_files[i] == span.file) {
            return true;
        }
    }
    return false;
}

/* --- places ----------------------------------------------------------------------------------- */

as_helm_trace *as_helm_trace_new(as_arena *arena, const as_value *values,
        const uint32_t *default_files, size_t n_default_files)
{
    as_helm_trace *trace = AS_NEW(arena, as_helm_trace);
    trace->arena = arena;
    trace->values = values;
    trace->default_files = default_files;
    trace->n_default_files = n_default_files;
    return trace;
}

void as_helm_trace_begin(as_helm_trace *trace, const as_gotmpl_text *text, as_span fallback)
{
    trace->text = text;
    trace->fallback = fallback;
    trace->cursor = 0;
}

/* The segment at `offset`; nodes are visited in order, so it is mostly the last one or the next. */
static const as_gotmpl_segment *segment_at(as_helm_trace *trace, uint32_t offset)
{
    const as_gotmpl_text *text = trace->text;
    for (size_t i = trace->cursor; i < text->n && i < trace->cursor + 4; i++) {
        if (text->segments[i].begin <= offset && offset < text->segments[i].end) {
            trace->cursor = i;
            return &text->segments[i];
        }
    }
    const as_gotmpl_segment *found = as_gotmpl_segment_at(text, offset);
    if (found) {
        trace->cursor = (size_t)(found - text->segments);
    }
    return found;
}

/* Text is copied byte for byte, so its offsets are exact; what an action wrote is the action's. */
static bool is_verbatim(const as_gotmpl_segment *s)
{
    return !s->value && s->end - s->begin == s->span.end - s->span.begin;
}

as_span as_helm_trace_span(as_helm_trace *trace, uint32_t begin, uint32_t end)
{
    const as_gotmpl_segment *first = segment_at(trace, begin);
    if (!first && begin > 0) {
        first = segment_at(trace, begin - 1);
    }
    if (!first || !first->span.file) {
        return trace->fallback;
    }
    as_span out = first->span;
    if (is_verbatim(first)) {
        out.begin += begin > first->begin ? begin - first->begin : 0;
    }
    const as_gotmpl_segment *last = end > begin ? segment_at(trace, end - 1) : first;
    if (!last || last->span.file != first->span.file || last->span.end < out.begin) {
        return out;
    }
    out.end = last->span.end;
    if (is_verbatim(last) && end > last->begin) {
        out.end = last->span.begin + (end - last->begin);
    }
    return out;
}

/* --- trees ------------------------------------------------------------------------------------ */

/* The part of a shown value that a node below it shows. */
static const as_value *step_into(const as_value *shown, const as_member *member, size_t index)
{
    if (member) {
        return as_value_is(shown, AS_OBJECT) ? as_value_get(shown, member->key) : NULL;
    }
    return as_value_is(shown, AS_LIST) ? as_value_index(shown, index) : NULL;
}

/* The step to where a shown value stands, in front of `next`. */
static const as_trail *step_to(as_helm_trace *trace, const as_value *shown, const as_trail *next)
{
    const entry *e = find_entry(trace, shown);
    if (!e && !shown->span.file) {
        return next;
    }
    as_buf note;
    as_buf_init(&note, trace->arena, 0);
    as_buf_cstr(&note, e ? "values " : "chart");
    if (e) {
        write_path(&note, e);
    }
    as_trail *step = AS_NEW(trace->arena, as_trail);
    *step = (as_trail){.span = shown->span, .note = as_buf_view(&note), .next = next};
    return step;
}

/* The values that bytes [begin, end) are made of: one mostly, more for "repository:tag". */
enum { MAX_SHOWN = 8 };

static size_t values_in(
        as_helm_trace *trace, uint32_t begin, uint32_t end, const as_value *out[MAX_SHOWN])
{
    const as_gotmpl_segment *s = segment_at(trace, begin);
    size_t n = 0;
    for (; s && s < trace->text->segments + trace->text->n && s->begin < end && n < MAX_SHOWN;
            s++) {
        if (s->value && (n == 0 || out[n - 1] != s->value)) {
            out[n++] = s->value;
        }
    }
    return n;
}

static bool is_container(const as_value *v)
{
    return as_value_is(v, AS_OBJECT) || as_value_is(v, AS_LIST);
}

/* Writes to a scalar of the result what values it shows. */
static void add_trail(as_helm_trace *trace, as_value *out, const as_value *const *shown, size_t n)
{
    const as_trail *trail = n == 1 ? as_value_trail(shown[0]) : NULL;
    unsigned flags = 0, defaulted = AS_DEFAULTED;
    for (size_t i = n; i-- > 0;) {
        if (!is_container(shown[i]) || n == 1) {
            trail = step_to(trace, shown[i], trail);
        }
        flags |= shown[i]->flags & (AS_SENSITIVE | AS_GENERATED);
        defaulted &= is_default(trace, shown[i]->span) ? AS_DEFAULTED : 0u;
    }
    if (trail) {
        as_meta *meta = AS_NEW(trace->arena, as_meta);
        meta->trail = trail;
        meta->refs = n == 1 ? as_value_refs(shown[0]) : NULL;
        out->meta = meta;
    }
    out->flags = (uint8_t)(out->flags | flags | (n ? defaulted : 0));
}

/* toYaml shows scalars one by one. A list or object whose members are those of one list or object
 * of the values, none missing and none added, shows that one; NULL when it does not. */
static const as_value *whole_of(
        as_helm_trace *trace, const as_value *v, const as_value *const *shown, size_t n)
{
    const entry *first = n > 0 && shown[0] ? find_entry(trace, shown[0]) : NULL;
    const entry *outer = first ? first->outer : NULL;
    if (!outer || outer->value->kind != v->kind || as_value_count(outer->value) != n) {
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        const entry *e = shown[i] ? find_entry(trace, shown[i]) : NULL;
        bool in_place = e && (v->kind == AS_LIST ? e->index == i
                                                 : as_str_eq(e->key, v->as.object->members[i].key));
        if (!in_place || e->outer != outer) {
            return NULL;
        }
    }
    return outer->value;
}

/* What an include in the middle of a template writes is shown at the key that it belongs to. */
static const as_value *at_key(as_helm_trace *trace, const as_value *v, const as_member *member)
{
    return is_container(v) && v->span.file != member->key_span.file
                   ? as_value_at(trace->arena, v, member->key_span)
                   : v;
}

/* `shown`: the value that the surrounding node shows, as far as it is known to contain this one.
 * *from becomes the value that this node shows, or NULL. */
static const as_value *retrace(as_helm_trace *trace, const as_value *v, const as_value *shown,
        const as_member *member, size_t index, const as_value **from);

as_str as_helm_trace_str(as_helm_trace *trace, as_str s)
{
    as_str text = trace->text->text;
    uintptr_t begin = (uintptr_t)text.p, at = (uintptr_t)s.p;
    return s.n == 0                             ? AS_STR("")
           : at >= begin && at - begin < text.n ? s
                                                : as_str_dup(trace->arena, s);
}

/* The slots by which names are found stay right: the names are the same. */
static void copy_index(as_helm_trace *trace, as_object *object)
{
    uint32_t *index = AS_NEW_ARRAY(trace->arena, uint32_t, object->n_index);
    if (object->n_index > 0) {
        memcpy(index, object->index, object->n_index * sizeof *index);
    }
    object->index = object->n_index > 0 ? index : NULL;
}

/* The members of a list or object, and what they show together. */
static const as_value *retrace_members(
        as_helm_trace *trace, const as_value *v, const as_value *mine, as_value *out)
{
    size_t n = as_value_count(v);
    const as_value **from = AS_NEW_ARRAY(trace->scratch, const as_value *, n);
    if (v->kind == AS_LIST) {
        const as_value **items = AS_NEW_ARRAY(trace->arena, const as_value *, n);
        for (size_t i = 0; i < n; i++) {
            items[i] = retrace(trace, v->as.list.items[i], mine, NULL, i, &from[i]);
        }
        out->as.list.items = items;
        return whole_of(trace, v, from, n);
    }
    as_object *object = AS_NEW(trace->arena, as_object);
    as_member *members = AS_NEW_ARRAY(trace->arena, as_member, n);
    *object = *v->as.object;
    copy_index(trace, object);
    for (size_t i = 0; i < n; i++) {
        const as_member *m = &v->as.object->members[i];
        members[i].key = as_helm_trace_str(trace, m->key);
        members[i].key_span = as_helm_trace_span(trace, m->key_span.begin, m->key_span.end);
        members[i].value =
                at_key(trace, retrace(trace, m->value, mine, m, i, &from[i]), &members[i]);
    }
    object->members = members;
    out->as.object = object;
    return whole_of(trace, v, from, n);
}

static const as_value *retrace(as_helm_trace *trace, const as_value *v, const as_value *shown,
        const as_member *member, size_t index, const as_value **from)
{
    as_value *out = as_value_copy(trace->arena, v);
    uint32_t begin = v->span.begin, end = v->span.end;
    out->span = as_helm_trace_span(trace, begin, end);
    if (v->kind == AS_STRING || v->kind == AS_BIGNUM) {
        out->as.str = as_helm_trace_str(trace, v->as.str);
    }
    const as_value *part = step_into(shown, member, index), *mine = part;
    if (!mine && end > begin) {
        const as_value *in = as_gotmpl_value_in(trace->text, begin, end);
        part = in ? step_into(in, member, index) : NULL;
        part = part && is_container(part) == is_container(v) ? part : NULL;
        mine = part ? part : in && is_container(in) == is_container(v) ? in : NULL;
    }
    *from = NULL;
    if (is_container(v)) {
        bool is_empty = as_value_count(v) == 0 && as_value_is(mine, (as_kind)v->kind) &&
                        as_value_count(mine) == 0;
        *from = retrace_members(trace, v, mine, out);
        *from = is_empty ? mine : *from;
        add_trail(trace, out, from, *from != NULL);
    } else if (part || (mine && is_container(mine))) {
        *from = mine;
        add_trail(trace, out, &mine, mine != NULL);
    } else if (end > begin) {
        const as_value *all[MAX_SHOWN];
        size_t n = values_in(trace, begin, end, all);
        *from = n == 1 ? all[0] : NULL;
        add_trail(trace, out, all, n);
    }
    return out;
}

const as_value *as_helm_trace_value(as_helm_trace *trace, const as_value *v, as_arena *scratch)
{
    const as_value *from;
    trace->scratch = scratch;
    return retrace(trace, v, NULL, NULL, 0, &from);
}
