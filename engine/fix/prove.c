/* Whether a change did what it was meant to do, and nothing else. */
#include "engine/fix/fix.h"

#include "engine/base/limits.h"

typedef struct proof {
    as_arena *arena;
    const as_report *before, *after;
    const as_plan *const *plans;
    size_t n;
    as_map by_head; /* head → the list of as_meant of it */
    as_str objection;
} proof;

typedef struct meant_list {
    AS_VEC(as_str) paths;
} meant_list;

static void object_to(proof *p, as_str why)
{
    if (p->objection.n == 0) {
        p->objection = why;
    }
}

static void index_meant(proof *p)
{
    for (size_t i = 0; i < p->n; i++) {
        for (size_t k = 0; k < p->plans[i]->meant.n; k++) {
            const as_meant *m = &p->plans[i]->meant.items[k];
            meant_list *list = as_map_get(&p->by_head, m->head);
            if (list == NULL) {
                list = AS_NEW(p->arena, meant_list);
                as_map_put(p->arena, &p->by_head, m->head, list);
            }
            AS_VEC_PUSH(p->arena, &list->paths, m->path);
        }
    }
}

/* --- findings ------------------------------------------------------------------------------------
 */

typedef struct tally {
    int fails, unknowns, fixed;
    const as_finding *finding;
} tally;

/* What a finding is about, without the place in the resource: a block that comes moves it. */
as_str as_fix_key(as_arena *arena, const as_finding *f)
{
    const as_entity *e = f->entity;
    return as_str_fmt(arena, "%.*s\n%.*s\n%.*s\n%.*s", AS_STR_ARG(f->rule->id),
            AS_STR_ARG(f->fail_case),
            AS_STR_ARG(e == NULL || e->unit == NULL ? AS_STR("") : e->unit->name),
            AS_STR_ARG(e == NULL ? AS_STR("") : e->address));
}

static tally *tally_of(proof *p, as_map *map, const as_finding *f)
{
    as_str key = as_fix_key(p->arena, f);
    tally *t = as_map_get(map, key);
    if (t == NULL) {
        t = AS_NEW(p->arena, tally);
        t->finding = f;
        as_map_put(p->arena, map, key, t);
    }
    return t;
}

static bool is_planned_rule(const proof *p, as_str id)
{
    for (size_t i = 0; i < p->n; i++) {
        if (as_str_eq(p->plans[i]->finding->rule->id, id)) {
            return true;
        }
    }
    return false;
}

static void compare_findings(proof *p)
{
    as_map map = {0};
    for (size_t i = 0; i < p->before->n_findings; i++) {
        const as_finding *f = &p->before->findings[i];
        tally *t = tally_of(p, &map, f);
        t->fails -= f->status == AS_FAIL;
        t->unknowns -= f->status == AS_UNSURE;
    }
    for (size_t i = 0; i < p->n; i++) {
        tally *t = tally_of(p, &map, p->plans[i]->finding);
        t->fails++;
        t->fixed++;
    }
    for (size_t i = 0; i < p->after->n_findings; i++) {
        const as_finding *f = &p->after->findings[i];
        if (f->status == AS_FAIL || f->status == AS_UNSURE) {
            tally *t = tally_of(p, &map, f);
            t->fails += f->status == AS_FAIL;
            t->unknowns += f->status == AS_UNSURE && is_planned_rule(p, f->rule->id);
            t->finding = f;
        }
    }
    for (size_t i = 0; i < map.n; i++) {
        const tally *t = map.entries[i].value;
        if (t->fails > 0 && t->fixed > 0) {
            object_to(p, AS_STR("the finding would still be there"));
        } else if (t->fails > 0) {
            object_to(
                    p, as_str_fmt(p->arena, "it would bring another finding, %.*s: %.*s",
                               AS_STR_ARG(t->finding->rule->id), AS_STR_ARG(t->finding->message)));
        } else if (t->unknowns > 0) {
            object_to(
                    p, as_str_fmt(p->arena, "%.*s would no longer be decided: %.*s",
                               AS_STR_ARG(t->finding->rule->id), AS_STR_ARG(t->finding->message)));
        }
    }
}

/* --- resources -----------------------------------------------------------------------------------
 */

/* What is no resource: the ways by which values come there, and what is derived from texts. */
static bool is_resource(const as_entity *e)
{
    static const char *const others[] = {"terraform.variable", "terraform.local",
            "terraform.output", "terraform.assignment", "terraform.module_call", "terraform.root",
            "helm.release", "helm.values", NULL};
    for (size_t i = 0; others[i] != NULL; i++) {
        if (as_str_is(e->kind, others[i])) {
            return false;
        }
    }
    return !as_str_starts(e->kind, "secret.") && !as_str_ends(e->kind, ".weakening");
}

