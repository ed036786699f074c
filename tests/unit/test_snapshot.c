/* Snapshots: what is added is read back, interruptions lose only what was not finished. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "engine/base/file.h"
#include "parsers/json/json.h"
#include "parsers/live/seal.h"
#include "parsers/live/snapshot.h"

typedef struct fixture {
    as_arena *arena;
    as_sources *sources;
    as_diags diags;
    as_str dir;
} fixture;

static int set_up(void **state)
{
    static char name[64];
    fixture *f = calloc(1, sizeof *f);

    (void)snprintf(name, sizeof name, "/tmp/assay-snapshot-XXXXXX");
    f->arena = as_arena_new(0);
    f->sources = as_sources_new();
    as_diags_init(&f->diags, f->arena);
    f->dir = as_str_from(mkdtemp(name));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    char command[128];

    (void)snprintf(command, sizeof command, "rm -r %s", f->dir.p);
    as_sources_free(f->sources);
    as_arena_free(f->arena);
    free(f);
    return system(command);
}

static const as_value *json(fixture *f, const char *text)
{
    return as_json_parse_text(f->arena, as_str_from(text), AS_SPAN_NONE, &f->diags);
}

static void add(fixture *f, as_snapshot *s, const char *op, const char *params, unsigned page,
        const char *body, const char *error, bool last)
{
    as_snapshot_answer answer = {.op = as_str_from(op),
            .params = json(f, params),
            .page = page,
            .time = AS_STR("2026-01-31T00:00:00Z"),
            .status = 200,
            .error = as_str_from(error),
            .body = *body ? json(f, body) : NULL,
            .last = last};
    as_str problem = AS_STR("");

    assert_true(as_snapshot_add(s, AS_STR("aws/1/eu-west-1/ec2"), &answer, &problem));
}

static as_snapshot *create(fixture *f, bool resume, as_str seal_to)
{
    as_snapshot_options options = {.resume = resume, .seal_to_pem = seal_to};
    as_str problem = AS_STR("");
    as_snapshot *s = as_snapshot_create(f->arena, f->dir, &options, &problem);

    if (!s)
        print_error("%.*s\n", AS_STR_ARG(problem));
    return s;
}

/* The part as text, unpacked; "" when it cannot be had. */
static as_str lines(fixture *f, as_str key)
{
    as_fs *fs = as_fs_open_dir(f->dir.p, f->sources);
    as_snapshot_parts parts;

    as_snapshot_open(f->arena, fs, AS_STR(""), key, &f->diags, &parts);
    as_str text = parts.n == 1 ? as_str_dup(f->arena, parts.items[0].source->text) : AS_STR("");
    as_fs_free(fs);
    return text;
}

static void test_snapshot__sorted_and_resumed(void **state)
{
    fixture *f = *state;
    const as_snapshot_answer *pages;
    as_str problem = AS_STR("");
    as_snapshot *first = create(f, false, AS_STR(""));

    add(f, first, "ec2:DescribeVpcs", "{\"b\":1,\"a\":2}", 0, "{\"n\":1}", "", false);
    add(f, first, "ec2:DescribeVpcs", "{\"b\":1,\"a\":2}", 1, "{\"n\":2}", "", true);
    add(f, first, "ec2:DescribeSubnets", "{}", 0, "{\"half\":true}", "", false);
    assert_null(create(f, false, AS_STR(""))); /* not empty, as it says */

    as_snapshot *second = create(f, true, AS_STR(""));
    as_str part = AS_STR("aws/1/eu-west-1/ec2");
    assert_int_equal(2, as_snapshot_recall(second, f->arena, part, AS_STR("ec2:DescribeVpcs"),
                                json(f, "{\"a\":2,\"b\":1}"), &pages));
    assert_int_equal(2, as_value_int_or(as_value_get(pages[1].body, AS_STR("n")), 0));
    assert_int_equal(0, as_snapshot_recall(second, f->arena, part, AS_STR("ec2:DescribeSubnets"),
                                NULL, &pages));
    add(f, second, "ec2:DescribeSubnets", "{}", 0, "{\"half\":false}", "", true);
    add(f, second, "ec2:DescribeAddresses", "{}", 0, "", "AccessDenied", true);
    assert_true(as_snapshot_finish(second, json(f, "{\"started\":\"x\"}"), &problem));

    as_str text = lines(f, AS_STR(""));
    assert_int_equal(0, f->diags.n_errors);
    size_t addresses = as_str_find(text, AS_STR("Addresses"));
    size_t subnets = as_str_find(text, AS_STR("{\"half\":false}"));
    size_t vpcs = as_str_find(text, AS_STR("{\"a\":2,\"b\":1},\"page\":1"));
    assert_true(addresses < subnets && subnets < vpcs && vpcs < text.n);
    assert_false(as_str_contains(text, "{\"half\":true}"));
    const as_source *manifest = as_file_read(f->arena, f->sources,
            as_str_fmt(f->arena, "%.*s/manifest.json", AS_STR_ARG(f->dir)).p, AS_STR(""),
            &f->diags);
    assert_true(as_str_contains(manifest->text, "\"error\":\"AccessDenied\""));
}

