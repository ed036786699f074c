/* .helmignore: which files of a chart's folder do not belong to the chart (Helm pkg/ignore). */
#ifndef AS_HELM_IGNORE_H
#define AS_HELM_IGNORE_H

#include "engine/base/vec.h"

typedef struct as_helm_ignore_rule {
    as_str pattern;
    bool negate, dirs_only;
    bool whole_path; /* else the last component alone is matched */
} as_helm_ignore_rule;

typedef AS_VEC(as_helm_ignore_rule) as_helm_ignore;

/* Reads the rules (text may be empty) and adds Helm's own: no dotfiles of templates/. False with
 * *error set when a pattern is not allowed. */
bool as_helm_ignore_parse(
        as_arena *arena, as_str text, as_helm_ignore *out, as_str *error) AS_MUST_CHECK;
/* The first rule that says something decides; a negated one takes away all that it does not name.
 */
bool as_helm_ignored(const as_helm_ignore *rules, as_str path, bool is_dir);

#endif
