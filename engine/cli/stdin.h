/* A document from standard input in place of files: `assay scan -`. */
#ifndef AS_CLI_STDIN_H
#define AS_CLI_STDIN_H

#include "engine/base/fs_memory.h"
#include "engine/cli/command.h"

/* Reads all of standard input. The file is called `name`; where that is empty, as its content
 * looks: stdin.yaml, stdin.json or stdin.tf. False after saying why it cannot be had. Lives in the
 * arena of `cli`. */
bool as_stdin_read(as_cli *cli, as_str name, as_memory_file *out);

#endif
