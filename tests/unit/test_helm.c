/* Charts: the way back from rendered objects to templates and values, what a scan makes of broken
 * charts, and whole charts of the public corpus where that lies beside the checkout. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "parsers/helm/helm.h"
#include "tests/unit/table_reader.h"

typedef struct fixture {
    as_arena *arena;
    as_sources *sources;
    as_diags diags;
    as_helm_options options;
    as_fs *open[16]; /* they own the texts of their files */
    size_t n_open;
} fixture;

static int setup(void **state)
{
    static fixture f;
    f = (fixture){.arena = as_arena_new(0),
            .sources = as_sources_new(),
            .options = as_helm_options_default()};
    as_diags_init(&f.diags, f.arena);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    while (f->n_open > 0) {
        as_fs_free(f->open[--f->n_open]);
    }
    as_sources_free(f->sources);
    as_arena_free(f->arena);
    return 0;
}

static const as_helm_release *render(fixture *f, const char *root, const char *chart)
{
    as_fs *fs = f->open[f->n_open++] = as_fs_open_dir(root, f->sources);
    assert_non_null(fs);
    return as_helm_render(f->arena, fs, as_str_from(chart), &f->options, &f->diags);
}

/* --- a file system in memory ------------------------------------------------------------------ */

typedef struct file {
    const char *path, *text;
} file;

static as_fs_error memory_read(void *self, as_arena *arena, as_str path, as_str *text)
{
    (void)arena;
    for (const file *f = self; f->path; f++) {
        if (as_str_is(path, f->path)) {
            *text = as_str_from(f->text);
            return AS_FS_OK;
        }
    }
    return AS_FS_MISSING;
}

static bool is_below(const file *f, as_str dir)
{
    return dir.n == 0 ||
           (strlen(f->path) > dir.n && memcmp(f->path, dir.p, dir.n) == 0 && f->path[dir.n] == '/');
}

static as_fs_error memory_list(void *self, as_arena *arena, as_str dir, as_fs_entries *out)
{
    for (const file *f = self; f->path; f++) {
        if (!is_below(f, dir)) {
            continue;
        }
        as_str name, rest = as_str_from(f->path + (dir.n ? dir.n + 1 : 0));
        (void)as_str_split(&rest, '/', &name);
        if (out->n && as_str_eq(out->items[out->n - 1].name, name)) {
            continue;
        }
        as_fs_entry entry = {.name = name, .kind = rest.n ? AS_FS_DIR : AS_FS_FILE};
        AS_VEC_PUSH(arena, out, entry);
    }
    return AS_FS_OK;
}

static as_fs_kind memory_stat(void *self, as_str path, uint64_t *size)
{
    *size = 0;
    for (const file *f = self; f->path; f++) {
        if (as_str_is(path, f->path)) {
            return AS_FS_FILE;
        }
        if (is_below(f, path)) {
            return AS_FS_DIR;
        }
    }
    return AS_FS_NONE;
}

/* `files`, sorted by path, in the folder "c"; ended by a NULL path. */
static const as_helm_release *render_files(fixture *f, file *files)
{
    static const as_fs_ops ops = {memory_read, memory_list, memory_stat, NULL};
    as_fs *fs = f->open[f->n_open++] = as_fs_open_ops(&ops, files, f->sources);
    return as_helm_render(f->arena, fs, AS_STR("c"), &f->options, &f->diags);
}

#define CHART "apiVersion: v2\nname: c\nversion: 1.0.0\n"

/* --- places ----------------------------------------------------------------------------------- */

static void assert_place(fixture *f, as_span span, const char *path, uint32_t line)
{
    const as_source *source = as_sources_get(f->sources, span.file);
    assert_non_null(source);
    as_position at = as_sources_position(f->sources, span.file, span.begin);
    if (!as_str_is(source->path, path) || at.line != line) {
        fail_msg("%.*s:%u, expected %s:%u", AS_STR_ARG(source->path), at.line, path, line);
    }
}

static void assert_step(
        fixture *f, const as_trail *step, const char *note, const char *path, uint32_t line)
{
    assert_non_null(step);
    if (!as_str_is(step->note, note)) {
        fail_msg("%.*s, expected %s", AS_STR_ARG(step->note), note);
    }
    assert_place(f, step->span, path, line);
}

