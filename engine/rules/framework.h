/* Control frameworks: CIS benchmarks, NIST 800-53, PCI DSS … A file rules/frameworks/NAME.yaml says
 * what controls there are, which rules prove each, and which need proof by hand:
 *
 *     id: CIS-AWS-3.0
 *     name: CIS Amazon Web Services Foundations Benchmark
 *     version: 3.0.0
 *     reference: https://www.cisecurity.org/benchmark/amazon_web_services
 *     controls:
 *       - id: "1.4"
 *         title: The root user has no access key
 *         section: Identity and access management
 *         rules: [AWS-IAM-020]            # beside the rules that name the control themselves
 *         covers: [NIST-800-53r5:AC-6]    # rules that prove one of these prove this one
 *         only: [AWS-*]                   # of the rules that `covers` brings, those that match
 *       - id: "1.1"
 *         title: Contact details are up to date
 *         manual: The contacts of an account stand in no configuration that is read.
 *
 * A control may have both: rules that prove a part, and `manual` that says what they leave open. */
#ifndef AS_RULES_FRAMEWORK_H
#define AS_RULES_FRAMEWORK_H

#include "engine/rules/finding.h"

typedef struct as_control {
    as_str id, title, section;
    as_str name;   /* "CIS-AWS-3.0:1.4", as rules write it */
    as_str manual; /* what must be proven by hand, and why; empty: nothing */
    as_strs rules; /* ids and wildcards */
    as_strs covers, only;
} as_control;

typedef struct as_framework {
    as_str id, name, version, reference;
    const as_control *controls; /* in the order of the file */
    size_t n_controls;
} as_framework;

typedef struct as_frameworks {
    const as_framework *items; /* sorted by id */
    size_t n;
} as_frameworks;

/* The frameworks that are built in. Everything lives in arena; texts of `sources`. What is wrong
 * with a file is in diags. */
as_frameworks as_frameworks_load(as_arena *arena, as_sources *sources, as_diags *diags);
/* By id, without regard to case; NULL when there is none. */
const as_framework *as_frameworks_find(const as_frameworks *frameworks, as_str id);

/* Whether the rule proves the control, or a part of it. */
bool as_control_proven_by(const as_control *control, const as_rule *rule);

/* Whether the rule proves something of what is wanted: a framework ("CIS-AWS-3.0", "hipaa") or a
 * control
 * ("NIST-800-53r5:SC-28"); a prefix is enough. `frameworks` may be empty: then only what the rule
 * itself says counts. */
bool as_frameworks_want(const as_frameworks *frameworks, as_strs wanted, const as_rule *rule);

#endif
