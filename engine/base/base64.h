/* Base64 (RFC 4648 §4), as Go's encoding/base64.StdEncoding. */
#ifndef AS_BASE_BASE64_H
#define AS_BASE_BASE64_H

#include "engine/base/arena.h"

as_str as_base64_encode(as_arena *arena, as_str bytes);
/* Padding is required, line ends are skipped. False with the offset of the offending byte in *at
 * (may be NULL). */
bool as_base64_decode(as_arena *arena, as_str text, as_str *bytes, size_t *at) AS_MUST_CHECK;

#endif
