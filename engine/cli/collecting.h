/* What the collectors' commands have in common: their options, the snapshot, progress, the end. */
#ifndef AS_CLI_COLLECTING_H
#define AS_CLI_COLLECTING_H

#include "engine/cli/command.h"
#include "parsers/live/collect.h"

/* The settings behind AS_COLLECTING_OPTIONS; a member `collecting` of the command's settings. */
typedef struct as_collecting {
    as_str out, seal_to, ca_file;
    bool resume, strict, quiet, no_exec, print_policy;
} as_collecting;

#define AS_COLLECTING_OPTIONS(S)                                                                   \
    AS_OPTION_GROUP("Snapshot"),                                                                   \
            AS_OPTION_TEXT(S, collecting.out, 'o', "out", "DIR", "the snapshot's folder"),         \
            AS_OPTION_FLAG(S, collecting.resume, 0, "resume",                                      \
                    "go on with what is in the folder: ask what is not there yet, or failed"),     \
            AS_OPTION_TEXT(S, collecting.seal_to, 0, "seal-to", "FILE",                            \
                    "encrypt to this certificate (PEM); its key alone opens the snapshot"),        \
            AS_OPTION_GROUP("Connection"),                                                         \
            AS_OPTION_TEXT(S, collecting.ca_file, 0, "ca-file", "FILE",                            \
                    "trust these authorities (PEM) in place of the system's"),                     \
            AS_OPTION_FLAG(S, collecting.no_exec, 0, "no-exec", "run no program for credentials"), \
            AS_OPTION_GROUP("Result"),                                                             \
            AS_OPTION_FLAG(S, collecting.print_policy, 0, "print-policy",                          \
                    "print the rights that collecting needs, and stop"),                           \
            AS_OPTION_FLAG(                                                                        \
                    S, collecting.strict, 0, "strict", "exit code 3 when something was refused"),  \
            AS_OPTION_FLAG(S, collecting.quiet, 'q', "quiet", "no progress and no summary")

/* Whether --resume was asked of a snapshot that is complete; it is said on stderr, and there is
 * nothing to do. */
bool as_collecting_is_done(as_cli *cli, const as_collecting *settings);
/* The snapshot and the connections. NULL after saying why on stderr. */
as_collect *as_collecting_begin(as_cli *cli, const as_collecting *settings);
/* The authorities of --ca-file, NULL without one; false after saying why they cannot be read. */
bool as_collecting_trust(as_cli *cli, const as_collecting *settings, const as_http_tls **tls);
/* The text of a file that an option names, "" for none; false after saying why it cannot be read.
 */
bool as_collecting_read(as_cli *cli, as_str path, as_str *text);
/* From now on the first SIGINT or SIGTERM sets what is returned, and the second ends the program.
 */
const bool volatile *as_collecting_watch_signals(void);
/* Finishes the snapshot: `scopes` (a list) says what was asked. `problem` is why nothing could be
 * collected. */
as_exit as_collecting_end(as_cli *cli, const as_collecting *settings, as_collect *collect,
        const as_value *scopes, as_str problem);

#endif
