/* assay rules: list and show here, the other subcommands in cmd_rules_*.c */
#include "engine/cli/cmd_rules.h"
#include "engine/cli/known_rules.h"
#include "reporters/json_out.h"
#include "reporters/rule_text.h"

enum { FORMAT_TEXT, FORMAT_JSON };
static const char *const formats[] = {"text", "json", NULL};

typedef struct settings {
    int format;
    as_str_list dirs, only, frameworks;
} settings;

static as_known_rules load(as_cli *cli, as_strs only)
{
    const settings *s = cli->settings;
    as_strs dirs = {s->dirs.items, s->dirs.n}, frameworks = {s->frameworks.items, s->frameworks.n};

    return as_known_rules_load(cli, dirs, only, frameworks);
}

/* --- list ----------------------------------------------------------------------------------------
 */

static void write_rule(as_json_out *out, const as_rule *rule)
{
    as_json_open(out, NULL, '{');
    as_json_str(out, "id", rule->id);
    as_json_str(out, "title", rule->title);
    as_json_cstr(out, "severity", as_severity_name(rule->severity));
    as_json_str(out, "category", rule->category);
    as_json_open(out, "aliases", '[');
    for (size_t i = 0; i < rule->n_aliases; i++) /* sorted; one of two cases stands there twice */
        if (i == 0 || !as_str_eq(rule->aliases[i].id, rule->aliases[i - 1].id))
            as_json_str(out, NULL, rule->aliases[i].id);
    as_json_close(out, ']');
    as_json_strs(out, "frameworks", rule->frameworks.items, rule->frameworks.n);
    as_json_strs(out, "targets", rule->targets.items, rule->targets.n);
    as_json_close(out, '}');
}

static void write_json(as_buf *buf, as_known_rules rules)
{
    as_json_out out = {.buf = buf, .indent = 2};

    as_json_open(&out, NULL, '[');
    for (size_t i = 0; i < rules.n; i++)
        write_rule(&out, rules.items[i]);
    as_json_close(&out, ']');
    as_buf_char(buf, '\n');
}

static void write_table(as_buf *buf, as_known_rules rules)
{
    size_t width = 0;

    for (size_t i = 0; i < rules.n; i++)
        width = rules.items[i]->id.n > width ? rules.items[i]->id.n : width;
    for (size_t i = 0; i < rules.n; i++) {
        const as_rule *rule = rules.items[i];
        as_buf_str(buf, rule->id);
        as_buf_repeat(buf, ' ', width + 2 - rule->id.n);
        as_buf_fmt(buf, "%-8s  %.*s\n", as_severity_name(rule->severity), AS_STR_ARG(rule->title));
    }
}

static as_exit run_list(as_cli *cli)
{
    const settings *s = cli->settings;
    as_buf buf;

    if (cli->args.n > 0)
        return as_cli_usage_error(cli, "unexpected argument '%.*s'; to narrow the list: --rule",
                AS_STR_ARG(cli->args.items[0]));
    as_known_rules rules = load(cli, (as_strs){s->only.items, s->only.n});
    as_buf_init(&buf, cli->arena, 0);
    if (s->format == FORMAT_JSON)
        write_json(&buf, rules);
    else
        write_table(&buf, rules);
    return as_cli_print(cli, as_buf_view(&buf));
}

static const as_option list_options[] = {
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats, "form (default: text)"),
        AS_OPTION_LIST(settings, dirs, 0, "rules", "DIR", "further rules"),
        AS_OPTION_LIST(settings, only, 0, "rule", "ID", "only these: ids, aliases, wildcards"),
        AS_OPTION_LIST(settings, frameworks, 0, "framework", "NAME", "only those of a framework"),
        AS_OPTION_END,
};

static const as_example list_examples[] = {
        {"assay rules list --rule 'K8S-*'", "the rules for Kubernetes"},
        {"assay rules list --format json", "all, for programs"}, {NULL, NULL}};

static const as_command list = {
        .name = "list",
        .summary = "list the rules",
        .usage = "[OPTION…]",
        .options = list_options,
        .settings_size = sizeof(settings),
        .examples = list_examples,
        .run = run_list,
};

/* --- show ----------------------------------------------------------------------------------------
 */

static as_exit run_show(as_cli *cli)
{
    as_buf buf;

    if (cli->args.n == 0)
        return as_cli_usage_error(cli, "the id of a rule is expected");
    as_known_rules rules = load(cli, (as_strs){cli->args.items, cli->args.n});
    if (rules.n == 0)
        return as_cli_error(
                cli, "no rule has the id or alias '%.*s'", AS_STR_ARG(cli->args.items[0]));
    as_buf_init(&buf, cli->arena, 0);
    for (size_t i = 0; i < rules.n; i++)
        as_rule_text(&buf, rules.items[i], cli->color_out);
    return as_cli_print(cli, as_buf_view(&buf));
}

static const as_option show_options[] = {
        AS_OPTION_LIST(settings, dirs, 0, "rules", "DIR", "further rules"), AS_OPTION_END};

static const as_example show_examples[] = {
        {"assay rules show CKV_AWS_20", "the rules that stand for another tool's check"},
        {NULL, NULL}};

static const as_command show = {
        .name = "show",
        .summary = "show what a rule checks, why, and what to do",
        .usage = "[OPTION…] ID…",
        .options = show_options,
        .settings_size = sizeof(settings),
        .examples = show_examples,
        .run = run_show,
};

static const as_command *const subcommands[] = {&list, &show, &as_command_rules_frameworks,
        &as_command_rules_schema, &as_command_rules_docs, &as_command_rules_new,
        &as_command_rules_diff, &as_command_rules_types, &as_command_rules_api, NULL};

const as_command as_command_rules = {
        .name = "rules",
        .summary = "list, show, document, write and compare rules",
        .usage = "",
        .subcommands = subcommands,
};
