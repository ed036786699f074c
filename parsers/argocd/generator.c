/* Generators of an ApplicationSet: list, git (directories and files), clusters, matrix, merge. */
#include "parsers/argocd/internal.h"

#include "engine/base/glob.h"
#include "engine/base/limits.h"
#include "engine/base/path_glob.h"
#include "parsers/yaml/yaml.h"

typedef struct generator {
    as_argocd *a;
    bool go_template;
    size_t depth;
    as_argocd_params_list out;
} generator;

static const as_value *text_value(as_arena *arena, as_str s)
{
    return as_value_string(arena, AS_SPAN_NONE, s);
}

static void add(generator *g, const as_value *params, bool assumed)
{
    if (g->out.n < AS_MAX_INSTANCES) {
        as_argocd_params one = {params, assumed};
        AS_VEC_PUSH(g->a->arena, &g->out, one);
    }
}

/* Members of both; those of `over` win. */
static const as_value *join(as_arena *arena, const as_value *under, const as_value *over)
{
    as_object_builder b;
    as_object_begin(&b, arena);
    const as_value *both[] = {under, over};
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; as_value_is(both[k], AS_OBJECT) && i < both[k]->as.object->n; i++) {
            const as_member *m = &both[k]->as.object->members[i];
            as_object_add(&b, m->key, m->key_span, m->value);
        }
    }
    return as_object_end(&b, under ? under->span : AS_SPAN_NONE);
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
static const as_value *with_values(generator *g, const as_value *spec, const as_value *params)
{
    const as_value *values = as_value_get(spec, AS_STR("values"));
    if (!as_value_is(values, AS_OBJECT)) {
        return params;
    }
    as_object_builder b, outer;
    as_object_begin(&b, g->a->arena);
    as_object_begin(&outer, g->a->arena);
    const as_value *filled = g->go_template ? values : as_argocd_fill(g->a, values, params, NULL);
    for (size_t i = 0; filled && i < filled->as.object->n; i++) {
        const as_member *m = &filled->as.object->members[i];
        as_object_add(&b, m->key, m->key_span, m->value);
    }
    as_object_add(&outer, AS_STR("values"), values->span, as_object_end(&b, values->span));
    return join(g->a->arena, params, shaped(g, as_object_end(&outer, values->span)));
}

/* --- list ------------------------------------------------------------------------------------- */

static void from_list(generator *g, const as_value *spec)
{
    const as_value *elements = as_value_get(spec, AS_STR("elements"));
    for (size_t i = 0; i < as_value_count(elements); i++) {
        const as_value *element = as_value_index(elements, i);
        if (as_value_is(element, AS_OBJECT)) {
            add(g, shaped(g, element), false);
        }
    }
}

/* --- git -------------------------------------------------------------------------------------- */

/* Lower-case letters, digits and '-' (Argo CD's sanitizeName). */
static as_str normalized(as_arena *arena, as_str name)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    as_str lower = as_str_lower(arena, name);
    for (size_t i = 0; i < lower.n && out.n < 253; i++) {
        char c = lower.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
        as_buf_char(&out, word ? c : '-');
    }
    return as_buf_view(&out);
}

