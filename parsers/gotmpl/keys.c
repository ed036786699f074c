/* Keys from the deterministic stream. Primes are found with one Fermat test, which is enough for
 * keys that guard nothing; DER (X.690) and PEM (RFC 7468) are written by hand, as Go writes them.
 */
#include "parsers/gotmpl/crypto.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include "engine/base/base64.h"

/* --- DER --------------------------------------------------------------------------------------------------- */

enum { TAG_INTEGER = 0x02, TAG_OCTETS = 0x04, TAG_SEQUENCE = 0x30 };

static void der_wrap(as_buf *buf, unsigned tag, as_str content)
{
    as_buf_char(buf, (char)tag);
    if (content.n < 0x80) {
        as_buf_char(buf, (char)content.n);
    } else {
        unsigned n = content.n > 0xffff ? 3 : content.n > 0xff ? 2 : 1;
        as_buf_char(buf, (char)(0x80 | n));
        while (n-- > 0)
            as_buf_char(buf, (char)(content.n >> (8 * n)));
    }
    as_buf_str(buf, content);
}

static as_buf new_buf(as_gotmpl *t)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    return buf;
}

/* The bytes were written big-endian, without sign. */
static void der_integer(as_gotmpl *t, as_buf *buf, const unsigned char *bytes, size_t n)
{
    as_buf content = new_buf(t);
    while (n > 1 && *bytes == 0) {
        bytes++;
        n--;
    }
    if (n == 0 || *bytes & 0x80)
        as_buf_char(&content, '\0');
    as_buf_add(&content, bytes, n);
    der_wrap(buf, TAG_INTEGER, as_buf_view(&content));
}

/* --- numbers ------------------------------------------------------------------------------------------------- */

/* Freed with the arena, so that unwinding loses nothing. */
static void free_ctx(void *ctx)
{
    BN_CTX_end(ctx);
    BN_CTX_free(ctx);
}

static BN_CTX *new_ctx(as_gotmpl *t)
{
    BN_CTX *ctx = BN_CTX_new();
    if (!ctx)
        as_arena_unwind(t->arena, AS_CAUSE_MEMORY);
    BN_CTX_start(ctx);
    as_arena_defer(t->arena, free_ctx, ctx);
    return ctx;
}

static BIGNUM *number(as_gotmpl *t, BN_CTX *ctx)
{
    BIGNUM *n = BN_CTX_get(ctx);
    if (!n)
        as_arena_unwind(t->arena, AS_CAUSE_MEMORY);
    return n;
}

static void add_number(as_gotmpl *t, as_buf *buf, const BIGNUM *n)
{
    unsigned char bytes[1024];
    der_integer(t, buf, bytes, (size_t)BN_bn2bin(n, bytes));
}

static void random_number(as_gotmpl *t, BIGNUM *n, int bits)
{
    unsigned char bytes[1024];
    as_go_random(t, bytes, (size_t)bits / 8);
    BN_bin2bn(bytes, bits / 8, n);
}

static bool divisible_by_small(const BIGNUM *n)
{
    for (BN_ULONG d = 3; d < 2000; d += 2)
        if (BN_mod_word(n, d) == 0)
            return true;
    return false;
}

/* 2^(n-1) mod n is 1. */
static bool is_probably_prime(BIGNUM *n, BIGNUM *two, BIGNUM *e, BIGNUM *r, BN_CTX *ctx)
{
    if (divisible_by_small(n))
        return false;
    BN_copy(e, n);
    BN_sub_word(e, 1);
    BN_set_word(two, 2);
    return BN_mod_exp(r, two, e, n, ctx) && BN_is_one(r);
}

/* A prime of exactly that many bits, the two highest set. */
static void random_prime(as_gotmpl *t, BIGNUM *p, int bits, BN_CTX *ctx)
{
    BIGNUM *two = number(t, ctx), *e = number(t, ctx), *r = number(t, ctx);
    random_number(t, p, bits);
    BN_set_bit(p, bits - 1);
    BN_set_bit(p, bits - 2);
    BN_set_bit(p, 0);
    while (!is_probably_prime(p, two, e, r, ctx))
        BN_add_word(p, 2);
}

