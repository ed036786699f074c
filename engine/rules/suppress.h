/* Suppressions: findings that somebody has decided to live with, where that is written down.
 *
 *     # assay:ignore AWS-S3-001,AWS-S3-002 until=2027-01-31 owner=data reason="public by design"
 *
 * in a comment of the file (HCL: #, //, block comments; YAML: #; templates also {{/ * … * /}}), as
 * annotation assay.dev/ignore on a Kubernetes object, in .assay.yaml, or in the baseline. The
 * comments and annotations of checkov, tfsec, trivy, KICS, kube-linter and terrascan count too, for
 * the aliases that they name.
 *
 * A comment covers the line that it stands on or, alone on its line, the attribute, block or object
 * that follows: also what is missing there, and what a module call there brings about. One of
 * checkov's covers the block that it stands in. In values and tfvars files it covers what the value
 * leads to. "address=" narrows it to instances ('*' and '?' are wildcards). */
#ifndef AS_RULES_SUPPRESS_H
#define AS_RULES_SUPPRESS_H

#include "engine/rules/baseline.h"
#include "engine/rules/config.h"
#include "engine/rules/finding.h"

typedef struct as_suppressions as_suppressions;

typedef struct as_suppress_options {
    as_str today;                /* YYYY-MM-DD; what ends before it no longer covers */
    const as_config *config;     /* may be NULL */
    const as_baseline *baseline; /* may be NULL */
    bool no_inline;              /* comments and annotations count for nothing */
    bool whole;                  /* the scan covers all that the configuration speaks of */
    const as_rule *const *rules; /* those that ran: only theirs can be unused */
    size_t n_rules;
} as_suppress_options;

/* Reads the comments of all sources and the annotations of all entities. */
as_suppressions *as_suppressions_collect(as_arena *arena, as_sources *sources,
        const as_graph *graph, const as_suppress_options *options);
/* Turns what is covered (failed or unknown) into AS_SUPPRESSED. Fingerprints must be set. */
void as_suppressions_apply(as_suppressions *suppressions, as_finding *findings, size_t n);
/* After apply: findings about suppressions that have expired (META-SUP-001) or cover nothing
 * (META-SUP-002). Fingerprints are set. */
const as_finding *as_suppressions_findings(as_suppressions *suppressions, size_t *n);

/* The rules of those findings. */
extern const as_rule as_rule_suppression_expired, as_rule_suppression_unused;

#endif
