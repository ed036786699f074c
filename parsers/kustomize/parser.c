/* Kustomizations in a scan. What others build upon is scanned as a part of them: targets are the
 * kustomizations that no other one names, and of those that only name each other the first one. */
#include "engine/base/limits.h"
#include "engine/base/map.h"
#include "parsers/kubernetes/resource.h"
#include "parsers/kustomize/parser.h"

extern const as_parser as_parser_kustomize;

/* A kustomization file among the inputs. */
typedef struct found found;
struct found {
    as_str dir;
    const as_value *value;                  /* NULL when it cannot be read */
    AS_VEC(found *) bases;                  /* that it names */
    bool is_component, is_used, is_reached; /* by another one; from a target */
};

typedef AS_VEC(found) founds;

/* --- what kustomizations name ------------------------------------------------------------------
 */

/* Fields that hold paths; in the second list, of each item's `path`. */
static const char *const path_fields[] = {"resources", "bases", "components", "crds",
        "configurations", "generators", "transformers", "validators", "patchesStrategicMerge"};
static const char *const item_fields[] = {"patches", "patchesJson6902", "replacements"};

typedef void (*visitor)(void *self, as_str path);

/* Calls `visit` with each path that the kustomization in `dir` names, as a path in the file system.
 */
static void visit_paths(as_arena *arena, as_str dir, const as_value *v, visitor visit, void *self)
{
    for (size_t i = 0; i < sizeof path_fields / sizeof *path_fields; i++) {
        const as_value *list = as_value_get(v, as_str_from(path_fields[i]));
        for (size_t j = 0; j < as_value_count(list); j++) {
            as_str path;
            if (as_path_join(arena, dir, as_value_str(as_value_index(list, j)), &path))
                visit(self, path);
        }
    }
    for (size_t i = 0; i < sizeof item_fields / sizeof *item_fields; i++) {
        const as_value *list = as_value_get(v, as_str_from(item_fields[i]));
        for (size_t j = 0; j < as_value_count(list); j++) {
            as_str path, text = as_value_str(as_value_get(as_value_index(list, j), AS_STR("path")));
            if (text.n && as_path_join(arena, dir, text, &path))
                visit(self, path);
        }
    }
}

/* The folders of charts that it renders. */
static void visit_charts(as_arena *arena, as_str dir, const as_value *v, visitor visit, void *self)
{
    const as_value *charts = as_value_get(v, AS_STR("helmCharts"));
    as_str home = as_value_str(as_value_path(v, "helmGlobals.chartHome"));

    for (size_t i = 0; i < as_value_count(charts); i++) {
        as_str name = as_value_str(as_value_get(as_value_index(charts, i), AS_STR("name"))), path;
        if (as_path_join(arena, dir,
                    as_str_fmt(arena, "%.*s/%.*s/Chart.yaml",
                            AS_STR_ARG(home.n ? home : AS_STR("charts")), AS_STR_ARG(name)),
                    &path))
            visit(self, path);
    }
}

static const as_value *read_kustomization(as_arena *arena, as_fs *fs, as_str path)
{
    const as_source *source;
    as_diags unused; /* the build will say what is wrong */

    as_diags_init(&unused, arena);
    if (as_fs_read(fs, path, &source) != AS_FS_OK)
        return NULL;
    return as_yaml_parse_one(arena, source, (as_yaml_options){0}, &unused);
}

/* --- discovery ---------------------------------------------------------------------------------
 */

typedef struct marking {
    as_discovery *d;
    as_map by_dir; /* found * */
    found *user;   /* whose paths are visited */
} marking;

static void mark(void *self, as_str path)
{
    marking *m = self;
    as_input *input = as_discovery_input(m->d, path);

    if (input)
        input->taken = true;
    found *base = as_map_get(&m->by_dir, path);
    if (!base || base == m->user)
        return;
    base->is_used = true;
    AS_VEC_PUSH(m->d->arena, &m->user->bases, base);
}

/* Marks the kustomization and all that it is built upon. */
static void reach(as_discovery *d, found *f)
{
    AS_VEC(found *) open = {0};

    AS_VEC_PUSH(d->arena, &open, f);
    while (open.n > 0) {
        f = open.items[--open.n];
        for (size_t i = 0; !f->is_reached && i < f->bases.n; i++)
            AS_VEC_PUSH(d->arena, &open, f->bases.items[i]);
        f->is_reached = true;
    }
}

static void add_target(as_discovery *d, found *f)
{
    as_discovery_add(d, &as_parser_kustomize, f->dir, AS_STR(""), AS_ORIGIN_KUSTOMIZE, NULL);
    reach(d, f);
}

