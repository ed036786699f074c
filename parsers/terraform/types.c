/* The little that is known of resource types without their providers' schemas: which attributes the
 * provider decides, and the few schemas that are part of Terraform itself.
 *
 * Sources: the schemas of terraform_data (internal/builtin/providers/terraform), and of the
 * providers null, random, local, time, tls, archive, aws and google. */
#include "parsers/terraform/tree.h"

typedef struct type_row {
    const char *type; /* a trailing '*' matches any ending */
    const char *const *names;
} type_row;

static bool matches(as_str type, const char *pattern)
{
    size_t n = strlen(pattern);
    if (n && pattern[n - 1] == '*')
        return type.n >= n - 1 && memcmp(type.p, pattern, n - 1) == 0;
    return as_str_is(type, pattern);
}

static const char *const *find(const type_row *rows, as_str type)
{
    for (; rows->type; rows++)
        if (matches(type, rows->type))
            return rows->names;
    return NULL;
}

static const char *const only_id[] = {"id", NULL};

const char *const *as_tf_type_computed(as_tf_mode mode, as_str type)
{
    static const char *const t_data[] = {"id", "output", NULL};
    static const char *const t_password[] = {"id", "result", "bcrypt_hash", NULL};
    static const char *const t_random_id[] = {"id", "b64_std", "b64_url", "dec", "hex", NULL};
    static const char *const t_bytes[] = {"base64", "hex", NULL};
    static const char *const t_result[] = {"id", "result", NULL};
    static const char *const t_local_file[] = {"id", "content_base64sha256", "content_base64sha512",
            "content_md5", "content_sha1", "content_sha256", "content_sha512", NULL};
    static const char *const t_time[] = {
            "id", "rfc3339", "unix", "year", "month", "day", "hour", "minute", "second", NULL};
    static const char *const t_tls_key[] = {"id", "private_key_openssh", "private_key_pem",
            "private_key_pem_pkcs8", "public_key_fingerprint_md5", "public_key_fingerprint_sha256",
            "public_key_openssh", "public_key_pem", NULL};
    static const char *const t_tls_cert[] = {"id", "cert_pem", "ready_for_renewal",
            "validity_end_time", "validity_start_time", NULL};
    static const char *const t_kms_key[] = {"arn", "id", "key_id", NULL};
    static const char *const t_aws[] = {"arn", "id", NULL};
    static const char *const t_google[] = {"id", "self_link", NULL};
    static const type_row managed[] = {
            {"terraform_data", t_data},
            {"null_resource", only_id},
            {"random_password", t_password},
            {"random_id", t_random_id},
            {"random_bytes", t_bytes},
            {"random_pet", only_id},
            {"random_*", t_result},
            {"local_file", t_local_file},
            {"local_sensitive_file", t_local_file},
            {"time_sleep", only_id},
            {"time_*", t_time},
            {"tls_private_key", t_tls_key},
            {"tls_*", t_tls_cert},
            {"aws_kms_key", t_kms_key},
            {"aws_*", t_aws},
            {"google_compute_*", t_google},
            {"google_container_*", t_google},
            {NULL, NULL},
    };
    static const char *const t_remote[] = {"outputs", NULL};
    if (mode == AS_TF_DATA && as_str_is(type, "terraform_remote_state"))
        return t_remote;
    const char *const *names = mode == AS_TF_MANAGED ? find(managed, type) : NULL;
    return names ? names : only_id;
}

const char *const *as_tf_type_arguments(as_tf_mode mode, as_str type)
{
    static const char *const t_data[] = {"input", "triggers_replace", "id", "output", NULL};
    static const char *const t_null[] = {"triggers", "id", NULL};
    static const char *const t_remote[] = {
            "backend", "config", "defaults", "workspace", "outputs", NULL};
    static const type_row managed[] = {
            {"terraform_data", t_data}, {"null_resource", t_null}, {NULL, NULL}};
    static const type_row data[] = {{"terraform_remote_state", t_remote}, {NULL, NULL}};
    if (mode == AS_TF_EPHEMERAL)
        return NULL;
    return find(mode == AS_TF_DATA ? data : managed, type);
}

bool as_tf_type_requires(as_str type, const char *argument)
{
    return as_str_is(type, "terraform_remote_state") && strcmp(argument, "backend") == 0;
}

/* --- nested blocks ---------------------------------------------------------------------------- */

typedef struct block_row {
    const char *type, *path;
    const char *const *names;
} block_row;

