/* Workflows and actions of GitHub.
 * Syntax: docs.github.com, "Workflow syntax for GitHub Actions", "Metadata syntax for GitHub
 * Actions". */
#include "parsers/workflows/embedded.h"
#include "parsers/workflows/workflows.h"

typedef struct reading {
    as_load *load;
    const as_source *source;
    as_str path;  /* of the file; the address of its workflow or action */
    as_str base;  /* the folder that holds .github: what "./" in `uses` means */
    as_str owner; /* address of the job or action whose steps are read */
    as_map names; /* addresses of steps so far */
} reading;

static as_object_builder begin_extra(reading *r)
{
    as_object_builder extra;
    as_object_begin(&extra, r->load->arena);
    return extra;
}

static void add_reference(as_object_builder *extra, const char *key, as_span span, as_str address)
{
    as_object_add(extra, as_str_from(key), span, as_ci_reference(extra->arena, span, address));
}

static void add_expressions(
        reading *r, as_object_builder *extra, const as_value *object, const char *const *except)
{
    as_embedded e;
    as_embedded_begin(&e, r->load->arena, r->source, r->load->diags);
    as_embedded_add_members(&e, object, except);
    as_object_add(extra, AS_STR("expressions"), object->span, as_embedded_end(&e));
}

/* What `uses: ./path` runs, where it is in the scan: a workflow, or a folder with an action. */
static void add_callee(reading *r, as_object_builder *extra, const as_value *uses)
{
    static const char *const files[] = {"", "/action.yml", "/action.yaml"};
    as_str target = as_value_str(uses);
    as_str path;
    if (!as_str_starts(target, "./") ||
            !as_path_join(r->load->arena, r->base, as_str_from_index(target, 2), &path)) {
        return;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        as_str file = as_str_join(r->load->arena, path, as_str_from(files[i]));
        if (as_fs_stat(r->load->fs, file) == AS_FS_FILE) {
            add_reference(extra, "calls", uses->span, file);
            return;
        }
    }
}

/* A step is called by its id, else by its name, else by its number: addresses should outlive moves.
 */
static as_str step_address(reading *r, const as_value *step, size_t i, as_str *name)
{
    as_arena *arena = r->load->arena;
    *name = as_value_str(as_value_get(step, AS_STR("id")));
    if (name->n == 0) {
        *name = as_value_str(as_value_get(step, AS_STR("name")));
    }
    as_str address = as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(r->owner), AS_STR_ARG(*name));
    if (name->n == 0 || as_map_has(&r->names, address)) {
        address =
                as_str_fmt(arena, "%.*s/%.*s#%zu", AS_STR_ARG(r->owner), AS_STR_ARG(*name), i + 1);
    }
    if (name->n == 0) {
        *name = as_str_fmt(arena, "step %zu", i + 1);
    }
    as_map_put(arena, &r->names, address, r);
    return address;
}

static as_span head_of(const as_value *object)
{
    if (!as_value_is(object, AS_OBJECT) || object->as.object->n == 0) {
        return object->span;
    }
    const as_member *first = &object->as.object->members[0];
    return as_span_join(
            first->key_span, first->value->span.file ? first->value->span : first->key_span);
}

static void add_steps(reading *r, const as_value *steps, const char *owner_key, as_str workflow)
{
    static const char *const none[] = {NULL};
    as_arena *arena = r->load->arena;
    for (size_t i = 0; as_value_is(steps, AS_LIST) && i < as_value_count(steps); i++) {
        const as_value *step = as_value_index(steps, i);
        if (!as_value_is(step, AS_OBJECT)) {
            as_diags_add(r->load->diags, AS_DIAG_WARNING, "workflow-syntax", step->span,
                    "a step is an object");
            continue;
        }
        as_resource s = {.origin = AS_ORIGIN_WORKFLOW,
                .type = AS_STR("github.step"),
                .space = r->owner,
                .span = step->span,
                .head = head_of(step),
                .raw = step};
        s.address = step_address(r, step, i, &s.name);
        as_object_builder extra = begin_extra(r);
        add_reference(&extra, owner_key, step->span, r->owner);
        if (workflow.n > 0) {
            add_reference(&extra, "workflow", step->span, workflow);
        }
        as_object_add(&extra, AS_STR("index"), step->span,
                as_value_int(arena, step->span, (int64_t)i + 1));
        add_callee(r, &extra, as_value_get(step, AS_STR("uses")));
        add_expressions(r, &extra, step, none);
        s.extra = as_object_end(&extra, step->span);
        AS_VEC_PUSH(arena, &r->load->resources, s);
    }
}

static as_str job_address(as_arena *arena, as_str workflow, as_str job)
{
    return as_str_fmt(arena, "%.*s#%.*s", AS_STR_ARG(workflow), AS_STR_ARG(job));
}

