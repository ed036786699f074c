#include <stdlib.h>

#include "parsers/hcl/deflate.h"

/* Level 6 of Go's table, and the sizes of its tables. */
enum { GOOD = 8, LAZY = 16, NICE = 128, CHAIN = 128 };
enum { MIN_MATCH = 4, MAX_MATCH = 258, WINDOW = 32768, HASH_BITS = 17, MAX_TOKENS = 1 << 14 };
enum { N_LITERALS = 286, N_OFFSETS = 30, N_CODEGEN = 19, END_OF_BLOCK = 256, MAX_STORED = 65535 };

typedef struct token {
    uint16_t length; /* of a match; 0: a literal */
    uint16_t value;  /* the literal, or the distance - 1 */
} token;

typedef struct code {
    uint16_t bits; /* first bit lowest */
    uint8_t length;
} code;

typedef struct writer {
    as_buf *out;
    uint64_t bits;
    unsigned n_bits;
    as_str input;
    size_t block_start;
    token tokens[MAX_TOKENS];
    size_t n_tokens;
    uint32_t literal_freq[N_LITERALS], offset_freq[N_OFFSETS], codegen_freq[N_CODEGEN];
    code literals[N_LITERALS], offsets[N_OFFSETS], codegens[N_CODEGEN];
    uint8_t codegen[N_LITERALS + N_OFFSETS + 1];
    size_t n_codegen;
} writer;

/* --- bits ----------------------------------------------------------------------------------------- */

static void put_bits(writer *w, uint32_t bits, unsigned n)
{
    w->bits |= (uint64_t)bits << w->n_bits;
    for (w->n_bits += n; w->n_bits >= 8; w->n_bits -= 8, w->bits >>= 8) {
        as_buf_char(w->out, (char)(w->bits & 0xFF));
    }
}

static void put_code(writer *w, code c)
{
    put_bits(w, c.bits, c.length);
}

static void put_stored(writer *w, as_str bytes, bool last)
{
    put_bits(w, last, 3);
    put_bits(w, 0, (8 - w->n_bits) % 8);
    put_bits(w, (uint32_t)bytes.n, 16);
    put_bits(w, (uint32_t)(0xFFFF - bytes.n), 16);
    as_buf_str(w->out, bytes);
}

/* --- lengths and distances (RFC 1951 §3.2.5) -------------------------------------------------------- */

typedef struct extra {
    unsigned code, n_bits, bits;
} extra;

/* Codes of base 0, in groups of `per` a bit. */
static extra extra_of(unsigned value, unsigned plain, unsigned per)
{
    if (value < plain) {
        return (extra){value, 0, 0};
    }
    unsigned n_bits = 1, base = plain, first = plain;
    while (value - base >= per << n_bits) {
        base += per << n_bits;
        first += per;
        n_bits++;
    }
    unsigned step = (value - base) >> n_bits;
    return (extra){first + step, n_bits, value - base - (step << n_bits)};
}

static extra length_extra(unsigned length)
{
    return length == MAX_MATCH ? (extra){28, 0, 0} : extra_of(length - 3, 8, 4);
}

static extra offset_extra(unsigned offset)
{
    return extra_of(offset, 4, 2);
}

/* --- Huffman codes ---------------------------------------------------------------------------------- */

typedef struct node {
    uint64_t freq;
    uint16_t symbol;
    uint16_t is_leaf;
} node;

