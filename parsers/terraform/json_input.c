/* Plans and states as JSON: `terraform show -json` of a plan or a state, and state files (version
 * 4), brought into the shape of evaluated configurations. Format: Terraform's docs "JSON Output
 * Format", internal/command/jsonplan, jsonstate, internal/states/statefile/version4.go. */
#include "engine/base/limits.h"
#include "parsers/terraform/loader.h"
#include "parsers/terraform/tree.h"

typedef struct reader {
    as_tf_loader *loader;
    as_arena *arena; /* of the work: what stays is kept() */
    as_str source;
    const as_tf_options *options;
    as_tf_origin origin;
    as_str dir;
    const as_tf_module *module; /* of the root, or NULL when there is no configuration */
    as_map configured; /* of a plan: "a.b|aws_vpc.main" → its entry in the configuration */
    as_map modules;    /* module path without keys → as_tf_module *, once looked up */
    AS_VEC(as_tf_resource) resources;
    AS_VEC(as_tf_output) outputs;
    AS_VEC(as_tf_variable) variables;
} reader;

static const as_value *get(const as_value *v, const char *name)
{
    return as_value_get(v, as_str_from(name));
}

static as_str text(const as_value *v, const char *name)
{
    return as_value_str(get(v, name));
}

static const as_value *kept(const reader *r, const as_value *v)
{
    return r->arena == r->loader->arena ? v : as_value_keep(r->loader->arena, r->source, v);
}

static as_str kept_text(const reader *r, as_str s)
{
    return r->arena == r->loader->arena ? s : as_str_keep(r->loader->arena, r->source, s);
}

bool as_tf_json_origin(const as_value *json, as_tf_origin *out)
{
    if (get(json, "resource_changes") || get(json, "planned_values")) {
        *out = AS_TF_PLAN;
        return true;
    }
    bool shown = get(json, "format_version") && get(json, "terraform_version");
    bool raw = as_value_int_or(get(json, "version"), 0) == 4 && get(json, "terraform_version");
    *out = AS_TF_STATE;
    return shown || raw;
}

/* --- values: what is unknown and what is sensitive comes in trees of the same shape ----------- */

static bool is_true(const as_value *v)
{
    return v && v->kind == AS_BOOL && v->as.boolean;
}

static const as_value *merge(reader *r, const as_value *v, const as_value *unknown,
        const as_value *sensitive, as_str path, unsigned depth)
{
    if (unknown && is_true(unknown))
        return as_value_unknown(r->arena, v ? v->span : unknown->span,
                as_str_fmt(r->arena, "%.*s is known after apply", AS_STR_ARG(path)), NULL);
    if (is_true(sensitive) && v)
        v = as_value_with_flags(r->arena, v, AS_SENSITIVE);
    bool nothing = as_value_count(unknown) == 0 && as_value_count(sensitive) == 0;
    if (nothing || depth > AS_MAX_DEPTH)
        return v ? v : as_value_null(r->arena, unknown ? unknown->span : AS_SPAN_NONE);
    if ((v && v->kind == AS_LIST) || (!v && unknown && unknown->kind == AS_LIST)) {
        as_list_builder b;
        as_list_begin(&b, r->arena);
        size_t n = as_value_count(v) > as_value_count(unknown) ? as_value_count(v)
                                                               : as_value_count(unknown);
        for (size_t i = 0; i < n; i++)
            as_list_add(
                    &b, merge(r, as_value_index(v, i), as_value_index(unknown, i),
                                as_value_index(sensitive, i),
                                as_str_fmt(r->arena, "%.*s[%zu]", AS_STR_ARG(path), i), depth + 1));
        return as_list_end(&b, v ? v->span : unknown->span);
    }
    as_object_builder b;
    as_object_begin(&b, r->arena);
    for (size_t i = 0; v && v->kind == AS_OBJECT && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_str below = as_str_fmt(r->arena, "%.*s.%.*s", AS_STR_ARG(path), AS_STR_ARG(m->key));
        as_object_add(&b, m->key, m->key_span,
                merge(r, m->value, as_value_get(unknown, m->key), as_value_get(sensitive, m->key),
                        below, depth + 1));
    }
    for (size_t i = 0; unknown && unknown->kind == AS_OBJECT && i < unknown->as.object->n; i++) {
        const as_member *m = &unknown->as.object->members[i];
        if (as_value_get(v, m->key))
            continue;
        as_str below = as_str_fmt(r->arena, "%.*s.%.*s", AS_STR_ARG(path), AS_STR_ARG(m->key));
        as_object_add(&b, m->key, m->key_span,
                merge(r, NULL, m->value, as_value_get(sensitive, m->key), below, depth + 1));
    }
    if (v && v->kind != AS_OBJECT && v->kind != AS_NULL)
        return v;
    return as_object_end(&b, v ? v->span : unknown ? unknown->span : AS_SPAN_NONE);
}

