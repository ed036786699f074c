/* assay render: what `helm template` and `kustomize build` print. */
#include "engine/cli/command.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/base/file.h"
#include "engine/base/fs.h"
#include "engine/base/limits.h"
#include "parsers/helm/helm.h"
#include "parsers/helm/name_template.h"
#include "parsers/live/kubernetes/cluster.h"
#include "parsers/kustomize/kustomize.h"
#include "parsers/yaml/emit.h"

typedef struct settings {
    as_str release_name, name_template, namespace_, kube_version, cluster;
    as_str_list values, set, set_string, set_json, set_file, set_literal;
    as_str_list api_versions, show_only;
    bool is_upgrade, no_hooks, include_crds, skip_tests, skip_schema;
} settings;

static const settings DEFAULTS = {.release_name = AS_STR_INIT("release-name"),
        .namespace_ = AS_STR_INIT("default"),
        .kube_version = AS_STR_INIT("v1.36.0")};

static const as_option OPTIONS[] = {
        AS_OPTION_GROUP("Release"),
        AS_OPTION_TEXT(settings, release_name, 0, "release-name", "NAME",
                "name of the release (default: release-name)"),
        AS_OPTION_TEXT(settings, name_template, 0, "name-template", "TEMPLATE",
                "make the name of the release with a template"),
        AS_OPTION_TEXT(settings, namespace_, 'n', "namespace", "NAMESPACE",
                "namespace of the release (default: default)"),
        AS_OPTION_FLAG(settings, is_upgrade, 0, "is-upgrade",
                "set .Release.IsUpgrade instead of .Release.IsInstall"),
        AS_OPTION_GROUP("Values"),
        AS_OPTION_LIST(settings, values, 'f', "values", "FILE",
                "values from a YAML file; later files win ('-' is stdin)"),
        AS_OPTION_LIST(settings, set, 0, "set", "KEY=VALUE", "set values (a.b=1,list={x,y})"),
        AS_OPTION_LIST(settings, set_string, 0, "set-string", "KEY=TEXT", "set values as text"),
        AS_OPTION_LIST(settings, set_json, 0, "set-json", "KEY=JSON", "set values given as JSON"),
        AS_OPTION_LIST(
                settings, set_file, 0, "set-file", "KEY=FILE", "set values to contents of files"),
        AS_OPTION_LIST(settings, set_literal, 0, "set-literal", "KEY=TEXT",
                "set one value, taken as it stands"),
        AS_OPTION_FLAG(settings, skip_schema, 0, "skip-schema-validation",
                "do not check the values against values.schema.json"),
        AS_OPTION_GROUP("Cluster"),
        AS_OPTION_TEXT(settings, kube_version, 0, "kube-version", "VERSION",
                "Kubernetes version to render for (default: v1.36.0)"),
        AS_OPTION_LIST(settings, api_versions, 'a', "api-versions", "GROUP/VERSION",
                "API versions that the cluster has besides Kubernetes' own"),
        AS_OPTION_TEXT(settings, cluster, 0, "cluster", "PATH",
                "what lookup finds: a snapshot, or objects as kubectl prints them"),
        AS_OPTION_GROUP("Output"),
        AS_OPTION_LIST(settings, show_only, 's', "show-only", "TEMPLATE",
                "only what these templates give (templates/x.yaml)"),
        AS_OPTION_FLAG(settings, include_crds, 0, "include-crds", "the files of crds/ too"),
        AS_OPTION_FLAG(settings, no_hooks, 0, "no-hooks", "leave hooks out"),
        AS_OPTION_FLAG(settings, skip_tests, 0, "skip-tests", "leave test hooks out"),
        AS_OPTION_END,
};

static const as_example EXAMPLES[] = {
        {"assay render charts/api -f prod.yaml --set image.tag=1.2", "the manifests of a release"},
        {"assay render overlays/prod", "the objects of a kustomization"},
        {NULL, NULL},
};

/* --- from options to a rendering ---------------------------------------------------------------- */

static bool read_for_set(void *context, as_arena *arena, as_str path, as_str *text, as_str *error)
{
    as_diags diags;
    as_diags_init(&diags, arena);
    const as_source *source =
            as_file_read(arena, context, as_str_cstr(arena, path), AS_STR(""), &diags);
    if (!source) {
        *error = as_str_fmt(arena, "open %.*s: %.*s", AS_STR_ARG(path),
                AS_STR_ARG(diags.list.items[0].summary));
        return false;
    }
    *text = source->text;
    return true;
}

