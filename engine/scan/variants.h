/* What an environment's values or an overlay take away: rules that pass for an object of the chart
 * with its default values, or of the kustomization's base, and fail for the same object as the
 * variant has it. The variants are judged once more for it, beside what they vary, in a graph of
 * their own; each such pair becomes an entity "helm.weakening" or "kustomize.weakening" for
 * HELM-006 and KUST-003 to judge. */
#ifndef AS_SCAN_VARIANTS_H
#define AS_SCAN_VARIANTS_H

#include "engine/rules/evaluate.h"
#include "engine/scan/load.h"

/* A base of an overlay, loaded as it would be built alone. */
typedef struct as_variant_base {
    const as_load *overlay;
    const as_load *base;
    as_str prefix, suffix; /* that the overlay puts around names */
} as_variant_base;

typedef AS_VEC(as_variant_base) as_variant_bases;

/* Appends the bases of an overlay: resources of it that are folders. */
void as_variant_bases_load(as_arena *arena, const as_load *overlay, as_variant_bases *out);

typedef struct as_variants_scan {
    const as_loading *loadings;
    size_t n_roots;
    as_sources *sources;
    as_ruleset_options rules; /* with which the comparing rules are loaded; graph is set here */
    as_evaluate_options how;
    uint32_t first_id; /* ids of the new entities are above it */
    const as_variant_bases
            *bases; /* loaded already, in the order of their overlays; NULL: they are loaded here */
    /* results */
    as_ruleset *set; /* the comparing rules; NULL when nothing was compared */
} as_variants_scan;

/* Findings about the weakenings, in a fixed order; they refer to entities that live in `arena`. */
void as_variants_run(as_arena *arena, as_variants_scan *scan, as_diags *diags, as_evaluation *out);

#endif
