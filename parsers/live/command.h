/* Programs that hand out credentials (exec plug-ins of kubeconfig, credential_process of AWS): run
 * without a shell, with a time limit, for what they print. Collectors alone use this; nothing that
 * scans does. */
#ifndef AS_LIVE_COMMAND_H
#define AS_LIVE_COMMAND_H

#include "engine/base/arena.h"

typedef struct as_command_line {
    as_strs argv;    /* the first is looked for in $PATH unless it has a '/' */
    as_strs environ; /* "NAME=value", beside what this process has */
    int timeout_s;   /* 0: 60 */
} as_command_line;

/* What it prints on stdout, at most 1 MiB; its stderr is this process's. False with *problem when
 * it cannot be run, fails, or takes too long. */
bool as_command_line_run(
        as_arena *arena, const as_command_line *line, as_str *out, as_str *problem) AS_MUST_CHECK;

#endif
