/* A built kustomization as resources of a scan: for those found by themselves and for those that
 * Argo CD deploys. */
#ifndef AS_KUSTOMIZE_PARSER_H
#define AS_KUSTOMIZE_PARSER_H

#include "parsers/kustomize/kustomize.h"
#include "parsers/parser.h"

/* Builds the kustomization in `dir`, changed as as_kustomize_options.edit says (or NULL), and adds
 * its objects to load->resources; those without a namespace are in `namespace`. What cannot be
 * built is a diagnostic, and its manifests are added as they stand. */
void as_kustomize_load(as_load *load, as_str dir, const as_value *edit, as_str namespace);

#endif
