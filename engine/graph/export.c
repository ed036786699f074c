#include "engine/graph/export.h"

#include <string.h>

/* --- what all formats say of an entity -------------------------------------------------------- */

static bool is_shown(const as_graph_view *v, uint32_t id)
{
    return !v->shown || v->shown[id];
}

static as_position place_of(const as_graph_view *v, const as_entity *e, as_str *path)
{
    as_span span = e->head.file != 0 ? e->head : e->span;
    const as_source *source = as_sources_get(v->sources, span.file);

    *path = source ? source->path : AS_STR("");
    return as_sources_position(v->sources, span.file, span.begin);
}

/* The texts of an entity, in the order of its columns. */
typedef struct fact {
    const char *name;
    as_str text;
} fact;

enum { N_FACTS = 11 };

static void facts_of(const as_graph_view *v, const as_entity *e, fact out[N_FACTS])
{
    as_str path;

    (void)place_of(v, e, &path);
    out[0] = (fact){"kind", e->kind};
    out[1] = (fact){"type", e->type};
    out[2] = (fact){"address", e->address};
    out[3] = (fact){"name", e->name};
    out[4] = (fact){"space", e->space};
    out[5] = (fact){"origin", as_str_from(as_origin_name(e->origin))};
    out[6] = (fact){"unit", e->unit ? e->unit->name : AS_STR("")};
    out[7] = (fact){"environment", e->unit ? e->unit->environment : AS_STR("")};
    out[8] = (fact){"account", e->account};
    out[9] = (fact){"region", e->region};
    out[10] = (fact){"path", path};
}

static void each_edge(const as_graph_view *v, as_buf *out,
        void (*write)(const as_graph_view *, const as_edge *, bool first, as_buf *))
{
    bool first = true;

    for (uint32_t id = 1; id <= as_graph_count(v->graph); id++) {
        size_t n;
        const as_edge *const *edges = as_graph_edges_from(v->graph, id, &n);
        for (size_t i = 0; i < n; i++) {
            if (!is_shown(v, edges[i]->from) || !is_shown(v, edges[i]->to))
                continue;
            write(v, edges[i], first, out);
            first = false;
        }
    }
}

static void each_entity(const as_graph_view *v, as_buf *out,
        void (*write)(const as_graph_view *, const as_entity *, bool first, as_buf *))
{
    bool first = true;

    for (uint32_t id = 1; id <= as_graph_count(v->graph); id++) {
        if (!is_shown(v, id))
            continue;
        write(v, as_graph_get(v->graph, id), first, out);
        first = false;
    }
}

/* --- json and ndjson -------------------------------------------------------------------------- */

static void json_entity(const as_graph_view *v, const as_entity *e, as_buf *out)
{
    fact facts[N_FACTS];
    as_str path;
    as_position at = place_of(v, e, &path);

    facts_of(v, e, facts);
    as_buf_fmt(out, "{\"id\":%u", e->id);
    for (size_t i = 0; i < N_FACTS; i++) {
        if (facts[i].text.n == 0)
            continue;
        as_buf_fmt(out, ",\"%s\":", facts[i].name);
        as_buf_json_string(out, facts[i].text);
    }
    as_buf_fmt(out, ",\"line\":%u", at.line);
    if (v->attributes && e->raw) {
        as_buf_cstr(out, ",\"attributes\":");
        as_value_write_json(
                out, e->raw, (as_json_style){.hides = v->hides, .hides_self = v->hides_self});
    }
    as_buf_char(out, '}');
}

static void json_edge(const as_edge *edge, as_buf *out)
{
    as_buf_fmt(out, "{\"type\":\"%s\",\"from\":%u,\"to\":%u", as_edge_name(edge->type), edge->from,
            edge->to);
    if (edge->label.n > 0) {
        as_buf_cstr(out, ",\"label\":");
        as_buf_json_string(out, edge->label);
    }
    as_buf_char(out, '}');
}

static void json_list_entity(const as_graph_view *v, const as_entity *e, bool first, as_buf *out)
{
    as_buf_cstr(out, first ? "\n    " : ",\n    ");
    json_entity(v, e, out);
}

static void json_list_edge(const as_graph_view *v, const as_edge *edge, bool first, as_buf *out)
{
    (void)v;
    as_buf_cstr(out, first ? "\n    " : ",\n    ");
    json_edge(edge, out);
}

