#include "engine/rules/fingerprint.h"

#include <openssl/evp.h>

/* Each part with its length in front, so that no two lists of parts give the same bytes. */
static void add(EVP_MD_CTX *digest, as_str part)
{
    uint64_t n = part.n;
    unsigned char length[8];

    for (size_t i = 0; i < sizeof length; i++)
        length[i] = (unsigned char)(n >> (8 * i));
    EVP_DigestUpdate(digest, length, sizeof length);
    EVP_DigestUpdate(digest, part.p, part.n);
}

void as_finding_set_fingerprint(as_finding *finding)
{
    static const char hex[] = "0123456789abcdef";
    const as_entity *entity = finding->entity;
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();

    memset(finding->fingerprint, '0', sizeof finding->fingerprint - 1);
    finding->fingerprint[sizeof finding->fingerprint - 1] = '\0';
    if (!digest)
        return;
    EVP_DigestInit_ex(digest, EVP_sha256(), NULL);
    add(digest, finding->rule->id);
    add(digest, finding->fail_case);
    add(digest, entity && entity->unit ? entity->unit->name : AS_STR(""));
    add(digest, entity ? entity->address : AS_STR(""));
    add(digest, finding->subject);
    EVP_DigestFinal_ex(digest, sum, &n);
    EVP_MD_CTX_free(digest);
    for (size_t i = 0; i < n && i < 32; i++) {
        finding->fingerprint[2 * i] = hex[sum[i] >> 4];
        finding->fingerprint[2 * i + 1] = hex[sum[i] & 15];
    }
}
