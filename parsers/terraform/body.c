/* Bodies to objects, and what references to a resource see. */
#include "engine/base/limits.h"
#include "parsers/terraform/tree.h"

/* --- bodies ----------------------------------------------------------------------------------- */

/* The blocks of one type, in the order of the source. */
typedef struct block_group {
    as_str type;
    as_span span;
    AS_VEC(const as_value *) items;
    const as_value *unknown; /* a dynamic block whose number is unknown */
} block_group;

typedef AS_VEC(block_group) block_groups;

static block_group *group_of(as_arena *arena, block_groups *groups, as_str type, as_span span)
{
    for (size_t i = 0; i < groups->n; i++)
        if (as_str_eq(groups->items[i].type, type))
            return &groups->items[i];
    AS_VEC_PUSH(arena, groups, (block_group){.type = type, .span = span});
    return &groups->items[groups->n - 1];
}

static const as_value *group_value(as_arena *arena, block_group *g)
{
    if (g->unknown && !g->items.n)
        return g->unknown;
    if (g->unknown)
        AS_VEC_PUSH(arena, &g->items, g->unknown);
    return as_hcl_tuple(arena, g->span, g->items.items, g->items.n);
}

static void add_blocks(
        as_hcl_ctx *ctx, const as_hcl_body *body, bool json_blocks, block_groups *groups)
{
    as_arena *arena = ctx->arena;
    as_hcl_block_instances instances = {0};
    as_hcl_expand_blocks(ctx, body, &instances);
    /* A dynamic block without instances leaves an empty list. */
    for (size_t i = 0; i < body->n_blocks; i++) {
        const as_hcl_block *b = &body->blocks[i];
        bool dynamic = as_str_is(b->type, "dynamic") && b->n_labels == 1;
        group_of(arena, groups, dynamic ? b->labels[0].text : b->type, b->span);
    }
    const as_hcl_frame *frames = ctx->frames;
    for (size_t i = 0; i < instances.n; i++) {
        const as_hcl_block_instance *b = &instances.items[i];
        block_group *g = group_of(arena, groups, b->block->type, b->block->span);
        if (b->unknown_iterator) {
            if (!g->unknown)
                g->unknown = as_value_unknown(arena, b->block->span,
                        as_str_fmt(arena, "the number of %.*s blocks is unknown: %.*s",
                                AS_STR_ARG(b->block->type),
                                AS_STR_ARG(as_value_reason(b->for_each))),
                        as_value_refs(b->for_each));
            continue;
        }
        ctx->frames = b->frames;
        AS_VEC_PUSH(arena, &g->items,
                as_tf_body_value(ctx, b->block->body, json_blocks, b->block->span));
    }
    ctx->frames = frames;
}

const as_value *as_tf_body_value(
        as_hcl_ctx *ctx, const as_hcl_body *body, bool json_blocks, as_span span)
{
    as_arena *arena = ctx->arena;
    if (ctx->depth >= AS_MAX_DEPTH)
        return as_value_unknown(arena, span, AS_STR("blocks nest too deep"), NULL);
    ctx->depth++;
    block_groups groups = {0};
    add_blocks(ctx, body, json_blocks, &groups);
    size_t n = body->n_attributes + groups.n;
    as_member *members = AS_NEW_ARRAY(arena, as_member, n);
    for (size_t i = 0; i < body->n_attributes; i++) {
        const as_hcl_attribute *a = &body->attributes[i];
        const as_tf_frame *frame = ctx->host;
        const as_value *v =
                as_tf_admit_value(frame->scope->eval, as_hcl_eval(ctx, a->expr), a->expr->span);
        if (json_blocks && v->kind == AS_OBJECT && as_tf_type_is_block(a->name))
            v = as_hcl_tuple(arena, v->span, (const as_value *[]){v}, 1);
        members[i] = (as_member){a->name, a->name_span, v};
    }
    for (size_t i = 0; i < groups.n; i++)
        members[body->n_attributes + i] = (as_member){
                groups.items[i].type, groups.items[i].span, group_value(arena, &groups.items[i])};
    ctx->depth--;
    return as_hcl_object(arena, span, members, n);
}

/* --- what the provider adds ------------------------------------------------------------------- */

static const as_value *known_after_apply(as_tf_instance *instance, as_str name)
{
    as_arena *arena = instance->scope->eval->arena;
    as_ref *ref = AS_NEW(arena, as_ref);
    *ref = (as_ref){
            .address = instance->address, .path = name, .span = instance->config->header_span};
    return as_value_unknown(arena, instance->config->header_span,
            as_str_fmt(arena, "%.*s.%.*s is known after apply", AS_STR_ARG(instance->address),
                    AS_STR_ARG(name)),
            ref);
}

