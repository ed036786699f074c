#include "reporters/rule_page.h"

/* In a cell of a table a bar would end the cell. */
static void cell(as_buf *buf, as_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '|')
            as_buf_char(buf, '\\');
        as_buf_char(buf, text.p[i] == '\n' ? ' ' : text.p[i]);
    }
}

static void section(as_buf *buf, const char *heading, as_str text)
{
    text = as_str_trim(text);
    if (text.n > 0)
        as_buf_fmt(buf, "\n## %s\n\n%.*s\n", heading, AS_STR_ARG(text));
}

static void write_aliases(as_buf *buf, const as_rule *rule)
{
    for (size_t i = 0; i < rule->n_aliases; i++) {
        as_buf_fmt(buf, "%s`%.*s`", i > 0 ? ", " : "| also known as | ",
                AS_STR_ARG(rule->aliases[i].id));
        if (rule->aliases[i].fail_case.n > 0)
            as_buf_fmt(buf, " (%.*s)", AS_STR_ARG(rule->aliases[i].fail_case));
    }
    as_buf_cstr(buf, rule->n_aliases > 0 ? " |\n" : "");
}

static void write_controls(as_buf *buf, const as_rule *rule, const as_frameworks *frameworks)
{
    size_t n = 0;

    for (size_t i = 0; i < frameworks->n; i++) {
        const as_framework *framework = &frameworks->items[i];
        for (size_t k = 0; k < framework->n_controls; k++) {
            const as_control *control = &framework->controls[k];
            if (!as_control_proven_by(control, rule))
                continue;
            as_buf_cstr(buf, n++ == 0 ? "\n## Controls\n\n| control | |\n|---|---|\n" : "");
            as_buf_fmt(buf, "| %.*s | ", AS_STR_ARG(control->name));
            cell(buf, control->title);
            as_buf_cstr(buf, " |\n");
        }
    }
}

/* Long enough a fence for whatever the text holds. */
static void write_code(as_buf *buf, as_str language, as_str text)
{
    size_t run = 0, longest = 2;

    for (size_t i = 0; i < text.n; i++) {
        run = text.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    as_buf_char(buf, '\n');
    as_buf_repeat(buf, '`', longest + 1);
    as_buf_fmt(buf, "%.*s\n%.*s\n", AS_STR_ARG(language), AS_STR_ARG(as_str_trim(text)));
    as_buf_repeat(buf, '`', longest + 1);
    as_buf_char(buf, '\n');
}

static as_str fence_language(as_str language)
{
    static const char *const json[] = {"plan", "state", "live"};
    static const char *const yaml[] = {"yaml", "workflow", "gitlab", "ansible"};

    for (size_t i = 0; i < sizeof json / sizeof *json; i++)
        if (as_str_is(language, json[i]))
            return AS_STR("json");
    for (size_t i = 0; i < sizeof yaml / sizeof *yaml; i++)
        if (as_str_is(language, yaml[i]))
            return AS_STR("yaml");
    return as_str_is(language, "terraform") ? AS_STR("hcl") : AS_STR("");
}

static void write_examples(
        as_buf *buf, const as_loaded_rule *rule, as_status expected, const char *heading)
{
    size_t n = 0;

    for (size_t i = 0; i < rule->n_examples; i++) {
        const as_rule_example *example = &rule->examples[i];
        if (example->expected != expected || as_str_is(example->language, "file"))
            continue;
        if (n++ == 0)
            as_buf_fmt(buf, "\n## %s\n", heading);
        write_code(buf, fence_language(example->language), example->text);
    }
}

void as_rule_page(as_buf *buf, const as_loaded_rule *loaded, const as_frameworks *frameworks)
{
    const as_rule *rule = &loaded->rule;

    as_buf_fmt(buf, "# %.*s: %.*s\n\n| | |\n|---|---|\n", AS_STR_ARG(rule->id),
            AS_STR_ARG(rule->title));
    as_buf_fmt(buf, "| severity | %s |\n| category | %.*s |\n", as_severity_name(rule->severity),
            AS_STR_ARG(rule->category));
    for (size_t i = 0; i < rule->targets.n; i++)
        as_buf_fmt(
                buf, "%s`%.*s`", i > 0 ? ", " : "| judges | ", AS_STR_ARG(rule->targets.items[i]));
    as_buf_cstr(buf, " |\n");
    write_aliases(buf, rule);
    as_buf_fmt(buf, "| version | %d |\n", rule->version);
    if (rule->description.n > 0)
        as_buf_fmt(buf, "\n%.*s\n", AS_STR_ARG(as_str_trim(rule->description)));
    section(buf, "What to do", rule->remediation);
    for (size_t i = 0; i < rule->n_fixes; i++)
        as_buf_fmt(buf, "%sFix: set `%.*s` to `%.*s`.\n", i == 0 ? "\n" : "",
                AS_STR_ARG(rule->fixes[i].field), AS_STR_ARG(rule->fixes[i].value));
    write_examples(buf, loaded, AS_FAIL, "Fails");
    write_examples(buf, loaded, AS_PASS, "Passes");
    write_examples(buf, loaded, AS_UNSURE, "Cannot be decided");
    write_controls(buf, rule, frameworks);
    for (size_t i = 0; i < rule->references.n; i++)
        as_buf_fmt(buf, "%s- <%.*s>\n", i == 0 ? "\n## See\n\n" : "",
                AS_STR_ARG(rule->references.items[i]));
}

/* "AWS-S3" of "AWS-S3-001". */
static as_str family(as_str id)
{
    size_t end = id.n;

    while (end > 0 && id.p[end - 1] != '-')
        end--;
    return as_str_slice(id, 0, end > 0 ? end - 1 : 0);
}

void as_rule_index(as_buf *buf, const as_ruleset *set)
{
    as_str last = AS_STR("");

    as_buf_fmt(buf, "# Rules\n\n%zu rules.\n", set->rules.n);
    for (size_t i = 0; i < set->rules.n; i++) {
        const as_rule *rule = &set->rules.items[i].rule;
        if (!as_str_eq(family(rule->id), last))
            as_buf_fmt(buf, "\n## %.*s\n\n| rule | severity | |\n|---|---|---|\n",
                    AS_STR_ARG(family(rule->id)));
        last = family(rule->id);
        as_buf_fmt(buf, "| [%.*s](%.*s.md) | %s | ", AS_STR_ARG(rule->id), AS_STR_ARG(rule->id),
                as_severity_name(rule->severity));
        cell(buf, rule->title);
        as_buf_cstr(buf, rule->deprecated ? " (deprecated) |\n" : " |\n");
    }
}