/* --- the configuration beside it -------------------------------------------------------------- */

/* "module.a[\"x\"].module.b" as call names: "a.b". */
static as_str without_keys(reader *r, as_str address)
{
    as_buf buf;
    as_buf_init(&buf, r->arena, 0);
    size_t i = 0;
    while (i < address.n && as_str_starts(as_str_from_index(address, i), "module.")) {
        i += 7;
        if (buf.n)
            as_buf_char(&buf, '.');
        while (i < address.n && address.p[i] != '.' && address.p[i] != '[')
            as_buf_char(&buf, address.p[i++]);
        if (i < address.n && address.p[i] == '[') {
            bool quoted = false;
            for (; i < address.n && (quoted || address.p[i] != ']'); i++) {
                if (quoted && address.p[i] == '\\')
                    i++;
                else if (address.p[i] == '"')
                    quoted = !quoted;
            }
            i++;
        }
        if (i < address.n && address.p[i] == '.')
            i++;
    }
    return as_buf_view(&buf);
}

static const as_tf_module *module_at(reader *r, as_str path)
{
    const as_tf_module *m = r->module, *known = as_map_get(&r->modules, path);
    if (known || !m || !path.n)
        return known ? known : m;
    as_str rest = path, name, key = AS_STR_NONE;
    while (m && as_str_split(&rest, '.', &name)) {
        key = key.n ? as_str_fmt(r->arena, "%.*s.%.*s", AS_STR_ARG(key), AS_STR_ARG(name)) : name;
        const as_tf_call_config *call = as_map_get(&m->calls, name);
        as_str dir;
        m = call && as_tf_find_module(r->loader, r->options, r->dir, m->dir, key, call->source,
                            call->version, &dir)
                    ? as_tf_load(r->loader, dir)
                    : NULL;
    }
    if (m) {
        union { /* the map holds what it does not change */
            const as_tf_module *in;
            void *out;
        } cast = {m};
        as_map_put(r->arena, &r->modules, path, cast.out);
    }
    return m;
}

/* Values get the places of the arguments that gave them. */
static const as_value *placed(reader *r, const as_value *values, const as_hcl_body *body)
{
    if (!values || values->kind != AS_OBJECT)
        return values;
    as_object_builder b;
    as_object_begin(&b, r->arena);
    for (size_t i = 0; i < values->as.object->n; i++) {
        const as_member *m = &values->as.object->members[i];
        const as_hcl_attribute *a = as_hcl_body_attribute(body, m->key);
        const as_value *v = m->value;
        as_span key_span = a ? a->name_span : m->key_span;
        if (a) {
            v = as_value_at(r->arena, v, a->expr->span);
        } else if (v->kind == AS_LIST) {
            as_list_builder list;
            as_list_begin(&list, r->arena);
            size_t k = 0;
            for (size_t item = 0; item < v->as.list.n; item++) {
                while (k < body->n_blocks && !as_str_eq(body->blocks[k].type, m->key))
                    k++;
                const as_value *x = v->as.list.items[item];
                if (k < body->n_blocks) {
                    key_span = key_span.file == m->key_span.file ? body->blocks[k].span : key_span;
                    x = placed(r, x, body->blocks[k].body);
                    x = as_value_at(r->arena, x, body->blocks[k++].span);
                }
                as_list_add(&list, x);
            }
            v = as_list_end(&list, v->span);
        }
        as_object_add(&b, m->key, key_span, v);
    }
    return as_object_end(&b, values->span);
}

/* --- references of a plan's configuration ----------------------------------------------------- */

