/* Names to values: var, local, module, path, each, …, and resources. Terraform:
 * internal/addrs/parse_ref.go, internal/terraform/evaluate.go. */
#include <stdarg.h>

#include "engine/base/limits.h"
#include "parsers/terraform/tree.h"

#include <assert.h>

/* All evaluations under way together may nest so deep: the stack must hold them. */
#define MAX_TOTAL_DEPTH 3000

static const as_value *unknown(as_tf_eval *eval, as_span span, const char *fmt, ...)
        AS_PRINTF(3, 4);
static const as_value *unknown(as_tf_eval *eval, as_span span, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    as_buf buf;
    as_buf_init(&buf, eval->arena, 0);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    return as_value_unknown(eval->arena, span, as_buf_view(&buf), NULL);
}

/* --- large values ----------------------------------------------------------------------------- */

#define MAX_VALUE_NODES 4000000
#define MAX_TOTAL_NODES 100000000

/* Counts down; false when nothing is left. */
static bool count_nodes(const as_value *v, uint64_t *left)
{
    if (*left == 0)
        return false;
    --*left;
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++)
        if (!count_nodes(v->as.list.items[i], left))
            return false;
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++)
        if (!count_nodes(v->as.object->members[i].value, left))
            return false;
    return true;
}

const as_value *as_tf_admit_value(as_tf_eval *eval, const as_value *v, as_span span)
{
    if (v->kind != AS_LIST && v->kind != AS_OBJECT)
        return v;
    uint64_t left = MAX_VALUE_NODES;
    bool small = count_nodes(v, &left);
    eval->nodes += MAX_VALUE_NODES - left;
    if (small && eval->nodes <= MAX_TOTAL_NODES)
        return v;
    as_tf_error(&eval->raw, span, "Value is too large",
            "It has more parts than are looked at, so it is left unknown.");
    return as_value_unknown(eval->arena, span, AS_STR("the value is too large"), NULL);
}

/* --- work under way --------------------------------------------------------------------------- */

static as_str cycle_text(as_tf_eval *eval, size_t from)
{
    as_buf buf;
    as_buf_init(&buf, eval->arena, 0);
    as_buf_cstr(&buf, "Cycle: ");
    for (size_t i = from; i < eval->busy.n; i++) {
        if (i > from)
            as_buf_cstr(&buf, ", ");
        as_buf_str(&buf, eval->busy.items[i].name);
    }
    return as_buf_view(&buf);
}

bool as_tf_begin(as_tf_eval *eval, as_tf_slot *slot, as_tf_state *state, as_str name, as_span from)
{
    as_tf_state *s = slot ? &slot->state : state;
    assert(s != NULL);
    if (*s == AS_TF_BUSY) {
        size_t i = eval->busy.n;
        while (i > 0 &&
                (eval->busy.items[i - 1].slot != slot || eval->busy.items[i - 1].state != state))
            i--;
        /* `terraform validate` does not notice what refers to itself alone. */
        bool alone = i == eval->busy.n;
        if (alone && eval->validate_only && slot && as_str_find(name, AS_STR("local.")) != 0)
            return false;
        as_str text = cycle_text(eval, i ? i - 1 : 0);
        as_diags_add(&eval->raw, AS_DIAG_ERROR, "terraform-cycle", from, "%.*s",
                AS_STR_ARG(as_str_slice(text, 0, 2000)));
        as_diags_detail(&eval->raw, "These depend on one another, so none can be worked out.");
        return false;
    }
    if (eval->busy.n >= MAX_TOTAL_DEPTH / 4 || eval->depth > MAX_TOTAL_DEPTH) {
        as_diags_add(
                &eval->raw, AS_DIAG_ERROR, "terraform-depth", from, "References nest too deep");
        as_diags_detail(&eval->raw, "The value of %.*s is left unknown.", AS_STR_ARG(name));
        return false;
    }
    *s = AS_TF_BUSY;
    AS_VEC_PUSH(eval->arena, &eval->busy, (as_tf_busy){slot, state, name});
    return true;
}

