/* Terraform in the pipeline: root modules, plans and states as targets; resources and what hygiene
 * rules ask about (variables, outputs, providers, module calls, …) as entities. */
#include "engine/base/map.h"
#include "parsers/json/json.h"
#include "parsers/kubernetes/resource.h"
#include "parsers/parser.h"
#include "parsers/terraform/terraform.h"
#include "parsers/terraform/tree.h"

extern const as_parser as_parser_terraform;

/* --- targets ---------------------------------------------------------------------------------- */

/* Folders beside a root that hold one file of values an environment. */
static const char *const VALUE_FOLDERS[] = {
        "", "env", "envs", "environments", "tfvars", "vars", "config", NULL};
enum { MAX_VARIANTS = 16 };

static bool is_automatic(as_str name)
{
    return as_str_is(name, "terraform.tfvars") || as_str_is(name, "terraform.tfvars.json") ||
           as_str_ends(name, ".auto.tfvars") || as_str_ends(name, ".auto.tfvars.json");
}

static void add_target(as_discovery *d, as_str dir, as_str variant, as_strs files)
{
    as_target *target =
            as_discovery_add(d, &as_parser_terraform, dir, variant, AS_ORIGIN_TERRAFORM, NULL);
    target->files = files;
}

static as_strs one_file(as_arena *arena, as_str path)
{
    as_str *item = AS_NEW(arena, as_str);
    *item = path;
    return (as_strs){item, 1};
}

/* Each file of values that Terraform does not read by itself is a way the root is run:
 * prod.tfvars, envs/dev.tfvars. */
static size_t add_variants(as_discovery *d, as_str dir)
{
    size_t n = 0;
    for (size_t f = 0; VALUE_FOLDERS[f] != NULL; f++) {
        as_str folder;
        as_fs_entries entries;
        if (!as_path_join(d->arena, dir, as_str_from(VALUE_FOLDERS[f]), &folder) ||
                as_fs_list(d->fs, d->arena, folder, &entries) != AS_FS_OK) {
            continue;
        }
        for (size_t i = 0; i < entries.n && n < MAX_VARIANTS; i++) {
            as_str name = entries.items[i].name, path;
            bool values = as_str_ends(name, ".tfvars") || as_str_ends(name, ".tfvars.json");
            if (values && !is_automatic(name) && as_path_join(d->arena, folder, name, &path)) {
                add_target(d, dir, name, one_file(d->arena, path));
                n++;
            }
        }
    }
    return n;
}

static void add_root(as_discovery *d, as_str dir)
{
    const as_parse_options *o = d->options;
    size_t n = 0;
    for (size_t i = 0; i < o->terraform.n; i++) {
        const as_variant *variant = &o->terraform.items[i];
        if (as_variant_covers(variant, dir)) {
            add_target(d, dir, variant->name, as_variant_files(d, variant, dir));
            d->targets.items[d->targets.n - 1].set = variant->set;
            n++;
        }
    }
    if (n == 0 && o->var_files.n == 0) {
        n = add_variants(d, dir);
    }
    if (n == 0) {
        add_target(d, dir, AS_STR(""), (as_strs){0});
    }
}

static void discover(as_discovery *d)
{
    as_tf_dirs dirs = {0}, roots = {0};
    as_map seen = {0};
    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->kind == AS_FILE_PLAN || input->kind == AS_FILE_STATE) {
            as_origin origin = input->kind == AS_FILE_PLAN ? AS_ORIGIN_PLAN : AS_ORIGIN_STATE;
            as_discovery_add(d, &as_parser_terraform, input->path, AS_STR(""), origin, NULL);
            input->taken = true;
        }
        if (input->kind != AS_FILE_TERRAFORM) {
            continue;
        }
        as_str dir = as_path_dir(input->path);
        if (!as_map_has(&seen, dir)) {
            as_map_put(d->arena, &seen, dir, input);
            AS_VEC_PUSH(d->arena, &dirs, dir);
        }
        input->taken = true;
    }
    if (dirs.n == 0) {
        return;
    }
    as_tf_find_roots(d->arena, d->fs, dirs.items, dirs.n, &roots);
    for (size_t i = 0; i < roots.n; i++) {
        add_root(d, roots.items[i]);
    }
}

