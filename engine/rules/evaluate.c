/* The work is cut into tasks: some entities of a kind, each judged by all the rules for that kind,
 * so that what rules share about an entity (memo) is computed once. Threads take the next task when
 * they are done with one; each has a Lua state and an arena of its own, and loads a rule when it
 * first needs it. The results are put together in the order of tasks: of entities, of the rules of
 * each, and of failures. */
#include "engine/rules/evaluate.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/pool.h"
#include "engine/base/radix.h"
#include "engine/paths/attack.h"
#include "engine/reach/reach.h"
#include "engine/rules/classify.h"
#include "engine/rules/fingerprint.h"

enum {
    FEW_CHECKS = 512, /* below this a thread costs more than it gives */
    TASK_ENTITIES = 64,
    MAX_CASES = 16,  /* of a rule, that are kept */
    NOT_LOADED = -2, /* and -1: cannot be loaded */
};

/* The findings of a task, of malloc. */
typedef struct task_results {
    size_t n;
    as_finding *findings; /* both behind it */
    as_check_key *keys;
} task_results;

typedef struct kind_rules {
    as_str kind;
    AS_VEC(uint32_t) rules;
} kind_rules;

/* The entities from … to of a kind. */
typedef struct task {
    const kind_rules *kind;
    size_t from, to;
    task_results *results; /* NULL: none, or not yet */
} task;

typedef struct plan {
    AS_VEC(task) tasks;
    atomic_size_t taken, from_front, from_back;
} plan;

/* The first entity at which a rule erred, and why: one error a rule is enough. */
typedef struct rule_error {
    const as_entity *entity;
    as_str reason;
} rule_error;

/* What findings of one case of a rule have in common. */
typedef struct rule_case {
    as_str name;
    as_strs aliases;
    const as_fix *fixes; /* that mend it */
    size_t n_fixes;
} rule_case;

typedef AS_VEC(rule_case) rule_cases;

typedef struct worker {
    const as_ruleset *set;
    const as_graph *graph;
    as_reach *reach; /* of all workers */
    as_attack *attack;
    as_sources *sources;
    const as_evaluate_options *options;
    plan *plan;
    as_arena *arena;
    as_lua *lua;
    task *task;                  /* the one under way */
    as_arena *scratch;           /* of the lists here, until they are put together */
    AS_VEC(as_finding) findings; /* of the task under way */
    bool wants_keys;
    AS_VEC(as_check_key) keys; /* one a finding, when they are wanted */
    as_diags diags;
    AS_VEC(as_check_key) deferred;
    size_t n_checks, by_status[4];
    bool backwards;     /* takes the last task that is left */
    int *loaded;        /* by rule: its number in the state */
    rule_error *errors; /* by rule */
    as_strs *aliases;   /* by rule: all of them, once made */
    rule_cases *cases;  /* by rule: those that were met, at most MAX_CASES */
    as_severity most;   /* what no failure of the check under way exceeds */
    as_cause cause;
} worker;

static bool find_lib(void *self, as_str name, as_chunk *out)
{
    return as_ruleset_find_lib(((const worker *)self)->set, name, out);
}

static as_str path_of(const worker *w, const as_entity *entity)
{
    const as_source *source = as_sources_get(w->sources, entity->span.file);
    return source == NULL ? AS_STR("") : source->path;
}

static as_str environment_of(const as_entity *entity)
{
    return entity->unit == NULL ? AS_STR("") : entity->unit->environment;
}

/* The classification only where somebody asks for it: finding it reads the tags. */
static as_subject subject_of(const worker *w, const as_rule *rule, const as_entity *entity)
{
    as_subject subject = {.path = path_of(w, entity), .environment = environment_of(entity)};
    if ((rule != NULL && rule->n_classes > 0) || as_config_asks_class(w->options->config)) {
        subject.classification = as_classify(w->graph, w->arena, w->options->config, entity);
    }
    return subject;
}

