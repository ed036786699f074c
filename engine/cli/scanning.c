#include "engine/cli/scanning.h"

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/witness.h"
#include "engine/cli/known_rules.h"
#include "engine/cli/revisions.h"
#include "engine/rules/parameters.h"
#include "engine/cli/stdin.h"
#include "parsers/live/kubernetes/cluster.h"
#include "engine/base/sha256.h"
#include "parsers/live/seal.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static as_strs strs(as_str_list list)
{
    return (as_strs){list.items, list.n};
}

static void free_scan(void *object)
{
    as_scan_free(object);
}

static bool paths_exist(as_cli *cli)
{
    struct stat info;
    bool all = true;

    for (size_t i = 0; i < cli->args.n; i++) {
        if (stat(cli->args.items[i].p, &info) == 0)
            continue;
        as_cli_error(cli, "%.*s: %s", AS_STR_ARG(cli->args.items[i]), strerror(errno));
        all = false;
    }
    return all;
}

/* The folder whose configuration holds: that of the only argument, else where one stands. */
static const char *config_start(as_cli *cli, const as_scanning *settings)
{
    struct stat info;

    if (cli->args.n != 1 || settings->config_here)
        return ".";
    as_str path = cli->args.items[0];
    if (stat(path.p, &info) == 0 && S_ISDIR(info.st_mode))
        return path.p;
    size_t slash = as_str_rfind_char(path, '/');
    if (slash == (size_t)-1)
        return ".";
    return slash == 0 ? "/" : as_str_cstr(cli->arena, as_str_slice(path, 0, slash));
}

/* False when a file that was named is missing; it would be a diagnostic otherwise, far from its
 * cause. */
static bool inputs_exist(as_cli *cli, const char *option, as_str_list files)
{
    for (size_t i = 0; i < files.n; i++) {
        if (access(files.items[i].p, R_OK) == 0)
            continue;
        as_cli_error(cli, "--%s %.*s: %s", option, AS_STR_ARG(files.items[i]), strerror(errno));
        return false;
    }
    return true;
}

static bool assignments_valid(as_cli *cli, const char *option, as_str_list list)
{
    for (size_t i = 0; i < list.n; i++) {
        size_t equals = as_str_find_char(list.items[i], '=');
        if (equals != (size_t)-1 && equals > 0)
            continue;
        as_cli_usage_error(
                cli, "--%s '%.*s': NAME=VALUE is expected", option, AS_STR_ARG(list.items[i]));
        return false;
    }
    return true;
}

static bool inputs_valid(as_cli *cli, const as_scanning *settings, bool in_snapshot)
{
    return (in_snapshot || settings->merging || paths_exist(cli)) &&
           inputs_exist(cli, "rules", settings->rule_dirs) &&
           inputs_exist(cli, "var-file", settings->var_files) &&
           inputs_exist(cli, "values", settings->value_files) &&
           inputs_exist(cli, "module-dir", settings->module_dirs) &&
           assignments_valid(cli, "var", settings->vars) &&
           assignments_valid(cli, "set", settings->set_values);
}

static as_strs both(as_arena *arena, as_strs a, as_strs b)
{
    as_str *items = AS_NEW_ARRAY(arena, as_str, a.n + b.n);

    for (size_t i = 0; i < a.n + b.n; i++)
        items[i] = i < a.n ? a.items[i] : b.items[i - a.n];
    return (as_strs){items, a.n + b.n};
}

static void free_fs(void *object)
{
    as_fs_free(object);
}

/* The configuration that lies in the snapshot: what is staged or committed counts, not what the
 * disk has. */
static const as_config *config_in(as_cli *cli, as_sources *sources, const as_git_snapshot *snapshot,
        as_str dir, as_diags *diags)
{
    as_fs *fs = as_git_fs(snapshot, sources);

    if (!fs)
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    as_arena_defer(cli->arena, free_fs, fs);
    return as_config_find_in(cli->arena, fs, dir, diags);
}

static const as_report *scan(as_cli *cli, const as_scan_options *options)
{
    as_scan *done = as_scan_run(options);

    if (!done)
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    as_arena_defer(cli->arena, free_scan, done);
    return as_scan_report(done);
}

