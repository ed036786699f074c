/* assay rules new ID: a rule file to start from. */
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/cli/cmd_rules.h"
#include "engine/schema/schema.h"

static const char *const severities[] = {"critical", "high", "medium", "low", "info", NULL};

typedef struct settings {
    as_str title, category, kind, file;
    int severity;
    bool force;
} settings;

static bool id_valid(as_str id)
{
    bool valid = id.n > 0 && id.n <= 64;

    for (size_t i = 0; i < id.n && valid; i++)
        valid = as_char_in(id.p[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    return valid;
}

/* An example of the kind's first type, in the language of that type. */
static void write_example(as_buf *buf, const as_entity_schema *schema, const char *name)
{
    as_str type = schema->types.n > 0 ? schema->types.items[0] : AS_STR("");
    size_t slash = as_str_find_char(type, '/');

    if (slash != (size_t)-1 || (type.n > 0 && type.p[0] >= 'A' && type.p[0] <= 'Z')) {
        as_str group = slash == (size_t)-1 ? AS_STR("") : as_str_slice(type, 0, slash);
        as_str kind = slash == (size_t)-1 ? type : as_str_from_index(type, slash + 1);
        as_buf_fmt(buf, "yaml [[\napiVersion: %.*s%sv1\nkind: %.*s\nmetadata: { name: %s }\n]]",
                AS_STR_ARG(group), group.n > 0 ? "/" : "", AS_STR_ARG(kind),
                as_str_is(as_str_from(name), "fire") ? "fire" : "dont-fire");
    } else {
        as_buf_fmt(buf, "[[\nresource \"%.*s\" \"%s\" {\n}\n]]", AS_STR_ARG(type), name);
    }
}

static void write_rule(as_buf *buf, const settings *s, as_str id, const as_entity_schema *schema)
{
    as_str title = s->title.n > 0 ? s->title : AS_STR("What is wrong, in one line");
    as_str field = schema->n_fields > 0 ? schema->fields[0].name : AS_STR("raw.attribute");

    as_buf_fmt(buf, "return rule {\n  id = \"%.*s\", title = ", AS_STR_ARG(id));
    as_buf_json_string(buf, title);
    as_buf_fmt(buf, ",\n  severity = \"%s\", category = ", severities[s->severity]);
    as_buf_json_string(buf, s->category.n > 0 ? s->category : AS_STR("hygiene"));
    as_buf_fmt(buf,
            ",\n  for_each = \"%.*s\",\n"
            "  description = [[Why it matters.]],\n"
            "  remediation = [[What to write instead.]],\n"
            "  references = { },\n"
            "  -- The fields: assay rules schema %.*s\n"
            "  check = function(e)\n"
            "    if e.%.*s == nil then return fail(e.name .. \": say what is wrong here\") end\n"
            "  end,\n"
            "  tests = {\n    fail = { ",
            AS_STR_ARG(schema->kind), AS_STR_ARG(schema->kind), AS_STR_ARG(field));
    write_example(buf, schema, "fire");
    as_buf_cstr(buf, " },\n    pass = { ");
    write_example(buf, schema, "dont_fire");
    as_buf_cstr(buf, " },\n  },\n}\n");
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    as_buf buf;

    if (cli->args.n != 1 || !id_valid(cli->args.items[0]))
        return as_cli_usage_error(cli, "the id of the rule is expected: capital letters, digits "
                                       "and dashes (ACME-NET-001)");
    if (s->kind.n == 0)
        return as_cli_usage_error(cli, "--for: the kind that it judges is expected");
    const as_entity_schema *schema = as_schema_of_kind(s->kind);
    if (!schema)
        schema = as_schema_of_type(s->kind);
    if (!schema)
        return as_cli_error(cli,
                "no kind or type is called '%.*s'; 'assay rules schema' lists them",
                AS_STR_ARG(s->kind));
    as_buf_init(&buf, cli->arena, 0);
    write_rule(&buf, s, cli->args.items[0], schema);
    if (s->file.n == 0)
        return as_cli_print(cli, as_buf_view(&buf));
    if (!s->force && access(as_str_cstr(cli->arena, s->file), F_OK) == 0)
        return as_cli_error(
                cli, "%.*s is there already (--force overwrites it)", AS_STR_ARG(s->file));
    as_str problem = as_file_write(cli->arena, s->file, as_buf_view(&buf));
    return problem.n == 0 ? AS_EXIT_OK : as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
}

static const as_option options[] = {
        AS_OPTION_TEXT(settings, kind, 0, "for", "KIND", "the kind or type that it judges"),
        AS_OPTION_TEXT(settings, title, 0, "title", "TEXT", "what is wrong, in one line"),
        AS_OPTION_ENUM(
                settings, severity, 0, "severity", "SEVERITY", severities, "(default: medium)"),
        AS_OPTION_TEXT(settings, category, 0, "category", "NAME", "(default: hygiene)"),
        AS_OPTION_TEXT(
                settings, file, 'o', "output", "FILE", "where to write it (default: stdout)"),
        AS_OPTION_FLAG(settings, force, 0, "force", "overwrite the file"),
        AS_OPTION_END,
};

static const settings defaults = {.severity = 2};

static const as_example examples[] = {
        {"assay rules new ACME-S3-001 --for aws.s3.bucket -o .assay/rules/bucket-name.lua",
                "a rule about buckets"},
        {"assay test .assay/rules", "then make its examples come true"}, {NULL, NULL}};

const as_command as_command_rules_new = {
        .name = "new",
        .summary = "write a rule to start from",
        .usage = "[OPTION…] --for KIND ID",
        .options = options,
        .settings_size = sizeof(settings),
        .defaults = &defaults,
        .examples = examples,
        .run = run,
};
