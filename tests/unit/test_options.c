#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/cli/options.h"

typedef struct settings {
    bool quiet, verbose;
    int jobs, color;
    as_str config;
    as_str_list vars;
} settings;

static const char *const when[] = {"auto", "always", "never", NULL};

static const as_option table[] = {
        AS_OPTION_GROUP("All"),
        AS_OPTION_FLAG(settings, quiet, 'q', "quiet", "x"),
        AS_OPTION_FLAG(settings, verbose, 'v', "verbose", "x"),
        AS_OPTION_INT(settings, jobs, 'j', "jobs", "N", "x"),
        AS_OPTION_ENUM(settings, color, 0, "color", "WHEN", when, "x"),
        AS_OPTION_TEXT(settings, config, 'c', "config", "FILE", "x"),
        AS_OPTION_LIST(settings, vars, 0, "var", "NAME=VALUE", "x"),
        AS_OPTION_END,
};

/* Arguments, and what comes of them: "q v jobs color config vars… | args…", or the problem. */
static const struct {
    const char *argv[8];
    const char *result;
} cases[] = {
        {{NULL}, "0 0 0 0  |"},
        {{"-qv", "a", NULL}, "1 1 0 0  | a"},
        {{"-j4", "-j", "5", NULL}, "0 0 5 0  |"},
        {{"-qj7", NULL}, "1 0 7 0  |"},
        {{"--color=never", "--color", "always", NULL}, "0 0 0 1  |"},
        {{"--config", "-x", "-c", "", NULL}, "0 0 0 0  |"},
        {{"--config=a=b", NULL}, "0 0 0 0 a=b |"},
        {{"--var", "a=1", "x", "--var=b=2", NULL}, "0 0 0 0  a=1 b=2 | x"},
        {{"-", "--", "--quiet", NULL}, "0 0 0 0  | - --quiet"},
        {{"--quite", NULL}, "unknown option '--quite'; did you mean '--quiet'?"},
        {{"--zzz", NULL}, "unknown option '--zzz'"},
        {{"-x", NULL}, "unknown option '-x'"},
        {{"--quiet=1", NULL}, "option '--quiet' takes no value"},
        {{"--jobs", NULL}, "option '--jobs' needs a value (N)"},
        {{"-j", NULL}, "option '--jobs' needs a value (N)"},
        {{"--jobs=-1", NULL}, "--jobs: '-1' is not a whole number"},
        {{"--jobs=99999999999", NULL}, "--jobs: '99999999999' is not a whole number"},
        {{"--color=alwys", NULL},
                "--color: 'alwys' is not one of auto, always, never; did you mean 'always'?"},
        {{"a", "--help", NULL}, "help"},
        {{"-h", NULL}, "help"},
        {{"--", "-h", NULL}, "0 0 0 0  | -h"},
};

static void test_options__parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        as_arena *arena = as_arena_new(0);
        settings s = {0};
        as_options_parser parser = {.arena = arena, .options = table, .settings = &s};
        char *argv[8];
        int argc = 0;
        as_buf out;

        for (; cases[i].argv[argc]; argc++)
            argv[argc] = as_str_cstr(arena, as_str_from(cases[i].argv[argc]));
        as_buf_init(&out, arena, 0);
        switch (as_options_parse(&parser, argc, argv)) {
        case AS_OPTIONS_HELP:
            as_buf_cstr(&out, "help");
            break;
        case AS_OPTIONS_ERROR:
            as_buf_str(&out, parser.problem);
            break;
        case AS_OPTIONS_OK:
            as_buf_fmt(&out, "%d %d %d %d %.*s", s.quiet, s.verbose, s.jobs, s.color,
                    AS_STR_ARG(s.config));
            for (size_t k = 0; k < s.vars.n; k++)
                as_buf_fmt(&out, " %.*s", AS_STR_ARG(s.vars.items[k]));
            as_buf_cstr(&out, " |");
            for (size_t k = 0; k < parser.args.n; k++)
                as_buf_fmt(&out, " %.*s", AS_STR_ARG(parser.args.items[k]));
            break;
        }
        assert_string_equal(as_buf_c(&out), cases[i].result);
        as_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_options__parse)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
