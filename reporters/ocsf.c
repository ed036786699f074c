/* Compliance findings (class 2003) of the Open Cybersecurity Schema Framework 1.3.0
 * (https://schema.ocsf.io/1.3.0/classes/compliance_finding), for Security Lake and other stores of
 * events: an array. */
#include "reporters/reporter.h"

#include "engine/base/clock.h"
#include "engine/cli/version.h"
#include "reporters/common.h"
#include "reporters/json_out.h"

enum { CATEGORY = 2, CLASS = 2003, CREATE = 1 };

static void write_metadata(as_json_out *out, bool in_cloud)
{
    as_json_open(out, "metadata", '{');
    as_json_cstr(out, "version", "1.3.0");
    as_json_open(out, "product", '{');
    as_json_cstr(out, "name", "assay");
    as_json_cstr(out, "vendor_name", "assay");
    as_json_cstr(out, "version", AS_VERSION);
    as_json_close(out, '}');
    if (in_cloud) {
        as_json_open(out, "profiles", '[');
        as_json_cstr(out, NULL, "cloud");
        as_json_close(out, ']');
    }
    as_json_close(out, '}');
}

static void write_info(as_json_out *out, const as_finding *f, as_str unique)
{
    as_json_open(out, "finding_info", '{');
    as_json_str(out, "uid", unique);
    as_json_str(out, "title", f->rule->title);
    as_json_str_if(out, "desc", f->rule->description);
    as_json_open(out, "types", '[');
    as_json_str(out, NULL, f->rule->category);
    as_json_close(out, ']');
    as_json_open(out, "analytic", '{');
    as_json_str(out, "uid", f->rule->id);
    as_json_str(out, "name", f->rule->title);
    as_json_cstr(out, "type", "Rule");
    as_json_size(out, "type_id", 1);
    as_json_close(out, '}');
    as_json_close(out, '}');
}

/* "CIS-AWS-3.0:1.4": the standards are CIS-AWS-3.0, the requirements the whole names. */
static void write_compliance(as_json_out *out, const as_finding *f)
{
    static const struct {
        size_t id;
        const char *text;
    } statuses[] = {[AS_FAIL] = {3, "Fail"},
            [AS_PASS] = {1, "Pass"},
            [AS_UNSURE] = {0, "Unknown"},
            [AS_SUPPRESSED] = {3, "Fail"}};
    const as_strs *frameworks = &f->rule->frameworks;
    as_map seen = {0};

    as_json_open(out, "compliance", '{');
    as_json_str(out, "control", f->rule->id);
    as_json_open(out, "standards", '[');
    for (size_t i = 0; i < frameworks->n; i++) {
        as_str name =
                as_str_slice(frameworks->items[i], 0, as_str_find_char(frameworks->items[i], ':'));
        if (as_map_has(&seen, name))
            continue;
        as_map_put(out->buf->arena, &seen, name, out);
        as_json_str(out, NULL, name);
    }
    as_json_close(out, ']');
    as_json_strs(out, "requirements", frameworks->items, frameworks->n);
    as_json_cstr(out, "status", statuses[f->status].text);
    as_json_size(out, "status_id", statuses[f->status].id);
    as_json_close(out, '}');
}

static as_str cloud_of(const as_entity *entity)
{
    if (!entity || entity->account.n == 0)
        return AS_STR("");
    return as_str_starts(entity->kind, "aws.")   ? AS_STR("AWS")
           : as_str_starts(entity->kind, "gcp.") ? AS_STR("GCP")
                                                 : AS_STR("");
}

static void write_cloud(as_json_out *out, const as_entity *entity, as_str provider)
{
    as_json_open(out, "cloud", '{');
    as_json_str(out, "provider", provider);
    as_json_str_if(out, "region", entity->region);
    as_json_open(out, "account", '{');
    as_json_str(out, "uid", entity->account);
    as_json_close(out, '}');
    as_json_close(out, '}');
}