/* --- entities --------------------------------------------------------------------------------- */

/* Many resources in turn have the same provider: what it says is one value for them. */
typedef struct provider_memo {
    const as_tf_provider *provider;
    const as_value *value;
} provider_memo;

typedef struct build {
    as_load *load;
    as_arena *work; /* gone when all is added */
    const as_tf_root *root;
    as_origin origin;
    as_map calls; /* address without keys → as_tf_call */
    as_map seen;  /* places of parts: a module that is called twice has its blocks twice */
    provider_memo provider;
} build;

static const as_value *text(as_arena *arena, as_span span, as_str s)
{
    return s.n == 0 ? as_value_null(arena, span) : as_value_string(arena, span, s);
}

static const as_value *texts(as_arena *arena, as_span span, const as_str *items, size_t n)
{
    as_list_builder list;
    as_list_begin(&list, arena);
    for (size_t i = 0; i < n; i++) {
        as_list_add(&list, as_value_string(arena, span, items[i]));
    }
    return as_list_end(&list, span);
}

static void put(as_object_builder *b, const char *key, const as_value *v)
{
    if (!as_value_is_null(v)) {
        as_object_add(b, as_str_from(key), AS_SPAN_NONE, v);
    }
}

/* What the configuration says, then what follows from it. */
static const as_value *all_attributes(as_arena *arena, const as_tf_resource *r)
{
    as_object_builder all;
    as_object_begin(&all, arena);
    for (size_t i = 0; i < as_value_count(r->values); i++) {
        const as_member *m = &r->values->as.object->members[i];
        if (!as_value_is_null(m->value)) {
            as_object_add(&all, m->key, m->key_span, m->value);
        }
    }
    for (size_t i = 0; i < as_value_count(r->computed); i++) {
        const as_member *m = &r->computed->as.object->members[i];
        if (as_value_is_null(as_value_get(r->values, m->key))) {
            as_object_add(&all, m->key, m->key_span, m->value);
        }
    }
    return as_object_end(&all, r->span);
}

static const as_value *lifecycle(as_arena *arena, const as_tf_lifecycle *l)
{
    if (l->span.file == 0) {
        return NULL;
    }
    as_object_builder b;
    as_object_begin(&b, arena);
    put(&b, "prevent_destroy", l->prevent_destroy);
    put(&b, "create_before_destroy", l->create_before_destroy);
    put(&b, "ignore_all", as_value_bool(arena, l->span, l->ignore_all));
    put(&b, "ignore_changes", texts(arena, l->span, l->ignore_changes, l->n_ignore_changes));
    return as_object_end(&b, l->span);
}

static const as_value *provisioners(as_arena *arena, const as_tf_resource *r)
{
    as_list_builder list;
    as_list_begin(&list, arena);
    for (size_t i = 0; i < r->n_provisioners; i++) {
        const as_tf_provisioner *p = &r->provisioners[i];
        as_object_builder b;
        as_object_begin(&b, arena);
        put(&b, "type", as_value_string(arena, p->span, p->type));
        put(&b, "on_destroy", as_value_bool(arena, p->span, p->on_destroy));
        put(&b, "values", p->values);
        as_list_add(&list, as_object_end(&b, p->span));
    }
    return list.n == 0 ? NULL : as_list_end(&list, r->span);
}

