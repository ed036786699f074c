/* What the files of this folder share. */
#ifndef AS_ARGOCD_INTERNAL_H
#define AS_ARGOCD_INTERNAL_H

#include "parsers/argocd/argocd.h"
#include "parsers/gotmpl/gotmpl.h"

typedef struct as_argocd {
    as_arena *arena;
    const as_argocd_context *context;
    as_argocd_requests *out;
    as_diags *diags;
} as_argocd;

/* One set of parameters that a generator gives. */
typedef struct as_argocd_params {
    const as_value *value; /* an object; flat ("path.basename") unless the set uses Go templates */
    bool assumed;          /* something in it stands for what only the cluster knows */
} as_argocd_params;

typedef AS_VEC(as_argocd_params) as_argocd_params_list;

/* application.c */
void as_argocd_application(as_argocd *a, const as_value *application, bool assumed);
/* Is the URL one of this repository, or is nothing known about it? */
bool as_argocd_is_here(const as_argocd *a, as_str url);

/* generator.c: the parameters of one generator of an ApplicationSet. */
as_argocd_params_list as_argocd_generate(
        as_argocd *a, const as_value *one, const as_value *set, size_t depth);
/* What the generator itself says of the template (`list: {template: …}`); NULL: nothing. */
const as_value *as_argocd_own_template(const as_value *one);

/* template.c: a copy of the tree with every text filled in. NULL after an error in diags. Where the
 * parameters are assumed a missing one is none. */
const as_value *as_argocd_fill(
        as_argocd *a, const as_value *tree, const as_argocd_params *params, const as_value *set);

/* The same for a generator within a matrix: `values` that need what it gives itself stay for later.
 */
const as_value *as_argocd_fill_generator(as_argocd *a, const as_value *generator,
        const as_argocd_params *params, const as_value *set);

/* params.c */
/* Members of both; those of `over` win. */
const as_value *as_argocd_join(as_arena *arena, const as_value *under, const as_value *over);
/* The same at every depth; what is empty in `over` does not count (mergo's WithOverride). */
const as_value *as_argocd_overlay(as_arena *arena, const as_value *under, const as_value *over);
/* A strategic merge patch of an Application. */
const as_value *as_argocd_patch(as_arena *arena, const as_value *target, const as_value *change);
/* Lower-case letters, digits, dots and dashes (SanitizeName). */
as_str as_argocd_normalized(as_arena *arena, as_str name);
extern const as_go_func as_argocd_functions[];

#endif
