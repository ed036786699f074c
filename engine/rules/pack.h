/* The rules that are built in: bytecode and an index, made by rules/embed.lua at build time. */
#ifndef AS_RULES_PACK_H
#define AS_RULES_PACK_H

#include "engine/base/str.h"

typedef struct as_pack_entry {
    as_str id;   /* of the rule; the name of a helper module */
    as_str file; /* "rules/aws/rds/storage-encrypted.lua" */
    size_t offset, n;
    as_strs kinds; /* that the rule judges */
} as_pack_entry;

extern const char as_pack_bytes[];
extern const as_pack_entry as_pack_rules[]; /* sorted by id */
extern const size_t as_pack_rules_n;
extern const as_pack_entry as_pack_libs[];
extern const size_t as_pack_libs_n;

#endif