static const as_value *parameter(void *self, as_str name, const as_entity *entity)
{
    const worker *w = self;
    if (entity == NULL) {
        return NULL;
    }
    as_subject subject = subject_of(w, NULL, entity);
    return as_config_parameter(w->options->config, name, &subject);
}

static as_str classify(void *self, const as_entity *entity)
{
    const worker *w = self;
    return as_classify(w->graph, w->arena, w->options->config, entity);
}

static as_lua *new_lua(worker *w)
{
    as_lua_host host = {.graph = w->graph,
            .reach = w->reach,
            .attack = w->attack,
            .sources = w->sources,
            .parameter = parameter,
            .classify = classify,
            .narrow = w->options->narrow,
            .find_lib = find_lib,
            .lines = w->options->lines,
            .self = w};
    for (size_t i = 0; i < w->set->rules.n; i++) {
        w->loaded[i] = NOT_LOADED;
    }
    as_lua *lua = as_lua_new(&host);
    if (lua == NULL) {
        as_arena_unwind(w->arena, AS_CAUSE_MEMORY);
    }
    return lua;
}

static as_strs aliases_of(as_arena *arena, const as_rule *rule, as_str fail_case)
{
    as_str *items = AS_NEW_ARRAY(arena, as_str, rule->n_aliases);
    size_t n = 0;
    for (size_t i = 0; i < rule->n_aliases; i++) {
        as_str of = rule->aliases[i].fail_case;
        as_str id = rule->aliases[i].id;
        bool said = n > 0 && as_str_eq(items[n - 1], id); /* sorted: an alias of two cases */
        if (!said && (of.n == 0 || fail_case.n == 0 || as_str_eq(of, fail_case))) {
            items[n++] = id;
        }
    }
    return (as_strs){items, n};
}

/* Those of the whole rule, made once. */
static as_strs all_aliases(worker *w, uint32_t number)
{
    as_strs *all = &w->aliases[number];
    if (all->items == NULL) {
        *all = aliases_of(w->arena, &w->set->rules.items[number].rule, AS_STR(""));
    }
    return *all;
}

static bool mends(const as_fix *fix, as_str fail_case)
{
    return fix->fail_case.n == 0 || as_str_eq(fix->fail_case, fail_case);
}

static rule_case make_case(as_arena *arena, const as_rule *rule, as_str name)
{
    rule_case out = {.name = name, .aliases = aliases_of(arena, rule, name), .fixes = rule->fixes};
    for (size_t i = 0; i < rule->n_fixes; i++) {
        out.n_fixes += mends(&rule->fixes[i], name);
    }
    if (out.n_fixes == 0 || out.n_fixes == rule->n_fixes) {
        return out;
    }
    as_fix *list = AS_NEW_ARRAY(arena, as_fix, out.n_fixes);
    size_t n = 0;
    for (size_t i = 0; i < rule->n_fixes; i++) {
        if (mends(&rule->fixes[i], name)) {
            list[n++] = rule->fixes[i];
        }
    }
    out.fixes = list;
    return out;
}

static rule_case case_of(worker *w, uint32_t number, as_str name)
{
    rule_cases *cases = &w->cases[number];
    for (size_t i = 0; i < cases->n; i++) {
        if (as_str_eq(cases->items[i].name, name)) {
            return cases->items[i];
        }
    }
    rule_case made = make_case(w->arena, &w->set->rules.items[number].rule, name);
    if (cases->n < MAX_CASES) {
        AS_VEC_PUSH(w->arena, cases, made);
    }
    return made;
}

/* Counts a verdict of that status; whether it is kept. */
static bool counts(worker *w, as_status status)
{
    w->by_status[status]++;
    return status != AS_PASS || w->options->keep_passes;
}

