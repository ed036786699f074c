/* Facts as bytes: what comes back is what went in, and bytes that nobody wrote give nothing but
 * `bad`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/shard/plan.h"
#include "engine/shard/wire.h"

static as_arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = as_arena_new(0);
    return arena == NULL;
}

static int free_arena(void **state)
{
    (void)state;
    as_arena_free(arena);
    return 0;
}

static const as_value *text(const char *s)
{
    return as_value_string(arena, AS_SPAN_NONE, as_str_from(s));
}

/* A tree with what values can have: sharing, references, a trail, what is known of an unknown. */
static const as_value *sample(void)
{
    as_object_builder b;
    as_list_builder l;
    as_ref *ref = AS_NEW(arena, as_ref);
    as_trail *trail = AS_NEW(arena, as_trail);
    as_meta *meta = AS_NEW(arena, as_meta);
    const as_value *shared = text("shared");

    *ref = (as_ref){.address = AS_STR("aws_s3_bucket.a"), .path = AS_STR("id")};
    *trail = (as_trail){.note = AS_STR("var.x")};
    as_value *open =
            as_value_copy(arena, as_value_unknown(arena, AS_SPAN_NONE, AS_STR("no value"), ref));
    *meta = *open->meta;
    meta->trail = trail;
    meta->decoded = shared;
    meta->partial = AS_STR("arn:" AS_HOLE);
    open->meta = meta;
    as_list_begin(&l, arena);
    as_list_add(&l, shared);
    as_list_add(&l, open);
    as_list_add(&l, as_value_int(arena, AS_SPAN_NONE, INT64_MIN));
    as_list_add(&l, as_value_float(arena, AS_SPAN_NONE, 0.5));
    as_list_add(&l, as_value_null(arena, AS_SPAN_NONE));
    as_object_begin(&b, arena);
    as_object_add(&b, AS_STR("list"), AS_SPAN_NONE, as_list_end(&l, AS_SPAN_NONE));
    as_object_add(&b, AS_STR("again"), AS_SPAN_NONE, shared);
    as_object_add(&b, AS_STR("yes"), AS_SPAN_NONE, as_value_bool(arena, AS_SPAN_NONE, true));
    return as_object_end(&b, AS_SPAN_NONE);
}

static as_wire_in reader(as_str bytes)
{
    return (as_wire_in){.arena = arena, .p = bytes.p, .end = bytes.p + bytes.n};
}

static as_str written(const as_value *v)
{
    as_wire_out out;

    as_wire_begin(&out, arena);
    as_wire_value(&out, v);
    return as_buf_view(&out.buf);
}

static void test_shard_wire__round_trip(void **state)
{
    as_wire_in in = reader(written(sample()));
    const as_value *v = as_wire_get_value(&in);
    const as_value *list = as_value_get(v, AS_STR("list")), *open = as_value_index(list, 1);

    (void)state;
    assert_false(in.bad);
    assert_ptr_equal(in.p, in.end);
    assert_ptr_equal(as_value_index(list, 0), as_value_get(v, AS_STR("again")));
    assert_ptr_equal(open->meta->decoded, as_value_index(list, 0));
    assert_true(as_str_is(as_value_refs(open)->address, "aws_s3_bucket.a"));
    assert_true(as_str_is(as_value_trail(open)->note, "var.x"));
    assert_true(as_str_is(as_value_reason(open), "no value"));
    assert_true(as_value_int_or(as_value_index(list, 2), 0) == INT64_MIN);
    assert_true(as_value_to_double(as_value_index(list, 3)) == 0.5);
    assert_true(as_value_bool_or(as_value_get(v, AS_STR("yes")), false));
}

/* Every bit of every byte, and every length. */
static void test_shard_wire__damaged(void **state)
{
    as_str good = written(sample());
    size_t n_bad = 0;

    (void)state;
    for (size_t i = 0; i < good.n * 8; i++) {
        char *bytes = as_str_cstr(arena, good);
        bytes[i / 8] = (char)(bytes[i / 8] ^ (1 << (i % 8)));
        as_wire_in in = reader((as_str){bytes, good.n});
        const as_value *v = as_wire_get_value(&in);
        assert_true(!in.bad || v == NULL);
        n_bad += in.bad;
    }
    for (size_t n = 0; n < good.n; n++) {
        as_wire_in in = reader(as_str_slice(good, 0, n));
        assert_null(as_wire_get_value(&in));
        assert_true(in.bad);
    }
    assert_true(n_bad > good.n);
}

