/* resource, data and ephemeral blocks. Terraform: internal/configs/resource.go, provisioner.go. */
#include "parsers/terraform/config.h"

static const as_hcl_attribute_schema meta_attributes[] = {
        {"count", false}, {"for_each", false}, {"provider", false}, {"depends_on", false}, {0}};
static const as_hcl_block_schema managed_blocks[] = {{"locals", {0}}, {"lifecycle", {0}},
        {"connection", {0}}, {"provisioner", {"type"}}, {"_", {0}}, {0}};
static const as_hcl_block_schema other_blocks[] = {
        {"lifecycle", {0}}, {"locals", {0}}, {"_", {0}}, {0}};

/* What differs between the modes. */
static const struct {
    const char *block, *prefix, *bad_type, *bad_name, *what;
    as_hcl_schema schema;
} modes[] = {
        [AS_TF_MANAGED] = {"resource", "", "Invalid resource type name", "Invalid resource name",
                "managed resources", {meta_attributes, managed_blocks}},
        [AS_TF_DATA] = {"data", "data.", "Invalid data source name", "Invalid data resource name",
                "data resources", {meta_attributes, other_blocks}},
        [AS_TF_EPHEMERAL] = {"ephemeral", "ephemeral.", "Invalid ephemeral resource type",
                "Invalid ephemeral resource name", "ephemeral resources",
                {meta_attributes, other_blocks}},
};

/* --- provisioners ----------------------------------------------------------------------------- */

typedef struct destroy_check {
    as_tf_decoder *d;
    as_span span;
} destroy_check;

static void check_destroy_reference(void *self, const as_hcl_traversal *t, as_span span)
{
    static const char *const whole[] = {"self", "path", "terraform"};
    destroy_check *c = self;
    (void)span;
    as_str root = t->steps[0].name;
    bool valid = false;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        valid = valid || as_str_is(root, whole[i]);
    if (t->n == 2 && !t->steps[1].is_index)
        valid = valid || (as_str_is(root, "count") && as_str_is(t->steps[1].name, "index")) ||
                (as_str_is(root, "each") && as_str_is(t->steps[1].name, "key"));
    if (!valid)
        as_tf_error(c->d->diags, c->span, "Invalid reference from destroy provisioner",
                "When the resource is destroyed, only self, count.index and each.key are certain "
                "to be there.");
}

static void only_self(as_tf_decoder *d, const as_hcl_body *body)
{
    for (size_t i = 0; i < body->n_attributes; i++) {
        destroy_check c = {d, body->attributes[i].expr->span};
        as_hcl_expr_references(body->attributes[i].expr, check_destroy_reference, &c);
    }
}

