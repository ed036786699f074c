/* Bodies, recovery, JSON syntax, types, and what hostile input must not do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "engine/base/limits.h"
#include "parsers/hcl/data.h"
#include "parsers/hcl/eval.h"
#include "parsers/hcl/parse.h"

typedef struct fixture {
    as_arena *arena;
    as_sources *sources;
    as_diags diags;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->arena = as_arena_new(0);
    f->sources = as_sources_new();
    as_diags_init(&f->diags, f->arena);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    as_sources_free(f->sources);
    as_arena_free(f->arena);
    free(f);
    return 0;
}

static const as_source *source(fixture *f, as_str text)
{
    return as_sources_add(f->sources, AS_STR("main.tf"), text, true);
}

static const as_hcl_body *parse(fixture *f, const char *text)
{
    return as_hcl_parse(f->arena, source(f, as_str_from(text)), &f->diags);
}

static void assert_text(as_str got, const char *wanted)
{
    if (!as_str_is(got, wanted))
        fail_msg("\"%.*s\" != \"%s\"", AS_STR_ARG(got), wanted);
}

static void test_hcl_parse__blocks_labels_and_spans(void **state)
{
    fixture *f = *state;
    const as_hcl_body *body =
            parse(f, "resource \"a\" b {\n  x = 1 # one\n  nested {}\n  single { y = [\n1] }\n}\n"
                     "top = \"é\"\n");
    assert_int_equal(f->diags.n_errors, 0);
    assert_int_equal(body->n_blocks, 1);
    const as_hcl_block *block = &body->blocks[0];
    assert_int_equal(block->n_labels, 2);
    assert_text(block->labels[0].text, "a");
    assert_text(block->labels[1].text, "b");
    assert_int_equal(block->header_span.begin, 0);
    assert_int_equal(block->header_span.end, 14);
    assert_int_equal(block->body->n_attributes, 1);
    assert_int_equal(block->body->n_blocks, 2);
    assert_int_equal(block->body->blocks[1].body->n_attributes, 1);
    assert_non_null(as_hcl_body_attribute(body, AS_STR("top")));
    assert_null(as_hcl_body_attribute(body, AS_STR("x")));
}

static void test_hcl_parse__a_bad_item_costs_itself(void **state)
{
    fixture *f = *state;
    const as_hcl_body *body =
            parse(f, "a = 1\nb = [1 2]\nc = {\n  x y\n}\nd = 4\ne {\n f = )\n g = 1\n}\n");
    assert_int_equal(f->diags.n_errors, 1);
    assert_non_null(as_hcl_body_attribute(body, AS_STR("a")));
    assert_non_null(as_hcl_body_attribute(body, AS_STR("d")));
    assert_int_equal(body->n_blocks, 1);
    assert_non_null(as_hcl_body_attribute(body->blocks[0].body, AS_STR("g")));
}

static void test_hcl_parse__bom_and_crlf(void **state)
{
    fixture *f = *state;
    const as_hcl_body *body = parse(f, "\xef\xbb\xbf"
                                       "a = 1\r\nb = <<E\r\nx\r\nE\r\n");
    assert_int_equal(f->diags.n_errors, 0);
    assert_int_equal(body->n_attributes, 2);
    as_str text;
    assert_true(as_hcl_expr_string(body->attributes[1].expr, &text));
    assert_text(text, "x\r\n");
}

static void test_hcl_parse__a_part_has_the_places_of_the_file(void **state)
{
    fixture *f = *state;
    const as_source *file = source(f, AS_STR("a \"x\" {}\nb \"y\" {\n  t = <<E\n}\nE\n}\nc {}\n"));
    const as_hcl_block *whole = &as_hcl_parse(f->arena, file, &f->diags)->blocks[1];
    const as_hcl_body *part = as_hcl_parse_part(f->arena, file, whole->span, &f->diags);
    assert_int_equal(f->diags.n_errors, 0);
    assert_int_equal(part->n_blocks, 1);
    assert_text(part->blocks[0].labels[0].text, "y");
    assert_memory_equal(&part->blocks[0].span, &whole->span, sizeof whole->span);
    assert_memory_equal(&part->blocks[0].close, &whole->close, sizeof whole->close);
    assert_memory_equal(&part->blocks[0].body->attributes[0].span, &whole->body->attributes[0].span,
            sizeof whole->span);
}

static void nested(fixture *f, const char *open, const char *close, bool closed)
{
    enum { DEPTH = 10000 };
    as_buf text;
    as_buf_init(&text, f->arena, 0);
    as_buf_cstr(&text, "x = ");
    for (size_t i = 0; i < DEPTH; i++)
        as_buf_cstr(&text, open);
    as_buf_cstr(&text, "1");
    for (size_t i = 0; i < DEPTH && closed; i++)
        as_buf_cstr(&text, close);
    as_buf_cstr(&text, "\n");
    as_diags_init(&f->diags, f->arena);
    const as_hcl_body *body = as_hcl_parse(f->arena, source(f, as_buf_view(&text)), &f->diags);
    assert_true(f->diags.n_errors > 0 && f->diags.n_errors < 5);
    as_hcl_ctx ctx = {.arena = f->arena, .diags = &f->diags};
    for (size_t i = 0; i < body->n_attributes; i++)
        assert_non_null(as_hcl_eval(&ctx, body->attributes[i].expr));
}

static void test_hcl_parse__depth_is_bounded(void **state)
{
    static const struct {
        const char *open, *close;
    } pairs[] = {{"(", ")"}, {"[", "]"}, {"{a=", "}"}, {"\"${", "}\""}, {"f(", ")"}, {"-", ""},
            {"a[", "]"}, {"[for x in ", ": x]"}, {"true ? 1 : ", ""},
            {"\"%{if true}", "%{endif}\""}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        nested(*state, pairs[i].open, pairs[i].close, true);
        nested(*state, pairs[i].open, pairs[i].close, false);
    }
}

/* Operators in a row nest to the left without nesting in the text: evaluation has its own bound. */
static void test_hcl_parse__long_chains(void **state)
{
    fixture *f = *state;
    as_buf text;
    as_buf_init(&text, f->arena, 0);
    as_buf_cstr(&text, "1");
    for (size_t i = 0; i < 100000; i++)
        as_buf_cstr(&text, "+1");
    const as_hcl_expr *expr = as_hcl_parse_expr(f->arena, source(f, as_buf_view(&text)), &f->diags);
    assert_int_equal(f->diags.n_errors, 0);
    as_hcl_ctx ctx = {.arena = f->arena, .diags = &f->diags};
    assert_int_equal(as_hcl_eval(&ctx, expr)->kind, AS_UNKNOWN);
    assert_true(f->diags.n_errors > 0);
}