static void add(worker *w, uint32_t rule, uint32_t nth, const as_finding *finding)
{
    AS_VEC_PUSH(w->scratch, &w->findings, *finding);
    as_finding_set_fingerprint(&w->findings.items[w->findings.n - 1]);
    if (w->wants_keys) {
        AS_VEC_PUSH(w->scratch, &w->keys, (as_check_key){rule, finding->entity->id, nth});
    }
}

static as_span place_of(const as_entity *entity)
{
    return entity->head.file != 0 ? entity->head : entity->span;
}

/* The steps that the value took, then what the rule adds. */
static void add_evidence(worker *w, as_finding *finding, const as_failure *failure)
{
    size_t n = 0;
    for (const as_trail *t = as_value_trail(failure->value); t != NULL && n < 16; t = t->next) {
        n++;
    }
    as_evidence *list = AS_NEW_ARRAY(w->arena, as_evidence, n + failure->n_evidence);
    size_t at = 0;
    for (const as_trail *t = as_value_trail(failure->value); at < n; t = t->next) {
        list[at++] = (as_evidence){t->span, t->note};
    }
    for (size_t i = 0; i < failure->n_evidence; i++) {
        list[at++] = failure->evidence[i];
    }
    finding->evidence = list;
    finding->n_evidence = (uint32_t)at;
    finding->n_trail = (uint32_t)n;
}

/* Where a values file holds the very scalar that failed, that is what to change: the rule's fix
 * with its place. Elsewhere the rule's fix names the field and leaves the place open. */
static void locate_fixes(worker *w, as_finding *finding, const as_failure *failure)
{
    const as_trail *origin = as_value_trail(failure->value);
    if (origin == NULL || finding->entity->origin != AS_ORIGIN_HELM || finding->n_fixes != 1) {
        return;
    }
    while (origin->next != NULL) {
        origin = origin->next;
    }
    as_buf shown;
    as_buf_init(&shown, w->arena, 0);
    as_value_write_json(&shown, failure->value, (as_json_style){.show_sensitive = true});
    const as_source *source = as_sources_get(w->sources, origin->span.file);
    as_str there = source == NULL
                           ? AS_STR("")
                           : as_str_slice(source->text, origin->span.begin, origin->span.end);
    if (failure->value->kind != AS_STRING && !as_str_eq(as_buf_view(&shown), there)) {
        return;
    }
    if (failure->value->kind == AS_STRING && !as_str_eq(failure->value->as.str, there)) {
        return;
    }
    as_fix *fix = AS_NEW(w->arena, as_fix);
    *fix = finding->fixes[0];
    fix->span = origin->span;
    fix->insert = fix->value;
    finding->fixes = fix;
}

static void add_failures(
        worker *w, uint32_t number, const as_finding *base, const as_verdict *verdict)
{
    for (size_t i = 0; i < verdict->n_failures; i++) {
        const as_failure *failure = verdict->failures[i];
        as_finding finding = *base;
        (void)counts(w, finding.status = AS_FAIL);
        rule_case its = case_of(w, number, failure->fail_case);
        finding.fail_case = failure->fail_case;
        finding.aliases = its.aliases;
        finding.fixes = its.fixes;
        finding.n_fixes = (uint32_t)its.n_fixes;
        if (failure->severity != AS_SEVERITY_NONE) {
            finding.severity = failure->severity > w->most ? w->most : failure->severity;
        }
        finding.message = failure->message;
        finding.within = failure->within;
        locate_fixes(w, &finding, failure);
        finding.span = failure->span.file != 0 ? failure->span : place_of(base->entity);
        finding.subject = failure->subject;
        add_evidence(w, &finding, failure);
        add(w, number, (uint32_t)i, &finding);
    }
}

static bool case_failed(const as_verdict *verdict, as_str fail_case)
{
    for (size_t i = 0; i < verdict->n_failures; i++) {
        as_str failed = verdict->failures[i]->fail_case;
        if (failed.n == 0 || as_str_eq(failed, fail_case)) {
            return true;
        }
    }
    return false;
}

