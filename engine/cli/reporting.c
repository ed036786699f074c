#include "engine/cli/reporting.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/limits.h"
#include "engine/cli/transcript.h"
#include "reporters/reporter.h"

const char *const as_reporting_formats[] = {
#define AS_REPORTER(name, text) text,
#include "reporters/reporters.def"
        NULL};

const char *const as_reporting_severities[] = {
        "critical", "high", "medium", "low", "info", "none", NULL};
const char *const as_reporting_progresses[] = {"auto", "never", NULL};

/* --- writing ------------------------------------------------------------------------------------
 */

static as_reporter_style style_of(const as_reporting *s, bool quiet, bool color)
{
    return (as_reporter_style){
            .color = color,
            .width = as_terminal_width(),
            .verbose = s->verbose,
            .quiet = quiet,
    };
}

static void write_form(const as_reporting *s, const as_report *report, const as_reporter *reporter,
        const as_reporter_style *style, as_buf *out)
{
    if (!s->own_form || !s->own_form(s->self, reporter->name, out))
        reporter->write(report, style, out);
}

static as_str written(as_cli *cli, const as_reporting *s, bool quiet, const as_report *report,
        const as_reporter *reporter)
{
    as_reporter_style style = style_of(s, quiet, false);
    as_buf buf;

    as_buf_init(&buf, cli->arena, AS_MAX_UNIT_BYTES);
    write_form(s, report, reporter, &style, &buf);
    return as_buf_view(&buf);
}

typedef struct printing {
    const as_cli *cli;
    int problem;
} printing;

/* The first error stands; what follows it is dropped. */
static void print_piece(void *self, as_str text)
{
    printing *p = self;

    if (p->problem == 0 && !as_cli_write(p->cli, STDOUT_FILENO, text))
        p->problem = errno;
}

static as_exit print_report(as_cli *cli, const as_reporting *s, bool quiet, const as_report *report,
        const as_reporter *reporter)
{
    as_reporter_style style = style_of(s, quiet, cli->color_out);
    printing p = {.cli = cli};
    as_buf buf;

    as_buf_init_sink(&buf, cli->arena, print_piece, &p);
    write_form(s, report, reporter, &style, &buf);
    as_buf_flush(&buf);
    if (p.problem == 0)
        return AS_EXIT_OK;
    return as_cli_error(cli, "cannot write the output: %s", strerror(p.problem));
}

/* "sarif=out.sarif"; before the scan, so that a typing error costs no scan. */
static bool parse_output(as_cli *cli, as_str output, const as_reporter **reporter, as_str *file)
{
    size_t equals = as_str_find_char(output, '=');

    if (equals == (size_t)-1 || equals + 1 == output.n) {
        as_cli_usage_error(cli, "--output '%.*s': FORMAT=FILE is expected", AS_STR_ARG(output));
        return false;
    }
    as_str name = as_str_slice(output, 0, equals);
    *file = as_str_from_index(output, equals + 1);
    *reporter = as_reporter_find(name);
    if (*reporter)
        return true;

    as_str_list names = {0};
    for (size_t i = 0; as_reporting_formats[i]; i++)
        AS_VEC_PUSH(cli->arena, &names, as_str_from(as_reporting_formats[i]));
    as_str near = as_did_you_mean(name, names.items, names.n);
    as_cli_usage_error(cli, "--output: there is no format '%.*s'%s%.*s%s", AS_STR_ARG(name),
            near.n > 0 ? "; did you mean '" : "", AS_STR_ARG(near), near.n > 0 ? "'?" : "");
    return false;
}

bool as_reporting_valid(as_cli *cli, const as_reporting *s)
{
    const as_reporter *reporter;
    as_str file;

    for (size_t i = 0; i < s->outputs.n; i++)
        if (!parse_output(cli, s->outputs.items[i], &reporter, &file))
            return false;
    return true;
}

static bool write_outputs(as_cli *cli, const as_reporting *s, bool quiet, const as_report *report)
{

    for (size_t i = 0; i < s->outputs.n; i++) {
        const as_reporter *reporter;
        as_str file, text, problem;
        if (!parse_output(cli, s->outputs.items[i], &reporter, &file))
            return false;
        text = written(cli, s, quiet, report, reporter);
        problem = as_file_write(cli->arena, file, text);
        if (problem.n > 0) {
            as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
            return false;
        }
        as_transcript_add_file(cli->transcript, file, text);
    }
    return true;
}

