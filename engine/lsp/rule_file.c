/* Rules that are being written: what keeps them from loading, examples that do not give what they
 * should, and what fields are. */
#include "engine/lsp/internal.h"
#include "engine/rules/kinds.h"
#include "engine/rules/ruleset.h"
#include "engine/scan/testing.h"
#include "engine/schema/schema.h"

bool as_lsp_is_rule(const as_lsp_doc *doc)
{
    return as_str_ends(doc->path, ".lua");
}

/* "name.lua:12: what" → the line, and what. */
static as_str split_line(as_str summary, size_t *line)
{
    size_t at = as_str_find(summary, AS_STR(".lua:"));
    *line = 0;
    if (at == (size_t)-1) {
        return summary;
    }
    as_str rest = as_str_from_index(summary, at + 5);
    size_t colon = as_str_find_char(rest, ':');
    int64_t number;
    if (colon == (size_t)-1 || !as_str_to_int(as_str_slice(rest, 0, colon), &number) ||
            number < 1) {
        return summary;
    }
    *line = (size_t)number - 1;
    return as_str_trim(as_str_from_index(rest, colon + 1));
}

static void write_problem(
        const as_lsp *lsp, as_json_out *out, as_str text, size_t line, size_t severity, as_str what)
{
    size_t begin = as_lsp_offset_of(lsp, text, (as_lsp_position){line, 0}), end = begin;
    while (end < text.n && text.p[end] != '\n') {
        end++;
    }
    as_json_open(out, NULL, '{');
    as_lsp_write_range(lsp, out, "range", text, begin, end);
    as_json_size(out, "severity", severity);
    as_json_cstr(out, "source", "assay");
    as_json_str(out, "message", what);
    as_json_close(out, '}');
}

static bool find_lib(void *self, as_str name, as_chunk *out)
{
    return as_ruleset_find_lib(self, name, out);
}

/* The rule as it stands in the editor, with the helper modules beside its file. */
static as_ruleset *load(as_arena *arena, const as_lsp_doc *doc, as_diags *diags)
{
    as_str *dir = AS_NEW(arena, as_str);
    as_str *none = AS_NEW(arena, as_str);
    *dir = as_path_dir(doc->path);
    *none = AS_STR("no such rule");
    as_diags others;
    as_diags_init(&others, arena);
    as_ruleset *set = as_ruleset_load(
            arena, &(as_ruleset_options){.dirs = {dir, 1}, .only = {none, 1}}, &others);
    as_lua_host host = {.find_lib = find_lib, .self = set};
    as_lua *lua = as_lua_new(&host);
    as_loaded_rule rule = {.chunk = {.name = doc->path, .code = doc->text, .watched = true}};
    int number = -1;
    if (lua != NULL) {
        number = as_lua_load(
                lua, &rule.chunk, arena, diags, &rule.rule, &rule.examples, &rule.n_examples);
    }
    as_lua_free(lua);
    set->rules.n = 0;
    rule.kinds = as_kinds_expand(arena, rule.rule.targets);
    if (number >= 0) {
        AS_VEC_PUSH(arena, &set->rules, rule);
    }
    return set;
}

void as_lsp_check_rule(as_lsp *lsp, as_arena *arena, const as_lsp_doc *doc)
{
    as_diags diags;
    as_diags_init(&diags, arena);
    as_rpc_reply reply;
    as_rpc_begin_notification(&reply, arena, "textDocument/publishDiagnostics");
    as_json_open(&reply.json, "params", '{');
    as_json_str(&reply.json, "uri", doc->uri);
    as_json_size(&reply.json, "version", doc->version < 0 ? 0 : (size_t)doc->version);
    as_json_open(&reply.json, "diagnostics", '[');
    bool is_rule = as_str_contains(doc->text, "rule");
    if (is_rule && !as_str_contains(doc->path, "/lib/")) {
        as_ruleset *set = load(arena, doc, &diags);
        for (size_t i = 0; i < diags.list.n; i++) {
            size_t line;
            as_str what = split_line(diags.list.items[i].summary, &line);
            write_problem(lsp, &reply.json, doc->text, line, 1, what);
        }
        as_test_results results;
        as_test_rules(arena, set, NULL, &results);
        for (size_t i = 0; i < results.list.n; i++) {
            const as_test_result *r = &results.list.items[i];
            if (r->problem.n > 0) {
                uint32_t line = r->rule->rule.line;
                as_str what = r->example < r->rule->n_examples
                                      ? as_str_fmt(arena, "example %zu: %.*s", r->example + 1,
                                                AS_STR_ARG(r->problem))
                                      : r->problem;
                write_problem(lsp, &reply.json, doc->text, line > 0 ? line - 1 : 0, 2, what);
            }
        }
    }
    as_json_close(&reply.json, ']');
    as_json_close(&reply.json, '}');
    as_rpc_send(lsp->rpc, &reply);
}

/* --- fields ----------------------------------------------------------------------------------- */

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
}

static const char *type_name(as_field_type type)
{
    static const char *const names[] = {"any", "bool", "number", "string", "list", "map"};
    return names[type];
}

/* "e.encryption.enabled" at the cursor, looked up in the kinds that the file names. */
void as_lsp_hover_rule(
        const as_lsp *lsp, as_arena *arena, as_json_out *out, const as_lsp_doc *doc, size_t offset)
{
    as_str text = doc->text;
    size_t begin = offset < text.n ? offset : text.n, end = begin;
    while (begin > 0 && is_name(text.p[begin - 1])) {
        begin--;
    }
    while (end < text.n && is_name(text.p[end])) {
        end++;
    }
    as_str word = as_str_slice(text, begin, end);
    size_t dot = as_str_find_char(word, '.');
    as_str below = dot == (size_t)-1 ? AS_STR("") : as_str_from_index(word, dot + 1);
    as_buf found;
    as_buf_init(&found, arena, 0);
    size_t n;
    const as_entity_schema *all = as_schema_all(&n);
    for (size_t i = 0; i < n; i++) {
        if (as_str_find(text, as_str_fmt(arena, "\"%.*s\"", AS_STR_ARG(all[i].kind))) ==
                (size_t)-1) {
            continue;
        }
        const as_field *field = as_schema_field(&all[i], below.n > 0 ? below : word);
        if (as_str_eq(word, all[i].kind)) {
            as_buf_fmt(
                    &found, "**%.*s** %.*s\n\n", AS_STR_ARG(all[i].kind), AS_STR_ARG(all[i].doc));
        } else if (field != NULL) {
            as_buf_fmt(&found, "**%.*s** · `%.*s`: %s", AS_STR_ARG(all[i].kind),
                    AS_STR_ARG(field->name), type_name(field->type));
            if (field->fallback != NULL) {
                as_buf_cstr(&found, ", default ");
                as_value_write_json(&found, field->fallback, (as_json_style){0});
            }
            as_buf_fmt(&found, "\n\n%.*s\n\n", AS_STR_ARG(field->doc));
        }
    }
    if (found.n == 0) {
        as_json_null(out, "result");
        return;
    }
    as_json_open(out, "result", '{');
    as_json_open(out, "contents", '{');
    as_json_cstr(out, "kind", "markdown");
    as_json_str(out, "value", as_buf_view(&found));
    as_json_close(out, '}');
    as_lsp_write_range(lsp, out, "range", text, begin, end);
    as_json_close(out, '}');
}