/* Whether an alias that stands for cases has none that failed. */
static bool alias_passed(const as_rule *rule, size_t alias, const as_verdict *verdict)
{
    for (size_t i = 0; i < rule->n_aliases; i++) {
        const as_alias *a = &rule->aliases[i];
        if (as_str_eq(a->id, rule->aliases[alias].id) &&
                (a->fail_case.n == 0 || case_failed(verdict, a->fail_case))) {
            return false;
        }
    }
    return true;
}

/* The cases that did not fail have passed; without cases nothing has. */
static void add_passed_cases(
        worker *w, uint32_t number, const as_finding *base, const as_verdict *verdict)
{
    const as_rule *rule = base->rule;
    size_t n = 0;
    for (size_t i = 0; i < rule->n_aliases && n == 0; i++) {
        n += alias_passed(rule, i, verdict);
    }
    if (n == 0 || !counts(w, AS_PASS)) {
        return;
    }
    as_str *items = AS_NEW_ARRAY(w->arena, as_str, rule->n_aliases);
    n = 0;
    for (size_t i = 0; i < rule->n_aliases; i++) {
        bool said = n > 0 && as_str_eq(items[n - 1], rule->aliases[i].id);
        if (!said && alias_passed(rule, i, verdict)) {
            items[n++] = rule->aliases[i].id;
        }
    }
    as_finding finding = *base;
    finding.status = AS_PASS;
    finding.aliases = (as_strs){items, n};
    add(w, number, UINT32_MAX, &finding);
}

static void defer(worker *w, uint32_t number, const as_entity *entity)
{
    AS_VEC_PUSH(w->scratch, &w->deferred, (as_check_key){number, entity->id, 0});
}

static int compare_keys(const void *a, const void *b)
{
    const as_check_key *x = a, *y = b;
    if (x->rule != y->rule) {
        return x->rule < y->rule ? -1 : 1;
    }
    return (x->entity > y->entity) - (x->entity < y->entity);
}

/* Whether a shard has said what there is to say. */
static bool is_settled(const worker *w, uint32_t number, const as_entity *entity)
{
    const as_settled *settled = w->options->settled;
    as_check_key key = {number, entity->id, 0};
    return settled != NULL && entity->id <= settled->n_entities &&
           (settled->n_deferred == 0 || bsearch(&key, settled->deferred, settled->n_deferred,
                                                sizeof key, compare_keys) == NULL);
}

/* Whether the classification, which profiles or the rule's severity ask for, may stand in another
 * shard. */
static bool asks_elsewhere(const worker *w, const as_rule *rule, const as_entity *entity)
{
    return w->options->narrow && as_str_starts(entity->kind, "k8s.") && entity->space.n > 0 &&
           (rule->n_classes > 0 || as_config_asks_class(w->options->config));
}

static void take(worker *w, uint32_t number, const as_entity *entity, as_severity severity,
        const as_verdict *verdict)
{
    const as_rule *rule = &w->set->rules.items[number].rule;
    as_finding base = {.rule = rule,
            .severity = severity,
            .entity = entity,
            .span = place_of(entity),
            .message = rule->title};
    switch (verdict->kind) {
    case AS_VERDICT_SKIP:
        return;
    case AS_VERDICT_DEFERRED:
        defer(w, number, entity);
        return;
    case AS_VERDICT_PASS:
        if (counts(w, base.status = AS_PASS)) {
            base.aliases = all_aliases(w, number);
            add(w, number, 0, &base);
        }
        break;
    case AS_VERDICT_FAIL:
        add_failures(w, number, &base, verdict);
        if (!verdict->open) {
            add_passed_cases(w, number, &base, verdict);
        }
        break;
    case AS_VERDICT_UNKNOWN:
        (void)counts(w, base.status = AS_UNSURE);
        base.aliases = all_aliases(w, number);
        base.message = verdict->reason;
        base.span = verdict->span.file != 0 ? verdict->span : base.span;
        add(w, number, 0, &base);
        break;
    case AS_VERDICT_ERROR:
        if (w->errors[number].entity == NULL || entity->id < w->errors[number].entity->id) {
            w->errors[number] = (rule_error){entity, verdict->reason};
        }
        (void)counts(w, base.status = AS_UNSURE);
        base.message = AS_STR("the rule could not be evaluated");
        add(w, number, 0, &base);
        break;
    }
    w->n_checks++;
}

