/* assay reach [--all | FROM TO[:PORT]] PATH */
#include "engine/cli/scanning.h"

#include "engine/base/limits.h"
#include "engine/reach/answer.h"
#include "engine/reach/cloud.h"
#include "engine/reach/connections.h"
#include "engine/reach/pods.h"

enum { FLUSH_BYTES = 1 << 20 };
enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_DOT, FORMAT_MERMAID };

typedef struct settings {
    as_scanning scanning;
    int format;
    bool all;
    as_str from;
} settings;

static const char *const formats[] = {"text", "json", "dot", "mermaid", NULL};

typedef AS_VEC(as_str) as_texts;

/* A network with all that was found out about it: of a cluster, or of a cloud. */
typedef struct judged {
    as_cluster *cluster; /* NULL: the other */
    const as_cloud *cloud;
    as_str name; /* of a cluster, when there are several */
    as_port_space *space;
    const as_ports *universe;
    as_filter *filter;
    as_exposures exposures;
    as_connections connections; /* with --all */
    as_cloud_exposures forwarded;
    as_texts *texts; /* of sets of ports, by their id */
} judged;

typedef struct asking {
    as_cli *cli;
    const as_report *report;
    as_diags diags;
    judged *clusters;
    size_t n;
    as_cloud *clouds;
    size_t n_clouds;
    as_buf out;
    as_exit printed; /* the first failure to write, else AS_EXIT_OK */
} asking;

/* --- pieces of output ---------------------------------------------------------------------------
 */

static void add_ports(as_buf *out, const judged *j, const as_ports *ports)
{
    as_ports_write(out, ports, j->universe);
}

/* Remembered: lists have few different sets of ports and very many lines. */
static as_str ports_text(asking *a, const judged *j, const as_ports *ports)
{
    as_texts *texts = j->texts;
    while (texts->n <= ports->id) {
        AS_VEC_PUSH(a->cli->arena, texts, AS_STR_NONE);
    }
    if (texts->items[ports->id].n == 0) {
        as_buf buf;
        as_buf_init(&buf, a->cli->arena, 0);
        add_ports(&buf, j, ports);
        texts->items[ports->id] = as_buf_view(&buf);
    }
    return texts->items[ports->id];
}

/* The ports whose verdict is open. */
static const as_ports *open_question(const judged *j, as_port_bounds ports)
{
    return as_ports_subtract(j->space, ports.most, ports.sure);
}

static as_str path_of(const asking *a, as_span span, uint32_t *line)
{
    const as_source *source = as_sources_get(a->report->sources, span.file);
    *line = 0;
    if (source == NULL) {
        return AS_STR("");
    }
    *line = as_sources_position(a->report->sources, span.file, span.begin).line;
    return source->path;
}

static void add_place(asking *a, as_span span)
{
    uint32_t line;
    as_str path = path_of(a, span, &line);
    if (path.n > 0) {
        as_buf_fmt(&a->out, " (%.*s:%u)", AS_STR_ARG(path), line);
    }
}

static void add_json_text(as_buf *out, const char *name, as_str text)
{
    as_buf_fmt(out, "\"%s\":", name);
    as_buf_json_string(out, text);
}

static void add_json_place(asking *a, as_span span)
{
    uint32_t line;
    as_str path = path_of(a, span, &line);
    add_json_text(&a->out, "path", path);
    as_buf_fmt(&a->out, ",\"line\":%u", line);
}

/* What was gathered goes out; lists are long. */
static void flush(asking *a)
{
    if (a->printed == AS_EXIT_OK) {
        a->printed = as_cli_print(a->cli, as_buf_view(&a->out));
    }
    a->out.n = 0;
}

/* --- every connection ---------------------------------------------------------------------------
 */

typedef void (*write_connection)(
        asking *a, const judged *j, const as_connection *c, const as_ports *ports, bool *first);

/* Which connections are meant. */
enum {
    CERTAIN = 1, /* else what is open */
    V4 = 2,      /* pods and IPv4 */
    V6 = 4,
};

static void each_connection(asking *a, int parts, write_connection write)
{
    bool first = true, certain = (parts & CERTAIN) != 0;
    for (size_t i = 0; i < a->n; i++) {
        const judged *j = &a->clusters[i];
        for (size_t c = 0; c < j->connections.n; c++) {
            const as_connection *one = &j->connections.items[c];
            if ((parts & (one->v6 ? V6 : V4)) == 0) {
                continue;
            }
            const as_ports *ports = certain ? one->ports.sure : open_question(j, one->ports);
            if (!as_ports_is_empty(ports)) {
                write(a, j, one, ports, &first);
            }
            if (a->out.n > FLUSH_BYTES) {
                flush(a);
            }
        }
    }
}