static void write_json(const as_graph_view *v, as_buf *out)
{
    as_buf_cstr(out, "{\n  \"schema_version\": 1,\n  \"entities\": [");
    each_entity(v, out, json_list_entity);
    as_buf_cstr(out, "\n  ],\n  \"edges\": [");
    each_edge(v, out, json_list_edge);
    as_buf_cstr(out, "\n  ]\n}\n");
}

static void line_entity(const as_graph_view *v, const as_entity *e, bool first, as_buf *out)
{
    (void)first;
    as_buf_cstr(out, "{\"entity\":");
    json_entity(v, e, out);
    as_buf_cstr(out, "}\n");
}

static void line_edge(const as_graph_view *v, const as_edge *edge, bool first, as_buf *out)
{
    (void)v;
    (void)first;
    as_buf_cstr(out, "{\"edge\":");
    json_edge(edge, out);
    as_buf_cstr(out, "}\n");
}

static void write_ndjson(const as_graph_view *v, as_buf *out)
{
    each_entity(v, out, line_entity);
    each_edge(v, out, line_edge);
}

/* --- dot and mermaid -------------------------------------------------------------------------- */

/* Quoted, with what would end the quotes, or be a line end, made harmless. */
static void quoted(as_buf *out, as_str text, const char *quote, const char *backslash)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            as_buf_cstr(out, quote);
        else if (text.p[i] == '\\')
            as_buf_cstr(out, backslash);
        else
            as_buf_char(out, (unsigned char)text.p[i] < 0x20 ? ' ' : text.p[i]);
    }
}

static void dot_entity(const as_graph_view *v, const as_entity *e, bool first, as_buf *out)
{
    (void)v;
    (void)first;
    as_buf_fmt(out, "  n%u [label=\"", e->id);
    quoted(out, e->address, "\\\"", "\\\\");
    as_buf_cstr(out, "\\n");
    quoted(out, e->kind, "\\\"", "\\\\");
    as_buf_cstr(out, "\"];\n");
}

static void dot_edge(const as_graph_view *v, const as_edge *edge, bool first, as_buf *out)
{
    (void)v;
    (void)first;
    as_buf_fmt(
            out, "  n%u -> n%u [label=\"%s\"];\n", edge->from, edge->to, as_edge_name(edge->type));
}

static void write_dot(const as_graph_view *v, as_buf *out)
{
    as_buf_cstr(out, "digraph assay {\n  rankdir=LR;\n  node [shape=box];\n");
    each_entity(v, out, dot_entity);
    each_edge(v, out, dot_edge);
    as_buf_cstr(out, "}\n");
}

static void mermaid_entity(const as_graph_view *v, const as_entity *e, bool first, as_buf *out)
{
    (void)v;
    (void)first;
    as_buf_fmt(out, "  n%u[\"", e->id);
    quoted(out, e->address, "#quot;", "#92;");
    as_buf_cstr(out, "\"]\n");
}

static void mermaid_edge(const as_graph_view *v, const as_edge *edge, bool first, as_buf *out)
{
    (void)v;
    (void)first;
    as_buf_fmt(out, "  n%u -->|%s| n%u\n", edge->from, as_edge_name(edge->type), edge->to);
}

static void write_mermaid(const as_graph_view *v, as_buf *out)
{
    as_buf_cstr(out, "flowchart LR\n");
    each_entity(v, out, mermaid_entity);
    each_edge(v, out, mermaid_edge);
}

/* --- graphml ---------------------------------------------------------------------------------- */

/* Characters that XML 1.0 does not allow are left out (§2.2). */
static void xml(as_buf *out, as_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '&')
            as_buf_cstr(out, "&amp;");
        else if (c == '<')
            as_buf_cstr(out, "&lt;");
        else if (c == '>')
            as_buf_cstr(out, "&gt;");
        else if (c == '"')
            as_buf_cstr(out, "&quot;");
        else if (c >= 0x20 || c == '\t')
            as_buf_char(out, (char)c);
    }
}

static void graphml_entity(const as_graph_view *v, const as_entity *e, bool first, as_buf *out)
{
    fact facts[N_FACTS];

    (void)first;
    facts_of(v, e, facts);
    as_buf_fmt(out, "    <node id=\"n%u\">", e->id);
    for (size_t i = 0; i < N_FACTS; i++) {
        if (facts[i].text.n == 0)
            continue;
        as_buf_fmt(out, "<data key=\"%s\">", facts[i].name);
        xml(out, facts[i].text);
        as_buf_cstr(out, "</data>");
    }
    as_buf_cstr(out, "</node>\n");
}

