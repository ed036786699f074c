/* Private to the reading of GitLab's pipelines. */
#ifndef AS_WORKFLOWS_GITLAB_H
#define AS_WORKFLOWS_GITLAB_H

#include "engine/base/diag.h"
#include "engine/base/map.h"
#include "engine/value/value.h"

/* The configuration of a file: its last document, behind `spec:`; NULL when it is no object. */
const as_value *as_gitlab_document(as_arena *arena, const as_source *source, as_diags *diags);

/* Hashes are merged key by key, anything else of `over` replaces what is below. NULL is nothing. */
const as_value *as_gitlab_merge(as_arena *arena, const as_value *under, const as_value *over);

/* What turns the merged configuration into jobs. */
typedef struct as_gitlab_resolver {
    as_arena *arena;
    as_diags *diags;
    const as_value *root;
    bool has_remote;          /* what is missing may be defined elsewhere */
    as_map resolved;          /* name → job with what it extends */
    as_map open;              /* names on the way, to see circles */
    size_t n_nodes;           /* that !reference has put in */
    const as_value *too_deep; /* a !reference beyond the levels that GitLab follows */
} as_gitlab_resolver;

/* A job or hidden job with all that it extends, !reference, and the defaults; *complete is cleared
 * when a part of it is defined outside the scan. */
const as_value *as_gitlab_job(as_gitlab_resolver *r, as_str name, bool *complete);
bool as_gitlab_is_job(const as_member *member);

#endif
