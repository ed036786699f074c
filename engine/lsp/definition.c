/* Where what a text refers to is written: variables, locals, modules and resources of Terraform;
 * values of charts; objects that a manifest names. */
#include "engine/lsp/internal.h"
#include "parsers/hcl/parse.h"
#include "parsers/yaml/yaml.h"

typedef struct place {
    const as_source *source;
    as_span span;
} place;

typedef AS_VEC(place) places;

/* --- Terraform -------------------------------------------------------------------------------- */

typedef struct reference {
    as_arena *arena;
    size_t offset;
    as_str root, first, second; /* var.NAME; aws_x.NAME; data.TYPE.NAME */
} reference;

static void look(void *self, const as_hcl_expr *expr)
{
    reference *r = self;
    if (expr->kind != AS_HCL_TRAVERSAL || r->offset < expr->span.begin ||
            r->offset > expr->span.end) {
        return;
    }
    const as_hcl_traversal *t = &expr->as.traversal;
    r->root = t->steps[0].name;
    r->first = t->n > 1 && !t->steps[1].is_index ? t->steps[1].name : AS_STR("");
    r->second = t->n > 2 && !t->steps[2].is_index ? t->steps[2].name : AS_STR("");
}

static void look_in(reference *r, const as_hcl_body *body)
{
    for (size_t i = 0; i < body->n_attributes; i++) {
        as_hcl_expr_walk(body->attributes[i].expr, look, r);
    }
    for (size_t i = 0; i < body->n_blocks; i++) {
        if (r->offset >= body->blocks[i].span.begin && r->offset <= body->blocks[i].span.end) {
            look_in(r, body->blocks[i].body);
        }
    }
}

static bool is_block(const as_hcl_block *b, const char *type, as_str first, as_str second)
{
    return as_str_is(b->type, type) && b->n_labels == (second.n > 0 ? 2u : 1u) &&
           as_str_eq(b->labels[0].text, first) &&
           (second.n == 0 || as_str_eq(b->labels[1].text, second));
}

static void find_in(
        const reference *r, const as_source *source, const as_hcl_body *body, places *out)
{
    for (size_t i = 0; i < body->n_blocks; i++) {
        const as_hcl_block *b = &body->blocks[i];
        bool hit = false;
        if (as_str_is(r->root, "var")) {
            hit = is_block(b, "variable", r->first, AS_STR(""));
        } else if (as_str_is(r->root, "module")) {
            hit = is_block(b, "module", r->first, AS_STR(""));
        } else if (as_str_is(r->root, "data")) {
            hit = r->second.n > 0 && is_block(b, "data", r->first, r->second);
        } else if (as_str_is(r->root, "local") && as_str_is(b->type, "locals")) {
            const as_hcl_attribute *a = as_hcl_body_attribute(b->body, r->first);
            if (a != NULL) {
                AS_VEC_PUSH(r->arena, out, (place){source, a->name_span});
            }
        } else if (r->first.n > 0) {
            hit = is_block(b, "resource", r->root, r->first);
        }
        if (hit) {
            AS_VEC_PUSH(r->arena, out, (place){source, b->header_span});
        }
    }
}

static void in_terraform(as_arena *arena, const as_report *report, const as_source *source,
        size_t offset, places *out)
{
    as_diags diags;
    as_diags_init(&diags, arena);
    reference r = {.arena = arena, .offset = offset};
    look_in(&r, as_hcl_parse(arena, source, &diags));
    if (r.root.n == 0) {
        return;
    }
    as_str dir = as_path_dir(source->path);
    const as_source *other;
    for (uint32_t id = 1; (other = as_sources_get(report->sources, id)) != NULL; id++) {
        bool beside = as_str_eq(as_path_dir(other->path), dir) &&
                      (as_str_ends(other->path, ".tf") || as_str_ends(other->path, ".tofu"));
        if (beside && other->text.n < ((size_t)4 << 20)) {
            find_in(&r, other, as_hcl_parse(arena, other, &diags), out);
        }
    }
}

/* --- charts ----------------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '$';
}

/* ".Values.a.b" around the offset → "a.b". */
static as_str values_path(as_str text, size_t offset)
{
    size_t begin = offset, end = offset;
    while (begin > 0 && is_word(text.p[begin - 1])) {
        begin--;
    }
    while (end < text.n && is_word(text.p[end])) {
        end++;
    }
    as_str word = as_str_slice(text, begin, end);
    size_t at = as_str_find(word, AS_STR(".Values."));
    return at == (size_t)-1 ? AS_STR("") : as_str_from_index(word, at + 8);
}

