#include "engine/cli/shards.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/cli/version.h"
#include "engine/base/sha256.h"
#include "parsers/live/seal.h"

/* --- the command line, written down ----------------------------------------------------------- */

typedef struct list_setting {
    const char *name;
    size_t offset;
} list_setting;

#define LIST(member)                                                                               \
    {                                                                                              \
#member, offsetof(as_scanning, member)                                                     \
    }

/* What decides how files are read is the same for all shards; what decides how they are judged is
 * also what the merge needs. */
static const list_setting lists[] = {LIST(rule_dirs), LIST(only), LIST(exclude), LIST(frameworks),
        LIST(var_files), LIST(vars), LIST(value_files), LIST(set_values), LIST(module_dirs)};
enum { N_LISTS = sizeof lists / sizeof *lists, N_JUDGING = 4 };

static as_str_list *list_at(as_scanning *s, size_t i)
{
    return (as_str_list *)(void *)((char *)s + lists[i].offset);
}

static void put_text(as_object_builder *b, const char *name, as_str text)
{
    as_object_add(
            b, as_str_from(name), AS_SPAN_NONE, as_value_string(b->arena, AS_SPAN_NONE, text));
}

static void put_list(as_object_builder *b, const char *name, as_str_list list)
{
    as_list_builder l;

    as_list_begin(&l, b->arena);
    for (size_t i = 0; i < list.n; i++)
        as_list_add(&l, as_value_string(b->arena, AS_SPAN_NONE, list.items[i]));
    as_object_add(b, as_str_from(name), AS_SPAN_NONE, as_list_end(&l, AS_SPAN_NONE));
}

static const as_value *written_down(as_cli *cli, as_scanning *s)
{
    as_object_builder b;

    as_object_begin(&b, cli->arena);
    put_list(&b, "paths", cli->args);
    put_text(&b, "config", s->config);
    put_text(&b, "baseline", s->baseline);
    put_text(&b, "cluster", s->cluster);
    put_text(&b, "show_passed", s->show_passed ? AS_STR("yes") : AS_STR(""));
    put_text(&b, "no_inline", s->no_inline ? AS_STR("yes") : AS_STR(""));
    for (size_t i = 0; i < N_LISTS; i++)
        put_list(&b, lists[i].name, *list_at(s, i));
    return as_object_end(&b, AS_SPAN_NONE);
}

static as_str_list list_of(as_cli *cli, const as_value *settings, const char *name)
{
    const as_value *v = as_value_get(settings, as_str_from(name));
    as_str_list list = {0};

    for (size_t i = 0; i < as_value_list_count(v); i++) /* options are C strings */
        AS_VEC_PUSH(cli->arena, &list,
                as_str_from(as_str_cstr(cli->arena, as_value_str(as_value_index(v, i)))));
    return list;
}

static as_str text_of(as_cli *cli, const as_value *settings, const char *name)
{
    return as_str_from(
            as_str_cstr(cli->arena, as_value_str(as_value_get(settings, as_str_from(name)))));
}

/* What was said here stands; the rest is as the shards were told. */
static void read_back(as_cli *cli, const as_value *settings, as_scanning *s)
{
    cli->args = list_of(cli, settings, "paths");
    if (s->config.n == 0)
        s->config = text_of(cli, settings, "config");
    if (s->baseline.n == 0)
        s->baseline = text_of(cli, settings, "baseline");
    s->show_passed = text_of(cli, settings, "show_passed").n > 0;
    s->no_inline = text_of(cli, settings, "no_inline").n > 0;
    for (size_t i = 0; i < N_JUDGING; i++)
        if (list_at(s, i)->n == 0)
            *list_at(s, i) = list_of(cli, settings, lists[i].name);
}

/* --- what has to be the same ------------------------------------------------------------------ */

static as_str options_digest(as_cli *cli, const as_value *settings)
{
    as_buf text;

    as_buf_init(&text, cli->arena, 0);
    as_value_write_json(&text, settings, (as_json_style){0});
    return as_sha256_hex(cli->arena, as_buf_view(&text));
}

/* --- one shard -------------------------------------------------------------------------------- */

static as_exit write_result(as_cli *cli, as_str file, as_str result)
{
    if (file.n > 0 && !as_str_is(file, "-")) {
        umask(077); /* it holds what the input holds, secrets too */
        as_str problem = as_file_write(cli->arena, file, result);
        return problem.n == 0 ? AS_EXIT_OK : as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
    }
    if (isatty(STDOUT_FILENO) == 1)
        return as_cli_usage_error(cli, "the result of a shard is not for terminals: --result FILE");
    if (!as_fd_write(STDOUT_FILENO, result))
        return as_cli_error(cli, "cannot write the output: %s", strerror(errno));
    return AS_EXIT_OK;
}

