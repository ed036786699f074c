/* assay lsp */
#include "engine/lsp/lsp.h"

#include <unistd.h>

#include "engine/cli/command.h"

typedef struct settings {
    bool stdio;
} settings;

static as_exit run(as_cli *cli)
{
    if (cli->args.n > 0)
        return as_cli_usage_error(cli, "it takes no arguments: editors start it and talk to it");
    return as_lsp_serve(STDIN_FILENO, STDOUT_FILENO) == 0 ? AS_EXIT_OK : AS_EXIT_FINDINGS;
}

static const as_option options[] = {
        AS_OPTION_FLAG(
                settings, stdio, 0, "stdio", "the only way there is; for editors that say so"),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay lsp", "for the editor: a language server on stdin and stdout"}, {NULL, NULL}};

const as_command as_command_lsp = {
        .name = "lsp",
        .summary = "serve editors: diagnostics, hovers, definitions, quick fixes",
        .usage = "[OPTION…]",
        .description = "Speaks the Language Server Protocol (3.17) on stdin and stdout, for "
                       "Terraform, Kubernetes "
                       "manifests, charts and their values, workflows, and rule files. What is "
                       "open in the editor "
                       "stands in place of the file on disk. A quick fix is offered when it is "
                       "proven, as 'assay fix' "
                       "does it.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
