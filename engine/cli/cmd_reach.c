/* assay reach [--all | FROM TO[:PORT]] PATH */
#include "engine/cli/reaching.h"

#include "engine/base/limits.h"

static const char *const formats[] = {"text", "json", "dot", "mermaid", NULL};

/* --- pieces of output ---------------------------------------------------------------------------
 */

void as_reaching_add_ports(as_buf *out, const as_reached *j, const as_ports *ports)
{
    as_ports_write(out, ports, j->universe);
}

/* Remembered: lists have few different sets of ports and very many lines. */
as_str as_reaching_ports(as_reaching *a, const as_reached *j, const as_ports *ports)
{
    as_reached_texts *texts = j->texts;
    while (texts->n <= ports->id) {
        AS_VEC_PUSH(a->cli->arena, texts, AS_STR_NONE);
    }
    if (texts->items[ports->id].n == 0) {
        as_buf buf;
        as_buf_init(&buf, a->cli->arena, 0);
        as_reaching_add_ports(&buf, j, ports);
        texts->items[ports->id] = as_buf_view(&buf);
    }
    return texts->items[ports->id];
}

static as_str path_of(const as_reaching *a, as_span span, uint32_t *line)
{
    const as_source *source = as_sources_get(a->report->sources, span.file);
    *line = 0;
    if (source == NULL) {
        return AS_STR("");
    }
    *line = as_sources_position(a->report->sources, span.file, span.begin).line;
    return source->path;
}

void as_reaching_add_place(as_reaching *a, as_span span)
{
    uint32_t line;
    as_str path = path_of(a, span, &line);
    if (path.n > 0) {
        as_buf_fmt(&a->out, " (%.*s:%u)", AS_STR_ARG(path), line);
    }
}

void as_reaching_add_text(as_buf *out, const char *name, as_str text)
{
    as_buf_fmt(out, "\"%s\":", name);
    as_buf_json_string(out, text);
}

void as_reaching_add_json_place(as_reaching *a, as_span span)
{
    uint32_t line;
    as_str path = path_of(a, span, &line);
    as_reaching_add_text(&a->out, "path", path);
    as_buf_fmt(&a->out, ",\"line\":%u", line);
}

/* What was gathered goes out; lists are long. */
void as_reaching_flush(as_reaching *a)
{
    if (a->printed == AS_EXIT_OK) {
        a->printed = as_cli_print(a->cli, as_buf_view(&a->out));
    }
    a->out.n = 0;
}

/* --- one question -------------------------------------------------------------------------------
 */

const char *as_reaching_verdict(as_truth verdict)
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

static void text_step(as_reaching *a, const as_reached *j, const as_step *step)
{
    as_buf_fmt(&a->out, "  %s: %.*s", step->direction == AS_INGRESS ? "ingress" : "egress",
            AS_STR_ARG(step->policy->title));
    if (step->rule != NULL && step->rule->name.n > 0) {
        as_buf_fmt(&a->out, " \"%.*s\"", AS_STR_ARG(step->rule->name));
    }
    as_buf_fmt(&a->out, " %s ", action_name(step));
    as_reaching_add_ports(&a->out, j, step->ports.most);
    if (step->rule != NULL && step->rule->note.n > 0) {
        as_buf_fmt(&a->out, ", %.*s", AS_STR_ARG(step->rule->note));
    }
    as_reaching_add_place(a, step_span(step));
    if (step->unsure.n > 0) {
        as_buf_fmt(&a->out, " -- perhaps: %.*s", AS_STR_ARG(step->unsure));
    }
    as_buf_char(&a->out, '\n');
}

static void text_way(as_reaching *a, const as_reached *j, const as_exposure *x)
{
    as_buf_fmt(&a->out, "  exposed: %.*s leads to ", AS_STR_ARG(x->by->address));
    as_reaching_add_ports(&a->out, j, x->offered.most);
    as_reaching_add_place(a, x->by->head);
    as_buf_char(&a->out, '\n');
}

