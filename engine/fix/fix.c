#include "engine/fix/fix.h"

#include <limits.h>
#include <stdlib.h>

#include "engine/scan/planted.h"

enum { MAX_ROUNDS = 8, MAX_SCANS = 400 };

/* A file that differs from the disk so far. */
typedef struct changed {
    as_str shown, absolute, before, now;
} changed;

typedef AS_VEC(const as_plan *) plan_list;

typedef struct fixing {
    as_arena *arena;
    const as_scan_options *options;
    as_fix_result *result;
    AS_VEC(changed) files;
    as_map done;        /* fingerprints that are settled, either way */
    as_map outcomes;    /* fingerprint → index + 1 of its outcome */
    as_scan *scan;      /* with all that has been accepted */
    plan_list accepted; /* of this round */
    bool moved;         /* edits were made: findings may stand elsewhere */
} fixing;

static void free_scan(void *object)
{
    as_scan_free(object);
}

static as_scan *scan_with(fixing *f, const changed *files, size_t n)
{
    as_scan_options options = *f->options;
    as_memory_file *overlay = AS_NEW_ARRAY(f->arena, as_memory_file, n + options.n_overlay);
    for (size_t i = 0; i < options.n_overlay; i++) {
        overlay[i] = options.overlay[i];
    }
    for (size_t i = 0; i < n; i++) {
        overlay[options.n_overlay + i] = (as_memory_file){files[i].absolute, files[i].now};
    }
    options.overlay = overlay;
    options.n_overlay += n;
    options.sources = NULL;
    options.show_passed = false;
    f->result->n_scans++;
    as_scan *scan = as_scan_run(&options);
    if (scan == NULL) {
        as_arena_unwind(f->arena, AS_CAUSE_MEMORY);
    }
    return scan;
}

/* The absolute path of a source of the report; empty when there is no such file. */
static as_str absolute_of(fixing *f, const as_report *report, as_str shown)
{
    char real[PATH_MAX];
    as_str path = as_str_join(f->arena, report->path_prefix, shown);
    return realpath(as_str_cstr(f->arena, path), real) == NULL
                   ? AS_STR("")
                   : as_str_dup(f->arena, as_str_from(real));
}

/* The files as they were before, with the edits of the plans made. */
static bool apply(
        fixing *f, const as_report *report, const plan_list *plans, changed **out, size_t *n)
{
    as_edits edits = {0};
    for (size_t i = 0; i < plans->n; i++) {
        for (size_t k = 0; k < plans->items[i]->edits.n; k++) {
            AS_VEC_PUSH(f->arena, &edits, plans->items[i]->edits.items[k]);
        }
    }
    AS_VEC(changed) files = {0};
    for (size_t i = 0; i < f->files.n; i++) {
        AS_VEC_PUSH(f->arena, &files, f->files.items[i]);
    }
    as_map seen = {0};
    for (size_t i = 0; i < edits.n; i++) {
        const as_source *source = as_sources_get(report->sources, edits.items[i].span.file);
        if (as_map_put(f->arena, &seen, source->path, f) != NULL) {
            continue;
        }
        size_t k = 0;
        while (k < files.n && !as_str_eq(files.items[k].shown, source->path)) {
            k++;
        }
        if (k == files.n) {
            as_str absolute = absolute_of(f, report, source->path);
            if (absolute.n == 0) {
                return false;
            }
            as_str text = as_str_dup(f->arena, source->text);
            AS_VEC_PUSH(f->arena, &files,
                    (changed){as_str_dup(f->arena, source->path), absolute, text, text});
        }
        files.items[k].now = as_edits_apply(f->arena, source, edits.items, edits.n);
    }
    *out = files.items;
    *n = files.n;
    return true;
}

/* The scan of what the plans make, when nothing speaks against it; else NULL with the reason. */
static as_scan *try_plans(fixing *f, const plan_list *plans, as_str *objection)
{
    const as_report *before = as_scan_report(f->scan);
    changed *files;
    size_t n;
    if (f->result->n_scans >= MAX_SCANS) {
        *objection = AS_STR("too many trials: try again when the others are made");
        return NULL;
    }
    if (!apply(f, before, plans, &files, &n)) {
        *objection = AS_STR("the file cannot be found");
        return NULL;
    }
    as_scan *scan = scan_with(f, files, n);
    *objection = as_fix_objection(f->arena, before, as_scan_report(scan), plans->items, plans->n);
    *objection = as_str_dup(f->arena, *objection);
    if (objection->n > 0) {
        as_scan_free(scan);
        return NULL;
    }
    return scan;
}

