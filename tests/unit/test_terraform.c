/* Configurations as they are evaluated: references, reasons, trails, data sources, plans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/fs_memory.h"
#include "parsers/json/json.h"
#include "parsers/terraform/terraform.h"
#include "parsers/terraform/version.h"

enum { MAX_FILES = 8 };

typedef struct fixture {
    as_arena *arena;
    as_sources *sources;
    as_fs *fs;
    as_diags diags;
    as_tf_loader *loader;
    as_memory_file files[MAX_FILES];
} fixture;

static int setup(void **state)
{
    fixture *f = test_calloc(1, sizeof *f);
    f->arena = as_arena_new(0);
    f->sources = as_sources_new();
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    as_fs_free(f->fs);
    as_sources_free(f->sources);
    as_arena_free(f->arena);
    test_free(f);
    return 0;
}

/* Pairs of path and text, ending in NULL. */
static void write_files(fixture *f, const char *path, ...)
{
    va_list args;
    va_start(args, path);
    size_t n = 0;
    for (; path && n < MAX_FILES; path = va_arg(args, const char *)) {
        f->files[n++] =
                (as_memory_file){as_str_from(path), as_str_from(va_arg(args, const char *))};
    }
    va_end(args);
    f->fs = as_fs_open_memory(f->files, n, f->sources);
    as_diags_init(&f->diags, f->arena);
    f->loader = as_tf_loader_new(f->arena, f->fs, &f->diags);
}

static const as_tf_resource *find(const as_tf_root *root, const char *address)
{
    for (size_t i = 0; i < root->resources.n; i++)
        if (as_str_is(root->resources.items[i].address, address))
            return &root->resources.items[i];
    fail_msg("no resource %s", address);
    return NULL;
}

static const as_value *attribute(const as_tf_root *root, const char *address, const char *path)
{
    const as_value *v = as_value_path(find(root, address)->values, path);
    assert_non_null(v);
    return v;
}

static void assert_text(as_str actual, const char *expected)
{
    char *text = test_malloc(actual.n + 1);
    memcpy(text, actual.p ? actual.p : "", actual.n);
    text[actual.n] = '\0';
    assert_string_equal(text, expected);
    test_free(text);
}

static void assert_json(fixture *f, const as_value *v, const char *expected)
{
    as_buf buf;
    as_buf_init(&buf, f->arena, 0);
    as_value_write_json(&buf, v, (as_json_style){.sort_keys = true, .show_sensitive = true});
    assert_string_equal(as_buf_c(&buf), expected);
}

/* --- references ------------------------------------------------------------------------------- */

static void test_terraform__configured_attribute_is_known_and_refers(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"corp\"\n}\n"
            "resource \"aws_s3_bucket_policy\" \"p\" {\n  bucket = aws_s3_bucket.b.bucket\n}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    const as_value *v = attribute(root, "aws_s3_bucket_policy.p", "bucket");
    assert_text(as_value_str(v), "corp");
    assert_text(as_value_refs(v)->address, "aws_s3_bucket.b");
    assert_text(as_value_refs(v)->path, "bucket");
    assert_int_equal(f->diags.list.n, 0);
}

static void test_terraform__computed_attribute_is_unknown_and_refers(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "resource \"aws_vpc\" \"v\" {\n  count = 2\n}\n"
            "resource \"aws_subnet\" \"s\" {\n  vpc_id = aws_vpc.v[1].id\n"
            "  zone = aws_vpc.v[0].made_up.by_provider\n}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    const as_value *v = attribute(root, "aws_subnet.s", "vpc_id");
    assert_true(as_value_is_unknown(v));
    assert_text(as_value_reason(v), "aws_vpc.v[1].id is known after apply");
    assert_text(as_value_refs(v)->address, "aws_vpc.v[1]");
    assert_text(as_value_refs(v)->path, "id");
    v = attribute(root, "aws_subnet.s", "zone");
    assert_text(as_value_refs(v)->address, "aws_vpc.v[0]");
    assert_text(as_value_refs(v)->path, "made_up.by_provider");
    assert_int_equal(f->diags.list.n, 0);
}

