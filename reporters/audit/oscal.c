/* OSCAL 1.1 assessment results
 * (https://pages.nist.gov/OSCAL/reference/latest/assessment-results/json-reference/): one result a
 * framework, in it a finding for each control for which something was checked, and the observations
 * that it stands on: one for every check that is not passed, one for all of a rule that are. */
#include "reporters/audit/formats.h"

#include <openssl/evp.h>

#include "engine/base/clock.h"
#include "engine/base/map.h"
#include "engine/cli/version.h"
#include "reporters/audit/excerpt.h"
#include "reporters/common.h"
#include "reporters/json_out.h"

#define OSCAL_VERSION "1.1.3"

typedef struct writer {
    const as_audit *audit;
    as_json_out out;
    as_arena *arena;
    as_str now;
    as_map answers;
    const char **subjects; /* by entity id: the inventory item's identifier; NULL: not there yet */
} writer;

/* A name-based identifier (version 5, RFC 9562 §5.5), so that the same scan gives the same
 * document. */
static const char *uuid_of(writer *w, const char *what, as_str name, as_str of)
{
    /* Namespace: version 5 of "assay.dev" in the namespace of DNS names. */
    static const unsigned char namespace_of[16] = {0xe3, 0x7f, 0xe2, 0xfe, 0x6d, 0xd8, 0x50, 0x51,
            0x95, 0x25, 0x26, 0x16, 0x47, 0x9b, 0x8c, 0xca};
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    unsigned n = 0;
    as_buf text;

    as_buf_init(&text, w->arena, 0);
    as_buf_add(&text, namespace_of, sizeof namespace_of);
    as_buf_fmt(&text, "%s/%.*s/%.*s", what, AS_STR_ARG(name), AS_STR_ARG(of));
    (void)EVP_Digest(text.p, text.n, digest, &n, EVP_sha1(), NULL);
    digest[6] = (unsigned char)((digest[6] & 0x0f) | 0x50);
    digest[8] = (unsigned char)((digest[8] & 0x3f) | 0x80);
    as_buf_init(&text, w->arena, 0);
    for (size_t i = 0; i < 16; i++)
        as_buf_fmt(&text, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", digest[i]);
    return as_buf_c(&text);
}

/* A control's id as a token: "AC-6(1)" is "ac-6.1" in NIST's catalogue; "1.4" may not begin with a
 * digit. */
static as_str control_token(writer *w, as_str id)
{
    as_buf buf;

    as_buf_init(&buf, w->arena, 0);
    if (id.n > 0 && id.p[0] >= '0' && id.p[0] <= '9')
        as_buf_cstr(&buf, "c-");
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        if (c == '(')
            as_buf_char(&buf, '.');
        else if (c >= 'A' && c <= 'Z')
            as_buf_char(&buf, (char)(c - 'A' + 'a'));
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                 c == '_')
            as_buf_char(&buf, c);
        else if (c != ')')
            as_buf_char(&buf, '_');
    }
    return as_buf_view(&buf);
}

static void write_prop(as_json_out *out, const char *name, as_str value)
{
    if (as_str_trim(value).n == 0)
        return;
    as_json_open(out, NULL, '{');
    as_json_cstr(out, "name", name);
    as_json_cstr(out, "ns", AS_INFORMATION_URI "/ns/oscal");
    as_json_str(out, "value",
            as_str_replace(out->buf->arena, as_str_trim(value), AS_STR("\n"), AS_STR(" ")));
    as_json_close(out, '}');
}

static void write_metadata(writer *w)
{
    as_json_open(&w->out, "metadata", '{');
    as_json_str(&w->out, "title",
            as_str_fmt(w->arena, "Assessment of %.*s", AS_STR_ARG(w->audit->title)));
    as_json_str(&w->out, "last-modified", w->now);
    as_json_cstr(&w->out, "version", AS_VERSION);
    as_json_cstr(&w->out, "oscal-version", OSCAL_VERSION);
    as_json_close(&w->out, '}');
}

