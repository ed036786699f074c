/* Sources are kept in fixed blocks that never move, so a reader needs no lock for an id that it was
 * given; the lock guards additions and the lazily made line tables. */
#include "engine/base/source.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "engine/base/vec.h"

enum { BLOCK = 1024, MAX_BLOCKS = AS_MAX_FILES / BLOCK * 4 };

typedef struct entry {
    as_source source;
    _Atomic(uint32_t *) lines; /* offset of each line's start; NULL until asked */
    size_t n_lines;
    bool ascii;
    struct mark *marks; /* for texts with long lines that are not ASCII */
    AS_VEC(as_span) hidden;
} entry;

/* The first code point at or behind each STRIDE-th byte, and how many stand before it in its line.
 */
typedef struct mark {
    uint32_t offset, n_before;
} mark;

enum { STRIDE = 1024 };

struct as_sources {
    pthread_mutex_t lock;
    as_arena *arena;
    _Atomic(entry *) blocks[MAX_BLOCKS];
    uint32_t n; /* ids 1 … n */
    struct as_witness *witness;
};

as_sources *as_sources_new(void)
{
    as_sources *sources = calloc(1, sizeof *sources);
    if (sources == NULL || (sources->arena = as_arena_new(0)) == NULL) {
        free(sources);
        return NULL;
    }
    pthread_mutex_init(&sources->lock, NULL);
    return sources;
}

void as_sources_free(as_sources *sources)
{
    if (sources == NULL) {
        return;
    }
    pthread_mutex_destroy(&sources->lock);
    as_arena_free(sources->arena);
    free(sources);
}

void as_sources_set_witness(as_sources *sources, struct as_witness *witness)
{
    sources->witness = witness;
}

struct as_witness *as_sources_witness(const as_sources *sources)
{
    return sources->witness;
}

static entry *find(const as_sources *sources, uint32_t id)
{
    if (id == 0 || (id - 1) / BLOCK >= MAX_BLOCKS) {
        return NULL;
    }
    entry *block = atomic_load_explicit(&sources->blocks[(id - 1) / BLOCK], memory_order_acquire);
    return block == NULL ? NULL : &block[(id - 1) % BLOCK];
}

static const as_source *add_locked(as_sources *sources, as_str path, as_str text, bool copy)
{
    uint32_t at = sources->n;
    if (at / BLOCK >= MAX_BLOCKS) {
        return NULL;
    }
    if (at % BLOCK == 0) {
        entry *block = AS_NEW_ARRAY(sources->arena, entry, BLOCK);
        atomic_store_explicit(&sources->blocks[at / BLOCK], block, memory_order_release);
    }
    entry *e = find(sources, at + 1);
    e->source = (as_source){.id = at + 1,
            .path = copy ? as_str_dup(sources->arena, path) : path,
            .text = copy ? as_str_dup(sources->arena, text) : text};
    sources->n = at + 1;
    return &e->source;
}

const as_source *as_sources_add(as_sources *sources, as_str path, as_str text, bool copy)
{
    if (text.n > AS_MAX_FILE_BYTES) {
        return NULL;
    }
    const as_source *volatile added = NULL;
    as_guard guard;
    pthread_mutex_lock(&sources->lock);
    if (AS_GUARD_ENTER(&guard, sources->arena)) {
        added = add_locked(sources, path, text, copy);
        as_guard_leave(&guard);
    }
    pthread_mutex_unlock(&sources->lock);
    return added;
}

const as_source *as_sources_add_absent(as_sources *sources, as_str path, as_str lines)
{
    const as_source *added = as_sources_add(sources, path, lines, false);
    if (added != NULL) {
        find(sources, added->id)->source.absent = true;
    }
    return added;
}

const as_source *as_sources_get(const as_sources *sources, uint32_t id)
{
    const entry *e = find(sources, id);
    return e == NULL || e->source.id == 0 ? NULL : &e->source;
}

uint32_t as_sources_count(as_sources *sources)
{
    pthread_mutex_lock(&sources->lock);
    uint32_t n = sources->n;
    pthread_mutex_unlock(&sources->lock);
    return n;
}

static struct mark *make_marks(as_arena *arena, as_str text)
{
    mark *marks = AS_NEW_ARRAY(arena, mark, text.n / STRIDE + 1);
    uint32_t n_before = 0;
    size_t made = 0;
    for (size_t at = 0; at < text.n;) {
        if (at >= made * STRIDE) {
            marks[made++] = (mark){(uint32_t)at, n_before};
        }
        n_before = text.p[at] == '\n' ? 0 : n_before + 1;
        (void)as_utf8_next(text, &at);
    }
    if (made < text.n / STRIDE + 1) {
        marks[made] = (mark){(uint32_t)text.n, n_before};
    }
    return marks;
}