static void json_connection(
        asking *a, const judged *j, const as_connection *c, const as_ports *ports, bool *first)
{
    as_buf_cstr(&a->out, *first ? "\n    {" : ",\n    {");
    *first = false;
    add_json_text(&a->out, "src", c->from);
    as_buf_char(&a->out, ',');
    add_json_text(&a->out, "dst", c->to);
    as_buf_char(&a->out, ',');
    add_json_text(&a->out, "ports", ports_text(a, j, ports));
    if (c->reason.n > 0 && ports != c->ports.sure) {
        as_buf_char(&a->out, ',');
        add_json_text(&a->out, "reason", c->reason);
    }
    if (j->name.n > 0) {
        as_buf_char(&a->out, ',');
        add_json_text(&a->out, "cluster", j->name);
    }
    as_buf_char(&a->out, '}');
}

static void json_exposures(asking *a)
{
    bool first = true;
    for (size_t i = 0; i < a->n; i++) {
        const judged *j = &a->clusters[i];
        for (size_t e = 0; e < j->exposures.n; e++) {
            const as_exposure *x = &j->exposures.items[e];
            as_buf_cstr(&a->out, first ? "\n    {" : ",\n    {");
            first = false;
            add_json_text(&a->out, "dst", j->cluster->endpoints.items[x->endpoint].title);
            as_buf_fmt(&a->out, ",\"kind\":\"%s\",", as_exposure_kind_name(x->kind));
            add_json_text(&a->out, "by", x->by->address);
            as_buf_char(&a->out, ',');
            add_json_text(&a->out, "offered", ports_text(a, j, x->offered.most));
            as_buf_char(&a->out, ',');
            add_json_text(&a->out, "open", ports_text(a, j, x->open.sure));
            as_buf_fmt(&a->out, ",\"internal\":%s,", x->internal ? "true" : "false");
            add_json_place(a, x->by->head);
            as_buf_char(&a->out, '}');
        }
        for (size_t e = 0; e < j->forwarded.n; e++) {
            const as_cloud_exposure *x = &j->forwarded.items[e];
            const as_entity *by = j->cloud->nodes[x->forward->balancer];
            as_buf_cstr(&a->out, first ? "\n    {" : ",\n    {");
            first = false;
            add_json_text(&a->out, "dst", j->cloud->nodes[x->forward->node]->address);
            as_buf_cstr(&a->out, ",\"kind\":\"load balancer\",");
            add_json_text(&a->out, "by", by->address);
            as_buf_char(&a->out, ',');
            add_json_text(&a->out, "offered", ports_text(a, j, x->forward->back));
            as_buf_char(&a->out, ',');
            add_json_text(&a->out, "open", ports_text(a, j, x->open.sure));
            as_buf_cstr(&a->out, ",\"internal\":false,");
            add_json_place(a, x->forward->by->head);
            as_buf_char(&a->out, '}');
        }
    }
}

static void write_all_json(asking *a)
{
    as_buf_cstr(&a->out, "{\n  \"connections\": [");
    each_connection(a, CERTAIN | V4, json_connection);
    as_buf_cstr(&a->out, "\n  ],\n  \"ipv6\": [");
    each_connection(a, CERTAIN | V6, json_connection);
    as_buf_cstr(&a->out, "\n  ],\n  \"unknown\": [");
    each_connection(a, V4 | V6, json_connection);
    as_buf_cstr(&a->out, "\n  ],\n  \"exposures\": [");
    json_exposures(a);
    as_buf_cstr(&a->out, "\n  ]\n}\n");
}

static void text_connection(
        asking *a, const judged *j, const as_connection *c, const as_ports *ports, bool *first)
{
    *first = false;
    if (j->name.n > 0) {
        as_buf_fmt(&a->out, "%.*s: ", AS_STR_ARG(j->name));
    }
    as_buf_fmt(&a->out, "%.*s => %.*s : ", AS_STR_ARG(c->from), AS_STR_ARG(c->to));
    as_buf_str(&a->out, ports_text(a, j, ports));
    if (ports != c->ports.sure) {
        as_buf_fmt(&a->out, "  (unknown: %.*s)", AS_STR_ARG(c->reason));
    }
    as_buf_char(&a->out, '\n');
}

