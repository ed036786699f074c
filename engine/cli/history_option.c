#include "engine/cli/history_option.h"

#include <stdlib.h>

as_str as_history_where(as_cli *cli, as_str named)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

    if (named.n > 0)
        return named;
    return state && *state ? as_str_fmt(cli->arena, "%s/assay/history.sqlite", state)
                           : as_str_fmt(cli->arena, "%s/.local/state/assay/history.sqlite",
                                     home ? home : "");
}

as_str as_history_scope(as_cli *cli, as_str named)
{
    char real[4096];
    const char *path = cli->args.n == 1 ? cli->args.items[0].p : ".";

    if (named.n > 0)
        return named;
    return realpath(path, real) ? as_str_dup(cli->arena, as_str_from(real)) : as_str_from(path);
}
