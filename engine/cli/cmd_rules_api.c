/* assay rules api: what rules may call and read, as a page. */
#include "engine/cli/cmd_rules.h"
#include "engine/lua/api.h"

static as_exit run(as_cli *cli)
{
    as_buf out;

    as_buf_init(&out, cli->arena, 0);
    as_lua_api_markdown(&out);
    return as_cli_print(cli, as_buf_view(&out));
}

const as_command as_command_rules_api = {
        .name = "api",
        .summary = "the functions that rules may call, as a page of Markdown",
        .usage = "",
        .run = run,
};
