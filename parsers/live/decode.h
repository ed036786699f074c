/* Answers that hold another format in a text. */
#ifndef AS_LIVE_DECODE_H
#define AS_LIVE_DECODE_H

#include "engine/base/arena.h"
#include "engine/value/value.h"

/* A table in base64 whose first line names the columns, as a list of objects of texts (IAM's
 * credential report); NULL when it is none. Fields may be quoted as RFC 4180 says. */
const as_value *as_live_csv(as_arena *arena, const as_value *v);
/* The value with policy documents decoded: IAM answers them as in a URL (RFC 3986 §2.1). */
const as_value *as_live_documents(as_arena *arena, const as_value *v);

#endif
