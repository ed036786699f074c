/* A small report, made by hand, for the tests of the reporters. */
#ifndef REPORT_FIXTURE_H
#define REPORT_FIXTURE_H

#include "engine/scan/report.h"

typedef struct fixture {
    as_arena *arena;
    as_sources *sources;
    as_diags diags;
    as_entity bucket, pod;
    as_unit unit;
    as_finding findings[5];
    const as_rule *rules[3];
    as_suppression suppression;
    as_evidence evidence[1];
    as_fix fix;
    as_report report;
} fixture;

static const char fixture_tf[] = "resource \"aws_s3_bucket\" \"logs\" {\n"
                                 "\tacl      = var.acl # \x1b[31mred\n"
                                 "  password = \"hunter2hunter2\"\n"
                                 "}\n";
static const char fixture_vars[] = "acl = \"public-read\"\n";

static const as_alias fixture_aliases[] = {{AS_STR_INIT("CKV_AWS_20"), AS_STR_INIT("")}};
static const as_str fixture_alias_ids[] = {AS_STR_INIT("CKV_AWS_20"), AS_STR_INIT("AVD-AWS-0092")};
static const as_str fixture_frameworks[] = {AS_STR_INIT("NIST-800-53r5:AC-3")};
static const as_str fixture_references[] = {AS_STR_INIT("https://example.org/acl")};

static const as_rule fixture_acl = {
        .id = AS_STR_INIT("AWS-S3-001"),
        .title = AS_STR_INIT("Bucket is not readable by everyone"),
        .severity = AS_SEVERITY_CRITICAL,
        .category = AS_STR_INIT("access"),
        .description = AS_STR_INIT("Anyone can fetch what is in it."),
        .remediation = AS_STR_INIT("Set `acl` to \"private\".\nOr leave it out."),
        .references = {fixture_references, 1},
        .frameworks = {fixture_frameworks, 1},
        .aliases = fixture_aliases,
        .n_aliases = 1,
        .builtin = true,
};
static const as_rule fixture_password = {
        .id = AS_STR_INIT("SEC-001"),
        .title = AS_STR_INIT("=No password in the code"),
        .severity = AS_SEVERITY_HIGH,
        .category = AS_STR_INIT("secrets"),
        .builtin = true,
};
static const as_rule fixture_pod = {
        .id = AS_STR_INIT("K8S-POD-001"),
        .title = AS_STR_INIT("Container is not privileged"),
        .severity = AS_SEVERITY_MEDIUM,
        .category = AS_STR_INIT("isolation"),
        .builtin = true,
};

static as_span fixture_find(const as_source *source, const char *text)
{
    size_t at = as_str_find(source->text, as_str_from(text));

    return (as_span){source->id, (uint32_t)at, (uint32_t)(at + strlen(text))};
}

static void fixture_findings(fixture *f, const as_source *tf, const as_source *vars)
{
    f->evidence[0] = (as_evidence){fixture_find(vars, "\"public-read\""), AS_STR("var.acl")};
    f->fix = (as_fix){
            .field = AS_STR("acl"),
            .value = AS_STR("\"private\""),
            .title = AS_STR("set acl to \"private\""),
            .span = fixture_find(tf, "var.acl"),
            .insert = AS_STR("\"private\""),
    };
    f->suppression = (as_suppression){
            .source = AS_STR("inline"),
            .reason = AS_STR("needed until the move"),
            .owner = AS_STR("platform"),
            .until = AS_STR("2027-01-31"),
            .span = fixture_find(tf, "# "),
    };
    as_strs aliases = {fixture_alias_ids, 2};
    f->findings[0] = (as_finding){.rule = &fixture_acl,
            .status = AS_FAIL,
            .severity = AS_SEVERITY_CRITICAL,
            .aliases = aliases,
            .entity = &f->bucket,
            .span = fixture_find(tf, "var.acl"),
            .message = AS_STR("bucket [logs] can be read by everyone"),
            .evidence = f->evidence,
            .n_evidence = 1,
            .n_trail = 1,
            .fixes = &f->fix,
            .n_fixes = 1};
    f->findings[1] = f->findings[0];
    f->findings[1].status = AS_SUPPRESSED;
    f->findings[1].suppression = &f->suppression;
    f->findings[2] = (as_finding){.rule = &fixture_password,
            .status = AS_FAIL,
            .severity = AS_SEVERITY_HIGH,
            .entity = &f->bucket,
            .span = fixture_find(tf, "\"hunter2hunter2\""),
            .message = AS_STR("-password, \"written\" here | <b>\n")};
    f->findings[3] = (as_finding){.rule = &fixture_pod,
            .status = AS_UNSURE,
            .severity = AS_SEVERITY_MEDIUM,
            .entity = &f->pod,
            .message = AS_STR("var.privileged has no value")};
    f->findings[4] = f->findings[3];
    f->findings[4].status = AS_PASS;
    for (size_t i = 0; i < 5; i++)
        memset(f->findings[i].fingerprint, "aabcd"[i], 64);
}

