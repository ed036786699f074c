/* Signatures of certificates. ECDSA takes a random number for each, so that two runs would differ;
 * here it comes from the key and the message (RFC 6979, 3.2, with HMAC-SHA-256), which OpenSSL
 * offers from 3.2 on only. */
#define OPENSSL_SUPPRESS_DEPRECATED /* the functions for keys of elliptic curves */

#include "parsers/gotmpl/crypto.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

enum { HASH = SHA256_DIGEST_LENGTH, MAX_ORDER = 66 }; /* bytes: of P-521's order */

/* The generator of RFC 6979, 3.2. */
typedef struct nonce_source {
    unsigned char key[HASH], value[HASH];
    const BIGNUM *order;
    size_t n_order; /* bytes */
} nonce_source;

static void mac(nonce_source *s, const unsigned char *text, size_t n, unsigned char *out)
{
    unsigned length = 0;

    HMAC(EVP_sha256(), s->key, HASH, text, n, out, &length);
}

/* K = HMAC(K, V || tag || more); V = HMAC(K, V). */
static void update(nonce_source *s, unsigned char tag, const unsigned char *more, size_t n)
{
    unsigned char text[HASH + 1 + 2 * MAX_ORDER];

    memcpy(text, s->value, HASH);
    text[HASH] = tag;
    if (n > 0)
        memcpy(text + HASH + 1, more, n);
    mac(s, text, HASH + 1 + n, s->key);
    mac(s, s->value, HASH, s->value);
}

/* bits2int: the leftmost bits, as many as the order has. */
static bool to_number(const nonce_source *s, const unsigned char *bytes, size_t n, BIGNUM *out)
{
    int surplus = (int)n * 8 - BN_num_bits(s->order);

    return BN_bin2bn(bytes, (int)n, out) != NULL && (surplus <= 0 || BN_rshift(out, out, surplus));
}

static bool begin(nonce_source *s, const BIGNUM *secret, const unsigned char *hash, BN_CTX *ctx)
{
    unsigned char seed[2 * MAX_ORDER];
    BIGNUM *h = BN_CTX_get(ctx);

    s->n_order = (size_t)BN_num_bytes(s->order);
    if (h == NULL || s->n_order > MAX_ORDER || !to_number(s, hash, HASH, h) ||
            !BN_nnmod(h, h, s->order, ctx) || BN_bn2binpad(secret, seed, (int)s->n_order) < 0 ||
            BN_bn2binpad(h, seed + s->n_order, (int)s->n_order) < 0)
        return false;
    memset(s->value, 1, HASH);
    memset(s->key, 0, HASH);
    update(s, 0, seed, 2 * s->n_order);
    update(s, 1, seed, 2 * s->n_order);
    return true;
}

/* The next candidate within 1 … order - 1. */
static bool next(nonce_source *s, BIGNUM *out)
{
    unsigned char bytes[MAX_ORDER + HASH];

    for (;;) {
        for (size_t n = 0; n < s->n_order; n += HASH) {
            mac(s, s->value, HASH, s->value);
            memcpy(bytes + n, s->value, HASH);
        }
        if (!to_number(s, bytes, s->n_order, out))
            return false;
        bool fits = !BN_is_zero(out) && BN_cmp(out, s->order) < 0;
        update(s, 0, NULL,
                0); /* also before the next call, should the signature come out as zero */
        if (fits)
            return true;
    }
}

/* r and 1/k of the nonce k, as ECDSA_do_sign_ex wants them. */
static bool prepare(const EC_GROUP *group, const BIGNUM *k, BIGNUM *r, BIGNUM *inverse, BN_CTX *ctx)
{
    EC_POINT *point = EC_POINT_new(group);
    bool good = point != NULL && EC_POINT_mul(group, point, k, NULL, NULL, ctx) &&
                EC_POINT_get_affine_coordinates(group, point, r, NULL, ctx) &&
                BN_nnmod(r, r, EC_GROUP_get0_order(group), ctx) && !BN_is_zero(r) &&
                BN_mod_inverse(inverse, k, EC_GROUP_get0_order(group), ctx) != NULL;

    EC_POINT_free(point);
    return good;
}

static ECDSA_SIG *sign_hash(EC_KEY *key, const unsigned char *hash, BN_CTX *ctx)
{
    const EC_GROUP *group = EC_KEY_get0_group(key);
    const BIGNUM *secret = EC_KEY_get0_private_key(key);
    nonce_source s = {.order = EC_GROUP_get0_order(group)};
    BIGNUM *k = BN_CTX_get(ctx), *r = BN_CTX_get(ctx), *inverse = BN_CTX_get(ctx);
    ECDSA_SIG *sig = NULL;

    if (inverse == NULL || secret == NULL || !begin(&s, secret, hash, ctx))
        return NULL;
    for (int tries = 0; sig == NULL && tries < 8; tries++)
        if (next(&s, k) && prepare(group, k, r, inverse, ctx))
            sig = ECDSA_do_sign_ex(hash, HASH, inverse, r, key);
    return sig;
}

/* What is signed already gets this signature in place of its own. */
static bool put(X509 *x, const ECDSA_SIG *sig)
{
    const ASN1_BIT_STRING *there = NULL;
    union {
        const ASN1_BIT_STRING *in;
        ASN1_BIT_STRING *out;
    } target;
    unsigned char *der = NULL;
    int n = i2d_ECDSA_SIG(sig, &der);

    X509_get0_signature(&there, NULL, x);
    target.in = there;
    bool good = n > 0 && there != NULL && ASN1_BIT_STRING_set(target.out, der, n);
    if (good) {
        target.out->flags &= ~(ASN1_STRING_FLAG_BITS_LEFT | 0x07);
        target.out->flags |= ASN1_STRING_FLAG_BITS_LEFT;
    }
    OPENSSL_free(der);
    return good;
}

static bool sign_again(X509 *x, EVP_PKEY *key)
{
    unsigned char hash[HASH], *der = NULL;
    EC_KEY *ec = EVP_PKEY_get1_EC_KEY(key);
    BN_CTX *ctx = BN_CTX_new();
    ECDSA_SIG *sig = NULL;
    int n = i2d_re_X509_tbs(x, &der);

    if (n > 0 && ec != NULL && ctx != NULL) {
        BN_CTX_start(ctx);
        SHA256(der, (size_t)n, hash);
        sig = sign_hash(ec, hash, ctx);
        BN_CTX_end(ctx);
    }
    bool good = sig != NULL && put(x, sig);
    ECDSA_SIG_free(sig);
    BN_CTX_free(ctx);
    EC_KEY_free(ec);
    OPENSSL_free(der);
    return good;
}

bool as_go_sign(X509 *x, EVP_PKEY *key)
{
    int kind = EVP_PKEY_get_base_id(key);

    return X509_sign(x, key, kind == EVP_PKEY_ED25519 ? NULL : EVP_sha256()) > 0 &&
           (kind != EVP_PKEY_EC || sign_again(x, key));
}
