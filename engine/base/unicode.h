/* What a code point is, and its other cases: simple (one to one) mappings of Unicode 15.0, as Go's
 * package unicode has them. */
#ifndef AS_BASE_UNICODE_H
#define AS_BASE_UNICODE_H

#include "engine/base/str.h"

uint32_t as_rune_upper(uint32_t rune);
uint32_t as_rune_lower(uint32_t rune);
uint32_t as_rune_title(uint32_t rune);
bool as_rune_is_upper(uint32_t rune); /* has a lower case that differs */
bool as_rune_is_lower(uint32_t rune);
bool as_rune_is_letter(uint32_t rune);
bool as_rune_is_digit(uint32_t rune);
bool as_rune_is_space(uint32_t rune); /* White_Space */
bool as_rune_is_print(uint32_t rune); /* letters, marks, numbers, punctuation, symbols, U+0020 */

#endif
