/* Normalization Form C of Unicode 15.0 (UAX #15): what Terraform does to every string. */
#ifndef AS_BASE_NORMALIZE_H
#define AS_BASE_NORMALIZE_H

#include "engine/base/arena.h"

/* The text itself when it is normal already, else a copy. Ill-formed bytes stay as they are. */
as_str as_str_nfc(as_arena *arena, as_str s);

#endif