static void test_shard_wire__depth(void **state)
{
    const as_value *v = text("deep");

    (void)state;
    for (int i = 0; i < AS_WIRE_DEPTH + 10; i++) {
        const as_value **one = AS_NEW_ARRAY(arena, const as_value *, 1);
        one[0] = v;
        v = as_value_list(arena, AS_SPAN_NONE, one, 1);
    }
    as_wire_in in = reader(written(v));
    assert_null(as_wire_get_value(&in));
    assert_true(in.bad);
}

static const as_value *list_of(const as_value *a, const as_value *b)
{
    const as_value **two = AS_NEW_ARRAY(arena, const as_value *, 2);

    two[0] = a;
    two[1] = b;
    return as_value_list(arena, AS_SPAN_NONE, two, b ? 2 : 1);
}

/* Few bytes that stand for more nodes than anybody can go through. */
static void test_shard_wire__laughs(void **state)
{
    const as_value *v = text("lol");

    (void)state;
    for (int i = 0; i < 20; i++)
        v = list_of(v, v);
    as_wire_in in = reader(written(v));
    assert_non_null(as_wire_get_value(&in));
    for (int i = 0; i < 20; i++)
        v = list_of(v, v);
    in = reader(written(v));
    assert_null(as_wire_get_value(&in));
    assert_true(in.bad);
}

/* One value after the other, each around the one before: deeper than any that is written at once.
 */
static void test_shard_wire__depth_by_number(void **state)
{
    const as_value *v = text("deep");
    as_wire_out out;

    (void)state;
    as_wire_begin(&out, arena);
    for (int i = 0; i < AS_WIRE_DEPTH + 10; i++) {
        v = list_of(v, NULL);
        as_wire_value(&out, v);
    }
    as_wire_in in = reader(as_buf_view(&out.buf));
    int n = 0;
    while (as_wire_get_value(&in))
        n++;
    assert_true(in.bad);
    assert_int_equal(n, AS_WIRE_DEPTH - 1);
}

/* Lists in lists of which each says that it is as long as all bytes that are left. */
static void test_shard_wire__room(void **state)
{
    enum { N_BYTES = 1 << 20 };
    char *bytes = as_arena_alloc(arena, N_BYTES);
    as_wire_out out;

    (void)state;
    as_wire_begin(&out, arena);
    for (int i = 0; i < AS_WIRE_DEPTH - 1; i++) {
        as_wire_size(&out, 1); /* a new value */
        as_wire_size(&out, AS_LIST);
        as_wire_size(&out, 0); /* no flags, nowhere, nothing more about it */
        as_wire_size(&out, 0);
        as_wire_size(&out, 0);
        as_wire_size(&out, 0);
        as_wire_size(&out, 0);
        as_wire_size(&out, N_BYTES - (size_t)i * 10 - 100);
    }
    memset(bytes, 1, N_BYTES);
    memcpy(bytes, out.buf.p, out.buf.n);
    size_t before = as_arena_used(arena);
    as_wire_in in = reader((as_str){bytes, N_BYTES});
    assert_null(as_wire_get_value(&in));
    assert_true(in.bad);
    assert_true(as_arena_used(arena) - before < (size_t)16 * N_BYTES);
}

static void test_shard_wire__plan(void **state)
{
    as_shard_part parts[] = {{10, 0}, {90, 0}, {50, 0}, {50, 0}, {10, 0}};
    static const uint32_t expected[] = {1, 1, 2, 2, 1};
    as_shard shard;

    (void)state;
    as_shard_plan(arena, parts, 5, 2);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(parts[i].shard, expected[i]);
    assert_true(as_shard_parse(AS_STR("3/16"), &shard) && shard.index == 3 && shard.count == 16);
    assert_false(as_shard_parse(AS_STR("0/16"), &shard));
    assert_false(as_shard_parse(AS_STR("17/16"), &shard));
    assert_false(as_shard_parse(AS_STR("3"), &shard));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(test_shard_wire__round_trip, make_arena, free_arena),
            cmocka_unit_test_setup_teardown(test_shard_wire__damaged, make_arena, free_arena),
            cmocka_unit_test_setup_teardown(test_shard_wire__depth, make_arena, free_arena),
            cmocka_unit_test_setup_teardown(test_shard_wire__laughs, make_arena, free_arena),
            cmocka_unit_test_setup_teardown(test_shard_wire__room, make_arena, free_arena),
            cmocka_unit_test_setup_teardown(
                    test_shard_wire__depth_by_number, make_arena, free_arena),
            cmocka_unit_test_setup_teardown(test_shard_wire__plan, make_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
