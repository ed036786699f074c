/* Zstandard and CMS (RFC 5652, RFC 5083) for parts of snapshots and for evidence. */
#ifndef AS_LIVE_SEAL_H
#define AS_LIVE_SEAL_H

#include "engine/base/arena.h"

/* False when memory is gone. */
bool as_zstd_compress(as_arena *arena, as_str text, as_str *out) AS_MUST_CHECK;
/* False for bytes that are no such frame, or that grow beyond `limit`. */
bool as_zstd_decompress(as_arena *arena, as_str bytes, size_t limit, as_str *out) AS_MUST_CHECK;

/* To the holder of the certificate's key (DER). False with *problem in `arena`. */
bool as_cms_seal(
        as_arena *arena, as_str text, as_str cert_pem, as_str *out, as_str *problem) AS_MUST_CHECK;
bool as_cms_open(
        as_arena *arena, as_str bytes, as_str key_pem, as_str *out, as_str *problem) AS_MUST_CHECK;

#endif