/* The text report holds the diagnostics; beside a machine form people see them here. */
static void write_messages(
        as_cli *cli, bool quiet, const as_report *report, const as_reporter *reporter)
{

    if (quiet || as_str_is(AS_STR("text"), reporter->name))
        return;
    as_cli_print_diags(cli, report->sources, report->diags);
    if (isatty(STDERR_FILENO) == 1 || report->diags->n_errors > 0)
        as_cli_note(cli, "%zu failed, %zu unknown, %zu errors", report->summary.by_status[AS_FAIL],
                report->summary.by_status[AS_UNSURE], report->diags->n_errors);
}

as_exit as_reporting_write(as_cli *cli, const as_reporting *s, bool quiet, const as_report *report)
{
    const as_reporter *reporter = as_reporters[s->format];

    if (!write_outputs(cli, s, quiet, report))
        return AS_EXIT_ERROR;
    write_messages(cli, quiet, report, reporter);
    return print_report(cli, s, quiet, report, reporter);
}

/* --- judging ------------------------------------------------------------------------------------
 */

as_severity as_reporting_threshold(const as_reporting *s, const as_config *config)
{
    as_severity severity;

    if (s->fail_on != AS_FAIL_ON_UNSET &&
            as_severity_parse(as_str_from(as_reporting_severities[s->fail_on]), &severity))
        return severity;
    return config->has_fail_on ? config->fail_on : AS_SEVERITY_LOW;
}

as_exit as_reporting_verdict(
        const as_reporting *s, const as_config *config, const as_report *report)
{
    as_severity least = as_reporting_threshold(s, config);
    bool failed = s->fail_on_unknown && report->summary.by_status[AS_UNSURE] > 0;
    bool partial = report->diags->n_errors > 0;

    for (int severity = AS_SEVERITY_INFO; severity <= AS_SEVERITY_CRITICAL; severity++)
        if (least != AS_SEVERITY_NONE && severity >= (int)least)
            failed |= report->summary.failed_by_severity[severity] > 0;
    if (failed && !(s->strict && partial))
        return AS_EXIT_FINDINGS;
    return partial ? AS_EXIT_PARTIAL : AS_EXIT_OK;
}

/* A line that is there while the scan runs and nobody but a person sees. */
/* --- progress --------------------------------------------------------------------------------- */

enum { BAR = 24 };
static void draw(const as_progress *p)
{
    static const char *const phases[] = {"looking", "reading", "judging"};
    size_t total = atomic_load(&p->total), done = atomic_load(&p->done);
    int phase = atomic_load(&p->phase);

    if (total == 0) {
        fprintf(stderr, "\r\033[Kassay: %s…", phases[phase]);
        return;
    }
    done = done > total ? total : done;
    fprintf(stderr, "\r\033[Kassay: %s ", phases[phase]);
    for (size_t i = 0; i < BAR; i++)
        fputs(i * total < done * BAR ? "━" : "╌", stderr);
    fprintf(stderr, " %zu/%zu", done, total);
}

/* Draws ten times a second, at first after a while: most scans are over by then. */
static void *keep_drawing(void *self)
{
    as_reporting_teller *t = self;

    pthread_mutex_lock(&t->lock);
    while (!t->ended) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 100000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&t->woken, &t->lock, &until) == ETIMEDOUT && !t->ended)
            draw(&t->progress);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

as_progress *as_reporting_begin(const as_reporting *s, bool quiet, as_reporting_teller *teller)
{
    memset(teller, 0, sizeof *teller);
    if (s->progress == AS_PROGRESS_NEVER || quiet || isatty(STDERR_FILENO) != 1)
        return NULL;
    pthread_mutex_init(&teller->lock, NULL);
    pthread_cond_init(&teller->woken, NULL);
    teller->running = pthread_create(&teller->thread, NULL, keep_drawing, teller) == 0;
    return &teller->progress;
}

void as_reporting_end(as_reporting_teller *teller, const as_progress *progress)
{
    if (!progress)
        return;
    if (teller->running) {
        pthread_mutex_lock(&teller->lock);
        teller->ended = true;
        pthread_cond_signal(&teller->woken);
        pthread_mutex_unlock(&teller->lock);
        pthread_join(teller->thread, NULL);
    }
    pthread_cond_destroy(&teller->woken);
    pthread_mutex_destroy(&teller->lock);
    fputs("\r\033[K", stderr);
}

/* --- repeating ----------------------------------------------------------------------------------
 */

bool as_reporting_is_dated(const as_reporting *s)
{
    bool dated = as_reporters[s->format]->dated;

    for (size_t i = 0; i < s->outputs.n; i++) {
        as_str name =
                as_str_slice(s->outputs.items[i], 0, as_str_find_char(s->outputs.items[i], '='));
        const as_reporter *reporter = as_reporter_find(name);
        dated |= reporter && reporter->dated;
    }
    return dated;
}
