/* Answers, call by call, become resources: what rules/data/live_aws.tsv says belongs together is
 * joined, and what was refused or not asked stays unknown. */
#ifndef AS_LIVE_ASSEMBLE_H
#define AS_LIVE_ASSEMBLE_H

#include "parsers/live/resources.h"
#include "parsers/live/snapshot.h"
#include "parsers/live/table.h"

typedef struct as_live_estate as_live_estate;

/* What resources keep lives in `arena`, the rest in `scratch`, which may go when the estate is
 * finished. */
as_live_estate *as_live_estate_new(as_arena *arena, as_arena *scratch, const as_live_table *table);
/* An answer from a scope; a global one is not bound to the scope's region. Borrowed until the
 * estate is finished. */
void as_live_estate_take(as_live_estate *estate, const as_live_scope *scope, bool is_global,
        const as_snapshot_answer *answer);
/* Hands over the resources, in the order of the answers; calls that failed are diagnostics. */
void as_live_estate_finish(as_live_estate *estate, as_load *load);

#endif
