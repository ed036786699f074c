/* What the finder sees, one text a row: the detector of each secret, "-" for none. Values are made
 * up; formats are the issuers'. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "engine/secrets/scrub.h"
#include "engine/secrets/secrets.h"

static const struct {
    const char *path, *text, *detectors;
} rows[] = {
        /* known forms */
        {"a.py", "k = 'AKIAQ3EGRTYUIO7PLMNB'", "aws-access-key-id"},
        {"a.py", "k = 'AKIAIOSFODNN7EXAMPLE'", "-"},
        {"a.env", "AWS_SECRET_ACCESS_KEY=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",
                "aws-secret-access-key"},
        {"a.env", "AWS_SECRET_ACCESS_KEY=356a192b7913b04c54574d18c28d46e6395428ab", "named-secret"},
        {"a.go", "CACertsSecret = \"cacerts\"", "-"},
        {"a.go", "clientSecret = \"unused\"", "-"},
        {"a.yaml", "privateKey: tests/certs/default/key.pem", "-"},
        {"a.json", "{\"uid\": \"Kubernetes//Pod/shop/ratings-v1-6484c4d9bb-mdxm5\"}", "-"},
        {"a.json", "{\"kty\":\"EC\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"}", "-"},
        {"a.yaml", "apt_repokey: '9DC858229FC7DD38854AE2D88D81803C0EBFCD88'", "-"},
        {"a.env", "secret_key = \"h7Jk2LxN9pQvS4tRyWqYz0AmCwEtGaIoKuMn1Op2\"", "named-secret"},
        {"a.txt", "glpat-q7Hd9KsL2mXc4VbN8pRt", "gitlab-pat"},
        {"a.txt", "glpat-xxxxxxxxxxxxxxxxxxxx", "-"},
        {"a.txt", "xoxb-482916305713-984512347654-q7Hd9KsL2mXc4VbN8pRtY1wE", "slack-access-token"},
        {"a.txt", "amqp://shop:Tr0ub4dor-9@mq:5672/", "url-password"},
        {"a.txt", "amqp://shop:${PASSWORD}@mq:5672/", "-"},
        {"a.txt", "http://user:password@host.internal/", "-"},
        {"a.txt", "see http://host.internal:8080/path@v2", "-"},
        {"a.cs", "\"Server=db;Database=shop;User Id=shop;Password=Tr0ub4dor-9;\"", "dsn-password"},
        {"a.go", "sql.Open(\"mysql\", \"shop:Tr0ub4dor-9@tcp(db:3306)/shop\")", "go-dsn-password"},
        {"a.json", "{\"auth\": \"ZGVwbG95OlRyMHViNGRvci05eA==\"}", "dockerconfig-secret"},
        {"a.json", "{\"auth\": \"bm8gbG9naW4=\"}", "-"},
        /* named literals */
        {"a.yaml", "password: Tr0ub4dor-9", "named-secret"},
        {"a.yaml", "password: Tr0ub4dor-9 # why", "named-secret"},
        {"a.yaml", "password: Tr0ub4dor-9 is the word", "-"},
        {"a.yaml", "passwordFile: /run/secrets/db", "-"},
        {"a.yaml", "passwordKey: password", "-"},
        {"a.yaml", "existingSecret: shop-db-1", "-"},
        {"a.yaml", "clientSecret: 8sK2mXc4VbN8pRtY", "named-secret"},
        {"a.yaml", "password: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]", "-"},
        {"a.yaml", "token: \"{{ .Values.token }}\"", "-"},
        {"a.py", "password = Tr0ub4dor9", "-"},
        {"a.py", "password: str = \"Tr0ub4dor-9\"", "named-secret"},
        {"a.py", "password == \"Tr0ub4dor-9\"", "-"},
        {"a.py", "password = \"Tr0ub\" + rest", "-"},
        {"a.py", "bypass = \"Tr0ub4dor-9\"", "-"},
        {"a.py", "password_length = \"Tr0ub4dor-9\"", "-"},
        {"a.xml", "<password>Tr0ub4dor-9</password>", "named-secret"},
        {"a.sh", "mysql --password=Tr0ub4dor-9 -h db", "named-secret"},
        {"a.sh", "mysql --password=$PASSWORD -h db", "-"},
        {"a.md", "password: Tr0ub4dor-9", "-"},
        {"a.yaml", "password: $2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPga31lW", "-"},
        {"a.yaml", "secret: 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "-"},
        /* entropy */
        {"a.py", "salt_b = \"q7Hd9KsL2mXc4VbN8pRtY1wEfGjZ3uA6oDiS\"", "high-entropy-string"},
        {"a.py", "sha256 = \"q7Hd9KsL2mXc4VbN8pRtY1wEfGjZ3uA6oDiS\"", "-"},
        {"a.py", "name_of = \"ThisIsAVeryLongCamelCaseIdentifier\"", "-"},
        {"a.lock", "x = \"q7Hd9KsL2mXc4VbN8pRtY1wEfGjZ3uA6oDiS\"", "-"},
};

