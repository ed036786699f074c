/* count and for_each. Terraform: internal/terraform/eval_count.go, eval_for_each.go. */
#include "engine/base/limits.h"
#include "parsers/terraform/tree.h"

static as_tf_keys single(as_arena *arena)
{
    as_tf_repeat *item = AS_NEW(arena, as_tf_repeat);
    return (as_tf_keys){.kind = AS_TF_SINGLE, .items = item, .n = 1};
}

/* Nobody knows how many: one stands for all. */
static as_tf_keys representative(as_arena *arena, bool each, as_span span, const as_value *cause)
{
    as_str reason = as_value_reason(cause);
    if (!reason.n)
        reason = each ? AS_STR("for_each is unknown") : AS_STR("count is unknown");
    as_tf_repeat *item = AS_NEW(arena, as_tf_repeat);
    as_value *unknown =
            as_value_copy(arena, as_value_unknown(arena, span, reason, as_value_refs(cause)));
    if (each) {
        unknown->type = &as_type_string;
        item->key = unknown;
        item->value = as_value_unknown(arena, span, reason, as_value_refs(cause));
    } else {
        unknown->type = &as_type_number;
        item->index = unknown;
    }
    return (as_tf_keys){
            .kind = each ? AS_TF_EACH : AS_TF_COUNT, .unknown = true, .items = item, .n = 1};
}

static as_tf_keys expand_count(as_tf_frame *frame, const as_hcl_expr *expr)
{
    as_tf_eval *eval = frame->scope->eval;
    as_arena *arena = eval->arena;
    as_hcl_ctx ctx = as_tf_context(frame);
    const as_value *v = as_hcl_eval_as(&ctx, expr, &as_type_number);
    int64_t n = 0;
    if (as_value_is_unknown(v))
        return representative(arena, false, expr->span, v);
    if (as_value_is_null(v)) {
        as_tf_error(&eval->raw, expr->span, "Invalid count argument",
                "It is null; a whole number is needed.");
        return representative(arena, false, expr->span, v);
    }
    if (!as_num_to_int(v, &n)) {
        as_tf_error(&eval->raw, expr->span, "Invalid count argument", "A whole number is needed.");
        return representative(arena, false, expr->span, v);
    }
    if (n < 0) {
        as_tf_error(&eval->raw, expr->span, "Invalid count argument", "It is negative.");
        return representative(arena, false, expr->span, v);
    }
    if ((uint64_t)n > AS_MAX_INSTANCES) {
        as_tf_error(&eval->raw, expr->span, "Too many instances",
                "%lld instances are more than the %zu that are looked at; one stands for all.",
                (long long)n, AS_MAX_INSTANCES);
        return representative(arena, false, expr->span, v);
    }
    as_tf_keys keys = {.kind = AS_TF_COUNT, .n = (size_t)n};
    keys.items = AS_NEW_ARRAY(arena, as_tf_repeat, keys.n);
    for (size_t i = 0; i < keys.n; i++)
        keys.items[i].index = as_value_int(arena, expr->span, (int64_t)i);
    return keys;
}

/* NULL, or why the value cannot be a for_each. */
static const char *for_each_problem(as_arena *arena, const as_value *v, const char **summary)
{
    *summary = "Invalid for_each argument";
    if (as_hcl_marks(v) & AS_SENSITIVE)
        return "The value is sensitive, and its keys would show in addresses.";
    if (as_hcl_marks(v) & AS_EPHEMERAL)
        return "The value is ephemeral, but the keys of instances have to last.";
    if (as_value_is_null(v))
        return "It is null; a map or a set of strings is needed.";
    as_type_kind kind = as_type_kind_of(v);
    if (as_value_is_unknown(v) && kind == AS_TYPE_ANY)
        return NULL;
    const as_type *type = as_type_of(arena, v);
    if (kind != AS_TYPE_MAP && kind != AS_TYPE_SET && kind != AS_TYPE_OBJECT)
        return as_str_cstr(arena,
                as_str_fmt(arena, "A map or a set of strings is needed, and this is of type %.*s.",
                        AS_STR_ARG(as_type_friendly_name(arena, type))));
    if (kind != AS_TYPE_SET || as_value_is_unknown(v) || as_hcl_count(v) == 0)
        return NULL;
    *summary = "Invalid for_each set argument";
    if (type->element->kind != AS_TYPE_STRING && type->element->kind != AS_TYPE_ANY)
        return as_str_cstr(arena,
                as_str_fmt(arena,
                        "Of sets only those of strings will do; the elements are of type %.*s.",
                        AS_STR_ARG(as_type_friendly_name(arena, type->element))));
    for (size_t i = 0; i < as_hcl_count(v); i++)
        if (as_value_is_null(as_hcl_item_at(v, i)))
            return "The set has a null element.";
    return NULL;
}