void as_tf_end(as_tf_eval *eval)
{
    as_tf_busy *b = &eval->busy.items[--eval->busy.n];
    *(b->slot ? &b->slot->state : b->state) = AS_TF_DONE;
}

static as_str named(as_tf_scope *scope, const char *kind, as_str name)
{
    if (!scope->address.n && !*kind)
        return name;
    return as_str_fmt(scope->eval->arena, "%.*s%s%s%.*s", AS_STR_ARG(scope->address),
            scope->address.n ? "." : "", kind, AS_STR_ARG(name));
}

/* --- scopes ----------------------------------------------------------------------------------- */

/* From `from` to `to`, both folders in the fs: "..", "modules/x", ".". */
static as_str relative_path(as_arena *arena, as_str from, as_str to)
{
    if (as_str_eq(from, to))
        return AS_STR(".");
    size_t common = 0;
    for (size_t i = 0;; i++) {
        bool end_a = i >= from.n || from.p[i] == '/', end_b = i >= to.n || to.p[i] == '/';
        if (end_a && end_b)
            common = i;
        if (i >= from.n || i >= to.n || from.p[i] != to.p[i])
            break;
    }
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    as_str up = as_str_from_index(from, common), part;
    while (as_str_split(&up, '/', &part))
        if (part.n)
            as_buf_cstr(&buf, buf.n ? "/.." : "..");
    as_str down = as_str_from_index(to, common);
    while (as_str_split(&down, '/', &part))
        if (part.n) {
            if (buf.n)
                as_buf_char(&buf, '/');
            as_buf_str(&buf, part);
        }
    return as_buf_view(&buf);
}

as_tf_scope *as_tf_scope_new(as_tf_eval *eval, const as_tf_module *module, as_tf_scope *parent,
        const as_tf_call_config *call, as_tf_repeat repeat, as_str address)
{
    as_arena *arena = eval->arena;
    as_tf_scope *s = AS_NEW(arena, as_tf_scope);
    s->eval = eval;
    s->module = module;
    s->parent = parent;
    s->call = call;
    s->repeat = repeat;
    s->address = address;
    s->depth = parent ? parent->depth + 1 : 0;
    if (parent)
        s->key = parent->key.n ? as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(parent->key),
                                         AS_STR_ARG(call->name))
                               : call->name;
    s->path = relative_path(arena, eval->root_dir, module->dir);
    s->variables = AS_NEW_ARRAY(arena, as_tf_slot, module->variables.n);
    s->locals = AS_NEW_ARRAY(arena, as_tf_slot, module->locals.n);
    s->outputs = AS_NEW_ARRAY(arena, as_tf_slot, module->outputs.n);
    s->resources = AS_NEW_ARRAY(eval->loader->work, as_tf_resource_state, module->resources.n);
    s->calls = AS_NEW_ARRAY(arena, as_tf_call_state, module->calls.n);
    s->providers = AS_NEW_ARRAY(arena, const as_tf_provider *, module->providers.n);
    return s;
}

/* --- locals and outputs ----------------------------------------------------------------------- */

const as_value *as_tf_local_value(as_tf_scope *scope, const as_tf_local_config *local, as_span from)
{
    as_tf_eval *eval = scope->eval;
    as_tf_slot *slot = &scope->locals[local->index];
    if (slot->state == AS_TF_DONE)
        return slot->value;
    as_str name = named(scope, "local.", local->name);
    if (!as_tf_begin(eval, slot, NULL, name, from))
        return unknown(eval, from, "local.%.*s depends on itself", AS_STR_ARG(local->name));
    as_tf_frame frame = {scope, NULL, NULL};
    as_hcl_ctx ctx = as_tf_context(&frame);
    const as_value *v = as_tf_admit_value(eval, as_hcl_eval(&ctx, local->expr), local->expr->span);
    slot->value = as_value_with_step(eval->arena, v, local->span,
            as_str_fmt(eval->arena, "local.%.*s", AS_STR_ARG(local->name)));
    as_tf_end(eval);
    return slot->value;
}

