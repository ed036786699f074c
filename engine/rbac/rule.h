/* Rules of roles: which verbs on which resources or paths.
 *
 * Kubernetes, "Using RBAC Authorization"; pkg/apis/rbac/v1/evaluation_helpers.go. A list of which
 * a piece is not known may hold what is asked for: maybe. */
#ifndef AS_RBAC_RULE_H
#define AS_RBAC_RULE_H

#include "engine/base/truth.h"
#include "engine/value/value.h"

typedef struct as_rbac_rule {
    as_strs groups, resources, verbs;
    as_strs names; /* of objects; none: all */
    as_strs urls;  /* of what is no resource */
    bool open_groups, open_resources, open_verbs, open_names, open_urls; /* not known in full */
    as_str doubt;                                                        /* why one is not */
    as_span span;
} as_rbac_rule;

typedef struct as_rbac_request {
    as_str verb;
    as_str group, resource, subresource;
    as_str name;   /* of the object; empty: none is named */
    bool any_name; /* is there any object for which it is allowed? */
    as_str url;    /* instead of a resource */
} as_rbac_request;

as_truth as_rbac_rule_allows(const as_rbac_rule *rule, const as_rbac_request *request);
/* From an object of a manifest (apiGroups …) or a block of Terraform (api_groups …). */
as_rbac_rule as_rbac_rule_read(as_arena *arena, const as_value *v);
/* "get:pods/exec", "create:deployments.apps", "get:/healthz". False when it is no such text;
 * *unsure is set when the group of the resource is not known. */
bool as_rbac_request_parse(as_str action, as_rbac_request *r, bool *unsure) AS_MUST_CHECK;
/* Whether a text is an action of Kubernetes rather than of a cloud. */
bool as_rbac_is_action(as_str action);

#endif
