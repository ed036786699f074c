/* assay collect aws: what accounts of AWS answer. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/cli/collecting.h"
#include "parsers/live/aws/collect.h"
#include "parsers/live/aws/plan.h"
#include "parsers/live/aws/policy.h"

static const char *const progresses[] = {"auto", "never", NULL};

typedef struct settings {
    as_collecting collecting;
    as_str max_age;
    as_str endpoint_url, profile, role_name, external_id, mfa_code;
    as_str_list regions, accounts, excluded, units, services;
    bool organization;
    int progress;
} settings;

/* --- options ---------------------------------------------------------------------------------- */

/* "a,b" and options given twice as one list. */
static as_strs words_of(as_arena *arena, const as_str_list *list)
{
    AS_VEC(as_str) out = {0};

    for (size_t i = 0; i < list->n; i++) {
        as_str rest = list->items[i], word;
        while (rest.n > 0 && as_str_split(&rest, ',', &word))
            if (as_str_trim(word).n > 0)
                AS_VEC_PUSH(arena, &out, as_str_trim(word));
    }
    return (as_strs){out.items, out.n};
}

/* "90s", "30m", "12h", "7d" */
static bool duration_of(as_str text, int64_t *seconds)
{
    static const char units[] = "smhd";
    static const int64_t factors[] = {1, 60, 3600, 86400};
    const char *unit = text.n > 1 ? strchr(units, text.p[text.n - 1]) : NULL;

    return unit && *unit && as_str_to_int(as_str_slice(text, 0, text.n - 1), seconds) &&
           *seconds > 0 && *seconds < 100000 && (*seconds *= factors[unit - units]) > 0;
}

static bool are_ids(as_cli *cli, as_strs accounts)
{
    for (size_t i = 0; i < accounts.n; i++) {
        size_t digits = 0;
        while (digits < accounts.items[i].n && accounts.items[i].p[digits] >= '0' &&
                accounts.items[i].p[digits] <= '9')
            digits++;
        if (digits != 12 || accounts.items[i].n != 12) {
            as_cli_usage_error(
                    cli, "\"%.*s\" is no account: 12 digits", AS_STR_ARG(accounts.items[i]));
            return false;
        }
    }
    return true;
}

/* Regions become parts of hosts and of paths. */
static bool are_regions(as_cli *cli, as_strs regions)
{
    for (size_t i = 0; i < regions.n; i++) {
        as_str r = regions.items[i];
        size_t n = 0;
        while (n < r.n && ((r.p[n] >= 'a' && r.p[n] <= 'z') || r.p[n] == '-' ||
                                  (r.p[n] >= '0' && r.p[n] <= '9')))
            n++;
        if (n != r.n || n > 32) {
            as_cli_usage_error(cli, "\"%.*s\" is no region", AS_STR_ARG(r));
            return false;
        }
    }
    return true;
}

/* Names as the AWS CLI has them, or as they sign. */
static bool are_services(as_cli *cli, as_strs services)
{
    if (services.n == 0)
        return true;

    const as_aws_tables *tables = as_aws_tables_load(cli->arena);
    AS_VEC(as_str) names = {0};

    for (size_t i = 0; i < tables->n_steps; i++)
        AS_VEC_PUSH(cli->arena, &names, tables->steps[i].operation->service);
    for (size_t i = 0; i < services.n; i++) {
        bool known = false;
        for (size_t k = 0; !known && k < tables->n_steps; k++)
            known = as_aws_step_wanted(&tables->steps[k], (as_strs){&services.items[i], 1});
        if (known)
            continue;
        as_str near = as_did_you_mean(services.items[i], names.items, names.n);
        as_cli_usage_error(cli, "\"%.*s\" is no service that is asked%s%.*s%s",
                AS_STR_ARG(services.items[i]), near.n > 0 ? "; did you mean \"" : "",
                AS_STR_ARG(near), near.n > 0 ? "\"?" : "");
        return false;
    }
    return true;
}

