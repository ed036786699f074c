/* The ways of an attacker, for reports that draw them. */
#ifndef AS_CLI_REPORT_PATHS_H
#define AS_CLI_REPORT_PATHS_H

#include "engine/cli/scanning.h"
#include "engine/paths/attack.h"

/* The shortest hundred to anything that matters. Lives as long as `cli`; the report has a graph. */
const as_attack_paths *as_report_paths(
        as_cli *cli, const as_report *report, const as_config *config);

#endif