bool as_tf_decode_provisioner(
        as_tf_decoder *d, const as_hcl_block *block, as_tf_provisioner_config *out)
{
    static const as_hcl_attribute_schema attributes[] = {
            {"when", false}, {"on_failure", false}, {0}};
    static const as_hcl_block_schema blocks[] = {
            {"_", {0}}, {"connection", {0}}, {"lifecycle", {0}}, {0}};
    static const as_hcl_schema schema = {attributes, blocks};
    static const char *const removed[] = {"chef", "habitat", "puppet", "salt-masterless"};
    *out = (as_tf_provisioner_config){.type = block->labels[0].text, .span = block->header_span};
    as_hcl_content content = as_tf_content(d, block->body, &schema, true);
    out->config = as_tf_body_rest(d, block->body, &schema);
    for (size_t i = 0; i < sizeof removed / sizeof *removed; i++)
        if (as_str_is(out->type, removed[i])) {
            char *summary = as_str_cstr(d->arena,
                    as_str_fmt(d->arena, "The \"%s\" provisioner has been removed", removed[i]));
            as_tf_error(d->diags, block->labels[0].span, summary,
                    "Terraform 0.15 and later have no \"%s\"; use an image or user data.",
                    removed[i]);
            return false;
        }
    const as_hcl_attribute *when = as_hcl_content_attribute(&content, "when");
    const as_hcl_attribute *on_failure = as_hcl_content_attribute(&content, "on_failure");
    as_str word = when ? as_tf_decode_keyword(d, when->expr) : AS_STR_NONE;
    out->on_destroy = as_str_is(word, "destroy");
    if (when && !out->on_destroy && !as_str_is(word, "create"))
        as_tf_error(
                d->diags, when->expr->span, "Invalid \"when\" keyword", "It is create or destroy.");
    if (out->on_destroy)
        only_self(d, out->config);
    word = on_failure ? as_tf_decode_keyword(d, on_failure->expr) : AS_STR_NONE;
    if (on_failure && !as_str_is(word, "continue") && !as_str_is(word, "fail"))
        as_tf_error(d->diags, on_failure->expr->span, "Invalid \"on_failure\" keyword",
                "It is continue or fail.");
    const as_hcl_block *escape = NULL, *connection = NULL;
    for (size_t i = 0; i < content.n_blocks; i++) {
        const as_hcl_block *b = &content.blocks[i];
        if (as_str_is(b->type, "_") && !escape) {
            escape = b;
            out->config = as_tf_body_join(d->arena, out->config, b->body);
        } else if (as_str_is(b->type, "_")) {
            as_tf_error(d->diags, b->header_span, "Duplicate escaping block",
                    "A provisioner may have one block \"_\"; the first is at %.*s.",
                    AS_STR_ARG(as_tf_place(d->arena, d->sources, escape->header_span)));
        } else if (as_str_is(b->type, "connection") && !connection) {
            connection = b;
            out->connection = b->body;
            if (out->on_destroy)
                only_self(d, b->body);
        } else if (as_str_is(b->type, "connection")) {
            as_tf_error(d->diags, b->header_span, "Duplicate connection block",
                    "The first one is at %.*s.",
                    AS_STR_ARG(as_tf_place(d->arena, d->sources, connection->header_span)));
        } else {
            as_tf_error(d->diags, b->type_span, "Reserved block type name in provisioner block",
                    "Terraform keeps the name \"%.*s\" for itself.", AS_STR_ARG(b->type));
        }
    }
    return true;
}

/* --- lifecycle -------------------------------------------------------------------------------- */

static void decode_ignore_changes(
        as_tf_decoder *d, as_tf_resource_config *r, const as_hcl_attribute *attribute)
{
    if (as_str_is(as_hcl_expr_keyword(attribute->expr), "all")) {
        r->ignore_all = true;
        return;
    }
    as_hcl_exprs list;
    if (!as_hcl_expr_list(attribute->expr, &list)) {
        as_tf_error(d->diags, attribute->expr->span, "Invalid expression",
                "A plain list [a, b] is needed.");
        return;
    }
    for (size_t i = 0; i < list.n; i++) {
        as_hcl_traversal t;
        as_str text;
        if (as_hcl_expr_string(list.items[i], &text) && as_str_is(text, "*")) {
            r->ignore_all = true;
            as_tf_error(d->diags, attribute->expr->span, "Invalid ignore_changes wildcard",
                    "To ignore everything write \"ignore_changes = all\".");
        } else if (as_tf_decode_reference(d, list.items[i], &t)) {
            AS_VEC_PUSH(d->arena, &r->ignore_changes, as_hcl_traversal_text(d->kept, &t));
            AS_VEC_PUSH(d->arena, &r->ignore_spans, list.items[i]->span);
        } else {
            as_tf_error(d->diags, list.items[i]->span, "Invalid expression",
                    "Only a plain reference may stand here: names and constant keys.");
        }
    }
}

typedef struct self_check {
    as_tf_resource_config *r;
    bool found;
} self_check;

static void note_self(void *self, const as_hcl_traversal *t, as_span span)
{
    self_check *c = self;
    (void)span;
    size_t first = c->r->mode == AS_TF_MANAGED ? 0 : 1;
    if (first == 1 && !as_str_is(t->steps[0].name, c->r->mode == AS_TF_DATA ? "data" : "ephemeral"))
        return;
    if (t->n >= first + 2 && as_str_eq(t->steps[first].name, c->r->type) &&
            as_str_eq(t->steps[first + 1].name, c->r->name))
        c->found = true;
}