/* --- what was looked at -------------------------------------------------------------------------
 */

static bool is_used(const bool *used, const as_audit *audit, size_t finding)
{
    return used[audit->rule_of[finding]] && audit->report->findings[finding].status != AS_PASS;
}

static void write_inventory(writer *w, const as_audit_framework *framework, const bool *used)
{
    const as_report *report = w->audit->report;
    size_t n = report->graph ? as_graph_count(report->graph) : 0;
    bool open = false;

    w->subjects = AS_NEW_ARRAY(w->arena, const char *, n + 1);
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_entity *entity = report->findings[i].entity;
        if (!is_used(used, w->audit, i) || !entity || entity->id == 0 || entity->id > n ||
                w->subjects[entity->id])
            continue;
        if (!open) {
            as_json_open(&w->out, "local-definitions", '{');
            as_json_open(&w->out, "inventory-items", '[');
            open = true;
        }
        w->subjects[entity->id] = uuid_of(w, "entity", framework->framework->id,
                as_str_fmt(w->arena, "%u %.*s", entity->id, AS_STR_ARG(entity->address)));
        as_json_open(&w->out, NULL, '{');
        as_json_cstr(&w->out, "uuid", w->subjects[entity->id]);
        as_json_str(&w->out, "description", entity->address.n > 0 ? entity->address : entity->kind);
        as_json_open(&w->out, "props", '[');
        write_prop(&w->out, "kind", entity->kind);
        write_prop(&w->out, "origin", as_str_from(as_origin_name(entity->origin)));
        write_prop(&w->out, "account", entity->account);
        write_prop(&w->out, "region", entity->region);
        write_prop(&w->out, "environment", entity->unit ? entity->unit->environment : AS_STR(""));
        as_json_close(&w->out, ']');
        as_json_close(&w->out, '}');
    }
    if (open) {
        as_json_close(&w->out, ']');
        as_json_close(&w->out, '}');
    }
}

static void write_reviewed(writer *w, const as_audit_framework *framework)
{
    as_json_open(&w->out, "reviewed-controls", '{');
    as_json_open(&w->out, "control-selections", '[');
    as_json_open(&w->out, NULL, '{');
    as_json_str(&w->out, "description", framework->framework->name);
    as_json_open(&w->out, "include-controls", '[');
    for (size_t i = 0; i < framework->framework->n_controls; i++) {
        if (framework->controls[i].state >= AS_CONTROL_MANUAL)
            continue;
        as_json_open(&w->out, NULL, '{');
        as_json_str(&w->out, "control-id", control_token(w, framework->controls[i].control->id));
        as_json_close(&w->out, '}');
    }
    as_json_close(&w->out, ']');
    as_json_close(&w->out, '}');
    as_json_close(&w->out, ']');
    as_json_close(&w->out, '}');
}

/* --- observations --------------------------------------------------------------------------------
 */

static const char *observation_uuid(writer *w, const as_audit_framework *framework, size_t finding)
{
    return uuid_of(w, "observation", framework->framework->id,
            as_str_fmt(
                    w->arena, "%zu %s", finding, w->audit->report->findings[finding].fingerprint));
}

static const char *passes_uuid(writer *w, const as_audit_framework *framework, uint32_t rule)
{
    return uuid_of(w, "passes", framework->framework->id, w->audit->rules[rule]->id);
}

static void begin_observation(writer *w, const char *uuid, as_str title, as_str description)
{
    as_json_open(&w->out, NULL, '{');
    as_json_cstr(&w->out, "uuid", uuid);
    as_json_str(&w->out, "title", title);
    as_json_str(&w->out, "description", description.n > 0 ? description : title);
}

static void end_observation(writer *w, as_str collected)
{
    as_json_open(&w->out, "methods", '[');
    as_json_cstr(&w->out, NULL, "TEST");
    as_json_close(&w->out, ']');
    as_json_str(&w->out, "collected", collected);
    as_json_close(&w->out, '}');
}

