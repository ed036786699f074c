/* Wildcards of ids and policies: '*' is any run of bytes, '?' any one byte. */
#ifndef AS_BASE_GLOB_H
#define AS_BASE_GLOB_H

#include "engine/base/str.h"

bool as_glob_match(as_str pattern, as_str text);

#endif
