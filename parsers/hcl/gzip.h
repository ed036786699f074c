/* Packing bytes as gzip (RFC 1952). */
#ifndef AS_HCL_GZIP_H
#define AS_HCL_GZIP_H

#include "engine/base/arena.h"

/* What Go's compress/gzip writes for Write, Flush and Close. */
as_str as_gzip(as_arena *arena, as_str bytes);

#endif
