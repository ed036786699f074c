/* What `kustomize edit` does to a kustomization file. Private to parsers/kustomize. */
#ifndef AS_KUSTOMIZE_EDIT_H
#define AS_KUSTOMIZE_EDIT_H

#include "parsers/kustomize/build.h"

/* The kustomization of `t` as Argo CD changes it before it builds: `options` is
 * spec.source.kustomize of an Application. NULL, with the reason in diags, where one of its
 * commands would refuse. Argo CD 3, util/kustomize/kustomize.go (Build); kustomize 5,
 * kustomize/commands/edit. */
const as_value *as_kust_edit(as_kust *k, const as_kust_target *t, const as_value *options);

#endif