/* What cannot be told from a shard is left open, or unknown where the others are missing. */
static const as_verdict *decided(const worker *w, as_verdict *verdict)
{
    if (!w->options->narrow) {
        return verdict;
    }
    if (w->options->missing.n == 0) {
        verdict->kind = verdict->kind == AS_VERDICT_ERROR ? AS_VERDICT_DEFERRED : verdict->kind;
    } else if (verdict->kind == AS_VERDICT_DEFERRED) {
        *verdict = (as_verdict){.kind = AS_VERDICT_UNKNOWN, .reason = w->options->missing};
    }
    return verdict;
}

static void check_one(worker *w, uint32_t number, const as_entity *entity)
{
    const as_loaded_rule *rule = &w->set->rules.items[number];
    if (is_settled(w, number, entity)) {
        return;
    }
    if (asks_elsewhere(w, &rule->rule, entity)) {
        as_verdict open = {.kind = AS_VERDICT_DEFERRED};
        take(w, number, entity, rule->rule.severity, decided(w, &open));
        return;
    }
    as_subject subject = subject_of(w, &rule->rule, entity);
    as_severity severity = as_config_severity(w->options->config, &rule->rule, &subject, &w->most);
    if (severity == AS_SEVERITY_NONE ||
            !as_config_wants(w->options->config, &rule->rule, &subject)) {
        return;
    }
    if (w->loaded[number] == NOT_LOADED) { /* its metadata is known already */
        w->loaded[number] =
                as_lua_load(w->lua, &rule->chunk, w->arena, &w->diags, NULL, NULL, NULL);
    }
    if (w->loaded[number] < 0) {
        if (w->options->narrow &&
                w->options->missing.n == 0) { /* said where all shards are together */
            defer(w, number, entity);
        }
        return;
    }
    as_verdict verdict = as_lua_check(w->lua, w->loaded[number], entity, w->arena);
    take(w, number, entity, severity, decided(w, &verdict));
    if (as_lua_broken(w->lua)) {
        as_lua_free(w->lua);
        w->lua = NULL;
        w->lua = new_lua(w);
    }
}

/* What the task has found so far becomes its results. */
static void end_task(worker *w, task *t)
{
    size_t n = w->wants_keys ? w->keys.n : w->findings.n; /* pushed last: whole findings */
    if (n > 0) {
        size_t n_keys = w->wants_keys ? n : 0;
        task_results *r =
                malloc(sizeof *r + n * sizeof(as_finding) + n_keys * sizeof(as_check_key));
        if (r != NULL) {
            r->n = n;
            r->findings = (as_finding *)(r + 1);
            r->keys = (as_check_key *)(r->findings + n);
            memcpy(r->findings, w->findings.items, n * sizeof *r->findings);
            if (n_keys > 0) {
                memcpy(r->keys, w->keys.items, n_keys * sizeof *r->keys);
            }
        } else {
            as_arena_unwind(w->scratch, AS_CAUSE_MEMORY);
        }
        t->results = r;
    }
    w->findings.n = w->keys.n = 0;
}

static void run_task(worker *w, const task *t)
{
    size_t n;
    const as_entity *const *entities = as_graph_of_kind(w->graph, t->kind->kind, &n);
    for (size_t i = t->from; i < t->to; i++) {
        for (size_t r = 0; r < t->kind->rules.n; r++) {
            check_one(w, t->kind->rules.items[r], entities[i]);
        }
    }
}

