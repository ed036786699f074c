/* assay serve: the history as a page to look at. */
#include <stdio.h>
#include <sys/stat.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/cli/history_option.h"
#include "engine/cli/known_rules.h"
#include "engine/cli/scanning.h"
#include "engine/cli/report_paths.h"
#include "engine/serve/serve.h"
#include "engine/store/history.h"
#include "parsers/json/json.h"
#include "reporters/audit/audit.h"
#include "reporters/audit/result.h"
#include "reporters/html/html.h"

typedef struct settings {
    as_scanning scanning;
    as_str history, address, token_file, result;
    as_str_list hosts;
    int port;
    bool quiet;
} settings;

/* The file's text without white space around it. NULL after saying why not. */
static const as_source *read_file(as_cli *cli, as_sources *sources, as_str path)
{
    as_diags diags;

    as_diags_init(&diags, cli->arena);
    const as_source *source =
            as_file_read(cli->arena, sources, as_str_cstr(cli->arena, path), AS_STR(""), &diags);
    as_cli_print_diags(cli, sources, &diags);
    return source;
}

static bool read_token(as_cli *cli, as_str *out)
{
    const settings *s = cli->settings;

    if (s->token_file.n == 0)
        return true;
    const as_source *source = read_file(cli, as_cli_sources(cli), s->token_file);
    if (!source)
        return false;
    *out = as_str_dup(cli->arena, as_str_trim(source->text));
    for (size_t i = 0; i < out->n; i++)
        if (out->p[i] <= ' ' || out->p[i] > '~')
            out->n = 0;
    if (out->n < AS_SERVE_LEAST_TOKEN)
        as_cli_error(cli,
                "--token-file: the token has at least %d characters of ASCII and no blanks",
                (int)AS_SERVE_LEAST_TOKEN);
    return out->n >= AS_SERVE_LEAST_TOKEN;
}

/* The JSON of an earlier scan, or what there is to scan. NULL after saying why not. */
static const as_report *read_result(
        as_cli *cli, const as_known_rules *known, const as_config **config)
{
    settings *s = cli->settings;
    struct stat info;

    if (as_str_ends(s->result, ".json") && stat(as_str_cstr(cli->arena, s->result), &info) == 0 &&
            S_ISREG(info.st_mode)) {
        as_sources *sources = as_cli_sources(cli);
        as_diags diags;
        as_diags_init(&diags, cli->arena);
        const as_source *source = read_file(cli, sources, s->result);
        if (!source)
            return NULL;
        const as_value *root = as_json_parse(cli->arena, source, &diags);
        if (as_result_is(root))
            return as_result_read(cli->arena, sources, root, known->items, known->n);
    }
    s->scanning.show_passed = true;
    s->scanning.locate_fixes = true;
    cli->args = (as_str_list){.items = &s->result, .n = 1, .cap = 1};
    const as_report *report = as_scanning_run(cli, &s->scanning, config);
    if (report)
        as_cli_print_diags(cli, report->sources, report->diags);
    return report;
}

static bool add_result(as_cli *cli, const as_known_rules *known, as_serve_options *options)
{
    const settings *s = cli->settings;
    const as_config *config = NULL;
    as_audit_options about = {
            .title = s->result, .generated = as_clock_time(cli->arena, as_clock_now())};
    as_diags diags;
    as_buf page;

    if (s->result.n == 0)
        return true;
    options->report = read_result(cli, known, &config);
    if (!options->report)
        return false;
    if (options->report->graph)
        about.attack_paths = as_report_paths(cli, options->report, config);
    as_diags_init(&diags, cli->arena);
    as_buf_init(&page, cli->arena, (size_t)1 << 31);
    as_html_write(&page, as_audit_of(cli->arena, options->report, &about, &diags));
    options->page = as_buf_view(&page);
    options->page_policy = as_html_policy(cli->arena);
    return true;
}

static bool check_address(as_cli *cli, as_str token)
{
    const settings *s = cli->settings;
    bool valid, own = as_serve_is_loopback(s->address, &valid);

    if (!valid)
        as_cli_usage_error(
                cli, "--listen: '%.*s' is no address of IPv4 or IPv6", AS_STR_ARG(s->address));
    else if (!own && token.n == 0)
        as_cli_usage_error(cli,
                "--listen %.*s: others reach that address, so --token-file is needed",
                AS_STR_ARG(s->address));
    else if (s->port > 65535)
        as_cli_usage_error(cli, "--port: at most 65535");
    return valid && (own || token.n > 0) && s->port <= 65535;
}

