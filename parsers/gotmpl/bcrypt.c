/* bcrypt (Provos and Mazières, USENIX 1999): Blowfish with an expensive key schedule. The boxes are
 * the fraction of pi, so they are calculated, not copied. */
#include "parsers/gotmpl/crypto.h"

#include <mpfr.h>

enum { N_P = 18, N_S = 1024, WORDS = N_P + N_S, COST = 10 };

typedef struct blowfish {
    uint32_t p[N_P], s[N_S];
} blowfish;

static void init(blowfish *b)
{
    mpfr_t pi;
    mpfr_init2(pi, WORDS * 32 + 64);
    mpfr_const_pi(pi, MPFR_RNDZ);
    mpfr_sub_ui(pi, pi, 3, MPFR_RNDZ);
    for (size_t i = 0; i < WORDS; i++) {
        mpfr_mul_2ui(pi, pi, 32, MPFR_RNDZ);
        unsigned long word = mpfr_get_ui(pi, MPFR_RNDZ);
        mpfr_sub_ui(pi, pi, word, MPFR_RNDZ);
        if (i < N_P)
            b->p[i] = (uint32_t)word;
        else
            b->s[i - N_P] = (uint32_t)word;
    }
    mpfr_clear(pi);
    mpfr_free_cache();
}

static void encrypt(const blowfish *b, uint32_t block[2])
{
    uint32_t left = block[0], right = block[1];
    for (size_t i = 0; i < 16; i++) {
        left ^= b->p[i];
        uint32_t f = ((b->s[left >> 24] + b->s[256 + (left >> 16 & 255)]) ^
                             b->s[512 + (left >> 8 & 255)]) +
                     b->s[768 + (left & 255)];
        uint32_t swap = right ^ f;
        right = left;
        left = swap;
    }
    block[0] = right ^ b->p[17];
    block[1] = left ^ b->p[16];
}

static uint32_t next_word(const unsigned char *bytes, size_t n, size_t *at)
{
    uint32_t word = 0;
    for (int i = 0; i < 4; i++, *at = (*at + 1) % n)
        word = word << 8 | bytes[*at];
    return word;
}

/* salt NULL: none. */
static void expand(blowfish *b, const unsigned char *salt, const unsigned char *key, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < N_P; i++)
        b->p[i] ^= next_word(key, n, &at);
    uint32_t block[2] = {0, 0};
    at = 0;
    for (size_t i = 0; i < WORDS; i += 2) {
        for (size_t k = 0; salt && k < 2; k++)
            block[k] ^= next_word(salt, 16, &at);
        encrypt(b, block);
        uint32_t *to = i < N_P ? &b->p[i] : &b->s[i - N_P];
        to[0] = block[0];
        to[1] = block[1];
    }
}

/* bcrypt's own base64: other letters, no padding. */
static void write64(as_buf *buf, const unsigned char *bytes, size_t n)
{
    static const char letters[] =
            "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    uint32_t held = 0;
    unsigned n_held = 0;
    for (size_t i = 0; i < n; i++) {
        held = held << 8 | bytes[i];
        for (n_held += 8; n_held >= 6; n_held -= 6)
            as_buf_char(buf, letters[held >> (n_held - 6) & 63]);
    }
    if (n_held > 0)
        as_buf_char(buf, letters[held << (6 - n_held) & 63]);
}

as_str as_go_bcrypt(as_gotmpl *t, as_str password)
{
    unsigned char salt[16], key[73] = {0}, hash[24];
    size_t n = password.n < 72 ? password.n : 72;
    blowfish *b = AS_NEW(t->arena, blowfish);
    as_go_random(t, salt, sizeof salt);
    memcpy(key, password.p, n);
    n++; /* the NUL is part of the key */
    init(b);
    expand(b, salt, key, n);
    for (unsigned i = 0; i < 1u << COST; i++) {
        expand(b, NULL, key, n);
        expand(b, NULL, salt, sizeof salt);
    }
    static const unsigned char magic[] = "OrpheanBeholderScryDoubt";
    for (size_t i = 0; i < 24; i += 8) {
        size_t at = i;
        uint32_t block[2] = {next_word(magic, 24, &at), 0};
        block[1] = next_word(magic, 24, &at);
        for (int k = 0; k < 64; k++)
            encrypt(b, block);
        for (size_t k = 0; k < 8; k++)
            hash[i + k] = (unsigned char)(block[k / 4] >> (24 - 8 * (k % 4)));
    }
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    as_buf_fmt(&buf, "$2a$%02d$", COST);
    write64(&buf, salt, sizeof salt);
    write64(&buf, hash, 23);
    return as_buf_view(&buf);
}
