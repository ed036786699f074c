/* extends, !reference and default: what GitLab makes of a job before it runs it.
 * docs.gitlab.com/ci/yaml: "extends" (deep merge of hashes, at most eleven levels), "default",
 * "inherit"; docs.gitlab.com/ci/yaml/yaml_optimization: "!reference tags" (at most ten levels). */
#include "engine/base/limits.h"
#include "parsers/workflows/gitlab.h"
#include "parsers/workflows/workflows.h"
#include "parsers/yaml/yaml.h"

enum { MAX_EXTENDS = 11, MAX_REFERENCES = 10 };

static const char *const defaulted[] = {"image", "services", "before_script", "after_script",
        "cache", "tags", "retry", "timeout", "interruptible", "artifacts", "id_tokens", "hooks",
        NULL};
static const char *const global[] = {
        "image", "services", "before_script", "after_script", "cache", NULL};

static bool is_listed(as_str name, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (as_str_is(name, *list)) {
            return true;
        }
    }
    return false;
}

bool as_gitlab_is_job(const as_member *m)
{
    static const char *const words[] = {"image", "services", "stages", "types", "before_script",
            "after_script", "variables", "cache", "include", "workflow", "default", "spec", NULL};
    return !as_str_starts(m->key, ".") && as_value_is(m->value, AS_OBJECT) &&
           !is_listed(m->key, words);
}

static const as_value *merge(
        as_arena *arena, const as_value *under, const as_value *over, int depth)
{
    if (over == NULL || under == NULL || depth > AS_MAX_DEPTH || !as_value_is(under, AS_OBJECT) ||
            !as_value_is(over, AS_OBJECT) || as_yaml_tag(over).n > 0) {
        return over == NULL ? under : over;
    }
    as_object_builder b;
    as_object_begin(&b, arena);
    for (size_t i = 0; i < under->as.object->n; i++) {
        const as_member *m = &under->as.object->members[i];
        const as_member *o = as_value_member(over, m->key);
        as_object_add(&b, m->key, o == NULL ? m->key_span : o->key_span,
                o == NULL ? m->value : merge(arena, m->value, o->value, depth + 1));
    }
    for (size_t i = 0; i < over->as.object->n; i++) {
        const as_member *m = &over->as.object->members[i];
        if (as_value_member(under, m->key) == NULL) {
            as_object_add(&b, m->key, m->key_span, m->value);
        }
    }
    return as_object_end(&b, over->span);
}

const as_value *as_gitlab_merge(as_arena *arena, const as_value *under, const as_value *over)
{
    return merge(arena, under, over, 0);
}

/* --- extends ------------------------------------------------------------------------------------
 */

static const as_value *extended(as_gitlab_resolver *r, as_str name, int depth, bool *complete);

static void missing(as_gitlab_resolver *r, const as_value *at, as_str name, bool *complete)
{
    *complete = false;
    if (!r->has_remote) {
        as_diags_add(r->diags, AS_DIAG_WARNING, "pipeline-extends", at->span,
                "there is no job '%.*s'", AS_STR_ARG(name));
    }
}

static const as_value *with_parents(
        as_gitlab_resolver *r, const as_value *job, int depth, bool *complete)
{
    const as_value *parents = as_ci_names(r->arena, as_value_get(job, AS_STR("extends")));
    const as_value *under = NULL;
    for (size_t i = 0; i < as_value_count(parents); i++) {
        const as_value *parent = as_value_index(parents, i);
        const as_value *found = extended(r, as_value_str(parent), depth + 1, complete);
        if (found == NULL) {
            missing(r, parent, as_value_str(parent), complete);
        }
        under = as_gitlab_merge(r->arena, under, found);
    }
    return as_gitlab_merge(r->arena, under, job);
}

static const as_value *extended(as_gitlab_resolver *r, as_str name, int depth, bool *complete)
{
    const as_value *known = as_map_get(&r->resolved, name);
    if (known != NULL) {
        return known;
    }
    const as_value *job = as_value_get(r->root, name);
    if (!as_value_is(job, AS_OBJECT)) {
        return NULL;
    }
    if (depth > MAX_EXTENDS || as_map_has(&r->open, name)) {
        as_diags_add(r->diags, AS_DIAG_ERROR, "pipeline-extends", job->span,
                depth > MAX_EXTENDS ? "'%.*s' is extended over more than eleven levels"
                                    : "'%.*s' extends itself",
                AS_STR_ARG(name));
        return job;
    }
    as_map_put(r->arena, &r->open, name, r);
    bool own = true;
    const as_value *whole = with_parents(r, job, depth, &own);
    as_map_put(r->arena, &r->open, name, NULL);
    *complete = *complete && own;
    union {
        const as_value *in;
        void *out;
    } keep = {.in = whole};
    if (own) {
        as_map_put(r->arena, &r->resolved, name, keep.out);
    }
    return whole;
}