/* terraform_data.output will be what input is, and so has its type. */
static const as_value *terraform_data_output(as_tf_instance *instance, const as_value *unknown)
{
    as_arena *arena = instance->scope->eval->arena;
    const as_value *input = as_value_get(instance->values, AS_STR("input"));
    if (as_value_is_null(input))
        return as_value_null(arena, unknown->span);
    as_value *typed = as_value_copy(arena, unknown);
    typed->type = as_type_of(arena, input);
    return typed;
}

/* AWS: tags_all is default_tags with tags on top; Google: effective_labels likewise, of what the
 * cluster of Kubernetes calls resource_labels. */
static void add_tags(as_tf_instance *instance, as_object_builder *out)
{
    static const struct {
        const char *prefix;
        as_str own, all;
    } rows[] = {
            {"aws_", AS_STR_INIT("tags"), AS_STR_INIT("tags_all")},
            {"google_", AS_STR_INIT("labels"), AS_STR_INIT("effective_labels")},
    };
    as_tf_scope *scope = instance->scope;
    const as_tf_resource_config *config = instance->config;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!as_str_starts(config->type, rows[i].prefix))
            continue;
        bool is_cluster = as_str_is(config->type, "google_container_cluster");
        as_str own_name = is_cluster ? AS_STR("resource_labels") : rows[i].own;
        as_str name = config->provider.name.n ? config->provider.name
                                              : as_tf_implied_provider(config->type);
        const as_tf_provider *p = as_tf_provider_find(scope, name, config->provider.alias, 0);
        const as_value *defaults = p ? p->default_tags : NULL;
        const as_value *own = as_value_get(instance->values, own_name);
        const as_value *all = as_value_is_null(own) ? defaults : own;
        if (!all)
            continue;
        if (!as_value_is_null(own) && !as_value_is_null(defaults)) {
            if (own->kind != AS_OBJECT || defaults->kind != AS_OBJECT) {
                const as_value *bad = own->kind == AS_OBJECT ? defaults : own;
                all = as_value_unknown(out->arena, own->span, as_value_reason(bad),
                        as_refs_union(out->arena, as_value_refs(own), as_value_refs(defaults)));
            } else {
                size_t n = defaults->as.object->n;
                as_member *members = AS_NEW_ARRAY(out->arena, as_member, n + own->as.object->n);
                if (n)
                    memcpy(members, defaults->as.object->members, n * sizeof *members);
                if (own->as.object->n)
                    memcpy(members + n, own->as.object->members,
                            own->as.object->n * sizeof *members);
                all = as_hcl_object(out->arena, own->span, members, n + own->as.object->n);
            }
        }
        as_object_add(out, rows[i].all, all->span, all);
    }
}

static const as_value *computed(as_tf_instance *instance)
{
    as_arena *arena = instance->scope->eval->arena;
    const as_tf_resource_config *config = instance->config;
    as_object_builder b;
    as_object_begin(&b, arena);
    for (const char *const *name = as_tf_type_computed(config->mode, config->type); *name; name++) {
        as_str s = as_str_from(*name);
        const as_value *v = known_after_apply(instance, s);
        if (as_str_is(config->type, "terraform_data") && as_str_is(s, "output"))
            v = terraform_data_output(instance, v);
        if (as_value_is_null(as_value_get(instance->values, s)))
            as_object_add(&b, s, config->header_span, v);
    }
    if (config->mode == AS_TF_DATA)
        as_tf_data_compute(instance, &b);
    if (config->mode == AS_TF_MANAGED)
        add_tags(instance, &b);
    return as_object_end(&b, config->header_span);
}

/* --- the object ------------------------------------------------------------------------------- */

/* Nested blocks have attributes of the provider as well; what is null there may be one of them. */
static const as_value *opened(as_arena *arena, const as_value *v)
{
    if (v->kind == AS_LIST && !v->type && v->as.list.n && v->as.list.items[0]->kind == AS_OBJECT) {
        const as_value **items = AS_NEW_ARRAY(arena, const as_value *, v->as.list.n);
        for (size_t i = 0; i < v->as.list.n; i++)
            items[i] = opened(arena, v->as.list.items[i]);
        as_value *copy = as_value_copy(arena, v);
        copy->as.list.items = items;
        return copy;
    }
    if (v->kind != AS_OBJECT || v->type)
        return v;
    size_t n = 0;
    as_member *members = AS_NEW_ARRAY(arena, as_member, v->as.object->n);
    for (size_t i = 0; i < v->as.object->n; i++) {
        as_member m = v->as.object->members[i];
        if (as_value_is_null(m.value))
            continue;
        m.value = opened(arena, m.value);
        members[n++] = m;
    }
    as_value *copy = as_value_copy(arena, v);
    copy->as.object = as_hcl_object(arena, v->span, members, n)->as.object;
    copy->flags |= AS_OPEN;
    return copy;
}