static const as_value *deployment(fixture *f)
{
    const as_helm_release *release = render(f, "testdata/charts", "web");
    assert_true(release->complete);
    assert_int_equal(release->manifests.n, 1);
    assert_non_null(release->manifests.items[0].value);
    return release->manifests.items[0].value;
}

static void test_helm__text_is_where_it_stands(void **state)
{
    fixture *f = *state;
    const as_value *object = deployment(f);
    assert_place(f, as_value_get(object, AS_STR("kind"))->span, "web/templates/deploy.yaml", 2);
    const as_member *containers =
            as_value_member(as_value_path(object, "spec.template.spec"), AS_STR("containers"));
    assert_place(f, containers->key_span, "web/templates/deploy.yaml", 14);
}

static void test_helm__action_leads_to_values(void **state)
{
    fixture *f = *state;
    const as_value *replicas = as_value_path(deployment(f), "spec.replicas");
    assert_place(f, replicas->span, "web/templates/deploy.yaml", 11);
    assert_step(f, as_value_trail(replicas), "values replicas", "web/values.yaml", 1);
    assert_true(replicas->flags & AS_DEFAULTED);
}

static void test_helm__text_of_several_values(void **state)
{
    fixture *f = *state;
    as_helm_set set = {.kind = AS_HELM_SET, .text = AS_STR("image.tag=v9")};
    const as_source *source = as_sources_add(f->sources, AS_STR("--set"), set.text, true);
    set.span = (as_span){source->id, 0, (uint32_t)set.text.n};
    AS_VEC_PUSH(f->arena, &f->options.sets, set);
    const as_value *image = as_value_path(deployment(f), "spec.template.spec.containers[0].image");
    assert_true(as_str_is(as_value_str(image), "nginx:v9"));
    assert_step(f, as_value_trail(image), "values image.repository", "web/values.yaml", 3);
    assert_step(f, as_value_trail(image)->next, "values image.tag", "--set", 1);
    assert_false(image->flags & AS_DEFAULTED);
}

static void test_helm__to_yaml_leads_to_each_value(void **state)
{
    fixture *f = *state;
    const as_value *context = as_value_path(
            deployment(f), "spec.template.spec.containers[0].securityContext.privileged");
    assert_place(f, context->span, "web/templates/deploy.yaml", 18);
    assert_step(
            f, as_value_trail(context), "values securityContext.privileged", "web/values.yaml", 6);
}

/* What a helper writes is in the helper; the mapping that it fills is where its key stands. */
static void test_helm__include(void **state)
{
    fixture *f = *state;
    const as_value *labels = as_value_path(deployment(f), "metadata.labels");
    assert_place(f, labels->span, "web/templates/deploy.yaml", 5);
    assert_place(f, as_value_get(labels, AS_STR("app"))->span, "web/templates/_helpers.tpl", 2);
}

/* --- broken charts ---------------------------------------------------------------------------- */

static void assert_diag(fixture *f, const char *code, const char *text)
{
    for (size_t i = 0; i < f->diags.list.n; i++) {
        const as_diag *d = &f->diags.list.items[i];
        if (strcmp(d->code, code) == 0 && as_str_contains(d->summary, text)) {
            return;
        }
    }
    fail_msg("no %s: %s", code, text);
}

static void test_helm__yaml_error_is_at_the_template(void **state)
{
    fixture *f = *state;
    file files[] = {{"c/Chart.yaml", CHART},
            {"c/templates/a.yaml", "{{ if true }}\n\nkind: A\n{{ end }}\nx: [\n"}, {NULL, NULL}};
    assert_false(render_files(f, files)->complete);
    assert_diag(f, "helm-yaml", "YAML parse error on c/templates/a.yaml");
    assert_place(f, f->diags.list.items[0].span, "c/templates/a.yaml", 6);
}