static void free_scan(void *object)
{
    as_scan_free(object);
}

static as_scan *scan(as_cli *cli, const as_scan_options *options)
{
    as_scan *done = as_scan_run(options);

    if (!done)
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    as_arena_defer(cli->arena, free_scan, done);
    return done;
}

/* "auto/16" is what an Indexed Job of Kubernetes says, which counts from 0; "auto" what the
 * parallel jobs of GitLab say, which count from 1.
 * https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
 * https://docs.gitlab.com/ci/variables/predefined_variables/ (CI_NODE_INDEX, CI_NODE_TOTAL) */
static bool which_shard(as_cli *cli, as_str text, as_shard *out)
{
    const char *index = getenv("JOB_COMPLETION_INDEX"), *node = getenv("CI_NODE_INDEX");
    const char *total = getenv("CI_NODE_TOTAL");
    int64_t from_zero;

    if (as_str_starts(text, "auto/") && index && as_str_to_int(as_str_from(index), &from_zero) &&
            from_zero >= 0 && from_zero < AS_MAX_SHARDS)
        text = as_str_fmt(
                cli->arena, "%d%.*s", (int)from_zero + 1, AS_STR_ARG(as_str_from_index(text, 4)));
    else if (as_str_is(text, "auto") && node && total)
        text = as_str_fmt(cli->arena, "%s/%s", node, total);
    return as_shard_parse(text, out);
}

as_exit as_shards_scan(as_cli *cli, const as_scanning *settings, as_str shard, as_str file)
{
    as_scanning s = *settings;
    const as_config *config = NULL;
    as_scan_options options;
    as_shard_head head = {.version = AS_STR(AS_VERSION)};
    as_shard which;

    if (!which_shard(cli, shard, &which))
        return as_cli_usage_error(cli,
                "--shard '%.*s': I/N is expected, from 1/1 to %d/%d; or auto/N in an Indexed Job, "
                "auto "
                "in a parallel job of GitLab",
                AS_STR_ARG(shard), AS_MAX_SHARDS, AS_MAX_SHARDS);
    if (s.staged || s.rev.n > 0 || s.diff.n > 0)
        return as_cli_usage_error(
                cli, "--shard is for what lies on disk: not with --staged, --rev or --diff");
    for (size_t i = 0; i < cli->args.n; i++)
        if (as_str_is(cli->args.items[i], "-"))
            return as_cli_usage_error(cli, "--shard is for what lies on disk: not with '-'");
    head.settings = written_down(cli, &s);
    s.in_parts = true;
    if (!as_scanning_prepare(cli, &s, &options, &config))
        return AS_EXIT_ERROR;
    head.digests.options = options_digest(cli, head.settings);
    head.digests.configuration = options.configuration_digest;
    head.digests.rules = as_shard_rules_digest(cli->arena, &options);
    options.shard = which;
    options.shard_head = &head;
    as_scan *done = scan(cli, &options);
    const as_report *report = as_scan_report(done);
    as_str result = as_scan_shard_result(done);
    if (result.n == 0) {
        as_cli_print_diags(cli, report->sources, report->diags);
        return AS_EXIT_ERROR;
    }
    return write_result(cli, file, result);
}

/* --- all of them ------------------------------------------------------------------------------ */

static int by_index(const void *a, const void *b)
{
    const as_shard_head *x = a, *y = b;

    return (x->shard.index > y->shard.index) - (x->shard.index < y->shard.index);
}

static bool read_heads(as_cli *cli, as_sources *sources, as_shard_head *heads)
{
    as_diags diags;
    as_str problem;

    as_diags_init(&diags, cli->arena);
    for (size_t i = 0; i < cli->args.n; i++) {
        as_str file = cli->args.items[i];
        const as_source *source = as_file_read(cli->arena, sources, file.p, AS_STR(""), &diags);
        if (!source) {
            as_cli_print_diags(cli, sources, &diags);
            return false;
        }
        if (!as_shard_head_read(cli->arena, file, source->text, &heads[i], &problem)) {
            as_cli_error(cli, "%.*s: %.*s", AS_STR_ARG(file), AS_STR_ARG(problem));
            return false;
        }
    }
    qsort(heads, cli->args.n, sizeof *heads, by_index);
    return true;
}

