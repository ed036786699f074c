/* Builders, and copies that outlive what they were made from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "engine/value/value.h"

static as_str json(as_arena *arena, const as_value *v)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    as_value_write_json(&buf, v, (as_json_style){0});
    return as_buf_view(&buf);
}

/* Few items stand in the builder, more in the arena; both end alike. */
static void test_value__builders(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    for (size_t n = 0; n < 70; n++) {
        as_list_builder list;
        as_object_builder object;
        as_list_begin(&list, arena);
        as_object_begin(&object, arena);
        for (size_t i = 0; i < n; i++) {
            const as_value *v = as_value_int(arena, AS_SPAN_NONE, (int64_t)i);
            as_list_add(&list, v);
            as_object_add(&object, as_str_fmt(arena, "k%zu", i), AS_SPAN_NONE, v);
            assert_ptr_equal(as_list_so_far(&list)[i], v);
            assert_ptr_equal(as_object_so_far(&object)[i].value, v);
        }
        const as_value *items = as_list_end(&list, AS_SPAN_NONE);
        const as_value *members = as_object_end(&object, AS_SPAN_NONE);
        assert_int_equal(as_value_count(items), n);
        assert_int_equal(as_value_count(members), n);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(as_value_int_or(as_value_index(items, i), -1), i);
            as_str key = as_str_fmt(arena, "k%zu", i);
            assert_int_equal(as_value_int_or(as_value_get(members, key), -1), i);
        }
    }
    as_arena_free(arena);
}

/* {"a":["source","made"],"u":unknown and sensitive} with a reference, from an arena that goes. */
static const as_value *made(as_arena *arena, as_str source)
{
    as_list_builder list;
    as_object_builder object;
    as_span span = {1, 2, 3};
    as_ref *ref = AS_NEW(arena, as_ref);
    *ref = (as_ref){.address = as_str_dup(arena, AS_STR("x.y")), .path = AS_STR("id")};
    as_list_begin(&list, arena);
    as_list_add(&list, as_value_string(arena, span, as_str_slice(source, 1, 7)));
    as_list_add(&list, as_value_string(arena, span, as_str_dup(arena, AS_STR("made"))));
    as_object_begin(&object, arena);
    as_object_add(&object, as_str_dup(arena, AS_STR("a")), span, as_list_end(&list, span));
    as_object_add(&object, AS_STR("u"), span,
            as_value_with_flags(arena,
                    as_value_unknown(arena, span, as_str_dup(arena, AS_STR("after apply")), ref),
                    AS_SENSITIVE));
    return as_object_end(&object, span);
}

static void test_value__what_is_kept_outlives_its_arena(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0), *work = as_arena_new(0);
    as_str source = AS_STR("\"source\"");
    const as_value *kept = as_value_keep(arena, source, made(work, source));
    as_arena_free(work);
    assert_true(
            as_str_is(json(arena, kept), "{\"a\":[\"source\",\"made\"],\"u\":\"(sensitive)\"}"));
    const as_value *text = as_value_index(as_value_get(kept, AS_STR("a")), 0);
    assert_ptr_equal(text->as.str.p, source.p + 1);
    assert_int_equal(text->span.begin, 2);
    const as_value *unknown = as_value_get(kept, AS_STR("u"));
    assert_true(as_value_is_unknown(unknown) && unknown->flags == AS_SENSITIVE);
    assert_true(as_str_is(as_value_reason(unknown), "after apply"));
    assert_true(as_str_is(as_value_refs(unknown)->address, "x.y"));
    assert_null(as_value_refs(unknown)->next);
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_value__builders),
            cmocka_unit_test(test_value__what_is_kept_outlives_its_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
