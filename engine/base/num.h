/* Arithmetic that knows when it overflows, and numbers as text without a locale. */
#ifndef AS_BASE_NUM_H
#define AS_BASE_NUM_H

#include "engine/base/str.h"

/* False on overflow; *out is then unspecified. */
bool as_size_add(size_t a, size_t b, size_t *out) AS_MUST_CHECK;
bool as_size_mul(size_t a, size_t b, size_t *out) AS_MUST_CHECK;
bool as_int_add(int64_t a, int64_t b, int64_t *out) AS_MUST_CHECK;
bool as_int_sub(int64_t a, int64_t b, int64_t *out) AS_MUST_CHECK;
bool as_int_mul(int64_t a, int64_t b, int64_t *out) AS_MUST_CHECK;

/* Parses a JSON-style number (also a leading '+', and forms such as "1." are refused). */
bool as_double_parse(as_str s, double *out) AS_MUST_CHECK;
/* The shortest decimal text that reads back as the same double, in %g-like notation with exponent
 * from 1e21 on, as ECMAScript and Go's encoding/json print. Returns the length; cap ≥ 32. */
size_t as_double_write(double d, char *out, size_t cap);

#endif
