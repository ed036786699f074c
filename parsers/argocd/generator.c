/* Generators of an ApplicationSet: list, git (directories and files), clusters, matrix, merge. */
#include "parsers/argocd/internal.h"

#include "engine/base/glob.h"
#include "engine/base/limits.h"
#include "engine/base/path_glob.h"
#include "parsers/kubernetes/selector.h"
#include "parsers/yaml/yaml.h"

typedef struct generator {
    as_argocd *a;
    const as_value *set;
    bool go_template; /* as the set says */
    size_t depth;
    as_argocd_params_list out;
    bool full; /* more was there than AS_MAX_APPLICATIONS */
} generator;

static const as_value *text_value(as_arena *arena, as_str s)
{
    return as_value_string(arena, AS_SPAN_NONE, s);
}

static void add(generator *g, const as_value *params, bool assumed)
{
    if (g->out.n < AS_MAX_APPLICATIONS) {
        as_argocd_params one = {params, assumed};
        AS_VEC_PUSH(g->a->arena, &g->out, one);
    } else {
        g->full = true;
    }
}

/* Without Go templates parameters are flat: {a: {b: 1}} is "a.b". */
static void flatten(as_object_builder *b, as_str prefix, const as_value *v, size_t depth)
{
    as_arena *arena = b->arena;
    if (as_value_is(v, AS_OBJECT) && depth < AS_MAX_DEPTH) {
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            flatten(b,
                    prefix.n
                            ? as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(prefix), AS_STR_ARG(m->key))
                            : m->key,
                    m->value, depth + 1);
        }
    } else if (as_value_is(v, AS_LIST) && depth < AS_MAX_DEPTH) {
        for (size_t i = 0; i < v->as.list.n; i++) {
            flatten(b, as_str_fmt(arena, "%.*s.%zu", AS_STR_ARG(prefix), i), v->as.list.items[i],
                    depth + 1);
        }
    } else {
        as_object_add(b, prefix, AS_SPAN_NONE, v);
    }
}

static const as_value *shaped(generator *g, const as_value *params)
{
    if (g->go_template) {
        return params;
    }
    as_object_builder b;
    as_object_begin(&b, g->a->arena);
    flatten(&b, AS_STR(""), params, 0);
    return as_object_end(&b, params->span);
}

/* `values:` of a generator, below "values", filled from the parameters themselves. */
static const as_value *with_values(
        generator *g, const as_value *spec, const as_value *params, bool assumed)
{
    const as_value *values = as_value_get(spec, AS_STR("values"));
    if (!as_value_is(values, AS_OBJECT)) {
        return params;
    }
    as_object_builder b, outer;
    as_object_begin(&b, g->a->arena);
    as_object_begin(&outer, g->a->arena);
    const as_value *filled =
            as_argocd_fill(g->a, values, &(as_argocd_params){params, assumed}, g->set);
    for (size_t i = 0; filled && i < filled->as.object->n; i++) {
        const as_member *m = &filled->as.object->members[i];
        as_object_add(&b, m->key, m->key_span, m->value);
    }
    as_object_add(&outer, AS_STR("values"), values->span, as_object_end(&b, values->span));
    return as_argocd_join(g->a->arena, params, shaped(g, as_object_end(&outer, values->span)));
}

/* --- list ------------------------------------------------------------------------------------- */

static void add_elements(generator *g, const as_value *elements)
{
    for (size_t i = 0; as_value_is(elements, AS_LIST) && i < as_value_count(elements) && !g->full;
            i++) {
        const as_value *element = as_value_index(elements, i);
        if (as_value_is(element, AS_OBJECT)) {
            add(g, shaped(g, element), false);
        }
    }
}

