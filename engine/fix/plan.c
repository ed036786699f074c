#include "engine/fix/internal.h"

#include "engine/base/limits.h"
#include "engine/schema/schema.h"
#include "parsers/hcl/parse.h"

/* One place that a fix leads to: an entity, and what to set below its attributes. */
typedef struct spot {
    const as_entity *entity;
    const as_value *from; /* where the way begins */
    as_str path;          /* "a.b", "a[].b" */
    as_str json;
} spot;

typedef struct planning {
    as_planner *p;
    as_plan *plan;
    AS_VEC(as_target) targets; /* insertions, gathered by holder */
    AS_VEC(as_leaf) satellite; /* of a new resource */
    const as_satellite *new_satellite;
} planning;

static void refuse(planning *t, as_str why)
{
    if (t->plan->refusal.n == 0) {
        t->plan->refusal = why;
    }
}

bool as_is_hcl(const as_source *source)
{
    return as_str_ends(source->path, ".tf") || as_str_ends(source->path, ".tfvars") ||
           as_str_ends(source->path, ".tofu");
}

size_t as_line_begin(as_str text, size_t at)
{
    while (at > 0 && text.p[at - 1] != '\n') {
        at--;
    }
    return at;
}

size_t as_line_end(as_str text, size_t at)
{
    while (at < text.n && text.p[at] != '\n') {
        at++;
    }
    bool carriage = at < text.n && at > 0 && text.p[at - 1] == '\r';
    return carriage ? at - 1 : at;
}

size_t as_next_line(as_str text, size_t at)
{
    size_t end = as_line_end(text, at);
    end += end < text.n && text.p[end] == '\r';
    return end < text.n ? end + 1 : end;
}

size_t as_line_indent(as_str text, size_t at)
{
    size_t begin = as_line_begin(text, at), i = begin;
    while (i < text.n && text.p[i] == ' ') {
        i++;
    }
    return i - begin;
}

static const as_hcl_body *parse_body(as_planner *planner, as_arena *arena, const as_source *source)
{
    as_diags diags;
    as_diags_init(&diags, arena);
    union {
        const as_hcl_body *in;
        void *out;
    } kept = {.in = as_hcl_parse(arena, source, &diags)};
    as_map_put(arena, &planner->bodies, source->path, kept.out);
    return kept.in;
}

/* A part is parsed anew for each finding in it: a file that is small is read whole, once. */
enum { SMALL_FILE_BYTES = 64 << 10, MAX_PART_BYTES = 8 << 10 };

/* NULL: it is no part that can be read alone. */
static const as_hcl_body *parse_part(
        as_planner *planner, const as_source *source, as_span at, as_span around)
{
    as_diags diags;
    bool within = around.file == source->id && at.file == around.file && at.begin >= around.begin &&
                  at.end <= around.end;
    if (!within || source->text.n <= SMALL_FILE_BYTES || around.end == around.begin ||
            around.end - around.begin > MAX_PART_BYTES || around.end > source->text.n ||
            source->text.p[around.end - 1] != '}') {
        return NULL;
    }
    as_diags_init(&diags, planner->arena);
    const as_hcl_body *body = as_hcl_parse_part(planner->arena, source, around, &diags);
    return diags.n_errors > 0 ? NULL : body;
}

const as_hcl_body *as_planner_body(
        as_planner *planner, const as_source *source, as_span at, as_span around)
{
    as_guard guard;
    const as_hcl_body *volatile body = as_map_get(&planner->bodies, source->path);
    body = body == NULL ? parse_part(planner, source, at, around) : body;
    if (body == NULL && planner->parsed == NULL) {
        body = parse_body(planner, planner->arena, source);
    } else if (body == NULL) { /* what either of the two unwinds, the inner one does */
        if (!AS_GUARD_ENTER(&guard, planner->parsed)) {
            as_arena_unwind(planner->arena, guard.cause);
        }
        body = parse_body(planner, planner->parsed, source);
        as_guard_leave(&guard);
    }
    return body;
}

as_str as_plan_head(as_arena *arena, as_sources *sources, const as_entity *entity)
{
    const as_source *source = as_sources_get(sources, entity->span.file);
    return as_str_fmt(arena, "%.*s:%u", AS_STR_ARG(source == NULL ? entity->address : source->path),
            entity->span.begin);
}

/* --- from a fix to spots -------------------------------------------------------------------------
 */