static void test_hcl_parse__unclosed_comments_are_linear(void **state)
{
    fixture *f = *state;
    as_buf text;
    as_buf_init(&text, f->arena, 0);
    for (size_t i = 0; i < 500000; i++)
        as_buf_cstr(&text, "/*");
    as_hcl_parse(f->arena, source(f, as_buf_view(&text)), &f->diags);
    assert_int_equal(f->diags.n_errors, 1);
}

static void test_hcl_parse__binary(void **state)
{
    fixture *f = *state;
    char bytes[4096];
    uint32_t seed = 1;
    for (size_t round = 0; round < 50; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[i] = (char)(seed >> 24);
        }
        as_diags_init(&f->diags, f->arena);
        as_hcl_parse(f->arena, source(f, (as_str){bytes, sizeof bytes}), &f->diags);
        assert_true(f->diags.n_errors > 0);
    }
}

static void test_hcl_parse__budget_unwinds(void **state)
{
    fixture *f = *state;
    const as_hcl_expr *expr = as_hcl_parse_expr(f->arena,
            source(f, AS_STR("[for a in [1,2,3] : [for b in [1,2,3] : a * b]]")), &f->diags);
    uint64_t steps = 10;
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, f->arena)) {
        as_hcl_ctx ctx = {.arena = f->arena, .diags = &f->diags, .steps = &steps};
        as_hcl_eval(&ctx, expr);
        as_guard_leave(&guard);
        fail();
    }
    assert_int_equal(guard.cause, AS_CAUSE_BUDGET);
}

static void test_hcl_parse__json_blocks(void **state)
{
    static const as_hcl_attribute_schema attributes[] = {{"x", true}, {NULL, false}};
    static const as_hcl_block_schema blocks[] = {
            {.type = "resource", .labels = {"type", "name"}}, {.type = NULL}};
    static const as_hcl_schema schema = {attributes, blocks};
    fixture *f = *state;
    const as_hcl_body *body = as_hcl_parse_json(f->arena,
            source(f, AS_STR("{\"//\": \"comment\", \"x\": \"${1 + 1}\", \"resource\": {\"a\": "
                             "{\"b\": {\"k\": 1}, \"c\": [{}, {}]}}}")),
            &f->diags);
    as_hcl_content content = as_hcl_body_content(f->arena, body, &schema, false, &f->diags);
    assert_int_equal(f->diags.n_errors, 0);
    assert_int_equal(content.n_blocks, 3);
    assert_text(content.blocks[2].labels[1].text, "c");
    as_hcl_ctx ctx = {.arena = f->arena, .diags = &f->diags};
    const as_value *x = as_hcl_eval(&ctx, as_hcl_content_attribute(&content, "x")->expr);
    assert_int_equal(as_value_int_or(x, 0), 2);
}