static void from_list(generator *g, const as_value *spec)
{
    const as_value *text = as_value_get(spec, AS_STR("elementsYaml"));
    add_elements(g, as_value_get(spec, AS_STR("elements")));
    if (as_value_str(text).n > 0) {
        const as_source *source = as_sources_add(
                as_fs_sources(g->a->context->fs), AS_STR("elementsYaml"), text->as.str, true);
        add_elements(g, source == NULL ? NULL
                                       : as_yaml_parse_one(g->a->arena, source,
                                                 (as_yaml_options){0}, g->a->diags));
    }
}

/* --- git -------------------------------------------------------------------------------------- */

/* The parameters that stand for a path: of a folder, or of a file and its folder. */
static const as_value *path_params(generator *g, const as_value *spec, as_str dir, as_str filename)
{
    as_str prefix = as_value_str(as_value_get(spec, AS_STR("pathParamPrefix")));
    as_arena *arena = g->a->arena;
    as_object_builder path, outer;
    as_list_builder segments;
    as_object_begin(&path, arena);
    as_object_begin(&outer, arena);
    as_list_begin(&segments, arena);
    as_str base = as_path_base(dir), part, rest = dir, name = AS_STR("path");
    size_t n = 0;
    if (!g->go_template && prefix.n > 0) {
        name = as_str_join(arena, prefix, AS_STR(".path"));
    }
    while (as_str_split(&rest, '/', &part)) {
        as_list_add(&segments, text_value(arena, part));
        if (!g->go_template) {
            as_object_add(&outer, as_str_fmt(arena, "%.*s[%zu]", AS_STR_ARG(name), n++),
                    AS_SPAN_NONE, text_value(arena, part));
        }
    }
    as_object_add(&path, AS_STR("basename"), AS_SPAN_NONE, text_value(arena, base));
    as_object_add(&path, AS_STR("basenameNormalized"), AS_SPAN_NONE,
            text_value(arena, as_argocd_normalized(arena, base)));
    if (filename.n) {
        as_object_add(&path, AS_STR("filename"), AS_SPAN_NONE, text_value(arena, filename));
        as_object_add(&path, AS_STR("filenameNormalized"), AS_SPAN_NONE,
                text_value(arena, as_argocd_normalized(arena, filename)));
    }
    if (g->go_template) {
        as_object_add(&path, AS_STR("path"), AS_SPAN_NONE, text_value(arena, dir));
        as_object_add(
                &path, AS_STR("segments"), AS_SPAN_NONE, as_list_end(&segments, AS_SPAN_NONE));
        as_object_add(&outer, AS_STR("path"), AS_SPAN_NONE, as_object_end(&path, AS_SPAN_NONE));
        if (prefix.n > 0) {
            as_object_builder named;
            as_object_begin(&named, arena);
            as_object_add(&named, prefix, AS_SPAN_NONE, as_object_end(&outer, AS_SPAN_NONE));
            return as_object_end(&named, AS_SPAN_NONE);
        }
        return as_object_end(&outer, AS_SPAN_NONE);
    }
    as_object_add(&outer, name, AS_SPAN_NONE, text_value(arena, dir));
    const as_value *flat = as_object_end(&path, AS_SPAN_NONE);
    for (size_t i = 0; i < flat->as.object->n; i++) {
        const as_member *m = &flat->as.object->members[i];
        as_object_add(&outer, as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(name), AS_STR_ARG(m->key)),
                AS_SPAN_NONE, m->value);
    }
    return as_object_end(&outer, AS_SPAN_NONE);
}

typedef AS_VEC(as_str) names;

/* Every folder (or file) below `dir`, parents first, names sorted. */
static void walk(generator *g, as_str dir, as_fs_kind kind, size_t depth, names *out)
{
    as_fs_entries entries;
    if (depth > AS_MAX_CALL_DEPTH ||
            as_fs_list(g->a->context->fs, g->a->arena, dir, &entries) != AS_FS_OK) {
        return;
    }
    for (size_t i = 0; i < entries.n && out->n < AS_MAX_INSTANCES; i++) {
        const as_fs_entry *e = &entries.items[i];
        as_str path;
        /* Folders that begin with a dot are no applications. */
        bool hidden = as_str_starts(e->name, kind == AS_FS_DIR ? "." : ".git");
        if (hidden || !as_path_join(g->a->arena, dir, e->name, &path)) {
            continue;
        }
        if (e->kind == kind) {
            AS_VEC_PUSH(g->a->arena, out, path);
        }
        if (e->kind == AS_FS_DIR) {
            walk(g, path, kind, depth + 1, out);
        }
    }
}

