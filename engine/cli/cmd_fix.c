/* assay fix [--write] [PATH…] */
#include "engine/base/file.h"
#include "engine/base/utf8.h"
#include "engine/cli/scanning.h"
#include "engine/fix/diff.h"
#include "engine/fix/fix.h"
#include "engine/secrets/scrub.h"
#include "engine/secrets/secrets.h"
#include "reporters/redact.h"

typedef struct settings {
    as_scanning scanning;
    as_str fingerprint;
    bool write, check;
} settings;

enum { MAX_REDACTIONS = 32 };

/* A file before and after, and where secrets stand in it. */
typedef struct masking {
    as_str texts[2];
    as_secrets secrets[2];
    as_scrubber *scrubber; /* of what evaluation made of the files */
    size_t n_masked;       /* lines */
} masking;

static bool is_hidden(
        const masking *m, const as_redaction *hidden, size_t n, as_str line, size_t at)
{
    int side = line.p >= m->texts[0].p && line.p < m->texts[0].p + m->texts[0].n ? 0 : 1;
    size_t place = (size_t)(line.p - m->texts[side].p) + at;
    const as_secrets *secrets = &m->secrets[side];

    if (line.p[at] == '\n' || line.p[at] == '\r')
        return false;
    if (as_redact_hides(hidden, n, at))
        return true;
    for (size_t i = 0; i < secrets->n; i++)
        if (place >= secrets->items[i].begin && place < secrets->items[i].end)
            return true;
    return false;
}

static void write_masked(void *self, as_buf *out, as_str line)
{
    masking *m = self;
    as_redaction hidden[MAX_REDACTIONS];
    size_t n = as_redact_find(line, hidden, MAX_REDACTIONS), at = 0;
    bool masked = false;
    as_buf starred;

    as_buf_init(&starred, out->arena, 0);
    while (at < line.n) {
        if (!is_hidden(m, hidden, n, line, at)) {
            as_buf_char(&starred, line.p[at++]);
            continue;
        }
        (void)as_utf8_next(line, &at);
        as_buf_char(&starred, '*');
        masked = true;
    }
    as_str shown = as_scrubber_run(m->scrubber, as_buf_view(&starred));
    as_buf_str(out, shown);
    m->n_masked += masked || shown.p != as_buf_view(&starred).p;
}

/* What is shown is copied to where the files are not: a log, a comment. Secrets are masked. */
static size_t write_diffs(as_arena *arena, as_buf *out, const as_fix_result *result)
{
    as_secret_finder *finder = as_secret_finder_new(arena);
    as_scrubber *scrubber = as_scrubber_new(arena, result->secrets);
    size_t n_masked = 0;
    for (size_t i = 0; i < result->files.n; i++) {
        const as_fixed_file *file = &result->files.items[i];
        masking m = {.texts = {file->before, file->after}, .scrubber = scrubber};
        for (int side = 0; side < 2; side++)
            as_secret_find(finder, arena, m.texts[side], as_secret_syntax_of(file->path),
                    &m.secrets[side], NULL);
        as_diff_shown shown = {write_masked, &m};
        as_diff_write(out, file->path, file->before, file->after, &shown);
        n_masked += m.n_masked;
    }
    return n_masked;
}

/* What was not made, and why: on stderr, so that stdout is a patch. */
static void tell(const as_cli *cli, const as_fix_result *result, size_t n_masked)
{
    as_buf out;
    as_buf_init(&out, cli->arena, 0);
    for (size_t i = 0; i < result->outcomes.n; i++) {
        const as_fix_outcome *o = &result->outcomes.items[i];
        if (o->problem.n == 0 || o->title.n == 0)
            continue;
        as_buf_fmt(&out, "%.*s:%u: %.*s on %.*s is left: %.*s\n", AS_STR_ARG(o->path), o->at.line,
                AS_STR_ARG(o->rule), AS_STR_ARG(o->address), AS_STR_ARG(o->problem));
    }
    size_t without = result->outcomes.n - result->n_made - result->n_dropped;
    as_buf_fmt(&out, "%zu fixed, %zu left", result->n_made, result->n_dropped);
    if (without > 0)
        as_buf_fmt(&out, ", %zu for people: their rules have no fix", without);
    as_buf_char(&out, '\n');
    if (result->n_errors > 0)
        as_buf_fmt(&out,
                "not all input could be read or evaluated (errors: %zu); 'assay scan' says what\n",
                result->n_errors);
    if (n_masked > 0)
        as_buf_fmt(&out,
                "%zu line%s of the patch %s a secret that is masked: it does not apply there, "
                "--write "
                "does\n",
                n_masked, n_masked == 1 ? "" : "s", n_masked == 1 ? "holds" : "hold");
    if (!as_fd_write(2, as_buf_view(&out)))
        return;
}

