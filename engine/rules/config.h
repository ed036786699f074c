/* The configuration of a project: .assay.yaml.
 *
 *     extends:                          # what this stands on; what it says itself goes before
 *       - path: ../policy
 *       - {git: "https://example.com/policy.git", commit: 40 hex digits, dir: base}
 *     fail_on: high                     # critical, high, medium, low, none
 *     gate:                             # the same in more detail; see engine/scan/gate.h
 *       fail_on: high
 *       categories: {secrets: low, cost: none}
 *       fail_on_unknown: false
 *       baseline: .assay-baseline.json  # unless --baseline or --diff says otherwise
 *       budget: .assay-budget.json      # of severities that may not grow
 *     ignore: [examples/, "*.generated.tf"]        # gitignore patterns
 *     rules:
 *       dirs: [policies/]               # further rules
 *       only: [AWS-*, K8S-POD-001]      # ids, aliases or wildcards
 *       exclude: [AWS-S3-013]
 *       frameworks: [CIS-AWS-3.0]
 *     severity: {AWS-S3-001: low}
 *     parameters: {required_tags: [owner], teams: {file: teams.txt}}      # what rules ask for
 *     profiles:                         # the same for a part; later ones win
 *       - paths: [modules/legacy/]
 *         environments: [dev]
 *         classifications: [public]     # of the data, by the tags of the resource
 *         exclude: [AWS-RDS-*]
 *         severity: {AWS-EC2-004: info}
 *         parameters: {}
 *     suppressions:
 *       - rules: [AWS-S3-001]           # or rule: AWS-S3-001
 *         paths: [legacy/]
 *         addresses: [module.old.*]
 *         environments: [dev]
 *         reason: replaced in March
 *         owner: platform
 *         until: 2027-03-31
 *     environments: {prod: [envs/prod/, prod.tfvars]}
 *     classification:                   # which tags tell it, and what the organisation's words
 * mean keys: [acme:data-class] values: {gold: regulated, open-data: public} module_dirs:
 * [third_party/modules] # copies of remote modules and Kustomize bases terraform: # folder pattern:
 * variant: inputs infra: {prod: {var_files: [prod.tfvars], vars: {region: eu-west-1}}} helm:
 *       charts/api: {prod: {values: [values-prod.yaml], set: [replicas=3], release: api, namespace:
 * shop}} argocd: repositories: ["https://git.example.com/shop/deploy.git"] # this one, as
 * Applications call it
 *
 * Paths are relative to the folder of the file; of one that is given with --config, to the root of
 * the scan. Files of terraform and helm lie in the folder that they are for, where they are there.
 * Unknown keys and wrong types are errors: a setting that is misspelt must not be lost in silence.
 */
#ifndef AS_RULES_CONFIG_H
#define AS_RULES_CONFIG_H

#include "engine/rules/finding.h"
#include "parsers/detect/ignore.h"
#include "parsers/parser.h"

#define AS_CONFIG_NAME ".assay.yaml"

typedef struct as_severity_override {
    as_str rule; /* id, alias or wildcard */
    as_severity severity;
} as_severity_override;

typedef struct as_overrides {
    const as_severity_override *items;
    size_t n;
} as_overrides;

/* What holds for a part of the project; a part is what lies under one of the paths, in one of the
 * environments, and is of one of the classifications (an empty list excludes nothing). */
typedef struct as_profile {
    as_ignore paths;
    as_strs environments, classifications;
    as_strs only, exclude;
    as_overrides severity;
    const as_value *parameters; /* object or NULL */
} as_profile;

typedef struct as_config_suppression {
    as_strs rules, addresses, environments;
    as_ignore paths;
    as_suppression what; /* source "config" */
    bool shared;         /* of a policy that is extended: what it covers may be in other projects */
} as_config_suppression;

/* How tags tell the classification of data: beside the words that everybody uses. */
typedef struct as_classes {
    as_strs keys;
    const as_value *values; /* word → classification; object or NULL */
} as_classes;

typedef struct as_environment {
    as_str name;
    as_ignore paths;
} as_environment;

/* When a scan fails. */
typedef struct as_gate {
    bool set, has_fail_on, fail_on_unknown;
    as_severity fail_on;
    as_overrides categories; /* category → least severity */
    as_str baseline, budget; /* files, from the folder of the configuration */
    const as_source *baseline_source, *budget_source; /* NULL: not there (any more, or yet) */
} as_gate;

/* A configuration that this one stands on. */
#define AS_CONFIG_NO_POLICY "config-policy" /* of the diagnostic: it is not there */

