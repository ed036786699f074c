/* What an environment's values or an overlay take away: rules that pass for an object of the chart
 * with its default values, or of the kustomization's base, and fail for the same object as the
 * variant has it. The variants are judged once more for it, beside what they vary, in a graph of
 * their own; each such pair becomes an entity "helm.weakening" or "kustomize.weakening" for
 * HELM-006 and KUST-003 to judge. */
#ifndef AS_SCAN_VARIANTS_H
#define AS_SCAN_VARIANTS_H

#include "engine/rules/evaluate.h"
#include "engine/scan/load.h"

typedef struct as_variants_scan {
    const as_loading *loadings;
    size_t n_roots;
    as_sources *sources;
    as_ruleset_options rules; /* with which the comparing rules are loaded; graph is set here */
    as_evaluate_options how;
    uint32_t first_id; /* ids of the new entities are above it */
    /* results */
    as_ruleset *set; /* the comparing rules; NULL when nothing was compared */
} as_variants_scan;

/* Findings about the weakenings, in a fixed order; they refer to entities that live in `arena`. */
void as_variants_run(as_arena *arena, as_variants_scan *scan, as_diags *diags, as_evaluation *out);

#endif
