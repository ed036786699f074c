#include "reporters/audit/audit.h"

#include <stdlib.h>

#include "engine/base/map.h"
#include "engine/base/vec.h"

const char *as_control_state_name(as_control_state state)
{
    static const char *const names[] = {
            [AS_CONTROL_FAILED] = "failed",
            [AS_CONTROL_UNKNOWN] = "unknown",
            [AS_CONTROL_ACCEPTED] = "accepted",
            [AS_CONTROL_PASSED] = "passed",
            [AS_CONTROL_MANUAL] = "manual",
            [AS_CONTROL_NOTHING] = "nothing",
    };

    return names[state];
}

/* --- rules and environments --------------------------------------------------------------------
 */

static int compare_rules(const void *a, const void *b)
{
    return as_str_cmp((*(const as_rule *const *)a)->id, (*(const as_rule *const *)b)->id);
}

static void add_rule(
        as_arena *arena, as_map *seen, const as_rule **rules, size_t *n, const as_rule *rule)
{
    if (as_map_has(seen, rule->id))
        return;
    as_map_put(arena, seen, rule->id, rules);
    rules[(*n)++] = rule;
}

static void collect_rules(as_arena *arena, as_audit *audit)
{
    const as_report *report = audit->report;
    as_map seen = {0}, at = {0};
    size_t n_other = 0, n = 0;

    for (size_t i = 0; i < report->n_findings; i++)
        n_other += i == 0 || report->findings[i].rule != report->findings[i - 1].rule;
    const as_rule **rules = AS_NEW_ARRAY(arena, const as_rule *, report->n_rules + n_other);
    for (size_t i = 0; i < report->n_rules; i++)
        add_rule(arena, &seen, rules, &n, report->rules[i]);
    for (size_t i = 0; i < report->n_findings; i++)
        if (i == 0 || report->findings[i].rule != report->findings[i - 1].rule)
            add_rule(arena, &seen, rules, &n, report->findings[i].rule);
    if (n > 1)
        qsort(rules, n, sizeof *rules, compare_rules);

    uint32_t *indexes = AS_NEW_ARRAY(arena, uint32_t, n),
             *rule_of = AS_NEW_ARRAY(arena, uint32_t, report->n_findings);
    for (size_t i = 0; i < n; i++) {
        indexes[i] = (uint32_t)i;
        as_map_put(arena, &at, rules[i]->id, &indexes[i]);
    }
    for (size_t i = 0; i < report->n_findings; i++)
        rule_of[i] = *(const uint32_t *)as_map_get(&at, report->findings[i].rule->id);
    audit->rules = rules;
    audit->n_rules = n;
    audit->rule_of = rule_of;
}

static as_str environment_of(const as_finding *finding)
{
    return finding->entity && finding->entity->unit ? finding->entity->unit->environment
                                                    : AS_STR("");
}

static void collect_environments(as_arena *arena, as_audit *audit)
{
    const as_report *report = audit->report;
    as_map seen = {0};
    AS_VEC(as_str) names = {0};
    uint32_t *of = AS_NEW_ARRAY(arena, uint32_t, report->n_findings);

    for (size_t i = 0; i < report->n_findings; i++) {
        as_str name = environment_of(&report->findings[i]);
        if (as_map_has(&seen, name))
            continue;
        as_map_put(arena, &seen, name, AS_NEW(arena, uint32_t));
        AS_VEC_PUSH(arena, &names, name);
    }
    if (names.n > 1)
        qsort(names.items, names.n, sizeof *names.items, as_str_compare_qsort);
    for (size_t i = 0; i < names.n; i++)
        *(uint32_t *)as_map_get(&seen, names.items[i]) = (uint32_t)i;
    for (size_t i = 0; i < report->n_findings; i++)
        of[i] = *(const uint32_t *)as_map_get(&seen, environment_of(&report->findings[i]));
    audit->environments = (as_strs){names.items, names.n};
    audit->environment_of = of;
    audit->by_environment = AS_NEW_ARRAY(arena, as_audit_counts, names.n);
    for (size_t i = 0; i < report->n_findings; i++) {
        audit->total.n[report->findings[i].status]++;
        audit->by_environment[of[i]].n[report->findings[i].status]++;
    }
}

/* --- controls ----------------------------------------------------------------------------------
 */

static as_control_state state_of(const as_audit_control *control)
{
    const size_t *n = control->counts.n;

    if (n[AS_FAIL] > 0)
        return AS_CONTROL_FAILED;
    if (n[AS_UNSURE] > 0)
        return AS_CONTROL_UNKNOWN;
    if (n[AS_SUPPRESSED] > 0)
        return AS_CONTROL_ACCEPTED;
    if (n[AS_PASS] > 0)
        return AS_CONTROL_PASSED;
    return control->control->manual.n > 0 ? AS_CONTROL_MANUAL : AS_CONTROL_NOTHING;
}

