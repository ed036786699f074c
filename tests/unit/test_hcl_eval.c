/* Expressions against the tables in tests/tables/hcl, whose expectations come from the real
 * libraries. */
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

/* --- the names of the tables ------------------------------------------------------------------ */

enum { UNKNOWN = 1, NULLED = 2, SECRET = 4, NOT_NULL = 8 };

static const struct variable {
    const char *name, *value, *type;
    unsigned nature;
} variables[] = {
        {"deep", "{a = [{b = {\"c d\" = 7}}]}", "object({a=tuple([object({b=map(number)})])})", 0},
        {"le", "[]", "list(string)", 0},
        {"ln", "[1, 2]", "list(number)", 0},
        {"lo", "[{n = 1, t = \"p\"}, {n = 2, t = \"q\"}]", "list(object({n=number,t=string}))", 0},
        {"ls", "[\"a\", \"b\"]", "list(string)", 0},
        {"me", "{}", "map(number)", 0},
        {"ml", "{k = [\"z\"]}", "map(list(string))", 0},
        {"ms", "{x = \"1\", y = \"2\"}", "map(string)", 0},
        {"nb", NULL, "bool", NULLED},
        {"nl", NULL, "list(string)", NULLED},
        {"nn", NULL, "number", NULLED},
        {"no", NULL, "object({a=string})", NULLED},
        {"ns", NULL, "string", NULLED},
        {"sec", "\"pw\"", "string", SECRET},
        {"secb", "true", "bool", SECRET},
        {"secl", "[\"a\"]", "list(string)", SECRET},
        {"sn", "[10, 9]", "set(number)", 0},
        {"so", "[{n = 1}, {n = 2}]", "set(object({n=number}))", 0},
        {"ss", "[\"b\", \"a\"]", "set(string)", 0},
        {"ua", NULL, "any", UNKNOWN},
        {"ub", NULL, "bool", UNKNOWN},
        {"ulo", NULL, "list(object({id=string}))", UNKNOWN},
        {"uls", NULL, "list(string)", UNKNOWN},
        {"ums", NULL, "map(string)", UNKNOWN},
        {"un", NULL, "number", UNKNOWN},
        {"uo", NULL, "object({id=string,n=number})", UNKNOWN},
        {"ur", NULL, "string", UNKNOWN | NOT_NULL},
        {"us", NULL, "string", UNKNOWN},
        {"uss", NULL, "set(string)", UNKNOWN},
        {"ut", NULL, "tuple([string,number])", UNKNOWN},
};
#define N_VARIABLES (sizeof variables / sizeof *variables)

typedef struct fixture {
    as_arena *arena;
    as_sources *sources;
    as_diags diags;
    const as_value *v;
} fixture;

static const as_value *evaluate_plain(fixture *f, const char *text)
{
    as_diags_init(&f->diags, f->arena);
    as_hcl_ctx ctx = {.arena = f->arena, .diags = &f->diags};
    const as_hcl_expr *expr =
            as_hcl_parse_expr_text(f->arena, as_str_from(text), AS_SPAN_NONE, &f->diags);
    return as_hcl_eval(&ctx, expr);
}

static const as_value *make_variable(fixture *f, const struct variable *spec)
{
    const as_type *type = as_type_parse_text(f->arena, as_str_from(spec->type));
    assert_non_null(type);
    if (spec->nature & UNKNOWN) {
        const as_value *unknown = as_hcl_unknown(f->arena, AS_SPAN_NONE, type, AS_STR("test"));
        return spec->nature & NOT_NULL ? as_hcl_refine_not_null(f->arena, unknown) : unknown;
    }
    if (spec->nature & NULLED)
        return as_hcl_null(f->arena, AS_SPAN_NONE, type);
    const as_value *value = as_convert(f->arena, evaluate_plain(f, spec->value), type, NULL);
    assert_non_null(value);
    return spec->nature & SECRET ? as_hcl_with_marks(f->arena, value, AS_SENSITIVE) : value;
}