static void test_snapshot__only_the_latest_asking_counts(void **state)
{
    fixture *f = *state;
    as_str problem = AS_STR("");
    as_snapshot *s = create(f, false, AS_STR(""));
    size_t n = (size_t)3 << 20; /* an answer longer than any other text that is formatted */
    char *body = as_arena_alloc(f->arena, n + 16);

    (void)snprintf(body, 8, "{\"x\":\"");
    memset(body + 6, 'x', n);
    (void)snprintf(body + 6 + n, 4, "\"}");
    add(f, s, "k8s:list v1/pods", "{}", 0, "{\"n\":1}", "", false);
    add(f, s, "k8s:list v1/pods", "{}", 1, "{\"n\":2}", "", false);
    add(f, s, "k8s:list v1/pods", "{}", 0, "{\"n\":3}", "", false);
    add(f, s, "k8s:list v1/pods", "{}", 1, body, "", true);
    s = create(f, true, AS_STR(""));
    assert_true(as_snapshot_finish(s, json(f, "{}"), &problem));
    as_str text = lines(f, AS_STR(""));
    assert_true(as_str_contains(text, "{\"n\":3}"));
    assert_false(as_str_contains(text, "{\"n\":1}") || as_str_contains(text, "{\"n\":2}"));
    assert_true(text.n > n && as_str_ends(text, "x\"},\"last\":true}\n"));
}

static void test_snapshot__changed_part_is_refused(void **state)
{
    fixture *f = *state;
    as_str problem = AS_STR("");
    as_snapshot *s = create(f, false, AS_STR(""));

    add(f, s, "ec2:DescribeVpcs", "{}", 0, "{}", "", true);
    assert_true(as_snapshot_finish(s, json(f, "{}"), &problem));
    as_str path = as_str_fmt(f->arena, "%.*s/aws/1/eu-west-1/ec2.ndjson.zst", AS_STR_ARG(f->dir));
    problem = as_file_write(f->arena, path, AS_STR("other"));
    assert_int_equal(0, problem.n);
    assert_int_equal(0, lines(f, AS_STR("")).n);
    assert_int_equal(1, f->diags.n_errors);
}

/* Of a call that was asked twice the later asking stays, and what is not set is not missing. */
static void test_snapshot__asked_again(void **state)
{
    fixture *f = *state;
    as_str problem = AS_STR("");
    as_snapshot *s = create(f, false, AS_STR(""));
    as_snapshot_answer absent = {.op = AS_STR("s3:GetBucketPolicy"),
            .time = AS_STR("2026-01-31T00:00:00Z"),
            .status = 404,
            .error = AS_STR("NoSuchBucketPolicy"),
            .last = true,
            .absent = true};

    add(f, s, "ec2:DescribeVpcs", "{}", 0, "{\"n\":1}", "", false);
    add(f, s, "ec2:DescribeVpcs", "{}", 1, "{\"n\":2}", "", true);
    add(f, s, "ec2:DescribeVpcs", "{}", 0, "{\"n\":3}", "", false);
    add(f, s, "ec2:DescribeVpcs", "{}", 1, "{\"n\":4}", "", true);
    assert_true(as_snapshot_add(s, AS_STR("aws/1/eu-west-1/ec2"), &absent, &problem));
    assert_true(as_snapshot_finish(s, json(f, "{}"), &problem));
    as_str text = lines(f, AS_STR(""));
    assert_false(as_str_contains(text, "\"n\":1"));
    assert_false(as_str_contains(text, "\"n\":2"));
    assert_true(as_str_contains(text, "\"n\":3"));
    assert_true(as_str_contains(text, "\"n\":4"));
    assert_true(as_str_contains(text, "\"absent\":true"));
    as_str path = as_str_fmt(f->arena, "%.*s/manifest.json", AS_STR_ARG(f->dir));
    as_sources *sources = as_sources_new();
    const as_source *manifest = as_file_read(f->arena, sources, path.p, AS_STR(""), &f->diags);
    assert_non_null(manifest);
    assert_true(as_str_contains(manifest->text, "\"missing\":[]"));
    as_sources_free(sources);
}

static as_str command_output(fixture *f, const char *command)
{
    FILE *pipe = popen(command, "r");
    char *text = as_arena_alloc(f->arena, 16384);
    size_t n = fread(text, 1, 16384, pipe);

    assert_int_equal(0, pclose(pipe));
    return (as_str){text, n};
}

static void test_snapshot__sealed(void **state)
{
    fixture *f = *state;
    as_str problem = AS_STR("");
    as_str pem = command_output(f, "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=audit "
                                   "-keyout - -out - 2>/dev/null");
    as_snapshot *s = create(f, false, pem);

    add(f, s, "ec2:DescribeVpcs", "{}", 0, "{\"n\":1}", "", true);
    assert_true(as_snapshot_finish(s, json(f, "{}"), &problem));
    assert_int_equal(0, lines(f, AS_STR("")).n);
    assert_true(as_str_contains(lines(f, pem), "\"body\":{\"n\":1}"));
}

static void test_seal__zstd_bomb(void **state)
{
    fixture *f = *state;
    char *zeros = as_arena_alloc(f->arena, 1 << 20);
    as_str packed, out;

    assert_true(as_zstd_compress(f->arena, (as_str){zeros, 1 << 20}, &packed));
    assert_false(as_zstd_decompress(f->arena, packed, 1 << 16, &out));
    assert_true(as_zstd_decompress(f->arena, packed, 1 << 20, &out));
    assert_false(
            as_zstd_decompress(f->arena, as_str_slice(packed, 0, packed.n / 2), 1 << 20, &out));
    assert_false(as_zstd_decompress(f->arena, AS_STR("no frame"), 1 << 20, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(test_snapshot__sorted_and_resumed, set_up, tear_down),
            cmocka_unit_test_setup_teardown(
                    test_snapshot__only_the_latest_asking_counts, set_up, tear_down),
            cmocka_unit_test_setup_teardown(
                    test_snapshot__changed_part_is_refused, set_up, tear_down),
            cmocka_unit_test_setup_teardown(test_snapshot__asked_again, set_up, tear_down),
            cmocka_unit_test_setup_teardown(test_snapshot__sealed, set_up, tear_down),
            cmocka_unit_test_setup_teardown(test_seal__zstd_bomb, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
