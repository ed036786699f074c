/* Workflows of GitHub Actions (and of Gitea and Forgejo, which read the same language), composite
 * actions, and GitLab's pipelines, as entities:
 *
 *     ci.workflow ── contains ──▶ ci.job ── contains ──▶ ci.step        ci.action ── contains ──▶
 * ci.step ci.job ── depends_on ──▶ ci.job (needs)      ci.job, ci.step ── references ──▶ what
 * `uses: ./…` runs
 *
 * `raw` is the thing as it stands in the file (GitLab: after include, extends, default and
 * !reference); what is worked out lies in `extra`: expressions (embedded.h), triggers, and
 * references to the things around it.
 * All workflows of a root share one unit, so that reusable ones and their callers find each other.
 */
#ifndef AS_WORKFLOWS_WORKFLOWS_H
#define AS_WORKFLOWS_WORKFLOWS_H

#include "parsers/parser.h"

/* A workflow file of GitHub, and an action.yml. False when it could not be read. */
bool as_github_workflow_load(as_load *load, const as_source *source, const as_value *document);
bool as_github_action_load(as_load *load, const as_source *source, const as_value *document);

/* A pipeline of GitLab: its file, and those that it includes from the same repository. */
typedef struct as_gitlab_pipeline {
    as_strs files;   /* in the order in which they are merged; the pipeline's own is the last */
    bool has_remote; /* something is included from elsewhere: a project, URL, template, component */
} as_gitlab_pipeline;

/* Follows `include: local` from `path`, breadth first. Paths are relative to `base`, the folder
 * that stands for the repository. */
const as_gitlab_pipeline *as_gitlab_follow(as_discovery *d, as_str base, as_str path);
bool as_gitlab_load(as_load *load, const as_gitlab_pipeline *pipeline);

/* --- shared -------------------------------------------------------------------------------------
 */

/* A text that refers to the entity of that address. */
const as_value *as_ci_reference(as_arena *arena, as_span span, as_str address);
/* A list of texts from a text, a list of texts, or the keys of an object; each keeps its place. */
const as_value *as_ci_names(as_arena *arena, const as_value *v);

#endif