static as_tf_keys expand_for_each(as_tf_frame *frame, const as_hcl_expr *expr)
{
    as_tf_eval *eval = frame->scope->eval;
    as_arena *arena = eval->arena;
    as_hcl_ctx ctx = as_tf_context(frame);
    const as_value *v = as_hcl_eval(&ctx, expr);
    const char *summary;
    const char *problem = for_each_problem(arena, v, &summary);
    if (problem)
        as_tf_error(&eval->raw, expr->span, summary, "%s", problem);
    bool set = as_type_kind_of(v) == AS_TYPE_SET;
    if (problem || as_value_is_unknown(v) || (set && !as_hcl_is_wholly_known(arena, v)))
        return representative(arena, true, expr->span, v);
    size_t n = as_hcl_count(v);
    if (n > AS_MAX_INSTANCES) {
        as_tf_error(&eval->raw, expr->span, "Too many instances",
                "%zu instances are more than the %zu that are looked at; one stands for all.", n,
                AS_MAX_INSTANCES);
        return representative(arena, true, expr->span, v);
    }
    as_tf_keys keys = {.kind = AS_TF_EACH, .n = n};
    keys.items = AS_NEW_ARRAY(arena, as_tf_repeat, n);
    for (size_t i = 0; i < n; i++) {
        keys.items[i].key = as_hcl_key_at(arena, v, i);
        keys.items[i].value = as_hcl_item_at(v, i);
    }
    return keys;
}

/* OpenTofu: internal/lang/evalchecks/eval_lifecycle_enabled.go. What is not known to be off is on.
 */
static as_tf_keys expand_enabled(as_tf_frame *frame, const as_hcl_expr *expr)
{
    as_tf_eval *eval = frame->scope->eval;
    as_hcl_ctx ctx = as_tf_context(frame);
    const as_value *v = as_hcl_eval_as(&ctx, expr, &as_type_bool);
    as_tf_keys keys = single(eval->loader->work);
    if (v->kind == AS_BOOL) {
        keys.disabled = !v->as.boolean;
        keys.n = v->as.boolean;
    } else {
        if (as_value_is_null(v))
            as_tf_error(&eval->raw, expr->span, "Invalid enabled argument",
                    "It is null; true or false is needed.");
        keys.unknown = true;
    }
    return keys;
}

as_tf_keys as_tf_expand(as_tf_frame *frame, const as_hcl_expr *count, const as_hcl_expr *for_each,
        const as_hcl_expr *enabled)
{
    if (count)
        return expand_count(frame, count);
    if (for_each)
        return expand_for_each(frame, for_each);
    return enabled ? expand_enabled(frame, enabled) : single(frame->scope->eval->loader->work);
}

const as_value *as_tf_key_value(const as_tf_keys *keys, const as_tf_repeat *item)
{
    return keys->kind == AS_TF_COUNT ? item->index : keys->kind == AS_TF_EACH ? item->key : NULL;
}

as_str as_tf_key_text(as_arena *arena, const as_tf_keys *keys, const as_tf_repeat *item)
{
    if (keys->kind == AS_TF_SINGLE)
        return AS_STR_NONE;
    if (keys->unknown)
        return AS_STR("[*]");
    if (keys->kind == AS_TF_COUNT)
        return as_str_fmt(arena, "[%lld]", (long long)item->index->as.integer);
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    as_buf_char(&buf, '[');
    as_buf_json_string(&buf, as_value_str(item->key));
    as_buf_char(&buf, ']');
    return as_buf_view(&buf);
}
