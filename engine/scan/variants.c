#include "engine/scan/variants.h"

#include "engine/base/limits.h"
#include "engine/base/map.h"

extern const as_parser as_parser_kustomize;

/* A variant with what it varies. */
typedef struct pair {
    const as_load *load; /* of the variant */
    const as_unit *base;
    as_str prefix, suffix; /* that the overlay puts around names */
} pair;

typedef struct comparing {
    as_arena *arena;
    as_variants_scan *scan;
    as_diags ignored; /* the first evaluation has said it */
    AS_VEC(pair) pairs;
    as_graph *graph; /* of variants and bases */
    as_map added;    /* unit ids, as text */
    as_map verdicts; /* base unit, rule, object → verdict */
} comparing;

typedef struct verdict {
    bool passes, other;
} verdict;

/* --- pairs ------------------------------------------------------------------------------------ */

static void add_load(comparing *c, const as_load *load)
{
    as_str key = as_str_fmt(c->arena, "%p", (const void *)load);

    if (as_map_put(c->arena, &c->added, key, c) != NULL)
        return;
    for (size_t i = 0; i < load->resources.n; i++) {
        as_resource r = load->resources.items[i];
        if (r.kind.n > 0) /* charts, values files and the like */
            continue;
        r.unit = load->target->unit;
        (void)as_graph_add(c->graph, &r);
    }
}

static void pair_charts(comparing *c, const as_loading *loading)
{
    const as_discovery *d = &loading->discovery;
    as_map bases = {0}; /* folder → load with the chart's own values */

    for (size_t i = 0; i < d->targets.n; i++)
        if (d->targets.items[i].unit->origin == AS_ORIGIN_HELM &&
                d->targets.items[i].variant.n == 0)
            as_map_put(c->arena, &bases, d->targets.items[i].path, &loading->loads[i]);
    for (size_t i = 0; i < d->targets.n; i++) {
        const as_target *target = &d->targets.items[i];
        if (target->unit->origin != AS_ORIGIN_HELM || target->variant.n == 0)
            continue;
        const as_load *base = as_map_get(&bases, target->path);
        if (base == NULL)
            continue;
        add_load(c, base);
        add_load(c, &loading->loads[i]);
        AS_VEC_PUSH(c->arena, &c->pairs,
                (pair){.load = &loading->loads[i], .base = base->target->unit});
    }
}

static void load_guarded(as_load *load)
{
    as_guard guard;

    if (AS_GUARD_ENTER(&guard, load->arena)) {
        as_parser_kustomize.load(load);
        as_guard_leave(&guard);
    }
}

/* The base as it would be built alone; its unit gets its number when it is paired. */
static const as_load *load_base(as_arena *arena, const as_load *overlay, as_str dir)
{
    as_load *load = AS_NEW(arena, as_load);
    as_target *target = AS_NEW(arena, as_target);
    as_unit *unit = AS_NEW(arena, as_unit);
    as_diags *ignored = AS_NEW(arena, as_diags); /* the first evaluation has said it */

    *unit = (as_unit){.name = dir,
            .origin = AS_ORIGIN_KUSTOMIZE,
            .environment = overlay->target->unit->environment};
    *target = (as_target){.parser = &as_parser_kustomize, .path = dir, .unit = unit};
    as_diags_init(ignored, arena);
    *load = (as_load){.arena = as_arena_own(arena, AS_MAX_UNIT_BYTES),
            .fs = overlay->fs,
            .diags = ignored,
            .target = target,
            .options = overlay->options};
    load_guarded(load);
    return load;
}

static const as_value *spec_of(const as_load *load)
{
    for (size_t i = 0; i < load->resources.n; i++) {
        const as_resource *r = &load->resources.items[i];
        if (as_str_is(r->kind, "kustomize.kustomization") &&
                as_value_bool_or(as_value_get(r->raw, AS_STR("target")), false))
            return as_value_get(r->raw, AS_STR("spec"));
    }
    return NULL;
}