static void dot_connection(
        asking *a, const judged *j, const as_connection *c, const as_ports *ports, bool *first)
{
    *first = false;
    as_buf_cstr(&a->out, "  ");
    as_buf_json_string(&a->out, c->from);
    as_buf_cstr(&a->out, " -> ");
    as_buf_json_string(&a->out, c->to);
    as_buf_cstr(&a->out, " [label=");
    as_buf_json_string(&a->out, ports_text(a, j, ports));
    as_buf_cstr(&a->out, ports == c->ports.sure ? "];\n" : ", style=dashed];\n");
}

/* Mermaid's quoted texts have no escapes; entity codes stand for what would end them. */
static void add_mermaid(as_buf *out, as_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '"' || c == '<' || c == '>' || c == '#' || c == '&' || c < ' ') {
            as_buf_fmt(out, "#%u;", c);
        } else {
            as_buf_char(out, (char)c);
        }
    }
}

static void mermaid_connection(
        asking *a, const judged *j, const as_connection *c, const as_ports *ports, bool *first)
{
    *first = false;
    as_buf_fmt(&a->out, "  n%016llx[\"", (unsigned long long)as_str_hash(c->from));
    add_mermaid(&a->out, c->from);
    as_buf_cstr(&a->out, ports == c->ports.sure ? "\"] -->|\"" : "\"] -.->|\"");
    add_ports(&a->out, j, ports);
    as_buf_fmt(&a->out, "\"| n%016llx[\"", (unsigned long long)as_str_hash(c->to));
    add_mermaid(&a->out, c->to);
    as_buf_cstr(&a->out, "\"]\n");
}

static void write_all(asking *a)
{
    const settings *s = a->cli->settings;
    switch (s->format) {
    case FORMAT_JSON:
        write_all_json(a);
        break;
    case FORMAT_DOT:
        as_buf_cstr(&a->out, "digraph reach {\n");
        each_connection(a, CERTAIN | V4 | V6, dot_connection);
        each_connection(a, V4 | V6, dot_connection);
        as_buf_cstr(&a->out, "}\n");
        break;
    case FORMAT_MERMAID:
        as_buf_cstr(&a->out, "flowchart LR\n");
        each_connection(a, CERTAIN | V4 | V6, mermaid_connection);
        each_connection(a, V4 | V6, mermaid_connection);
        break;
    default:
        each_connection(a, CERTAIN | V4 | V6, text_connection);
        each_connection(a, V4 | V6, text_connection);
    }
}

/* --- one question -------------------------------------------------------------------------------
 */

static const char *verdict_name(as_truth verdict)
{
    return verdict == AS_YES ? "yes" : verdict == AS_NO ? "no" : "unknown";
}

static const char *action_name(const as_step *step)
{
    return step->rule == NULL              ? "selects it, and no rule allows"
           : step->action == AS_RULE_ALLOW ? "allows"
           : step->action == AS_RULE_DENY  ? "denies"
                                           : "passes on";
}

static as_span step_span(const as_step *step)
{
    return step->rule != NULL ? step->rule->span : step->policy->entity->head;
}

static void text_step(asking *a, const judged *j, const as_step *step)
{
    as_buf_fmt(&a->out, "  %s: %.*s", step->direction == AS_INGRESS ? "ingress" : "egress",
            AS_STR_ARG(step->policy->title));
    if (step->rule != NULL && step->rule->name.n > 0) {
        as_buf_fmt(&a->out, " \"%.*s\"", AS_STR_ARG(step->rule->name));
    }
    as_buf_fmt(&a->out, " %s ", action_name(step));
    add_ports(&a->out, j, step->ports.most);
    if (step->rule != NULL && step->rule->note.n > 0) {
        as_buf_fmt(&a->out, ", %.*s", AS_STR_ARG(step->rule->note));
    }
    add_place(a, step_span(step));
    if (step->unsure.n > 0) {
        as_buf_fmt(&a->out, " -- perhaps: %.*s", AS_STR_ARG(step->unsure));
    }
    as_buf_char(&a->out, '\n');
}

