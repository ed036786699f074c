#include "engine/iam/names.h"

#include "engine/base/buf.h"

enum { MAX_DEPTH = 8, REGION_PART = 3 };

/* ARNs of resources, as in the Service Authorization Reference. */
static const struct {
    const char *type, *arn;
} arns[] = {
        {"aws_iam_user", "arn:aws:iam::@:user%path|Path%$name|UserName"},
        {"aws_iam_role", "arn:aws:iam::@:role%path|Path%$name|RoleName"},
        {"aws_ssoadmin_permission_set",
                "arn:aws:iam::@:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_$name"},
        {"aws_iam_group", "arn:aws:iam::@:group%path|Path%$name|GroupName"},
        {"aws_iam_policy", "arn:aws:iam::@:policy%path|Path%$name|PolicyName"},
        {"aws_iam_instance_profile", "arn:aws:iam::@:instance-profile%path|Path%$name"},
        {"aws_iam_openid_connect_provider", "arn:aws:iam::@:oidc-provider/?"},
        {"aws_s3_bucket", "arn:aws:s3:::$bucket|Name"},
        {"aws_sqs_queue", "arn:aws:sqs:?:@:$name"},
        {"aws_sns_topic", "arn:aws:sns:?:@:$name"},
        {"aws_lambda_function", "arn:aws:lambda:?:@:function:$function_name"},
        {"aws_kms_key", "arn:aws:kms:?:@:key/$id"},
        {"aws_dynamodb_table", "arn:aws:dynamodb:?:@:table/$name"},
        {"aws_secretsmanager_secret", "arn:aws:secretsmanager:?:@:secret:$name-?"},
        {"aws_ssm_parameter", "arn:aws:ssm:?:@:parameter/$name"},
        {"aws_ecr_repository", "arn:aws:ecr:?:@:repository/$name"},
        {"aws_ecs_cluster", "arn:aws:ecs:?:@:cluster/$name"},
        {"aws_eks_cluster", "arn:aws:eks:?:@:cluster/$name"},
        {"aws_instance", "arn:aws:ec2:?:@:instance/$id"},
        {"aws_cloudwatch_log_group", "arn:aws:logs:?:@:log-group:$name"},
        {"aws_db_instance", "arn:aws:rds:?:@:db:$identifier"},
        {"aws_rds_cluster", "arn:aws:rds:?:@:cluster:$cluster_identifier"},
        {"aws_efs_file_system", "arn:aws:elasticfilesystem:?:@:file-system/$id"},
        {"aws_kinesis_stream", "arn:aws:kinesis:?:@:stream/$name"},
        {"aws_sfn_state_machine", "arn:aws:states:?:@:stateMachine:$name"},
        {"aws_codebuild_project", "arn:aws:codebuild:?:@:project/$name"},
        {"aws_cloudwatch_event_bus", "arn:aws:events:?:@:event-bus/$name"},
        {"aws_backup_vault", "arn:aws:backup:?:@:backup-vault:$name"},
};

const as_value *as_iam_attribute_value(as_arena *arena, const as_entity *entity, as_str path)
{
    as_str one;
    while (as_str_split(&path, '|', &one)) {
        const as_value *v = entity->raw;
        as_str part;
        while (v != NULL && as_str_split(&one, '.', &part)) {
            v = v->kind == AS_LIST ? as_value_index(v, 0) : v;
            v = as_value_get(v, part);
        }
        (void)arena;
        if (!as_value_is_null(v)) {
            return v;
        }
    }
    return NULL;
}

as_str as_iam_attribute(const as_iam_names *names, const as_entity *entity, as_str path)
{
    const as_value *v = as_iam_attribute_value(names->arena, entity, path);
    return v == NULL ? AS_STR("") : as_iam_text(names->arena, v, &names->resolver);
}

static as_str mark_of(const as_iam_names *names, const as_entity *entity)
{
    return as_str_fmt(names->arena, AS_IAM_MARK "e%u" AS_IAM_MARK, entity->id);
}

/* The region of a provider's configuration: not known, but the same for all that it makes. */
static as_str region_of(const as_iam_names *names, as_str provider)
{
    size_t dot = as_str_find_char(provider, '.');
    as_str alias = dot == (size_t)-1 ? AS_STR("") : as_str_from_index(provider, dot + 1);
    return as_str_fmt(names->arena, AS_IAM_MARK "r%u.%.*s" AS_IAM_MARK,
            names->unit == NULL ? 0 : names->unit->id, AS_STR_ARG(alias));
}

/* The end of an attribute's name in a template: what follows letters, '_', '.' and '|'. */
static size_t attribute_end(as_str s, size_t i)
{
    while (i < s.n &&
            (s.p[i] == '_' || s.p[i] == '.' || s.p[i] == '|' || (s.p[i] >= 'a' && s.p[i] <= 'z') ||
                    (s.p[i] >= 'A' && s.p[i] <= 'Z'))) {
        i++;
    }
    return i;
}