/* Indexes a plan's configuration: resources by "a.b|aws_vpc.main", modules by "a.b|". */
static void index_configuration(reader *r, const as_value *module, as_str path, unsigned depth)
{
    const as_value *list = get(module, "resources"), *calls = get(module, "module_calls");
    union {
        const as_value *in;
        void *out;
    } whole = {module};
    if (module)
        as_map_put(r->arena, &r->configured, as_str_fmt(r->arena, "%.*s|", AS_STR_ARG(path)),
                whole.out);
    for (size_t i = 0; i < as_value_count(list); i++) {
        union { /* the map holds what it does not change */
            const as_value *in;
            void *out;
        } cast = {as_value_index(list, i)};
        as_str key = as_str_fmt(
                r->arena, "%.*s|%.*s", AS_STR_ARG(path), AS_STR_ARG(text(cast.in, "address")));
        as_map_put(r->arena, &r->configured, key, cast.out);
    }
    for (size_t i = 0; depth < AS_MAX_CALL_DEPTH && calls && calls->kind == AS_OBJECT &&
                       i < calls->as.object->n;
            i++) {
        const as_member *m = &calls->as.object->members[i];
        as_str below =
                path.n ? as_str_fmt(r->arena, "%.*s.%.*s", AS_STR_ARG(path), AS_STR_ARG(m->key))
                       : m->key;
        index_configuration(r, get(m->value, "module"), below, depth + 1);
    }
}

static const as_value *configuration_of(reader *r, as_str path, as_str key)
{
    return as_map_get(
            &r->configured, as_str_fmt(r->arena, "%.*s|%.*s", AS_STR_ARG(path), AS_STR_ARG(key)));
}

/* "aws_vpc.main.id" → aws_vpc.main and id; false for var.x, each.key and the like. */
static bool split_reference(as_str reference, as_str *address, as_str *path)
{
    static const char *const names[] = {
            "var.", "local.", "each.", "count.", "path.", "module.", "self.", "terraform."};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (as_str_starts(reference, names[i]))
            return false;
    size_t dots = as_str_starts(reference, "data.") ? 3 : 2, i = 0;
    bool bracket = false;
    for (; i < reference.n; i++) {
        bracket = reference.p[i] == '[' || (bracket && reference.p[i] != ']');
        if (!bracket && reference.p[i] == '.' && --dots == 0)
            break;
    }
    *address = as_str_slice(reference, 0, i);
    *path = as_str_from_index(reference, i + 1);
    return dots <= 1;
}

typedef struct ref_list {
    as_ref *first, **end;
    as_span span;
    unsigned depth; /* of what was followed */
} ref_list;

static void follow_all(reader *r, ref_list *out, as_str module, const as_value *expression);

static const as_value *module_configuration(reader *r, as_str path)
{
    return as_map_get(&r->configured, as_str_fmt(r->arena, "%.*s|", AS_STR_ARG(path)));
}

/* The module around a module instance, and the name of the call: a.b and "c" of a.b.module.c["x"].
 */
static void split_instance(reader *r, as_str module, as_str *around, as_str *call)
{
    as_str path = without_keys(r, module);
    size_t dot = as_str_rfind_char(path, '.'), at = 0, from = 0;
    *call = dot == (size_t)-1 ? path : as_str_from_index(path, dot + 1);
    as_str step = as_str_fmt(r->arena, "module.%.*s", AS_STR_ARG(*call));
    while ((at = as_str_find(as_str_from_index(module, from), step)) != (size_t)-1)
        from += at + 1; /* the last one */
    *around = from > 1 ? as_str_slice(module, 0, from - 2) : AS_STR("");
}

/* var.x is what the call gives, module.m.x what the output of m says. */
static void follow(reader *r, ref_list *out, as_str module, as_str reference)
{
    as_str address, path, name, call, around;
    if (out->depth > 20)
        return;
    out->depth++;
    if (as_str_starts(reference, "var.") && module.n) {
        name = as_str_from_index(reference, 4);
        name = as_str_slice(name, 0, as_str_find_char(name, '.'));
        name = as_str_slice(name, 0, as_str_find_char(name, '['));
        split_instance(r, module, &around, &call);
        const as_value *caller = module_configuration(r, without_keys(r, around));
        const as_value *arguments =
                get(as_value_get(get(caller, "module_calls"), call), "expressions");
        follow_all(r, out, around, as_value_get(arguments, name));
    } else if (as_str_starts(reference, "module.")) {
        as_str rest = as_str_from_index(reference, 7);
        size_t end = as_str_find_char(rest, '.');
        if (end != (size_t)-1) {
            as_str child = as_str_fmt(r->arena, "%.*s%smodule.%.*s", AS_STR_ARG(module),
                    module.n ? "." : "", AS_STR_ARG(as_str_slice(rest, 0, end)));
            as_str output = as_str_from_index(rest, end + 1);
            output = as_str_slice(output, 0, as_str_find_char(output, '.'));
            output = as_str_slice(output, 0, as_str_find_char(output, '['));
            const as_value *callee = module_configuration(r, without_keys(r, child));
            follow_all(
                    r, out, child, get(as_value_get(get(callee, "outputs"), output), "expression"));
        }
    } else if (split_reference(reference, &address, &path)) {
        as_ref *ref = AS_NEW(r->arena, as_ref);
        *ref = (as_ref){.path = path, .span = out->span};
        ref->address = module.n ? as_str_fmt(r->arena, "%.*s.%.*s", AS_STR_ARG(module),
                                          AS_STR_ARG(address))
                                : address;
        *out->end = ref;
        out->end = (as_ref **)(void *)&ref->next;
    }
    out->depth--;
}