static bool is_meant(const meant_list *list, as_str path)
{
    for (size_t i = 0; list != NULL && i < list->paths.n; i++) {
        as_str meant = list->paths.items[i];
        if (as_str_starts(meant, "*.")) { /* below some part: the way to it is not told */
            as_str tail = as_str_from_index(meant, 1);
            size_t at = as_str_find(path, tail);
            if (at != (size_t)-1 || as_str_eq(path, as_str_from_index(tail, 1))) {
                return true;
            }
            continue;
        }
        bool prefix = path.n >= meant.n && as_str_eq(as_str_slice(path, 0, meant.n), meant) &&
                      (path.n == meant.n || path.p[meant.n] == '.' || meant.n == 0);
        if (prefix) {
            return true;
        }
    }
    return false;
}

typedef struct walk {
    proof *p;
    const as_entity *entity;
    const meant_list *meant;
} walk;

static bool is_empty(const as_value *v)
{
    return as_value_is_null(v) ||
           ((v->kind == AS_LIST || v->kind == AS_OBJECT) && as_value_count(v) == 0);
}

static bool same_scalar(const as_value *a, const as_value *b)
{
    if (as_value_is_unknown(a) && as_value_is_unknown(b)) {
        return as_str_eq(as_value_reason(a), as_value_reason(b));
    }
    return (as_value_is_null(a) && as_value_is_null(b)) ||
           (a != NULL && b != NULL && as_value_equal(a, b));
}

static void differ(walk *w, as_str path)
{
    if (!is_meant(w->meant, path)) {
        object_to(w->p, as_str_fmt(w->p->arena, "it would also change %.*s of %.*s",
                                AS_STR_ARG(path), AS_STR_ARG(w->entity->address)));
    }
}

static void compare_values(walk *w, const as_value *a, const as_value *b, as_str path, int depth);

static void compare_objects(walk *w, const as_value *a, const as_value *b, as_str path, int depth)
{
    as_arena *arena = w->p->arena;
    const as_value *sides[] = {a, b};
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; as_value_is(sides[s], AS_OBJECT) && i < sides[s]->as.object->n; i++) {
            as_str key = sides[s]->as.object->members[i].key;
            if (s == 1 && as_value_member(a, key) != NULL) {
                continue;
            }
            as_str below =
                    path.n == 0 ? key
                                : as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(path), AS_STR_ARG(key));
            compare_values(w, as_value_get(a, key), as_value_get(b, key), below, depth + 1);
        }
    }
}

/* What is missing counts as empty, so that only what was added or taken away shows. */
static void compare_values(walk *w, const as_value *a, const as_value *b, as_str path, int depth)
{
    if (w->p->objection.n > 0 || a == b || (is_empty(a) && is_empty(b))) {
        return;
    }
    bool objects = (as_value_is(a, AS_OBJECT) || is_empty(a)) &&
                   (as_value_is(b, AS_OBJECT) || is_empty(b));
    if (objects && depth < AS_MAX_DEPTH) {
        compare_objects(w, a, b, path, depth);
        return;
    }
    bool lists =
            (as_value_is(a, AS_LIST) || is_empty(a)) && (as_value_is(b, AS_LIST) || is_empty(b));
    const as_value *first = as_value_index(as_value_is(b, AS_LIST) ? b : a, 0);
    if (lists && as_value_is(first, AS_OBJECT) && depth < AS_MAX_DEPTH) {
        size_t n = as_value_list_count(a), m = as_value_list_count(b);
        for (size_t i = 0; i < (n > m ? n : m); i++) {
            compare_values(w, as_value_index(a, i), as_value_index(b, i), path, depth + 1);
        }
        return;
    }
    if (lists && as_value_list_count(a) == as_value_list_count(b) && depth < AS_MAX_DEPTH) {
        for (size_t i = 0; i < as_value_list_count(a); i++) {
            compare_values(w, as_value_index(a, i), as_value_index(b, i), path, depth + 1);
        }
        return;
    }
    if (!same_scalar(a, b)) {
        differ(w, path);
    }
}

typedef AS_VEC(const as_entity *) same_name;

