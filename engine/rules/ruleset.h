/* The rules of a scan: those built in that can apply, and the user's own. */
#ifndef AS_RULES_RULESET_H
#define AS_RULES_RULESET_H

#include "engine/lua/lua.h"
#include "engine/rules/config.h"
#include "engine/rules/framework.h"

typedef struct as_loaded_rule {
    as_rule rule;
    as_strs kinds; /* its targets, patterns expanded */
    as_chunk chunk;
    const as_rule_example *examples; /* when asked for */
    size_t n_examples;
} as_loaded_rule;

typedef struct as_ruleset {
    as_arena *arena;
    AS_VEC(as_loaded_rule) rules; /* sorted by id */
    as_frameworks frameworks;     /* when options.frameworks asked for some */
    as_map libs;                  /* name → as_chunk of the user's helper modules */
} as_ruleset;

typedef struct as_ruleset_options {
    bool builtin;            /* the pack that is built in */
    const as_graph *graph;   /* when set: only built-in rules whose kinds occur */
    as_strs dirs;            /* folders of .lua files on disk */
    as_rule_folders folders; /* … and elsewhere: in a revision, in a shared policy */
    as_strs only;            /* ids, aliases or globs of ids; none: all */
    as_strs exclude;         /* the same */
    as_strs frameworks; /* prefixes of framework controls: "CIS-AWS-3.0", "NIST-800-53r5:SC-28" */
    bool examples;
} as_ruleset_options;

/* Everything lives in arena. Rules that cannot be loaded are diagnostics. Of two rules with the
 * same id the user's wins. */
as_ruleset *as_ruleset_load(as_arena *arena, const as_ruleset_options *options, as_diags *diags);
/* The helper module `name`, the user's before the one that is built in. */
bool as_ruleset_find_lib(const as_ruleset *set, as_str name, as_chunk *out);
/* By id or alias; NULL when it was not loaded. */
const as_loaded_rule *as_ruleset_find(const as_ruleset *set, as_str name);

#endif