static void write_evidence(writer *w, const as_finding *f, const as_live_answer *answer)
{
    const as_source *source = as_sources_get(w->audit->report->sources, as_finding_span(f).file);
    as_place place = as_finding_place(w->audit->report, f);

    if (!source)
        return;
    as_json_open(&w->out, "relevant-evidence", '[');
    as_json_open(&w->out, NULL, '{');
    as_json_str(&w->out, "description",
            answer->op.n > 0
                    ? as_str_fmt(w->arena, "Answer to %.*s in %.*s, line %u",
                              AS_STR_ARG(answer->op), AS_STR_ARG(place.path), place.begin.line)
                    : as_str_fmt(
                              w->arena, "%.*s, line %u", AS_STR_ARG(place.path), place.begin.line));
    as_str sha256 = answer->op.n > 0 ? answer->sha256 : as_excerpt_sha256(w->arena, source);
    if (sha256.n > 0) {
        as_json_open(&w->out, "props", '[');
        write_prop(&w->out, "sha256", sha256);
        as_json_close(&w->out, ']');
    }
    as_json_close(&w->out, '}');
    as_json_close(&w->out, ']');
}

static void write_observation(writer *w, const as_audit_framework *framework, size_t i)
{
    const as_finding *f = &w->audit->report->findings[i];
    as_live_answer answer = {0};

    (void)as_excerpt_answer(w->arena, &w->answers, w->audit->report, f, &answer);
    begin_observation(w, observation_uuid(w, framework, i),
            as_str_fmt(w->arena, "%.*s %.*s", AS_STR_ARG(f->rule->id), AS_STR_ARG(f->rule->title)),
            f->message);
    as_json_open(&w->out, "props", '[');
    write_prop(&w->out, "status", as_str_from(as_status_name(f->status)));
    write_prop(&w->out, "severity", as_str_from(as_severity_name(f->severity)));
    write_prop(&w->out, "fingerprint", as_str_from(f->fingerprint));
    if (f->suppression) {
        write_prop(&w->out, "exception-reason", f->suppression->reason);
        write_prop(&w->out, "exception-owner", f->suppression->owner);
        write_prop(&w->out, "exception-until", f->suppression->until);
    }
    as_json_close(&w->out, ']');
    if (f->entity && f->entity->id > 0 && w->subjects[f->entity->id]) {
        as_json_open(&w->out, "subjects", '[');
        as_json_open(&w->out, NULL, '{');
        as_json_cstr(&w->out, "subject-uuid", w->subjects[f->entity->id]);
        as_json_cstr(&w->out, "type", "inventory-item");
        as_json_close(&w->out, '}');
        as_json_close(&w->out, ']');
    }
    write_evidence(w, f, &answer);
    end_observation(w, answer.time.n > 0 ? answer.time : w->now);
}

static void write_observations(
        writer *w, const as_audit_framework *framework, const bool *used, const size_t *passes)
{
    bool any = false;

    for (size_t i = 0; i < w->audit->report->n_findings && !any; i++)
        any = used[w->audit->rule_of[i]];
    if (!any)
        return;
    as_json_open(&w->out, "observations", '[');
    for (size_t i = 0; i < w->audit->report->n_findings; i++)
        if (is_used(used, w->audit, i))
            write_observation(w, framework, i);
    for (uint32_t r = 0; r < w->audit->n_rules; r++) {
        if (!used[r] || passes[r] == 0)
            continue;
        const as_rule *rule = w->audit->rules[r];
        begin_observation(w, passes_uuid(w, framework, r),
                as_str_fmt(w->arena, "%.*s %.*s", AS_STR_ARG(rule->id), AS_STR_ARG(rule->title)),
                as_str_fmt(w->arena, "Passed on %zu resource%s.", passes[r],
                        passes[r] == 1 ? "" : "s"));
        end_observation(w, w->now);
    }
    as_json_close(&w->out, ']');
}

