#include "engine/scan/testing.h"

#include "engine/base/fs_memory.h"
#include "engine/fix/fix.h"
#include "engine/rules/config.h"
#include "engine/rules/evaluate.h"
#include "engine/rules/fingerprint.h"
#include "engine/scan/secrets.h"
#include "engine/scan/variants.h"
#include "parsers/json/json.h"

/* What an example's language is called as a file. */
static as_str file_name(as_str language)
{
    static const struct {
        const char *language, *file;
    } names[] = {{"terraform", "main.tf"}, {"yaml", "manifest.yaml"}, {"plan", "plan.json"},
            {"state", "terraform.tfstate"}, {"live", "example.assay-live.json"},
            {"workflow", ".github/workflows/example.yml"}, {"gitlab", ".gitlab-ci.yml"},
            {"ansible", "playbook.yml"}, {"assets", "assets.json"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (as_str_is(language, names[i].language)) {
            return as_str_from(names[i].file);
        }
    }
    return AS_STR("");
}

typedef struct outcome {
    as_evaluation evaluation;
    as_diags diags;
    const as_graph *graph;
} outcome;

/* A first line "# parameters: {…}" (JSON) stands for what .assay.yaml would set. */
static const as_config *example_config(as_arena *arena, as_str text, as_diags *diags)
{
    static const char head[] = "# parameters:";
    if (!as_str_starts(text, head)) {
        return NULL;
    }
    size_t end = as_str_find_char(text, '\n');
    as_str line = as_str_slice(text, sizeof head - 1, end > text.n ? text.n : end);
    as_config *config = AS_NEW(arena, as_config);
    config->parameters = as_json_parse_text(arena, line, AS_SPAN_NONE, diags);
    return config;
}

/* Only rules about secrets need the search for them. */
static void add_secrets(as_arena *arena, const as_root *root, as_inventory *inventory,
        const as_loading *loading, as_sources *sources, const as_rule *rule, as_graph *graph,
        as_diags *diags)
{
    as_secret_scan scan = {.roots = root,
            .inventories = inventory,
            .loadings = loading,
            .n_roots = 1,
            .sources = sources,
            .today = AS_STR("2026-01-01"), /* the day of all examples */
            .jobs = 1};
    for (size_t i = 0; i < rule->targets.n; i++) {
        if (as_str_starts(rule->targets.items[i], "secret.") ||
                as_str_is(rule->category, "secrets")) {
            as_secret_scan_run(arena, &scan, graph, diags);
            return;
        }
    }
}

static void judge(as_arena *arena, as_fs *fs, as_sources *sources, const as_ruleset *set,
        const as_loaded_rule *rule, as_str text, as_lua_lines *lines, outcome *out)
{
    as_diags_init(&out->diags, arena);
    as_root root = {.fs = fs};
    AS_VEC_PUSH(arena, &root.folders, AS_STR(""));
    as_inventory inventory;
    as_loading loading;
    as_parse_options options = {0};
    as_inventory_take(arena, &root, NULL, &out->diags, &inventory);
    as_load_run(arena, &root, &inventory, &options, NULL, 0, 1, &out->diags, &loading);
    as_graph *graph = as_graph_new(arena);
    as_load_add(&loading, graph);
    add_secrets(arena, &root, &inventory, &loading, sources, &rule->rule, graph, &out->diags);
    as_graph_link(graph);
    out->graph = graph;
    as_ruleset one = {.arena = arena, .libs = set->libs};
    AS_VEC_PUSH(arena, &one.rules, *rule);
    as_evaluate_options how = {.config = example_config(arena, text, &out->diags),
            .jobs = 1,
            .keep_passes = true,
            .lines = lines};
    if (rule->rule.targets.n == 1 && as_str_ends(rule->rule.targets.items[0], ".weakening")) {
        as_str *id = AS_NEW(arena, as_str);
        *id = rule->rule.id;
        as_variants_scan scan = {.loadings = &loading,
                .n_roots = 1,
                .sources = sources,
                .rules = {.builtin = true, .only = {id, 1}},
                .how = how};
        as_variants_run(arena, &scan, &out->diags, &out->evaluation);
        return;
    }
    as_rules_evaluate(&one, graph, sources, &how, arena, &out->diags, &out->evaluation);
}

/* The resource's own name, in the spelling of either language. */
static bool is_named(const as_finding *f, const char *name)
{
    for (size_t i = 0; name[i] != '\0'; i++) {
        if (i >= f->entity->name.n || (f->entity->name.p[i] != name[i] &&
                                              !(name[i] == '_' && f->entity->name.p[i] == '-'))) {
            return false;
        }
    }
    return true;
}

static as_str describe(as_arena *arena, const as_finding *f)
{
    return as_str_fmt(arena, "%s on %.*s: %.*s", as_status_name(f->status),
            AS_STR_ARG(f->entity->address), AS_STR_ARG(f->message));
}

static as_strs all_said(as_arena *arena, const outcome *o)
{
    AS_VEC(as_str) lines = {0};

    for (size_t i = 0; i < o->evaluation.findings.n; i++)
        AS_VEC_PUSH(arena, &lines, describe(arena, &o->evaluation.findings.items[i]));
    return (as_strs){lines.items, lines.n};
}

static bool fails_too(const as_evaluation *e, const as_entity *entity)
{
    for (size_t i = 0; i < e->findings.n; i++) {
        if (e->findings.items[i].status == AS_FAIL && e->findings.items[i].entity == entity) {
            return true;
        }
    }
    return false;
}

static as_str problem_of(as_arena *arena, const outcome *o, as_status expected)
{
    bool seen = false;
    for (size_t i = 0; i < o->diags.list.n; i++) {
        /* What would have to be fetched, or does not render, may well be what the rule is about. */
        const char *code = o->diags.list.items[i].code;
        bool is_subject =
                strcmp(code, "kustomize-remote") == 0 || strcmp(code, "helm-template") == 0;
        if (o->diags.list.items[i].severity == AS_DIAG_ERROR && !is_subject) {
            return o->diags.list.items[i].summary;
        }
    }
    for (size_t i = 0; i < o->evaluation.findings.n; i++) {
        const as_finding *f = &o->evaluation.findings.items[i];
        seen = seen || f->status == expected;
        bool wrong = expected == AS_PASS ? f->status != AS_PASS
                                         : expected == AS_UNSURE && f->status == AS_FAIL;
        wrong = wrong || (f->status == AS_FAIL && is_named(f, "dont_fire"));
        wrong = wrong || (expected == AS_FAIL && is_named(f, "fire") && f->status != AS_FAIL &&
                                 !fails_too(&o->evaluation, f->entity));
        if (wrong) {
            return as_str_join(arena, AS_STR("unexpected "), describe(arena, f));
        }
    }
    return seen ? AS_STR("") : as_str_fmt(arena, "nothing gave '%s'", as_status_name(expected));
}

typedef AS_VEC(as_memory_file) example_files;

/* The name in a line "-- NAME --", or empty. */
static as_str file_header(as_str line)
{
    bool is_header = line.n > 6 && as_str_starts(line, "-- ") && as_str_ends(line, " --");
    return is_header ? as_str_slice(line, 3, line.n - 3) : AS_STR("");
}

static void split_files(as_arena *arena, as_str text, example_files *out)
{
    as_str rest = text, line;
    while (as_str_split(&rest, '\n', &line)) {
        if (file_header(line).n > 0) {
            AS_VEC_PUSH(arena, out, (as_memory_file){file_header(line), {rest.p, 0}});
        } else if (out->n > 0) {
            as_memory_file *last = &out->items[out->n - 1];
            last->text.n = (size_t)(line.p + line.n - last->text.p);
        }
    }
}

/* The example's files: its own text, or that of the file beside the rule. */
static bool read_example(as_arena *arena, as_sources *sources, const as_loaded_rule *rule,
        const as_rule_example *example, example_files *out, as_str *problem)
{
    if (as_str_is(example->language, "files")) {
        split_files(arena, example->text, out);
        *problem = AS_STR("the example has no files");
        return out->n > 0;
    }
    if (!as_str_is(example->language, "file")) {
        as_str text = example->text;
        if (as_str_is(example->language, "live") && as_str_starts(text, "# parameters:")) {
            text = as_str_from_index(text, as_str_find_char(text, '\n')); /* JSON has no comments */
        }
        as_memory_file one = {file_name(example->language), text};
        *problem =
                as_str_fmt(arena, "examples in %.*s cannot be run", AS_STR_ARG(example->language));
        AS_VEC_PUSH(arena, out, one);
        return one.path.n > 0;
    }
    char *dir = as_str_cstr(arena, as_path_dir(rule->chunk.name));
    as_fs *fs = as_fs_open_dir(dir[0] == '\0' ? "." : dir, sources);
    const as_source *source;
    bool found = fs != NULL && as_fs_read(fs, example->text, &source) == AS_FS_OK;
    if (found) {
        AS_VEC_PUSH(arena, out, (as_memory_file){example->text, as_str_dup(arena, source->text)});
    }
    as_fs_free(fs);
    *problem = as_str_fmt(arena, "there is no file %.*s", AS_STR_ARG(example->text));
    return found;
}

/* --- fixes --------------------------------------------------------------------------------------- */

static as_report report_of(as_arena *arena, as_sources *sources, outcome *o)
{
    (void)arena;
    for (size_t i = 0; i < o->evaluation.findings.n; i++) {
        as_finding_set_fingerprint(&o->evaluation.findings.items[i]);
    }
    return (as_report){.sources = sources,
            .graph = o->graph,
            .findings = o->evaluation.findings.items,
            .n_findings = o->evaluation.findings.n,
            .diags = &o->diags};
}

/* Why the plan is no good, or "". */
static as_str try_plan(as_arena *arena, const as_ruleset *set, const as_loaded_rule *rule,
        const example_files *files, as_sources *sources, const as_report *before,
        const as_plan *plan)
{
    if (plan->refusal.n > 0) {
        return plan->refusal;
    }
    as_memory_file *edited = AS_NEW_ARRAY(arena, as_memory_file, files->n);
    for (size_t i = 0; i < files->n; i++) {
        edited[i] = files->items[i];
        for (size_t k = 0; k < plan->edits.n; k++) {
            const as_source *source = as_sources_get(sources, plan->edits.items[k].span.file);
            if (as_str_eq(source->path, edited[i].path)) {
                edited[i].text = as_edits_apply(arena, source, plan->edits.items, plan->edits.n);
            }
        }
    }
    as_sources *own = as_sources_new();
    as_fs *fs = own == NULL ? NULL : as_fs_open_memory(edited, files->n, own);
    outcome after = {0};
    as_str problem = AS_STR("out of memory");
    if (fs != NULL) {
        judge(arena, fs, own, set, rule, files->items[0].text, NULL, &after);
        as_report report = report_of(arena, own, &after);
        problem = as_fix_objection(arena, before, &report, &plan, 1);
    }
    as_fs_free(fs);
    as_sources_free(own);
    return problem;
}

/* Notes which of the rule's fixes mend something in the example; of the others the latest reason.
 */
static void try_fixes(as_arena *arena, const as_ruleset *set, const as_loaded_rule *rule,
        const example_files *files, as_sources *sources, outcome *o, bool *mended, as_str *reason)
{
    as_report before = report_of(arena, sources, o);
    as_planner planner = {.arena = arena, .sources = sources, .graph = o->graph};
    for (size_t i = 0; i < before.n_findings; i++) {
        const as_finding *f = &before.findings[i];
        if (f->status != AS_FAIL || f->n_fixes == 0) {
            continue;
        }
        as_plan plan;
        as_plan_make(&planner, f, &plan);
        as_str problem = try_plan(arena, set, rule, files, sources, &before, &plan);
        for (size_t k = 0; k < rule->rule.n_fixes; k++) {
            as_str of = rule->rule.fixes[k].fail_case;
            if (of.n == 0 || as_str_eq(of, f->fail_case)) {
                mended[k] = mended[k] || problem.n == 0;
                *reason = problem.n == 0 ? *reason : problem;
            }
        }
    }
}

/* --- one example --------------------------------------------------------------------------------- */

static as_str run_example(as_arena *keep, as_arena *arena, const as_ruleset *set,
        const as_loaded_rule *rule, const as_rule_example *example, as_sources *sources,
        as_lua_lines *lines, bool *mended, as_str *reason, as_strs *said)
{
    example_files files = {0};
    as_str problem;
    if (!read_example(arena, sources, rule, example, &files, &problem)) {
        return as_str_dup(keep, problem);
    }
    as_fs *fs = as_fs_open_memory(files.items, files.n, sources);
    if (fs == NULL) {
        return AS_STR("out of memory");
    }
    outcome o = {0};
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, arena)) {
        as_str head = as_str_is(example->language, "live") ? example->text : files.items[0].text;
        judge(arena, fs, sources, set, rule, head, lines, &o);
        problem = problem_of(arena, &o, example->expected);
        *said = all_said(keep, &o);
        if (rule->rule.n_fixes > 0 && example->expected == AS_FAIL && problem.n == 0) {
            as_str why = AS_STR("");
            try_fixes(arena, set, rule, &files, sources, &o, mended, &why);
            *reason = why.n > 0 ? as_str_dup(keep, why) : *reason;
        }
        as_guard_leave(&guard);
    } else {
        problem = as_str_from(as_cause_text(guard.cause));
    }
    problem = as_str_dup(keep, problem);
    as_fs_free(fs);
    return problem;
}

