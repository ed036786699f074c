/* assay reach --all: every connection, as text, JSON, dot or Mermaid. */
#include "engine/cli/reaching.h"

enum { FLUSH_BYTES = 1 << 20 };

/* The ports whose verdict is open. */
static const as_ports *open_question(const as_reached *j, as_port_bounds ports)
{
    return as_ports_subtract(j->space, ports.most, ports.sure);
}

typedef void (*write_connection)(as_reaching *a, const as_reached *j, const as_connection *c,
        const as_ports *ports, bool *first);

/* Which connections are meant. */
enum {
    CERTAIN = 1, /* else what is open */
    V4 = 2,      /* pods and IPv4 */
    V6 = 4,
};

static void each_connection(as_reaching *a, int parts, write_connection write)
{
    const as_reaching_settings *s = a->cli->settings;
    bool first = true, certain = (parts & CERTAIN) != 0;
    for (size_t i = 0; i < a->n; i++) {
        const as_reached *j = &a->clusters[i];
        for (size_t c = 0; c < j->connections.n; c++) {
            const as_connection *one = &j->connections.items[c];
            bool meant = s->from.n == 0 || j->cluster == NULL || as_str_eq(one->from, s->from);
            if (!meant || (parts & (one->v6 ? V6 : V4)) == 0) {
                continue;
            }
            const as_ports *ports = certain ? one->ports.sure : open_question(j, one->ports);
            if (!as_ports_is_empty(ports)) {
                write(a, j, one, ports, &first);
            }
            if (a->out.n > FLUSH_BYTES) {
                as_reaching_flush(a);
            }
        }
    }
}

static void json_connection(as_reaching *a, const as_reached *j, const as_connection *c,
        const as_ports *ports, bool *first)
{
    as_buf_cstr(&a->out, *first ? "\n    {" : ",\n    {");
    *first = false;
    as_reaching_add_text(&a->out, "src", c->from);
    as_buf_char(&a->out, ',');
    as_reaching_add_text(&a->out, "dst", c->to);
    as_buf_char(&a->out, ',');
    as_reaching_add_text(&a->out, "ports", as_reaching_ports(a, j, ports));
    if (c->reason.n > 0 && ports != c->ports.sure) {
        as_buf_char(&a->out, ',');
        as_reaching_add_text(&a->out, "reason", c->reason);
    }
    if (j->name.n > 0) {
        as_buf_char(&a->out, ',');
        as_reaching_add_text(&a->out, "cluster", j->name);
    }
    as_buf_char(&a->out, '}');
}

static void json_exposures(as_reaching *a)
{
    bool first = true;
    for (size_t i = 0; i < a->n; i++) {
        const as_reached *j = &a->clusters[i];
        for (size_t e = 0; e < j->exposures.n; e++) {
            const as_exposure *x = &j->exposures.items[e];
            as_buf_cstr(&a->out, first ? "\n    {" : ",\n    {");
            first = false;
            as_reaching_add_text(&a->out, "dst", j->cluster->endpoints.items[x->endpoint].title);
            as_buf_fmt(&a->out, ",\"kind\":\"%s\",", as_exposure_kind_name(x->kind));
            as_reaching_add_text(&a->out, "by", x->by->address);
            as_buf_char(&a->out, ',');
            as_reaching_add_text(&a->out, "offered", as_reaching_ports(a, j, x->offered.most));
            as_buf_char(&a->out, ',');
            as_reaching_add_text(&a->out, "open", as_reaching_ports(a, j, x->open.sure));
            as_buf_fmt(&a->out, ",\"internal\":%s,", x->internal ? "true" : "false");
            as_reaching_add_json_place(a, x->by->head);
            as_buf_char(&a->out, '}');
        }
        for (size_t e = 0; e < j->forwarded.n; e++) {
            const as_cloud_exposure *x = &j->forwarded.items[e];
            const as_entity *by = j->cloud->nodes[x->forward->balancer];
            as_buf_cstr(&a->out, first ? "\n    {" : ",\n    {");
            first = false;
            as_reaching_add_text(&a->out, "dst", j->cloud->nodes[x->forward->node]->address);
            as_buf_cstr(&a->out, ",\"kind\":\"load balancer\",");
            as_reaching_add_text(&a->out, "by", by->address);
            as_buf_char(&a->out, ',');
            as_reaching_add_text(&a->out, "offered", as_reaching_ports(a, j, x->forward->back));
            as_buf_char(&a->out, ',');
            as_reaching_add_text(&a->out, "open", as_reaching_ports(a, j, x->open.sure));
            as_buf_cstr(&a->out, ",\"internal\":false,");
            as_reaching_add_json_place(a, x->forward->by->head);
            as_buf_char(&a->out, '}');
        }
    }
}

static void write_all_json(as_reaching *a)
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

static void text_connection(as_reaching *a, const as_reached *j, const as_connection *c,
        const as_ports *ports, bool *first)
{
    *first = false;
    if (j->name.n > 0) {
        as_buf_fmt(&a->out, "%.*s: ", AS_STR_ARG(j->name));
    }
    as_buf_fmt(&a->out, "%.*s => %.*s : ", AS_STR_ARG(c->from), AS_STR_ARG(c->to));
    as_buf_str(&a->out, as_reaching_ports(a, j, ports));
    if (ports != c->ports.sure) {
        as_buf_fmt(&a->out, "  (unknown: %.*s)", AS_STR_ARG(c->reason));
    }
    as_buf_char(&a->out, '\n');
}

static void dot_connection(as_reaching *a, const as_reached *j, const as_connection *c,
        const as_ports *ports, bool *first)
{
    *first = false;
    as_buf_cstr(&a->out, "  ");
    as_buf_json_string(&a->out, c->from);
    as_buf_cstr(&a->out, " -> ");
    as_buf_json_string(&a->out, c->to);
    as_buf_cstr(&a->out, " [label=");
    as_buf_json_string(&a->out, as_reaching_ports(a, j, ports));
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

static void mermaid_connection(as_reaching *a, const as_reached *j, const as_connection *c,
        const as_ports *ports, bool *first)
{
    *first = false;
    as_buf_fmt(&a->out, "  n%016llx[\"", (unsigned long long)as_str_hash(c->from));
    add_mermaid(&a->out, c->from);
    as_buf_cstr(&a->out, ports == c->ports.sure ? "\"] -->|\"" : "\"] -.->|\"");
    as_reaching_add_ports(&a->out, j, ports);
    as_buf_fmt(&a->out, "\"| n%016llx[\"", (unsigned long long)as_str_hash(c->to));
    add_mermaid(&a->out, c->to);
    as_buf_cstr(&a->out, "\"]\n");
}

void as_reaching_write_all(as_reaching *a)
{
    const as_reaching_settings *s = a->cli->settings;
    switch (s->format) {
    case AS_REACHING_JSON:
        write_all_json(a);
        break;
    case AS_REACHING_DOT:
        as_buf_cstr(&a->out, "digraph reach {\n");
        each_connection(a, CERTAIN | V4 | V6, dot_connection);
        each_connection(a, V4 | V6, dot_connection);
        as_buf_cstr(&a->out, "}\n");
        break;
    case AS_REACHING_MERMAID:
        as_buf_cstr(&a->out, "flowchart LR\n");
        each_connection(a, CERTAIN | V4 | V6, mermaid_connection);
        each_connection(a, V4 | V6, mermaid_connection);
        break;
    default:
        each_connection(a, CERTAIN | V4 | V6, text_connection);
        each_connection(a, V4 | V6, text_connection);
    }
}