static void check_no_self(
        as_tf_decoder *d, as_tf_resource_config *r, const char *what, const as_hcl_expr *expr)
{
    if (!expr)
        return;
    self_check c = {r, false};
    as_hcl_expr_references(expr, note_self, &c);
    if (c.found) {
        char *summary =
                as_str_cstr(d->arena, as_str_fmt(d->arena, "Invalid reference in %s", what));
        as_tf_error(d->diags, expr->span, summary, "%.*s refers to itself.", AS_STR_ARG(r->key));
    }
}

static void decode_lifecycle(as_tf_decoder *d, as_tf_resource_config *r, const as_hcl_block *block)
{
    static const as_hcl_attribute_schema attributes[] = {{"create_before_destroy", false},
            {"prevent_destroy", false}, {"ignore_changes", false}, {"replace_triggered_by", false},
            {"destroy", false}, {"enabled", false}, {0}};
    static const as_hcl_block_schema blocks[] = {
            {"precondition", {0}}, {"postcondition", {0}}, {"action_trigger", {0}}, {0}};
    static const as_hcl_schema schema = {attributes, blocks};
    r->lifecycle_span = block->span;
    as_hcl_content content = as_tf_content(d, block->body, &schema, false);
    for (size_t i = 0; i < content.n_attributes && r->mode != AS_TF_MANAGED; i++) {
        const as_hcl_attribute *a = &content.attributes[i];
        if (as_str_is(a->name, "enabled"))
            continue;
        as_tf_error(d->diags, a->name_span,
                r->mode == AS_TF_DATA ? "Invalid data resource lifecycle argument"
                                      : "Invalid ephemeral resource lifecycle argument",
                "\"%.*s\" is for managed resources, not for %s.", AS_STR_ARG(a->name),
                modes[r->mode].what);
    }
    bool set;
    const as_hcl_attribute *a = as_hcl_content_attribute(&content, "enabled");
    r->enabled = a ? as_tf_decode_enabled(d, a, r->count || r->for_each) : NULL;
    a = as_hcl_content_attribute(&content, "create_before_destroy");
    as_tf_decode_bool(d, a, false, &set);
    r->create_before_destroy = a ? a->expr : NULL;
    a = as_hcl_content_attribute(&content, "prevent_destroy");
    as_tf_decode_bool(d, a, false, &set);
    r->prevent_destroy = a ? a->expr : NULL;
    as_tf_decode_bool(d, as_hcl_content_attribute(&content, "destroy"), false, &set);
    a = as_hcl_content_attribute(&content, "replace_triggered_by");
    r->replace_triggered_by = a ? a->expr : NULL;
    a = as_hcl_content_attribute(&content, "ignore_changes");
    if (a)
        decode_ignore_changes(d, r, a);
    for (size_t i = 0; i < content.n_blocks; i++) {
        const as_hcl_block *b = &content.blocks[i];
        if (as_str_is(b->type, "action_trigger"))
            continue;
        as_tf_condition c = as_tf_decode_condition(d, b);
        const char *what = as_str_is(b->type, "precondition") ? "precondition" : "postcondition";
        check_no_self(d, r, what, c.condition);
        check_no_self(d, r, what, c.message);
        AS_VEC_PUSH(d->arena, &r->conditions, c);
    }
}

/* --- blocks in a resource --------------------------------------------------------------------- */

typedef struct seen_blocks {
    const as_hcl_block *lifecycle, *connection, *escape;
} seen_blocks;

