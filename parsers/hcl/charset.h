/* Character sets by their IANA names, those that golang.org/x/text/encoding/ianaindex can convert;
 * the work is iconv's. */
#ifndef AS_HCL_CHARSET_H
#define AS_HCL_CHARSET_H

#include "engine/base/arena.h"

typedef struct as_charset {
    const char *name;    /* IANA's */
    const char *iconv;   /* glibc's */
    const char *aliases; /* separated by blanks, in lower case */
} as_charset;

const as_charset *as_charset_find(as_str name); /* case does not count; NULL when unknown */
/* From and to UTF-8. False when something cannot be represented. */
bool as_charset_encode(
        as_arena *arena, const as_charset *to, as_str text, as_str *bytes) AS_MUST_CHECK;
bool as_charset_decode(
        as_arena *arena, const as_charset *from, as_str bytes, as_str *text) AS_MUST_CHECK;

#endif
