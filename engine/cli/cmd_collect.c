/* assay collect: what accounts, projects and clusters answer, into a snapshot. */
#include "engine/cli/command.h"

#define AS_COLLECTOR(name) extern const as_command as_command_collect_##name;
#include "engine/cli/collectors.def"

static const as_command *const subcommands[] = {
#define AS_COLLECTOR(name) &as_command_collect_##name,
#include "engine/cli/collectors.def"
        NULL};

const as_command as_command_collect = {
        .name = "collect",
        .summary = "ask accounts and clusters, and keep the answers as a snapshot",
        .usage = "",
        .subcommands = subcommands,
};