/* --- !reference ---------------------------------------------------------------------------------
 */

static const as_value *look_up(const as_value *root, const as_value *path)
{
    const as_value *v = root;
    for (size_t i = 0; i < as_value_count(path); i++) {
        v = as_value_get(v, as_value_str(as_value_index(path, i)));
    }
    return v;
}

static const as_value *referred(
        as_gitlab_resolver *r, const as_value *v, int level, bool *complete);

static const as_value *list_of(as_gitlab_resolver *r, const as_value *v, int level, bool *complete)
{
    as_list_builder list;
    as_list_begin(&list, r->arena);
    for (size_t i = 0; i < v->as.list.n; i++) {
        const as_value *item = v->as.list.items[i];
        const as_value *made = referred(r, item, level, complete);
        if (made == NULL) {
            continue;
        }
        bool spliced = made->kind == AS_LIST; /* scripts in scripts are flattened */
        for (size_t k = 0; spliced && k < made->as.list.n; k++) {
            as_list_add(&list, made->as.list.items[k]);
        }
        if (!spliced) {
            as_list_add(&list, made);
        }
    }
    r->n_nodes += list.n;
    return as_value_with_flags(r->arena, as_list_end(&list, v->span), v->flags);
}

static const as_value *referred(as_gitlab_resolver *r, const as_value *v, int level, bool *complete)
{
    if (v == NULL || r->n_nodes > AS_MAX_YAML_ALIAS_NODES) {
        return v;
    }
    if (as_str_is(as_yaml_tag(v), "!reference") && v->kind == AS_LIST) {
        r->n_nodes++;
        if (level >= MAX_REFERENCES) {
            *complete = false;
            r->too_deep = v;
            return NULL;
        }
        const as_value *target = look_up(r->root, v);
        if (target == NULL) {
            missing(r, v, as_value_str(as_value_index(v, 0)), complete);
        }
        return referred(r, target, level + 1, complete);
    }
    if (v->kind == AS_LIST) {
        return list_of(r, v, level, complete);
    }
    if (v->kind == AS_OBJECT) {
        as_object_builder b;
        as_object_begin(&b, r->arena);
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            as_object_add(&b, m->key, m->key_span, referred(r, m->value, level, complete));
        }
        r->n_nodes += b.n;
        return as_value_with_flags(r->arena, as_object_end(&b, v->span), v->flags);
    }
    return v;
}

/* --- defaults -----------------------------------------------------------------------------------
 */

static bool inherits(const as_value *job, as_str key)
{
    const as_value *inherit = as_value_path(job, "inherit.default");
    if (as_value_is(inherit, AS_LIST)) {
        for (size_t i = 0; i < inherit->as.list.n; i++) {
            if (as_str_eq(as_value_str(inherit->as.list.items[i]), key)) {
                return true;
            }
        }
        return false;
    }
    return as_value_bool_or(inherit, true);
}

static void add_defaults(
        as_object_builder *b, const as_value *job, const as_value *from, const char *const *names)
{
    for (; *names != NULL; names++) {
        as_str key = as_str_from(*names);
        const as_member *m = as_value_member(from, key);
        if (m != NULL && as_value_member(job, key) == NULL && inherits(job, key)) {
            as_object_add(
                    b, key, m->key_span, as_value_with_flags(b->arena, m->value, AS_DEFAULTED));
        }
    }
}

static const as_value *with_defaults(as_gitlab_resolver *r, const as_value *job)
{
    as_object_builder b;
    as_object_begin(&b, r->arena);
    add_defaults(&b, job, r->root, global);
    add_defaults(&b, job, as_value_get(r->root, AS_STR("default")), defaulted);
    for (size_t i = 0; i < job->as.object->n; i++) {
        const as_member *m = &job->as.object->members[i];
        as_object_add(&b, m->key, m->key_span, m->value);
    }
    return as_object_end(&b, job->span);
}

const as_value *as_gitlab_job(as_gitlab_resolver *r, as_str name, bool *complete)
{
    const as_value *job = extended(r, name, 0, complete);
    if (job == NULL) {
        return NULL;
    }
    r->too_deep = NULL;
    job = referred(r, with_defaults(r, job), 0, complete);
    if (r->too_deep != NULL) {
        as_diags_add(r->diags, AS_DIAG_ERROR, "pipeline-reference", r->too_deep->span,
                "references of '%.*s' are nested more than ten levels", AS_STR_ARG(name));
    }
    if (r->n_nodes > AS_MAX_YAML_ALIAS_NODES) {
        as_diags_add(r->diags, AS_DIAG_ERROR, "pipeline-reference", job->span,
                "the references of '%.*s' expand to too much", AS_STR_ARG(name));
    }
    return job;
}