void as_variant_bases_load(as_arena *arena, const as_load *overlay, as_variant_bases *out)
{
    static const char *const fields[] = {"resources", "bases"};
    const as_value *spec = spec_of(overlay);

    for (size_t f = 0; f < 2; f++) {
        const as_value *list = as_value_get(spec, as_str_from(fields[f]));
        for (size_t i = 0; i < as_value_count(list); i++) {
            as_str dir;
            if (!as_path_join(arena, overlay->target->path, as_value_str(as_value_index(list, i)),
                        &dir) ||
                    as_fs_stat(overlay->fs, dir) != AS_FS_DIR)
                continue;
            AS_VEC_PUSH(arena, out,
                    (as_variant_base){.overlay = overlay,
                            .base = load_base(arena, overlay, dir),
                            .prefix = as_value_str(as_value_get(spec, AS_STR("namePrefix"))),
                            .suffix = as_value_str(as_value_get(spec, AS_STR("nameSuffix")))});
        }
    }
}

static void pair_overlay(comparing *c, const as_variant_base *b)
{
    b->base->target->unit->id = UINT32_MAX / 2 + (uint32_t)c->added.n;
    add_load(c, b->base);
    add_load(c, b->overlay);
    AS_VEC_PUSH(c->arena, &c->pairs,
            (pair){.load = b->overlay,
                    .base = b->base->target->unit,
                    .prefix = b->prefix,
                    .suffix = b->suffix});
}

static void pair_overlays(comparing *c, const as_loading *loading)
{
    const as_variant_bases *given = c->scan->bases;
    as_variant_bases own = {0};

    for (size_t i = 0; given == NULL && i < loading->discovery.targets.n; i++)
        if (loading->discovery.targets.items[i].unit->origin == AS_ORIGIN_KUSTOMIZE)
            as_variant_bases_load(c->arena, &loading->loads[i], &own);
    for (size_t i = 0; i < own.n; i++)
        pair_overlay(c, &own.items[i]);
    /* Those of this root lie among its loads. */
    for (size_t i = 0; given != NULL && i < given->n; i++) {
        const as_load *overlay = given->items[i].overlay;
        if (overlay >= loading->loads && overlay < loading->loads + loading->discovery.targets.n)
            pair_overlay(c, &given->items[i]);
    }
}

static void find_pairs(comparing *c)
{
    for (size_t r = 0; r < c->scan->n_roots; r++) {
        pair_charts(c, &c->scan->loadings[r]);
        pair_overlays(c, &c->scan->loadings[r]);
    }
}

/* --- verdicts --------------------------------------------------------------------------------- */

static as_str kind_of(as_str address)
{
    size_t slash = as_str_find_char(address, '/');

    return as_str_slice(address, 0, slash == (size_t)-1 ? address.n : slash);
}

/* The namespace is the overlay's to choose, so an object is known by its kind and name. */
static as_str key_of(comparing *c, const as_unit *unit, const as_finding *f, as_str name)
{
    return as_str_fmt(c->arena, "%u %.*s %.*s/%.*s", unit->id, AS_STR_ARG(f->rule->id),
            AS_STR_ARG(kind_of(f->entity->address)), AS_STR_ARG(name));
}

static void note_verdict(comparing *c, const as_finding *f)
{
    as_str key = key_of(c, f->entity->unit, f, f->entity->name);
    verdict *v = as_map_get(&c->verdicts, key);

    if (v == NULL) {
        v = AS_NEW(c->arena, verdict);
        as_map_put(c->arena, &c->verdicts, key, v);
    }
    v->passes = v->passes || f->status == AS_PASS;
    v->other = v->other || f->status != AS_PASS;
}

static as_str base_name(const pair *p, as_str name)
{
    if (p->prefix.n > 0 && name.n > p->prefix.n && memcmp(name.p, p->prefix.p, p->prefix.n) == 0)
        name = as_str_from_index(name, p->prefix.n);
    if (p->suffix.n > 0 && name.n > p->suffix.n &&
            memcmp(name.p + name.n - p->suffix.n, p->suffix.p, p->suffix.n) == 0)
        name.n -= p->suffix.n;
    return name;
}

static void put(as_arena *arena, as_object_builder *b, const char *name, as_span span, as_str text)
{
    if (text.n > 0)
        as_object_add(b, as_str_from(name), AS_SPAN_NONE, as_value_string(arena, span, text));
}