/* A tuple and an object with a secret inside. */
static void add_partly_secret(fixture *f, as_member *members, size_t *n)
{
    const as_value **items = AS_NEW_ARRAY(f->arena, const as_value *, 2);
    items[0] = as_hcl_with_marks(f->arena, evaluate_plain(f, "1"), AS_SENSITIVE);
    items[1] = evaluate_plain(f, "2");
    members[(*n)++] = (as_member){
            AS_STR("seci"), AS_SPAN_NONE, as_hcl_tuple(f->arena, AS_SPAN_NONE, items, 2)};
    as_member *parts = AS_NEW_ARRAY(f->arena, as_member, 2);
    parts[0] = (as_member){AS_STR("a"), AS_SPAN_NONE,
            as_hcl_with_marks(f->arena, evaluate_plain(f, "\"x\""), AS_SENSITIVE)};
    parts[1] = (as_member){AS_STR("b"), AS_SPAN_NONE, evaluate_plain(f, "\"y\"")};
    members[(*n)++] = (as_member){
            AS_STR("seco"), AS_SPAN_NONE, as_hcl_object(f->arena, AS_SPAN_NONE, parts, 2)};
}

static const as_value *resolve(
        void *self, as_hcl_ctx *ctx, const as_hcl_traversal *traversal, as_span span, size_t *used)
{
    fixture *f = self;
    (void)ctx;
    (void)span;
    *used = 1;
    return as_str_is(traversal->steps[0].name, "v") ? f->v : NULL;
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->arena = as_arena_new(0);
    f->sources = as_sources_new();
    as_member *members = AS_NEW_ARRAY(f->arena, as_member, N_VARIABLES + 2);
    size_t n = 0;
    for (size_t i = 0; i < N_VARIABLES; i++)
        members[n++] = (as_member){
                as_str_from(variables[i].name), AS_SPAN_NONE, make_variable(f, &variables[i])};
    add_partly_secret(f, members, &n);
    f->v = as_hcl_object(f->arena, AS_SPAN_NONE, members, n);
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

/* --- tables ----------------------------------------------------------------------------------- */

static void write_value(as_buf *out, as_arena *arena, const as_value *v)
{
    if (as_hcl_marks(v)) {
        as_buf_cstr(out, "{\"$sensitive\":");
        write_value(out, arena, as_hcl_unmark(arena, v));
        as_buf_char(out, '}');
    } else if (v->kind == AS_UNKNOWN) {
        as_buf_cstr(out, "{\"$unknown\":");
        as_buf_json_string(out, as_type_text(arena, as_type_of(arena, v)));
        as_buf_char(out, '}');
    } else if (as_value_is_number(v)) {
        as_buf_str(out, as_num_text(arena, v));
    } else if (v->kind == AS_LIST || v->kind == AS_OBJECT) {
        bool object = v->kind == AS_OBJECT;
        as_buf_char(out, object ? '{' : '[');
        for (size_t i = 0; i < as_hcl_count(v); i++) {
            if (i > 0)
                as_buf_char(out, ',');
            if (object) {
                as_buf_json_string(out, v->as.object->members[i].key);
                as_buf_char(out, ':');
            }
            write_value(out, arena, as_hcl_item_at(v, i));
        }
        as_buf_char(out, object ? '}' : ']');
    } else {
        as_value_write_json(out, v, (as_json_style){0});
    }
}

static as_str outcome(fixture *f, as_str text)
{
    const as_source *source = as_sources_add(f->sources, AS_STR("t"), text, true);
    uint64_t steps = 100000;
    as_diags_init(&f->diags, f->arena);
    as_hcl_ctx ctx = {.arena = f->arena,
            .diags = &f->diags,
            .steps = &steps,
            .resolve = resolve,
            .host = f,
            .no_functions = true};
    const as_hcl_expr *expr = as_hcl_parse_expr(f->arena, source, &f->diags);
    const as_value *v = f->diags.n_errors == 0 ? as_hcl_eval(&ctx, expr) : NULL;
    as_buf out;
    as_buf_init(&out, f->arena, 0);
    if (f->diags.n_errors > 0) {
        const as_diag *first = &f->diags.list.items[0];
        as_position at = as_sources_position(f->sources, first->span.file, first->span.begin);
        as_buf_fmt(&out, "! %u:%u %.*s", at.line, at.column, AS_STR_ARG(first->summary));
    } else {
        as_buf_cstr(&out, "= ");
        write_value(&out, f->arena, v);
        as_buf_cstr(&out, " : ");
        as_type_write(&out, as_type_of(f->arena, v));
    }
    return as_buf_view(&out);
}

/* `expression -> type`: the value with the type's defaults, converted. */
static as_str conversion(fixture *f, as_str text)
{
    size_t arrow = as_str_find(text, AS_STR(" -> "));
    as_diags_init(&f->diags, f->arena);
    const as_hcl_expr *type_expr = as_hcl_parse_expr_text(
            f->arena, as_str_from_index(text, arrow + 4), AS_SPAN_NONE, &f->diags);
    const as_type *type = as_type_parse(f->arena, type_expr, &f->diags);
    as_hcl_ctx ctx = {.arena = f->arena, .diags = &f->diags, .resolve = resolve, .host = f};
    const as_hcl_expr *expr =
            as_hcl_parse_expr_text(f->arena, as_str_slice(text, 0, arrow), AS_SPAN_NONE, &f->diags);
    const as_value *v = as_hcl_eval(&ctx, expr);
    assert_int_equal(f->diags.n_errors, 0);
    as_convert_error error;
    v = as_convert(f->arena, as_type_apply_defaults(f->arena, type, v), type, &error);
    as_buf out;
    as_buf_init(&out, f->arena, 0);
    if (!v) {
        as_buf_fmt(&out, "! %.*s", AS_STR_ARG(error.message));
    } else {
        as_buf_cstr(&out, "= ");
        write_value(&out, f->arena, v);
        as_buf_cstr(&out, " : ");
        as_type_write(&out, as_type_of(f->arena, v));
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

static bool is_outcome(as_str line)
{
    return as_str_starts(line, "= ") || as_str_starts(line, "! ");
}

static void run_table(fixture *f, const char *path, as_str (*run)(fixture *f, as_str text))
{
    as_str rest = read_table(f, path), line, expr = AS_STR_NONE;
    size_t n = 0, n_wrong = 0;
    while (as_str_split(&rest, '\n', &line)) {
        if (line.n == 0 || (expr.n == 0 && line.p[0] == '#')) {
            expr = AS_STR_NONE;
        } else if (expr.n > 0 && is_outcome(line)) {
            as_str text = {expr.p, (size_t)(line.p - expr.p) - 1};
            if (as_str_contains(text, "<<"))
                text.n++; /* a heredoc's marker ends with its line */
            as_str got = run(f, text);
            n++;
            if (!as_str_eq(got, line)) {
                n_wrong++;
                print_error("%.*s\n  wanted %.*s\n  got    %.*s\n", AS_STR_ARG(text),
                        AS_STR_ARG(line), AS_STR_ARG(got));
            }
        } else if (expr.n == 0) {
            expr = (as_str){line.p, line.n + 1};
        }
    }
    assert_true(n > 0);
    assert_int_equal(n_wrong, 0);
}

static void test_hcl_eval__access_loops_conditionals(void **state)
{
    run_table(*state, "tests/tables/hcl/access_loops_conditionals.test", outcome);
}

static void test_hcl_eval__operators_templates_syntax(void **state)
{
    run_table(*state, "tests/tables/hcl/operators_templates_syntax.test", outcome);
}

static void test_hcl_eval__heredocs(void **state)
{
    run_table(*state, "tests/tables/hcl/heredocs.test", outcome);
}

static void test_hcl_eval__conversions(void **state)
{
    run_table(*state, "tests/tables/hcl/conversions.test", conversion);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(
                    test_hcl_eval__access_loops_conditionals, setup, teardown),
            cmocka_unit_test_setup_teardown(
                    test_hcl_eval__operators_templates_syntax, setup, teardown),
            cmocka_unit_test_setup_teardown(test_hcl_eval__heredocs, setup, teardown),
            cmocka_unit_test_setup_teardown(test_hcl_eval__conversions, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