static void index_lines(as_sources *sources, entry *e)
{
    as_str text = e->source.text;
    size_t n = 1;
    unsigned char all = 0;
    for (size_t i = 0; i < text.n; i++) {
        n += text.p[i] == '\n';
        all |= (unsigned char)text.p[i];
    }
    uint32_t *lines = AS_NEW_ARRAY(sources->arena, uint32_t, n);
    size_t line = 1, longest = 0;
    for (; line < n; line++) {
        size_t from = lines[line - 1],
               length = as_str_find_char(as_str_from_index(text, from), '\n');
        lines[line] = (uint32_t)(from + length + 1);
        longest = length > longest ? length : longest;
    }
    longest = text.n - lines[n - 1] > longest ? text.n - lines[n - 1] : longest;
    e->n_lines = n;
    e->ascii = all < 0x80;
    e->marks = !e->ascii && longest > 4 * (size_t)STRIDE ? make_marks(sources->arena, text) : NULL;
    atomic_store_explicit(&e->lines, lines, memory_order_release);
}

/* The entry with its line table, or NULL when there is no such source or no memory for it. */
static entry *indexed(as_sources *sources, uint32_t id)
{
    entry *volatile e = find(sources, id);
    if (e == NULL || atomic_load_explicit(&e->lines, memory_order_acquire) != NULL) {
        return e;
    }
    as_guard guard;
    pthread_mutex_lock(&sources->lock);
    if (e->lines == NULL) {
        if (AS_GUARD_ENTER(&guard, sources->arena)) {
            index_lines(sources, e);
            as_guard_leave(&guard);
        } else {
            e = NULL;
        }
    }
    pthread_mutex_unlock(&sources->lock);
    return e;
}

/* Code points of the text from `from`, the start of a line, to `offset`. */
static size_t count_between(const entry *e, size_t from, size_t offset)
{
    if (e->ascii) {
        return offset - from;
    }
    size_t n = 0;
    if (e->marks != NULL) {
        size_t k = offset / STRIDE;
        k -= e->marks[k].offset > offset && k > 0;
        if (e->marks[k].offset > from && e->marks[k].offset <= offset) {
            n = e->marks[k].n_before;
            from = e->marks[k].offset;
        }
    }
    return n + as_utf8_count(as_str_slice(e->source.text, from, offset));
}

/* The same without a table, when there is no memory for one. */
static as_position count_position(as_str text, uint32_t offset)
{
    as_str before = as_str_slice(text, 0, offset);
    size_t line = 1, from = as_str_starts(text, "\xef\xbb\xbf") && before.n >= 3 ? 3 : 0;
    for (size_t i = 0; i < before.n; i++) {
        if (before.p[i] == '\n') {
            line++;
            from = i + 1;
        }
    }
    size_t n = as_utf8_count(as_str_from_index(before, from));
    return (as_position){(uint32_t)line, (uint32_t)(n + 1)};
}

as_position as_sources_position(as_sources *sources, uint32_t id, uint32_t offset)
{
    const entry *e = indexed(sources, id);
    if (e == NULL) {
        e = find(sources, id);
        return e == NULL ? (as_position){1, 1} : count_position(e->source.text, offset);
    }
    as_str text = e->source.text;
    offset = offset > text.n ? (uint32_t)text.n : offset;
    const uint32_t *lines = e->lines;
    size_t low = 0, high = e->n_lines; /* the line that starts at or before offset */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        *(lines[middle] <= offset ? &low : &high) = middle;
    }
    size_t n = count_between(e, lines[low], offset);
    /* A byte order mark takes no column. */
    bool marked = low == 0 && as_str_starts(text, "\xef\xbb\xbf") && offset >= 3;
    return (as_position){(uint32_t)(low + 1), (uint32_t)(n + (marked ? 0 : 1))};
}

as_str as_sources_line(as_sources *sources, uint32_t id, uint32_t line)
{
    const entry *e = indexed(sources, id);
    if (e == NULL || line == 0 || line > e->n_lines) {
        return AS_STR_NONE;
    }
    as_str text = e->source.text;
    size_t end = line < e->n_lines ? e->lines[line] - 1 : text.n;
    as_str found = as_str_slice(text, e->lines[line - 1], end);
    if (as_str_ends(found, "\r")) {
        found.n--;
    }
    return found;
}

void as_sources_hide(as_sources *sources, as_span span)
{
    entry *e = find(sources, span.file);
    as_guard guard;
    if (e == NULL) {
        return;
    }
    pthread_mutex_lock(&sources->lock);
    if (AS_GUARD_ENTER(&guard, sources->arena)) {
        AS_VEC_PUSH(sources->arena, &e->hidden, span);
        as_guard_leave(&guard);
    }
    pthread_mutex_unlock(&sources->lock);
}

const as_span *as_sources_hidden(const as_sources *sources, uint32_t id, size_t *n)
{
    const entry *e = find(sources, id);
    *n = e == NULL ? 0 : e->hidden.n;
    return e == NULL ? NULL : e->hidden.items;
}

as_span as_span_join(as_span a, as_span b)
{
    if (a.file != b.file) {
        return a.file != 0 ? a : b;
    }
    return (as_span){a.file, a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end};
}
