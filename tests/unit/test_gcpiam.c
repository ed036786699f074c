/* Conditions and roles of Google Cloud, by tables. tests/tables/gcpiam/README.md tells the format.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/gcpiam/cel.h"
#include "engine/gcpiam/roles.h"
#include "engine/gcpiam/tables.h"
#include "tests/unit/table.h"

static const char *const words[] = {"no", "yes", "maybe"};

static void decide(void *self, as_str input, bool is_error, as_str expected)
{
    size_t *n_wrong = self;
    as_arena *arena = as_arena_new(0);
    const as_cel_resource resource = {.name = AS_STR("projects/_/buckets/logs/objects/a/1"),
            .type = AS_STR("storage.googleapis.com/Object"),
            .service = AS_STR("storage.googleapis.com")};
    as_truth t = as_cel_decide(arena, input, &resource);
    (void)is_error;
    if (!as_str_is(expected, words[t])) {
        ++*n_wrong;
        print_error("got %s: %.*s\n", words[t], AS_STR_ARG(input));
    }
    as_arena_free(arena);
}

static void test_gcpiam__conditions(void **state)
{
    size_t n_wrong = 0;
    as_arena *arena = as_arena_new(0);
    (void)state;
    assert_true(table_run(arena, "tests/tables/gcpiam/conditions.test", decide, &n_wrong) > 0);
    assert_int_equal(n_wrong, 0);
    as_arena_free(arena);
}

/* The same of providers of identities: claims instead of a resource. */
static void decide_claims(void *self, as_str input, bool is_error, as_str expected)
{
    static const as_cel_variable claims[] = {
            {AS_STR_INIT("assertion.repository"), AS_STR_INIT("acme/shop")},
            {AS_STR_INIT("assertion.repository_owner"), AS_STR_INIT("acme")},
            {AS_STR_INIT("assertion.ref"), AS_STR_INIT("refs/heads/main")},
            {AS_STR_INIT("attribute.repository"), AS_STR_INIT("acme/shop")},
            {AS_STR_INIT("google.subject"), AS_STR_INIT("repo:acme/shop:ref:refs/heads/main")}};
    size_t *n_wrong = self;
    as_arena *arena = as_arena_new(0);
    const as_cel_resource facts = {
            .variables = claims, .n_variables = sizeof claims / sizeof *claims};
    as_truth t = as_cel_decide(arena, input, &facts);
    (void)is_error;
    if (!as_str_is(expected, words[t])) {
        ++*n_wrong;
        print_error("got %s: %.*s\n", words[t], AS_STR_ARG(input));
    }
    as_arena_free(arena);
}

static void test_gcpiam__claims(void **state)
{
    size_t n_wrong = 0;
    as_arena *arena = as_arena_new(0);
    (void)state;
    assert_true(table_run(arena, "tests/tables/gcpiam/claims.test", decide_claims, &n_wrong) > 0);
    assert_int_equal(n_wrong, 0);
    as_arena_free(arena);
}

static as_truth has(as_gcp_roles *roles, const char *role, const char *permission)
{
    return as_gcp_role_has(as_gcp_roles_find(roles, as_str_from(role)), as_str_from(permission));
}

/* Google Cloud, "IAM basic and predefined roles reference". */
static void test_gcpiam__roles(void **state)
{
    as_arena *arena = as_arena_new(0);
    as_gcp_roles *roles = as_gcp_roles_new(arena);
    (void)state;
    assert_int_equal(has(roles, "roles/owner", "resourcemanager.projects.setIamPolicy"), AS_YES);
    assert_int_equal(has(roles, "roles/editor", "resourcemanager.projects.setIamPolicy"), AS_NO);
    assert_int_equal(has(roles, "roles/editor", "iam.serviceAccounts.actAs"), AS_YES);
    assert_int_equal(has(roles, "roles/viewer", "compute.instances.create"), AS_NO);
    assert_int_equal(has(roles, "roles/viewer", "compute.instances.list"), AS_YES);
    assert_int_equal(has(roles, "roles/storage.objectViewer", "storage.objects.get"), AS_YES);
    assert_int_equal(has(roles, "roles/storage.objectViewer", "storage.objects.create"), AS_NO);
    assert_int_equal(
            has(roles, "roles/iam.serviceAccountUser", "iam.serviceAccounts.actAs"), AS_YES);
    assert_int_equal(has(roles, "roles/iam.serviceAccountTokenCreator",
                             "iam.serviceAccounts.getAccessToken"),
            AS_YES);
    assert_int_equal(
            has(roles, "roles/iam.serviceAccountTokenCreator", "iam.serviceAccounts.actAs"), AS_NO);
    assert_int_equal(has(roles, "roles/storage.objectViewer", "no.such.permission"), AS_NO);
    assert_int_equal(has(roles, "roles/no.such", "storage.objects.get"), AS_MAYBE);
    as_arena_free(arena);
}

/* A misspelt permission would be a method that nobody has. */
static void test_gcpiam__methods(void **state)
{
    (void)state;
    for (size_t i = 0; i < as_gcp_n_methods; i++) {
        for (size_t k = 0; k < as_gcp_methods[i].n_needs; k++) {
            as_str name = as_gcp_methods[i].needs[k].permission;
            if (!as_gcp_is_permission(name)) {
                fail_msg("%.*s is no permission", AS_STR_ARG(name));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_gcpiam__conditions),
            cmocka_unit_test(test_gcpiam__claims), cmocka_unit_test(test_gcpiam__roles),
            cmocka_unit_test(test_gcpiam__methods)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