static const as_value *needs_of(reading *r, const as_value *needs)
{
    const as_value *names = as_ci_names(r->load->arena, needs);
    as_list_builder list;
    as_list_begin(&list, r->load->arena);
    for (size_t i = 0; i < as_value_count(names); i++) {
        const as_value *name = as_value_index(names, i);
        as_list_add(&list, as_ci_reference(r->load->arena, name->span,
                                   job_address(r->load->arena, r->path, as_value_str(name))));
    }
    return as_list_end(&list, needs == NULL ? AS_SPAN_NONE : needs->span);
}

static void add_job(reading *r, const as_member *member)
{
    static const char *const except[] = {"steps", NULL};
    const as_value *job = member->value;
    if (!as_value_is(job, AS_OBJECT)) {
        as_diags_add(r->load->diags, AS_DIAG_WARNING, "workflow-syntax", member->key_span,
                "the job '%.*s' is no object", AS_STR_ARG(member->key));
        return;
    }
    as_resource j = {.origin = AS_ORIGIN_WORKFLOW,
            .type = AS_STR("github.job"),
            .address = job_address(r->load->arena, r->path, member->key),
            .name = member->key,
            .space = r->path,
            .span = as_span_join(member->key_span, job->span),
            .head = member->key_span,
            .raw = job};
    as_object_builder extra = begin_extra(r);
    add_reference(&extra, "workflow", member->key_span, r->path);
    as_object_add(&extra, AS_STR("depends_on"), job->span,
            needs_of(r, as_value_get(job, AS_STR("needs"))));
    add_callee(r, &extra, as_value_get(job, AS_STR("uses")));
    add_expressions(r, &extra, job, except);
    j.extra = as_object_end(&extra, job->span);
    AS_VEC_PUSH(r->load->arena, &r->load->resources, j);
    r->owner = j.address;
    add_steps(r, as_value_get(job, AS_STR("steps")), "job", r->path);
}

/* "sub/.github/workflows/ci.yml" → "sub": what stands for the repository. */
static as_str base_of(as_str path)
{
    static const char *const folders[] = {".github/", ".gitea/", ".forgejo/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        as_str folder = as_str_from(folders[i]);
        for (as_str rest = path;;) {
            size_t at = as_str_find(rest, folder);
            if (at == (size_t)-1) {
                break;
            }
            size_t begin = (size_t)(rest.p - path.p) + at;
            if (begin == 0 || path.p[begin - 1] == '/') {
                return as_str_slice(path, 0, begin == 0 ? 0 : begin - 1);
            }
            rest = as_str_from_index(rest, at + folder.n);
        }
    }
    return AS_STR("");
}

static reading begin(as_load *load, const as_source *source)
{
    as_str path = load->target->path;
    return (reading){.load = load, .source = source, .path = path, .base = base_of(path)};
}

bool as_github_workflow_load(as_load *load, const as_source *source, const as_value *document)
{
    static const char *const except[] = {"jobs", "on", NULL};
    reading r = begin(load, source);
    const as_value *jobs = as_value_get(document, AS_STR("jobs"));
    if (!as_value_is(jobs, AS_OBJECT)) {
        as_diags_add(load->diags, AS_DIAG_ERROR, "workflow-syntax", document->span,
                "a workflow is an object with 'jobs'");
        return false;
    }
    as_resource w = {.origin = AS_ORIGIN_WORKFLOW,
            .type = AS_STR("github.workflow"),
            .address = r.path,
            .name = as_path_base(r.path),
            .span = document->span,
            .head = head_of(document),
            .raw = document};
    as_object_builder extra = begin_extra(&r);
    as_object_add(&extra, AS_STR("triggers"), document->span,
            as_ci_names(load->arena, as_value_get(document, AS_STR("on"))));
    add_expressions(&r, &extra, document, except);
    w.extra = as_object_end(&extra, document->span);
    AS_VEC_PUSH(load->arena, &load->resources, w);
    for (size_t i = 0; i < jobs->as.object->n; i++) {
        add_job(&r, &jobs->as.object->members[i]);
    }
    return true;
}

bool as_github_action_load(as_load *load, const as_source *source, const as_value *document)
{
    static const char *const except[] = {"runs", "inputs", NULL};
    reading r = begin(load, source);
    const as_value *runs = as_value_get(document, AS_STR("runs"));
    if (!as_value_is(runs, AS_OBJECT)) {
        as_diags_add(load->diags, AS_DIAG_ERROR, "workflow-syntax", document->span,
                "an action is an object with 'runs'");
        return false;
    }
    as_str folder = as_path_dir(r.path);
    as_resource a = {.origin = AS_ORIGIN_WORKFLOW,
            .type = AS_STR("github.action"),
            .address = r.path,
            .name = folder.n > 0 ? as_path_base(folder) : r.path,
            .span = document->span,
            .head = head_of(document),
            .raw = document};
    as_object_builder extra = begin_extra(&r);
    add_expressions(&r, &extra, document, except);
    a.extra = as_object_end(&extra, document->span);
    AS_VEC_PUSH(load->arena, &load->resources, a);
    r.owner = r.path;
    add_steps(&r, as_value_get(runs, AS_STR("steps")), "action", AS_STR(""));
    return true;
}