static void test_helm__lenient_keeps_the_rest(void **state)
{
    fixture *f = *state;
    file files[] = {{"c/Chart.yaml", CHART "kubeVersion: '>=9'\n"
                                           "dependencies: [{name: gone, version: '1'}]\n"},
            {"c/templates/a.yaml", "kind: A\n"}, {"c/templates/b.yaml", "{{ fail \"no\" }}"},
            {"c/templates/c.yaml", "x: [\n"}, {"c/templates/d.yaml", "{{ if }}"}, {NULL, NULL}};
    f->options.lenient = true;
    const as_helm_release *release = render_files(f, files);
    assert_false(release->complete);
    assert_int_equal(release->manifests.n, 1);
    assert_diag(f, "helm-missing-dependency", "missing in charts/ directory: gone");
    assert_diag(f, "helm-kube-version", "incompatible with Kubernetes v1.36.0");
    assert_diag(f, "helm-template", "no");
    assert_diag(f, "helm-template", "missing value for if");
    assert_diag(f, "helm-yaml", "c/templates/c.yaml");
}

/* A chart that cannot be loaded still has its plain manifests. */
static void test_helm__lenient_static(void **state)
{
    fixture *f = *state;
    file files[] = {{"c/Chart.yaml", "name: [c]\n"}, {"c/templates/a.yaml", "kind: A\n"},
            {"c/templates/b.yaml", "kind: {{ .Values.x }}\n"}, {NULL, NULL}};
    f->options.lenient = true;
    const as_helm_release *release = render_files(f, files);
    assert_int_equal(release->manifests.n, 1);
    assert_true(as_str_is(release->manifests.items[0].kind, "A"));
    assert_true(f->diags.n_errors > 0);
}

static void test_helm__bounded(void **state)
{
    fixture *f = *state;
    static const char *const templates[] = {
            "{{ define \"r\" }}{{ include \"r\" . }}{{ end }}{{ include \"r\" . }}",
            "{{ range 1000000000 }}x{{ end }}",
            "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}",
            "{{ repeat 1000000000 \"xxxx\" }}",
            "{{ $s := \"x\" }}{{ range until 60 }}{{ $s = print $s $s }}{{ end }}{{ $s }}",
    };
    for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
        size_t before = f->diags.n_errors;
        file files[] = {
                {"c/Chart.yaml", CHART}, {"c/templates/a.yaml", templates[i]}, {NULL, NULL}};
        assert_false(render_files(f, files)->complete);
        assert_true(f->diags.n_errors > before);
    }
}

/* --- the corpus ------------------------------------------------------------------------------- */

/* ASSAY_CORPUS, or a folder "corpus" beside the checkout. */
static const char *corpus(void)
{
    struct stat info;
    const char *dir = getenv("ASSAY_CORPUS");
    dir = dir ? dir : "../corpus";
    return stat(dir, &info) == 0 ? dir : NULL;
}

/* Charts as published, byte for byte as Helm 4 prints them. */
static void test_helm__corpus(void **state)
{
    static const char *const charts[] = {"alertmanager", "argo-workflows", "ingress-nginx",
            "istio-gateway", "istiod", "kube-state-metrics", "prometheus",
            "prometheus-node-exporter"};
    fixture *f = *state;
    const char *dir = corpus();
    if (!dir) {
        skip();
    }
    f->options.release_name = AS_STR("rel");
    f->options.namespace_ = AS_STR("demo");
    for (size_t i = 0; i < sizeof charts / sizeof *charts; i++) {
        as_str root = as_str_fmt(f->arena, "%s/charts", dir);
        as_str expected = table_read(
                f->arena, as_str_fmt(f->arena, "%s/charts-expected/%s.yaml", dir, charts[i]).p);
        as_buf text;
        as_buf_init(&text, f->arena, 0);
        as_helm_release_write(&text, render(f, root.p, charts[i]));
        if (!as_str_eq(as_buf_view(&text), expected)) {
            fail_msg("%s is rendered differently", charts[i]);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_helm__##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
            TEST(text_is_where_it_stands),
            TEST(action_leads_to_values),
            TEST(text_of_several_values),
            TEST(to_yaml_leads_to_each_value),
            TEST(include),
            TEST(yaml_error_is_at_the_template),
            TEST(lenient_keeps_the_rest),
            TEST(lenient_static),
            TEST(bounded),
            TEST(corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
