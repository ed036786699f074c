/* What the commands that scan have in common: their options, the configuration, the run. */
#ifndef AS_CLI_SCANNING_H
#define AS_CLI_SCANNING_H

#include "engine/cli/command.h"
#include "engine/scan/scan.h"

/* The settings behind AS_SCANNING_OPTIONS; a member `scanning` of the command's settings. */
typedef struct as_scanning {
    as_str config, baseline;
    as_str rev, diff; /* --rev, --diff */
    as_str stdin_name, decrypt_key, cluster, release, namespace;
    bool staged;
    as_str_list rule_dirs, only, exclude, frameworks;
    as_str_list var_files, vars, value_files, set_values, module_dirs;
    int jobs;
    bool no_inline, quiet, show_passed;
    as_progress *progress; /* NULL: nobody looks */
    bool locate_fixes;     /* of findings */
    bool config_here;      /* the configuration is that of where one stands, whatever is scanned */
    bool gate;             /* the gate of the configuration counts: its baseline is the baseline */
    bool merging;          /* results of shards stand for the paths, which need not be here */
    bool graph_only;       /* for commands that ask the graph: no rule is run */
    bool no_cache;
    bool in_parts; /* the parts of several machines have to have the same configuration */
    struct as_witness *witness; /* NULL: nobody notes what is read */
} as_scanning;

#define AS_SCANNING_RULE_OPTIONS(S)                                                                \
    AS_OPTION_GROUP("Rules"),                                                                      \
            AS_OPTION_TEXT(S, scanning.config, 0, "config", "FILE",                                \
                    "the configuration (default: the nearest .assay.yaml)"),                       \
            AS_OPTION_LIST(S, scanning.rule_dirs, 0, "rules", "DIR", "further rules"),             \
            AS_OPTION_LIST(S, scanning.only, 0, "rule", "ID",                                      \
                    "only these rules: ids, aliases of other tools, wildcards"),                   \
            AS_OPTION_LIST(S, scanning.exclude, 0, "exclude-rule", "ID", "not these rules"),       \
            AS_OPTION_LIST(S, scanning.frameworks, 0, "framework", "NAME",                         \
                    "only rules of a framework: CIS-AWS-3.0, NIST-800-53r5:SC-28"),                \
            AS_OPTION_FLAG(S, scanning.no_inline, 0, "no-inline-suppressions",                     \
                    "comments and annotations suppress nothing")

#define AS_SCANNING_GIT_OPTIONS(S)                                                                 \
    AS_OPTION_GROUP("Git"),                                                                        \
            AS_OPTION_FLAG(S, scanning.staged, 0, "staged",                                        \
                    "check what is staged, as it stands in the index"),                            \
            AS_OPTION_TEXT(S, scanning.diff, 0, "diff", "REV",                                     \
                    "only what fails now and did not in REV (REV...: where HEAD left it)"),        \
            AS_OPTION_TEXT(S, scanning.rev, 0, "rev", "REV",                                       \
                    "check a revision in place of the files on disk")

#define AS_SCANNING_INPUT_OPTIONS(S)                                                               \
    AS_OPTION_GROUP("Inputs"),                                                                     \
            AS_OPTION_LIST(S, scanning.var_files, 0, "var-file", "FILE",                           \
                    "Terraform variables, as terraform plan takes them"),                          \
            AS_OPTION_LIST(S, scanning.vars, 0, "var", "NAME=VALUE", "one Terraform variable"),    \
            AS_OPTION_LIST(S, scanning.module_dirs, 0, "module-dir", "DIR",                        \
                    "where copies of remote modules and Kustomize bases lie"),                     \
            AS_OPTION_LIST(S, scanning.value_files, 0, "values", "FILE", "values of Helm charts"), \
            AS_OPTION_LIST(                                                                        \
                    S, scanning.set_values, 0, "set", "NAME=VALUE", "one value of Helm charts"),   \
            AS_OPTION_TEXT(S, scanning.cluster, 0, "cluster", "PATH",                              \
                    "what lookup in charts finds: a snapshot, or objects as kubectl prints them"), \
            AS_OPTION_TEXT(S, scanning.stdin_name, 0, "stdin-name", "NAME",                        \
                    "what the document on stdin ('-') is called (default: by its content)"),       \
            AS_OPTION_TEXT(S, scanning.decrypt_key, 0, "decrypt-key", "FILE",                      \
                    "the private key (PEM) that opens sealed snapshots"),                          \
            AS_OPTION_INT(                                                                         \
                    S, scanning.jobs, 'j', "jobs", "N", "threads (default: one a processor)")

/* Whether all that decides the result lies in the arguments and in files that a witness sees. */
bool as_scanning_is_repeatable(const as_cli *cli, const as_scanning *settings);
/* Reads configuration and baseline: what to scan, and how. False, after saying why on stderr, when
 * they are wrong. */
bool as_scanning_prepare(
        as_cli *cli, const as_scanning *settings, as_scan_options *out, const as_config **config);
/* Reads configuration and baseline and scans the arguments of `cli`. NULL, after saying why on
 * stderr, when they are wrong. *config is that which was used. Freed with the arena of `cli`. */
const as_report *as_scanning_run(
        as_cli *cli, const as_scanning *settings, const as_config **config);

#endif