/* What the change starts from, judged by the configuration of what it leads to. */
static const as_baseline *fails_before(
        as_cli *cli, const as_repository *repository, as_str rev, const as_scan_options *options)
{
    as_scan_options before = *options;

    before.snapshot = as_repository_snapshot(cli, repository, rev);
    if (!before.snapshot)
        return NULL;
    before.paths = (as_strs){0}; /* a resource may have moved here from elsewhere */
    before.only_changed = false;
    before.show_passed = false;
    before.sources = NULL;
    const as_report *report = scan(cli, &before);
    return as_baseline_of(cli->arena, as_str_fmt(cli->arena, "revision %.*s", AS_STR_ARG(rev)),
            report->findings, report->n_findings);
}

static bool wants_stdin(const as_cli *cli)
{
    for (size_t i = 0; i < cli->args.n; i++)
        if (as_str_is(cli->args.items[i], "-"))
            return true;
    return false;
}

/* `assay scan -`: the document in place of files. False after saying why it cannot be had. */
static bool take_stdin(as_cli *cli, const as_scanning *settings, as_scan_options *options)
{
    if (!wants_stdin(cli)) {
        if (settings->stdin_name.n > 0)
            as_cli_usage_error(cli, "--stdin-name is for '-', a document on stdin");
        return settings->stdin_name.n == 0;
    }
    if (cli->args.n > 1 || settings->staged || settings->rev.n > 0 || settings->diff.n > 0) {
        as_cli_usage_error(cli, "'-' is a document on stdin: it stands alone");
        return false;
    }
    as_memory_file *document = AS_NEW(cli->arena, as_memory_file);
    options->document = document;
    options->paths = (as_strs){0};
    return as_stdin_read(cli, settings->stdin_name, document);
}

/* What --staged, --rev and --diff ask for. False after saying why it cannot be had. */
static bool choose_side(as_cli *cli, const as_scanning *settings, as_repository *repository,
        as_scan_options *options)
{
    if (settings->staged && settings->rev.n > 0) {
        as_cli_usage_error(cli, "--staged and --rev: it is one or the other");
        return false;
    }
    if (settings->baseline.n > 0 && settings->diff.n > 0) {
        as_cli_usage_error(cli, "--baseline and --diff: it is one or the other");
        return false;
    }
    if (!settings->staged && settings->rev.n == 0 && settings->diff.n == 0)
        return true;
    if (!as_repository_open(cli, options->paths, repository))
        return false;
    if (!settings->staged && settings->rev.n == 0)
        return true;
    options->snapshot = as_repository_snapshot(cli, repository, settings->rev);
    if (!options->snapshot)
        return false;
    options->paths = repository->paths;
    options->only_changed = settings->staged;
    if (settings->staged)
        options->changed = as_repository_staged(cli, repository, options->snapshot);
    return true;
}

static const as_config *read_config(as_cli *cli, const as_scanning *settings,
        const as_repository *repository, const as_scan_options *options, as_diags *diags)
{
    if (settings->config.n > 0)
        return as_config_read(cli->arena, options->sources, settings->config.p, AS_STR(""), diags);
    if (options->snapshot)
        return config_in(cli, options->sources, options->snapshot, repository->dir, diags);
    return as_config_find(cli->arena, options->sources, config_start(cli, settings), diags);
}

/* What parsers are given beside the files of the scan. */
static bool read_inputs(
        as_cli *cli, const as_scanning *settings, as_sources *sources, as_parse_options *out)
{
    as_diags diags;
    bool good = true;

    *out = (as_parse_options){.var_files = strs(settings->var_files),
            .vars = strs(settings->vars),
            .module_dirs = strs(settings->module_dirs),
            .value_files = strs(settings->value_files),
            .set_values = strs(settings->set_values),
            .release = settings->release,
            .namespace = settings->namespace,
            .progress = settings->progress};
    as_diags_init(&diags, cli->arena);
    if (settings->decrypt_key.n > 0) {
        const as_source *key =
                as_file_read(cli->arena, sources, settings->decrypt_key.p, AS_STR(""), &diags);
        good = key != NULL;
        out->decrypt_key = key ? key->text : AS_STR("");
    }
    if (good && settings->cluster.n > 0) {
        out->cluster =
                as_cluster_read(cli->arena, sources, settings->cluster.p, out->decrypt_key, &diags);
        good = out->cluster != NULL;
    }
    as_cli_print_diags(cli, sources, &diags);
    return good;
}

