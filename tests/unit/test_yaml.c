/* YAML and JSON against tables that the Go libraries have filled; places, limits and recovery. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/base/limits.h"
#include "parsers/json/json.h"
#include "parsers/yaml/emit.h"
#include "tests/unit/table.h"

typedef struct fixture {
    as_arena *arena;
    as_sources *sources;
    as_diags diags;
} fixture;

static int setup(void **state)
{
    static fixture f;
    f.arena = as_arena_new(0);
    f.sources = as_sources_new();
    as_diags_init(&f.diags, f.arena);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    as_arena_free(f->arena);
    as_sources_free(f->sources);
    return 0;
}

static as_yaml_docs parse(fixture *f, as_str text, as_yaml_options options)
{
    as_yaml_docs docs = {0};
    as_diags_init(&f->diags, f->arena);
    (void)as_yaml_parse(f->arena, as_sources_add(f->sources, AS_STR("t.yaml"), text, true), options,
            &f->diags, &docs);
    return docs;
}

static const as_value *json(fixture *f, as_str text)
{
    return as_json_parse_text(f->arena, text, AS_SPAN_NONE, &f->diags);
}

static as_str shown(fixture *f, const as_value *v)
{
    as_buf buf;
    as_buf_init(&buf, f->arena, 0);
    as_value_write_json(&buf, v, (as_json_style){.sort_keys = true});
    return as_buf_view(&buf);
}

/* --- what scalars and documents are ------------------------------------------------------------
 */

static void check_reading(void *self, as_str input, bool is_error, as_str expected)
{
    fixture *f = self;
    as_yaml_options options = {
            .flavour = as_str_starts(input, "v3 ") ? AS_YAML_GO_V3 : AS_YAML_GO_V2};
    as_yaml_docs docs = parse(f, as_str_from_index(input, 3), options);
    const as_value *got = docs.n ? docs.items[0].value : NULL;
    const as_value *want = is_error ? NULL : json(f, expected);
    if (is_error ? f->diags.n_errors == 0 : !got || !as_value_equal(got, want)) {
        fail_msg("%.*s\n  expected %.*s\n  got %.*s", AS_STR_ARG(input), AS_STR_ARG(expected),
                AS_STR_ARG(got ? shown(f, got) : AS_STR("an error")));
    }
}

static void test_yaml__reads_as_go_does(void **state)
{
    fixture *f = *state;
    assert_in_range(
            table_run(f->arena, "tests/tables/yaml/goyaml_v2.test", check_reading, f), 100, 9999);
    assert_in_range(
            table_run(f->arena, "tests/tables/yaml/goyaml_v3.test", check_reading, f), 100, 9999);
}

/* YAML 1.2.2 §10.3.2 */
static void test_yaml__core_schema(void **state)
{
    fixture *f = *state;
    as_yaml_docs docs =
            parse(f, AS_STR("[yes, 0o17, 017, 0x1f, 1_000, -0x1, .5, 2020-01-01, on, ~]"),
                    (as_yaml_options){.flavour = AS_YAML_CORE});
    assert_true(as_value_equal(
            docs.items[0].value, json(f, AS_STR("[\"yes\",15,17,31,\"1_000\",\"-0x1\",0.5,\"2020-"
                                                "01-01\",\"on\",null]"))));
}

static void test_yaml__numbers_as_float(void **state)
{
    fixture *f = *state;
    as_yaml_docs docs = parse(f, AS_STR("{1: 2}"), (as_yaml_options){.float_numbers = true});
    const as_value *v = as_value_get(docs.items[0].value, AS_STR("1"));
    assert_int_equal(v->kind, AS_FLOAT);
}

/* --- writing -----------------------------------------------------------------------------------
 */

static void check_writing(void *self, as_str input, bool is_error, as_str expected)
{
    fixture *f = self;
    size_t blank = as_str_find_char(input, ' ');
    as_str style = as_str_slice(input, 0, blank);
    const as_value *v = json(f, as_str_from_index(input, blank + 1));
    as_buf buf;
    (void)is_error;
    as_buf_init(&buf, f->arena, 0);
    as_yaml_write(&buf, v,
            as_str_is(style, "v3")          ? &as_yaml_style_v3
            : as_str_is(style, "terraform") ? &as_yaml_style_terraform
                                            : &as_yaml_style_kubernetes);
    if (!as_str_eq(as_buf_view(&buf), expected)) {
        fail_msg("%.*s\n  expected:\n%.*s\n  got:\n%.*s", AS_STR_ARG(input), AS_STR_ARG(expected),
                AS_STR_ARG(as_buf_view(&buf)));
    }
}

