/* assay init [DIR]: a first .assay.yaml, from what is there. */
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/cli/command.h"
#include "engine/cli/init_foreign.h"
#include "engine/scan/scan.h"

typedef struct settings {
    as_str output;
    int from;
    bool force;
} settings;

/* --- what is there ---------------------------------------------------------------------------- */

typedef struct found {
    size_t terraform, charts, overlays, objects, workflows; /* entities, by origin */
    bool aws, gcp, kubernetes;
    AS_VEC(as_str) environments; /* "prod: envs/prod/" */
} found;

static as_str unit_path(as_arena *arena, as_str name)
{
    size_t variant = as_str_find(name, AS_STR(" ["));
    as_str path = variant == (size_t)-1 ? name : as_str_slice(name, 0, variant);

    if (path.n == 0 || as_str_is(path, "."))
        return AS_STR("");
    bool file = as_path_ext(path).n > 0;
    return file || path.p[path.n - 1] == '/' ? path : as_str_join(arena, path, AS_STR("/"));
}

static void note_environment(as_arena *arena, const as_unit *unit, found *out)
{
    as_str path = unit_path(arena, unit->name);
    as_str line = as_str_fmt(arena, "%.*s: %.*s", AS_STR_ARG(unit->environment), AS_STR_ARG(path));

    for (size_t i = 0; i < out->environments.n; i++)
        if (as_str_eq(out->environments.items[i], line))
            return;
    if (path.n > 0)
        AS_VEC_PUSH(arena, &out->environments, line);
}

static void look(as_arena *arena, const as_graph *graph, found *out)
{
    for (size_t id = 1; id <= as_graph_count(graph); id++) {
        const as_entity *e = as_graph_get(graph, (uint32_t)id);
        out->terraform += e->origin == AS_ORIGIN_TERRAFORM && !as_str_starts(e->kind, "terraform.");
        out->charts += as_str_is(e->kind, "helm.chart");
        out->overlays += e->origin == AS_ORIGIN_KUSTOMIZE;
        out->objects += e->origin == AS_ORIGIN_MANIFEST;
        out->workflows += as_str_is(e->kind, "ci.workflow");
        out->aws = out->aws || as_str_starts(e->kind, "aws.");
        out->gcp = out->gcp || as_str_starts(e->kind, "gcp.");
        out->kubernetes = out->kubernetes || as_str_starts(e->kind, "k8s.");
        if (e->unit && e->unit->environment.n > 0)
            note_environment(arena, e->unit, out);
    }
    if (out->environments.n > 1)
        qsort(out->environments.items, out->environments.n, sizeof(as_str), as_str_compare_qsort);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void write_text(as_buf *out, as_str text)
{
    bool plain = text.n > 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        plain = plain &&
                ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                        c == '_' || c == '/' || c == '.' || (c == '-' && i > 0));
    }
    if (plain && !(text.p[0] >= '0' && text.p[0] <= '9'))
        as_buf_str(out, text);
    else
        as_buf_json_string(out, text);
}

static void write_list(as_buf *out, const as_str *items, size_t n)
{
    as_buf_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        as_buf_cstr(out, i > 0 ? ", " : "");
        write_text(out, items[i]);
    }
    as_buf_cstr(out, "]\n");
}

static void write_head(as_buf *out, const found *f)
{
    as_buf_cstr(out,
            "# Settings of assay. All of them: the section \"Configuration\" of its README.\n");
    as_buf_fmt(out,
            "# Found: %zu resources of Terraform, %zu charts, %zu objects of Kustomize trees, %zu "
            "objects in manifests, %zu workflows.\n\n",
            f->terraform, f->charts, f->overlays, f->objects, f->workflows);
}

static void write_fail_on(as_buf *out, const as_foreign *foreign)
{
    as_buf_cstr(out, "# What breaks a build: critical, high, medium, low or none.\n");
    as_buf_fmt(out, "fail_on: %.*s\n\n",
            AS_STR_ARG(foreign->fail_on.n > 0 ? foreign->fail_on : AS_STR("high")));
}

static bool exists(as_arena *arena, const char *dir, const char *name)
{
    return access(as_str_fmt(arena, "%s/%s", dir, name).p, F_OK) == 0;
}

/* Folders whose code nobody runs. */
static void write_ignore(as_buf *out, const char *dir, const as_foreign *foreign)
{
    static const char *const usual[] = {
            "examples/", "example/", "testdata/", "fixtures/", "third_party/", NULL};
    AS_VEC(as_str) there = {0};

    if (foreign->paths.n > 0) {
        as_buf_cstr(out, "ignore: ");
        write_list(out, foreign->paths.items, foreign->paths.n);
        as_buf_char(out, '\n');
        return;
    }
    for (size_t i = 0; usual[i]; i++)
        if (exists(out->arena, dir, usual[i]))
            AS_VEC_PUSH(out->arena, &there, as_str_from(usual[i]));
    if (there.n > 0) {
        as_buf_cstr(out, "# Code that nobody runs need not be checked:\n# ignore: ");
        write_list(out, there.items, there.n);
        as_buf_char(out, '\n');
    }
}

