/* The rules that can be asked for, whether or not anything is scanned. */
#ifndef AS_CLI_KNOWN_RULES_H
#define AS_CLI_KNOWN_RULES_H

#include "engine/cli/command.h"
#include "engine/rules/config.h"
#include "engine/rules/finding.h"

typedef AS_VEC(const as_rule *) as_known_rules;

/* Built-in rules and those in `dirs`, narrowed by ids, aliases or wildcards and by frameworks (both
 * may be empty); last those about suppressions. What cannot be loaded is said on stderr. */
as_known_rules as_known_rules_load(as_cli *cli, as_strs dirs, as_strs only, as_strs frameworks);

/* Whether each of the patterns has a rule; of the first that has none stderr says so, with the
 * nearest id or alias. `option` is how the patterns were given ("--rule"), or NULL. */
bool as_known_rules_check(
        as_cli *cli, as_strs dirs, as_rule_folders folders, const char *option, as_strs patterns);

#endif
