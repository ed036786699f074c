/* --set and versions against tests/tables/helm, whose expectations come from the real libraries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/semver.h"
#include "parsers/helm/strvals.h"
#include "parsers/helm/values.h"
#include "parsers/json/json.h"
#include "parsers/yaml/yaml.h"
#include "tests/unit/table_reader.h"

static const char base[] = "a: {b: 1, e: null, deep: {x: 1, l: [1, 2]}}\n"
                           "list: [x, {k: 1}, [1, 2]]\ns: str\nnul: null\n";

static as_helm_set set_of(as_str line)
{
    static const struct {
        const char *flag;
        as_helm_set_kind kind;
    } flags[] = {
            {"--set ", AS_HELM_SET},
            {"--set-string ", AS_HELM_SET_STRING},
            {"--set-json ", AS_HELM_SET_JSON},
            {"--set-literal ", AS_HELM_SET_LITERAL},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (as_str_starts(line, flags[i].flag)) {
            return (as_helm_set){
                    .kind = flags[i].kind, .text = as_str_from_index(line, strlen(flags[i].flag))};
        }
    }
    fail_msg("no such flag: %.*s", AS_STR_ARG(line));
    return (as_helm_set){0};
}

static void check_set(as_arena *arena, as_helm_options *options, as_str expected)
{
    as_diags diags;
    as_diags_init(&diags, arena);
    const as_value *got = as_helm_values_merge(arena, NULL, options, &diags);
    as_str first = options->sets.items[0].text, wanted = as_str_from_index(expected, 2);
    if (expected.p[0] == '!') {
        if (got || !as_str_starts(diags.list.items[0].summary, as_str_cstr(arena, wanted))) {
            fail_msg("%.*s: %.*s, expected %.*s", AS_STR_ARG(first),
                    AS_STR_ARG(got ? AS_STR("no error") : diags.list.items[0].summary),
                    AS_STR_ARG(wanted));
        }
        return;
    }
    as_buf text;
    as_buf_init(&text, arena, 0);
    as_value_write_json(&text, got, (as_json_style){.sort_keys = true});
    if (!as_str_eq(as_buf_view(&text), wanted)) {
        fail_msg("%.*s: %.*s, expected %.*s", AS_STR_ARG(first), AS_STR_ARG(as_buf_view(&text)),
                AS_STR_ARG(wanted));
    }
}

static void test_helm_values__set(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_sources *sources = as_sources_new();
    as_helm_values file = {
            .source = as_sources_add(sources, AS_STR("base.yaml"), as_str_from(base), true)};
    as_str line, rest = table_read(arena, "tests/tables/helm/set.test");
    size_t n = 0;
    as_helm_options options = {0};
    while (table_line(&rest, &line)) {
        if (as_str_starts(line, "--")) {
            AS_VEC_PUSH(arena, &options.sets, set_of(line));
        } else if (line.n) {
            AS_VEC_PUSH(arena, &options.values, file);
            check_set(arena, &options, line);
            options = (as_helm_options){0};
            n++;
        }
    }
    assert_true(n > 50);
    as_sources_free(sources);
    as_arena_free(arena);
}

static void test_helm_values__semver(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_str line, rest = table_read(arena, "tests/tables/helm/semver.test");
    size_t n = 0;
    while (table_line(&rest, &line)) {
        size_t first = as_str_find(line, AS_STR(" | ")), last = as_str_rfind_char(line, '|');
        if (line.n == 0) {
            continue;
        }
        as_str range =
                as_str_replace(arena, as_str_slice(line, 0, first), AS_STR("OR"), AS_STR("||"));
        as_str error, got = AS_STR("err");
        as_semver version;
        bool holds;
        assert_null(as_semver_parse(as_str_slice(line, first + 3, last - 1), &version));
        if (as_semver_satisfies(arena, range, &version, &holds, &error)) {
            got = holds ? AS_STR("true") : AS_STR("false");
        }
        if (!as_str_eq(got, as_str_from_index(line, last + 2))) {
            fail_msg("%.*s, but got %.*s", AS_STR_ARG(line), AS_STR_ARG(got));
        }
        n++;
    }
    assert_true(n > 100);
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_helm_values__set),
            cmocka_unit_test(test_helm_values__semver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
