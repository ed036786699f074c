#include "parsers/helm/schema.h"

#include "parsers/json/json.h"
#include "parsers/jsonschema/jsonschema.h"

static bool check_one(
        as_helm_loader *l, as_helm_chart *chart, const as_value *values, as_diag_severity severity)
{
    if (!as_helm_file_load(l, &chart->schema)) {
        return false;
    }
    const as_value *schema = as_json_parse(l->arena, chart->schema.source, l->diags);
    as_span place = {chart->schema.source->id, 0, 0};
    as_jsonschema_result result;
    if (!schema) {
        return false;
    }
    bool good = as_jsonschema_validate(l->arena, schema, values, &result);
    for (size_t i = 0; i < result.elsewhere.n; i++) {
        as_diags_add(l->diags, AS_DIAG_WARNING, "helm-schema", place,
                "the schema refers to %.*s, which is not fetched: that part is not checked",
                AS_STR_ARG(result.elsewhere.items[i]));
    }
    if (result.problem.n) {
        as_diags_add(l->diags, severity, "helm-schema", place, "%.*s: %.*s",
                AS_STR_ARG(chart->name), AS_STR_ARG(result.problem));
        return false;
    }
    for (size_t i = 0; i < result.errors.n; i++) {
        const as_jsonschema_error *e = &result.errors.items[i];
        as_span span = e->instance && e->instance->span.file ? e->instance->span : place;
        as_diags_add(l->diags, severity, "helm-schema", span,
                "values don't meet the specifications of the schema of %.*s: at '%.*s': %.*s",
                AS_STR_ARG(chart->name), AS_STR_ARG(e->pointer), AS_STR_ARG(e->message));
    }
    return good;
}

bool as_helm_schema_check(
        as_helm_loader *l, as_helm_chart *chart, const as_value *values, as_diag_severity severity)
{
    bool good = chart->schema.name.n == 0 || check_one(l, chart, values, severity);
    for (size_t i = 0; i < chart->subcharts.n; i++) {
        as_helm_chart *sub = chart->subcharts.items[i];
        const as_value *own = as_value_get(values, sub->name);
        if (as_value_is(own, AS_OBJECT)) {
            good &= as_helm_schema_check(l, sub, own, severity);
        }
    }
    return good;
}