static void graphml_edge(const as_graph_view *v, const as_edge *edge, bool first, as_buf *out)
{
    (void)v;
    (void)first;
    as_buf_fmt(out,
            "    <edge source=\"n%u\" target=\"n%u\"><data key=\"relation\">%s</data></edge>\n",
            edge->from, edge->to, as_edge_name(edge->type));
}

static void write_graphml(const as_graph_view *v, as_buf *out)
{
    static const char *const keys[N_FACTS] = {"kind", "type", "address", "name", "space", "origin",
            "unit", "environment", "account", "region", "path"};

    as_buf_cstr(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    for (size_t i = 0; i < N_FACTS; i++)
        as_buf_fmt(out, "  <key id=\"%s\" for=\"node\" attr.name=\"%s\" attr.type=\"string\"/>\n",
                keys[i], keys[i]);
    as_buf_cstr(out, "  <key id=\"relation\" for=\"edge\" attr.name=\"relation\" "
                     "attr.type=\"string\"/>\n  <graph id=\"assay\" edgedefault=\"directed\">\n");
    each_entity(v, out, graphml_entity);
    each_edge(v, out, graphml_edge);
    as_buf_cstr(out, "  </graph>\n</graphml>\n");
}

/* --- Neo4j and Neptune ------------------------------------------------------------------------ */

/* A field of RFC 4180. */
static void csv(as_buf *out, as_str text)
{
    as_buf_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            as_buf_char(out, '"');
        as_buf_char(out, text.p[i]);
    }
    as_buf_char(out, '"');
}

static void csv_entity(const as_graph_view *v, const as_entity *e, bool first, as_buf *out)
{
    fact facts[N_FACTS];

    (void)first;
    facts_of(v, e, facts);
    as_buf_fmt(out, "%u,", e->id);
    csv(out, e->kind);
    for (size_t i = 1; i < N_FACTS; i++) {
        as_buf_char(out, ',');
        csv(out, facts[i].text);
    }
    as_buf_char(out, '\n');
}

static void csv_edge(const as_graph_view *v, const as_edge *edge, bool first, as_buf *out)
{
    (void)v;
    (void)first;
    as_buf_fmt(out, "%u,%u,%s\n", edge->from, edge->to, as_edge_name(edge->type));
}

/* Both tables in one stream, an empty line between them. */
static void write_neo4j(const as_graph_view *v, as_buf *out)
{
    as_buf_cstr(out,
            ":ID,:LABEL,type,address,name,space,origin,unit,environment,account,region,path\n");
    each_entity(v, out, csv_entity);
    as_buf_cstr(out, "\n:START_ID,:END_ID,:TYPE\n");
    each_edge(v, out, csv_edge);
}

/* Ids of Neptune are texts, which vertices and edges may not share; types stand behind the names of
 * columns.
 * https://docs.aws.amazon.com/neptune/latest/userguide/bulk-load-tutorial-format-gremlin.html */
static void neptune_entity(const as_graph_view *v, const as_entity *e, bool first, as_buf *out)
{
    as_buf_char(out, 'n');
    csv_entity(v, e, first, out);
}

static void write_neptune_edges(const as_graph_view *v, as_buf *out)
{
    size_t nth = 0;

    for (uint32_t id = 1; id <= as_graph_count(v->graph); id++) {
        size_t n;
        const as_edge *const *edges = as_graph_edges_from(v->graph, id, &n);
        for (size_t i = 0; i < n; i++)
            if (is_shown(v, edges[i]->from) && is_shown(v, edges[i]->to))
                as_buf_fmt(out, "e%zu,n%u,n%u,%s\n", ++nth, edges[i]->from, edges[i]->to,
                        as_edge_name(edges[i]->type));
    }
}

/* As Neptune loads two files, what stands before and behind the empty line are these. */
static void write_neptune(const as_graph_view *v, as_buf *out)
{
    as_buf_cstr(out, "~id,~label,type:String,address:String,name:String,space:String,origin:String,"
                     "unit:String,environment:String,account:String,region:String,path:String\n");
    each_entity(v, out, neptune_entity);
    as_buf_cstr(out, "\n~id,~from,~to,~label\n");
    write_neptune_edges(v, out);
}

const as_graph_format as_graph_formats[] = {
        {"json", write_json},
        {"ndjson", write_ndjson},
        {"dot", write_dot},
        {"mermaid", write_mermaid},
        {"graphml", write_graphml},
        {"neo4j-csv", write_neo4j},
        {"neptune-csv", write_neptune},
        {NULL, NULL},
};