static void follow_all(reader *r, ref_list *out, as_str module, const as_value *expression)
{
    const as_value *list = get(expression, "references");
    as_str last = AS_STR_NONE;
    for (size_t i = 0; i < as_value_count(list) && i < 100; i++) {
        as_str reference = as_value_str(as_value_index(list, i));
        /* The plan lists "a.b.id" and then its prefix "a.b". */
        if (last.n > reference.n && memcmp(last.p, reference.p, reference.n) == 0)
            continue;
        last = reference;
        follow(r, out, module, reference);
    }
}

static const as_ref *references(reader *r, as_str module, const as_value *expression, as_span span)
{
    ref_list out = {.span = span};
    out.end = &out.first;
    follow_all(r, &out, module, expression);
    return out.first;
}

static const as_value *with_references(
        reader *r, const as_value *values, as_str module, const as_value *expressions)
{
    if (!values || values->kind != AS_OBJECT || !expressions || expressions->kind != AS_OBJECT)
        return values;
    as_object_builder b;
    as_object_begin(&b, r->arena);
    for (size_t i = 0; i < values->as.object->n; i++) {
        as_member m = values->as.object->members[i];
        const as_value *e = as_value_get(expressions, m.key);
        const as_ref *refs = references(r, module, e, m.value->span);
        if (refs) {
            m.value = as_value_with_refs(r->arena, m.value, refs);
        } else if (e && e->kind == AS_LIST && m.value->kind == AS_LIST) {
            as_list_builder list;
            as_list_begin(&list, r->arena);
            for (size_t k = 0; k < m.value->as.list.n; k++)
                as_list_add(&list, with_references(r, m.value->as.list.items[k], module,
                                           as_value_index(e, k)));
            m.value = as_list_end(&list, m.value->span);
        }
        as_object_add(&b, m.key, m.key_span, m.value);
    }
    return as_object_end(&b, values->span);
}

/* --- resources -------------------------------------------------------------------------------- */

static as_tf_mode mode_of(as_str mode)
{
    return as_str_is(mode, "data")        ? AS_TF_DATA
           : as_str_is(mode, "ephemeral") ? AS_TF_EPHEMERAL
                                          : AS_TF_MANAGED;
}

/* `out` has mode, type, name, address, module and values; the rest is worked out. */
static void add_resource(reader *r, const as_value *from, as_tf_resource out)
{
    static const char *const prefixes[] = {
            [AS_TF_MANAGED] = "", [AS_TF_DATA] = "data.", [AS_TF_EPHEMERAL] = "ephemeral."};
    as_str key = as_str_fmt(r->arena, "%s%.*s.%.*s", prefixes[out.mode], AS_STR_ARG(out.type),
            AS_STR_ARG(out.name));
    as_str path = without_keys(r, out.module);
    out.span = out.header_span = from->span;
    if (r->configured.n)
        out.values = with_references(
                r, out.values, out.module, get(configuration_of(r, path, key), "expressions"));
    const as_tf_module *m = module_at(r, path);
    const as_tf_resource_config *config = m ? as_map_get(&m->resources, key) : NULL;
    if (config) {
        out.span = config->span;
        out.header_span = config->header_span;
        out.values = placed(r, out.values, config->config);
        out.lifecycle.span = config->lifecycle_span;
        out.lifecycle.ignore_all = config->ignore_all;
        out.lifecycle.ignore_changes = config->ignore_changes.items;
        out.lifecycle.n_ignore_changes = config->ignore_changes.n;
    }
    if (!out.values || out.values->kind != AS_OBJECT)
        out.values = as_value_object(r->arena, from->span, NULL, 0);
    out.computed = as_value_object(r->arena, from->span, NULL, 0);
    out.values = kept(r, out.values);
    out.before = kept(r, out.before);
    out.key = kept(r, out.key);
    out.address = kept_text(r, out.address);
    out.module = kept_text(r, out.module);
    out.type = kept_text(r, out.type);
    out.name = kept_text(r, out.name);
    out.provider_source = kept_text(r, out.provider_source);
    AS_VEC_PUSH(r->loader->work, &r->resources, out);
}