/* --- findings ------------------------------------------------------------------------------------
 */

static void write_related(writer *w, const as_audit_framework *framework,
        const as_audit_control *control, const size_t *passes, const as_strs *of_rule)
{
    as_json_open(&w->out, "related-observations", '[');
    for (size_t r = 0; r < control->n_rules; r++) {
        uint32_t rule = control->rules[r];
        for (size_t i = 0; i < of_rule[rule].n; i++) {
            as_json_open(&w->out, NULL, '{');
            as_json_str(&w->out, "observation-uuid", of_rule[rule].items[i]);
            as_json_close(&w->out, '}');
        }
        if (passes[rule] > 0) {
            as_json_open(&w->out, NULL, '{');
            as_json_cstr(&w->out, "observation-uuid", passes_uuid(w, framework, rule));
            as_json_close(&w->out, '}');
        }
    }
    as_json_close(&w->out, ']');
}

static void write_finding(writer *w, const as_audit_framework *framework,
        const as_audit_control *control, const size_t *passes, const as_strs *of_rule)
{
    bool met = control->state == AS_CONTROL_PASSED || control->state == AS_CONTROL_ACCEPTED;
    const size_t *n = control->counts.n;

    as_json_open(&w->out, NULL, '{');
    as_json_cstr(
            &w->out, "uuid", uuid_of(w, "finding", framework->framework->id, control->control->id));
    as_json_str(&w->out, "title",
            as_str_fmt(w->arena, "%.*s %.*s", AS_STR_ARG(control->control->id),
                    AS_STR_ARG(control->control->title)));
    as_json_str(&w->out, "description",
            as_str_fmt(w->arena, "%zu failed, %zu passed, %zu could not be decided, %zu excepted.",
                    n[AS_FAIL], n[AS_PASS], n[AS_UNSURE], n[AS_SUPPRESSED]));
    as_json_open(&w->out, "target", '{');
    as_json_cstr(&w->out, "type", "objective-id");
    as_json_str(&w->out, "target-id", control_token(w, control->control->id));
    as_json_open(&w->out, "status", '{');
    as_json_cstr(&w->out, "state", met ? "satisfied" : "not-satisfied");
    as_json_cstr(&w->out, "reason",
            met                                   ? "pass"
            : control->state == AS_CONTROL_FAILED ? "fail"
                                                  : "other");
    if (control->state == AS_CONTROL_UNKNOWN)
        as_json_cstr(&w->out, "remarks", "Nothing fails, but not every check could be decided.");
    else if (control->state == AS_CONTROL_ACCEPTED)
        as_json_cstr(&w->out, "remarks", "What fails has an accepted exception.");
    as_json_close(&w->out, '}');
    as_json_close(&w->out, '}');
    write_related(w, framework, control, passes, of_rule);
    if (control->control->manual.n > 0)
        as_json_str(&w->out, "remarks",
                as_str_fmt(w->arena, "To be shown by hand: %.*s",
                        AS_STR_ARG(control->control->manual)));
    as_json_close(&w->out, '}');
}

/* The identifiers of the observations of each rule. */
static const as_strs *observations_by_rule(
        writer *w, const as_audit_framework *framework, const bool *used)
{
    const as_audit *audit = w->audit;
    as_strs *lists = AS_NEW_ARRAY(w->arena, as_strs, audit->n_rules);
    size_t *room = AS_NEW_ARRAY(w->arena, size_t, audit->n_rules);
    as_str **items = AS_NEW_ARRAY(w->arena, as_str *, audit->n_rules);

    for (size_t i = 0; i < audit->report->n_findings; i++)
        room[audit->rule_of[i]] += is_used(used, audit, i);
    for (size_t r = 0; r < audit->n_rules; r++)
        lists[r].items = items[r] = AS_NEW_ARRAY(w->arena, as_str, room[r]);
    for (size_t i = 0; i < audit->report->n_findings; i++) {
        uint32_t r = audit->rule_of[i];
        if (is_used(used, audit, i))
            items[r][lists[r].n++] = as_str_from(observation_uuid(w, framework, i));
    }
    return lists;
}