const as_value *as_tf_output_value(
        as_tf_scope *scope, const as_tf_output_config *output, as_span from)
{
    as_tf_eval *eval = scope->eval;
    as_tf_slot *slot = &scope->outputs[output->index];
    if (slot->state == AS_TF_DONE)
        return slot->value;
    as_str name = named(scope, "output.", output->name);
    if (!output->expr || !as_tf_begin(eval, slot, NULL, name, from))
        return unknown(eval, from, "%.*s has no value", AS_STR_ARG(name));
    as_tf_frame frame = {scope, NULL, NULL};
    as_hcl_ctx ctx = as_tf_context(&frame);
    const as_value *v =
            as_tf_admit_value(eval, as_hcl_eval(&ctx, output->expr), output->expr->span);
    if (output->type) {
        if (!as_value_is_null(v))
            v = as_type_apply_defaults(eval->arena, output->type, v);
        as_convert_error error;
        const as_value *converted = as_convert(eval->arena, v, output->type, &error);
        if (!converted)
            as_tf_error(&eval->raw, output->expr->span, "Invalid value for output value",
                    "The value does not fit the type: %.*s.",
                    AS_STR_ARG(as_convert_error_text(eval->arena, &error)));
        v = converted ? converted
                      : unknown(eval, output->expr->span, "%.*s is not valid", AS_STR_ARG(name));
    }
    if (output->sensitive || output->ephemeral)
        v = as_hcl_with_marks(eval->arena, v,
                (output->sensitive ? AS_SENSITIVE : 0u) | (output->ephemeral ? AS_EPHEMERAL : 0u));
    if (scope->parent)
        v = as_value_with_step(eval->arena, v, output->expr->span, name);
    slot->value = v;
    as_tf_end(eval);
    return slot->value;
}

/* --- module calls ----------------------------------------------------------------------------- */

static bool calls_itself(const as_tf_scope *scope, as_str dir)
{
    for (; scope; scope = scope->parent)
        if (as_str_eq(scope->module->dir, dir))
            return true;
    return false;
}

as_tf_call_state *as_tf_call_locate(as_tf_scope *scope, const as_tf_call_config *call)
{
    as_tf_eval *eval = scope->eval;
    as_tf_call_state *state = &scope->calls[call->index];
    if (state->located)
        return state;
    state->located = true;
    if (!call->source_expr || call->source_expr->kind == AS_HCL_BAD)
        return state;
    as_span span = call->source_expr->span;
    as_str source = call->source;
    if (!source.n) { /* OpenTofu, and later Terraforms: any expression that is known early */
        as_tf_frame frame = {scope, NULL, NULL};
        as_hcl_ctx ctx = as_tf_context(&frame);
        source = as_value_str(as_hcl_eval(&ctx, call->source_expr));
    }
    if (!source.n) {
        as_diags_add(&eval->raw, AS_DIAG_WARNING, "terraform-module", span,
                "Module source is not known");
        as_diags_detail(&eval->raw, "The module is left out; its outputs are unknown.");
        return state;
    }
    as_str key = scope->key.n ? as_str_fmt(eval->arena, "%.*s.%.*s", AS_STR_ARG(scope->key),
                                        AS_STR_ARG(call->name))
                              : call->name;
    state->found = as_tf_find_module(eval->loader, eval->options, eval->root_dir,
            scope->module->dir, key, source, call->version, &state->dir);
    if (!state->found) {
        bool local = as_tf_source_is_local(source);
        as_diags_add(&eval->raw, AS_DIAG_WARNING, "terraform-module", span,
                local ? "Module \"%.*s\" cannot be read" : "Module \"%.*s\" is not at hand",
                AS_STR_ARG(source));
        as_diags_detail(&eval->raw,
                local ? "There is no configuration in that directory, or it lies outside the "
                        "scanned folder. The module is left out; its outputs are unknown."
                      : "Run `terraform init` before, or give a folder with copies by "
                        "--module-dir. The module is "
                        "left out; its outputs are unknown.");
    } else if (calls_itself(scope, state->dir) || scope->depth + 1 >= AS_MAX_CALL_DEPTH) {
        as_tf_error(&eval->raw, span, "Module calls itself",
                "The module in \"%.*s\" contains a call that leads back to it.",
                AS_STR_ARG(state->dir));
        state->found = false;
    }
    return state;
}