/* The outcome of a finding: by its fingerprint, or, when an edit has moved it, one about the same
 * that is still open. */
static as_fix_outcome *outcome_of(fixing *f, const as_finding *finding)
{
    const void *index = as_map_get(&f->outcomes, as_str_from(finding->fingerprint));
    if (index != NULL) {
        return &f->result->outcomes.items[(size_t)index - 1];
    }
    as_str key = as_fix_key(f->arena, finding);
    for (size_t i = 0; f->moved && i < f->result->outcomes.n; i++) {
        as_fix_outcome *o = &f->result->outcomes.items[i];
        if (!o->settled && as_str_eq(o->key, key)) {
            return o;
        }
    }
    return NULL;
}

static void settle(fixing *f, const as_finding *finding, as_str problem)
{
    as_fix_outcome *o = outcome_of(f, finding);
    as_map_put(f->arena, &f->done, as_str_dup(f->arena, as_str_from(finding->fingerprint)), f);
    if (o != NULL && !o->settled) {
        o->settled = true;
        o->problem = problem;
        f->result->n_made += problem.n == 0;
        f->result->n_dropped += problem.n > 0;
    }
}

/* Those of the plans that can be made beside the accepted ones; `latest` is the scan with them. */
static void prove(fixing *f, const as_plan *const *plans, size_t n, as_scan **latest)
{
    if (n == 0) {
        return;
    }
    plan_list all = {0};
    for (size_t i = 0; i < f->accepted.n; i++) {
        AS_VEC_PUSH(f->arena, &all, f->accepted.items[i]);
    }
    for (size_t i = 0; i < n; i++) {
        AS_VEC_PUSH(f->arena, &all, plans[i]);
    }
    as_str objection;
    as_scan *scan = try_plans(f, &all, &objection);
    if (scan != NULL) {
        as_scan_free(*latest);
        *latest = scan;
        f->accepted = all;
        return;
    }
    if (n == 1) {
        settle(f, plans[0]->finding, objection);
        return;
    }
    prove(f, plans, n / 2, latest);
    prove(f, plans + n / 2, n - n / 2, latest);
}

