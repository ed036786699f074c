#include "engine/cli/report_paths.h"

enum { MAX_PATHS = 100 };

static void free_attack(void *object)
{
    as_attack_free(object);
}

const as_attack_paths *as_report_paths(
        as_cli *cli, const as_report *report, const as_config *config)
{
    as_attack_question question = {.goals = AS_GOAL_ANY, .limit = MAX_PATHS};
    as_attack *attack = as_attack_new(report->graph, config);
    as_attack_paths *paths = AS_NEW(cli->arena, as_attack_paths);

    if (!attack)
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    as_arena_defer(cli->arena, free_attack, attack);
    *paths = as_attack_search(attack, cli->arena, &question);
    return paths;
}
