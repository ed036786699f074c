/* The user's values: files, then --set-json, --set, --set-string, --set-file, --set-literal, each
 * over what came before (Helm pkg/cli/values/options.go). */
#ifndef AS_HELM_VALUES_H
#define AS_HELM_VALUES_H

#include "parsers/helm/helm.h"

/* NULL after an error in diags. */
const as_value *as_helm_values_merge(
        as_arena *arena, as_fs *fs, const as_helm_options *options, as_diags *diags);

#endif
