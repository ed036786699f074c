#include "engine/scan/planted.h"

#include <stdlib.h>

#include "engine/secrets/scrub.h"

/* Where the secrets stand, sorted; and their texts. */
struct as_planted {
    AS_VEC(as_span) spans;
    as_scrubber *scrubber;
};

static int compare_spans(const void *a, const void *b)
{
    const as_span *x = a, *y = b;

    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->begin != y->begin ? (x->begin < y->begin ? -1 : 1) : 0;
}

as_planted *as_planted_new(as_arena *arena, const as_report *report)
{
    as_planted *p = AS_NEW(arena, as_planted);

    *p = (as_planted){.scrubber = report->scrubber};
    for (uint32_t id = 1; id <= as_graph_count(report->graph); id++) {
        const as_entity *e = as_graph_get(report->graph, id);
        if (as_str_starts(e->kind, "secret."))
            AS_VEC_PUSH(arena, &p->spans, e->span);
    }
    if (p->spans.n > 1)
        qsort(p->spans.items, p->spans.n, sizeof *p->spans.items, compare_spans);
    return p;
}

static bool holds_one(const as_planted *p, as_span place)
{
    size_t low = 0, high = p->spans.n; /* the first that begins at or behind the end of `place` */

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const as_span *s = &p->spans.items[middle];
        if (s->file < place.file || (s->file == place.file && s->begin < place.end))
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && p->spans.items[low - 1].file == place.file &&
           p->spans.items[low - 1].end > place.begin;
}

bool as_planted_hides(void *self, const as_value *v)
{
    const as_planted *p = self;

    if (holds_one(p, v->span))
        return true;
    for (const as_trail *t = as_value_trail(v); t; t = t->next)
        if (holds_one(p, t->span))
            return true;
    return p->scrubber && as_scrubber_run(p->scrubber, v->as.str).p != v->as.str.p;
}

as_strs as_planted_written(as_arena *arena, const as_report *report)
{
    AS_VEC(as_str) lines = {0};

    for (uint32_t id = 1; id <= as_graph_count(report->graph); id++) {
        const as_entity *e = as_graph_get(report->graph, id);
        const as_source *source = as_sources_get(report->sources, e->span.file);
        if (!as_str_starts(e->kind, "secret.") || !source || e->span.end > source->text.n)
            continue;
        as_str rest = as_str_slice(source->text, e->span.begin, e->span.end), line;
        while (as_str_split(&rest, '\n', &line)) {
            line = as_str_trim(line);
            while (line.n > 0 && (line.p[0] == '"' || line.p[0] == '\''))
                line = as_str_slice(line, 1, line.n);
            while (line.n > 0 && (line.p[line.n - 1] == '"' || line.p[line.n - 1] == '\''))
                line.n--;
            if (line.n > 0)
                AS_VEC_PUSH(arena, &lines, as_str_dup(arena, line));
        }
    }
    return (as_strs){lines.items, lines.n};
}