static void test_secrets__each_text_gives_its_detector(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_secret_finder *finder = as_secret_finder_new(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        as_secrets found = {0};
        as_secret_find(finder, arena, as_str_from(rows[i].text),
                as_secret_syntax_of(as_str_from(rows[i].path)), &found, NULL);
        const char *got = found.n == 0 ? "-" : found.n == 1 ? found.items[0].detector : "several";
        if (strcmp(got, rows[i].detectors) != 0)
            fail_msg("%s: %s, expected %s", rows[i].text, got, rows[i].detectors);
    }
    as_arena_free(arena);
}

/* A text that holds every word makes the finder compile every pattern. */
static void test_secrets__every_pattern_compiles(void **state)
{
    (void)state;
    static const char words[] =
#define AS_DETECTOR(name, group, what, words, reach, check, pattern) words "|"
#include "engine/secrets/detectors.def"
            ;
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, arena)) {
        as_secrets found = {0};
        as_buf text;
        as_buf_init(&text, arena, 0);
        for (size_t i = 0; words[i] != '\0'; i++)
            as_buf_char(&text, words[i] == '|' ? '\n' : words[i]);
        as_secret_find(as_secret_finder_new(arena), arena, as_buf_view(&text), AS_SECRET_CODE,
                &found, NULL);
        as_guard_leave(&guard);
    } else {
        fail_msg("%s", as_cause_text(guard.cause));
    }
    as_arena_free(arena);
}

/* The first wins where two see the same bytes; the result is in order of place. */
static void test_secrets__do_not_overlap(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_secrets found = {0};
    as_str text = AS_STR("token: ghp_q7Hd9KsL2mXc4VbN8pRtY1wEfGjZ3uA6oDiS\nurl: "
                         "redis://:Tr0ub4dor-9@cache\nkey: AKIAQ3EGRTYUIO7PLMNB\n");
    as_secret_find(as_secret_finder_new(arena), arena, text, AS_SECRET_SETTINGS, &found, NULL);
    assert_int_equal(found.n, 3);
    for (size_t i = 1; i < found.n; i++)
        assert_true(found.items[i - 1].end <= found.items[i].begin);
    as_arena_free(arena);
}

static void test_secrets__show_their_ends_at_most(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    assert_string_equal(
            as_str_cstr(arena, as_secret_shown(arena, AS_STR("ghp_q7Hd9KsL2mXc4VbN8pRt"))),
            "ghp_…Rt");
    assert_string_equal(as_str_cstr(arena, as_secret_shown(arena, AS_STR("hunter2"))), "…");
    as_arena_free(arena);
}

static void test_secrets__are_scrubbed_from_texts(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_str secrets[2001];
    for (size_t i = 0; i < 2000; i++)
        secrets[i] = as_str_fmt(arena, "Tr0ub4dor-%zu", i);
    secrets[2000] = AS_STR("abc");
    as_scrubber *scrubber = as_scrubber_new(arena, (as_strs){secrets, 2001});
    as_str text =
            as_scrubber_run(scrubber, AS_STR("a Tr0ub4dor-7, tr0ub4dor-8 and abc, Tr0ub4dor-1999"));
    assert_string_equal(as_str_cstr(arena, text), "a …, tr0ub4dor-8 and abc, T…9");
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_secrets__each_text_gives_its_detector),
            cmocka_unit_test(test_secrets__every_pattern_compiles),
            cmocka_unit_test(test_secrets__do_not_overlap),
            cmocka_unit_test(test_secrets__show_their_ends_at_most),
            cmocka_unit_test(test_secrets__are_scrubbed_from_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
