#include "engine/graph/units.h"

#include <stdlib.h>

void as_units_add(as_arena *arena, as_units *units, const as_entity *entity)
{
    as_str key = {(const char *)&entity->unit, sizeof entity->unit};
    if (entity->unit == NULL) {
        return;
    }
    as_unit_entities *of = as_map_get(&units->index, key);
    if (of == NULL) {
        of = AS_NEW(arena, as_unit_entities);
        of->unit = entity->unit;
        as_map_put(arena, &units->index, key, of);
        AS_VEC_PUSH(arena, &units->list, of);
    }
    AS_VEC_PUSH(arena, &of->entities, entity);
}

static int compare(const void *a, const void *b)
{
    const as_unit *x = (*(const as_unit_entities *const *)a)->unit;
    const as_unit *y = (*(const as_unit_entities *const *)b)->unit;
    return x->id < y->id ? -1 : x->id > y->id;
}

void as_units_sort(as_units *units)
{
    if (units->list.n > 0) {
        qsort(units->list.items, units->list.n, sizeof *units->list.items, compare);
    }
}