static void test_hcl_parse__schema_errors(void **state)
{
    static const as_hcl_attribute_schema attributes[] = {{"source", true}, {NULL, false}};
    static const as_hcl_block_schema blocks[] = {
            {.type = "module", .labels = {"name"}}, {.type = NULL}};
    static const as_hcl_schema schema = {attributes, blocks};
    fixture *f = *state;
    const as_hcl_body *body =
            parse(f, "modul \"a\" {}\nsorce = 1\nmodule {}\nmodule \"a\" \"b\" {}\n");
    as_hcl_content content = as_hcl_body_content(f->arena, body, &schema, false, &f->diags);
    assert_int_equal(content.n_blocks, 0);
    static const char *const summaries[] = {"Unsupported block type", "Missing name for module",
            "Extraneous label for module", "Unsupported argument", "Missing required argument"};
    assert_int_equal(f->diags.n_errors, 5);
    for (size_t i = 0; i < 5; i++)
        assert_text(f->diags.list.items[i].summary, summaries[i]);
}

static void test_hcl_parse__types(void **state)
{
    fixture *f = *state;
    static const char *const texts[] = {"string", "any", "list(any)",
            "object({a=number,\"b c\"=set(string)})", "tuple([bool,map(list(number))])",
            "tuple([])", "object({})"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const as_type *type = as_type_parse_text(f->arena, as_str_from(texts[i]));
        assert_non_null(type);
        assert_text(as_type_text(f->arena, type), texts[i]);
    }
    assert_null(as_type_parse_text(f->arena, AS_STR("strin")));
    assert_null(as_type_parse_text(f->arena, AS_STR("list(string, string)")));
}

static void test_hcl_parse__optional_attributes(void **state)
{
    fixture *f = *state;
    const as_hcl_expr *expr = as_hcl_parse_expr(f->arena,
            source(f, AS_STR("list(object({a = string, b = optional(number, 3), "
                             "c = optional(object({d = optional(bool, true)}), {})}))")),
            &f->diags);
    const as_type *type = as_type_parse(f->arena, expr, &f->diags);
    as_hcl_ctx ctx = {.arena = f->arena, .diags = &f->diags};
    const as_value *v = as_hcl_eval(
            &ctx, as_hcl_parse_expr(
                          f->arena, source(f, AS_STR("[{a = 1}, {a = 2, b = null}]")), &f->diags));
    v = as_convert(f->arena, as_type_apply_defaults(f->arena, type, v), type, NULL);
    assert_non_null(v);
    as_buf out;
    as_buf_init(&out, f->arena, 0);
    as_value_write_json(&out, v, (as_json_style){0});
    assert_string_equal(as_buf_c(&out),
            "[{\"a\":\"1\",\"b\":3,\"c\":{\"d\":true}},{\"a\":\"2\",\"b\":3,\"c\":{\"d\":true}}]");
    assert_text(as_type_text(f->arena, as_type_of(f->arena, v)),
            "list(object({a=string,b=number,c=object({d=bool})}))");
    assert_int_equal(f->diags.n_errors, 0);
}

static void test_hcl_parse__dynamic_blocks(void **state)
{
    fixture *f = *state;
    const as_hcl_body *body = parse(f,
            "dynamic \"rule\" {\n  for_each = {b = 2, a = 1}\n  iterator = it\n"
            "  content {\n    port = it.value\n    name = it.key\n  }\n}\nrule {\n  port = 9\n}\n");
    as_hcl_ctx ctx = {.arena = f->arena, .diags = &f->diags};
    as_hcl_block_instances instances = {0};
    as_hcl_expand_blocks(&ctx, body, &instances);
    assert_int_equal(f->diags.n_errors, 0);
    assert_int_equal(instances.n, 3);
    for (size_t i = 0; i < 2; i++) {
        assert_text(instances.items[i].block->type, "rule");
        ctx.frames = instances.items[i].frames;
        const as_value *port =
                as_hcl_eval(&ctx, instances.items[i].block->body->attributes[0].expr);
        assert_int_equal(as_value_int_or(port, 0), i + 1);
    }
}

static void count_reference(void *self, const as_hcl_traversal *traversal, as_span span)
{
    (void)span;
    assert_false(as_str_is(traversal->steps[0].name, "x"));
    ++*(size_t *)self;
}

static void test_hcl_parse__references(void **state)
{
    fixture *f = *state;
    const as_hcl_expr *expr = as_hcl_parse_expr(f->arena,
            source(f, AS_STR("[for x in var.l : \"${x}${local.a}\" if x != data.y.z[0].id]")),
            &f->diags);
    size_t n = 0;
    as_hcl_expr_references(expr, count_reference, &n);
    assert_int_equal(n, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_hcl_parse__##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
            TEST(blocks_labels_and_spans),
            TEST(a_bad_item_costs_itself),
            TEST(bom_and_crlf),
            TEST(a_part_has_the_places_of_the_file),
            TEST(depth_is_bounded),
            TEST(long_chains),
            TEST(unclosed_comments_are_linear),
            TEST(binary),
            TEST(budget_unwinds),
            TEST(json_blocks),
            TEST(schema_errors),
            TEST(types),
            TEST(optional_attributes),
            TEST(dynamic_blocks),
            TEST(references),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
