/* The validator against tests/tables/jsonschema, and its bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/json/json.h"
#include "parsers/jsonschema/jsonschema.h"
#include "tests/unit/table_reader.h"

static const as_value *json(as_arena *arena, as_str text)
{
    as_diags diags;
    as_diags_init(&diags, arena);
    const as_value *v = as_json_parse_text(arena, text, AS_SPAN_NONE, &diags);
    assert_non_null(v);
    return v;
}

static as_str outcome(as_arena *arena, const as_value *schema, as_str instance)
{
    as_jsonschema_result result;
    if (as_jsonschema_validate(arena, schema, json(arena, instance), &result)) {
        return AS_STR("=");
    }
    return result.problem.n ? AS_STR("!") : as_jsonschema_text(arena, &result);
}

static void test_jsonschema__keywords(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_str line, expected, rest = table_read(arena, "tests/tables/jsonschema/keywords.test");
    const as_value *schema = NULL;
    size_t n = 0;
    while (table_line(&rest, &line)) {
        if (as_str_starts(line, "  ")) {
            assert_true(table_line(&rest, &expected));
            char *wanted = as_str_cstr(arena, as_str_trim(expected));
            as_str got = outcome(arena, schema, as_str_trim(line));
            if (!as_str_starts(got, wanted)) {
                fail_msg("%.*s: %.*s, expected %s", AS_STR_ARG(line), AS_STR_ARG(got), wanted);
            }
            n++;
        } else if (line.n) {
            schema = json(arena, line);
        }
    }
    assert_true(n > 100);
    as_arena_free(arena);
}

static void test_jsonschema__elsewhere(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_jsonschema_result result;
    const as_value *schema = json(
            arena, AS_STR("{\"properties\":{\"a\":{\"$ref\":\"https://example.com/a.json\"}}}"));
    assert_true(as_jsonschema_validate(arena, schema, json(arena, AS_STR("{\"a\":1}")), &result));
    assert_int_equal(result.elsewhere.n, 1);
    as_arena_free(arena);
}

/* Each level refers to the next twice: 2^40 evaluations, if nothing stopped them. */
static void test_jsonschema__bounded(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_buf text;
    as_buf_init(&text, arena, 0);
    as_buf_cstr(&text, "{\"$ref\":\"#/$defs/a0\",\"$defs\":{\"a40\":{}");
    for (int i = 0; i < 40; i++) {
        as_buf_fmt(&text,
                ",\"a%d\":{\"allOf\":[{\"$ref\":\"#/$defs/a%d\"},{\"$ref\":\"#/$defs/a%d\"}]}", i,
                i + 1, i + 1);
    }
    as_buf_cstr(&text, "}}");
    const as_value *schema = json(arena, as_buf_view(&text));
    assert_true(as_str_is(outcome(arena, schema, AS_STR("1")), "!"));
    assert_true(
            as_str_is(outcome(arena, json(arena, AS_STR("{\"$ref\":\"#\"}")), AS_STR("1")), "!"));
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_jsonschema__keywords),
            cmocka_unit_test(test_jsonschema__elsewhere),
            cmocka_unit_test(test_jsonschema__bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
