/* Attack paths for people and programs. */
#ifndef AS_PATHS_WRITE_H
#define AS_PATHS_WRITE_H

#include "engine/paths/attack.h"

typedef void (*as_attack_format)(
        as_buf *out, as_sources *sources, const as_attack_paths *paths, const as_attack_cuts *cuts);

void as_attack_write_text(
        as_buf *out, as_sources *sources, const as_attack_paths *paths, const as_attack_cuts *cuts);
/* {"paths":[{"from","to","goal","certain","reason","weight","ways_in","steps":[{"step","from","to",
 * "note","certain","reason","path","line"}]}],"unknown":[the
 * same],"changes":[{"entity","path","line",
 * "closes","uses"}],"complete":bool,"dropped":n,"doubts":[text]} */
void as_attack_write_json(
        as_buf *out, as_sources *sources, const as_attack_paths *paths, const as_attack_cuts *cuts);
void as_attack_write_dot(
        as_buf *out, as_sources *sources, const as_attack_paths *paths, const as_attack_cuts *cuts);
void as_attack_write_mermaid(
        as_buf *out, as_sources *sources, const as_attack_paths *paths, const as_attack_cuts *cuts);

/* "data", "secret", "admin", "environment"; "" of a path to a node that is none. */
const char *as_attack_goal_name(unsigned goal);
/* "internet → Deployment/web → …": one line. */
as_str as_attack_path_text(as_arena *arena, const as_attack_path *path);

#endif
