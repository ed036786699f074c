/* assay graph [PATH…] */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/glob.h"
#include "engine/cli/scanning.h"
#include "engine/graph/export.h"
#include "engine/secrets/scrub.h"

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

/* --- secrets in attributes ----------------------------------------------------------------------- */

/* Where the secrets stand that the scan has found, sorted; and their texts. */
typedef struct planted {
    AS_VEC(as_span) spans;
    as_scrubber *scrubber;
} planted;

static int compare_spans(const void *a, const void *b)
{
    const as_span *x = a, *y = b;

    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->begin != y->begin ? (x->begin < y->begin ? -1 : 1) : 0;
}

static planted planted_of(as_arena *arena, const as_report *report)
{
    planted p = {.scrubber = report->scrubber};

    for (uint32_t id = 1; id <= as_graph_count(report->graph); id++) {
        const as_entity *e = as_graph_get(report->graph, id);
        if (as_str_starts(e->kind, "secret."))
            AS_VEC_PUSH(arena, &p.spans, e->span);
    }
    if (p.spans.n > 1)
        qsort(p.spans.items, p.spans.n, sizeof *p.spans.items, compare_spans);
    return p;
}

static bool holds_one(const planted *p, as_span place)
{
    size_t low = 0, high = p->spans.n; /* the first that begins at or behind the end of `place` */

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const as_span *s = &p->spans.items[middle];
        if (s->file < place.file || (s->file == place.file && s->begin < place.end))
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && p->spans.items[low - 1].file == place.file &&
           p->spans.items[low - 1].end > place.begin;
}

static bool hides(void *self, const as_value *v)
{
    const planted *p = self;

    if (holds_one(p, v->span))
        return true;
    for (const as_trail *t = as_value_trail(v); t; t = t->next)
        if (holds_one(p, t->span))
            return true;
    return p->scrubber && as_scrubber_run(p->scrubber, v->as.str).p != v->as.str.p;
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
    planted p = planted_of(cli->arena, report);
    as_graph_view view = {report->graph, report->sources, choose(cli, report->graph), s->attributes,
            hides, &p};
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
