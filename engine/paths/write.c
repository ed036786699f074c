#include "engine/paths/write.h"

enum { MAX_CHANGES = 10 }; /* in text; JSON has all of them */

const char *as_attack_goal_name(unsigned goal)
{
    return goal == AS_GOAL_DATA          ? "data"
           : goal == AS_GOAL_SECRET      ? "secret"
           : goal == AS_GOAL_ADMIN       ? "admin"
           : goal == AS_GOAL_ENVIRONMENT ? "environment"
                                         : "";
}

/* --- places --------------------------------------------------------------------------------------
 */

static as_str place(as_sources *sources, as_span span, uint32_t *line)
{
    const as_source *source = as_sources_get(sources, span.file);
    *line = 0;
    if (source == NULL) {
        return AS_STR("");
    }
    *line = as_sources_position(sources, span.file, span.begin).line;
    return source->path;
}

static void add_place(as_buf *out, as_sources *sources, as_span span)
{
    uint32_t line;
    as_str path = place(sources, span, &line);
    if (path.n > 0) {
        as_buf_fmt(out, " (%.*s:%u)", AS_STR_ARG(path), line);
    }
}

/* Names come from files; a line stays a line. */
static void add_name(as_buf *out, as_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        as_buf_char(out, text.p[i] == '\n' || text.p[i] == '\r' ? ' ' : text.p[i]);
    }
}

/* --- text ----------------------------------------------------------------------------------------
 */

as_str as_attack_path_text(as_arena *arena, const as_attack_path *path)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    add_name(&buf, path->start->title);
    for (size_t i = 0; i < path->n_steps; i++) {
        as_buf_cstr(&buf, " → ");
        add_name(&buf, path->steps[i].to->title);
    }
    return as_buf_view(&buf);
}

static void text_goal(as_buf *out, const as_attack_path *path)
{
    const as_attack_node *target = path->target;
    if (path->goal == AS_GOAL_DATA) {
        as_buf_fmt(out, "%.*s data: ", AS_STR_ARG(target->classification));
    } else if (path->goal == AS_GOAL_ENVIRONMENT) {
        as_buf_cstr(out, "production from another environment: ");
    } else if (path->goal == AS_GOAL_SECRET) {
        as_buf_cstr(out, "secret: ");
    }
    add_name(out, target->title);
}

static void text_step(as_buf *out, as_sources *sources, const as_attack_step *step)
{
    as_buf_fmt(out, "  %-9s ", as_hop_name(step->link->hop));
    add_name(out, step->to->title);
    if (step->link->note.n > 0) {
        as_buf_cstr(out, ": ");
        add_name(out, step->link->note);
    }
    add_place(out, sources, step->link->span);
    if (!step->link->certain) {
        as_buf_fmt(out, " -- perhaps: %.*s",
                AS_STR_ARG(step->link->reason.n > 0 ? step->link->reason : AS_STR("not known")));
    }
    as_buf_char(out, '\n');
}

static void text_path(as_buf *out, as_sources *sources, const as_attack_path *path)
{
    as_buf_cstr(out, path->certain ? "path to " : "unknown path to ");
    text_goal(out, path);
    if (path->ways_in > 1) {
        as_buf_fmt(out, ", one of %zu ways in", path->ways_in);
    }
    as_buf_cstr(out, "\n  ");
    add_name(out, path->start->title);
    as_buf_char(out, '\n');
    for (size_t i = 0; i < path->n_steps; i++) {
        text_step(out, sources, &path->steps[i]);
    }
    as_buf_char(out, '\n');
}

static void text_changes(
        as_buf *out, as_sources *sources, const as_attack_paths *paths, const as_attack_cuts *cuts)
{
    if (cuts->n > 0) {
        as_buf_cstr(out, "changes that break paths:\n");
    }
    for (size_t i = 0; i < cuts->n && i < MAX_CHANGES; i++) {
        const as_attack_cut *cut = &cuts->items[i];
        as_buf_cstr(out, "  ");
        add_name(out, cut->change->what);
        add_place(out, sources, cut->change->span);
        as_buf_fmt(out, " closes %zu of %zu, lies on %zu\n", cut->closes, paths->n, cut->uses);
    }
    if (cuts->n > MAX_CHANGES) {
        as_buf_fmt(out, "  and %zu more\n", cuts->n - MAX_CHANGES);
    }
}