static void text_way(asking *a, const judged *j, const as_exposure *x)
{
    as_buf_fmt(&a->out, "  exposed: %.*s leads to ", AS_STR_ARG(x->by->address));
    add_ports(&a->out, j, x->offered.most);
    add_place(a, x->by->head);
    as_buf_char(&a->out, '\n');
}

static void text_answer(asking *a, const judged *j, const as_answer *answer, as_str from, as_str to)
{
    if (j->name.n > 0) {
        as_buf_fmt(&a->out, "%.*s: ", AS_STR_ARG(j->name));
    }
    as_buf_fmt(&a->out, "%s: %.*s => %.*s", verdict_name(answer->verdict), AS_STR_ARG(from),
            AS_STR_ARG(to));
    if (answer->verdict != AS_NO) {
        as_buf_cstr(&a->out, " : ");
        add_ports(&a->out, j, answer->verdict == AS_YES ? answer->ports.sure : answer->ports.most);
    }
    as_buf_char(&a->out, '\n');
    for (size_t i = 0; i < answer->ways.n; i++) {
        text_way(a, j, &answer->ways.items[i]);
    }
    for (size_t i = 0; i < answer->steps.n; i++) {
        text_step(a, j, &answer->steps.items[i]);
    }
    if (answer->reason.n > 0) {
        as_buf_fmt(&a->out, "  %.*s\n", AS_STR_ARG(answer->reason));
    } else if (answer->steps.n == 0 && answer->verdict == AS_YES) {
        as_buf_cstr(&a->out, "  no policy selects either side\n");
    }
}

static void json_answer(asking *a, const judged *j, const as_answer *answer, as_str from, as_str to)
{
    as_buf *out = &a->out;
    as_buf_char(out, '{');
    add_json_text(out, "src", from);
    as_buf_char(out, ',');
    add_json_text(out, "dst", to);
    as_buf_fmt(out, ",\"verdict\":\"%s\",", verdict_name(answer->verdict));
    add_json_text(out, "ports", ports_text(a, j, answer->ports.sure));
    as_buf_char(out, ',');
    add_json_text(out, "reason", answer->reason);
    as_buf_cstr(out, ",\"exposures\":[");
    for (size_t i = 0; i < answer->ways.n; i++) {
        as_buf_cstr(out, i == 0 ? "{" : ",{");
        add_json_text(out, "by", answer->ways.items[i].by->address);
        as_buf_char(out, ',');
        add_json_place(a, answer->ways.items[i].by->head);
        as_buf_char(out, '}');
    }
    as_buf_cstr(out, "],\"steps\":[");
    for (size_t i = 0; i < answer->steps.n; i++) {
        const as_step *step = &answer->steps.items[i];
        as_buf_fmt(out, "%s{\"direction\":\"%s\",", i == 0 ? "" : ",",
                step->direction == AS_INGRESS ? "ingress" : "egress");
        add_json_text(out, "policy", step->policy->entity->address);
        as_buf_char(out, ',');
        add_json_text(out, "rule", step->rule != NULL ? step->rule->name : AS_STR(""));
        as_buf_fmt(out, ",\"action\":\"%s\",",
                step->rule == NULL              ? "isolate"
                : step->action == AS_RULE_ALLOW ? "allow"
                : step->action == AS_RULE_DENY  ? "deny"
                                                : "pass");
        add_json_text(out, "ports", ports_text(a, j, step->ports.most));
        as_buf_char(out, ',');
        add_json_text(out, "unsure", step->unsure);
        as_buf_char(out, ',');
        add_json_place(a, step_span(step));
        as_buf_char(out, '}');
    }
    as_buf_cstr(out, "]");
    if (j->name.n > 0) {
        as_buf_char(out, ',');
        add_json_text(out, "cluster", j->name);
    }
    as_buf_cstr(out, "}\n");
}

/* "trading/api:8080" → "trading/api" and "8080"; the colons of IPv6 count only behind brackets. */
static void split_port(as_str text, as_str *place, as_str *port)
{
    size_t colon = as_str_rfind_char(text, ':');
    as_cidr cidr;
    *place = text;
    *port = AS_STR("");
    if (colon == (size_t)-1 || as_cidr_parse(text, &cidr)) {
        return;
    }
    *place = as_str_slice(text, 0, colon);
    *port = as_str_from_index(text, colon + 1);
    if (place->n > 2 && place->p[0] == '[' && place->p[place->n - 1] == ']') {
        *place = as_str_slice(*place, 1, place->n - 1);
    }
}

