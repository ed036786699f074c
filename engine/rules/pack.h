/* The rules that are built in: functions, metadata and an index, made by rules/embed.lua at build
 * time. */
#ifndef AS_RULES_PACK_H
#define AS_RULES_PACK_H

#include "engine/rules/finding.h"

typedef struct as_pack_piece {
    size_t offset, n; /* in as_pack_bytes */
} as_pack_piece;

typedef struct as_pack_entry {
    as_str id;           /* of the rule; the name of a helper module */
    as_str file;         /* "rules/aws/rds/storage-encrypted.lua" */
    as_strs kinds;       /* that the rule judges */
    as_pack_piece code;  /* bytecode without metadata and debug information */
    as_pack_piece meta;  /* a record of metadata */
    as_pack_piece whole; /* bytecode of the file as it stands; empty for helper modules */
    bool watched;        /* see as_chunk */
} as_pack_entry;

extern const char as_pack_bytes[];
extern const as_pack_entry as_pack_rules[]; /* sorted by id */
extern const size_t as_pack_rules_n;
extern const as_pack_entry as_pack_libs[];
extern const size_t as_pack_libs_n;

extern const as_str as_pack_parameters[]; /* that rules ask for, sorted */
extern const size_t as_pack_parameters_n;

as_str as_pack_text(as_pack_piece piece);
/* The rule's metadata: lists live in arena, texts in the program itself. */
as_rule as_pack_rule(as_arena *arena, const as_pack_entry *entry);

#endif
