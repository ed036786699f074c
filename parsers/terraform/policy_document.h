/* The data source aws_iam_policy_document: it only computes, so its result is known without AWS.
 *
 * Reproduces internal/service/iam/policy_document_data_source.go and policy_model.go of the AWS
 * provider: order of keys, one element as a plain string, lists sorted in reverse, merging by Sid.
 */
#ifndef AS_TERRAFORM_POLICY_DOCUMENT_H
#define AS_TERRAFORM_POLICY_DOCUMENT_H

#include "engine/value/value.h"

typedef struct as_tf_policy_document {
    /* The policy as an object, with unknowns where the configuration has them: more than `json`
     * can tell, which is unknown as a whole as soon as one part is. */
    const as_value *document;
    const as_value *json, *minified_json; /* strings, or unknown */
    const char *error;                    /* NULL, or what the provider would refuse */
} as_tf_policy_document;

/* `config` holds the evaluated arguments, nested blocks as lists of objects. */
as_tf_policy_document as_tf_policy_document_make(
        as_arena *arena, const as_value *config, as_span span);

#endif
