/* assay rules schema [KIND…]: the kinds that rules judge, and the fields that they read. */
#include "engine/base/glob.h"
#include "engine/cli/cmd_rules.h"
#include "engine/schema/schema.h"
#include "reporters/json_out.h"

enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN };
static const char *const formats[] = {"text", "json", "markdown", NULL};

typedef struct settings {
    int format;
} settings;

static const char *type_name(as_field_type type)
{
    static const char *const names[] = {
            [AS_FIELD_ANY] = "any",
            [AS_FIELD_BOOL] = "bool",
            [AS_FIELD_NUMBER] = "number",
            [AS_FIELD_STRING] = "string",
            [AS_FIELD_LIST] = "list",
            [AS_FIELD_MAP] = "map",
    };
    return names[type];
}

/* As it stands in a schema file: "@versioning.status == Enabled". */
static as_str place_text(as_arena *arena, const as_place *place)
{
    static const char *const compares[] = {
            [AS_COMPARE_NONE] = "",
            [AS_COMPARE_EQ] = " == ",
            [AS_COMPARE_NE] = " != ",
            [AS_COMPARE_PRESENT] = " ?",
    };
    return as_str_fmt(arena, "%s%.*s%s%.*s%s%.*s", place->satellite.n > 0 ? "@" : "",
            AS_STR_ARG(place->satellite), place->satellite.n > 0 && place->path.n > 0 ? "." : "",
            AS_STR_ARG(place->path), compares[place->compare], AS_STR_ARG(place->literal));
}

static as_str default_text(as_arena *arena, const as_field *field)
{
    as_buf buf;

    as_buf_init(&buf, arena, 0);
    if (field->fallback)
        as_value_write_json(&buf, field->fallback, (as_json_style){0});
    return as_buf_view(&buf);
}

static as_str source_name(as_str source)
{
    if (as_str_is(source, "tf"))
        return AS_STR("terraform");
    return source.n == 0 ? AS_STR("all") : source;
}

/* --- text and markdown --------------------------------------------------------------------------
 */

static void write_places(as_cli *cli, as_buf *buf, const as_field *field, const char *quote)
{
    for (size_t i = 0; i < field->n_sources; i++) {
        as_str name = source_name(field->sources[i].source);
        as_buf_fmt(buf, "%s%.*s: ", i > 0 ? "; " : "", AS_STR_ARG(name));
        for (size_t k = 0; k < field->sources[i].n_places; k++) {
            as_str place = place_text(cli->arena, &field->sources[i].places[k]);
            as_buf_fmt(buf, "%s%s%.*s%s", k > 0 ? ", else " : "", quote, AS_STR_ARG(place), quote);
        }
    }
}

static void write_text(as_cli *cli, as_buf *buf, const as_entity_schema *schema)
{
    as_buf_fmt(buf, "%.*s  %.*s\n", AS_STR_ARG(schema->kind), AS_STR_ARG(schema->doc));
    for (size_t i = 0; i < schema->types.n; i++)
        as_buf_fmt(buf, "  of %.*s\n", AS_STR_ARG(schema->types.items[i]));
    for (size_t i = 0; i < schema->n_fields; i++) {
        const as_field *field = &schema->fields[i];
        as_str fallback = default_text(cli->arena, field);
        as_buf_fmt(buf, "  %-36.*s %-7s", AS_STR_ARG(field->name), type_name(field->type));
        if (fallback.n > 0)
            as_buf_fmt(buf, " default %.*s", AS_STR_ARG(fallback));
        as_buf_fmt(buf, "%s%.*s\n", field->doc.n > 0 ? "  " : "", AS_STR_ARG(field->doc));
        as_buf_cstr(buf, "      ");
        write_places(cli, buf, field, "");
        as_buf_char(buf, '\n');
    }
    as_buf_char(buf, '\n');
}

static void write_markdown(as_cli *cli, as_buf *buf, const as_entity_schema *schema)
{
    as_buf_fmt(buf, "## %.*s\n\n%.*s\n\n", AS_STR_ARG(schema->kind), AS_STR_ARG(schema->doc));
    for (size_t i = 0; i < schema->types.n; i++)
        as_buf_fmt(buf, "%s`%.*s`", i > 0 ? ", " : "Made of: ", AS_STR_ARG(schema->types.items[i]));
    as_buf_cstr(buf, "\n\n| field | type | default | where | |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < schema->n_fields; i++) {
        const as_field *field = &schema->fields[i];
        as_str fallback = default_text(cli->arena, field);
        as_buf_fmt(buf, "| `%.*s` | %s | %s%.*s%s | ", AS_STR_ARG(field->name),
                type_name(field->type), fallback.n > 0 ? "`" : "", AS_STR_ARG(fallback),
                fallback.n > 0 ? "`" : "");
        write_places(cli, buf, field, "`");
        as_buf_fmt(buf, " | %.*s |\n", AS_STR_ARG(field->doc));
    }
    as_buf_char(buf, '\n');
}