/* Terraform's providers for Kubernetes and Argo CD spell names their own way. */
static as_str spelled(as_arena *arena, const as_entity *entity, as_str path)
{
    if (!as_str_starts(entity->type, "kubernetes_") && !as_str_starts(entity->type, "argocd_")) {
        return path;
    }
    as_buf out;
    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < path.n; i++) {
        bool upper = path.p[i] >= 'A' && path.p[i] <= 'Z';
        if (upper && i > 0 && path.p[i - 1] >= 'a' && path.p[i - 1] <= 'z') {
            as_buf_char(&out, '_');
        }
        as_buf_char(&out, (char)(upper ? path.p[i] - 'A' + 'a' : path.p[i]));
    }
    return as_buf_view(&out);
}

/* The value that makes a comparison true or false. */
static bool value_for(planning *t, const as_place *place, as_str *json)
{
    if (place->compare == AS_COMPARE_NONE) {
        return true;
    }
    bool is_true = as_str_is(*json, "true"), is_false = as_str_is(*json, "false");
    bool wants =
            place->compare == AS_COMPARE_EQ ? is_true : place->compare == AS_COMPARE_NE && is_false;
    if (!wants) {
        refuse(t, AS_STR("no single value says so"));
        return false;
    }
    as_buf out;
    as_buf_init(&out, t->p->arena, 0);
    int64_t number;
    bool bare = as_str_to_int(place->literal, &number) || as_str_is(place->literal, "true") ||
                as_str_is(place->literal, "false") || as_str_is(place->literal, "null");
    if (bare) {
        as_buf_str(&out, place->literal);
    } else {
        as_buf_json_string(&out, place->literal);
    }
    *json = as_buf_view(&out);
    return true;
}

static void set_at(planning *t, const spot *s);

static void set_in_satellite(
        planning *t, const as_entity *owner, as_str name, as_str path, as_str json)
{
    size_t n;
    bool unsure = false;
    const as_entity *const *found = as_graph_satellites(t->p->graph, owner, name, &n, &unsure);
    if (unsure) {
        refuse(t, AS_STR("another resource may set it"));
        return;
    }
    for (size_t i = 0; i < n; i++) {
        set_at(t, &(spot){found[i], found[i]->raw, path, json});
    }
    if (n > 0) {
        return;
    }
    for (size_t i = 0; i < owner->schema->n_satellites; i++) {
        const as_satellite *s = &owner->schema->satellites[i];
        if (!as_str_eq(s->name, name)) {
            continue;
        }
        if (t->new_satellite != NULL && t->new_satellite != s) {
            refuse(t, AS_STR("more than one new resource would be needed"));
            return;
        }
        t->new_satellite = s;
        AS_VEC_PUSH(t->p->arena, &t->satellite, (as_leaf){.names = NULL, .n = 0, .json = json});
        as_leaf *leaf = &t->satellite.items[t->satellite.n - 1];
        AS_VEC(as_str) names = {0};
        as_str rest = path, part;
        while (as_str_split(&rest, '.', &part)) {
            AS_VEC_PUSH(t->p->arena, &names, part);
        }
        leaf->names = names.items;
        leaf->n = names.n;
        return;
    }
    refuse(t, AS_STR("the schema has no such resource"));
}

static void set_at_place(
        planning *t, const as_entity *entity, const as_place *place, as_str rest, as_str json)
{
    as_arena *arena = t->p->arena;
    as_str path = place->path;
    if (rest.n > 0) {
        path = path.n == 0 ? rest
                           : as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(path),
                                     AS_STR_ARG(spelled(arena, entity, rest)));
    }
    if (!value_for(t, place, &json)) {
        return;
    }
    if (as_str_is(place->satellite, "extra")) {
        refuse(t, AS_STR("it is set outside the attributes"));
    } else if (place->satellite.n > 0) {
        set_in_satellite(t, entity, place->satellite, path, json);
    } else {
        set_at(t, &(spot){entity, entity->raw, path, json});
    }
}

/* Whether the entity, or one of its satellites, holds something at the place. */
static bool holds(planning *t, const as_entity *entity, const as_place *place)
{
    if (place->satellite.n == 0) {
        return as_place_walk(t->p->arena, entity->raw, place->path).value != NULL;
    }
    size_t n = 0;
    bool unsure = false;
    const as_entity *const *found =
            as_str_is(place->satellite, "extra")
                    ? NULL
                    : as_graph_satellites(t->p->graph, entity, place->satellite, &n, &unsure);
    for (size_t i = 0; i < n; i++) {
        if (as_place_walk(t->p->arena, found[i]->raw, place->path).value != NULL) {
            return true;
        }
    }
    return false;
}

