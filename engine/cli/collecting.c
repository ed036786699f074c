#include "engine/cli/collecting.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/cli/version.h"

/* Set by a signal; the only state that a handler may touch. */
static bool volatile stopped;

static void stop(int number)
{
    (void)number;
    stopped = true;
}

const bool volatile *as_collecting_watch_signals(void)
{
    struct sigaction action = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};

    stopped = false;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &stopped;
}

static void progress(void *self, size_t done, size_t waiting, size_t throttled)
{
    (void)self;
    (void)fprintf(stderr, "\rassay: %zu answers, %zu to come", done, waiting);
    if (throttled > 0)
        (void)fprintf(stderr, ", slowed down %zu times", throttled);
    (void)fprintf(stderr, "\033[K");
}

bool as_collecting_read(as_cli *cli, as_str path, as_str *text)
{
    as_diags diags;

    if (path.n == 0)
        return true;
    as_sources *sources = as_sources_new();
    as_diags_init(&diags, cli->arena);
    const as_source *source =
            sources ? as_file_read(cli->arena, sources, path.p, AS_STR(""), &diags) : NULL;
    if (source)
        *text = as_str_dup(cli->arena, source->text);
    as_cli_print_diags(cli, sources, &diags);
    as_sources_free(sources);
    return source != NULL;
}

bool as_collecting_trust(as_cli *cli, const as_collecting *settings, const as_http_tls **tls)
{
    as_http_tls *own = AS_NEW(cli->arena, as_http_tls);

    *tls = settings->ca_file.n > 0 ? own : NULL;
    return as_collecting_read(cli, settings->ca_file, &own->ca_pem);
}

bool as_collecting_is_done(as_cli *cli, const as_collecting *settings)
{
    bool done = settings->resume && settings->out.n > 0 &&
                as_snapshot_is_complete(cli->arena, settings->out);

    if (done && !settings->quiet)
        (void)as_fd_write(STDERR_FILENO, as_str_fmt(cli->arena,
                                                 "%.*s is complete: nothing is left to ask (a new "
                                                 "snapshot needs a new folder)\n",
                                                 AS_STR_ARG(settings->out)));
    return done;
}

as_collect *as_collecting_begin(as_cli *cli, const as_collecting *settings)
{
    as_collect *collect = AS_NEW(cli->arena, as_collect);
    as_snapshot_options snapshot = {.resume = settings->resume};
    as_http_options http = {
            .user_agent = "assay/" AS_VERSION, .max_per_scope = 8, .stop = &stopped};
    as_str problem = AS_STR("");

    if (settings->out.n == 0) {
        as_cli_usage_error(cli, "--out DIR is needed: where the snapshot goes");
        return NULL;
    }
    if (cli->args.n > 0) {
        as_cli_usage_error(cli, "unexpected argument '%.*s'", AS_STR_ARG(cli->args.items[0]));
        return NULL;
    }
    if (!as_collecting_read(cli, settings->seal_to, &snapshot.seal_to_pem))
        return NULL;
    if (!settings->quiet && isatty(STDERR_FILENO) == 1)
        http.progress = progress;
    (void)as_collecting_watch_signals();
    *collect =
            (as_collect){.arena = cli->arena, .started = as_clock_time(cli->arena, as_clock_now())};
    collect->http = as_http_new(cli->arena, &http, &problem);
    if (collect->http)
        collect->snapshot = as_snapshot_create(cli->arena, settings->out, &snapshot, &problem);
    if (!collect->snapshot)
        as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
    return collect->snapshot ? collect : NULL;
}

static const as_value *about(as_cli *cli, const as_collect *collect, const as_value *scopes)
{
    as_object_builder b;

    as_object_begin(&b, cli->arena);
    as_object_add(&b, AS_STR("started"), AS_SPAN_NONE,
            as_value_string(cli->arena, AS_SPAN_NONE, collect->started));
    as_object_add(&b, AS_STR("finished"), AS_SPAN_NONE,
            as_value_string(cli->arena, AS_SPAN_NONE, as_clock_time(cli->arena, as_clock_now())));
    as_object_add(&b, AS_STR("scopes"), AS_SPAN_NONE, scopes);
    return as_object_end(&b, AS_SPAN_NONE);
}

static void summary(as_cli *cli, const as_collecting *settings, const as_collect *collect)
{
    as_buf line;

    as_buf_init(&line, cli->arena, 0);
    as_buf_fmt(&line, "%sassay: %zu calls", isatty(STDERR_FILENO) == 1 ? "\r\033[K" : "",
            collect->n_calls);
    if (collect->n_recalled > 0)
        as_buf_fmt(&line, ", %zu of them answered before", collect->n_recalled);
    if (collect->n_missing > 0)
        as_buf_fmt(&line, ", %zu refused (%.*s/" AS_SNAPSHOT_MANIFEST " names them)",
                collect->n_missing, AS_STR_ARG(settings->out));
    as_buf_char(&line, '\n');
    (void)as_fd_write(STDERR_FILENO, as_buf_view(&line));
}

as_exit as_collecting_end(as_cli *cli, const as_collecting *settings, as_collect *collect,
        const as_value *scopes, as_str problem)
{
    if (stopped)
        return as_cli_error(cli, "interrupted; --resume goes on with what %.*s holds",
                AS_STR_ARG(settings->out));
    if (collect->problem.n > 0 || problem.n > 0)
        return as_cli_error(
                cli, "%.*s", AS_STR_ARG(collect->problem.n > 0 ? collect->problem : problem));
    if (!as_snapshot_finish(collect->snapshot, about(cli, collect, scopes), &problem))
        return as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
    if (!settings->quiet)
        summary(cli, settings, collect);
    return settings->strict && collect->n_missing > 0 ? AS_EXIT_PARTIAL : AS_EXIT_OK;
}