/* As Helm's flag, a list may also be one text with commas. */
static bool add_values(as_cli *cli, as_sources *sources, const as_str_list *files,
        as_helm_options *options, as_diags *diags)
{
    for (size_t i = 0; i < files->n; i++) {
        as_str path, rest = files->items[i];
        while (as_str_split(&rest, ',', &path)) {
            const as_source *source = as_file_read(
                    cli->arena, sources, as_str_cstr(cli->arena, path), AS_STR(""), diags);
            if (!source) {
                return false;
            }
            AS_VEC_PUSH(cli->arena, &options->values, (as_helm_values){.source = source});
        }
    }
    return true;
}

static void add_sets(as_cli *cli, as_sources *sources, const as_str_list *texts,
        as_helm_set_kind kind, const char *flag, as_helm_options *options)
{
    for (size_t i = 0; i < texts->n; i++) {
        const as_source *source = as_sources_add(sources, as_str_from(flag), texts->items[i], true);
        as_helm_set set = {.kind = kind, .text = texts->items[i]};
        if (source) {
            set.span = (as_span){source->id, 0, (uint32_t)set.text.n};
        }
        AS_VEC_PUSH(cli->arena, &options->sets, set);
    }
}

static bool make_options(as_cli *cli, as_sources *sources, as_helm_options *out, as_diags *diags)
{
    const settings *s = cli->settings;
    *out = (as_helm_options){.release_name = s->release_name,
            .namespace_ = s->namespace_,
            .kube_version = s->kube_version,
            .read_file = read_for_set,
            .read_context = sources,
            .is_upgrade = s->is_upgrade,
            .no_hooks = s->no_hooks,
            .include_crds = s->include_crds,
            .skip_tests = s->skip_tests,
            .skip_schema = s->skip_schema,
            .now = (int64_t)time(NULL),
            .text_only = true};
    as_str error;
    if (s->cluster.n && !(out->cluster = as_cluster_read(
                                  cli->arena, sources, s->cluster.p, AS_STR(""), diags))) {
        return false;
    }
    if (s->name_template.n &&
            !as_helm_name_template(cli->arena, s->name_template, &out->release_name, &error)) {
        as_cli_error(cli, "--name-template: %.*s", AS_STR_ARG(error));
        return false;
    }
    for (size_t i = 0; i < s->api_versions.n; i++) {
        as_str one, rest = s->api_versions.items[i];
        while (as_str_split(&rest, ',', &one)) {
            AS_VEC_PUSH(cli->arena, &out->api_versions, one);
        }
    }
    add_sets(cli, sources, &s->set_json, AS_HELM_SET_JSON, "--set-json", out);
    add_sets(cli, sources, &s->set, AS_HELM_SET, "--set", out);
    add_sets(cli, sources, &s->set_string, AS_HELM_SET_STRING, "--set-string", out);
    add_sets(cli, sources, &s->set_file, AS_HELM_SET_FILE, "--set-file", out);
    add_sets(cli, sources, &s->set_literal, AS_HELM_SET_LITERAL, "--set-literal", out);
    return add_values(cli, sources, &s->values, out, diags);
}

static void free_arena(void *object)
{
    as_arena_free(object);
}

static as_exit render_chart(
        as_cli *cli, as_fs *fs, as_str path, as_sources *sources, as_diags *diags)
{
    const settings *s = cli->settings;
    as_helm_options options;
    as_helm_strs only = {s->show_only.items, s->show_only.n, s->show_only.cap};
    as_str error;
    as_buf out;
    if (!make_options(cli, sources, &options, diags)) {
        as_cli_print_diags(cli, sources, diags);
        return AS_EXIT_ERROR;
    }
    as_arena *arena = as_arena_new(AS_MAX_UNIT_BYTES);
    if (!arena) {
        return as_cli_error(cli, "out of memory");
    }
    as_arena_defer(cli->arena, free_arena, arena);
    const as_helm_release *release = as_helm_render(arena, fs, path, &options, diags);
    as_cli_print_diags(cli, sources, diags);
    if (!release->complete) {
        return AS_EXIT_PARTIAL;
    }
    as_buf_init(&out, cli->arena, SIZE_MAX / 2);
    if (only.n == 0) {
        as_helm_release_write(&out, release);
    } else if (!as_helm_release_write_only(cli->arena, &out, release, &only, &error)) {
        return as_cli_error(cli, "%.*s", AS_STR_ARG(error));
    }
    return as_cli_print(cli, as_buf_view(&out));
}

