/* assay query EXPR [PATH…] */
#include "engine/cli/scanning.h"
#include "engine/query/query.h"
#include "reporters/json_out.h"
#include "reporters/terminal.h"

enum { FORMAT_TEXT, FORMAT_JSON };
static const char *const formats[] = {"text", "json", NULL};

typedef struct settings {
    as_scanning scanning;
    int format;
} settings;

static as_position place_of(const as_report *report, const as_entity *e, as_str *path)
{
    as_span span = e->head.file != 0 ? e->head : e->span;
    const as_source *source = as_sources_get(report->sources, span.file);

    *path = source ? source->path : AS_STR("");
    return as_sources_position(report->sources, span.file, span.begin);
}

static void write_text(
        as_buf *buf, const as_report *report, const as_query_result *result, size_t n_steps)
{
    for (size_t i = 0; i < result->matches.n; i++) {
        for (size_t k = 0; k < n_steps; k++) {
            const as_entity *e = result->matches.items[i].chain[k];
            as_str path;
            as_position at = place_of(report, e, &path);
            as_buf_cstr(buf, k > 0 ? "    " : "");
            as_terminal_text(buf, e->address);
            as_buf_fmt(buf, "  %.*s  ", AS_STR_ARG(e->kind));
            as_terminal_text(buf, path);
            as_buf_fmt(buf, ":%u\n", at.line);
        }
    }
    for (size_t i = 0; i < result->undecided.n; i++) {
        as_buf_cstr(buf, "? ");
        as_terminal_text(buf, result->undecided.items[i].entity->address);
        as_buf_cstr(buf, "  ");
        as_terminal_text(buf, result->undecided.items[i].reason);
        as_buf_char(buf, '\n');
    }
}

static void write_entity(as_json_out *out, const as_report *report, const as_entity *e)
{
    as_str path;
    as_position at = place_of(report, e, &path);

    as_json_open(out, NULL, '{');
    as_json_str(out, "address", e->address);
    as_json_str(out, "kind", e->kind);
    as_json_str(out, "type", e->type);
    as_json_str(out, "path", path);
    as_json_size(out, "line", at.line);
    as_json_close(out, '}');
}

static void write_json(
        as_buf *buf, const as_report *report, const as_query_result *result, size_t n_steps)
{
    as_json_out out = {.buf = buf, .indent = 2};

    as_json_open(&out, NULL, '{');
    as_json_open(&out, "matches", '[');
    for (size_t i = 0; i < result->matches.n; i++) {
        as_json_open(&out, NULL, '[');
        for (size_t k = 0; k < n_steps; k++)
            write_entity(&out, report, result->matches.items[i].chain[k]);
        as_json_close(&out, ']');
    }
    as_json_close(&out, ']');
    as_json_open(&out, "undecided", '[');
    for (size_t i = 0; i < result->undecided.n; i++) {
        as_json_open(&out, NULL, '{');
        as_json_str(&out, "address", result->undecided.items[i].entity->address);
        as_json_str(&out, "reason", result->undecided.items[i].reason);
        as_json_close(&out, '}');
    }
    as_json_close(&out, ']');
    as_json_bool(&out, "cut", result->cut);
    as_json_close(&out, '}');
    as_buf_char(buf, '\n');
}

static as_exit run(as_cli *cli)
{
    settings *s = cli->settings;
    const as_config *config = NULL;
    as_str problem = AS_STR("");
    as_query_result result;
    as_diags diags;
    as_buf buf;

    if (cli->args.n == 0)
        return as_cli_usage_error(
                cli, "an expression is expected ('aws.s3.bucket[not e.versioning.enabled]')");
    as_query *query = as_query_parse(cli->arena, cli->args.items[0], &problem);
    if (!query)
        return as_cli_error(cli, "the query: %.*s", AS_STR_ARG(problem));
    cli->args.items++;
    cli->args.n--;
    s->scanning.graph_only = true;
    const as_report *report = as_scanning_run(cli, &s->scanning, &config);
    if (!report)
        return AS_EXIT_ERROR;
    as_diags_init(&diags, cli->arena);
    as_query_run(query, report->graph, report->sources, cli->arena, &diags, &result);
    if (!s->scanning.quiet)
        as_cli_print_diags(cli, report->sources, report->diags);
    as_cli_print_diags(cli, report->sources, &diags);
    if (diags.n_errors > 0)
        return AS_EXIT_ERROR;
    as_buf_init(&buf, cli->arena, 0);
    if (s->format == FORMAT_JSON)
        write_json(&buf, report, &result, as_query_steps(query));
    else
        write_text(&buf, report, &result, as_query_steps(query));
    if (result.cut)
        as_cli_error(cli, "only the first %d matches are shown", AS_QUERY_MAX_MATCHES);
    if (as_cli_print(cli, as_buf_view(&buf)) != AS_EXIT_OK)
        return AS_EXIT_ERROR;
    return report->diags->n_errors > 0 ? AS_EXIT_PARTIAL : AS_EXIT_OK;
}

static const as_option options[] = {
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats, "form (default: text)"),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet", "no diagnostics on stderr"),
        AS_OPTION_TEXT(settings, scanning.config, 0, "config", "FILE",
                "the configuration (default: the nearest .assay.yaml)"),
        AS_SCANNING_GIT_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay query 'aws.s3.bucket[not e.versioning.enabled]' infra/",
                "buckets without versions; what cannot be decided is marked '?'"},
        {"assay query 'k8s.service -selects-> k8s.workload[e.space == \"shop\"]'", "along an edge"},
        {"assay query 'aws.kms.key <-*- *'", "whatever leads to a key"}, {NULL, NULL}};

const as_command as_command_query = {
        .name = "query",
        .summary = "find resources by an expression over the fact graph",
        .usage = "[OPTION…] EXPR [PATH…]",
        .description = "EXPR is a kind (wildcards allowed) with a condition in brackets, or a "
                       "chain of such along "
                       "edges: KIND[COND] -EDGE-> KIND, KIND <-EDGE- KIND. Conditions are Lua over "
                       "`e`, as in "
                       "rules; 'assay rules schema' lists kinds and fields.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