static as_exit exit_of(as_truth verdict)
{
    return verdict == AS_YES ? AS_EXIT_OK : verdict == AS_NO ? AS_EXIT_FINDINGS : AS_EXIT_PARTIAL;
}

/* Asks one cluster. False, after saying why, when the question makes no sense in it. */
static bool ask_cluster(asking *a, const judged *j, as_str from_text, as_str to_text, as_str port,
        as_truth *verdict)
{
    as_endpoint_place from = as_place_find(j->cluster, from_text);
    as_endpoint_place to = as_place_find(j->cluster, to_text);
    const as_ports *asked = NULL;
    const as_endpoint_place *sides[] = {&from, &to};
    for (size_t i = 0; i < 2; i++) {
        if (sides[i]->ambiguous) {
            as_cli_error(a->cli,
                    "several workloads are called '%.*s': name the namespace and kind "
                    "too, as NAMESPACE/NAME[KIND]",
                    AS_STR_ARG(i == 0 ? from_text : to_text));
            return false;
        }
    }
    if (from.kind != AS_PLACE_ENDPOINT && to.kind != AS_PLACE_ENDPOINT) {
        as_cli_error(a->cli, "one of FROM and TO must be a workload");
        return false;
    }
    if (port.n > 0 && (asked = as_place_ports(j->cluster, &to, port)) == NULL) {
        as_cli_error(a->cli, "'%.*s' is neither a port nor the name of one", AS_STR_ARG(port));
        return false;
    }
    as_answer answer = as_answer_find(j->cluster, j->filter, &j->exposures, &from, &to, asked);
    const settings *s = a->cli->settings;
    (s->format == FORMAT_JSON ? json_answer : text_answer)(a, j, &answer, from.title, to.title);
    *verdict = as_truth_or(*verdict, answer.verdict);
    return true;
}

/* --- networks of clouds ----------------------------------------------------------------------- */

static void text_cloud(asking *a, const judged *j, const as_cloud_answer *answer, as_truth verdict)
{
    if (verdict != AS_NO) {
        as_buf_cstr(&a->out, " : ");
        add_ports(&a->out, j, verdict == AS_YES ? answer->ports.sure : answer->ports.most);
    }
    as_buf_char(&a->out, '\n');
    for (size_t i = 0; i < answer->steps.n; i++) {
        const as_cloud_step *step = &answer->steps.items[i];
        as_buf_fmt(&a->out, "  %.*s", AS_STR_ARG(step->text));
        add_place(a, step->span);
        if (step->unsure.n > 0) {
            as_buf_fmt(&a->out, " -- perhaps: %.*s", AS_STR_ARG(step->unsure));
        }
        as_buf_char(&a->out, '\n');
    }
    if (verdict == AS_MAYBE && answer->reason.n > 0) {
        as_buf_fmt(&a->out, "  %.*s\n", AS_STR_ARG(answer->reason));
    }
}

static void json_cloud(asking *a, const judged *j, const as_cloud_answer *answer, as_truth verdict)
{
    as_buf *out = &a->out;
    as_buf_fmt(out, ",\"verdict\":\"%s\",", verdict_name(verdict));
    add_json_text(out, "ports", ports_text(a, j, answer->ports.sure));
    as_buf_char(out, ',');
    add_json_text(out, "reason", verdict == AS_MAYBE ? answer->reason : AS_STR(""));
    as_buf_cstr(out, ",\"exposures\":[");
    if (answer->by != NULL) {
        as_buf_char(out, '{');
        add_json_text(out, "by", answer->by->address);
        as_buf_char(out, ',');
        add_json_place(a, answer->by->head);
        as_buf_char(out, '}');
    }
    as_buf_cstr(out, "],\"steps\":[");
    for (size_t i = 0; i < answer->steps.n; i++) {
        as_buf_cstr(out, i == 0 ? "{" : ",{");
        add_json_text(out, "text", answer->steps.items[i].text);
        as_buf_char(out, ',');
        add_json_text(out, "unsure", answer->steps.items[i].unsure);
        as_buf_char(out, ',');
        add_json_place(a, answer->steps.items[i].span);
        as_buf_char(out, '}');
    }
    as_buf_cstr(out, "]}\n");
}

/* Live things are also called by their last name: an instance's id, a database's name. */
static bool is_called(const as_entity *entity, as_str text)
{
    return as_str_eq(entity->address, text) ||
           (entity->origin == AS_ORIGIN_LIVE && as_str_eq(entity->name, text));
}