static const as_value *provider_values(
        as_arena *arena, const as_tf_provider *p, provider_memo *memo)
{
    if (p == NULL || p == memo->provider) {
        return p == NULL ? NULL : memo->value;
    }
    as_object_builder b;
    as_object_begin(&b, arena);
    put(&b, "name", as_value_string(arena, p->span, p->name));
    put(&b, "alias", text(arena, p->span, p->alias));
    put(&b, "source", text(arena, p->span, p->source));
    put(&b, "region", p->region);
    put(&b, "default_tags", p->default_tags);
    put(&b, "values", p->values);
    *memo = (provider_memo){p, as_object_end(&b, p->span)};
    return memo->value;
}

/* Addresses that a resource waits for, each with its reference, so that they become edges. */
static const as_value *depends_on(as_arena *arena, const as_tf_resource *r)
{
    as_list_builder list;
    as_list_begin(&list, arena);
    for (size_t i = 0; i < r->n_depends_on; i++) {
        as_ref *ref = AS_NEW(arena, as_ref);
        *ref = (as_ref){.address = r->depends_on[i], .span = r->header_span};
        as_list_add(&list, as_value_with_refs(arena,
                                   as_value_string(arena, r->header_span, r->depends_on[i]), ref));
    }
    return list.n == 0 ? NULL : as_list_end(&list, r->header_span);
}

static const as_value *around(as_arena *arena, const as_tf_resource *r, provider_memo *memo)
{
    as_object_builder b;
    as_object_begin(&b, arena);
    put(&b, "lifecycle", lifecycle(arena, &r->lifecycle));
    put(&b, "provider", provider_values(arena, r->provider, memo));
    put(&b, "provisioners", provisioners(arena, r));
    put(&b, "depends_on", depends_on(arena, r));
    if (r->n_actions > 0) {
        put(&b, "actions", texts(arena, r->span, r->actions, r->n_actions));
    }
    put(&b, "before", r->before);
    put(&b, "representative", as_value_bool(arena, r->span, r->representative));
    return as_object_end(&b, r->span);
}

/* "module.net[\"a\"].module.sub[0]" → "module.net.module.sub" */
static as_str without_keys(as_arena *arena, as_str address)
{
    if (as_str_find_char(address, '[') == (size_t)-1) {
        return address;
    }
    as_buf out;
    as_buf_init(&out, arena, 0);
    bool quoted = false;
    int depth = 0;
    for (size_t i = 0; i < address.n; i++) {
        char c = address.p[i];
        quoted = c == '"' && (i == 0 || address.p[i - 1] != '\\') ? !quoted : quoted;
        depth += !quoted && c == '[';
        if (depth == 0) {
            as_buf_char(&out, c);
        }
        depth -= !quoted && c == ']';
    }
    return as_buf_view(&out);
}

/* The calls around a module, innermost first: "module.a.module.b" lies in the call of b in
 * module.a. */
static const as_call *calls_of(build *b, as_str module)
{
    as_arena *arena = b->load->arena;
    const as_tf_call *found = as_map_get(&b->calls, without_keys(b->work, module));
    if (found == NULL) {
        return NULL;
    }
    as_call *call = AS_NEW(arena, as_call);
    *call = (as_call){.name = found->address, .span = found->span};
    if (found->module.n < module.n) { /* each step is a shorter address, so this ends */
        call->outer = calls_of(b, found->module);
    }
    return call;
}

static bool has_action(const as_tf_resource *r, const char *action)
{
    for (size_t i = 0; i < r->n_actions; i++) {
        if (as_str_is(r->actions[i], action)) {
            return true;
        }
    }
    return false;
}

/* A plan judges what will be; what goes away is told. True when nothing of the resource stays. */
static bool is_deleted(const build *b, const as_tf_resource *r)
{
    if (!has_action(r, "delete")) {
        return false;
    }
    bool replaced = r->n_actions > 1;
    as_diags_add(b->load->diags, AS_DIAG_NOTE, "terraform-plan",
            r->header_span.file != 0 ? r->header_span : r->span, "the plan %s %.*s",
            replaced ? "replaces" : "deletes", AS_STR_ARG(r->address));
    return !replaced;
}

