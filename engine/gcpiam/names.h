/* What things of Google Cloud are called, from what is written: service accounts, projects. Private
 * to world.c and gather.c. */
#ifndef AS_GCPIAM_NAMES_H
#define AS_GCPIAM_NAMES_H

#include "engine/gcpiam/world.h"
#include "engine/iam/policy.h"

typedef struct as_gcp_names {
    as_arena *arena;
    const as_graph *graph;
    const as_unit *unit;
    int depth; /* of references within references */
    as_iam_resolver resolver;
} as_gcp_names;

void as_gcp_names_init(
        as_gcp_names *names, as_arena *arena, const as_graph *graph, const as_unit *unit);
/* The text of a value; what is not known at all is a mark that equals itself. */
as_str as_gcp_text(as_gcp_names *names, const as_value *v);
/* "shop" of the entity's attribute "project", of "projects/shop", or of the provider. */
as_str as_gcp_project_of(as_gcp_names *names, const as_entity *entity);
/* "ci@shop.iam.gserviceaccount.com" */
as_str as_gcp_email_of(as_gcp_names *names, const as_entity *account);
/* What is behind the last slash. */
as_str as_gcp_last_part(as_str text);

/* "serviceAccount:shop.svc.id.goog[ns/name]" and
 * "principal://…/PROJECT.svc.id.goog/subject/ns/NS/sa/NAME" stand for a service account of clusters
 * of the pool. */
bool as_gcp_reads_account(as_str text, as_str *space, as_str *name) AS_MUST_CHECK;

#endif
