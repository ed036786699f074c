/* Input variables: where their values come from, and what they become. Terraform:
 * internal/terraform/eval_variable.go (PrepareFinalInputVariableValue), internal/command
 * (precedence). */
#include "parsers/terraform/tree.h"

/* --- values for the root ---------------------------------------------------------------------- */

static void give(as_tf_eval *eval, as_str name, as_tf_root_value value)
{
    as_tf_root_value *v = AS_NEW(eval->arena, as_tf_root_value);
    *v = value;
    as_map_put(eval->arena, &eval->root_values, name, v);
}

static void read_file(as_tf_eval *eval, as_str path, bool must_exist)
{
    const as_source *source;
    if (!must_exist && as_fs_stat(eval->loader->fs, path) == AS_FS_NONE)
        return;
    as_fs_error error = as_fs_read(eval->loader->fs, path, &source);
    if (error != AS_FS_OK) {
        as_diags_add_path(eval->loader->diags, AS_DIAG_ERROR, "terraform-read", path,
                "Failed to read variables file: %s", as_fs_error_text(error));
        return;
    }
    const as_hcl_body *body = as_str_ends(path, ".json")
                                      ? as_hcl_parse_json(eval->arena, source, &eval->raw)
                                      : as_hcl_parse(eval->arena, source, &eval->raw);
    as_hcl_content content = as_hcl_body_attributes(eval->arena, body, &eval->raw);
    const as_map *declared = &as_tf_load(eval->loader, eval->root_dir)->variables;
    for (size_t i = 0; i < content.n_attributes; i++) {
        const as_hcl_attribute *a = &content.attributes[i];
        if (!as_map_has(declared, a->name)) {
            as_diags_add(&eval->raw, AS_DIAG_WARNING, "terraform-variable", a->name_span,
                    "Value for undeclared variable");
            as_diags_detail(&eval->raw,
                    "The root module has no variable \"%.*s\", yet \"%.*s\" gives it a value.",
                    AS_STR_ARG(a->name), AS_STR_ARG(as_path_base(source->path)));
        }
        give(eval, a->name,
                (as_tf_root_value){
                        .expr = a->expr, .span = a->span, .origin = as_path_base(source->path)});
        as_hcl_ctx ctx = {.arena = eval->arena, .diags = &eval->raw, .no_functions = true};
        AS_VEC_PUSH(eval->arena, &eval->given,
                (as_tf_given){a->name, a->span, as_hcl_eval(&ctx, a->expr)});
    }
}

static as_str in_root(as_tf_eval *eval, as_str name)
{
    return eval->root_dir.n ? as_str_fmt(eval->arena, "%.*s/%.*s", AS_STR_ARG(eval->root_dir),
                                      AS_STR_ARG(name))
                            : name;
}

static void read_auto_files(as_tf_eval *eval)
{
    read_file(eval, in_root(eval, AS_STR("terraform.tfvars")), false);
    read_file(eval, in_root(eval, AS_STR("terraform.tfvars.json")), false);
    as_fs_entries entries = {0};
    as_fs_error error = as_fs_list(eval->loader->fs, eval->arena, eval->root_dir, &entries);
    if (error == AS_FS_MEMORY)
        as_arena_unwind(eval->arena, AS_CAUSE_MEMORY);
    if (error != AS_FS_OK)
        return; /* as_tf_load has said so */
    for (size_t i = 0; i < entries.n; i++) {
        as_str name = entries.items[i].name;
        if (entries.items[i].kind != AS_FS_DIR &&
                (as_str_ends(name, ".auto.tfvars") || as_str_ends(name, ".auto.tfvars.json")))
            read_file(eval, in_root(eval, name), true);
    }
}

void as_tf_read_root_values(as_tf_eval *eval)
{
    const as_tf_options *o = eval->options;
    if (eval->validate_only)
        return;
    for (size_t i = 0; i < o->n_environment; i++)
        give(eval, o->environment[i].name,
                (as_tf_root_value){.text = o->environment[i].text,
                        .literal_text = true,
                        .origin = as_str_fmt(
                                eval->arena, "TF_VAR_%.*s", AS_STR_ARG(o->environment[i].name))});
    if (!o->no_auto_vars)
        read_auto_files(eval);
    for (size_t i = 0; i < o->n_var_files; i++)
        read_file(eval, o->var_files[i], true);
    for (size_t i = 0; i < o->n_vars; i++)
        give(eval, o->vars[i].name,
                (as_tf_root_value){
                        .text = o->vars[i].text, .literal_text = true, .origin = AS_STR("--var")});
    as_tf_report(eval->loader, &eval->raw);
}

