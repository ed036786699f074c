#include <stdio.h>

#include "engine/cli/command.h"
#include "engine/rules/ruleset.h"
#include "engine/scan/testing.h"

typedef struct settings {
    as_str_list only;
} settings;

static const char *expectation(const as_rule_example *example)
{
    return example->expected == AS_UNSURE ? "unknown" : as_status_name(example->expected);
}

static void print_problem(const as_test_result *result)
{
    const as_loaded_rule *rule = result->rule;
    printf("%.*s:%u: %.*s: ", AS_STR_ARG(rule->rule.file), rule->rule.line,
            AS_STR_ARG(rule->rule.id));
    if (result->example < rule->n_examples) {
        const as_rule_example *example = &rule->examples[result->example];
        printf("%s example %zu: ", expectation(example), result->example + 1);
        printf("%.*s\n", AS_STR_ARG(result->problem));
        printf("    | ");
        for (size_t i = 0; i < example->text.n; i++) {
            putchar(example->text.p[i]);
            if (example->text.p[i] == '\n' && i + 1 < example->text.n) {
                printf("    | ");
            }
        }
        printf("\n");
    } else {
        printf("%.*s\n", AS_STR_ARG(result->problem));
    }
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    as_diags diags;
    as_diags_init(&diags, cli->arena);
    as_str here = AS_STR(".assay/rules");
    as_ruleset_options options = {.dirs = {cli->args.n > 0 ? cli->args.items : &here,
                                          cli->args.n > 0 ? cli->args.n : 1},
            .only = {s->only.items, s->only.n},
            .examples = true};
    const as_ruleset *set = as_ruleset_load(cli->arena, &options, &diags);
    for (size_t i = 0; i < diags.list.n; i++) {
        fprintf(stderr, "%.*s: %.*s\n", AS_STR_ARG(diags.list.items[i].path),
                AS_STR_ARG(diags.list.items[i].summary));
    }
    as_test_results results;
    as_test_rules(cli->arena, set, &results);
    for (size_t i = 0; i < results.list.n; i++) {
        if (results.list.items[i].problem.n > 0) {
            print_problem(&results.list.items[i]);
        }
    }
    size_t n_bad = results.n_failed + diags.n_errors;
    printf("%zu rules, %zu passed, %zu failed\n", set->rules.n, results.list.n - results.n_failed,
            n_bad);
    return set->rules.n == 0 ? AS_EXIT_ERROR : n_bad > 0 ? AS_EXIT_FINDINGS : AS_EXIT_OK;
}

static const as_option options[] = {
        AS_OPTION_LIST(settings, only, 0, "rule", "ID", "only these rules: ids, aliases, wildcards"),
        AS_OPTION_END};

static const as_example examples[] = {
        {"assay test policies/", "run the examples of your own rules"},
        {NULL, NULL}};

const as_command as_command_test = {
        .name = "test",
        .summary = "run the examples that rules carry",
        .usage = "[OPTION…] [DIR…]",
        .description = "Loads the rules below each DIR (.assay/rules by default) and judges each example "
                       "by its rule alone: failing examples must fail, passing ones pass, unknown ones "
                       "stay unknown.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