static bool take_options(as_cli *cli, as_aws_collect_options *out)
{
    const settings *s = cli->settings;
    const char *bundle = getenv("AWS_CA_BUNDLE");

    *out = (as_aws_collect_options){.out = s->collecting.out,
            .profile = s->profile,
            .endpoint_url = s->endpoint_url,
            .mfa_code = s->mfa_code,
            .role_name = s->role_name,
            .external_id = s->external_id,
            .regions = words_of(cli->arena, &s->regions),
            .accounts = words_of(cli->arena, &s->accounts),
            .excluded = words_of(cli->arena, &s->excluded),
            .units = words_of(cli->arena, &s->units),
            .services = words_of(cli->arena, &s->services),
            .organization = s->organization,
            .may_execute = !s->collecting.no_exec,
            .resume = s->collecting.resume,
            .stop = as_collecting_watch_signals()};
    if (out->out.n == 0) {
        as_cli_usage_error(cli, "--out DIR is needed: where the snapshot goes");
        return false;
    }
    if (s->endpoint_url.n > 0 && !as_str_starts(s->endpoint_url, "https://") &&
            !as_str_starts(s->endpoint_url, "http://")) {
        as_cli_usage_error(cli, "--endpoint-url begins with https:// or http://");
        return false;
    }
    if (s->max_age.n > 0 && !duration_of(s->max_age, &out->max_age_s)) {
        as_cli_usage_error(cli, "--max-age is a number with s, m, h or d");
        return false;
    }
    if (!are_ids(cli, out->accounts) || !are_ids(cli, out->excluded) ||
            !are_regions(cli, out->regions) || !are_services(cli, out->services))
        return false;
    as_str trust = s->collecting.ca_file.n > 0 ? s->collecting.ca_file : as_str_from(bundle);
    return as_collecting_read(cli, s->collecting.seal_to, &out->seal_to_pem) &&
           as_collecting_read(cli, trust, &out->ca_pem);
}

/* --- telling ---------------------------------------------------------------------------------- */

typedef struct telling {
    const as_cli *cli;
    bool progress, quiet, shown;
} telling;

static void tell_progress(void *self, size_t done, size_t waiting, size_t throttled)
{
    telling *t = self;

    if (!t->progress)
        return;
    fprintf(stderr, "\r\033[Kcollecting: %zu answered, %zu to go", done, waiting);
    if (throttled > 0)
        fprintf(stderr, ", slowed down %zu times", throttled);
    fflush(stderr);
    t->shown = true;
}

static void end_progress(telling *t)
{
    if (t->shown)
        fputs("\r\033[K", stderr);
    t->shown = false;
}

static void tell_warning(void *self, as_str text)
{
    telling *t = self;

    end_progress(t);
    as_cli_error(t->cli, "%.*s", AS_STR_ARG(text));
}

static as_exit tell_end(telling *t, const as_aws_collect_options *o, const as_aws_collected *c)
{
    const settings *s = t->cli->settings;

    end_progress(t);
    if (c->stopped) {
        as_cli_error(t->cli, "interrupted after %zu answers; --resume goes on with what %.*s holds",
                c->n_answers, AS_STR_ARG(o->out));
        return AS_EXIT_ERROR;
    }
    if (!t->quiet)
        fprintf(stderr, "%.*s: %zu account%s, %zu answers%s\n", AS_STR_ARG(o->out), c->n_accounts,
                c->n_accounts == 1 ? "" : "s", c->n_answers + c->n_recalled,
                c->n_recalled > 0 ? ", some of an earlier run" : "");
    if (c->n_missing > 0 && !t->quiet)
        as_cli_error(t->cli, "%zu calls have no answer, what they would tell is unknown: %.*s",
                c->n_missing, AS_STR_ARG(c->summary));
    return s->collecting.strict && (c->n_missing > 0 || c->n_refused_accounts > 0) ? AS_EXIT_PARTIAL
                                                                                   : AS_EXIT_OK;
}

/* --- the command ------------------------------------------------------------------------------ */

