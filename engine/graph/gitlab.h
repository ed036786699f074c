/* What texts of jobs of GitLab say once their variables stand for their values. */
#ifndef AS_GRAPH_GITLAB_H
#define AS_GRAPH_GITLAB_H

#include "engine/graph/graph.h"

/* The pipeline that a job of GitLab is in; NULL when it is not in the graph. */
const as_entity *as_gitlab_pipeline_of(
        const as_graph *graph, as_arena *arena, const as_entity *job);
/* `text` with "$NAME" and "${NAME}" of variables of the job, else of its pipeline, replaced; those
 * of projects, groups and GitLab itself stay as they are written. In the arena, or borrowed.
 * docs.gitlab.com/ci/variables, "CI/CD variable precedence" and "nested variable expansion". */
as_str as_gitlab_text(
        as_arena *arena, const as_entity *pipeline, const as_entity *job, as_str text);

#endif