static void set_field(
        planning *t, const as_entity *entity, const as_field *field, as_str rest, as_str json)
{
    const as_field_source *source = as_field_source_of(entity, field->sources, field->n_sources);
    if (source == NULL || source->n_places == 0) {
        refuse(t, as_str_fmt(t->p->arena, "%.*s cannot be set there", AS_STR_ARG(field->name)));
        return;
    }
    const as_place *best = &source->places[0];
    for (size_t i = 0; i < source->n_places; i++) {
        if (holds(t, entity, &source->places[i])) {
            best = &source->places[i];
            break;
        }
    }
    set_at_place(t, entity, best, rest, json);
}

/* "within.…", "@satellite.…", "raw.…", a field of the schema, or one and a way below it. */
static void set_fix(planning *t, const as_finding *f, const as_fix *fix)
{
    const as_entity *entity = f->entity;
    as_arena *arena = t->p->arena;
    as_str name = fix->field;
    if (as_str_starts(name, "within.")) {
        if (f->within == NULL) {
            refuse(t, AS_STR("there is no block of its own to set it in"));
            return;
        }
        set_at(t, &(spot){entity, f->within, spelled(arena, entity, as_str_from_index(name, 7)),
                          fix->json});
        return;
    }
    if (as_str_starts(name, "raw.")) {
        set_at(t, &(spot){entity, entity->raw, as_str_from_index(name, 4), fix->json});
        return;
    }
    size_t dot = as_str_find_char(name, '.');
    if (as_str_starts(name, "@") && dot != (size_t)-1) {
        if (entity->schema == NULL || entity->origin != AS_ORIGIN_TERRAFORM) {
            refuse(t, AS_STR("it is no resource of Terraform"));
            return;
        }
        set_in_satellite(
                t, entity, as_str_slice(name, 1, dot), as_str_from_index(name, dot + 1), fix->json);
        return;
    }
    for (as_str head = name; entity->schema != NULL && head.n > 0;) {
        const as_field *field = as_schema_field(entity->schema, head);
        if (field != NULL) {
            set_field(t, entity, field, as_str_from_index(name, head.n + (head.n < name.n)),
                    fix->json);
            return;
        }
        size_t last = as_str_rfind_char(head, '.');
        head = last == (size_t)-1 ? AS_STR("") : as_str_slice(head, 0, last);
    }
    refuse(t, as_str_fmt(arena, "there is no field %.*s", AS_STR_ARG(name)));
}

/* --- from spots to targets -----------------------------------------------------------------------
 */

static as_target *target_like(planning *t, const as_target *at)
{
    for (size_t i = 0; i < t->targets.n; i++) {
        if (t->targets.items[i].holder == at->holder) {
            return &t->targets.items[i];
        }
    }
    AS_VEC_PUSH(t->p->arena, &t->targets,
            (as_target){.holder = at->holder,
                    .span = at->span,
                    .around = at->around,
                    .is_root = at->is_root});
    return &t->targets.items[t->targets.n - 1];
}

static void add_leaf(planning *t, const as_target *at, as_str path, as_str json)
{
    as_arena *arena = t->p->arena;
    as_target *target = target_like(t, at);
    AS_VEC(as_str) names = {0};
    as_str rest = path, part;
    while (as_str_split(&rest, '.', &part)) {
        AS_VEC_PUSH(arena, &names, part);
    }
    AS_VEC_PUSH(arena, &target->leaves, (as_leaf){names.items, names.n, json});
}

static void replace(planning *t, const as_target *at, as_str name, const as_value *v, as_str json)
{
    const as_source *source = as_sources_get(t->p->sources, at->span.file);
    refuse(t, as_is_hcl(source)
                      ? as_hcl_replace(t->p, source, at, name, v, json, &t->plan->edits)
                      : as_yaml_replace(t->p, source, at, name, v, json, &t->plan->edits));
}

static bool editable(planning *t, as_span span)
{
    const as_source *source = as_sources_get(t->p->sources, span.file);
    if (source == NULL || as_str_find_char(source->path, '!') != (size_t)-1) {
        refuse(t, AS_STR("it does not stand in a file of its own"));
        return false;
    }
    bool known = as_is_hcl(source) || as_str_ends(source->path, ".yaml") ||
                 as_str_ends(source->path, ".yml") ||
                 (as_str_ends(source->path, ".json") && !as_str_ends(source->path, ".tf.json"));
    if (!known) {
        refuse(t, AS_STR("files of this kind are not edited"));
    }
    return known;
}