/* False, with one diagnostic, when the tree has grown beyond reason. */
static bool admit(as_tf_eval *eval, size_t n, as_span span)
{
    eval->n_instances += n;
    if (eval->n_instances <= AS_MAX_INSTANCES)
        return true;
    if (!eval->too_many_reported)
        as_tf_error(&eval->raw, span, "Too many instances",
                "The configuration has more than %zu instances of modules and resources; the rest "
                "is left out.",
                AS_MAX_INSTANCES);
    eval->too_many_reported = true;
    return false;
}

as_tf_call_state *as_tf_call_expand(as_tf_scope *scope, const as_tf_call_config *call, as_span from)
{
    as_tf_eval *eval = scope->eval;
    as_tf_call_state *state = as_tf_call_locate(scope, call);
    if (state->state == AS_TF_DONE)
        return state;
    if (!as_tf_begin(eval, NULL, &state->state, named(scope, "module.", call->name), from))
        return NULL;
    as_tf_frame frame = {scope, NULL, NULL};
    state->keys = as_tf_expand(&frame, call->count, call->for_each, call->enabled);
    if (!state->found || !admit(eval, state->keys.n, call->span))
        state->keys.n = 0;
    state->scopes = AS_NEW_ARRAY(eval->arena, as_tf_scope *, state->keys.n);
    for (size_t i = 0; i < state->keys.n; i++) {
        as_tf_repeat *item = &state->keys.items[i];
        as_str address = as_str_join(eval->arena, named(scope, "module.", call->name),
                as_tf_key_text(eval->arena, &state->keys, item));
        state->scopes[i] = as_tf_scope_new(
                eval, as_tf_load(eval->loader, state->dir), scope, call, *item, address);
    }
    as_tf_end(eval);
    return state;
}

static const as_value *scope_object(as_tf_scope *scope, as_span span)
{
    as_arena *arena = scope->eval->arena;
    const as_map *outputs = &scope->module->outputs;
    as_member *members = AS_NEW_ARRAY(arena, as_member, outputs->n);
    for (size_t i = 0; i < outputs->n; i++) {
        const as_tf_output_config *o = outputs->entries[i].value;
        members[i] = (as_member){o->name, o->span, as_tf_output_value(scope, o, span)};
    }
    return as_hcl_object(arena, span, members, outputs->n);
}

/* module.x as a whole. */
static const as_value *call_object(
        as_tf_scope *scope, const as_tf_call_config *call, as_tf_call_state *state, as_span span)
{
    as_tf_eval *eval = scope->eval;
    if (state->whole.state == AS_TF_DONE)
        return state->whole.value;
    as_str name = named(scope, "module.", call->name);
    if (!as_tf_begin(eval, &state->whole, NULL, name, span))
        return unknown(eval, span, "%.*s depends on itself", AS_STR_ARG(name));
    const as_tf_keys *keys = &state->keys;
    if (keys->kind == AS_TF_SINGLE && keys->n) {
        state->whole.value = scope_object(state->scopes[0], span);
    } else if (keys->disabled) {
        state->whole.value = as_value_null(eval->arena, span);
    } else if (keys->unknown || keys->kind == AS_TF_SINGLE) {
        state->whole.value =
                unknown(eval, span, "the number of instances of %.*s is unknown", AS_STR_ARG(name));
    } else if (keys->kind == AS_TF_COUNT) {
        const as_value **items = AS_NEW_ARRAY(eval->arena, const as_value *, keys->n);
        for (size_t i = 0; i < keys->n; i++)
            items[i] = scope_object(state->scopes[i], span);
        state->whole.value = as_hcl_tuple(eval->arena, span, items, keys->n);
    } else {
        as_member *members = AS_NEW_ARRAY(eval->arena, as_member, keys->n);
        for (size_t i = 0; i < keys->n; i++)
            members[i] = (as_member){as_value_str(keys->items[i].key), keys->items[i].key->span,
                    scope_object(state->scopes[i], span)};
        state->whole.value = as_hcl_object(eval->arena, span, members, keys->n);
    }
    as_tf_end(eval);
    return state->whole.value;
}