static bool is_deployed(const as_discovery *d, as_str dir)
{
    for (size_t i = 0; i < d->targets.n; i++)
        if (d->targets.items[i].unit->origin == AS_ORIGIN_KUSTOMIZE &&
                as_str_eq(d->targets.items[i].path, dir))
            return true;
    return false;
}

static void discover(as_discovery *d)
{
    founds list = {0};
    marking m = {.d = d};

    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->kind != AS_FILE_KUSTOMIZATION || input->taken)
            continue;
        found f = {.dir = as_path_dir(input->path),
                .value = read_kustomization(d->arena, d->fs, input->path)};
        f.is_component =
                as_str_is(as_value_str(as_value_get(f.value, AS_STR("kind"))), "Component");
        input->taken = true;
        AS_VEC_PUSH(d->arena, &list, f);
    }
    for (size_t i = 0; i < list.n; i++)
        as_map_put(d->arena, &m.by_dir, list.items[i].dir, &list.items[i]);
    for (size_t i = 0; i < list.n; i++) {
        m.user = &list.items[i];
        visit_paths(d->arena, m.user->dir, m.user->value, mark, &m);
        visit_charts(d->arena, m.user->dir, m.user->value, mark, &m);
    }
    for (size_t i = 0; i < list.n; i++) /* Argo CD deploys it, with options of its own */
        if (is_deployed(d, list.items[i].dir))
            reach(d, &list.items[i]);
    for (size_t i = 0; i < list.n; i++)
        if (!list.items[i].is_used && !list.items[i].is_component && !list.items[i].is_reached)
            add_target(d, &list.items[i]);
    for (size_t i = 0; i < list.n; i++) /* a cycle: its build says so */
        if (!list.items[i].is_reached && !list.items[i].is_component)
            add_target(d, &list.items[i]);
}

/* --- loading -----------------------------------------------------------------------------------
 */

static void add_objects(as_load *l, const as_k8s_objects *objects, as_str namespace)
{
    for (size_t i = 0; i < objects->n; i++)
        AS_VEC_PUSH(l->arena, &l->resources,
                as_k8s_resource(l->arena, &objects->items[i], AS_ORIGIN_KUSTOMIZE, namespace));
}

/* The manifests that lie below a kustomization that cannot be built, as they stand. */
typedef struct salvage {
    as_load *load;
    as_str namespace;
    AS_VEC(as_str) seen; /* folders and files */
    unsigned depth;
} salvage;

static void salvage_dir(salvage *s, as_str dir);

static void salvage_path(void *self, as_str path)
{
    salvage *s = self;
    as_load *l = s->load;
    as_k8s_objects objects = {0};
    const as_source *source;
    as_diags unused;

    for (size_t i = 0; i < s->seen.n; i++)
        if (as_str_eq(s->seen.items[i], path))
            return;
    AS_VEC_PUSH(l->arena, &s->seen, path);
    if (as_fs_stat(l->fs, path) == AS_FS_DIR) {
        salvage_dir(s, path);
        return;
    }
    as_diags_init(&unused, l->arena);
    if (as_fs_stat(l->fs, path) != AS_FS_FILE || as_fs_read(l->fs, path, &source) != AS_FS_OK)
        return;
    (void)as_k8s_parse(l->arena, source, &unused, &objects);
    add_objects(l, &objects, s->namespace);
}

static void salvage_dir(salvage *s, as_str dir)
{
    static const char *const names[] = {"kustomization.yaml", "kustomization.yml", "Kustomization"};
    static const char *const fields[] = {"resources", "bases"};

    if (s->depth > AS_MAX_CALL_DEPTH)
        return;
    s->depth++;
    for (size_t i = 0; i < 3; i++) {
        as_arena *arena = s->load->arena;
        const as_value *v;
        as_str path;
        if (!as_path_join(arena, dir, as_str_from(names[i]), &path) ||
                as_fs_stat(s->load->fs, path) != AS_FS_FILE)
            continue;
        v = read_kustomization(arena, s->load->fs, path);
        for (size_t f = 0; f < 2; f++) {
            const as_value *list = as_value_get(v, as_str_from(fields[f]));
            for (size_t j = 0; j < as_value_count(list); j++)
                if (as_path_join(arena, dir, as_value_str(as_value_index(list, j)), &path))
                    salvage_path(s, path);
        }
    }
    s->depth--;
}

/* --- the kustomizations themselves -------------------------------------------------------------
 */

typedef struct facts {
    as_load *load;
    size_t diags_before;
    AS_VEC(as_span) unmatched;
    as_map seen; /* folders */
    bool is_target;
} facts;

static void note_unmatched(void *self, as_span target)
{
    facts *f = self;

    AS_VEC_PUSH(f->load->arena, &f->unmatched, target);
}