/* A folder is taken when some pattern has it and no excluding one does. */
static bool selects(const as_value *directories, as_str path)
{
    bool taken = false;
    for (size_t i = 0; i < as_value_count(directories); i++) {
        const as_value *d = as_value_index(directories, i);
        if (!as_path_glob_match(as_value_str(as_value_get(d, AS_STR("path"))), path)) {
            continue;
        }
        if (as_value_bool_or(as_value_get(d, AS_STR("exclude")), false)) {
            return false;
        }
        taken = true;
    }
    return taken;
}

static void from_directories(generator *g, const as_value *spec, const as_value *directories)
{
    names all = {0};
    walk(g, AS_STR(""), AS_FS_DIR, 0, &all);
    for (size_t i = 0; i < all.n; i++) {
        if (selects(directories, all.items[i])) {
            add(g, with_values(g, spec, path_params(g, spec, all.items[i], AS_STR("")), false),
                    false);
        }
    }
}

static void add_file(generator *g, const as_value *spec, as_str path)
{
    const as_source *source;
    if (as_fs_read(g->a->context->fs, path, &source) != AS_FS_OK) {
        return;
    }
    const as_value *content =
            as_yaml_parse_one(g->a->arena, source, (as_yaml_options){0}, g->a->diags);
    const as_value *place = path_params(g, spec, as_path_dir(path), as_path_base(path));
    size_t n = as_value_is(content, AS_LIST) ? as_value_count(content) : 1;
    for (size_t i = 0; i < n; i++) {
        const as_value *one = as_value_is(content, AS_LIST) ? as_value_index(content, i) : content;
        if (as_value_is(one, AS_OBJECT)) {
            const as_value *params = as_argocd_join(g->a->arena, shaped(g, one), place);
            add(g, with_values(g, spec, params, false), false);
        }
    }
}

static void from_files(generator *g, const as_value *spec, const as_value *files)
{
    names all = {0};
    walk(g, AS_STR(""), AS_FS_FILE, 0, &all);
    for (size_t i = 0; i < all.n; i++) {
        bool taken = false, excluded = false;
        for (size_t k = 0; k < as_value_count(files); k++) {
            const as_value *f = as_value_index(files, k);
            /* As git's pathspecs: '*' reaches over '/' as well. */
            if (as_glob_match(as_value_str(as_value_get(f, AS_STR("path"))), all.items[i])) {
                bool exclude = as_value_bool_or(as_value_get(f, AS_STR("exclude")), false);
                *(exclude ? &excluded : &taken) = true;
            }
        }
        if (taken && !excluded) {
            add_file(g, spec, all.items[i]);
        }
    }
}

static void from_git(generator *g, const as_value *spec)
{
    as_str url = as_value_str(as_value_get(spec, AS_STR("repoURL")));
    if (!as_argocd_is_here(g->a, url)) {
        as_diags_add(g->a->diags, AS_DIAG_NOTE, "argocd-elsewhere", spec->span,
                "generated from another repository: %.*s", AS_STR_ARG(url));
        return;
    }
    const as_value *directories = as_value_get(spec, AS_STR("directories"));
    const as_value *files = as_value_get(spec, AS_STR("files"));
    if (directories) {
        from_directories(g, spec, directories);
    } else if (files) {
        from_files(g, spec, files);
    }
}

/* --- clusters --------------------------------------------------------------------------------- */

