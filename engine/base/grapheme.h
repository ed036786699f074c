/* Characters as people count them: extended grapheme clusters of Unicode 15.0 (UAX #29), with the
 * grammar of the library that Terraform counts with (apparentlymart/go-textseg
 * grapheme_clusters.rl). */
#ifndef AS_BASE_GRAPHEME_H
#define AS_BASE_GRAPHEME_H

#include "engine/base/str.h"

/* Bytes of the cluster that begins at s.p[at]; 0 at the end. */
size_t as_grapheme_width(as_str s, size_t at);
size_t as_grapheme_count(as_str s);

#endif
