/* Templates against the tables in tests/tables/gotmpl, whose expectations come from Helm, and the
 * way back from rendered text to templates and values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "parsers/gotmpl/gotmpl.h"
#include "parsers/json/json.h"

typedef struct fixture {
    as_arena *arena;
    as_sources *sources;
} fixture;

static int setup(void **state)
{
    static fixture f;
    f.arena = as_arena_new(0);
    f.sources = as_sources_new();
    *state = &f;
    return f.arena && f.sources ? 0 : -1;
}

static int teardown(void **state)
{
    fixture *f = *state;
    as_arena_free(f->arena);
    as_sources_free(f->sources);
    return 0;
}

static const char helpers[] =
        "{{- define \"t.name\" -}}\nname-{{ .Chart.Name }}\n{{- end -}}\n{{- define \"t.rec\" -}}\n"
        "{{- if gt (int .) 0 -}}{{ . }}{{ include \"t.rec\" (sub . 1) }}{{- end -}}\n{{- end -}}\n";

static as_go text(const char *s)
{
    return as_go_from_str(as_str_from(s));
}

/* What the templates of the tables see: a chart "vec", released as "rel" in "space". */
static as_go world(as_gotmpl *t, const as_value *values)
{
    as_go_map *top = as_go_map_new(t, 8), *chart = as_go_map_new(t, 4),
              *release = as_go_map_new(t, 8);
    as_go_map_set(t, chart, AS_STR("Name"), text("vec"));
    as_go_map_set(t, chart, AS_STR("Version"), text("1.2.3"));
    as_go_map_set(t, release, AS_STR("Name"), text("rel"));
    as_go_map_set(t, release, AS_STR("Namespace"), text("space"));
    as_go all = values ? as_go_typed(as_go_from(t, values), &as_go_values)
                       : as_go_map_value(&as_go_values, as_go_map_new(t, 0));
    as_go_map_set(t, top, AS_STR("Values"), all);
    as_go_map_set(t, top, AS_STR("Chart"), as_go_map_value(&as_go_dict, chart));
    as_go_map_set(t, top, AS_STR("Release"), as_go_map_value(&as_go_dict, release));
    return as_go_map_value(&as_go_values, top);
}

static as_gotmpl *new_set(as_arena *arena)
{
    as_gotmpl_options options = {
            .now = 1700000000, .seed = AS_STR_INIT("test"), .ints_are_floats = true};
    return as_gotmpl_new(arena, &options);
}

/* The outcome as the table writes it, without the JSON quoting. */
static as_str outcome(fixture *f, as_str template)
{
    as_str name = AS_STR("vec/templates/out.yaml");
    as_gotmpl *t = new_set(f->arena);
    as_buf file;
    as_buf_init(&file, f->arena, 0);
    as_buf_cstr(&file, "{{ define \"v\" }}");
    as_buf_str(&file, template);
    as_buf_cstr(&file, "{{ end }}out: {{ include \"v\" . | b64enc | quote }}\n");
    const as_source *tpl =
            as_sources_add(f->sources, AS_STR("_helpers.tpl"), as_str_from(helpers), true);
    const as_source *out = as_sources_add(f->sources, AS_STR("out.yaml"), as_buf_view(&file), true);
    const as_gotmpl_error *error = NULL;
    as_gotmpl_result result = {0};
    as_go dot = world(t, NULL);
    if (as_gotmpl_parse(t, AS_STR("vec/templates/_helpers.tpl"), tpl, &error) &&
            as_gotmpl_parse(t, name, out, &error)) {
        if (as_gotmpl_execute(t, name, &dot, &result)) {
            assert_true(as_gotmpl_execute(t, AS_STR("v"), &dot, &result));
            return as_str_join(f->arena, AS_STR("= "), result.out.text);
        }
        error = result.error;
    }
    return as_str_join(f->arena, AS_STR("! "), as_gotmpl_error_helm(f->arena, name, error));
}

static as_str read_file(fixture *f, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    as_buf buf;
    as_buf_init(&buf, f->arena, 0);
    char part[4096];
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;)
        as_buf_add(&buf, part, n);
    fclose(file);
    return as_buf_view(&buf);
}

static void run_table(fixture *f, const char *path)
{
    as_str rest = read_file(f, path), template, line;
    size_t bad = 0;
    while (as_str_split(&rest, '\n', &template)) {
        if (template.n == 0 || template.p[0] == '#')
            continue;
        assert_true(as_str_split(&rest, '\n', &line));
        as_diags diags;
        as_diags_init(&diags, f->arena);
        const as_value *want =
                as_json_parse_text(f->arena, as_str_from_index(line, 2), AS_SPAN_NONE, &diags);
        assert_non_null(want);
        as_str all = as_str_join(f->arena, as_str_slice(line, 0, 2), as_value_str(want));
        as_str got = outcome(f, template);
        if (as_str_eq(got, all))
            continue;
        bad++;
        print_error("%s: %.*s\n  got  %.*s\n  want %.*s\n", path, AS_STR_ARG(template),
                AS_STR_ARG(got), AS_STR_ARG(all));
    }
    assert_int_equal(bad, 0);
}