/* Said at once when the history is not there, or of another version. */
static bool check_history(as_cli *cli, as_str where)
{
    as_arena *arena = as_arena_new(0);
    as_str problem = AS_STR("");
    as_guard guard;
    volatile bool fine = false;

    if (arena && AS_GUARD_ENTER(&guard, arena)) {
        fine = as_history_open_to_read(arena, where, &problem) != NULL;
        if (!fine)
            as_cli_error(cli, "the history: %.*s", AS_STR_ARG(problem));
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    return fine;
}

static void say_ready(void *self, uint16_t port)
{
    const as_cli *cli = self;
    const settings *s = cli->settings;
    bool six = as_str_find_char(s->address, ':') != (size_t)-1;

    if (s->quiet)
        return;
    fprintf(stderr, "assay: serving http://%s%.*s%s:%u/ until Ctrl-C\n", six ? "[" : "",
            AS_STR_ARG(s->address), six ? "]" : "", port);
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    as_str problem = AS_STR("");
    as_serve_options options = {.history = as_history_where(cli, s->history),
            .address = s->address,
            .port = (uint16_t)s->port,
            .hosts = {s->hosts.items, s->hosts.n}};

    if (cli->args.n > 0)
        return as_cli_usage_error(cli, "no argument is expected");
    if (!read_token(cli, &options.token) || !check_address(cli, options.token) ||
            !check_history(cli, options.history))
        return AS_EXIT_ERROR;
    as_known_rules known = as_known_rules_load(cli,
            (as_strs){s->scanning.rule_dirs.items, s->scanning.rule_dirs.n}, (as_strs){0},
            (as_strs){0});
    options.rules = known.items;
    options.n_rules = known.n;
    if (!add_result(cli, &known, &options))
        return AS_EXIT_ERROR;
    if (as_serve(cli->arena, &options, say_ready, cli, &problem))
        return AS_EXIT_OK;
    return as_cli_error(
            cli, "%.*s port %d: %.*s", AS_STR_ARG(s->address), s->port, AS_STR_ARG(problem));
}

static const settings defaults = {.address = AS_STR_INIT("127.0.0.1"), .port = 8420};

static const as_option options[] = {
        AS_OPTION_GROUP("Shown"),
        AS_HISTORY_OPTION(settings),
        AS_OPTION_TEXT(settings, result, 0, "result", "PATH",
                "also a report with evidence, graph and attack paths: of a result "
                "(scan --format json --show-passed), or of a snapshot or code, scanned first"),
        AS_OPTION_LIST(settings, scanning.rule_dirs, 0, "rules", "DIR", "further rules"),
        AS_OPTION_GROUP("Server"),
        AS_OPTION_TEXT(settings, address, 0, "listen", "ADDRESS",
                "where (default: 127.0.0.1); others than loopback need --token-file"),
        AS_OPTION_INT(settings, port, 'p', "port", "N", "(default: 8420; 0: any that is free)"),
        AS_OPTION_TEXT(settings, token_file, 0, "token-file", "FILE",
                "only who knows the token in FILE may read"),
        AS_OPTION_LIST(settings, hosts, 0, "host", "NAME",
                "a name by which the server is called, say behind a proxy"),
        AS_OPTION_FLAG(settings, quiet, 'q', "quiet", "do not say where it listens"),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay serve", "the history of this user's audits, at http://127.0.0.1:8420/"},
        {"assay serve --history postgresql://db/assay --result snapshot/",
                "a shared history, with the graph and attack paths of a snapshot"},
        {"assay serve --listen 0.0.0.0 --token-file /run/secrets/token --host assay.example.com",
                "behind a proxy that speaks TLS"},
        {NULL, NULL}};

const as_command as_command_serve = {
        .name = "serve",
        .summary = "the history of audits as a page to look at, read-only",
        .usage = "[OPTION…]",
        .description =
                "Pages for accounts and repositories, trends, findings with filters, and runs; the "
                "same as JSON below /api/, metrics for Prometheus at /metrics, and /healthz. "
                "Nothing can be changed through it. It answers under addresses, localhost and the "
                "names of --host.\n"
                "\n"
                "With a token: programs send it as \"Authorization: Bearer TOKEN\", people give it "
                "to a form once and stay logged in for twelve hours. The server speaks plain HTTP; "
                "beyond this machine a proxy with TLS belongs before it.",
        .options = options,
        .settings_size = sizeof(settings),
        .defaults = &defaults,
        .examples = examples,
        .run = run,
};