static bool has_excluded(const as_foreign *foreign)
{
    for (size_t i = 0; i < foreign->ignores.n; i++) {
        const as_foreign_ignore *g = &foreign->ignores.items[i];
        if (g->known && g->paths.n == 0 && g->address.n == 0 && g->until.n == 0)
            return true;
    }
    return false;
}

static void write_rules(as_buf *out, const char *dir, const found *f, const as_foreign *foreign)
{
    bool own = exists(out->arena, dir, "policies") || exists(out->arena, dir, ".assay/rules");
    const char *dirs = exists(out->arena, dir, "policies") ? "policies/" : ".assay/rules/";

    as_buf_cstr(
            out, own || foreign->only.n > 0 || has_excluded(foreign) ? "rules:\n" : "# rules:\n");
    if (own)
        as_buf_fmt(out, "  dirs: [%s]\n", dirs);
    if (foreign->only.n > 0) {
        as_buf_cstr(out, "  only: ");
        write_list(out, foreign->only.items, foreign->only.n);
    }
    if (has_excluded(foreign)) {
        as_buf_cstr(out, "  exclude:\n");
        for (size_t i = 0; i < foreign->ignores.n; i++) {
            const as_foreign_ignore *g = &foreign->ignores.items[i];
            if (!g->known || g->paths.n > 0 || g->address.n > 0 || g->until.n > 0)
                continue;
            as_buf_cstr(out, "    - ");
            write_text(out, g->id);
            if (g->reason.n > 0)
                as_buf_fmt(out, " # %.*s", AS_STR_ARG(g->reason));
            as_buf_char(out, '\n');
        }
    }
    as_buf_cstr(
            out, "  # One framework only; 'assay rules frameworks' lists them:\n  # frameworks: [");
    as_buf_cstr(out, f->aws          ? "CIS-AWS-3.0"
                     : f->gcp        ? "CIS-GCP-3.0"
                     : f->kubernetes ? "CIS-K8S-1.9"
                                     : "NIST-800-53r5");
    as_buf_cstr(out, "]\n\n");
}

static void write_severities(as_buf *out, const as_foreign *foreign)
{
    bool any = false;
    for (size_t i = 0; i < foreign->severities.n; i++) {
        if (!foreign->severities.items[i].known)
            continue;
        as_buf_cstr(out, any ? "" : "severity:\n");
        any = true;
        as_buf_cstr(out, "  ");
        write_text(out, foreign->severities.items[i].id);
        as_buf_fmt(out, ": %.*s\n", AS_STR_ARG(foreign->severities.items[i].severity));
    }
    as_buf_cstr(out, any ? "\n" : "");
}

static void write_suppressions(as_buf *out, const as_foreign *foreign)
{
    bool any = false;
    for (size_t i = 0; i < foreign->ignores.n; i++) {
        const as_foreign_ignore *g = &foreign->ignores.items[i];
        if (!g->known || (g->paths.n == 0 && g->address.n == 0 && g->until.n == 0))
            continue;
        as_buf_cstr(out, any ? "" : "suppressions:\n");
        any = true;
        as_buf_cstr(out, "  - rule: ");
        write_text(out, g->id);
        as_buf_char(out, '\n');
        if (g->paths.n > 0) {
            as_buf_cstr(out, "    paths: ");
            write_list(out, g->paths.items, g->paths.n);
        }
        if (g->address.n > 0) {
            as_buf_cstr(out, "    addresses: ");
            write_list(out, &g->address, 1);
        }
        as_buf_cstr(out, "    reason: ");
        write_text(out, g->reason.n > 0 ? g->reason : AS_STR("taken over"));
        as_buf_char(out, '\n');
        if (as_date_valid(g->until))
            as_buf_fmt(out, "    until: %.*s\n", AS_STR_ARG(g->until));
    }
    as_buf_cstr(out, any ? "\n" : "");
}

static void write_environments(as_buf *out, const found *f)
{
    as_str last = AS_STR("");
    if (f->environments.n == 0)
        return;
    as_buf_cstr(
            out, "# Told by names of folders and files; correct what is wrong.\nenvironments:\n");
    for (size_t i = 0; i < f->environments.n; i++) {
        size_t colon = as_str_find(f->environments.items[i], AS_STR(": "));
        as_str name = as_str_slice(f->environments.items[i], 0, colon);
        if (!as_str_eq(name, last)) {
            as_buf_cstr(out, "  ");
            write_text(out, name);
            as_buf_cstr(out, ":\n");
        }
        last = name;
        as_buf_cstr(out, "    - ");
        write_text(out, as_str_from_index(f->environments.items[i], colon + 2));
        as_buf_char(out, '\n');
    }
    as_buf_char(out, '\n');
}

