#include "parsers/gotmpl/internal.h"

#include "engine/base/limits.h"

void as_text_init(as_text *text, as_gotmpl *t)
{
    *text = (as_text){.t = t};
    as_buf_init(&text->buf, t->arena, t->options.max_bytes);
}

as_text *as_text_borrow(as_gotmpl *t)
{
    as_text *text;
    if (t->spare_texts.n > 0) {
        text = t->spare_texts.items[--t->spare_texts.n];
        text->buf.n = 0;
        text->segments.n = 0;
    } else {
        text = AS_NEW(t->arena, as_text);
        as_text_init(text, t);
    }
    return text;
}

void as_text_return(as_text *text)
{
    AS_VEC_PUSH(text->t->arena, &text->t->spare_texts, text);
}

static bool same_span(as_span a, as_span b)
{
    return a.file == b.file && a.begin == b.begin && a.end == b.end;
}

static void add_segment(
        as_text *text, size_t begin, size_t end, as_span span, const as_value *value)
{
    if (begin == end || (span.file == 0 && !value))
        return;
    if (text->segments.n > 0) {
        as_gotmpl_segment *last = &text->segments.items[text->segments.n - 1];
        if (last->end == begin && last->value == value && same_span(last->span, span)) {
            last->end = (uint32_t)end;
            return;
        }
    }
    AS_VEC_PUSH(text->t->arena, &text->segments,
            (as_gotmpl_segment){(uint32_t)begin, (uint32_t)end, span, value});
}

void as_text_add(as_text *text, as_str s)
{
    as_buf_str(&text->buf, s);
}

void as_text_cstr(as_text *text, const char *s)
{
    as_buf_cstr(&text->buf, s);
}

void as_text_add_at(as_text *text, as_str s, as_span span, const as_value *value)
{
    size_t begin = text->buf.n;
    as_buf_str(&text->buf, s);
    add_segment(text, begin, text->buf.n, span, value);
}

/* Index of the first segment that ends after `offset`. */
static size_t first_after(const as_gotmpl_text *text, uint32_t offset)
{
    size_t lo = 0, hi = text->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (text->segments[mid].end <= offset)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* The place of bytes [begin, end) of a segment: exact in text that the template has byte for byte.
 */
static as_span place_within(const as_gotmpl_segment *g, size_t begin, size_t end)
{
    as_span span = g->span;

    if (!g->value && span.file && g->end - g->begin == span.end - span.begin) {
        span.begin += (uint32_t)begin - g->begin;
        span.end = span.begin + (uint32_t)(end - begin);
    }
    return span;
}

void as_text_part(as_text *text, const as_go *s, size_t from, size_t to, as_span span)
{
    if (from >= to)
        return;
    size_t begin = text->buf.n;
    as_buf_add(&text->buf, s->as.s + from, to - from);
    if (!(s->flags & AS_GO_FROM_TEXT)) {
        add_segment(text, begin, text->buf.n, span, as_go_origin(s));
        return;
    }
    const as_gotmpl_text *origin = s->origin.text;
    size_t done = from;
    for (size_t i = first_after(origin, (uint32_t)from); i < origin->n; i++) {
        const as_gotmpl_segment *g = &origin->segments[i];
        if (g->begin >= to)
            break;
        size_t b = g->begin > from ? g->begin : from, e = g->end < to ? g->end : to;
        add_segment(text, begin + done - from, begin + b - from, span, NULL);
        add_segment(text, begin + b - from, begin + e - from,
                g->span.file ? place_within(g, b, e) : span, g->value);
        done = e;
    }
    add_segment(text, begin + done - from, text->buf.n, span, NULL);
}

void as_text_whole(as_text *text, const as_go *s)
{
    as_text_part(text, s, 0, s->n, AS_SPAN_NONE);
}

void as_text_mark(as_text *text, size_t begin, const as_go *v)
{
    const as_value *value = as_go_origin(v);
    if (value)
        add_segment(text, begin, text->buf.n, AS_SPAN_NONE, value);
}

void as_text_mark_at(as_text *text, size_t begin, as_span span, const as_value *value)
{
    add_segment(text, begin, text->buf.n, span, value);
}

static const as_gotmpl_segment *copy_segments(as_text *text)
{
    as_gotmpl_segment *copy = AS_NEW_ARRAY(text->t->arena, as_gotmpl_segment, text->segments.n);
    if (text->segments.n > 0)
        memcpy(copy, text->segments.items, text->segments.n * sizeof *copy);
    return copy;
}

as_go as_text_end(as_text *text)
{
    as_go s = as_go_from_str(as_str_dup(text->t->arena, as_buf_view(&text->buf)));
    if (text->segments.n > 0) {
        as_gotmpl_text *origin = AS_NEW(text->t->arena, as_gotmpl_text);
        *origin = (as_gotmpl_text){as_go_str(&s), copy_segments(text), text->segments.n};
        s.flags |= AS_GO_FROM_TEXT;
        s.origin.text = origin;
    }
    return s;
}

as_gotmpl_text as_text_result(as_text *text)
{
    return (as_gotmpl_text){as_str_dup(text->t->arena, as_buf_view(&text->buf)),
            copy_segments(text), text->segments.n};
}

const as_value *as_go_origin(const as_go *v)
{
    if (v->flags & AS_GO_FROM_VALUE)
        return v->origin.value;
    if (!(v->flags & AS_GO_FROM_TEXT))
        return NULL;
    const as_value *one = NULL;
    for (size_t i = 0; i < v->origin.text->n; i++) {
        const as_value *value = v->origin.text->segments[i].value;
        if (value && one && value != one)
            return NULL;
        one = value ? value : one;
    }
    return one;
}

as_go as_go_inherit(as_go result, const as_go *from)
{
    if (result.flags & (AS_GO_FROM_VALUE | AS_GO_FROM_TEXT))
        return result;
    const as_value *value = as_go_origin(from);
    if (value) {
        result.flags |= AS_GO_FROM_VALUE;
        result.origin.value = value;
    }
    return result;
}

const as_gotmpl_segment *as_gotmpl_segment_at(const as_gotmpl_text *text, uint32_t offset)
{
    size_t i = first_after(text, offset);
    return i < text->n && text->segments[i].begin <= offset ? &text->segments[i] : NULL;
}

const as_value *as_gotmpl_value_in(const as_gotmpl_text *text, uint32_t begin, uint32_t end)
{
    for (size_t i = first_after(text, begin); i < text->n && text->segments[i].begin < end; i++)
        if (text->segments[i].value)
            return text->segments[i].value;
    return NULL;
}

as_gotmpl_text as_gotmpl_drop(as_gotmpl *t, as_gotmpl_text text, as_str what)
{
    if (what.n == 0 || as_str_find(text.text, what) == (size_t)-1)
        return text;
    as_text out;
    as_text_init(&out, t);
    as_go s = as_go_from_str(text.text);
    s.flags |= AS_GO_FROM_TEXT;
    s.origin.text = &text;
    size_t from = 0, found;
    while ((found = as_str_find(as_str_from_index(text.text, from), what)) != (size_t)-1) {
        as_text_part(&out, &s, from, from + found, AS_SPAN_NONE);
        from += found + what.n;
    }
    as_text_part(&out, &s, from, text.text.n, AS_SPAN_NONE);
    return as_text_result(&out);
}
