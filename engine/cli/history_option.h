/* Where the history is, and what it calls what is scanned: the same for every command that asks it.
 */
#ifndef AS_CLI_HISTORY_OPTION_H
#define AS_CLI_HISTORY_OPTION_H

#include "engine/cli/command.h"

#define AS_HISTORY_OPTION(S)                                                                       \
    AS_OPTION_TEXT(S, history, 0, "history", "FILE",                                               \
            "a file (SQLite) or postgresql://… (default: ~/.local/state/assay/history.sqlite)")

/* `named` when it says something, else the default. */
as_str as_history_where(as_cli *cli, as_str named);
/* The same for the scope: by the full path of the only argument, so that a run from elsewhere
 * continues the same history. */
as_str as_history_scope(as_cli *cli, as_str named);

#endif