static const as_baseline *gate_baseline(as_cli *cli, const as_gate *gate, as_diags *diags)
{
    if (gate->baseline.n == 0)
        return NULL;
    if (gate->baseline_source)
        return as_baseline_parse(cli->arena, gate->baseline_source, diags);
    as_diags_add_path(diags, AS_DIAG_ERROR, "gate-baseline", gate->baseline,
            "the baseline of the gate is not there");
    as_diags_detail(diags, "write it with: assay baseline -o %.*s", AS_STR_ARG(gate->baseline));
    return NULL;
}

static as_str digest_of(as_arena *arena, as_sources *sources)
{
    const as_source *source;
    as_buf text;

    as_buf_init(&text, arena, (size_t)1 << 32);
    for (uint32_t id = 1; (source = as_sources_get(sources, id)) != NULL; id++) {
        as_buf_fmt(&text, "%zu ", source->text.n);
        as_buf_str(&text, source->text);
    }
    return as_sha256_hex(arena, as_buf_view(&text));
}

bool as_scanning_prepare(
        as_cli *cli, const as_scanning *settings, as_scan_options *out, const as_config **config)
{
    as_sources *sources = as_cli_sources(cli);
    const as_baseline *baseline = NULL;
    as_repository repository = {0};
    as_diags diags;

    as_sources_set_witness(sources, settings->witness);
    as_scan_options options = {.paths = strs(cli->args), .sources = sources};
    if (!take_stdin(cli, settings, &options) ||
            !choose_side(cli, settings, &repository, &options) ||
            !inputs_valid(cli, settings, options.snapshot != NULL || options.document != NULL))
        return false;
    as_diags_init(&diags, cli->arena);
    *config = read_config(cli, settings, &repository, &options, &diags);
    if (settings->rule_dirs.n == 0)
        as_parameters_check(*config, &diags);
    if (settings->baseline.n > 0)
        baseline = as_baseline_read(cli->arena, sources, settings->baseline.p, &diags);
    else if (settings->gate && settings->diff.n == 0)
        baseline = gate_baseline(cli, &(*config)->gate, &diags);
    as_cli_print_diags(cli, sources, &diags);
    if (diags.n_errors > 0)
        return false;

    if (settings->in_parts)
        options.configuration_digest = digest_of(cli->arena, sources);
    as_strs frameworks = strs(settings->frameworks);
    options.config = *config;
    options.rule_dirs = both(cli->arena, strs(settings->rule_dirs), (*config)->rule_dirs);
    options.rule_folders = (*config)->rule_folders;
    if (options.rule_dirs.n > 0 || options.rule_folders.n > 0)
        as_witness_spoil(settings->witness); /* they are read by other ways */
    if (!as_known_rules_check(
                cli, options.rule_dirs, options.rule_folders, "--rule", strs(settings->only)) ||
            !as_known_rules_check(cli, options.rule_dirs, options.rule_folders, "--exclude-rule",
                    strs(settings->exclude)))
        return false;
    options.only_rules = strs(settings->only);
    options.exclude_rules = strs(settings->exclude);
    options.frameworks = frameworks.n > 0 ? frameworks : (*config)->frameworks;
    if (!read_inputs(cli, settings, sources, &options.parse))
        return false;
    options.jobs = settings->jobs;
    options.locate_fixes = settings->locate_fixes;
    options.graph_only = settings->graph_only;
    options.show_passed = settings->show_passed;
    options.no_inline_suppressions = settings->no_inline || (*config)->no_inline_suppressions;
    options.today = as_clock_day(cli->arena, as_clock_now());
    options.baseline = baseline;
    if (settings->diff.n > 0) {
        options.baseline = fails_before(cli, &repository, settings->diff, &options);
        if (!options.baseline)
            return false;
    }
    *out = options;
    return true;
}

bool as_scanning_is_repeatable(const as_cli *cli, const as_scanning *s)
{
    bool of_git = s->staged || s->rev.n > 0 || s->diff.n > 0;
    /* Rules and snapshots of their own are read by other ways. */
    return !of_git && !wants_stdin(cli) && s->rule_dirs.n == 0 && s->cluster.n == 0 &&
           s->decrypt_key.n == 0;
}

const as_report *as_scanning_run(as_cli *cli, const as_scanning *settings, const as_config **config)
{
    as_scan_options options;

    return as_scanning_prepare(cli, settings, &options, config) ? scan(cli, &options) : NULL;
}
