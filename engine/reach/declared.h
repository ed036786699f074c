/* Objects of a cluster that Terraform declares in its own form, as manifests would say them. */
#ifndef AS_REACH_DECLARED_H
#define AS_REACH_DECLARED_H

#include "engine/graph/graph.h"

/* Whether it is a resource of hashicorp/kubernetes. */
bool as_k8s_is_declared(const as_entity *entity);
/* "metadata.namespace" of such a resource; empty: it has none, or it is not known. */
as_str as_k8s_declared_space(const as_entity *entity);
/* An entity with the id, places and unit of `entity`, but the type, name, namespace and content of
 * the object that the provider makes of it; NULL: it makes none. In the arena; values are shared.
 */
const as_entity *as_k8s_declared(as_arena *arena, const as_entity *entity);

#endif