static void write_cloud(asking *a, const judged *j, const as_str texts[2],
        const as_cloud_answer *answer, const as_ports *asked, as_truth *verdict)
{
    const settings *s = a->cli->settings;
    as_truth one = as_cloud_verdict(j->cloud, answer, asked);
    if (s->format == FORMAT_JSON) {
        as_buf_char(&a->out, '{');
        add_json_text(&a->out, "src", texts[0]);
        as_buf_char(&a->out, ',');
        add_json_text(&a->out, "dst", texts[1]);
        json_cloud(a, j, answer, one);
    } else {
        as_buf_fmt(&a->out, "%s: %.*s => %.*s", verdict_name(one), AS_STR_ARG(texts[0]),
                AS_STR_ARG(texts[1]));
        text_cloud(a, j, answer, one);
    }
    *verdict = as_truth_or(*verdict, one);
}

static void answer_cloud(asking *a, const judged *j, const as_cloud_side *from,
        const as_cloud_side *to, const as_str texts[2], const as_ports *asked, as_truth *verdict)
{
    as_cloud_answer answer = as_cloud_ask(j->cloud, from, to, asked);
    write_cloud(a, j, texts, &answer, asked, verdict);
}

/* Asks for every pair of that name within a unit. Returns how many there were. */
static size_t ask_cloud(
        asking *a, const judged *j, as_str from, as_str to, as_str port, as_truth *verdict)
{
    const as_cloud *cloud = j->cloud;
    const as_ports *asked = port.n > 0 ? as_place_ports_by_number(j->space, port) : NULL;
    const as_str texts[2] = {from, to};
    as_cloud_side x, y;
    bool from_outside = as_cloud_side_parse(cloud, from, &x);
    bool to_outside = as_cloud_side_parse(cloud, to, &y);
    size_t n = 0;
    if ((port.n > 0 && asked == NULL) || (from_outside && to_outside)) {
        return 0;
    }
    for (uint32_t i = 0; i < cloud->n; i++) {
        if (!is_called(cloud->nodes[i], to_outside ? from : to)) {
            continue;
        }
        as_cloud_side own = as_cloud_side_node(i);
        if (from_outside || to_outside) {
            answer_cloud(a, j, from_outside ? &x : &own, from_outside ? &own : &y, texts, asked,
                    verdict);
            n++;
            continue;
        }
        for (uint32_t k = 0; k < cloud->n; k++) {
            if (is_called(cloud->nodes[k], from) &&
                    cloud->nodes[k]->unit == cloud->nodes[i]->unit) {
                x = as_cloud_side_node(k);
                answer_cloud(a, j, &x, &own, texts, asked, verdict);
                n++;
            }
        }
    }
    return n;
}

/* From a pod of a cluster to what is called so in a cloud. Returns how many answers there were. */
static size_t ask_pods(asking *a, const judged *cluster, const judged *j, as_str from, as_str to,
        as_str port, as_truth *verdict)
{
    as_endpoint_place place = as_place_find(cluster->cluster, from);
    const as_ports *asked = port.n > 0 ? as_place_ports_by_number(j->space, port) : NULL;
    as_pods pods = {cluster->cluster, cluster->filter, &cluster->exposures, place.endpoint};
    const as_str texts[2] = {place.title, to};
    size_t n = 0;
    if (place.kind != AS_PLACE_ENDPOINT || (port.n > 0 && asked == NULL)) {
        return 0;
    }
    for (uint32_t i = 0; i < j->cloud->n; i++) {
        if (is_called(j->cloud->nodes[i], to)) {
            as_cloud_side side = as_cloud_side_node(i);
            as_cloud_answer answer =
                    as_pods_ask(&pods, a->clouds, a->n_clouds, j->cloud, &side, asked);
            write_cloud(a, j, texts, &answer, asked, verdict);
            n++;
        }
    }
    return n;
}

static bool is_node(const judged *j, as_str text)
{
    for (uint32_t i = 0; i < j->cloud->n; i++) {
        if (is_called(j->cloud->nodes[i], text)) {
            return true;
        }
    }
    return false;
}