/* --- one key of each kind -------------------------------------------------------------------------------------- */

/* PKCS#1: version, n, e, d, p, q, d mod p-1, d mod q-1, q⁻¹ mod p. */
static bool make_rsa(as_gotmpl *t, int bits, as_buf *body)
{
    BN_CTX *ctx = new_ctx(t);
    BIGNUM *p = number(t, ctx), *q = number(t, ctx), *n = number(t, ctx), *e = number(t, ctx);
    BIGNUM *d = number(t, ctx), *p1 = number(t, ctx), *q1 = number(t, ctx), *x = number(t, ctx);
    BN_set_word(e, 65537);
    do {
        random_prime(t, p, bits / 2, ctx);
        random_prime(t, q, bits / 2, ctx);
        BN_copy(p1, p);
        BN_copy(q1, q);
        BN_sub_word(p1, 1);
        BN_sub_word(q1, 1);
        BN_mul(x, p1, q1, ctx);
    } while (BN_cmp(p, q) == 0 || !BN_mod_inverse(d, e, x, ctx));
    BN_mul(n, p, q, ctx);
    unsigned char zero = 0;
    der_integer(t, body, &zero, 1);
    add_number(t, body, n);
    add_number(t, body, e);
    add_number(t, body, d);
    add_number(t, body, p);
    add_number(t, body, q);
    BN_mod(x, d, p1, ctx);
    add_number(t, body, x);
    BN_mod(x, d, q1, ctx);
    add_number(t, body, x);
    BN_mod_inverse(x, q, p, ctx);
    add_number(t, body, x);
    return true;
}

/* version, p, q, g, y, x; 2048 and 256 bits. */
static bool make_dsa(as_gotmpl *t, as_buf *body)
{
    BN_CTX *ctx = new_ctx(t);
    BIGNUM *p = number(t, ctx), *q = number(t, ctx), *g = number(t, ctx), *y = number(t, ctx);
    BIGNUM *x = number(t, ctx), *r = number(t, ctx), *two_q = number(t, ctx);
    BIGNUM *two = number(t, ctx), *e = number(t, ctx);
    random_prime(t, q, 256, ctx);
    BN_lshift1(two_q, q);
    random_number(t, p, 2048);
    BN_set_bit(p, 2047);
    BN_mod(r, p, two_q, ctx);
    BN_sub(p, p, r);
    BN_add_word(p, 1);
    while (!is_probably_prime(p, two, e, r, ctx))
        BN_add(p, p, two_q);
    BN_copy(e, p);
    BN_sub_word(e, 1);
    BN_div(e, NULL, e, q, ctx);
    BN_set_word(two, 2);
    BN_mod_exp(g, two, e, p, ctx);
    random_number(t, x, 256);
    BN_mod(x, x, q, ctx);
    BN_mod_exp(y, g, x, p, ctx);
    unsigned char zero = 0;
    der_integer(t, body, &zero, 1);
    add_number(t, body, p);
    add_number(t, body, q);
    add_number(t, body, g);
    add_number(t, body, y);
    add_number(t, body, x);
    return true;
}

static void free_group(void *group)
{
    EC_GROUP_free(group);
}

static void free_point(void *point)
{
    EC_POINT_free(point);
}

