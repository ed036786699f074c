/* assay history runs | show | findings | prune */
#include "engine/base/clock.h"
#include "engine/cli/command.h"
#include "engine/cli/history_option.h"
#include "engine/store/history.h"
#include "reporters/json_out.h"
#include "reporters/terminal.h"

enum { FORMAT_TEXT, FORMAT_JSON };
static const char *const formats[] = {"text", "json", NULL};
static const char *const states[] = {"open", "fixed", "all", NULL};

typedef struct settings {
    as_str history, scope, keep;
    int format, state, most;
} settings;

enum { DAY = 24 * 60 * 60 };

static as_history *open_history(as_cli *cli, bool to_ask)
{
    const settings *s = cli->settings;
    as_str where = as_history_where(cli, s->history), problem = AS_STR("");
    as_history *history = to_ask ? as_history_open_to_ask(cli->arena, where, &problem)
                                 : as_history_open(cli->arena, where, &problem);

    if (!history)
        as_cli_error(cli, "the history: %.*s", AS_STR_ARG(problem));
    return history;
}

static as_exit failed(as_cli *cli, as_str problem)
{
    return as_cli_error(cli, "the history: %.*s", AS_STR_ARG(problem));
}

/* --- runs ------------------------------------------------------------------------------------- */

static void write_run_json(as_json_out *out, const as_history_run *run)
{
    as_json_open(out, NULL, '{');
    as_json_size(out, "run", (size_t)run->id);
    as_json_str(out, "scope", run->scope);
    as_json_str(out, "started", run->started);
    as_json_str(out, "finished", run->finished);
    as_json_str(out, "tool", run->tool);
    for (int status = AS_FAIL; status <= AS_SUPPRESSED; status++)
        as_json_size(out, as_status_name((as_status)status), (size_t)run->by_status[status]);
    for (int severity = AS_SEVERITY_CRITICAL; severity >= AS_SEVERITY_INFO; severity--)
        as_json_size(
                out, as_severity_name((as_severity)severity), (size_t)run->by_severity[severity]);
    as_json_size(out, "errors", (size_t)run->n_errors);
    as_json_size(out, "new", (size_t)run->n_new);
    as_json_size(out, "fixed", (size_t)run->n_fixed);
    as_json_size(out, "reopened", (size_t)run->n_reopened);
    as_json_close(out, '}');
}

static as_exit run_runs(as_cli *cli)
{
    const settings *s = cli->settings;
    as_history *history = open_history(cli, true);
    as_history_runs runs = {0};
    as_str problem = AS_STR("");
    as_buf buf;

    if (!history)
        return AS_EXIT_ERROR;
    if (!as_history_list(history, s->scope, (size_t)s->most, &runs, &problem))
        return failed(cli, problem);
    as_buf_init(&buf, cli->arena, 0);
    as_json_out out = {.buf = &buf, .indent = 2};
    if (s->format == FORMAT_JSON)
        as_json_open(&out, NULL, '[');
    else if (runs.n > 0)
        as_buf_cstr(&buf, "  RUN  STARTED               FAIL   NEW FIXED  SCOPE\n");
    for (size_t i = 0; i < runs.n; i++) {
        const as_history_run *run = &runs.items[i];
        if (s->format == FORMAT_JSON) {
            write_run_json(&out, run);
            continue;
        }
        as_buf_fmt(&buf, "%5d  %-20.*s %5d %5d %5d  ", (int)run->id, AS_STR_ARG(run->started),
                (int)run->by_status[AS_FAIL], (int)(run->n_new + run->n_reopened),
                (int)run->n_fixed);
        as_terminal_text(&buf, run->scope);
        as_buf_char(&buf, '\n');
    }
    if (s->format == FORMAT_JSON) {
        as_json_close(&out, ']');
        as_buf_char(&buf, '\n');
    }
    return as_cli_print(cli, as_buf_view(&buf));
}

/* --- findings --------------------------------------------------------------------------------- */

static int64_t age_in_days(const as_history_finding *f)
{
    int64_t first;

    return as_clock_parse(f->first_seen, &first) ? (as_clock_now() - first) / DAY : 0;
}

static void write_finding(as_buf *buf, const as_history_finding *f, const char *lead)
{
    as_buf_fmt(buf, "%-9s %-8.*s %-14.*s %4dd  ", lead, AS_STR_ARG(f->severity),
            AS_STR_ARG(f->rule), (int)age_in_days(f));
    as_terminal_text(buf, f->address);
    as_buf_cstr(buf, "  ");
    as_terminal_text(buf, f->message);
    as_buf_fmt(buf, "  ");
    as_terminal_text(buf, f->path);
    as_buf_fmt(buf, ":%d\n", (int)f->line);
}

static void write_finding_json(as_json_out *out, const as_history_finding *f, const char *event)
{
    as_json_open(out, NULL, '{');
    if (event)
        as_json_cstr(out, "event", event);
    as_json_str(out, "scope", f->scope);
    as_json_str(out, "fingerprint", f->fingerprint);
    as_json_str(out, "rule", f->rule);
    as_json_str(out, "severity", f->severity);
    as_json_str(out, "title", f->title);
    as_json_str(out, "address", f->address);
    as_json_str(out, "path", f->path);
    as_json_size(out, "line", (size_t)f->line);
    as_json_str(out, "message", f->message);
    as_json_str(out, "first_seen", f->first_seen);
    as_json_str(out, "last_seen", f->last_seen);
    as_json_str_if(out, "fixed_at", f->fixed_at);
    as_json_size(out, "reopened", (size_t)f->reopened);
    as_json_close(out, '}');
}

