/* What the files of drift share. */
#ifndef AS_DRIFT_INTERNAL_H
#define AS_DRIFT_INTERNAL_H

#include "engine/base/truth.h"
#include "engine/base/vec.h"
#include "engine/schema/schema.h"
#include "engine/drift/drift.h"
#include "engine/drift/normal.h"

typedef struct as_comparing {
    const as_graph *graph;
    as_arena *arena;
    const as_entity *live;
    const as_entity *code;   /* the first of: */
    const as_entity **codes; /* what declares it */
    size_t n_codes;
    as_str doubt; /* why something could not be compared */
    AS_VEC(as_drift_change) changes;
} as_comparing;

void as_drift_add(as_comparing *c, as_str field, as_str code, as_str live, as_span code_span,
        as_span live_span);
/* Scalars and lists of them for people; "" for what is not there, "(sensitive)" for what is. */
as_str as_drift_text(as_arena *arena, const as_value *v);
/* Both are known; the live one may be absent. */
void as_drift_compare_values(
        as_comparing *c, as_str field, const as_reading *code, const as_reading *live);
/* Texts of sets: what only one side has is shown. */
void as_drift_compare_sets(as_comparing *c, const char *field, as_texts *code, as_texts *live,
        as_span code_span, as_span live_span);
/* Rules of security groups. */
void as_drift_compare_groups(as_comparing *c);
/* Managed policies of users, groups and roles. */
void as_drift_compare_attachments(as_comparing *c);
/* Objects of Kubernetes, as manifests write them. */
void as_drift_compare_objects(as_comparing *c);
/* Members of a binding of Google Cloud, and what firewall rules let through. */
void as_drift_compare_google(as_comparing *c);
/* The version of the chart of a release. */
void as_drift_compare_release(as_comparing *c);
bool as_drift_is_release(const as_entity *code); /* helm_release of Terraform */
bool as_drift_is_object(const as_entity *e);     /* of Kubernetes */
/* What clusters and their controllers make. */
bool as_drift_is_made_by_cluster(const as_entity *live);
/* What Google's services make; a binding whose members are all service agents. */
bool as_drift_is_made_by_google(const as_entity *live);
/* Default networks, keys and roles of services: nobody writes code for them. */
bool as_drift_is_made_by_service(const as_entity *live);

#endif