static as_exit print_policy(as_cli *cli)
{
    const settings *s = cli->settings;
    as_buf out;

    as_strs services = words_of(cli->arena, &s->services);
    if (!are_services(cli, services))
        return AS_EXIT_ERROR;
    as_buf_init(&out, cli->arena, 0);
    as_aws_policy_write(&out, as_aws_tables_load(cli->arena), services);
    return as_cli_print(cli, as_buf_view(&out));
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    as_aws_collect_options o;
    as_aws_collected collected;
    as_str problem = AS_STR("");
    telling t = {.cli = cli,
            .quiet = s->collecting.quiet,
            .progress = !s->collecting.quiet && s->progress == 0 && isatty(STDERR_FILENO)};

    if (s->collecting.print_policy)
        return print_policy(cli);
    if (cli->args.n > 0)
        return as_cli_usage_error(
                cli, "\"%.*s\": no argument is expected", AS_STR_ARG(cli->args.items[0]));
    if (!take_options(cli, &o))
        return AS_EXIT_ERROR;
    if (s->max_age.n == 0 && as_collecting_is_done(cli, &s->collecting))
        return AS_EXIT_OK;
    o.progress = tell_progress;
    o.warn = tell_warning;
    o.self = &t;
    bool fine = as_aws_collect(cli->arena, &o, &collected, &problem);
    if (fine)
        return tell_end(&t, &o, &collected);
    end_progress(&t);
    return as_cli_error(cli, "%.*s", AS_STR_ARG(problem));
}

static const as_option options[] = {AS_OPTION_GROUP("What is asked"),
        AS_OPTION_LIST(settings, regions, 0, "regions", "REGION,…",
                "these regions (default: all that are switched on)"),
        AS_OPTION_LIST(
                settings, services, 0, "services", "SERVICE,…", "these services (default: all)"),
        AS_OPTION_FLAG(
                settings, organization, 0, "org", "every active account of the organisation"),
        AS_OPTION_LIST(settings, units, 0, "ou", "OU,…", "the accounts of these units"),
        AS_OPTION_LIST(settings, accounts, 0, "accounts", "ID,…", "these accounts"),
        AS_OPTION_LIST(settings, excluded, 0, "exclude-accounts", "ID,…", "without these accounts"),
        AS_OPTION_GROUP("As whom"),
        AS_OPTION_TEXT(settings, profile, 0, "profile", "NAME", "of ~/.aws/config"),
        AS_OPTION_TEXT(settings, role_name, 0, "role-name", "NAME",
                "the role in other accounts (default: AssayAudit)"),
        AS_OPTION_TEXT(settings, external_id, 0, "external-id", "ID", "with which it is assumed"),
        AS_OPTION_TEXT(settings, mfa_code, 0, "mfa-code", "CODE", "of the profile's mfa_serial"),
        AS_OPTION_TEXT(settings, endpoint_url, 0, "endpoint-url", "URL",
                "in place of every service's host"),
        AS_COLLECTING_OPTIONS(settings),
        AS_OPTION_TEXT(settings, max_age, 0, "max-age", "AGE",
                "ask again what is older (90s, 30m, 12h, 7d); with --resume"),
        AS_OPTION_ENUM(settings, progress, 0, "progress", "WHEN", progresses,
                "auto or never (default: auto, on a terminal)"),
        AS_OPTION_END};

static const settings defaults = {.role_name = AS_STR_INIT("AssayAudit")};

static const as_example examples[] = {
        {"assay collect aws --out snapshot", "the account of the current credentials"},
        {"assay collect aws --org --role-name Audit --out snapshot", "all accounts"},
        {"assay collect aws --print-policy >policies.json", "what the role must be allowed"},
        {NULL, NULL}};

const as_command as_command_collect_aws = {.name = "aws",
        .summary = "read accounts of AWS",
        .usage = "--out DIR [OPTION…]",
        .description =
                "Asks the List, Describe and Get calls that the rules need, never for data, secret "
                "values or code. What is refused is recorded as such and stays unknown in the "
                "scan. "
                "Credentials are found as the AWS tools find them. AWS_CA_BUNDLE names other trust "
                "than the system's.",
        .options = options,
        .settings_size = sizeof(settings),
        .defaults = &defaults,
        .examples = examples,
        .run = run};