static void test_gotmpl__syntax_and_functions(void **state)
{
    run_table(*state, "tests/tables/gotmpl/syntax_and_functions.test");
}

static void test_gotmpl__printf(void **state)
{
    run_table(*state, "tests/tables/gotmpl/printf.test");
}

static void test_gotmpl__kinds(void **state)
{
    run_table(*state, "tests/tables/gotmpl/kinds.test");
}

/* The text of values.json that the first value shown by `part` of the output stands at. */
static void assert_shows(
        fixture *f, const as_gotmpl_text *out, const char *part, const char *source)
{
    size_t at = as_str_find(out->text, as_str_from(part));
    assert_true(at != (size_t)-1);
    const as_value *v = as_gotmpl_value_in(out, (uint32_t)at, (uint32_t)(at + strlen(part)));
    assert_non_null(v);
    const as_source *s = as_sources_get(f->sources, v->span.file);
    assert_non_null(s);
    as_str shown = as_str_slice(s->text, v->span.begin, v->span.end);
    if (!as_str_is(shown, source))
        print_error("%s: shows %.*s, not %s\n", part, AS_STR_ARG(shown), source);
    assert_true(as_str_is(shown, source));
}

static void test_gotmpl__provenance(void **state)
{
    fixture *f = *state;
    as_gotmpl *t = new_set(f->arena);
    as_diags diags;
    as_diags_init(&diags, f->arena);
    const as_source *json = as_sources_add(f->sources, AS_STR("values.json"),
            AS_STR("{\"image\": {\"repo\": \"nginx\", \"tag\": \"1.27\"}, \"port\": 8080,"
                   " \"labels\": {\"team\": \"payments\", \"tier\": \"web\"},"
                   " \"note\": \"for {{ .Values.port }}\", \"name\": \"api\"}"),
            true);
    const as_source *file = as_sources_add(f->sources, AS_STR("a.yaml"),
            AS_STR("{{ define \"full\" }}pre-{{ .Values.name | trunc 63 }}{{ end -}}\n"
                   "image: {{ printf \"%s:%s\" .Values.image.repo .Values.image.tag | quote }}\n"
                   "port: {{ .Values.port | default 80 }}\n"
                   "name: {{ include \"full\" . | upper }}\n"
                   "labels:{{ toYaml .Values.labels | nindent 2 }}\n"
                   "note: {{ tpl .Values.note . }}\n"),
            true);
    const as_gotmpl_error *error = NULL;
    assert_true(as_gotmpl_parse(t, AS_STR("a.yaml"), file, &error));
    as_go dot = world(t, as_json_parse(f->arena, json, &diags));
    as_gotmpl_result r;
    assert_true(as_gotmpl_execute(t, AS_STR("a.yaml"), &dot, &r));
    assert_shows(f, &r.out, "nginx", "\"nginx\"");
    assert_shows(f, &r.out, "1.27", "\"1.27\"");
    assert_shows(f, &r.out, "port: 8080", "8080");
    assert_shows(f, &r.out, "API", "\"api\"");
    assert_shows(f, &r.out, "payments", "\"payments\"");
    assert_shows(f, &r.out, "web", "\"web\"");
    assert_shows(f, &r.out, "for ", "\"for {{ .Values.port }}\"");
    const as_gotmpl_segment *s =
            as_gotmpl_segment_at(&r.out, (uint32_t)as_str_find(r.out.text, AS_STR("payments")));
    assert_non_null(s);
    assert_int_equal(as_sources_position(f->sources, s->span.file, s->span.begin).line, 5);
}

static void test_gotmpl__limits(void **state)
{
    static const char *const bombs[] = {"{{ repeat 1000000000 \"a\" }}",
            "{{ range 1000000000 }}aaaaaaaaaaaaaaaaaaaa{{ end }}", "{{ include \"v\" . }}",
            "{{ template \"v\" . }}", "{{ until 1000000000 }}", "{{ indent 100000000 \"a\\nb\" }}",
            "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ deepCopy $d }}"};
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++)
        assert_true(as_str_starts(outcome(*state, as_str_from(bombs[i])), "! "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(test_gotmpl__syntax_and_functions, setup, teardown),
            cmocka_unit_test_setup_teardown(test_gotmpl__printf, setup, teardown),
            cmocka_unit_test_setup_teardown(test_gotmpl__kinds, setup, teardown),
            cmocka_unit_test_setup_teardown(test_gotmpl__provenance, setup, teardown),
            cmocka_unit_test_setup_teardown(test_gotmpl__limits, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