as_str as_iam_arn_fill(const as_iam_names *names, const as_entity *entity, as_str t)
{
    as_buf buf;
    as_buf_init(&buf, names->arena, 0);
    int colons = 0;
    for (size_t i = 0; i < t.n; i++) {
        colons += t.p[i] == ':';
        if (t.p[i] == '@') {
            as_buf_str(&buf, names->account);
        } else if (t.p[i] == '?') {
            as_buf_str(&buf, colons == REGION_PART ? region_of(names, entity->provider)
                                                   : mark_of(names, entity));
        } else if (t.p[i] == '$' || t.p[i] == '%') {
            size_t end = attribute_end(t, i + 1);
            as_str value = as_iam_attribute(names, entity, as_str_slice(t, i + 1, end));
            bool path = t.p[i] == '%';
            if (path && value.n == 0) {
                value = AS_STR("/");
            } else if (!path && (value.n == 0 || as_str_is(value, AS_HOLE))) {
                value = mark_of(names, entity);
            } else if (!path && value.p[0] == '/' && buf.n > 0 && buf.p[buf.n - 1] == '/') {
                value = as_str_from_index(value, 1);
            }
            as_buf_str(&buf, value);
            i = path ? end : end - 1; /* the closing '%' too */
        } else {
            as_buf_char(&buf, t.p[i]);
        }
    }
    return as_buf_view(&buf);
}

as_str as_iam_arn_of(const as_iam_names *names, const as_entity *entity)
{
    const as_value *known = as_iam_attribute_value(names->arena, entity, AS_STR("Arn|ARN|arn"));
    if (as_iam_is_arn(as_value_str(known))) {
        return as_value_str(known);
    }
    for (size_t i = 0; i < sizeof arns / sizeof *arns; i++) {
        if (as_str_is(entity->type, arns[i].type)) {
            return as_iam_arn_fill(names, entity, as_str_from(arns[i].arn));
        }
    }
    return AS_STR("");
}

/* --- references ----------------------------------------------------------------------------------
 */

/* The data source's type in "module.a.data.aws_region.current"; "" of a resource. */
static as_str data_type(as_str address)
{
    size_t at = as_str_find(address, AS_STR("data.aws_"));
    if (at == (size_t)-1 || (at > 0 && address.p[at - 1] != '.')) {
        return AS_STR("");
    }
    as_str rest = as_str_from_index(address, at + 5), type;
    return as_str_split(&rest, '.', &type) ? type : AS_STR("");
}

static as_str of_data(const as_iam_names *names, as_str type, as_str path)
{
    if (as_str_is(type, "aws_caller_identity") &&
            (as_str_is(path, "account_id") || as_str_is(path, "id"))) {
        return names->account;
    }
    if (as_str_is(type, "aws_caller_identity") && as_str_is(path, "arn")) {
        /* Whoever applies the configuration: taken for none of the principals that it declares. */
        return as_str_fmt(
                names->arena, "arn:aws:sts::%.*s:caller-identity", AS_STR_ARG(names->account));
    }
    if (as_str_is(type, "aws_region")) {
        return region_of(names, AS_STR(""));
    }
    if (as_str_is(type, "aws_partition")) {
        return as_str_is(path, "partition")    ? AS_STR("aws")
               : as_str_is(path, "dns_suffix") ? AS_STR("amazonaws.com")
                                               : AS_STR("");
    }
    return AS_STR("");
}

static bool is_name(as_str path)
{
    static const char *const attributes[] = {
            "name", "id", "bucket", "function_name", "url", "key_id", "identifier", NULL};
    for (size_t i = 0; attributes[i] != NULL; i++) {
        if (as_str_is(path, attributes[i])) {
            return true;
        }
    }
    return false;
}

static as_str refer(const void *self, as_arena *arena, const as_ref *ref)
{
    const as_iam_names *names = self;
    as_str type = data_type(ref->address);
    as_str data = type.n == 0 ? AS_STR("") : of_data(names, type, ref->path);
    if (data.n > 0) {
        return data;
    }
    size_t n;
    const as_entity *const *found =
            as_graph_by_address(names->graph, arena, names->unit, ref->address, &n);
    if (n != 1) {
        return AS_STR("");
    }
    if (as_str_is(ref->path, "arn")) {
        /* Names that are made of each other's ARNs would never end. */
        bool deep = *names->depth >= MAX_DEPTH;
        ++*names->depth;
        as_str arn = deep ? AS_STR("") : as_iam_arn_of(names, found[0]);
        --*names->depth;
        return arn;
    }
    const as_value *v = as_value_get(found[0]->raw, ref->path);
    if (v != NULL && v->kind == AS_STRING) {
        return v->as.str;
    }
    return is_name(ref->path) ? mark_of(names, found[0]) : AS_STR("");
}

void as_iam_names_init(as_iam_names *names, as_arena *arena, const as_graph *graph,
        const as_unit *unit, as_str account)
{
    *names = (as_iam_names){arena, graph, unit, account, AS_NEW(arena, int), {refer, names}};
}

as_str as_iam_shown(as_arena *arena, as_str text)
{
    if (!as_iam_has_hole(text)) {
        return text;
    }
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    bool inside = false;
    for (size_t i = 0; i < text.n; i++) {
        as_str rest = as_str_from_index(text, i);
        bool mark = as_str_starts(rest, AS_IAM_MARK), hole = as_str_starts(rest, AS_HOLE);
        if (mark || hole) {
            inside = mark ? !inside : inside;
            if (hole || inside) {
                as_buf_cstr(&buf, "…");
            }
            i += 2;
        } else if (!inside) {
            as_buf_char(&buf, text.p[i]);
        }
    }
    return as_buf_view(&buf);
}