/* The object in a kubernetes_manifest is judged as what it is; its address stays that of the
 * resource. */
static void unwrap_manifest(build *b, as_resource *resource)
{
    const as_value *manifest = as_value_get(resource->raw, AS_STR("manifest"));
    as_k8s_objects objects = {0};
    as_diags ignored;
    as_diags_init(&ignored, b->load->arena);
    as_k8s_add(b->load->arena, manifest, resource->span, &ignored, &objects);
    if (objects.n != 1) {
        return;
    }
    as_resource object =
            as_k8s_resource(b->load->arena, &objects.items[0], b->origin, AS_STR("default"));
    resource->type = object.type;
    resource->name = object.name.n > 0 ? object.name : resource->name;
    resource->space = object.space;
    resource->raw = object.raw;
}

static void add_resource(build *b, const as_tf_resource *r)
{
    as_arena *arena = b->load->arena;
    if (is_deleted(b, r)) {
        return;
    }
    as_resource resource = {.origin = b->origin,
            .type = r->mode == AS_TF_DATA ? as_str_join(arena, AS_STR("data."), r->type) : r->type,
            .address = r->address,
            .name = r->name,
            .space = r->module,
            .region = r->provider == NULL ? AS_STR("") : as_value_str(r->provider->region),
            .span = r->span,
            .head = r->header_span,
            .raw = all_attributes(arena, r),
            .extra = around(arena, r, &b->provider),
            .calls = calls_of(b, r->module)};
    if (r->provider != NULL) {
        resource.provider = r->provider->alias.n == 0
                                    ? r->provider->name
                                    : as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(r->provider->name),
                                              AS_STR_ARG(r->provider->alias));
    }
    if (as_str_is(resource.type, "kubernetes_manifest")) {
        unwrap_manifest(b, &resource);
    }
    AS_VEC_PUSH(arena, &b->load->resources, resource);
}

/* --- what stands around resources ------------------------------------------------------------- */

static void add_part(build *b, const char *kind, as_str module, as_str name, as_span span,
        as_object_builder *values)
{
    as_arena *arena = b->load->arena;
    as_str place = as_str_fmt(b->work, "%s %u %u", kind, span.file, span.begin);
    bool first = span.file == 0 || as_map_put(b->work, &b->seen, place, b) == NULL;
    put(values, "first", as_value_bool(arena, span, first));
    as_str dot = module.n > 0 ? AS_STR(".") : AS_STR("");
    as_resource part = {.origin = b->origin,
            .kind = as_str_fmt(arena, "terraform.%s", kind),
            .type = as_str_fmt(arena, "terraform:%s", kind),
            .address = as_str_fmt(arena, "%.*s%.*s%s.%.*s", AS_STR_ARG(module), AS_STR_ARG(dot),
                    kind, AS_STR_ARG(name)),
            .name = name,
            .space = module,
            .span = span,
            .head = span,
            .raw = as_object_end(values, span),
            .calls = calls_of(b, module)};
    AS_VEC_PUSH(arena, &b->load->resources, part);
}

static void add_variables(build *b)
{
    as_arena *arena = b->load->arena;
    for (size_t i = 0; i < b->root->variables.n; i++) {
        const as_tf_variable *v = &b->root->variables.items[i];
        as_object_builder o;
        as_object_begin(&o, arena);
        put(&o, "value", v->value);
        put(&o, "default", v->default_value);
        put(&o, "type", text(arena, v->span, v->type));
        put(&o, "description", text(arena, v->span, v->description));
        put(&o, "sensitive", as_value_bool(arena, v->span, v->sensitive));
        put(&o, "ephemeral", as_value_bool(arena, v->span, v->ephemeral));
        put(&o, "nullable", as_value_bool(arena, v->span, v->nullable));
        put(&o, "validations", as_value_int(arena, v->span, (int64_t)v->n_validations));
        add_part(b, "variable", v->module, v->name, v->span, &o);
    }
    for (size_t i = 0; i < b->root->given.n; i++) {
        const as_tf_given *g = &b->root->given.items[i];
        as_object_builder o;
        as_object_begin(&o, arena);
        put(&o, "value", g->value);
        add_part(b, "assignment", AS_STR(""), g->name, g->span, &o);
    }
    for (size_t i = 0; i < b->root->locals.n; i++) {
        const as_tf_local *l = &b->root->locals.items[i];
        as_object_builder o;
        as_object_begin(&o, arena);
        put(&o, "value", l->value);
        add_part(b, "local", l->module, l->name, l->span, &o);
    }
}