/* JSON of Go's encoder holds no \x; the tables' inputs keep their backslashes. */
static void test_yaml__writes_as_go_does(void **state)
{
    fixture *f = *state;
    static const char *const files[] = {"tests/tables/yaml/emit_kubernetes.test",
            "tests/tables/yaml/emit_v3.test", "tests/tables/yaml/emit_terraform.test"};
    for (size_t i = 0; i < 3; i++) {
        assert_in_range(table_run(f->arena, files[i], check_writing, f), 90, 9999);
    }
}

/* Go's 'g' form, which Helm's toYamlPretty shows. */
static void test_yaml__floats_of_v3(void **state)
{
    fixture *f = *state;
    as_buf buf;
    as_buf_init(&buf, f->arena, 0);
    as_yaml_write(&buf, as_value_float(f->arena, AS_SPAN_NONE, 1000000), &as_yaml_style_v3);
    as_yaml_write(&buf, as_value_float(f->arena, AS_SPAN_NONE, 0.00001), &as_yaml_style_v3);
    as_yaml_write(&buf, as_value_float(f->arena, AS_SPAN_NONE, 100000), &as_yaml_style_v3);
    assert_true(as_str_is(as_buf_view(&buf), "1e+06\n1e-05\n100000\n"));
}

/* --- places ------------------------------------------------------------------------------------
 */

static void test_yaml__spans_are_bytes(void **state)
{
    fixture *f = *state;
    static const char text[] =
            "\xEF\xBB\xBF\xC3\xA9: \"\xC3\xBC\"\r\nlist:\r\n- a\r\n- \xE6\x97\xA5  # c\r\n";
    as_yaml_docs docs = parse(f, as_str_from(text), (as_yaml_options){0});
    const as_value *v = docs.items[0].value;
    const as_value *quoted = as_value_index(as_value_get(v, AS_STR("list")), 1);
    const as_member *first = as_value_member(v, AS_STR("\xC3\xA9"));
    assert_int_equal(first->key_span.begin, 3);
    assert_int_equal(first->key_span.end, 5);
    assert_memory_equal(text + first->value->span.begin, "\"\xC3\xBC\"", 4);
    assert_int_equal(first->value->span.end - first->value->span.begin, 4);
    assert_memory_equal(text + quoted->span.begin, "\xE6\x97\xA5", 3);
    assert_int_equal(quoted->span.end - quoted->span.begin, 3);
    assert_int_equal(v->span.end, quoted->span.end);
}

static void test_yaml__a_broken_document_costs_itself(void **state)
{
    fixture *f = *state;
    as_yaml_docs docs =
            parse(f, AS_STR("a: 1\n---\nb: [\n---\nc: 3\n---\nd: *x\n---\ne: \xFF\n---\nf: 6\n"),
                    (as_yaml_options){0});
    assert_int_equal(docs.n, 3);
    assert_non_null(as_value_get(docs.items[1].value, AS_STR("c")));
    assert_non_null(as_value_get(docs.items[2].value, AS_STR("f")));
    assert_int_equal(f->diags.n_errors, 3);
}

static void test_yaml__range(void **state)
{
    fixture *f = *state;
    as_yaml_docs docs = {0};
    const as_source *source =
            as_sources_add(f->sources, AS_STR("r"), AS_STR("xx: [a: 1] yy"), true);
    assert_true(
            as_yaml_parse_range(f->arena, source, 5, 9, (as_yaml_options){0}, &f->diags, &docs));
    assert_int_equal(docs.items[0].value->span.begin, 5);
    assert_int_equal(as_value_int_or(as_value_get(docs.items[0].value, AS_STR("a")), 0), 1);
}

