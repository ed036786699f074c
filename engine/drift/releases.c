/* Releases of Helm that Terraform installs. What their charts make is not known here; the version
 * of the chart is: it stands in the label helm.sh/chart, as charts are told to write it. */
#include "engine/drift/internal.h"

bool as_drift_is_release(const as_entity *code)
{
    return code->origin <= AS_ORIGIN_STATE && as_str_is(code->type, "helm_release");
}

/* "nginx" of "bitnami/nginx" and "oci://registry.example.com/charts/nginx". */
static as_str chart_name(const as_value *chart)
{
    as_str text = as_value_str(chart);
    while (as_str_ends(text, "/")) {
        text = as_str_slice(text, 0, text.n - 1);
    }
    return as_str_from_index(text, as_str_rfind_char(text, '/') + 1); /* none: the whole */
}

static as_str without_v(as_str version)
{
    return as_str_starts(version, "v") ? as_str_from_index(version, 1) : version;
}

static bool is_digit(as_str text)
{
    return text.n > 0 && text.p[0] >= '0' && text.p[0] <= '9';
}

/* "1.2.3" of the label "nginx-1.2.3"; empty for objects of other charts, such as those below it. */
static as_str version_of(const as_entity *live, as_str chart, const as_value **label)
{
    const as_value *labels = as_value_path(live->raw, "metadata.labels");
    *label = as_value_get(labels, AS_STR("helm.sh/chart"));
    as_str text = as_value_str(*label);
    bool named = chart.n > 0 && text.n > chart.n + 1 && text.p[chart.n] == '-' &&
                 as_str_eq(as_str_slice(text, 0, chart.n), chart);
    as_str version = named ? without_v(as_str_from_index(text, chart.n + 1)) : AS_STR("");
    return is_digit(version) ? version : AS_STR("");
}

/* One version, not a range of them. */
static bool is_exact(as_str version)
{
    size_t dots = 0;
    for (size_t i = 0; i < version.n; i++) {
        char c = version.p[i];
        dots += c == '.';
        if (as_char_in(c, " *<>=~^|,xX")) {
            return false;
        }
    }
    return is_digit(version) && dots >= 2;
}

/* Labels hold no '+': it is written as '_'. */
static bool same_version(as_str code, as_str live)
{
    if (code.n != live.n) {
        return false;
    }
    for (size_t i = 0; i < code.n; i++) {
        if (code.p[i] != live.p[i] && !(code.p[i] == '+' && live.p[i] == '_')) {
            return false;
        }
    }
    return true;
}

/* The object at which a release is compared: the first with the label of its chart. */
static const as_entity *spokesman(const as_graph *graph, const as_entity *code, as_str chart)
{
    size_t n;
    const as_value *label;
    const as_edge *const *edges = as_graph_edges_from(graph, code->id, &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *live = as_graph_get(graph, edges[i]->to);
        if (edges[i]->type == AS_EDGE_declares && version_of(live, chart, &label).n > 0) {
            return live;
        }
    }
    return NULL;
}

void as_drift_compare_release(as_comparing *c)
{
    const as_value *version = as_value_get(c->code->raw, AS_STR("version")), *label;
    as_str chart = chart_name(as_value_get(c->code->raw, AS_STR("chart")));
    as_str code = without_v(as_value_str(version)), live = version_of(c->live, chart, &label);
    if (!is_exact(code) || live.n == 0 || spokesman(c->graph, c->code, chart) != c->live ||
            same_version(code, live)) {
        return;
    }
    as_drift_add(c, AS_STR("version"), code, live, version->span, label->span);
}
