/* The collecting half of an audit: runs `assay collect` into a folder of its own. */
#ifndef AS_CLI_AUDIT_COLLECT_H
#define AS_CLI_AUDIT_COLLECT_H

#include "engine/cli/command.h"

/* Collects what each text of `what` says ("aws --regions eu-west-1": the arguments of `assay
 * collect`, quotes as in a shell) below a new folder: one in `keep`, named by the time, which
 * stays, or, where `keep` is empty, a temporary one, which goes with the arena of `cli`. False
 * after saying why on stderr. */
bool as_audit_collect(as_cli *cli, as_str_list what, as_str keep, bool quiet, as_str *dir);

#endif
