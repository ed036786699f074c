/* DEFLATE (RFC 1951), byte for byte as Go's compress/flate at its default level writes it:
 * base64gzip() has its text from there. */
#ifndef AS_HCL_DEFLATE_H
#define AS_HCL_DEFLATE_H

#include "engine/base/buf.h"

/* Appends the blocks of Write, Flush and Close. */
void as_deflate(as_buf *out, as_str bytes);

#endif