static void test_yaml__tags_are_kept(void **state)
{
    fixture *f = *state;
    as_yaml_docs docs = parse(f, AS_STR("a: !Ref b\nc: !reference [x, y]\nd: !!str e\n"),
            (as_yaml_options){.flavour = AS_YAML_CORE, .keep_tags = true});
    const as_value *v = docs.items[0].value;
    assert_true(as_str_is(as_yaml_tag(as_value_get(v, AS_STR("a"))), "!Ref"));
    assert_true(as_str_is(as_yaml_tag(as_value_get(v, AS_STR("c"))), "!reference"));
    assert_int_equal(as_yaml_tag(as_value_get(v, AS_STR("d"))).n, 0);
}

/* --- limits ------------------------------------------------------------------------------------
 */

static void test_yaml__alias_bomb(void **state)
{
    fixture *f = *state;
    as_buf buf;
    as_buf_init(&buf, f->arena, 0);
    as_buf_cstr(&buf, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
        as_buf_fmt(&buf, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i,
                i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    }
    as_yaml_docs docs = parse(f, as_buf_view(&buf), (as_yaml_options){0});
    assert_int_equal(docs.n, 0);
    assert_string_equal(f->diags.list.items[0].code, "yaml-alias-bomb");
}

static void test_yaml__depth(void **state)
{
    fixture *f = *state;
    as_buf buf;
    as_buf_init(&buf, f->arena, 0);
    as_buf_repeat(&buf, '[', 2 * AS_MAX_DEPTH);
    assert_int_equal(parse(f, as_buf_view(&buf), (as_yaml_options){0}).n, 0);
    assert_string_equal(f->diags.list.items[0].code, "yaml-depth");
    assert_null(as_json_parse_text(f->arena, as_buf_view(&buf), AS_SPAN_NONE, &f->diags));
}

/* --- JSON --------------------------------------------------------------------------------------
 */

static void test_json__is_strict(void **state)
{
    fixture *f = *state;
    static const char *const bad[] = {"", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", "+1",
            "'a'", "\"\\x\"", "\"a\nb\"", "\"\\u12\"", "nul", "1 2", "[1 2]", "{\"a\" 1}", "\"a"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (json(f, as_str_from(bad[i]))) {
            fail_msg("%s was taken", bad[i]);
        }
    }
    assert_true(as_str_is(as_value_str(json(f, AS_STR("\"\\u00e9\\ud83d\\ude00\\n\""))),
            "\xC3\xA9\xF0\x9F\x98\x80\n"));
    assert_int_equal(json(f, AS_STR(" 123456789012345678901234567890 "))->kind, AS_BIGNUM);
    assert_int_equal(
            as_value_int_or(as_value_get(json(f, AS_STR("{\"a\":1,\"a\":2}")), AS_STR("a")), 0), 2);
}

static void test_json__spans(void **state)
{
    fixture *f = *state;
    const as_source *source =
            as_sources_add(f->sources, AS_STR("s.json"), AS_STR("{ \"a\" : [ true ] }"), true);
    const as_value *v = as_json_parse(f->arena, source, &f->diags);
    const as_member *a = as_value_member(v, AS_STR("a"));
    assert_int_equal(a->key_span.begin, 2);
    assert_int_equal(a->key_span.end, 5);
    assert_int_equal(as_value_index(a->value, 0)->span.begin, 10);
    assert_int_equal(v->span.end, 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(test_yaml__reads_as_go_does, setup, teardown),
            cmocka_unit_test_setup_teardown(test_yaml__core_schema, setup, teardown),
            cmocka_unit_test_setup_teardown(test_yaml__numbers_as_float, setup, teardown),
            cmocka_unit_test_setup_teardown(test_yaml__writes_as_go_does, setup, teardown),
            cmocka_unit_test_setup_teardown(test_yaml__floats_of_v3, setup, teardown),
            cmocka_unit_test_setup_teardown(test_yaml__spans_are_bytes, setup, teardown),
            cmocka_unit_test_setup_teardown(
                    test_yaml__a_broken_document_costs_itself, setup, teardown),
            cmocka_unit_test_setup_teardown(test_yaml__range, setup, teardown),
            cmocka_unit_test_setup_teardown(test_yaml__tags_are_kept, setup, teardown),
            cmocka_unit_test_setup_teardown(test_yaml__alias_bomb, setup, teardown),
            cmocka_unit_test_setup_teardown(test_yaml__depth, setup, teardown),
            cmocka_unit_test_setup_teardown(test_json__is_strict, setup, teardown),
            cmocka_unit_test_setup_teardown(test_json__spans, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
