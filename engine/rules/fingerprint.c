#include "engine/rules/fingerprint.h"

#include "engine/base/sha256.h"

/* Each part with its length in front, so that no two lists of parts give the same bytes. */
static void add(as_sha256 *digest, as_str part)
{
    uint64_t n = part.n;
    unsigned char length[8];

    for (size_t i = 0; i < sizeof length; i++)
        length[i] = (unsigned char)(n >> (8 * i));
    as_sha256_add(digest, length, sizeof length);
    as_sha256_add(digest, part.p, part.n);
}

void as_fingerprint_in(const as_finding *finding, as_str unit, char out[AS_FINGERPRINT_SIZE])
{
    const as_entity *entity = finding->entity;
    unsigned char sum[AS_SHA256_BYTES];
    as_sha256 digest;

    as_sha256_begin(&digest);
    add(&digest, finding->rule->id);
    add(&digest, finding->fail_case);
    add(&digest, unit);
    add(&digest, entity ? entity->address : AS_STR(""));
    add(&digest, finding->subject);
    as_sha256_end(&digest, sum);
    as_sha256_spell(sum, out);
}

void as_finding_set_fingerprint(as_finding *finding)
{
    const as_entity *entity = finding->entity;

    as_fingerprint_in(finding, entity && entity->unit ? entity->unit->name : AS_STR(""),
            finding->fingerprint);
}