/* Whether a side is known at all. */
static bool is_known(const asking *a, as_str text)
{
    for (size_t i = 0; i < a->n; i++) {
        const judged *j = &a->clusters[i];
        if (j->cluster != NULL ? as_place_find(j->cluster, text).kind != AS_PLACE_NOWHERE
                               : is_node(j, text)) {
            return true;
        }
    }
    return false;
}

/* An ARN has colons of its own. */
static bool is_whole(const asking *a, as_str text)
{
    for (size_t i = 0; i < a->n; i++) {
        if (a->clusters[i].cloud != NULL && is_node(&a->clusters[i], text)) {
            return true;
        }
    }
    return false;
}

static as_exit ask(asking *a, as_str from, as_str to_and_port)
{
    as_truth verdict = AS_NO;
    as_str to, port;
    size_t n_asked = 0;
    split_port(to_and_port, &to, &port);
    if (is_whole(a, to_and_port)) {
        to = to_and_port;
        port = AS_STR("");
    }
    for (size_t i = 0; i < a->n; i++) {
        const judged *j = &a->clusters[i];
        if (j->cluster == NULL) {
            n_asked += ask_cloud(a, j, from, to, port, &verdict);
            continue;
        }
        if (as_place_find(j->cluster, from).kind == AS_PLACE_NOWHERE ||
                as_place_find(j->cluster, to).kind == AS_PLACE_NOWHERE) {
            continue;
        }
        if (!ask_cluster(a, j, from, to, port, &verdict)) {
            return AS_EXIT_ERROR;
        }
        n_asked++;
    }
    for (size_t i = 0; n_asked == 0 && i < a->n * a->n; i++) {
        const judged *j = &a->clusters[i / a->n], *other = &a->clusters[i % a->n];
        if (j->cluster != NULL && other->cloud != NULL) {
            n_asked += ask_pods(a, j, other, from, to, port, &verdict);
        }
    }
    if (n_asked == 0) {
        as_str missing = is_known(a, from) ? to : from;
        return is_known(a, from) && is_known(a, to)
                       ? as_cli_error(a->cli, "'%.*s' and '%.*s' are in no network together%s",
                                 AS_STR_ARG(from), AS_STR_ARG(to),
                                 port.n > 0 ? ", or the port is none" : "")
                       : as_cli_error(a->cli, "nothing that was found is called '%.*s'",
                                 AS_STR_ARG(missing));
    }
    as_exit printed = as_cli_print(a->cli, as_buf_view(&a->out));
    return printed == AS_EXIT_OK ? exit_of(verdict) : printed;
}

/* --- the command --------------------------------------------------------------------------------
 */

static void judge_clusters(asking *a)
{
    const settings *s = a->cli->settings;
    as_clusters clusters = as_clusters_read(a->cli->arena, a->report->graph, &a->diags);
    as_cloud *clouds = AS_NEW_ARRAY(a->cli->arena, as_cloud, AS_N_CLOUDS);
    size_t n_clouds = as_clouds_read(a->cli->arena, a->report->graph, clouds);
    a->clouds = clouds;
    a->n_clouds = n_clouds;
    a->n = clusters.n + n_clouds;
    a->clusters = AS_NEW_ARRAY(a->cli->arena, judged, a->n);
    for (size_t i = 0; i < clusters.n; i++) {
        judged *j = &a->clusters[i];
        j->cluster = clusters.items[i];
        j->name = j->cluster->name;
        j->space = j->cluster->space.ports;
        j->universe = j->cluster->universe;
        j->filter = as_filter_new(j->cluster);
        j->texts = AS_NEW(a->cli->arena, as_texts);
        j->exposures = as_exposures_read(j->cluster, j->filter);
        if (s->all) {
            j->connections = as_connections_list(j->cluster, j->filter, &j->exposures);
        }
    }
    for (size_t i = 0; i < n_clouds; i++) {
        judged *j = &a->clusters[clusters.n + i];
        j->cloud = &clouds[i];
        j->space = clouds[i].space;
        j->universe = clouds[i].universe;
        j->texts = AS_NEW(a->cli->arena, as_texts);
        if (s->all) {
            j->connections = as_cloud_connections(j->cloud, s->from);
            j->forwarded = as_cloud_exposures_list(j->cloud);
        }
    }
}

