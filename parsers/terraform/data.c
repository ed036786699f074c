/* Data sources that only compute, or that follow from the provider's configuration: their results
 * are known without asking anybody. External programs are never run. */
#include <stdlib.h>

#include "parsers/terraform/policy_document.h"
#include "parsers/terraform/tree.h"

typedef struct source {
    as_tf_instance *instance;
    as_tf_eval *eval;
    as_arena *arena;
    const as_value *values;
    as_span span;
    as_object_builder *out;
} source;

static const as_value *argument(const source *s, const char *name)
{
    return as_value_get(s->values, as_str_from(name));
}

static void add(const source *s, const char *name, const as_value *v)
{
    as_object_add(s->out, as_str_from(name), s->span, v);
}

static void add_text(const source *s, const char *name, as_str text)
{
    add(s, name, as_value_string(s->arena, s->span, text));
}

static const as_value *provider_region(const source *s)
{
    const as_tf_resource_config *config = s->instance->config;
    const as_value *own = argument(s, "region");
    if (!as_value_is_null(own))
        return own;
    as_str name =
            config->provider.name.n ? config->provider.name : as_tf_implied_provider(config->type);
    const as_tf_provider *p =
            as_tf_provider_find(s->instance->scope, name, config->provider.alias, 0);
    return p ? p->region : NULL;
}

/* --- AWS -------------------------------------------------------------------------------------- */

static void policy_document(const source *s)
{
    as_tf_policy_document doc = as_tf_policy_document_make(s->arena, s->values, s->span);
    add(s, "document", doc.document);
    add(s, "json", doc.json);
    add(s, "minified_json", doc.minified_json);
    if (doc.error)
        as_tf_error(&s->eval->raw, s->span, "Invalid policy document",
                "Writing the IAM policy document: %s.", doc.error);
}

typedef struct aws_partition {
    const char *prefix; /* of the region */
    const char *name, *dns, *reverse_dns;
} aws_partition;

/* The last one matches everything. */
static const aws_partition partitions[] = {
        {"cn-", "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"},
        {"us-gov-", "aws-us-gov", "amazonaws.com", "com.amazonaws"},
        {"us-iso-", "aws-iso", "c2s.ic.gov", "gov.ic.c2s"},
        {"us-isob-", "aws-iso-b", "sc2s.sgov.gov", "gov.sgov.sc2s"},
        {"eusc-", "aws-eusc", "amazonaws.eu", "eu.amazonaws"},
        {"", "aws", "amazonaws.com", "com.amazonaws"},
};

static const aws_partition *partition_of(const as_value *region)
{
    if (!region || region->kind != AS_STRING)
        return NULL;
    const aws_partition *p = partitions;
    while (!as_str_starts(region->as.str, p->prefix))
        p++;
    return p;
}

static void aws_partition_data(const source *s)
{
    const aws_partition *p = partition_of(provider_region(s));
    if (!p)
        return;
    add_text(s, "id", as_str_from(p->name));
    add_text(s, "partition", as_str_from(p->name));
    add_text(s, "dns_suffix", as_str_from(p->dns));
    add_text(s, "reverse_dns_prefix", as_str_from(p->reverse_dns));
}

static void aws_region(const source *s)
{
    const as_value *region = argument(s, "name");
    if (as_value_is_null(region))
        region = provider_region(s);
    const aws_partition *p = partition_of(region);
    if (!p)
        return;
    add_text(s, "id", region->as.str);
    if (as_value_is_null(argument(s, "name")))
        add_text(s, "name", region->as.str);
    add_text(s, "region", region->as.str);
    add_text(
            s, "endpoint", as_str_fmt(s->arena, "ec2.%.*s.%s", AS_STR_ARG(region->as.str), p->dns));
}

static void aws_arn(const source *s)
{
    static const char *const names[] = {"partition", "service", "region", "account", "resource"};
    const as_value *arn = argument(s, "arn");
    if (!arn || arn->kind != AS_STRING || !as_str_starts(arn->as.str, "arn:"))
        return;
    as_str rest = as_str_from_index(arn->as.str, 4);
    as_str parts[5];
    for (size_t i = 0; i < 5; i++) {
        size_t colon = i < 4 ? as_str_find_char(rest, ':') : rest.n;
        if (colon == (size_t)-1)
            return;
        parts[i] = as_str_slice(rest, 0, colon);
        rest = as_str_from_index(rest, colon + 1);
    }
    add_text(s, "id", arn->as.str);
    for (size_t i = 0; i < 5; i++)
        add_text(s, names[i], parts[i]);
}

/* --- Google ----------------------------------------------------------------------------------- */

typedef struct binding {
    as_str role;
    const as_value *members, *condition;
} binding;

static int by_role(const void *a, const void *b)
{
    return as_str_cmp(((const binding *)a)->role, ((const binding *)b)->role);
}