/* --- one variable ----------------------------------------------------------------------------- */

typedef struct given_value {
    const as_value *value; /* NULL: not given */
    as_span span;
    as_str note;
    bool from_text;
} given_value;

static given_value from_root(as_tf_eval *eval, const as_tf_variable_config *v)
{
    const as_tf_root_value *r = as_map_get(&eval->root_values, v->name);
    if (!r)
        return (given_value){0};
    as_hcl_ctx ctx = {.arena = eval->arena, .diags = &eval->raw, .no_functions = true};
    given_value g = {.span = r->span,
            .from_text = r->literal_text,
            .note = as_str_fmt(eval->arena, "var.%.*s", AS_STR_ARG(v->name))};
    if (r->expr) {
        g.value = as_hcl_eval(&ctx, r->expr);
    } else if (!v->type_span.file || as_type_is_primitive(v->type)) {
        /* VariableParseLiteral: the text as it is */
        g.value = as_value_string(eval->arena, AS_SPAN_NONE, as_str_dup(eval->arena, r->text));
    } else {
        g.value = as_hcl_eval(&ctx, as_hcl_parse_expr_text(eval->arena,
                                            as_str_dup(eval->arena, r->text), v->span, &eval->raw));
    }
    if (r->literal_text)
        g.note = as_str_fmt(
                eval->arena, "var.%.*s from %.*s", AS_STR_ARG(v->name), AS_STR_ARG(r->origin));
    return g;
}

static given_value from_call(as_tf_scope *scope, const as_tf_variable_config *v)
{
    const as_hcl_content *arguments = &scope->call->arguments;
    for (size_t i = 0; i < arguments->n_attributes; i++) {
        const as_hcl_attribute *a = &arguments->attributes[i];
        if (!as_str_eq(a->name, v->name))
            continue;
        as_tf_frame frame = {scope->parent, &scope->repeat, NULL};
        as_hcl_ctx ctx = as_tf_context(&frame);
        return (given_value){
                .value = as_tf_admit_value(scope->eval, as_hcl_eval(&ctx, a->expr), a->expr->span),
                .span = a->expr->span,
                .note = as_str_fmt(scope->eval->arena, "var.%.*s", AS_STR_ARG(v->name))};
    }
    return (given_value){0};
}

static const as_value *without_value(as_tf_eval *eval, const as_tf_variable_config *v)
{
    as_str reason = as_str_fmt(eval->arena, "var.%.*s has no value", AS_STR_ARG(v->name));
    const as_value *any = as_value_unknown(eval->arena, v->span, reason, NULL);
    const as_value *typed = as_convert(eval->arena, any, v->type, NULL);
    if (typed && !v->nullable)
        typed = as_hcl_refine_not_null(eval->arena, typed);
    return typed ? typed : any;
}

static as_str address_of(as_tf_scope *scope, const as_tf_variable_config *v)
{
    return as_str_fmt(scope->eval->arena, "%.*s%svar.%.*s", AS_STR_ARG(scope->address),
            scope->address.n ? "." : "", AS_STR_ARG(v->name));
}

/* What a wanted type asks of a resource's object beyond what its configuration says is unknown, not
 * missing. */
