/* Entities by the unit that they come from. Ids of units are unique and not dense: what secrets are
 * found in, and variants, have ids from other ends. */
#ifndef AS_GRAPH_UNITS_H
#define AS_GRAPH_UNITS_H

#include "engine/base/vec.h"
#include "engine/graph/graph.h"

typedef struct as_unit_entities {
    const as_unit *unit;
    AS_VEC(const as_entity *) entities; /* in the order of addition */
} as_unit_entities;

typedef struct as_units {
    AS_VEC(as_unit_entities *) list;
    as_map index;
} as_units; /* zero-initialised is empty */

/* Entities without a unit are left out. */
void as_units_add(as_arena *arena, as_units *units, const as_entity *entity);
/* By the ids of the units. */
void as_units_sort(as_units *units);

#endif
