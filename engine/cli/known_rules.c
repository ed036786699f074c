#include "engine/cli/known_rules.h"

#include "engine/rules/config.h"
#include "engine/rules/ruleset.h"
#include "engine/rules/suppress.h"

as_known_rules as_known_rules_load(
        as_cli *cli, as_strs dirs, as_strs only, as_strs frameworks)
{
    static const as_rule *const own[] = {
            &as_rule_suppression_expired, &as_rule_suppression_unused};
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
