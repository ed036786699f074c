/* The built-in functions against tests/tables/hcl/functions.test, whose expectations come from
 * Terraform. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/hcl/data.h"
#include "parsers/hcl/eval.h"
#include "parsers/hcl/parse.h"
#include "parsers/json/json.h"

typedef struct fixture {
    as_arena *arena;
    as_sources *sources;
    as_fs *fs;
    const as_value *var;
} fixture;

/* {"$unknown": "list(string)"} and {"$sensitive": x} stand for what JSON has no words for. */
static const as_value *stand_for(as_arena *arena, const as_value *v)
{
    if (v->kind == AS_LIST) {
        as_list_builder list;
        as_list_begin(&list, arena);
        for (size_t i = 0; i < v->as.list.n; i++)
            as_list_add(&list, stand_for(arena, v->as.list.items[i]));
        return as_list_end(&list, AS_SPAN_NONE);
    }
    if (v->kind != AS_OBJECT)
        return v;
    const as_value *unknown = as_value_get(v, AS_STR("$unknown"));
    const as_value *secret = as_value_get(v, AS_STR("$sensitive"));
    if (unknown)
        return as_hcl_unknown(arena, AS_SPAN_NONE, as_type_parse_text(arena, as_value_str(unknown)),
                AS_STR("test"));
    if (secret)
        return as_hcl_with_marks(arena, stand_for(arena, secret), AS_SENSITIVE);
    as_object_builder object;
    as_object_begin(&object, arena);
    for (size_t i = 0; i < v->as.object->n; i++)
        as_object_add(&object, v->as.object->members[i].key, AS_SPAN_NONE,
                stand_for(arena, v->as.object->members[i].value));
    return as_object_end(&object, AS_SPAN_NONE);
}

static const as_value *resolve(
        void *self, as_hcl_ctx *ctx, const as_hcl_traversal *traversal, as_span span, size_t *used)
{
    fixture *f = self;
    (void)ctx;
    (void)span;
    *used = 1;
    return as_str_is(traversal->steps[0].name, "var") ? f->var : NULL;
}

static void write_value(as_buf *out, as_arena *arena, const as_value *v)
{
    if (v->kind == AS_UNKNOWN) {
        as_buf_cstr(out, "{\"$unknown\":");
        as_buf_json_string(out, as_type_text(arena, as_type_of(arena, v)));
        as_buf_char(out, '}');
    } else if (v->kind == AS_FLOAT && isinf(v->as.number)) {
        as_buf_fmt(out, "{\"$inf\":%s}", v->as.number < 0 ? "true" : "false");
    } else if (as_value_is_number(v)) {
        as_buf_str(out, as_num_text(arena, v));
    } else if (v->kind == AS_LIST || v->kind == AS_OBJECT) {
        bool object = v->kind == AS_OBJECT;
        as_buf_char(out, object ? '{' : '[');
        for (size_t i = 0; i < as_hcl_count(v); i++) {
            as_buf_cstr(out, i > 0 ? "," : "");
            if (object) {
                as_value_write_json(out,
                        as_value_string(arena, AS_SPAN_NONE, v->as.object->members[i].key),
                        (as_json_style){.escape_html = true});
                as_buf_char(out, ':');
            }
            write_value(out, arena, as_hcl_item_at(v, i));
        }
        as_buf_char(out, object ? '}' : ']');
    } else {
        as_value_write_json(out, v, (as_json_style){.escape_html = true, .show_sensitive = true});
    }
}

static as_str outcome(fixture *f, as_str text)
{
    as_diags diags;
    uint64_t steps = 10000000;
    size_t vars = as_str_find(text, AS_STR(" @@ "));
    as_diags_init(&diags, f->arena);
    f->var = as_hcl_object(f->arena, AS_SPAN_NONE, NULL, 0);
    if (vars != (size_t)-1) {
        const as_value *json = as_json_parse_text(
                f->arena, as_str_from_index(text, vars + 4), AS_SPAN_NONE, &diags);
        assert_non_null(json);
        f->var = as_hcl_import(f->arena, stand_for(f->arena, json));
        text = as_str_slice(text, 0, vars);
    }
    const as_source *source = as_sources_add(f->sources, AS_STR("expr"), text, true);
    as_hcl_ctx ctx = {.arena = f->arena,
            .diags = &diags,
            .steps = &steps,
            .resolve = resolve,
            .host = f,
            .fs = f->fs};
    const as_hcl_expr *expr = as_hcl_parse_expr(f->arena, source, &diags);
    const as_value *v = diags.n_errors == 0 ? as_hcl_eval(&ctx, expr) : NULL;
    as_buf out;
    as_buf_init(&out, f->arena, 0);
    if (diags.n_errors > 0) {
        const as_diag *first = &diags.list.items[0];
        as_position at = as_sources_position(f->sources, first->span.file, first->span.begin);
        as_buf_fmt(&out, "! %u:%u %.*s", at.line, at.column, AS_STR_ARG(first->summary));
    } else {
        as_buf_cstr(&out, "= ");
        write_value(&out, f->arena, as_hcl_unmark_deep(f->arena, v));
        as_buf_cstr(&out, " : ");
        as_type_write(&out, as_type_of(f->arena, v));
        as_buf_cstr(&out, as_hcl_marks_deep(f->arena, v) & AS_SENSITIVE ? " sensitive" : "");
    }
    return as_buf_view(&out);
}

static as_str read_table(fixture *f, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    as_buf text;
    as_buf_init(&text, f->arena, 0);
    char part[4096];
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;)
        as_buf_add(&text, part, n);
    fclose(file);
    return as_buf_view(&text);
}

static void test_hcl_functions__table(void **state)
{
    fixture f = {.arena = as_arena_new(0), .sources = as_sources_new()};
    (void)state;
    f.fs = as_fs_open_dir("tests/conformance/hcl", f.sources);
    assert_non_null(f.fs);
    as_str rest = read_table(&f, "tests/tables/hcl/functions.test"), line, expr = AS_STR_NONE;
    size_t n = 0, n_wrong = 0;
    while (as_str_split(&rest, '\n', &line)) {
        if (line.n == 0 || (expr.n == 0 && line.p[0] == '#')) {
            expr = AS_STR_NONE;
        } else if (expr.n == 0) {
            expr = line;
        } else {
            as_str got = outcome(&f, expr);
            n++;
            if (!as_str_eq(got, line)) {
                n_wrong++;
                print_error("%.*s\n  wanted %.*s\n  got    %.*s\n", AS_STR_ARG(expr),
                        AS_STR_ARG(line), AS_STR_ARG(got));
            }
        }
    }
    as_fs_free(f.fs);
    as_sources_free(f.sources);
    as_arena_free(f.arena);
    assert_true(n > 1000);
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_hcl_functions__table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