static bool clashes(const plan_list *chosen, const as_plan *plan)
{
    for (size_t i = 0; i < chosen->n; i++) {
        for (size_t a = 0; a < chosen->items[i]->edits.n; a++) {
            for (size_t b = 0; b < plan->edits.n; b++) {
                if (as_edit_clash(&chosen->items[i]->edits.items[a], &plan->edits.items[b])) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* Findings whose edits are the same (one variable, several instances) stand or fall together: one
 * plan. */
static as_plan *twin_of(const plan_list *chosen, const as_plan *plan, as_plan *const *all)
{
    for (size_t i = 0; i < chosen->n; i++) {
        const as_edits *a = &chosen->items[i]->edits;
        bool same = a->n == plan->edits.n;
        for (size_t k = 0; same && k < a->n; k++) {
            same = as_edit_same(&a->items[k], &plan->edits.items[k]);
        }
        if (same) {
            return all[i];
        }
    }
    return NULL;
}

/* The outcomes of what fails when it begins. */
static void list_outcomes(fixing *f, const as_report *report, as_str only)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *finding = &report->findings[i];
        as_str key = as_str_dup(f->arena, as_str_from(finding->fingerprint));
        if (finding->status != AS_FAIL || finding->entity == NULL ||
                (only.n > 0 && !as_str_starts(key, as_str_cstr(f->arena, only)))) {
            as_map_put(f->arena, &f->done, key, f);
            continue;
        }
        const as_source *source = as_sources_get(report->sources, finding->span.file);
        as_fix_outcome outcome = {.rule = as_str_dup(f->arena, finding->rule->id),
                .address = as_str_dup(f->arena, finding->entity->address),
                .path = as_str_dup(f->arena, source == NULL ? AS_STR("") : source->path),
                .title = finding->n_fixes > 0 ? as_str_dup(f->arena, finding->fixes[0].title)
                                              : AS_STR(""),
                .at = as_sources_position(report->sources, finding->span.file, finding->span.begin),
                .problem = AS_STR("the rule has no fix for it"),
                .key = as_fix_key(f->arena, finding),
                .settled = finding->n_fixes == 0};
        AS_VEC_PUSH(f->arena, &f->result->outcomes, outcome);
        union {
            size_t in;
            void *out;
        } index = {.in = f->result->outcomes.n};
        if (as_map_has(&f->outcomes, key)) {
            f->result->outcomes.n--; /* one fingerprint, several instances: one outcome */
        } else {
            as_map_put(f->arena, &f->outcomes, key, index.out);
        }
    }
}

/* One round: false when nothing is left to do. */
static bool run_round(fixing *f)
{
    const as_report *report = as_scan_report(f->scan);
    as_planner planner = {.arena = f->arena, .sources = report->sources, .graph = report->graph};
    plan_list chosen = {0};
    AS_VEC(as_plan *) writable = {0};
    AS_VEC(const as_finding *) twins = {0};
    bool deferred = false;
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *finding = &report->findings[i];
        if (finding->status != AS_FAIL || finding->n_fixes == 0 ||
                as_map_has(&f->done, as_str_from(finding->fingerprint)) ||
                outcome_of(f, finding) == NULL) {
            continue;
        }
        as_plan *plan = AS_NEW(f->arena, as_plan);
        as_plan_make(&planner, finding, plan);
        as_plan *twin = plan->edits.n == 0 ? NULL : twin_of(&chosen, plan, writable.items);
        if (plan->refusal.n > 0) {
            settle(f, finding, plan->refusal);
        } else if (twin != NULL) {
            for (size_t k = 0; k < plan->meant.n; k++) {
                AS_VEC_PUSH(f->arena, &twin->meant, plan->meant.items[k]);
            }
            AS_VEC_PUSH(f->arena, &twins, finding);
        } else if (clashes(&chosen, plan)) {
            deferred = true;
        } else {
            AS_VEC_PUSH(f->arena, &chosen, plan);
            AS_VEC_PUSH(f->arena, &writable, plan);
        }
    }
    f->accepted = (plan_list){0};
    as_scan *latest = NULL;
    prove(f, chosen.items, chosen.n, &latest);
    for (size_t i = 0; i < f->accepted.n; i++) {
        settle(f, f->accepted.items[i]->finding, AS_STR(""));
    }
    if (f->accepted.n == 0) {
        as_scan_free(latest);
        return false;
    }
    changed *files;
    size_t n;
    if (!apply(f, report, &f->accepted, &files, &n)) {
        as_scan_free(latest);
        return false;
    }
    f->files.items = files;
    f->files.n = f->files.cap = n;
    as_scan_free(f->scan);
    f->scan = latest;
    f->moved = true;
    (void)deferred; /* whatever was made, what stood in its way is tried again */
    return true;
}

/* What is neither failing any more nor settled went with another fix. */
static void settle_rest(fixing *f)
{
    const as_report *report = as_scan_report(f->scan);
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *finding = &report->findings[i];
        if (finding->status == AS_FAIL && finding->n_fixes > 0 &&
                !as_map_has(&f->done, as_str_from(finding->fingerprint))) {
            settle(f, finding, AS_STR("it is in the way of another fix: run again"));
        }
    }
    for (size_t i = 0; i < f->result->outcomes.n; i++) {
        as_fix_outcome *o = &f->result->outcomes.items[i];
        if (!o->settled) {
            o->problem = AS_STR("");
            o->settled = true;
            f->result->n_made++;
        }
    }
}

static int compare_files(const void *a, const void *b)
{
    return as_str_cmp(((const as_fixed_file *)a)->path, ((const as_fixed_file *)b)->path);
}

void as_fix_run(
        as_arena *arena, const as_scan_options *options, as_str fingerprint, as_fix_result *out)
{
    *out = (as_fix_result){0};
    fixing f = {.arena = arena, .options = options, .result = out};
    f.scan = scan_with(&f, NULL, 0);
    out->n_errors = as_scan_report(f.scan)->diags->n_errors;
    out->secrets = as_planted_written(arena, as_scan_report(f.scan));
    list_outcomes(&f, as_scan_report(f.scan), fingerprint);
    for (int round = 0; round < MAX_ROUNDS && run_round(&f); round++) {
    }
    settle_rest(&f);
    as_arena_defer(arena, free_scan, f.scan);
    for (size_t i = 0; i < f.files.n; i++) {
        const changed *c = &f.files.items[i];
        AS_VEC_PUSH(arena, &out->files, (as_fixed_file){c->shown, c->absolute, c->before, c->now});
    }
    if (out->files.n > 1) {
        qsort(out->files.items, out->files.n, sizeof *out->files.items, compare_files);
    }
}