/* Index of the instance with a constant key, or keys->n. An unknown number: the one there is. */
static size_t find_key(const as_tf_keys *keys, const as_value *key)
{
    if (keys->unknown)
        return 0;
    int64_t n = as_value_int_or(key, -1);
    if (keys->kind == AS_TF_COUNT)
        return key->kind != AS_STRING && n >= 0 && (uint64_t)n < keys->n ? (size_t)n : keys->n;
    for (size_t i = 0; keys->kind == AS_TF_EACH && i < keys->n; i++)
        if (as_str_eq(as_value_str(keys->items[i].key), as_value_str(key)))
            return i;
    return keys->n;
}

static const as_value *resolve_module(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used)
{
    as_tf_scope *scope = frame->scope;
    as_tf_eval *eval = scope->eval;
    *used = 2;
    as_str name = t->steps[1].name;
    const as_tf_call_config *call = as_map_get(&scope->module->calls, name);
    if (!call)
        return unknown(eval, span, "there is no module \"%.*s\"", AS_STR_ARG(name));
    as_tf_call_state *state = as_tf_call_expand(scope, call, span);
    if (!state)
        return unknown(eval, span, "module.%.*s depends on itself", AS_STR_ARG(name));
    if (!state->found)
        return unknown(eval, span, "module.%.*s is not at hand", AS_STR_ARG(name));
    size_t next = 2, instance = 0;
    if (t->n > 2 && t->steps[2].is_index) {
        instance = find_key(&state->keys, t->steps[2].key);
        next = 3;
    } else if (state->keys.kind != AS_TF_SINGLE) {
        return call_object(scope, call, state, span);
    }
    if (instance >= state->keys.n || t->n <= next || t->steps[next].is_index)
        return call_object(scope, call, state, span);
    as_tf_scope *child = state->scopes[instance];
    const as_tf_output_config *o = as_map_get(&child->module->outputs, t->steps[next].name);
    *used = next + 1;
    if (!o)
        return unknown(eval, span, "module.%.*s has no output \"%.*s\"", AS_STR_ARG(name),
                AS_STR_ARG(t->steps[next].name));
    return as_tf_output_value(child, o, span);
}

/* --- resources -------------------------------------------------------------------------------- */

as_tf_resource_state *as_tf_resource_expand(
        as_tf_scope *scope, const as_tf_resource_config *config, as_span from)
{
    as_tf_eval *eval = scope->eval;
    as_tf_resource_state *state = &scope->resources[config->index];
    if (state->state == AS_TF_DONE)
        return state;
    as_str address = named(scope, "", config->key);
    if (!as_tf_begin(eval, NULL, &state->state, address, from))
        return NULL;
    as_tf_frame frame = {scope, NULL, NULL};
    state->keys = as_tf_expand(&frame, config->count, config->for_each, config->enabled);
    if (!admit(eval, state->keys.n, config->header_span))
        state->keys.n = 0;
    state->instances = AS_NEW_ARRAY(eval->loader->work, as_tf_instance, state->keys.n);
    for (size_t i = 0; i < state->keys.n; i++) {
        as_tf_repeat *item = &state->keys.items[i];
        as_str key = as_tf_key_text(eval->arena, &state->keys, item);
        state->instances[i] = (as_tf_instance){.config = config,
                .scope = scope,
                .repeat = *item,
                .key = as_tf_key_value(&state->keys, item),
                .address = key.n ? as_str_join(eval->arena, address, key) : address,
                .representative = state->keys.unknown};
    }
    as_tf_end(eval);
    return state;
}

