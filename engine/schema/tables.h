/* Names of the compiled tables; only schema.c and the compiled file include this. */
#ifndef AS_SCHEMA_TABLES_H
#define AS_SCHEMA_TABLES_H

#include "engine/schema/schema.h"

typedef struct as_schema_type {
    as_str type;
    uint32_t kind; /* index into as_schema_kinds */
} as_schema_type;

extern const as_entity_schema as_schema_kinds[];
extern const size_t as_schema_kinds_n;
extern const as_schema_type as_schema_types[]; /* sorted by type */
extern const size_t as_schema_types_n;

#endif