/* Every other worker begins at the other end: while one makes what rules of a kind ask for, the
 * rules that the others are at do not wait for the same. NULL: none is left. */
static task *next_task(const worker *w)
{
    plan *p = w->plan;
    if (atomic_fetch_add(&p->taken, 1) >= p->tasks.n) {
        return NULL;
    }
    return &p->tasks.items[w->backwards ? p->tasks.n - 1 - atomic_fetch_add(&p->from_back, 1)
                                        : atomic_fetch_add(&p->from_front, 1)];
}

static void run_tasks(worker *w)
{
    w->lua = new_lua(w);
    while ((w->task = next_task(w)) != NULL) {
        run_task(w, w->task);
        end_task(w, w->task);
        as_progress_step(w->options->progress);
    }
}

static void work(void *self, size_t i)
{
    worker *w = (worker *)self + i;
    as_guard guard, results = {.arena = w->scratch};
    if (AS_GUARD_ENTER(&guard, w->arena)) {
        w->errors = AS_NEW_ARRAY(w->arena, rule_error, w->set->rules.n);
        w->loaded = AS_NEW_ARRAY(w->arena, int, w->set->rules.n);
        w->aliases = AS_NEW_ARRAY(w->arena, as_strs, w->set->rules.n);
        w->cases = AS_NEW_ARRAY(w->arena, rule_cases, w->set->rules.n);
        if (AS_GUARD_ENTER(&results, w->scratch)) {
            run_tasks(w);
            as_guard_leave(&results);
        } else {
            w->cause = results.cause;
        }
        as_guard_leave(&guard);
    } else {
        w->cause = guard.cause;
        as_guard_leave(&results); /* which was jumped over */
    }
    as_lua_free(w->lua);
    w->lua = NULL;
    if (w->cause != AS_CAUSE_NONE && w->task != NULL) { /* what it had found by then counts */
        if (AS_GUARD_ENTER(&guard, w->scratch)) {
            end_task(w, w->task);
            as_guard_leave(&guard);
        }
    }
}

/* Of each rule that erred the first place, whichever thread came to it. */
static void report_errors(const worker *workers, size_t n_workers, as_diags *diags)
{
    const as_ruleset *set = workers[0].set;
    for (size_t r = 0; r < set->rules.n; r++) {
        rule_error first = {0};
        for (size_t i = 0; i < n_workers; i++) {
            rule_error error = workers[i].errors == NULL ? first : workers[i].errors[r];
            if (error.entity != NULL &&
                    (first.entity == NULL || error.entity->id < first.entity->id)) {
                first = error;
            }
        }
        if (first.entity != NULL) {
            as_diags_add(diags, AS_DIAG_ERROR, "rule-error", place_of(first.entity),
                    "rule %.*s: %.*s", AS_STR_ARG(set->rules.items[r].rule.id),
                    AS_STR_ARG(first.reason));
        }
    }
}

/* Where findings are put together; keys only where somebody asks for them. */
typedef struct merged {
    as_finding *findings;
    as_check_key *keys;
    size_t n;
} merged;

static void take_settled(const as_settled *settled, merged *m, as_evaluation *out)
{
    for (size_t i = 0; i < settled->n; i++) {
        m->keys[m->n] = settled->keys[i];
        m->findings[m->n++] = settled->findings[i];
    }
    out->n_checks += settled->n_checks;
    for (size_t s = 0; s < 4; s++) {
        out->by_status[s] += settled->by_status[s];
    }
}

/* The findings of a task, which are given back at once: there are never two of many. */
static void take_results(task *t, merged *m)
{
    task_results *r = t->results;
    if (r == NULL) {
        return;
    }
    memcpy(m->findings + m->n, r->findings, r->n * sizeof *r->findings);
    for (size_t i = 0; m->keys != NULL && i < r->n; i++) {
        m->keys[m->n + i] = r->keys[i];
    }
    m->n += r->n;
    free(r);
    t->results = NULL;
}