static void fixture_report(fixture *f)
{
    static const as_coverage_row rows[] = {{AS_STR_INIT("terraform"), 2, 2, 0, 1, 2}};
    static const as_skip skips[] = {{AS_STR_INIT("logo.png"), AS_STR_INIT("binary")}};
    static const as_missing_input missing[] = {{AS_STR_INIT("var.privileged has no value"), 1}};
    static const as_str types[] = {AS_STR_INIT("aws_foo")};

    f->rules[0] = &fixture_acl;
    f->rules[1] = &fixture_pod;
    f->rules[2] = &fixture_password;
    f->report = (as_report){
            .sources = f->sources,
            .findings = f->findings,
            .n_findings = 5,
            .rules = f->rules,
            .n_rules = 3,
            .diags = &f->diags,
            .coverage = {.rows = rows,
                    .n_rows = 1,
                    .skips = skips,
                    .n_skips = 1,
                    .missing = missing,
                    .n_missing = 1,
                    .n_files = 3,
                    .n_entities = 2,
                    .n_rules_loaded = 3,
                    .n_checks = 5,
                    .types_without_rules = {types, 1}},
            .summary = {.by_status = {2, 1, 1, 1},
                    .failed_by_severity = {[AS_SEVERITY_CRITICAL] = 1, [AS_SEVERITY_HIGH] = 1}},
            .root = AS_STR("infra"),
    };
}

static void fixture_init(fixture *f)
{
    memset(f, 0, sizeof *f);
    f->arena = as_arena_new(0);
    f->sources = as_sources_new();
    as_diags_init(&f->diags, f->arena);
    const as_source *tf = as_sources_add(
            f->sources, AS_STR("infra/s3 bucket.tf"), as_str_from(fixture_tf), false);
    const as_source *vars = as_sources_add(
            f->sources, AS_STR("infra/prod.tfvars"), as_str_from(fixture_vars), false);
    const as_source *yaml = as_sources_add(
            f->sources, AS_STR("infra/pod.yaml"), AS_STR("kind: Pod\nbad: [\n"), false);
    as_span head = fixture_find(tf, "resource \"aws_s3_bucket\" \"logs\"");

    f->unit = (as_unit){.name = AS_STR("infra"), .environment = AS_STR("prod")};
    f->bucket = (as_entity){.origin = AS_ORIGIN_TERRAFORM,
            .unit = &f->unit,
            .kind = AS_STR("aws.s3.bucket"),
            .type = AS_STR("aws_s3_bucket"),
            .address = AS_STR("aws_s3_bucket.logs"),
            .name = AS_STR("logs"),
            .span = head,
            .head = head};
    f->pod = (as_entity){.origin = AS_ORIGIN_MANIFEST,
            .kind = AS_STR("k8s.workload"),
            .type = AS_STR("v1/Pod"),
            .address = AS_STR("Pod/default/web"),
            .name = AS_STR("web"),
            .span = fixture_find(yaml, "kind: Pod")};
    fixture_findings(f, tf, vars);
    as_diags_add(&f->diags, AS_DIAG_ERROR, "yaml-syntax", fixture_find(yaml, "["),
            "the list is not closed");
    as_diags_detail(&f->diags, "add a ']'");
    as_diags_add_path(&f->diags, AS_DIAG_WARNING, "file-denied", AS_STR("infra/key.pem"),
            "permission denied");
    fixture_report(f);
}

static void fixture_release(fixture *f)
{
    as_arena_free(f->arena);
    as_sources_free(f->sources);
}

#endif
