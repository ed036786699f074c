/* The syntaxes: YAML, JSON, HCL, Go templates and what Helm and its schemas add. What is written
 * reads back as what it was. */
#include <math.h>
#include <stdlib.h>

#include "engine/base/utf8.h"
#include "parsers/gotmpl/gotmpl.h"
#include "parsers/gotmpl/json.h"
#include "parsers/hcl/data.h"
#include "parsers/hcl/eval.h"
#include "parsers/hcl/parse.h"
#include "parsers/helm/strvals.h"
#include "parsers/json/json.h"
#include "parsers/jsonschema/jsonschema.h"
#include "parsers/yaml/emit.h"
#include "tests/fuzz/fuzz.h"

/* --- YAML and JSON ---------------------------------------------------------------------------- */

/* NaN equals nothing, and a text that is no UTF-8 cannot be written as it is. */
static bool is_plain(const as_value *v)
{
    if (as_value_is(v, AS_FLOAT))
        return isfinite(v->as.number);
    if (as_value_is(v, AS_STRING))
        return as_utf8_valid(v->as.str);
    if (as_value_is(v, AS_LIST))
        for (size_t i = 0; i < v->as.list.n; i++)
            if (!is_plain(v->as.list.items[i]))
                return false;
    if (as_value_is(v, AS_OBJECT))
        for (size_t i = 0; i < v->as.object->n; i++)
            if (!as_utf8_valid(v->as.object->members[i].key) ||
                    !is_plain(v->as.object->members[i].value))
                return false;
    return true;
}

static void write_yaml(as_arena *arena, as_sources *sources, const as_value *v,
        const as_yaml_style *style, as_yaml_options options)
{
    as_buf buf;
    as_diags diags;

    as_buf_init(&buf, arena, 0);
    as_diags_init(&diags, arena);
    as_yaml_write(&buf, v, style);
    const as_source *again = as_sources_add(sources, AS_STR("b.yaml"), as_buf_view(&buf), true);
    const as_value *read = as_yaml_parse_one(arena, again, options, &diags);
    if (is_plain(v) && !as_value_has_unknown(v) && !as_value_equal(v, read))
        abort();
}

void fuzz_yaml(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    const as_source *source = as_sources_add(sources, AS_STR("a.yaml"), text, true);
    (void)detail;
    for (int flavour = AS_YAML_GO_V2; flavour <= AS_YAML_CORE; flavour++) {
        as_yaml_options options = {.flavour = (as_yaml_flavour)flavour,
                .keep_tags = as_fuzz_choice(text, 0) & 1,
                .float_numbers = as_fuzz_choice(text, 0) & 2};
        as_yaml_docs docs = {0};
        as_diags diags;
        as_diags_init(&diags, arena);
        bool good = as_yaml_parse(arena, source, options, &diags, &docs);
        if (good != (diags.n_errors == 0))
            abort();
        options.keep_tags = false;
        for (size_t i = 0; i < docs.n && i < 8; i++) {
            if (flavour == AS_YAML_GO_V2)
                write_yaml(arena, sources, docs.items[i].value, &as_yaml_style_kubernetes, options);
            else if (flavour == AS_YAML_GO_V3)
                write_yaml(arena, sources, docs.items[i].value, &as_yaml_style_v3, options);
        }
    }
}

void fuzz_json(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    const as_source *source = as_sources_add(sources, AS_STR("a.json"), text, true);
    as_diags diags;
    as_buf buf;

    (void)detail;
    as_diags_init(&diags, arena);
    as_buf_init(&buf, arena, 0);
    const as_value *v = as_json_parse(arena, source, &diags);
    if ((v == NULL) != (diags.n_errors > 0))
        abort();
    if (!v)
        return;
    as_value_write_json(&buf, v, (as_json_style){.indent = as_fuzz_choice(text, 0) & 3});
    const as_value *again = as_json_parse_text(arena, as_buf_view(&buf), AS_SPAN_NONE, &diags);
    if (!again || (is_plain(v) && !as_value_equal(v, again)))
        abort();
}

/* --- HCL -------------------------------------------------------------------------------------- */

void fuzz_hcl(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    const as_source *source = as_sources_add(sources, AS_STR("a.tf"), text, true);
    as_diags diags;

    (void)detail;
    as_diags_init(&diags, arena);
    (void)as_hcl_body_attributes(arena, as_hcl_parse(arena, source, &diags), &diags);
    as_diags_init(&diags, arena);
    (void)as_hcl_body_attributes(arena, as_hcl_parse_json(arena, source, &diags), &diags);
    as_diags_init(&diags, arena);
    (void)as_hcl_parse_template(arena, source, &diags);
}

static const as_value *evaluate(as_arena *arena, const as_hcl_expr *expr, as_diags *diags)
{
    uint64_t steps = 1000000;
    as_hcl_ctx ctx = {.arena = arena, .diags = diags, .steps = &steps};
    return as_hcl_eval(&ctx, expr);
}

static as_str json_of(as_arena *arena, const as_value *v)
{
    as_buf buf;

    as_buf_init(&buf, arena, 0);
    as_value_write_json(&buf, v, (as_json_style){.sort_keys = true});
    return as_buf_view(&buf);
}

/* What is put around an expression and leaves its value alone; newlines between brackets are white
 * space. */
static const struct frame {
    const char *before, *after;
} frames[] = {
        {"(\n", "\n)"}, {"[\n", "\n][0]"}, {"{ a = (\n", "\n) }.a"}, {"/* x */ (", "\n) // x"}};