/* Goes down as far as there are objects; `depth` bounds what a rule's path may ask for. */
static void descend(planning *t, as_target at, as_str path, as_str json, int depth)
{
    as_str rest = path, name;
    while (as_str_split(&rest, '.', &name)) {
        bool each = as_str_ends(name, "[]");
        if (each) {
            name = as_str_slice(name, 0, name.n - 2);
        }
        as_str remaining = rest.n == 0 ? name
                                       : as_str_fmt(t->p->arena, "%.*s.%.*s", AS_STR_ARG(name),
                                                 AS_STR_ARG(rest));
        const as_value *v = as_value_get(at.holder, name);
        if (as_value_is_unknown(v)) {
            refuse(t, AS_STR("what is there is not known"));
            return;
        }
        if (rest.n == 0 && !as_value_is_null(v)) {
            replace(t, &at, name, v, json);
            return;
        }
        if (each && as_value_is(v, AS_LIST) && v->as.list.n > 0 && depth < 8) {
            for (size_t i = 0; i < v->as.list.n; i++) {
                const as_value *item = v->as.list.items[i];
                as_target one = {.holder = item, .span = item->span, .around = at.around};
                descend(t, one, rest, json, depth + 1);
            }
            return;
        }
        if (each && !as_value_is(v, AS_OBJECT)) {
            refuse(t, AS_STR("there is nothing to set it in"));
            return;
        }
        if (as_value_is(v, AS_LIST)) {
            v = as_value_index(v, 0);
        }
        if (!as_value_is(v, AS_OBJECT) || v->span.file == 0) {
            add_leaf(t, &at, remaining, json);
            return;
        }
        at = (as_target){.holder = v, .span = v->span, .around = at.around};
    }
}

static void set_at(planning *t, const spot *s)
{
    const as_entity *entity = s->entity;
    const as_value *from = as_value_is(s->from, AS_LIST) ? as_value_index(s->from, 0) : s->from;
    bool is_root = from == entity->raw;
    if (!as_value_is(from, AS_OBJECT)) {
        refuse(t, AS_STR("there is nothing to set it in"));
        return;
    }
    as_span span = is_root && entity->origin == AS_ORIGIN_TERRAFORM ? entity->span : from->span;
    const as_source *source = as_sources_get(t->p->sources, from->span.file);
    if (is_root && source != NULL && as_is_hcl(source) && !as_str_starts(entity->kind, "k8s.")) {
        span = entity->span;
    }
    if (!editable(t, span)) {
        return;
    }
    as_meant meant = {as_plan_head(t->p->arena, t->p->sources, entity),
            as_str_replace(t->p->arena, s->path, AS_STR("[]"), AS_STR(""))};
    if (!is_root) {
        meant.path = as_str_join(t->p->arena, AS_STR("*."), meant.path);
    }
    AS_VEC_PUSH(t->p->arena, &t->plan->meant, meant);
    as_target whole = {.holder = from, .span = span, .around = entity->span, .is_root = is_root};
    descend(t, whole, s->path, s->json, 0);
}

/* --- a resource of its own -----------------------------------------------------------------------
 */

static const as_hcl_block *block_of(planning *t, const as_entity *owner)
{
    const as_source *source = as_sources_get(t->p->sources, owner->span.file);
    if (source == NULL || !as_is_hcl(source)) {
        return NULL;
    }
    const as_hcl_body *body = as_planner_body(t->p, source, owner->span, owner->span);
    const as_hcl_block *b = as_hcl_block_around(body, owner->span.begin);
    return b != NULL && b->span.begin == owner->span.begin && b->n_labels == 2 ? b : NULL;
}

/* One for each instance of the owner. */
static void write_satellite(planning *t, const as_hcl_block *block, as_buf *out)
{
    const as_satellite *s = t->new_satellite;
    as_str type = block->labels[0].text, name = block->labels[1].text;
    as_buf_fmt(out, "\n\nresource \"%.*s\" \"%.*s\" {\n", AS_STR_ARG(s->types.items[0]),
            AS_STR_ARG(name));
    bool counted = as_hcl_body_attribute(block->body, AS_STR("count")) != NULL;
    bool each = as_hcl_body_attribute(block->body, AS_STR("for_each")) != NULL;
    size_t width = counted ? 5 : each ? 8 : 0;
    width = s->by.n > width ? s->by.n : width;
    if (counted) {
        as_buf_fmt(out, "  %-*s = length(%.*s.%.*s)\n", (int)width, "count", AS_STR_ARG(type),
                AS_STR_ARG(name));
    } else if (each) {
        as_buf_fmt(out, "  %-*s = %.*s.%.*s\n", (int)width, "for_each", AS_STR_ARG(type),
                AS_STR_ARG(name));
    }
    as_buf_fmt(out, "  %.*s", AS_STR_ARG(s->by));
    as_buf_repeat(out, ' ', width - s->by.n);
    if (each) {
        as_buf_cstr(out, " = each.value.id\n");
    } else {
        as_buf_fmt(out, " = %.*s.%.*s%s.id\n", AS_STR_ARG(type), AS_STR_ARG(name),
                counted ? "[count.index]" : "");
    }
    as_leaves leaves = {t->satellite.items, t->satellite.n, t->satellite.n};
    as_buf_char(out, '\n');
    as_hcl_render(out, &leaves, 0, 2, false);
    as_buf_char(out, '}');
}