static void test_terraform__value_tells_its_way(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "variable \"encrypted\" {\n  type = bool\n}\n"
            "module \"db\" {\n  source = \"./db\"\n  on = var.encrypted\n}\n",
            "prod.tfvars", "\nencrypted = false\n", "db/main.tf",
            "variable \"on\" {}\nresource \"aws_db_instance\" \"d\" {\n"
            "  storage_encrypted = var.on\n}\n",
            NULL);
    as_str file = AS_STR("prod.tfvars");
    as_tf_options options = {.var_files = &file, .n_var_files = 1};
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), &options);
    const as_value *v = attribute(root, "module.db.aws_db_instance.d", "storage_encrypted");
    assert_int_equal(v->kind, AS_BOOL);
    const as_trail *step = as_value_trail(v);
    assert_text(step->note, "var.on");
    assert_int_equal(as_sources_position(f->sources, step->span.file, step->span.begin).line, 6);
    step = step->next;
    assert_text(step->note, "var.encrypted");
    assert_text(as_sources_get(f->sources, step->span.file)->path, "prod.tfvars");
    assert_int_equal(as_sources_position(f->sources, step->span.file, step->span.begin).line, 2);
}

static void test_terraform__missing_inputs_are_unknown_with_reason(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "variable \"cidr\" {}\n"
            "module \"far\" {\n  source = \"ns/far/aws\"\n}\n"
            "resource \"aws_vpc\" \"v\" {\n  cidr_block = var.cidr\n  x = module.far.id\n}\n"
            "resource \"aws_vpc\" \"many\" {\n  count = var.cidr\n}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    assert_text(
            as_value_reason(attribute(root, "aws_vpc.v", "cidr_block")), "var.cidr has no value");
    assert_text(as_value_reason(attribute(root, "aws_vpc.v", "x")), "module.far is not at hand");
    assert_true(find(root, "aws_vpc.many[*]")->representative);
    assert_int_equal(f->diags.n_errors, 0);
    assert_int_equal(f->diags.n_warnings, 1);
}

/* --- providers -------------------------------------------------------------------------------- */

static void test_terraform__default_tags_reach_tags_all(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "provider \"aws\" {\n  region = \"eu-west-1\"\n  default_tags {\n"
            "    tags = { Owner = \"core\", Env = \"dev\" }\n  }\n}\n"
            "module \"m\" {\n  source = \"./m\"\n}\n",
            "m/main.tf", "resource \"aws_vpc\" \"v\" {\n  tags = { Env = \"prod\" }\n}\n", NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    const as_tf_resource *r = find(root, "module.m.aws_vpc.v");
    assert_json(f, as_value_get(r->computed, AS_STR("tags_all")),
            "{\"Env\":\"prod\",\"Owner\":\"core\"}");
    assert_json(f, as_value_get(r->values, AS_STR("tags")), "{\"Env\":\"prod\"}");
    assert_text(as_value_str(r->provider->region), "eu-west-1");
}

static void test_terraform__passed_provider_is_found(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n"
            "provider \"aws\" {\n  alias = \"us\"\n  region = \"us-east-1\"\n}\n"
            "module \"m\" {\n  source = \"./m\"\n  providers = { aws.edge = aws.us }\n}\n",
            "m/main.tf",
            "resource \"aws_acm_certificate\" \"c\" {\n  provider = aws.edge\n}\n"
            "resource \"aws_vpc\" \"v\" {\n}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    assert_text(as_value_str(find(root, "module.m.aws_acm_certificate.c")->provider->region),
            "us-east-1");
    assert_text(as_value_str(find(root, "module.m.aws_vpc.v")->provider->region), "eu-west-1");
}

/* --- data sources ----------------------------------------------------------------------------- */

