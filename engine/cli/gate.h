/* The exit code by the gate of the configuration. */
#ifndef AS_CLI_GATE_H
#define AS_CLI_GATE_H

#include "engine/cli/reporting.h"

/* Whether there is a gate, and --fail-on does not stand in its place. */
bool as_gate_decides(const as_reporting *reporting, const as_config *config);
/* Says on stderr why it fails. */
as_exit as_gate_verdict(as_cli *cli, const as_reporting *reporting, const as_scanning *scanning,
        const as_config *config, const as_report *report);

#endif