/* What a value is made of: an output of a password is one. */
static const as_value *references(as_arena *arena, const as_value *v, as_span span)
{
    as_tf_ref_set set = {.arena = arena};
    as_list_builder list;
    if (v != NULL) {
        as_tf_collect_refs(&set, v);
    }
    as_list_begin(&list, arena);
    for (const as_ref *r = set.first; r != NULL; r = r->next) {
        as_object_builder o;
        as_object_begin(&o, arena);
        put(&o, "address", text(arena, span, r->address));
        put(&o, "path", text(arena, span, r->path));
        as_list_add(&list, as_object_end(&o, span));
    }
    return as_list_end(&list, span);
}

static void add_outputs(build *b)
{
    as_arena *arena = b->load->arena;
    for (size_t i = 0; i < b->root->outputs.n; i++) {
        const as_tf_output *v = &b->root->outputs.items[i];
        as_object_builder o;
        as_object_begin(&o, arena);
        put(&o, "value", v->value);
        put(&o, "sensitive", as_value_bool(arena, v->span, v->sensitive));
        put(&o, "ephemeral", as_value_bool(arena, v->span, v->ephemeral));
        put(&o, "description", text(arena, v->span, v->description));
        put(&o, "refers", references(arena, v->value, v->span));
        put(&o, "value_sensitive",
                as_value_bool(
                        arena, v->span, v->value != NULL && (v->value->flags & AS_SENSITIVE) != 0));
        add_part(b, "output", v->module, v->name, v->span, &o);
    }
}

static void add_calls(build *b)
{
    as_arena *arena = b->load->arena;
    for (size_t i = 0; i < b->root->calls.n; i++) {
        const as_tf_call *c = &b->root->calls.items[i];
        as_object_builder o;
        as_object_begin(&o, arena);
        put(&o, "source", text(arena, c->source_span, c->source));
        put(&o, "version", text(arena, c->version_span, c->version));
        put(&o, "found", as_value_bool(arena, c->span, c->found));
        put(&o, "instances", as_value_int(arena, c->span, (int64_t)c->n_instances));
        add_part(b, "module_call", c->module, c->name, c->span, &o);
    }
}

static void add_providers(build *b)
{
    as_arena *arena = b->load->arena;
    for (size_t i = 0; i < b->root->providers.n; i++) {
        const as_tf_provider *p = &b->root->providers.items[i];
        if (p->span.file == 0) {
            continue;
        }
        as_object_builder o;
        as_object_begin(&o, arena);
        put(&o, "alias", text(arena, p->span, p->alias));
        put(&o, "source", text(arena, p->span, p->source));
        put(&o, "region", p->region);
        put(&o, "default_tags", p->default_tags);
        put(&o, "values", p->values);
        add_part(b, "provider", p->module, p->name, p->span, &o);
    }
    for (size_t i = 0; i < b->root->requirements.n; i++) {
        const as_tf_requirement *r = &b->root->requirements.items[i];
        as_object_builder o;
        as_object_begin(&o, arena);
        put(&o, "source", text(arena, r->span, r->source));
        put(&o, "version", text(arena, r->span, r->constraint));
        put(&o, "declared", as_value_bool(arena, r->span, r->declared));
        add_part(b, "provider_requirement", r->module, r->name, r->span, &o);
    }
}