static void add_weakening(comparing *c, const pair *p, const as_finding *f, as_graph *out)
{
    const as_unit *unit = p->load->target->unit;
    bool is_chart = unit->origin == AS_ORIGIN_HELM;
    /* The last step of the value's way is where somebody wrote it: the values file. */
    as_span span = f->n_evidence > 0 && is_chart ? f->evidence[f->n_evidence - 1].span : f->span;
    as_object_builder b;

    span = span.file != 0 ? span : f->entity->head;
    as_object_begin(&b, c->arena);
    put(c->arena, &b, "rule", span, f->rule->id);
    put(c->arena, &b, "title", span, f->rule->title);
    put(c->arena, &b, "category", span, f->rule->category);
    put(c->arena, &b, "severity", span, as_str_from(as_severity_name(f->severity)));
    put(c->arena, &b, "resource", span, f->entity->address);
    put(c->arena, &b, "message", span, f->message);
    put(c->arena, &b, "variant", span, unit->variant.n > 0 ? unit->variant : unit->name);
    put(c->arena, &b, "base", span, p->base->name);
    as_resource r = {.origin = unit->origin,
            .unit = unit,
            .kind = is_chart ? AS_STR("helm.weakening") : AS_STR("kustomize.weakening"),
            .type = is_chart ? AS_STR("helm:weakening") : AS_STR("kustomize:weakening"),
            .address = f->entity->address,
            .name = f->entity->name,
            .space = f->entity->space,
            .span = span,
            .head = span,
            .raw = as_object_end(&b, span)};
    (void)as_graph_add(out, &r);
}

static void compare(comparing *c, const as_evaluation *e, as_graph *out)
{
    as_map said = {0};

    for (size_t i = 0; i < e->findings.n; i++)
        note_verdict(c, &e->findings.items[i]);
    for (size_t i = 0; i < e->findings.n; i++) {
        const as_finding *f = &e->findings.items[i];
        for (size_t p = 0; f->status == AS_FAIL && p < c->pairs.n; p++) {
            const pair *one = &c->pairs.items[p];
            if (f->entity->unit != one->load->target->unit)
                continue;
            const verdict *v = as_map_get(
                    &c->verdicts, key_of(c, one->base, f, base_name(one, f->entity->name)));
            as_str key = key_of(c, f->entity->unit, f, f->entity->name);
            if (v != NULL && v->passes && !v->other && as_map_put(c->arena, &said, key, c) == NULL)
                add_weakening(c, one, f, out);
        }
    }
}

void as_variants_run(as_arena *arena, as_variants_scan *scan, as_diags *diags, as_evaluation *out)
{
    comparing c = {.arena = arena, .scan = scan, .graph = as_graph_new(arena)};
    as_graph *weakenings = as_graph_new(arena);
    as_evaluation evaluation = {0};

    *out = (as_evaluation){.arena = arena};
    as_diags_init(&c.ignored, arena);
    find_pairs(&c);
    if (c.pairs.n == 0)
        return;
    as_graph_link(c.graph);
    as_ruleset_options all = {.builtin = true, .graph = c.graph, .exclude = scan->rules.exclude};
    as_evaluate_options how = scan->how;
    how.keep_passes = true;
    as_rules_evaluate(as_ruleset_load(arena, &all, &c.ignored), c.graph, scan->sources, &how, arena,
            &c.ignored, &evaluation);
    compare(&c, &evaluation, weakenings);
    if (as_graph_count(weakenings) == 0)
        return;
    as_graph_link(weakenings);
    scan->rules.graph = weakenings;
    scan->set = as_ruleset_load(arena, &scan->rules, diags);
    as_rules_evaluate(scan->set, weakenings, scan->sources, &scan->how, arena, diags, out);
    for (size_t i = 0; i < out->findings.n; i++) { /* ids of two graphs must not meet */
        as_entity *own = AS_NEW(arena, as_entity);
        *own = *out->findings.items[i].entity;
        own->id += scan->first_id;
        out->findings.items[i].entity = own;
    }
}
