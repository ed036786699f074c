/* SHA-256 (FIPS 180-4) without what OpenSSL's newer interface does first: it looks the algorithm up
 * for each text and sets up its providers, which takes longer than the hashing, and ends the
 * program when there is no memory. */
#ifndef AS_BASE_SHA256_H
#define AS_BASE_SHA256_H

#include "engine/base/arena.h"

enum { AS_SHA256_BYTES = 32, AS_SHA256_HEX = 2 * AS_SHA256_BYTES + 1 };

typedef struct as_sha256 {
    _Alignas(uint64_t) unsigned char state[128]; /* of the library */
} as_sha256;

void as_sha256_begin(as_sha256 *sum);
void as_sha256_add(as_sha256 *sum, const void *bytes, size_t n);
void as_sha256_end(as_sha256 *sum, unsigned char out[AS_SHA256_BYTES]);

/* Of one text. */
void as_sha256_of(as_str text, unsigned char out[AS_SHA256_BYTES]);
/* 64 hexadecimal digits and a NUL. */
void as_sha256_spell(const unsigned char sum[AS_SHA256_BYTES], char out[AS_SHA256_HEX]);
as_str as_sha256_hex(as_arena *arena, as_str text);

#endif