void as_attack_write_text(
        as_buf *out, as_sources *sources, const as_attack_paths *paths, const as_attack_cuts *cuts)
{
    for (size_t i = 0; i < paths->n; i++) {
        text_path(out, sources, &paths->items[i]);
    }
    if (paths->n == 0) {
        as_buf_cstr(out, "no path was found\n");
    }
    if (paths->n_dropped > 0) {
        as_buf_fmt(out, "and %zu more paths\n\n", paths->n_dropped);
    }
    text_changes(out, sources, paths, cuts);
    for (size_t i = 0; i < paths->doubts.n; i++) {
        as_buf_cstr(out, i == 0 ? "\nnot examined: " : "not examined: ");
        add_name(out, paths->doubts.items[i]);
        as_buf_char(out, '\n');
    }
}

/* --- JSON ----------------------------------------------------------------------------------------
 */

static void json_text(as_buf *out, const char *name, as_str text)
{
    as_buf_fmt(out, "\"%s\":", name);
    as_buf_json_string(out, text);
}

static void json_place(as_buf *out, as_sources *sources, as_span span)
{
    uint32_t line;
    json_text(out, "path", place(sources, span, &line));
    as_buf_fmt(out, ",\"line\":%u", line);
}

static void json_step(as_buf *out, as_sources *sources, const as_attack_step *step)
{
    as_buf_fmt(out, "{\"step\":\"%s\",", as_hop_name(step->link->hop));
    json_text(out, "from", step->from->title);
    as_buf_char(out, ',');
    json_text(out, "to", step->to->title);
    as_buf_fmt(out, ",\"kind\":\"%s\",", as_attack_kind_name(step->to->kind));
    json_text(out, "note", step->link->note);
    as_buf_fmt(out, ",\"certain\":%s,", step->link->certain ? "true" : "false");
    json_text(out, "reason", step->link->certain ? AS_STR("") : step->link->reason);
    as_buf_char(out, ',');
    json_place(out, sources, step->link->span);
    as_buf_char(out, '}');
}

static void json_path(as_buf *out, as_sources *sources, const as_attack_path *path)
{
    as_buf_cstr(out, "{");
    json_text(out, "from", path->start->title);
    as_buf_char(out, ',');
    json_text(out, "to", path->target->title);
    as_buf_fmt(out, ",\"goal\":\"%s\",", as_attack_goal_name(path->goal));
    json_text(out, "classification", path->target->classification);
    as_buf_char(out, ',');
    json_text(out, "environment", path->target->environment);
    as_buf_fmt(out, ",\"certain\":%s,", path->certain ? "true" : "false");
    json_text(out, "reason", path->certain ? AS_STR("") : path->reason);
    as_buf_fmt(out, ",\"weight\":%d,\"ways_in\":%zu,\"steps\":[", path->weight, path->ways_in);
    for (size_t i = 0; i < path->n_steps; i++) {
        as_buf_cstr(out, i == 0 ? "\n      " : ",\n      ");
        json_step(out, sources, &path->steps[i]);
    }
    as_buf_cstr(out, "]}");
}

static void json_paths(as_buf *out, as_sources *sources, const as_attack_paths *paths, bool certain)
{
    bool first = true;
    for (size_t i = 0; i < paths->n; i++) {
        if (paths->items[i].certain == certain) {
            as_buf_cstr(out, first ? "\n    " : ",\n    ");
            json_path(out, sources, &paths->items[i]);
            first = false;
        }
    }
}