static as_str *strings(reader *r, const as_value *list, size_t *n)
{
    *n = as_value_count(list);
    as_str *out = AS_NEW_ARRAY(r->arena, as_str, *n);
    for (size_t i = 0; i < *n; i++)
        out[i] = kept_text(r, as_value_str(as_value_index(list, i)));
    return out;
}

static as_tf_resource described(const as_value *v)
{
    const as_value *index = get(v, "index");
    return (as_tf_resource){.mode = mode_of(text(v, "mode")),
            .address = text(v, "address"),
            .module = text(v, "module_address"),
            .type = text(v, "type"),
            .name = text(v, "name"),
            .key = as_value_is_null(index) ? NULL : index,
            .provider_source = text(v, "provider_name")};
}

/* --- plans ------------------------------------------------------------------------------------ */

static void read_change(reader *r, const as_value *v)
{
    const as_value *change = get(v, "change");
    as_tf_resource out = described(v);
    const as_value *after = get(change, "after");
    out.before = get(change, "before");
    out.actions = strings(r, get(change, "actions"), &out.n_actions);
    bool gone = out.n_actions == 1 && as_str_is(out.actions[0], "delete");
    out.values =
            gone ? merge(r, out.before, NULL, get(change, "before_sensitive"), out.address, 0)
                 : merge(r, as_value_is_null(after) ? NULL : after, get(change, "after_unknown"),
                           get(change, "after_sensitive"), out.address, 0);
    add_resource(r, v, out);
}

static void read_shown_module(reader *r, const as_value *module, bool data_only, unsigned depth)
{
    const as_value *list = get(module, "resources");
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *v = as_value_index(list, i);
        as_tf_resource out = described(v);
        if (data_only && out.mode != AS_TF_DATA)
            continue;
        out.module = text(module, "address");
        out.values = merge(r, get(v, "values"), NULL, get(v, "sensitive_values"), out.address, 0);
        out.depends_on = strings(r, get(v, "depends_on"), &out.n_depends_on);
        add_resource(r, v, out);
    }
    list = get(module, "child_modules");
    for (size_t i = 0; depth < AS_MAX_CALL_DEPTH && i < as_value_count(list); i++)
        read_shown_module(r, as_value_index(list, i), data_only, depth + 1);
}

static void read_outputs(reader *r, const as_value *outputs)
{
    for (size_t i = 0; outputs && outputs->kind == AS_OBJECT && i < outputs->as.object->n; i++) {
        const as_member *m = &outputs->as.object->members[i];
        const as_value *value = get(m->value, "value");
        bool sensitive = is_true(get(m->value, "sensitive"));
        if (!value)
            value = as_value_unknown(r->arena, m->value->span, AS_STR("known after apply"), NULL);
        if (sensitive)
            value = as_value_with_flags(r->arena, value, AS_SENSITIVE);
        AS_VEC_PUSH(r->arena, &r->outputs,
                (as_tf_output){.name = kept_text(r, m->key),
                        .span = m->key_span,
                        .sensitive = sensitive,
                        .value = kept(r, value)});
    }
}

static void read_plan(reader *r, const as_value *json)
{
    index_configuration(r, get(get(json, "configuration"), "root_module"), AS_STR(""), 0);
    const as_value *changes = get(json, "resource_changes");
    for (size_t i = 0; i < as_value_count(changes); i++)
        read_change(r, as_value_index(changes, i));
    read_shown_module(r, get(get(get(json, "prior_state"), "values"), "root_module"), true, 0);
    read_outputs(r, get(get(json, "planned_values"), "outputs"));
    const as_value *variables = get(json, "variables");
    for (size_t i = 0; variables && variables->kind == AS_OBJECT && i < variables->as.object->n;
            i++) {
        const as_member *m = &variables->as.object->members[i];
        AS_VEC_PUSH(r->arena, &r->variables,
                (as_tf_variable){.name = kept_text(r, m->key),
                        .span = m->key_span,
                        .nullable = true,
                        .value = kept(r, get(m->value, "value"))});
    }
}

