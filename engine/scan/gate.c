#include "engine/scan/gate.h"

#include "parsers/json/json.h"

/* --- budgets -----------------------------------------------------------------------------------
 */

bool as_budget_parse(as_arena *arena, const as_source *source, as_budget *out, as_diags *diags)
{
    const as_value *root = as_json_parse(arena, source, diags);
    const as_value *failed = as_value_get(root, AS_STR("failed"));

    *out = (as_budget){0};
    if (!root)
        return false;
    if (as_value_int_or(as_value_get(root, AS_STR("budget_version")), 0) != 1 ||
            !as_value_is(failed, AS_OBJECT)) {
        as_diags_add(diags, AS_DIAG_ERROR, "budget-form", root->span, "this is no budget of assay");
        as_diags_detail(diags, "write one with: assay baseline --budget FILE");
        return false;
    }
    for (size_t i = 0; i < failed->as.object->n; i++) {
        const as_member *member = &failed->as.object->members[i];
        int64_t most = as_value_int_or(member->value, -1);
        as_severity severity;
        if (!as_severity_parse(member->key, &severity) || severity == AS_SEVERITY_NONE ||
                most < 0) {
            as_diags_add(diags, AS_DIAG_ERROR, "budget-form", member->key_span,
                    "a severity and how many findings there may be are expected");
            return false;
        }
        out->has[severity] = true;
        out->most[severity] = (size_t)most;
    }
    return true;
}

void as_budget_write(as_buf *out, const as_budget *budget)
{
    const char *comma = "";

    as_buf_cstr(out, "{\n  \"budget_version\": 1,\n  \"failed\": {");
    for (int s = AS_SEVERITY_CRITICAL; s >= AS_SEVERITY_INFO; s--) {
        if (!budget->has[s])
            continue;
        as_buf_fmt(out, "%s\n    \"%s\": %zu", comma, as_severity_name((as_severity)s),
                budget->most[s]);
        comma = ",";
    }
    as_buf_cstr(out, "\n  }\n}\n");
}

/* The severity of the finding's category, where the gate has one. */
static const as_severity *of_category(const as_gate *gate, const as_finding *finding)
{
    for (size_t i = gate->categories.n; i > 0; i--)
        if (as_str_eq(gate->categories.items[i - 1].rule, finding->rule->category))
            return &gate->categories.items[i - 1].severity;
    return NULL;
}

static bool is_known(const as_finding *finding)
{
    return finding->suppression && as_str_is(finding->suppression->source, "baseline");
}

as_budget as_budget_of(const as_report *report, const as_gate *gate)
{
    as_budget now = {0};

    for (int s = AS_SEVERITY_INFO; s <= AS_SEVERITY_CRITICAL; s++)
        now.has[s] = true;
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if ((f->status == AS_FAIL || is_known(f)) && !of_category(gate, f))
            now.most[f->severity]++;
    }
    return now;
}

bool as_budget_shrink(const as_budget *old, const as_budget *now, as_budget *out)
{
    bool within = true;

    *out = *old;
    for (int s = AS_SEVERITY_INFO; s <= AS_SEVERITY_CRITICAL; s++) {
        if (!now->has[s])
            continue;
        if (!old->has[s] || now->most[s] < old->most[s])
            out->most[s] = now->most[s];
        within = within && (!old->has[s] || now->most[s] <= old->most[s]);
        out->has[s] = true;
    }
    return within;
}

/* --- judging -----------------------------------------------------------------------------------
 */

#define SAY(lines, ...) AS_VEC_PUSH(arena, lines, as_str_fmt(arena, __VA_ARGS__))

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void judge_budget(as_arena *arena, as_gate_result *result, const as_budget *budget,
        const as_budget *before, const as_budget *now)
{
    for (int s = AS_SEVERITY_CRITICAL; s >= AS_SEVERITY_INFO; s--) {
        const char *name = as_severity_name((as_severity)s);
        if (before && before->has[s] && !budget->has[s])
            SAY(&result->reasons, "the budget of %s was %zu, and is gone; budgets may only shrink",
                    name, before->most[s]);
        if (!budget->has[s])
            continue;
        if (now->most[s] > budget->most[s])
            SAY(&result->reasons, "%zu findings of severity %s; the budget is %zu", now->most[s],
                    name, budget->most[s]);
        if (before && before->has[s] && budget->most[s] > before->most[s])
            SAY(&result->reasons,
                    "the budget of %s was raised from %zu to %zu; budgets may only shrink", name,
                    before->most[s], budget->most[s]);
        if (now->most[s] < budget->most[s])
            SAY(&result->hints, "the budget of %s may shrink from %zu to %zu", name,
                    budget->most[s], now->most[s]);
    }
}

static void judge_categories(
        as_arena *arena, as_gate_result *result, const as_gate *gate, const as_report *report)
{
    for (size_t c = 0; c < gate->categories.n; c++) {
        const as_severity_override *category = &gate->categories.items[c];
        size_t n = 0;
        for (size_t i = 0; i < report->n_findings; i++)
            n += report->findings[i].status == AS_FAIL &&
                 as_str_eq(report->findings[i].rule->category, category->rule) &&
                 report->findings[i].severity >= category->severity;
        if (n > 0 && category->severity != AS_SEVERITY_NONE)
            SAY(&result->reasons, "%zu finding%s of category %.*s from severity %s on", n,
                    plural(n), AS_STR_ARG(category->rule), as_severity_name(category->severity));
    }
}

as_gate_result as_gate_judge(as_arena *arena, const as_gate *gate, as_severity least,
        const as_budget *budget, const as_budget *before, const as_report *report)
{
    as_gate_result result = {0};
    size_t n = 0, unknown = report->summary.by_status[AS_UNSURE];

    least = gate->has_fail_on ? gate->fail_on : least;
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        n += f->status == AS_FAIL && !of_category(gate, f) &&
             !(budget && budget->has[f->severity]) && f->severity >= least &&
             least != AS_SEVERITY_NONE;
    }
    if (n > 0)
        SAY(&result.reasons, "%zu finding%s from severity %s on", n, plural(n),
                as_severity_name(least));
    judge_categories(arena, &result, gate, report);
    if (budget) {
        as_budget now = as_budget_of(report, gate);
        judge_budget(arena, &result, budget, before, &now);
    }
    if (gate->fail_on_unknown && unknown > 0)
        SAY(&result.reasons, "%zu check%s could not be decided", unknown, plural(unknown));
    return result;
}