/* Provisioners and lifecycle blocks stand in resources of all types, so they are entities of their
 * own: once for each block, not for each instance. */
static void add_blocks(build *b)
{
    as_arena *arena = b->load->arena;
    as_map seen = {0};
    for (size_t i = 0; i < b->root->resources.n; i++) {
        const as_tf_resource *r = &b->root->resources.items[i];
        as_str address = without_keys(arena, r->address);
        if (as_map_put(b->work, &seen, address, b) != NULL) {
            continue;
        }
        as_str name = as_str_from_index(
                address, r->module.n > 0 ? without_keys(arena, r->module).n + 1 : 0);
        for (size_t p = 0; p < r->n_provisioners; p++) {
            as_object_builder o;
            as_object_begin(&o, arena);
            put(&o, "type", text(arena, r->provisioners[p].span, r->provisioners[p].type));
            put(&o, "on_destroy",
                    as_value_bool(arena, r->provisioners[p].span, r->provisioners[p].on_destroy));
            put(&o, "values", r->provisioners[p].values);
            add_part(b, "provisioner", r->module, name, r->provisioners[p].span, &o);
        }
        const as_tf_lifecycle *l = &r->lifecycle;
        if (l->span.file != 0) {
            as_object_builder o;
            as_object_begin(&o, arena);
            put(&o, "resource_type", text(arena, l->span, r->type));
            put(&o, "prevent_destroy", l->prevent_destroy);
            put(&o, "ignore_all", as_value_bool(arena, l->span, l->ignore_all));
            put(&o, "ignore_changes",
                    texts(arena, l->span, l->ignore_changes, l->n_ignore_changes));
            add_part(b, "lifecycle", r->module, name, l->span, &o);
        }
    }
}

/* The labels of the root's own blocks, for rules about names. */
static const as_value *names(build *b)
{
    as_arena *arena = b->load->arena;
    as_list_builder list;
    as_map seen = {0};
    as_list_begin(&list, arena);
    for (size_t i = 0; i < b->root->resources.n; i++) {
        const as_tf_resource *r = &b->root->resources.items[i];
        if (r->module.n > 0 ||
                as_map_put(b->work, &seen, without_keys(b->work, r->address), b) != NULL) {
            continue;
        }
        as_object_builder o;
        as_object_begin(&o, arena);
        put(&o, "what",
                text(arena, r->header_span,
                        r->mode == AS_TF_DATA ? AS_STR("data source") : AS_STR("resource")));
        put(&o, "name", text(arena, r->header_span, r->name));
        as_list_add(&list, as_object_end(&o, r->header_span));
    }
    return as_list_end(&list, b->root->span);
}

/* The root itself: backend, versions, lock file. */
static void add_settings(build *b)
{
    as_arena *arena = b->load->arena;
    const as_tf_root *root = b->root;
    as_object_builder o;
    as_object_begin(&o, arena);
    put(&o, "required_version", text(arena, root->required_version_span, root->required_version));
    put(&o, "lock_file", as_value_bool(arena, root->span, root->has_lock));
    put(&o, "locked", texts(arena, root->span, root->locked.items, root->locked.n));
    put(&o, "dir", text(arena, root->span, root->dir));
    put(&o, "names", names(b));
    if (root->backend != NULL) {
        as_object_builder backend;
        as_object_begin(&backend, arena);
        put(&backend, "type", text(arena, root->backend->span, root->backend->type));
        put(&backend, "values", root->backend->values);
        put(&o, "backend", as_object_end(&backend, root->backend->span));
    }
    add_part(b, "root", AS_STR(""), root->dir.n == 0 ? AS_STR(".") : root->dir, root->span, &o);
}

