/* The subcommands of `assay rules`, one file each. */
#ifndef AS_CLI_CMD_RULES_H
#define AS_CLI_CMD_RULES_H

#include "engine/cli/command.h"

extern const as_command as_command_rules_frameworks;
extern const as_command as_command_rules_schema;
extern const as_command as_command_rules_docs;
extern const as_command as_command_rules_new;
extern const as_command as_command_rules_diff;
extern const as_command as_command_rules_types;
extern const as_command as_command_rules_api;

#endif
