/* Applications and application sets of testdata/argocd: which folders they deploy, and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/argocd/argocd.h"
#include "parsers/yaml/yaml.h"

typedef struct fixture {
    as_arena *arena;
    as_sources *sources;
    as_fs *fs;
    as_diags diags;
    as_argocd_requests requests;
} fixture;

static int setup(void **state)
{
    static fixture f;
    f = (fixture){.arena = as_arena_new(0), .sources = as_sources_new()};
    f.fs = as_fs_open_dir("testdata/argocd", f.sources);
    as_diags_init(&f.diags, f.arena);
    *state = &f;
    return f.fs ? 0 : -1;
}

static int teardown(void **state)
{
    fixture *f = *state;
    as_fs_free(f->fs);
    as_sources_free(f->sources);
    as_arena_free(f->arena);
    return 0;
}

static void follow(fixture *f, const char *path)
{
    static const as_str repos[] = {AS_STR_INIT("https://git.example.com/shop/platform.git")};
    as_argocd_context context = {.fs = f->fs, .repos = repos, .n_repos = 1};
    const as_source *source;
    as_yaml_docs docs = {0};
    assert_int_equal(as_fs_read(f->fs, as_str_from(path), &source), AS_FS_OK);
    assert_true(as_yaml_parse(f->arena, source, (as_yaml_options){0}, &f->diags, &docs));
    for (size_t i = 0; i < docs.n; i++) {
        assert_true(as_argocd_is(docs.items[i].value));
        as_argocd_follow(f->arena, &context, docs.items[i].value, &f->requests, &f->diags);
    }
}

static void assert_text(as_str got, const char *wanted)
{
    if (!as_str_is(got, wanted)) {
        fail_msg("%.*s, expected %s", AS_STR_ARG(got), wanted);
    }
}

static void test_argocd__application(void **state)
{
    fixture *f = *state;
    follow(f, "apps/api.yaml");
    assert_int_equal(f->requests.n, 1);
    const as_argocd_request *r = &f->requests.items[0];
    assert_int_equal(r->kind, AS_ARGOCD_HELM);
    assert_text(r->path, "charts/api");
    assert_text(r->project, "shop");
    const as_helm_release *release = as_helm_render(f->arena, f->fs, r->path, &r->helm, &f->diags);
    assert_true(release->complete);
    assert_int_equal(release->manifests.n, 1);
    const as_value *object = release->manifests.items[0].value;
    assert_text(as_value_str(as_value_path(object, "metadata.name")), "api-live");
    assert_text(as_value_str(as_value_path(object, "metadata.namespace")), "shop");
    assert_text(as_value_str(as_value_path(object, "data.values")),
            "{\"args\":\"a,b\",\"extra\":true,\"image\":{\"tag\":\"1.2\"},\"replicas\":5,"
            "\"tier\":\"prod\"}");
}

/* A chart of a registry, another repository, a folder that is not there: three notes. */
static void test_argocd__elsewhere(void **state)
{
    fixture *f = *state;
    follow(f, "apps/api.yaml");
    size_t notes = 0;
    for (size_t i = 0; i < f->diags.list.n; i++) {
        assert_string_equal(f->diags.list.items[i].code, "argocd-elsewhere");
        notes += f->diags.list.items[i].severity == AS_DIAG_NOTE;
    }
    assert_int_equal(notes, 3);
}

static void test_argocd__sets(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *application, *path, *namespace_;
        as_argocd_kind kind;
        bool assumed;
    } expected[] = {
            {"api-dev", "charts/api", "shop-dev", AS_ARGOCD_HELM, false},
            {"api-prod", "charts/api", "shop-prod", AS_ARGOCD_HELM, false},
            {"prod-envs", "envs/prod", "default", AS_ARGOCD_DIRECTORY, false},
            {"dev-in-cluster-blue", "kust", "default", AS_ARGOCD_KUSTOMIZE, true},
            {"prod-in-cluster-red", "kust", "default", AS_ARGOCD_KUSTOMIZE, true},
            {"prod-in-cluster-green", "kust", "default", AS_ARGOCD_KUSTOMIZE, true},
            {"dev-low", "plain", "default", AS_ARGOCD_DIRECTORY, false},
            {"prod-high", "plain", "default", AS_ARGOCD_DIRECTORY, false},
    };
    follow(f, "apps/sets.yaml");
    assert_int_equal(f->diags.n_errors, 0);
    for (size_t i = 0; i < f->requests.n && i < sizeof expected / sizeof *expected; i++) {
        const as_argocd_request *r = &f->requests.items[i];
        assert_text(r->application, expected[i].application);
        assert_text(r->path, expected[i].path);
        assert_text(r->namespace_, expected[i].namespace_);
        assert_int_equal(r->kind, expected[i].kind);
        assert_int_equal(r->assumed, expected[i].assumed);
    }
    assert_int_equal(f->requests.n, sizeof expected / sizeof *expected);
    const as_value *values = f->requests.items[1].helm.values.items[0].value;
    assert_text(as_value_str(as_value_path(values, "replicas")), "3");
    assert_text(as_value_str(as_value_path(values, "unknown")), "{{nothing}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(test_argocd__application, setup, teardown),
            cmocka_unit_test_setup_teardown(test_argocd__elsewhere, setup, teardown),
            cmocka_unit_test_setup_teardown(test_argocd__sets, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