static as_str key_of(as_arena *arena, const as_entity *e)
{
    return as_str_fmt(arena, "%.*s\n%.*s\n%.*s\n%.*s",
            AS_STR_ARG(e->unit == NULL ? AS_STR("") : e->unit->name),
            AS_STR_ARG(e->unit == NULL ? AS_STR("") : e->unit->variant), AS_STR_ARG(e->kind),
            AS_STR_ARG(e->address));
}

static void index_entities(proof *p, const as_graph *graph, as_map *map)
{
    for (size_t i = 1; i <= as_graph_count(graph); i++) {
        const as_entity *e = as_graph_get(graph, (uint32_t)i);
        if (!is_resource(e)) {
            continue;
        }
        as_str key = key_of(p->arena, e);
        same_name *list = as_map_get(map, key);
        if (list == NULL) {
            list = AS_NEW(p->arena, same_name);
            as_map_put(p->arena, map, key, list);
        }
        AS_VEC_PUSH(p->arena, list, e);
    }
}

/* A new resource "aws_x.y" is meant with every instance and in every module. */
static bool is_meant_new(const proof *p, const as_entity *e)
{
    for (size_t i = 0; i < p->by_head.n; i++) {
        as_str head = p->by_head.entries[i].key, address = e->address;
        size_t at = as_str_find(address, head);
        bool begins = at == 0 || (at != (size_t)-1 && address.p[at - 1] == '.');
        size_t end = at + head.n;
        if (begins && (end == address.n || address.p[end] == '[')) {
            return true;
        }
    }
    return false;
}

/* What is meant of a part (a step of a job, a job of a workflow) is meant of what it is written in.
 */
static const meant_list *meant_inside(proof *p, const as_entity *e)
{
    meant_list *list = NULL;
    for (size_t i = 0; i < p->n; i++) {
        const as_plan *plan = p->plans[i];
        bool inside = plan->edits.n > 0;
        for (size_t k = 0; k < plan->edits.n; k++) {
            as_span at = plan->edits.items[k].span;
            inside = inside && at.file == e->span.file && at.begin >= e->span.begin &&
                     at.end <= e->span.end;
        }
        for (size_t k = 0; inside && k < plan->meant.n; k++) {
            if (plan->meant.items[k].path.n == 0) {
                continue;
            }
            list = list == NULL ? AS_NEW(p->arena, meant_list) : list;
            bool below = as_str_starts(plan->meant.items[k].path, "*.");
            AS_VEC_PUSH(p->arena, &list->paths,
                    below ? plan->meant.items[k].path
                          : as_str_join(p->arena, AS_STR("*."), plan->meant.items[k].path));
        }
    }
    return list;
}

static void compare_entity(proof *p, const as_entity *a, const as_entity *b)
{
    walk w = {p, a, as_map_get(&p->by_head, as_plan_head(p->arena, p->before->sources, a))};
    if (w.meant == NULL) {
        w.meant = meant_inside(p, a);
    }
    compare_values(&w, a->raw, b->raw, AS_STR(""), 0);
    walk extra = {p, a, NULL};
    compare_values(&extra, a->extra, b->extra, AS_STR(""), 0);
}

static void compare_graphs(proof *p)
{
    as_map before = {0}, after = {0};
    index_entities(p, p->before->graph, &before);
    index_entities(p, p->after->graph, &after);
    for (size_t i = 0; i < before.n && p->objection.n == 0; i++) {
        const same_name *a = before.entries[i].value,
                        *b = as_map_get(&after, before.entries[i].key);
        if (b == NULL || a->n != b->n) {
            object_to(p, as_str_fmt(p->arena, "%.*s would no longer be there",
                                 AS_STR_ARG(a->items[0]->address)));
            return;
        }
        for (size_t k = 0; k < a->n; k++) {
            compare_entity(p, a->items[k], b->items[k]);
        }
    }
    for (size_t i = 0; i < after.n && p->objection.n == 0; i++) {
        const same_name *b = after.entries[i].value;
        if (!as_map_has(&before, after.entries[i].key) && !is_meant_new(p, b->items[0])) {
            object_to(p, as_str_fmt(p->arena, "it would also make %.*s",
                                 AS_STR_ARG(b->items[0]->address)));
        }
    }
}

as_str as_fix_objection(as_arena *arena, const as_report *before, const as_report *after,
        const as_plan *const *plans, size_t n)
{
    proof p = {.arena = arena, .before = before, .after = after, .plans = plans, .n = n};
    index_meant(&p);
    if (after->diags->n_errors > before->diags->n_errors) {
        return AS_STR("the files could no longer be read or evaluated");
    }
    compare_graphs(&p);
    compare_findings(&p);
    return p.objection;
}