static void write_resource(as_json_out *out, const as_finding *f, as_place place)
{
    const as_entity *entity = f->entity;

    as_json_open(out, "resources", '[');
    as_json_open(out, NULL, '{');
    as_json_str(out, "uid", entity ? entity->address : place.path);
    as_json_str(out, "name", entity ? entity->name : place.path);
    if (entity) {
        as_json_str(out, "type", entity->kind);
        as_json_str_if(out, "region", entity->region);
        as_json_str_if(out, "namespace", entity->space);
    }
    as_json_close(out, '}');
    as_json_close(out, ']');
}

static void write_unmapped(as_json_out *out, const as_finding *f, as_place place)
{
    as_json_open(out, "unmapped", '{');
    as_json_cstr(out, "fingerprint", f->fingerprint);
    if (place.path.n > 0) {
        as_json_str(out, "path", place.path);
        as_json_size(out, "line", place.begin.line);
    }
    as_json_strs(out, "aliases", f->aliases.items, f->aliases.n);
    if (f->entity && f->entity->unit)
        as_json_str_if(out, "environment", f->entity->unit->environment);
    if (f->suppression) {
        as_json_str(out, "exception", f->suppression->reason);
        as_json_str_if(out, "exception_owner", f->suppression->owner);
        as_json_str_if(out, "exception_until", f->suppression->until);
    }
    as_json_close(out, '}');
}

static void write_event(
        as_json_out *out, const as_report *report, const as_finding *f, as_str unique, int64_t now)
{
    static const char *const severities[] = {
            "Unknown", "Informational", "Low", "Medium", "High", "Critical"};
    as_place place = as_finding_place(report, f);
    as_str cloud = cloud_of(f->entity);
    bool suppressed = f->status == AS_SUPPRESSED;

    as_json_open(out, NULL, '{');
    as_json_size(out, "category_uid", CATEGORY);
    as_json_cstr(out, "category_name", "Findings");
    as_json_size(out, "class_uid", CLASS);
    as_json_cstr(out, "class_name", "Compliance Finding");
    as_json_size(out, "activity_id", CREATE);
    as_json_cstr(out, "activity_name", "Create");
    as_json_size(out, "type_uid", CLASS * 100 + CREATE);
    as_json_cstr(out, "type_name", "Compliance Finding: Create");
    as_json_size(out, "time", (size_t)now * 1000);
    as_json_size(out, "severity_id", (size_t)f->severity);
    as_json_cstr(out, "severity", severities[f->severity]);
    as_json_size(out, "status_id", suppressed ? 3 : f->status == AS_PASS ? 4 : 1);
    as_json_cstr(out, "status",
            suppressed             ? "Suppressed"
            : f->status == AS_PASS ? "Resolved"
                                   : "New");
    as_json_str_if(out, "message", f->message);
    write_metadata(out, cloud.n > 0);
    write_info(out, f, unique);
    write_compliance(out, f);
    if (cloud.n > 0)
        write_cloud(out, f->entity, cloud);
    write_resource(out, f, place);
    if (f->rule->remediation.n > 0) {
        as_json_open(out, "remediation", '{');
        as_json_str(out, "desc", f->rule->remediation);
        as_json_strs(out, "references", f->rule->references.items, f->rule->references.n);
        as_json_close(out, '}');
    }
    write_unmapped(out, f, place);
    as_json_close(out, '}');
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *buf)
{
    as_json_out out = {.buf = buf, .indent = 2};
    int64_t now = as_clock_now();
    as_map seen = {0};

    (void)style;
    as_json_open(&out, NULL, '[');
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if (f->status != AS_PASS || report->show_passed)
            write_event(&out, report, f, as_unique_fingerprint(buf->arena, &seen, f), now);
    }
    as_json_close(&out, ']');
    as_buf_char(buf, '\n');
}

const as_reporter as_reporter_ocsf = {
        .name = "ocsf",
        .summary = "OCSF 1.3 compliance findings, for stores of security events",
        .extension = "ocsf.json",
        .write = write,
        .dated = true,
};
