/* What other scanners have been told to pass over, as settings of ours: .checkov.yaml,
 * .tfsec/config, .trivyignore, .kube-linter.yaml. */
#ifndef AS_CLI_INIT_FOREIGN_H
#define AS_CLI_INIT_FOREIGN_H

#include "engine/base/diag.h"
#include "engine/rules/ruleset.h"

typedef struct as_foreign_ignore {
    as_str id;                     /* "CKV_AWS_18" */
    as_strs paths;                 /* none: everywhere */
    as_str address, reason, until; /* may be empty */
    bool known;                    /* a rule of ours has it as an alias */
} as_foreign_ignore;

typedef struct as_foreign_severity {
    as_str id, severity; /* "high" */
    bool known;
} as_foreign_severity;

typedef struct as_foreign {
    as_strs files; /* that were read, as shown */
    AS_VEC(as_foreign_ignore) ignores;
    AS_VEC(as_foreign_severity) severities;
    AS_VEC(as_str) paths; /* that are not scanned at all */
    AS_VEC(as_str) only;  /* checks that are wanted alone */
    as_str fail_on;       /* may be empty */
} as_foreign;

/* The tools that can be named, ending in NULL. */
extern const char *const as_foreign_tools[];
/* Reads what the tool ("all": every one) has in `dir`. Problems are in diags; a tool without files
 * is none. */
void as_foreign_read(as_arena *arena, as_sources *sources, const char *dir, as_str tool,
        const as_ruleset *rules, as_diags *diags, as_foreign *out);

#endif