/* SEC 1 with the curve P-256 and the public point. */
static bool make_ecdsa(as_gotmpl *t, as_buf *body)
{
    static const unsigned char curve[] = {
            0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
    BN_CTX *ctx = new_ctx(t);
    BIGNUM *d = number(t, ctx);
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    as_arena_defer(t->arena, free_group, group);
    EC_POINT *point = group ? EC_POINT_new(group) : NULL;
    as_arena_defer(t->arena, free_point, point);
    if (!point)
        as_arena_unwind(t->arena, AS_CAUSE_MEMORY);
    unsigned char secret[32], public[65];
    random_number(t, d, 256);
    BN_mod(d, d, EC_GROUP_get0_order(group), ctx);
    if (BN_bn2binpad(d, secret, 32) != 32 || !EC_POINT_mul(group, point, d, NULL, NULL, ctx) ||
            EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, public, 65, ctx) != 65)
        return as_go_fail(t, "failed to generate private key");
    unsigned char one = 1;
    der_integer(t, body, &one, 1);
    der_wrap(body, TAG_OCTETS, (as_str){(char *)secret, 32});
    as_buf_add(body, curve, sizeof curve);
    as_buf bits = new_buf(t), string = new_buf(t);
    as_buf_char(&bits, '\0');
    as_buf_add(&bits, public, 65);
    der_wrap(&string, 0x03, as_buf_view(&bits));
    der_wrap(body, 0xa1, as_buf_view(&string));
    return true;
}

/* RFC 8410: version 0, the algorithm, the seed in two octet strings. */
static bool make_ed25519(as_gotmpl *t, as_buf *body)
{
    static const unsigned char algorithm[] = {
            0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};
    unsigned char seed[32];
    as_go_random(t, seed, sizeof seed);
    as_buf_add(body, algorithm, sizeof algorithm);
    as_buf_add(body, seed, sizeof seed);
    return true;
}

enum { STEPS_OF_SLOW = 4000000, STEPS_OF_FAST = 40000 };

bool as_go_key_make(as_gotmpl *t, as_go_key_kind kind, int bits, as_str *der)
{
    as_buf body = new_buf(t), whole = new_buf(t);
    size_t slow = kind == AS_GO_DSA ? 2 : bits > 2048;
    bool is_slow = kind == AS_GO_DSA || kind == AS_GO_RSA;
    if (is_slow && t->slow_keys[slow].n) {
        *der = t->slow_keys[slow];
        return as_gotmpl_step(t, STEPS_OF_FAST);
    }
    if (!as_gotmpl_step(t, is_slow ? STEPS_OF_SLOW : STEPS_OF_FAST))
        return false;
    bool good = kind == AS_GO_RSA     ? make_rsa(t, bits, &body)
                : kind == AS_GO_DSA   ? make_dsa(t, &body)
                : kind == AS_GO_ECDSA ? make_ecdsa(t, &body)
                                      : make_ed25519(t, &body);
    der_wrap(&whole, TAG_SEQUENCE, as_buf_view(&body));
    *der = as_buf_view(&whole);
    if (is_slow)
        t->slow_keys[slow] = *der;
    return good;
}

const char *as_go_key_label(as_go_key_kind kind)
{
    static const char *const labels[] = {
            "RSA PRIVATE KEY", "DSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"};
    return labels[kind];
}

/* --- PEM --------------------------------------------------------------------------------------------------------- */

void as_go_pem_write(as_buf *buf, const char *label, as_str der)
{
    as_str text = as_base64_encode(buf->arena, der);
    as_buf_fmt(buf, "-----BEGIN %s-----\n", label);
    for (size_t i = 0; i < text.n; i += 64) {
        as_buf_str(buf, as_str_slice(text, i, i + 64));
        as_buf_char(buf, '\n');
    }
    as_buf_fmt(buf, "-----END %s-----\n", label);
}

bool as_go_pem_read(as_gotmpl *t, as_str text, as_str *label, as_str *der)
{
    size_t begin = as_str_find(text, AS_STR("-----BEGIN "));
    if (begin == (size_t)-1)
        return false;
    as_str rest = as_str_from_index(text, begin + 11);
    size_t end = as_str_find(rest, AS_STR("-----"));
    if (end == (size_t)-1)
        return false;
    *label = as_str_slice(rest, 0, end);
    rest = as_str_from_index(rest, end + 5);
    end = as_str_find(rest, AS_STR("-----END "));
    if (end == (size_t)-1)
        return false;
    as_buf letters = new_buf(t);
    for (size_t i = 0; i < end; i++)
        if (!as_char_in(rest.p[i], " \t\r\n"))
            as_buf_char(&letters, rest.p[i]);
    return as_base64_decode(t->arena, as_buf_view(&letters), der, NULL);
}
