/* Which lists a strategic merge merges, and by which keys: from the built-in kinds' table, or from
 * an OpenAPI document that the kustomization names. Private to parsers/kustomize. */
#ifndef AS_KUSTOMIZE_SCHEMA_H
#define AS_KUSTOMIZE_SCHEMA_H

#include "engine/value/value.h"

typedef struct as_kust_schema {
    int type;             /* row of the built-in table; 0: unknown */
    const char *keys;     /* of a merged list: "name", "containerPort,protocol", "" for scalars */
    const as_value *open; /* in place of the built-in table: a schema object */
} as_kust_schema;

#define AS_KUST_SCHEMA_UNKNOWN ((as_kust_schema){0, NULL, NULL})
enum { AS_KUST_SCHEMA_MAX_KEYS = 8 };

/* `document` is a custom OpenAPI document, or NULL. */
as_kust_schema as_kust_schema_root(const as_value *document, as_str api_version, as_str kind);
as_kust_schema as_kust_schema_field(const as_value *document, as_kust_schema object, as_str field);
as_kust_schema as_kust_schema_items(const as_value *document, as_kust_schema list);
bool as_kust_schema_is_known(as_kust_schema schema);
/* Whether the list is merged; its keys, none for a list of scalars. */
bool as_kust_schema_merges(
        as_kust_schema schema, as_str keys[AS_KUST_SCHEMA_MAX_KEYS], size_t *n_keys);

#endif
