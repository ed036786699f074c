/* What kinds of entity there are and where their fields lie in each source. The tables are compiled
 * from rules/schema/ (see rules/README.md for the language) into static data by schema/compile.lua.
 */
#ifndef AS_SCHEMA_SCHEMA_H
#define AS_SCHEMA_SCHEMA_H

#include "engine/graph/graph.h"

typedef enum as_field_type {
    AS_FIELD_ANY,
    AS_FIELD_BOOL,
    AS_FIELD_NUMBER,
    AS_FIELD_STRING,
    AS_FIELD_LIST,
    AS_FIELD_MAP,
} as_field_type;

typedef enum as_compare {
    AS_COMPARE_NONE,
    AS_COMPARE_EQ,
    AS_COMPARE_NE,
    AS_COMPARE_PRESENT
} as_compare;

/* One place where a field may lie: "@versioning.versioning_configuration.status == Enabled". */
typedef struct as_place {
    as_str satellite; /* empty: the entity itself; "extra": what stands around its attributes */
    as_str path;      /* "a.b", "a[].b", "a[2].b" */
    as_compare compare;
    as_str literal;
} as_place;

/* The places that count for one source ("tf", "k8s", "live"), for one type, or for all (""). */
typedef struct as_field_source {
    as_str source;
    const as_place *places;
    size_t n_places;
} as_field_source;

typedef struct as_field {
    as_str name; /* "encryption.enabled" */
    as_str doc;
    as_field_type type;
    const as_value *fallback; /* the provider's default; NULL: none */
    as_str unsure;            /* why absence proves nothing; empty: it does */
    const as_field_source *sources;
    size_t n_sources;
} as_field;

typedef struct as_satellite {
    as_str name;
    as_strs types;
    as_str by; /* the satellite's attribute that names the owner */
} as_satellite;

/* How what is read names the entities at the other end. */
typedef enum as_edge_match {
    AS_MATCH_NAME,      /* by reference, id or name; with `to`, by name in the namespace */
    AS_MATCH_REFERENCE, /* {kind, name, namespace} */
    AS_MATCH_HOST,      /* a Service in the cluster's DNS */
    AS_MATCH_LABELS,    /* a map of labels */
    AS_MATCH_SELECTOR,  /* a LabelSelector */
} as_edge_match;

typedef struct as_edge_rule {
    as_edge_type type;
    bool reverse; /* from the target to this entity */
    as_edge_match match;
    as_strs to; /* kinds at the other end, of Kubernetes objects; none: any */
    const as_field_source *sources;
    size_t n_sources;
} as_edge_rule;

struct as_entity_schema {
    as_str kind, doc;
    as_strs types; /* of every source: "aws_s3_bucket", "apps/Deployment", "aws:s3:bucket" */
    as_strs ids;
    as_str tags;
    const as_satellite *satellites;
    size_t n_satellites;
    const as_field *fields; /* sorted by name */
    size_t n_fields;
    const as_edge_rule *edges;
    size_t n_edges;
};

/* All kinds, sorted by name. */
const as_entity_schema *as_schema_all(size_t *n);
/* A Kubernetes type without its version, built in `out`: "apps/v1/Deployment" → "apps/Deployment",
 * "v1/Pod" → "Pod". Other types come back as they are. */
as_str as_schema_short_type(as_str type, char *out, size_t cap);
/* By an entity's type; Kubernetes types carry their version. NULL when no schema knows it. */
const as_entity_schema *as_schema_of_type(as_str type);
const as_entity_schema *as_schema_of_kind(as_str kind);
const as_field *as_schema_field(const as_entity_schema *schema, as_str name); /* NULL: none */
/* True when a field's name begins with `prefix` and a dot. */
bool as_schema_has_prefix(const as_entity_schema *schema, as_str prefix);
/* What a source key in a schema file stands for: "tf", "k8s" or "live". */
as_str as_schema_source(const as_entity *entity);

/* --- reading ------------------------------------------------------------------------------------ */

/* What a read found, and where to point when it found nothing. */
typedef struct as_reading {
    const as_value *value;   /* NULL: absent; may be unknown; may be the default */
    const as_value *holder;  /* innermost value on the way that is there */
    const as_entity *entity; /* to which it belongs: the entity or its satellite */
    bool defaulted;
} as_reading;

/* Walks `path` below `from`: names, and "[]" to collect from all elements (into arena). */
as_reading as_place_walk(as_arena *arena, const as_value *from, as_str path);
/* The field as its type, with defaults; a field that can be neither found nor proven absent is an
 * unknown. */
as_reading as_field_read(
        const as_graph *graph, as_arena *arena, const as_entity *entity, const as_field *field);
/* The entity's tags or labels, with the provider's defaults where the parser knows them; an object,
 * an unknown, or no value. */
as_reading as_tags_read(as_arena *arena, const as_entity *entity);
/* The entry that counts for the entity, by type, then source, then for all; NULL: none. */
const as_field_source *as_field_source_of(
        const as_entity *entity, const as_field_source *sources, size_t n);
/* The same for a bare list of sources (edges). */
as_reading as_field_find(const as_graph *graph, as_arena *arena, const as_entity *entity,
        const as_field_source *sources, size_t n_sources);

#endif
