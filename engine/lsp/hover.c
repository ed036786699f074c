/* What a value is, where it comes from, and which rules speak of it. */
#include "engine/lsp/internal.h"
#include "engine/scan/planted.h"
#include "parsers/hcl/parse.h"

/* --- finding the value ------------------------------------------------------------------------ */

typedef struct spot {
    as_str path;           /* "versioning.enabled" */
    const as_value *value; /* NULL: only the way is known */
    size_t begin, end;     /* of the attribute in the text */
} spot;

static const as_value *element_at(const as_value *v, size_t begin)
{
    if (!as_value_is(v, AS_LIST)) {
        return v;
    }
    for (size_t i = 0; i < v->as.list.n; i++) {
        if (v->as.list.items[i]->span.begin == begin) {
            return v->as.list.items[i];
        }
    }
    return as_value_index(v, 0);
}

static as_str joined(as_arena *arena, as_str path, as_str name)
{
    return path.n == 0 ? name : as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(path), AS_STR_ARG(name));
}

/* The attribute of the body that the offset is in, with its value in `v`. */
static bool in_body(as_arena *arena, const as_hcl_body *body, const as_value *v, size_t offset,
        as_str path, spot *out)
{
    for (size_t i = 0; i < body->n_attributes; i++) {
        const as_hcl_attribute *a = &body->attributes[i];
        if (offset >= a->span.begin && offset <= a->span.end) {
            *out = (spot){joined(arena, path, a->name), as_value_get(v, a->name), a->span.begin,
                    a->span.end};
            return true;
        }
    }
    for (size_t i = 0; i < body->n_blocks; i++) {
        const as_hcl_block *b = &body->blocks[i];
        if (offset >= b->open.begin && offset <= b->close.end) {
            const as_value *inner = element_at(as_value_get(v, b->type), b->span.begin);
            return in_body(arena, b->body, inner, offset, joined(arena, path, b->type), out);
        }
    }
    return false;
}

static bool in_terraform(
        as_arena *arena, const as_entity *e, const as_hcl_body *file, size_t offset, spot *out)
{
    for (size_t i = 0; i < file->n_blocks; i++) {
        const as_hcl_block *b = &file->blocks[i];
        if (b->span.begin == e->span.begin) {
            return in_body(arena, b->body, e->raw, offset, AS_STR(""), out);
        }
    }
    return false;
}