void fuzz_hcl_expression(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_diags diags;

    (void)sources;
    (void)detail;
    as_diags_init(&diags, arena);
    if (as_str_starts(text, "\xEF\xBB\xBF")) /* at the beginning only it is nothing */
        text = as_str_from_index(text, 3);
    const as_hcl_expr *expr = as_hcl_parse_expr_text(arena, text, AS_SPAN_NONE, &diags);
    bool good = diags.n_errors == 0;
    const as_value *v = evaluate(arena, expr, &diags);
    as_str type = as_type_text(arena, as_type_of(arena, v)), json = json_of(arena, v);
    bool known =
            diags.n_errors == 0 && as_hcl_is_wholly_known(arena, v) && !as_hcl_marks_deep(arena, v);

    for (size_t i = 0; i < sizeof frames / sizeof *frames && good; i++) {
        as_str opened = as_str_join(arena, as_str_from(frames[i].before), text);
        as_str framed = as_str_join(arena, opened, as_str_from(frames[i].after));
        as_diags_init(&diags, arena);
        const as_hcl_expr *again = as_hcl_parse_expr_text(arena, framed, AS_SPAN_NONE, &diags);
        if (diags.n_errors > 0)
            abort();
        if (!known)
            continue;
        const as_value *same = evaluate(arena, again, &diags);
        if (diags.n_errors > 0 || !as_str_eq(as_type_text(arena, as_type_of(arena, same)), type) ||
                !as_str_eq(json_of(arena, same), json))
            abort();
    }
    (void)evaluate(arena, as_hcl_parse_template_text(arena, text, AS_SPAN_NONE, &diags), &diags);
}

void fuzz_hcl_type(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    const as_type *type = as_type_parse_text(arena, text);

    (void)sources;
    (void)detail;
    if (!type)
        return;
    as_str written = as_type_text(arena, type);
    const as_type *again = as_type_parse_text(arena, written);
    if (!again || !as_str_eq(as_type_text(arena, again), written))
        abort();
    const as_value *empty = as_value_object(arena, AS_SPAN_NONE, NULL, 0);
    (void)as_convert(arena, as_type_apply_defaults(arena, type, empty), type, NULL);
}

/* --- Helm ------------------------------------------------------------------------------------- */

static const char values[] = "{\"image\":{\"tag\":\"1.0\",\"port\":80},\"list\":[1,\"b\",null,{"
                             "\"c\":true}],\"name\":\"web\","
                             "\"big\":12345678901,\"float\":1.5,\"empty\":{}}";

void fuzz_gotmpl(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_gotmpl_options options = {
            .seed = AS_STR("fuzz"), .max_bytes = 1 << 20, .max_steps = 1000000};
    const as_source *source = as_sources_add(sources, AS_STR("c/templates/a.yaml"), text, true);
    const as_gotmpl_error *error;
    as_gotmpl_result result;
    as_diags diags;

    (void)detail;
    as_diags_init(&diags, arena);
    as_gotmpl *t = as_gotmpl_new(arena, &options);
    as_go_map *top = as_go_map_new(t, 1);
    const as_value *given = as_json_parse_text(arena, as_str_from(values), AS_SPAN_NONE, &diags);
    as_go_map_set(t, top, AS_STR("Values"), as_go_from(t, given));
    as_go dot = as_go_map_value(&as_go_values, top);
    if (!as_gotmpl_parse(t, source->path, source, &error)) {
        (void)as_gotmpl_error_helm(arena, source->path, error);
        return;
    }
    if (!as_gotmpl_execute(t, source->path, &dot, &result))
        (void)as_gotmpl_error_helm(arena, source->path, result.error);
    uint32_t end = 0;
    for (size_t i = 0; i < result.out.n; i++) {
        const as_gotmpl_segment *s = &result.out.segments[i];
        if (s->begin < end || s->end < s->begin || s->end > result.out.text.n)
            abort();
        end = s->end;
    }
    (void)as_gotmpl_drop(t, result.out, AS_STR("<no value>"));
}

void fuzz_toml(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_gotmpl_options options = {0};
    as_gotmpl *t = as_gotmpl_new(arena, &options);
    as_buf buf;
    as_go v;

    (void)sources;
    (void)detail;
    as_buf_init(&buf, arena, 0);
    if (as_go_toml_read(t, text, &v))
        (void)as_go_toml_write(t, &buf, &v);
}

void fuzz_helm_set(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    (void)sources;
    (void)detail;
    for (int kind = AS_HELM_SET; kind <= AS_HELM_SET_LITERAL; kind++) {
        as_helm_table *table = as_helm_table_new(arena);
        as_helm_set set = {.kind = (as_helm_set_kind)kind, .text = text};
        as_str error;
        if (kind != AS_HELM_SET_FILE)
            (void)!as_helm_set_apply(arena, set, NULL, NULL, table, &error);
    }
}

void fuzz_jsonschema(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_jsonschema_result result = {0};
    as_diags diags;

    (void)sources;
    (void)detail;
    as_diags_init(&diags, arena);
    size_t line = as_str_find_char(text, '\n');
    const as_value *schema = as_json_parse_text(arena, text, AS_SPAN_NONE, &diags);
    const as_value *instance = schema;
    if (!schema && line != (size_t)-1) {
        schema = as_json_parse_text(arena, as_str_slice(text, 0, line), AS_SPAN_NONE, &diags);
        as_str rest = as_str_from_index(text, line + 1), second;
        if (as_str_split(&rest, '\n', &second))
            instance = as_json_parse_text(arena, second, AS_SPAN_NONE, &diags);
    }
    if (!schema || !instance)
        return;
    bool valid = as_jsonschema_validate(arena, schema, instance, &result);
    if (valid != (result.errors.n == 0 && result.problem.n == 0))
        abort();
    (void)as_jsonschema_text(arena, &result);
}
