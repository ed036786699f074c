/* assay test [DIR…] */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/cli/command.h"
#include "engine/rules/ruleset.h"
#include "engine/scan/testing.h"

typedef struct settings {
    as_str_list only;
    bool coverage, watch, messages;
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
            if (example->text.p[i] == '\n' && i + 1 < example->text.n)
                printf("    | ");
        }
        printf("\n");
    } else {
        printf("%.*s\n", AS_STR_ARG(result->problem));
    }
}

static void print_messages(const as_test_result *result)
{
    const as_loaded_rule *rule = result->rule;

    for (size_t i = 0; i < result->said.n; i++)
        printf("%.*s %s example %zu: %.*s\n", AS_STR_ARG(rule->rule.id),
                expectation(&rule->examples[result->example]), result->example + 1,
                AS_STR_ARG(result->said.items[i]));
}

/* Lines of functions that no example runs. What only ends a block or a function has code, but says
 * nothing. */
static bool says_nothing(as_str line)
{
    return line.n == 0 || as_str_is(line, "end") || as_str_is(line, "end,") ||
           as_str_is(line, "end)") || as_str_is(line, "else") || as_str_is(line, "})");
}

static void print_coverage(const as_ruleset *set, const as_lua_lines *lines)
{
    size_t n_run = 0, n_missed = 0;
    for (size_t i = 0; i < set->rules.n; i++) {
        const as_loaded_rule *rule = &set->rules.items[i];
        as_str rest = rule->chunk.code, line;
        for (uint32_t number = 1; as_str_split(&rest, '\n', &line); number++) {
            as_line_state state = as_lua_line(lines, rule->chunk.name, number);
            as_str text = as_str_trim(line);
            if (says_nothing(text))
                continue;
            n_run += state == AS_LINE_RUN;
            if (state != AS_LINE_MISSED)
                continue;
            n_missed++;
            printf("%.*s:%u: %.*s: no example runs: %.*s\n", AS_STR_ARG(rule->rule.file), number,
                    AS_STR_ARG(rule->rule.id), AS_STR_ARG(text));
        }
    }
    size_t n = n_run + n_missed;
    printf("%zu of %zu lines of checks run (%zu%%)\n", n_run, n, n == 0 ? 100 : n_run * 100 / n);
}

static as_exit test(as_arena *arena, const settings *s, as_str_list dirs)
{
    as_diags diags;
    as_str here = AS_STR(".assay/rules");
    as_lua_lines lines = {.arena = arena};

    as_diags_init(&diags, arena);
    as_ruleset_options options = {
            .dirs = {dirs.n > 0 ? dirs.items : &here, dirs.n > 0 ? dirs.n : 1},
            .only = {s->only.items, s->only.n},
            .examples = true};
    const as_ruleset *set = as_ruleset_load(arena, &options, &diags);
    for (size_t i = 0; i < diags.list.n; i++)
        fprintf(stderr, "%.*s: %.*s\n", AS_STR_ARG(diags.list.items[i].path),
                AS_STR_ARG(diags.list.items[i].summary));
    as_test_results results;
    as_test_rules(arena, set, s->coverage ? &lines : NULL, &results);
    for (size_t i = 0; i < results.list.n; i++)
        if (results.list.items[i].problem.n > 0)
            print_problem(&results.list.items[i]);
    for (size_t i = 0; s->messages && i < results.list.n; i++)
        print_messages(&results.list.items[i]);
    if (s->coverage)
        print_coverage(set, &lines);
    size_t n_bad = results.n_failed + diags.n_errors;
    printf("%zu rules, %zu passed, %zu failed\n", set->rules.n, results.list.n - results.n_failed,
            n_bad);
    fflush(stdout);
    return set->rules.n == 0 ? AS_EXIT_ERROR : n_bad > 0 ? AS_EXIT_FINDINGS : AS_EXIT_OK;
}

/* --- watching --------------------------------------------------------------------------------- */

/* A number that differs when a file below the folder does: sizes and times of all of them. */
static uint64_t look(const char *path, int depth)
{
    struct stat info;
    uint64_t sum = 0;
    char name[4096];

    if (stat(path, &info) != 0)
        return 0;
    DIR *dir = S_ISDIR(info.st_mode) && depth < 32 ? opendir(path) : NULL;
    if (!dir)
        return as_str_hash(as_str_from(path)) ^
               ((uint64_t)info.st_mtim.tv_sec * 1000000007u + (uint64_t)info.st_mtim.tv_nsec * 31u +
                       (uint64_t)info.st_size);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        int n = entry->d_name[0] == '.' ? -1
                                        : snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (n > 0 && (size_t)n < sizeof name)
            sum += look(name, depth + 1);
    }
    closedir(dir);
    return sum;
}

static uint64_t look_at_all(as_str_list dirs)
{
    uint64_t sum = dirs.n > 0 ? 0 : look(".assay/rules", 0);
    for (size_t i = 0; i < dirs.n; i++)
        sum += look(dirs.items[i].p, 0);
    return sum;
}

/* Tests again whenever a file changes, until it is interrupted or nobody reads any more. */
static as_exit watch(as_cli *cli, const settings *s)
{
    for (;;) {
        uint64_t before = look_at_all(cli->args);
        as_arena *arena = as_arena_new(0);
        as_guard guard;
        if (arena && AS_GUARD_ENTER(&guard, arena)) {
            (void)test(arena, s, cli->args);
            as_guard_leave(&guard);
        }
        as_arena_free(arena);
        if (ferror(stdout))
            return AS_EXIT_OK;
        while (look_at_all(cli->args) == before)
            nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;

    return s->watch ? watch(cli, s) : test(cli->arena, s, cli->args);
}

static const as_option options[] = {AS_OPTION_LIST(settings, only, 0, "rule", "ID",
                                            "only these rules: ids, aliases, wildcards"),
        AS_OPTION_FLAG(
                settings, coverage, 0, "coverage", "list the lines of checks that no example runs"),
        AS_OPTION_FLAG(
                settings, messages, 0, "messages", "print what the findings of examples say"),
        AS_OPTION_FLAG(settings, watch, 0, "watch", "test again whenever a file changes"),
        AS_OPTION_END};

static const as_example examples[] = {
        {"assay test policies/", "run the examples of your own rules"},
        {"assay test --coverage policies/", "which branches of the checks have no example"},
        {"assay test --watch policies/", "while writing a rule"}, {NULL, NULL}};

const as_command as_command_test = {
        .name = "test",
        .summary = "run the examples that rules carry",
        .usage = "[OPTION…] [DIR…]",
        .description =
                "Loads the rules below each DIR (.assay/rules by default) and judges each example "
                "by its rule alone: failing examples must fail, passing ones pass, unknown ones "
                "stay unknown. Each fix of a rule must mend a failing example and change nothing "
                "else.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