static void in_chart(as_arena *arena, const as_report *report, const as_source *source,
        size_t offset, places *out)
{
    as_str path = values_path(source->text, offset);
    size_t templates = as_str_find(source->path, AS_STR("templates/"));
    const as_source *other;
    for (uint32_t id = 1; path.n > 0 && (other = as_sources_get(report->sources, id)) != NULL;
            id++) {
        as_str chart =
                templates == (size_t)-1 ? AS_STR("") : as_str_slice(source->path, 0, templates);
        if (!as_str_eq(other->path, as_str_join(arena, chart, AS_STR("values.yaml")))) {
            continue;
        }
        as_diags diags;
        as_diags_init(&diags, arena);
        const as_value *v = as_yaml_parse_one(arena, other, (as_yaml_options){0}, &diags);
        const as_member *member = NULL;
        as_str rest = path, name;
        while (as_str_split(&rest, '.', &name)) {
            const as_member *next = as_value_member(v, name);
            if (next == NULL) {
                break;
            }
            member = next;
            v = next->value;
        }
        if (member != NULL) {
            AS_VEC_PUSH(arena, out, (place){other, member->key_span});
        }
        return;
    }
}

/* --- edges ------------------------------------------------------------------------------------ */

/* What says an edge is a value; the cursor may be on its key or anywhere in its line. */
static void by_edges(as_arena *arena, const as_report *report, const as_source *source,
        size_t offset, places *out)
{
    as_lsp_entities entities;
    as_lsp_entities_at(arena, report, source, offset, &entities);
    for (size_t i = 0; i < entities.n && out->n == 0; i++) {
        size_t n;
        const as_edge *const *edges = as_graph_edges_from(report->graph, entities.items[i]->id, &n);
        for (size_t k = 0; k < n; k++) {
            as_span said = edges[k]->span;
            size_t line = said.begin;
            while (line > 0 && said.file == source->id && source->text.p[line - 1] != '\n') {
                line--;
            }
            const as_entity *to = as_graph_get(report->graph, edges[k]->to);
            const as_source *there = as_sources_get(report->sources, to->span.file);
            if (said.file == source->id && offset >= line && offset <= said.end && there != NULL) {
                AS_VEC_PUSH(arena, out, (place){there, to->head.file != 0 ? to->head : to->span});
            }
        }
    }
}

static void write_place(
        as_lsp *lsp, as_arena *arena, as_json_out *out, const as_report *report, const place *p)
{
    as_str path = as_lsp_path_of_source(arena, report, p->source);
    if (path.n == 0) {
        return;
    }
    size_t end = p->span.begin;
    while (end < p->span.end && p->source->text.p[end] != '\n') {
        end++;
    }
    as_json_open(out, NULL, '{');
    as_json_str(out, "uri", as_lsp_uri_of_path(arena, path));
    as_lsp_write_range(lsp, out, "range", p->source->text, p->span.begin, end);
    as_json_close(out, '}');
}

void as_lsp_definition(as_lsp *lsp, const as_rpc_message *message, as_json_out *out,
        as_lsp_doc *doc, size_t offset)
{
    as_arena *arena = message->arena;
    const as_lsp_folder *folder = as_lsp_analysed(lsp, arena, doc);
    const as_source *source = folder == NULL ? NULL : as_lsp_source_of(arena, folder, doc->path);
    places found = {0};
    const as_report *report = source == NULL ? NULL : as_scan_report(folder->scan);
    if (source != NULL &&
            (as_str_ends(source->path, ".tf") || as_str_ends(source->path, ".tofu"))) {
        in_terraform(arena, report, source, offset, &found);
    } else if (source != NULL) {
        in_chart(arena, report, source, offset, &found);
        if (found.n == 0) {
            by_edges(arena, report, source, offset, &found);
        }
    }
    as_json_open(out, "result", '[');
    for (size_t i = 0; i < found.n && i < 100; i++) {
        write_place(lsp, arena, out, report, &found.items[i]);
    }
    as_json_close(out, ']');
}
