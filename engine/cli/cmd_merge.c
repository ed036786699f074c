/* assay merge RESULT… */
#include "engine/cli/gate.h"
#include "engine/base/file.h"
#include "engine/base/limits.h"
#include "engine/cli/shards.h"
#include "engine/graph/export.h"

typedef struct settings {
    as_scanning scanning;
    as_reporting reporting;
    as_str_list graphs;
    bool partial;
} settings;

/* "ndjson=facts.ndjson" */
static const as_graph_format *graph_of(as_cli *cli, as_str output, as_str *file)
{
    size_t equals = as_str_find_char(output, '=');
    as_str name = as_str_slice(output, 0, equals);

    *file = as_str_from_index(output, equals == (size_t)-1 ? output.n : equals + 1);
    for (const as_graph_format *f = as_graph_formats; f->name && file->n > 0; f++)
        if (as_str_is(name, f->name))
            return f;
    as_cli_usage_error(cli,
            "--graph '%.*s': FORMAT=FILE is expected, of the formats of assay graph",
            AS_STR_ARG(output));
    return NULL;
}

static bool graphs_valid(as_cli *cli, const as_str_list *graphs)
{
    as_str file;

    for (size_t i = 0; i < graphs->n; i++)
        if (!graph_of(cli, graphs->items[i], &file))
            return false;
    return true;
}

static bool write_graphs(as_cli *cli, const as_str_list *graphs, const as_report *report)
{
    as_graph_view view = {.graph = report->graph, .sources = report->sources};

    for (size_t i = 0; i < graphs->n; i++) {
        as_str file, problem;
        as_buf text;
        const as_graph_format *format = graph_of(cli, graphs->items[i], &file);
        as_buf_init(&text, cli->arena, AS_MAX_UNIT_BYTES);
        format->write(&view, &text);
        problem = as_file_write(cli->arena, file, as_buf_view(&text));
        if (problem.n > 0) {
            as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
            return false;
        }
    }
    return true;
}

static as_exit run(as_cli *cli)
{
    settings *s = cli->settings;
    const as_config *config = NULL;

    s->scanning.gate = true;
    if (!as_reporting_valid(cli, &s->reporting) || !graphs_valid(cli, &s->graphs))
        return AS_EXIT_ERROR;
    s->scanning.locate_fixes = s->reporting.format != 0 || s->reporting.outputs.n > 0;
    const as_report *report = as_shards_merge(cli, &s->scanning, s->partial, &config);
    if (!report || !write_graphs(cli, &s->graphs, report))
        return AS_EXIT_ERROR;
    as_exit written = as_reporting_write(cli, &s->reporting, s->scanning.quiet, report);
    if (written != AS_EXIT_OK)
        return written;
    return as_gate_decides(&s->reporting, config)
                   ? as_gate_verdict(cli, &s->reporting, &s->scanning, config, report)
                   : as_reporting_verdict(&s->reporting, config, report);
}

static const as_option options[] = {
        AS_OPTION_FLAG(settings, partial, 0, "partial",
                "merge what is there: what needs a missing part is unknown"),
        AS_REPORTING_OUTPUT_OPTIONS(settings),
        AS_OPTION_LIST(settings, graphs, 0, "graph", "FORMAT=FILE",
                "write the facts to a file as well, in a format of assay graph"),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet",
                "only what fails and what could not be read"),
        AS_REPORTING_EXIT_OPTIONS(settings),
        AS_OPTION_GROUP("Where it lies here (default: where the shards found it)"),
        AS_OPTION_TEXT(settings, scanning.config, 0, "config", "FILE", "the configuration"),
        AS_OPTION_TEXT(settings, scanning.baseline, 0, "baseline", "FILE", "the baseline"),
        AS_OPTION_LIST(settings, scanning.rule_dirs, 0, "rules", "DIR", "further rules"),
        AS_OPTION_INT(
                settings, scanning.jobs, 'j', "jobs", "N", "threads (default: one a processor)"),
        AS_OPTION_END,
};

static const settings defaults = {.reporting = AS_REPORTING_DEFAULTS};

static const as_example examples[] = {
        {"assay merge results/*.assay", "the report that one scan of everything would have given"},
        {"assay merge --output sarif=assay.sarif --fail-on high results/*.assay", "in CI"},
        {NULL, NULL}};

const as_command as_command_merge = {
        .name = "merge",
        .summary = "one report of what several machines have scanned",
        .usage = "[OPTION…] RESULT…",
        .description =
                "Takes the results of assay scan --shard 1/N … N/N, joins what they found, judges "
                "what "
                "none of them could judge alone, and reports as one scan of everything would have: "
                "the same bytes, the same exit code.\n"
                "\n"
                "All results have to be there, and made by the same version with the same options, "
                "rules, "
                "configuration and files. The configuration and rules are read here again and have "
                "to be the same.",
        .options = options,
        .settings_size = sizeof(settings),
        .defaults = &defaults,
        .examples = examples,
        .run = run,
};
