/* The signer against vectors of botocore's (tests/conformance/aws/sigv4_vectors.json). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/file.h"
#include "parsers/json/json.h"
#include "parsers/live/aws/sign.h"

static as_str text(const as_value *vector, const char *key)
{
    return as_value_str(as_value_get(vector, as_str_from(key)));
}

static const as_aws_header *headers_of(as_arena *arena, const as_value *object, size_t *n)
{
    *n = as_value_count(object);
    as_aws_header *list = AS_NEW_ARRAY(arena, as_aws_header, *n);

    for (size_t i = 0; i < *n; i++)
        list[i] = (as_aws_header){object->as.object->members[i].key,
                as_value_str(object->as.object->members[i].value)};
    return list;
}

static void check(as_arena *arena, const as_value *v)
{
    as_aws_keys keys = {text(v, "access_key"), text(v, "secret_key"), text(v, "session_token")};
    as_aws_signing request = {
            .method = as_str_cstr(arena, text(v, "method")),
            .url = text(v, "url"),
            .service = text(v, "service"),
            .region = text(v, "region"),
            .body = text(v, "body"),
            .date = text(v, "date"),
            .is_s3 = as_str_is(text(v, "service"), "s3"),
    };
    request.headers =
            headers_of(arena, as_value_get(v, AS_STR("request_headers")), &request.n_headers);
    as_aws_signed got = as_aws_sign(arena, &request, &keys);
    assert_string_equal(as_str_cstr(arena, got.canonical_request),
            as_str_cstr(arena, text(v, "canonical_request")));
    assert_string_equal(
            as_str_cstr(arena, got.string_to_sign), as_str_cstr(arena, text(v, "string_to_sign")));
    assert_string_equal(
            as_str_cstr(arena, got.authorization), as_str_cstr(arena, text(v, "authorization")));
}

static void test_sign__vectors(void **state)
{
    as_arena *arena = as_arena_new(0);
    as_sources *sources = as_sources_new();
    as_diags diags;

    (void)state;
    as_diags_init(&diags, arena);
    const as_source *source = as_file_read(
            arena, sources, "tests/conformance/aws/sigv4_vectors.json", AS_STR(""), &diags);
    assert_non_null(source);
    const as_value *vectors = as_json_parse(arena, source, &diags);
    assert_int_equal(as_value_count(vectors), 17);
    for (size_t i = 0; i < as_value_count(vectors); i++)
        check(arena, as_value_index(vectors, i));
    as_sources_free(sources);
    as_arena_free(arena);
}

/* What kubectl and `aws eks get-token` send to EKS. */
static void test_sign__presign(void **state)
{
    as_arena *arena = as_arena_new(0);
    as_aws_keys keys = {AS_STR("AKIAIOSFODNN7EXAMPLE"),
            AS_STR("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), AS_STR("")};
    as_aws_signing request = {
            .method = "GET",
            .url = AS_STR("https://sts.us-east-1.amazonaws.com/"
                          "?Action=GetCallerIdentity&Version=2011-06-15"),
            .service = AS_STR("sts"),
            .region = AS_STR("us-east-1"),
            .date = AS_STR("20130524T000000Z"),
    };
    as_aws_header cluster = {AS_STR("x-k8s-aws-id"), AS_STR("prod")};
    request.headers = &cluster;
    request.n_headers = 1;
    as_str url = as_aws_presign(arena, &request, &keys, 60);

    (void)state;
    assert_true(as_str_contains(url,
            "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fsts%2Faws4_request"));
    assert_true(as_str_contains(url, "&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id"));
    /* botocore 1.44.5: SigV4QueryAuth with the same input */
    assert_true(as_str_ends(url,
            "&X-Amz-Signature=79c4539feb114d4e5e171b1e58739ed96e7fdf836aa646869d203fca2d225f19"));
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_sign__vectors),
            cmocka_unit_test(test_sign__presign),
    };
    return cmocka_run_group_tests_name("sign", tests, NULL, NULL);
}