static void add_satellite(planning *t, const as_entity *owner)
{
    const as_hcl_block *block = block_of(t, owner);
    if (block == NULL || owner->origin != AS_ORIGIN_TERRAFORM) {
        refuse(t, AS_STR("the resource is not written in a file of Terraform"));
        return;
    }
    as_buf out;
    as_buf_init(&out, t->p->arena, 0);
    write_satellite(t, block, &out);
    const as_source *source = as_sources_get(t->p->sources, owner->span.file);
    uint32_t at = (uint32_t)as_line_end(source->text, block->span.end);
    AS_VEC_PUSH(
            t->p->arena, &t->plan->edits, (as_edit){{owner->span.file, at, at}, as_buf_view(&out)});
    AS_VEC_PUSH(t->p->arena, &t->plan->meant,
            (as_meant){as_str_fmt(t->p->arena, "%.*s.%.*s",
                               AS_STR_ARG(t->new_satellite->types.items[0]),
                               AS_STR_ARG(block->labels[1].text)),
                    AS_STR("")});
}

/* --- the plan ------------------------------------------------------------------------------------
 */

static bool is_code(const as_entity *entity)
{
    return entity->origin == AS_ORIGIN_TERRAFORM || entity->origin == AS_ORIGIN_HELM ||
           entity->origin == AS_ORIGIN_KUSTOMIZE || entity->origin == AS_ORIGIN_MANIFEST ||
           entity->origin == AS_ORIGIN_WORKFLOW || entity->origin == AS_ORIGIN_FILE;
}

static void insert_all(planning *t, const as_entity *entity)
{
    for (size_t i = 0; i < t->targets.n && t->plan->refusal.n == 0; i++) {
        const as_target *target = &t->targets.items[i];
        const as_source *source = as_sources_get(t->p->sources, target->span.file);
        if (entity->origin == AS_ORIGIN_HELM && !as_is_hcl(source)) {
            refuse(t, AS_STR("a template of the chart writes it"));
        } else if (as_is_hcl(source)) {
            refuse(t, as_hcl_insert(t->p, source, target, &t->plan->edits));
        } else {
            refuse(t, as_yaml_insert(t->p, source, target, &t->plan->edits));
        }
    }
}

/* New lines end as those of the file do. */
static void keep_line_ends(planning *t)
{
    for (size_t i = 0; i < t->plan->edits.n; i++) {
        as_edit *edit = &t->plan->edits.items[i];
        as_str text = as_sources_get(t->p->sources, edit->span.file)->text;
        size_t first = as_str_find_char(text, '\n');
        if (first != (size_t)-1 && first > 0 && text.p[first - 1] == '\r') {
            edit->text = as_str_replace(t->p->arena, edit->text, AS_STR("\n"), AS_STR("\r\n"));
        }
    }
}

void as_plan_make(as_planner *planner, const as_finding *finding, as_plan *out)
{
    *out = (as_plan){.finding = finding};
    planning t = {.p = planner, .plan = out};
    if (finding->n_fixes == 0) {
        refuse(&t, AS_STR("the rule has no fix for it"));
    } else if (!is_code(finding->entity)) {
        refuse(&t, AS_STR("it is not read from code"));
    }
    for (size_t i = 0; i < finding->n_fixes && out->refusal.n == 0; i++) {
        set_fix(&t, finding, &finding->fixes[i]);
    }
    insert_all(&t, finding->entity);
    if (out->refusal.n == 0 && t.new_satellite != NULL) {
        add_satellite(&t, finding->entity);
    }
    if (out->refusal.n == 0 && out->edits.n == 0) {
        refuse(&t, AS_STR("the value stands there already"));
    }
    if (out->refusal.n > 0) {
        out->edits.n = 0;
    }
    keep_line_ends(&t);
}