typedef struct as_config_extend {
    as_str path; /* a folder on disk; or: */
    as_str git, commit,
            dir; /* a repository (path or address), the full id of a commit, a folder in it */
    as_span span;
} as_config_extend;

/* Rules that do not lie on disk. */
typedef struct as_rule_folder {
    as_fs *fs;
    as_str dir;   /* in fs */
    as_str shown; /* for messages: "policies@3f9a0c21/rules" */
} as_rule_folder;

typedef struct as_rule_folders {
    const as_rule_folder *items;
    size_t n;
} as_rule_folders;

typedef struct as_config {
    as_str file;   /* as opened; "" when there is none: all else is then empty */
    as_str dir;    /* its folder, absolute */
    as_str prefix; /* its folder as paths of the scan begin: "", "infra/" */
    bool has_fail_on;
    as_severity fail_on;
    as_gate gate;
    const as_config_extend *extends;
    size_t n_extends;
    as_str ignore; /* in the form of an ignore file, one pattern a line */
    as_strs rule_dirs, only, exclude, frameworks;
    as_strs module_dirs; /* as written */
    as_rule_folders rule_folders;
    bool no_inline_suppressions;
    as_overrides severity;
    const as_value *parameters; /* object or NULL */
    const as_profile *profiles;
    size_t n_profiles;
    const as_config_suppression *suppressions;
    size_t n_suppressions;
    const as_environment *environments;
    size_t n_environments;
    as_classes classes;
    as_variants terraform, helm;
    as_strs repositories; /* addresses of the scanned repository, beside those of its remotes */
} as_config;

/* Reads `file`, shown to people as `shown`. Never NULL; errors are in diags. */
const as_config *as_config_read(
        as_arena *arena, as_sources *sources, const char *file, as_str shown, as_diags *diags);
/* Reads the .assay.yaml of `dir`, else of its nearest parent that has one, no higher than the root
 * of the git work tree (outside of one: `dir` alone). */
const as_config *as_config_find(
        as_arena *arena, as_sources *sources, const char *dir, as_diags *diags);

/* The same in a file system that is not the disk: the .assay.yaml of `dir` or of its nearest parent
 * in it. Folders of rules are found in it too. */
const as_config *as_config_find_in(as_arena *arena, as_fs *fs, as_str dir, as_diags *diags);

/* Where `assay policy fetch` keeps the repository of an address. */
as_str as_policy_cache(as_arena *arena, as_str address);

/* What a question is about: where it lies, its environment, and the classification of its data (""
 * where not known). */
typedef struct as_subject {
    as_str path, environment, classification;
} as_subject;

/* The questions of a scan. `config` may be NULL; paths are those of the scan. */

/* The first environment one of whose patterns matches; "" when none does. */
as_str as_config_environment(const as_config *config, as_str path);
/* The rule's severity there: its own for that classification unless configured; AS_SEVERITY_NONE:
 * no finding. `most`: what none of its failures exceeds, also those that have a severity of their
 * own: what is configured, else AS_SEVERITY_CRITICAL. */
as_severity as_config_severity(
        const as_config *config, const as_rule *rule, const as_subject *subject, as_severity *most);
/* Whether the rule is to judge what lies there (only, exclude; not --rule). */
bool as_config_wants(const as_config *config, const as_rule *rule, const as_subject *subject);
/* Whether some profile asks for the classification. */
bool as_config_asks_class(const as_config *config);
/* A parameter by name ("tagging.required", also nested); NULL when it is not set. */
const as_value *as_config_parameter(
        const as_config *config, as_str name, const as_subject *subject);

/* Whether the suppression speaks of what lies there ('*' and '?' are wildcards in addresses). */
bool as_config_suppresses(const as_config *config, const as_config_suppression *suppression,
        const as_rule *rule, as_strs aliases, as_str path, as_str address, as_str environment);

/* Whether a rule is meant by one of: its id, an alias, or a wildcard over either. */
bool as_rule_matches(const as_rule *rule, as_strs patterns);
/* The same, but an alias of a single case does not stand for the rule: leaving the rule out by it
 * would lose the other cases (a suppression loses only that one). */
bool as_rule_excluded(const as_rule *rule, as_strs patterns);
/* One pattern against one id or alias: '*' and '?' are wildcards; "AVD-AWS-0001" and "AWS-0001" are
 * the same, as they are for trivy, and so are the names in check_names.h. */
bool as_rule_id_matches(as_str pattern, as_str id);

#endif
