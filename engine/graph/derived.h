/* What an engine works out from the linked graph, once, for all threads: accounts, ways to more
 * rights.
 *
 * The first to ask makes it, in an arena of its own that dies with the graph's; others wait. A
 * maker may ask for other derived things. When memory runs out the answer is NULL, then and later.
 */
#ifndef AS_GRAPH_DERIVED_H
#define AS_GRAPH_DERIVED_H

#include "engine/graph/graph.h"

typedef const void *(*as_derive)(as_arena *arena, const as_graph *graph);

const void *as_graph_derived(const as_graph *graph, as_derive make);

#endif
