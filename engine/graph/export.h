/* The fact graph for other programs and for people: one function a format. */
#ifndef AS_GRAPH_EXPORT_H
#define AS_GRAPH_EXPORT_H

#include "engine/graph/graph.h"

typedef struct as_graph_view {
    const as_graph *graph;
    as_sources *sources;
    const bool *shown; /* by entity id; NULL: all */
    bool attributes;   /* with the entities' attributes, sensitive ones hidden … */
    bool (*hides)(void *self, const as_value *text); /* … and these; NULL: none */
    void *hides_self;
} as_graph_view;

typedef struct as_graph_format {
    const char *name;
    void (*write)(const as_graph_view *view, as_buf *out);
} as_graph_format;

/* NULL-named at the end: json, ndjson, dot, mermaid, graphml, neo4j-csv, neptune-csv. */
extern const as_graph_format as_graph_formats[];

#endif
