/* assay rules types: what rules may call and read, as annotations for lua-language-server
 * (https://luals.github.io/wiki/annotations/). */
#include "engine/cli/cmd_rules.h"
#include "engine/base/map.h"
#include "engine/lua/api.h"
#include "engine/schema/schema.h"

/* The shape of a rule; rules/README.md says it in words. Fields of an entity and functions follow.
 */
static const char globals[] =
        "---@meta\n"
        "-- Written by 'assay rules types'. In .luarc.json: {\"workspace.library\": [\"the folder "
        "of this file\"]}\n"
        "\n"
        "---@class assay.failure\n"
        "---@class assay.fix\n"
        "---@class assay.example\n"
        "\n"
        "---@class assay.options\n"
        "---@field at? any where to point: a value, an entity, or the name of a field\n"
        "---@field within? any the part of the entity to which fixes 'within.…' belong\n"
        "---@field case? string\n"
        "---@field severity? 'info'|'low'|'medium'|'high'|'critical'\n"
        "---@field evidence? table\n"
        "\n"
        "---@class assay.rule\n"
        "---@field id string\n"
        "---@field title string\n"
        "---@field severity 'info'|'low'|'medium'|'high'|'critical'\n"
        "---@field category string\n"
        "---@field for_each string|string[]\n"
        "---@field where? fun(e: any): boolean?\n"
        "---@field check fun(e: any): assay.failure|assay.failure[]?\n"
        "---@field fix? assay.fix|assay.fix[]\n"
        "---@field tests? table<string, (string|assay.example)[]>\n"
        "---@field description? string\n"
        "---@field remediation? string\n"
        "---@field references? string[]\n"
        "---@field aliases? table\n"
        "---@field frameworks? string[]\n"
        "---@field classes? table<string, string>\n"
        "---@field version? integer\n"
        "---@field changes? string[]\n"
        "---@field yields_to? string[]\n"
        "---@field deprecated? boolean\n"
        "---@field parameters? table\n"
        "\n"
        "---@class assay.entity\n";

static const char *type_of(const as_field *field)
{
    static const char *const names[] = {"any", "boolean", "number", "string", "any[]", "table"};
    return names[field->type];
}

/* "a.b.c" below prefix "a" → "b"; *leaf when nothing follows. */
static as_str next_name(as_str field, as_str prefix, bool *leaf)
{
    as_str rest = prefix.n == 0 ? field : as_str_from_index(field, prefix.n + 1);
    size_t dot = as_str_find_char(rest, '.');

    *leaf = dot == (size_t)-1;
    return *leaf ? rest : as_str_slice(rest, 0, dot);
}

static bool lies_below(as_str field, as_str prefix)
{
    return prefix.n == 0 || (field.n > prefix.n && field.p[prefix.n] == '.' &&
                                    as_str_eq(as_str_slice(field, 0, prefix.n), prefix));
}

/* The class of the fields below `prefix`, and after it those of what lies below them. */
static void write_class(as_buf *out, const as_entity_schema *schema, as_str prefix, int depth)
{
    as_map below = {0};

    as_buf_fmt(out, "\n---@class %.*s%s%.*s%s\n", AS_STR_ARG(schema->kind), prefix.n > 0 ? "." : "",
            AS_STR_ARG(prefix), prefix.n > 0 ? "" : " : assay.entity");
    for (size_t i = 0; i < schema->n_fields; i++) {
        const as_field *field = &schema->fields[i];
        bool leaf;
        if (!lies_below(field->name, prefix))
            continue;
        as_str name = next_name(field->name, prefix, &leaf);
        as_str full = prefix.n == 0 ? name
                                    : as_str_fmt(out->arena, "%.*s.%.*s", AS_STR_ARG(prefix),
                                              AS_STR_ARG(name));
        bool both = as_schema_has_prefix(schema, full); /* a value, and fields below it */
        if (leaf) {
            as_buf_fmt(out, "---@field %.*s %s", AS_STR_ARG(name), type_of(field));
            if (both)
                as_buf_fmt(out, "|%.*s.%.*s", AS_STR_ARG(schema->kind), AS_STR_ARG(full));
            as_buf_fmt(out, "%s%s%.*s\n", field->fallback ? "" : "?", field->doc.n > 0 ? " " : "",
                    AS_STR_ARG(as_str_replace(out->arena, field->doc, AS_STR("\n"), AS_STR(" "))));
        } else if (!as_map_has(&below, full)) {
            as_map_put(out->arena, &below, full, out);
            if (!as_schema_field(schema, full))
                as_buf_fmt(out, "---@field %.*s %.*s.%.*s\n", AS_STR_ARG(name),
                        AS_STR_ARG(schema->kind), AS_STR_ARG(full));
        }
    }
    for (size_t i = 0; i < below.n && depth < 8; i++)
        write_class(out, schema, below.entries[i].key, depth + 1);
}

static as_exit run(as_cli *cli)
{
    size_t n;
    const as_entity_schema *all = as_schema_all(&n);
    as_buf out;

    as_buf_init(&out, cli->arena, 0);
    as_buf_cstr(&out, globals);
    as_lua_api_fields(&out);
    as_buf_char(&out, '\n');
    as_lua_api_functions(&out);
    for (size_t i = 0; i < n; i++)
        write_class(&out, &all[i], AS_STR(""), 0);
    return as_cli_print(cli, as_buf_view(&out));
}

static const as_example examples[] = {{"assay rules types >types/assay.lua",
                                              "for the editor: completion and types in rule files"},
        {NULL, NULL}};

const as_command as_command_rules_types = {
        .name = "types",
        .summary = "types of everything that rules see, for lua-language-server",
        .usage = "",
        .description = "Prints annotations of the functions that rules may call and of the fields "
                       "of every kind. In a rule, "
                       "'---@param b aws.s3.bucket' before the check says what it is given.",
        .examples = examples,
        .run = run,
};
