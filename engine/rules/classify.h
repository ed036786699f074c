/* The classification of the data that a resource holds, as its tags tell it. */
#ifndef AS_RULES_CLASSIFY_H
#define AS_RULES_CLASSIFY_H

#include "engine/rules/config.h"

/* "public", "internal", "confidential", "regulated", or "" where no tag says so. A Kubernetes
 * object that says nothing itself is of its namespace's. `config` may be NULL; `arena` is for
 * scratch. */
as_str as_classify(
        const as_graph *graph, as_arena *arena, const as_config *config, const as_entity *entity);

#endif
