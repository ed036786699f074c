#include "engine/cli/iam_asking.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/file.h"

enum { FORMAT_JSON = 1 };

/* The first error stands; what follows it is dropped. */
static void print_piece(void *self, as_str text)
{
    as_iam_asking *a = self;
    if (a->problem == 0 && !as_fd_write(STDOUT_FILENO, text))
        a->problem = errno;
}

bool as_iam_asking_start(as_iam_asking *a, as_cli *cli)
{
    as_iam_settings *s = cli->settings;
    const as_config *config = NULL;
    s->scanning.graph_only = true;
    *a = (as_iam_asking){.cli = cli};
    a->report = as_scanning_run(cli, &s->scanning, &config);
    if (!a->report)
        return false;
    if (!s->scanning.quiet)
        as_cli_print_diags(cli, a->report->sources, a->report->diags);
    a->accounts = as_iam_accounts_of(cli->arena, a->report->graph);
    a->worlds = as_worlds_of(cli->arena, a->report->graph, a->accounts);
    as_buf_init_sink(&a->out, cli->arena, print_piece, a);
    a->json = (as_json_out){.buf = &a->out, .indent = 2};
    return true;
}

bool as_iam_asking_is_json(const as_iam_asking *a)
{
    return ((const as_iam_settings *)a->cli->settings)->format == FORMAT_JSON;
}

as_exit as_iam_asking_finish(as_iam_asking *a, as_exit answer)
{
    if (as_iam_asking_is_json(a))
        as_buf_char(&a->out, '\n');
    as_buf_flush(&a->out);
    as_exit printed = a->problem == 0 ? AS_EXIT_OK
                                      : as_cli_error(a->cli, "cannot write the output: %s",
                                                strerror(a->problem));
    if (printed != AS_EXIT_OK || answer != AS_EXIT_OK)
        return printed != AS_EXIT_OK ? printed : answer;
    return a->report->diags->n_errors > 0 ? AS_EXIT_PARTIAL : AS_EXIT_OK;
}

as_str as_iam_asking_path(const as_iam_asking *a, as_span span, uint32_t *line)
{
    const as_source *source = as_sources_get(a->report->sources, span.file);
    if (!source)
        return AS_STR("");
    *line = as_sources_position(a->report->sources, span.file, span.begin).line;
    return source->path;
}

void as_iam_asking_place(as_iam_asking *a, as_span span)
{
    uint32_t line = 0;
    as_str path = as_iam_asking_path(a, span, &line);
    if (path.n > 0)
        as_buf_fmt(&a->out, " (%.*s:%u)",
                AS_STR_ARG(as_path_prefixed(a->out.arena, a->report->path_prefix, path)), line);
}

void as_iam_asking_json_place(as_iam_asking *a, const char *key, as_span span)
{
    uint32_t line = 0;
    as_str path = as_iam_asking_path(a, span, &line);
    if (path.n == 0)
        return;
    as_json_open(&a->json, key, '{');
    as_json_str(&a->json, "path", path);
    as_json_size(&a->json, "line", line);
    as_json_close(&a->json, '}');
}

as_exit as_iam_asking_exit(as_truth truth)
{
    return truth == AS_YES ? AS_EXIT_OK : truth == AS_MAYBE ? AS_EXIT_PARTIAL : AS_EXIT_FINDINGS;
}

const as_ways *as_iam_asking_ways(as_iam_asking *a)
{
    if (!a->ways)
        a->ways = as_worlds_search(a->cli->arena, a->worlds)->ways;
    return a->ways;
}
