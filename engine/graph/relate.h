/* Relations between Kubernetes objects, which name one another in more ways than by attribute: by
 * name in a namespace, by label selector, by a reference object, by a host of the cluster's DNS. */
#ifndef AS_GRAPH_RELATE_H
#define AS_GRAPH_RELATE_H

#include "engine/graph/internal.h"
#include "engine/schema/schema.h"

/* Indexes over the entities of a graph; zero-initialised, filled when first needed. */
typedef struct as_relations {
    const as_graph *graph;
    as_map by_label;         /* unit, kind, namespace and "key=value" → as_entity_list */
    as_map by_space;         /* unit, kind and namespace → as_entity_list */
    const as_value **labels; /* by entity id, of what is in the lists */
    size_t n_selected;       /* found by selector so far, at most AS_MAX_SELECTIONS */
    bool indexed, is_cut;    /* cut: there would have been more */
} as_relations;

/* Adds to `found` the entities of the rule's kinds and of the same unit that `v`, read from `from`,
 * stands for. What is unknown stands for nothing. */
void as_relations_find(as_relations *relations, const as_entity *from, const as_edge_rule *rule,
        const as_value *v, as_entity_list *found);

#endif
