/* Ignore files against git, and the kinds of files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "parsers/detect/detect.h"
#include "parsers/detect/ignore.h"
#include "tests/unit/table.h"

static void check_ignore(void *self, as_str input, bool is_error, as_str expected)
{
    as_arena *arena = self;
    as_ignore ignore = {.arena = arena};
    size_t bar = as_str_rfind_char(input, '|');
    as_str path = as_str_from_index(input, bar + 1);
    bool is_dir = as_str_ends(path, "/");
    (void)is_error;
    path.n -= is_dir;
    as_ignore_add(&ignore, AS_STR(""), as_str_slice(input, 0, bar));
    if (as_ignore_match(&ignore, path, is_dir) != as_str_is(expected, "ignored")) {
        fail_msg("%.*s: expected %.*s", AS_STR_ARG(input), AS_STR_ARG(expected));
    }
}

static void test_ignore__as_git(void **state)
{
    as_arena *arena = as_arena_new(0);
    (void)state;
    assert_in_range(
            table_run(arena, "tests/tables/gitignore/patterns.test", check_ignore, arena), 35, 999);
    as_arena_free(arena);
}

static void test_ignore__last_match_decides(void **state)
{
    as_arena *arena = as_arena_new(0);
    as_ignore ignore = {.arena = arena};
    (void)state;
    as_ignore_add(&ignore, AS_STR(""), AS_STR("# all logs\n*.log\r\n!keep.log\n\n"));
    as_ignore_add(&ignore, AS_STR("sub"), AS_STR("/x\nkeep.log\n"));
    assert_true(as_ignore_match(&ignore, AS_STR("a/b.log"), false));
    assert_false(as_ignore_match(&ignore, AS_STR("a/keep.log"), false));
    assert_true(as_ignore_match(&ignore, AS_STR("sub/keep.log"), false));
    assert_true(as_ignore_match(&ignore, AS_STR("sub/x"), false));
    assert_false(as_ignore_match(&ignore, AS_STR("sub/y/x"), false));
    as_arena_free(arena);
}

static void test_detect__kinds(void **state)
{
    static const struct {
        const char *path, *text;
        as_file_kind kind;
        bool in_chart;
    } cases[] = {
            {"main.tf", "", AS_FILE_TERRAFORM, false},
            {"prod.tfvars", "", AS_FILE_TFVARS, false},
            {"plan.json", "{\"format_version\":\"1.2\",\"planned_values\":{}}", AS_FILE_PLAN,
                    false},
            {"s.json", "{\"version\":4,\"terraform_version\":\"1\",\"serial\":1,\"lineage\":\"x\"}",
                    AS_FILE_STATE, false},
            {"a.yaml", "# c\n---\napiVersion: v1\nkind: Pod\n", AS_FILE_KUBERNETES, false},
            {"a.yaml", "x: 1\n---\n\"kind\": Pod\n'apiVersion': v1\n", AS_FILE_KUBERNETES, false},
            {"a.yaml", "  apiVersion: v1\n  kind: Pod\n  metadata: [", AS_FILE_KUBERNETES, false},
            {"a.yaml", "{apiVersion: v1, \"kind\": Pod}", AS_FILE_KUBERNETES, false},
            {"a.yaml", "spec:\n  apiVersion: v1\n  kind: Pod\n", AS_FILE_YAML, false},
            {"a.yaml", "{{- if .x }}\napiVersion: v1\nkind: Pod\n", AS_FILE_TEMPLATE, false},
            {"o.json", "{\"items\":[],\"kind\":\"List\",\"apiVersion\":\"v1\"}", AS_FILE_KUBERNETES,
                    false},
            {"package.json", "{\"kind\":1,\"apiVersion\":2}", AS_FILE_JSON, false},
            {"x/kustomization.yml", "", AS_FILE_KUSTOMIZATION, false},
            {"Chart.yaml", "", AS_FILE_CHART, true},
            {"templates/a.yaml", "apiVersion: v1\nkind: Pod\n", AS_FILE_CHART_TEMPLATE, true},
            {"values-prod.yaml", "", AS_FILE_VALUES, true},
            {"values-prod.yaml", "", AS_FILE_YAML, false},
            {".github/workflows/ci.yml", "", AS_FILE_GITHUB_WORKFLOW, false},
            {"ci.yml", "on: push\njobs: {}\n", AS_FILE_GITHUB_WORKFLOW, false},
            {".gitlab-ci.yml", "", AS_FILE_GITLAB_CI, false},
            {"site.yml", "- hosts: all\n  tasks: []\n", AS_FILE_ANSIBLE_PLAYBOOK, false},
            {"roles/web/tasks/main.yml", "", AS_FILE_ANSIBLE_TASKS, false},
            {"x/tasks/a.yml", "# c\n---\n- name: a\n", AS_FILE_ANSIBLE_TASKS, false},
            {"x/tasks/a.yml", "name: a\n", AS_FILE_YAML, false},
            {"tasks/t.yaml", "apiVersion: tekton.dev/v1\nkind: Task\n", AS_FILE_KUBERNETES, false},
            {"requirements.yml", "- src: a.b\n", AS_FILE_ANSIBLE_REQUIREMENTS, false},
            {"requirements.yml", "collections: [a.b]\n", AS_FILE_ANSIBLE_REQUIREMENTS, false},
            {"requirements.yml", "other: 1\n", AS_FILE_YAML, false},
            {"inventories/prod/hosts", "", AS_FILE_ANSIBLE_INVENTORY, false},
            {"x/hosts.yml", "all:\n  hosts: {}\n", AS_FILE_ANSIBLE_INVENTORY, false},
            {"a/action.yml", "runs: {using: composite}\n", AS_FILE_GITHUB_ACTION, false},
            {".npmrc", "", AS_FILE_PACKAGE_SOURCE, false},
            {"t.yaml", "AWSTemplateFormatVersion: '2010-09-09'\n", AS_FILE_CLOUDFORMATION, false},
            {"Dockerfile", "", AS_FILE_DOCKERFILE, false},
            {"README.md", "apiVersion: v1\nkind: Pod\n", AS_FILE_OTHER, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        as_file_kind kind = as_detect(as_str_from(cases[i].path), AS_STR(""), cases[i].in_chart,
                as_str_from(cases[i].text));
        if (kind != cases[i].kind) {
            fail_msg("%s: expected %s, got %s", cases[i].path, as_file_kind_name(cases[i].kind),
                    as_file_kind_name(kind));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_ignore__as_git),
            cmocka_unit_test(test_ignore__last_match_decides),
            cmocka_unit_test(test_detect__kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