/* The parameters that stand for a path: of a folder, or of a file and its folder. */
static const as_value *path_params(generator *g, as_str dir, as_str filename)
{
    as_arena *arena = g->a->arena;
    as_object_builder path, outer;
    as_list_builder segments;
    as_object_begin(&path, arena);
    as_object_begin(&outer, arena);
    as_list_begin(&segments, arena);
    as_str base = as_path_base(dir), part, rest = dir;
    size_t n = 0;
    while (as_str_split(&rest, '/', &part)) {
        as_list_add(&segments, text_value(arena, part));
        if (!g->go_template) {
            as_object_add(&outer, as_str_fmt(arena, "path[%zu]", n++), AS_SPAN_NONE,
                    text_value(arena, part));
        }
    }
    as_object_add(&path, AS_STR("basename"), AS_SPAN_NONE, text_value(arena, base));
    as_object_add(&path, AS_STR("basenameNormalized"), AS_SPAN_NONE,
            text_value(arena, normalized(arena, base)));
    if (filename.n) {
        as_object_add(&path, AS_STR("filename"), AS_SPAN_NONE, text_value(arena, filename));
        as_object_add(&path, AS_STR("filenameNormalized"), AS_SPAN_NONE,
                text_value(arena, normalized(arena, filename)));
    }
    if (g->go_template) {
        as_object_add(&path, AS_STR("path"), AS_SPAN_NONE, text_value(arena, dir));
        as_object_add(
                &path, AS_STR("segments"), AS_SPAN_NONE, as_list_end(&segments, AS_SPAN_NONE));
        as_object_add(&outer, AS_STR("path"), AS_SPAN_NONE, as_object_end(&path, AS_SPAN_NONE));
        return as_object_end(&outer, AS_SPAN_NONE);
    }
    as_object_add(&outer, AS_STR("path"), AS_SPAN_NONE, text_value(arena, dir));
    const as_value *flat = as_object_end(&path, AS_SPAN_NONE);
    for (size_t i = 0; i < flat->as.object->n; i++) {
        const as_member *m = &flat->as.object->members[i];
        as_object_add(&outer, as_str_join(arena, AS_STR("path."), m->key), AS_SPAN_NONE, m->value);
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
        if (as_str_starts(e->name, ".git") || !as_path_join(g->a->arena, dir, e->name, &path)) {
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
            add(g, with_values(g, spec, path_params(g, all.items[i], AS_STR(""))), false);
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
    const as_value *place = path_params(g, as_path_dir(path), as_path_base(path));
    size_t n = as_value_is(content, AS_LIST) ? as_value_count(content) : 1;
    for (size_t i = 0; i < n; i++) {
        const as_value *one = as_value_is(content, AS_LIST) ? as_value_index(content, i) : content;
        if (as_value_is(one, AS_OBJECT)) {
            const as_value *params = join(g->a->arena, shaped(g, one), place);
            add(g, with_values(g, spec, params), false);
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
    as_diags_add(g->a->diags, AS_DIAG_NOTE, "argocd-clusters", spec ? spec->span : AS_SPAN_NONE,
            "the clusters are not known: one stands for all");
    add(g, with_values(g, spec, as_object_end(&b, AS_SPAN_NONE)), true);
}

/* --- matrix and merge ---------------------------------------------------------------------------
 */

static as_argocd_params_list inner(generator *g, const as_value *generators, size_t i)
{
    const as_value *const one[] = {as_value_index(generators, i)};
    if (!one[0]) {
        return (as_argocd_params_list){0};
    }
    return as_argocd_generate(
            g->a, as_value_list(g->a->arena, one[0]->span, one, 1), g->go_template, g->depth + 1);
}

static void from_matrix(generator *g, const as_value *spec)
{
    const as_value *generators = as_value_get(spec, AS_STR("generators"));
    as_argocd_params_list left = inner(g, generators, 0);
    for (size_t i = 0; i < left.n; i++) {
        /* The second may use what the first gives. */
        const as_value *second = as_value_index(generators, 1);
        const as_value *filled = second && !g->go_template
                                         ? as_argocd_fill(g->a, second, left.items[i].value, NULL)
                                         : second;
        if (!filled) {
            return;
        }
        const as_value *const one[] = {filled};
        as_argocd_params_list right = as_argocd_generate(g->a,
                as_value_list(g->a->arena, filled->span, one, 1), g->go_template, g->depth + 1);
        for (size_t k = 0; k < right.n; k++) {
            add(g, join(g->a->arena, left.items[i].value, right.items[k].value),
                    left.items[i].assumed || right.items[k].assumed);
        }
    }
}

static bool same_keys(const as_value *keys, const as_value *a, const as_value *b)
{
    for (size_t i = 0; i < as_value_count(keys); i++) {
        as_str key = as_value_str(as_value_index(keys, i));
        const as_value *x = as_value_get(a, key), *y = as_value_get(b, key);
        if (!x || !y || !as_value_equal(x, y)) {
            return false;
        }
    }
    return as_value_count(keys) > 0;
}

/* The first generator's sets, overlaid by those of the others that agree in mergeKeys. */
static void from_merge(generator *g, const as_value *spec)
{
    const as_value *generators = as_value_get(spec, AS_STR("generators"));
    const as_value *keys = as_value_get(spec, AS_STR("mergeKeys"));
    as_argocd_params_list base = inner(g, generators, 0);
    for (size_t n = 1; n < as_value_count(generators); n++) {
        as_argocd_params_list over = inner(g, generators, n);
        for (size_t i = 0; i < base.n; i++) {
            for (size_t k = 0; k < over.n; k++) {
                if (same_keys(keys, base.items[i].value, over.items[k].value)) {
                    base.items[i].value =
                            join(g->a->arena, base.items[i].value, over.items[k].value);
                    base.items[i].assumed |= over.items[k].assumed;
                }
            }
        }
    }
    for (size_t i = 0; i < base.n; i++) {
        add(g, base.items[i].value, base.items[i].assumed);
    }
}

/* --- the table ----------------------------------------------------------------------------------
 */

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

as_argocd_params_list as_argocd_generate(
        as_argocd *a, const as_value *generators, bool go_template, size_t depth)
{
    generator g = {.a = a, .go_template = go_template, .depth = depth};
    if (depth > 8) { /* Argo CD nests matrix and merge once */
        return g.out;
    }
    for (size_t i = 0; i < as_value_count(generators); i++) {
        const as_value *one = as_value_index(generators, i);
        size_t k = 0;
        while (k < N_GENERATORS && !as_value_get(one, as_str_from(GENERATORS[k].name))) {
            k++;
        }
        if (k < N_GENERATORS) {
            GENERATORS[k].generate(&g, as_value_get(one, as_str_from(GENERATORS[k].name)));
        } else if (as_value_is(one, AS_OBJECT) && one->as.object->n > 0) {
            as_diags_add(a->diags, AS_DIAG_NOTE, "argocd-generator", one->span,
                    "generator '%.*s' asks a service: its applications are not known",
                    AS_STR_ARG(one->as.object->members[0].key));
        }
    }
    return g.out;
}