static void add(as_arena *arena, as_test_results *out, const as_loaded_rule *rule, size_t example,
        as_str problem, as_strs said)
{
    AS_VEC_PUSH(arena, &out->list, (as_test_result){rule, example, problem, said});
    out->n_failed += problem.n > 0;
}

static bool has_example(const as_loaded_rule *rule, as_status expected)
{
    for (size_t i = 0; i < rule->n_examples; i++) {
        if (rule->examples[i].expected == expected) {
            return true;
        }
    }
    return false;
}

void as_test_rules(
        as_arena *arena, const as_ruleset *set, as_lua_lines *lines, as_test_results *out)
{
    *out = (as_test_results){0};
    for (size_t r = 0; r < set->rules.n; r++) {
        const as_loaded_rule *rule = &set->rules.items[r];
        if (!has_example(rule, AS_FAIL) || !has_example(rule, AS_PASS)) {
            add(arena, out, rule, 0, AS_STR("it has no failing or no passing example"),
                    (as_strs){0});
        }
        bool *mended = AS_NEW_ARRAY(arena, bool, rule->rule.n_fixes);
        as_str reason = AS_STR("no failing example is about it");
        for (size_t i = 0; i < rule->n_examples; i++) {
            as_arena *own = as_arena_new(0);
            as_sources *sources = as_sources_new();
            if (own == NULL || sources == NULL) {
                as_arena_unwind(arena, AS_CAUSE_MEMORY);
            }
            as_strs said = {0};
            as_str problem = run_example(arena, own, set, rule, &rule->examples[i], sources, lines,
                    mended, &reason, &said);
            add(arena, out, rule, i, problem, said);
            as_arena_free(own);
            as_sources_free(sources);
        }
        for (size_t k = 0; k < rule->rule.n_fixes; k++) {
            if (!mended[k]) {
                add(arena, out, rule, rule->n_examples,
                        as_str_fmt(arena, "its fix '%.*s' mends no failing example: %.*s",
                                AS_STR_ARG(rule->rule.fixes[k].title), AS_STR_ARG(reason)),
                        (as_strs){0});
            }
        }
    }
}
