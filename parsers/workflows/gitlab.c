/* GitLab's pipelines: files and includes, and the jobs as entities.
 * Syntax: docs.gitlab.com/ci/yaml. */
#include "parsers/workflows/gitlab.h"

#include "engine/base/path_glob.h"
#include "parsers/workflows/workflows.h"
#include "parsers/yaml/yaml.h"

enum { MAX_INCLUDES = 150, MAX_INCLUDE_DEPTH = 100 };

const as_value *as_gitlab_document(as_arena *arena, const as_source *source, as_diags *diags)
{
    as_yaml_docs docs = {0};
    as_yaml_options options = {.flavour = AS_YAML_CORE, .keep_tags = true};
    if (!as_yaml_parse(arena, source, options, diags, &docs) || docs.n == 0) {
        return NULL;
    }
    const as_value *last = docs.items[docs.n - 1].value;
    return as_value_is(last, AS_OBJECT) ? last : NULL;
}

/* --- includes -----------------------------------------------------------------------------------
 */

typedef struct following {
    as_discovery *d;
    as_str base;
    as_map seen;
    AS_VEC(as_str) files;
    bool has_remote;
} following;

static void follow(following *f, as_str path, int depth);

static void follow_local(following *f, as_str target, int depth)
{
    as_str path, relative = target;
    while (as_str_starts(relative, "/")) {
        relative = as_str_from_index(relative, 1);
    }
    if (as_str_contains(target, "$") || !as_path_join(f->d->arena, f->base, relative, &path)) {
        f->has_remote = true; /* a variable decides */
        return;
    }
    if (!as_str_contains(path, "*")) {
        follow(f, path, depth);
        return;
    }
    /* "**" stands for folders at any depth: take it for any text, as nothing else is there. */
    as_str folder = as_str_slice(path, 0, as_str_find_char(path, '*'));
    bool deep = as_str_contains(path, "**");
    for (size_t i = 0; i < f->d->n_inputs; i++) {
        as_str candidate = f->d->inputs[i].path;
        bool fits = deep ? as_str_starts(candidate, as_str_cstr(f->d->arena, folder)) &&
                                    as_str_ends(candidate, ".yml")
                         : as_path_glob_match(path, candidate);
        if (fits) {
            follow(f, candidate, depth);
        }
    }
}

static void follow_include(following *f, const as_value *include, int depth)
{
    as_str text = as_value_str(include);
    if (text.n == 0) {
        text = as_value_str(as_value_get(include, AS_STR("local")));
    }
    if (text.n == 0 || as_str_starts(text, "http://") || as_str_starts(text, "https://")) {
        f->has_remote = true;
    } else {
        follow_local(f, text, depth);
    }
}

static void follow(following *f, as_str path, int depth)
{
    const as_source *source;
    as_diags unused; /* the file is read again, and complained about, when it is loaded */
    if (as_map_has(&f->seen, path) || f->files.n >= MAX_INCLUDES || depth > MAX_INCLUDE_DEPTH) {
        return;
    }
    as_map_put(f->d->arena, &f->seen, path, f);
    if (as_fs_read(f->d->fs, path, &source) != AS_FS_OK) {
        f->has_remote = true;
        return;
    }
    as_diags_init(&unused, f->d->arena);
    const as_value *document = as_gitlab_document(f->d->arena, source, &unused);
    const as_value *include = as_value_get(document, AS_STR("include"));
    if (as_value_is(include, AS_LIST)) {
        for (size_t i = 0; i < include->as.list.n; i++) {
            follow_include(f, include->as.list.items[i], depth + 1);
        }
    } else if (include != NULL) {
        follow_include(f, include, depth + 1);
    }
    AS_VEC_PUSH(f->d->arena, &f->files, path); /* behind what it includes: it overrides that */
}

const as_gitlab_pipeline *as_gitlab_follow(as_discovery *d, as_str base, as_str path)
{
    following f = {.d = d, .base = base};
    follow(&f, path, 0);
    as_gitlab_pipeline *pipeline = AS_NEW(d->arena, as_gitlab_pipeline);
    *pipeline = (as_gitlab_pipeline){{f.files.items, f.files.n}, f.has_remote};
    return pipeline;
}

/* --- entities -----------------------------------------------------------------------------------
 */

typedef struct pipeline_reading {
    as_load *load;
    as_str path;
    as_gitlab_resolver resolver;
} pipeline_reading;

static void refer(as_object_builder *extra, const char *key, as_span span, as_str address)
{
    as_object_add(extra, as_str_from(key), span, as_ci_reference(extra->arena, span, address));
}

static as_str address_of(pipeline_reading *p, as_str job)
{
    return as_str_fmt(p->load->arena, "%.*s#%.*s", AS_STR_ARG(p->path), AS_STR_ARG(job));
}

static const as_value *needs_of(pipeline_reading *p, const as_value *needs)
{
    as_list_builder list;
    as_list_begin(&list, p->load->arena);
    for (size_t i = 0; as_value_is(needs, AS_LIST) && i < needs->as.list.n; i++) {
        const as_value *need = needs->as.list.items[i];
        as_str name = as_value_is(need, AS_STRING)
                              ? need->as.str
                              : as_value_str(as_value_get(need, AS_STR("job")));
        if (name.n > 0) {
            as_list_add(&list, as_ci_reference(p->load->arena, need->span, address_of(p, name)));
        }
    }
    return as_list_end(&list, needs == NULL ? AS_SPAN_NONE : needs->span);
}

