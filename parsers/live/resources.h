/* Live resources as entities. */
#ifndef AS_LIVE_RESOURCES_H
#define AS_LIVE_RESOURCES_H

#include "parsers/parser.h"

/* One resource as it was read. */
typedef struct as_live_facts {
    as_str type, id, name, account, region; /* id or name may be empty, not both */
    const as_value *body;
    const as_member *more; /* members that take precedence over the body's */
    size_t n_more;
    const as_member *unknown; /* members that could not be had: their values are the reasons */
    size_t n_unknown;
    const as_value *time;   /* of the answer; may be NULL */
    const as_value *around; /* as_live_around of it, when there is one already */
    as_span span, head;
} as_live_facts;

/* What stands around the body of a resource; many share one. */
const as_value *as_live_around(as_arena *arena, const as_value *time, as_span span);
/* Adds it to what was loaded; tags take one form. */
void as_live_add(as_load *load, const as_live_facts *facts);

#endif
