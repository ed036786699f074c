/* OpenSSL's newer interface looks the algorithm up for each text and sets up its providers first: that
 * takes longer than the hashing. The plain functions are marked as deprecated since 3.0. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "engine/rules/fingerprint.h"

#include <openssl/sha.h>

/* Each part with its length in front, so that no two lists of parts give the same bytes. */
static void add(SHA256_CTX *digest, as_str part)
{
    uint64_t n = part.n;
    unsigned char length[8];

    for (size_t i = 0; i < sizeof length; i++)
        length[i] = (unsigned char)(n >> (8 * i));
    SHA256_Update(digest, length, sizeof length);
    SHA256_Update(digest, part.p, part.n);
}

void as_fingerprint_in(const as_finding *finding, as_str unit, char out[AS_FINGERPRINT_SIZE])
{
    static const char hex[] = "0123456789abcdef";
    const as_entity *entity = finding->entity;
    unsigned char sum[SHA256_DIGEST_LENGTH];
    SHA256_CTX digest;

    SHA256_Init(&digest);
    add(&digest, finding->rule->id);
    add(&digest, finding->fail_case);
    add(&digest, unit);
    add(&digest, entity ? entity->address : AS_STR(""));
    add(&digest, finding->subject);
    SHA256_Final(sum, &digest);
    for (size_t i = 0; i < sizeof sum; i++) {
        out[2 * i] = hex[sum[i] >> 4];
        out[2 * i + 1] = hex[sum[i] & 15];
    }
    out[2 * sizeof sum] = '\0';
}

void as_finding_set_fingerprint(as_finding *finding)
{
    const as_entity *entity = finding->entity;

    as_fingerprint_in(
            finding, entity && entity->unit ? entity->unit->name : AS_STR(""), finding->fingerprint);
}