/* Order, single values and merging as in the AWS provider's policy_model.go. */
static void test_terraform__policy_document_is_written_as_the_provider_does(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "data \"aws_iam_policy_document\" \"base\" {\n"
            "  statement {\n    sid = \"Read\"\n    actions = [\"s3:ListBucket\", "
            "\"s3:GetObject\"]\n"
            "    resources = [\"*\"]\n  }\n"
            "  statement {\n    actions = [\"sts:AssumeRole\"]\n    principals {\n"
            "      type = \"AWS\"\n      identifiers = [\"arn:aws:iam::1:root\", \"222\"]\n    }\n"
            "    condition {\n      test = \"StringEquals\"\n      variable = "
            "\"aws:PrincipalTag/x\"\n"
            "      values = [\"&{aws:username}\"]\n    }\n  }\n}\n"
            "data \"aws_iam_policy_document\" \"all\" {\n"
            "  source_policy_documents = [data.aws_iam_policy_document.base.json]\n"
            "  statement {\n    sid = \"Read\"\n    effect = \"Deny\"\n    not_actions = "
            "[\"a:B\"]\n"
            "    resources = [\"*\"]\n    principals {\n      type = \"*\"\n"
            "      identifiers = [\"*\"]\n    }\n  }\n}\n"
            "resource \"aws_iam_policy\" \"p\" {\n"
            "  policy = data.aws_iam_policy_document.all.minified_json\n}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    assert_text(as_value_str(attribute(root, "aws_iam_policy.p", "policy")),
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Read\",\"Effect\":\"Deny\","
            "\"NotAction\":\"a:B\",\"Resource\":\"*\",\"Principal\":\"*\"},{\"Effect\":\"Allow\","
            "\"Action\":\"sts:AssumeRole\",\"Principal\":{\"AWS\":[\"arn:aws:iam::1:root\","
            "\"222\"]},\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/x\":"
            "\"${aws:username}\"}}}]}");
    assert_int_equal(f->diags.list.n, 0);
}

static void test_terraform__policy_document_keeps_what_is_known(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "resource \"aws_s3_bucket\" \"b\" {\n}\n"
            "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\"s3:*\"]\n"
            "    resources = [aws_s3_bucket.b.arn]\n  }\n}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    const as_tf_resource *r = find(root, "data.aws_iam_policy_document.d");
    assert_true(as_value_is_unknown(as_value_get(r->computed, AS_STR("json"))));
    const as_value *statement = as_value_path(r->computed, "document.Statement[0]");
    assert_text(as_value_str(as_value_get(statement, AS_STR("Action"))), "s3:*");
    assert_text(
            as_value_refs(as_value_get(statement, AS_STR("Resource")))->address, "aws_s3_bucket.b");
}

static void test_terraform__partition_follows_the_region(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "provider \"aws\" {\n  region = \"cn-north-1\"\n}\n"
            "data \"aws_partition\" \"p\" {}\ndata \"aws_region\" \"r\" {}\n"
            "data \"aws_caller_identity\" \"c\" {}\n"
            "resource \"aws_x\" \"y\" {\n  arn = \"arn:${data.aws_partition.p.partition}:${"
            "data.aws_region.r.name}\"\n  account = data.aws_caller_identity.c.account_id\n}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    assert_text(as_value_str(attribute(root, "aws_x.y", "arn")), "arn:aws-cn:cn-north-1");
    assert_true(as_value_is_unknown(attribute(root, "aws_x.y", "account")));
}

/* --- blocks
 * -------------------------------------------------------------------------------------------------
 */

static void test_terraform__unknown_dynamic_block_is_not_absent(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "variable \"rules\" {}\n"
            "resource \"aws_security_group\" \"g\" {\n"
            "  ingress {\n    from_port = 22\n  }\n"
            "  dynamic \"ingress\" {\n    for_each = var.rules\n    content {\n"
            "      from_port = ingress.value\n    }\n  }\n"
            "  dynamic \"egress\" {\n    for_each = var.rules\n    content {}\n  }\n}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    const as_value *ingress = attribute(root, "aws_security_group.g", "ingress");
    assert_int_equal(as_value_count(ingress), 2);
    assert_int_equal(as_value_int_or(as_value_path(ingress, "[0].from_port"), 0), 22);
    assert_true(as_value_is_unknown(as_value_index(ingress, 1)));
    assert_true(as_value_is_unknown(attribute(root, "aws_security_group.g", "egress")));
}