static const as_value *resource_object(as_tf_scope *scope, const as_tf_resource_config *config,
        as_tf_resource_state *state, as_span span)
{
    as_tf_eval *eval = scope->eval;
    const as_tf_keys *keys = &state->keys;
    if (keys->kind == AS_TF_SINGLE && keys->n)
        return as_tf_instance_object(&state->instances[0], span);
    if (keys->disabled)
        return as_value_null(eval->arena, span);
    if (state->whole.state == AS_TF_DONE)
        return state->whole.value;
    as_str address = named(scope, "", config->key);
    if (keys->unknown || keys->kind == AS_TF_SINGLE) {
        as_ref *ref = AS_NEW(eval->arena, as_ref);
        *ref = (as_ref){.address = keys->n ? state->instances[0].address : address, .span = span};
        return as_value_unknown(eval->arena, span,
                as_str_fmt(eval->arena, "the number of instances of %.*s is unknown",
                        AS_STR_ARG(address)),
                ref);
    }
    if (!as_tf_begin(eval, &state->whole, NULL, address, span))
        return unknown(eval, span, "%.*s depends on itself", AS_STR_ARG(address));
    if (keys->kind == AS_TF_COUNT) {
        const as_value **items = AS_NEW_ARRAY(eval->arena, const as_value *, keys->n);
        for (size_t i = 0; i < keys->n; i++)
            items[i] = as_tf_instance_object(&state->instances[i], span);
        state->whole.value = as_hcl_tuple(eval->arena, span, items, keys->n);
    } else {
        as_member *members = AS_NEW_ARRAY(eval->arena, as_member, keys->n);
        for (size_t i = 0; i < keys->n; i++)
            members[i] = (as_member){as_value_str(keys->items[i].key), config->header_span,
                    as_tf_instance_object(&state->instances[i], span)};
        state->whole.value = as_hcl_object(eval->arena, span, members, keys->n);
    }
    as_tf_end(eval);
    return state->whole.value;
}

/* `first` is the step with the type's name. */
static const as_value *resolve_resource(as_tf_frame *frame, const as_hcl_traversal *t, size_t first,
        const char *prefix, as_span span, size_t *used)
{
    as_tf_scope *scope = frame->scope;
    as_tf_eval *eval = scope->eval;
    if (t->n < first + 2 || t->steps[first].is_index || t->steps[first + 1].is_index)
        return NULL;
    *used = first + 2;
    as_str key = as_str_fmt(eval->arena, "%s%.*s.%.*s", prefix, AS_STR_ARG(t->steps[first].name),
            AS_STR_ARG(t->steps[first + 1].name));
    const as_tf_resource_config *config = as_map_get(&scope->module->resources, key);
    if (!config)
        return unknown(eval, span, "%.*s is not declared", AS_STR_ARG(key));
    as_tf_resource_state *state = as_tf_resource_expand(scope, config, span);
    if (!state)
        return unknown(eval, span, "%.*s depends on itself", AS_STR_ARG(key));
    if (t->n > *used && t->steps[*used].is_index && state->keys.kind != AS_TF_SINGLE) {
        size_t i = find_key(&state->keys, t->steps[*used].key);
        if (i < state->keys.n) {
            *used += 1;
            return as_tf_instance_object(&state->instances[i], span);
        }
    }
    return resource_object(scope, config, state, span);
}

/* --- names ------------------------------------------------------------------------------------ */

static const as_value *resolve_var(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used)
{
    as_str name = t->steps[1].name;
    const as_tf_variable_config *v = as_map_get(&frame->scope->module->variables, name);
    *used = 2;
    return v ? as_tf_variable_value(frame->scope, v, span)
             : unknown(frame->scope->eval, span, "var.%.*s is not declared", AS_STR_ARG(name));
}

static const as_value *resolve_local(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used)
{
    as_str name = t->steps[1].name;
    const as_tf_local_config *l = as_map_get(&frame->scope->module->locals, name);
    *used = 2;
    return l ? as_tf_local_value(frame->scope, l, span)
             : unknown(frame->scope->eval, span, "local.%.*s is not declared", AS_STR_ARG(name));
}

static const as_value *resolve_each(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used)
{
    as_str name = t->steps[1].name;
    const as_value *v = NULL;
    *used = 2;
    if (frame->repeat && as_str_is(name, "key"))
        v = frame->repeat->key;
    if (frame->repeat && as_str_is(name, "value"))
        v = frame->repeat->value;
    return v ? v : unknown(frame->scope->eval, span, "there is no for_each here");
}

