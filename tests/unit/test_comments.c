#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/rules/comments.h"
#include "engine/rules/suppress_parse.h"

/* What is a comment, each on a line of its own: "text|…" for a comment after code, ">text" for one
 * alone. */
static const struct {
    as_comment_syntax syntax;
    const char *text, *comments;
} finds[] = {
        {AS_COMMENTS_HCL, "# a\nb = 1 // c\n/* d\n e */ f = 2\n", "># a\n// c\n>/* d\n e */\n"},
        {AS_COMMENTS_HCL, "a = \"# no // no\" # yes\n", "# yes\n"},
        {AS_COMMENTS_HCL, "a = \"${f(\"# no\") /* yes */}\" # too\n", "/* yes */\n# too\n"},
        {AS_COMMENTS_HCL, "a = \"$${ # no }\" # yes\n", "# yes\n"},
        {AS_COMMENTS_HCL, "a = \"\\\" # no\" # yes\n", "# yes\n"},
        {AS_COMMENTS_HCL, "a = <<EOT\n# no\n  EOT\n# yes\n", "># yes\n"},
        {AS_COMMENTS_HCL, "a = <<-EOT\n  # no ${b} # no\n  EOT\nb = 1 # yes\n", "# yes\n"},
        {AS_COMMENTS_HCL, "a = 1 << 2 # yes\n", "# yes\n"},
        {AS_COMMENTS_HCL, "a = \"open\n# yes\n", "># yes\n"},
        {AS_COMMENTS_YAML, "# a\nb: c # d\n", "># a\n# d\n"},
        {AS_COMMENTS_YAML, "a: b#no\nc: \"# no\"\nd: '# no' # yes\n", "# yes\n"},
        {AS_COMMENTS_YAML, "a: it's # yes\nb: c # too\n", "# yes\n# too\n"},
        {AS_COMMENTS_YAML, "a: |\n  # no\n\n  # no\nb: 1 # yes\n", "# yes\n"},
        {AS_COMMENTS_YAML, "a: >- # yes\n  # no\n# too\n", "# yes\n># too\n"},
        {AS_COMMENTS_YAML, "- run: |\n    # no\n  # yes\n  b: 1\n", "># yes\n"},
        {AS_COMMENTS_YAML, "- |2\n   # no\n- b # yes\n", "# yes\n"},
        {AS_COMMENTS_YAML, "{{- /* a */}}\nb: {{ \"# no\" }} # c\n", ">{{- /* a */}}\n# c\n"},
        {AS_COMMENTS_YAML, "a: |\n  {{/* yes */}}\n  # no\n", ">{{/* yes */}}\n"},
        {AS_COMMENTS_YAML, "a: {{ `}} # no` }} # yes\n", "# yes\n"},
        {AS_COMMENTS_LINE, "# a\nRUN x # gitleaks:allow\n  // assay:ignore b",
                "# gitleaks:allow\n>// assay:ignore b\n"},
        {AS_COMMENTS_NONE, "# a\n", ""},
};

static as_str found(as_arena *arena, as_str text, as_comment_syntax syntax)
{
    as_comments comments = {0};
    as_buf buf;

    as_buf_init(&buf, arena, 0);
    as_comments_find(arena, text, syntax, &comments);
    for (size_t i = 0; i < comments.n; i++) {
        const as_comment *c = &comments.items[i];
        as_buf_cstr(&buf, c->own_line ? ">" : "");
        as_buf_str(&buf, as_str_slice(text, c->begin, c->end));
        as_buf_char(&buf, '\n');
    }
    return as_buf_view(&buf);
}

static void test_comments__are_found_outside_of_texts_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
        as_arena *arena = as_arena_new(0);
        as_str text = as_str_from(finds[i].text);
        as_str got = found(arena, text, finds[i].syntax);
        if (!as_str_is(got, finds[i].comments))
            fail_msg("in:\n%sfound:\n%.*sexpected:\n%s", finds[i].text, AS_STR_ARG(got),
                    finds[i].comments);
        as_arena_free(arena);
    }
}

/* Any text may end anywhere. Copies without a byte to spare let AddressSanitizer see overruns. */
static void test_comments__survive_any_ending(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
        size_t n = strlen(finds[i].text);
        for (size_t cut = 0; cut <= n; cut++) {
            as_arena *arena = as_arena_new(0);
            char *copy = test_malloc(cut + 1);
            memcpy(copy + 1, finds[i].text, cut);
            as_str text = {copy + 1, cut};
            as_comments comments = {0};
            as_extents blocks = {0};
            as_comments_find(arena, text, finds[i].syntax, &comments);
            as_comment_blocks(arena, text, finds[i].syntax, &blocks);
            for (size_t c = 0; c < comments.n; c++) {
                as_extent e = as_comment_target(text, finds[i].syntax, &comments.items[c]);
                assert_true(e.begin <= e.end && e.end <= cut);
            }
            test_free(copy);
            as_arena_free(arena);
        }
    }
}