/* --- trouble
 * -------------------------------------------------------------------------------------------------
 */

static void test_terraform__cycle_costs_only_itself(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "locals {\n  a = local.b\n  b = local.a\n}\n"
            "resource \"aws_vpc\" \"v\" {\n  cidr_block = \"10.0.0.0/16\"\n  x = local.a\n}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    assert_text(as_value_str(attribute(root, "aws_vpc.v", "cidr_block")), "10.0.0.0/16");
    assert_true(as_value_is_unknown(attribute(root, "aws_vpc.v", "x")));
    assert_int_equal(f->diags.n_errors, 1);
    assert_text(f->diags.list.items[0].summary, "Cycle: local.a, local.b");
}

static void test_terraform__module_that_calls_itself_ends(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf", "module \"a\" {\n  source = \"./m\"\n}\n", "m/main.tf",
            "module \"x\" {\n  source = \"../m\"\n}\nmodule \"y\" {\n  source = \"../m\"\n}\n"
            "resource \"aws_vpc\" \"v\" {}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    assert_int_equal(root->resources.n, 1);
    assert_true(f->diags.n_errors > 0);
}

static void test_terraform__count_has_a_ceiling(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "resource \"aws_vpc\" \"v\" {\n  count = 1000000000\n}\n"
            "resource \"aws_vpc\" \"w\" {}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    assert_int_equal(root->resources.n, 2);
    assert_int_equal(f->diags.n_errors, 1);
}

/* --- directories ------------------------------------------------------------------------------ */

static void test_terraform__tofu_file_hides_its_namesake(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf", "resource \"aws_vpc\" \"tf\" {}\n", "main.tofu",
            "resource \"aws_vpc\" \"tofu\" {}\n", "more.tf", "resource \"aws_vpc\" \"more\" {}\n",
            NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    assert_int_equal(root->resources.n, 2);
    find(root, "aws_vpc.tofu");
    find(root, "aws_vpc.more");
}

static void test_terraform__roots_are_what_nobody_calls(void **state)
{
    fixture *f = *state;
    write_files(f, "examples/a/main.tf", "module \"m\" {\n  source = \"../../modules/m\"\n}\n",
            "modules/m/main.tf", "", "modules/alone/main.tf", "", NULL);
    as_str dirs[] = {AS_STR("examples/a"), AS_STR("modules/alone"), AS_STR("modules/m")};
    as_tf_dirs roots = {0};
    as_tf_find_roots(f->arena, f->fs, dirs, 3, &roots);
    assert_int_equal(roots.n, 2);
    assert_text(roots.items[0], "examples/a");
    assert_text(roots.items[1], "modules/alone");
}

static void test_terraform__installed_modules_are_found(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf", "module \"net\" {\n  source = \"ns/net/aws\"\n}\n",
            ".terraform/modules/modules.json",
            "{\"Modules\":[{\"Key\":\"net\",\"Source\":\"ns/net/aws\",\"Dir\":"
            "\".terraform/modules/net\"}]}",
            ".terraform/modules/net/main.tf", "resource \"aws_vpc\" \"v\" {}\n", NULL);
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), NULL);
    find(root, "module.net.aws_vpc.v");
    assert_int_equal(f->diags.list.n, 0);
}

static void test_terraform__cached_module_of_the_best_version(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf",
            "module \"net\" {\n  source = \"ns/net/aws\"\n  version = \"~> 2.1\"\n}\n",
            "cache/ns/net/aws/2.1.0/main.tf", "resource \"aws_vpc\" \"old\" {}\n",
            "cache/ns/net/aws/2.10.0/main.tf", "resource \"aws_vpc\" \"best\" {}\n",
            "cache/ns/net/aws/3.0.0/main.tf", "resource \"aws_vpc\" \"new\" {}\n", NULL);
    as_str cache = AS_STR("cache");
    as_tf_options options = {.module_dirs = &cache, .n_module_dirs = 1};
    const as_tf_root *root = as_tf_evaluate(f->loader, AS_STR(""), &options);
    assert_int_equal(root->resources.n, 1);
    find(root, "module.net.aws_vpc.best");
}