/* By rule and entity: what shards have judged among what is judged here. */
static void sort_merged(as_arena *scratch, merged *m)
{
    as_keyed *order = AS_NEW_ARRAY(scratch, as_keyed, m->n);
    as_finding *findings = AS_NEW_ARRAY(scratch, as_finding, m->n);
    as_check_key *keys = AS_NEW_ARRAY(scratch, as_check_key, m->n);
    for (size_t i = 0; i < m->n; i++) {
        order[i] = (as_keyed){(uint64_t)m->keys[i].rule << 32 | m->keys[i].entity, (uint32_t)i};
    }
    as_radix_sort(order, AS_NEW_ARRAY(scratch, as_keyed, m->n), m->n);
    for (size_t i = 0; i < m->n; i++) {
        findings[i] = m->findings[order[i].item];
        keys[i] = m->keys[order[i].item];
    }
    for (size_t i = 0; i < m->n; i++) {
        m->findings[i] = findings[i];
        m->keys[i] = keys[i];
    }
}

static void merge_findings(
        worker *first, as_arena *arena, const as_settled *settled, as_evaluation *out)
{
    plan *p = first->plan;
    merged m = {0};
    size_t n = settled == NULL ? 0 : settled->n;
    for (size_t i = 0; i < p->tasks.n; i++) {
        n += p->tasks.items[i].results == NULL ? 0 : p->tasks.items[i].results->n;
    }
    m.findings = AS_NEW_ARRAY(arena, as_finding, n);
    if (first->wants_keys) {
        m.keys = AS_NEW_ARRAY(arena, as_check_key, n);
    }
    if (settled != NULL) {
        take_settled(settled, &m, out);
    }
    for (size_t i = 0; i < p->tasks.n; i++) {
        take_results(&p->tasks.items[i], &m);
    }
    if (settled != NULL) {
        sort_merged(first->scratch, &m);
    }
    out->keys = m.keys;
    out->findings.items = m.findings;
    out->findings.n = out->findings.cap = m.n;
}

static void merge(
        worker *workers, size_t n_workers, as_arena *arena, as_diags *diags, as_evaluation *out)
{
    for (size_t i = 0; i < n_workers; i++) {
        const worker *w = &workers[i];
        out->n_checks += w->n_checks;
        for (size_t s = 0; s < 4; s++) {
            out->by_status[s] += w->by_status[s];
        }
        for (size_t d = 0; d < w->deferred.n; d++) {
            AS_VEC_PUSH(arena, &out->deferred, w->deferred.items[d]);
        }
        as_diags_append(diags, &w->diags);
        if (w->cause != AS_CAUSE_NONE) {
            as_diags_add(diags, AS_DIAG_ERROR, "rules-stopped", AS_SPAN_NONE,
                    "some rules were not evaluated: %s", as_cause_text(w->cause));
        }
    }
    report_errors(workers, n_workers, diags);
    merge_findings(workers, arena, workers[0].options->settled, out);
    if (out->deferred.n > 1) {
        qsort(out->deferred.items, out->deferred.n, sizeof *out->deferred.items, compare_keys);
    }
}

/* At once, or with the scan when that does not get so far. */
static void free_scratch(void *object)
{
    worker *w = object;
    as_arena_free(w->scratch);
    w->scratch = NULL;
}

static void free_results(void *object)
{
    plan *p = object;
    for (size_t i = 0; i < p->tasks.n; i++) {
        free(p->tasks.items[i].results);
        p->tasks.items[i].results = NULL;
    }
}

/* What checks ask about networks and ways; their answers stand in the findings. */
typedef struct engines {
    as_reach *reach;
    as_attack *attack;
} engines;