/* Whether that reference is the one that the value has already: of most of what is computed. */
static bool refers_alone(const as_value *v, const as_tf_instance *instance, as_str path)
{
    const as_ref *ref = as_value_refs(v);
    return ref != NULL && ref->next == NULL && ref->address.p == instance->address.p &&
           as_str_eq(ref->address, instance->address) && as_str_eq(ref->path, path) &&
           ref->span.file == v->span.file && ref->span.begin == v->span.begin &&
           ref->span.end == v->span.end;
}

/* values and computed in one, without the nulls of which nobody knows what the provider makes. */
static const as_value *reference_object(as_tf_instance *instance)
{
    as_arena *arena = instance->scope->eval->arena;
    const as_tf_resource_config *config = instance->config;
    const as_object *values = instance->values->as.object;
    const as_object *more = instance->computed->as.object;
    const char *const *closed = as_tf_type_arguments(config->mode, config->type);
    size_t n = 0, n_names = 0;
    while (closed && closed[n_names])
        n_names++;
    as_member *members = AS_NEW_ARRAY(arena, as_member, values->n + more->n + n_names);
    /* What is known to exist is null when nobody sets it; later members of a name win. */
    for (size_t i = 0; i < n_names; i++)
        members[n++] = (as_member){as_str_from(closed[i]), config->header_span,
                as_value_null(arena, config->header_span)};
    for (size_t i = 0; i < values->n; i++) {
        as_member m = values->members[i];
        if (!closed && as_value_is_null(m.value))
            continue;
        if (!closed)
            m.value = opened(arena, m.value);
        /* The reference to this resource comes before those that the value has itself. */
        as_ref *ref = AS_NEW(arena, as_ref);
        *ref = (as_ref){.address = instance->address,
                .path = m.key,
                .span = m.value->span,
                .next = as_value_refs(m.value)};
        m.value = as_value_with_refs(arena, m.value, ref);
        members[n++] = m;
    }
    for (size_t i = 0; i < more->n; i++) {
        as_member m = more->members[i];
        if (!as_value_is_null(as_value_get(instance->values, m.key)))
            continue;
        if (!refers_alone(m.value, instance, m.key)) {
            as_ref *ref = AS_NEW(arena, as_ref);
            *ref = (as_ref){.address = instance->address, .path = m.key, .span = m.value->span};
            m.value = as_value_with_refs(arena, m.value, ref);
        }
        members[n++] = m;
    }
    as_value *object = as_value_copy(arena, as_hcl_object(arena, config->header_span, members, n));
    if (!closed)
        object->flags |= AS_OPEN;
    as_ref *ref = AS_NEW(arena, as_ref);
    *ref = (as_ref){.address = instance->address, .span = config->header_span};
    const as_value *out = as_value_with_refs(arena, object, ref);
    return config->mode == AS_TF_EPHEMERAL ? as_hcl_with_marks(arena, out, AS_EPHEMERAL) : out;
}

bool as_tf_instance_evaluate(as_tf_instance *instance, as_span from)
{
    as_tf_eval *eval = instance->scope->eval;
    as_tf_slot *slot = &instance->object;
    if (slot->state == AS_TF_DONE)
        return true;
    if (!as_tf_begin(eval, slot, NULL, instance->address, from))
        return false;
    as_tf_frame frame = {instance->scope, &instance->repeat, NULL};
    as_hcl_ctx ctx = as_tf_context(&frame);
    instance->values = as_tf_body_value(
            &ctx, instance->config->config, instance->config->from_json, instance->config->span);
    instance->computed = computed(instance);
    as_tf_end(eval);
    return true;
}

const as_value *as_tf_instance_object(as_tf_instance *instance, as_span from)
{
    as_tf_eval *eval = instance->scope->eval;
    as_tf_slot *slot = &instance->object;
    if (!as_tf_instance_evaluate(instance, from)) {
        as_ref *ref = AS_NEW(eval->arena, as_ref);
        *ref = (as_ref){.address = instance->address, .span = from};
        return as_value_unknown(eval->arena, from,
                as_str_fmt(eval->arena, "%.*s depends on itself", AS_STR_ARG(instance->address)),
                ref);
    }
    if (slot->value == NULL)
        slot->value = reference_object(instance);
    return slot->value;
}