static as_exit run_findings(as_cli *cli)
{
    const settings *s = cli->settings;
    as_history *history = open_history(cli, true);
    as_history_findings list = {0};
    as_str problem = AS_STR("");
    as_buf buf;

    if (!history)
        return AS_EXIT_ERROR;
    if (!as_history_find(history, s->scope, (as_history_which)s->state, &list, &problem))
        return failed(cli, problem);
    as_buf_init(&buf, cli->arena, 0);
    as_json_out out = {.buf = &buf, .indent = 2};
    if (s->format == FORMAT_JSON)
        as_json_open(&out, NULL, '[');
    for (size_t i = 0; i < list.n; i++) {
        if (s->format == FORMAT_JSON)
            write_finding_json(&out, &list.items[i], NULL);
        else
            write_finding(&buf, &list.items[i], list.items[i].fixed_at.n > 0 ? "fixed" : "open");
    }
    if (s->format == FORMAT_JSON) {
        as_json_close(&out, ']');
        as_buf_char(&buf, '\n');
    }
    return as_cli_print(cli, as_buf_view(&buf));
}

/* --- show ------------------------------------------------------------------------------------- */

static as_exit run_show(as_cli *cli)
{
    const settings *s = cli->settings;
    as_history_events events = {0};
    as_str problem = AS_STR("");
    int64_t run;
    as_buf buf;

    if (cli->args.n != 1 || !as_str_to_int(cli->args.items[0], &run))
        return as_cli_usage_error(cli, "the number of a run is expected (assay history runs)");
    as_history *history = open_history(cli, true);
    if (!history)
        return AS_EXIT_ERROR;
    if (!as_history_events_of(history, run, &events, &problem))
        return failed(cli, problem);
    as_buf_init(&buf, cli->arena, 0);
    as_json_out out = {.buf = &buf, .indent = 2};
    if (s->format == FORMAT_JSON)
        as_json_open(&out, NULL, '[');
    for (size_t i = 0; i < events.n; i++) {
        const char *event = as_str_cstr(cli->arena, events.items[i].event);
        if (s->format == FORMAT_JSON)
            write_finding_json(&out, &events.items[i].finding, event);
        else
            write_finding(&buf, &events.items[i].finding, event);
    }
    if (s->format == FORMAT_JSON) {
        as_json_close(&out, ']');
        as_buf_char(&buf, '\n');
    }
    return as_cli_print(cli, as_buf_view(&buf));
}

/* --- prune ------------------------------------------------------------------------------------ */

static as_exit run_prune(as_cli *cli)
{
    const settings *s = cli->settings;
    as_str keep = s->keep, problem = AS_STR("");
    int64_t days, n_runs;

    if (as_str_ends(keep, "d"))
        keep.n--;
    if (!as_str_to_int(keep, &days) || days < 1)
        return as_cli_usage_error(cli, "--keep: a number of days is expected (90d)");
    as_history *history = open_history(cli, false);
    if (!history)
        return AS_EXIT_ERROR;
    as_str before = as_clock_time(cli->arena, as_clock_now() - days * DAY);
    if (!as_history_prune(history, before, &n_runs, &problem))
        return failed(cli, problem);
    return as_cli_print(cli, as_str_fmt(cli->arena, "%d runs forgotten\n", (int)n_runs));
}

/* --- the command ------------------------------------------------------------------------------ */

#define HISTORY_OPTION AS_HISTORY_OPTION(settings)
#define FORMAT_OPTION                                                                              \
    AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats, "form (default: text)")
#define SCOPE_OPTION AS_OPTION_TEXT(settings, scope, 0, "scope", "NAME", "of one scope only")

static const settings defaults = {.most = 30};

static const as_option runs_options[] = {HISTORY_OPTION, FORMAT_OPTION, SCOPE_OPTION,
        AS_OPTION_INT(settings, most, 'n', "max", "N", "at most so many (default: 30)"),
        AS_OPTION_END};
static const as_option findings_options[] = {HISTORY_OPTION, FORMAT_OPTION, SCOPE_OPTION,
        AS_OPTION_ENUM(
                settings, state, 0, "state", "STATE", states, "open, fixed or all (default: open)"),
        AS_OPTION_END};
static const as_option show_options[] = {HISTORY_OPTION, FORMAT_OPTION, AS_OPTION_END};
static const as_option prune_options[] = {HISTORY_OPTION,
        AS_OPTION_TEXT(settings, keep, 0, "keep", "DAYS", "runs of the last DAYS days stay"),
        AS_OPTION_END};

#define SUBCOMMAND(id, text, arguments)                                                            \
    static const as_command id = {                                                                 \
            .name = #id,                                                                           \
            .summary = (text),                                                                     \
            .usage = (arguments),                                                                  \
            .options = id##_options,                                                               \
            .settings_size = sizeof(settings),                                                     \
            .defaults = &defaults,                                                                 \
            .run = run_##id,                                                                       \
    }

SUBCOMMAND(runs, "list the runs, latest first", "[OPTION…]");
SUBCOMMAND(show, "show what a run found new, fixed and reopened", "[OPTION…] RUN");
SUBCOMMAND(findings, "list findings with their age, oldest first", "[OPTION…]");
SUBCOMMAND(prune, "forget old runs and what was fixed long ago", "[OPTION…] --keep DAYS");

static const as_command *const subcommands[] = {&runs, &show, &findings, &prune, NULL};

const as_command as_command_history = {
        .name = "history",
        .summary = "what earlier audits found",
        .usage = "",
        .subcommands = subcommands,
};
