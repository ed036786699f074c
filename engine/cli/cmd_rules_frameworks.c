/* assay rules frameworks [NAME]: control by control, which rules prove it and what is left to do by
 * hand. */
#include "engine/cli/cmd_rules.h"
#include "engine/cli/known_rules.h"
#include "engine/rules/framework.h"
#include "reporters/json_out.h"

enum { FORMAT_TEXT, FORMAT_JSON };
static const char *const formats[] = {"text", "json", NULL};

typedef struct settings {
    int format;
    as_str_list dirs;
} settings;

static as_frameworks load(as_cli *cli)
{
    as_sources *sources = as_cli_sources(cli);
    as_diags diags;

    as_diags_init(&diags, cli->arena);
    as_frameworks frameworks = as_frameworks_load(cli->arena, sources, &diags);
    as_cli_print_diags(cli, sources, &diags);
    return frameworks;
}

static as_strs proof_of(as_cli *cli, const as_control *control, as_known_rules rules)
{
    as_str_list ids = {0};

    for (size_t i = 0; i < rules.n; i++)
        if (as_control_proven_by(control, rules.items[i]))
            AS_VEC_PUSH(cli->arena, &ids, rules.items[i]->id);
    return (as_strs){ids.items, ids.n};
}

static void write_controls(
        as_cli *cli, as_buf *buf, const as_framework *framework, as_known_rules rules)
{
    as_str section = AS_STR("");

    as_buf_fmt(buf, "%.*s  %.*s %.*s\n%.*s\n", AS_STR_ARG(framework->id),
            AS_STR_ARG(framework->name), AS_STR_ARG(framework->version),
            AS_STR_ARG(framework->reference));
    for (size_t i = 0; i < framework->n_controls; i++) {
        const as_control *control = &framework->controls[i];
        as_strs proof = proof_of(cli, control, rules);
        if (!as_str_eq(section, control->section))
            as_buf_fmt(buf, "\n%.*s\n", AS_STR_ARG(control->section));
        section = control->section;
        as_buf_fmt(buf, "  %-10.*s %.*s\n", AS_STR_ARG(control->id), AS_STR_ARG(control->title));
        for (size_t k = 0; k < proof.n; k++)
            as_buf_fmt(buf, "%s%.*s%s", k == 0 ? "             " : " ", AS_STR_ARG(proof.items[k]),
                    k + 1 == proof.n ? "\n" : "");
        if (control->manual.n > 0)
            as_buf_fmt(buf, "             by hand: %.*s\n", AS_STR_ARG(control->manual));
    }
}

static void write_list(
        as_cli *cli, as_buf *buf, const as_frameworks *frameworks, as_known_rules rules)
{
    for (size_t i = 0; i < frameworks->n; i++) {
        const as_framework *framework = &frameworks->items[i];
        size_t proven = 0, manual = 0;
        for (size_t k = 0; k < framework->n_controls; k++) {
            proven += proof_of(cli, &framework->controls[k], rules).n > 0;
            manual += framework->controls[k].manual.n > 0;
        }
        as_buf_fmt(buf, "%-18.*s %4zu controls, %3zu judged by rules, %3zu by hand   %.*s\n",
                AS_STR_ARG(framework->id), framework->n_controls, proven, manual,
                AS_STR_ARG(framework->name));
    }
}

static void write_json(
        as_cli *cli, as_json_out *out, const as_framework *framework, as_known_rules rules)
{
    as_json_open(out, NULL, '{');
    as_json_str(out, "id", framework->id);
    as_json_str(out, "name", framework->name);
    as_json_str(out, "version", framework->version);
    as_json_str(out, "reference", framework->reference);
    as_json_open(out, "controls", '[');
    for (size_t i = 0; i < framework->n_controls; i++) {
        const as_control *control = &framework->controls[i];
        as_strs proof = proof_of(cli, control, rules);
        as_json_open(out, NULL, '{');
        as_json_str(out, "id", control->id);
        as_json_str(out, "title", control->title);
        as_json_str_if(out, "section", control->section);
        as_json_strs(out, "rules", proof.items, proof.n);
        as_json_str_if(out, "manual", control->manual);
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
    as_json_close(out, '}');
}

static as_exit unknown_framework(as_cli *cli, const as_frameworks *frameworks, as_str name)
{
    as_str_list ids = {0};

    for (size_t i = 0; i < frameworks->n; i++)
        AS_VEC_PUSH(cli->arena, &ids, frameworks->items[i].id);
    as_str near = as_did_you_mean(name, ids.items, ids.n);
    return as_cli_error(cli, "there is no framework '%.*s'%s%.*s%s", AS_STR_ARG(name),
            near.n > 0 ? "; did you mean '" : "", AS_STR_ARG(near), near.n > 0 ? "'?" : "");
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    as_frameworks all = load(cli), shown = all;
    as_buf buf;

    if (cli->args.n > 1)
        return as_cli_usage_error(cli, "one framework at a time");
    if (cli->args.n == 1) {
        const as_framework *one = as_frameworks_find(&all, cli->args.items[0]);
        if (!one)
            return unknown_framework(cli, &all, cli->args.items[0]);
        shown = (as_frameworks){one, 1};
    }
    as_known_rules rules = as_known_rules_load(
            cli, (as_strs){s->dirs.items, s->dirs.n}, (as_strs){0}, (as_strs){0});
    as_buf_init(&buf, cli->arena, 0);
    if (s->format == FORMAT_JSON) {
        as_json_out out = {.buf = &buf, .indent = 2};
        as_json_open(&out, NULL, '[');
        for (size_t i = 0; i < shown.n; i++)
            write_json(cli, &out, &shown.items[i], rules);
        as_json_close(&out, ']');
        as_buf_char(&buf, '\n');
    } else if (cli->args.n == 1) {
        write_controls(cli, &buf, &shown.items[0], rules);
    } else {
        write_list(cli, &buf, &shown, rules);
    }
    return as_cli_print(cli, as_buf_view(&buf));
}

static const as_option options[] = {
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats, "form (default: text)"),
        AS_OPTION_LIST(settings, dirs, 0, "rules", "DIR", "further rules"),
        AS_OPTION_END,
};

static const as_example examples[] = {{"assay rules frameworks", "what there is"},
        {"assay rules frameworks CIS-AWS-3.0", "its controls, and which rules prove each"},
        {NULL, NULL}};

const as_command as_command_rules_frameworks = {
        .name = "frameworks",
        .summary = "list the control frameworks, or the controls of one",
        .usage = "[OPTION…] [NAME]",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