/* --- plans and states ------------------------------------------------------------------------- */

static const as_tf_root *read_json(fixture *f, const char *path)
{
    const as_source *source;
    assert_int_equal(as_fs_read(f->fs, as_str_from(path), &source), AS_FS_OK);
    const as_value *json = as_json_parse(f->arena, source, &f->diags);
    return as_tf_read_json(f->loader, source, json, AS_STR(""), NULL);
}

static void test_terraform__plan_has_unknowns_references_and_places(void **state)
{
    fixture *f = *state;
    write_files(f, "main.tf", "\nresource \"aws_subnet\" \"s\" {\n  vpc_id = aws_vpc.v.id\n}\n",
            "plan.json",
            "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.0\",\"resource_changes\":[{"
            "\"address\":\"aws_subnet.s\",\"mode\":\"managed\",\"type\":\"aws_subnet\",\"name\":"
            "\"s\",\"provider_name\":\"registry.terraform.io/hashicorp/aws\",\"change\":{"
            "\"actions\":[\"create\"],\"before\":null,\"after\":{\"cidr_block\":\"10.0.0.0/24\","
            "\"secret\":\"x\"},\"after_unknown\":{\"id\":true,\"vpc_id\":true},"
            "\"after_sensitive\":{\"secret\":true}}}],\"configuration\":{\"root_module\":{"
            "\"resources\":[{\"address\":\"aws_subnet.s\",\"expressions\":{\"vpc_id\":{"
            "\"references\":[\"aws_vpc.v.id\",\"aws_vpc.v\"]}}}]}}}",
            NULL);
    const as_tf_root *root = read_json(f, "plan.json");
    assert_int_equal(root->origin, AS_TF_PLAN);
    const as_tf_resource *r = find(root, "aws_subnet.s");
    const as_value *vpc = as_value_get(r->values, AS_STR("vpc_id"));
    assert_true(as_value_is_unknown(vpc));
    assert_text(as_value_refs(vpc)->address, "aws_vpc.v");
    assert_text(as_value_refs(vpc)->path, "id");
    assert_true(as_value_get(r->values, AS_STR("secret"))->flags & AS_SENSITIVE);
    assert_text(as_sources_get(f->sources, r->span.file)->path, "main.tf");
    assert_int_equal(as_sources_position(f->sources, vpc->span.file, vpc->span.begin).line, 3);
    size_t n_unknown;
    const as_str *unknown = as_tf_resource_unknown(f->arena, r, &n_unknown);
    assert_int_equal(n_unknown, 2);
    assert_text(unknown[1], "vpc_id");
}

/* What goes through variables and outputs of modules is followed to the resource. */
static void test_terraform__plan_references_cross_modules(void **state)
{
    fixture *f = *state;
    write_files(f, "plan.json",
            "{\"resource_changes\":[{\"address\":\"module.b[\\\"x\\\"].aws_subnet.s\","
            "\"module_address\":\"module.b[\\\"x\\\"]\",\"mode\":\"managed\",\"type\":"
            "\"aws_subnet\",\"name\":\"s\",\"change\":{\"actions\":[\"create\"],\"after\":{},"
            "\"after_unknown\":{\"vpc_id\":true}}}],\"configuration\":{\"root_module\":{"
            "\"module_calls\":{\"a\":{\"module\":{\"outputs\":{\"vpc\":{\"expression\":{"
            "\"references\":[\"aws_vpc.v[0].id\",\"aws_vpc.v[0]\",\"aws_vpc.v\"]}}}}},\"b\":{"
            "\"expressions\":{\"vpc\":{\"references\":[\"module.a.vpc\",\"module.a\"]}},"
            "\"module\":{\"resources\":[{\"address\":\"aws_subnet.s\",\"expressions\":{"
            "\"vpc_id\":{\"references\":[\"var.vpc\"]}}}]}}}}}}",
            NULL);
    const as_tf_resource *r = find(read_json(f, "plan.json"), "module.b[\"x\"].aws_subnet.s");
    const as_ref *ref = as_value_refs(as_value_get(r->values, AS_STR("vpc_id")));
    assert_text(ref->address, "module.a.aws_vpc.v[0]");
    assert_text(ref->path, "id");
    assert_null(ref->next);
}