static const as_value *sorted_strings(const source *s, const as_value *list)
{
    size_t n = as_value_count(list);
    as_str *texts = AS_NEW_ARRAY(s->arena, as_str, n);
    for (size_t i = 0; i < n; i++)
        texts[i] = as_value_str(as_value_index(list, i));
    if (n)
        qsort(texts, n, sizeof *texts, as_str_compare_qsort);
    as_list_builder b;
    as_list_begin(&b, s->arena);
    for (size_t i = 0; i < n; i++)
        as_list_add(&b, as_value_string(s->arena, s->span, texts[i]));
    return as_list_end(&b, s->span);
}

/* policy_data: the JSON of a cloudresourcemanager.Policy (data_source_google_iam_policy.go). */
static void google_iam_policy(const source *s)
{
    const as_value *blocks = argument(s, "binding");
    if (as_value_has_unknown(s->values))
        return;
    size_t n = as_value_count(blocks);
    binding *bindings = AS_NEW_ARRAY(s->arena, binding, n);
    for (size_t i = 0; i < n; i++) {
        const as_value *b = as_value_index(blocks, i);
        bindings[i] = (binding){as_value_str(as_value_get(b, AS_STR("role"))),
                sorted_strings(s, as_value_get(b, AS_STR("members"))),
                as_value_index(as_value_get(b, AS_STR("condition")), 0)};
    }
    if (n)
        qsort(bindings, n, sizeof *bindings, by_role);
    as_list_builder list;
    as_list_begin(&list, s->arena);
    for (size_t i = 0; i < n; i++) {
        as_object_builder b;
        as_object_begin(&b, s->arena);
        if (!as_value_is_null(bindings[i].condition))
            as_object_add(&b, AS_STR("condition"), s->span, bindings[i].condition);
        as_object_add(&b, AS_STR("members"), s->span, bindings[i].members);
        as_object_add(
                &b, AS_STR("role"), s->span, as_value_string(s->arena, s->span, bindings[i].role));
        as_list_add(&list, as_object_end(&b, s->span));
    }
    as_object_builder policy;
    as_object_begin(&policy, s->arena);
    as_object_add(&policy, AS_STR("bindings"), s->span, as_list_end(&list, s->span));
    as_buf buf;
    as_buf_init(&buf, s->arena, 0);
    as_value_write_json(&buf, as_object_end(&policy, s->span),
            (as_json_style){.show_sensitive = true, .escape_html = true});
    add_text(s, "policy_data", as_buf_view(&buf));
}

/* --- templates and files ---------------------------------------------------------------------- */

static const as_value *resolve_template_name(
        void *self, as_hcl_ctx *ctx, const as_hcl_traversal *t, as_span span, size_t *used)
{
    (void)ctx;
    (void)span;
    *used = 1;
    return as_value_get(self, t->steps[0].name);
}

static void template_file(const source *s)
{
    const as_value *text = argument(s, "template"), *vars = argument(s, "vars");
    if (!text || text->kind != AS_STRING || as_value_is_unknown(vars))
        return;
    as_diags ignored; /* templates of the old provider may use what HCL does not know */
    as_diags_init(&ignored, s->arena);
    union { /* the resolver only reads */
        const as_value *v;
        void *p;
    } host = {.v = vars ? vars : as_hcl_object(s->arena, s->span, NULL, 0)};
    as_hcl_ctx ctx = {.arena = s->arena,
            .diags = &ignored,
            .steps = &s->eval->steps,
            .resolve = resolve_template_name,
            .host = host.p};
    const as_value *v = as_hcl_eval(
            &ctx, as_hcl_parse_template_text(s->arena, text->as.str, text->span, &ignored));
    if (!ignored.n_errors)
        add(s, "rendered", v);
}

static void local_file(const source *s)
{
    const as_value *name = argument(s, "filename");
    as_str path;
    const as_source *file;
    if (!name || name->kind != AS_STRING)
        return;
    if (!as_path_join(s->arena, s->eval->root_dir, name->as.str, &path) ||
            as_fs_stat(s->eval->loader->fs, path) != AS_FS_FILE ||
            as_fs_read(s->eval->loader->fs, path, &file) != AS_FS_OK)
        return;
    add_text(s, "content", file->text);
}

/* --- table ------------------------------------------------------------------------------------ */

static const struct {
    const char *type;
    void (*compute)(const source *);
} computers[] = {
        {"aws_arn", aws_arn},
        {"aws_iam_policy_document", policy_document},
        {"aws_partition", aws_partition_data},
        {"aws_region", aws_region},
        {"google_iam_policy", google_iam_policy},
        {"local_file", local_file},
        {"template_file", template_file},
};

void as_tf_data_compute(as_tf_instance *instance, as_object_builder *out)
{
    source s = {.instance = instance,
            .eval = instance->scope->eval,
            .arena = out->arena,
            .values = instance->values,
            .span = instance->config->header_span,
            .out = out};
    for (size_t i = 0; i < sizeof computers / sizeof *computers; i++)
        if (as_str_is(instance->config->type, computers[i].type))
            computers[i].compute(&s);
}