static void write_result(writer *w, const as_audit_framework *framework)
{
    const as_audit *audit = w->audit;
    bool *used = AS_NEW_ARRAY(w->arena, bool, audit->n_rules);
    size_t *passes = AS_NEW_ARRAY(w->arena, size_t, audit->n_rules), n_judged = 0;

    for (size_t c = 0; c < framework->framework->n_controls; c++) {
        for (size_t r = 0; r < framework->controls[c].n_rules; r++)
            used[framework->controls[c].rules[r]] = true;
        n_judged += framework->controls[c].state < AS_CONTROL_MANUAL;
    }
    if (n_judged == 0)
        return;
    for (size_t i = 0; i < audit->report->n_findings; i++)
        passes[audit->rule_of[i]] += audit->report->findings[i].status == AS_PASS;
    const as_strs *of_rule = observations_by_rule(w, framework, used);

    as_json_open(&w->out, NULL, '{');
    as_json_cstr(&w->out, "uuid", uuid_of(w, "result", audit->title, framework->framework->id));
    as_json_str(&w->out, "title",
            as_str_fmt(w->arena, "%.*s %.*s", AS_STR_ARG(framework->framework->name),
                    AS_STR_ARG(framework->framework->version)));
    as_json_str(&w->out, "description",
            as_str_fmt(w->arena, "What the rules of assay say of %zu control%s.", n_judged,
                    n_judged == 1 ? "" : "s"));
    as_json_str(&w->out, "start", w->now);
    as_json_str(&w->out, "end", w->now);
    write_inventory(w, framework, used);
    write_reviewed(w, framework);
    write_observations(w, framework, used, passes);
    as_json_open(&w->out, "findings", '[');
    for (size_t c = 0; c < framework->framework->n_controls; c++)
        if (framework->controls[c].state < AS_CONTROL_MANUAL)
            write_finding(w, framework, &framework->controls[c], passes, of_rule);
    as_json_close(&w->out, ']');
    as_json_close(&w->out, '}');
}

/* Results belong to a plan; there is none beside the rules, and the back matter says so. */
static void write_plan(writer *w, const char *plan)
{
    as_json_open(&w->out, "back-matter", '{');
    as_json_open(&w->out, "resources", '[');
    as_json_open(&w->out, NULL, '{');
    as_json_cstr(&w->out, "uuid", plan);
    as_json_cstr(&w->out, "title", "Assessment plan");
    as_json_cstr(&w->out, "description",
            "There is no document of a plan: every rule of assay that applies is checked on every "
            "resource.");
    as_json_close(&w->out, '}');
    as_json_close(&w->out, ']');
    as_json_close(&w->out, '}');
}

void as_oscal_write(as_buf *buf, const as_audit *audit)
{
    writer w = {.audit = audit, .arena = buf->arena, .out = {.buf = buf, .indent = 2}};
    const char *plan = uuid_of(&w, "plan", audit->title, AS_STR(""));

    w.now = audit->generated.n > 0 ? audit->generated : as_clock_time(w.arena, as_clock_now());
    as_json_open(&w.out, NULL, '{');
    as_json_open(&w.out, "assessment-results", '{');
    as_json_cstr(&w.out, "uuid", uuid_of(&w, "results", audit->title, w.now));
    write_metadata(&w);
    as_json_open(&w.out, "import-ap", '{');
    as_json_str(&w.out, "href", as_str_fmt(w.arena, "#%s", plan));
    as_json_close(&w.out, '}');
    as_json_open(&w.out, "results", '[');
    for (size_t i = 0; i < audit->n_frameworks; i++)
        write_result(&w, &audit->frameworks[i]);
    as_json_close(&w.out, ']');
    write_plan(&w, plan);
    as_json_close(&w.out, '}');
    as_json_close(&w.out, '}');
    as_buf_char(buf, '\n');
}