static bool once(as_tf_decoder *d, const as_hcl_block **seen, const as_hcl_block *block)
{
    if (!*seen) {
        *seen = block;
        return true;
    }
    as_str place = as_tf_place(d->arena, d->sources, (*seen)->header_span);
    if (as_str_is(block->type, "_"))
        as_tf_error(d->diags, block->header_span, "Duplicate escaping block",
                "A resource may have one block \"_\"; the first is at %.*s.", AS_STR_ARG(place));
    else
        as_tf_error(d->diags, block->header_span,
                as_str_is(block->type, "lifecycle") ? "Duplicate lifecycle block"
                                                    : "Duplicate connection block",
                "The first %.*s is at %.*s.", AS_STR_ARG(block->type), AS_STR_ARG(place));
    return false;
}

static void decode_block(as_tf_decoder *d, as_tf_resource_config *r, const as_hcl_block *b,
        seen_blocks *seen, bool nested)
{
    if (as_str_is(b->type, "lifecycle")) {
        if (nested)
            as_tf_error(d->diags, b->header_span, "Invalid lifecycle block",
                    "The check around this data block decides about its lifecycle.");
        if (once(d, &seen->lifecycle, b))
            decode_lifecycle(d, r, b);
    } else if (as_str_is(b->type, "connection")) {
        if (once(d, &seen->connection, b))
            r->connection = b->body;
    } else if (as_str_is(b->type, "provisioner")) {
        as_tf_provisioner_config p;
        if (as_tf_decode_provisioner(d, b, &p))
            AS_VEC_PUSH(d->arena, &r->provisioners, p);
    } else if (as_str_is(b->type, "_")) {
        if (once(d, &seen->escape, b))
            r->config = as_tf_body_join(d->arena, r->config, b->body);
    } else {
        char *summary = as_str_cstr(d->arena,
                as_str_fmt(d->arena, "Reserved block type name in %s block", modes[r->mode].block));
        as_tf_error(d->diags, b->type_span, summary,
                "Terraform keeps the name \"%.*s\" for itself.", AS_STR_ARG(b->type));
    }
}

as_tf_resource_config *as_tf_decode_resource(
        as_tf_decoder *d, const as_hcl_block *block, as_tf_mode mode, bool nested)
{
    as_tf_resource_config *r = AS_NEW(d->arena, as_tf_resource_config);
    r->mode = mode;
    r->type = block->labels[0].text;
    r->name = block->labels[1].text;
    r->key = as_str_fmt(
            d->kept, "%s%.*s.%.*s", modes[mode].prefix, AS_STR_ARG(r->type), AS_STR_ARG(r->name));
    r->span = block->span;
    r->header_span = block->header_span;
    r->type_span = block->labels[0].span;
    r->from_json = block->body->json != NULL;
    as_hcl_content content = as_tf_content(d, block->body, &modes[mode].schema, true);
    r->config = as_tf_body_rest(d, block->body, &modes[mode].schema);
    as_tf_check_identifier(d, r->type, block->labels[0].span, modes[mode].bad_type);
    as_tf_check_identifier(d, r->name, block->labels[1].span, modes[mode].bad_name);
    as_tf_decode_repetition(d, &content, &r->count, &r->for_each);
    for (int i = 0; nested && i < 2; i++) {
        const char *name = i ? "for_each" : "count";
        const as_hcl_attribute *a = as_hcl_content_attribute(&content, name);
        if (a)
            as_tf_error(d->diags, a->name_span,
                    i ? "Invalid \"for_each\" attribute" : "Invalid \"count\" attribute",
                    "A data block in a check has a single instance.");
    }
    const as_hcl_attribute *provider = as_hcl_content_attribute(&content, "provider");
    if (provider)
        as_tf_decode_provider_ref(d, provider->expr, "provider", &r->provider);
    as_tf_decode_depends_on(d, as_hcl_content_attribute(&content, "depends_on"), &r->depends_on);
    seen_blocks seen = {0};
    for (size_t i = 0; i < content.n_blocks; i++)
        decode_block(d, r, &content.blocks[i], &seen, nested);
    for (size_t i = 0; r->connection && i < r->provisioners.n; i++)
        if (r->provisioners.items[i].on_destroy) {
            only_self(d, r->connection);
            break;
        }
    return r;
}