static void text_answer(
        as_reaching *a, const as_reached *j, const as_answer *answer, as_str from, as_str to)
{
    if (j->name.n > 0) {
        as_buf_fmt(&a->out, "%.*s: ", AS_STR_ARG(j->name));
    }
    as_buf_fmt(&a->out, "%s: %.*s => %.*s", as_reaching_verdict(answer->verdict), AS_STR_ARG(from),
            AS_STR_ARG(to));
    if (answer->verdict != AS_NO) {
        as_buf_cstr(&a->out, " : ");
        as_reaching_add_ports(
                &a->out, j, answer->verdict == AS_YES ? answer->ports.sure : answer->ports.most);
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

static void json_answer(
        as_reaching *a, const as_reached *j, const as_answer *answer, as_str from, as_str to)
{
    as_buf *out = &a->out;
    as_buf_char(out, '{');
    as_reaching_add_text(out, "src", from);
    as_buf_char(out, ',');
    as_reaching_add_text(out, "dst", to);
    as_buf_fmt(out, ",\"verdict\":\"%s\",", as_reaching_verdict(answer->verdict));
    as_reaching_add_text(out, "ports", as_reaching_ports(a, j, answer->ports.sure));
    as_buf_char(out, ',');
    as_reaching_add_text(out, "reason", answer->reason);
    as_buf_cstr(out, ",\"exposures\":[");
    for (size_t i = 0; i < answer->ways.n; i++) {
        as_buf_cstr(out, i == 0 ? "{" : ",{");
        as_reaching_add_text(out, "by", answer->ways.items[i].by->address);
        as_buf_char(out, ',');
        as_reaching_add_json_place(a, answer->ways.items[i].by->head);
        as_buf_char(out, '}');
    }
    as_buf_cstr(out, "],\"steps\":[");
    for (size_t i = 0; i < answer->steps.n; i++) {
        const as_step *step = &answer->steps.items[i];
        as_buf_fmt(out, "%s{\"direction\":\"%s\",", i == 0 ? "" : ",",
                step->direction == AS_INGRESS ? "ingress" : "egress");
        as_reaching_add_text(out, "policy", step->policy->entity->address);
        as_buf_char(out, ',');
        as_reaching_add_text(out, "rule", step->rule != NULL ? step->rule->name : AS_STR(""));
        as_buf_fmt(out, ",\"action\":\"%s\",",
                step->rule == NULL              ? "isolate"
                : step->action == AS_RULE_ALLOW ? "allow"
                : step->action == AS_RULE_DENY  ? "deny"
                                                : "pass");
        as_reaching_add_text(out, "ports", as_reaching_ports(a, j, step->ports.most));
        as_buf_char(out, ',');
        as_reaching_add_text(out, "unsure", step->unsure);
        as_buf_char(out, ',');
        as_reaching_add_json_place(a, step_span(step));
        as_buf_char(out, '}');
    }
    as_buf_cstr(out, "]");
    if (j->name.n > 0) {
        as_buf_char(out, ',');
        as_reaching_add_text(out, "cluster", j->name);
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
static bool ask_cluster(as_reaching *a, const as_reached *j, as_str from_text, as_str to_text,
        as_str port, as_truth *verdict)
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
    const as_reaching_settings *s = a->cli->settings;
    (s->format == AS_REACHING_JSON ? json_answer : text_answer)(
            a, j, &answer, from.title, to.title);
    *verdict = as_truth_or(*verdict, answer.verdict);
    return true;
}

/* Whether a side is known at all. */
static bool is_known(const as_reaching *a, as_str text)
{
    for (size_t i = 0; i < a->n; i++) {
        const as_reached *j = &a->clusters[i];
        if (j->cluster != NULL ? as_place_find(j->cluster, text).kind != AS_PLACE_NOWHERE
                               : as_reaching_is_node(j, text)) {
            return true;
        }
    }
    return false;
}

/* An ARN has colons of its own. */
static bool is_whole(const as_reaching *a, as_str text)
{
    for (size_t i = 0; i < a->n; i++) {
        if (a->clusters[i].cloud != NULL && as_reaching_is_node(&a->clusters[i], text)) {
            return true;
        }
    }
    return false;
}

/* One side is in a cluster, the other in the first cloud that knows it. */
static size_t ask_pods_of(
        as_reaching *a, const as_reached *j, as_str from, as_str to, as_str port, as_truth *verdict)
{
    size_t n_asked = 0;
    for (size_t i = 0; j->cluster != NULL && n_asked == 0 && i < a->n; i++) {
        if (a->clusters[i].cloud != NULL) {
            n_asked = as_reaching_ask_pods(a, j, &a->clusters[i], from, to, port, verdict);
        }
    }
    return n_asked;
}

static as_exit ask(as_reaching *a, as_str from, as_str to_and_port)
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
        const as_reached *j = &a->clusters[i];
        if (j->cluster == NULL) {
            n_asked += as_reaching_ask_cloud(a, j, from, to, port, &verdict);
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
    for (size_t i = 0; n_asked == 0 && i < a->n; i++) {
        n_asked += ask_pods_of(a, &a->clusters[i], from, to, port, &verdict);
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

static void judge_clusters(as_reaching *a)
{
    const as_reaching_settings *s = a->cli->settings;
    as_clusters clusters = as_clusters_read(a->cli->arena, a->report->graph, &a->diags);
    as_cloud *clouds = AS_NEW_ARRAY(a->cli->arena, as_cloud, AS_N_CLOUDS);
    size_t n_clouds = as_clouds_read(a->cli->arena, a->report->graph, clouds);
    a->clouds = clouds;
    a->n_clouds = n_clouds;
    a->n = clusters.n + n_clouds;
    a->clusters = AS_NEW_ARRAY(a->cli->arena, as_reached, a->n);
    for (size_t i = 0; i < clusters.n; i++) {
        as_reached *j = &a->clusters[i];
        j->cluster = clusters.items[i];
        j->name = j->cluster->name;
        j->space = j->cluster->space.ports;
        j->universe = j->cluster->universe;
        j->filter = as_filter_new(j->cluster);
        j->texts = AS_NEW(a->cli->arena, as_reached_texts);
        j->exposures = as_exposures_read(j->cluster, j->filter);
        if (s->all) {
            j->connections = as_connections_list(j->cluster, j->filter, &j->exposures);
        }
    }
    for (size_t i = 0; i < n_clouds; i++) {
        as_reached *j = &a->clusters[clusters.n + i];
        j->cloud = &clouds[i];
        j->space = clouds[i].space;
        j->universe = clouds[i].universe;
        j->texts = AS_NEW(a->cli->arena, as_reached_texts);
        if (s->all) {
            j->connections = as_cloud_connections(j->cloud, s->from);
            j->forwarded = as_cloud_exposures_list(j->cloud);
        }
    }
}

static as_exit run(as_cli *cli)
{
    as_reaching_settings *s = cli->settings;
    size_t n_words = s->all ? 0 : 2;
    as_str words[2] = {AS_STR_NONE, AS_STR_NONE};
    const as_config *config = NULL;
    as_reaching a = {.cli = cli};
    if (cli->args.n < n_words || cli->args.n > n_words + 1) {
        return as_cli_usage_error(cli, s->all ? "one PATH is expected with --all"
                                              : "FROM, TO and a PATH are expected, or --all");
    }
    if (!s->all && s->format > AS_REACHING_JSON) {
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
    as_reaching_write_all(&a);
    as_reaching_flush(&a);
    return a.printed != AS_EXIT_OK         ? a.printed
           : a.report->diags->n_errors > 0 ? AS_EXIT_PARTIAL
                                           : AS_EXIT_OK;
}

static const as_option options[] = {
        AS_OPTION_FLAG(as_reaching_settings, all, 0, "all", "list every connection"),
        AS_OPTION_TEXT(as_reaching_settings, from, 0, "from", "FROM",
                "with --all: of this sender alone (internet, a network, an address, a workload)"),
        AS_OPTION_ENUM(as_reaching_settings, format, 'f', "format", "FORMAT", formats,
                "text (the default) or json; with --all also dot or mermaid"),
        AS_OPTION_FLAG(
                as_reaching_settings, scanning.quiet, 'q', "quiet", "no diagnostics on stderr"),
        AS_OPTION_TEXT(as_reaching_settings, scanning.config, 0, "config", "FILE",
                "the configuration (default: the nearest .assay.yaml)"),
        AS_SCANNING_INPUT_OPTIONS(as_reaching_settings),
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
                "security groups, network ACLs, routes, peerings, transit gateways, VPNs, "
                "endpoints of services, public addresses and load balancers; on Google Cloud "
                "firewall rules and policies, "
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
        .settings_size = sizeof(as_reaching_settings),
        .examples = examples,
        .run = run,
};