/* What nobody here knows is said, not lost. */
static void write_unknown(as_buf *out, const as_foreign *foreign)
{
    bool any = false;
    for (size_t i = 0; i < foreign->ignores.n; i++) {
        const as_foreign_ignore *g = &foreign->ignores.items[i];
        if (g->known)
            continue;
        as_buf_cstr(out,
                any ? ""
                    : "# No rule of assay stands for these, so nothing needs to be suppressed:\n");
        any = true;
        as_buf_fmt(out, "#   %.*s\n", AS_STR_ARG(g->id));
    }
}

static as_str compose(as_arena *arena, const char *dir, const found *f, const as_foreign *foreign)
{
    as_buf out;

    as_buf_init(&out, arena, 0);
    write_head(&out, f);
    write_fail_on(&out, foreign);
    write_ignore(&out, dir, foreign);
    write_rules(&out, dir, f, foreign);
    write_severities(&out, foreign);
    write_suppressions(&out, foreign);
    write_environments(&out, f);
    as_buf_cstr(&out, "# What rules ask for, such as tags that every resource must have:\n"
                      "# parameters: {required_tags: [owner, environment]}\n");
    write_unknown(&out, foreign);
    return as_buf_view(&out);
}

static void free_scan(void *object)
{
    as_scan_free(object);
}

static void free_sources(void *object)
{
    as_sources_free(object);
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    as_diags diags;
    as_foreign foreign = {0};
    found f = {0};

    if (cli->args.n > 1)
        return as_cli_usage_error(cli, "one folder is expected");
    as_str here = AS_STR("."), dir = cli->args.n > 0 ? cli->args.items[0] : here;
    const char *folder = as_str_cstr(cli->arena, dir);
    as_str path =
            s->output.n > 0 ? s->output : as_str_fmt(cli->arena, "%s/" AS_CONFIG_NAME, folder);
    if (access(folder, R_OK) != 0)
        return as_cli_error(cli, "%s: there is no such folder", folder);
    if (!as_str_is(path, "-") && !s->force && access(as_str_cstr(cli->arena, path), F_OK) == 0)
        return as_cli_error(cli, "%.*s is there already: --force writes it anew", AS_STR_ARG(path));

    as_sources *sources = as_sources_new();
    if (!sources)
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    as_arena_defer(cli->arena, free_sources, sources);
    as_diags_init(&diags, cli->arena);
    if (s->from >= 0) {
        const as_ruleset *rules =
                as_ruleset_load(cli->arena, &(as_ruleset_options){.builtin = true}, &diags);
        as_foreign_read(cli->arena, sources, folder, as_str_from(as_foreign_tools[s->from]), rules,
                &diags, &foreign);
        if (foreign.files.n == 0)
            return as_cli_error(cli, "%s: there are no settings of %s", folder,
                    s->from == 0 ? "other scanners" : as_foreign_tools[s->from]);
    }
    as_cli_print_diags(cli, sources, &diags);
    if (diags.n_errors > 0)
        return AS_EXIT_ERROR;
    as_scan *scan = as_scan_run(&(as_scan_options){.paths = {&dir, 1},
            .graph_only = true,
            .today = as_clock_day(cli->arena, as_clock_now())});
    if (!scan)
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    as_arena_defer(cli->arena, free_scan, scan);
    look(cli->arena, as_scan_report(scan)->graph, &f);
    as_str text = compose(cli->arena, folder, &f, &foreign);
    if (as_str_is(path, "-"))
        return as_cli_print(cli, text);
    as_str problem = as_file_write(cli->arena, path, text);
    if (problem.n > 0)
        return as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
    return as_cli_print(cli,
            as_str_fmt(cli->arena, "wrote %.*s; next: assay scan %s\n", AS_STR_ARG(path), folder));
}

static const as_option options[] = {
        AS_OPTION_ENUM(settings, from, 0, "from", "TOOL", as_foreign_tools,
                "take over what another scanner was told"),
        AS_OPTION_TEXT(settings, output, 'o', "output", "FILE",
                "where to write it (default: .assay.yaml in DIR; -: stdout)"),
        AS_OPTION_FLAG(settings, force, 0, "force", "also when the file is there"), AS_OPTION_END};

static const settings defaults = {.from = -1};

static const as_example examples[] = {{"assay init", "a first .assay.yaml for the current folder"},
        {"assay init --from checkov", "with what .checkov.yaml and .checkov.baseline pass over"},
        {NULL, NULL}};

const as_command as_command_init = {
        .name = "init",
        .summary = "write a first configuration from what is there",
        .usage = "[OPTION…] [DIR]",
        .description = "Looks at DIR and writes a .assay.yaml with the environments that it finds. "
                       "With --from, what other "
                       "scanners were told to pass over is taken over by the aliases of the rules: "
                       ".checkov.yaml and "
                       ".checkov.baseline, .tfsec/config.yml, .trivyignore and .trivyignore.yaml, "
                       ".kube-linter.yaml. What no "
                       "rule stands for is listed in a comment.",
        .options = options,
        .settings_size = sizeof(settings),
        .defaults = &defaults,
        .examples = examples,
        .run = run,
};
