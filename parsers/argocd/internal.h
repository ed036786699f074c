/* What the files of this folder share. */
#ifndef AS_ARGOCD_INTERNAL_H
#define AS_ARGOCD_INTERNAL_H

#include "parsers/argocd/argocd.h"

typedef struct as_argocd {
    as_arena *arena;
    const as_argocd_context *context;
    as_argocd_requests *out;
    as_diags *diags;
} as_argocd;

/* One set of parameters that a generator gives. */
typedef struct as_argocd_params {
    const as_value *value; /* an object; flat ("path.basename") unless the set uses Go templates */
    bool assumed;
} as_argocd_params;

typedef AS_VEC(as_argocd_params) as_argocd_params_list;

/* application.c */
void as_argocd_application(as_argocd *a, const as_value *application, bool assumed);
/* Is the URL one of this repository, or is nothing known about it? */
bool as_argocd_is_here(const as_argocd *a, as_str url);

/* generator.c: the parameters of a list of generators, one after the other. */
as_argocd_params_list as_argocd_generate(
        as_argocd *a, const as_value *generators, bool go_template, size_t depth);

/* template.c: a copy of the tree with every text filled in. NULL after an error in diags. */
const as_value *as_argocd_fill(
        as_argocd *a, const as_value *tree, const as_value *params, const as_value *set);

#endif
