#include "engine/cli/known_rules.h"

#include "engine/rules/config.h"
#include "engine/rules/ruleset.h"
#include "engine/rules/suppress.h"

as_known_rules as_known_rules_load(as_cli *cli, as_strs dirs, as_strs only, as_strs frameworks)
{
    static const as_rule *const own[] = {&as_rule_suppression_expired, &as_rule_suppression_unused};
    as_ruleset_options options = {
            .builtin = true, .dirs = dirs, .only = only, .frameworks = frameworks};
    as_known_rules rules = {0};
    as_diags diags;

    as_diags_init(&diags, cli->arena);
    const as_ruleset *set = as_ruleset_load(cli->arena, &options, &diags);
    as_cli_print_diags(cli, NULL, &diags);
    for (size_t i = 0; i < set->rules.n; i++)
        AS_VEC_PUSH(cli->arena, &rules, &set->rules.items[i].rule);
    for (size_t i = 0; i < sizeof own / sizeof *own && frameworks.n == 0; i++)
        if (only.n == 0 || as_rule_matches(own[i], only))
            AS_VEC_PUSH(cli->arena, &rules, own[i]);
    return rules;
}

static bool is_pattern(as_str text)
{
    return as_str_find_char(text, '*') != (size_t)-1 || as_str_find_char(text, '?') != (size_t)-1;
}

static bool matches_any(const as_ruleset *set, as_str pattern)
{
    as_strs one = {&pattern, 1};

    for (size_t i = 0; i < set->rules.n; i++)
        if (as_rule_matches(&set->rules.items[i].rule, one))
            return true;
    return as_rule_matches(&as_rule_suppression_expired, one) ||
           as_rule_matches(&as_rule_suppression_unused, one);
}

static as_str nearest(as_arena *arena, const as_ruleset *set, as_str word)
{
    AS_VEC(as_str) names = {0};

    for (size_t i = 0; i < set->rules.n; i++) {
        const as_rule *rule = &set->rules.items[i].rule;
        AS_VEC_PUSH(arena, &names, rule->id);
        for (size_t k = 0; k < rule->n_aliases; k++)
            AS_VEC_PUSH(arena, &names, rule->aliases[k].id);
    }
    return is_pattern(word) ? AS_STR("")
                            : as_did_you_mean(as_str_upper(arena, word), names.items, names.n);
}

bool as_known_rules_check(
        as_cli *cli, as_strs dirs, as_rule_folders folders, const char *option, as_strs patterns)
{
    as_diags diags;

    if (patterns.n == 0)
        return true;
    as_diags_init(&diags, cli->arena);
    as_ruleset_options options = {.builtin = true, .dirs = dirs, .folders = folders};
    const as_ruleset *set = as_ruleset_load(cli->arena, &options, &diags);
    for (size_t i = 0; i < patterns.n; i++) {
        if (matches_any(set, patterns.items[i]))
            continue;
        as_str near = nearest(cli->arena, set, patterns.items[i]);
        as_cli_error(cli, "%s%sno rule has the id or alias '%.*s'%s%.*s%s", option ? option : "",
                option ? ": " : "", AS_STR_ARG(patterns.items[i]),
                near.n > 0 ? "; did you mean '" : "", AS_STR_ARG(near),
                near.n > 0 ? "'?" : "; 'assay rules list' has them all");
        return false;
    }
    return true;
}