static const as_value *spans_in(facts *f, uint32_t file)
{
    as_list_builder list;

    as_list_begin(&list, f->load->arena);
    for (size_t i = 0; i < f->unmatched.n; i++)
        if (f->unmatched.items[i].file == file)
            as_list_add(&list,
                    as_value_string(f->load->arena, f->unmatched.items[i], AS_STR("target")));
    return as_list_end(&list, (as_span){file, 0, 0});
}

/* What the build refused: a patch that names no object among it. */
static const as_value *refusals(facts *f)
{
    as_list_builder list;

    as_list_begin(&list, f->load->arena);
    for (size_t i = f->diags_before; i < f->load->diags->list.n; i++) {
        const as_diag *d = &f->load->diags->list.items[i];
        if (d->severity == AS_DIAG_ERROR && as_str_starts(as_str_from(d->code), "kustomize") &&
                f->is_target)
            as_list_add(&list, as_value_string(f->load->arena, d->span, d->summary));
    }
    return as_list_end(&list, AS_SPAN_NONE);
}

static void add_kustomization(facts *f, as_str dir);

static void add_below(void *self, as_str path)
{
    facts *f = self;

    if (as_fs_stat(f->load->fs, path) == AS_FS_DIR)
        add_kustomization(f, path);
}

static void add_kustomization(facts *f, as_str dir)
{
    static const char *const names[] = {"kustomization.yaml", "kustomization.yml", "Kustomization"};
    as_arena *arena = f->load->arena;
    const as_value *v = NULL;
    as_str path;
    as_object_builder b;

    if (as_map_put(arena, &f->seen, dir, f) != NULL || f->seen.n > AS_MAX_CALL_DEPTH)
        return;
    for (size_t i = 0; i < 3 && v == NULL; i++)
        if (as_path_join(arena, dir, as_str_from(names[i]), &path) &&
                as_fs_stat(f->load->fs, path) == AS_FS_FILE)
            v = read_kustomization(arena, f->load->fs, path);
    if (v == NULL || !as_value_is(v, AS_OBJECT))
        return;
    as_object_begin(&b, arena);
    as_object_add(&b, AS_STR("spec"), AS_SPAN_NONE, v);
    as_object_add(&b, AS_STR("dir"), AS_SPAN_NONE, as_value_string(arena, v->span, dir));
    as_object_add(&b, AS_STR("target"), AS_SPAN_NONE, as_value_bool(arena, v->span, f->is_target));
    as_object_add(&b, AS_STR("unmatched"), AS_SPAN_NONE, spans_in(f, v->span.file));
    as_object_add(&b, AS_STR("refusals"), AS_SPAN_NONE, refusals(f));
    as_span head = {v->span.file, v->span.begin, v->span.begin};
    AS_VEC_PUSH(arena, &f->load->resources,
            (as_resource){.origin = AS_ORIGIN_KUSTOMIZE,
                    .kind = AS_STR("kustomize.kustomization"),
                    .type = AS_STR("kustomize:kustomization"),
                    .address = as_str_fmt(arena, "kustomization/%.*s", AS_STR_ARG(dir)),
                    .name = dir.n == 0 ? AS_STR(".") : as_path_base(dir),
                    .span = v->span,
                    .head = head,
                    .raw = as_object_end(&b, v->span)});
    f->is_target = false;
    visit_paths(arena, dir, v, add_below, f);
}

void as_kustomize_load(as_load *l, as_str dir, const as_value *edit, as_str namespace)
{
    facts f = {.load = l, .diags_before = l->diags->list.n, .is_target = true};
    as_kustomize_options options = {.render_chart = as_kustomize_render_chart,
            .unmatched = note_unmatched,
            .unmatched_self = &f,
            .edit = edit,
            .remote_dirs = l->options->module_dirs};
    as_yaml_docs docs = {0};
    as_k8s_objects objects = {0};

    if (!as_kustomize_build(l->arena, l->fs, dir, &options, l->diags, &docs)) {
        salvage s = {.load = l, .namespace = namespace};
        as_diags_detail(l->diags, "the manifests below it are judged as they stand in their files");
        salvage_dir(&s, dir);
        add_kustomization(&f, dir);
        return;
    }
    for (size_t i = 0; i < docs.n; i++)
        as_k8s_add(l->arena, docs.items[i].value, docs.items[i].span, l->diags, &objects);
    l->n_files++;
    add_objects(l, &objects, namespace);
    add_kustomization(&f, dir);
}

static void load(as_load *l)
{
    as_kustomize_load(l, l->target->path, NULL, AS_STR("default"));
}

const as_parser as_parser_kustomize = {"kustomize", discover, load};
