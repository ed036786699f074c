/* Names that other tools give a check besides its id: "aws-s3-enable-versioning" and "KSV017" for
 * AVD-AWS-0090 and AVD-KSV-0017. Compiled from rules/data/check_names.tsv. */
#ifndef AS_RULES_CHECK_NAMES_H
#define AS_RULES_CHECK_NAMES_H

#include "engine/base/str.h"

typedef struct as_check_name {
    as_str name, id;
} as_check_name;

extern const as_check_name as_check_names[]; /* sorted by name */
extern const size_t as_check_names_n;

/* The id that the name stands for; the name itself when it is none of these. */
as_str as_check_name_id(as_str name);

#endif
