#include "engine/fix/edit.h"

#include <stdlib.h>

#include "engine/base/buf.h"

bool as_edit_same(const as_edit *a, const as_edit *b)
{
    return a->span.file == b->span.file && a->span.begin == b->span.begin &&
           a->span.end == b->span.end && as_str_eq(a->text, b->text);
}

bool as_edit_clash(const as_edit *a, const as_edit *b)
{
    if (a->span.file != b->span.file || as_edit_same(a, b)) {
        return false;
    }
    return a->span.begin == b->span.begin ||
           (a->span.begin < b->span.end && b->span.begin < a->span.end);
}

static int compare_edits(const void *a, const void *b)
{
    const as_edit *x = a, *y = b;
    if (x->span.begin != y->span.begin) {
        return x->span.begin < y->span.begin ? -1 : 1;
    }
    return (x->span.end > y->span.end) - (x->span.end < y->span.end);
}

as_str as_edits_apply(as_arena *arena, const as_source *source, const as_edit *edits, size_t n)
{
    as_edits own = {0};
    for (size_t i = 0; i < n; i++) {
        if (edits[i].span.file == source->id && edits[i].span.end <= source->text.n) {
            AS_VEC_PUSH(arena, &own, edits[i]);
        }
    }
    if (own.n > 1) {
        qsort(own.items, own.n, sizeof *own.items, compare_edits);
    }
    as_buf out;
    as_buf_init(&out, arena, 0);
    size_t at = 0;
    for (size_t i = 0; i < own.n; i++) {
        const as_edit *edit = &own.items[i];
        if (edit->span.begin < at || (i > 0 && as_edit_same(edit, &own.items[i - 1]))) {
            continue;
        }
        as_buf_str(&out, as_str_slice(source->text, at, edit->span.begin));
        as_buf_str(&out, edit->text);
        at = edit->span.end;
    }
    as_buf_str(&out, as_str_from_index(source->text, at));
    return as_buf_view(&out);
}