static void test_terraform__state_file_has_instances(void **state)
{
    fixture *f = *state;
    write_files(f, "terraform.tfstate",
            "{\"version\":4,\"terraform_version\":\"1.9.0\",\"resources\":[{\"module\":"
            "\"module.a\",\"mode\":\"managed\",\"type\":\"aws_vpc\",\"name\":\"v\",\"provider\":"
            "\"provider[\\\"registry.terraform.io/hashicorp/aws\\\"]\",\"instances\":[{"
            "\"index_key\":\"x\",\"attributes\":{\"id\":\"vpc-1\"},\"dependencies\":[\"aws_x.y\"]"
            "}]}]}",
            NULL);
    const as_tf_root *root = read_json(f, "terraform.tfstate");
    assert_int_equal(root->origin, AS_TF_STATE);
    const as_tf_resource *r = find(root, "module.a.aws_vpc.v[\"x\"]");
    assert_text(as_value_str(as_value_get(r->values, AS_STR("id"))), "vpc-1");
    assert_text(r->provider_source, "registry.terraform.io/hashicorp/aws");
    assert_text(r->depends_on[0], "aws_x.y");
}

/* --- versions
 * -----------------------------------------------------------------------------------------------------
 */

static void test_terraform__version_constraints(void **state)
{
    static const struct {
        const char *constraint, *version;
        bool valid, allowed;
    } rows[] = {
            {"1.2.3", "1.2.3", true, true},
            {"~> 1.2", "1.9.0", true, true},
            {"~> 1.2", "2.0.0", true, false},
            {"~> 1.2.3", "1.2.9", true, true},
            {"~> 1.2.3", "1.3.0", true, false},
            {">= 1.0, < 2.0", "1.5.0", true, true},
            {">= 1.0, < 2.0", "2.0.0", true, false},
            {"!= 1.0.0", "1.0.0", true, false},
            {"v1.0", "1.0.0", true, true},
            {"nope", "", false, false},
            {"", "", false, false},
            {">= 1.0,", "", false, false},
            {"=> 1.0", "", false, false},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        as_tf_constraints c;
        bool valid = as_tf_constraints_parse(f->arena, as_str_from(rows[i].constraint), &c);
        if (valid != rows[i].valid)
            fail_msg("%s", rows[i].constraint);
        if (valid && as_tf_constraints_allow(&c, as_str_from(rows[i].version)) != rows[i].allowed)
            fail_msg("%s allows %s", rows[i].constraint, rows[i].version);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_terraform__##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
            TEST(configured_attribute_is_known_and_refers),
            TEST(computed_attribute_is_unknown_and_refers),
            TEST(value_tells_its_way),
            TEST(missing_inputs_are_unknown_with_reason),
            TEST(default_tags_reach_tags_all),
            TEST(passed_provider_is_found),
            TEST(policy_document_is_written_as_the_provider_does),
            TEST(policy_document_keeps_what_is_known),
            TEST(partition_follows_the_region),
            TEST(unknown_dynamic_block_is_not_absent),
            TEST(cycle_costs_only_itself),
            TEST(module_that_calls_itself_ends),
            TEST(count_has_a_ceiling),
            TEST(tofu_file_hides_its_namesake),
            TEST(roots_are_what_nobody_calls),
            TEST(installed_modules_are_found),
            TEST(cached_module_of_the_best_version),
            TEST(plan_has_unknowns_references_and_places),
            TEST(plan_references_cross_modules),
            TEST(state_file_has_instances),
            TEST(version_constraints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
