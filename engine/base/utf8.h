/* UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing past U+10FFFF. */
#ifndef AS_BASE_UTF8_H
#define AS_BASE_UTF8_H

#include "engine/base/str.h"

/* Bytes of the well-formed sequence at s.p[at], 1 to 4; 0 when there is none. */
size_t as_utf8_width(as_str s, size_t at);
/* The code point at *at, which moves on; ill-formed bytes give U+FFFD one by one. */
uint32_t as_utf8_next(as_str s, size_t *at);
bool as_utf8_valid(as_str s);
size_t as_utf8_count(as_str s); /* code points; an ill-formed byte counts as one */

#endif