static int by_freq(const void *a, const void *b)
{
    const node *x = a, *y = b;
    return x->freq != y->freq ? (x->freq > y->freq) - (x->freq < y->freq)
                              : (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

static uint16_t reversed(unsigned value, unsigned n_bits)
{
    unsigned out = 0;
    for (unsigned i = 0; i < n_bits; i++) {
        out = out << 1 | (value >> i & 1);
    }
    return (uint16_t)out;
}

/* How many of the n sorted leaves are used on each level of the package-merge algorithm; packages
 * come before leaves of the same frequency. leaves[0] is the top level's, whose symbols have at
 * least one bit. */
static void package_merge(const node *leaf, size_t n, unsigned max_bits, size_t *leaves)
{
    static const size_t cap = 2 * N_LITERALS;
    uint64_t lists[2][2 * N_LITERALS];
    uint8_t is_leaf[16][2 * N_LITERALS] = {0};
    size_t n_below = 0;
    for (unsigned level = 0; level < max_bits; level++) { /* 0: the deepest */
        uint64_t *list = lists[level % 2];
        const uint64_t *below = lists[(level + 1) % 2];
        size_t i = 0, pair = 0, total = 0;
        while ((i < n || 2 * pair + 1 < n_below) && total < cap) {
            bool has_pair = 2 * pair + 1 < n_below;
            uint64_t sum = has_pair ? below[2 * pair] + below[2 * pair + 1] : 0;
            bool take_leaf = i < n && (!has_pair || leaf[i].freq < sum);
            is_leaf[level][total] = take_leaf;
            list[total++] = take_leaf ? leaf[i].freq : sum;
            i += take_leaf;
            pair += !take_leaf;
        }
        n_below = total;
    }
    size_t wanted = 2 * n - 2;
    for (unsigned level = max_bits; level-- > 0;) {
        size_t used = 0;
        for (size_t i = 0; i < wanted; i++) {
            used += is_leaf[level][i];
        }
        leaves[max_bits - 1 - level] = used;
        wanted = 2 * (wanted - used);
    }
}

static int by_symbol(const void *a, const void *b)
{
    const node *x = a, *y = b;
    return (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

static void make_codes(const uint32_t *freq, size_t n_symbols, unsigned max_bits, code *codes)
{
    node list[N_LITERALS];
    size_t n = 0, leaves[16] = {0};
    memset(codes, 0, n_symbols * sizeof *codes);
    for (size_t i = 0; i < n_symbols; i++) {
        if (freq[i] > 0) {
            list[n++] = (node){freq[i], (uint16_t)i, 1};
        }
    }
    if (n <= 2) {
        for (size_t i = 0; i < n; i++) {
            codes[list[i].symbol] = (code){(uint16_t)i, 1};
        }
        return;
    }
    qsort(list, n, sizeof *list, by_freq);
    max_bits = max_bits > n - 1 ? (unsigned)(n - 1) : max_bits;
    package_merge(list, n, max_bits, leaves);
    unsigned next = 0;
    for (unsigned bits = 1; bits <= max_bits; bits++) { /* the most frequent have the fewest */
        size_t deeper = bits < max_bits ? leaves[bits] : 0, count = leaves[bits - 1] - deeper;
        next <<= 1;
        qsort(list + deeper, count, sizeof *list, by_symbol);
        for (size_t i = 0; i < count; i++) {
            codes[list[deeper + i].symbol] = (code){reversed(next++, bits), (uint8_t)bits};
        }
    }
}

static code fixed_literal(unsigned symbol)
{
    if (symbol < 144) {
        return (code){reversed(0x30 + symbol, 8), 8};
    }
    if (symbol < 256) {
        return (code){reversed(0x190 + symbol - 144, 9), 9};
    }
    return symbol < 280 ? (code){reversed(symbol - 256, 7), 7}
                        : (code){reversed(0xC0 + symbol - 280, 8), 8};
}

/* --- the dynamic header (RFC 1951 §3.2.7) ------------------------------------------------------------- */

static const uint8_t codegen_order[N_CODEGEN] = {
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

static void add_codegen(writer *w, unsigned symbol)
{
    w->codegen[w->n_codegen++] = (uint8_t)symbol;
    w->codegen_freq[symbol]++;
}

static void add_run(writer *w, unsigned size, size_t count)
{
    if (size != 0) {
        add_codegen(w, size);
        for (count--; count >= 3;) {
            size_t n = count < 6 ? count : 6;
            add_codegen(w, 16);
            w->codegen[w->n_codegen++] = (uint8_t)(n - 3);
            count -= n;
        }
    }
    while (size == 0 && count >= 3) {
        size_t n = count < 138 ? count : 138;
        add_codegen(w, n >= 11 ? 18 : 17);
        w->codegen[w->n_codegen++] = (uint8_t)(n - (n >= 11 ? 11 : 3));
        count -= n;
    }
    while (count-- > 0) {
        add_codegen(w, size);
    }
}

static void make_codegen(writer *w, size_t n_literals, size_t n_offsets)
{
    size_t total = n_literals + n_offsets;
    memset(w->codegen_freq, 0, sizeof w->codegen_freq);
    w->n_codegen = 0;
    for (size_t i = 0, run; i < total; i += run) {
        unsigned size = i < n_literals ? w->literals[i].length : w->offsets[i - n_literals].length;
        for (run = 1; i + run < total; run++) {
            size_t j = i + run;
            unsigned same =
                    j < n_literals ? w->literals[j].length : w->offsets[j - n_literals].length;
            if (same != size) {
                break;
            }
        }
        add_run(w, size, run);
    }
    make_codes(w->codegen_freq, N_CODEGEN, 7, w->codegens);
}

static size_t weight(const uint32_t *freq, const code *codes, size_t n)
{
    size_t bits = 0;
    for (size_t i = 0; i < n; i++) {
        bits += (size_t)freq[i] * codes[i].length;
    }
    return bits;
}

static void put_dynamic_header(writer *w, size_t n_literals, size_t n_offsets, size_t n_codegens)
{
    put_bits(w, 4, 3);
    put_bits(w, (uint32_t)(n_literals - 257), 5);
    put_bits(w, (uint32_t)(n_offsets - 1), 5);
    put_bits(w, (uint32_t)(n_codegens - 4), 4);
    for (size_t i = 0; i < n_codegens; i++) {
        put_bits(w, w->codegens[codegen_order[i]].length, 3);
    }
    for (size_t i = 0; i < w->n_codegen; i++) {
        unsigned symbol = w->codegen[i];
        put_code(w, w->codegens[symbol]);
        if (symbol >= 16) {
            put_bits(w, w->codegen[++i], symbol == 16 ? 2 : symbol == 17 ? 3 : 7);
        }
    }
}

/* --- blocks ----------------------------------------------------------------------------------------- */

/* Counts symbols; returns the number of extra bits. */
static size_t count_tokens(writer *w)
{
    size_t n_extra = 0;
    memset(w->literal_freq, 0, sizeof w->literal_freq);
    memset(w->offset_freq, 0, sizeof w->offset_freq);
    for (size_t i = 0; i < w->n_tokens; i++) {
        token t = w->tokens[i];
        if (t.length == 0) {
            w->literal_freq[t.value]++;
            continue;
        }
        extra length = length_extra(t.length), offset = offset_extra(t.value);
        w->literal_freq[257 + length.code]++;
        w->offset_freq[offset.code]++;
        n_extra += length.n_bits + offset.n_bits;
    }
    w->literal_freq[END_OF_BLOCK]++;
    return n_extra;
}

static void put_tokens(writer *w)
{
    for (size_t i = 0; i < w->n_tokens; i++) {
        token t = w->tokens[i];
        if (t.length == 0) {
            put_code(w, w->literals[t.value]);
            continue;
        }
        extra length = length_extra(t.length), offset = offset_extra(t.value);
        put_code(w, w->literals[257 + length.code]);
        put_bits(w, length.bits, length.n_bits);
        put_code(w, w->offsets[offset.code]);
        put_bits(w, offset.bits, offset.n_bits);
    }
    put_code(w, w->literals[END_OF_BLOCK]);
}

/* Stored, with fixed or with its own codes: whatever is smallest. */
static void put_block(writer *w, size_t end)
{
    as_str input = as_str_slice(w->input, w->block_start, end);
    bool storable = input.n <= MAX_STORED;
    size_t n_extra = count_tokens(w), n_literals = N_LITERALS, n_offsets = N_OFFSETS;
    n_extra = storable ? n_extra : 0; /* the same for both kinds of codes */
    w->block_start = end;
    while (w->literal_freq[n_literals - 1] == 0) {
        n_literals--;
    }
    while (n_offsets > 0 && w->offset_freq[n_offsets - 1] == 0) {
        n_offsets--;
    }
    if (n_offsets == 0) {
        w->offset_freq[0] = 1;
        n_offsets = 1;
    }
    make_codes(w->literal_freq, N_LITERALS, 15, w->literals);
    make_codes(w->offset_freq, N_OFFSETS, 15, w->offsets);
    make_codegen(w, n_literals, n_offsets);
    size_t n_codegens = N_CODEGEN, fixed = 3 + n_extra, dynamic;
    while (n_codegens > 4 && w->codegen_freq[codegen_order[n_codegens - 1]] == 0) {
        n_codegens--;
    }
    dynamic = 3 + 5 + 5 + 4 + 3 * n_codegens + weight(w->codegen_freq, w->codegens, N_CODEGEN) +
              w->codegen_freq[16] * 2 + w->codegen_freq[17] * 3 + w->codegen_freq[18] * 7 +
              weight(w->literal_freq, w->literals, N_LITERALS) +
              weight(w->offset_freq, w->offsets, N_OFFSETS) + n_extra;
    for (unsigned i = 0; i < N_LITERALS; i++) {
        fixed += (size_t)w->literal_freq[i] * fixed_literal(i).length;
    }
    for (size_t i = 0; i < N_OFFSETS; i++) {
        fixed += (size_t)w->offset_freq[i] * 5;
    }
    size_t smallest = dynamic < fixed ? dynamic : fixed;
    if (storable && (input.n + 5) * 8 < smallest) {
        put_stored(w, input, false);
    } else if (dynamic < fixed) {
        put_dynamic_header(w, n_literals, n_offsets, n_codegens);
        put_tokens(w);
    } else {
        for (unsigned i = 0; i < N_LITERALS; i++) {
            w->literals[i] = fixed_literal(i);
        }
        for (unsigned i = 0; i < N_OFFSETS; i++) {
            w->offsets[i] = (code){reversed(i, 5), 5};
        }
        put_bits(w, 2, 3);
        put_tokens(w);
    }
    w->n_tokens = 0;
}

static void add_token(writer *w, token t, size_t end)
{
    w->tokens[w->n_tokens++] = t;
    if (w->n_tokens == MAX_TOKENS) {
        put_block(w, end);
    }
}

/* --- matches ---------------------------------------------------------------------------------------- */

typedef struct finder {
    as_str s;
    uint32_t *head;     /* by hash: 1 + the last position, or 0 */
    uint32_t *previous; /* by position modulo WINDOW: the one before it with the same hash */
    uint32_t chain;     /* of the latest insertion */
} finder;

static void insert(finder *f, size_t at)
{
    const unsigned char *p = (const unsigned char *)f->s.p + at;
    uint32_t v = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    uint32_t hash = v * 0x1e35a7bdu >> (32 - HASH_BITS);
    f->chain = f->head[hash];
    f->previous[at % WINDOW] = f->chain;
    f->head[hash] = (uint32_t)at + 1;
}

static size_t find_match(const finder *f, size_t at, size_t *offset)
{
    size_t left = f->s.n - at, max = left < MAX_MATCH ? left : MAX_MATCH;
    size_t nice = max < NICE ? max : NICE, length = MIN_MATCH - 1;
    size_t oldest = at > WINDOW ? at - WINDOW : 0;
    const char *here = f->s.p + at;
    size_t i = f->chain - 1;
    for (int tries = CHAIN; tries > 0; tries--) {
        const char *there = f->s.p + i;
        if (there[length] == here[length]) {
            size_t n = 0;
            while (n < max && there[n] == here[n]) {
                n++;
            }
            if (n > length && (n > MIN_MATCH || at - i <= 4096)) {
                length = n;
                *offset = at - i;
                if (n >= nice) {
                    break;
                }
            }
        }
        uint32_t next = f->previous[i % WINDOW];
        if (i == at - WINDOW || next == 0 || next - 1 < oldest) {
            break;
        }
        i = next - 1;
    }
    return length;
}

/* compressor.deflate with lazy matches: a match is written when the next position has no longer
 * one. */
static void make_tokens(writer *w, finder *f)
{
    size_t n = f->s.n, length = MIN_MATCH - 1, offset = 0, at = 0;
    size_t last_insert = n >= MIN_MATCH ? n - (MIN_MATCH - 1) : 0;
    bool pending = false; /* the character before `at` is not written yet */
    while (at < n) {
        if (at < last_insert) {
            insert(f, at);
        }
        size_t before = length, before_offset = offset;
        length = MIN_MATCH - 1;
        size_t oldest = at > WINDOW ? at - WINDOW : 0;
        if (f->chain > oldest && n - at > before && before < LAZY) {
            length = find_match(f, at, &offset);
        }
        if (before >= MIN_MATCH && length <= before) {
            size_t end = at + before - 1;
            token t = {(uint16_t)before, (uint16_t)(before_offset - 1)};
            for (at++; at < end; at++) {
                if (at < last_insert) {
                    insert(f, at);
                }
            }
            pending = false;
            length = MIN_MATCH - 1;
            add_token(w, t, at);
        } else {
            if (pending) {
                add_token(w, (token){0, (unsigned char)f->s.p[at - 1]}, at);
            }
            pending = true;
            at++;
        }
    }
    if (pending) {
        w->tokens[w->n_tokens++] = (token){0, (unsigned char)f->s.p[n - 1]};
    }
    if (w->n_tokens > 0) {
        put_block(w, n);
    }
}

void as_deflate(as_buf *out, as_str bytes)
{
    writer *w = AS_NEW(out->arena, writer);
    finder f = {.s = bytes,
            .head = AS_NEW_ARRAY(out->arena, uint32_t, (size_t)1 << HASH_BITS),
            .previous = AS_NEW_ARRAY(out->arena, uint32_t, WINDOW)};
    w->out = out;
    w->input = bytes;
    make_tokens(w, &f);
    put_stored(w, AS_STR(""), false); /* the flush */
    put_stored(w, AS_STR(""), true);
}