/* Which clusters there are, only Argo CD knows. The one that it always has stands for them. */
static void from_clusters(generator *g, const as_value *spec)
{
    as_arena *arena = g->a->arena;
    as_object_builder b;
    as_object_begin(&b, arena);
    as_object_add(&b, AS_STR("name"), AS_SPAN_NONE, text_value(arena, AS_STR("in-cluster")));
    as_object_add(
            &b, AS_STR("nameNormalized"), AS_SPAN_NONE, text_value(arena, AS_STR("in-cluster")));
    as_object_add(&b, AS_STR("server"), AS_SPAN_NONE,
            text_value(arena, AS_STR("https://kubernetes.default.svc")));
    as_object_add(&b, AS_STR("project"), AS_SPAN_NONE, text_value(arena, AS_STR("")));
    if (g->go_template) { /* of a cluster that is registered; its labels are not known */
        as_object_builder none, metadata;
        as_object_begin(&none, arena);
        as_object_begin(&metadata, arena);
        const as_value *empty = as_object_end(&none, AS_SPAN_NONE);
        as_object_add(&metadata, AS_STR("labels"), AS_SPAN_NONE, empty);
        as_object_add(&metadata, AS_STR("annotations"), AS_SPAN_NONE, empty);
        as_object_add(&b, AS_STR("metadata"), AS_SPAN_NONE, as_object_end(&metadata, AS_SPAN_NONE));
    }
    as_diags_add(g->a->diags, AS_DIAG_NOTE, "argocd-clusters", spec ? spec->span : AS_SPAN_NONE,
            "the clusters are not known: one stands for all");
    add(g, with_values(g, spec, as_object_end(&b, AS_SPAN_NONE), true), true);
}

/* --- matrix and merge --------------------------------------------------------------------------- */

static as_argocd_params_list inner(generator *g, const as_value *generators, size_t i)
{
    return as_argocd_generate(g->a, as_value_index(generators, i), g->set, g->depth + 1);
}

/* Whether a name stands for different values in the two: Argo CD refuses that. */
static bool contradict(generator *g, const as_value *a, const as_value *b, as_span span)
{
    for (size_t i = 0; as_value_is(b, AS_OBJECT) && i < b->as.object->n; i++) {
        const as_member *m = &b->as.object->members[i];
        const as_value *there = as_value_get(a, m->key);
        if (there && !as_value_equal(there, m->value)) {
            as_diags_add(g->a->diags, AS_DIAG_ERROR, "argocd-matrix", span,
                    "found duplicate key %.*s with different value", AS_STR_ARG(m->key));
            return true;
        }
    }
    return false;
}

/* The second may use what the first gives, and the first wins. */
static void from_matrix(generator *g, const as_value *spec)
{
    const as_value *generators = as_value_get(spec, AS_STR("generators"));
    as_argocd_params_list left = inner(g, generators, 0);
    const as_value *second = as_value_index(generators, 1);
    for (size_t i = 0; second && i < left.n && !g->full; i++) {
        const as_value *filled = as_argocd_fill_generator(g->a, second, &left.items[i], g->set);
        if (!filled) {
            return;
        }
        as_argocd_params_list right = as_argocd_generate(g->a, filled, g->set, g->depth + 1);
        for (size_t k = 0; k < right.n && !g->full; k++) {
            const as_value *a = left.items[i].value, *b = right.items[k].value;
            if (!g->go_template && contradict(g, a, b, spec->span)) {
                return;
            }
            add(g,
                    g->go_template ? as_argocd_overlay(g->a->arena, b, a)
                                   : as_argocd_join(g->a->arena, a, b),
                    left.items[i].assumed || right.items[k].assumed);
        }
    }
}

static bool same_keys(const as_value *keys, const as_value *a, const as_value *b)
{
    for (size_t i = 0; i < as_value_count(keys); i++) {
        as_str key = as_value_str(as_value_index(keys, i));
        const as_value *x = as_value_get(a, key), *y = as_value_get(b, key);
        if ((x == NULL) != (y == NULL) || (x && !as_value_equal(x, y))) {
            return false;
        }
    }
    return as_value_count(keys) > 0;
}