static const as_value *filled(as_arena *arena, const as_value *v, const as_type *want)
{
    bool nested = as_type_is_collection(want) && want->element->kind >= AS_TYPE_LIST;
    if (nested && v->kind == AS_LIST && !v->type) {
        const as_value **items = AS_NEW_ARRAY(arena, const as_value *, v->as.list.n);
        for (size_t i = 0; i < v->as.list.n; i++)
            items[i] = filled(arena, v->as.list.items[i], want->element);
        as_value *copy = as_value_copy(arena, v);
        copy->as.list.items = items;
        return copy;
    }
    bool wanted = want->kind == AS_TYPE_OBJECT || (nested && want->kind == AS_TYPE_MAP);
    if (!wanted || v->kind != AS_OBJECT || v->type)
        return v;
    size_t n = v->as.object->n, more = want->kind == AS_TYPE_OBJECT ? want->n : 0;
    as_member *members = AS_NEW_ARRAY(arena, as_member, n + more);
    for (size_t i = 0; i < n; i++) {
        const as_type_field *field = NULL;
        members[i] = v->as.object->members[i];
        if (want->kind == AS_TYPE_OBJECT)
            field = as_type_field_get(want, members[i].key);
        const as_type *type = want->kind == AS_TYPE_MAP ? want->element
                              : field                   ? field->type
                                                        : NULL;
        if (type)
            members[i].value = filled(arena, members[i].value, type);
    }
    for (size_t i = 0; (v->flags & AS_OPEN) && i < more; i++) {
        const as_type_field *field = &want->as.fields[i];
        if (!field->optional && !as_value_get(v, field->name))
            members[n++] = (as_member){field->name, v->span,
                    as_value_unknown(
                            arena, v->span, AS_STR("known after apply"), as_value_refs(v))};
    }
    as_value *copy = as_value_copy(arena, v);
    copy->as.object = as_hcl_object(arena, v->span, members, n)->as.object;
    return copy;
}

static const as_value *convert_given(
        as_tf_scope *scope, const as_tf_variable_config *v, const given_value *g)
{
    as_tf_eval *eval = scope->eval;
    const as_value *value = filled(eval->arena, g->value, v->type);
    if (!as_value_is_null(value))
        value = as_type_apply_defaults(eval->arena, v->type, value);
    as_convert_error error;
    const as_value *converted = as_convert(eval->arena, value, v->type, &error);
    if (!converted) {
        as_str text = as_convert_error_text(eval->arena, &error);
        as_str address = address_of(scope, v);
        if (g->from_text || !g->span.file)
            as_tf_error(&eval->raw, v->span, "Invalid value for input variable",
                    "The value for %.*s does not fit: %.*s.", AS_STR_ARG(address),
                    AS_STR_ARG(text));
        else
            as_tf_error(&eval->raw, g->span, "Invalid value for input variable",
                    "It does not fit %.*s (%.*s): %.*s.", AS_STR_ARG(address),
                    AS_STR_ARG(as_tf_place(eval->arena, eval->loader->sources, v->span)),
                    AS_STR_ARG(text));
        return without_value(eval, v);
    }
    if (!as_value_is_null(converted) || v->nullable)
        return converted;
    if (v->default_value)
        return v->default_value;
    as_tf_error(&eval->raw, g->span.file ? g->span : v->span, "Required variable not set",
            "%.*s must not be null.", AS_STR_ARG(address_of(scope, v)));
    return without_value(eval, v);
}

const as_value *as_tf_variable_value(
        as_tf_scope *scope, const as_tf_variable_config *v, as_span from)
{
    as_tf_eval *eval = scope->eval;
    as_tf_slot *slot = &scope->variables[v->index];
    if (slot->state == AS_TF_DONE)
        return slot->value;
    as_str address = address_of(scope, v);
    if (!as_tf_begin(eval, slot, NULL, address, from))
        return as_value_unknown(eval->arena, from,
                as_str_fmt(eval->arena, "%.*s depends on itself", AS_STR_ARG(address)), NULL);
    given_value g = scope->parent ? from_call(scope, v) : from_root(eval, v);
    const as_value *value;
    if (g.value) {
        value = convert_given(scope, v, &g);
    } else if (v->default_value && !(eval->validate_only && !scope->parent)) {
        value = v->default_value;
        g.span = v->default_span;
        g.note = as_str_fmt(eval->arena, "default of var.%.*s", AS_STR_ARG(v->name));
    } else {
        value = without_value(eval, v);
        g.note = AS_STR_NONE;
    }
    if (v->sensitive || v->ephemeral)
        value = as_hcl_with_marks(eval->arena, value,
                (v->sensitive ? AS_SENSITIVE : 0u) | (v->ephemeral ? AS_EPHEMERAL : 0u));
    if (g.note.n)
        value = as_value_with_step(eval->arena, value, g.span, g.note);
    slot->value = value;
    as_tf_end(eval);
    return slot->value;
}