static const as_value *resolve_count(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used)
{
    *used = 2;
    if (frame->repeat && frame->repeat->index && as_str_is(t->steps[1].name, "index"))
        return frame->repeat->index;
    return unknown(frame->scope->eval, span, "there is no count here");
}

static const as_value *resolve_path(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used)
{
    as_tf_eval *eval = frame->scope->eval;
    as_str name = t->steps[1].name;
    *used = 2;
    if (as_str_is(name, "module"))
        return as_value_string(eval->arena, span, frame->scope->path);
    if (as_str_is(name, "root"))
        return as_value_string(eval->arena, span, AS_STR("."));
    const char *root = as_fs_root(eval->loader->fs);
    if (!as_str_is(name, "cwd") || !*root)
        return unknown(eval, span, "path.%.*s is not known", AS_STR_ARG(name));
    as_str cwd = as_str_fmt(
            eval->arena, "%s%s%.*s", root, eval->root_dir.n ? "/" : "", AS_STR_ARG(eval->root_dir));
    return as_value_string(eval->arena, span, cwd);
}

static const as_value *resolve_terraform(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used)
{
    as_tf_eval *eval = frame->scope->eval;
    *used = 2;
    if (!as_str_is(t->steps[1].name, "workspace"))
        return unknown(eval, span, "terraform.%.*s is not known", AS_STR_ARG(t->steps[1].name));
    as_str workspace = eval->options->workspace;
    return as_value_string(eval->arena, span, workspace.n ? workspace : AS_STR("default"));
}

static const as_value *resolve_self(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used)
{
    (void)t;
    *used = 1;
    return frame->self ? as_tf_instance_object(frame->self, span) : NULL;
}

static const as_value *resolve_data(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used)
{
    return resolve_resource(frame, t, 1, "data.", span, used);
}

static const as_value *resolve_managed(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used)
{
    return resolve_resource(frame, t, 1, "", span, used);
}

static const as_value *resolve_ephemeral(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used)
{
    return resolve_resource(frame, t, 1, "ephemeral.", span, used);
}

typedef const as_value *resolve_root_fn(
        as_tf_frame *frame, const as_hcl_traversal *t, as_span span, size_t *used);

static const struct {
    const char *name;
    resolve_root_fn *resolve;
    bool attribute; /* must be followed by .name */
} roots[] = {
        {"var", resolve_var, true},
        {"local", resolve_local, true},
        {"module", resolve_module, true},
        {"each", resolve_each, true},
        {"count", resolve_count, true},
        {"path", resolve_path, true},
        {"terraform", resolve_terraform, true},
        {"self", resolve_self, false},
        {"data", resolve_data, true},
        {"resource", resolve_managed, true},
        {"ephemeral", resolve_ephemeral, true},
};

static const as_value *resolve(
        void *self, as_hcl_ctx *ctx, const as_hcl_traversal *t, as_span span, size_t *used)
{
    as_tf_frame *frame = self;
    as_tf_eval *eval = frame->scope->eval;
    unsigned before = eval->depth;
    eval->depth += ctx->depth + 1;
    const as_value *v = NULL;
    size_t i = 0, n = sizeof roots / sizeof *roots;
    while (i < n && !as_str_is(t->steps[0].name, roots[i].name))
        i++;
    bool good = i == n || !roots[i].attribute || (t->n > 1 && !t->steps[1].is_index);
    if (good)
        v = i < n ? roots[i].resolve(frame, t, span, used)
                  : resolve_resource(frame, t, 0, "", span, used);
    if (!v) { /* the validation of the module has said what is wrong */
        *used = t->n;
        v = unknown(eval, span, "%.*s refers to nothing",
                AS_STR_ARG(as_hcl_traversal_text(eval->arena, t)));
    }
    eval->depth = before;
    return v;
}

as_hcl_ctx as_tf_context(as_tf_frame *frame)
{
    as_tf_eval *eval = frame->scope->eval;
    return (as_hcl_ctx){.arena = eval->arena,
            .diags = &eval->raw,
            .steps = &eval->steps,
            .resolve = resolve,
            .host = frame,
            .fs = eval->loader->fs,
            .base_dir = eval->root_dir};
}