static void add_everything(build *b)
{
    for (size_t i = 0; i < b->root->calls.n; i++) {
        union {
            const as_tf_call *in;
            void *out;
        } call = {.in = &b->root->calls.items[i]};
        as_map_put(b->work, &b->calls, without_keys(b->work, call.in->address), call.out);
    }
    if (b->load->resources.n == 0) { /* growing would leave as much behind as there is */
        b->load->resources.cap = b->root->resources.n + 16;
        b->load->resources.items =
                AS_NEW_ARRAY(b->load->arena, as_resource, b->load->resources.cap);
    }
    for (size_t i = 0; i < b->root->resources.n; i++) {
        add_resource(b, &b->root->resources.items[i]);
    }
    if (b->origin != AS_ORIGIN_TERRAFORM) { /* plans and states do not belong into a repository */
        as_object_builder o;
        as_object_begin(&o, b->load->arena);
        add_part(b, b->origin == AS_ORIGIN_PLAN ? "plan_file" : "state_file", AS_STR(""),
                as_path_base(b->load->target->path), b->root->span, &o);
    }
    if (b->origin == AS_ORIGIN_STATE) {
        return;
    }
    add_variables(b);
    add_outputs(b);
    add_calls(b);
    add_providers(b);
    add_blocks(b);
    add_settings(b);
}

/* --- loading ---------------------------------------------------------------------------------- */

static as_strs joined(as_arena *arena, as_strs a, as_strs b)
{
    as_str *items = AS_NEW_ARRAY(arena, as_str, a.n + b.n);
    for (size_t i = 0; i < a.n + b.n; i++) {
        items[i] = i < a.n ? a.items[i] : b.items[i - a.n];
    }
    return (as_strs){items, a.n + b.n};
}

static void read_assignments(as_arena *arena, as_strs texts_in, as_tf_options *out)
{
    as_tf_assignment *list = AS_NEW_ARRAY(arena, as_tf_assignment, texts_in.n);
    for (size_t i = 0; i < texts_in.n; i++) {
        size_t equals = as_str_find_char(texts_in.items[i], '=');
        list[i].name = as_str_slice(texts_in.items[i], 0, equals);
        list[i].text = equals == (size_t)-1 ? AS_STR("")
                                            : as_str_from_index(texts_in.items[i], equals + 1);
    }
    out->vars = list;
    out->n_vars = texts_in.n;
}

static const as_tf_root *load_json(
        as_load *l, as_arena *work, as_tf_loader *loader, const as_tf_options *options)
{
    const as_source *source;
    as_fs_error error = as_fs_read(l->fs, l->target->path, &source);
    if (error != AS_FS_OK) {
        as_diags_add_path(l->diags, AS_DIAG_ERROR, "file-read", l->target->path,
                "cannot be read: %s", as_fs_error_text(error));
        return NULL;
    }
    const as_value *json = as_json_parse(work, source, l->diags);
    return json == NULL
                   ? NULL
                   : as_tf_read_json(loader, source, json, as_path_dir(l->target->path), options);
}

static void load_with(void *self, as_arena *work)
{
    as_load *l = self;
    const as_parse_options *o = l->options;
    as_tf_options options = {
            .module_dirs = o->module_dirs.items, .n_module_dirs = o->module_dirs.n};
    as_strs files = joined(l->arena, l->target->files, o->var_files);
    options.var_files = files.items;
    options.n_var_files = files.n;
    read_assignments(l->arena, joined(l->arena, l->target->set, o->vars), &options);
    as_tf_loader *loader = as_tf_loader_new(l->arena, l->fs, l->diags);
    as_tf_loader_work_in(loader, work);
    build b = {.load = l, .work = work, .origin = l->target->unit->origin};
    b.root = b.origin == AS_ORIGIN_TERRAFORM ? as_tf_evaluate(loader, l->target->path, &options)
                                             : load_json(l, work, loader, &options);
    l->n_files += as_tf_loader_n_files(loader);
    if (b.root != NULL) {
        add_everything(&b);
    }
}

static void load(as_load *l)
{
    as_arena_with_scratch(l->arena, load_with, l);
}

const as_parser as_parser_terraform = {"terraform", discover, load};
