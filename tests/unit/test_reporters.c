#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "report_fixture.h"
#include "reporters/redact.h"
#include "reporters/reporter.h"
#include "reporters/terminal.h"

static char *written(fixture *f, const char *format, as_reporter_style style)
{
    const as_reporter *reporter = as_reporter_find(as_str_from(format));
    const char *dir = getenv("REPORT_DIR"); /* to look at what was written */
    as_buf buf;

    assert_non_null(reporter);
    as_buf_init(&buf, f->arena, 0);
    reporter->write(&f->report, &style, &buf);
    char *text = as_buf_c(&buf);
    if (dir) {
        char *path = as_str_cstr(f->arena,
                as_str_fmt(f->arena, "%s/report.%s%s", dir, format, style.color ? ".color" : ""));
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(text, file);
        fclose(file);
    }
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("'%s' is in:\n%s", part, text);
}

static void test_reporters__text_underlines_what_is_wrong(void **state)
{
    fixture f;

    (void)state;
    fixture_init(&f);
    const char *text = written(&f, "text", (as_reporter_style){0});
    assert_has(text, "   --> infra/s3 bucket.tf:2:13  aws_s3_bucket.logs\n"
                     "     |\n"
                     "   2 |     acl      = var.acl # \\x1b[31mred\n"
                     "     |                ^^^^^^^ bucket [logs] can be read by everyone\n"
                     "     = from: var.acl ← infra/prod.tfvars:1:7\n"
                     "     = fix: set acl to \"private\"\n"
                     "     = also: CKV_AWS_20, AVD-AWS-0092\n");
    assert_has(text, "2 failed (1 critical, 1 high), 1 suppressed, 1 unknown, 1 passed\n");
    assert_has(text, "error[yaml-syntax]: the list is not closed\n  --> infra/pod.yaml:2:6\n");
    assert_has(text, "       1 × var.privileged has no value\n");
    (void)written(&f, "text", (as_reporter_style){.color = true, .verbose = true});
    fixture_release(&f);
}

static void test_reporters__no_format_shows_secrets_or_control_characters(void **state)
{
    fixture f;

    (void)state;
    fixture_init(&f);
    f.report.show_passed = true;
    for (size_t i = 0; as_reporters[i]; i++) {
        const char *text = written(&f, as_reporters[i]->name, (as_reporter_style){.verbose = true});
        assert_lacks(text, "hunter2");
        assert_lacks(text, "\x1b");
    }
    fixture_release(&f);
}

static void test_reporters__prefix_stands_before_paths_for_people(void **state)
{
    fixture f;

    (void)state;
    fixture_init(&f);
    f.report.path_prefix = AS_STR("../");
    assert_has(written(&f, "text", (as_reporter_style){0}), "--> ../infra/s3 bucket.tf:2:13");
    assert_lacks(written(&f, "json", (as_reporter_style){0}), "../");
    fixture_release(&f);
}

static void test_reporters__passes_are_shown_on_demand(void **state)
{
    fixture f;

    (void)state;
    fixture_init(&f);
    assert_lacks(written(&f, "json", (as_reporter_style){0}), "\"status\": \"pass\"");
    assert_has(written(&f, "json", (as_reporter_style){0}), "\"status\": \"unknown\"");
    f.report.show_passed = true;
    assert_has(written(&f, "json", (as_reporter_style){0}), "\"status\": \"pass\"");
    fixture_release(&f);
}

static void test_reporters__sarif_escapes_links_and_paths(void **state)
{
    fixture f;

    (void)state;
    fixture_init(&f);
    const char *text = written(&f, "sarif", (as_reporter_style){0});
    assert_has(text, "\"uri\": \"infra/s3%20bucket.tf\"");
    assert_has(text, "bucket \\\\[logs\\\\] can be read");
    assert_has(text, "\"security-severity\": \"9.5\"");
    /* The same fingerprint twice: the second is told apart. */
    assert_has(text, "aaaa:2\"");
    assert_has(text, "\"kind\": \"inSource\"");
    fixture_release(&f);
}

static void test_reporters__csv_disarms_formulas(void **state)
{
    fixture f;

    (void)state;
    fixture_init(&f);
    const char *text = written(&f, "csv", (as_reporter_style){0});
    assert_has(text, ",\"'=No password in the code\",");
    assert_has(text, ",\"'-password, \"\"written\"\" here | <b>\n\",");
    fixture_release(&f);
}

static void test_reporters__github_escapes_commands(void **state)
{
    fixture f;

    (void)state;
    fixture_init(&f);
    const char *text = written(&f, "github", (as_reporter_style){0});
    assert_has(text, "::error file=infra/s3 bucket.tf,line=2,col=13,endColumn=20,"
                     "title=AWS-S3-001 Bucket is not readable by everyone::bucket [logs]");
    assert_has(text, "here | <b>%0A (aws_s3_bucket.logs)\n");
    fixture_release(&f);
}

static void test_reporters__redact_knows_names_and_tokens(void **state)
{
    static const struct {
        const char *line, *hidden;
    } cases[] = {
            {"  password = \"s3cr3t\"", "s3cr3t"},
            {"db_password: s3cr3t # note", "s3cr3t"},
            {"  password = var.password", NULL},
            {"  password_length = 20", NULL},
            {"  secretName: web-tls", NULL},
            {"  x = \"AKIAIOSFODNN7EXAMPLE\"", "AKIAIOSFODNN7EXAMPLE"},
            {"- ghp_0123456789abcdefghijABCDEFGHIJ012345",
                    "ghp_0123456789abcdefghijABCDEFGHIJ012345"},
            {"bucket = \"logs\"", NULL},
            {"", NULL},
            {"token =", NULL},
            {"token = \"", NULL},
    };
    as_redaction found[4];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        as_str line = as_str_from(cases[i].line);
        size_t n = as_redact_find(line, found, 4);
        if (n != (cases[i].hidden ? 1 : 0))
            fail_msg("%s: %zu found", cases[i].line, n);
        if (n > 0)
            assert_true(as_str_is(as_str_slice(line, found[0].from, found[0].to), cases[i].hidden));
    }
}

static void test_reporters__terminal_shows_no_bidirectional_override(void **state)
{
    fixture f;
    as_buf buf;

    (void)state;
    fixture_init(&f);
    as_buf_init(&buf, f.arena, 0);
    as_terminal_text(&buf, AS_STR("a\xe2\x80\xae"
                                  "b\xff\x07é"));
    assert_string_equal(as_buf_c(&buf), "a\\u{202e}b\\xff\\x07é");
    fixture_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_reporters__text_underlines_what_is_wrong),
            cmocka_unit_test(test_reporters__no_format_shows_secrets_or_control_characters),
            cmocka_unit_test(test_reporters__prefix_stands_before_paths_for_people),
            cmocka_unit_test(test_reporters__passes_are_shown_on_demand),
            cmocka_unit_test(test_reporters__sarif_escapes_links_and_paths),
            cmocka_unit_test(test_reporters__csv_disarms_formulas),
            cmocka_unit_test(test_reporters__github_escapes_commands),
            cmocka_unit_test(test_reporters__redact_knows_names_and_tokens),
            cmocka_unit_test(test_reporters__terminal_shows_no_bidirectional_override),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
