/* assay graph [PATH…] */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/glob.h"
#include "engine/cli/scanning.h"
#include "engine/graph/export.h"
#include "engine/scan/planted.h"

static const char *const formats[] = {
        "json", "ndjson", "dot", "mermaid", "graphml", "neo4j-csv", "neptune-csv", NULL};

typedef struct settings {
    as_scanning scanning;
    int format;
    as_str_list kinds;
    bool attributes, connected;
} settings;

static bool kind_wanted(const settings *s, const as_entity *e)
{
    for (size_t i = 0; i < s->kinds.n; i++)
        if (as_glob_match(s->kinds.items[i], e->kind))
            return true;
    return s->kinds.n == 0;
}

static bool has_edges(const as_graph *graph, uint32_t id)
{
    size_t from, to;

    (void)as_graph_edges_from(graph, id, &from);
    (void)as_graph_edges_to(graph, id, &to);
    return from + to > 0;
}

static const bool *choose(as_cli *cli, const as_graph *graph)
{
    const settings *s = cli->settings;
    size_t n = as_graph_count(graph);
    bool *shown = AS_NEW_ARRAY(cli->arena, bool, n + 1);

    for (uint32_t id = 1; id <= n; id++)
        shown[id] =
                kind_wanted(s, as_graph_get(graph, id)) && (!s->connected || has_edges(graph, id));
    return shown;
}

static void print_piece(void *self, as_str text)
{
    int *problem = self;

    if (*problem == 0 && !as_fd_write(STDOUT_FILENO, text))
        *problem = errno;
}

static as_exit run(as_cli *cli)
{
    settings *s = cli->settings;
    const as_config *config = NULL;
    int problem = 0;
    as_buf buf;

    s->scanning.graph_only = true;
    const as_report *report = as_scanning_run(cli, &s->scanning, &config);
    if (!report)
        return AS_EXIT_ERROR;
    if (!s->scanning.quiet)
        as_cli_print_diags(cli, report->sources, report->diags);
    as_graph_view view = {report->graph, report->sources, choose(cli, report->graph), s->attributes,
            as_planted_hides, as_planted_new(cli->arena, report)};
    as_buf_init_sink(&buf, cli->arena, print_piece, &problem);
    as_graph_formats[s->format].write(&view, &buf);
    as_buf_flush(&buf);
    if (problem != 0)
        return as_cli_error(cli, "cannot write the output: %s", strerror(problem));
    return report->diags->n_errors > 0 ? AS_EXIT_PARTIAL : AS_EXIT_OK;
}

static const as_option options[] = {
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats, "form (default: json)"),
        AS_OPTION_LIST(
                settings, kinds, 0, "kind", "KIND", "only these kinds; wildcards are allowed"),
        AS_OPTION_FLAG(settings, connected, 0, "connected", "only entities that have an edge"),
        AS_OPTION_FLAG(settings, attributes, 0, "attributes",
                "with the attributes of each entity (json, ndjson)"),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet", "no diagnostics on stderr"),
        AS_OPTION_TEXT(settings, scanning.config, 0, "config", "FILE",
                "the configuration (default: the nearest .assay.yaml)"),
        AS_SCANNING_GIT_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay graph --format mermaid --kind 'aws.*' --connected infra/",
                "a picture for a README"},
        {"assay graph --format dot . | dot -Tsvg > graph.svg", "the same through Graphviz"},
        {"assay graph --format ndjson --attributes . > facts.ndjson", "for DuckDB, Spark or Trino"},
        {NULL, NULL}};

const as_command as_command_graph = {
        .name = "graph",
        .summary = "print the fact graph: resources and what joins them",
        .usage = "[OPTION…] [PATH…]",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
