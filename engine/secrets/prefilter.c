/* Three bytes are looked up in a set of 2^18 bits, at every second place of the text: the last three of a
 * word when it ends at such a place, else the three before its last. Few places pass, and about there the
 * words with the same last two bytes are compared. Unlike an automaton (Aho and Corasick, 1975) no step
 * waits for a table that the one before names. */
#include "engine/secrets/prefilter.h"

#include <stdlib.h>

enum {
    CLASS_BITS = 6,
    MAX_CLASSES = 1 << CLASS_BITS,
    PAIRS = 1 << (2 * CLASS_BITS),
    TRIPLES = 1 << (3 * CLASS_BITS)
};

struct as_prefilter {
    uint8_t class_of[256]; /* one for each byte that some word has; 0 for all others; capitals as
                              small letters */
    uint8_t marks[TRIPLES / 8];
    uint16_t first[PAIRS + 1]; /* by the last two bytes: where their words begin in `order` */
    const uint16_t *order; /* of words: by the last two bytes; longer ones first, then later ones */
    const as_prefilter_word *words;
};

static char folded(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static void assign_classes(as_arena *arena, as_prefilter *p, size_t n_words)
{
    uint8_t n = 1;

    for (size_t w = 0; w < n_words; w++)
        for (size_t i = 0; i < p->words[w].text.n; i++) {
            uint8_t *class = &p->class_of[(unsigned char)p->words[w].text.p[i]];
            if (*class == 0)
                *class = n++;
            if (n == MAX_CLASSES)
                as_arena_unwind(arena, AS_CAUSE_BUDGET);
        }
    for (int c = 'A'; c <= 'Z'; c++)
        p->class_of[c] = p->class_of[(unsigned char)folded((char)c)];
}

/* The class of the byte that is `back` before the end of the word. */
static uint32_t class_at(const as_prefilter *p, as_str word, size_t back)
{
    return p->class_of[(unsigned char)word.p[word.n - back]];
}

static uint32_t pair_of(const as_prefilter *p, as_str word)
{
    return class_at(p, word, 2) << CLASS_BITS | class_at(p, word, 1);
}

/* All triples whose bytes are those `back`, `back` - 1 and `back` - 2 before the end of the word; any
 * byte where that is not in it. */
static void mark(as_prefilter *p, as_str word, size_t back)
{
    uint32_t low[3], high[3];

    for (size_t k = 0; k < 3; k++) {
        bool inside = back - k >= 1 && back - k <= word.n;
        low[k] = inside ? class_at(p, word, back - k) : 0;
        high[k] = inside ? low[k] : MAX_CLASSES - 1;
    }
    for (uint32_t a = low[0]; a <= high[0]; a++)
        for (uint32_t b = low[1]; b <= high[1]; b++)
            for (uint32_t c = low[2]; c <= high[2]; c++) {
                uint32_t triple = (a << CLASS_BITS | b) << CLASS_BITS | c;
                p->marks[triple / 8] |= (uint8_t)(1u << triple % 8);
            }
}

/* Words of two bytes have too few before their last: what follows them is looked at instead. */
static void add_marks(as_prefilter *p, as_str word)
{
    mark(p, word, 3);
    mark(p, word, word.n > 2 ? 4 : 2);
}

typedef struct ranked {
    uint32_t pair;
    size_t length;
    uint16_t word;
} ranked;

static int compare(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    if (x->pair != y->pair)
        return x->pair < y->pair ? -1 : 1;
    if (x->length != y->length)
        return x->length > y->length ? -1 : 1;
    return x->word > y->word ? -1 : 1;
}

static void sort_words(as_arena *arena, as_prefilter *p, size_t n)
{
    ranked *all = AS_NEW_ARRAY(arena, ranked, n);
    uint16_t *order = AS_NEW_ARRAY(arena, uint16_t, n);

    for (size_t w = 0; w < n; w++)
        all[w] = (ranked){pair_of(p, p->words[w].text), p->words[w].text.n, (uint16_t)w};
    if (n > 1)
        qsort(all, n, sizeof *all, compare);
    for (size_t w = 0; w < n; w++) {
        order[w] = all[w].word;
        p->first[all[w].pair + 1]++;
    }
    for (size_t pair = 0; pair < PAIRS; pair++)
        p->first[pair + 1] = (uint16_t)(p->first[pair + 1] + p->first[pair]);
    p->order = order;
}

const as_prefilter *as_prefilter_new(as_arena *arena, const as_prefilter_word *words, size_t n)
{
    as_prefilter *p = AS_NEW(arena, as_prefilter);

    if (n > UINT16_MAX)
        as_arena_unwind(arena, AS_CAUSE_BUDGET);
    p->words = words;
    assign_classes(arena, p, n);
    for (size_t w = 0; w < n; w++)
        add_marks(p, words[w].text);
    sort_words(arena, p, n);
    return p;
}

/* Whether the word ends at `end`, the index behind its last byte. */
static bool ends_at(as_str word, as_str text, size_t end)
{
    if (word.n > end)
        return false;
    for (size_t i = 0; i < word.n; i++)
        if (folded(text.p[end - word.n + i]) != word.p[i])
            return false;
    return true;
}

typedef struct search {
    const as_prefilter *p;
    as_str text;
    as_prefilter_hit *hit;
    void *self;
    size_t done; /* ends up to here were looked at */
} search;

static void report_at(const search *s, size_t end)
{
    uint32_t pair = (uint32_t)s->p->class_of[(unsigned char)s->text.p[end - 2]] << CLASS_BITS |
                    s->p->class_of[(unsigned char)s->text.p[end - 1]];

    for (size_t i = s->p->first[pair]; i < s->p->first[pair + 1]; i++) {
        const as_prefilter_word *word = &s->p->words[s->p->order[i]];
        if (ends_at(word->text, s->text, end))
            s->hit(s->self, word->id, end - word->text.n, end);
    }
}

/* Words that end within one byte of `end`. */
static void report(search *s, size_t end)
{
    for (size_t at = end - 1; at <= end + 1 && at <= s->text.n; at++)
        if (at >= 2 && at > s->done) {
            s->done = at;
            report_at(s, at);
        }
}

/* Much of what is indented is spaces. In a run of them each place is like the one before, so that where
 * three spaces are no mark none is for the whole run. */
enum { SKIP = 8 };

static bool only_spaces(as_str text, size_t at)
{
    return text.n - at >= SKIP && memcmp(text.p + at, "        ", SKIP) == 0;
}

void as_prefilter_run(const as_prefilter *p, as_str text, as_prefilter_hit *hit, void *self)
{
    const uint8_t *class_of = p->class_of, *marks = p->marks;
    search s = {p, text, hit, self, 0};
    uint32_t last = 0; /* classes of the last three bytes */
    uint32_t space = class_of[' '], spaces = (space << CLASS_BITS | space) << CLASS_BITS | space;
    bool skips = (marks[spaces / 8] >> spaces % 8 & 1) == 0;

    for (size_t i = 1; i < text.n; i += 2) {
        while (last == spaces && skips && only_spaces(text, i - 1))
            i += SKIP;
        if (i >= text.n)
            break;
        last = (last << (2 * CLASS_BITS) |
                       (uint32_t)class_of[(unsigned char)text.p[i - 1]] << CLASS_BITS |
                       class_of[(unsigned char)text.p[i]]) &
               (TRIPLES - 1);
        if ((marks[last / 8] >> last % 8 & 1) != 0)
            report(&s, i + 1);
    }
    if (text.n % 2 != 0)
        report(&s, text.n);
}
