#define OPENSSL_SUPPRESS_DEPRECATED /* the plain functions are marked so since 3.0 */

#include "engine/base/sha256.h"

#include <assert.h>
#include <openssl/sha.h>

static_assert(sizeof(SHA256_CTX) <= sizeof(as_sha256), "the library's state has its place");

static SHA256_CTX *context_of(as_sha256 *sum)
{
    return (SHA256_CTX *)(void *)sum->state;
}

void as_sha256_begin(as_sha256 *sum)
{
    SHA256_Init(context_of(sum));
}

void as_sha256_add(as_sha256 *sum, const void *bytes, size_t n)
{
    if (n > 0) {
        SHA256_Update(context_of(sum), bytes, n);
    }
}

void as_sha256_end(as_sha256 *sum, unsigned char out[AS_SHA256_BYTES])
{
    SHA256_Final(out, context_of(sum));
}

void as_sha256_of(as_str text, unsigned char out[AS_SHA256_BYTES])
{
    as_sha256 sum;
    as_sha256_begin(&sum);
    as_sha256_add(&sum, text.p, text.n);
    as_sha256_end(&sum, out);
}

void as_sha256_spell(const unsigned char sum[AS_SHA256_BYTES], char out[AS_SHA256_HEX])
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < AS_SHA256_BYTES; i++) {
        out[2 * i] = hex[sum[i] >> 4];
        out[2 * i + 1] = hex[sum[i] & 15];
    }
    out[AS_SHA256_HEX - 1] = '\0';
}

as_str as_sha256_hex(as_arena *arena, as_str text)
{
    unsigned char sum[AS_SHA256_BYTES];
    char *hex = as_arena_alloc(arena, AS_SHA256_HEX);
    as_sha256_of(text, sum);
    as_sha256_spell(sum, hex);
    return (as_str){hex, AS_SHA256_HEX - 1};
}