/* --- json ---------------------------------------------------------------------------------------
 */

static void write_field_json(as_cli *cli, as_json_out *out, const as_field *field)
{
    as_json_open(out, NULL, '{');
    as_json_str(out, "name", field->name);
    as_json_cstr(out, "type", type_name(field->type));
    as_json_str_if(out, "doc", field->doc);
    as_json_str_if(out, "default", default_text(cli->arena, field));
    as_json_str_if(out, "unknown", field->unsure);
    as_json_open(out, "sources", '{');
    for (size_t i = 0; i < field->n_sources; i++) {
        as_json_open(out, as_str_cstr(cli->arena, source_name(field->sources[i].source)), '[');
        for (size_t k = 0; k < field->sources[i].n_places; k++)
            as_json_str(out, NULL, place_text(cli->arena, &field->sources[i].places[k]));
        as_json_close(out, ']');
    }
    as_json_close(out, '}');
    as_json_close(out, '}');
}

static void write_json(as_cli *cli, as_json_out *out, const as_entity_schema *schema)
{
    as_json_open(out, NULL, '{');
    as_json_str(out, "kind", schema->kind);
    as_json_str(out, "doc", schema->doc);
    as_json_strs(out, "types", schema->types.items, schema->types.n);
    as_json_str_if(out, "tags", schema->tags);
    as_json_open(out, "satellites", '{');
    for (size_t i = 0; i < schema->n_satellites; i++) {
        const as_satellite *satellite = &schema->satellites[i];
        as_json_strs(out, as_str_cstr(cli->arena, satellite->name), satellite->types.items,
                satellite->types.n);
    }
    as_json_close(out, '}');
    as_json_open(out, "fields", '[');
    for (size_t i = 0; i < schema->n_fields; i++)
        write_field_json(cli, out, &schema->fields[i]);
    as_json_close(out, ']');
    as_json_close(out, '}');
}

/* --- command ------------------------------------------------------------------------------------
 */

static bool is_wanted(as_cli *cli, const as_entity_schema *schema)
{
    for (size_t i = 0; i < cli->args.n; i++) {
        if (as_glob_match(cli->args.items[i], schema->kind))
            return true;
        for (size_t k = 0; k < schema->types.n; k++)
            if (as_str_eq(cli->args.items[i], schema->types.items[k]))
                return true;
    }
    return cli->args.n == 0;
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    size_t n, shown = 0;
    const as_entity_schema *all = as_schema_all(&n);
    as_buf buf;

    as_buf_init(&buf, cli->arena, 0);
    as_json_out out = {.buf = &buf, .indent = 2};
    if (s->format == FORMAT_JSON)
        as_json_open(&out, NULL, '[');
    for (size_t i = 0; i < n; i++) {
        if (!is_wanted(cli, &all[i]))
            continue;
        shown++;
        if (s->format == FORMAT_JSON)
            write_json(cli, &out, &all[i]);
        else if (s->format == FORMAT_MARKDOWN)
            write_markdown(cli, &buf, &all[i]);
        else if (cli->args.n > 0)
            write_text(cli, &buf, &all[i]);
        else
            as_buf_fmt(&buf, "%-40.*s %.*s\n", AS_STR_ARG(all[i].kind), AS_STR_ARG(all[i].doc));
    }
    if (s->format == FORMAT_JSON) {
        as_json_close(&out, ']');
        as_buf_char(&buf, '\n');
    }
    if (shown == 0)
        return as_cli_error(cli,
                "no kind or type is called '%.*s'; 'assay rules schema' lists them",
                AS_STR_ARG(cli->args.items[0]));
    return as_cli_print(cli, as_buf_view(&buf));
}

static const as_option options[] = {
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats, "form (default: text)"),
        AS_OPTION_END,
};

static const as_example examples[] = {{"assay rules schema", "the kinds"},
        {"assay rules schema aws.s3.bucket", "the fields of one, and where each lies"},
        {"assay rules schema aws_db_instance", "the same, by the type of a resource"},
        {"assay rules schema --format markdown 'k8s.*'", "a reference to read"}, {NULL, NULL}};

const as_command as_command_rules_schema = {
        .name = "schema",
        .summary = "show the kinds of resources and their fields",
        .usage = "[OPTION…] [KIND…]",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
