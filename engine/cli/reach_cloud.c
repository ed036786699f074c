/* assay reach FROM TO where a side is in the network of a cloud. */
#include "engine/cli/reaching.h"

static void text_cloud(
        as_reaching *a, const as_reached *j, const as_cloud_answer *answer, as_truth verdict)
{
    if (verdict != AS_NO) {
        as_buf_cstr(&a->out, " : ");
        as_reaching_add_ports(
                &a->out, j, verdict == AS_YES ? answer->ports.sure : answer->ports.most);
    }
    as_buf_char(&a->out, '\n');
    for (size_t i = 0; i < answer->steps.n; i++) {
        const as_cloud_step *step = &answer->steps.items[i];
        as_buf_fmt(&a->out, "  %.*s", AS_STR_ARG(step->text));
        as_reaching_add_place(a, step->span);
        if (step->unsure.n > 0) {
            as_buf_fmt(&a->out, " -- perhaps: %.*s", AS_STR_ARG(step->unsure));
        }
        as_buf_char(&a->out, '\n');
    }
    if (verdict == AS_MAYBE && answer->reason.n > 0) {
        as_buf_fmt(&a->out, "  %.*s\n", AS_STR_ARG(answer->reason));
    }
}

static void json_cloud(
        as_reaching *a, const as_reached *j, const as_cloud_answer *answer, as_truth verdict)
{
    as_buf *out = &a->out;
    as_buf_fmt(out, ",\"verdict\":\"%s\",", as_reaching_verdict(verdict));
    as_reaching_add_text(out, "ports", as_reaching_ports(a, j, answer->ports.sure));
    as_buf_char(out, ',');
    as_reaching_add_text(out, "reason", verdict == AS_MAYBE ? answer->reason : AS_STR(""));
    as_buf_cstr(out, ",\"exposures\":[");
    if (answer->by != NULL) {
        as_buf_char(out, '{');
        as_reaching_add_text(out, "by", answer->by->address);
        as_buf_char(out, ',');
        as_reaching_add_json_place(a, answer->by->head);
        as_buf_char(out, '}');
    }
    as_buf_cstr(out, "],\"steps\":[");
    for (size_t i = 0; i < answer->steps.n; i++) {
        as_buf_cstr(out, i == 0 ? "{" : ",{");
        as_reaching_add_text(out, "text", answer->steps.items[i].text);
        as_buf_char(out, ',');
        as_reaching_add_text(out, "unsure", answer->steps.items[i].unsure);
        as_buf_char(out, ',');
        as_reaching_add_json_place(a, answer->steps.items[i].span);
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

static void write_cloud(as_reaching *a, const as_reached *j, const as_str texts[2],
        const as_cloud_answer *answer, const as_ports *asked, as_truth *verdict)
{
    const as_reaching_settings *s = a->cli->settings;
    as_truth one = as_cloud_verdict(j->cloud, answer, asked);
    if (s->format == AS_REACHING_JSON) {
        as_buf_char(&a->out, '{');
        as_reaching_add_text(&a->out, "src", texts[0]);
        as_buf_char(&a->out, ',');
        as_reaching_add_text(&a->out, "dst", texts[1]);
        json_cloud(a, j, answer, one);
    } else {
        as_buf_fmt(&a->out, "%s: %.*s => %.*s", as_reaching_verdict(one), AS_STR_ARG(texts[0]),
                AS_STR_ARG(texts[1]));
        text_cloud(a, j, answer, one);
    }
    *verdict = as_truth_or(*verdict, one);
}

static void answer_cloud(as_reaching *a, const as_reached *j, const as_cloud_side *from,
        const as_cloud_side *to, const as_str texts[2], const as_ports *asked, as_truth *verdict)
{
    as_cloud_answer answer = as_cloud_ask(j->cloud, from, to, asked);
    write_cloud(a, j, texts, &answer, asked, verdict);
}

/* Asks for every pair of that name within a unit. Returns how many there were. */
size_t as_reaching_ask_cloud(
        as_reaching *a, const as_reached *j, as_str from, as_str to, as_str port, as_truth *verdict)
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
size_t as_reaching_ask_pods(as_reaching *a, const as_reached *cluster, const as_reached *j,
        as_str from, as_str to, as_str port, as_truth *verdict)
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

bool as_reaching_is_node(const as_reached *j, as_str text)
{
    for (uint32_t i = 0; i < j->cloud->n; i++) {
        if (is_called(j->cloud->nodes[i], text)) {
            return true;
        }
    }
    return false;
}