void as_attack_write_json(
        as_buf *out, as_sources *sources, const as_attack_paths *paths, const as_attack_cuts *cuts)
{
    as_buf_cstr(out, "{\n  \"paths\": [");
    json_paths(out, sources, paths, true);
    as_buf_cstr(out, "\n  ],\n  \"unknown\": [");
    json_paths(out, sources, paths, false);
    as_buf_cstr(out, "\n  ],\n  \"changes\": [");
    for (size_t i = 0; i < cuts->n; i++) {
        const as_attack_cut *cut = &cuts->items[i];
        as_buf_cstr(out, i == 0 ? "\n    {" : ",\n    {");
        json_text(out, "entity", cut->change->what);
        as_buf_char(out, ',');
        json_place(out, sources, cut->change->span);
        as_buf_fmt(out, ",\"closes\":%zu,\"uses\":%zu}", cut->closes, cut->uses);
    }
    as_buf_fmt(out, "\n  ],\n  \"complete\": %s,\n  \"dropped\": %zu,\n  \"doubts\": [",
            cuts->complete ? "true" : "false", paths->n_dropped);
    for (size_t i = 0; i < paths->doubts.n; i++) {
        as_buf_cstr(out, i == 0 ? "\n    " : ",\n    ");
        as_buf_json_string(out, paths->doubts.items[i]);
    }
    as_buf_cstr(out, "\n  ]\n}\n");
}

/* --- pictures ------------------------------------------------------------------------------------
 */

/* Every step once: paths share most of theirs. */
typedef struct drawn {
    AS_VEC(as_attack_step) steps;
    as_map seen;
} drawn;

static void draw(as_arena *arena, const as_attack_paths *paths, drawn *d)
{
    for (size_t p = 0; p < paths->n; p++) {
        for (size_t i = 0; i < paths->items[p].n_steps; i++) {
            as_attack_step step = paths->items[p].steps[i];
            as_str key =
                    as_str_fmt(arena, "%u %u %d", step.from->id, step.to->id, (int)step.link->hop);
            if (as_map_put(arena, &d->seen, key, d) == NULL) {
                AS_VEC_PUSH(arena, &d->steps, step);
            }
        }
    }
}

void as_attack_write_dot(
        as_buf *out, as_sources *sources, const as_attack_paths *paths, const as_attack_cuts *cuts)
{
    drawn d = {0};
    (void)sources;
    (void)cuts;
    draw(out->arena, paths, &d);
    as_buf_cstr(out, "digraph paths {\n  rankdir=LR;\n");
    for (size_t i = 0; i < d.steps.n; i++) {
        const as_attack_step *step = &d.steps.items[i];
        as_buf_cstr(out, "  ");
        as_buf_json_string(out, step->from->title);
        as_buf_cstr(out, " -> ");
        as_buf_json_string(out, step->to->title);
        as_buf_fmt(out, " [label=\"%s\"%s];\n", as_hop_name(step->link->hop),
                step->link->certain ? "" : ", style=dashed");
    }
    as_buf_cstr(out, "}\n");
}

/* Mermaid's quoted texts have no escapes; entity codes stand for what would end them. */
static void mermaid_node(as_buf *out, const as_attack_node *node)
{
    as_buf_fmt(out, "n%u[\"", node->id);
    for (size_t i = 0; i < node->title.n; i++) {
        unsigned char c = (unsigned char)node->title.p[i];
        if (c == '"' || c == '<' || c == '>' || c == '#' || c == '&' || c < ' ') {
            as_buf_fmt(out, "#%u;", c);
        } else {
            as_buf_char(out, (char)c);
        }
    }
    as_buf_cstr(out, "\"]");
}

void as_attack_write_mermaid(
        as_buf *out, as_sources *sources, const as_attack_paths *paths, const as_attack_cuts *cuts)
{
    drawn d = {0};
    (void)sources;
    (void)cuts;
    draw(out->arena, paths, &d);
    as_buf_cstr(out, "flowchart LR\n");
    for (size_t i = 0; i < d.steps.n; i++) {
        const as_attack_step *step = &d.steps.items[i];
        as_buf_cstr(out, "  ");
        mermaid_node(out, step->from);
        as_buf_fmt(out, " %s|%s| ", step->link->certain ? "-->" : "-.->",
                as_hop_name(step->link->hop));
        mermaid_node(out, step->to);
        as_buf_char(out, '\n');
    }
}
