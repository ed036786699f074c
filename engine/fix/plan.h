/* From a finding to the edits that would mend it: the rule says which field gets which value, the
 * schema where the field lies, and the syntax of the file how it is written. Whether the edits do
 * what they should is proven elsewhere (fix.h). */
#ifndef AS_FIX_PLAN_H
#define AS_FIX_PLAN_H

#include "engine/base/map.h"
#include "engine/fix/edit.h"
#include "engine/rules/finding.h"

/* What planning shares between findings: parsed files. */
typedef struct as_planner {
    as_arena *arena;
    as_arena *parsed; /* of the files; NULL: arena */
    as_sources *sources;
    const as_graph *graph;
    as_map bodies; /* path of a source → const as_hcl_body * */
} as_planner;

/* An attribute that is meant to change: of an entity (or of resources that are new), names without
 * indices. */
typedef struct as_meant {
    as_str head; /* where the entity's block begins, "main.tf:120"; of a new resource its type and
                    name */
    as_str path; /* "versioning_configuration.status"; "*.image" somewhere below; "": all of it */
} as_meant;

typedef struct as_plan {
    const as_finding *finding;
    as_edits edits;
    AS_VEC(as_meant) meant;
    as_str refusal; /* why there are no edits; else empty */
} as_plan;

void as_plan_make(as_planner *planner, const as_finding *finding, as_plan *out);
/* How as_meant names the block of an entity. */
as_str as_plan_head(as_arena *arena, as_sources *sources, const as_entity *entity);

#endif