static as_exit render_kustomization(
        as_cli *cli, as_fs *fs, as_str dir, as_sources *sources, as_diags *diags)
{
    as_kustomize_options options = {.render_chart = as_kustomize_render_chart};
    as_yaml_docs docs = {0};
    as_buf out;
    bool complete = as_kustomize_build(cli->arena, fs, dir, &options, diags, &docs);
    as_cli_print_diags(cli, sources, diags);
    if (!complete) {
        return AS_EXIT_PARTIAL;
    }
    as_buf_init(&out, cli->arena, SIZE_MAX / 2);
    for (size_t i = 0; i < docs.n; i++) {
        as_buf_cstr(&out, i ? "---\n" : "");
        as_yaml_write(&out, docs.items[i].value, &as_yaml_style_kubernetes);
    }
    return as_cli_print(cli, as_buf_view(&out));
}

/* --- the place -------------------------------------------------------------------------------- */

static bool is_there(as_arena *arena, as_str dir, const char *name)
{
    struct stat info;
    as_str path = as_str_fmt(arena, "%.*s/%s", AS_STR_ARG(dir), name);
    return stat(as_str_cstr(arena, path), &info) == 0;
}

static bool is_kustomization(as_arena *arena, as_str dir)
{
    return is_there(arena, dir, "kustomization.yaml") ||
           is_there(arena, dir, "kustomization.yml") || is_there(arena, dir, "Kustomization");
}

/* What a chart or kustomization may refer to: the git work tree around it, else the folder where
 * one stands when it is below that, else its parent. A kustomization's bases may lie anywhere, as
 * for `kustomize build`; of files it reads those below its own folders only. `path` is absolute. */
static as_str root_for(as_arena *arena, as_str path)
{
    char *here = realpath(".", NULL);
    as_str cwd = here ? as_str_dup(arena, as_str_from(here)) : AS_STR("");
    free(here);
    for (as_str dir = path; dir.n > 0; dir = as_path_dir(dir)) {
        if (is_there(arena, dir, ".git")) {
            return dir;
        }
    }
    if (is_kustomization(arena, path)) {
        return AS_STR("/");
    }
    bool below = cwd.n > 1 && path.n > cwd.n && memcmp(path.p, cwd.p, cwd.n) == 0 &&
                 path.p[cwd.n] == '/';
    if (below) {
        return cwd;
    }
    as_str parent = as_path_dir(path);
    return parent.n ? parent : AS_STR("/");
}

static as_exit render(as_cli *cli, as_str path, as_sources *sources)
{
    char *found = realpath(as_str_cstr(cli->arena, path), NULL);
    if (!found) {
        return as_cli_error(cli, "cannot open %.*s: %s", AS_STR_ARG(path), strerror(errno));
    }
    as_str full = as_str_dup(cli->arena, as_str_from(found));
    free(found);
    as_str root = root_for(cli->arena, full);
    as_str below = as_str_from_index(full, root.n);
    if (as_str_starts(below, "/")) {
        below = as_str_from_index(below, 1);
    }
    as_fs *fs = as_fs_open_dir(as_str_cstr(cli->arena, root), sources);
    if (!fs) {
        return as_cli_error(cli, "cannot open %.*s", AS_STR_ARG(root));
    }
    as_fs_set_display_prefix(fs, root.n == 1 ? root : AS_STR(""));
    as_diags diags;
    as_diags_init(&diags, cli->arena);
    as_exit result;
    if (as_fs_stat(fs, below) == AS_FS_FILE || is_there(cli->arena, full, "Chart.yaml")) {
        result = render_chart(cli, fs, below, sources, &diags);
    } else if (as_kustomize_is_dir(cli->arena, fs, below)) {
        result = render_kustomization(cli, fs, below, sources, &diags);
    } else {
        result = as_cli_error(cli, "%.*s is neither a chart nor a kustomization", AS_STR_ARG(path));
    }
    as_fs_free(fs);
    return result;
}

static as_exit run(as_cli *cli)
{
    if (cli->args.n != 1) {
        return as_cli_usage_error(cli, "one PATH is expected");
    }
    as_sources *sources = as_sources_new();
    if (!sources) {
        return as_cli_error(cli, "out of memory");
    }
    as_exit result = render(cli, cli->args.items[0], sources);
    as_sources_free(sources);
    return result;
}

const as_command as_command_render = {
        .name = "render",
        .summary = "print what a chart or a kustomization gives",
        .usage = "[OPTION…] PATH",
        .description = "PATH is a chart (a folder or a .tgz), rendered as `helm template` renders "
                       "it, or a kustomization, built as `kustomize build` builds it. Nothing is "
                       "fetched: dependencies must lie in charts/.",
        .options = OPTIONS,
        .settings_size = sizeof(settings),
        .defaults = &DEFAULTS,
        .examples = EXAMPLES,
        .run = run,
};