static as_exit run(as_cli *cli)
{
    settings *s = cli->settings;
    size_t n_words = s->all ? 0 : 2;
    as_str words[2] = {AS_STR_NONE, AS_STR_NONE};
    const as_config *config = NULL;
    asking a = {.cli = cli};
    if (cli->args.n < n_words || cli->args.n > n_words + 1) {
        return as_cli_usage_error(cli, s->all ? "one PATH is expected with --all"
                                              : "FROM, TO and a PATH are expected, or --all");
    }
    if (!s->all && s->format > FORMAT_JSON) {
        return as_cli_usage_error(cli, "an answer is text or json");
    }
    for (size_t i = 0; i < n_words; i++) {
        words[i] = cli->args.items[i];
    }
    cli->args.items += n_words;
    cli->args.n -= n_words;
    s->scanning.graph_only = true;
    a.report = as_scanning_run(cli, &s->scanning, &config);
    if (a.report == NULL) {
        return AS_EXIT_ERROR;
    }
    as_diags_init(&a.diags, cli->arena);
    as_buf_init(&a.out, cli->arena, AS_MAX_UNIT_BYTES);
    judge_clusters(&a);
    if (!s->scanning.quiet) {
        as_cli_print_diags(cli, a.report->sources, a.report->diags);
        as_cli_print_diags(cli, a.report->sources, &a.diags);
    }
    if (!s->all) {
        return ask(&a, words[0], words[1]);
    }
    write_all(&a);
    flush(&a);
    return a.printed != AS_EXIT_OK         ? a.printed
           : a.report->diags->n_errors > 0 ? AS_EXIT_PARTIAL
                                           : AS_EXIT_OK;
}

static const as_option options[] = {
        AS_OPTION_FLAG(settings, all, 0, "all", "list every connection"),
        AS_OPTION_TEXT(settings, from, 0, "from", "FROM",
                "with --all in clouds: of this sender alone (internet, a network, an address)"),
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats,
                "text (the default) or json; with --all also dot or mermaid"),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet", "no diagnostics on stderr"),
        AS_OPTION_TEXT(settings, scanning.config, 0, "config", "FILE",
                "the configuration (default: the nearest .assay.yaml)"),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay reach trading/web trading/api:8080 deploy/", "may web open port 8080 of api?"},
        {"assay reach internet trading/api deploy/", "is api exposed, and by what?"},
        {"assay reach trading/api 10.0.0.0/8:5432 deploy/", "may api reach a database outside?"},
        {"assay reach internet aws_db_instance.main:5432 infra/", "is a database on the internet?"},
        {"assay reach --all --format json deploy/", "every connection, for programs"},
        {NULL, NULL}};

const as_command as_command_reach = {
        .name = "reach",
        .summary = "what may open connections to what",
        .usage = "[OPTION…] FROM TO[:PORT] [PATH]\n--all [OPTION…] [PATH]",
        .description =
                "Judges connections by what is declared below PATH (default: the current folder).\n"
                "\n"
                "In a Kubernetes cluster: NetworkPolicy, AdminNetworkPolicy, "
                "BaselineAdminNetworkPolicy, ClusterNetworkPolicy, Calico's policies and tiers, "
                "Istio's AuthorizationPolicy, PeerAuthentication and Sidecar. FROM and TO are "
                "workloads (NAME, NAMESPACE/NAME, KIND/NAMESPACE/NAME), networks (10.0.0.0/8) or "
                "`internet`: as FROM whoever comes through an Ingress, Route, gateway or load "
                "balancer.\n"
                "\n"
                "In clouds, by Terraform's resources, plans, states and live answers: on AWS "
                "security groups, network ACLs, routes, peerings, transit gateways, public "
                "addresses and load balancers; on Google Cloud firewall rules and policies, "
                "networks, routes, peerings, external addresses and load balancers. FROM and TO "
                "are addresses (aws_instance.web, google_compute_instance.db; of live things also "
                "their names), networks, or `internet`.\n"
                "\n"
                "PORT is a number (TCP), udp/53, or the name of a container's port; without it "
                "the answer is yes when some port is open. The answer names the rules that allow "
                "the connection, or what blocks it.\n"
                "\n"
                "The lists of --all have the form of netpol-analyzer's. `connections` is certain; "
                "`unknown` is what depends on values that are not known. Policies are taken to "
                "hold "
                "for pods with hostNetwork there; what depends on that is in `unknown` too.\n"
                "\n"
                "Exit codes: 0 yes, 1 no, 3 unknown (a selector, address or port is not known); "
                "with --all 0, or 3 when some input could not be read; 2 usage or I/O error.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