static as_audit_control judge(as_arena *arena, const as_audit *audit,
        const as_audit_counts *by_rule, const as_control *control, bool *used)
{
    as_audit_control judged = {.control = control};
    AS_VEC(uint32_t) rules = {0};

    for (size_t r = 0; r < audit->n_rules; r++) {
        if (!as_control_proven_by(control, audit->rules[r]))
            continue;
        used[r] = true;
        AS_VEC_PUSH(arena, &rules, (uint32_t)r);
        for (size_t s = 0; s < 4; s++)
            judged.counts.n[s] += by_rule[r].n[s];
    }
    judged.rules = rules.items;
    judged.n_rules = rules.n;
    judged.state = state_of(&judged);
    return judged;
}

static as_audit_framework judge_framework(as_arena *arena, const as_audit *audit,
        const as_audit_counts *by_rule, const as_framework *framework)
{
    as_audit_framework judged = {.framework = framework};
    as_audit_control *controls = AS_NEW_ARRAY(arena, as_audit_control, framework->n_controls);
    as_audit_counts *by_environment = AS_NEW_ARRAY(arena, as_audit_counts, audit->environments.n);
    bool *used = AS_NEW_ARRAY(arena, bool, audit->n_rules);

    for (size_t i = 0; i < framework->n_controls; i++) {
        controls[i] = judge(arena, audit, by_rule, &framework->controls[i], used);
        judged.by_state[controls[i].state]++;
    }
    for (size_t i = 0; i < audit->report->n_findings; i++) {
        if (!used[audit->rule_of[i]])
            continue;
        as_status status = audit->report->findings[i].status;
        judged.total.n[status]++;
        by_environment[audit->environment_of[i]].n[status]++;
    }
    judged.controls = controls;
    judged.by_environment = by_environment;
    return judged;
}

static bool is_wanted(as_strs wanted, as_str id)
{
    for (size_t i = 0; i < wanted.n; i++)
        if (as_str_ieq(wanted.items[i], id))
            return true;
    return wanted.n == 0;
}

static void judge_all(as_arena *arena, as_audit *audit, as_strs wanted, as_diags *diags)
{
    as_frameworks all = as_frameworks_load(arena, audit->report->sources, diags);
    as_audit_framework *list = AS_NEW_ARRAY(arena, as_audit_framework, all.n);
    as_audit_counts *by_rule = AS_NEW_ARRAY(arena, as_audit_counts, audit->n_rules);

    for (size_t i = 0; i < audit->report->n_findings; i++)
        by_rule[audit->rule_of[i]].n[audit->report->findings[i].status]++;
    for (size_t i = 0; i < all.n; i++) {
        if (!is_wanted(wanted, all.items[i].id))
            continue;
        as_audit_framework judged = judge_framework(arena, audit, by_rule, &all.items[i]);
        size_t unjudged = judged.by_state[AS_CONTROL_MANUAL] + judged.by_state[AS_CONTROL_NOTHING];
        if (wanted.n > 0 || unjudged < all.items[i].n_controls)
            list[audit->n_frameworks++] = judged;
    }
    audit->frameworks = list;
}

as_audit *as_audit_of(
        as_arena *arena, const as_report *report, const as_audit_options *options, as_diags *diags)
{
    as_audit *audit = AS_NEW(arena, as_audit);

    audit->report = report;
    audit->title = options->title;
    audit->generated = options->generated;
    audit->runs = options->runs;
    audit->n_runs = options->n_runs;
    audit->attack_paths = options->attack_paths;
    collect_rules(arena, audit);
    collect_environments(arena, audit);
    judge_all(arena, audit, options->frameworks, diags);
    return audit;
}

/* --- scores ------------------------------------------------------------------------------------
 */

int as_audit_control_score(const as_audit_framework *framework)
{
    const size_t *n = framework->by_state;
    size_t good = n[AS_CONTROL_PASSED] + n[AS_CONTROL_ACCEPTED];
    size_t all = good + n[AS_CONTROL_FAILED] + n[AS_CONTROL_UNKNOWN];

    return all == 0 ? -1 : (int)(good * 100 / all);
}

int as_audit_score(const as_audit_counts *counts)
{
    size_t good = counts->n[AS_PASS] + counts->n[AS_SUPPRESSED];
    size_t all = good + counts->n[AS_FAIL] + counts->n[AS_UNSURE];

    return all == 0 ? -1 : (int)(good * 100 / all);
}

bool as_audit_control_has(const as_audit_control *control, uint32_t rule)
{
    for (size_t i = 0; i < control->n_rules; i++)
        if (control->rules[i] == rule)
            return true;
    return false;
}