static bool differs(
        const as_cli *cli, const as_shard_head *a, const as_shard_head *b, const char *what)
{
    as_cli_error(cli, "%.*s and %.*s do not belong together: %s", AS_STR_ARG(a->file),
            AS_STR_ARG(b->file), what);
    return false;
}

static bool belong_together(const as_cli *cli, const as_shard_head *a, const as_shard_head *b)
{
    if (a->shard.count != b->shard.count)
        return differs(cli, a, b, "they are shards of different numbers");
    if (a->shard.index == b->shard.index)
        return differs(cli, a, b, "both are the same shard");
    if (!as_str_eq(a->version, b->version))
        return differs(cli, a, b, "they were made by different versions of assay");
    if (!as_str_eq(a->digests.options, b->digests.options))
        return differs(cli, a, b, "they were made with different options or paths");
    if (!as_str_eq(a->digests.configuration, b->digests.configuration))
        return differs(cli, a, b, "the configuration or baseline was not the same");
    if (!as_str_eq(a->digests.rules, b->digests.rules))
        return differs(cli, a, b, "the rules were not the same");
    if (!as_str_eq(a->digests.tree, b->digests.tree))
        return differs(cli, a, b, "what was scanned was not the same");
    return true;
}

/* Which shards are not there: "shards 2 and 5 of 16 are missing". Empty: all are. */
static as_str missing(as_cli *cli, const as_shard_head *heads, size_t n)
{
    uint32_t count = heads[0].shard.count, n_missing = 0;
    as_buf text;

    as_buf_init(&text, cli->arena, 0);
    for (uint32_t index = 1, at = 0; index <= count; index++) {
        if (at < n && heads[at].shard.index == index) {
            at++;
            continue;
        }
        as_buf_fmt(&text, "%s%u", n_missing == 0 ? "" : ", ", index);
        n_missing++;
    }
    return n_missing == 0 ? AS_STR("")
                          : as_str_fmt(cli->arena, "shard%s %.*s of %u %s missing",
                                    n_missing == 1 ? "" : "s", AS_STR_ARG(as_buf_view(&text)),
                                    count, n_missing == 1 ? "is" : "are");
}

static bool all_fit(as_cli *cli, const as_shard_head *heads, size_t n, bool partial, as_str *gone)
{
    if (!as_str_is(heads[0].version, AS_VERSION)) {
        as_cli_error(cli, "%.*s was made by version %.*s of assay, this is " AS_VERSION,
                AS_STR_ARG(heads[0].file), AS_STR_ARG(heads[0].version));
        return false;
    }
    for (size_t i = 1; i < n; i++)
        if (!belong_together(cli, &heads[i - 1], &heads[i]))
            return false;
    *gone = missing(cli, heads, n);
    if (gone->n > 0 && !partial) {
        as_cli_error(cli, "%.*s (--partial merges what is there)", AS_STR_ARG(*gone));
        return false;
    }
    return true;
}

static bool as_before(as_cli *cli, const as_shard_head *head, const as_scan_options *options)
{
    if (!as_str_eq(head->digests.configuration, options->configuration_digest)) {
        as_cli_error(cli, "the configuration or baseline is not that of the shards: merge where "
                          "they were scanned, "
                          "or give --config and --baseline");
        return false;
    }
    if (!as_str_eq(head->digests.rules, as_shard_rules_digest(cli->arena, options))) {
        as_cli_error(cli, "the rules are not those of the shards: give their --rules");
        return false;
    }
    return true;
}

const as_report *as_shards_merge(
        as_cli *cli, as_scanning *settings, bool partial, const as_config **config)
{
    size_t n = cli->args.n;
    as_shard_head *heads = AS_NEW_ARRAY(cli->arena, as_shard_head, n);
    as_sources *files = as_cli_sources(cli);
    as_scan_options options;
    as_str gone = AS_STR("");

    if (n == 0) {
        as_cli_usage_error(cli, "the results of all shards are expected");
        return NULL;
    }
    if (!read_heads(cli, files, heads) || !all_fit(cli, heads, n, partial, &gone))
        return NULL;
    read_back(cli, heads[0].settings, settings);
    settings->merging = settings->in_parts = true;
    if (!as_scanning_prepare(cli, settings, &options, config) ||
            !as_before(cli, &heads[0], &options))
        return NULL;
    options.shards = heads;
    options.n_shards = n;
    options.missing = gone;
    as_scan *done = scan(cli, &options);
    size_t bad = as_scan_bad_shard(done);
    if (bad > 0) {
        as_cli_error(cli, "%.*s: it is damaged", AS_STR_ARG(heads[bad - 1].file));
        return NULL;
    }
    return as_scan_report(done);
}