/* The text that a comment speaks of; the comment is the one that holds "HERE". */
static const struct {
    as_comment_syntax syntax;
    const char *text, *target;
} targets[] = {
        {AS_COMMENTS_HCL, "# HERE\n\n# other\na = 1\nb = 2\n", "a = 1\n"},
        {AS_COMMENTS_HCL, "# HERE\nb \"c\" {\n  d = [\n    1]\n}\ne = 1\n",
                "b \"c\" {\n  d = [\n    1]\n}"},
        {AS_COMMENTS_HCL, "b { # HERE\n  d = 1\n}\n", "b { # HERE\n  d = 1\n}"},
        {AS_COMMENTS_HCL, "b {\n  d = 1 # HERE\n}\n", "  d = 1 # HERE\n"},
        {AS_COMMENTS_HCL, "b {\n  # HERE\n  d = <<E\n  x\n  E\n  f = 1\n}\n",
                "  d = <<E\n  x\n  E\n"},
        {AS_COMMENTS_YAML, "# HERE\na:\n  b: 1\n\n  c: 2\nd: 3\n", "a:\n  b: 1\n\n  c: 2\n"},
        {AS_COMMENTS_YAML, "a: # HERE\n- b\n- c\nd: 3\n", "a: # HERE\n- b\n- c\n"},
        {AS_COMMENTS_YAML, "# HERE\n- a: 1\n  b: 2\n- c: 3\n", "- a: 1\n  b: 2\n"},
        {AS_COMMENTS_YAML, "# HERE\n{{- if .x }}\na:\n  {{- with .y }}\n  b: 1\n{{- end }}\nc: 1\n",
                "a:\n  {{- with .y }}\n  b: 1\n"},
};

static void test_comments__speak_of_the_statement(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        as_arena *arena = as_arena_new(0);
        as_str text = as_str_from(targets[i].text);
        as_comments comments = {0};
        as_comments_find(arena, text, targets[i].syntax, &comments);
        for (size_t c = 0; c < comments.n; c++) {
            const as_comment *comment = &comments.items[c];
            if (!as_str_contains(as_str_slice(text, comment->begin, comment->end), "HERE"))
                continue;
            as_extent e = as_comment_target(text, targets[i].syntax, comment);
            as_str got = as_str_slice(text, e.begin, e.end);
            if (!as_str_is(got, targets[i].target))
                fail_msg("in:\n%sgot:\n%.*s\nexpected:\n%s", targets[i].text, AS_STR_ARG(got),
                        targets[i].target);
        }
        as_arena_free(arena);
    }
}

/* rule/scope/until/owner/reason/source of each directive, separated by ";". */
static const struct {
    const char *comment, *directives;
} parses[] = {
        {"# assay:ignore A-1", "A-1/0////inline;"},
        {"# assay:ignore A-1,B-2 , C-3 until=2027-01-31 owner=me reason=\"a b\"",
                "A-1/0/2027-01-31/me/a b/inline;B-2/0/2027-01-31/me/a b/inline;"
                "C-3/0/2027-01-31/me/a b/inline;"},
        {"/* assay:ignore A-1 reason='x' */", "A-1/0///x/inline;"},
        {"{{- /* assay:ignore A-1 */ -}}", "A-1/0////inline;"},
        {"# assay:ignore-file A-1", "A-1/2////inline;"},
        {"# assay:ignore", ""},
        {"#checkov:skip=CKV_AWS_20:a: b c", "CKV_AWS_20/1///a: b c/checkov;"},
        {"# checkov:skip=CKV_AWS_20,CKV_AWS_21",
                "CKV_AWS_20/1////checkov;CKV_AWS_21/1////checkov;"},
        {"#tfsec:ignore:aws-s3-x tfsec:ignore:aws-s3-y:exp:2027-01-01",
                "aws-s3-x/0////tfsec;aws-s3-y/0/2027-01-01///tfsec;"},
        {"#tfsec:ignore:aws-s3-x:ws:dev", ""},
        {"#trivy:ignore:AVD-AWS-0089 because", "AVD-AWS-0089/0////trivy;"},
        {"#trivy:ignore:aws-s3-x[name=a]", ""},
        {"# kics-scan ignore-line", "*/0////kics;"},
        {"# kics-scan ignore-block", "*/0////kics;"},
        {"# kics-scan disable=a,b", "a/2////kics;b/2////kics;"},
        {"# kics-scan enable=a", ""},
        {"#ts:skip=AC_AWS_1 because", "AC_AWS_1/1///because/terrascan;"},
        {"# assayignore A-1, checkov skip=B", ""},
};

static void test_comments__directives(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof parses / sizeof *parses; i++) {
        as_arena *arena = as_arena_new(0);
        as_directives directives = {0};
        as_buf buf;
        as_buf_init(&buf, arena, 0);
        as_directives_parse(arena, as_str_from(parses[i].comment), &directives);
        for (size_t d = 0; d < directives.n; d++) {
            const as_directive *x = &directives.items[d];
            as_buf_fmt(&buf, "%.*s/%d/%.*s/%.*s/%.*s/%.*s;", AS_STR_ARG(x->rule), (int)x->scope,
                    AS_STR_ARG(x->what.until), AS_STR_ARG(x->what.owner),
                    AS_STR_ARG(x->what.reason), AS_STR_ARG(x->what.source));
        }
        assert_string_equal(as_buf_c(&buf), parses[i].directives);
        as_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_comments__are_found_outside_of_texts_only),
            cmocka_unit_test(test_comments__survive_any_ending),
            cmocka_unit_test(test_comments__speak_of_the_statement),
            cmocka_unit_test(test_comments__directives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
