/* assay rules types: what rules may call and read, as annotations for lua-language-server
 * (https://luals.github.io/wiki/annotations/). */
#include "engine/cli/cmd_rules.h"
#include "engine/base/map.h"
#include "engine/schema/schema.h"

/* What does not depend on the schema; rules/README.md says it in words. */
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
        "---@class assay.entity\n"
        "---@field name string\n"
        "---@field address string\n"
        "---@field kind string\n"
        "---@field type string\n"
        "---@field origin "
        "'terraform'|'plan'|'state'|'helm'|'kustomize'|'manifest'|'live'|'workflow'|'file'\n"
        "---@field region string\n"
        "---@field account string\n"
        "---@field environment string\n"
        "---@field classification string?\n"
        "---@field space string\n"
        "---@field namespace string\n"
        "---@field tags table<string, string>\n"
        "---@field raw any\n"
        "---@field extra any\n"
        "---@field satellites fun(self: assay.entity, name: string): assay.entity[]\n"
        "---@field targets fun(self: assay.entity, value: any): assay.entity[]\n"
        "---@field referrers fun(self: assay.entity, kind: string): assay.entity[]\n"
        "---@field edges_to fun(self: assay.entity, type: string): assay.entity[]\n"
        "---@field edges_from fun(self: assay.entity, type: string): assay.entity[]\n"
        "\n"
        "---@param t assay.rule\n---@return assay.rule\nfunction rule(t) end\n"
        "---@param field string\n---@param value string|integer|boolean|table\n---@param case? "
        "string\n"
        "---@return assay.fix\nfunction set(field, value, case) end\n"
        "---@param message string\n---@param options? assay.options\n---@return "
        "assay.failure\nfunction fail(message, options) end\n"
        "---@param value any\n---@return boolean\nfunction known(value) end\n"
        "---@param reason string\nfunction unknown(reason) end\n"
        "---@generic T\n---@param list T[]\n---@param check fun(item: T, i: integer): "
        "any\n---@return assay.failure[]?\n"
        "function each(list, check) end\n"
        "---@param value any\n---@return any\nfunction json(value) end\n"
        "---@param x any\n---@return any[]\nfunction list(x) end\n"
        "---@param x any\n---@return any[]\nfunction items(x) end\n"
        "---@generic T\n---@param key string\n---@param make fun(): T\n---@return T\nfunction "
        "once(key, make) end\n"
        "---@generic T\n---@param e assay.entity\n---@param key string\n---@param make fun(e: "
        "any): T\n---@return T\n"
        "function memo(e, key, make) end\n"
        "---@param object any\n---@param ... string\n---@return any\nfunction dig(object, ...) "
        "end\n"
        "---@param object any\n---@return string[]\nfunction keys(object) end\n"
        "---@param x any\n---@param ... any\n---@return boolean\nfunction one_of(x, ...) end\n"
        "---@param list any\n---@param x any\n---@return boolean\nfunction has(list, x) end\n"
        "---@param text string\n---@param pattern string\n---@return string? ...\nfunction "
        "match(text, pattern) end\n"
        "---@param text string\n---@param pattern string\n---@return boolean\nfunction glob(text, "
        "pattern) end\n"
        "---@param text string\n---@return string?\nfunction b64decode(text) end\n"
        "---@param name string\n---@param default? any\n---@return any\nfunction param(name, "
        "default) end\n"
        "---@param name string\n---@return any\nfunction lib(name) end\n"
        "---@param s string\n---@return string\nfunction lower(s) end\n"
        "---@param s string\n---@return string\nfunction upper(s) end\n"
        "---@param s string\n---@return string\nfunction trim(s) end\n"
        "---@param s string\n---@param prefix string\n---@return boolean\nfunction starts(s, "
        "prefix) end\n"
        "---@param s string\n---@param suffix string\n---@return boolean\nfunction ends(s, suffix) "
        "end\n"
        "---@param s string\n---@param separator string\n---@return string[]\nfunction split(s, "
        "separator) end\n"
        "\n"
        "graph, iam, net, cidr = {}, {}, {}, {}\n"
        "---@param kind string\n---@return assay.entity[]\nfunction graph.all(kind) end\n"
        "---@param kind string\n---@return assay.entity[]\nfunction graph.everywhere(kind) end\n"
        "---@param type string\n---@return assay.entity[]\nfunction graph.of_type(type) end\n"
        "---@param kind string\n---@param space string\n---@param name string\n---@return "
        "assay.entity?\n"
        "function graph.find(kind, space, name) end\n"
        "---@param principal assay.entity\n---@param action string\n---@param resource? "
        "assay.entity|string\n---@return boolean\n"
        "function iam.can(principal, action, resource) end\n"
        "---@param principal assay.entity\n---@param action string\n---@param resource? "
        "assay.entity|string\n"
        "---@return 'allowed'|'denied'|'unknown', string\nfunction iam.decide(principal, action, "
        "resource) end\n"
        "---@param principal assay.entity\n---@return boolean\nfunction iam.is_admin(principal) "
        "end\n"
        "---@param principal assay.entity\n---@return table, string?\nfunction "
        "iam.escalations(principal) end\n"
        "---@param principal assay.entity\n---@return table, string?\nfunction "
        "iam.effective(principal) end\n"
        "---@param from assay.entity|string\n---@param to assay.entity|string\n---@param port? "
        "integer|string\n---@return boolean\n"
        "function net.reaches(from, to, port) end\n"
        "---@param e assay.entity\n---@return assay.entity|false, string?\nfunction net.exposed(e) "
        "end\n"
        "---@param c string\n---@return boolean\nfunction cidr.any(c) end\n"
        "---@param a string\n---@param b string\n---@return boolean\nfunction cidr.contains(a, b) "
        "end\n"
        "---@param c string\n---@return number\nfunction cidr.size(c) end\n"
        "---@param c string\n---@return boolean\nfunction cidr.private(c) end\n";

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