/* The innermost member of the value that is written around the offset. */
static bool in_value(
        as_arena *arena, const as_value *v, uint32_t file, size_t offset, as_str path, spot *out)
{
    bool found = false;
    for (size_t i = 0; as_value_is(v, AS_LIST) && i < v->as.list.n; i++) {
        as_str below = as_str_fmt(arena, "%.*s[%zu]", AS_STR_ARG(path), i);
        found = in_value(arena, v->as.list.items[i], file, offset, below, out) || found;
    }
    for (size_t i = 0; as_value_is(v, AS_OBJECT) && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        if (m->key_span.file != file) {
            continue;
        }
        size_t end = m->value->span.file == file && m->value->span.end > m->key_span.end
                             ? m->value->span.end
                             : m->key_span.end;
        if (offset < m->key_span.begin || offset > end) {
            continue;
        }
        found = true;
        *out = (spot){joined(arena, path, m->key), m->value, m->key_span.begin, m->key_span.end};
        (void)in_value(arena, m->value, file, offset, out->path, out);
    }
    return found;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void write_trail(as_buf *text, as_sources *sources, const as_value *v)
{
    for (const as_trail *t = as_value_trail(v); t != NULL; t = t->next) {
        const as_source *source = as_sources_get(sources, t->span.file);
        as_buf_fmt(text, "\n\n← %.*s", AS_STR_ARG(t->note));
        if (source != NULL) {
            as_buf_fmt(text, " (%.*s:%u)", AS_STR_ARG(source->path),
                    as_sources_position(sources, source->id, t->span.begin).line);
        }
    }
}

static void write_value(as_buf *text, const as_report *report, const as_entity *e, const spot *s)
{
    as_buf_fmt(text, "`%.*s` · **%.*s**", AS_STR_ARG(e->address), AS_STR_ARG(s->path));
    if (as_value_is_unknown(s->value)) {
        as_buf_fmt(text, "\n\nnot known: %.*s", AS_STR_ARG(as_value_reason(s->value)));
    } else if (s->value != NULL) {
        as_buf json;
        as_buf_init(&json, text->arena, 0);
        as_json_style style = {.indent = 2,
                .hides = as_planted_hides,
                .hides_self = as_planted_new(text->arena, report)};
        as_value_write_json(&json, s->value, style);
        as_str shown = as_buf_view(&json);
        as_buf_fmt(text, "\n\n```json\n%.*s%s\n```", (int)(shown.n < 2000 ? shown.n : 2000),
                shown.p, shown.n < 2000 ? "" : " …");
    }
    write_trail(text, report->sources, s->value);
}

static void write_rules(
        as_buf *text, const as_report *report, const as_source *source, size_t offset)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if ((f->status != AS_FAIL && f->status != AS_UNSURE) || f->span.file != source->id ||
                offset < f->span.begin || offset > as_lsp_shown_end(source->text, f->span)) {
            continue;
        }
        as_buf_fmt(text, "\n\n---\n**%.*s** %.*s (%s)\n\n%.*s%.*s", AS_STR_ARG(f->rule->id),
                AS_STR_ARG(f->rule->title),
                f->status == AS_FAIL ? as_severity_name(f->severity) : "unknown",
                AS_STR_ARG(f->status == AS_FAIL ? AS_STR("") : AS_STR("Not decided: ")),
                AS_STR_ARG(f->message));
        if (f->rule->description.n > 0) {
            as_buf_fmt(text, "\n\n%.*s", AS_STR_ARG(f->rule->description));
        }
        if (f->rule->remediation.n > 0) {
            as_buf_fmt(text, "\n\n%.*s", AS_STR_ARG(f->rule->remediation));
        }
        for (size_t k = 0; k < f->rule->references.n; k++) {
            as_buf_fmt(text, "\n\n<%.*s>", AS_STR_ARG(f->rule->references.items[k]));
        }
    }
}

void as_lsp_hover(as_lsp *lsp, const as_rpc_message *message, as_json_out *out, as_lsp_doc *doc,
        size_t offset)
{
    as_arena *arena = message->arena;
    if (as_lsp_is_rule(doc)) {
        as_lsp_hover_rule(lsp, arena, out, doc, offset);
        return;
    }
    const as_lsp_folder *folder = as_lsp_analysed(lsp, arena, doc);
    const as_source *source = folder == NULL ? NULL : as_lsp_source_of(arena, folder, doc->path);
    if (source == NULL) {
        as_json_null(out, "result");
        return;
    }
    const as_report *report = as_scan_report(folder->scan);
    as_buf text;
    as_buf_init(&text, arena, 0);
    as_lsp_entities entities;
    as_lsp_entities_at(arena, report, source, offset, &entities);
    spot s = {0};
    as_diags diags;
    as_diags_init(&diags, arena);
    bool hcl = as_str_ends(source->path, ".tf") || as_str_ends(source->path, ".tofu");
    const as_hcl_body *file = hcl ? as_hcl_parse(arena, source, &diags) : NULL;
    for (size_t i = 0; i < entities.n && s.path.n == 0; i++) {
        bool found =
                hcl ? in_terraform(arena, entities.items[i], file, offset, &s)
                    : in_value(arena, entities.items[i]->raw, source->id, offset, AS_STR(""), &s);
        if (found) {
            write_value(&text, report, entities.items[i], &s);
        }
    }
    write_rules(&text, report, source, offset);
    if (text.n == 0) {
        as_json_null(out, "result");
        return;
    }
    as_json_open(out, "result", '{');
    as_json_open(out, "contents", '{');
    as_json_cstr(out, "kind", "markdown");
    as_json_str(out, "value", as_buf_view(&text));
    as_json_close(out, '}');
    if (s.path.n > 0) {
        as_lsp_write_range(lsp, out, "range", source->text, s.begin, s.end);
    }
    as_json_close(out, '}');
}
