/* Identifiers of HCL: Unicode UAX #31 with '_' at the start and '-' after it (spec.md,
 * "Identifiers"). */
#ifndef AS_HCL_IDENT_H
#define AS_HCL_IDENT_H

#include "engine/base/utf8.h"

bool as_ident_start(uint32_t rune);
bool as_ident_continue(uint32_t rune);
/* The end of the identifier at `at`; `at` itself when there is none. */
size_t as_ident_scan(as_str text, size_t at);
bool as_ident_valid(as_str text);

#endif