static const char *const security_group[] = {"ingress", "egress", NULL};
static const char *const s3_bucket[] = {"logging", "versioning", NULL};
static const char *const lifecycle_configuration[] = {"rule", NULL};
static const char *const lifecycle_rule[] = {"expiration", "filter", "*transition", NULL};
static const char *const lifecycle_filter[] = {"tag", NULL};
static const char *const iam_role[] = {"inline_policy", NULL};
static const char *const instance[] = {
        "ebs_block_device", "metadata_options", "root_block_device", NULL};

/* Where a block is left out, the schema makes an empty list of it. With a '*' in front it is a set:
 * its blocks come in the order of sets. */
static const block_row block_rows[] = {
        {"aws_security_group", "", security_group},
        {"aws_s3_bucket", "", s3_bucket},
        {"aws_s3_bucket_lifecycle_configuration", "", lifecycle_configuration},
        {"aws_s3_bucket_lifecycle_configuration", "rule", lifecycle_rule},
        {"aws_s3_bucket_lifecycle_configuration", "rule.filter", lifecycle_filter},
        {"aws_iam_role", "", iam_role},
        {"aws_instance", "", instance},
        {NULL, NULL, NULL},
};

const char *const *as_tf_type_blocks(as_str type, as_str path)
{
    for (const block_row *r = block_rows; r->type; r++)
        if (as_str_is(type, r->type) && as_str_is(path, r->path))
            return r->names;
    return NULL;
}

/* Names that are nested blocks wherever they occur in the AWS, Google and Azure providers. */
bool as_tf_type_is_block(as_str name)
{
    static const char *const names[] = {"access_logs", "apply_server_side_encryption_by_default",
            "boot_disk", "condition", "cors_rule", "default_action", "ebs_block_device",
            "encryption", "encryption_config", "encryption_configuration", "ephemeral_block_device",
            "expiration", "forward", "filter", "ingress", "egress", "inline_policy",
            "ip_configuration", "launch_template", "lifecycle_rule", "logging", "logging_config",
            "master_auth", "metadata_options", "network_interface", "noncurrent_version_expiration",
            "private_cluster_config", "replication_configuration", "root_block_device", "rule",
            "secondary_ip_range", "server_side_encryption", "server_side_encryption_configuration",
            "settings", "statement", "principals", "not_principals", "timeouts", "tracing_config",
            "transition", "versioning", "viewer_certificate", "vpc_config", "website"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (as_str_is(name, names[i]))
            return true;
    return false;
}

static bool is_set(const char *const *names, as_str name)
{
    for (; *names; names++)
        if (**names == '*' && as_str_is(name, *names + 1))
            return true;
    return false;
}

/* Insertion: nested blocks are few. */
static const as_value *in_set_order(as_arena *arena, const as_value *list)
{
    size_t n = list->as.list.n;
    const as_value **items = AS_NEW_ARRAY(arena, const as_value *, n);
    for (size_t i = 0; i < n; i++) {
        const as_value *v = list->as.list.items[i];
        size_t k = i;
        for (; k > 0 && as_hcl_set_order(arena, as_type_of(arena, v), v, items[k - 1]) < 0; k--)
            items[k] = items[k - 1];
        items[k] = v;
    }
    return as_value_list(arena, list->span, items, n);
}

static const as_value *with_empty_blocks(
        as_arena *arena, const as_value *v, as_str type, as_str path)
{
    const char *const *names = as_tf_type_blocks(type, path);
    if (!names || v->kind != AS_OBJECT)
        return v;
    as_object_builder b;
    as_object_begin(&b, arena);
    for (size_t i = 0; i < v->as.object->n; i++) {
        as_member m = v->as.object->members[i];
        as_str below = path.n ? as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(path), AS_STR_ARG(m.key))
                              : m.key;
        if (m.value->kind == AS_LIST && as_tf_type_blocks(type, below)) {
            as_list_builder list;
            as_list_begin(&list, arena);
            for (size_t k = 0; k < m.value->as.list.n; k++)
                as_list_add(
                        &list, with_empty_blocks(arena, m.value->as.list.items[k], type, below));
            m.value = as_list_end(&list, m.value->span);
        }
        if (m.value->kind == AS_LIST && m.value->as.list.n < 1000 && is_set(names, m.key))
            m.value = in_set_order(arena, m.value);
        as_object_add(&b, m.key, m.key_span, m.value);
    }
    for (; *names; names++) {
        as_str name = as_str_from(**names == '*' ? *names + 1 : *names);
        if (!as_value_get(v, name))
            as_object_add(&b, name, v->span, as_value_list(arena, v->span, NULL, 0));
    }
    return as_object_end(&b, v->span);
}

const as_value *as_tf_resource_shown(as_arena *arena, const as_tf_resource *resource)
{
    if (resource->mode != AS_TF_MANAGED)
        return resource->values;
    return with_empty_blocks(arena, resource->values, resource->type, AS_STR(""));
}