/* --- states ----------------------------------------------------------------------------------- */

/* provider["registry.terraform.io/hashicorp/aws"].us */
static as_str provider_in(as_str reference)
{
    size_t begin = as_str_find_char(reference, '"'), end = as_str_rfind_char(reference, '"');
    return begin == (size_t)-1 || end <= begin ? reference
                                               : as_str_slice(reference, begin + 1, end);
}

static void read_raw_instance(reader *r, const as_value *resource, const as_value *instance)
{
    static const char *const prefixes[] = {
            [AS_TF_MANAGED] = "", [AS_TF_DATA] = "data.", [AS_TF_EPHEMERAL] = "ephemeral."};
    as_tf_resource out = {.mode = mode_of(text(resource, "mode")),
            .module = text(resource, "module"),
            .type = text(resource, "type"),
            .name = text(resource, "name"),
            .values = get(instance, "attributes"),
            .provider_source = provider_in(text(resource, "provider"))};
    const as_value *key = get(instance, "index_key");
    as_buf buf;
    as_buf_init(&buf, r->arena, 0);
    as_buf_fmt(&buf, "%.*s%s%s%.*s.%.*s", AS_STR_ARG(out.module), out.module.n ? "." : "",
            prefixes[out.mode], AS_STR_ARG(out.type), AS_STR_ARG(out.name));
    if (!as_value_is_null(key)) {
        out.key = key;
        as_buf_char(&buf, '[');
        as_value_write_json(&buf, key, (as_json_style){0});
        as_buf_char(&buf, ']');
    }
    out.address = as_buf_view(&buf);
    out.depends_on = strings(r, get(instance, "dependencies"), &out.n_depends_on);
    /* [[{"type":"get_attr","value":"password"}], …]: only top-level attributes are marked. */
    const as_value *sensitive = get(instance, "sensitive_attributes");
    as_object_builder marks;
    as_object_begin(&marks, r->arena);
    for (size_t i = 0; i < as_value_count(sensitive); i++) {
        as_str name = text(as_value_index(as_value_index(sensitive, i), 0), "value");
        if (name.n)
            as_object_add(
                    &marks, name, sensitive->span, as_value_bool(r->arena, sensitive->span, true));
    }
    out.values = merge(r, out.values, NULL, as_object_end(&marks, instance->span), out.address, 0);
    add_resource(r, instance, out);
}

static void read_state(reader *r, const as_value *json)
{
    const as_value *values = get(json, "values");
    if (values) {
        read_shown_module(r, get(values, "root_module"), false, 0);
        read_outputs(r, get(values, "outputs"));
        return;
    }
    const as_value *list = get(json, "resources");
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *resource = as_value_index(list, i), *all = get(resource, "instances");
        for (size_t k = 0; k < as_value_count(all); k++)
            read_raw_instance(r, resource, as_value_index(all, k));
    }
    read_outputs(r, get(json, "outputs"));
}

/* --- all -------------------------------------------------------------------------------------- */

const as_tf_root *as_tf_read_json(as_tf_loader *loader, const as_source *source,
        const as_value *json, as_str dir, const as_tf_options *options)
{
    static const as_tf_options none;
    as_tf_origin origin;
    if (!as_tf_json_origin(json, &origin)) {
        as_diags_add(loader->diags, AS_DIAG_ERROR, "terraform-json", (as_span){source->id, 0, 0},
                "Neither a Terraform plan nor a state (terraform show -json)");
        return NULL;
    }
    as_tf_root *root = AS_NEW(loader->arena, as_tf_root);
    root->origin = origin;
    root->dir = dir;
    root->span = (as_span){source->id, 0, 0};
    root->has_lock = true; /* not to be judged here */
    reader r = {.loader = loader,
            .arena = loader->work,
            .source = source->text,
            .origin = origin,
            .dir = dir,
            .options = options ? options : &none};
    if (as_fs_stat(loader->fs, dir) == AS_FS_DIR && as_tf_load(loader, dir)->exists)
        r.module = as_tf_load(loader, dir);
    if (origin == AS_TF_PLAN)
        read_plan(&r, json);
    else
        read_state(&r, json);
    root->resources.items = r.resources.items, root->resources.n = r.resources.n;
    root->outputs.items = r.outputs.items, root->outputs.n = r.outputs.n;
    root->variables.items = r.variables.items, root->variables.n = r.variables.n;
    return root;
}