static void add_scripts(pipeline_reading *p, const as_value *job, as_str owner)
{
    static const char *const sections[] = {"before_script", "script", "after_script"};
    as_arena *arena = p->load->arena;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const as_member *m = as_value_member(job, as_str_from(sections[i]));
        if (m == NULL || as_value_count(as_ci_names(arena, m->value)) == 0) {
            continue;
        }
        as_object_builder raw, extra;
        as_object_begin(&raw, arena);
        as_object_add(&raw, AS_STR("run"), m->key_span, as_ci_names(arena, m->value));
        as_object_begin(&extra, arena);
        refer(&extra, "job", m->key_span, owner);
        refer(&extra, "workflow", m->key_span, p->path);
        as_object_add(&extra, AS_STR("index"), m->key_span,
                as_value_int(arena, m->key_span, (int64_t)i + 1));
        AS_VEC_PUSH(arena, &p->load->resources,
                (as_resource){.origin = AS_ORIGIN_WORKFLOW,
                        .type = AS_STR("gitlab.script"),
                        .address = as_str_fmt(arena, "%.*s/%s", AS_STR_ARG(owner), sections[i]),
                        .name = as_str_from(sections[i]),
                        .space = owner,
                        .span = as_span_join(m->key_span, m->value->span),
                        .head = m->key_span,
                        .raw = as_object_end(&raw, m->value->span),
                        .extra = as_object_end(&extra, m->key_span)});
    }
}

/* Names of what a job has from `default` or the global keywords, and not from itself. */
static const as_value *inherited(as_arena *arena, const as_value *job, as_span span)
{
    as_list_builder list;
    as_list_begin(&list, arena);
    for (size_t i = 0; as_value_is(job, AS_OBJECT) && i < job->as.object->n; i++) {
        const as_member *m = &job->as.object->members[i];
        if (m->value != NULL && (m->value->flags & AS_DEFAULTED) != 0) {
            as_list_add(&list, as_value_string(arena, span, m->key));
        }
    }
    return as_list_end(&list, span);
}

static void add_job(pipeline_reading *p, const as_member *member)
{
    as_arena *arena = p->load->arena;
    bool complete = true;
    const as_value *job = as_gitlab_job(&p->resolver, member->key, &complete);
    as_object_builder extra;
    as_object_begin(&extra, arena);
    refer(&extra, "workflow", member->key_span, p->path);
    as_object_add(&extra, AS_STR("depends_on"), member->key_span,
            needs_of(p, as_value_get(job, AS_STR("needs"))));
    as_object_add(
            &extra, AS_STR("inherited"), member->key_span, inherited(arena, job, member->key_span));
    as_object_add(&extra, AS_STR("complete"), member->key_span,
            as_value_bool(arena, member->key_span, complete));
    as_resource j = {.origin = AS_ORIGIN_WORKFLOW,
            .type = AS_STR("gitlab.job"),
            .address = address_of(p, member->key),
            .name = member->key,
            .space = p->path,
            .span = as_span_join(member->key_span, member->value->span),
            .head = member->key_span,
            .raw = job,
            .extra = as_object_end(&extra, member->key_span)};
    AS_VEC_PUSH(arena, &p->load->resources, j);
    add_scripts(p, job, j.address);
}

static const as_value *merged(as_load *load, const as_gitlab_pipeline *pipeline)
{
    const as_value *root = NULL;
    for (size_t i = 0; i < pipeline->files.n; i++) {
        const as_source *source;
        as_str path = pipeline->files.items[i];
        as_fs_error error = as_fs_read(load->fs, path, &source);
        if (error != AS_FS_OK) {
            as_diags_add_path(load->diags, AS_DIAG_ERROR, "file-read", path, "cannot be read: %s",
                    as_fs_error_text(error));
            continue;
        }
        root = as_gitlab_merge(
                load->arena, root, as_gitlab_document(load->arena, source, load->diags));
    }
    return root;
}

bool as_gitlab_load(as_load *load, const as_gitlab_pipeline *pipeline)
{
    as_arena *arena = load->arena;
    const as_value *root = merged(load, pipeline);
    if (root == NULL) {
        as_diags_add_path(load->diags, AS_DIAG_ERROR, "pipeline-syntax", load->target->path,
                "a pipeline is an object");
        return false;
    }
    pipeline_reading p = {.load = load,
            .path = load->target->path,
            .resolver = {.arena = arena,
                    .diags = load->diags,
                    .root = root,
                    .has_remote = pipeline->has_remote}};
    const as_member *first = root->as.object->n > 0 ? &root->as.object->members[0] : NULL;
    as_object_builder extra;
    as_object_begin(&extra, arena);
    as_object_add(&extra, AS_STR("remote"), root->span,
            as_value_bool(arena, root->span, pipeline->has_remote));
    AS_VEC_PUSH(arena, &load->resources,
            (as_resource){.origin = AS_ORIGIN_WORKFLOW,
                    .type = AS_STR("gitlab.pipeline"),
                    .address = p.path,
                    .name = as_path_base(p.path),
                    .span = root->span,
                    .head = first == NULL ? root->span : first->key_span,
                    .raw = root,
                    .extra = as_object_end(&extra, root->span)});
    for (size_t i = 0; i < root->as.object->n; i++) {
        const as_member *m = &root->as.object->members[i];
        if (as_gitlab_is_job(m)) {
            add_job(&p, m);
        }
    }
    return true;
}