/* A file that somebody changed meanwhile is left alone. */
static bool write_files(as_cli *cli, const as_fix_result *result)
{
    bool all = true;
    for (size_t i = 0; i < result->files.n; i++) {
        const as_fixed_file *file = &result->files.items[i];
        as_sources *sources = as_sources_new();
        as_diags diags;
        as_diags_init(&diags, cli->arena);
        const as_source *now =
                sources ? as_file_read(cli->arena, sources, as_str_cstr(cli->arena, file->absolute),
                                  file->path, &diags)
                        : NULL;
        as_str problem = now && as_str_eq(now->text, file->before)
                                 ? as_file_write(cli->arena, file->absolute, file->after)
                                 : AS_STR("it has changed while it was being fixed");
        as_sources_free(sources);
        if (problem.n > 0) {
            as_cli_error(cli, "%.*s: %.*s", AS_STR_ARG(file->path), AS_STR_ARG(problem));
            all = false;
        }
    }
    return all;
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    const as_config *config = NULL;
    as_scan_options options;
    as_fix_result result;

    if (s->scanning.staged || s->scanning.rev.n > 0)
        return as_cli_usage_error(
                cli, "files on disk are fixed: --staged and --rev are for 'scan'");
    if (!as_scanning_prepare(cli, &s->scanning, &options, &config))
        return AS_EXIT_ERROR;
    if (options.document)
        return as_cli_usage_error(cli, "a document on stdin cannot be fixed");
    as_fix_run(cli->arena, &options, s->fingerprint, &result);
    as_buf out;
    as_buf_init(&out, cli->arena, 0);
    size_t n_masked = write_diffs(cli->arena, &out, &result);
    if (as_cli_print(cli, as_buf_view(&out)) != AS_EXIT_OK)
        return AS_EXIT_ERROR;
    if (s->write && !write_files(cli, &result))
        return AS_EXIT_ERROR;
    if (!s->scanning.quiet)
        tell(cli, &result, n_masked);
    return s->check && result.files.n > 0 ? AS_EXIT_FINDINGS
           : result.n_errors > 0          ? AS_EXIT_PARTIAL
                                          : AS_EXIT_OK;
}

static const as_option options[] = {
        AS_OPTION_GROUP("Fixing"),
        AS_OPTION_FLAG(settings, write, 'w', "write", "change the files (default: only show how)"),
        AS_OPTION_FLAG(settings, check, 0, "check", "exit with 1 when there is something to fix"),
        AS_OPTION_TEXT(settings, fingerprint, 0, "fingerprint", "HEX",
                "only this finding, by the start of its fingerprint"),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet", "say nothing about what is left"),
        AS_OPTION_TEXT(settings, scanning.baseline, 0, "baseline", "FILE",
                "findings listed there are left alone (assay baseline)"),
        AS_OPTION_TEXT(settings, scanning.diff, 0, "diff", "REV",
                "only what fails now and did not in REV (REV...: where HEAD left it)"),
        AS_SCANNING_RULE_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const as_example examples[] = {{"assay fix infra/", "show as a patch what can be mended"},
        {"assay fix --write --rule AWS-S3-004 infra/", "mend one kind of finding"},
        {"assay fix --diff main... | git apply --index", "what a branch brings, into the index"},
        {NULL, NULL}};

const as_command as_command_fix = {
        .name = "fix",
        .summary = "mend findings in Terraform, manifests and values files",
        .usage = "[OPTION…] [PATH…]",
        .description = "Prints a unified diff of what the fixes of the rules change; with --write "
                       "the files are "
                       "changed as well, each whole or not at all. Comments and layout stay. "
                       "Secrets beside a change are masked in the diff, never in the files.\n"
                       "\n"
                       "Each fix is proven by evaluating again: its finding is gone, no other "
                       "came, and no resource "
                       "has changed but in what the fix is about. One that fails the proof is left "
                       "out, and stderr "
                       "says why.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