/* At once, or with the scan when that does not get so far. */
static void free_engines(void *object)
{
    engines *e = object;
    as_reach_free(e->reach);
    as_attack_free(e->attack);
    *e = (engines){0};
}

typedef AS_VEC(kind_rules *) kind_list;

static void collect_kinds(kind_list *kinds, const as_ruleset *set, as_arena *arena)
{
    as_map by_name = {0};
    for (size_t r = 0; r < set->rules.n; r++) {
        as_strs targets = set->rules.items[r].kinds;
        for (size_t k = 0; k < targets.n; k++) {
            kind_rules *kind = as_map_get(&by_name, targets.items[k]);
            if (kind == NULL) {
                kind = AS_NEW(arena, kind_rules);
                kind->kind = targets.items[k];
                as_map_put(arena, &by_name, kind->kind, kind);
                AS_VEC_PUSH(arena, kinds, kind);
            }
            AS_VEC_PUSH(arena, &kind->rules, (uint32_t)r);
        }
    }
}

/* The tasks, and how many checks they hold. */
static size_t make_plan(plan *p, const as_ruleset *set, const as_graph *graph, as_arena *arena)
{
    size_t total = 0;
    kind_list kinds = {0};
    collect_kinds(&kinds, set, arena);
    for (size_t k = 0; k < kinds.n; k++) {
        size_t n;
        (void)as_graph_of_kind(graph, kinds.items[k]->kind, &n);
        for (size_t from = 0; from < n; from += TASK_ENTITIES) {
            size_t to = n - from < TASK_ENTITIES ? n : from + TASK_ENTITIES;
            AS_VEC_PUSH(arena, &p->tasks, (task){.kind = kinds.items[k], .from = from, .to = to});
        }
        total += n * kinds.items[k]->rules.n;
    }
    return total;
}

void as_rules_evaluate(const as_ruleset *set, const as_graph *graph, as_sources *sources,
        const as_evaluate_options *options, as_arena *arena, as_diags *diags, as_evaluation *out)
{
    plan *p = AS_NEW(arena, plan);
    size_t n_checks = make_plan(p, set, graph, arena);
    as_arena_defer(arena, free_results, p);
    size_t n = options->jobs < 1 || n_checks < FEW_CHECKS ? 1 : (size_t)options->jobs;
    worker *workers = AS_NEW_ARRAY(arena, worker, n);
    engines *asked = AS_NEW(arena, engines);
    as_arena_defer(arena, free_engines, asked);
    asked->reach = as_reach_new(graph);
    asked->attack = as_attack_new(graph, options->config);
    if (asked->reach == NULL || asked->attack == NULL) {
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    }
    for (size_t i = 0; i < n; i++) {
        as_arena *own = as_arena_own(arena, AS_MAX_UNIT_BYTES);
        workers[i] = (worker){.set = set,
                .graph = graph,
                .reach = asked->reach,
                .attack = asked->attack,
                .sources = sources,
                .options = options,
                .plan = p,
                .wants_keys = options->narrow || options->settled != NULL,
                .arena = own,
                .backwards = i % 2 == 1};
        as_diags_init(&workers[i].diags, own);
        as_arena_defer(arena, free_scratch, &workers[i]);
        workers[i].scratch = as_arena_new(AS_MAX_UNIT_BYTES);
        if (workers[i].scratch == NULL) {
            as_arena_unwind(arena, AS_CAUSE_MEMORY);
        }
    }
    as_progress_begin(options->progress, AS_PHASE_JUDGING, workers[0].plan->tasks.n);
    as_pool_run((int)n, n, work, workers);
    free_engines(asked);
    out->arena = arena;
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, workers[0].scratch)) {
        merge(workers, n, arena, diags, out);
        as_guard_leave(&guard);
    } else {
        as_arena_unwind(arena, guard.cause);
    }
    for (size_t i = 0; i < n; i++) {
        free_scratch(&workers[i]);
    }
}
