/* Two bytes are looked up in a set of 2^16 bits, at every second place of the text. Of each word
 * two pairs are in the set: the rarest of those that begin at an even byte of it and of those at an
 * odd one, so that wherever the word stands one of them is looked up. One place of twelve passes;
 * there the byte before or behind is looked at too, and what still passes is compared with the
 * words of the pair. Unlike an automaton (Aho and Corasick, 1975) no step waits for a table that
 * the one before names. */
#include "engine/secrets/prefilter.h"

enum { PAIRS = 1 << 16, TRIPLES = 1 << 15, BUCKETS = 1 << 10, BLOCK = 8 };

/* A pair of a word, and how far behind its first byte the word ends. */
typedef struct anchor {
    uint16_t pair;
    uint16_t word;
    uint32_t to_end;
    uint16_t next; /* in its bucket: one more than its index, or 0 */
} anchor;

struct as_prefilter {
    uint64_t set[PAIRS / 64];
    uint64_t triples[TRIPLES / 64]; /* of a pair and the byte on one side of it, hashed */
    uint16_t buckets[BUCKETS];
    anchor *anchors;
    size_t n_anchors;
    const as_prefilter_word *words;
};

static char folded(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static char capital(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

static uint16_t pair_at(const char *p)
{
    uint16_t pair;

    memcpy(&pair, p, sizeof pair);
    return pair;
}

static uint16_t pair_of(char a, char b)
{
    const char both[2] = {a, b};

    return pair_at(both);
}

static size_t bucket_of(uint16_t pair)
{
    return (pair * 40503U >> 6) % BUCKETS;
}

static bool has(const uint64_t *set, size_t bit)
{
    return (set[bit / 64] >> bit % 64 & 1) != 0;
}

static void put(uint64_t *set, size_t bit)
{
    set[bit / 64] |= UINT64_C(1) << bit % 64;
}

/* Bytes that differ in the case of a letter give the same. */
static size_t triple_behind(uint16_t pair, char next)
{
    return ((pair | 0x2020U) * 40503U + ((unsigned char)next | 0x20U) * 2657U) >> 4 & (TRIPLES - 1);
}

static size_t triple_before(uint16_t pair, char before)
{
    return ((pair | 0x2020U) * 48271U + ((unsigned char)before | 0x20U) * 3571U) >> 4 &
           (TRIPLES - 1);
}

/* --- the words -------------------------------------------------------------------------------- */

/* How often a byte is met in configuration, roughly and in a thousand. */
static unsigned frequency(char c)
{
    static const char common[] = " etaionsrlcdpm:u\"hfgb";
    const char *found = c == '\0' ? NULL : strchr(common, c);

    if (c == ' ')
        return 250;
    return found == NULL ? 10 : 100 - 4 * (unsigned)(found - common);
}

static void add_anchor(as_prefilter *p, uint16_t word, size_t parity)
{
    as_str text = p->words[word].text;
    size_t best = parity;
    unsigned least = UINT32_MAX;

    for (size_t at = parity; at + 2 <= text.n; at += 2) {
        unsigned often = frequency(text.p[at]) * frequency(text.p[at + 1]);
        if (often < least) {
            least = often;
            best = at;
        }
    }
    char a = text.p[best], b = text.p[best + 1];
    uint16_t spelt[] = {pair_of(a, b), pair_of(capital(a), b), pair_of(a, capital(b)),
            pair_of(capital(a), capital(b))};
    for (size_t i = 0; i < 4; i++)
        put(p->set, spelt[i]);
    put(p->triples, best + 2 < text.n ? triple_behind(spelt[0], text.p[best + 2])
                                      : triple_before(spelt[0], text.p[best - 1]));
    uint16_t *bucket = &p->buckets[bucket_of(spelt[0])];
    p->anchors[p->n_anchors++] = (anchor){spelt[0], word, (uint32_t)(text.n - best), *bucket};
    *bucket = (uint16_t)p->n_anchors;
}

const as_prefilter *as_prefilter_new(as_arena *arena, const as_prefilter_word *words, size_t n)
{
    as_prefilter *p = AS_NEW(arena, as_prefilter);

    if (n > UINT16_MAX / 2)
        as_arena_unwind(arena, AS_CAUSE_BUDGET);
    p->words = words;
    p->anchors = AS_NEW_ARRAY(arena, anchor, 2 * n);
    for (size_t w = 0; w < n; w++) {
        if (words[w].text.n < 3 || words[w].text.n > UINT16_MAX)
            as_arena_unwind(arena, AS_CAUSE_BUDGET);
        add_anchor(p, (uint16_t)w, 0);
        add_anchor(p, (uint16_t)w, 1);
    }
    return p;
}

/* --- the text --------------------------------------------------------------------------------- */

typedef struct occurrence {
    size_t end;
    uint16_t word;
} occurrence;

/* A word is found by a pair within it, so that one found later may end sooner: they wait until no
 * other can. */
enum { WAITING = 64 };

typedef struct search {
    const as_prefilter *p;
    as_str text;
    as_prefilter_hit *hit;
    void *self;
    occurrence waiting[WAITING]; /* the next one last */
    size_t n;
} search;

static void report_last(search *s)
{
    occurrence o = s->waiting[--s->n];
    const as_prefilter_word *word = &s->p->words[o.word];

    s->hit(s->self, word->id, o.end - word->text.n, o.end);
}

/* Those that end before `end`. */
static void report_before(search *s, size_t end)
{
    while (s->n > 0 && s->waiting[s->n - 1].end < end)
        report_last(s);
}

static bool comes_after(const search *s, occurrence a, occurrence b)
{
    if (a.end != b.end)
        return a.end > b.end;
    size_t x = s->p->words[a.word].text.n, y = s->p->words[b.word].text.n;
    return x != y ? x < y : a.word < b.word;
}

static void wait(search *s, occurrence o)
{
    if (s->n == WAITING)
        report_last(s);
    size_t at = s->n++;
    for (; at > 0 && comes_after(s, o, s->waiting[at - 1]); at--)
        s->waiting[at] = s->waiting[at - 1];
    s->waiting[at] = o;
}

/* Whether the word ends at `end`, the index behind its last byte. */
static bool ends_at(as_str word, as_str text, size_t end)
{
    if (word.n > end || end > text.n)
        return false;
    for (size_t i = 0; i < word.n; i++)
        if (folded(text.p[end - word.n + i]) != word.p[i])
            return false;
    return true;
}

static void look(search *s, size_t at)
{
    const as_prefilter *p = s->p;
    uint16_t pair = pair_of(folded(s->text.p[at]), folded(s->text.p[at + 1]));

    report_before(s, at + 2);
    for (size_t i = p->buckets[bucket_of(pair)]; i > 0; i = p->anchors[i - 1].next) {
        const anchor *a = &p->anchors[i - 1];
        if (a->pair == pair && ends_at(p->words[a->word].text, s->text, at + a->to_end))
            wait(s, (occurrence){at + a->to_end, a->word});
    }
}

static bool is_promising(const search *s, size_t at)
{
    uint16_t pair = pair_at(s->text.p + at);

    return (at + 2 < s->text.n && has(s->p->triples, triple_behind(pair, s->text.p[at + 2]))) ||
           (at > 0 && has(s->p->triples, triple_before(pair, s->text.p[at - 1])));
}

void as_prefilter_run(const as_prefilter *p, as_str text, as_prefilter_hit *hit, void *self)
{
    static const char spaces[] = "        "; /* much of what is indented */
    search s = {.p = p, .text = text, .hit = hit, .self = self};
    bool skips = !has(p->set, pair_at(spaces));
    size_t at = 0;

    for (; at + BLOCK <= text.n; at += BLOCK) {
        if (skips && memcmp(text.p + at, spaces, BLOCK) == 0)
            continue;
        for (size_t i = at; i < at + BLOCK; i += 2)
            if (has(p->set, pair_at(text.p + i)) && is_promising(&s, i))
                look(&s, i);
    }
    for (; at + 2 <= text.n; at += 2)
        if (has(p->set, pair_at(text.p + at)) && is_promising(&s, at))
            look(&s, at);
    while (s.n > 0)
        report_last(&s);
}