/* The first generator's sets, overlaid by those of the others that agree in mergeKeys. */
static void from_merge(generator *g, const as_value *spec)
{
    as_arena *arena = g->a->arena;
    const as_value *generators = as_value_get(spec, AS_STR("generators"));
    const as_value *keys = as_value_get(spec, AS_STR("mergeKeys"));
    as_argocd_params_list base = inner(g, generators, 0);
    for (size_t n = 1; n < as_value_count(generators); n++) {
        as_argocd_params_list over = inner(g, generators, n);
        for (size_t i = 0; i < base.n; i++) {
            for (size_t k = 0; k < over.n; k++) {
                const as_value *a = base.items[i].value, *b = over.items[k].value;
                if (same_keys(keys, a, b)) {
                    base.items[i].value = g->go_template ? as_argocd_overlay(arena, a, b)
                                                         : as_argocd_join(arena, a, b);
                    base.items[i].assumed |= over.items[k].assumed;
                }
            }
        }
    }
    for (size_t i = 0; i < base.n; i++) {
        add(g, base.items[i].value, base.items[i].assumed);
    }
}

/* --- the table ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*generate)(generator *g, const as_value *spec);
} GENERATORS[] = {
        {"list", from_list},
        {"git", from_git},
        {"clusters", from_clusters},
        {"matrix", from_matrix},
        {"merge", from_merge},
};
enum { N_GENERATORS = sizeof GENERATORS / sizeof *GENERATORS };

/* `selector` of a generator: over the parameters as labels ("metadata.labels.stage"). */
static void select_params(generator *g, const as_value *one)
{
    const as_value *wanted = as_value_get(one, AS_STR("selector"));
    if (!wanted) {
        return;
    }
    as_selector selector = as_selector_from_value(g->a->arena, wanted);
    size_t kept = 0;
    for (size_t i = 0; i < g->out.n; i++) {
        as_object_builder flat;
        as_object_begin(&flat, g->a->arena);
        flatten(&flat, AS_STR(""), g->out.items[i].value, 0);
        const as_value *labels = as_object_end(&flat, AS_SPAN_NONE);
        if (as_selector_match(&selector, labels) != AS_NO || g->out.items[i].assumed) {
            g->out.items[kept++] = g->out.items[i];
        }
    }
    g->out.n = kept;
}

static size_t generator_of(const as_value *one)
{
    size_t k = 0;
    while (k < N_GENERATORS && !as_value_get(one, as_str_from(GENERATORS[k].name))) {
        k++;
    }
    return k;
}

const as_value *as_argocd_own_template(const as_value *one)
{
    size_t k = generator_of(one);
    return k == N_GENERATORS ? NULL
                             : as_value_get(as_value_get(one, as_str_from(GENERATORS[k].name)),
                                       AS_STR("template"));
}

as_argocd_params_list as_argocd_generate(
        as_argocd *a, const as_value *one, const as_value *set, size_t depth)
{
    generator g = {.a = a,
            .set = set,
            .go_template = as_value_bool_or(as_value_path(set, "spec.goTemplate"), false),
            .depth = depth};
    size_t k = generator_of(one);
    if (depth > 8 || !as_value_is(one, AS_OBJECT)) { /* Argo CD nests matrix and merge once */
        return g.out;
    }
    if (k < N_GENERATORS) {
        GENERATORS[k].generate(&g, as_value_get(one, as_str_from(GENERATORS[k].name)));
        select_params(&g, one);
        if (g.full) {
            as_diags_add(a->diags, AS_DIAG_ERROR, "argocd-limit", one->span,
                    "more than %zu applications: the rest is left out", AS_MAX_APPLICATIONS);
        }
    } else if (one->as.object->n > 0) {
        as_diags_add(a->diags, AS_DIAG_NOTE, "argocd-generator", one->span,
                "generator '%.*s' asks a service: its applications are not known",
                AS_STR_ARG(one->as.object->members[0].key));
    }
    return g.out;
}
